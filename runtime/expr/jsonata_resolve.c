/*
 * jsonata_resolve.c - where every variable of an expression will stand when it runs.
 *
 * In: the processed tree.  Out: scopes on blocks, lambdas and tuple paths; places on VARIABLE, BIND
 * and PARENT nodes; the lists of free variables and of built-ins.
 *
 * JSONata binds at run time: `$x := 1` puts x into the frame around it when it is executed, and
 * until then `$x` means an outer x.  So a name may have several places, innermost first; a slot
 * that nothing has been put into is passed over.  Two walks: the first gives every scope its names,
 * the second looks names up, because a function may use what is bound later.
 */
#include "runtime/expr/builtins.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/jsonata_build.h"

#include <stdio.h>

/* The frames around a node, innermost first. */
struct around {
    const struct around *outer;
    struct jsonata_scope *scope;
};

struct walk {
    struct jsonata_build *build;
    bool declare; /* the first walk; else the second */
};

static void walk(struct walk *w, struct jsonata_node *n, const struct around *env);

static struct jsonata_scope *new_scope(struct walk *w, enum jsonata_scope_kind kind)
{
    struct jsonata_scope *s = ASLRT_NEW(w->build->arena, struct jsonata_scope);
    s->kind = kind;
    return s;
}

static bool same_name(struct aslrt_value a, struct aslrt_value b)
{
    return a.count == b.count && memcmp(a.as.bytes, b.as.bytes, a.count) == 0;
}

/* The slot of the name, or the number of slots when there is none. */
static uint32_t slot_of(const struct jsonata_scope *s, struct aslrt_value name)
{
    for (uint32_t i = s->count; i-- > 0;)
        if (same_name(s->names[i], name))
            return i;
    return s->count;
}

static uint32_t add_name(struct walk *w, struct jsonata_scope *s, struct aslrt_value name)
{
    uint32_t slot = slot_of(s, name);
    if (slot < s->count)
        return slot;
    if (s->count == UINT16_MAX) {
        struct aslrt_fault f = aslrt_fault("U1001", 0);
        f.message = "the expression has too many variables";
        aslrt_jsonata_reject(w->build, &f);
    }
    s->names = aslrt_jsonata_grow(w->build->arena, s->names, s->count, &s->room, sizeof *s->names);
    s->names[s->count] = name;
    return s->count++;
}

static struct aslrt_value label_name(struct walk *w, const struct jsonata_slot *slot)
{
    char text[16];
    int n = snprintf(text, sizeof text, "!%u", slot->label);
    return aslrt_string(aslrt_copy_text(w->build->arena, text, (size_t)n), (uint32_t)n);
}

/* A frame that a function holds on to must outlive what made it, and so must all around it. */
static void capture(const struct around *env)
{
    for (; env != NULL; env = env->outer)
        if (env->scope != NULL)
            env->scope->captured = true;
}

/* ---- looking names up ---- */

struct places {
    struct jsonata_place items[16];
    uint32_t count;
    bool certain; /* the last one is always filled */
};

static bool add_place(struct places *p, const struct jsonata_scope *s, struct aslrt_value name,
                      uint32_t hops, uint32_t parameters)
{
    uint32_t slot = slot_of(s, name);
    if (slot == s->count || p->count == sizeof p->items / sizeof p->items[0])
        return false;
    p->items[p->count++] = (struct jsonata_place){(uint16_t)hops, (uint16_t)slot};
    p->certain = slot < parameters;
    return p->certain;
}

static void find_places(struct walk *w, struct aslrt_value name, const struct around *env,
                        struct places *p)
{
    uint32_t hops = 0;
    for (; env != NULL; env = env->outer) {
        const struct jsonata_scope *s = env->scope;
        if (s == NULL || s->count == 0)
            continue;
        if (add_place(p, s, name, hops, s->parameters))
            return;
        hops++;
    }
    for (const struct aslrt_frame *f = w->build->frame; f != NULL; f = f->outer, hops++)
        if (add_place(p, f->scope, name, hops, f->scope->parameters))
            return;
}

