/*
 * cjson_arena.c - cJSON's allocator hooks; see cjson_arena.h.
 */
#include "compiler/base/cjson_arena.h"

#include <stddef.h>

static struct aslrt_arena *current;

static void *take(size_t size)
{
    return aslrt_alloc(current, size);
}

static void leave(void *block)
{
    (void)block;
}

void cjson_begin(struct aslrt_arena *arena)
{
    current = arena;
    cJSON_Hooks hooks = {take, leave};
    cJSON_InitHooks(&hooks);
}

void cjson_end(void)
{
    current = NULL;
    cJSON_InitHooks(NULL);
}
