/*
 * choice_set.h - sets of JSON values that one path may have, and conditions as unions of boxes.
 *
 * A set is exact on each kind of value: numbers, strings and times are lines with cuts, the others
 * are bits.  Where a condition can't be expressed (a wildcard, a path as operand), it is bracketed:
 * `must` holds only values for which it is certainly true, `may` all for which it can be true.
 *
 * The absent value is special.  Every JSONPath comparison but IsPresent fails the execution when
 * its Variable is missing; then no later rule and no Default is tried.  So the ABSENT bit means
 * "taken here, or fatal here" in `must`, and "true" in `may`.
 */
#ifndef ASLC_CHOICE_SET_H
#define ASLC_CHOICE_SET_H

#include "compiler/ir/ir_choice.h"
#include "runtime/base/arena.h"

/* A place on a line: just before or just after a value.  Strings are ordered by bytes. */
struct vcut {
    double number;
    const char *text; /* NULL on the lines of numbers and times */
    int8_t side;      /* -1 before, +1 after */
};
/* The line from minus to plus infinity; membership changes at every cut. */
struct vline {
    bool inside; /* at minus infinity */
    uint32_t count;
    struct vcut *cuts; /* ascending */
};

enum {
    VSET_NULL = 1,
    VSET_TRUE = 2,
    VSET_FALSE = 4,
    VSET_OTHER = 8, /* objects and arrays */
    VSET_ABSENT = 16,
    VSET_BITS = 31,
};
enum vline_kind { VLINE_NUMBER, VLINE_TEXT, VLINE_TIME, VLINE_COUNT };

struct vset {
    struct vline
        lines[VLINE_COUNT]; /* TEXT: strings that are no timestamps; TIME: those that are */
    uint8_t bits;
};

struct vset vset_none(void);
struct vset vset_all(void);
struct vset vset_not(struct vset a);
struct vset vset_and(struct aslrt_arena *arena, struct vset a, struct vset b);
struct vset vset_or(struct aslrt_arena *arena, struct vset a, struct vset b);
bool vset_is_empty(struct vset a);
static inline bool vset_within(struct aslrt_arena *arena, struct vset a, struct vset b)
{
    return vset_is_empty(vset_and(arena, a, vset_not(b)));
}

/* Lines: one value, or all values on one side of a cut. */
struct vline vline_at(struct aslrt_arena *arena, struct vcut value);
struct vline vline_below(struct aslrt_arena *arena, struct vcut cut);
struct vline vline_above(struct aslrt_arena *arena, struct vcut cut);
/* All strings that begin with the prefix. */
struct vline vline_prefix(struct aslrt_arena *arena, const char *prefix);

extern const struct vline vline_everything;

/* The brackets of one test. */
struct vbracket {
    struct vset must, may;
};
struct vbracket vset_exact(struct vset s);
struct vbracket vbracket_not(struct vbracket t);
struct vset vset_of_line(enum vline_kind kind, struct vline line);
/* The values that stand in this relation (equal, less, ...) to a literal. */
struct vset vset_number(struct aslrt_arena *arena, enum ir_relation relation, double literal);
struct vset vset_time(struct aslrt_arena *arena, enum ir_relation relation, double seconds);
struct vbracket vset_text(struct aslrt_arena *arena, enum ir_relation relation,
                          const char *literal);
/* The strings that a StringMatches pattern matches. */
struct vbracket vset_matching(struct aslrt_arena *arena, const char *pattern);

/* Seconds since 1970 of an RFC 3339 timestamp with an upper-case T and Z or an offset; false when
   the text is none (spec: timestamps in Choice rules). */
bool vset_timestamp(const char *text, double *seconds);

/* ---- conditions ---- */

struct box_term { /* what a box says about one path */
    const char *path;
    struct vset must, may;
};
struct box { /* true where every term is */
    struct box_term *terms;
    uint32_t count;
};
struct condition { /* true where any box is */
    struct box *boxes;
    uint32_t count;
    bool opaque; /* nothing is known: no boxes */
};

enum { BOXES_MAX = 64 }; /* a condition with more is opaque */

/* The condition that is always true. */
struct condition condition_true(struct aslrt_arena *arena);
struct condition condition_opaque(void);
/* The condition about one path. */
struct condition condition_term(struct aslrt_arena *arena, const char *path, struct vset must,
                                struct vset may);
struct condition condition_and(struct aslrt_arena *arena, struct condition a, struct condition b);
struct condition condition_or(struct aslrt_arena *arena, struct condition a, struct condition b);

/* From a JSONPath rule; opaque when the tree is NULL. */
struct condition condition_of_comparison(struct aslrt_arena *arena, const struct ir_comparison *c);
/* From the Condition of a JSONata rule: true, false, or "{% ... %}". */
struct condition condition_of_jsonata(struct aslrt_arena *arena, const struct jnode *condition);

#endif
