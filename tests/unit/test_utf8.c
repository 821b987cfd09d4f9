/*
 * test_utf8.c - UTF-8: every character there and back, every wrong pair of bytes refused, counting
 * and ordering as JavaScript does it, surrogates that meet at a seam.
 */
#include "runtime/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static void test_every_character(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        char bytes[4];
        unsigned n = aslrt_utf8_put(c, bytes);
        bool surrogate = c >= 0xd800 && c <= 0xdfff;
        const char *p = bytes;
        assert_true(aslrt_utf8_next(&p) == c && p == bytes + n);
        assert_true(aslrt_utf8_length(bytes[0]) == n);
        assert_true(aslrt_utf8_check(bytes, n) == (surrogate ? 0 : n));
        if (c >= 0x80) {
            assert_true(aslrt_utf8_sequence(bytes, n) == (surrogate ? 0 : n));
            for (unsigned cut = 1; cut < n; cut++)
                assert_true(aslrt_utf8_sequence(bytes, cut) == 0);
        }
        assert_true(aslrt_utf8_count(bytes, n) == 1);
        assert_true(aslrt_utf16_count(bytes, n) == (c > 0xffff ? 2 : 1));
    }
}

/* A decoder by the book, to compare with: Unicode 15, table 3-7. */
static unsigned by_the_book(const unsigned char *b, size_t count)
{
    static const struct {
        unsigned char first, last, second_first, second_last;
        unsigned length;
    } rows[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (b[0] < rows[i].first || b[0] > rows[i].last)
            continue;
        if (count < rows[i].length || b[1] < rows[i].second_first || b[1] > rows[i].second_last)
            return 0;
        for (unsigned k = 2; k < rows[i].length; k++)
            if (b[k] < 0x80 || b[k] > 0xbf)
                return 0;
        return rows[i].length;
    }
    return 0;
}

static void test_every_pair_of_bytes(void **state)
{
    (void)state;
    static const unsigned char ends[] = {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff};
    for (unsigned first = 0x80; first < 256; first++) {
        for (unsigned second = 0; second < 256; second++) {
            for (unsigned i = 0; i < sizeof ends * sizeof ends; i++) {
                unsigned char b[4] = {(unsigned char)first, (unsigned char)second,
                                      ends[i % sizeof ends], ends[i / sizeof ends]};
                for (size_t n = 1; n <= 4; n++)
                    assert_int_equal(aslrt_utf8_sequence((const char *)b, n), by_the_book(b, n));
            }
        }
    }
}

static void test_check(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t bad; /* SIZE_MAX: none */
    } cases[] = {
        {"", SIZE_MAX},
        {"plain text of more than eight bytes", SIZE_MAX},
        {"caf\xc3\xa9 \xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x98\x80!", SIZE_MAX},
        {"12345678\xff", 8},
        {"1234567\x80", 7},
        {"123456789abc\xc3", 12},
        {"\xc3\xa9\xc3", 2},
        {"abc\xed\xa0\x80", 3},
        {"\xe4\xb8\xad\xe4\xb8", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = strlen(cases[i].text);
        assert_int_equal(aslrt_utf8_check(cases[i].text, n),
                         cases[i].bad == SIZE_MAX ? n : cases[i].bad);
    }
}

