/*
 * sema_expr.c - expressions: what names mean, and which type everything has.
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

static const struct type *wrong(struct ast_expr *e)
{
    e->type = &sema_wrong;
    return e->type;
}

static struct binding *bind(struct sema *s, struct ast_expr *e, enum binding_kind kind,
                            const char *name, const struct type *type)
{
    struct binding *b = ASLRT_NEW(s->arena, struct binding);
    b->kind = kind;
    b->name = name;
    b->type = type;
    e->ref = b;
    e->type = type;
    return b;
}

/* Names that were written are interned; those in paths are not. */
struct field *sema_find_field(struct field **fields, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (fields[i]->name == name)
            return fields[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(fields[i]->name, name) == 0)
            return fields[i];
    }
    return NULL;
}

static const char *nearest_field(struct sema *s, struct field **fields, uint32_t count,
                                 const char *name)
{
    if (!sema_suggests(s))
        return NULL;
    const char **words = ASLRT_NEW_ARRAY(s->arena, const char *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        words[i] = fields[i]->name;
    return suggest(name, words, count);
}

void sema_unknown_field(struct sema *s, struct ast_name name, struct field **fields, uint32_t count,
                        const char *owner)
{
    struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_FIELD, name.span, "%s has no field '%s'",
                                 owner, name.text);
    sema_near(d, name.span, nearest_field(s, fields, count, name.text));
    diag_end(d);
}

/* ---- names ---- */

static const struct sema_local *find_local(const struct sema_scope *scope, const char *name)
{
    for (const struct sema_local *l = scope->locals; l != NULL; l = l->next) {
        if (strcmp(l->name, name) == 0)
            return l;
    }
    return NULL;
}

static int enum_member(const struct type *t, const char *name)
{
    if (t == NULL || t->kind != TYPE_ENUM)
        return -1;
    for (uint32_t i = 0; i < t->enumeration->count; i++) {
        if (strcmp(t->enumeration->members[i], name) == 0)
            return (int)i;
    }
    return -1;
}

static const struct type *caller(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    enum auth_kind auth = s->model->service.auth;
    if (scope->no_caller) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_CALLER, e->span, "there is no caller in %s", scope->place);
        if ((scope->where & CALL_MAKES) != 0 && (scope->where & CALL_TESTS) == 0)
            diag_help(d, "'@from(caller...)' behind a field takes its value from the caller");
        diag_end(d);
        return wrong(e);
    }
    if (auth == AUTH_NONE || auth == AUTH_KEY) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_CALLER, e->span, "nobody knows who the caller is");
        diag_note(d, auth == AUTH_NONE ? "auth = none lets everybody call"
                                       : "auth = key knows a key, not who uses it");
        diag_help(d, "set 'auth = iam' or 'auth = cognito(pool: ...)' in the service block");
        diag_end(d);
        return wrong(e);
    }
    bind(s, e, BIND_CALLER, "caller", sema_plain(TYPE_ANY));
    return e->type;
}

/* The roots that are not declared anywhere. */
static bool root(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    const char *name = e->name.text;
    if (strcmp(name, "caller") == 0) {
        caller(s, scope, e);
    } else if (strcmp(name, "request") == 0 && !scope->no_caller) {
        bind(s, e, BIND_REQUEST, name, sema_plain(TYPE_ANY));
    } else if (strcmp(name, "var") == 0) {
        bind(s, e, BIND_VAR, name, sema_plain(TYPE_ANY));
    } else if (strcmp(name, "item") == 0 && scope->item) {
        bind(s, e, BIND_ITEM, name, sema_item_of(s, scope->entity))->entity = scope->entity;
    } else if (strcmp(name, "input") == 0 && scope->input != NULL) {
        bind(s, e, BIND_INPUT, name, sema_item_of(s, scope->entity))->entity = scope->entity;
    } else if (strcmp(name, "answer") == 0 && scope->answer) {
        bind(s, e, BIND_ANSWER, name, sema_plain(TYPE_ANY));
    } else {
        return false;
    }
    return true;
}

static bool resolve(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    const char *name = e->name.text;
    const struct sema_local *local = find_local(scope, name);
    if (local != NULL) {
        e->ref = local->binding;
        e->type = local->binding->type;
        return true;
    }
    struct field *f = scope->fields
                          ? sema_find_field(scope->entity->fields, scope->entity->field_count, name)
                          : NULL;
    if (f != NULL) {
        struct binding *b = bind(s, e, BIND_FIELD, name, f->type);
        b->field = f;
        b->entity = scope->entity;
        return true;
    }
    return root(s, scope, e);
}

