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

/* TimeoutSeconds or HeartbeatSeconds, which the state has. */
static bool seconds_of(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                       int64_t *seconds, struct aslrt_failure *failure)
{
    struct aslrt_value value;
    if (!aslrt_field_of(x, f, node, &value, failure))
        return false;
    if (!aslrt_is_number(value) || !aslrt_is_whole(x, f, value)) {
        *failure = aslrt_unfit_value(x, f, node, value, "integer");
        return false;
    }
    double number = aslrt_to_double(value);
    if (number >= 1 && number <= ASLRT_QUOTA_RETRY_INTERVAL) {
        *seconds = (int64_t)number; /* the service rounds down */
        return true;
    }
    struct aslrt_buffer words = aslrt_buffer_in(x->arena);
    aslrt_buffer_format(&words, "The %s field must be between 1 and %d",
                        x->program->machine->nodes[node].field, ASLRT_QUOTA_RETRY_INTERVAL);
    *failure = aslrt_field_failure(x, f, node, aslrt_buffer_close(&words));
    return false;
}

static bool credentials_of(struct aslrt_execution *x, struct aslrt_frame *f,
                           struct aslrt_value *out, struct aslrt_failure *failure)
{
    struct aslrt_view view = aslrt_view_of(x, f);
    return aslrt_evaluate(&view, aslrt_state_of(x, f)->credentials, out, failure);
}

static bool is_activity(const struct aslrt_state *s)
{
    return s->service != NULL && s->action == NULL && strcmp(s->service, "activity") == 0;
}

/* Whether somebody outside must answer, by a token. */
static bool waits(const struct aslrt_state *s)
{
    return s->pattern == ASLRT_TOKEN || is_activity(s);
}

/* A timer for what ends first: the task's time, or the patience for a heartbeat. */
static void set_limit(struct aslrt_execution *x, struct aslrt_frame *f)
{
    int64_t beat = f->heartbeat_us != 0 ? aslrt_time_add(f->beat_us, f->heartbeat_us) : INT64_MAX;
    int64_t limit = beat < f->deadline_us ? beat : f->deadline_us;
    if (limit != INT64_MAX)
        aslrt_timer_set(x, f, limit);
}

/* The quota on what a call is given; an unchanged input was measured when it came. */
static bool arguments_fit(struct aslrt_execution *x, struct aslrt_frame *f,
                          struct aslrt_value arguments, struct aslrt_failure *failure)
{
    if (aslrt_is_same(arguments, f->input) ||
        aslrt_measure(x->arena, arguments, ASLRT_QUOTA_PAYLOAD) == ASLRT_FITS)
        return true;
    struct aslrt_buffer text = aslrt_buffer_in(x->arena);
    aslrt_buffer_format(&text,
                        "The state/task '%s' provided parameters with a size exceeding the maximum "
                        "number of bytes service limit.",
                        aslrt_state_of(x, f)->name);
    *failure = aslrt_failure_of(x, "States.DataLimitExceeded", aslrt_buffer_close(&text));
    return false;
}

