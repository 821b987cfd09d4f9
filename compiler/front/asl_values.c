/*
 * asl_values.c - values of fields that are neither payloads nor paths; see asl_values.def.
 *
 * In a JSONata state most of them may be an expression instead (spec: JSONata, fields).
 */
#include "compiler/front/asl_int.h"

#include "compiler/base/suggest.h"

#include <stdlib.h>

const struct asl_value asl_values[ASL_VALUE_COUNT] = {
#define ASL_VALUE(kind, check, low, high, words) {asl_check_##check, low, high, words},
#include "compiler/front/asl_values.def"
#undef ASL_VALUE
};

void asl_wrong_type(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                    const char *expected)
{
    const char *key = at->key != NULL ? at->key : at->up->key;
    struct diag *d = asl_begin(r, at, DIAG_ASL_FIELD_TYPE, value->span, "'%s' takes %s, not %s",
                               key, expected, asl_kind_name(value));
    if (strcmp(expected, "a string") == 0)
        diag_service(d, 0, "Expected value of type [STRING]");
    if (value->kind == J_STRING && value->count > 0 && strstr(expected, "number") != NULL &&
        strspn(value->text, "0123456789") == value->count)
        diag_fix(d, value->span, true, "%s", value->text);
    else if (value->kind == J_STRING && strstr(expected, "true") != NULL &&
             (strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0))
        diag_fix(d, value->span, true, "%s", value->text);
    diag_end(d);
}

void asl_check_anything(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                        const struct asl_value *row)
{
    (void)r, (void)at, (void)value, (void)row;
}

void asl_check_static_text(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                           const struct asl_value *row)
{
    (void)row;
    if (value->kind != J_STRING)
        asl_wrong_type(r, at, value, "a string");
}

void asl_check_boolean(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                       const struct asl_value *row)
{
    (void)row;
    if (value->kind != J_BOOL)
        asl_wrong_type(r, at, value, "true or false");
}

void asl_check_object(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                      const struct asl_value *row)
{
    (void)row;
    if (value->kind != J_OBJECT)
        asl_wrong_type(r, at, value, "an object");
}

void asl_check_list(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                    const struct asl_value *row)
{
    (void)row;
    if (value->kind != J_ARRAY)
        asl_wrong_type(r, at, value, "an array");
}

void asl_check_text_list(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                         const struct asl_value *row)
{
    (void)row;
    if (value->kind != J_ARRAY) {
        asl_wrong_type(r, at, value, "an array of strings");
        return;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        struct asl_at here = asl_index(at, i);
        if (value->items[i]->kind != J_STRING && !jnode_is_opaque(value->items[i]))
            asl_wrong_type(r, &here, value->items[i], "an array of strings");
    }
}

/* The service calls it NO_PATH: a value that looks like a path where none is read. */
static void warn_no_path(struct asl_reader *r, const struct asl_at *at, const struct jnode *value)
{
    if (at->language == IR_JSONATA ||
        (strncmp(value->text, "$.", 2) != 0 && strncmp(value->text, "$$.", 3) != 0))
        return;
    struct diag *d = asl_begin(r, at, DIAG_ASL_NO_PATH, value->span,
                               "'%s' does not read the path '%s': it takes the text as it is",
                               at->key, value->text);
    diag_help(d, "write '%sPath' to read it", at->key);
    diag_end(d);
}

void asl_check_text(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                    const struct asl_value *row)
{
    (void)row;
    if (asl_took_jsonata(r, at, value))
        return;
    if (value->kind != J_STRING)
        asl_wrong_type(r, at, value, "a string");
    else
        warn_no_path(r, at, value);
}

void asl_check_items(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                     const struct asl_value *row)
{
    if (asl_took_jsonata(r, at, value))
        return;
    if (value->kind == J_ARRAY || value->kind == J_OBJECT)
        asl_check_payload(r, at, value, row);
    else
        asl_wrong_type(r, at, value, "an array or an expression");
}

/* ---- numbers ---- */

static void check_bounds(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                         const struct asl_value *row)
{
    double x = strtod(value->text, NULL);
    const char *key = at->key;
    if (x >= row->low && x <= row->high)
        return;
    bool low = x < row->low;
    double bound = low ? row->low : row->high;
    struct diag *d = asl_begin(r, at, DIAG_ASL_FIELD_VALUE, value->span, "'%s' must be %.17g or %s",
                               key, bound, low ? "more" : "less");
    diag_service(d, 0, "%s value is %.17g", low ? "Minimum" : "Maximum", bound);
    diag_end(d);
}

void asl_check_integer(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                       const struct asl_value *row)
{
    if (asl_took_jsonata(r, at, value))
        return;
    if (value->kind != J_NUMBER)
        asl_wrong_type(r, at, value, "a whole number");
    else if (strpbrk(value->text, ".eE") != NULL)
        asl_report(r, at, DIAG_ASL_FIELD_TYPE, value->span, "'%s' takes a whole number", at->key);
    else
        check_bounds(r, at, value, row);
}

