/*
 * jsonata.c - the parser of JSONata: top-down operator precedence (Pratt), as the original.
 *
 * In: lexemes.  Out: the raw tree, in which paths are still chains of RAW_DOT and RAW_FILTER nodes
 * (jsonata_process.c makes paths of them).
 * Why not bison: which error an expression gives, with which token at which position, is part of
 * the language's interface (S0201 ... S0217) and follows from the order in which a Pratt parser
 * asks its questions; and whether a `/` divides or begins a regular expression hangs on the
 * parser's place. Recursion is bounded by ASLRT_DEPTH_MAX, chains of operators by
 * JSONATA_HEIGHT_MAX.
 */
#include "runtime/base/limits.h"
#include "runtime/expr/jsonata_lex.h"
#include "runtime/expr/regex.h"
#include "runtime/expr/signature.h"
#include "runtime/expr/text.h"

static const uint8_t powers[] = {
#define TOKEN(id, text, power) power,
#include "runtime/expr/jsonata_tokens.def"
#undef TOKEN
};

static const char *const token_texts[] = {
#define TOKEN(id, text, power) text,
#include "runtime/expr/jsonata_tokens.def"
#undef TOKEN
};

struct parser {
    struct jsonata_build *build;
    struct jsonata_lexer lexer;
    struct jsonata_lexeme now; /* the token that is looked at */
    uint32_t end;              /* behind the token before it */
    uint32_t depth;
};

static struct jsonata_node *expression(struct parser *p, unsigned power);

static _Noreturn void reject(struct parser *p, const char *code, uint32_t at,
                             struct aslrt_value token, struct aslrt_value value)
{
    struct aslrt_fault f = aslrt_fault(code, at);
    f.token = token;
    f.value = value;
    aslrt_jsonata_reject(p->build, &f);
}

/* Goes on to the next token; `operand` says that an operand may begin there. */
static void advance(struct parser *p, bool operand)
{
    p->end = p->now.at;
    p->now = aslrt_jsonata_lex(&p->lexer, operand);
    if (p->now.token == TOKEN_BANG || p->now.token == TOKEN_TILDE)
        reject(p, "S0204", p->now.at, p->now.value, aslrt_undefined());
}

static void expect(struct parser *p, enum jsonata_token token, bool operand)
{
    if (p->now.token != token) {
        bool ended = p->now.token == TOKEN_END;
        struct aslrt_value got = p->now.token == TOKEN_REGEX ? aslrt_object(NULL, 0) : p->now.value;
        reject(p, ended ? "S0203" : "S0202", p->now.at, got, aslrt_text(token_texts[token]));
    }
    advance(p, operand);
}

static struct jsonata_node *node(struct parser *p, enum jsonata_kind kind,
                                 const struct jsonata_lexeme *t)
{
    struct jsonata_node *n = ASLRT_NEW(p->build->arena, struct jsonata_node);
    n->kind = (uint8_t)kind;
    n->start = t->start;
    n->end = t->at < p->lexer.count ? t->at : p->lexer.count;
    n->at = t->at;
    n->value = t->value;
    return n;
}

/* A list of nodes that grows; its items end up in a node. */
struct list {
    struct jsonata_node **items;
    uint32_t count, room;
};

static void append(struct parser *p, struct list *l, struct jsonata_node *n)
{
    l->items = aslrt_jsonata_grow(p->build->arena, l->items, l->count, &l->room, sizeof *l->items);
    l->items[l->count++] = n;
}

/* The node is whole: its children are known and the text behind it has been looked at. */
static struct jsonata_node *finish(struct parser *p, struct jsonata_node *n, const struct list *l)
{
    if (l != NULL) {
        n->items = l->items;
        n->count = l->count;
    }
    if (n->end < p->end)
        n->end = p->end < p->lexer.count ? p->end : p->lexer.count;
    aslrt_jsonata_measure(p->build, n);
    return n;
}

