/*
 * parse_layout.c - brackets, and where the parser goes on after an error.
 *
 * In: the token array.  Out: the same with `match` and `parent` set; braces that are missing put
 * in, braces that close nothing taken out, each reported.  Line starts and indentation, which mean
 * nothing to the grammar, tell here where a block was meant to end and where the next statement
 * begins. Invariant after crud_layout: every brace has its partner, so that the parser's blocks
 * balance; an unpaired parenthesis or bracket is left to the parser, which complains where it is
 * missed.
 */
#include "compiler/front/parse_int.h"
#include "grammar/crud_parse.h"

#include "compiler/base/grow.h"

static bool opens(int kind)
{
    return kind == '{' || kind == '(' || kind == '[';
}

static bool closes(int kind)
{
    return kind == '}' || kind == ')' || kind == ']';
}

static int partner(int kind)
{
    return kind == '}' ? '{' : kind == ')' ? '(' : '[';
}

bool crud_starts_declaration(int kind)
{
    switch (kind) {
    case CRUD_SERVICE:
    case CRUD_ENTITY:
    case CRUD_TYPE:
    case CRUD_ENUM:
    case CRUD_ERROR:
    case CRUD_FUNCTION:
    case CRUD_POLICY:
    case CRUD_WORKFLOW:
    case CRUD_TEST:
    case CRUD_INVARIANT:
        return true;
    default:
        return false;
    }
}

/* ---- pairing ---- */

struct stack {
    uint32_t *items; /* indices of open brackets */
    uint32_t count;
};

/* Takes a closing bracket: pairs it with the nearest one that fits.  What was opened behind that
   one stays without a partner; a brace is never skipped. */
static void pair(struct crud_parser *p, struct stack *open, uint32_t closer)
{
    int kind = p->tokens[closer].kind;
    uint32_t depth = open->count;
    while (depth > 0) {
        uint32_t candidate = open->items[depth - 1];
        int at = p->tokens[candidate].kind;
        if (at == partner(kind)) {
            p->tokens[candidate].match = closer;
            p->tokens[closer].match = candidate;
            open->count = depth - 1;
            return;
        }
        if (at == '{')
            return;
        depth--;
    }
}

static uint32_t pair_all(struct crud_parser *p, struct stack *open)
{
    open->count = 0;
    uint32_t braces = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        struct crud_token *t = &p->tokens[i];
        t->match = CRUD_NONE;
        if (opens(t->kind))
            open->items[open->count++] = i;
        else if (closes(t->kind))
            pair(p, open, i);
    }
    for (uint32_t i = 0; i < p->count; i++)
        braces += p->tokens[i].kind == '{' && p->tokens[i].match == CRUD_NONE;
    return braces;
}

/* ---- braces that are missing ---- */

/* Blanks in front of the first token of this token's line. */
static uint32_t indent_of(const struct crud_parser *p, uint32_t token)
{
    const char *text = p->source->text;
    uint32_t start = p->tokens[token].span.start;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    uint32_t indent = 0;
    while (text[start + indent] == ' ' || text[start + indent] == '\t')
        indent++;
    return indent;
}

/* A declaration that starts at the left margin, where no block can go on. */
static bool at_margin(const struct crud_parser *p, uint32_t i)
{
    const struct crud_token *t = &p->tokens[i];
    if (!t->first || !(crud_starts_declaration(t->kind) || t->kind == '@') || indent_of(p, i) != 0)
        return false;
    int next = p->tokens[i + 1].kind; /* there is an end of file behind every other token */
    return next == CRUD_ID || next == CRUD_STRING;
}

/* Which brace was left open: the first one whose partner stands further left than its line, for
   then that partner was meant for a block around it; else the innermost one without a partner. */
static uint32_t culprit(const struct crud_parser *p, uint32_t from, uint32_t to, uint32_t innermost,
                        uint32_t *closer)
{
    *closer = CRUD_NONE;
    for (uint32_t i = from; i < to; i++) {
        const struct crud_token *t = &p->tokens[i];
        if (t->kind != '{' || t->match == CRUD_NONE || t->match >= to)
            continue;
        if (p->tokens[t->match].first && indent_of(p, t->match) < indent_of(p, i)) {
            *closer = t->match;
            return i;
        }
    }
    return innermost;
}

