/*
 * backend.h - what the store needs from below: ordered bytes by space and key.
 *
 * A space is a set of entries (key → value) in the order of memcmp; spaces are numbered from 0 and
 * need no making.  Space 0 is the store's catalog of tables, every table and every index has one of
 * its own.  A backend knows nothing of items.
 *
 * Ownership: keys and values that a backend gives are its own and valid until the next call on it.
 * Errors: ASLRT_OK; ASLRT_NOMEM or ASLRT_LIMIT of the account; ASLRT_IO when the medium fails.  No
 * function of a backend escapes (arena.h), and after a failure nothing of a change is to be seen.
 */
#ifndef ASLRT_BACKEND_H
#define ASLRT_BACKEND_H

#include "runtime/ddb/attribute.h"

/* One entry to put, or to remove where value.at is NULL.  No two changes of one call have the same
   space and key. */
struct aslrt_change {
    uint32_t space;
    struct aslrt_bytes key;
    struct aslrt_bytes value;
    void *backend; /* for the backend's use while it applies the change */
};

/* The keys from `low` up to, and without, `high` (high.at NULL: to the end), ascending or not. */
struct aslrt_range {
    struct aslrt_bytes low;
    struct aslrt_bytes high;
    bool backward;
};

struct aslrt_backend {
    /* value->at is NULL where there is no such entry. */
    enum aslrt_status (*get)(void *self, uint32_t space, struct aslrt_bytes key,
                             struct aslrt_bytes *value);
    /* All of the changes or none; when it returns they are as durable as the backend makes them.
       Keys and values are the caller's, none of them what `get` or `next` gave. */
    enum aslrt_status (*apply)(void *self, struct aslrt_change *changes, uint32_t count);
    /* Starts the one walk that a backend has; `next` gives its entries, key->at NULL at the end.
       Calls of `get` may come between, changes may not. */
    enum aslrt_status (*walk)(void *self, uint32_t space, const struct aslrt_range *range);
    enum aslrt_status (*next)(void *self, struct aslrt_bytes *key, struct aslrt_bytes *value);
    /* Ends the walk, if there is one.  Called after every request, however it ended. */
    void (*rest)(void *self);
    void (*close)(void *self);
    /* What the last call that failed has to say; NULL: such a backend doesn't fail. */
    const char *(*problem)(const void *self);
    bool outside; /* values come from outside the process, and may be damaged */
};

#endif
