/*
 * join.c - the states that run scopes of their own: Parallel and Map.
 *
 * Each branch or iteration is a frame, whose parent is the frame of the state; when the last one is
 * done, or one has failed, the parent goes on.  A Map starts as many iterations as may run at once
 * and reuses the frame of one that ends for the next. Variables of outer scopes can be read inside
 * but not set, and the parent stands still meanwhile, so that a child gets a copy of them when it
 * starts. Distributed Maps stand in map_run.c. spec: Parallel State, Map State.
 */
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"
#include "runtime/engine/quotas.h"

/* ---- children ---- */

void aslrt_start_child(struct aslrt_execution *x, struct aslrt_frame *parent,
                       struct aslrt_frame *child, uint32_t index, struct aslrt_value input)
{
    const struct aslrt_scope *s = &x->program->machine->scopes[child->scope];
    uint32_t outer = s->variables_before;
    if (outer != 0)
        memcpy(child->variables, parent->variables, outer * sizeof *child->variables);
    for (uint32_t i = outer; i < child->variable_count; i++)
        child->variables[i] = aslrt_undefined();
    child->parent = parent->id;
    child->run = parent->run;
    child->index = index;
    child->state = s->start;
    child->input = input;
    child->last_event = parent->last_event;
    child->phase = ASLRT_PHASE_ENTER;
    parent->join.running++;
}

static struct aslrt_frame *new_child(struct aslrt_execution *x, uint32_t scope)
{
    return aslrt_frame_new(x, scope);
}

void aslrt_open_join(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t total)
{
    f->join = (struct aslrt_join){
        .total = total,
        .results = aslrt_alloc_zero(x->arena, total, sizeof(struct aslrt_value)),
    };
    f->phase = ASLRT_PHASE_JOIN;
}

enum aslrt_move aslrt_close_join(struct aslrt_execution *x, struct aslrt_frame *f)
{
    f->phase = ASLRT_PHASE_JOINED;
    aslrt_make_ready(x, f);
    return ASLRT_MOVE_STOP;
}

/* ---- Parallel ---- */

enum aslrt_move aslrt_do_parallel(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_value input;
    struct aslrt_failure failure;
    if (!aslrt_arguments_of(x, f, &input, &failure))
        return aslrt_fail(x, f, failure);
    if (x->inspection != NULL)
        return aslrt_inspect_parallel(x, f);
    aslrt_event_join_started(x, f, 0);
    aslrt_open_join(x, f, s->scopes.count);
    if (s->scopes.count == 0)
        return aslrt_close_join(x, f);
    for (uint32_t i = 0; i < s->scopes.count; i++) {
        struct aslrt_frame *child = new_child(x, s->scopes.first + i);
        aslrt_start_child(x, f, child, i, input);
        aslrt_make_ready(x, child);
    }
    return ASLRT_MOVE_STOP;
}

/* ---- Map ---- */

/* The items: those of Items, else the input itself.  Anything but an array is a failure. */
bool aslrt_map_items(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value *items,
                     struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    bool fine = s->items != ASLRT_NONE ? aslrt_field_of(x, f, s->items, items, failure)
                                       : aslrt_input_of(x, f, items, failure);
    if (!fine || items->kind == ASLRT_ARRAY)
        return fine;
    if (s->language == ASLRT_JSONPATH)
        *failure = aslrt_state_failure(
            x, f, "States.Runtime", "Reference path \"%s\" must point to array.",
            s->items != ASLRT_NONE ? x->program->machine->nodes[s->items].text : "$");
    else if (s->items != ASLRT_NONE)
        *failure = aslrt_unexpected(x, f, s->items, "array", *items);
    else
        *failure = aslrt_query_failure(x, f, NULL, "Map state input must be an array but was: %s",
                                       aslrt_json_text(x, *items));
    return false;
}

/* How many iterations may run at once. */
bool aslrt_map_concurrency(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t most,
                           uint32_t *limit, struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    *limit = most;
    if (s->max_concurrency == ASLRT_NONE)
        return true;
    struct aslrt_value value;
    if (!aslrt_field_of(x, f, s->max_concurrency, &value, failure))
        return false;
    if (!aslrt_is_number(value) || !aslrt_is_whole(x, f, value)) {
        *failure = aslrt_unfit_value(x, f, s->max_concurrency, value, "integer");
        return false;
    }
    double number = aslrt_to_double(value);
    if (!(number >= 0)) {
        *failure =
            aslrt_field_failure(x, f, s->max_concurrency, "MaxConcurrency cannot be negative.");
        return false;
    }
    if (number >= 1 && number < most)
        *limit = (uint32_t)number;
    return true;
}

bool aslrt_map_item(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t index,
                    struct aslrt_value *input, struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    *input = f->join.items.as.items[index];
    if (s->item_selector == ASLRT_NONE)
        return true;
    struct aslrt_view view = aslrt_view_of(x, f);
    x->context_frame = 0;
    x->selecting = index + 1;
    bool fine = aslrt_input_of(x, f, &view.input, failure) &&
                aslrt_evaluate(&view, s->item_selector, input, failure);
    x->selecting = 0;
    x->context_frame = 0;
    return fine;
}

