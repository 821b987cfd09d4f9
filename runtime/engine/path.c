/*
 * path.c - JSONPath in a state: what "$", "$$" and "$name" mean, and what a failure is called.
 *
 * A path of a field (InputPath, OutputPath, ItemsPath, TimeoutSecondsPath) and one in a payload
 * template fail with different words; both with States.Runtime, which nothing catches.
 */
#include "runtime/engine/exec.h"
#include "runtime/expr/path_eval.h"

static struct aslrt_value read_context(void *data)
{
    const struct aslrt_view *view = data;
    return aslrt_context(view->execution, view->execution->frames[view->frame]);
}

static struct aslrt_value read_variable(void *data, const char *name, uint32_t count)
{
    const struct aslrt_view *view = data;
    const struct aslrt_execution *x = view->execution;
    const struct aslrt_machine *m = x->program->machine;
    int32_t slot = aslrt_slot_of(m, x->frames[view->frame]->scope, aslrt_string(name, count));
    return slot >= 0 ? view->variables[slot] : aslrt_undefined();
}

static uint64_t draw(void *data)
{
    const struct aslrt_view *view = data;
    return aslrt_random(view->execution);
}

static bool evaluate(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                     struct aslrt_path_fault *fault)
{
    const struct aslrt_path_scope scope = {
        .arena = view->arena,
        .input = view->input,
        .data = view,
        .context = read_context,
        .variable = read_variable,
        .random = draw,
    };
    return aslrt_path_eval(view->execution->program->nodes[node].term, &scope, out, fault);
}

bool aslrt_path_find(struct aslrt_view *view, uint32_t node, struct aslrt_value *out)
{
    struct aslrt_path_fault fault;
    return evaluate(view, node, out, &fault);
}

bool aslrt_path_value(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                      struct aslrt_failure *failure)
{
    struct aslrt_path_fault fault;
    if (evaluate(view, node, out, &fault))
        return true;
    struct aslrt_execution *x = view->execution;
    *failure =
        aslrt_state_failure(x, x->frames[view->frame], "States.Runtime", "Invalid path '%s' : %s",
                            x->program->machine->nodes[node].text, fault.message);
    return false;
}

bool aslrt_field_value(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                       struct aslrt_failure *failure)
{
    enum aslrt_node_kind kind = view->execution->program->machine->nodes[node].kind;
    return kind == ASLRT_NODE_PATH || kind == ASLRT_NODE_INTRINSIC
               ? aslrt_path_value(view, node, out, failure)
               : aslrt_evaluate(view, node, out, failure);
}

bool aslrt_template_value(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                          struct aslrt_failure *failure)
{
    struct aslrt_path_fault fault;
    if (evaluate(view, node, out, &fault))
        return true;
    struct aslrt_execution *x = view->execution;
    struct aslrt_frame *f = x->frames[view->frame];
    const struct aslrt_node *n = &x->program->machine->nodes[node];
    const char *text = n->text + fault.term->start;
    int count = (int)(fault.term->end - fault.term->start);
    if (fault.missing)
        *failure = aslrt_state_failure(x, f, "States.Runtime",
                                       "The JSONPath '%.*s' specified for the field '%s%s' could "
                                       "not be found in the input '%s'",
                                       count, text, n->key != NULL ? n->key : n->field,
                                       n->key != NULL ? ".$" : "", aslrt_json_text(x, view->input));
    else
        *failure = aslrt_state_failure(x, f, "States.Runtime",
                                       "The function '%.*s' had the following error: %s", count,
                                       text, fault.message);
    return false;
}

/* ---- ResultPath ---- */

bool aslrt_put_result(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                      struct aslrt_value target, struct aslrt_value result, struct aslrt_value *out,
                      struct aslrt_failure *failure)
{
    const struct aslrt_node *n = &x->program->machine->nodes[node];
    if (n->kind == ASLRT_NODE_CONSTANT) { /* null: the result is dropped */
        *out = target;
        return true;
    }
    const struct aslrt_term *term = x->program->nodes[node].term;
    if (aslrt_path_put(x->arena, term->path, target, result, out))
        return true;
    *failure = aslrt_state_failure(x, f, "States.ResultPathMatchFailure",
                                   "Unable to apply the reference path '%s' to the input '%s'",
                                   n->text, aslrt_json_text(x, target));
    return false;
}
