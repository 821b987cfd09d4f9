/*
 * jsonata.c - compiling and evaluating a JSONata expression: the public calls of aslc/runtime.h.
 *
 * In: text, options, an input.  Out: a program in the caller's arena; a value, or an error in
 * words. Both calls set the trap that everything below them escapes to, and turn it into a status.
 */
#include "runtime/base/limits.h"
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/jsonata_build.h"

/* Bounds of the dialects where the caller gives none. */
enum {
    PLAIN_DEPTH = 2000000, /* nested evaluations */
    ASL_DEPTH = 100,
    ASL_TIME_MS = 1000,
};
#define ASL_MEMORY   ((size_t)64 << 20)
#define STACKS_MAX   ((size_t)2 << 30)   /* C stacks that a deep recursion may take */
#define STACK_BUDGET ((size_t)256 << 10) /* of the caller's stack; beyond it eval_deep.c helps */

enum { LOCAL_VALUES = 64 };

/* ---- compiling ---- */

struct compilation {
    struct jsonata_build build;
    const char *text;
    size_t count;
    const struct aslrt_jsonata_options *options;
};

static void parse_builtin_signatures(struct jsonata_build *b)
{
    struct aslrt_jsonata *p = b->program;
    p->signatures = ASLRT_NEW_ARRAY(b->arena, const struct aslrt_signature *, p->builtin_count);
    for (uint32_t i = 0; i < p->builtin_count; i++)
        p->signatures[i] =
            aslrt_signature_parse(b->arena, aslrt_builtins[p->builtins[i]].signature, &b->fault);
}

static void build(struct jsonata_build *b, const char *text, size_t count)
{
    struct aslrt_jsonata *p = b->program;
    if (count > UINT32_MAX / 2)
        aslrt_escape(b->arena->memory, ASLRT_LIMIT);
    p->text = aslrt_copy_text(b->arena, text, count);
    p->count = count;
    p->root = aslrt_jsonata_process(b, aslrt_jsonata_parse(b));
    aslrt_jsonata_resolve(b);
    if (p->dialect == ASLRT_JSONATA_ASL)
        aslrt_jsonata_check_asl(b);
    parse_builtin_signatures(b);
    aslrt_eval_link(p->root);
}

static enum aslrt_status compile(void *data)
{
    struct compilation *k = data;
    struct jsonata_build *b = &k->build;
    b->program = ASLRT_NEW(b->arena, struct aslrt_jsonata);
    if (k->options != NULL) {
        b->program->dialect = k->options->dialect;
        b->program->version = k->options->version;
        b->states = k->options->states;
    }
    if (b->states == 0)
        b->states = ASLRT_STATES_ALL;
    build(b, k->text, k->count);
    return ASLRT_OK;
}

struct description {
    struct aslrt_arena *arena;
    const struct aslrt_fault *fault;
    const char *text;
    size_t count;
    struct aslrt_expr_error *error;
};

static enum aslrt_status describe(void *data)
{
    struct description *d = data;
    aslrt_fault_describe(d->arena, d->fault, d->text, d->count, d->error);
    return ASLRT_OK;
}

/* Fills in the error, if the caller wants it; gives `status`, or ASLRT_NOMEM when there is no room
   for the words. */
static enum aslrt_status explain(struct aslrt_arena *arena, const struct aslrt_fault *fault,
                                 const char *text, size_t count, struct aslrt_expr_error *error,
                                 enum aslrt_status status)
{
    if (error == NULL)
        return status;
    struct description d = {arena, fault, text, count, error};
    enum aslrt_status done = aslrt_protect(arena->memory, describe, &d);
    return done == ASLRT_OK ? status : done;
}

enum aslrt_status aslrt_jsonata_compile(struct aslrt_arena *arena, const char *text, size_t count,
                                        const struct aslrt_jsonata_options *options,
                                        const struct aslrt_jsonata **out,
                                        struct aslrt_expr_error *error)
{
    struct compilation k = {{.arena = arena}, text, count, options};
    enum aslrt_status status = aslrt_protect(arena->memory, compile, &k);
    *out = status == ASLRT_OK ? k.build.program : NULL;
    if (status == ASLRT_SYNTAX)
        return explain(arena, &k.build.fault, text, count, error, status);
    return status;
}

