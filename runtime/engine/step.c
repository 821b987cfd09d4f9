/*
 * step.c - the machine's way from state to state.
 *
 * aslrt_step takes frames that can go on, in the order in which they became ready, and runs each
 * until it needs something from outside: a task's reply, time, or nothing more.  Every way into a
 * state, out of it, and out of a scope passes through here; what a state does stands in the file of
 * its family.
 * Invariant: outside of this file's functions, a frame that isn't free is in the ready ring, has a
 * timer, or waits for a reply.
 */
#include "runtime/engine/exec.h"
#include "runtime/engine/quotas.h"

void aslrt_make_ready(struct aslrt_execution *x, struct aslrt_frame *f)
{
    if (x->ready_count == x->ready_room) {
        uint32_t room = x->ready_room == 0 ? 8 : x->ready_room * 2;
        uint32_t *ready = aslrt_alloc(x->fixed, room * sizeof *ready);
        for (uint32_t i = 0; i < x->ready_count; i++)
            ready[i] = x->ready[(x->ready_first + i) & (x->ready_room - 1)];
        x->ready = ready;
        x->ready_first = 0;
        x->ready_room = room;
    }
    x->ready[(x->ready_first + x->ready_count++) & (x->ready_room - 1)] = f->id;
    f->queued = true;
}

/* Takes a frame out of the ring, wherever it stands. */
void aslrt_not_ready(struct aslrt_execution *x, struct aslrt_frame *f)
{
    uint32_t kept = 0;
    if (!f->queued)
        return;
    f->queued = false;
    for (uint32_t i = 0; i < x->ready_count; i++) {
        uint32_t id = x->ready[(x->ready_first + i) & (x->ready_room - 1)];
        if (id != f->id)
            x->ready[(x->ready_first + kept++) & (x->ready_room - 1)] = id;
    }
    x->ready_count = kept;
}

static struct aslrt_frame *take_ready(struct aslrt_execution *x)
{
    if (x->ready_count == 0)
        return NULL;
    uint32_t id = x->ready[x->ready_first];
    x->ready_first = (x->ready_first + 1) & (x->ready_room - 1);
    x->ready_count--;
    x->frames[id]->queued = false;
    return x->frames[id];
}

void aslrt_end(struct aslrt_execution *x, enum aslrt_run_status status)
{
    x->outcome.status = status;
    x->outcome.stop_us = x->now_us;
}

/* ---- into a state and out of it ---- */

static void enter(struct aslrt_execution *x, struct aslrt_frame *f)
{
    f->attempt = x->inspection != NULL ? f->attempt : 0;
    f->entered_us = x->now_us;
    f->before_event = f->last_event;
    if (f->tries != NULL)
        memset(f->tries, 0, x->program->retrier_max * sizeof *f->tries);
    aslrt_covered(x, ASLRT_COVERED_STATES, f->state);
    aslrt_event_entered(x, f);
    f->entered_event = f->last_event;
}

static enum aslrt_move scope_succeeds(struct aslrt_execution *x, struct aslrt_frame *f,
                                      struct aslrt_value output)
{
    if (f->parent != 0) {
        aslrt_child_succeeded(x, f);
        return ASLRT_MOVE_STOP;
    }
    x->outcome.output = output;
    f->phase = ASLRT_PHASE_FREE;
    aslrt_end(x, ASLRT_SUCCEEDED);
    aslrt_event_ended(x, f->last_event);
    return ASLRT_MOVE_STOP;
}

static enum aslrt_move scope_fails(struct aslrt_execution *x, struct aslrt_frame *f,
                                   struct aslrt_failure failure)
{
    if (f->parent != 0) {
        aslrt_child_failed(x, f, failure);
        return ASLRT_MOVE_STOP;
    }
    x->outcome.error = failure.error;
    x->outcome.cause = failure.cause;
    f->phase = ASLRT_PHASE_FREE;
    aslrt_end(x, ASLRT_RUN_FAILED);
    aslrt_event_ended(x, f->last_event);
    return ASLRT_MOVE_STOP;
}

