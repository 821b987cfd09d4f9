/*
 * jsonata_runner.c - evaluates JSONata expressions that it reads as NDJSON; the tests' window to
 * the engine.
 *
 * In: a request a line, {"expr","input","bindings","version","dialect","timeLimitMs","maxDepth",
 * "now"}; no "input" means undefined.  Out: a reply a line, {"result"}, {"undefined":true},
 * {"function":true} or {"error":{"code","token","position","message"}}.
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"

#include <stdio.h>
#include <stdlib.h>

struct request {
    struct aslrt_arena *arena;
    struct aslrt_value fields;
    struct aslrt_jsonata_options options;
    struct aslrt_jsonata_eval eval;
    struct aslrt_expr_error error; /* the reply borrows from it */
};

static uint32_t integer(struct aslrt_value fields, const char *name)
{
    double d = aslrt_to_double(aslrt_field(fields, name));
    return d > 0 ? (uint32_t)d : 0;
}

static void prepare(struct request *r)
{
    struct aslrt_value version = aslrt_field(r->fields, "version");
    struct aslrt_value bindings = aslrt_field(r->fields, "bindings");
    if (aslrt_is(version, "2.2"))
        r->options.version = ASLRT_JSONATA_2_2;
    if (aslrt_is(aslrt_field(r->fields, "dialect"), "asl"))
        r->options.dialect = ASLRT_JSONATA_ASL;
    r->eval.input = aslrt_field(r->fields, "input");
    r->eval.time_limit_ms = integer(r->fields, "timeLimitMs");
    r->eval.depth_limit = integer(r->fields, "maxDepth");
    r->eval.now_ms = (int64_t)aslrt_to_double(aslrt_field(r->fields, "now"));
    if (bindings.kind != ASLRT_OBJECT || bindings.count == 0)
        return;
    struct aslrt_binding *b = aslrt_alloc(r->arena, bindings.count * sizeof *b);
    for (uint32_t i = 0; i < bindings.count; i++) {
        struct aslrt_value key = bindings.as.members[i].key;
        b[i].name = aslrt_copy_text(r->arena, key.as.bytes, key.count);
        b[i].value = bindings.as.members[i].value;
    }
    r->eval.bindings = b;
    r->eval.binding_count = bindings.count;
}

static struct aslrt_value reply_error(struct aslrt_arena *arena, const struct aslrt_expr_error *e)
{
    struct aslrt_object_builder b = aslrt_object_in(arena), outer = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "code", aslrt_text(e->code));
    if (e->token.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "token", e->token);
    if (e->position >= 0)
        aslrt_object_set_text(&b, "position", aslrt_int(e->position));
    if (e->message != NULL)
        aslrt_object_set_text(&b, "message", aslrt_text(e->message));
    aslrt_object_set_text(&outer, "error", aslrt_object_done(&b));
    return aslrt_object_done(&outer);
}

static struct aslrt_value one(struct aslrt_arena *arena, const char *name, struct aslrt_value v)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, name, v);
    return aslrt_object_done(&b);
}

static struct aslrt_value answer(struct request *r)
{
    struct aslrt_value text = aslrt_field(r->fields, "expr"), v;
    const struct aslrt_jsonata *program;
    prepare(r);
    enum aslrt_status status = aslrt_jsonata_compile(r->arena, text.as.bytes, text.count,
                                                     &r->options, &program, &r->error);
    if (status == ASLRT_OK)
        status = aslrt_jsonata_eval(program, &r->eval, r->arena, &v, &r->error);
    if (status == ASLRT_SYNTAX || status == ASLRT_FAILED)
        return reply_error(r->arena, &r->error);
    if (status != ASLRT_OK)
        return one(r->arena, "status", aslrt_int(status));
    if (v.kind == ASLRT_UNDEFINED)
        return one(r->arena, "undefined", aslrt_bool(true));
    if (v.kind == ASLRT_FUNCTION)
        return one(r->arena, "function", aslrt_bool(true));
    return one(r->arena, "result", v);
}

struct line {
    struct aslrt_arena *arena;
    char *text;
    size_t count;
};

static enum aslrt_status serve(void *data)
{
    struct line *line = data;
    struct request r = {.arena = line->arena};
    struct aslrt_json_error error;
    struct aslrt_buffer out = aslrt_buffer_in(line->arena);
    if (aslrt_json_read(line->arena, line->text, line->count, &r.fields, &error) == ASLRT_OK)
        aslrt_json_put(&out, answer(&r), ASLRT_JSON_MINIFIED);
    else
        aslrt_buffer_format(&out, "{\"unreadable\":\"%s\"}", error.message);
    puts(aslrt_buffer_close(&out));
    return ASLRT_OK;
}

int main(void)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, (size_t)4 << 30);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct line line = {arena, NULL, 0};
    size_t room = 0;
    ssize_t n;
    if (memory == NULL || arena == NULL)
        return 2;
    while ((n = getline(&line.text, &room, stdin)) > 0) {
        line.count = (size_t)n;
        enum aslrt_status status = aslrt_protect(memory, serve, &line);
        if (status != ASLRT_OK)
            printf("{\"status\":%d}\n", (int)status);
        fflush(stdout);
        aslrt_arena_reset(arena);
    }
    free(line.text);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
