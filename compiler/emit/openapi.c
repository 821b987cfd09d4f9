/*
 * openapi.c - prints the OpenAPI document; see openapi.h.
 *
 * The parts in the order of the document: head, gateway responses, paths with their operations and
 * mocks, components.  Templates come from openapi_template.c, schemas from openapi_schema.c.
 */
#include "compiler/emit/openapi.h"

#include "compiler/emit/json_out.h"
#include "compiler/emit/openapi_schema.h"
#include "compiler/emit/openapi_template.h"

#include <assert.h>
#include <ctype.h>

struct doc {
    struct json_out o;
    struct aslrt_arena *arena;
    const struct svc_service *service;
    const struct aslrt_api *api;
};

const char *emit_openapi_machine_hole(struct aslrt_arena *arena, const struct svc_service *service,
                                      uint32_t index)
{
    assert(index < service->machine_count);
    if (service->machine_count == 1)
        return "state_machine";
    struct aslrt_buffer name = aslrt_buffer_in(arena);
    aslrt_buffer_text(&name, "state_machine_");
    for (const char *p = service->machines[index]->name; *p != '\0'; p++)
        aslrt_buffer_char(&name, isalnum((unsigned char)*p) ? *p : '_');
    return aslrt_buffer_close(&name);
}

/* What of the API's base path the stage's name doesn't have: "/v2" of "/api/v2". */
static const char *base_rest(const struct aslrt_api *api)
{
    if (api->base_path[0] == '\0')
        return "";
    const char *second = strchr(api->base_path + 1, '/');
    return second != NULL ? second : "";
}

const char *emit_openapi_path(struct aslrt_arena *arena, const struct aslrt_api *api,
                              const char *path)
{
    const char *rest = base_rest(api);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, "%s%s", rest, rest[0] != '\0' && path[1] == '\0' ? "" : path);
    return aslrt_buffer_close(&b);
}

const char *emit_openapi_stage(struct aslrt_arena *arena, const struct svc_service *service)
{
    const char *base = service->base_path;
    return base[0] == '\0' ? "live" : aslrt_copy_text(arena, base + 1, strcspn(base + 1, "/"));
}

/* ---- statuses ---- */

/* What a status means when the operation does not say it in its own words. */
static const struct {
    uint32_t status;
    const char *doc;
} status_docs[] = {
    {400, "the request does not have the declared shape"},
    {401, "credentials are needed"},
    {403, "the caller may not do this"},
    {404, "there is no such thing"},
    {405, "this path does not take that method"},
    {409, "the request conflicts with what is stored"},
    {412, "the item has changed since it was read"},
    {413, "the request is too large"},
    {415, "the content type must be application/json"},
    {428, "the header If-Match is needed"},
    {429, "too many requests; try again later"},
    {500, "something went wrong here"},
    {502, "something that we depend on went wrong"},
    {503, "try again later"},
    {504, "the answer did not come in time"},
};

static const char *status_doc(uint32_t status)
{
    for (size_t i = 0; i < sizeof status_docs / sizeof *status_docs; i++)
        if (status_docs[i].status == status)
            return status_docs[i].doc;
    return "an answer";
}

static const struct aslrt_response *declared(const struct aslrt_route *route, uint32_t status)
{
    for (uint32_t i = 0; i < route->response_count; i++)
        if (route->responses[i].status == status)
            return &route->responses[i];
    return NULL;
}

static bool has_required_query(const struct aslrt_route *route)
{
    for (uint32_t i = 0; i < route->query_param_count; i++)
        if (route->query_params[i].required)
            return true;
    return false;
}

/* True when the route may answer with that status: by its own word, by a failure, by the gateway.
 */
static bool can_answer(const struct aslrt_api *api, const struct aslrt_route *route,
                       uint32_t status)
{
    if (declared(route, status) != NULL)
        return true;
    for (uint32_t i = 0; i < api->failure_count; i++)
        if (api->failures[i].status == status)
            return true;
    switch (status) {
    case 400:
        return route->has_body || has_required_query(route);
    case 401:
        return route->auth != ASLRT_AUTH_NONE;
    case 403:
        return route->auth == ASLRT_AUTH_IAM || route->auth == ASLRT_AUTH_COGNITO;
    case 413:
    case 415:
        return route->has_body;
    case 429:
    case 500:
    case 503:
    case 504:
        return true;
    default:
        return false;
    }
}

