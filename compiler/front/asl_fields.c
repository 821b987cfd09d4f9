/*
 * asl_fields.c - which object has which fields; see asl_fields.def.
 *
 * The table is searched by name; among rows of one name the one that fits the object is taken.
 */
#include "compiler/base/grow.h"
#include "compiler/base/suggest.h"
#include "compiler/front/asl_int.h"
#include "compiler/ir/ir_choice.h"

#include <assert.h>
#include <stddef.h>

struct field {
    const char *name;
    enum asl_value_kind value;
    size_t member;     /* offset in struct ir_state; 0: none (a state's first member is its name) */
    unsigned where[2]; /* by enum ir_language */
};

#define AT(member) offsetof(struct ir_state, member)
enum {
    NONE = 0,
    TASK = ASL_IN_TASK,
    PASS = ASL_IN_PASS,
    CHOICE = ASL_IN_CHOICE,
    WAIT = ASL_IN_WAIT,
    FAIL = ASL_IN_FAIL,
    PARALLEL = ASL_IN_PARALLEL,
    MAP = ASL_IN_MAP,
    TOP = ASL_IN_TOP,
    PROCESSOR = ASL_IN_PROCESSOR,
    CONFIG = ASL_IN_CONFIG,
    RETRIER = ASL_IN_RETRIER,
    CATCHER = ASL_IN_CATCHER,
    RULE = ASL_IN_RULE,
    TEST = ASL_IN_TEST,
    READER = ASL_IN_READER,
    READER_CONFIG = ASL_IN_READER_CONFIG,
    BATCHER = ASL_IN_BATCHER,
    WRITER = ASL_IN_WRITER,
    WRITER_CONFIG = ASL_IN_WRITER_CONFIG,
    STATES = ASL_IN_STATES,
    ALL_BUT_FAIL = ASL_IN_ALL_BUT_FAIL,
    WORKERS = ASL_IN_WORKERS,
    GOING = ASL_IN_GOING,
    SCOPES = ASL_IN_SCOPES,
    EVERYWHERE = ASL_IN_EVERYWHERE
};

