/*
 * test_decimal.c - DynamoDB's numbers against Python's Decimal (ddb/decimals.txt, made by
 * ddb/make_decimals.py), and the sizes that were measured on the service.
 */
#include "runtime/ddb/decimal.h"
#include "tests/unit/datafile.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const char *const error_names[] = {"", "!syntax", "!overflow", "!underflow", "!precision"};

static struct aslrt_decimal number(const char *text)
{
    struct aslrt_decimal d = {0, 0, false};
    assert_int_equal(aslrt_decimal_parse(text, strlen(text), &d), ASLRT_DECIMAL_OK);
    return d;
}

static const char *outcome(enum aslrt_decimal_status status, struct aslrt_decimal d, char *text)
{
    if (status != ASLRT_DECIMAL_OK)
        return error_names[status];
    size_t n = aslrt_decimal_format(d, text);
    assert_int_equal(n, strlen(text));
    return text;
}

/* The key form must read back as the same number. */
static size_t key_of(struct aslrt_decimal d, uint8_t *key)
{
    struct aslrt_decimal back;
    size_t n = aslrt_decimal_to_key(d, key);
    assert_true(n <= ASLRT_DECIMAL_KEY_MAX);
    assert_true(aslrt_decimal_from_key(key, n, &back));
    assert_true(back.coefficient == d.coefficient && back.exponent == d.exponent &&
                back.negative == d.negative);
    char text[ASLRT_DECIMAL_TEXT_MAX], same[ASLRT_DECIMAL_TEXT_MAX];
    assert_int_equal(aslrt_decimal_format(d, text), aslrt_decimal_format_key(key, n, same));
    assert_string_equal(text, same);
    return n;
}

static int compare_keys(struct aslrt_decimal a, struct aslrt_decimal b)
{
    uint8_t x[ASLRT_DECIMAL_KEY_MAX], y[ASLRT_DECIMAL_KEY_MAX];
    size_t n = key_of(a, x), m = key_of(b, y);
    int order = memcmp(x, y, n < m ? n : m);
    return order != 0 ? (order > 0) - (order < 0) : (n > m) - (n < m);
}

static void run_case(const char *operation, const char *a, const char *b, const char *expected)
{
    char text[ASLRT_DECIMAL_TEXT_MAX];
    struct aslrt_decimal d = {0, 0, false};
    enum aslrt_decimal_status status;
    const char *got;
    if (strcmp(operation, "parse") == 0) {
        status = aslrt_decimal_parse(a, strlen(a), &d);
        got = outcome(status, d, text);
    } else if (strcmp(operation, "cmp") == 0) {
        snprintf(text, sizeof text, "%d", compare_keys(number(a), number(b)));
        got = text;
    } else {
        bool add = strcmp(operation, "add") == 0;
        status = add ? aslrt_decimal_add(number(a), number(b), &d)
                     : aslrt_decimal_subtract(number(a), number(b), &d);
        got = outcome(status, d, text);
    }
    if (strcmp(got, expected) != 0)
        fail_msg("%s %s %s gives %s, not %s", operation, a, b, got, expected);
}

static void test_against_python(void **state)
{
    (void)state;
    char *data = read_data("ddb/decimals.txt"), *rest = data, *line;
    int cases = 0;
    while ((line = next_line(&rest)) != NULL) {
        char *operation = strsep(&line, " "), *a = strsep(&line, " "), *b = strsep(&line, " ");
        char *expected = strsep(&line, " ");
        run_case(operation, a, expected == NULL ? "" : b, expected == NULL ? b : expected);
        cases++;
    }
    assert_true(cases > 2500);
    free(data);
}

/* What the service counts, measured at the item's size limit. */
static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t size;
    } sizes[] = {
        {"0", 1},         {"1", 2},
        {"12", 2},        {"123", 3},
        {"1234", 3},      {"0042", 2},
        {"100", 2},       {"1010", 3},
        {"-0", 1},        {"12345678901234567890123456789012345678", 20},
        {"0.0000001", 2}, {"1E125", 2},
        {"1E-100", 2},    {"1.5", 3},
        {"15", 2},        {"1.2", 3},
        {"1.200", 3},     {"1.234", 4},
        {"3.14159", 5},   {"123456", 4},
        {"100.5", 4},     {"0.15", 2},
        {"-42", 3},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t key[ASLRT_DECIMAL_KEY_MAX];
        size_t count = key_of(number(sizes[i].text), key);
        assert_int_equal(aslrt_decimal_key_size(key, count), sizes[i].size);
    }
}

/* No string of bytes makes from_key misbehave, and what it takes is the one form of its number. */
static void test_hostile_keys(void **state)
{
    (void)state;
    uint32_t seed = 1;
    int taken = 0;
    for (int round = 0; round < 200000; round++) {
        uint8_t key[ASLRT_DECIMAL_KEY_MAX + 2], again[ASLRT_DECIMAL_KEY_MAX];
        struct aslrt_decimal d;
        seed = seed * 1664525u + 1013904223u;
        size_t n = (seed >> 8) % (sizeof key + 1);
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            key[i] = (uint8_t)(i == 0 ? 1 + (seed >> 16) % 3 : 1 + (seed >> 16) % 102);
        }
        if (!aslrt_decimal_from_key(key, n, &d))
            continue;
        taken++;
        assert_int_equal(aslrt_decimal_to_key(d, again), n);
        assert_memory_equal(key, again, n);
    }
    assert_true(taken > 100);
}

static void test_of_integer(void **state)
{
    (void)state;
    char text[ASLRT_DECIMAL_TEXT_MAX];
    aslrt_decimal_format(aslrt_decimal_of(0), text);
    assert_string_equal(text, "0");
    aslrt_decimal_format(aslrt_decimal_of(4294967290u), text);
    assert_string_equal(text, "4294967290");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_python),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_hostile_keys),
        cmocka_unit_test(test_of_integer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
