/*
 * test_store.c - the store's operations: scripts of requests and answers over both backends, and
 * what scripts can't say: pages by size, tables that change, files, the service for Step Functions.
 */
#include "tests/unit/store_script.h"

#include "runtime/base/arena.h"
#include "runtime/base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define FILE_NAME "test_store.tmp"

static const char *const scripts[] = {"ddb/items.txt", "ddb/writes.txt", "ddb/queries.txt"};

/* A store, its account and an arena for answers. */
struct fixture {
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;
    struct aslrt_store *store;
};

static void remove_file(void)
{
    unlink(FILE_NAME);
    unlink(FILE_NAME "-wal");
    unlink(FILE_NAME "-shm");
}

static void open_store(struct fixture *f, bool file)
{
    char why[200] = "";
    f->memory = aslrt_memory_open(NULL, 0);
    f->arena = aslrt_arena_open(f->memory);
    enum aslrt_status status =
        file ? aslrt_store_sqlite(f->memory, FILE_NAME, &f->store, why, sizeof why)
             : aslrt_store_memory(f->memory, &f->store);
    if (status != ASLRT_OK)
        fail_msg("%s", why);
}

static void close_store(struct fixture *f)
{
    aslrt_store_close(f->store);
    aslrt_arena_close(f->arena);
    aslrt_memory_close(f->memory);
}

static struct aslrt_value json(struct fixture *f, const char *text)
{
    struct aslrt_value v;
    char *copy = aslrt_copy_text(f->arena, text, strlen(text)); /* the value borrows from it */
    assert_int_equal(aslrt_json_read(f->arena, copy, strlen(copy), &v, NULL), ASLRT_OK);
    return v;
}

static struct aslrt_value call(struct fixture *f, const char *operation, const char *request)
{
    struct aslrt_store_answer a;
    assert_int_equal(aslrt_store_call(f->store, operation, json(f, request), 0, f->arena, &a),
                     ASLRT_OK);
    if (a.error != NULL)
        fail_msg("%s %s: %s: %s", operation, request, a.error, a.message);
    return a.result;
}

static void run_scripts(bool file)
{
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        struct fixture f;
        remove_file();
        open_store(&f, file);
        struct script s = {.file = scripts[i], .arena = f.arena, .store = f.store};
        assert_true(script_run(&s));
        assert_true(s.requests > 30);
        close_store(&f);
    }
    remove_file();
}

static void test_scripts_in_memory(void **state)
{
    (void)state;
    run_scripts(false);
}

static void test_scripts_on_file(void **state)
{
    (void)state;
    run_scripts(true);
}

static const struct aslrt_table_def pages_table = {
    .name = "P", .key = {"pk", 'S'}, .sort = {"sk", 'N'}};

/* Walks all pages; gives their number, and checks that every item came once and in order. */
static int count_pages(struct fixture *f, const char *operation, const char *parameters, int items)
{
    struct aslrt_value start = aslrt_undefined();
    int pages = 0, seen = 0;
    for (; pages == 0 || start.kind != ASLRT_UNDEFINED; pages++) {
        struct aslrt_buffer request = aslrt_buffer_in(f->arena);
        const char *key;
        size_t count;
        aslrt_buffer_format(&request, "{\"TableName\":\"P\",\"ProjectionExpression\":\"sk\"%s",
                            parameters);
        if (start.kind != ASLRT_UNDEFINED) {
            aslrt_json_write(f->arena, start, &key, &count);
            aslrt_buffer_format(&request, ",\"ExclusiveStartKey\":%s", key);
        }
        aslrt_buffer_char(&request, '}');
        struct aslrt_value page = call(f, operation, aslrt_buffer_close(&request));
        struct aslrt_value list = aslrt_field(page, "Items");
        for (uint32_t i = 0; i < list.count; i++) {
            char expected[16];
            snprintf(expected, sizeof expected, "%d", seen++);
            assert_true(aslrt_is(aslrt_field(aslrt_field(list.as.items[i], "sk"), "N"), expected));
        }
        start = aslrt_field(page, "LastEvaluatedKey");
    }
    assert_int_equal(seen, items);
    return pages;
}

