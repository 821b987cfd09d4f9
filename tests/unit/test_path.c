/*
 * test_path.c - paths and intrinsic functions: what parses, into what, and what is said otherwise.
 */
#include "runtime/base/buffer.h"
#include "runtime/expr/path.h"
#include "tests/unit/memory.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct aslrt_path_error error;

static const struct aslrt_term *parse(const char *text)
{
    return aslrt_path_parse(arena, text, (uint32_t)strlen(text), &error);
}

/* ---- trees as text, so that a test is one line ---- */

static void put_term(struct aslrt_buffer *b, const struct aslrt_term *t);

static void put_filter(struct aslrt_buffer *b, const struct aslrt_filter *f)
{
    switch (f->kind) {
    case ASLRT_FILTER_OR:
    case ASLRT_FILTER_AND:
        aslrt_buffer_text(b, f->kind == ASLRT_FILTER_OR ? "or(" : "and(");
        put_filter(b, f->a);
        aslrt_buffer_char(b, ',');
        put_filter(b, f->b);
        aslrt_buffer_char(b, ')');
        break;
    case ASLRT_FILTER_NOT:
        aslrt_buffer_text(b, "not(");
        put_filter(b, f->a);
        aslrt_buffer_char(b, ')');
        break;
    case ASLRT_FILTER_EXISTS:
        put_term(b, f->left);
        break;
    case ASLRT_FILTER_COMPARE:
        put_term(b, f->left);
        aslrt_buffer_format(b, " %s ", f->op.bytes);
        put_term(b, f->right);
        break;
    }
}

static void put_step(struct aslrt_buffer *b, const struct aslrt_path_step *s)
{
    aslrt_buffer_text(b, s->deep ? " deep" : " ");
    switch (s->kind) {
    case ASLRT_STEP_NAMES:
        for (uint32_t i = 0; i < s->count; i++)
            aslrt_buffer_format(b, "%s%s", i == 0 ? "." : "|", s->names[i].bytes);
        break;
    case ASLRT_STEP_ALL:
        aslrt_buffer_char(b, '*');
        break;
    case ASLRT_STEP_INDEXES:
        for (uint32_t i = 0; i < s->count; i++)
            aslrt_buffer_format(b, "%s%lld", i == 0 ? "#" : "|", (long long)s->indexes[i]);
        break;
    case ASLRT_STEP_SLICE:
        if (s->has_from)
            aslrt_buffer_format(b, "%lld", (long long)s->from);
        aslrt_buffer_char(b, ':');
        if (s->has_to)
            aslrt_buffer_format(b, "%lld", (long long)s->to);
        break;
    case ASLRT_STEP_FILTER:
        aslrt_buffer_text(b, "?");
        put_filter(b, s->filter);
        break;
    case ASLRT_STEP_SCRIPT:
        aslrt_buffer_format(b, "script(%s)", s->text.bytes);
        break;
    case ASLRT_STEP_FUNCTION:
        aslrt_buffer_format(b, "%s/%u", s->text.bytes, s->argument_count);
        break;
    }
}

static void put_term(struct aslrt_buffer *b, const struct aslrt_term *t)
{
    static const char *const roots[] = {"$", "$$", "$", "@"};
    if (t->kind == ASLRT_TERM_PATH) {
        aslrt_buffer_format(b, "%s%s", roots[t->path->root], t->path->variable.bytes);
        for (const struct aslrt_path_step *s = t->path->steps; s != NULL; s = s->next)
            put_step(b, s);
    } else if (t->kind == ASLRT_TERM_TRUE || t->kind == ASLRT_TERM_FALSE ||
               t->kind == ASLRT_TERM_NULL) {
        aslrt_buffer_text(b, t->kind == ASLRT_TERM_TRUE    ? "true"
                             : t->kind == ASLRT_TERM_FALSE ? "false"
                                                           : "null");
    } else if (t->kind == ASLRT_TERM_CALL || t->kind == ASLRT_TERM_LIST) {
        if (t->kind == ASLRT_TERM_CALL)
            aslrt_buffer_text(b, aslrt_intrinsic_names[t->intrinsic]);
        aslrt_buffer_char(b, '(');
        for (uint32_t i = 0; i < t->argument_count; i++) {
            aslrt_buffer_text(b, i == 0 ? "" : ", ");
            put_term(b, t->arguments[i]);
        }
        aslrt_buffer_char(b, ')');
    } else {
        static const char marks[] = {[ASLRT_TERM_STRING] = '\'',
                                     [ASLRT_TERM_NUMBER] = '#',
                                     [ASLRT_TERM_WORD] = '~',
                                     [ASLRT_TERM_PATTERN] = 'r'};
        aslrt_buffer_format(b, "%c%s", marks[t->kind], t->text.bytes);
    }
}

