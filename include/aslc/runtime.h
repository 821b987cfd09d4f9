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
#define ASLRT_API  __attribute__((visibility("default")))
#define ASLRT_PURE __attribute__((pure))
#else
#define ASLRT_API
#define ASLRT_PURE
#endif

/* ---- status ------------------------------------------------------------------------------ */

enum aslrt_status {
    ASLRT_OK = 0,
    ASLRT_NOMEM,  /* the allocator gave nothing, or the memory's limit is reached */
    ASLRT_SYNTAX, /* text that is not in the language that it should be in */
    ASLRT_FAILED, /* the operation was understood and failed; details are in the error argument */
    ASLRT_LIMIT,  /* a limit of base/limits.h was passed */
    ASLRT_IO,     /* the world outside said no: file, socket */
    ASLRT_MISUSE, /* an argument that the function's contract excludes */
};

/* "0.1.0" */
ASLRT_API const char *aslrt_version(void);

/* ---- memory ------------------------------------------------------------------------------ */

/* Where memory comes from.  `resize` works as realloc and, with a size of 0, as free; NULL for a
   non-zero size means that there is none.  `data` is handed through. */
struct aslrt_allocator {
    void *(*resize)(void *data, void *block, size_t old_size, size_t new_size);
    void *data;
};

struct aslrt_memory; /* an account of memory: allocator, limit, spare blocks; one thread at a time
                      */
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
    ASLRT_INT,    /* a 64-bit integer */
    ASLRT_DOUBLE, /* a finite double, or an infinity that arithmetic made */
    ASLRT_NUMBER, /* a number as it was written; nothing has computed with it, so nothing is lost */
    ASLRT_STRING, /* UTF-8; a lone surrogate \udXXX is kept in its three-byte form (WTF-8) */
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
        int64_t integer; /* first, so that {0} clears all of it */
        bool boolean;
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
    /* An initializer, not a memset: compilers keep the value in registers then. */
    struct aslrt_value v = {(uint8_t)kind, 0, 0, 0, {0}};
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
/* Equality of JSON values: objects without regard to member order, numbers by their value (a double
   equals the number text whose nearest double it is).  Values nested more than ASLRT_NESTING_MAX
   levels deep are never equal. */
ASLRT_API ASLRT_PURE bool aslrt_equal(struct aslrt_value a, struct aslrt_value b);
/* Copies the value into `arena`, with all that it borrows, so that it lives as long as that arena.
   Fails with ASLRT_LIMIT when it is nested more than ASLRT_NESTING_MAX (4096) levels deep. */
ASLRT_API enum aslrt_status aslrt_value_copy(struct aslrt_arena *arena, struct aslrt_value value,
                                             struct aslrt_value *out);
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

/* The same with a copy of the text in `arena`, for a text that does not stay. */
ASLRT_API enum aslrt_status aslrt_json_read_copy(struct aslrt_arena *arena, const char *text,
                                                 size_t count, struct aslrt_value *out,
                                                 struct aslrt_json_error *error);

/* Writes the value as minified JSON: members in their order, doubles as the shortest text that
   reads back as the same double (ECMA-262, Number::toString), an undefined member or a function
   left out. Gives the text, NUL-terminated, in `arena`; its length in *count. */
ASLRT_API enum aslrt_status aslrt_json_write(struct aslrt_arena *arena, struct aslrt_value value,
                                             const char **text, size_t *count);
/* The same for people: a line for each member and element, two spaces a level; no line end at the
 * end. */
ASLRT_API enum aslrt_status aslrt_json_write_pretty(struct aslrt_arena *arena,
                                                    struct aslrt_value value, const char **text,
                                                    size_t *count);

/* ---- expressions: JSONata ------------------------------------------------------------------- */

/* A compiled expression: resolved, immutable, usable by several threads at once.  It lives in the
   arena that it was compiled into and borrows nothing but that. */
struct aslrt_jsonata;

enum aslrt_dialect {
    ASLRT_JSONATA_PLAIN = 0, /* JSONata as published */
    ASLRT_JSONATA_ASL,       /* Step Functions' restrictions, functions and bounds */
};
enum aslrt_jsonata_version {
    ASLRT_JSONATA_2_0_6 = 0, /* what the service speaks */
    ASLRT_JSONATA_2_2,       /* `??`, `?:` and the other changes up to 2.2 */
};

/* The members of $states that may be named where the expression stands (dialect ASL). */
enum {
    ASLRT_STATES_INPUT = 1,
    ASLRT_STATES_CONTEXT = 2,
    ASLRT_STATES_RESULT = 4,       /* Output and Assign of Task, Parallel, Map */
    ASLRT_STATES_ERROR_OUTPUT = 8, /* Output and Assign of a Catcher */
    ASLRT_STATES_ALL = 15,
};

struct aslrt_jsonata_options {
    enum aslrt_dialect dialect;
    enum aslrt_jsonata_version version;
    unsigned states; /* ASLRT_STATES_*, dialect ASL only; 0: all of them */
};

/* What is wrong with an expression, or went wrong in it: the fields of jsonata-js's error object.
   Everything lives in the arena of the call that failed. */
