/*
 * sema_action.c - the actions of workflows: writes, reads, calls, transactions.
 *
 * In: an action and the scope that it stands in.  Out: everything in it typed, and the type of what
 * it gives.  In `when` the stored item is `item`; everywhere else names are those of the workflow.
 */
#include "compiler/front/sema_int.h"

enum { TRANSACTION_MAX = 100 };

struct entity *sema_find_entity(struct sema *s, struct ast_name name)
{
    const struct named *n = names_find(&s->types, name.text);
    if (n != NULL && n->kind == NAMED_ENTITY)
        return n->thing;
    struct diag *d =
        sema_report(s, DIAG_CRUD_UNKNOWN_NAME, name.span, "there is no entity '%s'", name.text);
    sema_near(d, name.span, sema_nearest(s, &s->types, name.text));
    diag_end(d);
    return NULL;
}

static void untyped_args(struct sema_flow *f, struct ast_arg *args)
{
    for (struct ast_arg *a = args; a != NULL; a = a->next)
        sema_expr(f->s, &f->scope, a->value, NULL);
}

static void when(struct sema_flow *f, const struct ast_action *a, const struct entity *e)
{
    if (a->when == NULL)
        return;
    struct sema_scope scope = f->scope;
    scope.entity = e;
    scope.item = true;
    scope.place = "when";
    sema_condition(f->s, &scope, a->when);
}

/* ---- writes ---- */

static bool by_itself(struct sema *s, const struct field *field, struct span at)
{
    if (!field->version && !field->touch && !field->softdelete)
        return false;
    struct diag *d =
        sema_report(s, DIAG_CRUD_NOT_SETTABLE, at, "'%s' is set by itself", field->name);
    diag_label(d, field->ast->span,
               field->version ? "@version counts the writes"
               : field->touch ? "@touch takes the time of each write"
                              : "@softdelete: delete sets it");
    diag_end(d);
    return true;
}

static void create(struct sema_flow *f, struct ast_action *a, const struct entity *e)
{
    for (const struct ast_entry *n = a->value->entries; n != NULL; n = n->next) {
        const struct field *field =
            n->name.text == NULL ? NULL : sema_find_field(e->fields, e->field_count, n->name.text);
        if (field != NULL)
            by_itself(f->s, field, n->span);
    }
    sema_object(f->s, &f->scope, a->value, e->fields, e->field_count,
                sema_format(f->s, "'%s'", e->name), false);
    a->value->type = sema_item_of(f->s, e);
}

static void add_to(struct sema_flow *f, struct ast_assign *n, const struct field *field)
{
    struct sema *s = f->s;
    const struct type *t = sema_expr(s, &f->scope, n->value, sema_bare(s, field->type));
    if (!sema_is_number(field->type) && field->type->kind != TYPE_ERROR) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_TYPE, n->span, "only a number can grow, and '%s' is %s",
                        field->name, sema_type_name(s, field->type));
        diag_label(d, field->ast->span, "declared here");
        diag_end(d);
    } else if (!sema_is_number(t) && t->kind != TYPE_ERROR) {
        sema_error(s, DIAG_CRUD_TYPE, n->value->span, "a number is wanted here, and this is %s",
                   sema_type_name(s, t));
    } else if (field->type->kind == TYPE_INT && t->kind == TYPE_NUMBER) {
        sema_error(s, DIAG_CRUD_TYPE, n->value->span,
                   "'%s' is an int, and this may have digits behind the point", field->name);
    }
}

static void assign(struct sema_flow *f, struct ast_assign *n, const struct entity *e,
                   struct names *seen)
{
    struct sema *s = f->s;
    const struct field *field = sema_find_field(e->fields, e->field_count, n->name.text);
    if (field == NULL) {
        sema_unknown_field(s, n->name, e->fields, e->field_count, sema_format(s, "'%s'", e->name));
        if (n->value != NULL)
            sema_expr(s, &f->scope, n->value, NULL);
        return;
    }
    sema_declare(s, seen, n->name, "the field", 0, NULL);
    if (field->is_key || field->is_sort)
        sema_error(s, DIAG_CRUD_NOT_SETTABLE, n->name.span,
                   "'%s' is a key, and a key never changes", field->name);
    else
        by_itself(s, field, n->name.span);
    if (n->op == '=')
        sema_value(s, &f->scope, n->value, field->type);
    else if (n->op != 'r')
        add_to(f, n, field);
    else if (!field->type->optional && field->type->kind != TYPE_ERROR)
        sema_error(s, DIAG_CRUD_ABSENT, n->span, "'%s' must be there, so it can't be removed",
                   field->name);
}

