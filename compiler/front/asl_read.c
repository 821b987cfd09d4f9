/*
 * asl_read.c - machine, scopes and states; see asl_read.h.
 *
 * The states of a scope are all added before the first is read, because ids in a scope are
 * consecutive; nested scopes come behind.  Recursion is as deep as the JSON, which its reader has
 * bounded.
 */
#include "compiler/front/asl_read.h"
#include "compiler/base/suggest.h"
#include "compiler/front/asl_int.h"
#include "compiler/front/json_read.h"
#include "runtime/base/utf8.h"

#include <assert.h>
#include <stdlib.h>

/* ---- reporting ---- */

static void put_pointer(struct aslrt_buffer *b, const struct asl_at *at)
{
    if (at->up == NULL)
        return;
    put_pointer(b, at->up);
    aslrt_buffer_char(b, '/');
    if (at->key == NULL)
        aslrt_buffer_format(b, "%u", at->index);
    else
        ir_put_token(b, at->key);
}

static struct diag *with_pointer(struct asl_reader *r, const struct asl_at *at, struct diag *d)
{
    struct aslrt_buffer b = aslrt_buffer_in(r->arena);
    put_pointer(&b, at);
    diag_pointer(d, aslrt_buffer_close(&b));
    return d;
}

static const char *format_text(struct asl_reader *r, const char *format, va_list args)
{
    struct aslrt_buffer b = aslrt_buffer_in(r->arena);
    aslrt_buffer_vformat(&b, format, args);
    return aslrt_buffer_close(&b);
}

struct diag *asl_begin(struct asl_reader *r, const struct asl_at *at, enum diag_code code,
                       struct span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = format_text(r, format, args);
    va_end(args);
    return with_pointer(r, at, diag_begin(r->cx, code, span, "%s", text));
}

void asl_report(struct asl_reader *r, const struct asl_at *at, enum diag_code code,
                struct span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = format_text(r, format, args);
    va_end(args);
    diag_end(with_pointer(r, at, diag_begin(r->cx, code, span, "%s", text)));
}

void asl_report_empty(struct asl_reader *r, const struct asl_at *at, enum diag_code code,
                      struct span span, const char *message)
{
    struct diag *d = asl_begin(r, at, code, span, "%s", message);
    diag_service(d, 0, "Value cannot be empty");
    diag_end(d);
}

struct span asl_part(const struct asl_reader *r, const struct jnode *string, uint32_t from,
                     uint32_t to)
{
    return r->source == NULL ? string->span : json_string_part(r->source, string, from, to);
}

/* ---- asking nodes ---- */

bool asl_has_placeholder(const struct jnode *n)
{
    const char *open = n->kind == J_STRING ? strstr(n->text, "${") : NULL;
    return open != NULL && strchr(open, '}') != NULL;
}

const char *asl_kind_name(const struct jnode *n)
{
    static const char *const names[] = {"null",     "a boolean", "a number",     "a string",
                                        "an array", "an object", "a placeholder"};
    return names[n->kind];
}

const char *asl_text(const struct jnode *value)
{
    return jnode_is(value, J_STRING) ? value->text : NULL;
}

struct ir_ref asl_ref(const struct jnode *value)
{
    struct ir_ref ref = {.state = IR_NONE};
    if (jnode_is(value, J_STRING)) {
        ref.name = value->text;
        ref.span = value->span;
    }
    return ref;
}

/* ---- the query language ---- */

/* Reads QueryLanguage; `otherwise` where it isn't written or isn't a language. */
static enum ir_language read_language(struct asl_reader *r, const struct asl_at *at,
                                      const struct jnode *object, enum ir_language otherwise)
{
    static const char *const languages[] = {"JSONPath", "JSONata"};
    const struct jnode *n = jnode_get(object, "QueryLanguage");
    struct asl_at here = asl_key(at, "QueryLanguage");
    if (n == NULL || jnode_is_opaque(n) || asl_has_placeholder(n))
        return otherwise;
    for (int i = 0; n->kind == J_STRING && i < 2; i++) {
        if (strcmp(n->text, languages[i]) == 0)
            return (enum ir_language)i;
    }
    struct diag *d = asl_begin(r, &here, DIAG_ASL_LANGUAGE, n->span,
                               "'QueryLanguage' is 'JSONPath' or 'JSONata'");
    diag_service(d, 0,
                 n->kind == J_STRING ? "Value should be one of the following: [JSONPath, JSONata]"
                                     : "Expected value of type [STRING]");
    const char *near = n->kind == J_STRING ? suggest(n->text, languages, 2) : NULL;
    if (near != NULL)
        diag_fix(d, n->span, true, "\"%s\"", near);
    diag_end(d);
    return otherwise;
}

