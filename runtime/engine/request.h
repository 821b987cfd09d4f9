/*
 * request.h - run requests: one JSON object in, one out.
 *
 * What `aslc batch` and a native program's --requests understand as {"op": "run", ...}; the members
 * are those of the project's documentation: definition, input, type, seed, history,
 * mockedResponses, functions, tables, name, executionName, startTime, maxEvents.  Where the machine
 * comes from is the caller's: the driver reads the definition, a native program has its own.
 */
#ifndef ASLRT_REQUEST_H
#define ASLRT_REQUEST_H

#include "runtime/engine/inspect.h"

/* Gives the machine of a request.  ASLRT_FAILED: *refusal is a member for the reply, {"exception":
   {"code","message"}} or {"error": {...}}, as an object. */
struct aslrt_machine_source {
    void *data;
    enum aslrt_status (*machine)(void *data, struct aslrt_value request, struct aslrt_arena *arena,
                                 const struct aslrt_machine **out, struct aslrt_value *refusal);
    /* The counters of what executions of the machine take; NULL: not counted. */
    struct aslrt_coverage *(*coverage)(void *data, const struct aslrt_machine *machine);
};

/* Runs the request.  The reply lives in `arena`:
   {"id","status","output"|"error","cause","events"?}, or {"id","error":{"code","message"}} when it
   could not be run.  ASLRT_NOMEM and ASLRT_LIMIT are of the arena's account. */
enum aslrt_status aslrt_request_run(struct aslrt_arena *arena, struct aslrt_value request,
                                    const struct aslrt_machine_source *source,
                                    struct aslrt_value *reply);

/* One state of a machine, tested on the services of a request (TestState).  `done` makes the reply
   while the execution, whose values it reads, is still there. */
struct aslrt_request_inspection {
    const struct aslrt_machine *machine;
    uint32_t state;
    struct aslrt_value input;
    struct aslrt_inspection *inspection;
    void *data;
    enum aslrt_status (*done)(void *data, struct aslrt_execution *execution,
                              enum aslrt_status status);
};
enum aslrt_status aslrt_request_inspect(struct aslrt_arena *arena, struct aslrt_value request,
                                        const struct aslrt_request_inspection *inspection);

#endif
