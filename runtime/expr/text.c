/*
 * text.c - code units, searching, and numbers as text; see text.h.
 */
#include "runtime/expr/text.h"

#include "runtime/base/number.h"

#include <math.h>

void aslrt_text_put_unit(struct aslrt_buffer *b, uint16_t unit)
{
    char bytes[4];
    unsigned n = aslrt_utf8_put(unit, bytes);
    aslrt_utf8_join(b, bytes, n);
}

struct aslrt_value aslrt_text_first_unit(struct aslrt_arena *arena, const char *bytes, size_t count)
{
    if (count == 0)
        return aslrt_text("");
    const char *p = bytes;
    uint32_t c = aslrt_utf8_next(&p);
    if (c > 0xffff) {
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        aslrt_text_put_unit(&b, (uint16_t)(0xd800 + ((c - 0x10000) >> 10)));
        return aslrt_string(aslrt_buffer_close(&b), (uint32_t)b.count);
    }
    return aslrt_string(bytes, (uint32_t)(p - bytes));
}

void aslrt_text_put_value(struct aslrt_buffer *b, struct aslrt_value v)
{
    switch (v.kind) {
    case ASLRT_STRING:
        aslrt_utf8_join(b, v.as.bytes, v.count);
        break;
    case ASLRT_BOOL:
        aslrt_buffer_text(b, v.as.boolean ? "true" : "false");
        break;
    case ASLRT_NULL:
        aslrt_buffer_text(b, "null");
        break;
    case ASLRT_INT:
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
        b->count += aslrt_double_to_text(aslrt_to_double(v),
                                         aslrt_buffer_reserve(b, ASLRT_NUMBER_TEXT_MAX));
        break;
    default:
        break;
    }
}

size_t aslrt_text_find(struct aslrt_value text, struct aslrt_value part, size_t from)
{
    if (from > text.count || part.count > text.count - from)
        return SIZE_MAX;
    if (part.count == 0)
        return from;
    const char *found = memmem(text.as.bytes + from, text.count - from, part.as.bytes, part.count);
    return found == NULL ? SIZE_MAX : (size_t)(found - text.as.bytes);
}

bool aslrt_text_has_open_pair(struct aslrt_value text)
{
    const unsigned char *b = (const unsigned char *)text.as.bytes;
    uint32_t n = text.count;
    return n >= 3 && ((b[0] == 0xed && b[1] >= 0xb0) ||
                      (b[n - 3] == 0xed && b[n - 2] >= 0xa0 && b[n - 2] < 0xb0));
}

struct aslrt_units aslrt_units_of(struct aslrt_arena *arena, struct aslrt_value s)
{
    struct aslrt_units u = {aslrt_alloc(arena, ((size_t)s.count + 1) * sizeof(uint16_t)), 0};
    const char *p = s.as.bytes, *end = p + s.count;
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x80) {
            u.units[u.count++] = c;
            p++;
            continue;
        }
        uint32_t character = aslrt_utf8_next(&p);
        if (character > 0xffff) {
            u.units[u.count++] = (uint16_t)(0xd800 + ((character - 0x10000) >> 10));
            character = 0xdc00 + (character & 0x3ff);
        }
        u.units[u.count++] = (uint16_t)character;
    }
    return u;
}

struct aslrt_value aslrt_units_text(struct aslrt_arena *arena, struct aslrt_units u, size_t from,
                                    size_t to)
{
    char *bytes = aslrt_alloc(arena, (to - from) * 3), *p = bytes;
    for (size_t i = from; i < to; i++) {
        uint32_t c = u.units[i];
        if (aslrt_is_high_surrogate(c) && i + 1 < to && aslrt_is_low_surrogate(u.units[i + 1]))
            c = aslrt_from_surrogates(c, u.units[++i]);
        p += aslrt_utf8_put(c, p);
    }
    return aslrt_string(bytes, (uint32_t)(p - bytes));
}

size_t aslrt_units_find(struct aslrt_units u, struct aslrt_units part, size_t from)
{
    for (size_t i = from; i + part.count <= u.count; i++)
        if ((part.count == 0 || u.units[i] == part.units[0]) &&
            memcmp(u.units + i, part.units, part.count * sizeof *part.units) == 0)
            return i;
    return SIZE_MAX;
}

void aslrt_units_insert(struct aslrt_unit_buffer *b, size_t at, const uint16_t *units, size_t count)
{
    if (b->count + count > b->room) {
        size_t room = (b->count + count) * 2 + 16;
        b->units = aslrt_resize(b->arena, b->units, b->room * sizeof *units, room * sizeof *units);
        b->room = room;
    }
    if (b->count != at)
        memmove(b->units + at + count, b->units + at, (b->count - at) * sizeof *units);
    if (count != 0)
        memcpy(b->units + at, units, count * sizeof *units);
    b->count += count;
}

void aslrt_units_add(struct aslrt_unit_buffer *b, const char *text, size_t count)
{
    while (count > 0) {
        uint16_t units[32];
        size_t n = count < 32 ? count : 32;
        for (size_t i = 0; i < n; i++)
            units[i] = (unsigned char)text[i];
        aslrt_units_insert(b, b->count, units, n);
        text += n;
        count -= n;
    }
}

void aslrt_units_pad(struct aslrt_unit_buffer *b, size_t at, struct aslrt_units text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        aslrt_units_insert(b, at, text.units, text.count);
}

bool aslrt_unit_is_space(uint16_t u)
{
    return (u >= 9 && u <= 13) || u == 0x20 || u == 0xa0 || u == 0x1680 ||
           (u >= 0x2000 && u <= 0x200a) || u == 0x2028 || u == 0x2029 || u == 0x202f ||
           u == 0x205f || u == 0x3000 || u == 0xfeff;
}

static int digit_value(uint16_t u)
{
    if (u >= '0' && u <= '9')
        return u - '0';
    u |= 0x20;
    return u >= 'a' && u <= 'z' ? u - 'a' + 10 : 36;
}

double aslrt_parse_int(struct aslrt_units text)
{
    size_t i = 0;
    double sign = 1, value = 0;
    int base = 10;
    while (i < text.count && aslrt_unit_is_space(text.units[i]))
        i++;
    if (i < text.count && (text.units[i] == '-' || text.units[i] == '+'))
        sign = text.units[i++] == '-' ? -1 : 1;
    if (i + 1 < text.count && text.units[i] == '0' && (text.units[i + 1] | 0x20) == 'x') {
        base = 16;
        i += 2;
    }
    size_t first = i;
    for (; i < text.count && digit_value(text.units[i]) < base; i++)
        value = value * base + digit_value(text.units[i]);
    if (i == first)
        return NAN;
    if (base == 10 && i - first > 15 && i - first < 400) { /* round once, not at every digit */
        char digits[400];
        size_t n = 0;
        while (first + 1 < i && text.units[first] == '0')
            first++;
        for (; first < i; first++)
            digits[n++] = (char)text.units[first];
        value = aslrt_number_to_double(digits, n);
    }
    return sign * value;
}
