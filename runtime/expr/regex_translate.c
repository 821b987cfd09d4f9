/*
 * regex_translate.c - an ECMAScript pattern as a PCRE2 pattern of the same meaning.
 *
 * In: the pattern's code units (ECMA-262, 22.2.1 and annex B.1.2, without flag u).  Out: a pattern
 * for PCRE2's 16-bit library without UTF, in which case folding, `.`, `^`, `$`, `\s` and classes
 * are spelled out, and the places of ECMAScript's groups among PCRE2's. Refused, because PCRE2
 * would match differently: see the calls of `refuse`. Recursion is bounded by the depth of the
 * parentheses (REGEX_DEPTH_MAX).
 */
#include "runtime/expr/regex_internal.h"
#include "runtime/expr/unicode.h"

#include <setjmp.h>
#include <stdio.h>

enum { REGEX_DEPTH_MAX = 200, REPEAT_MAX = 65535, UNITS = 0x10000 };

/* What is known about a part of the pattern. */
struct part {
    bool nullable; /* may match nothing */
    bool eager;    /* takes something where it can, before it tries to take nothing */
    bool captures; /* has capturing groups */
};

/* The loops and alternatives around the place that is translated. */
struct nest {
    const struct nest *outer;
    bool loop;           /* may run more than once */
    bool skippable;      /* may be left out in a round of the loop around it */
    uint32_t loop_group; /* PCRE2's group around the loop's body; 0: none */
};

struct translator {
    struct aslrt_arena *arena;
    struct aslrt_units in;
    size_t at;
    unsigned flags;
    uint16_t *out;
    size_t out_count, out_room;
    uint32_t total;   /* capturing groups of the whole pattern */
    bool has_names;   /* (?<name> occurs somewhere */
    uint32_t opened;  /* capturing groups so far */
    uint32_t numbers; /* PCRE2's groups so far */
    struct regex_group *groups;
    bool *group_closed, *group_in_doubt;
    struct aslrt_value *names;
    uint64_t *set; /* one bit a code unit: the class under construction */
    unsigned depth;
    bool behind; /* inside of a look-behind */
    const char *why;
    bool syntax;
    jmp_buf fail;
};

static struct part disjunction(struct translator *t, const struct nest *nest);

/* ---- errors ---- */

static _Noreturn void syntax(struct translator *t, const char *why)
{
    t->why = why;
    t->syntax = true;
    longjmp(t->fail, 1);
}

static _Noreturn void refuse(struct translator *t, const char *why)
{
    t->why = why;
    t->syntax = false;
    longjmp(t->fail, 1);
}

/* ---- reading ---- */

static bool more(const struct translator *t)
{
    return t->at < t->in.count;
}

static int32_t peek(const struct translator *t, size_t ahead)
{
    return t->at + ahead < t->in.count ? t->in.units[t->at + ahead] : -1;
}

static bool take(struct translator *t, int32_t unit)
{
    if (peek(t, 0) != unit)
        return false;
    t->at++;
    return true;
}

static bool looking_at(const struct translator *t, const char *text)
{
    for (size_t i = 0; text[i] != '\0'; i++)
        if (peek(t, i) != text[i])
            return false;
    return true;
}

static bool is_digit(int32_t u)
{
    return u >= '0' && u <= '9';
}

static int hex_value(int32_t u)
{
    if (is_digit(u))
        return u - '0';
    if (u >= 'a' && u <= 'f')
        return u - 'a' + 10;
    return u >= 'A' && u <= 'F' ? u - 'A' + 10 : -1;
}

/* `digits` hexadecimal digits behind the letter that the translator looks at; -1: there are fewer.
 */
static int32_t hex_escape(const struct translator *t, unsigned digits)
{
    int32_t value = 0;
    for (unsigned i = 1; i <= digits; i++) {
        int d = hex_value(peek(t, i));
        if (d < 0)
            return -1;
        value = value * 16 + d;
    }
    return value;
}

/* ---- writing ---- */

