/*
 * ir_check.c - asserts what holds for every machine, right or wrong; see ir.h.
 *
 * A failure here is a bug of the pass that ran last, never the user's mistake.
 */
#include "compiler/ir/ir.h"

#include <assert.h>

static void check_slice(struct ir_slice s, uint32_t pool_count)
{
    assert(s.count == 0 || (s.first < pool_count && s.count <= pool_count - s.first));
    (void)s;
    (void)pool_count;
}

/* A resolved reference means a state of that name in that scope. */
static void check_ref(const struct ir_machine *m, ir_id scope, const struct ir_ref *ref)
{
    if (ref->state == IR_NONE)
        return;
    assert(ref->name != NULL && ref->state < m->state_count);
    assert(m->states[ref->state].scope == scope);
    assert(strcmp(m->states[ref->state].name, ref->name) == 0);
    (void)m;
    (void)scope;
}

static void check_errors(const struct ir_machine *m, struct ir_slice errors)
{
    check_slice(errors, m->name_count);
    for (uint32_t i = 0; i < errors.count; i++)
        assert(m->names[errors.first + i].text != NULL);
}

static void check_state(const struct ir_machine *m, ir_id id)
{
    const struct ir_state *s = &m->states[id];
    assert(s->name != NULL && s->scope < m->scope_count && s->type <= IR_UNKNOWN);
    const struct ir_slice siblings = m->scopes[s->scope].states;
    assert(id >= siblings.first && id - siblings.first < siblings.count);
    (void)siblings;
    check_ref(m, s->scope, &s->next);
    check_ref(m, s->scope, &s->default_);
    check_slice(s->retriers, m->retrier_count);
    for (uint32_t i = 0; i < s->retriers.count; i++)
        check_errors(m, m->retriers[s->retriers.first + i].errors);
    check_slice(s->catchers, m->catcher_count);
    for (uint32_t i = 0; i < s->catchers.count; i++) {
        const struct ir_catcher *c = &m->catchers[s->catchers.first + i];
        check_errors(m, c->errors);
        check_ref(m, s->scope, &c->next);
    }
    check_slice(s->rules, m->rule_count);
    for (uint32_t i = 0; i < s->rules.count; i++)
        check_ref(m, s->scope, &m->rules[s->rules.first + i].next);
    check_slice(s->scopes, m->scope_count);
    assert(s->scopes.count == 0 || s->type == IR_PARALLEL || s->type == IR_MAP);
    assert(s->scopes.count <= 1 || s->type == IR_PARALLEL);
    for (uint32_t i = 0; i < s->scopes.count; i++)
        assert(m->scopes[s->scopes.first + i].owner == id);
}

/* Every scope but the top belongs to a state that stands before all of its states. */
static void check_scope(const struct ir_machine *m, ir_id id)
{
    const struct ir_scope *scope = &m->scopes[id];
    check_slice(scope->states, m->state_count);
    check_ref(m, id, &scope->start_at);
    assert((scope->owner == IR_NONE) == (id == 0));
    if (scope->owner == IR_NONE)
        return;
    assert(scope->owner < m->state_count);
    const struct ir_state *owner = &m->states[scope->owner];
    assert(owner->scope < id);
    assert(id >= owner->scopes.first && id - owner->scopes.first < owner->scopes.count);
    assert(scope->states.count == 0 || scope->owner < scope->states.first);
    (void)owner;
}

void ir_check(const struct ir_machine *m)
{
    assert(m->arena != NULL && m->scope_count != 0);
    for (ir_id i = 0; i < m->scope_count; i++)
        check_scope(m, i);
    for (ir_id i = 0; i < m->state_count; i++)
        check_state(m, i);
}
