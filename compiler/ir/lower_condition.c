/*
 * lower_condition.c - a check as a DynamoDB condition, so that no other write can come between.
 *
 * In: a typed expression over stored fields (bare names, item.x) and values of the request.
 * Out: a piece of ConditionExpression, and the members of ExpressionAttributeNames and -Values that
 * it needs, as JSONata.  DynamoDB compares what it stores; whatever it can't evaluate (arithmetic,
 * code points, values that may be absent in an order comparison) is refused with a diagnostic at
 * its place. Invariant: one pair of parentheses at most around each part, since the service refuses
 * two.
 */
#include "compiler/front/builtins.h"
#include "compiler/ir/lower_int.h"

static const char *refuse(struct lower *l, const struct ast_expr *e, const char *why)
{
    struct diag *d = diag_begin(l->diag, DIAG_CHECK_NOT_STORABLE, e->span,
                                "this check can't be part of the write's condition: %s", why);
    diag_help(d, "compare stored fields with constants, 'input' or 'caller' by == != < <= > >= in, "
                 "and, or, not");
    diag_end(d);
    return NULL;
}

/* The stored field that the expression is, or NULL. */
static const struct field *stored_field(const struct ast_expr *e)
{
    if (e->kind == AST_NAME && e->ref != NULL && e->ref->kind == BIND_FIELD)
        return e->ref->field;
    if (e->kind == AST_MEMBER && e->left->kind == AST_NAME && e->left->ref != NULL &&
        e->left->ref->kind == BIND_ITEM && e->left->ref->entity != NULL) {
        const struct entity *entity = e->left->ref->entity;
        for (uint32_t i = 0; i < entity->field_count; i++) {
            if (strcmp(entity->fields[i]->name, e->name.text) == 0)
                return entity->fields[i];
        }
    }
    return NULL;
}

struct found {
    const struct field **out;
    uint32_t room, count;
};

static void find_fields(const struct ast_expr *e, struct found *f)
{
    if (e == NULL)
        return;
    const struct field *field = stored_field(e);
    if (field != NULL) {
        for (uint32_t i = 0; i < f->count && i < f->room; i++) {
            if (f->out[i] == field)
                return;
        }
        if (f->count < f->room)
            f->out[f->count] = field;
        f->count++;
        return;
    }
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next)
        find_fields(a->value, f);
    for (const struct ast_entry *n = e->entries; n != NULL; n = n->next)
        find_fields(n->value, f);
    find_fields(e->left, f);
    find_fields(e->right, f);
}

bool lower_mentions_stored(const struct ast_expr *e)
{
    struct found f = {NULL, 0, 0};
    find_fields(e, &f);
    return f.count != 0;
}

uint32_t lower_check_fields(const struct ast_expr *e, const struct field **out, uint32_t room)
{
    struct found f = {out, room, 0};
    find_fields(e, &f);
    return f.count;
}

/* The field as an operand.  After a PATCH (names->merged) it is what was sent, if it was. */
static const char *field_operand(struct lower *l, const struct field *f,
                                 const struct lower_names *names, struct lower_condition *out)
{
    aslrt_buffer_format(&out->names, ", '#%s': %s", f->name, lower_quote(l, f->name));
    if (names->merged == NULL || !lower_settable(names->merged, f))
        return lower_format(l, "#%s", f->name);
    const char *sent = lower_path(l, "$b", f->name);
    if (names->merged->verb == AST_REPLACE || !f->type->optional)
        return lower_format(l, "' & ($exists(%s) ? ':%s' : '#%s') & '", sent, f->name, f->name);
    /* Removed by the same PATCH: compare with an attribute that no item has. */
    return lower_format(l, "' & (%s = null ? '#_none' : $exists(%s) ? ':%s' : '#%s') & '", sent,
                        sent, f->name, f->name);
}

/* A value of the request as an operand, encoded as the field's type. */
static const char *value_operand(struct lower *l, const struct ast_expr *e, const struct type *type,
                                 const struct lower_names *names, struct lower_condition *out)
{
    const char *x = lower_expr(l, e, names);
    uint32_t n = ++out->value_count;
    bool absent = e->type != NULL && e->type->optional;
    if (absent)
        aslrt_buffer_format(&out->values, ", ':c%u': $exists(%s) ? %s : {'NULL': true}", n, x,
                            lower_encode(l, type, x));
    else
        aslrt_buffer_format(&out->values, ", ':c%u': %s", n, lower_encode(l, type, x));
    return lower_format(l, ":c%u", n);
}

static bool is_null(const struct ast_expr *e)
{
    return e->kind == AST_NULL;
}

