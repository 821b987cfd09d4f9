/*
 * context.c - the context object: $states.context, and "$$" of JSONPath.
 *
 * Built when an expression may read it, and kept for the rest of the frame's try, so that a second
 * expression of the same state costs nothing.
 * spec: The Context Object; the members and their order are the service's.
 */
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

static struct aslrt_value time_value(struct aslrt_execution *x, int64_t time_us)
{
    char *text = aslrt_alloc(x->arena, 25);
    aslrt_time_text(text, time_us);
    return aslrt_string(text, 24);
}

/* "arn:...:execution:MACHINE/LABEL:NAME" of a child of a Map Run. */
static struct aslrt_value child_id(struct aslrt_execution *x, struct aslrt_frame *map,
                                   struct aslrt_value name)
{
    struct aslrt_value machine = aslrt_map_run_machine(x, map);
    struct aslrt_buffer b = aslrt_buffer_in(x->arena);
    aslrt_buffer_format(&b, "%.*s:%.*s", (int)machine.count, machine.as.bytes, (int)name.count,
                        name.as.bytes);
    return aslrt_arn(x, "execution", aslrt_string(b.bytes, (uint32_t)b.count));
}

/* Express executions have the same members in another order, and are never redriven. */
static struct aslrt_value execution_part(struct aslrt_execution *x, const struct aslrt_frame *f)
{
    bool express = x->program->machine->type == ASLRT_EXPRESS;
    struct aslrt_value id = x->id, name = x->name, input = x->input;
    int64_t start_us = x->outcome.start_us;
    if (f->run != 0) {
        struct aslrt_frame *root = x->frames[f->run], *map = x->frames[root->parent];
        express = aslrt_state_of(x, map)->express;
        name = aslrt_map_run_child_name(x, map, root->index);
        id = child_id(x, map, name);
        input = root->run_input;
        start_us = root->run_start_us;
    }
    struct aslrt_value start = time_value(x, start_us);
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    aslrt_object_set_text(&b, "Id", id);
    aslrt_object_set_text(&b, "Input", input);
    if (!express)
        aslrt_object_set_text(&b, "StartTime", start);
    aslrt_object_set_text(&b, "Name", name);
    aslrt_object_set_text(&b, "RoleArn", x->role);
    if (express)
        aslrt_object_set_text(&b, "StartTime", start);
    else
        aslrt_object_set_text(&b, "RedriveCount", aslrt_int(0));
    return aslrt_object_done(&b);
}

static struct aslrt_value machine_part(struct aslrt_execution *x, const struct aslrt_frame *f)
{
    struct aslrt_value id = x->machine_id, name = x->machine_name;
    if (f->run != 0) {
        name = aslrt_map_run_machine(x, x->frames[x->frames[f->run]->parent]);
        id = aslrt_arn(x, "stateMachine", name);
    }
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    aslrt_object_set_text(&b, "Id", id);
    aslrt_object_set_text(&b, "Name", name);
    return aslrt_object_done(&b);
}

static struct aslrt_value state_part(struct aslrt_execution *x, const struct aslrt_frame *f)
{
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    aslrt_object_set_text(&b, "Name", x->program->state_names[f->state]);
    aslrt_object_set_text(&b, "EnteredTime", time_value(x, f->entered_us));
    enum aslrt_state_type type = aslrt_state_of(x, f)->type;
    if (type == ASLRT_STATE_TASK || type == ASLRT_STATE_PARALLEL || type == ASLRT_STATE_MAP)
        aslrt_object_set_text(&b, "RetryCount", aslrt_int(f->attempt));
    return aslrt_object_done(&b);
}

/* {"Item": {"Index", "Value"}} of the innermost Map around, or undefined. */
static struct aslrt_value map_part(struct aslrt_execution *x, const struct aslrt_frame *f)
{
    uint32_t index = x->selecting;
    while (index == 0 && f->parent != 0 && f->run != f->id) {
        const struct aslrt_frame *parent = x->frames[f->parent];
        if (aslrt_state_of(x, parent)->type == ASLRT_STATE_MAP)
            index = f->index + 1;
        f = parent;
    }
    if (index == 0)
        return aslrt_undefined();
    struct aslrt_object_builder item = aslrt_object_in(x->arena);
    aslrt_object_set_text(&item, "Index", aslrt_int(index - 1));
    aslrt_object_set_text(&item, "Value", f->join.items.as.items[index - 1]);
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    aslrt_object_set_text(&b, "Item", aslrt_object_done(&item));
    return aslrt_object_done(&b);
}

struct aslrt_value aslrt_context(struct aslrt_execution *x, struct aslrt_frame *f)
{
    if (x->inspection != NULL && x->inspection->context.kind != ASLRT_UNDEFINED)
        return x->inspection->context;
    if (x->context_frame == f->id)
        return x->context;
    aslrt_names(x);
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    aslrt_object_set_text(&b, "Execution", execution_part(x, f));
    aslrt_object_set_text(&b, "StateMachine", machine_part(x, f));
    aslrt_object_set_text(&b, "State", state_part(x, f));
    if (f->token[0] != '\0') {
        struct aslrt_object_builder task = aslrt_object_in(x->arena);
        aslrt_object_set_text(&task, "Token",
                              aslrt_string_copy(x->arena, f->token, strlen(f->token)));
        aslrt_object_set_text(&b, "Task", aslrt_object_done(&task));
    }
    struct aslrt_value map = map_part(x, f);
    if (map.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "Map", map);
    x->context = aslrt_object_done(&b);
    x->context_frame = f->id;
    return x->context;
}
