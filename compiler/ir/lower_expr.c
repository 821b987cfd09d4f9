/*
 * lower_expr.c - expressions of the language as JSONata.
 *
 * In: a typed expression (front/sema has set `type` and `ref` on every node).  Out: JSONata text
 * that gives the same value, with the roots (fields, input, item, caller, ...) replaced by what
 * `names` says. Measured traps (jsonata 2.0.6): a comparison with something undefined is false or
 * undefined, never an error, so `!=` is written as the negation of `=`; `+` on texts is `&`; digits
 * and times that travel as text are compared by their value. A double keeps 15 digits: where more
 * may differ, digits are compared as texts that sort as their values do.
 */
#include "compiler/front/builtins.h"
#include "compiler/ir/lower_int.h"

static const char *operand(struct lower *l, const struct ast_expr *e,
                           const struct lower_names *names);

static enum type_kind kind_of(const struct ast_expr *e)
{
    return e->type == NULL ? TYPE_ERROR : e->type->kind;
}

static const char *field_value(struct lower *l, const struct field *field, const char *base,
                               bool stored)
{
    const char *x = lower_path(l, base, field->name);
    return stored ? lower_decode(l, field->type, x) : x;
}

/* A root of a path, or a whole name. */
static const char *root(struct lower *l, const struct ast_expr *e, const struct lower_names *names)
{
    const struct binding *ref = e->ref;
    switch (ref->kind) {
    case BIND_FIELD:
        return field_value(l, ref->field, names->field_base, names->stored);
    case BIND_INPUT:
        return names->input;
    case BIND_ITEM:
        return names->field_base;
    case BIND_CALLER:
        return lower_format(l, "%s.caller", names->request);
    case BIND_REQUEST:
        return names->request;
    case BIND_ENUM_MEMBER:
        return lower_quote(l, ref->name);
    default:
        return lower_format(l, "$%s", ref->name);
    }
}

/* Terraform fills it in, always as text. */
static const char *variable(struct lower *l, const struct ast_expr *e)
{
    const char *text = lower_format(l, "'${var_%s}'", e->name.text);
    switch (kind_of(e)) {
    case TYPE_INT:
    case TYPE_NUMBER:
        return lower_format(l, "$number(%s)", text);
    case TYPE_BOOL:
        return lower_format(l, "(%s = 'true')", text);
    default:
        return text;
    }
}

static const char *member(struct lower *l, const struct ast_expr *e,
                          const struct lower_names *names)
{
    if (e->ref != NULL && e->ref->kind == BIND_ENUM_MEMBER) /* Status.open */
        return lower_quote(l, e->ref->name);
    const struct binding *ref = e->left->kind == AST_NAME ? e->left->ref : NULL;
    if (ref != NULL && ref->kind == BIND_ITEM && ref->entity != NULL) {
        for (uint32_t i = 0; i < ref->entity->field_count; i++) {
            if (strcmp(ref->entity->fields[i]->name, e->name.text) == 0)
                return field_value(l, ref->entity->fields[i], names->field_base, names->stored);
        }
    }
    if (ref != NULL && ref->kind == BIND_REQUEST) {
        if (strcmp(e->name.text, "time") == 0)
            return "$now()";
        return lower_format(l, "%s.requestId", names->request);
    }
    if (ref != NULL && ref->kind == BIND_VAR)
        return variable(l, e);
    return lower_path(l, operand(l, e->left, names), e->name.text);
}

/* A template of builtins.def: $1 to $9 are the arguments, $request the execution's input. */
static const char *fill(struct lower *l, const char *template, const struct ast_arg *args,
                        const struct lower_names *names)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    for (const char *p = template; *p != '\0'; p++) {
        if (p[0] == '$' && p[1] >= '1' && p[1] <= '9') {
            const struct ast_arg *arg = args;
            for (int n = p[1] - '1'; n > 0 && arg != NULL; n--)
                arg = arg->next;
            if (arg != NULL)
                aslrt_buffer_text(&b, operand(l, arg->value, names));
            p++;
        } else if (strncmp(p, "$request", 8) == 0) {
            aslrt_buffer_text(&b, names->request);
            p += 7;
        } else {
            aslrt_buffer_char(&b, *p);
        }
    }
    return aslrt_buffer_close(&b);
}

static const char *object(struct lower *l, const struct ast_expr *e,
                          const struct lower_names *names)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    bool spread = false;
    for (const struct ast_entry *n = e->entries; n != NULL; n = n->next)
        spread = spread || n->kind == AST_ENTRY_SPREAD;
    if (!spread) {
        aslrt_buffer_char(&b, '{');
        for (const struct ast_entry *n = e->entries; n != NULL; n = n->next)
            aslrt_buffer_format(&b, "%s%s: %s", n == e->entries ? "" : ", ",
                                lower_quote(l, n->name.text), operand(l, n->value, names));
        aslrt_buffer_char(&b, '}');
        return aslrt_buffer_close(&b);
    }
    aslrt_buffer_text(&b, "$merge([");
    for (const struct ast_entry *n = e->entries; n != NULL; n = n->next) {
        aslrt_buffer_text(&b, n == e->entries ? "" : ", ");
        if (n->kind == AST_ENTRY_SPREAD)
            aslrt_buffer_text(&b, operand(l, n->value, names));
        else
            aslrt_buffer_format(&b, "{%s: %s}", lower_quote(l, n->name.text),
                                operand(l, n->value, names));
    }
    aslrt_buffer_text(&b, "])");
    return aslrt_buffer_close(&b);
}

