/*
 * assign.c - Assign: variables of a scope.
 *
 * All values are computed from what held when the state was entered, and only then set, so that
 * their order means nothing.  spec: Variables.  Quotas: one variable, all of one Assign, and all
 * variables of an execution.
 */
#include "runtime/engine/exec.h"
#include "runtime/engine/quotas.h"

static struct aslrt_failure too_large(struct aslrt_execution *x, struct aslrt_frame *f,
                                      const char *what, const char *name)
{
    return aslrt_state_failure(x, f, "States.DataLimitExceeded",
                               "The %s%s%s%s exceeds the maximum number of bytes service limit.",
                               what, name != NULL ? " '" : "", name != NULL ? name : "",
                               name != NULL ? "'" : "");
}

static bool is_assigned(const struct aslrt_machine *m, struct aslrt_slice children, uint32_t slot)
{
    for (uint32_t i = 0; i < children.count; i++)
        if (m->nodes[children.first + i].variable == slot)
            return true;
    return false;
}

/* The variables of all scopes that are at work, without those of `f` that are assigned now. */
static size_t stored_size(struct aslrt_execution *x, const struct aslrt_frame *f,
                          struct aslrt_slice children)
{
    const struct aslrt_machine *m = x->program->machine;
    size_t total = 0;
    for (uint32_t i = 1; i <= x->frame_count; i++) {
        const struct aslrt_frame *g = x->frames[i];
        if (g->phase == ASLRT_PHASE_FREE)
            continue;
        for (uint32_t k = m->scopes[g->scope].variables_before; k < g->variable_count; k++)
            if (g != f || !is_assigned(m, children, k))
                total += aslrt_size(x->arena, g->variables[k]);
    }
    return total;
}

/* The quotas on one variable, on all of one Assign, and on all variables of the execution. */
static bool variables_fit(struct aslrt_execution *x, struct aslrt_frame *f,
                          struct aslrt_slice children, const struct aslrt_value *assigned,
                          struct aslrt_failure *failure)
{
    const struct aslrt_machine *m = x->program->machine;
    /* as an array they have brackets and commas, too */
    size_t size = aslrt_size_at_most(aslrt_array(assigned, children.count), ASLRT_QUOTA_VARIABLE);
    if (size > ASLRT_QUOTA_VARIABLE) {
        size = 0;
        for (uint32_t i = 0; i < children.count; i++) {
            if (aslrt_measure(x->arena, assigned[i], ASLRT_QUOTA_VARIABLE) != ASLRT_FITS) {
                *failure =
                    too_large(x, f, "size of the variable", m->nodes[children.first + i].key);
                return false;
            }
            size += aslrt_size(x->arena, assigned[i]);
        }
        if (size > ASLRT_QUOTA_VARIABLE) {
            *failure = too_large(x, f, "total size of the variables of an Assign", NULL);
            return false;
        }
    }
    x->assigned += size;
    if (x->assigned <= ASLRT_QUOTA_VARIABLES)
        return true;
    x->assigned = size + stored_size(x, f, children);
    if (x->assigned <= ASLRT_QUOTA_VARIABLES)
        return true;
    *failure = too_large(x, f, "total size of the variables of the execution", NULL);
    return false;
}

bool aslrt_assign(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_view *view,
                  uint32_t assign, struct aslrt_value *assigned, struct aslrt_failure *failure)
{
    const struct aslrt_slice children = x->program->machine->nodes[assign].children;
    for (uint32_t i = 0; i < children.count; i++)
        if (!aslrt_evaluate(view, children.first + i, &assigned[i], failure))
            return false;
    return variables_fit(x, f, children, assigned, failure);
}

void aslrt_assign_commit(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t assign,
                         const struct aslrt_value *assigned)
{
    const struct aslrt_machine *m = x->program->machine;
    const struct aslrt_slice children = m->nodes[assign].children;
    for (uint32_t i = 0; i < children.count; i++)
        f->variables[m->nodes[children.first + i].variable] = assigned[i];
}