static void update(struct sema_flow *f, struct ast_action *a, const struct entity *e)
{
    struct names seen = {0};
    sema_key_args(f->s, &f->scope, e, a->args, a->target.span);
    for (struct ast_assign *n = a->assigns; n != NULL; n = n->next)
        assign(f, n, e, &seen);
    if (a->assigns == NULL)
        sema_error(f->s, DIAG_CRUD_FLOW, a->span, "this update changes nothing");
}

/* ---- reads and calls ---- */

/* find Task.project(id): by an index, or by the key of items that have a sort field. */
static const struct type *find(struct sema_flow *f, struct ast_action *a, const struct entity *e)
{
    struct sema *s = f->s;
    struct names names = {0};
    struct field *fields[2] = {NULL, NULL};
    if (e->key != NULL && e->sort != NULL) {
        names_add(s->arena, &names, e->key->name);
        if (strcmp(e->key->name, a->index.text) == 0) {
            fields[0] = e->key;
            fields[1] = e->sort;
        }
    }
    for (uint32_t i = 0; i < e->index_count; i++) {
        const struct index *index = e->indexes[i];
        if (names_find(&names, index->name) == NULL)
            names_add(s->arena, &names, index->name);
        if (strcmp(index->name, a->index.text) == 0) {
            fields[0] = index->key;
            fields[1] = index->sort;
        }
    }
    if (fields[0] == NULL) {
        struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_NAME, a->index.span,
                                     "'%s' can't be found by '%s'", e->name, a->index.text);
        sema_near(d, a->index.span, sema_nearest(s, &names, a->index.text));
        diag_help(d, "items are found by an index, or by the key when they have a sort field too");
        diag_end(d);
        untyped_args(f, a->args);
        return &sema_wrong;
    }
    struct field plain[2] = {*fields[0], {0}};
    struct field *params[2] = {&plain[0], &plain[1]};
    plain[0].value = NULL;
    plain[0].type = sema_optional(s, plain[0].type, false);
    if (fields[1] != NULL) { /* the sort field narrows the search, and need not be given */
        plain[1] = *fields[1];
        plain[1].type = sema_optional(s, plain[1].type, true);
    }
    sema_params(s, &f->scope, a->args, params, fields[1] == NULL ? 1 : 2, a->span,
                sema_format(s, "the index '%s'", a->index.text));
    struct type *page = ASLRT_NEW(s->arena, struct type);
    page->kind = TYPE_PAGE;
    page->entity = e;
    return page;
}

static const struct named *callee(struct sema_flow *f, const struct ast_action *a, int kind,
                                  const char *what)
{
    const struct named *n = names_find(&f->s->callables, a->target.text);
    if (n != NULL && n->kind == kind)
        return n;
    struct diag *d = sema_report(f->s, DIAG_CRUD_UNKNOWN_NAME, a->target.span,
                                 "there is no %s '%s'", what, a->target.text);
    if (n != NULL)
        diag_help(d,
                  n->kind == NAMED_FUNCTION ? "'%s' is a function: call it"
                                            : "'%s' is a workflow: start it",
                  a->target.text);
    else
        sema_near(d, a->target.span, sema_nearest(f->s, &f->s->callables, a->target.text));
    diag_end(d);
    untyped_args(f, a->args);
    return NULL;
}

static const struct type *call(struct sema_flow *f, struct ast_action *a)
{
    const struct named *n = callee(f, a, NAMED_FUNCTION, "function");
    if (n == NULL)
        return &sema_wrong;
    const struct function *fn = n->thing;
    sema_params(f->s, &f->scope, a->args, fn->params, fn->param_count, a->target.span,
                sema_format(f->s, "'%s'", fn->name));
    return fn->result;
}

static const struct type *start(struct sema_flow *f, struct ast_action *a)
{
    const struct named *n = callee(f, a, NAMED_WORKFLOW, "workflow");
    if (n == NULL)
        return &sema_wrong;
    const struct workflow *w = n->thing;
    sema_params(f->s, &f->scope, a->args, w->params, w->param_count, a->target.span,
                sema_format(f->s, "'%s'", w->name));
    return sema_plain(TYPE_STRING); /* the name of the execution */
}

/* ---- transactions ---- */

