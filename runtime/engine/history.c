/*
 * history.c - the events of an execution, as GetExecutionHistory gives them.
 *
 * Ids are counted always, since the service's messages name them and quotas bound them; the events
 * themselves are made only when the environment asks, in an arena of their own, with inputs and
 * outputs as JSON text.  Each frame knows its last event, which is the previous one of its next.
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

/* ---- parts of events ---- */

/* Children of a Map Run have histories of their own, which nobody reads here. */
static bool wanted(const struct aslrt_execution *x, const struct aslrt_frame *f)
{
    return x->env->history && f->run == 0;
}

static struct aslrt_value json_text(struct aslrt_execution *x, struct aslrt_value value)
{
    struct aslrt_buffer text = aslrt_buffer_in(x->events_arena);
    aslrt_json_put(&text, value, ASLRT_JSON_MINIFIED);
    return aslrt_string(text.bytes, (uint32_t)text.count);
}

static struct aslrt_value keep(struct aslrt_execution *x, struct aslrt_value value)
{
    return aslrt_copy(x->events_arena, value);
}

/* "input": text, "inputDetails": {"truncated": false}, and the same for other names. */
static void set_payload(struct aslrt_execution *x, struct aslrt_object_builder *b, const char *name,
                        const char *details_name, struct aslrt_value value)
{
    aslrt_object_set_text(b, name, json_text(x, value));
    struct aslrt_object_builder details = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&details, "truncated", aslrt_bool(false));
    aslrt_object_set_text(b, details_name, aslrt_object_done(&details));
}

/* "error" and "cause", where there are any. */
static void set_failure(struct aslrt_execution *x, struct aslrt_object_builder *b,
                        struct aslrt_failure failure)
{
    if (failure.error.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(b, "error", keep(x, failure.error));
    if (failure.cause.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(b, "cause", keep(x, failure.cause));
}

/* Counts an event of the frame.  Gives the id of the one before it. */
static uint64_t count(struct aslrt_execution *x, struct aslrt_frame *f)
{
    uint64_t previous = f->last_event;
    uint64_t *counter = f->run != 0 ? &x->frames[f->run]->run_events : &x->event_count;
    f->last_event = ++*counter;
    return previous;
}

/* Keeps the event that was counted last.  `details_name` NULL: it has none. */
static void record(struct aslrt_execution *x, uint64_t previous, const char *type,
                   const char *details_name, struct aslrt_object_builder *details)
{
    struct aslrt_object_builder b = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&b, "timestamp", aslrt_double((double)(x->now_us / 1000) / 1000));
    aslrt_object_set_text(&b, "type", aslrt_text(type));
    aslrt_object_set_text(&b, "id", aslrt_int((int64_t)x->event_count));
    aslrt_object_set_text(&b, "previousEventId", aslrt_int((int64_t)previous));
    if (details_name != NULL)
        aslrt_object_set_text(&b, details_name, aslrt_object_done(details));
    if (x->events_kept == x->events_room) {
        uint32_t room = x->events_room == 0 ? 32 : x->events_room * 2;
        struct aslrt_value *events = aslrt_alloc(x->events_arena, room * sizeof *events);
        if (x->events_kept != 0)
            memcpy(events, x->events, x->events_kept * sizeof *events);
        x->events = events;
        x->events_room = room;
    }
    x->events[x->events_kept++] = aslrt_object_done(&b);
}

/* ---- executions ---- */

/* The first state's entry follows no event: the service counts from 0 there. */
void aslrt_event_started(struct aslrt_execution *x, struct aslrt_frame *f)
{
    count(x, f);
    f->last_event = 0;
    if (!wanted(x, f))
        return;
    aslrt_names(x);
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    set_payload(x, &d, "input", "inputDetails", x->input);
    aslrt_object_set_text(&d, "roleArn", x->role);
    record(x, 0, "ExecutionStarted", "executionStartedEventDetails", &d);
}

void aslrt_event_ended(struct aslrt_execution *x, uint64_t previous)
{
    x->event_count++;
    if (!x->env->history)
        return;
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    struct aslrt_failure failure = {x->outcome.error, x->outcome.cause, false};
    switch (x->outcome.status) {
    case ASLRT_SUCCEEDED:
        set_payload(x, &d, "output", "outputDetails", x->outcome.output);
        record(x, previous, "ExecutionSucceeded", "executionSucceededEventDetails", &d);
        break;
    case ASLRT_TIMED_OUT:
        set_failure(x, &d, failure);
        record(x, previous, "ExecutionTimedOut", "executionTimedOutEventDetails", &d);
        break;
    case ASLRT_ABORTED:
        set_failure(x, &d, failure);
        record(x, previous, "ExecutionAborted", "executionAbortedEventDetails", &d);
        break;
    case ASLRT_RUN_FAILED:
    case ASLRT_RUNNING:
        set_failure(x, &d, failure);
        record(x, previous, "ExecutionFailed", "executionFailedEventDetails", &d);
        break;
    }
}

/* ---- states ---- */

static const char *const entered_types[] = {
    [ASLRT_STATE_TASK] = "TaskStateEntered",         [ASLRT_STATE_PASS] = "PassStateEntered",
    [ASLRT_STATE_CHOICE] = "ChoiceStateEntered",     [ASLRT_STATE_WAIT] = "WaitStateEntered",
    [ASLRT_STATE_SUCCEED] = "SucceedStateEntered",   [ASLRT_STATE_FAIL] = "FailStateEntered",
    [ASLRT_STATE_PARALLEL] = "ParallelStateEntered", [ASLRT_STATE_MAP] = "MapStateEntered",
};
static const char *const exited_types[] = {
    [ASLRT_STATE_TASK] = "TaskStateExited",         [ASLRT_STATE_PASS] = "PassStateExited",
    [ASLRT_STATE_CHOICE] = "ChoiceStateExited",     [ASLRT_STATE_WAIT] = "WaitStateExited",
    [ASLRT_STATE_SUCCEED] = "SucceedStateExited",   [ASLRT_STATE_FAIL] = "FailStateExited",
    [ASLRT_STATE_PARALLEL] = "ParallelStateExited", [ASLRT_STATE_MAP] = "MapStateExited",
};

void aslrt_event_entered(struct aslrt_execution *x, struct aslrt_frame *f)
{
    uint64_t previous = count(x, f);
    if (!wanted(x, f))
        return;
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&d, "name", x->program->state_names[f->state]);
    set_payload(x, &d, "input", "inputDetails", f->input);
    record(x, previous, entered_types[aslrt_state_of(x, f)->type], "stateEnteredEventDetails", &d);
}

