/*
 * aslc/runtime.h - the runtime library, libaslrt: JSON values, expressions, machines, executions.
 *
 * Who includes it: generated C, programs that embed a machine or the expression engine, and every
 * file of the runtime itself (there is one definition of each public type, and it is here).
 *
 * Ownership, in one sentence: everything that a function makes lives in the arena that it was
 * given, nothing is freed one by one, and a value may point to any arena that outlives it.
 *
 * Errors, in one sentence: a function that can fail returns an enum aslrt_status; no function
 * prints, exits or leaves an object half made.  Out of memory comes back as ASLRT_NOMEM.
 *
 * Works as C11 and as C++.
 */
#ifndef ASLC_RUNTIME_H
#define ASLC_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ASLRT_API __attribute__((visibility("default")))
#define ASLRT_PURE __attribute__((pure))
#else
#define ASLRT_API
#define ASLRT_PURE
#endif

/* ---- status ------------------------------------------------------------------------------ */

enum aslrt_status {
    ASLRT_OK = 0,
    ASLRT_NOMEM,   /* the allocator gave nothing, or the memory's limit is reached */
    ASLRT_SYNTAX,  /* text that is not in the language that it should be in */
    ASLRT_FAILED,  /* the operation was understood and failed; details are in the error argument */
    ASLRT_LIMIT,   /* a limit of base/limits.h was passed */
    ASLRT_IO,      /* the world outside said no: file, socket */
    ASLRT_MISUSE,  /* an argument that the function's contract excludes */
};

/* ---- memory ------------------------------------------------------------------------------ */

/* Where memory comes from.  `resize` works as realloc and, with a size of 0, as free; NULL for a
   non-zero size means that there is none.  `data` is handed through. */
struct aslrt_allocator {
    void *(*resize)(void *data, void *block, size_t old_size, size_t new_size);
    void *data;
};

struct aslrt_memory; /* an account of memory: allocator, limit, spare blocks; one thread at a time */
struct aslrt_arena;  /* a bump allocator on such an account; freed or reset as a whole */

/* Opens an account.  `allocator` NULL takes the C library's; `limit` 0 means none.  Gives the
   account, or NULL when there is no memory. */
ASLRT_API struct aslrt_memory *aslrt_memory_open(const struct aslrt_allocator *allocator,
                                                 size_t limit);
/* Closes the account.  Every arena on it must have been closed before. */
ASLRT_API void aslrt_memory_close(struct aslrt_memory *memory);

ASLRT_API struct aslrt_arena *aslrt_arena_open(struct aslrt_memory *memory); /* gives, or NULL */
ASLRT_API void aslrt_arena_close(struct aslrt_arena *arena);                 /* takes */
/* Forgets all that was allocated and keeps one block for what comes next. */
ASLRT_API void aslrt_arena_reset(struct aslrt_arena *arena);
/* Bytes that the arena holds on to, blocks and all. */
ASLRT_API ASLRT_PURE size_t aslrt_arena_size(const struct aslrt_arena *arena);

/* ---- JSON values --------------------------------------------------------------------------- */

enum aslrt_kind {
    ASLRT_UNDEFINED = 0, /* the absence of a value: what JSONata calls undefined */
    ASLRT_NULL,
    ASLRT_BOOL,
    ASLRT_INT,      /* a 64-bit integer */
    ASLRT_DOUBLE,   /* a finite double, or an infinity that arithmetic made */
    ASLRT_NUMBER,   /* a number as it was written; nothing has computed with it, so nothing is lost */
    ASLRT_STRING,   /* UTF-8; a lone surrogate \udXXX is kept in its three-byte form (WTF-8) */
    ASLRT_ARRAY,
    ASLRT_OBJECT,
    ASLRT_FUNCTION, /* a JSONata function; never leaves an expression */
};

