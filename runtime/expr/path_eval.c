/*
 * path_eval.c - JSONPath as Jayway's library evaluates it, which the service uses.
 *
 * A walk over the steps of the path, from the root: each step hands every value that it finds to
 * the next, the last one adds it to the results.  While all steps so far can only name one place,
 * finding nothing is a fault; after the first that can name several, it is simply nothing.
 */
#include "runtime/expr/path_eval.h"
#include "runtime/base/buffer.h"
#include "runtime/base/json.h"
#include "runtime/base/limits.h"
#include "runtime/base/value.h"
#include "runtime/expr/path_int.h"

struct walk {
    const struct aslrt_path_scope *scope;
    struct aslrt_array_builder results;
    struct aslrt_path_fault *fault;
    const struct aslrt_path *path;
};

/* ---- words ---- */

/* A path as Jayway prints it, up to and including the step `last` (NULL: only the root). */
static const char *path_text(struct walk *w, const struct aslrt_path_step *last)
{
    struct aslrt_buffer b = aslrt_buffer_in(w->scope->arena);
    aslrt_buffer_char(&b, '$');
    for (const struct aslrt_path_step *s = w->path->steps; s != NULL && last != NULL; s = s->next) {
        if (s->deep)
            aslrt_buffer_text(&b, "..");
        switch (s->kind) {
        case ASLRT_STEP_NAMES:
            aslrt_buffer_char(&b, '[');
            for (uint32_t i = 0; i < s->count; i++)
                aslrt_buffer_format(&b, "%s'%s'", i == 0 ? "" : ",", s->names[i].bytes);
            aslrt_buffer_char(&b, ']');
            break;
        case ASLRT_STEP_INDEXES:
            aslrt_buffer_char(&b, '[');
            for (uint32_t i = 0; i < s->count; i++)
                aslrt_buffer_format(&b, "%s%lld", i == 0 ? "" : ",", (long long)s->indexes[i]);
            aslrt_buffer_char(&b, ']');
            break;
        case ASLRT_STEP_ALL:
            aslrt_buffer_text(&b, "[*]");
            break;
        case ASLRT_STEP_SLICE:
            aslrt_buffer_text(&b, "[:]");
            break;
        case ASLRT_STEP_FILTER:
        case ASLRT_STEP_SCRIPT:
            aslrt_buffer_text(&b, "[?]");
            break;
        case ASLRT_STEP_FUNCTION:
            aslrt_buffer_format(&b, ".%s()", s->text.bytes);
            break;
        }
        if (s == last)
            break;
    }
    return aslrt_buffer_close(&b);
}

/* A path as Jayway prints it, up to the step before `s`. */
static const char *path_before(struct walk *w, const struct aslrt_path_step *s)
{
    const struct aslrt_path_step *last = NULL;
    for (const struct aslrt_path_step *i = w->path->steps; i != s; i = i->next)
        last = i;
    return path_text(w, last);
}

