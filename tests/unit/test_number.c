/*
 * test_number.c - numbers: both directions of text and double against known hard cases and, for
 * several hundred thousand random doubles, against the C library; integers; equality; rounding to
 * 15 digits.
 */
#include "runtime/base/number.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static uint64_t seed = 0x853c49e6748fea9bu;

/* A small generator, so that every run tests the same numbers. */
static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed * 0x2545f4914f6cdd1du;
}

static double from_bits(uint64_t bits)
{
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static double random_double(void)
{
    for (;;) {
        double d = from_bits(next_random());
        if (isfinite(d))
            return d;
    }
}

static const char *text_of(double d)
{
    static char text[ASLRT_NUMBER_TEXT_MAX + 1];
    text[aslrt_double_to_text(d, text)] = '\0';
    return text;
}

static double double_of(const char *text)
{
    return aslrt_number_to_double(text, strlen(text));
}

/* As ECMAScript spells them: checked with `node -p`. */
static void test_spelling(void **state)
{
    (void)state;
    static const struct {
        double d;
        const char *text;
    } cases[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1, "-1"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {-1.5, "-1.5"},
        {100, "100"},
        {1e20, "100000000000000000000"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e21, "1e+21"},
        {1.5e21, "1.5e+21"},
        {-1e21, "-1e+21"},
        {0.000001, "0.000001"},
        {0.0000015, "0.0000015"},
        {1e-7, "1e-7"},
        {1.5e-7, "1.5e-7"},
        {123e-9, "1.23e-7"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {2.225073858507201e-308, "2.225073858507201e-308"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {0x1p-44, "5.684341886080802e-14"},
        {9007199254740991.0, "9007199254740991"},
        {9007199254740992.0, "9007199254740992"},
        {9007199254740994.0, "9007199254740994"},
        {9223372036854775808.0, "9223372036854776000"},
        {0x1p60, "1152921504606847000"},
        {4.35, "4.35"},
        {1e23, "1e+23"},
        {9.5e-7, "9.5e-7"},
        {2e-44, "2e-44"},
        {1.0 / 3, "0.3333333333333333"},
        {2.0 / 3, "0.6666666666666666"},
        {9.007199254740993e15, "9007199254740992"},
        {5e-7, "5e-7"},
        {1.2345e5, "123450"},
        {12345.6789, "12345.6789"},
        {INFINITY, "Infinity"},
        {-INFINITY, "-Infinity"},
        {NAN, "NaN"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(text_of(cases[i].d), cases[i].text);
}

static void check_double(double d)
{
    char printed[40];
    const char *shortest = text_of(d);
    double back = double_of(shortest);
    if (memcmp(&back, &d, sizeof d) != 0)
        fail_msg("%.17g is written as %s, which reads as %.17g", d, shortest, back);
    /* The C library's 17 digits read back as the same, and no text with fewer digits than ours
     * does. */
    snprintf(printed, sizeof printed, "%.17g", d);
    back = double_of(printed);
    if (memcmp(&back, &d, sizeof d) != 0)
        fail_msg("%s reads as %.17g", printed, back);
    char digits[20];
    int point;
    int count = (int)aslrt_double_shortest(fabs(d), digits, &point);
    if (count > 1) {
        snprintf(printed, sizeof printed, "%.*e", count - 2, d);
        if (strtod(printed, NULL) == d)
            fail_msg("%s is shorter than %s", printed, shortest);
    }
    /* Among texts of that length ours is the closest. */
    snprintf(printed, sizeof printed, "%.*e", count - 1, d);
    if (strtod(printed, NULL) == d && double_of(printed) == d) {
        char ours[40];
        snprintf(ours, sizeof ours, "%s%c%s%.*s", d < 0 ? "-" : "", digits[0], count > 1 ? "." : "",
                 count - 1, digits + 1);
        if (strncmp(ours, printed, strlen(ours)) != 0)
            fail_msg("%s is closer than %s", printed, ours);
    }
}

static void test_random_doubles(void **state)
{
    (void)state;
    for (int i = 0; i < 150000; i++)
        check_double(random_double());
    for (int i = 0; i < 50000; i++) { /* of the sizes that people use */
        double d = (double)(int64_t)(next_random() % 2000000000000u) / 10000;
        if (d != 0)
            check_double(d);
    }
    for (int e = 0; e < 2047; e++) { /* around every power of two, subnormal and normal */
        uint64_t bits = (uint64_t)e << 52;
        if (bits != 0)
            check_double(from_bits(bits));
        check_double(from_bits(bits + 1));
        if (bits > 1)
            check_double(from_bits(bits - 1));
    }
    for (int i = 0; i < 52; i++)
        check_double(from_bits((uint64_t)1 << i));
}

/* Random digits and exponents, long and short, against strtod. */
static void test_random_texts(void **state)
{
    (void)state;
    char text[900];
    for (int i = 0; i < 100000; i++) {
        size_t n = 0;
        unsigned digits =
            i % 50 == 0 ? (unsigned)(next_random() % 800) + 1 : (unsigned)(next_random() % 25) + 1;
        unsigned point = (unsigned)(next_random() % (digits + 1));
        for (unsigned k = 0; k < digits; k++) {
            char digit = (char)('0' + next_random() % 10);
            if (k == point && k != 0)
                text[n++] = '.';
            if (k == 0 && digit == '0')
                digit = '1';
            text[n++] = digit;
        }
        snprintf(text + n, sizeof text - n, "e%d", (int)(next_random() % 700) - 350);
        double ours = double_of(text);
        double theirs = strtod(text, NULL);
        if (memcmp(&ours, &theirs, sizeof ours) != 0)
            fail_msg("%s reads as %.17g, not %.17g", text, ours, theirs);
    }
}

/* The halfway point between two doubles, exactly, and just above and below it. */
static void test_halfway(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next_random() & ~((uint64_t)1 << 63);
        double d = from_bits(bits);
        double up = from_bits(bits + 1);
        if (!isfinite(d) || !isfinite(up) || d == 0)
            continue;
        char text[ASLRT_NUMBER_DIGITS_MAX + 40];
        /* With long double (64 bits of mantissa here) the middle is exact. */
        if (sizeof(long double) <= sizeof(double))
            skip();
        long double middle = ((long double)d + (long double)up) / 2;
        snprintf(text, sizeof text, "%.780Le", middle);
        double even = (bits & 1) == 0 ? d : up;
        assert_true(double_of(text) == even);
        assert_true(double_of(text) == strtod(text, NULL));
        char *e = strchr(text, 'e');
        e[-1] = '1'; /* a little more */
        assert_true(double_of(text) == up);
        snprintf(text, sizeof text, "%.780Le", middle);
        char *last = strchr(text, 'e') - 1;
        while (*last == '0' || *last == '.')
            last--;
        (*last)--; /* a little less */
        for (char *p = last + 1; *p != 'e'; p++)
            *p = *p == '.' ? '.' : '9';
        if (double_of(text) != d)
            fail_msg("%s reads as %.17g, not %.17g", text, double_of(text), d);
    }
}

static void test_hard_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double d;
    } cases[] = {
        {"0", 0},
        {"-0", -0.0},
        {"0.000e999999999999999999999", 0},
        {"1e-400", 0},
        {"1e400", INFINITY},
        {"-1e400", -INFINITY},
        {"1e99999999999999999999", INFINITY},
        {"1e-99999999999999999999", 0},
        {"2.4703282292062327e-324", 0},
        {"2.4703282292062328e-324", 5e-324},
        {"2.2250738585072011e-308", 2.225073858507201e-308},
        {"2.2250738585072012e-308", 2.2250738585072014e-308},
        {"1.7976931348623157e308", 1.7976931348623157e308},
        {"1.7976931348623158e308", 1.7976931348623157e308},
        {"1.7976931348623159e308", INFINITY},
        {"17976931348623158079372897140530341507993413271003782693617377898044496829276475094664901"
         "7977587"
         "20709633028641669288791094655554785194040263065748867150582068190890200070838367627385484"
         "5817711"
         "53176447573027006985557136695962284291481986083493647529271907416844436551070434271155969"
         "9508093"
         "042880177904174497791.999e0",
         1.7976931348623157e308},
        {"9007199254740993", 9007199254740992.0},
        {"9007199254740993.00000000000000000000000000000000000000000000001", 9007199254740994.0},
        {"9007199254740995", 9007199254740996.0},
        {"8.5e-22", 8.5e-22},
        {"6.62607015e-34", 6.62607015e-34},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
        {"0.000000000000000000000000000000000000000000001e45", 1},
        {"1000000000000000000000000000000000000000000000e-45", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double d = double_of(cases[i].text);
        if (memcmp(&d, &cases[i].d, sizeof d) != 0)
            fail_msg("%s reads as %.17g, not %.17g", cases[i].text, d, cases[i].d);
    }
}

/* A million digits take no more than time in proportion. */
static void test_long_text(void **state)
{
    (void)state;
    enum { LENGTH = 1000000 };
    char *text = malloc(LENGTH);
    assert_non_null(text);
    memset(text, '0', LENGTH);
    memcpy(text, "9007199254740993.", 17);
    assert_true(aslrt_number_to_double(text, LENGTH) == 9007199254740992.0);
    text[LENGTH - 1] = '1';
    assert_true(aslrt_number_to_double(text, LENGTH) == 9007199254740994.0);
    free(text);
}

static void test_expand(void **state)
{
    (void)state;
    static const double doubles[] = {0.1,  5e-324,  1.7976931348623157e308, 1, 0.5,
                                     1e23, 123.456, 2.2250738585072014e-308};
    for (size_t i = 0; i < sizeof doubles / sizeof doubles[0]; i++) {
        char digits[ASLRT_NUMBER_DIGITS_MAX];
        char expected[ASLRT_NUMBER_DIGITS_MAX + 40];
        int point;
        unsigned count = aslrt_double_expand(doubles[i], digits, &point);
        snprintf(expected, sizeof expected, "%.790e", doubles[i]);
        assert_int_equal(point - 1, strtol(strchr(expected, 'e') + 1, NULL, 10));
        assert_int_equal(digits[0], expected[0]);
        assert_memory_equal(digits + 1, expected + 2, count - 1);
        for (unsigned k = count + 1; k <= 791; k++)
            assert_int_equal(expected[k], '0');
    }
}

static void test_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is;
        int64_t i;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"1e3", true, 1000},
        {"20.0", true, 20},
        {"2.5e1", true, 25},
        {"2.5", false, 0},
        {"100e-2", true, 1},
        {"1e-1", false, 0},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"-9223372036854775809", false, 0},
        {"9223372036854775807.000", true, INT64_MAX},
        {"92233720368547758.07e2", true, INT64_MAX},
        {"18446744073709551616", false, 0},
        {"1e18", true, 1000000000000000000},
        {"1e19", false, 0},
        {"0e99999999999999999999", true, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t out = 77;
        assert_int_equal(aslrt_number_to_int(cases[i].text, strlen(cases[i].text), &out),
                         cases[i].is);
        if (cases[i].is)
            assert_true(out == cases[i].i);
    }
    static const int64_t ints[] = {0,         7,         10, 99,  100,       12345,
                                   INT64_MAX, INT64_MIN, -1, -10, 1000000007};
    for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++) {
        char ours[ASLRT_NUMBER_TEXT_MAX + 1];
        char theirs[40];
        ours[aslrt_int_to_text(ints[i], ours)] = '\0';
        snprintf(theirs, sizeof theirs, "%lld", (long long)ints[i]);
        assert_string_equal(ours, theirs);
    }
    int64_t out;
    assert_true(aslrt_to_int(aslrt_double(-0x1p63), &out) && out == INT64_MIN);
    assert_false(aslrt_to_int(aslrt_double(0x1p63), &out));
    assert_false(aslrt_to_int(aslrt_double(0.5), &out));
    assert_false(aslrt_to_int(aslrt_double(NAN), &out));
    assert_false(aslrt_to_int(aslrt_text("1"), &out));
}