static void set_assigned(struct aslrt_execution *x, struct aslrt_object_builder *d,
                         struct aslrt_slice children, const struct aslrt_value *assigned)
{
    if (children.count == 0)
        return;
    struct aslrt_object_builder variables = aslrt_object_in(x->events_arena);
    for (uint32_t i = 0; i < children.count; i++)
        aslrt_object_set(&variables, x->program->nodes[children.first + i].key,
                         json_text(x, assigned[i]));
    aslrt_object_set_text(d, "assignedVariables", aslrt_object_done(&variables));
    struct aslrt_object_builder details = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&details, "truncated", aslrt_bool(false));
    aslrt_object_set_text(d, "assignedVariablesDetails", aslrt_object_done(&details));
}

void aslrt_event_exited(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value output,
                        uint32_t assign, const struct aslrt_value *assigned)
{
    uint64_t previous = count(x, f);
    if (!wanted(x, f))
        return;
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&d, "name", x->program->state_names[f->state]);
    set_payload(x, &d, "output", "outputDetails", output);
    if (assign != ASLRT_NONE)
        set_assigned(x, &d, x->program->machine->nodes[assign].children, assigned);
    record(x, previous, exited_types[aslrt_state_of(x, f)->type], "stateExitedEventDetails", &d);
}

/* Recorded: an expression that fails on entry follows the event before the entry. */
void aslrt_event_query_failed(struct aslrt_execution *x, struct aslrt_frame *f, const char *field,
                              struct aslrt_failure failure)
{
    uint64_t previous = count(x, f);
    if (previous == f->entered_event)
        previous = f->before_event;
    if (!wanted(x, f))
        return;
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    set_failure(x, &d, failure);
    if (field != NULL)
        aslrt_object_set_text(&d, "location", aslrt_text(field));
    aslrt_object_set_text(&d, "state", x->program->state_names[f->state]);
    record(x, previous, "EvaluationFailed", "evaluationFailedEventDetails", &d);
}

