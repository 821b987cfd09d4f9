/*
 * http_task.c - the call http:invoke: its arguments as a request, the response as its result.
 * spec: the guide's "Call HTTPS APIs in Step Functions workflows".
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/remote/remote_int.h"

#include <strings.h>

static enum aslrt_status refuse(struct aslrt_reply *reply, struct aslrt_arena *arena,
                                const char *format, const char *what)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, format, what);
    reply->cause = aslrt_buffer_close(&b);
    return ASLRT_FAILED;
}

static const char *text_of(struct aslrt_arena *arena, struct aslrt_value v)
{
    return v.kind == ASLRT_STRING ? aslrt_copy_text(arena, v.as.bytes, v.count) : NULL;
}

/* Where the URL is to be asked: mapped, or as it is. */
static const char *find_endpoint(const struct aslrt_remote *remote, struct aslrt_arena *arena,
                                 const char *url, bool *mapped)
{
    for (const struct aslrt_remote_entry *e = remote->endpoints; e != NULL; e = e->next) {
        size_t n = strlen(e->name);
        if (strncmp(url, e->name, n) != 0)
            continue;
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        aslrt_buffer_text(&b, e->target);
        aslrt_buffer_text(&b, url + n);
        *mapped = true;
        return aslrt_buffer_close(&b);
    }
    *mapped = false;
    return url;
}

static const char *add_query(struct aslrt_arena *arena, const char *url, struct aslrt_value query)
{
    struct aslrt_buffer pairs = aslrt_buffer_in(arena), b = aslrt_buffer_in(arena);
    aslrt_form_encode(&pairs, query, "REPEAT");
    if (pairs.count == 0)
        return url;
    aslrt_buffer_format(&b, "%s%c", url, strchr(url, '?') == NULL ? '?' : '&');
    aslrt_buffer_put(&b, pairs.bytes, pairs.count);
    return aslrt_buffer_close(&b);
}

static bool has_header(struct aslrt_value headers, const char *name)
{
    for (uint32_t i = 0; headers.kind == ASLRT_OBJECT && i < headers.count; i++) {
        struct aslrt_value key = headers.as.members[i].key;
        if (key.count == strlen(name) && strncasecmp(key.as.bytes, name, key.count) == 0)
            return true;
    }
    return false;
}

/* The headers as lines; false when one holds a line end, which would begin another. */
static bool set_headers(struct aslrt_exchange *e, struct aslrt_arena *arena,
                        struct aslrt_value headers, bool form)
{
    uint32_t count = headers.kind == ASLRT_OBJECT ? headers.count : 0;
    const char **lines = ASLRT_NEW_ARRAY(arena, const char *, count + 1u);
    for (uint32_t i = 0; i < count; i++) {
        const struct aslrt_member *m = &headers.as.members[i];
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        aslrt_buffer_put(&b, m->key.as.bytes, m->key.count);
        aslrt_buffer_text(&b, ": ");
        if (m->value.kind == ASLRT_STRING)
            aslrt_buffer_put(&b, m->value.as.bytes, m->value.count);
        else
            aslrt_json_put(&b, m->value, ASLRT_JSON_MINIFIED);
        size_t whole = b.count;
        lines[i] = aslrt_buffer_close(&b);
        if (strcspn(lines[i], "\r\n") != whole)
            return false;
    }
    if (e->body != NULL && !has_header(headers, "content-type"))
        lines[count++] = form ? "Content-Type: application/x-www-form-urlencoded"
                              : "Content-Type: application/json";
    e->headers = lines;
    e->header_count = count;
    return true;
}

static void set_body(struct aslrt_exchange *e, struct aslrt_arena *arena, struct aslrt_value body,
                     struct aslrt_value transform, bool form)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    const char *format = text_of(
        arena, aslrt_field(aslrt_field(transform, "RequestEncodingOptions"), "ArrayFormat"));
    if (body.kind == ASLRT_UNDEFINED)
        return;
    if (form)
        aslrt_form_encode(&b, body, format != NULL ? format : "INDICES");
    else if (body.kind == ASLRT_STRING)
        aslrt_buffer_put(&b, body.as.bytes, body.count);
    else
        aslrt_json_put(&b, body, ASLRT_JSON_MINIFIED);
    e->body_count = b.count;
    e->body = aslrt_buffer_close(&b);
}

