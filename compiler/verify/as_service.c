/*
 * as_service.c - the graph as the service judges it when a machine is created.
 *
 * verify_run leaves a finding out where another explains it, and follows the whole machine; the
 * service does neither: each scope is walked by itself, from its StartAt, and every state that is
 * not reached is reported, also behind a transition to nowhere; a placeholder is text to it.  It
 * looks for an end at the top level only, and when there is none, it does not ask what is reached.
 */
#include "compiler/verify/verify_int.h"

/* Marks what the scope's StartAt leads to. */
static void walk(struct verify *v, ir_id scope, bool *seen, ir_id *queue)
{
    ir_id start = v->m->scopes[scope].start_at.state;
    uint32_t head = 0, tail = 0;
    if (start == IR_NONE)
        return;
    seen[start] = true;
    queue[tail++] = start;
    while (head < tail) {
        ir_id at = queue[head++];
        for (uint32_t e = v->edge_first[at]; e < v->edge_first[at + 1]; e++) {
            ir_id to = v->edges[e].to;
            if (to == IR_NONE || seen[to])
                continue;
            seen[to] = true;
            queue[tail++] = to;
        }
    }
}

static void report_unreached(struct verify *v, ir_id scope, const bool *seen)
{
    const struct ir_slice states = v->m->scopes[scope].states;
    for (ir_id id = states.first; id < states.first + states.count; id++) {
        const struct ir_state *s = &v->m->states[id];
        if (seen[id] || ir_find(v->m, scope, s->name) != id)
            continue; /* of a repeated key the service sees one */
        struct diag *d = verify_report(v, DIAG_UNREACHABLE_STATE, id, s->name_span, "",
                                       "state '%s' can't be reached", s->name);
        diag_service(d, 0, "State \"%s\" is not reachable.", s->name);
        diag_end(d);
    }
}

static bool has_end(const struct verify *v)
{
    const struct ir_slice states = v->m->scopes[0].states;
    for (ir_id id = states.first; id < states.first + states.count; id++)
        if (verify_ends(&v->m->states[id]))
            return true;
    return false;
}

void verify_as_service(const struct ir_machine *m, const struct verify_options *options,
                       struct diag_context *cx)
{
    struct verify v;
    verify_begin(&v, m, options, cx, cx->arena);
    v.as_service = true;
    verify_targets(&v);
    bool *seen = ASLRT_NEW_ARRAY(v.arena, bool, m->state_count + 1u);
    ir_id *queue = ASLRT_NEW_ARRAY(v.arena, ir_id, m->state_count + 1u);
    bool ends = has_end(&v);
    if (!ends)
        verify_report_endless(&v, 0);
    for (ir_id scope = ends ? 0 : 1; scope < m->scope_count; scope++) {
        walk(&v, scope, seen, queue);
        report_unreached(&v, scope, seen);
    }
    verify_any_order(&v);
    verify_heartbeats(&v);
    verify_express(&v);
}
