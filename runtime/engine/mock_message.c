/*
 * mock_message.c - SQS, SNS and EventBridge as far as a machine sees them: what sending answers.
 *
 * In: a call and the described queues, topics and buses.  Out: the reply, with the error names and
 * causes of the optimised integrations.  Nothing is delivered.
 */
#include "runtime/base/buffer.h"
#include "runtime/base/json.h"
#include "runtime/engine/mock_int.h"
#include "runtime/expr/digest.h"

#include <stdlib.h>

static bool is_call(const struct aslrt_call *call, const char *service, const char *action)
{
    return call->service != NULL && call->action != NULL && strcmp(call->service, service) == 0 &&
           strcmp(call->action, action) == 0;
}

/* The name itself, or the end of a URL or an ARN. */
static bool names(struct aslrt_value name, struct aslrt_value target)
{
    return name.kind == ASLRT_STRING && target.kind == ASLRT_STRING && target.count >= name.count &&
           memcmp(target.as.bytes + (target.count - name.count), name.as.bytes, name.count) == 0 &&
           (target.count == name.count ||
            strchr("/:", target.as.bytes[target.count - name.count - 1]) != NULL);
}

/* Finds the target among those described; *how is undefined for a bare name. */
static bool described(struct aslrt_value all, struct aslrt_value target, struct aslrt_value *how)
{
    for (uint32_t i = 0; i < all.count; i++) {
        bool object = all.kind == ASLRT_OBJECT;
        if (!object && all.kind != ASLRT_ARRAY)
            return false;
        struct aslrt_value name = object ? all.as.members[i].key : all.as.items[i];
        *how = object ? all.as.members[i].value : aslrt_undefined();
        if (names(name, target))
            return true;
    }
    return false;
}

static bool has(struct aslrt_value how, const char *flag)
{
    return aslrt_field(how, flag).kind == ASLRT_BOOL && aslrt_field(how, flag).as.boolean;
}

/* "Words (Service: AmazonSNS; Status Code: 400; Error Code: X; Request ID: ...; Proxy: null)" */
static enum aslrt_status fail(struct aslrt_mock *m, struct aslrt_arena *arena,
                              struct aslrt_reply *reply, const char *error, const char *words,
                              const char *service, int status, const char *code)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(
        &b, "%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)", words,
        service, status, code, aslrt_mock_request_id(m, arena));
    reply->error = error;
    reply->cause = aslrt_buffer_close(&b);
    return ASLRT_OK;
}

/* The text that is sent: a string as it is, any other value as JSON. */
static struct aslrt_value sent_text(struct aslrt_arena *arena, struct aslrt_value v)
{
    if (v.kind == ASLRT_STRING)
        return v;
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_json_put(&b, v, ASLRT_JSON_MINIFIED);
    return aslrt_string(b.bytes, (uint32_t)b.count);
}

static struct aslrt_value md5_text(struct aslrt_arena *arena, struct aslrt_value text)
{
    unsigned char digest[ASLRT_DIGEST_MAX];
    unsigned n = aslrt_digest("MD5", 3, text.as.bytes, text.count, digest);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (unsigned i = 0; i < n; i++)
        aslrt_buffer_format(&b, "%02x", digest[i]);
    return aslrt_string(b.bytes, (uint32_t)b.count);
}

/* Four bytes with the length, then the bytes. */
static void put_sized(struct aslrt_buffer *b, struct aslrt_value text)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        aslrt_buffer_char(b, (char)(text.count >> shift & 255));
    aslrt_buffer_put(b, text.as.bytes, text.count);
}

static int by_key(const void *a, const void *b)
{
    const struct aslrt_member *x = *(const struct aslrt_member *const *)a,
                              *y = *(const struct aslrt_member *const *)b;
    uint32_t n = x->key.count < y->key.count ? x->key.count : y->key.count;
    int order = memcmp(x->key.as.bytes, y->key.as.bytes, n);
    return order != 0 ? order : (x->key.count > y->key.count) - (x->key.count < y->key.count);
}

