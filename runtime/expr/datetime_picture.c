/*
 * datetime_picture.c - reading date and time pictures; components of a date.
 *
 * In: pictures, dates.  Out: parts; numbers such as the ISO week.  See datetime_picture.h.
 */
#include "runtime/expr/datetime_picture.h"

#include <math.h>

const char *const aslrt_month_names[12] = {"January",   "February", "March",    "April",
                                           "May",       "June",     "July",     "August",
                                           "September", "October",  "November", "December"};
const char *const aslrt_day_names[8] = {"",         "Monday", "Tuesday",  "Wednesday",
                                        "Thursday", "Friday", "Saturday", "Sunday"};

/* ---- reading ---- */

static bool one_of(uint16_t unit, const char *letters)
{
    return unit != 0 && unit < 0x80 && strchr(letters, unit) != NULL;
}

static struct datetime_part *add_part(struct evaluation *c, struct datetime_picture *p)
{
    if (p->count == p->room) {
        uint32_t room = p->room == 0 ? 16 : p->room * 2;
        p->parts =
            aslrt_resize(c->arena, p->parts, p->room * sizeof *p->parts, room * sizeof *p->parts);
        p->room = room;
    }
    struct datetime_part *part = &p->parts[p->count++];
    memset(part, 0, sizeof *part);
    return part;
}

/* A literal; ]] in it is a single ]. */
static void add_literal(struct evaluation *c, struct datetime_picture *p, struct aslrt_units text)
{
    if (text.count == 0)
        return;
    struct datetime_part *part = add_part(c, p);
    part->literal = true;
    part->text.units = aslrt_alloc(c->arena, text.count * sizeof *text.units);
    for (size_t i = 0; i < text.count; i++) {
        if (text.units[i] == ']' && i + 1 < text.count && text.units[i + 1] == ']')
            i++;
        part->text.units[part->text.count++] = text.units[i];
    }
}

/* A width: false for `*`, which says nothing. */
static bool read_width(struct aslrt_units text, double *out)
{
    if (text.count == 1 && text.units[0] == '*')
        return false;
    *out = aslrt_parse_int(text);
    return true;
}

/* ,min-max behind the presentation modifiers.  Gives false when the minimum says nothing. */
static bool read_widths(struct datetime_part *part, struct aslrt_units text)
{
    size_t dash = 0;
    while (dash < text.count && text.units[dash] != '-')
        dash++;
    part->has_width = true;
    part->least = part->most = NAN;
    if (dash < text.count)
        part->has_most = read_width(
            (struct aslrt_units){text.units + dash + 1, text.count - dash - 1}, &part->most);
    return read_width((struct aslrt_units){text.units, dash}, &part->least);
}

