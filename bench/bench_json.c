/*
 * bench_json.c - how fast JSON is read and written, in MB/s, beside cJSON in the same run.
 *
 * `make bench-json` builds and runs it.  Each figure is the median of several runs, each of which
 * repeats the work for about 50 ms; 1 MB is 10^6 bytes of text.
 */
#include "bench/orders.h"
#include "runtime/base/json.h"
#include "runtime/base/value.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 15 };

struct work {
    struct aslrt_arena *arena;
    const char *text;
    size_t count;
    size_t written;           /* bytes of the text that is written: minified */
    struct aslrt_value value; /* what the text says */
    cJSON *tree;              /* the same for cJSON */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* other programs don't count */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench_json: %s failed\n", what);
        exit(1);
    }
}

static void read_ours(struct work *w)
{
    struct aslrt_value v;
    aslrt_arena_reset(w->arena);
    must(aslrt_json_read(w->arena, w->text, w->count, &v, NULL) == ASLRT_OK, "reading");
}

static void write_ours(struct work *w)
{
    const char *text;
    aslrt_arena_reset(w->arena);
    must(aslrt_json_write(w->arena, w->value, &text, &w->written) == ASLRT_OK, "writing");
}

static void both_ours(struct work *w)
{
    struct aslrt_value v;
    const char *text;
    size_t count;
    aslrt_arena_reset(w->arena);
    must(aslrt_json_read(w->arena, w->text, w->count, &v, NULL) == ASLRT_OK &&
             aslrt_json_write(w->arena, v, &text, &count) == ASLRT_OK && count <= w->count,
         "reading and writing");
}

static void read_cjson(struct work *w)
{
    cJSON *tree = cJSON_ParseWithLength(w->text, w->count);
    must(tree != NULL, "cJSON's reading");
    cJSON_Delete(tree);
}

static void write_cjson(struct work *w)
{
    char *text = cJSON_PrintUnformatted(w->tree);
    must(text != NULL, "cJSON's writing");
    cJSON_free(text);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Seconds that one call takes: the median of the runs. */
static double measure(void (*call)(struct work *w), struct work *w)
{
    double seconds[RUNS];
    double start = now();
    call(w);
    double once = now() - start;
    unsigned repeat = once >= 0.05 ? 1 : (unsigned)(0.05 / once) + 1;
    for (int i = 0; i < RUNS; i++) {
        start = now();
        for (unsigned k = 0; k < repeat; k++)
            call(w);
        seconds[i] = (now() - start) / repeat;
    }
    qsort(seconds, RUNS, sizeof seconds[0], by_size);
    return seconds[RUNS / 2];
}

static void show(const char *name, void (*call)(struct work *w), struct work *w,
                 const size_t *bytes)
{
    double seconds = measure(call, w);
    printf("  %-14s %8.0f MB/s %10.0f ns\n", name, (double)*bytes / seconds / 1e6, seconds * 1e9);
}

static void bench(const char *title, struct aslrt_memory *memory, const char *text, size_t count)
{
    struct aslrt_arena *kept = aslrt_arena_open(memory);
    struct work w = {aslrt_arena_open(memory),          text, count, 0, aslrt_undefined(),
                     cJSON_ParseWithLength(text, count)};
    must(w.arena != NULL && kept != NULL && w.tree != NULL, "opening");
    must(aslrt_json_read(kept, text, count, &w.value, NULL) == ASLRT_OK, "reading");
    printf("%s, %zu bytes:\n", title, count);
    show("read", read_ours, &w, &w.count);
    show("write", write_ours, &w, &w.written);
    show("read + write", both_ours, &w, &w.count);
    show("cJSON read", read_cjson, &w, &w.count);
    show("cJSON write", write_cjson, &w, &w.written);
    cJSON_Delete(w.tree);
    aslrt_arena_close(w.arena);
    aslrt_arena_close(kept);
}

int main(void)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    must(memory != NULL, "opening");
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    must(arena != NULL, "opening");
    struct aslrt_buffer b = bench_orders(arena, 2000);
    bench("2,000 orders", memory, b.bytes, b.count);
    struct aslrt_value orders;
    struct aslrt_value all;
    must(aslrt_json_read(arena, b.bytes, b.count, &all, NULL) == ASLRT_OK, "reading");
    orders = aslrt_field(all, "orders");
    const char *text;
    size_t count;
    must(aslrt_json_write(arena, orders.as.items[0], &text, &count) == ASLRT_OK, "writing");
    bench("one order", memory, text, count);
    must(aslrt_json_write_pretty(arena, all, &text, &count) == ASLRT_OK, "writing");
    bench("2,000 orders, pretty", memory, text, count);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