static enum ir_language state_language(struct asl_reader *r, const struct asl_at *at,
                                       const struct jnode *object)
{
    enum ir_language language = read_language(r, at, object, r->language);
    if (language == IR_JSONPATH && r->language == IR_JSONATA) {
        struct asl_at here = asl_key(at, "QueryLanguage");
        struct diag *d =
            asl_begin(r, &here, DIAG_ASL_LANGUAGE, jnode_get(object, "QueryLanguage")->span,
                      "a state can't go back to JSONPath when the machine is in JSONata");
        diag_service(d, 1,
                     "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state "
                     "machine");
        diag_help(d, "leave JSONPath to the machine and set JSONata in the states that want it");
        diag_end(d);
    }
    return language;
}

/* ---- states ---- */

static void read_scope(struct asl_reader *r, const struct asl_at *at, ir_id scope,
                       const struct jnode *object, unsigned where);

static void check_name(struct asl_reader *r, const struct asl_at *at, const struct jmember *m)
{
    size_t count = aslrt_utf16_count(m->key, m->key_count);
    if (count == 0)
        asl_report(r, at, DIAG_ASL_STATE_NAME, m->key_span, "a state has an empty name");
    else if (count > 80)
        asl_report(r, at, DIAG_ASL_STATE_NAME, m->key_span,
                   "the name of a state has 80 characters at most, this one has %zu", count);
    for (uint32_t i = 0; i < m->key_count; i++) {
        if ((unsigned char)m->key[i] >= 0x20 && m->key[i] != 0x7f)
            continue;
        asl_report(r, at, DIAG_ASL_STATE_NAME, m->key_span,
                   "the name of a state can't have the control character U+%04X",
                   (unsigned)(unsigned char)m->key[i]);
        break;
    }
}

static enum ir_state_type read_type(struct asl_reader *r, const struct asl_at *at,
                                    const struct jnode *object)
{
    const char *names[IR_UNKNOWN];
    for (int i = 0; i < IR_UNKNOWN; i++)
        names[i] = ir_type_name((enum ir_state_type)i);
    const struct jmember *m = jnode_member(object, "Type");
    if (m == NULL) {
        struct span brace = {object->span.source, object->span.start, object->span.start + 1};
        struct diag *d = asl_begin(r, at, DIAG_ASL_STATE_TYPE, brace, "the state has no 'Type'");
        diag_service(d, 0, "These fields are required: [Type]");
        diag_help(d, "a state is a Task, Pass, Choice, Wait, Succeed, Fail, Parallel or Map");
        diag_end(d);
        return IR_UNKNOWN;
    }
    struct asl_at here = asl_key(at, "Type");
    if (jnode_is_opaque(m->value))
        return IR_UNKNOWN;
    if (m->value->kind != J_STRING) {
        asl_wrong_type(r, &here, m->value, "a string");
        return IR_UNKNOWN;
    }
    for (int i = 0; i < IR_UNKNOWN; i++) {
        if (strcmp(m->value->text, names[i]) == 0)
            return (enum ir_state_type)i;
    }
    struct diag *d = asl_begin(r, &here, DIAG_ASL_STATE_TYPE, m->value->span,
                               "there is no type of state '%s'", m->value->text);
    diag_service(d, 0,
                 "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, "
                 "Fail, Choice, Parallel, Map]");
    const char *near = suggest(m->value->text, names, IR_UNKNOWN);
    if (near != NULL)
        diag_fix(d, m->value->span, false, "\"%s\"", near);
    else
        diag_help(d, "a state is a Task, Pass, Choice, Wait, Succeed, Fail, Parallel or Map");
    diag_end(d);
    return IR_UNKNOWN;
}

/* Exactly one of Next and End (spec: Transitions); "End": false is as if it were not written. */
static void read_exit(struct asl_reader *r, const struct asl_at *at, struct ir_state *s)
{
    const struct jmember *next = jnode_member(s->source, "Next");
    const struct jmember *end = jnode_member(s->source, "End");
    s->next = asl_ref(next == NULL ? NULL : next->value);
    s->end = end != NULL && (jnode_is_opaque(end->value) || end->value->boolean);
    if (next != NULL && s->end) {
        struct diag *d = asl_begin(r, at, DIAG_ASL_NEXT_OR_END, end->key_span,
                                   "state '%s' has both 'Next' and 'End'", s->name);
        diag_label(d, next->key_span, "'Next' is here");
        diag_help(d, "keep one of the two");
        diag_end(d);
    } else if (next == NULL && !s->end) {
        struct diag *d = asl_begin(r, at, DIAG_ASL_NEXT_OR_END, s->name_span,
                                   "state '%s' has neither 'Next' nor 'End'", s->name);
        diag_help(d, "add \"End\": true, or \"Next\" with the name of the state that follows");
        diag_end(d);
    }
}

