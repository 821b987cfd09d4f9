/*
 * mock.c - recorded replies and functions in the place of services; see mock.h.
 */
#include "runtime/base/buffer.h"
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/engine/lambda.h"
#include "runtime/engine/mock_int.h"

/* ---- replies of states ---- */

/* "3" or "1-2": whether the number is in it. */
static bool covers(struct aslrt_value key, uint32_t number)
{
    uint64_t ends[2] = {0, 0};
    uint32_t part = 0;
    for (uint32_t i = 0; i < key.count; i++) {
        char c = key.as.bytes[i];
        if (c >= '0' && c <= '9' && ends[part] < UINT32_MAX)
            ends[part] = ends[part] * 10 + (uint64_t)(c - '0');
        else if (c == '-' && part == 0 && i != 0)
            part = 1;
        else
            return false;
    }
    return key.count != 0 && ends[0] <= number && number <= (part == 0 ? ends[0] : ends[1]);
}

static const char *text_or_null(struct aslrt_arena *arena, struct aslrt_value v)
{
    return v.kind == ASLRT_STRING ? aslrt_copy_text(arena, v.as.bytes, v.count) : NULL;
}

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
static enum aslrt_status
refuse(struct aslrt_arena *arena, struct aslrt_reply *reply, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    reply->cause = aslrt_buffer_close(&b);
    return ASLRT_FAILED;
}

static bool is_job(const struct aslrt_call *call)
{
    return call->pattern == ASLRT_SYNC || call->pattern == ASLRT_SYNC2;
}

/* What a job's or token's call itself answers, when only the end is mocked: of a started execution
   its name and date. */
static struct aslrt_value begun_result(const struct aslrt_call *call, struct aslrt_arena *arena,
                                       struct aslrt_value end)
{
    static const char *const kept[] = {"ExecutionArn", "StartDate"};
    struct aslrt_object_builder b = aslrt_object_in(arena);
    for (size_t i = 0; i < sizeof kept / sizeof *kept && is_job(call); i++) {
        struct aslrt_value v = aslrt_field(end, kept[i]);
        if (v.kind != ASLRT_UNDEFINED)
            aslrt_object_set_text(&b, kept[i], v);
    }
    return aslrt_object_done(&b);
}

/* A mocked reply of a call that is answered in two parts is the second one. */
static void split(const struct aslrt_call *call, struct aslrt_arena *arena,
                  struct aslrt_reply *reply)
{
    if (call->token == NULL)
        return;
    struct aslrt_completion *end = ASLRT_NEW(arena, struct aslrt_completion);
    *end = (struct aslrt_completion){.result = reply->result,
                                     .failed = reply->result.kind == ASLRT_UNDEFINED,
                                     .error = reply->error,
                                     .cause = reply->cause};
    reply->result = begun_result(call, arena, end->result);
    reply->error = reply->cause = NULL;
    reply->worker = "mock";
    reply->begun = true;
    reply->completions = end;
    reply->completion_count = 1;
}

static enum aslrt_status recorded(struct aslrt_mock *m, uint32_t index,
                                  const struct aslrt_call *call, struct aslrt_arena *arena,
                                  struct aslrt_reply *reply)
{
    const struct aslrt_member *state = &m->responses.as.members[index];
    uint32_t number = m->used[index]++;
    for (uint32_t i = 0; i < state->value.count && state->value.kind == ASLRT_OBJECT; i++) {
        const struct aslrt_member *r = &state->value.as.members[i];
        if (!covers(r->key, number))
            continue;
        struct aslrt_value thrown = aslrt_field(r->value, "Throw");
        reply->result = aslrt_field(r->value, "Return");
        reply->error = text_or_null(arena, aslrt_field(thrown, "Error"));
        reply->cause = text_or_null(arena, aslrt_field(thrown, "Cause"));
        if (reply->result.kind == ASLRT_UNDEFINED && thrown.kind != ASLRT_OBJECT)
            return refuse(arena, reply, "reply %u of '%.*s' has neither 'Return' nor 'Throw'",
                          (unsigned)number, (int)state->key.count, state->key.as.bytes);
        split(call, arena, reply);
        return ASLRT_OK;
    }
    return refuse(arena, reply, "there is no mocked reply number %u for the state '%.*s'",
                  (unsigned)number, (int)state->key.count, state->key.as.bytes);
}

/* ---- functions ---- */

const char *aslrt_mock_request_id(struct aslrt_mock *m, struct aslrt_arena *arena)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, "00000000-0000-4000-8000-%012u", (unsigned)++m->requests);
    return aslrt_buffer_close(&b);
}

