/*
 * request.h - reading the parameters of a request, in the order and the words of the service.
 *
 * First come the JSON types (SerializationException), then the constraints of single parameters,
 * which are collected and reported together ("2 validation errors detected: …"), then everything
 * that needs more than one parameter or the table.  `null` counts as absent.
 *
 * PutItem, UpdateItem and DeleteItem put "1 validation error detected: " before what they find
 * before they look at the table; the others don't.  The service's regions differ in this and in
 * other wordings; these are those of eu-west-2 in 2026.
 */
#ifndef ASLRT_REQUEST_H
#define ASLRT_REQUEST_H

#include "runtime/store/store.h"

/* The parameter, or undefined. */
struct aslrt_value aslrt_param(struct aslrt_store_request *rq, const char *name);

/* The parameter as a string; .at is NULL when it is absent. */
struct aslrt_bytes aslrt_param_text(struct aslrt_store_request *rq, const char *name);
bool aslrt_param_flag(struct aslrt_store_request *rq, const char *name, bool otherwise);
/* The parameter as an object or undefined.  Where it is `required` and absent, the constraint
   "Member must not be null" is broken. */
struct aslrt_value aslrt_param_map(struct aslrt_store_request *rq, const char *name, bool required);

/* The parameter as an integer of at least `least`; `otherwise` when it is absent. */
int64_t aslrt_param_integer(struct aslrt_store_request *rq, const char *name, int64_t least,
                            int64_t otherwise);

/* The parameter's place in `words` (a list that ends with NULL), or `otherwise` when it is absent.
   Another word breaks the constraint; `allowed` is the list as the message has it. */
uint32_t aslrt_param_word(struct aslrt_store_request *rq, const char *name,
                          const char *const *words, const char *allowed, uint32_t otherwise);

/* TableName, checked; the name in an ARN of a table is taken out of it. */
struct aslrt_bytes aslrt_param_table(struct aslrt_store_request *rq);

/* Notes a broken constraint, as the service words it. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void aslrt_constraint_broken(struct aslrt_store_request *rq, const char *format, ...);
/* Fails if constraints were broken. */
void aslrt_constraints_check(struct aslrt_store_request *rq);

/* The words of ReturnConsumedCapacity. */
enum aslrt_capacity { ASLRT_CAPACITY_INDEXES, ASLRT_CAPACITY_TOTAL, ASLRT_CAPACITY_NONE };
enum aslrt_capacity aslrt_param_capacity(struct aslrt_store_request *rq);

/* The key of `index` as it stands in `item`, checked against the schema.  `exact`: `item` is a Key
   and has no other attributes. */
struct aslrt_bytes aslrt_request_key(struct aslrt_store_request *rq,
                                     const struct aslrt_store_table *table, struct aslrt_attr item,
                                     bool exact);

/* Fails when an attribute of the item can't be the index key that it is.  `update`: the item comes
   from an update, which has other words for it. */
void aslrt_check_index_keys(struct aslrt_store_request *rq, const struct aslrt_store_table *table,
                            struct aslrt_attr item, bool update);

/* Fails because an index key would get that type. */
_Noreturn void aslrt_refuse_index_key(struct aslrt_store_request *rq,
                                      const struct aslrt_store_index *index,
                                      const struct aslrt_store_key *key,
                                      enum aslrt_attr_type actual);

/* Capacity units of reading that many bytes: half a unit for each four kilobytes, twice that when
   the read is consistent. */
double aslrt_read_units(uint64_t size, bool consistent);

/* Sets ConsumedCapacity where it was asked for.  `units` are counted as the service documents it.
 */
struct aslrt_object_builder;
void aslrt_answer_capacity(struct aslrt_store_request *rq, struct aslrt_object_builder *answer,
                           const struct aslrt_store_table *table, enum aslrt_capacity capacity,
                           double units);

#endif
