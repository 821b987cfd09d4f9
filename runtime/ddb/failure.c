/*
 * failure.c - noting a failed request and leaving; see failure.h.
 */
#include "runtime/ddb/failure.h"

static _Noreturn void leave(struct aslrt_ddb *cx, const char *type, const char *format,
                            va_list args)
{
    struct aslrt_buffer b = aslrt_buffer_in(cx->arena);
    bool validation = strcmp(type, ASLRT_DDB_VALIDATION) == 0;
    bool of_value = validation && cx->value_key.kind == ASLRT_STRING;
    if (validation && cx->envelope != NULL)
        aslrt_buffer_text(&b, cx->envelope);
    if (of_value)
        aslrt_buffer_text(&b, "ExpressionAttributeValues contains invalid value: ");
    aslrt_buffer_vformat(&b, format, args);
    if (of_value)
        aslrt_buffer_format(&b, " for key %.*s", (int)cx->value_key.count, cx->value_key.as.bytes);
    cx->message = aslrt_buffer_close(&b);
    cx->type = type;
    aslrt_escape(cx->arena->memory, ASLRT_FAILED);
}

_Noreturn void aslrt_ddb_fail(struct aslrt_ddb *cx, const char *type, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    leave(cx, type, format, args);
}

_Noreturn void aslrt_ddb_refuse(struct aslrt_ddb *cx, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    leave(cx, ASLRT_DDB_VALIDATION, format, args);
}
