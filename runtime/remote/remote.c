/*
 * remote.c - a service whose calls leave the process; see remote.h.
 */
#include "runtime/base/value.h"
#include "runtime/remote/remote_int.h"

#include <ctype.h>

/* ---- exchanges ---- */

static struct aslrt_value lower_case(struct aslrt_arena *arena, const char *bytes, size_t count)
{
    char *to = aslrt_alloc(arena, count + 1);
    for (size_t i = 0; i < count; i++)
        to[i] = (char)tolower((unsigned char)bytes[i]);
    to[count] = '\0';
    return aslrt_string(to, (uint32_t)count);
}

static struct aslrt_value longer_list(struct aslrt_arena *arena, struct aslrt_value list,
                                      struct aslrt_value item)
{
    struct aslrt_array_builder b = aslrt_array_in(arena);
    for (uint32_t i = 0; list.kind == ASLRT_ARRAY && i < list.count; i++)
        aslrt_array_add(&b, list.as.items[i]);
    aslrt_array_add(&b, item);
    return aslrt_array_done(&b);
}

struct gathering {
    struct aslrt_response *response;
    struct aslrt_object_builder headers;
    struct aslrt_buffer body;
};

/* "HTTP/1.1 200 OK" begins a response: what an earlier one said, a redirection, is forgotten. */
static void begin_response(struct gathering *g, const char *line, size_t count)
{
    struct aslrt_response *r = g->response;
    const char *space = memchr(line, ' ', count);
    const char *text =
        space == NULL ? NULL : memchr(space + 1, ' ', count - (size_t)(space + 1 - line));
    r->status_text =
        text == NULL ? "" : aslrt_copy_text(r->arena, text + 1, count - (size_t)(text + 1 - line));
    g->headers = aslrt_object_in(r->arena);
    g->body.count = 0;
}

static void take_header(void *data, const char *line, size_t count)
{
    struct gathering *g = data;
    struct aslrt_arena *arena = g->response->arena;
    if (count > 5 && memcmp(line, "HTTP/", 5) == 0) {
        begin_response(g, line, count);
        return;
    }
    const char *colon = memchr(line, ':', count);
    if (colon == NULL)
        return;
    struct aslrt_value name = lower_case(arena, line, (size_t)(colon - line));
    size_t at = (size_t)(colon - line) + 1;
    while (at < count && line[at] == ' ')
        at++;
    struct aslrt_value value =
        aslrt_string(aslrt_copy_text(arena, line + at, count - at), (uint32_t)(count - at));
    struct aslrt_value before =
        aslrt_get(aslrt_object_done(&g->headers), name.as.bytes, name.count);
    aslrt_object_set(&g->headers, name, longer_list(arena, before, value));
}

static bool take_body(void *data, const char *bytes, size_t count)
{
    struct gathering *g = data;
    g->response->too_long = g->body.count + count > ASLRT_RESPONSE_LIMIT;
    if (!g->response->too_long)
        aslrt_buffer_put(&g->body, bytes, count);
    return !g->response->too_long;
}

enum aslrt_status aslrt_remote_ask(struct aslrt_remote *remote, struct aslrt_arena *arena,
                                   struct aslrt_exchange *exchange, struct aslrt_response *response)
{
    if (remote->http == NULL)
        remote->http = remote->find_http(remote->data);
    if (remote->http == NULL)
        return ASLRT_MISUSE;
    *response = (struct aslrt_response){.arena = arena, .status_text = ""};
    struct gathering g = {response, aslrt_object_in(arena), aslrt_buffer_in(arena)};
    exchange->data = &g;
    exchange->on_header = take_header;
    exchange->on_body = take_body;
    bool answered = remote->http(exchange);
    response->headers = aslrt_object_done(&g.headers);
    response->body_count = g.body.count;
    response->body = aslrt_buffer_close(&g.body);
    response->status = exchange->status;
    return answered ? ASLRT_OK : ASLRT_FAILED;
}

struct aslrt_value aslrt_remote_header(const struct aslrt_response *response, const char *name)
{
    struct aslrt_value list = aslrt_field(response->headers, name);
    return list.kind == ASLRT_ARRAY && list.count != 0 ? list.as.items[0] : aslrt_undefined();
}

/* ---- the service ---- */

static enum aslrt_status call_remote(void *self, const struct aslrt_call *call,
                                     struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct aslrt_remote *remote = self;
    bool http = call->service != NULL && call->action != NULL && !call->sdk &&
                strcmp(call->service, "http") == 0 && strcmp(call->action, "invoke") == 0;
    return http ? aslrt_http_task(remote, call, arena, reply)
                : aslrt_remote_invoke(remote, call, arena, reply);
}

struct aslrt_remote *aslrt_remote_new(struct aslrt_arena *arena, aslrt_exchange_fn *(*http)(void *),
                                      void *data)
{
    struct aslrt_remote *remote = ASLRT_NEW(arena, struct aslrt_remote);
    *remote = (struct aslrt_remote){.arena = arena, .find_http = http, .data = data};
    remote->service = (struct aslrt_service){remote, call_remote};
    return remote;
}

static void add(struct aslrt_remote *remote, struct aslrt_remote_entry **list, const char *name,
                const char *target)
{
    struct aslrt_remote_entry *entry = ASLRT_NEW(remote->arena, struct aslrt_remote_entry);
    *entry = (struct aslrt_remote_entry){name, target, *list};
    *list = entry;
}

void aslrt_remote_map(struct aslrt_remote *remote, const char *from, const char *to)
{
    add(remote, &remote->endpoints, from, to);
}

void aslrt_remote_function(struct aslrt_remote *remote, const char *name, const char *target)
{
    add(remote, &remote->functions, name, target);
}

const struct aslrt_service *aslrt_remote_service(struct aslrt_remote *remote)
{
    return &remote->service;
}
