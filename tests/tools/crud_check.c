/*
 * crud_check.c - reads CRUD files with the library and prints what it says: for tests of the front
 * end alone.
 *
 *     crud_check [--fmt] FILE...
 */
#include "compiler/base/diag.h"
#include "compiler/front/parse.h"
#include "compiler/front/print.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct source_table sources;
    struct diag_context cx;
    source_table_init(&sources, arena);
    diag_context_init(&cx, arena, &sources);
    bool fmt = argc > 1 && strcmp(argv[1], "--fmt") == 0;
    for (int i = 1 + fmt; i < argc; i++) {
        const char *why;
        uint32_t id = source_read(&sources, argv[i], &why);
        if (id == 0) {
            printf("%s: %s\n", argv[i], why);
            return 2;
        }
        struct ast_unit *unit = crud_parse(arena, &cx, id);
        if (fmt && unit != NULL) {
            struct aslrt_buffer out = aslrt_buffer_in(arena);
            crud_print(arena, source_of(&sources, id), unit, &out);
            fputs(aslrt_buffer_close(&out), stdout);
        }
    }
    diag_sort(&cx);
    for (uint32_t i = 0; i < cx.count; i++) {
        struct diag *d = cx.diags[i];
        struct place p = source_place(&sources, d->at.source, d->at.start);
        printf("%s:%u:%u: %s [%s]\n", source_of(&sources, d->at.source)->name, p.line, p.column,
               d->message, diag_table[d->code].code);
        for (uint32_t h = 0; h < d->help_count; h++)
            printf("    help: %s\n", d->helps[h]);
    }
    return cx.count != 0;
}