/* SQS's digest of message attributes: names in order, each with type and value. */
static struct aslrt_value md5_of_attributes(struct aslrt_arena *arena, struct aslrt_value all)
{
    const struct aslrt_member **sorted =
        ASLRT_NEW_ARRAY(arena, const struct aslrt_member *, all.count);
    for (uint32_t i = 0; i < all.count; i++)
        sorted[i] = &all.as.members[i];
    qsort(sorted, all.count, sizeof *sorted, by_key);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (uint32_t i = 0; i < all.count; i++) {
        struct aslrt_value type = aslrt_field(sorted[i]->value, "DataType");
        struct aslrt_value value = aslrt_field(sorted[i]->value, "StringValue");
        bool binary = value.kind == ASLRT_UNDEFINED;
        if (binary)
            value = aslrt_field(sorted[i]->value, "BinaryValue");
        put_sized(&b, sorted[i]->key);
        put_sized(&b, sent_text(arena, type));
        aslrt_buffer_char(&b, binary ? 2 : 1);
        put_sized(&b, sent_text(arena, value));
    }
    return md5_text(arena, aslrt_string(b.bytes, (uint32_t)b.count));
}

static bool is_absent(struct aslrt_value v)
{
    return v.kind == ASLRT_UNDEFINED || v.kind == ASLRT_NULL;
}

static enum aslrt_status send_message(struct aslrt_mock *m, const struct aslrt_call *call,
                                      struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct aslrt_value url = aslrt_field(call->arguments, "QueueUrl"), how;
    struct aslrt_value body = aslrt_field(call->arguments, "MessageBody");
    if (!described(m->queues, url, &how))
        return ASLRT_MISUSE;
    if (has(how, "missing")) {
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        aslrt_buffer_format(&b, "Unable to execute HTTP request: %.*s: Name or service not known",
                            (int)url.count, url.as.bytes);
        reply->error = "SQS.SdkClientException";
        reply->cause = aslrt_buffer_close(&b);
        return ASLRT_OK;
    }
    if (is_absent(body) || (body.kind == ASLRT_STRING && body.count == 0))
        return fail(m, arena, reply, "SQS.AmazonSQSException",
                    "The request must contain the parameter MessageBody.", "AmazonSQS", 400,
                    "MissingParameter");
    struct aslrt_object_builder b = aslrt_object_in(arena);
    struct aslrt_value attributes = aslrt_field(call->arguments, "MessageAttributes");
    if (attributes.kind == ASLRT_OBJECT && attributes.count != 0)
        aslrt_object_set_text(&b, "MD5OfMessageAttributes", md5_of_attributes(arena, attributes));
    aslrt_object_set_text(&b, "MD5OfMessageBody", md5_text(arena, sent_text(arena, body)));
    aslrt_object_set_text(&b, "MessageId", aslrt_text(aslrt_mock_request_id(m, arena)));
    aslrt_mock_metadata(m, &b);
    reply->result = aslrt_object_done(&b);
    return ASLRT_OK;
}

static bool ends_with(struct aslrt_value v, const char *end)
{
    size_t n = strlen(end);
    return v.kind == ASLRT_STRING && v.count >= n && memcmp(v.as.bytes + v.count - n, end, n) == 0;
}

static enum aslrt_status publish(struct aslrt_mock *m, const struct aslrt_call *call,
                                 struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct aslrt_value topic = aslrt_field(call->arguments, "TopicArn"), how;
    if (!described(m->topics, topic, &how))
        return ASLRT_MISUSE;
    if (has(how, "missing"))
        return fail(m, arena, reply, "SNS.NotFoundException", "Topic does not exist", "AmazonSNS",
                    404, "NotFound");
    bool fifo = has(how, "fifo") || ends_with(topic, ".fifo");
    if (fifo && is_absent(aslrt_field(call->arguments, "MessageGroupId")))
        return fail(m, arena, reply, "SNS.InvalidParameterException",
                    "Invalid parameter: The MessageGroupId parameter is required for FIFO topics",
                    "AmazonSNS", 400, "InvalidParameter");
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "MessageId", aslrt_text(aslrt_mock_request_id(m, arena)));
    aslrt_mock_metadata(m, &b);
    if (fifo) {
        struct aslrt_buffer number = aslrt_buffer_in(arena);
        aslrt_buffer_format(&number, "1%019u", (unsigned)m->requests);
        aslrt_object_set_text(&b, "SequenceNumber", aslrt_text(aslrt_buffer_close(&number)));
    }
    reply->result = aslrt_object_done(&b);
    return ASLRT_OK;
}

