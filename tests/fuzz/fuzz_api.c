/*
 * fuzz_api.c - whatever a client sends, the execution's input says what the API says and no more.
 *
 * A text that starts with "{" is a schema and, on the next line, a value to check.  Any other is a
 * request: a line with method and URL, lines "name: value" up to an empty one, and the body.
 */
#include "compiler/emit/routes.h"
#include "runtime/api/match.h"
#include "runtime/api/schema.h"
#include "runtime/base/arena.h"
#include "runtime/base/utf8.h"
#include "tests/edge/fixture.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void must(bool good)
{
    if (!good)
        abort();
}

/* Takes the text up to the mark off the front of *rest. */
static struct aslrt_value cut(struct aslrt_value *rest, char mark)
{
    const char *start = rest->as.bytes;
    const char *end = rest->count == 0 ? NULL : memchr(start, mark, rest->count);
    uint32_t count = end == NULL ? rest->count : (uint32_t)(end - start);
    uint32_t skip = end == NULL ? count : count + 1;
    *rest = aslrt_string(start + skip, rest->count - skip);
    return aslrt_string(start, count);
}

static void check_schema(struct aslrt_arena *arena, struct aslrt_value text)
{
    struct aslrt_value head = cut(&text, '\n'), schema_value, value;
    const struct aslrt_schema *schema;
    const char *why = NULL;
    struct aslrt_schema_fault fault = {NULL, NULL};
    if (aslrt_json_read(arena, head.as.bytes, head.count, &schema_value, NULL) != ASLRT_OK)
        return;
    enum aslrt_status status = aslrt_schema_compile(arena, schema_value, &schema, &why);
    must(status == ASLRT_OK || (status == ASLRT_FAILED && why != NULL));
    if (status != ASLRT_OK ||
        aslrt_json_read(arena, text.as.bytes, text.count, &value, NULL) != ASLRT_OK)
        return;
    status = aslrt_schema_check(schema, value, arena, &fault);
    must(status == ASLRT_OK || (status == ASLRT_FAILED && fault.what != NULL));
}

static bool same(struct aslrt_value a, struct aslrt_value b)
{
    return a.kind == b.kind && (a.kind != ASLRT_STRING || aslrt_equal(a, b));
}

/* What the machine gets is an object with the seven members, and the values that were sent. */
static void check_input(const struct aslrt_route *route, const struct aslrt_request *request,
                        struct aslrt_arena *arena, const char *text, size_t count)
{
    struct aslrt_value input;
    if (aslrt_json_read(arena, text, count, &input, NULL) == ASLRT_LIMIT)
        return; /* the body is nested as deeply as it may be, and now one level more */
    must(input.kind == ASLRT_OBJECT && input.count == 7);
    must(aslrt_is(aslrt_field(input, "op"), route->operation));
    must(same(aslrt_field(input, "requestId"), request->request_id));
    struct aslrt_value path = aslrt_field(input, "path"), query = aslrt_field(input, "query");
    must(path.count == route->path_param_count && query.count == route->query_param_count);
    for (uint32_t i = 0; i < path.count; i++)
        must(same(path.as.members[i].value,
                  aslrt_pairs_get(request->path, route->path_params[i].name)));
    for (uint32_t i = 0; i < query.count; i++) {
        struct aslrt_value sent = aslrt_pairs_get(request->query, route->query_params[i].name);
        must(same(query.as.members[i].value, sent.kind == ASLRT_UNDEFINED ? aslrt_null() : sent));
    }
    if (route->has_body && request->body.kind != ASLRT_UNDEFINED)
        must(aslrt_equal(aslrt_field(input, "body"), request->body));
    else
        must(aslrt_field(input, "body").kind == ASLRT_NULL);
}

static void check_request(struct aslrt_arena *arena, struct aslrt_value text)
{
    const struct aslrt_api *api = emit_routes(arena, edge_fixture(arena, 2));
    struct aslrt_value line = cut(&text, '\n'), method = cut(&line, ' '), target = cut(&line, '?');
    struct aslrt_matched matched;
    struct aslrt_request request = {.request_id = aslrt_text("id"), .target = target};
    struct aslrt_pair headers[16];
    uint32_t count = 0;
    if (aslrt_api_match(api, aslrt_copy_text(arena, method.as.bytes, method.count), target, arena,
                        &matched) != ASLRT_MATCH_ROUTE ||
        !aslrt_query_read(line, arena, &request.query))
        return;
    while (text.count != 0 && count < 16) {
        struct aslrt_value header = cut(&text, '\n');
        if (header.count == 0)
            break;
        headers[count].name = cut(&header, ':');
        headers[count].value = header;
        if (aslrt_utf8_check(header.as.bytes, header.count) == header.count)
            count++;
    }
    request.path = matched.params;
    request.headers = (struct aslrt_pairs){headers, count};
    (void)aslrt_json_read(arena, text.as.bytes, text.count, &request.body, NULL);
    const char *input;
    size_t size;
    must(aslrt_api_request(matched.route, &request, arena, &input, &size) == ASLRT_OK);
    check_input(matched.route, &request, arena, input, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct aslrt_value text = aslrt_string((const char *)data, (uint32_t)size);
    if (size != 0 && data[0] == '{')
        check_schema(arena, text);
    else
        check_request(arena, text);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
