/*
 * assign.c - Assign: variables of a scope.
 *
 * All values are computed from what held when the state was entered, and only then set, so that
 * their order means nothing.  spec: Variables.  Quotas: one variable, and all of one Assign.
 */
#include "runtime/engine/exec.h"
#include "runtime/engine/quotas.h"

static bool variable_fits(struct aslrt_execution *x, struct aslrt_frame *f, const char *name,
                          struct aslrt_value value, struct aslrt_failure *failure)
{
    if (aslrt_measure(x->arena, value, ASLRT_QUOTA_VARIABLE) == ASLRT_FITS)
        return true;
    *failure = aslrt_state_failure(x, f, "States.DataLimitExceeded",
                                   "The size of the variable '%s' exceeds the maximum number of "
                                   "bytes service limit.",
                                   name);
    return false;
}

bool aslrt_assign(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_view *view,
                  uint32_t assign, struct aslrt_value *assigned, struct aslrt_failure *failure)
{
    const struct aslrt_machine *m = x->program->machine;
    const struct aslrt_slice children = m->nodes[assign].children;
    for (uint32_t i = 0; i < children.count; i++) {
        uint32_t node = children.first + i;
        if (!aslrt_evaluate(view, node, &assigned[i], failure) ||
            !variable_fits(x, f, m->nodes[node].key, assigned[i], failure))
            return false;
    }
    return true;
}

void aslrt_assign_commit(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t assign,
                         const struct aslrt_value *assigned)
{
    const struct aslrt_machine *m = x->program->machine;
    const struct aslrt_slice children = m->nodes[assign].children;
    for (uint32_t i = 0; i < children.count; i++)
        f->variables[m->nodes[children.first + i].variable] = assigned[i];
}