static struct aslrt_value number(const char *text)
{
    struct aslrt_value v = aslrt_number_value(text, (uint32_t)strlen(text));
    return v;
}

static void test_kept_text(void **state)
{
    (void)state;
    static const char *const ints[] = {"0", "1", "-1", "9223372036854775807",
                                       "-9223372036854775808"};
    for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++)
        assert_int_equal(number(ints[i]).kind, ASLRT_INT);
    static const char *const texts[] = {"-0",
                                        "1.0",
                                        "1e3",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "12345678901234567890123",
                                        "0.1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(number(texts[i]).kind, ASLRT_NUMBER);
}

static void test_equality(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool equal;
    } cases[] = {
        {"1", "1.0", true},
        {"1", "10e-1", true},
        {"0", "-0", true},
        {"0.00", "-0e5", true},
        {"1.10", "1.1", true},
        {"100", "1e2", true},
        {"1e400", "10e399", true},
        {"1e400", "1e401", false},
        {"9223372036854775807", "9223372036854775808", false},
        {"12345678901234567890123", "12345678901234567890124", false},
        {"12345678901234567890123", "1234567890123456789012.3e1", true},
        {"-5", "5", false},
        {"0.1", "0.10000000000000000001", false},
        {"0", "0.0000000001", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(aslrt_number_equal(number(cases[i].a), number(cases[i].b)),
                         cases[i].equal);
        assert_int_equal(aslrt_number_equal(number(cases[i].b), number(cases[i].a)),
                         cases[i].equal);
    }
    assert_true(aslrt_number_equal(aslrt_int(3), aslrt_double(3)));
    assert_true(aslrt_number_equal(number("0.1"), aslrt_double(0.1)));
    assert_true(aslrt_number_equal(number("1e400"), aslrt_double(INFINITY)));
    assert_false(aslrt_number_equal(aslrt_int(9007199254740993), aslrt_double(9007199254740992.0)));
    assert_true(aslrt_number_equal(aslrt_int(9007199254740992), aslrt_double(9007199254740992.0)));
    assert_false(aslrt_number_equal(aslrt_int(INT64_MAX), aslrt_double(0x1p63)));
    assert_false(aslrt_number_equal(aslrt_double(NAN), aslrt_double(NAN)));
}

