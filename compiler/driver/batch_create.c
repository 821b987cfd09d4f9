/*
 * batch_create.c - the ops create and validate: is this a definition that the service takes? See
 * batch.h.
 *
 * What the service says of a definition comes from verdict.h; here are the other members of the
 * requests CreateStateMachine and ValidateStateMachineDefinition, and the shapes of the replies.
 */
#include "compiler/driver/batch.h"
#include "compiler/driver/verdict.h"
#include "runtime/base/utf8.h"
#include "runtime/base/value.h"

/* ---- replies ---- */

/* A reply so far: with the id of its request. */
static struct aslrt_object_builder reply_to(struct aslrt_arena *arena, struct aslrt_value request)
{
    struct aslrt_object_builder reply = aslrt_object_in(arena);
    struct aslrt_value id = aslrt_field(request, "id");
    aslrt_object_set_text(&reply, "id", id.kind == ASLRT_UNDEFINED ? aslrt_null() : id);
    return reply;
}

static struct aslrt_value reply_with(struct aslrt_arena *arena, struct aslrt_value request,
                                     const char *member, struct aslrt_value value)
{
    struct aslrt_object_builder reply = reply_to(arena, request);
    aslrt_object_set_text(&reply, member, value);
    return aslrt_object_done(&reply);
}

static struct aslrt_value refuse(struct aslrt_arena *arena, struct aslrt_value request,
                                 const char *code, const char *message)
{
    struct aslrt_object_builder e = aslrt_object_in(arena);
    aslrt_object_set_text(&e, "code", aslrt_text(code));
    aslrt_object_set_text(&e, "message", aslrt_text(message));
    return reply_with(arena, request, "exception", aslrt_object_done(&e));
}

/* The exception of a request that breaks a constraint of the API's model. */
static struct aslrt_value out_of_bounds(struct aslrt_arena *arena, struct aslrt_value request,
                                        const char *value, const char *member, const char *rule)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b,
                        "1 validation error detected: Value '%s' at '%s' failed to satisfy "
                        "constraint: Member must %s",
                        value, member, rule);
    return refuse(arena, request, "ValidationException", aslrt_buffer_close(&b));
}

/* ---- what both have ---- */

static bool is_text(struct aslrt_value value)
{
    return value.kind == ASLRT_STRING;
}

static const char *text_of(struct aslrt_arena *arena, struct aslrt_value value)
{
    return aslrt_copy_text(arena, value.as.bytes, value.count);
}

struct definition {
    const char *text;
    size_t count;
    enum ir_machine_type type;
};

/* Reads definition and type.  False when the request has a mistake of its own: *reply says it. */
static bool read_definition(struct aslrt_arena *arena, struct aslrt_value request,
                            struct definition *out, struct aslrt_value *reply)
{
    const size_t most = 1048576;
    struct aslrt_value definition = aslrt_field(request, "definition");
    struct aslrt_value type = aslrt_field(request, "type");
    bool express = aslrt_is(type, "EXPRESS");
    out->type = express ? IR_EXPRESS : IR_STANDARD;
    if (is_text(type) && !express && !aslrt_is(type, "STANDARD")) {
        *reply = out_of_bounds(arena, request, text_of(arena, type), "type",
                               "satisfy enum value set: [STANDARD, EXPRESS]");
        return false;
    }
    if (definition.kind == ASLRT_UNDEFINED) {
        *reply = refuse(arena, request, "ValidationException", "definition is missing");
        return false;
    }
    if (is_text(definition)) {
        out->text = text_of(arena, definition);
        out->count = definition.count;
    } else if (aslrt_json_write(arena, definition, &out->text, &out->count) != ASLRT_OK) {
        aslrt_escape(arena->memory, ASLRT_NOMEM);
    }
    if (out->count != 0 && out->count <= most)
        return true;
    *reply = out_of_bounds(arena, request, out->count == 0 ? "" : "<the definition>", "definition",
                           out->count == 0 ? "have length greater than or equal to 1"
                                           : "have length less than or equal to 1048576");
    return false;
}