/* The lowest declared success: what a template starts from before it overrides the status. */
static uint32_t nominal_status(const struct aslrt_route *route)
{
    for (uint32_t status = 200; status < 300; status++)
        if (declared(route, status) != NULL)
            return status;
    return 200;
}

/* ---- headers of answers ---- */

struct header {
    const char *name, *doc;
    const char *value; /* a constant; NULL: a template sets it */
};

struct headers {
    struct header items[8];
    uint32_t count;
};

static void add_header(struct headers *h, const char *name, const char *doc, const char *value)
{
    assert(h->count < sizeof h->items / sizeof *h->items);
    h->items[h->count++] = (struct header){name, doc, value};
}

/* What every answer carries for browsers. */
static void add_cors(struct headers *h, const struct aslrt_api *api)
{
    if (api->cors_count == 0)
        return;
    add_header(h, "Access-Control-Allow-Origin", "the origin that may read the answer",
               api->cors_count == 1 ? api->cors[0] : NULL);
    add_header(h, "Access-Control-Expose-Headers", "the headers that scripts may read",
               ASLRT_CORS_EXPOSE_HEADERS);
    if (api->cors_count > 1)
        add_header(h, "Vary", "the answer depends on the origin", "Origin");
}

/* The "headers" of a response. */
static void put_headers(struct doc *d, const struct headers *h)
{
    struct json_out *o = &d->o;
    if (h->count == 0)
        return;
    out_key(o, "headers");
    out_open(o, '{');
    for (uint32_t i = 0; i < h->count; i++) {
        out_key(o, h->items[i].name);
        out_open(o, '{');
        out_member(o, "description", h->items[i].doc);
        out_key(o, "schema");
        out_open(o, '{');
        out_member(o, "type", "string");
        out_close(o, '}');
        out_close(o, '}');
    }
    out_close(o, '}');
}

/* The constants among them as "responseParameters"; `prefix` names the kind of response. */
static void put_constants(struct doc *d, const struct headers *h, const char *prefix)
{
    struct json_out *o = &d->o;
    uint32_t constants = 0;
    for (uint32_t i = 0; i < h->count; i++)
        constants += h->items[i].value != NULL;
    if (constants == 0)
        return;
    out_key(o, "responseParameters");
    out_open(o, '{');
    for (uint32_t i = 0; i < h->count; i++) {
        if (h->items[i].value == NULL)
            continue;
        struct aslrt_buffer name = aslrt_buffer_in(d->arena);
        struct aslrt_buffer value = aslrt_buffer_in(d->arena);
        aslrt_buffer_format(&name, "%s.header.%s", prefix, h->items[i].name);
        aslrt_buffer_format(&value, "'%s'", h->items[i].value);
        out_member(o, aslrt_buffer_close(&name), aslrt_buffer_close(&value));
    }
    out_close(o, '}');
}

/* One entry of an integration's "responses". */
static void put_mapping(struct doc *d, const char *pattern, uint32_t status,
                        const struct headers *h, const char *text)
{
    struct json_out *o = &d->o;
    struct aslrt_buffer code = aslrt_buffer_in(d->arena);
    aslrt_buffer_format(&code, "%u", (unsigned)status);
    out_key(o, pattern);
    out_open(o, '{');
    out_member(o, "statusCode", aslrt_buffer_close(&code));
    put_constants(d, h, "method.response");
    out_key(o, "responseTemplates");
    out_open(o, '{');
    out_member(o, "application/json", text);
    out_close(o, '}');
    out_close(o, '}');
}

/* ---- answers ---- */

static void put_json_content(struct doc *d, const char *name, const char *schema, bool request)
{
    struct json_out *o = &d->o;
    out_key(o, "content");
    out_open(o, '{');
    out_key(o, "application/json");
    out_open(o, '{');
    out_key(o, "schema");
    openapi_schema_use(o, name, schema, request);
    out_close(o, '}');
    out_close(o, '}');
}

