/*
 * number_read.c - from decimal text to doubles and integers; see number.h.
 *
 * The text becomes 0.d1d2d3... * 10^point.  Up to 19 digits and a power of ten that doubles hold
 * exactly are one multiplication; else a product with the 128-bit power decides (the method of
 * Lemire, "Number parsing at a gigabyte per second", 2021), and where it can't, the halfway point
 * between two doubles is written out in full and compared with the text digit by digit.
 */
#include "runtime/base/number.h"
#include "runtime/base/number_exact.h"
#include "runtime/base/number_scan.h"
#include "runtime/base/powers.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

size_t aslrt_number_scan(const char *text, size_t count, bool *integral)
{
    struct aslrt_number_scan s = aslrt_scan_number(text, text + count);
    if (s.end == NULL)
        return 0;
    *integral = s.end == s.fraction;
    return (size_t)(s.end - text);
}

struct aslrt_value aslrt_number_value(const char *text, uint32_t count)
{
    struct aslrt_number_scan s = aslrt_scan_number(text, text + count);
    assert(s.end == text + count);
    return aslrt_scanned_number(&s, text);
}

/* A number taken apart: (-1)^negative * 0.d1d2d3... * 10^point, where neither d1 nor the last digit
   is 0.  `first` is where d1 stands; a point may stand between the digits.  No digits: zero. */
struct decimal {
    const char *first;
    size_t count;
    int64_t point; /* kept within +-2^62; nothing that far out is a double or an int64 */
    bool negative;
};

static int64_t exponent_of(const char *p, const char *end)
{
    const int64_t far = (int64_t)1 << 61;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    int64_t e = 0;
    for (; p < end; p++)
        e = e > far / 10 - 1 ? far : e * 10 + (*p - '0');
    return negative ? -e : e;
}

static struct decimal take_apart(const char *text, size_t count)
{
    struct decimal d = {NULL, 0, 0, false};
    const char *p = text;
    const char *end = text + count;
    if (p < end && *p == '-') {
        d.negative = true;
        p++;
    }
    bool in_fraction = false;
    size_t zeros = 0; /* that are known not to be trailing only when another digit follows */
    for (; p < end && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.') {
            in_fraction = true;
            continue;
        }
        if (*p == '0') {
            if (d.first == NULL)
                d.point -= in_fraction;
            else {
                zeros++;
                d.point += !in_fraction;
            }
            continue;
        }
        if (d.first == NULL)
            d.first = p;
        d.count += zeros + 1;
        zeros = 0;
        d.point += !in_fraction;
    }
    if (p < end)
        d.point += exponent_of(p + 1, end);
    return d;
}

/* The digit that `p` is at, stepping over a point. */
static char next_digit(const char **p)
{
    if (**p == '.')
        (*p)++;
    return *(*p)++;
}

/* ---- to double ----------------------------------------------------------------------------- */

enum { INFINITE = 0x7ff };

/* What a double is made of: bits of the mantissa without the implied one, and the biased exponent.
 */
static uint64_t pack(uint64_t mantissa, int exponent)
{
    return (mantissa & (((uint64_t)1 << 52) - 1)) | (uint64_t)exponent << 52;
}