static void check_wait(struct asl_reader *r, const struct asl_at *at, const struct ir_state *s)
{
    static const char *const names[] = {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"};
    const struct jmember *first = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct jmember *m = jnode_member(s->source, names[i]);
        if (m == NULL || (s->language == IR_JSONATA && (i & 1) != 0))
            continue;
        if (first != NULL) {
            struct diag *d =
                asl_begin(r, at, DIAG_ASL_WAIT_FIELDS, m->key_span,
                          "a Wait state has one of '%s' and '%s', not both", first->key, m->key);
            diag_label(d, first->key_span, "the other is here");
            diag_end(d);
        }
        first = m;
    }
    if (first != NULL)
        return;
    struct diag *d = asl_begin(r, at, DIAG_ASL_WAIT_FIELDS, s->name_span,
                               "state '%s' does not say how long to wait", s->name);
    diag_help(d, s->language == IR_JSONATA
                     ? "add 'Seconds' or 'Timestamp'"
                     : "add 'Seconds', 'SecondsPath', 'Timestamp' or 'TimestampPath'");
    diag_end(d);
}

static void read_branches(struct asl_reader *r, const struct asl_at *at, ir_id state,
                          const struct jnode *branches)
{
    struct asl_at list = asl_key(at, "Branches");
    if (!jnode_is(branches, J_ARRAY))
        return;
    if (branches->count == 0)
        asl_report_empty(r, &list, DIAG_ASL_FIELD_VALUE, branches->span, "'Branches' is empty");
    for (uint32_t i = 0; i < branches->count; i++)
        ir_add_scope(r->m, state, branches->items[i]->span);
    ir_id first = r->m->states[state].scopes.first;
    for (uint32_t i = 0; i < branches->count; i++) {
        struct asl_at here = asl_index(&list, i);
        read_scope(r, &here, first + i, branches->items[i], ASL_IN_BRANCH);
    }
}

static void read_processor(struct asl_reader *r, const struct asl_at *at, ir_id state,
                           const struct jnode *object)
{
    const struct jmember *m = jnode_member(object, "ItemProcessor");
    if (m == NULL)
        m = jnode_member(object, "Iterator");
    if (m == NULL || jnode_is_opaque(m->value))
        return;
    struct asl_at here = asl_key(at, m->key);
    ir_id scope = ir_add_scope(r->m, state, m->value->span);
    read_scope(r, &here, scope, m->value, ASL_IN_PROCESSOR);
}

static void read_state(struct asl_reader *r, const struct asl_at *up, ir_id id,
                       const struct jnode *object)
{
    struct ir_state *s = &r->m->states[id];
    struct asl_at at = *up;
    if (jnode_is_opaque(object))
        return;
    if (object->kind != J_OBJECT) {
        asl_report(r, &at, DIAG_ASL_FIELD_TYPE, object->span, "state '%s' is an object, not %s",
                   s->name, asl_kind_name(object));
        return;
    }
    s->source = object;
    s->language = at.language = state_language(r, up, object);
    s->comment = asl_text(jnode_get(object, "Comment"));
    enum ir_state_type type = s->type = read_type(r, &at, object);
    if (type == IR_UNKNOWN) {
        s->next = asl_ref(jnode_get(object, "Next")); /* so that what follows is still reached */
        return;
    }
    unsigned where = 1u << type;
    at.states = ASL_STATES_ALWAYS;
    asl_fields(r, &at, object, where, s);
    if ((where & ASL_IN_GOING) != 0)
        read_exit(r, &at, s);
    if (type == IR_TASK) {
        asl_require(r, &at, object, where, "Resource");
        asl_read_resource(r, &at, s);
        asl_check_request(r, &at, s);
    }
    if (type == IR_WAIT)
        check_wait(r, &at, s);
    if (type == IR_MAP)
        asl_check_map(r, &at, s);
    if ((where & ASL_IN_WORKERS) != 0) {
        struct asl_at here = asl_key(&at, "Retry");
        asl_read_retry(r, &here, id, jnode_get(object, "Retry"));
        here = asl_key(&at, "Catch");
        asl_read_catch(r, &here, id, jnode_get(object, "Catch"));
    }
    if (type == IR_CHOICE) {
        asl_require(r, &at, object, where, "Choices");
        asl_read_choice(r, &at, id, object);
    }
    if (type == IR_PARALLEL) { /* from here on the pool of states moves */
        asl_require(r, &at, object, where, "Branches");
        read_branches(r, &at, id, jnode_get(object, "Branches"));
    }
    if (type == IR_MAP)
        read_processor(r, &at, id, object);
}

