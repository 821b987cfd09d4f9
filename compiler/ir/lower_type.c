/*
 * lower_type.c - values of the language's types, as JSONata: checked, normalised, encoded, decoded.
 *
 * In: a type and a piece of JSONata that gives a value.  Out: JSONata; patterns; JSON Schema;
 * bounds. The four directions of one type stand side by side, because they must agree: whatever
 * lower_valid lets in, lower_encode stores, and lower_decode gives back as it was. Measured traps
 * that the texts avoid (facts: jsonata 2.0.6): $map over one element unwraps, so lists are always
 * [$map(...)]; $string of a text is the text itself, so `any` is stored inside an object.
 */
#include "compiler/ir/lower_int.h"

#include <stdlib.h>

#define DIGIT_LIMIT 999999999999999 /* what $string keeps: 15 digits */

#define LEAP_YEAR "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
#define DATE                                                                                       \
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|"        \
    "[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|" LEAP_YEAR "-02-29)"

const char *lower_pattern(struct lower *l, const struct type *t)
{
    switch (t->kind) {
    case TYPE_UUID:
        return "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
    case TYPE_ULID:
        return "^[0-7][0-9A-HJKMNP-TV-Z]{25}$";
    case TYPE_DATE:
        return "^" DATE "$";
    case TYPE_TIMESTAMP:
        return "^" DATE "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?"
               "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$";
    case TYPE_LONG:
        return "^(?:0|-?[1-9][0-9]{0,37})$";
    case TYPE_DECIMAL: {
        uint32_t before = t->precision - t->scale;
        const char *whole = before == 0   ? "0"
                            : before == 1 ? "[0-9]"
                                          : lower_format(l, "(?:0|[1-9][0-9]{0,%u})", before - 1);
        /* Zero has no sign: DynamoDB gives it back without. */
        if (t->scale == 0)
            return lower_format(l, "^(?!-0$)-?%s$", whole);
        return lower_format(l, "^(?!-0(?:\\.0*)?$)-?%s(?:\\.[0-9]{1,%u})?$", whole, t->scale);
    }
    case TYPE_STRING:
        return t->pattern == NULL ? NULL : lower_format(l, "^(?:%s)$", t->pattern);
    default:
        return NULL;
    }
}

/* A pattern as a JSONata regular expression; a bare slash would end it, and templatefile() would
   take
   ${ and %{ for its own. */
static const char *regex(struct lower *l, const char *pattern)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_char(&b, '/');
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p == '\\' && p[1] != '\0') {
            aslrt_buffer_char(&b, *p++);
        } else if (*p == '/') {
            aslrt_buffer_char(&b, '\\');
        } else if ((*p == '$' || *p == '%') && p[1] == '{') {
            aslrt_buffer_text(&b, *p == '$' ? "(?:$)" : "\\x25");
            continue;
        }
        aslrt_buffer_char(&b, *p);
    }
    aslrt_buffer_char(&b, '/');
    return aslrt_buffer_close(&b);
}

/* A variable name that no enclosing lambda uses: the depth is how many of them `x` is inside. */
static const char *element_name(struct lower *l, const char *x)
{
    unsigned depth = 0;
    if (x[0] == '$' && x[1] == 'e' && x[2] >= '0' && x[2] <= '9')
        depth = (unsigned)strtoul(x + 2, NULL, 10) + 1;
    return lower_format(l, "$e%u", depth);
}

/* The list of what `body` makes of each element; `e` names the element in it.  An array constructor
   takes the elements of a list that is its only member, and $map of one element gives that element:
   a list whose elements may be lists themselves is put together by hand then. */
static const char *mapped(struct lower *l, const struct type *element, const char *list,
                          const char *e, const char *body)
{
    if (element->kind != TYPE_LIST && element->kind != TYPE_ANY)
        return lower_format(l, "[$map(%s, function(%s) { %s })]", list, e, body);
    return lower_format(l,
                        "($m := $map(%s, function(%s) { %s }); $count(%s) = 1 and $type($m) = "
                        "'array' ? [[$m]] : [$m])",
                        list, e, body, list);
}

/* ---- valid ---- */

