/*
 * datetime.c - $fromMillis and $toMillis, $now and $millis.
 *
 * In: milliseconds since 1970, timestamps, pictures.  Out: text and milliseconds.  The time of $now
 * is the evaluation's, so that it is the same wherever it is asked for.
 */
#include "runtime/expr/datetime_picture.h"
#include "runtime/expr/regex.h"

#include <math.h>
#include <stdio.h>

struct offset { /* of a time zone, as jsonata-js takes +hhmm apart */
    double hours, minutes;
};

/* ---- formatting ---- */

static _Noreturn void fail_undefined(struct evaluation *c, const char *property)
{
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_buffer_format(&b, "Cannot read properties of undefined (reading '%s')", property);
    aslrt_eval_fail_message(c, aslrt_buffer_close(&b));
}

static _Noreturn void fail_component(struct evaluation *c, const char *code, uint16_t component)
{
    aslrt_eval_fail_code(c, code, FAULT_NOWHERE,
                         aslrt_units_text(c->arena, (struct aslrt_units){&component, 1}, 0, 1));
}

/* The name of a month or of a day, cut to the width. */
static void put_name(struct evaluation *c, struct aslrt_unit_buffer *b,
                     const struct datetime_part *part, double value)
{
    const char *name = NULL;
    if (part->component == 'M' || part->component == 'x')
        name = value >= 1 && value <= 12 ? aslrt_month_names[(int)value - 1] : NULL;
    else if (part->component == 'F')
        name = value >= 1 && value <= 7 ? aslrt_day_names[(int)value] : NULL;
    else
        fail_component(c, "D3133", part->component);
    if (name == NULL) {
        if (part->names != NAMES_TITLE)
            fail_undefined(c, part->names == NAMES_UPPER ? "toUpperCase" : "toLowerCase");
        if (part->has_width)
            fail_undefined(c, "length");
        name = "undefined";
    }
    size_t start = b->count, length = strlen(name);
    if (part->has_most && (double)length > part->most)
        length = part->most > 0 ? (size_t)part->most : 0;
    aslrt_units_add(b, name, length);
    for (size_t i = start; i < b->count; i++) {
        if (part->names == NAMES_UPPER && b->units[i] >= 'a')
            b->units[i] = (uint16_t)(b->units[i] - 32);
        else if (part->names == NAMES_LOWER && b->units[i] < 'a')
            b->units[i] = (uint16_t)(b->units[i] + 32);
    }
}

static void put_zone(struct evaluation *c, struct aslrt_unit_buffer *b,
                     const struct datetime_part *part, struct offset zone)
{
    double offset = zone.hours * 100 + zone.minutes, digits = part->integer.mandatory;
    if (offset == 0 && part->traditional &&
        (part->integer.regular || (digits >= 1 && digits <= 4))) {
        aslrt_units_add(b, "Z", 1);
        return;
    }
    if (part->component == 'z')
        aslrt_units_add(b, "GMT", 3);
    if (offset >= 0)
        aslrt_units_add(b, "+", 1);
    if (part->integer.regular || digits == 3 || digits == 4) {
        aslrt_integer_put(c, b, offset, &part->integer);
    } else if (digits == 1 || digits == 2) {
        aslrt_integer_put(c, b, zone.hours, &part->integer);
        if (zone.minutes != 0) {
            static uint16_t two[] = {'0', '0'};
            struct integer_format f = aslrt_integer_picture(c, (struct aslrt_units){two, 2});
            aslrt_units_add(b, ":", 1);
            aslrt_integer_put(c, b, floor(zone.minutes), &f);
        }
    } else {
        aslrt_eval_fail_code(c, "D3134", FAULT_NOWHERE,
                             isnan(digits) ? aslrt_undefined() : expr_number(digits));
    }
}

