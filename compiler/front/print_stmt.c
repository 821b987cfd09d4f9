/*
 * print_stmt.c - statements of workflows and of tests.
 *
 * Clauses (retry, timeout, undo, catch) stay on the row of their statement where they were written
 * so and fit; else each gets a row of its own, one step further in.
 */
#include "compiler/front/print_int.h"

void print_failure(struct printer *p, const struct ast_failure *f)
{
    print_text(p, "fail ");
    print_name(p, f->error, PRINT_DECLARED);
    if (f->has_args)
        print_args(p, f->args, f->span.end - 1);
}

void print_check(struct printer *p, const struct ast_check *c)
{
    struct print_mark mark;
    if (print_try(p, &mark, c->span)) {
        print_text(p, "check ");
        print_expr(p, c->condition);
        print_text(p, " else ");
        print_failure(p, &c->failure);
        if (print_fits(p, &mark))
            return;
    }
    print_text(p, "check ");
    print_expr(p, c->condition);
    p->indent += PRINT_STEP;
    print_newline(p);
    print_comments(p, c->failure.span.start, true);
    print_text(p, "else ");
    print_failure(p, &c->failure);
    p->indent -= PRINT_STEP;
}

static void print_finish(struct printer *p, const struct ast_finish *f)
{
    switch (f->kind) {
    case AST_FINISH_FAIL:
        print_failure(p, &f->failure);
        break;
    case AST_FINISH_REPLY:
        print_text(p, "reply ");
        print_text(p, f->status);
        if (f->value != NULL) {
            print_text(p, " ");
            print_expr(p, f->value);
        }
        break;
    case AST_FINISH_CONTINUE:
        print_text(p, "continue");
        break;
    }
}

void print_catch_head(struct printer *p, const struct ast_catch *c)
{
    print_text(p, "catch ");
    print_names(p, c->errors, PRINT_DECLARED);
    if (c->on.text != NULL) {
        print_text(p, " on ");
        print_name(p, c->on, PRINT_DECLARED);
    }
    if (c->as.text != NULL) {
        print_text(p, " as ");
        print_name(p, c->as, PRINT_DECLARED);
    }
}

/* ---- actions ---- */

static void print_target(struct printer *p, const char *word, const struct ast_action *a)
{
    print_text(p, word);
    print_name(p, a->target, PRINT_DECLARED);
}

static void print_assign(struct printer *p, const void *node)
{
    const struct ast_assign *a = node;
    if (a->op == 'r')
        print_text(p, "remove ");
    else if (p->text.count == 0)
        p->kind = PRINT_SETTING;
    print_name(p, a->name, PRINT_NAMED);
    if (a->op == 'r')
        return;
    print_cell(p, " ");
    print_text(p, a->op == '=' ? "= " : a->op == '+' ? "+= " : "-= ");
    print_expr(p, a->value);
}

static void print_action(struct printer *p, const struct ast_action *a);

static void print_tx(struct printer *p, const void *node)
{
    const struct ast_tx *t = node;
    if (t->each.text != NULL) {
        print_text(p, "each ");
        print_name(p, t->each, PRINT_WORD);
        print_text(p, " in ");
        print_expr(p, t->in);
        print_text(p, ": ");
    }
    print_action(p, &t->action);
}

static void print_when(struct printer *p, const struct ast_expr *condition)
{
    struct print_mark mark;
    if (print_try(p, &mark, condition->span)) {
        print_text(p, " when ");
        print_expr(p, condition);
        if (print_fits(p, &mark))
            return;
    }
    p->indent += PRINT_STEP;
    print_newline(p);
    print_comments(p, condition->span.start, true);
    print_text(p, "when ");
    print_expr(p, condition);
    p->indent -= PRINT_STEP;
}

