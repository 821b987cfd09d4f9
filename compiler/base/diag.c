/*
 * diag.c - the table of diagnostics, the -W flags, and the list that passes report to; see diag.h.
 */
#include "compiler/base/diag.h"
#include "compiler/base/grow.h"
#include "compiler/base/suggest.h"
#include "runtime/base/buffer.h"
#include "runtime/base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <strings.h>

const struct diag_info diag_table[DIAG_COUNT] = {
#define DIAG(id, code, severity, slug, title, ref, aws)                                            \
    {#id, code, severity, slug, title, ref, aws},
#include "compiler/base/diag_codes.def"
#undef DIAG
};

void diag_context_init(struct diag_context *cx, struct aslrt_arena *arena,
                       const struct source_table *sources)
{
    *cx = (struct diag_context){.arena = arena, .sources = sources, .program = "aslc"};
    for (uint32_t i = 0; i < DIAG_COUNT; i++)
        cx->severity[i] = diag_table[i].severity;
}

const struct diag_info *diag_find(const char *code_or_slug)
{
    for (uint32_t i = 0; i < DIAG_COUNT; i++) {
        if (strcasecmp(diag_table[i].code, code_or_slug) == 0 ||
            strcmp(diag_table[i].slug, code_or_slug) == 0)
            return &diag_table[i];
    }
    return NULL;
}

static const char *nearest_slug(const char *word)
{
    const char *slugs[DIAG_COUNT];
    for (uint32_t i = 0; i < DIAG_COUNT; i++)
        slugs[i] = diag_table[i].slug;
    return suggest(word, slugs, DIAG_COUNT);
}

/* Takes `prefix` off the front of *flag when it is there. */
static bool take(const char **flag, const char *prefix)
{
    size_t n = strlen(prefix);
    if (strncmp(*flag, prefix, n) != 0)
        return false;
    *flag += n;
    return true;
}

bool diag_flag(struct diag_context *cx, const char *flag, const char **near)
{
    *near = NULL;
    if (strcmp(flag, "error") == 0) {
        cx->warnings_are_errors = true;
        return true;
    }
    const char *whole = flag;
    const struct diag_info *row = diag_find(flag); /* slugs may begin with "no-" themselves */
    bool off = false, as_error = false, as_warning = false;
    if (row == NULL) {
        as_error = take(&flag, "error=");
        as_warning = !as_error && take(&flag, "no-error=");
        off = !as_error && !as_warning && take(&flag, "no-");
        row = diag_find(flag);
    }
    if (row == NULL) {
        *near = nearest_slug(whole);
        if (*near == NULL)
            *near = nearest_slug(flag);
        return false;
    }
    uint32_t i = (uint32_t)(row - diag_table);
    if (row->severity == SEVERITY_ERROR && (off || as_warning)) {
        *near = row->slug;
        return false;
    }
    cx->off[i] = off;
    cx->keep[i] = as_warning;
    cx->severity[i] = as_error ? SEVERITY_ERROR : row->severity;
    return true;
}

/* Names in a message may hold lone surrogates or cut sequences; every form of output is UTF-8, so
   each byte that isn't becomes U+FFFD. */
static const char *mend_utf8(struct aslrt_arena *arena, const char *text)
{
    size_t count = strlen(text), good = aslrt_utf8_check(text, count);
    if (good == count)
        return text;
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (; good != count; good = aslrt_utf8_check(text, count)) {
        aslrt_buffer_put(&b, text, good);
        aslrt_buffer_text(&b, "\xef\xbf\xbd");
        text += good + 1;
        count -= good + 1;
    }
    aslrt_buffer_put(&b, text, count);
    return aslrt_buffer_close(&b);
}

/* Names have no bound, messages have: nobody reads a name of a megabyte. */
#define TEXT_MAX 1000

static const char *format_text(struct aslrt_arena *arena, const char *format, va_list args)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_vformat(&b, format, args);
    if (b.count > TEXT_MAX) {
        b.count = TEXT_MAX;
        while ((b.bytes[b.count] & 0xc0) == 0x80) /* not in the middle of a character */
            b.count--;
        aslrt_buffer_text(&b, "...");
    }
    return mend_utf8(arena, aslrt_buffer_close(&b));
}

