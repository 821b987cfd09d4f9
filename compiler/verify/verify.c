/*
 * verify.c - makes the facts and asks every question of passes.def; see verify.h.
 */
#include "compiler/verify/verify_int.h"

static bool add_edge(void *data, const struct ir_edge *edge)
{
    struct verify *v = data;
    *GROW(v->arena, v->edges, v->edge_count) = *edge;
    return true;
}

static void collect_edges(struct verify *v)
{
    v->edge_first = ASLRT_NEW_ARRAY(v->arena, uint32_t, v->m->state_count + 1u);
    for (ir_id s = 0; s < v->m->state_count; s++) {
        v->edge_first[s] = v->edge_count;
        ir_edges(v->m, s, add_edge, v);
    }
    v->edge_first[v->m->state_count] = v->edge_count;
}

bool verify_ends(const struct ir_state *s)
{
    return s->end || s->type == IR_SUCCEED || s->type == IR_FAIL || s->type == IR_UNKNOWN;
}

/* Visits in breadth-first order, so that `parent` gives shortest ways. */
static void find_reached(struct verify *v)
{
    const struct ir_machine *m = v->m;
    ir_id *queue = ASLRT_NEW_ARRAY(v->arena, ir_id, m->state_count + 1u);
    uint32_t head = 0, tail = 0;
    ir_id start = m->scopes[0].start_at.state;
    if (start != IR_NONE) {
        v->reached[start] = true;
        queue[tail++] = start;
    }
    while (head < tail) {
        ir_id at = queue[head++];
        const struct ir_state *s = &m->states[at];
        for (uint32_t e = v->edge_first[at]; e < v->edge_first[at + 1]; e++) {
            ir_id to = v->edges[e].to;
            if (to == IR_NONE || v->reached[to])
                continue;
            v->reached[to] = true;
            v->parent[to] = at;
            v->depth[to] = v->depth[at] + 1;
            queue[tail++] = to;
        }
        for (uint32_t i = 0; i < s->scopes.count; i++) {
            ir_id inner = m->scopes[s->scopes.first + i].start_at.state;
            if (inner == IR_NONE || v->reached[inner])
                continue;
            v->reached[inner] = true;
            queue[tail++] = inner;
        }
    }
}

bool verify_inner_ends(const struct verify *v, const struct ir_state *s)
{
    for (uint32_t i = 0; i < s->scopes.count; i++) {
        ir_id start = v->m->scopes[s->scopes.first + i].start_at.state;
        if (start != IR_NONE && !v->can_end[start])
            return false;
    }
    return true;
}

/* Marks what can reach an end of the scope, walking its edges backwards. */
static void find_ends_of(struct verify *v, ir_id scope, uint32_t *first, ir_id *from, ir_id *queue)
{
    const struct ir_machine *m = v->m;
    const struct ir_slice states = m->scopes[scope].states;
    /* first[] and from[] become the edges sorted by the state that they enter. */
    memset(first + states.first, 0, (states.count + 1u) * sizeof *first);
    uint32_t end = states.first + states.count;
    for (uint32_t e = v->edge_first[states.first]; e < v->edge_first[end]; e++)
        if (v->edges[e].to != IR_NONE)
            first[v->edges[e].to]++;
    uint32_t at = v->edge_first[states.first];
    for (uint32_t s = states.first; s < end; s++) {
        at += first[s];
        first[s] = at;
    }
    first[end] = at;
    for (uint32_t e = v->edge_first[states.first]; e < v->edge_first[end]; e++)
        if (v->edges[e].to != IR_NONE)
            from[--first[v->edges[e].to]] = e;

    uint32_t head = 0, tail = 0;
    for (uint32_t s = states.first; s < end; s++) {
        bool ends = verify_ends(&m->states[s]) && verify_inner_ends(v, &m->states[s]);
        /* A transition to nowhere has been reported; where it meant to go may well have an end. */
        for (uint32_t e = v->edge_first[s]; e < v->edge_first[s + 1] && !ends; e++)
            ends = v->edges[e].to == IR_NONE;
        ends = ends || v->edge_first[s] == v->edge_first[s + 1];
        if (ends) {
            v->can_end[s] = true;
            queue[tail++] = s;
        }
    }
    while (head < tail) {
        ir_id to = queue[head++];
        for (uint32_t i = first[to]; i < first[to + 1]; i++) {
            const struct ir_edge *e = &v->edges[from[i]];
            if (v->can_end[e->from] ||
                (e->kind == IR_EDGE_NEXT && !verify_inner_ends(v, &m->states[e->from])))
                continue;
            v->can_end[e->from] = true;
            queue[tail++] = e->from;
        }
    }
}

