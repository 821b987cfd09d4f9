/*
 * functions_string.c - strings: $string, $length, $substring, $pad, $trim, case, $join.
 *
 * In: validated arguments.  Out: strings in the evaluation's arena, or pieces of the argument.
 * $length, $substring and $pad count characters; everything that searches sees UTF-16 code units,
 * which makes a difference only where half of a pair of surrogates is looked for (text.c).
 */
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/stringify.h"
#include "runtime/expr/text.h"
#include "runtime/expr/unicode.h"

#include <math.h>

/* JavaScript gives up beyond this many code units. */
#define STRING_MAX ((1u << 29) - 24)

static struct aslrt_value made(struct aslrt_buffer *b, uint8_t flags)
{
    if (b->count > UINT32_MAX - 1)
        aslrt_escape(b->arena->memory, ASLRT_LIMIT);
    struct aslrt_value v = aslrt_string(aslrt_buffer_close(b), (uint32_t)b->count);
    v.flags = flags;
    return v;
}

/* The bytes [from, to) of a string. */
static struct aslrt_value piece(struct aslrt_value s, size_t from, size_t to)
{
    struct aslrt_value v = aslrt_string(s.as.bytes + from, (uint32_t)(to - from));
    v.flags = s.flags & (ASLRT_FLAG_ASCII | ASLRT_FLAG_CLEAN);
    return v;
}

struct aslrt_value aslrt_expr_concat(struct evaluation *c, struct aslrt_value a,
                                     struct aslrt_value b)
{
    if (a.count == 0)
        return b;
    if (b.count == 0)
        return a;
    size_t count = (size_t)a.count + b.count;
    if (count > STRING_MAX)
        aslrt_eval_fail_message(c, "Invalid string length");
    if (count > 4096) {
        aslrt_eval_hold(c, count);
        aslrt_eval_reserve(c, count);
    }
    if (b.as.bytes[0] == (char)0xed && a.count >= 3 && a.as.bytes[a.count - 3] == (char)0xed) {
        struct aslrt_buffer joined = aslrt_buffer_in(c->arena); /* perhaps two halves of a pair */
        aslrt_buffer_put(&joined, a.as.bytes, a.count);
        aslrt_utf8_join(&joined, b.as.bytes, b.count);
        return made(&joined, 0);
    }
    char *bytes;
    if (c->joined == a.as.bytes && c->joined_count == a.count) {
        /* a & b & c: the string that was made last grows where it stands; nobody else sees that */
        bytes = (char *)(uintptr_t)a.as.bytes;
        if (count > c->joined_room) { /* a new place: others may still have the old one */
            if (count > 4096)
                aslrt_eval_reserve(c, count * 2);
            bytes = aslrt_alloc(c->arena, count * 2);
            memcpy(bytes, a.as.bytes, a.count);
            c->joined_room = count * 2;
        }
    } else {
        bytes = aslrt_alloc(c->arena, count);
        memcpy(bytes, a.as.bytes, a.count);
        c->joined_room = count;
    }
    memcpy(bytes + a.count, b.as.bytes, b.count);
    c->joined = bytes;
    c->joined_count = (uint32_t)count;
    struct aslrt_value v = aslrt_string(bytes, (uint32_t)count);
    v.flags = a.flags & b.flags & (ASLRT_FLAG_ASCII | ASLRT_FLAG_CLEAN);
    return v;
}

struct aslrt_value aslrt_fn_string(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0), pretty = call_arg(call, 1);
    if (v.kind == ASLRT_UNDEFINED)
        return v;
    if (pretty.kind != ASLRT_BOOL || !pretty.as.boolean ||
        (v.kind != ASLRT_ARRAY && v.kind != ASLRT_OBJECT))
        return aslrt_expr_to_string(call->c, v);
    if (v.kind == ASLRT_ARRAY && (v.flags & EXPR_OUTER))
        v = v.as.items[0];
    struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
    aslrt_expr_stringify(call->c, &b, v, ASLRT_STRINGIFY_PRETTY);
    return made(&b, 0);
}

/* ---- characters ---- */

