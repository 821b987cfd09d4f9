/*
 * regex.h - regular expressions with ECMAScript's meaning, by way of PCRE2.
 *
 * A pattern is translated once, when the expression is compiled; what PCRE2 can't be made to do as
 * ECMAScript demands is refused there, by name.  Text is matched as UTF-16 code units, as
 * JavaScript does without the flag `u`, so that offsets, `.` and surrogates mean the same.
 * Backtracking is bounded; a pattern that needs more fails (U1001).
 * Ownership: a compiled pattern lives in the arena it was compiled into; what a match needs, in the
 * arena of the evaluation.
 */
#ifndef ASLRT_REGEX_H
#define ASLRT_REGEX_H

#include "runtime/expr/signature.h"
#include "runtime/expr/text.h"

enum {
    ASLRT_REGEX_IGNORE_CASE = 1,
    ASLRT_REGEX_MULTILINE = 2,
};

struct aslrt_regex;

/* Compiles the pattern between the slashes with the flags behind them (i and m).  NULL when it is
   wrong or can't be translated; then *message says why. */
const struct aslrt_regex *aslrt_regex_compile(struct aslrt_arena *arena, struct aslrt_value pattern,
                                              struct aslrt_value flags, const char **message);
/* The pattern as written. */
struct aslrt_value aslrt_regex_source(const struct aslrt_regex *regex);
/* Capturing groups that the pattern has. */
uint32_t aslrt_regex_groups(const struct aslrt_regex *regex);

/* A match: code units [start, end) of the whole and of each group; SIZE_MAX: the group took no
   part. */
struct aslrt_match {
    size_t start, end;
    const size_t *groups; /* pairs */
};

struct evaluation;
/* The first match at or behind `from`; false when there is none. */
bool aslrt_regex_exec(struct evaluation *c, const struct aslrt_regex *regex,
                      struct aslrt_units subject, size_t from, struct aslrt_match *match);

/* A regular expression called as a function: /x/(text, from), and the function `next` of what that
   gives. */
struct closure;
struct function;
struct aslrt_value aslrt_regex_call(struct evaluation *c, const struct closure *regex,
                                    struct aslrt_arguments args);
/* The object that such a function gives: {match, start, end, groups, next}. */
struct aslrt_value aslrt_regex_match_value(struct evaluation *c, const struct closure *regex,
                                           struct aslrt_units subject,
                                           const struct aslrt_match *match);
struct aslrt_value aslrt_regex_call_next(struct evaluation *c, const struct function *next);

#endif
