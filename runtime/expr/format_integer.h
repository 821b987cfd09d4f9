/*
 * format_integer.h - integers by picture (XPath, fn:format-integer): for $formatInteger,
 * $parseInteger and the parts of dates.
 *
 * In: a picture like "#,##0", "w;o", "I".  Out: what it says; numbers as text and back.
 */
#ifndef ASLRT_FORMAT_INTEGER_H
#define ASLRT_FORMAT_INTEGER_H

#include "runtime/expr/eval.h"
#include "runtime/expr/text.h"

enum aslrt_integer_style {
    INTEGER_DECIMAL,
    INTEGER_LETTERS,
    INTEGER_ROMAN,
    INTEGER_WORDS,
    INTEGER_SEQUENCE
};
enum aslrt_letter_case { CASE_LOWER, CASE_UPPER, CASE_TITLE };

struct integer_separator {
    double position; /* digits on its right */
    uint32_t character;
};

struct integer_format {
    enum aslrt_integer_style style;
    enum aslrt_letter_case letter_case;
    bool ordinal;
    uint32_t zero;              /* character of the digit 0 */
    double mandatory, optional; /* digits; NaN: the style has none */
    bool regular;               /* one separator at every `interval`-th digit */
    double interval;
    struct integer_separator *separators; /* from right to left */
    size_t separator_count;
    double width;       /* of a date's part, for reading; NaN or below 1: any */
    double exact_width; /* the same in 2.2 */
    struct aslrt_value picture;
};

/* Reads a picture; a wrong one fails (D3131). */
struct integer_format aslrt_integer_picture(struct evaluation *c, struct aslrt_units picture);
/* Appends the number (an integer, or NaN) by the picture. */
void aslrt_integer_put(struct evaluation *c, struct aslrt_unit_buffer *b, double value,
                       const struct integer_format *format);
/* Appends the ECMAScript pattern of what the picture can read. */
void aslrt_integer_pattern(struct evaluation *c, struct aslrt_buffer *b,
                           const struct integer_format *format);
/* The number that the text is; NaN when it is none. */
double aslrt_integer_parse(struct evaluation *c, struct aslrt_units text,
                           const struct integer_format *format);

#endif