/* ---- Parallel and Map ---- */

static bool is_map(const struct aslrt_execution *x, const struct aslrt_frame *f)
{
    return aslrt_state_of(x, f)->type == ASLRT_STATE_MAP;
}

void aslrt_event_join_started(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t length)
{
    uint64_t previous = count(x, f);
    if (!wanted(x, f))
        return;
    if (!is_map(x, f)) {
        record(x, previous, "ParallelStateStarted", NULL, NULL);
        return;
    }
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&d, "length", aslrt_int(length));
    record(x, previous, "MapStateStarted", "mapStateStartedEventDetails", &d);
}

/* No event follows this one: the state's exit has the same previous event. */
void aslrt_event_join_succeeded(struct aslrt_execution *x, struct aslrt_frame *f)
{
    uint64_t previous = count(x, f);
    f->last_event = previous;
    if (wanted(x, f))
        record(x, previous, is_map(x, f) ? "MapStateSucceeded" : "ParallelStateSucceeded", NULL,
               NULL);
}

void aslrt_event_join_failed(struct aslrt_execution *x, struct aslrt_frame *f)
{
    uint64_t previous = count(x, f);
    if (wanted(x, f))
        record(x, previous, is_map(x, f) ? "MapStateFailed" : "ParallelStateFailed", NULL, NULL);
}

static void record_iteration(struct aslrt_execution *x, const struct aslrt_frame *child,
                             uint64_t previous, const char *type, const char *details_name)
{
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&d, "name", x->program->state_names[x->frames[child->parent]->state]);
    aslrt_object_set_text(&d, "index", aslrt_int(child->index));
    record(x, previous, type, details_name, &d);
}

void aslrt_event_iteration_started(struct aslrt_execution *x, struct aslrt_frame *child)
{
    uint64_t previous = count(x, child);
    if (wanted(x, child))
        record_iteration(x, child, previous, "MapIterationStarted",
                         "mapIterationStartedEventDetails");
}

void aslrt_event_iteration_ended(struct aslrt_execution *x, struct aslrt_frame *child,
                                 const char *type, const char *details_name)
{
    uint64_t previous = count(x, child);
    if (wanted(x, child))
        record_iteration(x, child, previous, type, details_name);
}

void aslrt_event_map_run_started(struct aslrt_execution *x, struct aslrt_frame *f)
{
    uint64_t previous = count(x, f);
    if (!wanted(x, f))
        return;
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&d, "mapRunArn", keep(x, aslrt_map_run_arn(x, f)));
    record(x, previous, "MapRunStarted", "mapRunStartedEventDetails", &d);
}

void aslrt_event_map_run_ended(struct aslrt_execution *x, struct aslrt_frame *f,
                               const struct aslrt_failure *failure)
{
    uint64_t previous = count(x, f);
    if (!wanted(x, f))
        return;
    if (failure == NULL) {
        record(x, previous, "MapRunSucceeded", NULL, NULL);
        return;
    }
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    set_failure(x, &d, *failure);
    record(x, previous, "MapRunFailed", "mapRunFailedEventDetails", &d);
}

void aslrt_event_aborted(struct aslrt_execution *x, struct aslrt_frame *f)
{
    static const char *const types[] = {
        [ASLRT_STATE_TASK] = "TaskStateAborted",
        [ASLRT_STATE_WAIT] = "WaitStateAborted",
        [ASLRT_STATE_PARALLEL] = "ParallelStateAborted",
        [ASLRT_STATE_MAP] = "MapStateAborted",
    };
    enum aslrt_state_type type = aslrt_state_of(x, f)->type;
    const char *name = type < sizeof types / sizeof *types ? types[type] : NULL;
    if (name == NULL)
        return;
    uint64_t previous = count(x, f);
    if (wanted(x, f))
        record(x, previous, name, NULL, NULL);
}