struct aslrt_expr_error {
    char code[8];             /* "S0201", "T2001", "U1001"; "" where jsonata-js has no code */
    const char *message;      /* as jsonata-js words it, without the code; NUL-terminated */
    struct aslrt_value token; /* the operator, function or text at fault, or undefined */
    struct aslrt_value value; /* the value at fault, or undefined */
    int64_t position; /* UTF-16 units up to the end of the token, as jsonata-js counts; -1: none */
    size_t offset;    /* the same in bytes of the expression's text; 0 when there is none */
};

/* Compiles the `count` bytes of UTF-8 at `text` (not borrowed).  `options` NULL means plain 2.0.6.
   ASLRT_OK: *out lives in `arena`.  ASLRT_SYNTAX: *error says why (it may be NULL).
   ASLRT_NOMEM, ASLRT_LIMIT: of the arena's account. */
ASLRT_API enum aslrt_status aslrt_jsonata_compile(struct aslrt_arena *arena, const char *text,
                                                  size_t count,
                                                  const struct aslrt_jsonata_options *options,
                                                  const struct aslrt_jsonata **out,
                                                  struct aslrt_expr_error *error);

/* The names of the variables that the expression reads and does not bind itself, built-in functions
   excepted, without the `$` (`$$` has the name "$"); in order of first use.  Borrowed. */
ASLRT_API uint32_t aslrt_jsonata_variables(const struct aslrt_jsonata *program,
                                           const struct aslrt_value **names);

struct aslrt_binding {
    const char *name; /* without the `$` */
    struct aslrt_value value;
};

/* How an expression is evaluated.  All zero is a good start: input undefined, no bindings, time 0,
   a fixed random sequence, the dialect's own bounds. */
struct aslrt_jsonata_eval {
    struct aslrt_value input; /* what `$`, `$$` and top-level names mean */

    /* Variables: the first that knows a name gives its value.  `variables` has one value for each
       name of aslrt_jsonata_variables (NULL: not used; an undefined one is asked for further). */
    const struct aslrt_value *variables;
    const struct aslrt_binding *bindings;
    uint32_t binding_count;
    bool (*lookup)(void *data, const char *name, uint32_t count, struct aslrt_value *out);
    void *lookup_data;

    int64_t now_ms;                 /* what $now() and $millis() say: milliseconds since 1970 */
    uint64_t (*random)(void *data); /* 64 random bits; NULL: always the same sequence */
    void *random_data;

    uint32_t time_limit_ms; /* 0: the dialect's (plain: none; ASL: 1000) */
    uint32_t depth_limit;   /* nested evaluations, as jsonata-js nests them; 0: the dialect's */
    size_t memory_limit;    /* bytes that this evaluation may add to the arena; 0: the dialect's */
};

/* Evaluates.  `eval` and all values in it are borrowed; the result lives in `arena` and may borrow
   from them.  ASLRT_OK: *out is a value, ASLRT_UNDEFINED, or (plain only) an ASLRT_FUNCTION.
   ASLRT_FAILED: *error says why (it may be NULL); code U1001 means that a bound was passed.
   ASLRT_NOMEM, ASLRT_LIMIT: of the arena's account. */
ASLRT_API enum aslrt_status aslrt_jsonata_eval(const struct aslrt_jsonata *program,
                                               const struct aslrt_jsonata_eval *eval,
                                               struct aslrt_arena *arena, struct aslrt_value *out,
                                               struct aslrt_expr_error *error);

/* ---- services ------------------------------------------------------------------------------- */

/* How a Task's Resource asks for an answer (the suffix of its ARN). */
enum aslrt_pattern {
    ASLRT_REQUEST, /* none: the answer of the call itself */
    ASLRT_SYNC,    /* .sync: when the job has run */
    ASLRT_SYNC2,   /* .sync:2: the same, with the output as JSON */
    ASLRT_TOKEN,   /* .waitForTaskToken: when somebody sends the token back */
};

/* One call of a service by a Task state.  Everything is borrowed for the length of the call. */
struct aslrt_call {
    const char *resource; /* the Task's Resource, as written */
    const char *service;  /* "dynamodb", "lambda", "states", ... */
    const char *action;   /* "putItem", "invoke", ... */
    bool sdk;             /* an aws-sdk integration: its errors and outputs are spelled otherwise */
    struct aslrt_value arguments;
    int64_t now_us;    /* microseconds since 1970, by the execution's clock */
    const char *state; /* name of the calling state */
    uint32_t attempt;  /* 0 for the first try of this visit to the state */
    enum aslrt_pattern pattern;
    struct aslrt_value credentials; /* undefined: none */
    const char *token; /* task token of a .waitForTaskToken call or an activity; else NULL */
};

/* What comes later of a call that was only begun: the answer to a task token, the end of a job, the
   work of an activity's worker. */
struct aslrt_completion {
    int64_t after_us;          /* after the call's own reply */
    bool heartbeat;            /* a sign of life, nothing else */
    struct aslrt_value result; /* when error is NULL and failed is false */
    bool failed;
    const char *error, *cause; /* of a failure; each may be NULL */
};

/* What came of it: a result, or an error name with a cause.  Lives in the arena of the call. */
struct aslrt_reply {
    struct aslrt_value result; /* when error is NULL */
    const char *error;         /* "DynamoDB.ConditionalCheckFailedException" */
    const char *cause;
    int64_t delay_us; /* how long the service took, in the execution's time */
    /* The call was only begun: `result` is the answer to that.  True by itself for a task token and
       for an activity, whose worker is named here once it has begun. */
    bool begun;
    const char *worker;
    const struct aslrt_completion *completions; /* in the order in which they come */
    uint32_t completion_count;
};

