/*
 * query.c - JSONata in a state: what an expression sees, and what its failure is called.
 *
 * The expression's variables were bound to slots when the machine was loaded; $states is an object
 * that lives on this function's stack for the length of the evaluation, unless the result holds it.
 * facts: the texts are the service's.
 */
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

enum { VARIABLES_ON_STACK = 16 };

static uint64_t draw(void *data)
{
    return aslrt_random(data);
}

/* $states.  The members are in the arena: a result may hold them. */
static struct aslrt_value states_object(struct aslrt_view *view, bool context)
{
    struct aslrt_member *members = aslrt_alloc(view->arena, 4 * sizeof *members);
    uint32_t count = 0;
    members[count++] = (struct aslrt_member){aslrt_text("input"), view->input};
    if (view->result.kind != ASLRT_UNDEFINED)
        members[count++] = (struct aslrt_member){aslrt_text("result"), view->result};
    if (view->error_output.kind != ASLRT_UNDEFINED)
        members[count++] = (struct aslrt_member){aslrt_text("errorOutput"), view->error_output};
    if (context)
        members[count++] = (struct aslrt_member){
            aslrt_text("context"),
            aslrt_context(view->execution, view->execution->frames[view->frame])};
    return aslrt_object(members, count);
}

static struct aslrt_failure threw(struct aslrt_view *view, const struct aslrt_node *n,
                                  const struct aslrt_expr_error *error)
{
    struct aslrt_execution *x = view->execution;
    bool coded = error->code[0] != '\0' && strcmp(error->code, "U1001") != 0; /* a bound has none */
    return aslrt_query_failure(x, x->frames[view->frame], n->field,
                               "The JSONata expression '%s' specified for the field '%s' threw an "
                               "error during evaluation%s%s: %s",
                               n->text, n->field, coded ? ". " : "", coded ? error->code : "",
                               error->message);
}

bool aslrt_jsonata_value(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                         struct aslrt_failure *failure)
{
    struct aslrt_execution *x = view->execution;
    const struct aslrt_node *n = &x->program->machine->nodes[node];
    const struct aslrt_loaded_node *l = &x->program->nodes[node];
    struct aslrt_value few[VARIABLES_ON_STACK];
    struct aslrt_value *variables = l->slot_count <= VARIABLES_ON_STACK
                                        ? few
                                        : aslrt_alloc(x->arena, l->slot_count * sizeof *variables);
    for (uint32_t i = 0; i < l->slot_count; i++) {
        if (l->slots[i] >= 0)
            variables[i] = view->variables[l->slots[i]];
        else if (l->slots[i] == ASLRT_SLOT_STATES)
            variables[i] = states_object(view, l->context);
        else
            variables[i] = aslrt_undefined();
    }
    struct aslrt_jsonata_eval eval = {
        .variables = variables,
        .now_ms = x->now_us / 1000,
        .random = draw,
        .random_data = x,
    };
    struct aslrt_expr_error error;
    enum aslrt_status status = aslrt_jsonata_eval(l->jsonata, &eval, x->arena, out, &error);
    if (status == ASLRT_FAILED) {
        *failure = threw(view, n, &error);
        return false;
    }
    if (status != ASLRT_OK)
        aslrt_escape(x->memory, status);
    if (out->kind == ASLRT_UNDEFINED) {
        *failure = aslrt_query_failure(x, x->frames[view->frame], n->field,
                                       "The JSONata expression '%s' specified for the field '%s' "
                                       "returned nothing (undefined).",
                                       n->text, n->field);
        return false;
    }
    if (out->kind == ASLRT_FUNCTION) {
        *failure = aslrt_query_failure(x, x->frames[view->frame], n->field,
                                       "The JSONata expression '%s' specified for the field '%s' "
                                       "returned an unsupported result type.",
                                       n->text, n->field);
        return false;
    }
    return true;
}
