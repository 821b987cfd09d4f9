/*
 * sema_flow.c - workflows: parameters, addresses, statements, clauses.
 *
 * In: workflow declarations.  Out: struct workflow, with every expression of its body typed.
 * A name is visible from its statement to the end of its block; no name hides another, since all of
 * them become variables of one state machine.
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/grow.h"
#include "compiler/base/suggest.h"

#include <strings.h>

static void block(struct sema_flow *f, struct ast_stmt *stmts);

/* ---- names ---- */

static void declare(struct sema_flow *f, struct ast_name name, enum binding_kind kind,
                    const struct type *type)
{
    struct sema *s = f->s;
    uint32_t count = 0;
    for (const struct sema_local *l = f->scope.locals; l != NULL; l = l->next) {
        count++;
        if (strcmp(l->name, name.text) != 0)
            continue;
        struct diag *d =
            sema_report(s, DIAG_CRUD_DUPLICATE, name.span, "the name '%s' is taken", name.text);
        diag_label(d, l->span, "by this");
        diag_end(d);
        return;
    }
    if (f->crowded || !sema_room(s, count, name.span, "names in one workflow")) {
        f->crowded = true;
        return;
    }
    struct sema_local *l = ASLRT_NEW(s->arena, struct sema_local);
    l->name = name.text;
    l->span = name.span;
    l->next = f->scope.locals;
    l->binding = ASLRT_NEW(s->arena, struct binding);
    *l->binding = (struct binding){.kind = kind, .name = name.text, .type = type};
    f->scope.locals = l;
}

/* ---- clauses ---- */

static void timeout(struct sema_flow *f, const struct ast_clause *c)
{
    int64_t seconds;
    if (!sema_seconds(c->timeout, &seconds) || seconds < 1)
        sema_error(f->s, DIAG_CRUD_FLOW, c->timeout->span,
                   "a time limit is a length of time of whole seconds, such as 6s");
    else
        c->timeout->type = sema_plain(TYPE_DURATION);
}

static void retry(struct sema_flow *f, const struct ast_clause *c)
{
    for (const struct ast_names *n = c->policies; n != NULL; n = n->next) {
        struct named *known = names_find(&f->s->policies, n->name.text);
        if (known != NULL)
            ((struct policy *)known->thing)->used = true;
        if (known != NULL || names_find(&f->s->groups, n->name.text) != NULL ||
            names_find(&f->s->raised, n->name.text) != NULL)
            continue;
        struct diag *d = sema_report(f->s, DIAG_CRUD_UNKNOWN_ERROR, n->name.span,
                                     "there is no policy, group or error '%s'", n->name.text);
        const char *near = sema_nearest(f->s, &f->s->policies, n->name.text);
        if (near == NULL)
            near = sema_nearest(f->s, &f->s->groups, n->name.text);
        if (near == NULL)
            near = sema_nearest(f->s, &f->s->raised, n->name.text);
        sema_near(d, n->name.span, near);
        diag_end(d);
    }
}

/* Does the action write the entity? */
static bool writes(const struct ast_action *a, const char *entity)
{
    for (const struct ast_tx *t = a->parts; t != NULL; t = t->next) {
        if (writes(&t->action, entity))
            return true;
    }
    return a->target.text != NULL && strcmp(a->target.text, entity) == 0 &&
           a->kind != AST_ACT_CALL && a->kind != AST_ACT_START && a->kind != AST_ACT_PUBLISH;
}

/* An error that a function raises can only come from a call of one that does. */
static void check_raised(struct sema_flow *f, struct ast_name name, const struct ast_action *a)
{
    struct sema *s = f->s;
    const struct named *n = a == NULL || a->kind != AST_ACT_CALL || a->target.text == NULL
                                ? NULL
                                : names_find(&s->callables, a->target.text);
    if (!sema_catchable(s, name) || names_find(&s->groups, name.text) != NULL || a == NULL)
        return;
    const struct function *fn = n != NULL && n->kind == NAMED_FUNCTION ? n->thing : NULL;
    for (uint32_t i = 0; fn != NULL && i < fn->raise_count; i++) {
        if (strcmp(fn->raises[i], name.text) == 0)
            return;
    }
    struct diag *d =
        sema_report(s, DIAG_CRUD_UNKNOWN_ERROR, name.span,
                    fn != NULL ? "'%s' does not raise '%s'" : "this %s never fails with '%s'",
                    fn != NULL ? fn->name : "step", name.text);
    if (fn != NULL)
        diag_label(d, fn->decl->name.span, "what it raises stands behind 'raises'");
    diag_end(d);
}

