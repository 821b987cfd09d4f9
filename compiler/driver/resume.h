/*
 * resume.h - --stop-after, --save and --resume: an execution in several runs of the program.
 *
 * The saved file is JSON: {"format": 1, "machine", "hash", "seed", "input", "calls"} (runtime's
 * replay.h says why this is all there is to save).
 */
#ifndef ASLC_RESUME_H
#define ASLC_RESUME_H

#include "compiler/driver/simulation.h"
#include "runtime/engine/replay.h"

struct resume {
    struct session *s;
    struct aslrt_replay *replay; /* NULL: none of the flags was given */
    struct aslrt_value saved;    /* of --resume, or undefined */
};

/* Puts the replay in front of the simulation's services.  False after a message. */
bool resume_open(struct session *s, struct simulation *sim, uint32_t machine, struct resume *out);
/* The input of the execution that goes on, in place of --input; NULL: it is a new one. */
const char *resume_input(struct resume *r, size_t *count);
/* Whether the execution stopped because --stop-after says so; then it is saved. */
bool resume_stopped(struct resume *r, const struct simulation *sim, uint32_t machine,
                    const char *input, size_t count);

#endif
