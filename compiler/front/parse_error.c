/*
 * parse_error.c - what to say about a syntax error.
 *
 * In: the token that did not fit and the tokens that would have.  Out: one diagnostic, and the
 * place where the parser goes on (crud_resync). The usual mistakes have messages of their own,
 * tried one after another: a comma between statements,
 * `=` for `:`, a missing colon, a reserved word as a name, a misspelt word (then the parser reads
 * on as if it had been right).  What is left says "unexpected X, expected A, B or C".
 */
#include "compiler/front/parse_int.h"
#include "grammar/crud_parse.h"

#include "compiler/base/suggest.h"

enum { ERRORS_MAX = 1000, SHOWN_MAX = 40, PHRASES_MAX = 5 };

struct mistake {
    struct crud_parser *p;
    uint32_t at;
    const struct crud_token *token, *before, *after; /* before: NULL for the first token */
    const int *expected;
    int count;
    uint32_t block; /* around the token, CRUD_NONE: none */
    bool boundary;  /* a statement could have started here */
};

static bool has(const struct mistake *m, int kind)
{
    for (int i = 0; i < m->count; i++) {
        if (m->expected[i] == kind)
            return true;
    }
    return false;
}

static bool is_name(const struct crud_token *t)
{
    return t->kind == CRUD_ID || crud_is_word(t->kind);
}

const char *crud_show(struct crud_parser *p, uint32_t token)
{
    const struct crud_token *t = &p->tokens[token];
    struct aslrt_buffer b = aslrt_buffer_in(p->arena);
    if (t->kind == CRUD_END)
        return "the end of the file";
    if (t->span.start == t->span.end)
        return "'}'"; /* one that the layout put in */
    uint32_t count = t->span.end - t->span.start;
    const char *text = p->source->text + t->span.start;
    if (count > SHOWN_MAX) {
        count = SHOWN_MAX;
        while ((text[count] & 0xc0) == 0x80)
            count--; /* not in the middle of a character */
        aslrt_buffer_format(&b, "'%.*s...'", (int)count, text);
    } else {
        aslrt_buffer_format(&b, "'%.*s'", (int)count, text);
    }
    return aslrt_buffer_close(&b);
}

static const char *show(const struct mistake *m, const struct crud_token *t)
{
    return crud_show(m->p, (uint32_t)(t - m->p->tokens));
}

static void finish(const struct mistake *m, struct diag *d)
{
    diag_end(d);
    crud_resync(m->p, m->at, m->boundary);
}

/* ---- separators and signs ---- */

static bool stray_comma(const struct mistake *m)
{
    bool in_block = m->block != CRUD_NONE && m->token->parent == m->block;
    if (m->token->kind != ',' || !(in_block || m->token->parent == CRUD_NONE))
        return false;
    struct diag *d =
        crud_report(m->p, DIAG_CRUD_SEPARATOR, m->token->span, "no comma belongs here");
    diag_fix(d, m->token->span, true, "%s", "");
    diag_help(d, "fields, settings and statements stand side by side; commas are for lists");
    diag_end(d);
    /* What follows on the same line is the next statement. */
    m->p->next = m->p->last_sync = m->at + 1;
    m->p->inject = CRUD_RESYNC;
    return true;
}

