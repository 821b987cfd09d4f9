/*
 * test_edge.c - the edge as data: routes made from a service, requests and answers mapped, URLs
 * matched, the OpenAPI document well formed.  Bytes against the real Velocity: tests/velocity.
 */
#include "compiler/emit/openapi.h"
#include "compiler/emit/routes.h"
#include "runtime/api/map.h"
#include "runtime/api/match.h"
#include "runtime/base/arena.h"
#include "tests/edge/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

struct fixture {
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;
    const struct svc_service *service;
    const struct aslrt_api *api;
};

static struct fixture open_fixture(uint32_t origins)
{
    struct fixture f;
    f.memory = aslrt_memory_open(NULL, 0);
    f.arena = aslrt_arena_open(f.memory);
    f.service = edge_fixture(f.arena, origins);
    f.api = emit_routes(f.arena, f.service);
    return f;
}

static void close_fixture(struct fixture *f)
{
    aslrt_arena_close(f->arena);
    aslrt_memory_close(f->memory);
}

static const struct aslrt_route *route(const struct fixture *f, const char *operation)
{
    for (uint32_t i = 0; i < f->api->route_count; i++)
        if (strcmp(f->api->routes[i].operation, operation) == 0)
            return &f->api->routes[i];
    fail_msg("no operation %s", operation);
    return NULL;
}

static void assert_text(struct aslrt_value v, const char *text)
{
    assert_int_equal(v.kind, ASLRT_STRING);
    assert_int_equal(v.count, strlen(text));
    assert_memory_equal(v.as.bytes, text, v.count);
}

/* ---- routes ---- */

/* The pieces of an input with values shown as their kind and name. */
static const char *shape(struct aslrt_arena *arena, const struct aslrt_route *r)
{
    static const char *const words[] = {"",         "<path ", "<query ", "<header ",
                                        "<caller ", "<body",  "<id"};
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (uint32_t i = 0; i < r->piece_count; i++) {
        const struct aslrt_piece *p = &r->pieces[i];
        aslrt_buffer_text(&b, words[p->kind]);
        if (p->text != NULL)
            aslrt_buffer_text(&b, p->text);
        if (p->kind != ASLRT_PIECE_TEXT)
            aslrt_buffer_char(&b, '>');
    }
    return aslrt_buffer_close(&b);
}

static void test_routes(void **state)
{
    (void)state;
    struct fixture f = open_fixture(0);
    assert_string_equal(shape(f.arena, route(&f, "createThing")),
                        "{\"op\":\"createThing\",\"path\":{},\"query\":{},\"headers\":{},"
                        "\"body\":<body>,\"caller\":{},\"requestId\":<id>}");
    assert_string_equal(
        shape(f.arena, route(&f, "createTask")),
        "{\"op\":\"createTask\",\"path\":{\"project\":<path id>,\"task\":<path task>},"
        "\"query\":{\"next\":<query next>},\"headers\":{},\"body\":<body>,"
        "\"caller\":{\"account\":<caller account>,\"arn\":<caller arn>,"
        "\"identityId\":<caller identityId>},\"requestId\":<id>}");
    assert_string_equal(shape(f.arena, route(&f, "deleteThing")),
                        "{\"op\":\"deleteThing\",\"path\":{\"id\":<path id>},\"query\":{},"
                        "\"headers\":{\"if-match\":<header If-Match>},\"body\":null,"
                        "\"caller\":{},\"requestId\":<id>}");
    /* one name for each place of a path: the first that is used there */
    assert_string_equal(route(&f, "getProject")->path, "/projects/{id}");
    assert_string_equal(route(&f, "createTask")->path, "/projects/{id}/tasks/{task}");
    assert_string_equal(route(&f, "createTask")->path_params[0].name, "id");
    assert_string_equal(aslrt_api_allow(f.arena, f.api, "/things/{id}"), "GET, PATCH, DELETE");
    close_fixture(&f);
}

/* ---- requests and answers ---- */

