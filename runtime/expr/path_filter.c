/*
 * path_filter.c - filters of JSONPath, [?(...)], and the functions at the end of a path.
 *
 * As Jayway's library has them: a number and a string compare as equal when one reads as the other;
 * order exists between two numbers or two strings; what can't be compared is false, never a fault.
 */
#include "runtime/base/buffer.h"
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/expr/path_int.h"

#include <math.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* ---- operands ---- */

static struct aslrt_value number_text(struct aslrt_path_text text)
{
    struct aslrt_value v = aslrt_of_kind(ASLRT_NUMBER);
    v.count = text.count;
    v.as.bytes = text.bytes;
    return v;
}

/* The value of an operand; undefined when a path names nothing. */
static struct aslrt_value operand(const struct aslrt_term *t, const struct aslrt_path_scope *scope,
                                  struct aslrt_value item)
{
    switch (t->kind) {
    case ASLRT_TERM_PATH: {
        struct aslrt_path_scope inner = *scope;
        struct aslrt_path_fault fault;
        struct aslrt_value v;
        if (t->path->root == ASLRT_ROOT_ITEM)
            inner.input = item;
        return aslrt_path_walk(t->path, &inner, &v, &fault) ? v : aslrt_undefined();
    }
    case ASLRT_TERM_STRING:
    case ASLRT_TERM_WORD:
    case ASLRT_TERM_PATTERN:
        return aslrt_string(t->text.bytes, t->text.count);
    case ASLRT_TERM_NUMBER:
        return number_text(t->text);
    case ASLRT_TERM_TRUE:
    case ASLRT_TERM_FALSE:
        return aslrt_bool(t->kind == ASLRT_TERM_TRUE);
    case ASLRT_TERM_NULL:
        return aslrt_null();
    case ASLRT_TERM_LIST: {
        struct aslrt_array_builder b = aslrt_array_in(scope->arena);
        for (uint32_t i = 0; i < t->argument_count; i++)
            aslrt_array_add(&b, operand(t->arguments[i], scope, item));
        return aslrt_array_done(&b);
    }
    case ASLRT_TERM_CALL:
        break;
    }
    return aslrt_undefined();
}

/* ---- comparisons ---- */

/* The number that a string is, all of it. */
static bool read_number(struct aslrt_arena *arena, struct aslrt_value v, double *out)
{
    struct aslrt_value number;
    if (aslrt_is_number(v)) {
        *out = aslrt_to_double(v);
        return true;
    }
    if (v.kind != ASLRT_STRING ||
        aslrt_json_read(arena, v.as.bytes, v.count, &number, NULL) != ASLRT_OK ||
        !aslrt_is_number(number))
        return false;
    *out = aslrt_to_double(number);
    return true;
}

static bool equal(const struct aslrt_path_scope *scope, struct aslrt_value a, struct aslrt_value b)
{
    if (a.kind == ASLRT_UNDEFINED || b.kind == ASLRT_UNDEFINED)
        return false;
    double x, y;
    if (aslrt_is_number(a) != aslrt_is_number(b))
        return (a.kind == ASLRT_STRING || b.kind == ASLRT_STRING) &&
               read_number(scope->arena, a, &x) && read_number(scope->arena, b, &y) && x == y;
    return aslrt_equal(a, b);
}

static int sign(double d)
{
    return (d > 0) - (d < 0);
}

/* Whether there is an order, and then a's place against b in *order: -1, 0, 1. */
static bool compare(struct aslrt_value a, struct aslrt_value b, int *order)
{
    if (aslrt_is_number(a) && aslrt_is_number(b)) {
        *order = sign(aslrt_to_double(a) - aslrt_to_double(b));
        return true;
    }
    if (a.kind != ASLRT_STRING || b.kind != ASLRT_STRING)
        return false;
    uint32_t shorter = a.count < b.count ? a.count : b.count;
    *order = memcmp(a.as.bytes, b.as.bytes, shorter);
    if (*order == 0)
        *order = (a.count > b.count) - (a.count < b.count);
    return true;
}

