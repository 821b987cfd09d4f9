/*
 * test_store_crash.c - a process that is killed while it writes loses nothing that it was told is
 * written, and leaves nothing half-made.
 *
 * A child process puts, updates and deletes items in a file and says through a pipe what has been
 * acknowledged; the test kills it at some moment, opens the file, and compares.  Each round goes on
 * with the file of the round before.
 */
#include "aslc/runtime.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define FILE_NAME "test_store_crash.tmp"

enum { ROUNDS = 4, KEYS = 40, ACKNOWLEDGED = 150 };

static const struct aslrt_index_def by_value[] = {
    {.name = "byValue", .key = {"group", 'S'}, .sort = {"value", 'N'}}};
static const struct aslrt_table_def table = {
    .name = "T", .key = {"id", 'N'}, .indexes = by_value, .index_count = 1};

struct opened {
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;
    struct aslrt_store *store;
};

static bool open_file(struct opened *o)
{
    char why[200];
    o->memory = aslrt_memory_open(NULL, 0);
    o->arena = aslrt_arena_open(o->memory);
    return aslrt_store_sqlite(o->memory, FILE_NAME, &o->store, why, sizeof why) == ASLRT_OK &&
           aslrt_store_create_table(o->store, &table) == ASLRT_OK;
}

static void close_file(struct opened *o)
{
    aslrt_store_close(o->store);
    aslrt_arena_close(o->arena);
    aslrt_memory_close(o->memory);
}

static bool request(struct opened *o, const char *operation, const char *text,
                    struct aslrt_value *result)
{
    struct aslrt_value v;
    struct aslrt_store_answer a;
    if (aslrt_json_read(o->arena, text, strlen(text), &v, NULL) != ASLRT_OK ||
        aslrt_store_call(o->store, operation, v, 0, o->arena, &a) != ASLRT_OK || a.error != NULL)
        return false;
    *result = a.result;
    return true;
}

/* What the n-th write does: to the item `n % KEYS` the value n, or its removal. */
static bool removes(int n)
{
    return n % 5 == 4;
}

static bool write_nth(struct opened *o, int n)
{
    char text[256];
    struct aslrt_value result;
    if (removes(n)) {
        snprintf(text, sizeof text, "{\"TableName\":\"T\",\"Key\":{\"id\":{\"N\":\"%d\"}}}",
                 n % KEYS);
        return request(o, "DeleteItem", text, &result);
    }
    snprintf(text, sizeof text,
             "{\"TableName\":\"T\",\"Key\":{\"id\":{\"N\":\"%d\"}},\"UpdateExpression\":\"SET #g = "
             ":g, #v = :v\",\"ExpressionAttributeNames\":{\"#g\":\"group\",\"#v\":\"value\"},"
             "\"ExpressionAttributeValues\":{\":g\":{\"S\":\"%c\"},\":v\":{\"N\":\"%d\"}}}",
             n % KEYS, 'a' + n % 3, n);
    return request(o, "UpdateItem", text, &result);
}

/* The child: writes from `n` on until it is killed. */
static _Noreturn void write_until_killed(int pipe, int n)
{
    struct opened o;
    if (!open_file(&o))
        _exit(1);
    for (;; n++) {
        if (!write_nth(&o, n) || write(pipe, &n, sizeof n) != sizeof n)
            _exit(1);
        aslrt_arena_reset(o.arena);
    }
}

/* Runs a child until it has acknowledged some writes, and kills it.  Gives the last acknowledged
   one. */
static int run_child(int from, int writes)
{
    int ends[2], status, n, last = -1;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        write_until_killed(ends[1], from);
    }
    close(ends[1]);
    for (int i = 0; i < writes; i++) {
        assert_int_equal(read(ends[0], &n, sizeof n), sizeof n);
        last = n;
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    while (read(ends[0], &n, sizeof n) == sizeof n) /* what was said until the end */
        last = n;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    return last;
}

/* The value that the item has: -1 when there is none. */
static int stored_value(struct opened *o, int id)
{
    char text[128];
    struct aslrt_value result;
    snprintf(text, sizeof text, "{\"TableName\":\"T\",\"Key\":{\"id\":{\"N\":\"%d\"}}}", id);
    assert_true(request(o, "GetItem", text, &result));
    struct aslrt_value n = aslrt_field(aslrt_field(aslrt_field(result, "Item"), "value"), "N");
    if (n.kind == ASLRT_UNDEFINED)
        return -1;
    snprintf(text, sizeof text, "%.*s", (int)n.count, n.as.bytes);
    return (int)strtol(text, NULL, 10);
}

/* The last write up to `last` that went to the item. */
static int expected_value(int last, int id)
{
    int n = last - (last - id) % KEYS;
    if (last < id)
        return -1;
    return removes(n) ? -1 : n;
}

static int64_t count_of(struct opened *o, const char *text)
{
    struct aslrt_value result;
    int64_t n = -1;
    assert_true(request(o, "Scan", text, &result));
    assert_true(aslrt_to_int(aslrt_field(result, "Count"), &n));
    return n;
}

/* All acknowledged writes are there; of the one after them all or nothing is. */
static int check(int last)
{
    struct opened o;
    bool next_is_there = false;
    assert_true(open_file(&o));
    for (int id = 0; id < KEYS; id++) {
        int got = stored_value(&o, id);
        if (got != expected_value(last, id)) {
            assert_int_equal(got, expected_value(last + 1, id));
            next_is_there = true;
        }
    }
    assert_int_equal(count_of(&o, "{\"TableName\":\"T\",\"Select\":\"COUNT\"}"),
                     count_of(&o, "{\"TableName\":\"T\",\"IndexName\":\"byValue\",\"Select\":"
                                  "\"COUNT\"}"));
    close_file(&o);
    return last + 1 + next_is_there;
}

static void remove_file(void)
{
    unlink(FILE_NAME);
    unlink(FILE_NAME "-wal");
    unlink(FILE_NAME "-shm");
}

static void test_killed_while_writing(void **state)
{
    (void)state;
    int from = 0;
    remove_file();
    for (int round = 0; round < ROUNDS; round++)
        from = check(run_child(from, ACKNOWLEDGED / (round + 1)));
    assert_true(from > ACKNOWLEDGED);
    remove_file();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_killed_while_writing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