void aslrt_mock_metadata(struct aslrt_mock *m, struct aslrt_object_builder *b)
{
    struct aslrt_object_builder http = aslrt_object_in(b->arena), sdk = aslrt_object_in(b->arena);
    aslrt_object_set_text(&http, "HttpStatusCode", aslrt_int(200));
    aslrt_object_set_text(&sdk, "RequestId", aslrt_text(aslrt_mock_request_id(m, b->arena)));
    aslrt_object_set_text(b, "SdkHttpMetadata", aslrt_object_done(&http));
    aslrt_object_set_text(b, "SdkResponseMetadata", aslrt_object_done(&sdk));
}

/* What lambda:invoke gives beside the function's own result.  The SDK's has the result as text, no
   metadata, and says there when the function itself failed. */
static struct aslrt_value invoked(struct aslrt_mock *m, const struct aslrt_call *call,
                                  struct aslrt_arena *arena, struct aslrt_value payload,
                                  bool failed)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "ExecutedVersion", aslrt_text("$LATEST"));
    if (failed)
        aslrt_object_set_text(&b, "FunctionError", aslrt_text("Unhandled"));
    if (call->sdk) {
        struct aslrt_buffer text = aslrt_buffer_in(arena);
        aslrt_json_put(&text, payload, ASLRT_JSON_MINIFIED);
        payload = aslrt_text(aslrt_buffer_close(&text));
    }
    aslrt_object_set_text(&b, "Payload", payload);
    if (!call->sdk)
        aslrt_mock_metadata(m, &b);
    aslrt_object_set_text(&b, "StatusCode", aslrt_int(200));
    return aslrt_object_done(&b);
}

static void throw_error(struct aslrt_mock *m, const struct aslrt_call *call,
                        struct aslrt_arena *arena, struct aslrt_value thrown,
                        struct aslrt_reply *reply)
{
    struct aslrt_value type = aslrt_field(thrown, "errorType");
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "errorMessage", aslrt_field(thrown, "errorMessage"));
    aslrt_object_set_text(&b, "errorType", type);
    aslrt_object_set_text(&b, "requestId", aslrt_text(aslrt_mock_request_id(m, arena)));
    aslrt_object_set_text(&b, "stackTrace", aslrt_array(NULL, 0));
    struct aslrt_value report = aslrt_object_done(&b);
    if (call->sdk) {
        reply->result = invoked(m, call, arena, report, true);
        return;
    }
    struct aslrt_buffer text = aslrt_buffer_in(arena);
    aslrt_json_put(&text, report, ASLRT_JSON_MINIFIED);
    reply->error = text_or_null(arena, type);
    if (reply->error == NULL)
        reply->error = "Exception";
    reply->cause = aslrt_buffer_close(&text);
}

static void run_function(struct aslrt_mock *m, const struct aslrt_call *call,
                         struct aslrt_value function, struct aslrt_arena *arena,
                         struct aslrt_reply *reply)
{
    struct aslrt_value thrown = aslrt_field(function, "throw");
    if (thrown.kind != ASLRT_UNDEFINED) {
        throw_error(m, call, arena, thrown, reply);
        return;
    }
    struct aslrt_value result = aslrt_field(function, "return");
    struct aslrt_value sleep = aslrt_field(function, "sleep");
    if (aslrt_is_number(sleep))
        reply->delay_us = (int64_t)(aslrt_to_double(sleep) * 1e6);
    if (result.kind == ASLRT_UNDEFINED && aslrt_field(function, "echo").kind != ASLRT_UNDEFINED)
        result = aslrt_lambda_event(call, arena);
    if (result.kind == ASLRT_UNDEFINED)
        result = aslrt_null();
    reply->result = call->action == NULL ? result : invoked(m, call, arena, result, false);
}

/* The service names the function by its ARN, whatever the machine called it. */
static void no_such_function(struct aslrt_mock *m, const struct aslrt_call *call,
                             struct aslrt_arena *arena, struct aslrt_value target,
                             struct aslrt_reply *reply)
{
    bool arn = target.count > 4 && memcmp(target.as.bytes, "arn:", 4) == 0;
    const char *id = aslrt_mock_request_id(m, arena);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, "Function not found: %s%.*s:$LATEST (Service: ",
                        arn ? "" : "arn:aws:lambda:us-east-1:123456789012:function:",
                        (int)target.count, target.as.bytes);
    if (call->sdk)
        aslrt_buffer_format(&b, "Lambda, Status Code: 404, Request ID: %s)", id);
    else
        aslrt_buffer_format(&b,
                            "AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; "
                            "Request ID: %s; Proxy: null)",
                            id);
    reply->error = "Lambda.ResourceNotFoundException";
    reply->cause = aslrt_buffer_close(&b);
}

static enum aslrt_status call_function(struct aslrt_mock *m, const struct aslrt_call *call,
                                       struct aslrt_value target, struct aslrt_arena *arena,
                                       struct aslrt_reply *reply)
{
    struct aslrt_value name = aslrt_lambda_name(target);
    struct aslrt_value function = aslrt_get(m->functions, name.as.bytes, name.count);
    if (function.kind == ASLRT_UNDEFINED)
        return ASLRT_MISUSE;
    if (aslrt_field(function, "missing").kind != ASLRT_UNDEFINED)
        no_such_function(m, call, arena, target, reply);
    else
        run_function(m, call, function, arena, reply);
    return ASLRT_OK;
}

