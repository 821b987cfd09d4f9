/*
 * jsonata.c - JSONata in a program of your own: compile once, evaluate often, free everything.
 *
 *     jsonata 'items[price > 5].{"name": name, "price": price}' < orders.ndjson
 *
 * In: an expression; JSON texts, one a line.  Out: the result of each as a line of JSON.  What is
 * compiled lives in one arena, what a line needs in another, which is emptied for the next line.
 */
#include <aslc/runtime.h>

#include <stdio.h>

enum { LINE_MAX_BYTES = 1 << 16 };

static void complain(const struct aslrt_expr_error *error)
{
    fprintf(stderr, "%s%s%s (byte %zu)\n", error->code, error->code[0] != '\0' ? ": " : "",
            error->message, error->offset);
}

/* Reads one line as JSON, evaluates, and prints what comes of it. */
static enum aslrt_status answer(const struct aslrt_jsonata *program, struct aslrt_arena *arena,
                                const char *line)
{
    struct aslrt_json_error wrong;
    struct aslrt_expr_error error;
    struct aslrt_jsonata_eval eval = {.time_limit_ms = 1000};
    struct aslrt_value result;
    const char *text;
    size_t count;
    enum aslrt_status status = aslrt_json_read(arena, line, strlen(line), &eval.input, &wrong);
    if (status != ASLRT_OK) {
        fprintf(stderr, "line %u, column %u: %s\n", (unsigned)wrong.line, (unsigned)wrong.column,
                wrong.message);
        return status;
    }
    status = aslrt_jsonata_eval(program, &eval, arena, &result, &error);
    if (status == ASLRT_FAILED)
        complain(&error);
    if (status == ASLRT_OK && result.kind == ASLRT_UNDEFINED)
        puts("nothing");
    else if (status == ASLRT_OK &&
             (status = aslrt_json_write(arena, result, &text, &count)) == ASLRT_OK)
        puts(text);
    return status;
}

int main(int argc, char **argv)
{
    static char line[LINE_MAX_BYTES];
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *compiled = aslrt_arena_open(memory), *work = aslrt_arena_open(memory);
    const struct aslrt_jsonata *program;
    struct aslrt_expr_error error;
    bool fine = argc == 2 && compiled != NULL && work != NULL;

    if (argc != 2)
        fprintf(stderr, "usage: jsonata EXPRESSION < JSON-LINES\n");
    if (fine && aslrt_jsonata_compile(compiled, argv[1], strlen(argv[1]), NULL, &program, &error) !=
                    ASLRT_OK) {
        complain(&error);
        fine = false;
    }
    while (fine && fgets(line, sizeof line, stdin) != NULL) {
        fine = answer(program, work, line) == ASLRT_OK;
        aslrt_arena_reset(work);
    }
    aslrt_arena_close(work);
    aslrt_arena_close(compiled);
    aslrt_memory_close(memory);
    return fine ? 0 : 1;
}