static bool wrong_sign(const struct mistake *m)
{
    int kind = m->token->kind;
    const char *right = NULL, *why = NULL;
    enum diag_code code = DIAG_CRUD_OPERATOR;
    if (kind == '=' && has(m, ':') && !has(m, '=')) {
        code = DIAG_CRUD_COLON;
        right = ":";
        why = "fields, parameters and entries are written 'name: ...'";
    } else if (kind == ':' && has(m, '=') && !has(m, ':')) {
        code = DIAG_CRUD_COLON;
        right = " =";
        why = "settings and values are written 'name = value'";
    } else if (kind == '=' && has(m, CRUD_EQ)) {
        right = "==";
        why = "a comparison is written '=='";
    } else if (kind == CRUD_EQ && has(m, '=')) {
        right = "=";
        why = "'==' compares; a value is set with '='";
    } else if (kind == CRUD_ARROW && has(m, CRUD_THEN)) {
        right = "=>";
        why = "what is done about an error stands behind '=>'";
    } else if (kind == CRUD_THEN && has(m, CRUD_ARROW)) {
        right = "->";
        why = "the status that a request must get stands behind '->'";
    }
    if (right == NULL)
        return false;
    const char *sign = right[0] == ' ' ? right + 1 : right;
    struct diag *d = crud_report(m->p, code, m->token->span, "'%s' is needed in place of %s", sign,
                                 show(m, m->token));
    diag_fix(d, m->token->span, true, "%s", right);
    diag_note(d, "%s", why);
    finish(m, d);
    return true;
}

static bool starts_type(int kind)
{
    return kind == CRUD_ID || kind == '[' || kind == CRUD_ENUM;
}

static bool is_literal(int kind)
{
    return kind == CRUD_STRING || kind == CRUD_INT || kind == CRUD_NUM || kind == CRUD_DURATION ||
           kind == CRUD_TRUE || kind == CRUD_FALSE;
}

/* `title string` and `path "/v1"`: a name and what belongs to it on one line, the sign between them
   forgotten. */
static bool missing_sign(const struct mistake *m)
{
    const struct crud_token *name = m->before;
    if (name == NULL || !is_name(name) || m->token->first || !(has(m, ':') || has(m, '=')))
        return false;
    if (m->token->kind == '[' && name > m->p->tokens && name[-1].kind == ':') { /* string[] */
        struct diag *d = crud_report(m->p, DIAG_CRUD_SYNTAX, m->token->span, "unexpected '['");
        diag_help(d, "a list is written '[%s]'", name->text);
        finish(m, d);
        return true;
    }
    const char *sign = NULL;
    if (has(m, ':') && starts_type(m->token->kind))
        sign = ": ";
    else if (has(m, '=') &&
             (is_literal(m->token->kind) || (!has(m, ':') && starts_type(m->token->kind))))
        sign = " = ";
    if (sign == NULL)
        return false;
    struct span gap = {m->token->span.source, name->span.end, name->span.end};
    struct diag *d =
        crud_report(m->p, DIAG_CRUD_COLON, m->token->span, "'%c' is missing behind '%s'",
                    sign[0] == ':' ? ':' : '=', name->text);
    const char *shown = show(m, m->token);
    diag_fix(d, gap, true, "%s", sign[0] == ':' ? ":" : " =");
    diag_help(d, "did you mean '%s%s%.*s'?", name->text, sign, (int)strlen(shown) - 2, shown + 1);
    finish(m, d);
    return true;
}

/* `body: string 1..100` */
static bool bare_range(const struct mistake *m)
{
    const struct crud_token *name = m->before, *t = m->token;
    if (name == NULL || name == m->p->tokens || !is_name(name) || name[-1].kind != ':' ||
        !(t->kind == CRUD_DOTS ||
          (t->kind == CRUD_INT && m->after != NULL && m->after->kind == CRUD_DOTS)))
        return false;
    struct diag *d = crud_report(m->p, DIAG_CRUD_SYNTAX, t->span, "unexpected %s", show(m, t));
    diag_help(d, "a range stands in parentheses: '%s(1..100)'", name->text);
    finish(m, d);
    return true;
}

/* `tags: [string] @distinct = []` */
static bool late_default(const struct mistake *m)
{
    const struct crud_token *first = m->p->tokens, *t = m->before;
    if (m->token->kind != '=' || t == NULL || m->block == CRUD_NONE || m->token->parent != m->block)
        return false;
    if (t->kind == ')' && t->match != CRUD_NONE)
        t = first + t->match - 1; /* the name before the arguments */
    if (t <= first || !is_name(t) || t[-1].kind != '@')
        return false;
    struct diag *d = crud_report(m->p, DIAG_CRUD_SYNTAX, m->token->span,
                                 "a default stands before the annotations");
    diag_help(d, "put '= ...' behind the type, and '@%s' behind that", t->text);
    finish(m, d);
    return true;
}

