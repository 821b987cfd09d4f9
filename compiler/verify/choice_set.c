/*
 * choice_set.c - sets of values as lines with cuts and bits; see choice_set.h.
 *
 * Every operation on two lines is one merge of their cuts.  Nothing is changed in place.
 */
#include "compiler/verify/choice_set.h"

#include <stdlib.h>
#include <string.h>

static int compare_cuts(const struct vcut *a, const struct vcut *b)
{
    int c = a->text != NULL ? strcmp(a->text, b->text)
                            : (a->number > b->number) - (a->number < b->number);
    return c != 0 ? c : (a->side > b->side) - (a->side < b->side);
}

/* Walks both lines from the left; the result is inside where `both`: a and b are, else: a or b is.
 */
static struct vline merge(struct aslrt_arena *arena, struct vline a, struct vline b, bool both)
{
    struct vline out = {both ? a.inside && b.inside : a.inside || b.inside, 0, NULL};
    if (a.count + b.count == 0)
        return out;
    out.cuts = ASLRT_NEW_ARRAY(arena, struct vcut, a.count + b.count);
    bool in_a = a.inside, in_b = b.inside, in = out.inside;
    uint32_t i = 0, j = 0;
    while (i < a.count || j < b.count) {
        int c = i == a.count ? 1 : j == b.count ? -1 : compare_cuts(&a.cuts[i], &b.cuts[j]);
        struct vcut at = c <= 0 ? a.cuts[i] : b.cuts[j];
        if (c <= 0) {
            in_a = !in_a;
            i++;
        }
        if (c >= 0) {
            in_b = !in_b;
            j++;
        }
        bool now = both ? in_a && in_b : in_a || in_b;
        if (now != in)
            out.cuts[out.count++] = at;
        in = now;
    }
    return out;
}

struct vset vset_none(void)
{
    struct vset s;
    memset(&s, 0, sizeof s);
    return s;
}

struct vset vset_not(struct vset a)
{
    for (int i = 0; i < VLINE_COUNT; i++)
        a.lines[i].inside = !a.lines[i].inside;
    a.bits = (uint8_t)(~a.bits & VSET_BITS);
    return a;
}

struct vset vset_all(void)
{
    return vset_not(vset_none());
}

static struct vset combine(struct aslrt_arena *arena, struct vset a, struct vset b, bool both)
{
    for (int i = 0; i < VLINE_COUNT; i++)
        a.lines[i] = merge(arena, a.lines[i], b.lines[i], both);
    a.bits = both ? a.bits & b.bits : a.bits | b.bits;
    return a;
}

struct vset vset_and(struct aslrt_arena *arena, struct vset a, struct vset b)
{
    return combine(arena, a, b, true);
}

struct vset vset_or(struct aslrt_arena *arena, struct vset a, struct vset b)
{
    return combine(arena, a, b, false);
}

bool vset_is_empty(struct vset a)
{
    for (int i = 0; i < VLINE_COUNT; i++)
        if (a.lines[i].inside || a.lines[i].count > 0)
            return false;
    return a.bits == 0;
}

struct vline vline_below(struct aslrt_arena *arena, struct vcut cut)
{
    struct vline l = {true, 1, ASLRT_NEW(arena, struct vcut)};
    l.cuts[0] = cut;
    return l;
}

struct vline vline_above(struct aslrt_arena *arena, struct vcut cut)
{
    struct vline l = vline_below(arena, cut);
    l.inside = false;
    return l;
}

struct vline vline_at(struct aslrt_arena *arena, struct vcut value)
{
    struct vline l = {false, 2, ASLRT_NEW_ARRAY(arena, struct vcut, 2)};
    l.cuts[0] = l.cuts[1] = value;
    l.cuts[0].side = -1;
    l.cuts[1].side = 1;
    return l;
}

struct vline vline_prefix(struct aslrt_arena *arena, const char *prefix)
{
    struct vcut from = {.text = prefix, .side = -1};
    struct vline above = vline_above(arena, from);
    /* The first string behind all of them: the last byte that can grow, grown by one. */
    size_t n = strlen(prefix);
    char *next = aslrt_copy_text(arena, prefix, n);
    while (n > 0 && (unsigned char)next[n - 1] == 0xff)
        n--;
    if (n == 0)
        return above;
    next[n - 1]++;
    next[n] = '\0';
    struct vcut to = {.text = next, .side = -1};
    return merge(arena, above, vline_below(arena, to), true);
}

static bool digits(const char **text, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        char c = **text;
        if (c < '0' || c > '9')
            return false;
        *out = *out * 10 + (c - '0');
        (*text)++;
    }
    return true;
}

