/*
 * buffer.h - a growing run of bytes in an arena: how every piece of text in the project is built.
 *
 * Invariant: bytes[0..count) is what was put in; there is always room for a NUL behind it.
 * Ownership: the bytes live in the arena given at the start; growing leaves the old copy behind, so
 * sizes double.  A buffer that was the arena's last allocation grows in place.
 */
#ifndef ASLRT_BUFFER_H
#define ASLRT_BUFFER_H

#include "runtime/base/arena.h"

#include <stdarg.h>

struct aslrt_buffer {
    struct aslrt_arena *arena;
    char *bytes;
    size_t count;
    size_t room;
};

static inline struct aslrt_buffer aslrt_buffer_in(struct aslrt_arena *arena)
{
    struct aslrt_buffer b = {arena, NULL, 0, 0};
    return b;
}
/* Makes room for `more` bytes and a NUL, and gives the place where they go. */
char *aslrt_buffer_reserve(struct aslrt_buffer *b, size_t more);
void aslrt_buffer_put(struct aslrt_buffer *b, const char *bytes, size_t count);
void aslrt_buffer_text(struct aslrt_buffer *b, const char *text);
static inline void aslrt_buffer_char(struct aslrt_buffer *b, char c)
{
    *aslrt_buffer_reserve(b, 1) = c;
    b->count++;
}
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void aslrt_buffer_format(struct aslrt_buffer *b, const char *format, ...);
void aslrt_buffer_vformat(struct aslrt_buffer *b, const char *format, va_list args);
/* The text so far with a NUL behind it; "" when nothing was put in.  Lives as long as the arena. */
const char *aslrt_buffer_close(struct aslrt_buffer *b);

#endif
