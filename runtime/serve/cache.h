/*
 * cache.h - answers that may be given again for a while, as the stage's cache does.
 *
 * Keyed by operation, path and query parameters, and the caller where the operation asks who calls.
 * Only answers with status 200 are kept.  Bounded: when it is full, everything is forgotten.
 * Ownership: the cache copies what it keeps; what it gives is valid until the next aslrt_cache_put.
 */
#ifndef ASLRT_CACHE_H
#define ASLRT_CACHE_H

#include "runtime/api/map.h"
#include "runtime/base/arena.h"

enum {
    ASLRT_CACHE_ENTRIES = 256,
    ASLRT_CACHE_BYTES = 16 << 20,
};

struct aslrt_cache_entry {
    struct aslrt_value key;
    int64_t until_us;
    struct aslrt_answer answer;
};

struct aslrt_cache {
    struct aslrt_arena *arena;
    struct aslrt_cache_entry entries[ASLRT_CACHE_ENTRIES];
    uint32_t count;
};

/* The key of a request, in the arena.  Memory runs out through the trap, here and below. */
struct aslrt_value aslrt_cache_key(const struct aslrt_route *route,
                                   const struct aslrt_request *request, struct aslrt_arena *arena);
/* The answer that is kept for the key, or NULL. */
const struct aslrt_answer *aslrt_cache_get(const struct aslrt_cache *cache, struct aslrt_value key,
                                           int64_t now_us);
void aslrt_cache_put(struct aslrt_cache *cache, struct aslrt_value key,
                     const struct aslrt_answer *answer, int64_t until_us);

#endif
