/*
 * value.h - making arrays and objects, and asking values things that only the runtime asks.
 *
 * In: an arena.  Out: immutable struct aslrt_value (include/aslc/runtime.h).  A builder grows in
 * the arena; what it gives stays valid as long as that arena. Invariant: the keys of an object are
 * distinct; with ASLRT_INDEX_MIN members or more an object carries a hash index in front of its
 * members (ASLRT_FLAG_INDEXED).
 */
#ifndef ASLRT_VALUE_H
#define ASLRT_VALUE_H

#include "runtime/base/arena.h"

#if defined(__SSE2__) && !defined(ASLRT_PORTABLE)
#include <emmintrin.h>
#endif

struct aslrt_array_builder {
    struct aslrt_arena *arena;
    struct aslrt_value *items;
    uint32_t count;
    uint32_t room;
};

struct aslrt_object_builder {
    struct aslrt_arena *arena;
    struct aslrt_member
        *members; /* with an index before them where `room` is ASLRT_INDEX_MIN or more */
    uint32_t count;
    uint32_t room;
};

/* Copies values from one place to another.  Most runs are short; that is what it is made for. */
static inline void aslrt_copy_values(struct aslrt_value *to, const struct aslrt_value *from,
                                     size_t count)
{
#if defined(__SSE2__) && !defined(ASLRT_PORTABLE)
    for (size_t i = 0; i < count; i++)
        _mm_storeu_si128((__m128i *)(void *)(to + i),
                         _mm_loadu_si128((const __m128i *)(const void *)(from + i)));
#else
    memcpy(to, from, count * sizeof *to);
#endif
}

static inline struct aslrt_array_builder aslrt_array_in(struct aslrt_arena *arena)
{
    struct aslrt_array_builder b = {arena, NULL, 0, 0};
    return b;
}
void aslrt_array_add(struct aslrt_array_builder *b, struct aslrt_value item);
struct aslrt_value aslrt_array_done(struct aslrt_array_builder *b);

static inline struct aslrt_object_builder aslrt_object_in(struct aslrt_arena *arena)
{
    struct aslrt_object_builder b = {arena, NULL, 0, 0};
    return b;
}
/* Sets a member.  A key that is there already keeps its place and takes the new value. */
void aslrt_object_set(struct aslrt_object_builder *b, struct aslrt_value key,
                      struct aslrt_value value);
/* The same with a C string, borrowed, as the key. */
void aslrt_object_set_text(struct aslrt_object_builder *b, const char *key,
                           struct aslrt_value value);
/* The value that was set for the key, or NULL; valid until the next aslrt_object_set.  It may be
   changed in place. */
struct aslrt_value *aslrt_object_at(struct aslrt_object_builder *b, struct aslrt_value key);
struct aslrt_value aslrt_object_done(struct aslrt_object_builder *b);

/* An object of members that stand elsewhere and may repeat keys: a copy in `arena` in which a
   repeated key has its first place and its last value.  Moves members about. */
struct aslrt_value aslrt_object_of(struct aslrt_arena *arena, struct aslrt_member *members,
                                   uint32_t count);

/* A copy of the value in `arena`, sharing nothing with where the original lives.  A function is
   copied as a reference.  Escapes with ASLRT_LIMIT beyond ASLRT_NESTING_MAX levels. */
struct aslrt_value aslrt_copy(struct aslrt_arena *arena, struct aslrt_value value);

/* A string with a copy of the bytes, with ASLRT_FLAG_ASCII and ASLRT_FLAG_CLEAN where they hold. */
struct aslrt_value aslrt_string_copy(struct aslrt_arena *arena, const char *bytes, size_t count);

/* "object", "array", "string", "number", "boolean", "null", "undefined" or "function"; static. */
const char *aslrt_kind_name(struct aslrt_value value);

#endif
