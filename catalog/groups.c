/*
 * groups.c - groups of errors by one word; see groups.def.
 */
#include "catalog/catalog.h"

#include <string.h>

static const struct {
    const char *group, *name;
} rows[] = {
#define CATALOG_GROUP(group, name) {group, name},
#include "catalog/groups.def"
#undef CATALOG_GROUP
};

bool catalog_group_has(const char *group, const char *error)
{
    const char *dot = strchr(error, '.');
    const char *bare = dot == NULL || strncmp(error, "States.", 7) == 0 ? error : dot + 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].group, group) == 0 && strcmp(rows[i].name, bare) == 0)
            return true;
    }
    return strcmp(group, error) == 0;
}

bool catalog_is_group(const char *word)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].group, word) == 0)
            return true;
    }
    return false;
}
