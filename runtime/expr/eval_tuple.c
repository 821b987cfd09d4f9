/*
 * eval_tuple.c - paths whose steps bind names: @$focus, #$index, and the ancestors that % asks for.
 *
 * In: a PATH node from its first such step on, and the sequence so far.  Out: a sequence, or (a
 * path that carries ancestors to the path around it) the stream of tuples itself. A tuple is a
 * frame of variables whose slot 0 is the context value "@"; which other slots there are,
 * jsonata_resolve.c has found out.  Tuples are never changed once the next step has seen them,
 * except that an index stage numbers them.
 */
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"

static struct aslrt_frame *frame_of(struct aslrt_value tuple)
{
    return (struct aslrt_frame *)(uintptr_t)tuple.as.function;
}

struct aslrt_value aslrt_tuple_object(struct evaluation *c, struct aslrt_value tuple)
{
    const struct aslrt_frame *t = tuple.as.function;
    struct aslrt_object_builder b = aslrt_object_in(c->arena);
    uint16_t marks = 0;
    for (uint32_t i = 0; i < t->scope->count; i++) {
        if (t->slots[i].kind == EXPR_UNBOUND)
            continue;
        aslrt_object_set(&b, t->scope->names[i], t->slots[i]);
        marks |= expr_marks(t->slots[i]);
    }
    struct aslrt_value v = aslrt_object_done(&b);
    v.pad = marks;
    return v;
}

struct aslrt_value aslrt_tuple_context(struct evaluation *c, struct aslrt_value array,
                                       struct aslrt_value item, struct aslrt_frame **f)
{
    struct aslrt_frame *t = frame_of(item);
    *f = t;
    if ((array.pad & EXPR_BLIND) == 0)
        return t->slots[0];
    *f = aslrt_expr_new_frame(c, t->scope, t->outer);
    return aslrt_tuple_object(c, item);
}

struct stream {
    struct evaluation *c;
    const struct jsonata_scope *scope;
    struct aslrt_frame *outer; /* the path's frame */
};

static struct aslrt_frame *new_tuple(struct stream *s, const struct aslrt_frame *like,
                                     struct aslrt_value context)
{
    struct aslrt_frame *t = aslrt_expr_new_frame(s->c, s->scope, s->outer);
    if (like != NULL)
        memcpy(t->slots, like->slots, s->scope->count * sizeof *t->slots);
    t->slots[0] = context;
    return t;
}

/* Takes over what a tuple of a nested path has bound. */
static void merge_tuple(struct aslrt_frame *to, const struct aslrt_frame *from)
{
    to->slots[0] = from->slots[0];
    for (uint32_t i = 1; i < from->scope->count; i++) {
        if (from->slots[i].kind == EXPR_UNBOUND)
            continue;
        for (uint32_t k = 1; k < to->scope->count; k++)
            if (expr_same_string(to->scope->names[k], from->scope->names[i]))
                to->slots[k] = from->slots[i];
    }
}

/* Pushes the tuples that one result of a step makes of tuple `t`. */
static void push_tuple(struct stream *s, const struct jsonata_node *step,
                       const struct aslrt_frame *t, struct aslrt_value result, uint32_t number)
{
    const struct jsonata_extra *x = step->extra;
    struct aslrt_frame *made = new_tuple(s, t, result);
    if (result.kind == EXPR_TUPLE) {
        merge_tuple(made, frame_of(result));
    } else if (x != NULL) {
        if (x->focus.kind != ASLRT_UNDEFINED) {
            made->slots[x->focus_slot] = result;
            made->slots[0] = t->slots[0];
        }
        if (x->index.kind != ASLRT_UNDEFINED)
            made->slots[x->index_slot] = expr_number(number);
        if (x->ancestor != NULL)
            made->slots[x->ancestor_slot] = t->slots[0];
    }
    expr_push(s->c, expr_tuple(made));
}

static struct aslrt_value pop_stream(struct evaluation *c, uint32_t base)
{
    struct aslrt_value v = aslrt_expr_pop_array(c, base, EXPR_SEQUENCE);
    v.pad |= EXPR_TUPLES;
    return v;
}

