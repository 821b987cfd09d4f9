/*
 * test.c - the comparisons of a JSONPath Choice.
 *
 * spec: Choice State, Data-Test Expression.  A comparison of values whose types don't fit is false,
 * not an error; a path that names nothing is an error, except for IsPresent.
 */
#include "runtime/engine/exec.h"

static bool evaluate_operand(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                             struct aslrt_failure *failure)
{
    struct aslrt_execution *x = view->execution;
    if (x->program->machine->nodes[node].kind == ASLRT_NODE_CONSTANT) {
        *out = x->program->nodes[node].value;
        return true;
    }
    if (aslrt_path_find(view, node, out))
        return true;
    *failure =
        aslrt_state_failure(x, x->frames[view->frame], "States.Runtime",
                            "Invalid path '%s': The choice state's condition path references "
                            "an invalid value.",
                            x->program->machine->nodes[node].text);
    return false;
}

/* ---- order ---- */

/* Whether two values of that family can be compared, and then a's place against b: -1, 0, 1. */
static bool compare_text(struct aslrt_value a, struct aslrt_value b, int *order)
{
    if (a.kind != ASLRT_STRING || b.kind != ASLRT_STRING)
        return false;
    uint32_t shorter = a.count < b.count ? a.count : b.count;
    *order = memcmp(a.as.bytes, b.as.bytes, shorter);
    if (*order == 0)
        *order = (a.count > b.count) - (a.count < b.count);
    return true;
}

static bool compare_numbers(struct aslrt_value a, struct aslrt_value b, int *order)
{
    if (!aslrt_is_number(a) || !aslrt_is_number(b))
        return false;
    double x = aslrt_to_double(a), y = aslrt_to_double(b);
    *order = (x > y) - (x < y);
    return true;
}

static bool compare_times(struct aslrt_value a, struct aslrt_value b, int *order)
{
    int64_t x, y;
    if (!aslrt_time_read(a, &x) || !aslrt_time_read(b, &y))
        return false;
    *order = (x > y) - (x < y);
    return true;
}

/* ---- patterns ---- */

/* '*' stands for any run of characters; a backslash takes the next character as it is. */
static bool matches(struct aslrt_value text, struct aslrt_value pattern)
{
    if (text.kind != ASLRT_STRING || pattern.kind != ASLRT_STRING)
        return false;
    const char *p = pattern.as.bytes, *p_end = p + pattern.count;
    const char *t = text.as.bytes, *t_end = t + text.count;
    const char *star = NULL, *resume = NULL; /* the last star, and where its run ends so far */
    while (t < t_end) {
        if (p < p_end && *p == '*') {
            star = ++p;
            resume = t;
            continue;
        }
        bool escaped = p + 1 < p_end && *p == '\\';
        if (p < p_end && p[escaped] == *t) {
            p += escaped + 1;
            t++;
            continue;
        }
        if (star == NULL)
            return false;
        p = star;
        t = ++resume;
    }
    while (p < p_end && *p == '*')
        p++;
    return p == p_end;
}

/* ---- kinds ---- */

static bool is_kind(enum aslrt_test_kind kind, struct aslrt_value v)
{
    int64_t time;
    switch (kind) {
    case ASLRT_TEST_IS_NULL:
        return v.kind == ASLRT_NULL;
    case ASLRT_TEST_IS_NUMERIC:
        return aslrt_is_number(v);
    case ASLRT_TEST_IS_STRING:
        return v.kind == ASLRT_STRING;
    case ASLRT_TEST_IS_BOOLEAN:
        return v.kind == ASLRT_BOOL;
    default:
        return aslrt_time_read(v, &time);
    }
}

/* ---- tests ---- */

static bool decide(enum aslrt_test_kind kind, struct aslrt_value a, struct aslrt_value b)
{
    int order = 0;
    switch (kind) {
    case ASLRT_TEST_STRING_EQUALS:
        return compare_text(a, b, &order) && order == 0;
    case ASLRT_TEST_STRING_LESS:
        return compare_text(a, b, &order) && order < 0;
    case ASLRT_TEST_STRING_GREATER:
        return compare_text(a, b, &order) && order > 0;
    case ASLRT_TEST_STRING_LESS_EQUALS:
        return compare_text(a, b, &order) && order <= 0;
    case ASLRT_TEST_STRING_GREATER_EQUALS:
        return compare_text(a, b, &order) && order >= 0;
    case ASLRT_TEST_STRING_MATCHES:
        return matches(a, b);
    case ASLRT_TEST_NUMERIC_EQUALS:
        return compare_numbers(a, b, &order) && order == 0;
    case ASLRT_TEST_NUMERIC_LESS:
        return compare_numbers(a, b, &order) && order < 0;
    case ASLRT_TEST_NUMERIC_GREATER:
        return compare_numbers(a, b, &order) && order > 0;
    case ASLRT_TEST_NUMERIC_LESS_EQUALS:
        return compare_numbers(a, b, &order) && order <= 0;
    case ASLRT_TEST_NUMERIC_GREATER_EQUALS:
        return compare_numbers(a, b, &order) && order >= 0;
    case ASLRT_TEST_BOOLEAN_EQUALS:
        return a.kind == ASLRT_BOOL && b.kind == ASLRT_BOOL && a.as.boolean == b.as.boolean;
    case ASLRT_TEST_TIMESTAMP_EQUALS:
        return compare_times(a, b, &order) && order == 0;
    case ASLRT_TEST_TIMESTAMP_LESS:
        return compare_times(a, b, &order) && order < 0;
    case ASLRT_TEST_TIMESTAMP_GREATER:
        return compare_times(a, b, &order) && order > 0;
    case ASLRT_TEST_TIMESTAMP_LESS_EQUALS:
        return compare_times(a, b, &order) && order <= 0;
    case ASLRT_TEST_TIMESTAMP_GREATER_EQUALS:
        return compare_times(a, b, &order) && order >= 0;
    default: /* the operand says whether the value should be of the kind or not */
        return b.kind == ASLRT_BOOL && is_kind(kind, a) == b.as.boolean;
    }
}

static bool compare(struct aslrt_view *view, const struct aslrt_test *t, bool *holds,
                    struct aslrt_failure *failure)
{
    struct aslrt_value a, b;
    if (!evaluate_operand(view, t->operand, &b, failure))
        return false;
    if (t->kind == ASLRT_TEST_IS_PRESENT) {
        bool present = aslrt_path_find(view, t->variable, &a);
        *holds = b.kind == ASLRT_BOOL && present == b.as.boolean;
        return true;
    }
    if (!evaluate_operand(view, t->variable, &a, failure))
        return false;
    *holds = decide(t->kind, a, b);
    return true;
}

bool aslrt_test_holds(struct aslrt_view *view, uint32_t test, bool *holds,
                      struct aslrt_failure *failure)
{
    const struct aslrt_test *t = &view->execution->program->machine->tests[test];
    if (t->kind == ASLRT_TEST_NOT) {
        bool inner;
        if (!aslrt_test_holds(view, t->children.first, &inner, failure))
            return false;
        *holds = !inner;
        return true;
    }
    if (t->kind != ASLRT_TEST_AND && t->kind != ASLRT_TEST_OR)
        return compare(view, t, holds, failure);
    bool stop = t->kind == ASLRT_TEST_OR; /* the value that decides */
    for (uint32_t i = 0; i < t->children.count; i++) {
        if (!aslrt_test_holds(view, t->children.first + i, holds, failure))
            return false;
        if (*holds == stop)
            return true;
    }
    *holds = !stop;
    return true;
}
