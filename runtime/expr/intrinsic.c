/*
 * intrinsic.c - the 18 intrinsic functions of JSONPath states.
 *
 * spec: Intrinsic Functions; where the specification is silent, what was recorded of the service
 * counts: objects in a Format look as Java prints a map, StringSplit splits at each character of
 * its second argument and drops empty parts, numbers that should be integers are rounded half up.
 */
#include "runtime/base/base64.h"
#include "runtime/base/buffer.h"
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/expr/digest.h"
#include "runtime/expr/path_int.h"

#include <math.h>

enum { ARRAY_MAX = 1000, TEXT_MAX = 10000 }; /* what the service takes */

struct calling {
    const struct aslrt_term *call;
    const struct aslrt_path_scope *scope;
    struct aslrt_path_fault *fault;
    struct aslrt_value *arguments;
    uint32_t count;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool
fail(struct calling *c, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(c->scope->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    c->fault->message = aslrt_buffer_close(&b);
    c->fault->term = c->call;
    return false;
}

static struct aslrt_value text_value(struct aslrt_buffer *b)
{
    const char *text = aslrt_buffer_close(b);
    return aslrt_string(text, (uint32_t)b->count);
}

/* ---- arguments ---- */

static bool need(struct calling *c, uint32_t index, enum aslrt_kind kind, const char *what)
{
    struct aslrt_value v = c->arguments[index];
    bool fits = kind == ASLRT_DOUBLE ? aslrt_is_number(v) : v.kind == kind;
    return fits || fail(c, "argument %u must be %s", (unsigned)index + 1, what);
}

/* An integer; the service rounds what isn't one, half up. */
static bool integer(struct calling *c, uint32_t index, int64_t *out)
{
    if (!need(c, index, ASLRT_DOUBLE, "a number"))
        return false;
    if (aslrt_to_int(c->arguments[index], out))
        return true;
    double d = floor(aslrt_to_double(c->arguments[index]) + 0.5);
    if (!(d > -9.2e18 && d < 9.2e18))
        return fail(c, "argument %u is out of range", (unsigned)index + 1);
    *out = (int64_t)d;
    return true;
}

/* The text of a literal in the call: \' \{ \} \\ stand for the character. */
static struct aslrt_value literal(const struct calling *c, struct aslrt_path_text text)
{
    char *to = aslrt_alloc(c->scope->arena, text.count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < text.count; i++) {
        if (text.bytes[i] == '\\' && i + 1 < text.count)
            i++;
        to[count++] = text.bytes[i];
    }
    return aslrt_string(to, count);
}

static bool evaluate_argument(struct calling *c, const struct aslrt_term *t,
                              struct aslrt_value *out)
{
    switch (t->kind) {
    case ASLRT_TERM_PATH:
        c->fault->term = t;
        return aslrt_path_walk(t->path, c->scope, out, c->fault);
    case ASLRT_TERM_CALL:
        return aslrt_intrinsic_call(t, c->scope, out, c->fault);
    case ASLRT_TERM_NUMBER:
        *out = aslrt_of_kind(ASLRT_NUMBER);
        out->count = t->text.count;
        out->as.bytes = t->text.bytes;
        return true;
    case ASLRT_TERM_TRUE:
    case ASLRT_TERM_FALSE:
        *out = aslrt_bool(t->kind == ASLRT_TERM_TRUE);
        return true;
    case ASLRT_TERM_NULL:
        *out = aslrt_null();
        return true;
    default:
        *out = literal(c, t->text);
        return true;
    }
}

/* ---- text ---- */

/* A value as Java prints it: strings bare, [a, b], {k=v, l=w}. */
static void put_java(struct aslrt_buffer *b, struct aslrt_value v)
{
    if (v.kind == ASLRT_STRING) {
        aslrt_buffer_put(b, v.as.bytes, v.count);
        return;
    }
    if (v.kind != ASLRT_ARRAY && v.kind != ASLRT_OBJECT) {
        aslrt_json_put(b, v, ASLRT_JSON_MINIFIED);
        return;
    }
    aslrt_buffer_char(b, v.kind == ASLRT_ARRAY ? '[' : '{');
    for (uint32_t i = 0; i < v.count; i++) {
        aslrt_buffer_text(b, i == 0 ? "" : ", ");
        if (v.kind == ASLRT_OBJECT) {
            put_java(b, v.as.members[i].key);
            aslrt_buffer_char(b, '=');
        }
        put_java(b, v.kind == ASLRT_ARRAY ? v.as.items[i] : v.as.members[i].value);
    }
    aslrt_buffer_char(b, v.kind == ASLRT_ARRAY ? ']' : '}');
}

/* The template's escapes count only where it is a literal; "{}" is a place for an argument. */
static bool format(struct calling *c, struct aslrt_value *out)
{
    const struct aslrt_term *t = c->call->arguments[0];
    if (!need(c, 0, ASLRT_STRING, "a string"))
        return false;
    bool is_literal = t->kind == ASLRT_TERM_STRING;
    const char *at = is_literal ? t->text.bytes : c->arguments[0].as.bytes;
    const char *end = at + (is_literal ? t->text.count : c->arguments[0].count);
    struct aslrt_buffer b = aslrt_buffer_in(c->scope->arena);
    uint32_t used = 1;
    for (; at < end; at++) {
        if (*at == '\\' && at + 1 < end && is_literal) {
            aslrt_buffer_char(&b, *++at);
        } else if (*at == '{' && at + 1 < end && at[1] == '}') {
            if (used == c->count)
                return fail(c, "the template has more '{}' than there are arguments");
            put_java(&b, c->arguments[used++]);
            at++;
        } else {
            aslrt_buffer_char(&b, *at);
        }
    }
    if (used != c->count)
        return fail(c, "there are more arguments than the template has '{}'");
    *out = text_value(&b);
    return true;
}

static bool string_split(struct calling *c, struct aslrt_value *out)
{
    if (!need(c, 0, ASLRT_STRING, "a string") || !need(c, 1, ASLRT_STRING, "a string"))
        return false;
    struct aslrt_value text = c->arguments[0], separators = c->arguments[1];
    struct aslrt_array_builder b = aslrt_array_in(c->scope->arena);
    uint32_t start = 0;
    for (uint32_t i = 0; i <= text.count; i++) {
        bool ends = i == text.count ||
                    memchr(separators.as.bytes, text.as.bytes[i], separators.count) != NULL;
        if (!ends)
            continue;
        if (i > start)
            aslrt_array_add(&b, aslrt_string(text.as.bytes + start, i - start));
        start = i + 1;
    }
    *out = aslrt_array_done(&b);
    return true;
}

static bool string_to_json(struct calling *c, struct aslrt_value *out)
{
    if (!need(c, 0, ASLRT_STRING, "a string"))
        return false;
    struct aslrt_value text = c->arguments[0];
    uint32_t blank = 0;
    while (blank < text.count && memchr(" \t\r\n", text.as.bytes[blank], 4) != NULL)
        blank++;
    *out = aslrt_null(); /* of nothing, as the service has it */
    if (blank == text.count)
        return true;
    struct aslrt_json_error error;
    enum aslrt_status status =
        aslrt_json_read(c->scope->arena, text.as.bytes, text.count, out, &error);
    if (status == ASLRT_SYNTAX)
        return fail(c, "the string is not JSON: %s", error.message);
    if (status != ASLRT_OK)
        aslrt_escape(c->scope->arena->memory, status);
    return true;
}

static bool json_to_string(struct calling *c, struct aslrt_value *out)
{
    struct aslrt_buffer b = aslrt_buffer_in(c->scope->arena);
    aslrt_json_put(&b, c->arguments[0], ASLRT_JSON_MINIFIED);
    *out = text_value(&b);
    return true;
}

/* ---- bytes ---- */

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool encoded_text(struct calling *c, struct aslrt_value *text)
{
    *text = c->arguments[0];
    if (!need(c, 0, ASLRT_STRING, "a string"))
        return false;
    return text->count <= TEXT_MAX || fail(c, "the string is longer than %d", TEXT_MAX);
}

static bool base64_encode(struct calling *c, struct aslrt_value *out)
{
    struct aslrt_value text;
    if (!encoded_text(c, &text))
        return false;
    struct aslrt_buffer b = aslrt_buffer_in(c->scope->arena);
    size_t length = aslrt_base64_length(text.count);
    aslrt_base64_encode((const uint8_t *)text.as.bytes, text.count,
                        aslrt_buffer_reserve(&b, length));
    b.count += length;
    *out = text_value(&b);
    return true;
}

static bool base64_decode(struct calling *c, struct aslrt_value *out)
{
    struct aslrt_value text;
    if (!encoded_text(c, &text))
        return false;
    struct aslrt_buffer b = aslrt_buffer_in(c->scope->arena);
    uint32_t bits = 0, have = 0, count = text.count;
    while (count > 0 && text.as.bytes[count - 1] == '=')
        count--;
    for (uint32_t i = 0; i < count; i++) {
        const char *digit =
            text.as.bytes[i] != '\0' ? strchr(base64_digits, text.as.bytes[i]) : NULL;
        if (digit == NULL)
            return fail(c, "the string is not base64");
        bits = bits << 6 | (uint32_t)(digit - base64_digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            aslrt_buffer_char(&b, (char)(bits >> have & 0xff));
        }
    }
    *out = text_value(&b);
    return true;
}

static bool hash(struct calling *c, struct aslrt_value *out)
{
    if (!need(c, 1, ASLRT_STRING, "the name of an algorithm"))
        return false;
    struct aslrt_value data = c->arguments[0];
    if (data.kind != ASLRT_STRING) {
        struct aslrt_buffer b = aslrt_buffer_in(c->scope->arena);
        aslrt_json_put(&b, data, ASLRT_JSON_MINIFIED);
        data = text_value(&b);
    }
    if (data.count > TEXT_MAX)
        return fail(c, "the data is longer than %d", TEXT_MAX);
    struct aslrt_value name = c->arguments[1];
    unsigned char digest[ASLRT_DIGEST_MAX];
    unsigned count = aslrt_digest(name.as.bytes, name.count, data.as.bytes, data.count, digest);
    if (count == 0)
        return fail(c, "the algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512");
    struct aslrt_buffer b = aslrt_buffer_in(c->scope->arena);
    for (unsigned i = 0; i < count; i++)
        aslrt_buffer_format(&b, "%02x", digest[i]);
    *out = text_value(&b);
    return true;
}

/* ---- arrays ---- */

static bool array(struct calling *c, struct aslrt_value *out)
{
    *out = aslrt_array(c->arguments, c->count);
    return true;
}

static bool array_contains(struct calling *c, struct aslrt_value *out)
{
    if (!need(c, 0, ASLRT_ARRAY, "an array"))
        return false;
    *out = aslrt_bool(false);
    for (uint32_t i = 0; i < c->arguments[0].count && !out->as.boolean; i++)
        out->as.boolean = aslrt_equal(c->arguments[0].as.items[i], c->arguments[1]);
    return true;
}

static bool array_get_item(struct calling *c, struct aslrt_value *out)
{
    int64_t index;
    if (!need(c, 0, ASLRT_ARRAY, "an array") || !integer(c, 1, &index))
        return false;
    if (index < 0 || index >= c->arguments[0].count)
        return fail(c, "the index %lld is outside of the array", (long long)index);
    *out = c->arguments[0].as.items[index];
    return true;
}

static bool array_partition(struct calling *c, struct aslrt_value *out)
{
    int64_t size;
    if (!need(c, 0, ASLRT_ARRAY, "an array") || !integer(c, 1, &size))
        return false;
    if (size < 1)
        return fail(c, "the size of a part must be positive");
    struct aslrt_value all = c->arguments[0];
    struct aslrt_array_builder b = aslrt_array_in(c->scope->arena);
    for (uint32_t i = 0; i < all.count;) {
        uint32_t left = all.count - i;
        uint32_t part = size < left ? (uint32_t)size : left;
        aslrt_array_add(&b, aslrt_array(all.as.items + i, part));
        i += part;
    }
    *out = aslrt_array_done(&b);
    return true;
}

static bool array_range(struct calling *c, struct aslrt_value *out)
{
    int64_t first, last, step;
    if (!integer(c, 0, &first) || !integer(c, 1, &last) || !integer(c, 2, &step))
        return false;
    if (step == 0)
        return fail(c, "the step must not be 0");
    struct aslrt_array_builder b = aslrt_array_in(c->scope->arena);
    for (int64_t i = first; step > 0 ? i <= last : i >= last;) {
        if (b.count == ARRAY_MAX)
            return fail(c, "the range has more than %d elements", ARRAY_MAX);
        aslrt_array_add(&b, aslrt_int(i));
        if (step > 0 ? i > INT64_MAX - step : i < INT64_MIN - step)
            break;
        i += step;
    }
    *out = aslrt_array_done(&b);
    return true;
}

static bool array_length(struct calling *c, struct aslrt_value *out)
{
    *out = aslrt_int(c->arguments[0].count);
    return need(c, 0, ASLRT_ARRAY, "an array");
}

static bool array_unique(struct calling *c, struct aslrt_value *out)
{
    if (!need(c, 0, ASLRT_ARRAY, "an array"))
        return false;
    struct aslrt_array_builder b = aslrt_array_in(c->scope->arena);
    for (uint32_t i = 0; i < c->arguments[0].count; i++) {
        struct aslrt_value item = c->arguments[0].as.items[i];
        bool known = false;
        for (uint32_t k = 0; k < b.count && !known; k++)
            known = aslrt_equal(b.items[k], item);
        if (!known)
            aslrt_array_add(&b, item);
    }
    *out = aslrt_array_done(&b);
    return true;
}

/* ---- objects, numbers, identifiers ---- */

/* Only the shallow merge exists: the third argument must be false. */
static bool json_merge(struct calling *c, struct aslrt_value *out)
{
    if (!need(c, 0, ASLRT_OBJECT, "an object") || !need(c, 1, ASLRT_OBJECT, "an object") ||
        !need(c, 2, ASLRT_BOOL, "false"))
        return false;
    if (c->arguments[2].as.boolean)
        return fail(c, "deep merging is not supported");
    struct aslrt_object_builder b = aslrt_object_in(c->scope->arena);
    for (uint32_t k = 0; k < 2; k++)
        for (uint32_t i = 0; i < c->arguments[k].count; i++)
            aslrt_object_set(&b, c->arguments[k].as.members[i].key,
                             c->arguments[k].as.members[i].value);
    *out = aslrt_object_done(&b);
    return true;
}

static bool math_add(struct calling *c, struct aslrt_value *out)
{
    int64_t a, b;
    if (!integer(c, 0, &a) || !integer(c, 1, &b))
        return false;
    if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
        return fail(c, "the sum is out of range");
    *out = aslrt_int(a + b);
    return true;
}

/* The numbers from the first to the last but one.  With a seed always the same one. */
static bool math_random(struct calling *c, struct aslrt_value *out)
{
    int64_t first, last, seed;
    if (!integer(c, 0, &first) || !integer(c, 1, &last))
        return false;
    if (first >= last)
        return fail(c, "the first number must be smaller than the last");
    uint64_t draw;
    if (c->count == 3) {
        if (!integer(c, 2, &seed))
            return false;
        draw = (uint64_t)seed * 0x9e3779b97f4a7c15u;
        draw = (draw ^ draw >> 32) * 0xd6e8feb86659fd93u;
        draw ^= draw >> 32;
    } else {
        draw = c->scope->random(c->scope->data);
    }
    uint64_t span = (uint64_t)last - (uint64_t)first;
    *out = aslrt_int((int64_t)((uint64_t)first + draw % span));
    return true;
}

static bool uuid(struct calling *c, struct aslrt_value *out)
{
    uint64_t high = (c->scope->random(c->scope->data) & ~(uint64_t)0xf000) | 0x4000;
    uint64_t low = (c->scope->random(c->scope->data) & ~((uint64_t)3 << 62)) | ((uint64_t)2 << 62);
    struct aslrt_buffer b = aslrt_buffer_in(c->scope->arena);
    aslrt_buffer_format(&b, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32),
                        (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xffff),
                        (unsigned)(low >> 48), (unsigned long long)(low & 0xffffffffffff));
    *out = text_value(&b);
    return true;
}

/* ---- calls ---- */

static bool dispatch(struct calling *c, struct aslrt_value *out)
{
    switch (c->call->intrinsic) {
    case ASLRT_INTRINSIC_Array:
        return array(c, out);
    case ASLRT_INTRINSIC_ArrayContains:
        return array_contains(c, out);
    case ASLRT_INTRINSIC_ArrayGetItem:
        return array_get_item(c, out);
    case ASLRT_INTRINSIC_ArrayLength:
        return array_length(c, out);
    case ASLRT_INTRINSIC_ArrayPartition:
        return array_partition(c, out);
    case ASLRT_INTRINSIC_ArrayRange:
        return array_range(c, out);
    case ASLRT_INTRINSIC_ArrayUnique:
        return array_unique(c, out);
    case ASLRT_INTRINSIC_Base64Decode:
        return base64_decode(c, out);
    case ASLRT_INTRINSIC_Base64Encode:
        return base64_encode(c, out);
    case ASLRT_INTRINSIC_Format:
        return format(c, out);
    case ASLRT_INTRINSIC_Hash:
        return hash(c, out);
    case ASLRT_INTRINSIC_JsonMerge:
        return json_merge(c, out);
    case ASLRT_INTRINSIC_JsonToString:
        return json_to_string(c, out);
    case ASLRT_INTRINSIC_MathAdd:
        return math_add(c, out);
    case ASLRT_INTRINSIC_MathRandom:
        return math_random(c, out);
    case ASLRT_INTRINSIC_StringSplit:
        return string_split(c, out);
    case ASLRT_INTRINSIC_StringToJson:
        return string_to_json(c, out);
    case ASLRT_INTRINSIC_UUID:
        return uuid(c, out);
    case ASLRT_INTRINSIC_COUNT:
        break;
    }
    return false;
}

bool aslrt_intrinsic_call(const struct aslrt_term *call, const struct aslrt_path_scope *scope,
                          struct aslrt_value *out, struct aslrt_path_fault *fault)
{
    struct calling c = {
        .call = call, .scope = scope, .fault = fault, .count = call->argument_count};
    c.arguments = aslrt_alloc(scope->arena, c.count * sizeof *c.arguments);
    for (uint32_t i = 0; i < c.count; i++)
        if (!evaluate_argument(&c, call->arguments[i], &c.arguments[i]))
            return false;
    fault->term = call;
    return dispatch(&c, out);
}
