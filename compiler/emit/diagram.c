/*
 * diagram.c - from a machine to nodes, edges and clusters; see diagram.h.
 */
#include "compiler/emit/diagram_int.h"

#include <stdio.h>

enum { LABEL_MAX = 28 };

/* ---- building blocks ---- */

#define GROW(d, list, count, room)                                                                 \
    do {                                                                                           \
        if ((d)->count == (d)->room) {                                                             \
            (d)->room = (d)->room == 0 ? 32 : (d)->room * 2;                                       \
            void *more = aslrt_alloc_zero((d)->arena, (d)->room, sizeof *(d)->list);               \
            if ((d)->count != 0)                                                                   \
                memcpy(more, (d)->list, (d)->count * sizeof *(d)->list);                           \
            (d)->list = more;                                                                      \
        }                                                                                          \
    } while (0)

struct diagram *diagram_new(struct aslrt_arena *arena, const char *title)
{
    struct diagram *d = ASLRT_NEW(arena, struct diagram);
    d->arena = arena;
    d->title = title;
    return d;
}

uint32_t diagram_add_node(struct diagram *d, struct diagram_node node)
{
    GROW(d, nodes, node_count, node_room);
    d->nodes[d->node_count] = node;
    return d->node_count++;
}

static const char *format(struct aslrt_arena *arena, const char *text, const char *a, uint32_t n)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, text, a, n);
    return aslrt_buffer_close(&b);
}

void diagram_add_edge(struct diagram *d, struct diagram_edge edge)
{
    /* Edges of one state are added one after another: look only at those. */
    for (uint32_t i = d->edge_count; i > 0 && d->edges[i - 1].from == edge.from; i--) {
        struct diagram_edge *e = &d->edges[i - 1];
        if (e->to != edge.to || e->error != edge.error || e->otherwise != edge.otherwise ||
            e->status != edge.status || e->use != edge.use)
            continue;
        e->times += edge.times;
        if (e->label[0] == '\0')
            return;
        unsigned n = 1;
        if (sscanf(e->label, "%u rules", &n) != 1)
            n = 1;
        e->label = format(d->arena, edge.error ? "%.0sseveral errors" : "%.0s%u rules", "", n + 1);
        return;
    }
    GROW(d, edges, edge_count, edge_room);
    d->edges[d->edge_count++] = edge;
}

uint32_t diagram_cluster(struct diagram *d, const char *label, uint32_t parent)
{
    for (uint32_t i = d->cluster_count; i > 0; i--) {
        if (d->clusters[i - 1].parent == parent && strcmp(d->clusters[i - 1].label, label) == 0)
            return i;
    }
    GROW(d, clusters, cluster_count, cluster_room);
    d->clusters[d->cluster_count++] = (struct diagram_cluster){label, parent};
    return d->cluster_count;
}

/* ---- texts ---- */

static const char *shorten(struct aslrt_arena *arena, const char *text)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    size_t n = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (((unsigned char)*p & 0xc0) != 0x80 && n++ == LABEL_MAX) {
            aslrt_buffer_text(&b, "\xe2\x80\xa6");
            break;
        }
        aslrt_buffer_char(&b, *p == '\n' || *p == '\r' || *p == '\t' ? ' ' : *p);
    }
    return aslrt_buffer_close(&b);
}

/* "{% $states.input.n > 1 %}" without its braces. */
static const char *bare(struct aslrt_arena *arena, const struct jnode *n)
{
    if (!jnode_is_jsonata(n))
        return n->kind == J_STRING || n->kind == J_NUMBER ? n->text : "";
    const char *from = n->text + 2;
    size_t count = n->count - 4;
    for (; count > 0 && *from == ' '; from++)
        count--;
    while (count > 0 && from[count - 1] == ' ')
        count--;
    return aslrt_copy_text(arena, from, count);
}

/* "DynamoDB.ConditionalCheckFailedException" -> "ConditionalCheckFailed"; States.ALL -> "any error"
 */
