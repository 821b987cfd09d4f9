/*
 * functions_regex.c - $match, $contains, $replace, $split.
 *
 * In: validated arguments; the pattern is a string, a regular expression, or any function that
 * gives {match, start, end, groups, next} for a text and so plays one. Out: strings and sequences.
 * Places are UTF-16 code units.
 */
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/regex.h"

#include <math.h>

/* A search through a text: by a regular expression, or by a function of the user's. */
struct search {
    struct call *call;
    const struct closure *regex; /* NULL: a function */
    struct aslrt_units subject;
    struct aslrt_value text;
    struct aslrt_value next; /* the function that gives the next match */
    bool first;
    /* the match */
    struct aslrt_value object; /* of a function */
    size_t start, end;
    struct aslrt_match match; /* of a regular expression */
};

static _Noreturn void fail_at(struct call *call, const char *code, struct aslrt_value value,
                              uint32_t index)
{
    struct aslrt_fault f = aslrt_fault(code, FAULT_NOWHERE);
    f.value = value;
    f.index = index;
    aslrt_eval_fail(call->c, &f);
}

static const struct closure *as_regex(struct aslrt_value v)
{
    if (v.kind != ASLRT_FUNCTION || expr_as_function(v)->kind != FUNCTION_REGEX)
        return NULL;
    return v.as.function;
}

static void begin(struct search *s, struct call *call, struct aslrt_value text,
                  struct aslrt_value pattern)
{
    memset(s, 0, sizeof *s);
    s->call = call;
    s->text = text;
    s->regex = as_regex(pattern);
    s->next = pattern;
    s->first = true;
    aslrt_eval_reserve(call->c, (size_t)text.count * 2);
    s->subject = aslrt_units_of(call->c->arena, text);
    if (pattern.kind == ASLRT_UNDEFINED)
        aslrt_eval_fail_message(call->c, "Cannot read properties of undefined (reading 'apply')");
}

static bool find_by_regex(struct search *s)
{
    struct evaluation *c = s->call->c;
    const struct aslrt_regex *r = s->regex->node->regex;
    bool first = s->first;
    s->first = false;
    if (!first && s->end >= s->subject.count)
        return false;
    if (!aslrt_regex_exec(c, r, s->subject, first ? 0 : s->end, &s->match))
        return false;
    if (!first && s->match.start == s->match.end)
        aslrt_eval_fail_code(c, "D1004", s->regex->node->at, aslrt_regex_source(r));
    s->start = s->match.start;
    s->end = s->match.end;
    return true;
}

/* A place in the text that a function has given. */
static size_t place(const struct search *s, struct aslrt_value v)
{
    double d = aslrt_is_number(v) ? expr_double(v) : 0;
    if (!(d > 0))
        return 0;
    return d > (double)s->subject.count ? s->subject.count : (size_t)d;
}

static bool find_by_function(struct search *s)
{
    struct aslrt_value none = aslrt_undefined();
    if (s->next.kind != ASLRT_FUNCTION) /* the match before gave no way on */
        aslrt_eval_fail_message(s->call->c,
                                "Cannot read properties of undefined (reading 'apply')");
    struct aslrt_value v = aslrt_apply_passed(s->call, s->next, s->first ? &s->text : &none, 1);
    s->first = false;
    if (v.kind == ASLRT_UNDEFINED)
        return false;
    struct aslrt_value start = aslrt_field(v, "start"), end = aslrt_field(v, "end");
    struct aslrt_value next = aslrt_field(v, "next");
    if (aslrt_js_truth(v) && !aslrt_is_number(start) && !aslrt_is_number(end) &&
        aslrt_field(v, "groups").kind != ASLRT_ARRAY && next.kind != ASLRT_FUNCTION)
        aslrt_eval_fail_code(s->call->c, "T1010", FAULT_NOWHERE, aslrt_undefined());
    if (v.kind == ASLRT_NULL)
        aslrt_eval_fail_message(s->call->c, "Cannot read properties of null (reading 'match')");
    s->object = v;
    s->start = place(s, start);
    s->end = place(s, end);
    s->next = next;
    s->next.flags |= EXPR_WRAPPED;
    return true;
}

