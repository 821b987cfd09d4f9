/*
 * eval_call.c - calling functions: arguments, signatures, tail calls, partial application, `~>`.
 *
 * In: CALL, PARTIAL and APPLY nodes, or a function value with arguments.  Out: the function's
 * result. A call at the end of a lambda gives a thunk, which the loop in aslrt_apply runs: tail
 * recursion takes no stack.  While a call is under way a record of it stands in the evaluation,
 * from which an error learns which function failed and where it was called.
 */
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/jsonata_build.h"
#include "runtime/expr/regex.h"
#include "runtime/expr/text.h"

enum { ARGUMENTS_MAX = 16 }; /* more are put into the arena */

/* ---- single functions ---- */

static struct aslrt_value *argument_room(struct evaluation *c, uint32_t count,
                                         struct aslrt_value own[ARGUMENTS_MAX])
{
    return count <= ARGUMENTS_MAX ? own : aslrt_alloc(c->arena, count * sizeof *own);
}

static struct aslrt_value call_builtin(struct evaluation *c, const struct function *fn,
                                       struct aslrt_arguments args, struct aslrt_value input,
                                       struct aslrt_frame *f)
{
    struct call call = {c, args.items, args.count, input, f};
    return aslrt_builtins[fn->builtin].function(&call);
}

static struct aslrt_value call_lambda(struct evaluation *c, const struct closure *k,
                                      struct aslrt_arguments args)
{
    struct aslrt_frame *f = k->frame;
    if (k->node->scope->count != 0)
        f = aslrt_expr_new_frame(c, k->node->scope, f);
    for (uint32_t i = 0; i < k->node->count; i++)
        f->slots[i] = i < args.count ? args.items[i] : aslrt_undefined();
    struct unit *unit = c->unit;
    c->unit = k->unit;
    struct aslrt_value v = aslrt_eval(c, k->node->body, k->input, f);
    c->unit = unit;
    return v;
}

static struct aslrt_value call_partial(struct evaluation *c, const struct partial *p,
                                       struct aslrt_arguments args, struct aslrt_frame *f)
{
    struct aslrt_value own[ARGUMENTS_MAX], *all = argument_room(c, p->count, own);
    uint32_t next = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        all[i] = p->bound[i];
        if (all[i].kind == EXPR_UNBOUND)
            all[i] = next < args.count ? args.items[next++] : aslrt_undefined();
    }
    struct aslrt_arguments full = {all, p->count};
    if (p->target->kind == FUNCTION_LAMBDA)
        return call_lambda(c, (const struct closure *)(const void *)p->target, full);
    aslrt_signature_check(c, p->target->signature, full);
    return call_builtin(c, p->target, full, aslrt_undefined(), f);
}

static struct aslrt_value call_one(struct evaluation *c, struct aslrt_value function,
                                   struct aslrt_arguments args, struct aslrt_value input,
                                   struct aslrt_frame *f)
{
    const struct function *fn = expr_as_function(function);
    const struct closure *k = (const struct closure *)(const void *)fn;
    if (fn->signature != NULL)
        args = aslrt_signature_fit(c, fn->signature, args, input);
    switch (fn->kind) {
    case FUNCTION_BUILTIN:
        return call_builtin(c, fn, args, input, f);
    case FUNCTION_LAMBDA:
        return call_lambda(c, k, args);
    case FUNCTION_PARTIAL:
        return call_partial(c, (const struct partial *)(const void *)fn, args, f);
    case FUNCTION_REGEX:
        return aslrt_regex_call(c, k, args);
    case FUNCTION_NEXT:
        return aslrt_regex_call_next(c, fn);
    default: /* TRANSFORM: <(oa):o> */
        aslrt_signature_check_transform(c, args);
        return aslrt_transform_apply(c, k, args.items[0]);
    }
}

/* One function, without the tail calls that it leaves behind. */
static struct aslrt_value apply_one(struct evaluation *c, struct aslrt_value function,
                                    struct aslrt_arguments args, struct aslrt_value input,
                                    struct aslrt_frame *f)
{
    if (function.kind != ASLRT_FUNCTION)
        aslrt_eval_fail_code(c, "T1006", FAULT_NOWHERE, aslrt_undefined());
    if (function.flags & EXPR_WRAPPED)
        input = aslrt_null(); /* what was passed as an argument has lost its context */
    struct record record = {c->records, RECORD_APPLY, NULL, expr_as_function(function), NULL};
    c->records = &record;
    struct aslrt_value v = call_one(c, function, args, input, f);
    c->records = record.outer;
    return v;
}