static const char *valid_record(struct lower *l, const struct record *r, const char *x)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    const char *e = element_name(l, x);
    aslrt_buffer_format(&b,
                        "$type(%s) = 'object' and $count($filter($keys(%s), function(%s) { "
                        "$not(%s in [",
                        x, x, e, e);
    for (uint32_t i = 0; i < r->field_count; i++)
        aslrt_buffer_format(&b, "%s%s", i == 0 ? "" : ", ", lower_quote(l, r->fields[i]->name));
    aslrt_buffer_text(&b, "]) })) = 0");
    for (uint32_t i = 0; i < r->field_count; i++) {
        const struct field *f = r->fields[i];
        const char *v = lower_path(l, x, f->name);
        const char *valid = lower_valid(l, f->type, v);
        if (f->type->optional)
            aslrt_buffer_format(&b, " and ($not($exists(%s)) or %s = null or (%s))", v, v, valid);
        else if (f->value != NULL)
            aslrt_buffer_format(&b, " and ($not($exists(%s)) or (%s))", v, valid);
        else
            aslrt_buffer_format(&b, " and (%s)", valid);
    }
    return aslrt_buffer_close(&b);
}

static const char *valid_list(struct lower *l, const struct type *t, const char *x)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    const char *e = element_name(l, x);
    aslrt_buffer_format(&b, "$type(%s) = 'array'", x);
    if (t->has_low && t->low > 0)
        aslrt_buffer_format(&b, " and $count(%s) >= %lld", x, (long long)t->low);
    if (t->has_high)
        aslrt_buffer_format(&b, " and $count(%s) <= %lld", x, (long long)t->high);
    aslrt_buffer_format(&b, " and $not(false in $map(%s, function(%s) { %s }))", x, e,
                        lower_valid(l, t->element, e));
    if (t->distinct_by != NULL) {
        const char *by = t->distinct_by[0] == '\0' ? x : lower_path(l, x, t->distinct_by);
        aslrt_buffer_format(&b, " and $count($distinct(%s)) = $count(%s)", by, x);
    }
    return aslrt_buffer_close(&b);
}

static const char *valid_number(struct lower *l, const struct type *t, const char *x)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_format(&b, "$type(%s) = 'number'", x);
    if (t->kind == TYPE_INT) {
        long long low = t->has_low ? (long long)t->low : -DIGIT_LIMIT;
        long long high = t->has_high ? (long long)t->high : DIGIT_LIMIT;
        aslrt_buffer_format(&b, " and $floor(%s) = %s and %s >= %lld and %s <= %lld", x, x, x, low,
                            x, high);
    } else {
        aslrt_buffer_format(&b, " and %s >= %s and %s <= %s", x,
                            t->low_text != NULL ? t->low_text : "-9.9e125", x,
                            t->high_text != NULL ? t->high_text : "9.9e125");
    }
    return aslrt_buffer_close(&b);
}

/* " and x >= bound" or " and x <= bound" of a long, whose text is its only one.  A bound that a
   double holds is compared as a number: rounding x can't carry it over.  A longer one is compared
   as text: of two numbers with the same sign the one with more digits is farther from zero, and of
   two with as many the one whose text is greater. */
static void valid_bound(struct aslrt_buffer *b, const char *x, char sign, const char *bound)
{
    bool negative = bound[0] == '-';
    size_t n = strlen(bound);
    if (n - negative <= DOUBLE_DIGITS)
        aslrt_buffer_format(b, " and $number(%s) %c= %s", x, sign, bound);
    else if (negative == (sign == '>')) /* from the bound to zero, and all beyond zero */
        aslrt_buffer_format(
            b, " and (%s %s '0' or $length(%s) < %zu or $length(%s) = %zu and %s <= '%s')", x,
            negative ? ">=" : "<", x, n, x, n, x, bound);
    else
        aslrt_buffer_format(
            b, " and %s %s '0' and ($length(%s) > %zu or $length(%s) = %zu and %s >= '%s')", x,
            negative ? "<" : ">=", x, n, x, n, x, bound);
}

static const char *valid_text(struct lower *l, const struct type *t, const char *x)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_format(&b, "$type(%s) = 'string'", x);
    if (t->kind == TYPE_STRING && t->has_low && t->low > 0)
        aslrt_buffer_format(&b, " and $length(%s) >= %lld", x, (long long)t->low);
    if (t->kind == TYPE_STRING && t->has_high)
        aslrt_buffer_format(&b, " and $length(%s) <= %lld", x, (long long)t->high);
    const char *pattern = lower_pattern(l, t);
    if (pattern != NULL)
        aslrt_buffer_format(&b, " and $contains(%s, %s)", x, regex(l, pattern));
    if (t->low_text != NULL)
        valid_bound(&b, x, '>', t->low_text);
    if (t->high_text != NULL)
        valid_bound(&b, x, '<', t->high_text);
    return aslrt_buffer_close(&b);
}