/* Goes to the next match; false when there is none. */
static bool find(struct search *s)
{
    aslrt_eval_tick(s->call->c);
    return s->regex != NULL ? find_by_regex(s) : find_by_function(s);
}

static struct aslrt_value unit_text(const struct search *s, size_t from, size_t to)
{
    if (from > to) { /* as JavaScript's substring */
        size_t swap = from;
        from = to;
        to = swap;
    }
    return aslrt_units_text(s->call->c->arena, s->subject, from, to);
}

static struct aslrt_value matched_text(const struct search *s)
{
    return s->regex != NULL ? unit_text(s, s->start, s->end) : aslrt_field(s->object, "match");
}

static struct aslrt_value matched_group(const struct search *s, uint32_t i)
{
    if (s->regex == NULL) {
        struct aslrt_value groups = aslrt_field(s->object, "groups");
        return groups.kind == ASLRT_ARRAY && i < groups.count ? groups.as.items[i]
                                                              : aslrt_undefined();
    }
    if (i >= aslrt_regex_groups(s->regex->node->regex) || s->match.groups[2 * i] == SIZE_MAX)
        return aslrt_undefined();
    return unit_text(s, s->match.groups[2 * i], s->match.groups[2 * i + 1]);
}

static struct aslrt_value matched_groups(const struct search *s)
{
    if (s->regex == NULL)
        return aslrt_field(s->object, "groups");
    struct evaluation *c = s->call->c;
    uint32_t base = c->top, count = aslrt_regex_groups(s->regex->node->regex);
    for (uint32_t i = 0; i < count; i++)
        expr_push(c, matched_group(s, i));
    return aslrt_expr_pop_array(c, base, 0);
}

/* A limit that is no limit when it is undefined. */
static double limit_argument(struct call *call, uint32_t i, const char *code)
{
    struct aslrt_value v = call_arg(call, i);
    if (v.kind == ASLRT_UNDEFINED)
        return INFINITY;
    double d = expr_double(v);
    if (d < 0)
        fail_at(call, code, v, i + 1);
    return d;
}

/* ---- $contains, $match ---- */

struct aslrt_value aslrt_fn_contains(struct call *call)
{
    struct aslrt_value text = call_arg(call, 0), pattern = call_arg(call, 1);
    if (text.kind == ASLRT_UNDEFINED)
        return text;
    if (pattern.kind == ASLRT_UNDEFINED && call->c->version >= ASLRT_JSONATA_2_2)
        return pattern;
    if (pattern.kind == ASLRT_STRING) {
        if (!aslrt_text_has_open_pair(pattern))
            return aslrt_bool(aslrt_text_find(text, pattern, 0) != SIZE_MAX);
        return aslrt_bool(aslrt_units_find(aslrt_units_of(call->c->arena, text),
                                           aslrt_units_of(call->c->arena, pattern), 0) != SIZE_MAX);
    }
    struct search s;
    begin(&s, call, text, pattern);
    return aslrt_bool(find(&s));
}

static struct aslrt_value match_value(const struct search *s)
{
    struct aslrt_member *m = aslrt_alloc(s->call->c->arena, 3 * sizeof *m);
    m[0].key = aslrt_text("match");
    m[0].value = matched_text(s);
    m[1].key = aslrt_text("index");
    m[1].value = s->regex != NULL ? expr_number((double)s->start) : aslrt_field(s->object, "start");
    m[2].key = aslrt_text("groups");
    m[2].value = matched_groups(s);
    struct aslrt_value v = aslrt_object(m, 3);
    v.pad = expr_marks(m[0].value) | expr_marks(m[1].value) | expr_marks(m[2].value);
    return v;
}

struct aslrt_value aslrt_fn_match(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value text = call_arg(call, 0);
    if (text.kind == ASLRT_UNDEFINED)
        return text;
    double limit = limit_argument(call, 2, "D3040");
    uint32_t base = c->top;
    if (limit > 0) {
        struct search s;
        begin(&s, call, text, call_arg(call, 1));
        for (double count = 0; find(&s) && count < limit; count++)
            expr_push(c, match_value(&s));
    }
    return aslrt_expr_pop_array(c, base, EXPR_SEQUENCE);
}

/* ---- $split ---- */

