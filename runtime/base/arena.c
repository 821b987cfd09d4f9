/*
 * arena.c - accounts, blocks and arenas; see arena.h for the rules.
 *
 * In: sizes.  Out: memory that lives until its arena is closed, cleared or reset.
 * Invariant: `used` is the sum of the sizes of all blocks on the account, spare ones included.
 */
#include "runtime/base/arena.h"
#include "runtime/base/limits.h"

#include <assert.h>
#include <stdlib.h>

#define BLOCK_HEADER ((sizeof(struct aslrt_block) + 15u) & ~(size_t)15u)

enum { SPARE_MAX = 16 };

static void *libc_resize(void *data, void *block, size_t old_size, size_t new_size)
{
    (void)data;
    (void)old_size;
    if (new_size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, new_size);
}

struct aslrt_memory *aslrt_memory_open(const struct aslrt_allocator *allocator, size_t limit)
{
    struct aslrt_allocator a = {libc_resize, NULL};
    if (allocator != NULL)
        a = *allocator;
    struct aslrt_memory *m = a.resize(a.data, NULL, 0, sizeof *m);
    if (m == NULL)
        return NULL;
    *m = (struct aslrt_memory){.allocator = a, .limit = limit, .hash_key = aslrt_hash_secret(m)};
    return m;
}

static void give_back(struct aslrt_memory *m, struct aslrt_block *b)
{
    aslrt_memory_resize(m, b, b->size, 0);
}

void aslrt_memory_close(struct aslrt_memory *m)
{
    if (m == NULL)
        return;
    while (m->spare != NULL) {
        struct aslrt_block *b = m->spare;
        m->spare = b->next;
        give_back(m, b);
    }
    assert(m->used == 0 && "an arena outlives its account");
    m->allocator.resize(m->allocator.data, m, sizeof *m, 0);
}

_Noreturn void aslrt_escape(struct aslrt_memory *m, enum aslrt_status status)
{
    struct aslrt_trap *trap = m->trap;
    if (trap == NULL) {
        if (m->exhausted != NULL)
            m->exhausted(m->exhausted_data);
        abort(); /* nobody set a trap: a programmer's error */
    }
    trap->status = status;
    longjmp(trap->target, 1);
}

enum aslrt_status aslrt_protect(struct aslrt_memory *m, enum aslrt_status (*body)(void *data),
                                void *data)
{
    struct aslrt_trap trap;
    trap.outer = m->trap;
    trap.status = ASLRT_OK;
    m->trap = &trap;
    enum aslrt_status status;
    if (setjmp(trap.target) == 0)
        status = body(data);
    else
        status = trap.status;
    m->trap = trap.outer;
    return status;
}

static bool within_limit(const struct aslrt_memory *m, size_t old_size, size_t size)
{
    return m->limit == 0 || size <= old_size ||
           (size <= m->limit && m->used - old_size <= m->limit - size);
}

void *aslrt_memory_resize(struct aslrt_memory *m, void *block, size_t old_size, size_t size)
{
    if (!within_limit(m, old_size, size))
        return NULL;
    void *p = m->allocator.resize(m->allocator.data, block, old_size, size);
    if (p != NULL || size == 0)
        m->used = m->used - old_size + size;
    return p;
}

/* The same, but never without memory: it escapes. */
static void *resize_or_escape(struct aslrt_memory *m, void *block, size_t old_size, size_t size)
{
    if (!within_limit(m, old_size, size))
        aslrt_escape(m, ASLRT_LIMIT);
    void *p = aslrt_memory_resize(m, block, old_size, size);
    if (p == NULL)
        aslrt_escape(m, ASLRT_NOMEM);
    return p;
}

static struct aslrt_block *take_block(struct aslrt_memory *m, size_t size)
{
    if (size == ASLRT_BLOCK && m->spare != NULL) {
        struct aslrt_block *b = m->spare;
        m->spare = b->next;
        m->spare_count--;
        return b;
    }
    struct aslrt_block *b = resize_or_escape(m, NULL, 0, size);
    b->size = size;
    return b;
}

static void release_block(struct aslrt_memory *m, struct aslrt_block *b)
{
    if (b->size == ASLRT_BLOCK && m->spare_count < SPARE_MAX) {
        b->next = m->spare;
        m->spare = b;
        m->spare_count++;
        return;
    }
    give_back(m, b);
}

/* Makes the block the one that the next pieces are cut from. */
static void use_block(struct aslrt_arena *arena, struct aslrt_block *b)
{
    b->next = arena->blocks;
    arena->blocks = b;
    arena->size += b->size;
    arena->next = (char *)b + BLOCK_HEADER;
    arena->end = (char *)b + b->size;
}

