/*
 * json_read.c - runs the JSON scanner and parser, builds the tree, and words the mistakes; see
 * json_read.h and grammar/json.y.
 */
#include "compiler/base/suggest.h"
#include "compiler/base/text_index.h"
#include "compiler/front/json_parser.h"
#include "grammar/json_parse.h"
#include "runtime/base/buffer.h"
#include "runtime/base/utf8.h"

#include <assert.h>

/* After so many mistakes the rest is noise. */
#define JSON_ERRORS_MAX 50

int json_scan(JSON_STYPE *value, JSON_LTYPE *at, void *scanner);
int json_scan_lex_init_extra(struct json_reader *r, void **scanner);
void *json_scan__scan_bytes(const char *bytes, int count, void *scanner);

struct span json_point(const struct json_reader *r, uint32_t offset)
{
    return (struct span){r->source, offset, offset};
}

/* ---- reporting ---- */

static bool may_report(struct json_reader *r)
{
    if (r->stopped || r->quiet)
        return false;
    r->stopped = ++r->errors >= JSON_ERRORS_MAX;
    return true;
}

/* The text of a span for a message, cut where it gets long. */
static const char *quote(struct json_reader *r, struct span at)
{
    const uint32_t max = 40;
    const char *text = source_of(r->cx->sources, at.source)->text + at.start;
    uint32_t n = at.end - at.start;
    if (n <= max)
        return aslrt_copy_text(r->arena, text, n);
    n = max;
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    char *cut = aslrt_alloc(r->arena, n + 4);
    memcpy(cut, text, n);
    memcpy(cut + n, "...", 4);
    return cut;
}

void json_comment(struct json_reader *r, struct span at)
{
    if (!may_report(r))
        return;
    struct diag *d = diag_begin(r->cx, DIAG_JSON_SYNTAX, at, "JSON has no comments");
    diag_help(d, "say it in a \"Comment\" field, which every state and every machine has");
    diag_end(d);
}

void json_stray(struct json_reader *r, struct span at, const char *text)
{
    if (!may_report(r))
        return;
    if (at.start == 0 && strcmp(text, "\xef\xbb\xbf") == 0) {
        struct diag *d = diag_begin(r->cx, DIAG_JSON_SYNTAX, at,
                                    "the text begins with a byte order mark, which JSON has not");
        diag_fix(d, at, true, "%s", "");
        diag_end(d);
    } else if ((unsigned char)text[0] < 0x20 || text[0] == 0x7f) {
        diag_simple(r->cx, DIAG_JSON_SYNTAX, at, "unexpected control character U+%04X",
                    (unsigned)(unsigned char)text[0]);
    } else {
        diag_simple(r->cx, DIAG_JSON_SYNTAX, at, "unexpected character '%s'", text);
    }
}

void json_bad_word(struct json_reader *r, const struct jnode *word, bool key)
{
    static const struct {
        const char *word, *meant;
    } known[] = {{"True", "true"},   {"TRUE", "true"},     {"yes", "true"},  {"False", "false"},
                 {"FALSE", "false"}, {"no", "false"},      {"None", "null"}, {"nil", "null"},
                 {"Null", "null"},   {"undefined", "null"}};
    static const char *const literals[] = {"true", "false", "null"};
    if (!may_report(r))
        return;
    const char *meant = NULL;
    for (size_t i = 0; i < sizeof known / sizeof known[0] && !key; i++) {
        if (strcmp(known[i].word, word->text) == 0)
            meant = known[i].meant;
    }
    if (meant == NULL && !key)
        meant = suggest(word->text, literals, 3);
    struct diag *d =
        diag_begin(r->cx, DIAG_JSON_SYNTAX, word->span,
                   key ? "the key '%s' is not in double quotes" : "'%s' is not a JSON value",
                   quote(r, word->span));
    if (meant != NULL)
        diag_fix(d, word->span, false, "%s", meant);
    else
        diag_fix(d, word->span, key, "\"%s\"", word->text);
    diag_end(d);
}

void json_extra_comma(struct json_reader *r, struct span comma, struct span next)
{
    if (!may_report(r))
        return;
    const char *text = source_of(r->cx->sources, next.source)->text;
    struct diag *d =
        diag_begin(r->cx, DIAG_JSON_SYNTAX, comma, "unexpected ',' before '%c'", text[next.start]);
    diag_fix(d, comma, true, "%s", "");
    diag_end(d);
}

