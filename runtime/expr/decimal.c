/*
 * decimal.c - numbers of few digits; see decimal.h.
 */
#include "runtime/expr/decimal.h"

#include <math.h>

enum { PLACES_MAX = 6 };

static const double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

double aslrt_decimal_read(const char *text, uint32_t count)
{
    uint64_t digits = 0;
    uint32_t i = text[0] == '-', places = 0;
    if (count > 16)
        return aslrt_number_to_double(text, count);
    for (; i < count && text[i] >= '0' && text[i] <= '9'; i++)
        digits = digits * 10 + (uint64_t)(text[i] - '0');
    if (i < count && text[i] == '.') {
        for (i++; i < count && text[i] >= '0' && text[i] <= '9'; i++, places++)
            digits = digits * 10 + (uint64_t)(text[i] - '0');
    }
    if (i < count) /* an exponent */
        return aslrt_number_to_double(text, count);
    double d = (double)digits / powers[places]; /* both are exact: the quotient is rounded once */
    return text[0] == '-' ? -d : d;
}

/* Finds digits < 10^15 and places such that x is the double nearest to digits / 10^places. */
static bool split(double x, uint64_t *digits, unsigned *places)
{
    for (unsigned k = 0; k <= PLACES_MAX; k++) {
        double y = x * powers[k];
        if (!(y < 1e15))
            return false;
        uint64_t whole = (uint64_t)y;
        if ((double)whole == y && y / powers[k] == x) {
            for (; k > 0 && whole % 10 == 0; k--) /* 34.45 * 100 is no integer, 34.45 * 1000 is */
                whole /= 10;
            *digits = whole;
            *places = k;
            return true;
        }
    }
    return false;
}

unsigned aslrt_decimal_write(double d, char out[ASLRT_NUMBER_TEXT_MAX])
{
    uint64_t digits;
    unsigned places, count = 0, n = 0;
    if (!split(fabs(d), &digits, &places))
        return aslrt_double_to_text(d, out);
    char reversed[24];
    for (; digits != 0 || count <= places; digits /= 10) {
        if (count == places && places != 0)
            reversed[n++] = '.';
        reversed[n++] = (char)('0' + digits % 10);
        count++;
    }
    count = 0;
    if (d < 0)
        out[count++] = '-';
    while (n > 0)
        out[count++] = reversed[--n];
    return count;
}

double aslrt_decimal_15(double d)
{
    uint64_t digits;
    unsigned places;
    return split(fabs(d), &digits, &places) ? d : aslrt_double_15(d);
}
