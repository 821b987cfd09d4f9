/*
 * print_expr.c - names, expressions, types and the two things that repeat: lists and blocks.
 *
 * Each part is tried on the current row first.  Where that is too narrow, lists and objects get one
 * element a row, and a chain of operators breaks in front of each operator.
 */
#include "compiler/front/print_int.h"

#include "compiler/base/grow.h"
#include "compiler/front/parse.h"

/* ---- names and texts ---- */

void print_name(struct printer *p, struct ast_name name, enum print_position position)
{
    enum crud_word_use use = crud_word_use(name.text);
    bool quotes = position == PRINT_ANY        ? false
                  : position == PRINT_DECLARED ? use != CRUD_USE_FREE
                  : position == PRINT_NAMED    ? use == CRUD_USE_RESERVED
                                               : use == CRUD_USE_RESERVED || use == CRUD_USE_NAME;
    if (quotes)
        print_text(p, "`");
    print_text(p, name.text);
    if (quotes)
        print_text(p, "`");
}

void print_names(struct printer *p, const struct ast_names *names, enum print_position position)
{
    for (const struct ast_names *n = names; n != NULL; n = n->next) {
        if (n != names)
            print_text(p, ", ");
        print_name(p, n->name, position);
    }
}

void print_string(struct printer *p, const char *text)
{
    static const char escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    struct aslrt_buffer b = aslrt_buffer_in(p->arena);
    aslrt_buffer_char(&b, '"');
    for (const char *c = text; *c != '\0'; c++) {
        const char *escape = NULL;
        for (size_t i = 0; escapes[i] != '\0' && escape == NULL; i += 2)
            escape = escapes[i] == *c ? &escapes[i + 1] : NULL;
        if (escape != NULL) {
            aslrt_buffer_char(&b, '\\');
            aslrt_buffer_char(&b, *escape);
        } else if ((unsigned char)*c < 0x20) {
            aslrt_buffer_format(&b, "\\u%04x", *c);
        } else {
            aslrt_buffer_char(&b, *c);
        }
    }
    aslrt_buffer_char(&b, '"');
    print_bytes(p, b.bytes, (uint32_t)b.count);
}

/* ---- what repeats ---- */

void print_add(struct printer *p, struct print_items *list, const void *node, struct span span)
{
    struct print_item *item = GROW(p->arena, list->items, list->count);
    *item = (struct print_item){node, span};
}

void print_list(struct printer *p, const char *open, const char *close,
                const struct print_items *list, uint32_t end, print_function *print)
{
    struct print_mark mark;
    uint32_t tail = p->tail;
    const char *space = open[0] == '{' ? " " : "";
    if (p->flat == 0)
        p->tail = 0;
    if (list->count == 0) {
        print_text(p, open);
        print_text(p, close);
        return;
    }
    struct span all = span_join(list->items[0].span, list->items[list->count - 1].span);
    if (end > all.end)
        all.end = end;
    if (print_try(p, &mark, all)) {
        print_text(p, open);
        print_text(p, space);
        for (uint32_t i = 0; i < list->count && !p->too_wide; i++) {
            print_text(p, i == 0 ? "" : ", ");
            print(p, list->items[i].node);
        }
        print_text(p, space);
        print_text(p, close);
        p->too_wide = p->too_wide || (p->flat == 1 && p->column + tail > PRINT_WIDTH);
        if (print_fits(p, &mark))
            return;
    }
    print_text(p, open);
    p->indent += PRINT_STEP;
    for (uint32_t i = 0; i < list->count; i++) {
        print_newline(p);
        print_comments(p, list->items[i].span.start, true);
        print(p, list->items[i].node);
        print_text(p, ",");
        print_done(p, list->items[i].span.end);
    }
    print_newline(p);
    print_comments(p, end, true);
    p->indent -= PRINT_STEP;
    print_text(p, close);
}

uint32_t print_measure(struct printer *p, struct span span, print_function *print, const void *node)
{
    struct print_mark mark;
    if (p->flat > 0 || !print_try(p, &mark, span))
        return 0;
    print(p, node);
    uint32_t width = p->too_wide ? 0 : p->column - mark.column;
    p->too_wide = true; /* takes it back */
    print_fits(p, &mark);
    return width;
}

/* Puts an item behind the one before it when both were written on one line and it fits. */
static bool print_beside(struct printer *p, const struct print_item *before,
                         const struct print_item *item, uint32_t rows, print_function *print)
{
    struct print_mark mark;
    bool commented = p->comment != NULL && p->comment->span.start < item->span.start;
    if (p->count != rows || commented || !print_same_line(p, before->span.end, item->span.start) ||
        !print_try(p, &mark, item->span))
        return false;
    print_text(p, "  ");
    print(p, item->node);
    if (!print_fits(p, &mark))
        return false;
    p->kind = PRINT_PLAIN;
    p->cell = 0;
    return true;
}