static void finish(struct sema_flow *f, struct ast_finish *e, bool in_catch);

static void catch_clause(struct sema_flow *f, struct ast_catch *c, const struct ast_action *a)
{
    struct sema_local *outer = f->scope.locals;
    for (const struct ast_names *n = c->errors; n != NULL; n = n->next)
        check_raised(f, n->name, a);
    if (c->on.text != NULL && (a == NULL || !writes(a, c->on.text))) {
        struct diag *d = sema_report(f->s, DIAG_CRUD_UNKNOWN_NAME, c->on.span,
                                     "this step does not write '%s'", c->on.text);
        diag_end(d);
    }
    if (c->as.text != NULL)
        declare(f, c->as, BIND_LET, sema_plain(TYPE_ANY));
    if (c->has_block)
        block(f, c->block);
    else
        finish(f, &c->finish, true);
    f->scope.locals = outer;
}

/* What is undone must be safe when it never happened. */
static void check_undo(struct sema_flow *f, const struct ast_stmt *stmts)
{
    for (const struct ast_stmt *t = stmts; t != NULL; t = t->next) {
        if (t->kind == AST_STMT_ACTION)
            sema_check_undo(f, &t->action);
        check_undo(f, t->then);
        check_undo(f, t->otherwise);
    }
}

static void undo(struct sema_flow *f, struct ast_clause *c)
{
    bool outer = f->in_undo;
    if (outer)
        sema_error(f->s, DIAG_CRUD_UNDO, c->span, "an undo has no undo of its own");
    f->in_undo = true;
    block(f, c->undo);
    f->in_undo = outer;
    check_undo(f, c->undo);
}

static void clauses(struct sema_flow *f, struct ast_clause *list, const struct ast_action *a)
{
    const struct ast_clause *once[2] = {NULL, NULL};
    for (struct ast_clause *c = list; c != NULL; c = c->next) {
        int single = c->kind == AST_CLAUSE_TIMEOUT ? 0 : c->kind == AST_CLAUSE_UNDO ? 1 : -1;
        if (single >= 0 && once[single] != NULL) {
            struct diag *d = sema_report(f->s, DIAG_CRUD_DUPLICATE, c->span, "a step has one %s",
                                         single == 0 ? "timeout" : "undo");
            diag_label(d, once[single]->span, "the first one");
            diag_end(d);
        }
        if (single >= 0)
            once[single] = c;
        switch (c->kind) {
        case AST_CLAUSE_TIMEOUT:
            timeout(f, c);
            break;
        case AST_CLAUSE_RETRY:
            retry(f, c);
            break;
        case AST_CLAUSE_UNDO:
            undo(f, c);
            break;
        case AST_CLAUSE_CATCH:
            catch_clause(f, &c->catch_, a);
            break;
        }
    }
}

/* ---- statements ---- */

static void reply(struct sema_flow *f, struct ast_finish *e)
{
    struct sema *s = f->s;
    int64_t status;
    if (f->in_undo) {
        struct diag *d = sema_report(s, DIAG_CRUD_FLOW, e->span, "an undo does not answer");
        diag_note(d, "the failure that made it necessary is the answer");
        diag_end(d);
    }
    if (!sema_integer(e->status, &status) || status < 200 || status > 299) {
        struct diag *d = sema_report(s, DIAG_CRUD_STATUS, e->status_span,
                                     "'reply' is for success: a status from 200 to 299");
        diag_help(d, "say 'fail ...' with an error of that status");
        diag_end(d);
        status = 200;
    }
    if (e->value == NULL)
        return;
    sema_expr(s, &f->scope, e->value, NULL);
    if (status == 204 || status == 205)
        sema_error(s, DIAG_CRUD_STATUS, e->value->span, "an answer with status %lld has no body",
                   (long long)status);
}