/* How many actions a part stands for: one, or one for each element. */
static int64_t part_count(struct sema_flow *f, struct ast_tx *t, struct sema_local *loop)
{
    struct sema *s = f->s;
    if (t->each.text == NULL)
        return 1;
    const struct type *list = sema_expr(s, &f->scope, t->in, NULL);
    const struct type *element =
        list->kind == TYPE_LIST && list->element != NULL ? list->element : &sema_wrong;
    if (list->kind != TYPE_LIST && list->kind != TYPE_ERROR)
        sema_error(s, DIAG_CRUD_TYPE, t->in->span, "'each' goes over a list, and this is %s",
                   sema_type_name(s, list));
    loop->binding = ASLRT_NEW(s->arena, struct binding);
    *loop->binding = (struct binding){.kind = BIND_LET, .name = t->each.text, .type = element};
    loop->name = t->each.text;
    loop->span = t->each.span;
    loop->next = f->scope.locals;
    f->scope.locals = loop;
    if (list->kind == TYPE_LIST && !list->has_high) {
        struct diag *d = sema_report(s, DIAG_CRUD_QUOTA, t->in->span,
                                     "nobody knows how long this list can be; a transaction has %d "
                                     "actions at most",
                                     TRANSACTION_MAX);
        diag_help(d, "give its type a range: [T](..25)");
        diag_end(d);
        return 0;
    }
    return list->kind == TYPE_LIST ? list->high : 0;
}

static void transact(struct sema_flow *f, struct ast_action *a)
{
    int64_t count = 0;
    for (struct ast_tx *t = a->parts; t != NULL; t = t->next) {
        struct sema_local *outer = f->scope.locals;
        struct sema_local *loop = ASLRT_NEW(f->s->arena, struct sema_local);
        count += part_count(f, t, loop);
        sema_action(f, &t->action);
        f->scope.locals = outer;
    }
    if (count > TRANSACTION_MAX)
        sema_error(f->s, DIAG_CRUD_QUOTA, a->span,
                   "up to %lld actions in one transaction; DynamoDB takes %d", (long long)count,
                   TRANSACTION_MAX);
    if (a->parts == NULL)
        sema_error(f->s, DIAG_CRUD_FLOW, a->span, "this transaction does nothing");
}

/* ---- the whole ---- */

const struct type *sema_action(struct sema_flow *f, struct ast_action *a)
{
    struct sema *s = f->s;
    bool on_entity = a->kind == AST_ACT_CREATE || a->kind == AST_ACT_UPDATE ||
                     a->kind == AST_ACT_DELETE || a->kind == AST_ACT_GET ||
                     a->kind == AST_ACT_FIND || a->kind == AST_ACT_CHECK;
    const struct entity *e = on_entity ? sema_find_entity(s, a->target) : NULL;
    if (on_entity && e == NULL) {
        untyped_args(f, a->args);
        return &sema_wrong;
    }
    switch (a->kind) {
    case AST_ACT_CREATE:
        create(f, a, e);
        break;
    case AST_ACT_UPDATE:
        update(f, a, e);
        break;
    case AST_ACT_DELETE:
    case AST_ACT_GET:
    case AST_ACT_CHECK:
        sema_key_args(s, &f->scope, e, a->args, a->target.span);
        break;
    case AST_ACT_FIND:
        return find(f, a, e);
    case AST_ACT_CALL:
        return call(f, a);
    case AST_ACT_START:
        return start(f, a);
    case AST_ACT_PUBLISH:
        sema_expr(s, &f->scope, a->value, NULL);
        return sema_plain(TYPE_NOTHING);
    case AST_ACT_TRANSACT:
        transact(f, a);
        return sema_plain(TYPE_NOTHING);
    }
    when(f, a, e);
    bool gives = a->kind == AST_ACT_CREATE || a->kind == AST_ACT_UPDATE || a->kind == AST_ACT_GET;
    return gives ? sema_item_of(s, e) : sema_plain(TYPE_NOTHING);
}

/* ---- undo ---- */

static const struct ast_assign *adds(const struct ast_action *a)
{
    for (const struct ast_assign *n = a->assigns; n != NULL; n = n->next) {
        if (n->op == '+' || n->op == '-')
            return n;
    }
    return NULL;
}

void sema_check_undo(struct sema_flow *f, const struct ast_action *a)
{
    const struct ast_assign *unsafe = a->when == NULL ? adds(a) : NULL;
    bool guarded = false; /* one condition in a transaction guards all of it */
    for (const struct ast_tx *t = a->parts; t != NULL; t = t->next) {
        guarded = guarded || t->action.when != NULL;
        if (unsafe == NULL)
            unsafe = adds(&t->action);
    }
    if (unsafe == NULL || guarded)
        return;
    struct diag *d = sema_report(f->s, DIAG_CRUD_UNDO, unsafe->span,
                                 "this undo is wrong when its step never happened");
    diag_note(d, "after a time-out nobody knows whether the step took effect, and the undo runs in "
                 "both cases");
    diag_help(d, "guard it by 'when item....', with a field that the step sets, and "
                 "'catch ConditionFailed => continue'");
    diag_end(d);
}
