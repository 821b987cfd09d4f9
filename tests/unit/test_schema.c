/*
 * test_schema.c - JSON Schema as the edge checks it: each word accepts and refuses, faults name
 * their place, hostile values end in time and memory.
 */
#include "runtime/api/schema.h"
#include "runtime/base/buffer.h"
#include "tests/unit/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct aslrt_value read_json(struct aslrt_arena *to, const char *text)
{
    struct aslrt_value v;
    assert_int_equal(aslrt_json_read(to, text, strlen(text), &v, NULL), ASLRT_OK);
    return v;
}

struct check_case {
    const char *schema;
    const char *value;
    const char *pointer; /* of the fault; NULL: it fits */
    const char *what;
};

static const struct check_case cases[] = {
    {"{}", "null", NULL, NULL},
    {"{\"type\":\"string\"}", "\"x\"", NULL, NULL},
    {"{\"type\":\"string\"}", "1", "", "must be of type string"},
    {"{\"type\":\"integer\"}", "1", NULL, NULL},
    {"{\"type\":\"integer\"}", "123456789012345678901234567890", NULL, NULL},
    {"{\"type\":\"integer\"}", "1.0", "", "must be of type integer"},
    {"{\"type\":\"integer\"}", "1e3", "", "must be of type integer"},
    {"{\"type\":\"number\"}", "1e400", NULL, NULL},
    {"{\"type\":\"number\"}", "1", NULL, NULL},
    {"{\"type\":\"number\"}", "\"1\"", "", "must be of type number"},
    {"{\"type\":\"boolean\"}", "false", NULL, NULL},
    {"{\"type\":\"null\"}", "0", "", "must be of type null"},
    {"{\"type\":\"object\"}", "[]", "", "must be of type object"},
    {"{\"type\":[\"string\",\"null\"]}", "null", NULL, NULL},
    {"{\"type\":[\"string\",\"null\"]}", "{}", "", "must be of type null or string"},
    {"{\"enum\":[\"a\",1,null]}", "1.0", NULL, NULL},
    {"{\"enum\":[\"a\",1]}", "\"A\"", "", "is not one of the values that are allowed"},
    {"{\"anyOf\":[{\"type\":\"string\"},{\"enum\":[null]}]}", "null", NULL, NULL},
    {"{\"anyOf\":[{\"enum\":[null]},{\"type\":\"string\",\"maxLength\":1}]}", "\"ab\"", "",
     "is longer than 1"},
    {"{\"minLength\":2}", "\"\xf0\x9f\x9a\x97\"", "", "is shorter than 2"},
    {"{\"maxLength\":2}", "\"\xf0\x9f\x9a\x97\xc3\xa9\"", NULL, NULL},
    {"{\"maxLength\":2}", "\"abc\"", "", "is longer than 2"},
    {"{\"maxLength\":2}", "12345", NULL, NULL},
    {"{\"pattern\":\"^[a-z]+$\"}", "\"abc\"", NULL, NULL},
    {"{\"pattern\":\"^[a-z]+$\"}", "\"abc\\n\"", "", "does not match its pattern"},
    {"{\"pattern\":\"b\"}", "\"abc\"", NULL, NULL},
    {"{\"pattern\":\"^.$\"}", "\"\xf0\x9f\x9a\x97\"", NULL, NULL},
    {"{\"pattern\":\"^\\\\u0041$\"}", "\"A\"", NULL, NULL},
    {"{\"pattern\":\"^.$\"}", "\"\\ud800\"", "", "does not match its pattern"},
    {"{\"pattern\":\"^(a+)+$\"}", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"", "",
     "does not match its pattern"},
    {"{\"minimum\":1886,\"maximum\":2100}", "1886", NULL, NULL},
    {"{\"minimum\":1886}", "1885", "", "is less than 1886"},
    {"{\"minimum\":-1.5}", "-1.6", "", "is less than -1.5"},
    {"{\"maximum\":2100}", "2101", "", "is more than 2100"},
    {"{\"maximum\":2100}", "1e400", "", "is more than 2100"},
    {"{\"multipleOf\":5}", "7", "", "is not a multiple of 5"},
    {"{\"multipleOf\":5}", "10", NULL, NULL},
    {"{\"required\":[\"a\",\"b\"]}", "{\"b\":1}", "/a", "is required"},
    {"{\"required\":[\"a\"]}", "{\"a\":null}", NULL, NULL},
    {"{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":1}", "/a", "must be of type string"},
    {"{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"a\":1,\"b/~\":2}", "/b~1~0",
     "is not a field of this object"},
    {"{\"additionalProperties\":{\"type\":\"string\"}}", "{\"a\":\"\",\"b\":2}", "/b",
     "must be of type string"},
    {"{\"minProperties\":1}", "{}", "", "has fewer members than 1"},
    {"{\"maxProperties\":1}", "{\"a\":1,\"b\":2}", "", "has more members than 1"},
    {"{\"properties\":{\"a\":{\"items\":{\"properties\":{\"b\":{\"maximum\":1}}}}}}",
     "{\"a\":[{\"b\":1},{\"b\":2}]}", "/a/1/b", "is more than 1"},
    /* what API Gateway does not check either */
    {"{\"minItems\":1,\"maxItems\":1,\"format\":\"uuid\"}", "[1,2,3]", NULL, NULL},
    {"{\"minimum\":1,\"exclusiveMinimum\":true}", "1", NULL, NULL},
    {"{\"title\":\"x\",\"description\":1,\"x-y\":[]}", "1", NULL, NULL},
};

