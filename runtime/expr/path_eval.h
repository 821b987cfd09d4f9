/*
 * path_eval.h - evaluating JSONPath and intrinsic functions.
 *
 * In: a tree of path.h and what it may read.  Out: a value, or a fault with the words of the
 * library that the service uses (Jayway's JSONPath), which it quotes in its causes. A path that can
 * name several places (wildcard, filter, slice, '..') gives an array of what it found, empty when
 * that is nothing; any other path gives the one value, or a fault. Ownership: results live in the
 * arena given and borrow from the values read.
 */
#ifndef ASLRT_PATH_EVAL_H
#define ASLRT_PATH_EVAL_H

#include "runtime/expr/path.h"

struct aslrt_path_scope {
    struct aslrt_arena *arena;
    struct aslrt_value input; /* '$' */
    void *data;
    struct aslrt_value (*context)(void *data); /* '$$' */
    /* '$name': undefined when there is no such variable, or none was assigned */
    struct aslrt_value (*variable)(void *data, const char *name, uint32_t count);
    uint64_t (*random)(void *data); /* 64 random bits */
};

struct aslrt_path_fault {
    const char *message;           /* in the arena or static */
    const struct aslrt_term *term; /* the path or the call that failed */
    bool missing;                  /* a path that names nothing */
    bool beyond;                   /* ... for its last index is outside of an array */
};

/* Evaluates a path or a call.  False: *fault says why. */
bool aslrt_path_eval(const struct aslrt_term *term, const struct aslrt_path_scope *scope,
                     struct aslrt_value *out, struct aslrt_path_fault *fault);

/* Where a reference path can't go on: a step, and the value that it does not fit. */
struct aslrt_path_conflict {
    const struct aslrt_path_step *step;
    struct aslrt_value target; /* undefined: an array where there is nothing */
};

/* Puts `value` at the place that a reference path names in `target`, making objects on the way
   where there is nothing (spec: ResultPath).  False: the path leads through something that is no
   object, or to an element that an array does not have; *found is that step. */
bool aslrt_path_put(struct aslrt_arena *arena, const struct aslrt_path *path,
                    struct aslrt_value target, struct aslrt_value value, struct aslrt_value *out,
                    struct aslrt_path_conflict *found);

#endif
