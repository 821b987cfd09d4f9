/*
 * item.c - PutItem, GetItem, DeleteItem.
 */
#include "runtime/base/value.h"
#include "runtime/store/entry.h"
#include "runtime/store/request.h"

static const char *const legacy_write[] = {"Expected", "ConditionalOperator", NULL};
static const char *const legacy_read[] = {"AttributesToGet", NULL};

#define ENVELOPE "1 validation error detected: "

/* ReturnValues of PutItem and DeleteItem: true for ALL_OLD. */
static bool returns_old(struct aslrt_store_request *rq)
{
    struct aslrt_bytes word = aslrt_param_text(rq, "ReturnValues");
    static const char *const known[] = {"NONE",    "ALL_OLD",     "UPDATED_OLD",
                                        "ALL_NEW", "UPDATED_NEW", NULL};
    for (uint32_t i = 0; word.at != NULL && known[i] != NULL; i++) {
        if (!aslrt_bytes_equal(word, aslrt_bytes_of(known[i], strlen(known[i]))))
            continue;
        if (i > 1)
            aslrt_ddb_refuse(&rq->ddb, "ReturnValues can only be ALL_OLD or NONE");
        return i == 1;
    }
    if (word.at != NULL)
        aslrt_constraint_broken(rq, "Failed to satisfy constraint: Member must satisfy enum value "
                                    "set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]");
    return false;
}

/* Capacity units of a write: one for each kilobyte of the larger of the two items. */
static double write_units(struct aslrt_attr old, struct aslrt_attr item)
{
    uint64_t before = old.at == NULL ? 0 : aslrt_attr_item_size(old);
    uint64_t after = item.at == NULL ? 0 : aslrt_attr_item_size(item);
    uint64_t size = before > after ? before : after;
    return size <= 1024 ? 1 : (double)((size + 1023) / 1024);
}

/* A copy of an item of the backend, which stays when the backend changes. */
static struct aslrt_attr keep_item(struct aslrt_arena *arena, struct aslrt_attr item)
{
    struct aslrt_bytes form = aslrt_attr_form(item);
    if (item.at == NULL)
        return item;
    return (struct aslrt_attr){
        (const uint8_t *)aslrt_copy_text(arena, (const char *)form.at, form.count)};
}

/* Puts the change through and answers, with the old item where it was asked for. */
static struct aslrt_value write_and_answer(struct aslrt_store_request *rq,
                                           const struct aslrt_store_table *table,
                                           struct aslrt_bytes key, struct aslrt_attr item,
                                           bool return_old, enum aslrt_capacity capacity)
{
    struct aslrt_object_builder answer = aslrt_object_in(rq->ddb.arena);
    struct aslrt_attr old = aslrt_item_get(rq, table, key);
    bool seen = old.at != NULL && !aslrt_item_expired(table, old, rq->now_us);
    double units = capacity == ASLRT_CAPACITY_NONE ? 0 : write_units(old, item);
    struct aslrt_attr kept =
        return_old && seen ? keep_item(rq->ddb.arena, old) : aslrt_attr_missing();
    aslrt_item_set(rq, table, key, old, item);
    if (kept.at != NULL)
        aslrt_object_set_text(&answer, "Attributes", aslrt_attr_write_item(rq->ddb.arena, kept));
    aslrt_answer_capacity(rq, &answer, table, capacity, units);
    return aslrt_object_done(&answer);
}

struct aslrt_value aslrt_put_item(struct aslrt_store_request *rq)
{
    rq->ddb.envelope = ENVELOPE;
    struct aslrt_bytes name = aslrt_param_table(rq);
    struct aslrt_value json = aslrt_param_map(rq, "Item", true);
    enum aslrt_capacity capacity = aslrt_param_capacity(rq);
    bool old = returns_old(rq);
    aslrt_constraints_check(rq);
    aslrt_refuse_legacy(rq, legacy_write);
    struct aslrt_attr item = aslrt_attr_read_item(&rq->ddb, json);
    const struct aslrt_store_table *table = aslrt_table_find(rq, name);
    struct aslrt_bytes key = aslrt_request_key(rq, table, item, false);
    if (aslrt_attr_item_size(item) > ASLRT_ITEM_SIZE_MAX)
        aslrt_ddb_refuse(&rq->ddb, "Item size has exceeded the maximum allowed size");
    return write_and_answer(rq, table, key, item, old, capacity);
}

struct aslrt_value aslrt_delete_item(struct aslrt_store_request *rq)
{
    rq->ddb.envelope = ENVELOPE;
    struct aslrt_bytes name = aslrt_param_table(rq);
    struct aslrt_value json = aslrt_param_map(rq, "Key", true);
    enum aslrt_capacity capacity = aslrt_param_capacity(rq);
    bool old = returns_old(rq);
    aslrt_constraints_check(rq);
    aslrt_refuse_legacy(rq, legacy_write);
    struct aslrt_attr key_item = aslrt_attr_read_item(&rq->ddb, json);
    const struct aslrt_store_table *table = aslrt_table_find(rq, name);
    struct aslrt_bytes key = aslrt_request_key(rq, table, key_item, true);
    return write_and_answer(rq, table, key, aslrt_attr_missing(), old, capacity);
}

struct aslrt_value aslrt_get_item(struct aslrt_store_request *rq)
{
    struct aslrt_object_builder answer = aslrt_object_in(rq->ddb.arena);
    struct aslrt_bytes name = aslrt_param_table(rq);
    struct aslrt_value json = aslrt_param_map(rq, "Key", true);
    enum aslrt_capacity capacity = aslrt_param_capacity(rq);
    bool consistent = aslrt_param_flag(rq, "ConsistentRead", false);
    aslrt_constraints_check(rq);
    aslrt_refuse_legacy(rq, legacy_read);
    struct aslrt_attr key_item = aslrt_attr_read_item(&rq->ddb, json);
    const struct aslrt_store_table *table = aslrt_table_find(rq, name);
    struct aslrt_bytes key = aslrt_request_key(rq, table, key_item, true);
    struct aslrt_attr item = aslrt_item_get(rq, table, key);
    double units = 0.5;
    if (item.at != NULL && !aslrt_item_expired(table, item, rq->now_us)) {
        uint64_t size = aslrt_attr_item_size(item);
        units = size <= 4096 ? 0.5 : 0.5 * (double)((size + 4095) / 4096);
        struct aslrt_attr kept = keep_item(rq->ddb.arena, item);
        aslrt_object_set_text(&answer, "Item", aslrt_attr_write_item(rq->ddb.arena, kept));
    }
    aslrt_answer_capacity(rq, &answer, table, capacity, consistent ? 2 * units : units);
    return aslrt_object_done(&answer);
}