static bool is_in(const struct aslrt_path_scope *scope, struct aslrt_value v,
                  struct aslrt_value list)
{
    for (uint32_t i = 0; i < list.count && list.kind == ASLRT_ARRAY; i++)
        if (equal(scope, v, list.as.items[i]))
            return true;
    return false;
}

/* How many of the elements of `list` are in `other`. */
static uint32_t shared(const struct aslrt_path_scope *scope, struct aslrt_value list,
                       struct aslrt_value other)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < list.count && list.kind == ASLRT_ARRAY; i++)
        n += is_in(scope, list.as.items[i], other);
    return n;
}

static bool contains(const struct aslrt_path_scope *scope, struct aslrt_value v,
                     struct aslrt_value part)
{
    if (v.kind == ASLRT_ARRAY)
        return is_in(scope, part, v);
    if (v.kind != ASLRT_STRING || part.kind != ASLRT_STRING)
        return false;
    for (uint32_t i = 0; i + part.count <= v.count; i++)
        if (memcmp(v.as.bytes + i, part.as.bytes, part.count) == 0)
            return true;
    return false;
}

/* "/pattern/flags": whether the whole text matches, as java.util.regex has it. */
static bool matches(struct aslrt_value text, struct aslrt_path_text pattern)
{
    const char *start = pattern.bytes + 1;
    const char *end = strrchr(pattern.bytes, '/');
    if (text.kind != ASLRT_STRING || pattern.count < 2 || end < start)
        return false;
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    for (const char *flag = end + 1; *flag != '\0'; flag++)
        options |= *flag == 'i'   ? PCRE2_CASELESS
                   : *flag == 's' ? PCRE2_DOTALL
                   : *flag == 'm' ? PCRE2_MULTILINE
                   : *flag == 'x' ? PCRE2_EXTENDED
                                  : 0;
    int error;
    PCRE2_SIZE offset;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)start, (PCRE2_SIZE)(end - start), options, &error, &offset, NULL);
    if (code == NULL)
        return false;
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int found = data == NULL
                    ? -1
                    : pcre2_match(code, (PCRE2_SPTR)text.as.bytes, text.count, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return found >= 0;
}

static bool has_size(struct aslrt_value v, struct aslrt_value size)
{
    int64_t n;
    return (v.kind == ASLRT_ARRAY || v.kind == ASLRT_STRING) && aslrt_to_int(size, &n) &&
           n == v.count;
}

static bool is_empty(struct aslrt_value v, struct aslrt_value wanted)
{
    return (v.kind == ASLRT_ARRAY || v.kind == ASLRT_STRING || v.kind == ASLRT_OBJECT) &&
           wanted.kind == ASLRT_BOOL && wanted.as.boolean == (v.count == 0);
}

static bool holds(const struct aslrt_filter *f, const struct aslrt_path_scope *scope,
                  struct aslrt_value item)
{
    struct aslrt_value a = operand(f->left, scope, item), b = operand(f->right, scope, item);
    const char *op = f->op.bytes;
    int order;
    if (strcmp(op, "==") == 0 || strcmp(op, "===") == 0)
        return equal(scope, a, b);
    if (strcmp(op, "!=") == 0 || strcmp(op, "!==") == 0)
        return !equal(scope, a, b);
    if (strcmp(op, "<") == 0)
        return compare(a, b, &order) && order < 0;
    if (strcmp(op, "<=") == 0)
        return compare(a, b, &order) && order <= 0;
    if (strcmp(op, ">") == 0)
        return compare(a, b, &order) && order > 0;
    if (strcmp(op, ">=") == 0)
        return compare(a, b, &order) && order >= 0;
    if (strcmp(op, "=~") == 0)
        return f->right->kind == ASLRT_TERM_PATTERN && matches(a, f->right->text);
    if (strcmp(op, "in") == 0)
        return is_in(scope, a, b);
    if (strcmp(op, "nin") == 0)
        return !is_in(scope, a, b);
    if (strcmp(op, "contains") == 0)
        return contains(scope, a, b);
    if (strcmp(op, "size") == 0)
        return has_size(a, b);
    if (strcmp(op, "empty") == 0)
        return is_empty(a, b);
    if (strcmp(op, "anyof") == 0)
        return shared(scope, a, b) != 0;
    if (strcmp(op, "noneof") == 0)
        return a.kind == ASLRT_ARRAY && shared(scope, a, b) == 0;
    if (strcmp(op, "subsetof") == 0 || strcmp(op, "all") == 0)
        return a.kind == ASLRT_ARRAY &&
               (op[0] == 's' ? shared(scope, a, b) == a.count : shared(scope, b, a) == b.count);
    return false;
}

