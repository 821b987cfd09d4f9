/*
 * print_int.h - the printer's rows, shared by print.c, print_expr.c, print_stmt.c and print_rows.c.
 *
 * The printer makes rows: an indentation, a text of one or two cells, and a comment behind it. When
 * all rows are there, cells and comments of neighbours are lined up and the whole is written out.
 * What may stand on one line is first tried there (print_try): text goes into the current row until
 * it is too wide, and is then taken back.
 */
#ifndef ASLC_PRINT_INT_H
#define ASLC_PRINT_INT_H

#include "compiler/front/print.h"

enum { PRINT_WIDTH = 100, PRINT_STEP = 2 };

enum print_kind { /* rows of one kind that follow each other line their second cells up */
                  PRINT_PLAIN,
                  PRINT_SETTING,
                  PRINT_FIELD,
                  PRINT_OPERATION,
                  PRINT_ERROR,
                  PRINT_TYPE,
};

struct print_row {
    enum print_kind kind;
    uint32_t indent;
    const char *text;
    uint32_t cell; /* offset of the second cell in text; 0: none */
    const char *comment;
    bool blank;       /* an empty line before it */
    bool own_comment; /* the row is a comment */
};

struct printer {
    struct aslrt_arena *arena;
    const struct source *source;
    const struct ast_comment *comment; /* next one that is not printed */
    uint32_t last_end;                 /* offset behind what was printed last */
    struct print_row *rows;
    uint32_t count;

    /* the current row */
    struct aslrt_buffer text;
    uint32_t indent; /* of rows that are begun now */
    uint32_t row_indent;
    uint32_t column;
    uint32_t cell;
    enum print_kind kind;
    bool blank;

    uint32_t flat; /* > 0: everything on this row */
    uint32_t tail; /* columns that what follows the next list must find on its row */
    bool too_wide; /* ...which did not work */
};

/* ---- text ---- */

void print_text(struct printer *p, const char *text);
void print_bytes(struct printer *p, const char *bytes, uint32_t count);
/* The source text of a span. */
void print_source(struct printer *p, struct span span);
/* What follows, behind at least this gap, is the second cell of the row. */
void print_cell(struct printer *p, const char *gap);
/* Ends the row and begins the next. */
void print_newline(struct printer *p);

/* ---- trying ---- */

struct print_mark {
    size_t bytes;
    uint32_t column, cell;
};
/* Begins a try to print what stands in `span` on this row; false when a comment in it forbids that.
   Inside of a try it only says true. */
bool print_try(struct printer *p, struct print_mark *mark, struct span span);
/* Ends it: true when it fits, else what was printed is taken back. */
bool print_fits(struct printer *p, const struct print_mark *mark);

/* ---- places in the source ---- */

bool print_same_line(const struct printer *p, uint32_t from, uint32_t to);
/* Prints the comments that stand before this offset, which is where the next row's text begins, and
   keeps an empty line before it. */
void print_comments(struct printer *p, uint32_t before, bool first);
void print_done(struct printer *p, uint32_t end);

/* ---- parts ---- */

/* Where a name stands decides which words need back quotes; see words.def. */
enum print_position { PRINT_DECLARED, PRINT_NAMED, PRINT_WORD, PRINT_ANY };

struct print_item { /* an element of something that repeats */
    const void *node;
    struct span span;
};
struct print_items {
    struct print_item *items;
    uint32_t count;
};
void print_add(struct printer *p, struct print_items *list, const void *node, struct span span);
typedef void print_function(struct printer *p, const void *node);

/* `open` a, b, c `close`: on one row, or one element a row.  `end`: offset of the closing bracket,
   0 when it is not known. */
void print_list(struct printer *p, const char *open, const char *close,
                const struct print_items *items, uint32_t end, print_function *print);
/* Columns that something would take on this row; 0 when it does not fit on any. */
uint32_t print_measure(struct printer *p, struct span span, print_function *print,
                       const void *node);
/* { a  b  c }: on one row if it was written so and fits, else a row for each line of the source. */
void print_block(struct printer *p, struct span span, const struct print_items *items,
                 print_function *print);

void print_name(struct printer *p, struct ast_name name, enum print_position position);
/* A, B */
void print_names(struct printer *p, const struct ast_names *names, enum print_position position);
void print_string(struct printer *p, const char *text);
void print_expr(struct printer *p, const struct ast_expr *e);
/* (a, b: c) */
void print_args(struct printer *p, const struct ast_arg *args, uint32_t end);
void print_choices(struct printer *p, const char *open, const char *close,
                   const struct ast_names *names, uint32_t end);
void print_type(struct printer *p, const struct ast_type *type);
void print_failure(struct printer *p, const struct ast_failure *failure);
void print_check(struct printer *p, const struct ast_check *check);
/* catch A on B as c, without what is done about it */
void print_catch_head(struct printer *p, const struct ast_catch *c);
void print_settings(struct printer *p, const struct ast_setting *settings, struct span body);
void print_setting(struct printer *p, const struct ast_setting *setting);
void print_stmts(struct printer *p, const struct ast_stmt *stmts, struct span body);
void print_tests(struct printer *p, const struct ast_tstmt *stmts, struct span body);
/* All rows, as text. */
void print_write(struct printer *p, struct aslrt_buffer *out);

#endif