static uint32_t program_builtin(struct walk *w, enum aslrt_builtin builtin)
{
    struct aslrt_jsonata *program = w->build->program;
    for (uint32_t i = 0; i < program->builtin_count; i++)
        if (program->builtins[i] == builtin)
            return i;
    program->builtins = aslrt_jsonata_grow(w->build->arena, program->builtins,
                                           program->builtin_count, &program->builtin_room, 1);
    program->builtins[program->builtin_count] = (uint8_t)builtin;
    return program->builtin_count++;
}

static uint32_t program_global(struct walk *w, struct aslrt_value name)
{
    struct aslrt_jsonata *program = w->build->program;
    for (uint32_t i = 0; i < program->global_count; i++)
        if (same_name(program->globals[i], name))
            return i;
    program->globals = aslrt_jsonata_grow(w->build->arena, program->globals, program->global_count,
                                          &program->global_room, sizeof *program->globals);
    program->globals[program->global_count] = name;
    return program->global_count++;
}

static void set_places(struct walk *w, struct jsonata_node *n, const struct places *p)
{
    n->place_count = p->count;
    if (p->count == 0)
        return;
    struct jsonata_place *copy = ASLRT_NEW_ARRAY(w->build->arena, struct jsonata_place, p->count);
    memcpy(copy, p->items, p->count * sizeof *copy);
    n->places = copy;
}

static void resolve_variable(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    if (n->value.count == 0)
        return; /* `$`: the context */
    struct places p = {.count = 0};
    find_places(w, n->value, env, &p);
    set_places(w, n, &p);
    if (p.certain)
        return;
    enum aslrt_builtin builtin = aslrt_builtin_named(n->value, w->build->program->dialect);
    if (builtin != ASLRT_BUILTIN_NONE)
        n->function = program_builtin(w, builtin) + 1;
    else
        n->global = program_global(w, n->value) + 1;
}

static void resolve_parent(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    struct places p = {.count = 0};
    find_places(w, label_name(w, n->slot), env, &p);
    set_places(w, n, &p);
}

/* ---- walking ---- */

static void walk_items(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    for (uint32_t i = 0; i < n->count; i++)
        walk(w, n->items[i], env);
}

/* An expression that is evaluated in a tuple's frame and binds variables itself gets a block around
   it, because what it binds is gone when it is done. */
static void walk_in_tuple(struct walk *w, struct jsonata_node **n, const struct around *env)
{
    if (!w->declare || (*n)->kind == JSONATA_BLOCK) {
        walk(w, *n, env);
        return;
    }
    struct around own = {env, new_scope(w, JSONATA_SCOPE_BLOCK)};
    walk(w, *n, &own);
    if (own.scope->count == 0)
        return;
    struct jsonata_node *block = ASLRT_NEW(w->build->arena, struct jsonata_node);
    block->kind = JSONATA_BLOCK;
    block->start = (*n)->start;
    block->end = (*n)->end;
    block->at = (*n)->at;
    block->height = (*n)->height;
    block->items = ASLRT_NEW_ARRAY(w->build->arena, struct jsonata_node *, 1);
    block->items[0] = *n;
    block->count = 1;
    block->scope = own.scope;
    *n = block;
}

static void walk_group(struct walk *w, struct jsonata_node *group, const struct around *env,
                       bool tuple)
{
    for (uint32_t i = 0; i < group->count; i++) {
        if (tuple)
            walk_in_tuple(w, &group->items[i], env);
        else
            walk(w, group->items[i], env);
    }
}

