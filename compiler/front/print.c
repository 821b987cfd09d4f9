/*
 * print.c - declarations and members in canonical form; see print.h.
 *
 * The rules in short: two spaces a level, no line wider than 100 columns where it can be broken,
 * empty lines kept (one at most), blocks on one line stay there if they fit, and neighbours line up
 * (the `=` of settings, the annotations of fields, the braces of operations, comments behind
 * lines).
 */
#include "compiler/front/print_int.h"

/* ---- settings and fields ---- */

void print_setting(struct printer *p, const struct ast_setting *s)
{
    if (p->text.count == 0)
        p->kind = PRINT_SETTING;
    print_name(p, s->name, PRINT_NAMED);
    print_cell(p, " ");
    print_text(p, "= ");
    print_expr(p, s->value);
}

static void print_setting_item(struct printer *p, const void *node)
{
    print_setting(p, node);
}

void print_settings(struct printer *p, const struct ast_setting *settings, struct span body)
{
    struct print_items list = {NULL, 0};
    for (; settings != NULL; settings = settings->next)
        print_add(p, &list, settings, settings->span);
    print_block(p, body, &list, print_setting_item);
}

static void print_anno(struct printer *p, const struct ast_anno *a)
{
    print_text(p, "@");
    print_name(p, a->name, PRINT_ANY);
    if (a->has_args)
        print_args(p, a->args, a->span.end - 1);
}

static void print_annos(struct printer *p, const struct ast_anno *annos)
{
    for (const struct ast_anno *a = annos; a != NULL; a = a->next) {
        print_text(p, a == annos ? "" : " ");
        print_anno(p, a);
    }
}

static struct span annos_span(const struct ast_anno *annos)
{
    struct span all = {0};
    for (; annos != NULL; annos = annos->next)
        all = span_join(all, annos->span);
    return all;
}

/* Annotations stand in the second cell, or on a row of their own where that is too narrow. */
static void print_field_annos(struct printer *p, const struct ast_anno *annos)
{
    struct print_mark mark;
    if (annos == NULL)
        return;
    print_cell(p, p->flat > 0 ? " " : "  ");
    if (print_try(p, &mark, annos_span(annos))) {
        print_annos(p, annos);
        if (print_fits(p, &mark))
            return;
    }
    p->indent += PRINT_STEP;
    p->cell = 0;
    p->text.count -= 2; /* the gap */
    print_newline(p);
    print_comments(p, annos->span.start, true);
    print_annos(p, annos);
    p->indent -= PRINT_STEP;
}

static void print_default(struct printer *p, const void *node)
{
    print_text(p, " = ");
    print_expr(p, node);
}

static void print_field(struct printer *p, const char *word, const struct ast_field *f)
{
    if (p->text.count == 0)
        p->kind = PRINT_FIELD;
    print_text(p, word);
    print_name(p, f->name, PRINT_NAMED);
    print_text(p, ": ");
    if (f->value != NULL)
        p->tail = print_measure(p, f->value->span, print_default, f->value);
    print_type(p, f->type);
    p->tail = 0;
    if (f->value != NULL)
        print_default(p, f->value);
    print_field_annos(p, f->annos);
}

/* ---- members ---- */

static void print_op_item(struct printer *p, const void *node)
{
    const struct ast_op_item *i = node;
    switch (i->kind) {
    case AST_OP_SETTING:
        print_setting(p, &i->setting);
        break;
    case AST_OP_CHECK:
        print_check(p, &i->check);
        break;
    case AST_OP_CATCH:
        print_catch_head(p, &i->catch_);
        print_text(p, " => ");
        print_failure(p, &i->catch_.finish.failure);
        break;
    }
}