static const char *valid_enum(struct lower *l, const struct type *t, const char *x)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_format(&b, "$type(%s) = 'string' and %s in [", x, x);
    for (uint32_t i = 0; i < t->enumeration->count; i++)
        aslrt_buffer_format(&b, "%s%s", i == 0 ? "" : ", ",
                            lower_quote(l, t->enumeration->members[i]));
    aslrt_buffer_char(&b, ']');
    return aslrt_buffer_close(&b);
}

const char *lower_valid(struct lower *l, const struct type *t, const char *x)
{
    switch (t->kind) {
    case TYPE_INT:
    case TYPE_NUMBER:
        return valid_number(l, t, x);
    case TYPE_BOOL:
        return lower_format(l, "$type(%s) = 'boolean'", x);
    case TYPE_ENUM:
        return valid_enum(l, t, x);
    case TYPE_RECORD:
        return valid_record(l, t->record, x);
    case TYPE_LIST:
        return valid_list(l, t, x);
    case TYPE_ANY:
        if (t->has_high)
            return lower_format(l, "$exists(%s) and %s != null and $length($string(%s)) <= %lld", x,
                                x, x, (long long)t->high);
        return lower_format(l, "$exists(%s) and %s != null", x, x);
    default:
        return valid_text(l, t, x);
    }
}

/* "1 to 5 characters", "at most 5 characters", or "" without a range. */
static const char *range_words(struct lower *l, const struct type *t, const char *of,
                               const char *unit)
{
    if (t->has_low && t->has_high && t->low == t->high)
        return lower_format(l, "%s%lld%s", of, (long long)t->low, unit);
    if (t->has_low && t->has_high)
        return lower_format(l, "%s%lld to %lld%s", of, (long long)t->low, (long long)t->high, unit);
    if (t->has_high)
        return lower_format(l, "%sat most %lld%s", of, (long long)t->high, unit);
    if (t->has_low && t->low != 0)
        return lower_format(l, "%sat least %lld%s", of, (long long)t->low, unit);
    return "";
}

const char *lower_requirement(struct lower *l, const struct type *t)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    switch (t->kind) {
    case TYPE_STRING:
        aslrt_buffer_format(&b, "text%s%s", range_words(l, t, " of ", " characters"),
                            t->pattern != NULL ? " in the form that the API describes" : "");
        break;
    case TYPE_INT:
        aslrt_buffer_format(&b, "an integer%s", range_words(l, t, " from ", ""));
        break;
    case TYPE_NUMBER:
        aslrt_buffer_text(&b, "a number");
        if (t->low_text != NULL)
            aslrt_buffer_format(&b, " from %s", t->low_text);
        if (t->high_text != NULL)
            aslrt_buffer_format(&b, " up to %s", t->high_text);
        break;
    case TYPE_LONG:
        aslrt_buffer_text(&b, "text of up to 38 digits");
        if (t->low_text != NULL)
            aslrt_buffer_format(&b, " from %s", t->low_text);
        if (t->high_text != NULL)
            aslrt_buffer_format(&b, " up to %s", t->high_text);
        break;
    case TYPE_DECIMAL:
        aslrt_buffer_format(&b, "text of up to %u digits, %u of them behind the point",
                            t->precision, t->scale);
        break;
    case TYPE_BOOL:
        aslrt_buffer_text(&b, "true or false");
        break;
    case TYPE_UUID:
        aslrt_buffer_text(&b, "a UUID in lower case");
        break;
    case TYPE_ULID:
        aslrt_buffer_text(&b, "a ULID");
        break;
    case TYPE_TIMESTAMP:
        aslrt_buffer_text(&b, "a time such as 2026-01-31T12:00:00Z");
        break;
    case TYPE_DATE:
        aslrt_buffer_text(&b, "a day such as 2026-01-31");
        break;
    case TYPE_ENUM:
        aslrt_buffer_text(&b, "one of ");
        for (uint32_t i = 0; i < t->enumeration->count; i++)
            aslrt_buffer_format(&b, "%s%s", i == 0 ? "" : ", ", t->enumeration->members[i]);
        break;
    case TYPE_RECORD:
        aslrt_buffer_format(&b, "an object as %s describes it", t->record->name);
        break;
    case TYPE_LIST:
        aslrt_buffer_format(&b, "a list%s, each %s", range_words(l, t, " of ", " elements"),
                            lower_requirement(l, t->element));
        if (t->distinct_by != NULL)
            aslrt_buffer_format(&b, ", no two with the same %s",
                                t->distinct_by[0] == '\0' ? "value" : t->distinct_by);
        break;
    default:
        aslrt_buffer_text(&b, "JSON other than null");
        break;
    }
    return aslrt_buffer_close(&b);
}

