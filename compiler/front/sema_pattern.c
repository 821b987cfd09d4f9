/*
 * sema_pattern.c - regular expressions of @pattern: the part of ECMAScript that everybody reads
 * alike.
 *
 * In: the text of a pattern, which is anchored at both ends by itself.  Out: NULL, or why it can't
 * be carried over: JSON Schema (API Gateway), JSONata and PCRE2 must agree on what it matches.
 * Taken: characters, '.', classes with ranges, \d \D \w \W, escaped punctuation, \t \n \r \f \v
 * \uXXXX, groups ( ) and (?: ), '|', ? * + {n} {n,} {n,m} and their lazy forms, ^ at the start and
 * $ at the end.  Not taken: \s and \b (Unicode blanks differ), back references, look-around, named
 * groups, Unicode properties, flags.
 */
#include "compiler/front/sema_int.h"

#include "runtime/base/buffer.h"

enum { REPEAT_MAX = 1000, GROUPS_MAX = 100 };

struct reader {
    const char *text;
    uint32_t at;
    const char *problem;
    uint32_t problem_at;
};

static bool fail(struct reader *r, uint32_t at, const char *problem)
{
    if (r->problem == NULL) {
        r->problem = problem;
        r->problem_at = at;
    }
    return false;
}

static char look(const struct reader *r)
{
    return r->text[r->at];
}

/* After a backslash. */
static bool escape(struct reader *r, bool in_class)
{
    uint32_t at = r->at - 1;
    char c = look(r);
    if (c == '\0')
        return fail(r, at, "a backslash at the end of the pattern");
    r->at++;
    if (c == 'u' && strspn(r->text + r->at, "0123456789abcdefABCDEF") >= 4) {
        r->at += 4;
        return true;
    }
    /* JSONata finds the end of a pattern by counting brackets that have no backslash before them.
     */
    if (c == '\\' && (look(r) == '\0' || strchr("()[]{}", look(r)) != NULL))
        return fail(r, at, "a backslash before a bracket or at the end is written \\u005c");
    if (strchr("dDwWtnrfv", c) != NULL || strchr("^$\\.*+?()[]{}|/", c) != NULL ||
        (c == '-' && in_class))
        return true;
    if (c == 's' || c == 'S')
        return fail(
            r, at,
            "\\s means different blanks to different engines; write the blanks, as in [ \\t]");
    if (c == 'b' || c == 'B')
        return fail(r, at, "\\b is not taken in patterns");
    if (c >= '0' && c <= '9')
        return fail(r, at, "back references are not taken in patterns");
    return fail(r, at, "an escape that is not taken in patterns");
}

static bool class(struct reader *r)
{
    uint32_t open = r->at - 1;
    if (look(r) == '^')
        r->at++;
    if (look(r) == ']')
        return fail(r, open, "an empty class in the pattern");
    unsigned char before = 0;
    bool range = false;
    while (look(r) != ']') {
        uint32_t at = r->at;
        unsigned char c = (unsigned char)look(r);
        if (c == '\0')
            return fail(r, open, "a class that is not closed with ']'");
        r->at++;
        if (strchr("[(){}", (char)c) != NULL)
            return fail(r, at, "a bracket in a class is written with a backslash");
        if (c == '\\') {
            if (!escape(r, true))
                return false;
            c = (unsigned char)r->text[r->at - 1];
            if (strchr("dDwW", (char)c) != NULL && range)
                return fail(r, at, "a range that ends with a class");
        }
        if (range && c < before)
            return fail(r, at, "a range in a class whose end lies before its start");
        range = false;
        before = c;
        if (look(r) == '-' && r->text[r->at + 1] != ']' && r->text[r->at + 1] != '\0') {
            range = true;
            r->at++;
        }
    }
    r->at++;
    return true;
}

