/*
 * openapi_schema.c - prints JSON Schemas; see openapi_schema.h.
 */
#include "compiler/emit/openapi_schema.h"

#include "compiler/base/grow.h"

#include <assert.h>

static void put_schema(struct json_out *o, struct aslrt_value schema, bool request);

static bool has_null(struct aslrt_value list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.kind == ASLRT_ARRAY && aslrt_is(list.as.items[i], "null"))
            return true;
    return false;
}

/* "type" when it is a list. */
static void put_types(struct json_out *o, struct aslrt_value types, bool request)
{
    bool nullable = has_null(types);
    if (!request)
        for (uint32_t i = 0; i < types.count; i++)
            if (!aslrt_is(types.as.items[i], "null")) {
                json_key(o, "type");
                json_value(o, types.as.items[i]);
                break;
            }
    if (nullable) {
        json_key(o, "nullable");
        json_bool(o, true);
    }
}

/* An object whose members are schemas: "properties". */
static void put_members(struct json_out *o, struct aslrt_value members, bool request)
{
    json_open(o, '{');
    for (uint32_t i = 0; i < members.count; i++) {
        const struct aslrt_member *m = &members.as.members[i];
        json_key(o, aslrt_copy_text(o->out->arena, m->key.as.bytes, m->key.count));
        put_schema(o, m->value, request);
    }
    json_close(o, '}');
}

/* A list of schemas: "anyOf". */
static void put_list(struct json_out *o, struct aslrt_value list, bool request)
{
    json_open(o, '[');
    for (uint32_t i = 0; i < list.count; i++)
        put_schema(o, list.as.items[i], request);
    json_close(o, ']');
}

static void put_keyword(struct json_out *o, const struct aslrt_member *m, bool request)
{
    if (aslrt_is(m->key, "$schema"))
        return;
    if (aslrt_is(m->key, "type") && m->value.kind == ASLRT_ARRAY) {
        put_types(o, m->value, request);
        return;
    }
    if (aslrt_is(m->key, "const")) {
        json_key(o, "enum");
        json_open(o, '[');
        json_value(o, m->value);
        json_close(o, ']');
        return;
    }
    json_key(o, aslrt_copy_text(o->out->arena, m->key.as.bytes, m->key.count));
    if (aslrt_is(m->key, "properties") && m->value.kind == ASLRT_OBJECT)
        put_members(o, m->value, request);
    else if (m->value.kind == ASLRT_OBJECT &&
             (aslrt_is(m->key, "items") || aslrt_is(m->key, "additionalProperties")))
        put_schema(o, m->value, request);
    else if (aslrt_is(m->key, "anyOf") && m->value.kind == ASLRT_ARRAY)
        put_list(o, m->value, request);
    else
        json_value(o, m->value);
}

/* Recursion is as deep as the schema, which the reader has bounded. */
static void put_schema(struct json_out *o, struct aslrt_value schema, bool request)
{
    if (schema.kind != ASLRT_OBJECT) {
        json_value(o, schema);
        return;
    }
    json_open(o, '{');
    for (uint32_t i = 0; i < schema.count; i++)
        put_keyword(o, &schema.as.members[i], request);
    json_close(o, '}');
}

void openapi_schema(struct json_out *o, const char *text, bool request)
{
    struct aslrt_value schema = aslrt_object(NULL, 0);
    if (text != NULL) {
        enum aslrt_status status =
            aslrt_json_read(o->out->arena, text, strlen(text), &schema, NULL);
        if (status == ASLRT_NOMEM || status == ASLRT_LIMIT)
            aslrt_escape(o->out->arena->memory, status);
        assert(status == ASLRT_OK && "a schema of our own making");
    }
    put_schema(o, schema, request);
}

void openapi_schema_use(struct json_out *o, const char *name, const char *text, bool request)
{
    if (name == NULL) {
        openapi_schema(o, text, request);
        return;
    }
    struct aslrt_buffer ref = aslrt_buffer_in(o->out->arena);
    aslrt_buffer_format(&ref, "#/components/schemas/%s", name);
    json_open(o, '{');
    json_member(o, "$ref", aslrt_buffer_close(&ref));
    json_close(o, '}');
}

struct names {
    const char **items;
    uint32_t count;
};

/* Writes the named schema unless it has been written. */
static void define(struct json_out *o, struct names *names, const char *name, const char *text,
                   bool request)
{
    if (name == NULL)
        return;
    for (uint32_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return;
    *GROW(o->out->arena, names->items, names->count) = name;
    json_key(o, name);
    openapi_schema(o, text, request);
}

void openapi_schemas(struct json_out *o, const struct aslrt_api *api)
{
    struct names names = {NULL, 0};
    json_open(o, '{');
    for (uint32_t i = 0; i < api->route_count; i++) {
        const struct aslrt_route *r = &api->routes[i];
        define(o, &names, r->schema_name, r->schema, true);
        for (uint32_t k = 0; k < r->response_count; k++)
            define(o, &names, r->responses[k].schema_name, r->responses[k].schema, false);
    }
    define(o, &names, "Error",
           "{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{"
           "\"error\":{\"type\":\"string\",\"description\":\"a name that programs can test\"},"
           "\"message\":{\"type\":\"string\",\"description\":\"words for people\"}}}",
           false);
    json_close(o, '}');
}
