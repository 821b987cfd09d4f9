/*
 * edge.c - admits requests or refuses them as the emitted API would; see edge.h.
 *
 * Each check is a function that gives true to go on; one that refuses has filled the answer.
 */
#include "runtime/serve/edge.h"

#include "runtime/api/match.h"
#include "runtime/base/buffer.h"
#include "runtime/base/utf8.h"
#include "runtime/serve/serve.h"

#include <math.h>
#include <stdio.h>
#include <strings.h>

/* ---- opening ---- */

enum aslrt_status aslrt_edge_open(const struct aslrt_api *api, struct aslrt_arena *arena,
                                  struct aslrt_edge *edge, char *why, size_t why_size)
{
    edge->api = api;
    edge->schemas = ASLRT_NEW_ARRAY(arena, const struct aslrt_schema *, api->route_count);
    edge->buckets = ASLRT_NEW_ARRAY(arena, struct aslrt_bucket, api->route_count);
    for (uint32_t i = 0; i < api->route_count; i++) {
        const struct aslrt_route *r = &api->routes[i];
        struct aslrt_value schema;
        const char *reason = "it is not JSON";
        edge->buckets[i].tokens = r->throttle_burst;
        if (r->schema == NULL)
            continue;
        enum aslrt_status status =
            aslrt_json_read(arena, r->schema, strlen(r->schema), &schema, NULL);
        if (status == ASLRT_OK)
            status = aslrt_schema_compile(arena, schema, &edge->schemas[i], &reason);
        if (status == ASLRT_SYNTAX || status == ASLRT_FAILED) {
            snprintf(why, why_size, "the schema of '%s' can't be used: %s", r->operation, reason);
            return ASLRT_FAILED;
        }
        if (status != ASLRT_OK)
            return status;
    }
    return ASLRT_OK;
}

/* ---- refusing ---- */

static bool refuse(struct aslrt_visit *v, enum aslrt_gateway_id id, const char *reason)
{
    aslrt_api_gateway(id, &v->answer);
    v->reason = reason;
    return false;
}

/* ---- headers ---- */

/* A header's bytes as text: as they are when they are UTF-8, else as ISO 8859-1. */
static struct aslrt_value header_text(struct aslrt_arena *arena, struct aslrt_value bytes)
{
    if (aslrt_utf8_check(bytes.as.bytes, bytes.count) == bytes.count)
        return bytes;
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (uint32_t i = 0; i < bytes.count; i++) {
        char c[4];
        aslrt_buffer_put(&b, c, aslrt_utf8_put((unsigned char)bytes.as.bytes[i], c));
    }
    aslrt_buffer_close(&b);
    return aslrt_string(b.bytes, (uint32_t)b.count);
}

static struct aslrt_pairs header_texts(struct aslrt_arena *arena, struct aslrt_pairs headers)
{
    struct aslrt_pair *items = ASLRT_NEW_ARRAY(arena, struct aslrt_pair, headers.count);
    for (uint32_t i = 0; i < headers.count; i++) {
        items[i].name = headers.items[i].name;
        items[i].value = header_text(arena, headers.items[i].value);
    }
    return (struct aslrt_pairs){items, headers.count};
}

/* Without a content type the gateway takes the body for JSON; parameters (charset) don't matter. */
static bool is_json(struct aslrt_value type)
{
    static const char json[] = "application/json";
    if (type.kind != ASLRT_STRING)
        return true;
    uint32_t n = 0;
    while (n < type.count && type.as.bytes[n] != ';' && type.as.bytes[n] != ' ')
        n++;
    return n == sizeof json - 1 && strncasecmp(type.as.bytes, json, n) == 0;
}

/* ---- the checks ---- */

/* Finds the route.  What has none is answered as the mocks of the document do. */
static bool find_route(struct aslrt_edge *edge, struct aslrt_arena *arena, struct aslrt_visit *v)
{
    struct aslrt_matched m;
    switch (aslrt_api_match(edge->api, v->http->method, v->http->target, arena, &m)) {
    case ASLRT_MATCH_ROUTE:
        v->route = m.route;
        v->request.path = m.params;
        return true;
    case ASLRT_MATCH_NO_METHOD:
        v->allow = aslrt_api_allow(arena, edge->api, m.path);
        if (edge->api->cors_count == 0 || strcmp(v->http->method, "OPTIONS") != 0)
            return refuse(v, ASLRT_GATEWAY_METHOD, NULL);
        v->preflight = true;
        v->answer = (struct aslrt_answer){.status = 204, .body = aslrt_text("")};
        return false;
    case ASLRT_MATCH_NO_PATH:
        return refuse(v, ASLRT_GATEWAY_NOT_FOUND, NULL);
    case ASLRT_MATCH_BAD:
        break;
    }
    return refuse(v, ASLRT_GATEWAY_OTHER_4XX, "the path has an escape that can't be decoded");
}

static bool is_filled(struct aslrt_value string)
{
    return string.kind == ASLRT_STRING && string.count != 0;
}

/* Who calls: simulated, since nobody here can check a signature or a token. */
static bool find_caller(struct aslrt_edge *edge, struct aslrt_arena *arena, struct aslrt_visit *v)
{
    struct aslrt_value key, named;
    switch (v->route->auth) {
    case ASLRT_AUTH_NONE:
        return true;
    case ASLRT_AUTH_KEY:
        key = aslrt_pairs_get_header(v->request.headers, "x-api-key");
        return is_filled(key) || refuse(v, ASLRT_GATEWAY_NO_KEY, "the header x-api-key is missing");
    case ASLRT_AUTH_IAM:
    case ASLRT_AUTH_COGNITO:
        break;
    }
    v->request.caller = edge->caller;
    if (edge->caller.kind == ASLRT_OBJECT)
        return true;
    named = aslrt_pairs_get_header(v->request.headers, ASLRT_CALLER_HEADER);
    if (v->http->loopback && is_filled(named) &&
        aslrt_json_read(arena, named.as.bytes, named.count, &v->request.caller, NULL) == ASLRT_OK &&
        v->request.caller.kind == ASLRT_OBJECT)
        return true;
    return refuse(v, ASLRT_GATEWAY_UNAUTHORIZED,
                  "nobody says who calls: give --caller or the header " ASLRT_CALLER_HEADER
                  " with a JSON object");
}