/* ---- EventBridge ---- */

static struct aslrt_value refused(struct aslrt_arena *arena, const char *code, const char *words)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "ErrorCode", aslrt_text(code));
    aslrt_object_set_text(&b, "ErrorMessage", aslrt_text(words));
    return aslrt_object_done(&b);
}

/* A Detail is an object, or the text of one. */
static bool is_detail(struct aslrt_arena *arena, struct aslrt_value v)
{
    struct aslrt_value parsed;
    return v.kind == ASLRT_OBJECT ||
           (v.kind == ASLRT_STRING &&
            aslrt_json_read(arena, v.as.bytes, v.count, &parsed, NULL) == ASLRT_OK &&
            parsed.kind == ASLRT_OBJECT);
}

/* The answer to one entry: its id, or why it was refused. */
static struct aslrt_value put_event(struct aslrt_mock *m, struct aslrt_arena *arena,
                                    struct aslrt_value entry, bool *failed)
{
    static const char *const required[] = {"Source", "DetailType", "Detail"};
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (!is_absent(aslrt_field(entry, required[i])))
            continue;
        struct aslrt_buffer words = aslrt_buffer_in(arena);
        aslrt_buffer_format(&words, "Parameter %s is not valid. Reason: %s is a required argument.",
                            required[i], required[i]);
        *failed = true;
        return refused(arena, "InvalidArgument", aslrt_buffer_close(&words));
    }
    *failed = !is_detail(arena, aslrt_field(entry, "Detail"));
    if (*failed)
        return refused(arena, "MalformedDetail", "Detail is malformed.");
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "EventId", aslrt_text(aslrt_mock_request_id(m, arena)));
    return aslrt_object_done(&b);
}

static enum aslrt_status put_events(struct aslrt_mock *m, const struct aslrt_call *call,
                                    struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct aslrt_value entries = aslrt_field(call->arguments, "Entries"), how;
    struct aslrt_array_builder answers = aslrt_array_in(arena);
    int64_t failed = 0;
    for (uint32_t i = 0; entries.kind == ASLRT_ARRAY && i < entries.count; i++) {
        struct aslrt_value bus = aslrt_field(entries.as.items[i], "EventBusName");
        bool bad;
        if (!described(m->buses, is_absent(bus) ? aslrt_text("default") : bus, &how))
            return ASLRT_MISUSE;
        aslrt_array_add(&answers, put_event(m, arena, entries.as.items[i], &bad));
        failed += bad;
    }
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "Entries", aslrt_array_done(&answers));
    aslrt_object_set_text(&b, "FailedEntryCount", aslrt_int(failed));
    aslrt_mock_metadata(m, &b);
    struct aslrt_value result = aslrt_object_done(&b);
    if (failed == 0) {
        reply->result = result;
        return ASLRT_OK;
    }
    struct aslrt_value cause = sent_text(arena, result);
    reply->error = "EventBridge.FailedEntry";
    reply->cause = aslrt_copy_text(arena, cause.as.bytes, cause.count);
    return ASLRT_OK;
}

enum aslrt_status aslrt_mock_message(struct aslrt_mock *m, const struct aslrt_call *call,
                                     struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    if (is_call(call, "sqs", "sendMessage"))
        return send_message(m, call, arena, reply);
    if (is_call(call, "sns", "publish"))
        return publish(m, call, arena, reply);
    if (is_call(call, "events", "putEvents"))
        return put_events(m, call, arena, reply);
    return ASLRT_MISUSE;
}
