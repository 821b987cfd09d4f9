/*
 * test_asl.c - the JSON reader's trees and spans, Choice rules as trees, and the whole of reading
 * and reporting while allocations fail.
 */
#include "compiler/base/diag_render.h"
#include "compiler/base/jnode_write.h"
#include "compiler/front/asl_read.h"
#include "compiler/front/json_read.h"
#include "compiler/ir/ir_choice.h"
#include "tests/unit/memory.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct source_table sources;
static struct diag_context cx;

static int setup(void **state)
{
    int status = open_arena(state);
    source_table_init(&sources, arena);
    diag_context_init(&cx, arena, &sources);
    return status;
}

static struct jnode *read(const char *text)
{
    uint32_t source = source_add(&sources, "test.json", text, (uint32_t)strlen(text));
    return json_read(arena, &cx, source);
}

static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written;
    } cases[] = {
        {" [ ] ", "[]"},
        {"{\"a\":{},\"b\":[null,true,false]}", "{\"a\": {}, \"b\": [null, true, false]}"},
        {"[0,-1,1.50,2E+3,12345678901234567890]", "[0, -1, 1.50, 2E+3, 12345678901234567890]"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
        {"\"\\u00e9\\ud83d\\ude00\\u0000\"", "\"é😀\\u0000\""},
        {"\"\\ud83d x \\ude00\"", "\"\\ud83d x \\ude00\""}, /* lone surrogates survive */
        {"[${a b}, \"${c}\"]", "[${a b}, \"${c}\"]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct jnode *n = read(cases[i].text);
        assert_non_null(n);
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        jnode_write(&b, n);
        assert_string_equal(aslrt_buffer_close(&b), cases[i].written);
    }
    assert_int_equal(cx.count, 0);
}

static void assert_span(const char *text, struct span at, const char *part)
{
    assert_int_equal(at.end - at.start, strlen(part));
    assert_memory_equal(text + at.start, part, strlen(part));
}

static void test_spans(void **state)
{
    (void)state;
    static const char text[] = " {\"k\" : [ 12, \"a\\u00e9\\ud83d\\ude00\\nb\" ] }";
    const struct jnode *n = read(text);
    assert_span(text, n->span, "{\"k\" : [ 12, \"a\\u00e9\\ud83d\\ude00\\nb\" ] }");
    assert_span(text, n->members[0].key_span, "\"k\"");
    const struct jnode *list = n->members[0].value, *string = list->items[1];
    assert_span(text, list->span, "[ 12, \"a\\u00e9\\ud83d\\ude00\\nb\" ]");
    assert_span(text, list->items[0]->span, "12");
    /* a: 1 byte, é: 2, the face: 4, line break: 1, b: 1 */
    assert_span(text, json_string_part(text, string, 0, 1), "a");
    assert_span(text, json_string_part(text, string, 1, 3), "\\u00e9");
    assert_span(text, json_string_part(text, string, 3, 7), "\\ud83d\\ude00");
    assert_span(text, json_string_part(text, string, 7, 9), "\\nb");
    assert_span(text, json_string_part(text, string, 9, 9), "");
    assert_span(text, json_string_part(text, list, 0, 1), "[ 12, \"a\\u00e9\\ud83d\\ude00\\nb\" ]");
}

static void test_refusals(void **state)
{
    (void)state;
    assert_null(read("{\"a\": 1,}"));
    assert_null(read(""));
    assert_null(read("\xff"));
    assert_int_equal(cx.count, 3);
    assert_non_null(read("{\"a\": 1, \"a\": 2}")); /* a repeated key is reported, and kept */
    assert_int_equal(cx.count, 4);
    assert_int_equal(cx.diags[3]->code, DIAG_JSON_DUPLICATE_KEY);
}

static void put_comparison(struct aslrt_buffer *b, const struct ir_comparison *c)
{
    static const char *const names[] = {"and", "or", "not"};
    if (c->kind == IR_TEST) {
        aslrt_buffer_format(b, "%s %s ", c->variable, ir_operator_table[c->op].name);
        jnode_write(b, c->operand);
        return;
    }
    aslrt_buffer_format(b, "%s(", names[c->kind]);
    for (uint32_t i = 0; i < c->part_count; i++) {
        aslrt_buffer_text(b, i == 0 ? "" : ", ");
        put_comparison(b, c->parts[i]);
    }
    aslrt_buffer_char(b, ')');
}

static void test_choice(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *tree; /* NULL: malformed */
    } cases[] = {
        {"{\"Variable\": \"$.a\", \"StringEquals\": \"x\", \"Next\": \"B\"}",
         "$.a StringEquals \"x\""},
        {"{\"Variable\": \"$.a\", \"NumericLessThanPath\": \"$.b\"}",
         "$.a NumericLessThanPath \"$.b\""},
        {"{\"Not\": {\"And\": [{\"Variable\": \"$.a\", \"IsPresent\": true}, {\"Or\": "
         "[{\"Variable\": "
         "\"$.b\", \"BooleanEquals\": false}]}]}}",
         "not(and($.a IsPresent true, or($.b BooleanEquals false)))"},
        {"{\"Variable\": \"$.a\", \"StringEquals\": 1}", NULL},
        {"{\"Variable\": \"$.a\", \"NumericLessThanPath\": 1}", NULL},
        {"{\"Variable\": \"$.a\", \"IsNull\": true, \"IsPresent\": true}", NULL},
        {"{\"StringEquals\": \"x\"}", NULL},
        {"{\"Variable\": \"$.a\"}", NULL},
        {"{\"And\": []}", NULL},
        {"{\"And\": [{}]}", NULL},
        {"{\"Not\": []}", NULL},
        {"[]", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct ir_comparison *c = ir_comparison(arena, read(cases[i].rule));
        if (cases[i].tree == NULL) {
            if (c != NULL)
                fail_msg("%s is taken", cases[i].rule);
            continue;
        }
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        assert_non_null(c);
        put_comparison(&b, c);
        assert_string_equal(aslrt_buffer_close(&b), cases[i].tree);
    }
    assert_null(ir_comparison(arena, NULL));
    assert_int_equal(ir_operator_find("TimestampLessThanEqualsPath"),
                     IR_OP_TimestampLessThanEqualsPath);
    assert_int_equal(ir_operator_find("StringEqual"), IR_OP_COUNT);
}

/* ---- out of memory ---- */

static const char machine_text[] =
    "{\"StartAt\": \"A\", \"Foo\": 1, \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": "
    "\"arn:aws:states:::dynamodb:putItems\", \"Parameters\": {\"a.$\": \"States.Format('{}{}', "
    "$.a)\", "
    "\"b\": \"$.c\"}, \"Retry\": [{\"ErrorEquals\": [\"A\", \"B\", \"C\", \"D\", \"E\"]}], "
    "\"Next\": \"P\"}, "
    "\"P\": {\"Type\": \"Parallel\", \"QueryLanguage\": \"JSONata\", \"Output\": \"{% $sum(1, "
    "%}\", "
    "\"Branches\": [{\"StartAt\": \"B\", \"States\": {\"B\": {\"Type\": \"Pass\"}}}], \"End\": "
    "true}}}";

static enum aslrt_status read_and_render(void *data)
{
    struct aslrt_arena *a = data;
    struct source_table table;
    struct diag_context context;
    source_table_init(&table, a);
    diag_context_init(&context, a, &table);
    uint32_t source = source_add(&table, "a.json", machine_text, sizeof machine_text - 1);
    struct ir_machine *m = asl_read(a, &context, source, "a");
    struct aslrt_buffer out = aslrt_buffer_in(a);
    ir_dump(m, &out);
    for (int format = DIAG_FORMAT_TEXT; format <= DIAG_FORMAT_GITHUB; format++) {
        struct diag_render_options options = {.format = (enum diag_format)format};
        diag_render(&context, &options, &out);
    }
    /* Fills the rest of the arena's blocks, so that more than one allocation is needed in all. */
    for (int i = 0; i < 64; i++)
        aslrt_alloc(a, 100000);
    return context.count == 6 ? ASLRT_OK : ASLRT_FAILED;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    for (int n = 0;; n++) {
        struct faulty f;
        struct aslrt_memory *m = faulty_memory(&f, n);
        if (m == NULL)
            continue;
        struct aslrt_arena *a = aslrt_arena_open(m);
        enum aslrt_status status = a == NULL ? ASLRT_NOMEM : aslrt_protect(m, read_and_render, a);
        f.left = 1000;
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
        cmocka_unit_test_setup_teardown(test_values, setup, close_arena),
        cmocka_unit_test_setup_teardown(test_spans, setup, close_arena),
        cmocka_unit_test_setup_teardown(test_refusals, setup, close_arena),
        cmocka_unit_test_setup_teardown(test_choice, setup, close_arena),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
