/*
 * ast.c - constructors of the syntax tree; grammar/crud.y calls them.
 *
 * In: tokens and nodes that the parser has.  Out: zeroed nodes with their spans and parts, in the
 * arena.  An expression that is nested deeper than ASLRT_DEPTH_MAX is reported once and cut, so
 * that everybody who walks the tree may recurse.
 */
#include "compiler/front/parse_int.h"

#include "runtime/base/buffer.h"

struct ast_name ast_name(const struct crud_token *token)
{
    return (struct ast_name){token->text, token->span, token->quoted};
}

const char *ast_minus(struct crud_parser *p, const struct crud_token *number)
{
    struct aslrt_buffer b = aslrt_buffer_in(p->arena);
    aslrt_buffer_format(&b, "-%s", number->text);
    return aslrt_buffer_close(&b);
}

struct ast_names *ast_names(struct crud_parser *p, struct ast_name name)
{
    struct ast_names *n = ASLRT_NEW(p->arena, struct ast_names);
    n->name = name;
    return n;
}

const char *ast_doc(const struct crud_parser *p, uint32_t start)
{
    uint32_t low = 0, high = p->doc_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (p->docs[mid].start < start)
            low = mid + 1;
        else
            high = mid;
    }
    return low < p->doc_count && p->docs[low].start == start ? p->docs[low].text : NULL;
}

/* ---- expressions ---- */

static struct ast_expr *expr(struct crud_parser *p, struct span at, enum ast_expr_kind kind)
{
    struct ast_expr *e = ASLRT_NEW(p->arena, struct ast_expr);
    e->kind = kind;
    e->span = at;
    return e;
}

/* Takes the depth of a part into account; cuts the expression where it is too deep. */
static struct ast_expr *above(struct crud_parser *p, struct ast_expr *e,
                              const struct ast_expr *part)
{
    if (part == NULL || part->depth < e->depth)
        return e;
    if (part->depth == ASLRT_DEPTH_MAX) {
        if (!p->too_deep)
            crud_too_deep(p, e->span);
        return expr(p, e->span, AST_NULL);
    }
    e->depth = part->depth + 1;
    return e;
}

struct ast_expr *ast_literal(struct crud_parser *p, enum ast_expr_kind kind,
                             const struct crud_token *token)
{
    struct ast_expr *e = expr(p, token->span, kind);
    e->text = token->text;
    e->unit = token->unit;
    return e;
}

struct ast_expr *ast_name_expr(struct crud_parser *p, struct ast_name name)
{
    struct ast_expr *e = expr(p, name.span, AST_NAME);
    e->name = name;
    return e;
}

struct ast_expr *ast_all(struct crud_parser *p, struct span at, struct ast_name name)
{
    struct ast_expr *e = expr(p, at, AST_ALL);
    e->name = name;
    return e;
}

struct ast_expr *ast_member(struct crud_parser *p, struct span at, struct ast_expr *left,
                            struct ast_name name)
{
    struct ast_expr *e = expr(p, at, AST_MEMBER);
    e->left = left;
    e->name = name;
    return above(p, e, left);
}

struct ast_expr *ast_index(struct crud_parser *p, struct span at, struct ast_expr *left,
                           struct ast_expr *right)
{
    struct ast_expr *e = expr(p, at, AST_INDEX);
    e->left = left;
    e->right = right;
    return above(p, above(p, e, left), right);
}

static struct ast_expr *above_args(struct crud_parser *p, struct ast_expr *e)
{
    for (struct ast_arg *a = e->args; a != NULL; a = a->next)
        e = above(p, e, a->value);
    return e;
}

struct ast_expr *ast_call(struct crud_parser *p, struct span at, struct ast_expr *left,
                          struct ast_arg *args)
{
    struct ast_expr *e = expr(p, at, AST_CALL);
    e->left = left;
    e->args = args;
    return above_args(p, above(p, e, left));
}

struct ast_expr *ast_unary(struct crud_parser *p, struct span at, enum ast_expr_kind kind,
                           struct ast_expr *operand)
{
    struct ast_expr *e = expr(p, at, kind);
    e->left = operand;
    return above(p, e, operand);
}

struct ast_expr *ast_binary(struct crud_parser *p, struct span at, struct ast_expr *left,
                            enum ast_op op, struct span op_span, struct ast_expr *right)
{
    struct ast_expr *e = expr(p, at, AST_BINARY);
    e->left = left;
    e->op = op;
    e->op_span = op_span;
    e->right = right;
    return above(p, above(p, e, left), right);
}

struct ast_expr *ast_object(struct crud_parser *p, struct span at, struct ast_entry *entries)
{
    struct ast_expr *e = expr(p, at, AST_OBJECT);
    e->entries = entries;
    for (struct ast_entry *n = entries; n != NULL; n = n->next)
        e = above(p, e, n->value);
    return e;
}