/* Number(x.toPrecision(15)), checked with node. */
static void test_15_digits(void **state)
{
    (void)state;
    static const double cases[][2] = {
        {5890840712243076, 5890840712243080},
        {1.0 / 3, 0.333333333333333},
        {0.1 + 0.2, 0.3},
        {1.005, 1.005},
        {5e-324, 5e-324},
        {1.7976931348623157e308, INFINITY}, /* 1.79769313486232e308 is too large */
        {-1.0 / 3, -0.333333333333333},
        {1000000000000000.5, 1000000000000000},
        {1000000000000005, 1000000000000010},
        {1000000000000015, 1000000000000020},
        {9007199254740992.0, 9007199254740990},
        {999999999999999.9, 1000000000000000},
        {0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(aslrt_double_15(cases[i][0]) == cases[i][1]);
    for (int i = 0; i < 50000; i++) {
        double d = random_double();
        char text[40];
        char exact[80];
        snprintf(text, sizeof text, "%.14e", d);
        double theirs = strtod(text, NULL);
        snprintf(exact, sizeof exact, "%.60e", fabs(d));
        if (exact[16] == '5' && strspn(exact + 17, "0") == 45)
            continue; /* a tie: JavaScript goes up, C to the even digit */
        if (aslrt_double_15(d) != theirs && isfinite(theirs))
            fail_msg("%.17g gives %.17g, not %.17g", d, aslrt_double_15(d), theirs);
    }
}

static void test_scan(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        bool integral;
    } cases[] = {
        {"", 0, false},    {"-", 0, false},        {"0", 1, true},        {"01", 1, true},
        {"-12,", 3, true}, {"1.", 1, true},        {"1.5", 3, false},     {"1e", 1, true},
        {"1e+", 1, true},  {"1E+05", 5, false},    {"1.5e-3x", 6, false}, {".5", 0, false},
        {"+1", 0, false},  {"Infinity", 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool integral = false;
        assert_int_equal(aslrt_number_scan(cases[i].text, strlen(cases[i].text), &integral),
                         cases[i].length);
        if (cases[i].length != 0)
            assert_int_equal(integral, cases[i].integral);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spelling),     cmocka_unit_test(test_random_doubles),
        cmocka_unit_test(test_random_texts), cmocka_unit_test(test_halfway),
        cmocka_unit_test(test_hard_texts),   cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_expand),       cmocka_unit_test(test_integers),
        cmocka_unit_test(test_kept_text),    cmocka_unit_test(test_equality),
        cmocka_unit_test(test_15_digits),    cmocka_unit_test(test_scan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
