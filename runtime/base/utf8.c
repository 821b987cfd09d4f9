/*
 * utf8.c - checking, decoding and measuring UTF-8; see utf8.h.
 *
 * ASCII goes by eight bytes at a time.
 */
#include "runtime/base/utf8.h"

#define HIGH_BITS 0x8080808080808080u
#define ONES      0x0101010101010101u

static uint64_t load(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

size_t aslrt_utf8_ascii(const char *bytes, size_t count)
{
    size_t i = 0;
    while (count - i >= 8 && (load(bytes + i) & HIGH_BITS) == 0)
        i += 8;
    while (i < count && (unsigned char)bytes[i] < 0x80)
        i++;
    return i;
}

static bool follows(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

unsigned aslrt_utf8_sequence(const char *bytes, size_t count)
{
    unsigned char first = (unsigned char)bytes[0];
    if (first < 0xc2 || first > 0xf4 || count < 2)
        return 0;
    unsigned char second = (unsigned char)bytes[1];
    if (!follows(bytes[1]))
        return 0;
    if (first < 0xe0)
        return 2;
    if (count < 3 || !follows(bytes[2]))
        return 0;
    if (first < 0xf0) /* no overlong forms, no surrogates */
        return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ? 0 : 3;
    if (count < 4 || !follows(bytes[3]))
        return 0;
    /* no overlong forms, nothing above U+10FFFF */
    return (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) ? 0 : 4;
}

size_t aslrt_utf8_check(const char *bytes, size_t count)
{
    size_t i = aslrt_utf8_ascii(bytes, count);
    while (i < count) {
        unsigned n = aslrt_utf8_sequence(bytes + i, count - i);
        if (n == 0)
            return i;
        i += n;
        if (i < count && (unsigned char)bytes[i] < 0x80)
            i += aslrt_utf8_ascii(bytes + i, count - i);
    }
    return count;
}

uint32_t aslrt_utf8_next(const char **p)
{
    const unsigned char *s = (const unsigned char *)*p;
    unsigned n = aslrt_utf8_length((*p)[0]);
    *p += n;
    switch (n) {
    case 1:
        return s[0];
    case 2:
        return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
    case 3:
        return (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
    default:
        return (s[0] & 0x07u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
    }
}

unsigned aslrt_utf8_put(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

size_t aslrt_utf8_count(const char *bytes, size_t count)
{
    size_t n = 0;
    size_t i = 0;
    for (; count - i >= 8; i += 8) {
        uint64_t w = load(bytes + i);
        uint64_t follow = (w >> 7) & (~w >> 6) & ONES; /* a one for each byte 10xxxxxx */
        n += 8 - (size_t)((follow * ONES) >> 56);
    }
    for (; i < count; i++)
        n += !follows(bytes[i]);
    return n;
}

size_t aslrt_utf16_count(const char *bytes, size_t count)
{
    size_t n = aslrt_utf8_count(bytes, count);
    for (size_t i = aslrt_utf8_ascii(bytes, count); i < count; i++)
        n += (unsigned char)bytes[i] >= 0xf0;
    return n;
}

size_t aslrt_utf8_offset(const char *bytes, size_t count, size_t n)
{
    size_t i = aslrt_utf8_ascii(bytes, count < n ? count : n);
    n -= i;
    for (; n > 0 && i < count; n--)
        i += aslrt_utf8_length(bytes[i]);
    return i;
}

size_t aslrt_utf16_offset(const char *bytes, size_t count, size_t n, bool *inside)
{
    size_t i = aslrt_utf8_ascii(bytes, count < n ? count : n);
    n -= i;
    *inside = false;
    while (n > 0 && i < count) {
        unsigned length = aslrt_utf8_length(bytes[i]);
        if (length == 4 && n == 1) {
            *inside = true;
            return i;
        }
        n -= length == 4 ? 2 : 1;
        i += length;
    }
    return i;
}

/* The first UTF-16 code unit of a character. */
static uint32_t first_unit(uint32_t c)
{
    return c > 0xffff ? 0xd800 + ((c - 0x10000) >> 10) : c;
}

/* The unit after the first one of `c`: its second, or the first of what follows at p; -1 at the
 * end. */
static int64_t second_unit(uint32_t c, const char *p, const char *end)
{
    if (c > 0xffff)
        return 0xdc00 + (c & 0x3ff);
    return p < end ? (int64_t)first_unit(aslrt_utf8_next(&p)) : -1;
}

int aslrt_utf16_compare(const char *a, size_t a_count, const char *b, size_t b_count)
{
    size_t n = a_count < b_count ? a_count : b_count;
    size_t i = 0;
    while (n - i >= 8 && load(a + i) == load(b + i))
        i += 8;
    while (i < n && a[i] == b[i])
        i++;
    if (i == n)
        return (a_count > b_count) - (a_count < b_count);
    while (i > 0 && follows(a[i])) /* back to the start of the character */
        i--;
    const char *p = a + i;
    const char *q = b + i;
    uint32_t x = aslrt_utf8_next(&p);
    uint32_t y = aslrt_utf8_next(&q);
    int64_t x_unit = first_unit(x);
    int64_t y_unit = first_unit(y);
    if (x_unit == y_unit) { /* the same high surrogate: two pairs, or a pair and a lone one */
        x_unit = second_unit(x, p, a + a_count);
        y_unit = second_unit(y, q, b + b_count);
    }
    return x_unit < y_unit ? -1 : 1;
}

void aslrt_utf8_join(struct aslrt_buffer *b, const char *bytes, size_t count)
{
    if (count >= 3 && b->count >= 3 && (unsigned char)bytes[0] == 0xed &&
        (unsigned char)b->bytes[b->count - 3] == 0xed) {
        const char *before = b->bytes + b->count - 3;
        const char *after = bytes;
        uint32_t high = aslrt_utf8_next(&before);
        uint32_t low = aslrt_utf8_next(&after);
        if (aslrt_is_high_surrogate(high) && aslrt_is_low_surrogate(low)) {
            b->count -= 3;
            char *to = aslrt_buffer_reserve(b, 4);
            b->count += aslrt_utf8_put(aslrt_from_surrogates(high, low), to);
            bytes += 3;
            count -= 3;
        }
    }
    aslrt_buffer_put(b, bytes, count);
}

int32_t aslrt_hex4(const char *bytes, size_t count)
{
    if (count < 4)
        return -1;
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int c = (unsigned char)bytes[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}