static void put_part(struct evaluation *c, struct aslrt_unit_buffer *b,
                     const struct datetime_part *part, const struct calendar_date *date,
                     struct offset zone)
{
    double value = aslrt_datetime_component(date, part->component);
    switch (part->component) {
    case 'Y':
        if (!part->has_year_digits || part->year_digits != -1)
            value = fmod(value, pow(10, part->has_year_digits ? part->year_digits : NAN));
        break;
    case 'Z':
    case 'z':
        put_zone(c, b, part, zone);
        return;
    case 'P': {
        bool upper = part->names == NAMES_UPPER;
        aslrt_units_add(b, date->hours >= 12 ? upper ? "PM" : "pm" : upper ? "AM" : "am", 2);
        return;
    }
    case 'C':
    case 'E':
        aslrt_units_add(b, "ISO", 3);
        return;
    case 'M':
    case 'D':
    case 'd':
    case 'F':
    case 'W':
    case 'w':
    case 'X':
    case 'x':
    case 'H':
    case 'h':
    case 'm':
    case 's':
    case 'f':
        break;
    default:
        aslrt_units_add(b, "undefined", 9);
        return;
    }
    if (part->names != NAMES_NONE && part->component != 'f')
        put_name(c, b, part, value);
    else if (!part->has_integer)
        fail_undefined(c, "primary");
    else
        aslrt_integer_put(c, b, value, &part->integer);
}

static struct offset read_zone(struct evaluation *c, struct aslrt_value zone)
{
    struct offset o = {0, 0};
    if (zone.kind != ASLRT_STRING)
        return o;
    double offset = aslrt_parse_int(aslrt_units_of(c->arena, zone));
    o.hours = floor(offset / 100);
    o.minutes = fmod(offset, 100);
    return o;
}

static char *put_digits(char *to, unsigned value, unsigned digits)
{
    for (unsigned i = digits; i-- > 0; value /= 10)
        to[i] = (char)('0' + value % 10);
    return to + digits;
}

/* 2017-11-07T15:07:54.972Z, the usual case: no picture, no zone, a year of four digits. */
static struct aslrt_value iso_timestamp(struct evaluation *c, const struct calendar_date *d)
{
    char *text = aslrt_alloc(c->arena, 24), *to = put_digits(text, (unsigned)d->year, 4);
    *to++ = '-';
    to = put_digits(to, (unsigned)d->month + 1, 2);
    *to++ = '-';
    to = put_digits(to, (unsigned)d->day, 2);
    *to++ = 'T';
    to = put_digits(to, (unsigned)d->hours, 2);
    *to++ = ':';
    to = put_digits(to, (unsigned)d->minutes, 2);
    *to++ = ':';
    to = put_digits(to, (unsigned)d->seconds, 2);
    *to++ = '.';
    to = put_digits(to, (unsigned)d->milliseconds, 3);
    *to = 'Z';
    struct aslrt_value v = aslrt_string(text, 24);
    v.flags = ASLRT_FLAG_ASCII | ASLRT_FLAG_CLEAN;
    return v;
}

static struct aslrt_value format(struct evaluation *c, double millis, struct aslrt_value picture,
                                 struct aslrt_value timezone)
{
    struct offset zone = read_zone(c, timezone);
    double shift = (60 * zone.hours + zone.minutes) * 60 * 1000;
    struct calendar_date date = aslrt_calendar_date(millis + shift);
    if (picture.kind != ASLRT_STRING) {
        if (shift == 0 && date.year >= 0 && date.year <= 9999)
            return iso_timestamp(c, &date);
        picture = aslrt_text("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]");
    }
    struct aslrt_unit_buffer b = {c->arena, NULL, 0, 0};
    struct datetime_picture p = aslrt_datetime_picture(c, aslrt_units_of(c->arena, picture));
    for (uint32_t i = 0; i < p.count; i++) {
        if (p.parts[i].literal)
            aslrt_units_insert(&b, b.count, p.parts[i].text.units, p.parts[i].text.count);
        else
            put_part(c, &b, &p.parts[i], &date, zone);
    }
    return aslrt_units_text(c->arena, aslrt_units_view(&b), 0, b.count);
}

struct aslrt_value aslrt_fn_fromMillis(struct call *call)
{
    struct aslrt_value millis = call_arg(call, 0);
    if (millis.kind == ASLRT_UNDEFINED)
        return millis;
    return format(call->c, expr_double(millis), call_arg(call, 1), call_arg(call, 2));
}

