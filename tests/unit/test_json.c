/*
 * test_json.c - the JSON reader and writer: what is accepted, what is refused and where, what is
 * written.
 */
#include "runtime/base/json.h"
#include "runtime/base/json_scan.h"
#include "runtime/base/limits.h"
#include "runtime/base/utf8.h"
#include "runtime/base/value.h"
#include "tests/unit/memory.h"

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct aslrt_value read_value(const char *text)
{
    struct aslrt_value v;
    struct aslrt_json_error error;
    if (aslrt_json_read(arena, text, strlen(text), &v, &error) != ASLRT_OK)
        fail_msg("%s: %s at %zu", text, error.message, error.offset);
    return v;
}

static const char *write_value(struct aslrt_value v)
{
    const char *text;
    size_t count;
    assert_int_equal(aslrt_json_write(arena, v, &text, &count), ASLRT_OK);
    assert_int_equal(strlen(text), count);
    return text;
}

/* Texts that come out as they went in, and texts that come out otherwise. */
static void test_through(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"null", NULL},
        {"true", NULL},
        {"false", NULL},
        {"0", NULL},
        {"-0", NULL},
        {"1.10", NULL},
        {"1E5", NULL},
        {"12345678901234567890123", NULL},
        {"-9223372036854775808", NULL},
        {"\"\"", NULL},
        {"[]", NULL},
        {"{}", NULL},
        {"[[],{},[{}]]", NULL},
        {"{\"b\":1,\"a\":{\"c\":[1,2,3]}}", NULL},
        {" [ 1 ,\t2\r\n] ", "[1,2]"},
        {"{\"a\":1,\"b\":2,\"a\":{\"x\":3}}", "{\"a\":{\"x\":3},\"b\":2}"},
        {"{\"a\":1,\"\\u0061\":2}", "{\"a\":2}"},
        {"\"\\u00e9\\/\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\"",
         "\"\xc3\xa9/\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\""},
        {"\"\\ud83d\\uDE00\"", "\"\xf0\x9f\x98\x80\""},
        {"\"\\ud800\"", NULL},
        {"\"x\\udc00y\\ud83d\\ud83d\\ude00\"", "\"x\\udc00y\\ud83d\xf0\x9f\x98\x80\""},
        {"\"\\udc00\\ud800\"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(write_value(read_value(cases[i][0])),
                            cases[i][1] != NULL ? cases[i][1] : cases[i][0]);
}

static void test_errors(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
        size_t offset;
        uint32_t line;
        uint32_t column;
    } cases[] = {
        {"", "the text ends where a value is expected", 0, 1, 1},
        {"[1,\n 2", "the text ends inside an array", 6, 2, 3},
        {"{\"a\":1,\n\n}", "a member name in double quotes is expected here", 9, 3, 1},
        {"[1,]", "a value is expected here", 3, 1, 4},
        {"[01]", "a number must not start with a superfluous zero", 1, 1, 2},
        {"1 2", "nothing may follow the value", 2, 1, 3},
        {"\"\xff\"", "the text is not UTF-8 here", 1, 1, 2},
        {"\"\xed\xa0\x80\"", "the text is not UTF-8 here", 1, 1, 2},
        {"\"\\x\"", "no such escape; '\\\\' is a backslash", 1, 1, 2},
        {"\xef\xbb\xbf{}", "a byte order mark must not stand before the text", 0, 1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct aslrt_value v;
        struct aslrt_json_error error;
        assert_int_equal(aslrt_json_read(arena, cases[i].text, strlen(cases[i].text), &v, &error),
                         ASLRT_SYNTAX);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.offset, cases[i].offset);
        assert_int_equal(error.line, cases[i].line);
        assert_int_equal(error.column, cases[i].column);
        assert_int_equal(v.kind, ASLRT_UNDEFINED);
    }
}

/* ---- the files in tests/json --------------------------------------------------------------- */

/* Reads a text that stands at the very end of an allocation, so that sanitizers see a read behind
 * it. */
static enum aslrt_status read_exactly(const char *text, size_t count, struct aslrt_value *v,
                                      struct aslrt_json_error *error)
{
    char *copy = aslrt_alloc(arena, count + 1); /* values borrow from it */
    memcpy(copy, text, count);
    char *tight = malloc(count != 0 ? count : 1);
    assert_non_null(tight);
    memcpy(tight, text, count);
    struct aslrt_value unused;
    enum aslrt_status status = aslrt_json_read(arena, tight, count, &unused, error);
    free(tight);
    assert_int_equal(aslrt_json_read(arena, copy, count, v, error), status);
    return status;
}

