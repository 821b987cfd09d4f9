/*
 * json_write.c - values as JSON text; see json.h and aslrt_json_write in aslc/runtime.h.
 *
 * In: a value.  Out: bytes appended to a buffer.  Recurses once a level, ASLRT_NESTING_MAX levels
 * at most. Strings that carry ASLRT_FLAG_CLEAN are copied as they are; others are searched for what
 * needs an escape.
 */
#include "runtime/base/json.h"
#include "runtime/base/limits.h"
#include "runtime/base/number.h"
#include "runtime/base/json_scan.h"
#include "runtime/base/utf8.h"

#include <math.h>

struct writer {
    struct aslrt_buffer *out;
    unsigned depth; /* containers that are open */
    bool pretty;
};

/* Writes the escape for the character at *p, which moves behind it, and gives the place behind
   that; or copies a character above ASCII. */
static char *put_special(char *to, const char **p)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[32] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    unsigned char c = (unsigned char)**p;
    if (c >= 0x80) {
        unsigned n = aslrt_utf8_length((char)c);
        if (c != 0xed || (unsigned char)(*p)[1] < 0xa0) {
            memcpy(to, *p, n);
            *p += n;
            return to + n;
        }
        uint32_t unit = aslrt_utf8_next(p); /* a lone surrogate */
        memcpy(to, "\\ud", 3);
        to[3] = hex[unit >> 8 & 15];
        to[4] = hex[unit >> 4 & 15];
        to[5] = hex[unit & 15];
        return to + 6;
    }
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

static void put_string(struct aslrt_buffer *b, struct aslrt_value v)
{
    if ((v.flags & ASLRT_FLAG_CLEAN) != 0) {
        char *to = aslrt_buffer_reserve(b, (size_t)v.count + 2);
        to[0] = '"';
        memcpy(to + 1, v.as.bytes, v.count);
        to[v.count + 1] = '"';
        b->count += (size_t)v.count + 2;
        return;
    }
    aslrt_json_put_string(b, v.as.bytes, v.count);
}

void aslrt_json_put_string(struct aslrt_buffer *b, const char *bytes, size_t count)
{
    const char *p = bytes;
    const char *end = bytes + count;
    aslrt_buffer_char(b, '"');
    while (p < end) {
        const char *special = aslrt_find_special(p, end);
        aslrt_buffer_put(b, p, (size_t)(special - p));
        p = special;
        while (p < end && aslrt_is_special(*p)) {
            char *to = aslrt_buffer_reserve(b, 6);
            b->count += (size_t)(put_special(to, &p) - to);
        }
    }
    aslrt_buffer_char(b, '"');
}

static void put_double(struct aslrt_buffer *b, double d)
{
    if (!isfinite(d)) {
        aslrt_buffer_put(b, "null", 4);
        return;
    }
    char *to = aslrt_buffer_reserve(b, ASLRT_NUMBER_TEXT_MAX);
    b->count += aslrt_double_to_text(d, to);
}

static void put_int(struct aslrt_buffer *b, int64_t i)
{
    char *to = aslrt_buffer_reserve(b, ASLRT_NUMBER_TEXT_MAX);
    b->count += aslrt_int_to_text(i, to);
}

static void new_line(struct writer *w)
{
    size_t spaces = (size_t)w->depth * 2;
    char *to = aslrt_buffer_reserve(w->out, spaces + 1);
    to[0] = '\n';
    memset(to + 1, ' ', spaces);
    w->out->count += spaces + 1;
}

static void put_value(struct writer *w, struct aslrt_value v);

static void put_array(struct writer *w, struct aslrt_value v)
{
    for (uint32_t i = 0; i < v.count; i++) {
        if (i != 0)
            aslrt_buffer_char(w->out, ',');
        if (w->pretty)
            new_line(w);
        struct aslrt_value item = v.as.items[i];
        if (item.kind == ASLRT_UNDEFINED || item.kind == ASLRT_FUNCTION)
            item = aslrt_null();
        put_value(w, item);
    }
}

/* Gives false when no member was left to write. */
static bool put_members(struct writer *w, struct aslrt_value v)
{
    bool any = false;
    for (uint32_t i = 0; i < v.count; i++) {
        const struct aslrt_member *m = &v.as.members[i];
        if (m->value.kind == ASLRT_UNDEFINED || m->value.kind == ASLRT_FUNCTION)
            continue;
        if (any)
            aslrt_buffer_char(w->out, ',');
        any = true;
        if (w->pretty)
            new_line(w);
        put_string(w->out, m->key);
        aslrt_buffer_char(w->out, ':');
        if (w->pretty)
            aslrt_buffer_char(w->out, ' ');
        put_value(w, m->value);
    }
    return any;
}

static void put_container(struct writer *w, struct aslrt_value v)
{
    if (w->depth == ASLRT_NESTING_MAX)
        aslrt_escape(w->out->arena->memory, ASLRT_LIMIT);
    w->depth++;
    bool array = v.kind == ASLRT_ARRAY;
    bool any = v.count != 0;
    aslrt_buffer_char(w->out, array ? '[' : '{');
    if (array)
        put_array(w, v);
    else
        any = put_members(w, v);
    w->depth--;
    if (w->pretty && any)
        new_line(w);
    aslrt_buffer_char(w->out, array ? ']' : '}');
}

static void put_value(struct writer *w, struct aslrt_value v)
{
    struct aslrt_buffer *b = w->out;
    switch (v.kind) {
    case ASLRT_NULL:
        aslrt_buffer_put(b, "null", 4);
        break;
    case ASLRT_BOOL:
        aslrt_buffer_text(b, v.as.boolean ? "true" : "false");
        break;
    case ASLRT_INT:
        put_int(b, v.as.integer);
        break;
    case ASLRT_DOUBLE:
        put_double(b, v.as.real);
        break;
    case ASLRT_NUMBER:
        aslrt_buffer_put(b, v.as.bytes, v.count);
        break;
    case ASLRT_STRING:
        put_string(b, v);
        break;
    case ASLRT_ARRAY:
    case ASLRT_OBJECT:
        put_container(w, v);
        break;
    default: /* undefined or a function at the top: no text */
        break;
    }
}

void aslrt_json_put(struct aslrt_buffer *b, struct aslrt_value value, enum aslrt_json_style style)
{
    struct writer w = {b, 0, style == ASLRT_JSON_PRETTY};
    put_value(&w, value);
}

struct writing {
    struct aslrt_buffer buffer;
    struct aslrt_value value;
    enum aslrt_json_style style;
    const char *text;
};

static enum aslrt_status write_text(void *data)
{
    struct writing *w = data;
    aslrt_json_put(&w->buffer, w->value, w->style);
    w->text = aslrt_buffer_close(&w->buffer);
    return ASLRT_OK;
}

static enum aslrt_status write_in(struct aslrt_arena *arena, struct aslrt_value value,
                                  enum aslrt_json_style style, const char **text, size_t *count)
{
    struct writing w = {aslrt_buffer_in(arena), value, style, ""};
    enum aslrt_status status = aslrt_protect(arena->memory, write_text, &w);
    *text = status == ASLRT_OK ? w.text : NULL;
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
