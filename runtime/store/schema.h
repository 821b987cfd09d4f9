/*
 * schema.h - the description of a table: from a definition, and to and from the store's catalog.
 *
 * In the catalog a table is an attribute value of type M: base, indexes, ttl.  All that is made
 * lives in the arena given.
 */
#ifndef ASLRT_SCHEMA_H
#define ASLRT_SCHEMA_H

#include "runtime/store/store.h"

/* A table without spaces. */
struct aslrt_store_table *aslrt_schema_of(struct aslrt_arena *arena,
                                          const struct aslrt_table_def *def);

struct aslrt_attr aslrt_schema_write(struct aslrt_arena *arena,
                                     const struct aslrt_store_table *table);
/* NULL when the bytes describe no table: the file that they come from is damaged. */
struct aslrt_store_table *aslrt_schema_read(struct aslrt_arena *arena, struct aslrt_bytes name,
                                            struct aslrt_bytes form);

/* True for S, N and B. */
bool aslrt_schema_key_type(enum aslrt_attr_type type);
/* True when both have the same key and sort key. */
bool aslrt_schema_same_keys(const struct aslrt_store_index *a, const struct aslrt_store_index *b);

/* A copy in the arena, with a NUL behind it; nothing of nothing. */
struct aslrt_bytes aslrt_bytes_keep(struct aslrt_arena *arena, struct aslrt_bytes b);
static inline struct aslrt_bytes aslrt_bytes_text(const char *text)
{
    return aslrt_bytes_of(text, strlen(text));
}

#endif