/* ---- normal form ---- */

/* True when values of the type are kept otherwise than as they are sent: members that are null left
   out, defaults filled in, times in UTC so that text sorts as time does, decimals with all places.
 */
static bool has_normal_form(const struct type *t)
{
    if (t->kind == TYPE_LIST)
        return has_normal_form(t->element);
    if (t->kind == TYPE_TIMESTAMP || t->kind == TYPE_DECIMAL)
        return true;
    if (t->kind != TYPE_RECORD)
        return false;
    for (uint32_t i = 0; i < t->record->field_count; i++) {
        const struct field *f = t->record->fields[i];
        if (f->type->optional || f->value != NULL || has_normal_form(f->type))
            return true;
    }
    return false;
}

/* Digits with all the places of the type: DynamoDB drops zeros at the end. */
static const char *decimal_text(struct lower *l, const struct type *t, const char *x)
{
    if (t->scale == 0)
        return x;
    return lower_format(l, "($p := $split(%s, '.'); $p[0] & '.' & $pad($p[1] & '', %u, '0'))", x,
                        t->scale);
}

const char *lower_utc(struct lower *l, const struct type *t, const char *x)
{
    return t->kind == TYPE_TIMESTAMP ? lower_format(l, "$fromMillis($toMillis(%s))", x) : x;
}

const char *lower_normal(struct lower *l, const struct type *t, const char *x)
{
    if (!has_normal_form(t))
        return x;
    if (t->kind == TYPE_TIMESTAMP)
        return lower_utc(l, t, x);
    if (t->kind == TYPE_DECIMAL)
        return decimal_text(l, t, x);
    if (t->kind == TYPE_LIST) {
        const char *e = element_name(l, x);
        return mapped(l, t->element, x, e, lower_normal(l, t->element, e));
    }
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_char(&b, '{');
    for (uint32_t i = 0; i < t->record->field_count; i++) {
        const struct field *f = t->record->fields[i];
        const char *v = lower_path(l, x, f->name);
        const char *normal = lower_normal(l, f->type, v);
        aslrt_buffer_format(&b, "%s%s: ", i == 0 ? "" : ", ", lower_quote(l, f->name));
        if (f->type->optional)
            aslrt_buffer_format(&b, "$exists(%s) and %s != null ? %s", v, v, normal);
        else if (f->value != NULL)
            aslrt_buffer_format(&b, "$exists(%s) ? %s : %s", v, normal,
                                lower_default(l, f, &(struct lower_names){0}));
        else
            aslrt_buffer_text(&b, normal);
    }
    aslrt_buffer_char(&b, '}');
    return aslrt_buffer_close(&b);
}

const char *lower_default(struct lower *l, const struct field *field,
                          const struct lower_names *names)
{
    const char *value = lower_expr(l, field->value, names);
    if (field->generated || !has_normal_form(field->type))
        return value;
    return lower_format(l, "($d := %s; %s)", value, lower_normal(l, field->type, "$d"));
}

/* ---- attribute values ---- */

const char *lower_encode(struct lower *l, const struct type *t, const char *x)
{
    switch (t->kind) {
    case TYPE_INT:
    case TYPE_NUMBER:
        return lower_format(l, "{'N': $string(%s)}", x);
    case TYPE_LONG:
    case TYPE_DECIMAL:
        return lower_format(l, "{'N': %s}", x);
    case TYPE_BOOL:
        return lower_format(l, "{'BOOL': %s}", x);
    case TYPE_ANY:
        return lower_format(l, "{'S': $string({'v': %s})}", x);
    case TYPE_LIST: {
        const char *e = element_name(l, x);
        return lower_format(l, "{'L': [$map(%s, function(%s) { %s })]}", x, e,
                            lower_encode(l, t->element, e));
    }
    case TYPE_RECORD: {
        struct aslrt_buffer b = aslrt_buffer_in(l->arena);
        aslrt_buffer_text(&b, "{'M': {");
        for (uint32_t i = 0; i < t->record->field_count; i++) {
            const struct field *f = t->record->fields[i];
            const char *v = lower_path(l, x, f->name);
            aslrt_buffer_format(&b, "%s%s: ", i == 0 ? "" : ", ", lower_quote(l, f->name));
            if (f->type->optional)
                aslrt_buffer_format(&b, "$exists(%s) ? ", v);
            aslrt_buffer_text(&b, lower_encode(l, f->type, v));
        }
        aslrt_buffer_text(&b, "}}");
        return aslrt_buffer_close(&b);
    }
    default:
        return lower_format(l, "{'S': %s}", x);
    }
}

