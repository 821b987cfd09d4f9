/*
 * asl_check.c - reads ASL files with the library and prints what it says: for tests of the reader
 * alone.
 *
 *     asl_check [--dump] [--format text|json|sarif|github] FILE...
 */
#include "compiler/base/diag.h"
#include "compiler/front/json_read.h"
#include "compiler/base/jnode_write.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct source_table sources;
    struct diag_context cx;
    source_table_init(&sources, arena);
    diag_context_init(&cx, arena, &sources);
    for (int i = 1; i < argc; i++) {
        const char *why;
        uint32_t id = source_read(&sources, argv[i], &why);
        struct jnode *n = json_read(arena, &cx, id);
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        if (n != NULL && argc == 2) {
            jnode_write(&b, n);
            puts(aslrt_buffer_close(&b));
        }
    }
    diag_sort(&cx);
    for (uint32_t i = 0; i < cx.count; i++) {
        struct diag *d = cx.diags[i];
        struct place p = source_place(&sources, d->at.source, d->at.start);
        printf("%s:%u:%u: %s[%s]\n", source_of(&sources, d->at.source)->name, p.line, p.column, d->message, diag_table[d->code].code);
    }
    return 0;
}
