/*
 * print_rows.c - the printer's rows: text, tries, comments, columns; see print_int.h.
 *
 * Invariants: while nothing is tried, every row but the current one is finished; a comment is only
 * ever put behind a whole row or on a row of its own, so that no `//` can swallow text; the order
 * of comments never changes.
 */
#include "compiler/front/print_int.h"

#include "compiler/base/grow.h"

/* ---- text ---- */

void print_bytes(struct printer *p, const char *bytes, uint32_t count)
{
    if (p->flat > 0 && p->too_wide)
        return;
    if (p->text.count == 0)
        p->row_indent = p->column = p->indent;
    aslrt_buffer_put(&p->text, bytes, count);
    for (uint32_t i = 0; i < count; i++)
        p->column += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    if (p->flat > 0 && p->column > PRINT_WIDTH)
        p->too_wide = true;
}

void print_text(struct printer *p, const char *text)
{
    print_bytes(p, text, (uint32_t)strlen(text));
}

void print_source(struct printer *p, struct span span)
{
    print_bytes(p, p->source->text + span.start, span.end - span.start);
}

void print_cell(struct printer *p, const char *gap)
{
    print_text(p, gap);
    if (p->flat == 0 && p->cell == 0)
        p->cell = (uint32_t)p->text.count;
}

void print_newline(struct printer *p)
{
    if (p->flat > 0) { /* what needs a row of its own does not fit on this one */
        p->too_wide = true;
        return;
    }
    if (p->text.count == 0)
        return;
    struct print_row *row = GROW(p->arena, p->rows, p->count);
    row->kind = p->kind;
    row->indent = p->row_indent;
    row->text = aslrt_buffer_close(&p->text);
    row->cell = p->cell;
    row->blank = p->blank;
    p->text = aslrt_buffer_in(p->arena);
    p->cell = p->column = 0;
    p->kind = PRINT_PLAIN;
    p->blank = false;
}

/* ---- trying ---- */

static bool has_comment(const struct printer *p, struct span span)
{
    const struct ast_comment *c = p->comment;
    while (c != NULL && c->span.start < span.start)
        c = c->next;
    return c != NULL && c->span.start < span.end;
}

bool print_try(struct printer *p, struct print_mark *mark, struct span span)
{
    if (p->flat == 0 && has_comment(p, span))
        return false;
    mark->bytes = p->text.count;
    mark->column = p->column;
    mark->cell = p->cell;
    p->flat++;
    return true;
}

bool print_fits(struct printer *p, const struct print_mark *mark)
{
    p->flat--;
    if (p->flat > 0 || !p->too_wide)
        return true;
    p->too_wide = false;
    p->text.count = mark->bytes;
    p->column = mark->column;
    p->cell = mark->cell;
    return false;
}

/* ---- comments and empty lines ---- */

bool print_same_line(const struct printer *p, uint32_t from, uint32_t to)
{
    return from >= to || memchr(p->source->text + from, '\n', to - from) == NULL;
}

static bool blank_line(const struct printer *p, uint32_t from, uint32_t to)
{
    uint32_t lines = 0;
    for (uint32_t i = from; i < to; i++) {
        char c = p->source->text[i];
        if (c == '\n')
            lines++;
        else if (c != ' ' && c != '\t' && c != '\r' && c != ',')
            lines = 0;
    }
    return lines > 1;
}

/* True when nothing but blanks and comments stands between a doc comment and what it is about. */
static bool leads_to(const struct printer *p, const struct ast_comment *c, uint32_t start)
{
    uint32_t at = c->span.end;
    const struct ast_comment *next = c->next;
    while (at < start) {
        if (next != NULL && next->span.start == at) {
            at = next->span.end;
            next = next->next;
        } else if (strchr(" \t\r\n\f\v", p->source->text[at]) != NULL) {
            at++;
        } else {
            return false;
        }
    }
    return true;
}

static const char *comment_text(struct printer *p, const struct ast_comment *c, uint32_t before)
{
    const char *text = p->source->text + c->span.start;
    uint32_t count = c->span.end - c->span.start;
    while (count > 0 && (text[count - 1] == ' ' || text[count - 1] == '\t'))
        count--;
    char *copy = aslrt_alloc(p->arena, count + 1);
    uint32_t kept = 0;
    bool stray = c->doc && !(c->own_line && leads_to(p, c, before));
    if (stray) { /* it must not become the text of something else */
        text++;
        count--;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (text[i] != '\r')
            copy[kept++] = text[i];
    }
    copy[kept] = '\0';
    return copy;
}

void print_done(struct printer *p, uint32_t end)
{
    if (end > p->last_end)
        p->last_end = end;
}