const char *lower_decode(struct lower *l, const struct type *t, const char *x)
{
    switch (t->kind) {
    case TYPE_INT:
    case TYPE_NUMBER:
        return lower_format(l, "$number(%s.N)", x);
    case TYPE_LONG:
        return lower_format(l, "%s.N", x);
    case TYPE_DECIMAL:
        return lower_format(l, "($exists(%s) ? %s)", x,
                            decimal_text(l, t, lower_format(l, "%s.N", x)));
    case TYPE_BOOL:
        return lower_format(l, "%s.BOOL", x);
    case TYPE_ANY:
        return lower_format(l, "($exists(%s) ? $parse(%s.S).v)", x, x);
    case TYPE_LIST: {
        const char *e = element_name(l, x);
        return lower_format(
            l, "($exists(%s) ? %s)", x,
            mapped(l, t->element, lower_format(l, "%s.L", x), e, lower_decode(l, t->element, e)));
    }
    case TYPE_RECORD: {
        struct aslrt_buffer b = aslrt_buffer_in(l->arena);
        const char *m = lower_format(l, "%s.M", x);
        aslrt_buffer_format(&b, "($exists(%s) ? {", x);
        for (uint32_t i = 0; i < t->record->field_count; i++) {
            const struct field *f = t->record->fields[i];
            aslrt_buffer_format(&b, "%s%s: %s", i == 0 ? "" : ", ", lower_quote(l, f->name),
                                lower_decode(l, f->type, lower_path(l, m, f->name)));
        }
        aslrt_buffer_text(&b, "})");
        return aslrt_buffer_close(&b);
    }
    default:
        return lower_format(l, "%s.S", x);
    }
}

char lower_key_type(const struct type *t)
{
    return t->kind == TYPE_INT || t->kind == TYPE_NUMBER || t->kind == TYPE_LONG ||
                   t->kind == TYPE_DECIMAL
               ? 'N'
               : 'S';
}