/* Something that answers calls: the embedded store, a mock, a function of the embedding program.
   `call` gives ASLRT_OK with a reply (a result or an error that the machine may catch);
   ASLRT_MISUSE when it does not know the service or the action; else what went wrong outside, in
   words in reply->cause if it has some. */
struct aslrt_service {
    void *self;
    enum aslrt_status (*call)(void *self, const struct aslrt_call *call, struct aslrt_arena *arena,
                              struct aslrt_reply *reply);
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

/* ---- the embedded store ----------------------------------------------------------------------
 */

/*
 * DynamoDB's data plane in the process: tables with indexes, the operations of the API with its
 * expressions, error types and messages.  One thread at a time.  What reads give is always
 * consistent.
 *
 * Time is the caller's (now_us).  It matters for `ttl` only: an item whose ttl attribute is a
 * number more than 48 hours and less than five years before it is gone, for reads, writes and
 * conditions alike; the service, too, deletes such items within days, at a time of its own choice.
 */
struct aslrt_store;

/* Opens an empty store in memory, on the account. */
ASLRT_API enum aslrt_status aslrt_store_memory(struct aslrt_memory *memory,
                                               struct aslrt_store **out);
/* Opens the store in a SQLite file, which is made when there is none (in libaslrt-io).  The process
   locks it.  A write that was answered is on the disk, whatever happens to the process afterwards.
   ASLRT_IO or ASLRT_FAILED: `why` says why the file can't be used. */
ASLRT_API enum aslrt_status aslrt_store_sqlite(struct aslrt_memory *memory, const char *path,
                                               struct aslrt_store **out, char *why,
                                               size_t why_room);
ASLRT_API void aslrt_store_close(struct aslrt_store *store); /* takes; NULL is nothing */

/* Makes a table.  One that exists keeps its items; its indexes become those of the definition.
   ASLRT_FAILED when it exists with another key, or the definition can't be (aslrt_store_problem
   says why); ASLRT_IO when the file fails. */
ASLRT_API enum aslrt_status aslrt_store_create_table(struct aslrt_store *store,
                                                     const struct aslrt_table_def *def);
/* What the last call that did not give ASLRT_OK has to say; "" when nothing is known. */
ASLRT_API const char *aslrt_store_problem(const struct aslrt_store *store);

/* The answer to a request: a result, or an error as the API reports it. */
struct aslrt_store_answer {
    struct aslrt_value result; /* when error is NULL */
    const char *error;         /* "ValidationException", "ConditionalCheckFailedException", ... */
    const char *message;
    struct aslrt_value detail; /* other members of the error's answer ("Item"), or undefined */
};

/* Performs one operation of the API ("PutItem") on its request, a JSON object.  Everything in the
   answer lives in `arena` and borrows from the request.  ASLRT_OK: there is an answer, be it a
   result or an error; ASLRT_MISUSE: no such operation; ASLRT_IO: the medium failed, nothing was
   changed. */
ASLRT_API enum aslrt_status aslrt_store_call(struct aslrt_store *store, const char *operation,
                                             struct aslrt_value request, int64_t now_us,
                                             struct aslrt_arena *arena,
                                             struct aslrt_store_answer *answer);

/* The store as a service of Step Functions: answers calls of "dynamodb", optimised and aws-sdk,
   with the error names, causes and outputs of each.  Lives as long as the store. */
ASLRT_API const struct aslrt_service *aslrt_store_service(struct aslrt_store *store);

/* ---- machines ------------------------------------------------------------------------------- */

/*
 * A machine is constant tables.  `aslc build` prints them as C, `aslc run` makes the same ones in
 * memory.  They are plain data: nothing in them changes while a machine runs, and one machine may
 * run in many programs and threads at once.
 *
 * Tables refer to each other by index.  Element 0 of every pool is a placeholder, so that 0
 * (ASLRT_NONE) says "none" and what an initialiser does not mention is absent.
 * The words are those of the Amazon States Language specification.
 */
#define ASLRT_FORMAT 1u /* of these tables; the loader refuses any other */
#define ASLRT_NONE   0u

struct aslrt_slice { /* elements [first, first + count) of a pool */
    uint32_t first;
    uint32_t count;
};

enum aslrt_machine_type { ASLRT_STANDARD, ASLRT_EXPRESS };
enum aslrt_query_language { ASLRT_JSONPATH, ASLRT_JSONATA };
enum aslrt_state_type {
    ASLRT_STATE_TASK,
    ASLRT_STATE_PASS,
    ASLRT_STATE_CHOICE,
    ASLRT_STATE_WAIT,
    ASLRT_STATE_SUCCEED,
    ASLRT_STATE_FAIL,
    ASLRT_STATE_PARALLEL,
    ASLRT_STATE_MAP,
};

struct aslrt_view;

/* Computes one node of a payload.  False: this function does not handle the values that it met (an
   array on a path, a missing value, a wrong type), and the engine asks the evaluator instead, which
   gives the same value wherever both give one, and the service's error elsewhere.  No side effects.
 */
typedef bool aslrt_compute(struct aslrt_view *view, struct aslrt_value *out);

enum aslrt_node_kind {
    ASLRT_NODE_NONE,
    ASLRT_NODE_CONSTANT,  /* text: JSON */
    ASLRT_NODE_JSONATA,   /* text: the expression between "{%" and "%}", without outer blanks */
    ASLRT_NODE_PATH,      /* text: a path; "$$" reads the context object, "$name" a variable */
    ASLRT_NODE_INTRINSIC, /* text: a call of an intrinsic function */
    ASLRT_NODE_OBJECT,    /* children: its members, each with a key */
    ASLRT_NODE_ARRAY,     /* children: its items */
};

/* A node of a payload template: Arguments, Output, Assign, Parameters, Condition, ... */
struct aslrt_node {
    enum aslrt_node_kind kind;
    const char *key; /* of a member of an object; without the ".$" of JSONPath's */
    const char *text;
    const char *field; /* of an expression: where it stands, as the service's messages say it */
    struct aslrt_slice children; /* into nodes */
    uint32_t variable;           /* of a member of an Assign: the slot that it sets */
    aslrt_compute *compute;      /* or NULL */
};

/* The comparison operators of a JSONPath Choice; ASLRT_TEST_AND, _OR and _NOT have children. */
enum aslrt_test_kind {
#define ASLRT_COMPARISONS(X)                                                                       \
    X(STRING_EQUALS, "StringEquals")                                                               \
    X(STRING_LESS, "StringLessThan")                                                               \
    X(STRING_GREATER, "StringGreaterThan")                                                         \
    X(STRING_LESS_EQUALS, "StringLessThanEquals")                                                  \
    X(STRING_GREATER_EQUALS, "StringGreaterThanEquals")                                            \
    X(STRING_MATCHES, "StringMatches")                                                             \
    X(NUMERIC_EQUALS, "NumericEquals")                                                             \
    X(NUMERIC_LESS, "NumericLessThan")                                                             \
    X(NUMERIC_GREATER, "NumericGreaterThan")                                                       \
    X(NUMERIC_LESS_EQUALS, "NumericLessThanEquals")                                                \
    X(NUMERIC_GREATER_EQUALS, "NumericGreaterThanEquals")                                          \
    X(BOOLEAN_EQUALS, "BooleanEquals")                                                             \
    X(TIMESTAMP_EQUALS, "TimestampEquals")                                                         \
    X(TIMESTAMP_LESS, "TimestampLessThan")                                                         \
    X(TIMESTAMP_GREATER, "TimestampGreaterThan")                                                   \
    X(TIMESTAMP_LESS_EQUALS, "TimestampLessThanEquals")                                            \
    X(TIMESTAMP_GREATER_EQUALS, "TimestampGreaterThanEquals")                                      \
    X(IS_NULL, "IsNull")                                                                           \
    X(IS_PRESENT, "IsPresent")                                                                     \
    X(IS_NUMERIC, "IsNumeric")                                                                     \
    X(IS_STRING, "IsString")                                                                       \
    X(IS_BOOLEAN, "IsBoolean")                                                                     \
    X(IS_TIMESTAMP, "IsTimestamp")
#define ASLRT_X(id, name) ASLRT_TEST_##id,
    ASLRT_COMPARISONS(ASLRT_X)
#undef ASLRT_X
        ASLRT_TEST_AND,
    ASLRT_TEST_OR,
    ASLRT_TEST_NOT,
};
struct aslrt_test {
    enum aslrt_test_kind kind;
    uint32_t variable;           /* node: the path of Variable */
    uint32_t operand;            /* node: a constant, or the path of a ...Path operator */
    struct aslrt_slice children; /* into tests */
};

struct aslrt_rule {          /* of a Choice */
    uint32_t condition;      /* node (JSONata) */
    uint32_t test;           /* (JSONPath) */
    uint32_t next;           /* state */
    uint32_t output, assign; /* nodes */
};
struct aslrt_retrier {
    struct aslrt_slice errors; /* into names */
    uint32_t interval_s;
    uint32_t max_attempts;
    double backoff;
    uint32_t max_delay_s; /* 0: none */
    bool full_jitter;
};
struct aslrt_catcher {
    struct aslrt_slice errors;
    uint32_t next;
    uint32_t output, assign; /* nodes */
    uint32_t result_path;    /* node (JSONPath); absent: "$" */
};

struct aslrt_state {
    const char *name;
    enum aslrt_state_type type;
    enum aslrt_query_language language;
    uint32_t scope;
    uint32_t next; /* ASLRT_NONE: End */

