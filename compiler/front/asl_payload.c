/*
 * asl_payload.c - payloads: templates of JSONPath, and JSON with JSONata in it.
 *
 * In a template a key that ends in ".$" has a path or an intrinsic function as its value (spec:
 * Payload Template).  In JSONata any string may be an expression between "{%" and "%}" (spec:
 * JSONata). Recursion is as deep as the JSON, which its reader has bounded.
 */
#include "compiler/front/asl_int.h"

#include <ctype.h>

/* ---- JSONPath ---- */

static bool begins_with(const struct jnode *string, const char *text)
{
    return strncmp(string->text, text, strlen(text)) == 0;
}

/* "States.Format(": an intrinsic function's name and its parenthesis. */
static bool looks_like_call(const struct jnode *string)
{
    if (!begins_with(string, "States."))
        return false;
    const char *p = string->text + 7;
    while (isalnum((unsigned char)*p))
        p++;
    return *p == '(';
}

static bool looks_like_path(const struct jnode *string)
{
    return begins_with(string, "$.") || begins_with(string, "$$.") || begins_with(string, "$[");
}

static bool ends_in_dollar(const struct jmember *m)
{
    return m->key_count >= 2 && memcmp(m->key + m->key_count - 2, ".$", 2) == 0;
}

static void warn_jsonata(struct asl_reader *r, const struct asl_at *at, const struct jnode *string)
{
    struct diag *d = asl_begin(r, at, DIAG_ASL_JSONATA_AS_TEXT, string->span,
                               "a JSONata expression in a JSONPath state is passed on as text");
    diag_help(d, "set \"QueryLanguage\": \"JSONata\" for the state or the machine");
    diag_end(d);
}

static void check_static_text(struct asl_reader *r, const struct asl_at *at,
                              const struct jmember *m)
{
    if (m->value->kind != J_STRING)
        return;
    if (looks_like_path(m->value) || looks_like_call(m->value)) {
        struct diag *d =
            asl_begin(r, at, DIAG_ASL_NO_DOLLAR, m->value->span,
                      "'%s' is passed on as text, because its key '%s' does not end in "
                      "'.$'",
                      m->value->text, m->key);
        diag_fix(d, m->key_span, false, "\"%s.$\"", m->key);
        diag_end(d);
    } else if (jnode_is_jsonata(m->value)) {
        warn_jsonata(r, at, m->value);
    }
}

/* "x" beside "x.$". */
static void check_twice(struct asl_reader *r, const struct asl_at *at, const struct jnode *object)
{
    struct text_index plain = {0};
    for (uint32_t i = 0; i < object->count; i++) {
        if (!ends_in_dollar(&object->members[i]))
            text_index_add(r->arena, &plain, object->members[i].key, object->members[i].key_count,
                           i);
    }
    for (uint32_t i = 0; plain.count != 0 && i < object->count; i++) {
        const struct jmember *m = &object->members[i];
        const struct text_index_entry *other =
            ends_in_dollar(m) ? text_index_find(&plain, m->key, m->key_count - 2) : NULL;
        if (other == NULL)
            continue;
        struct asl_at here = asl_key(at, m->key);
        struct diag *d = asl_begin(r, &here, DIAG_ASL_TEMPLATE_TWICE, m->key_span,
                                   "'%s' and '%s' both set '%s'", other->text, m->key, other->text);
        diag_label(d, object->members[other->value].key_span, "the other is here");
        diag_end(d);
    }
}

static void check_template(struct asl_reader *r, const struct asl_at *at, const struct jnode *n)
{
    for (uint32_t i = 0; n->kind == J_ARRAY && i < n->count; i++) {
        struct asl_at here = asl_index(at, i);
        check_template(r, &here, n->items[i]);
    }
    if (n->kind != J_OBJECT || jnode_is_opaque(n))
        return;
    for (uint32_t i = 0; i < n->count; i++) {
        const struct jmember *m = &n->members[i];
        struct asl_at here = asl_key(at, m->key);
        if (!ends_in_dollar(m)) {
            check_static_text(r, &here, m);
            check_template(r, &here, m->value);
        } else if (!jnode_is_opaque(m->value)) {
            asl_check_template_value(r, &here, m->value);
        }
    }
    check_twice(r, at, n);
}