static const char *default_presentation(uint16_t component)
{
    static const struct {
        char component;
        const char *presentation;
    } table[] = {{'Y', "1"},     {'M', "1"},     {'D', "1"},  {'d', "1"},  {'F', "n"},
                 {'W', "1"},     {'w', "1"},     {'X', "1"},  {'x', "1"},  {'H', "1"},
                 {'h', "1"},     {'P', "n"},     {'m', "01"}, {'s', "01"}, {'f', "1"},
                 {'Z', "01:01"}, {'z', "01:01"}, {'C', "n"},  {'E', "n"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if ((unsigned char)table[i].component == component)
            return table[i].presentation;
    return NULL;
}

static void read_integer(struct evaluation *c, struct datetime_part *part,
                         struct aslrt_units presentation, uint16_t second, bool has_least)
{
    struct aslrt_unit_buffer b = {c->arena, NULL, 0, 0};
    aslrt_units_insert(&b, 0, presentation.units, presentation.count);
    if (second != 0) {
        uint16_t modifier[] = {';', second};
        aslrt_units_insert(&b, b.count, modifier, 2);
    }
    part->has_integer = true;
    part->integer = aslrt_integer_picture(c, aslrt_units_view(&b));
    if (has_least && part->integer.mandatory < part->least)
        part->integer.mandatory = part->least;
    if (!one_of(part->component, c->version < ASLRT_JSONATA_2_2 ? "YMD" : "Y"))
        return;
    part->has_year_digits = true;
    part->year_digits = -1;
    if (part->has_most) {
        part->year_digits = part->integer.mandatory = part->most;
    } else {
        double digits = part->integer.mandatory + part->integer.optional;
        if (digits >= 2)
            part->year_digits = digits;
    }
    part->integer.width = part->year_digits;
}

/* 2.2: of two numbers without anything between them the first must have its width. */
static void fix_width_before(struct evaluation *c, struct datetime_picture *p)
{
    if (c->version < ASLRT_JSONATA_2_2 || p->count < 2)
        return;
    struct datetime_part *before = &p->parts[p->count - 2];
    if (!before->literal && before->has_integer)
        before->integer.exact_width = before->integer.mandatory;
}

/* What stands between the brackets, without blanks. */
static void add_marker(struct evaluation *c, struct datetime_picture *p, struct aslrt_units text)
{
    struct datetime_part *part = add_part(c, p);
    struct aslrt_units presentation = {text.units + 1, text.count == 0 ? 0 : text.count - 1};
    uint16_t second = 0;
    bool has_least = false;
    part->component = text.count == 0 ? 0 : text.units[0];
    size_t comma = text.count;
    while (comma > 0 && text.units[comma - 1] != ',')
        comma--;
    if (comma > 0) {
        has_least = read_widths(part, (struct aslrt_units){text.units + comma, text.count - comma});
        presentation.count = comma < 2 ? 0 : comma - 2;
        if (comma == 1) /* no component in front: JavaScript's substring(1, 0) is the comma */
            presentation = (struct aslrt_units){text.units, 1};
    }
    if (presentation.count > 1 && one_of(presentation.units[presentation.count - 1], "atco"))
        second = presentation.units[--presentation.count];
    part->traditional = second == 't';
    if (presentation.count == 0) {
        const char *standard = default_presentation(part->component);
        if (standard == NULL)
            aslrt_eval_fail_code(c, "D3132", FAULT_NOWHERE,
                                 aslrt_units_text(c->arena,
                                                  (struct aslrt_units){text.units, text.count != 0},
                                                  0, text.count != 0));
        presentation = aslrt_units_of(c->arena, aslrt_text(standard));
    }
    if (presentation.units[0] == 'n')
        part->names = NAMES_LOWER;
    else if (presentation.units[0] == 'N')
        part->names =
            presentation.count > 1 && presentation.units[1] == 'n' ? NAMES_TITLE : NAMES_UPPER;
    else if (one_of(part->component, "YMDdFWwXxHhmsf")) {
        read_integer(c, part, presentation, second, has_least);
        fix_width_before(c, p);
    }
    if (part->component == 'Z' || part->component == 'z') {
        part->has_integer = true;
        part->integer = aslrt_integer_picture(c, presentation);
    }
}

static struct aslrt_units without_blanks(struct evaluation *c, struct aslrt_units text)
{
    struct aslrt_units out = {aslrt_alloc(c->arena, (text.count + 1) * sizeof *text.units), 0};
    for (size_t i = 0; i < text.count; i++)
        if (!aslrt_unit_is_space(text.units[i]))
            out.units[out.count++] = text.units[i];
    return out;
}

struct datetime_picture aslrt_datetime_picture(struct evaluation *c, struct aslrt_units text)
{
    struct datetime_picture p = {NULL, 0, 0};
    size_t start = 0, at = 0;
    while (at < text.count) {
        if (text.units[at] != '[') {
            at++;
            continue;
        }
        add_literal(c, &p, (struct aslrt_units){text.units + start, at - start});
        if (at + 1 < text.count && text.units[at + 1] == '[') {
            add_literal(c, &p, (struct aslrt_units){text.units + at, 1});
            start = at += 2;
            continue;
        }
        size_t close = at;
        while (close < text.count && text.units[close] != ']')
            close++;
        if (close == text.count)
            aslrt_eval_fail_code(c, "D3135", FAULT_NOWHERE, aslrt_undefined());
        struct aslrt_units marker = {text.units + at + 1, close - at - 1};
        add_marker(c, &p, without_blanks(c, marker));
        start = at = close + 1;
    }
    add_literal(c, &p, (struct aslrt_units){text.units + start, at - start});
    return p;
}

/* ---- components ---- */

/* The Monday on which week 1 of a year or of a month begins: the week of its first Thursday. */
static double first_week(double year, double month)
{
    double first = aslrt_calendar_utc(year, month, 1, 0, 0, 0, 0);
    double weekday = aslrt_calendar_date(first).weekday;
    if (weekday == 0)
        weekday = 7;
    return weekday > 4 ? first + (8 - weekday) * MILLIS_PER_DAY
                       : first - (weekday - 1) * MILLIS_PER_DAY;
}

static double weeks_between(double start, double end)
{
    return (end - start) / (MILLIS_PER_DAY * 7) + 1;
}

static void month_after(double *year, double *month)
{
    if (*month == 11)
        ++*year;
    *month = *month == 11 ? 0 : *month + 1;
}

static void month_before(double *year, double *month)
{
    if (*month == 0)
        --*year;
    *month = *month == 0 ? 11 : *month - 1;
}

static double week_of_year(const struct calendar_date *d)
{
    double today = aslrt_calendar_utc(d->year, d->month, d->day, 0, 0, 0, 0);
    double week = weeks_between(first_week(d->year, 0), today);
    if (week > 52) {
        if (today >= first_week(d->year + 1, 0))
            week = 1;
    } else if (week < 1) {
        week = weeks_between(first_week(d->year - 1, 0), today);
    }
    return floor(week);
}

static double week_of_month(const struct calendar_date *d)
{
    double year = d->year, month = d->month;
    double today = aslrt_calendar_utc(year, month, d->day, 0, 0, 0, 0);
    double week = weeks_between(first_week(year, month), today);
    if (week > 4) {
        month_after(&year, &month);
        if (today >= first_week(year, month))
            week = 1;
    } else if (week < 1) {
        month_before(&year, &month);
        week = weeks_between(first_week(year, month), today);
    }
    return floor(week);
}

static double week_year(const struct calendar_date *d)
{
    if (d->time < first_week(d->year, 0))
        return d->year - 1;
    return d->time >= first_week(d->year + 1, 0) ? d->year + 1 : d->year;
}

static double week_month(const struct calendar_date *d)
{
    double year = d->year, month = d->month;
    month_after(&year, &month);
    if (d->time >= first_week(year, month) && !(d->time < first_week(d->year, d->month)))
        return month + 1;
    if (d->time < first_week(d->year, d->month)) {
        year = d->year;
        month = d->month;
        month_before(&year, &month);
        return month + 1;
    }
    return d->month + 1;
}

double aslrt_datetime_component(const struct calendar_date *d, uint16_t component)
{
    switch (component) {
    case 'Y':
        return d->year;
    case 'M':
        return d->month + 1;
    case 'D':
        return d->day;
    case 'd':
        return (aslrt_calendar_utc(d->year, d->month, d->day, 0, 0, 0, 0) -
                aslrt_calendar_utc(d->year, 0, 1, 0, 0, 0, 0)) /
                   MILLIS_PER_DAY +
               1;
    case 'F':
        return d->weekday == 0 ? 7 : d->weekday;
    case 'W':
        return week_of_year(d);
    case 'w':
        return week_of_month(d);
    case 'X':
        return week_year(d);
    case 'x':
        return week_month(d);
    case 'H':
        return d->hours;
    case 'h':
        return fmod(d->hours, 12) == 0 ? 12 : fmod(d->hours, 12);
    case 'm':
        return d->minutes;
    case 's':
        return d->seconds;
    case 'f':
        return d->milliseconds;
    default:
        return NAN;
    }
}
