/*
 * clock.c - time: the timers of an execution, timestamps as text, and the wall's clock.
 *
 * Times are microseconds since 1970, UTC.  The timers are a binary heap; one that was overtaken
 * (its frame has moved on) stays in it until it comes up and is dropped then.
 */
#include "runtime/engine/exec.h"

#include <errno.h>
#include <time.h>

/* ---- timers ---- */

static bool before(const struct aslrt_timer *a, const struct aslrt_timer *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void swap(struct aslrt_timer *a, struct aslrt_timer *b)
{
    struct aslrt_timer t = *a;
    *a = *b;
    *b = t;
}

void aslrt_timer_set(struct aslrt_execution *x, struct aslrt_frame *f, int64_t at_us)
{
    if (x->timer_count == x->timer_room) {
        uint32_t room = x->timer_room == 0 ? 8 : x->timer_room * 2;
        struct aslrt_timer *timers = aslrt_alloc(x->fixed, room * sizeof *timers);
        if (x->timer_count != 0)
            memcpy(timers, x->timers, x->timer_count * sizeof *timers);
        x->timers = timers;
        x->timer_room = room;
    }
    f->generation++;
    uint32_t i = x->timer_count++;
    x->timers[i] = (struct aslrt_timer){at_us, x->timer_order++, f->id, f->generation};
    for (; i > 0 && before(&x->timers[i], &x->timers[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&x->timers[i], &x->timers[(i - 1) / 2]);
}

void aslrt_timer_drop(struct aslrt_execution *x)
{
    x->timers[0] = x->timers[--x->timer_count];
    for (uint32_t i = 0;;) {
        uint32_t first = i;
        for (uint32_t child = 2 * i + 1; child <= 2 * i + 2 && child < x->timer_count; child++)
            if (before(&x->timers[child], &x->timers[first]))
                first = child;
        if (first == i)
            return;
        swap(&x->timers[i], &x->timers[first]);
        i = first;
    }
}

const struct aslrt_timer *aslrt_timer_first(struct aslrt_execution *x)
{
    while (x->timer_count != 0) {
        const struct aslrt_timer *t = &x->timers[0];
        if (x->frames[t->frame]->generation == t->generation)
            return t;
        aslrt_timer_drop(x);
    }
    return NULL;
}

int64_t aslrt_time_add(int64_t a, int64_t b)
{
    return b > 0 && a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* ---- timestamps ---- */

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar.  Years begin in March here,
   so that the leap day is the last of its year. */
static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int64_t *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = y + era * 400 + (*month <= 2);
}

static void put_digits(char *to, int64_t value, int count)
{
    for (int i = count; i-- > 0; value /= 10)
        to[i] = (char)('0' + value % 10);
}

void aslrt_time_text(char out[25], int64_t time_us)
{
    int64_t ms = time_us / 1000 - (time_us % 1000 < 0);
    int64_t days = ms / 86400000 - (ms % 86400000 < 0);
    int64_t rest = ms - days * 86400000;
    int64_t year;
    int month, day;
    date_of(days, &year, &month, &day);
    memcpy(out, "0000-00-00T00:00:00.000Z", 25);
    put_digits(out, year, 4);
    put_digits(out + 5, month, 2);
    put_digits(out + 8, day, 2);
    put_digits(out + 11, rest / 3600000, 2);
    put_digits(out + 14, rest / 60000 % 60, 2);
    put_digits(out + 17, rest / 1000 % 60, 2);
    put_digits(out + 20, rest % 1000, 3);
}

/* A run of exactly `count` digits. */
static bool digits(const char **at, const char *end, int count, int *out)
{
    if (end - *at < count)
        return false;
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += count;
    *out = value;
    return true;
}

static bool literal(const char **at, const char *end, char upper)
{
    if (*at == end || (**at & ~0x20) != (upper & ~0x20) || (upper < 'A' && **at != upper))
        return false;
    (*at)++;
    return true;
}

static bool read_date(const char **at, const char *end, int64_t *days)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!digits(at, end, 4, &year) || !literal(at, end, '-') || !digits(at, end, 2, &month) ||
        !literal(at, end, '-') || !digits(at, end, 2, &day))
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1] ||
        (month == 2 && day == 29 && !leap))
        return false;
    *days = days_of(year, month, day);
    return true;
}

/* Seconds may be missing; a fraction has 1 to 9 digits, of which six count. */
static bool read_clock(const char **at, const char *end, int64_t *us)
{
    int hour, minute, second = 0;
    if (!digits(at, end, 2, &hour) || !literal(at, end, ':') || !digits(at, end, 2, &minute))
        return false;
    int64_t fraction = 0;
    if (literal(at, end, ':')) {
        if (!digits(at, end, 2, &second))
            return false;
        if (literal(at, end, '.')) {
            int64_t unit = 100000;
            int digit, count = 0;
            for (; count < 9 && digits(at, end, 1, &digit); count++, unit /= 10)
                fraction += digit * unit;
            if (count == 0)
                return false;
        }
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *us = ((int64_t)(hour * 60 + minute) * 60 + second) * 1000000 + fraction;
    return true;
}

static bool read_offset(const char **at, const char *end, int64_t *us)
{
    *us = 0;
    if (literal(at, end, 'Z'))
        return true;
    bool west = *at != end && **at == '-';
    int hour, minute, second = 0;
    if ((!literal(at, end, '+') && !literal(at, end, '-')) || !digits(at, end, 2, &hour) ||
        !literal(at, end, ':') || !digits(at, end, 2, &minute) ||
        (literal(at, end, ':') && !digits(at, end, 2, &second)))
        return false;
    if (minute > 59 || second > 59 || hour * 3600 + minute * 60 + second > 18 * 3600)
        return false;
    *us = (int64_t)(hour * 3600 + minute * 60 + second) * (west ? -1000000 : 1000000);
    return true;
}

bool aslrt_time_read(struct aslrt_value text, int64_t *time_us)
{
    if (text.kind != ASLRT_STRING)
        return false;
    const char *at = text.as.bytes;
    const char *end = at + text.count;
    int64_t days, clock_us, offset_us;
    if (!read_date(&at, end, &days) || !literal(&at, end, 'T') ||
        !read_clock(&at, end, &clock_us) || !read_offset(&at, end, &offset_us) || at != end)
        return false;
    *time_us = days * 86400000000 + clock_us - offset_us;
    return true;
}

/* ---- the wall's clock ---- */

int64_t aslrt_wall_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void aslrt_sleep_until_us(int64_t wall_us)
{
    struct timespec until = {.tv_sec = (time_t)(wall_us / 1000000),
                             .tv_nsec = (long)(wall_us % 1000000 * 1000)};
    while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL) == EINTR)
        continue;
}