static void test_trees(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tree;
        bool reference;
    } cases[] = {
        {"$", "$", true},
        {"$.a.b", "$ .a .b", true},
        {"$['a b'].c[0]", "$ .a b .c #0", true},
        {"$[\"a\"]", "$ .a", true},
        {"$$.Execution.Input.x", "$$ .Execution .Input .x", true},
        {"$var.a[1]", "$var .a #1", true},
        {"$.a-b.c_d.9", "$ .a-b .c_d .9", true},
        {"$.größe", "$ .größe", true},
        {"$.[0].State", "$ #0 .State", true},
        {"$.a[-1]", "$ .a #-1", false},
        {"$.a[0,2]", "$ .a #0|2", false},
        {"$.*", "$ *", false},
        {"$[*]['a','b']", "$ * .a|b", false},
        {"$..a", "$ deep.a", false},
        {"$..*", "$ deep*", false},
        {"$..[0]", "$ deep#0", false},
        {"$.a[1:3]", "$ .a 1:3", false},
        {"$.a[ 1 : ]", "$ .a 1:", false},
        {"$.a[:-2]", "$ .a :-2", false},
        {"$.a.length()", "$ .a length/0", false},
        {"$.a.concat($.b, 'x')", "$ .a concat/2", false},
        {"$[(@.length-1)].bar", "$ script(@.length-1) .bar", false},
        {"$.a[?(@.b)]", "$ .a ?@ .b", false},
        {"$.a[?(@.b == 'x y')].c", "$ .a ?@ .b == 'x y .c", false},
        {"$[?(@.Type.Text==AMOUNT_PAID)].Text", "$ ?@ .Type .Text == ~AMOUNT_PAID .Text", false},
        {"$.p[?(@.s == 'cat' && @.age<5)]", "$ .p ?and(@ .s == 'cat,@ .age < #5)", false},
        {"$[?(@.a>1||@.b<=2&&!(@.c))]", "$ ?or(@ .a > #1,and(@ .b <= #2,not(@ .c)))", false},
        {"$[?(@.id == $.agent_id)].x", "$ ?@ .id == $ .agent_id .x", false},
        {"$[?(@.n in ['a', 1, null])]", "$ ?@ .n in ('a, #1, null)", false},
        {"$[?(@.n =~ /a.*/i)]", "$ ?@ .n =~ r/a.*/i", false},
        {"$[?(@['a b'].c[0] != true)]", "$ ?@ .a b .c #0 != true", false},
        {"$['Test\\\"\"Name\"']", "$ .Test\\\"\"Name\"", true},
        {"$['it\\'s']", "$ .it's", true},
        {"States.UUID()", "UUID()", false},
        {"States.Format('{} is {}', $.a, 'x')", "Format('{} is {}, $ .a, 'x)", false},
        {"States.Format('it\\'s \\{\\} {}', 1)", "Format('it\\'s \\{\\} {}, #1)", false},
        {"States.StringSplit('a\nb', '\n')", "StringSplit('a\nb, '\n)", false},
        {"States.ArrayGetItem($.a, States.MathRandom(0, States.ArrayLength($.a[*].b)))",
         "ArrayGetItem($ .a, MathRandom(#0, ArrayLength($ .a * .b)))", false},
        {"States.JsonMerge($$.x,$v, false)", "JsonMerge($$ .x, $v, false)", false},
        {"States.Array( null , -1.5e3 )", "Array(null, #-1.5e3)", false},
        {"States.ArrayContains($.a[?(@.b=='(')], $.c)", "ArrayContains($ .a ?@ .b == '(, $ .c)",
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct aslrt_term *t = parse(cases[i].text);
        if (t == NULL)
            fail_msg("%s: %s", cases[i].text, error.message);
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        put_term(&b, t);
        assert_string_equal(aslrt_buffer_close(&b), cases[i].tree);
        if (t->kind == ASLRT_TERM_PATH && t->path->reference != cases[i].reference)
            fail_msg("%s is%s a reference path", cases[i].text, cases[i].reference ? "" : " not");
    }
}

