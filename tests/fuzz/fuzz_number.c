/*
 * fuzz_number.c - a number's text gives the double that the C library gives, and every double that
 * eight bytes can say comes back from its text.
 */
#include "runtime/base/number.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>

static void must(bool good)
{
    if (!good)
        abort();
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void check_text(const char *text, size_t count)
{
    bool integral;
    size_t n = aslrt_number_scan(text, count, &integral);
    if (n == 0)
        return;
    char *copy = malloc(n + 1);
    must(copy != NULL);
    memcpy(copy, text, n);
    copy[n] = '\0';
    must(same_bits(aslrt_number_to_double(text, n), strtod(copy, NULL)));
    int64_t i;
    if (aslrt_number_to_int(text, n, &i) && i > -((int64_t)1 << 53) && i < (int64_t)1 << 53)
        must(aslrt_number_to_double(text, n) == (double)i);
    must(aslrt_number_same(text, n, copy, n));
    free(copy);
}

static void check_double(double d)
{
    if (!isfinite(d))
        return;
    char text[ASLRT_NUMBER_TEXT_MAX];
    double back = aslrt_number_to_double(text, aslrt_double_to_text(d, text));
    must(d == 0 ? back == 0 : same_bits(d, back));
    double rounded = aslrt_double_15(d);
    must(d == 0 || fabs(rounded / d - 1) < 1e-14 || fabs(d) < 1e-300 || !isfinite(rounded));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_text((const char *)data, size);
    if (size >= sizeof(double)) {
        double d;
        memcpy(&d, data, sizeof d);
        check_double(d);
    }
    return 0;
}