/* Opens the entry of a status in "responses": the caller closes it. */
static void open_response(struct doc *d, uint32_t status, const char *doc, const struct headers *h)
{
    struct json_out *o = &d->o;
    struct aslrt_buffer key = aslrt_buffer_in(d->arena);
    aslrt_buffer_format(&key, "%u", (unsigned)status);
    out_key(o, aslrt_buffer_close(&key));
    out_open(o, '{');
    out_member(o, "description", doc);
    put_headers(d, h);
}

static void put_response(struct doc *d, const struct aslrt_route *route, uint32_t status)
{
    const struct aslrt_response *r = declared(route, status);
    struct headers h = {.count = 0};
    if (r != NULL && r->etag)
        add_header(&h, "ETag", "the item's version, for If-Match", NULL);
    if (r != NULL && r->location)
        add_header(&h, "Location", "the path of the item", NULL);
    if (status == 503 || (r != NULL && r->retry_after))
        add_header(&h, "Retry-After", "seconds to wait before the next try", NULL);
    add_cors(&h, d->api);
    open_response(d, status, r != NULL && r->doc[0] != '\0' ? r->doc : status_doc(status), &h);
    if (r != NULL && (r->schema != NULL || r->schema_name != NULL))
        put_json_content(d, r->schema_name, r->schema, false);
    else if (status >= 400)
        put_json_content(d, "Error", NULL, false);
    out_close(&d->o, '}');
}

/* ---- the parts of an operation ---- */

static void put_parameter(struct doc *d, const char *name, const char *in, bool required,
                          const char *doc, const char *schema)
{
    struct json_out *o = &d->o;
    out_open(o, '{');
    out_member(o, "name", name);
    out_member(o, "in", in);
    out_member(o, "description", doc);
    out_key(o, "required");
    out_bool(o, required);
    out_key(o, "schema");
    openapi_schema(o, schema != NULL ? schema : "{\"type\":\"string\"}", false);
    out_close(o, '}');
}

/* The cached answer depends on the caller, whom the gateway knows by this header. */
static bool keyed_by_caller(const struct aslrt_route *route)
{
    return route->cache_s > 0 && route->caller;
}

static void put_parameters(struct doc *d, const struct aslrt_route *route)
{
    struct json_out *o = &d->o;
    if (route->path_param_count + route->query_param_count == 0 && !route->if_match &&
        !keyed_by_caller(route))
        return;
    out_key(o, "parameters");
    out_open(o, '[');
    for (uint32_t i = 0; i < route->path_param_count; i++) {
        const struct aslrt_param *p = &route->path_params[i];
        put_parameter(d, p->name, "path", true, p->doc, p->schema);
    }
    for (uint32_t i = 0; i < route->query_param_count; i++) {
        const struct aslrt_param *p = &route->query_params[i];
        put_parameter(d, p->name, "query", p->required, p->doc, p->schema);
    }
    if (route->if_match)
        put_parameter(d, "If-Match", "header", false,
                      "the ETag of the version that is to be changed, or *", NULL);
    if (keyed_by_caller(route))
        put_parameter(d, "Authorization", "header", false, "part of the cache's key", NULL);
    out_close(o, ']');
}

static void put_security(struct doc *d, enum aslrt_auth auth)
{
    static const char *const schemes[] = {
        [ASLRT_AUTH_IAM] = "sigv4",
        [ASLRT_AUTH_KEY] = "api_key",
        [ASLRT_AUTH_COGNITO] = "user_pool",
    };
    if (auth == ASLRT_AUTH_NONE)
        return;
    struct json_out *o = &d->o;
    out_key(o, "security");
    out_open(o, '[');
    out_open(o, '{');
    out_key(o, schemes[auth]);
    out_open(o, '[');
    out_close(o, ']');
    out_close(o, '}');
    out_close(o, ']');
}

