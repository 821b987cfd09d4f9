/*
 * regex_internal.h - what the translator of regular expressions hands to the matcher.
 */
#ifndef ASLRT_REGEX_INTERNAL_H
#define ASLRT_REGEX_INTERNAL_H

#include "runtime/expr/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 16
#include <pcre2.h>

/* How a group of ECMAScript's is found in a match of PCRE2's. */
struct regex_group {
    uint32_t number; /* PCRE2's */
    /* ECMAScript forgets a group each time that a loop around it begins anew; PCRE2 does not.  Each
       such loop is captured too (the span of its last round); a group that lies before the round
       took no part in it. */
    uint32_t loop_count;
    const uint32_t *loops;
};

struct aslrt_regex {
    struct aslrt_value source;
    pcre2_code_16 *code;
    uint32_t group_count;
    const struct regex_group *groups;
    uint32_t capture_count; /* of PCRE2's groups */
};

struct regex_pattern { /* PCRE2's pattern */
    uint16_t *units;
    size_t count;
    uint32_t group_count;
    struct regex_group *groups;
};

/* Translates the pattern; false when it can't be: then *why says so, and *syntax whether ECMAScript
   itself refuses it. */
bool aslrt_regex_translate(struct aslrt_arena *arena, struct aslrt_units pattern, unsigned flags,
                           struct regex_pattern *out, const char **why, bool *syntax);

#endif
