/*
 * functions_object.c - objects: $keys, $lookup, $spread, $merge, $each, $sift, and $type, $boolean,
 * $not, $error, $assert.
 *
 * In: validated arguments.  Out: new values.  Members are visited in JavaScript's order.
 */
#include "runtime/base/limits.h"
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/stringify.h"

/* The members as an object in JavaScript's order, with the marks that its values ask for. */
static struct aslrt_value object_done(struct call *call, struct aslrt_object_builder *b)
{
    uint16_t marks = 0;
    for (uint32_t i = 0; i < b->count; i++)
        marks |= expr_marks(b->members[i].value);
    struct aslrt_value v = aslrt_object_done(b);
    const struct aslrt_member *order = aslrt_js_order(call->c->arena, v);
    if (order != v.as.members)
        v = aslrt_object_of(call->c->arena, (struct aslrt_member *)(uintptr_t)order, v.count);
    v.pad = marks;
    return v;
}

/* ---- $keys ---- */

static void add_keys(struct call *call, struct aslrt_object_builder *b, struct aslrt_value v,
                     unsigned depth)
{
    if (depth == ASLRT_NESTING_MAX)
        aslrt_eval_too_deep(call->c);
    aslrt_eval_tick(call->c);
    if (v.kind == ASLRT_OBJECT) {
        const struct aslrt_member *m = aslrt_js_order(call->c->arena, v);
        for (uint32_t i = 0; i < v.count; i++)
            aslrt_object_set(b, m[i].key, aslrt_bool(true));
    } else if (v.kind == ASLRT_ARRAY) {
        for (uint32_t i = 0; i < v.count; i++)
            add_keys(call, b, v.as.items[i], depth + 1);
    }
}

struct aslrt_value aslrt_fn_keys(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    struct aslrt_object_builder b = aslrt_object_in(call->c->arena);
    if (v.kind == ASLRT_ARRAY) {
        add_keys(call, &b, v, 0);
        v = aslrt_object_done(&b);
    }
    uint32_t base = call->c->top;
    if (v.kind == ASLRT_OBJECT) {
        const struct aslrt_member *m = aslrt_js_order(call->c->arena, v);
        for (uint32_t i = 0; i < v.count; i++)
            expr_push(call->c, m[i].key);
    }
    return aslrt_expr_pop_array(call->c, base, EXPR_SEQUENCE);
}

struct aslrt_value aslrt_fn_lookup(struct call *call)
{
    struct aslrt_value key = call_arg(call, 1);
    if (key.kind != ASLRT_STRING)
        key = aslrt_text("undefined"); /* JavaScript's name for the member that isn't named */
    return aslrt_expr_lookup(call->c, call_arg(call, 0), key);
}

/* ---- $spread ---- */

static void spread(struct call *call, struct aslrt_value v, uint8_t *flags, unsigned depth)
{
    struct evaluation *c = call->c;
    if (depth == ASLRT_NESTING_MAX)
        aslrt_eval_too_deep(c);
    if (v.kind == ASLRT_OBJECT) {
        const struct aslrt_member *m = aslrt_js_order(c->arena, v);
        for (uint32_t i = 0; i < v.count; i++) {
            struct aslrt_member *one = aslrt_alloc(c->arena, sizeof *one);
            *one = m[i];
            struct aslrt_value o = aslrt_object(one, 1);
            o.pad = expr_marks(one->value);
            expr_push(c, o);
        }
    } else if (v.kind == ASLRT_ARRAY) {
        for (uint32_t i = 0; i < v.count; i++) {
            if (v.as.items[i].kind == ASLRT_UNDEFINED)
                continue;
            *flags = 0; /* what was appended to is no sequence any more */
            spread(call, v.as.items[i], flags, depth + 1);
        }
    } else if (v.kind != ASLRT_UNDEFINED) {
        expr_push(c, v);
    }
}

struct aslrt_value aslrt_fn_spread(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    if (v.kind != ASLRT_ARRAY && v.kind != ASLRT_OBJECT)
        return v;
    uint32_t base = call->c->top;
    uint8_t flags = EXPR_SEQUENCE;
    spread(call, v, &flags, 0);
    return aslrt_expr_pop_array(call->c, base, flags);
}

