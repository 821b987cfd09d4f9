/*
 * path.c - JSONPath in a state: what "$", "$$" and "$name" mean, and what a failure is called.
 *
 * A path of a field (InputPath, OutputPath, ItemsPath, TimeoutSecondsPath) and one in a payload
 * template fail with different words; both with States.Runtime, which nothing catches.  In both, an
 * index behind the end of an array gives null (verified on the service), while a Choice finds
 * nothing there.
 */
#include "runtime/base/json.h"
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

/* Whether the path asks null for something.  The service refuses even "$" in a template. */
static bool reads_null(const struct aslrt_view *view, const struct aslrt_term *term)
{
    return view->input.kind == ASLRT_NULL && term->kind == ASLRT_TERM_PATH &&
           term->path->root == ASLRT_ROOT_INPUT;
}

static struct aslrt_failure null_failure(const struct aslrt_view *view)
{
    struct aslrt_execution *x = view->execution;
    return aslrt_state_failure(x, x->frames[view->frame], "States.Runtime",
                               "Unable to apply Path transformation to null or empty input.");
}

/* Evaluates a path, and makes null of what is behind the end of an array. */
static bool evaluate_or_null(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                             struct aslrt_path_fault *fault)
{
    if (evaluate(view, node, out, fault))
        return true;
    *out = aslrt_null();
    return fault->beyond && fault->term == view->execution->program->nodes[node].term;
}

bool aslrt_path_value(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                      struct aslrt_failure *failure)
{
    struct aslrt_path_fault fault;
    if (evaluate_or_null(view, node, out, &fault))
        return true;
    struct aslrt_execution *x = view->execution;
    if (reads_null(view, x->program->nodes[node].term)) {
        *failure = null_failure(view);
        return false;
    }
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
    if (reads_null(view, view->execution->program->nodes[node].term)) {
        *failure = null_failure(view);
        return false;
    }
    if (evaluate_or_null(view, node, out, &fault))
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

/* The service's name for a path that can't be applied is not the one that it documents
   (States.ResultPathMatchFailure, which a catcher may use as well; see catch.c). */
bool aslrt_put_result(struct aslrt_execution *x, uint32_t node, struct aslrt_value target,
                      struct aslrt_value result, struct aslrt_value *out,
                      struct aslrt_failure *failure)
{
    const struct aslrt_node *n = &x->program->machine->nodes[node];
    if (n->kind == ASLRT_NODE_CONSTANT) { /* null: the result is dropped */
        *out = target;
        return true;
    }
    const struct aslrt_term *term = x->program->nodes[node].term;
    struct aslrt_path_conflict found;
    if (aslrt_path_put(x->arena, term->path, target, result, out, &found))
        return true;
    if (found.target.kind == ASLRT_UNDEFINED)
        found.target = aslrt_null();
    struct aslrt_buffer b = aslrt_buffer_in(x->arena);
    aslrt_buffer_text(&b, "Unable to apply step \"");
    if (found.step->kind == ASLRT_STEP_INDEXES)
        aslrt_buffer_format(&b, "%lld", (long long)found.step->indexes[0]);
    else
        aslrt_buffer_text(&b, found.step->names[0].bytes);
    aslrt_buffer_text(&b, "\" to input ");
    aslrt_json_put(&b, found.target, ASLRT_JSON_MINIFIED);
    *failure = aslrt_failure_of(x, "States.ReferencePathConflict", aslrt_buffer_close(&b));
    return false;
}
