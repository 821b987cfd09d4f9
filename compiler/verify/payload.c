/*
 * payload.c - looking for texts in the payloads of states.
 */
#include "compiler/verify/verify_int.h"

#include <string.h>

/* Calls `fits` on every string of the tree until it gives true. */
static bool any_string(const struct jnode *n, const char *text,
                       bool (*fits)(const char *string, const char *text))
{
    if (n == NULL)
        return false;
    if (n->kind == J_STRING)
        return fits(n->text, text);
    for (uint32_t i = 0; n->kind == J_ARRAY && i < n->count; i++)
        if (any_string(n->items[i], text, fits))
            return true;
    for (uint32_t i = 0; n->kind == J_OBJECT && i < n->count; i++)
        if (any_string(n->members[i].value, text, fits))
            return true;
    return false;
}

static bool has(const char *string, const char *text)
{
    return strstr(string, text) != NULL;
}

static bool equals(const char *string, const char *text)
{
    return strcmp(string, text) == 0;
}

bool verify_mentions(const struct jnode *n, const char *text)
{
    return any_string(n, text, has);
}

bool verify_holds(const struct jnode *n, const char *text)
{
    return any_string(n, text, equals);
}
