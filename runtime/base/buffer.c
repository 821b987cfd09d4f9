/*
 * buffer.c - growing text in an arena; see buffer.h.
 */
#include "runtime/base/buffer.h"

#include <stdio.h>

char *aslrt_buffer_reserve(struct aslrt_buffer *b, size_t more)
{
    if (b->room - b->count > more)
        return b->bytes + b->count;
    if (more >= SIZE_MAX / 4 || b->count >= SIZE_MAX / 4)
        aslrt_escape(b->arena->memory, ASLRT_NOMEM);
    size_t room = b->room < 48 ? 48 : b->room * 2;
    while (room - b->count <= more)
        room *= 2;
    b->bytes = aslrt_resize(b->arena, b->bytes, b->room, room);
    b->room = room;
    return b->bytes + b->count;
}

void aslrt_buffer_put(struct aslrt_buffer *b, const char *bytes, size_t count)
{
    if (count == 0)
        return;
    memcpy(aslrt_buffer_reserve(b, count), bytes, count);
    b->count += count;
}

void aslrt_buffer_text(struct aslrt_buffer *b, const char *text)
{
    aslrt_buffer_put(b, text, strlen(text));
}

void aslrt_buffer_vformat(struct aslrt_buffer *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n <= 0)
        return;
    char *to = aslrt_buffer_reserve(b, (size_t)n);
    vsnprintf(to, (size_t)n + 1, format, args);
    b->count += (size_t)n;
}

void aslrt_buffer_format(struct aslrt_buffer *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(b, format, args);
    va_end(args);
}

const char *aslrt_buffer_close(struct aslrt_buffer *b)
{
    *aslrt_buffer_reserve(b, 0) = '\0';
    return b->bytes;
}
