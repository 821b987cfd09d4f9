/*
 * expression.c - parsing expressions: the grammar's constructors, limits, syntax errors.
 */
#include "runtime/ddb/expression.h"
#include "grammar/dynamodb_parse.h"
#include "runtime/ddb/expression_parser.h"

#include <stdlib.h>

int ddb_scan(DDB_STYPE *value, DDB_LTYPE *at, void *scanner);
int ddb_scan_lex_init_extra(struct aslrt_expression_parser *extra, void **scanner);
void *ddb_scan__scan_bytes(const char *bytes, int count, void *scanner);

const char *aslrt_expression_label(enum aslrt_expression_kind kind)
{
    static const char *const labels[] = {"ConditionExpression", "FilterExpression",
                                         "KeyConditionExpression", "UpdateExpression",
                                         "ProjectionExpression"};
    return labels[kind];
}

static struct aslrt_bytes text_at(const struct aslrt_expression_parser *p, struct aslrt_extent at)
{
    struct aslrt_bytes text = {p->expression->text.at + at.start, at.end - at.start};
    return text;
}

/* ---- constructors ---- */

struct aslrt_expr *aslrt_expr_new(struct aslrt_expression_parser *p, enum aslrt_expr_kind kind,
                                  struct aslrt_extent at)
{
    struct aslrt_expr *e = ASLRT_NEW(p->arena, struct aslrt_expr);
    e->kind = kind;
    e->at = at;
    return e;
}

struct aslrt_expr *aslrt_expr_add(struct aslrt_expr *e, struct aslrt_expr *operand)
{
    if (e->first == NULL)
        e->first = operand;
    else
        e->last->next = operand;
    e->last = operand;
    return e;
}

struct aslrt_expr *aslrt_expr_two(struct aslrt_expression_parser *p, enum aslrt_expr_kind kind,
                                  struct aslrt_extent at, struct aslrt_expr *a,
                                  struct aslrt_expr *b)
{
    return aslrt_expr_add(aslrt_expr_add(aslrt_expr_new(p, kind, at), a), b);
}

struct aslrt_expr *aslrt_expr_parens(struct aslrt_expression_parser *p, struct aslrt_expr *e,
                                     struct aslrt_extent at)
{
    if (e->parens) {
        p->cx->start = at.start;
        p->cx->end = at.end;
        aslrt_ddb_refuse(p->cx, "Invalid %s: The expression has redundant parentheses;",
                         aslrt_expression_label(p->expression->kind));
    }
    e->parens = true;
    return e;
}

static struct aslrt_step *new_step(struct aslrt_expression_parser *p, struct aslrt_extent at,
                                   bool is_index)
{
    struct aslrt_step *step = ASLRT_NEW(p->arena, struct aslrt_step);
    step->is_index = is_index;
    step->name = text_at(p, at);
    step->at = at;
    return step;
}

static struct aslrt_expr *add_step(struct aslrt_expr *path, struct aslrt_step *step)
{
    struct aslrt_step **end = &path->steps;
    while (*end != NULL)
        end = &(*end)->next;
    *end = step;
    path->at.end = step->at.end + step->is_index; /* with the bracket */
    return path;
}

struct aslrt_expr *aslrt_expr_path(struct aslrt_expression_parser *p, struct aslrt_extent name)
{
    return add_step(aslrt_expr_new(p, ASLRT_EXPR_PATH, name), new_step(p, name, false));
}

struct aslrt_expr *aslrt_expr_member(struct aslrt_expression_parser *p, struct aslrt_expr *path,
                                     struct aslrt_extent name)
{
    return add_step(path, new_step(p, name, false));
}

struct aslrt_expr *aslrt_expr_element(struct aslrt_expression_parser *p, struct aslrt_expr *path,
                                      struct aslrt_extent index)
{
    struct aslrt_step *step = new_step(p, index, true);
    /* No list is that long, so that a larger index only has to stay out of the way. */
    step->index = step->name.count > 9 ? UINT32_MAX
                                       : (uint32_t)strtoul((const char *)step->name.at, NULL, 10);
    return add_step(path, step);
}

struct aslrt_expr *aslrt_expr_value(struct aslrt_expression_parser *p, struct aslrt_extent name)
{
    struct aslrt_expr *e = aslrt_expr_new(p, ASLRT_EXPR_VALUE, name);
    e->name = text_at(p, name);
    return e;
}

struct aslrt_expr *aslrt_expr_call(struct aslrt_expression_parser *p, struct aslrt_extent name,
                                   struct aslrt_expr *operands, struct aslrt_extent at)
{
    static const char *const names[] = {"",
#define ASLRT_X(id, text, count, place) text,
                                        ASLRT_FUNCTIONS(ASLRT_X)
#undef ASLRT_X
    };
    p->operators++;
    operands->at = at;
    operands->name = text_at(p, name);
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
        if (aslrt_bytes_equal(operands->name, aslrt_bytes_of(names[i], strlen(names[i]))))
            operands->function = (enum aslrt_expr_function)i;
    }
    return operands;
}

