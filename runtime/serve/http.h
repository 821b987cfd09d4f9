/*
 * http.h - the boundary between serve and the HTTP library: requests in, answers out, one thread.
 *
 * serve.c knows only this header; http_mhd.c implements it with libmicrohttpd and is built as a
 * module of its own, so that the program loads the library only when it serves. One loop does
 * everything: it reads requests, calls the handler, and lets the handler's timers run. A handler
 * may answer at once or later, from its tick; until then the connection sleeps. Bounds (struct
 * aslrt_http_options) hold against any client: the number of connections, the time that each phase
 * of a request may take, the bytes of a body, the bytes of all bodies together.
 */
#ifndef ASLRT_HTTP_H
#define ASLRT_HTTP_H

#include "runtime/api/map.h"

struct aslrt_http_exchange; /* one request on its way to an answer */

/* Borrowed until the handler returns. */
struct aslrt_http_request {
    const char *method;
    struct aslrt_value target;  /* the path as it was sent */
    struct aslrt_value query;   /* what stands behind "?", or undefined */
    struct aslrt_pairs headers; /* in the order in which they came; bytes as they came */
    struct aslrt_value body;    /* a string; undefined: none */
    bool too_large;             /* there was a body above the limit; it is not here */
    bool loopback;              /* it came from this machine */
};

/* Copied when it is given. */
struct aslrt_http_response {
    uint32_t status;
    struct aslrt_pairs headers; /* NUL-terminated strings */
    struct aslrt_value body;    /* a string; empty sends no byte */
};

/* Everything is called from the loop's thread. */
struct aslrt_http_handler {
    void *self;
    /* The loop listens on that port. */
    void (*listening)(void *self, uint16_t port);
    /* A whole request.  Gives what `gone` will be called with, or NULL when it has been answered.
     */
    void *(*request)(void *self, struct aslrt_http_exchange *exchange,
                     const struct aslrt_http_request *request);
    /* The client of a request that has no answer yet is lost: the exchange must not be used again.
     */
    void (*gone)(void *self, void *pending);
    /* Called in every turn of the loop.  Gives in how many milliseconds at most it wants the next
       turn; -1: whenever. */
    int64_t (*tick)(void *self);
    /* The loop was asked to stop: it ends when nothing is pending, or after stop_ms. */
    void (*stopping)(void *self);
};

struct aslrt_http_options {
    const char *bind; /* address or name; NULL: 127.0.0.1 */
    uint16_t port;    /* 0: any free one */
    int stop_fd;      /* the loop stops when it can be read */
    uint32_t connections_max;
    uint32_t head_ms;   /* from the connection, or the last answer, to the whole head */
    uint32_t body_ms;   /* for the body */
    uint32_t answer_ms; /* for the client to take the answer */
    uint32_t stop_ms;   /* for pending requests, once asked to stop */
    size_t body_max;    /* bytes of one body */
    size_t bodies_max;  /* bytes of all bodies that are being received */
};

struct aslrt_http_module {
    uint32_t format; /* ASLRT_HTTP_FORMAT */
    /* Runs the loop until it is stopped.  ASLRT_IO with a reason in `why` (of `why_size` bytes)
       when it can't listen. */
    enum aslrt_status (*run)(const struct aslrt_http_options *options,
                             const struct aslrt_http_handler *handler, char *why, size_t why_size);
    /* Answers an exchange, once. */
    void (*answer)(struct aslrt_http_exchange *exchange,
                   const struct aslrt_http_response *response);
};

#define ASLRT_HTTP_FORMAT 1u
/* The symbol of type struct aslrt_http_module that the module has. */
#define ASLRT_HTTP_SYMBOL "aslrt_http_module"
ASLRT_API extern const struct aslrt_http_module aslrt_http_module;

#endif
