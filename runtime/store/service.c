/*
 * service.c - the store as a service of Step Functions: a thin shell over aslrt_store_call.
 *
 * In: a call with service "dynamodb".  Out: a result or an error, as the service reports them for
 * the two kinds of integration:
 *
 *                 optimised (dynamodb:putItem)            aws-sdk (aws-sdk:dynamodb:putItem)
 *   actions       getItem putItem updateItem deleteItem   all that the store has
 *   error name    DynamoDB.X                              DynamoDb.X
 *   not modelled  DynamoDB.AmazonDynamoDBException        DynamoDb.DynamoDbException
 *   cause         … (Service: AmazonDynamoDBv2; …)        … (Service: DynamoDb, …)
 *   output        + SdkHttpMetadata, SdkResponseMetadata  the API's answer alone
 *
 * Whether an error is modelled for the call is in the catalog.  Identifiers count calls, times are
 * the call's: the same calls give the same bytes.
 *
 * Faults (throttling, an answer that is lost after the write) belong in a service of their own that
 * stands before this one and passes calls on; nothing here needs to know of them.
 */
#include "catalog/catalog.h"
#include "runtime/base/value.h"
#include "runtime/store/store.h"

#include <ctype.h>
#include <stdio.h>
#include <time.h>

enum { REQUEST_ID = 52 };

struct reply_job {
    struct aslrt_store *store;
    const struct aslrt_call *call;
    struct aslrt_arena *arena;
    char id[REQUEST_ID + 1];
    struct aslrt_store_answer answer;
    struct aslrt_reply *reply;
};

/* An identifier in the form of the service's: 26 characters that count, 26 that never change. */
static void next_request_id(struct aslrt_store *store, char id[REQUEST_ID + 1])
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    uint64_t x = ++store->requests * 0x9e3779b97f4a7c15u;
    for (int i = 0; i < 26; i++) {
        x ^= x >> 29;
        x *= 0xbf58476d1ce4e5b9u;
        id[i] = digits[x >> 59];
    }
    memcpy(id + 26, "VV4KQNSO5AEMVJF66Q9ASUAAJG", 27);
}

/* CRC-32 (IEEE 802.3), four bits at a time. */
static uint32_t crc32_of(const char *bytes, size_t count)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < count; i++) {
        crc ^= (uint8_t)bytes[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

/* ---- errors ---- */

/* True when the model of the call names the error. */
static bool is_modelled(const struct reply_job *job, const char *name)
{
    char key[96];
    snprintf(key, sizeof key, "%sdynamodb:%s", job->call->sdk ? "aws-sdk:" : "", job->call->action);
    const struct catalog_call *call = catalog_find(key);
    for (uint32_t i = 0; call != NULL && i < call->error_count; i++) {
        if (strcmp(catalog_errors[call->errors[i]].name, name) == 0)
            return true;
    }
    return false;
}

static void reply_error(struct reply_job *job)
{
    bool sdk = job->call->sdk;
    const struct aslrt_store_answer *a = &job->answer;
    struct aslrt_buffer name = aslrt_buffer_in(job->arena), cause = aslrt_buffer_in(job->arena);
    aslrt_buffer_format(&name, "%s.%s", sdk ? "DynamoDb" : "DynamoDB", a->error);
    job->reply->error = aslrt_buffer_close(&name);
    if (!is_modelled(job, job->reply->error))
        job->reply->error = sdk ? "DynamoDb.DynamoDbException" : "DynamoDB.AmazonDynamoDBException";
    if (sdk)
        aslrt_buffer_format(&cause, "%s (Service: DynamoDb, Status Code: 400, Request ID: %s)",
                            a->message, job->id);
    else
        aslrt_buffer_format(&cause,
                            "%s (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: %s; "
                            "Request ID: %s; Proxy: null)",
                            a->message, a->error, job->id);
    job->reply->cause = aslrt_buffer_close(&cause);
}

/* ---- results ---- */

/* "Tue, 24 Nov 2026 05:53:27 GMT" */
static struct aslrt_value http_date(struct aslrt_arena *arena, int64_t now_us)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    time_t seconds = (time_t)(now_us / 1000000);
    struct tm tm;
    if (gmtime_r(&seconds, &tm) == NULL)
        return aslrt_text("Thu, 01 Jan 1970 00:00:00 GMT");
    aslrt_buffer_format(&b, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday,
                        tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour,
                        tm.tm_min, tm.tm_sec);
    return aslrt_text(aslrt_buffer_close(&b));
}

static struct aslrt_value one_item(struct aslrt_arena *arena, struct aslrt_value item)
{
    struct aslrt_array_builder list = aslrt_array_in(arena);
    aslrt_array_add(&list, item);
    return aslrt_array_done(&list);
}

static struct aslrt_value number_text(struct aslrt_arena *arena, uint64_t n)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, "%llu", (unsigned long long)n);
    return aslrt_text(aslrt_buffer_close(&b));
}

