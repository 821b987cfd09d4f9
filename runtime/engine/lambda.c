/*
 * lambda.c - what a Task asks of a Lambda function; see lambda.h.
 */
#include "runtime/engine/lambda.h"

struct aslrt_value aslrt_lambda_target(const struct aslrt_call *call)
{
    if (call->service == NULL)
        return aslrt_undefined();
    if (call->action == NULL)
        return strcmp(call->service, "function") == 0 ? aslrt_text(call->resource)
                                                      : aslrt_undefined();
    bool invoke = strcmp(call->service, "lambda") == 0 && strcmp(call->action, "invoke") == 0;
    struct aslrt_value name =
        invoke ? aslrt_field(call->arguments, "FunctionName") : aslrt_undefined();
    return name.kind == ASLRT_STRING ? name : aslrt_undefined();
}

struct aslrt_value aslrt_lambda_name(struct aslrt_value target)
{
    static const char mark[] = ":function:";
    const size_t n = sizeof mark - 1;
    const char *start = target.as.bytes, *end = start + target.count;
    for (const char *at = start; (size_t)(end - at) > n; at++)
        if (memcmp(at, mark, n) == 0) {
            start = at + n;
            break;
        }
    const char *stop = memchr(start, ':', (size_t)(end - start));
    return aslrt_string(start, (uint32_t)((stop != NULL ? stop : end) - start));
}

struct aslrt_value aslrt_lambda_event(const struct aslrt_call *call, struct aslrt_arena *arena)
{
    if (call->action == NULL)
        return call->arguments;
    struct aslrt_value payload = aslrt_field(call->arguments, "Payload");
    struct aslrt_value event;
    if (payload.kind == ASLRT_STRING &&
        aslrt_json_read(arena, payload.as.bytes, payload.count, &event, NULL) == ASLRT_OK)
        return event;
    if (payload.kind == ASLRT_UNDEFINED || payload.kind == ASLRT_NULL)
        return aslrt_object(NULL, 0);
    return payload;
}
