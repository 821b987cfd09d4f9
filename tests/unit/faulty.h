/*
 * faulty.h - an allocator that fails when it is told to.
 */
#ifndef TEST_FAULTY_H
#define TEST_FAULTY_H

#include "aslc/runtime.h"

#include <limits.h>
#include <stdlib.h>

struct faulty {
    int left; /* allocations that still go well; INT_MAX: all */
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