static struct jsonata_node *infix(struct parser *p, enum jsonata_kind kind,
                                  const struct jsonata_lexeme *t, struct jsonata_node *left)
{
    struct jsonata_node *n = node(p, kind, t);
    n->start = left->start;
    n->lhs = left;
    return n;
}

static struct jsonata_node *binary(struct parser *p, enum jsonata_kind kind, enum jsonata_op op,
                                   const struct jsonata_lexeme *t, struct jsonata_node *left)
{
    struct jsonata_node *n = infix(p, kind, t, left);
    n->op = (uint8_t)op;
    n->rhs = expression(p, powers[t->token]);
    return finish(p, n, NULL);
}

static struct jsonata_node *parse_block(struct parser *p, const struct jsonata_lexeme *t)
{
    struct jsonata_node *n = node(p, JSONATA_BLOCK, t);
    struct list l = {NULL, 0, 0};
    while (p->now.token != TOKEN_CLOSE_PAREN) {
        append(p, &l, expression(p, 0));
        if (p->now.token != TOKEN_SEMICOLON)
            break;
        advance(p, true);
    }
    expect(p, TOKEN_CLOSE_PAREN, false);
    return finish(p, n, &l);
}

/* An item of an array: an expression, or a range. */
static struct jsonata_node *parse_item(struct parser *p)
{
    struct jsonata_node *first = expression(p, 0);
    if (p->now.token != TOKEN_DOT_DOT)
        return first;
    struct jsonata_node *range = infix(p, JSONATA_BINARY, &p->now, first);
    range->op = JSONATA_RANGE;
    advance(p, true);
    range->rhs = expression(p, 0);
    return finish(p, range, NULL);
}

static struct jsonata_node *parse_array(struct parser *p, const struct jsonata_lexeme *t)
{
    struct jsonata_node *n = node(p, JSONATA_ARRAY, t);
    struct list l = {NULL, 0, 0};
    if (p->now.token != TOKEN_CLOSE_BRACKET) {
        append(p, &l, parse_item(p));
        while (p->now.token == TOKEN_COMMA) {
            advance(p, true);
            append(p, &l, parse_item(p));
        }
    }
    expect(p, TOKEN_CLOSE_BRACKET, false);
    return finish(p, n, &l);
}

/* {key: value, ...}, the constructor (left NULL) and the grouping of what stands on its left. */
static struct jsonata_node *parse_object(struct parser *p, const struct jsonata_lexeme *t,
                                         struct jsonata_node *left)
{
    struct jsonata_node *n =
        left == NULL ? node(p, JSONATA_OBJECT, t) : infix(p, JSONATA_RAW_GROUP, t, left);
    struct list l = {NULL, 0, 0};
    if (p->now.token != TOKEN_CLOSE_BRACE) {
        for (;;) {
            append(p, &l, expression(p, 0));
            expect(p, TOKEN_COLON, true);
            append(p, &l, expression(p, 0));
            if (p->now.token != TOKEN_COMMA)
                break;
            advance(p, true);
        }
    }
    expect(p, TOKEN_CLOSE_BRACE, false);
    return finish(p, n, &l);
}

static struct jsonata_node *parse_transform(struct parser *p, const struct jsonata_lexeme *t)
{
    struct jsonata_node *n = node(p, JSONATA_TRANSFORM, t);
    n->pattern = expression(p, 0);
    expect(p, TOKEN_BAR, true);
    n->update = expression(p, 0);
    if (p->now.token == TOKEN_COMMA) {
        advance(p, true);
        n->removal = expression(p, 0);
    }
    expect(p, TOKEN_BAR, true);
    return finish(p, n, NULL);
}