uint32_t aslrt_jsonata_variables(const struct aslrt_jsonata *program,
                                 const struct aslrt_value **names)
{
    *names = program->globals;
    return program->global_count;
}

/* ---- units: a program with what one evaluation knows of it ---- */

/* A built-in of a name that the caller has given a value is that value. */
static void find_overrides(struct evaluation *c, struct unit *u)
{
    const struct aslrt_jsonata *p = u->program;
    if (c->options->binding_count == 0 && c->options->lookup == NULL)
        return;
    for (uint32_t i = 0; i < p->builtin_count; i++) {
        struct aslrt_value name = aslrt_text(aslrt_builtins[p->builtins[i]].name);
        struct aslrt_value v = aslrt_expr_ask(c, name, UINT32_MAX);
        if (v.kind == EXPR_UNBOUND)
            continue;
        if (u->overrides == NULL) {
            u->overrides = aslrt_alloc(c->arena, p->builtin_count * sizeof v);
            for (uint32_t k = 0; k < p->builtin_count; k++)
                u->overrides[k] = expr_unbound();
        }
        u->overrides[i] = v;
    }
}

static void open_unit(struct evaluation *c, struct unit *u, const struct aslrt_jsonata *p)
{
    u->program = p;
    u->globals = NULL;
    u->builtins = NULL;
    u->overrides = NULL;
    if (p->global_count != 0)
        u->globals = aslrt_alloc(c->arena, p->global_count * sizeof *u->globals);
    for (uint32_t i = 0; i < p->global_count; i++)
        u->globals[i] = expr_unbound();
    if (p->builtin_count == 0)
        return;
    u->builtins = aslrt_alloc(c->arena, p->builtin_count * sizeof *u->builtins);
    for (uint32_t i = 0; i < p->builtin_count; i++)
        u->builtins[i] = (struct function){.kind = FUNCTION_BUILTIN,
                                           .builtin = p->builtins[i],
                                           .arity = aslrt_builtins[p->builtins[i]].arity,
                                           .signature = p->signatures[i]};
    find_overrides(c, u);
}

struct aslrt_value aslrt_expr_builtin(struct evaluation *c, uint32_t index)
{
    const struct unit *u = c->unit;
    if (u->overrides != NULL && u->overrides[index].kind != EXPR_UNBOUND)
        return u->overrides[index];
    return expr_function(&u->builtins[index]);
}

struct inner_compilation {
    struct jsonata_build *build;
    const char *text;
    size_t count;
};

static enum aslrt_status compile_inner(void *data)
{
    struct inner_compilation *k = data;
    build(k->build, k->text, k->count);
    return ASLRT_OK;
}

struct unit *aslrt_unit_compile(struct evaluation *c, const char *text, size_t count,
                                const struct aslrt_frame *frame)
{
    struct jsonata_build b = {.arena = c->arena, .frame = frame};
    b.program = ASLRT_NEW(c->arena, struct aslrt_jsonata);
    b.program->dialect = c->dialect;
    b.program->version = c->version;
    struct inner_compilation k = {&b, text, count};
    enum aslrt_status status = aslrt_protect(c->arena->memory, compile_inner, &k);
    if (status == ASLRT_SYNTAX) {
        struct aslrt_expr_error error;
        aslrt_fault_describe(c->arena, &b.fault, text, count, &error);
        aslrt_eval_fail_code(c, "D3120", FAULT_NOWHERE, aslrt_text(error.message));
    }
    if (status != ASLRT_OK)
        aslrt_escape(c->arena->memory, status);
    struct unit *u = ASLRT_NEW(c->arena, struct unit);
    open_unit(c, u, b.program);
    return u;
}

/* ---- what leaves ---- */

