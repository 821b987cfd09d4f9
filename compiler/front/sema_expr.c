/*
 * sema_expr.c - expressions: which type everything has; names are sema_name.c's.
 *
 * In: an expression, the scope that it stands in, and the type that is wanted there, if any.  Out:
 * `type` and `ref` on every node.
 * A wanted type gives literals and bare members of an enum their meaning; it is never an excuse for
 * a value that does not fit, which sema_value reports.  What may be absent (`?`) stays so through
 * members and operators; comparisons take it, because absent equals nothing.
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/grow.h"
#include "compiler/base/suggest.h"

/* ---- literals ---- */

static const struct type *integer(struct sema *s, struct ast_expr *e, const struct type *expected)
{
    int64_t value;
    if (expected != NULL && (expected->kind == TYPE_LONG || expected->kind == TYPE_DECIMAL ||
                             expected->kind == TYPE_NUMBER))
        return e->type = sema_optional(s, expected, false);
    if (!sema_integer(e->text, &value) || value > 999999999999999) {
        struct diag *d = sema_report(s, DIAG_CRUD_RANGE, e->span,
                                     "an int has 15 digits at most, so that none is lost in JSON");
        diag_help(d, "'long' has 38 digits; it travels as text");
        diag_end(d);
        return sema_wrong_expr(e);
    }
    return e->type = sema_plain(TYPE_INT);
}

static const struct type *text(struct sema *s, struct ast_expr *e, const struct type *expected)
{
    enum type_kind kind = expected == NULL ? TYPE_STRING : expected->kind;
    if (kind == TYPE_ENUM) {
        if (sema_enum_member(expected, e->text) < 0) {
            struct diag *d = sema_report(s, DIAG_CRUD_VALUE, e->span, "\"%s\" is no member of %s",
                                         e->text, sema_type_name(s, expected));
            const char *near =
                suggest(e->text, expected->enumeration->members, expected->enumeration->count);
            if (near != NULL)
                diag_fix(d, e->span, false, "\"%s\"", near);
            diag_end(d);
        }
        return e->type = sema_optional(s, expected, false);
    }
    if (kind == TYPE_UUID || kind == TYPE_ULID || kind == TYPE_TIMESTAMP || kind == TYPE_DATE) {
        if (!sema_text_is(kind, e->text))
            sema_error(s, DIAG_CRUD_VALUE, e->span, "\"%s\" is no %s", e->text,
                       sema_type_name(s, sema_plain(kind)));
        return e->type = sema_plain(kind);
    }
    if (kind == TYPE_LONG || kind == TYPE_DECIMAL) {
        struct diag *d = sema_report(s, DIAG_CRUD_TYPE, e->span, "a %s is written without quotes",
                                     sema_type_name(s, sema_optional(s, expected, false)));
        diag_note(d, "its digits travel as text, but here they are a number");
        diag_end(d);
        return sema_wrong_expr(e);
    }
    return e->type = sema_plain(TYPE_STRING);
}

static const struct type *list(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                               const struct type *expected)
{
    const struct type *element =
        expected != NULL && expected->kind == TYPE_LIST ? expected->element : NULL;
    const struct type *first = NULL;
    for (struct ast_arg *a = e->args; a != NULL; a = a->next) {
        if (a->name.text != NULL)
            sema_error(s, DIAG_CRUD_TYPE, a->name.span, "the elements of a list have no names");
        const struct type *want = element != NULL ? element : first;
        const struct type *t = element != NULL ? sema_value(s, scope, a->value, want)
                                               : sema_expr(s, scope, a->value, want);
        if (first != NULL && element == NULL && !sema_fits(first, t) && !sema_fits(t, first)) {
            struct diag *d = sema_report(s, DIAG_CRUD_TYPE, a->span,
                                         "the elements of a list have one type: this is %s",
                                         sema_type_name(s, t));
            diag_label(d, e->args->span, "this is %s", sema_type_name(s, first));
            diag_end(d);
        }
        if (first == NULL && t->kind != TYPE_ERROR)
            first = t;
    }
    return e->type = sema_list_of(s, element != NULL ? element : first);
}

/* ---- objects ---- */

/* `{ id }` is `{ id: id }`. */
static struct ast_expr *entry_value(struct sema *s, struct ast_entry *n)
{
    if (n->value == NULL) {
        n->value = ASLRT_NEW(s->arena, struct ast_expr);
        n->value->kind = AST_NAME;
        n->value->name = n->name;
        n->value->span = n->span;
    }
    return n->value;
}

