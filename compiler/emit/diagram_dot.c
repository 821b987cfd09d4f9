/*
 * diagram_dot.c - a diagram as DOT text, which graphviz lays out.
 *
 * Shapes tell the types apart, so that a print in black and white still reads: Choice is a diamond,
 * Fail an octagon, Succeed has a double line.  Error edges are dashed and red.  Colours are those
 * of a palette that people who see red and green alike can tell apart.
 */
#include "compiler/emit/diagram.h"

static void quote(struct aslrt_buffer *out, const char *text)
{
    aslrt_buffer_char(out, '"');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            aslrt_buffer_char(out, '\\');
        if (*p == '\n')
            aslrt_buffer_text(out, "\\n");
        else if ((unsigned char)*p >= 0x20)
            aslrt_buffer_char(out, *p);
    }
    aslrt_buffer_char(out, '"');
}

struct look {
    const char *shape;
    const char *style;
    const char *fill;
    const char *line;
};

static struct look look_of(const struct diagram_node *n)
{
    static const struct look types[] = {
        [IR_TASK] = {"box", "rounded,filled", "#eaf2fb", "#2b6cb0"},
        [IR_PASS] = {"box", "rounded,filled,dashed", "#f7f7f7", "#6b7280"},
        [IR_CHOICE] = {"diamond", "filled", "#fff8e6", "#b7791f"},
        [IR_WAIT] = {"oval", "filled", "#f3effa", "#6b46c1"},
        [IR_SUCCEED] = {"box", "rounded,filled", "#e8f5ee", "#0f766e"},
        [IR_FAIL] = {"octagon", "filled", "#fdecea", "#b91c1c"},
        [IR_PARALLEL] = {"parallelogram", "filled", "#eef2ff", "#4338ca"},
        [IR_MAP] = {"trapezium", "filled", "#eef2ff", "#4338ca"},
        [IR_UNKNOWN] = {"box", "filled,dotted", "#ffffff", "#b91c1c"},
    };
    struct look look = n->shape == DIAGRAM_GROUP
                           ? (struct look){"folder", "filled", "#eaf2fb", "#2b6cb0"}
                           : types[n->type];
    static const char *const painted[] = {NULL, "#d5efe3", "#fff0c2", "#f9d0cb"};
    if (n->paint != DIAGRAM_PLAIN)
        look.fill = painted[n->paint];
    static const struct {
        const char *fill, *line;
    } statuses[] = {[DIAGRAM_ADDED] = {"#d1f0dd", "#15803d"},
                    [DIAGRAM_REMOVED] = {"#fbd5d5", "#b91c1c"},
                    [DIAGRAM_MOVED] = {"#d6e6fb", "#1d4ed8"},
                    [DIAGRAM_CHANGED] = {"#fde9c4", "#b45309"}};
    if (n->status != DIAGRAM_SAME) {
        look.fill = statuses[n->status].fill;
        look.line = statuses[n->status].line;
    }
    return look;
}

static void put_node(struct aslrt_buffer *out, const struct diagram *d,
                     const struct diagram_node *n, int indent)
{
    aslrt_buffer_format(out, "%*s%s [", indent, "", n->id);
    if (n->shape == DIAGRAM_START) {
        aslrt_buffer_text(out, "shape=circle, style=filled, fillcolor=\"#374151\", label=\"\", "
                               "width=0.18, tooltip=\"start\"];\n");
        return;
    }
    struct look look = look_of(n);
    if (d->diff && n->status == DIAGRAM_SAME) {
        look.fill = "#fafafa";
        look.line = "#9ca3af";
    }
    struct aslrt_buffer label = aslrt_buffer_in(d->arena);
    aslrt_buffer_text(&label, n->name);
    if (n->detail[0] != '\0')
        aslrt_buffer_format(&label, "\n%s", n->detail);
    aslrt_buffer_text(out, "label=");
    quote(out, aslrt_buffer_close(&label));
    bool broken = n->status == DIAGRAM_REMOVED || n->use == DIAGRAM_NEVER;
    aslrt_buffer_format(out, ", shape=%s, style=\"%s%s\", fillcolor=\"%s\", color=\"%s\"",
                        look.shape, look.style, broken ? ",dashed" : "", look.fill, look.line);
    if (n->use == DIAGRAM_NEVER)
        aslrt_buffer_text(out, ", penwidth=2");
    if (n->shape == DIAGRAM_STATE && n->type == IR_SUCCEED)
        aslrt_buffer_text(out, ", peripheries=2");
    aslrt_buffer_text(out, ", tooltip=");
    quote(out, n->tooltip);
    aslrt_buffer_text(out, "];\n");
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
        aslrt_buffer_format(out, "%*ssubgraph cluster_%u {\n%*slabel=", indent, "", i + 1,
                            indent + 2, "");
        quote(out, d->clusters[i].label);
        aslrt_buffer_format(
            out,
            ";\n%*sstyle=\"rounded,filled\"; color=\"#cbd5e1\"; "
            "fillcolor=\"#ffffff\"; fontsize=13; fontcolor=\"#111827\"; labeljust=l;\n",
            indent + 2, "");
        put_cluster(out, d, i + 1, indent + 2);
        aslrt_buffer_format(out, "%*s}\n", indent, "");
    }
}