static void put_cache_key(struct doc *d, const char *place, const char *name)
{
    struct aslrt_buffer b = aslrt_buffer_in(d->arena);
    aslrt_buffer_format(&b, "method.request.%s.%s", place, name);
    out_string(&d->o, aslrt_buffer_close(&b));
}

static void put_cache(struct doc *d, const struct aslrt_route *route)
{
    struct json_out *o = &d->o;
    if (route->cache_s <= 0)
        return;
    out_member(o, "cacheNamespace", route->operation);
    out_key(o, "cacheKeyParameters");
    out_open(o, '[');
    for (uint32_t i = 0; i < route->path_param_count; i++)
        put_cache_key(d, "path", route->path_params[i].name);
    for (uint32_t i = 0; i < route->query_param_count; i++)
        put_cache_key(d, "querystring", route->query_params[i].name);
    if (route->caller)
        put_cache_key(d, "header", "Authorization");
    out_close(o, ']');
}

static void put_integration(struct doc *d, const struct aslrt_route *route)
{
    struct json_out *o = &d->o;
    out_key(o, "x-amazon-apigateway-integration");
    out_open(o, '{');
    out_member(o, "type", "aws");
    out_member(o, "httpMethod", "POST");
    out_key(o, "uri");
    out_prepared(o, "${integration_uri}");
    out_key(o, "credentials");
    out_prepared(o, "${role_arn}");
    out_member(o, "passthroughBehavior", "never");
    put_cache(d, route);
    out_key(o, "requestTemplates");
    out_open(o, '{');
    out_key(o, "application/json");
    out_prepared(
        o, openapi_request_template(
               d->arena, route, emit_openapi_machine_hole(d->arena, d->service, route->machine)));
    out_close(o, '}');
    const char *refused = openapi_refused_template(d->arena, d->api);
    struct headers h = {.count = 0};
    add_cors(&h, d->api);
    out_key(o, "responses");
    out_open(o, '{');
    put_mapping(d, "2\\d{2}", nominal_status(route), &h,
                openapi_answer_template(d->arena, d->api, route));
    put_mapping(d, "4\\d{2}", 500, &h, refused);
    put_mapping(d, "default", 500, &h, refused);
    out_close(o, '}');
    out_close(o, '}');
}

static void put_operation(struct doc *d, const struct aslrt_route *route)
{
    struct json_out *o = &d->o;
    struct aslrt_buffer method = aslrt_buffer_in(d->arena);
    for (const char *p = route->method; *p != '\0'; p++)
        aslrt_buffer_char(&method, (char)tolower((unsigned char)*p));
    out_key(o, aslrt_buffer_close(&method));
    out_open(o, '{');
    out_member(o, "operationId", route->operation);
    out_member(o, "summary", route->summary);
    out_member(o, "description", route->doc);
    if (route->tag != NULL) {
        out_key(o, "tags");
        out_open(o, '[');
        out_string(o, route->tag);
        out_close(o, ']');
    }
    put_parameters(d, route);
    if (route->has_body) {
        out_key(o, "requestBody");
        out_open(o, '{');
        out_key(o, "required");
        out_bool(o, true);
        put_json_content(d, route->schema_name, route->schema, true);
        out_close(o, '}');
    }
    out_key(o, "responses");
    out_open(o, '{');
    for (uint32_t status = 200; status < 600; status++)
        if (can_answer(d->api, route, status))
            put_response(d, route, status);
    out_close(o, '}');
    put_security(d, route->auth);
    put_integration(d, route);
    out_close(o, '}');
}

/* ---- mocks: what needs no machine ---- */

