/*
 * diag_text.c - diagnostics for people: place, words, the line of source with carets, and what
 * follows.
 *
 *     a.json:4:21: error[A301]: state 'A' goes to 'B', which does not exist
 *         4 |     "A": {"Next": "B"}
 *           |                   ^^^
 *        = help: replace with 'C'
 *
 * Carets mark the primary span, dashes the labels.  Of a span over several lines the first and the
 * last line are shown.  A long line is cut around what is marked.  Nothing that a file or a name
 * holds can move the cursor of a terminal: control characters are shown as '?'.
 */
#include "compiler/base/diag_forms.h"
#include "compiler/base/grow.h"
#include "runtime/base/utf8.h"

#include <inttypes.h>

enum {
    LINE_MAX_COLUMNS = 110, /* a longer line is cut */
    BEFORE_COLUMNS = 40,    /* ...with so much of it before the mark */
    TAB = 4,
    PATH_ENDS = 6 /* steps shown at either end of a long witness */
};

struct mark {
    struct span at;
    uint32_t line; /* the line that it is on, from 1 */
    const char *text;
    bool primary;
    bool last; /* the end of a span over several lines: `at` is its last byte */
};

struct printer {
    const struct diag_context *cx;
    struct aslrt_buffer *out;
    bool colour;
    enum severity severity; /* of the diagnostic that is being printed */
    struct mark *marks;
    uint32_t mark_count;
};

/* ---- colours ---- */

enum ink { INK_PLAIN, INK_BOLD, INK_SEVERITY, INK_GUTTER };

static void ink(const struct printer *p, enum ink which)
{
    static const char *const severities[] = {"\033[1;36m", "\033[1;35m", "\033[1;31m"};
    static const char *const inks[] = {"\033[0m", "\033[1m", NULL, "\033[1;34m"};
    if (p->colour)
        aslrt_buffer_text(p->out, which == INK_SEVERITY ? severities[p->severity] : inks[which]);
}

/* ---- characters and columns ---- */

struct range {
    uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    }
    return false;
}

/* Columns that a code point takes on a terminal, after Unicode's general categories Mn, Me, Cf and
   East Asian Width W, F, by block rather than one by one. */
