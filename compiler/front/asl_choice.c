/*
 * asl_choice.c - the rules of a Choice state (spec: Choice State).
 *
 * A JSONata rule has a Condition.  A JSONPath rule has one operator: And, Or, Not over nested
 * rules, or a comparison of a Variable.  ir_choice.c turns a rule without mistakes into a tree.
 */
#include "compiler/base/suggest.h"
#include "compiler/front/asl_int.h"
#include "compiler/ir/ir_choice.h"

static void check_rule(struct asl_reader *r, const struct asl_at *at, const struct jnode *rule,
                       unsigned where);

/* The value that a comparison compares with. */
static void check_operand(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                          const struct ir_operator_info *op)
{
    static const enum asl_value_kind kinds[] = {
        [IR_OF_STRING] = ASL_TEXT,     [IR_OF_NUMBER] = ASL_ANY_NUMBER,
        [IR_OF_BOOLEAN] = ASL_BOOLEAN, [IR_OF_TIMESTAMP] = ASL_TIMESTAMP,
        [IR_OF_KIND] = ASL_BOOLEAN,
    };
    if (jnode_is_opaque(value))
        return;
    const struct asl_value *row = &asl_values[op->path ? ASL_PATH : kinds[op->family]];
    row->check(r, at, value, row);
}

static void check_parts(struct asl_reader *r, const struct asl_at *at, const struct jmember *m)
{
    if (strcmp(m->key, "Not") == 0) {
        check_rule(r, at, m->value, ASL_IN_TEST);
        return;
    }
    if (m->value->kind != J_ARRAY) {
        asl_wrong_type(r, at, m->value, "an array of rules");
        return;
    }
    if (m->value->count == 0)
        asl_report(r, at, DIAG_ASL_CHOICE_RULE, m->value->span, "'%s' has no rules", m->key);
    for (uint32_t i = 0; i < m->value->count; i++) {
        struct asl_at here = asl_index(at, i);
        check_rule(r, &here, m->value->items[i], ASL_IN_TEST);
    }
}

static bool is_combination(const char *key)
{
    return strcmp(key, "And") == 0 || strcmp(key, "Or") == 0 || strcmp(key, "Not") == 0;
}

static void report_two_operators(struct asl_reader *r, const struct asl_at *at,
                                 const struct jmember *first, const struct jmember *second)
{
    struct diag *d =
        asl_begin(r, at, DIAG_ASL_CHOICE_RULE, second->key_span,
                  "the rule has two operators, '%s' and '%s'", first->key, second->key);
    diag_label(d, first->key_span, "the first is here");
    diag_help(d, "put two tests into an 'And' or an 'Or'");
    diag_end(d);
}

/* Finds the rule's operator and reports a second one; NULL when there is none. */
static const struct jmember *find_operator(struct asl_reader *r, const struct asl_at *at,
                                           const struct jnode *rule)
{
    const struct jmember *found = NULL;
    for (uint32_t i = 0; i < rule->count; i++) {
        const struct jmember *m = &rule->members[i];
        if (!is_combination(m->key) && ir_operator_find(m->key) == IR_OP_COUNT)
            continue;
        if (found != NULL)
            report_two_operators(r, at, found, m);
        else
            found = m;
    }
    return found;
}

/* The members of a rule that are neither fields nor operators have been reported as unknown; a rule
   without any operator is reported only when there is no such member. */
static bool has_unknown_member(const struct jnode *rule)
{
    static const char *const known[] = {"Variable", "Next", "Comment", "Assign", "Output"};
    for (uint32_t i = 0; i < rule->count; i++) {
        bool is_known = false;
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
            is_known = is_known || strcmp(rule->members[i].key, known[k]) == 0;
        if (!is_known)
            return true;
    }
    return false;
}

static void check_jsonpath_rule(struct asl_reader *r, const struct asl_at *at,
                                const struct jnode *rule)
{
    const struct jmember *op = find_operator(r, at, rule);
    const struct jmember *variable = jnode_member(rule, "Variable");
    if (op == NULL) {
        if (!has_unknown_member(rule))
            asl_report(r, at, DIAG_ASL_CHOICE_RULE, rule->span,
                       "the rule has no operator, such as 'StringEquals' or 'And'");
        return;
    }
    struct asl_at here = asl_key(at, op->key);
    if (is_combination(op->key)) {
        if (variable != NULL)
            asl_report(r, at, DIAG_ASL_CHOICE_RULE, variable->key_span,
                       "'Variable' does not go with '%s'; the rules inside have their own",
                       op->key);
        check_parts(r, &here, op);
        return;
    }
    if (variable == NULL)
        asl_report(r, at, DIAG_ASL_CHOICE_RULE, rule->span,
                   "the rule compares nothing: it has no 'Variable'");
    check_operand(r, &here, op->value, &ir_operator_table[ir_operator_find(op->key)]);
}

static void check_rule(struct asl_reader *r, const struct asl_at *at, const struct jnode *rule,
                       unsigned where)
{
    if (jnode_is_opaque(rule))
        return;
    if (rule->kind != J_OBJECT) {
        asl_wrong_type(r, at, rule, where == ASL_IN_TEST ? "a rule" : "an array of rules");
        return;
    }
    asl_fields(r, at, rule, where, NULL);
    if (where == ASL_IN_RULE)
        asl_require(r, at, rule, where, "Next");
    if (at->language == IR_JSONATA) {
        if (jnode_member(rule, "Variable") == NULL) /* else it has been reported */
            asl_require(r, at, rule, where, "Condition");
    } else
        check_jsonpath_rule(r, at, rule);
}

static void read_rule(struct asl_reader *r, ir_id state, const struct jnode *object)
{
    struct ir_rule *rule = ir_add_rule(r->m, state, object->span);
    rule->source = object;
    rule->condition = jnode_get(object, "Condition");
    rule->next = asl_ref(jnode_get(object, "Next"));
    rule->output = jnode_get(object, "Output");
    rule->assign = jnode_get(object, "Assign");
    rule->comment = asl_text(jnode_get(object, "Comment"));
}

void asl_read_choice(struct asl_reader *r, const struct asl_at *at, ir_id state,
                     const struct jnode *object)
{
    const struct jnode *choices = jnode_get(object, "Choices");
    struct asl_at list = asl_key(at, "Choices");
    r->m->states[state].default_ = asl_ref(jnode_get(object, "Default"));
    if (!jnode_is(choices, J_ARRAY))
        return;
    if (choices->count == 0)
        asl_report_empty(r, &list, DIAG_ASL_CHOICE_RULE, choices->span, "'Choices' has no rules");
    for (uint32_t i = 0; i < choices->count; i++) {
        struct asl_at here = asl_index(&list, i);
        check_rule(r, &here, choices->items[i], ASL_IN_RULE);
        if (choices->items[i]->kind == J_OBJECT)
            read_rule(r, state, choices->items[i]);
    }
}
