/*
 * wide.h - 64 x 64 bit multiplication with the whole 128-bit product, and the count of leading
 * zeros.
 *
 * Who uses it: hashing and the conversion of doubles.  With __int128 it is one instruction; the
 * portable path is the schoolbook one.
 */
#ifndef ASLRT_WIDE_H
#define ASLRT_WIDE_H

#include <stdint.h>

struct aslrt_wide {
    uint64_t high;
    uint64_t low;
};

static inline struct aslrt_wide aslrt_wide_multiply(uint64_t a, uint64_t b)
{
#if defined(__SIZEOF_INT128__) && !defined(ASLRT_PORTABLE)
    __extension__ typedef unsigned __int128 wide;
    wide p = (wide)a * b;
    return (struct aslrt_wide){(uint64_t)(p >> 64), (uint64_t)p};
#else
    uint64_t a0 = a & 0xffffffffu;
    uint64_t a1 = a >> 32;
    uint64_t b0 = b & 0xffffffffu;
    uint64_t b1 = b >> 32;
    uint64_t low = a0 * b0;
    uint64_t middle = a1 * b0 + (low >> 32);
    uint64_t cross = a0 * b1 + (middle & 0xffffffffu);
    return (struct aslrt_wide){a1 * b1 + (middle >> 32) + (cross >> 32),
                               (cross << 32) | (low & 0xffffffffu)};
#endif
}

/* Leading zero bits of a number that isn't 0. */
static inline int aslrt_leading_zeros(uint64_t x)
{
#if defined(__GNUC__) && !defined(ASLRT_PORTABLE)
    return __builtin_clzll(x);
#else
    int n = 0;
    for (; (x >> 63) == 0; x <<= 1)
        n++;
    return n;
#endif
}

#endif
