/*
 * map.c - interprets the request and response mapping; see map.h and route.h.
 *
 * In: requests and outcomes.  Out: text in the caller's arena.
 * Invariant: the rules here and in the templates of emit/openapi_template.c are the same, in the
 * same order; the tests compare both over one corpus.  Where a rule looks odd (the escapes of a
 * slash and of every character above ASCII), it is what $util.escapeJavaScript does.
 */
#include "runtime/api/map.h"
#include "runtime/base/json.h"
#include "runtime/base/utf8.h"

#include <assert.h>

/* ---- looking things up ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_letters(struct aslrt_value string, const char *text)
{
    size_t n = strlen(text);
    if (string.count != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(string.as.bytes[i]) != lower(text[i]))
            return false;
    return true;
}

struct aslrt_value aslrt_pairs_get(struct aslrt_pairs pairs, const char *name)
{
    for (uint32_t i = pairs.count; i-- > 0;)
        if (aslrt_is(pairs.items[i].name, name))
            return pairs.items[i].value;
    return aslrt_undefined();
}

struct aslrt_value aslrt_pairs_get_header(struct aslrt_pairs pairs, const char *name)
{
    for (uint32_t i = pairs.count; i-- > 0;)
        if (same_letters(pairs.items[i].name, name))
            return pairs.items[i].value;
    return aslrt_undefined();
}

/* ---- the request ---- */

/* One UTF-16 code unit as commons-lang's escapeJavaScript writes it, quotes of JavaScript restored:
   the gateway's $util.escapeJavaScript(x).replaceAll("\\'", "'"). */
static void put_unit(struct aslrt_buffer *out, uint32_t unit)
{
    switch (unit) {
    case '\b':
        aslrt_buffer_text(out, "\\b");
        return;
    case '\n':
        aslrt_buffer_text(out, "\\n");
        return;
    case '\t':
        aslrt_buffer_text(out, "\\t");
        return;
    case '\f':
        aslrt_buffer_text(out, "\\f");
        return;
    case '\r':
        aslrt_buffer_text(out, "\\r");
        return;
    case '"':
    case '\\':
    case '/':
        aslrt_buffer_char(out, '\\');
        break;
    default:
        break;
    }
    if (unit < 0x20 || unit > 0x7f)
        aslrt_buffer_format(out, "\\u%04X", (unsigned)unit);
    else
        aslrt_buffer_char(out, (char)unit);
}

static void put_string(struct aslrt_buffer *out, struct aslrt_value string)
{
    const char *p = string.as.bytes;
    const char *end = p + string.count;
    aslrt_buffer_char(out, '"');
    while (p < end) {
        uint32_t c = aslrt_utf8_next(&p);
        if (c < 0x10000) {
            put_unit(out, c);
        } else {
            put_unit(out, 0xd800 + ((c - 0x10000) >> 10));
            put_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
        }
    }
    aslrt_buffer_char(out, '"');
}

static void put_string_or_null(struct aslrt_buffer *out, struct aslrt_value value)
{
    if (value.kind == ASLRT_STRING)
        put_string(out, value);
    else
        aslrt_buffer_text(out, "null");
}

static void put_piece(struct aslrt_buffer *out, const struct aslrt_piece *piece,
                      const struct aslrt_request *request)
{
    switch (piece->kind) {
    case ASLRT_PIECE_TEXT:
        aslrt_buffer_text(out, piece->text);
        break;
    case ASLRT_PIECE_PATH:
        put_string_or_null(out, aslrt_pairs_get(request->path, piece->text));
        break;
    case ASLRT_PIECE_QUERY:
        put_string_or_null(out, aslrt_pairs_get(request->query, piece->text));
        break;
    case ASLRT_PIECE_HEADER:
        put_string_or_null(out, aslrt_pairs_get_header(request->headers, piece->text));
        break;
    case ASLRT_PIECE_CALLER: {
        struct aslrt_value field = aslrt_field(request->caller, piece->text);
        put_string_or_null(out, field.count == 0 ? aslrt_null() : field);
        break;
    }
    case ASLRT_PIECE_BODY:
        if (request->body.kind == ASLRT_UNDEFINED)
            aslrt_buffer_text(out, "null");
        else
            aslrt_json_put(out, request->body, ASLRT_JSON_MINIFIED);
        break;
    case ASLRT_PIECE_REQUEST_ID:
        put_string_or_null(out, request->request_id);
        break;
    }
}

struct render {
    const struct aslrt_route *route;
    const struct aslrt_request *request;
    struct aslrt_buffer out;
};

static enum aslrt_status render(void *data)
{
    struct render *r = data;
    for (uint32_t i = 0; i < r->route->piece_count; i++)
        put_piece(&r->out, &r->route->pieces[i], r->request);
    aslrt_buffer_close(&r->out);
    return ASLRT_OK;
}

enum aslrt_status aslrt_api_request(const struct aslrt_route *route,
                                    const struct aslrt_request *request, struct aslrt_arena *arena,
                                    const char **input, size_t *count)
{
    struct render r = {route, request, aslrt_buffer_in(arena)};
    enum aslrt_status status = aslrt_protect(arena->memory, render, &r);
    if (status == ASLRT_OK) {
        *input = r.out.bytes;
        *count = r.out.count;
    }
    return status;
}

/* ---- the answer ---- */

void aslrt_api_gateway(enum aslrt_gateway_id id, struct aslrt_answer *answer)
{
    memset(answer, 0, sizeof *answer);
    answer->status = aslrt_gateways[id].status;
    answer->body = aslrt_text(aslrt_gateways[id].body);
    if (id == ASLRT_GATEWAY_UNAVAILABLE)
        answer->retry_after = aslrt_text(ASLRT_API_RETRY_AFTER);
}

