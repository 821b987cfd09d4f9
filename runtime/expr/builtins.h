/*
 * builtins.h - the table of JSONata's built-in functions.
 *
 * One row a function in jsonata_functions.def; each is implemented by aslrt_fn_NAME(call).
 * In: a struct call with validated arguments.  Out: a value; errors leave through aslrt_eval_fail.
 */
#ifndef ASLRT_BUILTINS_H
#define ASLRT_BUILTINS_H

#include "aslc/runtime.h"

enum aslrt_builtin {
    ASLRT_BUILTIN_NONE,
#define BUILTIN(name, signature, arity, where) ASLRT_BUILTIN_##name,
#include "runtime/expr/jsonata_functions.def"
    ASLRT_BUILTIN_COUNT
};

struct call;

struct aslrt_builtin_row {
    const char *name;
    uint8_t name_count;
    uint8_t arity;
    uint8_t where; /* bits: 1 << enum aslrt_dialect */
    struct aslrt_value (*function)(struct call *call);
    const char *signature;
};
extern const struct aslrt_builtin_row aslrt_builtins[ASLRT_BUILTIN_COUNT];

/* The built-in of that name in the dialect, or ASLRT_BUILTIN_NONE. */
enum aslrt_builtin aslrt_builtin_named(struct aslrt_value name, enum aslrt_dialect dialect);

#define BUILTIN(name, signature, arity, where)                                                     \
    struct aslrt_value aslrt_fn_##name(struct call *call);
#include "runtime/expr/jsonata_functions.def"

#endif
