/*
 * arena.h - bump allocation, and the one way out when there is no memory.
 *
 * An account (aslrt_memory) knows where blocks come from, how many bytes may be held in total, and
 * keeps spare blocks so that a hot loop never reaches the allocator.  An arena hands out pieces of
 * blocks; nothing is freed but the arena as a whole.
 *
 * Invariant: aslrt_alloc never returns NULL.  When there is no memory, control goes to the trap
 * that was set last on this account (setjmp/longjmp), or, where none is set, to the account's
 * `exhausted` callback, which must not return.  That keeps every caller free of checks, and it is
 * safe because whatever the abandoned code had built lives in arenas.
 *
 * Public functions set the trap with aslrt_protect and turn it into ASLRT_NOMEM or ASLRT_LIMIT.
 */
#ifndef ASLRT_ARENA_H
#define ASLRT_ARENA_H

#include "aslc/runtime.h"
#include "runtime/base/hash.h"

#include <setjmp.h>

/* For the few functions on the hottest paths, and for those that a good run never calls. */
#if defined(__GNUC__)
#define ASLRT_ALWAYS_INLINE inline __attribute__((always_inline))
#define ASLRT_COLD          __attribute__((noinline, cold))
#else
#define ASLRT_ALWAYS_INLINE inline
#define ASLRT_COLD
#endif

struct aslrt_trap {
    jmp_buf target;
    struct aslrt_trap *outer;
    enum aslrt_status status; /* set by whoever jumps here */
};

struct aslrt_block {
    struct aslrt_block *next;
    size_t size; /* of the whole block, this header included */
};

struct aslrt_memory {
    struct aslrt_allocator allocator;
    size_t used;
    size_t limit; /* 0: none */
    struct aslrt_trap *trap;
    struct aslrt_block *spare; /* first-size blocks, ready for the next arena */
    uint32_t spare_count;
    struct aslrt_hash_key hash_key; /* for the indexes of large objects */
    void (*exhausted)(void *data);  /* called without a trap; must not return */
    void *exhausted_data;
};

struct aslrt_arena {
    struct aslrt_memory *memory;
    struct aslrt_block *blocks; /* newest first */
    char *next;
    char *end;
    size_t size;
};

void *aslrt_alloc_slow(struct aslrt_arena *arena, size_t size);

/* Gives `size` bytes, not zeroed, aligned for every type up to 16 bytes. */
static inline void *aslrt_alloc(struct aslrt_arena *arena, size_t size)
{
    size_t need = (size + 15u) & ~(size_t)15u;
    if (need < size || (size_t)(arena->end - arena->next) < need)
        return aslrt_alloc_slow(arena, size);
    void *p = arena->next;
    arena->next += need;
    return p;
}
/* Gives zeroed bytes for `count` things of `size` each; overflow counts as out of memory. */
void *aslrt_alloc_zero(struct aslrt_arena *arena, size_t count, size_t size);
/* Makes a piece of `old_size` bytes `size` bytes long and gives its place: the same one when it
   shrinks, or was the arena's last allocation and the block has room, else a copy.  `piece` may be
   NULL. */
void *aslrt_resize(struct aslrt_arena *arena, void *piece, size_t old_size, size_t size);
/* Gives a copy of the bytes with a NUL after them. */
char *aslrt_copy_text(struct aslrt_arena *arena, const char *bytes, size_t count);

/* Leaves through the innermost trap of this account with that status; does not return. */
_Noreturn void aslrt_escape(struct aslrt_memory *memory, enum aslrt_status status);

/* Runs body(data) with a trap set.  Gives what body returned, or the status of the escape. */
enum aslrt_status aslrt_protect(struct aslrt_memory *memory, enum aslrt_status (*body)(void *data),
                                void *data);

/* Memory outside of arenas, for what comes and goes one by one: works as realloc, and with a size
   of 0 as free, on the account.  Gives NULL when there is none or the limit is reached, and then
   leaves `block` alone; never escapes.  Whoever takes it gives it back before the account closes.
   (Exported for libaslrt-io.) */
ASLRT_API void *aslrt_memory_resize(struct aslrt_memory *memory, void *block, size_t old_size,
                                    size_t size);

/* Opens and closes an arena that the caller embeds; the same as aslrt_arena_open without malloc. */
void aslrt_arena_init(struct aslrt_arena *arena, struct aslrt_memory *memory);
void aslrt_arena_clear(struct aslrt_arena *arena);

#define ASLRT_NEW(arena, type)          ((type *)aslrt_alloc_zero((arena), 1, sizeof(type)))
#define ASLRT_NEW_ARRAY(arena, type, n) ((type *)aslrt_alloc_zero((arena), (n), sizeof(type)))

#endif