static bool print_row_block(struct printer *p, struct span span, const struct print_items *list,
                            print_function *print)
{
    struct print_mark mark;
    if ((p->flat == 0 && !print_same_line(p, span.start, span.end)) || !print_try(p, &mark, span))
        return false;
    print_text(p, "{");
    for (uint32_t i = 0; i < list->count && !p->too_wide; i++) {
        print_text(p, i == 0 ? " " : "  ");
        print(p, list->items[i].node);
    }
    print_text(p, list->count == 0 ? "}" : " }");
    return print_fits(p, &mark);
}

void print_block(struct printer *p, struct span span, const struct print_items *list,
                 print_function *print)
{
    if (print_row_block(p, span, list, print)) {
        print_done(p, span.end);
        return;
    }
    print_text(p, "{");
    p->indent += PRINT_STEP;
    uint32_t rows = 0; /* before the row of the last item */
    for (uint32_t i = 0; i < list->count; i++) {
        const struct print_item *item = &list->items[i];
        if (i == 0 || !print_beside(p, &list->items[i - 1], item, rows, print)) {
            print_newline(p);
            print_comments(p, item->span.start, i == 0);
            rows = p->count;
            print(p, item->node);
        }
        print_done(p, item->span.end);
    }
    print_newline(p);
    print_comments(p, span.end - 1, list->count == 0);
    p->blank = false;
    p->indent -= PRINT_STEP;
    print_text(p, "}");
    print_done(p, span.end);
}

/* ---- expressions ---- */

static const char *operator_text(enum ast_op op)
{
    static const char *const texts[] = {
        [AST_OR] = "or", [AST_AND] = "and", [AST_EQ] = "==", [AST_NE] = "!=", [AST_LT] = "<",
        [AST_GT] = ">",  [AST_LE] = "<=",   [AST_GE] = ">=", [AST_IN] = "in", [AST_ADD] = "+",
        [AST_SUB] = "-", [AST_MUL] = "*",   [AST_DIV] = "/", [AST_MOD] = "%",
    };
    return texts[op];
}

static void print_arg(struct printer *p, const void *node)
{
    const struct ast_arg *a = node;
    if (a->name.text != NULL) {
        print_name(p, a->name, PRINT_NAMED);
        print_text(p, ": ");
    }
    print_expr(p, a->value);
}

static struct print_items arg_items(struct printer *p, const struct ast_arg *args)
{
    struct print_items list = {NULL, 0};
    for (; args != NULL; args = args->next)
        print_add(p, &list, args, args->span);
    return list;
}

void print_args(struct printer *p, const struct ast_arg *args, uint32_t end)
{
    struct print_items list = arg_items(p, args);
    print_list(p, "(", ")", &list, end, print_arg);
}

static bool is_identifier(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return text[0] != '\0' && (text[0] < '0' || text[0] > '9') &&
           strspn(text, letters) == strlen(text);
}

static void print_entry(struct printer *p, const void *node)
{
    const struct ast_entry *e = node;
    if (e->kind == AST_ENTRY_SPREAD)
        print_text(p, "...");
    else if (e->kind == AST_ENTRY_PAIR && !is_identifier(e->name.text))
        print_string(p, e->name.text);
    else
        print_name(p, e->name, e->kind == AST_ENTRY_SHORT ? PRINT_WORD : PRINT_NAMED);
    if (e->kind == AST_ENTRY_PAIR)
        print_text(p, ": ");
    if (e->kind != AST_ENTRY_SHORT) /* sema gives `{ id }` its value */
        print_expr(p, e->value);
}

/* An object that was written over several lines keeps a row for each entry. */
static void print_object(struct printer *p, const struct ast_expr *e)
{
    struct print_items list = {NULL, 0};
    for (const struct ast_entry *n = e->entries; n != NULL; n = n->next)
        print_add(p, &list, n, n->span);
    print_list(p, "{", "}", &list, e->span.end - 1, print_entry);
}

static void print_operators(struct printer *p, const struct ast_expr *e)
{
    print_expr(p, e->left);
    if (p->flat > 0)
        print_text(p, " ");
    else
        print_newline(p);
    print_text(p, operator_text(e->op));
    print_text(p, " ");
    print_expr(p, e->right);
}

static void print_binary(struct printer *p, const struct ast_expr *e)
{
    struct print_mark mark;
    if (print_try(p, &mark, e->span)) {
        print_operators(p, e);
        if (print_fits(p, &mark))
            return;
    }
    p->indent += PRINT_STEP;
    print_operators(p, e);
    p->indent -= PRINT_STEP;
}