static void print_operation(struct printer *p, const struct ast_operation *o)
{
    static const char *const verbs[] = {
        [AST_CREATE] = "create",   [AST_GET] = "get",       [AST_UPDATE] = "update",
        [AST_REPLACE] = "replace", [AST_DELETE] = "delete", [AST_LIST_VERB] = "list",
    };
    bool alone = p->text.count == 0;
    uint32_t rows = p->count;
    print_text(p, verbs[o->verb]);
    if (o->by.text != NULL) {
        print_text(p, " by ");
        print_name(p, o->by, PRINT_DECLARED);
        print_args(p, o->args, 0);
    }
    if (alone && o->by.text == NULL)
        p->kind = PRINT_OPERATION;
    if (!o->has_body)
        return;
    print_text(p, " ");
    size_t cell = p->text.count;
    struct print_items list = {NULL, 0};
    for (const struct ast_op_item *i = o->items; i != NULL; i = i->next)
        print_add(p, &list, i, i->span);
    print_block(p, o->body, &list, print_op_item);
    if (p->kind == PRINT_OPERATION && p->count == rows && p->flat == 0)
        p->cell = (uint32_t)cell; /* the body stands on this row */
}

static void print_member(struct printer *p, const void *node)
{
    const struct ast_member *m = node;
    switch (m->kind) {
    case AST_MEMBER_FIELD:
        print_field(p, "", &m->field);
        break;
    case AST_MEMBER_KEY:
        print_field(p, "key ", &m->field);
        break;
    case AST_MEMBER_SORT:
        print_field(p, "sort ", &m->field);
        break;
    case AST_MEMBER_SETTING:
        print_setting(p, &m->setting);
        break;
    case AST_MEMBER_INDEX:
        print_text(p, "index ");
        print_name(p, m->index, PRINT_DECLARED);
        print_text(p, "(");
        print_names(p, m->index_fields, PRINT_NAMED);
        print_text(p, ")");
        if (m->index_annos != NULL) {
            print_text(p, " ");
            print_annos(p, m->index_annos);
        }
        break;
    case AST_MEMBER_CHECK:
        print_check(p, &m->check);
        break;
    case AST_MEMBER_OPERATION:
        print_operation(p, &m->operation);
        break;
    case AST_MEMBER_INVARIANT:
        print_text(p, "invariant ");
        print_expr(p, m->invariant);
        break;
    }
}

static void print_members(struct printer *p, const struct ast_member *members, struct span body)
{
    struct print_items list = {NULL, 0};
    for (; members != NULL; members = members->next)
        print_add(p, &list, members, members->span);
    print_block(p, body, &list, print_member);
}

/* ---- declarations ---- */

static void print_param(struct printer *p, const void *node)
{
    const struct ast_param *a = node;
    print_name(p, a->name, PRINT_NAMED);
    print_text(p, ": ");
    print_type(p, a->type);
    if (a->value != NULL)
        print_default(p, a->value);
}

static void print_params(struct printer *p, const struct ast_param *params)
{
    struct print_items list = {NULL, 0};
    for (; params != NULL; params = params->next)
        print_add(p, &list, params, params->span);
    print_list(p, "(", ")", &list, 0, print_param);
}

/* What stands between the parameters and the block. */
static void print_head_rest(struct printer *p, const void *node)
{
    const struct ast_decl *d = node;
    if (d->result != NULL) {
        print_text(p, ": ");
        print_type(p, d->result);
    }
    if (d->raises != NULL) {
        print_text(p, " raises ");
        print_names(p, d->raises, PRINT_DECLARED);
    }
    if (d->method.text != NULL) {
        print_text(p, " on ");
        print_name(p, d->method, PRINT_NAMED);
        print_text(p, " ");
        print_string(p, d->at);
    }
    print_text(p, " ");
}

static void print_head(struct printer *p, const struct ast_decl *d)
{
    struct span rest = {d->span.source, d->name.span.end, d->body_span.start};
    for (const struct ast_param *a = d->params; a != NULL; a = a->next)
        rest.start = a->span.end;
    p->tail = print_measure(p, rest, print_head_rest, d) + 1;
    print_params(p, d->params);
    p->tail = 0;
    print_head_rest(p, d);
}