/* ---- tasks: functions' and activities' ARNs have events of their own kinds ---- */

static bool is_function(const struct aslrt_state *s)
{
    return s->service != NULL && s->action == NULL && strcmp(s->service, "function") == 0;
}

static bool is_activity(const struct aslrt_state *s)
{
    return s->service != NULL && s->action == NULL && strcmp(s->service, "activity") == 0;
}

static const char *suffix(enum aslrt_pattern pattern)
{
    switch (pattern) {
    case ASLRT_SYNC:
        return ".sync";
    case ASLRT_SYNC2:
        return ".sync:2";
    case ASLRT_TOKEN:
        return ".waitForTaskToken";
    case ASLRT_REQUEST:
        break;
    }
    return "";
}

/* "resourceType": "aws-sdk:dynamodb", "resource": "putItem". */
static void set_resource(struct aslrt_execution *x, struct aslrt_object_builder *d,
                         const struct aslrt_state *s)
{
    struct aslrt_buffer type = aslrt_buffer_in(x->events_arena);
    aslrt_buffer_format(&type, "%s%s", s->sdk ? "aws-sdk:" : "",
                        s->service != NULL ? s->service : "");
    struct aslrt_buffer name = aslrt_buffer_in(x->events_arena);
    aslrt_buffer_format(&name, "%s%s", s->action != NULL ? s->action : s->resource,
                        suffix(s->pattern));
    aslrt_object_set_text(d, "resourceType", aslrt_text(aslrt_buffer_close(&type)));
    aslrt_object_set_text(d, "resource", aslrt_text(aslrt_buffer_close(&name)));
}

static void set_credentials(struct aslrt_execution *x, struct aslrt_object_builder *d,
                            struct aslrt_value credentials)
{
    struct aslrt_value role = aslrt_field(credentials, "RoleArn");
    if (role.kind != ASLRT_STRING)
        return;
    struct aslrt_object_builder b = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&b, "roleArn", keep(x, role));
    aslrt_object_set_text(d, "taskCredentials", aslrt_object_done(&b));
}

static void set_limits(struct aslrt_object_builder *d, int64_t timeout_s, int64_t heartbeat_s)
{
    if (timeout_s != 0)
        aslrt_object_set_text(d, "timeoutInSeconds", aslrt_int(timeout_s));
    if (heartbeat_s != 0)
        aslrt_object_set_text(d, "heartbeatInSeconds", aslrt_int(heartbeat_s));
}

static void activity_scheduled(struct aslrt_execution *x, uint64_t previous,
                               const struct aslrt_state *s, struct aslrt_value arguments,
                               int64_t timeout_s, int64_t heartbeat_s)
{
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    aslrt_object_set_text(&d, "resource", aslrt_text(s->resource));
    set_payload(x, &d, "input", "inputDetails", arguments);
    set_limits(&d, timeout_s, heartbeat_s);
    record(x, previous, "ActivityScheduled", "activityScheduledEventDetails", &d);
}

/* Two events: that the call is scheduled, and that it has started; of an activity only the first.
 */
void aslrt_event_scheduled(struct aslrt_execution *x, struct aslrt_frame *f,
                           struct aslrt_value arguments, struct aslrt_value credentials,
                           int64_t timeout_s, int64_t heartbeat_s)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    uint64_t previous = count(x, f);
    if (is_activity(s)) {
        if (wanted(x, f))
            activity_scheduled(x, previous, s, arguments, timeout_s, heartbeat_s);
        return;
    }
    if (!wanted(x, f)) {
        count(x, f);
        return;
    }
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    if (is_function(s)) {
        aslrt_object_set_text(&d, "resource", aslrt_text(s->resource));
        set_payload(x, &d, "input", "inputDetails", arguments);
        set_limits(&d, timeout_s, 0);
        set_credentials(x, &d, credentials);
        record(x, previous, "LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails", &d);
        previous = count(x, f);
        record(x, previous, "LambdaFunctionStarted", NULL, NULL);
        return;
    }
    set_resource(x, &d, s);
    aslrt_object_set_text(&d, "region", keep(x, x->region));
    aslrt_object_set_text(&d, "parameters", json_text(x, arguments));
    set_limits(&d, timeout_s, heartbeat_s);
    set_credentials(x, &d, credentials);
    record(x, previous, "TaskScheduled", "taskScheduledEventDetails", &d);
    previous = count(x, f);
    struct aslrt_object_builder started = aslrt_object_in(x->events_arena);
    set_resource(x, &started, s);
    record(x, previous, "TaskStarted", "taskStartedEventDetails", &started);
}

