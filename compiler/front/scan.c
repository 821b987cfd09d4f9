/*
 * scan.c - what the scanner makes of the pieces that crud.l cuts: tokens, names, texts, comments.
 *
 * In: the piece that was scanned last, of which the parser knows the end (p->at).  Out: tokens,
 * comments and doc texts in arrays and lists of the parser, in the order of the source.
 * Wrong characters are reported and then skipped or taken as what was meant.  After COMPLAINTS_MAX
 * of them scanning stops: the file is something else.
 * Ownership: everything in the parser's arena; names are interned.
 */
#include "compiler/front/parse_int.h"
#include "grammar/crud_parse.h"
#include "runtime/base/utf8.h"

#include "compiler/base/grow.h"

enum { COMPLAINTS_MAX = 20, NAME_MAX_BYTES = 255, NUMBER_MAX_DIGITS = 64 };

static const struct {
    const char *text;
    int token;
    enum crud_word_use use;
} words[] = {
#define WORD(token, text, use) {text, CRUD_##token, (enum crud_word_use)(use)},
#include "compiler/front/words.def"
#undef WORD
};
enum { WORD_COUNT = sizeof words / sizeof words[0] };

static int word_index(const char *text)
{
    for (int i = 0; i < WORD_COUNT; i++) {
        if (words[i].text[0] == text[0] && strcmp(words[i].text, text) == 0)
            return i;
    }
    return -1;
}

enum crud_word_use crud_word_use(const char *text)
{
    int i = word_index(text);
    return i < 0 ? CRUD_USE_FREE : words[i].use;
}

bool crud_is_word(int kind)
{
    for (int i = 0; i < WORD_COUNT; i++) {
        if (words[i].token == kind)
            return true;
    }
    return false;
}