/* The frame goes to `next` with that input; the scope ends when there is no next state. */
static enum aslrt_move go(struct aslrt_execution *x, struct aslrt_frame *f,
                          struct aslrt_value input, uint32_t next)
{
    f->input = input;
    f->reply = aslrt_undefined();
    f->failure = (struct aslrt_failure){aslrt_undefined(), aslrt_undefined(), false};
    f->token[0] = '\0';
    if (x->inspection != NULL)
        x->inspection->next = next;
    if (next == ASLRT_NONE || x->inspection != NULL)
        return scope_succeeds(x, f, input);
    f->state = next;
    f->phase = ASLRT_PHASE_ENTER;
    return ASLRT_MOVE_ON;
}

static void count_way(struct aslrt_execution *x, const struct aslrt_frame *f,
                      const struct aslrt_leaving *way)
{
    if (way->rule != ASLRT_NONE)
        aslrt_covered(x, ASLRT_COVERED_RULES, way->rule);
    else if (way->catcher != ASLRT_NONE)
        aslrt_covered(x, ASLRT_COVERED_CATCHERS, way->catcher);
    else
        aslrt_covered(x, ASLRT_COVERED_NEXT, f->state);
}

/* The quota on what a state hands on.  An unchanged input, and a task's result, were measured when
   they came. */
static bool output_fits(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value output,
                        struct aslrt_failure *failure)
{
    if (aslrt_is_same(output, f->input) || aslrt_is_same(output, f->reply))
        return true;
    enum aslrt_fit fit = aslrt_measure(x->arena, output, ASLRT_QUOTA_PAYLOAD);
    if (fit == ASLRT_FITS)
        return true;
    struct aslrt_buffer text = aslrt_buffer_in(x->arena);
    const char *name = aslrt_state_of(x, f)->name;
    if (fit == ASLRT_TOO_LARGE)
        aslrt_buffer_format(&text,
                            "The state/task '%s' returned a result with a size exceeding the "
                            "maximum number of bytes service limit.",
                            name);
    else
        aslrt_buffer_format(
            &text, "The state/task '%s' returned a result that is nested too deeply.", name);
    *failure = aslrt_failure_of(x, "States.DataLimitExceeded", aslrt_buffer_close(&text));
    return false;
}

/* Output, Assign (both from the values at entry) and the transition.  What goes wrong on the way is
   for `otherwise`: a retrier and a catcher may take it, except when a catcher is at work. */
static enum aslrt_move finish(struct aslrt_execution *x, struct aslrt_frame *f,
                              struct aslrt_view *view, const struct aslrt_leaving *way,
                              enum aslrt_move (*otherwise)(struct aslrt_execution *,
                                                           struct aslrt_frame *,
                                                           struct aslrt_failure))
{
    struct aslrt_value output = way->value;
    struct aslrt_value *assigned = NULL;
    struct aslrt_failure failure;
    if (way->output != ASLRT_NONE && !aslrt_evaluate(view, way->output, &output, &failure))
        return otherwise(x, f, failure);
    if (way->assign != ASLRT_NONE) {
        uint32_t count = x->program->machine->nodes[way->assign].children.count;
        assigned = aslrt_alloc_zero(x->arena, count, sizeof *assigned);
        if (!aslrt_assign(x, f, view, way->assign, assigned, &failure))
            return otherwise(x, f, failure);
    }
    if (!output_fits(x, f, output, &failure))
        return scope_fails(x, f, failure);
    aslrt_event_exited(x, f, output, way->assign, assigned);
    if (way->assign != ASLRT_NONE)
        aslrt_assign_commit(x, f, way->assign, assigned);
    count_way(x, f, way);
    return go(x, f, output, way->next);
}

enum aslrt_move aslrt_leave(struct aslrt_execution *x, struct aslrt_frame *f,
                            struct aslrt_view *view, struct aslrt_leaving *way)
{
    if (aslrt_state_of(x, f)->language == ASLRT_JSONPATH) {
        struct aslrt_failure failure;
        view->input = way->value; /* what "$" means in Assign */
        if (!aslrt_output_of(x, f, way->value, &way->value, &failure))
            return aslrt_fail(x, f, failure);
    }
    return finish(x, f, view, way, aslrt_fail);
}

static struct aslrt_value or_null(struct aslrt_value v)
{
    return v.kind != ASLRT_UNDEFINED ? v : aslrt_null();
}

