/*
 * ir_choice.h - a JSONPath Choice rule as a tree of comparisons (spec: Choice State).
 *
 * In: the rule object as written.  Out: a tree of AND, OR, NOT and tests, for the verifier and the
 * table builder; text and operand stay as written.  The reader has reported what is wrong with a
 * rule; here a malformed one gives NULL.
 */
#ifndef ASLC_IR_CHOICE_H
#define ASLC_IR_CHOICE_H

#include "compiler/base/jnode.h"

enum ir_operator {
#define CHOICE_OPERATOR(name, family, relation, path) IR_OP_##name,
#include "compiler/ir/ir_operators.def"
#undef CHOICE_OPERATOR
    IR_OP_COUNT
};

enum ir_family { IR_OF_STRING, IR_OF_NUMBER, IR_OF_BOOLEAN, IR_OF_TIMESTAMP, IR_OF_KIND };

enum ir_relation {
    IR_EQUAL,
    IR_LESS,
    IR_GREATER,
    IR_LESS_EQUAL,
    IR_GREATER_EQUAL,
    IR_MATCHES, /* '*' stands for any run of characters, '\*' for a star, '\\' for a backslash */
    IR_IS_NULL,
    IR_IS_PRESENT,
    IR_IS_NUMERIC,
    IR_IS_STRING,
    IR_IS_BOOLEAN,
    IR_IS_TIMESTAMP
};

struct ir_operator_info {
    const char *name; /* "StringEquals" */
    enum ir_family family;
    enum ir_relation relation;
    bool path; /* the operand is a path */
};
extern const struct ir_operator_info ir_operator_table[IR_OP_COUNT];

/* The operator of that name, or IR_OP_COUNT. */
enum ir_operator ir_operator_find(const char *name);

enum ir_comparison_kind { IR_AND, IR_OR, IR_NOT, IR_TEST };

struct ir_comparison {
    enum ir_comparison_kind kind;
    struct span span; /* the rule object */
    /* AND, OR: one or more parts; NOT: one */
    const struct ir_comparison **parts;
    uint32_t part_count;
    /* TEST */
    const char *variable; /* the path as written */
    struct span variable_span;
    enum ir_operator op;
    struct span op_span;
    const struct jnode *operand; /* of the family's type, or the text of a path; KIND: a boolean */
};

/* The tree of a rule object, in the arena; NULL when any part of it is malformed. */
const struct ir_comparison *ir_comparison(struct aslrt_arena *arena, const struct jnode *rule);

#endif
