/*
 * native_compare.c - generated functions beside the evaluator: the same bytes, or no answer.
 *
 * Linked with what native_generate.c made of the same lines.  In: NDJSON,
 * {"expr","input","bindings"} a line.  Out: what differs, then how many functions there were and
 * how many answered.  Exit code 1 when something differs.
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/expr/builtins.h"

#include <stdio.h>
#include <stdlib.h>

extern aslrt_compute *const native_expressions[];

struct counts {
    unsigned functions, answers, different;
};

static const char *text_of(struct aslrt_arena *arena, struct aslrt_value v)
{
    const char *text;
    size_t count;
    return aslrt_json_write(arena, v, &text, &count) == ASLRT_OK ? text : "?";
}

/* The values of the expression's free variables; false when a binding hides a built-in function,
   which generated code doesn't know of. */
static bool variables(struct aslrt_arena *arena, const struct aslrt_jsonata *program,
                      struct aslrt_value bindings, struct aslrt_value **out)
{
    const struct aslrt_value *names;
    uint32_t count = aslrt_jsonata_variables(program, &names);
    *out = aslrt_alloc(arena, (count + 1) * sizeof **out);
    for (uint32_t i = 0; i < count; i++)
        (*out)[i] = aslrt_get(bindings, names[i].as.bytes, names[i].count);
    for (uint32_t i = 0; bindings.kind == ASLRT_OBJECT && i < bindings.count; i++)
        if (aslrt_builtin_named(bindings.as.members[i].key, ASLRT_JSONATA_PLAIN) !=
            ASLRT_BUILTIN_NONE)
            return false;
    return true;
}

static void compare(struct aslrt_arena *arena, struct aslrt_value request, aslrt_compute *compute,
                    struct counts *counts)
{
    struct aslrt_value expr = aslrt_field(request, "expr"), native, evaluated, *values;
    const struct aslrt_jsonata *program;
    if (aslrt_jsonata_compile(arena, expr.as.bytes, expr.count, NULL, &program, NULL) != ASLRT_OK ||
        !variables(arena, program, aslrt_field(request, "bindings"), &values))
        return;
    struct aslrt_view view = {
        .arena = arena, .variables = values, .input = aslrt_field(request, "input")};
    struct aslrt_jsonata_eval eval = {.input = view.input, .variables = values};
    counts->functions++;
    if (!compute(&view, &native))
        return;
    counts->answers++;
    struct aslrt_expr_error error;
    enum aslrt_status status = aslrt_jsonata_eval(program, &eval, arena, &evaluated, &error);
    const char *mine = text_of(arena, native),
               *right = status == ASLRT_OK ? text_of(arena, evaluated) : error.message;
    if (status == ASLRT_OK && evaluated.kind != ASLRT_UNDEFINED && strcmp(mine, right) == 0)
        return;
    counts->different++;
    printf("FAIL %.*s\n  generated %s\n  evaluated %s\n", (int)expr.count, expr.as.bytes, mine,
           right);
}

struct line {
    struct aslrt_arena *arena;
    char *text;
    size_t count;
    aslrt_compute *compute;
    struct counts *counts;
};

static enum aslrt_status serve(void *data)
{
    struct line *line = data;
    struct aslrt_value request;
    enum aslrt_status status =
        aslrt_json_read(line->arena, line->text, line->count, &request, NULL);
    if (status == ASLRT_OK)
        compare(line->arena, request, line->compute, line->counts);
    return status;
}

int main(void)
{
    struct counts counts = {0};
    struct aslrt_memory *memory = aslrt_memory_open(NULL, (size_t)1 << 30);
    struct line line = {.arena = aslrt_arena_open(memory), .counts = &counts};
    size_t room = 0;
    ssize_t count;
    for (unsigned i = 0; (count = getline(&line.text, &room, stdin)) > 0; i++) {
        line.count = (size_t)count;
        line.compute = native_expressions[i];
        if (line.compute != NULL)
            aslrt_protect(memory, serve, &line);
        aslrt_arena_reset(line.arena);
    }
    printf("%u functions, %u answers, %u different\n", counts.functions, counts.answers,
           counts.different);
    free(line.text);
    aslrt_arena_close(line.arena);
    aslrt_memory_close(memory);
    return counts.different != 0;
}
