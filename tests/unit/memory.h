/*
 * memory.h - what unit tests of the runtime need of memory: an arena for the whole program.
 */
#ifndef TEST_MEMORY_H
#define TEST_MEMORY_H

#include "runtime/base/arena.h"
#include "tests/unit/faulty.h"

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

#endif