/* The label, and when runs were counted, how often. */
static void put_edge_label(struct aslrt_buffer *out, const struct diagram *d,
                           const struct diagram_edge *e)
{
    struct aslrt_buffer label = aslrt_buffer_in(d->arena);
    diagram_edge_text(e, &label);
    if (label.count == 0)
        return;
    aslrt_buffer_text(out, ", label=");
    quote(out, aslrt_buffer_close(&label));
}

static void put_edge(struct aslrt_buffer *out, const struct diagram *d,
                     const struct diagram_edge *e)
{
    static const char *const statuses[] = {NULL, "#15803d", "#b91c1c", "#1d4ed8", "#b45309"};
    const char *colour = e->error ? "#b91c1c" : d->diff ? "#9ca3af" : "#4b5563";
    if (e->use != DIAGRAM_UNCOUNTED)
        colour = e->use == DIAGRAM_TAKEN ? "#0f766e" : "#b91c1c";
    if (e->status != DIAGRAM_SAME)
        colour = statuses[e->status];
    aslrt_buffer_format(out, "  %s -> %s [color=\"%s\", fontcolor=\"%s\"", d->nodes[e->from].id,
                        d->nodes[e->to].id, colour, colour);
    if (e->error)
        aslrt_buffer_text(out, ", style=dashed, arrowhead=empty");
    else if (e->status == DIAGRAM_REMOVED || e->use == DIAGRAM_NEVER)
        aslrt_buffer_text(out, ", style=dotted");
    if (e->status != DIAGRAM_SAME || e->use == DIAGRAM_NEVER)
        aslrt_buffer_text(out, ", penwidth=2");
    put_edge_label(out, d, e);
    aslrt_buffer_text(out, "];\n");
}

/* The groups of an overview are no sequence: they stand in a grid, and one edge leads to them all.
 */
static void put_grid(struct aslrt_buffer *out, const struct diagram *d)
{
    for (uint32_t i = 1; i < d->node_count; i += d->columns) {
        aslrt_buffer_format(out, "  {rank=same; %s", d->nodes[i].id);
        for (uint32_t k = i + 1; k < i + d->columns && k < d->node_count; k++)
            aslrt_buffer_format(out, " -> %s", d->nodes[k].id);
        aslrt_buffer_text(out, " [style=invis]}\n");
        if (i + d->columns < d->node_count)
            aslrt_buffer_format(out, "  %s -> %s [style=invis];\n", d->nodes[i].id,
                                d->nodes[i + d->columns].id);
    }
    const struct diagram_edge *e = &d->edges[0];
    aslrt_buffer_format(out, "  %s -> %s [lhead=cluster_1, color=\"#4b5563\"];\n",
                        d->nodes[e->from].id, d->nodes[e->to].id);
}

static void put_legend(struct aslrt_buffer *out)
{
    aslrt_buffer_text(
        out, "  subgraph cluster_legend {\n"
             "    label=\"legend\"; style=\"rounded\"; color=\"#cbd5e1\"; fontsize=11;\n"
             "    legend_a [label=\"added\", shape=box, style=filled, fillcolor=\"#d1f0dd\", "
             "color=\"#15803d\"];\n"
             "    legend_r [label=\"removed\", shape=box, style=\"filled,dashed\", "
             "fillcolor=\"#fbd5d5\", color=\"#b91c1c\"];\n"
             "    legend_m [label=\"moved\", shape=box, style=filled, fillcolor=\"#d6e6fb\", "
             "color=\"#1d4ed8\"];\n"
             "    legend_c [label=\"changed\", shape=box, style=filled, fillcolor=\"#fde9c4\", "
             "color=\"#b45309\"];\n"
             "    legend_a -> legend_r -> legend_m -> legend_c [style=invis];\n  }\n");
}

static bool is_painted(const struct diagram *d)
{
    for (uint32_t i = 0; i < d->node_count; i++) {
        if (d->nodes[i].paint != DIAGRAM_PLAIN)
            return true;
    }
    return false;
}

void diagram_dot(const struct diagram *d, struct aslrt_buffer *out)
{
    aslrt_buffer_text(out, "digraph ");
    quote(out, d->title);
    aslrt_buffer_text(
        out, " {\n  graph [rankdir=TB, fontname=\"Helvetica\", nodesep=0.25, ranksep=0.45, "
             "bgcolor=\"#ffffff\", newrank=true, compound=true];\n"
             "  node [fontname=\"Helvetica\", fontsize=11, margin=\"0.12,0.06\"];\n"
             "  edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.7];\n");
    if (d->diff)
        put_legend(out);
    else if (d->counted)
        aslrt_buffer_text(out, "  fontsize=9; fontcolor=\"#6b7280\"; label=\"what runs took: green "
                               "with how often, yellow where a retrier never took an error, red "
                               "what was never taken\";\n");
    else if (is_painted(d))
        aslrt_buffer_text(out, "  fontsize=9; fontcolor=\"#6b7280\"; label=\"tasks: green where "
                               "every error is caught, yellow where some are, red where none "
                               "is\";\n");
    put_cluster(out, d, 0, 2);
    if (d->columns > 0)
        put_grid(out, d);
    for (uint32_t i = 0; d->columns == 0 && i < d->edge_count; i++)
        put_edge(out, d, &d->edges[i]);
    aslrt_buffer_text(out, "}\n");
}
