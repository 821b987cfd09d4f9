/*
 * test_store_property.c - what holds for any sequence of requests.
 *
 * - The memory backend and the SQLite backend give the same answers to the same random requests.
 * - Without memory at any point a request fails as a whole: afterwards the store answers as if it
 * had never been made, or as if it had been made.
 * - Overwriting items does not take more and more memory.
 */
#include "aslc/runtime.h"

#include "runtime/base/arena.h"
#include "runtime/base/buffer.h"
#include "tests/unit/faulty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define FILE_NAME "test_store_property.tmp"

enum { REQUESTS = 2000, PARTITIONS = 4, SORTS = 12 };

static const char *const projected[] = {"v"};
static const struct aslrt_index_def indexes[] = {
    {.name = "byV", .key = {"v", 'S'}, .sort = {"n", 'N'}},
    {.name = "few", .key = {"v", 'S'}, .project = projected, .project_count = 1}};
static const struct aslrt_table_def table = {
    .name = "T", .key = {"pk", 'S'}, .sort = {"sk", 'N'}, .indexes = indexes, .index_count = 2};

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static uint32_t below(uint32_t *seed, uint32_t n)
{
    return next_random(seed) % n;
}

/* ---- random requests ---- */

static void add_key(struct aslrt_buffer *b, uint32_t *seed)
{
    aslrt_buffer_format(b, "\"pk\":{\"S\":\"p%u\"},\"sk\":{\"N\":\"%d.%u\"}",
                        below(seed, PARTITIONS), (int)below(seed, SORTS) - 4, below(seed, 2) * 5);
}

static const char *const conditions[] = {
    "",
    "",
    ",\"ConditionExpression\":\"attribute_not_exists(pk)\"",
    ",\"ConditionExpression\":\"attribute_exists(pk) AND NOT n > :n\"",
    ",\"ConditionExpression\":\"v = :v OR size(l) > :n\"",
    ",\"ConditionExpression\":\"contains(l, :n) AND v <> :v\"",
};

/* The values that a condition of the list, and the update before it, name. */
static void add_values(struct aslrt_buffer *b, uint32_t *seed, uint32_t condition, bool n, bool v)
{
    const char *separator = "";
    n = n || (condition > 2);
    v = v || (condition > 3);
    if (!n && !v)
        return;
    aslrt_buffer_text(b, ",\"ExpressionAttributeValues\":{");
    if (n) {
        aslrt_buffer_format(b, "\":n\":{\"N\":\"%u\"}", below(seed, 5));
        separator = ",";
    }
    if (v)
        aslrt_buffer_format(b, "%s\":v\":{\"S\":\"v%u\"}", separator, below(seed, 3));
    aslrt_buffer_char(b, '}');
}

static const char *put(struct aslrt_buffer *b, uint32_t *seed)
{
    uint32_t condition = below(seed, sizeof conditions / sizeof conditions[0]);
    aslrt_buffer_text(b, "\"Item\":{");
    add_key(b, seed);
    if (below(seed, 4) != 0)
        aslrt_buffer_format(b, ",\"n\":{\"N\":\"%u\"}", below(seed, 5));
    if (below(seed, 4) != 0)
        aslrt_buffer_format(b, ",\"v\":{\"S\":\"v%u\"}", below(seed, 3));
    if (below(seed, 3) == 0)
        aslrt_buffer_format(b, ",\"l\":{\"L\":[{\"N\":\"1\"},{\"S\":\"%*s\"}]}",
                            (int)below(seed, 2000), "x");
    aslrt_buffer_format(b, "},\"ReturnValues\":\"ALL_OLD\"%s", conditions[condition]);
    add_values(b, seed, condition, false, false);
    return "PutItem";
}

static const char *update(struct aslrt_buffer *b, uint32_t *seed)
{
    static const struct {
        const char *text;
        bool n, v;
    } updates[] = {
        {"SET n = :n", true, false},
        {"ADD n :n", true, false},
        {"SET v = :v, l = list_append(if_not_exists(l, l), l)", false, true},
        {"REMOVE v", false, false},
        {"SET v = :v, n = if_not_exists(n, :n) + :n", true, true},
        {"REMOVE l[0] SET n = n - :n", true, false},
        {"SET l[0] = :v", false, true},
    };
    uint32_t u = below(seed, sizeof updates / sizeof updates[0]);
    uint32_t condition = below(seed, sizeof conditions / sizeof conditions[0]);
    static const char *const returns[] = {"ALL_NEW", "UPDATED_OLD", "UPDATED_NEW", "ALL_OLD"};
    aslrt_buffer_text(b, "\"Key\":{");
    add_key(b, seed);
    aslrt_buffer_format(b, "},\"UpdateExpression\":\"%s\",\"ReturnValues\":\"%s\"%s",
                        updates[u].text, returns[below(seed, 4)], conditions[condition]);
    add_values(b, seed, condition, updates[u].n, updates[u].v);
    return "UpdateItem";
}

