/*
 * update.c - applying an UpdateExpression to an item.
 *
 * First every right-hand side is computed from the item as it was; then the item is rewritten in
 * one walk beside the tree of the expression's paths (path_tree.h), so that list indexes mean the
 * original numbering and nothing depends on the order of the actions.
 */
#include "runtime/ddb/evaluate.h"
#include "runtime/ddb/path_tree.h"
#include "runtime/ddb/wire.h"

#define BAD_TYPE "An operand in the update expression has an incorrect data type"
#define BAD_PATH "The document path provided in the update expression is invalid for update"

struct update {
    struct aslrt_ddb *cx;
    struct aslrt_attr item;     /* as it was; missing for a new one */
    struct aslrt_attr_writer w; /* the item as it becomes */
};

/* ---- right-hand sides ---- */

static struct aslrt_attr compute(struct update *u, const struct aslrt_expr *e);

/* An operand that must be there. */
static struct aslrt_attr require(struct update *u, const struct aslrt_expr *e)
{
    struct aslrt_attr value = compute(u, e);
    if (value.at == NULL)
        aslrt_ddb_refuse(u->cx, "The provided expression refers to an attribute that does not "
                                "exist in the item");
    return value;
}

static struct aslrt_attr number(struct aslrt_ddb *cx, struct aslrt_attr a, struct aslrt_attr b,
                                bool minus)
{
    struct aslrt_decimal sum;
    struct aslrt_attr_writer w = aslrt_attr_writer_in(cx->scratch);
    if (aslrt_attr_type(a) != ASLRT_ATTR_N || aslrt_attr_type(b) != ASLRT_ATTR_N)
        aslrt_ddb_refuse(cx, BAD_TYPE);
    struct aslrt_decimal x = aslrt_attr_number(a), y = aslrt_attr_number(b);
    enum aslrt_decimal_status status =
        minus ? aslrt_decimal_subtract(x, y, &sum) : aslrt_decimal_add(x, y, &sum);
    if (status != ASLRT_DECIMAL_OK)
        aslrt_ddb_refuse(cx, "%s", aslrt_decimal_problem(status));
    aslrt_attr_put_number(&w, sum);
    return aslrt_attr_done(&w);
}

static struct aslrt_attr append(struct update *u, struct aslrt_attr a, struct aslrt_attr b)
{
    struct aslrt_attr value;
    struct aslrt_attr_writer w = aslrt_attr_writer_in(u->cx->scratch);
    if (aslrt_attr_type(a) != ASLRT_ATTR_L || aslrt_attr_type(b) != ASLRT_ATTR_L)
        aslrt_ddb_refuse(u->cx, BAD_TYPE);
    size_t mark = aslrt_attr_open(&w, ASLRT_ATTR_L);
    struct aslrt_attr_cursor c = aslrt_attr_walk(a);
    while (aslrt_attr_next(&c, NULL, &value))
        aslrt_attr_put(&w, value);
    c = aslrt_attr_walk(b);
    while (aslrt_attr_next(&c, NULL, &value))
        aslrt_attr_put(&w, value);
    aslrt_attr_close(&w, mark, aslrt_attr_count(a) + aslrt_attr_count(b));
    return aslrt_attr_done(&w);
}

static struct aslrt_attr compute(struct update *u, const struct aslrt_expr *e)
{
    struct aslrt_attr a;
    switch (e->kind) {
    case ASLRT_EXPR_PLUS:
    case ASLRT_EXPR_MINUS:
        a = require(u, e->first);
        return number(u->cx, a, require(u, e->last), e->kind == ASLRT_EXPR_MINUS);
    case ASLRT_EXPR_CALL:
        a = e->function == ASLRT_FN_IF_NOT_EXISTS ? compute(u, e->first) : require(u, e->first);
        if (e->function == ASLRT_FN_IF_NOT_EXISTS)
            return a.at != NULL ? a : compute(u, e->last);
        return append(u, a, require(u, e->last));
    default:
        return aslrt_operand(u->cx, e, u->item);
    }
}

/* ---- sets ---- */

/* Writes the elements of two sorted sets in order: those of either, or those of `a` that `b` lacks.
   Gives their number. */
static uint32_t merge(struct aslrt_attr_writer *w, struct aslrt_attr a, struct aslrt_attr b,
                      bool minus)
{
    struct aslrt_attr_cursor ca = aslrt_attr_walk(a), cb = aslrt_attr_walk(b);
    struct aslrt_attr x = {NULL}, y = {NULL};
    uint32_t count = 0;
    bool more_x = aslrt_attr_next(&ca, NULL, &x), more_y = aslrt_attr_next(&cb, NULL, &y);
    while (more_x || (more_y && !minus)) {
        int order = !more_x ? 1 : !more_y ? -1 : aslrt_attr_compare(x, y);
        if (!minus || order < 0) {
            aslrt_attr_put(w, order <= 0 ? x : y);
            count++;
        }
        if (order <= 0)
            more_x = aslrt_attr_next(&ca, NULL, &x);
        if (order >= 0)
            more_y = aslrt_attr_next(&cb, NULL, &y);
    }
    return count;
}