/* ---- tokens and activities ---- */

static int64_t seconds_of(struct aslrt_value v)
{
    return aslrt_is_number(v) ? (int64_t)(aslrt_to_double(v) * 1e6) : 0;
}

/* Takes what is sent back: the elements of `script`, of that state where they name one. */
static void set_completions(const struct aslrt_call *call, struct aslrt_arena *arena,
                            struct aslrt_value script, struct aslrt_reply *reply)
{
    struct aslrt_completion *all = ASLRT_NEW_ARRAY(arena, struct aslrt_completion, script.count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < script.count && script.kind == ASLRT_ARRAY; i++) {
        struct aslrt_value one = script.as.items[i];
        struct aslrt_value state = aslrt_field(one, "state");
        struct aslrt_value failure = aslrt_field(one, "failure");
        struct aslrt_value worker = aslrt_field(one, "worker");
        if (state.kind == ASLRT_STRING && !aslrt_is(state, call->state))
            continue;
        if (worker.kind == ASLRT_STRING)
            reply->worker = text_or_null(arena, worker);
        all[count++] = (struct aslrt_completion){
            .after_us = seconds_of(aslrt_field(one, "after")),
            .heartbeat = aslrt_field(one, "heartbeat").kind != ASLRT_UNDEFINED,
            .result = aslrt_field(one, "success"),
            .failed = failure.kind != ASLRT_UNDEFINED,
            .error = text_or_null(arena, aslrt_field(failure, "error")),
            .cause = text_or_null(arena, aslrt_field(failure, "cause")),
        };
    }
    reply->begun = true;
    reply->completions = all;
    reply->completion_count = count;
}

static enum aslrt_status do_activity(struct aslrt_mock *m, const struct aslrt_call *call,
                                     struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct aslrt_value script = aslrt_field(m->activities, call->resource);
    if (script.kind == ASLRT_UNDEFINED)
        return ASLRT_MISUSE;
    reply->result = aslrt_null();
    set_completions(call, arena, script, reply);
    if (reply->worker == NULL && reply->completion_count != 0)
        reply->worker = ""; /* one that gave no name */
    return ASLRT_OK;
}

/* ---- the service ---- */

struct answering {
    struct aslrt_mock *mock;
    const struct aslrt_call *call;
    struct aslrt_arena *arena;
    struct aslrt_reply *reply;
};

static enum aslrt_status answer(void *data)
{
    struct answering *a = data;
    struct aslrt_mock *m = a->mock;
    for (uint32_t i = 0; i < m->responses.count && m->responses.kind == ASLRT_OBJECT; i++)
        if (aslrt_is(m->responses.as.members[i].key, a->call->state))
            return recorded(m, i, a->call, a->arena, a->reply);
    if (a->call->token != NULL && a->call->action == NULL)
        return do_activity(m, a->call, a->arena, a->reply);
    struct aslrt_value function = aslrt_lambda_target(a->call);
    enum aslrt_status status = function.kind == ASLRT_STRING
                                   ? call_function(m, a->call, function, a->arena, a->reply)
                                   : aslrt_mock_message(m, a->call, a->arena, a->reply);
    if (status == ASLRT_OK && a->call->pattern == ASLRT_TOKEN && a->reply->error == NULL)
        set_completions(a->call, a->arena, m->tokens, a->reply);
    return status;
}

static enum aslrt_status call_mock(void *self, const struct aslrt_call *call,
                                   struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct answering a = {self, call, arena, reply};
    return aslrt_protect(arena->memory, answer, &a);
}

struct aslrt_mock *aslrt_mock_new(struct aslrt_arena *arena, struct aslrt_value description)
{
    struct aslrt_mock *m = ASLRT_NEW(arena, struct aslrt_mock);
    m->arena = arena;
    m->responses = aslrt_field(description, "mockedResponses");
    m->functions = aslrt_field(description, "functions");
    m->tokens = aslrt_field(description, "tokens");
    m->activities = aslrt_field(description, "activities");
    m->queues = aslrt_field(description, "queues");
    m->topics = aslrt_field(description, "topics");
    m->buses = aslrt_field(description, "buses");
    uint32_t states = m->responses.kind == ASLRT_OBJECT ? m->responses.count : 0;
    m->used = ASLRT_NEW_ARRAY(arena, uint32_t, states);
    m->service = (struct aslrt_service){m, call_mock};
    return m;
}

const struct aslrt_service *aslrt_mock_service(struct aslrt_mock *mock)
{
    return &mock->service;
}
