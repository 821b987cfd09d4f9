/*
 * test_choice_set.c - sets of values against the values themselves.
 *
 * Random rules are tried on a list of values, once by evaluating the rule, once by asking the boxes
 * that it was turned into: what `must` holds has to be true (or fatal, for a missing value), and
 * what is true has to be in `may`.  The seed is fixed; ASLC_SEED changes it.
 */
#include "compiler/verify/choice_set.h"
#include "runtime/base/buffer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const struct span nowhere = {0, 0, 0};
static uint32_t seed = 20261124;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

enum kind { NUMBER, TEXT, NIL, YES, NO, OTHER, ABSENT };
struct value {
    enum kind kind;
    double number;
    const char *text;
};

static const struct value values[] = {
    {NUMBER, 0, NULL},
    {NUMBER, 1, NULL},
    {NUMBER, 1.5, NULL},
    {NUMBER, 2, NULL},
    {NUMBER, -3, NULL},
    {TEXT, 0, ""},
    {TEXT, 0, "a"},
    {TEXT, 0, "ab"},
    {TEXT, 0, "abc"},
    {TEXT, 0, "b"},
    {TEXT, 0, "a*"},
    {TEXT, 0, "2026-01-01T00:00:00Z"},
    {TEXT, 0, "2026-01-02T00:00:00Z"},
    {TEXT, 0, "2026-01-01T02:00:00+02:00"},
    {NIL, 0, NULL},
    {YES, 0, NULL},
    {NO, 0, NULL},
    {OTHER, 0, NULL},
    {ABSENT, 0, NULL},
};
enum { VALUE_COUNT = sizeof values / sizeof *values };

/* ---- evaluating a rule ---- */

enum truth { FALSE, TRUE, FATAL };

static bool matches(const char *pattern, const char *text)
{
    if (*pattern == '\0')
        return *text == '\0';
    if (*pattern == '*')
        return matches(pattern + 1, text) || (*text != '\0' && matches(pattern, text + 1));
    if (*pattern == '\\' && pattern[1] != '\0')
        pattern++;
    return *pattern == *text && matches(pattern + 1, text + 1);
}

static bool holds(enum ir_relation r, int order)
{
    switch (r) {
    case IR_EQUAL:
        return order == 0;
    case IR_LESS:
        return order < 0;
    case IR_GREATER:
        return order > 0;
    case IR_LESS_EQUAL:
        return order <= 0;
    default:
        return order >= 0;
    }
}

static enum truth test_one(const struct ir_comparison *c, const struct value *v)
{
    const struct ir_operator_info *op = &ir_operator_table[c->op];
    double a, b;
    bool is;
    if (op->relation == IR_IS_PRESENT)
        return (v->kind != ABSENT) == c->operand->boolean;
    if (v->kind == ABSENT)
        return FATAL;
    switch (op->family) {
    case IR_OF_NUMBER:
        a = strtod(c->operand->text, NULL);
        return v->kind == NUMBER && holds(op->relation, (v->number > a) - (v->number < a));
    case IR_OF_STRING:
        if (v->kind != TEXT)
            return FALSE;
        return op->relation == IR_MATCHES ? matches(c->operand->text, v->text)
                                          : holds(op->relation, strcmp(v->text, c->operand->text));
    case IR_OF_BOOLEAN:
        return v->kind == (c->operand->boolean ? YES : NO);
    case IR_OF_TIMESTAMP:
        return v->kind == TEXT && vset_timestamp(v->text, &a) &&
               vset_timestamp(c->operand->text, &b) && holds(op->relation, (a > b) - (a < b));
    case IR_OF_KIND:
        break;
    }
    switch (op->relation) {
    case IR_IS_NULL:
        is = v->kind == NIL;
        break;
    case IR_IS_NUMERIC:
        is = v->kind == NUMBER;
        break;
    case IR_IS_STRING:
        is = v->kind == TEXT;
        break;
    case IR_IS_BOOLEAN:
        is = v->kind == YES || v->kind == NO;
        break;
    default:
        is = v->kind == TEXT && vset_timestamp(v->text, &a);
    }
    return is == c->operand->boolean;
}

