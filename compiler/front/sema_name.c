/*
 * sema_name.c - what names mean in expressions: locals, fields, roots, members.
 *
 * In: names and member accesses, and the scope that they stand in.  Out: `ref` and `type` of the
 * node. Order: names of the workflow or test, fields, roots (input, item, caller, request, var),
 * members of the enum that is wanted.  What may be absent stays so through members.
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/suggest.h"

#include <strings.h>

const struct type *sema_wrong_expr(struct ast_expr *e)
{
    e->type = &sema_wrong;
    return e->type;
}

struct binding *sema_bind(struct sema *s, struct ast_expr *e, enum binding_kind kind,
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

int sema_enum_member(const struct type *t, const char *name)
{
    if (t == NULL || t->kind != TYPE_ENUM)
        return -1;
    for (uint32_t i = 0; i < t->enumeration->count; i++) {
        if (strcmp(t->enumeration->members[i], name) == 0)
            return (int)i;
    }
    return -1;
}

void sema_hidden_member(struct diag *d, const struct type *wanted, const struct ast_expr *e)
{
    if (e->kind == AST_NAME && sema_enum_member(wanted, e->name.text) >= 0)
        diag_help(d, "'%s' has another meaning here; the member of the enum is written \"%s\"",
                  e->name.text, e->name.text);
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

static const struct type *caller(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    enum auth_kind auth = s->model->service.auth;
    if (scope->no_caller) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_CALLER, e->span, "there is no caller in %s", scope->place);
        if ((scope->where & CALL_MAKES) != 0 && (scope->where & CALL_TESTS) == 0)
            diag_help(d, "'@from(caller...)' behind a field takes its value from the caller");
        diag_end(d);
        return sema_wrong_expr(e);
    }
    if (auth == AUTH_NONE || auth == AUTH_KEY) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_CALLER, e->span, "nobody knows who the caller is");
        diag_note(d, auth == AUTH_NONE ? "auth = none lets everybody call"
                                       : "auth = key knows a key, not who uses it");
        diag_help(d, "set 'auth = iam' or 'auth = cognito(pool: ...)' in the service block");
        diag_end(d);
        return sema_wrong_expr(e);
    }
    sema_bind(s, e, BIND_CALLER, "caller", sema_plain(TYPE_ANY));
    return e->type;
}

/* The roots that are not declared anywhere. */
static bool root(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    const char *name = e->name.text;
    if (strcmp(name, "caller") == 0) {
        caller(s, scope, e);
    } else if (strcmp(name, "request") == 0 && !scope->no_caller) {
        sema_bind(s, e, BIND_REQUEST, name, sema_plain(TYPE_ANY));
    } else if (strcmp(name, "var") == 0) {
        sema_bind(s, e, BIND_VAR, name, sema_plain(TYPE_ANY));
    } else if (strcmp(name, "item") == 0 && scope->item) {
        sema_bind(s, e, BIND_ITEM, name, sema_item_of(s, scope->entity))->entity = scope->entity;
    } else if (strcmp(name, "input") == 0 && scope->input != NULL) {
        sema_bind(s, e, BIND_INPUT, name, sema_item_of(s, scope->entity))->entity = scope->entity;
    } else if (strcmp(name, "answer") == 0 && scope->answer) {
        sema_bind(s, e, BIND_ANSWER, name, sema_plain(TYPE_ANY));
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
        struct binding *b = sema_bind(s, e, BIND_FIELD, name, f->type);
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

/* A word that is nearly one of the language's: 'uuid' without its parentheses, 'True'. */
static bool near_word(struct diag *d, struct span at, const char *name)
{
    static const char *const words[] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++) {
        if (strcasecmp(name, words[i]) == 0) {
            sema_near(d, at, words[i]);
            return true;
        }
    }
    for (int i = 0; i < BUILTIN_COUNT; i++) {
        if (strcmp(name, builtin_table[i].word) == 0) {
            bool alone = builtin_table[i].parameters[0] == '\0';
            diag_help(d, "a function is called: did you mean '%s(%s)'?", name, alone ? "" : "...");
            return true;
        }
    }
    return false;
}

static void unknown_name(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                         const struct type *expected)
{
    const char *name = e->name.text;
    struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_NAME, e->span, "there is no '%s' in %s", name,
                                 scope->place);
    const char *near = nearest_name(s, scope, name, expected);
    if (near_word(d, e->span, name))
        ;
    else if (near != NULL)
        sema_near(d, e->span, near);
    else if (strcmp(name, "item") == 0)
        diag_help(d, "'item' is the stored item; there is none yet when this is evaluated");
    else if (strcmp(name, "input") == 0)
        diag_help(d, "'input' is what the client sends; nothing is sent here");
    else if (expected != NULL && expected->kind == TYPE_ENUM)
        diag_help(d, "%s has no such member; a text stands in double quotes",
                  sema_type_name(s, expected));
    diag_end(d);
}

/* `caller`, `request` and `var` are no values themselves; their members are. */
static bool needs_member(const struct ast_expr *e)
{
    return e->ref != NULL && (e->ref->kind == BIND_CALLER || e->ref->kind == BIND_REQUEST ||
                              e->ref->kind == BIND_VAR);
}