static bool number(struct reader *r, uint32_t *value)
{
    uint32_t start = r->at;
    *value = 0;
    while (look(r) >= '0' && look(r) <= '9' && *value <= REPEAT_MAX)
        *value = *value * 10 + (uint32_t)(r->text[r->at++] - '0');
    return r->at > start;
}

static bool quantifier(struct reader *r)
{
    uint32_t at = r->at, low, high;
    char c = look(r);
    if (c == '*' || c == '+' || c == '?') {
        r->at++;
    } else if (c == '{') {
        r->at++;
        if (!number(r, &low))
            return fail(r, at, "a '{' that repeats nothing is written \\{");
        high = low;
        if (look(r) == ',') {
            r->at++;
            if (!number(r, &high))
                high = low;
        }
        if (look(r) != '}')
            return fail(r, at, "a repetition is written {n}, {n,} or {n,m}");
        r->at++;
        if (low > REPEAT_MAX || high > REPEAT_MAX)
            return fail(r, at, "a repetition of more than 1000");
        if (high < low)
            return fail(r, at, "a repetition whose end lies before its start");
    } else {
        return true;
    }
    if (look(r) == '?')
        r->at++; /* lazy: the same texts match as a whole */
    if (look(r) == '+' || look(r) == '*' || look(r) == '?' || look(r) == '{')
        return fail(r, r->at, "two repetitions after each other");
    return true;
}

/* The start of a group, behind its parenthesis. */
static bool group(struct reader *r)
{
    if (look(r) != '?')
        return true;
    if (r->text[r->at + 1] == ':') {
        r->at += 2;
        return true;
    }
    return fail(r, r->at - 1, "look-around, named groups and flags are not taken in patterns");
}

const char *sema_pattern_plain(struct aslrt_arena *arena, const char *pattern)
{
    struct aslrt_buffer out = aslrt_buffer_in(arena);
    bool in_class = false;
    for (const char *p = pattern; *p != '\0'; p++) {
        aslrt_buffer_char(&out, *p);
        if (*p == '\\')
            aslrt_buffer_char(&out, *++p);
        else if (*p == '(' && !in_class && p[1] != '?')
            aslrt_buffer_text(&out, "?:");
        else if (*p == '[' || *p == ']')
            in_class = *p == '[';
    }
    return aslrt_buffer_close(&out);
}

const char *sema_pattern_problem(const char *pattern, uint32_t *at)
{
    struct reader r = {.text = pattern};
    uint32_t depth = 0, opened[GROUPS_MAX];
    bool right = pattern[0] != '\0' || fail(&r, 0, "an empty pattern matches the empty text only");
    while (right && look(&r) != '\0') {
        uint32_t start = r.at;
        char c = r.text[r.at++];
        bool atom = true;
        if (c == '\\') {
            right = escape(&r, false);
        } else if (c == '[') {
            right = class(&r);
        } else if (c == '(') {
            if (depth == GROUPS_MAX)
                right = fail(&r, start, "groups nested more than 100 levels deep");
            else
                opened[depth++] = start;
            right = right && group(&r);
            atom = false;
        } else if (c == ')') {
            right = depth > 0 || fail(&r, start, "a ')' that closes no group");
            depth -= right;
        } else if (c == '|') {
            atom = false;
        } else if (c == '^') {
            right = start == 0 || fail(&r, start, "'^' can only start a pattern");
            atom = false;
        } else if (c == '$') {
            right = look(&r) == '\0' || fail(&r, start, "'$' can only end a pattern");
            atom = false;
        } else if (strchr("*+?{", c) != NULL) {
            right = fail(&r, start, "a repetition of nothing");
        } else if (c == '}' || c == ']') {
            right = fail(&r, start, "a bracket that closes nothing is written with a backslash");
        }
        if (right && atom)
            right = quantifier(&r);
    }
    if (right && depth > 0)
        right = fail(&r, opened[depth - 1], "a group that is not closed with ')'");
    *at = r.problem_at;
    return right ? NULL : r.problem;
}