/* ---- JSONata ---- */

/* Delimiters that are there, but not both at the very ends.  With blanks outside of both the
   service takes the string as text without a word. */
static void check_delimiters(struct asl_reader *r, const struct asl_at *at,
                             const struct jnode *string)
{
    static const char blank[] = " \t\r\n";
    size_t from = strspn(string->text, blank), to = string->count;
    while (to > from && strchr(blank, string->text[to - 1]) != NULL)
        to--;
    bool open = to - from >= 2 && memcmp(string->text + from, "{%", 2) == 0;
    bool close = to - from >= 2 && memcmp(string->text + to - 2, "%}", 2) == 0;
    struct diag *d;
    if (open && close && to - from >= 4)
        d = asl_begin(r, at, DIAG_ASL_JSONATA_AS_TEXT, string->span,
                      "the expression is passed on as text, because blanks stand outside of it");
    else if (open && from == 0)
        d = asl_begin(r, at, DIAG_ASL_JSONATA_DELIMITERS, string->span,
                      "the expression begins with '{%%' but does not end in '%%}'");
    else if (close && to == string->count)
        d = asl_begin(r, at, DIAG_ASL_JSONATA_DELIMITERS, string->span,
                      "the expression ends in '%%}' but does not begin with '{%%'");
    else
        return;
    diag_help(d, "the string must begin with '{%%' and end in '%%}'");
    diag_end(d);
}

bool asl_took_jsonata(struct asl_reader *r, const struct asl_at *at, const struct jnode *value)
{
    if (at->language != IR_JSONATA || value->kind != J_STRING)
        return false;
    if (!jnode_is_jsonata(value)) {
        check_delimiters(r, at, value);
        return false;
    }
    asl_check_expression(r, at, value);
    return true;
}

/* Habits of JSONPath that mean nothing here. */
static void check_habits(struct asl_reader *r, const struct asl_at *at, const struct jmember *m)
{
    if (ends_in_dollar(m)) {
        struct diag *d =
            asl_begin(r, at, DIAG_ASL_JSONPATH_IN_JSONATA, m->key_span,
                      "the key '%s' keeps its '.$', because this is in JSONata", m->key);
        diag_help(d, "leave '.$' out and write the value as an expression, '{%% ... %%}'");
        diag_end(d);
    } else if (m->value->kind == J_STRING &&
               (begins_with(m->value, "$.") || begins_with(m->value, "$states."))) {
        struct diag *d =
            asl_begin(r, at, DIAG_ASL_JSONPATH_IN_JSONATA, m->value->span,
                      "'%s' is passed on as text, because it is no expression", m->value->text);
        diag_help(d, "write it between '{%%' and '%%}'; the input is '$states.input'");
        diag_end(d);
    }
}

static void check_expressions(struct asl_reader *r, const struct asl_at *at, const struct jnode *n)
{
    if (jnode_is_opaque(n))
        return;
    if (n->kind == J_STRING)
        asl_took_jsonata(r, at, n);
    for (uint32_t i = 0; n->kind == J_ARRAY && i < n->count; i++) {
        struct asl_at here = asl_index(at, i);
        check_expressions(r, &here, n->items[i]);
    }
    for (uint32_t i = 0; n->kind == J_OBJECT && i < n->count; i++) {
        struct asl_at here = asl_key(at, n->members[i].key);
        check_habits(r, &here, &n->members[i]);
        check_expressions(r, &here, n->members[i].value);
    }
}

/* ---- the kinds of payloads ---- */

