/*
 * number_scan.h - walking over a number as JSON spells it; shared by the reader and number_read.c.
 *
 * In: text.  Out: where the number ends, and its integer part as far as 64 bits hold it.
 */
#ifndef ASLRT_NUMBER_SCAN_H
#define ASLRT_NUMBER_SCAN_H

#include "aslc/runtime.h"

struct aslrt_number_scan {
    const char *end;      /* behind the number, or NULL when there is none */
    const char *fraction; /* behind the integer part */
    uint64_t integer;     /* the integer part without its sign, modulo 2^64 */
    bool negative;
};

static inline bool aslrt_is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* Walks over the longest number that `p` starts with.  A superfluous zero, point or exponent is
 * left. */
static inline struct aslrt_number_scan aslrt_scan_number(const char *p, const char *end)
{
    struct aslrt_number_scan s = {NULL, NULL, 0, false};
    if (p < end && *p == '-') {
        s.negative = true;
        p++;
    }
    if (p == end || !aslrt_is_digit(*p))
        return s;
    s.integer = (uint64_t)(*p - '0');
    if (*p++ != '0')
        for (; p < end && aslrt_is_digit(*p); p++)
            s.integer = s.integer * 10 + (uint64_t)(*p - '0');
    s.fraction = p;
    if (end - p >= 2 && *p == '.' && aslrt_is_digit(p[1]))
        for (p += 2; p < end && aslrt_is_digit(*p);)
            p++;
    if (end - p >= 2 && (*p == 'e' || *p == 'E')) {
        const char *q = p + 1;
        if (*q == '+' || *q == '-')
            q++;
        if (q < end && aslrt_is_digit(*q))
            for (p = q + 1; p < end && aslrt_is_digit(*p);)
                p++;
    }
    s.end = p;
    return s;
}

/* The number scanned from `start`: ASLRT_INT when int64 holds it and prints it as it is written,
   else ASLRT_NUMBER with its text. */
static inline struct aslrt_value aslrt_scanned_number(const struct aslrt_number_scan *s,
                                                      const char *start)
{
    ptrdiff_t digits = s->fraction - start - s->negative;
    if (s->end == s->fraction && digits <= 19 && s->integer <= (uint64_t)INT64_MAX + s->negative &&
        (s->integer != 0 || !s->negative))
        return aslrt_int((int64_t)(s->negative ? 0 - s->integer : s->integer));
    struct aslrt_value v = aslrt_of_kind(ASLRT_NUMBER);
    v.count = (uint32_t)(s->end - start);
    v.as.bytes = start;
    return v;
}

#endif