/* What was read comes back the same from either writer. */
static void check_again(const char *name, struct aslrt_value v)
{
    const char *text;
    size_t count;
    struct aslrt_value again;
    assert_int_equal(aslrt_json_write(arena, v, &text, &count), ASLRT_OK);
    if (aslrt_json_read(arena, text, count, &again, NULL) != ASLRT_OK || !aslrt_equal(v, again))
        fail_msg("%s is written as %s", name, text);
    assert_int_equal(aslrt_json_write_pretty(arena, v, &text, &count), ASLRT_OK);
    if (aslrt_json_read(arena, text, count, &again, NULL) != ASLRT_OK || !aslrt_equal(v, again))
        fail_msg("%s is written as %s", name, text);
}

static void check_file(const char *folder, const char *name)
{
    char path[4096];
    char text[65536];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t count = fread(text, 1, sizeof text, f);
    fclose(f);
    assert_true(count < sizeof text);

    bool wanted = name[0] == 'y' || strncmp(name, "i_y_", 4) == 0;
    struct aslrt_value v;
    struct aslrt_json_error error;
    enum aslrt_status status = read_exactly(text, count, &v, &error);
    if (wanted && status != ASLRT_OK)
        fail_msg("%s is refused: %s at %zu", name, error.message, error.offset);
    if (!wanted && status == ASLRT_OK)
        fail_msg("%s is read", name);
    if (wanted) {
        check_again(name, v);
        return;
    }
    enum aslrt_status reason = strstr(name, "depth") != NULL || strstr(name, "many_open") != NULL
                                   ? ASLRT_LIMIT
                                   : ASLRT_SYNTAX;
    if (status != reason || error.message == NULL || error.offset > count ||
        v.kind != ASLRT_UNDEFINED)
        fail_msg("%s gives status %d and '%s' at %zu", name, status, error.message, error.offset);
}

static void test_files(void **state)
{
    (void)state;
    char folder[2048];
    const char *srcdir = getenv("srcdir");
    snprintf(folder, sizeof folder, "%s/tests/json", srcdir != NULL ? srcdir : ".");
    DIR *d = opendir(folder);
    assert_non_null(d);
    unsigned count = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        check_file(folder, e->d_name);
        count++;
        aslrt_arena_reset(arena);
    }
    closedir(d);
    assert_true(count > 300);
}

/* ---- texts that are made here -------------------------------------------------------------- */

static const char sample[] =
    "{\"a\":[1,-2.5e3,true,false,null,\"x\\n\\u00e9\\ud83d\\ude00\xc3\xa9\xe4\xb8\xad\"],\"b\":{"
    "\"c\":{},\"d\":[]}}";

/* No proper start of a text in brackets is a text. */
static void test_every_cut(void **state)
{
    (void)state;
    struct aslrt_value v;
    struct aslrt_json_error error;
    for (size_t n = 0; n < sizeof sample - 1; n++) {
        assert_int_equal(read_exactly(sample, n, &v, &error), ASLRT_SYNTAX);
        assert_true(error.offset <= n);
    }
    assert_int_equal(read_exactly(sample, sizeof sample - 1, &v, &error), ASLRT_OK);
}

/* Any byte in any place: an answer, and the same text back when it is read. */
static void test_every_byte(void **state)
{
    (void)state;
    for (size_t at = 0; at < sizeof sample - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[sizeof sample];
            struct aslrt_value v;
            memcpy(text, sample, sizeof sample);
            text[at] = (char)byte;
            if (read_exactly(text, sizeof sample - 1, &v, NULL) == ASLRT_OK)
                check_again(text, v);
        }
        aslrt_arena_reset(arena);
    }
}

/* The first special byte is found at every place in texts of every length, whatever stands behind
   it, and nothing is read behind the end. */
static void test_special_places(void **state)
{
    (void)state;
    static const char specials[] = {'"', '\\', '\0', '\n', '\x1f', '\x80', '\xff'};
    for (size_t n = 0; n <= 40; n++) {
        char *text = malloc(n + 1); /* exactly: the sanitizer watches its end */
        assert_non_null(text);
        char *p = text + 1;
        for (size_t at = 0; at <= n; at++)
            for (size_t behind = at; behind <= n; behind++) {
                memset(p, ' ', n);
                if (behind < n)
                    p[behind] = '"';
                if (at < n)
                    p[at] = specials[(at + behind) % sizeof specials];
                assert_ptr_equal(aslrt_find_special(p, p + n), p + at);
            }
        free(text);
    }
}