/* Starts the next iteration in that frame.  False: *failure is the Map's. */
static bool start_iteration(struct aslrt_execution *x, struct aslrt_frame *f,
                            struct aslrt_frame *child, uint64_t previous,
                            struct aslrt_failure *failure)
{
    uint32_t index = f->join.started;
    struct aslrt_value input;
    if (!aslrt_map_item(x, f, index, &input, failure))
        return false;
    f->join.started++;
    aslrt_start_child(x, f, child, index, input);
    child->last_event = previous;
    aslrt_event_iteration_started(x, child);
    aslrt_make_ready(x, child);
    return true;
}

enum aslrt_move aslrt_do_map(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_value items;
    struct aslrt_failure failure;
    uint32_t limit;
    if (x->inspection != NULL)
        return aslrt_inspect_map(x, f);
    if (s->distributed)
        return aslrt_map_run_open(x, f);
    if (!aslrt_map_items(x, f, &items, &failure) ||
        !aslrt_map_concurrency(x, f, ASLRT_QUOTA_MAP_INLINE, &limit, &failure))
        return aslrt_fail(x, f, failure);
    aslrt_event_join_started(x, f, items.count);
    aslrt_open_join(x, f, items.count);
    f->join.items = items;
    if (items.count == 0)
        return aslrt_close_join(x, f);
    for (uint32_t i = 0; i < limit && i < items.count; i++)
        if (!start_iteration(x, f, new_child(x, s->scopes.first), f->last_event, &failure)) {
            aslrt_abort_children(x, f);
            return aslrt_fail(x, f, failure);
        }
    return ASLRT_MOVE_STOP;
}

/* ---- the end of a child ---- */

static bool is_map(const struct aslrt_execution *x, const struct aslrt_frame *f)
{
    return aslrt_state_of(x, f)->type == ASLRT_STATE_MAP;
}

static void fail_join(struct aslrt_execution *x, struct aslrt_frame *f,
                      struct aslrt_failure failure, uint64_t previous)
{
    aslrt_abort_children(x, f);
    f->join.failed = true;
    f->failure = failure;
    f->last_event = previous;
    aslrt_close_join(x, f);
}

void aslrt_child_succeeded(struct aslrt_execution *x, struct aslrt_frame *child)
{
    struct aslrt_frame *f = x->frames[child->parent];
    uint64_t last = child->last_event;
    if (aslrt_state_of(x, f)->distributed) {
        aslrt_map_run_child(x, f, child, NULL);
        return;
    }
    f->join.results[child->index] = child->input;
    f->join.running--;
    if (is_map(x, f)) {
        aslrt_event_iteration_ended(x, child, "MapIterationSucceeded",
                                    "mapIterationSucceededEventDetails");
        if (f->join.started < f->join.total) {
            struct aslrt_failure failure;
            if (!start_iteration(x, f, child, last, &failure)) {
                aslrt_frame_free(x, child);
                fail_join(x, f, failure, f->last_event);
            }
            return;
        }
    }
    f->last_event = child->last_event;
    aslrt_frame_free(x, child);
    if (f->join.running == 0)
        aslrt_close_join(x, f);
}

/* A Task that was at work is aborted together with its scope. */
void aslrt_child_failed(struct aslrt_execution *x, struct aslrt_frame *child,
                        struct aslrt_failure failure)
{
    struct aslrt_frame *f = x->frames[child->parent];
    uint64_t last = child->last_event;
    if (aslrt_state_of(x, f)->distributed) {
        aslrt_map_run_child(x, f, child, &failure);
        return;
    }
    f->join.running--;
    if (is_map(x, f))
        aslrt_event_iteration_ended(x, child, "MapIterationFailed",
                                    "mapIterationFailedEventDetails");
    child->last_event = last;
    aslrt_event_aborted(x, child);
    aslrt_frame_free(x, child);
    fail_join(x, f, failure, last);
}

/* Aborts what still runs below a frame, each with the events that the service gives. */
void aslrt_abort_children(struct aslrt_execution *x, struct aslrt_frame *f)
{
    for (uint32_t i = 1; i <= x->frame_count && f->join.running != 0; i++) {
        struct aslrt_frame *child = x->frames[i];
        if (child->phase == ASLRT_PHASE_FREE || child->parent != f->id)
            continue;
        if (child->phase == ASLRT_PHASE_JOIN)
            aslrt_abort_children(x, child);
        if (is_map(x, f) && !aslrt_state_of(x, f)->distributed)
            aslrt_event_iteration_ended(x, child, "MapIterationAborted",
                                        "mapIterationAbortedEventDetails");
        aslrt_event_aborted(x, child);
        aslrt_frame_free(x, child);
        f->join.running--;
    }
}

enum aslrt_move aslrt_joined(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    if (s->distributed)
        return aslrt_map_run_joined(x, f);
    if (f->join.failed)
        return aslrt_fail(x, f, f->failure);
    aslrt_event_join_succeeded(x, f);
    struct aslrt_view view = aslrt_view_of(x, f);
    view.result = aslrt_array(f->join.results, f->join.total);
    f->join = (struct aslrt_join){0};
    return aslrt_leave(x, f, &view,
                       &(struct aslrt_leaving){view.result, s->output, s->assign, s->next, 0, 0});
}
