/*
 * fuzz_path.c - each line of the input as a path or a call of an intrinsic function: a tree, or a
 * problem that lies inside of the text.
 */
#include "runtime/expr/path.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    const char *text = (const char *)data, *end = text + size;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        uint32_t count = (uint32_t)((stop == NULL ? end : stop) - text);
        struct aslrt_path_error error;
        const struct aslrt_term *term = aslrt_path_parse(arena, text, count, &error);
        if ((term == NULL) != (error.problem != ASLRT_PATH_FINE))
            abort();
        if (term == NULL &&
            (error.start > error.end || error.end > count || *error.message == '\0'))
            abort();
        text += count + 1;
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
