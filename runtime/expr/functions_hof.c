/*
 * functions_hof.c - functions that take functions: $map, $filter, $single, $reduce; and $eval.
 *
 * In: validated arguments.  Out: sequences, or what the last call gave.
 * A function is passed only as many arguments as it declares parameters.
 */
#include "runtime/expr/eval.h"

/* func(item, index, array), as many of them as it takes. */
static struct aslrt_value apply_to_item(struct call *call, struct aslrt_value func,
                                        struct aslrt_value array, uint32_t i)
{
    struct aslrt_value args[] = {array.as.items[i], expr_number(i), array};
    uint32_t arity = aslrt_arity(func);
    return aslrt_apply_passed(call, func, args, arity < 2 ? 1 : arity < 3 ? 2 : 3);
}

struct aslrt_value aslrt_fn_map(struct call *call)
{
    struct aslrt_value array = call_arg(call, 0), func = call_arg(call, 1);
    if (array.kind == ASLRT_UNDEFINED)
        return array;
    uint32_t base = call->c->top;
    for (uint32_t i = 0; i < array.count; i++) {
        struct aslrt_value v = apply_to_item(call, func, array, i);
        if (v.kind != ASLRT_UNDEFINED)
            expr_push(call->c, v);
    }
    return aslrt_expr_pop_array(call->c, base, EXPR_SEQUENCE);
}

struct aslrt_value aslrt_fn_filter(struct call *call)
{
    struct aslrt_value array = call_arg(call, 0), func = call_arg(call, 1);
    if (array.kind == ASLRT_UNDEFINED)
        return array;
    uint32_t base = call->c->top;
    for (uint32_t i = 0; i < array.count; i++)
        if (aslrt_expr_truth(call->c, apply_to_item(call, func, array, i)))
            expr_push(call->c, array.as.items[i]);
    return aslrt_expr_pop_array(call->c, base, EXPR_SEQUENCE);
}

struct aslrt_value aslrt_fn_single(struct call *call)
{
    struct aslrt_value array = call_arg(call, 0), func = call_arg(call, 1);
    struct aslrt_value found = aslrt_undefined();
    bool any = false;
    if (array.kind == ASLRT_UNDEFINED)
        return array;
    for (uint32_t i = 0; i < array.count; i++) {
        if (func.kind == ASLRT_FUNCTION &&
            !aslrt_expr_truth(call->c, apply_to_item(call, func, array, i)))
            continue;
        if (any) {
            struct aslrt_fault f = aslrt_fault("D3138", FAULT_NOWHERE);
            f.index = i;
            aslrt_eval_fail(call->c, &f);
        }
        found = array.as.items[i];
        any = true;
    }
    if (!any)
        aslrt_eval_fail_code(call->c, "D3139", FAULT_NOWHERE, aslrt_undefined());
    return found;
}

struct aslrt_value aslrt_fn_reduce(struct call *call)
{
    struct aslrt_value array = call_arg(call, 0), func = call_arg(call, 1);
    struct aslrt_value result = call_arg(call, 2);
    uint32_t arity, i = 0;
    if (array.kind == ASLRT_UNDEFINED)
        return array;
    arity = aslrt_arity(func);
    if (arity < 2) {
        struct aslrt_fault f = aslrt_fault("D3050", FAULT_NOWHERE);
        f.index = 1;
        aslrt_eval_fail(call->c, &f);
    }
    if (result.kind == ASLRT_UNDEFINED && array.count > 0)
        result = array.as.items[i++];
    for (; i < array.count; i++) {
        struct aslrt_value args[] = {result, array.as.items[i], expr_number(i), array};
        result = aslrt_apply_passed(call, func, args, arity < 4 ? arity : 4);
    }
    return result;
}

/* $eval: the text sees the variables of where it is evaluated. */
struct aslrt_value aslrt_fn_eval(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value text = call_arg(call, 0), input = call_arg(call, 1);
    if (text.kind == ASLRT_UNDEFINED)
        return text;
    if (input.kind == ASLRT_UNDEFINED)
        input = call->input;
    else if (input.kind == ASLRT_ARRAY && (input.flags & EXPR_SEQUENCE) == 0)
        input = aslrt_expr_array_of_one(c, input, EXPR_SEQUENCE | EXPR_OUTER);
    struct unit *unit = c->unit,
                *inner = aslrt_unit_compile(c, text.as.bytes, text.count, call->frame);
    struct record record = {c->records, RECORD_EVAL, NULL, NULL, inner};
    struct aslrt_frame *f = call->frame;
    c->records = &record;
    c->unit = inner;
    if (inner->program->top->count != 0)
        f = aslrt_expr_new_frame(c, inner->program->top, f);
    struct aslrt_value v = aslrt_eval(c, inner->program->root, input, f);
    c->unit = unit;
    c->records = record.outer;
    return v;
}
