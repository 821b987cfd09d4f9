/*
 * unicode.c - upper and lower case; see unicode.h.
 *
 * The only rule that looks around is the final sigma: at the end of a word it is another letter.
 */
#include "runtime/expr/unicode.h"

#include "runtime/base/utf8.h"

struct change { /* every step-th character of [first, last] moves by delta */
    uint32_t first, last;
    int32_t step, delta;
};
struct expansion {
    uint32_t character;
    const char *text;
};
struct range {
    uint32_t first, last;
};

#define UPPER(first, last, step, delta)
#define LOWER(first, last, step, delta)
#define UPPER_FULL(character, text)
#define LOWER_FULL(character, text)
#define CASED(first, last)
#define IGNORABLE(first, last)

static const struct change upper_changes[] = {
#undef UPPER
#define UPPER(first, last, step, delta) {first, last, step, delta},
#include "runtime/expr/unicode_case.def"
#undef UPPER
#define UPPER(first, last, step, delta)
};
static const struct change lower_changes[] = {
#undef LOWER
#define LOWER(first, last, step, delta) {first, last, step, delta},
#include "runtime/expr/unicode_case.def"
#undef LOWER
#define LOWER(first, last, step, delta)
};
static const struct expansion upper_expansions[] = {
#undef UPPER_FULL
#define UPPER_FULL(character, text) {character, text},
#include "runtime/expr/unicode_case.def"
#undef UPPER_FULL
#define UPPER_FULL(character, text)
};
static const struct expansion lower_expansions[] = {
#undef LOWER_FULL
#define LOWER_FULL(character, text) {character, text},
#include "runtime/expr/unicode_case.def"
#undef LOWER_FULL
#define LOWER_FULL(character, text)
};
static const struct range cased[] = {
#undef CASED
#define CASED(first, last) {first, last},
#include "runtime/expr/unicode_case.def"
#undef CASED
#define CASED(first, last)
};
static const struct range ignorable[] = {
#undef IGNORABLE
#define IGNORABLE(first, last) {first, last},
#include "runtime/expr/unicode_case.def"
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool in_ranges(const struct range *table, size_t count, uint32_t c)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = (low + count) / 2;
        if (c < table[middle].first)
            count = middle;
        else if (c > table[middle].last)
            low = middle + 1;
        else
            return true;
    }
    return false;
}

static uint32_t simple(const struct change *table, size_t count, uint32_t c)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = (low + count) / 2;
        const struct change *r = &table[middle];
        if (c < r->first)
            count = middle;
        else if (c > r->last)
            low = middle + 1;
        else
            return (c - r->first) % (uint32_t)r->step == 0 ? c + (uint32_t)r->delta : c;
    }
    return c;
}

static const char *expanded(const struct expansion *table, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].character == c)
            return table[i].text;
    return NULL;
}

uint32_t aslrt_unicode_upper_simple(uint32_t c)
{
    if (expanded(upper_expansions, COUNT(upper_expansions), c) != NULL)
        return c;
    return simple(upper_changes, COUNT(upper_changes), c);
}

/* ASCII letters of one case, 8 at a time, without branches that data decides. */
static void put_ascii(struct aslrt_buffer *b, const char *bytes, size_t count, char first)
{
    char *to = aslrt_buffer_reserve(b, count);
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool letter = (unsigned char)(c - (unsigned char)first) < 26;
        to[i] = (char)(letter ? c ^ 0x20 : c);
    }
    b->count += count;
}

static void put_character(struct aslrt_buffer *b, uint32_t c)
{
    char bytes[4];
    aslrt_buffer_put(b, bytes, aslrt_utf8_put(c, bytes));
}

void aslrt_unicode_upper(struct aslrt_buffer *b, const char *bytes, size_t count)
{
    const char *p = bytes, *end = bytes + count;
    while (p < end) {
        size_t ascii = aslrt_utf8_ascii(p, (size_t)(end - p));
        put_ascii(b, p, ascii, 'a');
        p += ascii;
        if (p == end)
            break;
        uint32_t c = aslrt_utf8_next(&p);
        const char *text = expanded(upper_expansions, COUNT(upper_expansions), c);
        if (text != NULL)
            aslrt_buffer_text(b, text);
        else
            put_character(b, simple(upper_changes, COUNT(upper_changes), c));
    }
}

static bool is_ignorable(uint32_t c)
{
    return in_ranges(ignorable, COUNT(ignorable), c);
}

static bool is_cased(uint32_t c)
{
    return in_ranges(cased, COUNT(cased), c);
}

/* The character that ends before `p`, which moves to its start. */
static uint32_t previous(const char *start, const char **p)
{
    do
        --*p;
    while (*p > start && ((unsigned char)**p & 0xc0) == 0x80);
    const char *at = *p;
    return aslrt_utf8_next(&at);
}

/* True when the sigma in [at, behind) ends a word: a letter before it and none after it. */
static bool is_final_sigma(const char *start, const char *at, const char *behind, const char *end)
{
    bool before = false;
    while (at > start && !before) {
        uint32_t c = previous(start, &at);
        if (is_ignorable(c))
            continue;
        if (!is_cased(c))
            return false;
        before = true;
    }
    while (behind < end) {
        uint32_t c = aslrt_utf8_next(&behind);
        if (!is_ignorable(c))
            return before && !is_cased(c);
    }
    return before;
}

void aslrt_unicode_lower(struct aslrt_buffer *b, const char *bytes, size_t count)
{
    const char *p = bytes, *end = bytes + count;
    while (p < end) {
        size_t ascii = aslrt_utf8_ascii(p, (size_t)(end - p));
        put_ascii(b, p, ascii, 'A');
        p += ascii;
        if (p == end)
            break;
        const char *at = p;
        uint32_t c = aslrt_utf8_next(&p);
        const char *text = expanded(lower_expansions, COUNT(lower_expansions), c);
        if (c == 0x3a3)
            put_character(b, is_final_sigma(bytes, at, p, end) ? 0x3c2 : 0x3c3);
        else if (text != NULL)
            aslrt_buffer_text(b, text);
        else
            put_character(b, simple(lower_changes, COUNT(lower_changes), c));
    }
}
