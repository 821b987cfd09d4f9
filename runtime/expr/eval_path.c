/*
 * eval_path.c - paths without tuples: steps, their predicates, and the flattening between them.
 *
 * In: a PATH node.  Out: a sequence, unwrapped, or the array that the last step found.
 * A step maps every item of the sequence so far and puts the results behind each other; arrays
 * among them are flattened, unless they were written as such ([..]).  A sequence of one item, by
 * far the most common, is never built; longer ones grow on the evaluation's stack of values.
 */
#include "runtime/expr/eval.h"
#include "runtime/expr/text.h"

#include <math.h>

/* ---- predicates ---- */

/* True when the item at `index` of `count` is asked for by number. */
static bool selects(struct aslrt_value number, uint32_t index, uint32_t count)
{
    double d = floor(expr_double(number));
    return (d < 0 ? d + count : d) == (double)index;
}

static bool all_numbers(struct evaluation *c, struct aslrt_value array)
{
    bool all = true;
    for (uint32_t i = 0; i < array.count; i++)
        all &= aslrt_expr_is_numeric(c, array.as.items[i]);
    return all;
}

/* Pushes the item as often as the predicate's value says. */
static void filter_item(struct evaluation *c, struct aslrt_value item, struct aslrt_value answer,
                        uint32_t index, uint32_t count)
{
    if (answer.kind == ASLRT_BOOL) {
        if (answer.as.boolean)
            expr_push(c, item);
    } else if (aslrt_expr_is_numeric(c, answer)) {
        if (selects(answer, index, count))
            expr_push(c, item);
    } else if (answer.kind == ASLRT_ARRAY && all_numbers(c, answer)) {
        for (uint32_t i = 0; i < answer.count; i++)
            if (selects(answer.as.items[i], index, count))
                expr_push(c, item);
    } else if (aslrt_expr_truth(c, answer)) {
        expr_push(c, item);
    }
}

static struct aslrt_value filter_by_number(struct evaluation *c, double index,
                                           const struct aslrt_value *items, uint32_t count,
                                           uint16_t tuples)
{
    index = floor(index);
    if (index < 0)
        index += count;
    struct aslrt_value v = expr_sequence(NULL, 0);
    if (index >= 0 && index < count) {
        struct aslrt_value item = items[(uint32_t)index];
        if (tuples)
            v = aslrt_expr_array_of_one(c, item, EXPR_SEQUENCE);
        else if (item.kind != ASLRT_UNDEFINED)
            return item; /* as good as a sequence of one */
    }
    v.pad |= tuples;
    return v;
}

struct aslrt_value aslrt_eval_filter(struct evaluation *c, const struct jsonata_node *predicate,
                                     struct aslrt_value input, struct aslrt_frame *f)
{
    const struct aslrt_value *items = input.kind == ASLRT_ARRAY ? input.as.items : &input;
    uint32_t count = input.kind == ASLRT_ARRAY ? input.count : 1;
    uint16_t tuples = input.kind == ASLRT_ARRAY ? input.pad & (EXPR_TUPLES | EXPR_BLIND) : 0;
    if (predicate->kind == JSONATA_NUMBER)
        return filter_by_number(c, predicate->value.as.real, items, count, tuples);
    uint32_t base = c->top;
    for (uint32_t i = 0; i < count; i++) {
        struct aslrt_frame *frame = f;
        struct aslrt_value context = items[i];
        if (tuples)
            context = aslrt_tuple_context(c, input, items[i], &frame);
        filter_item(c, items[i], aslrt_eval(c, predicate, context, frame), i, count);
    }
    if (c->top - base == 1 && !tuples && c->stack[base].kind != ASLRT_ARRAY &&
        c->stack[base].kind != ASLRT_UNDEFINED) {
        c->top = base;
        return c->stack[base]; /* as good as a sequence of one */
    }
    struct aslrt_value v = aslrt_expr_pop_array(c, base, EXPR_SEQUENCE);
    v.pad |= tuples;
    return v;
}

/* ---- steps ---- */

