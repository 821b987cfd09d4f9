/*
 * bench_engine.c - how many executions a second: the table form, the generated C, and a program
 * written by hand for the same job, as the limit.
 *
 * `make bench-engine` builds and runs it (bench/engine.py, which puts the peer beside it).  An
 * execution is: input text read, run, outcome text written, in one thread and in process.  Each
 * figure is the median of several runs of about 100 ms of processor time.
 *
 *     bench_engine MACHINES               a line a figure: machine, form, history, units a second
 *     bench_engine MACHINES memory COUNT  runs the first machine COUNT times: bytes held, peak KiB
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "tests/exec/definition.h"

#include "bench_choice.h"
#include "bench_map.h"
#include "bench_map_output.h"
#include "bench_retry.h"
#include "bench_retry_bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 9 };

struct bench {
    const char *name;
    const struct aslrt_machine *machine; /* generated */
    const char *input;
    size_t input_count;
    double units; /* executions, or items, in one execution */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "bench_engine: %s\n", what);
    exit(1);
}

/* ---- a service whose first answer is a failure ---- */

static enum aslrt_status answer(void *self, const struct aslrt_call *call,
                                struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    (void)self;
    if (call->attempt == 0) {
        reply->error = "Busy";
        return ASLRT_OK;
    }
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "Payload", aslrt_int(5));
    reply->result = aslrt_object_done(&b);
    return ASLRT_OK;
}

static const struct aslrt_service service = {NULL, answer};
static const struct aslrt_service *const services[] = {&service};

/* ---- the engine ---- */

struct runner {
    struct aslrt_memory *memory;
    struct aslrt_env env;
    struct aslrt_program *program;
    struct aslrt_execution *execution;
};

static void open_runner(struct runner *r, const struct aslrt_machine *m, bool history)
{
    struct aslrt_load_error error;
    *r = (struct runner){.env = {.services = services, .service_count = 1, .history = history}};
    r->memory = aslrt_memory_open(NULL, 0);
    if (aslrt_load(r->memory, m, &r->program, &error) != ASLRT_OK)
        die(error.message);
    r->execution = aslrt_execution_open(r->program, &r->env);
}

static void close_runner(struct runner *r)
{
    aslrt_execution_close(r->execution);
    aslrt_unload(r->program);
    aslrt_memory_close(r->memory);
}

static void run_once(struct runner *r, const struct bench *b)
{
    struct aslrt_outcome o;
    const char *text;
    size_t count;
    if (aslrt_run_text(r->execution, b->input, b->input_count, &o) != ASLRT_OK ||
        o.status != ASLRT_SUCCEEDED ||
        aslrt_outcome_json(r->execution, &o, &text, &count) != ASLRT_OK)
        die("an execution failed");
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Executions a second, times the bench's units. */
static double measure(const struct aslrt_machine *m, const struct bench *b, bool history)
{
    struct runner r;
    double rates[RUNS];
    open_runner(&r, m, history);
    for (int i = 0; i < RUNS; i++) {
        double start = now(), used;
        long n = 0;
        do {
            for (int k = 0; k < 100 / (int)b->units + 1; k++, n++)
                run_once(&r, b);
            used = now() - start;
        } while (used < 0.1);
        rates[i] = (double)n * b->units / used;
    }
    close_runner(&r);
    qsort(rates, RUNS, sizeof *rates, compare);
    return rates[RUNS / 2];
}

/* ---- the limit: what bench_choice does, in C ---- */

static const char *by_hand(struct aslrt_arena *arena, const char *input, size_t count)
{
    struct aslrt_value v;
    const char *text;
    size_t text_count;
    aslrt_arena_reset(arena);
    if (aslrt_json_read(arena, input, count, &v, NULL) != ASLRT_OK)
        die("the input is not JSON");
    struct aslrt_value n = aslrt_field(v, "n"), name = aslrt_field(v, "name");
    struct aslrt_buffer done = aslrt_buffer_in(arena);
    aslrt_buffer_text(&done, "done ");
    aslrt_buffer_put(&done, name.as.bytes, name.count);
    struct aslrt_object_builder output = aslrt_object_in(arena);
    aslrt_object_set_text(&output, "x", aslrt_double(aslrt_to_double(n) + 1));
    aslrt_object_set_text(&output, "r", aslrt_string(done.bytes, (uint32_t)done.count));
    struct aslrt_object_builder outcome = aslrt_object_in(arena);
    aslrt_object_set_text(&outcome, "status", aslrt_text("SUCCEEDED"));
    aslrt_object_set_text(&outcome, "output", aslrt_object_done(&output));
    if (aslrt_json_write(arena, aslrt_object_done(&outcome), &text, &text_count) != ASLRT_OK)
        die("the outcome can't be written");
    return text;
}

/* The limit counts only when it does the same job. */
static void compare_by_hand(const struct bench *b)
{
    struct runner r;
    struct aslrt_outcome o;
    const char *text;
    size_t count;
    open_runner(&r, b->machine, false);
    struct aslrt_arena *arena = aslrt_arena_open(r.memory);
    if (aslrt_run_text(r.execution, b->input, b->input_count, &o) != ASLRT_OK ||
        aslrt_outcome_json(r.execution, &o, &text, &count) != ASLRT_OK ||
        strcmp(text, by_hand(arena, b->input, b->input_count)) != 0)
        die("the program by hand writes something else");
    aslrt_arena_close(arena);
    close_runner(&r);
}

static double measure_by_hand(const struct bench *b)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    double rates[RUNS];
    for (int i = 0; i < RUNS; i++) {
        double start = now(), used;
        long n = 0;
        do {
            for (int k = 0; k < 100; k++, n++)
                by_hand(arena, b->input, b->input_count);
            used = now() - start;
        } while (used < 0.1);
        rates[i] = (double)n / used;
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    qsort(rates, RUNS, sizeof *rates, compare);
    return rates[RUNS / 2];
}

/* ---- reports ---- */

/* The largest resident size of this process in KiB; 0 where Linux does not tell it.  (getrusage
   counts what the process was before it became this program, too.) */
static long peak_size(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    long size = 0;
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "VmHWM: %ld", &size) == 1)
            break;
    if (f != NULL)
        fclose(f);
    return size;
}

