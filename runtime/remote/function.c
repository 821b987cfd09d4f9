/*
 * function.c - Lambda functions that are a command or a URL of this machine.
 *
 * The function gives a result or an error; what the two kinds of Task make of that (a function's
 * ARN, lambda:invoke) is the engine's mock of functions, which gets it as a description.
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/engine/lambda.h"
#include "runtime/engine/mock.h"
#include "runtime/remote/command.h"
#include "runtime/remote/remote_int.h"

static struct aslrt_value one(struct aslrt_arena *arena, const char *name, struct aslrt_value value)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, name, value);
    return aslrt_object_done(&b);
}

static struct aslrt_value thrown(struct aslrt_arena *arena, const char *type, const char *message)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "errorType", aslrt_text(type));
    aslrt_object_set_text(&b, "errorMessage", aslrt_text(message));
    return one(arena, "throw", aslrt_object_done(&b));
}

/* What was printed or answered, as {"return": ...} or {"throw": ...}. */
static struct aslrt_value outcome(struct aslrt_arena *arena, const char *text, size_t count,
                                  bool failed, const char *otherwise)
{
    struct aslrt_value v = aslrt_null();
    size_t blank = 0;
    while (blank < count && strchr(" \t\r\n", text[blank]) != NULL)
        blank++;
    bool json = blank == count || aslrt_json_read(arena, text, count, &v, NULL) == ASLRT_OK;
    if (failed)
        return aslrt_field(v, "errorType").kind == ASLRT_STRING
                   ? one(arena, "throw", v)
                   : thrown(arena, "Runtime.ExitError", otherwise);
    if (!json)
        return thrown(arena, "Runtime.MarshalError", "the function's result is no JSON");
    return one(arena, "return", v);
}

static enum aslrt_status run_command(const struct aslrt_remote_entry *f, struct aslrt_arena *arena,
                                     const char *event, size_t count, struct aslrt_value *out,
                                     struct aslrt_reply *reply)
{
    struct aslrt_buffer variable = aslrt_buffer_in(arena), words = aslrt_buffer_in(arena);
    aslrt_buffer_format(&variable, "AWS_LAMBDA_FUNCTION_NAME=%s", f->name);
    struct aslrt_command c = {
        .line = f->target,
        .variable = aslrt_buffer_close(&variable),
        .input = event,
        .input_count = count,
        .output_limit = ASLRT_RESPONSE_LIMIT,
        .time_limit_ms = ASLRT_FUNCTION_TIMEOUT_MS,
    };
    if (!aslrt_command_run(arena, &c)) {
        reply->cause = aslrt_copy_text(arena, c.problem, strlen(c.problem));
        return ASLRT_FAILED;
    }
    aslrt_buffer_format(&words, "Error: Runtime exited with error: exit status %d", c.exit_code);
    if (c.timed_out)
        *out = thrown(arena, "Sandbox.Timedout", "Task timed out after 900.00 seconds");
    else if (c.too_long)
        *out =
            thrown(arena, "Function.ResponseSizeTooLarge", "the function printed more than 6 MB");
    else
        *out =
            outcome(arena, c.output, c.output_count, c.exit_code != 0, aslrt_buffer_close(&words));
    return ASLRT_OK;
}

static enum aslrt_status ask_url(struct aslrt_remote *remote, const struct aslrt_remote_entry *f,
                                 struct aslrt_arena *arena, const char *event, size_t count,
                                 struct aslrt_value *out, struct aslrt_reply *reply)
{
    static const char *const headers[] = {"Content-Type: application/json"};
    struct aslrt_exchange e = {
        .method = "POST",
        .url = f->target,
        .headers = headers,
        .header_count = 1,
        .body = event,
        .body_count = count,
        .timeout_ms = ASLRT_FUNCTION_TIMEOUT_MS,
    };
    struct aslrt_response r;
    enum aslrt_status status = aslrt_remote_ask(remote, arena, &e, &r);
    if (status != ASLRT_OK) {
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        aslrt_buffer_format(&b, "the function '%s' does not answer at '%s': %s", f->name, f->target,
                            status == ASLRT_MISUSE ? "there is no HTTP module" : e.problem);
        reply->cause = aslrt_buffer_close(&b);
        return ASLRT_FAILED;
    }
    bool failed = r.status < 200 || r.status >= 300 ||
                  aslrt_remote_header(&r, "x-amz-function-error").kind == ASLRT_STRING;
    struct aslrt_buffer words = aslrt_buffer_in(arena);
    aslrt_buffer_format(&words, "the function answered %ld", r.status);
    *out = outcome(arena, r.body, r.body_count, failed, aslrt_buffer_close(&words));
    return ASLRT_OK;
}

enum aslrt_status aslrt_remote_invoke(struct aslrt_remote *remote, const struct aslrt_call *call,
                                      struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct aslrt_value target = aslrt_lambda_target(call), description;
    if (call->sdk || target.kind != ASLRT_STRING)
        return ASLRT_MISUSE;
    struct aslrt_value name = aslrt_lambda_name(target);
    const struct aslrt_remote_entry *f = remote->functions;
    while (f != NULL && !aslrt_is(name, f->name))
        f = f->next;
    if (f == NULL)
        return ASLRT_MISUSE;
    struct aslrt_buffer event = aslrt_buffer_in(arena);
    aslrt_json_put(&event, aslrt_lambda_event(call, arena), ASLRT_JSON_MINIFIED);
    size_t count = event.count;
    const char *text = aslrt_buffer_close(&event);
    bool url = strncmp(f->target, "http://", 7) == 0 || strncmp(f->target, "https://", 8) == 0;
    enum aslrt_status status = url ? ask_url(remote, f, arena, text, count, &description, reply)
                                   : run_command(f, arena, text, count, &description, reply);
    if (status != ASLRT_OK)
        return status;
    struct aslrt_value functions = one(arena, "functions", one(arena, f->name, description));
    const struct aslrt_service *mock = aslrt_mock_service(aslrt_mock_new(arena, functions));
    return mock->call(mock->self, call, arena, reply);
}