static void test_request(void **state)
{
    (void)state;
    struct fixture f = open_fixture(0);
    struct aslrt_pair path[] = {{aslrt_text("id"), aslrt_text("a/'\"\xc3\xa9\xf0\x9f\x9a\x97")}};
    struct aslrt_pair headers[] = {{aslrt_text("host"), aslrt_text("x")},
                                   {aslrt_text("IF-MATCH"), aslrt_text("\"1\"")},
                                   {aslrt_text("if-match"), aslrt_text("\"2\"")}};
    struct aslrt_request request = {
        .path = {path, 1},
        .headers = {headers, 3},
        .request_id = aslrt_text("r\n1"),
    };
    const char *input;
    size_t count;
    assert_int_equal(aslrt_api_request(route(&f, "deleteThing"), &request, f.arena, &input, &count),
                     ASLRT_OK);
    assert_string_equal(input, "{\"op\":\"deleteThing\","
                               "\"path\":{\"id\":\"a\\/'\\\"\\u00E9\\uD83D\\uDE97\"},\"query\":{},"
                               "\"headers\":{\"if-match\":\"\\\"2\\\"\"},\"body\":null,"
                               "\"caller\":{},\"requestId\":\"r\\n1\"}");
    assert_int_equal(count, strlen(input));
    close_fixture(&f);
}

static struct aslrt_value read_json(struct aslrt_arena *arena, const char *text)
{
    struct aslrt_value v;
    assert_int_equal(aslrt_json_read(arena, text, strlen(text), &v, NULL), ASLRT_OK);
    return v;
}

static struct aslrt_answer answer_to(const struct fixture *f, const char *operation,
                                     const char *output)
{
    struct aslrt_outcome outcome = {.status = ASLRT_SUCCEEDED,
                                    .output = read_json(f->arena, output)};
    struct aslrt_answer answer;
    assert_int_equal(aslrt_api_answer(f->api, route(f, operation), &outcome,
                                      aslrt_text("/stage/things"), f->arena, &answer),
                     ASLRT_OK);
    return answer;
}

static void test_answers(void **state)
{
    (void)state;
    struct fixture f = open_fixture(0);
    struct aslrt_answer a = answer_to(&f, "createThing",
                                      "{\"statusCode\":201,\"headers\":{\"ETag\":\"\\\"1\\\"\","
                                      "\"Location\":\"/things/1\",\"X\":\"y\"},\"body\":\"{}\"}");
    assert_int_equal(a.status, 201);
    assert_text(a.body, "{}");
    assert_text(a.etag, "\"1\"");
    assert_text(a.location, "/stage/things/1");
    assert_int_equal(a.retry_after.kind, ASLRT_UNDEFINED);
    a = answer_to(&f, "deleteThing", "{\"statusCode\":204,\"body\":\"x\"}");
    assert_text(a.body, "");
    static const char *const broken[] = {"{}",
                                         "[]",
                                         "null",
                                         "{\"statusCode\":\"200\"}",
                                         "{\"statusCode\":600}",
                                         "{\"statusCode\":2.5}"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(answer_to(&f, "getThing", broken[i]).status, 500);

    struct aslrt_outcome failed = {.status = ASLRT_RUN_FAILED, .error = aslrt_text("Strange")};
    aslrt_api_answer(f.api, route(&f, "getThing"), &failed, aslrt_text("/"), f.arena, &a);
    assert_int_equal(a.status, 507);
    failed.error = aslrt_text("States.Runtime");
    failed.cause = aslrt_text("a secret");
    aslrt_api_answer(f.api, route(&f, "getThing"), &failed, aslrt_text("/"), f.arena, &a);
    assert_int_equal(a.status, 500);
    assert_null(strstr(a.body.as.bytes, "secret"));
    close_fixture(&f);
}

static void test_location(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"/projects/{id}/tasks", "/v1/projects/a/tasks", "/v1"},
        {"/projects/{id}/tasks", "/projects/a/tasks/", ""},
        {"/projects/{id}/tasks", "/x/y/projects/a/tasks///", "/x/y"},
        {"/projects/{id}/tasks", "/a/tasks", "/a/tasks"},
        {"/projects/{id}/tasks", "a/b/c", "a/b/c"},
        {"/projects/{id}/tasks", "", ""},
        {"/", "/v1/", "/v1"},
    };
    struct fixture f = open_fixture(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct aslrt_route r = {.path = cases[i][0]};
        struct aslrt_value got =
            aslrt_api_location(&r, aslrt_text(cases[i][1]), aslrt_text("/n"), f.arena);
        char want[100];
        snprintf(want, sizeof want, "%s/n", cases[i][2]);
        assert_text(got, want);
    }
    close_fixture(&f);
}

