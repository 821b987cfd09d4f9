/*
 * path_parser.h - what path.c offers to grammar/path.l and path.y; nobody else includes it.
 */
#ifndef ASLRT_PATH_PARSER_H
#define ASLRT_PATH_PARSER_H

#include "runtime/base/buffer.h"
#include "runtime/base/limits.h"
#include "runtime/expr/path.h"

struct aslrt_path_span { /* location type of the grammar: byte offsets */
    uint32_t start, end;
};

struct aslrt_path_reader {
    struct aslrt_arena *arena; /* first: the scanner's memory (runtime/base/scan.h) */
    void *scanner;
    const char *text;
    uint32_t offset;                      /* of the byte that is scanned next */
    uint32_t depth;                       /* of brackets and parentheses */
    int states[ASLRT_PATH_DEPTH_MAX + 2]; /* the scanner's states to go back to */
    uint32_t state_count;
    struct aslrt_path_error *error;
    const struct aslrt_term *result;
};

/* A list while it grows; lists are short. */
struct aslrt_term_list {
    const struct aslrt_term **terms;
    uint32_t count, room;
};

/* Every value that the grammar handles. */
union aslrt_path_value {
    struct aslrt_path_text text;
    int64_t integer;
    struct aslrt_path *path;
    struct aslrt_path_step *step;
    const struct aslrt_filter *filter;
    const struct aslrt_term *term;
    struct aslrt_term_list *list;
};

/* Reports the first problem; later ones are dropped. */
void aslrt_path_fail(struct aslrt_path_reader *r, enum aslrt_path_problem problem,
                     struct aslrt_path_span at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

struct aslrt_path_text aslrt_path_copy(struct aslrt_path_reader *r, const char *bytes,
                                       uint32_t count);
/* The inside of a quoted name or string of a path: a backslash keeps the quote behind it. */
struct aslrt_path_text aslrt_path_quoted(struct aslrt_path_reader *r, const char *bytes,
                                         uint32_t count);
/* The inside of a string of an intrinsic function: \' \{ \} \\ and nothing else may be escaped. */
struct aslrt_path_text aslrt_path_argument(struct aslrt_path_reader *r, struct aslrt_path_span at,
                                           const char *bytes, uint32_t count);

struct aslrt_path *aslrt_path_new(struct aslrt_path_reader *r, enum aslrt_path_root root,
                                  struct aslrt_path_text variable);
/* Appends a step (NULL: nothing). */
void aslrt_path_append(struct aslrt_path *path, struct aslrt_path_step *step, bool deep);
struct aslrt_path_step *aslrt_step_new(struct aslrt_path_reader *r, enum aslrt_step_kind kind);
void aslrt_step_name(struct aslrt_path_reader *r, struct aslrt_path_step *step,
                     struct aslrt_path_text name);
void aslrt_step_index(struct aslrt_path_reader *r, struct aslrt_path_step *step, int64_t index);
struct aslrt_term *aslrt_term_new(struct aslrt_path_reader *r, enum aslrt_term_kind kind,
                                  struct aslrt_path_span at);
struct aslrt_term_list *aslrt_list_add(struct aslrt_path_reader *r, struct aslrt_term_list *list,
                                       const struct aslrt_term *term);
/* A call of States.NAME; reports an unknown name and the wrong number of arguments. */
const struct aslrt_term *aslrt_call_new(struct aslrt_path_reader *r, struct aslrt_path_text name,
                                        struct aslrt_path_span name_at,
                                        struct aslrt_term_list *arguments,
                                        struct aslrt_path_span at);
const struct aslrt_filter *aslrt_filter_new(struct aslrt_path_reader *r,
                                            enum aslrt_filter_kind kind,
                                            const struct aslrt_filter *a,
                                            const struct aslrt_filter *b);
const struct aslrt_filter *aslrt_filter_compare(struct aslrt_path_reader *r,
                                                const struct aslrt_term *left,
                                                struct aslrt_path_text op,
                                                const struct aslrt_term *right);

#endif
