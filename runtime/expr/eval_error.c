/*
 * eval_error.c - how an evaluation ends early: errors and bounds.
 *
 * In: a fault.  Out: no return; aslrt_jsonata_eval gives the error to its caller.
 * In jsonata-js an error passes through catch blocks that add the place and the name of the
 * function to it.  Here the calls under way stand in a list of records; the fault visits them from
 * the inside out, and each adds what its catch block would.
 */
#include "runtime/base/limits.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/jsonata_build.h"

#include <time.h>

enum { FUEL = 4096 }; /* nodes between two looks at the clock */

static bool is_falsy(struct aslrt_value v)
{
    return v.kind == ASLRT_UNDEFINED || v.kind == ASLRT_NULL ||
           (v.kind == ASLRT_STRING && v.count == 0) || (v.kind == ASLRT_BOOL && !v.as.boolean) ||
           (v.kind == ASLRT_DOUBLE && v.as.real == 0);
}

/* An error inside of a function: its name, if it has one, and the place of its last call. */
static void decorate_apply(struct aslrt_fault *f, const struct jsonata_node *n, bool named)
{
    if (n == NULL)
        return;
    if (f->token.kind == ASLRT_UNDEFINED && named)
        f->token =
            n->kind == JSONATA_CALL ? aslrt_jsonata_procedure_name(n) : aslrt_jsonata_token(n);
    if (n->at != 0 && n->at != FAULT_NOWHERE)
        f->at = n->at;
}

/* What is still missing when the error leaves a call. */
static void decorate_call(struct aslrt_fault *f, const struct jsonata_node *n)
{
    if (f->at == FAULT_NOWHERE || f->at == 0)
        f->at = n->at;
    if (is_falsy(f->token))
        f->token = aslrt_jsonata_procedure_name(n);
}

static void decorate(struct evaluation *c, const struct record *r)
{
    struct aslrt_fault *f = &c->fault;
    switch (r->kind) {
    case RECORD_APPLY:
        decorate_apply(f, r->function->called, r->function->named);
        break;
    case RECORD_TAIL:
        decorate_apply(f, r->node, r->node->kind == JSONATA_VARIABLE);
        break;
    case RECORD_BUILTIN:
        decorate_apply(f, r->function->called, r->function->named);
        decorate_call(f, r->node);
        break;
    case RECORD_CALL:
        decorate_call(f, r->node);
        break;
    case RECORD_BOOLEAN:
        f->at = r->node->at;
        f->token = aslrt_jsonata_token(r->node);
        break;
    case RECORD_EVAL: {
        struct aslrt_expr_error inner;
        const struct aslrt_jsonata *program = r->unit->program;
        aslrt_fault_describe(c->arena, f, program->text, program->count, &inner);
        *f = aslrt_fault("D3121", FAULT_NOWHERE);
        f->value = inner.message == NULL ? aslrt_undefined() : aslrt_text(inner.message);
        break;
    }
    }
}

_Noreturn void aslrt_eval_fail(struct evaluation *c, const struct aslrt_fault *fault)
{
    c->fault = *fault;
    for (const struct record *r = c->records; r != NULL; r = r->outer)
        decorate(c, r);
    aslrt_escape(c->arena->memory, ASLRT_FAILED);
}

_Noreturn void aslrt_eval_fail_code(struct evaluation *c, const char *code, uint32_t at,
                                    struct aslrt_value value)
{
    struct aslrt_fault f = aslrt_fault(code, at);
    f.value = value;
    aslrt_eval_fail(c, &f);
}

_Noreturn void aslrt_eval_fail_message(struct evaluation *c, const char *message)
{
    struct aslrt_fault f = aslrt_fault(NULL, FAULT_NOWHERE);
    f.message = message;
    aslrt_eval_fail(c, &f);
}

/* ---- bounds ---- */

static _Noreturn void fail_bound(struct evaluation *c, const char *message)
{
    struct aslrt_fault f = aslrt_fault("U1001", FAULT_NOWHERE);
    f.message = message;
    c->records = NULL; /* no function is to blame */
    aslrt_eval_fail(c, &f);
}

_Noreturn void aslrt_eval_too_deep(struct evaluation *c)
{
    fail_bound(c, "Stack overflow error: Check for non-terminating recursive function.  Consider "
                  "rewriting as tail-recursive.");
}

_Noreturn void aslrt_eval_too_large(struct evaluation *c)
{
    fail_bound(c, "Expression evaluation memory limit exceeded: Check for excessive memory usage");
}

void aslrt_eval_hold(struct evaluation *c, size_t bytes)
{
    if (bytes > ASLRT_HELD_MAX && c->dialect == ASLRT_JSONATA_ASL)
        aslrt_eval_too_large(c);
}

int64_t aslrt_eval_clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void aslrt_eval_check(struct evaluation *c)
{
    c->fuel = FUEL;
    if (c->deadline_ns != 0 && aslrt_eval_clock_ns() > c->deadline_ns)
        fail_bound(c, "Expression evaluation timeout: Check for infinite loop");
    aslrt_eval_reserve(c, 0);
}

void aslrt_eval_reserve(struct evaluation *c, size_t size)
{
    if (c->memory_max == 0)
        return;
    size_t used = aslrt_arena_size(c->arena) - (size_t)(c->arena->end - c->arena->next);
    size_t mine = used > c->memory_start ? used - c->memory_start : 0;
    if (mine > c->memory_max || size > c->memory_max - mine)
        aslrt_eval_too_large(c);
}