static bool take_token(struct aslrt_edge *edge, struct aslrt_visit *v)
{
    const struct aslrt_route *r = v->route;
    struct aslrt_bucket *b = &edge->buckets[r - edge->api->routes];
    if (r->throttle_rate <= 0)
        return true;
    if (v->now_us > b->filled_us)
        b->tokens += r->throttle_rate * (double)(v->now_us - b->filled_us) / 1e6;
    if (b->tokens > r->throttle_burst)
        b->tokens = r->throttle_burst;
    b->filled_us = v->now_us;
    if (b->tokens < 1)
        return refuse(v, ASLRT_GATEWAY_THROTTLED, "the route's throttle");
    b->tokens -= 1;
    return true;
}

static bool check_query(struct aslrt_arena *arena, struct aslrt_visit *v)
{
    const struct aslrt_route *r = v->route;
    if (!aslrt_query_read(v->http->query, arena, &v->request.query))
        return refuse(v, ASLRT_GATEWAY_OTHER_4XX, "the query has an escape that can't be decoded");
    for (uint32_t i = 0; i < r->query_param_count; i++)
        if (r->query_params[i].required &&
            !is_filled(aslrt_pairs_get(v->request.query, r->query_params[i].name)))
            return refuse(v, ASLRT_GATEWAY_BAD_PARAMETERS, r->query_params[i].name);
    return true;
}

static bool check_schema(struct aslrt_edge *edge, struct aslrt_arena *arena, struct aslrt_visit *v)
{
    const struct aslrt_schema *schema = edge->schemas[v->route - edge->api->routes];
    struct aslrt_schema_fault fault;
    if (schema == NULL)
        return true;
    enum aslrt_status status = aslrt_schema_check(schema, v->request.body, arena, &fault);
    if (status == ASLRT_OK)
        return true;
    if (status != ASLRT_FAILED)
        aslrt_escape(arena->memory, status);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, "body%s %s", fault.pointer, fault.what);
    return refuse(v, ASLRT_GATEWAY_BAD_BODY, aslrt_buffer_close(&b));
}

/* It has a number that no double holds, such as 1e999.  JSONata knows none, so that no state could
   tell; the reader has bounded the depth. */
static bool has_huge_number(struct aslrt_value v)
{
    if (aslrt_is_number(v))
        return !isfinite(aslrt_to_double(v));
    for (uint32_t i = 0; v.kind == ASLRT_ARRAY && i < v.count; i++)
        if (has_huge_number(v.as.items[i]))
            return true;
    for (uint32_t i = 0; v.kind == ASLRT_OBJECT && i < v.count; i++)
        if (has_huge_number(v.as.members[i].value))
            return true;
    return false;
}

static bool check_body(struct aslrt_edge *edge, struct aslrt_arena *arena, struct aslrt_visit *v)
{
    struct aslrt_value text = v->http->body;
    struct aslrt_json_error error = {"it is empty", 0, 1, 1};
    if (v->http->too_large)
        return refuse(v, ASLRT_GATEWAY_TOO_LARGE, NULL);
    if (!v->route->has_body)
        return true;
    if (!is_json(aslrt_pairs_get_header(v->request.headers, "Content-Type")))
        return refuse(v, ASLRT_GATEWAY_MEDIA_TYPE, NULL);
    if (text.kind == ASLRT_STRING) {
        enum aslrt_status status =
            aslrt_json_read(arena, text.as.bytes, text.count, &v->request.body, &error);
        if (status == ASLRT_OK && has_huge_number(v->request.body))
            return refuse(v, ASLRT_GATEWAY_BAD_BODY,
                          "the body has a number beyond the range of doubles");
        if (status == ASLRT_OK)
            return check_schema(edge, arena, v);
        if (status != ASLRT_SYNTAX && status != ASLRT_LIMIT)
            aslrt_escape(arena->memory, status);
    }
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, "the body is not JSON: %s at line %u, column %u", error.message,
                        (unsigned)error.line, (unsigned)error.column);
    return refuse(v, ASLRT_GATEWAY_BAD_BODY, aslrt_buffer_close(&b));
}

static bool make_input(struct aslrt_arena *arena, struct aslrt_visit *v)
{
    enum aslrt_status status =
        aslrt_api_request(v->route, &v->request, arena, &v->input, &v->input_count);
    if (status != ASLRT_OK)
        aslrt_escape(arena->memory, status);
    if (v->input_count <= ASLRT_API_INPUT_MAX)
        return true;
    v->input = NULL;
    return refuse(v, ASLRT_GATEWAY_TOO_LARGE, "the execution's input would pass 256 KiB");
}

void aslrt_edge_visit(struct aslrt_edge *edge, struct aslrt_arena *arena, struct aslrt_visit *v)
{
    v->request.headers = header_texts(arena, v->http->headers);
    v->request.request_id = v->request_id;
    v->request.target = v->http->target;
    (void)(find_route(edge, arena, v) && find_caller(edge, arena, v) && take_token(edge, v) &&
           check_query(arena, v) && check_body(edge, arena, v) && make_input(arena, v));
}
