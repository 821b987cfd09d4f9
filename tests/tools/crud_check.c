/*
 * crud_check.c - reads CRUD files with the library and prints what it says: for tests of the front
 * end alone.
 *
 *     crud_check [--fmt] [--unsupported] [--format text|json|sarif|github] FILE...
 *
 * --unsupported adds what a build would refuse as not supported yet.
 * Exit code 1 when a file has an error, 2 when one can't be read.
 */
#include "compiler/base/diag_render.h"
#include "compiler/front/parse.h"
#include "compiler/front/print.h"
#include "compiler/front/sema.h"

#include <stdio.h>

struct options {
    bool fmt, unsupported;
    struct diag_render_options render;
};

static enum diag_format format_of(const char *name)
{
    return strcmp(name, "json") == 0     ? DIAG_FORMAT_JSON
           : strcmp(name, "sarif") == 0  ? DIAG_FORMAT_SARIF
           : strcmp(name, "github") == 0 ? DIAG_FORMAT_GITHUB
                                         : DIAG_FORMAT_TEXT;
}

static void read_one(struct diag_context *cx, const struct options *options, uint32_t id)
{
    struct ast_unit *unit =
        options->fmt ? crud_parse(cx->arena, cx, id) : crud_parse_holes(cx->arena, cx, id);
    struct model *model = unit == NULL || options->fmt ? NULL : sema_model(cx->arena, cx, unit);
    if (model != NULL && options->unsupported)
        model_unsupported(model, cx);
    if (unit == NULL || !options->fmt)
        return;
    struct aslrt_buffer out = aslrt_buffer_in(cx->arena);
    crud_print(cx->arena, source_of(cx->sources, id), unit, &out);
    fputs(aslrt_buffer_close(&out), stdout);
}

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct source_table sources;
    struct diag_context cx;
    struct options options = {.render = {.version = "test"}};
    source_table_init(&sources, arena);
    diag_context_init(&cx, arena, &sources);
    for (int i = 1; i < argc; i++) {
        const char *why;
        if (strcmp(argv[i], "--fmt") == 0) {
            options.fmt = true;
        } else if (strcmp(argv[i], "--unsupported") == 0) {
            options.unsupported = true;
        } else if (strcmp(argv[i], "--format") == 0 && i + 1 < argc) {
            options.render.format = format_of(argv[++i]);
        } else {
            uint32_t id = source_read(&sources, argv[i], &why);
            if (id == 0) {
                fprintf(stderr, "%s: %s\n", argv[i], why);
                return 2;
            }
            read_one(&cx, &options, id);
        }
    }
    struct aslrt_buffer out = aslrt_buffer_in(arena);
    diag_render(&cx, &options.render, &out);
    fputs(aslrt_buffer_close(&out), stdout);
    bool wrong = diag_count(&cx, SEVERITY_ERROR) > 0;
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return wrong;
}
