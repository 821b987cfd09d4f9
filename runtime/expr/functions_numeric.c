/*
 * functions_numeric.c - numbers: $sum ... $power, $number, $formatBase, $random.
 *
 * In: validated arguments.  Out: doubles, as every number of JSONata is one.
 */
#include "runtime/base/number.h"
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/numeric.h"

#include <math.h>

/* An argument that is a number, or false when it is undefined. */
static bool number_argument(struct call *call, uint32_t i, double *out)
{
    struct aslrt_value v = call_arg(call, i);
    *out = v.kind == ASLRT_UNDEFINED ? NAN : expr_double(v);
    return v.kind != ASLRT_UNDEFINED;
}

static struct aslrt_value made(struct call *call, double d)
{
    if (!isfinite(d))
        call->c->not_finite = true;
    return expr_number(d);
}

/* ---- aggregates ---- */

struct aslrt_value aslrt_fn_sum(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    if (v.kind == ASLRT_UNDEFINED)
        return v;
    double total = 0;
    for (uint32_t i = 0; i < v.count; i++)
        total += expr_double(v.as.items[i]);
    return made(call, total);
}

struct aslrt_value aslrt_fn_count(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    return expr_number(v.kind == ASLRT_UNDEFINED ? 0 : v.count);
}

struct aslrt_value aslrt_fn_average(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    if (v.kind == ASLRT_UNDEFINED || v.count == 0)
        return aslrt_undefined();
    double total = 0;
    for (uint32_t i = 0; i < v.count; i++)
        total += expr_double(v.as.items[i]);
    return made(call, total / v.count);
}

/* The largest number, or with `sign` -1 the smallest; NaN wins, as in JavaScript. */
static struct aslrt_value extreme(struct call *call, double sign)
{
    struct aslrt_value v = call_arg(call, 0);
    if (v.kind == ASLRT_UNDEFINED || v.count == 0)
        return aslrt_undefined();
    double best = -INFINITY;
    for (uint32_t i = 0; i < v.count; i++) {
        double d = sign * expr_double(v.as.items[i]);
        if (isnan(d))
            return made(call, d);
        if (d > best)
            best = d;
    }
    return made(call, sign * best);
}

struct aslrt_value aslrt_fn_max(struct call *call)
{
    return extreme(call, 1);
}

struct aslrt_value aslrt_fn_min(struct call *call)
{
    return extreme(call, -1);
}

/* ---- single numbers ---- */

struct aslrt_value aslrt_fn_abs(struct call *call)
{
    double d;
    return number_argument(call, 0, &d) ? expr_number(fabs(d)) : aslrt_undefined();
}

struct aslrt_value aslrt_fn_floor(struct call *call)
{
    double d;
    return number_argument(call, 0, &d) ? expr_number(floor(d)) : aslrt_undefined();
}

struct aslrt_value aslrt_fn_ceil(struct call *call)
{
    double d;
    return number_argument(call, 0, &d) ? expr_number(ceil(d)) : aslrt_undefined();
}

/* The double whose decimal text is that of `d` with its exponent changed by `shift`. */
static double shift_decimal(double d, double shift)
{
    if (!isfinite(d) || isnan(shift) || shift != floor(shift))
        return NAN; /* as text no number: "Infinitye2", "1e0.5" */
    if (d == 0)
        return d;
    char digits[20], text[64];
    int point;
    unsigned count = aslrt_double_shortest(fabs(d), digits, &point);
    double exponent = point - (double)count + shift;
    if (exponent > 400)
        return d < 0 ? -INFINITY : INFINITY;
    if (exponent < -800)
        return d < 0 ? -0.0 : 0.0;
    unsigned n = 0;
    memcpy(text, digits, count);
    n = count;
    text[n++] = 'e';
    n += aslrt_int_to_text((int64_t)exponent, text + n);
    double r = aslrt_number_to_double(text, n);
    return d < 0 ? -r : r;
}

