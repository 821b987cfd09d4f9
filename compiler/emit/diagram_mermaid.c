/*
 * diagram_mermaid.c - a diagram as Mermaid text, which forges and wikis draw where it stands.
 */
#include "compiler/emit/diagram.h"

/* Text in quotes; what Mermaid or HTML would read is written as an entity. */
static void quote(struct aslrt_buffer *out, const char *text)
{
    aslrt_buffer_char(out, '"');
    for (const char *p = text; *p != '\0'; p++) {
        switch (*p) {
        case '"':
            aslrt_buffer_text(out, "#quot;");
            break;
        case '<':
            aslrt_buffer_text(out, "#lt;");
            break;
        case '>':
            aslrt_buffer_text(out, "#gt;");
            break;
        case '#':
            aslrt_buffer_text(out, "#35;");
            break;
        case '&':
            aslrt_buffer_text(out, "#amp;");
            break;
        case '\n':
            aslrt_buffer_text(out, "<br/>");
            break;
        default:
            if ((unsigned char)*p >= 0x20)
                aslrt_buffer_char(out, *p);
        }
    }
    aslrt_buffer_char(out, '"');
}

static void put_node(struct aslrt_buffer *out, const struct diagram *d,
                     const struct diagram_node *n, int indent)
{
    static const struct {
        const char *open, *close, *style;
    } types[] = {
        [IR_TASK] = {"(", ")", "task"},         [IR_PASS] = {"[", "]", "pass"},
        [IR_CHOICE] = {"{", "}", "choice"},     [IR_WAIT] = {"([", "])", "wait"},
        [IR_SUCCEED] = {"((", "))", "succeed"}, [IR_FAIL] = {"{{", "}}", "fail"},
        [IR_PARALLEL] = {"[/", "/]", "many"},   [IR_MAP] = {"[/", "\\]", "many"},
        [IR_UNKNOWN] = {"[", "]", "fail"},
    };
    if (n->shape == DIAGRAM_START) {
        aslrt_buffer_format(out, "%*s%s((\" \")):::start\n", indent, "", n->id);
        return;
    }
    static const char *const statuses[] = {NULL, "added", "removed", "moved", "changed"};
    static const char *const paints[] = {NULL, "covered", "partly", "open"};
    const char *style = n->status != DIAGRAM_SAME   ? statuses[n->status]
                        : n->paint != DIAGRAM_PLAIN ? paints[n->paint]
                        : n->shape == DIAGRAM_GROUP ? "task"
                                                    : types[n->type].style;
    bool group = n->shape == DIAGRAM_GROUP;
    struct aslrt_buffer label = aslrt_buffer_in(d->arena);
    aslrt_buffer_text(&label, n->name);
    if (n->detail[0] != '\0')
        aslrt_buffer_format(&label, "\n%s", n->detail);
    aslrt_buffer_format(out, "%*s%s%s", indent, "", n->id, group ? "[[" : types[n->type].open);
    quote(out, aslrt_buffer_close(&label));
    aslrt_buffer_format(out, "%s:::%s\n", group ? "]]" : types[n->type].close, style);
}

static void put_cluster(struct aslrt_buffer *out, const struct diagram *d, uint32_t cluster,
                        int indent)
{
    for (uint32_t i = 0; i < d->node_count; i++) {
        if (d->nodes[i].cluster == cluster)
            put_node(out, d, &d->nodes[i], indent);
    }
    for (uint32_t i = 0; i < d->cluster_count; i++) {
        if (d->clusters[i].parent != cluster)
            continue;
        aslrt_buffer_format(out, "%*ssubgraph c%u [", indent, "", i + 1);
        quote(out, d->clusters[i].label);
        aslrt_buffer_text(out, "]\n");
        put_cluster(out, d, i + 1, indent + 2);
        aslrt_buffer_format(out, "%*send\n", indent, "");
    }
}

void diagram_mermaid(const struct diagram *d, struct aslrt_buffer *out)
{
    aslrt_buffer_text(out, "flowchart TD\n");
    put_cluster(out, d, 0, 2);
    if (d->columns > 0)
        aslrt_buffer_format(out, "  %s --> c1\n", d->nodes[d->edges[0].from].id);
    for (uint32_t i = 0; d->columns == 0 && i < d->edge_count; i++) {
        const struct diagram_edge *e = &d->edges[i];
        bool dashed = e->error || e->status == DIAGRAM_REMOVED || e->use == DIAGRAM_NEVER;
        aslrt_buffer_format(out, "  %s %s", d->nodes[e->from].id, dashed ? "-.->" : "-->");
        struct aslrt_buffer label = aslrt_buffer_in(d->arena);
        diagram_edge_text(e, &label);
        if (label.count != 0) {
            aslrt_buffer_char(out, '|');
            quote(out, aslrt_buffer_close(&label));
            aslrt_buffer_char(out, '|');
        }
        aslrt_buffer_format(out, " %s\n", d->nodes[e->to].id);
    }
    for (uint32_t i = 0; d->counted && i < d->edge_count; i++) {
        if (d->edges[i].use != DIAGRAM_UNCOUNTED)
            aslrt_buffer_format(out, "  linkStyle %u stroke:%s\n", i,
                                d->edges[i].use == DIAGRAM_TAKEN ? "#0f766e"
                                                                 : "#b91c1c,stroke-width:3px");
    }
    aslrt_buffer_text(out, "  classDef start fill:#374151,stroke:#374151\n"
                           "  classDef task fill:#eaf2fb,stroke:#2b6cb0\n"
                           "  classDef pass fill:#f7f7f7,stroke:#6b7280,stroke-dasharray:4\n"
                           "  classDef choice fill:#fff8e6,stroke:#b7791f\n"
                           "  classDef wait fill:#f3effa,stroke:#6b46c1\n"
                           "  classDef succeed fill:#e8f5ee,stroke:#0f766e\n"
                           "  classDef fail fill:#fdecea,stroke:#b91c1c\n"
                           "  classDef many fill:#eef2ff,stroke:#4338ca\n"
                           "  classDef covered fill:#d5efe3,stroke:#0f766e\n"
                           "  classDef partly fill:#fff0c2,stroke:#b7791f\n"
                           "  classDef open fill:#f9d0cb,stroke:#b91c1c\n");
    if (d->diff)
        aslrt_buffer_text(out, "  classDef added fill:#d1f0dd,stroke:#15803d\n"
                               "  classDef removed fill:#fbd5d5,stroke:#b91c1c,stroke-dasharray:4\n"
                               "  classDef moved fill:#d6e6fb,stroke:#1d4ed8\n"
                               "  classDef changed fill:#fde9c4,stroke:#b45309\n");
}