static void test_origins(void **state)
{
    (void)state;
    struct fixture one = open_fixture(1), two = open_fixture(2);
    struct aslrt_value other = aslrt_text("https://b.example");
    assert_text(aslrt_api_allowed_origin(one.api, other), "https://a.example");
    assert_text(aslrt_api_allowed_origin(two.api, other), "https://b.example");
    assert_int_equal(aslrt_api_allowed_origin(two.api, aslrt_undefined()).kind, ASLRT_UNDEFINED);
    assert_string_equal(aslrt_api_allow(one.arena, one.api, "/things"), "POST, GET, OPTIONS");
    close_fixture(&one);
    close_fixture(&two);
}

/* ---- URLs ---- */

static void test_match(void **state)
{
    (void)state;
    static const struct aslrt_route routes[] = {
        {.method = "GET", .path = "/a/{x}", .operation = "variable"},
        {.method = "GET", .path = "/a/b", .operation = "constant"},
        {.method = "POST", .path = "/a/b", .operation = "post"},
        {.method = "GET", .path = "/{x}/b/{y}", .operation = "late"},
        {.method = "GET", .path = "/a/{x}/c", .operation = "early"},
        {.method = "GET", .path = "/", .operation = "root"},
    };
    static const struct aslrt_api api = {.base_path = "/v1", .routes = routes, .route_count = 6};
    static const struct {
        const char *method, *target;
        enum aslrt_match match;
        const char *operation;
    } cases[] = {
        {"GET", "/v1/a/b", ASLRT_MATCH_ROUTE, "constant"},
        {"GET", "/v1/a/c", ASLRT_MATCH_ROUTE, "variable"},
        {"GET", "/v1/a/%62", ASLRT_MATCH_ROUTE, "variable"},
        {"POST", "/v1/a/c", ASLRT_MATCH_NO_METHOD, NULL},
        {"PUT", "/v1/a/b/", ASLRT_MATCH_NO_METHOD, NULL},
        {"GET", "/v1/a/b/c", ASLRT_MATCH_ROUTE, "early"},
        {"GET", "/v1/z/b/c", ASLRT_MATCH_ROUTE, "late"},
        {"GET", "/v1", ASLRT_MATCH_ROUTE, "root"},
        {"GET", "/v1/", ASLRT_MATCH_ROUTE, "root"},
        {"GET", "/v1/a/%zz", ASLRT_MATCH_BAD, NULL},
        {"GET", "/v1/a/%", ASLRT_MATCH_BAD, NULL},
        {"GET", "/v1/a/%ff", ASLRT_MATCH_BAD, NULL},
        {"GET", "/v1/a", ASLRT_MATCH_NO_PATH, NULL},
        {"GET", "/v1/a//c", ASLRT_MATCH_NO_PATH, NULL},
        {"GET", "/v1a/b", ASLRT_MATCH_NO_PATH, NULL},
        {"GET", "/v2/a/b", ASLRT_MATCH_NO_PATH, NULL},
        {"GET", "", ASLRT_MATCH_NO_PATH, NULL},
        {"get", "/v1/a/b", ASLRT_MATCH_NO_METHOD, NULL},
    };
    struct fixture f = open_fixture(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct aslrt_matched m;
        enum aslrt_match got =
            aslrt_api_match(&api, cases[i].method, aslrt_text(cases[i].target), f.arena, &m);
        if (got != cases[i].match)
            fail_msg("%s %s: %d", cases[i].method, cases[i].target, got);
        if (got == ASLRT_MATCH_ROUTE)
            assert_string_equal(m.route->operation, cases[i].operation);
    }
    close_fixture(&f);
}

