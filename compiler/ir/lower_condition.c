/*
 * lower_condition.c - a check as a DynamoDB condition, so that no other write can come between.
 *
 * In: a typed expression over stored fields (bare names, item.x) and values of the request.
 * Out: a piece of ConditionExpression, as the text of a JSONata string without its quotes ("' & x &
 * '" splices in what is only known when it runs), and the elements of the lists that
 * ExpressionAttributeNames and -Values are merged from.
 * In a PATCH or PUT (names->merged) a field means what it will be: $item.f where that is sent, else
 * what is stored.  A comparison whose fields are all sent is decided by JSONata, because DynamoDB
 * need not compare two values with each other; what it then leaves unused is left out of the lists
 * too. DynamoDB compares what it stores; whatever it can't evaluate is refused with a diagnostic.
 * Invariant: one pair of parentheses at most around each part, since the service refuses two.
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

/* ---- which stored fields ---- */

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

/* ---- operands ---- */

static bool may_be_sent(const struct field *f, const struct lower_names *names)
{
    return names->merged != NULL && lower_settable(names->merged, f);
}

/* The field as an operand: #f, or in a PATCH :f where it is sent.  Whichever it is, the write uses
   #f and :f too, so that neither can be left over. */
static const char *field_operand(struct lower *l, const struct field *f,
                                 const struct lower_names *names, struct lower_condition *out)
{
    aslrt_buffer_format(&out->names, ", {'#%s': %s}", f->name, lower_quote(l, f->name));
    if (!may_be_sent(f, names))
        return lower_format(l, "#%s", f->name);
    const char *sent = lower_path(l, "$item", f->name);
    if (!f->type->optional)
        return names->merged->verb == AST_REPLACE
                   ? lower_format(l, ":%s", f->name)
                   : lower_format(l, "' & ($exists(%s) ? ':%s' : '#%s') & '", sent, f->name,
                                  f->name);
    /* What the same write removes is compared as an attribute that no item has. */
    const char *removed = names->merged->verb == AST_REPLACE
                              ? lower_format(l, "$not($exists(%s))", sent)
                              : lower_format(l, "%s = null", sent);
    aslrt_buffer_format(&out->names, ", %s ? {'#_none': '_none'} : {}", removed);
    return lower_format(l, "' & (%s ? '#_none' : $exists(%s) ? ':%s' : '#%s') & '", removed, sent,
                        f->name, f->name);
}

/* A value of the request as an operand, encoded as the field's type.  Its name begins with '_', as
   no field's does: the write has a value :f for each field f that it sets. */
static const char *value_operand(struct lower *l, const struct ast_expr *e, const struct type *type,
                                 const struct lower_names *names, struct lower_condition *out)
{
    const char *x = lower_expr(l, e, names);
    if (e->kind != AST_CALL) /* now() is as it is kept */
        x = lower_utc(l, type, x);
    uint32_t n = ++out->value_count;
    bool absent = e->type != NULL && e->type->optional;
    aslrt_buffer_format(&out->values,
                        absent ? ", {':_c%u': $exists(%s) ? %s : {'NULL': true}}"
                               : ", {':_c%u': %.0s%s}",
                        n, x, lower_encode(l, type, x));
    return lower_format(l, ":_c%u", n);
}

/* ---- leaves: comparisons, memberships, functions, truths ---- */

