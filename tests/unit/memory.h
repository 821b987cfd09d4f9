/*
 * memory.h - what unit tests of the runtime need of memory: an arena for the whole program, and an
 * allocator that fails when it is told to.
 */
#ifndef TEST_MEMORY_H
#define TEST_MEMORY_H

#include "runtime/base/arena.h"

#include <stdlib.h>

static struct aslrt_memory *memory;
static struct aslrt_arena *arena;

/* Setup and teardown of a group of tests. */
static inline int open_arena(void **state)
{
    (void)state;
    memory = aslrt_memory_open(NULL, 0);
    arena = aslrt_arena_open(memory);
    return arena == NULL;
}

static inline int close_arena(void **state)
{
    (void)state;
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}

struct faulty {
    int left; /* allocations that still go well */
    int held; /* blocks that were given and not taken back */
};

static inline void *faulty_resize(void *data, void *block, size_t old_size, size_t new_size)
{
    (void)old_size;
    struct faulty *f = data;
    if (new_size == 0) {
        f->held -= block != NULL;
        free(block);
        return NULL;
    }
    if (f->left-- <= 0)
        return NULL;
    void *p = realloc(block, new_size);
    f->held += block == NULL && p != NULL;
    return p;
}

/* An account of which only so many allocations go well; NULL when opening it is one too many. */
static inline struct aslrt_memory *faulty_memory(struct faulty *f, int left)
{
    *f = (struct faulty){left, 0};
    struct aslrt_allocator allocator = {faulty_resize, f};
    return aslrt_memory_open(&allocator, 0);
}

#endif