/* What the Task gets of a response. */
static struct aslrt_value result_of(const struct aslrt_response *r)
{
    struct aslrt_object_builder out = aslrt_object_in(r->arena);
    struct aslrt_value type = aslrt_remote_header(r, "content-type"), body;
    const char *words = type.kind == ASLRT_STRING ? text_of(r->arena, type) : "";
    bool json = strstr(words, "json") != NULL &&
                aslrt_json_read(r->arena, r->body, r->body_count, &body, NULL) == ASLRT_OK;
    aslrt_object_set_text(&out, "Headers", r->headers);
    aslrt_object_set_text(&out, "ResponseBody",
                          json ? body : aslrt_string(r->body, (uint32_t)r->body_count));
    aslrt_object_set_text(&out, "StatusCode", aslrt_int(r->status));
    aslrt_object_set_text(&out, "StatusText", aslrt_text(r->status_text));
    return aslrt_object_done(&out);
}

static void set_reply(const struct aslrt_response *r, struct aslrt_reply *reply)
{
    struct aslrt_buffer error = aslrt_buffer_in(r->arena), cause = aslrt_buffer_in(r->arena);
    reply->result = result_of(r);
    if (r->status >= 200 && r->status < 300)
        return;
    aslrt_buffer_format(&error, "States.Http.StatusCode.%ld", r->status);
    aslrt_json_put(&cause, reply->result, ASLRT_JSON_MINIFIED);
    reply->error = aslrt_buffer_close(&error);
    reply->cause = aslrt_buffer_close(&cause);
}

static bool is_method(const char *word)
{
    static const char *const methods[] = {"GET",    "POST", "PUT",    "PATCH",
                                          "DELETE", "HEAD", "OPTIONS"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(word, methods[i]) == 0)
            return true;
    }
    return false;
}

static void fail(struct aslrt_reply *reply, const char *error, const char *cause)
{
    reply->error = error;
    reply->cause = cause;
}

enum aslrt_status aslrt_http_task(struct aslrt_remote *remote, const struct aslrt_call *call,
                                  struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct aslrt_value a = call->arguments, transform = aslrt_field(a, "Transform");
    const char *url = text_of(arena, aslrt_field(a, "ApiEndpoint"));
    const char *method = text_of(arena, aslrt_field(a, "Method"));
    bool form = aslrt_is(aslrt_field(transform, "RequestBodyEncoding"), "URL_ENCODED"), mapped;
    if (url == NULL || method == NULL || !is_method(method)) {
        fail(reply, "States.Runtime",
             url == NULL ? "ApiEndpoint is missing" : "Method is none of HTTP's");
        return ASLRT_OK;
    }
    struct aslrt_exchange e = {.method = method, .timeout_ms = ASLRT_HTTP_TIMEOUT_MS};
    struct aslrt_response response;
    e.url = add_query(arena, find_endpoint(remote, arena, url, &mapped),
                      aslrt_field(a, "QueryParameters"));
    e.local = !mapped;
    set_body(&e, arena, aslrt_field(a, "RequestBody"), transform, form);
    if (!set_headers(&e, arena, aslrt_field(a, "Headers"), form)) {
        fail(reply, "States.Runtime", "a header holds a line end");
        return ASLRT_OK;
    }
    enum aslrt_status status = aslrt_remote_ask(remote, arena, &e, &response);
    if (status == ASLRT_MISUSE)
        return refuse(reply, arena, "'%s' can't be asked without the HTTP module", url);
    if (e.elsewhere)
        return refuse(reply, arena,
                      "'%s' is not on this machine: give a mock for the state, or say where it is "
                      "with --endpoint URL=URL",
                      url);
    if (status == ASLRT_OK)
        set_reply(&response, reply);
    else
        fail(reply, "States.Http.Socket", aslrt_copy_text(arena, e.problem, strlen(e.problem)));
    return ASLRT_OK;
}