/* One stage of a step: a predicate.  A number is looked at here, the rest by aslrt_eval_filter. */
static inline struct aslrt_value eval_stage(struct evaluation *c,
                                            const struct jsonata_node *predicate,
                                            struct aslrt_value v, struct aslrt_frame *f)
{
    if (predicate->kind != JSONATA_NUMBER || v.kind == ASLRT_UNDEFINED)
        return aslrt_eval_filter(c, predicate, v, f);
    double index = predicate->value.as.real;
    if (v.kind == ASLRT_ARRAY && index >= 0 && index < v.count &&
        v.as.items[(uint32_t)index].kind != ASLRT_UNDEFINED)
        return v.as.items[(uint32_t)index];
    if (v.kind != ASLRT_ARRAY && index >= 0 && index < 1)
        return v;
    return aslrt_eval_filter(c, predicate, v, f);
}

static struct aslrt_value eval_stages(struct evaluation *c, const struct jsonata_node *step,
                                      struct aslrt_value v, struct aslrt_frame *f)
{
    for (uint32_t i = 0; i < step->extra->stage_count; i++)
        v = eval_stage(c, step->extra->stages[i].expr, v, f);
    return v;
}

static inline bool has_stages(const struct jsonata_node *step)
{
    return step->extra != NULL && step->extra->stage_count != 0 && !step->extra->predicate;
}

/* One item through a step and its stages. */
static inline struct aslrt_value eval_item(struct evaluation *c, const struct jsonata_node *step,
                                           struct aslrt_value item, struct aslrt_frame *f)
{
    struct aslrt_value v;
    const struct jsonata_extra *x = step->extra;
    bool only_stages = x == NULL || (!x->predicate && x->group == NULL); /* "name"[0] is not */
    if (step->kind == JSONATA_NAME && item.kind != ASLRT_ARRAY && only_stages) {
        aslrt_eval_leaf(c); /* the commonest step by far, without any ceremony */
        v = item.kind == ASLRT_OBJECT ? expr_get(item, step->value) : aslrt_undefined();
        if (expr_is_sequence(v))
            v = aslrt_eval(c, step, item, f);
    } else {
        v = aslrt_eval(c, step, item, f);
    }
    return has_stages(step) ? eval_stages(c, step, v, f) : v;
}

/* ---- what the steps so far have found ---- */

enum where { ONE, ARRAY, STACK };
struct found {
    enum where where;
    uint32_t base, count;     /* STACK: the items, on the evaluation's stack of values */
    struct aslrt_value value; /* ONE: the item; ARRAY: an array of the items */
};

static inline bool flattens(struct aslrt_value v)
{
    return v.kind == ASLRT_ARRAY && (v.flags & EXPR_CONS) == 0;
}

/* The result of a step over one item. */
static inline void found_one(struct found *found, struct aslrt_value v, bool last)
{
    found->where = ARRAY;
    found->value = v;
    if (v.kind == ASLRT_UNDEFINED)
        found->value = expr_sequence(NULL, 0);
    else if (!flattens(v) && !(last && v.kind == ASLRT_ARRAY))
        found->where = ONE;
    else if (!last || (v.flags & EXPR_SEQUENCE))
        found->value.flags = EXPR_SEQUENCE; /* else an array that was found, as it is */
}

static inline uint32_t count_of(const struct found *found)
{
    return found->where == ONE ? 1 : found->where == STACK ? found->count : found->value.count;
}

/* The items as an array; of several on the stack, which is then free again. */
static struct aslrt_value as_array(struct evaluation *c, const struct found *found)
{
    if (found->where == ONE)
        return aslrt_expr_array_of_one(c, found->value, EXPR_SEQUENCE);
    return found->where == STACK ? aslrt_expr_pop_array(c, found->base, EXPR_SEQUENCE)
                                 : found->value;
}