static void finish(struct sema_flow *f, struct ast_finish *e, bool in_catch)
{
    switch (e->kind) {
    case AST_FINISH_FAIL:
        sema_failure(f->s, &f->scope, &e->failure);
        break;
    case AST_FINISH_REPLY:
        reply(f, e);
        break;
    case AST_FINISH_CONTINUE:
        if (!in_catch && !f->in_loop)
            sema_error(f->s, DIAG_CRUD_FLOW, e->span,
                       "there is no loop here whose next round could begin");
        break;
    }
}

static void for_each(struct sema_flow *f, struct ast_stmt *t)
{
    struct sema *s = f->s;
    struct sema_local *outer = f->scope.locals;
    bool in_loop = f->in_loop;
    const struct type *list = sema_expr(s, &f->scope, t->value, NULL);
    const struct type *element = &sema_wrong;
    if (list->kind == TYPE_LIST && list->element != NULL)
        element = list->element;
    else if (list->kind != TYPE_ERROR && list->kind != TYPE_LIST)
        sema_error(s, DIAG_CRUD_TYPE, t->value->span, "'for each' goes over a list, and this is %s",
                   sema_type_name(s, list));
    int64_t most = 0;
    if (t->at_most != NULL && (!sema_integer(t->at_most, &most) || most < 1 || most > 10000))
        sema_error(s, DIAG_CRUD_FLOW, t->span, "'at most' takes a number from 1 to 10000");
    if (t->at_most == NULL && list->kind == TYPE_LIST && !list->has_high) {
        struct diag *d = sema_report(s, DIAG_CRUD_FLOW, t->value->span,
                                     "nobody knows how many rounds this loop has");
        diag_help(d, "write 'at most 100' behind the list, or give its type a range: [T](..100)");
        diag_end(d);
    }
    declare(f, t->name, BIND_LET, element);
    f->in_loop = true;
    block(f, t->then);
    f->in_loop = in_loop;
    f->scope.locals = outer;
}

static void parallel(struct sema_flow *f, struct ast_stmt *t)
{
    struct names seen = {0};
    for (struct ast_branch *b = t->branches; b != NULL; b = b->next) {
        sema_declare(f->s, &seen, b->name, "the branch", 0, NULL);
        block(f, b->stmts);
    }
    if (t->branches == NULL || t->branches->next == NULL)
        sema_error(f->s, DIAG_CRUD_FLOW, t->span, "'parallel' needs two branches at least");
    clauses(f, t->clauses, NULL);
}

static void idempotent(struct sema_flow *f, struct ast_stmt *t)
{
    struct sema *s = f->s;
    int64_t seconds;
    sema_value(s, &f->scope, t->value, sema_optional(s, sema_plain(TYPE_STRING), true));
    t->duration->type = sema_plain(TYPE_DURATION);
    if (!sema_seconds(t->duration, &seconds) || seconds < 60 || seconds > 90LL * 86400)
        sema_error(s, DIAG_CRUD_FLOW, t->duration->span, "a key is remembered from 60s to 90d");
    if (f->workflow->decl->body != t)
        sema_error(s, DIAG_CRUD_FLOW, t->span,
                   "'idempotent' is the first statement of a workflow, before anything happens");
}

static void wait(struct sema_flow *f, struct ast_stmt *t)
{
    bool until = t->kind == AST_STMT_WAIT_UNTIL;
    const struct type *type = sema_expr(f->s, &f->scope, t->value, NULL);
    if (type->kind == TYPE_ERROR || type->kind == (until ? TYPE_TIMESTAMP : TYPE_DURATION))
        return;
    struct diag *d =
        sema_report(f->s, DIAG_CRUD_TYPE, t->value->span, "%s is wanted here, and this is %s",
                    until ? "a timestamp" : "a length of time", sema_type_name(f->s, type));
    if (!until && type->kind == TYPE_TIMESTAMP)
        diag_help(d, "did you mean 'wait until ...'?");
    diag_end(d);
}

