/*
 * wait.c - the Wait state: a timer, then the output.
 * spec: Wait State.  A date in the past waits no time.
 */
#include "runtime/engine/exec.h"
#include "runtime/engine/quotas.h"

/* The moment at which Seconds are over. */
static bool after_seconds(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                          int64_t *until, struct aslrt_failure *failure)
{
    const char *field = x->program->machine->nodes[node].field;
    struct aslrt_view view = aslrt_view_of(x, f);
    struct aslrt_value value;
    int64_t seconds;
    if (!aslrt_evaluate(&view, node, &value, failure))
        return false;
    if (!aslrt_is_number(value)) {
        *failure = aslrt_unexpected(x, f, node, "number", value);
        return false;
    }
    if (!aslrt_to_int(value, &seconds)) {
        double floored = aslrt_to_double(value); /* the service rounds down */
        seconds = floored >= 0 && floored < 9e15 ? (int64_t)floored : -1;
    }
    if (seconds < 0 || seconds > ASLRT_QUOTA_RETRY_INTERVAL) {
        *failure =
            aslrt_query_failure(x, f, field, "The Seconds field must be between 0 and %d: %lld",
                                ASLRT_QUOTA_RETRY_INTERVAL, (long long)seconds);
        return false;
    }
    *until = aslrt_time_add(x->now_us, seconds * 1000000);
    return true;
}

static bool at_timestamp(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                         int64_t *until, struct aslrt_failure *failure)
{
    struct aslrt_view view = aslrt_view_of(x, f);
    struct aslrt_value value;
    if (!aslrt_evaluate(&view, node, &value, failure))
        return false;
    if (value.kind != ASLRT_STRING) {
        *failure = aslrt_unexpected(x, f, node, "string", value);
        return false;
    }
    if (aslrt_time_read(value, until))
        return true;
    f->before_event = f->last_event; /* here the service counts the entry as what came before */
    *failure = aslrt_query_failure(x, f, x->program->machine->nodes[node].field,
                                   "The Timestamp field cannot be parsed as an ISO-8601 extended "
                                   "offset date-time format string: %.*s",
                                   (int)(value.count < 1000 ? value.count : 1000), value.as.bytes);
    return false;
}

enum aslrt_move aslrt_do_wait(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    int64_t until;
    struct aslrt_failure failure;
    bool known = s->seconds != ASLRT_NONE ? after_seconds(x, f, s->seconds, &until, &failure)
                                          : at_timestamp(x, f, s->timestamp, &until, &failure);
    if (!known)
        return aslrt_fail(x, f, failure);
    if (until > aslrt_time_add(x->now_us, (int64_t)ASLRT_QUOTA_WAIT_TIME * 1000000))
        return aslrt_fail(
            x, f, aslrt_state_failure(x, f, "States.Runtime", "Wait state delay is too long."));
    if (until <= x->now_us)
        return aslrt_wait_done(x, f);
    f->phase = ASLRT_PHASE_SLEEP;
    aslrt_timer_set(x, f, until);
    return ASLRT_MOVE_STOP;
}

enum aslrt_move aslrt_wait_done(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_view view = aslrt_view_of(x, f);
    return aslrt_leave(x, f, &view,
                       (struct aslrt_leaving){f->input, s->output, s->assign, s->next});
}