struct aslrt_value aslrt_fn_now(struct call *call)
{
    return format(call->c, (double)call->c->options->now_ms, call_arg(call, 0), call_arg(call, 1));
}

struct aslrt_value aslrt_fn_millis(struct call *call)
{
    return expr_number((double)call->c->options->now_ms);
}

/* ---- parsing by picture ---- */

struct parser {
    struct evaluation *c;
    struct datetime_picture picture;
    bool present[128];
    double values[128]; /* by the component's letter */
    bool any;
};

/* The separator in a time zone's picture when there is exactly one kind of it; 0: none. */
static uint32_t zone_separator(const struct datetime_part *part)
{
    return part->integer.regular ? part->integer.separators[0].character : 0;
}

static void put_literal_pattern(struct aslrt_buffer *b, struct aslrt_units text)
{
    for (size_t i = 0; i < text.count; i++) {
        uint16_t u = text.units[i];
        if (u != 0 && u < 0x80 && strchr(".*+?^${}()|[]\\", u) != NULL)
            aslrt_buffer_char(b, '\\');
        aslrt_text_put_unit(b, u);
    }
}

static void put_part_pattern(struct parser *p, struct aslrt_buffer *b,
                             const struct datetime_part *part)
{
    if (part->component == 'Z' || part->component == 'z') {
        uint32_t separator = zone_separator(part);
        aslrt_buffer_text(b, part->component == 'z' ? "GMT[-+][0-9]+" : "[-+][0-9]+");
        if (separator != 0) {
            char bytes[4];
            aslrt_buffer_put(b, bytes, aslrt_utf8_put(separator, bytes));
            aslrt_buffer_text(b, "[0-9]+");
        }
    } else if (part->component == 'f' && part->has_integer && p->c->version >= ASLRT_JSONATA_2_2) {
        aslrt_buffer_text(b, "[0-9]+");
    } else if (part->has_integer) {
        aslrt_integer_pattern(p->c, b, &part->integer);
    } else {
        if (part->component > 0x7f || part->component == 0 ||
            strchr("MxFP", part->component) == NULL)
            fail_component(p->c, "D3133", part->component);
        aslrt_buffer_text(b, "[a-zA-Z]+");
    }
}

static double parse_name(const struct datetime_part *part, struct aslrt_units text)
{
    bool months = part->component != 'F';
    for (int i = 0; i < (months ? 12 : 7); i++) {
        const char *name = months ? aslrt_month_names[i] : aslrt_day_names[i + 1];
        size_t length = strlen(name), same = 0;
        if (part->has_most && part->most > 0 && part->most < (double)length)
            length = (size_t)part->most;
        while (same < length && same < text.count && text.units[same] == (unsigned char)name[same])
            same++;
        if (same == length && text.count == length)
            return i + 1;
    }
    return NAN;
}

/* am, AM: 0; pm, PM: 1; anything else is nothing. */
static double parse_half(struct aslrt_units text)
{
    if (text.count != 2)
        return NAN;
    uint16_t a = text.units[0], m = text.units[1];
    if ((a == 'a' && m == 'm') || (a == 'A' && m == 'M'))
        return 0;
    return (a == 'p' && m == 'm') || (a == 'P' && m == 'M') ? 1 : NAN;
}

static double parse_zone(const struct datetime_part *part, struct aslrt_units text)
{
    uint32_t separator = zone_separator(part);
    if (part->component == 'z') { /* GMT */
        text.units += 3;
        text.count -= 3;
    }
    size_t hours = text.count - 1 <= 2 ? text.count : 3, minutes = hours;
    if (separator != 0) {
        hours = 0;
        while (hours < text.count && text.units[hours] != separator)
            hours++;
        minutes = hours + 1;
    }
    double m = 0;
    if (separator != 0 || text.count - 1 > 2)
        m = aslrt_parse_int((struct aslrt_units){text.units + minutes, text.count - minutes});
    return aslrt_parse_int((struct aslrt_units){text.units, hours}) * 60 + m;
}