static const char *error_word(struct aslrt_arena *arena, const char *name)
{
    if (strcmp(name, "States.ALL") == 0)
        return "any error";
    const char *dot = strchr(name, '.');
    const char *word = dot == NULL ? name : dot + 1;
    size_t n = strlen(word);
    if (n > 9 && strcmp(word + n - 9, "Exception") == 0)
        n -= 9;
    return aslrt_copy_text(arena, word, n);
}

static const char *errors_label(struct aslrt_arena *arena, const struct ir_machine *m,
                                struct ir_slice errors)
{
    if (errors.count == 0)
        return "";
    const char *first = error_word(arena, m->names[errors.first].text);
    return errors.count == 1 ? first : format(arena, "%s +%u", first, errors.count - 1);
}

/* What a comparison of JSONPath says: "$.n NumericGreaterThan". */
static const char *comparison_label(struct aslrt_arena *arena, const struct jnode *rule)
{
    const struct jnode *variable = jnode_get(rule, "Variable");
    for (uint32_t i = 0; rule != NULL && i < rule->count; i++) {
        const char *key = rule->members[i].key;
        if (strcmp(key, "And") == 0 || strcmp(key, "Or") == 0 || strcmp(key, "Not") == 0)
            return key;
        if (!jnode_is(variable, J_STRING) || strcmp(key, "Variable") == 0 ||
            strcmp(key, "Next") == 0 || strcmp(key, "Comment") == 0)
            continue;
        const struct jnode *value = rule->members[i].value;
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        const char *word = strstr(key, "Equals") != NULL && strstr(key, "Than") == NULL ? "=" : key;
        const char *text = value->kind == J_BOOL ? (value->boolean ? "true" : "false")
                           : value->kind == J_STRING || value->kind == J_NUMBER ? value->text
                                                                                : "";
        aslrt_buffer_format(&b, "%s %s %s", variable->text, word, text);
        return aslrt_buffer_close(&b);
    }
    return "";
}

const char *diagram_edge_label(struct aslrt_arena *arena, const struct ir_machine *m,
                               const struct ir_edge *edge)
{
    const struct ir_state *s = &m->states[edge->from];
    if (edge->kind == IR_EDGE_CATCH)
        return errors_label(arena, m, m->catchers[s->catchers.first + edge->index].errors);
    if (edge->kind == IR_EDGE_DEFAULT)
        return "else";
    if (edge->kind != IR_EDGE_RULE) /* told apart from the edges into branches */
        return s->type == IR_PARALLEL || s->type == IR_MAP ? "then" : "";
    const struct ir_rule *r = &m->rules[s->rules.first + edge->index];
    if (r->comment != NULL)
        return shorten(arena, r->comment);
    return shorten(arena, r->condition != NULL ? bare(arena, r->condition)
                                               : comparison_label(arena, r->source));
}

static const char *state_detail(struct aslrt_arena *arena, const struct ir_machine *m,
                                const struct ir_state *s)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    if (s->type == IR_TASK && s->resource != NULL) {
        const char *colon = strrchr(s->resource, ':');
        const char *word = s->integration != NULL && strrchr(s->integration, ':') != NULL
                               ? strrchr(s->integration, ':') + 1
                           : colon != NULL ? colon + 1
                                           : s->resource;
        aslrt_buffer_text(&b, shorten(arena, word));
        uint32_t tries = 0;
        for (uint32_t i = 0; i < s->retriers.count; i++) {
            uint32_t n = m->retriers[s->retriers.first + i].max_attempts;
            tries = n > tries ? n : tries;
        }
        if (tries != 0)
            aslrt_buffer_format(&b, " \xc2\xb7 retry %u\xc3\x97", tries);
    } else if (s->type == IR_WAIT) {
        const struct jnode *n = s->seconds != NULL        ? s->seconds
                                : s->timestamp != NULL    ? s->timestamp
                                : s->seconds_path != NULL ? s->seconds_path
                                                          : s->timestamp_path;
        if (n != NULL)
            aslrt_buffer_format(&b, "%s%s", shorten(arena, bare(arena, n)),
                                n->kind == J_NUMBER ? " s" : "");
    } else if (s->type == IR_FAIL && jnode_is(s->error, J_STRING)) {
        if (strcmp(s->error->text, s->name) != 0)
            aslrt_buffer_text(&b, shorten(arena, bare(arena, s->error)));
    } else if (s->type == IR_SUCCEED) {
        const struct jnode *status = jnode_get(s->output, "statusCode");
        if (jnode_is(status, J_NUMBER))
            aslrt_buffer_text(&b, status->text);
    }
    return aslrt_buffer_close(&b);
}