void asl_check_payload(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                       const struct asl_value *row)
{
    (void)row;
    if (at->language == IR_JSONATA) {
        check_expressions(r, at, value);
        return;
    }
    const struct jmember whole = {
        .key = at->key, .key_span = value->span, .value = (struct jnode *)value};
    if (value->kind == J_STRING && jnode_is_jsonata(value))
        check_static_text(r, at, &whole);
    check_template(r, at, value);
}

void asl_check_credentials(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                           const struct asl_value *row)
{
    if (asl_took_jsonata(r, at, value))
        return;
    if (value->kind != J_OBJECT) {
        asl_wrong_type(r, at, value, "an object");
        return;
    }
    asl_check_payload(r, at, value, row);
    if (jnode_member(value, "RoleArn") != NULL || jnode_member(value, "RoleArn.$") != NULL)
        return;
    struct diag *d = asl_begin(r, at, DIAG_ASL_MISSING_FIELD, value->span,
                               "'Credentials' needs a field 'RoleArn'");
    diag_service(d, 0, "The field 'RoleArn' is required but was missing");
    diag_end(d);
}

/* An identifier as Unicode has it (UAX 31), but for the scripts: letters above ASCII are taken. */
static bool is_identifier(const char *name, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)name[i];
        if (!isalpha(c) && c != '_' && c < 0x80 && (i == 0 || !isdigit(c)))
            return false;
    }
    return count != 0;
}

static void check_variable(struct asl_reader *r, const struct asl_at *at, const struct jmember *m)
{
    size_t n = m->key_count - (at->language == IR_JSONPATH && ends_in_dollar(m) ? 2 : 0);
    const char *why = NULL;
    if (at->language == IR_JSONATA && ends_in_dollar(m))
        why = "in JSONata no key ends in '.$'";
    else if (n == 6 && memcmp(m->key, "states", 6) == 0)
        why = "it is the service's own";
    else if (!is_identifier(m->key, n))
        why = "a name has letters, digits and '_', and begins with no digit";
    else if (n > 80)
        why = "a name has 80 characters at most";
    if (why != NULL)
        asl_report(r, at, DIAG_ASL_VARIABLE_NAME, m->key_span, "'%.*s' can't be assigned: %s",
                   (int)n, m->key, why);
}

void asl_check_assign(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                      const struct asl_value *row)
{
    if (value->kind != J_OBJECT) {
        asl_wrong_type(r, at, value, "an object");
        return;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        struct asl_at here = asl_key(at, value->members[i].key);
        check_variable(r, &here, &value->members[i]);
    }
    asl_check_payload(r, at, value, row);
}

/* The Result of a Pass state goes out as it stands.  The service warns when it looks like a path.
 */
void asl_check_static_result(struct asl_reader *r, const struct asl_at *at,
                             const struct jnode *value, const struct asl_value *row)
{
    if (value->kind == J_STRING && looks_like_path(value)) {
        struct diag *d =
            asl_begin(r, at, DIAG_ASL_STATIC_RESULT, value->span,
                      "'Result' does not read the path '%s': it is passed on as text", value->text);
        diag_help(d, "use 'Parameters' with a key that ends in '.$', or 'InputPath'");
        diag_end(d);
    }
    for (uint32_t i = 0; value->kind == J_OBJECT && i < value->count; i++) {
        const struct jmember *m = &value->members[i];
        struct asl_at here = asl_key(at, m->key);
        if (ends_in_dollar(m) && jnode_is(m->value, J_STRING) &&
            (looks_like_path(m->value) || looks_like_call(m->value))) {
            struct diag *d =
                asl_begin(r, &here, DIAG_ASL_STATIC_RESULT, m->value->span,
                          "'Result' does not read '%s': it is passed on as text", m->value->text);
            diag_help(d, "use 'Parameters' instead of 'Result'");
            diag_end(d);
        } else {
            asl_check_static_result(r, &here, m->value, row);
        }
    }
}

void asl_check_condition(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                         const struct asl_value *row)
{
    (void)row;
    if (!asl_took_jsonata(r, at, value) && value->kind != J_BOOL)
        asl_wrong_type(r, at, value, "true, false or an expression");
}
