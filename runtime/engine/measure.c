/*
 * measure.c - how many bytes a value has as JSON, as far as a quota needs to know.
 *
 * The service counts the UTF-8 bytes of the JSON text of inputs, outputs, results and variables.
 * A cheap upper bound settles nearly every case; only near the limit is the text really written.
 */
#include "runtime/base/json.h"
#include "runtime/base/limits.h"
#include "runtime/engine/exec.h"

/* At most so many bytes does a string of `count` bytes take: every byte as \u00XX, and quotes. */
static size_t string_bound(struct aslrt_value v)
{
    return (v.flags & ASLRT_FLAG_CLEAN) != 0 ? v.count + (size_t)2 : v.count * (size_t)6 + 2;
}

/* Adds an upper bound of the value's text to *total; stops early once it is above the limit.  False
   when the value is nested too deeply. */
static bool bound(struct aslrt_value v, size_t limit, unsigned depth, size_t *total)
{
    switch ((enum aslrt_kind)v.kind) {
    case ASLRT_STRING:
        *total += string_bound(v);
        return true;
    case ASLRT_NUMBER:
        *total += v.count;
        return true;
    case ASLRT_ARRAY:
        if (depth == 0)
            return false;
        *total += 2 + (size_t)v.count;
        for (uint32_t i = 0; i < v.count; i++) {
            if (!bound(v.as.items[i], limit, depth - 1, total))
                return false;
            if (*total > limit)
                return true;
        }
        return true;
    case ASLRT_OBJECT:
        if (depth == 0)
            return false;
        *total += 2 + 2 * (size_t)v.count;
        for (uint32_t i = 0; i < v.count; i++) {
            *total += string_bound(v.as.members[i].key);
            if (!bound(v.as.members[i].value, limit, depth - 1, total))
                return false;
            if (*total > limit)
                return true;
        }
        return true;
    default:
        *total += 26; /* the longest double */
        return true;
    }
}

/* The depth must be known for the whole value: the bound may have stopped before its end. */
static bool shallow(struct aslrt_value v, unsigned depth)
{
    if (v.kind != ASLRT_ARRAY && v.kind != ASLRT_OBJECT)
        return true;
    if (depth == 0)
        return false;
    for (uint32_t i = 0; i < v.count; i++)
        if (!shallow(v.kind == ASLRT_ARRAY ? v.as.items[i] : v.as.members[i].value, depth - 1))
            return false;
    return true;
}

size_t aslrt_size(struct aslrt_arena *arena, struct aslrt_value value)
{
    struct aslrt_buffer text = aslrt_buffer_in(arena);
    aslrt_json_put(&text, value, ASLRT_JSON_MINIFIED);
    return text.count;
}

size_t aslrt_size_at_most(struct aslrt_value value, size_t limit)
{
    size_t total = 0;
    return bound(value, limit, ASLRT_DEPTH_MAX, &total) ? total : SIZE_MAX;
}

enum aslrt_fit aslrt_measure(struct aslrt_arena *arena, struct aslrt_value value, size_t limit)
{
    size_t total = 0;
    if (!bound(value, limit, ASLRT_DEPTH_MAX, &total))
        return ASLRT_TOO_DEEP;
    if (total <= limit)
        return ASLRT_FITS;
    if (!shallow(value, ASLRT_DEPTH_MAX))
        return ASLRT_TOO_DEEP;
    return aslrt_size(arena, value) <= limit ? ASLRT_FITS : ASLRT_TOO_LARGE;
}
