/*
 * schema.c - compiles and checks JSON Schemas; see schema.h for what counts.
 *
 * Invariants: what PCRE2 allocates lies in an arena too, so that nothing needs to be freed and a
 * lack of memory leaves through the arena's trap; recursion is as deep as the schema, which the
 * JSON reader has bounded.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "runtime/api/schema.h"

#include "runtime/base/buffer.h"
#include "runtime/base/utf8.h"

#include <math.h>
#include <pcre2.h>

enum {
    MATCH_STEPS_MAX = 100000, /* of one pattern on one string */
    MATCH_MEMORY_MAX = 1024,  /* KiB */
};

struct aslrt_schema {
    uint32_t types; /* a bit for each of enum type; 0: all */
    const struct aslrt_schema **any_of;
    uint32_t any_of_count;
    struct aslrt_value values; /* enum, or undefined */

    struct aslrt_value properties; /* object: name to index */
    const struct aslrt_schema **property_schemas;
    struct aslrt_value required;
    bool closed;                           /* additionalProperties: false */
    const struct aslrt_schema *additional; /* or the schema that others must fit */
    uint64_t properties_min, properties_max;

    const struct aslrt_schema *items;

    uint64_t length_min, length_max;
    struct aslrt_value pattern_text;
    const pcre2_code *pattern;

    bool has_minimum, has_maximum;
    double minimum, maximum;
    double multiple; /* 0: none */
};

enum type { NULL_, BOOLEAN, INTEGER, NUMBER, STRING, ARRAY, OBJECT, TYPE_COUNT };

static const char *const type_names[TYPE_COUNT] = {"null",   "boolean", "integer", "number",
                                                   "string", "array",   "object"};

/* ---- compiling ---- */

struct compiler {
    struct aslrt_arena *arena;
    const char *why; /* set on the first problem */
};

static const struct aslrt_schema *compile(struct compiler *c, struct aslrt_value schema);

static void complain(struct compiler *c, const char *word, const char *what)
{
    if (c->why != NULL)
        return;
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_buffer_format(&b, "'%s' %s", word, what);
    c->why = aslrt_buffer_close(&b);
}

static void *pcre2_take(PCRE2_SIZE size, void *arena)
{
    return aslrt_alloc(arena, size);
}

static void pcre2_give(void *block, void *arena)
{
    (void)block; /* goes with the arena */
    (void)arena;
}

static uint32_t type_bit(struct compiler *c, struct aslrt_value name)
{
    for (uint32_t i = 0; i < TYPE_COUNT; i++)
        if (aslrt_is(name, type_names[i]))
            return 1u << i;
    complain(c, "type", "names a type that does not exist");
    return 0;
}

static void compile_type(struct compiler *c, struct aslrt_schema *s, struct aslrt_value v)
{
    if (v.kind != ASLRT_ARRAY) {
        s->types = type_bit(c, v);
        return;
    }
    for (uint32_t i = 0; i < v.count; i++)
        s->types |= type_bit(c, v.as.items[i]);
}

static uint64_t count_of(struct compiler *c, const char *word, struct aslrt_value v)
{
    int64_t n;
    if (aslrt_is_number(v) && aslrt_to_int(v, &n) && n >= 0)
        return (uint64_t)n;
    complain(c, word, "must be a whole number from 0");
    return 0;
}

static double number_of(struct compiler *c, const char *word, struct aslrt_value v)
{
    if (!aslrt_is_number(v))
        complain(c, word, "must be a number");
    return aslrt_to_double(v);
}

static void compile_pattern(struct compiler *c, struct aslrt_schema *s, struct aslrt_value v)
{
    if (v.kind != ASLRT_STRING) {
        complain(c, "pattern", "must be a string");
        return;
    }
    pcre2_general_context *memory = pcre2_general_context_create(pcre2_take, pcre2_give, c->arena);
    pcre2_compile_context *cx = pcre2_compile_context_create(memory);
    int error;
    PCRE2_SIZE at;
    s->pattern_text = v;
    s->pattern = pcre2_compile((PCRE2_SPTR)v.as.bytes, v.count,
                               PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY |
                                   PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C,
                               &error, &at, cx);
    if (s->pattern != NULL)
        return;
    char message[160];
    pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof message);
    complain(c, "pattern", aslrt_copy_text(c->arena, message, strlen(message)));
}