static void if_chain(struct sema_flow *f, struct ast_stmt *t)
{
    for (;;) {
        sema_condition(f->s, &f->scope, t->value);
        block(f, t->then);
        if (!t->else_if)
            break;
        t = t->otherwise;
    }
    if (t->has_else)
        block(f, t->otherwise);
}

static void statement(struct sema_flow *f, struct ast_stmt *t)
{
    struct sema *s = f->s;
    const struct type *type;
    switch (t->kind) {
    case AST_STMT_LET:
        type = sema_expr(s, &f->scope, t->value, NULL);
        declare(f, t->name, BIND_LET, type);
        break;
    case AST_STMT_ACTION:
        type = sema_action(f, &t->action);
        clauses(f, t->clauses, &t->action);
        if (t->name.text != NULL)
            declare(f, t->name, BIND_STEP, type);
        break;
    case AST_STMT_CHECK:
        sema_condition(s, &f->scope, t->check.condition);
        sema_failure(s, &f->scope, &t->check.failure);
        break;
    case AST_STMT_IF:
        if_chain(f, t);
        break;
    case AST_STMT_FOR:
        for_each(f, t);
        break;
    case AST_STMT_PARALLEL:
        parallel(f, t);
        break;
    case AST_STMT_WAIT:
    case AST_STMT_WAIT_UNTIL:
        wait(f, t);
        break;
    case AST_STMT_IDEMPOTENT:
        idempotent(f, t);
        break;
    case AST_STMT_FINISH:
        finish(f, &t->finish, false);
        break;
    }
}

/* Does the block always end with an answer or a failure?  `continue` ends a round, too. */
static bool ends(const struct ast_stmt *stmts)
{
    const struct ast_stmt *last = NULL;
    for (const struct ast_stmt *t = stmts; t != NULL; t = t->next)
        last = t;
    while (last != NULL && last->kind == AST_STMT_IF && last->has_else) {
        if (!ends(last->then))
            return false;
        if (!last->else_if)
            return ends(last->otherwise);
        last = last->otherwise;
    }
    return last != NULL && last->kind == AST_STMT_FINISH;
}

static void block(struct sema_flow *f, struct ast_stmt *stmts)
{
    struct sema_local *outer = f->scope.locals;
    bool ended = false;
    for (struct ast_stmt *t = stmts; t != NULL; t = t->next) {
        if (ended) {
            sema_error(f->s, DIAG_CRUD_DEAD, t->span,
                       "this never runs: the statement before it ends the block");
            ended = false;
        }
        statement(f, t);
        struct ast_stmt *next = t->next;
        t->next = NULL; /* only this one is asked */
        ended = ends(t);
        t->next = next;
    }
    f->scope.locals = outer;
}

/* ---- parameters and addresses ---- */

static bool in_path(const struct workflow *w, const char *name)
{
    for (uint32_t i = 0; i < w->path_param_count; i++) {
        if (strcmp(w->path_params[i], name) == 0)
            return true;
    }
    return false;
}

static const char *method_of(struct sema *s, struct ast_name name)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (int i = 0; i < 5; i++) {
        if (strcmp(methods[i], name.text) == 0)
            return methods[i];
    }
    struct diag *d =
        sema_report(s, DIAG_CRUD_ROUTE_PATH, name.span, "there is no method '%s'", name.text);
    const char *near = suggest(name.text, methods, 5);
    for (int i = 0; i < 5; i++)
        near = strcasecmp(methods[i], name.text) == 0 ? methods[i] : near;
    sema_near(d, name.span, near);
    diag_help(d, "the methods are GET, POST, PUT, PATCH and DELETE");
    diag_end(d);
    return "POST";
}