/* An expression that begins with token `t`; the next token has been read. */
static struct jsonata_node *prefix(struct parser *p, const struct jsonata_lexeme *t)
{
    struct jsonata_node *n;
    switch (t->token) {
    case TOKEN_NAME:
        return finish(p, node(p, JSONATA_NAME, t), NULL);
    case TOKEN_VARIABLE:
        return finish(p, node(p, JSONATA_VARIABLE, t), NULL);
    case TOKEN_STRING:
        return finish(p, node(p, JSONATA_STRING, t), NULL);
    case TOKEN_NUMBER:
        return finish(p, node(p, JSONATA_NUMBER, t), NULL);
    case TOKEN_CONSTANT:
        return finish(p, node(p, JSONATA_CONSTANT, t), NULL);
    case TOKEN_REGEX:
        n = node(p, JSONATA_REGEX, t);
        n->regex = t->regex;
        return finish(p, n, NULL);
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_IN:
        return finish(p, node(p, JSONATA_RAW_WORD, t), NULL);
    case TOKEN_END:
        return finish(p, node(p, JSONATA_RAW_END, t), NULL);
    case TOKEN_STAR:
        return finish(p, node(p, JSONATA_WILDCARD, t), NULL);
    case TOKEN_STAR_STAR:
        return finish(p, node(p, JSONATA_DESCENDANT, t), NULL);
    case TOKEN_PERCENT:
        return finish(p, node(p, JSONATA_PARENT, t), NULL);
    case TOKEN_MINUS:
        n = node(p, JSONATA_NEGATE, t);
        n->lhs = expression(p, 70);
        return finish(p, n, NULL);
    case TOKEN_OPEN_PAREN:
        return parse_block(p, t);
    case TOKEN_OPEN_BRACKET:
        return parse_array(p, t);
    case TOKEN_OPEN_BRACE:
        return parse_object(p, t, NULL);
    case TOKEN_BAR:
        return parse_transform(p, t);
    default:
        reject(p, "S0211", t->at, t->value, aslrt_undefined());
    }
}

/* At the `<` of a lambda's signature.  The tokens are strung together again, because a signature
   has no blanks. */
static const struct aslrt_signature *parse_signature(struct parser *p)
{
    struct aslrt_buffer b = aslrt_buffer_in(p->build->arena);
    uint32_t at = p->now.at;
    aslrt_buffer_char(&b, '<');
    for (int depth = 1; depth > 0;) {
        if (p->now.token == TOKEN_OPEN_BRACE || p->now.token == TOKEN_END)
            break;
        advance(p, true);
        if (p->now.token == TOKEN_GREATER)
            depth--;
        else if (p->now.token == TOKEN_LESS)
            depth++;
        if (p->now.token == TOKEN_REGEX) { /* a mistake, but jsonata-js takes it as it is written */
            aslrt_buffer_char(&b, '/');
            aslrt_text_put_value(&b, aslrt_regex_source(p->now.regex));
            aslrt_buffer_text(&b, "/g");
        }
        aslrt_text_put_value(&b, p->now.value);
    }
    expect(p, TOKEN_GREATER, true);
    struct aslrt_fault f = aslrt_fault(NULL, FAULT_NOWHERE);
    const char *text = aslrt_buffer_close(&b);
    const struct aslrt_signature *s = aslrt_signature_parse(p->build->arena, text, &f);
    if (s == NULL) {
        f.at = f.at == FAULT_NOWHERE ? at : at + f.at;
        aslrt_jsonata_reject(p->build, &f);
    }
    return s;
}

static struct jsonata_node *parse_lambda(struct parser *p, struct jsonata_node *n)
{
    for (uint32_t i = 0; i < n->count; i++) {
        const struct jsonata_node *arg = n->items[i];
        if (arg->kind != JSONATA_VARIABLE)
            reject(p, "S0208", arg->at, aslrt_jsonata_token(arg), aslrt_int((int64_t)i + 1));
    }
    n->kind = JSONATA_LAMBDA;
    n->procedure = NULL;
    if (p->now.token == TOKEN_LESS)
        n->signature = parse_signature(p);
    expect(p, TOKEN_OPEN_BRACE, true);
    n->body = expression(p, 0);
    expect(p, TOKEN_CLOSE_BRACE, true);
    return finish(p, n, NULL);
}

