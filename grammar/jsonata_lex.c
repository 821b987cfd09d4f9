/*
 * jsonata_lex.c - the lexer of JSONata; see jsonata_lex.h.
 *
 * In: UTF-8 text.  Out: lexemes whose values live in the compilation's arena.
 * The rules are jsonata-js's: a name ends at white space or at a character that could begin an
 * operator, and nowhere else; the position of a token is the place behind it.
 */
#include "runtime/expr/jsonata_lex.h"

#include "runtime/base/number.h"
#include "runtime/expr/regex.h"
#include "runtime/expr/text.h"

#include <math.h>
#include <stdlib.h>

static const char *const token_texts[] = {
#define TOKEN(id, text, power) text,
#include "runtime/expr/jsonata_tokens.def"
#undef TOKEN
};

static _Noreturn void reject(struct jsonata_lexer *x, const char *code, uint32_t at)
{
    struct aslrt_fault f = aslrt_fault(code, at);
    aslrt_jsonata_reject(x->build, &f);
}

static char peek(const struct jsonata_lexer *x, uint32_t ahead)
{
    return x->next + ahead < x->count ? x->text[x->next + ahead] : '\0';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v';
}

/* A character that may begin an operator ends every name. */
static bool ends_name(char c)
{
    return c != '\0' && (is_space(c) || strchr(".[]{}(),@#;:?+-*/%|=<>^&!~", c) != NULL);
}

static void skip_comment(struct jsonata_lexer *x)
{
    uint32_t start = x->next;
    for (x->next += 2; x->next + 1 < x->count; x->next++) {
        if (x->text[x->next] == '*' && x->text[x->next + 1] == '/') {
            x->next += 2;
            return;
        }
    }
    reject(x, "S0106", start);
}

static void skip_blanks(struct jsonata_lexer *x)
{
    for (;;) {
        while (x->next < x->count && is_space(x->text[x->next]))
            x->next++;
        if (peek(x, 0) != '/' || peek(x, 1) != '*')
            return;
        skip_comment(x);
    }
}

static struct jsonata_lexeme lexeme(const struct jsonata_lexer *x, enum jsonata_token token,
                                    uint32_t start, struct aslrt_value value)
{
    return (struct jsonata_lexeme){token, start, x->next, value, NULL};
}

static bool is_escaped(const struct jsonata_lexer *x, uint32_t at)
{
    return at > 0 && x->text[at - 1] == '\\';
}

static bool closes_regex(const struct jsonata_lexer *x, int depth)
{
    if (x->text[x->next] != '/' || depth != 0)
        return false;
    uint32_t slashes = 0;
    while (slashes < x->next && x->text[x->next - slashes - 1] == '\\')
        slashes++;
    return slashes % 2 == 0;
}

/* Behind the opening slash: everything up to the closing one, then flags.  Brackets of all kinds
   are counted, as jsonata-js does, so that a slash inside of them does not close. */
