/*
 * eval_value.c - what the evaluator does to values: sequences, truth, equality, fields.
 *
 * In: values.  Out: values in the evaluation's arena.  Recursion over values is bounded by
 * ASLRT_NESTING_MAX; beyond it the evaluation fails.
 */
#include "runtime/base/limits.h"
#include "runtime/base/number.h"
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/stringify.h"
#include "runtime/expr/text.h"

#include <math.h>

static _Noreturn void nested_too_deeply(struct evaluation *c)
{
    struct aslrt_fault f = aslrt_fault("U1001", FAULT_NOWHERE);
    f.message = "a value is nested too deeply";
    aslrt_eval_fail(c, &f);
}

/* ---- the stack of values ---- */

void aslrt_expr_push_slow(struct evaluation *c, struct aslrt_value v)
{
    uint32_t room = c->room * 2;
    if (room < c->room)
        aslrt_escape(c->arena->memory, ASLRT_LIMIT);
    aslrt_eval_reserve(c, room * sizeof v);
    struct aslrt_value *stack = aslrt_alloc(c->arena, room * sizeof v);
    memcpy(stack, c->stack, c->top * sizeof v);
    c->stack = stack;
    c->room = room;
    c->stack[c->top++] = v;
}

void aslrt_expr_push_all(struct evaluation *c, struct aslrt_value array)
{
    for (uint32_t i = 0; i < array.count; i++)
        expr_push(c, array.as.items[i]);
}

static struct aslrt_value copy_items(struct evaluation *c, const struct aslrt_value *items,
                                     uint32_t count, uint8_t flags)
{
    size_t size = count * sizeof *items;
    if (size > 4096)
        aslrt_eval_reserve(c, size);
    /* an arena may have no block yet, and C gives no place in none */
    struct aslrt_value *copy = size != 0 ? aslrt_alloc(c->arena, size) : NULL;
    uint16_t marks = 0;
    for (uint32_t i = 0; i < count; i++) {
        copy[i] = items[i];
        marks |= expr_marks(items[i]);
    }
    struct aslrt_value v = aslrt_array(copy, count);
    v.flags = flags;
    v.pad = marks;
    return v;
}

struct aslrt_value aslrt_expr_pop_array(struct evaluation *c, uint32_t base, uint8_t flags)
{
    struct aslrt_value v = copy_items(c, c->stack + base, c->top - base, flags);
    c->top = base;
    return v;
}

struct aslrt_value aslrt_expr_pop_sequence(struct evaluation *c, uint32_t base)
{
    uint32_t count = c->top - base;
    if (count > 1)
        return aslrt_expr_pop_array(c, base, EXPR_SEQUENCE);
    c->top = base;
    return count == 0 ? aslrt_undefined() : c->stack[base];
}

struct aslrt_value aslrt_expr_array_of_one(struct evaluation *c, struct aslrt_value item,
                                           uint8_t flags)
{
    return copy_items(c, &item, 1, flags);
}

struct aslrt_value aslrt_expr_append(struct evaluation *c, struct aslrt_value a,
                                     struct aslrt_value b)
{
    if (a.kind == ASLRT_UNDEFINED)
        return b;
    if (b.kind == ASLRT_UNDEFINED)
        return a;
    uint32_t base = c->top;
    if (a.kind == ASLRT_ARRAY)
        aslrt_expr_push_all(c, a);
    else
        expr_push(c, a);
    if (b.kind == ASLRT_ARRAY)
        aslrt_expr_push_all(c, b);
    else
        expr_push(c, b);
    return aslrt_expr_pop_array(c, base, 0);
}

/* ---- truth and equality ---- */

bool aslrt_expr_is_numeric(struct evaluation *c, struct aslrt_value v)
{
    if (v.kind == ASLRT_INT || v.kind == ASLRT_NUMBER)
        return true;
    if (v.kind != ASLRT_DOUBLE || isnan(v.as.real))
        return false;
    if (!isinf(v.as.real))
        return true;
    aslrt_eval_fail_code(c, "D1001", FAULT_NOWHERE, v);
}

static bool truth(struct evaluation *c, struct aslrt_value v, unsigned depth)
{
    bool any = false;
    switch (v.kind) {
    case ASLRT_BOOL:
        return v.as.boolean;
    case ASLRT_STRING:
    case ASLRT_OBJECT:
        return v.count != 0;
    case ASLRT_INT:
        return v.as.integer != 0;
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
        return aslrt_expr_is_numeric(c, v) && expr_double(v) != 0;
    case ASLRT_ARRAY:
        if (depth == ASLRT_NESTING_MAX)
            nested_too_deeply(c);
        for (uint32_t i = 0; i < v.count; i++) /* all of them: an infinity is an error */
            any |= truth(c, v.as.items[i], depth + 1);
        return any;
    case ASLRT_FUNCTION: /* an object in jsonata-js 2.0.6, unless it was passed as an argument */
        return c->version < ASLRT_JSONATA_2_2 && !expr_is_native_function(v);
    default:
        return false;
    }
}

