/*
 * eval_binary.c - the binary operators: arithmetic, comparison, logic, concatenation, ranges, `in`.
 *
 * In: a BINARY node.  Out: a value; undefined where an operand of arithmetic or comparison is.
 * An error names the operator and its place, whatever went wrong in it (T2001 ... T2010, D1001).
 */
#include "runtime/base/utf8.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/text.h"

#include <math.h>

#define RANGE_MAX 1e7 /* items of a range (D2014) */

static _Noreturn void fail(struct evaluation *c, const struct jsonata_node *n, const char *code,
                           struct aslrt_value value, struct aslrt_value value2)
{
    struct aslrt_fault f = aslrt_fault(code, n->at);
    f.token = aslrt_jsonata_token(n);
    f.value = value;
    f.value2 = value2;
    aslrt_eval_fail(c, &f);
}

static double numeric(struct evaluation *c, const struct jsonata_node *n, struct aslrt_value v,
                      const char *code)
{
    if (v.kind == ASLRT_INT || v.kind == ASLRT_NUMBER)
        return expr_double(v);
    if (v.kind != ASLRT_DOUBLE || isnan(v.as.real))
        fail(c, n, code, v, aslrt_undefined());
    if (isinf(v.as.real))
        fail(c, n, "D1001", v, aslrt_undefined());
    return v.as.real;
}

static struct aslrt_value arithmetic(struct evaluation *c, const struct jsonata_node *n,
                                     struct aslrt_value a, struct aslrt_value b)
{
    double x = 0, y = 0, r;
    if (a.kind != ASLRT_UNDEFINED)
        x = numeric(c, n, a, "T2001");
    if (b.kind != ASLRT_UNDEFINED)
        y = numeric(c, n, b, "T2002");
    if (a.kind == ASLRT_UNDEFINED || b.kind == ASLRT_UNDEFINED)
        return aslrt_undefined();
    switch (n->op) {
    case JSONATA_ADD:
        r = x + y;
        break;
    case JSONATA_SUBTRACT:
        r = x - y;
        break;
    case JSONATA_MULTIPLY:
        r = x * y;
        break;
    case JSONATA_DIVIDE:
        r = x / y;
        break;
    default:
        r = fmod(x, y);
        break;
    }
    if (!isfinite(r))
        c->not_finite = true;
    return expr_number(r);
}

