/*
 * ir.c - building the machine, resolving its transitions, and walking its edges; see ir.h.
 *
 * Pools grow by doubling and move when they do; states of one scope, scopes of one state, and the
 * retriers, catchers and rules of one state stay next to each other because they are added so.
 */
#include "compiler/ir/ir.h"
#include "compiler/base/grow.h"

#include <assert.h>

struct ir_machine *ir_machine_new(struct aslrt_arena *arena, const char *name)
{
    struct ir_machine *m = ASLRT_NEW(arena, struct ir_machine);
    m->arena = arena;
    m->name = name;
    return m;
}

/* Raises a slice that ends its pool by one; a slice that was empty begins at the pool's end. */
static void extend(struct ir_slice *slice, uint32_t pool_count)
{
    if (slice->count == 0)
        slice->first = pool_count;
    assert(slice->first + slice->count == pool_count);
    slice->count++;
}

static const struct ir_ref no_ref = {.state = IR_NONE};

ir_id ir_add_scope(struct ir_machine *m, ir_id owner, struct span span)
{
    assert((owner == IR_NONE) == (m->scope_count == 0));
    if (owner != IR_NONE)
        extend(&m->states[owner].scopes, m->scope_count);
    struct ir_scope *scope = GROW(m->arena, m->scopes, m->scope_count);
    scope->owner = owner;
    scope->span = span;
    scope->start_at = no_ref;
    return m->scope_count - 1;
}

ir_id ir_add_state(struct ir_machine *m, ir_id scope, const char *name, enum ir_state_type type,
                   struct span span)
{
    assert(scope < m->scope_count);
    extend(&m->scopes[scope].states, m->state_count);
    struct ir_state *s = GROW(m->arena, m->states, m->state_count);
    s->name = name;
    s->name_span = span;
    s->span = span;
    s->scope = scope;
    s->type = type;
    s->language = m->scopes[scope].language;
    s->next = no_ref;
    s->default_ = no_ref;
    return m->state_count - 1;
}

struct ir_retrier *ir_add_retrier(struct ir_machine *m, ir_id state, struct span span)
{
    extend(&m->states[state].retriers, m->retrier_count);
    struct ir_retrier *r = GROW(m->arena, m->retriers, m->retrier_count);
    r->span = span;
    r->interval_s = 1;
    r->max_attempts = 3;
    r->backoff = 2.0;
    return r;
}

struct ir_catcher *ir_add_catcher(struct ir_machine *m, ir_id state, struct span span)
{
    extend(&m->states[state].catchers, m->catcher_count);
    struct ir_catcher *c = GROW(m->arena, m->catchers, m->catcher_count);
    c->span = span;
    c->next = no_ref;
    return c;
}

struct ir_rule *ir_add_rule(struct ir_machine *m, ir_id state, struct span span)
{
    extend(&m->states[state].rules, m->rule_count);
    struct ir_rule *r = GROW(m->arena, m->rules, m->rule_count);
    r->span = span;
    r->next = no_ref;
    return r;
}

void ir_add_error(struct ir_machine *m, struct ir_slice *errors, const char *name, struct span span)
{
    extend(errors, m->name_count);
    *GROW(m->arena, m->names, m->name_count) = (struct ir_name){name, span};
}

/* ---- names to ids ---- */

/* FNV-1a over the name, begun with the scope. */
static uint32_t hash_name(ir_id scope, const char *name)
{
    uint32_t h = 2166136261u ^ (scope * 16777619u);
    for (const char *c = name; *c != '\0'; c++)
        h = (h ^ (unsigned char)*c) * 16777619u;
    return h;
}

/* The slot of the state of that name in the scope, or the empty slot where it would go. */
static ir_id *slot_of(const struct ir_machine *m, ir_id scope, const char *name)
{
    for (uint32_t i = hash_name(scope, name);; i++) {
        ir_id *slot = &m->index[i & m->index_mask];
        if (*slot == IR_NONE)
            return slot;
        const struct ir_state *s = &m->states[*slot];
        if (s->scope == scope && strcmp(s->name, name) == 0)
            return slot;
    }
}