static const char *nearest_name(struct sema *s, const struct sema_scope *scope, const char *name,
                                const struct type *expected)
{
    struct names all = {0};
    static const char *const roots[] = {"caller", "request", "var"};
    if (!sema_suggests(s))
        return NULL;
    for (const struct sema_local *l = scope->locals; l != NULL; l = l->next) {
        if (names_find(&all, l->name) == NULL)
            names_add(s->arena, &all, l->name);
    }
    for (uint32_t i = 0; scope->fields && i < scope->entity->field_count; i++) {
        if (names_find(&all, scope->entity->fields[i]->name) == NULL)
            names_add(s->arena, &all, scope->entity->fields[i]->name);
    }
    for (uint32_t i = 0;
         expected != NULL && expected->kind == TYPE_ENUM && i < expected->enumeration->count; i++) {
        if (names_find(&all, expected->enumeration->members[i]) == NULL)
            names_add(s->arena, &all, expected->enumeration->members[i]);
    }
    for (int i = 0; i < 3; i++) {
        if (names_find(&all, roots[i]) == NULL)
            names_add(s->arena, &all, roots[i]);
    }
    return sema_nearest(s, &all, name);
}

static void unknown_name(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                         const struct type *expected)
{
    const char *name = e->name.text;
    struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_NAME, e->span, "there is no '%s' in %s", name,
                                 scope->place);
    const char *near = nearest_name(s, scope, name, expected);
    if (near != NULL)
        sema_near(d, e->span, near);
    else if (strcmp(name, "item") == 0)
        diag_help(d, "'item' is the stored item; there is none yet when this is evaluated");
    else if (strcmp(name, "input") == 0)
        diag_help(d, "'input' is what the client sends; nothing is sent here");
    else if (expected != NULL && expected->kind == TYPE_ENUM)
        diag_help(d, "the members of %s are meant? texts stand in double quotes",
                  sema_type_name(s, expected));
    diag_end(d);
}

static const struct type *name(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                               const struct type *expected)
{
    if (resolve(s, scope, e))
        return e->type;
    int member = enum_member(expected, e->name.text);
    if (member >= 0) {
        bind(s, e, BIND_ENUM_MEMBER, expected->enumeration->members[member],
             sema_optional(s, expected, false));
        return e->type;
    }
    unknown_name(s, scope, e, expected);
    return wrong(e);
}

/* Can the name mean anything without a wanted type? */
static bool known(const struct sema_scope *scope, const struct ast_expr *e)
{
    static const char *const roots[] = {"caller", "request", "var", "item", "input", "answer"};
    if (e->kind != AST_NAME)
        return e->kind != AST_STRING && e->kind != AST_INT && e->kind != AST_NUMBER &&
               e->kind != AST_NULL && e->kind != AST_LIST;
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        if (strcmp(roots[i], e->name.text) == 0)
            return true;
    }
    return find_local(scope, e->name.text) != NULL ||
           (scope->fields && sema_find_field(scope->entity->fields, scope->entity->field_count,
                                             e->name.text) != NULL);
}

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
        return wrong(e);
    }
    return e->type = sema_plain(TYPE_INT);
}

static const struct type *text(struct sema *s, struct ast_expr *e, const struct type *expected)
{
    enum type_kind kind = expected == NULL ? TYPE_STRING : expected->kind;
    if (kind == TYPE_ENUM) {
        if (enum_member(expected, e->text) < 0) {
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
        return wrong(e);
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

/* ---- members ---- */

static const struct type *variable(struct sema *s, struct ast_expr *e, const struct type *expected)
{
    enum type_kind kind = expected == NULL              ? TYPE_STRING
                          : expected->kind == TYPE_BOOL ? TYPE_BOOL
                          : sema_is_number(expected)    ? TYPE_NUMBER
                                                        : TYPE_STRING;
    struct named *n = names_find(&s->variables, e->name.text);
    if (n == NULL) {
        struct variable *v = ASLRT_NEW(s->arena, struct variable);
        *v = (struct variable){e->name.text, sema_plain(kind), e->span};
        n = names_add(s->arena, &s->variables, v->name);
        n->thing = v;
    }
    const struct variable *v = n->thing;
    if (v->type->kind != kind) {
        struct diag *d = sema_report(s, DIAG_CRUD_VARIABLE, e->span, "'var.%s' is a %s here",
                                     v->name, sema_type_name(s, sema_plain(kind)));
        diag_label(d, v->first_use, "and a %s here", sema_type_name(s, v->type));
        diag_end(d);
        return wrong(e);
    }
    bool scalar = expected != NULL && sema_is_scalar(expected);
    return e->type = scalar ? sema_optional(s, expected, false) : v->type;
}

static const struct type *caller_member(struct sema *s, struct ast_expr *e)
{
    static const char *const iam[] = {"account", "arn", "identityId"}, *const sub[] = {"sub"};
    bool is_iam = s->model->service.auth == AUTH_IAM;
    const char *const *words = is_iam ? iam : sub;
    uint32_t count = is_iam ? 3 : 1;
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(words[i], e->name.text) == 0)
            return e->type = sema_plain(TYPE_STRING);
    }
    struct diag *d = sema_report(s, DIAG_CRUD_CALLER, e->name.span,
                                 "with this auth the caller has no '%s'", e->name.text);
    sema_near(d, e->name.span, suggest(e->name.text, words, count));
    diag_help(d, is_iam ? "auth = iam knows caller.account, caller.arn and caller.identityId"
                        : "it knows caller.sub");
    diag_end(d);
    return wrong(e);
}

static const struct type *request_member(struct sema *s, const struct sema_scope *scope,
                                         struct ast_expr *e)
{
    static const char *const words[] = {"id", "time", "key"};
    if (strcmp(e->name.text, "time") == 0)
        return e->type = sema_plain(TYPE_TIMESTAMP);
    if (strcmp(e->name.text, "id") == 0)
        return e->type = sema_plain(TYPE_STRING);
    if (strcmp(e->name.text, "key") == 0 && scope->key)
        return e->type = sema_plain(TYPE_UUID);
    struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_FIELD, e->name.span,
                                 "a request has no '%s' here", e->name.text);
    sema_near(d, e->name.span, suggest(e->name.text, words, 3));
    diag_help(d, "it has request.id and request.time, and request.key in a workflow that is "
                 "'idempotent by ...'");
    diag_end(d);
    return wrong(e);
}