double aslrt_round_half_even(double d, double precision)
{
    bool shifted = precision != 0 && !isnan(precision);
    if (shifted && fabs(precision) >= 1e21)
        return NAN; /* its own exponent would make a second one in the number's text */
    if (shifted)
        d = shift_decimal(d, precision);
    double r = floor(d);
    if (d - r >= 0.5)
        r += 1; /* JavaScript's Math.round */
    if (fabs(r - d) == 0.5 && fabs(fmod(r, 2)) == 1)
        r -= 1;
    if (shifted)
        r = shift_decimal(r, -precision);
    return r == 0 ? 0 : r;
}

struct aslrt_value aslrt_fn_round(struct call *call)
{
    double d, precision;
    if (!number_argument(call, 0, &d))
        return aslrt_undefined();
    number_argument(call, 1, &precision);
    return made(call, aslrt_round_half_even(d, precision));
}

struct aslrt_value aslrt_fn_sqrt(struct call *call)
{
    double d;
    if (!number_argument(call, 0, &d))
        return aslrt_undefined();
    if (d < 0)
        aslrt_eval_fail_code(call->c, "D3060", FAULT_NOWHERE, call_arg(call, 0));
    return made(call, sqrt(d));
}

struct aslrt_value aslrt_fn_power(struct call *call)
{
    double base, exponent;
    if (!number_argument(call, 0, &base))
        return aslrt_undefined();
    number_argument(call, 1, &exponent);
    double r = pow(base, exponent);
    if (fabs(base) == 1 && !isfinite(exponent))
        r = NAN; /* where C has 1 */
    if (isnan(exponent))
        r = NAN;
    if (!isfinite(r)) {
        struct aslrt_fault f = aslrt_fault("D3061", FAULT_NOWHERE);
        f.value = call_arg(call, 0);
        f.exponent = call_arg(call, 1);
        aslrt_eval_fail(call->c, &f);
    }
    return expr_number(r);
}

/* ---- text to number, number to text ---- */

static bool all_digits(const char *p, const char *end, const char *digits)
{
    if (p == end)
        return false;
    for (; p < end; p++)
        if (*p == '\0' || strchr(digits, *p) == NULL)
            return false;
    return true;
}

/* -?[0-9]+(.[0-9]+)?([eE][-+]?[0-9]+)? and finite */
static bool decimal_number(struct aslrt_value v, double *out)
{
    const char *p = v.as.bytes, *end = p + v.count;
    if (p < end && *p == '-')
        p++;
    const char *digits = p;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    if (p == digits)
        return false;
    while (digits + 1 < p && *digits == '0')
        digits++; /* JSON knows no leading zeros; JavaScript's parseFloat does */
    if (p < end && *p == '.') {
        const char *fraction = ++p;
        while (p < end && *p >= '0' && *p <= '9')
            p++;
        if (p == fraction)
            return false;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '-' || *p == '+'))
            p++;
        if (!all_digits(p, end, "0123456789"))
            return false;
        p = end;
    }
    if (p != end)
        return false;
    double d = aslrt_number_to_double(digits, (size_t)(end - digits));
    *out = v.as.bytes[0] == '-' ? -d : d;
    return isfinite(d);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* 0x1F, 0o17, 0b101.  As the original's pattern is not anchored everywhere, text around an octal or
   binary number passes it and then is no number, unless it is blanks; so do blanks behind a
   hexadecimal one. */
static bool prefixed_number(struct aslrt_value v, double *out)
{
    const char *p = v.as.bytes, *end = p + v.count;
    while (p < end && is_blank(*p))
        p++;
    while (p < end && is_blank(end[-1]))
        end--;
    if (end - p < 3 || p[0] != '0')
        return false;
    const char *digits;
    double base;
    int kind = p[1] | 0x20;
    if ((kind == 'x' && p != v.as.bytes) || (kind == 'b' && end != v.as.bytes + v.count))
        return false;
    switch (kind) {
    case 'x':
        digits = "0123456789abcdefABCDEF";
        base = 16;
        break;
    case 'o':
        digits = "01234567";
        base = 8;
        break;
    case 'b':
        digits = "01";
        base = 2;
        break;
    default:
        return false;
    }
    if (!all_digits(p + 2, end, digits))
        return false;
    double d = 0;
    for (p += 2; p < end; p++)
        d = d * base + (*p <= '9' ? *p - '0' : (*p | 0x20) - 'a' + 10);
    *out = d;
    return true;
}

