/*
 * dead.c - which states are reached only in ways that are never taken?
 *
 * A314 a state to which only dead rules, Defaults and catchers lead.  The passes before this one
 * have marked those; the reachability is worked out again without them.
 */
#include "compiler/verify/verify_int.h"

/* Marks what is alive from `start` on; gives the new end of the queue. */
static void walk(const struct verify *v, bool *alive, ir_id *queue)
{
    const struct ir_machine *m = v->m;
    uint32_t head = 0, tail = 0;
    ir_id start = m->scopes[0].start_at.state;
    if (start == IR_NONE)
        return;
    alive[start] = true;
    queue[tail++] = start;
    while (head < tail) {
        ir_id at = queue[head++];
        for (uint32_t e = v->edge_first[at]; e < v->edge_first[at + 1]; e++) {
            ir_id to = v->edges[e].to;
            if (to == IR_NONE || alive[to] || v->dead_edge[e])
                continue;
            alive[to] = true;
            queue[tail++] = to;
        }
        const struct ir_slice scopes = m->states[at].scopes;
        for (uint32_t i = 0; i < scopes.count; i++) {
            ir_id inner = m->scopes[scopes.first + i].start_at.state;
            if (inner == IR_NONE || alive[inner])
                continue;
            alive[inner] = true;
            queue[tail++] = inner;
        }
    }
}

void verify_dead(struct verify *v)
{
    bool any = false;
    for (uint32_t e = 0; e < v->edge_count; e++)
        any = any || v->dead_edge[e];
    if (!any)
        return;
    bool *alive = ASLRT_NEW_ARRAY(v->arena, bool, v->m->state_count + 1u);
    walk(v, alive, ASLRT_NEW_ARRAY(v->arena, ir_id, v->m->state_count + 1u));
    for (ir_id s = 0; s < v->m->state_count; s++) {
        ir_id before = v->parent[s];
        /* Only where the dead way is: what follows a dead state is dead for the same reason. */
        if (!v->reached[s] || alive[s] || (before != IR_NONE && !alive[before]) ||
            (before == IR_NONE && v->m->scopes[v->m->states[s].scope].owner != IR_NONE))
            continue;
        struct diag *d = verify_report(v, DIAG_DEAD_STATE, s, v->m->states[s].name_span, "",
                                       "state '%s' is reached only in ways that are never taken",
                                       v->m->states[s].name);
        verify_witness(v, d, s);
        diag_help(d, "mend the rule or catcher that leads here, or delete the state");
        diag_end(d);
    }
}
