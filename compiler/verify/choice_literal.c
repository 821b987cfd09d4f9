/*
 * choice_literal.c - the values that stand in a relation to a literal, for both query languages.
 *
 * Strings that are timestamps live on the line of times, where equal instants are equal; as strings
 * they are bracketed, because another spelling of the same instant is another string.
 */
#include "compiler/verify/choice_set.h"

#include <string.h>

const struct vline vline_everything = {true, 0, NULL};

struct vbracket vset_exact(struct vset s)
{
    struct vbracket t = {s, s};
    return t;
}

struct vset vset_of_line(enum vline_kind kind, struct vline line)
{
    struct vset s = vset_none();
    s.lines[kind] = line;
    return s;
}

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

struct vset vset_number(struct aslrt_arena *arena, enum ir_relation relation, double literal)
{
    struct vcut value = {.number = literal};
    return vset_of_line(VLINE_NUMBER, related(arena, relation, value));
}

struct vset vset_time(struct aslrt_arena *arena, enum ir_relation relation, double seconds)
{
    struct vcut value = {.number = seconds};
    return vset_of_line(VLINE_TIME, related(arena, relation, value));
}

struct vbracket vset_text(struct aslrt_arena *arena, enum ir_relation relation, const char *literal)
{
    struct vcut value = {.text = literal};
    double seconds;
    struct vbracket t = vset_exact(vset_none());
    if (relation == IR_EQUAL && vset_timestamp(literal, &seconds)) {
        t.may = vset_time(arena, IR_EQUAL, seconds);
        return t;
    }
    t = vset_exact(vset_of_line(VLINE_TEXT, related(arena, relation, value)));
    if (relation != IR_EQUAL)
        t.may.lines[VLINE_TIME] = vline_everything;
    return t;
}

struct vbracket vset_matching(struct aslrt_arena *arena, const char *pattern)
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
        return vset_text(arena, IR_EQUAL, plain);
    struct vbracket t = vset_exact(vset_none());
    t.may = vset_of_line(VLINE_TEXT, n > 0 ? vline_prefix(arena, plain) : vline_everything);
    t.may.lines[VLINE_TIME] = vline_everything;
    if (p[1] == '\0') /* only one star, at the end: the prefix is all that is asked */
        t.must = vset_of_line(VLINE_TEXT, t.may.lines[VLINE_TEXT]);
    return t;
}

struct vbracket vbracket_not(struct vbracket t)
{
    struct vbracket n = {vset_not(t.may), vset_not(t.must)};
    return n;
}