struct diagram_node diagram_state(struct aslrt_arena *arena, const struct ir_machine *m, ir_id id)
{
    const struct ir_state *s = &m->states[id];
    struct aslrt_buffer tip = aslrt_buffer_in(arena);
    aslrt_buffer_format(&tip, "%s: %s", ir_type_name(s->type), s->name);
    if (s->doc != NULL)
        aslrt_buffer_format(&tip, "\n%s", s->doc);
    if (s->comment != NULL)
        aslrt_buffer_format(&tip, "\n%s", s->comment);
    if (s->resource != NULL)
        aslrt_buffer_format(&tip, "\n%s", s->resource);
    return (struct diagram_node){.shape = DIAGRAM_STATE,
                                 .type = s->type,
                                 .name = s->name,
                                 .detail = state_detail(arena, m, s),
                                 .tooltip = aslrt_buffer_close(&tip)};
}

/* ---- clusters ---- */

static uint32_t scope_cluster(struct diagram *d, const struct ir_machine *m, ir_id scope)
{
    ir_id owner = m->scopes[scope].owner;
    if (owner == IR_NONE)
        return 0;
    const struct ir_state *o = &m->states[owner];
    uint32_t around = diagram_state_cluster(d, m, owner);
    const char *label = o->name;
    if (o->type == IR_PARALLEL)
        label = format(d->arena, "%s \xc2\xb7 branch %u", o->name, scope - o->scopes.first + 1);
    else
        label = format(d->arena, "%s \xc2\xb7 each item", o->name, 0);
    return diagram_cluster(d, label, around);
}

uint32_t diagram_state_cluster(struct diagram *d, const struct ir_machine *m, ir_id state)
{
    const struct ir_state *s = &m->states[state];
    uint32_t around = scope_cluster(d, m, s->scope);
    return s->group == NULL ? around : diagram_cluster(d, s->group, around);
}

/* ---- how often ---- */

uint64_t diagram_times(const struct ir_machine *m, const struct diagram_counts *counts,
                       const struct ir_edge *edge)
{
    const struct ir_state *s = &m->states[edge->from];
    switch (edge->kind) {
    case IR_EDGE_RULE:
        return counts->rules[s->rules.first + edge->index];
    case IR_EDGE_CATCH:
        return counts->catchers[s->catchers.first + edge->index];
    case IR_EDGE_NEXT:
    case IR_EDGE_DEFAULT:
        break;
    }
    return counts->next[edge->from];
}

static enum diagram_use use_of(uint64_t times)
{
    return times != 0 ? DIAGRAM_TAKEN : DIAGRAM_NEVER;
}

void diagram_edge_text(const struct diagram_edge *e, struct aslrt_buffer *out)
{
    aslrt_buffer_text(out, e->label);
    if (e->use == DIAGRAM_UNCOUNTED)
        return;
    aslrt_buffer_text(out, e->label[0] == '\0' ? "" : " \xc2\xb7 ");
    if (e->use == DIAGRAM_TAKEN)
        aslrt_buffer_format(out, "%llu\xc3\x97", (unsigned long long)e->times);
    else
        aslrt_buffer_text(out, "never");
}

