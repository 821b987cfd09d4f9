/*
 * serve.c - ties the HTTP loop, the edge and the runs together; see serve.h.
 *
 * A request goes through on_request: admitted or answered.  An admitted one becomes a run; its end
 * comes through on_done, in the same call or from a later turn, and is answered there.
 * Calls from the HTTP library never see a jump over their frames: each callback sets a trap.
 */
#include "runtime/serve/serve.h"

#include "runtime/base/buffer.h"
#include "runtime/engine/exec.h"
#include "runtime/serve/cache.h"
#include "runtime/serve/edge.h"
#include "runtime/serve/run.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum {
    BODY_MAX = 1 << 20, /* as sent; what is left of it without blanks may be 256 KiB */
    BODIES_MAX = 64 << 20,
    CONNECTIONS_MAX = 16384,
    HEAD_MS = 30000,
    BODY_MS = 60000,
    ANSWER_MS = 60000,
    STOP_MS = 5000,
};

struct server {
    const struct aslrt_serve_options *options;
    struct aslrt_arena *arena;   /* the site's: as long as the server */
    struct aslrt_arena *request; /* of requests that no run answers */
    struct aslrt_site site;
    struct aslrt_edge edge;
    struct aslrt_runs runs;
    struct aslrt_cache cache;
    uint64_t ids; /* the stream of request ids */
};

/* What a run remembers of its request; in the run's arena. */
struct ticket {
    struct server *server;
    struct aslrt_http_exchange *exchange; /* NULL once answered, or when the client is gone */
    const struct aslrt_route *route;
    struct aslrt_value target, origin, request_id;
    struct aslrt_value cache_key; /* undefined: not to be kept */
    int64_t start_us;
    const char *method;
};

/* ---- words ---- */

/* A line about a request that was refused or failed.  What clients and machines chose is in it, so
   control characters go. */
static void log_request(struct server *s, const char *method, struct aslrt_value target,
                        uint32_t status, int64_t start_us, const char *reason)
{
    char line[1024];
    if (s->options->log == NULL || status < 400)
        return;
    double ms = (double)(aslrt_serve_now_us() - start_us) / 1000;
    snprintf(line, sizeof line, "%.20s %.*s %u %.1f ms%s%s", method,
             (int)(target.count < 300 ? target.count : 300), target.as.bytes, (unsigned)status, ms,
             reason != NULL ? ": " : "", reason != NULL ? reason : "");
    for (char *p = line; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
    s->options->log(s->options->data, line);
}

/* ---- answering ---- */

struct header_list {
    struct aslrt_pair items[12];
    uint32_t count;
};

/* Adds a header, unless its value is undefined.  The library wants NUL-terminated strings. */
static void add_header(struct header_list *h, struct aslrt_arena *arena, const char *name,
                       struct aslrt_value value)
{
    if (value.kind != ASLRT_STRING)
        return;
    assert(h->count < sizeof h->items / sizeof *h->items);
    const char *text = aslrt_copy_text(arena, value.as.bytes, value.count);
    h->items[h->count++] = (struct aslrt_pair){aslrt_text(name), aslrt_string(text, value.count)};
}

static void add_cors(struct header_list *h, struct aslrt_arena *arena, const struct aslrt_api *api,
                     struct aslrt_value origin)
{
    if (api->cors_count == 0)
        return;
    add_header(h, arena, "Access-Control-Allow-Origin", aslrt_api_allowed_origin(api, origin));
    add_header(h, arena, "Access-Control-Expose-Headers", aslrt_text(ASLRT_CORS_EXPOSE_HEADERS));
    if (api->cors_count > 1)
        add_header(h, arena, "Vary", aslrt_text("Origin"));
}

static void add_preflight(struct header_list *h, struct aslrt_arena *arena, const char *allow)
{
    add_header(h, arena, "Access-Control-Allow-Methods", aslrt_text(allow));
    add_header(h, arena, "Access-Control-Allow-Headers", aslrt_text(ASLRT_CORS_ALLOW_HEADERS));
    add_header(h, arena, "Access-Control-Max-Age", aslrt_text(ASLRT_CORS_MAX_AGE));
}

/* Sends an answer with the headers that all answers have. */
static void respond(struct server *s, struct aslrt_http_exchange *exchange,
                    struct aslrt_arena *arena, const struct aslrt_answer *a,
                    struct aslrt_value request_id, struct aslrt_value origin,
                    const struct aslrt_visit *refused)
{
    struct header_list h;
    h.count = 0;
    if (a->body.count != 0)
        add_header(&h, arena, "Content-Type", aslrt_text("application/json"));
    add_header(&h, arena, "x-amzn-RequestId", request_id);
    add_header(&h, arena, "x-amz-apigw-id", request_id);
    add_header(&h, arena, "ETag", a->etag);
    add_header(&h, arena, "Location", a->location);
    add_header(&h, arena, "Retry-After", a->retry_after);
    if (refused != NULL && refused->preflight)
        add_preflight(&h, arena, refused->allow);
    else if (refused != NULL && refused->allow != NULL)
        add_header(&h, arena, "Allow", aslrt_text(refused->allow));
    add_cors(&h, arena, s->site.api, origin);
    struct aslrt_http_response response = {a->status, {h.items, h.count}, a->body};
    s->options->http->answer(exchange, &response);
}

/* The answer when there is no memory for another one. */
static void send_unavailable(struct server *s, struct aslrt_http_exchange *exchange)
{
    struct aslrt_answer a;
    aslrt_api_gateway(ASLRT_GATEWAY_UNAVAILABLE, &a);
    struct aslrt_pair headers[] = {
        {aslrt_text("Content-Type"), aslrt_text("application/json")},
        {aslrt_text("Retry-After"), a.retry_after},
    };
    struct aslrt_http_response response = {a.status, {headers, 2}, a.body};
    s->options->http->answer(exchange, &response);
}

/* ---- the end of a run ---- */

struct ending {
    struct aslrt_run *run;
    const struct aslrt_outcome *outcome;
    const char *problem;
};

/* "States.Runtime: the cause", for the log; NULL when it succeeded. */
static const char *failure_words(struct aslrt_arena *arena, const struct ending *e)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    if (e->outcome == NULL)
        return e->problem;
    if (e->outcome->status == ASLRT_SUCCEEDED)
        return NULL;
    aslrt_buffer_text(&b, aslrt_run_status_name(e->outcome->status));
    if (e->outcome->error.kind == ASLRT_STRING)
        aslrt_buffer_format(&b, " %.*s", (int)e->outcome->error.count, e->outcome->error.as.bytes);
    if (e->outcome->cause.kind == ASLRT_STRING)
        aslrt_buffer_format(&b, " (%.*s)",
                            (int)(e->outcome->cause.count < 400 ? e->outcome->cause.count : 400),
                            e->outcome->cause.as.bytes);
    return aslrt_buffer_close(&b);
}

