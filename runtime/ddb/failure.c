/*
 * failure.c - noting a failed request and leaving; see failure.h.
 */
#include "runtime/ddb/failure.h"

static _Noreturn void leave(struct aslrt_ddb *cx, const char *type, const char *format,
                            va_list args)
{
    struct aslrt_buffer b = aslrt_buffer_in(cx->arena);
    bool validation = strcmp(type, ASLRT_DDB_VALIDATION) == 0;
    aslrt_buffer_text(&b, validation ? cx->envelope : "");
    aslrt_buffer_vformat(&b, format, args);
    aslrt_buffer_text(&b, validation ? cx->suffix : "");
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
