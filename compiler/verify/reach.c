/*
 * reach.c - can every state be reached, and can it reach an end?
 *
 * A305 a state that nothing reaches (by walking the graph: an island or a self-loop counts as not
 * reached), A306 a state from which no end can be reached, A307 a scope without any end.
 * Each island and each trap is one finding, at its first state, with the others named.
 */
#include "compiler/verify/verify_int.h"

/* A scope whose StartAt is wrong has been reported, and so has one that is not reached itself. */
static bool judged(const struct verify *v, ir_id id)
{
    const struct ir_scope *scope = &v->m->scopes[id];
    return scope->start_at.state != IR_NONE &&
           (scope->owner == IR_NONE || v->reached[scope->owner]);
}

/* Marks what follows `state` and is not done, and names it; the first name is its own. */
static uint32_t mark_group(struct verify *v, ir_id state, const bool *done, bool *seen,
                           const char **names, ir_id *queue)
{
    uint32_t head = 0, tail = 0;
    seen[state] = true;
    queue[tail++] = state;
    while (head < tail) {
        ir_id at = queue[head++];
        for (uint32_t e = v->edge_first[at]; e < v->edge_first[at + 1]; e++) {
            ir_id to = v->edges[e].to;
            if (to == IR_NONE || done[to] || seen[to])
                continue;
            seen[to] = true;
            queue[tail++] = to;
        }
    }
    for (uint32_t i = 0; i < tail; i++)
        names[i] = v->m->states[queue[i]].name;
    return tail;
}

static void report_unreached(struct verify *v, ir_id state, const char *const *names,
                             uint32_t count)
{
    const struct ir_state *s = &v->m->states[state];
    struct diag *d = verify_report(v, DIAG_UNREACHABLE_STATE, state, s->name_span, "",
                                   "state '%s' can't be reached from '%s'", s->name,
                                   v->m->scopes[s->scope].start_at.name);
    diag_service(d, 0, "State \"%s\" is not reachable.", s->name);
    diag_primary(d, "nothing that runs leads here");
    if (count > 1)
        diag_note(d, "nor can what only it leads to: %s", verify_list(v, names + 1, count - 1, 6));
    diag_help(d, "let a reachable state go to '%s', or delete it", s->name);
    diag_end(d);
}

/* How many transitions of reached states of the scope are missing or go nowhere; one that is filled
   in later may be all of the ways by which others are reached. */
static uint32_t count_broken(const struct verify *v, ir_id scope)
{
    const struct ir_slice states = v->m->scopes[scope].states;
    uint32_t broken = 0;
    for (ir_id s = states.first; s < states.first + states.count; s++) {
        if (!v->reached[s])
            continue;
        bool none = v->edge_first[s] == v->edge_first[s + 1] && !verify_ends(&v->m->states[s]);
        broken += none;
        for (uint32_t e = v->edge_first[s]; e < v->edge_first[s + 1]; e++)
            broken += v->edges[e].to != IR_NONE                ? 0
                      : verify_is_template(v, v->edges[e].ref) ? states.count
                                                               : 1;
    }
    return broken;
}

/* The states of the scope at which an island begins: first those that nothing enters, then one of
   each cycle that nothing enters. */
static uint32_t find_islands(struct verify *v, ir_id scope, const bool *entered, bool *seen,
                             const char **names, ir_id *queue, ir_id *roots)
{
    const struct ir_slice states = v->m->scopes[scope].states;
    uint32_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (ir_id s = states.first; s < states.first + states.count; s++) {
            if (v->reached[s] || seen[s] || (pass == 0 && entered[s]) ||
                ir_find(v->m, scope, v->m->states[s].name) != s) /* a repeated name was reported */
                continue;
            mark_group(v, s, v->reached, seen, names, queue);
            roots[count++] = s;
        }
    }
    return count;
}

