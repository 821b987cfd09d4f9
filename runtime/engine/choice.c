/*
 * choice.c - the Choice state: the first rule that holds says where to go and with what.
 * spec: Choice State; where no rule holds and there is no Default, the service says States.Runtime
 * and keeps States.NoChoiceMatched for later.
 */
#include "runtime/engine/exec.h"

/* Whether the rule holds.  False with *failed: its condition can't be evaluated. */
static bool holds(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_view *view,
                  const struct aslrt_rule *rule, bool *failed, struct aslrt_failure *failure)
{
    struct aslrt_value value;
    bool decided;
    if (rule->test != ASLRT_NONE) {
        *failed = !aslrt_test_holds(view, rule->test, &decided, failure);
        return !*failed && decided;
    }
    *failed = !aslrt_evaluate(view, rule->condition, &value, failure);
    if (*failed)
        return false;
    if (value.kind == ASLRT_BOOL)
        return value.as.boolean;
    *failed = true;
    *failure = aslrt_unexpected(x, f, rule->condition, "boolean", value);
    return false;
}

enum aslrt_move aslrt_do_choice(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_view view = aslrt_view_of(x, f);
    struct aslrt_value input;
    struct aslrt_failure failure;
    if (!aslrt_input_of(x, f, &input, &failure))
        return aslrt_fail(x, f, failure);
    view.input = input;
    for (uint32_t i = 0; i < s->rules.count; i++) {
        const struct aslrt_rule *rule = &x->program->machine->rules[s->rules.first + i];
        bool failed;
        if (holds(x, f, &view, rule, &failed, &failure))
            return aslrt_leave(x, f, &view,
                               &(struct aslrt_leaving){input, rule->output, rule->assign,
                                                       rule->next, .rule = s->rules.first + i});
        if (failed)
            return aslrt_fail(x, f, failure);
    }
    if (s->default_next == ASLRT_NONE)
        return aslrt_fail(x, f,
                          aslrt_state_failure(x, f, "States.Runtime",
                                              "Failed to transition out of the state. The state "
                                              "does not point to a next state."));
    return aslrt_leave(x, f, &view,
                       &(struct aslrt_leaving){input, s->output, s->assign, s->default_next, 0, 0});
}