void print_comments(struct printer *p, uint32_t before, bool first)
{
    if (p->flat > 0)
        return;
    for (; p->comment != NULL && p->comment->span.start < before; p->comment = p->comment->next) {
        const struct ast_comment *c = p->comment;
        const char *text = comment_text(p, c, before);
        bool blank = !first && blank_line(p, p->last_end, c->span.start);
        print_newline(p);
        struct print_row *last = p->count == 0 ? NULL : &p->rows[p->count - 1];
        bool free = last != NULL && last->comment == NULL && !last->own_comment;
        if (!c->own_line && free) {
            last->comment = text;
        } else {
            struct print_row *row = GROW(p->arena, p->rows, p->count);
            row->indent = p->indent;
            row->text = text;
            row->own_comment = true;
            row->blank = blank && c->own_line;
        }
        print_done(p, c->span.end);
        first = first && !c->own_line;
    }
    if (p->text.count == 0)
        p->blank = !first && blank_line(p, p->last_end, before);
}

/* ---- writing ---- */

static uint32_t width(const char *text, size_t count)
{
    uint32_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

/* The column at which the second cells of rows [from, to) stand; 0: each behind its first cell. */
static uint32_t cell_column(const struct print_row *rows, uint32_t from, uint32_t to)
{
    uint32_t column = 0;
    for (uint32_t i = from; i < to; i++) {
        uint32_t first = rows[i].cell == 0 ? 0 : width(rows[i].text, rows[i].cell);
        column = first > column ? first : column;
    }
    for (uint32_t i = from; i < to; i++) {
        const char *second = rows[i].text + rows[i].cell;
        if (rows[i].cell != 0 &&
            rows[i].indent + column + width(second, strlen(second)) > PRINT_WIDTH)
            return 0;
    }
    return column;
}

static void pad(struct aslrt_buffer *out, uint32_t count)
{
    for (; count > 0; count--)
        aslrt_buffer_char(out, ' ');
}

/* Gives the row its final text, without indentation and comment. */
static void join_cells(struct printer *p, struct print_row *row, uint32_t column)
{
    if (row->cell == 0)
        return;
    struct aslrt_buffer b = aslrt_buffer_in(p->arena);
    uint32_t first = width(row->text, row->cell);
    aslrt_buffer_put(&b, row->text, row->cell);
    pad(&b, column > first ? column - first : 0);
    aslrt_buffer_text(&b, row->text + row->cell);
    row->text = aslrt_buffer_close(&b);
}

static void align_cells(struct printer *p)
{
    uint32_t from = 0;
    while (from < p->count) {
        uint32_t to = from + 1;
        const struct print_row *first = &p->rows[from];
        while (to < p->count && first->kind != PRINT_PLAIN && p->rows[to].kind == first->kind &&
               p->rows[to].indent == first->indent && !p->rows[to].blank &&
               !p->rows[to].own_comment)
            to++;
        uint32_t column = cell_column(p->rows, from, to);
        for (uint32_t i = from; i < to; i++)
            join_cells(p, &p->rows[i], column);
        from = to;
    }
}

static uint32_t row_width(const struct print_row *row)
{
    return row->indent + width(row->text, strlen(row->text));
}

/* Comments behind neighbouring rows stand in one column, if all of them fit there. */
static void write_rows(struct printer *p, struct aslrt_buffer *out)
{
    uint32_t from = 0;
    while (from < p->count) {
        uint32_t to = from, column = 0;
        while (to < p->count && p->rows[to].comment != NULL && (to == from || !p->rows[to].blank)) {
            uint32_t n = row_width(&p->rows[to]);
            column = n > column ? n : column;
            to++;
        }
        for (uint32_t i = from; i < to; i++) {
            const char *text = p->rows[i].comment;
            if (column + 2 + width(text, strlen(text)) > PRINT_WIDTH)
                column = 0;
        }
        to = to == from ? from + 1 : to;
        for (uint32_t i = from; i < to; i++) {
            const struct print_row *row = &p->rows[i];
            if (row->blank && out->count > 0)
                aslrt_buffer_char(out, '\n');
            pad(out, row->indent);
            aslrt_buffer_text(out, row->text);
            if (row->comment != NULL) {
                uint32_t n = row_width(row);
                pad(out, (column > n ? column - n : 0) + 2);
                aslrt_buffer_text(out, row->comment);
            }
            aslrt_buffer_char(out, '\n');
        }
        from = to;
    }
}

void print_write(struct printer *p, struct aslrt_buffer *out)
{
    print_newline(p);
    align_cells(p);
    write_rows(p, out);
}
