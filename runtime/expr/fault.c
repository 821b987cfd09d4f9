/*
 * fault.c - the words of an error: templates of jsonata_errors.def, filled in.
 *
 * In: a fault and the expression's text.  Out: code, message, token and position for the caller.
 * Positions count UTF-16 code units, because that is what jsonata-js reports.
 */
#include "runtime/expr/fault.h"

#include "runtime/base/buffer.h"
#include "runtime/expr/stringify.h"

static const struct template
{
    const char *code, *text;
}
templates[] = {
#define FAULT(code, text) {code, text},
#include "runtime/expr/jsonata_errors.def"
#undef FAULT
};

static bool named(const char *name, size_t count, const char *wanted)
{
    return strlen(wanted) == count && memcmp(name, wanted, count) == 0;
}

/* One {{name}} (as JSON) or {{{name}}} (bare). */
static void put_field(struct aslrt_buffer *b, const struct aslrt_fault *f, const char *name,
                      size_t count, bool bare)
{
    struct aslrt_value v = aslrt_undefined();
    if (named(name, count, "token"))
        v = f->token;
    else if (named(name, count, "value"))
        v = f->value;
    else if (named(name, count, "value2"))
        v = f->value2;
    else if (named(name, count, "index"))
        v = aslrt_int(f->index);
    else if (named(name, count, "exp"))
        v = f->exponent;
    else if (named(name, count, "type") && f->type != NULL)
        v = aslrt_text(f->type);
    else if (named(name, count, "functionName") && f->function != NULL)
        v = aslrt_text(f->function);
    else if (named(name, count, "message") && f->message != NULL)
        v = aslrt_text(f->message);
    if (v.kind == ASLRT_UNDEFINED)
        aslrt_buffer_text(b, "undefined");
    else if (v.kind == ASLRT_FUNCTION) /* jsonata-js would show how it keeps functions */
        aslrt_buffer_text(b, "a function");
    else if (bare && v.kind == ASLRT_STRING)
        aslrt_buffer_put(b, v.as.bytes, v.count);
    else
        aslrt_stringify(b, v, ASLRT_STRINGIFY_JSON);
}

static const char *fill(struct aslrt_arena *arena, const char *text, const struct aslrt_fault *f)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (;;) {
        const char *open = strstr(text, "{{");
        if (open == NULL)
            break;
        size_t braces = open[2] == '{' ? 3 : 2;
        const char *name = open + braces;
        const char *close = strchr(name, '}');
        aslrt_buffer_put(&b, text, (size_t)(open - text));
        put_field(&b, f, name, (size_t)(close - name), braces == 3);
        text = close + braces;
    }
    aslrt_buffer_text(&b, text);
    return aslrt_buffer_close(&b);
}

/* UTF-16 code units in front of byte `at`; bytes behind the text count as one each. */
static int64_t units_before(const char *text, size_t count, size_t at)
{
    int64_t units = 0;
    size_t end = at < count ? at : count;
    for (size_t i = 0; i < end; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x80 || c >= 0xc0)
            units += c >= 0xf0 ? 2 : 1;
    }
    return units + (int64_t)(at - end);
}

void aslrt_fault_describe(struct aslrt_arena *arena, const struct aslrt_fault *f, const char *text,
                          size_t count, struct aslrt_expr_error *error)
{
    memset(error, 0, sizeof *error);
    error->position = -1;
    error->token = f->token;
    error->value = f->value;
    error->message = f->message;
    if (f->at != FAULT_NOWHERE) {
        error->position = units_before(text, count, f->at);
        error->offset = f->at < count ? f->at : count;
    }
    if (f->code == NULL)
        return;
    memcpy(error->code, f->code, strlen(f->code) + 1);
    for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++)
        if (strcmp(templates[i].code, f->code) == 0)
            error->message = fill(arena, templates[i].text, f);
}