/* `title = string(1..20)`: the parser read on until the range, which no value has. */
static bool typed_setting(const struct mistake *m)
{
    const struct crud_token *open =
        m->token->parent == CRUD_NONE ? NULL : &m->p->tokens[m->token->parent];
    if (m->token->kind != CRUD_DOTS || open == NULL || open->kind != '(' ||
        open->parent != m->block || open - m->p->tokens < 3 || open[-1].kind != CRUD_ID ||
        open[-2].kind != '=' || !is_name(&open[-3]))
        return false;
    struct diag *d = crud_report(m->p, DIAG_CRUD_COLON, open[-2].span,
                                 "':' is needed in place of '=' before a type");
    diag_fix(d, (struct span){open->span.source, open[-3].span.end, open[-2].span.end}, true, ":");
    diag_note(d, "fields, parameters and entries are written 'name: ...'");
    finish(m, d);
    return true;
}

/* ---- words ---- */

/* `in: string` behind a line whose value could go on with that word. */
static bool taken_as_operator(const struct mistake *m)
{
    const struct crud_token *word = m->before;
    return (m->token->kind == ':' || m->token->kind == '=') && word != NULL && word->first &&
           crud_is_word(word->kind) && crud_word_use(word->text) == CRUD_USE_RESERVED;
}

static bool reserved_word(const struct mistake *m)
{
    if (taken_as_operator(m)) {
        struct diag *d =
            crud_report(m->p, DIAG_CRUD_RESERVED, m->before->span,
                        "'%s' is a word of the language and can't be a name here", m->before->text);
        diag_fix(d, m->before->span, true, "`%s`", m->before->text);
        diag_note(d, "in back quotes every word is a name");
        finish(m, d);
        return true;
    }
    int next = m->after == NULL ? CRUD_END : m->after->kind;
    bool in_place = next == ':' || next == '=' || (!m->token->first && !m->boundary);
    if (!crud_is_word(m->token->kind) || !has(m, CRUD_ID) || !in_place)
        return false;
    if (has(m, CRUD_NOT) && next != ':' && next != '=')
        return false; /* an expression: the word starts the next statement rather */
    struct diag *d =
        crud_report(m->p, DIAG_CRUD_RESERVED, m->token->span,
                    "'%s' is a word of the language and can't be a name here", m->token->text);
    diag_fix(d, m->token->span, true, "`%s`", m->token->text);
    diag_note(d, "in back quotes every word is a name");
    finish(m, d);
    return true;
}

struct words {
    const char *texts[16];
    const char *what;
};

static const struct words declarations = {{"service", "entity", "type", "enum", "error", "function",
                                           "policy", "workflow", "test", "invariant"},
                                          "a declaration"};
static const struct words entity_words = {{"key", "sort", "index", "check", "create", "get",
                                           "update", "replace", "delete", "list", "invariant"},
                                          "a member of an entity"};
static const struct words operation_words = {{"check", "catch"}, "a part of an operation"};
static const struct words statements = {{"let", "step", "check", "if", "for", "parallel", "wait",
                                         "idempotent", "fail", "reply", "continue", "create",
                                         "update", "delete", "get", "find"},
                                        "a statement"};
static const struct words more_statements = {
    {"call", "start", "publish", "transact", "retry", "catch", "timeout", "undo"}, "a statement"};
static const struct words transaction_words = {{"each", "create", "update", "delete", "check"},
                                               "a part of a transaction"};
static const struct words test_words = {
    {"let", "get", "post", "put", "patch", "delete", "fail", "given", "advance", "expect"},
    "a step of a test"};