/* Where a parameter comes from: path, body, If-Match, query or a member of the body. */
static void place_param(struct sema *s, struct workflow *w, struct field *p, struct span at)
{
    bool has_body = strcmp(w->method, "GET") != 0 && strcmp(w->method, "DELETE") != 0;
    bool key = sema_is_key(p->type) && !p->type->optional;
    if (p->type->kind == TYPE_ERROR)
        return;
    if (in_path(w, p->name)) {
        if (!key)
            sema_error(s, DIAG_CRUD_KEY_TYPE, at, "'%s' stands in the path and can't be %s",
                       p->name, sema_type_name(s, p->type));
    } else if (p->type->kind == TYPE_RECORD) {
        if (!has_body)
            sema_error(s, DIAG_CRUD_ROUTE_PATH, at, "a %s request has no body that '%s' could be",
                       w->method, p->name);
        else if (w->body != NULL)
            sema_error(s, DIAG_CRUD_ROUTE_PATH, at,
                       "'%s' is the body already; '%s' can't be it too", w->body->name, p->name);
        else
            w->body = p;
    } else if (!sema_is_scalar(p->type) && !has_body) {
        sema_error(s, DIAG_CRUD_ROUTE_PATH, at, "'%s' would come from the query and can't be %s",
                   p->name, sema_type_name(s, p->type));
    }
}

static void address(struct sema *s, struct workflow *w)
{
    const struct ast_decl *d = w->decl;
    if (d->method.text == NULL)
        return;
    w->method = method_of(s, d->method);
    sema_operation_name(s, w->name, d->name.span);
    if (!sema_path(s, d->at, d->at_span, &w->path_params, &w->path_param_count))
        return;
    w->path = d->at;
    for (uint32_t i = 0; i < w->path_param_count; i++) {
        if (sema_find_field(w->params, w->param_count, w->path_params[i]) == NULL)
            sema_error(s, DIAG_CRUD_ROUTE_PATH, d->at_span,
                       "'{%s}' in the path is no parameter of '%s'", w->path_params[i], w->name);
    }
    const struct ast_param *p = d->params;
    for (uint32_t i = 0; p != NULL && i < w->param_count; p = p->next, i++)
        place_param(s, w, w->params[i], p->span);
}

static void annotations(struct sema *s, struct workflow *w)
{
    struct names seen = {0};
    for (const struct ast_anno *a = w->decl->annos; a != NULL; a = a->next) {
        if (sema_annotation(s, a, ON_WORKFLOW, "a workflow") == ANNOTATION_ASYNC)
            w->async = true;
        sema_declare(s, &seen, a->name, "the annotation", 0, NULL);
    }
}

static void body(struct sema *s, struct workflow *w, struct sema_local *params)
{
    struct sema_flow f = {.s = s, .workflow = w};
    f.scope = (struct sema_scope){
        .where = CALL_MAKES | CALL_CHECKS | CALL_FLOW,
        .place = "this workflow",
        .locals = params,
        .key = w->idempotent,
    };
    block(&f, w->decl->body);
    if (w->method == NULL || ends(w->decl->body))
        return;
    struct span brace = {w->decl->span.source, w->decl->span.end - 1, w->decl->span.end};
    struct diag *d =
        sema_report(s, DIAG_CRUD_FLOW, brace, "'%s' may end here without an answer", w->name);
    diag_help(d, "end it with 'reply 204', or another answer");
    diag_end(d);
}

void sema_workflows(struct sema *s)
{
    struct model *m = s->model;
    struct sema_local **params =
        ASLRT_NEW_ARRAY(s->arena, struct sema_local *, m->workflow_count + 1);
    for (uint32_t i = 0; i < m->workflow_count; i++) {
        struct workflow *w = m->workflows[i];
        params[i] = sema_param_list(s, w->decl->params, &w->params, &w->param_count);
        const struct ast_stmt *first = w->decl->body;
        w->idempotent = first != NULL && first->kind == AST_STMT_IDEMPOTENT;
        annotations(s, w);
        address(s, w);
    }
    for (uint32_t i = 0; i < m->workflow_count; i++)
        body(s, m->workflows[i], params[i]);
}