static void test_counts(void **state)
{
    (void)state;
    const char *text = "caf\xc3\xa9 \xf0\x9f\x98\x80\xf0\x9f\x98\x81 na\xc3\xafve \xed\xa0\x80.";
    size_t n = strlen(text);
    assert_int_equal(aslrt_utf8_count(text, n), 16);
    assert_int_equal(aslrt_utf16_count(text, n), 18);
    assert_int_equal(aslrt_utf8_offset(text, n, 0), 0);
    assert_int_equal(aslrt_utf8_offset(text, n, 4), 5);
    assert_int_equal(aslrt_utf8_offset(text, n, 6), 10);
    assert_int_equal(aslrt_utf8_offset(text, n, 16), n);
    assert_int_equal(aslrt_utf8_offset(text, n, 100), n);
    bool inside;
    assert_int_equal(aslrt_utf16_offset(text, n, 5, &inside), 6);
    assert_false(inside);
    assert_int_equal(aslrt_utf16_offset(text, n, 6, &inside), 6);
    assert_true(inside);
    assert_int_equal(aslrt_utf16_offset(text, n, 7, &inside), 10);
    assert_false(inside);
    assert_int_equal(aslrt_utf16_offset(text, n, 18, &inside), n);
    assert_int_equal(aslrt_utf16_offset(text, n, 99, &inside), n);
    char ascii[100];
    memset(ascii, 'a', sizeof ascii);
    for (size_t k = 0; k <= sizeof ascii; k++) {
        assert_int_equal(aslrt_utf8_ascii(ascii, k), k);
        assert_int_equal(aslrt_utf8_count(ascii, k), k);
        assert_int_equal(aslrt_utf16_count(ascii, k), k);
        assert_int_equal(aslrt_utf8_offset(ascii, sizeof ascii, k), k);
    }
}

/* In the order in which JavaScript sorts them. */
static void test_order(void **state)
{
    (void)state;
    static const char *const sorted[] = {
        "",
        "12345678",
        "A",
        "Aa",
        "a",
        "aaaaaaaab",
        "aaaaaaaac",
        "b",
        "\xc3\xa9",                 /* 00e9 */
        "\xed\x9f\xbf",             /* d7ff */
        "\xed\xa0\x80",             /* d800 */
        "\355\240\200a",            /* d800 0061 */
        "\xf0\x90\x80\x80",         /* d800 dc00 */
        "\xf0\x90\x80\x81",         /* d800 dc01 */
        "\xed\xa0\x80\xee\x80\x80", /* d800 e000 */
        "\xf0\x9f\x98\x80",         /* d83d de00 */
        "\xed\xb0\x80",             /* dc00 */
        "\xee\x80\x80",             /* e000 */
        "\xef\xbf\xae",             /* ffee */
    };
    size_t count = sizeof sorted / sizeof sorted[0];
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            int c = aslrt_utf16_compare(sorted[i], strlen(sorted[i]), sorted[k], strlen(sorted[k]));
            assert_int_equal((c > 0) - (c < 0), (i > k) - (i < k));
        }
}

static void test_seams(void **state)
{
    (void)state;
    struct aslrt_memory *m = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *a = aslrt_arena_open(m);
    static const struct {
        const char *left, *right, *joined;
    } cases[] = {
        {"", "a", "a"},
        {"a", "", "a"},
        {"x\xed\xa0\xbd", "\xed\xb8\x80y", "x\xf0\x9f\x98\x80y"},
        {"\xed\xa0\xbd", "y", "\xed\xa0\xbdy"},
        {"\xed\xb8\x80", "\xed\xa0\xbd", "\xed\xb8\x80\xed\xa0\xbd"},
        {"\xed\x9f\xbf", "\xed\xb8\x80", "\xed\x9f\xbf\xed\xb8\x80"},
        {"\xed\xa0\xbd", "\xed\x9f\xbf", "\xed\xa0\xbd\xed\x9f\xbf"},
        {"\xf0\x9f\x98\x80", "\xed\xb8\x80", "\xf0\x9f\x98\x80\xed\xb8\x80"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct aslrt_buffer b = aslrt_buffer_in(a);
        aslrt_utf8_join(&b, cases[i].left, strlen(cases[i].left));
        aslrt_utf8_join(&b, cases[i].right, strlen(cases[i].right));
        assert_string_equal(aslrt_buffer_close(&b), cases[i].joined);
    }
    aslrt_arena_close(a);
    aslrt_memory_close(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_character), cmocka_unit_test(test_every_pair_of_bytes),
        cmocka_unit_test(test_check),           cmocka_unit_test(test_counts),
        cmocka_unit_test(test_order),           cmocka_unit_test(test_seams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
