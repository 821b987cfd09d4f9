/*
 * choice_path.c - a JSONPath rule as a condition: which values of which paths make it true.
 *
 * NOT is pushed down to the tests, so that And and Or are all that is left above them.
 * spec: Choice State, Data-test expression.
 */
#include "compiler/verify/choice_set.h"

#include <stdlib.h>
#include <string.h>

static struct vbracket kind_test(enum ir_relation relation)
{
    struct vset s = vset_none();
    switch (relation) {
    case IR_IS_NULL:
        s.bits = VSET_NULL;
        break;
    case IR_IS_PRESENT:
        s = vset_all();
        s.bits &= (uint8_t)~VSET_ABSENT;
        break;
    case IR_IS_NUMERIC:
        s.lines[VLINE_NUMBER] = vline_everything;
        break;
    case IR_IS_STRING:
        s.lines[VLINE_TEXT] = s.lines[VLINE_TIME] = vline_everything;
        break;
    case IR_IS_BOOLEAN:
        s.bits = VSET_TRUE | VSET_FALSE;
        break;
    default:
        s.lines[VLINE_TIME] = vline_everything;
    }
    return vset_exact(s);
}

/* Every value of the family's kind may stand in a relation to a value that is not known. */
static struct vbracket unknown_operand(enum ir_family family)
{
    struct vbracket t = vset_exact(vset_none());
    switch (family) {
    case IR_OF_NUMBER:
        t.may.lines[VLINE_NUMBER] = vline_everything;
        break;
    case IR_OF_BOOLEAN:
        t.may.bits = VSET_TRUE | VSET_FALSE;
        break;
    default:
        t.may.lines[VLINE_TEXT] = t.may.lines[VLINE_TIME] = vline_everything;
    }
    return t;
}

static struct vbracket literal_test(struct aslrt_arena *arena, const struct ir_operator_info *op,
                                    const struct jnode *operand)
{
    double seconds;
    struct vset s = vset_none();
    switch (op->family) {
    case IR_OF_STRING:
        return op->relation == IR_MATCHES ? vset_matching(arena, operand->text)
                                          : vset_text(arena, op->relation, operand->text);
    case IR_OF_NUMBER:
        return vset_exact(vset_number(arena, op->relation, strtod(operand->text, NULL)));
    case IR_OF_BOOLEAN:
        s.bits = operand->boolean ? VSET_TRUE : VSET_FALSE;
        return vset_exact(s);
    case IR_OF_TIMESTAMP:
        if (!vset_timestamp(operand->text, &seconds))
            return unknown_operand(op->family);
        return vset_exact(vset_time(arena, op->relation, seconds));
    case IR_OF_KIND:
        break;
    }
    return kind_test(op->relation);
}

static struct condition test(struct aslrt_arena *arena, const struct ir_comparison *c, bool negate)
{
    const struct ir_operator_info *op = &ir_operator_table[c->op];
    struct vbracket t =
        op->path ? unknown_operand(op->family) : literal_test(arena, op, c->operand);
    if (op->family == IR_OF_KIND && !c->operand->boolean)
        negate = !negate;
    if (negate)
        t = vbracket_not(t);
    if (op->relation != IR_IS_PRESENT) { /* a missing Variable is fatal, whatever is asked of it */
        t.must.bits |= VSET_ABSENT;
        t.may.bits &= (uint8_t)~VSET_ABSENT;
    }
    return condition_term(arena, c->variable, t.must, t.may);
}

static struct condition build(struct aslrt_arena *arena, const struct ir_comparison *c, bool negate)
{
    if (c->kind == IR_TEST)
        return test(arena, c, negate);
    if (c->kind == IR_NOT)
        return build(arena, c->parts[0], !negate);
    bool both = (c->kind == IR_AND) != negate; /* De Morgan */
    struct condition out = build(arena, c->parts[0], negate);
    for (uint32_t i = 1; i < c->part_count && !out.opaque; i++) {
        struct condition part = build(arena, c->parts[i], negate);
        out = both ? condition_and(arena, out, part) : condition_or(arena, out, part);
    }
    return out;
}

struct condition condition_of_comparison(struct aslrt_arena *arena, const struct ir_comparison *c)
{
    return c == NULL ? condition_opaque() : build(arena, c, false);
}