static enum truth evaluate(const struct ir_comparison *c, const struct value *v)
{
    if (c->kind == IR_TEST)
        return test_one(c, v);
    if (c->kind == IR_NOT) {
        enum truth t = evaluate(c->parts[0], v);
        return t == FATAL ? FATAL : t == TRUE ? FALSE : TRUE;
    }
    enum truth stop = c->kind == IR_AND ? FALSE : TRUE;
    for (uint32_t i = 0; i < c->part_count; i++) {
        enum truth t = evaluate(c->parts[i], v);
        if (t == stop || t == FATAL)
            return t;
    }
    return stop == FALSE ? TRUE : FALSE;
}

/* ---- membership ---- */

static bool on_line(const struct vline *l, struct vcut at)
{
    bool in = l->inside;
    for (uint32_t i = 0; i < l->count; i++) {
        const struct vcut *c = &l->cuts[i];
        int order = at.text != NULL ? strcmp(c->text, at.text)
                                    : (c->number > at.number) - (c->number < at.number);
        if (order < 0 || (order == 0 && c->side < 0))
            in = !in;
    }
    return in;
}

static bool has(const struct vset *s, const struct value *v)
{
    struct vcut at = {.number = v->number, .text = v->text};
    double time;
    switch (v->kind) {
    case NUMBER:
        return on_line(&s->lines[VLINE_NUMBER], at);
    case TEXT:
        if (!vset_timestamp(v->text, &time))
            return on_line(&s->lines[VLINE_TEXT], at);
        at.text = NULL;
        at.number = time;
        return on_line(&s->lines[VLINE_TIME], at);
    case NIL:
        return (s->bits & VSET_NULL) != 0;
    case YES:
        return (s->bits & VSET_TRUE) != 0;
    case NO:
        return (s->bits & VSET_FALSE) != 0;
    case OTHER:
        return (s->bits & VSET_OTHER) != 0;
    case ABSENT:
        break;
    }
    return (s->bits & VSET_ABSENT) != 0;
}

static bool in_boxes(const struct condition *c, const struct value *v, bool must)
{
    for (uint32_t i = 0; i < c->count; i++) {
        bool all = true;
        for (uint32_t k = 0; k < c->boxes[i].count; k++)
            all = all && has(must ? &c->boxes[i].terms[k].must : &c->boxes[i].terms[k].may, v);
        if (all)
            return true;
    }
    return false;
}

/* ---- random rules ---- */

static struct jnode *random_rule(struct aslrt_arena *a, int depth)
{
    static const char *const strings[] = {
        "", "a", "ab", "b", "*", "a*", "*b", "a\\*", "2026-01-01T00:00:00Z"};
    static const char *const times[] = {"2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"};
    static const char *const numbers[] = {"0", "1", "1.5", "2"};
    struct jnode *rule = jnode_object(a, nowhere);
    uint32_t pick = random_below(depth > 0 ? 8 : 5);
    if (pick >= 5) {
        static const char *const names[] = {"And", "Or", "Not"};
        struct jnode *parts = jnode_array(a, nowhere);
        uint32_t count = 1 + random_below(3);
        for (uint32_t i = 0; i < count; i++)
            jnode_add(a, parts, random_rule(a, depth - 1));
        jnode_set(a, rule, names[pick - 5], pick == 7 ? parts->items[0] : parts);
        return rule;
    }
    jnode_set(a, rule, "Variable", jnode_string(a, nowhere, "$.v"));
    uint32_t op;
    do
        op = random_below(IR_OP_COUNT);
    while (ir_operator_table[op].path);
    struct jnode *operand = NULL;
    switch (ir_operator_table[op].family) {
    case IR_OF_NUMBER:
        operand = jnode_number(a, nowhere, numbers[random_below(4)]);
        break;
    case IR_OF_STRING:
        operand = jnode_string(a, nowhere, strings[random_below(9)]);
        break;
    case IR_OF_TIMESTAMP:
        operand = jnode_string(a, nowhere, times[random_below(2)]);
        break;
    default:
        operand = jnode_bool(a, nowhere, random_below(2) == 0);
    }
    jnode_set(a, rule, ir_operator_table[op].name, operand);
    return rule;
}

