/*
 * command.h - running a program of this machine on a text.
 *
 * In: a command for the shell, its standard input, its time.  Out: what it printed, in the arena,
 * and how it ended.  Its standard error goes where ours goes.  What the command started and left
 * running holds the call up, and is ended with it when the time is over.
 */
#ifndef ASLRT_COMMAND_H
#define ASLRT_COMMAND_H

#include "runtime/base/arena.h"

struct aslrt_command {
    const char *line;     /* for sh -c */
    const char *variable; /* "NAME=value" for its environment, or NULL */
    const char *input;
    size_t input_count;
    size_t output_limit; /* bytes; what writes more is ended */
    int time_limit_ms;

    const char *output; /* out */
    size_t output_count;
    int exit_code;            /* out: as a shell counts, 128 + the signal */
    bool timed_out, too_long; /* out */
    char problem[256];        /* out, when it could not be run */
};

/* False when it could not be run. */
bool aslrt_command_run(struct aslrt_arena *arena, struct aslrt_command *c);

#endif
