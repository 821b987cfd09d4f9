/*
 * exchange.h - one HTTP request and its response.
 *
 * Who makes it is a module of its own (libcurl), loaded when it is needed; so nothing here knows an
 * HTTP library.  Everything in the struct is borrowed for the length of the exchange; what comes
 * back goes to the callbacks.
 */
#ifndef ASLRT_EXCHANGE_H
#define ASLRT_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

struct aslrt_exchange {
    const char *method, *url;
    const char *const *headers; /* "Name: value" */
    size_t header_count;
    const char *body; /* NULL: none */
    size_t body_count;
    long timeout_ms;
    bool local; /* only addresses of this machine may be asked, redirections included */

    void *data; /* of the callbacks */
    /* A line of the last response's header, without its line end. */
    void (*on_header)(void *data, const char *line, size_t count);
    /* A part of its body.  False: enough. */
    bool (*on_body)(void *data, const char *bytes, size_t count);

    long status;       /* out: 200, 404, ... */
    bool timed_out;    /* out, when it failed */
    bool elsewhere;    /* out, when it failed: the address is not of this machine */
    char problem[256]; /* out, when it failed: why */
};

/* True when there was a response, whatever its status. */
typedef bool aslrt_exchange_fn(struct aslrt_exchange *exchange);

#define ASLRT_EXCHANGE_MODULE "aslc-curl"
#define ASLRT_EXCHANGE_SYMBOL "aslrt_exchange_curl"

#endif
