/*
 * native_generate.c - expressions as C: one function for each that can be computed so, and a table.
 *
 * In: NDJSON, {"expr"} a line (other members do not matter).  Out: C on standard output; the table
 * `native_expressions` has a function, or NULL, for each line; lines that follow each other with
 * the same expression share one.
 */
#include "compiler/emit/native.h"
#include "runtime/base/json.h"

#include <stdio.h>
#include <stdlib.h>

/* The lines' functions: number + 1, or 0. */
struct table {
    unsigned *functions;
    unsigned count;
    char *last; /* the expression of the line before */
};

static void add(struct table *t, unsigned function)
{
    t->functions = realloc(t->functions, (t->count + 1) * sizeof *t->functions);
    if (t->functions == NULL)
        exit(2);
    t->functions[t->count++] = function;
}

static void generate(struct aslrt_arena *arena, const char *line, size_t count, struct table *t)
{
    struct aslrt_value request;
    const struct aslrt_jsonata *program;
    if (aslrt_json_read(arena, line, count, &request, NULL) != ASLRT_OK) {
        add(t, 0);
        return;
    }
    struct aslrt_value expr = aslrt_field(request, "expr");
    const char *text = aslrt_copy_text(arena, expr.as.bytes, expr.count);
    if (t->last != NULL && strcmp(t->last, text) == 0) {
        add(t, t->functions[t->count - 1]);
        return;
    }
    free(t->last);
    t->last = strdup(text);
    struct aslrt_buffer out = aslrt_buffer_in(arena);
    char name[24];
    snprintf(name, sizeof name, "expression_%u", t->count);
    bool done = aslrt_jsonata_compile(arena, text, expr.count, NULL, &program, NULL) == ASLRT_OK &&
                native_expression(&out, name, program);
    if (done)
        puts(aslrt_buffer_close(&out));
    add(t, done ? t->count + 1 : 0);
}

int main(void)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct table t = {0};
    char *line = NULL;
    size_t room = 0;
    ssize_t count;
    puts("#include <aslc/runtime.h>\nextern aslrt_compute *const native_expressions[];");
    while ((count = getline(&line, &room, stdin)) > 0) {
        struct aslrt_arena *arena = aslrt_arena_open(memory);
        generate(arena, line, (size_t)count, &t);
        aslrt_arena_close(arena);
    }
    puts("aslrt_compute *const native_expressions[] = {");
    for (unsigned i = 0; i < t.count; i++)
        if (t.functions[i] != 0)
            printf("    expression_%u,\n", t.functions[i] - 1);
        else
            puts("    NULL,");
    puts("    NULL,\n};");
    free(line);
    free(t.functions);
    free(t.last);
    aslrt_memory_close(memory);
    return 0;
}
