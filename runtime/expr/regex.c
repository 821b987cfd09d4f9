/*
 * regex.c - compiling translated patterns, matching, and regular expressions as functions.
 *
 * In: a pattern between slashes; text as code units.  Out: matches with the groups that ECMAScript
 * would report.  PCRE2 takes its memory from arenas and gives none back; the evaluation keeps one
 * workspace for each pattern.
 */
#include "runtime/base/limits.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/regex_internal.h"

enum {
    MATCH_LIMIT = 5000000, /* steps of backtracking in one match */
    HEAP_LIMIT_KIB = 64 * 1024,
};

static void *take(size_t size, void *arena)
{
    return aslrt_alloc(arena, size);
}

static void give(void *block, void *arena)
{
    (void)block;
    (void)arena; /* the arena goes as a whole */
}

static const char *complain(struct aslrt_arena *arena, struct aslrt_value pattern,
                            struct aslrt_value flags, const char *why, bool syntax)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    bool i = memchr(flags.as.bytes, 'i', flags.count) != NULL;
    bool m = memchr(flags.as.bytes, 'm', flags.count) != NULL;
    aslrt_buffer_format(&b,
                        syntax ? "Invalid regular expression: /%.*s/g%s%s: %s"
                               : "Regular expression /%.*s/%s%s is not supported: %s",
                        (int)pattern.count, pattern.as.bytes, i ? "i" : "", m ? "m" : "", why);
    return aslrt_buffer_close(&b);
}

static bool repeats_a_flag(struct aslrt_value flags)
{
    return flags.count > 2 || (flags.count == 2 && flags.as.bytes[0] == flags.as.bytes[1]);
}

const struct aslrt_regex *aslrt_regex_compile(struct aslrt_arena *arena, struct aslrt_value pattern,
                                              struct aslrt_value flags, const char **message)
{
    struct aslrt_regex *r = ASLRT_NEW(arena, struct aslrt_regex);
    struct regex_pattern translated;
    const char *why;
    bool syntax = true;
    if (repeats_a_flag(flags)) {
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        aslrt_buffer_format(&b, "Invalid flags supplied to RegExp constructor '%.*sg'",
                            (int)flags.count, flags.as.bytes);
        *message = aslrt_buffer_close(&b);
        return NULL;
    }
    unsigned bits = 0;
    for (uint32_t i = 0; i < flags.count; i++)
        bits |= flags.as.bytes[i] == 'i' ? ASLRT_REGEX_IGNORE_CASE : ASLRT_REGEX_MULTILINE;
    if (!aslrt_regex_translate(arena, aslrt_units_of(arena, pattern), bits, &translated, &why,
                               &syntax)) {
        *message = complain(arena, pattern, flags, why, syntax);
        return NULL;
    }
    pcre2_general_context_16 *general = pcre2_general_context_create_16(take, give, arena);
    pcre2_compile_context_16 *context = pcre2_compile_context_create_16(general);
    int error;
    PCRE2_SIZE at;
    static const uint16_t empty[] = {0};
    r->code = pcre2_compile_16(translated.units == NULL ? empty : translated.units,
                               translated.count, PCRE2_MATCH_UNSET_BACKREF, &error, &at, context);
    if (r->code == NULL) {
        why = error == 125 ? "a look-behind must have a fixed length"
                           : "PCRE2 does not accept its translation";
        *message = complain(arena, pattern, flags, why, false);
        return NULL;
    }
    r->source = pattern;
    r->group_count = translated.group_count;
    r->groups = translated.groups;
    pcre2_pattern_info_16(r->code, PCRE2_INFO_CAPTURECOUNT, &r->capture_count);
    return r;
}

struct aslrt_value aslrt_regex_source(const struct aslrt_regex *regex)
{
    return regex->source;
}

uint32_t aslrt_regex_groups(const struct aslrt_regex *regex)
{
    return regex->group_count;
}

/* ---- matching ---- */

struct regex_state {
    struct regex_state *next;
    const struct aslrt_regex *regex;
    pcre2_match_data_16 *data;
    pcre2_match_context_16 *context;
    size_t *groups;
};

static struct regex_state *state_of(struct evaluation *c, const struct aslrt_regex *r)
{
    struct regex_state *s = c->regexes;
    while (s != NULL && s->regex != r)
        s = s->next;
    if (s != NULL)
        return s;
    s = ASLRT_NEW(c->arena, struct regex_state);
    pcre2_general_context_16 *general = pcre2_general_context_create_16(take, give, c->arena);
    s->regex = r;
    s->data = pcre2_match_data_create_16(r->capture_count + 1, general);
    s->context = pcre2_match_context_create_16(general);
    pcre2_set_match_limit_16(s->context, MATCH_LIMIT);
    pcre2_set_heap_limit_16(s->context, HEAP_LIMIT_KIB);
    s->groups = aslrt_alloc(c->arena, 2 * (size_t)r->group_count * sizeof *s->groups);
    s->next = c->regexes;
    c->regexes = s;
    return s;
}

/* True when the group took part in the last round of every loop that could have left it out. */
static bool took_part(const struct regex_group *g, const PCRE2_SIZE *spans)
{
    PCRE2_SIZE start = spans[2 * g->number];
    if (start == PCRE2_UNSET)
        return false;
    for (uint32_t i = 0; i < g->loop_count; i++) {
        PCRE2_SIZE round = spans[2 * g->loops[i]];
        if (round == PCRE2_UNSET || start < round)
            return false;
    }
    return true;
}