    /* Input and output, as nodes.  A path that was null is a constant: {} for InputPath and
       OutputPath, null for ResultPath. */
    uint32_t input_path, parameters, result_selector, result_path, output_path; /* JSONPath */
    uint32_t arguments, output;                                                 /* JSONata */
    uint32_t assign; /* an object whose members have slots */
    struct aslrt_slice retriers, catchers;

    /* Task */
    const char *resource; /* as written */
    const char *
        service; /* "dynamodb", "lambda"; "function" and "activity" for their ARNs; NULL: unknown */
    const char *action; /* "putItem"; NULL for a function or an activity */
    bool sdk;
    enum aslrt_pattern pattern;
    uint32_t timeout, heartbeat, credentials; /* nodes */

    /* Choice */
    struct aslrt_slice rules;
    uint32_t default_next;

    uint32_t seconds, timestamp; /* Wait: one of the two, a node */
    uint32_t result;             /* Pass: a constant */
    uint32_t error, cause;       /* Fail: nodes */

    /* Parallel: a scope a branch.  Map: one scope. */
    struct aslrt_slice scopes;
    bool distributed;
    const char *label;
    uint32_t items, item_selector, max_concurrency, tolerated_count,
        tolerated_percentage;    /* nodes */
    const char *reader, *writer; /* Resources of ItemReader and ResultWriter */
    uint32_t reader_arguments, reader_config, writer_arguments, writer_config; /* nodes */
    uint32_t reader_max_items; /* node: MaxItemsPath; MaxItems is in reader_config */
    uint32_t batch_items, batch_bytes, batch_input; /* nodes */
    bool express;                                   /* a distributed Map's ExecutionType */
};

/* A scope is a States block: of the machine (the first scope, index 1), of a branch, of a Map. */
struct aslrt_scope {
    uint32_t owner; /* the Parallel or Map state; ASLRT_NONE for the machine's */
    uint32_t start; /* state */
    struct aslrt_slice states;
    /* The variables that its states assign have the slots [variables_before, variables_before +
       variables.count); smaller slots are those of the scopes around it, unless it is isolated (a
       distributed Map's), where there are none. */
    struct aslrt_slice variables; /* into names */
    uint32_t variables_before;
};

struct aslrt_machine {
    uint32_t format; /* ASLRT_FORMAT */
    enum aslrt_machine_type type;
    const char *name;
    uint64_t hash;      /* of everything below; saved executions carry it */
    uint32_t timeout_s; /* TimeoutSeconds; 0: none */

