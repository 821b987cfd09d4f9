/*
 * asl_check.c - reads ASL files with the library and prints what it says: for tests of the reader
 * alone.
 *
 *     asl_check [--format text|json|sarif|github] [--colour] [--max N] FILE...
 *
 * Exit: 0 no errors, 1 errors, 2 usage or a file that can't be read.
 */
#include "compiler/base/diag_render.h"
#include "compiler/front/asl_read.h"

#include <stdio.h>
#include <stdlib.h>

static bool read_option(struct diag_render_options *o, char **argv, int *i)
{
    static const char *const formats[] = {"text", "json", "sarif", "github"};
    if (strcmp(argv[*i], "--colour") == 0) {
        o->colour = true;
        return true;
    }
    const char *value = argv[*i + 1];
    if (value == NULL)
        return false;
    *i += 1;
    if (strcmp(argv[*i - 1], "--max") == 0) {
        o->max = (uint32_t)strtoul(value, NULL, 10);
        return true;
    }
    for (int f = 0; f < 4 && strcmp(argv[*i - 1], "--format") == 0; f++) {
        if (strcmp(value, formats[f]) == 0) {
            o->format = (enum diag_format)f;
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct source_table sources;
    struct diag_context cx;
    struct diag_render_options options = {.version = "0"};
    int status = 0;
    source_table_init(&sources, arena);
    diag_context_init(&cx, arena, &sources);
    for (int i = 1; i < argc && status == 0; i++) {
        const char *why = "no such option";
        if (strncmp(argv[i], "--", 2) == 0) {
            status = read_option(&options, argv, &i) ? 0 : 2;
            continue;
        }
        uint32_t id = source_read(&sources, argv[i], &why);
        if (id == 0) {
            fprintf(stderr, "asl_check: %s: %s\n", argv[i], why);
            status = 2;
        } else {
            asl_read(arena, &cx, id, "machine");
        }
    }
    struct aslrt_buffer out = aslrt_buffer_in(arena);
    diag_render(&cx, &options, &out);
    fputs(aslrt_buffer_close(&out), stdout);
    if (status == 0)
        status = diag_count(&cx, SEVERITY_ERROR) != 0;
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return status;
}
