/*
 * asl_check.c - reads ASL files with the library and prints what it says: for tests of the reader
 * and of the verifier.
 *
 *     asl_check [--format text|json|sarif|github] [--colour] [--max N]
 *               [--verify] [--express] [--coverage text|json] [--dump-ir] FILE...
 *
 * With --verify machines without mistakes of the reader's are verified too; with --coverage the
 * coverage is printed in place of the diagnostics, and with --dump-ir the machine.
 * Exit: 0 no errors, 1 errors, 2 usage or a file that can't be read.
 */
#include "compiler/base/diag_render.h"
#include "compiler/front/asl_read.h"
#include "compiler/verify/verify.h"

#include <stdio.h>
#include <stdlib.h>

struct options {
    struct diag_render_options render;
    struct verify_options verify;
    bool verified;
    bool dump;
    const char *coverage; /* "text", "json", or NULL */
};

static bool read_option(struct options *options, char **argv, int *i)
{
    static const char *const formats[] = {"text", "json", "sarif", "github"};
    struct diag_render_options *o = &options->render;
    if (strcmp(argv[*i], "--colour") == 0) {
        o->colour = true;
        return true;
    }
    if (strcmp(argv[*i], "--verify") == 0) {
        options->verified = true;
        return true;
    }
    if (strcmp(argv[*i], "--express") == 0) {
        options->verify.type = IR_EXPRESS;
        return true;
    }
    if (strcmp(argv[*i], "--dump-ir") == 0) {
        options->dump = true;
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
    if (strcmp(argv[*i - 1], "--coverage") == 0) {
        options->coverage = value;
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

static void put_coverage(const struct ir_machine *m, const struct options *o,
                         struct aslrt_buffer *out)
{
    struct verify_coverage coverage;
    verify_cover(m, &o->verify, out->arena, &coverage);
    if (strcmp(o->coverage, "json") == 0)
        verify_coverage_json(m, &coverage, out);
    else
        verify_coverage_text(m, &coverage, out);
}

/* Reads one file and, when asked to, verifies it. */
static void check(uint32_t source, const struct options *o, struct diag_context *cx,
                  struct aslrt_buffer *out)
{
    struct ir_machine *m = asl_read(cx->arena, cx, source, "machine");
    if (m == NULL)
        return;
    if (o->dump)
        ir_dump(m, out);
    else if (o->coverage != NULL)
        put_coverage(m, o, out);
    else if (o->verified)
        verify_run(m, &o->verify, cx);
}

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct source_table sources;
    struct diag_context cx;
    struct options options = {.render = {.version = "0"}};
    struct aslrt_buffer out = aslrt_buffer_in(arena);
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
            check(id, &options, &cx, &out);
        }
    }
    if (options.coverage == NULL && !options.dump)
        diag_render(&cx, &options.render, &out);
    fputs(aslrt_buffer_close(&out), stdout);
    if (status == 0)
        status = diag_count(&cx, SEVERITY_ERROR) != 0;
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return status;
}
