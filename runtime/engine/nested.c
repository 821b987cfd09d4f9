/*
 * nested.c - nested executions and the return of task tokens; see nested.h.
 *
 * Children that start children are on the C stack, so their depth is bounded.  A token that a child
 * sends back is looked for among the calls that are under way here.
 */
#include "runtime/engine/nested.h"
#include "runtime/base/buffer.h"
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

enum { DEPTH_MAX = 16 };

/* A call whose child runs. */
struct under_way {
    struct under_way *outer;
    const char *token; /* or NULL */
    int64_t start_us;
    struct aslrt_arena *arena;
    struct aslrt_completion *sent; /* by token, in order */
    uint32_t sent_count, sent_room;
};

struct aslrt_nested {
    struct aslrt_arena *arena;
    struct aslrt_value machines;
    const struct aslrt_machine_source *source;
    const struct aslrt_env *env;
    struct under_way *inner;
    struct named *named;
    uint32_t depth;
    uint64_t started;
    struct aslrt_service service;
};

/* How a child ended. */
struct child {
    const char *arn, *machine_arn, *name;
    const char *input; /* text */
    struct aslrt_outcome outcome;
};

/* An execution that was started under a name of its caller's. */
struct named {
    struct named *next;
    struct child child;
};

struct nested_call {
    struct aslrt_nested *nested;
    const struct aslrt_call *call;
    struct aslrt_arena *arena;
    struct aslrt_reply *reply;
    struct child child;
};

static const char *json_of(struct aslrt_arena *arena, struct aslrt_value v)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_json_put(&b, v, ASLRT_JSON_MINIFIED);
    return aslrt_buffer_close(&b);
}

