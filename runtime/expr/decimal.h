/*
 * decimal.h - fast ways for the numbers that people write: few digits, few decimal places.
 *
 * In: doubles, number text.  Out: the same as number.h would give, sooner.
 * A decimal of at most 15 significant digits and its nearest double determine each other; so where
 * a double is an integer of at most 15 digits divided by a small power of ten, these are its
 * shortest digits, and rounding it to 15 digits changes nothing.
 */
#ifndef ASLRT_DECIMAL_H
#define ASLRT_DECIMAL_H

#include "runtime/base/number.h"

/* The double that a number's text means. */
double aslrt_decimal_read(const char *text, uint32_t count);
/* The shortest text of a double (ECMA-262, Number::toString); gives its length. */
unsigned aslrt_decimal_write(double d, char out[ASLRT_NUMBER_TEXT_MAX]);
/* Number(d.toPrecision(15)). */
double aslrt_decimal_15(double d);

#endif