static enum aslrt_status end_run(void *data)
{
    struct ending *e = data;
    struct ticket *t = e->run->user;
    struct server *s = t->server;
    struct aslrt_arena *arena = e->run->arena;
    struct aslrt_answer a;
    aslrt_api_gateway(ASLRT_GATEWAY_INTEGRATION, &a);
    if (e->outcome != NULL) {
        enum aslrt_status status =
            aslrt_api_answer(s->site.api, t->route, e->outcome, t->target, arena, &a);
        if (status != ASLRT_OK)
            return status;
    }
    if (t->cache_key.kind == ASLRT_STRING)
        aslrt_cache_put(&s->cache, t->cache_key, &a, t->start_us + t->route->cache_s * 1000000);
    log_request(s, t->method, t->target, a.status, t->start_us, failure_words(arena, e));
    respond(s, t->exchange, arena, &a, t->request_id, t->origin, NULL);
    t->exchange = NULL;
    return ASLRT_OK;
}

static void on_done(void *self, struct aslrt_run *run, const struct aslrt_outcome *outcome,
                    const char *problem)
{
    struct server *s = self;
    struct ticket *t = run->user;
    struct ending e = {run, outcome, problem};
    if (t->exchange == NULL)
        return;
    if (aslrt_protect(s->options->memory, end_run, &e) != ASLRT_OK && t->exchange != NULL)
        send_unavailable(s, t->exchange);
    t->exchange = NULL;
}

/* ---- requests ---- */

struct incoming {
    struct server *server;
    struct aslrt_http_exchange *exchange;
    const struct aslrt_http_request *http;
    struct aslrt_run *run; /* once it is one */
};

static struct aslrt_value copy_string(struct aslrt_arena *arena, struct aslrt_value v)
{
    if (v.kind != ASLRT_STRING)
        return v;
    return aslrt_string(aslrt_copy_text(arena, v.as.bytes, v.count), v.count);
}

/* Starts the execution of an admitted request.  The visit is in the server's arena and is copied.
 */
