/*
 * number_exact.h - the slow and certain way: a binary fraction written out in all its decimal
 * digits.
 *
 * Who uses it: the conversions of number.h, where 128 bits can't decide.
 */
#ifndef ASLRT_NUMBER_EXACT_H
#define ASLRT_NUMBER_EXACT_H

#include "runtime/base/number.h"

/* The digits of mantissa * 2^exponent, 0 < mantissa < 2^60, -1126 <= exponent <= 971 and no bit
   below 2^-1075, as 0.d1d2d3... * 10^*point.  Gives how many they are; the last isn't 0. */
unsigned aslrt_exact_digits(uint64_t mantissa, int exponent, char digits[ASLRT_NUMBER_DIGITS_MAX],
                            int *point);

#endif