/* The class that stands for a value in the library's JSON provider. */
#define NODE "com.fasterxml.jackson.databind.node."
static const char *class_name(struct aslrt_value v)
{
    int64_t n;
    switch (v.kind) {
    case ASLRT_NULL:
        return NODE "NullNode";
    case ASLRT_BOOL:
        return NODE "BooleanNode";
    case ASLRT_STRING:
        return NODE "TextNode";
    case ASLRT_ARRAY:
        return NODE "ArrayNode";
    default:
        if (!aslrt_to_int(v, &n))
            return NODE "DoubleNode";
        return n >= INT32_MIN && n <= INT32_MAX ? NODE "IntNode" : NODE "LongNode";
    }
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool
fail(struct walk *w, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(w->scope->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    w->fault->message = aslrt_buffer_close(&b);
    w->fault->missing = true;
    return false;
}

/* ---- steps ---- */

static bool step(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                 bool definite);

/* Hands a value that was found to the next step. */
static bool found(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                  bool definite)
{
    if (s->next != NULL)
        return step(w, s->next, v, definite);
    aslrt_array_add(&w->results, v);
    return true;
}

/* The fault of a name that is looked for in something else than an object. */
static bool no_object(struct walk *w, const struct aslrt_path_step *s, const char *found_class)
{
    return fail(w,
                "Expected to find an object with property ['%s'] in path %s but found '%s'. This "
                "is not a json object according to the JsonProvider: "
                "'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
                s->names[0].bytes, path_before(w, s), found_class);
}

static bool step_names(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                       bool definite)
{
    if (v.kind != ASLRT_OBJECT) {
        if (!definite)
            return true;
        return no_object(w, s, class_name(v));
    }
    if (s->count == 1) {
        struct aslrt_value member = aslrt_get(v, s->names[0].bytes, s->names[0].count);
        if (member.kind != ASLRT_UNDEFINED)
            return found(w, s, member, definite);
        if (!definite)
            return true;
        return s->next == NULL ? fail(w, "No results for path: %s", path_text(w, s))
                               : fail(w, "Missing property in path %s", path_text(w, s));
    }
    if (s->next == NULL) { /* several at the end: one object of them */
        struct aslrt_object_builder b = aslrt_object_in(w->scope->arena);
        for (uint32_t i = 0; i < s->count; i++) {
            struct aslrt_value member = aslrt_get(v, s->names[i].bytes, s->names[i].count);
            if (member.kind != ASLRT_UNDEFINED)
                aslrt_object_set(&b, aslrt_string(s->names[i].bytes, s->names[i].count), member);
        }
        return found(w, s, aslrt_object_done(&b), definite);
    }
    for (uint32_t i = 0; i < s->count; i++) {
        struct aslrt_value member = aslrt_get(v, s->names[i].bytes, s->names[i].count);
        if (member.kind != ASLRT_UNDEFINED && !found(w, s, member, false))
            return false;
    }
    return true;
}

static bool check_array(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                        bool definite, bool *is_array)
{
    *is_array = v.kind == ASLRT_ARRAY;
    if (*is_array || !definite)
        return true;
    struct aslrt_buffer b = aslrt_buffer_in(w->scope->arena);
    aslrt_json_put(&b, v, ASLRT_JSON_MINIFIED);
    const char *text = path_text(w, s);
    const char *bracket = strrchr(text, '[');
    return fail(w, "Filter: %s can only be applied to arrays. Current context is: %s",
                bracket != NULL ? bracket : text, aslrt_buffer_close(&b));
}

static bool step_indexes(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                         bool definite)
{
    bool is_array;
    if (!check_array(w, s, v, definite, &is_array) || !is_array)
        return is_array || !definite;
    for (uint32_t i = 0; i < s->count; i++) {
        int64_t at = s->indexes[i] < 0 ? s->indexes[i] + v.count : s->indexes[i];
        bool there = at >= 0 && at < v.count;
        if (there && !found(w, s, v.as.items[at], definite && s->count == 1))
            return false;
        /* the library finds null there, and goes on with that */
        if (!there && definite && s->count == 1 && s->next != NULL &&
            s->next->kind == ASLRT_STEP_NAMES)
            return no_object(w, s->next, "null");
    }
    return true;
}

/* A bound of a slice as a place from 0 to the length. */
static int64_t clamp(int64_t bound, uint32_t count)
{
    if (bound < 0)
        bound += count;
    return bound < 0 ? 0 : bound > count ? count : bound;
}

static bool step_slice(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                       bool definite)
{
    bool is_array;
    if (!check_array(w, s, v, definite, &is_array) || !is_array)
        return is_array || !definite;
    int64_t from = s->has_from ? clamp(s->from, v.count) : 0;
    int64_t to = s->has_to ? clamp(s->to, v.count) : v.count;
    for (int64_t i = from; i < to; i++)
        if (!found(w, s, v.as.items[i], false))
            return false;
    return true;
}

static bool step_all(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v)
{
    if (v.kind != ASLRT_ARRAY && v.kind != ASLRT_OBJECT)
        return true;
    for (uint32_t i = 0; i < v.count; i++)
        if (!found(w, s, v.kind == ASLRT_ARRAY ? v.as.items[i] : v.as.members[i].value, false))
            return false;
    return true;
}

/* Of an array, the elements that the filter takes; an object as a whole. */
static bool step_filter(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                        bool definite)
{
    if (v.kind == ASLRT_OBJECT)
        return !aslrt_filter_takes(s->filter, w->scope, v) || found(w, s, v, false);
    bool is_array;
    if (!check_array(w, s, v, definite, &is_array) || !is_array)
        return is_array || !definite;
    for (uint32_t i = 0; i < v.count; i++)
        if (aslrt_filter_takes(s->filter, w->scope, v.as.items[i]) &&
            !found(w, s, v.as.items[i], false))
            return false;
    return true;
}

static bool step_function(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v)
{
    struct aslrt_value result;
    if (!aslrt_path_function(s, w->scope, v, &result))
        return fail(w, "Function of name: %s cannot be applied here", s->text.bytes);
    return found(w, s, result, true);
}

static bool apply(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                  bool definite)
{
    switch (s->kind) {
    case ASLRT_STEP_NAMES:
        return step_names(w, s, v, definite);
    case ASLRT_STEP_INDEXES:
        return step_indexes(w, s, v, definite);
    case ASLRT_STEP_SLICE:
        return step_slice(w, s, v, definite);
    case ASLRT_STEP_ALL:
        return step_all(w, s, v);
    case ASLRT_STEP_FILTER:
        return step_filter(w, s, v, definite);
    case ASLRT_STEP_FUNCTION:
        return step_function(w, s, v);
    case ASLRT_STEP_SCRIPT:
        break;
    }
    return fail(w, "Scripts are not supported: (%s)", s->text.bytes);
}

/* '..': the step applies to the value itself and to everything in it, from the outside in. */
static bool deep(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                 unsigned depth)
{
    if ((v.kind != ASLRT_ARRAY && v.kind != ASLRT_OBJECT) || depth == 0)
        return true;
    /* a filter asks each object itself, so that an array's elements are not found twice */
    if (!(s->kind == ASLRT_STEP_FILTER && v.kind == ASLRT_ARRAY) && !apply(w, s, v, false))
        return false;
    for (uint32_t i = 0; i < v.count; i++)
        if (!deep(w, s, v.kind == ASLRT_ARRAY ? v.as.items[i] : v.as.members[i].value, depth - 1))
            return false;
    return true;
}

static bool step(struct walk *w, const struct aslrt_path_step *s, struct aslrt_value v,
                 bool definite)
{
    return s->deep ? deep(w, s, v, ASLRT_NESTING_MAX) : apply(w, s, v, definite);
}

/* Whether the path can name one place only. */
static bool is_definite(const struct aslrt_path *path)
{
    for (const struct aslrt_path_step *s = path->steps; s != NULL; s = s->next) {
        bool several = s->count > 1 && (s->kind == ASLRT_STEP_INDEXES || s->next != NULL);
        if (s->kind == ASLRT_STEP_FUNCTION)
            return true; /* it makes one value of whatever came before */
        if (s->deep || several || s->kind == ASLRT_STEP_ALL || s->kind == ASLRT_STEP_SLICE ||
            s->kind == ASLRT_STEP_FILTER)
            return false;
    }
    return true;
}

static bool root_of(struct walk *w, struct aslrt_value *out)
{
    const struct aslrt_path *p = w->path;
    switch (p->root) {
    case ASLRT_ROOT_CONTEXT:
        *out = w->scope->context(w->scope->data);
        return true;
    case ASLRT_ROOT_VARIABLE:
        *out = w->scope->variable(w->scope->data, p->variable.bytes, p->variable.count);
        return out->kind != ASLRT_UNDEFINED ||
               fail(w, "The variable '%s' was not assigned", p->variable.bytes);
    case ASLRT_ROOT_INPUT:
    case ASLRT_ROOT_ITEM:
        break;
    }
    *out = w->scope->input;
    return true;
}

bool aslrt_path_walk(const struct aslrt_path *path, const struct aslrt_path_scope *scope,
                     struct aslrt_value *out, struct aslrt_path_fault *fault)
{
    struct walk w = {scope, aslrt_array_in(scope->arena), fault, path};
    struct aslrt_value root;
    if (!root_of(&w, &root))
        return false;
    if (path->steps == NULL) {
        *out = root;
        return true;
    }
    bool definite = is_definite(path);
    if (!step(&w, path->steps, root, true)) {
        if (definite)
            return false;
        *out = aslrt_array(NULL, 0); /* recorded: nothing on the way to a wildcard is no fault */
        return true;
    }
    struct aslrt_value results = aslrt_array_done(&w.results);
    if (!definite) {
        *out = results;
        return true;
    }
    if (results.count == 0) {
        fault->beyond = path->last->kind == ASLRT_STEP_INDEXES;
        return fail(&w, "No results for path: %s", path_text(&w, path->last));
    }
    *out = results.as.items[results.count - 1];
    return true;
}

bool aslrt_path_eval(const struct aslrt_term *term, const struct aslrt_path_scope *scope,
                     struct aslrt_value *out, struct aslrt_path_fault *fault)
{
    *fault = (struct aslrt_path_fault){.term = term};
    if (term->kind == ASLRT_TERM_PATH)
        return aslrt_path_walk(term->path, scope, out, fault);
    return aslrt_intrinsic_call(term, scope, out, fault);
}

/* ---- putting ---- */

static bool conflict(struct aslrt_path_conflict *found, const struct aslrt_path_step *s,
                     struct aslrt_value target)
{
    found->step = s;
    found->target = target;
    return false;
}

static bool put(struct aslrt_arena *arena, const struct aslrt_path_step *s,
                struct aslrt_value target, struct aslrt_value value, struct aslrt_value *out,
                struct aslrt_path_conflict *found)
{
    if (s == NULL) {
        *out = value;
        return true;
    }
    struct aslrt_value inner;
    if (s->kind == ASLRT_STEP_INDEXES) {
        int64_t at = s->indexes[0];
        if (target.kind != ASLRT_ARRAY || at < 0 || at >= target.count)
            return conflict(found, s, target);
        if (!put(arena, s->next, target.as.items[at], value, &inner, found))
            return false;
        struct aslrt_value *items = aslrt_alloc(arena, target.count * sizeof *items);
        memcpy(items, target.as.items, target.count * sizeof *items);
        items[at] = inner;
        *out = aslrt_array(items, target.count);
        return true;
    }
    if (target.kind == ASLRT_UNDEFINED)
        target = aslrt_object(NULL, 0);
    if (target.kind != ASLRT_OBJECT)
        return conflict(found, s, target);
    struct aslrt_value key = aslrt_string(s->names[0].bytes, s->names[0].count);
    if (!put(arena, s->next, aslrt_get(target, key.as.bytes, key.count), value, &inner, found))
        return false;
    struct aslrt_object_builder b = aslrt_object_in(arena);
    for (uint32_t i = 0; i < target.count; i++)
        aslrt_object_set(&b, target.as.members[i].key, target.as.members[i].value);
    aslrt_object_set(&b, key, inner);
    *out = aslrt_object_done(&b);
    return true;
}

bool aslrt_path_put(struct aslrt_arena *arena, const struct aslrt_path *path,
                    struct aslrt_value target, struct aslrt_value value, struct aslrt_value *out,
                    struct aslrt_path_conflict *found)
{
    return put(arena, path->steps, target, value, out, found);
}
