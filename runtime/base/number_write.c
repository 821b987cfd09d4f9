/*
 * number_write.c - from doubles and integers to decimal text; see number.h.
 *
 * The shortest digits are found by Schubfach (R. Giulietti, "The Schubfach way to render doubles",
 * 2020): the interval of reals that round to the double is scaled by a 128-bit power of ten so that
 * it is between 2 and 20 wide; of the one or two candidates of the shorter length in it the one
 * inside wins, else the nearer one of full length.  Products are rounded to odd, which keeps
 * comparisons exact.
 */
#include "runtime/base/number.h"
#include "runtime/base/powers.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

/* Writes the digits of `u` and gives how many. */
static unsigned put_digits(uint64_t u, char *out)
{
    char reversed[20];
    unsigned at = sizeof reversed;
    while (u >= 100) {
        at -= 2;
        memcpy(reversed + at, pairs + u % 100 * 2, 2);
        u /= 100;
    }
    if (u >= 10) {
        at -= 2;
        memcpy(reversed + at, pairs + u * 2, 2);
    } else {
        reversed[--at] = (char)('0' + u);
    }
    unsigned count = (unsigned)sizeof reversed - at;
    memcpy(out, reversed + at, count);
    return count;
}

unsigned aslrt_int_to_text(int64_t i, char out[ASLRT_NUMBER_TEXT_MAX])
{
    if (i >= 0)
        return put_digits((uint64_t)i, out);
    out[0] = '-';
    return 1 + put_digits(0 - (uint64_t)i, out + 1);
}

/* power * x / 2^128, with the lowest bit set when something was cut off. */
static uint64_t scale(struct aslrt_wide power, uint64_t x)
{
    struct aslrt_wide low = aslrt_wide_multiply(power.low, x);
    struct aslrt_wide high = aslrt_wide_multiply(power.high, x);
    high.low += low.high;
    high.high += high.low < low.high;
    return high.high | (high.low > 1);
}

/* A decimal number: digits * 10^exponent. */
struct shortest {
    uint64_t digits;
    int exponent;
};

/* For the double with this mantissa field and biased exponent, above 0 and finite. */
static struct shortest find_shortest(uint64_t field, int biased)
{
    uint64_t c = biased != 0 ? field | (uint64_t)1 << 52 : field;
    int q = biased != 0 ? biased - 1075 : -1074;
    /* Just below a power of two the next double is only half as far away. */
    bool closer = field == 0 && biased > 1;
    /* k = floor(log10(2^q)), or of 3/4 * 2^q */
    int k = (q * 1262611 - (closer ? 524031 : 0)) >> 22;
    int h = q + aslrt_log2_of_power(-k) + 1;
    struct aslrt_wide power = aslrt_power(-k);
    uint64_t lower = scale(power, (4 * c - 2 + closer) << h);
    uint64_t value = scale(power, (4 * c) << h);
    uint64_t upper = scale(power, (4 * c + 2) << h);
    /* The ends of the interval belong to it only when the mantissa is even. */
    lower += c & 1;
    upper -= c & 1;

    uint64_t s = value / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool below = lower <= 40 * tens;
        bool above = 40 * tens + 40 <= upper;
        if (below != above)
            return (struct shortest){tens + above, k + 1};
    }
    bool below = lower <= 4 * s;
    bool above = 4 * s + 4 <= upper;
    if (below != above)
        return (struct shortest){s + above, k};
    uint64_t middle = 4 * s + 2;
    bool up = value > middle || (value == middle && (s & 1) != 0);
    return (struct shortest){s + up, k};
}

unsigned aslrt_double_shortest(double d, char digits[20], int *point)
{
    assert(d > 0 && isfinite(d));
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    struct shortest s = find_shortest(bits & (((uint64_t)1 << 52) - 1), (int)(bits >> 52));
    if (s.digits % 100000000 == 0) { /* few digits and many zeros: common, and slow one by one */
        s.digits /= 100000000;
        s.exponent += 8;
    }
    unsigned count = put_digits(s.digits, digits);
    *point = (int)count + s.exponent;
    while (digits[count - 1] == '0')
        count--;
    return count;
}

/* Spells digits and exponent as Number::toString (ECMA-262, section 6.1.6.1.20) does. */
static unsigned spell(const char *digits, unsigned count, int point, char *out)
{
    char *p = out;
    if (point > 21 || point < -5) { /* d.ddde+XX */
        *p++ = digits[0];
        if (count > 1) {
            *p++ = '.';
            memcpy(p, digits + 1, count - 1);
            p += count - 1;
        }
        *p++ = 'e';
        *p++ = point > 0 ? '+' : '-';
        p += put_digits((uint64_t)(point > 0 ? point - 1 : 1 - point), p);
    } else if (point <= 0) { /* 0.000ddd */
        memcpy(p, "0.00000", 7);
        p += 2 - point;
        memcpy(p, digits, count);
        p += count;
    } else if ((unsigned)point >= count) { /* ddd000 */
        memcpy(p, digits, count);
        memset(p + count, '0', (unsigned)point - count);
        p += point;
    } else { /* dd.ddd */
        memcpy(p, digits, (unsigned)point);
        p[point] = '.';
        memcpy(p + point + 1, digits + point, count - (unsigned)point);
        p += count + 1;
    }
    return (unsigned)(p - out);
}

unsigned aslrt_double_to_text(double d, char out[ASLRT_NUMBER_TEXT_MAX])
{
    if (d > -0x1p53 && d < 0x1p53 && d == (double)(int64_t)d)
        return aslrt_int_to_text((int64_t)d, out);
    if (isnan(d)) {
        memcpy(out, "NaN", 3);
        return 3;
    }
    unsigned sign = 0;
    if (d < 0) {
        out[sign++] = '-';
        d = -d;
    }
    if (isinf(d)) {
        memcpy(out + sign, "Infinity", 8);
        return sign + 8;
    }
    char digits[20];
    int point;
    unsigned count = aslrt_double_shortest(d, digits, &point);
    return sign + spell(digits, count, point, out + sign);
}
