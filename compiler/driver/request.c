/*
 * request.c - the input of an execution for one operation; see request.h.
 */
#include "compiler/driver/request.h"
#include "compiler/base/suggest.h"
#include "runtime/base/value.h"

static const char *all_operations(struct session *s, const struct svc_service *service)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    for (uint32_t i = 0; i < service->route_count; i++)
        aslrt_buffer_format(&b, "%s'%s'", i == 0 ? "" : ", ", service->routes[i].operation);
    return aslrt_buffer_close(&b);
}

const struct svc_route *request_route(struct session *s, const struct unit *unit, const char *name)
{
    const struct svc_service *service = unit->service;
    const char **ids = ASLRT_NEW_ARRAY(s->arena, const char *, service->route_count + 1);
    const struct svc_route *by_verb = NULL;
    uint32_t with_verb = 0;
    for (uint32_t i = 0; i < service->route_count; i++) {
        const struct svc_route *r = &service->routes[i];
        ids[i] = r->operation;
        if (strcmp(r->operation, name) == 0)
            return r;
        size_t n = strlen(name);
        if (strncmp(r->operation, name, n) == 0 && strncmp(r->operation + n, r->tag, 1) == 0) {
            by_verb = r;
            with_verb++;
        }
    }
    if (with_verb == 1)
        return by_verb;
    const char *near = suggest(name, ids, service->route_count);
    if (with_verb > 1)
        session_trouble(s, "several operations are called '%s...'; write the whole name", name);
    else if (near != NULL)
        session_trouble(s, "'%s' is no operation of this file; did you mean '%s'?", name, near);
    else
        session_trouble(s, "'%s' is no operation of this file; it has %s", name,
                        all_operations(s, service));
    return NULL;
}

/* True when the object has only members that a request has, and at least one. */
static bool is_request(struct aslrt_value v)
{
    static const char *const parts[] = {"path", "query", "headers", "body", "caller"};
    if (v.kind != ASLRT_OBJECT || v.count == 0)
        return false;
    for (uint32_t i = 0; i < v.count; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            known = known || aslrt_is(v.as.members[i].key, parts[k]);
        if (!known)
            return false;
    }
    return true;
}

/* Takes the members of `from` that parameters are named after; text is what URLs carry. */
static struct aslrt_value take_params(struct session *s, struct aslrt_value *from,
                                      const struct svc_param *params, uint32_t count)
{
    struct aslrt_object_builder taken = aslrt_object_in(s->arena), rest = aslrt_object_in(s->arena);
    for (uint32_t i = 0; from->kind == ASLRT_OBJECT && i < from->count; i++) {
        const struct aslrt_member *m = &from->as.members[i];
        bool param = false;
        for (uint32_t k = 0; k < count; k++)
            param = param || aslrt_is(m->key, params[k].name);
        struct aslrt_value value = m->value;
        const char *text;
        size_t n;
        if (param && value.kind != ASLRT_STRING &&
            aslrt_json_write(s->arena, value, &text, &n) == ASLRT_OK)
            value = aslrt_string(text, (uint32_t)n);
        aslrt_object_set(param ? &taken : &rest, m->key, value);
    }
    if (from->kind == ASLRT_OBJECT)
        *from = aslrt_object_done(&rest);
    return aslrt_object_done(&taken);
}

static bool read_flag(struct session *s, enum flag_id flag, struct aslrt_value *out)
{
    size_t count;
    if (!s->cli.given[flag])
        return true;
    const char *text = session_json_text(s, flag, &count);
    if (text == NULL)
        return false;
    struct aslrt_json_error error;
    if (aslrt_json_read(s->arena, text, count, out, &error) == ASLRT_OK)
        return true;
    session_trouble(s, "'--%s' is no JSON: %s at line %u, column %u", flag_table[flag].word,
                    error.message, error.line, error.column);
    return false;
}

static struct aslrt_value or_else(struct aslrt_value v, struct aslrt_value otherwise)
{
    return v.kind == ASLRT_UNDEFINED ? otherwise : v;
}

const char *request_input(struct session *s, const struct svc_route *route, size_t *count)
{
    struct aslrt_value given = aslrt_undefined(), caller = aslrt_undefined();
    if (!read_flag(s, FLAG_INPUT, &given) || !read_flag(s, FLAG_CALLER, &caller))
        return NULL;
    struct aslrt_value empty = aslrt_object(NULL, 0), path, query, headers = empty, body;
    if (is_request(given)) {
        path = or_else(aslrt_field(given, "path"), empty);
        query = or_else(aslrt_field(given, "query"), empty);
        headers = or_else(aslrt_field(given, "headers"), empty);
        body = or_else(aslrt_field(given, "body"), aslrt_null());
        caller = or_else(caller, aslrt_field(given, "caller"));
    } else {
        body = given;
        path = take_params(s, &body, route->path_params, route->path_param_count);
        query = take_params(s, &body, route->query_params, route->query_param_count);
        if (!route->has_body)
            body = aslrt_null();
    }
    struct aslrt_object_builder b = aslrt_object_in(s->arena);
    aslrt_object_set_text(&b, "op", aslrt_text(route->operation));
    aslrt_object_set_text(&b, "path", path);
    aslrt_object_set_text(&b, "query", query);
    aslrt_object_set_text(&b, "headers", headers);
    aslrt_object_set_text(&b, "body", or_else(body, aslrt_null()));
    aslrt_object_set_text(&b, "caller", or_else(caller, empty));
    aslrt_object_set_text(&b, "requestId", aslrt_text("local"));
    const char *text;
    if (aslrt_json_write(s->arena, aslrt_object_done(&b), &text, count) != ASLRT_OK)
        aslrt_escape(s->arena->memory, ASLRT_NOMEM);
    return text;
}