/* ---- comparisons ---- */

/* How values of two types are compared: as they are, as numbers, as times, or digit by digit. */
enum compared { AS_THEY_ARE, AS_NUMBERS, AS_TIMES, AS_DIGITS };

/* True where a double tells all values of the operand apart: texts of 15 digits at most. */
static bool fits_double(const struct ast_expr *e)
{
    if (e->kind == AST_NEGATE)
        e = e->left;
    if (e->kind == AST_INT || e->kind == AST_NUMBER)
        return strlen(e->text) <= DOUBLE_DIGITS;
    if (kind_of(e) == TYPE_DECIMAL)
        return e->type->precision <= DOUBLE_DIGITS;
    return kind_of(e) == TYPE_INT || kind_of(e) == TYPE_NUMBER;
}

static enum compared compare_as(const struct ast_expr *left, const struct ast_expr *right)
{
    enum type_kind a = kind_of(left), b = kind_of(right);
    if (a == TYPE_TIMESTAMP || b == TYPE_TIMESTAMP)
        return AS_TIMES;
    if (a == TYPE_NUMBER || b == TYPE_NUMBER)
        return a == TYPE_LONG || a == TYPE_DECIMAL || b == TYPE_LONG || b == TYPE_DECIMAL
                   ? AS_NUMBERS
                   : AS_THEY_ARE;
    bool whole = (a == TYPE_LONG || a == TYPE_INT) && (b == TYPE_LONG || b == TYPE_INT);
    bool digits = a == TYPE_LONG || a == TYPE_DECIMAL || b == TYPE_LONG || b == TYPE_DECIMAL;
    if (!digits)
        return AS_THEY_ARE;
    /* A long beside a small integer: rounding the long can't carry it over the other. */
    if (whole ? fits_double(left) || fits_double(right) : fits_double(left) && fits_double(right))
        return AS_NUMBERS;
    return AS_DIGITS;
}

/* The value of `x` in the form that is compared; nothing, where x is no text. Digits: a sign, 38
   before the point and 38 behind it; those of negative numbers are turned round. */
static const char *by_value(struct lower *l, enum compared how, const char *x)
{
    if (how == AS_NUMBERS)
        return lower_format(l, "$number(%s)", x);
    if (how == AS_TIMES)
        return lower_format(l, "$toMillis(%s)", x);
    if (how == AS_THEY_ARE)
        return x;
    return lower_format(
        l,
        "($x := %s; $exists($x) ? ($t := $string($x); $n := $split($replace($t, '-', ''), '.'); "
        "$d := $pad($n[0], -38, '0') & $pad($n[1] & '', 38, '0'); $contains($t, '-') ? '0' & "
        "$join($map($split($d, ''), function($c) { $string(9 - $number($c)) })) : '1' & $d))",
        x);
}

/* The right side of `in`: each element in the form that is compared. */
static const char *elements_by_value(struct lower *l, enum compared how, const struct ast_expr *e,
                                     const struct lower_names *names)
{
    if (how == AS_THEY_ARE)
        return operand(l, e, names);
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    if (e->kind != AST_LIST) {
        aslrt_buffer_format(&b, "[$map(%s, function($e) { %s })]", operand(l, e, names),
                            by_value(l, how, "$e"));
        return aslrt_buffer_close(&b);
    }
    aslrt_buffer_char(&b, '[');
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next)
        aslrt_buffer_format(&b, "%s%s", a == e->args ? "" : ", ",
                            by_value(l, how, operand(l, a->value, names)));
    aslrt_buffer_char(&b, ']');
    return aslrt_buffer_close(&b);
}

/* `needle in list`, where both travel as text perhaps. */
static const char *membership(struct lower *l, const struct ast_expr *needle,
                              const struct ast_expr *list, const struct lower_names *names)
{
    enum type_kind kind = kind_of(needle);
    if (kind_of(list) == TYPE_LIST && list->type->element != NULL &&
        list->type->element->kind != TYPE_ERROR)
        kind = list->type->element->kind;
    enum compared how = kind == TYPE_TIMESTAMP                      ? AS_TIMES
                        : kind == TYPE_LONG || kind == TYPE_DECIMAL ? AS_DIGITS
                                                                    : AS_THEY_ARE;
    return lower_format(l, "%s in %s", by_value(l, how, operand(l, needle, names)),
                        elements_by_value(l, how, list, names));
}

