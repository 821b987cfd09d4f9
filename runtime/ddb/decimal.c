/*
 * decimal.c - reading, writing, adding and ordering DynamoDB's numbers; see decimal.h.
 *
 * Everything that looks at single digits works on a small array of them (struct digits); sums work
 * on the 128-bit coefficient.  `point` is the place of the decimal point in front of the digits:
 * value = 0.d1d2d3… * 10^point.
 *
 * Key form: one byte for the sign (1 negative, 2 zero, 3 positive), one for the point (biased so
 * that -129…126 becomes 0…255), then one byte for each two digits (1 + their value, so 1…100).  A
 * negative number has all but the sign byte complemented and ends with 255, which sorts it after
 * the longer ones that begin alike.
 */
#include "runtime/ddb/decimal.h"

#include <string.h>

enum {
    SIGN_NEGATIVE = 1,
    SIGN_ZERO = 2,
    SIGN_POSITIVE = 3,
    POINT_MIN = -129,
    POINT_MAX = 126,
    KEY_END = 255, /* ends the key form of a negative number */
};

struct digits {
    uint8_t digit[ASLRT_DECIMAL_DIGITS + 1];
    int count;
    int point;
};

/* 10^n for n from 0 to 38. */
static aslrt_u128 power_of_ten(int n)
{
    aslrt_u128 p = 1;
    for (aslrt_u128 square = 10; n > 0; n >>= 1, square *= square) {
        if (n & 1)
            p *= square;
    }
    return p;
}

/* The digits of the coefficient, first one first. */
static struct digits to_digits(struct aslrt_decimal d)
{
    struct digits out;
    uint8_t reversed[ASLRT_DECIMAL_DIGITS + 1];
    int n = 0;
    aslrt_u128 c = d.coefficient;
    while (c > UINT64_MAX) { /* the slow division only where it is needed */
        reversed[n++] = (uint8_t)(c % 10);
        c /= 10;
    }
    for (uint64_t low = (uint64_t)c; low != 0; low /= 10)
        reversed[n++] = (uint8_t)(low % 10);
    for (int i = 0; i < n; i++)
        out.digit[i] = reversed[n - 1 - i];
    out.count = n;
    out.point = d.exponent + n;
    return out;
}

static struct aslrt_decimal from_digits(const struct digits *in, bool negative)
{
    struct aslrt_decimal d = {0, 0, false};
    int i = 0;
    uint64_t high = 0; /* up to 19 digits fit; the common number never needs more */
    for (; i < in->count && i < 19; i++)
        high = high * 10 + in->digit[i];
    d.coefficient = high;
    for (; i < in->count; i++)
        d.coefficient = d.coefficient * 10 + in->digit[i];
    if (in->count != 0) {
        d.exponent = (int16_t)(in->point - in->count);
        d.negative = negative;
    }
    return d;
}

const char *aslrt_decimal_problem(enum aslrt_decimal_status status)
{
    switch (status) {
    case ASLRT_DECIMAL_OK:
        break;
    case ASLRT_DECIMAL_SYNTAX:
        return "The parameter cannot be converted to a numeric value";
    case ASLRT_DECIMAL_OVERFLOW:
        return "Number overflow. Attempting to store a number with magnitude larger than "
               "supported range";
    case ASLRT_DECIMAL_UNDERFLOW:
        return "Number underflow. Attempting to store a number with magnitude smaller than "
               "supported range";
    case ASLRT_DECIMAL_PRECISION:
        return "Attempting to store more than 38 significant digits in a Number";
    }
    return "";
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What a text says before its meaning is judged.  Digits past the 39th only count. */
struct scanned {
    struct digits digits; /* significant ones, without leading zeros */
    int64_t significant;  /* how many there are up to the last one that isn't zero */
    int64_t point;    /* where the decimal point is, as for struct digits; before the exponent */
    int64_t fraction; /* digits written behind the point */
    int64_t exponent;
    bool negative;
};

/* Reads digits and point.  Gives the place behind them, or NULL when there is no digit. */
static const char *scan_digits(const char *p, const char *end, struct scanned *s)
{
    bool any = false, point_seen = false, leading = true;
    int64_t seen = 0; /* significant digits so far, trailing zeros included */
    for (; p < end && (is_digit(*p) || (*p == '.' && !point_seen)); p++) {
        if (*p == '.') {
            point_seen = true;
            continue;
        }
        any = true;
        s->fraction += point_seen;
        leading = leading && *p == '0';
        if (leading) {
            s->point -= point_seen; /* 0.00…: the first digit is further right */
            continue;
        }
        s->point += !point_seen;
        if (seen < ASLRT_DECIMAL_DIGITS + 1)
            s->digits.digit[seen] = (uint8_t)(*p - '0');
        seen++;
        if (*p != '0')
            s->significant = seen;
    }
    return any ? p : NULL;
}

/* Reads an exponent's digits; NULL when there are none or they don't fit 64 bits. */
static const char *scan_exponent(const char *p, const char *end, struct scanned *s)
{
    bool negative = false;
    if (p < end && (*p == '+' || *p == '-'))
        negative = *p++ == '-';
    if (p == end || !is_digit(*p))
        return NULL;
    int64_t value = 0;
    for (; p < end && is_digit(*p); p++) {
        int digit = *p - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            (negative ? __builtin_sub_overflow(value, digit, &value)
                      : __builtin_add_overflow(value, digit, &value)))
            return NULL;
    }
    s->exponent = value;
    return p;
}

