/*
 * batch.h - the requests of aslc batch, one function an op: request in, reply out, both in the
 * arena.
 */
#ifndef ASLC_BATCH_H
#define ASLC_BATCH_H

#include "aslc/runtime.h"

/* {"id","language","expr","input","bindings","version","dialect","timeLimitMs","maxDepth"}
   → {"id","result"} | {"id","undefined":true} |
   {"id","error":{"code","token","position","message"}} */
struct aslrt_value batch_eval(struct aslrt_arena *arena, struct aslrt_value request);

/* {"id","definition","input","type","seed","history","mockedResponses",...}
   → {"id","status","output"|"error","cause","events"} | {"id","exception"} | {"id","error"} */
struct aslrt_value batch_run(struct aslrt_arena *arena, struct aslrt_value request);

#endif
