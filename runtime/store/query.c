/*
 * query.c - Query and Scan: pages of items of a table or an index.
 *
 * A page is a walk over a range of keys.  It ends after `Limit` items or before the item that would
 * take it over a megabyte, both counted before the filter, and then names the last item that it
 * looked at; the next page begins behind that one.  In an index the walk is over entries, each of
 * which leads to its item.
 */
#include "runtime/base/value.h"
#include "runtime/ddb/path_tree.h"
#include "runtime/store/entry.h"
#include "runtime/store/expressions.h"
#include "runtime/store/keys.h"
#include "runtime/store/request.h"

#define INVALID "One or more parameter values were invalid: "

enum { PAGE_BYTES = 1024 * 1024 };

enum select { SELECT_SPECIFIC, SELECT_COUNT, SELECT_ALL, SELECT_PROJECTED, SELECT_DEFAULT };

struct page {
    struct aslrt_store_request *rq;
    bool is_query;
    const struct aslrt_store_table *table;
    const struct aslrt_store_index *index; /* what is read: an index, or the table's base */
    struct aslrt_bytes index_name;         /* .at is NULL: none */
    enum select select;
    enum aslrt_capacity capacity;
    bool consistent;
    uint64_t limit;
    struct aslrt_request_expressions expressions;
    struct aslrt_key_condition conditions[2];
    uint32_t condition_count;
    struct aslrt_attr partition;           /* of a Query: the value of its partition key */
    struct aslrt_attr start;               /* ExclusiveStartKey, or missing */
    const struct aslrt_path_tree *carried; /* what the index carries; NULL: everything */
    struct aslrt_range range;

    struct aslrt_array_builder items;
    uint64_t count;              /* items that passed the filter */
    uint64_t scanned;            /* items that were looked at */
    uint64_t bytes;              /* of those */
    struct aslrt_buffer here;    /* key of the entry that is looked at */
    struct aslrt_buffer last;    /* of the one before it */
    struct aslrt_value last_key; /* LastEvaluatedKey, or undefined */
};

static struct aslrt_bytes text(const char *s)
{
    return aslrt_bytes_of(s, strlen(s));
}

/* ---- parameters ---- */

static void read_index_name(struct page *p)
{
    struct aslrt_bytes name = aslrt_param_text(p->rq, "IndexName");
    p->index_name = name;
    if (name.at == NULL)
        return;
    if (name.count < 3)
        aslrt_constraint_broken(p->rq,
                                "Value '%.*s' at 'indexName' failed to satisfy constraint: Member "
                                "must have length greater than or equal to 3",
                                (int)name.count, (const char *)name.at);
    if (name.count > 255)
        aslrt_constraint_broken(p->rq,
                                "Value '%.*s' at 'indexName' failed to satisfy constraint: Member "
                                "must have length less than or equal to 255",
                                (int)name.count, (const char *)name.at);
}

static void check_select(struct page *p)
{
    static const char *const chosen[] = {"", "only the Count", "ALL_ATTRIBUTES",
                                         "ALL_PROJECTED_ATTRIBUTES"};
    struct aslrt_ddb *cx = &p->rq->ddb;
    bool projects = aslrt_param(p->rq, "ProjectionExpression").kind != ASLRT_UNDEFINED;
    if (p->select == SELECT_PROJECTED && p->index_name.at == NULL)
        aslrt_ddb_refuse(cx, "ALL_PROJECTED_ATTRIBUTES can be used only when %s using an IndexName",
                         p->is_query ? "Querying" : "Scanning");
    if (projects && p->select != SELECT_DEFAULT && p->select != SELECT_SPECIFIC)
        aslrt_ddb_refuse(cx, "Cannot specify the ProjectionExpression when choosing to get %s",
                         chosen[p->select]);
    if (!projects && p->select == SELECT_SPECIFIC)
        aslrt_ddb_refuse(cx, "Must specify the AttributesToGet or ProjectionExpression when "
                             "choosing to get SPECIFIC_ATTRIBUTES");
}

static void read_start(struct page *p)
{
    struct aslrt_ddb *cx = &p->rq->ddb;
    struct aslrt_value json = aslrt_param_map(p->rq, "ExclusiveStartKey", false);
    if (json.kind == ASLRT_UNDEFINED)
        return;
    const char *envelope = cx->envelope;
    cx->envelope = "The provided starting key is invalid: ";
    p->start = aslrt_attr_read_item(cx, json);
    cx->envelope = envelope;
}