/* $states.errorOutput, and what a catcher without an Output hands on. */
static struct aslrt_value error_output(struct aslrt_execution *x, struct aslrt_failure failure)
{
    struct aslrt_member *members = aslrt_alloc(x->arena, 2 * sizeof *members);
    members[0] = (struct aslrt_member){aslrt_text("Error"), or_null(failure.error)};
    members[1] = (struct aslrt_member){aslrt_text("Cause"), or_null(failure.cause)};
    return aslrt_object(members, 2);
}

static void note_catcher(struct aslrt_execution *x, const struct aslrt_frame *f,
                         const struct aslrt_catcher *c, struct aslrt_failure failure)
{
    const struct aslrt_machine *m = x->program->machine;
    x->inspection->catcher = (int32_t)(c - &m->catchers[m->states[f->state].catchers.first]);
    x->inspection->status = ASLRT_TESTED_CAUGHT;
    x->outcome.error = failure.error;
    x->outcome.cause = failure.cause;
}

enum aslrt_move aslrt_fail(struct aslrt_execution *x, struct aslrt_frame *f,
                           struct aslrt_failure failure)
{
    if (aslrt_retry(x, f, failure))
        return x->inspection == NULL ? ASLRT_MOVE_STOP : scope_fails(x, f, failure);
    enum aslrt_state_type type = aslrt_state_of(x, f)->type;
    if ((type == ASLRT_STATE_PARALLEL || type == ASLRT_STATE_MAP) &&
        !aslrt_is(failure.error, "States.Runtime"))
        aslrt_event_join_failed(x, f);
    const struct aslrt_catcher *c = aslrt_catcher_for(x, f, failure);
    if (c == NULL)
        return scope_fails(x, f, failure);
    if (x->inspection != NULL)
        note_catcher(x, f, c, failure);
    struct aslrt_view view = aslrt_view_of(x, f);
    struct aslrt_leaving way = {error_output(x, failure), c->output, c->assign, c->next,
                                .catcher = (uint32_t)(c - x->program->machine->catchers)};
    view.error_output = way.value;
    if (aslrt_state_of(x, f)->language == ASLRT_JSONPATH) {
        view.input = way.value;
        if (c->result_path != ASLRT_NONE &&
            !aslrt_put_result(x, c->result_path, f->input, way.value, &way.value, &failure))
            return scope_fails(x, f, failure);
    }
    return finish(x, f, &view, &way, scope_fails);
}

/* ---- stepping ---- */

static enum aslrt_move do_state(struct aslrt_execution *x, struct aslrt_frame *f)
{
    switch (aslrt_state_of(x, f)->type) {
    case ASLRT_STATE_TASK:
        return aslrt_do_task(x, f);
    case ASLRT_STATE_PASS:
        return aslrt_do_pass(x, f);
    case ASLRT_STATE_CHOICE:
        return aslrt_do_choice(x, f);
    case ASLRT_STATE_WAIT:
        return aslrt_do_wait(x, f);
    case ASLRT_STATE_SUCCEED:
        return aslrt_do_succeed(x, f);
    case ASLRT_STATE_FAIL:
        return aslrt_do_fail(x, f);
    case ASLRT_STATE_PARALLEL:
        return aslrt_do_parallel(x, f);
    case ASLRT_STATE_MAP:
        break;
    }
    return aslrt_do_map(x, f);
}

/* The service's end of an endless execution. */
static bool too_many_events(struct aslrt_execution *x, struct aslrt_frame *f)
{
    uint64_t events = f->run != 0 ? x->frames[f->run]->run_events : x->event_count;
    if (x->event_max == 0 || events + 1 < x->event_max)
        return false;
    struct aslrt_buffer text = aslrt_buffer_in(x->arena);
    aslrt_buffer_format(&text, "The execution reached the maximum number of history events (%llu).",
                        (unsigned long long)x->event_max);
    scope_fails(x, f, aslrt_failure_of(x, "States.Runtime", aslrt_buffer_close(&text)));
    return true;
}

