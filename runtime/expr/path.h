/*
 * path.h - paths and intrinsic functions as syntax trees.
 *
 * In: the value of a field that holds a path, or of a template's key that ends in ".$".
 * Out: a tree, for the compiler to check and for the evaluator to run.
 * Paths are JSONPath in the dialect of Jayway, which the service speaks: '$' is the input, '$$' the
 * context object, '$name' a variable; filters, slices, unions, negative indexes, '..', '$.[0]', and
 * words without quotes in filters.  A reference path is one that can name one place only (spec:
 * Reference Paths).  Intrinsic functions: spec, Intrinsic Functions.
 * Ownership: the tree lives in the arena given and borrows nothing.  Nesting is bounded by
 * ASLRT_PATH_DEPTH_MAX.
 */
#ifndef ASLRT_PATH_H
#define ASLRT_PATH_H

#include "runtime/base/arena.h"

struct aslrt_path_text { /* not NUL-terminated beyond its count by accident only: always has a NUL
                          */
    const char *bytes;
    uint32_t count;
};

enum aslrt_path_root {
    ASLRT_ROOT_INPUT,    /* $ */
    ASLRT_ROOT_CONTEXT,  /* $$ */
    ASLRT_ROOT_VARIABLE, /* $name */
    ASLRT_ROOT_ITEM,     /* @, inside a filter */
};

enum aslrt_step_kind {
    ASLRT_STEP_NAMES,    /* .a  ['a']  ['a','b'] */
    ASLRT_STEP_ALL,      /* .*  [*] */
    ASLRT_STEP_INDEXES,  /* [0]  [-1]  [0,2] */
    ASLRT_STEP_SLICE,    /* [1:3]  [:2]  [-2:] */
    ASLRT_STEP_FILTER,   /* [?(...)] */
    ASLRT_STEP_SCRIPT,   /* [(...)]: kept as text */
    ASLRT_STEP_FUNCTION, /* .length() at the end */
};

struct aslrt_path_step {
    enum aslrt_step_kind kind;
    bool deep; /* behind '..': of every descendant */
    struct aslrt_path_text *names;
    int64_t *indexes;
    uint32_t count; /* of names or indexes */
    bool has_from, has_to;
    int64_t from, to;                    /* slice */
    const struct aslrt_filter *filter;   /* filter */
    struct aslrt_path_text text;         /* script: without its parentheses; function: its name */
    const struct aslrt_term **arguments; /* function */
    uint32_t argument_count;
    struct aslrt_path_step *next;
};

struct aslrt_path {
    enum aslrt_path_root root;
    struct aslrt_path_text variable;      /* its name, without the '$' */
    struct aslrt_path_step *steps, *last; /* last: of the list of steps */
    bool reference;                       /* a reference path: names and indexes from 0 on only */
};

enum aslrt_filter_kind {
    ASLRT_FILTER_OR,
    ASLRT_FILTER_AND,
    ASLRT_FILTER_NOT,
    ASLRT_FILTER_EXISTS,  /* left alone: a path that finds something */
    ASLRT_FILTER_COMPARE, /* left op right */
};

struct aslrt_filter {
    enum aslrt_filter_kind kind;
    const struct aslrt_filter *a, *b; /* OR, AND: both; NOT: a */
    const struct aslrt_term *left, *right;
    struct aslrt_path_text op; /* "==", "in", "=~", ... */
};

enum aslrt_term_kind {
    ASLRT_TERM_PATH,
    ASLRT_TERM_CALL,
    ASLRT_TERM_STRING, /* text: unescaped */
    ASLRT_TERM_NUMBER, /* text: as written */
    ASLRT_TERM_TRUE,
    ASLRT_TERM_FALSE,
    ASLRT_TERM_NULL,
    ASLRT_TERM_WORD,    /* a word without quotes in a filter: taken as a string */
    ASLRT_TERM_PATTERN, /* /text/flags in a filter, as written */
    ASLRT_TERM_LIST,    /* ['a','b'] in a filter */
};

/* One entry a row of intrinsics.def. */
enum aslrt_intrinsic {
#define INTRINSIC(name, min, max) ASLRT_INTRINSIC_##name,
#include "runtime/expr/intrinsics.def"
#undef INTRINSIC
    ASLRT_INTRINSIC_COUNT
};
extern const char *const aslrt_intrinsic_names[ASLRT_INTRINSIC_COUNT]; /* "Format" */

struct aslrt_term {
    enum aslrt_term_kind kind;
    uint32_t start, end; /* in the text that was parsed, in bytes */
    const struct aslrt_path *path;
    struct aslrt_path_text text;
    enum aslrt_intrinsic intrinsic;      /* CALL */
    const struct aslrt_term **arguments; /* CALL, LIST */
    uint32_t argument_count;
};

enum aslrt_path_problem {
    ASLRT_PATH_FINE,
    ASLRT_PATH_SYNTAX,
    ASLRT_PATH_DEPTH,     /* nested too deeply */
    ASLRT_PATH_FUNCTION,  /* no such intrinsic function: `name` */
    ASLRT_PATH_ARGUMENTS, /* the wrong number of arguments for `name` */
};

struct aslrt_path_error {
    enum aslrt_path_problem problem;
    const char *message; /* in the arena; lower case, without a full stop */
    const char *name;    /* of the intrinsic function, "States.Format", or NULL */
    uint32_t start, end; /* where in the text, in bytes */
};

/* Parses a path or a call of an intrinsic function: all of the `count` bytes at `text`.
   Gives the term, of kind PATH or CALL, or NULL with *error filled. */
const struct aslrt_term *aslrt_path_parse(struct aslrt_arena *arena, const char *text,
                                          uint32_t count, struct aslrt_path_error *error);

#endif
