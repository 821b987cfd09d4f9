/*
 * choice_path.c - a JSONPath rule as a condition: which values of which paths make it true.
 *
 * NOT is pushed down to the tests, so that And and Or are all that is left above them.
 * spec: Choice State, Data-test expression.
 */
#include "compiler/verify/choice_set.h"

#include <stdlib.h>
#include <string.h>

/* The two brackets of one test. */
struct truth {
    struct vset must, may;
};

static struct truth exact(struct vset s)
{
    struct truth t = {s, s};
    return t;
}

static struct vset with_line(enum vline_kind kind, struct vline line)
{
    struct vset s = vset_none();
    s.lines[kind] = line;
    return s;
}

/* The values on the line that stand in this relation to the literal. */
static struct vline related(struct aslrt_arena *arena, enum ir_relation relation, struct vcut value)
{
    value.side = relation == IR_LESS || relation == IR_GREATER_EQUAL ? -1 : 1;
    switch (relation) {
    case IR_LESS:
    case IR_LESS_EQUAL:
        return vline_below(arena, value);
    case IR_GREATER:
    case IR_GREATER_EQUAL:
        return vline_above(arena, value);
    default:
        return vline_at(arena, value);
    }
}

static const struct vline everything = {true, 0, NULL};

/* A string on one side of a literal: a timestamp is a string too, at a place that is not worked
 * out. */
static struct truth string_test(struct aslrt_arena *arena, enum ir_relation relation,
                                const char *literal)
{
    struct vcut value = {.text = literal};
    double seconds;
    struct truth t = exact(vset_none());
    if (relation == IR_EQUAL && vset_timestamp(literal, &seconds)) {
        struct vcut at = {.number = seconds};
        t.may = with_line(VLINE_TIME, vline_at(arena, at)); /* another spelling is another string */
        return t;
    }
    t.must = t.may = with_line(VLINE_TEXT, related(arena, relation, value));
    if (relation != IR_EQUAL)
        t.may.lines[VLINE_TIME] = everything;
    return t;
}

/* "a*": what begins with a.  Without a star it is equality; '\' takes the next character as it is.
 */
static struct truth match_test(struct aslrt_arena *arena, const char *pattern)
{
    char *plain = aslrt_copy_text(arena, pattern, strlen(pattern));
    size_t n = 0;
    const char *p = pattern;
    for (; *p != '\0' && *p != '*'; p++) {
        if (*p == '\\' && p[1] != '\0')
            p++;
        plain[n++] = *p;
    }
    plain[n] = '\0';
    if (*p == '\0')
        return string_test(arena, IR_EQUAL, plain);
    struct truth t = exact(vset_none());
    t.may = with_line(VLINE_TEXT, n > 0 ? vline_prefix(arena, plain) : everything);
    t.may.lines[VLINE_TIME] = everything;
    if (p[1] == '\0') /* only one star, at the end: the prefix is all that is asked */
        t.must = with_line(VLINE_TEXT, t.may.lines[VLINE_TEXT]);
    return t;
}

static struct truth kind_test(enum ir_relation relation)
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
        s.lines[VLINE_NUMBER] = everything;
        break;
    case IR_IS_STRING:
        s.lines[VLINE_TEXT] = s.lines[VLINE_TIME] = everything;
        break;
    case IR_IS_BOOLEAN:
        s.bits = VSET_TRUE | VSET_FALSE;
        break;
    default:
        s.lines[VLINE_TIME] = everything;
    }
    return exact(s);
}

/* Every value of the family's kind may stand in a relation to a value that is not known. */
static struct truth unknown_operand(enum ir_family family)
{
    struct truth t = exact(vset_none());
    switch (family) {
    case IR_OF_NUMBER:
        t.may.lines[VLINE_NUMBER] = everything;
        break;
    case IR_OF_BOOLEAN:
        t.may.bits = VSET_TRUE | VSET_FALSE;
        break;
    default:
        t.may.lines[VLINE_TEXT] = t.may.lines[VLINE_TIME] = everything;
    }
    return t;
}

static struct truth literal_test(struct aslrt_arena *arena, const struct ir_operator_info *op,
                                 const struct jnode *operand)
{
    struct truth t = exact(vset_none());
    struct vcut value = {0};
    switch (op->family) {
    case IR_OF_STRING:
        return op->relation == IR_MATCHES ? match_test(arena, operand->text)
                                          : string_test(arena, op->relation, operand->text);
    case IR_OF_NUMBER:
        value.number = strtod(operand->text, NULL);
        return exact(with_line(VLINE_NUMBER, related(arena, op->relation, value)));
    case IR_OF_BOOLEAN:
        t.must.bits = t.may.bits = operand->boolean ? VSET_TRUE : VSET_FALSE;
        return t;
    case IR_OF_TIMESTAMP:
        if (!vset_timestamp(operand->text, &value.number))
            return unknown_operand(op->family);
        return exact(with_line(VLINE_TIME, related(arena, op->relation, value)));
    case IR_OF_KIND:
        break;
    }
    return kind_test(op->relation);
}

static struct condition test(struct aslrt_arena *arena, const struct ir_comparison *c, bool negate)
{
    const struct ir_operator_info *op = &ir_operator_table[c->op];
    struct truth t = op->path ? unknown_operand(op->family) : literal_test(arena, op, c->operand);
    if (op->family == IR_OF_KIND && !c->operand->boolean)
        negate = !negate;
    if (negate) {
        struct vset must = vset_not(t.may);
        t.may = vset_not(t.must);
        t.must = must;
    }
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