static void find_ends(struct verify *v)
{
    const struct ir_machine *m = v->m;
    uint32_t *first = ASLRT_NEW_ARRAY(v->arena, uint32_t, m->state_count + 2u);
    ir_id *from = ASLRT_NEW_ARRAY(v->arena, ir_id, v->edge_count + 1u);
    ir_id *queue = ASLRT_NEW_ARRAY(v->arena, ir_id, m->state_count + 1u);
    for (ir_id scope = m->scope_count; scope-- > 0;) /* inner scopes have the larger ids */
        if (m->scopes[scope].states.count > 0)
            find_ends_of(v, scope, first, from, queue);
}

static void read_conditions(struct verify *v)
{
    const struct ir_machine *m = v->m;
    v->conditions = ASLRT_NEW_ARRAY(v->arena, struct condition, m->rule_count + 1u);
    for (ir_id s = 0; s < m->state_count; s++) {
        const struct ir_slice rules = m->states[s].rules;
        for (uint32_t i = rules.first; i < rules.first + rules.count; i++)
            v->conditions[i] = m->states[s].language == IR_JSONATA
                                   ? condition_of_jsonata(v->arena, m->rules[i].condition)
                                   : condition_of_comparison(
                                         v->arena, ir_comparison(v->arena, m->rules[i].source));
    }
}

void verify_kill_edge(struct verify *v, ir_id state, enum ir_edge_kind kind, uint32_t index)
{
    for (uint32_t e = v->edge_first[state]; e < v->edge_first[state + 1]; e++)
        if (v->edges[e].kind == kind && v->edges[e].index == index)
            v->dead_edge[e] = true;
}

void verify_begin(struct verify *v, const struct ir_machine *m,
                  const struct verify_options *options, struct diag_context *cx,
                  struct aslrt_arena *arena)
{
    memset(v, 0, sizeof *v);
    v->m = m;
    v->cx = cx;
    v->arena = arena;
    v->type = options != NULL && options->type != IR_TYPE_UNKNOWN ? options->type : m->type;
    v->reached = ASLRT_NEW_ARRAY(arena, bool, m->state_count + 1u);
    v->can_end = ASLRT_NEW_ARRAY(arena, bool, m->state_count + 1u);
    v->excused = ASLRT_NEW_ARRAY(arena, bool, m->state_count + 1u);
    v->depth = ASLRT_NEW_ARRAY(arena, uint32_t, m->state_count + 1u);
    v->parent = ASLRT_NEW_ARRAY(arena, ir_id, m->state_count + 1u);
    memset(v->parent, 0xff, (m->state_count + 1u) * sizeof *v->parent); /* all IR_NONE */
    collect_edges(v);
    v->dead_edge = ASLRT_NEW_ARRAY(arena, bool, v->edge_count + 1u);
    find_reached(v);
    find_ends(v);
    read_conditions(v);
    verify_find_tasks(v);
    verify_find_arrivals(v);
}

void verify_run(const struct ir_machine *m, const struct verify_options *options,
                struct diag_context *cx)
{
    struct verify v;
    verify_begin(&v, m, options, cx, cx->arena);
#define VERIFY_PASS(name, title) verify_##name(&v);
#include "compiler/verify/passes.def"
#undef VERIFY_PASS
}