/* Twenty items of sixty kilobytes are more than one page of a megabyte. */
static void test_pages_by_size(void **state)
{
    (void)state;
    enum { ITEMS = 20, BYTES = 60000 };
    struct fixture f;
    open_store(&f, false);
    assert_int_equal(aslrt_store_create_table(f.store, &pages_table), ASLRT_OK);
    char *filler = malloc(BYTES + 1);
    memset(filler, 'x', BYTES);
    filler[BYTES] = '\0';
    for (int i = 0; i < ITEMS; i++) {
        struct aslrt_buffer put = aslrt_buffer_in(f.arena);
        aslrt_buffer_format(&put,
                            "{\"TableName\":\"P\",\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":"
                            "\"%d\"},\"v\":{\"S\":\"%s\"}}}",
                            i, filler);
        call(&f, "PutItem", aslrt_buffer_close(&put));
    }
    free(filler);
    const char *query = ",\"KeyConditionExpression\":\"pk = :p\",\"ExpressionAttributeValues\":{"
                        "\":p\":{\"S\":\"a\"}}";
    assert_int_equal(count_pages(&f, "Query", query, ITEMS), 2);
    assert_int_equal(count_pages(&f, "Scan", "", ITEMS), 2);
    struct aslrt_buffer limited = aslrt_buffer_in(f.arena);
    aslrt_buffer_format(&limited, "%s,\"Limit\":5", query);
    assert_int_equal(count_pages(&f, "Query", aslrt_buffer_close(&limited), ITEMS), 5);
    close_store(&f);
}

/* The segments of a parallel Scan have every item once. */
static void test_segments(void **state)
{
    (void)state;
    enum { ITEMS = 300, SEGMENTS = 7 };
    struct fixture f;
    const struct aslrt_table_def def = {.name = "S", .key = {"id", 'N'}};
    bool seen[ITEMS] = {false};
    int total = 0;
    open_store(&f, false);
    assert_int_equal(aslrt_store_create_table(f.store, &def), ASLRT_OK);
    for (int i = 0; i < ITEMS; i++) {
        char put[96];
        snprintf(put, sizeof put, "{\"TableName\":\"S\",\"Item\":{\"id\":{\"N\":\"%d\"}}}", i);
        call(&f, "PutItem", put);
    }
    for (int i = 0; i < SEGMENTS; i++) {
        char scan[96];
        snprintf(scan, sizeof scan, "{\"TableName\":\"S\",\"Segment\":%d,\"TotalSegments\":%d}", i,
                 SEGMENTS);
        struct aslrt_value list = aslrt_field(call(&f, "Scan", scan), "Items");
        assert_true(list.count > ITEMS / SEGMENTS / 3);
        for (uint32_t k = 0; k < list.count; k++) {
            struct aslrt_value id = aslrt_field(aslrt_field(list.as.items[k], "id"), "N");
            long n = strtol(aslrt_copy_text(f.arena, id.as.bytes, id.count), NULL, 10);
            assert_false(seen[n]);
            seen[n] = true;
            total++;
        }
    }
    assert_int_equal(total, ITEMS);
    close_store(&f);
}

/* The error of a request with a filler of that many bytes in the place of %s; NULL when it has
 * none. */
static const char *error_with_filler(struct fixture *f, const char *operation, const char *format,
                                     size_t count)
{
    struct aslrt_store_answer a;
    char *filler = aslrt_alloc(f->arena, count + 1);
    memset(filler, 'x', count);
    filler[count] = '\0';
    const char *place = strstr(format, "%s");
    struct aslrt_buffer request = aslrt_buffer_in(f->arena);
    aslrt_buffer_put(&request, format, (size_t)(place - format));
    aslrt_buffer_text(&request, filler);
    aslrt_buffer_text(&request, place + 2);
    struct aslrt_value v = json(f, aslrt_buffer_close(&request));
    assert_int_equal(aslrt_store_call(f->store, operation, v, 0, f->arena, &a), ASLRT_OK);
    return a.error == NULL ? NULL : a.message;
}

