/*
 * attributes.c - are DynamoDB's attribute values typed?
 *
 * A501 a constant that is no attribute value, A502 a map or list that is taken from the input as it
 * is. Every value in Item, Key and ExpressionAttributeValues is an object with one member that
 * names its type: {"S": "text"}, {"N": "12"}, {"M": {...}}.  A path or expression that fills "M" or
 * "L" must give such objects all the way down; what a client sends is not like that. Source:
 * DynamoDB API reference, AttributeValue.
 */
#include "compiler/verify/verify_int.h"

#include <stdlib.h>
#include <string.h>

struct spot { /* where a value stands: the state, and its JSON pointer below it */
    struct verify *v;
    ir_id id;
    bool jsonata;
};

static const char *below(struct spot *p, const char *pointer, const char *key)
{
    struct aslrt_buffer b = aslrt_buffer_in(p->v->arena);
    aslrt_buffer_format(&b, "%s/%s", pointer, key);
    return aslrt_buffer_close(&b);
}

static bool is_dynamic(const struct jnode *n)
{
    return jnode_is_opaque(n) ||
           (n->kind == J_STRING && (jnode_is_jsonata(n) || strstr(n->text, "${") != NULL));
}

static void report_value(struct spot *p, const struct jnode *n, const char *pointer,
                         const char *what, const char *help)
{
    const struct ir_state *s = &p->v->m->states[p->id];
    struct diag *d = verify_report(p->v, DIAG_ATTRIBUTE_VALUE, p->id,
                                   n->span.source != 0 ? n->span : s->name_span, pointer,
                                   "'%s' writes %s", s->name, what);
    diag_help(d, "%s", help);
    diag_end(d);
}

/* A path or expression whose value is already typed: it comes from an item, or from a stream. */
static bool comes_typed(const char *text)
{
    static const char *const signs[] = {"Item", "item", "Attributes", "Image", "LastEvaluatedKey",
                                        ".M",   ".L"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strstr(text, signs[i]) != NULL)
            return true;
    return false;
}

/* A value that is not computed, only handed on: a path or a plain JSONata path to the input. */
static bool hands_on_input(const struct jnode *n, bool path)
{
    if (n->kind != J_STRING)
        return false;
    const char *text = n->text;
    if (!path) {
        if (!jnode_is_jsonata(n))
            return false;
        text += 2 + strspn(text + 2, " \t\r\n");
        if (strncmp(text, "$states.input", 13) != 0)
            return false;
        text += strspn(text, "$.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        text += strspn(text, " \t\r\n");
        return strcmp(text, "%}") == 0;
    }
    return text[0] == '$' && text[1] != '$' && strncmp(text, "$states", 7) != 0;
}

/* The items of a Map often are items of a table, typed as they came out. */
static bool is_in_map(const struct verify *v, const struct ir_state *s)
{
    for (ir_id o = v->m->scopes[s->scope].owner; o != IR_NONE;
         o = v->m->scopes[v->m->states[o].scope].owner)
        if (v->m->states[o].type == IR_MAP)
            return true;
    return false;
}

static void check_untyped(struct spot *p, const struct jmember *m, const char *pointer, bool path)
{
    const struct ir_state *s = &p->v->m->states[p->id];
    if (!hands_on_input(m->value, path) || comes_typed(m->value->text) || is_in_map(p->v, s))
        return;
    struct diag *d =
        verify_report(p->v, DIAG_UNTYPED_ATTRIBUTE, p->id,
                      m->value->span.source != 0 ? m->value->span : s->name_span, pointer,
                      "'%s' takes '%s' from its input as attribute values", s->name, m->key);
    diag_primary(d,
                 "this must be typed JSON such as {\"name\": {\"S\": \"...\"}}, all the way down");
    diag_note(d, "a client sends plain JSON; the write then fails with a validation error");
    diag_help(d,
              "name the attributes one by one with their types, or store the whole as text in 'S'");
    verify_witness(p->v, d, p->id);
    diag_end(d);
}

static void check_value(struct spot *p, const struct jnode *n, const char *pointer);

static void check_values(struct spot *p, const struct jnode *map, const char *pointer)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const char *key = map->members[i].key;
        size_t n = map->members[i].key_count;
        bool path = !p->jsonata && n > 2 && strcmp(key + n - 2, ".$") == 0;
        if (!path && !is_dynamic(map->members[i].value))
            check_value(p, map->members[i].value, below(p, pointer, key));
    }
}

static bool is_decimal(const char *text)
{
    char *end;
    strtod(text, &end);
    return end != text && *end == '\0';
}

