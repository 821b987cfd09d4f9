/*
 * openapi_schema.c - prints JSON Schemas; see openapi_schema.h.
 */
#include "compiler/emit/openapi_schema.h"

#include "compiler/base/grow.h"

#include <assert.h>

struct form {
    bool request;  /* the gateway will enforce it */
    bool nullable; /* null is a value too */
};

static void put_schema(struct json_out *o, struct aslrt_value schema, bool request);

static bool has_null(struct aslrt_value list)
{
    for (uint32_t i = 0; list.kind == ASLRT_ARRAY && i < list.count; i++)
        if (list.as.items[i].kind == ASLRT_NULL || aslrt_is(list.as.items[i], "null"))
            return true;
    return false;
}

/* What {"anyOf":[X,{"enum":[null]}]} allows beside null: X, else undefined. */
static struct aslrt_value beside_null(struct aslrt_value schema)
{
    struct aslrt_value either = aslrt_field(schema, "anyOf");
    if (either.kind != ASLRT_ARRAY || either.count != 2 || either.as.items[1].count != 1 ||
        !has_null(aslrt_field(either.as.items[1], "enum")))
        return aslrt_undefined();
    return either.as.items[0];
}

static void put_type(struct json_out *o, struct aslrt_value type, struct form form)
{
    if (form.request && form.nullable)
        return;
    struct aslrt_value name = type;
    for (uint32_t i = 0; type.kind == ASLRT_ARRAY && i < type.count; i++)
        if (!aslrt_is(type.as.items[i], "null"))
            name = type.as.items[i];
    out_key(o, "type");
    out_value(o, name);
}

static void put_enum(struct json_out *o, struct aslrt_value values, struct form form)
{
    out_key(o, "enum");
    out_open(o, '[');
    for (uint32_t i = 0; i < values.count; i++)
        out_value(o, values.as.items[i]);
    if (form.nullable && !has_null(values))
        out_value(o, aslrt_null());
    out_close(o, ']');
}

/* An object whose members are schemas: "properties". */
static void put_members(struct json_out *o, struct aslrt_value members, bool request)
{
    out_open(o, '{');
    for (uint32_t i = 0; i < members.count; i++) {
        const struct aslrt_member *m = &members.as.members[i];
        out_key(o, aslrt_copy_text(o->out->arena, m->key.as.bytes, m->key.count));
        put_schema(o, m->value, request);
    }
    out_close(o, '}');
}

static void put_word(struct json_out *o, const struct aslrt_member *m, struct form form)
{
    if (aslrt_is(m->key, "type")) {
        put_type(o, m->value, form);
        return;
    }
    if (aslrt_is(m->key, "enum")) {
        put_enum(o, m->value, form);
        return;
    }
    out_key(o, aslrt_copy_text(o->out->arena, m->key.as.bytes, m->key.count));
    if (aslrt_is(m->key, "properties"))
        put_members(o, m->value, form.request);
    else if (aslrt_is(m->key, "items") || aslrt_is(m->key, "additionalProperties"))
        put_schema(o, m->value, form.request);
    else
        out_value(o, m->value);
}

/* Recursion is as deep as the schema, which the reader has bounded. */
static void put_schema(struct json_out *o, struct aslrt_value schema, bool request)
{
    if (schema.kind != ASLRT_OBJECT) { /* additionalProperties: false */
        out_value(o, schema);
        return;
    }
    struct aslrt_value inner = beside_null(schema);
    struct form form = {request,
                        inner.kind == ASLRT_OBJECT || has_null(aslrt_field(schema, "type"))};
    out_open(o, '{');
    for (uint32_t i = 0; i < inner.count; i++)
        put_word(o, &inner.as.members[i], form);
    for (uint32_t i = 0; i < schema.count; i++)
        if (inner.kind != ASLRT_OBJECT || !aslrt_is(schema.as.members[i].key, "anyOf"))
            put_word(o, &schema.as.members[i], form);
    if (form.nullable) {
        out_key(o, "nullable");
        out_bool(o, true);
    }
    out_close(o, '}');
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
    out_open(o, '{');
    out_member(o, "$ref", aslrt_buffer_close(&ref));
    out_close(o, '}');
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
    out_key(o, name);
    openapi_schema(o, text, request);
}

void openapi_schemas(struct json_out *o, const struct aslrt_api *api)
{
    struct names names = {NULL, 0};
    out_open(o, '{');
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
    out_close(o, '}');
}
