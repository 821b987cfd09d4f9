/*
 * text_index.c - a hash table of texts; see text_index.h.
 */
#include "compiler/base/text_index.h"

/* FNV-1a. */
static uint32_t hash(const char *text, uint32_t count)
{
    uint32_t h = 2166136261u;
    for (uint32_t i = 0; i < count; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h;
}

/* The entry of that text, or the empty one where it would go; room is a power of two and not full.
 */
static struct text_index_entry *slot(const struct text_index *index, const char *text,
                                     uint32_t count)
{
    for (uint32_t i = hash(text, count);; i++) {
        struct text_index_entry *e = &index->entries[i & (index->room - 1)];
        if (e->text == NULL || (e->count == count && memcmp(e->text, text, count) == 0))
            return e;
    }
}

static void widen(struct aslrt_arena *arena, struct text_index *index)
{
    struct text_index old = *index;
    index->room = old.room == 0 ? 16 : old.room * 2;
    index->entries = ASLRT_NEW_ARRAY(arena, struct text_index_entry, index->room);
    for (uint32_t i = 0; i < old.room; i++) {
        if (old.entries[i].text != NULL)
            *slot(index, old.entries[i].text, old.entries[i].count) = old.entries[i];
    }
}

const struct text_index_entry *text_index_add(struct aslrt_arena *arena, struct text_index *index,
                                              const char *text, uint32_t count, uint32_t value)
{
    if (index->count * 2 >= index->room)
        widen(arena, index);
    struct text_index_entry *e = slot(index, text, count);
    if (e->text == NULL) {
        *e = (struct text_index_entry){text, count, value};
        index->count++;
    }
    return e;
}

const struct text_index_entry *text_index_find(const struct text_index *index, const char *text,
                                               uint32_t count)
{
    const struct text_index_entry *e = index->room == 0 ? NULL : slot(index, text, count);
    return e == NULL || e->text == NULL ? NULL : e;
}