/* ---- create ---- */

/* Names take no blanks, brackets, wildcards, control characters or characters that mean something
   elsewhere, and have 80 characters at most (API reference, CreateStateMachine). */
static bool is_name(const char *name, size_t count)
{
    static const char bad[] = " \t<>{}[]?*\"#%\\^|~`$&,;:/";
    size_t length = 0;
    for (const char *p = name, *end = name + count; p < end; length++) {
        uint32_t c = aslrt_utf8_next(&p);
        if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c < 0x7f && strchr(bad, (int)c) != NULL))
            return false;
    }
    return length >= 1 && length <= 80;
}

/* A log level other than OFF needs one place where the log goes.  "logGroups" lists those that
   exist; without it all do. */
static const char *check_logging(struct aslrt_arena *arena, struct aslrt_value request)
{
    struct aslrt_value logging = aslrt_field(request, "loggingConfiguration");
    struct aslrt_value level = aslrt_field(logging, "level");
    struct aslrt_value destinations = aslrt_field(logging, "destinations");
    struct aslrt_value groups = aslrt_field(request, "logGroups");
    uint32_t count = destinations.kind == ASLRT_ARRAY ? destinations.count : 0;
    if (!is_text(level) || (aslrt_is(level, "OFF") && count == 0))
        return NULL;
    if (count != 1)
        return "Invalid Logging Configuration: Must specify exactly one Log Destination.";
    if (groups.kind != ASLRT_ARRAY)
        return NULL;
    struct aslrt_value group = aslrt_field(destinations.as.items[0], "cloudWatchLogsLogGroup");
    struct aslrt_value arn = aslrt_field(group, "logGroupArn");
    for (uint32_t i = 0; is_text(arn) && i < groups.count; i++)
        if (aslrt_is(groups.as.items[i], text_of(arena, arn)))
            return NULL;
    return "Invalid Logging Configuration: Log Destination not found.";
}

/* True when a machine of that name exists and is not the same: creating the same again is taken. */
static bool is_taken(struct aslrt_arena *arena, struct aslrt_value request,
                     const struct definition *d)
{
    struct aslrt_value name = aslrt_field(request, "name");
    struct aslrt_value existing = aslrt_field(request, "existing");
    for (uint32_t i = 0; is_text(name) && existing.kind == ASLRT_ARRAY && i < existing.count; i++) {
        struct aslrt_value other = existing.as.items[i], reply;
        struct definition o;
        if (aslrt_is(aslrt_field(other, "name"), text_of(arena, name)))
            return !read_definition(arena, other, &o, &reply) || o.type != d->type ||
                   o.count != d->count || memcmp(o.text, d->text, d->count) != 0;
    }
    return false;
}

static struct aslrt_value refuse_name(struct aslrt_arena *arena, struct aslrt_value request,
                                      const char *code, const char *before, const char *after)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_format(&b, "%s%s%s", before, text_of(arena, aslrt_field(request, "name")), after);
    return refuse(arena, request, code, aslrt_buffer_close(&b));
}

