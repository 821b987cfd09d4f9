/*
 * driver.c - the interpreter's side of the Velocity test.
 *
 *     driver CORPUS ORIGINS FOLDER
 *
 * In: corpus.json and the number of CORS origins of the fixture.  Out, in the folder: openapi.json
 * (the document whose templates Harness.java runs), cases.ndjson (the corpus, expanded: each
 * hostile string in every place of every operation), expected.txt (what runtime/api/map.c makes of
 * each case). A line of expected.txt is the case's number and its result, bytes outside of
 * printable ASCII as \xNN.
 */
#include "compiler/emit/openapi.h"
#include "compiler/emit/routes.h"
#include "runtime/api/map.h"
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "tests/edge/fixture.h"

#include <stdio.h>
#include <stdlib.h>

struct driver {
    struct aslrt_arena *arena;
    const struct aslrt_api *api;
    FILE *cases;
    FILE *expected;
    uint32_t count;
};

static void stop(const char *what)
{
    fprintf(stderr, "velocity driver: %s\n", what);
    exit(1);
}

static char *read_all(struct aslrt_arena *arena, const char *path, size_t *count)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        stop("cannot open the corpus");
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        aslrt_buffer_put(&b, block, n);
    fclose(f);
    *count = b.count;
    return aslrt_copy_text(arena, b.bytes, b.count);
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (f == NULL)
        stop("cannot write into the folder");
    return f;
}

static const struct aslrt_route *route_of(const struct driver *d, struct aslrt_value op)
{
    for (uint32_t i = 0; i < d->api->route_count; i++)
        if (aslrt_is(op, d->api->routes[i].operation))
            return &d->api->routes[i];
    stop("a case names an operation that the fixture does not have");
    return NULL;
}

static void put_bytes(FILE *f, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 0x20 || c > 0x7e || c == '\\')
            fprintf(f, "\\x%02x", c);
        else
            fputc(c, f);
    }
}

static void put_case(struct driver *d, struct aslrt_value description)
{
    const char *text;
    size_t count;
    if (aslrt_json_write(d->arena, description, &text, &count) != ASLRT_OK)
        stop("out of memory");
    fwrite(text, 1, count, d->cases);
    fputc('\n', d->cases);
    fprintf(d->expected, "%u ", (unsigned)d->count++);
}

/* ---- requests ---- */

static struct aslrt_pairs pairs_of_list(struct aslrt_arena *arena, struct aslrt_value list)
{
    struct aslrt_pair *items = ASLRT_NEW_ARRAY(arena, struct aslrt_pair, list.count);
    for (uint32_t i = 0; i < list.count; i++) {
        items[i].name = list.as.items[i].as.items[0];
        items[i].value = list.as.items[i].as.items[1];
    }
    return (struct aslrt_pairs){items, list.count};
}

static struct aslrt_pairs pairs_of_object(struct aslrt_arena *arena, struct aslrt_value object)
{
    struct aslrt_pair *items = ASLRT_NEW_ARRAY(arena, struct aslrt_pair, object.count);
    for (uint32_t i = 0; i < object.count; i++) {
        items[i].name = object.as.members[i].key;
        items[i].value = object.as.members[i].value;
    }
    return (struct aslrt_pairs){items, object.count};
}

static struct aslrt_value request_id_of(struct aslrt_value c)
{
    struct aslrt_value id = aslrt_field(c, "requestId");
    return id.kind == ASLRT_STRING ? id : aslrt_text("req-1");
}

static void request_case(struct driver *d, struct aslrt_value c)
{
    const struct aslrt_route *route = route_of(d, aslrt_field(c, "op"));
    struct aslrt_request request = {
        .path = pairs_of_object(d->arena, aslrt_field(c, "path")),
        .query = pairs_of_list(d->arena, aslrt_field(c, "query")),
        .headers = pairs_of_list(d->arena, aslrt_field(c, "headers")),
        .caller = aslrt_field(c, "caller"),
        .request_id = request_id_of(c),
    };
    struct aslrt_value body = aslrt_field(c, "body");
    if (body.kind == ASLRT_STRING &&
        aslrt_json_read(d->arena, body.as.bytes, body.count, &request.body, NULL) != ASLRT_OK)
        stop("a body of the corpus is not JSON");
    const char *input;
    size_t count;
    if (aslrt_api_request(route, &request, d->arena, &input, &count) != ASLRT_OK)
        stop("out of memory");
    struct aslrt_value read_back;
    if (aslrt_json_read(d->arena, input, count, &read_back, NULL) != ASLRT_OK)
        stop("an input that was rendered is not JSON");
    put_case(d, c);
    put_bytes(d->expected, input, count);
    fputc('\n', d->expected);
}

