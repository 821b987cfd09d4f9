/*
 * calendar.h - the Gregorian calendar as JavaScript's Date has it, in UTC.
 *
 * In: milliseconds since 1970 or fields; both may be NaN, which makes everything NaN.
 */
#ifndef ASLRT_CALENDAR_H
#define ASLRT_CALENDAR_H

#include <stddef.h>

struct calendar_date {
    double year, month, day; /* month 0 ... 11, day 1 ... 31 */
    double hours, minutes, seconds, milliseconds;
    double weekday; /* 0: Sunday */
    double time;    /* milliseconds since 1970 */
};

#define MILLIS_PER_DAY 86400000.0

/* new Date(time); NaN in every field when the time is out of Date's range. */
struct calendar_date aslrt_calendar_date(double time);
/* Date.UTC(...): a year from 0 to 99 means 19xx. */
double aslrt_calendar_utc(double year, double month, double day, double hours, double minutes,
                          double seconds, double milliseconds);
/* Date.parse of an ISO 8601 timestamp (ECMA-262, 21.4.1.32), and what V8 accepts besides that
   $toMillis lets through: an offset without a colon, a Z behind a date. */
double aslrt_calendar_parse(const char *text, size_t count);

#endif