static struct jsonata_lexeme lex_regex(struct jsonata_lexer *x)
{
    uint32_t start = x->next++;
    int depth = 0;
    for (; x->next < x->count; x->next++) {
        char c = x->text[x->next];
        if (closes_regex(x, depth)) {
            uint32_t end = x->next;
            if (end == start + 1)
                reject(x, "S0301", end);
            x->next++;
            uint32_t flags = x->next;
            while (peek(x, 0) == 'i' || peek(x, 0) == 'm')
                x->next++;
            struct jsonata_lexeme l = lexeme(x, TOKEN_REGEX, start, aslrt_undefined());
            struct aslrt_fault f = aslrt_fault(NULL, FAULT_NOWHERE);
            l.regex = aslrt_regex_compile(
                x->build->arena, aslrt_string(x->text + start + 1, end - start - 1),
                aslrt_string(x->text + flags, x->next - flags), &f.message);
            if (l.regex == NULL)
                aslrt_jsonata_reject(x->build, &f);
            return l;
        }
        if ((c == '(' || c == '[' || c == '{') && !is_escaped(x, x->next))
            depth++;
        if ((c == ')' || c == ']' || c == '}') && !is_escaped(x, x->next))
            depth--;
    }
    reject(x, "S0302", x->count);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* At the `u` of \uXXXX.  Fewer digits pass when the text ends behind them, as in jsonata-js. */
static void lex_unicode_escape(struct jsonata_lexer *x, struct aslrt_buffer *b)
{
    unsigned unit = 0;
    uint32_t digits = 0;
    for (; digits < 4 && x->next + 1 + digits < x->count; digits++) {
        int d = hex_digit(x->text[x->next + 1 + digits]);
        if (d < 0)
            reject(x, "S0104", x->next);
        unit = unit * 16 + (unsigned)d;
    }
    if (digits == 0)
        reject(x, "S0104", x->next);
    aslrt_text_put_unit(b, (uint16_t)unit);
    x->next += 4;
}

/* At the character behind a backslash. */
static void lex_escape(struct jsonata_lexer *x, struct aslrt_buffer *b)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = peek(x, 0);
    const char *found = c == '\0' ? NULL : strchr(from, c);
    if (found != NULL) {
        aslrt_buffer_char(b, to[found - from]);
        return;
    }
    if (c == 'u') {
        lex_unicode_escape(x, b);
        return;
    }
    struct aslrt_fault f = aslrt_fault("S0103", x->next);
    uint32_t left = x->next < x->count ? x->count - x->next : 0;
    f.token = aslrt_text_first_unit(x->build->arena, x->text + x->next, left);
    aslrt_jsonata_reject(x->build, &f);
}

static struct jsonata_lexeme lex_string(struct jsonata_lexer *x)
{
    uint32_t start = x->next++;
    char quote = x->text[start];
    uint32_t plain = x->next; /* without escapes the value is a piece of the text */
    while (x->next < x->count && x->text[x->next] != quote && x->text[x->next] != '\\')
        x->next++;
    struct aslrt_value value = aslrt_string(x->text + plain, x->next - plain);
    if (peek(x, 0) == '\\') {
        struct aslrt_buffer b = aslrt_buffer_in(x->build->arena);
        aslrt_buffer_put(&b, value.as.bytes, value.count);
        for (; x->next < x->count && x->text[x->next] != quote; x->next++) {
            if (x->text[x->next] == '\\') {
                x->next++;
                lex_escape(x, &b);
            } else {
                aslrt_buffer_char(&b, x->text[x->next]);
            }
        }
        value = aslrt_string(aslrt_buffer_close(&b), (uint32_t)b.count);
    }
    if (x->next >= x->count)
        reject(x, "S0101", x->next);
    x->next++;
    aslrt_text_note_ascii(&value);
    return lexeme(x, TOKEN_STRING, start, value);
}

static uint32_t skip_digits(const char *text, uint32_t i)
{
    while (text[i] >= '0' && text[i] <= '9')
        i++;
    return i;
}

/* At a digit.  The text is NUL-terminated, so that no bound needs a check. */
static struct jsonata_lexeme lex_number(struct jsonata_lexer *x)
{
    const char *t = x->text;
    uint32_t start = x->next;
    uint32_t end = t[start] == '0' ? start + 1 : skip_digits(t, start);
    bool integer = true;
    if (t[end] == '.' && skip_digits(t, end + 1) > end + 1) {
        end = skip_digits(t, end + 1);
        integer = false;
    }
    if (t[end] == 'e' || t[end] == 'E') {
        uint32_t digits = end + 1 + (t[end + 1] == '+' || t[end + 1] == '-');
        if (skip_digits(t, digits) > digits) {
            end = skip_digits(t, digits);
            integer = false;
        }
    }
    double d = 0;
    if (integer && end - start <= 15)
        for (uint32_t i = start; i < end; i++)
            d = d * 10 + (t[i] - '0');
    else
        d = aslrt_number_to_double(t + start, end - start);
    if (!isfinite(d)) {
        struct aslrt_fault f = aslrt_fault("S0102", start);
        f.token = aslrt_string(t + start, end - start);
        aslrt_jsonata_reject(x->build, &f);
    }
    x->next = end;
    return lexeme(x, TOKEN_NUMBER, start, aslrt_double(d));
}

