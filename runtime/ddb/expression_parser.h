/*
 * expression_parser.h - what the grammar (dynamodb.l, dynamodb.y) and expression.c share.
 *
 * The scanner counts operators and remembers where the last two tokens stood, for the message of a
 * syntax error: the service shows the text from the token before to the token behind.
 */
#ifndef ASLRT_EXPRESSION_PARSER_H
#define ASLRT_EXPRESSION_PARSER_H

#include "runtime/ddb/expression.h"

struct aslrt_expression_parser {
    struct aslrt_arena *arena; /* first: the scanner's memory (base/scan.h) */
    struct aslrt_ddb *cx;
    struct aslrt_expression *expression;
    void *scanner;
    int start; /* the token that says what kind of expression comes; 0 when it was given */
    uint32_t offset;
    struct aslrt_extent token;  /* the last token */
    struct aslrt_extent before; /* the one before it */
    uint32_t operators;
};

/* Constructors.  Each counts as the grammar's: they give a node with the extent `at`. */
struct aslrt_expr *aslrt_expr_new(struct aslrt_expression_parser *p, enum aslrt_expr_kind kind,
                                  struct aslrt_extent at);
/* Adds an operand; gives `e`. */
struct aslrt_expr *aslrt_expr_add(struct aslrt_expr *e, struct aslrt_expr *operand);
struct aslrt_expr *aslrt_expr_two(struct aslrt_expression_parser *p, enum aslrt_expr_kind kind,
                                  struct aslrt_extent at, struct aslrt_expr *a,
                                  struct aslrt_expr *b);
/* Puts `e` in parentheses; a second pair directly around the first is refused. */
struct aslrt_expr *aslrt_expr_parens(struct aslrt_expression_parser *p, struct aslrt_expr *e,
                                     struct aslrt_extent at);
struct aslrt_expr *aslrt_expr_path(struct aslrt_expression_parser *p, struct aslrt_extent name);
struct aslrt_expr *aslrt_expr_member(struct aslrt_expression_parser *p, struct aslrt_expr *path,
                                     struct aslrt_extent name);
struct aslrt_expr *aslrt_expr_element(struct aslrt_expression_parser *p, struct aslrt_expr *path,
                                      struct aslrt_extent index);
struct aslrt_expr *aslrt_expr_value(struct aslrt_expression_parser *p, struct aslrt_extent name);
/* Makes `operands` (a node that only holds them) the call of that function. */
struct aslrt_expr *aslrt_expr_call(struct aslrt_expression_parser *p, struct aslrt_extent name,
                                   struct aslrt_expr *operands, struct aslrt_extent at);
/* Sets the kind of all actions of a clause. */
struct aslrt_expr *aslrt_expr_clause(struct aslrt_expression_parser *p, enum aslrt_expr_kind kind,
                                     struct aslrt_extent keyword, struct aslrt_expr *actions);
/* Appends list `b` to list `a` (by `next`). */
struct aslrt_expr *aslrt_expr_join(struct aslrt_expr *a, struct aslrt_expr *b);

/* Refuses the expression because of the token that was read last. */
_Noreturn void aslrt_expression_syntax_error(struct aslrt_expression_parser *p);

#endif
