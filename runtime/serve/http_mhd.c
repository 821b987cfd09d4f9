/*
 * http_mhd.c - the loop of http.h on libmicrohttpd.
 *
 * The library polls by epoll from our own thread (MHD_run), so that nothing here needs a lock. What
 * it doesn't bound itself is bounded here: a connection that takes too long for a phase is shut
 * down by the sweep, and when the connections run out, the one that has waited longest for its head
 * goes. Memory: a connection costs what the library takes for it; an exchange begins when the
 * request line is there and is freed by the library's completion call; bodies are counted against
 * one budget. Nothing of this file's memory lies in arenas: connections end in any order.
 */
#include "runtime/serve/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    POOL_SIZE = 20480,    /* of the library, for one connection's request line and headers */
    DRAIN_MAX = 16 << 20, /* a body above the limit is read and dropped up to here */
    SPARE_FDS = 64,       /* descriptors that connections leave to the rest of the program */
    SWEEP_MS = 500,
    HEADERS_MAX = 512, /* more than the pool has room for */
};

enum phase { PHASE_HEAD, PHASE_BODY, PHASE_PENDING, PHASE_ANSWER };

/* A connection of the library; the list is in the order in which they came. */
struct connection {
    struct connection *next, *previous;
    struct MHD_Connection *mhd;
    int fd;
    bool shut;
    enum phase phase;
    int64_t since_ms;
};

struct server {
    struct MHD_Daemon *daemon;
    const struct aslrt_http_options *options;
    const struct aslrt_http_handler *handler;
    struct connection *first, *last;
    uint32_t connection_count, connection_max;
    uint32_t pending_count; /* exchanges that the handler has not answered */
    size_t bodies;          /* bytes that are held for bodies */
    bool again;             /* the library has work that no descriptor announces */
};

struct aslrt_http_exchange {
    struct server *server;
    struct MHD_Connection *mhd;
    struct connection *connection;
    char *uri; /* as it was sent, with the query */
    char *body;
    size_t body_count, body_room;
    size_t seen; /* bytes of the body that came, kept or not */
    bool started, too_large, handed_over, inside;
    void *pending; /* the handler's, while there is no answer */
    struct MHD_Response *response;
    unsigned status;
};

static int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- connections ---- */

static void enter(struct connection *c, enum phase phase)
{
    if (c == NULL)
        return;
    c->phase = phase;
    c->since_ms = clock_ms();
}

/* Makes the library see the end of the stream; it closes the connection at its next turn. */
static void shut(struct connection *c)
{
    if (!c->shut)
        shutdown(c->fd, SHUT_RDWR);
    c->shut = true;
}

/* Room for newcomers: the connection that has waited longest for a head gives way. */
static void make_room(struct server *s)
{
    if (s->connection_count < s->connection_max - s->connection_max / 16)
        return;
    for (struct connection *c = s->first; c != NULL; c = c->next)
        if (c->phase == PHASE_HEAD && !c->shut) {
            shut(c);
            return;
        }
}

static void on_connection(void *self, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct server *s = self;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        struct connection *c = calloc(1, sizeof *c);
        *context = c;
        if (c == NULL)
            return;
        c->mhd = mhd;
        c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        enter(c, PHASE_HEAD);
        make_room(s);
        c->previous = s->last;
        *(s->last != NULL ? &s->last->next : &s->first) = c;
        s->last = c;
        s->connection_count++;
    } else if (*context != NULL) {
        struct connection *c = *context;
        *(c->previous != NULL ? &c->previous->next : &s->first) = c->next;
        *(c->next != NULL ? &c->next->previous : &s->last) = c->previous;
        /* At its limit the library listens again only in a turn that nothing announces. */
        s->again = s->again || s->connection_count >= s->connection_max;
        s->connection_count--;
        free(c);
        *context = NULL;
    }
}

static struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static bool is_loopback(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL || info->client_addr == NULL)
        return false;
    if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in a;
        memcpy(&a, info->client_addr, sizeof a);
        return ntohl(a.sin_addr.s_addr) >> 24 == 127;
    }
    if (info->client_addr->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 a;
    memcpy(&a, info->client_addr, sizeof a);
    return IN6_IS_ADDR_LOOPBACK(&a.sin6_addr);
}

