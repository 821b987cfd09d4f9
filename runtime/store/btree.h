/*
 * btree.h - records ordered by their keys: the index of the memory backend.
 *
 * A tree of nodes with up to 64 entries.  An entry is the first record of what is below it, and the
 * first eight bytes of that record's key, so that a search seldom looks at a record.  Leaves have
 * records, inner nodes have children as well.
 *
 * Ownership: nodes belong to the tree and come from the account (no escapes: a failed allocation is
 * reported and leaves the tree as it was).  Records belong to the caller; the tree keeps pointers.
 */
#ifndef ASLRT_BTREE_H
#define ASLRT_BTREE_H

#include "runtime/ddb/attribute.h"

struct aslrt_record {
    uint32_t key_count;
    uint32_t value_count;
    uint8_t bytes[]; /* key, then value */
};
static inline struct aslrt_bytes aslrt_record_key(const struct aslrt_record *r)
{
    struct aslrt_bytes key = {r->bytes, r->key_count};
    return key;
}
static inline struct aslrt_bytes aslrt_record_value(const struct aslrt_record *r)
{
    struct aslrt_bytes value = {r->bytes + r->key_count, r->value_count};
    return value;
}

struct aslrt_btree_node;

struct aslrt_btree {
    struct aslrt_memory *memory;
    struct aslrt_btree_node *root; /* NULL: empty */
};

/* The record with that key, or NULL. */
struct aslrt_record *aslrt_btree_find(const struct aslrt_btree *tree, struct aslrt_bytes key);
/* Puts the record in.  *old is the record of the same key that it replaces, or NULL.  False without
   memory; replacing a record never needs any. */
bool aslrt_btree_put(struct aslrt_btree *tree, struct aslrt_record *record,
                     struct aslrt_record **old);
/* Takes the record with that key out and gives it, or NULL. */
struct aslrt_record *aslrt_btree_remove(struct aslrt_btree *tree, struct aslrt_bytes key);
/* Frees the nodes, and each record through `release`. */
void aslrt_btree_clear(struct aslrt_btree *tree,
                       void (*release)(struct aslrt_memory *memory, struct aslrt_record *record));

enum { ASLRT_BTREE_HEIGHT_MAX = 16 };

/* A place in the tree.  It is void as soon as the tree changes. */
struct aslrt_btree_walk {
    struct {
        struct aslrt_btree_node *node;
        uint32_t at;
    } path[ASLRT_BTREE_HEIGHT_MAX];
    uint32_t depth; /* 0: at the end */
};
/* Stands on the first record whose key is not less than `from`. */
void aslrt_btree_seek(const struct aslrt_btree *tree, struct aslrt_bytes from,
                      struct aslrt_btree_walk *walk);
/* Stands on the last record whose key is less than `below`; on the last of all when below.at is
   NULL. */
void aslrt_btree_seek_last(const struct aslrt_btree *tree, struct aslrt_bytes below,
                           struct aslrt_btree_walk *walk);
/* The record where the walk stands, or NULL at the end. */
struct aslrt_record *aslrt_btree_here(const struct aslrt_btree_walk *walk);
void aslrt_btree_forward(struct aslrt_btree_walk *walk);
void aslrt_btree_backward(struct aslrt_btree_walk *walk);

#endif
