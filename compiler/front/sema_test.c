/*
 * sema_test.c - invariants and test blocks.
 *
 * In: `invariant` and `test` declarations.  Out: their expressions typed; complaints about requests
 * that meet no address, names that don't exist, functions that can't raise what is given.
 * Tests run on the native machine; here they are only checked.
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/grow.h"

void sema_invariants(struct sema *s)
{
    const struct sema_scope scope = {
        .where = CALL_CHECKS, .place = "an invariant", .no_caller = true, .all = true};
    struct names seen = {0};
    for (const struct ast_decl *d = s->unit->decls; d != NULL; d = d->next) {
        if (d->kind != AST_DECL_INVARIANT)
            continue;
        sema_declare(s, &seen, d->name, "the invariant", 0, NULL);
        sema_condition(s, &scope, d->invariant);
        struct ast_expr **slot = GROW(s->arena, s->model->invariants, s->model->invariant_count);
        *slot = d->invariant;
    }
}

static struct sema_scope test_scope(struct sema_local *locals, bool answered)
{
    return (struct sema_scope){.where = CALL_MAKES | CALL_TESTS,
                               .place = "a test",
                               .no_caller = true,
                               .locals = locals,
                               .answer = answered};
}

/* ---- requests ---- */

/* "/orders/{id}": each name in braces is a let. */
static void check_names(struct sema *s, const struct ast_tstmt *t, const struct sema_scope *scope)
{
    for (const char *p = strchr(t->path, '{'); p != NULL; p = strchr(p + 1, '{')) {
        size_t n = strcspn(p + 1, "}");
        const char *name = aslrt_copy_text(s->arena, p + 1, n);
        const struct sema_local *l = scope->locals;
        while (l != NULL && strcmp(l->name, name) != 0)
            l = l->next;
        if (l != NULL)
            continue;
        struct diag *d = sema_report(s, DIAG_CRUD_TEST, t->path_span,
                                     "there is no '%s' that could stand in the path", name);
        diag_help(d, "write 'let %s = ...' before it", name);
        diag_end(d);
    }
}

static const char *method_of(struct sema *s, const char *verb)
{
    char *method = aslrt_copy_text(s->arena, verb, strlen(verb));
    for (char *c = method; *c != '\0'; c++)
        *c = (char)(*c - 'a' + 'A');
    return method;
}

static void request(struct sema *s, const struct ast_tstmt *t, const struct sema_scope *scope)
{
    struct ast_expr *const parts[] = {t->body, t->caller, t->headers, t->expected};
    int64_t status = 0;
    check_names(s, t, scope);
    if (!sema_integer(t->status, &status) || status < 200 || status > 599)
        sema_error(s, DIAG_CRUD_STATUS, t->status_span, "no answer has this status");
    const char *method = method_of(s, t->verb.text);
    /* A test may well ask what a wrong address answers. */
    if (status != 404 && status != 405 && !sema_has_route(s, method, t->path)) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_TEST, t->path_span, "nothing answers %s %s", method, t->path);
        diag_note(d, "this request gets 404 or 405");
        diag_end(d);
    }
    struct sema_scope after = *scope;
    after.answer = true;
    for (int i = 0; i < 4; i++) {
        if (parts[i] != NULL)
            sema_expr(s, i == 3 ? &after : scope, parts[i], NULL);
    }
}

/* ---- what is made to fail, what functions do ---- */

static void fail_next(struct sema *s, const struct ast_tstmt *t)
{
    static const char *const verbs[] = {"create", "get", "update", "replace", "delete", "list"};
    sema_find_entity(s, t->name);
    bool known = false;
    for (int i = 0; i < 6; i++)
        known = known || strcmp(verbs[i], t->verb.text) == 0;
    if (!known)
        sema_error(s, DIAG_CRUD_TEST, t->verb.span,
                   "what fails next is create, get, update, replace, delete or list, not '%s'",
                   t->verb.text);
    for (const struct ast_names *e = t->errors; e != NULL; e = e->next)
        sema_catchable(s, e->name);
}

