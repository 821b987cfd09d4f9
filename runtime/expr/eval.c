/*
 * eval.c - the evaluator's core: one node of the tree with its input and its frame of variables.
 *
 * Every node knows how it is run (aslrt_eval_link): run_general does all that any node may need,
 * the others leave out what theirs does not.
 *
 * In: a node, the context value, the frame.  Out: a value, or no return (aslrt_eval_fail).
 * Invariants: every node counts one level of depth, as jsonata-js nests its evaluations; a sequence
 * that leaves here is unwrapped (none: undefined, one: the item) unless it is to stay an array.
 */
#include "runtime/expr/eval.h"

#include <math.h>

/* ---- variables ---- */

struct aslrt_frame *aslrt_expr_new_frame(struct evaluation *c, const struct jsonata_scope *scope,
                                         struct aslrt_frame *outer)
{
    struct aslrt_frame *f =
        aslrt_alloc(c->arena, sizeof *f + scope->count * sizeof(struct aslrt_value));
    f->outer = outer;
    f->scope = scope;
    for (uint32_t i = 0; i < scope->count; i++)
        f->slots[i] = expr_unbound();
    return f;
}

struct aslrt_value aslrt_expr_ask(struct evaluation *c, struct aslrt_value name, uint32_t index)
{
    const struct aslrt_jsonata_eval *o = c->options;
    struct aslrt_value v = aslrt_undefined();
    if (aslrt_is(name, "$"))
        return o->input;
    if (index != UINT32_MAX && o->variables != NULL && o->variables[index].kind != ASLRT_UNDEFINED)
        return o->variables[index];
    for (uint32_t i = 0; i < o->binding_count; i++)
        if (aslrt_is(name, o->bindings[i].name))
            return o->bindings[i].value;
    if (o->lookup != NULL && o->lookup(o->lookup_data, name.as.bytes, name.count, &v))
        return v;
    return expr_unbound();
}

struct aslrt_value aslrt_expr_find(struct evaluation *c, struct aslrt_value name,
                                   const struct aslrt_frame *f)
{
    for (; f != NULL; f = f->outer)
        for (uint32_t i = f->scope->count; i-- > 0;)
            if (f->slots[i].kind != EXPR_UNBOUND && expr_same_string(f->scope->names[i], name))
                return f->slots[i];
    return aslrt_expr_ask(c, name, UINT32_MAX);
}

static struct aslrt_value global(struct evaluation *c, uint32_t index)
{
    struct aslrt_value *g = &c->unit->globals[index];
    if (g->kind == EXPR_UNBOUND) {
        bool main = c->unit->main; /* the caller's array is in the order of the main program */
        *g = aslrt_expr_ask(c, c->unit->program->globals[index], main ? index : UINT32_MAX);
        if (g->kind == EXPR_UNBOUND)
            *g = aslrt_undefined();
    }
    return *g;
}

/* The value at the first of the places that has been filled. */
static inline struct aslrt_value at_places(const struct jsonata_node *n, struct aslrt_frame *f)
{
    for (uint32_t i = 0; i < n->place_count; i++) {
        struct aslrt_frame *frame = f;
        for (uint32_t hops = n->places[i].hops; hops > 0; hops--)
            frame = frame->outer;
        struct aslrt_value v = frame->slots[n->places[i].slot];
        if (v.kind != EXPR_UNBOUND)
            return v;
    }
    return expr_unbound();
}

struct aslrt_value aslrt_eval_variable(struct evaluation *c, const struct jsonata_node *n,
                                       struct aslrt_value input, struct aslrt_frame *f)
{
    if (n->value.count == 0)
        return input.kind == ASLRT_ARRAY && (input.flags & EXPR_OUTER) ? input.as.items[0] : input;
    struct aslrt_value v = at_places(n, f);
    if (v.kind != EXPR_UNBOUND)
        return v;
    if (n->function != 0)
        return aslrt_expr_builtin(c, n->function - 1);
    return n->global != 0 ? global(c, n->global - 1) : aslrt_undefined();
}

/* ---- constructors ---- */

static struct aslrt_value eval_array(struct evaluation *c, const struct jsonata_node *n,
                                     struct aslrt_value input, struct aslrt_frame *f)
{
    uint32_t base = c->top;
    for (uint32_t i = 0; i < n->count; i++) {
        const struct jsonata_node *item = n->items[i];
        struct aslrt_value v = aslrt_eval(c, item, input, f);
        if (v.kind == ASLRT_ARRAY && item->kind != JSONATA_ARRAY)
            aslrt_expr_push_all(c, v);
        else if (v.kind != ASLRT_UNDEFINED)
            expr_push(c, v);
    }
    return aslrt_expr_pop_array(c, base, n->flags & JSONATA_CONS ? EXPR_CONS : 0);
}

static struct aslrt_value eval_block(struct evaluation *c, const struct jsonata_node *n,
                                     struct aslrt_value input, struct aslrt_frame *f)
{
    struct aslrt_value v = aslrt_undefined();
    if (n->scope != NULL)
        f = aslrt_expr_new_frame(c, n->scope, f);
    for (uint32_t i = 0; i < n->count; i++)
        v = aslrt_eval(c, n->items[i], input, f);
    return v;
}