static unsigned width(uint32_t c)
{
    static const struct range none[] = {
        {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
        {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f},
        {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef}};
    static const struct range two[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},
                                       {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
                                       {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f},
                                       {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
    if (c < 0x300)
        return 1;
    if (in_ranges(none, sizeof none / sizeof none[0], c))
        return 0;
    return in_ranges(two, sizeof two / sizeof two[0], c) ? 2 : 1;
}

/* Bidirectional controls would reorder the line on the screen. */
static bool is_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

/* Shows the character at *i (into `out` unless that is NULL), steps over it, and gives the column
   behind it. */
static unsigned show(const char *text, uint32_t count, uint32_t *i, unsigned column,
                     struct aslrt_buffer *out)
{
    const char *bytes = text + *i, *behind = bytes;
    bool ascii = (unsigned char)*bytes < 0x80;
    uint32_t n = ascii ? 1 : aslrt_utf8_sequence(bytes, count - *i);
    uint32_t c = n == 0 ? 0 : aslrt_utf8_next(&behind);
    *i += n == 0 ? 1 : n;
    if (c == '\t') {
        unsigned stop = (column / TAB + 1) * TAB;
        for (; out != NULL && column < stop; column++)
            aslrt_buffer_char(out, ' ');
        return stop;
    }
    if (n == 0 || is_unsafe(c)) {
        if (out != NULL)
            aslrt_buffer_char(out, '?');
        return column + 1;
    }
    if (out != NULL)
        aslrt_buffer_put(out, bytes, n);
    return column + width(c);
}

/* Words from messages and names. */
static void put_words(const struct printer *p, const char *text)
{
    uint32_t count = (uint32_t)strlen(text);
    for (uint32_t i = 0; i < count;) {
        if (text[i] == '\t')
            i++, aslrt_buffer_char(p->out, ' ');
        else
            show(text, count, &i, 0, p->out);
    }
}

/* ---- one line with one or more marks ---- */

struct window { /* the part of a line that is shown */
    uint32_t from, to;
    bool cut_left, cut_right;
};

static unsigned columns(const struct source *s, uint32_t from, uint32_t to, unsigned column)
{
    while (from < to)
        column = show(s->text, s->count, &from, column, NULL);
    return column;
}

/* `fits` says whether all of the line can be shown. */
static struct window window_of(const struct source *s, uint32_t start, uint32_t end, uint32_t mark,
                               bool fits)
{
    struct window w = {start, end, false, false};
    if (fits)
        return w;
    w.from = mark;
    for (unsigned back = 0; w.from > start && back < BEFORE_COLUMNS; back++) {
        w.from--;
        while (w.from > start && (s->text[w.from] & 0xc0) == 0x80)
            w.from--;
    }
    unsigned column = 0;
    w.to = w.from;
    while (w.to < end && column < LINE_MAX_COLUMNS)
        column = show(s->text, s->count, &w.to, column, NULL);
    w.cut_left = w.from > start;
    w.cut_right = w.to < end;
    return w;
}

static void put_gutter(const struct printer *p, uint32_t line)
{
    ink(p, INK_GUTTER);
    if (line != 0)
        aslrt_buffer_format(p->out, "%5" PRIu32 " |", line);
    else
        aslrt_buffer_text(p->out, "      |");
    ink(p, INK_PLAIN);
}

static void put_source_line(const struct printer *p, const struct source *s, const struct window *w,
                            uint32_t line)
{
    put_gutter(p, line);
    if (w->from != w->to)
        aslrt_buffer_char(p->out, ' ');
    if (w->cut_left)
        aslrt_buffer_text(p->out, "...");
    unsigned column = 0;
    for (uint32_t i = w->from; i < w->to;)
        column = show(s->text, s->count, &i, column, p->out);
    aslrt_buffer_text(p->out, w->cut_right ? "...\n" : "\n");
}

static void put_mark(const struct printer *p, const struct source *s, const struct window *w,
                     const struct mark *m)
{
    uint32_t end = m->at.end < w->to ? m->at.end : w->to;
    unsigned from = columns(s, w->from, m->at.start, 0), to = columns(s, m->at.start, end, from);
    put_gutter(p, 0);
    for (unsigned i = 0; i <= from + (w->cut_left ? 3 : 0); i++)
        aslrt_buffer_char(p->out, ' ');
    ink(p, m->primary ? INK_SEVERITY : INK_GUTTER);
    for (unsigned i = from; i == from || i < to; i++)
        aslrt_buffer_char(p->out, m->primary ? '^' : '-');
    if (m->text != NULL) {
        aslrt_buffer_char(p->out, ' ');
        put_words(p, m->text);
    }
    ink(p, INK_PLAIN);
    aslrt_buffer_char(p->out, '\n');
}

/* The end of a line without its line break. */
static uint32_t line_end(const struct source *s, uint32_t line)
{
    uint32_t end = line < s->line_count ? s->lines[line] - 1 : s->count;
    while (end > s->lines[line - 1] && s->text[end - 1] == '\r')
        end--;
    return end;
}

/* Prints the marks [i, k), which are on one line of one source. */
static void put_line(const struct printer *p, const struct source *s, uint32_t i, uint32_t k)
{
    uint32_t line = p->marks[i].line;
    uint32_t start = s->lines[line - 1], end = line_end(s, line);
    bool fits =
        end - start <= LINE_MAX_COLUMNS * 4 && columns(s, start, end, 0) <= LINE_MAX_COLUMNS;
    for (uint32_t m = i; m < k; m++) {
        struct window w = window_of(s, start, end, p->marks[m].at.start, fits);
        if (m == i || !fits)
            put_source_line(p, s, &w, line);
        put_mark(p, s, &w, &p->marks[m]);
    }
}

/* ---- all marks of a diagnostic ---- */

static void add_mark(struct printer *p, struct span at, const char *text, bool primary)
{
    const struct source *s = source_of(p->cx->sources, at.source);
    if (s == NULL)
        return;
    struct mark first = {at, source_place(p->cx->sources, at.source, at.start).line, text, primary,
                         false};
    uint32_t last_byte = at.end > at.start ? at.end - 1 : at.start;
    uint32_t last_line = source_place(p->cx->sources, at.source, last_byte).line;
    bool several = last_line != first.line;
    uint32_t end = line_end(s, first.line);
    if (first.at.start > end) /* on the line break itself */
        first.at.start = end;
    if (first.at.end > end)
        first.at.end = end;
    if (several)
        first.text = NULL;
    *GROW(p->cx->arena, p->marks, p->mark_count) = first;
    if (several)
        *GROW(p->cx->arena, p->marks, p->mark_count) =
            (struct mark){{at.source, last_byte, last_byte + 1}, last_line, text, primary, true};
}

/* The primary's file first, then by line, the primary before the labels, then by column. */
static bool before(const struct mark *a, const struct mark *b, uint32_t primary_source)
{
    if (a->at.source != b->at.source)
        return a->at.source == primary_source ||
               (b->at.source != primary_source && a->at.source < b->at.source);
    if (a->line != b->line)
        return a->line < b->line;
    if (a->primary != b->primary)
        return a->primary;
    return a->at.start < b->at.start;
}

static void sort_marks(struct printer *p, uint32_t primary_source)
{
    for (uint32_t i = 1; i < p->mark_count; i++) {
        struct mark m = p->marks[i];
        uint32_t k = i;
        for (; k > 0 && before(&m, &p->marks[k - 1], primary_source); k--)
            p->marks[k] = p->marks[k - 1];
        p->marks[k] = m;
    }
}

static void put_marks(struct printer *p, const struct diag *d)
{
    p->marks = NULL;
    p->mark_count = 0;
    add_mark(p, d->at, d->primary, true);
    for (uint32_t i = 0; i < d->label_count; i++)
        add_mark(p, d->labels[i].at, d->labels[i].text, false);
    sort_marks(p, d->at.source);
    for (uint32_t i = 0, k; i < p->mark_count; i = k) {
        const struct mark *m = &p->marks[i];
        const struct source *s = source_of(p->cx->sources, m->at.source);
        bool other = m->at.source != (i == 0 ? d->at.source : m[-1].at.source);
        if (other)
            aslrt_buffer_format(p->out, "   --> %s:%" PRIu32 "\n", s->name, m->line);
        else if (i != 0 && m->line > m[-1].line + 1)
            aslrt_buffer_text(p->out, "  ...\n");
        for (k = i + 1; k < p->mark_count && p->marks[k].line == m->line &&
                        p->marks[k].at.source == m->at.source;)
            k++;
        put_line(p, s, i, k);
    }
}

/* ---- what follows the source ---- */

static void put_below(const struct printer *p, const char *word, const char *text)
{
    ink(p, INK_GUTTER);
    aslrt_buffer_text(p->out, "   = ");
    ink(p, INK_BOLD);
    aslrt_buffer_text(p->out, word);
    ink(p, INK_PLAIN);
    aslrt_buffer_text(p->out, ": ");
    put_words(p, text);
    aslrt_buffer_char(p->out, '\n');
}

static void put_path(const struct printer *p, const struct diag *d)
{
    if (d->path_count == 0)
        return;
    struct aslrt_buffer b = aslrt_buffer_in(p->cx->arena);
    bool cut = d->path_count > 2 * PATH_ENDS + 1;
    for (uint32_t i = 0; i < d->path_count; i++) {
        if (i != 0)
            aslrt_buffer_text(&b, " → ");
        if (cut && i == PATH_ENDS) {
            i = d->path_count - PATH_ENDS;
            aslrt_buffer_format(&b, "(%" PRIu32 " more) → ", i - PATH_ENDS);
        }
        aslrt_buffer_text(&b, d->path[i].text);
    }
    put_below(p, "path", aslrt_buffer_close(&b));
}

static void put_header(const struct printer *p, const struct diag *d)
{
    const struct source *s = source_of(p->cx->sources, d->at.source);
    ink(p, INK_BOLD);
    if (s == NULL) {
        aslrt_buffer_format(p->out, "%s: ", p->cx->program);
    } else {
        struct place at = source_place(p->cx->sources, d->at.source, d->at.start);
        put_words(p, s->name);
        aslrt_buffer_format(p->out, ":%" PRIu32 ":%" PRIu32 ": ", at.line, at.column);
    }
    ink(p, INK_SEVERITY);
    aslrt_buffer_format(p->out, "%s[%s]", diag_severity_name(d->severity),
                        diag_table[d->code].code);
    ink(p, INK_BOLD);
    aslrt_buffer_text(p->out, ": ");
    put_words(p, d->message);
    ink(p, INK_PLAIN);
    aslrt_buffer_char(p->out, '\n');
}

void diag_render_text(const struct diag_context *cx, uint32_t count, bool colour,
                      struct aslrt_buffer *out)
{
    struct printer p = {.cx = cx, .out = out, .colour = colour};
    for (uint32_t i = 0; i < count; i++) {
        const struct diag *d = cx->diags[i];
        p.severity = d->severity;
        put_header(&p, d);
        put_marks(&p, d);
        put_path(&p, d);
        for (uint32_t k = 0; k < d->note_count; k++)
            put_below(&p, "note", d->notes[k]);
        for (uint32_t k = 0; k < d->help_count; k++)
            put_below(&p, "help", d->helps[k]);
        for (uint32_t k = 0; k < d->fix_count; k++)
            put_below(&p, "help", diag_fix_words(cx->arena, &d->fixes[k]));
    }
    if (count != cx->count)
        aslrt_buffer_format(
            out, "... and %" PRIu32 " more (%" PRIu32 " errors, %" PRIu32 " warnings in all)\n",
            cx->count - count, diag_count(cx, SEVERITY_ERROR), diag_count(cx, SEVERITY_WARNING));
}
