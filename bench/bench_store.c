/*
 * bench_store.c - operations per second on the embedded store, in memory and in a SQLite file.
 *
 * `make bench-store` builds and runs it.  Twenty thousand items of about 380 bytes of JSON each:
 * ten attributes with a nested map and a set, in partitions of twenty; keys are drawn at random.  A
 * request is a JSON value that was read before; an answer is a JSON value.  Each figure is the
 * median of RUNS runs; in memory a run is some tenths of a second, on the file it is bound by the
 * disk's fdatasync, which writes wait for one by one.
 */
#include "runtime/base/arena.h"
#include "runtime/base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define FILE_NAME "bench_store.tmp"

enum { ITEMS = 20000, PARTITION = 20, RUNS = 5, DRAWN = 4096 };

static const struct aslrt_table_def table = {
    .name = "items", .key = {"pk", 'S'}, .sort = {"sk", 'S'}};

struct bench {
    struct aslrt_memory *memory;
    struct aslrt_arena *requests;
    struct aslrt_arena *answers;
    struct aslrt_store *store;
    struct aslrt_value put[DRAWN], get[DRAWN], update[DRAWN], query[DRAWN / 16];
};

static double now(bool processor)
{
    struct timespec t;
    clock_gettime(processor ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench_store: %s failed\n", what);
        exit(1);
    }
}

