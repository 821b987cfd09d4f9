/*
 * fuzz_ddb_item.c - attribute values from hostile JSON and from hostile bytes.
 *
 * The first byte says which.  JSON: an item that is taken comes back as the same bytes after it was
 * written and read again.  Bytes: what passes for an item can be measured and written, and is the
 * one form of what it says.
 */
#include "runtime/ddb/wire.h"
#include "tests/fuzz/fuzz.h"

struct run {
    struct aslrt_ddb cx;
    struct aslrt_value json;
    struct aslrt_attr item;
};

static void must(bool good)
{
    if (!good)
        abort();
}

static enum aslrt_status read_item(void *data)
{
    struct run *r = data;
    r->item = aslrt_attr_read_item(&r->cx, r->json);
    return ASLRT_OK;
}

/* Writes the item, reads that again, and compares. */
static void check_round_trip(struct run *r, struct aslrt_attr item)
{
    const char *text;
    size_t count;
    must(aslrt_attr_valid(item.at, aslrt_attr_form(item).count));
    aslrt_attr_item_size(item);
    aslrt_attr_show(r->cx.arena, item);
    must(aslrt_json_write(r->cx.arena, aslrt_attr_write_item(r->cx.arena, item), &text, &count) ==
         ASLRT_OK);
    must(aslrt_json_read(r->cx.arena, text, count, &r->json, NULL) == ASLRT_OK);
    must(aslrt_protect(r->cx.arena->memory, read_item, r) == ASLRT_OK);
    must(aslrt_attr_equal(item, r->item));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct aslrt_memory *memory = aslrt_memory_open(NULL, (size_t)1 << 28);
    must(memory != NULL);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    must(arena != NULL);
    struct run r = {.cx = {.arena = arena, .scratch = arena}};
    const uint8_t *bytes = data + 1;
    size_t count = size - 1;
    if (data[0] == '{') { /* the whole input is JSON */
        enum aslrt_status status = ASLRT_FAILED;
        if (aslrt_json_read(arena, (const char *)data, size, &r.json, NULL) == ASLRT_OK)
            status = aslrt_protect(memory, read_item, &r);
        if (status == ASLRT_OK)
            check_round_trip(&r, r.item);
        must(status == ASLRT_OK || status == ASLRT_FAILED);
    } else if (aslrt_attr_valid(bytes, count) && bytes[0] == ASLRT_ATTR_M) {
        check_round_trip(&r, (struct aslrt_attr){bytes});
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