static double from_bits(uint64_t bits)
{
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

/* The bits of the double nearest to w * 10^q, w > 0.  Sets *unsure when 128 bits can't tell; the
   result is then off by one at most. */
static uint64_t nearest(uint64_t w, int64_t q, bool *unsure)
{
    if (q < ASLRT_POWER_FIRST)
        return 0;
    if (q > 308)
        return pack(0, INFINITE);
    int zeros = aslrt_leading_zeros(w);
    w <<= zeros;
    struct aslrt_wide power = aslrt_power((int)q);
    if (q > ASLRT_POWER_EXACT) { /* the method wants these rounded down */
        power.high -= power.low == 0;
        power.low--;
    }
    struct aslrt_wide product = aslrt_wide_multiply(w, power.high);
    if ((product.high & 0x1ff) ==
        0x1ff) { /* the lower half of the power may carry into the answer */
        struct aslrt_wide lower = aslrt_wide_multiply(w, power.low);
        product.low += lower.high;
        product.high += product.low < lower.high;
        if (product.low == UINT64_MAX && (q < -27 || q > ASLRT_POWER_EXACT))
            *unsure = true;
    }
    int top = (int)(product.high >> 63);
    int shift = top + 64 - 52 - 3;
    uint64_t mantissa = product.high >> shift; /* 54 bits: one more than a double has */
    int exponent = aslrt_log2_of_power((int)q) + 63 + top - zeros + 1023;
    if (exponent <= 0) { /* subnormal: fewer bits remain */
        if (-exponent + 1 >= 64)
            return 0;
        mantissa >>= -exponent + 1;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        return pack(mantissa, mantissa >> 52 != 0);
    }
    /* An exact tie is possible only where 5^|q| fits; then the even neighbour wins. */
    if (product.low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 &&
        mantissa << shift == product.high)
        mantissa &= ~(uint64_t)1;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    if (mantissa >> 53 != 0) {
        mantissa >>= 1;
        exponent++;
    }
    return exponent >= INFINITE ? pack(0, INFINITE) : pack(mantissa, exponent);
}

/* Compares the number with the point halfway between the double of these bits and the next one. */
static int against_halfway(const struct decimal *d, uint64_t bits)
{
    char half[ASLRT_NUMBER_DIGITS_MAX];
    int point;
    uint64_t mantissa = bits & (((uint64_t)1 << 52) - 1);
    int exponent = (int)(bits >> 52);
    if (exponent == 0)
        exponent = 1;
    else
        mantissa |= (uint64_t)1 << 52;
    unsigned count = aslrt_exact_digits(mantissa * 2 + 1, exponent - 1076, half, &point);
    if (d->point != point)
        return d->point < point ? -1 : 1;
    const char *p = d->first;
    for (unsigned i = 0; i < count; i++) {
        if (i == d->count)
            return -1;
        int difference = next_digit(&p) - half[i];
        if (difference != 0)
            return difference;
    }
    return d->count > count;
}

/* Moves from a double close to the number to the nearest one. */
static uint64_t settle(const struct decimal *d, uint64_t bits)
{
    while (bits > 0) {
        int c = against_halfway(d, bits - 1);
        if (c > 0 || (c == 0 && (bits & 1) == 0))
            break;
        bits--;
    }
    while (bits < pack(0, INFINITE)) {
        int c = against_halfway(d, bits);
        if (c < 0 || (c == 0 && (bits & 1) == 0))
            break;
        bits++;
    }
    return bits;
}

double aslrt_number_to_double(const char *text, size_t count)
{
    static const double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct decimal d = take_apart(text, count);
    if (d.count == 0)
        return d.negative ? -0.0 : 0.0;
    size_t used = d.count < 19 ? d.count : 19;
    uint64_t w = 0;
    const char *p = d.first;
    for (size_t i = 0; i < used; i++)
        w = w * 10 + (uint64_t)(next_digit(&p) - '0');
    int64_t q = d.point - (int64_t)used;

    double result;
#if FLT_EVAL_METHOD == 0
    if (d.count <= 19 && w <= (uint64_t)1 << 53 && q >= -22 && q <= 22) {
        result = q < 0 ? (double)w / exact[-q] : (double)w * exact[q];
        return d.negative ? -result : result;
    }
#endif
    bool unsure = false;
    uint64_t bits = nearest(w, q, &unsure);
    if (d.count > used && !unsure) /* digits were cut off: does the next number give the same? */
        unsure = nearest(w + 1, q, &unsure) != bits || unsure;
    if (unsure)
        bits = settle(&d, bits);
    result = from_bits(bits);
    return d.negative ? -result : result;
}

double aslrt_double_15(double x)
{
    if (x == 0 || !isfinite(x))
        return x;
    char digits[ASLRT_NUMBER_DIGITS_MAX];
    char text[ASLRT_NUMBER_TEXT_MAX];
    int point;
    double size = fabs(x);
    unsigned count = aslrt_double_shortest(size, digits, &point);
    if (count <= 15)
        return x;
    /* The shortest digits tell which way to round unless they end just halfway. */
    if (count == 16 && digits[15] == '5')
        aslrt_double_expand(size, digits, &point);
    uint64_t w = 0;
    for (int i = 0; i < 15; i++)
        w = w * 10 + (uint64_t)(digits[i] - '0');
    w += digits[15] >= '5';
    unsigned n = aslrt_int_to_text((int64_t)w, text);
    text[n++] = 'e';
    n += aslrt_int_to_text(point - 15, text + n);
    double rounded = aslrt_number_to_double(text, n);
    return x < 0 ? -rounded : rounded;
}

/* ---- to integers, and equality ------------------------------------------------------------- */

bool aslrt_number_to_int(const char *text, size_t count, int64_t *out)
{
    struct decimal d = take_apart(text, count);
    if (d.count == 0) {
        *out = 0;
        return true;
    }
    if (d.point < (int64_t)d.count || d.point > 19)
        return false;
    uint64_t u = 0;
    const char *p = d.first;
    for (int64_t i = 0; i < d.point; i++) /* at most 19 digits: no overflow of 64 bits */
        u = u * 10 + (i < (int64_t)d.count ? (uint64_t)(next_digit(&p) - '0') : 0);
    if (u > (uint64_t)INT64_MAX + d.negative)
        return false;
    *out = d.negative ? (int64_t)(0 - u) : (int64_t)u;
    return true;
}

bool aslrt_number_same(const char *a, size_t a_count, const char *b, size_t b_count)
{
    if (a_count == b_count && memcmp(a, b, a_count) == 0)
        return true;
    struct decimal x = take_apart(a, a_count);
    struct decimal y = take_apart(b, b_count);
    if (x.count != y.count)
        return false;
    if (x.count == 0)
        return true;
    if (x.negative != y.negative || x.point != y.point)
        return false;
    for (size_t i = 0; i < x.count; i++)
        if (next_digit(&x.first) != next_digit(&y.first))
            return false;
    return true;
}

bool aslrt_number_equal(struct aslrt_value a, struct aslrt_value b)
{
    if (a.kind == b.kind) {
        if (a.kind == ASLRT_INT)
            return a.as.integer == b.as.integer;
        if (a.kind == ASLRT_DOUBLE)
            return a.as.real == b.as.real;
        return aslrt_number_same(a.as.bytes, a.count, b.as.bytes, b.count);
    }
    if (a.kind != ASLRT_INT && b.kind != ASLRT_INT) /* text and double */
        return aslrt_to_double(a) == aslrt_to_double(b);
    int64_t i;
    int64_t j;
    return aslrt_to_int(a, &i) && aslrt_to_int(b, &j) && i == j;
}

double aslrt_to_double(struct aslrt_value v)
{
    switch (v.kind) {
    case ASLRT_INT:
        return (double)v.as.integer;
    case ASLRT_DOUBLE:
        return v.as.real;
    case ASLRT_NUMBER:
        return aslrt_number_to_double(v.as.bytes, v.count);
    default:
        return 0;
    }
}

bool aslrt_to_int(struct aslrt_value v, int64_t *out)
{
    switch (v.kind) {
    case ASLRT_INT:
        *out = v.as.integer;
        return true;
    case ASLRT_DOUBLE:
        if (!(v.as.real >= -0x1p63 && v.as.real < 0x1p63) || v.as.real != floor(v.as.real))
            return false;
        *out = (int64_t)v.as.real;
        return true;
    case ASLRT_NUMBER:
        return aslrt_number_to_int(v.as.bytes, v.count, out);
    default:
        return false;
    }
}