    const struct aslrt_scope *scopes;
    const struct aslrt_state *states;
    const struct aslrt_node *nodes;
    const struct aslrt_rule *rules;
    const struct aslrt_test *tests;
    const struct aslrt_retrier *retriers;
    const struct aslrt_catcher *catchers;
    const char *const *names;
    const struct aslrt_table_def *tables; /* counted from 0: what an embedded store creates */
    /* Counts include the placeholder; a pool without elements may be NULL with a count of 0. */
    uint32_t scope_count, state_count, node_count, rule_count, test_count, retrier_count,
        catcher_count, name_count, table_count;
};

/* What an expression sees.  Generated functions read it; the engine fills it. */
struct aslrt_view {
    struct aslrt_arena *arena;           /* where new values go */
    const struct aslrt_value *variables; /* by slot; undefined: not assigned */
    struct aslrt_value input;            /* $states.input; in JSONPath what "$" means */
    struct aslrt_value result;           /* $states.result, or undefined */
    struct aslrt_value error_output;     /* $states.errorOutput, or undefined */
    struct aslrt_execution *execution; /* whose context object it is; NULL outside of executions */
    uint32_t frame;
};

/* ---- what generated functions are made of ---------------------------------------------------- */

/*
 * A generated function computes one payload of one state in straight lines and loops.  Where a
 * value is of a kind that it does not handle, it returns false and the evaluator takes over
 * (aslrt_compute); so the helpers below know only the common kinds.
 */

/* Items that a generated function goes over before it leaves the rest to the evaluator, which
   watches the clock. */
#define ASLRT_STEPS_MAX 100000u

/* A number as a double; its text is read in libaslrt. */
ASLRT_API ASLRT_PURE double aslrt_text_real(struct aslrt_value number);
static inline double aslrt_real(struct aslrt_value v)
{
    return v.kind == ASLRT_DOUBLE ? v.as.real : aslrt_text_real(v);
}
/* The member of that name; undefined of what is no object. */
static inline struct aslrt_value aslrt_child(struct aslrt_value v, const char *key,
                                             uint32_t key_count)
{
    if (v.kind != ASLRT_OBJECT)
        return aslrt_undefined();
    if (v.count > 12)
        return aslrt_get(v, key, key_count);
    for (uint32_t i = 0; i < v.count; i++) {
        struct aslrt_value k = v.as.members[i].key;
        if (k.count == key_count && memcmp(k.as.bytes, key, key_count) == 0)
            return v.as.members[i].value;
    }
    return aslrt_undefined();
}
/* A step of a path that is expected to meet no array: false when it does. */
static inline bool aslrt_into(struct aslrt_value *v, const char *key, uint32_t key_count)
{
    bool array = v->kind == ASLRT_ARRAY;
    *v = aslrt_child(*v, key, key_count);
    return !array;
}
/* What a step, or a function, goes over: the items of an array, nothing of undefined, else the
   value itself. */
static inline const struct aslrt_value *aslrt_each(const struct aslrt_value *v, uint32_t *count)
{
    *count = v->kind == ASLRT_ARRAY ? v->count : v->kind != ASLRT_UNDEFINED;
    return v->kind == ASLRT_ARRAY ? v->as.items : v;
}
/* The same for a predicate, which is asked about undefined, too. */
static inline const struct aslrt_value *aslrt_each_one(const struct aslrt_value *v, uint32_t *count)
{
    *count = v->kind == ASLRT_ARRAY ? v->count : 1;
    return v->kind == ASLRT_ARRAY ? v->as.items : v;
}
/* [index] behind a step; from the end where it is negative. */
static inline struct aslrt_value aslrt_at(struct aslrt_value v, int64_t index)
{
    int64_t count = v.kind == ASLRT_ARRAY ? (int64_t)v.count : 1;
    if (index < 0)
        index += count;
    if (index < 0 || index >= count)
        return aslrt_undefined();
    return v.kind == ASLRT_ARRAY ? v.as.items[index] : v;
}
/* What a path has found, or a function collected. */
struct aslrt_found {
    struct aslrt_value *items;
    uint32_t count, room;
    uint32_t results; /* of the last step; the first of them stands in `first` alone */
    struct aslrt_value first;
};
ASLRT_API void aslrt_found_grow(struct aslrt_view *view, struct aslrt_found *list, uint32_t more);
/* Puts a value, or the items of an array, behind the others. */
static inline void aslrt_found_put(struct aslrt_view *view, struct aslrt_found *list,
                                   struct aslrt_value v)
{
    uint32_t count;
    const struct aslrt_value *items = aslrt_each(&v, &count);
    if (count > list->room - list->count)
        aslrt_found_grow(view, list, count);
    for (uint32_t i = 0; i < count; i++)
        list->items[list->count++] = items[i];
}
/* Puts a value, be it an array, or nothing where it is undefined. */
static inline void aslrt_found_put_one(struct aslrt_view *view, struct aslrt_found *list,
                                       struct aslrt_value v)
{
    if (v.kind == ASLRT_UNDEFINED)
        return;
    if (list->count == list->room)
        aslrt_found_grow(view, list, 1);
    list->items[list->count++] = v;
}
/* One more result of the last step. */
static inline void aslrt_found_add(struct aslrt_view *view, struct aslrt_found *list,
                                   struct aslrt_value v)
{
    if (v.kind == ASLRT_UNDEFINED)
        return;
    if (list->results++ == 0) {
        list->first = v;
        return;
    }
    if (list->results == 2)
        aslrt_found_put(view, list, list->first);
    aslrt_found_put(view, list, v);
}
/* A result that holds nothing, but is one: [3] of an array of two. */
static inline void aslrt_found_empty(struct aslrt_found *list)
{
    if (list->results++ == 0)
        list->first = aslrt_undefined();
}
/* The rules of sequences: none is undefined, one is itself. */
static inline struct aslrt_value aslrt_found_value(const struct aslrt_found *list)
{
    if (list->results <= 1)
        return list->results == 0 ? aslrt_undefined() : list->first;
    if (list->count <= 1)
        return list->count == 0 ? aslrt_undefined() : list->items[0];
    return aslrt_array(list->items, list->count);
}
/* The truth of a value as JSONata casts it: of a boolean, a string, a number, null, or nothing. */
static inline bool aslrt_truth(struct aslrt_value v, bool *truth)
{
    switch (v.kind) {
    case ASLRT_BOOL:
        *truth = v.as.boolean;
        return true;
    case ASLRT_UNDEFINED:
    case ASLRT_NULL:
        *truth = false;
        return true;
    case ASLRT_STRING:
        *truth = v.count != 0;
        return true;
    case ASLRT_INT:
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
        *truth = aslrt_real(v) != 0;
        return true;
    default:
        return false;
    }
}
/* Whether a predicate that gave `answer` keeps the item.  An answer that is a number is an index.
 */
static inline bool aslrt_keeps(struct aslrt_value answer, struct aslrt_value item, bool *keeps)
{
    if (answer.kind == ASLRT_BOOL)
        *keeps = answer.as.boolean;
    else if (aslrt_is_number(answer) || !aslrt_truth(answer, keeps))
        return false;
    return !*keeps || item.kind != ASLRT_UNDEFINED;
}
/* a = b of two values, one of which may be missing; not of arrays and objects. */
static inline bool aslrt_same(struct aslrt_value a, struct aslrt_value b, bool *same)
{
    if (a.kind >= ASLRT_ARRAY || b.kind >= ASLRT_ARRAY)
        return false;
    if (aslrt_is_number(a) && aslrt_is_number(b))
        *same = aslrt_real(a) == aslrt_real(b);
    else if (a.kind != b.kind || a.kind == ASLRT_UNDEFINED)
        *same = false;
    else if (a.kind == ASLRT_STRING)
        *same = a.count == b.count && memcmp(a.as.bytes, b.as.bytes, a.count) == 0;
    else
        *same = a.kind == ASLRT_NULL || a.as.boolean == b.as.boolean;
    return true;
}
/* The operands of arithmetic and of an order; *both is false, and so the result undefined, where
   one of them is missing. */
static inline bool aslrt_operands(struct aslrt_value a, struct aslrt_value b, double *x, double *y,
                                  bool *both)
{
    bool have_a = aslrt_is_number(a), have_b = aslrt_is_number(b);
    if ((!have_a && a.kind != ASLRT_UNDEFINED) || (!have_b && b.kind != ASLRT_UNDEFINED))
        return false;
    *both = have_a && have_b;
    *x = *both ? aslrt_real(a) : 0;
    *y = *both ? aslrt_real(b) : 0;
    return true;
}
/* $sum of numbers. */
static inline bool aslrt_sum(struct aslrt_value v, struct aslrt_value *out)
{
    uint32_t count;
    const struct aslrt_value *items = aslrt_each(&v, &count);
    double total = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!aslrt_is_number(items[i]))
            return false;
        total += aslrt_real(items[i]);
    }
    *out = v.kind == ASLRT_UNDEFINED ? v : aslrt_double(total);
    return total - total == 0;
}
/* The result of arithmetic; what is not finite is the evaluator's business. */
static inline bool aslrt_finite(double d, struct aslrt_value *out)
{
    *out = aslrt_double(d);
    return d - d == 0;
}
/* Room for `count` members or items of a new object or array. */
ASLRT_API struct aslrt_member *aslrt_new_members(struct aslrt_view *view, uint32_t count);
ASLRT_API struct aslrt_value *aslrt_new_items(struct aslrt_view *view, uint32_t count);
/* The parts one behind the other, JSONata's &: strings, small integers, booleans, null, nothing. */
ASLRT_API bool aslrt_concat(struct aslrt_view *view, const struct aslrt_value *parts,
                            uint32_t count, struct aslrt_value *out);

