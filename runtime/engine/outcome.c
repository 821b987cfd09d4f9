/*
 * outcome.c - the outcome of an execution as one line of JSON: what a native program and
 * `aslc run --json` print.
 */
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

struct printing {
    struct aslrt_execution *execution;
    const struct aslrt_outcome *outcome;
    struct aslrt_value value;
};

static enum aslrt_status make(void *data)
{
    struct printing *p = data;
    struct aslrt_execution *x = p->execution;
    const struct aslrt_outcome *o = p->outcome;
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    aslrt_object_set_text(&b, "status", aslrt_text(aslrt_run_status_name(o->status)));
    if (o->status == ASLRT_SUCCEEDED)
        aslrt_object_set_text(&b, "output", o->output);
    if (o->error.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "error", o->error);
    if (o->cause.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "cause", o->cause);
    if (x->env->history)
        aslrt_object_set_text(&b, "history", aslrt_array(x->events, x->events_kept));
    p->value = aslrt_object_done(&b);
    return ASLRT_OK;
}

enum aslrt_status aslrt_outcome_json(struct aslrt_execution *x, const struct aslrt_outcome *outcome,
                                     const char **text, size_t *count)
{
    struct printing p = {.execution = x, .outcome = outcome};
    enum aslrt_status status = aslrt_protect(x->memory, make, &p);
    return status == ASLRT_OK ? aslrt_json_write(x->arena, p.value, text, count) : status;
}