const struct type *sema_name(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                             const struct type *expected)
{
    if (resolve(s, scope, e)) {
        if (!needs_member(e))
            return e->type;
        struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_NAME, e->span,
                                     "'%s' is no value by itself", e->name.text);
        diag_help(d, "say which part of it: %s.%s", e->name.text,
                  e->ref->kind == BIND_VAR             ? "NAME"
                  : e->ref->kind == BIND_REQUEST       ? "id"
                  : s->model->service.auth == AUTH_IAM ? "arn"
                                                       : "sub");
        diag_end(d);
        return sema_wrong_expr(e);
    }
    int member = sema_enum_member(expected, e->name.text);
    if (member >= 0) {
        sema_bind(s, e, BIND_ENUM_MEMBER, expected->enumeration->members[member],
                  sema_optional(s, expected, false));
        return e->type;
    }
    unknown_name(s, scope, e, expected);
    return sema_wrong_expr(e);
}

/* Can the name mean anything without a wanted type? */
bool sema_known(const struct sema_scope *scope, const struct ast_expr *e)
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

/* ---- members ---- */

/* Variables that the module has anyway (emit/terraform.c), and names that Terraform keeps. */
static bool is_taken(const char *name)
{
    static const char *const taken[] = {"name",
                                        "log_retention_days",
                                        "kms_key_arn",
                                        "cache_size_gb",
                                        "deletion_protection",
                                        "use_alias",
                                        "manage_account_logging",
                                        "alarm_actions",
                                        "tags",
                                        "source",
                                        "version",
                                        "providers",
                                        "count",
                                        "for_each",
                                        "lifecycle",
                                        "depends_on",
                                        "locals"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        if (strcmp(taken[i], name) == 0)
            return true;
    }
    return false;
}

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
        if (is_taken(v->name))
            diag_end(sema_report(s, DIAG_CRUD_RESERVED_NAME, e->name.span,
                                 "the Terraform module can't have a variable '%s' of yours: the "
                                 "name is taken",
                                 v->name));
    }
    const struct variable *v = n->thing;
    if (v->type->kind != kind) {
        struct diag *d = sema_report(s, DIAG_CRUD_VARIABLE, e->span, "'var.%s' is a %s here",
                                     v->name, sema_type_name(s, sema_plain(kind)));
        diag_label(d, v->first_use, "and a %s here", sema_type_name(s, v->type));
        diag_end(d);
        return sema_wrong_expr(e);
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
    return sema_wrong_expr(e);
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
    return sema_wrong_expr(e);
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
        return sema_wrong_expr(e);
    }
    if (!sema_settable(entity, scope->input->verb, f)) {
        sema_error(s, DIAG_CRUD_NOT_SETTABLE, e->name.span,
                   "the client can't send '%s' here, so 'input' never has it", f->name);
        return sema_wrong_expr(e);
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
    return sema_wrong_expr(e);
}

static const struct type *of_fields(struct sema *s, struct ast_expr *e, struct field **fields,
                                    uint32_t count, const char *owner, bool optional)
{
    const struct field *f = sema_find_field(fields, count, e->name.text);
    if (f == NULL) {
        sema_unknown_field(s, e->name, fields, count, owner);
        return sema_wrong_expr(e);
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
        return sema_wrong_expr(e);
    default:
        sema_error(s, DIAG_CRUD_TYPE, e->name.span, "%s has no members",
                   sema_type_name(s, sema_optional(s, base, false)));
        return sema_wrong_expr(e);
    }
}

/* Status.open: a member of an enum of the file. */
static bool qualified(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    if (e->left->kind != AST_NAME || sema_known(scope, e->left))
        return false;
    const struct named *n = names_find(&s->types, e->left->name.text);
    if (n == NULL || n->kind != NAMED_ENUM)
        return false;
    struct type *t = ASLRT_NEW(s->arena, struct type);
    t->kind = TYPE_ENUM;
    t->enumeration = n->thing;
    int i = sema_enum_member(t, e->name.text);
    if (i < 0) {
        struct diag *d = sema_report(s, DIAG_CRUD_VALUE, e->name.span, "'%s' is no member of '%s'",
                                     e->name.text, n->text);
        sema_near(d, e->name.span,
                  suggest(e->name.text, t->enumeration->members, t->enumeration->count));
        diag_end(d);
        sema_wrong_expr(e);
        return true;
    }
    sema_bind(s, e, BIND_ENUM_MEMBER, t->enumeration->members[i], t);
    e->left->type = t;
    return true;
}

const struct type *sema_member(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                               const struct type *expected)
{
    if (qualified(s, scope, e))
        return e->type;
    bool known = e->left->kind == AST_NAME && resolve(s, scope, e->left);
    const struct type *base = known ? e->left->type : sema_expr(s, scope, e->left, NULL);
    const struct binding *ref = e->left->kind == AST_NAME ? e->left->ref : NULL;
    if (base->kind == TYPE_ERROR)
        return sema_wrong_expr(e);
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
