/*
 * routes.c - makes struct aslrt_api from the service description; see routes.h.
 *
 * Ownership: everything new lives in the arena; strings of the service are borrowed.
 */
#include "compiler/emit/routes.h"

#include "compiler/base/grow.h"
#include "compiler/base/jnode_write.h"
#include "runtime/base/json.h"

#include <assert.h>
#include <ctype.h>

/* ---- one name for each place ---- */

/* The end of the segment that starts at `p`, behind its slash. */
static const char *segment_end(const char *p)
{
    while (*p != '\0' && *p != '/')
        p++;
    return p;
}

static bool is_variable(const char *start, const char *end)
{
    return end - start > 2 && *start == '{' && end[-1] == '}';
}

/* True when both paths agree up to `at` (offsets of segment starts in a), variables being equal to
   each other; *b_at is then the place in b. */
static bool same_prefix(const char *a, const char *at, const char *b, const char **b_at)
{
    while (a < at) {
        if (*a != '/' || *b != '/')
            return false;
        const char *a_end = segment_end(++a);
        const char *b_end = segment_end(++b);
        bool variable = is_variable(a, a_end);
        if (variable != is_variable(b, b_end))
            return false;
        if (!variable && (a_end - a != b_end - b || memcmp(a, b, (size_t)(a_end - a)) != 0))
            return false;
        a = a_end;
        b = b_end;
    }
    *b_at = b;
    return *b == '/';
}

/* The name that the variable at that place of route `index` has in the API: the one which the first
   route with a variable there gives it. */
static const char *place_name(struct aslrt_arena *arena, const struct svc_service *service,
                              uint32_t index, const char *at)
{
    for (uint32_t i = 0; i <= index; i++) {
        const char *there;
        if (!same_prefix(service->routes[index].path, at, service->routes[i].path, &there))
            continue;
        const char *start = there + 1;
        const char *end = segment_end(start);
        if (is_variable(start, end))
            return aslrt_copy_text(arena, start + 1, (size_t)(end - start) - 2);
    }
    assert(false && "a route finds at least itself");
    return "";
}

/* ---- names of schemas ---- */

struct model {
    const char *name, *schema;
    bool request; /* requests and answers are printed differently */
};
struct models {
    struct aslrt_arena *arena;
    struct model *items;
    uint32_t count;
};

/* The letters and digits of both texts; the first one large. */
static const char *model_name(struct aslrt_arena *arena, const char *first, const char *second)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (const char *p = first; *p != '\0'; p++)
        if (isalnum((unsigned char)*p))
            aslrt_buffer_char(&b, b.count == 0 ? (char)toupper((unsigned char)*p) : *p);
    for (const char *p = second; *p != '\0'; p++)
        if (isalnum((unsigned char)*p))
            aslrt_buffer_char(&b, *p);
    return aslrt_buffer_close(&b);
}

/* True when no other schema has that name; then this one has it. */
static bool claim(struct models *m, const char *name, const char *schema, bool request)
{
    for (uint32_t i = 0; i < m->count; i++)
        if (strcmp(m->items[i].name, name) == 0)
            return m->items[i].request == request && strcmp(m->items[i].schema, schema) == 0;
    *GROW(m->arena, m->items, m->count) = (struct model){name, schema, request};
    return true;
}

static const char *name_schema(struct models *m, const char *operation, const char *wanted,
                               const char *schema, bool request)
{
    if (wanted == NULL || schema == NULL)
        return NULL;
    const char *name = model_name(m->arena, "", wanted);
    for (unsigned n = 1; !claim(m, name, schema, request); n++) {
        struct aslrt_buffer b = aslrt_buffer_in(m->arena);
        aslrt_buffer_text(&b, model_name(m->arena, operation, wanted));
        if (n > 1)
            aslrt_buffer_format(&b, "%u", n);
        name = aslrt_buffer_close(&b);
    }
    return name;
}

/* ---- JSON and lists ---- */

static const char *json_text(struct aslrt_arena *arena, const struct jnode *n)
{
    if (n == NULL)
        return NULL;
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    jnode_write(&b, n);
    return aslrt_buffer_close(&b);
}

static struct aslrt_param *params(struct aslrt_arena *arena, const struct svc_param *from,
                                  uint32_t count)
{
    struct aslrt_param *to = ASLRT_NEW_ARRAY(arena, struct aslrt_param, count);
    for (uint32_t i = 0; i < count; i++)
        to[i] = (struct aslrt_param){from[i].name, from[i].required, from[i].doc,
                                     json_text(arena, from[i].schema)};
    return to;
}

