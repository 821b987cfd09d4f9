/*
 * route.h - an API as plain data: which request reaches which machine, and how both sides are
 * mapped.
 *
 * Made by compiler/emit/routes.c from the service description.  Two readers:
 * compiler/emit/openapi.c prints it as one OpenAPI document whose templates run inside API Gateway,
 * and runtime/api/map.c interprets the same lists for `aslc serve`.  What one does with a piece,
 * the other does too, byte for byte; tests/velocity proves it on the real Velocity.
 *
 * The contract between the edge and a machine, which stays stable:
 *     input   {"op","path":{},"query":{},"headers":{"if-match"},"body","caller":{},"requestId"}
 *     output  {"statusCode","headers":{"ETag","Location","Retry-After"},"body":"text"}
 * - A query parameter or header that was not sent is null; one that was sent empty is "".  Of one
 *   that was sent twice the last counts.  Names of headers are compared without regard to case.
 * - `body` is the request's JSON, re-serialised; null without one.  `caller` has the fields that
 * the kind of `auth` knows; one that is absent or empty is null.
 * - `headers.Location` of the output is relative to the API's base ("/vehicles/ID",
 * percent-encoded); the edge puts in front of it what stands in front of the resource's path in the
 * request's own path: the stage, or a custom domain's base path (see aslrt_api_location).
 *
 * Ownership: constant data; strings are NUL-terminated and outlive the reader.
 */
#ifndef ASLRT_ROUTE_H
#define ASLRT_ROUTE_H

#include "aslc/runtime.h"

/* The size of an execution's input, in bytes of UTF-8, above which the service refuses it. */
enum { ASLRT_API_INPUT_MAX = 262144 };

enum aslrt_auth { ASLRT_AUTH_NONE, ASLRT_AUTH_IAM, ASLRT_AUTH_KEY, ASLRT_AUTH_COGNITO };

/* One piece of the execution's input.  All but ASLRT_PIECE_TEXT become one JSON value. */
enum aslrt_piece_kind {
    ASLRT_PIECE_TEXT,       /* `text` as it is: punctuation, names, the operation */
    ASLRT_PIECE_PATH,       /* the path parameter `text`, decoded, as a string */
    ASLRT_PIECE_QUERY,      /* the query parameter `text`, decoded: a string or null */
    ASLRT_PIECE_HEADER,     /* the header `text`: a string or null */
    ASLRT_PIECE_CALLER,     /* the caller's field `text`: a string or null */
    ASLRT_PIECE_BODY,       /* the body's JSON, or null */
    ASLRT_PIECE_REQUEST_ID, /* the gateway's own id of the request, as a string */
};

struct aslrt_piece {
    enum aslrt_piece_kind kind;
    const char *text;
};

struct aslrt_param {
    const char *name;   /* as in the URL */
    bool required;      /* of the query: the edge answers 400 when it is missing or blank */
    const char *doc;    /* or NULL */
    const char *schema; /* JSON text, for the document */
};

/* An answer that the operation may give, for the document and for the closed list of headers. */
struct aslrt_response {
    uint32_t status;
    const char *doc;         /* never NULL */
    const char *schema_name; /* of the body in the document, or NULL */
    const char *schema;      /* JSON text, or NULL: no body, or one of no declared shape */
    bool etag, location, retry_after;
};

/* What the client gets when the execution fails with this error. */
struct aslrt_api_failure {
    const char *error;
    uint32_t status;
    const char *body;        /* JSON text, constant */
    const char *retry_after; /* seconds, or NULL */
};

struct aslrt_route {
    const char *method;    /* "GET" */
    const char *path;      /* "/vehicles/{id}", without the API's base path */
    const char *operation; /* the operationId, and the value of "op" */
    const char *summary;
    const char *doc; /* or NULL */
    const char *tag;
    uint32_t machine; /* index of the machine that answers */

    const struct aslrt_param *path_params;
    uint32_t path_param_count;
    const struct aslrt_param *query_params;
    uint32_t query_param_count;
    bool if_match; /* the operation reads If-Match */
    bool has_body; /* a body is read; without one the edge answers 400 */
    const char *schema_name;
    const char *schema; /* JSON Schema (draft 4) of the body as text, or NULL */

    const struct aslrt_piece *pieces; /* the execution's input */
    uint32_t piece_count;

    enum aslrt_auth auth;
    bool caller;          /* the answer depends on the caller: part of the cache's key */
    int64_t cache_s;      /* 0: no cache */
    double throttle_rate; /* requests a second, and how many may come at once; 0: no limit */
    double throttle_burst;

    const struct aslrt_response *responses;
    uint32_t response_count;
};

struct aslrt_api {
    const char *name;
    const char *base_path; /* "" or "/v1" */
    const char *doc;       /* or NULL */
    const struct aslrt_route *routes;
    uint32_t route_count;
    const struct aslrt_api_failure *failures; /* any other error is the internal one, 500 */
    uint32_t failure_count;
    const char *const *cors; /* origins that browsers may call from; count 0: none */
    uint32_t cors_count;
};

/* What the gateway itself answers: one row each in gateway.def. */
enum aslrt_gateway_id {
#define GATEWAY(id, type, status, error, message) ASLRT_GATEWAY_##id,
#include "runtime/api/gateway.def"
#undef GATEWAY
    ASLRT_GATEWAY_COUNT
};

struct aslrt_gateway {
    const char *type; /* API Gateway's name of the response, or "" when it has none */
    uint32_t status;
    const char *error; /* the name in the body */
    const char *body;  /* JSON text, constant */
};
extern const struct aslrt_gateway aslrt_gateways[ASLRT_GATEWAY_COUNT];

/* True when some answer of the route may carry that header: the closed list of what passes. */
bool aslrt_route_has_etag(const struct aslrt_route *route);
bool aslrt_route_has_location(const struct aslrt_route *route);
bool aslrt_route_has_retry_after(const struct aslrt_route *route);
/* How many segments the route's path has: "/vehicles/{id}" has two. */
uint32_t aslrt_route_segments(const struct aslrt_route *route);

/* The methods that a path takes, as the header Allow has them: "GET, POST".  In the arena. */
const char *aslrt_api_allow(struct aslrt_arena *arena, const struct aslrt_api *api,
                            const char *path);

/* Seconds in Retry-After where the edge itself sends the client away for a while. */
#define ASLRT_API_RETRY_AFTER "1"

/* The headers of a preflight's answer, and those that scripts in a browser may read. */
#define ASLRT_CORS_ALLOW_HEADERS                                                                   \
    "Authorization,Content-Type,If-Match,X-Amz-Date,X-Amz-Security-Token,X-Api-Key"
#define ASLRT_CORS_EXPOSE_HEADERS "ETag,Location,Retry-After"
#define ASLRT_CORS_MAX_AGE        "600"

#endif
