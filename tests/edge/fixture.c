/*
 * fixture.c - the hand-made service of fixture.h.
 */
#include "tests/edge/fixture.h"

#include <assert.h>

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

static struct jnode *tree(struct aslrt_arena *arena, struct aslrt_value v)
{
    struct span at = {0, 0, 0};
    struct jnode *n = NULL;
    switch (v.kind) {
    case ASLRT_NULL:
        return jnode_null(arena, at);
    case ASLRT_BOOL:
        return jnode_bool(arena, at, v.as.boolean);
    case ASLRT_INT:
        return jnode_int(arena, at, v.as.integer);
    case ASLRT_NUMBER:
        return jnode_number(arena, at, aslrt_copy_text(arena, v.as.bytes, v.count));
    case ASLRT_STRING:
        return jnode_string_n(arena, at, v.as.bytes, v.count);
    case ASLRT_ARRAY:
        n = jnode_array(arena, at);
        for (uint32_t i = 0; i < v.count; i++)
            jnode_add(arena, n, tree(arena, v.as.items[i]));
        return n;
    default:
        n = jnode_object(arena, at);
        for (uint32_t i = 0; i < v.count; i++) {
            const struct aslrt_member *m = &v.as.members[i];
            jnode_set(arena, n, aslrt_copy_text(arena, m->key.as.bytes, m->key.count),
                      tree(arena, m->value));
        }
        return n;
    }
}

static struct jnode *schema(struct aslrt_arena *arena, const char *text)
{
    struct aslrt_value v;
    enum aslrt_status status = aslrt_json_read(arena, text, strlen(text), &v, NULL);
    assert(status == ASLRT_OK);
    (void)status;
    return tree(arena, v);
}

#define THING                                                                                      \
    "{\"type\":\"object\",\"required\":[\"id\",\"name\"],\"properties\":{"                         \
    "\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"                                 \
    "\"note\":{\"type\":[\"string\",\"null\"]}}}"

#define NEW_THING                                                                                  \
    "{\"type\":\"object\",\"required\":[\"name\"],\"additionalProperties\":false,\"properties\":{" \
    "\"name\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":40,"                              \
    "\"description\":\"costs ${money} and 100%{of} it\"},"                                         \
    "\"year\":{\"type\":\"integer\",\"minimum\":1886,\"maximum\":2100},"                           \
    "\"price\":{\"type\":\"number\"},"                                                             \
    "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"pattern\":\"^[a-z]+$\"}},"      \
    "\"any\":{}}}"

#define THING_PATCH                                                                                \
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"                         \
    "\"name\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":40},"                             \
    "\"note\":{\"type\":[\"string\",\"null\"],\"maxLength\":100}}}"

static struct svc_param *params(struct aslrt_arena *arena, const char *const *names, uint32_t count)
{
    struct svc_param *p = ASLRT_NEW_ARRAY(arena, struct svc_param, count);
    for (uint32_t i = 0; i < count; i++) {
        p[i].name = names[i];
        p[i].doc = "a parameter";
        p[i].schema = schema(arena, "{\"type\":\"string\",\"maxLength\":2000}");
    }
    return p;
}

static struct svc_response *responses(struct aslrt_arena *arena, uint32_t status, bool body)
{
    struct svc_response *r = ASLRT_NEW_ARRAY(arena, struct svc_response, 3);
    r[0].status = status;
    r[0].doc = "what was asked for";
    r[0].schema = body ? schema(arena, THING) : NULL;
    r[0].schema_name = body ? "Thing" : NULL;
    r[0].etag = body;
    r[0].location = status == 201;
    r[1].status = 404;
    r[2].status = 409;
    r[2].retry_after = true;
    return r;
}