/* What may start a statement in the block (or outside of all blocks); NULL for settings and fields,
   where any name may. */
static const struct words *words_of(const struct mistake *m)
{
    if (m->block == CRUD_NONE)
        return &declarations;
    uint32_t head = crud_head_of(m->p, m->block);
    uint32_t around = crud_block_of(m->p, m->block);
    bool in_entity = around != CRUD_NONE && crud_head_of(m->p, around) != CRUD_NONE &&
                     m->p->tokens[crud_head_of(m->p, around)].kind == CRUD_ENTITY;
    switch (head == CRUD_NONE ? CRUD_END : m->p->tokens[head].kind) {
    case CRUD_SERVICE:
    case CRUD_TYPE:
    case CRUD_FUNCTION:
    case CRUD_POLICY:
        return NULL;
    case CRUD_ENTITY:
        return &entity_words;
    case CRUD_TEST:
        return &test_words;
    case CRUD_TRANSACT:
        return &transaction_words;
    case CRUD_CREATE:
    case CRUD_GET:
    case CRUD_UPDATE:
    case CRUD_REPLACE:
    case CRUD_DELETE:
    case CRUD_LIST:
        return in_entity ? &operation_words : NULL;
    default:
        return &statements;
    }
}

static uint32_t word_count(const struct words *w)
{
    uint32_t n = 0;
    while (n < 16 && w->texts[n] != NULL)
        n++;
    return n;
}

static const char *nearest(const struct words *w, const char *word)
{
    const char *near = suggest(word, w->texts, word_count(w));
    if (near == NULL && w == &statements)
        near = suggest(word, more_statements.texts, word_count(&more_statements));
    return near;
}

static int token_of_word(const char *text)
{
#define WORD(token, word, use)                                                                     \
    if (strcmp(text, word) == 0)                                                                   \
        return CRUD_##token;
#include "compiler/front/words.def"
#undef WORD
    return CRUD_ID;
}

static void list_words(struct diag *d, struct crud_parser *p, const struct words *w)
{
    struct aslrt_buffer b = aslrt_buffer_in(p->arena);
    for (const struct words *list = w; list != NULL;
         list = list == &statements ? &more_statements : NULL) {
        for (uint32_t i = 0; i < word_count(list); i++)
            aslrt_buffer_format(&b, "%s%s", b.count == 0 ? "" : ", ", list->texts[i]);
    }
    diag_help(d, "%s starts with one of: %s", w->what, aslrt_buffer_close(&b));
}

/* `chek id == id`, `kay id: uuid`: what was taken for a name is followed by what follows a word. */
static bool leads_on(const struct mistake *m, const struct words *w)
{
    const struct crud_token *t = m->before;
    if (t == NULL || t->kind != CRUD_ID || !(has(m, ':') || has(m, '=')))
        return false;
    const char *near = nearest(w, t->text);
    int after = m->after == NULL ? CRUD_END : m->after->kind;
    switch (near == NULL ? CRUD_END : token_of_word(near)) {
    case CRUD_KEY:
    case CRUD_SORT:
        return after == ':';
    case CRUD_INDEX:
        return after == '(';
    case CRUD_CATCH: /* of an error, by name: not `cache 60s` */
        return m->token->kind == CRUD_ID;
    case CRUD_CHECK:
    case CRUD_INVARIANT:
        return true;
    default:
        return false;
    }
}

/* A word that starts a statement and does not exist: the one at the error, or the one before it
   when that was taken for the name of a field (`creat` and then the next line, `cretae {`). */
