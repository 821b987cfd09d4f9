/*
 * eval_path.c - paths without tuples: steps, their predicates, and the flattening between them.
 *
 * In: a PATH node.  Out: a sequence, unwrapped, or the array that the last step found.
 * A step maps every item of the sequence so far and puts the results behind each other; arrays
 * among them are flattened, unless they were written as such ([..]).  A sequence of one item, by
 * far the most common, is never built; longer ones grow on the evaluation's stack of values.
 */
#include "runtime/expr/eval.h"

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

static struct aslrt_value eval_stages(struct evaluation *c, const struct jsonata_node *step,
                                      struct aslrt_value v, struct aslrt_frame *f)
{
    for (uint32_t i = 0; i < step->extra->stage_count; i++)
        v = aslrt_eval_filter(c, step->extra->stages[i].expr, v, f);
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
    struct aslrt_value v = aslrt_eval(c, step, item, f);
    return has_stages(step) ? eval_stages(c, step, v, f) : v;
}

static inline bool flattens(struct aslrt_value v)
{
    return v.kind == ASLRT_ARRAY && (v.flags & EXPR_CONS) == 0;
}

/* What the steps so far have found: items of an array, or one value that stands in `one`. */
struct found {
    struct aslrt_value array;
    bool single; /* `array` is the one item itself, and no array around it */
};

static struct found several(struct aslrt_value array)
{
    return (struct found){array, false};
}

/* The result of a step over one item. */
static struct found step_over_one(struct aslrt_value v, bool last)
{
    if (v.kind == ASLRT_UNDEFINED)
        return several(expr_sequence(NULL, 0));
    if (last && v.kind == ASLRT_ARRAY && (v.flags & EXPR_SEQUENCE) == 0)
        return several(v);
    if (!flattens(v))
        return (struct found){v, true};
    v.flags = EXPR_SEQUENCE;
    return several(v);
}

static struct found step_over_many(struct evaluation *c, const struct jsonata_node *step,
                                   struct aslrt_value items, bool last, struct aslrt_frame *f)
{
    uint32_t base = c->top, results = 0;
    struct aslrt_value only = aslrt_undefined();
    for (uint32_t i = 0; i < items.count; i++) {
        struct aslrt_value v = eval_item(c, step, items.as.items[i], f);
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
        c->top = base;
        return step_over_one(only, last);
    }
    return several(aslrt_expr_pop_array(c, base, EXPR_SEQUENCE));
}

static struct found sort_step(struct evaluation *c, const struct jsonata_node *step,
                              struct found found, struct aslrt_frame *f)
{
    struct aslrt_value v = found.array;
    if (found.single)
        v = aslrt_expr_array_of_one(c, v, EXPR_SEQUENCE);
    v = aslrt_eval_sort(c, step, v, f);
    if (has_stages(step))
        v = eval_stages(c, step, v, f);
    return (struct found){v, v.kind != ASLRT_ARRAY && v.kind != ASLRT_UNDEFINED};
}

static struct aslrt_value finish(struct evaluation *c, const struct jsonata_node *path,
                                 struct found found, struct aslrt_frame *f)
{
    bool group = path->extra != NULL && path->extra->group != NULL;
    if (found.single && !(path->flags & (JSONATA_KEEP_SINGLETON | JSONATA_KEEP_ARRAY)) && !group)
        return found.array;
    struct aslrt_value v = found.array;
    if (found.single)
        v = aslrt_expr_array_of_one(c, v, EXPR_SEQUENCE);
    if (path->flags & JSONATA_KEEP_SINGLETON) {
        if (v.kind == ASLRT_UNDEFINED)
            aslrt_eval_fail_message(c,
                                    "Cannot set properties of undefined (setting 'keepSingleton')");
        if ((v.flags & EXPR_CONS) && (v.flags & EXPR_SEQUENCE) == 0)
            v = aslrt_expr_array_of_one(c, v, EXPR_SEQUENCE);
        if (v.flags & EXPR_SEQUENCE)
            v.flags |= EXPR_KEEP;
    }
    if (!group)
        return v;
    if (path->scope != NULL) /* nothing was found before the first tuple: its names stay empty */
        f = aslrt_expr_new_frame(c, path->scope, f);
    return aslrt_eval_group(c, path->extra->group, v, f);
}

struct aslrt_value aslrt_eval_path(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f)
{
    struct found found = {input, true};
    if (input.kind == ASLRT_ARRAY && n->items[0]->kind != JSONATA_VARIABLE)
        found.single = false;
    for (uint32_t i = 0; i < n->count; i++) {
        const struct jsonata_node *step = n->items[i];
        bool last = i + 1 == n->count;
        if (step->flags & JSONATA_TUPLE) {
            if (found.single)
                found.array = aslrt_expr_array_of_one(c, found.array, EXPR_SEQUENCE);
            return aslrt_eval_tuples(c, n, i, found.array, f);
        }
        if (i == 0 && (step->flags & JSONATA_CONS)) {
            struct aslrt_value whole = found.array;
            if (found.single)
                whole = aslrt_expr_array_of_one(c, whole, EXPR_SEQUENCE);
            struct aslrt_value v = aslrt_eval(c, step, whole, f);
            if (v.kind == ASLRT_NULL)
                aslrt_eval_fail_message(c, "Cannot read properties of null (reading 'length')");
            if (v.kind != ASLRT_ARRAY && v.kind != ASLRT_UNDEFINED && !last)
                v = expr_sequence(NULL, 0);
            found = (struct found){v, v.kind != ASLRT_ARRAY && v.kind != ASLRT_UNDEFINED};
        } else if (step->kind == JSONATA_SORT) {
            found = sort_step(c, step, found, f);
        } else if (found.single) {
            found = step_over_one(eval_item(c, step, found.array, f), last);
        } else {
            found = step_over_many(c, step, found.array, last, f);
        }
        if (!found.single && found.array.count == 0)
            break;
    }
    return finish(c, n, found, f);
}