bool aslrt_expr_truth(struct evaluation *c, struct aslrt_value v)
{
    return truth(c, v, 0);
}

static bool equal(struct evaluation *c, struct aslrt_value a, struct aslrt_value b, unsigned depth);

static bool equal_objects(struct evaluation *c, struct aslrt_value a, struct aslrt_value b,
                          unsigned depth)
{
    if (a.count != b.count)
        return false;
    for (uint32_t i = 0; i < a.count; i++) {
        struct aslrt_value key = a.as.members[i].key;
        struct aslrt_value other = b.as.members[i].value;
        if (!expr_same_string(key, b.as.members[i].key)) {
            other = aslrt_get(b, key.as.bytes, key.count);
            if (other.kind == ASLRT_UNDEFINED)
                return false;
        }
        if (!equal(c, a.as.members[i].value, other, depth))
            return false;
    }
    return true;
}

static bool equal(struct evaluation *c, struct aslrt_value a, struct aslrt_value b, unsigned depth)
{
    if (depth == ASLRT_NESTING_MAX)
        nested_too_deeply(c);
    if (aslrt_is_number(a) && aslrt_is_number(b))
        return expr_double(a) == expr_double(b);
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case ASLRT_STRING:
        return expr_same_string(a, b);
    case ASLRT_BOOL:
        return a.as.boolean == b.as.boolean;
    case ASLRT_FUNCTION:
        return a.as.function == b.as.function;
    case ASLRT_ARRAY:
        if (a.count != b.count)
            return false;
        for (uint32_t i = 0; i < a.count; i++)
            if (!equal(c, a.as.items[i], b.as.items[i], depth + 1))
                return false;
        return true;
    case ASLRT_OBJECT:
        return equal_objects(c, a, b, depth + 1);
    default:
        return true;
    }
}

bool aslrt_expr_equal(struct evaluation *c, struct aslrt_value a, struct aslrt_value b)
{
    return equal(c, a, b, 0);
}

bool aslrt_js_truth(struct aslrt_value v)
{
    switch (v.kind) {
    case ASLRT_UNDEFINED:
    case ASLRT_NULL:
        return false;
    case ASLRT_BOOL:
        return v.as.boolean;
    case ASLRT_STRING:
        return v.count != 0;
    case ASLRT_INT:
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
        return expr_double(v) != 0 && !isnan(expr_double(v));
    default:
        return true;
    }
}

/* ---- strings ---- */

void aslrt_expr_stringify(struct evaluation *c, struct aslrt_buffer *b, struct aslrt_value v,
                          unsigned flags)
{
    bool all = c->version < ASLRT_JSONATA_2_2;
    double infinity =
        aslrt_stringify(b, v, flags | (all ? ASLRT_STRINGIFY_15 : ASLRT_STRINGIFY_15_FRACTIONS));
    if (infinity != 0)
        aslrt_eval_fail_code(c, "D1001", FAULT_NOWHERE, expr_number(infinity));
}

static struct aslrt_value number_to_string(struct evaluation *c, double d)
{
    char *text = aslrt_alloc(c->arena, ASLRT_NUMBER_TEXT_MAX);
    if (c->version < ASLRT_JSONATA_2_2 || d != floor(d))
        d = aslrt_decimal_15(d);
    struct aslrt_value v = aslrt_string(text, aslrt_decimal_write(d, text));
    v.flags = ASLRT_FLAG_ASCII | ASLRT_FLAG_CLEAN;
    return v;
}

struct aslrt_value aslrt_expr_to_string(struct evaluation *c, struct aslrt_value v)
{
    if (v.kind == ASLRT_STRING)
        return v;
    if (v.kind == ASLRT_FUNCTION)
        return aslrt_text("");
    if (v.kind == ASLRT_DOUBLE && !isfinite(v.as.real))
        aslrt_eval_fail_code(c, "D3001", FAULT_NOWHERE, v);
    if (aslrt_is_number(v))
        return number_to_string(c, expr_double(v));
    if (v.kind == ASLRT_ARRAY && (v.flags & EXPR_OUTER))
        v = v.as.items[0];
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_expr_stringify(c, &b, v, 0);
    const char *text = aslrt_buffer_close(&b);
    return aslrt_string(text, (uint32_t)b.count);
}

