/*
 * outcome.c - the outcome of an execution as one line of JSON: what a native program and
 * `aslc run --json` print.
 */
#include "runtime/base/json.h"
#include "runtime/engine/exec.h"

struct printing {
    struct aslrt_execution *execution;
    const struct aslrt_outcome *outcome;
    struct aslrt_buffer text;
};

/* A text of our own, which needs no escape. */
static struct aslrt_value plain(const char *text)
{
    struct aslrt_value v = aslrt_text(text);
    v.flags = ASLRT_FLAG_CLEAN | ASLRT_FLAG_ASCII;
    return v;
}

static enum aslrt_status print(void *data)
{
    struct printing *p = data;
    const struct aslrt_outcome *o = p->outcome;
    const struct aslrt_execution *x = p->execution;
    struct aslrt_member members[] = {
        {plain("status"), plain(aslrt_run_status_name(o->status))},
        {plain("output"), o->status == ASLRT_SUCCEEDED ? o->output : aslrt_undefined()},
        {plain("error"), o->error},
        {plain("cause"), o->cause},
        {plain("history"),
         x->env->history ? aslrt_array(x->events, x->events_kept) : aslrt_undefined()},
    };
    /* The writer leaves members out that have no value. */
    aslrt_json_put(&p->text, aslrt_object(members, sizeof members / sizeof *members),
                   ASLRT_JSON_MINIFIED);
    aslrt_buffer_close(&p->text);
    return ASLRT_OK;
}

enum aslrt_status aslrt_outcome_json(struct aslrt_execution *x, const struct aslrt_outcome *outcome,
                                     const char **text, size_t *count)
{
    struct printing p = {x, outcome, aslrt_buffer_in(x->arena)};
    enum aslrt_status status = aslrt_protect(x->memory, print, &p);
    *text = status == ASLRT_OK ? p.text.bytes : NULL;
    *count = status == ASLRT_OK ? p.text.count : 0;
    return status;
}