/* What the optimised integrations add: the HTTP response that they got, as it was recorded. */
static struct aslrt_value http_metadata(struct reply_job *job, const char *id)
{
    const char *body;
    size_t count;
    struct aslrt_arena *arena = job->arena;
    struct aslrt_object_builder all = aslrt_object_in(arena), one = aslrt_object_in(arena),
                                out = aslrt_object_in(arena);
    enum aslrt_status status = aslrt_json_write(arena, job->answer.result, &body, &count);
    if (status != ASLRT_OK)
        aslrt_escape(arena->memory, status);
    const struct {
        const char *name;
        struct aslrt_value value;
    } headers[] = {
        {"Server", aslrt_text("Server")},
        {"Connection", aslrt_text("keep-alive")},
        {"x-amzn-RequestId", aslrt_text(id)},
        {"x-amz-crc32", number_text(arena, crc32_of(body, count))},
        {"Content-Length", number_text(arena, count)},
        {"Date", http_date(arena, job->call->now_us)},
        {"Content-Type", aslrt_text("application/x-amz-json-1.0")},
    };
    static const uint8_t sorted[] = {1, 4, 6, 5, 0, 3, 2};
    for (size_t i = 0; i < sizeof sorted; i++) {
        aslrt_object_set_text(&all, headers[i].name, one_item(arena, headers[i].value));
        aslrt_object_set_text(&one, headers[sorted[i]].name, headers[sorted[i]].value);
    }
    aslrt_object_set_text(&out, "AllHttpHeaders", aslrt_object_done(&all));
    aslrt_object_set_text(&out, "HttpHeaders", aslrt_object_done(&one));
    aslrt_object_set_text(&out, "HttpStatusCode", aslrt_int(200));
    return aslrt_object_done(&out);
}

static struct aslrt_value optimised_result(struct reply_job *job)
{
    const char *id = aslrt_copy_text(job->arena, job->id, REQUEST_ID);
    struct aslrt_object_builder out = aslrt_object_in(job->arena),
                                response = aslrt_object_in(job->arena);
    struct aslrt_value answer = job->answer.result;
    for (uint32_t i = 0; i < answer.count; i++)
        aslrt_object_set(&out, answer.as.members[i].key, answer.as.members[i].value);
    aslrt_object_set_text(&out, "SdkHttpMetadata", http_metadata(job, id));
    aslrt_object_set_text(&response, "RequestId", aslrt_text(id));
    aslrt_object_set_text(&out, "SdkResponseMetadata", aslrt_object_done(&response));
    return aslrt_object_done(&out);
}

static enum aslrt_status make_reply(void *data)
{
    struct reply_job *job = data;
    if (job->answer.error != NULL)
        reply_error(job);
    else if (job->call->sdk)
        job->reply->result = job->answer.result;
    else
        job->reply->result = optimised_result(job);
    return ASLRT_OK;
}

/* ---- calls ---- */

static bool is_optimised(const char *action)
{
    static const char *const actions[] = {"getItem", "putItem", "updateItem", "deleteItem"};
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(action, actions[i]) == 0)
            return true;
    }
    return false;
}

static enum aslrt_status answer_call(void *self, const struct aslrt_call *call,
                                     struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct reply_job job = {.store = self, .call = call, .arena = arena, .reply = reply};
    char operation[64];
    if (call->service == NULL || call->action == NULL || strcmp(call->service, "dynamodb") != 0 ||
        call->pattern != ASLRT_REQUEST || (!call->sdk && !is_optimised(call->action)) ||
        (size_t)snprintf(operation, sizeof operation, "%s", call->action) >= sizeof operation)
        return ASLRT_MISUSE;
    operation[0] = (char)toupper((unsigned char)operation[0]);
    enum aslrt_status status =
        aslrt_store_call(job.store, operation, call->arguments, call->now_us, arena, &job.answer);
    if (status != ASLRT_OK)
        return status;
    next_request_id(job.store, job.id);
    *reply = (struct aslrt_reply){.result = aslrt_undefined()};
    return aslrt_protect(arena->memory, make_reply, &job);
}

const struct aslrt_service *aslrt_store_service(struct aslrt_store *store)
{
    store->service = (struct aslrt_service){store, answer_call};
    return &store->service;
}
