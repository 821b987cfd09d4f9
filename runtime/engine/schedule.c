/*
 * schedule.c - runs an execution to its end: calls the services, lets time pass.
 *
 * Virtual time jumps to whatever comes next.  In real time waits are slept through, a scaled clock
 * stands for the wall's, and a service's reply counts from when it is there.
 */
#include "runtime/engine/exec.h"

#include <stdio.h>

/* Machine time at a moment of the wall's clock. */
struct real_clock {
    int64_t machine_us, wall_us; /* the same moment */
    double scale;                /* machine seconds in one second */
};

static int64_t machine_now(const struct real_clock *c)
{
    return c->machine_us + (int64_t)((double)(aslrt_wall_clock_us() - c->wall_us) * c->scale);
}

static void sleep_until(const struct real_clock *c, int64_t machine_us)
{
    aslrt_sleep_until_us(c->wall_us + (int64_t)((double)(machine_us - c->machine_us) / c->scale));
}

/* Asks the services in turn until one knows the call. */
static enum aslrt_status call(struct aslrt_execution *x, const struct aslrt_call *what,
                              struct aslrt_reply *reply)
{
    for (uint32_t i = 0; i < x->env->service_count; i++) {
        const struct aslrt_service *s = x->env->services[i];
        *reply = (struct aslrt_reply){.result = aslrt_undefined()};
        enum aslrt_status status = s->call(s->self, what, x->arena, reply);
        if (status != ASLRT_MISUSE)
            return status;
    }
    return ASLRT_MISUSE;
}

/* A task sends the token of another task of the same execution: it is one effect, done here. */
static bool send_token(struct aslrt_execution *x, const struct aslrt_effect *e,
                       enum aslrt_status *status)
{
    if (!aslrt_is_send_task(&e->call))
        return false;
    struct aslrt_value token = aslrt_field(e->call.arguments, "TaskToken");
    char text[sizeof x->frames[0]->token];
    if (token.kind != ASLRT_STRING || token.count >= sizeof text)
        return false;
    memcpy(text, token.as.bytes, token.count);
    text[token.count] = '\0';
    uint32_t holder = aslrt_find_token(x, text);
    if (holder == 0)
        return false;
    struct aslrt_completion c = aslrt_sent_task(x->arena, &e->call);
    *status = c.heartbeat ? aslrt_task_heartbeat(x, holder)
              : c.failed  ? aslrt_task_fail(x, holder, c.error, c.cause, 0)
                          : aslrt_task_succeed(x, holder, c.result, 0);
    if (*status == ASLRT_OK)
        *status = aslrt_task_succeed(x, e->frame, aslrt_object(NULL, 0), 0);
    return true;
}

static enum aslrt_status do_task(struct aslrt_execution *x, const struct aslrt_effect *e)
{
    struct aslrt_reply reply;
    enum aslrt_status status;
    const struct aslrt_inspection *in = x->inspection;
    if (in != NULL && in->mocked)
        return in->result.kind != ASLRT_UNDEFINED
                   ? aslrt_task_succeed(x, e->frame, in->result, 0)
                   : aslrt_task_fail(x, e->frame, in->error, in->cause, 0);
    if (send_token(x, e, &status))
        return status;
    status = call(x, &e->call, &reply);
    if (status == ASLRT_MISUSE)
        snprintf(x->problem, sizeof x->problem,
                 "state '%s': nothing answers '%s' here; give a mock for the state, or a service "
                 "that does",
                 e->call.state, e->call.resource != NULL ? e->call.resource : "");
    else if (status != ASLRT_OK)
        snprintf(x->problem, sizeof x->problem, "state '%s': %s", e->call.state,
                 reply.cause != NULL ? reply.cause : "the call could not be made");
    if (status != ASLRT_OK)
        return status;
    /* a task token waits for somebody to send it back, an activity for its worker */
    bool waits =
        e->call.pattern == ASLRT_TOKEN || (e->call.token != NULL && e->call.action == NULL);
    if (reply.error == NULL && (reply.begun || waits || reply.completion_count != 0))
        return aslrt_task_begun(x, e->frame, &reply);
    return aslrt_task_take(x, e->frame, &reply);
}

/* ---- from the start, or from anywhere, to the end ---- */

struct performing {
    struct aslrt_execution *execution;
    struct aslrt_value input; /* of a run from the start */
    const char *name;
    struct aslrt_outcome *outcome;
    enum aslrt_status status; /* of whoever stopped it */
};

static void perform(struct performing *p)
{
    struct aslrt_execution *x = p->execution;
    const struct aslrt_effect *e = &x->effect;
    struct real_clock clock = {x->now_us, x->env->real_time ? aslrt_wall_clock_us() : 0,
                               x->env->time_scale > 0 ? x->env->time_scale : 1};
    x->time_jumps = !x->env->real_time;
    while (p->status == ASLRT_OK) {
        if (x->env->real_time)
            aslrt_wait_over(x, machine_now(&clock));
        aslrt_advance(x);
        switch (e->kind) {
        case ASLRT_EFFECT_END:
            *p->outcome = x->outcome;
            return;
        case ASLRT_EFFECT_TASK:
            p->status = do_task(x, e);
            break;
        case ASLRT_EFFECT_WAIT:
            sleep_until(&clock, e->until_us);
            p->status = aslrt_wait_over(x, e->until_us);
            break;
        }
    }
}

static enum aslrt_status go_on(void *data)
{
    perform(data);
    return ASLRT_OK;
}

static enum aslrt_status run(void *data)
{
    struct performing *p = data;
    aslrt_begin(p->execution, p->input, p->name);
    perform(p);
    return ASLRT_OK;
}

/* One trap for the whole way: setting one takes a good part of a short execution's time. */
static enum aslrt_status protect(struct performing *p, enum aslrt_status (*body)(void *data))
{
    enum aslrt_status status = aslrt_protect(p->execution->memory, body, p);
    p->execution->broken = status != ASLRT_OK;
    p->execution->time_jumps = false;
    return status == ASLRT_OK ? p->status : status;
}

enum aslrt_status aslrt_perform(struct aslrt_execution *x, struct aslrt_outcome *outcome)
{
    if (x->broken || x->frame_count == 0)
        return ASLRT_MISUSE;
    struct performing p = {.execution = x, .outcome = outcome};
    return protect(&p, go_on);
}

enum aslrt_status aslrt_run(struct aslrt_execution *x, struct aslrt_value input, const char *name,
                            struct aslrt_outcome *outcome)
{
    if (!aslrt_is_json(input))
        return ASLRT_MISUSE;
    struct performing p = {.execution = x, .input = input, .name = name, .outcome = outcome};
    return protect(&p, run);
}

enum aslrt_status aslrt_run_text(struct aslrt_execution *x, const char *text, size_t count,
                                 struct aslrt_outcome *outcome)
{
    struct aslrt_value input;
    struct aslrt_json_error error;
    aslrt_arena_reset(x->input_arena);
    enum aslrt_status status = aslrt_json_read(x->input_arena, text, count, &input, &error);
    if (status == ASLRT_SYNTAX)
        snprintf(x->problem, sizeof x->problem, "the input is not JSON: %s at line %u, column %u",
                 error.message, (unsigned)error.line, (unsigned)error.column);
    if (status != ASLRT_OK)
        return status;
    return aslrt_run(x, input, NULL, outcome);
}