/* A method that always gives the same answer; an empty body is none. */
static void put_mock(struct doc *d, const char *method, uint32_t status, const char *doc,
                     const char *body, const struct headers *h)
{
    struct json_out *o = &d->o;
    struct aslrt_buffer request = aslrt_buffer_in(d->arena);
    aslrt_buffer_format(&request, "{\"statusCode\":%u}", (unsigned)status);
    out_key(o, method);
    out_open(o, '{');
    out_member(o, "summary", doc);
    out_key(o, "responses");
    out_open(o, '{');
    open_response(d, status, doc, h);
    if (body[0] != '\0')
        put_json_content(d, "Error", NULL, false);
    out_close(o, '}');
    out_close(o, '}');
    out_key(o, "x-amazon-apigateway-integration");
    out_open(o, '{');
    out_member(o, "type", "mock");
    out_member(o, "passthroughBehavior", "never");
    out_key(o, "requestTemplates");
    out_open(o, '{');
    out_member(o, "application/json", aslrt_buffer_close(&request));
    out_close(o, '}');
    out_key(o, "responses");
    out_open(o, '{');
    put_mapping(d, "default", status, h, openapi_constant_template(d->arena, d->api, body));
    out_close(o, '}');
    out_close(o, '}');
    out_close(o, '}');
}

static void put_gateway_mock(struct doc *d, const char *method, enum aslrt_gateway_id id,
                             const char *allow)
{
    struct headers h = {.count = 0};
    if (allow != NULL)
        add_header(&h, "Allow", "the methods that this path takes", allow);
    add_cors(&h, d->api);
    uint32_t status = aslrt_gateways[id].status;
    put_mock(d, method, status, status_doc(status), aslrt_gateways[id].body, &h);
}

static void put_preflight(struct doc *d, const char *allow)
{
    struct headers h = {.count = 0};
    add_header(&h, "Access-Control-Allow-Methods", "the methods that this path takes", allow);
    add_header(&h, "Access-Control-Allow-Headers", "the headers that a request may carry",
               ASLRT_CORS_ALLOW_HEADERS);
    add_header(&h, "Access-Control-Max-Age", "seconds for which this answer may be kept",
               ASLRT_CORS_MAX_AGE);
    add_cors(&h, d->api);
    put_mock(d, "options", 204, "what browsers ask before they call from another origin", "", &h);
}

static void put_any_path(struct doc *d, const char *path)
{
    out_key(&d->o, path);
    out_open(&d->o, '{');
    put_gateway_mock(d, "x-amazon-apigateway-any-method", ASLRT_GATEWAY_NOT_FOUND, NULL);
    out_close(&d->o, '}');
}

/* ---- paths ---- */

static bool seen_before(const struct aslrt_api *api, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++)
        if (strcmp(api->routes[i].path, api->routes[index].path) == 0)
            return true;
    return false;
}

static void put_path(struct doc *d, const char *path)
{
    struct json_out *o = &d->o;
    const char *allow = aslrt_api_allow(d->arena, d->api, path);
    out_key(o, emit_openapi_path(d->arena, d->api, path));
    out_open(o, '{');
    for (uint32_t i = 0; i < d->api->route_count; i++)
        if (strcmp(d->api->routes[i].path, path) == 0)
            put_operation(d, &d->api->routes[i]);
    if (d->api->cors_count != 0)
        put_preflight(d, allow);
    put_gateway_mock(d, "x-amazon-apigateway-any-method", ASLRT_GATEWAY_METHOD, allow);
    out_close(o, '}');
}

static void put_paths(struct doc *d)
{
    struct json_out *o = &d->o;
    bool based = base_rest(d->api)[0] != '\0', root = false, variable = false;
    out_key(o, "paths");
    out_open(o, '{');
    for (uint32_t i = 0; i < d->api->route_count; i++) {
        const char *path = d->api->routes[i].path;
        root = root || (!based && path[1] == '\0');
        variable = variable || (!based && path[1] == '{');
        if (!seen_before(d->api, i))
            put_path(d, path);
    }
    if (!root)
        put_any_path(d, "/");
    /* Beside a variable API Gateway takes no greedy one; there MISSING_AUTHENTICATION_TOKEN
     * answers.
     */
    if (!variable)
        put_any_path(d, "/{proxy+}");
    out_close(o, '}');
}

/* ---- the document ---- */