static uint32_t hash(const char *text, uint32_t count)
{
    uint32_t h = 2166136261u;
    for (uint32_t i = 0; i < count; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h;
}

static void more_names(struct crud_parser *p)
{
    uint32_t room = p->name_room == 0 ? 256 : p->name_room * 2;
    const char **names = ASLRT_NEW_ARRAY(p->arena, const char *, room);
    for (uint32_t i = 0; i < p->name_room; i++) {
        if (p->names[i] == NULL)
            continue;
        uint32_t at = hash(p->names[i], (uint32_t)strlen(p->names[i])) & (room - 1);
        while (names[at] != NULL)
            at = (at + 1) & (room - 1);
        names[at] = p->names[i];
    }
    p->names = names;
    p->name_room = room;
}

const char *crud_intern(struct crud_parser *p, const char *text, uint32_t count)
{
    if (p->name_count * 2 >= p->name_room)
        more_names(p);
    uint32_t at = hash(text, count) & (p->name_room - 1);
    while (p->names[at] != NULL) {
        if (strlen(p->names[at]) == count && memcmp(p->names[at], text, count) == 0)
            return p->names[at];
        at = (at + 1) & (p->name_room - 1);
    }
    p->name_count++;
    return p->names[at] = aslrt_copy_text(p->arena, text, count);
}

/* ---- tokens ---- */

static struct span last_span(const struct crud_parser *p, uint32_t count)
{
    return (struct span){p->id, p->at - count, p->at};
}

struct crud_token *crud_push(struct crud_parser *p, int kind, uint32_t count)
{
    struct crud_token *t = GROW(p->arena, p->tokens, p->count);
    t->kind = kind;
    t->span = last_span(p, count);
    t->first = p->fresh;
    t->parent = t->match = CRUD_NONE;
    p->fresh = false;
    if (p->doc_open) {
        struct crud_doc *doc = GROW(p->arena, p->docs, p->doc_count);
        doc->start = t->span.start;
        doc->text = aslrt_buffer_close(&p->doc);
        p->doc_open = false;
    }
    if (kind == '{' || kind == '(' || kind == '[') {
        if (p->depth == ASLRT_DEPTH_MAX)
            crud_too_deep(p, t->span);
        p->depth++;
    } else if ((kind == '}' || kind == ')' || kind == ']') && p->depth > 0) {
        p->depth--;
    }
    return t;
}

void crud_push_name(struct crud_parser *p, const char *text, uint32_t count)
{
    bool quoted = text[0] == '`';
    const char *name = text + quoted;
    uint32_t length = count - 2u * quoted;
    if (length > NAME_MAX_BYTES) {
        struct diag *d =
            crud_report(p, DIAG_CRUD_LONG_NAME, last_span(p, count),
                        "a name of %u characters, %d are the most", length, NAME_MAX_BYTES);
        diag_end(d);
        length = NAME_MAX_BYTES;
    }
    const char *interned = crud_intern(p, name, length);
    int before = p->count == 0 ? 0 : p->tokens[p->count - 1].kind;
    int word = quoted || before == '.' || before == '@' ? -1 : word_index(interned);
    struct crud_token *t = crud_push(p, word < 0 ? CRUD_ID : words[word].token, count);
    t->text = interned;
    t->quoted = quoted;
}

void crud_push_number(struct crud_parser *p, int kind, const char *text, uint32_t count)
{
    char *digits = aslrt_alloc(p->arena, count + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (text[i] != '_')
            digits[n++] = text[i];
    }
    digits[n] = '\0';
    if (digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') {
        struct diag *d =
            crud_report(p, DIAG_CRUD_NUMBER, last_span(p, count), "a number starts with a zero");
        diag_help(d, "numbers are decimal: leave the zeros in front out");
        diag_end(d);
    } else if (n > NUMBER_MAX_DIGITS) {
        diag_end(crud_report(p, DIAG_CRUD_NUMBER, last_span(p, count),
                             "a number of %u characters, %d are the most", n, NUMBER_MAX_DIGITS));
    }
    struct crud_token *t = crud_push(p, kind, count);
    if (kind == CRUD_DURATION) {
        t->unit = digits[n - 1];
        digits[n - 1] = '\0';
    }
    t->text = digits;
}

/* ---- strings ---- */

static void put_utf8(struct aslrt_buffer *out, int c)
{
    char bytes[4];
    aslrt_buffer_put(out, bytes, aslrt_utf8_put((uint32_t)c, bytes));
}

/* Reads \uXXXX (a pair of them for what lies above U+FFFF) at text[0..].  Gives the bytes that it
   takes, 0 when it is no character that a text can hold. */
static uint32_t unicode_escape(const char *text, uint32_t left, struct aslrt_buffer *out)
{
    int c = left < 6 ? -1 : aslrt_hex4(text + 2, 4);
    if (c <= 0 || (c >= 0xdc00 && c < 0xe000))
        return 0;
    if (c < 0xd800 || c > 0xdfff) {
        put_utf8(out, c);
        return 6;
    }
    int low = left < 12 || text[6] != '\\' || text[7] != 'u' ? -1 : aslrt_hex4(text + 8, 4);
    if (low < 0xdc00 || low > 0xdfff)
        return 0;
    put_utf8(out, 0x10000 + (c - 0xd800) * 0x400 + (low - 0xdc00));
    return 12;
}

static void bad_escape(struct crud_parser *p, uint32_t start, uint32_t count)
{
    struct span at = {p->id, start, start + count};
    struct diag *d = crud_report(p, DIAG_CRUD_STRING, at, "unknown escape '%.*s' in a text",
                                 (int)count, p->source->text + start);
    diag_help(d,
              "a text has the escapes of JSON: \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four "
              "digits (not \\u0000, no half of a pair)");
    diag_end(d);
}

/* The meaning of what stands between the quotes; `start` is its offset in the source. */
static const char *unescape(struct crud_parser *p, const char *text, uint32_t count, uint32_t start)
{
    static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    struct aslrt_buffer out = aslrt_buffer_in(p->arena);
    bool complained = false;
    for (uint32_t i = 0; i < count;) {
        if (text[i] != '\\') {
            if ((unsigned char)text[i] < 0x20 && text[i] != '\t' && !complained) {
                struct span at = {p->id, start + i, start + i + 1};
                struct diag *d = crud_report(p, DIAG_CRUD_STRING, at,
                                             "a control character (U+%04X) in a text", text[i]);
                diag_help(d, "write it as \\u%04x", text[i]);
                diag_end(d);
                complained = true;
            }
            aslrt_buffer_char(&out, text[i++]);
            continue;
        }
        uint32_t taken = 0;
        for (uint32_t k = 0; escapes[k] != '\0' && i + 1 < count; k += 2) {
            if (escapes[k] == text[i + 1]) {
                aslrt_buffer_char(&out, escapes[k + 1]);
                taken = 2;
                break;
            }
        }
        if (taken == 0 && i + 1 < count && text[i + 1] == 'u')
            taken = unicode_escape(text + i, count - i, &out);
        if (taken == 0) {
            uint32_t shown = i + 1 < count && text[i + 1] == 'u' ? 6 : 2;
            taken = shown < count - i ? shown : count - i;
            if (!complained)
                bad_escape(p, start + i, taken);
            complained = true;
        }
        i += taken;
    }
    return aslrt_buffer_close(&out);
}

void crud_push_string(struct crud_parser *p, const char *text, uint32_t count)
{
    /* The last quote closes the text unless it is the first one or escaped; the scanner's patterns
       leave an escaped one at the end only where the text is open. */
    uint32_t slashes = 0;
    while (slashes + 2 < count && text[count - 2 - slashes] == '\\')
        slashes++;
    bool closed = count > 1 && text[count - 1] == text[0] && (text[0] == '\'' || slashes % 2 == 0);
    if (!closed) {
        struct diag *d = crud_report(p, DIAG_CRUD_STRING, last_span(p, count),
                                     "this text is not closed on its line");
        diag_help(d, "close it with %s; a line break in a text is written \\n",
                  text[0] == '"' ? "'\"'" : "a quote");
        diag_end(d);
    } else if (text[0] == '\'') {
        struct diag *d =
            crud_report(p, DIAG_CRUD_STRING, last_span(p, count), "a text stands in double quotes");
        diag_fix(d, last_span(p, count), true, "\"%.*s\"", (int)(count - 2), text + 1);
        diag_end(d);
    }
    uint32_t length = count - 1 - closed;
    const char *meaning = unescape(p, text + 1, length, p->at - count + 1);
    crud_push(p, CRUD_STRING, count)->text = meaning;
}

/* ---- comments ---- */

static void add_doc(struct crud_parser *p, uint32_t start)
{
    const char *text = p->source->text + start + 3; /* behind the slashes */
    uint32_t count = p->at - start - 3;
    if (count > 0 && text[0] == ' ') {
        text++;
        count--;
    }
    while (count > 0 && (text[count - 1] == ' ' || text[count - 1] == '\t'))
        count--;
    if (p->doc_open) {
        aslrt_buffer_char(&p->doc, '\n');
    } else {
        p->doc = aslrt_buffer_in(p->arena);
        p->doc_open = true;
    }
    aslrt_buffer_put(&p->doc, text, count);
}

/* Complains of a byte that no text file has, and stops; false where there is none. */
static bool stop_at_nul(struct crud_parser *p, uint32_t start)
{
    const char *text = p->source->text, *nul = memchr(text + start, '\0', p->at - start);
    if (nul == NULL)
        return false;
    uint32_t at = (uint32_t)(nul - text);
    struct diag *d = crud_report(p, DIAG_CRUD_CHARACTER, (struct span){p->id, at, at + 1},
                                 "unexpected control character U+0000");
    diag_note(d, "this is not a text file; it is not read further");
    diag_end(d);
    p->stop = true;
    return true;
}

void crud_comment(struct crud_parser *p, uint32_t start, bool doc)
{
    if (stop_at_nul(p, start))
        return;
    struct ast_comment *c = ASLRT_NEW(p->arena, struct ast_comment);
    c->span = (struct span){p->id, start, p->at};
    c->own_line = p->fresh;
    c->doc = doc;
    if (p->last_comment == NULL)
        p->unit->comments = c;
    else
        p->last_comment->next = c;
    p->last_comment = c;
    if (doc && c->own_line)
        add_doc(p, start);
    if (memchr(p->source->text + start, '\n', p->at - start) != NULL)
        p->fresh = true;
}

/* ---- wrong characters ---- */

static void count_complaint(struct crud_parser *p, struct diag *d)
{
    if (p->errors >= COMPLAINTS_MAX) {
        diag_note(d, "too many wrong characters: the rest of the file is not read");
        p->stop = true;
    }
    diag_end(d);
}

void crud_open_comment(struct crud_parser *p)
{
    struct span at = {p->id, p->begin, p->begin + 2};
    struct diag *d = crud_report(p, DIAG_CRUD_OPEN_COMMENT, at, "this comment is never closed");
    diag_help(d, "close it with '*/'");
    diag_end(d);
}

static bool is_quote(const char *text)
{
    return strncmp(text, "\xe2\x80\x9c", 3) == 0 || strncmp(text, "\xe2\x80\x9d", 3) == 0;
}

void crud_bad_name(struct crud_parser *p, const char *text, uint32_t count)
{
    if (is_quote(text)) {
        crud_bad_character(p, text, count);
        crud_push(p, CRUD_STRING, count)->text = "";
        return;
    }
    struct diag *d =
        crud_report(p, DIAG_CRUD_CHARACTER, last_span(p, count),
                    "the name '%.*s' has letters that names can't have", (int)count, text);
    diag_help(d, "a name has letters of ASCII, digits and '_'; texts may hold everything");
    count_complaint(p, d);
    uint32_t length = count > NAME_MAX_BYTES ? NAME_MAX_BYTES : count;
    crud_push(p, CRUD_ID, count)->text = crud_intern(p, text, length);
}

void crud_bad_character(struct crud_parser *p, const char *text, uint32_t count)
{
    struct span at = last_span(p, count);
    unsigned char c = (unsigned char)text[0];
    struct diag *d;
    if (c == '`') {
        d = crud_report(p, DIAG_CRUD_CHARACTER, at, "back quotes stand around one name");
        diag_help(d, "a name has letters of ASCII, digits and '_', and starts with no digit");
        crud_push(p, CRUD_ID, count)->text = "name";
    } else if (c == '#') {
        d = crud_report(p, DIAG_CRUD_CHARACTER, at, "a comment starts with '//'");
        diag_fix(d, (struct span){at.source, at.start, at.start + 1}, true, "//");
    } else if (c >= 0x80) {
        d = crud_report(p, DIAG_CRUD_CHARACTER, at, "unexpected '%.*s'", (int)count, text);
        if (is_quote(text))
            diag_help(d, "a text stands in plain double quotes: \"");
        else
            diag_help(d, "outside of texts and comments there is only ASCII");
    } else if (c < 0x20 || c == 0x7f) {
        d = crud_report(p, DIAG_CRUD_CHARACTER, at, "unexpected control character U+%04X", c);
        if (c == 0) {
            diag_note(d, "this is not a text file; it is not read further");
            p->stop = true;
        }
    } else {
        d = crud_report(p, DIAG_CRUD_CHARACTER, at, "unexpected '%c'", c);
    }
    count_complaint(p, d);
}

void crud_bad_number(struct crud_parser *p, const char *text, uint32_t count)
{
    struct diag *d =
        crud_report(p, DIAG_CRUD_NUMBER, last_span(p, count),
                    "'%.*s' is neither a number nor a length of time", (int)count, text);
    if (count > 2 && strncmp(text + count - 2, "ms", 2) == 0)
        diag_help(d, "time counts in whole seconds, as Step Functions does: 1s");
    else
        diag_help(d, "a length of time is a whole number with s, m, h or d: 10s, 5m, 24h, 30d");
    count_complaint(p, d);
    crud_push(p, CRUD_DURATION, count)->text = "1";
    p->tokens[p->count - 1].unit = 's';
}

void crud_bad_operator(struct crud_parser *p, int kind, uint32_t count, const char *instead)
{
    struct span at = last_span(p, count);
    struct diag *d = crud_report(p, DIAG_CRUD_OPERATOR, at, "there is no operator '%.*s'",
                                 (int)count, p->source->text + at.start);
    bool word = instead[0] >= 'a' && instead[0] <= 'z';
    diag_fix(d, at, true, word && kind == CRUD_NOT ? "%s " : "%s", instead);
    count_complaint(p, d);
    crud_push(p, kind, count);
}

void crud_bad_separator(struct crud_parser *p)
{
    struct diag *d = crud_report(p, DIAG_CRUD_SEPARATOR, last_span(p, 1), "no ';' is needed");
    diag_fix(d, last_span(p, 1), true, "%s", "");
    count_complaint(p, d);
}