enum aslrt_move aslrt_do_task(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_value arguments;
    struct aslrt_value credentials = aslrt_undefined();
    struct aslrt_failure failure;
    int64_t timeout_s = 0, heartbeat_s = 0; /* 0: none */
    f->token[0] = '\0';
    if (waits(s) || s->pattern != ASLRT_REQUEST)
        aslrt_random_uuid(&x->random, f->token); /* recorded: a job has one, too */
    if (!aslrt_arguments_of(x, f, &arguments, &failure) ||
        !arguments_fit(x, f, arguments, &failure) ||
        (s->credentials != ASLRT_NONE && !credentials_of(x, f, &credentials, &failure)) ||
        (s->timeout != ASLRT_NONE && !seconds_of(x, f, s->timeout, &timeout_s, &failure)) ||
        (s->heartbeat != ASLRT_NONE && !seconds_of(x, f, s->heartbeat, &heartbeat_s, &failure)))
        return aslrt_fail(x, f, failure);
    aslrt_event_scheduled(x, f, arguments, credentials, timeout_s, heartbeat_s);
    f->phase = ASLRT_PHASE_CALL;
    f->call++;
    f->heartbeat_us = waits(s) ? heartbeat_s * 1000000 : 0;
    f->beat_us = x->now_us;
    f->deadline_us = timeout_s != 0 ? aslrt_time_add(x->now_us, timeout_s * 1000000) : INT64_MAX;
    set_limit(x, f);
    x->effect.kind = ASLRT_EFFECT_TASK;
    x->effect.frame = f->id;
    x->effect.deadline_us = f->deadline_us;
    x->effect.call = (struct aslrt_call){
        .resource = s->resource,
        .service = s->service,
        .action = s->action,
        .sdk = s->sdk,
        .arguments = arguments,
        .now_us = x->now_us,
        .state = s->name,
        .attempt = f->attempt,
        .pattern = s->pattern,
        .credentials = credentials,
        .token = f->token[0] != '\0' ? f->token : NULL,
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
    if (s->type == ASLRT_STATE_MAP)
        return aslrt_map_run_reply(x, f);
    if (f->reply.kind == ASLRT_UNDEFINED || !result_fits(x, f, &f->failure)) {
        aslrt_event_task_failed(x, f, f->failure);
        return aslrt_fail(x, f, f->failure);
    }
    aslrt_event_task_succeeded(x, f);
    aslrt_note(x, ASLRT_AT_RESULT, f->reply);
    struct aslrt_view view = aslrt_view_of(x, f);
    view.result = f->reply;
    return aslrt_leave(x, f, &view,
                       &(struct aslrt_leaving){f->reply, s->output, s->assign, s->next, 0, 0});
}

enum aslrt_move aslrt_task_late(struct aslrt_execution *x, struct aslrt_frame *f)
{
    bool heartbeat = x->now_us < f->deadline_us;
    struct aslrt_failure failure = {aslrt_text("States.Timeout"), aslrt_undefined(), heartbeat};
    aslrt_event_task_timed_out(x, f, failure);
    return aslrt_fail(x, f, failure);
}

/* ---- replies ---- */

static struct aslrt_value text_in(struct aslrt_execution *x, const char *text)
{
    if (text == NULL)
        return aslrt_undefined();
    size_t count = strlen(text);
    return aslrt_string(aslrt_copy_text(x->arena, text, count), (uint32_t)count);
}

static bool is_called(const struct aslrt_execution *x, uint32_t frame)
{
    return !x->broken && frame != 0 && frame <= x->frame_count &&
           x->frames[frame]->phase == ASLRT_PHASE_CALL;
}

/* The frame's reply and failure are there; they arrive after a while. */
static void arrive(struct aslrt_execution *x, struct aslrt_frame *f, int64_t delay_us)
{
    int64_t at = aslrt_time_add(x->now_us, delay_us);
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
}

enum aslrt_status aslrt_task_take(struct aslrt_execution *x, uint32_t frame,
                                  const struct aslrt_reply *reply)
{
    if (!is_called(x, frame) || reply->result.kind == ASLRT_FUNCTION)
        return ASLRT_MISUSE;
    struct aslrt_frame *f = x->frames[frame];
    bool failed = reply->error != NULL || reply->result.kind == ASLRT_UNDEFINED;
    f->reply = failed ? aslrt_undefined() : reply->result;
    if (failed)
        f->failure =
            (struct aslrt_failure){text_in(x, reply->error), text_in(x, reply->cause), false};
    arrive(x, f, reply->delay_us);
    return ASLRT_OK;
}

struct taking {
    struct aslrt_execution *execution;
    uint32_t frame;
    struct aslrt_reply reply;
};

static enum aslrt_status take_copy(void *data)
{
    struct taking *t = data;
    t->reply.result = aslrt_copy(t->execution->arena, t->reply.result);
    return aslrt_task_take(t->execution, t->frame, &t->reply);
}

/* Takes a reply that lives elsewhere, and under a trap. */
static enum aslrt_status take(struct aslrt_execution *x, uint32_t frame, struct aslrt_reply reply)
{
    if (!is_called(x, frame))
        return ASLRT_MISUSE;
    struct taking t = {x, frame, reply};
    enum aslrt_status status = aslrt_protect(x->memory, take_copy, &t);
    x->broken = status != ASLRT_OK;
    return status;
}

enum aslrt_status aslrt_task_succeed(struct aslrt_execution *x, uint32_t frame,
                                     struct aslrt_value result, int64_t delay_us)
{
    if (!aslrt_is_json(result))
        return ASLRT_MISUSE;
    return take(x, frame, (struct aslrt_reply){.result = result, .delay_us = delay_us});
}

enum aslrt_status aslrt_task_fail(struct aslrt_execution *x, uint32_t frame, const char *error,
                                  const char *cause, int64_t delay_us)
{
    return take(
        x, frame,
        (struct aslrt_reply){
            .result = aslrt_undefined(), .error = error, .cause = cause, .delay_us = delay_us});
}

/* ---- calls that are only begun ---- */

struct beginning {
    struct aslrt_execution *execution;
    struct aslrt_frame *frame;
    const struct aslrt_reply *reply;
};

/* Adds a completion behind those that come before it. */
static void add_pending(struct aslrt_execution *x, struct aslrt_pending p)
{
    if (x->pending_count == x->pending_room) {
        uint32_t room = x->pending_room == 0 ? 8 : x->pending_room * 2;
        struct aslrt_pending *all = aslrt_alloc(x->fixed, room * sizeof *all);
        if (x->pending_count != 0)
            memcpy(all, x->pending, x->pending_count * sizeof *all);
        x->pending = all;
        x->pending_room = room;
    }
    uint32_t i = x->pending_count++;
    for (; i > 0 && p.at_us < x->pending[i - 1].at_us; i--)
        x->pending[i] = x->pending[i - 1];
    x->pending[i] = p;
}

static enum aslrt_status begin(void *data)
{
    struct beginning *b = data;
    struct aslrt_execution *x = b->execution;
    struct aslrt_frame *f = b->frame;
    const struct aslrt_reply *r = b->reply;
    aslrt_event_begun(x, f, r->result, r->worker);
    f->beat_us = x->now_us;
    if (f->heartbeat_us != 0)
        set_limit(x, f);
    for (uint32_t i = 0; i < r->completion_count; i++) {
        const struct aslrt_completion *c = &r->completions[i];
        struct aslrt_pending p = {
            .at_us = aslrt_time_add(x->now_us, r->delay_us + c->after_us),
            .frame = f->id,
            .call = f->call,
            .heartbeat = c->heartbeat,
            .result = aslrt_undefined(),
            .failure = {text_in(x, c->error), text_in(x, c->cause), false},
        };
        if (c->error == NULL && !c->failed && !c->heartbeat)
            p.result = aslrt_copy(x->arena, c->result);
        add_pending(x, p);
    }
    return ASLRT_OK;
}

enum aslrt_status aslrt_task_begun(struct aslrt_execution *x, uint32_t frame,
                                   const struct aslrt_reply *reply)
{
    if (!is_called(x, frame))
        return ASLRT_MISUSE;
    struct beginning b = {x, x->frames[frame], reply};
    enum aslrt_status status = aslrt_protect(x->memory, begin, &b);
    x->broken = status != ASLRT_OK;
    return status;
}

static enum aslrt_status beat(void *data)
{
    struct beginning *b = data;
    b->frame->beat_us = b->execution->now_us;
    set_limit(b->execution, b->frame);
    return ASLRT_OK;
}

enum aslrt_status aslrt_task_heartbeat(struct aslrt_execution *x, uint32_t frame)
{
    if (!is_called(x, frame))
        return ASLRT_MISUSE;
    struct beginning b = {x, x->frames[frame], NULL};
    enum aslrt_status status = aslrt_protect(x->memory, beat, &b);
    x->broken = status != ASLRT_OK;
    return status;
}

uint32_t aslrt_find_token(const struct aslrt_execution *x, const char *token)
{
    for (uint32_t i = 1; i <= x->frame_count && token[0] != '\0'; i++)
        if (x->frames[i]->phase == ASLRT_PHASE_CALL && strcmp(x->frames[i]->token, token) == 0)
            return i;
    return 0;
}

void aslrt_task_complete(struct aslrt_execution *x)
{
    struct aslrt_pending p = x->pending[0];
    memmove(x->pending, x->pending + 1, --x->pending_count * sizeof *x->pending);
    struct aslrt_frame *f = x->frames[p.frame];
    if (f->phase != ASLRT_PHASE_CALL || f->call != p.call)
        return; /* the task has ended meanwhile, or was tried again */
    if (p.heartbeat) {
        f->beat_us = x->now_us;
        set_limit(x, f);
        return;
    }
    f->reply = p.result;
    f->failure = p.failure;
    f->phase = ASLRT_PHASE_REPLY;
    f->generation++;
    aslrt_make_ready(x, f);
}