static void step_over_many(struct evaluation *c, const struct jsonata_node *step,
                           struct found *found, bool last, struct aslrt_frame *f)
{
    bool stack = found->where == STACK;
    uint32_t count = stack ? found->count : found->value.count;
    uint32_t base = c->top, results = 0;
    struct aslrt_value only = aslrt_undefined();
    for (uint32_t i = 0; i < count; i++) {
        struct aslrt_value item = stack ? c->stack[found->base + i] : found->value.as.items[i];
        struct aslrt_value v = eval_item(c, step, item, f);
        if (v.kind == ASLRT_UNDEFINED)
            continue;
        if (results++ == 0)
            only = v;
        if (flattens(v))
            aslrt_expr_push_all(c, v);
        else
            expr_push(c, v);
    }
    if (results <= 1) {
        c->top = stack ? found->base : base;
        found_one(found, only, last);
        return;
    }
    uint32_t made = c->top - base;
    if (stack) { /* what this step has found takes the place of what it came from */
        memmove(c->stack + found->base, c->stack + base, made * sizeof *c->stack);
        base = found->base;
        c->top = base + made;
    }
    *found = (struct found){STACK, base, made, aslrt_undefined()};
}

static void found_value(struct found *found, struct aslrt_value v)
{
    found->value = v;
    found->where = v.kind != ASLRT_ARRAY && v.kind != ASLRT_UNDEFINED ? ONE : ARRAY;
}

static void sort_step(struct evaluation *c, const struct jsonata_node *step, struct found *found,
                      struct aslrt_frame *f)
{
    struct aslrt_value v = aslrt_eval_sort(c, step, as_array(c, found), f);
    found_value(found, has_stages(step) ? eval_stages(c, step, v, f) : v);
}

/* jsonata-js walks over a string as over an array of its UTF-16 units. */
static struct aslrt_value units_of_string(struct evaluation *c, struct aslrt_value string)
{
    struct aslrt_units u = aslrt_units_of(c->arena, string);
    uint32_t base = c->top;
    for (size_t i = 0; i < u.count; i++)
        expr_push(c, aslrt_units_text(c->arena, u, i, i + 1));
    return aslrt_expr_pop_array(c, base, EXPR_SEQUENCE);
}

/* An explicit array as the first step is made once, whatever the context is.  With a predicate it
   may give something else, which jsonata-js goes on with as if it were an array.  False: the path
   ends there. */
static bool construct_step(struct evaluation *c, const struct jsonata_node *path,
                           struct found *found, struct aslrt_frame *f)
{
    struct aslrt_value v = aslrt_eval(c, path->items[0], as_array(c, found), f);
    if (v.kind == ASLRT_NULL)
        aslrt_eval_fail_message(c, "Cannot read properties of null (reading 'length')");
    bool empty = v.kind == ASLRT_STRING && v.count == 0;
    if (path->count > 1 && v.kind != ASLRT_ARRAY && v.kind != ASLRT_UNDEFINED && !empty) {
        if (path->items[1]->flags & JSONATA_TUPLE)
            aslrt_eval_fail_message(c, "input.map is not a function");
        v = v.kind == ASLRT_STRING ? units_of_string(c, v) : expr_sequence(NULL, 0);
    }
    found_value(found, v);
    return !empty;
}

static struct aslrt_value finish(struct evaluation *c, const struct jsonata_node *path,
                                 const struct found *found, struct aslrt_frame *f)
{
    struct aslrt_value v = as_array(c, found);
    if (path->flags & JSONATA_KEEP_SINGLETON) {
        if (v.kind == ASLRT_UNDEFINED)
            aslrt_eval_fail_message(c,
                                    "Cannot set properties of undefined (setting 'keepSingleton')");
        if ((v.flags & EXPR_CONS) && (v.flags & EXPR_SEQUENCE) == 0)
            v = aslrt_expr_array_of_one(c, v, EXPR_SEQUENCE);
        if (v.flags & EXPR_SEQUENCE)
            v.flags |= EXPR_KEEP;
    }
    if (path->extra == NULL || path->extra->group == NULL)
        return v;
    if (path->scope != NULL) /* nothing was found before the first tuple: its names stay empty */
        f = aslrt_expr_new_frame(c, path->scope, f);
    return aslrt_eval_group(c, path->extra->group, v, f);
}