static struct aslrt_response *responses(struct aslrt_arena *arena, struct models *models,
                                        const struct svc_route *route)
{
    struct aslrt_response *to =
        ASLRT_NEW_ARRAY(arena, struct aslrt_response, route->response_count);
    for (uint32_t i = 0; i < route->response_count; i++) {
        const struct svc_response *r = &route->responses[i];
        const char *schema = json_text(arena, r->schema);
        to[i] = (struct aslrt_response){
            .status = r->status,
            .doc = r->doc != NULL ? r->doc : "",
            .schema_name = name_schema(models, route->operation, r->schema_name, schema, false),
            .schema = schema,
            .etag = r->etag,
            .location = r->location,
            .retry_after = r->retry_after,
        };
    }
    return to;
}

/* ---- the execution's input ---- */

struct pieces {
    struct aslrt_arena *arena;
    struct aslrt_piece *items;
    uint32_t count;
    struct aslrt_buffer text; /* constant text that is not yet a piece */
};

static void add_piece(struct pieces *p, enum aslrt_piece_kind kind, const char *text)
{
    *GROW(p->arena, p->items, p->count) = (struct aslrt_piece){kind, text};
}

static void flush_text(struct pieces *p)
{
    if (p->text.count != 0)
        add_piece(p, ASLRT_PIECE_TEXT, aslrt_buffer_close(&p->text));
    p->text = aslrt_buffer_in(p->arena);
}

static void put_value(struct pieces *p, enum aslrt_piece_kind kind, const char *text)
{
    flush_text(p);
    add_piece(p, kind, text);
}

static void put_member(struct pieces *p, bool first, const char *key, enum aslrt_piece_kind kind,
                       const char *name)
{
    if (!first)
        aslrt_buffer_char(&p->text, ',');
    aslrt_json_put_string(&p->text, key, strlen(key));
    aslrt_buffer_char(&p->text, ':');
    put_value(p, kind, name);
}

static void put_path(struct pieces *p, const struct svc_route *from, const struct aslrt_route *to)
{
    aslrt_buffer_text(&p->text, ",\"path\":{");
    for (uint32_t i = 0; i < from->path_param_count; i++)
        put_member(p, i == 0, from->path_params[i].name, ASLRT_PIECE_PATH, to->path_params[i].name);
    aslrt_buffer_char(&p->text, '}');
}

static void put_query(struct pieces *p, const struct svc_route *from)
{
    aslrt_buffer_text(&p->text, ",\"query\":{");
    for (uint32_t i = 0; i < from->query_param_count; i++)
        put_member(p, i == 0, from->query_params[i].name, ASLRT_PIECE_QUERY,
                   from->query_params[i].name);
    aslrt_buffer_char(&p->text, '}');
}

/* The fields of `caller`, by who vouches for it.  Keys and open routes know nobody. */
static void put_caller(struct pieces *p, enum svc_auth auth)
{
    aslrt_buffer_text(&p->text, ",\"caller\":{");
    if (auth == SVC_AUTH_COGNITO) {
        put_member(p, true, "sub", ASLRT_PIECE_CALLER, "sub");
    } else if (auth == SVC_AUTH_IAM) {
        put_member(p, true, "account", ASLRT_PIECE_CALLER, "account");
        put_member(p, false, "arn", ASLRT_PIECE_CALLER, "arn");
        put_member(p, false, "identityId", ASLRT_PIECE_CALLER, "identityId");
    }
    aslrt_buffer_char(&p->text, '}');
}

static void make_pieces(struct aslrt_arena *arena, const struct svc_route *from,
                        struct aslrt_route *to)
{
    struct pieces p = {arena, NULL, 0, aslrt_buffer_in(arena)};
    aslrt_buffer_text(&p.text, "{\"op\":");
    aslrt_json_put_string(&p.text, from->operation, strlen(from->operation));
    put_path(&p, from, to);
    put_query(&p, from);
    aslrt_buffer_text(&p.text, ",\"headers\":{");
    if (from->if_match)
        put_member(&p, true, "if-match", ASLRT_PIECE_HEADER, "If-Match");
    aslrt_buffer_text(&p.text, "},\"body\":");
    if (from->has_body)
        put_value(&p, ASLRT_PIECE_BODY, NULL);
    else
        aslrt_buffer_text(&p.text, "null");
    put_caller(&p, from->auth);
    aslrt_buffer_text(&p.text, ",\"requestId\":");
    put_value(&p, ASLRT_PIECE_REQUEST_ID, NULL);
    aslrt_buffer_char(&p.text, '}');
    flush_text(&p);
    to->pieces = p.items;
    to->piece_count = p.count;
}