/* input.x: what the client sends for that field. */
static const struct type *input_member(struct sema *s, const struct sema_scope *scope,
                                       struct ast_expr *e)
{
    const struct entity *entity = scope->entity;
    const struct field *f = sema_find_field(entity->fields, entity->field_count, e->name.text);
    if (f == NULL) {
        sema_unknown_field(s, e->name, entity->fields, entity->field_count,
                           sema_format(s, "'%s'", entity->name));
        return wrong(e);
    }
    if (!sema_settable(entity, scope->input->verb, f)) {
        sema_error(s, DIAG_CRUD_NOT_SETTABLE, e->name.span,
                   "the client can't send '%s' here, so 'input' never has it", f->name);
        return wrong(e);
    }
    bool absent = f->type->optional || f->value != NULL || scope->input->verb == AST_UPDATE;
    return e->type = sema_optional(s, f->type, absent);
}

static const struct type *page_member(struct sema *s, struct ast_expr *e, const struct type *page)
{
    if (strcmp(e->name.text, "items") == 0)
        return e->type = sema_list_of(s, sema_item_of(s, page->entity));
    if (strcmp(e->name.text, "count") == 0)
        return e->type = sema_plain(TYPE_INT);
    if (strcmp(e->name.text, "next") == 0)
        return e->type = sema_optional(s, sema_plain(TYPE_STRING), true);
    sema_error(s, DIAG_CRUD_UNKNOWN_FIELD, e->name.span,
               "a page has items, count and next, no '%s'", e->name.text);
    return wrong(e);
}

static const struct type *of_fields(struct sema *s, struct ast_expr *e, struct field **fields,
                                    uint32_t count, const char *owner, bool optional)
{
    const struct field *f = sema_find_field(fields, count, e->name.text);
    if (f == NULL) {
        sema_unknown_field(s, e->name, fields, count, owner);
        return wrong(e);
    }
    return e->type = sema_optional(s, f->type, f->type->optional || optional);
}

static const struct type *member_of(struct sema *s, struct ast_expr *e, const struct type *base)
{
    switch (base->kind) {
    case TYPE_ANY:
        return e->type = sema_optional(s, sema_plain(TYPE_ANY), true);
    case TYPE_RECORD:
        return of_fields(s, e, base->record->fields, base->record->field_count,
                         sema_format(s, "'%s'", base->record->name), base->optional);
    case TYPE_ITEM:
        return of_fields(s, e, base->entity->fields, base->entity->field_count,
                         sema_format(s, "'%s'", base->entity->name), base->optional);
    case TYPE_PAGE:
        return page_member(s, e, base);
    case TYPE_LIST: { /* the member of every element */
        if (base->element == NULL)
            return e->type = base;
        const struct type *element = member_of(s, e, base->element);
        if (element->kind == TYPE_ERROR)
            return element;
        return e->type = sema_list_of(s, sema_optional(s, element, false));
    }
    case TYPE_ERROR:
        return wrong(e);
    default:
        sema_error(s, DIAG_CRUD_TYPE, e->name.span, "%s has no members",
                   sema_type_name(s, sema_optional(s, base, false)));
        return wrong(e);
    }
}