static struct aslrt_value eval_stages(struct stream *s, const struct jsonata_node *step,
                                      struct aslrt_value tuples)
{
    const struct jsonata_extra *x = step->extra;
    for (uint32_t i = 0; i < x->stage_count; i++) {
        const struct jsonata_stage *stage = &x->stages[i];
        if (stage->kind == JSONATA_STAGE_FILTER) {
            tuples = aslrt_eval_filter(s->c, stage->expr, tuples, s->outer);
            continue;
        }
        for (uint32_t k = 0; k < tuples.count; k++)
            frame_of(tuples.as.items[k])->slots[stage->slot] = expr_number(k);
    }
    return tuples;
}

/* The items as tuples that bind nothing yet. */
static struct aslrt_value begin(struct stream *s, struct aslrt_value items)
{
    uint32_t base = s->c->top;
    for (uint32_t i = 0; i < items.count; i++)
        expr_push(s->c, expr_tuple(new_tuple(s, NULL, items.as.items[i])));
    return pop_stream(s->c, base);
}

/* A sort as the first step with a name: the items get their place in the order. */
static struct aslrt_value sort_first(struct stream *s, const struct jsonata_node *step,
                                     struct aslrt_value items)
{
    items = aslrt_eval_sort(s->c, step, items, s->outer);
    uint32_t base = s->c->top;
    for (uint32_t i = 0; i < items.count; i++) {
        struct aslrt_frame *t = new_tuple(s, NULL, items.as.items[i]);
        if (step->extra != NULL && step->extra->index.kind != ASLRT_UNDEFINED)
            t->slots[step->extra->index_slot] = expr_number(i);
        expr_push(s->c, expr_tuple(t));
    }
    return pop_stream(s->c, base);
}

static struct aslrt_value step_over(struct stream *s, const struct jsonata_node *step,
                                    struct aslrt_value tuples)
{
    uint32_t base = s->c->top;
    for (uint32_t i = 0; i < tuples.count; i++) {
        struct aslrt_frame *t = frame_of(tuples.as.items[i]), *f = t;
        if (step->extra != NULL && step->extra->scope != NULL)
            f = aslrt_expr_new_frame(s->c, step->extra->scope, t);
        struct aslrt_value result = aslrt_eval(s->c, step, t->slots[0], f);
        if (result.kind == ASLRT_ARRAY)
            for (uint32_t k = 0; k < result.count; k++)
                push_tuple(s, step, t, result.as.items[k], k);
        else if (result.kind != ASLRT_UNDEFINED)
            push_tuple(s, step, t, result, 0);
    }
    return pop_stream(s->c, base);
}

static struct aslrt_value finish(struct evaluation *c, const struct jsonata_node *path,
                                 struct aslrt_value tuples, struct aslrt_frame *f)
{
    struct aslrt_value v = tuples;
    if ((path->flags & JSONATA_TUPLE) == 0) {
        uint32_t base = c->top;
        for (uint32_t i = 0; i < tuples.count; i++)
            expr_push(c, frame_of(tuples.as.items[i])->slots[0]);
        v = aslrt_expr_pop_array(c, base, EXPR_SEQUENCE);
    }
    if (path->flags & JSONATA_KEEP_SINGLETON)
        v.flags |= EXPR_KEEP;
    if (path->extra != NULL && path->extra->group != NULL)
        return aslrt_eval_group(c, path->extra->group, tuples, f);
    return v;
}

struct aslrt_value aslrt_eval_tuples(struct evaluation *c, const struct jsonata_node *path,
                                     uint32_t first, struct aslrt_value sequence,
                                     struct aslrt_frame *f)
{
    struct stream s = {c, path->scope, f};
    struct aslrt_value tuples = aslrt_undefined();
    for (uint32_t i = first; i < path->count; i++) {
        const struct jsonata_node *step = path->items[i];
        if (step->kind == JSONATA_SORT) {
            if (i == first) {
                tuples = sort_first(&s, step, sequence);
            } else {
                bool sorted = tuples.count > 1; /* jsonata-js loses the mark of what it sorts */
                tuples = aslrt_eval_sort(c, step, tuples, f);
                tuples.pad |= sorted ? EXPR_TUPLES | EXPR_BLIND : EXPR_TUPLES;
            }
        } else {
            tuples = step_over(&s, step, i == first ? begin(&s, sequence) : tuples);
        }
        if (step->extra != NULL && !step->extra->predicate)
            tuples = eval_stages(&s, step, tuples);
    }
    return finish(c, path, tuples, f);
}