void asl_check_number(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                      const struct asl_value *row)
{
    if (asl_took_jsonata(r, at, value))
        return;
    if (value->kind != J_NUMBER)
        asl_wrong_type(r, at, value, "a number");
    else
        check_bounds(r, at, value, row);
}

/* ---- words ---- */

/* True when `word` is one of `words`. */
static bool among(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *w = words; *w != '\0'; w += strcspn(w, " "), w += *w == ' ') {
        if (strcspn(w, " ") == n && strncmp(w, word, n) == 0)
            return true;
    }
    return false;
}

void asl_check_word(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                    const struct asl_value *row)
{
    if (value->kind != J_STRING) {
        asl_wrong_type(r, at, value, "a string");
        return;
    }
    if (among(row->words, value->text) || asl_has_placeholder(value))
        return;
    const char *list[8];
    uint32_t count = 0;
    for (const char *w = row->words; *w != '\0' && count < 8; w += strcspn(w, " "), w += *w == ' ')
        list[count++] = aslrt_copy_text(r->arena, w, strcspn(w, " "));
    struct aslrt_buffer b = aslrt_buffer_in(r->arena);
    for (uint32_t i = 0; i < count; i++)
        aslrt_buffer_format(&b, "%s'%s'", i == 0 ? "" : i + 1 == count ? " or " : ", ", list[i]);
    struct diag *d = asl_begin(r, at, DIAG_ASL_FIELD_VALUE, value->span, "'%s' is %s, not '%s'",
                               at->key, aslrt_buffer_close(&b), value->text);
    const char *near = suggest(value->text, list, count);
    if (near != NULL)
        diag_fix(d, value->span, false, "\"%s\"", near);
    diag_end(d);
}

/* ---- timestamps ---- */

/* Reads `count` digits as a number within [low, high]; NULL when they aren't there. */
static const char *digits(const char *p, unsigned count, unsigned low, unsigned high)
{
    unsigned x = 0;
    for (unsigned i = 0; i < count; i++, p++) {
        if (*p < '0' || *p > '9')
            return NULL;
        x = x * 10 + (unsigned)(*p - '0');
    }
    return x >= low && x <= high ? p : NULL;
}

static const char *literal(const char *p, char c)
{
    return p != NULL && *p == c ? p + 1 : NULL;
}

static unsigned number(const char *digits, unsigned count)
{
    unsigned n = 0;
    for (unsigned i = 0; i < count; i++)
        n = n * 10 + (unsigned)(digits[i] - '0');
    return n;
}

/* True when the month has that day; `p` is a timestamp as far as its day. */
static bool day_exists(const char *p)
{
    static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned year = number(p, 4), month = number(p + 5, 2), day = number(p + 8, 2);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] && (month != 2 || day < 29 || leap);
}

bool asl_is_timestamp(const char *p)
{
    const char *start = p;
    static const struct {
        unsigned count, low, high;
        char before;
    } parts[] = {{4, 0, 9999, 0}, {2, 1, 12, '-'}, {2, 1, 31, '-'},
                 {2, 0, 23, 'T'}, {2, 0, 59, ':'}, {2, 0, 60, ':'}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (i != 0 && (p = literal(p, parts[i].before)) == NULL)
            return false;
        if ((p = digits(p, parts[i].count, parts[i].low, parts[i].high)) == NULL)
            return false;
    }
    if (!day_exists(start))
        return false;
    if (*p == '.') {
        size_t n = strspn(p + 1, "0123456789");
        if (n == 0)
            return false;
        p += 1 + n;
    }
    if (*p == 'Z')
        return p[1] == '\0';
    if (*p != '+' && *p != '-')
        return false;
    p = digits(p + 1, 2, 0, 23);
    p = literal(p, ':');
    p = p == NULL ? NULL : digits(p, 2, 0, 59);
    return p != NULL && *p == '\0';
}

void asl_check_timestamp(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                         const struct asl_value *row)
{
    (void)row;
    if (asl_took_jsonata(r, at, value))
        return;
    if (value->kind != J_STRING) {
        asl_wrong_type(r, at, value, "a string");
        return;
    }
    if (asl_is_timestamp(value->text) || asl_has_placeholder(value))
        return;
    struct diag *d = asl_begin(r, at, DIAG_ASL_TIMESTAMP, value->span,
                               "'%s' is not a timestamp as in '2026-03-14T01:59:00Z'", value->text);
    diag_service(d, 0, "String does not match RFC3339 timestamp");
    if (value->text[0] == '$')
        diag_help(d, "to read it from a path, write '%sPath'", at->key);
    else
        diag_help(d,
                  "date and time are joined by 'T' and end in 'Z' or an offset such as '+02:00'");
    diag_end(d);
}
