/*
 * grow.h - arrays that grow by doubling, without a field for their room.
 *
 * An array of `count` elements has room for the next power of two, 4 at least; so it must be moved
 * exactly when count is 0 or a power of two from 4 on.  The old copy stays behind in the arena.
 */
#ifndef ASLC_GROW_H
#define ASLC_GROW_H

#include "runtime/base/arena.h"

/* Gives the array with room for one more element of `size` bytes, the new element zeroed. */
static inline void *grow(struct aslrt_arena *arena, void *items, uint32_t count, size_t size)
{
    if (count == 0)
        items = aslrt_alloc(arena, 4 * size);
    if (count >= 4 && (count & (count - 1)) == 0) {
        char *more = aslrt_alloc(arena, 2 * (size_t)count * size);
        memcpy(more, items, count * size);
        items = more;
    }
    memset((char *)items + count * size, 0, size);
    return items;
}

/* GROW(arena, array, count) moves the array when it must and gives the address of the new element;
   the caller's count has been raised by one. */
#define GROW(arena, array, count)                                                                  \
    ((array) = grow((arena), (array), (count), sizeof *(array)), &(array)[(count)++])

#endif