static struct aslrt_value pair(struct aslrt_arena *arena, const char *name,
                               struct aslrt_value value)
{
    struct aslrt_array_builder b = aslrt_array_in(arena);
    aslrt_array_add(&b, aslrt_text(name));
    aslrt_array_add(&b, value);
    return aslrt_array_done(&b);
}

/* The request of that route with the string in every place. */
static struct aslrt_value everywhere(struct driver *d, const struct aslrt_route *route,
                                     struct aslrt_value s)
{
    static const char *const caller_fields[] = {"sub", "account", "arn", "identityId"};
    struct aslrt_arena *a = d->arena;
    struct aslrt_object_builder c = aslrt_object_in(a), path = aslrt_object_in(a),
                                caller = aslrt_object_in(a);
    struct aslrt_array_builder query = aslrt_array_in(a), headers = aslrt_array_in(a);
    for (uint32_t i = 0; i < route->path_param_count; i++)
        aslrt_object_set_text(&path, route->path_params[i].name, s);
    for (uint32_t i = 0; i < route->query_param_count; i++)
        aslrt_array_add(&query, pair(a, route->query_params[i].name, s));
    aslrt_array_add(&headers, pair(a, "x-other", s));
    aslrt_array_add(&headers, pair(a, "if-match", s));
    for (size_t i = 0; i < sizeof caller_fields / sizeof *caller_fields; i++)
        aslrt_object_set_text(&caller, caller_fields[i], s);
    aslrt_object_set_text(&c, "kind", aslrt_text("request"));
    aslrt_object_set_text(&c, "op", aslrt_text(route->operation));
    aslrt_object_set_text(&c, "path", aslrt_object_done(&path));
    aslrt_object_set_text(&c, "query", aslrt_array_done(&query));
    aslrt_object_set_text(&c, "headers", aslrt_array_done(&headers));
    aslrt_object_set_text(&c, "caller", aslrt_object_done(&caller));
    aslrt_object_set_text(&c, "requestId", s);
    if (route->has_body) {
        struct aslrt_buffer body = aslrt_buffer_in(a);
        aslrt_buffer_text(&body, "{\"name\":");
        aslrt_json_put_string(&body, s.as.bytes, s.count);
        aslrt_buffer_char(&body, '}');
        aslrt_object_set_text(&c, "body", aslrt_text(aslrt_buffer_close(&body)));
    }
    return aslrt_object_done(&c);
}

static void string_cases(struct driver *d, struct aslrt_value s)
{
    for (uint32_t i = 0; i < d->api->route_count; i++)
        request_case(d, everywhere(d, &d->api->routes[i], s));
}

static struct aslrt_value long_string(struct aslrt_arena *arena, struct aslrt_value length)
{
    static const char *const pieces[] = {"a", "'", "\"", "\\", "é", "$in", "\n", "🚗"};
    int64_t n = 0;
    aslrt_to_int(length, &n);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (int64_t i = 0; i < n; i++)
        aslrt_buffer_text(&b, pieces[i % 8]);
    return aslrt_text(aslrt_buffer_close(&b));
}

/* The case as the corpus has it, with a member more: what kind it is. */
static struct aslrt_value with(struct aslrt_arena *arena, struct aslrt_value c, const char *key,
                               struct aslrt_value value)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    for (uint32_t i = 0; i < c.count; i++)
        aslrt_object_set(&b, c.as.members[i].key, c.as.members[i].value);
    aslrt_object_set_text(&b, key, value);
    return aslrt_object_done(&b);
}

static void requests(struct driver *d, struct aslrt_value corpus)
{
    struct aslrt_value strings = aslrt_field(corpus, "strings");
    struct aslrt_value bodies = aslrt_field(corpus, "bodies");
    struct aslrt_value list = aslrt_field(corpus, "requests");
    for (uint32_t i = 0; i < strings.count; i++)
        string_cases(d, strings.as.items[i]);
    string_cases(d, long_string(d->arena, aslrt_field(corpus, "long")));
    for (uint32_t i = 0; i < bodies.count; i++)
        for (uint32_t k = 0; k < d->api->route_count; k++)
            if (d->api->routes[k].has_body)
                request_case(d, with(d->arena, everywhere(d, &d->api->routes[k], aslrt_text("x")),
                                     "body", bodies.as.items[i]));
    for (uint32_t i = 0; i < list.count; i++)
        request_case(d, with(d->arena, list.as.items[i], "kind", aslrt_text("request")));
}