static void report_open(struct crud_parser *p, uint32_t brace, uint32_t closer, uint32_t before)
{
    struct diag *d =
        crud_report(p, DIAG_CRUD_OPEN_BRACKET, p->tokens[brace].span, "this '{' is never closed");
    if (closer != CRUD_NONE)
        diag_label(d, p->tokens[closer].span,
                   "this '}' closes it, but stands where the block around "
                   "it ends");
    else if (p->tokens[before].kind != CRUD_END)
        diag_label(d, p->tokens[before].span, "a '}' is missing before this");
    diag_help(d, "put a '}' where the block ends");
    diag_end(d);
    p->tokens[brace].open = true;
}

/* Finds where braces are missing: wherever a declaration starts at the margin, and at the end of
   the file.  Gives how many are missing before each token. */
static uint32_t *missing_braces(struct crud_parser *p, struct stack *open)
{
    uint32_t *missing = ASLRT_NEW_ARRAY(p->arena, uint32_t, p->count);
    uint32_t from = 0; /* where the outermost open block may start */
    open->count = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct crud_token *t = &p->tokens[i];
        if (open->count > 0 && (t->kind == CRUD_END || at_margin(p, i))) {
            uint32_t closer;
            uint32_t brace = culprit(p, from, i, open->items[open->count - 1], &closer);
            report_open(p, brace, closer, i);
            missing[i] = open->count;
            open->count = 0;
        }
        if (open->count == 0)
            from = i;
        if (t->kind == '{')
            open->items[open->count++] = i;
        else if (t->kind == '}' && open->count > 0)
            open->count--;
    }
    return missing;
}

static void put_missing(struct crud_parser *p, const uint32_t *missing)
{
    struct crud_token *out = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        for (uint32_t n = missing[i]; n > 0; n--) {
            struct crud_token *brace = GROW(p->arena, out, count);
            brace->kind = '}';
            brace->span = p->tokens[i].span;
            brace->span.end = brace->span.start;
        }
        struct crud_token *t = GROW(p->arena, out, count);
        *t = p->tokens[i];
    }
    p->tokens = out;
    p->count = count;
}

/* ---- braces that close nothing ---- */

static void drop_stray(struct crud_parser *p)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        struct crud_token t = p->tokens[i];
        if (t.kind == '}' && t.match == CRUD_NONE) {
            struct diag *d =
                crud_report(p, DIAG_CRUD_STRAY_BRACKET, t.span, "this '}' closes nothing");
            diag_fix(d, t.span, false, "%s", "");
            diag_end(d);
            continue;
        }
        p->tokens[kept++] = t;
    }
    p->count = kept;
}

void crud_layout(struct crud_parser *p)
{
    struct stack open = {ASLRT_NEW_ARRAY(p->arena, uint32_t, p->count), 0};
    if (pair_all(p, &open) > 0) {
        put_missing(p, missing_braces(p, &open));
        open.items = ASLRT_NEW_ARRAY(p->arena, uint32_t, p->count);
        pair_all(p, &open);
    }
    uint32_t all = p->count;
    drop_stray(p);
    if (p->count != all)
        pair_all(p, &open);
    open.count = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        struct crud_token *t = &p->tokens[i];
        if (closes(t->kind) && t->match != CRUD_NONE)
            open.count--;
        t->parent = open.count == 0 ? CRUD_NONE : open.items[open.count - 1];
        if (opens(t->kind) && t->match != CRUD_NONE)
            open.items[open.count++] = i;
    }
}

/* ---- places ---- */

