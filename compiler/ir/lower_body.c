/*
 * lower_body.c - the body of a request: refused when it is not what the operation takes, and turned
 * into the item that is to be stored.
 *
 * In: an operation that has a body.  Out: rules of its first Choice state, in the order in which a
 * later one may rely on the earlier ones (it is an object, it has no other members, each member
 * fits), and JSONata that builds the item.
 */
#include "compiler/ir/lower_int.h"

static bool patch(const struct lower_flow *f)
{
    return f->op->verb == AST_UPDATE;
}

/* Key fields may be repeated in the body of a PUT if they say the same as the path. */
static bool repeated_key(const struct lower_flow *f, const struct field *field)
{
    return f->op->verb == AST_REPLACE && (field->is_key || field->is_sort);
}

static void check_members(struct lower_flow *f, ir_id state)
{
    struct lower *l = f->l;
    struct aslrt_buffer names = aslrt_buffer_in(l->arena);
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        if (lower_settable(f->op, field) || repeated_key(f, field))
            aslrt_buffer_format(&names, "%s%s", names.count == 0 ? "" : ", ",
                                lower_quote(l, field->name));
    }
    const char *unknown =
        lower_format(l, "$filter($keys($states.input.body), function($k) { $not($k in [%s]) })",
                     aslrt_buffer_close(&names));
    lower_bad_request(f, state, lower_format(l, "$count(%s) > 0", unknown),
                      lower_format(l,
                                   "($u := [%s]; '\"' & $u[0] & '\" is not a member that can be "
                                   "set here')",
                                   unknown));
}

static void check_field(struct lower_flow *f, ir_id state, const struct field *field)
{
    struct lower *l = f->l;
    const struct type *t = field->type;
    const char *valid = lower_valid(l, t, "$x");
    const char *body = lower_path(l, "$states.input.body", field->name);
    const char *condition;
    if (t->optional)
        condition = lower_format(l, "$exists($x) and $not($x = null) and $not(%s)", valid);
    else if (field->value != NULL || patch(f))
        condition = lower_format(l, "$exists($x) and $not(%s)", valid);
    else
        condition = lower_format(l, "$not(%s)", valid);
    lower_bad_request(
        f, state, lower_format(l, "($x := %s; %s)", body, condition),
        lower_quote(l, lower_format(l, "%s must be %s", field->name, lower_requirement(l, t))));
    if (field->future || field->past) {
        const char *now = t->kind == TYPE_DATE ? "$substring($now(), 0, 10)" : "$millis()";
        const char *x = t->kind == TYPE_DATE ? "$x" : "$toMillis($x)";
        lower_bad_request(f, state,
                          lower_format(l, "($x := %s; $type($x) = 'string' and $not(%s %s %s))",
                                       body, x, field->future ? ">" : "<", now),
                          lower_quote(l, lower_format(l, "%s must lie in the %s", field->name,
                                                      field->future ? "future" : "past")));
    }
}

void lower_check_body(struct lower_flow *f, ir_id state)
{
    struct lower *l = f->l;
    lower_bad_request(f, state, "$not($type($states.input.body) = 'object')",
                      "'the body must be a JSON object'");
    check_members(f, state);
    if (patch(f))
        lower_bad_request(f, state, "$count($keys($states.input.body)) = 0",
                          "'the body must have a member that is to be changed'");
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        if (repeated_key(f, field)) {
            const char *x = lower_path(l, "$states.input.body", field->name);
            const char *path =
                lower_path_value(l, field, lower_path(l, "$states.input.path", field->name));
            lower_bad_request(
                f, state, lower_format(l, "$exists(%s) and $not(%s = %s)", x, x, path),
                lower_quote(l, lower_format(l, "%s must be as in the path", field->name)));
        } else if (lower_settable(f->op, field)) {
            check_field(f, state, field);
        }
    }
}

/* ---- the item ---- */

static const char *constant(struct lower *l, const struct ast_expr *e)
{
    return lower_expr(l, e, &(struct lower_names){.request = "$states.input"});
}

static const char *default_of(struct lower *l, const struct field *field)
{
    return lower_default(l, field, &(struct lower_names){.request = "$states.input"});
}

/* What the client may give: normal form, or the default when it is not there. */
static const char *given(struct lower *l, const struct field *field)
{
    const char *x = lower_path(l, "$b", field->name);
    const char *normal = lower_normal(l, field->type, x);
    if (field->type->optional && field->value != NULL)
        return lower_format(l, "$exists(%s) ? ($not(%s = null) ? %s) : %s", x, x, normal,
                            default_of(l, field));
    if (field->type->optional)
        return lower_format(l, "$exists(%s) and $not(%s = null) ? %s", x, x, normal);
    if (field->value != NULL)
        return lower_format(l, "$exists(%s) ? %s : %s", x, normal, default_of(l, field));
    return normal;
}

/* What a PATCH says of the field: absent, null, or its normal form. */
static const char *changed(struct lower *l, const struct field *field)
{
    const char *x = lower_path(l, "$b", field->name);
    const char *normal = lower_normal(l, field->type, x);
    if (normal == x)
        return x;
    return lower_format(l, "$exists(%s) ? (%s = null ? null : %s)", x, x, normal);
}

/* What the service sets itself; NULL: nothing. */
static const char *set_by_service(struct lower_flow *f, const struct field *field)
{
    struct lower *l = f->l;
    if (field->from != NULL)
        return constant(l, field->from);
    if (field->version)
        return field->value == NULL ? "1" : default_of(l, field);
    if (field->ttl_s != 0)
        return lower_expiry(l, field);
    if (field->touch)
        return "$now()";
    return field->value == NULL ? NULL : default_of(l, field);
}

const char *lower_item_expr(struct lower_flow *f)
{
    struct lower *l = f->l;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    uint32_t count = 0;
    aslrt_buffer_text(&b, "($b := $states.input.body; {");
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        const char *value;
        if (lower_settable(f->op, field))
            value = patch(f) ? changed(l, field) : given(l, field);
        else if (f->op->verb != AST_CREATE)
            continue; /* what the client can't set stays as it is stored */
        else if (lower_in_path(f->entity, field))
            value = lower_path_value(l, field, lower_path(l, "$states.input.path", field->name));
        else
            value = set_by_service(f, field);
        if (value != NULL)
            aslrt_buffer_format(&b, "%s%s: %s", count++ == 0 ? "" : ", ",
                                lower_quote(l, field->name), value);
    }
    aslrt_buffer_text(&b, "})");
    return aslrt_buffer_close(&b);
}

/* ---- checks before a write ---- */

ir_id lower_checks(struct lower_flow *f, const struct check *checks, uint32_t count,
                   bool (*wanted)(const struct lower_flow *f, const struct check *check),
                   const struct lower_names *names, ir_id state)
{
    struct lower *l = f->l;
    for (uint32_t i = 0; i < count; i++) {
        if (!wanted(f, &checks[i]))
            continue;
        if (state == IR_NONE)
            state = lower_state(f, IR_CHOICE, "Checks");
        lower_rule(
            f, state,
            lower_format(l, "(%s) ? false : true", lower_expr(l, checks[i].condition, names)),
            lower_end(f, checks[i].error));
    }
    return state;
}
