/*
 * run.c - executions in flight; see run.h.
 *
 * Invariant: a run is in `active` from aslrt_run_take on; once it is `over`, the next turn puts it
 * on the list of free ones, never a call that is still using it.
 */
#include "runtime/serve/run.h"

#include <stdio.h>
#include <time.h>

int64_t aslrt_serve_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- taking and giving back ---- */

static void cool(struct aslrt_run *run)
{
    if (run->execution != NULL)
        aslrt_execution_close(run->execution);
    aslrt_arena_close(run->scratch);
    aslrt_arena_close(run->arena);
    run->execution = NULL;
    run->scratch = run->arena = NULL;
}

/* Gives the run memory and an execution of that machine. */
static bool warm(struct aslrt_run *run, uint32_t machine)
{
    struct aslrt_runs *runs = run->runs;
    if (run->execution != NULL && run->machine != machine) {
        aslrt_execution_close(run->execution);
        run->execution = NULL;
    }
    run->machine = machine;
    if (run->arena == NULL)
        run->arena = aslrt_arena_open(runs->memory);
    if (run->scratch == NULL)
        run->scratch = aslrt_arena_open(runs->memory);
    if (run->execution == NULL)
        run->execution = aslrt_execution_open(runs->programs[machine], &run->env);
    return run->arena != NULL && run->scratch != NULL && run->execution != NULL;
}

/* A free run, if possible one that has run that machine before. */
static struct aslrt_run *pick(struct aslrt_runs *runs, uint32_t machine)
{
    struct aslrt_run **best = &runs->free;
    for (struct aslrt_run **p = &runs->free; *p != NULL; p = &(*p)->next)
        if ((*p)->execution != NULL && (*p)->machine == machine) {
            best = p;
            break;
        }
    struct aslrt_run *run = *best;
    if (run == NULL)
        return NULL;
    *best = run->next;
    runs->warm_count -= run->arena != NULL;
    return run;
}

static enum aslrt_status new_run(void *data)
{
    struct aslrt_runs *runs = data;
    struct aslrt_run *run = ASLRT_NEW(runs->arena, struct aslrt_run);
    run->runs = runs;
    run->next = runs->free;
    runs->free = run;
    return ASLRT_OK;
}

struct aslrt_run *aslrt_run_take(struct aslrt_runs *runs, uint32_t machine)
{
    if (runs->active_count >= ASLRT_RUNS_MAX)
        return NULL;
    if (runs->free == NULL && aslrt_protect(runs->memory, new_run, runs) != ASLRT_OK)
        return NULL;
    struct aslrt_run *run = pick(runs, machine);
    run->env = (struct aslrt_env){
        .seed = runs->seed++,
        .real_time = true,
        .time_scale = runs->time_scale,
        .services = runs->services,
        .service_count = runs->service_count,
    };
    run->over = false;
    run->wake_us = INT64_MAX;
    run->next = runs->active;
    runs->active = run;
    runs->active_count++;
    if (warm(run, machine))
        return run;
    run->over = true;
    return NULL;
}

void aslrt_run_drop(struct aslrt_run *run)
{
    run->over = true;
}

static void put_back(struct aslrt_run *run)
{
    struct aslrt_runs *runs = run->runs;
    if (runs->warm_count >= ASLRT_RUNS_WARM) {
        cool(run);
    } else if (run->arena != NULL) {
        aslrt_arena_reset(run->arena);
        runs->warm_count++;
    }
    run->user = NULL;
    run->next = runs->free;
    runs->free = run;
    runs->active_count--;
}

/* ---- running ---- */

static int64_t machine_now(const struct aslrt_run *run)
{
    double scale = run->env.time_scale > 0 ? run->env.time_scale : 1;
    return run->machine_us + (int64_t)((double)(aslrt_serve_now_us() - run->wall_us) * scale);
}

static int64_t wall_of(const struct aslrt_run *run, int64_t machine_us)
{
    double scale = run->env.time_scale > 0 ? run->env.time_scale : 1;
    return run->wall_us + (int64_t)((double)(machine_us - run->machine_us) / scale);
}

