/*
 * fuzz_crud.c - any bytes through the front end of the CRUD language: parse, print, names and
 * types.
 *
 * Promises: what parses prints; what was printed parses, and prints the same; sema changes nothing
 * that is printed; whatever was said can be rendered.
 */
#include "compiler/base/diag_render.h"
#include "compiler/front/parse.h"
#include "compiler/front/print.h"
#include "compiler/front/sema.h"
#include "tests/fuzz/fuzz.h"

static void must(bool good)
{
    if (!good)
        abort();
}

static const char *print(struct diag_context *cx, uint32_t source, const struct ast_unit *unit)
{
    struct aslrt_buffer out = aslrt_buffer_in(cx->arena);
    crud_print(cx->arena, source_of(cx->sources, source), unit, &out);
    return aslrt_buffer_close(&out);
}

static void check_print(struct diag_context *cx, struct source_table *sources, uint32_t source,
                        const struct ast_unit *unit, const char *once)
{
    uint32_t printed = source_add(sources, "printed", once, (uint32_t)strlen(once));
    struct ast_unit *again = crud_parse(cx->arena, cx, printed);
    must(again != NULL);
    must(strcmp(print(cx, printed, again), once) == 0);
    must(strcmp(print(cx, source, unit), once) == 0);
}

static enum aslrt_status run(void *data)
{
    struct diag_context *cx = data;
    struct source_table *sources = (struct source_table *)(uintptr_t)cx->sources;
    struct ast_unit *unit = crud_parse_holes(cx->arena, cx, 1);
    must((unit == NULL || unit->holes) == (diag_count(cx, SEVERITY_ERROR) > 0));
    if (unit != NULL && unit->holes) {
        must(sema_model(cx->arena, cx, unit) == NULL);
    } else if (unit != NULL) {
        const char *once = print(cx, 1, unit);
        struct model *model = sema_model(cx->arena, cx, unit);
        must((model == NULL) == (diag_count(cx, SEVERITY_ERROR) > 0));
        if (model != NULL)
            model_unsupported(model, cx);
        check_print(cx, sources, 1, unit, once);
    }
    struct diag_render_options options = {.format = DIAG_FORMAT_TEXT, .max = 50};
    struct aslrt_buffer out = aslrt_buffer_in(cx->arena);
    diag_render(cx, &options, &out);
    return ASLRT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, (size_t)1 << 30);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct source_table sources;
    struct diag_context cx;
    source_table_init(&sources, arena);
    diag_context_init(&cx, arena, &sources);
    char *text = aslrt_copy_text(arena, (const char *)data, size);
    source_add(&sources, "fuzz.crud", text, (uint32_t)size);
    must(aslrt_protect(memory, run, &cx) == ASLRT_OK);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
