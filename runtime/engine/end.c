/*
 * end.c - the states that end a scope: Succeed and Fail.
 * spec: Succeed State, Fail State.
 */
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

enum aslrt_move aslrt_do_succeed(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_value input;
    struct aslrt_failure failure;
    if (!aslrt_input_of(x, f, &input, &failure))
        return aslrt_fail(x, f, failure);
    struct aslrt_view view = aslrt_view_of(x, f);
    return aslrt_leave(x, f, &view,
                       &(struct aslrt_leaving){input, s->output, s->assign, ASLRT_NONE, 0, 0});
}

/* Error or Cause: a string, or undefined when the state has none. */
static bool text_of(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                    struct aslrt_value *out, struct aslrt_failure *failure)
{
    *out = aslrt_undefined();
    if (node == ASLRT_NONE)
        return true;
    struct aslrt_view view = aslrt_view_of(x, f);
    if (!aslrt_input_of(x, f, &view.input, failure) || !aslrt_evaluate(&view, node, out, failure))
        return false;
    if (out->kind == ASLRT_STRING)
        return true;
    *failure = aslrt_unfit_value(x, f, node, *out, "string");
    return false;
}

enum aslrt_move aslrt_do_fail(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_failure own = {.heartbeat = false}, failure;
    if (!text_of(x, f, s->error, &own.error, &failure) ||
        !text_of(x, f, s->cause, &own.cause, &failure))
        return aslrt_fail(x, f, failure);
    return aslrt_fail(x, f, own);
}
