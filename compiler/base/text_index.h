/*
 * text_index.h - a set of texts, each with a number: which texts were there before, at any size.
 *
 * An open-addressed hash table that doubles.  The texts are borrowed; the table lives in the arena.
 */
#ifndef ASLC_TEXT_INDEX_H
#define ASLC_TEXT_INDEX_H

#include "runtime/base/arena.h"

struct text_index_entry {
    const char *text; /* NULL: empty */
    uint32_t count;
    uint32_t value;
};

struct text_index {
    struct text_index_entry *entries;
    uint32_t count, room;
};

/* Adds the text with that value, unless it is there.  Gives its entry: the new one, or the one that
   was there before (its value is then the old one); good until the next call. */
const struct text_index_entry *text_index_add(struct aslrt_arena *arena, struct text_index *index,
                                              const char *text, uint32_t count, uint32_t value);
/* The entry of that text, or NULL. */
const struct text_index_entry *text_index_find(const struct text_index *index, const char *text,
                                               uint32_t count);

#endif