/* left(arguments): a call, a partial application, or `function(...){...}`. */
static struct jsonata_node *parse_call(struct parser *p, const struct jsonata_lexeme *t,
                                       struct jsonata_node *left)
{
    struct jsonata_node *n = infix(p, JSONATA_CALL, t, left);
    struct list l = {NULL, 0, 0};
    if (p->now.token != TOKEN_CLOSE_PAREN) {
        for (;;) {
            if (p->now.token == TOKEN_QUESTION) {
                n->kind = JSONATA_PARTIAL;
                append(p, &l, finish(p, node(p, JSONATA_PLACEHOLDER, &p->now), NULL));
                advance(p, true);
            } else {
                append(p, &l, expression(p, 0));
            }
            if (p->now.token != TOKEN_COMMA)
                break;
            advance(p, true);
        }
    }
    expect(p, TOKEN_CLOSE_PAREN, false);
    n->items = l.items;
    n->count = l.count;
    if (left->kind == JSONATA_NAME &&
        (aslrt_is(left->value, "function") || aslrt_is(left->value, "\xce\xbb")))
        return parse_lambda(p, n);
    return finish(p, n, NULL);
}

/* left[expr], or left[], which asks for an array whatever comes out. */
static struct jsonata_node *parse_filter(struct parser *p, const struct jsonata_lexeme *t,
                                         struct jsonata_node *left)
{
    if (p->now.token == TOKEN_CLOSE_BRACKET) {
        struct jsonata_node *step = left;
        while (step->kind == JSONATA_RAW_FILTER)
            step = step->lhs;
        step->flags |= JSONATA_KEEP_ARRAY;
        advance(p, true);
        left->end = p->end;
        return left;
    }
    struct jsonata_node *n = infix(p, JSONATA_RAW_FILTER, t, left);
    n->rhs = expression(p, 0);
    expect(p, TOKEN_CLOSE_BRACKET, false);
    return finish(p, n, NULL);
}

/* left^(<term, >term, ...) */
static struct jsonata_node *parse_sort(struct parser *p, const struct jsonata_lexeme *t,
                                       struct jsonata_node *left)
{
    struct jsonata_node *n = infix(p, JSONATA_RAW_SORT, t, left);
    struct list l = {NULL, 0, 0};
    bool *descending = NULL;
    uint32_t room = 0;
    expect(p, TOKEN_OPEN_PAREN, true);
    for (;;) {
        bool down = p->now.token == TOKEN_GREATER;
        if (down || p->now.token == TOKEN_LESS)
            advance(p, true);
        descending =
            aslrt_jsonata_grow(p->build->arena, descending, l.count, &room, sizeof *descending);
        descending[l.count] = down;
        append(p, &l, expression(p, 0));
        if (p->now.token != TOKEN_COMMA)
            break;
        advance(p, true);
    }
    expect(p, TOKEN_CLOSE_PAREN, true);
    n->descending = descending;
    return finish(p, n, &l);
}

static struct jsonata_node *parse_bind(struct parser *p, const struct jsonata_lexeme *t,
                                       struct jsonata_node *left)
{
    if (left->kind != JSONATA_VARIABLE)
        reject(p, "S0212", left->at, aslrt_jsonata_token(left), aslrt_undefined());
    struct jsonata_node *n = infix(p, JSONATA_BIND, t, left);
    n->rhs = expression(p, powers[TOKEN_COLON_EQUAL] - 1u); /* from the right */
    return finish(p, n, NULL);
}

