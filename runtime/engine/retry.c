/*
 * retry.c - Retry: which retrier takes a failure, and how long it waits.
 *
 * spec: Errors, Retrying after error.  The first retrier whose names match decides; its tries are
 * counted for each retrier and visit to the state.  The n-th wait (from 0) is
 * IntervalSeconds * BackoffRate^n, at most MaxDelaySeconds; with JitterStrategy FULL a random part
 * of that.
 */
#include "runtime/engine/exec.h"

#include <math.h>

static int64_t delay_us(struct aslrt_execution *x, const struct aslrt_retrier *r, uint32_t tries)
{
    double seconds = r->interval_s;
    if (tries != 0) /* most failures are the first */
        seconds *= pow(r->backoff, tries);
    if (r->max_delay_s != 0 && !(seconds < r->max_delay_s))
        seconds = r->max_delay_s;
    if (r->full_jitter)
        seconds *= aslrt_random_unit(x);
    return seconds < 9e12 ? (int64_t)(seconds * 1e6) : INT64_MAX;
}

bool aslrt_retry(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_failure failure)
{
    const struct aslrt_machine *m = x->program->machine;
    const struct aslrt_slice retriers = m->states[f->state].retriers;
    for (uint32_t i = 0; i < retriers.count; i++) {
        const struct aslrt_retrier *r = &m->retriers[retriers.first + i];
        if (!aslrt_error_matches(m, r->errors, failure))
            continue;
        if (x->inspection != NULL)
            return aslrt_inspect_retry(x, r, i);
        if (f->tries == NULL)
            f->tries = aslrt_alloc_zero(x->fixed, x->program->retrier_max, sizeof *f->tries);
        if (f->tries[i] >= r->max_attempts)
            return false;
        aslrt_covered(x, ASLRT_COVERED_RETRIERS, retriers.first + i);
        int64_t delay = delay_us(x, r, f->tries[i]);
        f->tries[i]++;
        f->attempt++;
        f->reply = aslrt_undefined();
        f->phase = ASLRT_PHASE_RETRY;
        aslrt_timer_set(x, f, aslrt_time_add(x->now_us, delay));
        return true;
    }
    return false;
}
