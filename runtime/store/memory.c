/*
 * memory.c - spaces as B-trees of records; see backend.h.
 *
 * A record is one allocation of exactly its size and is freed when it is replaced or removed, so
 * that memory stays flat however often items are overwritten.
 *
 * Invariant: a call of `apply` allocates everything first and changes afterwards: puts that fail
 * are undone by replacing and removing, which need no memory, and removals come last.
 */
#include "runtime/store/memory.h"
#include "runtime/store/btree.h"

struct memory_backend {
    struct aslrt_memory *memory;
    struct aslrt_btree *spaces;
    uint32_t space_count;
    struct aslrt_btree_walk walk;
    struct aslrt_bytes low; /* where a backward walk ends; borrowed from the range */
    struct aslrt_bytes high;
    bool backward;
};

void *aslrt_memory_backend_open(struct aslrt_memory *memory)
{
    struct memory_backend *b = aslrt_memory_resize(memory, NULL, 0, sizeof *b);
    if (b != NULL)
        *b = (struct memory_backend){.memory = memory};
    return b;
}

static void free_record(struct aslrt_memory *memory, struct aslrt_record *r)
{
    aslrt_memory_resize(memory, r, sizeof *r + r->key_count + r->value_count, 0);
}

static void close_backend(void *self)
{
    struct memory_backend *b = self;
    for (uint32_t i = 0; i < b->space_count; i++)
        aslrt_btree_clear(&b->spaces[i], free_record);
    aslrt_memory_resize(b->memory, b->spaces, b->space_count * sizeof *b->spaces, 0);
    aslrt_memory_resize(b->memory, b, sizeof *b, 0);
}

/* The space's tree, made when it is first needed; NULL without memory. */
static struct aslrt_btree *space_of(struct memory_backend *b, uint32_t space)
{
    if (space >= b->space_count) {
        uint32_t count = space + 1 < 8 ? 8 : 2 * space;
        struct aslrt_btree *more = aslrt_memory_resize(
            b->memory, b->spaces, b->space_count * sizeof *more, count * sizeof *more);
        if (more == NULL)
            return NULL;
        for (uint32_t i = b->space_count; i < count; i++)
            more[i] = (struct aslrt_btree){b->memory, NULL};
        b->spaces = more;
        b->space_count = count;
    }
    return &b->spaces[space];
}

static struct aslrt_record *make_record(struct memory_backend *b, const struct aslrt_change *c)
{
    struct aslrt_record *r = aslrt_memory_resize(
        b->memory, NULL, 0, sizeof *r + (size_t)c->key.count + (size_t)c->value.count);
    if (r == NULL)
        return NULL;
    r->key_count = c->key.count;
    r->value_count = c->value.count;
    memcpy(r->bytes, c->key.at, c->key.count);
    if (c->value.count != 0)
        memcpy(r->bytes + c->key.count, c->value.at, c->value.count);
    return r;
}

static enum aslrt_status get(void *self, uint32_t space, struct aslrt_bytes key,
                             struct aslrt_bytes *value)
{
    struct memory_backend *b = self;
    const struct aslrt_record *r =
        space < b->space_count ? aslrt_btree_find(&b->spaces[space], key) : NULL;
    *value = r == NULL ? (struct aslrt_bytes){NULL, 0} : aslrt_record_value(r);
    return ASLRT_OK;
}

/* Puts one entry in; change->backend becomes the record that it replaced. */
static bool put(struct memory_backend *b, struct aslrt_change *c)
{
    struct aslrt_record *old = NULL;
    struct aslrt_btree *tree = space_of(b, c->space);
    struct aslrt_record *r = tree == NULL ? NULL : make_record(b, c);
    if (r == NULL)
        return false;
    if (!aslrt_btree_put(tree, r, &old)) {
        free_record(b->memory, r);
        return false;
    }
    c->backend = old;
    return true;
}

static void undo_put(struct memory_backend *b, const struct aslrt_change *c)
{
    struct aslrt_btree *tree = &b->spaces[c->space];
    struct aslrt_record *old = c->backend, *gone = NULL;
    if (old == NULL)
        gone = aslrt_btree_remove(tree, c->key);
    else
        aslrt_btree_put(tree, old, &gone); /* replaces, so it can't fail */
    free_record(b->memory, gone);
}

static enum aslrt_status apply(void *self, struct aslrt_change *changes, uint32_t count)
{
    struct memory_backend *b = self;
    for (uint32_t i = 0; i < count; i++) {
        if (changes[i].value.at == NULL || put(b, &changes[i]))
            continue;
        while (i-- > 0) {
            if (changes[i].value.at != NULL)
                undo_put(b, &changes[i]);
        }
        return ASLRT_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct aslrt_record *gone = changes[i].backend;
        if (changes[i].value.at == NULL)
            gone = changes[i].space < b->space_count
                       ? aslrt_btree_remove(&b->spaces[changes[i].space], changes[i].key)
                       : NULL;
        if (gone != NULL)
            free_record(b->memory, gone);
    }
    return ASLRT_OK;
}

static enum aslrt_status walk(void *self, uint32_t space, const struct aslrt_range *range)
{
    struct memory_backend *b = self;
    b->backward = range->backward;
    b->low = range->low;
    b->high = range->high;
    b->walk.depth = 0;
    if (space >= b->space_count)
        return ASLRT_OK;
    if (range->backward)
        aslrt_btree_seek_last(&b->spaces[space], range->high, &b->walk);
    else
        aslrt_btree_seek(&b->spaces[space], range->low, &b->walk);
    return ASLRT_OK;
}

static enum aslrt_status next(void *self, struct aslrt_bytes *key, struct aslrt_bytes *value)
{
    struct memory_backend *b = self;
    const struct aslrt_record *r = aslrt_btree_here(&b->walk);
    *key = (struct aslrt_bytes){NULL, 0};
    *value = *key;
    if (r == NULL)
        return ASLRT_OK;
    struct aslrt_bytes at = aslrt_record_key(r);
    if (b->backward ? aslrt_bytes_compare(at, b->low) < 0
                    : b->high.at != NULL && aslrt_bytes_compare(at, b->high) >= 0) {
        b->walk.depth = 0;
        return ASLRT_OK;
    }
    *key = at;
    *value = aslrt_record_value(r);
    if (b->backward)
        aslrt_btree_backward(&b->walk);
    else
        aslrt_btree_forward(&b->walk);
    return ASLRT_OK;
}

static void rest(void *self)
{
    struct memory_backend *b = self;
    b->walk.depth = 0;
}

const struct aslrt_backend aslrt_memory_backend = {get,  apply,         walk, next,
                                                   rest, close_backend, NULL, false};
