/*
 * schema.h - JSON Schema as API Gateway's models check it: the filter in front of the machine.
 *
 * In: a schema (draft 4) and a value.  Out: whether the value has the shape, and if not, the first
 * place where it hasn't.
 * Checked: type (a name or a list), enum, properties, required, additionalProperties,
 * minProperties, maxProperties, items (one schema), minLength, maxLength, pattern, minimum,
 * maximum, multipleOf, anyOf.  Not checked, because API Gateway doesn't either: minItems, maxItems,
 * exclusiveMinimum and exclusiveMaximum, format; the machine checks again what matters.  Other
 * words are ignored, as JSON Schema has it. As draft 4 says: an integer is a number without
 * fraction and exponent; lengths count characters; a pattern may match anywhere.  A pattern that
 * takes too many steps does not match. Ownership: the schema lives in its arena; it is not changed
 * by checking.
 */
#ifndef ASLRT_SCHEMA_H
#define ASLRT_SCHEMA_H

#include "aslc/runtime.h"

struct aslrt_schema;

/* Where a value does not fit.  Texts live in the arena of the check. */
struct aslrt_schema_fault {
    const char *pointer; /* JSON pointer into the value */
    const char *what;    /* "is not one of the values that are allowed" */
};

/* Compiles a schema.  ASLRT_FAILED with a reason in *why (in the arena) when a word has a value
   that it can't have, or a pattern does not compile.  The schema borrows from `schema`. */
enum aslrt_status aslrt_schema_compile(struct aslrt_arena *arena, struct aslrt_value schema,
                                       const struct aslrt_schema **out, const char **why);

/* ASLRT_OK when the value fits, ASLRT_FAILED with *fault when it doesn't, ASLRT_NOMEM. */
enum aslrt_status aslrt_schema_check(const struct aslrt_schema *schema, struct aslrt_value value,
                                     struct aslrt_arena *arena, struct aslrt_schema_fault *fault);

#endif
