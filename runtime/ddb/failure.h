/*
 * failure.h - how a request to DynamoDB fails: an error type and the service's own words.
 *
 * Everything in runtime/ddb and runtime/store that reads a request is written without checks after
 * each call: aslrt_ddb_fail notes the error in the request's context and leaves through the trap of
 * the arena's account (arena.h) with ASLRT_FAILED.  Whoever starts the work (aslrt_ddb_try) gets
 * that status and finds the error in the context.  All that the abandoned work had made lies in
 * arenas.
 *
 * Ownership: the message lives in `arena`, the type is static.
 */
#ifndef ASLRT_FAILURE_H
#define ASLRT_FAILURE_H

#include "runtime/base/buffer.h"

/* The error types that the store raises, without the namespaces that the wire puts before them. */
#define ASLRT_DDB_VALIDATION    "ValidationException"
#define ASLRT_DDB_SERIALIZATION "SerializationException"
#define ASLRT_DDB_NOT_FOUND     "ResourceNotFoundException"
#define ASLRT_DDB_CONDITION     "ConditionalCheckFailedException"

struct aslrt_ddb {
    struct aslrt_arena *arena;   /* results and messages */
    struct aslrt_arena *scratch; /* what nobody needs when the request is done */
    /* Put before the message of a ValidationException: the envelope of the operations that have one
       (see store/request.h), or NULL. */
    const char *envelope;
    struct aslrt_value value_key; /* the placeholder whose value is read; undefined: none is */
    const char *type;             /* NULL: no failure */
    const char *message;
    uint32_t start; /* what the message is about in an expression's text; both 0: not known */
    uint32_t end;
};

/* Notes the failure and leaves; does not return. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
_Noreturn void
aslrt_ddb_fail(struct aslrt_ddb *cx, const char *type, const char *format, ...);
/* The same for a ValidationException. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
_Noreturn void
aslrt_ddb_refuse(struct aslrt_ddb *cx, const char *format, ...);

#endif