static void test_random_rules(void **state)
{
    (void)state;
    if (getenv("ASLC_SEED") != NULL)
        seed = (uint32_t)strtoul(getenv("ASLC_SEED"), NULL, 10);
    uint32_t began = seed, sure = 0;
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    for (int n = 0; n < 20000; n++) {
        aslrt_arena_reset(arena);
        const struct ir_comparison *c = ir_comparison(arena, random_rule(arena, 3));
        assert_non_null(c);
        struct condition condition = condition_of_comparison(arena, c);
        for (int i = 0; i < VALUE_COUNT; i++) {
            enum truth t = evaluate(c, &values[i]);
            bool must = in_boxes(&condition, &values[i], true);
            bool may = condition.opaque || in_boxes(&condition, &values[i], false);
            if ((must && t == FALSE) || (t == TRUE && !may))
                print_message("seed %u, rule %d, value %d: %d, must %d, may %d\n", began, n, i,
                              (int)t, must, may);
            assert_false(must && t == FALSE);
            assert_false(t == TRUE && !may);
            sure += must;
        }
    }
    assert_true(sure > 20000); /* the brackets are worth something */
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
}

/* ---- the same for JSONata, whose evaluator gives the answers ---- */

static void put_condition(struct aslrt_buffer *b, int depth)
{
    static const char *const paths[] = {"$states.input.v", "($states.input.v)"};
    static const char *const literals[] = {"0",    "1",     "1.5", "-3",
                                           "'a'",  "'ab'",  "''",  "'2026-01-01T00:00:00Z'",
                                           "true", "false", "null"};
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    const char *path = paths[random_below(2)];
    switch (random_below(depth > 0 ? 9 : 6)) {
    case 0:
    case 1:
        aslrt_buffer_format(b, "%s %s %s", path, signs[random_below(6)],
                            literals[random_below(11)]);
        return;
    case 2:
        aslrt_buffer_format(b, "%s %s %s", literals[random_below(11)], signs[random_below(6)],
                            path);
        return;
    case 3:
        aslrt_buffer_format(b, "%s in [%s, %s]", path, literals[random_below(11)],
                            literals[random_below(11)]);
        return;
    case 4:
        aslrt_buffer_format(b, "$exists(%s)", path);
        return;
    case 5:
        aslrt_buffer_text(b, random_below(2) == 0 ? path : "true");
        return;
    case 6:
        aslrt_buffer_text(b, "$not(");
        put_condition(b, depth - 1);
        aslrt_buffer_text(b, ")");
        return;
    default:
        aslrt_buffer_text(b, "(");
        put_condition(b, depth - 1);
        aslrt_buffer_text(b, random_below(2) == 0 ? ") and (" : ") or (");
        put_condition(b, depth - 1);
        aslrt_buffer_text(b, ")");
    }
}

/* {"input": {"v": value}}, or without v. */
static struct aslrt_value states_of(struct aslrt_arena *arena, const struct value *v)
{
    static const enum aslrt_kind kinds[] = {[NIL] = ASLRT_NULL, [OTHER] = ASLRT_OBJECT};
    struct aslrt_member *m = ASLRT_NEW_ARRAY(arena, struct aslrt_member, 2);
    m[0].key = aslrt_text("input");
    m[0].value = aslrt_object(&m[1], v->kind == ABSENT ? 0 : 1);
    m[1].key = aslrt_text("v");
    m[1].value = v->kind == NUMBER  ? aslrt_double(v->number)
                 : v->kind == TEXT  ? aslrt_text(v->text)
                 : v->kind == YES   ? aslrt_bool(true)
                 : v->kind == NO    ? aslrt_bool(false)
                 : v->kind == OTHER ? aslrt_object(NULL, 0)
                                    : aslrt_of_kind(kinds[NIL]);
    return aslrt_object(m, 1);
}

static enum truth evaluate_jsonata(struct aslrt_arena *arena, const struct aslrt_jsonata *program,
                                   const struct value *v)
{
    struct aslrt_binding binding = {"states", states_of(arena, v)};
    struct aslrt_jsonata_eval eval = {.bindings = &binding, .binding_count = 1};
    struct aslrt_value out;
    if (aslrt_jsonata_eval(program, &eval, arena, &out, NULL) != ASLRT_OK || out.kind != ASLRT_BOOL)
        return FATAL;
    return out.as.boolean ? TRUE : FALSE;
}