static bool unknown_word(const struct mistake *m)
{
    const struct words *w = words_of(m);
    const struct crud_token *t = m->token;
    if (w == NULL)
        return false;
    if (!m->boundary || t->kind != CRUD_ID) {
        bool lone = m->before != NULL && m->before->kind == CRUD_ID && has(m, ':') && has(m, '=') &&
                    (t->first || t->kind == '{' || t->kind == '}' || t->kind == '(');
        if (!lone && !leads_on(m, w))
            return false;
        t = m->before;
    }
    uint32_t at = (uint32_t)(t - m->p->tokens);
    int after = m->p->tokens[at + 1].kind;
    bool other =
        w == &statements && (after == '=' || after == '('); /* no word has that behind it */
    const char *near = other ? NULL : nearest(w, t->text);
    struct diag *d =
        crud_report(m->p, DIAG_CRUD_WORD, t->span, "'%s' does not start %s", t->text, w->what);
    if (near != NULL) {
        diag_fix(d, t->span, false, "%s", near);
    } else if (other && after == '=') {
        diag_help(d, "a new name is made with 'let %s = ...', a stored field set with 'update'",
                  t->text);
    } else if (other) {
        diag_help(d, "a function is called with 'call %s(...)'", t->text);
    } else {
        list_words(d, m->p, w);
    }
    diag_end(d);
    if (near != NULL)
        crud_retry_as(m->p, at, token_of_word(near));
    else
        crud_resync(m->p, m->at, m->boundary);
    return true;
}

/* ---- the rest ---- */

struct phrases {
    const char *texts[PHRASES_MAX + 1];
    int count;
};

static void add_phrase(struct phrases *list, const char *text)
{
    if (list->count <= PHRASES_MAX)
        list->texts[list->count++] = text;
}

static bool is_operator(int kind)
{
    switch (kind) {
    case CRUD_OR:
    case CRUD_AND:
    case CRUD_EQ:
    case CRUD_NE:
    case CRUD_LE:
    case CRUD_GE:
    case CRUD_IN:
    case '<':
    case '>':
    case '+':
    case '*':
    case '/':
    case '%':
    case '.':
        return true;
    default:
        return false;
    }
}