/* Reads what Query and Scan have in common, up to and with the table and the index. */
static void read_page(struct page *p, unsigned takes, const char *const *legacy)
{
    static const char *const words[] = {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES",
                                        "ALL_PROJECTED_ATTRIBUTES", NULL};
    struct aslrt_store_request *rq = p->rq;
    struct aslrt_bytes name = aslrt_param_table(rq);
    read_index_name(p);
    p->select = (enum select)aslrt_param_word(
        rq, "Select", words, "SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES",
        SELECT_DEFAULT);
    p->limit = (uint64_t)aslrt_param_integer(rq, "Limit", 1, INT64_MAX);
    p->capacity = aslrt_param_capacity(rq);
    p->consistent = aslrt_param_flag(rq, "ConsistentRead", false);
    aslrt_constraints_check(rq);
    aslrt_expressions_precheck(rq, takes, legacy);
    read_start(p);
    check_select(p);
    if (p->is_query && aslrt_param_text(rq, "KeyConditionExpression").at == NULL)
        aslrt_ddb_refuse(&rq->ddb, "Either the KeyConditions or KeyConditionExpression parameter "
                                   "must be specified in the request.");
    aslrt_expressions_read(rq, takes, &p->expressions);
    if (p->is_query)
        p->condition_count = aslrt_key_conditions(
            &rq->ddb, p->expressions.of[ASLRT_EXPRESSION_KEY_CONDITION], p->conditions);
    p->table = aslrt_table_find(rq, name);
    p->index = &p->table->base;
    if (p->index_name.at == NULL)
        return;
    p->index = aslrt_table_index(p->table, p->index_name);
    if (p->index == NULL)
        aslrt_ddb_refuse(&rq->ddb, "The table does not have the specified index: %.*s",
                         (int)p->index_name.count, (const char *)p->index_name.at);
    if (p->consistent)
        aslrt_ddb_refuse(&rq->ddb,
                         "Consistent reads are not supported on global secondary indexes");
}

/* ---- what the index carries ---- */

static bool carries(const void *data, struct aslrt_bytes name)
{
    const struct page *p = data;
    const struct aslrt_store_key *keys[] = {&p->index->key, &p->index->sort, &p->table->base.key,
                                            &p->table->base.sort};
    for (size_t i = 0; i < 4; i++) {
        if (keys[i]->name.at != NULL && aslrt_bytes_equal(keys[i]->name, name))
            return true;
    }
    for (uint32_t i = 0; i < p->index->project_count; i++) {
        if (aslrt_bytes_equal(p->index->project[i], name))
            return true;
    }
    return false;
}

static void check_carried(struct page *p)
{
    struct aslrt_bytes outside;
    struct aslrt_ddb *cx = &p->rq->ddb;
    const struct aslrt_expression *projection = p->expressions.of[ASLRT_EXPRESSION_PROJECTION];
    if (p->index->all)
        return;
    if (p->select == SELECT_ALL)
        aslrt_ddb_refuse(cx,
                         INVALID "Select type ALL_ATTRIBUTES is not supported for global secondary "
                                 "index %s because its projection type is not ALL",
                         p->index->name);
    if (projection != NULL && !aslrt_path_tree_within(projection->tree, carries, p, &outside))
        aslrt_ddb_refuse(cx, INVALID "Global secondary index %s does not project [%.*s]",
                         p->index->name, (int)outside.count, (const char *)outside.at);
    uint32_t count = 0;
    struct aslrt_bytes *names =
        ASLRT_NEW_ARRAY(cx->scratch, struct aslrt_bytes, p->index->project_count + 4);
    const struct aslrt_store_key *keys[] = {&p->index->key, &p->index->sort, &p->table->base.key,
                                            &p->table->base.sort};
    for (size_t i = 0; i < 4; i++) {
        if (keys[i]->name.at != NULL)
            names[count++] = keys[i]->name;
    }
    for (uint32_t i = 0; i < p->index->project_count; i++)
        names[count++] = p->index->project[i];
    p->carried = aslrt_path_tree_names(cx->scratch, names, count);
}

/* ---- where a page begins ---- */

