/*
 * test_attribute.c - attribute values: from and to JSON, sizes as the service counts, order,
 * limits, and bytes that are none.
 */
#include "runtime/base/buffer.h"
#include "runtime/ddb/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

struct bench {
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;
    struct aslrt_ddb cx;
    struct aslrt_value json;
    bool item;
    struct aslrt_attr out;
};

static void open_bench(struct bench *b)
{
    memset(b, 0, sizeof *b);
    b->memory = aslrt_memory_open(NULL, 0);
    b->arena = aslrt_arena_open(b->memory);
}

static void close_bench(struct bench *b)
{
    aslrt_arena_close(b->arena);
    aslrt_memory_close(b->memory);
}

static enum aslrt_status read_body(void *data)
{
    struct bench *b = data;
    b->out = b->item ? aslrt_attr_read_item(&b->cx, b->json) : aslrt_attr_read(&b->cx, b->json);
    return ASLRT_OK;
}

/* Reads a value or an item from JSON text; missing when it is refused, and then cx has the error.
 */
static struct aslrt_attr read_text(struct bench *b, const char *text, bool item)
{
    b->cx = (struct aslrt_ddb){.arena = b->arena, .scratch = b->arena};
    b->item = item;
    b->out = aslrt_attr_missing();
    assert_int_equal(aslrt_json_read(b->arena, text, strlen(text), &b->json, NULL), ASLRT_OK);
    enum aslrt_status status = aslrt_protect(b->memory, read_body, b);
    assert_true(status == ASLRT_OK || status == ASLRT_FAILED);
    if (b->out.at != NULL)
        assert_true(aslrt_attr_valid(b->out.at, aslrt_attr_form(b->out).count));
    return b->out;
}

static struct aslrt_attr value(struct bench *b, const char *text)
{
    struct aslrt_attr a = read_text(b, text, false);
    if (a.at == NULL)
        fail_msg("%s: %s", text, b->cx.message);
    return a;
}

static const char *show(struct bench *b, struct aslrt_value v)
{
    const char *text;
    size_t count;
    assert_int_equal(aslrt_json_write(b->arena, v, &text, &count), ASLRT_OK);
    return text;
}

static void test_json_and_back(void **state)
{
    (void)state;
    /* what is read, and what is written, where that is not the same */
    static const char *const cases[][2] = {
        {"{\"S\":\"\"}", NULL},
        {"{\"S\":\"h\xc3\xa9 \xf0\x9d\x84\x9e\"}", NULL},
        {"{\"S\":\"\\ud800\"}", NULL},
        {"{\"N\":\"-12.50\"}", "{\"N\":\"-12.5\"}"},
        {"{\"B\":\"\"}", NULL},
        {"{\"B\":\"AA==\"}", NULL},
        {"{\"B\":\"AAE=\"}", NULL},
        {"{\"B\":\"AAEC/v8+\"}", NULL},
        {"{\"BOOL\":false}", NULL},
        {"{\"NULL\":false}", "{\"NULL\":true}"},
        {"{\"L\":[]}", NULL},
        {"{\"M\":{}}", NULL},
        {"{\"M\":{\"b\":{\"L\":[{\"NULL\":true}]},\"a\":{\"S\":\"x\"},\"\":{\"BOOL\":true}}}",
         "{\"M\":{\"\":{\"BOOL\":true},\"a\":{\"S\":\"x\"},\"b\":{\"L\":[{\"NULL\":true}]}}}"},
        {"{\"SS\":[\"b\",\"\",\"a\"]}", "{\"SS\":[\"\",\"a\",\"b\"]}"},
        {"{\"NS\":[\"10\",\"9.0\",\"-1\",\"1e2\"]}", "{\"NS\":[\"-1\",\"9\",\"10\",\"100\"]}"},
        {"{\"BS\":[\"Ag==\",\"AQ==\"]}", "{\"BS\":[\"AQ==\",\"Ag==\"]}"},
        {"{\"S\":\"x\",\"other\":5,\"N\":null}", "{\"S\":\"x\"}"},
    };
    struct bench b;
    open_bench(&b);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *wanted = cases[i][1] != NULL ? cases[i][1] : cases[i][0];
        struct aslrt_attr a = value(&b, cases[i][0]);
        assert_string_equal(show(&b, aslrt_attr_write(b.arena, a)), wanted);
        assert_true(aslrt_attr_equal(a, value(&b, wanted)));
    }
    close_bench(&b);
}

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t size;
    } cases[] = {
        {"{\"S\":\"h\xc3\xa9\"}", 3},
        {"{\"B\":\"AAEC\"}", 3},
        {"{\"N\":\"3.14159\"}", 5},
        {"{\"BOOL\":true}", 1},
        {"{\"NULL\":true}", 1},
        {"{\"L\":[]}", 3},
        {"{\"L\":[{\"S\":\"ab\"},{\"N\":\"0\"}]}", 3 + 2 + 2 + 1},
        {"{\"M\":{}}", 3},
        {"{\"M\":{\"key\":{\"S\":\"ab\"},\"k\":{\"L\":[]}}}", 3 + (3 + 1 + 2) + (1 + 1 + 3)},
        {"{\"SS\":[\"ab\",\"c\"]}", 3},
        {"{\"NS\":[\"1\",\"-22\"]}", 2 + 3},
        {"{\"BS\":[\"AAEC\",\"AA==\"]}", 4},
    };
    struct bench b;
    open_bench(&b);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(aslrt_attr_size(value(&b, cases[i].text)), cases[i].size);
    struct aslrt_attr item = read_text(
        &b, "{\"id\":{\"S\":\"abc\"},\"n\":{\"N\":\"12\"},\"\xc3\xa9\":{\"M\":{}}}", true);
    assert_int_equal(aslrt_attr_item_size(item), (2 + 3) + (1 + 2) + (2 + 3));
    close_bench(&b);
}

