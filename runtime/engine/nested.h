/*
 * nested.h - Step Functions as a service of its own machines: nested executions and task tokens.
 *
 * Answers startExecution (plain, .sync, .sync:2, .waitForTaskToken) of `states`, and aws-sdk:sfn's
 * startExecution, startSyncExecution, sendTaskSuccess, sendTaskFailure and sendTaskHeartbeat.
 * In: "machines": {"ARN or name": M}, where M is {"definition","type"} of a machine that runs, or
 * what stands for it: {"return": output} | {"throw": {"error","cause"}} | {"missing": true}.
 * A child runs to its end within its parent's call, on the same services, from the parent's time
 * on; in the parent the end arrives when it would have.  Ownership: everything lives in the arena.
 */
#ifndef ASLRT_NESTED_H
#define ASLRT_NESTED_H

#include "runtime/engine/request.h"

struct aslrt_nested;

/* `source` makes machines of {"definition"} (NULL: nothing runs); `env` is the parent's. */
struct aslrt_nested *aslrt_nested_new(struct aslrt_arena *arena, struct aslrt_value machines,
                                      const struct aslrt_machine_source *source,
                                      const struct aslrt_env *env);
const struct aslrt_service *aslrt_nested_service(struct aslrt_nested *nested);

#endif