/* FORMAT(d, text) puts the words that follow the parameter `format` into `text`. */
#define FORMAT(d, text)                                                                            \
    do {                                                                                           \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        (text) = format_text((d)->cx->arena, format, args);                                        \
        va_end(args);                                                                              \
    } while (0)

static struct diag *begin(struct diag_context *cx, enum diag_code code, struct span at)
{
    assert(code < DIAG_COUNT);
    struct diag *d = ASLRT_NEW(cx->arena, struct diag);
    d->cx = cx;
    d->code = code;
    d->severity = cx->severity[code];
    if (d->severity == SEVERITY_WARNING && cx->warnings_are_errors && !cx->keep[code])
        d->severity = SEVERITY_ERROR;
    d->at = at;
    d->pointer = "";
    d->service_code = diag_table[code].aws;
    return d;
}

struct diag *diag_begin(struct diag_context *cx, enum diag_code code, struct span at,
                        const char *format, ...)
{
    struct diag *d = begin(cx, code, at);
    FORMAT(d, d->message);
    return d;
}

void diag_simple(struct diag_context *cx, enum diag_code code, struct span at, const char *format,
                 ...)
{
    struct diag *d = begin(cx, code, at);
    FORMAT(d, d->message);
    diag_end(d);
}

void diag_primary(struct diag *d, const char *format, ...)
{
    FORMAT(d, d->primary);
}

void diag_label(struct diag *d, struct span at, const char *format, ...)
{
    struct diag_label *l = GROW(d->cx->arena, d->labels, d->label_count);
    l->at = at;
    FORMAT(d, l->text);
}

void diag_note(struct diag *d, const char *format, ...)
{
    const char **note = GROW(d->cx->arena, d->notes, d->note_count);
    FORMAT(d, *note);
}

void diag_help(struct diag *d, const char *format, ...)
{
    const char **help = GROW(d->cx->arena, d->helps, d->help_count);
    FORMAT(d, *help);
}

void diag_fix(struct diag *d, struct span at, bool sure, const char *format, ...)
{
    struct diag_fix *fix = GROW(d->cx->arena, d->fixes, d->fix_count);
    fix->at = at;
    fix->sure = sure;
    FORMAT(d, fix->text);
}

void diag_path(struct diag *d, struct span at, const char *format, ...)
{
    struct diag_step *step = GROW(d->cx->arena, d->path, d->path_count);
    step->at = at;
    FORMAT(d, step->text);
}

void diag_pointer(struct diag *d, const char *pointer)
{
    d->pointer = pointer;
}

void diag_end(struct diag *d)
{
    struct diag_context *cx = d->cx;
    if (cx->off[d->code])
        return;
    d->order = cx->count;
    *GROW(cx->arena, cx->diags, cx->count) = d;
    cx->sorted = false;
}

uint32_t diag_count(const struct diag_context *cx, enum severity severity)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < cx->count; i++)
        n += cx->diags[i]->severity == severity;
    return n;
}

static int compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* By source, start, code and message; equal ones in the order in which they were reported. */
static int compare(const void *x, const void *y)
{
    const struct diag *a = *(struct diag *const *)x, *b = *(struct diag *const *)y;
    int c = compare_u32(a->at.source, b->at.source);
    if (c == 0)
        c = compare_u32(a->at.start, b->at.start);
    if (c == 0)
        c = compare_u32(a->at.end, b->at.end);
    if (c == 0)
        c = compare_u32(a->code, b->code);
    if (c == 0)
        c = strcmp(a->message, b->message);
    return c != 0 ? c : compare_u32(a->order, b->order);
}

static bool same(const struct diag *a, const struct diag *b)
{
    return a->code == b->code && a->at.source == b->at.source && a->at.start == b->at.start &&
           a->at.end == b->at.end && strcmp(a->message, b->message) == 0;
}

void diag_sort(struct diag_context *cx)
{
    if (cx->sorted || cx->count == 0)
        return;
    qsort(cx->diags, cx->count, sizeof *cx->diags, compare);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < cx->count; i++) {
        if (!same(cx->diags[i], cx->diags[kept - 1]))
            cx->diags[kept++] = cx->diags[i];
    }
    /* The room of an array follows from its count, so a shorter list moves to one of its own. */
    struct diag **all = cx->diags;
    cx->diags = NULL;
    cx->count = 0;
    for (uint32_t i = 0; i < kept; i++)
        *GROW(cx->arena, cx->diags, cx->count) = all[i];
    cx->sorted = true;
}