static enum aslrt_move run_frame(struct aslrt_execution *x, struct aslrt_frame *f)
{
    enum aslrt_move move = ASLRT_MOVE_ON;
    while (move == ASLRT_MOVE_ON) {
        x->context_frame = 0;
        if (aslrt_should_collect(x))
            aslrt_collect(x);
        if (too_many_events(x, f))
            return ASLRT_MOVE_STOP;
        switch (f->phase) {
        case ASLRT_PHASE_ENTER:
            enter(x, f);
            move = do_state(x, f);
            break;
        case ASLRT_PHASE_AGAIN:
            move = do_state(x, f);
            break;
        case ASLRT_PHASE_AWAKE:
            move = aslrt_wait_done(x, f);
            break;
        case ASLRT_PHASE_REPLY:
            move = aslrt_task_done(x, f);
            break;
        case ASLRT_PHASE_LATE:
            move = aslrt_task_late(x, f);
            break;
        case ASLRT_PHASE_JOINED:
            move = aslrt_joined(x, f);
            break;
        case ASLRT_PHASE_FREE:
        case ASLRT_PHASE_RETRY:
        case ASLRT_PHASE_SLEEP:
        case ASLRT_PHASE_CALL:
        case ASLRT_PHASE_ARRIVING:
        case ASLRT_PHASE_DOOMED:
        case ASLRT_PHASE_JOIN:
            move = ASLRT_MOVE_STOP;
            break;
        }
    }
    return move;
}

/* The first timer is due: its frame goes on. */
static void fire(struct aslrt_execution *x)
{
    struct aslrt_frame *f = x->frames[x->timers[0].frame];
    aslrt_timer_drop(x);
    f->generation++;
    switch (f->phase) {
    case ASLRT_PHASE_RETRY:
        f->phase = ASLRT_PHASE_AGAIN;
        break;
    case ASLRT_PHASE_SLEEP:
        f->phase = ASLRT_PHASE_AWAKE;
        break;
    case ASLRT_PHASE_CALL:
    case ASLRT_PHASE_DOOMED:
        f->phase = ASLRT_PHASE_LATE;
        break;
    default:
        f->phase = ASLRT_PHASE_REPLY;
        break;
    }
    aslrt_make_ready(x, f);
}

/* TimeoutSeconds of the machine, or the longest time that its type may run. */
static void time_out(struct aslrt_execution *x)
{
    if (x->deadline_us > x->now_us)
        x->now_us = x->deadline_us;
    aslrt_end(x, ASLRT_TIMED_OUT);
    x->outcome.error = aslrt_text("States.Timeout");
    aslrt_event_ended(x, 0); /* nothing in the execution led to it */
}

void aslrt_advance(struct aslrt_execution *x)
{
    while (x->outcome.status == ASLRT_RUNNING) {
        if (x->now_us >= x->deadline_us) {
            time_out(x);
            break;
        }
        struct aslrt_frame *f = take_ready(x);
        if (f != NULL) {
            if (run_frame(x, f) == ASLRT_MOVE_EFFECT)
                return;
            continue;
        }
        const struct aslrt_timer *t = aslrt_timer_first(x);
        int64_t timer = t != NULL ? t->at_us : INT64_MAX;
        int64_t completion = x->pending_count != 0 ? x->pending[0].at_us : INT64_MAX;
        int64_t first = timer < completion ? timer : completion;
        if (first <= x->now_us) {
            if (completion < timer)
                aslrt_task_complete(x);
            else
                fire(x);
            continue;
        }
        int64_t until = first < x->deadline_us ? first : x->deadline_us;
        if (x->time_jumps) {
            x->now_us = until;
            continue;
        }
        x->effect.kind = ASLRT_EFFECT_WAIT;
        x->effect.until_us = until;
        return;
    }
    x->effect.kind = ASLRT_EFFECT_END;
}

static enum aslrt_status step(void *data)
{
    aslrt_advance(data);
    return ASLRT_OK;
}

enum aslrt_status aslrt_step(struct aslrt_execution *x, struct aslrt_effect *effect)
{
    if (x->broken || x->frame_count == 0)
        return ASLRT_MISUSE;
    enum aslrt_status status = aslrt_protect(x->memory, step, x);
    x->broken = status != ASLRT_OK;
    if (status != ASLRT_OK)
        return status;
    *effect = x->effect;
    if (effect->kind == ASLRT_EFFECT_END)
        effect->outcome = x->outcome;
    return status;
}

enum aslrt_status aslrt_wait_over(struct aslrt_execution *x, int64_t now_us)
{
    if (x->broken || x->frame_count == 0)
        return ASLRT_MISUSE;
    if (now_us > x->now_us)
        x->now_us = now_us;
    return ASLRT_OK;
}