/* In 2.2 the milliseconds are the first three digits of a fraction. */
static double parse_fraction(struct aslrt_units text)
{
    double value = 0, unit = 1;
    for (size_t i = 0; i < text.count && i < 3; i++, unit *= 10)
        value = value * 10 + (text.units[i] - '0');
    return value / unit * 1000;
}

static double parse_part(struct parser *p, const struct datetime_part *part,
                         struct aslrt_units text)
{
    if (part->component == 'Z' || part->component == 'z')
        return parse_zone(part, text);
    if (part->component == 'f' && part->has_integer && p->c->version >= ASLRT_JSONATA_2_2)
        return parse_fraction(text);
    if (part->has_integer)
        return aslrt_integer_parse(p->c, text, &part->integer);
    return part->component == 'P' ? parse_half(text) : parse_name(part, text);
}

/* Whether the timestamp is in the picture's language; then its components are known. */
static bool match(struct parser *p, struct aslrt_value timestamp)
{
    struct evaluation *c = p->c;
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_buffer_char(&b, '^');
    for (uint32_t i = 0; i < p->picture.count; i++) {
        const struct datetime_part *part = &p->picture.parts[i];
        aslrt_buffer_char(&b, '(');
        if (part->literal)
            put_literal_pattern(&b, part->text);
        else
            put_part_pattern(p, &b, part);
        aslrt_buffer_char(&b, ')');
    }
    aslrt_buffer_char(&b, '$');
    const char *message, *pattern = aslrt_buffer_close(&b);
    const struct aslrt_regex *regex = aslrt_regex_compile(
        c->arena, aslrt_string(pattern, (uint32_t)b.count), aslrt_text("i"), &message);
    if (regex == NULL)
        aslrt_eval_fail_message(c, message);
    struct aslrt_units subject = aslrt_units_of(c->arena, timestamp);
    struct aslrt_match found;
    if (!aslrt_regex_exec(c, regex, subject, 0, &found))
        return false;
    for (uint32_t i = 0; i < p->picture.count; i++) {
        const struct datetime_part *part = &p->picture.parts[i];
        if (part->literal || part->component > 127 || found.groups[2 * i] == SIZE_MAX)
            continue;
        struct aslrt_units text = {subject.units + found.groups[2 * i],
                                   found.groups[2 * i + 1] - found.groups[2 * i]};
        double value = parse_part(p, part, text);
        p->values[part->component] = value;
        p->present[part->component] = part->has_integer || !isnan(value); /* an unknown name */
        p->any = true;
    }
    return true;
}

/* ---- putting a date together ---- */

static bool counts(const struct parser *p, char component)
{
    unsigned char i = (unsigned char)component;
    return p->present[i] && p->values[i] != 0 && !isnan(p->values[i]);
}

/* A set bit for every component of the list that was given (and is not 0). */
static unsigned mask_of(const struct parser *p, const char *components)
{
    unsigned mask = 0;
    for (; *components != '\0'; components++)
        mask = mask << 1 | counts(p, *components);
    return mask;
}

static bool is_type(unsigned type, unsigned mask)
{
    return (~type & mask) == 0 && (type & mask) != 0;
}

/* Fills in what the timestamp lacks: what is larger than everything given from the current time,
   what is smaller with zeros; a gap in between is an error. */
static void fill_in(struct parser *p, const char *components)
{
    struct calendar_date now = aslrt_calendar_date((double)p->c->options->now_ms);
    bool begun = false, ended = false;
    for (; *components != '\0'; components++) {
        unsigned char i = (unsigned char)*components;
        if (p->present[i]) {
            begun = true;
            if (ended)
                aslrt_eval_fail_code(p->c, "D3136", FAULT_NOWHERE, aslrt_undefined());
        } else if (begun) {
            p->values[i] = strchr("MDd", i) != NULL ? 1 : 0;
            ended = true;
        } else {
            p->values[i] = aslrt_datetime_component(&now, i);
        }
    }
}