/* left@$name and left#$name */
static struct jsonata_node *parse_tuple_bind(struct parser *p, const struct jsonata_lexeme *t,
                                             struct jsonata_node *left)
{
    enum jsonata_kind kind = t->token == TOKEN_AT ? JSONATA_RAW_FOCUS : JSONATA_RAW_INDEX;
    struct jsonata_node *n = infix(p, kind, t, left);
    n->rhs = expression(p, powers[t->token]);
    if (n->rhs->kind != JSONATA_VARIABLE)
        reject(p, "S0214", n->rhs->at, t->value, aslrt_undefined());
    return finish(p, n, NULL);
}

static struct jsonata_node *parse_condition(struct parser *p, const struct jsonata_lexeme *t,
                                            struct jsonata_node *left)
{
    struct jsonata_node *n = infix(p, JSONATA_CONDITION, t, left);
    n->then = expression(p, 0);
    if (p->now.token == TOKEN_COLON) {
        advance(p, true);
        n->otherwise = expression(p, 0);
    }
    return finish(p, n, NULL);
}

static struct jsonata_node *clone(struct parser *p, const struct jsonata_node *n)
{
    if (n == NULL)
        return NULL;
    struct jsonata_node *c = ASLRT_NEW(p->build->arena, struct jsonata_node);
    *c = *n;
    if (n->count != 0) {
        c->items = ASLRT_NEW_ARRAY(p->build->arena, struct jsonata_node *, n->count);
        for (uint32_t i = 0; i < n->count; i++)
            c->items[i] = clone(p, n->items[i]);
    }
    switch (n->kind) {
    case JSONATA_CONDITION:
    case JSONATA_TRANSFORM:
        c->otherwise = clone(p, n->otherwise);
        c->then = clone(p, n->then);
        c->condition = clone(p, n->condition);
        break;
    case JSONATA_CALL:
    case JSONATA_PARTIAL:
    case JSONATA_NEGATE:
    case JSONATA_RAW_GROUP:
    case JSONATA_RAW_SORT:
    case JSONATA_LAMBDA: /* its body stands where others have lhs */
        c->lhs = clone(p, n->lhs);
        break;
    case JSONATA_BINARY:
    case JSONATA_BIND:
    case JSONATA_APPLY:
    case JSONATA_RAW_DOT:
    case JSONATA_RAW_FILTER:
    case JSONATA_RAW_FOCUS:
    case JSONATA_RAW_INDEX:
        c->lhs = clone(p, n->lhs);
        c->rhs = clone(p, n->rhs);
        break;
    default:
        break;
    }
    return c;
}

/* 2.2: a ?: b is a ? a : b, and a ?? b is $exists(a) ? a : b. */
static struct jsonata_node *parse_default(struct parser *p, const struct jsonata_lexeme *t,
                                          struct jsonata_node *left)
{
    struct jsonata_node *test = clone(p, left);
    if (t->token == TOKEN_COALESCE) {
        struct jsonata_lexeme name = *t;
        name.value = aslrt_text("exists");
        struct jsonata_node *call = node(p, JSONATA_CALL, t);
        struct list l = {NULL, 0, 0};
        append(p, &l, test);
        call->procedure = finish(p, node(p, JSONATA_VARIABLE, &name), NULL);
        test = finish(p, call, &l);
    }
    struct jsonata_node *n = infix(p, JSONATA_CONDITION, t, test);
    n->start = left->start;
    n->then = left;
    n->otherwise = expression(p, 0);
    return finish(p, n, NULL);
}