/* ---- scopes ---- */

static void read_states(struct asl_reader *r, const struct asl_at *at, ir_id scope,
                        const struct jnode *states)
{
    struct asl_at here = asl_key(at, "States");
    if (states->count == 0)
        asl_report_empty(r, &here, DIAG_ASL_FIELD_VALUE, states->span, "'States' is empty");
    for (uint32_t i = 0; i < states->count; i++) {
        const struct jmember *m = &states->members[i];
        ir_id id = ir_add_state(r->m, scope, m->key, IR_UNKNOWN, m->value->span);
        r->m->states[id].name_span = m->key_span;
    }
    ir_id first = r->m->scopes[scope].states.first;
    for (uint32_t i = 0; i < states->count; i++) {
        struct asl_at state = asl_key(&here, states->members[i].key);
        check_name(r, &state, &states->members[i]);
        read_state(r, &state, first + i, states->members[i].value);
    }
}

static void read_scope(struct asl_reader *r, const struct asl_at *up, ir_id id,
                       const struct jnode *object, unsigned where)
{
    struct asl_at at = *up;
    at.language = r->language;
    r->m->scopes[id].language = r->language;
    if (jnode_is_opaque(object))
        return;
    if (object->kind != J_OBJECT) {
        asl_wrong_type(r, &at, object,
                       where == ASL_IN_BRANCH ? "an array of objects" : "an object");
        return;
    }
    struct ir_scope *scope = &r->m->scopes[id];
    scope->source = object;
    scope->comment = asl_text(jnode_get(object, "Comment"));
    scope->start_at = asl_ref(jnode_get(object, "StartAt"));
    asl_fields(r, &at, object, where, NULL);
    asl_require(r, &at, object, where, "States StartAt");
    const struct jnode *states = jnode_get(object, "States");
    if (jnode_is(states, J_OBJECT) && !jnode_is_opaque(states))
        read_states(r, &at, id, states);
}

/* ---- the machine ---- */

static void read_head(struct asl_reader *r, const struct asl_at *at, const struct jnode *root)
{
    struct ir_machine *m = r->m;
    m->comment = asl_text(jnode_get(root, "Comment"));
    m->version = asl_text(jnode_get(root, "Version"));
    const struct jnode *timeout = jnode_get(root, "TimeoutSeconds");
    if (jnode_is(timeout, J_NUMBER)) {
        double s = strtod(timeout->text, NULL);
        m->timeout_s = s > 0 && s <= UINT32_MAX ? (uint32_t)s : 0;
    }
    if (m->version != NULL && strcmp(m->version, "1.0") != 0) {
        struct asl_at here = asl_key(at, "Version");
        asl_report(r, &here, DIAG_ASL_VERSION, jnode_get(root, "Version")->span,
                   "the only version of the language is '1.0'");
    }
}

struct ir_machine *asl_read_tree(struct aslrt_arena *arena, struct diag_context *cx,
                                 const struct jnode *root, const char *name)
{
    if (root->kind != J_OBJECT) {
        struct diag *d =
            diag_begin(cx, DIAG_ASL_FIELD_TYPE, root->span,
                       "a machine is a JSON object, and this is %s", asl_kind_name(root));
        diag_service(d, DIAG_NOWHERE, "Definition must be a valid JSON object");
        diag_end(d);
        return NULL;
    }
    struct asl_reader r = {.arena = arena, .cx = cx, .m = ir_machine_new(arena, name)};
    const struct source *source = source_of(cx->sources, root->span.source);
    r.source = source == NULL ? NULL : source->text;
    r.m->source = root;
    struct asl_at at = {.states = ASL_STATES_ALWAYS};
    r.language = at.language = read_language(&r, &at, root, IR_JSONPATH);
    ir_id top = ir_add_scope(r.m, IR_NONE, root->span);
    read_head(&r, &at, root);
    read_scope(&r, &at, top, root, ASL_IN_TOP);
    ir_resolve(r.m);
    ir_check(r.m);
    return r.m;
}

struct ir_machine *asl_read(struct aslrt_arena *arena, struct diag_context *cx, uint32_t source,
                            const char *name)
{
    struct jnode *root = json_read(arena, cx, source);
    return root == NULL ? NULL : asl_read_tree(arena, cx, root, name);
}