static void report_memory(const struct bench *b, long executions)
{
    struct runner r;
    open_runner(&r, b->machine, false);
    for (long i = 0; i < executions; i++)
        run_once(&r, b);
    printf("%zu %ld\n", r.memory->used, peak_size());
    close_runner(&r);
}

static void report(const struct bench *b, const struct aslrt_machine *table)
{
    const struct {
        const char *form;
        const struct aslrt_machine *machine;
        bool history;
    } ways[] = {{"table", table, false},
                {"table", table, true},
                {"generated", b->machine, false},
                {"generated", b->machine, true}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        printf("%s %s %s %.0f\n", b->name, ways[i].form, ways[i].history ? "on" : "off",
               measure(ways[i].machine, b, ways[i].history));
        fflush(stdout);
    }
}

/* The definition of that name in bench/engine_machines.ndjson, as tables in memory. */
static const struct aslrt_machine *table_of(struct aslrt_arena *arena, struct aslrt_value lines,
                                            const char *name)
{
    for (uint32_t i = 0; i < lines.count; i++) {
        struct aslrt_value one = lines.as.items[i];
        if (!aslrt_is(aslrt_field(one, "name"), name))
            continue;
        const char *text, *why;
        size_t count;
        if (aslrt_json_write(arena, aslrt_field(one, "definition"), &text, &count) != ASLRT_OK)
            die("no memory");
        const struct aslrt_machine *m = definition_build(arena, name, text, count, true, &why);
        if (m == NULL)
            die(why);
        return m;
    }
    die("a machine is missing");
}

static struct aslrt_value read_lines(struct aslrt_arena *arena, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct aslrt_array_builder lines = aslrt_array_in(arena);
    char line[8192];
    if (f == NULL)
        die("cannot read the machines: run it from the build folder, by make bench-engine");
    while (fgets(line, sizeof line, f) != NULL) {
        struct aslrt_value v;
        size_t count = strlen(line);
        if (aslrt_json_read(arena, aslrt_copy_text(arena, line, count), count, &v, NULL) !=
            ASLRT_OK)
            die("a machine is not JSON");
        aslrt_array_add(&lines, v);
    }
    fclose(f);
    return aslrt_array_done(&lines);
}

static const char *items(struct aslrt_arena *arena, int count)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (int i = 0; i < count; i++)
        aslrt_buffer_format(&b, "%s{\"a\":%d}", i == 0 ? "[" : ",", i);
    aslrt_buffer_char(&b, ']');
    return aslrt_buffer_close(&b);
}

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct aslrt_value lines = read_lines(arena, argc > 1 ? argv[1] : "");
    static const char object[] = "{\"n\": 4, \"name\": \"abc\"}";
    struct bench benches[] = {
        {"bench_choice", &bench_choice_machine, object, sizeof object - 1, 1},
        {"bench_map", &bench_map_machine, items(arena, 1000), 0, 1000},
        {"bench_map_output", &bench_map_output_machine, items(arena, 1000), 0, 1000},
        {"bench_retry", &bench_retry_machine, object, sizeof object - 1, 1},
        {"bench_retry_bare", &bench_retry_bare_machine, object, sizeof object - 1, 1},
    };
    for (size_t i = 0; i < sizeof benches / sizeof *benches; i++)
        benches[i].input_count = strlen(benches[i].input);
    if (argc > 3) {
        report_memory(&benches[0], strtol(argv[3], NULL, 10));
    } else {
        compare_by_hand(&benches[0]);
        printf("bench_choice hand off %.0f\n", measure_by_hand(&benches[0]));
        for (size_t i = 0; i < sizeof benches / sizeof *benches; i++)
            report(&benches[i], table_of(arena, lines, benches[i].name));
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