static bool skip(const char **text, char c)
{
    if (**text != c)
        return false;
    (*text)++;
    return true;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar, by years that begin in March. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool vset_timestamp(const char *text, double *seconds)
{
    int year, month, day, hour, minute, second;
    if (!digits(&text, 4, &year) || !skip(&text, '-') || !digits(&text, 2, &month) ||
        !skip(&text, '-') || !digits(&text, 2, &day) || !skip(&text, 'T') ||
        !digits(&text, 2, &hour) || !skip(&text, ':') || !digits(&text, 2, &minute) ||
        !skip(&text, ':') || !digits(&text, 2, &second))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
        return false;
    double fraction = 0;
    if (skip(&text, '.')) {
        double unit = 0.1;
        if (*text < '0' || *text > '9')
            return false;
        for (; *text >= '0' && *text <= '9'; text++, unit /= 10)
            fraction += (*text - '0') * unit;
    }
    int offset = 0;
    if (!skip(&text, 'Z')) {
        int sign = *text == '-' ? -1 : 1, hours, minutes;
        if ((!skip(&text, '+') && !skip(&text, '-')) || !digits(&text, 2, &hours) ||
            !skip(&text, ':') || !digits(&text, 2, &minutes))
            return false;
        offset = sign * (hours * 60 + minutes) * 60;
    }
    *seconds = (double)days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second +
               fraction - offset;
    return *text == '\0';
}

/* ---- conditions ---- */

struct condition condition_opaque(void)
{
    struct condition c = {NULL, 0, true};
    return c;
}

struct condition condition_true(struct aslrt_arena *arena)
{
    struct condition c = {ASLRT_NEW(arena, struct box), 1, false};
    return c;
}

struct condition condition_term(struct aslrt_arena *arena, const char *path, struct vset must,
                                struct vset may)
{
    struct condition c = condition_true(arena);
    c.boxes[0].terms = ASLRT_NEW(arena, struct box_term);
    c.boxes[0].count = 1;
    c.boxes[0].terms[0] = (struct box_term){path, must, may};
    return c;
}

/* Joins a box about one path with one about the same path; false when there is none. */
static bool join(struct aslrt_arena *arena, struct condition *c, struct box b)
{
    for (uint32_t i = 0; b.count == 1 && i < c->count; i++) {
        struct box *a = &c->boxes[i];
        if (a->count != 1 || strcmp(a->terms[0].path, b.terms[0].path) != 0)
            continue;
        struct box_term *t = ASLRT_NEW(arena, struct box_term);
        t->path = b.terms[0].path;
        t->must = vset_or(arena, a->terms[0].must, b.terms[0].must);
        t->may = vset_or(arena, a->terms[0].may, b.terms[0].may);
        a->terms = t;
        return true;
    }
    return false;
}

struct condition condition_or(struct aslrt_arena *arena, struct condition a, struct condition b)
{
    if (a.opaque || b.opaque)
        return condition_opaque();
    struct condition c = {ASLRT_NEW_ARRAY(arena, struct box, a.count + b.count + 1u), 0, false};
    for (uint32_t i = 0; i < a.count; i++)
        c.boxes[c.count++] = a.boxes[i];
    for (uint32_t i = 0; i < b.count; i++)
        if (!join(arena, &c, b.boxes[i]))
            c.boxes[c.count++] = b.boxes[i];
    return c.count > BOXES_MAX ? condition_opaque() : c;
}

/* The box in which the terms of both hold; two terms about one path become one. */
static struct box meet(struct aslrt_arena *arena, struct box a, struct box b)
{
    struct box out = {ASLRT_NEW_ARRAY(arena, struct box_term, a.count + b.count + 1u), 0};
    for (uint32_t i = 0; i < a.count; i++)
        out.terms[out.count++] = a.terms[i];
    for (uint32_t i = 0; i < b.count; i++) {
        uint32_t k = 0;
        while (k < out.count && strcmp(out.terms[k].path, b.terms[i].path) != 0)
            k++;
        if (k == out.count) {
            out.terms[out.count++] = b.terms[i];
            continue;
        }
        out.terms[k].must = vset_and(arena, out.terms[k].must, b.terms[i].must);
        out.terms[k].may = vset_and(arena, out.terms[k].may, b.terms[i].may);
    }
    return out;
}

struct condition condition_and(struct aslrt_arena *arena, struct condition a, struct condition b)
{
    if (a.opaque || b.opaque || (uint64_t)a.count * b.count > BOXES_MAX)
        return condition_opaque();
    struct condition c = {ASLRT_NEW_ARRAY(arena, struct box, a.count * b.count + 1u), 0, false};
    for (uint32_t i = 0; i < a.count; i++)
        for (uint32_t j = 0; j < b.count; j++)
            c.boxes[c.count++] = meet(arena, a.boxes[i], b.boxes[j]);
    return c;
}