static struct aslrt_value make_closure(struct evaluation *c, enum function_kind kind,
                                       const struct jsonata_node *n, struct aslrt_value input,
                                       struct aslrt_frame *f)
{
    struct closure *k = ASLRT_NEW(c->arena, struct closure);
    k->base.kind = (uint8_t)kind;
    k->unit = c->unit;
    k->node = n;
    k->frame = f;
    k->input = input;
    if (kind == FUNCTION_LAMBDA) {
        k->base.signature = n->signature;
        k->base.arity = (uint8_t)(n->count < UINT8_MAX ? n->count : UINT8_MAX);
    } else if (kind == FUNCTION_REGEX) {
        k->base.arity = 2; /* text, place to start from */
    } else {
        k->base.arity = 1;
    }
    return expr_function(&k->base);
}

static struct aslrt_value eval_negate(struct evaluation *c, const struct jsonata_node *n,
                                      struct aslrt_value input, struct aslrt_frame *f)
{
    struct aslrt_value v = aslrt_eval(c, n->lhs, input, f);
    if (v.kind == ASLRT_UNDEFINED)
        return v;
    if (aslrt_expr_is_numeric(c, v))
        return expr_number(-expr_double(v));
    struct aslrt_fault fault = aslrt_fault("D1002", n->at);
    fault.token = aslrt_text("-");
    fault.value = v;
    aslrt_eval_fail(c, &fault);
}

/* ---- the node ---- */

static struct aslrt_value eval_kind(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value input, struct aslrt_frame *f)
{
    switch (n->kind) {
    case JSONATA_NUMBER:
    case JSONATA_STRING:
    case JSONATA_CONSTANT:
        return n->value;
    case JSONATA_NAME:
        return aslrt_expr_lookup(c, input, n->value);
    case JSONATA_VARIABLE:
        return aslrt_eval_variable(c, n, input, f);
    case JSONATA_PATH:
        return aslrt_eval_path(c, n, input, f);
    case JSONATA_BINARY:
        return aslrt_eval_binary(c, n, input, f);
    case JSONATA_NEGATE:
        return eval_negate(c, n, input, f);
    case JSONATA_ARRAY:
        return eval_array(c, n, input, f);
    case JSONATA_OBJECT:
        return aslrt_eval_group(c, n, input, f);
    case JSONATA_BLOCK:
        return eval_block(c, n, input, f);
    case JSONATA_CONDITION:
        if (aslrt_expr_truth(c, aslrt_eval(c, n->condition, input, f)))
            return aslrt_eval(c, n->then, input, f);
        return n->otherwise == NULL ? aslrt_undefined() : aslrt_eval(c, n->otherwise, input, f);
    case JSONATA_BIND: {
        struct aslrt_value v = aslrt_eval(c, n->rhs, input, f);
        f->slots[n->lhs->places[0].slot] = v;
        return v;
    }
    case JSONATA_CALL:
        if (n->flags & JSONATA_TAIL)
            return make_closure(c, FUNCTION_THUNK, n, input, f);
        return aslrt_eval_call(c, n, input, f);
    case JSONATA_PARTIAL:
        return aslrt_eval_partial(c, n, input, f);
    case JSONATA_LAMBDA:
        return make_closure(c, FUNCTION_LAMBDA, n, input, f);
    case JSONATA_APPLY:
        return aslrt_eval_chain(c, n, input, f);
    case JSONATA_TRANSFORM:
        return make_closure(c, FUNCTION_TRANSFORM, n, input, f);
    case JSONATA_REGEX:
        return make_closure(c, FUNCTION_REGEX, n, input, f);
    case JSONATA_WILDCARD:
        return aslrt_expr_wildcard(c, input);
    case JSONATA_DESCENDANT:
        return aslrt_expr_descendants(c, input);
    case JSONATA_PARENT: {
        struct aslrt_value v = at_places(n, f);
        return v.kind == EXPR_UNBOUND ? aslrt_undefined() : v;
    }
    default: /* PLACEHOLDER, SORT: not evaluated by themselves */
        return aslrt_undefined();
    }
}

/* Predicates and grouping of what is no path and no step. */
static struct aslrt_value eval_extra(struct evaluation *c, const struct jsonata_node *n,
                                     struct aslrt_value v, struct aslrt_frame *f)
{
    const struct jsonata_extra *x = n->extra;
    if (x->predicate)
        for (uint32_t i = 0; i < x->stage_count; i++)
            v = aslrt_eval_filter(c, x->stages[i].expr, v, f);
    if (x->predicate && (n->flags & JSONATA_KEEP_ARRAY) && v.kind != ASLRT_ARRAY &&
        v.kind != ASLRT_UNDEFINED)
        v = aslrt_expr_array_of_one(c, v, EXPR_SEQUENCE);
    if (x->group != NULL && n->kind != JSONATA_PATH &&
        !(n->kind == JSONATA_CALL && n->flags & JSONATA_TAIL))
        v = aslrt_eval_group(c, x->group, v, f);
    return v;
}

