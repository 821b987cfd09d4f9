/*
 * inspect.h - one state by itself: what TestState does.
 *
 * In: a program, a state, an input, and what stands for the state's work.  Out: how the state ended
 * and what its data was at each point on the way.  Values live in the execution's arena until it is
 * started again or closed; what goes in is borrowed.
 */
#ifndef ASLRT_INSPECT_H
#define ASLRT_INSPECT_H

#include "runtime/base/arena.h"

/* The points on the way of data through a state: X(id, name in inspectionData). */
#define ASLRT_INSPECTED(X)                                                                         \
    X(INPUT_PATH, "afterInputPath")                                                                \
    X(PARAMETERS, "afterParameters")                                                               \
    X(ARGUMENTS, "afterArguments")                                                                 \
    X(ITEMS_PATH, "afterItemsPath")                                                                \
    X(ITEM_SELECTOR, "afterItemSelector")                                                          \
    X(RESULT, "result")                                                                            \
    X(RESULT_SELECTOR, "afterResultSelector")                                                      \
    X(RESULT_PATH, "afterResultPath")

enum aslrt_inspected {
#define ASLRT_X(id, name) ASLRT_AT_##id,
    ASLRT_INSPECTED(ASLRT_X)
#undef ASLRT_X
        ASLRT_INSPECTED_COUNT,
};

enum aslrt_tested {
    ASLRT_TESTED_SUCCEEDED,
    ASLRT_TESTED_FAILED,
    ASLRT_TESTED_RETRIABLE,
    ASLRT_TESTED_CAUGHT
};

struct aslrt_inspection {
    /* in: the mock of a Task's, Parallel's or Map's work */
    bool mocked;
    struct aslrt_value result;       /* undefined: it fails, with: */
    const char *error, *cause;       /* each may be NULL */
    uint32_t retry_count;            /* tries of the retrier so far */
    int64_t failed_iterations;       /* of a Map; -1: not given */
    struct aslrt_value reader_items; /* what an ItemReader gives, or undefined */
    struct aslrt_value context;      /* the context object, or undefined: one is made */
    struct aslrt_value variables;    /* an object, or undefined */

    /* out */
    enum aslrt_tested status;
    struct aslrt_value output;                     /* SUCCEEDED, CAUGHT */
    struct aslrt_value failed_error, failed_cause; /* strings, or undefined */
    uint32_t next; /* the state that would follow; ASLRT_NONE: none */
    struct aslrt_value at[ASLRT_INSPECTED_COUNT]; /* undefined: not reached */
    struct aslrt_value max_concurrency, tolerated_count, tolerated_percentage; /* of a Map */
    struct aslrt_value variables_after; /* an object of all that are assigned in the end */
    int32_t retrier, catcher;           /* index of the one that took the error; -1: none */
    double backoff_s;                   /* RETRIABLE: until the next try */
};

/* Runs the state.  ASLRT_MISUSE when nothing answers its call (aslrt_problem says so). */
enum aslrt_status aslrt_inspect(struct aslrt_execution *execution, uint32_t state,
                                struct aslrt_value input, struct aslrt_inspection *inspection);

#endif