/* Each character between plain text of several lengths, raw and escaped, so that every place in a
   block of 8 or 16 bytes has its turn. */
static void test_every_character(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x11000; c += c < 0x900 ? 1 : 0x3b) {
        char escaped[64];
        unsigned pad = c % 19;
        int n = c > 0xffff ? snprintf(escaped, sizeof escaped, "\"%.*s\\u%04x\\u%04x.\"", (int)pad,
                                      "....................", 0xd800 + ((c - 0x10000) >> 10),
                                      0xdc00 + (c & 0x3ff))
                           : snprintf(escaped, sizeof escaped, "\"%.*s\\u%04X.\"", (int)pad,
                                      "....................", c);
        struct aslrt_value v;
        assert_int_equal(read_exactly(escaped, (size_t)n, &v, NULL), ASLRT_OK);
        char character[4];
        unsigned length = aslrt_utf8_put(c, character);
        assert_int_equal(v.count, pad + length + 1);
        assert_memory_equal(v.as.bytes + pad, character, length);
        check_again(escaped, v);
        bool plain = c >= 0x20 && c != '"' && c != '\\' && (c < 0xd800 || c > 0xdfff);
        char raw[64];
        memset(raw, '.', sizeof raw);
        raw[0] = '"';
        memcpy(raw + 1 + pad, character, length);
        raw[pad + length + 2] = '"';
        struct aslrt_value w;
        enum aslrt_status status = read_exactly(raw, pad + length + 3, &w, NULL);
        if (c == '"')
            continue; /* it ends the string */
        if (!plain) {
            assert_int_equal(status, ASLRT_SYNTAX);
            continue;
        }
        assert_int_equal(status, ASLRT_OK);
        assert_true(aslrt_equal(v, w));
        assert_int_equal(w.flags, ASLRT_FLAG_CLEAN | (c < 0x80 ? ASLRT_FLAG_ASCII : 0));
        assert_int_equal(v.flags, c < 0x80 ? ASLRT_FLAG_ASCII : 0);
    }
}

static void test_flags_and_borrowing(void **state)
{
    (void)state;
    const char *text = "{\"plain\":\"caf\xc3\xa9\",\"n\":1.50}";
    struct aslrt_value v = read_value(text);
    struct aslrt_value s = aslrt_field(v, "plain");
    assert_ptr_equal(s.as.bytes, text + 10);
    assert_int_equal(s.flags, ASLRT_FLAG_CLEAN);
    assert_int_equal(v.as.members[0].key.flags, ASLRT_FLAG_CLEAN | ASLRT_FLAG_ASCII);
    struct aslrt_value n = aslrt_field(v, "n");
    assert_int_equal(n.kind, ASLRT_NUMBER);
    assert_ptr_equal(n.as.bytes, text + 21);
}

/* What a program may build and no text says. */
static void test_built(void **state)
{
    (void)state;
    struct aslrt_object_builder o = aslrt_object_in(arena);
    aslrt_object_set_text(&o, "gone", aslrt_undefined());
    aslrt_object_set_text(&o, "d", aslrt_double(0.1 + 0.2));
    aslrt_object_set_text(&o, "f", aslrt_of_kind(ASLRT_FUNCTION));
    aslrt_object_set_text(&o, "zero", aslrt_double(-0.0));
    struct aslrt_array_builder a = aslrt_array_in(arena);
    aslrt_array_add(&a, aslrt_undefined());
    aslrt_array_add(&a, aslrt_of_kind(ASLRT_FUNCTION));
    aslrt_array_add(&a, aslrt_double(INFINITY));
    aslrt_array_add(&a, aslrt_double(NAN));
    aslrt_array_add(&a, aslrt_double(1e21));
    aslrt_array_add(&a, aslrt_int(INT64_MIN));
    aslrt_array_add(&a, aslrt_text("a\"b\xed\xa0\x80"));
    aslrt_object_set_text(&o, "a", aslrt_array_done(&a));
    struct aslrt_value v = aslrt_object_done(&o);
    assert_string_equal(write_value(v),
                        "{\"d\":0.30000000000000004,\"zero\":0,\"a\":[null,null,null,null,1e+21,"
                        "-9223372036854775808,\"a\\\"b\\ud800\"]}");
    assert_string_equal(write_value(aslrt_undefined()), "");
    assert_string_equal(write_value(aslrt_text("caf\xe9 \xe4\xb8")),
                        "\"caf\\ufffd \\ufffd\\ufffd\"");
}

static const char *pretty(const char *text)
{
    const char *out;
    size_t count;
    assert_int_equal(aslrt_json_write_pretty(arena, read_value(text), &out, &count), ASLRT_OK);
    assert_int_equal(strlen(out), count);
    return out;
}