static void compile_properties(struct compiler *c, struct aslrt_schema *s, struct aslrt_value v)
{
    if (v.kind != ASLRT_OBJECT) {
        complain(c, "properties", "must be an object");
        return;
    }
    s->properties = v;
    s->property_schemas = ASLRT_NEW_ARRAY(c->arena, const struct aslrt_schema *, v.count);
    for (uint32_t i = 0; i < v.count; i++)
        s->property_schemas[i] = compile(c, v.as.members[i].value);
}

static void compile_any_of(struct compiler *c, struct aslrt_schema *s, struct aslrt_value v)
{
    if (v.kind != ASLRT_ARRAY) {
        complain(c, "anyOf", "must be an array");
        return;
    }
    s->any_of = ASLRT_NEW_ARRAY(c->arena, const struct aslrt_schema *, v.count);
    s->any_of_count = v.count;
    for (uint32_t i = 0; i < v.count; i++)
        s->any_of[i] = compile(c, v.as.items[i]);
}

static void compile_lists(struct compiler *c, struct aslrt_schema *s, struct aslrt_value key,
                          struct aslrt_value v)
{
    if (v.kind != ASLRT_ARRAY)
        complain(c, aslrt_is(key, "enum") ? "enum" : "required", "must be an array");
    else if (aslrt_is(key, "enum"))
        s->values = v;
    else
        s->required = v;
}

static void compile_word(struct compiler *c, struct aslrt_schema *s, struct aslrt_value key,
                         struct aslrt_value v)
{
    if (aslrt_is(key, "type")) {
        compile_type(c, s, v);
    } else if (aslrt_is(key, "enum") || aslrt_is(key, "required")) {
        compile_lists(c, s, key, v);
    } else if (aslrt_is(key, "properties")) {
        compile_properties(c, s, v);
    } else if (aslrt_is(key, "additionalProperties")) {
        s->closed = v.kind == ASLRT_BOOL && !v.as.boolean;
        s->additional = v.kind == ASLRT_OBJECT ? compile(c, v) : NULL;
    } else if (aslrt_is(key, "minProperties")) {
        s->properties_min = count_of(c, "minProperties", v);
    } else if (aslrt_is(key, "maxProperties")) {
        s->properties_max = count_of(c, "maxProperties", v);
    } else if (aslrt_is(key, "items")) {
        s->items = compile(c, v);
    } else if (aslrt_is(key, "minLength")) {
        s->length_min = count_of(c, "minLength", v);
    } else if (aslrt_is(key, "maxLength")) {
        s->length_max = count_of(c, "maxLength", v);
    } else if (aslrt_is(key, "pattern")) {
        compile_pattern(c, s, v);
    } else if (aslrt_is(key, "minimum")) {
        s->minimum = number_of(c, "minimum", v);
        s->has_minimum = true;
    } else if (aslrt_is(key, "maximum")) {
        s->maximum = number_of(c, "maximum", v);
        s->has_maximum = true;
    } else if (aslrt_is(key, "multipleOf")) {
        s->multiple = number_of(c, "multipleOf", v);
    } else if (aslrt_is(key, "anyOf")) {
        compile_any_of(c, s, v);
    }
}

static const struct aslrt_schema *compile(struct compiler *c, struct aslrt_value schema)
{
    struct aslrt_schema *s = ASLRT_NEW(c->arena, struct aslrt_schema);
    s->length_max = s->properties_max = UINT64_MAX;
    if (schema.kind != ASLRT_OBJECT)
        complain(c, "a schema", "must be an object");
    else
        for (uint32_t i = 0; i < schema.count; i++)
            compile_word(c, s, schema.as.members[i].key, schema.as.members[i].value);
    return s;
}

struct compile_job {
    struct compiler compiler;
    struct aslrt_value schema;
    const struct aslrt_schema *out;
};

static enum aslrt_status compile_body(void *data)
{
    struct compile_job *job = data;
    job->out = compile(&job->compiler, job->schema);
    return job->compiler.why == NULL ? ASLRT_OK : ASLRT_FAILED;
}

enum aslrt_status aslrt_schema_compile(struct aslrt_arena *arena, struct aslrt_value schema,
                                       const struct aslrt_schema **out, const char **why)
{
    struct compile_job job = {{arena, NULL}, schema, NULL};
    enum aslrt_status status = aslrt_protect(arena->memory, compile_body, &job);
    *out = status == ASLRT_OK ? job.out : NULL;
    *why = job.compiler.why;
    return status;
}

/* ---- checking ---- */

/* The way to the value under the hand, innermost first. */
struct place {
    const struct place *up;
    struct aslrt_value key; /* undefined: an element of an array */
    uint32_t index;
};

