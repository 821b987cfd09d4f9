/*
 * run.h - executions in flight: started by a request, run until they wait, resumed when it is time.
 *
 * In: the text of an input.  Out: the end of the execution, through `done`.
 * The services of the machines' tasks answer at once, in the loop's thread; only waits (Wait
 * states, pauses before a retry) put an execution aside.  Time is the wall's, or runs faster by
 * time_scale. Ownership: the runs own their executions and give each request an arena of its own
 * until it is done.
 */
#ifndef ASLRT_RUN_H
#define ASLRT_RUN_H

#include "runtime/base/arena.h"

enum {
    ASLRT_RUNS_MAX = 1024, /* executions at the same time; one more is turned away */
    ASLRT_RUNS_WARM = 64,  /* whose memory is kept for the next requests */
};

struct aslrt_run;

struct aslrt_runs {
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;       /* of the run structs, which are used again */
    struct aslrt_program **programs; /* by machine */
    const struct aslrt_service *const *services;
    uint32_t service_count;
    double time_scale;
    uint64_t seed; /* of the next execution */
    struct aslrt_run *active, *free;
    uint32_t active_count, warm_count;
    /* The end of a run: its outcome, or NULL with the reason why there is none.  Called once. */
    void (*done)(void *self, struct aslrt_run *run, const struct aslrt_outcome *outcome,
                 const char *problem);
    void *self;
};

struct aslrt_run {
    struct aslrt_runs *runs;
    struct aslrt_run *next;
    void *user;                /* whose run it is */
    struct aslrt_arena *arena; /* the request's: valid until `done` returns */

    struct aslrt_arena *scratch; /* replies of services */
    struct aslrt_execution *execution;
    uint32_t machine; /* of the execution */
    struct aslrt_env env;
    int64_t wall_us, machine_us; /* the same moment on both clocks */
    int64_t wake_us;             /* of the wall: when to go on */
    bool over;
};

/* A run for that machine with an empty arena, or NULL: too many, or no memory. */
struct aslrt_run *aslrt_run_take(struct aslrt_runs *runs, uint32_t machine);
/* Starts it with an input that is in its arena.  `done` may be called before this returns. */
void aslrt_run_start(struct aslrt_run *run, const char *input, size_t count);
/* Gives back a run that was taken and not started. */
void aslrt_run_drop(struct aslrt_run *run);
/* Goes on with every run whose time has come.  Gives the microseconds until the next one's;
   INT64_MAX: none waits. */
int64_t aslrt_runs_turn(struct aslrt_runs *runs);
/* Ends everything without a word. */
void aslrt_runs_close(struct aslrt_runs *runs);

/* Microseconds since 1970 by the wall's clock. */
int64_t aslrt_serve_now_us(void);

#endif