static void print_inner(struct printer *p, const struct ast_expr *e)
{
    switch (e->kind) {
    case AST_INT:
    case AST_NUMBER:
    case AST_DURATION:
    case AST_BOOL:
    case AST_NULL:
        print_source(p, e->span);
        break;
    case AST_STRING:
        print_string(p, e->text);
        break;
    case AST_NAME:
        print_name(p, e->name, PRINT_WORD);
        break;
    case AST_MEMBER:
        print_expr(p, e->left);
        print_text(p, ".");
        print_name(p, e->name, PRINT_ANY);
        break;
    case AST_INDEX:
        print_expr(p, e->left);
        print_text(p, "[");
        print_expr(p, e->right);
        print_text(p, "]");
        break;
    case AST_CALL:
        print_expr(p, e->left);
        print_args(p, e->args, e->span.end - 1);
        break;
    case AST_NOT:
        print_text(p, "not ");
        print_expr(p, e->left);
        break;
    case AST_NEGATE:
        print_text(p, "-");
        print_expr(p, e->left);
        break;
    case AST_BINARY:
        print_binary(p, e);
        break;
    case AST_OBJECT:
        print_object(p, e);
        break;
    case AST_LIST: {
        struct print_items list = arg_items(p, e->args);
        print_list(p, "[", "]", &list, e->span.end - 1, print_arg);
        break;
    }
    case AST_ALL:
        print_text(p, "all ");
        print_name(p, e->name, PRINT_DECLARED);
        break;
    }
}

void print_expr(struct printer *p, const struct ast_expr *e)
{
    if (p->flat > 0 && p->too_wide)
        return;
    if (e->parens)
        print_text(p, "(");
    print_inner(p, e);
    if (e->parens)
        print_text(p, ")");
}

/* ---- types ---- */

/* How far the number at this place of the source, `1_000` perhaps, says the same as the bound; 0:
 * not.
 */
static uint32_t same_number(const char *source, const char *end, const char *bound)
{
    const char *p = source;
    while (*bound != '\0' && p < end && (*p == *bound || *p == '_'))
        bound += *p++ != '_';
    return *bound == '\0' ? (uint32_t)(p - source) : 0;
}

/* A bound as it is written in the range, from this offset on.  Gives the offset behind it. */
static uint32_t print_bound(struct printer *p, const char *bound, const struct ast_range *r,
                            uint32_t from)
{
    const char *text = p->source->text;
    for (uint32_t at = from; at < r->span.end; at++) {
        uint32_t n = same_number(text + at, text + r->span.end, bound);
        if (n != 0) {
            print_source(p, (struct span){r->span.source, at, at + n});
            return at + n;
        }
    }
    print_text(p, bound);
    return from;
}

static void print_range(struct printer *p, const struct ast_range *r)
{
    uint32_t from = r->span.start;
    print_text(p, "(");
    if (r->low != NULL)
        from = print_bound(p, r->low, r, from);
    if (r->low == NULL || r->high == NULL || strcmp(r->low, r->high) != 0)
        print_text(p, "..");
    if (r->high != NULL && (r->low == NULL || strcmp(r->low, r->high) != 0))
        print_bound(p, r->high, r, from);
    print_text(p, ")");
}

static void print_choice(struct printer *p, const void *node)
{
    print_name(p, ((const struct ast_names *)node)->name, PRINT_NAMED);
}

void print_choices(struct printer *p, const char *open, const char *close,
                   const struct ast_names *names, uint32_t end)
{
    struct print_items list = {NULL, 0};
    for (; names != NULL; names = names->next)
        print_add(p, &list, names, names->name.span);
    print_list(p, open, close, &list, end, print_choice);
}

void print_type(struct printer *p, const struct ast_type *t)
{
    switch (t->kind) {
    case AST_TYPE_NAME:
        print_name(p, t->name, PRINT_DECLARED);
        if (t->element != NULL) {
            print_text(p, "(");
            print_type(p, t->element);
            print_text(p, ")");
        }
        break;
    case AST_TYPE_KEY_OF:
        print_name(p, t->name, PRINT_DECLARED);
        print_text(p, ".");
        print_name(p, t->field, PRINT_ANY);
        break;
    case AST_TYPE_LIST:
        print_text(p, "[");
        print_type(p, t->element);
        print_text(p, "]");
        break;
    case AST_TYPE_ENUM:
        print_choices(p, "enum(", ")", t->members, 0);
        break;
    }
    if (t->has_range)
        print_range(p, &t->range);
    if (t->has_digits) {
        print_text(p, "(");
        print_text(p, t->digits[0]);
        print_text(p, ", ");
        print_text(p, t->digits[1]);
        print_text(p, ")");
    }
    if (t->optional)
        print_text(p, "?");
}
