/*
 * expression.h - DynamoDB's expressions: parsed, checked, and what they mean.
 *
 * In: the text of a Condition-, Filter-, KeyCondition-, Update- or ProjectionExpression and the
 * request's placeholders.  Out: a tree whose names and values are resolved, or a failure in the
 * service's words.  Parsing knows no placeholders, so the compiler can check an expression whose
 * values it does not know yet.
 *
 *     parse → bind → evaluate | apply | project
 *
 * The grammar is grammar/dynamodb.y.  Ownership: trees live in cx->scratch and borrow the text.
 */
#ifndef ASLRT_EXPRESSION_H
#define ASLRT_EXPRESSION_H

#include "runtime/ddb/attribute.h"
#include "runtime/ddb/failure.h"

enum aslrt_expression_kind {
    ASLRT_EXPRESSION_CONDITION,
    ASLRT_EXPRESSION_FILTER,
    ASLRT_EXPRESSION_KEY_CONDITION,
    ASLRT_EXPRESSION_UPDATE,
    ASLRT_EXPRESSION_PROJECTION,
};

enum {
    ASLRT_EXPRESSION_BYTES = 4096,
    ASLRT_EXPRESSION_OPERATORS = 300, /* functions count too */
    ASLRT_EXPRESSION_IN = 100,        /* operands of one IN */
    ASLRT_EXPRESSION_STEPS = 32,      /* of a document path */
};

/* Operators: an id, and how messages write it. */
#define ASLRT_OPERATORS(X)                                                                         \
    X(EQUAL, "=")                                                                                  \
    X(NOT_EQUAL, "<>")                                                                             \
    X(LESS, "<")                                                                                   \
    X(LESS_EQUAL, "<=")                                                                            \
    X(GREATER, ">")                                                                                \
    X(GREATER_EQUAL, ">=")                                                                         \
    X(BETWEEN, "BETWEEN")                                                                          \
    X(IN, "IN")                                                                                    \
    X(AND, "AND")                                                                                  \
    X(OR, "OR")                                                                                    \
    X(NOT, "NOT")                                                                                  \
    X(PLUS, "+")                                                                                   \
    X(MINUS, "-")                                                                                  \
    X(SET, "SET")                                                                                  \
    X(REMOVE, "REMOVE")                                                                            \
    X(ADD, "ADD")                                                                                  \
    X(DELETE, "DELETE")

/* Functions: an id, the name, the number of operands, where it may stand. */
#define ASLRT_FUNCTIONS(X)                                                                         \
    X(ATTRIBUTE_EXISTS, "attribute_exists", 1, CONDITION)                                          \
    X(ATTRIBUTE_NOT_EXISTS, "attribute_not_exists", 1, CONDITION)                                  \
    X(ATTRIBUTE_TYPE, "attribute_type", 2, CONDITION)                                              \
    X(BEGINS_WITH, "begins_with", 2, CONDITION)                                                    \
    X(CONTAINS, "contains", 2, CONDITION)                                                          \
    X(SIZE, "size", 1, OPERAND)                                                                    \
    X(IF_NOT_EXISTS, "if_not_exists", 2, UPDATE)                                                   \
    X(LIST_APPEND, "list_append", 2, UPDATE)

enum aslrt_expr_kind {
    ASLRT_EXPR_PATH,
    ASLRT_EXPR_VALUE, /* a placeholder */
    ASLRT_EXPR_CALL,
#define ASLRT_X(id, text) ASLRT_EXPR_##id,
    ASLRT_OPERATORS(ASLRT_X)
#undef ASLRT_X
};

enum aslrt_expr_function {
    ASLRT_FN_UNKNOWN,
#define ASLRT_X(id, name, operands, place) ASLRT_FN_##id,
    ASLRT_FUNCTIONS(ASLRT_X)
#undef ASLRT_X
};

/* A run of bytes of the text. */
struct aslrt_extent {
    uint32_t start;
    uint32_t end;
};

/* One step of a document path. */
struct aslrt_step {
    bool is_index;
    struct aslrt_bytes name; /* as written until bound; then the attribute's */
    uint32_t index;
    struct aslrt_extent at;
    struct aslrt_step *next;
};