static void add(struct svc_service *s, struct aslrt_arena *arena, const char *method,
                const char *path, const char *operation, const char *const *path_names,
                uint32_t path_count)
{
    struct svc_route *r = &s->routes[s->route_count++];
    uint32_t status = strcmp(method, "POST") == 0 ? 201 : strcmp(method, "DELETE") == 0 ? 204 : 200;
    r->method = method;
    r->path = path;
    r->operation = operation;
    r->tag = "Thing";
    r->path_params = params(arena, path_names, path_count);
    r->path_param_count = path_count;
    r->responses = responses(arena, status, status != 204);
    r->response_count = 3;
}

static void add_routes(struct svc_service *s, struct aslrt_arena *arena)
{
    static const char *const id[] = {"id"};
    static const char *const task[] = {"project", "task"};
    static const char *const query[] = {"next", "limit"};
    s->routes = ASLRT_NEW_ARRAY(arena, struct svc_route, 8);

    add(s, arena, "POST", "/things", "createThing", NULL, 0);
    s->routes[0].summary = "make a thing";
    s->routes[0].doc = "Makes a thing.\nCosts ${nothing}, 100%{really}.";
    s->routes[0].has_body = true;
    s->routes[0].body_schema = schema(arena, NEW_THING);
    s->routes[0].body_schema_name = "NewThing";

    add(s, arena, "GET", "/things", "listThing", NULL, 0);
    s->routes[1].query_params = params(arena, query, COUNT(query));
    s->routes[1].query_param_count = COUNT(query);
    s->routes[1].query_params[1].required = true;

    add(s, arena, "GET", "/things/{id}", "getThing", id, 1);
    s->routes[2].cache_s = 60;

    add(s, arena, "PATCH", "/things/{id}", "updateThing", id, 1);
    s->routes[3].has_body = true;
    s->routes[3].if_match = true;
    s->routes[3].body_schema = schema(arena, THING_PATCH);
    s->routes[3].body_schema_name = "ThingPatch";

    add(s, arena, "DELETE", "/things/{id}", "deleteThing", id, 1);
    s->routes[4].if_match = true;
    s->routes[4].auth = SVC_AUTH_KEY;

    add(s, arena, "GET", "/projects/{id}", "getProject", id, 1);
    s->routes[5].auth = SVC_AUTH_COGNITO;
    s->routes[5].caller = true;
    s->routes[5].cache_s = 30;

    add(s, arena, "POST", "/projects/{project}/tasks/{task}", "createTask", task, COUNT(task));
    s->routes[6].auth = SVC_AUTH_IAM;
    s->routes[6].caller = true;
    s->routes[6].has_body = true;
    s->routes[6].query_params = params(arena, query, 1);
    s->routes[6].query_param_count = 1;
    s->routes[6].throttle_rate = 5;
    s->routes[6].throttle_burst = 10;
}

const struct svc_service *edge_fixture(struct aslrt_arena *arena, uint32_t origins)
{
    static const char *const cors[] = {"https://a.example", "https://b.example"};
    static struct svc_failure failures[] = {
        {"Internal", 500, "{\"error\":\"Internal\"}", false},
        {"Unavailable", 503, "{\"error\":\"Unavailable\"}", true},
        {"BadGateway", 502, "{\"error\":\"BadGateway\"}", false},
        {"Strange", 507,
         "{\"error\":\"Strange\",\"message\":\"it's $5 #if(1)x#end ${var} %{x} $b \\\\u0041 "
         "\\\"quoted\\\"\"}",
         false},
    };
    struct ir_machine *machine = ASLRT_NEW(arena, struct ir_machine);
    struct svc_service *s = ASLRT_NEW(arena, struct svc_service);
    machine->name = "things";
    s->name = "things";
    s->base_path = "/v1";
    s->doc = "Things, and what can be done with them.";
    s->auth = SVC_AUTH_NONE;
    s->auth_var = "pool";
    s->cors = cors;
    s->cors_count = origins;
    s->failures = failures;
    s->failure_count = COUNT(failures);
    s->machines = ASLRT_NEW_ARRAY(arena, struct ir_machine *, 1);
    s->machines[0] = machine;
    s->machine_count = 1;
    add_routes(s, arena);
    return s;
}