/* ---- $merge ---- */

struct aslrt_value aslrt_fn_merge(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    if (v.kind == ASLRT_UNDEFINED)
        return v;
    struct aslrt_object_builder b = aslrt_object_in(call->c->arena);
    for (uint32_t i = 0; i < v.count; i++) {
        struct aslrt_value object = v.as.items[i];
        const struct aslrt_member *m = aslrt_js_order(call->c->arena, object);
        for (uint32_t k = 0; k < object.count; k++)
            aslrt_object_set(&b, m[k].key, m[k].value);
    }
    return object_done(call, &b);
}

/* ---- $each, $sift ---- */

/* func(value, key, object), as many of them as it takes. */
static struct aslrt_value apply_to_member(struct call *call, struct aslrt_value func,
                                          const struct aslrt_member *m, struct aslrt_value object)
{
    struct aslrt_value args[] = {m->value, m->key, object};
    uint32_t arity = aslrt_arity(func);
    return aslrt_apply_passed(call, func, args, arity < 2 ? 1 : arity < 3 ? 2 : 3);
}

struct aslrt_value aslrt_fn_each(struct call *call)
{
    struct aslrt_value object = call_arg(call, 0), func = call_arg(call, 1);
    uint32_t base = call->c->top;
    if (object.kind == ASLRT_OBJECT) {
        const struct aslrt_member *m = aslrt_js_order(call->c->arena, object);
        for (uint32_t i = 0; i < object.count; i++) {
            struct aslrt_value v = apply_to_member(call, func, &m[i], object);
            if (v.kind != ASLRT_UNDEFINED)
                expr_push(call->c, v);
        }
    }
    return aslrt_expr_pop_array(call->c, base, EXPR_SEQUENCE);
}

struct aslrt_value aslrt_fn_sift(struct call *call)
{
    struct aslrt_value object = call_arg(call, 0), func = call_arg(call, 1);
    struct aslrt_object_builder b = aslrt_object_in(call->c->arena);
    if (object.kind == ASLRT_OBJECT) {
        const struct aslrt_member *m = aslrt_js_order(call->c->arena, object);
        for (uint32_t i = 0; i < object.count; i++)
            if (aslrt_expr_truth(call->c, apply_to_member(call, func, &m[i], object)))
                aslrt_object_set(&b, m[i].key, m[i].value);
    }
    return b.count == 0 ? aslrt_undefined() : object_done(call, &b);
}

/* ---- what a value is ---- */

struct aslrt_value aslrt_fn_type(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    if (v.kind == ASLRT_UNDEFINED)
        return v;
    if (aslrt_is_number(v) && !aslrt_expr_is_numeric(call->c, v))
        return aslrt_text("object"); /* NaN */
    return aslrt_text(aslrt_kind_name(v));
}

struct aslrt_value aslrt_fn_boolean(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    while (v.kind == ASLRT_ARRAY && v.count == 1) /* of its only item, which may be undefined */
        v = v.as.items[0];
    return v.kind == ASLRT_UNDEFINED ? v : aslrt_bool(aslrt_expr_truth(call->c, v));
}

struct aslrt_value aslrt_fn_not(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    return v.kind == ASLRT_UNDEFINED ? v : aslrt_bool(!aslrt_expr_truth(call->c, v));
}

static _Noreturn void fail_with(struct call *call, const char *code, struct aslrt_value message,
                                const char *otherwise)
{
    struct aslrt_fault f = aslrt_fault(code, FAULT_NOWHERE);
    f.message = otherwise;
    if (message.kind == ASLRT_STRING && message.count != 0)
        f.message = aslrt_copy_text(call->c->arena, message.as.bytes, message.count);
    aslrt_eval_fail(call->c, &f);
}

struct aslrt_value aslrt_fn_error(struct call *call)
{
    fail_with(call, "D3137", call_arg(call, 0), "$error() function evaluated");
}

struct aslrt_value aslrt_fn_assert(struct call *call)
{
    struct aslrt_value condition = call_arg(call, 0);
    if (condition.kind != ASLRT_BOOL || !condition.as.boolean)
        fail_with(call, "D3141", call_arg(call, 1), "$assert() statement failed");
    return aslrt_undefined();
}