/* ---- routes ---- */

static enum aslrt_auth auth_kind(enum svc_auth auth)
{
    switch (auth) {
    case SVC_AUTH_NONE:
        return ASLRT_AUTH_NONE;
    case SVC_AUTH_IAM:
        return ASLRT_AUTH_IAM;
    case SVC_AUTH_KEY:
        return ASLRT_AUTH_KEY;
    case SVC_AUTH_COGNITO:
        return ASLRT_AUTH_COGNITO;
    }
    assert(false && "unknown kind of auth");
    return ASLRT_AUTH_IAM;
}

/* Sets the route's path and the names of its path parameters, as the API has them. */
static void make_path(struct aslrt_arena *arena, const struct svc_service *service, uint32_t index,
                      struct aslrt_route *to)
{
    const struct svc_route *from = &service->routes[index];
    struct aslrt_param *path_params = params(arena, from->path_params, from->path_param_count);
    struct aslrt_buffer path = aslrt_buffer_in(arena);
    for (const char *p = from->path; *p != '\0';) {
        const char *end = segment_end(p + 1);
        if (!is_variable(p + 1, end)) {
            aslrt_buffer_put(&path, p, (size_t)(end - p));
            p = end;
            continue;
        }
        const char *name = place_name(arena, service, index, p);
        for (uint32_t i = 0; i < from->path_param_count; i++)
            if (strlen(from->path_params[i].name) == (size_t)(end - p) - 3 &&
                memcmp(from->path_params[i].name, p + 2, (size_t)(end - p) - 3) == 0)
                path_params[i].name = name;
        aslrt_buffer_format(&path, "/{%s}", name);
        p = end;
    }
    to->path = aslrt_buffer_close(&path);
    to->path_params = path_params;
    to->path_param_count = from->path_param_count;
}

static void make_route(struct aslrt_arena *arena, const struct svc_service *service, uint32_t index,
                       struct models *models, struct aslrt_route *to)
{
    const struct svc_route *from = &service->routes[index];
    const char *schema = json_text(arena, from->body_schema);
    *to = (struct aslrt_route){
        .method = from->method,
        .operation = from->operation,
        .summary = from->summary != NULL ? from->summary : from->operation,
        .doc = from->doc,
        .tag = from->tag,
        .machine = from->machine,
        .query_params = params(arena, from->query_params, from->query_param_count),
        .query_param_count = from->query_param_count,
        .if_match = from->if_match,
        .has_body = from->has_body,
        .schema_name = name_schema(models, from->operation, from->body_schema_name, schema, true),
        .schema = schema,
        .auth = auth_kind(from->auth),
        .caller = from->caller,
        .cache_s = from->cache_s,
        .throttle_rate = from->throttle_rate > 0 ? from->throttle_rate : service->throttle_rate,
        .throttle_burst = from->throttle_rate > 0 ? from->throttle_burst : service->throttle_burst,
        .responses = responses(arena, models, from),
        .response_count = from->response_count,
    };
    make_path(arena, service, index, to);
    make_pieces(arena, from, to);
}

const struct aslrt_api *emit_routes(struct aslrt_arena *arena, const struct svc_service *service)
{
    struct aslrt_api *api = ASLRT_NEW(arena, struct aslrt_api);
    struct models models = {arena, NULL, 0};
    struct aslrt_route *routes = ASLRT_NEW_ARRAY(arena, struct aslrt_route, service->route_count);
    for (uint32_t i = 0; i < service->route_count; i++)
        make_route(arena, service, i, &models, &routes[i]);
    struct aslrt_api_failure *failures =
        ASLRT_NEW_ARRAY(arena, struct aslrt_api_failure, service->failure_count);
    for (uint32_t i = 0; i < service->failure_count; i++) {
        const struct svc_failure *f = &service->failures[i];
        failures[i] = (struct aslrt_api_failure){f->error, f->status, f->body,
                                                 f->retry_after ? ASLRT_API_RETRY_AFTER : NULL};
    }
    *api = (struct aslrt_api){
        .name = service->name,
        .base_path = service->base_path != NULL ? service->base_path : "",
        .doc = service->doc,
        .routes = routes,
        .route_count = service->route_count,
        .failures = failures,
        .failure_count = service->failure_count,
        .cors = service->cors,
        .cors_count = service->cors_count,
    };
    return api;
}
