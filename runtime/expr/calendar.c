/*
 * calendar.c - days, dates and ISO 8601 timestamps; see calendar.h.
 */
#include "runtime/expr/calendar.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define TIME_MAX 8.64e15 /* of a Date, either way */

/* Days from 1970-01-01 to the first day of a month (0 ... 11) of the proleptic Gregorian calendar.
 */
static double days_before(double year, double month)
{
    double y = year - (month < 2), m = month < 2 ? month + 10 : month - 2; /* years from March on */
    double era = floor(y / 400), of_era = y - era * 400;
    double of_year = floor((153 * m + 2) / 5);
    double days = of_era * 365 + floor(of_era / 4) - floor(of_era / 100) + of_year;
    return era * 146097 + days - 719468;
}

struct calendar_date aslrt_calendar_date(double time)
{
    struct calendar_date d = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (!(fabs(time) <= TIME_MAX))
        return d;
    time = trunc(time) + 0.0;
    int64_t days = (int64_t)floor(time / MILLIS_PER_DAY);
    int64_t rest = (int64_t)(time - (double)days * MILLIS_PER_DAY);
    int64_t shifted = days + 719468,
            era = shifted >= 0 ? shifted / 146097 : (shifted - 146096) / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* from March */
    d.day = (double)(day_of_year - (153 * month + 2) / 5 + 1);
    d.month = (double)(month < 10 ? month + 2 : month - 10);
    d.year = (double)(year_of_era + era * 400 + (month >= 10));
    d.hours = (double)(rest / 3600000);
    d.minutes = (double)(rest / 60000 % 60);
    d.seconds = (double)(rest / 1000 % 60);
    d.milliseconds = (double)(rest % 1000);
    d.weekday = (double)(((days + 4) % 7 + 7) % 7);
    d.time = time;
    return d;
}

double aslrt_calendar_utc(double year, double month, double day, double hours, double minutes,
                          double seconds, double milliseconds)
{
    double sum = year + month + day + hours + minutes + seconds + milliseconds;
    if (!isfinite(sum))
        return NAN;
    year = trunc(year);
    month = trunc(month);
    if (year >= 0 && year <= 99)
        year += 1900;
    year += floor(month / 12);
    month -= floor(month / 12) * 12;
    if (fabs(year) > 400000)
        return NAN;
    double days = days_before(year, month) + trunc(day) - 1;
    double time = days * MILLIS_PER_DAY + trunc(hours) * 3600000 + trunc(minutes) * 60000 +
                  trunc(seconds) * 1000 + trunc(milliseconds);
    return fabs(time) <= TIME_MAX ? time + 0.0 : NAN;
}

/* ---- ISO 8601 ---- */

struct reader {
    const char *p, *end;
};

/* `digits` digits as a number, or -1 when they aren't there. */
static int number(struct reader *r, int digits)
{
    int value = 0;
    if (r->end - r->p < digits)
        return -1;
    for (int i = 0; i < digits; i++) {
        if (r->p[i] < '0' || r->p[i] > '9')
            return -1;
        value = value * 10 + (r->p[i] - '0');
    }
    r->p += digits;
    return value;
}

static bool take(struct reader *r, char c)
{
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* Milliseconds of a fraction of a second; digits behind the third don't count. */
static double fraction(struct reader *r)
{
    double value = 0, unit = 100;
    for (; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++) {
        value += unit >= 1 ? (*r->p - '0') * unit : 0;
        unit /= 10;
    }
    return value;
}

/* Z or +hh:mm; the offset in minutes, or NaN when the text is something else. */
static double offset(struct reader *r, bool with_time)
{
    if (r->p == r->end || take(r, 'Z'))
        return r->p == r->end ? 0 : NAN;
    double sign = *r->p == '-' ? -1 : 1;
    if (!with_time || (!take(r, '+') && !take(r, '-')))
        return NAN;
    int hours = number(r, 2);
    take(r, ':');
    int minutes = number(r, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || r->p != r->end)
        return NAN;
    return sign * (hours * 60 + minutes);
}

double aslrt_calendar_parse(const char *text, size_t count)
{
    struct reader r = {text, text + count};
    int month = 1, day = 1, hours = 0, minutes = 0, seconds = 0;
    double millis = 0;
    int year = number(&r, 4);
    if (year >= 0 && take(&r, '-')) {
        month = number(&r, 2);
        if (take(&r, '-'))
            day = number(&r, 2);
    }
    bool with_time = take(&r, 'T');
    if (with_time) {
        hours = number(&r, 2);
        minutes = take(&r, ':') ? number(&r, 2) : -1;
        if (take(&r, ':'))
            seconds = number(&r, 2);
        if (take(&r, '.'))
            millis = fraction(&r);
    }
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || hours < 0 || minutes < 0 ||
        minutes > 59 || seconds < 0 || seconds > 59)
        return NAN;
    if (hours > 24 || (hours == 24 && (minutes > 0 || seconds > 0 || millis > 0)))
        return NAN;
    double shift = offset(&r, with_time);
    double days = days_before(year, month - 1) + day - 1;
    return days * MILLIS_PER_DAY + hours * 3600000.0 + minutes * 60000.0 + seconds * 1000.0 +
           millis - shift * 60000;
}