bool aslrt_regex_exec(struct evaluation *c, const struct aslrt_regex *r, struct aslrt_units subject,
                      size_t from, struct aslrt_match *match)
{
    if (from > subject.count)
        return false;
    struct regex_state *s = state_of(c, r);
    int n = pcre2_match_16(r->code, subject.units, subject.count, from, 0, s->data, s->context);
    if (n == PCRE2_ERROR_NOMATCH)
        return false;
    if (n < 0) {
        struct aslrt_fault f = aslrt_fault("U1001", FAULT_NOWHERE);
        f.message =
            "Expression evaluation timeout: a regular expression needs too much backtracking";
        aslrt_eval_fail(c, &f);
    }
    const PCRE2_SIZE *spans = pcre2_get_ovector_pointer_16(s->data);
    match->start = spans[0];
    match->end = spans[1];
    match->groups = s->groups;
    for (uint32_t i = 0; i < r->group_count; i++) {
        const struct regex_group *g = &r->groups[i];
        bool in = took_part(g, spans);
        s->groups[2 * i] = in ? spans[2 * g->number] : SIZE_MAX;
        s->groups[2 * i + 1] = in ? spans[2 * g->number + 1] : SIZE_MAX;
    }
    return true;
}

/* ---- as functions ---- */

struct next { /* FUNCTION_NEXT: where the search goes on */
    struct function base;
    const struct closure *regex;
    struct aslrt_units subject;
    size_t from;
};

struct aslrt_value aslrt_regex_match_value(struct evaluation *c, const struct closure *regex,
                                           struct aslrt_units subject,
                                           const struct aslrt_match *match)
{
    const struct aslrt_regex *r = regex->node->regex;
    struct aslrt_value *groups = aslrt_alloc(c->arena, r->group_count * sizeof *groups);
    for (uint32_t i = 0; i < r->group_count; i++)
        groups[i] = match->groups[2 * i] == SIZE_MAX
                        ? aslrt_undefined()
                        : aslrt_units_text(c->arena, subject, match->groups[2 * i],
                                           match->groups[2 * i + 1]);
    struct next *next = ASLRT_NEW(c->arena, struct next);
    next->base.kind = FUNCTION_NEXT;
    next->regex = regex;
    next->subject = subject;
    next->from = match->end;
    struct aslrt_member *m = aslrt_alloc(c->arena, 5 * sizeof *m);
    m[0].key = aslrt_text("match");
    m[0].value = aslrt_units_text(c->arena, subject, match->start, match->end);
    m[1].key = aslrt_text("start");
    m[1].value = expr_number((double)match->start);
    m[2].key = aslrt_text("end");
    m[2].value = expr_number((double)match->end);
    m[3].key = aslrt_text("groups");
    m[3].value = aslrt_array(groups, r->group_count);
    m[3].value.pad = EXPR_HOLDS;
    m[4].key = aslrt_text("next");
    m[4].value = expr_function(&next->base);
    struct aslrt_value v = aslrt_object(m, 5);
    v.pad = EXPR_HOLDS;
    return v;
}

/* JavaScript's String(value). */
static void put_as_string(struct evaluation *c, struct aslrt_buffer *b, struct aslrt_value v,
                          unsigned depth)
{
    if (depth == ASLRT_NESTING_MAX)
        aslrt_eval_too_deep(c);
    if (v.kind == ASLRT_ARRAY) {
        for (uint32_t i = 0; i < v.count; i++) {
            struct aslrt_value item = v.as.items[i];
            aslrt_buffer_text(b, i == 0 ? "" : ",");
            if (item.kind != ASLRT_UNDEFINED && item.kind != ASLRT_NULL)
                put_as_string(c, b, item, depth + 1);
        }
    } else if (v.kind == ASLRT_UNDEFINED) {
        aslrt_buffer_text(b, "undefined");
    } else if (v.kind == ASLRT_OBJECT || v.kind == ASLRT_FUNCTION) {
        aslrt_buffer_text(b, "[object Object]");
    } else {
        aslrt_text_put_value(b, v);
    }
}

struct aslrt_value aslrt_regex_call(struct evaluation *c, const struct closure *regex,
                                    struct aslrt_arguments args)
{
    struct aslrt_value text = args.count > 0 ? args.items[0] : aslrt_undefined();
    struct aslrt_match match;
    double from = 0;
    if (args.count > 1 && aslrt_is_number(args.items[1]))
        from = expr_double(args.items[1]);
    if (args.count > 1 && args.items[1].kind == ASLRT_STRING)
        from = aslrt_parse_int(aslrt_units_of(c->arena, args.items[1]));
    if (text.kind != ASLRT_STRING) { /* JavaScript makes a string of everything */
        struct aslrt_buffer b = aslrt_buffer_in(c->arena);
        put_as_string(c, &b, text, 0);
        const char *bytes = aslrt_buffer_close(&b);
        text = aslrt_string(bytes, (uint32_t)b.count);
    }
    struct aslrt_units subject = aslrt_units_of(c->arena, text);
    if (!(from >= 0))
        from = 0;
    if (from > (double)subject.count ||
        !aslrt_regex_exec(c, regex->node->regex, subject, (size_t)from, &match))
        return aslrt_undefined();
    return aslrt_regex_match_value(c, regex, subject, &match);
}

struct aslrt_value aslrt_regex_call_next(struct evaluation *c, const struct function *fn)
{
    const struct next *next = (const struct next *)(const void *)fn;
    const struct aslrt_regex *r = next->regex->node->regex;
    struct aslrt_match match;
    if (next->from >= next->subject.count ||
        !aslrt_regex_exec(c, r, next->subject, next->from, &match))
        return aslrt_undefined();
    if (match.start == match.end)
        aslrt_eval_fail_code(c, "D1004", next->regex->node->at, r->source);
    return aslrt_regex_match_value(c, next->regex, next->subject, &match);
}