static uint32_t below(uint32_t n)
{
    static uint32_t seed = 1;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static struct aslrt_value request(struct bench *b, struct aslrt_buffer *text)
{
    struct aslrt_value v;
    size_t count = text->count;
    must(aslrt_json_read(b->requests, aslrt_buffer_close(text), count, &v, NULL) == ASLRT_OK,
         "reading a request");
    return v;
}

static void add_key(struct aslrt_buffer *t, uint32_t item)
{
    aslrt_buffer_format(t, "\"pk\":{\"S\":\"customer-%05u\"},\"sk\":{\"S\":\"order-%03u\"}",
                        item / PARTITION, item % PARTITION);
}

static struct aslrt_value put_request(struct bench *b, uint32_t item)
{
    struct aslrt_buffer t = aslrt_buffer_in(b->requests);
    aslrt_buffer_text(&t, "{\"TableName\":\"items\",\"Item\":{");
    add_key(&t, item);
    aslrt_buffer_format(&t,
                        ",\"status\":{\"S\":\"pending\"},\"total\":{\"N\":\"%u.95\"},\"count\":{"
                        "\"N\":\"1\"},\"placedAt\":{\"S\":\"2026-11-24T05:53:27Z\"},\"note\":{"
                        "\"S\":\"leave it at the door, please\"},\"gift\":{\"BOOL\":false},"
                        "\"address\":{\"M\":{\"street\":{\"S\":\"1 High Street\"},\"city\":{\"S\":"
                        "\"Springfield\"}}},\"tags\":{\"SS\":[\"new\",\"web\"]}}}",
                        below(1000));
    return request(b, &t);
}

static struct aslrt_value get_request(struct bench *b, uint32_t item)
{
    struct aslrt_buffer t = aslrt_buffer_in(b->requests);
    aslrt_buffer_text(&t, "{\"TableName\":\"items\",\"Key\":{");
    add_key(&t, item);
    aslrt_buffer_text(&t, "}}");
    return request(b, &t);
}

static struct aslrt_value update_request(struct bench *b, uint32_t item)
{
    struct aslrt_buffer t = aslrt_buffer_in(b->requests);
    aslrt_buffer_text(&t, "{\"TableName\":\"items\",\"Key\":{");
    add_key(&t, item);
    aslrt_buffer_text(&t,
                      "},\"UpdateExpression\":\"SET #s = :s, #c = #c + :one\","
                      "\"ConditionExpression\":\"attribute_exists(pk) AND #c >= :one\","
                      "\"ExpressionAttributeNames\":{\"#s\":\"status\",\"#c\":\"count\"},"
                      "\"ExpressionAttributeValues\":{\":s\":{\"S\":\"shipped\"},\":one\":{\"N\":"
                      "\"1\"}}}");
    return request(b, &t);
}

static struct aslrt_value query_request(struct bench *b, uint32_t item)
{
    struct aslrt_buffer t = aslrt_buffer_in(b->requests);
    aslrt_buffer_format(&t,
                        "{\"TableName\":\"items\",\"KeyConditionExpression\":\"pk = :p\","
                        "\"ExpressionAttributeValues\":{\":p\":{\"S\":\"customer-%05u\"}}}",
                        item / PARTITION);
    return request(b, &t);
}

static void perform(struct bench *b, const char *operation, struct aslrt_value v)
{
    struct aslrt_store_answer a;
    aslrt_arena_reset(b->answers);
    must(aslrt_store_call(b->store, operation, v, 0, b->answers, &a) == ASLRT_OK && a.error == NULL,
         operation);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median of the operations per second of several runs. */
static void measure(struct bench *b, const char *operation, const struct aslrt_value *requests,
                    uint32_t count, uint32_t times, bool processor)
{
    double rates[RUNS];
    for (int run = 0; run < RUNS; run++) {
        double start = now(processor);
        for (uint32_t i = 0; i < times; i++)
            perform(b, operation, requests[i % count]);
        rates[run] = times / (now(processor) - start);
    }
    qsort(rates, RUNS, sizeof rates[0], by_size);
    printf("  %-11s %10.0f/s   %7.2f us\n", operation, rates[RUNS / 2], 1e6 / rates[RUNS / 2]);
}

static void run(struct bench *b, const char *title, uint32_t writes, uint32_t reads, bool file)
{
    must(aslrt_store_create_table(b->store, &table) == ASLRT_OK, "making the table");
    double start = now(false);
    size_t before = b->memory->used;
    for (uint32_t i = 0; i < ITEMS; i++) {
        struct aslrt_arena *kept = b->requests;
        struct aslrt_arena one;
        aslrt_arena_init(&one, b->memory);
        b->requests = &one;
        perform(b, "PutItem", put_request(b, i));
        aslrt_arena_clear(&one);
        b->requests = kept;
    }
    printf("%s: %d items in %.2f s", title, ITEMS, now(false) - start);
    if (b->memory->used > before)
        printf(", %zu bytes an item", (b->memory->used - before) / ITEMS);
    printf("\n");
    measure(b, "PutItem", b->put, DRAWN, writes, !file);
    measure(b, "GetItem", b->get, DRAWN, reads, true);
    measure(b, "UpdateItem", b->update, DRAWN, writes, !file);
    measure(b, "Query", b->query, DRAWN / 16, reads / 16, true);
}

static void remove_file(void)
{
    unlink(FILE_NAME);
    unlink(FILE_NAME "-wal");
    unlink(FILE_NAME "-shm");
}

int main(void)
{
    static struct bench b;
    char why[200];
    b.memory = aslrt_memory_open(NULL, 0);
    b.requests = aslrt_arena_open(b.memory);
    b.answers = aslrt_arena_open(b.memory);
    for (uint32_t i = 0; i < DRAWN; i++) {
        b.put[i] = put_request(&b, below(ITEMS));
        b.get[i] = get_request(&b, below(ITEMS));
        b.update[i] = update_request(&b, below(ITEMS));
        if (i < DRAWN / 16)
            b.query[i] = query_request(&b, below(ITEMS));
    }
    must(aslrt_store_memory(b.memory, &b.store) == ASLRT_OK, "opening a store");
    run(&b, "in memory", 200000, 400000, false);
    aslrt_store_close(b.store);

    remove_file();
    must(aslrt_store_sqlite(b.memory, FILE_NAME, &b.store, why, sizeof why) == ASLRT_OK, why);
    run(&b, "SQLite, every write on the disk", 1000, 100000, true);
    aslrt_store_close(b.store);
    remove_file();
    aslrt_arena_close(b.requests);
    aslrt_arena_close(b.answers);
    aslrt_memory_close(b.memory);
    return 0;
}
