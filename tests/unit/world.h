/*
 * world.h - what unit tests of the compiler need around a file: memory, sources, diagnostics.
 */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include "compiler/base/diag.h"

struct world {
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;
    struct source_table sources;
    struct diag_context cx;
};

static inline void open_world(struct world *w)
{
    w->memory = aslrt_memory_open(NULL, 0);
    w->arena = aslrt_arena_open(w->memory);
    source_table_init(&w->sources, w->arena);
    diag_context_init(&w->cx, w->arena, &w->sources);
}

static inline void close_world(struct world *w)
{
    aslrt_arena_close(w->arena);
    aslrt_memory_close(w->memory);
}

/* Adds a text as a source. */
static inline uint32_t add_text(struct world *w, const char *text)
{
    return source_add(&w->sources, "test.crud", text, (uint32_t)strlen(text));
}

#endif