static void spread(struct sema *s, const struct sema_scope *scope, struct ast_entry *n,
                   struct record *into)
{
    const struct type *t = sema_expr(s, scope, n->value, NULL);
    struct field **fields = NULL;
    uint32_t count = 0;
    if (t->kind == TYPE_RECORD) {
        fields = t->record->fields;
        count = t->record->field_count;
    } else if (t->kind == TYPE_ITEM) {
        fields = t->entity->fields;
        count = t->entity->field_count;
    } else if (t->kind != TYPE_ERROR) {
        sema_error(s, DIAG_CRUD_TYPE, n->span, "only objects can be spread, and this is %s",
                   sema_type_name(s, t));
    }
    for (uint32_t i = 0; i < count; i++) {
        struct field **slot = GROW(s->arena, into->fields, into->field_count);
        *slot = fields[i];
    }
}

/* An object that no type describes gets one of its own. */
static const struct type *free_object(struct sema *s, const struct sema_scope *scope,
                                      struct ast_expr *e)
{
    struct record *r = ASLRT_NEW(s->arena, struct record);
    struct type *t = ASLRT_NEW(s->arena, struct type);
    struct names seen = {0};
    r->name = "object";
    for (struct ast_entry *n = e->entries; n != NULL; n = n->next) {
        if (n->kind == AST_ENTRY_SPREAD) {
            spread(s, scope, n, r);
            continue;
        }
        struct field *f = ASLRT_NEW(s->arena, struct field);
        f->name = n->name.text;
        f->type = sema_expr(s, scope, entry_value(s, n), NULL);
        if (!sema_declare(s, &seen, n->name, "the member", 0, NULL))
            continue;
        struct field **slot = GROW(s->arena, r->fields, r->field_count);
        *slot = f;
    }
    t->kind = TYPE_RECORD;
    t->record = r;
    return e->type = t;
}

void sema_object(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                 struct field **fields, uint32_t count, const char *owner, bool partial)
{
    struct names seen = {0};
    for (struct ast_entry *n = e->entries; n != NULL; n = n->next) {
        if (n->kind == AST_ENTRY_SPREAD) {
            struct record all = {0};
            spread(s, scope, n, &all);
            for (uint32_t i = 0; i < all.field_count; i++) {
                if (names_find(&seen, all.fields[i]->name) == NULL)
                    names_add(s->arena, &seen, all.fields[i]->name);
            }
            continue;
        }
        struct field *f = sema_find_field(fields, count, n->name.text);
        if (f == NULL) {
            sema_unknown_field(s, n->name, fields, count, owner);
            sema_expr(s, scope, entry_value(s, n), NULL);
            continue;
        }
        sema_value(s, scope, entry_value(s, n), f->type);
        sema_declare(s, &seen, n->name, "the member", 0, NULL);
    }
    for (uint32_t i = 0; i < count && !partial; i++) {
        const struct field *f = fields[i];
        bool needed = !f->type->optional && f->value == NULL && !f->touch && !f->version &&
                      f->ttl_s == 0 && f->from == NULL;
        if (needed && names_find(&seen, f->name) == NULL)
            sema_error(s, DIAG_CRUD_ABSENT, e->span, "'%s' of %s is missing here", f->name, owner);
    }
}

static const struct type *object(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                                 const struct type *expected)
{
    if (expected == NULL || expected->kind != TYPE_RECORD)
        return free_object(s, scope, e);
    const struct record *r = expected->record;
    sema_object(s, scope, e, r->fields, r->field_count, sema_format(s, "'%s'", r->name), false);
    return e->type = sema_optional(s, expected, false);
}

static const struct type *element(struct sema *s, const struct sema_scope *scope,
                                  struct ast_expr *e)
{
    const struct type *base = sema_expr(s, scope, e->left, NULL);
    const struct type *index = sema_expr(s, scope, e->right, sema_plain(TYPE_INT));
    if (base->kind == TYPE_ERROR || index->kind == TYPE_ERROR)
        return sema_wrong_expr(e);
    if (base->kind == TYPE_ANY)
        return e->type = sema_optional(s, sema_plain(TYPE_ANY), true);
    if (base->kind != TYPE_LIST || index->kind != TYPE_INT) {
        sema_error(s, DIAG_CRUD_TYPE, base->kind != TYPE_LIST ? e->left->span : e->right->span,
                   base->kind != TYPE_LIST
                       ? "only lists have elements, and this is %s"
                       : "elements are counted from 0 by an int, and this is %s",
                   sema_type_name(s, base->kind != TYPE_LIST ? base : index));
        return sema_wrong_expr(e);
    }
    if (base->element == NULL)
        return sema_wrong_expr(e);
    return e->type = sema_optional(s, base->element, true);
}

/* ---- operators ---- */