static struct aslrt_value split_by_string(struct call *call, struct aslrt_value text,
                                          struct aslrt_value separator, double limit)
{
    struct evaluation *c = call->c;
    uint32_t base = c->top;
    limit = isinf(limit) ? UINT32_MAX : floor(limit);
    struct aslrt_units units = aslrt_units_of(c->arena, text);
    struct aslrt_units part = aslrt_units_of(c->arena, separator);
    if (part.count == 0) {
        for (size_t i = 0; i < units.count && c->top - base < limit; i++)
            expr_push(c, aslrt_units_text(c->arena, units, i, i + 1));
        return aslrt_expr_pop_array(c, base, 0);
    }
    size_t from = 0;
    while (c->top - base < limit) {
        aslrt_eval_tick(c);
        size_t at = aslrt_units_find(units, part, from);
        bool last = at == SIZE_MAX;
        expr_push(c, aslrt_units_text(c->arena, units, from, last ? units.count : at));
        if (last)
            break;
        from = at + part.count;
    }
    return aslrt_expr_pop_array(c, base, 0);
}

struct aslrt_value aslrt_fn_split(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value text = call_arg(call, 0), separator = call_arg(call, 1);
    if (text.kind == ASLRT_UNDEFINED)
        return text;
    double limit = limit_argument(call, 2, "D3020");
    if (!(limit > 0))
        return aslrt_array(NULL, 0);
    if (separator.kind == ASLRT_STRING)
        return split_by_string(call, text, separator, limit);
    struct search s;
    uint32_t base = c->top;
    begin(&s, call, text, separator);
    size_t from = 0;
    double count = 0;
    for (; find(&s) && count < limit; count++) {
        expr_push(c, unit_text(&s, from, s.start));
        from = s.end;
    }
    if (count < limit)
        expr_push(c, unit_text(&s, from, s.subject.count));
    return aslrt_expr_pop_array(c, base, 0);
}

/* ---- $replace ---- */

/* JavaScript's parseInt of `count` bytes; NaN when no number begins there. */
static double parse_int(const char *p, size_t count)
{
    const char *end = p + count;
    double sign = 1, value = 0;
    while (p < end && (*p == ' ' || (*p >= '\t' && *p <= '\r')))
        p++;
    if (p < end && (*p == '-' || *p == '+'))
        sign = *p++ == '-' ? -1 : 1;
    if (p == end || *p < '0' || *p > '9')
        return NAN;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        value = value * 10 + (*p - '0');
    return sign * value;
}

static unsigned digits_of(double n)
{
    unsigned digits = n < 0 ? 2 : 1;
    for (n = fabs(n); n >= 10; n /= 10)
        digits++;
    return digits;
}

/* At `text[at]`, behind a `$`: puts what it stands for and gives the place behind it. */
static size_t put_dollar(const struct search *s, struct aslrt_buffer *b, struct aslrt_value text,
                         size_t at, uint32_t groups)
{
    const char *bytes = text.as.bytes;
    if (at < text.count && bytes[at] == '$') {
        aslrt_buffer_char(b, '$');
        return at + 1;
    }
    if (at < text.count && bytes[at] == '0') {
        struct aslrt_value m = matched_text(s);
        aslrt_text_put_value(b, m);
        return at + 1;
    }
    /* how many digits a group's number may have, by the original's own logarithm */
    unsigned most = groups == 0 ? 1 : (unsigned)floor(log(groups) * 0.4342944819032518) + 1;
    size_t left = text.count - at;
    double index = parse_int(bytes + at, left < most ? left : most);
    if (most > 1 && index > groups)
        index = parse_int(bytes + at, left < most - 1 ? left : most - 1);
    if (isnan(index)) {
        aslrt_buffer_char(b, '$');
        return at;
    }
    if (groups > 0 && index >= 1) {
        struct aslrt_value group = matched_group(s, (uint32_t)index - 1);
        if (group.kind == ASLRT_STRING)
            aslrt_utf8_join(b, group.as.bytes, group.count);
    }
    size_t behind = at + digits_of(index);
    return behind < text.count ? behind : text.count;
}

