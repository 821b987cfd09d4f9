/*
 * stringify.c - JSON text as JavaScript writes it; see stringify.h.
 *
 * In: a value.  Out: bytes appended to a buffer.  Recurses once a level, ASLRT_NESTING_MAX at most.
 */
#include "runtime/expr/stringify.h"

#include "runtime/base/json.h"
#include "runtime/base/limits.h"
#include "runtime/expr/decimal.h"

#include <math.h>
#include <stdlib.h>

/* ---- the order of keys ---- */

/* The array index that the key spells, or UINT32_MAX when it spells none. */
static uint32_t index_of_key(struct aslrt_value key)
{
    if (key.count == 0 || key.count > 10 || (key.as.bytes[0] == '0' && key.count > 1))
        return UINT32_MAX;
    uint64_t n = 0;
    for (uint32_t i = 0; i < key.count; i++) {
        char c = key.as.bytes[i];
        if (c < '0' || c > '9')
            return UINT32_MAX;
        n = n * 10 + (uint64_t)(c - '0');
    }
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static int by_index(const void *a, const void *b)
{
    const struct aslrt_member *x = a, *y = b;
    uint32_t i = index_of_key(x->key), k = index_of_key(y->key);
    return i < k ? -1 : i > k;
}

static bool starts_with_digit(struct aslrt_value key)
{
    return key.count != 0 && key.as.bytes[0] <= '9' && key.as.bytes[0] >= '0';
}

/* Copies the members with index keys first. */
static const struct aslrt_member *reorder(struct aslrt_arena *arena, struct aslrt_value object)
{
    struct aslrt_member *out = aslrt_alloc(arena, object.count * sizeof *out);
    uint32_t n = 0;
    for (uint32_t i = 0; i < object.count; i++)
        if (index_of_key(object.as.members[i].key) != UINT32_MAX)
            out[n++] = object.as.members[i];
    qsort(out, n, sizeof *out, by_index);
    for (uint32_t i = 0; i < object.count; i++)
        if (index_of_key(object.as.members[i].key) == UINT32_MAX)
            out[n++] = object.as.members[i];
    return out;
}

const struct aslrt_member *aslrt_js_order(struct aslrt_arena *arena, struct aslrt_value object)
{
    const struct aslrt_member *m = object.as.members;
    uint32_t last = 0;
    bool names = false; /* a key that is no index has been seen */
    for (uint32_t i = 0; i < object.count; i++) {
        uint32_t index = starts_with_digit(m[i].key) ? index_of_key(m[i].key) : UINT32_MAX;
        if (index == UINT32_MAX)
            names = true;
        else if (names || (i != 0 && index < last))
            return reorder(arena, object);
        last = index;
    }
    return m;
}

/* ---- writing ---- */

struct writer {
    struct aslrt_buffer *out;
    unsigned flags, depth;
    double infinity;
};

static void put(struct writer *w, struct aslrt_value v);

static void new_line(struct writer *w)
{
    if ((w->flags & ASLRT_STRINGIFY_PRETTY) == 0)
        return;
    aslrt_buffer_char(w->out, '\n');
    for (unsigned i = 0; i < w->depth; i++)
        aslrt_buffer_put(w->out, "  ", 2);
}

static void put_number(struct writer *w, struct aslrt_value v)
{
    double d =
        v.kind == ASLRT_NUMBER ? aslrt_decimal_read(v.as.bytes, v.count) : aslrt_to_double(v);
    if (!isfinite(d)) {
        if (isinf(d))
            w->infinity = d;
        aslrt_buffer_text(w->out, "null");
        return;
    }
    if ((w->flags & ASLRT_STRINGIFY_15) ||
        ((w->flags & ASLRT_STRINGIFY_15_FRACTIONS) && d != floor(d)))
        d = aslrt_decimal_15(d);
    char *to = aslrt_buffer_reserve(w->out, ASLRT_NUMBER_TEXT_MAX);
    w->out->count += aslrt_decimal_write(d, to);
}

static void put_array(struct writer *w, struct aslrt_value v)
{
    for (uint32_t i = 0; i < v.count; i++) {
        if (i != 0)
            aslrt_buffer_char(w->out, ',');
        new_line(w);
        struct aslrt_value item = v.as.items[i];
        put(w, item.kind == ASLRT_UNDEFINED ? aslrt_null() : item);
    }
}

/* True when something was written. */
static bool put_members(struct writer *w, struct aslrt_value v)
{
    const struct aslrt_member *m = aslrt_js_order(w->out->arena, v);
    bool some = false;
    for (uint32_t i = 0; i < v.count; i++) {
        if (m[i].value.kind == ASLRT_UNDEFINED)
            continue;
        if (some)
            aslrt_buffer_char(w->out, ',');
        some = true;
        new_line(w);
        aslrt_json_put_string(w->out, m[i].key.as.bytes, m[i].key.count);
        aslrt_buffer_char(w->out, ':');
        if (w->flags & ASLRT_STRINGIFY_PRETTY)
            aslrt_buffer_char(w->out, ' ');
        put(w, m[i].value);
    }
    return some;
}

static void put_container(struct writer *w, struct aslrt_value v)
{
    bool array = v.kind == ASLRT_ARRAY, some = v.count != 0;
    if (w->depth == ASLRT_NESTING_MAX)
        aslrt_escape(w->out->arena->memory, ASLRT_LIMIT);
    w->depth++;
    aslrt_buffer_char(w->out, array ? '[' : '{');
    if (array)
        put_array(w, v);
    else
        some = put_members(w, v);
    w->depth--;
    if (some)
        new_line(w);
    aslrt_buffer_char(w->out, array ? ']' : '}');
}

static void put(struct writer *w, struct aslrt_value v)
{
    switch (v.kind) {
    case ASLRT_NULL:
        aslrt_buffer_text(w->out, "null");
        break;
    case ASLRT_BOOL:
        aslrt_buffer_text(w->out, v.as.boolean ? "true" : "false");
        break;
    case ASLRT_INT:
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
        put_number(w, v);
        break;
    case ASLRT_STRING:
        aslrt_json_put_string(w->out, v.as.bytes, v.count);
        break;
    case ASLRT_ARRAY:
    case ASLRT_OBJECT:
        put_container(w, v);
        break;
    case ASLRT_FUNCTION:
        aslrt_buffer_text(w->out, w->flags == ASLRT_STRINGIFY_JSON ? "{}" : "\"\"");
        break;
    default:
        break;
    }
}

double aslrt_stringify(struct aslrt_buffer *b, struct aslrt_value value, unsigned flags)
{
    struct writer w = {b, flags, 0, 0};
    put(&w, value);
    return w.infinity;
}