static const struct field fields[] = {
#define ASL_FIELD(name, value, member, jsonpath, jsonata)                                          \
    {#name, ASL_##value, member, {jsonpath, jsonata}},
#include "compiler/front/asl_fields.def"
#undef ASL_FIELD
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

/* The first row of that name, or FIELD_COUNT. */
static uint32_t find(const char *name)
{
    uint32_t low = 0, high = FIELD_COUNT;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (strcmp(fields[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < FIELD_COUNT && strcmp(fields[low].name, name) == 0 ? low : FIELD_COUNT;
}

/* The row of that name that the object has in that language, or NULL. */
static const struct field *find_in(const char *name, unsigned where, enum ir_language language)
{
    for (uint32_t i = find(name); i < FIELD_COUNT && strcmp(fields[i].name, name) == 0; i++) {
        if ((fields[i].where[language] & where) != 0)
            return &fields[i];
    }
    return NULL;
}

const char *asl_object_name(unsigned where)
{
    static const char *const names[] = {
        "a Task state",  "a Pass state",      "a Choice state", "a Wait state",   "a Succeed state",
        "a Fail state",  "a Parallel state",  "a Map state",    "a machine",      "a branch",
        "a processor",   "a ProcessorConfig", "a retrier",      "a catcher",      "a Choice rule",
        "a nested rule", "an ItemReader",     "a ReaderConfig", "an ItemBatcher", "a ResultWriter",
        "a WriterConfig"};
    unsigned bit = 0;
    while (bit < 20 && (where >> bit & 1u) == 0)
        bit++;
    return names[bit];
}

/* ---- fields that don't belong ---- */

static const char *nearest(const char *name, unsigned where, enum ir_language language)
{
    const char *names[FIELD_COUNT + IR_OP_COUNT];
    uint32_t count = 0;
    for (uint32_t i = 0; i < FIELD_COUNT; i++) {
        if ((fields[i].where[language] & where) != 0)
            names[count++] = fields[i].name;
    }
    if ((where & (ASL_IN_RULE | ASL_IN_TEST)) != 0 && language == IR_JSONPATH) {
        for (uint32_t i = 0; i < IR_OP_COUNT; i++)
            names[count++] = ir_operator_table[i].name;
    }
    return suggest(name, names, count);
}

/* The other states that have the field, as a list for people; "" when none has. */
static const char *states_with(struct asl_reader *r, const char *name, enum ir_language language)
{
    unsigned where = 0;
    for (uint32_t i = find(name); i < FIELD_COUNT && strcmp(fields[i].name, name) == 0; i++)
        where |= fields[i].where[language] & ASL_IN_STATES;
    struct aslrt_buffer b = aslrt_buffer_in(r->arena);
    for (int type = IR_TASK; type <= IR_MAP; type++) {
        if ((where >> type & 1u) == 0)
            continue;
        unsigned rest = where >> type >> 1;
        aslrt_buffer_text(&b, b.count == 0 ? "" : rest == 0 ? " and " : ", ");
        aslrt_buffer_text(&b, ir_type_name((enum ir_state_type)type));
    }
    return aslrt_buffer_close(&b);
}

static void report_other_language(struct asl_reader *r, const struct asl_at *at,
                                  const struct jmember *m, unsigned where)
{
    static const struct {
        const char *jsonpath, *jsonata;
    } pairs[] = {{"Parameters", "Arguments"},  {"OutputPath", "Output"},   {"ResultPath", "Output"},
                 {"ResultSelector", "Output"}, {"InputPath", "Arguments"}, {"Result", "Output"},
                 {"ItemsPath", "Items"},       {"Variable", "Condition"}};
    bool jsonata = at->language == IR_JSONATA; /* the state's; the field is of the other */
    if (!jsonata && r->language == IR_JSONATA)
        return; /* the state must not be in JSONPath at all, which has been reported */
    struct diag *d = asl_begin(r, at, DIAG_ASL_LANGUAGE_FIELD, m->key_span,
                               "'%s' is a field of %s, but this is in %s", m->key,
                               jsonata ? "JSONPath" : "JSONata", jsonata ? "JSONata" : "JSONPath");
    diag_service(d, 1,
                 "The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' "
                 "QueryLanguage",
                 jsonata ? "JSONata" : "JSONPath", m->key, jsonata ? "JSONPath" : "JSONata");
    const char *instead = NULL;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const char *this = jsonata ? pairs[i].jsonpath : pairs[i].jsonata;
        const char *other = jsonata ? pairs[i].jsonata : pairs[i].jsonpath;
        if (instead == NULL && strcmp(this, m->key) == 0 && find_in(other, where, at->language))
            instead = other;
    }
    size_t n = strlen(m->key);
    if (!jsonata)
        diag_help(d, "use '%s', or set \"QueryLanguage\": \"JSONata\" for the state",
                  instead != NULL ? instead : "Parameters");
    else if (instead != NULL)
        diag_help(d, "use '%s'", instead);
    else if (n > 4 && strcmp(m->key + n - 4, "Path") == 0)
        diag_help(d, "use '%.*s' with an expression", (int)(n - 4), m->key);
    diag_end(d);
}

static void report_unknown(struct asl_reader *r, const struct asl_at *at, const struct jmember *m,
                           unsigned where)
{
    bool language = strcmp(m->key, "QueryLanguage") == 0;
    struct diag *d = asl_begin(r, at, language ? DIAG_ASL_LANGUAGE : DIAG_ASL_UNKNOWN_FIELD,
                               m->key_span, "%s has no field '%s'", asl_object_name(where), m->key);
    diag_service(d, 1, "Field '%s' is not supported", m->key);
    const char *near = nearest(m->key, where, at->language);
    const char *elsewhere = states_with(r, m->key, at->language);
    if (language)
        diag_help(d, "the machine and its states have it; states in here take the machine's");
    else if (near != NULL)
        diag_fix(d, m->key_span, false, "\"%s\"", near);
    else if ((where & ASL_IN_STATES) != 0 && *elsewhere != '\0')
        diag_help(d, "%s have it", elsewhere);
    diag_end(d);
}

/* In a Choice rule the operators are no fields of the table. */
static bool is_operator(const char *name, unsigned where, enum ir_language language)
{
    return (where & (ASL_IN_RULE | ASL_IN_TEST)) != 0 && language == IR_JSONPATH &&
           (strcmp(name, "And") == 0 || strcmp(name, "Or") == 0 || strcmp(name, "Not") == 0 ||
            ir_operator_find(name) != IR_OP_COUNT);
}

/* ---- fields that exclude each other ---- */

static void check_twins(struct asl_reader *r, const struct asl_at *at, const struct jnode *object,
                        unsigned where)
{
    static const char *const twins[][2] = {
        {"TimeoutSeconds", "TimeoutSecondsPath"},
        {"HeartbeatSeconds", "HeartbeatSecondsPath"},
        {"MaxConcurrency", "MaxConcurrencyPath"},
        {"ToleratedFailureCount", "ToleratedFailureCountPath"},
        {"ToleratedFailurePercentage", "ToleratedFailurePercentagePath"},
        {"MaxItems", "MaxItemsPath"},
        {"MaxItemsPerBatch", "MaxItemsPerBatchPath"},
        {"MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"},
        {"Error", "ErrorPath"},
        {"Cause", "CausePath"},
        {"ItemProcessor", "Iterator"},
        {"ItemSelector", "Parameters"},
    };
    for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++) {
        const struct jmember *b = jnode_member(object, twins[i][1]);
        const struct jmember *a = b == NULL ? NULL : jnode_member(object, twins[i][0]);
        if (a == NULL || !find_in(a->key, where, at->language) ||
            !find_in(b->key, where, at->language))
            continue;
        struct diag *d = asl_begin(r, at, DIAG_ASL_TWIN_FIELDS, b->key_span,
                                   "'%s' and '%s' exclude each other", a->key, b->key);
        diag_service(d, 1, "There should only be one of the following fields: [%s, %s]", a->key,
                     b->key);
        diag_label(d, a->key_span, "the other is here");
        diag_help(d, "keep one of the two");
        diag_end(d);
    }
}

/* ---- the walk ---- */

/* Where a state that did some work may name what came of it (spec: Reserved variable $states). */
static bool has_result(const char *key)
{
    return strcmp(key, "Output") == 0 || strcmp(key, "Assign") == 0;
}

void asl_fields(struct asl_reader *r, const struct asl_at *at, const struct jnode *object,
                unsigned where, struct ir_state *state)
{
    assert(object->kind == J_OBJECT);
    for (uint32_t i = 0; i < object->count; i++) {
        const struct jmember *m = &object->members[i];
        const struct field *f = find_in(m->key, where, at->language);
        struct asl_at here = asl_key(at, m->key);
        if ((where & ASL_IN_WORKERS) != 0 && has_result(m->key))
            here.states |= ASLRT_STATES_RESULT;
        if (f != NULL) {
            if (state != NULL && f->member != NONE)
                *(const struct jnode **)((char *)state + f->member) = m->value;
            if (!jnode_is_opaque(m->value))
                asl_values[f->value].check(r, &here, m->value, &asl_values[f->value]);
        } else if (find_in(m->key, where, at->language == IR_JSONATA ? IR_JSONPATH : IR_JSONATA)) {
            report_other_language(r, &here, m, where);
        } else if (!is_operator(m->key, where, at->language)) {
            report_unknown(r, &here, m, where);
        }
    }
    check_twins(r, at, object, where);
}

/* The fields of the list that the object has not, in the order of the list; NULL-terminated. */
static const char **missing(struct asl_reader *r, const struct jnode *object, const char *names)
{
    const char **list = NULL;
    uint32_t count = 0;
    for (const char *name = names; *name != '\0';) {
        size_t n = strcspn(name, " ");
        const char *copy = aslrt_copy_text(r->arena, name, n);
        if (jnode_member(object, copy) == NULL)
            *GROW(r->arena, list, count) = copy;
        name += n + (name[n] == ' ');
    }
    *GROW(r->arena, list, count) = NULL;
    return list;
}

/* The service reports all of them at once: its words go with the first. */
void asl_require(struct asl_reader *r, const struct asl_at *at, const struct jnode *object,
                 unsigned where, const char *names)
{
    const char **list = missing(r, object, names);
    struct aslrt_buffer all = aslrt_buffer_in(r->arena);
    for (uint32_t i = 0; list[i] != NULL; i++)
        aslrt_buffer_format(&all, "%s%s", i == 0 ? "" : ", ", list[i]);
    const char *text = aslrt_buffer_close(&all);
    for (uint32_t i = 0; list[i] != NULL; i++) {
        struct span brace = {object->span.source, object->span.start, object->span.start + 1};
        struct diag *d = asl_begin(r, at, DIAG_ASL_MISSING_FIELD, brace, "%s needs a field '%s'",
                                   asl_object_name(where), list[i]);
        if (i == 0)
            diag_service(d, 0, "These fields are required: [%s]", text);
        else
            diag_service_code(d, "");
        diag_end(d);
    }
}
