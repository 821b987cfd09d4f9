/*
 * evaluate.h - one expression on one input, in any of the three languages: what `aslc eval` and the
 * op eval of `aslc batch` share.
 *
 * In: the expression's text and what it may read.  Out: a value, or what is wrong and where.
 * Everything is borrowed; results live in the arena and may borrow from what was read.
 */
#ifndef ASLC_EVALUATE_H
#define ASLC_EVALUATE_H

#include "aslc/runtime.h"

enum evaluate_language { EVALUATE_JSONATA, EVALUATE_JSONPATH, EVALUATE_INTRINSIC };

struct evaluation {
    enum evaluate_language language;
    struct aslrt_value text;     /* a string */
    struct aslrt_value input;    /* what '$' means; undefined: nothing */
    struct aslrt_value context;  /* what '$$' means in a path */
    struct aslrt_value bindings; /* an object: variables by name; else none */
    uint64_t seed;               /* of States.UUID and States.MathRandom */
    /* JSONata alone */
    struct aslrt_jsonata_options options;
    uint32_t time_limit_ms, depth_limit; /* 0: the dialect's */
};

/* As the reply of `aslc batch` spells it. */
struct evaluation_error {
    const char *code; /* jsonata-js's; for paths what an execution fails with, "States.Runtime" */
    const char *message;
    struct aslrt_value token; /* or undefined */
    int64_t position;         /* in characters (JSONata) or bytes (paths); -1: none */
};

/* The language of that name; false for another word. */
bool evaluate_language_of(const char *word, enum evaluate_language *out);

bool evaluate(struct aslrt_arena *arena, const struct evaluation *e, struct aslrt_value *out,
              struct evaluation_error *error);

#endif