static void print_action(struct printer *p, const struct ast_action *a)
{
    struct print_items list = {NULL, 0};
    switch (a->kind) {
    case AST_ACT_CREATE:
        print_target(p, "create ", a);
        print_text(p, " ");
        print_expr(p, a->value);
        break;
    case AST_ACT_UPDATE:
        print_target(p, "update ", a);
        print_args(p, a->args, 0);
        print_text(p, " ");
        for (const struct ast_assign *n = a->assigns; n != NULL; n = n->next)
            print_add(p, &list, n, n->span);
        print_block(p, a->body, &list, print_assign);
        break;
    case AST_ACT_DELETE:
        print_target(p, "delete ", a);
        print_args(p, a->args, 0);
        break;
    case AST_ACT_GET:
    case AST_ACT_CALL:
    case AST_ACT_START:
    case AST_ACT_CHECK:
        print_target(p,
                     a->kind == AST_ACT_GET     ? "get "
                     : a->kind == AST_ACT_CALL  ? "call "
                     : a->kind == AST_ACT_START ? "start "
                                                : "check ",
                     a);
        print_args(p, a->args, 0);
        break;
    case AST_ACT_FIND:
        print_target(p, "find ", a);
        print_text(p, ".");
        print_name(p, a->index, PRINT_ANY);
        print_args(p, a->args, 0);
        break;
    case AST_ACT_PUBLISH:
        print_target(p, "publish ", a);
        print_text(p, " ");
        print_expr(p, a->value);
        break;
    case AST_ACT_TRANSACT:
        print_text(p, "transact ");
        for (const struct ast_tx *n = a->parts; n != NULL; n = n->next)
            print_add(p, &list, n, n->span);
        print_block(p, a->body, &list, print_tx);
        break;
    }
    if (a->when != NULL)
        print_when(p, a->when);
}

/* ---- clauses ---- */

static void print_clause(struct printer *p, const struct ast_clause *c)
{
    switch (c->kind) {
    case AST_CLAUSE_TIMEOUT:
        print_text(p, "timeout ");
        print_expr(p, c->timeout);
        break;
    case AST_CLAUSE_RETRY:
        print_text(p, "retry ");
        print_names(p, c->policies, PRINT_DECLARED);
        break;
    case AST_CLAUSE_UNDO:
        print_text(p, "undo ");
        print_stmts(p, c->undo, c->body);
        break;
    case AST_CLAUSE_CATCH:
        print_catch_head(p, &c->catch_);
        if (c->catch_.has_block) {
            print_text(p, " ");
            print_stmts(p, c->catch_.block, c->catch_.body);
        } else {
            print_text(p, " => ");
            print_finish(p, &c->catch_.finish);
        }
        break;
    }
}

static void print_clauses(struct printer *p, const struct ast_clause *clauses, uint32_t before)
{
    for (const struct ast_clause *c = clauses; c != NULL; c = c->next) {
        struct print_mark mark;
        bool commented = p->comment != NULL && p->comment->span.start < c->span.start;
        if ((p->flat > 0 || (!commented && print_same_line(p, before, c->span.end))) &&
            print_try(p, &mark, c->span)) {
            print_text(p, " ");
            print_clause(p, c);
            if (print_fits(p, &mark)) {
                print_done(p, c->span.end);
                before = c->span.end;
                continue;
            }
        }
        p->indent += PRINT_STEP;
        print_newline(p);
        print_comments(p, c->span.start, true);
        print_clause(p, c);
        print_done(p, c->span.end);
        p->indent -= PRINT_STEP;
        before = c->span.end;
    }
}

/* ---- statements ---- */

static void print_if(struct printer *p, const struct ast_stmt *s)
{
    for (;;) {
        print_text(p, "if ");
        print_expr(p, s->value);
        print_text(p, " ");
        print_stmts(p, s->then, s->body);
        if (!s->has_else)
            return;
        print_text(p, " else ");
        if (!s->else_if)
            break;
        s = s->otherwise;
    }
    print_stmts(p, s->otherwise, s->else_body);
}

static void print_branch(struct printer *p, const void *node)
{
    const struct ast_branch *b = node;
    print_text(p, "branch ");
    print_name(p, b->name, PRINT_DECLARED);
    print_text(p, " ");
    print_stmts(p, b->stmts, b->body);
}

static void print_named(struct printer *p, const char *word, struct ast_name name, const char *sign)
{
    print_text(p, word);
    print_name(p, name, PRINT_DECLARED);
    print_text(p, sign);
}

/* A name that expressions use. */
static void print_variable(struct printer *p, const char *word, struct ast_name name,
                           const char *sign)
{
    print_text(p, word);
    print_name(p, name, PRINT_WORD);
    print_text(p, sign);
}

static void print_for(struct printer *p, const struct ast_stmt *s)
{
    print_variable(p, "for each ", s->name, " in ");
    print_expr(p, s->value);
    if (s->at_most != NULL) {
        print_text(p, " at most ");
        print_text(p, s->at_most);
    }
    print_text(p, " ");
    print_stmts(p, s->then, s->body);
}