static const char *comparison(struct lower *l, const struct ast_expr *e,
                              const struct lower_names *names, struct lower_condition *out)
{
    static const char *const signs[] = {[AST_EQ] = "=", [AST_NE] = "<>", [AST_LT] = "<",
                                        [AST_GT] = ">", [AST_LE] = "<=", [AST_GE] = ">="};
    const struct field *left = stored_field(e->left), *right = stored_field(e->right);
    if (left == NULL && right == NULL)
        return refuse(l, e, "no side of the comparison is a stored field alone");
    bool order = e->op != AST_EQ && e->op != AST_NE;
    const struct field *f = left != NULL ? left : right;
    const struct ast_expr *other = left != NULL ? e->right : e->left;
    if (is_null(other)) {
        const char *operand = field_operand(l, f, names, out);
        return lower_format(l, "%s(%s)",
                            e->op == AST_EQ ? "attribute_not_exists" : "attribute_exists", operand);
    }
    if (left != NULL && right != NULL)
        return lower_format(l, "%s %s %s", field_operand(l, left, names, out), signs[e->op],
                            field_operand(l, right, names, out));
    if (lower_mentions_stored(other))
        return refuse(l, other, "it computes with a stored field");
    if (order && other->type != NULL && other->type->optional)
        return refuse(l, other, "the value may be absent");
    const char *a = field_operand(l, f, names, out);
    const char *b = value_operand(l, other, f->type, names, out);
    return left != NULL ? lower_format(l, "%s %s %s", a, signs[e->op], b)
                        : lower_format(l, "%s %s %s", b, signs[e->op], a);
}

static const char *membership(struct lower *l, const struct ast_expr *e,
                              const struct lower_names *names, struct lower_condition *out)
{
    const struct field *f = stored_field(e->left);
    if (f == NULL || e->right->kind != AST_LIST || lower_mentions_stored(e->right))
        return refuse(l, e,
                      "'in' needs a stored field on the left and a written list on the right");
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_format(&b, "%s IN (", field_operand(l, f, names, out));
    uint32_t count = 0;
    for (const struct ast_arg *a = e->right->args; a != NULL; a = a->next, count++)
        aslrt_buffer_format(&b, "%s%s", count == 0 ? "" : ", ",
                            value_operand(l, a->value, f->type, names, out));
    if (count == 0 || count > 100)
        return refuse(l, e->right, "DynamoDB's IN takes 1 to 100 values");
    aslrt_buffer_char(&b, ')');
    return aslrt_buffer_close(&b);
}

/* A built-in function that DynamoDB has too: $1 and $2 of its template are operands. */
static const char *function(struct lower *l, const struct ast_expr *e,
                            const struct lower_names *names, struct lower_condition *out)
{
    const struct builtin *builtin = &builtin_table[e->left->ref->builtin];
    const struct field *f = e->args == NULL ? NULL : stored_field(e->args->value);
    if (builtin->condition[0] == '\0' || f == NULL)
        return refuse(l, e, "DynamoDB has no such function of a stored field");
    const struct type *element = f->type->kind == TYPE_LIST ? f->type->element : f->type;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    for (const char *p = builtin->condition; *p != '\0'; p++) {
        if (p[0] == '$' && p[1] == '1') {
            aslrt_buffer_text(&b, field_operand(l, f, names, out));
            p++;
        } else if (p[0] == '$' && p[1] == '2') {
            const struct ast_expr *second = e->args->next->value;
            if (lower_mentions_stored(second))
                return refuse(l, second, "it computes with a stored field");
            aslrt_buffer_text(&b, value_operand(l, second, element, names, out));
            p++;
        } else {
            aslrt_buffer_char(&b, *p);
        }
    }
    return aslrt_buffer_close(&b);
}

/* A part of and/or/not, in parentheses when it is itself and/or. */
static const char *part(struct lower *l, const struct ast_expr *e, const struct lower_names *names,
                        struct lower_condition *out)
{
    const char *text = lower_condition(l, e, names, out);
    bool compound = e->kind == AST_BINARY && (e->op == AST_AND || e->op == AST_OR);
    return text == NULL || !compound ? text : lower_format(l, "(%s)", text);
}

const char *lower_condition(struct lower *l, const struct ast_expr *e,
                            const struct lower_names *names, struct lower_condition *out)
{
    if (!lower_mentions_stored(e)) { /* a truth that the request alone decides */
        const char *key = names->key;
        aslrt_buffer_format(&out->names, ", '#%s': %s", key, lower_quote(l, key));
        return lower_format(l, "' & ((%s) ? 'attribute_exists' : 'attribute_not_exists') & '(#%s)",
                            lower_expr(l, e, names), key);
    }
    const struct field *f = stored_field(e);
    if (f != NULL) {
        uint32_t n = ++out->value_count;
        aslrt_buffer_format(&out->values, ", ':c%u': {'BOOL': true}", n);
        return lower_format(l, "%s = :c%u", field_operand(l, f, names, out), n);
    }
    if (e->kind == AST_NOT) {
        const char *inner = part(l, e->left, names, out);
        return inner == NULL ? NULL : lower_format(l, "NOT %s", inner);
    }
    if (e->kind == AST_CALL)
        return function(l, e, names, out);
    if (e->kind != AST_BINARY)
        return refuse(l, e, "DynamoDB has no such operation");
    if (e->op == AST_AND || e->op == AST_OR) {
        const char *left = part(l, e->left, names, out);
        const char *right = part(l, e->right, names, out);
        if (left == NULL || right == NULL)
            return NULL;
        return lower_format(l, "%s %s %s", left, e->op == AST_AND ? "AND" : "OR", right);
    }
    return e->op == AST_IN                      ? membership(l, e, names, out)
           : e->op >= AST_EQ && e->op <= AST_GE ? comparison(l, e, names, out)
                                                : refuse(l, e, "DynamoDB has no such operation");
}
