/*
 * io.c - the way of data through a state: what its work gets, and what it hands on.
 *
 * JSONPath: InputPath, Parameters; ResultSelector, ResultPath, OutputPath.  JSONata: Arguments;
 * Output is evaluated when the state is left. spec: Input and Output Processing.
 */
#include "runtime/engine/exec.h"

static bool is_jsonpath(const struct aslrt_state *s)
{
    return s->language == ASLRT_JSONPATH;
}

bool aslrt_input_of(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value *out,
                    struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    *out = f->input;
    aslrt_note(x, ASLRT_AT_INPUT_PATH, *out);
    if (!is_jsonpath(s) || s->input_path == ASLRT_NONE)
        return true;
    struct aslrt_view view = aslrt_view_of(x, f);
    bool fine = aslrt_field_value(&view, s->input_path, out, failure);
    if (fine)
        aslrt_note(x, ASLRT_AT_INPUT_PATH, *out);
    return fine;
}

bool aslrt_field_of(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                    struct aslrt_value *out, struct aslrt_failure *failure)
{
    struct aslrt_view view = aslrt_view_of(x, f);
    return aslrt_input_of(x, f, &view.input, failure) &&
           aslrt_field_value(&view, node, out, failure);
}

struct aslrt_failure aslrt_unfit_value(struct aslrt_execution *x, struct aslrt_frame *f,
                                       uint32_t node, struct aslrt_value value, const char *what)
{
    const struct aslrt_node *n = &x->program->machine->nodes[node];
    if (!is_jsonpath(aslrt_state_of(x, f)))
        return aslrt_unexpected(x, f, node, strcmp(what, "string") == 0 ? what : "number", value);
    const char *text = value.kind == ASLRT_STRING
                           ? aslrt_copy_text(x->arena, value.as.bytes, value.count)
                           : aslrt_json_text(x, value);
    return aslrt_state_failure(x, f, "States.Runtime",
                               "The %s field refers to value \"%s\" which is not a valid %s: %s",
                               n->field, text, what, n->text);
}

bool aslrt_is_whole(const struct aslrt_execution *x, const struct aslrt_frame *f,
                    struct aslrt_value number)
{
    int64_t whole;
    return !is_jsonpath(aslrt_state_of(x, f)) || aslrt_to_int(number, &whole);
}

struct aslrt_failure aslrt_field_failure(struct aslrt_execution *x, struct aslrt_frame *f,
                                         uint32_t node, const char *words)
{
    if (!is_jsonpath(aslrt_state_of(x, f)))
        return aslrt_query_failure(x, f, x->program->machine->nodes[node].field, "%s", words);
    return aslrt_state_failure(x, f, "States.Runtime", "%s", words);
}

bool aslrt_arguments_of(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value *out,
                        struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    uint32_t node = is_jsonpath(s) ? s->parameters : s->arguments;
    if (!aslrt_input_of(x, f, out, failure))
        return false;
    enum aslrt_inspected at = is_jsonpath(s) ? ASLRT_AT_PARAMETERS : ASLRT_AT_ARGUMENTS;
    aslrt_note(x, at, *out);
    if (node == ASLRT_NONE)
        return true;
    struct aslrt_view view = aslrt_view_of(x, f);
    view.input = *out;
    if (!aslrt_evaluate(&view, node, out, failure))
        return false;
    aslrt_note(x, at, *out);
    return true;
}

bool aslrt_output_of(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value result,
                     struct aslrt_value *out, struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_view view = aslrt_view_of(x, f);
    *out = result;
    if (!is_jsonpath(s))
        return true;
    view.input = result;
    if (s->result_selector != ASLRT_NONE &&
        !aslrt_evaluate(&view, s->result_selector, out, failure))
        return false;
    aslrt_note(x, ASLRT_AT_RESULT_SELECTOR, *out);
    if (s->result_path != ASLRT_NONE &&
        !aslrt_put_result(x, s->result_path, f->input, *out, out, failure))
        return false;
    aslrt_note(x, ASLRT_AT_RESULT_PATH, *out);
    view.input = *out;
    return s->output_path == ASLRT_NONE || aslrt_field_value(&view, s->output_path, out, failure);
}