enum aslrt_decimal_status aslrt_decimal_parse(const char *text, size_t count,
                                              struct aslrt_decimal *out)
{
    struct scanned s;
    memset(&s, 0, sizeof s);
    const char *p = text, *end = text + count;
    if (p < end && (*p == '+' || *p == '-'))
        s.negative = *p++ == '-';
    p = scan_digits(p, end, &s);
    if (p != NULL && p < end && (*p == 'e' || *p == 'E'))
        p = scan_exponent(p + 1, end, &s);
    if (p != end)
        return ASLRT_DECIMAL_SYNTAX;

    /* The place of the first digit decides the range; a zero's is its written exponent. */
    int64_t first;
    bool zero = s.significant == 0;
    if (__builtin_add_overflow(zero ? -s.fraction : s.point - 1, s.exponent, &first))
        return s.exponent > 0 ? ASLRT_DECIMAL_OVERFLOW : ASLRT_DECIMAL_UNDERFLOW;
    if (first > POINT_MAX - 1)
        return ASLRT_DECIMAL_OVERFLOW;
    if (first < POINT_MIN - 1)
        return ASLRT_DECIMAL_UNDERFLOW;
    if (s.significant > ASLRT_DECIMAL_DIGITS)
        return ASLRT_DECIMAL_PRECISION;
    s.digits.count = (int)s.significant;
    s.digits.point = (int)first + 1;
    *out = from_digits(&s.digits, s.negative);
    return ASLRT_DECIMAL_OK;
}

static size_t format_digits(const struct digits *n, bool negative, char *out)
{
    char *p = out;
    if (negative)
        *p++ = '-';
    if (n->point <= 0)
        *p++ = '0';
    for (int i = 0; i < n->point; i++)
        *p++ = (char)('0' + (i < n->count ? n->digit[i] : 0));
    if (n->count > n->point && n->count != 0) {
        *p++ = '.';
        for (int i = n->point; i < n->count; i++)
            *p++ = (char)('0' + (i >= 0 ? n->digit[i] : 0));
    }
    *p = '\0';
    return (size_t)(p - out);
}

size_t aslrt_decimal_format(struct aslrt_decimal d, char out[ASLRT_DECIMAL_TEXT_MAX])
{
    struct digits n = to_digits(d);
    return format_digits(&n, d.negative, out);
}

/* Brings coefficient * 10^exponent into the normal form, if it has one. */
static enum aslrt_decimal_status normalise(aslrt_u128 coefficient, int exponent, bool negative,
                                           struct aslrt_decimal *out)
{
    if (coefficient == 0) {
        *out = (struct aslrt_decimal){0, 0, false};
        return ASLRT_DECIMAL_OK;
    }
    while (coefficient % 10 == 0) {
        coefficient /= 10;
        exponent++;
    }
    int count = 1;
    for (aslrt_u128 c = coefficient; c >= 10; c /= 10)
        count++;
    if (exponent + count > POINT_MAX)
        return ASLRT_DECIMAL_OVERFLOW;
    if (exponent + count < POINT_MIN)
        return ASLRT_DECIMAL_UNDERFLOW;
    if (count > ASLRT_DECIMAL_DIGITS)
        return ASLRT_DECIMAL_PRECISION;
    *out = (struct aslrt_decimal){coefficient, (int16_t)exponent, negative};
    return ASLRT_DECIMAL_OK;
}

enum aslrt_decimal_status aslrt_decimal_add(struct aslrt_decimal a, struct aslrt_decimal b,
                                            struct aslrt_decimal *out)
{
    if (a.coefficient == 0 || b.coefficient == 0) {
        *out = a.coefficient == 0 ? b : a;
        return ASLRT_DECIMAL_OK;
    }
    if (a.exponent < b.exponent) {
        struct aslrt_decimal swap = a;
        a = b;
        b = swap;
    }
    /* Align a with b, whose last digit isn't zero.  Should that need more than 128 bits, then the
       sum has more than 38 digits: |a| is above 3.4 * 10^38, |b| below 10^38, and the last digit is
       b's. */
    int shift = a.exponent - b.exponent;
    aslrt_u128 high, sum;
    if (shift > ASLRT_DECIMAL_DIGITS ||
        __builtin_mul_overflow(a.coefficient, power_of_ten(shift), &high))
        return ASLRT_DECIMAL_PRECISION;
    if (a.negative == b.negative) {
        if (__builtin_add_overflow(high, b.coefficient, &sum))
            return ASLRT_DECIMAL_PRECISION;
        return normalise(sum, b.exponent, a.negative, out);
    }
    if (high >= b.coefficient)
        return normalise(high - b.coefficient, b.exponent, a.negative, out);
    return normalise(b.coefficient - high, b.exponent, b.negative, out);
}