void sema_condition(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    const struct type *t = sema_expr(s, scope, e, sema_plain(TYPE_BOOL));
    if (t->kind != TYPE_BOOL && t->kind != TYPE_ERROR)
        sema_error(s, DIAG_CRUD_TYPE, e->span, "a condition is true or false, and this is %s",
                   sema_type_name(s, t));
}

static const char *operator_text(enum ast_op op)
{
    static const char *const texts[] = {
        "or", "and", "==", "!=", "<", ">", "<=", ">=", "in", "+", "-", "*", "/", "%"};
    return texts[op];
}

static const struct type *mismatch(struct sema *s, struct ast_expr *e, const struct type *left,
                                   const struct type *right)
{
    struct diag *d =
        sema_report(s, DIAG_CRUD_TYPE, e->op_span, "'%s' does not go with %s and %s",
                    operator_text(e->op), sema_type_name(s, left), sema_type_name(s, right));
    diag_label(d, e->left->span, "%s", sema_type_name(s, left));
    diag_label(d, e->right->span, "%s", sema_type_name(s, right));
    sema_hidden_member(d, left, e->right);
    sema_hidden_member(d, right, e->left);
    diag_end(d);
    return sema_wrong_expr(e);
}

static bool never_null(struct sema *s, struct ast_expr *e, const struct type *left,
                       const struct type *right)
{
    const struct type *other = left->kind == TYPE_NULL ? right : left;
    if ((left->kind != TYPE_NULL && right->kind != TYPE_NULL) || other->optional)
        return false;
    sema_error(s, DIAG_CRUD_TYPE, e->span,
               "this is always there, so comparing it with null says nothing");
    return true;
}

/* Values of which one can come before the other. */
static bool has_order(const struct type *t)
{
    return sema_is_number(t) || t->kind == TYPE_STRING || t->kind == TYPE_UUID ||
           t->kind == TYPE_ULID || t->kind == TYPE_TIMESTAMP || t->kind == TYPE_DATE;
}

static bool comparable(enum ast_op op, const struct type *a, const struct type *b)
{
    bool order = op != AST_EQ && op != AST_NE;
    if (sema_is_number(a) && sema_is_number(b))
        return true;
    if (order && !(has_order(a) && has_order(b)))
        return false;
    if (a->kind == TYPE_ITEM || a->kind == TYPE_PAGE || a->kind == TYPE_NOTHING)
        return false; /* what identifies an item is its key */
    return sema_fits(a, b) || sema_fits(b, a);
}

static const struct type *comparison(struct sema *s, const struct sema_scope *scope,
                                     struct ast_expr *e)
{
    const struct type *left, *right;
    if (sema_known(scope, e->left) || !sema_known(scope, e->right)) {
        left = sema_expr(s, scope, e->left, NULL);
        right = sema_expr(s, scope, e->right, left);
    } else {
        right = sema_expr(s, scope, e->right, NULL);
        left = sema_expr(s, scope, e->left, right);
    }
    e->type = sema_plain(TYPE_BOOL);
    if (left->kind == TYPE_ERROR || right->kind == TYPE_ERROR || never_null(s, e, left, right))
        return e->type;
    if (!comparable(e->op, left, right))
        mismatch(s, e, left, right);
    return e->type = sema_plain(TYPE_BOOL);
}

static const struct type *membership(struct sema *s, const struct sema_scope *scope,
                                     struct ast_expr *e)
{
    const struct type *left, *right;
    if (sema_known(scope, e->left) || e->right->kind == AST_LIST) {
        left = sema_expr(s, scope, e->left, NULL);
        right = sema_expr(s, scope, e->right,
                          left->kind == TYPE_ERROR ? NULL : sema_list_of(s, sema_bare(s, left)));
    } else {
        right = sema_expr(s, scope, e->right, NULL);
        left = sema_expr(s, scope, e->left, right->kind == TYPE_LIST ? right->element : NULL);
    }
    e->type = sema_plain(TYPE_BOOL);
    if (left->kind == TYPE_ERROR || right->kind == TYPE_ERROR)
        return e->type;
    if (right->kind != TYPE_LIST ||
        (right->element != NULL && !comparable(AST_EQ, left, right->element)))
        mismatch(s, e, left, right);
    return e->type = sema_plain(TYPE_BOOL);
}

/* Text joined with anything that has a text; a time moved by a length of time. */
static const struct type *addition(struct sema *s, const struct sema_scope *scope,
                                   struct ast_expr *e, const struct type *left,
                                   const struct type *right)
{
    bool time = left->kind == TYPE_TIMESTAMP && right->kind == TYPE_DURATION;
    if (time && (e->op == AST_ADD || e->op == AST_SUB)) {
        if ((scope->where & (CALL_FLOW | CALL_TESTS)) == 0)
            sema_error(s, DIAG_CRUD_TYPE, e->span, "times can't be computed in %s", scope->place);
        return e->type = left;
    }
    bool joins = e->op == AST_ADD && (sema_is_text(left) || sema_is_text(right)) &&
                 sema_is_scalar(left) && sema_is_scalar(right);
    if (joins)
        return e->type = sema_plain(TYPE_STRING);
    return mismatch(s, e, left, right);
}