struct aslrt_expr {
    enum aslrt_expr_kind kind;
    enum aslrt_expr_function function; /* of a call */
    bool parens;                       /* stands in parentheses */
    bool opens;                        /* the first action of its clause */
    struct aslrt_extent at;
    struct aslrt_bytes name;  /* of a value (":v") or a call ("size"), as written */
    struct aslrt_step *steps; /* of a path */
    struct aslrt_attr value;  /* of a value, when bound */
    /* Operands, in order.  Of SET, ADD and DELETE: the path, then the operand; of REMOVE: the path.
     */
    struct aslrt_expr *first;
    struct aslrt_expr *last;
    struct aslrt_expr *next; /* among the operands of another, the actions or the paths */
};

struct aslrt_expression {
    enum aslrt_expression_kind kind;
    struct aslrt_bytes text;
    struct aslrt_expr *root;      /* the condition, the first action, or the first path */
    struct aslrt_path_tree *tree; /* of an update and a projection, when bound: see path_tree.h */
};

/* "ConditionExpression", …: the parameter's name, as messages have it.  Static. */
const char *aslrt_expression_label(enum aslrt_expression_kind kind);

/* Parses the text.  Fails with the service's message for what can be seen without placeholders in
   the syntax itself. */
struct aslrt_expression *aslrt_expression_parse(struct aslrt_ddb *cx,
                                                enum aslrt_expression_kind kind,
                                                struct aslrt_bytes text);

/* The placeholders of a request, and which of them its expressions have used so far. */
struct aslrt_placeholders {
    struct aslrt_value names;  /* an object, or undefined */
    struct aslrt_value values; /* an object, or undefined */
    struct aslrt_attr *attrs;  /* the values, in the order of the object's members */
    bool *name_used;
    bool *value_used;
    bool names_open; /* not known: any may be used */
    bool values_open;
};
/* Reads and checks ExpressionAttributeNames and ExpressionAttributeValues. */
void aslrt_placeholders_read(struct aslrt_ddb *cx, struct aslrt_value names,
                             struct aslrt_value values, struct aslrt_placeholders *out);
/* Fails when a placeholder was not used. */
void aslrt_placeholders_check(struct aslrt_ddb *cx, const struct aslrt_placeholders *p);

/* Resolves names and values and checks the expression: reserved words, functions, operands, limits,
   overlapping paths. */
void aslrt_expression_bind(struct aslrt_ddb *cx, struct aslrt_expression *e,
                           struct aslrt_placeholders *p);

/* Whether a bound condition or filter holds for the item, which may be missing. */
bool aslrt_condition_holds(struct aslrt_ddb *cx, const struct aslrt_expression *e,
                           struct aslrt_attr item);

/* Applies a bound update to `item`, or, where that is missing, to a new item with these key
   attributes.  Gives the item after it, in cx->scratch; missing when there is none before and the
   update only removes.  Fails when the item does not fit the update. */
struct aslrt_attr aslrt_update_apply(struct aslrt_ddb *cx, const struct aslrt_expression *e,
                                     struct aslrt_attr item, struct aslrt_attr key);

/* One condition of a KeyConditionExpression. */
struct aslrt_key_condition {
    struct aslrt_bytes name;
    enum aslrt_expr_kind op; /* EQUAL, LESS, …, BETWEEN; CALL for begins_with */
    struct aslrt_attr values[2];
};
/* The conditions of a bound key condition, one or two; gives their number. */
uint32_t aslrt_key_conditions(struct aslrt_ddb *cx, const struct aslrt_expression *e,
                              struct aslrt_key_condition out[2]);

/* What the compiler asks about an expression.  `names` and `values` are the JSON objects of the
   request, or undefined when they are not known. */
struct aslrt_expression_report {
    const char *message;    /* NULL: nothing is wrong; else in the service's words */
    struct aslrt_extent at; /* what the message is about; both 0 when it is about the whole */
};
enum aslrt_status aslrt_expression_inspect(struct aslrt_arena *arena,
                                           enum aslrt_expression_kind kind, const char *text,
                                           size_t count, struct aslrt_value names,
                                           struct aslrt_value values,
                                           struct aslrt_expression_report *report);

#endif
