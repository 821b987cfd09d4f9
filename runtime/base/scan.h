/*
 * scan.h - what all flex scanners and bison parsers of the project share: memory from an arena.
 *
 * A scanner is made with PREFIXlex_init_extra(extra, &scanner), where `extra` points to a struct
 * whose first member is a struct aslrt_arena *.  The .l file has %option reentrant noyyalloc
 * noyyrealloc noyyfree prefix="PREFIX" and, in its last section, ASLRT_SCAN_MEMORY(PREFIX). Nothing
 * is freed; so an allocation that escapes (arena.h) in the middle of a parse leaves nothing behind.
 *
 * A parser keeps its stacks on the C stack, where they never grow: the .y file has, in its first
 * section,
 *     %{
 *     #define YYINITDEPTH ASLRT_PARSE_STACK
 *     #define YYMAXDEPTH ASLRT_PARSE_STACK
 *     %}
 *     %define parse.lac full
 *     %define parse.lac.es-capacity-initial {2000}
 * and bounds the nesting of its input by ASLRT_DEPTH_MAX, so that input can't reach the end of
 * them.
 */
#ifndef ASLRT_SCAN_H
#define ASLRT_SCAN_H

#include "runtime/base/arena.h"

#define ASLRT_PARSE_STACK 4000

#define ASLRT_SCAN_MEMORY(prefix)                                                                  \
    void *prefix##alloc(yy_size_t size, yyscan_t scanner)                                          \
    {                                                                                              \
        return aslrt_scan_alloc(prefix##get_extra(scanner), size);                                 \
    }                                                                                              \
    void *prefix##realloc(void *block, yy_size_t size, yyscan_t scanner)                           \
    {                                                                                              \
        return aslrt_scan_realloc(prefix##get_extra(scanner), block, size);                        \
    }                                                                                              \
    void prefix##free(void *block, yyscan_t scanner)                                               \
    {                                                                                              \
        (void)block;                                                                               \
        (void)scanner;                                                                             \
    }

/* `extra` points to a struct aslrt_arena *.  A block remembers its size in front of itself, because
   flex doesn't say it when it asks for more. */
static inline void *aslrt_scan_alloc(void *extra, size_t size)
{
    size_t *block = aslrt_alloc(*(struct aslrt_arena **)extra, size + 16);
    block[0] = size;
    return (char *)block + 16;
}

static inline void *aslrt_scan_realloc(void *extra, void *block, size_t size)
{
    void *more = aslrt_scan_alloc(extra, size);
    if (block != NULL) {
        size_t old = *(size_t *)((char *)block - 16);
        memcpy(more, block, old < size ? old : size);
    }
    return more;
}

#endif