static void sweep(struct server *s, int64_t now_ms)
{
    const int64_t limits[] = {
        [PHASE_HEAD] = s->options->head_ms,
        [PHASE_BODY] = s->options->body_ms,
        [PHASE_PENDING] = INT64_MAX, /* the handler bounds it */
        [PHASE_ANSWER] = s->options->answer_ms,
    };
    for (struct connection *c = s->first; c != NULL; c = c->next)
        if (now_ms - c->since_ms > limits[c->phase])
            shut(c);
}

/* ---- answers ---- */

static struct MHD_Response *make_response(const struct aslrt_http_response *r)
{
    /* The library copies; only its parameter is not const. */
    struct MHD_Response *response = MHD_create_response_from_buffer(
        r->body.count, (void *)(uintptr_t)r->body.as.bytes, MHD_RESPMEM_MUST_COPY);
    for (uint32_t i = 0; response != NULL && i < r->headers.count; i++)
        MHD_add_response_header(response, r->headers.items[i].name.as.bytes,
                                r->headers.items[i].value.as.bytes);
    return response;
}

static void answer(struct aslrt_http_exchange *x, const struct aslrt_http_response *r)
{
    x->response = make_response(r);
    x->status = r->status;
    x->pending = NULL;
    if (x->inside) /* the library asked; it gets the answer when the handler returns */
        return;
    x->server->pending_count--;
    x->server->again = true;
    MHD_resume_connection(x->mhd);
}

static enum MHD_Result send_answer(struct aslrt_http_exchange *x)
{
    if (x->response == NULL)
        return MHD_NO; /* no memory for it: the connection closes */
    enter(x->connection, PHASE_ANSWER);
    enum MHD_Result result = MHD_queue_response(x->mhd, x->status, x->response);
    MHD_destroy_response(x->response);
    x->response = NULL;
    return result;
}

/* ---- requests ---- */

/* The request line is there: an exchange begins.  The library keeps it for the other calls. */
static void *on_uri(void *self, const char *uri, struct MHD_Connection *mhd)
{
    struct aslrt_http_exchange *x = calloc(1, sizeof *x);
    if (x == NULL)
        return NULL;
    x->server = self;
    x->mhd = mhd;
    x->connection = connection_of(mhd);
    x->uri = strdup(uri);
    return x;
}

static void drop_body(struct aslrt_http_exchange *x)
{
    x->server->bodies -= x->body_room;
    free(x->body);
    x->body = NULL;
    x->body_count = x->body_room = 0;
}

/* Makes room for `count` more bytes.  False when that passes a limit. */
static bool make_body_room(struct aslrt_http_exchange *x, size_t count)
{
    const struct aslrt_http_options *o = x->server->options;
    if (x->body_count + count <= x->body_room)
        return true;
    size_t room = x->body_room == 0 ? 1024 : x->body_room * 2;
    while (room < x->body_count + count)
        room *= 2;
    if (x->server->bodies + (room - x->body_room) > o->bodies_max)
        return false;
    char *body = realloc(x->body, room);
    if (body == NULL)
        return false;
    x->server->bodies += room - x->body_room;
    x->body = body;
    x->body_room = room;
    return true;
}

/* Keeps a piece of the body, unless that passes a limit: then nothing of it is kept. */
static void keep(struct aslrt_http_exchange *x, const char *bytes, size_t count)
{
    x->seen += count;
    if (x->too_large)
        return;
    if (x->seen > x->server->options->body_max || !make_body_room(x, count)) {
        x->too_large = true;
        drop_body(x);
        return;
    }
    memcpy(x->body + x->body_count, bytes, count);
    x->body_count += count;
}

struct header_list {
    struct aslrt_pair items[HEADERS_MAX];
    uint32_t count;
};

