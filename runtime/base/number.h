/*
 * number.h - numbers as text and as doubles: both directions exact, neither asks the locale.
 *
 * In: text in JSON's number grammar (RFC 8259, section 6), doubles, integers.  Out: the nearest
 * double (ties to even), or the shortest text that reads back as the same double, spelled as
 * ECMA-262's Number::toString spells it.  Nothing here allocates.
 */
#ifndef ASLRT_NUMBER_H
#define ASLRT_NUMBER_H

#include "aslc/runtime.h"

enum {
    ASLRT_NUMBER_TEXT_MAX = 32,   /* bytes that a double or an integer needs as text, at most */
    ASLRT_NUMBER_DIGITS_MAX = 800 /* significant digits of a double written out in full, at most */
};

/* Length of the JSON number that `text` starts with; 0 when it starts with none.  Sets *integral
   when the number has neither fraction nor exponent. */
size_t aslrt_number_scan(const char *text, size_t count, bool *integral);
/* The number as the reader keeps it: ASLRT_INT when int64 holds it and prints it as it is written,
   else ASLRT_NUMBER, which borrows the text.  `text` is a JSON number as a whole. */
struct aslrt_value aslrt_number_value(const char *text, uint32_t count);

/* The double nearest to a JSON number, ties to even; an infinity when it is too large. */
double aslrt_number_to_double(const char *text, size_t count);
/* True when the JSON number is an integer in int64, however it is spelled (`1e3`, `20.0`). */
bool aslrt_number_to_int(const char *text, size_t count, int64_t *out);
/* True when two JSON numbers have the same value; spelling doesn't count. */
bool aslrt_number_same(const char *a, size_t a_count, const char *b, size_t b_count);
/* The same for two numbers of any kind.  A double equals the text whose nearest double it is. */
bool aslrt_number_equal(struct aslrt_value a, struct aslrt_value b);

/* Writes the decimal text and gives its length; no NUL.  -0 is `0`; a double that isn't finite is
   `NaN`, `Infinity` or `-Infinity`, which JSON doesn't know. */
unsigned aslrt_double_to_text(double d, char out[ASLRT_NUMBER_TEXT_MAX]);
unsigned aslrt_int_to_text(int64_t i, char out[ASLRT_NUMBER_TEXT_MAX]);

/* The shortest digits that identify a finite double above 0: 0.d1d2d3... * 10^*point.  Gives how
   many they are (at most 17); the last isn't 0. */
unsigned aslrt_double_shortest(double d, char digits[20], int *point);
/* All digits of a finite double above 0, in the same form: its exact value. */
unsigned aslrt_double_expand(double d, char digits[ASLRT_NUMBER_DIGITS_MAX], int *point);

/* The double nearest to `d` rounded to 15 significant digits, ties away from 0: JavaScript's
   Number(d.toPrecision(15)), by which JSONata hides the noise of binary fractions. */
double aslrt_double_15(double d);

#endif
