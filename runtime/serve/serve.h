/*
 * serve.h - the API of a service over HTTP, on this machine: the edge as the emitted API would be,
 * the machines run by the engine in real time.
 *
 * In: what the loader gives (an API and its machines), services that answer the machines' calls.
 * Out: answers to HTTP clients until it is stopped.
 * One thread does everything: requests are admitted (edge.c), executions run until they wait
 * (run.c), and the HTTP loop (http.h) turns between them.  An execution that waits holds up nobody.
 * Ownership: everything in the options is borrowed until aslrt_serve returns.
 */
#ifndef ASLRT_SERVE_H
#define ASLRT_SERVE_H

#include "runtime/api/route.h"
#include "runtime/serve/http.h"

/* What is served. */
struct aslrt_site {
    const struct aslrt_api *api;
    const struct aslrt_machine *const *machines; /* by aslrt_route.machine */
    uint32_t machine_count;
};

struct aslrt_serve_options {
    const struct aslrt_http_module *http;
    struct aslrt_memory *memory;
    /* Gives the site; what it points to must live as long as the server.  Anything but ASLRT_OK
       ends the start; the loader has then said why itself. */
    enum aslrt_status (*load)(void *data, struct aslrt_site *site);
    const struct aslrt_service *const *services; /* asked in this order by the machines' tasks */
    uint32_t service_count;
    const char *bind;         /* NULL: 127.0.0.1 */
    uint16_t port;            /* 0: any */
    const char *caller;       /* a JSON object: who calls; NULL: as the header x-aslc-caller says */
    uint64_t seed;            /* of request ids and of the machines' chance */
    double time_scale;        /* seconds of the machines in one second; 0: 1 */
    bool cache;               /* answer from the cache where a route has one */
    int stop_fd;              /* stop when it can be read; -1: on SIGINT and SIGTERM */
    uint32_t head_ms;         /* for a client to send a request's head; 0: 30 s */
    uint32_t connections_max; /* 0: 16,384, or as many as descriptors are allowed */
    /* A line for standard output: "listening on http://127.0.0.1:PORT". */
    void (*say)(void *data, const char *line);
    /* A line about a request that was refused or failed, and about the end; NULL: nobody listens.
     */
    void (*log)(void *data, const char *line);
    void *data;
};

/* Serves until stopped.  ASLRT_OK then; else the reason is in `why`, a buffer of why_size bytes:
   ASLRT_IO when it can't listen, ASLRT_FAILED when the caller's JSON, a schema or a machine is
   wrong, ASLRT_NOMEM. */
enum aslrt_status aslrt_serve(const struct aslrt_serve_options *options, char *why,
                              size_t why_size);

/* The header by which a client on the same machine says who calls. */
#define ASLRT_CALLER_HEADER "x-aslc-caller"

#endif