static enum MHD_Result add_header(void *list, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct header_list *l = list;
    (void)kind;
    if (l->count == HEADERS_MAX)
        return MHD_NO;
    l->items[l->count++] =
        (struct aslrt_pair){aslrt_text(name), aslrt_text(value != NULL ? value : "")};
    return MHD_YES;
}

/* Gives the whole request to the handler. */
static enum MHD_Result hand_over(struct aslrt_http_exchange *x, const char *method)
{
    struct server *s = x->server;
    struct header_list headers;
    headers.count = 0;
    x->handed_over = true;
    MHD_get_connection_values(x->mhd, MHD_HEADER_KIND, add_header, &headers);
    const char *mark = strchr(x->uri, '?');
    struct aslrt_http_request request = {
        .method = method,
        .target =
            mark == NULL ? aslrt_text(x->uri) : aslrt_string(x->uri, (uint32_t)(mark - x->uri)),
        .query = mark == NULL ? aslrt_undefined() : aslrt_text(mark + 1),
        .headers = {headers.items, headers.count},
        .body =
            x->body_count == 0 ? aslrt_undefined() : aslrt_string(x->body, (uint32_t)x->body_count),
        .too_large = x->too_large,
        .loopback = is_loopback(x->mhd),
    };
    x->inside = true;
    void *pending = s->handler->request(s->handler->self, x, &request);
    x->inside = false;
    drop_body(x);
    if (pending == NULL)
        return send_answer(x);
    x->pending = pending;
    s->pending_count++;
    enter(x->connection, PHASE_PENDING);
    MHD_suspend_connection(x->mhd);
    return MHD_YES;
}

/* The head is there.  A body that is announced to be too large is refused without reading it where
   that is safe: the client waits for a word (Expect), or it is too much to read and drop. */
static bool refuse_now(struct aslrt_http_exchange *x)
{
    const char *length = MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, "Content-Length");
    const char *expect = MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, "Expect");
    unsigned long long announced = length == NULL ? 0 : strtoull(length, NULL, 10);
    if (announced <= x->server->options->body_max)
        return false;
    x->too_large = true;
    return announced > DRAIN_MAX || (expect != NULL && strcasecmp(expect, "100-continue") == 0);
}

static enum MHD_Result on_access(void *self, struct MHD_Connection *mhd, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_size, void **context)
{
    struct aslrt_http_exchange *x = *context;
    (void)self;
    (void)mhd;
    (void)url;
    (void)version;
    if (x == NULL || x->uri == NULL)
        return MHD_NO;
    if (!x->started) {
        x->started = true;
        enter(x->connection, PHASE_BODY);
        return refuse_now(x) ? hand_over(x, method) : MHD_YES;
    }
    if (*upload_size != 0) {
        keep(x, upload, *upload_size);
        *upload_size = 0;
        return x->seen > DRAIN_MAX ? MHD_NO : MHD_YES;
    }
    return x->handed_over ? send_answer(x) : hand_over(x, method);
}

static void on_completed(void *self, struct MHD_Connection *mhd, void **context,
                         enum MHD_RequestTerminationCode why)
{
    struct server *s = self;
    struct aslrt_http_exchange *x = *context;
    (void)mhd;
    (void)why;
    if (x == NULL)
        return;
    if (x->pending != NULL) {
        s->pending_count--;
        s->handler->gone(s->handler->self, x->pending);
    }
    if (x->response != NULL)
        MHD_destroy_response(x->response);
    enter(x->connection, PHASE_HEAD);
    drop_body(x);
    free(x->uri);
    free(x);
    *context = NULL;
}

/* ---- the loop ---- */

/* As many descriptors as we may have, up to a number that is enough for anyone. */
static uint32_t raise_descriptors(void)
{
    const rlim_t enough = 65536;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    struct rlimit more = {limit.rlim_max < enough ? limit.rlim_max : enough, limit.rlim_max};
    if (limit.rlim_cur < more.rlim_cur && setrlimit(RLIMIT_NOFILE, &more) == 0)
        limit.rlim_cur = more.rlim_cur;
    return (uint32_t)(limit.rlim_cur < enough ? limit.rlim_cur : enough);
}