/* An item may have 409,600 bytes, a partition key 2,048, a sort key 1,024; and not one more. */
static void test_size_limits(void **state)
{
    (void)state;
    enum { ITEM = 400 * 1024, REST = 2 + 1 + 1 }; /* "id", its value, "v" */
    struct fixture f;
    const struct aslrt_table_def t = {.name = "T", .key = {"id", 'S'}};
    const struct aslrt_table_def r = {.name = "R", .key = {"id", 'S'}, .sort = {"k", 'S'}};
    const char *put = "{\"TableName\":\"T\",\"Item\":{\"id\":{\"S\":\"a\"},\"v\":{\"S\":\"%s\"}}}";
    const char *update = "{\"TableName\":\"T\",\"Key\":{\"id\":{\"S\":\"b\"}},\"UpdateExpression\":"
                         "\"SET v = :v\",\"ExpressionAttributeValues\":{\":v\":{\"S\":\"%s\"}}}";
    const char *partition = "{\"TableName\":\"R\",\"Key\":{\"id\":{\"S\":\"%s\"},\"k\":{\"S\":"
                            "\"a\"}}}";
    const char *sort = "{\"TableName\":\"R\",\"Key\":{\"id\":{\"S\":\"a\"},\"k\":{\"S\":\"%s\"}}}";
    open_store(&f, false);
    assert_int_equal(aslrt_store_create_table(f.store, &t), ASLRT_OK);
    assert_int_equal(aslrt_store_create_table(f.store, &r), ASLRT_OK);
    assert_null(error_with_filler(&f, "PutItem", put, ITEM - REST));
    assert_string_equal(error_with_filler(&f, "PutItem", put, ITEM - REST + 1),
                        "Item size has exceeded the maximum allowed size");
    assert_null(error_with_filler(&f, "UpdateItem", update, ITEM - REST));
    assert_string_equal(error_with_filler(&f, "UpdateItem", update, ITEM - REST + 1),
                        "Item size to update has exceeded the maximum allowed size");
    assert_null(error_with_filler(&f, "GetItem", partition, 2048));
    assert_string_equal(error_with_filler(&f, "GetItem", partition, 2049),
                        "One or more parameter values were invalid: Size of hashkey has exceeded "
                        "the maximum size limit of2048 bytes");
    assert_null(error_with_filler(&f, "GetItem", sort, 1024));
    assert_string_equal(error_with_filler(&f, "GetItem", sort, 1025),
                        "One or more parameter values were invalid: Aggregated size of all range "
                        "keys has exceeded the size limit of 1024 bytes");
    close_store(&f);
}

/* ---- tables that are made again ---- */

static int64_t query_count(struct fixture *f, const char *index)
{
    int64_t n = -1;
    char request[256];
    snprintf(request, sizeof request,
             "{\"TableName\":\"T\",\"IndexName\":\"%s\",\"KeyConditionExpression\":\"a = :a\","
             "\"ExpressionAttributeValues\":{\":a\":{\"S\":\"x\"}},\"Select\":\"COUNT\"}",
             index);
    assert_true(aslrt_to_int(aslrt_field(call(f, "Query", request), "Count"), &n));
    return n;
}