static size_t length(struct aslrt_value s)
{
    return aslrt_text_is_ascii(s) ? s.count : aslrt_utf8_count(s.as.bytes, s.count);
}

struct aslrt_value aslrt_fn_length(struct call *call)
{
    struct aslrt_value s = call_arg(call, 0);
    return s.kind == ASLRT_UNDEFINED ? s : expr_number((double)length(s));
}

/* A place in an array of `count` items as Array.prototype.slice understands it. */
static size_t slice_place(double place, size_t count)
{
    if (isnan(place))
        return 0;
    place = trunc(place);
    if (place < 0)
        place += (double)count;
    if (place < 0)
        return 0;
    return place > (double)count ? count : (size_t)place;
}

/* The characters [from, to) of a string. */
static struct aslrt_value characters(struct aslrt_value s, double from, double to)
{
    bool ascii = aslrt_text_is_ascii(s);
    size_t count = ascii ? s.count : aslrt_utf8_count(s.as.bytes, s.count);
    size_t first = slice_place(from, count), last = slice_place(to, count);
    if (last <= first)
        return aslrt_text("");
    if (!ascii) {
        last = aslrt_utf8_offset(s.as.bytes, s.count, last);
        first = aslrt_utf8_offset(s.as.bytes, s.count, first);
    }
    return piece(s, first, last);
}

struct aslrt_value aslrt_fn_substring(struct call *call)
{
    struct aslrt_value s = call_arg(call, 0), start = call_arg(call, 1), count = call_arg(call, 2);
    if (s.kind == ASLRT_UNDEFINED)
        return s;
    double all = (double)length(s);
    double from = start.kind == ASLRT_UNDEFINED ? NAN : expr_double(start);
    if (all + from < 0)
        from = 0;
    if (count.kind == ASLRT_UNDEFINED)
        return characters(s, from, all);
    double n = expr_double(count);
    if (n <= 0)
        return aslrt_text("");
    return characters(s, from, from >= 0 ? from + n : all + from + n);
}

/* What stands before the part, or behind it; the whole string when it isn't found. */
static struct aslrt_value cut(struct call *call, bool before)
{
    struct aslrt_value s = call_arg(call, 0), part = call_arg(call, 1);
    if (s.kind == ASLRT_UNDEFINED || part.kind == ASLRT_UNDEFINED)
        return s;
    if (aslrt_text_has_open_pair(part)) { /* it may be half of a character */
        struct aslrt_units text = aslrt_units_of(call->c->arena, s);
        struct aslrt_units wanted = aslrt_units_of(call->c->arena, part);
        size_t at = aslrt_units_find(text, wanted, 0);
        if (at == SIZE_MAX)
            return s;
        return before ? aslrt_units_text(call->c->arena, text, 0, at)
                      : aslrt_units_text(call->c->arena, text, at + wanted.count, text.count);
    }
    size_t at = aslrt_text_find(s, part, 0);
    if (at == SIZE_MAX)
        return s;
    return before ? piece(s, 0, at) : piece(s, at + part.count, s.count);
}

struct aslrt_value aslrt_fn_substringBefore(struct call *call)
{
    return cut(call, true);
}

struct aslrt_value aslrt_fn_substringAfter(struct call *call)
{
    return cut(call, false);
}

/* ---- case ---- */

struct aslrt_value aslrt_fn_uppercase(struct call *call)
{
    struct aslrt_value s = call_arg(call, 0);
    if (s.kind == ASLRT_UNDEFINED)
        return s;
    struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
    aslrt_eval_reserve(call->c, s.count);
    aslrt_unicode_upper(&b, s.as.bytes, s.count);
    return made(&b, s.flags & (ASLRT_FLAG_ASCII | ASLRT_FLAG_CLEAN));
}

struct aslrt_value aslrt_fn_lowercase(struct call *call)
{
    struct aslrt_value s = call_arg(call, 0);
    if (s.kind == ASLRT_UNDEFINED)
        return s;
    struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
    aslrt_eval_reserve(call->c, s.count);
    aslrt_unicode_lower(&b, s.as.bytes, s.count);
    return made(&b, s.flags & (ASLRT_FLAG_ASCII | ASLRT_FLAG_CLEAN));
}

