/*
 * condition.c - whether a condition holds for an item.
 *
 * In: a bound tree and an item, which may be missing.  A comparison with something missing, or of
 * things that can't be compared, is false, except that it is true for <>.  Nothing here fails.
 */
#include "runtime/base/utf8.h"
#include "runtime/ddb/evaluate.h"

/* ---- operands ---- */

static struct aslrt_attr at_path(const struct aslrt_expr *e, struct aslrt_attr item)
{
    struct aslrt_attr value = item;
    for (const struct aslrt_step *s = e->steps; s != NULL && value.at != NULL; s = s->next)
        value =
            s->is_index ? aslrt_attr_element(value, s->index) : aslrt_attr_member(value, s->name);
    return value;
}

/* size(): UTF-16 units of an S, bytes of a B, elements of a container; nothing of the rest. */
static struct aslrt_attr size_of(struct aslrt_ddb *cx, struct aslrt_attr a)
{
    uint32_t n = 0;
    struct aslrt_bytes bytes;
    struct aslrt_attr_writer w = aslrt_attr_writer_in(cx->scratch);
    switch (aslrt_attr_type(a)) {
    case ASLRT_ATTR_S:
        bytes = aslrt_attr_scalar(a);
        n = (uint32_t)aslrt_utf16_count((const char *)bytes.at, bytes.count);
        break;
    case ASLRT_ATTR_B:
        n = aslrt_attr_scalar(a).count;
        break;
    case ASLRT_ATTR_L:
    case ASLRT_ATTR_M:
    case ASLRT_ATTR_SS:
    case ASLRT_ATTR_NS:
    case ASLRT_ATTR_BS:
        n = aslrt_attr_count(a);
        break;
    default:
        return aslrt_attr_missing();
    }
    aslrt_attr_put_number(&w, aslrt_decimal_of(n));
    return aslrt_attr_done(&w);
}

struct aslrt_attr aslrt_operand(struct aslrt_ddb *cx, const struct aslrt_expr *e,
                                struct aslrt_attr item)
{
    if (e->kind == ASLRT_EXPR_PATH)
        return at_path(e, item);
    if (e->kind == ASLRT_EXPR_VALUE)
        return e->value;
    return size_of(cx, aslrt_operand(cx, e->first, item));
}

/* ---- comparisons ---- */

static bool is_ordered(struct aslrt_attr a, struct aslrt_attr b)
{
    enum aslrt_attr_type type = aslrt_attr_type(a);
    return type == aslrt_attr_type(b) &&
           (type == ASLRT_ATTR_S || type == ASLRT_ATTR_N || type == ASLRT_ATTR_B);
}

static bool compare(enum aslrt_expr_kind op, struct aslrt_attr a, struct aslrt_attr b)
{
    if (op == ASLRT_EXPR_EQUAL)
        return aslrt_attr_equal(a, b);
    if (op == ASLRT_EXPR_NOT_EQUAL)
        return !aslrt_attr_equal(a, b);
    if (!is_ordered(a, b))
        return false;
    int order = aslrt_attr_compare(a, b);
    switch (op) {
    case ASLRT_EXPR_LESS:
        return order < 0;
    case ASLRT_EXPR_LESS_EQUAL:
        return order <= 0;
    case ASLRT_EXPR_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

/* ---- functions ---- */

static bool is_text(struct aslrt_attr a, struct aslrt_attr b)
{
    return is_ordered(a, b) && aslrt_attr_type(a) != ASLRT_ATTR_N;
}

static bool begins_with(struct aslrt_attr a, struct aslrt_attr b)
{
    if (!is_text(a, b))
        return false;
    struct aslrt_bytes text = aslrt_attr_scalar(a), start = aslrt_attr_scalar(b);
    return text.count >= start.count &&
           (start.count == 0 || memcmp(text.at, start.at, start.count) == 0);
}

static bool contains(struct aslrt_attr a, struct aslrt_attr b)
{
    enum aslrt_attr_type type = aslrt_attr_type(a);
    if (type == ASLRT_ATTR_L || aslrt_attr_is_set(type))
        return aslrt_attr_contains(a, b);
    if (!is_text(a, b))
        return false;
    struct aslrt_bytes text = aslrt_attr_scalar(a), part = aslrt_attr_scalar(b);
    return part.count == 0 || memmem(text.at, text.count, part.at, part.count) != NULL;
}

static bool call_holds(struct aslrt_ddb *cx, const struct aslrt_expr *e, struct aslrt_attr item)
{
    struct aslrt_attr a = aslrt_operand(cx, e->first, item), b = aslrt_attr_missing();
    if (e->first->next != NULL)
        b = aslrt_operand(cx, e->first->next, item);
    switch (e->function) {
    case ASLRT_FN_ATTRIBUTE_EXISTS:
        return a.at != NULL;
    case ASLRT_FN_ATTRIBUTE_NOT_EXISTS:
        return a.at == NULL;
    case ASLRT_FN_ATTRIBUTE_TYPE:
        return a.at != NULL && aslrt_attr_type(a) == aslrt_attr_type_of(aslrt_attr_scalar(b));
    case ASLRT_FN_BEGINS_WITH:
        return begins_with(a, b);
    default:
        return contains(a, b);
    }
}

static bool holds(struct aslrt_ddb *cx, const struct aslrt_expr *e, struct aslrt_attr item)
{
    struct aslrt_attr a;
    switch (e->kind) {
    case ASLRT_EXPR_AND:
        return holds(cx, e->first, item) && holds(cx, e->last, item);
    case ASLRT_EXPR_OR:
        return holds(cx, e->first, item) || holds(cx, e->last, item);
    case ASLRT_EXPR_NOT:
        return !holds(cx, e->first, item);
    case ASLRT_EXPR_CALL:
        return call_holds(cx, e, item);
    case ASLRT_EXPR_BETWEEN:
        a = aslrt_operand(cx, e->first, item);
        return compare(ASLRT_EXPR_GREATER_EQUAL, a, aslrt_operand(cx, e->first->next, item)) &&
               compare(ASLRT_EXPR_LESS_EQUAL, a, aslrt_operand(cx, e->last, item));
    case ASLRT_EXPR_IN:
        a = aslrt_operand(cx, e->first, item);
        for (const struct aslrt_expr *x = e->first->next; x != NULL; x = x->next) {
            if (aslrt_attr_equal(a, aslrt_operand(cx, x, item)))
                return true;
        }
        return false;
    default:
        return compare(e->kind, aslrt_operand(cx, e->first, item),
                       aslrt_operand(cx, e->last, item));
    }
}

bool aslrt_condition_holds(struct aslrt_ddb *cx, const struct aslrt_expression *e,
                           struct aslrt_attr item)
{
    return holds(cx, e->root, item);
}
