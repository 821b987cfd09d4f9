/*
 * inspect.c - one state by itself; see inspect.h.
 *
 * The state runs as in any execution, on a frame of its own scope; the execution notes the data on
 * the way (aslrt_note) and ends when the state is left, whichever way that is.
 */
#include "runtime/engine/inspect.h"
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

#include <math.h>

static struct aslrt_value mock_text(struct aslrt_execution *x, const char *text)
{
    return text == NULL ? aslrt_undefined() : aslrt_string_copy(x->arena, text, strlen(text));
}

static struct aslrt_failure mock_failure(struct aslrt_execution *x)
{
    const struct aslrt_inspection *in = x->inspection;
    return (struct aslrt_failure){mock_text(x, in->error), mock_text(x, in->cause), false};
}

/* ---- retriers ---- */

bool aslrt_inspect_retry(struct aslrt_execution *x, const struct aslrt_retrier *r, uint32_t index)
{
    struct aslrt_inspection *in = x->inspection;
    in->retrier = (int32_t)index;
    if (in->retry_count >= r->max_attempts)
        return false;
    in->backoff_s = r->interval_s * pow(r->backoff, in->retry_count);
    if (r->max_delay_s != 0 && in->backoff_s > r->max_delay_s)
        in->backoff_s = r->max_delay_s;
    in->status = ASLRT_TESTED_RETRIABLE;
    return true;
}

/* ---- Parallel and Map: their work is the mock's ---- */

static enum aslrt_move give(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_view view = aslrt_view_of(x, f);
    view.result = x->inspection->result;
    if (view.result.kind == ASLRT_UNDEFINED)
        return aslrt_fail(x, f, mock_failure(x));
    return aslrt_leave(x, f, &view,
                       &(struct aslrt_leaving){view.result, s->output, s->assign, s->next, 0, 0});
}

enum aslrt_move aslrt_inspect_parallel(struct aslrt_execution *x, struct aslrt_frame *f)
{
    return give(x, f);
}

static bool optional_field(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                           struct aslrt_value *out, struct aslrt_failure *failure)
{
    return node == ASLRT_NONE || aslrt_field_of(x, f, node, out, failure);
}

static bool too_many(const struct aslrt_inspection *in, uint32_t items)
{
    double failed = (double)in->failed_iterations;
    if (in->failed_iterations < 0)
        return false;
    return (aslrt_is_number(in->tolerated_count) &&
            failed > aslrt_to_double(in->tolerated_count)) ||
           (aslrt_is_number(in->tolerated_percentage) &&
            failed * 100 > aslrt_to_double(in->tolerated_percentage) * items);
}

/* What each iteration would get. */
static bool note_items(struct aslrt_execution *x, struct aslrt_frame *f,
                       struct aslrt_failure *failure)
{
    struct aslrt_array_builder b = aslrt_array_in(x->arena);
    if (aslrt_state_of(x, f)->item_selector == ASLRT_NONE)
        return true;
    for (uint32_t i = 0; i < f->join.items.count; i++) {
        struct aslrt_value item;
        if (!aslrt_map_item(x, f, i, &item, failure))
            return false;
        aslrt_array_add(&b, item);
    }
    x->inspection->at[ASLRT_AT_ITEM_SELECTOR] = aslrt_array_done(&b);
    return true;
}

enum aslrt_move aslrt_inspect_map(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_inspection *in = x->inspection;
    struct aslrt_value items = aslrt_array(NULL, 0);
    struct aslrt_failure failure;
    uint32_t limit;
    in->max_concurrency = aslrt_int(0);
    if (in->reader_items.kind == ASLRT_ARRAY)
        items = in->reader_items;
    if ((s->reader == NULL && !aslrt_map_items(x, f, &items, &failure)) ||
        !aslrt_map_concurrency(x, f, UINT32_MAX, &limit, &failure) ||
        !optional_field(x, f, s->max_concurrency, &in->max_concurrency, &failure) ||
        !optional_field(x, f, s->tolerated_count, &in->tolerated_count, &failure) ||
        !optional_field(x, f, s->tolerated_percentage, &in->tolerated_percentage, &failure))
        return aslrt_fail(x, f, failure);
    if (s->reader == NULL)
        in->at[ASLRT_AT_ITEMS_PATH] = items;
    f->join.items = items;
    if (!note_items(x, f, &failure))
        return aslrt_fail(x, f, failure);
    if (in->result.kind != ASLRT_UNDEFINED && too_many(in, items.count))
        return aslrt_fail(
            x, f,
            aslrt_failure_of(x, "States.ExceedToleratedFailureThreshold",
                             "The specified tolerated failure threshold was exceeded"));
    return give(x, f);
}

