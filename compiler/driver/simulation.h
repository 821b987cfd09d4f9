/*
 * simulation.h - a unit's machines, loaded and ready to run here: tables, programs, store,
 * services.
 *
 * In: a unit without errors.  Out: programs that `run` and `serve` execute.  This is where the
 * compiler meets the engine.
 */
#ifndef ASLC_SIMULATION_H
#define ASLC_SIMULATION_H

#include "compiler/driver/session.h"

struct simulation {
    struct aslrt_memory *memory; /* of the running side; separate from the compiler's */
    struct aslrt_store *store;
    const struct aslrt_service *services[8]; /* in the order in which they are asked */
    bool again[8]; /* the service keeps what it does in memory: see runtime/engine/replay.h */
    const struct aslrt_machine **machines;
    struct aslrt_program **programs;
    uint32_t count;
    struct aslrt_env env;
};

/* False after a message or diagnostics; the simulation is then closed. */
bool simulation_open(struct session *s, const struct unit *unit, struct simulation *out);
enum service_place { SERVICE_FIRST, SERVICE_LAST };
/* Asked before the others, or when none of them knows a call (that is one outside of the process).
   At most seven. */
void simulation_add_service(struct simulation *simulation, const struct aslrt_service *service,
                            enum service_place place);
void simulation_close(struct simulation *simulation);

#endif