struct checker {
    struct aslrt_arena *arena;
    struct aslrt_schema_fault *fault;
    /* Made at the first pattern and used for all: PCRE2 keeps its frames of 20 KiB and more there.
     */
    pcre2_match_data *found;
    pcre2_match_context *limits;
};

static bool check(struct checker *c, const struct aslrt_schema *s, struct aslrt_value v,
                  const struct place *at);

static void put_pointer(struct aslrt_buffer *b, const struct place *at)
{
    if (at == NULL)
        return;
    put_pointer(b, at->up);
    aslrt_buffer_char(b, '/');
    if (at->key.kind != ASLRT_STRING) {
        aslrt_buffer_format(b, "%u", (unsigned)at->index);
        return;
    }
    for (uint32_t i = 0; i < at->key.count; i++) {
        char ch = at->key.as.bytes[i];
        if (ch == '~' || ch == '/')
            aslrt_buffer_text(b, ch == '~' ? "~0" : "~1");
        else
            aslrt_buffer_char(b, ch);
    }
}

static bool fault(struct checker *c, const struct place *at, const char *what)
{
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    put_pointer(&b, at);
    c->fault->pointer = aslrt_buffer_close(&b);
    c->fault->what = what;
    return false;
}

static bool fault_number(struct checker *c, const struct place *at, const char *what, double n)
{
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_buffer_format(&b, "%s %.15g", what, n);
    return fault(c, at, aslrt_buffer_close(&b));
}

/* Draft 4, section 3.5: without fraction and exponent. */
static bool is_integer(struct aslrt_value v)
{
    if (v.kind != ASLRT_NUMBER)
        return v.kind == ASLRT_INT;
    for (uint32_t i = 0; i < v.count; i++)
        if (v.as.bytes[i] == '.' || v.as.bytes[i] == 'e' || v.as.bytes[i] == 'E')
            return false;
    return true;
}

static uint32_t types_of(struct aslrt_value v)
{
    switch ((enum aslrt_kind)v.kind) {
    case ASLRT_NULL:
        return 1u << NULL_;
    case ASLRT_BOOL:
        return 1u << BOOLEAN;
    case ASLRT_INT:
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
        return 1u << NUMBER | (is_integer(v) ? 1u << INTEGER : 0);
    case ASLRT_STRING:
        return 1u << STRING;
    case ASLRT_ARRAY:
        return 1u << ARRAY;
    case ASLRT_OBJECT:
        return 1u << OBJECT;
    case ASLRT_UNDEFINED:
    case ASLRT_FUNCTION:
        break;
    }
    return 0;
}

static bool check_type(struct checker *c, const struct aslrt_schema *s, struct aslrt_value v,
                       const struct place *at)
{
    if (s->types == 0 || (s->types & types_of(v)) != 0)
        return true;
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_buffer_text(&b, "must be of type");
    for (uint32_t i = 0, n = 0; i < TYPE_COUNT; i++)
        if ((s->types & 1u << i) != 0)
            aslrt_buffer_format(&b, "%s %s", n++ == 0 ? "" : " or", type_names[i]);
    return fault(c, at, aslrt_buffer_close(&b));
}

static bool check_enum(struct checker *c, const struct aslrt_schema *s, struct aslrt_value v,
                       const struct place *at)
{
    if (s->values.kind != ASLRT_ARRAY)
        return true;
    for (uint32_t i = 0; i < s->values.count; i++)
        if (aslrt_equal(s->values.as.items[i], v))
            return true;
    return fault(c, at, "is not one of the values that are allowed");
}

static bool check_any_of(struct checker *c, const struct aslrt_schema *s, struct aslrt_value v,
                         const struct place *at)
{
    for (uint32_t i = 0; i < s->any_of_count; i++)
        if (check(c, s->any_of[i], v, at))
            return true;
    return s->any_of_count == 0; /* the fault of the last one stands */
}

static bool matches(struct checker *c, const pcre2_code *pattern, struct aslrt_value v)
{
    if (c->found == NULL) {
        pcre2_general_context *memory =
            pcre2_general_context_create(pcre2_take, pcre2_give, c->arena);
        c->limits = pcre2_match_context_create(memory);
        pcre2_set_match_limit(c->limits, MATCH_STEPS_MAX);
        pcre2_set_heap_limit(c->limits, MATCH_MEMORY_MAX);
        c->found = pcre2_match_data_create(1, memory);
    }
    return pcre2_match(pattern, (PCRE2_SPTR)v.as.bytes, v.count, 0, 0, c->found, c->limits) >= 0;
}

