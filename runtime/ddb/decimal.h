/*
 * decimal.h - DynamoDB's numbers: decimals of up to 38 significant digits, exact or refused.
 *
 * A number is sign, coefficient and exponent: (-1)^negative * coefficient * 10^exponent.
 * Invariant: the coefficient has at most 38 digits and no trailing zero; zero is {0, 0, false}; the
 * position of the first digit is between 10^-130 and 10^125.  Equal numbers are thus equal field by
 * field.  10^38 is less than 2^128, so that one 128-bit integer holds every coefficient; nothing
 * here ever rounds.
 *
 * The key form is a string of bytes whose order under memcmp is the order of the numbers.  It is
 * how numbers are stored, both as attributes and in keys.  Memory: callers give the buffers.
 */
#ifndef ASLRT_DECIMAL_H
#define ASLRT_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Not a part of ISO C, but of every compiler that we support. */
__extension__ typedef unsigned __int128 aslrt_u128;

enum {
    ASLRT_DECIMAL_DIGITS = 38,
    ASLRT_DECIMAL_KEY_MAX = 23,   /* bytes of the longest key form */
    ASLRT_DECIMAL_TEXT_MAX = 172, /* bytes of the longest text, its NUL included */
};

struct aslrt_decimal {
    aslrt_u128 coefficient;
    int16_t exponent;
    bool negative;
};

enum aslrt_decimal_status {
    ASLRT_DECIMAL_OK = 0,
    ASLRT_DECIMAL_SYNTAX,    /* the text is no number */
    ASLRT_DECIMAL_OVERFLOW,  /* 10^126 or more in magnitude */
    ASLRT_DECIMAL_UNDERFLOW, /* below 10^-130 in magnitude, and not zero */
    ASLRT_DECIMAL_PRECISION, /* more than 38 significant digits */
};

/* Reads a number as the API takes it: sign, digits with at most one point, exponent; no blanks.
   A zero is refused too when its written exponent is out of range, as the service does. */
enum aslrt_decimal_status aslrt_decimal_parse(const char *text, size_t count,
                                              struct aslrt_decimal *out);

/* What the service says about a status other than OK; for SYNTAX the offending text follows it
   after a colon and a space.  Static. */
const char *aslrt_decimal_problem(enum aslrt_decimal_status status);

/* Writes the number as the API gives it: plain digits, never an exponent, no zeros that mean
   nothing.  Gives the length; `out` is NUL-terminated. */
size_t aslrt_decimal_format(struct aslrt_decimal d, char out[ASLRT_DECIMAL_TEXT_MAX]);

/* a + b; a - b.  Exact, or PRECISION, OVERFLOW or UNDERFLOW with *out untouched. */
enum aslrt_decimal_status aslrt_decimal_add(struct aslrt_decimal a, struct aslrt_decimal b,
                                            struct aslrt_decimal *out);
enum aslrt_decimal_status aslrt_decimal_subtract(struct aslrt_decimal a, struct aslrt_decimal b,
                                                 struct aslrt_decimal *out);

/* A count of bytes, elements or seconds as a number. */
struct aslrt_decimal aslrt_decimal_of(uint64_t n);

/* Writes the key form and gives its length. */
size_t aslrt_decimal_to_key(struct aslrt_decimal d, uint8_t out[ASLRT_DECIMAL_KEY_MAX]);
/* Reads a key form.  False when the bytes are none. */
bool aslrt_decimal_from_key(const uint8_t *key, size_t count, struct aslrt_decimal *out);

/* The same as aslrt_decimal_format for a number in its key form, which must be one. */
size_t aslrt_decimal_format_key(const uint8_t *key, size_t count, char out[ASLRT_DECIMAL_TEXT_MAX]);

/* Bytes that the service counts for the number with that key form in an item's size. */
uint32_t aslrt_decimal_key_size(const uint8_t *key, size_t count);

#endif