static const char *text_of(struct aslrt_arena *arena, struct aslrt_value v)
{
    return v.kind == ASLRT_STRING ? aslrt_copy_text(arena, v.as.bytes, v.count) : NULL;
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static const char *
words(struct aslrt_arena *arena, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    return aslrt_buffer_close(&b);
}

static enum aslrt_status fail(struct nested_call *c, const char *code, const char *message)
{
    bool sdk = c->call->sdk;
    c->reply->error = words(c->arena, "%s.%sException", sdk ? "Sfn" : "StepFunctions", code);
    c->reply->cause =
        sdk ? words(c->arena,
                    "%s (Service: Sfn, Status Code: 400, Request ID: 0) (SDK Attempt Count: 1)",
                    message)
            : words(c->arena,
                    "%s (Service: AWSStepFunctions; Status Code: 400; Error Code: %s; Request ID: "
                    "0; Proxy: null)",
                    message, code);
    return ASLRT_OK;
}

/* ---- tokens ---- */

static struct under_way *holder_of(struct aslrt_nested *n, const char *token)
{
    for (struct under_way *u = n->inner; u != NULL; u = u->outer)
        if (u->token != NULL && strcmp(u->token, token) == 0)
            return u;
    return NULL;
}

static void add_sent(struct under_way *u, struct aslrt_completion one)
{
    if (u->sent_count == u->sent_room) {
        uint32_t room = u->sent_room == 0 ? 4 : u->sent_room * 2;
        struct aslrt_completion *all = aslrt_alloc(u->arena, room * sizeof *all);
        if (u->sent_count != 0)
            memcpy(all, u->sent, u->sent_count * sizeof *all);
        u->sent = all;
        u->sent_room = room;
    }
    u->sent[u->sent_count++] = one;
}

bool aslrt_is_send_task(const struct aslrt_call *call)
{
    return call->sdk && call->service != NULL && call->action != NULL &&
           strcmp(call->service, "sfn") == 0 && strncmp(call->action, "sendTask", 8) == 0;
}

struct aslrt_completion aslrt_sent_task(struct aslrt_arena *arena, const struct aslrt_call *call)
{
    struct aslrt_value output = aslrt_field(call->arguments, "Output"), parsed;
    struct aslrt_completion one = {
        .heartbeat = strcmp(call->action, "sendTaskHeartbeat") == 0,
        .failed = strcmp(call->action, "sendTaskFailure") == 0,
        .error = text_of(arena, aslrt_field(call->arguments, "Error")),
        .cause = text_of(arena, aslrt_field(call->arguments, "Cause")),
        .result = output.kind == ASLRT_UNDEFINED ? aslrt_null() : output,
    };
    /* the output travels as JSON text */
    if (output.kind == ASLRT_STRING &&
        aslrt_json_read_copy(arena, output.as.bytes, output.count, &parsed, NULL) == ASLRT_OK)
        one.result = parsed;
    return one;
}

static enum aslrt_status send_task(struct nested_call *c)
{
    struct aslrt_value token = aslrt_field(c->call->arguments, "TaskToken");
    const char *text = text_of(c->arena, token);
    struct under_way *u = text != NULL ? holder_of(c->nested, text) : NULL;
    if (u == NULL)
        return fail(c, "InvalidToken", "Invalid Token: 'Invalid token'");
    struct aslrt_completion one = aslrt_sent_task(u->arena, c->call);
    one.result = aslrt_copy(u->arena, one.result);
    one.after_us = c->call->now_us - u->start_us;
    add_sent(u, one);
    c->reply->result = aslrt_object(NULL, 0);
    return ASLRT_OK;
}

/* ---- children ---- */

/* What the description has for a machine: by its ARN, or by the name at the ARN's end. */
static struct aslrt_value described(const struct aslrt_nested *n, struct aslrt_value arn)
{
    struct aslrt_value found = aslrt_get(n->machines, arn.as.bytes, arn.count);
    if (found.kind != ASLRT_UNDEFINED)
        return found;
    const char *end = arn.as.bytes + arn.count, *start = end;
    while (start > arn.as.bytes && start[-1] != ':')
        start--;
    return aslrt_get(n->machines, start, (uint32_t)(end - start));
}

/* The input as text: a string is the text itself. */
static bool read_input(struct nested_call *c, struct aslrt_value *input)
{
    struct aslrt_value given = aslrt_field(c->call->arguments, "Input");
    if (given.kind == ASLRT_UNDEFINED || given.kind == ASLRT_NULL)
        given = aslrt_object(NULL, 0);
    c->child.input =
        given.kind == ASLRT_STRING ? text_of(c->arena, given) : json_of(c->arena, given);
    return aslrt_json_read(c->arena, c->child.input, strlen(c->child.input), input, NULL) ==
           ASLRT_OK;
}

static void name_child(struct nested_call *c, struct aslrt_value machine)
{
    struct aslrt_value name = aslrt_field(c->call->arguments, "Name");
    static const char mark[] = ":stateMachine:";
    char made[37];
    uint64_t stream = c->nested->env->seed ^ (0x6368696c64 + c->nested->started);
    aslrt_random_uuid(&stream, made);
    c->child.machine_arn = text_of(c->arena, machine);
    c->child.name =
        name.kind == ASLRT_STRING ? text_of(c->arena, name) : aslrt_copy_text(c->arena, made, 36);
    const char *at = strstr(c->child.machine_arn, mark);
    c->child.arn = at != NULL
                       ? words(c->arena, "%.*s:execution:%s:%s", (int)(at - c->child.machine_arn),
                               c->child.machine_arn, at + sizeof mark - 1, c->child.name)
                       : words(c->arena, "arn:aws:states:us-east-1:123456789012:execution:%s:%s",
                               c->child.machine_arn, c->child.name);
}

static enum aslrt_status run_program(struct nested_call *c, const struct aslrt_machine *machine,
                                     struct aslrt_value input)
{
    struct aslrt_nested *n = c->nested;
    struct aslrt_load_error error;
    struct aslrt_program *program = NULL;
    struct aslrt_env env = *n->env;
    const char *colon = strrchr(c->child.machine_arn, ':');
    env.seed += n->started;
    env.start_us = c->call->now_us;
    env.history = false;
    env.machine_name = colon != NULL ? colon + 1 : c->child.machine_arn;
    enum aslrt_status status = aslrt_load(n->arena->memory, machine, &program, &error);
    if (status == ASLRT_FAILED)
        c->reply->cause = aslrt_copy_text(c->arena, error.message, strlen(error.message));
    if (status != ASLRT_OK)
        return status;
    struct aslrt_execution *x = aslrt_execution_open(program, &env);
    struct aslrt_outcome o = {0};
    status = x != NULL ? aslrt_run(x, input, c->child.name, &o) : ASLRT_NOMEM;
    /* everything of it that stays is copied before the child goes */
    if (status == ASLRT_OK) {
        c->child.outcome = o;
        if (o.output.kind != ASLRT_UNDEFINED)
            status = aslrt_value_copy(c->arena, o.output, &c->child.outcome.output);
        if (o.error.kind != ASLRT_UNDEFINED && status == ASLRT_OK)
            status = aslrt_value_copy(c->arena, o.error, &c->child.outcome.error);
        if (o.cause.kind != ASLRT_UNDEFINED && status == ASLRT_OK)
            status = aslrt_value_copy(c->arena, o.cause, &c->child.outcome.cause);
    } else if (x != NULL && (status == ASLRT_MISUSE || status == ASLRT_FAILED)) {
        char problem[256];
        memcpy(problem, aslrt_problem(x), sizeof problem);
        aslrt_execution_close(x);
        aslrt_unload(program);
        c->reply->cause = words(c->arena, "in '%s': %s", env.machine_name, problem);
        return ASLRT_FAILED;
    }
    aslrt_execution_close(x);
    aslrt_unload(program);
    return status;
}

static enum aslrt_status run_child(struct nested_call *c, struct aslrt_value how,
                                   struct aslrt_value input)
{
    struct aslrt_nested *n = c->nested;
    struct aslrt_value thrown = aslrt_field(how, "throw"), output = aslrt_field(how, "return");
    struct aslrt_outcome *o = &c->child.outcome;
    o->start_us = o->stop_us = c->call->now_us;
    if (thrown.kind != ASLRT_UNDEFINED) {
        o->status = ASLRT_RUN_FAILED;
        o->error = aslrt_field(thrown, "error");
        o->cause = aslrt_field(thrown, "cause");
        return ASLRT_OK;
    }
    if (output.kind != ASLRT_UNDEFINED || n->source == NULL) {
        o->status = ASLRT_SUCCEEDED;
        o->output = output.kind != ASLRT_UNDEFINED ? output : aslrt_object(NULL, 0);
        return ASLRT_OK;
    }
    if (n->depth == DEPTH_MAX) {
        c->reply->cause = words(c->arena, "executions are nested more than %d deep", DEPTH_MAX);
        return ASLRT_FAILED;
    }
    const struct aslrt_machine *machine;
    struct aslrt_value refusal = aslrt_undefined();
    enum aslrt_status status =
        n->source->machine(n->source->data, how, n->arena, &machine, &refusal);
    if (status == ASLRT_FAILED)
        c->reply->cause = words(c->arena, "the machine '%s' can't run: %s", c->child.machine_arn,
                                json_of(c->arena, refusal));
    if (status != ASLRT_OK)
        return status;
    n->depth++;
    status = run_program(c, machine, input);
    n->depth--;
    return status;
}

/* ---- answers ---- */

static struct aslrt_value time_text(struct nested_call *c, int64_t time_us)
{
    char text[25];
    aslrt_time_text(text, time_us);
    return aslrt_string_copy(c->arena, text, 24);
}

static void set_metadata(struct nested_call *c, struct aslrt_object_builder *b)
{
    struct aslrt_object_builder http = aslrt_object_in(c->arena), sdk = aslrt_object_in(c->arena);
    aslrt_object_set_text(&http, "HttpStatusCode", aslrt_int(200));
    aslrt_object_set_text(&sdk, "RequestId", aslrt_text("00000000-0000-4000-8000-000000000000"));
    aslrt_object_set_text(b, "SdkHttpMetadata", aslrt_object_done(&http));
    aslrt_object_set_text(b, "SdkResponseMetadata", aslrt_object_done(&sdk));
}

/* What starting answers.  The optimised integration gives seconds, the SDK's a date. */
static struct aslrt_value started(struct nested_call *c)
{
    int64_t start = c->child.outcome.start_us;
    struct aslrt_object_builder b = aslrt_object_in(c->arena);
    aslrt_object_set_text(&b, "ExecutionArn", aslrt_text(c->child.arn));
    if (!c->call->sdk)
        set_metadata(c, &b);
    aslrt_object_set_text(&b, "StartDate",
                          c->call->sdk ? time_text(c, start)
                                       : aslrt_double((double)(start / 1000) / 1000));
    return aslrt_object_done(&b);
}

static struct aslrt_value included(struct nested_call *c)
{
    struct aslrt_object_builder b = aslrt_object_in(c->arena);
    aslrt_object_set_text(&b, "Included", aslrt_bool(true));
    return aslrt_object_done(&b);
}

/* A payload as text, or with .sync:2 as the value. */
static struct aslrt_value payload(struct nested_call *c, const char *text)
{
    struct aslrt_value v;
    if (c->call->pattern == ASLRT_SYNC2 &&
        aslrt_json_read(c->arena, text, strlen(text), &v, NULL) == ASLRT_OK)
        return v;
    return aslrt_text(text);
}

/* What is known of a child that has ended, as DescribeExecution gives it. */
static struct aslrt_value ended(struct nested_call *c)
{
    const struct aslrt_outcome *o = &c->child.outcome;
    bool fine = o->status == ASLRT_SUCCEEDED, sdk = c->call->sdk;
    struct aslrt_object_builder b = aslrt_object_in(c->arena);
    if (o->cause.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "Cause", o->cause);
    if (o->error.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "Error", o->error);
    aslrt_object_set_text(&b, "ExecutionArn", aslrt_text(c->child.arn));
    aslrt_object_set_text(&b, "Input", payload(c, c->child.input));
    aslrt_object_set_text(&b, "InputDetails", included(c));
    aslrt_object_set_text(&b, "Name", aslrt_text(c->child.name));
    if (fine) {
        aslrt_object_set_text(&b, "Output", payload(c, json_of(c->arena, o->output)));
        aslrt_object_set_text(&b, "OutputDetails", included(c));
        if (!sdk) {
            aslrt_object_set_text(&b, "RedriveCount", aslrt_int(0));
            aslrt_object_set_text(&b, "RedriveStatus", aslrt_text("NOT_REDRIVABLE"));
            aslrt_object_set_text(&b, "RedriveStatusReason",
                                  aslrt_text("Execution is SUCCEEDED and cannot be redriven"));
        }
    }
    aslrt_object_set_text(&b, "StartDate",
                          sdk ? time_text(c, o->start_us) : aslrt_int(o->start_us / 1000));
    aslrt_object_set_text(&b, "StateMachineArn", aslrt_text(c->child.machine_arn));
    aslrt_object_set_text(&b, "Status", aslrt_text(aslrt_run_status_name(o->status)));
    aslrt_object_set_text(&b, "StopDate",
                          sdk ? time_text(c, o->stop_us) : aslrt_int(o->stop_us / 1000));
    return aslrt_object_done(&b);
}

/* The end of a job, behind what came by token. */
static void set_end(struct nested_call *c, struct under_way *u)
{
    const struct aslrt_outcome *o = &c->child.outcome;
    struct aslrt_completion end = {
        .after_us = c->nested->env->real_time ? 0 : o->stop_us - c->call->now_us,
        .result = ended(c),
        .failed = o->status != ASLRT_SUCCEEDED,
    };
    if (end.failed) {
        end.error = "States.TaskFailed";
        end.cause = json_of(c->arena, end.result);
    }
    add_sent(u, end);
}

/* ---- names ---- */

/* The execution of a Standard machine that has the child's name already, or NULL. */
static const struct named *namesake(const struct nested_call *c, struct aslrt_value how)
{
    const struct named *used = c->nested->named;
    if (aslrt_is(aslrt_field(how, "type"), "EXPRESS"))
        return NULL;
    while (used != NULL && strcmp(used->child.arn, c->child.arn) != 0)
        used = used->next;
    return used;
}

static const char *keep(struct aslrt_nested *n, const char *text)
{
    return aslrt_copy_text(n->arena, text, strlen(text));
}

static void remember_name(struct nested_call *c)
{
    struct aslrt_nested *n = c->nested;
    const struct child *child = &c->child;
    if (aslrt_field(c->call->arguments, "Name").kind != ASLRT_STRING)
        return;
    struct named *one = ASLRT_NEW(n->arena, struct named);
    one->next = n->named;
    one->child = (struct child){keep(n, child->arn), keep(n, child->machine_arn),
                                keep(n, child->name), keep(n, child->input), child->outcome};
    one->child.outcome.output = aslrt_copy(n->arena, child->outcome.output);
    one->child.outcome.error = aslrt_copy(n->arena, child->outcome.error);
    one->child.outcome.cause = aslrt_copy(n->arena, child->outcome.cause);
    n->named = one;
}

/* Runs the child.  A Standard machine runs under each name once; starting it again with the same
   input while it runs starts nothing. */
static enum aslrt_status run_once(struct nested_call *c, struct aslrt_value how,
                                  struct aslrt_value input)
{
    const struct named *used = namesake(c, how);
    if (used == NULL) {
        enum aslrt_status status = run_child(c, how, input);
        if (status == ASLRT_OK)
            remember_name(c);
        return status;
    }
    if (strcmp(used->child.input, c->child.input) != 0 ||
        c->call->now_us >= used->child.outcome.stop_us)
        return fail(c, "ExecutionAlreadyExists",
                    words(c->arena, "Execution Already Exists: '%s'", c->child.arn));
    c->child = used->child;
    return ASLRT_OK;
}

static enum aslrt_status start(struct nested_call *c)
{
    struct aslrt_value arn = aslrt_field(c->call->arguments, "StateMachineArn"), input;
    if (arn.kind != ASLRT_STRING)
        return fail(c, "InvalidArn", "Invalid Arn: 'StateMachineArn is missing'");
    struct aslrt_value how = described(c->nested, arn);
    if (how.kind == ASLRT_UNDEFINED)
        return ASLRT_MISUSE;
    if (aslrt_field(how, "missing").kind != ASLRT_UNDEFINED)
        return fail(c, "StateMachineDoesNotExist",
                    words(c->arena, "State Machine Does Not Exist: '%s'", text_of(c->arena, arn)));
    if (!read_input(c, &input))
        return fail(c, "InvalidExecutionInput",
                    "Invalid State Machine Execution Input: 'the text is not JSON'");
    c->nested->started++;
    name_child(c, arn);
    struct under_way u = {.outer = c->nested->inner,
                          .token = c->call->token,
                          .start_us = c->call->now_us,
                          .arena = c->arena};
    c->nested->inner = &u;
    enum aslrt_status status = run_once(c, how, input);
    c->nested->inner = u.outer;
    if (status != ASLRT_OK || c->reply->error != NULL)
        return status;
    bool job = c->call->pattern == ASLRT_SYNC || c->call->pattern == ASLRT_SYNC2;
    c->reply->result = strcmp(c->call->action, "startSyncExecution") == 0 ? ended(c) : started(c);
    if (job)
        set_end(c, &u);
    c->reply->begun = job || c->call->pattern == ASLRT_TOKEN;
    c->reply->completions = u.sent;
    c->reply->completion_count = u.sent_count;
    return ASLRT_OK;
}

/* ---- the service ---- */

static enum aslrt_status answer(void *data)
{
    struct nested_call *c = data;
    return aslrt_is_send_task(c->call) ? send_task(c) : start(c);
}

static enum aslrt_status call_nested(void *self, const struct aslrt_call *call,
                                     struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct nested_call c = {.nested = self, .call = call, .arena = arena, .reply = reply};
    bool starts = call->service != NULL && call->action != NULL &&
                  ((strcmp(call->service, "states") == 0 && !call->sdk) ||
                   (strcmp(call->service, "sfn") == 0 && call->sdk)) &&
                  (strcmp(call->action, "startExecution") == 0 ||
                   strcmp(call->action, "startSyncExecution") == 0);
    if (!starts && !aslrt_is_send_task(call))
        return ASLRT_MISUSE;
    struct under_way *before = c.nested->inner;
    uint32_t depth = c.nested->depth;
    enum aslrt_status status = aslrt_protect(arena->memory, answer, &c);
    c.nested->inner = before;
    c.nested->depth = depth;
    return status;
}

struct aslrt_nested *aslrt_nested_new(struct aslrt_arena *arena, struct aslrt_value machines,
                                      const struct aslrt_machine_source *source,
                                      const struct aslrt_env *env)
{
    struct aslrt_nested *n = ASLRT_NEW(arena, struct aslrt_nested);
    n->arena = arena;
    n->machines = machines;
    n->source = source;
    n->env = env;
    n->service = (struct aslrt_service){n, call_nested};
    return n;
}

const struct aslrt_service *aslrt_nested_service(struct aslrt_nested *nested)
{
    return &nested->service;
}