static void test_pretty(void **state)
{
    (void)state;
    assert_string_equal(pretty("{\"a\":[1,{\"b\":\"c\"},[],{}],\"d\":null}"), "{\n"
                                                                              "  \"a\": [\n"
                                                                              "    1,\n"
                                                                              "    {\n"
                                                                              "      \"b\": \"c\"\n"
                                                                              "    },\n"
                                                                              "    [],\n"
                                                                              "    {}\n"
                                                                              "  ],\n"
                                                                              "  \"d\": null\n"
                                                                              "}");
    assert_string_equal(pretty("7"), "7");
    assert_string_equal(pretty("[]"), "[]");
    struct aslrt_object_builder o = aslrt_object_in(arena);
    aslrt_object_set_text(&o, "gone", aslrt_undefined());
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_json_put(&b, aslrt_object_done(&o), ASLRT_JSON_PRETTY);
    assert_string_equal(aslrt_buffer_close(&b), "{}");
}

/* Texts put one after the other into a buffer, of every length around its growth. */
static void test_buffer(void **state)
{
    (void)state;
    char long_text[600];
    memset(long_text, 'x', sizeof long_text);
    long_text[300] = '\n';
    for (size_t n = 0; n < sizeof long_text; n++) {
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        aslrt_buffer_char(&b, '<');
        aslrt_json_put_string(&b, long_text, n);
        aslrt_json_put(&b, aslrt_string(long_text, (uint32_t)n), ASLRT_JSON_MINIFIED);
        size_t one = n + 2 + (n > 300);
        assert_int_equal(b.count, 1 + 2 * one);
        assert_memory_equal(b.bytes + 1, b.bytes + 1 + one, one);
        assert_int_equal(b.bytes[one], '"');
        aslrt_arena_reset(arena);
    }
}

/* ---- limits
 * -------------------------------------------------------------------------------------- */

static void test_depth_bombs(void **state)
{
    (void)state;
    enum { SIZE = 10u << 20 };
    static const char *const units[] = {"[", "{\"a\":", "[{\"a\":[", "[1,"};
    char *text = malloc(SIZE);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t n = strlen(units[i]);
        for (size_t k = 0; k < SIZE; k++)
            text[k] = units[i][k % n];
        struct aslrt_value v;
        struct aslrt_json_error error;
        assert_int_equal(aslrt_json_read(arena, text, SIZE, &v, &error), ASLRT_LIMIT);
        assert_string_equal(error.message, "nested more than 512 levels deep");
        assert_true(error.offset <= 5 * ASLRT_DEPTH_MAX);
    }
    free(text);
}

static struct aslrt_value nested(unsigned depth)
{
    struct aslrt_value v = aslrt_array(NULL, 0);
    for (unsigned i = 1; i < depth; i++) {
        struct aslrt_value *item = aslrt_alloc(arena, sizeof *item);
        *item = v;
        v = aslrt_array(item, 1);
    }
    return v;
}

/* Programs may build what no text can say; beyond the limit there is an answer, too. */
static void test_deep_values(void **state)
{
    (void)state;
    const char *text;
    size_t count;
    struct aslrt_value copy;
    struct aslrt_value deep = nested(ASLRT_NESTING_MAX);
    assert_int_equal(aslrt_json_write(arena, deep, &text, &count), ASLRT_OK);
    assert_int_equal(count, 2 * ASLRT_NESTING_MAX);
    assert_int_equal(aslrt_json_write_pretty(arena, deep, &text, &count), ASLRT_OK);
    assert_int_equal(aslrt_value_copy(arena, deep, &copy), ASLRT_OK);
    assert_true(aslrt_equal(deep, copy));
    deep = nested(1000000);
    assert_int_equal(aslrt_json_write(arena, deep, &text, &count), ASLRT_LIMIT);
    assert_null(text);
    assert_int_equal(aslrt_value_copy(arena, deep, &copy), ASLRT_LIMIT);
    assert_false(aslrt_equal(deep, nested(1000000)));
}