struct aslrt_expr *aslrt_expr_clause(struct aslrt_expression_parser *p, enum aslrt_expr_kind kind,
                                     struct aslrt_extent keyword, struct aslrt_expr *actions)
{
    (void)p;
    (void)keyword;
    actions->opens = true;
    for (struct aslrt_expr *action = actions; action != NULL; action = action->next)
        action->kind = kind;
    return actions;
}

struct aslrt_expr *aslrt_expr_join(struct aslrt_expr *a, struct aslrt_expr *b)
{
    struct aslrt_expr *last = a;
    while (last->next != NULL)
        last = last->next;
    last->next = b;
    return a;
}

/* ---- the parse ---- */

/* The parser's view of the scanner: first the kind, then the text's tokens. */
int ddb_lex(DDB_STYPE *value, DDB_LTYPE *at, struct aslrt_expression_parser *p);
int ddb_lex(DDB_STYPE *value, DDB_LTYPE *at, struct aslrt_expression_parser *p)
{
    *value = NULL;
    if (p->start != 0) {
        int token = p->start;
        p->start = 0;
        *at = (struct aslrt_extent){0, 0};
        return token;
    }
    int token = ddb_scan(value, at, p->scanner);
    p->before = p->token;
    p->token = *at;
    return token;
}

_Noreturn void aslrt_expression_syntax_error(struct aslrt_expression_parser *p)
{
    DDB_STYPE value;
    struct aslrt_extent token = p->token, behind = token;
    const char *text = (const char *)p->expression->text.at;
    bool end = token.start == token.end;
    uint32_t from = p->before.end == 0 ? token.start : p->before.start;
    if (!end)
        ddb_scan(&value, &behind, p->scanner);
    p->cx->start = token.start;
    p->cx->end = token.end;
    aslrt_ddb_refuse(p->cx, "Invalid %s: Syntax error; token: \"%.*s\", near: \"%.*s\"",
                     aslrt_expression_label(p->expression->kind),
                     end ? 5 : (int)(token.end - token.start), end ? "<EOF>" : text + token.start,
                     (int)(behind.end - from), text + from);
}

struct aslrt_expression *aslrt_expression_parse(struct aslrt_ddb *cx,
                                                enum aslrt_expression_kind kind,
                                                struct aslrt_bytes text)
{
    const char *label = aslrt_expression_label(kind);
    struct aslrt_expression *e = ASLRT_NEW(cx->scratch, struct aslrt_expression);
    struct aslrt_expression_parser p = {.arena = cx->scratch, .cx = cx, .expression = e};
    e->kind = kind;
    e->text = text;
    if (text.count == 0)
        aslrt_ddb_refuse(cx, "Invalid %s: The expression can not be empty;", label);
    if (text.count > ASLRT_EXPRESSION_BYTES)
        aslrt_ddb_refuse(cx,
                         "Invalid %s: Expression size has exceeded the maximum allowed size; "
                         "expression size: %u",
                         label, (unsigned)text.count);
    p.start = kind == ASLRT_EXPRESSION_UPDATE       ? DDB_UPDATE
              : kind == ASLRT_EXPRESSION_PROJECTION ? DDB_PROJECTION
                                                    : DDB_CONDITION;
    ddb_scan_lex_init_extra(&p, &p.scanner);
    ddb_scan__scan_bytes((const char *)text.at, (int)text.count, p.scanner);
    ddb_parse(&p);
    if (p.operators > ASLRT_EXPRESSION_OPERATORS)
        aslrt_ddb_refuse(cx,
                         "Invalid %s: The expression contains too many operators; operator count: "
                         "%u",
                         label, (unsigned)p.operators);
    return e;
}

/* ---- what the compiler asks ---- */

struct inspection {
    struct aslrt_ddb cx;
    enum aslrt_expression_kind kind;
    struct aslrt_bytes text;
    struct aslrt_value names, values;
};

static enum aslrt_status inspect(void *data)
{
    struct inspection *i = data;
    struct aslrt_placeholders p;
    struct aslrt_key_condition conditions[2];
    struct aslrt_expression *e = aslrt_expression_parse(&i->cx, i->kind, i->text);
    aslrt_placeholders_read(&i->cx, i->names, i->values, &p);
    p.names_open = i->names.kind == ASLRT_UNDEFINED;
    p.values_open = i->values.kind == ASLRT_UNDEFINED;
    aslrt_expression_bind(&i->cx, e, &p);
    if (i->kind == ASLRT_EXPRESSION_KEY_CONDITION)
        aslrt_key_conditions(&i->cx, e, conditions);
    return ASLRT_OK;
}

enum aslrt_status aslrt_expression_inspect(struct aslrt_arena *arena,
                                           enum aslrt_expression_kind kind, const char *text,
                                           size_t count, struct aslrt_value names,
                                           struct aslrt_value values,
                                           struct aslrt_expression_report *report)
{
    struct inspection i = {.cx = {.arena = arena, .scratch = arena},
                           .kind = kind,
                           .text = aslrt_bytes_of(text, count),
                           .names = names,
                           .values = values};
    enum aslrt_status status = aslrt_protect(arena->memory, inspect, &i);
    *report = (struct aslrt_expression_report){i.cx.message, {i.cx.start, i.cx.end}};
    return status == ASLRT_FAILED ? ASLRT_OK : status;
}