/* The operator `t` with `left` on its left; the next token has been read. */
static struct jsonata_node *operator(struct parser *p, const struct jsonata_lexeme *t,
                                     struct jsonata_node *left)
{
    switch (t->token) {
    case TOKEN_DOT:
        return binary(p, JSONATA_RAW_DOT, 0, t, left);
    case TOKEN_CHAIN:
        return binary(p, JSONATA_APPLY, 0, t, left);
    case TOKEN_PLUS:
        return binary(p, JSONATA_BINARY, JSONATA_ADD, t, left);
    case TOKEN_MINUS:
        return binary(p, JSONATA_BINARY, JSONATA_SUBTRACT, t, left);
    case TOKEN_STAR:
        return binary(p, JSONATA_BINARY, JSONATA_MULTIPLY, t, left);
    case TOKEN_SLASH:
        return binary(p, JSONATA_BINARY, JSONATA_DIVIDE, t, left);
    case TOKEN_PERCENT:
        return binary(p, JSONATA_BINARY, JSONATA_REMAINDER, t, left);
    case TOKEN_EQUAL:
        return binary(p, JSONATA_BINARY, JSONATA_EQUAL, t, left);
    case TOKEN_BANG_EQUAL:
        return binary(p, JSONATA_BINARY, JSONATA_UNEQUAL, t, left);
    case TOKEN_LESS:
        return binary(p, JSONATA_BINARY, JSONATA_LESS, t, left);
    case TOKEN_LESS_EQUAL:
        return binary(p, JSONATA_BINARY, JSONATA_LESS_EQUAL, t, left);
    case TOKEN_GREATER:
        return binary(p, JSONATA_BINARY, JSONATA_GREATER, t, left);
    case TOKEN_GREATER_EQUAL:
        return binary(p, JSONATA_BINARY, JSONATA_GREATER_EQUAL, t, left);
    case TOKEN_AMPERSAND:
        return binary(p, JSONATA_BINARY, JSONATA_CONCAT, t, left);
    case TOKEN_IN:
        return binary(p, JSONATA_BINARY, JSONATA_IN, t, left);
    case TOKEN_AND:
        return binary(p, JSONATA_BINARY, JSONATA_AND, t, left);
    case TOKEN_OR:
        return binary(p, JSONATA_BINARY, JSONATA_OR, t, left);
    case TOKEN_OPEN_PAREN:
        return parse_call(p, t, left);
    case TOKEN_OPEN_BRACKET:
        return parse_filter(p, t, left);
    case TOKEN_OPEN_BRACE:
        return parse_object(p, t, left);
    case TOKEN_CARET:
        return parse_sort(p, t, left);
    case TOKEN_COLON_EQUAL:
        return parse_bind(p, t, left);
    case TOKEN_AT:
    case TOKEN_HASH:
        return parse_tuple_bind(p, t, left);
    case TOKEN_QUESTION:
        return parse_condition(p, t, left);
    default: /* ELVIS and COALESCE: no other token binds what stands on its left */
        return parse_default(p, t, left);
    }
}

/* An expression whose operators bind more tightly than `power`. */
static struct jsonata_node *expression(struct parser *p, unsigned power)
{
    if (++p->depth > ASLRT_DEPTH_MAX) {
        struct aslrt_fault f = aslrt_fault("U1001", p->now.at);
        f.message = "the expression is nested too deeply";
        aslrt_jsonata_reject(p->build, &f);
    }
    struct jsonata_lexeme t = p->now;
    advance(p, false);
    struct jsonata_node *left = prefix(p, &t);
    while (power < powers[p->now.token]) {
        t = p->now;
        advance(p, true);
        left = operator(p, &t, left);
    }
    p->depth--;
    return left;
}

struct jsonata_node *aslrt_jsonata_parse(struct jsonata_build *build)
{
    struct parser p;
    memset(&p, 0, sizeof p);
    p.build = build;
    p.lexer.build = build;
    p.lexer.text = build->program->text;
    p.lexer.count = (uint32_t)build->program->count;
    advance(&p, true);
    struct jsonata_node *n = expression(&p, 0);
    if (p.now.token != TOKEN_END) {
        struct aslrt_value got = p.now.token == TOKEN_REGEX ? aslrt_object(NULL, 0) : p.now.value;
        reject(&p, "S0201", p.now.at, got, aslrt_undefined());
    }
    return n;
}
