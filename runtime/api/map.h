/*
 * map.h - the request and response mapping of route.h, interpreted.
 *
 * In: a request as HTTP gave it (decoded), or the end of an execution.  Out: the text of the
 * execution's input, or the HTTP answer.  emit/openapi.c prints the same lists as templates, and
 * both give the same bytes. Ownership: what is given lives in the arena, and borrows from the
 * request and the outcome.
 */
#ifndef ASLRT_MAP_H
#define ASLRT_MAP_H

#include "runtime/api/route.h"

/* A name and its value, both strings.  Names may repeat. */
struct aslrt_pair {
    struct aslrt_value name;
    struct aslrt_value value;
};

struct aslrt_pairs {
    const struct aslrt_pair *items;
    uint32_t count;
};

struct aslrt_request {
    struct aslrt_pairs path;       /* the path parameters, decoded */
    struct aslrt_pairs query;      /* in the order of the URL, decoded */
    struct aslrt_pairs headers;    /* in the order in which they came */
    struct aslrt_value body;       /* undefined: none */
    struct aslrt_value caller;     /* an object of strings, or undefined */
    struct aslrt_value request_id; /* a string */
    struct aslrt_value target;     /* the path as it was sent, without the query */
};

/* The last pair of that name, or undefined.  Exact for path and query... */
struct aslrt_value aslrt_pairs_get(struct aslrt_pairs pairs, const char *name);
/* ...and without regard to the case of ASCII letters for headers. */
struct aslrt_value aslrt_pairs_get_header(struct aslrt_pairs pairs, const char *name);

/* Renders the execution's input of that route: the text with its length, NUL-terminated.
   ASLRT_OK, or ASLRT_NOMEM. */
enum aslrt_status aslrt_api_request(const struct aslrt_route *route,
                                    const struct aslrt_request *request, struct aslrt_arena *arena,
                                    const char **input, size_t *count);

/* What goes to the client.  Strings; undefined: no such header. */
struct aslrt_answer {
    uint32_t status;
    struct aslrt_value body; /* a string; "" sends no byte */
    struct aslrt_value etag, location, retry_after;
};

/* The answer to the end of an execution.  `target` is the request's own path. */
enum aslrt_status aslrt_api_answer(const struct aslrt_api *api, const struct aslrt_route *route,
                                   const struct aslrt_outcome *outcome, struct aslrt_value target,
                                   struct aslrt_arena *arena, struct aslrt_answer *answer);

/* The answer when the call that starts an execution was refused: `type` and `message` are the
   members __type and message of the service's error, undefined where it has none. */
void aslrt_api_refused(struct aslrt_value type, struct aslrt_value message,
                       struct aslrt_answer *answer);

/* The answer of one row of gateway.def. */
void aslrt_api_gateway(enum aslrt_gateway_id id, struct aslrt_answer *answer);

/* The Location header for a path relative to the API's base: in front of it stands what is left of
   the request's path without the segments of the route's. */
struct aslrt_value aslrt_api_location(const struct aslrt_route *route, struct aslrt_value target,
                                      struct aslrt_value relative, struct aslrt_arena *arena);

/* The value of Access-Control-Allow-Origin for a request from that origin (undefined: it named
   none), or undefined.  With one origin in the list it is that one, whoever asks. */
struct aslrt_value aslrt_api_allowed_origin(const struct aslrt_api *api, struct aslrt_value origin);

#endif