/* ---- running ---- */

struct inspecting {
    struct aslrt_execution *execution;
    uint32_t state;
    struct aslrt_value input;
    struct aslrt_inspection *inspection;
    struct aslrt_frame *frame;
};

static void set_variables(struct aslrt_execution *x, struct aslrt_frame *f)
{
    struct aslrt_value all = x->inspection->variables;
    for (uint32_t i = 0; i < all.count && all.kind == ASLRT_OBJECT; i++) {
        int32_t slot = aslrt_slot_of(x->program->machine, f->scope, all.as.members[i].key);
        if (slot >= 0)
            f->variables[slot] = all.as.members[i].value;
    }
}

/* The variables that the state could read and those that it has assigned, from the inside out. */
static struct aslrt_value variables_of(struct aslrt_execution *x, const struct aslrt_frame *f)
{
    const struct aslrt_machine *m = x->program->machine;
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    const struct aslrt_scope *s = &m->scopes[f->scope];
    for (;; s = &m->scopes[m->states[s->owner].scope]) {
        for (uint32_t i = 0; i < s->variables.count; i++) {
            struct aslrt_value v = f->variables[s->variables_before + i];
            if (v.kind != ASLRT_UNDEFINED)
                aslrt_object_set_text(&b, m->names[s->variables.first + i], v);
        }
        if (s->variables_before == 0)
            return aslrt_object_done(&b);
    }
}

static enum aslrt_status look_back(void *data)
{
    struct inspecting *i = data;
    i->inspection->variables_after = variables_of(i->execution, i->frame);
    return ASLRT_OK;
}

/* Replaces the start state's frame by one of the state that is tested. */
static enum aslrt_status prepare(void *data)
{
    struct inspecting *i = data;
    struct aslrt_execution *x = i->execution;
    aslrt_frame_free(x, x->frames[1]);
    struct aslrt_frame *f = aslrt_frame_new(x, x->program->machine->states[i->state].scope);
    f->state = i->state;
    f->input = i->input;
    f->phase = ASLRT_PHASE_ENTER;
    f->attempt = i->inspection->retry_count;
    x->inspection = i->inspection;
    set_variables(x, f);
    aslrt_make_ready(x, f);
    i->frame = f;
    return ASLRT_OK;
}

enum aslrt_status aslrt_inspect(struct aslrt_execution *x, uint32_t state, struct aslrt_value input,
                                struct aslrt_inspection *in)
{
    for (int i = 0; i < ASLRT_INSPECTED_COUNT; i++)
        in->at[i] = aslrt_undefined();
    in->retrier = in->catcher = -1;
    in->status = ASLRT_TESTED_SUCCEEDED;
    enum aslrt_status status = aslrt_start(x, input, NULL);
    struct inspecting data = {x, state, input, in, NULL};
    struct aslrt_outcome o;
    if (status == ASLRT_OK)
        status = aslrt_protect(x->memory, prepare, &data);
    if (status == ASLRT_OK)
        status = aslrt_perform(x, &o);
    if (status == ASLRT_OK)
        status = aslrt_protect(x->memory, look_back, &data);
    if (status != ASLRT_OK)
        return status;
    in->output = o.output;
    in->failed_error = o.error;
    in->failed_cause = o.cause;
    if (in->status == ASLRT_TESTED_SUCCEEDED && o.status != ASLRT_SUCCEEDED)
        in->status = ASLRT_TESTED_FAILED;
    return ASLRT_OK;
}
