/*
 * batch.h - the requests of aslc batch, one function an op: request in, reply out, both in the
 * arena.
 */
#ifndef ASLC_BATCH_H
#define ASLC_BATCH_H

#include "runtime/engine/request.h"

/* What the runs of a batch take of each machine, by its hash. */
struct batch_coverage {
    struct aslrt_arena *arena; /* of the counters; outlives the requests */
    struct aslrt_coverage **list;
    uint32_t count, room;
};

/* {"id","language","expr","input","bindings","version","dialect","timeLimitMs","maxDepth"}
   → {"id","result"} | {"id","undefined":true} |
   {"id","error":{"code","token","position","message"}} */
struct aslrt_value batch_eval(struct aslrt_arena *arena, struct aslrt_value request);

/* {"id","definition","input","type","seed","history","mockedResponses",...}
   → {"id","status","output"|"error","cause","events"} | {"id","exception"} | {"id","error"}
   `coverage` NULL: nothing is counted. */
struct aslrt_value batch_run(struct aslrt_arena *arena, struct aslrt_value request,
                             struct batch_coverage *coverage);

/* Makes machines of {"definition","type"}, as run requests have them. */
const struct aslrt_machine_source *batch_machine_source(void);

/* {"id","definition","type","name","loggingConfiguration","versionDescription","publish",
   "existing":[{name,definition,type}],"logGroups":["arn"]} → {"id","result":"OK"} |
   {"id","exception":{"code","message"}} as CreateStateMachine answers; with neither "existing" nor
   "logGroups" nothing exists yet and every log group does. */
struct aslrt_value batch_create(struct aslrt_arena *arena, struct aslrt_value request);

/* {"id","definition","type","severity","maxResults"} → {"id","result":"OK"|"FAIL","diagnostics":
   [{severity,code,message,location}],"truncated"} as ValidateStateMachineDefinition answers. */
struct aslrt_value batch_validate(struct aslrt_arena *arena, struct aslrt_value request);

/* {"id","definition","stateName","input","inspectionLevel","mock","context","stateConfiguration",
   "variables","roleArn"} and what a run request has for services → the members that the TestState
   API answers | {"id","exception"} | {"id","error"} */
struct aslrt_value batch_test_state(struct aslrt_arena *arena, struct aslrt_value request);

#endif