/* ---- answers ---- */

static void put_field(struct driver *d, const char *name, struct aslrt_value v)
{
    if (v.kind != ASLRT_STRING)
        return;
    fprintf(d->expected, " %s=", name);
    put_bytes(d->expected, v.as.bytes, v.count);
}

static void put_answer(struct driver *d, const struct aslrt_answer *a, struct aslrt_value origin)
{
    fprintf(d->expected, "status=%u", (unsigned)a->status);
    put_field(d, "ETag", a->etag);
    put_field(d, "Location", a->location);
    put_field(d, "Retry-After", a->retry_after);
    if (d->api->cors_count > 1)
        put_field(d, "Access-Control-Allow-Origin", aslrt_api_allowed_origin(d->api, origin));
    put_field(d, "body", a->body);
    fputc('\n', d->expected);
}

static void outcome_case(struct driver *d, struct aslrt_value c, struct aslrt_value origin)
{
    const struct aslrt_route *route = route_of(d, aslrt_field(c, "op"));
    struct aslrt_outcome outcome = {.output = aslrt_field(c, "output"),
                                    .error = aslrt_field(c, "error")};
    struct aslrt_value status = aslrt_field(c, "status");
    outcome.status = aslrt_is(status, "TIMED_OUT") ? ASLRT_TIMED_OUT
                     : aslrt_is(status, "FAILED")  ? ASLRT_RUN_FAILED
                                                   : ASLRT_SUCCEEDED;
    struct aslrt_value target = aslrt_field(c, "target");
    if (target.kind != ASLRT_STRING)
        target = aslrt_text("/v1/things");
    c = with(d->arena, c, "kind", aslrt_text("outcome"));
    c = with(d->arena, c, "target", target);
    if (origin.kind == ASLRT_STRING)
        c = with(d->arena, c, "origin", origin);
    struct aslrt_answer answer;
    if (aslrt_api_answer(d->api, route, &outcome, target, d->arena, &answer) != ASLRT_OK)
        stop("out of memory");
    put_case(d, c);
    put_answer(d, &answer, origin);
}

static void answers(struct driver *d, struct aslrt_value corpus)
{
    struct aslrt_value outcomes = aslrt_field(corpus, "outcomes");
    struct aslrt_value refusals = aslrt_field(corpus, "refusals");
    struct aslrt_value origins = aslrt_field(corpus, "origins");
    for (uint32_t i = 0; i < outcomes.count; i++)
        outcome_case(d, outcomes.as.items[i], aslrt_undefined());
    for (uint32_t i = 0; i < origins.count; i++)
        outcome_case(d, outcomes.as.items[0], origins.as.items[i]);
    for (uint32_t i = 0; i < refusals.count; i++) {
        struct aslrt_value reply = aslrt_field(refusals.as.items[i], "reply");
        struct aslrt_answer answer;
        aslrt_api_refused(aslrt_field(reply, "__type"), aslrt_field(reply, "message"), &answer);
        put_case(d, with(d->arena, refusals.as.items[i], "kind", aslrt_text("refusal")));
        put_answer(d, &answer, aslrt_undefined());
    }
}

static void run(struct driver *d, const char *corpus_path, uint32_t origins, const char *folder)
{
    const struct svc_service *service = edge_fixture(d->arena, origins);
    d->api = emit_routes(d->arena, service);
    struct aslrt_buffer doc = aslrt_buffer_in(d->arena);
    emit_openapi(&doc, service, d->api);
    FILE *f = create(folder, "openapi.json");
    fwrite(doc.bytes, 1, doc.count, f);
    fclose(f);

    size_t count;
    const char *text = read_all(d->arena, corpus_path, &count);
    struct aslrt_value corpus;
    if (aslrt_json_read(d->arena, text, count, &corpus, NULL) != ASLRT_OK)
        stop("the corpus is not JSON");
    d->cases = create(folder, "cases.ndjson");
    d->expected = create(folder, "expected.txt");
    requests(d, corpus);
    answers(d, corpus);
    fclose(d->cases);
    fclose(d->expected);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        stop("driver CORPUS ORIGINS FOLDER");
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct driver d = {.arena = aslrt_arena_open(memory)};
    run(&d, argv[1], (uint32_t)strtoul(argv[2], NULL, 10), argv[3]);
    aslrt_arena_close(d.arena);
    aslrt_memory_close(memory);
    return 0;
}
