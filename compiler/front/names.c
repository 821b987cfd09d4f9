/*
 * names.c - tables of names: open addressing, half full at most; see names.h.
 */
#include "compiler/front/names.h"

#include "compiler/base/suggest.h"

static uint32_t hash(const char *text)
{
    uint32_t h = 2166136261u;
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

/* The slot that holds the name, or the empty one where it belongs. */
static struct named **slot(const struct names *names, const char *text)
{
    uint32_t at = hash(text) & (names->room - 1);
    while (names->slots[at] != NULL && strcmp(names->slots[at]->text, text) != 0)
        at = (at + 1) & (names->room - 1);
    return &names->slots[at];
}

struct named *names_find(const struct names *names, const char *text)
{
    return names->room == 0 ? NULL : *slot(names, text);
}

struct named *names_add(struct aslrt_arena *arena, struct names *names, const char *text)
{
    if (names->count * 2 >= names->room) {
        names->room = names->room == 0 ? 16 : names->room * 2;
        names->slots = ASLRT_NEW_ARRAY(arena, struct named *, names->room);
        for (struct named *n = names->first; n != NULL; n = n->next)
            *slot(names, n->text) = n;
    }
    struct named *n = ASLRT_NEW(arena, struct named);
    n->text = text;
    *slot(names, text) = n;
    if (names->last == NULL)
        names->first = n;
    else
        names->last->next = n;
    names->last = n;
    names->count++;
    return n;
}

const char *names_nearest(struct aslrt_arena *arena, const struct names *names, const char *word)
{
    const char **all = ASLRT_NEW_ARRAY(arena, const char *, names->count + 1);
    uint32_t count = 0;
    for (const struct named *n = names->first; n != NULL; n = n->next)
        all[count++] = n->text;
    return suggest(word, all, count);
}
