/*
 * wire.h - attribute values as the API's JSON has them ({"S":"x"}), read and written.
 *
 * In: JSON values.  Out: attribute values, or a failure in the service's words.  What is read is
 * whole and valid: sets without duplicates, numbers in range, nesting within the limit, names short
 * enough.  Unknown members beside the ten types are ignored, as the service does.
 */
#ifndef ASLRT_WIRE_H
#define ASLRT_WIRE_H

#include "runtime/ddb/attribute.h"
#include "runtime/ddb/failure.h"

/* Reads one value into cx->scratch.  Fails with SerializationException for JSON of the wrong shape,
   ValidationException for values that can't be. */
struct aslrt_attr aslrt_attr_read(struct aslrt_ddb *cx, struct aslrt_value json);

/* Reads an object of attribute values (an Item, a Key) as one value of type M, into cx->scratch. */
struct aslrt_attr aslrt_attr_read_item(struct aslrt_ddb *cx, struct aslrt_value json);

/* A value as JSON, in `arena`; strings borrow from the value's bytes.  Numbers are plain decimals.
 */
struct aslrt_value aslrt_attr_write(struct aslrt_arena *arena, struct aslrt_attr a);
/* An item: an object of values by name. */
struct aslrt_value aslrt_attr_write_item(struct aslrt_arena *arena, struct aslrt_attr item);

/* The value as the service's messages show it, "{S:x}"; in `arena`. */
const char *aslrt_attr_show(struct aslrt_arena *arena, struct aslrt_attr a);

/* Fails with the SerializationException for a JSON value where a `wanted` ("String", "Boolean",
   "Long", or a class name for structures) should be. */
_Noreturn void aslrt_wire_mismatch(struct aslrt_ddb *cx, struct aslrt_value json,
                                   const char *wanted);

#endif