/* ---- running machines -------------------------------------------------------------------------
 */

struct aslrt_program;   /* a loaded machine: expressions compiled once; read-only, shared */
struct aslrt_execution; /* one execution at a time, reusable */

/* Why a machine can't be loaded. */
struct aslrt_load_error {
    uint32_t state; /* where, or ASLRT_NONE */
    const char *field;
    char message[200];
};

/* Loads a machine, which must outlive the program (borrowed).  ASLRT_FAILED with *error (which may
   be NULL) when its format is another, or an expression does not compile.  Gives the program. */
ASLRT_API enum aslrt_status aslrt_load(struct aslrt_memory *memory,
                                       const struct aslrt_machine *machine,
                                       struct aslrt_program **out, struct aslrt_load_error *error);
/* Every execution of the program must have been closed before. */
ASLRT_API void aslrt_unload(struct aslrt_program *program); /* takes */

/* What executions take of a machine: each thing has a counter, by its index in the tables. */
enum aslrt_covered {
    ASLRT_COVERED_STATES,   /* entered */
    ASLRT_COVERED_NEXT,     /* of a state: left by Next, by Default, or to the end of its scope */
    ASLRT_COVERED_RULES,    /* of a Choice: taken */
    ASLRT_COVERED_RETRIERS, /* tried again */
    ASLRT_COVERED_CATCHERS, /* taken */
    ASLRT_COVERED_KINDS,
};
struct aslrt_coverage {
    const struct aslrt_machine *machine; /* executions of another one are not counted */
    uint64_t hash;
    const char *name;
    uint64_t runs;
    uint64_t *taken[ASLRT_COVERED_KINDS];
    uint32_t counts[ASLRT_COVERED_KINDS]; /* of counters, the placeholder among them */
};

