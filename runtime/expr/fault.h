/*
 * fault.h - what went wrong in an expression, before it is put into words.
 *
 * In: the fields that jsonata-js sets on its error objects.  Out: struct aslrt_expr_error.
 * Ownership: everything that a fault points to lives in the arena of the call that fails.
 */
#ifndef ASLRT_FAULT_H
#define ASLRT_FAULT_H

#include "runtime/base/arena.h"

#define FAULT_NOWHERE UINT32_MAX

struct aslrt_fault {
    const char *code; /* NULL: none, `message` says all */
    uint32_t at;      /* byte offset in the expression's text, or FAULT_NOWHERE */
    struct aslrt_value token, value, value2;
    uint32_t index;              /* {{index}} */
    const char *type;            /* {{type}} */
    struct aslrt_value exponent; /* {{exp}} */
    const char *function;        /* {{{functionName}}} */
    const char *message;         /* {{{message}}}, and what is said when there is no code */
    bool has_value;              /* {{value}} is there, and not merely undefined */
};

static inline struct aslrt_fault aslrt_fault(const char *code, uint32_t at)
{
    struct aslrt_fault f;
    memset(&f, 0, sizeof f);
    f.code = code;
    f.at = at;
    return f;
}

/* Puts the fault into words.  `text` is the expression, for the position. */
void aslrt_fault_describe(struct aslrt_arena *arena, const struct aslrt_fault *fault,
                          const char *text, size_t count, struct aslrt_expr_error *error);

#endif