static const char *sign_phrase(struct crud_parser *p, int kind)
{
    static const struct {
        int kind;
        const char *text;
    } signs[] = {{CRUD_ARROW, "'->'"},
                 {CRUD_THEN, "'=>'"},
                 {CRUD_DOTS, "'..'"},
                 {CRUD_SPREAD, "'...'"},
                 {CRUD_PLUS_SET, "'+='"},
                 {CRUD_MINUS_SET, "'-='"},
                 {CRUD_STRING, "a text in double quotes"},
                 {CRUD_INT, "a whole number"},
                 {CRUD_NUM, "a number"},
                 {CRUD_DURATION, "a length of time"},
                 {CRUD_ID, "a name"}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (signs[i].kind == kind)
            return signs[i].text;
    }
    struct aslrt_buffer b = aslrt_buffer_in(p->arena);
    if (kind > ' ' && kind < 127)
        aslrt_buffer_format(&b, "'%c'", kind);
#define WORD(token, word, use)                                                                     \
    if (kind == CRUD_##token)                                                                      \
        aslrt_buffer_text(&b, "'" word "'");
#include "compiler/front/words.def"
#undef WORD
    return b.count == 0 ? NULL : aslrt_buffer_close(&b);
}

/* The expected tokens in a few words: what many of them make up together comes first. */
static void describe(const struct mistake *m, struct phrases *list)
{
    bool name = has(m, CRUD_ID);
    bool expression = has(m, CRUD_NOT) && has(m, CRUD_STRING);
    bool operators = has(m, CRUD_OR) && has(m, '+');
    const struct words *w = m->boundary ? words_of(m) : NULL;
    if (expression)
        add_phrase(list, "an expression");
    else if (m->boundary && w != NULL)
        add_phrase(list, w == &entity_words ? "a field or another member of the entity" : w->what);
    else if (name && has(m, '[') && has(m, CRUD_ENUM))
        add_phrase(list, "a type");
    else if (name)
        add_phrase(list, "a name");
    if (operators)
        add_phrase(list, "an operator");
    for (int i = 0; i < m->count; i++) {
        int kind = m->expected[i];
        bool word = crud_is_word(kind);
        bool told =
            ((name || expression || m->boundary) && (word || kind == CRUD_ID)) ||
            (operators && (is_operator(kind) || kind == '-' || kind == '(' || kind == '[')) ||
            (expression &&
             (is_literal(kind) || kind == '-' || kind == '(' || kind == '[' || kind == '{')) ||
            (has(m, CRUD_ENUM) && kind == '[') || kind == CRUD_RESYNC || kind == CRUD_BODY ||
            (kind == '@' && m->boundary);
        const char *text = told || kind == CRUD_END ? NULL : sign_phrase(m->p, kind);
        if (text != NULL)
            add_phrase(list, text);
    }
}

/* The innermost bracket before the token that has no partner, or CRUD_NONE. */
static uint32_t open_bracket(const struct mistake *m)
{
    uint32_t low = m->block == CRUD_NONE ? 0 : m->block + 1;
    if (m->p->last_sync != CRUD_NONE && m->p->last_sync < m->at && m->p->last_sync > low)
        low = m->p->last_sync; /* what was left open before has been told */
    for (uint32_t i = m->at; i > low; i--) {
        const struct crud_token *t = &m->p->tokens[i - 1];
        if ((t->kind == '(' || t->kind == '[') && t->match == CRUD_NONE)
            return i - 1;
        if (m->at - i > 1000)
            break;
    }
    return CRUD_NONE;
}

static void unexpected(const struct mistake *m)
{
    struct phrases list = {.count = 0};
    describe(m, &list);
    struct aslrt_buffer b = aslrt_buffer_in(m->p->arena);
    for (int i = 0; i < list.count && list.count <= PHRASES_MAX; i++)
        aslrt_buffer_format(&b, "%s%s",
                            i == 0               ? ", expected "
                            : i + 1 < list.count ? ", "
                                                 : " or ",
                            list.texts[i]);
    struct diag *d = crud_report(m->p, DIAG_CRUD_SYNTAX, m->token->span, "unexpected %s%s",
                                 show(m, m->token), aslrt_buffer_close(&b));
    uint32_t open = open_bracket(m);
    if (open != CRUD_NONE)
        diag_label(d, m->p->tokens[open].span, "this '%c' is not closed", m->p->tokens[open].kind);
    finish(m, d);
}

/* Inside of a block that nobody closed nothing is where it seems to be. */
static bool in_open_block(const struct mistake *m)
{
    for (uint32_t b = m->block; b != CRUD_NONE; b = m->p->tokens[b].parent) {
        if (m->p->tokens[b].open)
            return true;
    }
    return false;
}

void crud_syntax_error(struct crud_parser *p, uint32_t at, const int *expected, int count)
{
    struct mistake m = {.p = p, .at = at, .expected = expected, .count = count};
    m.token = &p->tokens[at];
    m.before = at == 0 ? NULL : &p->tokens[at - 1];
    m.after = m.token->kind == CRUD_END ? NULL : &p->tokens[at + 1];
    m.block = crud_block_of(p, at);
    bool innermost = m.block == CRUD_NONE ? m.token->parent == CRUD_NONE
                                          : m.token->parent == m.block || m.token->match == m.block;
    m.boundary = innermost && (m.block == CRUD_NONE ? has(&m, CRUD_ENTITY) : has(&m, '}'));
    if (in_open_block(&m)) {
        crud_resync(p, at, m.boundary);
        return;
    }
    if (p->errors >= ERRORS_MAX) { /* nobody reads more of them */
        p->next = p->last_sync = p->count - 1;
        p->inject = CRUD_RESYNC;
        return;
    }
    if (!stray_comma(&m) && !wrong_sign(&m) && !typed_setting(&m) && !late_default(&m) &&
        !bare_range(&m) && !unknown_word(&m) && !missing_sign(&m) && !reserved_word(&m))
        unexpected(&m);
}