static void test_indexes_come_and_go(void **state)
{
    (void)state;
    enum { ITEMS = 300 }; /* more than one batch */
    const struct aslrt_index_def one[] = {{.name = "one", .key = {"a", 'S'}}};
    const struct aslrt_index_def two[] = {{.name = "two", .key = {"a", 'S'}, .sort = {"n", 'N'}},
                                          {.name = "one", .key = {"a", 'S'}}};
    struct aslrt_table_def def = {.name = "T", .key = {"id", 'N'}};
    for (int file = 0; file < 2; file++) {
        struct fixture f;
        remove_file();
        open_store(&f, file);
        assert_int_equal(aslrt_store_create_table(f.store, &def), ASLRT_OK);
        for (int i = 0; i < ITEMS; i++) {
            char put[128];
            snprintf(put, sizeof put,
                     "{\"TableName\":\"T\",\"Item\":{\"id\":{\"N\":\"%d\"},\"a\":{\"S\":\"x\"},%s"
                     "\"v\":{\"S\":\"\"}}}",
                     i, i % 3 == 0 ? "\"n\":{\"N\":\"1\"}," : "");
            call(&f, "PutItem", put);
        }
        def.indexes = one;
        def.index_count = 1;
        assert_int_equal(aslrt_store_create_table(f.store, &def), ASLRT_OK);
        assert_int_equal(query_count(&f, "one"), ITEMS);
        def.indexes = two;
        def.index_count = 2;
        assert_int_equal(aslrt_store_create_table(f.store, &def), ASLRT_OK);
        assert_int_equal(query_count(&f, "one"), ITEMS);
        assert_int_equal(query_count(&f, "two"), ITEMS / 3);
        if (file) { /* all of it is there again */
            close_store(&f);
            open_store(&f, true);
            assert_int_equal(query_count(&f, "two"), ITEMS / 3);
        }
        def.indexes = NULL;
        def.index_count = 0;
        assert_int_equal(aslrt_store_create_table(f.store, &def), ASLRT_OK);
        def.key.type = 'S';
        assert_int_equal(aslrt_store_create_table(f.store, &def), ASLRT_FAILED);
        assert_string_equal(aslrt_store_problem(f.store), "table 'T' exists with another key");
        def.key.type = 'N';
        close_store(&f);
    }
    remove_file();
}

/* ---- files ---- */