/* S and B go by their bytes: not by UTF-16, and a prefix comes first. */
static void test_order(void **state)
{
    (void)state;
    static const char *const ascending[] = {
        "{\"S\":\"\"}",
        "{\"S\":\"Z\"}",
        "{\"S\":\"a\"}",
        "{\"S\":\"a\\u0000\"}",
        "{\"S\":\"ab\"}",
        "{\"S\":\"\xc3\xa9\"}",
        "{\"S\":\"\xef\xbf\xbd\"}", /* U+FFFD, below the next in UTF-8, above it in UTF-16 */
        "{\"S\":\"\xf0\x9d\x84\x9e\"}",
    };
    struct bench b;
    open_bench(&b);
    for (size_t i = 1; i < sizeof ascending / sizeof ascending[0]; i++) {
        assert_true(aslrt_attr_compare(value(&b, ascending[i - 1]), value(&b, ascending[i])) < 0);
        assert_false(aslrt_attr_equal(value(&b, ascending[i - 1]), value(&b, ascending[i])));
    }
    assert_true(aslrt_attr_compare(value(&b, "{\"B\":\"gA==\"}"), value(&b, "{\"B\":\"fw==\"}")) >
                0);
    assert_true(aslrt_attr_compare(value(&b, "{\"N\":\"-2\"}"), value(&b, "{\"N\":\"-10\"}")) > 0);
    assert_false(aslrt_attr_equal(value(&b, "{\"N\":\"1\"}"), value(&b, "{\"S\":\"1\"}")));
    assert_false(aslrt_attr_equal(aslrt_attr_missing(), aslrt_attr_missing()));
    close_bench(&b);
}

/* Thirty-one lists in each other are a value, thirty-two are not. */
static void test_nesting(void **state)
{
    (void)state;
    for (int depth = 30; depth < 34; depth++) {
        struct bench b;
        open_bench(&b);
        struct aslrt_buffer text = aslrt_buffer_in(b.arena);
        for (int i = 0; i < depth; i++)
            aslrt_buffer_text(&text, "{\"L\":[");
        aslrt_buffer_text(&text, "{\"S\":\"x\"}");
        for (int i = 0; i < depth; i++)
            aslrt_buffer_text(&text, "]}");
        struct aslrt_attr a = read_text(&b, aslrt_buffer_close(&text), false);
        assert_int_equal(a.at != NULL, depth < 32);
        if (a.at == NULL)
            assert_string_equal(b.cx.message,
                                "Nesting Levels have exceeded supported limits: Attributes in the "
                                "item have nested levels beyond supported limit");
        close_bench(&b);
    }
}

static void test_long_names(void **state)
{
    (void)state;
    for (int count = 65535; count <= 65536; count++) {
        struct bench b;
        char *text = malloc(70000), *name = malloc(70000);
        open_bench(&b);
        memset(name, 'n', (size_t)count);
        snprintf(text, 70000, "{\"%.*s\":{\"S\":\"x\"}}", count, name);
        assert_int_equal(read_text(&b, text, true).at != NULL, count == 65535);
        close_bench(&b);
        free(name);
        free(text);
    }
}

/* Any change to a value's bytes makes another value or none. */
static void test_damaged_bytes(void **state)
{
    (void)state;
    struct bench b;
    int valid = 0, rounds = 0;
    open_bench(&b);
    struct aslrt_bytes form = aslrt_attr_form(read_text(
        &b,
        "{\"a\":{\"S\":\"text\"},\"b\":{\"N\":\"-12.5\"},\"c\":{\"L\":[{\"BOOL\":true},{\"NULL\":"
        "true},{\"M\":{\"x\":{\"B\":\"AAEC\"}}}]},\"d\":{\"NS\":[\"1\",\"22\"]},\"e\":{\"SS\":["
        "\"p\",\"q\"]}}",
        true));
    for (uint32_t at = 0; at < form.count; at++) {
        for (int v = 0; v < 256; v += 1 + (v > 20 && v < 230) * 9) {
            /* exactly as large as the value, so that sanitizers see a step behind it */
            uint8_t *bytes = malloc(form.count);
            memcpy(bytes, form.at, form.count);
            bytes[at] = (uint8_t)v;
            rounds++;
            if (aslrt_attr_valid(bytes, form.count)) {
                struct aslrt_attr a = {bytes};
                valid++;
                aslrt_attr_size(a);
                aslrt_attr_write(b.arena, a);
            }
            free(bytes);
        }
        assert_false(aslrt_attr_valid(form.at, at)); /* cut short */
    }
    assert_true(valid > 100 && valid < rounds / 2);
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_and_back), cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_order),         cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_long_names),    cmocka_unit_test(test_damaged_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