static void put_gateway_responses(struct doc *d)
{
    struct json_out *o = &d->o;
    struct headers h = {.count = 0};
    /* Here is no template that could choose among several origins.  The bodies are constants, so
       that any origin may read them. */
    if (d->api->cors_count != 0) {
        add_header(&h, "Access-Control-Allow-Origin", "",
                   d->api->cors_count == 1 ? d->api->cors[0] : "*");
    }
    out_key(o, "x-amazon-apigateway-gateway-responses");
    out_open(o, '{');
    for (uint32_t i = 0; i < ASLRT_GATEWAY_COUNT; i++) {
        const struct aslrt_gateway *g = &aslrt_gateways[i];
        if (g->type[0] == '\0')
            continue;
        out_key(o, g->type);
        out_open(o, '{');
        out_key(o, "statusCode");
        out_int(o, g->status);
        put_constants(d, &h, "gatewayresponse");
        out_key(o, "responseTemplates");
        out_open(o, '{');
        out_member(o, "application/json", g->body);
        out_close(o, '}');
        out_close(o, '}');
    }
    out_close(o, '}');
}

static bool uses_auth(const struct aslrt_api *api, enum aslrt_auth auth)
{
    for (uint32_t i = 0; i < api->route_count; i++)
        if (api->routes[i].auth == auth)
            return true;
    return false;
}

/* Opens a scheme that is a header with API Gateway's word for it (or NULL): the caller closes it.
 */
static void open_scheme(struct doc *d, const char *name, const char *header, const char *type)
{
    struct json_out *o = &d->o;
    out_key(o, name);
    out_open(o, '{');
    out_member(o, "type", "apiKey");
    out_member(o, "name", header);
    out_member(o, "in", "header");
    out_member(o, "x-amazon-apigateway-authtype", type);
}

static void put_security_schemes(struct doc *d)
{
    struct json_out *o = &d->o;
    out_key(o, "securitySchemes");
    out_open(o, '{');
    if (uses_auth(d->api, ASLRT_AUTH_IAM)) {
        open_scheme(d, "sigv4", "Authorization", "awsSigv4");
        out_close(o, '}');
    }
    if (uses_auth(d->api, ASLRT_AUTH_KEY)) {
        open_scheme(d, "api_key", "x-api-key", NULL);
        out_close(o, '}');
    }
    if (uses_auth(d->api, ASLRT_AUTH_COGNITO)) {
        open_scheme(d, "user_pool", "Authorization", "cognito_user_pools");
        out_key(o, "x-amazon-apigateway-authorizer");
        out_open(o, '{');
        out_member(o, "type", "cognito_user_pools");
        out_key(o, "providerARNs");
        out_open(o, '[');
        if (d->service->auth_value != NULL)
            out_string(o, d->service->auth_value);
        else
            out_prepared(o, "${user_pool_arn}");
        out_close(o, ']');
        out_close(o, '}');
        out_close(o, '}');
    }
    out_close(o, '}');
}

static void put_components(struct doc *d)
{
    struct json_out *o = &d->o;
    out_key(o, "components");
    out_open(o, '{');
    out_key(o, "schemas");
    openapi_schemas(o, d->api);
    put_security_schemes(d);
    out_close(o, '}');
}

static void put_head(struct doc *d)
{
    struct json_out *o = &d->o;
    out_member(o, "openapi", "3.0.1");
    out_key(o, "info");
    out_open(o, '{');
    out_member(o, "title", d->api->name);
    out_member(o, "description", d->api->doc);
    out_member(o, "version", "1.0");
    out_close(o, '}');
    out_member(o, "x-amazon-apigateway-api-key-source", "HEADER");
    out_key(o, "x-amazon-apigateway-request-validators");
    out_open(o, '{');
    out_key(o, "all");
    out_open(o, '{');
    out_key(o, "validateRequestBody");
    out_bool(o, true);
    out_key(o, "validateRequestParameters");
    out_bool(o, true);
    out_close(o, '}');
    out_close(o, '}');
    out_member(o, "x-amazon-apigateway-request-validator", "all");
}

void emit_openapi(struct aslrt_buffer *out, const struct svc_service *service,
                  const struct aslrt_api *api)
{
    struct doc d = {json_out_on(out), out->arena, service, api};
    out_open(&d.o, '{');
    put_head(&d);
    put_gateway_responses(&d);
    put_paths(&d);
    put_components(&d);
    out_close(&d.o, '}');
    out_end(&d.o);
}