static bool ordered(enum jsonata_op op, int order)
{
    switch (op) {
    case JSONATA_LESS:
        return order < 0;
    case JSONATA_LESS_EQUAL:
        return order <= 0;
    case JSONATA_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool ordered_numbers(enum jsonata_op op, double x, double y)
{
    switch (op) {
    case JSONATA_LESS:
        return x < y;
    case JSONATA_LESS_EQUAL:
        return x <= y;
    case JSONATA_GREATER:
        return x > y;
    default:
        return x >= y;
    }
}

static bool comparable(struct aslrt_value v)
{
    return v.kind == ASLRT_UNDEFINED || v.kind == ASLRT_STRING || aslrt_is_number(v);
}

static struct aslrt_value compare(struct evaluation *c, const struct jsonata_node *n,
                                  struct aslrt_value a, struct aslrt_value b)
{
    bool numbers = aslrt_is_number(a);
    if (numbers && aslrt_is_number(b))
        return aslrt_bool(ordered_numbers(n->op, expr_double(a), expr_double(b)));
    if (!comparable(a) || !comparable(b))
        fail(c, n, "T2010", numbers || a.kind == ASLRT_STRING ? b : a, aslrt_undefined());
    if (a.kind == ASLRT_UNDEFINED || b.kind == ASLRT_UNDEFINED)
        return aslrt_undefined();
    if (numbers || b.kind != ASLRT_STRING)
        fail(c, n, "T2009", a, b);
    return aslrt_bool(
        ordered(n->op, aslrt_utf16_compare(a.as.bytes, a.count, b.as.bytes, b.count)));
}

/* JavaScript's ===: containers are never identical to copies of themselves.  Empty ones have
   nothing to know them by, and are taken for different. */
static bool identical(struct aslrt_value a, struct aslrt_value b)
{
    if (aslrt_is_number(a) && aslrt_is_number(b))
        return expr_double(a) == expr_double(b);
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case ASLRT_STRING:
        return expr_same_string(a, b);
    case ASLRT_BOOL:
        return a.as.boolean == b.as.boolean;
    case ASLRT_ARRAY:
    case ASLRT_OBJECT:
        return a.as.items == b.as.items && a.count == b.count && a.count != 0;
    case ASLRT_FUNCTION:
        return a.as.function == b.as.function;
    default:
        return true;
    }
}

static bool includes(struct aslrt_value item, struct aslrt_value list)
{
    if (item.kind == ASLRT_UNDEFINED || list.kind == ASLRT_UNDEFINED)
        return false;
    if (list.kind != ASLRT_ARRAY)
        return identical(list, item);
    for (uint32_t i = 0; i < list.count; i++)
        if (identical(list.as.items[i], item))
            return true;
    return false;
}

static double range_end(struct evaluation *c, const struct jsonata_node *n, struct aslrt_value v,
                        const char *code)
{
    if (v.kind == ASLRT_UNDEFINED)
        return 0;
    double d = aslrt_is_number(v) ? expr_double(v) : NAN;
    if (!isfinite(d) || d != floor(d))
        fail(c, n, code, v, aslrt_undefined());
    return d;
}

static struct aslrt_value range(struct evaluation *c, const struct jsonata_node *n,
                                struct aslrt_value a, struct aslrt_value b)
{
    double low = range_end(c, n, a, "T2003"), high = range_end(c, n, b, "T2004");
    if (a.kind == ASLRT_UNDEFINED || b.kind == ASLRT_UNDEFINED || low > high)
        return aslrt_undefined();
    double size = high - low + 1;
    if (size > RANGE_MAX)
        fail(c, n, "D2014", expr_number(size), aslrt_undefined());
    uint32_t count = (uint32_t)size;
    aslrt_eval_hold(c, count * (size_t)8);
    aslrt_eval_reserve(c, count * sizeof(struct aslrt_value));
    struct aslrt_value *items = aslrt_alloc(c->arena, count * sizeof *items);
    for (uint32_t i = 0; i < count; i++)
        items[i] = expr_number(low + i);
    return expr_sequence(items, count);
}

static struct aslrt_value concat(struct evaluation *c, const struct jsonata_node *n,
                                 struct aslrt_value a, struct aslrt_value b)
{
    struct record record = {c->records, RECORD_BOOLEAN, n, NULL, NULL};
    c->records = &record; /* what $string complains about, `&` signs for */
    a = a.kind == ASLRT_UNDEFINED ? aslrt_text("") : aslrt_expr_to_string(c, a);
    b = b.kind == ASLRT_UNDEFINED ? aslrt_text("") : aslrt_expr_to_string(c, b);
    c->records = record.outer;
    return aslrt_expr_concat(c, a, b);
}

/* ---- the nodes ---- */

static bool truth(struct evaluation *c, struct aslrt_value v)
{
    return v.kind == ASLRT_BOOL ? v.as.boolean : aslrt_expr_truth(c, v);
}

static struct aslrt_value logic(struct evaluation *c, const struct jsonata_node *n,
                                struct aslrt_value input, struct aslrt_frame *f)
{
    struct aslrt_value a = aslrt_eval(c, n->lhs, input, f);
    struct record record = {c->records, RECORD_BOOLEAN, n, NULL, NULL};
    c->records = &record; /* errors of the right side are this operator's, too */
    bool result = truth(c, a);
    if (result == (n->op == JSONATA_AND))
        result = truth(c, aslrt_eval(c, n->rhs, input, f));
    c->records = record.outer;
    return aslrt_bool(result);
}

static struct aslrt_value equality(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value a, struct aslrt_value b)
{
    if (a.kind == ASLRT_UNDEFINED || b.kind == ASLRT_UNDEFINED)
        return aslrt_bool(false);
    bool equal = a.kind == ASLRT_STRING && b.kind == ASLRT_STRING ? expr_same_string(a, b)
                                                                  : aslrt_expr_equal(c, a, b);
    return aslrt_bool(equal == (n->op == JSONATA_EQUAL));
}

struct aslrt_value aslrt_run_logic(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value v = logic(c, n, input, f);
    c->depth--;
    return v;
}

struct aslrt_value aslrt_run_equality(struct evaluation *c, const struct jsonata_node *n,
                                      struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value a = aslrt_eval(c, n->lhs, input, f);
    struct aslrt_value b = aslrt_eval(c, n->rhs, input, f);
    c->depth--;
    return equality(c, n, a, b);
}

struct aslrt_value aslrt_run_comparison(struct evaluation *c, const struct jsonata_node *n,
                                        struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value a = aslrt_eval(c, n->lhs, input, f);
    struct aslrt_value b = aslrt_eval(c, n->rhs, input, f);
    c->depth--;
    return compare(c, n, a, b);
}

struct aslrt_value aslrt_run_arithmetic(struct evaluation *c, const struct jsonata_node *n,
                                        struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value a = aslrt_eval(c, n->lhs, input, f);
    struct aslrt_value b = aslrt_eval(c, n->rhs, input, f);
    c->depth--;
    return arithmetic(c, n, a, b);
}

struct aslrt_value aslrt_run_concat(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value a = aslrt_eval(c, n->lhs, input, f);
    struct aslrt_value b = aslrt_eval(c, n->rhs, input, f);
    c->depth--;
    if (a.kind == ASLRT_STRING && b.kind == ASLRT_STRING)
        return aslrt_expr_concat(c, a, b);
    return concat(c, n, a, b);
}

struct aslrt_value aslrt_eval_binary(struct evaluation *c, const struct jsonata_node *n,
                                     struct aslrt_value input, struct aslrt_frame *f)
{
    if (n->op == JSONATA_AND || n->op == JSONATA_OR)
        return logic(c, n, input, f);
    struct aslrt_value a = aslrt_eval(c, n->lhs, input, f);
    struct aslrt_value b = aslrt_eval(c, n->rhs, input, f);
    switch (n->op) {
    case JSONATA_EQUAL:
    case JSONATA_UNEQUAL:
        return equality(c, n, a, b);
    case JSONATA_LESS:
    case JSONATA_LESS_EQUAL:
    case JSONATA_GREATER:
    case JSONATA_GREATER_EQUAL:
        return compare(c, n, a, b);
    case JSONATA_CONCAT:
        return concat(c, n, a, b);
    case JSONATA_RANGE:
        return range(c, n, a, b);
    case JSONATA_IN:
        return aslrt_bool(includes(a, b));
    default:
        return arithmetic(c, n, a, b);
    }
}