/* The key under which the walk finds the item whose key attributes these are. */
static struct aslrt_bytes walk_key(struct page *p, struct aslrt_attr keys)
{
    struct aslrt_arena *scratch = p->rq->ddb.scratch;
    const struct aslrt_store_index *base = &p->table->base;
    struct aslrt_attr sort = aslrt_attr_missing();
    if (base->sort.name.at != NULL)
        sort = aslrt_attr_member(keys, base->sort.name);
    struct aslrt_bytes key =
        aslrt_key_of(scratch, aslrt_attr_member(keys, base->key.name), sort, text(""));
    return p->index == base ? key : aslrt_entry_key(scratch, p->index, key, keys);
}

/* ExclusiveStartKey must have the key attributes of the table and the index, and no others. */
static void check_start(struct page *p)
{
    struct aslrt_ddb *cx = &p->rq->ddb;
    const struct aslrt_store_key *keys[] = {&p->table->base.key, &p->table->base.sort,
                                            &p->index->key, &p->index->sort};
    uint32_t expected = 0;
    bool matches = true;
    for (size_t i = 0; i < 4; i++) {
        bool again = keys[i]->name.at == NULL;
        for (size_t k = 0; k < i && !again; k++)
            again = keys[k]->name.at != NULL && aslrt_bytes_equal(keys[k]->name, keys[i]->name);
        if (again)
            continue;
        struct aslrt_attr value = aslrt_attr_member(p->start, keys[i]->name);
        expected++;
        if (value.at == NULL)
            aslrt_ddb_refuse(cx, p->is_query ? "The provided starting key is invalid"
                                             : "The provided starting key is invalid: The provided "
                                               "key element does not match the schema");
        matches = matches && aslrt_attr_type(value) == keys[i]->type &&
                  aslrt_attr_scalar(value).count != 0 && aslrt_attr_size(value) <= 2048;
    }
    if (aslrt_attr_count(p->start) != expected)
        aslrt_ddb_refuse(cx, "The provided starting key is invalid");
    if (!matches)
        aslrt_ddb_refuse(cx, "The provided key element does not match the schema");
}

/* Lets the walk begin behind the item of ExclusiveStartKey.  Gives false when that is outside of
   the range. */
static bool start_behind(struct page *p)
{
    struct aslrt_bytes key = walk_key(p, p->start);
    if ((p->range.low.at != NULL && aslrt_bytes_compare(key, p->range.low) < 0) ||
        (p->range.high.at != NULL && aslrt_bytes_compare(key, p->range.high) >= 0))
        return false;
    if (p->range.backward)
        p->range.high = key;
    else
        p->range.low = aslrt_key_next(p->rq->ddb.scratch, key);
    return true;
}

/* ---- the walk ---- */

/* The item that an entry of the walk leads to. */
static struct aslrt_attr item_at(struct page *p, struct aslrt_bytes key, struct aslrt_bytes value)
{
    if (p->index == &p->table->base)
        return aslrt_item_of(p->rq, value);
    struct aslrt_bytes item = aslrt_key_item(key, p->index->sort.name.at != NULL);
    return item.at == NULL ? aslrt_attr_missing() : aslrt_item_get(p->rq, p->table, item);
}

/* The item's key attributes, which the next page's ExclusiveStartKey will be. */
static void stop_at(struct page *p, struct aslrt_attr item)
{
    uint32_t count = 0;
    struct aslrt_bytes names[4];
    struct aslrt_arena *arena = p->rq->ddb.arena;
    const struct aslrt_store_key *keys[] = {&p->table->base.key, &p->table->base.sort,
                                            &p->index->key, &p->index->sort};
    for (size_t i = 0; i < 4; i++) {
        if (keys[i]->name.at != NULL)
            names[count++] = keys[i]->name;
    }
    const struct aslrt_path_tree *tree = aslrt_path_tree_names(p->rq->ddb.scratch, names, count);
    p->last_key = aslrt_attr_write_item(arena, aslrt_project(arena, tree, item));
}

/* The same for the item of the entry before this one: the page is full. */
static void stop_before(struct page *p)
{
    struct aslrt_bytes entry = aslrt_bytes_of(p->last.bytes, p->last.count);
    struct aslrt_bytes key =
        p->index == &p->table->base ? entry : aslrt_key_item(entry, p->index->sort.name.at != NULL);
    stop_at(p, aslrt_item_get(p->rq, p->table, key));
}

