/*
 * template.c - the value of a payload: constants, expressions, objects and arrays of them.
 *
 * In: a node of the table and what it sees.  Out: a value in the view's arena, or a failure of the
 * state.  A node that has a compiled function asks it first; the function gives up where the
 * evaluator must speak (aslc/runtime.h, aslrt_compute), so that both give the same.
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

#include <stdio.h>

static struct aslrt_frame *frame_of(const struct aslrt_view *view)
{
    return view->execution->frames[view->frame];
}

/* ---- failures ---- */

static struct aslrt_value text_value(struct aslrt_buffer *b)
{
    const char *text = aslrt_buffer_close(b);
    return aslrt_string(text, (uint32_t)b->count);
}

struct aslrt_failure aslrt_failure_of(struct aslrt_execution *x, const char *error,
                                      const char *cause)
{
    (void)x;
    return (struct aslrt_failure){aslrt_text(error), aslrt_text(cause), false};
}

static struct aslrt_failure vfailure(struct aslrt_execution *x, struct aslrt_frame *f,
                                     const char *error, const char *format, va_list args)
{
    struct aslrt_buffer b = aslrt_buffer_in(x->arena);
    aslrt_buffer_format(&b,
                        "An error occurred while executing the state '%s' (entered at the event id "
                        "#%llu). ",
                        aslrt_state_of(x, f)->name, (unsigned long long)f->entered_event);
    aslrt_buffer_vformat(&b, format, args);
    return (struct aslrt_failure){aslrt_text(error), text_value(&b), false};
}

struct aslrt_failure aslrt_state_failure(struct aslrt_execution *x, struct aslrt_frame *f,
                                         const char *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct aslrt_failure failure = vfailure(x, f, error, format, args);
    va_end(args);
    return failure;
}

struct aslrt_failure aslrt_query_failure(struct aslrt_execution *x, struct aslrt_frame *f,
                                         const char *field, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct aslrt_failure failure = vfailure(x, f, "States.QueryEvaluationError", format, args);
    va_end(args);
    aslrt_event_query_failed(x, f, field, failure);
    return failure;
}

const char *aslrt_json_text(struct aslrt_execution *x, struct aslrt_value value)
{
    struct aslrt_buffer text = aslrt_buffer_in(x->arena);
    aslrt_json_put(&text, value, ASLRT_JSON_MINIFIED);
    return aslrt_buffer_close(&text);
}

struct aslrt_failure aslrt_unexpected(struct aslrt_execution *x, struct aslrt_frame *f,
                                      uint32_t node, const char *expected, struct aslrt_value value)
{
    const struct aslrt_node *n = &x->program->machine->nodes[node];
    return aslrt_query_failure(x, f, n->field,
                               "The JSONata expression '%s' specified for the field '%s' returned "
                               "an unexpected result type. Expected '%s', but was '%s' for value: "
                               "%s",
                               n->text, n->field, expected, aslrt_kind_name(value),
                               aslrt_json_text(x, value));
}

/* ---- nodes ---- */

static bool plain_object(struct aslrt_view *view, struct aslrt_slice children,
                         struct aslrt_value *out, struct aslrt_failure *failure)
{
    struct aslrt_member *members = aslrt_alloc(view->arena, children.count * sizeof *members);
    const struct aslrt_loaded_node *nodes = view->execution->program->nodes + children.first;
    for (uint32_t i = 0; i < children.count; i++) {
        members[i].key = nodes[i].key;
        if (!aslrt_evaluate(view, children.first + i, &members[i].value, failure))
            return false;
    }
    *out = aslrt_object(members, children.count);
    return true;
}

static bool object(struct aslrt_view *view, struct aslrt_slice children, struct aslrt_value *out,
                   struct aslrt_failure *failure)
{
    struct aslrt_object_builder b = aslrt_object_in(view->arena);
    for (uint32_t i = 0; i < children.count; i++) {
        struct aslrt_value value;
        if (!aslrt_evaluate(view, children.first + i, &value, failure))
            return false;
        aslrt_object_set(&b, view->execution->program->nodes[children.first + i].key, value);
    }
    *out = aslrt_object_done(&b);
    return true;
}

static bool array(struct aslrt_view *view, struct aslrt_slice children, struct aslrt_value *out,
                  struct aslrt_failure *failure)
{
    struct aslrt_value *items = aslrt_alloc(view->arena, children.count * sizeof *items);
    for (uint32_t i = 0; i < children.count; i++)
        if (!aslrt_evaluate(view, children.first + i, &items[i], failure))
            return false;
    *out = aslrt_array(items, children.count);
    return true;
}

bool aslrt_evaluate(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                    struct aslrt_failure *failure)
{
    const struct aslrt_program *p = view->execution->program;
    const struct aslrt_node *n = &p->machine->nodes[node];
    if (n->compute != NULL && n->compute(view, out))
        return true;
    switch (n->kind) {
    case ASLRT_NODE_CONSTANT:
        *out = p->nodes[node].value;
        return true;
    case ASLRT_NODE_JSONATA:
        return aslrt_jsonata_value(view, node, out, failure);
    case ASLRT_NODE_OBJECT:
        return p->nodes[node].plain ? plain_object(view, n->children, out, failure)
                                    : object(view, n->children, out, failure);
    case ASLRT_NODE_ARRAY:
        return array(view, n->children, out, failure);
    case ASLRT_NODE_PATH:
    case ASLRT_NODE_INTRINSIC:
        return aslrt_template_value(view, node, out, failure);
    case ASLRT_NODE_NONE:
        break;
    }
    *failure = aslrt_state_failure(view->execution, frame_of(view), "States.Runtime",
                                   "The payload can't be evaluated.");
    return false;
}