/* ---- tail calls ---- */

static inline bool is_thunk(struct aslrt_value v)
{
    return v.kind == ASLRT_FUNCTION && expr_as_function(v)->kind == FUNCTION_THUNK;
}

/* A tail call of what is no function.  jsonata-js notes the place of the call in whatever it is,
   and for most things fails in that. */
static _Noreturn void fail_thunk(struct evaluation *c, const struct jsonata_node *procedure,
                                 struct aslrt_value v)
{
    bool named = procedure->kind == JSONATA_VARIABLE;
    const char *property = named ? "token" : "position";
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    if (v.kind == ASLRT_ARRAY || v.kind == ASLRT_OBJECT) {
        struct aslrt_fault f = aslrt_fault("T1006", procedure->at);
        f.token = named ? procedure->value : aslrt_undefined();
        aslrt_eval_fail(c, &f);
    }
    if (v.kind == ASLRT_UNDEFINED || v.kind == ASLRT_NULL) {
        aslrt_buffer_format(&b, "Cannot set properties of %s (setting '%s')",
                            v.kind == ASLRT_NULL ? "null" : "undefined", property);
    } else {
        aslrt_buffer_format(&b, "Cannot create property '%s' on %s '", property,
                            aslrt_kind_name(v));
        aslrt_text_put_value(&b, v);
        aslrt_buffer_char(&b, '\'');
    }
    aslrt_eval_fail_message(c, aslrt_buffer_close(&b));
}

/* Runs the call that a thunk stands for; its function may leave another one. */
static struct aslrt_value run_thunk(struct evaluation *c, const struct closure *thunk,
                                    struct aslrt_value input, struct aslrt_frame *f)
{
    const struct jsonata_node *n = thunk->node;
    struct aslrt_value own[ARGUMENTS_MAX];
    struct unit *unit = c->unit;
    c->unit = thunk->unit;
    struct aslrt_value next = aslrt_eval(c, n->procedure, thunk->input, thunk->frame);
    if (next.kind != ASLRT_FUNCTION)
        fail_thunk(c, n->procedure, next);
    struct record record = {c->records, RECORD_TAIL, n->procedure, NULL, NULL};
    bool native = expr_is_native_function(next); /* keeps the place of the call to itself */
    if (!native) {
        struct function *fn = expr_as_function(next);
        fn->called = n->procedure;
        fn->named = n->procedure->kind == JSONATA_VARIABLE;
    }
    struct aslrt_arguments args = {argument_room(c, n->count, own), n->count};
    for (uint32_t i = 0; i < n->count; i++)
        args.items[i] = aslrt_eval(c, n->items[i], thunk->input, thunk->frame);
    c->unit = unit;
    if (native)
        c->records = &record;
    struct aslrt_value v = apply_one(c, next, args, input, f);
    c->records = record.outer;
    return v;
}

struct aslrt_value aslrt_apply(struct evaluation *c, struct aslrt_value function,
                               struct aslrt_arguments args, struct aslrt_value input,
                               struct aslrt_frame *f)
{
    struct aslrt_value v = apply_one(c, function, args, input, f);
    while (is_thunk(v))
        v = run_thunk(c, (const struct closure *)v.as.function, input, f);
    return v;
}

struct aslrt_value aslrt_apply_passed(struct call *call, struct aslrt_value function,
                                      struct aslrt_value *args, uint32_t count)
{
    struct evaluation *c = call->c;
    struct aslrt_value input = aslrt_null();
    const struct function *fn = expr_as_function(function);
    if (!expr_is_native_function(function)) {
        /* a tail call hands functions on as they are: a lambda then keeps its context, and a
           built-in can't be called */
        if (fn->kind != FUNCTION_LAMBDA)
            aslrt_eval_fail_message(c, "func.apply is not a function");
        input = ((const struct closure *)(const void *)fn)->input;
    }
    return aslrt_apply(c, function, (struct aslrt_arguments){args, count}, input, call->frame);
}