static const struct type *arithmetic(struct sema *s, const struct sema_scope *scope,
                                     struct ast_expr *e)
{
    const struct type *left = sema_expr(s, scope, e->left, NULL);
    const struct type *right = sema_expr(s, scope, e->right, NULL);
    if (left->kind == TYPE_ERROR || right->kind == TYPE_ERROR)
        return sema_wrong_expr(e);
    if (!sema_is_number(left) || !sema_is_number(right))
        return addition(s, scope, e, left, right);
    const struct type *sides[2] = {left, right};
    for (int i = 0; i < 2; i++) {
        if (sides[i]->kind != TYPE_LONG && sides[i]->kind != TYPE_DECIMAL)
            continue;
        struct diag *d = sema_report(s, DIAG_CRUD_TYPE, e->span,
                                     "%s can't be computed with: its digits travel as text",
                                     sema_type_name(s, sides[i]));
        diag_help(d, "int and number can; '+=' and '-=' in an update can too");
        diag_end(d);
        return sema_wrong_expr(e);
    }
    bool whole = left->kind == TYPE_INT && right->kind == TYPE_INT && e->op != AST_DIV;
    const struct type *t = sema_plain(whole ? TYPE_INT : TYPE_NUMBER);
    return e->type = sema_optional(s, t, left->optional || right->optional);
}

static const struct type *negation(struct sema *s, const struct sema_scope *scope,
                                   struct ast_expr *e, const struct type *expected)
{
    const struct type *t = sema_expr(s, scope, e->left, expected);
    if (t->kind == TYPE_ERROR)
        return sema_wrong_expr(e);
    if (!sema_is_number(t)) {
        sema_error(s, DIAG_CRUD_TYPE, e->span, "only numbers can be negative, and this is %s",
                   sema_type_name(s, t));
        return sema_wrong_expr(e);
    }
    return e->type = t;
}

static const struct type *binary(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    switch (e->op) {
    case AST_OR:
    case AST_AND:
        sema_condition(s, scope, e->left);
        sema_condition(s, scope, e->right);
        return e->type = sema_plain(TYPE_BOOL);
    case AST_IN:
        return membership(s, scope, e);
    case AST_ADD:
    case AST_SUB:
    case AST_MUL:
    case AST_DIV:
    case AST_MOD:
        return arithmetic(s, scope, e);
    default:
        return comparison(s, scope, e);
    }
}

static const struct type *all(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    struct entity *entity = sema_find_entity(s, e->name);
    if (entity == NULL)
        return sema_wrong_expr(e);
    if (!scope->all) {
        sema_error(s, DIAG_CRUD_CALL, e->span, "'all %s' is for invariants, not for %s",
                   entity->name, scope->place);
        return sema_wrong_expr(e);
    }
    const struct type *items = sema_list_of(s, sema_item_of(s, entity));
    sema_bind(s, e, BIND_ENTITY, entity->name, items)->entity = entity;
    return items;
}

const struct type *sema_expr(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                             const struct type *expected)
{
    switch (e->kind) {
    case AST_INT:
        return integer(s, e, expected);
    case AST_NUMBER:
        return e->type = expected != NULL && expected->kind == TYPE_DECIMAL
                             ? sema_optional(s, expected, false)
                             : sema_plain(TYPE_NUMBER);
    case AST_STRING:
        return text(s, e, expected);
    case AST_BOOL:
        return e->type = sema_plain(TYPE_BOOL);
    case AST_NULL:
        return e->type = sema_plain(TYPE_NULL);
    case AST_DURATION:
        return e->type = sema_plain(TYPE_DURATION);
    case AST_NAME:
        return sema_name(s, scope, e, expected);
    case AST_MEMBER:
        return sema_member(s, scope, e, expected);
    case AST_INDEX:
        return element(s, scope, e);
    case AST_CALL:
        return sema_call(s, scope, e);
    case AST_NOT:
        sema_condition(s, scope, e->left);
        return e->type = sema_plain(TYPE_BOOL);
    case AST_NEGATE:
        return negation(s, scope, e, expected);
    case AST_BINARY:
        return binary(s, scope, e);
    case AST_OBJECT:
        return object(s, scope, e, expected);
    case AST_LIST:
        return list(s, scope, e, expected);
    case AST_ALL:
        return all(s, scope, e);
    }
    return sema_wrong_expr(e);
}