/* A constant behind a type: of the right kind of JSON? */
static void check_typed(struct spot *p, const struct jmember *m, const char *pointer)
{
    const struct jnode *n = m->value;
    const char *type = m->key;
    if (is_dynamic(n))
        return;
    if (strcmp(type, "N") == 0) {
        if (n->kind != J_STRING)
            report_value(p, n, pointer, "a number that is not text",
                         "DynamoDB takes numbers as text: {\"N\": \"5\"}");
        else if (!is_decimal(n->text))
            report_value(p, n, pointer, "a number that is none", "write digits: {\"N\": \"5\"}");
    } else if (strcmp(type, "S") == 0 || strcmp(type, "B") == 0) {
        if (n->kind != J_STRING)
            report_value(p, n, pointer, "text that is not a string",
                         "write it in quotes, or use the type that fits: N, BOOL, M, L");
    } else if (strcmp(type, "BOOL") == 0 || strcmp(type, "NULL") == 0) {
        if (n->kind != J_BOOL)
            report_value(p, n, pointer, "a truth value that is not true or false",
                         "write true or false without quotes");
    } else if (strcmp(type, "M") == 0) {
        if (n->kind == J_OBJECT)
            check_values(p, n, pointer);
        else
            report_value(p, n, pointer, "a map that is not an object",
                         "a map holds typed values by name: {\"M\": {\"a\": {\"S\": \"x\"}}}");
    } else if (n->kind != J_ARRAY) {
        report_value(p, n, pointer, "a list or set that is not an array",
                     "a list holds typed values, a set texts: {\"L\": [{\"S\": \"x\"}]}");
    } else if (strcmp(type, "L") == 0) {
        for (uint32_t i = 0; i < n->count; i++)
            if (!is_dynamic(n->items[i]))
                check_value(p, n->items[i], pointer);
    }
}

static bool is_type(const char *key, size_t n)
{
    static const char *const types[] = {"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strlen(types[i]) == n && memcmp(types[i], key, n) == 0)
            return true;
    return false;
}

static void check_value(struct spot *p, const struct jnode *n, const char *pointer)
{
    if (n->kind != J_OBJECT)
        return; /* published machines write "id": "x", and it works: taken as text */
    if (n->count != 1) {
        report_value(p, n, pointer, "a value that does not name one type",
                     "DynamoDB's values name their type: {\"S\": \"text\"}, {\"N\": \"5\"}, "
                     "{\"BOOL\": true}");
        return;
    }
    const struct jmember *m = &n->members[0];
    bool path = !p->jsonata && m->key_count > 2 && strcmp(m->key + m->key_count - 2, ".$") == 0;
    size_t count = m->key_count - (path ? 2u : 0u);
    if (!is_type(m->key, count)) {
        report_value(p, n, pointer, "a value of a type that does not exist",
                     "the types are S, N, B, BOOL, NULL, M, L, SS, NS and BS");
        return;
    }
    pointer = below(p, pointer, m->key);
    if ((m->key[0] == 'M' || m->key[0] == 'L') && (path || is_dynamic(m->value)))
        check_untyped(p, m, pointer, path);
    else if (!path)
        check_typed(p, m, pointer);
}

bool verify_is_dynamodb(const struct task *t)
{
    return t->owner != NULL && strcmp(t->owner->name, "dynamodb") == 0;
}

/* The whole Item from the input: "Item.$": "$.data". */
static void check_whole_item(struct spot *p, const struct jnode *arguments, const char *top)
{
    const struct jmember *m = jnode_member(arguments, p->jsonata ? "Item" : "Item.$");
    if (m != NULL && m->value->kind == J_STRING)
        check_untyped(p, m, below(p, top, m->key), !p->jsonata);
}

void verify_attributes(struct verify *v)
{
    static const char *const maps[] = {"Item", "Key", "ExpressionAttributeValues",
                                       "ExclusiveStartKey"};
    for (ir_id id = 0; id < v->m->state_count; id++) {
        if (v->tasks[id] == NULL || !verify_is_dynamodb(v->tasks[id]) || !v->reached[id])
            continue;
        const struct ir_state *s = &v->m->states[id];
        struct spot p = {v, id, s->language == IR_JSONATA};
        const char *top = p.jsonata ? "/Arguments" : "/Parameters";
        const struct jnode *arguments = p.jsonata ? s->arguments : s->parameters;
        for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
            const struct jnode *map = jnode_get(arguments, maps[i]);
            if (jnode_is(map, J_OBJECT))
                check_values(&p, map, below(&p, top, maps[i]));
        }
        check_whole_item(&p, arguments, top);
    }
}
