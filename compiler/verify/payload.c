/*
 * payload.c - looking for texts in the payloads of states.
 */
#include "compiler/verify/verify_int.h"

#include <string.h>

bool verify_mentions(const struct jnode *n, const char *text)
{
    if (n == NULL)
        return false;
    if (n->kind == J_STRING)
        return strstr(n->text, text) != NULL;
    for (uint32_t i = 0; n->kind == J_ARRAY && i < n->count; i++)
        if (verify_mentions(n->items[i], text))
            return true;
    for (uint32_t i = 0; n->kind == J_OBJECT && i < n->count; i++)
        if (verify_mentions(n->members[i].value, text))
            return true;
    return false;
}