/* Adds the item to the page, unless the filter leaves it out. */
static void add_item(struct page *p, struct aslrt_attr item)
{
    struct aslrt_arena *arena = p->rq->ddb.arena;
    const struct aslrt_expression *filter = p->expressions.of[ASLRT_EXPRESSION_FILTER];
    const struct aslrt_expression *projection = p->expressions.of[ASLRT_EXPRESSION_PROJECTION];
    if (filter != NULL && !aslrt_condition_holds(&p->rq->ddb, filter, item))
        return;
    p->count++;
    if (p->select == SELECT_COUNT)
        return;
    struct aslrt_attr shown;
    if (projection != NULL) {
        shown = aslrt_project(arena, projection->tree, item);
    } else {
        struct aslrt_bytes form = aslrt_attr_form(item);
        uint8_t *copy = aslrt_alloc(arena, form.count);
        memcpy(copy, form.at, form.count);
        shown = (struct aslrt_attr){copy};
    }
    aslrt_array_add(&p->items, aslrt_attr_write_item(arena, shown));
}

/* The next item of the walk; missing at its end. */
static struct aslrt_attr next_item(struct page *p)
{
    struct aslrt_store *s = p->rq->store;
    struct aslrt_bytes key, value;
    for (;;) {
        aslrt_store_check(p->rq, s->backend->next(s->self, &key, &value));
        if (key.at == NULL)
            return aslrt_attr_missing();
        p->here.count = 0; /* the key's bytes are gone after the next call */
        aslrt_buffer_put(&p->here, (const char *)key.at, key.count);
        struct aslrt_attr item = item_at(p, key, value);
        if (item.at != NULL && !aslrt_item_expired(p->table, item, p->rq->now_us))
            return item;
    }
}

static void walk(struct page *p)
{
    struct aslrt_store *s = p->rq->store;
    struct aslrt_attr item;
    if (p->range.low.at != NULL && p->range.high.at != NULL &&
        aslrt_bytes_compare(p->range.low, p->range.high) >= 0)
        return;
    p->here = p->last = aslrt_buffer_in(p->rq->ddb.scratch);
    aslrt_store_check(p->rq, s->backend->walk(s->self, p->index->space, &p->range));
    while (p->scanned < p->limit && (item = next_item(p)).at != NULL) {
        if (p->carried != NULL)
            item = aslrt_project(p->rq->ddb.scratch, p->carried, item);
        uint64_t size = aslrt_attr_item_size(item);
        if (p->scanned != 0 && p->bytes + size > PAGE_BYTES) {
            stop_before(p);
            return;
        }
        p->scanned++;
        p->bytes += size;
        add_item(p, item);
        if (p->scanned == p->limit)
            stop_at(p, item);
        struct aslrt_buffer swap = p->last;
        p->last = p->here;
        p->here = swap;
    }
}

static struct aslrt_value answer_page(struct page *p)
{
    struct aslrt_object_builder answer = aslrt_object_in(p->rq->ddb.arena);
    if (p->select != SELECT_COUNT)
        aslrt_object_set_text(&answer, "Items", aslrt_array_done(&p->items));
    aslrt_object_set_text(&answer, "Count", aslrt_int((int64_t)p->count));
    aslrt_object_set_text(&answer, "ScannedCount", aslrt_int((int64_t)p->scanned));
    if (p->last_key.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&answer, "LastEvaluatedKey", p->last_key);
    aslrt_answer_capacity(p->rq, &answer, p->table, p->capacity,
                          aslrt_read_units(p->bytes, p->consistent));
    return aslrt_object_done(&answer);
}

/* ---- Scan ---- */

/* The part of the table that a parallel Scan's worker reads, as a range. */
static void read_segment(struct page *p)
{
    struct aslrt_store_request *rq = p->rq;
    bool has_segment = aslrt_param(rq, "Segment").kind != ASLRT_UNDEFINED;
    bool has_total = aslrt_param(rq, "TotalSegments").kind != ASLRT_UNDEFINED;
    int64_t segment = aslrt_param_integer(rq, "Segment", 0, 0);
    int64_t total = aslrt_param_integer(rq, "TotalSegments", 1, 1);
    if (total > 1000000)
        aslrt_constraint_broken(rq,
                                "Value '%lld' at 'totalSegments' failed to satisfy constraint: "
                                "Member must have value less than or equal to 1000000",
                                (long long)total);
    aslrt_constraints_check(rq);
    if (has_segment && !has_total)
        aslrt_ddb_refuse(&rq->ddb, "The TotalSegments parameter is required but was not present in "
                                   "the request when Segment parameter is present");
    if (has_total && !has_segment)
        aslrt_ddb_refuse(&rq->ddb, "The Segment parameter is required but was not present in the "
                                   "request when parameter TotalSegments is present");
    if (segment >= total)
        aslrt_ddb_refuse(&rq->ddb,
                         "The Segment parameter is zero-based and must be less than parameter "
                         "TotalSegments: Segment: %lld is not less than TotalSegments: %lld",
                         (long long)segment, (long long)total);
    p->range.low = aslrt_key_segment(rq->ddb.scratch, (uint32_t)segment, (uint32_t)total);
    p->range.high = aslrt_key_segment(rq->ddb.scratch, (uint32_t)segment + 1, (uint32_t)total);
}

