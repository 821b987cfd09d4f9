/*
 * fuzz_json.c - whatever the JSON reader accepts comes back the same from either writer.
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "tests/fuzz/fuzz.h"

static void must(bool good)
{
    if (!good)
        abort();
}

static void compare(struct aslrt_arena *arena, struct aslrt_value v, const char *text, size_t count)
{
    struct aslrt_value again;
    must(aslrt_json_read(arena, text, count, &again, NULL) == ASLRT_OK);
    must(aslrt_equal(v, again) && aslrt_equal(again, v));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, (size_t)1 << 28);
    must(memory != NULL);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    must(arena != NULL);
    struct aslrt_value v;
    struct aslrt_json_error error;
    enum aslrt_status status = aslrt_json_read(arena, (const char *)data, size, &v, &error);
    if (status == ASLRT_OK) {
        const char *text;
        const char *same;
        size_t count;
        size_t same_count;
        must(aslrt_json_write(arena, v, &text, &count) == ASLRT_OK);
        compare(arena, v, text, count);
        /* A copy writes the same text. */
        struct aslrt_value copy;
        must(aslrt_value_copy(arena, v, &copy) == ASLRT_OK);
        must(aslrt_json_write(arena, copy, &same, &same_count) == ASLRT_OK);
        must(count == same_count && memcmp(text, same, count) == 0);
        must(aslrt_json_write_pretty(arena, v, &text, &count) == ASLRT_OK);
        compare(arena, v, text, count);
    } else {
        must(error.message != NULL && error.offset <= size);
        must(v.kind == ASLRT_UNDEFINED);
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
