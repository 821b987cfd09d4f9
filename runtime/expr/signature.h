/*
 * signature.h - function signatures like <s-nn?:s>: reading them, and fitting arguments to them.
 *
 * A signature is a pattern over the types of the arguments; optional and repeated parameters make
 * it a regular expression, which is matched greedily and with backtracking.  A `-` parameter that
 * is missing takes the context value. Ownership: a parsed signature lives in the arena it was
 * parsed into and borrows its text.
 */
#ifndef ASLRT_SIGNATURE_H
#define ASLRT_SIGNATURE_H

#include "runtime/expr/fault.h"

enum { /* types as bits; MISSING stands for undefined and fits every parameter but f */
       ASLRT_TYPE_ARRAY = 1,
       ASLRT_TYPE_STRING = 2,
       ASLRT_TYPE_NUMBER = 4,
       ASLRT_TYPE_BOOL = 8,
       ASLRT_TYPE_NULL = 16,
       ASLRT_TYPE_FUNCTION = 32,
       ASLRT_TYPE_OBJECT = 64,
       ASLRT_TYPE_MISSING = 128,
};

struct aslrt_parameter {
    uint8_t types;
    char letter;        /* as written; 0: a choice */
    bool array;         /* written `a`: other values become an array of one */
    bool context;       /* - */
    bool optional;      /* ? or - */
    bool repeated;      /* + */
    uint8_t item_count; /* length of the type parameter: a<n> */
    uint8_t item_types; /* its first letter */
    const char *items;  /* its text, NULL: none */
};

struct aslrt_signature {
    const char *text;
    uint32_t count;
    struct aslrt_parameter *parameters;
    /* for the common case: an argument for each parameter, or the last ones left out */
    bool quick;     /* no parameter is repeated, and there are not too many */
    uint32_t least; /* arguments without which a context value or an error is due */
    uint8_t masks[8];
    uint8_t arrays; /* a bit for each `a` parameter */
};

/* Reads a signature; NULL when it is wrong: then the fault has a code, and `at` is an offset. */
const struct aslrt_signature *aslrt_signature_parse(struct aslrt_arena *arena, const char *text,
                                                    struct aslrt_fault *fault);

struct evaluation;
struct aslrt_arguments {
    struct aslrt_value *items;
    uint32_t count;
};
/* Fits the arguments, in place when they fit as they are; else a new list.  Errors (T0410 ...
   T0412) leave through aslrt_eval_fail. */
struct aslrt_arguments aslrt_signature_fit(struct evaluation *c, const struct aslrt_signature *s,
                                           struct aslrt_arguments arguments,
                                           struct aslrt_value context);
/* Fails unless every argument has its parameter's type as it is: a built-in function that is
   applied partially gets its arguments without any fitting. */
void aslrt_signature_check(struct evaluation *c, const struct aslrt_signature *s,
                           struct aslrt_arguments arguments);
/* The same for a transform, <(oa):o>: an error that names the argument (T0410). */
void aslrt_signature_check_transform(struct evaluation *c, struct aslrt_arguments arguments);

#endif