/* Counters of a machine, all 0, in `arena`; the machine is borrowed. */
ASLRT_API enum aslrt_status aslrt_coverage_new(struct aslrt_arena *arena,
                                               const struct aslrt_machine *machine,
                                               struct aslrt_coverage **out);
/* Adds what the file knows of the machines of the list to their counters; a file that isn't there
   knows nothing.  ASLRT_FAILED with the reason in words: it can't be read, is no such file, or
   knows machines but none of these, unless `any` machine may stand in it. */
ASLRT_API enum aslrt_status aslrt_coverage_load(struct aslrt_memory *memory, const char *path,
                                                struct aslrt_coverage *const *list, uint32_t count,
                                                bool any, char *why, size_t why_room);
/* The same, and then writes the sums into the file, which appears whole or not at all.  Several
   processes may do so at the same time: each waits for FILE.lock, up to five seconds.  Call it
   once for a set of counters. */
ASLRT_API enum aslrt_status aslrt_coverage_save(struct aslrt_memory *memory, const char *path,
                                                struct aslrt_coverage *const *list, uint32_t count,
                                                bool any, char *why, size_t why_room);

/* Where executions get what isn't in their machine: time, chance, names, services.  The same seed,
   clock and replies give the same bytes.  Zeroes are good defaults. */
struct aslrt_env {
    uint64_t seed;
    int64_t start_us;  /* the clock at the start, in microseconds since 1970; 0:
                          2026-01-01T00:00:00Z.  Ignored in real time. */
    bool real_time;    /* waits and delays are slept through, the clock is the wall's */
    double time_scale; /* in real time: seconds of the machine in one second; 0 means 1 */
    const struct aslrt_service *const *services; /* asked in this order until one knows the call */
    uint32_t service_count;
    const char *partition, *region, *account,
        *role_arn;                   /* NULL: aws, us-east-1, 123456789012, ... */
    const char *machine_name;        /* NULL: the machine's own */
    bool history;                    /* keep the events of aslrt_history */
    struct aslrt_coverage *coverage; /* counts what is taken; or NULL */
    uint64_t max_events; /* 0: the service's 25,000 for Standard machines, none for Express */
};

enum aslrt_run_status {
    ASLRT_RUNNING,
    ASLRT_SUCCEEDED,
    ASLRT_RUN_FAILED,
    ASLRT_TIMED_OUT,
    ASLRT_ABORTED,
};