struct aslrt_value aslrt_apply_comparator(struct call *call, struct aslrt_value function,
                                          struct aslrt_value args[2])
{
    if (!expr_is_native_function(function))
        aslrt_eval_fail_message(call->c, "comp is not a function");
    return aslrt_apply(call->c, function, (struct aslrt_arguments){args, 2}, aslrt_null(),
                       call->frame);
}

uint32_t aslrt_arity(struct aslrt_value function)
{
    return expr_as_function(function)->arity;
}

/* ---- calls ---- */

/* True when a variable or a built-in of that name would have been found: `sum(x)` for $sum(x). */
static bool name_is_bound(struct evaluation *c, struct aslrt_value name, struct aslrt_frame *f)
{
    struct aslrt_value v = aslrt_expr_find(c, name, f);
    if (v.kind == EXPR_UNBOUND)
        return aslrt_builtin_named(name, c->dialect) != ASLRT_BUILTIN_NONE;
    return aslrt_js_truth(v);
}

/* Whether the user forgot the `$` of what is called. */
static bool forgot_dollar(struct evaluation *c, const struct jsonata_node *n,
                          struct aslrt_value function, struct aslrt_frame *f)
{
    const struct jsonata_node *p = n->procedure;
    if (function.kind != ASLRT_UNDEFINED || p->kind != JSONATA_PATH)
        return false;
    struct aslrt_value name = aslrt_jsonata_procedure_name(n);
    return name.kind == ASLRT_STRING && name_is_bound(c, name, f);
}

static _Noreturn void fail_call(struct evaluation *c, const struct jsonata_node *n,
                                const char *code)
{
    struct aslrt_fault fault = aslrt_fault(code, n->at);
    fault.token = aslrt_jsonata_procedure_name(n);
    aslrt_eval_fail(c, &fault);
}

static struct aslrt_value call_with(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value input, struct aslrt_frame *f,
                                    const struct aslrt_value *first)
{
    struct aslrt_value function;
    if (n->builtin != 0) {
        function = aslrt_expr_builtin(c, n->builtin - 1);
    } else {
        function = aslrt_eval(c, n->procedure, input, f);
        if (forgot_dollar(c, n, function, f))
            fail_call(c, n, "T1005");
    }
    struct aslrt_value own[ARGUMENTS_MAX];
    uint32_t extra = first != NULL ? 1 : 0;
    struct aslrt_arguments args = {argument_room(c, n->count + 1, own), n->count + extra};
    if (first != NULL)
        args.items[0] = *first;
    for (uint32_t i = 0; i < n->count; i++) {
        struct aslrt_value arg = aslrt_eval(c, n->items[i], input, f);
        if (arg.kind == ASLRT_FUNCTION)
            arg.flags |= EXPR_WRAPPED;
        args.items[i + extra] = arg;
    }
    if (function.kind == ASLRT_FUNCTION && !expr_is_native_function(function)) {
        struct function *fn = expr_as_function(function);
        fn->called = n;
        fn->named = true;
    }
    struct record record = {c->records, RECORD_CALL, n, NULL, NULL};
    c->records = &record;
    if (function.kind == ASLRT_NULL)
        aslrt_eval_fail_message(c, "Cannot set properties of null (setting 'token')");
    struct aslrt_value v = aslrt_apply(c, function, args, input, f);
    c->records = record.outer;
    return v;
}

struct aslrt_value aslrt_eval_call(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f)
{
    return call_with(c, n, input, f, NULL);
}

/* A built-in called by its name: nothing has to be found out about what is called. */
struct aslrt_value aslrt_run_builtin(struct evaluation *c, const struct jsonata_node *n,
                                     struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value v;
    if (c->unit->overrides == NULL) {
        struct function *fn = &c->unit->builtins[n->builtin - 1];
        struct aslrt_value own[ARGUMENTS_MAX];
        struct aslrt_arguments args = {argument_room(c, n->count, own), n->count};
        for (uint32_t i = 0; i < n->count; i++) {
            struct aslrt_value arg = aslrt_eval(c, n->items[i], input, f);
            if (arg.kind == ASLRT_FUNCTION)
                arg.flags |= EXPR_WRAPPED;
            args.items[i] = arg;
        }
        fn->called = n;
        fn->named = true;
        struct record record = {c->records, RECORD_BUILTIN, n, fn, NULL};
        c->records = &record;
        args = aslrt_signature_fit(c, fn->signature, args, input);
        struct call call = {c, args.items, args.count, input, f};
        v = aslrt_builtins[fn->builtin].function(&call);
        c->records = record.outer;
    } else {
        v = call_with(c, n, input, f, NULL);
    }
    c->depth--;
    return expr_is_sequence(v) ? expr_unwrap(v) : v;
}