static void put_template(const struct search *s, struct aslrt_buffer *b, struct aslrt_value text)
{
    uint32_t groups = s->regex != NULL ? aslrt_regex_groups(s->regex->node->regex)
                                       : aslrt_field(s->object, "groups").count;
    size_t at = 0;
    while (at < text.count) {
        const char *dollar = memchr(text.as.bytes + at, '$', text.count - at);
        if (dollar == NULL)
            break;
        size_t place_of = (size_t)(dollar - text.as.bytes);
        aslrt_utf8_join(b, text.as.bytes + at, place_of - at);
        at = put_dollar(s, b, text, place_of + 1, groups);
    }
    aslrt_utf8_join(b, text.as.bytes + at, text.count - at);
}

/* The match as the object that a replacing function gets. */
static struct aslrt_value match_argument(const struct search *s)
{
    if (s->regex == NULL)
        return s->object;
    return aslrt_regex_match_value(s->call->c, s->regex, s->subject, &s->match);
}

static void put_replacement(const struct search *s, struct aslrt_buffer *b,
                            struct aslrt_value replacement)
{
    if (replacement.kind == ASLRT_STRING) {
        put_template(s, b, replacement);
        return;
    }
    struct call *call = s->call;
    if (replacement.kind != ASLRT_FUNCTION)
        aslrt_eval_fail_message(call->c, "Cannot read properties of undefined (reading 'apply')");
    struct aslrt_value match = match_argument(s);
    struct aslrt_value v = aslrt_apply_passed(call, replacement, &match, 1);
    if (v.kind != ASLRT_STRING)
        aslrt_eval_fail_code(call->c, "D3012", FAULT_NOWHERE, v);
    aslrt_utf8_join(b, v.as.bytes, v.count);
}

static void put_units(const struct search *s, struct aslrt_buffer *b, size_t from, size_t to)
{
    struct aslrt_value v = unit_text(s, from, to);
    aslrt_utf8_join(b, v.as.bytes, v.count);
}

static void replace_by_search(struct call *call, struct aslrt_buffer *b, struct aslrt_value text,
                              struct aslrt_value replacement, double limit)
{
    struct search s;
    begin(&s, call, text, call_arg(call, 1));
    size_t from = 0;
    bool any = false;
    for (double count = 0; find(&s) && count < limit; count++) {
        put_units(&s, b, from, s.start);
        put_replacement(&s, b, replacement);
        from = s.end;
        if (s.regex == NULL) { /* start plus what the function says that it matched */
            struct aslrt_value m = aslrt_field(s.object, "match");
            size_t units = m.kind == ASLRT_STRING ? aslrt_utf16_count(m.as.bytes, m.count) : 0;
            from = s.start + units < s.subject.count ? s.start + units : s.subject.count;
        }
        any = true;
    }
    put_units(&s, b, any ? from : 0, s.subject.count);
}

static void replace_by_string(struct call *call, struct aslrt_buffer *b, struct aslrt_value text,
                              struct aslrt_value replacement, double limit)
{
    struct evaluation *c = call->c;
    struct aslrt_units units = aslrt_units_of(c->arena, text);
    struct aslrt_units part = aslrt_units_of(c->arena, call_arg(call, 1));
    struct search s = {.call = call, .subject = units};
    if (replacement.kind == ASLRT_UNDEFINED)
        replacement = aslrt_text("undefined");
    size_t from = 0, at;
    for (double count = 0; count < limit; count++) {
        aslrt_eval_tick(c);
        at = aslrt_units_find(units, part, from);
        if (at == SIZE_MAX)
            break;
        put_units(&s, b, from, at);
        aslrt_text_put_value(b, replacement);
        from = at + part.count;
    }
    put_units(&s, b, from, units.count);
}

struct aslrt_value aslrt_fn_replace(struct call *call)
{
    struct aslrt_value text = call_arg(call, 0), pattern = call_arg(call, 1);
    struct aslrt_value replacement = call_arg(call, 2);
    if (text.kind == ASLRT_UNDEFINED)
        return text;
    if (pattern.kind == ASLRT_STRING && pattern.count == 0)
        fail_at(call, "D3010", pattern, 2);
    double limit = limit_argument(call, 3, "D3011");
    if (!(limit > 0))
        return text;
    struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
    if (pattern.kind == ASLRT_STRING)
        replace_by_string(call, &b, text, replacement, limit);
    else
        replace_by_search(call, &b, text, replacement, limit);
    const char *bytes = aslrt_buffer_close(&b);
    return aslrt_string(bytes, (uint32_t)b.count);
}