static const char *comparison(struct lower *l, const struct ast_expr *e,
                              const struct lower_names *names, struct lower_condition *out)
{
    static const char *const signs[] = {[AST_EQ] = "=", [AST_NE] = "<>", [AST_LT] = "<",
                                        [AST_GT] = ">", [AST_LE] = "<=", [AST_GE] = ">="};
    const struct field *left = stored_field(e->left), *right = stored_field(e->right);
    if (left == NULL && right == NULL)
        return refuse(l, e, "no side of the comparison is a stored field alone");
    const struct field *f = left != NULL ? left : right;
    const struct ast_expr *other = left != NULL ? e->right : e->left;
    if (other->kind == AST_NULL)
        return lower_format(l, "%s(%s)",
                            e->op == AST_EQ ? "attribute_not_exists" : "attribute_exists",
                            field_operand(l, f, names, out));
    if (left != NULL && right != NULL) {
        const char *a = field_operand(l, left, names, out);
        const char *b = field_operand(l, right, names, out);
        return lower_format(l, "%s %s %s", a, signs[e->op], b);
    }
    if (lower_mentions_stored(other))
        return refuse(l, other, "it computes with a stored field");
    bool order = e->op != AST_EQ && e->op != AST_NE;
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
    enum { IN_MAX = 100 };
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
    if (count == 0 || count > IN_MAX)
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

static const char *leaf_text(struct lower *l, const struct ast_expr *e,
                             const struct lower_names *names, struct lower_condition *out)
{
    const struct field *f = stored_field(e);
    if (f != NULL) {
        uint32_t n = ++out->value_count;
        aslrt_buffer_format(&out->values, ", {':_c%u': {'BOOL': true}}", n);
        return lower_format(l, "%s = :_c%u", field_operand(l, f, names, out), n);
    }
    if (e->kind == AST_CALL)
        return function(l, e, names, out);
    if (e->kind != AST_BINARY || e->op < AST_EQ || e->op > AST_IN)
        return refuse(l, e, "DynamoDB has no such operation");
    return e->op == AST_IN ? membership(l, e, names, out) : comparison(l, e, names, out);
}

/* ---- what the request alone decides ---- */

/* A truth value as a condition: the item is there, or it is not, which the write requires anyway.
 */
static const char *truth(struct lower *l, const char *jsonata, const struct lower_names *names)
{
    return lower_format(l, "((%s) ? 'attribute_exists(#%s)' : 'attribute_not_exists(#%s)')",
                        jsonata, names->key, names->key);
}

/* The leaf in JSONata over what is sent; what is removed or absent fits no order. */
static const char *sent_truth(struct lower *l, const struct ast_expr *e,
                              const struct lower_names *names)
{
    struct lower_names sent = *names;
    sent.field_base = "$item";
    sent.stored = false;
    const char *text = lower_expr(l, e, &sent);
    const struct field *fields[2];
    uint32_t count = lower_check_fields(e, fields, 2);
    bool order = e->kind == AST_BINARY && e->op >= AST_LT && e->op <= AST_GE;
    for (uint32_t i = 0; order && i < count && i < 2; i++) {
        if (fields[i]->type->optional)
            text = lower_format(l, "$not(%s = null) and %s",
                                lower_path(l, "$item", fields[i]->name), text);
    }
    return text;
}

/* When every field of the leaf is sent: JSONata for "they are", or NULL when that never decides it;
   "" when it always does. */
static const char *all_sent(struct lower *l, const struct ast_expr *e,
                            const struct lower_names *names)
{
    const struct field *fields[LOWER_CHECK_FIELDS];
    uint32_t count = lower_check_fields(e, fields, LOWER_CHECK_FIELDS);
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    for (uint32_t i = 0; i < count; i++) {
        if (i == LOWER_CHECK_FIELDS || !may_be_sent(fields[i], names))
            return NULL;
        if (names->merged->verb == AST_UPDATE)
            aslrt_buffer_format(&b, "%s$exists(%s)", b.count == 0 ? "" : " and ",
                                lower_path(l, "$item", fields[i]->name));
    }
    return aslrt_buffer_close(&b);
}

/* Appends the elements of `from`, each only when `sent` is not so. */
static void append_unless(struct aslrt_buffer *to, const char *sent, struct aslrt_buffer *from)
{
    if (from->count == 0)
        return;
    const char *elements = aslrt_buffer_close(from);
    aslrt_buffer_format(to, ", %s ? {} : $merge([%s])", sent, elements + 2);
}

static const char *leaf(struct lower *l, const struct ast_expr *e, const struct lower_names *names,
                        struct lower_condition *out)
{
    if (!lower_mentions_stored(e))
        return lower_format(l, "' & %s & '", truth(l, lower_expr(l, e, names), names));
    const char *sent = names->merged == NULL ? NULL : all_sent(l, e, names);
    if (sent == NULL)
        return leaf_text(l, e, names, out);
    const char *decided = truth(l, sent_truth(l, e, names), names);
    if (sent[0] == '\0')
        return lower_format(l, "' & %s & '", decided);
    struct lower_condition own = {aslrt_buffer_in(l->arena), aslrt_buffer_in(l->arena),
                                  out->value_count};
    const char *text = leaf_text(l, e, names, &own);
    out->value_count = own.value_count;
    append_unless(&out->names, sent, &own.names);
    append_unless(&out->values, sent, &own.values);
    return text == NULL ? NULL : lower_format(l, "' & (%s ? %s : '%s') & '", sent, decided, text);
}

/* ---- and, or, not ---- */

/* A part of and/or/not, in parentheses when it is itself and/or. */
static const char *part(struct lower *l, const struct ast_expr *e, const struct lower_names *names,
                        struct lower_condition *out)
{
    const char *text = lower_condition(l, e, names, out);
    bool compound =
        e->kind == AST_BINARY && (e->op == AST_AND || e->op == AST_OR) && lower_mentions_stored(e);
    return text == NULL || !compound ? text : lower_format(l, "(%s)", text);
}

const char *lower_condition(struct lower *l, const struct ast_expr *e,
                            const struct lower_names *names, struct lower_condition *out)
{
    if (!lower_mentions_stored(e))
        return leaf(l, e, names, out);
    if (e->kind == AST_NOT) {
        const char *inner = part(l, e->left, names, out);
        return inner == NULL ? NULL : lower_format(l, "NOT %s", inner);
    }
    if (e->kind != AST_BINARY || (e->op != AST_AND && e->op != AST_OR))
        return leaf(l, e, names, out);
    const char *left = part(l, e->left, names, out);
    const char *right = part(l, e->right, names, out);
    if (left == NULL || right == NULL)
        return NULL;
    return lower_format(l, "%s %s %s", left, e->op == AST_AND ? "AND" : "OR", right);
}