/* A long string costs what it is long: nothing when it is plain, one copy when it isn't. */
static void test_long_strings(void **state)
{
    (void)state;
    enum { SIZE = 100u << 20 };
    struct aslrt_memory *small = aslrt_memory_open(NULL, SIZE + (1u << 20));
    struct aslrt_arena *a = aslrt_arena_open(small);
    char *text = malloc(SIZE);
    assert_non_null(text);
    memset(text, 'x', SIZE);
    text[0] = text[SIZE - 1] = '"';
    struct aslrt_value v;
    assert_int_equal(aslrt_json_read(a, text, SIZE, &v, NULL), ASLRT_OK);
    assert_int_equal(v.count, SIZE - 2);
    assert_true(aslrt_arena_size(a) <= 1u << 20);
    text[SIZE / 2] = '\\';
    text[SIZE / 2 + 1] = 'n';
    assert_int_equal(aslrt_json_read(a, text, SIZE, &v, NULL), ASLRT_OK);
    assert_int_equal(v.count, SIZE - 3);
    assert_int_equal(v.as.bytes[SIZE / 2 - 1], '\n');
    /* A second copy doesn't fit. */
    struct aslrt_json_error error;
    assert_int_equal(aslrt_json_read(a, text, SIZE, &v, &error), ASLRT_LIMIT);
    assert_string_equal(error.message, "the memory's limit is reached");
    free(text);
    aslrt_arena_close(a);
    aslrt_memory_close(small);
}

/* Keys that repeat, and many keys, take time in proportion to the text. */
static void test_many_members(void **state)
{
    (void)state;
    enum { MEMBERS = 300000 };
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_char(&b, '{');
    for (unsigned i = 0; i < MEMBERS; i++)
        aslrt_buffer_format(&b, "%s\"key%u\":%u", i == 0 ? "" : ",", i % (MEMBERS / 2), i);
    aslrt_buffer_char(&b, '}');
    struct aslrt_value v;
    assert_int_equal(aslrt_json_read(arena, b.bytes, b.count, &v, NULL), ASLRT_OK);
    assert_int_equal(v.count, MEMBERS / 2);
    for (unsigned i = 0; i < MEMBERS / 2; i++) {
        char key[32];
        snprintf(key, sizeof key, "key%u", i);
        assert_true(aslrt_is(v.as.members[i].key, key));
        assert_true(aslrt_field(v, key).as.integer == MEMBERS / 2 + i);
    }
}

/* ---- no memory
 * ----------------------------------------------------------------------------------- */

/* Reads, copies and writes with the n-th allocation failing, for every n until all goes well. */
static void test_no_memory(void **state)
{
    (void)state;
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_char(&b, '[');
    for (unsigned i = 0; i < 40000; i++)
        aslrt_buffer_format(&b, "{\"k\":%u,\"s\":\"a\\n%u\"},", i, i);
    aslrt_buffer_char(&b, '{');
    for (unsigned i = 0; i < 20000; i++)
        aslrt_buffer_format(&b, "%s\"key %u\":[]", i == 0 ? "" : ",", i);
    aslrt_buffer_text(&b, "}]");

    int failures = 0;
    for (int n = 0;; n++) {
        struct faulty f;
        struct aslrt_memory *m = faulty_memory(&f, n);
        if (m == NULL)
            continue;
        struct aslrt_arena *a = aslrt_arena_open(m);
        enum aslrt_status status = ASLRT_NOMEM;
        struct aslrt_value v;
        struct aslrt_value copy;
        struct aslrt_json_error error = {"", 0, 0, 0};
        const char *text = NULL;
        size_t count = 0;
        if (a != NULL)
            status = aslrt_json_read(a, b.bytes, b.count, &v, &error);
        if (status == ASLRT_NOMEM && a != NULL)
            assert_string_equal(error.message, "out of memory");
        if (status == ASLRT_OK)
            status = aslrt_value_copy(a, v, &copy);
        if (status == ASLRT_OK)
            status = aslrt_json_write(a, copy, &text, &count);
        if (status == ASLRT_OK) {
            assert_int_equal(count, b.count);
            assert_memory_equal(text, b.bytes, count);
        } else {
            assert_int_equal(status, ASLRT_NOMEM);
            assert_null(text);
            failures++;
        }
        aslrt_arena_close(a);
        aslrt_memory_close(m);
        assert_int_equal(f.held, 0);
        if (status == ASLRT_OK)
            break;
    }
    assert_true(failures > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_through),         cmocka_unit_test(test_errors),
        cmocka_unit_test(test_files),           cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_every_byte),      cmocka_unit_test(test_special_places),
        cmocka_unit_test(test_every_character), cmocka_unit_test(test_flags_and_borrowing),
        cmocka_unit_test(test_built),           cmocka_unit_test(test_pretty),
        cmocka_unit_test(test_buffer),          cmocka_unit_test(test_depth_bombs),
        cmocka_unit_test(test_deep_values),     cmocka_unit_test(test_long_strings),
        cmocka_unit_test(test_many_members),    cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