static struct jsonata_lexeme lex_quoted_name(struct jsonata_lexer *x)
{
    uint32_t start = x->next;
    const char *close = memchr(x->text + start + 1, '`', x->count - start - 1);
    if (close == NULL)
        reject(x, "S0105", x->count);
    x->next = (uint32_t)(close - x->text) + 1;
    return lexeme(x, TOKEN_NAME, start, aslrt_string(x->text + start + 1, x->next - start - 2));
}

static struct jsonata_lexeme lex_word(struct jsonata_lexer *x)
{
    uint32_t start = x->next;
    while (x->next < x->count && !ends_name(x->text[x->next]))
        x->next++;
    struct aslrt_value word = aslrt_string(x->text + start, x->next - start);
    if (word.as.bytes[0] == '$')
        return lexeme(x, TOKEN_VARIABLE, start, aslrt_string(word.as.bytes + 1, word.count - 1));
    if (aslrt_is(word, "or"))
        return lexeme(x, TOKEN_OR, start, word);
    if (aslrt_is(word, "in"))
        return lexeme(x, TOKEN_IN, start, word);
    if (aslrt_is(word, "and"))
        return lexeme(x, TOKEN_AND, start, word);
    if (aslrt_is(word, "true"))
        return lexeme(x, TOKEN_CONSTANT, start, aslrt_bool(true));
    if (aslrt_is(word, "false"))
        return lexeme(x, TOKEN_CONSTANT, start, aslrt_bool(false));
    if (aslrt_is(word, "null"))
        return lexeme(x, TOKEN_CONSTANT, start, aslrt_null());
    return lexeme(x, TOKEN_NAME, start, word);
}

static struct jsonata_lexeme lex_operator(struct jsonata_lexer *x, enum jsonata_token token)
{
    uint32_t start = x->next;
    struct aslrt_value text = aslrt_text(token_texts[token]);
    x->next += text.count;
    return lexeme(x, token, start, text);
}

/* The two-character operator at the lexer's place, or END. */
static enum jsonata_token double_operator(const struct jsonata_lexer *x)
{
    static const struct {
        char first, second;
        enum jsonata_token token;
    } table[] = {{'.', '.', TOKEN_DOT_DOT},    {':', '=', TOKEN_COLON_EQUAL},
                 {'!', '=', TOKEN_BANG_EQUAL}, {'>', '=', TOKEN_GREATER_EQUAL},
                 {'<', '=', TOKEN_LESS_EQUAL}, {'*', '*', TOKEN_STAR_STAR},
                 {'~', '>', TOKEN_CHAIN},      {'?', ':', TOKEN_ELVIS},
                 {'?', '?', TOKEN_COALESCE}};
    char first = peek(x, 0), second = peek(x, 1);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].first == first && table[i].second == second)
            return table[i].token;
    return TOKEN_END;
}

struct jsonata_lexeme aslrt_jsonata_lex(struct jsonata_lexer *x, bool operand)
{
    skip_blanks(x);
    if (x->next >= x->count) {
        struct jsonata_lexeme end = lexeme(x, TOKEN_END, x->count, aslrt_text("(end)"));
        end.at = x->count;
        return end;
    }
    char c = x->text[x->next];
    if (c == '/' && operand)
        return lex_regex(x);
    if (c == '"' || c == '\'')
        return lex_string(x);
    if (c >= '0' && c <= '9')
        return lex_number(x);
    if (c == '`')
        return lex_quoted_name(x);
    enum jsonata_token token = double_operator(x);
    if (token == TOKEN_END ||
        (token >= TOKEN_ELVIS && x->build->program->version < ASLRT_JSONATA_2_2)) {
        if (!ends_name(c))
            return lex_word(x);
        for (token = TOKEN_DOT; token_texts[token][0] != c; token++)
            ;
    }
    return lex_operator(x, token);
}
