/*
 * request.c - see request.h.
 */
#include "runtime/store/request.h"
#include "runtime/base/value.h"
#include "runtime/store/keys.h"

#include <ctype.h>

#define INVALID "One or more parameter values were invalid: "

struct aslrt_value aslrt_param(struct aslrt_store_request *rq, const char *name)
{
    struct aslrt_value v = aslrt_field(rq->json, name);
    return v.kind == ASLRT_NULL ? aslrt_undefined() : v;
}

/* The parameter's name as constraint messages have it: the first letter is small. */
static const char *member_name(struct aslrt_store_request *rq, const char *name)
{
    char *member = aslrt_copy_text(rq->ddb.scratch, name, strlen(name));
    member[0] = (char)tolower((unsigned char)member[0]);
    return member;
}

struct aslrt_bytes aslrt_param_text(struct aslrt_store_request *rq, const char *name)
{
    struct aslrt_value v = aslrt_param(rq, name);
    if (v.kind == ASLRT_UNDEFINED)
        return (struct aslrt_bytes){NULL, 0};
    if (v.kind != ASLRT_STRING)
        aslrt_wire_mismatch(&rq->ddb, v, "String");
    return aslrt_bytes_of(v.count == 0 ? "" : v.as.bytes, v.count);
}

bool aslrt_param_flag(struct aslrt_store_request *rq, const char *name, bool otherwise)
{
    struct aslrt_value v = aslrt_param(rq, name);
    if (v.kind == ASLRT_UNDEFINED)
        return otherwise;
    if (v.kind != ASLRT_BOOL)
        aslrt_wire_mismatch(&rq->ddb, v, "Boolean");
    return v.as.boolean;
}

struct aslrt_value aslrt_param_map(struct aslrt_store_request *rq, const char *name, bool required)
{
    struct aslrt_value v = aslrt_param(rq, name);
    if (v.kind == ASLRT_UNDEFINED) {
        if (required)
            aslrt_constraint_broken(rq,
                                    "Value null at '%s' failed to satisfy constraint: Member must "
                                    "not be null",
                                    member_name(rq, name));
        return v;
    }
    if (v.kind == ASLRT_ARRAY)
        aslrt_wire_mismatch(&rq->ddb, v, "java.util.Map");
    if (v.kind != ASLRT_OBJECT)
        aslrt_ddb_fail(&rq->ddb, ASLRT_DDB_SERIALIZATION, "Unexpected field type");
    return v;
}

int64_t aslrt_param_integer(struct aslrt_store_request *rq, const char *name, int64_t least,
                            int64_t otherwise)
{
    int64_t n;
    struct aslrt_value v = aslrt_param(rq, name);
    if (v.kind == ASLRT_UNDEFINED)
        return otherwise;
    if (!aslrt_is_number(v))
        aslrt_wire_mismatch(&rq->ddb, v, "Integer");
    if (!aslrt_to_int(v, &n)) /* the service cuts the fraction off */
        n = aslrt_to_double(v) > 0
                ? (int64_t)(aslrt_to_double(v) < 1e18 ? aslrt_to_double(v) : 1e18)
                : 0;
    if (n < least)
        aslrt_constraint_broken(rq,
                                "Value at '%s' failed to satisfy constraint: Member must have "
                                "value greater than or equal to %lld",
                                name, (long long)least);
    return n;
}

uint32_t aslrt_param_word(struct aslrt_store_request *rq, const char *name,
                          const char *const *words, const char *allowed, uint32_t otherwise)
{
    struct aslrt_bytes word = aslrt_param_text(rq, name);
    if (word.at == NULL)
        return otherwise;
    for (uint32_t i = 0; words[i] != NULL; i++) {
        if (aslrt_bytes_equal(word, aslrt_bytes_of(words[i], strlen(words[i]))))
            return i;
    }
    aslrt_constraint_broken(rq,
                            "Value '%.*s' at '%s' failed to satisfy constraint: Member must "
                            "satisfy enum value set: [%s]",
                            (int)word.count, (const char *)word.at, member_name(rq, name), allowed);
    return otherwise;
}

enum aslrt_capacity aslrt_param_capacity(struct aslrt_store_request *rq)
{
    static const char *const words[] = {"INDEXES", "TOTAL", "NONE", NULL};
    return (enum aslrt_capacity)aslrt_param_word(rq, "ReturnConsumedCapacity", words,
                                                 "INDEXES, TOTAL, NONE", ASLRT_CAPACITY_NONE);
}