static void finish(struct aslrt_run *run, const struct aslrt_outcome *outcome, const char *problem)
{
    run->over = true;
    run->runs->done(run->runs->self, run, outcome, problem);
}

/* Asks the services in turn until one knows the call. */
static enum aslrt_status call(struct aslrt_run *run, const struct aslrt_effect *effect)
{
    enum aslrt_status status = ASLRT_MISUSE;
    struct aslrt_reply reply = {.result = aslrt_undefined()};
    aslrt_arena_reset(run->scratch);
    for (uint32_t i = 0; i < run->env.service_count && status == ASLRT_MISUSE; i++) {
        const struct aslrt_service *s = run->env.services[i];
        reply = (struct aslrt_reply){.result = aslrt_undefined()};
        status = s->call(s->self, &effect->call, run->scratch, &reply);
    }
    if (status != ASLRT_OK)
        return status;
    if (reply.error != NULL)
        return aslrt_task_fail(run->execution, effect->frame, reply.error, reply.cause, 0);
    return aslrt_task_succeed(run->execution, effect->frame, reply.result, 0);
}

/* Runs until the execution waits or is over. */
static void advance(struct aslrt_run *run)
{
    enum aslrt_status status = ASLRT_OK;
    while (status == ASLRT_OK) {
        struct aslrt_effect effect;
        aslrt_wait_over(run->execution, machine_now(run));
        status = aslrt_step(run->execution, &effect);
        if (status != ASLRT_OK)
            break;
        if (effect.kind == ASLRT_EFFECT_END) {
            finish(run, &effect.outcome, NULL);
            return;
        }
        if (effect.kind == ASLRT_EFFECT_WAIT) {
            run->wake_us = wall_of(run, effect.until_us);
            return;
        }
        status = call(run, &effect);
        if (status == ASLRT_MISUSE) {
            char problem[300];
            snprintf(problem, sizeof problem, "state '%s': nothing answers '%s' here",
                     effect.call.state, effect.call.resource);
            finish(run, NULL, problem);
            return;
        }
    }
    finish(run, NULL, status == ASLRT_NOMEM ? "out of memory" : aslrt_problem(run->execution));
}

void aslrt_run_start(struct aslrt_run *run, const char *input, size_t count)
{
    struct aslrt_value value;
    struct aslrt_json_error error = {"", 0, 0, 0};
    run->wall_us = run->machine_us = aslrt_serve_now_us();
    enum aslrt_status status = aslrt_json_read(run->arena, input, count, &value, &error);
    if (status != ASLRT_OK) {
        finish(run, NULL, status == ASLRT_NOMEM ? "out of memory" : error.message);
        return;
    }
    status = aslrt_start(run->execution, value, NULL);
    if (status != ASLRT_OK) {
        finish(run, NULL, aslrt_problem(run->execution));
        return;
    }
    advance(run);
}

int64_t aslrt_runs_turn(struct aslrt_runs *runs)
{
    int64_t now_us = aslrt_serve_now_us();
    int64_t next_us = INT64_MAX;
    for (struct aslrt_run **p = &runs->active; *p != NULL;) {
        struct aslrt_run *run = *p;
        if (!run->over && run->wake_us <= now_us) {
            run->wake_us = INT64_MAX;
            advance(run);
        }
        if (run->over) {
            *p = run->next;
            put_back(run);
            continue;
        }
        if (run->wake_us < next_us)
            next_us = run->wake_us;
        p = &run->next;
    }
    if (next_us == INT64_MAX)
        return INT64_MAX;
    return next_us > now_us ? next_us - now_us : 0;
}

void aslrt_runs_close(struct aslrt_runs *runs)
{
    for (struct aslrt_run *run = runs->active; run != NULL; run = run->next)
        cool(run);
    for (struct aslrt_run *run = runs->free; run != NULL; run = run->next)
        cool(run);
    runs->active = runs->free = NULL;
}
