/*
 * test_diag.c - diagnostics: the table, the -W flags, order, and what is reported twice.
 */
#include "compiler/base/diag.h"
#include "compiler/base/suggest.h"
#include "tests/unit/memory.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct source_table sources;
static struct diag_context context;
static struct diag_context *const cx = &context;

static int setup(void **state)
{
    int status = open_arena(state);
    source_table_init(&sources, arena);
    source_add(&sources, "a.json", "0123456789", 10);
    diag_context_init(cx, arena, &sources);
    return status;
}

/* Codes are letters and digits in ascending order, codes and slugs are distinct, titles are short
   and have no full stop. */
static void test_table(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < DIAG_COUNT; i++) {
        const struct diag_info *row = &diag_table[i];
        assert_int_equal(strlen(row->code), 4);
        assert_int_equal(row->code[0], 'A');
        if (i != 0 && strcmp(diag_table[i - 1].code, row->code) >= 0)
            fail_msg("%s stands after %s", row->code, diag_table[i - 1].code);
        for (uint32_t k = 0; k < i; k++)
            assert_string_not_equal(diag_table[k].slug, row->slug);
        size_t n = strlen(row->title);
        assert_true(n > 10 && n < 120 && row->title[n - 1] != '.');
        assert_ptr_equal(diag_find(row->code), row);
        assert_ptr_equal(diag_find(row->slug), row);
    }
    assert_null(diag_find("A000"));
}

static struct span at(uint32_t start, uint32_t end)
{
    return (struct span){1, start, end};
}

static void test_order(void **state)
{
    (void)state;
    diag_simple(cx, DIAG_JSON_SYNTAX, at(5, 6), "second %d", 1);
    diag_simple(cx, DIAG_JSON_SYNTAX, at(1, 2), "first");
    diag_simple(cx, DIAG_JSON_SYNTAX, at(5, 6), "second %d", 1);
    diag_simple(cx, DIAG_JSON_SYNTAX, at(5, 6), "second %d", 2);
    for (uint32_t i = 0; i < 9; i++)
        diag_simple(cx, DIAG_JSON_SYNTAX, at(7, 8), "third");
    diag_sort(cx);
    assert_int_equal(cx->count, 4);
    assert_string_equal(cx->diags[0]->message, "first");
    assert_string_equal(cx->diags[1]->message, "second 1");
    assert_string_equal(cx->diags[2]->message, "second 2");
    assert_string_equal(cx->diags[3]->message, "third");
    diag_simple(cx, DIAG_JSON_SYNTAX, at(0, 1), "zeroth");
    diag_sort(cx);
    assert_int_equal(cx->count, 5);
    assert_string_equal(cx->diags[0]->message, "zeroth");
    assert_int_equal(diag_count(cx, SEVERITY_ERROR), 5);
    assert_int_equal(diag_count(cx, SEVERITY_WARNING), 0);
}

static void test_attachments(void **state)
{
    (void)state;
    struct diag *d = diag_begin(cx, DIAG_ASL_OLD_FIELD, at(0, 3), "'%s' is old", "Iterator");
    for (int i = 0; i < 10; i++) {
        diag_label(d, at(4, 5), "label %d", i);
        diag_note(d, "note %d", i);
        diag_help(d, "help %d", i);
        diag_path(d, at(4, 5), "step %d", i);
        diag_fix(d, at(0, 3), true, "fix %d", i);
    }
    diag_primary(d, "here");
    diag_pointer(d, "/States/A");
    assert_int_equal(cx->count, 0);
    diag_end(d);
    assert_int_equal(cx->count, 1);
    assert_int_equal(d->label_count + d->note_count + d->help_count + d->path_count + d->fix_count,
                     50);
    assert_string_equal(d->labels[9].text, "label 9");
    assert_string_equal(d->notes[4], "note 4");
    assert_string_equal(d->helps[8], "help 8");
    assert_string_equal(d->path[0].text, "step 0");
    assert_string_equal(d->fixes[7].text, "fix 7");
    assert_int_equal(d->severity, SEVERITY_WARNING);
}

static enum severity severity_after(enum diag_code code)
{
    uint32_t count = cx->count;
    diag_simple(cx, code, at(0, 1), "%u", count);
    assert_int_equal(cx->count, count + 1);
    return cx->diags[count]->severity;
}

static void test_flags(void **state)
{
    (void)state;
    const char *near;
    assert_int_equal(severity_after(DIAG_ASL_NO_DOLLAR), SEVERITY_WARNING);
    assert_true(diag_flag(cx, "error=A180", &near));
    assert_int_equal(severity_after(DIAG_ASL_NO_DOLLAR), SEVERITY_ERROR);
    assert_true(diag_flag(cx, "no-dollar", &near)); /* a slug, not the negation of "dollar" */
    assert_int_equal(severity_after(DIAG_ASL_NO_DOLLAR), SEVERITY_WARNING);
    assert_true(diag_flag(cx, "error", &near));
    assert_int_equal(severity_after(DIAG_ASL_NO_DOLLAR), SEVERITY_ERROR);
    assert_true(diag_flag(cx, "no-error=no-dollar", &near));
    assert_int_equal(severity_after(DIAG_ASL_NO_DOLLAR), SEVERITY_WARNING);
    assert_int_equal(severity_after(DIAG_ASL_NO_PATH), SEVERITY_ERROR);
    uint32_t count = cx->count;
    assert_true(diag_flag(cx, "no-no-dollar", &near));
    diag_simple(cx, DIAG_ASL_NO_DOLLAR, at(0, 1), "off");
    assert_int_equal(cx->count, count);
    assert_false(diag_flag(cx, "no-json-syntax", &near));
    assert_string_equal(near, "json-syntax");
    assert_false(diag_flag(cx, "no-dolar", &near));
    assert_string_equal(near, "no-dollar");
    assert_false(diag_flag(cx, "error=statik-result", &near));
    assert_string_equal(near, "static-result");
    assert_false(diag_flag(cx, "quite-something-else", &near));
    assert_null(near);
}

static void test_suggest(void **state)
{
    (void)state;
    static const char *const words[] = {"Next", "End", "ResultPath", "ResultSelector", "string"};
    const uint32_t n = sizeof words / sizeof words[0];
    assert_string_equal(suggest("Nxet", words, n), "Next");
    assert_string_equal(suggest("next", words, n), "Next");
    assert_string_equal(suggest("NEXT", words, n), "Next");
    assert_string_equal(suggest("resultpath", words, n), "ResultPath");
    assert_string_equal(suggest("ResultSelecter", words, n), "ResultSelector");
    assert_string_equal(suggest("strng", words, n), "string");
    assert_string_equal(suggest("Edn", words, n), "End");
    assert_null(suggest("Parameters", words, n));
    assert_null(suggest("", words, n));
    assert_null(suggest("x", words, n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test_setup_teardown(test_order, setup, close_arena),
        cmocka_unit_test_setup_teardown(test_attachments, setup, close_arena),
        cmocka_unit_test_setup_teardown(test_flags, setup, close_arena),
        cmocka_unit_test(test_suggest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
