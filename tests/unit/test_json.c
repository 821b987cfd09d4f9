/*
 * test_json.c - the JSON reader and writer: what is accepted, what is refused and where, what is
 * written.
 */
#include "runtime/base/json.h"
#include "runtime/base/limits.h"
#include "runtime/base/value.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct aslrt_memory *memory;
static struct aslrt_arena *arena;

static int open_arena(void **state)
{
    (void)state;
    memory = aslrt_memory_open(NULL, 0);
    arena = aslrt_arena_open(memory);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_through),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