/* Any node at all. */
static struct aslrt_value run_general(struct evaluation *c, const struct jsonata_node *n,
                                      struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value v = eval_kind(c, n, input, f);
    if (n->extra != NULL)
        v = eval_extra(c, n, v, f);
    c->depth--;
    if (expr_is_sequence(v)) {
        if (n->flags & JSONATA_KEEP_ARRAY)
            v.flags |= EXPR_KEEP;
        v = expr_unwrap(v);
    }
    return v;
}

/* ---- nodes without predicates, group or [] ---- */

static struct aslrt_value run_literal(struct evaluation *c, const struct jsonata_node *n,
                                      struct aslrt_value input, struct aslrt_frame *f)
{
    (void)input;
    (void)f;
    aslrt_eval_leaf(c);
    return n->value;
}

static struct aslrt_value run_variable(struct evaluation *c, const struct jsonata_node *n,
                                       struct aslrt_value input, struct aslrt_frame *f)
{
    aslrt_eval_leaf(c);
    struct aslrt_value v = aslrt_eval_variable(c, n, input, f);
    return expr_is_sequence(v) ? expr_unwrap(v) : v;
}

/* A variable of the innermost frame, the commonest kind. */
static struct aslrt_value run_local(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value input, struct aslrt_frame *f)
{
    struct aslrt_value v = f->slots[n->places[0].slot];
    if (v.kind == EXPR_UNBOUND || expr_is_sequence(v))
        return run_variable(c, n, input, f);
    aslrt_eval_leaf(c);
    return v;
}

static struct aslrt_value run_condition(struct evaluation *c, const struct jsonata_node *n,
                                        struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value v = aslrt_eval(c, n->condition, input, f);
    bool truth = v.kind == ASLRT_BOOL ? v.as.boolean : aslrt_expr_truth(c, v);
    const struct jsonata_node *branch = truth ? n->then : n->otherwise;
    v = branch == NULL ? aslrt_undefined() : aslrt_eval(c, branch, input, f);
    c->depth--;
    return expr_is_sequence(v) ? expr_unwrap(v) : v; /* the item of a sequence may be one, too */
}

static struct aslrt_value run_block(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value v = eval_block(c, n, input, f);
    c->depth--;
    return expr_is_sequence(v) ? expr_unwrap(v) : v;
}

static struct aslrt_value run_object(struct evaluation *c, const struct jsonata_node *n,
                                     struct aslrt_value input, struct aslrt_frame *f)
{
    if (aslrt_eval_enter(c))
        return aslrt_eval_deep(c, n, input, f);
    struct aslrt_value v = aslrt_eval_group(c, n, input, f);
    c->depth--;
    return v;
}

static jsonata_run *choose_binary(const struct jsonata_node *n)
{
    switch (n->op) {
    case JSONATA_EQUAL:
    case JSONATA_UNEQUAL:
        return aslrt_run_equality;
    case JSONATA_LESS:
    case JSONATA_LESS_EQUAL:
    case JSONATA_GREATER:
    case JSONATA_GREATER_EQUAL:
        return aslrt_run_comparison;
    case JSONATA_AND:
    case JSONATA_OR:
        return aslrt_run_logic;
    case JSONATA_CONCAT:
        return aslrt_run_concat;
    case JSONATA_RANGE:
    case JSONATA_IN:
        return run_general;
    default:
        return aslrt_run_arithmetic;
    }
}

static jsonata_run *choose_path(const struct jsonata_node *n)
{
    if ((n->flags & JSONATA_PLAIN_STEPS) == 0)
        return run_general;
    if (!aslrt_path_has_only_fields(n))
        return aslrt_run_path;
    return n->count == 1 && n->items[0]->extra == NULL ? aslrt_run_field : aslrt_run_fields;
}

static jsonata_run *choose(const struct jsonata_node *n)
{
    bool path = n->kind == JSONATA_PATH;
    if ((n->flags & JSONATA_KEEP_ARRAY) || (n->extra != NULL && !path))
        return run_general;
    switch (n->kind) {
    case JSONATA_NUMBER:
    case JSONATA_STRING:
    case JSONATA_CONSTANT:
        return run_literal;
    case JSONATA_VARIABLE:
        return n->place_count != 0 && n->places[0].hops == 0 ? run_local : run_variable;
    case JSONATA_PATH:
        return choose_path(n);
    case JSONATA_BINARY:
        return choose_binary(n);
    case JSONATA_CONDITION:
        return run_condition;
    case JSONATA_BLOCK:
        return run_block;
    case JSONATA_OBJECT:
        return run_object;
    case JSONATA_CALL:
        return n->builtin != 0 && (n->flags & JSONATA_TAIL) == 0 ? aslrt_run_builtin : run_general;
    default:
        return run_general;
    }
}

static void link_node(void *data, struct jsonata_node *n)
{
    (void)data;
    n->run = choose(n);
    aslrt_jsonata_children(n, link_node, NULL);
}

void aslrt_eval_link(struct jsonata_node *root)
{
    link_node(NULL, root);
}
