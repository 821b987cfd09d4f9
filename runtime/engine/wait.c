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

/* SecondsPath and TimestampPath, whose failures the service words as nothing else. */
static bool by_path(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node, bool seconds,
                    int64_t *until, struct aslrt_failure *failure)
{
    const char *field = seconds ? "SecondsPath" : "TimestampPath";
    const char *text = x->program->machine->nodes[node].text;
    struct aslrt_view view = aslrt_view_of(x, f);
    struct aslrt_value value;
    int64_t number;
    if (!aslrt_input_of(x, f, &view.input, failure))
        return false;
    if (!aslrt_path_find(&view, node, &value)) {
        *failure = aslrt_state_failure(x, f, "States.Runtime",
                                       "The %s parameter does not reference an input value: %s",
                                       field, text);
        return false;
    }
    const char *found = value.kind == ASLRT_STRING
                            ? aslrt_copy_text(x->arena, value.as.bytes, value.count)
                            : aslrt_json_text(x, value);
    if (!seconds) {
        if (aslrt_time_read(value, until))
            return true;
        *failure = aslrt_state_failure(x, f, "States.Runtime",
                                       "The TimestampPath parameter does not reference a valid "
                                       "ISO-8601 extended offset date-time format string: %s == %s",
                                       text, found);
    } else if (!aslrt_is_number(value) || !aslrt_to_int(value, &number)) {
        *failure = aslrt_state_failure(
            x, f, "States.Runtime",
            "The SecondsPath parameter cannot be parsed as a long value: %s == %s", text, found);
    } else if (number < 0) {
        *failure = aslrt_state_failure(
            x, f, "States.Runtime",
            "The SecondsPath parameter references a negative value: %s == %s", text, found);
    } else {
        *until =
            number < INT64_MAX / 1000000 ? aslrt_time_add(x->now_us, number * 1000000) : INT64_MAX;
        return true;
    }
    return false;
}

static bool until_of(struct aslrt_execution *x, struct aslrt_frame *f, int64_t *until,
                     struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    bool seconds = s->seconds != ASLRT_NONE;
    uint32_t node = seconds ? s->seconds : s->timestamp;
    if (x->program->machine->nodes[node].kind == ASLRT_NODE_PATH)
        return by_path(x, f, node, seconds, until, failure);
    return seconds ? after_seconds(x, f, node, until, failure)
                   : at_timestamp(x, f, node, until, failure);
}

enum aslrt_move aslrt_do_wait(struct aslrt_execution *x, struct aslrt_frame *f)
{
    int64_t until;
    struct aslrt_failure failure;
    if (!until_of(x, f, &until, &failure))
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
    struct aslrt_value input;
    struct aslrt_failure failure;
    if (!aslrt_input_of(x, f, &input, &failure))
        return aslrt_fail(x, f, failure);
    struct aslrt_view view = aslrt_view_of(x, f);
    return aslrt_leave(x, f, &view,
                       &(struct aslrt_leaving){input, s->output, s->assign, s->next, 0, 0});
}
