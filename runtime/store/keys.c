/*
 * keys.c - see keys.h.
 */
#include "runtime/store/keys.h"

enum { HASH = 8, LENGTH = 2 };

/* FNV-1a over the bytes, then a finisher, because FNV's high bits change little on short inputs and
   it is these that order the partitions. */
static uint64_t hash_of(struct aslrt_bytes bytes)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (uint32_t i = 0; i < bytes.count; i++)
        h = (h ^ bytes.at[i]) * 0x100000001b3u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    return h;
}

static void put_big_endian(struct aslrt_buffer *b, uint64_t n, int bytes)
{
    while (bytes-- > 0)
        aslrt_buffer_char(b, (char)(uint8_t)(n >> (8 * bytes)));
}

static void put_bytes(struct aslrt_buffer *b, struct aslrt_bytes bytes)
{
    aslrt_buffer_put(b, (const char *)bytes.at, bytes.count);
}

static void put_partition(struct aslrt_buffer *b, struct aslrt_attr partition)
{
    struct aslrt_bytes bytes = aslrt_attr_scalar(partition);
    put_big_endian(b, hash_of(bytes), HASH);
    put_big_endian(b, bytes.count, LENGTH);
    put_bytes(b, bytes);
}

static void put_escaped(struct aslrt_buffer *b, struct aslrt_attr sort)
{
    struct aslrt_bytes bytes = aslrt_attr_scalar(sort);
    for (uint32_t i = 0; i < bytes.count; i++) {
        aslrt_buffer_char(b, (char)bytes.at[i]);
        if (bytes.at[i] == 0)
            aslrt_buffer_char(b, (char)0xff);
    }
}

static struct aslrt_bytes done(struct aslrt_buffer *b)
{
    size_t count = b->count;
    return aslrt_bytes_of(aslrt_buffer_close(b), count);
}

/* The first string of bytes behind all that begin with these; .at is NULL when there is none. */
static struct aslrt_bytes successor(struct aslrt_buffer *b)
{
    while (b->count != 0 && (uint8_t)b->bytes[b->count - 1] == 0xff)
        b->count--;
    if (b->count == 0)
        return (struct aslrt_bytes){NULL, 0};
    b->bytes[b->count - 1] = (char)((uint8_t)b->bytes[b->count - 1] + 1);
    return done(b);
}

struct aslrt_bytes aslrt_key_of(struct aslrt_arena *arena, struct aslrt_attr partition,
                                struct aslrt_attr sort, struct aslrt_bytes item)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    put_partition(&b, partition);
    if (sort.at != NULL) {
        put_escaped(&b, sort);
        put_big_endian(&b, 1, 2);
    }
    put_bytes(&b, item);
    return done(&b);
}

struct aslrt_bytes aslrt_key_item(struct aslrt_bytes entry, bool sorted)
{
    const struct aslrt_bytes none = {NULL, 0};
    if (entry.count < HASH + LENGTH)
        return none;
    uint32_t at = HASH + LENGTH + (uint32_t)(entry.at[HASH] << 8 | entry.at[HASH + 1]);
    if (sorted) {
        while (at + 1 < entry.count && !(entry.at[at] == 0 && entry.at[at + 1] == 1))
            at += entry.at[at] == 0 ? 2 : 1;
        at += 2;
    }
    if (at > entry.count)
        return none;
    return (struct aslrt_bytes){entry.at + at, entry.count - at};
}

struct aslrt_bytes aslrt_key_bound(struct aslrt_arena *arena, struct aslrt_attr partition,
                                   struct aslrt_attr sort, enum aslrt_key_bound bound)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    put_partition(&b, partition);
    put_escaped(&b, sort);
    if (bound == ASLRT_KEY_PAST)
        return successor(&b);
    if (bound == ASLRT_KEY_AT)
        put_big_endian(&b, 1, 2);
    else if (bound == ASLRT_KEY_AFTER)
        put_big_endian(&b, 2, 2);
    return done(&b);
}

struct aslrt_bytes aslrt_key_partition(struct aslrt_arena *arena, struct aslrt_attr partition)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    put_partition(&b, partition);
    return done(&b);
}

struct aslrt_bytes aslrt_key_partition_end(struct aslrt_arena *arena, struct aslrt_attr partition)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    put_partition(&b, partition);
    return successor(&b);
}

struct aslrt_bytes aslrt_key_next(struct aslrt_arena *arena, struct aslrt_bytes key)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    put_bytes(&b, key);
    aslrt_buffer_char(&b, '\0');
    return done(&b);
}

struct aslrt_bytes aslrt_key_segment(struct aslrt_arena *arena, uint32_t segment, uint32_t total)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    if (segment == 0 || segment >= total)
        return (struct aslrt_bytes){NULL, 0};
    put_big_endian(&b, UINT64_MAX / total * segment, HASH);
    return done(&b);
}