static void test_random_conditions(void **state)
{
    (void)state;
    static const struct aslrt_jsonata_options options = {.dialect = ASLRT_JSONATA_ASL};
    uint32_t sure = 0, opaque = 0;
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    for (int n = 0; n < 4000; n++) {
        aslrt_arena_reset(arena);
        struct aslrt_buffer text = aslrt_buffer_in(arena);
        aslrt_buffer_text(&text, "{%");
        put_condition(&text, 3);
        aslrt_buffer_text(&text, "%}");
        const char *whole = aslrt_buffer_close(&text);
        const struct aslrt_jsonata *program;
        assert_int_equal(
            aslrt_jsonata_compile(arena, whole + 2, text.count - 4, &options, &program, NULL),
            ASLRT_OK);
        struct condition c = condition_of_jsonata(arena, jnode_string(arena, nowhere, whole));
        opaque += c.opaque;
        for (int i = 0; i < VALUE_COUNT && !c.opaque; i++) {
            enum truth t = evaluate_jsonata(arena, program, &values[i]);
            bool must = in_boxes(&c, &values[i], true), may = in_boxes(&c, &values[i], false);
            if ((must && t == FALSE) || (t == TRUE && !may))
                print_message("%s on value %d: %d, must %d, may %d\n", whole, i, (int)t, must, may);
            assert_false(must && t == FALSE);
            assert_false(t == TRUE && !may);
            sure += must;
        }
    }
    assert_true(sure > 4000 && opaque < 800);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
}

static void test_timestamps(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        double seconds;
    } cases[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"2026-01-01T02:00:00+02:00", true, 1767225600},
        {"2026-01-01T00:00:00.5Z", true, 1767225600.5},
        {"2024-02-29T00:00:00Z", true, 1709164800},
        {"1969-12-31T23:59:59Z", true, -1},
        {"2026-01-01", false, 0},
        {"2026-01-01t00:00:00Z", false, 0},
        {"2026-13-01T00:00:00Z", false, 0},
        {"2026-01-01T00:00:00", false, 0},
        {"2026-01-01T00:00:00.Z", false, 0},
        {"2026-01-01T00:00:00Zx", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double seconds = 0;
        assert_int_equal(vset_timestamp(cases[i].text, &seconds), cases[i].good);
        if (cases[i].good)
            assert_true(fabs(seconds - cases[i].seconds) < 1e-6);
    }
}

/* What is empty is seen to be empty: no cuts are left behind. */
static void test_emptiness(void **state)
{
    (void)state;
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct vcut one = {.number = 1, .side = 1}, two = {.number = 2, .side = -1};
    struct vset below = vset_none(), above = vset_none(), a = vset_none();
    below.lines[VLINE_NUMBER] = vline_below(arena, one);
    above.lines[VLINE_NUMBER] = vline_above(arena, two);
    assert_true(vset_is_empty(vset_and(arena, below, above)));
    assert_false(vset_is_empty(vset_or(arena, below, above)));
    assert_true(vset_is_empty(vset_and(arena, below, vset_not(below))));
    assert_true(vset_is_empty(vset_not(vset_or(arena, below, vset_not(below)))));
    assert_true(vset_within(arena, below, below));
    assert_false(vset_within(arena, below, above));
    a.lines[VLINE_TEXT] = vline_prefix(arena, "ab");
    struct vset longer = vset_none();
    longer.lines[VLINE_TEXT] = vline_prefix(arena, "abc");
    assert_true(vset_within(arena, longer, a));
    assert_false(vset_within(arena, a, longer));
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
}

/* More boxes than are kept make the condition opaque, not wrong. */
static void test_too_many_boxes(void **state)
{
    (void)state;
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct jnode *both = jnode_array(arena, nowhere);
    for (int i = 0; i < 12; i++) {
        struct jnode *any = jnode_array(arena, nowhere), * or = jnode_object(arena, nowhere);
        for (int k = 0; k < 2; k++) {
            struct jnode *t = jnode_object(arena, nowhere);
            jnode_set(arena, t, "Variable", jnode_format(arena, nowhere, "$.p%d", 2 * i + k));
            jnode_set(arena, t, "IsNull", jnode_bool(arena, nowhere, true));
            jnode_add(arena, any, t);
        }
        jnode_set(arena, or, "Or", any);
        jnode_add(arena, both, or);
    }
    struct jnode *rule = jnode_object(arena, nowhere);
    jnode_set(arena, rule, "And", both);
    assert_true(condition_of_comparison(arena, ir_comparison(arena, rule)).opaque);
    assert_true(condition_of_comparison(arena, NULL).opaque);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_rules),   cmocka_unit_test(test_random_conditions),
        cmocka_unit_test(test_timestamps),     cmocka_unit_test(test_emptiness),
        cmocka_unit_test(test_too_many_boxes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