/* The names that a stream of tuples brings along when it comes out of a nested path. */
static void add_inner_names(struct walk *w, struct jsonata_scope *s, const struct jsonata_node *n)
{
    if (n->kind == JSONATA_BLOCK && n->count > 0)
        add_inner_names(w, s, n->items[n->count - 1]);
    else if (n->kind == JSONATA_PATH && n->scope != NULL)
        for (uint32_t i = 1; i < n->scope->count; i++)
            add_name(w, s, n->scope->names[i]);
}

static void declare_step(struct walk *w, struct jsonata_scope *s, const struct jsonata_node *step)
{
    add_inner_names(w, s, step);
    struct jsonata_extra *x = step->extra;
    if (x == NULL)
        return;
    if (x->focus.kind != ASLRT_UNDEFINED)
        x->focus_slot = add_name(w, s, x->focus);
    if (x->index.kind != ASLRT_UNDEFINED)
        x->index_slot = add_name(w, s, x->index);
    if (x->ancestor != NULL)
        x->ancestor_slot = add_name(w, s, label_name(w, x->ancestor));
    for (uint32_t i = 0; i < x->stage_count; i++)
        if (x->stages[i].kind == JSONATA_STAGE_INDEX)
            x->stages[i].slot = add_name(w, s, x->stages[i].name);
}

static void walk_stages(struct walk *w, struct jsonata_extra *x, const struct around *env,
                        bool tuple)
{
    for (uint32_t i = 0; x != NULL && i < x->stage_count; i++) {
        if (x->stages[i].kind != JSONATA_STAGE_FILTER)
            continue;
        if (tuple)
            walk_in_tuple(w, &x->stages[i].expr, env);
        else
            walk(w, x->stages[i].expr, env);
    }
}

static void walk_kind(struct walk *w, struct jsonata_node *n, const struct around *env);

/* A step that is evaluated with a tuple: its frame is the tuple's. */
static void walk_tuple_step(struct walk *w, struct jsonata_node *step, const struct around *env)
{
    struct jsonata_extra *x = step->extra;
    if (step->kind == JSONATA_SORT) {
        for (uint32_t i = 0; i < step->count; i++)
            walk_in_tuple(w, &step->items[i], env);
    } else {
        struct around own = {env, NULL};
        if (w->declare)
            own.scope = new_scope(w, JSONATA_SCOPE_BLOCK);
        else if (x != NULL)
            own.scope = x->scope;
        walk_kind(w, step, &own);
        if (x != NULL && x->predicate)
            walk_stages(w, x, &own, false);
        if (w->declare && own.scope->count != 0) {
            if (x == NULL)
                x = step->extra = ASLRT_NEW(w->build->arena, struct jsonata_extra);
            x->scope = own.scope;
        }
    }
    if (x == NULL || !x->predicate)
        walk_stages(w, x, env, true);
}

static void walk_path(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    bool tuple = false;
    struct around inside = {env, n->scope};
    for (uint32_t i = 0; i < n->count; i++) {
        struct jsonata_node *step = n->items[i];
        if (!tuple && (step->flags & JSONATA_TUPLE)) {
            tuple = true;
            if (w->declare) {
                n->scope = inside.scope = new_scope(w, JSONATA_SCOPE_TUPLE);
                add_name(w, n->scope, aslrt_text("@"));
            }
        }
        if (tuple)
            walk_tuple_step(w, step, &inside);
        else
            walk(w, step, env);
        if (tuple && w->declare)
            declare_step(w, n->scope, step);
    }
    if (!tuple)
        n->flags |= JSONATA_PLAIN_STEPS;
    if (n->extra != NULL && n->extra->group != NULL)
        walk_group(w, n->extra->group, tuple ? &inside : env, tuple);
}

static void walk_lambda(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    capture(env);
    if (w->declare) {
        n->scope = new_scope(w, JSONATA_SCOPE_LAMBDA);
        for (uint32_t i = 0; i < n->count; i++) {
            /* of two parameters with one name the last counts: its slot is found first */
            struct jsonata_scope *s = n->scope;
            s->names =
                aslrt_jsonata_grow(w->build->arena, s->names, s->count, &s->room, sizeof *s->names);
            s->names[s->count++] = n->items[i]->value;
        }
        n->scope->parameters = n->count;
    }
    struct around inside = {env, n->scope};
    walk(w, n->body, &inside);
}

