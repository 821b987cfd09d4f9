/*
 * sema_unsupported.c - what is parsed and checked, and not built yet: one A901 each, at its place.
 *
 * In: a model without errors.  Out: diagnostics.  Whoever lowers one of these deletes its line
 * here; when nothing is left, the file goes.
 */
#include "compiler/front/builtins.h"
#include "compiler/front/sema.h"

static void unsupported(struct diag_context *cx, struct span at, const char *what)
{
    struct diag *d = diag_begin(cx, DIAG_CRUD_UNSUPPORTED, at, "not supported yet: %s", what);
    diag_note(d, "this is part of the language and was checked; this version does not build it");
    diag_end(d);
}

/* ---- service ---- */

static void setting(struct diag_context *cx, const struct ast_decl *decl, const char *word,
                    bool used, const char *what)
{
    for (const struct ast_setting *s = decl->settings; used && s != NULL; s = s->next) {
        if (strcmp(s->name.text, word) == 0)
            unsupported(cx, s->span, what);
    }
}

static void service(struct diag_context *cx, const struct service *s)
{
    if (s->decl == NULL)
        return;
    setting(cx, s->decl, "gateway", s->http_gateway, "an HTTP API (gateway = http)");
    setting(cx, s->decl, "workflow", s->standard, "a Standard state machine (workflow = standard)");
    setting(cx, s->decl, "auth", s->auth == AUTH_LAMBDA, "a Lambda authorizer (auth = lambda)");
    setting(cx, s->decl, "auth", s->auth == AUTH_JWT, "JSON Web Tokens (auth = jwt)");
    setting(cx, s->decl, "table", s->single_table, "one table for all entities (table = single)");
    setting(cx, s->decl, "audit", true, "an audit trail (audit)");
    setting(cx, s->decl, "budget", true, "a bound of the cost (budget)");
}

/* ---- entities ---- */

static bool reads_other_item(const struct ast_expr *e)
{
    if (e == NULL)
        return false;
    if (e->kind == AST_CALL && e->left->ref != NULL && e->left->ref->kind == BIND_BUILTIN &&
        e->left->ref->builtin == BUILTIN_EXISTS && e->args->value->kind == AST_CALL)
        return true;
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next) {
        if (reads_other_item(a->value))
            return true;
    }
    return reads_other_item(e->left) || reads_other_item(e->right);
}

static void checks(struct diag_context *cx, const struct check *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (reads_other_item(list[i].condition))
            unsupported(cx, list[i].condition->span, "a check of another item (exists)");
        if (list[i].ast->failure.args != NULL)
            unsupported(cx, list[i].ast->failure.span, "details of a failure");
    }
}

static void annotation(struct diag_context *cx, const struct field *f, const char *word,
                       const char *what)
{
    for (const struct ast_anno *a = f->ast->annos; a != NULL; a = a->next) {
        if (strcmp(a->name.text, word) == 0)
            unsupported(cx, a->span, what);
    }
}

static void operation(struct diag_context *cx, const struct operation *op)
{
    checks(cx, op->checks, op->check_count);
    for (uint32_t i = 0; i < op->catch_count; i++) {
        if (op->catches[i].ast->finish.failure.args != NULL)
            unsupported(cx, op->catches[i].ast->span, "details of a failure");
    }
}

static void entity(struct diag_context *cx, const struct entity *e)
{
    for (uint32_t i = 0; i < e->field_count; i++) {
        annotation(cx, e->fields[i], "unique", "values that are unique (@unique)");
        annotation(cx, e->fields[i], "softdelete", "deletion that can be undone (@softdelete)");
    }
    checks(cx, e->checks, e->check_count);
    for (uint32_t i = 0; i < e->operation_count; i++)
        operation(cx, e->operations[i]);
}

/* ---- workflows ---- */

static void statements(struct diag_context *cx, const struct ast_stmt *stmts);

static void clauses(struct diag_context *cx, const struct ast_clause *list)
{
    for (const struct ast_clause *c = list; c != NULL; c = c->next) {
        if (c->kind == AST_CLAUSE_UNDO) {
            unsupported(cx, c->span, "compensation (undo)");
            statements(cx, c->undo);
        } else if (c->kind == AST_CLAUSE_CATCH && c->catch_.has_block) {
            statements(cx, c->catch_.block);
        }
    }
}

static void statements(struct diag_context *cx, const struct ast_stmt *stmts)
{
    for (const struct ast_stmt *s = stmts; s != NULL; s = s->next) {
        switch (s->kind) {
        case AST_STMT_ACTION:
            if (s->action.kind == AST_ACT_TRANSACT)
                unsupported(cx, s->action.span, "a transaction (transact)");
            clauses(cx, s->clauses);
            break;
        case AST_STMT_IF:
            statements(cx, s->then);
            statements(cx, s->otherwise);
            break;
        case AST_STMT_FOR:
            unsupported(cx, s->span, "a loop (for each)");
            statements(cx, s->then);
            break;
        case AST_STMT_PARALLEL:
            unsupported(cx, s->span, "parallel branches");
            for (const struct ast_branch *b = s->branches; b != NULL; b = b->next)
                statements(cx, b->stmts);
            clauses(cx, s->clauses);
            break;
        case AST_STMT_IDEMPOTENT:
            unsupported(cx, s->span, "an idempotency key (idempotent)");
            break;
        default:
            break;
        }
    }
}

static void workflow(struct diag_context *cx, const struct ast_decl *d)
{
    for (const struct ast_anno *a = d->annos; a != NULL; a = a->next)
        unsupported(cx, a->span, "an answer before the work is done (@async)");
    unsupported(cx, d->name.span, "a workflow");
    statements(cx, d->body);
}

void model_unsupported(const struct model *m, struct diag_context *cx)
{
    service(cx, &m->service);
    for (uint32_t i = 0; i < m->entity_count; i++)
        entity(cx, m->entities[i]);
    for (uint32_t i = 0; i < m->workflow_count; i++)
        workflow(cx, m->workflows[i]->decl);
}
