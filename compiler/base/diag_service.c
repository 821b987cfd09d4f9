/*
 * diag_service.c - a diagnostic in the service's own words: code, text and location.
 *
 * Reports that know the service's words attach them (diag_service); of the others the service's
 * code is known from the table, and our message stands in for its text.  Locations are the
 * service's:
 * "/States/A/Catch[0]/Next", names as they are.  Everything lives in the context's arena.
 */
#include "compiler/base/diag.h"

#include "runtime/base/buffer.h"

#include <string.h>

void diag_service(struct diag *d, int up, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct aslrt_buffer b = aslrt_buffer_in(d->cx->arena);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    d->service_text = aslrt_buffer_close(&b);
    if (up == DIAG_NOWHERE)
        return;
    size_t count = strlen(d->pointer);
    for (; up > 0 && count > 0; up--) {
        do
            count--;
        while (count > 0 && d->pointer[count] != '/');
    }
    d->service_pointer = aslrt_copy_text(d->cx->arena, d->pointer, count);
}

void diag_service_code(struct diag *d, const char *code)
{
    d->service_code = code;
}

const char *diag_service_text(const struct diag *d)
{
    return d->service_text != NULL ? d->service_text : d->message;
}

/* True for the token of a JSON pointer that is the index of an array: digits, except right behind
   "States", whose members are states.  Nobody names the keys of a payload with digits only. */
static bool is_index(const char *pointer, const char *token, size_t count)
{
    static const char states[] = "/States/";
    size_t before = sizeof states - 1;
    if (count == 0 || strspn(token, "0123456789") < count)
        return false;
    return (size_t)(token - pointer) < before || memcmp(token - before, states, before) != 0;
}

const char *diag_service_location(const struct diag *d)
{
    const char *pointer = d->service_pointer != NULL ? d->service_pointer : d->pointer;
    if (*pointer == '\0')
        return d->service_pointer != NULL ? "/" : NULL;
    struct aslrt_buffer b = aslrt_buffer_in(d->cx->arena);
    for (const char *p = pointer; *p == '/';) {
        const char *token = ++p;
        size_t count = strcspn(token, "/");
        p += count;
        if (is_index(pointer, token, count)) {
            aslrt_buffer_format(&b, "[%.*s]", (int)count, token);
            continue;
        }
        aslrt_buffer_char(&b, '/');
        for (const char *c = token; c < p; c++) { /* "~1" is '/' and "~0" is '~' (RFC 6901) */
            if (*c == '~' && c + 1 < p && (c[1] == '0' || c[1] == '1'))
                aslrt_buffer_char(&b, *++c == '1' ? '/' : '~');
            else
                aslrt_buffer_char(&b, *c);
        }
    }
    return aslrt_buffer_close(&b);
}