void json_missing_comma(struct json_reader *r, struct span before, struct span at,
                        const char *between)
{
    if (!may_report(r))
        return;
    struct diag *d = diag_begin(r->cx, DIAG_JSON_SYNTAX, at, "missing ',' between two %s", between);
    diag_fix(d, json_point_after(before), true, ",");
    diag_end(d);
}

void json_missing_colon(struct json_reader *r, const struct jnode *key, struct span at)
{
    if (!may_report(r))
        return;
    struct diag *d = diag_begin(r->cx, DIAG_JSON_SYNTAX, at,
                                "missing ':' between the key '%s' and its value", key->text);
    diag_fix(d, json_point_after(key->span), true, ":");
    diag_end(d);
}

void json_missing_value(struct json_reader *r, const struct jnode *key, struct span colon)
{
    if (!may_report(r))
        return;
    struct diag *d = diag_begin(r->cx, DIAG_JSON_SYNTAX, span_join(key->span, colon),
                                "the key '%s' has no value", key->text);
    diag_help(d, "write a value behind the ':', or take the key out");
    diag_end(d);
}

/* A token's name as the grammar has it; quotes around those that are one character. */
static void put_token(struct aslrt_buffer *b, const char *name)
{
    aslrt_buffer_format(b, name[1] == '\0' ? "'%s'" : "%s", name);
}

void json_syntax_error(struct json_reader *r, struct span at, const char *found,
                       const char *const *expected, uint32_t expected_count)
{
    if (!may_report(r))
        return;
    struct aslrt_buffer b = aslrt_buffer_in(r->arena);
    aslrt_buffer_text(&b, "unexpected ");
    put_token(&b, found);
    for (uint32_t i = 0; i < expected_count; i++) {
        aslrt_buffer_text(&b, i == 0 ? ", expected " : i + 1 == expected_count ? " or " : ", ");
        put_token(&b, expected[i]);
    }
    diag_simple(r->cx, DIAG_JSON_SYNTAX, at, "%s", aslrt_buffer_close(&b));
}

/* ---- leaves ---- */

struct jnode *json_leaf(struct json_reader *r, enum jkind kind, struct span at, const char *text,
                        uint32_t count)
{
    struct jnode *n = ASLRT_NEW(r->arena, struct jnode);
    n->kind = kind;
    n->span = at;
    if (kind == J_BOOL) {
        n->boolean = text[0] == 't';
    } else if (kind != J_NULL) {
        n->text = aslrt_copy_text(r->arena, text, count);
        n->count = count;
    }
    return n;
}

struct jnode *json_plain_string(struct json_reader *r, struct span at, const char *text,
                                uint32_t count)
{
    return json_leaf(r, J_STRING, at, text + 1, count - 2);
}

struct jnode *json_bad_number(struct json_reader *r, struct span at, const char *text)
{
    if (may_report(r)) {
        const char *digits = text + strspn(text, "-+.");
        const char *why = text[0] == '+' ? "it begins with '+'"
                          : digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9'
                              ? "it begins with a zero"
                          : digits != text && digits[-1] == '.' ? "it has no digit before the point"
                                                                : "it has more than digits";
        diag_simple(r->cx, DIAG_JSON_SYNTAX, at, "'%s' is not a JSON number: %s", quote(r, at),
                    why);
    }
    return json_leaf(r, J_NUMBER, at, "0", 1);
}

/* What one pass over the inside of a string carries along. */
struct unescape {
    struct json_reader *r;
    struct aslrt_buffer out;
    struct span at; /* of the whole string */
    const char *text;
    uint32_t i, end;
};

static struct span part(const struct unescape *u, uint32_t from, uint32_t to)
{
    return (struct span){u->at.source, u->at.start + from, u->at.start + to};
}

/* \uXXXX at i, with the second half of a surrogate pair when it follows.  A lone surrogate is kept,
   as everywhere in the project (runtime/base/utf8.h). */