static const char *query(struct aslrt_buffer *b, uint32_t *seed)
{
    static const char *const ranges[] = {"", " AND sk > :n", " AND sk <= :n",
                                         " AND sk BETWEEN :n AND :m", " AND sk = :n"};
    uint32_t range = below(seed, 5);
    aslrt_buffer_format(b,
                        "\"KeyConditionExpression\":\"pk = :p%s\",\"ExpressionAttributeValues\":{"
                        "\":p\":{\"S\":\"p%u\"}",
                        ranges[range], below(seed, PARTITIONS));
    if (range != 0)
        aslrt_buffer_format(b, ",\":n\":{\"N\":\"%u\"}", below(seed, 4));
    if (range == 3)
        aslrt_buffer_text(b, ",\":m\":{\"N\":\"5\"}");
    aslrt_buffer_format(b, "},\"ScanIndexForward\":%s,\"Limit\":%u",
                        below(seed, 2) ? "true" : "false", 1 + below(seed, 12));
    return "Query";
}

static const char *query_index(struct aslrt_buffer *b, uint32_t *seed)
{
    aslrt_buffer_format(b,
                        "\"IndexName\":\"%s\",\"KeyConditionExpression\":\"v = :v\","
                        "\"FilterExpression\":\"attribute_exists(l) OR attribute_exists(pk)\","
                        "\"ExpressionAttributeValues\":{\":v\":{\"S\":\"v%u\"}},"
                        "\"ScanIndexForward\":%s",
                        below(seed, 2) ? "byV" : "few", below(seed, 3),
                        below(seed, 2) ? "true" : "false");
    return "Query";
}

/* Makes the request in `b`; gives the operation. */
static const char *random_request(struct aslrt_buffer *b, uint32_t *seed)
{
    const char *operation;
    aslrt_buffer_text(b, "{\"TableName\":\"T\",");
    switch (below(seed, 10)) {
    case 0:
    case 1:
    case 2:
        operation = put(b, seed);
        break;
    case 3:
    case 4:
    case 5:
        operation = update(b, seed);
        break;
    case 6:
        operation = query(b, seed);
        break;
    case 7:
        /* A filter may not name the table's key, but an index's filter may. */
        operation = query_index(b, seed);
        break;
    case 8:
        aslrt_buffer_format(b, "\"Limit\":%u", 1 + below(seed, 60));
        operation = "Scan";
        break;
    default:
        aslrt_buffer_text(b, "\"Key\":{");
        add_key(b, seed);
        aslrt_buffer_char(b, '}');
        operation = below(seed, 2) ? "DeleteItem" : "GetItem";
        break;
    }
    aslrt_buffer_char(b, '}');
    return operation;
}

/* ---- running them ---- */

/* The whole answer as text. */
static const char *answer(struct aslrt_store *store, struct aslrt_arena *arena,
                          const char *operation, const char *request)
{
    struct aslrt_value v;
    struct aslrt_store_answer a;
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    const char *text;
    size_t count;
    assert_int_equal(aslrt_json_read(arena, request, strlen(request), &v, NULL), ASLRT_OK);
    enum aslrt_status status = aslrt_store_call(store, operation, v, 0, arena, &a);
    if (status != ASLRT_OK) {
        aslrt_buffer_format(&b, "status %d", (int)status);
    } else if (a.error != NULL) {
        aslrt_buffer_format(&b, "%s: %s", a.error, a.message);
    } else {
        assert_int_equal(aslrt_json_write(arena, a.result, &text, &count), ASLRT_OK);
        return text;
    }
    return aslrt_buffer_close(&b);
}

static void remove_file(void)
{
    unlink(FILE_NAME);
    unlink(FILE_NAME "-wal");
    unlink(FILE_NAME "-shm");
}

static void test_backends_agree(void **state)
{
    (void)state;
    char why[200];
    uint32_t seed = 7;
    int errors = 0;
    struct aslrt_store *a, *b;
    struct aslrt_memory *m = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(m);
    remove_file();
    assert_int_equal(aslrt_store_memory(m, &a), ASLRT_OK);
    assert_int_equal(aslrt_store_sqlite(m, FILE_NAME, &b, why, sizeof why), ASLRT_OK);
    assert_int_equal(aslrt_store_create_table(a, &table), ASLRT_OK);
    assert_int_equal(aslrt_store_create_table(b, &table), ASLRT_OK);
    for (int i = 0; i < REQUESTS; i++) {
        struct aslrt_buffer request = aslrt_buffer_in(arena);
        const char *operation = random_request(&request, &seed);
        const char *text = aslrt_buffer_close(&request);
        const char *one = answer(a, arena, operation, text);
        const char *two = answer(b, arena, operation, text);
        if (strcmp(one, two) != 0)
            fail_msg("%s %s\n%s\n%s", operation, text, one, two);
        errors += one[0] != '{';
        aslrt_arena_reset(arena);
    }
    assert_true(errors > REQUESTS / 20 && errors < REQUESTS / 2); /* some of each */
    aslrt_store_close(a);
    aslrt_store_close(b);
    aslrt_arena_close(arena);
    aslrt_memory_close(m);
    remove_file();
}