/* The node of a state of a machine whose runs were counted. */
static void count_node(struct diagram *d, const struct ir_machine *m,
                       const struct diagram_counts *counts, ir_id id, struct diagram_node *node)
{
    const struct ir_state *s = &m->states[id];
    struct aslrt_buffer detail = aslrt_buffer_in(d->arena), tip = aslrt_buffer_in(d->arena);
    uint64_t times = counts->states[id];
    node->use = use_of(times);
    node->paint = times != 0 ? DIAGRAM_COVERED : DIAGRAM_OPEN;
    aslrt_buffer_format(&detail, "%s%s", node->detail, node->detail[0] == '\0' ? "" : "\n");
    if (times != 0)
        aslrt_buffer_format(&detail, "%llu\xc3\x97", (unsigned long long)times);
    else
        aslrt_buffer_text(&detail, "never entered");
    aslrt_buffer_text(&tip, node->tooltip);
    for (uint32_t i = 0; i < s->retriers.count; i++) {
        uint64_t tried = counts->retriers[s->retriers.first + i];
        if (tried == 0 && times != 0)
            node->paint = DIAGRAM_PARTLY;
        aslrt_buffer_format(&tip, "\nretrier %u: %llu\xc3\x97", i + 1, (unsigned long long)tried);
    }
    if (node->paint == DIAGRAM_PARTLY)
        aslrt_buffer_text(&detail, ", a retrier never");
    node->detail = aslrt_buffer_close(&detail);
    node->tooltip = aslrt_buffer_close(&tip);
}

/* ---- the picture ---- */

struct builder {
    struct diagram *d;
    const struct ir_machine *m;
    const struct diagram_options *options;
    uint32_t *node_of;  /* by state: index + 1, 0: not drawn */
    bool *shared;       /* by state: an end that several operations reach */
    uint32_t from_node; /* of the edges being added */
};

/* An end outside of every operation is drawn anew in each cluster that leads to it. */
static uint32_t shared_end(struct builder *b, ir_id state, uint32_t cluster)
{
    struct diagram *d = b->d;
    for (uint32_t i = 0; i < d->node_count; i++) {
        if (d->nodes[i].cluster == cluster &&
            strcmp(d->nodes[i].name, b->m->states[state].name) == 0)
            return i;
    }
    struct diagram_node node = diagram_state(d->arena, b->m, state);
    if (b->options->counts != NULL)
        count_node(d, b->m, b->options->counts, state, &node);
    node.id = format(d->arena, "end%.0s%u", "", d->node_count);
    node.cluster = cluster;
    return diagram_add_node(d, node);
}

static bool add_edge(void *data, const struct ir_edge *edge)
{
    struct builder *b = data;
    if (edge->to == IR_NONE)
        return true;
    uint32_t to;
    if (b->shared[edge->to])
        to = shared_end(b, edge->to, b->d->nodes[b->from_node].cluster);
    else if (b->node_of[edge->to] != 0)
        to = b->node_of[edge->to] - 1;
    else
        return true;
    struct diagram_edge e = {.from = b->from_node,
                             .to = to,
                             .error = edge->kind == IR_EDGE_CATCH,
                             .otherwise = edge->kind == IR_EDGE_DEFAULT,
                             .label = diagram_edge_label(b->d->arena, b->m, edge)};
    if (b->options->counts != NULL) {
        e.times = diagram_times(b->m, b->options->counts, edge);
        e.use = use_of(e.times);
    }
    diagram_add_edge(b->d, e);
    return true;
}

static bool wanted(const struct builder *b, const struct ir_state *s)
{
    return b->options->group == NULL ||
           (s->group != NULL && strcmp(s->group, b->options->group) == 0);
}

static void find_shared(struct builder *b)
{
    bool grouped = false;
    for (uint32_t i = 0; i < b->m->state_count; i++)
        grouped = grouped || b->m->states[i].group != NULL;
    for (uint32_t i = 0; grouped && i < b->m->state_count; i++) {
        const struct ir_state *s = &b->m->states[i];
        b->shared[i] = s->group == NULL && (s->type == IR_SUCCEED || s->type == IR_FAIL);
    }
}