static double date_of(struct parser *p)
{
    unsigned date = mask_of(p, "YXMxWwdD"), time = mask_of(p, "PHhmsf");
    bool ymd = is_type(161, date), yd = !ymd && is_type(130, date);
    bool month_week = is_type(84, date), year_week = !month_week && is_type(72, date);
    bool half_days = !is_type(23, time) && is_type(47, time);
    char components[16];
    snprintf(components, sizeof components, "%s%s",
             yd           ? "YD"
             : month_week ? "XxwF"
             : year_week  ? "XWF"
                          : "YMD",
             half_days ? "Phmsf" : "Hmsf");
    fill_in(p, components);
    double *v = p->values;
    v['M'] = v['M'] > 0 ? v['M'] - 1 : 0;
    if (yd) {
        double first = aslrt_calendar_utc(v['Y'], 0, 1, 0, 0, 0, 0);
        struct calendar_date d = aslrt_calendar_date(first + (v['d'] - 1) * MILLIS_PER_DAY);
        v['M'] = d.month;
        v['D'] = d.day;
    }
    if (month_week || year_week) /* jsonata-js does not know how either */
        aslrt_eval_fail_code(p->c, "D3136", FAULT_NOWHERE, aslrt_undefined());
    if (half_days) {
        v['H'] = v['h'] == 12 ? 0 : v['h'];
        if (p->present['P'] && v['P'] == 1)
            v['H'] += 12;
    }
    double millis = aslrt_calendar_utc(v['Y'], v['M'], v['D'], v['H'], v['m'], v['s'], v['f']);
    if (counts(p, 'Z'))
        millis -= v['Z'] * 60000;
    else if (counts(p, 'z'))
        millis -= v['z'] * 60000;
    return millis;
}

/* ---- $toMillis ---- */

static bool digits(const char **p, const char *end, const char *classes)
{
    const char *at = *p;
    for (; *classes != '\0'; classes++, at++) {
        if (at == end)
            return false;
        if (*classes == '9'                      ? *at < '0' || *at > '9'
            : *classes >= '0' && *classes <= '8' ? *at < '0' || *at > *classes
                                                 : *at != *classes)
            return false;
    }
    *p = at;
    return true;
}

/* What $toMillis accepts without a picture; 2.0.6 lets parts repeat, which no date survives. */
static bool is_timestamp(struct aslrt_value s, bool repeats)
{
    const char *p = s.as.bytes, *end = p + s.count;
    if (!digits(&p, end, "9999"))
        return false;
    while (digits(&p, end, "-19") && repeats)
        ;
    while (digits(&p, end, "-39") && repeats)
        ;
    while (digits(&p, end, "T29:59:59") && repeats)
        ;
    if (p < end && *p == '.') {
        const char *first = ++p;
        while (p < end && *p >= '0' && *p <= '9')
            p++;
        if (p == first)
            return false;
    }
    if (p < end && *p == 'Z')
        return p + 1 == end;
    if (digits(&p, end, "+29:59") || digits(&p, end, "-29:59") || digits(&p, end, "+2959") ||
        digits(&p, end, "-2959"))
        return p == end;
    return p == end;
}

struct aslrt_value aslrt_fn_toMillis(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value timestamp = call_arg(call, 0), picture = call_arg(call, 1);
    if (timestamp.kind == ASLRT_UNDEFINED)
        return timestamp;
    double millis;
    if (picture.kind != ASLRT_STRING) {
        if (!is_timestamp(timestamp, c->version < ASLRT_JSONATA_2_2))
            aslrt_eval_fail_code(c, "D3110", FAULT_NOWHERE, timestamp);
        millis = aslrt_calendar_parse(timestamp.as.bytes, timestamp.count);
    } else {
        struct parser *p = ASLRT_NEW(c->arena, struct parser);
        p->c = c;
        p->picture = aslrt_datetime_picture(c, aslrt_units_of(c->arena, picture));
        if (!match(p, timestamp) || !p->any)
            return aslrt_undefined();
        millis = date_of(p);
    }
    if (!isfinite(millis))
        c->not_finite = true;
    return expr_number(millis);
}