static bool start(struct server *s, const struct addrinfo *address)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    if (address->ai_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_access, s, MHD_OPTION_SOCK_ADDR, address->ai_addr,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)s->connection_max, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_SIZE,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_END);
    return s->daemon != NULL;
}

static bool listen_on(struct server *s, char *why, size_t why_size)
{
    const struct aslrt_http_options *o = s->options;
    const char *bind = o->bind != NULL ? o->bind : "127.0.0.1";
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    char port[8];
    snprintf(port, sizeof port, "%u", (unsigned)o->port);
    int error = getaddrinfo(bind, port, &hints, &found);
    if (error != 0) {
        snprintf(why, why_size, "cannot find the address '%s': %s", bind, gai_strerror(error));
        return false;
    }
    errno = 0;
    bool ok = start(s, found);
    freeaddrinfo(found);
    if (!ok)
        snprintf(why, why_size, "cannot listen on %s, port %u: %s", bind, (unsigned)o->port,
                 errno != 0 ? strerror(errno) : "the library refuses");
    return ok;
}

/* How long the loop may sleep; `wanted_ms` is the handler's wish. */
static int sleep_ms(struct server *s, int64_t wanted_ms)
{
    int64_t ms = SWEEP_MS;
    MHD_UNSIGNED_LONG_LONG library_ms;
    if (MHD_get_timeout(s->daemon, &library_ms) == MHD_YES && (int64_t)library_ms < ms)
        ms = (int64_t)library_ms;
    if (wanted_ms >= 0 && wanted_ms < ms)
        ms = wanted_ms;
    return (int)ms;
}

static void begin_to_stop(struct server *s)
{
    MHD_socket listener = MHD_quiesce_daemon(s->daemon);
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
    s->handler->stopping(s->handler->self);
}

static void loop(struct server *s)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd fds[2] = {{info->epoll_fd, POLLIN, 0}, {s->options->stop_fd, POLLIN, 0}};
    int64_t swept_ms = clock_ms(), stop_at_ms = INT64_MAX;
    for (;;) {
        s->again = false;
        MHD_run(s->daemon);
        int64_t wanted_ms = s->handler->tick(s->handler->self);
        int64_t now_ms = clock_ms();
        if (s->again)
            continue;
        if (stop_at_ms != INT64_MAX && (s->pending_count == 0 || now_ms >= stop_at_ms))
            return;
        if (now_ms - swept_ms >= SWEEP_MS) {
            sweep(s, now_ms);
            swept_ms = now_ms;
        }
        poll(fds, stop_at_ms == INT64_MAX ? 2 : 1, sleep_ms(s, wanted_ms));
        if (stop_at_ms == INT64_MAX && fds[1].revents != 0) {
            stop_at_ms = clock_ms() + s->options->stop_ms;
            begin_to_stop(s);
        }
    }
}

/* Requests that are still pending get their connections back, so that the library can end them. */
static void resume_all(struct server *s)
{
    for (struct connection *c = s->first; c != NULL; c = c->next)
        if (c->phase == PHASE_PENDING) {
            shut(c);
            MHD_resume_connection(c->mhd);
        }
}

static enum aslrt_status run(const struct aslrt_http_options *options,
                             const struct aslrt_http_handler *handler, char *why, size_t why_size)
{
    uint32_t descriptors = raise_descriptors();
    struct server s = {.options = options, .handler = handler};
    s.connection_max = options->connections_max;
    if (descriptors < 2 * SPARE_FDS)
        s.connection_max = SPARE_FDS;
    else if (s.connection_max > descriptors - SPARE_FDS)
        s.connection_max = descriptors - SPARE_FDS;
    if (!listen_on(&s, why, why_size))
        return ASLRT_IO;
    handler->listening(handler->self,
                       MHD_get_daemon_info(s.daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    loop(&s);
    resume_all(&s);
    MHD_stop_daemon(s.daemon);
    return ASLRT_OK;
}

const struct aslrt_http_module aslrt_http_module = {ASLRT_HTTP_FORMAT, run, answer};