/* The value without anything that only a running expression knows. */
static struct aslrt_value leave(struct evaluation *c, struct aslrt_value v, unsigned depth)
{
    if (depth == ASLRT_NESTING_MAX)
        aslrt_escape(c->arena->memory, ASLRT_LIMIT);
    bool deep = (v.pad & EXPR_HOLDS) != 0;
    v.flags &= (uint8_t)~ASLRT_FLAG_EXPR;
    v.pad = 0;
    if (v.kind == ASLRT_ARRAY && deep) {
        struct aslrt_value *items = aslrt_alloc(c->arena, v.count * sizeof *items);
        for (uint32_t i = 0; i < v.count; i++)
            items[i] = leave(c, v.as.items[i], depth + 1);
        v.as.items = items;
    } else if (v.kind == ASLRT_OBJECT && deep) {
        struct aslrt_member *members = aslrt_alloc(c->arena, v.count * sizeof *members);
        for (uint32_t i = 0; i < v.count; i++) {
            members[i].key = v.as.members[i].key;
            members[i].value = leave(c, v.as.members[i].value, depth + 1);
        }
        v = (v.flags & ASLRT_FLAG_INDEXED) ? aslrt_object_of(c->arena, members, v.count)
                                           : aslrt_object(members, v.count);
    }
    return v;
}

/* ---- evaluating ---- */

struct run {
    struct evaluation evaluation;
    struct unit unit;
    const struct aslrt_jsonata *program;
    struct aslrt_value value;
    struct aslrt_value stack[LOCAL_VALUES];
};

static enum aslrt_status evaluate(void *data)
{
    struct run *r = data;
    struct evaluation *c = &r->evaluation;
    const struct aslrt_jsonata *p = r->program;
    open_unit(c, &r->unit, p);
    r->unit.main = true;
    struct aslrt_value input = c->options->input;
    if (input.kind == ASLRT_ARRAY)
        input = aslrt_expr_array_of_one(c, input, EXPR_SEQUENCE | EXPR_OUTER);
    struct aslrt_frame *f = NULL;
    if (p->top->count != 0)
        f = aslrt_expr_new_frame(c, p->top, NULL);
    r->value = leave(c, aslrt_eval(c, p->root, input, f), 0);
    return ASLRT_OK;
}

static void set_bounds(struct evaluation *c, const struct aslrt_jsonata_eval *o)
{
    bool asl = c->dialect == ASLRT_JSONATA_ASL;
    c->depth = 0;
    c->depth_max = o->depth_limit != 0 ? o->depth_limit : asl ? ASL_DEPTH : PLAIN_DEPTH;
    c->fuel = 1024;
    uint32_t ms = o->time_limit_ms != 0 ? o->time_limit_ms : asl ? ASL_TIME_MS : 0;
    c->deadline_ns = ms == 0 ? 0 : aslrt_eval_clock_ns() + (int64_t)ms * 1000000;
    c->memory_max = o->memory_limit != 0 ? o->memory_limit : asl ? ASL_MEMORY : 0;
    c->memory_start = aslrt_arena_size(c->arena) - (size_t)(c->arena->end - c->arena->next);
    c->stack_low = (uintptr_t)__builtin_frame_address(0) - STACK_BUDGET;
    c->stack_size = STACK_BUDGET;
    c->stacks_left = STACKS_MAX;
}

enum aslrt_status aslrt_jsonata_eval(const struct aslrt_jsonata *program,
                                     const struct aslrt_jsonata_eval *eval,
                                     struct aslrt_arena *arena, struct aslrt_value *out,
                                     struct aslrt_expr_error *error)
{
    struct run r;
    struct evaluation *c = &r.evaluation;
    c->arena = arena;
    c->unit = &r.unit;
    c->options = eval;
    c->dialect = program->dialect;
    c->version = program->version;
    c->stack = r.stack;
    c->top = 0;
    c->room = LOCAL_VALUES;
    c->records = NULL;
    c->not_finite = false;
    c->joined = NULL;
    c->regexes = NULL;
    c->random_state = 0;
    set_bounds(c, eval);
    r.program = program;
    enum aslrt_status status = aslrt_protect(arena->memory, evaluate, &r);
    *out = status == ASLRT_OK ? r.value : aslrt_undefined();
    if (status == ASLRT_FAILED)
        return explain(arena, &c->fault, program->text, program->count, error, status);
    return status;
}
