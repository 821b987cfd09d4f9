/*
 * ir_choice.c - from the rule object to the tree of comparisons; see ir_choice.h.
 *
 * Recursion is as deep as the JSON, which its reader has bounded.
 */
#include "compiler/ir/ir_choice.h"

#include "compiler/base/grow.h"

const struct ir_operator_info ir_operator_table[IR_OP_COUNT] = {
#define CHOICE_OPERATOR(name, family, relation, path) {#name, IR_OF_##family, IR_##relation, path},
#include "compiler/ir/ir_operators.def"
#undef CHOICE_OPERATOR
};

enum ir_operator ir_operator_find(const char *name)
{
    uint32_t op = 0;
    while (op < IR_OP_COUNT && strcmp(ir_operator_table[op].name, name) != 0)
        op++;
    return (enum ir_operator)op;
}

static bool operand_fits(const struct ir_operator_info *op, const struct jnode *operand)
{
    static const enum jkind kinds[] = {
        [IR_OF_STRING] = J_STRING,    [IR_OF_NUMBER] = J_NUMBER, [IR_OF_BOOLEAN] = J_BOOL,
        [IR_OF_TIMESTAMP] = J_STRING, [IR_OF_KIND] = J_BOOL,
    };
    return operand->kind == (op->path ? J_STRING : kinds[op->family]);
}

/* Adds the rule's tree to the parts; false when it is malformed. */
static bool add_part(struct aslrt_arena *arena, struct ir_comparison *c, const struct jnode *rule)
{
    const struct ir_comparison *part = ir_comparison(arena, rule);
    if (part == NULL)
        return false;
    *GROW(arena, c->parts, c->part_count) = part;
    return true;
}

static bool read_parts(struct aslrt_arena *arena, struct ir_comparison *c, const struct jnode *list)
{
    if (c->kind == IR_NOT)
        return add_part(arena, c, list);
    if (list->kind != J_ARRAY || list->count == 0)
        return false;
    for (uint32_t i = 0; i < list->count; i++) {
        if (!add_part(arena, c, list->items[i]))
            return false;
    }
    return true;
}

/* The kind that a member's key stands for; false when it is no operator at all. */
static bool kind_of(const char *key, enum ir_comparison_kind *kind, enum ir_operator *op)
{
    static const char *const names[] = {"And", "Or", "Not"};
    for (uint32_t i = 0; i < 3; i++) {
        if (strcmp(key, names[i]) == 0) {
            *kind = (enum ir_comparison_kind)i;
            return true;
        }
    }
    *kind = IR_TEST;
    *op = ir_operator_find(key);
    return *op != IR_OP_COUNT;
}

const struct ir_comparison *ir_comparison(struct aslrt_arena *arena, const struct jnode *rule)
{
    if (!jnode_is(rule, J_OBJECT))
        return NULL;
    struct ir_comparison *c = ASLRT_NEW(arena, struct ir_comparison);
    const struct jmember *found = NULL;
    for (uint32_t i = 0; i < rule->count; i++) {
        enum ir_comparison_kind kind;
        enum ir_operator op = IR_OP_COUNT;
        if (!kind_of(rule->members[i].key, &kind, &op))
            continue;
        if (found != NULL)
            return NULL;
        found = &rule->members[i];
        c->kind = kind;
        c->op = op;
    }
    if (found == NULL)
        return NULL;
    c->span = rule->span;
    c->op_span = found->key_span;
    if (c->kind != IR_TEST)
        return read_parts(arena, c, found->value) ? c : NULL;
    const struct jnode *variable = jnode_get(rule, "Variable");
    if (!jnode_is(variable, J_STRING) || !operand_fits(&ir_operator_table[c->op], found->value))
        return NULL;
    c->variable = variable->text;
    c->variable_span = variable->span;
    c->operand = found->value;
    return c;
}