static void print_stmt(struct printer *p, const void *node)
{
    const struct ast_stmt *s = node;
    struct print_items list = {NULL, 0};
    switch (s->kind) {
    case AST_STMT_LET:
        print_variable(p, "let ", s->name, " = ");
        print_expr(p, s->value);
        break;
    case AST_STMT_ACTION:
        if (s->name.text != NULL)
            print_variable(p, "step ", s->name, " = ");
        print_action(p, &s->action);
        print_clauses(p, s->clauses, s->action.span.end);
        break;
    case AST_STMT_CHECK:
        print_check(p, &s->check);
        break;
    case AST_STMT_IF:
        print_if(p, s);
        break;
    case AST_STMT_FOR:
        print_for(p, s);
        break;
    case AST_STMT_PARALLEL:
        print_text(p, "parallel ");
        for (const struct ast_branch *b = s->branches; b != NULL; b = b->next)
            print_add(p, &list, b, b->span);
        print_block(p, s->body, &list, print_branch);
        print_clauses(p, s->clauses, s->body.end);
        break;
    case AST_STMT_WAIT:
    case AST_STMT_WAIT_UNTIL:
        print_text(p, s->kind == AST_STMT_WAIT ? "wait " : "wait until ");
        print_expr(p, s->value);
        break;
    case AST_STMT_IDEMPOTENT:
        print_text(p, "idempotent by ");
        print_expr(p, s->value);
        print_text(p, " for ");
        print_expr(p, s->duration);
        break;
    case AST_STMT_FINISH:
        print_finish(p, &s->finish);
        break;
    }
}

void print_stmts(struct printer *p, const struct ast_stmt *stmts, struct span body)
{
    struct print_items list = {NULL, 0};
    for (; stmts != NULL; stmts = stmts->next)
        print_add(p, &list, stmts, stmts->span);
    print_block(p, body, &list, print_stmt);
}

/* ---- tests ---- */

static void print_request(struct printer *p, const struct ast_tstmt *t)
{
    print_text(p, t->verb.text);
    print_text(p, " ");
    print_string(p, t->path);
    if (t->body != NULL) {
        print_text(p, " ");
        print_expr(p, t->body);
    }
    if (t->caller != NULL) {
        print_text(p, " as ");
        print_expr(p, t->caller);
    }
    if (t->headers != NULL) {
        print_text(p, " headers ");
        print_expr(p, t->headers);
    }
    print_text(p, " -> ");
    print_text(p, t->status);
    if (t->expected != NULL) {
        print_text(p, " ");
        print_expr(p, t->expected);
    }
}

static void print_tstmt(struct printer *p, const void *node)
{
    const struct ast_tstmt *t = node;
    switch (t->kind) {
    case AST_T_LET:
        print_variable(p, "let ", t->name, " = ");
        print_expr(p, t->value);
        break;
    case AST_T_REQUEST:
        print_request(p, t);
        break;
    case AST_T_FAIL_NEXT:
        print_named(p, "fail next ", t->name, ".");
        print_name(p, t->verb, PRINT_ANY);
        print_text(p, " with ");
        print_names(p, t->errors, PRINT_DECLARED);
        print_text(p, t->applied ? " applied" : "");
        break;
    case AST_T_GIVEN_RETURNS:
        print_named(p, "given ", t->name, " returns ");
        print_expr(p, t->value);
        break;
    case AST_T_GIVEN_RAISES:
        print_named(p, "given ", t->name, " raises ");
        print_names(p, t->errors, PRINT_DECLARED);
        break;
    case AST_T_ADVANCE:
        print_text(p, "advance ");
        print_expr(p, t->value);
        break;
    case AST_T_EXPECT:
    case AST_T_EXPECT_MISSING:
        print_named(p, "expect ", t->name, "");
        print_args(p, t->args, 0);
        print_text(p, " ");
        if (t->kind == AST_T_EXPECT)
            print_expr(p, t->expected);
        else
            print_text(p, "missing");
        break;
    }
}

void print_tests(struct printer *p, const struct ast_tstmt *stmts, struct span body)
{
    struct print_items list = {NULL, 0};
    for (; stmts != NULL; stmts = stmts->next)
        print_add(p, &list, stmts, stmts->span);
    print_block(p, body, &list, print_tstmt);
}