struct aslrt_value batch_create(struct aslrt_arena *arena, struct aslrt_value request)
{
    struct definition d;
    struct aslrt_value reply, name = aslrt_field(request, "name");
    struct aslrt_value publish = aslrt_field(request, "publish");
    if (!read_definition(arena, request, &d, &reply))
        return reply;
    if (is_text(name) && !is_name(name.as.bytes, name.count))
        return refuse_name(arena, request, "InvalidName", "Invalid Name: '", "'");
    if (is_text(aslrt_field(request, "versionDescription")) &&
        !(publish.kind == ASLRT_BOOL && publish.as.boolean))
        return refuse(arena, request, "ValidationException",
                      "Version description can only be set when publish is true");
    const char *logging = check_logging(arena, request);
    if (logging != NULL)
        return refuse(arena, request, "InvalidLoggingConfiguration", logging);
    struct verdict verdict;
    verdict_of(arena, d.text, d.count, d.type, &verdict);
    if (verdict.errors != 0)
        return refuse(arena, request, "InvalidDefinition", verdict_refusal(arena, &verdict));
    if (is_taken(arena, request, &d))
        return refuse_name(
            arena, request, "StateMachineAlreadyExists",
            "State Machine Already Exists: 'arn:aws:states:us-east-1:123456789012:stateMachine:",
            "'");
    return reply_with(arena, request, "result", aslrt_text("OK"));
}

/* ---- validate ---- */

static struct aslrt_value diagnostic(struct aslrt_arena *arena, const struct verdict_finding *f)
{
    struct aslrt_object_builder o = aslrt_object_in(arena);
    aslrt_object_set_text(&o, "severity",
                          aslrt_text(f->severity == SEVERITY_ERROR ? "ERROR" : "WARNING"));
    aslrt_object_set_text(&o, "code", aslrt_text(f->code));
    aslrt_object_set_text(&o, "message", aslrt_text(f->text));
    if (f->location != NULL)
        aslrt_object_set_text(&o, "location", aslrt_text(f->location));
    return aslrt_object_done(&o);
}

/* Reads maxResults: 1 to 100, and 0 for the default, which is 100. */
static bool read_max(struct aslrt_arena *arena, struct aslrt_value request, uint32_t *out,
                     struct aslrt_value *reply)
{
    struct aslrt_value max = aslrt_field(request, "maxResults");
    int64_t n = 0;
    if (max.kind != ASLRT_UNDEFINED && max.kind != ASLRT_NULL) {
        const char *text;
        size_t count;
        if (aslrt_json_write(arena, max, &text, &count) != ASLRT_OK)
            aslrt_escape(arena->memory, ASLRT_NOMEM);
        if (!aslrt_to_int(max, &n) || n < 0 || n > 100) {
            *reply = out_of_bounds(arena, request, text, "maxResults",
                                   n < 0 ? "have value greater than or equal to 0"
                                         : "have value less than or equal to 100");
            return false;
        }
    }
    *out = n == 0 ? 100 : (uint32_t)n;
    return true;
}

struct aslrt_value batch_validate(struct aslrt_arena *arena, struct aslrt_value request)
{
    struct definition d;
    struct aslrt_value reply, severity = aslrt_field(request, "severity");
    bool warnings = aslrt_is(severity, "WARNING");
    uint32_t most;
    if (!read_definition(arena, request, &d, &reply) || !read_max(arena, request, &most, &reply))
        return reply;
    if (is_text(severity) && !warnings && !aslrt_is(severity, "ERROR"))
        return out_of_bounds(arena, request, text_of(arena, severity), "severity",
                             "satisfy enum value set: [ERROR, WARNING]");
    struct verdict verdict;
    verdict_of(arena, d.text, d.count, d.type, &verdict);
    struct aslrt_array_builder list = aslrt_array_in(arena);
    bool truncated = false;
    for (uint32_t i = 0; i < verdict.count; i++) {
        const struct verdict_finding *f = &verdict.findings[i];
        if (f->severity != SEVERITY_ERROR && !warnings)
            continue;
        if (list.count == most)
            truncated = true;
        else
            aslrt_array_add(&list, diagnostic(arena, f));
    }
    struct aslrt_object_builder o = reply_to(arena, request);
    aslrt_object_set_text(&o, "result", aslrt_text(verdict.errors == 0 ? "OK" : "FAIL"));
    aslrt_object_set_text(&o, "diagnostics", aslrt_array_done(&list));
    aslrt_object_set_text(&o, "truncated", aslrt_bool(truncated));
    return aslrt_object_done(&o);
}
