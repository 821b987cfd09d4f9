/*
 * variables.c - does an inner scope set a variable of an outer one?
 *
 * A504 a name that an Assign sets in a branch or an iteration and another in a scope around it. The
 * developer guide forbids it; the service was seen to take such a machine, and the two are then two
 * variables.  A distributed Map sees no variables of the outside (guide: Scope of variables).
 */
#include "compiler/base/text_index.h"
#include "compiler/verify/verify_int.h"

struct variables {
    struct verify *v;
    struct text_index *of; /* of each scope: its names, each with the state that sets it first */
};

/* What to do with a name that a state sets. */
typedef void visit(struct variables *x, ir_id state, const char *name, uint32_t count,
                   struct span at);

static void visit_object(struct variables *x, ir_id state, const struct jnode *assign, visit *f)
{
    for (uint32_t i = 0; jnode_is(assign, J_OBJECT) && i < assign->count; i++) {
        const struct jmember *m = &assign->members[i];
        bool template = x->v->m->states[state].language == IR_JSONPATH && m->key_count > 2 &&
                        memcmp(m->key + m->key_count - 2, ".$", 2) == 0;
        f(x, state, m->key, m->key_count - (template ? 2 : 0), m->key_span);
    }
}

/* All that a state sets: itself, its rules, its catchers. */
static void visit_state(struct variables *x, ir_id id, visit *f)
{
    const struct ir_machine *m = x->v->m;
    const struct ir_state *s = &m->states[id];
    visit_object(x, id, s->assign, f);
    for (uint32_t i = 0; i < s->rules.count; i++)
        visit_object(x, id, m->rules[s->rules.first + i].assign, f);
    for (uint32_t i = 0; i < s->catchers.count; i++)
        visit_object(x, id, m->catchers[s->catchers.first + i].assign, f);
}

static void collect(struct variables *x, ir_id state, const char *name, uint32_t count,
                    struct span at)
{
    (void)at;
    text_index_add(x->v->arena, &x->of[x->v->m->states[state].scope], name, count, state);
}

/* The state of a scope around this one that sets the name, or IR_NONE. */
static ir_id set_outside(const struct variables *x, ir_id scope, const char *name, uint32_t count)
{
    const struct ir_machine *m = x->v->m;
    for (ir_id owner = m->scopes[scope].owner; owner != IR_NONE; owner = m->scopes[scope].owner) {
        if (m->states[owner].type == IR_MAP && m->states[owner].distributed)
            return IR_NONE;
        scope = m->states[owner].scope;
        const struct text_index_entry *e = text_index_find(&x->of[scope], name, count);
        if (e != NULL)
            return e->value;
    }
    return IR_NONE;
}

static void check(struct variables *x, ir_id state, const char *name, uint32_t count,
                  struct span at)
{
    const struct ir_machine *m = x->v->m;
    ir_id outer = set_outside(x, m->states[state].scope, name, count);
    if (outer == IR_NONE)
        return;
    struct diag *d = verify_report(
        x->v, DIAG_VARIABLE_SCOPE, state, at.source != 0 ? at : m->states[state].name_span,
        "/Assign", "'%.*s' is set here and in a scope around this one", (int)count, name);
    diag_label(d, m->states[outer].name_span, "'%s' sets it outside", m->states[outer].name);
    diag_note(d, "what is set here is gone when the branch or iteration ends, and the outer "
                 "variable is as before");
    diag_help(d, "give one of the two another name, and hand the value out as the output");
    diag_end(d);
}

void verify_variables(struct verify *v)
{
    const struct ir_machine *m = v->m;
    struct variables x = {v, ASLRT_NEW_ARRAY(v->arena, struct text_index, m->scope_count + 1u)};
    if (m->scope_count < 2)
        return;
    for (ir_id id = 0; id < m->state_count; id++)
        visit_state(&x, id, collect);
    for (ir_id id = 0; id < m->state_count; id++)
        visit_state(&x, id, check);
}
