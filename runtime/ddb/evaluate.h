/*
 * evaluate.h - the value of an operand, for conditions and updates.
 */
#ifndef ASLRT_EVALUATE_H
#define ASLRT_EVALUATE_H

#include "runtime/ddb/expression.h"

/* What a path, a value or size() stands for in the item; missing when it stands for nothing. */
struct aslrt_attr aslrt_operand(struct aslrt_ddb *cx, const struct aslrt_expr *e,
                                struct aslrt_attr item);

#endif
