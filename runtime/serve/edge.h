/*
 * edge.h - what API Gateway does before a machine runs: find the route, ask who calls, throttle,
 * check the request, map it.
 *
 * In: an HTTP request.  Out: the execution's input, or the answer that needs no machine.  The order
 * of the checks: path and method, credentials, rate, content type, size, parameters, body.
 * Ownership: results live in the arena of the call; memory runs out through its account's trap.
 */
#ifndef ASLRT_EDGE_H
#define ASLRT_EDGE_H

#include "runtime/api/map.h"
#include "runtime/api/schema.h"
#include "runtime/serve/http.h"

/* How many requests may still come at once: filled by the route's rate, up to its burst. */
struct aslrt_bucket {
    double tokens;
    int64_t filled_us;
};

struct aslrt_edge {
    const struct aslrt_api *api;
    const struct aslrt_schema **schemas; /* by route; NULL: none */
    struct aslrt_bucket *buckets;        /* by route */
    struct aslrt_value caller;           /* who calls, whatever the request says; or undefined */
};

/* Makes the edge of an API in the arena.  ASLRT_FAILED with a reason in `why`. */
enum aslrt_status aslrt_edge_open(const struct aslrt_api *api, struct aslrt_arena *arena,
                                  struct aslrt_edge *edge, char *why, size_t why_size);

struct aslrt_visit {
    const struct aslrt_http_request *http;
    struct aslrt_value request_id;
    int64_t now_us; /* of the wall's clock */

    /* What comes of it: an input, or an answer. */
    const struct aslrt_route *route; /* NULL: no route of the API answers */
    const char *input;               /* NULL: `answer` is it */
    size_t input_count;
    struct aslrt_request request; /* with the input: what it was made from */
    struct aslrt_answer answer;
    const char *allow;  /* the header of a 405 or of a preflight, or NULL */
    bool preflight;     /* the answer is to what browsers ask first */
    const char *reason; /* for the log: why it was refused; or NULL */
};

/* Fills the second part of the visit from the first. */
void aslrt_edge_visit(struct aslrt_edge *edge, struct aslrt_arena *arena,
                      struct aslrt_visit *visit);

#endif