static void unescape_code(struct unescape *u)
{
    int32_t code = aslrt_hex4(u->text + u->i + 2, u->end - u->i - 2);
    if (code < 0) {
        if (may_report(u->r))
            diag_simple(u->r->cx, DIAG_JSON_SYNTAX, part(u, u->i, u->i + 2),
                        "'\\u' needs four hexadecimal digits");
        u->i += 2;
        return;
    }
    u->i += 6;
    if (aslrt_is_high_surrogate((uint32_t)code) && u->i + 1 < u->end && u->text[u->i] == '\\' &&
        u->text[u->i + 1] == 'u') {
        int32_t low = aslrt_hex4(u->text + u->i + 2, u->end - u->i - 2);
        if (low >= 0 && aslrt_is_low_surrogate((uint32_t)low)) {
            code = (int32_t)aslrt_from_surrogates((uint32_t)code, (uint32_t)low);
            u->i += 6;
        }
    }
    char bytes[4];
    aslrt_buffer_put(&u->out, bytes, aslrt_utf8_put((uint32_t)code, bytes));
}

static void unescape_one(struct unescape *u)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = u->i + 1 < u->end ? u->text[u->i + 1] : '\0';
    if (c == 'u') {
        unescape_code(u);
        return;
    }
    const char *known = c == '\0' ? NULL : strchr(from, c);
    if (known != NULL) {
        aslrt_buffer_char(&u->out, to[known - from]);
    } else if (may_report(u->r)) {
        struct span at = part(u, u->i, u->i + (u->i + 1 < u->end ? 2 : 1));
        struct diag *d =
            diag_begin(u->r->cx, DIAG_JSON_SYNTAX, at, "JSON has no escape '%s'", quote(u->r, at));
        diag_help(d, "a backslash itself is written '\\\\'");
        diag_end(d);
    }
    u->i += u->i + 1 < u->end ? 2 : 1;
}

static void bad_control(struct unescape *u)
{
    if (!may_report(u->r))
        return;
    char c = u->text[u->i];
    const char *name = c == '\n' ? "a line break" : c == '\t' ? "a tab" : "a control character";
    struct diag *d = diag_begin(u->r->cx, DIAG_JSON_SYNTAX, part(u, u->i, u->i + 1),
                                "%s can't stand in a string", name);
    if (c == '\n' || c == '\t')
        diag_help(d, "write '%s'", c == '\n' ? "\\n" : "\\t");
    else
        diag_help(d, "write '\\u%04x'", (unsigned)(unsigned char)c);
    diag_end(d);
}

/* The characters between the quotes, from byte 1 to `end` of the token. */
static struct jnode *unescape(struct json_reader *r, struct span at, const char *text, uint32_t end)
{
    struct unescape u = {r, aslrt_buffer_in(r->arena), at, text, 1, end};
    bool control = false; /* said once a string is enough */
    while (u.i < u.end) {
        if (text[u.i] == '\\') {
            unescape_one(&u);
            continue;
        }
        if ((unsigned char)text[u.i] < 0x20 && !control) {
            bad_control(&u);
            control = true;
        }
        aslrt_buffer_char(&u.out, text[u.i++]);
    }
    struct jnode *n = ASLRT_NEW(r->arena, struct jnode);
    n->kind = J_STRING;
    n->span = at;
    n->text = aslrt_buffer_close(&u.out);
    n->count = (uint32_t)u.out.count;
    return n;
}

struct jnode *json_string(struct json_reader *r, struct span at, const char *text, uint32_t count)
{
    return unescape(r, at, text, count - 1);
}

struct jnode *json_open_string(struct json_reader *r, struct span at, const char *text,
                               uint32_t count)
{
    if (may_report(r)) {
        struct diag *d = diag_begin(r->cx, DIAG_JSON_SYNTAX, at,
                                    "the string is not closed at the end of its line");
        diag_help(d, "close it with '\"'; a line break in a string is written '\\n'");
        diag_end(d);
    }
    return unescape(r, at, text, count);
}

struct jnode *json_single_quoted(struct json_reader *r, struct span at, const char *text,
                                 uint32_t count)
{
    if (may_report(r)) {
        struct diag *d =
            diag_begin(r->cx, DIAG_JSON_SYNTAX, at, "JSON strings stand in double quotes");
        if (memchr(text, '"', count) == NULL)
            diag_fix(d, at, true, "\"%.*s\"", (int)(count - 2), text + 1);
        diag_end(d);
    }
    return json_leaf(r, J_STRING, at, text + 1, count - 2);
}

