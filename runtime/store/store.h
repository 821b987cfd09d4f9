/*
 * store.h - the embedded store: tables over a backend, and the operations of the DynamoDB API.
 *
 * The core is one function, aslrt_store_request (include/aslc/runtime.h): the name of an operation
 * and its JSON request in, its JSON answer or an error type and message out.  The Step Functions
 * adapter (service.c) is a thin shell over it, as an HTTP front would be.
 *
 * What is where: table.c makes and finds tables, schema.c describes them, entry.c reads and changes
 * items with their index entries, request.c reads requests; one file a family of operations, listed
 * in operations.def; keys.c and backend.h are below.
 *
 * Ownership: a store belongs to one thread at a time.  Tables live in the store's own arena until
 * it is closed; what a request needs lives in an arena on the account of the caller's arena.
 */
#ifndef ASLRT_STORE_H
#define ASLRT_STORE_H

#include "runtime/ddb/wire.h"
#include "runtime/store/backend.h"

/* An attribute that is a key: its name and type (S, N or B). name.at is NULL where there is none.
 */
struct aslrt_store_key {
    struct aslrt_bytes name;
    enum aslrt_attr_type type;
};

/* A table or one of its indexes: what Query and Scan can read. */
struct aslrt_store_index {
    const char *name; /* of the index; NULL for the table itself */
    uint32_t space;
    struct aslrt_store_key key;
    struct aslrt_store_key sort;
    bool all; /* carries every attribute; else `project` beside the keys */
    const struct aslrt_bytes *project;
    uint32_t project_count;
};

struct aslrt_store_table {
    const char *name;
    struct aslrt_store_index base;
    struct aslrt_store_index *indexes;
    uint32_t index_count;
    struct aslrt_bytes ttl; /* .at is NULL: items never expire */
    struct aslrt_store_table *next;
};

struct aslrt_store {
    struct aslrt_memory *memory;
    struct aslrt_arena tables_arena;
    const struct aslrt_backend *backend;
    void *self; /* the backend's */
    struct aslrt_store_table *tables;
    uint32_t next_space;
    uint64_t
        requests; /* answered by the Step Functions adapter so far: what its request ids count */
    struct aslrt_service service;
    char problem[200]; /* see aslrt_store_problem */
};

/* One request while it is worked on. */
struct aslrt_store_request {
    struct aslrt_ddb ddb;
    struct aslrt_store *store;
    struct aslrt_value json; /* an object */
    int64_t now_us;
    /* Broken constraints of parameters, joined as the service joins them (see request.c). */
    struct aslrt_buffer broken;
    uint32_t broken_count;
    struct aslrt_value detail; /* members of an error's answer beside type and message */
};

/* Opens a store over an opened backend, which it takes, and reads the catalog of tables.  (Exported
   for libaslrt-io.) */
ASLRT_API enum aslrt_status aslrt_store_open_on(struct aslrt_memory *memory,
                                                const struct aslrt_backend *backend, void *self,
                                                struct aslrt_store **out);

/* The table, or a ResourceNotFoundException. */
const struct aslrt_store_table *aslrt_table_find(struct aslrt_store_request *rq,
                                                 struct aslrt_bytes name);
/* The index of that name, or NULL. */
const struct aslrt_store_index *aslrt_table_index(const struct aslrt_store_table *table,
                                                  struct aslrt_bytes name);

/* The operations; each gives its answer, and leaves through aslrt_ddb_fail when it fails. */
#define ASLRT_OPERATION(name, function) struct aslrt_value function(struct aslrt_store_request *rq);
#include "runtime/store/operations.def"
#undef ASLRT_OPERATION

#endif
