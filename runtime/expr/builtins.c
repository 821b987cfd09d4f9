/*
 * builtins.c - the table of built-in functions, and looking them up by name; see builtins.h.
 */
#include "runtime/expr/builtins.h"

enum {
    PLAIN = 1 << ASLRT_JSONATA_PLAIN,
    ASL = 1 << ASLRT_JSONATA_ASL,
    BOTH = PLAIN | ASL,
};

const struct aslrt_builtin_row aslrt_builtins[ASLRT_BUILTIN_COUNT] = {
    [ASLRT_BUILTIN_NONE] = {"", 0, 0, 0, NULL, ""},
#define BUILTIN_NAMED(id, text, sig, parameters, dialects)                                         \
    [ASLRT_BUILTIN_##id] = {text, sizeof text - 1, parameters, dialects, aslrt_fn_##id, sig},
#define BUILTIN(id, sig, parameters, dialects) BUILTIN_NAMED(id, #id, sig, parameters, dialects)
#include "runtime/expr/jsonata_functions.def"
};

enum aslrt_builtin aslrt_builtin_named(struct aslrt_value name, enum aslrt_dialect dialect)
{
    for (unsigned i = 1; i < ASLRT_BUILTIN_COUNT; i++) {
        const struct aslrt_builtin_row *row = &aslrt_builtins[i];
        if (row->name_count == name.count && (row->where >> dialect & 1) &&
            memcmp(row->name, name.as.bytes, name.count) == 0)
            return (enum aslrt_builtin)i;
    }
    return ASLRT_BUILTIN_NONE;
}