static bool check_string(struct checker *c, const struct aslrt_schema *s, struct aslrt_value v,
                         const struct place *at)
{
    if (s->length_min != 0 || s->length_max != UINT64_MAX) {
        size_t length = aslrt_utf8_count(v.as.bytes, v.count);
        if (length < s->length_min)
            return fault_number(c, at, "is shorter than", (double)s->length_min);
        if (length > s->length_max)
            return fault_number(c, at, "is longer than", (double)s->length_max);
    }
    if (s->pattern != NULL && !matches(c, s->pattern, v))
        return fault(c, at, "does not match its pattern");
    return true;
}

static bool check_number(struct checker *c, const struct aslrt_schema *s, struct aslrt_value v,
                         const struct place *at)
{
    double n = aslrt_to_double(v);
    if (s->has_minimum && n < s->minimum)
        return fault_number(c, at, "is less than", s->minimum);
    if (s->has_maximum && n > s->maximum)
        return fault_number(c, at, "is more than", s->maximum);
    if (s->multiple > 0 && fmod(n, s->multiple) != 0)
        return fault_number(c, at, "is not a multiple of", s->multiple);
    return true;
}

/* The schema of that property, or NULL when "properties" does not name it. */
static const struct aslrt_schema *property(const struct aslrt_schema *s, struct aslrt_value key)
{
    for (uint32_t i = 0; i < s->properties.count; i++) {
        struct aslrt_value name = s->properties.as.members[i].key;
        if (name.count == key.count && memcmp(name.as.bytes, key.as.bytes, key.count) == 0)
            return s->property_schemas[i];
    }
    return NULL;
}

static bool check_object(struct checker *c, const struct aslrt_schema *s, struct aslrt_value v,
                         const struct place *at)
{
    if (v.count < s->properties_min)
        return fault_number(c, at, "has fewer members than", (double)s->properties_min);
    if (v.count > s->properties_max)
        return fault_number(c, at, "has more members than", (double)s->properties_max);
    for (uint32_t i = 0; i < s->required.count; i++) {
        struct aslrt_value name = s->required.as.items[i];
        struct place there = {at, name, 0};
        if (name.kind == ASLRT_STRING &&
            aslrt_get(v, name.as.bytes, name.count).kind == ASLRT_UNDEFINED)
            return fault(c, &there, "is required");
    }
    for (uint32_t i = 0; i < v.count; i++) {
        const struct aslrt_member *m = &v.as.members[i];
        struct place there = {at, m->key, 0};
        const struct aslrt_schema *of = property(s, m->key);
        if (of == NULL && s->closed)
            return fault(c, &there, "is not a field of this object");
        if (of == NULL)
            of = s->additional;
        if (of != NULL && !check(c, of, m->value, &there))
            return false;
    }
    return true;
}

static bool check_array(struct checker *c, const struct aslrt_schema *s, struct aslrt_value v,
                        const struct place *at)
{
    if (s->items == NULL)
        return true;
    for (uint32_t i = 0; i < v.count; i++) {
        struct place there = {at, aslrt_undefined(), i};
        if (!check(c, s->items, v.as.items[i], &there))
            return false;
    }
    return true;
}

static bool check(struct checker *c, const struct aslrt_schema *s, struct aslrt_value v,
                  const struct place *at)
{
    if (!check_type(c, s, v, at) || !check_enum(c, s, v, at) || !check_any_of(c, s, v, at))
        return false;
    if (v.kind == ASLRT_STRING)
        return check_string(c, s, v, at);
    if (v.kind == ASLRT_OBJECT)
        return check_object(c, s, v, at);
    if (v.kind == ASLRT_ARRAY)
        return check_array(c, s, v, at);
    return !aslrt_is_number(v) || check_number(c, s, v, at);
}

struct check_job {
    struct checker checker;
    const struct aslrt_schema *schema;
    struct aslrt_value value;
};

static enum aslrt_status check_body(void *data)
{
    struct check_job *job = data;
    return check(&job->checker, job->schema, job->value, NULL) ? ASLRT_OK : ASLRT_FAILED;
}

enum aslrt_status aslrt_schema_check(const struct aslrt_schema *schema, struct aslrt_value value,
                                     struct aslrt_arena *arena, struct aslrt_schema_fault *out)
{
    struct check_job job = {{arena, out, NULL, NULL}, schema, value};
    return aslrt_protect(arena->memory, check_body, &job);
}