static void test_query(void **state)
{
    (void)state;
    struct fixture f = open_fixture(0);
    struct aslrt_pairs q;
    assert_true(aslrt_query_read(aslrt_text("a=1&&b=x+y%2B&c&=d&a=%E2%82%AC&"), f.arena, &q));
    assert_int_equal(q.count, 5);
    assert_text(aslrt_pairs_get(q, "a"), "\xe2\x82\xac");
    assert_text(aslrt_pairs_get(q, "b"), "x y+");
    assert_text(aslrt_pairs_get(q, "c"), "");
    assert_text(aslrt_pairs_get(q, ""), "d");
    assert_int_equal(aslrt_pairs_get(q, "d").kind, ASLRT_UNDEFINED);
    assert_true(aslrt_query_read(aslrt_undefined(), f.arena, &q) && q.count == 0);
    assert_true(aslrt_query_read(aslrt_text(""), f.arena, &q) && q.count == 0);
    assert_false(aslrt_query_read(aslrt_text("a=%2"), f.arena, &q));
    assert_false(aslrt_query_read(aslrt_text("%c3=1"), f.arena, &q));
    close_fixture(&f);
}

/* ---- the document ---- */

/* Follows a chain of member names. */
static struct aslrt_value at(struct aslrt_value v, const char *const *path)
{
    for (; *path != NULL; path++)
        v = aslrt_field(v, *path);
    return v;
}
#define AT(v, ...) at((v), (const char *const[]){__VA_ARGS__, NULL})

static struct aslrt_value document(const struct fixture *f, const char **text)
{
    struct aslrt_buffer b = aslrt_buffer_in(f->arena);
    emit_openapi(&b, f->service, f->api);
    *text = aslrt_buffer_close(&b);
    return read_json(f->arena, *text);
}

static void test_document(void **state)
{
    (void)state;
    struct fixture f = open_fixture(2);
    const char *text;
    struct aslrt_value doc = document(&f, &text);
    assert_text(AT(doc, "openapi"), "3.0.1");
    struct aslrt_value post = AT(doc, "paths", "/things", "post");
    assert_text(AT(post, "operationId"), "createThing");
    assert_text(AT(post, "description"), "Makes a thing.\nCosts $${nothing}, 100%%{really}.");
    assert_text(AT(post, "requestBody", "content", "application/json", "schema", "$ref"),
                "#/components/schemas/NewThing");
    assert_text(AT(post, "x-amazon-apigateway-integration", "uri"), "${integration_uri}");
    static const char *const statuses[] = {"201", "400", "404", "409", "413", "415",
                                           "429", "500", "502", "503", "504", "507"};
    struct aslrt_value responses = AT(post, "responses");
    assert_int_equal(responses.count, 12);
    for (uint32_t i = 0; i < responses.count; i++)
        assert_text(responses.as.members[i].key, statuses[i]);
    struct aslrt_value get = AT(doc, "paths", "/projects/{id}", "get");
    struct aslrt_value keys = AT(get, "x-amazon-apigateway-integration", "cacheKeyParameters");
    assert_int_equal(keys.count, 2);
    assert_text(keys.as.items[0], "method.request.path.id");
    assert_text(keys.as.items[1], "method.request.header.Authorization");
    assert_int_equal(AT(doc, "paths", "/things", "options").kind, ASLRT_OBJECT);
    assert_int_equal(AT(doc, "paths", "/{proxy+}", "x-amazon-apigateway-any-method").kind,
                     ASLRT_OBJECT);
    assert_int_equal(AT(doc, "components", "schemas").count, 4);
    close_fixture(&f);
}

/* Outside of the holes that the header names, templatefile() must find nothing to fill. */
static void test_holes(void **state)
{
    (void)state;
    static const char *const holes[] = {"${integration_uri}", "${role_arn}", "${state_machine}",
                                        "${user_pool_arn}"};
    struct fixture f = open_fixture(1);
    const char *text;
    document(&f, &text);
    for (const char *p = text; (p = strstr(p, "${")) != NULL; p += 2) {
        bool known = p > text && p[-1] == '$';
        for (size_t i = 0; i < sizeof holes / sizeof *holes; i++)
            known = known || strncmp(p, holes[i], strlen(holes[i])) == 0;
        if (!known)
            fail_msg("an open hole: %.40s", p);
    }
    for (const char *p = text; (p = strstr(p, "%{")) != NULL; p += 2)
        assert_int_equal(p[-1], '%');
    close_fixture(&f);
}