static void check_reached(struct verify *v, bool *seen, const char **names, ir_id *queue)
{
    const struct ir_machine *m = v->m;
    bool *entered = ASLRT_NEW_ARRAY(v->arena, bool, m->state_count + 1u);
    bool *again = ASLRT_NEW_ARRAY(v->arena, bool, m->state_count + 1u);
    ir_id *roots = ASLRT_NEW_ARRAY(v->arena, ir_id, m->state_count + 1u);
    for (uint32_t e = 0; e < v->edge_count; e++) {
        const struct ir_edge *edge = &v->edges[e];
        if (edge->to != IR_NONE && edge->to != edge->from && !v->reached[edge->from])
            entered[edge->to] = true;
    }
    /* What a misspelled transition meant to reach is excused, with all that follows. */
    for (ir_id s = 0; s < m->state_count; s++)
        if (v->excused[s] && !v->reached[s] && !seen[s])
            mark_group(v, s, v->reached, seen, names, queue);
    for (ir_id scope = 0; scope < m->scope_count; scope++) {
        if (!judged(v, scope))
            continue;
        uint32_t count = find_islands(v, scope, entered, seen, names, queue, roots);
        /* Each broken transition, which was reported, may well have led to one of them. */
        if (count <= count_broken(v, scope))
            continue;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t members = mark_group(v, roots[i], v->reached, again, names, queue);
            report_unreached(v, roots[i], names, members);
        }
    }
}

static void report_trap(struct verify *v, ir_id state, const char *const *names, uint32_t count)
{
    const struct ir_state *s = &v->m->states[state];
    struct diag *d = verify_report(v, DIAG_NO_WAY_OUT, state, s->name_span, "",
                                   "from state '%s' no end can be reached", s->name);
    diag_primary(d, count > 1 ? "once here, the execution goes round for ever"
                              : "once here, the execution stays for ever");
    if (count > 1)
        diag_note(d, "it goes round in %s", verify_list(v, names, count, 6));
    verify_witness(v, d, state);
    diag_help(d, "let one of these states end the execution, or go to a state that does");
    diag_end(d);
}

static bool scope_has_end(const struct verify *v, ir_id scope)
{
    const struct ir_slice states = v->m->scopes[scope].states;
    for (uint32_t i = 0; i < states.count; i++)
        if (v->can_end[states.first + i])
            return true;
    return states.count == 0;
}

void verify_report_endless(struct verify *v, ir_id scope)
{
    ir_id owner = v->m->scopes[scope].owner;
    const struct ir_scope *s = &v->m->scopes[scope];
    struct span at = s->start_at.span.source != 0 ? s->start_at.span : s->span;
    struct diag *d;
    if (owner == IR_NONE) {
        d = diag_begin(v->cx, DIAG_NO_TERMINAL, at, "the machine has no state at which it ends");
        diag_service(d, DIAG_NOWHERE, "Workflow has no terminal state");
    } else {
        d = verify_report(v, DIAG_NO_TERMINAL, owner, at, "",
                          "inside '%s' there is no state at which it ends",
                          v->m->states[owner].name);
        diag_service_code(d, "");
    }
    diag_help(d, "give a state '\"End\": true', or add a state of type Succeed or Fail");
    diag_end(d);
}

static void check_ends(struct verify *v, bool *seen, const char **names, ir_id *queue)
{
    const struct ir_machine *m = v->m;
    bool *endless = ASLRT_NEW_ARRAY(v->arena, bool, m->scope_count + 1u);
    for (ir_id i = 0; i < m->scope_count; i++) {
        endless[i] = !scope_has_end(v, i);
        if (endless[i])
            verify_report_endless(v, i);
    }
    /* A trap is entered from a state that could still end, or begins the scope. */
    for (ir_id s = 0; s < m->state_count; s++) {
        if (!v->reached[s] || v->can_end[s] || seen[s] || endless[m->states[s].scope])
            continue;
        if (!verify_inner_ends(v, &m->states[s]))
            continue; /* reported inside */
        ir_id before = v->parent[s];
        if (before != IR_NONE && !v->can_end[before])
            continue;
        uint32_t count = mark_group(v, s, v->can_end, seen, names, queue);
        report_trap(v, s, names, count);
    }
}

void verify_reach(struct verify *v)
{
    size_t n = v->m->state_count + 1u;
    bool *seen = ASLRT_NEW_ARRAY(v->arena, bool, n);
    const char **names = ASLRT_NEW_ARRAY(v->arena, const char *, n);
    ir_id *queue = ASLRT_NEW_ARRAY(v->arena, ir_id, n);
    check_reached(v, seen, names, queue);
    memset(seen, 0, n * sizeof *seen);
    check_ends(v, seen, names, queue);
}