static void given(struct sema *s, const struct ast_tstmt *t, const struct sema_scope *scope)
{
    const struct named *n = names_find(&s->callables, t->name.text);
    if (n == NULL || n->kind != NAMED_FUNCTION) {
        struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_NAME, t->name.span,
                                     "there is no function '%s'", t->name.text);
        sema_near(d, t->name.span, sema_nearest(s, &s->callables, t->name.text));
        diag_end(d);
        return;
    }
    const struct function *f = n->thing;
    if (t->kind == AST_T_GIVEN_RETURNS) {
        if (f->result->kind == TYPE_NOTHING)
            sema_error(s, DIAG_CRUD_TEST, t->value->span, "'%s' returns nothing", f->name);
        sema_value(s, scope, t->value, f->result->kind == TYPE_NOTHING ? NULL : f->result);
        return;
    }
    for (const struct ast_names *e = t->errors; e != NULL; e = e->next) {
        bool raised = names_find(&s->groups, e->name.text) != NULL;
        for (uint32_t i = 0; i < f->raise_count; i++)
            raised = raised || strcmp(f->raises[i], e->name.text) == 0;
        if (!raised)
            sema_error(s, DIAG_CRUD_UNKNOWN_ERROR, e->name.span, "'%s' does not raise '%s'",
                       f->name, e->name.text);
    }
}

static void expect(struct sema *s, const struct ast_tstmt *t, const struct sema_scope *scope)
{
    const struct entity *e = sema_find_entity(s, t->name);
    if (e == NULL)
        return;
    sema_key_args(s, scope, e, t->args, t->name.span);
    if (t->expected == NULL)
        return;
    sema_object(s, scope, t->expected, e->fields, e->field_count, sema_format(s, "'%s'", e->name),
                true);
    t->expected->type = sema_item_of(s, e);
}

static void test(struct sema *s, const struct ast_decl *d)
{
    struct sema_local *locals = NULL;
    bool answered = false;
    uint32_t count = 0; /* of locals */
    for (struct ast_tstmt *t = d->tests; t != NULL; t = t->next) {
        struct sema_scope scope = test_scope(locals, answered);
        switch (t->kind) {
        case AST_T_LET: {
            struct sema_local *l = ASLRT_NEW(s->arena, struct sema_local);
            const struct type *type = sema_expr(s, &scope, t->value, NULL);
            if (count > SEMA_MEMBERS_MAX || !sema_room(s, count++, t->span, "names in one test"))
                break;
            *l = (struct sema_local){t->name.text, ASLRT_NEW(s->arena, struct binding),
                                     t->name.span, locals};
            *l->binding = (struct binding){.kind = BIND_LET, .name = l->name, .type = type};
            locals = l;
            break;
        }
        case AST_T_REQUEST:
            request(s, t, &scope);
            answered = true;
            break;
        case AST_T_FAIL_NEXT:
            fail_next(s, t);
            break;
        case AST_T_GIVEN_RETURNS:
        case AST_T_GIVEN_RAISES:
            given(s, t, &scope);
            break;
        case AST_T_ADVANCE:
            t->value->type = sema_plain(TYPE_DURATION);
            break;
        case AST_T_EXPECT:
        case AST_T_EXPECT_MISSING:
            expect(s, t, &scope);
            break;
        }
    }
}

void sema_tests(struct sema *s)
{
    struct names titles = {0};
    for (const struct ast_decl *d = s->unit->decls; d != NULL; d = d->next) {
        if (d->kind != AST_DECL_TEST)
            continue;
        struct ast_name title = {d->text, d->text_span, false};
        sema_declare(s, &titles, title, "the test", 0, NULL);
        test(s, d);
        const struct ast_decl **slot = GROW(s->arena, s->model->tests, s->model->test_count);
        *slot = d;
    }
}
