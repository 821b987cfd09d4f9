/*
 * pass.c - the Pass state: its output is its Output, its Result, or its input.
 * spec: Pass State.
 */
#include "runtime/engine/exec.h"

enum aslrt_move aslrt_do_pass(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_view view = aslrt_view_of(x, f);
    return aslrt_leave(x, f, &view,
                       (struct aslrt_leaving){f->input, s->output, s->assign, s->next});
}