struct aslrt_value aslrt_scan(struct aslrt_store_request *rq)
{
    static const char *const legacy[] = {"AttributesToGet", "ScanFilter", "ConditionalOperator",
                                         NULL};
    struct page p = {.rq = rq, .items = aslrt_array_in(rq->ddb.arena)};
    read_segment(&p);
    read_page(&p, ASLRT_TAKES(FILTER) | ASLRT_TAKES(PROJECTION), legacy);
    check_carried(&p);
    if (p.start.at != NULL) {
        check_start(&p);
        if (!start_behind(&p))
            aslrt_ddb_refuse(&rq->ddb, "The provided starting key is invalid: Invalid "
                                       "ExclusiveStartKey. Please use ExclusiveStartKey with "
                                       "correct Segment.");
    }
    aslrt_expression_check_keys(rq, p.table, p.expressions.of[ASLRT_EXPRESSION_PROJECTION]);
    aslrt_expression_check_keys(rq, p.table, p.expressions.of[ASLRT_EXPRESSION_FILTER]);
    walk(&p);
    return answer_page(&p);
}

/* ---- Query ---- */

static bool is_key(const struct aslrt_store_key *key, struct aslrt_bytes name)
{
    return key->name.at != NULL && aslrt_bytes_equal(key->name, name);
}

static void check_key_value(struct page *p, const struct aslrt_store_key *key,
                            struct aslrt_attr value)
{
    if (value.at == NULL)
        return;
    if (aslrt_attr_type(value) != key->type)
        aslrt_ddb_refuse(&p->rq->ddb,
                         INVALID "Condition parameter type does not match schema type");
    if (aslrt_attr_scalar(value).count == 0)
        aslrt_ddb_refuse(&p->rq->ddb,
                         "One or more parameter values are not valid. The AttributeValue for a key "
                         "attribute cannot contain an empty %s value. Key: %.*s",
                         key->type == ASLRT_ATTR_S ? "string" : "binary", (int)key->name.count,
                         (const char *)key->name.at);
    if (aslrt_attr_size(value) > 2048)
        aslrt_ddb_refuse(&p->rq->ddb, INVALID "Size of hashkey has exceeded the maximum size limit "
                                              "of2048 bytes");
}

/* The range of the partition that the condition on the sort key leaves. */
static void set_range(struct page *p, const struct aslrt_key_condition *sort)
{
    struct aslrt_arena *scratch = p->rq->ddb.scratch;
    struct aslrt_attr partition = p->partition;
    struct aslrt_bytes low = aslrt_key_partition(scratch, partition);
    struct aslrt_bytes high = aslrt_key_partition_end(scratch, partition);
    enum aslrt_expr_kind op = sort == NULL ? ASLRT_EXPR_PATH : sort->op;
    switch (op) {
    case ASLRT_EXPR_EQUAL:
    case ASLRT_EXPR_BETWEEN:
        low = aslrt_key_bound(scratch, partition, sort->values[0], ASLRT_KEY_AT);
        high = aslrt_key_bound(scratch, partition, sort->values[op == ASLRT_EXPR_BETWEEN],
                               ASLRT_KEY_AFTER);
        break;
    case ASLRT_EXPR_LESS:
        high = aslrt_key_bound(scratch, partition, sort->values[0], ASLRT_KEY_AT);
        break;
    case ASLRT_EXPR_LESS_EQUAL:
        high = aslrt_key_bound(scratch, partition, sort->values[0], ASLRT_KEY_AFTER);
        break;
    case ASLRT_EXPR_GREATER:
        low = aslrt_key_bound(scratch, partition, sort->values[0], ASLRT_KEY_AFTER);
        break;
    case ASLRT_EXPR_GREATER_EQUAL:
        low = aslrt_key_bound(scratch, partition, sort->values[0], ASLRT_KEY_AT);
        break;
    case ASLRT_EXPR_CALL: /* begins_with */
        low = aslrt_key_bound(scratch, partition, sort->values[0], ASLRT_KEY_PREFIX);
        high = aslrt_key_bound(scratch, partition, sort->values[0], ASLRT_KEY_PAST);
        break;
    default:
        break;
    }
    p->range.low = low;
    p->range.high = high;
}

