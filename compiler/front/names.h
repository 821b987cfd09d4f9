/*
 * names.h - a table from names to things, as scopes are made of.
 *
 * In: NUL-terminated names, borrowed.  Out: struct named, which stays where it is.
 * Ownership: the arena given to names_add.
 */
#ifndef ASLC_NAMES_H
#define ASLC_NAMES_H

#include "compiler/base/source.h"

struct named {
    const char *text;
    struct span span; /* where it was declared; no place: built in */
    int kind;         /* of the thing; the table's user says which */
    void *thing;
    struct named *next; /* in the order of adding */
};
struct names {
    struct named **slots;
    uint32_t room, count;
    struct named *first, *last;
};

struct named *names_find(const struct names *names, const char *text);
/* Adds a name that is not there yet. */
struct named *names_add(struct aslrt_arena *arena, struct names *names, const char *text);
/* The name that is nearest to the word, or NULL. */
const char *names_nearest(struct aslrt_arena *arena, const struct names *names, const char *word);

#endif