static bool contains(struct aslrt_value string, const char *word)
{
    return string.kind == ASLRT_STRING &&
           memmem(string.as.bytes, string.count, word, strlen(word)) != NULL;
}

void aslrt_api_refused(struct aslrt_value type, struct aslrt_value message,
                       struct aslrt_answer *answer)
{
    if (contains(type, "Throttling") || contains(type, "TooManyRequests"))
        aslrt_api_gateway(ASLRT_GATEWAY_UNAVAILABLE, answer);
    else if (contains(type, "ValidationException") && contains(message, "'input'"))
        aslrt_api_gateway(ASLRT_GATEWAY_TOO_LARGE, answer);
    else
        aslrt_api_gateway(ASLRT_GATEWAY_INTEGRATION, answer);
}

/* Where the last `segments` segments of the path begin; the path's length when it has fewer.
   Slashes at the end don't count. */
static size_t cut_segments(const char *path, size_t count, uint32_t segments)
{
    size_t at = count;
    while (at > 0 && path[at - 1] == '/')
        at--;
    for (; segments > 0; segments--) {
        size_t end = at;
        while (at > 0 && path[at - 1] != '/')
            at--;
        if (at == end || at == 0)
            return count;
        at--;
    }
    return at;
}

struct aslrt_value aslrt_api_location(const struct aslrt_route *route, struct aslrt_value target,
                                      struct aslrt_value relative, struct aslrt_arena *arena)
{
    size_t keep = cut_segments(target.as.bytes, target.count, aslrt_route_segments(route));
    size_t count = keep + relative.count;
    char *text = aslrt_alloc(arena, count + 1);
    memcpy(text, target.as.bytes, keep);
    if (relative.count != 0)
        memcpy(text + keep, relative.as.bytes, relative.count);
    text[count] = '\0';
    return aslrt_string(text, (uint32_t)count);
}

/* A header that the machine gave: a string that isn't empty, else undefined. */
static struct aslrt_value given_header(struct aslrt_value headers, const char *name)
{
    struct aslrt_value v = aslrt_field(headers, name);
    return v.kind == ASLRT_STRING && v.count != 0 ? v : aslrt_undefined();
}

struct answer_job {
    const struct aslrt_api *api;
    const struct aslrt_route *route;
    const struct aslrt_outcome *outcome;
    struct aslrt_value target;
    struct aslrt_arena *arena;
    struct aslrt_answer *answer;
};

static void answer_output(const struct answer_job *job, int64_t status)
{
    struct aslrt_answer *a = job->answer;
    struct aslrt_value output = job->outcome->output;
    struct aslrt_value headers = aslrt_field(output, "headers");
    struct aslrt_value body = aslrt_field(output, "body");
    memset(a, 0, sizeof *a);
    a->status = (uint32_t)status;
    a->body = body.kind == ASLRT_STRING && status != 204 ? body : aslrt_text("");
    if (aslrt_route_has_etag(job->route))
        a->etag = given_header(headers, "ETag");
    if (aslrt_route_has_retry_after(job->route))
        a->retry_after = given_header(headers, "Retry-After");
    if (aslrt_route_has_location(job->route)) {
        struct aslrt_value relative = given_header(headers, "Location");
        if (relative.kind == ASLRT_STRING)
            a->location = aslrt_api_location(job->route, job->target, relative, job->arena);
    }
}

static void answer_failure(const struct answer_job *job)
{
    struct aslrt_answer *a = job->answer;
    aslrt_api_gateway(ASLRT_GATEWAY_INTEGRATION, a);
    for (uint32_t i = 0; i < job->api->failure_count; i++) {
        const struct aslrt_api_failure *f = &job->api->failures[i];
        if (!aslrt_is(job->outcome->error, f->error))
            continue;
        a->status = f->status;
        a->body = aslrt_text(f->body);
        if (f->retry_after != NULL)
            a->retry_after = aslrt_text(f->retry_after);
        return;
    }
}

static enum aslrt_status answer(void *data)
{
    const struct answer_job *job = data;
    int64_t status;
    if (job->outcome->status == ASLRT_TIMED_OUT)
        aslrt_api_gateway(ASLRT_GATEWAY_TIMEOUT, job->answer);
    else if (job->outcome->status != ASLRT_SUCCEEDED)
        answer_failure(job);
    else if (aslrt_to_int(aslrt_field(job->outcome->output, "statusCode"), &status) &&
             status >= 200 && status <= 599)
        answer_output(job, status);
    else
        aslrt_api_gateway(ASLRT_GATEWAY_INTEGRATION, job->answer);
    return ASLRT_OK;
}

enum aslrt_status aslrt_api_answer(const struct aslrt_api *api, const struct aslrt_route *route,
                                   const struct aslrt_outcome *outcome, struct aslrt_value target,
                                   struct aslrt_arena *arena, struct aslrt_answer *out)
{
    struct answer_job job = {api, route, outcome, target, arena, out};
    return aslrt_protect(arena->memory, answer, &job);
}

struct aslrt_value aslrt_api_allowed_origin(const struct aslrt_api *api, struct aslrt_value origin)
{
    if (api->cors_count == 1)
        return aslrt_text(api->cors[0]);
    for (uint32_t i = 0; i < api->cors_count; i++)
        if (aslrt_is(origin, api->cors[i]))
            return aslrt_text(api->cors[i]);
    return aslrt_undefined();
}
