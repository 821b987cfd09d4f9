/*
 * asl_jsonata.c - JSONata expressions in fields.
 */
#include "compiler/front/asl_int.h"

void asl_check_expression(struct asl_reader *r, const struct asl_at *at, const struct jnode *value)
{
    (void)r, (void)at, (void)value;
}