/* ---- the tree ---- */

struct jnode *json_object(struct json_reader *r, struct span at)
{
    return jnode_object(r->arena, at);
}

struct jnode *json_array(struct json_reader *r, struct span at)
{
    return jnode_array(r->arena, at);
}

void json_member(struct json_reader *r, struct jnode *key, struct jnode *value)
{
    r->member = (struct jmember){0};
    if (key == NULL)
        return;
    r->member.key = key->text;
    r->member.key_count = key->count;
    r->member.key_span = key->span;
    r->member.value = value != NULL ? value : jnode_null(r->arena, json_point_after(key->span));
}

void json_item(struct json_reader *r, struct jnode *item)
{
    r->item = item;
}

void json_take_member(struct json_reader *r, struct jnode *object)
{
    if (r->member.key != NULL)
        *jnode_append(r->arena, object) = r->member;
}

void json_take_item(struct json_reader *r, struct jnode *array)
{
    if (r->item != NULL)
        jnode_add(r->arena, array, r->item);
}

struct jnode *json_end_array(struct jnode *array, struct span at)
{
    array->span = at;
    return array;
}

static void report_repeated(struct json_reader *r, const struct jmember *first,
                            const struct jmember *again)
{
    struct diag *d = diag_begin(r->cx, DIAG_JSON_DUPLICATE_KEY, again->key_span,
                                "the key '%s' stands here a second time", first->key);
    diag_label(d, first->key_span, "first here");
    diag_help(d, "only one of the two values would be kept; rename or remove one");
    diag_end(d);
}

/* Below this many members comparing each with each is faster than an index. */
enum { FEW_MEMBERS = 24 };

static bool same_key(const struct jmember *a, const struct jmember *b)
{
    return a->key_count == b->key_count && memcmp(a->key, b->key, a->key_count) == 0;
}

/* Reports every key that has stood before. */
static void check_keys(struct json_reader *r, const struct jnode *object)
{
    struct text_index seen = {0};
    for (uint32_t i = 0; i < object->count; i++) {
        const struct jmember *m = &object->members[i];
        uint32_t first = 0;
        if (object->count > FEW_MEMBERS)
            first = text_index_add(r->arena, &seen, m->key, m->key_count, i)->value;
        while (first < i && !same_key(&object->members[first], m))
            first++;
        if (first < i)
            report_repeated(r, &object->members[first], m);
    }
}

struct jnode *json_end_object(struct json_reader *r, struct jnode *object, struct span at)
{
    object->span = at;
    check_keys(r, object);
    return object;
}

/* ---- tokens, with balanced brackets ---- */

static void report_unclosed(struct json_reader *r, struct span at)
{
    if (!may_report(r))
        return;
    struct span open = r->open[r->depth - 1].at;
    bool array = r->open[r->depth - 1].close == JSON_CLOSE_ARRAY;
    struct diag *d = diag_begin(r->cx, DIAG_JSON_SYNTAX, at, "missing '%c'", array ? ']' : '}');
    diag_label(d, open, "the %s that begins here is not closed", array ? "array" : "object");
    diag_end(d);
}

/* True when some open bracket waits for that token. */
static bool closes_something(const struct json_reader *r, int token)
{
    uint32_t i = r->depth;
    while (i > 0 && r->open[i - 1].close != token)
        i--;
    return i > 0;
}

static int open_bracket(struct json_reader *r, int token, struct span at)
{
    if (r->depth == ASLRT_DEPTH_MAX) {
        if (may_report(r))
            diag_simple(r->cx, DIAG_JSON_DEPTH, at, "nested more than %d levels deep",
                        ASLRT_DEPTH_MAX);
        r->stopped = true;
        return JSON_END;
    }
    r->open[r->depth].at = at;
    r->open[r->depth].close = token == JSON_OPEN_OBJECT ? JSON_CLOSE_OBJECT : JSON_CLOSE_ARRAY;
    r->depth++;
    return token;
}

/* Gives the bracket that is missing before `token`, and keeps the token back. */
static int put_in_bracket(struct json_reader *r, int token, struct span *at)
{
    if (r->held < 0)
        report_unclosed(r, *at);
    r->quiet = true;
    r->held = token;
    r->held_at = *at;
    *at = json_point(r, at->start);
    return r->open[--r->depth].close;
}

