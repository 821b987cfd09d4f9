/*
 * entry.c - items and their index entries in the backend.
 *
 * An index holds entries without a value: their keys end with the item's key, and reads fetch the
 * item.  So a write touches an index only when the item's index keys change.
 *
 * Invariant: an item and its index entries change together, in one call of the backend.
 */
#include "runtime/store/entry.h"
#include "runtime/store/keys.h"
#include "runtime/store/schema.h"

#include <stdio.h>

void aslrt_store_check(struct aslrt_store_request *rq, enum aslrt_status status)
{
    struct aslrt_store *s = rq->store;
    if (status == ASLRT_OK)
        return;
    if (s->backend->problem != NULL)
        snprintf(s->problem, sizeof s->problem, "%s", s->backend->problem(s->self));
    aslrt_escape(rq->ddb.arena->memory, status);
}

static bool older_than(struct aslrt_attr seconds, int64_t limit_s)
{
    uint8_t key[ASLRT_DECIMAL_KEY_MAX];
    if (limit_s <= 0)
        return false;
    size_t count = aslrt_decimal_to_key(aslrt_decimal_of((uint64_t)limit_s), key);
    struct aslrt_bytes limit = {key, (uint32_t)count};
    return aslrt_bytes_compare(aslrt_attr_scalar(seconds), limit) < 0;
}

bool aslrt_item_expired(const struct aslrt_store_table *table, struct aslrt_attr item,
                        int64_t now_us)
{
    enum { DAY = 24 * 60 * 60 };
    if (table->ttl.at == NULL || item.at == NULL)
        return false;
    struct aslrt_attr expires = aslrt_attr_member(item, table->ttl);
    int64_t now_s = now_us / 1000000;
    return aslrt_attr_type(expires) == ASLRT_ATTR_N && older_than(expires, now_s - 2 * DAY) &&
           !older_than(expires, now_s - 5 * 365 * DAY);
}

struct aslrt_attr aslrt_item_of(struct aslrt_store_request *rq, struct aslrt_bytes value)
{
    struct aslrt_attr item = {value.at};
    if (rq->store->backend->outside &&
        (!aslrt_attr_valid(value.at, value.count) || aslrt_attr_type(item) != ASLRT_ATTR_M)) {
        snprintf(rq->store->problem, sizeof rq->store->problem, "the store's file is damaged");
        aslrt_escape(rq->ddb.arena->memory, ASLRT_IO);
    }
    return item;
}

struct aslrt_attr aslrt_item_get(struct aslrt_store_request *rq,
                                 const struct aslrt_store_table *table, struct aslrt_bytes key)
{
    struct aslrt_bytes value;
    struct aslrt_store *s = rq->store;
    aslrt_store_check(rq, s->backend->get(s->self, table->base.space, key, &value));
    return value.at == NULL ? aslrt_attr_missing() : aslrt_item_of(rq, value);
}

struct aslrt_bytes aslrt_entry_key(struct aslrt_arena *arena, const struct aslrt_store_index *index,
                                   struct aslrt_bytes key, struct aslrt_attr item)
{
    struct aslrt_attr partition = aslrt_attr_member(item, index->key.name);
    struct aslrt_attr sort = aslrt_attr_missing();
    bool sorted = index->sort.name.at != NULL;
    if (sorted)
        sort = aslrt_attr_member(item, index->sort.name);
    if (aslrt_attr_type(partition) != index->key.type ||
        (sorted && aslrt_attr_type(sort) != index->sort.type))
        return (struct aslrt_bytes){NULL, 0};
    return aslrt_key_of(arena, partition, sort, key);
}

void aslrt_item_set(struct aslrt_store_request *rq, const struct aslrt_store_table *table,
                    struct aslrt_bytes key, struct aslrt_attr old, struct aslrt_attr item)
{
    struct aslrt_store *s = rq->store;
    uint32_t count = 0;
    struct aslrt_change *changes =
        ASLRT_NEW_ARRAY(rq->ddb.scratch, struct aslrt_change, 1 + 2 * (size_t)table->index_count);
    if (old.at == NULL && item.at == NULL)
        return;
    changes[count++] = (struct aslrt_change){table->base.space, key, aslrt_attr_form(item), NULL};
    for (uint32_t i = 0; i < table->index_count; i++) {
        const struct aslrt_store_index *index = &table->indexes[i];
        struct aslrt_bytes before = aslrt_entry_key(rq->ddb.scratch, index, key, old);
        struct aslrt_bytes after = aslrt_entry_key(rq->ddb.scratch, index, key, item);
        if (before.at != NULL && after.at != NULL && aslrt_bytes_equal(before, after))
            continue;
        if (before.at != NULL)
            changes[count++] = (struct aslrt_change){index->space, before, {NULL, 0}, NULL};
        if (after.at != NULL)
            changes[count++] =
                (struct aslrt_change){index->space, after, aslrt_bytes_text(""), NULL};
    }
    aslrt_store_check(rq, s->backend->apply(s->self, changes, count));
}
