/*
 * keys.h - the keys under which items and index entries stand in a backend.
 *
 *     hash of the partition key (8 bytes) | its length (2) | its bytes
 *     [ bytes of the sort key, escaped | 00 01 ]
 *     [ key of the item in its table ]               in an index only
 *
 * In the escaped sort key 00 is 00 FF, so that no sort key is the beginning of another one and the
 * order under memcmp is that of the sort keys.  A partition is one run of keys, in the order of its
 * sort keys; partitions follow each other by hash, which is the order of a Scan.  The hash is the
 * same everywhere and always: databases on disk and the order of results depend on it.
 *
 * Numbers stand in their key form (decimal.h).  All keys are made in the arena given.
 */
#ifndef ASLRT_KEYS_H
#define ASLRT_KEYS_H

#include "runtime/store/backend.h"

/* The key of an entry: of an item (`item` empty) or of an index's entry for the item with that key.
   `sort` is missing where the schema has none. */
struct aslrt_bytes aslrt_key_of(struct aslrt_arena *arena, struct aslrt_attr partition,
                                struct aslrt_attr sort, struct aslrt_bytes item);

/* The item's key at the end of an index entry's key; .at is NULL when the bytes are no such key. */
struct aslrt_bytes aslrt_key_item(struct aslrt_bytes entry, bool sorted);

/* Where a sort key condition's range begins or ends. */
enum aslrt_key_bound {
    ASLRT_KEY_AT,     /* before all entries with this sort key */
    ASLRT_KEY_AFTER,  /* behind all entries with this sort key */
    ASLRT_KEY_PREFIX, /* before all sort keys that begin with these bytes */
    ASLRT_KEY_PAST,   /* behind all sort keys that begin with these bytes */
};
struct aslrt_bytes aslrt_key_bound(struct aslrt_arena *arena, struct aslrt_attr partition,
                                   struct aslrt_attr sort, enum aslrt_key_bound bound);
/* The partition's beginning and end. */
struct aslrt_bytes aslrt_key_partition(struct aslrt_arena *arena, struct aslrt_attr partition);
struct aslrt_bytes aslrt_key_partition_end(struct aslrt_arena *arena, struct aslrt_attr partition);

/* The key that comes directly after this one. */
struct aslrt_bytes aslrt_key_next(struct aslrt_arena *arena, struct aslrt_bytes key);

/* Where segment `segment` of `total` of a Scan begins; .at is NULL for segment 0, and for the end
   behind the last one. */
struct aslrt_bytes aslrt_key_segment(struct aslrt_arena *arena, uint32_t segment, uint32_t total);

#endif