enum {
    ASLRT_FLAG_CLEAN = 1,   /* of a string: no byte needs an escape when it is written as JSON */
    ASLRT_FLAG_ASCII = 2,   /* of a string: every byte is below 0x80 */
    ASLRT_FLAG_INDEXED = 4, /* of an object: a hash index stands before its members */
    ASLRT_FLAG_EXPR = 0xf0, /* four bits that runtime/expr uses on its own arrays while it runs */
};

struct aslrt_member;

/* An immutable JSON value, 16 bytes, passed by value.  `count` is the number of bytes (string,
   number text), elements (array) or members (object).  Strings are not NUL-terminated. */
struct aslrt_value {
    uint8_t kind;  /* enum aslrt_kind */
    uint8_t flags; /* ASLRT_FLAG_* */
    uint16_t pad;
    uint32_t count;
    union {
        bool boolean;
        int64_t integer;
        double real;
        const char *bytes;
        const struct aslrt_value *items;
        const struct aslrt_member *members;
        const void *function;
    } as;
};

struct aslrt_member {
    struct aslrt_value key; /* always a string */
    struct aslrt_value value;
};

static inline struct aslrt_value aslrt_of_kind(enum aslrt_kind kind)
{
    struct aslrt_value v;
    memset(&v, 0, sizeof v);
    v.kind = (uint8_t)kind;
    return v;
}
static inline struct aslrt_value aslrt_undefined(void)
{
    return aslrt_of_kind(ASLRT_UNDEFINED);
}
static inline struct aslrt_value aslrt_null(void)
{
    return aslrt_of_kind(ASLRT_NULL);
}
static inline struct aslrt_value aslrt_bool(bool b)
{
    struct aslrt_value v = aslrt_of_kind(ASLRT_BOOL);
    v.as.boolean = b;
    return v;
}
static inline struct aslrt_value aslrt_int(int64_t i)
{
    struct aslrt_value v = aslrt_of_kind(ASLRT_INT);
    v.as.integer = i;
    return v;
}
static inline struct aslrt_value aslrt_double(double d)
{
    struct aslrt_value v = aslrt_of_kind(ASLRT_DOUBLE);
    v.as.real = d;
    return v;
}
/* A string of `count` bytes of UTF-8 that the value borrows. */
static inline struct aslrt_value aslrt_string(const char *bytes, uint32_t count)
{
    struct aslrt_value v = aslrt_of_kind(ASLRT_STRING);
    v.count = count;
    v.as.bytes = bytes;
    return v;
}
/* The same for a C string. */
static inline struct aslrt_value aslrt_text(const char *text)
{
    return aslrt_string(text, (uint32_t)strlen(text));
}
static inline struct aslrt_value aslrt_array(const struct aslrt_value *items, uint32_t count)
{
    struct aslrt_value v = aslrt_of_kind(ASLRT_ARRAY);
    v.count = count;
    v.as.items = items;
    return v;
}
/* An object of `count` members with distinct keys that the value borrows, without an index. */
static inline struct aslrt_value aslrt_object(const struct aslrt_member *members, uint32_t count)
{
    struct aslrt_value v = aslrt_of_kind(ASLRT_OBJECT);
    v.count = count;
    v.as.members = members;
    return v;
}
static inline bool aslrt_is_number(struct aslrt_value v)
{
    return v.kind == ASLRT_INT || v.kind == ASLRT_DOUBLE || v.kind == ASLRT_NUMBER;
}

/* The member of that name, or undefined; undefined too when `object` is no object. */
ASLRT_API ASLRT_PURE struct aslrt_value aslrt_get(struct aslrt_value object, const char *key,
                                                  uint32_t key_count);