/* The index of the token that starts at this offset. */
static uint32_t token_at(const struct crud_parser *p, uint32_t start)
{
    uint32_t low = 0, high = p->count - 1;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (p->tokens[mid].span.start < start)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void crud_mark_block(struct crud_parser *p, struct span brace)
{
    p->tokens[token_at(p, brace.start)].block = true;
}

uint32_t crud_block_of(const struct crud_parser *p, uint32_t at)
{
    const struct crud_token *t = &p->tokens[at];
    uint32_t around = closes(t->kind) && t->match != CRUD_NONE ? t->match : t->parent;
    while (around != CRUD_NONE && !p->tokens[around].block)
        around = p->tokens[around].parent;
    return around;
}

static bool heads_block(int kind)
{
    switch (kind) {
    case CRUD_SERVICE:
    case CRUD_ENTITY:
    case CRUD_TYPE:
    case CRUD_FUNCTION:
    case CRUD_POLICY:
    case CRUD_WORKFLOW:
    case CRUD_TEST:
    case CRUD_CREATE:
    case CRUD_GET:
    case CRUD_UPDATE:
    case CRUD_REPLACE:
    case CRUD_DELETE:
    case CRUD_LIST:
    case CRUD_TRANSACT:
    case CRUD_PARALLEL:
    case CRUD_BRANCH:
    case CRUD_IF:
    case CRUD_ELSE:
    case CRUD_FOR:
    case CRUD_UNDO:
    case CRUD_CATCH:
        return true;
    default:
        return false;
    }
}

uint32_t crud_head_of(const struct crud_parser *p, uint32_t block)
{
    uint32_t parent = p->tokens[block].parent;
    uint32_t i = block;
    while (i > 0) {
        i--;
        const struct crud_token *t = &p->tokens[i];
        if (closes(t->kind) && t->match != CRUD_NONE) {
            if (t->kind == '}')
                return CRUD_NONE;
            i = t->match;
        } else if (t->parent != parent) {
            return CRUD_NONE;
        } else if (heads_block(t->kind)) {
            return i;
        }
    }
    return CRUD_NONE;
}

/* ---- going on ---- */

/* Words that continue a statement, so that a line which starts with one is no new statement. */
static bool continues(int kind)
{
    switch (kind) {
    case CRUD_RETRY:
    case CRUD_TIMEOUT:
    case CRUD_UNDO:
    case CRUD_CATCH:
    case CRUD_ELSE:
    case CRUD_WHEN:
    case CRUD_AND:
    case CRUD_OR:
    case CRUD_NOT:
    case CRUD_IN:
    case CRUD_ON:
    case CRUD_AS:
    case CRUD_AT:
        return true;
    default:
        return kind != CRUD_ID && !crud_is_word(kind);
    }
}

static bool starts_declaration_at(const struct crud_parser *p, uint32_t i)
{
    const struct crud_token *t = &p->tokens[i];
    return t->parent == CRUD_NONE && t->first &&
           (crud_starts_declaration(t->kind) || t->kind == '@');
}

static void go_on(struct crud_parser *p, uint32_t at, int inject)
{
    p->next = p->last_sync = at;
    p->inject = inject;
}

/* After an error outside of any block: to the block of this declaration, if its head has begun and
   a block follows, else to the next declaration. */
static void resync_declaration(struct crud_parser *p, uint32_t at, uint32_t from)
{
    uint32_t top = at;
    while (p->tokens[top].parent != CRUD_NONE)
        top = p->tokens[top].parent;
    bool in_head = false;
    for (uint32_t i = top; i > 0 && p->tokens[i - 1].kind != '}'; i--) {
        int kind = p->tokens[i - 1].kind;
        if (p->tokens[i - 1].parent == CRUD_NONE && crud_starts_declaration(kind)) {
            in_head = kind != CRUD_ENUM && kind != CRUD_ERROR && kind != CRUD_INVARIANT;
            break;
        }
    }
    for (uint32_t i = top > from ? top : from; i < p->count; i++) {
        const struct crud_token *t = &p->tokens[i];
        if (t->kind == CRUD_END || (i > at && starts_declaration_at(p, i))) {
            go_on(p, i, CRUD_RESYNC);
            return;
        }
        if (in_head && t->kind == '{' && t->parent == CRUD_NONE) {
            go_on(p, i, CRUD_BODY);
            return;
        }
    }
}

void crud_resync(struct crud_parser *p, uint32_t at, bool boundary)
{
    uint32_t from = boundary || at == p->last_sync ? at + 1 : at;
    if (p->tokens[at].kind == CRUD_END)
        from = at;
    uint32_t block = crud_block_of(p, at);
    if (block == CRUD_NONE) {
        p->unit->lost_declared = true;
        resync_declaration(p, at, from);
        return;
    }
    uint32_t end = p->tokens[block].match;
    uint32_t i = from;
    while (i < end) {
        const struct crud_token *t = &p->tokens[i];
        int after = p->tokens[i + 1].kind;
        bool named = after == ':' || after == '=';
        if (t->parent == block && t->first && !closes(t->kind) && (named || !continues(t->kind)))
            break;
        i++;
    }
    go_on(p, i < end ? i : end, CRUD_RESYNC);
}

void crud_retry_as(struct crud_parser *p, uint32_t at, int kind)
{
    p->tokens[at].kind = kind;
    go_on(p, at, CRUD_RESYNC);
}