/* True where the original's pattern finds an octal, binary or hexadecimal number somewhere. */
static bool looks_prefixed(struct aslrt_value v)
{
    const char *p = v.as.bytes;
    for (uint32_t i = 0; i + 2 < v.count; i++) {
        if (p[i] != '0')
            continue;
        char kind = (char)(p[i + 1] | 0x20);
        if (kind == 'x' && i == 0 && all_digits(p + 2, p + 3, "0123456789abcdefABCDEF"))
            return true;
        if (kind == 'o' && all_digits(p + i + 2, p + i + 3, "01234567"))
            return true;
        if (kind == 'b' && all_digits(p + i + 2, p + v.count, "01"))
            return true;
    }
    return false;
}

struct aslrt_value aslrt_fn_number(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    double d;
    if (v.kind == ASLRT_UNDEFINED || aslrt_is_number(v))
        return v;
    if (v.kind == ASLRT_BOOL)
        return expr_number(v.as.boolean ? 1 : 0);
    if (v.kind == ASLRT_STRING) {
        if (decimal_number(v, &d) || prefixed_number(v, &d))
            return made(call, d);
        if (looks_prefixed(v))
            return made(call, NAN);
    }
    struct aslrt_fault f = aslrt_fault("D3030", FAULT_NOWHERE);
    f.value = v;
    f.index = 1;
    aslrt_eval_fail(call->c, &f);
}

struct aslrt_value aslrt_fn_formatBase(struct call *call)
{
    double d, radix;
    if (!number_argument(call, 0, &d))
        return aslrt_undefined();
    d = aslrt_round_half_even(d, 0);
    radix = number_argument(call, 1, &radix) ? aslrt_round_half_even(expr_double(call->args[1]), 0)
                                             : 10;
    if (isnan(radix))
        aslrt_eval_fail_message(call->c, "toString() radix argument must be between 2 and 36");
    if (radix < 2 || radix > 36)
        aslrt_eval_fail_code(call->c, "D3100", FAULT_NOWHERE, expr_number(radix));
    char text[1100];
    unsigned n = aslrt_integer_in_base(d, (unsigned)radix, text);
    return aslrt_string_copy(call->c->arena, text, n);
}

unsigned aslrt_integer_in_base(double d, unsigned radix, char *out)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    if (radix == 10 || !isfinite(d))
        return aslrt_double_to_text(d, out);
    char digits[1100];
    unsigned count = 0, n = 0;
    double rest = fabs(d);
    /* digits that the double's precision does not reach are zeros */
    double precision = nextafter(rest, INFINITY) - rest;
    for (; precision > radix && count < 1000; precision /= radix) {
        rest /= radix;
        digits[count++] = '0';
    }
    do {
        double digit = fmod(rest, radix);
        digits[count++] = letters[(unsigned)digit];
        rest = (rest - digit) / radix;
    } while (rest > 0 && count < sizeof digits);
    if (d < 0)
        out[n++] = '-';
    while (count > 0)
        out[n++] = digits[--count];
    return n;
}

/* ---- chance ---- */

struct aslrt_value aslrt_fn_random(struct call *call)
{
    return expr_number(aslrt_random_fraction(call->c));
}

uint64_t aslrt_random_bits(struct evaluation *c)
{
    if (c->options->random != NULL)
        return c->options->random(c->options->random_data);
    uint64_t z = c->random_state += UINT64_C(0x9e3779b97f4a7c15); /* SplitMix64 */
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

double aslrt_random_fraction(struct evaluation *c)
{
    return (double)(aslrt_random_bits(c) >> 11) * 0x1p-53;
}
