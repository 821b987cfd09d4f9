/*
 * expressions.h - the expressions of a request, read and checked together.
 */
#ifndef ASLRT_STORE_EXPRESSIONS_H
#define ASLRT_STORE_EXPRESSIONS_H

#include "runtime/ddb/expression.h"
#include "runtime/store/store.h"

struct aslrt_request_expressions {
    struct aslrt_expression *of[ASLRT_EXPRESSION_PROJECTION + 1]; /* by kind; NULL: absent */
};

/* Which expressions an operation takes: bits 1 << enum aslrt_expression_kind. */
#define ASLRT_TAKES(kind) (1u << ASLRT_EXPRESSION_##kind)

/* Fails when legacy parameters stand beside expressions, or alone (the store does not take them),
   or placeholders beside no expression.  `legacy` ends with NULL.  Comes before the values are
   read. */
void aslrt_expressions_precheck(struct aslrt_store_request *rq, unsigned takes,
                                const char *const *legacy);
/* Parses, binds and checks them in the service's order: update, condition, key condition, filter,
   projection; then no placeholder may be left over. */
void aslrt_expressions_read(struct aslrt_store_request *rq, unsigned takes,
                            struct aslrt_request_expressions *out);
/* Fails when a path of `e` (or NULL) goes into a key of the table or of an index, which is never a
   map or a list. */
void aslrt_expression_check_keys(struct aslrt_store_request *rq,
                                 const struct aslrt_store_table *table,
                                 const struct aslrt_expression *e);

#endif