struct aslrt_value aslrt_eval_path(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f)
{
    struct found found = {ONE, 0, 0, input};
    if (input.kind == ASLRT_ARRAY && n->items[0]->kind != JSONATA_VARIABLE)
        found.where = ARRAY;
    for (uint32_t i = 0; i < n->count; i++) {
        const struct jsonata_node *step = n->items[i];
        bool last = i + 1 == n->count;
        if (step->flags & JSONATA_TUPLE)
            return aslrt_eval_tuples(c, n, i, as_array(c, &found), f);
        if (i == 0 && (step->flags & JSONATA_CONS)) {
            if (!construct_step(c, n, &found, f))
                break;
        } else if (step->kind == JSONATA_SORT) {
            sort_step(c, step, &found, f);
        } else if (found.where == ONE) {
            found_one(&found, eval_item(c, step, found.value, f), last);
        } else {
            step_over_many(c, step, &found, last, f);
        }
        if (count_of(&found) == 0)
            break;
    }
    bool plain = (n->flags & (JSONATA_KEEP_SINGLETON | JSONATA_KEEP_ARRAY)) == 0 &&
                 (n->extra == NULL || n->extra->group == NULL);
    if (plain && found.where == ONE)
        return found.value;
    return finish(c, n, &found, f);
}

/* ---- the nodes ---- */

struct aslrt_value aslrt_run_path(struct evaluation *c, const struct jsonata_node *n,
                                  struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value v = aslrt_eval_path(c, n, input, f);
    c->depth--;
    return expr_unwrap(v);
}

/* One name, perhaps with a number behind it, of an object; false where that is not all there is to
   it: then the path is evaluated as any other. */
static inline bool take_field(const struct jsonata_node *step, bool last, struct aslrt_value *v)
{
    if (v->kind != ASLRT_OBJECT)
        return false;
    struct aslrt_value found = expr_get(*v, step->value);
    if (step->extra != NULL) {
        double index = step->extra->stages[0].expr->value.as.real;
        if (found.kind == ASLRT_ARRAY && found.flags == 0 && index >= 0 && index < found.count)
            found = found.as.items[(uint32_t)index];
        else if (found.kind == ASLRT_ARRAY || index != 0)
            return false;
    }
    *v = found;
    return found.kind != ASLRT_ARRAY ? found.kind != ASLRT_UNDEFINED || last
                                     : last && found.flags == 0;
}

/* A path of one name. */
struct aslrt_value aslrt_run_field(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f)
{
    if (input.kind == ASLRT_OBJECT) {
        struct aslrt_value v = expr_get(input, n->items[0]->value);
        if (v.kind != ASLRT_ARRAY || v.flags == 0) {
            if (c->depth + 2 > c->depth_max)
                aslrt_eval_too_deep(c); /* the path, and its step */
            return v;
        }
    }
    return aslrt_run_path(c, n, input, f);
}

/* A path of such steps, from the context or from a variable: the commonest path. */
struct aslrt_value aslrt_run_fields(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value input, struct aslrt_frame *f)
{
    struct aslrt_value v = input;
    uint32_t i = 0;
    if (c->depth + 2 > c->depth_max)
        return aslrt_run_path(c, n, input, f); /* it finds out which level is one too many */
    if (n->items[0]->kind == JSONATA_VARIABLE) {
        c->depth++;
        v = aslrt_eval(c, n->items[i++], input, f);
        c->depth--;
    }
    for (; i < n->count; i++)
        if (!take_field(n->items[i], i + 1 == n->count, &v))
            return aslrt_run_path(c, n, input, f);
    return v;
}

bool aslrt_path_has_only_fields(const struct jsonata_node *n)
{
    if (n->extra != NULL || (n->flags & JSONATA_KEEP_SINGLETON))
        return false;
    for (uint32_t i = 0; i < n->count; i++) {
        const struct jsonata_node *step = n->items[i];
        const struct jsonata_extra *x = step->extra;
        if (i == 0 && step->kind == JSONATA_VARIABLE && x == NULL && n->count > 1)
            continue;
        if (step->kind != JSONATA_NAME)
            return false;
        if (x != NULL &&
            (x->stage_count != 1 || x->predicate || x->group != NULL ||
             x->stages[0].expr->kind != JSONATA_NUMBER ||
             x->stages[0].expr->value.as.real != floor(x->stages[0].expr->value.as.real)))
            return false;
    }
    return true;
}
