/*
 * bench_jsonata.c - how fast JSONata expressions are compiled and evaluated.
 *
 * Usage: bench_jsonata CASES [ID [TIMES]]: prints a line {"id","ns","compile_ns","bytes","result"}
 * for each case of bench/jsonata/cases.json; ns is the best of many short windows, the expression
 * compiled before; bytes is what one evaluation takes from its arena.  TIMES is for profilers: so
 * many evaluations, nothing measured.
 */
#include "runtime/base/buffer.h"
#include "runtime/base/json.h"
#include "runtime/base/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern aslrt_compute *const native_expressions[]; /* what native_generate made of the cases */

enum { WINDOWS = 40, WINDOW_NS = 10 * 1000 * 1000 };

struct bench {
    struct aslrt_memory *memory;
    struct aslrt_arena *data, *work;
    const struct aslrt_jsonata *program;
    struct aslrt_jsonata_eval eval;
    struct aslrt_value text, result;
    aslrt_compute *compute; /* the expression as generated C, or NULL */
    struct aslrt_view view;
    long times; /* for a profiler: evaluate so often, and measure nothing */
};

static void fail(const char *what)
{
    fprintf(stderr, "bench_jsonata: %s\n", what);
    exit(1);
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static char *read_file(const char *name, size_t *count)
{
    FILE *f = fopen(name, "rb");
    if (f == NULL)
        fail("cannot open the cases");
    size_t room = (size_t)1 << 20;
    char *text = malloc(room);
    *count = text == NULL ? 0 : fread(text, 1, room, f);
    fclose(f);
    return text;
}

/* The same thousand items as in peer.js. */
static struct aslrt_value big_input(struct aslrt_arena *arena)
{
    struct aslrt_array_builder items = aslrt_array_in(arena);
    for (int i = 0; i < 1000; i++) {
        struct aslrt_object_builder o = aslrt_object_in(arena);
        struct aslrt_buffer name = aslrt_buffer_in(arena);
        aslrt_buffer_format(&name, "item %d", i);
        aslrt_object_set_text(&o, "id", aslrt_int(i));
        aslrt_object_set_text(&o, "name", aslrt_text(aslrt_buffer_close(&name)));
        aslrt_object_set_text(&o, "active", aslrt_bool(i * 7 % 11 < 5));
        aslrt_object_set_text(&o, "price", aslrt_double(i * 7919 % 9900 / 100.0 + 1));
        aslrt_object_set_text(&o, "qty", aslrt_int(i % 9 + 1));
        aslrt_array_add(&items, aslrt_object_done(&o));
    }
    struct aslrt_object_builder all = aslrt_object_in(arena);
    aslrt_object_set_text(&all, "items", aslrt_array_done(&items));
    return aslrt_object_done(&all);
}

static void compile(struct bench *b)
{
    struct aslrt_expr_error error;
    aslrt_arena_reset(b->work);
    if (aslrt_jsonata_compile(b->work, b->text.as.bytes, b->text.count, NULL, &b->program,
                              &error) != ASLRT_OK)
        fail(error.message);
}

static void evaluate(struct bench *b)
{
    struct aslrt_expr_error error;
    aslrt_arena_reset(b->work);
    if (aslrt_jsonata_eval(b->program, &b->eval, b->work, &b->result, &error) != ASLRT_OK)
        fail(error.message);
}

/* As a program of generated C does it: what the function leaves is the evaluator's. */
static void evaluate_native(struct bench *b)
{
    aslrt_arena_reset(b->work);
    if (b->compute == NULL || !b->compute(&b->view, &b->result))
        evaluate(b);
}

static double best(struct bench *b, void (*work)(struct bench *b))
{
    double least = 1e300;
    for (int w = 0; w < WINDOWS; w++) {
        double start = now_ns(), now;
        double n = 0;
        do {
            for (int i = 0; i < 16; i++)
                work(b);
            n += 16;
            now = now_ns();
        } while (now < start + WINDOW_NS);
        if ((now - start) / n < least)
            least = (now - start) / n;
    }
    return least;
}

static const char *result_text(struct bench *b, size_t *count)
{
    const char *text;
    aslrt_json_write(b->work, b->result, &text, count);
    return aslrt_copy_text(b->data, text, *count);
}

/* The variables of generated C: in the order in which the expression names them. */
static void fill_view(struct bench *b)
{
    const struct aslrt_value *names;
    uint32_t count = aslrt_jsonata_variables(b->program, &names);
    struct aslrt_value *values = aslrt_alloc_zero(b->data, count + 1, sizeof *values);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < b->eval.binding_count; k++)
            if (aslrt_is(names[i], b->eval.bindings[k].name))
                values[i] = b->eval.bindings[k].value;
    b->view = (struct aslrt_view){.arena = b->work, .input = b->eval.input, .variables = values};
}