/* ---- bounds ---- */

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}
static uint64_t times(uint64_t a, uint64_t b)
{
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

void lower_type_bound(const struct type *t, uint64_t *typed, uint64_t *answer)
{
    /* A control character takes 6 bytes as \u0001 and 7 inside a body, where its backslash is
       escaped once more; no other code point takes more. */
    enum { CODE_POINT_TYPED = 6, CODE_POINT_ANSWER = 7 };
    uint64_t chars;
    switch (t->kind) {
    case TYPE_STRING:
    case TYPE_ANY:
        chars = t->has_high ? (uint64_t)t->high : UINT64_MAX;
        *typed = add(times(chars, CODE_POINT_TYPED), 10);
        *answer = add(times(chars, CODE_POINT_ANSWER), 4);
        return;
    case TYPE_ENUM:
        chars = 0;
        for (uint32_t i = 0; i < t->enumeration->count; i++) {
            uint64_t n = strlen(t->enumeration->members[i]);
            chars = n > chars ? n : chars;
        }
        break;
    case TYPE_UUID:
    case TYPE_TIMESTAMP:
        chars = 36;
        break;
    case TYPE_ULID:
    case TYPE_NUMBER:
        chars = 26;
        break;
    case TYPE_INT:
        chars = 16;
        break;
    case TYPE_LONG:
    case TYPE_DECIMAL:
        chars = 40;
        break;
    case TYPE_LIST: {
        lower_type_bound(t->element, typed, answer);
        uint64_t n = t->has_high ? (uint64_t)t->high : UINT64_MAX;
        *typed = add(times(add(*typed, 1), n), 8);
        *answer = add(times(add(*answer, 1), n), 2);
        return;
    }
    case TYPE_RECORD: {
        uint64_t sum_typed = 10, sum_answer = 2;
        for (uint32_t i = 0; i < t->record->field_count; i++) {
            const struct field *f = t->record->fields[i];
            uint64_t name = strlen(f->name);
            lower_type_bound(f->type, typed, answer);
            sum_typed = add(sum_typed, add(*typed, name + 4));
            sum_answer = add(sum_answer, add(*answer, name + 6));
        }
        *typed = sum_typed;
        *answer = sum_answer;
        return;
    }
    default:
        chars = 10;
        break;
    }
    *typed = chars + 10;
    *answer = chars + 4;
}

/* ---- JSON Schema ---- */

static void set_text(struct lower *l, struct jnode *o, const char *key, const char *text)
{
    jnode_set(l->arena, o, key, jnode_string(l->arena, o->span, text));
}
static void set_int(struct lower *l, struct jnode *o, const char *key, int64_t value)
{
    jnode_set(l->arena, o, key, jnode_int(l->arena, o->span, value));
}

static void schema_record(struct lower *l, const struct record *r, struct jnode *s)
{
    struct jnode *required = jnode_array(l->arena, s->span);
    struct jnode *properties = jnode_object(l->arena, s->span);
    for (uint32_t i = 0; i < r->field_count; i++) {
        const struct field *f = r->fields[i];
        jnode_set(l->arena, properties, f->name, lower_schema(l, f->type, s->span));
        if (!f->type->optional && f->value == NULL)
            jnode_add(l->arena, required, jnode_string(l->arena, s->span, f->name));
    }
    set_text(l, s, "type", "object");
    if (required->count != 0)
        jnode_set(l->arena, s, "required", required);
    jnode_set(l->arena, s, "properties", properties);
    jnode_set(l->arena, s, "additionalProperties", jnode_bool(l->arena, s->span, false));
}

static void schema_text(struct lower *l, const struct type *t, struct jnode *s)
{
    set_text(l, s, "type", "string");
    if (t->kind == TYPE_STRING && t->has_low && t->low > 0)
        set_int(l, s, "minLength", t->low);
    if (t->kind == TYPE_STRING && t->has_high)
        set_int(l, s, "maxLength", t->high);
    const char *pattern = lower_pattern(l, t);
    if (pattern != NULL)
        set_text(l, s, "pattern", pattern);
}

static struct jnode *schema_plain(struct lower *l, const struct type *t, struct span at)
{
    struct jnode *s = jnode_object(l->arena, at);
    switch (t->kind) {
    case TYPE_INT:
        set_text(l, s, "type", "integer");
        set_int(l, s, "minimum", t->has_low ? t->low : -DIGIT_LIMIT);
        set_int(l, s, "maximum", t->has_high ? t->high : DIGIT_LIMIT);
        break;
    case TYPE_NUMBER:
        set_text(l, s, "type", "number");
        if (t->low_text != NULL)
            jnode_set(l->arena, s, "minimum", jnode_number(l->arena, at, t->low_text));
        if (t->high_text != NULL)
            jnode_set(l->arena, s, "maximum", jnode_number(l->arena, at, t->high_text));
        break;
    case TYPE_BOOL:
        set_text(l, s, "type", "boolean");
        break;
    case TYPE_ENUM: {
        struct jnode *words = jnode_array(l->arena, at);
        for (uint32_t i = 0; i < t->enumeration->count; i++)
            jnode_add(l->arena, words, jnode_string(l->arena, at, t->enumeration->members[i]));
        set_text(l, s, "type", "string");
        jnode_set(l->arena, s, "enum", words);
        break;
    }
    case TYPE_LIST:
        set_text(l, s, "type", "array");
        jnode_set(l->arena, s, "items", lower_schema(l, t->element, at));
        if (t->has_low && t->low > 0)
            set_int(l, s, "minItems", t->low);
        if (t->has_high)
            set_int(l, s, "maxItems", t->high);
        break;
    case TYPE_RECORD:
        schema_record(l, t->record, s);
        break;
    case TYPE_ANY:
        break;
    default:
        schema_text(l, t, s);
        break;
    }
    return s;
}

struct jnode *lower_schema(struct lower *l, const struct type *t, struct span at)
{
    struct jnode *plain = schema_plain(l, t, at);
    if (!t->optional || t->kind == TYPE_ANY)
        return plain;
    /* API Gateway does not know `nullable`; anyOf with the one value null says the same. */
    struct jnode *null_only = jnode_object(l->arena, at);
    struct jnode *values = jnode_array(l->arena, at);
    jnode_add(l->arena, values, jnode_null(l->arena, at));
    jnode_set(l->arena, null_only, "enum", values);
    struct jnode *either = jnode_array(l->arena, at);
    jnode_add(l->arena, either, plain);
    jnode_add(l->arena, either, null_only);
    struct jnode *s = jnode_object(l->arena, at);
    jnode_set(l->arena, s, "anyOf", either);
    return s;
}