static void put(struct translator *t, uint16_t unit)
{
    if (t->out_count == t->out_room) {
        size_t room = t->out_room == 0 ? 64 : t->out_room * 2;
        t->out =
            aslrt_resize(t->arena, t->out, t->out_room * sizeof *t->out, room * sizeof *t->out);
        t->out_room = room;
    }
    t->out[t->out_count++] = unit;
}

static void put_text(struct translator *t, const char *text)
{
    for (; *text != '\0'; text++)
        put(t, (unsigned char)*text);
}

static void put_number(struct translator *t, uint32_t n)
{
    char text[16];
    snprintf(text, sizeof text, "%u", n);
    put_text(t, text);
}

static bool is_word(uint32_t u)
{
    return (u < 0x80 && is_digit((int32_t)u)) || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
           u == '_';
}

static void put_unit(struct translator *t, uint32_t u)
{
    char text[16];
    if (is_word(u)) {
        put(t, (uint16_t)u);
        return;
    }
    snprintf(text, sizeof text, "\\x{%x}", u);
    put_text(t, text);
}

/* Makes room in what has been written, at `at`, for text that belongs before it. */
static void insert_text(struct translator *t, size_t at, const char *text)
{
    size_t n = strlen(text), tail = t->out_count - at;
    for (size_t i = 0; i < n; i++)
        put(t, 0);
    memmove(t->out + at + n, t->out + at, tail * sizeof *t->out);
    for (size_t i = 0; i < n; i++)
        t->out[at + i] = (unsigned char)text[i];
}

/* ---- sets of code units ---- */

static bool has_unit(const struct translator *t, uint32_t u)
{
    return t->set[u / 64] >> (u % 64) & 1;
}

static void add_range(struct translator *t, uint32_t first, uint32_t last)
{
    for (uint32_t u = first; u <= last; u++) {
        if (u % 64 == 0 && last - u >= 63) {
            t->set[u / 64] = UINT64_MAX;
            u += 63;
        } else {
            t->set[u / 64] |= UINT64_C(1) << (u % 64);
        }
    }
}

static void clear_set(struct translator *t)
{
    if (t->set == NULL)
        t->set = aslrt_alloc(t->arena, UNITS / 8);
    memset(t->set, 0, UNITS / 8);
}

static void invert_set(struct translator *t)
{
    for (size_t i = 0; i < UNITS / 64; i++)
        t->set[i] = ~t->set[i];
}

static const struct {
    uint32_t first, last;
    int32_t step, delta;
} upper_ranges[] = {
#define UPPER(first, last, step, delta) {first, last, step, delta},
#define LOWER(first, last, step, delta)
#define UPPER_FULL(character, text)
#define LOWER_FULL(character, text)
#define CASED(first, last)
#define IGNORABLE(first, last)
#include "runtime/expr/unicode_case.def"
};

/* For every unit that ECMAScript's Canonicalize changes (to one unit, and to an ASCII one only if
   it is ASCII): with `up` adds what it becomes if it is in the set, else adds it if that is. */
static void fold(struct translator *t, bool up)
{
    for (size_t i = 0; i < sizeof upper_ranges / sizeof upper_ranges[0]; i++) {
        uint32_t last = upper_ranges[i].last < UNITS ? upper_ranges[i].last : UNITS - 1;
        uint32_t step = (uint32_t)upper_ranges[i].step, delta = (uint32_t)upper_ranges[i].delta;
        for (uint32_t u = upper_ranges[i].first; u <= last; u += step) {
            uint32_t upper = u + delta;
            if (upper >= UNITS || (upper < 0x80 && u >= 0x80))
                continue;
            if (up && has_unit(t, u))
                add_range(t, upper, upper);
            else if (!up && has_unit(t, upper))
                add_range(t, u, u);
        }
    }
}

/* Adds every unit that differs from one in the set only by case. */
static void fold_set(struct translator *t)
{
    fold(t, true);
    fold(t, false);
}

