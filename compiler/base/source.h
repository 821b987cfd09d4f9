/*
 * source.h - source texts and spans in them.
 *
 * In: a file, or bytes that the caller has.  Out: a struct source with its text and a line map.
 * A span is a half-open range of byte offsets in one source; lines and columns are computed only
 * when something is printed.  Source ids count from 1, so that an all-zero span means "no place".
 * Ownership: texts and line maps live in the arena of the source table.
 */
#ifndef ASLC_SOURCE_H
#define ASLC_SOURCE_H

#include "runtime/base/arena.h"

struct span {
    uint32_t source; /* id in the table; 0: no place */
    uint32_t start;
    uint32_t end;
};

/* Lines and columns count from 1. */
struct place {
    uint32_t line;
    uint32_t column; /* in bytes */
    uint32_t utf16;  /* the same column in UTF-16 code units, as SARIF wants it */
};

struct source {
    const char *name; /* as the user gave it; "<stdin>" for standard input */
    const char *text; /* NUL-terminated; may hold NULs inside */
    uint32_t count;
    uint32_t *lines; /* offset of the start of each line */
    uint32_t line_count;
};

struct source_table {
    struct aslrt_arena *arena;
    struct source *sources;
    uint32_t count;
    uint32_t room;
};

static inline struct span span_join(struct span a, struct span b)
{
    if (a.source == 0)
        return b;
    if (b.source != a.source)
        return a;
    struct span s = {a.source, a.start < b.start ? a.start : b.start,
                     a.end > b.end ? a.end : b.end};
    return s;
}

void source_table_init(struct source_table *table, struct aslrt_arena *arena);

/* Adds a text that must outlive the table (borrowed).  Gives its id. */
uint32_t source_add(struct source_table *table, const char *name, const char *text, uint32_t count);

/* Reads a file, or standard input for "-".  Gives the id, or 0 with a reason in *why (in the arena)
   when it can't be read or is larger than ASLRT_LINE_MAX. */
uint32_t source_read(struct source_table *table, const char *path, const char **why);

const struct source *source_of(const struct source_table *table, uint32_t id);
/* The name of the source's file without its folders, for what is generated: the same wherever the
   compiler runs.  "" for no source.  Borrowed from the table. */
const char *source_file_name(const struct source_table *table, uint32_t id);
struct place source_place(const struct source_table *table, uint32_t id, uint32_t offset);

/* The offset of the first byte that is not UTF-8 (RFC 3629), or `count` when all of it is. */
uint32_t source_check_utf8(const struct source *source);

#endif