/* The dot from which a scope starts, and edges from a Parallel or Map into its scopes. */
static void add_starts(struct builder *b)
{
    const struct ir_machine *m = b->m;
    struct diagram *d = b->d;
    for (uint32_t i = 0; i < m->scope_count; i++) {
        ir_id start = m->scopes[i].start_at.state;
        ir_id owner = m->scopes[i].owner;
        if (start == IR_NONE || b->node_of[start] == 0)
            continue;
        uint32_t from;
        if (owner != IR_NONE && b->node_of[owner] != 0) {
            from = b->node_of[owner] - 1;
        } else {
            from = diagram_add_node(
                d, (struct diagram_node){.id = format(d->arena, "start%.0s%u", "", i),
                                         .shape = DIAGRAM_START,
                                         .name = "",
                                         .detail = "",
                                         .tooltip = "start"});
        }
        diagram_add_edge(
            d, (struct diagram_edge){.from = from, .to = b->node_of[start] - 1, .label = ""});
    }
}

struct diagram *diagram_build(struct aslrt_arena *arena, const struct ir_machine *m,
                              const struct diagram_options *options)
{
    static const struct diagram_options none;
    struct builder b = {
        .d = diagram_new(arena, m->name), .m = m, .options = options == NULL ? &none : options};
    b.node_of = ASLRT_NEW_ARRAY(arena, uint32_t, m->state_count + 1);
    b.shared = ASLRT_NEW_ARRAY(arena, bool, m->state_count + 1);
    b.d->counted = b.options->counts != NULL;
    find_shared(&b);
    for (uint32_t i = 0; i < m->state_count; i++) {
        if (b.shared[i] || !wanted(&b, &m->states[i]))
            continue;
        struct diagram_node node = diagram_state(arena, m, i);
        node.id = format(arena, "s%.0s%u", "", i);
        node.cluster = diagram_state_cluster(b.d, m, i);
        node.paint = b.options->paint == NULL ? DIAGRAM_PLAIN : b.options->paint[i];
        if (b.options->counts != NULL)
            count_node(b.d, m, b.options->counts, i, &node);
        b.node_of[i] = diagram_add_node(b.d, node) + 1;
    }
    for (uint32_t i = 0; i < m->state_count; i++) {
        if (b.node_of[i] == 0)
            continue;
        b.from_node = b.node_of[i] - 1;
        ir_edges(m, i, add_edge, &b);
    }
    add_starts(&b);
    return b.d;
}

/* A box is nearly twice as wide as high, and the whole shall be a third wider than high. */
static uint32_t grid_columns(uint32_t count)
{
    uint32_t columns = 1;
    while (columns * columns * 4 < count * 3)
        columns++;
    return columns;
}

struct diagram *diagram_overview(struct aslrt_arena *arena, const struct ir_machine *m)
{
    if (m->state_count <= DIAGRAM_STATES_MAX)
        return NULL;
    struct diagram *d = diagram_new(arena, m->name);
    uint32_t start = diagram_add_node(
        d,
        (struct diagram_node){
            .id = "start", .shape = DIAGRAM_START, .name = "", .detail = "", .tooltip = "start"});
    for (uint32_t i = 0; i < m->state_count;) {
        const char *group = m->states[i].group;
        uint32_t count = 0, first = i;
        while (i < m->state_count && m->states[i].group == group) {
            count++;
            i++;
        }
        if (group == NULL)
            continue;
        diagram_add_node(
            d, (struct diagram_node){
                   .id = format(arena, "g%.0s%u", "", first),
                   .shape = DIAGRAM_GROUP,
                   .name = group,
                   .detail = format(arena, "%.0s%u states", "", count),
                   .tooltip = m->states[first].comment == NULL ? group : m->states[first].comment,
                   .cluster = 1});
    }
    uint32_t groups = d->node_count - 1;
    if (groups == 0)
        return NULL;
    diagram_cluster(d, format(arena, "%.0s%u operations", "", groups), 0);
    d->columns = grid_columns(groups);
    diagram_add_edge(d,
                     (struct diagram_edge){.from = start, .to = 1 + d->columns / 2, .label = ""});
    return d;
}
