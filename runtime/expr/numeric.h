/*
 * numeric.h - arithmetic that several families of functions need.
 */
#ifndef ASLRT_NUMERIC_H
#define ASLRT_NUMERIC_H

#include "runtime/expr/eval.h"

/* Rounds to so many decimal places (0 or NaN: to an integer), halves to even.  The decimal text is
   shifted, not the binary number: 1.005 to 2 places is 1. */
double aslrt_round_half_even(double d, double precision);
/* The text of an integer in a base from 2 to 36 as JavaScript's toString writes it; at most 1100
   bytes, no NUL. */
unsigned aslrt_integer_in_base(double d, unsigned radix, char *out);
/* From the evaluation's source of chance: 64 bits; a double in [0, 1). */
uint64_t aslrt_random_bits(struct evaluation *c);
double aslrt_random_fraction(struct evaluation *c);

#endif
