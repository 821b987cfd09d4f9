/*
 * pass.c - the Pass state: its output is its Output, its Result, or its input.
 * spec: Pass State.
 */
#include "runtime/engine/exec.h"

enum aslrt_move aslrt_do_pass(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_value result;
    struct aslrt_failure failure;
    if (!aslrt_arguments_of(x, f, &result, &failure))
        return aslrt_fail(x, f, failure);
    if (s->result != ASLRT_NONE) {
        result = x->program->nodes[s->result].value;
        aslrt_note(x, ASLRT_AT_RESULT, result);
    }
    struct aslrt_view view = aslrt_view_of(x, f);
    return aslrt_leave(x, f, &view,
                       &(struct aslrt_leaving){result, s->output, s->assign, s->next, 0, 0});
}