/* ---- fields ---- */

static void push_flat(struct evaluation *c, struct aslrt_value v)
{
    if (v.kind == ASLRT_ARRAY)
        aslrt_expr_push_all(c, v);
    else if (v.kind != ASLRT_UNDEFINED)
        expr_push(c, v);
}

static void push_fields(struct evaluation *c, struct aslrt_value array, struct aslrt_value key,
                        unsigned depth)
{
    if (depth == ASLRT_NESTING_MAX)
        nested_too_deeply(c);
    for (uint32_t i = 0; i < array.count; i++) {
        struct aslrt_value item = array.as.items[i];
        if (item.kind == ASLRT_OBJECT)
            push_flat(c, expr_get(item, key));
        else if (item.kind == ASLRT_ARRAY)
            push_fields(c, item, key, depth + 1);
    }
}

struct aslrt_value aslrt_expr_lookup(struct evaluation *c, struct aslrt_value input,
                                     struct aslrt_value key)
{
    if (input.kind == ASLRT_OBJECT)
        return expr_get(input, key);
    if (input.kind != ASLRT_ARRAY)
        return aslrt_undefined();
    uint32_t base = c->top;
    push_fields(c, input, key, 0);
    return aslrt_expr_pop_array(c, base, EXPR_SEQUENCE);
}

/* ---- * and ** ---- */

static void push_leaves(struct evaluation *c, struct aslrt_value v, unsigned depth)
{
    if (v.kind != ASLRT_ARRAY) {
        expr_push(c, v);
        return;
    }
    if (depth == ASLRT_NESTING_MAX)
        nested_too_deeply(c);
    for (uint32_t i = 0; i < v.count; i++)
        push_leaves(c, v.as.items[i], depth + 1);
}

struct aslrt_value aslrt_expr_wildcard(struct evaluation *c, struct aslrt_value input)
{
    if (input.kind == ASLRT_ARRAY && (input.flags & EXPR_OUTER) && input.count > 0)
        input = input.as.items[0];
    uint32_t base = c->top;
    uint8_t flags = EXPR_SEQUENCE; /* concatenating an array makes it a plain array */
    if (input.kind == ASLRT_OBJECT) {
        const struct aslrt_member *m = aslrt_js_order(c->arena, input);
        for (uint32_t i = 0; i < input.count; i++) {
            if (m[i].value.kind == ASLRT_ARRAY)
                flags = 0;
            push_leaves(c, m[i].value, 0);
        }
    } else if (input.kind == ASLRT_ARRAY) {
        for (uint32_t i = 0; i < input.count; i++) {
            if (input.as.items[i].kind == ASLRT_ARRAY)
                flags = 0;
            push_leaves(c, input.as.items[i], 0);
        }
        /* jsonata-js marks sequences by members that `*` finds as well */
        if (input.flags & EXPR_SEQUENCE)
            expr_push(c, aslrt_bool(true));
        if (input.flags & EXPR_KEEP)
            expr_push(c, aslrt_bool(true));
    }
    return aslrt_expr_pop_array(c, base, flags);
}

static inline bool is_container(struct aslrt_value v)
{
    return v.kind == ASLRT_ARRAY || v.kind == ASLRT_OBJECT;
}

static void push_descendants(struct evaluation *c, struct aslrt_value v, unsigned depth)
{
    if (depth == ASLRT_NESTING_MAX)
        nested_too_deeply(c);
    aslrt_eval_tick(c);
    if (v.kind != ASLRT_ARRAY)
        expr_push(c, v);
    if (!is_container(v))
        return;
    bool array = v.kind == ASLRT_ARRAY;
    const struct aslrt_member *m = array ? NULL : aslrt_js_order(c->arena, v);
    for (uint32_t i = 0; i < v.count; i++) {
        struct aslrt_value child = array ? v.as.items[i] : m[i].value;
        if (is_container(child))
            push_descendants(c, child, depth + 1);
        else
            expr_push(c, child);
    }
}

struct aslrt_value aslrt_expr_descendants(struct evaluation *c, struct aslrt_value input)
{
    if (input.kind == ASLRT_UNDEFINED)
        return input;
    uint32_t base = c->top;
    push_descendants(c, input, 0);
    if (c->top - base == 1) {
        c->top = base;
        return c->stack[base];
    }
    return aslrt_expr_pop_array(c, base, EXPR_SEQUENCE);
}
