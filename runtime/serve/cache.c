/*
 * cache.c - a small table of answers; see cache.h.
 */
#include "runtime/serve/cache.h"

#include "runtime/base/json.h"

/* Every part is written as a JSON string or value, so that no two keys run into each other. */
struct aslrt_value aslrt_cache_key(const struct aslrt_route *route,
                                   const struct aslrt_request *request, struct aslrt_arena *arena)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_text(&b, route->operation);
    for (uint32_t i = 0; i < route->path_param_count; i++)
        aslrt_json_put(&b, aslrt_pairs_get(request->path, route->path_params[i].name),
                       ASLRT_JSON_MINIFIED);
    for (uint32_t i = 0; i < route->query_param_count; i++) {
        struct aslrt_value v = aslrt_pairs_get(request->query, route->query_params[i].name);
        aslrt_json_put(&b, v.kind == ASLRT_STRING ? v : aslrt_null(), ASLRT_JSON_MINIFIED);
    }
    if (route->caller)
        aslrt_json_put(&b, request->caller, ASLRT_JSON_MINIFIED);
    aslrt_buffer_close(&b);
    return aslrt_string(b.bytes, (uint32_t)b.count);
}

/* The place of the key; `count` when it is not there. */
static uint32_t find(const struct aslrt_cache *cache, struct aslrt_value key)
{
    uint32_t i = 0;
    while (i < cache->count && !aslrt_equal(cache->entries[i].key, key))
        i++;
    return i;
}

const struct aslrt_answer *aslrt_cache_get(const struct aslrt_cache *cache, struct aslrt_value key,
                                           int64_t now_us)
{
    const struct aslrt_cache_entry *e = &cache->entries[find(cache, key)];
    return e < cache->entries + cache->count && now_us < e->until_us ? &e->answer : NULL;
}

static struct aslrt_value keep(struct aslrt_cache *cache, struct aslrt_value string)
{
    if (string.kind != ASLRT_STRING)
        return string;
    const char *text = aslrt_copy_text(cache->arena, string.as.bytes, string.count);
    return aslrt_string(text, string.count);
}

void aslrt_cache_put(struct aslrt_cache *cache, struct aslrt_value key,
                     const struct aslrt_answer *answer, int64_t until_us)
{
    if (answer->status != 200)
        return;
    uint32_t i = find(cache, key);
    if (i == ASLRT_CACHE_ENTRIES || aslrt_arena_size(cache->arena) > ASLRT_CACHE_BYTES) {
        aslrt_arena_reset(cache->arena);
        i = cache->count = 0;
    }
    struct aslrt_cache_entry *e = &cache->entries[i];
    if (i == cache->count) {
        e->key = keep(cache, key);
        cache->count++;
    }
    e->until_us = 0; /* nothing yet, should memory run out below */
    e->answer = *answer;
    e->answer.body = keep(cache, answer->body);
    e->answer.etag = keep(cache, answer->etag);
    e->answer.location = keep(cache, answer->location);
    e->answer.retry_after = keep(cache, answer->retry_after);
    e->until_us = until_us;
}
