/*
 * task.c - the Task state: makes the call, and takes its reply, its failure or its lateness.
 *
 * The call itself is the caller's business: aslrt_step gives it out as an effect, and the reply
 * comes back through aslrt_task_succeed or aslrt_task_fail, with the time that it took. spec: Task
 * State.
 */
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"
#include "runtime/engine/quotas.h"

/* TimeoutSeconds or HeartbeatSeconds; 0 when the state has none. */
static bool seconds_of(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                       int64_t *seconds, struct aslrt_failure *failure)
{
    *seconds = 0;
    if (node == ASLRT_NONE)
        return true;
    struct aslrt_value value;
    if (!aslrt_field_of(x, f, node, &value, failure))
        return false;
    if (!aslrt_is_number(value)) {
        *failure = aslrt_not_an_integer(x, f, node, value);
        return false;
    }
    double number = aslrt_to_double(value);
    if (number >= 1 && number <= ASLRT_QUOTA_RETRY_INTERVAL) {
        *seconds = (int64_t)number; /* the service rounds down */
        return true;
    }
    const char *field = x->program->machine->nodes[node].field;
    *failure = aslrt_query_failure(x, f, field, "The %s field must be between 1 and %d", field,
                                   ASLRT_QUOTA_RETRY_INTERVAL);
    return false;
}

enum aslrt_move aslrt_do_task(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_view view = aslrt_view_of(x, f);
    struct aslrt_value arguments;
    struct aslrt_value credentials = aslrt_undefined();
    struct aslrt_failure failure;
    int64_t timeout_s, heartbeat_s;
    if (!aslrt_arguments_of(x, f, &arguments, &failure) ||
        (s->credentials != ASLRT_NONE &&
         !aslrt_evaluate(&view, s->credentials, &credentials, &failure)) ||
        !seconds_of(x, f, s->timeout, &timeout_s, &failure) ||
        !seconds_of(x, f, s->heartbeat, &heartbeat_s, &failure))
        return aslrt_fail(x, f, failure);
    aslrt_event_scheduled(x, f, arguments, credentials, timeout_s, heartbeat_s);
    f->phase = ASLRT_PHASE_CALL;
    f->deadline_us = INT64_MAX;
    if (timeout_s != 0) {
        f->deadline_us = aslrt_time_add(x->now_us, timeout_s * 1000000);
        aslrt_timer_set(x, f, f->deadline_us);
    }
    x->effect = (struct aslrt_effect){
        .kind = ASLRT_EFFECT_TASK,
        .frame = f->id,
        .call = {.resource = s->resource,
                 .service = s->service,
                 .action = s->action,
                 .sdk = s->sdk,
                 .arguments = arguments,
                 .now_us = x->now_us,
                 .state = s->name,
                 .attempt = f->attempt,
                 .pattern = s->pattern,
                 .credentials = credentials,
                 .token = f->token},
        .deadline_us = f->deadline_us,
    };
    return ASLRT_MOVE_EFFECT;
}

/* The quota on results.  Passing it is an error of the task, which a catcher may take; the service
   names the function, or the service called. */
static bool result_fits(struct aslrt_execution *x, struct aslrt_frame *f,
                        struct aslrt_failure *failure)
{
    if (aslrt_measure(x->arena, f->reply, ASLRT_QUOTA_PAYLOAD) == ASLRT_FITS)
        return true;
    const struct aslrt_state *s = aslrt_state_of(x, f);
    bool named = s->service != NULL && s->action != NULL;
    struct aslrt_buffer text = aslrt_buffer_in(x->arena);
    aslrt_buffer_format(&text,
                        "The state/task '%s%s' returned a result with a size exceeding the maximum "
                        "number of bytes service limit.",
                        named && s->sdk ? "aws-sdk:" : "", named ? s->service : s->resource);
    *failure = aslrt_failure_of(x, "States.DataLimitExceeded", aslrt_buffer_close(&text));
    return false;
}

