/*
 * number_exact.c - a binary fraction in decimal, exactly; see number_exact.h.
 *
 * m * 2^e with e < 0 is m * 5^-e / 10^-e: so a large integer is all that is needed, multiplied up
 * by small factors and then divided down nine digits at a time.  Limbs have 32 bits: a double needs
 * at most 2,550 bits.  Works on the stack.
 */
#include "runtime/base/number_exact.h"

#include <assert.h>
#include <math.h>

enum { LIMBS_MAX = 88 };

struct large {
    uint32_t limb[LIMBS_MAX]; /* least significant first */
    unsigned count;           /* limbs in use; the highest of them isn't 0 */
};

static void multiply(struct large *n, uint32_t factor)
{
    uint64_t carry = 0;
    for (unsigned i = 0; i < n->count; i++) {
        carry += (uint64_t)n->limb[i] * factor;
        n->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0) {
        assert(n->count < LIMBS_MAX);
        n->limb[n->count++] = (uint32_t)carry;
    }
}

/* Divides by 10^9 and gives the remainder. */
static uint32_t take_nine_digits(struct large *n)
{
    uint64_t rest = 0;
    for (unsigned i = n->count; i-- > 0;) {
        rest = rest << 32 | n->limb[i];
        n->limb[i] = (uint32_t)(rest / 1000000000u);
        rest %= 1000000000u;
    }
    while (n->count != 0 && n->limb[n->count - 1] == 0)
        n->count--;
    return (uint32_t)rest;
}

unsigned aslrt_exact_digits(uint64_t mantissa, int exponent, char digits[ASLRT_NUMBER_DIGITS_MAX],
                            int *point)
{
    static const uint32_t fives[] = {1,     5,      25,      125,     625,      3125,     15625,
                                     78125, 390625, 1953125, 9765625, 48828125, 244140625};
    for (; exponent < 0 && (mantissa & 1) == 0; mantissa >>= 1)
        exponent++;
    struct large n = {{(uint32_t)mantissa, (uint32_t)(mantissa >> 32)}, 2};
    if (n.limb[1] == 0)
        n.count = 1;
    int left = exponent < 0 ? -exponent : exponent;
    while (left > 0) {
        int step = exponent < 0 ? (left > 12 ? 12 : left) : (left > 31 ? 31 : left);
        multiply(&n, exponent < 0 ? fives[step] : (uint32_t)1 << step);
        left -= step;
    }

    char backwards[ASLRT_NUMBER_DIGITS_MAX];
    unsigned count = 0;
    while (n.count != 0) {
        uint32_t nine = take_nine_digits(&n);
        for (int i = 0; i < 9; i++) {
            assert(count < ASLRT_NUMBER_DIGITS_MAX);
            backwards[count++] = (char)('0' + nine % 10);
            nine /= 10;
        }
    }
    while (backwards[count - 1] == '0')
        count--;
    unsigned zeros = 0;
    while (backwards[zeros] == '0')
        zeros++;
    for (unsigned i = 0; i < count - zeros; i++)
        digits[i] = backwards[count - 1 - i];
    *point = (int)count + (exponent < 0 ? exponent : 0);
    return count - zeros;
}

unsigned aslrt_double_expand(double d, char digits[ASLRT_NUMBER_DIGITS_MAX], int *point)
{
    assert(d > 0 && isfinite(d));
    int exponent;
    double fraction = frexp(d, &exponent);
    return aslrt_exact_digits((uint64_t)ldexp(fraction, 53), exponent - 53, digits, point);
}