void aslrt_event_begun(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value result,
                       const char *worker)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    if (is_activity(s) && worker == NULL)
        return; /* nobody has taken it yet */
    uint64_t previous = count(x, f);
    if (!wanted(x, f))
        return;
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    if (is_activity(s)) {
        if (worker[0] != '\0')
            aslrt_object_set_text(&d, "workerName", keep(x, aslrt_text(worker)));
        record(x, previous, "ActivityStarted", "activityStartedEventDetails", &d);
        return;
    }
    set_resource(x, &d, s);
    set_payload(x, &d, "output", "outputDetails", result);
    record(x, previous, "TaskSubmitted", "taskSubmittedEventDetails", &d);
}

void aslrt_event_task_succeeded(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    uint64_t previous = count(x, f);
    if (!wanted(x, f))
        return;
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    if (is_function(s)) {
        set_payload(x, &d, "output", "outputDetails", f->reply);
        record(x, previous, "LambdaFunctionSucceeded", "lambdaFunctionSucceededEventDetails", &d);
        return;
    }
    if (is_activity(s)) {
        set_payload(x, &d, "output", "outputDetails", f->reply);
        record(x, previous, "ActivitySucceeded", "activitySucceededEventDetails", &d);
        return;
    }
    set_resource(x, &d, s);
    set_payload(x, &d, "output", "outputDetails", f->reply);
    record(x, previous, "TaskSucceeded", "taskSucceededEventDetails", &d);
}

static void task_ended_badly(struct aslrt_execution *x, struct aslrt_frame *f,
                             struct aslrt_failure failure, bool timed_out)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    uint64_t previous = count(x, f);
    if (!wanted(x, f))
        return;
    struct aslrt_object_builder d = aslrt_object_in(x->events_arena);
    if (is_function(s)) {
        set_failure(x, &d, failure);
        if (timed_out)
            record(x, previous, "LambdaFunctionTimedOut", "lambdaFunctionTimedOutEventDetails", &d);
        else
            record(x, previous, "LambdaFunctionFailed", "lambdaFunctionFailedEventDetails", &d);
        return;
    }
    if (is_activity(s)) {
        set_failure(x, &d, failure);
        if (timed_out)
            record(x, previous, "ActivityTimedOut", "activityTimedOutEventDetails", &d);
        else
            record(x, previous, "ActivityFailed", "activityFailedEventDetails", &d);
        return;
    }
    set_resource(x, &d, s);
    set_failure(x, &d, failure);
    if (timed_out)
        record(x, previous, "TaskTimedOut", "taskTimedOutEventDetails", &d);
    else
        record(x, previous, "TaskFailed", "taskFailedEventDetails", &d);
}

void aslrt_event_task_failed(struct aslrt_execution *x, struct aslrt_frame *f,
                             struct aslrt_failure failure)
{
    task_ended_badly(x, f, failure, false);
}

void aslrt_event_task_timed_out(struct aslrt_execution *x, struct aslrt_frame *f,
                                struct aslrt_failure failure)
{
    task_ended_badly(x, f, failure, true);
}

/* ---- the whole history ---- */

struct reading {
    struct aslrt_execution *execution;
    struct aslrt_arena *arena;
    struct aslrt_value *out;
};

static enum aslrt_status copy_events(void *data)
{
    struct reading *r = data;
    *r->out = aslrt_copy(r->arena, aslrt_array(r->execution->events, r->execution->events_kept));
    return ASLRT_OK;
}

enum aslrt_status aslrt_history(struct aslrt_execution *x, struct aslrt_arena *arena,
                                struct aslrt_value *out)
{
    struct reading r = {x, arena, out};
    return aslrt_protect(arena->memory, copy_events, &r);
}
