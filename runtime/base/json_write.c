/*
 * json_write.c - values as JSON text; see json.h and aslrt_json_write in aslc/runtime.h.
 *
 * In: a value.  Out: bytes appended to a buffer.  Recurses once a level, ASLRT_NESTING_MAX levels
 * at most.  The place where the next byte goes (`to`) is handed from function to function and given
 * back; each makes sure of the room that it needs (`room`), and of ROOM_LEFT bytes more, so that
 * commas and brackets never have to ask.  Strings that carry ASLRT_FLAG_CLEAN are copied as they
 * are; others are searched for what needs an escape.
 */
#include "runtime/base/json.h"
#include "runtime/base/json_scan.h"
#include "runtime/base/limits.h"
#include "runtime/base/number.h"
#include "runtime/base/utf8.h"

#include <math.h>

enum {
    ROOM_LEFT = 16,
    ROOM_FIRST = 256,
};

struct writer {
    struct aslrt_buffer *out;
    char *limit;    /* ROOM_LEFT bytes before the end of the room */
    unsigned depth; /* containers that are open */
    bool pretty;
};

static ASLRT_COLD char *grow(struct writer *w, char *to, size_t more)
{
    struct aslrt_buffer *b = w->out;
    b->count = (size_t)(to - b->bytes);
    to = aslrt_buffer_reserve(b, more + ROOM_LEFT);
    w->limit = b->bytes + b->room - ROOM_LEFT;
    return to;
}

/* Makes room for `more` bytes at `to`, which may move.  It may stand behind the limit already, in
   the bytes that are left. */
static inline char *room(struct writer *w, char *to, size_t more)
{
    return w->limit - to >= (ptrdiff_t)more ? to : grow(w, to, more);
}

/* ---- strings ------------------------------------------------------------------------------- */

static const char hex[] = "0123456789abcdef";

/* Writes a character above ASCII at *p, which moves behind it, and gives the place behind what it
   wrote: the character itself, an escape for a lone surrogate, or one for U+FFFD where there is no
   character. */
static char *put_wide(char *to, const char **p, const char *end)
{
    unsigned n = aslrt_utf8_sequence(*p, (size_t)(end - *p));
    if (n != 0) {
        memcpy(to, *p, n);
        *p += n;
        return to + n;
    }
    uint32_t unit = 0xfffd;
    if (aslrt_is_surrogate(*p, (size_t)(end - *p)))
        unit = aslrt_utf8_next(p);
    else
        ++*p;
    memcpy(to, "\\u", 2);
    for (int i = 0; i < 4; i++)
        to[2 + i] = hex[unit >> (12 - 4 * i) & 15];
    return to + 6;
}

/* Writes a special byte (json_scan.h) with what belongs to it, in the same way. */
static char *put_special(char *to, const char **p, const char *end)
{
    static const char letters[32] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    unsigned char c = (unsigned char)**p;
    if (c >= 0x80)
        return put_wide(to, p, end);
    ++*p;
    *to++ = '\\';
    if (c >= 0x20) {
        *to++ = (char)c;
    } else if (letters[c] != 0) {
        *to++ = letters[c];
    } else {
        memcpy(to, "u00", 3);
        to[3] = hex[c >> 4];
        to[4] = hex[c & 15];
        to += 5;
    }
    return to;
}

uint8_t aslrt_json_flags(const char *bytes, size_t count)
{
    const char *end = bytes + count;
    unsigned flags = ASLRT_FLAG_CLEAN | ASLRT_FLAG_ASCII;
    for (const char *p = bytes; (p = aslrt_find_special(p, end)) < end;) {
        unsigned n = 0;
        if ((unsigned char)*p >= 0x80) {
            flags &= ~(unsigned)ASLRT_FLAG_ASCII;
            n = aslrt_utf8_sequence(p, (size_t)(end - p));
        }
        if (n == 0) {
            flags &= ~(unsigned)ASLRT_FLAG_CLEAN;
            n = 1;
        }
        p += n;
    }
    return (uint8_t)flags;
}

/* Copies bytes; most strings are short, and a call would take longer than the copy. */
static inline char *put_bytes(char *to, const char *bytes, size_t count)
{
    if (count > 16) {
        memcpy(to, bytes, count);
    } else if (count >= 8) { /* two words that may overlap */
        memcpy(to, bytes, 8);
        memcpy(to + count - 8, bytes + count - 8, 8);
    } else if (count >= 4) {
        memcpy(to, bytes, 4);
        memcpy(to + count - 4, bytes + count - 4, 4);
    } else {
        for (size_t i = 0; i < count; i++)
            to[i] = bytes[i];
    }
    return to + count;
}

static char *put_escaped(struct writer *w, char *to, const char *p, size_t count)
{
    const char *end = p + count;
    while (p < end) {
        const char *special = aslrt_find_special(p, end);
        to = room(w, to, (size_t)(special - p));
        to = put_bytes(to, p, (size_t)(special - p));
        p = special;
        while (p < end && aslrt_is_special(*p)) {
            to = room(w, to, 6);
            to = put_special(to, &p, end);
        }
    }
    return to;
}

static ASLRT_ALWAYS_INLINE char *put_string(struct writer *w, char *to, struct aslrt_value v)
{
    to = room(w, to, (size_t)v.count + 2);
    *to++ = '"';
    if ((v.flags & ASLRT_FLAG_CLEAN) != 0)
        to = put_bytes(to, v.as.bytes, v.count);
    else
        to = put_escaped(w, to, v.as.bytes, v.count);
    *to++ = '"';
    return to;
}

/* ---- other values -------------------------------------------------------------------------- */

static inline char *put_text(struct writer *w, char *to, const char *text)
{
    size_t n = strlen(text);
    to = room(w, to, n);
    memcpy(to, text, n);
    return to + n;
}

