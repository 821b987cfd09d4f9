/*
 * sort.h - a stable merge sort over JSONata values, whose order may run expressions.
 *
 * In: an array of two items or more and a predicate over places in it.  Out: a plain array.
 */
#ifndef ASLRT_SORT_H
#define ASLRT_SORT_H

#include "runtime/expr/eval.h"

struct aslrt_sort { /* first member of what the predicate needs besides */
    struct evaluation *c;
    struct aslrt_value input;
    /* True when item `left` belongs behind item `right`. */
    bool (*behind)(struct aslrt_sort *sort, uint32_t left, uint32_t right);
};

struct aslrt_value aslrt_sort(struct aslrt_sort *sort);

#endif
