/*
 * item.c - the operations on one item: PutItem, GetItem, UpdateItem, DeleteItem.
 *
 * A write reads what stands there, checks its condition against it, makes the new item, and puts it
 * through with its index entries as one change of the backend.  An expired item is not there for
 * conditions and answers, but its index entries are.
 */
#include "runtime/base/value.h"
#include "runtime/ddb/path_tree.h"
#include "runtime/store/entry.h"
#include "runtime/store/expressions.h"
#include "runtime/store/request.h"

#define ENVELOPE "1 validation error detected: "

enum returns {
    RETURN_NONE,
    RETURN_ALL_OLD,
    RETURN_UPDATED_OLD,
    RETURN_ALL_NEW,
    RETURN_UPDATED_NEW
};

/* A write on its way. */
struct write {
    struct aslrt_bytes table_name;
    struct aslrt_value json; /* Item or Key */
    enum aslrt_capacity capacity;
    enum returns returns;
    bool return_on_failure; /* ReturnValuesOnConditionCheckFailure */
    struct aslrt_request_expressions expressions;
    const struct aslrt_store_table *table;
    struct aslrt_bytes key;
    struct aslrt_attr stored; /* what the backend has, until the change is put through */
    struct aslrt_attr old;    /* the same, missing when it has expired */
};

static enum returns read_returns(struct aslrt_store_request *rq)
{
    static const char *const words[] = {"NONE",    "ALL_OLD",     "UPDATED_OLD",
                                        "ALL_NEW", "UPDATED_NEW", NULL};
    struct aslrt_bytes word = aslrt_param_text(rq, "ReturnValues");
    for (uint32_t i = 0; word.at != NULL && words[i] != NULL; i++) {
        if (aslrt_bytes_equal(word, aslrt_bytes_of(words[i], strlen(words[i]))))
            return (enum returns)i;
    }
    if (word.at != NULL)
        aslrt_constraint_broken(rq, "Failed to satisfy constraint: Member must satisfy enum value "
                                    "set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]");
    return RETURN_NONE;
}

/* Reads what all writes have in common.  `body` is "Item" or "Key". */
static void read_write(struct aslrt_store_request *rq, struct write *w, const char *body,
                       unsigned takes, const char *const *legacy)
{
    static const char *const on_failure[] = {"ALL_OLD", "NONE", NULL};
    static const char *const metrics[] = {"SIZE", "NONE", NULL};
    rq->ddb.envelope = ENVELOPE;
    w->table_name = aslrt_param_table(rq);
    w->json = aslrt_param_map(rq, body, true);
    w->capacity = aslrt_param_capacity(rq);
    w->returns = read_returns(rq);
    w->return_on_failure = aslrt_param_word(rq, "ReturnValuesOnConditionCheckFailure", on_failure,
                                            "ALL_OLD, NONE", 1) == 0;
    aslrt_param_word(rq, "ReturnItemCollectionMetrics", metrics, "SIZE, NONE", 1);
    aslrt_constraints_check(rq);
    if ((takes & ASLRT_TAKES(UPDATE)) == 0 && w->returns > RETURN_ALL_OLD)
        aslrt_ddb_refuse(&rq->ddb, "ReturnValues can only be ALL_OLD or NONE");
    aslrt_expressions_precheck(rq, takes, legacy);
}

/* A copy that stays when the backend changes; nothing of nothing. */
static struct aslrt_attr keep_item(struct aslrt_arena *arena, struct aslrt_attr item)
{
    struct aslrt_bytes form = aslrt_attr_form(item);
    if (item.at == NULL)
        return item;
    uint8_t *copy = aslrt_alloc(arena, form.count);
    memcpy(copy, form.at, form.count);
    return (struct aslrt_attr){copy};
}

/* Reads what stands under the write's key and checks the condition against it. */
static void check_condition(struct aslrt_store_request *rq, struct write *w)
{
    const struct aslrt_expression *condition = w->expressions.of[ASLRT_EXPRESSION_CONDITION];
    aslrt_expression_check_keys(rq, w->table, condition);
    w->stored = aslrt_item_get(rq, w->table, w->key);
    w->old = aslrt_item_expired(w->table, w->stored, rq->now_us) ? aslrt_attr_missing() : w->stored;
    if (condition == NULL || aslrt_condition_holds(&rq->ddb, condition, w->old))
        return;
    if (w->return_on_failure && w->old.at != NULL) {
        struct aslrt_object_builder detail = aslrt_object_in(rq->ddb.arena);
        struct aslrt_attr item = keep_item(rq->ddb.arena, w->old);
        aslrt_object_set_text(&detail, "Item", aslrt_attr_write_item(rq->ddb.arena, item));
        rq->detail = aslrt_object_done(&detail);
    }
    aslrt_ddb_fail(&rq->ddb, ASLRT_DDB_CONDITION, "The conditional request failed");
}

