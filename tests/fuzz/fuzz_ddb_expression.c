/*
 * fuzz_ddb_expression.c - any text as any kind of expression: refused with a message, or bound and
 * used on an item.
 *
 * The first byte says which kind, and whether the placeholders are known; the rest is the text.
 * What an update or a projection gives is a well-formed item.
 */
#include "runtime/ddb/expression.h"
#include "runtime/ddb/path_tree.h"
#include "runtime/ddb/wire.h"
#include "tests/fuzz/fuzz.h"

static const char item_text[] =
    "{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"5\"},\"l\":{\"L\":[{\"N\":\"1\"},{\"M\":{\"k\":{\"S\":"
    "\"v\"}}}]},\"m\":{\"M\":{\"p\":{\"M\":{\"q\":{\"N\":\"9\"}}},\"r\":{\"B\":\"AQ==\"}}},\"s\":{"
    "\"SS\":[\"a\",\"b\"]},\"ns\":{\"NS\":[\"1\",\"2\"]}}";
static const char names_text[] = "{\"#n\":\"n\",\"#m\":\"m\",\"#new\":\"new\"}";
static const char values_text[] =
    "{\":n\":{\"N\":\"1e20\"},\":s\":{\"S\":\"S\"},\":l\":{\"L\":[{\"NULL\":true}]},\":ss\":{"
    "\"SS\":[\"b\",\"c\"]},\":b\":{\"BOOL\":true},\":m\":{\"M\":{}}}";

struct run {
    struct aslrt_ddb cx;
    enum aslrt_expression_kind kind;
    bool known;
    struct aslrt_bytes text;
    struct aslrt_value item, names, values;
};

static void must(bool good)
{
    if (!good)
        abort();
}

static void check_item(struct run *r, struct aslrt_attr item)
{
    if (item.at == NULL)
        return;
    must(aslrt_attr_valid(item.at, aslrt_attr_form(item).count));
    aslrt_attr_item_size(item);
    aslrt_attr_write_item(r->cx.arena, item);
}

static void use(struct run *r, const struct aslrt_expression *e)
{
    struct aslrt_key_condition keys[2];
    struct aslrt_attr item = aslrt_attr_read_item(&r->cx, r->item);
    struct aslrt_attr none = aslrt_attr_missing();
    switch (e->kind) {
    case ASLRT_EXPRESSION_UPDATE:
        check_item(r, aslrt_update_apply(&r->cx, e, none, item));
        check_item(r, aslrt_update_apply(&r->cx, e, item, item));
        break;
    case ASLRT_EXPRESSION_PROJECTION:
        check_item(r, aslrt_project(r->cx.arena, e->tree, item));
        check_item(r, aslrt_project(r->cx.arena, e->tree, none));
        break;
    case ASLRT_EXPRESSION_KEY_CONDITION:
        must(aslrt_key_conditions(&r->cx, e, keys) <= 2);
        break;
    default:
        aslrt_condition_holds(&r->cx, e, item);
        aslrt_condition_holds(&r->cx, e, none);
        break;
    }
}

static enum aslrt_status run(void *data)
{
    struct run *r = data;
    struct aslrt_placeholders p;
    aslrt_placeholders_read(&r->cx, r->names, r->values, &p);
    struct aslrt_expression *e = aslrt_expression_parse(&r->cx, r->kind, r->text);
    aslrt_expression_bind(&r->cx, e, &p);
    use(r, e);
    aslrt_placeholders_check(&r->cx, &p);
    return ASLRT_OK;
}

static struct aslrt_value json(struct aslrt_arena *arena, const char *text, size_t count)
{
    struct aslrt_value v;
    must(aslrt_json_read(arena, text, count, &v, NULL) == ASLRT_OK);
    return v;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct aslrt_memory *memory = aslrt_memory_open(NULL, (size_t)1 << 26);
    must(memory != NULL);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    must(arena != NULL);
    struct run r = {
        .cx = {.arena = arena, .scratch = arena},
        .kind = (enum aslrt_expression_kind)(data[0] % 5),
        .text = {data + 1, (uint32_t)size - 1},
        .item = json(arena, item_text, sizeof item_text - 1),
        .names = json(arena, names_text, sizeof names_text - 1),
        .values = json(arena, values_text, sizeof values_text - 1),
    };
    if (data[0] & 0x80) { /* as the compiler asks */
        struct aslrt_expression_report report;
        enum aslrt_status status =
            aslrt_expression_inspect(arena, r.kind, (const char *)data + 1, size - 1,
                                     aslrt_undefined(), aslrt_undefined(), &report);
        must(status == ASLRT_OK && report.at.start <= report.at.end && report.at.end <= size - 1);
    } else {
        enum aslrt_status status = aslrt_protect(memory, run, &r);
        must(status == ASLRT_OK || status == ASLRT_FAILED || status == ASLRT_LIMIT);
        must(status != ASLRT_FAILED || (r.cx.message != NULL && r.cx.type != NULL));
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