/* ---- partial application ---- */

struct aslrt_value aslrt_eval_partial(struct evaluation *c, const struct jsonata_node *n,
                                      struct aslrt_value input, struct aslrt_frame *f)
{
    struct aslrt_value own[ARGUMENTS_MAX], *args = argument_room(c, n->count, own);
    for (uint32_t i = 0; i < n->count; i++)
        args[i] = n->items[i]->kind == JSONATA_PLACEHOLDER ? expr_unbound()
                                                           : aslrt_eval(c, n->items[i], input, f);
    struct aslrt_value function = aslrt_eval(c, n->procedure, input, f);
    if (forgot_dollar(c, n, function, f))
        fail_call(c, n, "T1007");
    if (function.kind != ASLRT_FUNCTION)
        fail_call(c, n, "T1008");
    return aslrt_partial_make(c, function, args, n->count);
}

struct aslrt_value aslrt_partial_make(struct evaluation *c, struct aslrt_value function,
                                      const struct aslrt_value *args, uint32_t count)
{
    struct function *fn = expr_as_function(function);
    const struct partial *before = NULL;
    if (expr_is_native_function(function))
        aslrt_eval_fail_message(c, "a function that was passed as an argument can't be applied "
                                   "partially");
    if (fn->kind == FUNCTION_BUILTIN && fn->builtin == ASLRT_BUILTIN_string) {
        /* jsonata-js stumbles over the default value in the text of its own function */
        struct aslrt_fault f = aslrt_fault("S0208", 26);
        f.token = aslrt_text("=");
        f.value = aslrt_int(2);
        aslrt_eval_fail(c, &f);
    }
    uint32_t parameters = fn->arity;
    if (fn->kind == FUNCTION_PARTIAL) {
        before = (const struct partial *)(const void *)fn;
        parameters = before->count;
    }
    struct partial *p = aslrt_alloc(c->arena, sizeof *p + parameters * sizeof p->bound[0]);
    memset(p, 0, sizeof *p);
    p->base.kind = FUNCTION_PARTIAL;
    p->target = before != NULL ? before->target : fn;
    p->count = parameters;
    uint32_t next = 0;
    for (uint32_t i = 0; i < parameters; i++) {
        struct aslrt_value v = before != NULL ? before->bound[i] : expr_unbound();
        if (v.kind == EXPR_UNBOUND)
            v = next < count ? args[next++] : aslrt_undefined();
        if (v.kind == EXPR_UNBOUND)
            p->base.arity++;
        p->bound[i] = v;
    }
    return expr_function(&p->base);
}

/* ---- ~> ---- */

/* What f ~> g means when both are functions, in JSONata itself. */
static struct aslrt_value compose(struct evaluation *c, struct aslrt_value f, struct aslrt_value g)
{
    static const char text[] = "function($f, $g) { function($x){ $g($f($x)) } }";
    struct unit *unit = c->unit;
    c->unit = aslrt_unit_compile(c, text, sizeof text - 1, NULL);
    struct aslrt_value chain = aslrt_eval(c, c->unit->program->root, aslrt_null(), NULL);
    c->unit = unit;
    struct aslrt_value both[] = {f, g};
    return aslrt_apply(c, chain, (struct aslrt_arguments){both, 2}, aslrt_null(), NULL);
}

struct aslrt_value aslrt_eval_chain(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value input, struct aslrt_frame *f)
{
    struct aslrt_value left = aslrt_eval(c, n->lhs, input, f);
    if (n->rhs->kind == JSONATA_CALL && !(n->rhs->flags & JSONATA_TAIL))
        return call_with(c, n->rhs, input, f, &left);
    struct aslrt_value function = aslrt_eval(c, n->rhs, input, f);
    if (function.kind != ASLRT_FUNCTION)
        aslrt_eval_fail_code(c, "T2006", n->at, function);
    if (left.kind == ASLRT_FUNCTION)
        return compose(c, left, function);
    return aslrt_apply(c, function, (struct aslrt_arguments){&left, 1}, aslrt_null(), f);
}