static void put_set(struct translator *t)
{
    uint32_t u = 0;
    bool any = false;
    while (u < UNITS) {
        if (u % 64 == 0 && t->set[u / 64] == 0) {
            u += 64;
            continue;
        }
        if (!has_unit(t, u)) {
            u++;
            continue;
        }
        uint32_t last = u;
        while (last + 1 < UNITS && has_unit(t, last + 1))
            last++;
        if (!any)
            put(t, '[');
        any = true;
        put_unit(t, u);
        if (last > u) {
            put(t, '-');
            put_unit(t, last);
        }
        u = last + 1;
    }
    put_text(t, any ? "]" : "(?!)");
}

/* \d \s \w and their opposites; the letter says which. */
static void add_named_set(struct translator *t, char letter)
{
    static const uint16_t space[][2] = {
        {9, 13},          {0x20, 0x20},     {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
        {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff}};
    uint64_t *before = t->set;
    bool opposite = letter < 'a';
    if (opposite) {
        t->set = NULL;
        clear_set(t);
    }
    switch (letter | 0x20) {
    case 'd':
        add_range(t, '0', '9');
        break;
    case 'w':
        add_range(t, '0', '9');
        add_range(t, 'a', 'z');
        add_range(t, 'A', 'Z');
        add_range(t, '_', '_');
        break;
    default:
        for (size_t i = 0; i < sizeof space / sizeof space[0]; i++)
            add_range(t, space[i][0], space[i][1]);
        break;
    }
    if (opposite) {
        for (size_t i = 0; i < UNITS / 64; i++)
            before[i] |= ~t->set[i];
        t->set = before;
    }
}

static bool is_set_letter(int32_t u)
{
    return u > 0 && u < 0x80 && strchr("dDsSwW", (int)u) != NULL;
}

/* ---- escapes that stand for one unit ---- */

/* An octal escape (annex B): up to three digits, at most 0377. */
static uint32_t octal_escape(struct translator *t)
{
    uint32_t value = 0;
    for (int i = 0; i < 3 && peek(t, 0) >= '0' && peek(t, 0) <= '7'; i++) {
        uint32_t next = value * 8 + (uint32_t)(peek(t, 0) - '0');
        if (next > 0377)
            break;
        value = next;
        t->at++;
    }
    return value;
}

/* Behind a backslash: the unit that the escape stands for. */
static uint32_t unit_escape(struct translator *t, bool in_class)
{
    int32_t u = peek(t, 0), value;
    switch (u) {
    case 't':
        t->at++;
        return '\t';
    case 'n':
        t->at++;
        return '\n';
    case 'v':
        t->at++;
        return '\v';
    case 'f':
        t->at++;
        return '\f';
    case 'r':
        t->at++;
        return '\r';
    case 'x':
    case 'u':
        value = hex_escape(t, u == 'x' ? 2 : 4);
        t->at += value < 0 ? 1 : u == 'x' ? 3 : 5;
        return (uint32_t)(value < 0 ? u : value);
    case 'c':
        value = peek(t, 1);
        if ((value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z') ||
            (in_class && (is_digit(value) || value == '_'))) {
            t->at += 2;
            return (uint32_t)value % 32;
        }
        return '\\'; /* a backslash; the c comes next */
    default:
        if (u >= '0' && u <= '7')
            return octal_escape(t);
        t->at++;
        return (uint32_t)u; /* itself, whatever it is */
    }
}

/* ---- classes ---- */

/* One member of a class: a unit, or -1 for a set like \d, which has been added. */
static int32_t class_atom(struct translator *t)
{
    int32_t u = peek(t, 0);
    t->at++;
    if (u != '\\')
        return u;
    if (!more(t))
        syntax(t, "\\ at end of pattern");
    u = peek(t, 0);
    if (is_set_letter(u)) {
        t->at++;
        add_named_set(t, (char)u);
        return -1;
    }
    if (u == 'b') {
        t->at++;
        return '\b';
    }
    return (int32_t)unit_escape(t, true);
}

static void add_unit(struct translator *t, int32_t u)
{
    if (u >= 0)
        add_range(t, (uint32_t)u, (uint32_t)u);
}

/* Behind the opening bracket. */
static void character_class(struct translator *t)
{
    bool opposite = take(t, '^');
    clear_set(t);
    while (!take(t, ']')) {
        if (!more(t))
            syntax(t, "Unterminated character class");
        int32_t first = class_atom(t);
        if (peek(t, 0) != '-' || peek(t, 1) == ']' || peek(t, 1) < 0) {
            add_unit(t, first);
            continue;
        }
        t->at++;
        int32_t last = class_atom(t);
        if (first < 0 || last < 0) { /* [\d-x]: the hyphen is itself */
            add_unit(t, first);
            add_unit(t, '-');
            add_unit(t, last);
            continue;
        }
        if (first > last)
            syntax(t, "Range out of order in character class");
        add_range(t, (uint32_t)first, (uint32_t)last);
    }
    if (t->flags & ASLRT_REGEX_IGNORE_CASE)
        fold_set(t);
    if (opposite)
        invert_set(t);
    put_set(t);
}

/* ---- atoms ---- */

static struct part one_unit(void)
{
    return (struct part){false, true, false};
}

static struct part nothing(void)
{
    return (struct part){true, true, false};
}

static struct part literal(struct translator *t, uint32_t u)
{
    if ((t->flags & ASLRT_REGEX_IGNORE_CASE) == 0) {
        put_unit(t, u);
        return one_unit();
    }
    if (u < 0x80) { /* ASCII letters have no relatives outside of ASCII here */
        bool letter = (u | 0x20) >= 'a' && (u | 0x20) <= 'z';
        if (letter) {
            put(t, '[');
            put(t, (uint16_t)(u | 0x20));
            put(t, (uint16_t)(u & ~0x20u));
            put(t, ']');
        } else {
            put_unit(t, u);
        }
        return one_unit();
    }
    clear_set(t);
    add_range(t, u, u);
    fold_set(t);
    put_set(t);
    return one_unit();
}

static struct part put_named_set(struct translator *t, char letter)
{
    clear_set(t);
    add_named_set(t, letter);
    put_set(t);
    return one_unit();
}

/* A back reference to group n, which the pattern has. */
static struct part back_reference(struct translator *t, uint32_t n)
{
    if (t->behind)
        refuse(t, "a back reference in a look-behind is not supported");
    /* a group that has not been closed yet holds nothing in ECMAScript */
    if (n > t->opened || !t->group_closed[n]) {
        put_text(t, "(?:)");
        return nothing();
    }
    if (t->group_in_doubt[n])
        refuse(t, "a back reference to a group that a loop may leave out is not supported");
    if (t->flags & ASLRT_REGEX_IGNORE_CASE)
        refuse(t, "a back reference that ignores case is not supported");
    put_text(t, "\\g{");
    put_number(t, t->groups[n - 1].number);
    put_text(t, "}");
    return nothing();
}

/* \1 ... \9 and what follows: a back reference if there are so many groups, else octal or itself.
 */
static struct part decimal_escape(struct translator *t)
{
    uint64_t n = 0;
    size_t digits = 0;
    while (is_digit(peek(t, digits)) && n < UINT32_MAX)
        n = n * 10 + (uint64_t)(peek(t, digits++) - '0');
    if (n <= t->total) {
        t->at += digits;
        return back_reference(t, (uint32_t)n);
    }
    if (peek(t, 0) >= '8')
        return literal(t, (uint32_t)t->in.units[t->at++]);
    return literal(t, octal_escape(t));
}

/* At the `<` of a group's name or of \k<name>; the name, or undefined when there is none. */
static struct aslrt_value group_name(struct translator *t)
{
    size_t start = t->at + 1, end = start;
    while (end < t->in.count && t->in.units[end] != '>')
        end++;
    if (peek(t, 0) != '<' || end == t->in.count || end == start || is_digit(t->in.units[start]))
        return aslrt_undefined();
    for (size_t i = start; i < end; i++)
        if (t->in.units[i] < 0x80 && !is_word(t->in.units[i]) && t->in.units[i] != '$')
            return aslrt_undefined();
    t->at = end + 1;
    return aslrt_units_text(t->arena, t->in, start, end);
}

static uint32_t group_of_name(struct translator *t, struct aslrt_value name)
{
    for (uint32_t i = 1; i <= t->total; i++)
        if (t->names[i].kind == ASLRT_STRING && t->names[i].count == name.count &&
            memcmp(t->names[i].as.bytes, name.as.bytes, name.count) == 0)
            return i;
    return 0;
}

static struct part named_reference(struct translator *t)
{
    t->at++;
    struct aslrt_value name = group_name(t);
    if (name.kind != ASLRT_STRING)
        syntax(t, "Invalid named reference");
    uint32_t n = group_of_name(t, name);
    if (n == 0)
        syntax(t, "Invalid named capture referenced");
    return back_reference(t, n);
}

/* Behind a backslash, outside of a class. */
static struct part atom_escape(struct translator *t, bool *assertion)
{
    int32_t u = peek(t, 0);
    if (u < 0)
        syntax(t, "\\ at end of pattern");
    if (u == 'b' || u == 'B') {
        t->at++;
        put(t, '\\');
        put(t, (uint16_t)u);
        *assertion = true;
        return nothing();
    }
    if (is_set_letter(u)) {
        t->at++;
        return put_named_set(t, (char)u);
    }
    if (u >= '1' && u <= '9')
        return decimal_escape(t);
    if (u == 'k' && t->has_names)
        return named_reference(t);
    return literal(t, unit_escape(t, false));
}

/* ---- groups ---- */

/* Notes the loops around group n in whose rounds it may be left out. */
static void note_loops(struct translator *t, uint32_t n, const struct nest *nest, bool nullable)
{
    uint32_t loops = 0, *list = NULL;
    for (int pass = 0; pass < 2; pass++) {
        bool skippable = false;
        if (pass == 1)
            list = aslrt_alloc(t->arena, loops * sizeof *list);
        loops = 0;
        for (const struct nest *x = nest; x != NULL; x = x->outer) {
            if (x->loop && skippable) {
                if (list != NULL)
                    list[loops] = x->loop_group;
                loops++;
            }
            skippable |= x->skippable;
        }
        if (loops == 0)
            return;
    }
    if (nullable)
        refuse(t, "a group in a loop that may be left out and may match nothing is not supported");
    if (t->behind)
        refuse(t, "a group in a loop in a look-behind is not supported");
    t->groups[n - 1].loops = list;
    t->groups[n - 1].loop_count = loops;
    t->group_in_doubt[n] = true;
}

/* A capturing group behind its opening parenthesis and its name. */
static struct part capture(struct translator *t, const struct nest *nest)
{
    uint32_t n = ++t->opened;
    struct regex_group *g = &t->groups[n - 1];
    g->number = ++t->numbers;
    put(t, '(');
    struct nest inside = {nest, false, false, 0};
    struct part p = disjunction(t, &inside);
    put(t, ')');
    t->group_closed[n] = true;
    note_loops(t, n, nest, p.nullable);
    p.captures = true;
    return p;
}

static struct part group(struct translator *t, const struct nest *nest, bool *assertion,
                         bool *quantifiable)
{
    struct part p;
    if (++t->depth > REGEX_DEPTH_MAX)
        refuse(t, "a pattern nested so deeply is not supported");
    bool behind = t->behind;
    if (take(t, '?')) {
        bool look_behind = looking_at(t, "<=") || looking_at(t, "<!");
        bool look_ahead = peek(t, 0) == '=' || peek(t, 0) == '!';
        if (peek(t, 0) == ':' || look_ahead || look_behind) {
            size_t mark = look_behind ? 2 : 1;
            put_text(t, "(?");
            for (; mark > 0; mark--)
                put(t, t->in.units[t->at++]);
            t->behind |= look_behind;
            p = disjunction(t, nest);
            put(t, ')');
            t->behind = behind;
            *assertion = look_ahead || look_behind;
            *quantifiable = !look_behind;
            if (*assertion)
                p.nullable = p.eager = true;
        } else if (peek(t, 0) == '<') {
            uint32_t n = t->opened + 1;
            struct aslrt_value name = group_name(t);
            if (name.kind != ASLRT_STRING)
                syntax(t, "Invalid capture group name");
            for (uint32_t i = 1; i < n; i++)
                if (t->names[i].kind == ASLRT_STRING && group_of_name(t, name) == i)
                    syntax(t, "Duplicate capture group name");
            p = capture(t, nest);
        } else {
            syntax(t, "Invalid group");
        }
    } else {
        p = capture(t, nest);
    }
    if (!take(t, ')'))
        syntax(t, "Unterminated group");
    t->depth--;
    return p;
}

/* ---- quantifiers ---- */

struct quantifier {
    uint32_t least, most; /* UINT32_MAX: no bound */
    bool lazy;
};

static bool read_count(const struct translator *t, size_t *at, uint64_t *count)
{
    size_t start = *at;
    *count = 0;
    for (; *at < t->in.count && is_digit(t->in.units[*at]); ++*at)
        if (*count <= UINT32_MAX)
            *count = *count * 10 + (t->in.units[*at] - '0');
    return *at > start;
}

/* {n}, {n,} or {n,m} at the translator's place; false when it is something else. */
static bool read_braces(struct translator *t, struct quantifier *q)
{
    size_t at = t->at + 1;
    uint64_t least, most;
    if (peek(t, 0) != '{' || !read_count(t, &at, &least))
        return false;
    most = least;
    if (at < t->in.count && t->in.units[at] == ',') {
        at++;
        if (!read_count(t, &at, &most))
            most = UINT64_MAX;
    }
    if (at >= t->in.count || t->in.units[at] != '}')
        return false;
    if (least > most)
        syntax(t, "numbers out of order in {} quantifier");
    if (least > REPEAT_MAX || (most > REPEAT_MAX && most != UINT64_MAX))
        refuse(t, "a repetition of more than 65535 times is not supported");
    q->least = (uint32_t)least;
    q->most = most == UINT64_MAX ? UINT32_MAX : (uint32_t)most;
    t->at = at + 1;
    return true;
}

static bool read_quantifier(struct translator *t, struct quantifier *q)
{
    if (take(t, '*'))
        *q = (struct quantifier){0, UINT32_MAX, false};
    else if (take(t, '+'))
        *q = (struct quantifier){1, UINT32_MAX, false};
    else if (take(t, '?'))
        *q = (struct quantifier){0, 1, false};
    else if (!read_braces(t, q))
        return false;
    q->lazy = take(t, '?');
    return true;
}

static void put_quantifier(struct translator *t, const struct quantifier *q)
{
    put(t, '{');
    put_number(t, q->least);
    if (q->most != q->least) {
        put(t, ',');
        if (q->most != UINT32_MAX)
            put_number(t, q->most);
    }
    put(t, '}');
    if (q->lazy)
        put(t, '?');
}

/* Finds the quantifier of the atom at the translator's place without translating the atom. */
static bool quantifier_ahead(struct translator *t, struct quantifier *q)
{
    size_t start = t->at, depth = 0;
    bool in_class = false;
    for (; more(t); t->at++) {
        int32_t u = peek(t, 0);
        if (u == '\\')
            t->at++;
        else if (in_class)
            in_class = u != ']';
        else if (u == '[')
            in_class = true;
        else if (u == '(')
            depth++;
        else if (u == ')' && --depth == 0)
            break;
    }
    t->at++;
    bool found = t->at <= t->in.count && read_quantifier(t, q);
    t->at = start;
    return found;
}

/* An iteration that matches nothing ends a loop in ECMAScript as if it had not been; in PCRE2 it
   counts.  That shows where the loop captures, or where nothing is tried before something. */
static void check_loop(struct translator *t, struct part body, const struct quantifier *q)
{
    if (!body.nullable || q->least == q->most)
        return;
    if (body.captures)
        refuse(t, "a repeated group that may match nothing and captures is not supported");
    if (!body.eager)
        refuse(t, "a repeated group that prefers to match nothing is not supported");
}

/* True when the group at the translator's place has capturing groups inside. */
static bool captures_inside(const struct translator *t)
{
    size_t depth = 0;
    bool in_class = false;
    for (size_t i = t->at; i < t->in.count; i++) {
        uint16_t u = t->in.units[i];
        uint16_t next = i + 1 < t->in.count ? t->in.units[i + 1] : 0;
        uint16_t mark = i + 3 < t->in.count ? t->in.units[i + 3] : 0;
        bool name = i + 2 < t->in.count && t->in.units[i + 2] == '<' && mark != '=' && mark != '!';
        if (u == '\\')
            i++;
        else if (in_class)
            in_class = u != ']';
        else if (u == '[')
            in_class = true;
        else if (u == '(' && depth++ > 0 && (next != '?' || name))
            return true;
        else if (u == ')' && --depth == 0)
            return false;
    }
    return false;
}

/* A group with its quantifier, if it has one. */
static struct part quantified_group(struct translator *t, const struct nest *nest)
{
    struct quantifier q;
    bool assertion = false, quantifiable = true;
    bool quantified = quantifier_ahead(t, &q);
    struct nest loop = {nest, false, false, 0};
    size_t start = t->out_count;
    if (quantified) {
        loop.loop = q.most > 1;
        loop.skippable = q.least == 0;
    }
    bool round = loop.loop && captures_inside(t); /* capture the last round too */
    if (round) {
        loop.loop_group = ++t->numbers;
        put(t, '(');
    }
    uint32_t opened = t->opened;
    t->at++;
    struct part p = group(t, quantified ? &loop : nest, &assertion, &quantifiable);
    if (round)
        put(t, ')');
    if (!quantified)
        return p;
    read_quantifier(t, &q);
    if (!quantifiable)
        syntax(t, "Nothing to repeat");
    if (assertion && t->opened != opened)
        refuse(t, "a repeated look-ahead that captures is not supported");
    if (assertion) {
        insert_text(t, start, "(?:");
        put(t, ')');
    }
    check_loop(t, p, &q);
    put_quantifier(t, &q);
    p.nullable |= q.least == 0;
    p.eager &= !q.lazy;
    return p;
}

/* ---- the grammar ---- */

static struct part line_start(struct translator *t)
{
    put_text(t,
             t->flags & ASLRT_REGEX_MULTILINE ? "(?:\\A|(?<=[\\n\\r\\x{2028}\\x{2029}]))" : "\\A");
    return nothing();
}

static struct part line_end(struct translator *t)
{
    put_text(t,
             t->flags & ASLRT_REGEX_MULTILINE ? "(?:\\z|(?=[\\n\\r\\x{2028}\\x{2029}]))" : "\\z");
    return nothing();
}

/* Something that is no group, without its quantifier. */
static struct part atom(struct translator *t, bool *assertion)
{
    struct quantifier q;
    int32_t u = peek(t, 0);
    if (u == '*' || u == '+' || u == '?' || (u == '{' && read_braces(t, &q)))
        syntax(t, "Nothing to repeat");
    t->at++;
    switch (u) {
    case '^':
        *assertion = true;
        return line_start(t);
    case '$':
        *assertion = true;
        return line_end(t);
    case '.':
        put_text(t, "[^\\n\\r\\x{2028}\\x{2029}]");
        return one_unit();
    case '[':
        character_class(t);
        return one_unit();
    case '\\':
        return atom_escape(t, assertion);
    default:
        return literal(t, (uint32_t)u);
    }
}

static struct part term(struct translator *t, const struct nest *nest)
{
    if (peek(t, 0) == '(')
        return quantified_group(t, nest);
    struct quantifier q;
    bool assertion = false;
    struct part p = atom(t, &assertion);
    size_t at = t->at;
    if (!read_quantifier(t, &q))
        return p;
    if (assertion) {
        t->at = at;
        syntax(t, "Nothing to repeat");
    }
    check_loop(t, p, &q);
    put_quantifier(t, &q);
    p.nullable |= q.least == 0;
    p.eager &= !q.lazy;
    return p;
}

static bool has_alternatives(const struct translator *t)
{
    size_t depth = 0;
    bool in_class = false;
    for (size_t i = t->at; i < t->in.count; i++) {
        uint16_t u = t->in.units[i];
        if (u == '\\')
            i++;
        else if (in_class)
            in_class = u != ']';
        else if (u == '[')
            in_class = true;
        else if (u == '(')
            depth++;
        else if (u == ')' && depth-- == 0)
            return false;
        else if (u == '|' && depth == 0)
            return true;
    }
    return false;
}

static struct part alternative(struct translator *t, const struct nest *nest)
{
    struct part all = nothing();
    while (more(t) && peek(t, 0) != '|' && peek(t, 0) != ')') {
        struct part p = term(t, nest);
        all.nullable &= p.nullable;
        all.eager &= p.eager;
        all.captures |= p.captures;
    }
    return all;
}

static struct part disjunction(struct translator *t, const struct nest *nest)
{
    struct nest inside = {nest, false, has_alternatives(t), 0};
    struct part all = alternative(t, &inside);
    while (take(t, '|')) {
        put(t, '|');
        if (all.nullable)
            all.eager = false; /* nothing is tried before what follows */
        struct part p = alternative(t, &inside);
        all.nullable |= p.nullable;
        all.eager &= p.eager;
        all.captures |= p.captures;
    }
    return all;
}

/* Counts the capturing groups and reads their names, which references may use before them. */
static void survey(struct translator *t)
{
    bool in_class = false;
    size_t room = 1;
    for (size_t i = 0; i < t->in.count; i++)
        room += t->in.units[i] == '(';
    t->names = ASLRT_NEW_ARRAY(t->arena, struct aslrt_value, room);
    t->groups = ASLRT_NEW_ARRAY(t->arena, struct regex_group, room);
    t->group_closed = ASLRT_NEW_ARRAY(t->arena, bool, room);
    t->group_in_doubt = ASLRT_NEW_ARRAY(t->arena, bool, room);
    for (t->at = 0; more(t); t->at++) {
        int32_t u = peek(t, 0);
        if (u == '\\') {
            t->at++;
        } else if (in_class) {
            in_class = u != ']';
        } else if (u == '[') {
            in_class = true;
        } else if (u == '(') {
            bool named =
                peek(t, 1) == '?' && peek(t, 2) == '<' && peek(t, 3) != '=' && peek(t, 3) != '!';
            if (peek(t, 1) == '?' && !named)
                continue;
            t->total++;
            if (named) {
                size_t start = t->at;
                t->has_names = true;
                t->at += 2;
                t->names[t->total] = group_name(t);
                t->at = start + 2;
            }
        }
    }
    t->at = 0;
}

bool aslrt_regex_translate(struct aslrt_arena *arena, struct aslrt_units pattern, unsigned flags,
                           struct regex_pattern *out, const char **why, bool *is_syntax)
{
    struct translator *t = ASLRT_NEW(arena, struct translator);
    t->arena = arena;
    t->in = pattern;
    t->flags = flags;
    if (setjmp(t->fail) != 0) {
        *why = t->why;
        *is_syntax = t->syntax;
        return false;
    }
    survey(t);
    disjunction(t, NULL);
    if (more(t))
        syntax(t, "Unmatched ')'");
    *out = (struct regex_pattern){t->out, t->out_count, t->total, t->groups};
    return true;
}