static void test_problems(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
        enum aslrt_path_problem problem;
        uint32_t start, end;
    } cases[] = {
        {"", "it ends too early", ASLRT_PATH_SYNTAX, 0, 0},
        {"a.b", "unexpected 'a'", ASLRT_PATH_SYNTAX, 0, 1},
        {"$.[bad", "unexpected 'b'", ASLRT_PATH_SYNTAX, 3, 4},
        {"$.", "it ends too early, expected '*', '[' or a name", ASLRT_PATH_SYNTAX, 2, 2},
        {"$..", "it ends too early, expected '*', '[' or a name", ASLRT_PATH_SYNTAX, 3, 3},
        {"$.a b", "unexpected 'b'", ASLRT_PATH_SYNTAX, 4, 5},
        {"$.a[", "it ends too early", ASLRT_PATH_SYNTAX, 4, 4},
        {"$.a[0", "it ends too early, expected ',', ':' or ']'", ASLRT_PATH_SYNTAX, 5, 5},
        {"$.a['b]", "unexpected '''", ASLRT_PATH_SYNTAX, 4, 5},
        {"$.a[::3]", "unexpected ':', expected ']'", ASLRT_PATH_SYNTAX, 5, 6},
        {"$[?(@.a = 1)]", "unexpected '='", ASLRT_PATH_SYNTAX, 8, 9},
        {"$.a)", "unexpected ')'", ASLRT_PATH_SYNTAX, 3, 4},
        {"States.Foo($.a)", "there is no intrinsic function 'States.Foo'", ASLRT_PATH_FUNCTION, 0,
         10},
        {"States.UUID(1)", "States.UUID takes 0 arguments, not 1", ASLRT_PATH_ARGUMENTS, 0, 14},
        {"States.MathRandom(1)", "States.MathRandom takes 2 or 3 arguments, not 1",
         ASLRT_PATH_ARGUMENTS, 0, 20},
        {"States.Format()", "States.Format takes 1 argument or more, not 0", ASLRT_PATH_ARGUMENTS,
         0, 15},
        {"States.Format('{}{}', $.a)", "the text of States.Format has 2 times '{}' for 1 value",
         ASLRT_PATH_ARGUMENTS, 0, 26},
        {"States.Array(States.Hash($.a))", "States.Hash takes 2 arguments, not 1",
         ASLRT_PATH_ARGUMENTS, 13, 29},
        {"States.Format('a \\\"b')",
         "'\\\"' is no escape; a string has \\', \\{, \\} and \\\\ only", ASLRT_PATH_SYNTAX, 17,
         19},
        {"States.Array($.a", "it ends too early", ASLRT_PATH_SYNTAX, 16, 16},
        {"States.Array($.a,)", "unexpected ')'", ASLRT_PATH_SYNTAX, 17, 18},
        {"States.Array(abc)", "unexpected 'a'", ASLRT_PATH_SYNTAX, 13, 14},
        {"States.Array(\"a\")", "unexpected '\"'", ASLRT_PATH_SYNTAX, 13, 14},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct aslrt_term *t = parse(cases[i].text);
        if (t != NULL)
            fail_msg("'%s' parses", cases[i].text);
        assert_int_equal(error.problem, cases[i].problem);
        if (strncmp(error.message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("'%s': %s", cases[i].text, error.message);
        if (error.start != cases[i].start || error.end != cases[i].end)
            fail_msg("'%s': at %u-%u", cases[i].text, error.start, error.end);
    }
}

/* However deep the nesting: an answer, and no overrun. */
static void test_depth(void **state)
{
    (void)state;
    static const char *const open[] = {"States.Array(", "$[?(@", "$[?(", "$.a.f("};
    for (size_t k = 0; k < sizeof open / sizeof open[0]; k++) {
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        for (int i = 0; i < 20000; i++)
            aslrt_buffer_text(&b, k == 1 && i != 0   ? open[k] + 1
                                  : k == 2 && i != 0 ? "("
                                                     : open[k]);
        assert_null(aslrt_path_parse(arena, b.bytes, (uint32_t)b.count, &error));
        assert_int_equal(error.problem, ASLRT_PATH_DEPTH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_depth),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
