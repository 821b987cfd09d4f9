/*
 * fuzz_asl.c - whatever the ASL reader makes of any bytes: a machine that keeps its invariants and
 * that the verifier can look at, diagnostics that every form can show, and an answer in the
 * service's words.
 */
#include "compiler/base/diag_render.h"
#include "compiler/driver/verdict.h"
#include "compiler/front/asl_read.h"
#include "compiler/ir/ir_choice.h"
#include "compiler/verify/verify.h"
#include "tests/fuzz/fuzz.h"

static bool count_edge(void *data, const struct ir_edge *edge)
{
    uint32_t *count = data;
    *count += edge->to != IR_NONE;
    return true;
}

static void verify(struct diag_context *cx, const struct ir_machine *m)
{
    static const struct verify_options express = {IR_EXPRESS};
    struct aslrt_buffer out = aslrt_buffer_in(cx->arena);
    struct verify_coverage coverage;
    verify_run(m, &express, cx);
    verify_cover(m, NULL, cx->arena, &coverage);
    if (!(coverage.percent >= 0 && coverage.percent <= 100))
        abort();
    verify_coverage_text(m, &coverage, &out);
    verify_coverage_json(m, &coverage, &out);
}

static void use(struct aslrt_arena *arena, const struct ir_machine *m)
{
    struct aslrt_buffer dump = aslrt_buffer_in(arena);
    uint32_t edges = 0;
    ir_check(m);
    ir_dump(m, &dump);
    for (ir_id i = 0; i < m->state_count; i++) {
        ir_pointer(m, i);
        ir_edges(m, i, count_edge, &edges);
    }
    for (uint32_t i = 0; i < m->rule_count; i++)
        ir_comparison(arena, m->rules[i].source);
}

static void judge(struct aslrt_arena *arena, const char *text, size_t size)
{
    struct verdict v;
    verdict_of(arena, text, size, IR_STANDARD, &v);
    if (v.errors > v.count || (v.machine == NULL && v.errors == 0))
        abort();
    verdict_refusal(arena, &v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct source_table sources;
    struct diag_context cx;
    source_table_init(&sources, arena);
    char *text = aslrt_copy_text(arena, (const char *)data, size);
    uint32_t source = source_add(&sources, "fuzz.json", text, (uint32_t)size);
    diag_context_init(&cx, arena, &sources);
    judge(arena, text, size);
    const struct ir_machine *m = asl_read(arena, &cx, source, "fuzz");
    if (m != NULL) {
        use(arena, m);
        verify(&cx, m);
    } else if (diag_count(&cx, SEVERITY_ERROR) == 0)
        abort(); /* nothing read and nothing said */
    for (int format = DIAG_FORMAT_TEXT; format <= DIAG_FORMAT_GITHUB; format++) {
        struct diag_render_options options = {.format = (enum diag_format)format, .max = 20};
        struct aslrt_buffer out = aslrt_buffer_in(arena);
        diag_render(&cx, &options, &out);
        struct source rendered = {.text = aslrt_buffer_close(&out), .count = (uint32_t)out.count};
        if (source_check_utf8(&rendered) != rendered.count)
            abort();
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