static void test_words(void **state)
{
    (void)state;
    struct aslrt_arena *a = arena;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct aslrt_schema *schema;
        const char *why;
        struct aslrt_schema_fault fault = {NULL, NULL};
        assert_int_equal(aslrt_schema_compile(a, read_json(a, cases[i].schema), &schema, &why),
                         ASLRT_OK);
        enum aslrt_status got = aslrt_schema_check(schema, read_json(a, cases[i].value), a, &fault);
        if (cases[i].pointer == NULL) {
            if (got != ASLRT_OK)
                fail_msg("%s should fit %s", cases[i].value, cases[i].schema);
            continue;
        }
        if (got != ASLRT_FAILED)
            fail_msg("%s should not fit %s", cases[i].value, cases[i].schema);
        assert_string_equal(fault.pointer, cases[i].pointer);
        assert_string_equal(fault.what, cases[i].what);
    }
}

static void test_bad_schemas(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"1", "'a schema' must be an object"},
        {"{\"type\":\"text\"}", "'type' names a type that does not exist"},
        {"{\"type\":[1]}", "'type' names a type that does not exist"},
        {"{\"pattern\":\"(\"}", "'pattern' missing closing parenthesis"},
        {"{\"pattern\":1}", "'pattern' must be a string"},
        {"{\"minLength\":-1}", "'minLength' must be a whole number from 0"},
        {"{\"minimum\":\"1\"}", "'minimum' must be a number"},
        {"{\"enum\":1}", "'enum' must be an array"},
        {"{\"required\":{}}", "'required' must be an array"},
        {"{\"properties\":[]}", "'properties' must be an object"},
        {"{\"properties\":{\"a\":1}}", "'a schema' must be an object"},
        {"{\"anyOf\":{}}", "'anyOf' must be an array"},
    };
    struct aslrt_arena *a = arena;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct aslrt_schema *schema;
        const char *why;
        assert_int_equal(aslrt_schema_compile(a, read_json(a, bad[i][0]), &schema, &why),
                         ASLRT_FAILED);
        assert_null(schema);
        assert_string_equal(why, bad[i][1]);
    }
}

/* A list of 50,000 strings, each matched against a pattern, stays within some megabytes. */
static void test_many_matches(void **state)
{
    (void)state;
    struct aslrt_memory *m = aslrt_memory_open(NULL, 24u << 20);
    struct aslrt_arena *a = aslrt_arena_open(m);
    struct aslrt_buffer b = aslrt_buffer_in(a);
    aslrt_buffer_char(&b, '[');
    for (int i = 0; i < 50000; i++)
        aslrt_buffer_text(&b, i == 0 ? "\"a\"" : ",\"a\"");
    aslrt_buffer_char(&b, ']');
    const struct aslrt_schema *schema;
    const char *why;
    struct aslrt_schema_fault fault;
    assert_int_equal(aslrt_schema_compile(a, read_json(a, "{\"items\":{\"pattern\":\"^(a|b)*$\"}}"),
                                          &schema, &why),
                     ASLRT_OK);
    assert_int_equal(aslrt_schema_check(schema, read_json(a, aslrt_buffer_close(&b)), a, &fault),
                     ASLRT_OK);
    aslrt_arena_close(a);
    aslrt_memory_close(m);
}

static enum aslrt_status compile_and_check(struct aslrt_arena *a)
{
    static const char text[] = "{\"properties\":{\"a\":{\"pattern\":\"^[a-z]{1,40}(x|y|z)*$\"}}}";
    struct aslrt_value schema_value, value;
    const struct aslrt_schema *schema;
    const char *why;
    struct aslrt_schema_fault fault;
    enum aslrt_status status = aslrt_json_read(a, text, sizeof text - 1, &schema_value, NULL);
    if (status == ASLRT_OK)
        status = aslrt_json_read(a, "{\"a\":\"bc\"}", 10, &value, NULL);
    if (status == ASLRT_OK)
        status = aslrt_schema_compile(a, schema_value, &schema, &why);
    if (status == ASLRT_OK)
        status = aslrt_schema_check(schema, value, a, &fault);
    return status;
}

/* Fails the n-th allocation for every n until compiling and checking go through. */
static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    for (int n = 0;; n++) {
        struct faulty f;
        struct aslrt_memory *m = faulty_memory(&f, n);
        if (m == NULL)
            continue;
        struct aslrt_arena *a = aslrt_arena_open(m);
        enum aslrt_status status = a == NULL ? ASLRT_NOMEM : compile_and_check(a);
        aslrt_arena_close(a);
        aslrt_memory_close(m);
        assert_int_equal(f.held, 0);
        if (status == ASLRT_OK) {
            assert_true(n > 2);
            return;
        }
        assert_int_equal(status, ASLRT_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_bad_schemas),
        cmocka_unit_test(test_many_matches),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
