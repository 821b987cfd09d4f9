/*
 * path_int.h - what the files that evaluate JSONPath share.
 */
#ifndef ASLRT_PATH_INT_H
#define ASLRT_PATH_INT_H

#include "runtime/expr/path_eval.h"

/* A path alone; see aslrt_path_eval. */
bool aslrt_path_walk(const struct aslrt_path *path, const struct aslrt_path_scope *scope,
                     struct aslrt_value *out, struct aslrt_path_fault *fault);

/* path_filter.c: whether the filter takes the item ('@'). */
bool aslrt_filter_takes(const struct aslrt_filter *filter, const struct aslrt_path_scope *scope,
                        struct aslrt_value item);
/* A function at the end of a path: length(), min(), keys(), ...  False: not for this value. */
bool aslrt_path_function(const struct aslrt_path_step *step, const struct aslrt_path_scope *scope,
                         struct aslrt_value value, struct aslrt_value *out);

/* intrinsic.c: a call of an intrinsic function. */
bool aslrt_intrinsic_call(const struct aslrt_term *call, const struct aslrt_path_scope *scope,
                          struct aslrt_value *out, struct aslrt_path_fault *fault);

#endif