static bool is_name(struct aslrt_bytes name)
{
    for (uint32_t i = 0; i < name.count; i++) {
        if (!isalnum(name.at[i]) && strchr("_.-", name.at[i]) == NULL)
            return false;
    }
    return true;
}

struct aslrt_bytes aslrt_param_table(struct aslrt_store_request *rq)
{
    struct aslrt_bytes name = aslrt_param_text(rq, "TableName");
    static const char arn[] = "arn:", table[] = ":table/";
    if (name.at == NULL) {
        aslrt_constraint_broken(rq, "Value null at 'tableName' failed to satisfy constraint: "
                                    "Member must not be null");
        return name;
    }
    if (name.count == 0)
        aslrt_ddb_fail(&rq->ddb, ASLRT_DDB_VALIDATION,
                       "%sValue at 'TableName' failed to satisfy constraint: Member must have "
                       "length greater than or equal to 1",
                       rq->ddb.envelope == NULL ? "1 validation error detected: " : "");
    if (name.count > sizeof arn && memcmp(name.at, arn, sizeof arn - 1) == 0) {
        const uint8_t *at = memmem(name.at, name.count, table, sizeof table - 1);
        if (at != NULL) {
            at += sizeof table - 1;
            name = (struct aslrt_bytes){at, (uint32_t)(name.at + name.count - at)};
        }
    }
    if (!is_name(name))
        aslrt_constraint_broken(rq,
                                "Value '%.*s' at 'tableName' failed to satisfy constraint: Member "
                                "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
                                (int)name.count, (const char *)name.at);
    if (name.count > 255)
        aslrt_constraint_broken(rq,
                                "Value '%.*s' at 'tableName' failed to satisfy constraint: Member "
                                "must have length less than or equal to 255",
                                (int)name.count, (const char *)name.at);
    return name;
}

void aslrt_constraint_broken(struct aslrt_store_request *rq, const char *format, ...)
{
    va_list args;
    if (rq->broken_count++ != 0)
        aslrt_buffer_text(&rq->broken, "; ");
    va_start(args, format);
    aslrt_buffer_vformat(&rq->broken, format, args);
    va_end(args);
}

void aslrt_constraints_check(struct aslrt_store_request *rq)
{
    if (rq->broken_count == 0)
        return;
    rq->ddb.envelope = NULL;
    aslrt_ddb_refuse(&rq->ddb, "%u validation error%s detected: %s", (unsigned)rq->broken_count,
                     rq->broken_count == 1 ? "" : "s", aslrt_buffer_close(&rq->broken));
}

/* ---- keys ---- */

static struct aslrt_attr key_value(struct aslrt_store_request *rq,
                                   const struct aslrt_store_key *key, struct aslrt_attr item,
                                   bool exact)
{
    int n = (int)key->name.count;
    const char *name = (const char *)key->name.at;
    struct aslrt_attr value = aslrt_attr_member(item, key->name);
    if (value.at == NULL) {
        if (exact)
            aslrt_ddb_refuse(&rq->ddb, "The provided key element does not match the schema");
        aslrt_ddb_refuse(&rq->ddb, INVALID "Missing the key %.*s in the item", n, name);
    }
    if (aslrt_attr_type(value) != key->type) {
        if (exact)
            aslrt_ddb_refuse(&rq->ddb, "The provided key element does not match the schema");
        aslrt_ddb_refuse(&rq->ddb, INVALID "Type mismatch for key %.*s expected: %s actual: %s", n,
                         name, aslrt_attr_type_name(key->type),
                         aslrt_attr_type_name(aslrt_attr_type(value)));
    }
    if (aslrt_attr_scalar(value).count == 0)
        aslrt_ddb_refuse(&rq->ddb,
                         "One or more parameter values are not valid. The AttributeValue for a key "
                         "attribute cannot contain an empty %s value. Key: %.*s",
                         key->type == ASLRT_ATTR_S ? "string" : "binary", n, name);
    return value;
}

static void check_key_size(struct aslrt_store_request *rq, struct aslrt_attr value, bool sort)
{
    uint64_t size = aslrt_attr_size(value);
    if (!sort && size > 2048)
        aslrt_ddb_refuse(&rq->ddb, INVALID "Size of hashkey has exceeded the maximum size limit "
                                           "of2048 bytes");
    if (sort && size > 1024)
        aslrt_ddb_refuse(&rq->ddb, INVALID "Aggregated size of all range keys has exceeded the "
                                           "size limit of 1024 bytes");
}

