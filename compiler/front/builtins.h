/*
 * builtins.h - the functions of expressions, as a table; builtins.def explains the columns.
 */
#ifndef ASLC_BUILTINS_H
#define ASLC_BUILTINS_H

#include <stdint.h>

/* Where a call may stand. */
enum builtin_where {
    CALL_MAKES = 1,     /* makes a value: defaults, workflows */
    CALL_CHECKS = 2,    /* conditions: check, when, invariant */
    CALL_ARGUMENTS = 4, /* what a list by an index looks for */
    CALL_FLOW = 8,      /* workflows */
    CALL_TESTS = 16,
    CALL_ANYWHERE = 31,
};

enum builtin_id {
#define BUILTIN(id, word, parameters, result, where, jsonata, condition, doc) BUILTIN_##id,
#include "compiler/front/builtins.def"
#undef BUILTIN
    BUILTIN_COUNT
};

struct builtin {
    const char *word;
    const char *parameters;
    char result;
    uint32_t where;
    const char *jsonata;
    const char *condition;
    const char *doc;
};
extern const struct builtin builtin_table[BUILTIN_COUNT];

#endif
