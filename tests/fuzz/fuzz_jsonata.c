/*
 * fuzz_jsonata.c - the first line of the input is JSON, the rest an expression: it is refused with
 * a place inside of it, or evaluated to a value that can be written, in bounded time and memory.
 *
 * Both dialects and both versions run.  A line that is no JSON leaves the context undefined.
 */
#include "runtime/base/json.h"
#include "tests/fuzz/fuzz.h"

static void run(struct aslrt_memory *memory, const char *text, size_t count,
                struct aslrt_value input, const struct aslrt_jsonata_options *options)
{
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    const struct aslrt_jsonata *program;
    struct aslrt_expr_error error;
    enum aslrt_status status = aslrt_jsonata_compile(arena, text, count, options, &program, &error);
    if (status == ASLRT_SYNTAX && (error.offset > count || error.message == NULL))
        abort();
    if (status == ASLRT_OK) {
        struct aslrt_jsonata_eval eval = {
            .input = input, .time_limit_ms = 200, .memory_limit = (size_t)16 << 20};
        struct aslrt_value v;
        status = aslrt_jsonata_eval(program, &eval, arena, &v, &error);
        if (status == ASLRT_FAILED && (error.offset > count || error.message == NULL))
            abort();
        const char *written;
        if (status == ASLRT_OK && v.kind != ASLRT_UNDEFINED && v.kind != ASLRT_FUNCTION)
            aslrt_json_write(arena, v, &written, &count);
    }
    aslrt_arena_close(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, (size_t)256 << 20);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    const char *text = (const char *)data, *end = text + size;
    const char *line = size != 0 ? memchr(text, '\n', size) : NULL;
    struct aslrt_value input = aslrt_undefined();
    struct aslrt_json_error error;
    if (line != NULL) {
        if (aslrt_json_read(arena, text, (size_t)(line - text), &input, &error) != ASLRT_OK)
            input = aslrt_undefined();
        text = line + 1;
    }
    for (unsigned i = 0; i < 4; i++) {
        struct aslrt_jsonata_options options = {
            .dialect = i & 1 ? ASLRT_JSONATA_ASL : ASLRT_JSONATA_PLAIN,
            .version = i & 2 ? ASLRT_JSONATA_2_2 : ASLRT_JSONATA_2_0_6};
        run(memory, text, (size_t)(end - text), input, &options);
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