/* Capacity units of a write: one for each kilobyte of the larger of the two items. */
static double write_units(struct aslrt_attr old, struct aslrt_attr item)
{
    uint64_t before = old.at == NULL ? 0 : aslrt_attr_item_size(old);
    uint64_t after = item.at == NULL ? 0 : aslrt_attr_item_size(item);
    uint64_t size = before > after ? before : after;
    return size <= 1024 ? 1 : (double)((size + 1023) / 1024);
}

/* Puts the write through and answers.  `shown` is what the answer's Attributes are: an item, or
   missing where there are none. */
static struct aslrt_value finish(struct aslrt_store_request *rq, struct write *w,
                                 struct aslrt_attr item, struct aslrt_attr shown)
{
    struct aslrt_object_builder answer = aslrt_object_in(rq->ddb.arena);
    double units = w->capacity == ASLRT_CAPACITY_NONE ? 0 : write_units(w->stored, item);
    if (item.at != w->stored.at) /* an update that says nothing leaves the item as it is */
        aslrt_item_set(rq, w->table, w->key, w->stored, item);
    if (shown.at != NULL && aslrt_attr_count(shown) != 0)
        aslrt_object_set_text(&answer, "Attributes", aslrt_attr_write_item(rq->ddb.arena, shown));
    aslrt_answer_capacity(rq, &answer, w->table, w->capacity, units);
    return aslrt_object_done(&answer);
}

/* The old item, where ReturnValues asks for it; it stays. */
static struct aslrt_attr shown_old(struct aslrt_store_request *rq, const struct write *w)
{
    return w->returns == RETURN_ALL_OLD ? keep_item(rq->ddb.arena, w->old) : aslrt_attr_missing();
}

static const char *const legacy_condition[] = {"Expected", "ConditionalOperator", NULL};

struct aslrt_value aslrt_put_item(struct aslrt_store_request *rq)
{
    struct write w;
    memset(&w, 0, sizeof w);
    read_write(rq, &w, "Item", ASLRT_TAKES(CONDITION), legacy_condition);
    struct aslrt_attr item = aslrt_attr_read_item(&rq->ddb, w.json);
    aslrt_expressions_read(rq, ASLRT_TAKES(CONDITION), &w.expressions);
    w.table = aslrt_table_find(rq, w.table_name);
    w.key = aslrt_request_key(rq, w.table, item, false);
    aslrt_check_index_keys(rq, w.table, item, false);
    if (aslrt_attr_item_size(item) > ASLRT_ITEM_SIZE_MAX)
        aslrt_ddb_refuse(&rq->ddb, "Item size has exceeded the maximum allowed size");
    check_condition(rq, &w);
    return finish(rq, &w, item, shown_old(rq, &w));
}

struct aslrt_value aslrt_delete_item(struct aslrt_store_request *rq)
{
    struct write w;
    memset(&w, 0, sizeof w);
    read_write(rq, &w, "Key", ASLRT_TAKES(CONDITION), legacy_condition);
    struct aslrt_attr key = aslrt_attr_read_item(&rq->ddb, w.json);
    aslrt_expressions_read(rq, ASLRT_TAKES(CONDITION), &w.expressions);
    w.table = aslrt_table_find(rq, w.table_name);
    w.key = aslrt_request_key(rq, w.table, key, true);
    check_condition(rq, &w);
    return finish(rq, &w, aslrt_attr_missing(), shown_old(rq, &w));
}

/* ---- UpdateItem ---- */

static void check_key_untouched(struct aslrt_store_request *rq,
                                const struct aslrt_store_table *table,
                                const struct aslrt_expression *update)
{
    const struct aslrt_store_key *keys[] = {&table->base.key, &table->base.sort};
    for (const struct aslrt_path_tree *c = update->tree->child; c != NULL; c = c->next) {
        for (size_t i = 0; i < 2; i++) {
            if (keys[i]->name.at != NULL && aslrt_bytes_equal(c->step.name, keys[i]->name))
                aslrt_ddb_refuse(&rq->ddb,
                                 "One or more parameter values were invalid: Cannot update "
                                 "attribute %.*s. This attribute is part of the key",
                                 (int)c->step.name.count, (const char *)c->step.name.at);
        }
    }
}

/* The type of what an action puts at its path, where it does not depend on the item; else
   MISSING. */
static enum aslrt_attr_type put_type(const struct aslrt_expr *operand)
{
    switch (operand->kind) {
    case ASLRT_EXPR_VALUE:
        return aslrt_attr_type(operand->value);
    case ASLRT_EXPR_PLUS:
    case ASLRT_EXPR_MINUS:
        return ASLRT_ATTR_N;
    case ASLRT_EXPR_CALL:
        return operand->function == ASLRT_FN_LIST_APPEND ? ASLRT_ATTR_L : put_type(operand->last);
    default:
        return ASLRT_ATTR_MISSING;
    }
}

/* Refuses an update that can be seen to put another type at an index key than that key's. */
static void check_put_types(struct aslrt_store_request *rq, const struct aslrt_store_index *index,
                            const struct aslrt_store_key *key,
                            const struct aslrt_expression *update)
{
    for (const struct aslrt_expr *a = update->root; key->name.at != NULL && a != NULL;
         a = a->next) {
        const struct aslrt_step *step = a->first->steps;
        enum aslrt_attr_type type = put_type(a->last);
        if (step->next == NULL && aslrt_bytes_equal(step->name, key->name) &&
            type != ASLRT_ATTR_MISSING && type != key->type)
            aslrt_refuse_index_key(rq, index, key, type);
    }
}

