/*
 * catch.c - which names of a retrier or a catcher take which error.
 *
 * spec: Errors, Fallback states.  Where the service and the specification differ, the service
 * counts: States.Runtime is taken by nothing, not even by its own name; States.TaskFailed takes
 * every error but States.Timeout; States.DataLimitExceeded reaches this point only for a task's
 * parameters and result and for variables, and is then an error like others.  A missed heartbeat is
 * a States.Timeout that States.HeartbeatTimeout takes, too; States.ReferencePathConflict is
 * documented as States.ResultPathMatchFailure, and both names take it.
 */
#include "runtime/engine/exec.h"

bool aslrt_error_matches(const struct aslrt_machine *m, struct aslrt_slice names,
                         struct aslrt_failure failure)
{
    struct aslrt_value error = failure.error;
    if (aslrt_is(error, "States.Runtime"))
        return false;
    for (uint32_t i = 0; i < names.count; i++) {
        const char *name = m->names[names.first + i];
        if (aslrt_is(error, name) || strcmp(name, "States.ALL") == 0 ||
            (failure.heartbeat && strcmp(name, "States.HeartbeatTimeout") == 0) ||
            (strcmp(name, "States.ResultPathMatchFailure") == 0 &&
             aslrt_is(error, "States.ReferencePathConflict")) ||
            (strcmp(name, "States.TaskFailed") == 0 && !aslrt_is(error, "States.Timeout")))
            return true;
    }
    return false;
}

const struct aslrt_catcher *aslrt_catcher_for(struct aslrt_execution *x, struct aslrt_frame *f,
                                              struct aslrt_failure failure)
{
    const struct aslrt_machine *m = x->program->machine;
    const struct aslrt_slice catchers = m->states[f->state].catchers;
    for (uint32_t i = 0; i < catchers.count; i++) {
        const struct aslrt_catcher *c = &m->catchers[catchers.first + i];
        if (aslrt_error_matches(m, c->errors, failure))
            return c;
    }
    return NULL;
}