static void run(struct bench *b, struct aslrt_value row, struct aslrt_value data)
{
    struct aslrt_value name = aslrt_field(row, "data"), bindings = aslrt_field(row, "bindings");
    struct aslrt_value id = aslrt_field(row, "id");
    struct aslrt_binding binding;
    struct aslrt_expr_error error;
    memset(&b->eval, 0, sizeof b->eval);
    b->text = aslrt_field(row, "expr");
    if (name.kind == ASLRT_STRING)
        b->eval.input =
            aslrt_is(name, "big") ? big_input(b->data) : aslrt_get(data, name.as.bytes, name.count);
    if (bindings.kind == ASLRT_OBJECT) {
        struct aslrt_value key = bindings.as.members[0].key;
        binding.name = aslrt_copy_text(b->data, key.as.bytes, key.count);
        binding.value = bindings.as.members[0].value;
        b->eval.bindings = &binding;
        b->eval.binding_count = 1;
    }
    double compile_ns = b->times != 0 ? 0 : best(b, compile);
    if (aslrt_jsonata_compile(b->data, b->text.as.bytes, b->text.count, NULL, &b->program,
                              &error) != ASLRT_OK)
        fail(error.message);
    fill_view(b);
    for (long i = 0; i < b->times; i++)
        evaluate_native(b);
    double native_ns = b->times != 0 ? 0 : best(b, evaluate_native);
    double ns = b->times != 0 ? 0 : best(b, evaluate);
    size_t count, bytes;
    evaluate_native(b);
    const char *native = result_text(b, &count), *text;
    evaluate(b);
    bytes = aslrt_arena_size(b->work);
    if (b->work->blocks != NULL)
        bytes -= (size_t)(b->work->end - b->work->next);
    text = result_text(b, &count);
    if (strcmp(text, native) != 0)
        fail("generated C gives another result");
    struct aslrt_object_builder o = aslrt_object_in(b->work);
    aslrt_object_set_text(&o, "id", id);
    aslrt_object_set_text(&o, "ns", aslrt_double(ns));
    aslrt_object_set_text(&o, "native_ns", aslrt_double(native_ns));
    aslrt_object_set_text(&o, "native", aslrt_bool(b->compute != NULL));
    aslrt_object_set_text(&o, "compile_ns", aslrt_double(compile_ns));
    aslrt_object_set_text(&o, "bytes", aslrt_int((int64_t)bytes));
    aslrt_object_set_text(&o, "result", aslrt_string(text, (uint32_t)count));
    aslrt_json_write(b->work, aslrt_object_done(&o), &text, &count);
    puts(text);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct bench b;
    memset(&b, 0, sizeof b);
    b.memory = aslrt_memory_open(NULL, 0);
    b.data = aslrt_arena_open(b.memory);
    b.work = aslrt_arena_open(b.memory);
    if (argc < 2)
        fail("which cases?");
    b.times = argc > 3 ? strtol(argv[3], NULL, 10) : 0;
    size_t count;
    struct aslrt_value cases;
    struct aslrt_json_error error;
    char *text = read_file(argv[1], &count);
    if (aslrt_json_read(b.data, text, count, &cases, &error) != ASLRT_OK)
        fail(error.message);
    struct aslrt_value rows = aslrt_field(cases, "rows"), data = aslrt_field(cases, "data");
    for (uint32_t i = 0; i < rows.count; i++)
        if (argc < 3 || aslrt_is(aslrt_field(rows.as.items[i], "id"), argv[2])) {
            b.compute = native_expressions[i];
            run(&b, rows.as.items[i], data);
        }
    aslrt_arena_close(b.work);
    aslrt_arena_close(b.data);
    aslrt_memory_close(b.memory);
    free(text);
    return 0;
}