enum aslrt_decimal_status aslrt_decimal_subtract(struct aslrt_decimal a, struct aslrt_decimal b,
                                                 struct aslrt_decimal *out)
{
    if (b.coefficient != 0)
        b.negative = !b.negative;
    return aslrt_decimal_add(a, b, out);
}

struct aslrt_decimal aslrt_decimal_of(uint64_t n)
{
    struct aslrt_decimal d;
    normalise(n, 0, false, &d); /* twenty digits are always in range */
    return d;
}

size_t aslrt_decimal_to_key(struct aslrt_decimal d, uint8_t out[ASLRT_DECIMAL_KEY_MAX])
{
    struct digits n = to_digits(d);
    if (n.count == 0) {
        out[0] = SIGN_ZERO;
        return 1;
    }
    uint8_t flip = d.negative ? 0xff : 0;
    uint8_t *p = out;
    *p++ = d.negative ? SIGN_NEGATIVE : SIGN_POSITIVE;
    *p++ = (uint8_t)((n.point - POINT_MIN) ^ flip);
    for (int i = 0; i < n.count; i += 2) {
        int pair = n.digit[i] * 10 + (i + 1 < n.count ? n.digit[i + 1] : 0);
        *p++ = (uint8_t)((1 + pair) ^ flip);
    }
    if (d.negative)
        *p++ = KEY_END;
    return (size_t)(p - out);
}

/* The digits of a key form.  False when the bytes are none: only the one form is taken that
   aslrt_decimal_to_key writes, without zeros at either end. */
static bool key_digits(const uint8_t *key, size_t count, struct digits *n, bool *negative)
{
    n->count = 0;
    n->point = 0;
    *negative = false;
    if (count == 1 && key[0] == SIGN_ZERO)
        return true;
    if (count < 3 || count > ASLRT_DECIMAL_KEY_MAX ||
        (key[0] != SIGN_NEGATIVE && key[0] != SIGN_POSITIVE))
        return false;
    *negative = key[0] == SIGN_NEGATIVE;
    uint8_t flip = *negative ? 0xff : 0;
    if (*negative && key[--count] != KEY_END)
        return false;
    n->point = (key[1] ^ flip) + POINT_MIN;
    for (size_t i = 2; i < count; i++) {
        int pair = (key[i] ^ flip) - 1;
        if (pair < 0 || pair > 99 || n->count + 1 >= ASLRT_DECIMAL_DIGITS + 1)
            return false;
        n->digit[n->count++] = (uint8_t)(pair / 10);
        n->digit[n->count++] = (uint8_t)(pair % 10);
    }
    if (n->count != 0 && n->digit[n->count - 1] == 0)
        n->count--;
    return n->count != 0 && n->digit[0] != 0 && n->digit[n->count - 1] != 0;
}

bool aslrt_decimal_from_key(const uint8_t *key, size_t count, struct aslrt_decimal *out)
{
    struct digits n;
    bool negative;
    if (!key_digits(key, count, &n, &negative))
        return false;
    *out = from_digits(&n, negative);
    return true;
}

size_t aslrt_decimal_format_key(const uint8_t *key, size_t count, char out[ASLRT_DECIMAL_TEXT_MAX])
{
    struct digits n;
    bool negative;
    key_digits(key, count, &n, &negative);
    return format_digits(&n, negative, out);
}

uint32_t aslrt_decimal_key_size(const uint8_t *key, size_t count)
{
    bool negative = key[0] == SIGN_NEGATIVE;
    uint8_t flip = negative ? 0xff : 0;
    if (count < 3)
        return 1;
    int pairs = (int)count - 2 - negative;
    int digits = 2 * pairs - (((key[1 + pairs] ^ flip) - 1) % 10 == 0);
    int point = (key[1] ^ flip) + POINT_MIN;
    /* Two digits a byte, the digits before and behind the point counted apart.  Zeros between the
       point and a number below one cost nothing. */
    int whole = point <= 0 ? 0 : point < digits ? point : digits;
    int fraction = digits - whole;
    return (uint32_t)(1 + (whole + 1) / 2 + (fraction + 1) / 2 + negative);
}