/* The same for a C string. */
static inline struct aslrt_value aslrt_field(struct aslrt_value object, const char *key)
{
    return aslrt_get(object, key, (uint32_t)strlen(key));
}
/* A number of any kind as a double; 0 for what is no number. */
ASLRT_API ASLRT_PURE double aslrt_to_double(struct aslrt_value number);
/* True when the number is an integer that int64 holds exactly; it then stands in *out. */
ASLRT_API bool aslrt_to_int(struct aslrt_value number, int64_t *out);
/* Equality of JSON values: objects without regard to member order, numbers by their value. */
ASLRT_API ASLRT_PURE bool aslrt_equal(struct aslrt_value a, struct aslrt_value b);
/* True when the string has exactly these bytes. */
static inline bool aslrt_is(struct aslrt_value string, const char *text)
{
    size_t n = strlen(text);
    return string.kind == ASLRT_STRING && string.count == n &&
           memcmp(string.as.bytes, text, n) == 0;
}

/* ---- JSON text ------------------------------------------------------------------------------ */

/* What is wrong with a text, and where: byte offset, and line and column counted from 1 (columns
   in bytes).  `message` is static. */
struct aslrt_json_error {
    const char *message;
    size_t offset;
    uint32_t line;
    uint32_t column;
};

/* Reads one JSON text (RFC 8259, strict: UTF-8, no trailing text, no byte order mark, depth at most
   ASLRT_DEPTH_MAX).  A repeated key keeps its first place and its last value.  The value lives in
   `arena` and borrows from `text`, which must outlive it.  `error` may be NULL. */
ASLRT_API enum aslrt_status aslrt_json_read(struct aslrt_arena *arena, const char *text,
                                            size_t count, struct aslrt_value *out,
                                            struct aslrt_json_error *error);

/* Writes the value as minified JSON: members in their order, doubles as the shortest text that reads
   back as the same double (ECMA-262, Number::toString), an undefined member or a function left out.
   Gives the text, NUL-terminated, in `arena`; its length in *count. */
ASLRT_API enum aslrt_status aslrt_json_write(struct aslrt_arena *arena, struct aslrt_value value,
                                             const char **text, size_t *count);

/* ---- services ------------------------------------------------------------------------------- */

/* One call of a service by a Task state.  Everything is borrowed for the length of the call. */
struct aslrt_call {
    const char *resource;   /* the Task's Resource, as written */
    const char *service;    /* "dynamodb", "lambda", "states", ... */
    const char *action;     /* "putItem", "invoke", ... */
    bool sdk;               /* an aws-sdk integration: its errors and outputs are spelled otherwise */
    struct aslrt_value arguments;
    int64_t now_us;         /* microseconds since 1970, by the execution's clock */
    const char *state;      /* name of the calling state */
    uint32_t attempt;       /* 0 for the first try of this visit to the state */
};

/* What came of it: a result, or an error name with a cause.  Lives in the arena of the call. */
struct aslrt_reply {
    struct aslrt_value result; /* when error is NULL */
    const char *error;         /* "DynamoDB.ConditionalCheckFailedException" */
    const char *cause;
    int64_t delay_us;          /* how long the service took, in the execution's time */
};

/* Something that answers calls: the embedded store, a mock, a function of the embedding program.
   `call` gives ASLRT_OK with a reply (a result or an error that the machine may catch);
   ASLRT_MISUSE when it does not know the service or the action; else what went wrong outside. */
struct aslrt_service {
    void *self;
    enum aslrt_status (*call)(void *self, const struct aslrt_call *call,
                              struct aslrt_arena *arena, struct aslrt_reply *reply);
};

/* A DynamoDB table as the embedded store creates it. */
struct aslrt_key_def {
    const char *name; /* NULL: none */
    char type;        /* 'S', 'N' or 'B' */
};
struct aslrt_index_def {
    const char *name;
    struct aslrt_key_def key;
    struct aslrt_key_def sort;
    const char *const *project; /* attributes that it carries beside the keys; NULL: all */
    uint32_t project_count;
};
struct aslrt_table_def {
    const char *name;
    struct aslrt_key_def key;
    struct aslrt_key_def sort;
    const struct aslrt_index_def *indexes;
    uint32_t index_count;
    const char *ttl; /* attribute with the time of expiry in epoch seconds, or NULL */
};

#ifdef __cplusplus
}
#endif

#endif