static char *new_line(struct writer *w, char *to)
{
    size_t spaces = (size_t)w->depth * 2;
    to = room(w, to, spaces + 1);
    *to++ = '\n';
    memset(to, ' ', spaces);
    return to + spaces;
}

static char *put_value(struct writer *w, char *to, struct aslrt_value v);

/* An undefined value or a function: JSON has neither. */
static bool is_nothing(struct aslrt_value v)
{
    return v.kind == ASLRT_UNDEFINED || v.kind == ASLRT_FUNCTION;
}

static char *put_items(struct writer *w, char *to, struct aslrt_value v)
{
    for (uint32_t i = 0; i < v.count; i++) {
        if (i != 0)
            *to++ = ',';
        if (w->pretty)
            to = new_line(w, to);
        struct aslrt_value item = v.as.items[i];
        to = is_nothing(item) ? put_text(w, to, "null") : put_value(w, to, item);
        to = room(w, to, 0);
    }
    return to;
}

static char *put_members(struct writer *w, char *to, struct aslrt_value v)
{
    bool first = true;
    for (uint32_t i = 0; i < v.count; i++) {
        const struct aslrt_member *m = &v.as.members[i];
        if (is_nothing(m->value))
            continue;
        if (!first)
            *to++ = ',';
        first = false;
        if (w->pretty)
            to = new_line(w, to);
        to = put_string(w, to, m->key);
        *to++ = ':';
        if (w->pretty)
            *to++ = ' ';
        to = put_value(w, to, m->value);
        to = room(w, to, 0);
    }
    return to;
}

static char *put_container(struct writer *w, char *to, struct aslrt_value v)
{
    if (w->depth == ASLRT_NESTING_MAX)
        aslrt_escape(w->out->arena->memory, ASLRT_LIMIT);
    bool array = v.kind == ASLRT_ARRAY;
    to = room(w, to, 1);
    *to++ = array ? '[' : '{';
    w->depth++;
    size_t start = (size_t)(to - w->out->bytes);
    to = array ? put_items(w, to, v) : put_members(w, to, v);
    w->depth--;
    if (w->pretty && (size_t)(to - w->out->bytes) != start)
        to = new_line(w, to);
    *to++ = array ? ']' : '}';
    return to;
}

static char *put_value(struct writer *w, char *to, struct aslrt_value v)
{
    switch (v.kind) {
    case ASLRT_NULL:
        return put_text(w, to, "null");
    case ASLRT_BOOL:
        return v.as.boolean ? put_text(w, to, "true") : put_text(w, to, "false");
    case ASLRT_INT:
        to = room(w, to, ASLRT_NUMBER_TEXT_MAX);
        return to + aslrt_int_to_text(v.as.integer, to);
    case ASLRT_DOUBLE:
        if (!isfinite(v.as.real))
            return put_text(w, to, "null");
        to = room(w, to, ASLRT_NUMBER_TEXT_MAX);
        return to + aslrt_double_to_text(v.as.real, to);
    case ASLRT_NUMBER:
        to = room(w, to, v.count);
        return put_bytes(to, v.as.bytes, v.count);
    case ASLRT_STRING:
        return put_string(w, to, v);
    case ASLRT_ARRAY:
    case ASLRT_OBJECT:
        return put_container(w, to, v);
    default: /* nothing, at the top */
        return to;
    }
}

/* ---- the functions that others call -------------------------------------------------------- */

void aslrt_json_put(struct aslrt_buffer *b, struct aslrt_value value, enum aslrt_json_style style)
{
    struct writer w = {b, NULL, 0, style == ASLRT_JSON_PRETTY};
    char *to = aslrt_buffer_reserve(b, ROOM_FIRST + ROOM_LEFT);
    w.limit = b->bytes + b->room - ROOM_LEFT;
    to = put_value(&w, to, value);
    b->count = (size_t)(to - b->bytes);
}

void aslrt_json_put_string(struct aslrt_buffer *b, const char *bytes, size_t count)
{
    struct writer w = {b, NULL, 0, false};
    char *to = aslrt_buffer_reserve(b, count + 2 + ROOM_LEFT);
    w.limit = b->bytes + b->room - ROOM_LEFT;
    *to++ = '"';
    to = put_escaped(&w, to, bytes, count);
    *to++ = '"';
    b->count = (size_t)(to - b->bytes);
}

struct writing {
    struct aslrt_buffer buffer;
    struct aslrt_value value;
    enum aslrt_json_style style;
};

static enum aslrt_status write_text(void *data)
{
    struct writing *w = data;
    aslrt_json_put(&w->buffer, w->value, w->style);
    aslrt_buffer_close(&w->buffer);
    return ASLRT_OK;
}

static enum aslrt_status write_in(struct aslrt_arena *arena, struct aslrt_value value,
                                  enum aslrt_json_style style, const char **text, size_t *count)
{
    struct writing w = {aslrt_buffer_in(arena), value, style};
    enum aslrt_status status = aslrt_protect(arena->memory, write_text, &w);
    *text = status == ASLRT_OK ? w.buffer.bytes : NULL;
    *count = status == ASLRT_OK ? w.buffer.count : 0;
    return status;
}

enum aslrt_status aslrt_json_write(struct aslrt_arena *arena, struct aslrt_value value,
                                   const char **text, size_t *count)
{
    return write_in(arena, value, ASLRT_JSON_MINIFIED, text, count);
}

enum aslrt_status aslrt_json_write_pretty(struct aslrt_arena *arena, struct aslrt_value value,
                                          const char **text, size_t *count)
{
    return write_in(arena, value, ASLRT_JSON_PRETTY, text, count);
}