static void walk_block(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    struct around inside = {env, n->scope};
    if (w->declare && n->scope == NULL)
        inside.scope = new_scope(w, JSONATA_SCOPE_BLOCK);
    walk_items(w, n, &inside);
    if (w->declare && inside.scope->count != 0)
        n->scope = inside.scope;
}

static void walk_bind(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    walk(w, n->rhs, env);
    while (env->scope == NULL || (!w->declare && env->scope->count == 0))
        env = env->outer; /* the innermost frame is the one that was declared into */
    uint32_t slot = add_name(w, env->scope, n->lhs->value);
    if (!w->declare) {
        struct places p = {.count = 1};
        p.items[0] = (struct jsonata_place){0, (uint16_t)slot};
        set_places(w, n->lhs, &p);
    }
}

static void walk_call(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    if (n->kind == JSONATA_PARTIAL || (n->flags & JSONATA_TAIL))
        capture(env);
    walk(w, n->procedure, env);
    walk_items(w, n, env);
    const struct jsonata_node *p = n->procedure;
    if (!w->declare && p->kind == JSONATA_VARIABLE && p->place_count == 0 && p->function != 0 &&
        p->extra == NULL) {
        n->builtin = p->function;
        if (w->build->program->builtins[p->function - 1] == ASLRT_BUILTIN_eval)
            capture(env); /* what it evaluates may hold on to every frame */
    }
}

/* The node itself, without its predicates and its group. */
static void walk_kind(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    switch (n->kind) {
    case JSONATA_VARIABLE:
        if (!w->declare)
            resolve_variable(w, n, env);
        break;
    case JSONATA_PARENT:
        if (!w->declare)
            resolve_parent(w, n, env);
        break;
    case JSONATA_BINARY:
    case JSONATA_APPLY:
        walk(w, n->lhs, env);
        walk(w, n->rhs, env);
        break;
    case JSONATA_BIND:
        walk_bind(w, n, env);
        break;
    case JSONATA_NEGATE:
        walk(w, n->lhs, env);
        break;
    case JSONATA_CONDITION:
        walk(w, n->condition, env);
        walk(w, n->then, env);
        if (n->otherwise != NULL)
            walk(w, n->otherwise, env);
        break;
    case JSONATA_TRANSFORM:
        capture(env);
        walk(w, n->pattern, env);
        walk(w, n->update, env);
        if (n->removal != NULL)
            walk(w, n->removal, env);
        break;
    case JSONATA_CALL:
    case JSONATA_PARTIAL:
        walk_call(w, n, env);
        break;
    case JSONATA_LAMBDA:
        walk_lambda(w, n, env);
        break;
    case JSONATA_BLOCK:
        walk_block(w, n, env);
        break;
    case JSONATA_PATH:
        walk_path(w, n, env);
        break;
    default: /* ARRAY, OBJECT, SORT: items; the rest: nothing */
        walk_items(w, n, env);
        break;
    }
}

static void walk(struct walk *w, struct jsonata_node *n, const struct around *env)
{
    walk_kind(w, n, env);
    if (n->extra == NULL)
        return;
    walk_stages(w, n->extra, env, false);
    if (n->extra->group != NULL && n->kind != JSONATA_PATH)
        walk_group(w, n->extra->group, env, false);
}

void aslrt_jsonata_resolve(struct jsonata_build *b)
{
    struct walk w = {b, true};
    struct aslrt_jsonata *program = b->program;
    struct around top = {NULL, new_scope(&w, JSONATA_SCOPE_TOP)};
    program->top = top.scope;
    walk(&w, program->root, &top);
    w.declare = false;
    walk(&w, program->root, &top);
}