void *aslrt_alloc_slow(struct aslrt_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        aslrt_escape(arena->memory, ASLRT_NOMEM);
    size_t need = (size + 15u) & ~(size_t)15u;
    size_t block = ASLRT_BLOCK;
    if (arena->blocks != NULL) {
        block = arena->size < ASLRT_BLOCK_MAX ? arena->size : ASLRT_BLOCK_MAX;
        if (block < ASLRT_BLOCK)
            block = ASLRT_BLOCK;
    }
    bool own = need + BLOCK_HEADER > block; /* too large to share a block: it gets one of its own */
    if (own)
        block = need + BLOCK_HEADER;
    struct aslrt_block *b = take_block(arena->memory, block);
    char *start = (char *)b + BLOCK_HEADER;
    if (own && arena->blocks != NULL) { /* keep filling the current block afterwards */
        arena->size += b->size;
        b->next = arena->blocks->next;
        arena->blocks->next = b;
        return start;
    }
    use_block(arena, b);
    arena->next += need;
    return start;
}

void *aslrt_alloc_zero(struct aslrt_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        aslrt_escape(arena->memory, ASLRT_NOMEM);
    size_t bytes = count * size;
    void *p = aslrt_alloc(arena, bytes != 0 ? bytes : 1); /* a new arena has no place to point to */
    memset(p, 0, bytes);
    return p;
}

/* Makes a piece that fills a block of its own longer, with that block.  Gives false when it
 * doesn't. */
static bool resize_own_block(struct aslrt_arena *arena, void **piece, size_t old_need, size_t need)
{
    struct aslrt_block **link = &arena->blocks;
    if (*link != NULL && (char *)*link + BLOCK_HEADER != (char *)*piece)
        link = &(*link)->next; /* blocks of one piece stand second */
    struct aslrt_block *b = *link;
    if (b == NULL || (char *)b + BLOCK_HEADER != (char *)*piece ||
        b->size != BLOCK_HEADER + old_need || b->size <= ASLRT_BLOCK_MAX)
        return false;
    size_t more = need + BLOCK_HEADER - b->size;
    struct aslrt_block *moved = resize_or_escape(arena->memory, b, b->size, need + BLOCK_HEADER);
    arena->size += more;
    moved->size = need + BLOCK_HEADER;
    *link = moved;
    *piece = (char *)moved + BLOCK_HEADER;
    if (link == &arena->blocks)
        arena->next = arena->end = (char *)moved + moved->size;
    return true;
}

void *aslrt_resize(struct aslrt_arena *arena, void *piece, size_t old_size, size_t size)
{
    size_t old_need = (old_size + 15u) & ~(size_t)15u;
    size_t need = (size + 15u) & ~(size_t)15u;
    if (need < size || size > SIZE_MAX / 2)
        aslrt_escape(arena->memory, ASLRT_NOMEM);
    if (piece == NULL)
        return aslrt_alloc(arena, size);
    if ((char *)piece + old_need == arena->next && (size_t)(arena->end - (char *)piece) >= need) {
        arena->next = (char *)piece + need;
        return piece;
    }
    if (size <= old_size || resize_own_block(arena, &piece, old_need, need))
        return piece;
    void *copy = aslrt_alloc(arena, size);
    memcpy(copy, piece, old_size);
    return copy;
}

char *aslrt_copy_text(struct aslrt_arena *arena, const char *bytes, size_t count)
{
    if (count == SIZE_MAX)
        aslrt_escape(arena->memory, ASLRT_NOMEM);
    char *p = aslrt_alloc(arena, count + 1);
    if (count != 0)
        memcpy(p, bytes, count);
    p[count] = '\0';
    return p;
}

void aslrt_arena_init(struct aslrt_arena *arena, struct aslrt_memory *memory)
{
    *arena = (struct aslrt_arena){.memory = memory};
}

void aslrt_arena_clear(struct aslrt_arena *arena)
{
    while (arena->blocks != NULL) {
        struct aslrt_block *b = arena->blocks;
        arena->blocks = b->next;
        release_block(arena->memory, b);
    }
    aslrt_arena_init(arena, arena->memory);
}

void aslrt_arena_reset(struct aslrt_arena *arena)
{
    struct aslrt_block *only = arena->blocks;
    if (only == NULL)
        return;
    if (only->next == NULL && only->size <= ASLRT_BLOCK_MAX) { /* as nearly always */
        arena->next = (char *)only + BLOCK_HEADER;
        return;
    }
    struct aslrt_block *keep = NULL; /* the largest, but not one huge piece */
    struct aslrt_block *next;
    for (struct aslrt_block *b = arena->blocks; b != NULL; b = next) {
        next = b->next;
        if (b->size > ASLRT_BLOCK_MAX || (keep != NULL && b->size <= keep->size)) {
            release_block(arena->memory, b);
            continue;
        }
        if (keep != NULL)
            release_block(arena->memory, keep);
        keep = b;
    }
    aslrt_arena_init(arena, arena->memory);
    if (keep != NULL)
        use_block(arena, keep);
}

struct aslrt_arena *aslrt_arena_open(struct aslrt_memory *m)
{
    struct aslrt_arena *a = aslrt_memory_resize(m, NULL, 0, sizeof *a);
    if (a != NULL)
        aslrt_arena_init(a, m);
    return a;
}

void aslrt_arena_close(struct aslrt_arena *arena)
{
    if (arena == NULL)
        return;
    aslrt_arena_clear(arena);
    aslrt_memory_resize(arena->memory, arena, sizeof *arena, 0);
}

size_t aslrt_arena_size(const struct aslrt_arena *arena)
{
    return arena->size;
}