struct aslrt_bytes aslrt_request_key(struct aslrt_store_request *rq,
                                     const struct aslrt_store_table *table, struct aslrt_attr item,
                                     bool exact)
{
    const struct aslrt_store_index *schema = &table->base;
    bool sorted = schema->sort.name.at != NULL;
    if (exact && aslrt_attr_count(item) != (sorted ? 2u : 1u))
        aslrt_ddb_refuse(&rq->ddb, "The provided key element does not match the schema");
    struct aslrt_attr partition = key_value(rq, &schema->key, item, exact);
    struct aslrt_attr sort =
        sorted ? key_value(rq, &schema->sort, item, exact) : aslrt_attr_missing();
    check_key_size(rq, partition, false);
    if (sorted)
        check_key_size(rq, sort, true);
    return aslrt_key_of(rq->ddb.scratch, partition, sort, (struct aslrt_bytes){NULL, 0});
}

void aslrt_refuse_index_key(struct aslrt_store_request *rq, const struct aslrt_store_index *index,
                            const struct aslrt_store_key *key, enum aslrt_attr_type actual)
{
    aslrt_ddb_refuse(&rq->ddb,
                     INVALID "Type mismatch for Index Key %.*s Expected: %s Actual: %s "
                             "IndexName: %s",
                     (int)key->name.count, (const char *)key->name.at,
                     aslrt_attr_type_name(key->type), aslrt_attr_type_name(actual), index->name);
}

static void check_index_key(struct aslrt_store_request *rq, const struct aslrt_store_index *index,
                            const struct aslrt_store_key *key, struct aslrt_attr value, bool update)
{
    int n = (int)key->name.count;
    const char *name = (const char *)key->name.at;
    if (aslrt_attr_type(value) != key->type) {
        if (update)
            aslrt_ddb_refuse(&rq->ddb, "The update expression attempted to update the secondary "
                                       "index key to unsupported type");
        aslrt_refuse_index_key(rq, index, key, aslrt_attr_type(value));
    }
    if (aslrt_attr_scalar(value).count == 0) {
        const char *kind = key->type == ASLRT_ATTR_S ? "string" : "binary";
        if (update)
            aslrt_ddb_refuse(&rq->ddb,
                             "The update expression attempted to update the secondary index key to "
                             "a value that is not supported. The AttributeValue for a key "
                             "attribute cannot contain an empty %s value.",
                             kind);
        aslrt_ddb_refuse(&rq->ddb,
                         "One or more parameter values are not valid. A value specified for a "
                         "secondary index key is not supported. The AttributeValue for a key "
                         "attribute cannot contain an empty %s value. IndexName: %s, IndexKey: "
                         "%.*s",
                         kind, index->name, n, name);
    }
    check_key_size(rq, value, key == &index->sort);
}

void aslrt_check_index_keys(struct aslrt_store_request *rq, const struct aslrt_store_table *table,
                            struct aslrt_attr item, bool update)
{
    for (uint32_t i = 0; i < table->index_count; i++) {
        const struct aslrt_store_index *index = &table->indexes[i];
        const struct aslrt_store_key *keys[] = {&index->key, &index->sort};
        for (size_t k = 0; k < 2 && keys[k]->name.at != NULL; k++) {
            struct aslrt_attr value = aslrt_attr_member(item, keys[k]->name);
            if (value.at != NULL)
                check_index_key(rq, index, keys[k], value, update);
        }
    }
}

/* ---- answers ---- */

double aslrt_read_units(uint64_t size, bool consistent)
{
    uint64_t blocks = size <= 4096 ? 1 : (size + 4095) / 4096;
    return (double)blocks * (consistent ? 1 : 0.5);
}

void aslrt_answer_capacity(struct aslrt_store_request *rq, struct aslrt_object_builder *answer,
                           const struct aslrt_store_table *table, enum aslrt_capacity capacity,
                           double units)
{
    if (capacity == ASLRT_CAPACITY_NONE)
        return;
    struct aslrt_object_builder consumed = aslrt_object_in(rq->ddb.arena);
    aslrt_object_set_text(&consumed, "TableName", aslrt_text(table->name));
    aslrt_object_set_text(&consumed, "CapacityUnits", aslrt_double(units));
    if (capacity == ASLRT_CAPACITY_INDEXES) {
        struct aslrt_object_builder own = aslrt_object_in(rq->ddb.arena);
        aslrt_object_set_text(&own, "CapacityUnits", aslrt_double(units));
        aslrt_object_set_text(&consumed, "Table", aslrt_object_done(&own));
    }
    aslrt_object_set_text(answer, "ConsumedCapacity", aslrt_object_done(&consumed));
}