struct ast_expr *ast_list(struct crud_parser *p, struct span at, struct ast_arg *items)
{
    struct ast_expr *e = expr(p, at, AST_LIST);
    e->args = items;
    return above_args(p, e);
}

struct ast_arg *ast_arg(struct crud_parser *p, struct span at, const struct ast_name *name,
                        struct ast_expr *value)
{
    struct ast_arg *a = ASLRT_NEW(p->arena, struct ast_arg);
    a->span = at;
    if (name != NULL)
        a->name = *name;
    a->value = value;
    return a;
}

struct ast_entry *ast_entry(struct crud_parser *p, struct span at, enum ast_entry_kind kind,
                            const struct ast_name *name, struct ast_expr *value)
{
    struct ast_entry *e = ASLRT_NEW(p->arena, struct ast_entry);
    e->kind = kind;
    e->span = at;
    if (name != NULL)
        e->name = *name;
    e->value = value;
    return e;
}

/* ---- nodes that are a kind and a place at first; the grammar fills in the rest ---- */

#define NODE(function, node, kinds)                                                                \
    struct node *function(struct crud_parser *p, struct span at, enum kinds kind)                  \
    {                                                                                              \
        struct node *n = ASLRT_NEW(p->arena, struct node);                                         \
        n->kind = kind;                                                                            \
        n->span = at;                                                                              \
        return n;                                                                                  \
    }
NODE(ast_type, ast_type, ast_type_kind)
NODE(ast_new_member, ast_member, ast_member_kind)
NODE(ast_op_item, ast_op_item, ast_op_item_kind)
NODE(ast_stmt, ast_stmt, ast_stmt_kind)
NODE(ast_finish, ast_finish, ast_finish_kind)
NODE(ast_clause, ast_clause, ast_clause_kind)
NODE(ast_action, ast_action, ast_action_kind)
NODE(ast_tstmt, ast_tstmt, ast_tstmt_kind)

/* ---- fields, settings ---- */

struct ast_anno *ast_anno(struct crud_parser *p, struct span at, struct ast_name name,
                          bool has_args, struct ast_arg *args)
{
    struct ast_anno *a = ASLRT_NEW(p->arena, struct ast_anno);
    a->span = at;
    a->name = name;
    a->has_args = has_args;
    a->args = args;
    return a;
}

struct ast_field *ast_field(struct crud_parser *p, struct span at, struct ast_name name,
                            struct ast_type *type, struct ast_expr *value, struct ast_anno *annos)
{
    struct ast_field *f = ASLRT_NEW(p->arena, struct ast_field);
    f->span = at;
    f->name = name;
    f->type = type;
    f->value = value;
    f->annos = annos;
    f->doc = ast_doc(p, at.start);
    return f;
}

struct ast_setting *ast_setting(struct crud_parser *p, struct span at, struct ast_name name,
                                struct ast_expr *value)
{
    struct ast_setting *s = ASLRT_NEW(p->arena, struct ast_setting);
    s->span = at;
    s->name = name;
    s->value = value;
    return s;
}

struct ast_param *ast_param(struct crud_parser *p, struct span at, struct ast_name name,
                            struct ast_type *type, struct ast_expr *value)
{
    struct ast_param *a = ASLRT_NEW(p->arena, struct ast_param);
    a->span = at;
    a->name = name;
    a->type = type;
    a->value = value;
    return a;
}

/* ---- statements ---- */

struct ast_stmt *ast_if(struct crud_parser *p, struct span at, struct ast_expr *condition,
                        struct ast_stmt *then, struct span body)
{
    struct ast_stmt *s = ast_stmt(p, at, AST_STMT_IF);
    s->value = condition;
    s->then = then;
    s->body = body;
    return s;
}

struct ast_tx *ast_tx(struct crud_parser *p, struct span at, const struct ast_action *action)
{
    struct ast_tx *t = ASLRT_NEW(p->arena, struct ast_tx);
    t->span = at;
    t->action = *action;
    return t;
}

struct ast_assign *ast_assign(struct crud_parser *p, struct span at, struct ast_name name, char op,
                              struct ast_expr *value)
{
    struct ast_assign *a = ASLRT_NEW(p->arena, struct ast_assign);
    a->span = at;
    a->name = name;
    a->op = op;
    a->value = value;
    return a;
}

struct ast_branch *ast_branch(struct crud_parser *p, struct span at, struct ast_name name,
                              struct ast_stmt *stmts)
{
    struct ast_branch *b = ASLRT_NEW(p->arena, struct ast_branch);
    b->span = at;
    b->name = name;
    b->stmts = stmts;
    return b;
}

struct ast_decl *ast_decl(struct crud_parser *p, struct span at, enum ast_decl_kind kind,
                          struct ast_name name)
{
    struct ast_decl *d = ASLRT_NEW(p->arena, struct ast_decl);
    d->kind = kind;
    d->span = at;
    d->name = name;
    return d;
}
