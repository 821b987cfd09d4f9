/*
 * entry.h - items and their index entries: reading and changing them through the backend.
 *
 * Everything that a request needs lives in its scratch arena.  A backend that fails ends the
 * request.
 */
#ifndef ASLRT_ENTRY_H
#define ASLRT_ENTRY_H

#include "runtime/store/store.h"

/* Leaves the request with the status of a backend that failed; does nothing when it is ASLRT_OK. */
void aslrt_store_check(struct aslrt_store_request *rq, enum aslrt_status status);

/* True when the item has expired and is therefore gone (see ttl in include/aslc/runtime.h). */
bool aslrt_item_expired(const struct aslrt_store_table *table, struct aslrt_attr item,
                        int64_t now_us);

/* A value of the backend as an item.  Ends the request when a file gave bytes that are none. */
struct aslrt_attr aslrt_item_of(struct aslrt_store_request *rq, struct aslrt_bytes value);

/* The item with that key, or missing.  Valid until the next call on the backend. */
struct aslrt_attr aslrt_item_get(struct aslrt_store_request *rq,
                                 const struct aslrt_store_table *table, struct aslrt_bytes key);
/* Puts `item` (missing: removes the item) where `old` stands (missing: nothing does), in the table
   and in its indexes, as one change. */
void aslrt_item_set(struct aslrt_store_request *rq, const struct aslrt_store_table *table,
                    struct aslrt_bytes key, struct aslrt_attr old, struct aslrt_attr item);

/* The key of the item's entry in the index; .at is NULL when the item has none. */
struct aslrt_bytes aslrt_entry_key(struct aslrt_arena *arena, const struct aslrt_store_index *index,
                                   struct aslrt_bytes key, struct aslrt_attr item);

#endif