static void write_file(const char *text)
{
    FILE *file = fopen(FILE_NAME, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void expect_refusal(const char *path, enum aslrt_status status, const char *text)
{
    char why[200] = "";
    struct aslrt_store *store = NULL;
    struct aslrt_memory *m = aslrt_memory_open(NULL, 0);
    assert_int_equal(aslrt_store_sqlite(m, path, &store, why, sizeof why), status);
    assert_string_equal(why, text);
    aslrt_memory_close(m); /* nothing was left behind */
}

static void test_files_that_cannot_be_used(void **state)
{
    (void)state;
    struct fixture f;
    remove_file();
    expect_refusal("no-such-folder/store", ASLRT_IO, "unable to open database file");
    write_file("this is text, and long enough to be looked at as the header of a database file; "
               "it goes on for some more, because a header has a hundred bytes");
    expect_refusal(FILE_NAME, ASLRT_IO, "file is not a database");
    remove_file();
    open_store(&f, true);
    expect_refusal(FILE_NAME, ASLRT_IO, "database is locked");
    close_store(&f);
    remove_file();
}

/* ---- the service ---- */

struct answered {
    const char *error;
    const char *cause;
    const char *result;
};

static struct answered ask(struct fixture *f, const char *action, bool sdk, const char *arguments)
{
    struct aslrt_reply reply;
    const struct aslrt_service *service = aslrt_store_service(f->store);
    const struct aslrt_call c = {.service = "dynamodb",
                                 .action = action,
                                 .sdk = sdk,
                                 .arguments = json(f, arguments),
                                 .now_us = 1795499607000000};
    struct answered out = {NULL, NULL, NULL};
    size_t count;
    assert_int_equal(service->call(service->self, &c, f->arena, &reply), ASLRT_OK);
    out.error = reply.error;
    out.cause = reply.cause;
    if (reply.error == NULL)
        aslrt_json_write(f->arena, reply.result, &out.result, &count);
    return out;
}

static void test_service_results(void **state)
{
    (void)state;
    struct fixture f;
    const struct aslrt_table_def def = {.name = "T", .key = {"id", 'S'}};
    const char *put = "{\"TableName\":\"T\",\"Item\":{\"id\":{\"S\":\"id1\"},\"data\":{\"S\":"
                      "\"HelloWorld\"}}}";
    const char *key = "{\"TableName\":\"T\",\"Key\":{\"id\":{\"S\":\"id1\"}}}";
    open_store(&f, false);
    assert_int_equal(aslrt_store_create_table(f.store, &def), ASLRT_OK);
    assert_string_equal(ask(&f, "putItem", true, put).result, "{}");
    assert_string_equal(ask(&f, "getItem", true, key).result,
                        "{\"Item\":{\"data\":{\"S\":\"HelloWorld\"},\"id\":{\"S\":\"id1\"}}}");
    const char *query = "{\"TableName\":\"T\",\"KeyConditionExpression\":\"id = :id\","
                        "\"ExpressionAttributeValues\":{\":id\":{\"S\":\"id1\"}}}";
    assert_string_equal(ask(&f, "query", true, query).result,
                        "{\"Items\":[{\"data\":{\"S\":\"HelloWorld\"},\"id\":{\"S\":\"id1\"}}],"
                        "\"Count\":1,\"ScannedCount\":1}");
    assert_string_equal(
        ask(&f, "deleteItem", false, key).result,
        "{\"SdkHttpMetadata\":{\"AllHttpHeaders\":{\"Server\":[\"Server\"],\"Connection\":["
        "\"keep-alive\"],\"x-amzn-RequestId\":["
        "\"I2NA144FS39627291JH0FGA9N1VV4KQNSO5AEMVJF66Q9ASUAAJG\"],\"x-amz-crc32\":["
        "\"2745614147\"],\"Content-Length\":[\"2\"],\"Date\":[\"Tue, 24 Nov 2026 05:53:27 "
        "GMT\"],\"Content-Type\":[\"application/x-amz-json-1.0\"]},\"HttpHeaders\":{"
        "\"Connection\":\"keep-alive\",\"Content-Length\":\"2\",\"Content-Type\":"
        "\"application/x-amz-json-1.0\",\"Date\":\"Tue, 24 Nov 2026 05:53:27 GMT\",\"Server\":"
        "\"Server\",\"x-amz-crc32\":\"2745614147\",\"x-amzn-RequestId\":"
        "\"I2NA144FS39627291JH0FGA9N1VV4KQNSO5AEMVJF66Q9ASUAAJG\"},\"HttpStatusCode\":200},"
        "\"SdkResponseMetadata\":{\"RequestId\":"
        "\"I2NA144FS39627291JH0FGA9N1VV4KQNSO5AEMVJF66Q9ASUAAJG\"}}");
    close_store(&f);
}

/* The cause without its request id, which is 52 characters. */
static void expect_error(struct answered a, const char *error, const char *before,
                         const char *behind)
{
    size_t n = strlen(before), m = strlen(behind);
    assert_non_null(a.error);
    assert_string_equal(a.error, error);
    assert_int_equal(strlen(a.cause), n + 52 + m);
    assert_memory_equal(a.cause, before, n);
    assert_string_equal(a.cause + n + 52, behind);
}

static void test_service_errors(void **state)
{
    (void)state;
    struct fixture f;
    const struct aslrt_table_def def = {.name = "T", .key = {"id", 'S'}};
    const char *conditional = "{\"TableName\":\"T\",\"Item\":{\"id\":{\"S\":\"a\"}},"
                              "\"ConditionExpression\":\"attribute_exists(id)\"}";
    open_store(&f, false);
    assert_int_equal(aslrt_store_create_table(f.store, &def), ASLRT_OK);
    expect_error(ask(&f, "putItem", false, "{\"TableName\":\"T\",\"Item\":null}"),
                 "DynamoDB.AmazonDynamoDBException",
                 "1 validation error detected: Value null at 'item' failed to satisfy constraint: "
                 "Member must not be null (Service: AmazonDynamoDBv2; Status Code: 400; Error "
                 "Code: ValidationException; Request ID: ",
                 "; Proxy: null)");
    expect_error(ask(&f, "putItem", true, "{\"TableName\":\"T\",\"Item\":null}"),
                 "DynamoDb.DynamoDbException",
                 "1 validation error detected: Value null at 'item' failed to satisfy constraint: "
                 "Member must not be null (Service: DynamoDb, Status Code: 400, Request ID: ",
                 ")");
    expect_error(
        ask(&f, "getItem", true, "{\"TableName\":\"x\",\"Key\":{\"id\":{\"S\":\"\"}}}"),
        "DynamoDb.ResourceNotFoundException",
        "Requested resource not found (Service: DynamoDb, Status Code: 400, Request ID: ", ")");
    expect_error(ask(&f, "putItem", false, conditional), "DynamoDB.ConditionalCheckFailedException",
                 "The conditional request failed (Service: AmazonDynamoDBv2; Status Code: 400; "
                 "Error Code: ConditionalCheckFailedException; Request ID: ",
                 "; Proxy: null)");
    expect_error(ask(&f, "query", true, "{\"TableName\":5}"), "DynamoDb.DynamoDbException",
                 "NUMBER_VALUE cannot be converted to String (Service: DynamoDb, Status Code: 400, "
                 "Request ID: ",
                 ")");
    close_store(&f);
}

/* What the store does not know, another service may. */
static void test_service_leaves_the_rest_alone(void **state)
{
    (void)state;
    struct fixture f;
    struct aslrt_reply reply;
    open_store(&f, false);
    const struct aslrt_service *service = aslrt_store_service(f.store);
    const struct aslrt_call calls[] = {
        {.service = "lambda", .action = "invoke"},
        {.service = "dynamodb", .action = "query"}, /* there is no such optimised call */
        {.service = "dynamodb", .action = "describeTable", .sdk = true},
        {.service = "dynamodb", .action = "putItem", .pattern = ASLRT_TOKEN},
        {.service = "dynamodb", .action = NULL},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        assert_int_equal(service->call(service->self, &calls[i], f.arena, &reply), ASLRT_MISUSE);
    close_store(&f);
}

/* ReturnValuesOnConditionCheckFailure shows the item beside the error. */
static void test_item_of_a_failed_condition(void **state)
{
    (void)state;
    struct fixture f;
    struct aslrt_store_answer a;
    const struct aslrt_table_def def = {.name = "T", .key = {"id", 'S'}};
    open_store(&f, false);
    assert_int_equal(aslrt_store_create_table(f.store, &def), ASLRT_OK);
    call(&f, "PutItem", "{\"TableName\":\"T\",\"Item\":{\"id\":{\"S\":\"a\"}}}");
    struct aslrt_value request =
        json(&f, "{\"TableName\":\"T\",\"Key\":{\"id\":{\"S\":\"a\"}},\"ConditionExpression\":"
                 "\"attribute_exists(x)\",\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}");
    assert_int_equal(aslrt_store_call(f.store, "DeleteItem", request, 0, f.arena, &a), ASLRT_OK);
    assert_string_equal(a.error, "ConditionalCheckFailedException");
    assert_true(aslrt_equal(a.detail, json(&f, "{\"Item\":{\"id\":{\"S\":\"a\"}}}")));
    close_store(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts_in_memory),
        cmocka_unit_test(test_scripts_on_file),
        cmocka_unit_test(test_pages_by_size),
        cmocka_unit_test(test_segments),
        cmocka_unit_test(test_size_limits),
        cmocka_unit_test(test_indexes_come_and_go),
        cmocka_unit_test(test_files_that_cannot_be_used),
        cmocka_unit_test(test_service_results),
        cmocka_unit_test(test_service_errors),
        cmocka_unit_test(test_service_leaves_the_rest_alone),
        cmocka_unit_test(test_item_of_a_failed_condition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
