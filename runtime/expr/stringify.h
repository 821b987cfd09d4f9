/*
 * stringify.h - values as JSON text the way JavaScript's JSON.stringify writes them.
 *
 * It differs from the runtime's writer (runtime/base/json.h) in three things: keys that look like
 * array indexes come first, in ascending order; every number is a double; and, as $string and `&`
 * ask for it, numbers are rounded to 15 significant digits and functions become "".
 */
#ifndef ASLRT_STRINGIFY_H
#define ASLRT_STRINGIFY_H

#include "runtime/base/buffer.h"

enum {
    ASLRT_STRINGIFY_JSON = 0,
    ASLRT_STRINGIFY_PRETTY = 1,       /* two spaces a level */
    ASLRT_STRINGIFY_15 = 2,           /* numbers to 15 significant digits, functions as "" */
    ASLRT_STRINGIFY_15_FRACTIONS = 4, /* the same, but integers in full (JSONata 2.2) */
};

/* Appends the text; nothing for an undefined value.  Gives the last infinity that it met (written
   as null), or 0.  Escapes with ASLRT_LIMIT beyond ASLRT_NESTING_MAX levels. */
double aslrt_stringify(struct aslrt_buffer *b, struct aslrt_value value, unsigned flags);

/* The members in the order in which JavaScript would name them; `arena` is used when that is not
   their own order. */
const struct aslrt_member *aslrt_js_order(struct aslrt_arena *arena, struct aslrt_value object);

#endif