static void make_index(struct ir_machine *m)
{
    uint32_t room = 8;
    while (room < m->state_count * 2)
        room *= 2;
    m->index = ASLRT_NEW_ARRAY(m->arena, ir_id, room);
    memset(m->index, 0xff, room * sizeof *m->index); /* all IR_NONE */
    m->index_mask = room - 1;
    for (ir_id s = 0; s < m->state_count; s++) {
        ir_id *slot = slot_of(m, m->states[s].scope, m->states[s].name);
        if (*slot == IR_NONE)
            *slot = s;
    }
}

ir_id ir_find(const struct ir_machine *m, ir_id scope, const char *name)
{
    return m->index == NULL ? IR_NONE : *slot_of(m, scope, name);
}

static void resolve(const struct ir_machine *m, ir_id scope, struct ir_ref *ref)
{
    ref->state = ref->name == NULL ? IR_NONE : ir_find(m, scope, ref->name);
}

void ir_resolve(struct ir_machine *m)
{
    make_index(m);
    for (ir_id i = 0; i < m->scope_count; i++)
        resolve(m, i, &m->scopes[i].start_at);
    for (ir_id i = 0; i < m->state_count; i++) {
        struct ir_state *s = &m->states[i];
        resolve(m, s->scope, &s->next);
        resolve(m, s->scope, &s->default_);
        for (uint32_t k = 0; k < s->rules.count; k++)
            resolve(m, s->scope, &m->rules[s->rules.first + k].next);
        for (uint32_t k = 0; k < s->catchers.count; k++)
            resolve(m, s->scope, &m->catchers[s->catchers.first + k].next);
    }
}

/* ---- reading ---- */

const char *ir_type_name(enum ir_state_type type)
{
    static const char *const names[] = {"Task", "Pass",     "Choice", "Wait",   "Succeed",
                                        "Fail", "Parallel", "Map",    "unknown"};
    assert(type <= IR_UNKNOWN);
    return names[type];
}

/* What one walk over the edges of a state carries along. */
struct edge_walk {
    ir_id from;
    bool (*visit)(void *data, const struct ir_edge *edge);
    void *data;
};

/* True to go on. */
static bool walk_edge(const struct edge_walk *w, enum ir_edge_kind kind, uint32_t index,
                      const struct ir_ref *ref)
{
    if (ref->name == NULL)
        return true;
    struct ir_edge e = {kind, w->from, ref->state, index, ref};
    return w->visit(w->data, &e);
}

void ir_edges(const struct ir_machine *m, ir_id state,
              bool (*visit)(void *data, const struct ir_edge *edge), void *data)
{
    const struct ir_state *s = &m->states[state];
    struct edge_walk w = {state, visit, data};
    if (!walk_edge(&w, IR_EDGE_NEXT, 0, &s->next))
        return;
    for (uint32_t i = 0; i < s->rules.count; i++) {
        if (!walk_edge(&w, IR_EDGE_RULE, i, &m->rules[s->rules.first + i].next))
            return;
    }
    if (!walk_edge(&w, IR_EDGE_DEFAULT, 0, &s->default_))
        return;
    for (uint32_t i = 0; i < s->catchers.count; i++) {
        if (!walk_edge(&w, IR_EDGE_CATCH, i, &m->catchers[s->catchers.first + i].next))
            return;
    }
}

void ir_put_token(struct aslrt_buffer *b, const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (*c == '~')
            aslrt_buffer_text(b, "~0");
        else if (*c == '/')
            aslrt_buffer_text(b, "~1");
        else
            aslrt_buffer_char(b, *c);
    }
}

static void put_pointer(const struct ir_machine *m, ir_id state, struct aslrt_buffer *b)
{
    const struct ir_state *s = &m->states[state];
    ir_id owner = m->scopes[s->scope].owner;
    if (owner != IR_NONE) {
        const struct ir_state *o = &m->states[owner];
        put_pointer(m, owner, b);
        if (o->type == IR_PARALLEL)
            aslrt_buffer_format(b, "/Branches/%u", s->scope - o->scopes.first);
        else
            aslrt_buffer_text(b, jnode_get(o->source, "Iterator") != NULL &&
                                         jnode_get(o->source, "ItemProcessor") == NULL
                                     ? "/Iterator"
                                     : "/ItemProcessor");
    }
    aslrt_buffer_text(b, "/States/");
    ir_put_token(b, s->name);
}

const char *ir_pointer(const struct ir_machine *m, ir_id state)
{
    struct aslrt_buffer b = aslrt_buffer_in(m->arena);
    put_pointer(m, state, &b);
    return aslrt_buffer_close(&b);
}
