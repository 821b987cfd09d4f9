/*
 * fuzz_items.c - whatever items the reader of data sets makes of any bytes: values that can be
 * written, or words that say why not.
 *
 * The first byte says which form, the second which configuration; the rest is the text.
 */
#include "runtime/base/value.h"
#include "runtime/engine/reader.h"
#include "tests/fuzz/fuzz.h"

static struct aslrt_value config_of(struct aslrt_arena *arena, uint8_t choice)
{
    static const char *const configs[] = {
        "{\"CSVHeaderLocation\":\"FIRST_ROW\"}",
        "{\"CSVHeaderLocation\":\"GIVEN\",\"CSVHeaders\":[\"a\",\"b\"]}",
        "{\"CSVDelimiter\":\"PIPE\"}",
        "{\"CSVDelimiter\":\"TAB\",\"MaxItems\":2}",
        "{\"ItemsPointer\":\"/a/b\"}",
        "{\"ManifestType\":\"ATHENA_DATA\",\"InputType\":\"CSV\"}",
        "{\"ManifestType\":\"S3_INVENTORY\"}",
        "{}",
    };
    struct aslrt_value v;
    const char *text = configs[choice % (sizeof configs / sizeof configs[0])];
    if (aslrt_json_read(arena, text, strlen(text), &v, NULL) != ASLRT_OK)
        abort();
    return v;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct aslrt_value config = config_of(arena, data[1]), file_config, out;
    struct aslrt_value text = aslrt_string((const char *)data + 2, (uint32_t)size - 2);
    enum aslrt_data_kind kind = (enum aslrt_data_kind)(data[0] % (ASLRT_DATA_PARQUET + 1));
    const char *why = NULL, *bytes;
    size_t count;
    bool good = kind == ASLRT_DATA_MANIFEST
                    ? aslrt_read_manifest(arena, config, text, &out, &kind, &file_config, &why)
                    : aslrt_read_items(arena, kind, config, text, &out, &why);
    if (!good && (why == NULL || why[0] == '\0'))
        abort(); /* nothing read and nothing said */
    if (good &&
        (out.kind != ASLRT_ARRAY || aslrt_json_write(arena, out, &bytes, &count) != ASLRT_OK))
        abort();
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