/* A nullable field of a request keeps its bounds and loses its type; in an answer it keeps both. */
static void test_null(void **state)
{
    (void)state;
    struct fixture f = open_fixture(0);
    const char *text;
    struct aslrt_value schemas = AT(document(&f, &text), "components", "schemas");
    struct aslrt_value sent = AT(schemas, "ThingPatch", "properties", "note");
    struct aslrt_value got = AT(schemas, "Thing", "properties", "note");
    assert_int_equal(AT(sent, "type").kind, ASLRT_UNDEFINED);
    assert_true(aslrt_equal(AT(sent, "maxLength"), aslrt_int(100)));
    assert_true(aslrt_equal(AT(sent, "nullable"), aslrt_bool(true)));
    assert_text(AT(got, "type"), "string");
    assert_true(aslrt_equal(AT(got, "nullable"), aslrt_bool(true)));
    close_fixture(&f);
}

/* The first segment of the base path is the stage; what is left stands in the document. */
static void test_base_path(void **state)
{
    (void)state;
    struct fixture f = open_fixture(0);
    struct svc_service deep = *f.service;
    deep.base_path = "/api/v2";
    struct fixture g = f;
    g.service = &deep;
    g.api = emit_routes(f.arena, &deep);
    const char *text;
    struct aslrt_value paths = AT(document(&g, &text), "paths");
    assert_int_equal(AT(paths, "/v2/things/{id}", "get").kind, ASLRT_OBJECT);
    assert_int_equal(AT(paths, "/things/{id}").kind, ASLRT_UNDEFINED);
    assert_int_equal(AT(paths, "/").kind, ASLRT_OBJECT);
    assert_string_equal(emit_openapi_path(f.arena, g.api, "/things"), "/v2/things");
    assert_string_equal(emit_openapi_path(f.arena, g.api, "/"), "/v2");
    assert_string_equal(emit_openapi_path(f.arena, f.api, "/"), "/");
    assert_string_equal(emit_openapi_stage(f.arena, &deep), "api");
    assert_string_equal(emit_openapi_stage(f.arena, f.service), "v1");
    deep.base_path = "";
    assert_string_equal(emit_openapi_stage(f.arena, &deep), "live");
    close_fixture(&f);
}

/* One name, one schema: another shape is called after its operation, and only letters and digits
 * stay. */
static void test_schema_names(void **state)
{
    (void)state;
    struct fixture f = open_fixture(0);
    struct svc_service other = *f.service;
    other.routes[1].responses[0].schema = other.routes[0].body_schema;
    other.routes[2].responses[0].schema_name = "Some_Thing";
    f.api = emit_routes(f.arena, &other);
    assert_string_equal(route(&f, "createThing")->responses[0].schema_name, "Thing");
    assert_string_equal(route(&f, "listThing")->responses[0].schema_name, "ListThingThing");
    assert_string_equal(route(&f, "getThing")->responses[0].schema_name, "SomeThing");
    assert_string_equal(route(&f, "updateThing")->responses[0].schema_name, "Thing");
    assert_string_equal(route(&f, "createThing")->schema_name, "NewThing");
    assert_null(route(&f, "deleteThing")->schema_name);
    close_fixture(&f);
}

static void test_machine_holes(void **state)
{
    (void)state;
    struct fixture f = open_fixture(0);
    struct ir_machine a = {.name = "things-createThing"}, b = {.name = "things-getThing"};
    struct ir_machine *machines[] = {&a, &b};
    struct svc_service two = *f.service;
    assert_string_equal(emit_openapi_machine_hole(f.arena, &two, 0), "state_machine");
    two.machines = machines;
    two.machine_count = 2;
    assert_string_equal(emit_openapi_machine_hole(f.arena, &two, 1),
                        "state_machine_things_getThing");
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_routes),        cmocka_unit_test(test_request),
        cmocka_unit_test(test_answers),       cmocka_unit_test(test_location),
        cmocka_unit_test(test_origins),       cmocka_unit_test(test_match),
        cmocka_unit_test(test_query),         cmocka_unit_test(test_document),
        cmocka_unit_test(test_holes),         cmocka_unit_test(test_null),
        cmocka_unit_test(test_machine_holes), cmocka_unit_test(test_base_path),
        cmocka_unit_test(test_schema_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
