/*
 * datetime_picture.h - date and time pictures (XPath F&O 3.1, section 9.8.4), taken apart.
 *
 * In: "[Y0001]-[M01]-[D01]".  Out: literals and markers in their order.
 */
#ifndef ASLRT_DATETIME_PICTURE_H
#define ASLRT_DATETIME_PICTURE_H

#include "runtime/expr/calendar.h"
#include "runtime/expr/format_integer.h"

enum name_style { NAMES_NONE, NAMES_LOWER, NAMES_UPPER, NAMES_TITLE };

struct datetime_part {
    bool literal;
    struct aslrt_units text; /* of a literal */
    uint16_t component;      /* the letter of a marker */
    bool traditional;        /* its last modifier is t: Z for no offset */
    enum name_style names;
    bool has_width, has_most;
    double least, most; /* the width; NaN where no number was written */
    bool has_integer;
    struct integer_format integer;
    double year_digits; /* of Y, M and D: digits kept; -1: all; NaN as the width has it */
    bool has_year_digits;
};

struct datetime_picture {
    struct datetime_part *parts;
    uint32_t count, room;
};

/* Reads a picture; a wrong one fails (D3132, D3135, D3131). */
struct datetime_picture aslrt_datetime_picture(struct evaluation *c, struct aslrt_units picture);

/* One component of a date: 'Y', 'M', ... (a number; NaN for what is none). */
double aslrt_datetime_component(const struct calendar_date *date, uint16_t component);

extern const char *const aslrt_month_names[12];
extern const char *const aslrt_day_names[8]; /* 1: Monday */

#endif