bool aslrt_filter_takes(const struct aslrt_filter *f, const struct aslrt_path_scope *scope,
                        struct aslrt_value item)
{
    switch (f->kind) {
    case ASLRT_FILTER_OR:
        return aslrt_filter_takes(f->a, scope, item) || aslrt_filter_takes(f->b, scope, item);
    case ASLRT_FILTER_AND:
        return aslrt_filter_takes(f->a, scope, item) && aslrt_filter_takes(f->b, scope, item);
    case ASLRT_FILTER_NOT:
        return !aslrt_filter_takes(f->a, scope, item);
    case ASLRT_FILTER_EXISTS:
        return operand(f->left, scope, item).kind != ASLRT_UNDEFINED;
    case ASLRT_FILTER_COMPARE:
        break;
    }
    return holds(f, scope, item);
}

/* ---- functions at the end of a path ---- */

/* The library computes with doubles and gives one, "15.0", where integers would do, too. */
static struct aslrt_value real(struct aslrt_arena *arena, double d)
{
    if (d != floor(d) || !(fabs(d) < 1e7))
        return aslrt_double(d);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, "%.1f", d);
    struct aslrt_value v = aslrt_string(b.bytes, (uint32_t)b.count);
    v.kind = ASLRT_NUMBER;
    return v;
}

static bool statistics(struct aslrt_arena *arena, const char *name, struct aslrt_value list,
                       struct aslrt_value *out)
{
    double sum = 0, squares = 0, least = 0, most = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < list.count; i++) {
        if (!aslrt_is_number(list.as.items[i]))
            continue;
        double d = aslrt_to_double(list.as.items[i]);
        least = n == 0 || d < least ? d : least;
        most = n == 0 || d > most ? d : most;
        sum += d;
        squares += d * d;
        n++;
    }
    if (n == 0)
        return false;
    double mean = sum / n;
    if (strcmp(name, "min") == 0)
        *out = real(arena, least);
    else if (strcmp(name, "max") == 0)
        *out = real(arena, most);
    else if (strcmp(name, "sum") == 0)
        *out = real(arena, sum);
    else if (strcmp(name, "avg") == 0)
        *out = real(arena, mean);
    else if (strcmp(name, "stddev") == 0)
        *out = real(arena, sqrt(squares / n - mean * mean));
    else
        return false;
    return true;
}

static struct aslrt_value keys_of(struct aslrt_arena *arena, struct aslrt_value object)
{
    struct aslrt_array_builder b = aslrt_array_in(arena);
    for (uint32_t i = 0; i < object.count; i++)
        aslrt_array_add(&b, object.as.members[i].key);
    return aslrt_array_done(&b);
}

bool aslrt_path_function(const struct aslrt_path_step *s, const struct aslrt_path_scope *scope,
                         struct aslrt_value v, struct aslrt_value *out)
{
    const char *name = s->text.bytes;
    if (strcmp(name, "length") == 0 || strcmp(name, "size") == 0) {
        if (v.kind != ASLRT_ARRAY && v.kind != ASLRT_OBJECT && v.kind != ASLRT_STRING)
            return false;
        *out = aslrt_int(v.count);
        return true;
    }
    if (strcmp(name, "keys") == 0 && v.kind == ASLRT_OBJECT) {
        *out = keys_of(scope->arena, v);
        return true;
    }
    if (v.kind != ASLRT_ARRAY)
        return false;
    if (v.count != 0 && (strcmp(name, "first") == 0 || strcmp(name, "last") == 0)) {
        *out = v.as.items[name[0] == 'f' ? 0 : v.count - 1];
        return true;
    }
    return statistics(scope->arena, name, v, out);
}