/* ---- memory ---- */

/* Everything that is in the table and its indexes, as text. */
static const char *contents(struct aslrt_store *store, struct aslrt_arena *arena)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_text(&b, answer(store, arena, "Scan", "{\"TableName\":\"T\"}"));
    aslrt_buffer_text(&b,
                      answer(store, arena, "Scan", "{\"TableName\":\"T\",\"IndexName\":\"byV\"}"));
    aslrt_buffer_text(&b,
                      answer(store, arena, "Scan", "{\"TableName\":\"T\",\"IndexName\":\"few\"}"));
    return aslrt_buffer_close(&b);
}

/* Makes the request with the n-th allocation failing, for every n until it goes through. */
static void fail_everywhere(struct faulty *f, struct aslrt_store *store, struct aslrt_arena *arena,
                            struct aslrt_arena *outside, const char *operation, const char *request)
{
    struct aslrt_value v;
    const char *before = contents(store, outside);
    assert_int_equal(aslrt_json_read(outside, request, strlen(request), &v, NULL), ASLRT_OK);
    for (int n = 0;; n++) {
        struct aslrt_store_answer a;
        aslrt_arena_clear(arena);
        f->left = n;
        enum aslrt_status status = aslrt_store_call(store, operation, v, 0, arena, &a);
        f->left = INT_MAX;
        if (status == ASLRT_OK)
            break;
        assert_int_equal(status, ASLRT_NOMEM);
        assert_string_equal(contents(store, outside), before);
    }
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct faulty f;
    struct aslrt_memory *m = faulty_memory(&f, INT_MAX);
    struct aslrt_memory *other = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(m), *outside = aslrt_arena_open(other);
    struct aslrt_store *store;
    uint32_t seed = 11;
    assert_int_equal(aslrt_store_memory(m, &store), ASLRT_OK);
    assert_int_equal(aslrt_store_create_table(store, &table), ASLRT_OK);
    for (int i = 0; i < 400; i++) {
        struct aslrt_buffer request = aslrt_buffer_in(outside);
        const char *operation = random_request(&request, &seed);
        fail_everywhere(&f, store, arena, outside, operation, aslrt_buffer_close(&request));
        aslrt_arena_reset(outside);
    }
    aslrt_store_close(store);
    aslrt_arena_close(arena);
    aslrt_arena_close(outside);
    aslrt_memory_close(m); /* asserts that nothing is left */
    aslrt_memory_close(other);
}

/* Opening a store and making a table without memory at any point. */
static void test_opening_without_memory(void **state)
{
    (void)state;
    for (int n = 0;; n++) {
        struct faulty f;
        struct aslrt_memory *m = faulty_memory(&f, INT_MAX);
        struct aslrt_store *store = NULL;
        f.left = n;
        enum aslrt_status status = aslrt_store_memory(m, &store);
        if (status == ASLRT_OK)
            status = aslrt_store_create_table(store, &table);
        f.left = INT_MAX;
        aslrt_store_close(store);
        aslrt_memory_close(m);
        if (status == ASLRT_OK)
            break;
        assert_int_equal(status, ASLRT_NOMEM);
    }
}

static void test_overwriting_is_flat(void **state)
{
    (void)state;
    enum { ITEMS = 200, TIMES = 60 };
    struct aslrt_memory *m = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(m);
    struct aslrt_store *store;
    size_t first = 0;
    assert_int_equal(aslrt_store_memory(m, &store), ASLRT_OK);
    assert_int_equal(aslrt_store_create_table(store, &table), ASLRT_OK);
    for (int time = 0; time < TIMES; time++) {
        for (int i = 0; i < ITEMS; i++) {
            char text[400];
            snprintf(text, sizeof text,
                     "{\"TableName\":\"T\",\"Item\":{\"pk\":{\"S\":\"p\"},\"sk\":{\"N\":\"%d\"},"
                     "\"v\":{\"S\":\"v%04d\"},\"n\":{\"N\":\"%d\"},\"t\":{\"S\":\"%0200d\"}}}",
                     i, (time * 31 + i) % 9999, time % 7 + 1, i);
            assert_string_equal(answer(store, arena, "PutItem", text), "{}");
            aslrt_arena_reset(arena);
        }
        if (time == 3)
            first = m->used;
    }
    assert_true(m->used < first + first / 4);
    aslrt_store_close(store);
    aslrt_arena_close(arena);
    aslrt_memory_close(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backends_agree),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_opening_without_memory),
        cmocka_unit_test(test_overwriting_is_flat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
