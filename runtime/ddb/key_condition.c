/*
 * key_condition.c - the conditions on keys in a KeyConditionExpression.
 *
 * In: a bound tree of the condition grammar.  Out: one condition for each of one or two attributes;
 * a value on the left has changed sides.  Which attribute is which key is the table's business.
 */
#include "runtime/ddb/expression.h"

struct collection {
    struct aslrt_ddb *cx;
    struct aslrt_key_condition *out;
    uint32_t count;
};

static _Noreturn void refuse_operator(struct collection *c, const char *name, size_t count)
{
    aslrt_ddb_refuse(c->cx, "Invalid operator used in KeyConditionExpression: %.*s", (int)count,
                     name);
}

static void check_operator(struct collection *c, const struct aslrt_expr *e)
{
    switch (e->kind) {
    case ASLRT_EXPR_OR:
        refuse_operator(c, "OR", 2);
    case ASLRT_EXPR_NOT:
        refuse_operator(c, "NOT", 3);
    case ASLRT_EXPR_IN:
        refuse_operator(c, "IN", 2);
    case ASLRT_EXPR_NOT_EQUAL:
        refuse_operator(c, "<>", 2);
    case ASLRT_EXPR_CALL:
        if (e->function != ASLRT_FN_BEGINS_WITH)
            refuse_operator(c, (const char *)e->name.at, e->name.count);
        break;
    default:
        break;
    }
    bool path_first = e->kind == ASLRT_EXPR_BETWEEN || e->kind == ASLRT_EXPR_CALL;
    if (path_first && e->first->kind != ASLRT_EXPR_PATH)
        aslrt_ddb_refuse(c->cx,
                         "Invalid condition in KeyConditionExpression: %s operator must have the "
                         "key attribute as its first operand",
                         e->kind == ASLRT_EXPR_BETWEEN ? "BETWEEN" : "begins_with");
}

static enum aslrt_expr_kind swapped(enum aslrt_expr_kind kind)
{
    switch (kind) {
    case ASLRT_EXPR_LESS:
        return ASLRT_EXPR_GREATER;
    case ASLRT_EXPR_LESS_EQUAL:
        return ASLRT_EXPR_GREATER_EQUAL;
    case ASLRT_EXPR_GREATER:
        return ASLRT_EXPR_LESS;
    case ASLRT_EXPR_GREATER_EQUAL:
        return ASLRT_EXPR_LESS_EQUAL;
    default:
        return kind;
    }
}

/* The one path of the condition. */
static const struct aslrt_expr *find_path(struct collection *c, const struct aslrt_expr *e)
{
    const struct aslrt_expr *path = NULL;
    for (const struct aslrt_expr *x = e->first; x != NULL; x = x->next) {
        if (x->kind == ASLRT_EXPR_CALL)
            aslrt_ddb_refuse(c->cx, "KeyConditionExpressions cannot contain nested operations");
        if (x->kind != ASLRT_EXPR_PATH)
            continue;
        if (path != NULL)
            aslrt_ddb_refuse(c->cx, "Invalid condition in KeyConditionExpression: Multiple "
                                    "attribute names used in one condition");
        if (x->steps->next != NULL)
            aslrt_ddb_refuse(c->cx, "KeyConditionExpressions cannot have conditions on nested "
                                    "attributes");
        path = x;
    }
    if (path == NULL)
        aslrt_ddb_refuse(c->cx, "Invalid condition in KeyConditionExpression: No key attribute "
                                "specified");
    return path;
}

static void collect(struct collection *c, const struct aslrt_expr *e)
{
    if (e->kind == ASLRT_EXPR_AND) {
        collect(c, e->first);
        collect(c, e->last);
        return;
    }
    check_operator(c, e);
    const struct aslrt_expr *path = find_path(c, e);
    for (uint32_t i = 0; i < c->count; i++) {
        if (aslrt_bytes_equal(c->out[i].name, path->steps->name))
            aslrt_ddb_refuse(c->cx,
                             "KeyConditionExpressions must only contain one condition per key");
    }
    if (c->count == 2)
        aslrt_ddb_refuse(c->cx, "Conditions can be of length 1 or 2 only");
    struct aslrt_key_condition *k = &c->out[c->count++];
    uint32_t values = 0;
    *k = (struct aslrt_key_condition){.name = path->steps->name,
                                      .op = path == e->first ? e->kind : swapped(e->kind)};
    for (const struct aslrt_expr *x = e->first; x != NULL; x = x->next) {
        if (x != path)
            k->values[values++] = x->value;
    }
}

uint32_t aslrt_key_conditions(struct aslrt_ddb *cx, const struct aslrt_expression *e,
                              struct aslrt_key_condition out[2])
{
    struct collection c = {cx, out, 0};
    collect(&c, e->root);
    return c.count;
}
