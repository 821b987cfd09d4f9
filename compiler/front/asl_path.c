/*
 * asl_path.c - fields that hold paths, intrinsic functions or JSONata expressions.
 */
#include "compiler/front/asl_int.h"

void asl_check_path(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                    const struct asl_value *row)
{
    (void)row;
    if (value->kind != J_STRING)
        asl_wrong_type(r, at, value, "a path");
    else if (value->text[0] != '$')
        asl_report(r, at, DIAG_ASL_PATH, value->span,
                   "'%s' is not a path: it does not begin with '$'", value->text);
}

void asl_check_path_or_null(struct asl_reader *r, const struct asl_at *at,
                            const struct jnode *value, const struct asl_value *row)
{
    if (value->kind != J_NULL)
        asl_check_path(r, at, value, row);
}

void asl_check_reference(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                         const struct asl_value *row)
{
    asl_check_path(r, at, value, row);
}

void asl_check_reference_or_null(struct asl_reader *r, const struct asl_at *at,
                                 const struct jnode *value, const struct asl_value *row)
{
    if (value->kind != J_NULL)
        asl_check_reference(r, at, value, row);
}

void asl_check_path_or_call(struct asl_reader *r, const struct asl_at *at,
                            const struct jnode *value, const struct asl_value *row)
{
    if (value->kind != J_STRING || strncmp(value->text, "States.", 7) != 0)
        asl_check_path(r, at, value, row);
}

void asl_check_template_value(struct asl_reader *r, const struct asl_at *at,
                              const struct jnode *value)
{
    if (value->kind == J_STRING &&
        (value->text[0] == '$' || strncmp(value->text, "States.", 7) == 0))
        return;
    asl_report(r, at, DIAG_ASL_TEMPLATE_VALUE, value->span,
               "the value of '%s' is neither a path nor an intrinsic function", at->key);
}

void asl_check_expression(struct asl_reader *r, const struct asl_at *at, const struct jnode *value)
{
    (void)r, (void)at, (void)value;
}