/* The parser's lexer.  The generated scanner is json_scan. */
static int next_token(JSON_STYPE *value, JSON_LTYPE *at, struct json_reader *r)
{
    for (;;) {
        int token = r->held;
        bool again = token >= 0;
        if (again)
            *at = r->held_at;
        else
            token = json_scan(value, at, r->scanner);
        if (token == JSON_OPEN_OBJECT || token == JSON_OPEN_ARRAY) {
            token = open_bracket(r, token, *at);
        } else if (token == JSON_CLOSE_OBJECT || token == JSON_CLOSE_ARRAY) {
            if (!closes_something(r, token)) {
                r->quiet = false;
                if (may_report(r))
                    diag_simple(r->cx, DIAG_JSON_SYNTAX, *at, "'%c' closes nothing",
                                token == JSON_CLOSE_ARRAY ? ']' : '}');
                continue;
            }
            if (r->open[r->depth - 1].close != token)
                return put_in_bracket(r, token, at);
            r->depth--;
        } else if (token == JSON_END && r->depth != 0 && !r->stopped) {
            return put_in_bracket(r, token, at);
        }
        r->held = -1;
        r->quiet = again && token == JSON_END;
        return token;
    }
}

int json_lex(JSON_STYPE *value, JSON_LTYPE *at, struct json_reader *r)
{
    if (r->stopped) {
        *at = json_point(r, r->offset);
        return JSON_END;
    }
    return next_token(value, at, r);
}

static bool is_blank(const struct source *s)
{
    return strspn(s->text, " \t\r\n") == s->count;
}

struct jnode *json_read(struct aslrt_arena *arena, struct diag_context *cx, uint32_t source)
{
    const struct source *s = source_of(cx->sources, source);
    assert(s != NULL);
    uint32_t bad = source_check_utf8(s);
    if (bad != s->count) {
        struct span at = {source, bad, bad + 1};
        struct diag *d = diag_begin(cx, DIAG_JSON_ENCODING, at, "byte 0x%02X is not UTF-8 here",
                                    (unsigned)(unsigned char)s->text[bad]);
        diag_help(d, "save the file as UTF-8");
        diag_end(d);
        return NULL;
    }
    if (is_blank(s)) {
        struct diag *d =
            diag_begin(cx, DIAG_JSON_SYNTAX, (struct span){source, 0, 0}, "the file is empty");
        diag_service_code(d, "MISSING_DESCRIPTION");
        diag_service(d, DIAG_NOWHERE, "Received a null or empty workflow input.");
        diag_end(d);
        return NULL;
    }
    struct json_reader *r = ASLRT_NEW(arena, struct json_reader);
    r->arena = arena;
    r->cx = cx;
    r->source = source;
    r->held = -1;
    json_scan_lex_init_extra(r, &r->scanner);
    json_scan__scan_bytes(s->text, (int)s->count, r->scanner);
    json_parse(r);
    return r->errors == 0 ? r->root : NULL;
}

/* Steps over what stands for one character in a JSON string, and gives its bytes of UTF-8. */
static uint32_t step(const char *source, uint32_t *i, uint32_t end)
{
    if (source[*i] != '\\') {
        *i += 1;
        return 1;
    }
    int32_t code = source[*i + 1] == 'u' ? aslrt_hex4(source + *i + 2, end - *i - 2) : 0;
    *i += code < 0 || source[*i + 1] != 'u' ? 2 : 6;
    if (aslrt_is_high_surrogate((uint32_t)code) && source[*i] == '\\' && source[*i + 1] == 'u' &&
        aslrt_hex4(source + *i + 2, end - *i - 2) >= 0) {
        *i += 6;
        return 4;
    }
    return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}

struct span json_string_part(const char *source, const struct jnode *string, uint32_t from,
                             uint32_t to)
{
    struct span at = string->span;
    if (at.end < at.start + 2 || source[at.start] != '"')
        return at;
    uint32_t i = at.start + 1, end = at.end - 1, bytes = 0;
    while (i < end && bytes < from)
        bytes += step(source, &i, end);
    at.start = i;
    while (i < end && bytes < to)
        bytes += step(source, &i, end);
    at.end = i;
    return at;
}