enum aslrt_move aslrt_task_done(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_failure failure = f->failure;
    if (f->reply.kind == ASLRT_UNDEFINED || !result_fits(x, f, &failure)) {
        aslrt_event_task_failed(x, f, failure);
        return aslrt_fail(x, f, failure);
    }
    aslrt_event_task_succeeded(x, f);
    struct aslrt_view view = aslrt_view_of(x, f);
    view.result = f->reply;
    return aslrt_leave(x, f, &view,
                       (struct aslrt_leaving){f->reply, s->output, s->assign, s->next});
}

enum aslrt_move aslrt_task_late(struct aslrt_execution *x, struct aslrt_frame *f)
{
    struct aslrt_failure failure = {aslrt_text("States.Timeout"), aslrt_undefined()};
    aslrt_event_task_timed_out(x, f, failure);
    return aslrt_fail(x, f, failure);
}

/* ---- replies ---- */

struct reply {
    struct aslrt_execution *execution;
    struct aslrt_frame *frame;
    struct aslrt_value result;
    const char *error, *cause;
    bool failed;
    bool copy;
    int64_t delay_us;
};

static struct aslrt_value text_in(struct aslrt_execution *x, const char *text)
{
    if (text == NULL)
        return aslrt_undefined();
    size_t count = strlen(text);
    return aslrt_string(aslrt_copy_text(x->arena, text, count), (uint32_t)count);
}

static enum aslrt_status deliver(void *data)
{
    struct reply *r = data;
    struct aslrt_execution *x = r->execution;
    struct aslrt_frame *f = r->frame;
    int64_t at = aslrt_time_add(x->now_us, r->delay_us);
    if (r->failed) {
        f->reply = aslrt_undefined();
        f->failure = (struct aslrt_failure){text_in(x, r->error), text_in(x, r->cause)};
    } else {
        f->reply = r->copy ? aslrt_copy(x->arena, r->result) : r->result;
    }
    if (at >= f->deadline_us) {
        f->phase = ASLRT_PHASE_DOOMED; /* the timer of its timeout runs on */
    } else if (at <= x->now_us) {
        f->phase = ASLRT_PHASE_REPLY;
        f->generation++;
        aslrt_make_ready(x, f);
    } else {
        f->phase = ASLRT_PHASE_ARRIVING;
        aslrt_timer_set(x, f, at);
    }
    return ASLRT_OK;
}

static enum aslrt_status reply(struct aslrt_execution *x, uint32_t frame, struct reply r)
{
    if (x->broken || frame == 0 || frame > x->frame_count ||
        x->frames[frame]->phase != ASLRT_PHASE_CALL)
        return ASLRT_MISUSE;
    r.execution = x;
    r.frame = x->frames[frame];
    if (r.delay_us < 0)
        r.delay_us = 0;
    enum aslrt_status status = aslrt_protect(x->memory, deliver, &r);
    x->broken = status != ASLRT_OK;
    return status;
}

enum aslrt_status aslrt_task_succeed(struct aslrt_execution *x, uint32_t frame,
                                     struct aslrt_value result, int64_t delay_us)
{
    if (result.kind == ASLRT_UNDEFINED || result.kind == ASLRT_FUNCTION)
        return ASLRT_MISUSE;
    return reply(x, frame, (struct reply){.result = result, .copy = true, .delay_us = delay_us});
}

enum aslrt_status aslrt_task_give(struct aslrt_execution *x, uint32_t frame,
                                  struct aslrt_value result, int64_t delay_us)
{
    if (result.kind == ASLRT_UNDEFINED || result.kind == ASLRT_FUNCTION)
        return ASLRT_MISUSE;
    return reply(x, frame, (struct reply){.result = result, .delay_us = delay_us});
}

enum aslrt_status aslrt_task_fail(struct aslrt_execution *x, uint32_t frame, const char *error,
                                  const char *cause, int64_t delay_us)
{
    return reply(
        x, frame,
        (struct reply){.failed = true, .error = error, .cause = cause, .delay_us = delay_us});
}
