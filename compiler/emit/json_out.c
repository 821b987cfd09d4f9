/*
 * json_out.c - writes JSON documents; see json_out.h.
 */
#include "compiler/emit/json_out.h"

#include "runtime/base/json.h"

#include <assert.h>
#include <inttypes.h>

struct json_out json_out_on(struct aslrt_buffer *out)
{
    return (struct json_out){out, 0, true, false};
}

static void line(struct json_out *o)
{
    aslrt_buffer_char(o->out, '\n');
    for (uint32_t i = 0; i < o->depth; i++)
        aslrt_buffer_text(o->out, "  ");
}

/* What stands before a value or a key: a comma, and a line of its own. */
static void lead(struct json_out *o)
{
    if (o->after_key) {
        o->after_key = false;
        return;
    }
    if (o->depth == 0)
        return;
    if (!o->first)
        aslrt_buffer_char(o->out, ',');
    line(o);
    o->first = false;
}

void out_open(struct json_out *o, char bracket)
{
    lead(o);
    aslrt_buffer_char(o->out, bracket);
    o->depth++;
    o->first = true;
}

void out_close(struct json_out *o, char bracket)
{
    assert(o->depth > 0 && !o->after_key);
    o->depth--;
    if (!o->first)
        line(o);
    aslrt_buffer_char(o->out, bracket);
    o->first = false;
}

void out_template_text(struct aslrt_buffer *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if ((text[i] == '$' || text[i] == '%') && i + 1 < count && text[i + 1] == '{')
            aslrt_buffer_char(out, text[i]);
        aslrt_buffer_char(out, text[i]);
    }
}

static void put_text(struct json_out *o, const char *text, size_t count)
{
    struct aslrt_buffer b = aslrt_buffer_in(o->out->arena);
    out_template_text(&b, text, count);
    aslrt_json_put_string(o->out, aslrt_buffer_close(&b), b.count);
}

void out_key(struct json_out *o, const char *key)
{
    assert(!o->after_key);
    lead(o);
    put_text(o, key, strlen(key));
    aslrt_buffer_text(o->out, ": ");
    o->after_key = true;
}

void out_string(struct json_out *o, const char *text)
{
    lead(o);
    put_text(o, text, strlen(text));
}

void out_prepared(struct json_out *o, const char *text)
{
    lead(o);
    aslrt_json_put_string(o->out, text, strlen(text));
}

void out_bool(struct json_out *o, bool value)
{
    lead(o);
    aslrt_buffer_text(o->out, value ? "true" : "false");
}

void out_int(struct json_out *o, int64_t value)
{
    lead(o);
    aslrt_buffer_format(o->out, "%" PRId64, value);
}

void out_member(struct json_out *o, const char *key, const char *text)
{
    if (text == NULL)
        return;
    out_key(o, key);
    out_string(o, text);
}

static void put_number(struct json_out *o, struct aslrt_value value)
{
    lead(o);
    if (value.kind == ASLRT_INT)
        aslrt_buffer_format(o->out, "%" PRId64, value.as.integer);
    else if (value.kind == ASLRT_NUMBER)
        aslrt_buffer_put(o->out, value.as.bytes, value.count);
    else
        aslrt_buffer_format(o->out, "%.17g", value.as.real);
}

/* Recursion is as deep as the value, which the reader has bounded. */
void out_value(struct json_out *o, struct aslrt_value value)
{
    switch ((enum aslrt_kind)value.kind) {
    case ASLRT_BOOL:
        out_bool(o, value.as.boolean);
        break;
    case ASLRT_INT:
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
        put_number(o, value);
        break;
    case ASLRT_STRING:
        lead(o);
        put_text(o, value.as.bytes, value.count);
        break;
    case ASLRT_ARRAY:
        out_open(o, '[');
        for (uint32_t i = 0; i < value.count; i++)
            out_value(o, value.as.items[i]);
        out_close(o, ']');
        break;
    case ASLRT_OBJECT:
        out_open(o, '{');
        for (uint32_t i = 0; i < value.count; i++) {
            const struct aslrt_member *m = &value.as.members[i];
            out_key(o, aslrt_copy_text(o->out->arena, m->key.as.bytes, m->key.count));
            out_value(o, m->value);
        }
        out_close(o, '}');
        break;
    case ASLRT_UNDEFINED:
    case ASLRT_NULL:
    case ASLRT_FUNCTION:
        lead(o);
        aslrt_buffer_text(o->out, "null");
        break;
    }
}

void out_end(struct json_out *o)
{
    assert(o->depth == 0);
    aslrt_buffer_char(o->out, '\n');
}