/* Status.open: a member of an enum of the file. */
static bool qualified(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    if (e->left->kind != AST_NAME || known(scope, e->left))
        return false;
    const struct named *n = names_find(&s->types, e->left->name.text);
    if (n == NULL || n->kind != NAMED_ENUM)
        return false;
    struct type *t = ASLRT_NEW(s->arena, struct type);
    t->kind = TYPE_ENUM;
    t->enumeration = n->thing;
    int i = enum_member(t, e->name.text);
    if (i < 0) {
        struct diag *d = sema_report(s, DIAG_CRUD_VALUE, e->name.span, "'%s' is no member of '%s'",
                                     e->name.text, n->text);
        sema_near(d, e->name.span,
                  suggest(e->name.text, t->enumeration->members, t->enumeration->count));
        diag_end(d);
        wrong(e);
        return true;
    }
    bind(s, e, BIND_ENUM_MEMBER, t->enumeration->members[i], t);
    e->left->type = t;
    return true;
}

static const struct type *member(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                                 const struct type *expected)
{
    if (qualified(s, scope, e))
        return e->type;
    const struct type *base = sema_expr(s, scope, e->left, NULL);
    const struct binding *ref = e->left->kind == AST_NAME ? e->left->ref : NULL;
    if (base->kind == TYPE_ERROR)
        return wrong(e);
    switch (ref == NULL ? BIND_LET : ref->kind) {
    case BIND_VAR:
        return variable(s, e, expected);
    case BIND_CALLER:
        return caller_member(s, e);
    case BIND_REQUEST:
        return request_member(s, scope, e);
    case BIND_INPUT:
        return input_member(s, scope, e);
    default:
        return member_of(s, e, base);
    }
}

static const struct type *element(struct sema *s, const struct sema_scope *scope,
                                  struct ast_expr *e)
{
    const struct type *base = sema_expr(s, scope, e->left, NULL);
    const struct type *index = sema_expr(s, scope, e->right, sema_plain(TYPE_INT));
    if (base->kind == TYPE_ERROR || index->kind == TYPE_ERROR)
        return wrong(e);
    if (base->kind == TYPE_ANY)
        return e->type = sema_optional(s, sema_plain(TYPE_ANY), true);
    if (base->kind != TYPE_LIST || index->kind != TYPE_INT) {
        sema_error(s, DIAG_CRUD_TYPE, base->kind != TYPE_LIST ? e->left->span : e->right->span,
                   base->kind != TYPE_LIST
                       ? "only lists have elements, and this is %s"
                       : "elements are counted from 0 by an int, and this is %s",
                   sema_type_name(s, base->kind != TYPE_LIST ? base : index));
        return wrong(e);
    }
    if (base->element == NULL)
        return wrong(e);
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
    diag_end(d);
    return wrong(e);
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

static bool comparable(enum ast_op op, const struct type *a, const struct type *b)
{
    bool order = op != AST_EQ && op != AST_NE;
    if (sema_is_number(a) && sema_is_number(b))
        return true;
    if (order && (a->kind == TYPE_ENUM || a->kind == TYPE_ANY || a->kind == TYPE_BOOL ||
                  a->kind == TYPE_LIST || a->kind == TYPE_RECORD || a->kind == TYPE_NULL ||
                  b->kind == TYPE_NULL || a->kind == TYPE_ITEM))
        return false;
    return sema_fits(a, b) || sema_fits(b, a) ||
           (!order && (a->kind == TYPE_ANY || b->kind == TYPE_ANY));
}

static const struct type *comparison(struct sema *s, const struct sema_scope *scope,
                                     struct ast_expr *e)
{
    const struct type *left, *right;
    if (known(scope, e->left) || !known(scope, e->right)) {
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
    if (known(scope, e->left) || e->right->kind == AST_LIST) {
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
        return wrong(e);
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
        return wrong(e);
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
        return wrong(e);
    if (!sema_is_number(t)) {
        sema_error(s, DIAG_CRUD_TYPE, e->span, "only numbers can be negative, and this is %s",
                   sema_type_name(s, t));
        return wrong(e);
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
    const struct named *n = names_find(&s->types, e->name.text);
    if (n == NULL || n->kind != NAMED_ENTITY) {
        struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_NAME, e->name.span,
                                     "there is no entity '%s'", e->name.text);
        sema_near(d, e->name.span, sema_nearest(s, &s->types, e->name.text));
        diag_end(d);
        return wrong(e);
    }
    if (!scope->all) {
        sema_error(s, DIAG_CRUD_CALL, e->span, "'all %s' is for invariants, not for %s", n->text,
                   scope->place);
        return wrong(e);
    }
    bind(s, e, BIND_ENTITY, n->text, sema_list_of(s, sema_item_of(s, n->thing)))->entity = n->thing;
    return e->type;
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
        return name(s, scope, e, expected);
    case AST_MEMBER:
        return member(s, scope, e, expected);
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
    return wrong(e);
}