static enum aslrt_status start_run(struct incoming *in, const struct aslrt_visit *v,
                                   struct aslrt_value origin, struct aslrt_value cache_key)
{
    struct server *s = in->server;
    struct aslrt_run *run = aslrt_run_take(&s->runs, v->route->machine);
    if (run == NULL)
        return ASLRT_LIMIT;
    in->run = run;
    struct ticket *t = ASLRT_NEW(run->arena, struct ticket);
    *t = (struct ticket){
        .server = s,
        .exchange = in->exchange,
        .route = v->route,
        .target = copy_string(run->arena, v->http->target),
        .origin = copy_string(run->arena, origin),
        .request_id = copy_string(run->arena, v->request_id),
        .cache_key = copy_string(run->arena, cache_key),
        .start_us = v->now_us,
        .method = v->route->method,
    };
    const char *input = aslrt_copy_text(run->arena, v->input, v->input_count);
    run->user = t;
    aslrt_run_start(run, input, v->input_count);
    return ASLRT_OK;
}

static enum aslrt_status handle(void *data)
{
    struct incoming *in = data;
    struct server *s = in->server;
    char id[37];
    aslrt_random_uuid(&s->ids, id);
    struct aslrt_visit v = {
        .http = in->http, .request_id = aslrt_text(id), .now_us = aslrt_serve_now_us()};
    aslrt_edge_visit(&s->edge, s->request, &v);
    struct aslrt_value origin = aslrt_pairs_get_header(in->http->headers, "Origin");
    struct aslrt_value cache_key = aslrt_undefined();
    const struct aslrt_answer *answer = v.input == NULL ? &v.answer : NULL;
    if (answer == NULL && s->options->cache && v.route->cache_s > 0) {
        cache_key = aslrt_cache_key(v.route, &v.request, s->request);
        answer = aslrt_cache_get(&s->cache, cache_key, v.now_us);
    }
    if (answer == NULL)
        return start_run(in, &v, origin, cache_key);
    log_request(s, in->http->method, in->http->target, answer->status, v.now_us, v.reason);
    respond(s, in->exchange, s->request, answer, v.request_id, origin, &v);
    return ASLRT_OK;
}

static void *on_request(void *self, struct aslrt_http_exchange *exchange,
                        const struct aslrt_http_request *request)
{
    struct server *s = self;
    struct incoming in = {s, exchange, request, NULL};
    enum aslrt_status status = aslrt_protect(s->options->memory, handle, &in);
    aslrt_arena_reset(s->request);
    struct ticket *t = in.run != NULL ? in.run->user : NULL;
    if (t != NULL && t->exchange == NULL)
        return NULL; /* answered on the way */
    if (status == ASLRT_OK)
        return t; /* waiting, or refused and answered */
    if (in.run != NULL)
        aslrt_run_drop(in.run);
    send_unavailable(s, exchange);
    return NULL;
}

/* The client is lost: its execution goes on, as it would there, and nobody hears the end. */
static void on_gone(void *self, void *pending)
{
    struct ticket *t = pending;
    (void)self;
    t->exchange = NULL;
}

static int64_t on_tick(void *self)
{
    struct server *s = self;
    int64_t us = aslrt_runs_turn(&s->runs);
    return us == INT64_MAX ? -1 : us / 1000 + 1;
}

/* ---- starting and stopping ---- */

static void on_listening(void *self, uint16_t port)
{
    struct server *s = self;
    char line[300];
    const char *bind = s->options->bind != NULL ? s->options->bind : "127.0.0.1";
    bool v6 = strchr(bind, ':') != NULL;
    snprintf(line, sizeof line, "listening on http://%s%s%s:%u", v6 ? "[" : "", bind, v6 ? "]" : "",
             (unsigned)port);
    s->options->say(s->options->data, line);
}

static void on_stopping(void *self)
{
    struct server *s = self;
    if (s->options->log != NULL && s->runs.active_count != 0)
        s->options->log(s->options->data, "stopping: waiting for requests that are under way");
}

/* Write end of the pipe that a signal stops the loop through; one server at a time has it. */
static volatile sig_atomic_t signal_fd = -1;

static void on_signal(int number)
{
    int saved = errno;
    (void)number;
    if (write((int)signal_fd, "", 1) < 0) {
        /* The pipe is full: the loop has been told before. */
    }
    errno = saved;
}

static bool load_machines(struct server *s, char *why, size_t why_size)
{
    s->runs.programs = ASLRT_NEW_ARRAY(s->arena, struct aslrt_program *, s->site.machine_count);
    for (uint32_t i = 0; i < s->site.machine_count; i++) {
        struct aslrt_load_error error = {0, NULL, ""};
        enum aslrt_status status =
            aslrt_load(s->options->memory, s->site.machines[i], &s->runs.programs[i], &error);
        if (status == ASLRT_OK)
            continue;
        snprintf(why, why_size, "machine '%s' can't be loaded: %s", s->site.machines[i]->name,
                 error.message);
        return false;
    }
    return true;
}