/* Matches the key conditions with the schema and sets the range. */
static void match_key_conditions(struct page *p)
{
    struct aslrt_ddb *cx = &p->rq->ddb;
    uint32_t count = p->condition_count;
    const struct aslrt_key_condition *conditions = p->conditions;
    const struct aslrt_key_condition *partition = NULL, *sort = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (is_key(&p->index->key, conditions[i].name))
            partition = &conditions[i];
        else if (is_key(&p->index->sort, conditions[i].name))
            sort = &conditions[i];
    }
    if (partition == NULL)
        aslrt_ddb_refuse(cx, "Query condition missed key schema element: %.*s",
                         (int)p->index->key.name.count, (const char *)p->index->key.name.at);
    if (count == 2 && sort == NULL && p->index->sort.name.at != NULL)
        aslrt_ddb_refuse(cx, "Query condition missed key schema element: %.*s",
                         (int)p->index->sort.name.count, (const char *)p->index->sort.name.at);
    if (partition->op != ASLRT_EXPR_EQUAL || (count == 2 && sort == NULL))
        aslrt_ddb_refuse(cx, "Query key condition not supported");
    check_key_value(p, &p->index->key, partition->values[0]);
    for (size_t i = 0; sort != NULL && i < 2; i++)
        check_key_value(p, &p->index->sort, sort->values[i]);
    if (sort != NULL && sort->op == ASLRT_EXPR_CALL && p->index->sort.type == ASLRT_ATTR_N)
        aslrt_ddb_refuse(cx, INVALID "Condition parameter type does not match schema type");
    p->partition = partition->values[0];
    set_range(p, sort);
}

/* A filter may not name the keys; the key condition does that. */
static void check_filter(struct page *p, const struct aslrt_expr *e)
{
    const struct aslrt_store_index *index = p->index;
    if (e->kind == ASLRT_EXPR_PATH &&
        (is_key(&index->key, e->steps->name) || is_key(&index->sort, e->steps->name)))
        aslrt_ddb_refuse(&p->rq->ddb,
                         "Filter Expression can only contain non-primary key attributes: Primary "
                         "key attribute: %.*s",
                         (int)e->steps->name.count, (const char *)e->steps->name.at);
    for (const struct aslrt_expr *x = e->first; x != NULL; x = x->next)
        check_filter(p, x);
}

/* A page begins within the same partition and the same range as the one before it. */
static void check_start_inside(struct page *p)
{
    struct aslrt_ddb *cx = &p->rq->ddb;
    if (!aslrt_attr_equal(p->partition, aslrt_attr_member(p->start, p->index->key.name)))
        aslrt_ddb_refuse(cx, "The provided starting key is outside query boundaries based on "
                             "provided conditions");
    if (!start_behind(p))
        aslrt_ddb_refuse(cx, "The provided starting key does not match the range key predicate");
}

struct aslrt_value aslrt_store_query(struct aslrt_store_request *rq)
{
    static const char *const legacy[] = {"KeyConditions", "QueryFilter", "AttributesToGet",
                                         "ConditionalOperator", NULL};
    struct page p = {.rq = rq, .is_query = true, .items = aslrt_array_in(rq->ddb.arena)};
    p.range.backward = !aslrt_param_flag(rq, "ScanIndexForward", true);
    read_page(&p, ASLRT_TAKES(KEY_CONDITION) | ASLRT_TAKES(FILTER) | ASLRT_TAKES(PROJECTION),
              legacy);
    if (p.start.at != NULL)
        check_start(&p);
    match_key_conditions(&p);
    aslrt_expression_check_keys(rq, p.table, p.expressions.of[ASLRT_EXPRESSION_PROJECTION]);
    if (p.expressions.of[ASLRT_EXPRESSION_FILTER] != NULL)
        check_filter(&p, p.expressions.of[ASLRT_EXPRESSION_FILTER]->root);
    check_carried(&p);
    aslrt_expression_check_keys(rq, p.table, p.expressions.of[ASLRT_EXPRESSION_FILTER]);
    if (p.start.at != NULL)
        check_start_inside(&p);
    walk(&p);
    return answer_page(&p);
}