static void print_invariant(struct printer *p, const void *node)
{
    print_expr(p, node);
}

/* What follows the word and the name. */
static void print_rest(struct printer *p, const struct ast_decl *d)
{
    struct print_items list = {NULL, 0};
    switch (d->kind) {
    case AST_DECL_SERVICE:
    case AST_DECL_POLICY:
        print_text(p, " ");
        print_settings(p, d->settings, d->body_span);
        break;
    case AST_DECL_ENTITY:
        if (d->at != NULL) {
            print_text(p, " at ");
            print_string(p, d->at);
        }
        print_text(p, " ");
        print_members(p, d->members, d->body_span);
        break;
    case AST_DECL_TYPE:
        print_cell(p, " ");
        print_members(p, d->fields, d->body_span);
        break;
    case AST_DECL_ENUM:
        print_text(p, " ");
        print_choices(p, "{", "}", d->names, d->body_span.end - 1);
        break;
    case AST_DECL_ERROR:
        print_cell(p, " ");
        print_text(p, d->status);
        if (d->text != NULL) {
            print_text(p, " ");
            print_string(p, d->text);
        }
        break;
    case AST_DECL_FUNCTION:
        print_head(p, d);
        print_settings(p, d->settings, d->body_span);
        break;
    case AST_DECL_WORKFLOW:
        print_head(p, d);
        print_stmts(p, d->body, d->body_span);
        break;
    case AST_DECL_TEST:
        print_string(p, d->text);
        print_text(p, " ");
        print_tests(p, d->tests, d->body_span);
        break;
    case AST_DECL_INVARIANT:
        print_text(p, " ");
        print_add(p, &list, d->invariant, d->invariant->span);
        print_block(p, d->body_span, &list, print_invariant);
        break;
    }
}

static void print_decl(struct printer *p, const struct ast_decl *d)
{
    static const char *const words[] = {
        [AST_DECL_SERVICE] = "service ", [AST_DECL_ENTITY] = "entity ",
        [AST_DECL_TYPE] = "type ",       [AST_DECL_ENUM] = "enum ",
        [AST_DECL_ERROR] = "error ",     [AST_DECL_FUNCTION] = "function ",
        [AST_DECL_POLICY] = "policy ",   [AST_DECL_WORKFLOW] = "workflow ",
        [AST_DECL_TEST] = "test ",       [AST_DECL_INVARIANT] = "invariant ",
    };
    for (const struct ast_anno *a = d->annos; a != NULL; a = a->next) {
        print_anno(p, a);
        print_done(p, a->span.end);
        print_newline(p);
        print_comments(p, a->next == NULL ? d->name.span.start : a->next->span.start, true);
    }
    uint32_t rows = p->count;
    p->kind = d->kind == AST_DECL_ERROR  ? PRINT_ERROR
              : d->kind == AST_DECL_TYPE ? PRINT_TYPE
                                         : PRINT_PLAIN;
    print_text(p, words[d->kind]);
    if (d->name.text != NULL)
        print_name(p, d->name, PRINT_DECLARED);
    print_rest(p, d);
    if (p->count != rows)
        p->rows[rows].cell = 0; /* a block over several rows has no cells */
}

void crud_print(struct aslrt_arena *arena, const struct source *source, const struct ast_unit *unit,
                struct aslrt_buffer *out)
{
    struct printer p = {.arena = arena, .source = source, .comment = unit->comments};
    p.text = aslrt_buffer_in(arena);
    for (const struct ast_decl *d = unit->decls; d != NULL; d = d->next) {
        print_newline(&p);
        print_comments(&p, d->span.start, d == unit->decls && p.count == 0);
        print_decl(&p, d);
        print_done(&p, d->span.end);
    }
    print_newline(&p);
    print_comments(&p, source->count, false);
    print_write(&p, out);
}
