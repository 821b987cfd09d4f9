/*
 * form.c - texts of HTTP requests: percent-encoding and form-encoding.
 * spec: WHATWG URL, application/x-www-form-urlencoded; the guide's RequestEncodingOptions.
 */
#include "runtime/base/json.h"
#include "runtime/remote/remote_int.h"

void aslrt_percent_encode(struct aslrt_buffer *out, const char *bytes, size_t count)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != '\0' && strchr(plain, bytes[i]) != NULL)
            aslrt_buffer_char(out, bytes[i]);
        else
            aslrt_buffer_format(out, "%%%02X", (unsigned)(unsigned char)bytes[i]);
    }
}

/* A string as it is, anything else as JSON writes it. */
static void put_scalar(struct aslrt_buffer *out, struct aslrt_value v, struct aslrt_arena *arena)
{
    struct aslrt_buffer text = aslrt_buffer_in(arena);
    if (v.kind == ASLRT_STRING)
        aslrt_percent_encode(out, v.as.bytes, v.count);
    else {
        aslrt_json_put(&text, v, ASLRT_JSON_MINIFIED);
        aslrt_percent_encode(out, text.bytes, text.count);
    }
}

static void put_pair(struct aslrt_buffer *out, const char *name, struct aslrt_value v)
{
    if (out->count != 0)
        aslrt_buffer_char(out, '&');
    aslrt_buffer_text(out, name);
    aslrt_buffer_char(out, '=');
    put_scalar(out, v, out->arena);
}

/* One value under its encoded name.  Recursion is bounded by the depth of the JSON that was read.
 */
static void put(struct aslrt_buffer *out, const char *name, struct aslrt_value v,
                const char *format)
{
    if (v.kind == ASLRT_ARRAY && strcmp(format, "COMMAS") == 0) {
        if (out->count != 0)
            aslrt_buffer_char(out, '&');
        aslrt_buffer_format(out, "%s=", name);
        for (uint32_t i = 0; i < v.count; i++) {
            if (i != 0)
                aslrt_buffer_char(out, ',');
            put_scalar(out, v.as.items[i], out->arena);
        }
        return;
    }
    bool list = v.kind == ASLRT_ARRAY;
    if (!list && v.kind != ASLRT_OBJECT) {
        put_pair(out, name, v);
        return;
    }
    for (uint32_t i = 0; i < v.count; i++) {
        struct aslrt_buffer inner = aslrt_buffer_in(out->arena);
        aslrt_buffer_text(&inner, name);
        if (!list) {
            aslrt_buffer_text(&inner, "%5B");
            aslrt_percent_encode(&inner, v.as.members[i].key.as.bytes, v.as.members[i].key.count);
            aslrt_buffer_text(&inner, "%5D");
        } else if (strcmp(format, "INDICES") == 0) {
            aslrt_buffer_format(&inner, "%%5B%u%%5D", (unsigned)i);
        } else if (strcmp(format, "BRACKETS") == 0) {
            aslrt_buffer_text(&inner, "%5B%5D");
        }
        put(out, aslrt_buffer_close(&inner), list ? v.as.items[i] : v.as.members[i].value, format);
    }
}

void aslrt_form_encode(struct aslrt_buffer *out, struct aslrt_value object, const char *format)
{
    for (uint32_t i = 0; object.kind == ASLRT_OBJECT && i < object.count; i++) {
        struct aslrt_buffer name = aslrt_buffer_in(out->arena);
        const struct aslrt_member *m = &object.as.members[i];
        aslrt_percent_encode(&name, m->key.as.bytes, m->key.count);
        put(out, aslrt_buffer_close(&name), m->value, format);
    }
}