/* What ADD or DELETE makes of the value that was there; missing when nothing is left. */
static struct aslrt_attr change(struct update *u, const struct aslrt_expr *action,
                                struct aslrt_attr old)
{
    struct aslrt_attr operand = action->last->value;
    bool minus = action->kind == ASLRT_EXPR_DELETE;
    if (old.at == NULL)
        return minus ? old : operand;
    if (!minus && aslrt_attr_type(operand) == ASLRT_ATTR_N)
        return number(u->cx, old, operand, false);
    if (aslrt_attr_type(old) != aslrt_attr_type(operand))
        aslrt_ddb_refuse(u->cx, BAD_TYPE);
    struct aslrt_attr_writer w = aslrt_attr_writer_in(u->cx->scratch);
    size_t mark = aslrt_attr_open(&w, aslrt_attr_type(old));
    uint32_t count = merge(&w, old, operand, minus);
    aslrt_attr_close(&w, mark, count);
    return count == 0 ? aslrt_attr_missing() : aslrt_attr_done(&w);
}

/* ---- the walk ---- */

static bool rewrite(struct update *u, const struct aslrt_path_tree *tree, struct aslrt_attr old);

/* What an action leaves at its path; missing: nothing. */
static struct aslrt_attr act(struct update *u, const struct aslrt_expr *action,
                             struct aslrt_attr old)
{
    if (action->kind == ASLRT_EXPR_SET)
        return action->value;
    return action->kind == ASLRT_EXPR_REMOVE ? aslrt_attr_missing() : change(u, action, old);
}

static uint32_t rewrite_member(struct update *u, const struct aslrt_path_tree *child,
                               struct aslrt_attr old)
{
    size_t before = u->w.buffer.count;
    aslrt_attr_name(&u->w, child->step.name);
    if (rewrite(u, child, old))
        return 1;
    u->w.buffer.count = before;
    return 0;
}

/* Members and children ascend by name; they are merged. */
static uint32_t rewrite_members(struct update *u, const struct aslrt_path_tree *tree,
                                struct aslrt_attr map)
{
    struct aslrt_bytes name;
    struct aslrt_attr value;
    uint32_t count = 0;
    const struct aslrt_path_tree *child = tree->child;
    struct aslrt_attr_cursor c = aslrt_attr_walk(map);
    while (aslrt_attr_next(&c, &name, &value)) {
        for (; child != NULL && aslrt_bytes_compare(child->step.name, name) < 0;
             child = child->next)
            count += rewrite_member(u, child, aslrt_attr_missing());
        if (child != NULL && aslrt_bytes_equal(child->step.name, name)) {
            count += rewrite_member(u, child, value);
            child = child->next;
            continue;
        }
        aslrt_attr_name(&u->w, name);
        aslrt_attr_put(&u->w, value);
        count++;
    }
    for (; child != NULL; child = child->next)
        count += rewrite_member(u, child, aslrt_attr_missing());
    return count;
}

/* Elements past the end are appended in the order of their indexes. */
static uint32_t rewrite_elements(struct update *u, const struct aslrt_path_tree *tree,
                                 struct aslrt_attr list)
{
    struct aslrt_attr value;
    uint32_t count = 0, index = 0;
    const struct aslrt_path_tree *child = tree->child;
    struct aslrt_attr_cursor c = aslrt_attr_walk(list);
    for (; aslrt_attr_next(&c, NULL, &value); index++) {
        if (child != NULL && child->step.index == index) {
            count += rewrite(u, child, value);
            child = child->next;
            continue;
        }
        aslrt_attr_put(&u->w, value);
        count++;
    }
    for (; child != NULL; child = child->next)
        count += rewrite(u, child, aslrt_attr_missing());
    return count;
}

/* Writes what becomes of `old`; false, and nothing written, when nothing does. */
static bool rewrite(struct update *u, const struct aslrt_path_tree *tree, struct aslrt_attr old)
{
    if (tree->action != NULL) {
        struct aslrt_attr value = act(u, tree->action, old);
        if (value.at != NULL)
            aslrt_attr_put(&u->w, value);
        return value.at != NULL;
    }
    bool list = tree->child->step.is_index;
    if (aslrt_attr_type(old) != (list ? ASLRT_ATTR_L : ASLRT_ATTR_M))
        aslrt_ddb_refuse(u->cx, BAD_PATH);
    size_t mark = aslrt_attr_open(&u->w, list ? ASLRT_ATTR_L : ASLRT_ATTR_M);
    uint32_t count = list ? rewrite_elements(u, tree, old) : rewrite_members(u, tree, old);
    aslrt_attr_close(&u->w, mark, count);
    return true;
}

struct aslrt_attr aslrt_update_apply(struct aslrt_ddb *cx, const struct aslrt_expression *e,
                                     struct aslrt_attr item, struct aslrt_attr key)
{
    struct update u = {cx, item, aslrt_attr_writer_in(cx->scratch)};
    bool creates = false;
    for (struct aslrt_expr *action = e->root; action != NULL; action = action->next) {
        creates = creates || action->kind == ASLRT_EXPR_SET || action->kind == ASLRT_EXPR_ADD;
        if (action->kind == ASLRT_EXPR_SET)
            action->value = require(&u, action->last);
    }
    rewrite(&u, e->tree, item.at != NULL ? item : key);
    return item.at == NULL && !creates ? item : aslrt_attr_done(&u.w);
}
