/*
 * json_scan.h - finding the bytes that matter in JSON text, many at a time.
 *
 * Who uses it: the JSON reader and writer.  With SSE2 sixteen bytes go at once, or what is left if
 * that is eight at least; else eight in a word; -DASLRT_PORTABLE builds the latter everywhere, so
 * that it can be tested.  Never reads past `end`.
 */
#ifndef ASLRT_JSON_SCAN_H
#define ASLRT_JSON_SCAN_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(ASLRT_PORTABLE)
#define ASLRT_SSE2 1
#include <emmintrin.h>
#endif

#if ASLRT_SSE2
/* A bit for each of the sixteen bytes that is special. */
static inline unsigned aslrt_special_mask(__m128i v)
{
    /* The comparison is signed: bytes above ASCII count as less than a space, too. */
    __m128i hit = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)),
                               _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                            _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
    return (unsigned)_mm_movemask_epi8(hit);
}

/* The first special byte of 8 to 15, or `end`: the first eight and the last eight, which may
   overlap, make sixteen. */
static inline const char *aslrt_find_special_in_few(const char *p, const char *end)
{
    __m128i first = _mm_loadl_epi64((const __m128i *)(const void *)p);
    __m128i last = _mm_loadl_epi64((const __m128i *)(const void *)(end - 8));
    unsigned mask = aslrt_special_mask(_mm_unpacklo_epi64(first, last));
    if (mask == 0)
        return end;
    int i = __builtin_ctz(mask);
    return i < 8 ? p + i : end - 16 + i;
}
#endif

/* True for a byte that can't stand in a JSON string as it is (quote, backslash, control), and for
   any byte above ASCII, which wants a closer look. */
static inline int aslrt_is_special(char c)
{
    return (signed char)c < 0x20 || c == '"' || c == '\\';
}

/* The first special byte, or `end`. */
static inline const char *aslrt_find_special(const char *p, const char *end)
{
#if ASLRT_SSE2
    for (; end - p >= 16; p += 16) {
        unsigned mask = aslrt_special_mask(_mm_loadu_si128((const __m128i *)(const void *)p));
        if (mask != 0)
            return p + __builtin_ctz(mask);
    }
    if (end - p >= 8)
        return aslrt_find_special_in_few(p, end);
#else
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t tops = 0x8080808080808080u;
    for (; end - p >= 8; p += 8) {
        uint64_t w;
        memcpy(&w, p, sizeof w);
        /* A zero byte borrows from its top bit in x - ones; the same with 0x20 finds controls. */
        uint64_t quote = w ^ ones * '"';
        uint64_t backslash = w ^ ones * '\\';
        uint64_t hit = (quote - ones) & ~quote;
        hit |= (backslash - ones) & ~backslash;
        hit |= (w - ones * 0x20) & ~w;
        if (((hit | w) & tops) != 0)
            break; /* a borrow may also mark the byte above a hit, so look at them one by one */
    }
#endif
    while (p < end && !aslrt_is_special(*p))
        p++;
    return p;
}

/* The first byte that isn't white space in JSON, or `end`. */
static inline const char *aslrt_skip_space(const char *p, const char *end)
{
    if (p == end || (unsigned char)*p > ' ')
        return p;
#if ASLRT_SSE2
    for (; end - p >= 16; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i blank = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')),
                                                  _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'))),
                                     _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\t')),
                                                  _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'))));
        unsigned mask = (unsigned)_mm_movemask_epi8(blank) ^ 0xffffu;
        if (mask != 0)
            return p + __builtin_ctz(mask);
    }
#endif
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
        p++;
    return p;
}

#endif