/* ---- blanks and padding ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct aslrt_value aslrt_fn_trim(struct call *call)
{
    struct aslrt_value s = call_arg(call, 0);
    if (s.kind == ASLRT_UNDEFINED)
        return s;
    const char *p = s.as.bytes, *end = p + s.count;
    while (p < end && is_blank(*p))
        p++;
    while (p < end && is_blank(end[-1]))
        end--;
    struct aslrt_value inner = piece(s, (size_t)(p - s.as.bytes), (size_t)(end - s.as.bytes));
    bool plain = true;
    for (const char *q = p; q < end && plain; q++)
        plain = !is_blank(*q) || (*q == ' ' && !is_blank(q[1]));
    if (plain)
        return inner;
    char *bytes = aslrt_alloc(call->c->arena, inner.count), *to = bytes;
    for (; p < end; p++) {
        if (!is_blank(*p))
            *to++ = *p;
        else if (!is_blank(p[1]))
            *to++ = ' ';
    }
    inner.as.bytes = bytes;
    inner.count = (uint32_t)(to - bytes);
    return inner;
}

/* `count` characters of the filling, which is repeated. */
static void put_padding(struct evaluation *c, struct aslrt_buffer *b, struct aslrt_value filling,
                        double count)
{
    size_t characters_in = length(filling);
    double bytes = count / (double)characters_in * filling.count;
    if (count >= STRING_MAX || bytes >= STRING_MAX)
        aslrt_eval_fail_message(c, "Invalid string length");
    aslrt_eval_reserve(c, (size_t)bytes + filling.count);
    size_t left = (size_t)count;
    if (filling.count == 1) {
        memset(aslrt_buffer_reserve(b, left), filling.as.bytes[0], left);
        b->count += left;
        return;
    }
    for (; left >= characters_in; left -= characters_in)
        aslrt_buffer_put(b, filling.as.bytes, filling.count);
    aslrt_buffer_put(b, filling.as.bytes, aslrt_utf8_offset(filling.as.bytes, filling.count, left));
}

struct aslrt_value aslrt_fn_pad(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value s = call_arg(call, 0), width = call_arg(call, 1),
                       filling = call_arg(call, 2);
    if (s.kind == ASLRT_UNDEFINED || width.kind == ASLRT_UNDEFINED)
        return s;
    double w = expr_double(width);
    if (c->dialect == ASLRT_JSONATA_ASL)
        w = floor(w); /* the service rounds down what has to be an integer */
    else if (c->version >= ASLRT_JSONATA_2_2)
        w = trunc(w);
    double padding = fabs(w) - (double)length(s);
    if (!(padding > 0))
        return s;
    if (padding != floor(padding) || padding + 1 > UINT32_MAX)
        aslrt_eval_fail_message(c, "Invalid array length");
    if (filling.kind == ASLRT_UNDEFINED || filling.count == 0)
        filling = aslrt_text(" ");
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    if (w > 0)
        aslrt_buffer_put(&b, s.as.bytes, s.count);
    put_padding(c, &b, filling, padding);
    if (w < 0)
        aslrt_buffer_put(&b, s.as.bytes, s.count);
    return made(&b, 0);
}

/* ---- $join ---- */

struct aslrt_value aslrt_fn_join(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value strings = call_arg(call, 0), separator = call_arg(call, 1);
    if (strings.kind == ASLRT_UNDEFINED)
        return strings;
    if (separator.kind == ASLRT_UNDEFINED)
        separator = aslrt_text("");
    size_t count = 0;
    for (uint32_t i = 0; i < strings.count; i++)
        count += (size_t)strings.as.items[i].count + separator.count;
    if (count > STRING_MAX)
        aslrt_eval_fail_message(c, "Invalid string length");
    aslrt_eval_reserve(c, count);
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_buffer_reserve(&b, count);
    for (uint32_t i = 0; i < strings.count; i++) {
        if (i != 0)
            aslrt_utf8_join(&b, separator.as.bytes, separator.count);
        aslrt_utf8_join(&b, strings.as.items[i].as.bytes, strings.as.items[i].count);
    }
    return made(&b, 0);
}
