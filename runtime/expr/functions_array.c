/*
 * functions_array.c - arrays: $append, $reverse, $sort, $distinct, $zip, $shuffle, and $exists.
 *
 * In: validated arguments.  Out: new arrays; inputs are never changed.
 */
#include "runtime/base/utf8.h"
#include "runtime/base/value.h"
#include "runtime/expr/numeric.h"
#include "runtime/expr/sort.h"

#include <math.h>

struct aslrt_value aslrt_fn_append(struct call *call)
{
    return aslrt_expr_append(call->c, call_arg(call, 0), call_arg(call, 1));
}

struct aslrt_value aslrt_fn_exists(struct call *call)
{
    return aslrt_bool(call_arg(call, 0).kind != ASLRT_UNDEFINED);
}

static struct aslrt_value *new_items(struct call *call, uint32_t count)
{
    aslrt_eval_reserve(call->c, count * sizeof(struct aslrt_value));
    return aslrt_alloc(call->c->arena, count * sizeof(struct aslrt_value));
}

struct aslrt_value aslrt_fn_reverse(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    if (v.kind == ASLRT_UNDEFINED || v.count <= 1)
        return v;
    struct aslrt_value *items = new_items(call, v.count);
    for (uint32_t i = 0; i < v.count; i++)
        items[v.count - 1 - i] = v.as.items[i];
    struct aslrt_value out = aslrt_array(items, v.count);
    out.pad = v.pad;
    return out;
}

struct aslrt_value aslrt_fn_shuffle(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0);
    if (v.kind == ASLRT_UNDEFINED || v.count <= 1)
        return v;
    struct aslrt_value *items = new_items(call, v.count);
    for (uint32_t i = 0; i < v.count; i++) {
        uint32_t j = (uint32_t)floor(aslrt_random_fraction(call->c) * (i + 1));
        items[i] = items[j];
        items[j] = v.as.items[i];
    }
    struct aslrt_value out = aslrt_array(items, v.count);
    out.pad = v.pad;
    return out;
}

struct aslrt_value aslrt_fn_zip(struct call *call)
{
    struct evaluation *c = call->c;
    uint32_t length = call->count == 0 ? 0 : UINT32_MAX;
    for (uint32_t i = 0; i < call->count; i++) {
        uint32_t count = call->args[i].kind == ASLRT_ARRAY ? call->args[i].count : 0;
        if (count < length)
            length = count;
    }
    uint32_t base = c->top;
    for (uint32_t i = 0; i < length; i++) {
        uint32_t tuple = c->top;
        for (uint32_t k = 0; k < call->count; k++)
            expr_push(c, call->args[k].as.items[i]);
        struct aslrt_value row = aslrt_expr_pop_array(c, tuple, 0);
        expr_push(c, row);
        aslrt_eval_tick(c);
    }
    return aslrt_expr_pop_array(c, base, 0);
}

/* ---- $distinct ---- */

/* A number that equal values share; containers of one kind share one. */
static uint64_t hash(struct aslrt_value v)
{
    uint64_t h = UINT64_C(14695981039346656037);
    double d;
    switch (v.kind) {
    case ASLRT_STRING:
        for (uint32_t i = 0; i < v.count; i++)
            h = (h ^ (unsigned char)v.as.bytes[i]) * UINT64_C(1099511628211);
        return h;
    case ASLRT_INT:
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
        d = expr_double(v) + 0.0; /* -0 is 0 */
        memcpy(&h, &d, sizeof h);
        return (h ^ h >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    case ASLRT_BOOL:
        return h ^ v.as.boolean;
    default:
        return h * (v.kind + 2u) ^ v.count;
    }
}

struct aslrt_value aslrt_fn_distinct(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value v = call_arg(call, 0);
    if (v.kind != ASLRT_ARRAY || v.count <= 1)
        return v;
    uint32_t mask = 15;
    while (mask < v.count * 2)
        mask = mask * 2 + 1;
    aslrt_eval_reserve(c, ((size_t)mask + 1) * sizeof(uint32_t));
    uint32_t *slots = ASLRT_NEW_ARRAY(c->arena, uint32_t, (size_t)mask + 1);
    uint32_t base = c->top;
    for (uint32_t i = 0; i < v.count; i++) {
        struct aslrt_value item = v.as.items[i];
        uint32_t slot = (uint32_t)(hash(item) ^ hash(item) >> 32) & mask;
        while (slots[slot] != 0 && !aslrt_expr_equal(c, c->stack[base + slots[slot] - 1], item)) {
            slot = (slot + 1) & mask;
            aslrt_eval_tick(c);
        }
        if (slots[slot] != 0)
            continue;
        expr_push(c, item);
        slots[slot] = c->top - base;
    }
    return aslrt_expr_pop_array(c, base, v.flags & EXPR_SEQUENCE);
}

/* ---- $sort ---- */

struct value_sort {
    struct aslrt_sort sort;
    struct call *call;
    struct aslrt_value comparator; /* a function, or undefined */
};

static bool value_behind(struct aslrt_sort *s, uint32_t left, uint32_t right)
{
    struct value_sort *o = (struct value_sort *)(void *)s;
    struct aslrt_value a = s->input.as.items[left], b = s->input.as.items[right];
    if (o->comparator.kind == ASLRT_FUNCTION) {
        struct aslrt_value args[] = {a, b};
        struct aslrt_value v = aslrt_apply_comparator(o->call, o->comparator, args);
        return aslrt_js_truth(v);
    }
    if (a.kind == ASLRT_STRING)
        return aslrt_utf16_compare(a.as.bytes, a.count, b.as.bytes, b.count) > 0;
    return expr_double(a) > expr_double(b);
}

static bool all_of_a_kind(struct evaluation *c, struct aslrt_value v)
{
    bool numbers = true, strings = true;
    for (uint32_t i = 0; i < v.count; i++)
        numbers &= aslrt_expr_is_numeric(c, v.as.items[i]);
    for (uint32_t i = 0; i < v.count; i++)
        strings &= v.as.items[i].kind == ASLRT_STRING;
    return numbers || strings;
}

struct aslrt_value aslrt_fn_sort(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0), comparator = call_arg(call, 1);
    if (v.kind == ASLRT_UNDEFINED || v.count <= 1)
        return v;
    if (comparator.kind == ASLRT_UNDEFINED && !all_of_a_kind(call->c, v))
        aslrt_eval_fail_code(call->c, "D3070", FAULT_NOWHERE, aslrt_undefined());
    struct value_sort o = {{call->c, v, value_behind}, call, comparator};
    struct aslrt_value out = aslrt_sort(&o.sort);
    return out;
}
