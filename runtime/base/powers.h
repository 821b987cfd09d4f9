/*
 * powers.h - 10^k in 128 bits for every k that a conversion between text and doubles meets.
 *
 * Invariant: 10^k = aslrt_power(k) * 2^(floor(log2(10^k)) - 127); exact for 0 <= k <= 55, else
 * rounded up by less than 1 in the last place.  scripts/gen-powers prints the table.
 */
#ifndef ASLRT_POWERS_H
#define ASLRT_POWERS_H

#include "runtime/base/wide.h"

enum {
    ASLRT_POWER_FIRST = -342, /* below it, any 64-bit integer times 10^k reads as 0 */
    ASLRT_POWER_LAST = 324,   /* -k for the smallest double */
    ASLRT_POWER_EXACT = 55,
};

extern const struct aslrt_wide aslrt_powers[ASLRT_POWER_LAST - ASLRT_POWER_FIRST + 1];

static inline struct aslrt_wide aslrt_power(int k)
{
    return aslrt_powers[k - ASLRT_POWER_FIRST];
}

/* floor(log2(10^k)), good for |k| <= 1650. */
static inline int aslrt_log2_of_power(int k)
{
    return (k * 1741647) >> 19;
}

#endif
