/*
 * remote_int.h - what the files of runtime/remote share.
 */
#ifndef ASLRT_REMOTE_INT_H
#define ASLRT_REMOTE_INT_H

#include "runtime/base/buffer.h"
#include "runtime/remote/remote.h"

enum {
    ASLRT_HTTP_TIMEOUT_MS = 60000,              /* of an HTTP Task */
    ASLRT_FUNCTION_TIMEOUT_MS = 15 * 60 * 1000, /* of a Lambda function */
    ASLRT_RESPONSE_LIMIT = 6 * 1024 * 1024,     /* of a function's result, in bytes */
};

struct aslrt_remote_entry {
    const char *name, *target;
    struct aslrt_remote_entry *next;
};

struct aslrt_remote {
    struct aslrt_service service;
    struct aslrt_arena *arena;
    struct aslrt_remote_entry *endpoints, *functions;
    aslrt_exchange_fn *(*find_http)(void *);
    void *data;
    aslrt_exchange_fn *http;
};

/* A response, gathered in the arena of the call. */
struct aslrt_response {
    struct aslrt_arena *arena;
    struct aslrt_value headers; /* an object of arrays; names in lower case */
    const char *status_text, *body;
    size_t body_count;
    long status;
    bool too_long;
};

/* Makes the exchange with the callbacks set.  ASLRT_OK: there is a response.  ASLRT_FAILED: none,
   and exchange->problem says why.  ASLRT_MISUSE: HTTP isn't there. */
enum aslrt_status aslrt_remote_ask(struct aslrt_remote *remote, struct aslrt_arena *arena,
                                   struct aslrt_exchange *exchange,
                                   struct aslrt_response *response);
/* A header of the response, or undefined. */
struct aslrt_value aslrt_remote_header(const struct aslrt_response *response, const char *name);

enum aslrt_status aslrt_http_task(struct aslrt_remote *remote, const struct aslrt_call *call,
                                  struct aslrt_arena *arena, struct aslrt_reply *reply);
enum aslrt_status aslrt_remote_invoke(struct aslrt_remote *remote, const struct aslrt_call *call,
                                      struct aslrt_arena *arena, struct aslrt_reply *reply);

/* application/x-www-form-urlencoded.  `format` is the ArrayFormat of RequestEncodingOptions:
   INDICES (a[0]=x), BRACKETS (a[]=x), REPEAT (a=x), COMMAS (a=x,y), NONE (a=x, without more). */
void aslrt_form_encode(struct aslrt_buffer *out, struct aslrt_value object, const char *format);
/* The bytes with everything but letters, digits and -._~ as %XX. */
void aslrt_percent_encode(struct aslrt_buffer *out, const char *bytes, size_t count);

#endif