static void check_update(struct aslrt_store_request *rq, const struct aslrt_store_table *table,
                         const struct aslrt_expression *update)
{
    check_key_untouched(rq, table, update);
    for (uint32_t i = 0; i < table->index_count; i++) {
        check_put_types(rq, &table->indexes[i], &table->indexes[i].key, update);
        check_put_types(rq, &table->indexes[i], &table->indexes[i].sort, update);
    }
    aslrt_expression_check_keys(rq, table, update);
}

static struct aslrt_attr shown_by_update(struct aslrt_store_request *rq, const struct write *w,
                                         struct aslrt_attr item)
{
    const struct aslrt_expression *update = w->expressions.of[ASLRT_EXPRESSION_UPDATE];
    struct aslrt_attr shown =
        w->returns == RETURN_ALL_OLD || w->returns == RETURN_UPDATED_OLD ? w->old : item;
    if (w->returns == RETURN_NONE || shown.at == NULL)
        return aslrt_attr_missing();
    if (w->returns == RETURN_ALL_OLD || w->returns == RETURN_ALL_NEW)
        return keep_item(rq->ddb.arena, shown);
    return update == NULL ? aslrt_attr_missing()
                          : aslrt_project(rq->ddb.arena, update->tree, shown);
}

struct aslrt_value aslrt_update_item(struct aslrt_store_request *rq)
{
    static const char *const legacy[] = {"AttributeUpdates", "Expected", "ConditionalOperator",
                                         NULL};
    struct write w;
    memset(&w, 0, sizeof w);
    read_write(rq, &w, "Key", ASLRT_TAKES(UPDATE) | ASLRT_TAKES(CONDITION), legacy);
    struct aslrt_attr key = aslrt_attr_read_item(&rq->ddb, w.json);
    aslrt_expressions_read(rq, ASLRT_TAKES(UPDATE) | ASLRT_TAKES(CONDITION), &w.expressions);
    const struct aslrt_expression *update = w.expressions.of[ASLRT_EXPRESSION_UPDATE];
    w.table = aslrt_table_find(rq, w.table_name);
    w.key = aslrt_request_key(rq, w.table, key, true);
    if (update != NULL)
        check_update(rq, w.table, update);
    check_condition(rq, &w);
    struct aslrt_attr item = w.old.at != NULL ? w.old : key; /* without an update the key alone */
    if (update != NULL)
        item = aslrt_update_apply(&rq->ddb, update, w.old, key);
    if (item.at != NULL) {
        aslrt_check_index_keys(rq, w.table, item, true);
        if (aslrt_attr_item_size(item) > ASLRT_ITEM_SIZE_MAX)
            aslrt_ddb_refuse(&rq->ddb, "Item size to update has exceeded the maximum allowed size");
    }
    return finish(rq, &w, item, shown_by_update(rq, &w, item));
}

/* ---- GetItem ---- */

struct aslrt_value aslrt_get_item(struct aslrt_store_request *rq)
{
    static const char *const legacy[] = {"AttributesToGet", NULL};
    struct aslrt_request_expressions expressions;
    struct aslrt_object_builder answer = aslrt_object_in(rq->ddb.arena);
    struct aslrt_bytes name = aslrt_param_table(rq);
    struct aslrt_value json = aslrt_param_map(rq, "Key", true);
    enum aslrt_capacity capacity = aslrt_param_capacity(rq);
    bool consistent = aslrt_param_flag(rq, "ConsistentRead", false);
    aslrt_constraints_check(rq);
    aslrt_expressions_precheck(rq, ASLRT_TAKES(PROJECTION), legacy);
    struct aslrt_attr key_item = aslrt_attr_read_item(&rq->ddb, json);
    aslrt_expressions_read(rq, ASLRT_TAKES(PROJECTION), &expressions);
    const struct aslrt_expression *projection = expressions.of[ASLRT_EXPRESSION_PROJECTION];
    const struct aslrt_store_table *table = aslrt_table_find(rq, name);
    struct aslrt_bytes key = aslrt_request_key(rq, table, key_item, true);
    aslrt_expression_check_keys(rq, table, projection);
    struct aslrt_attr item = aslrt_item_get(rq, table, key);
    uint64_t size = 0;
    if (item.at != NULL && !aslrt_item_expired(table, item, rq->now_us)) {
        size = aslrt_attr_item_size(item);
        item = projection == NULL ? keep_item(rq->ddb.arena, item)
                                  : aslrt_project(rq->ddb.arena, projection->tree, item);
        aslrt_object_set_text(&answer, "Item", aslrt_attr_write_item(rq->ddb.arena, item));
    }
    aslrt_answer_capacity(rq, &answer, table, capacity, aslrt_read_units(size, consistent));
    return aslrt_object_done(&answer);
}