/* How an execution ended.  Values live until the execution is started again or closed. */
struct aslrt_outcome {
    enum aslrt_run_status status;
    struct aslrt_value output; /* undefined unless it succeeded */
    struct aslrt_value error;  /* a string, or undefined */
    struct aslrt_value cause;  /* a string, or undefined */
    int64_t start_us, stop_us;
};

/* What an execution wants from outside. */
enum aslrt_effect_kind {
    ASLRT_EFFECT_TASK, /* make this call, then aslrt_task_succeed or aslrt_task_fail */
    ASLRT_EFFECT_WAIT, /* nothing happens before until_us: aslrt_wait_over, or a task's reply */
    ASLRT_EFFECT_END,  /* it is over: see outcome */
};
struct aslrt_effect {
    enum aslrt_effect_kind kind;
    uint32_t frame;               /* TASK: whose call it is, for the reply */
    struct aslrt_call call;       /* TASK: borrowed until the next call on this execution */
    int64_t deadline_us;          /* TASK: when it times out; INT64_MAX: never */
    int64_t until_us;             /* WAIT: INT64_MAX when only a task's reply can go on */
    struct aslrt_outcome outcome; /* END */
};

/* Opens an execution of the program in that environment (both borrowed; the environment may change
   between executions).  NULL without memory. */
ASLRT_API struct aslrt_execution *aslrt_execution_open(struct aslrt_program *program,
                                                       const struct aslrt_env *env);
ASLRT_API void aslrt_execution_close(struct aslrt_execution *execution); /* takes */

/* Starts it, or starts it again.  The input is borrowed and must outlive the execution's end.
   `name` NULL: one is made from the seed. */
ASLRT_API enum aslrt_status aslrt_start(struct aslrt_execution *execution, struct aslrt_value input,
                                        const char *name);
/* Runs until something outside is needed.  Never calls a service, never sleeps. */
ASLRT_API enum aslrt_status aslrt_step(struct aslrt_execution *execution,
                                       struct aslrt_effect *effect);
/* The reply to a TASK effect, which took delay_us of the execution's time (copied).  A reply later
   than the Task's timeout is a timeout.  ASLRT_MISUSE when that frame waits for none. */
ASLRT_API enum aslrt_status aslrt_task_succeed(struct aslrt_execution *execution, uint32_t frame,
                                               struct aslrt_value result, int64_t delay_us);
/* `error` and `cause` may be NULL. */
ASLRT_API enum aslrt_status aslrt_task_fail(struct aslrt_execution *execution, uint32_t frame,
                                            const char *error, const char *cause, int64_t delay_us);
/* The call was begun, and its reply comes later: for a task token, a job, an activity (`worker`:
   who has taken it, or NULL).  `result` and the completions are copied; more may come through
   aslrt_task_succeed and aslrt_task_fail. */
ASLRT_API enum aslrt_status aslrt_task_begun(struct aslrt_execution *execution, uint32_t frame,
                                             const struct aslrt_reply *reply);
/* A sign of life from whoever works on the task. */
ASLRT_API enum aslrt_status aslrt_task_heartbeat(struct aslrt_execution *execution, uint32_t frame);
/* The frame whose task has that token; 0: none. */
ASLRT_API uint32_t aslrt_find_token(const struct aslrt_execution *execution, const char *token);
/* Sets the clock to now_us (never back) after a WAIT effect. */
ASLRT_API enum aslrt_status aslrt_wait_over(struct aslrt_execution *execution, int64_t now_us);

/* Starts the execution and performs every effect until the end: calls go to the environment's
   services, waits pass in virtual or in real time.  ASLRT_OK whatever the execution's end;
   ASLRT_MISUSE when no service knows a call (aslrt_problem says which). */
ASLRT_API enum aslrt_status aslrt_run(struct aslrt_execution *execution, struct aslrt_value input,
                                      const char *name, struct aslrt_outcome *outcome);
/* The same from a JSON text, which must outlive the outcome; ASLRT_SYNTAX when it is none. */
ASLRT_API enum aslrt_status aslrt_run_text(struct aslrt_execution *execution, const char *text,
                                           size_t count, struct aslrt_outcome *outcome);
/* What stopped the last call on this execution that did not give ASLRT_OK; "" when nothing is
   known. Valid until the next call. */
ASLRT_API const char *aslrt_problem(const struct aslrt_execution *execution);

/* The events so far as GetExecutionHistory gives them: an array of objects, in `arena`.  Empty
   unless the environment asked for history. */
ASLRT_API enum aslrt_status aslrt_history(struct aslrt_execution *execution,
                                          struct aslrt_arena *arena, struct aslrt_value *out);
/* The outcome as one line of JSON without a newline, {"status","output"} or {"status","error",
   "cause"}, with "history" when the environment asked for it.  In the execution's memory. */
ASLRT_API enum aslrt_status aslrt_outcome_json(struct aslrt_execution *execution,
                                               const struct aslrt_outcome *outcome,
                                               const char **text, size_t *count);

/* "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED" or "RUNNING". */
ASLRT_API const char *aslrt_run_status_name(enum aslrt_run_status status);

/* The main function of a generated program: reads executions' inputs on standard input, runs them
   on a fresh in-memory store, prints the outcomes.  Gives the exit code. */
ASLRT_API int aslrt_native_main(int argc, char **argv, const struct aslrt_machine *machine);

#ifdef __cplusplus
}
#endif

#endif