static const char *comparison(struct lower *l, const struct ast_expr *e,
                              const struct lower_names *names)
{
    static const char *const signs[] = {
        [AST_EQ] = "=", [AST_NE] = "=",  [AST_LT] = "<",
        [AST_GT] = ">", [AST_LE] = "<=", [AST_GE] = ">=",
    };
    enum type_kind left = kind_of(e->left), right = kind_of(e->right);
    if (e->op == AST_EQ || e->op == AST_NE) { /* null and absent are the same thing here */
        const struct ast_expr *other = left == TYPE_NULL ? e->right : e->left;
        if (left == TYPE_NULL || right == TYPE_NULL) {
            const char *x = operand(l, other, names);
            return lower_format(l,
                                e->op == AST_EQ ? "($not($exists(%s)) or %s = null)"
                                                : "($exists(%s) and $not(%s = null))",
                                x, x);
        }
    }
    if (e->op == AST_IN)
        return membership(l, e->left, e->right, names);
    enum compared how = compare_as(e->left, e->right);
    const char *a = by_value(l, how, operand(l, e->left, names));
    const char *b = by_value(l, how, operand(l, e->right, names));
    const char *text = lower_format(l, "%s %s %s", a, signs[e->op], b);
    return e->op == AST_NE ? lower_format(l, "$not(%s)", text) : text;
}

static const char *call(struct lower *l, const struct ast_expr *e, const struct lower_names *names)
{
    const struct builtin *builtin = &builtin_table[e->left->ref->builtin];
    if (e->left->ref->builtin == BUILTIN_CONTAINS_LIST)
        return lower_format(l, "(%s)", membership(l, e->args->next->value, e->args->value, names));
    return fill(l, builtin->jsonata, e->args, names);
}

static const char *binary(struct lower *l, const struct ast_expr *e,
                          const struct lower_names *names)
{
    switch (e->op) {
    case AST_OR:
    case AST_AND:
        return lower_format(l, "%s %s %s", operand(l, e->left, names),
                            e->op == AST_OR ? "or" : "and", operand(l, e->right, names));
    case AST_ADD:
    case AST_SUB:
    case AST_MUL:
    case AST_DIV:
    case AST_MOD: {
        static const char signs[] = {'+', '-', '*', '/', '%'};
        char sign = signs[e->op - AST_ADD];
        if (e->op == AST_ADD && kind_of(e) == TYPE_STRING)
            sign = '&';
        return lower_format(l, "%s %c %s", operand(l, e->left, names), sign,
                            operand(l, e->right, names));
    }
    default:
        return comparison(l, e, names);
    }
}

const char *lower_expr(struct lower *l, const struct ast_expr *e, const struct lower_names *names)
{
    switch (e->kind) {
    case AST_INT:
    case AST_NUMBER:
        return kind_of(e) == TYPE_LONG || kind_of(e) == TYPE_DECIMAL ? lower_quote(l, e->text)
                                                                     : e->text;
    case AST_STRING:
        return lower_quote(l, e->text);
    case AST_BOOL:
        return e->boolean ? "true" : "false";
    case AST_NULL:
        return "null";
    case AST_NAME:
        return root(l, e, names);
    case AST_MEMBER:
        return member(l, e, names);
    case AST_INDEX:
        return lower_format(l, "%s[%s]", operand(l, e->left, names),
                            lower_expr(l, e->right, names));
    case AST_CALL:
        return call(l, e, names);
    case AST_NOT:
        return lower_format(l, "$not(%s)", lower_expr(l, e->left, names));
    case AST_NEGATE:
        if (kind_of(e->left) == TYPE_LONG || kind_of(e->left) == TYPE_DECIMAL) /* written digits */
            return lower_quote(l, lower_format(l, "-%s", e->left->text));
        return lower_format(l, "-%s", operand(l, e->left, names));
    case AST_BINARY:
        return binary(l, e, names);
    case AST_OBJECT:
        return object(l, e, names);
    case AST_LIST: {
        struct aslrt_buffer b = aslrt_buffer_in(l->arena);
        aslrt_buffer_char(&b, '[');
        for (const struct ast_arg *a = e->args; a != NULL; a = a->next)
            aslrt_buffer_format(&b, "%s%s", a == e->args ? "" : ", ", operand(l, a->value, names));
        aslrt_buffer_char(&b, ']');
        return aslrt_buffer_close(&b);
    }
    default: /* durations, ranges and `all` never reach the lowering: sema sees to that */
        return "null";
    }
}

/* The same in parentheses where an operator stands around it. */
static const char *operand(struct lower *l, const struct ast_expr *e,
                           const struct lower_names *names)
{
    const char *text = lower_expr(l, e, names);
    return e->kind == AST_BINARY || e->kind == AST_NEGATE ? lower_format(l, "(%s)", text) : text;
}