struct opening {
    struct server *server;
    char *why;
    size_t why_size;
};

static enum aslrt_status open_site(void *data)
{
    struct opening *o = data;
    struct server *s = o->server;
    const char *caller = s->options->caller;
    enum aslrt_status status = s->options->load(s->options->data, &s->site);
    if (status != ASLRT_OK)
        return status;
    if (caller != NULL &&
        (aslrt_json_read(s->arena, caller, strlen(caller), &s->edge.caller, NULL) != ASLRT_OK ||
         s->edge.caller.kind != ASLRT_OBJECT)) {
        snprintf(o->why, o->why_size, "the caller must be a JSON object");
        return ASLRT_FAILED;
    }
    status = aslrt_edge_open(s->site.api, s->arena, &s->edge, o->why, o->why_size);
    if (status != ASLRT_OK)
        return status;
    return load_machines(s, o->why, o->why_size) ? ASLRT_OK : ASLRT_FAILED;
}

static enum aslrt_status serve(struct server *s, int stop_fd, char *why, size_t why_size)
{
    const struct aslrt_serve_options *o = s->options;
    const struct aslrt_http_options http = {
        .bind = o->bind,
        .port = o->port,
        .stop_fd = stop_fd,
        .connections_max = o->connections_max != 0 ? o->connections_max : CONNECTIONS_MAX,
        .head_ms = o->head_ms != 0 ? o->head_ms : HEAD_MS,
        .body_ms = BODY_MS,
        .answer_ms = ANSWER_MS,
        .stop_ms = STOP_MS,
        .body_max = BODY_MAX,
        .bodies_max = BODIES_MAX,
    };
    const struct aslrt_http_handler handler = {
        s, on_listening, on_request, on_gone, on_tick, on_stopping,
    };
    return o->http->run(&http, &handler, why, why_size);
}

/* The same, until SIGINT or SIGTERM. */
static enum aslrt_status serve_until_signal(struct server *s, char *why, size_t why_size)
{
    int fds[2];
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction on_int, on_term;
    if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) != 0) {
        snprintf(why, why_size, "cannot make a pipe: %s", strerror(errno));
        return ASLRT_IO;
    }
    signal_fd = fds[1];
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &on_int);
    sigaction(SIGTERM, &action, &on_term);
    enum aslrt_status status = serve(s, fds[0], why, why_size);
    sigaction(SIGINT, &on_int, NULL);
    sigaction(SIGTERM, &on_term, NULL);
    signal_fd = -1;
    close(fds[0]);
    close(fds[1]);
    return status;
}

static void close_server(struct server *s)
{
    aslrt_runs_close(&s->runs);
    for (uint32_t i = 0; s->runs.programs != NULL && i < s->site.machine_count; i++)
        if (s->runs.programs[i] != NULL)
            aslrt_unload(s->runs.programs[i]);
    aslrt_arena_close(s->cache.arena);
    aslrt_arena_close(s->request);
    aslrt_arena_close(s->arena);
}

enum aslrt_status aslrt_serve(const struct aslrt_serve_options *options, char *why, size_t why_size)
{
    struct aslrt_memory *m = options->memory;
    struct server s = {.options = options, .ids = options->seed ^ 0x726571};
    struct opening opening = {&s, why, why_size};
    why[0] = '\0';
    s.arena = aslrt_arena_open(m);
    s.request = aslrt_arena_open(m);
    s.cache.arena = aslrt_arena_open(m);
    s.runs = (struct aslrt_runs){
        .memory = m,
        .arena = s.arena,
        .services = options->services,
        .service_count = options->service_count,
        .time_scale = options->time_scale,
        .seed = options->seed,
        .done = on_done,
        .self = &s,
    };
    enum aslrt_status status = ASLRT_NOMEM;
    if (s.arena != NULL && s.request != NULL && s.cache.arena != NULL)
        status = aslrt_protect(m, open_site, &opening);
    if (status == ASLRT_OK && options->stop_fd >= 0)
        status = serve(&s, options->stop_fd, why, why_size);
    else if (status == ASLRT_OK)
        status = serve_until_signal(&s, why, why_size);
    close_server(&s);
    if (status == ASLRT_NOMEM)
        snprintf(why, why_size, "out of memory");
    return status;
}
