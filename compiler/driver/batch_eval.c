/*
 * batch_eval.c - the op eval: one expression on one input; see batch.h.
 */
#include "compiler/driver/batch.h"
#include "runtime/base/value.h"

#include <time.h>

static struct aslrt_value failed(struct aslrt_arena *arena, struct aslrt_value id,
                                 const struct aslrt_expr_error *e)
{
    struct aslrt_object_builder error = aslrt_object_in(arena), reply = aslrt_object_in(arena);
    aslrt_object_set_text(&error, "code",
                          aslrt_text(aslrt_copy_text(arena, e->code, strlen(e->code))));
    if (e->token.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&error, "token", e->token);
    if (e->position >= 0)
        aslrt_object_set_text(&error, "position", aslrt_int(e->position));
    aslrt_object_set_text(&error, "message", aslrt_text(e->message));
    aslrt_object_set_text(&reply, "id", id);
    aslrt_object_set_text(&reply, "error", aslrt_object_done(&error));
    return aslrt_object_done(&reply);
}

static struct aslrt_value refused(struct aslrt_arena *arena, struct aslrt_value id,
                                  const char *message)
{
    struct aslrt_object_builder error = aslrt_object_in(arena), whole = aslrt_object_in(arena);
    aslrt_object_set_text(&error, "code", aslrt_text("BadRequest"));
    aslrt_object_set_text(&error, "message", aslrt_text(message));
    aslrt_object_set_text(&whole, "id", id);
    aslrt_object_set_text(&whole, "error", aslrt_object_done(&error));
    return aslrt_object_done(&whole);
}

static uint32_t bound(struct aslrt_value v)
{
    int64_t n;
    return aslrt_to_int(v, &n) && n > 0 ? (uint32_t)(n < UINT32_MAX ? n : UINT32_MAX) : 0;
}

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

struct aslrt_value batch_eval(struct aslrt_arena *arena, struct aslrt_value request)
{
    struct aslrt_value id = aslrt_field(request, "id"), expr = aslrt_field(request, "expr");
    struct aslrt_value language = aslrt_field(request, "language");
    if (id.kind == ASLRT_UNDEFINED)
        id = aslrt_null();
    if (language.kind != ASLRT_UNDEFINED && !aslrt_is(language, "jsonata"))
        return refused(arena, id,
                       "language is jsonata; jsonpath and intrinsic are not supported yet");
    if (expr.kind != ASLRT_STRING)
        return refused(arena, id, "expr is missing or no string");
    struct aslrt_jsonata_options options = {0};
    if (aslrt_is(aslrt_field(request, "version"), "2.2"))
        options.version = ASLRT_JSONATA_2_2;
    if (aslrt_is(aslrt_field(request, "dialect"), "asl"))
        options.dialect = ASLRT_JSONATA_ASL;
    const struct aslrt_jsonata *program;
    struct aslrt_expr_error error;
    if (aslrt_jsonata_compile(arena, expr.as.bytes, expr.count, &options, &program, &error) !=
        ASLRT_OK)
        return failed(arena, id, &error);
    struct aslrt_value bindings = aslrt_field(request, "bindings");
    struct aslrt_binding *list = ASLRT_NEW_ARRAY(arena, struct aslrt_binding, bindings.count + 1u);
    struct aslrt_jsonata_eval eval = {
        .input = aslrt_field(request, "input"),
        .bindings = list,
        .now_ms = wall_ms(),
        .time_limit_ms = bound(aslrt_field(request, "timeLimitMs")),
        .depth_limit = bound(aslrt_field(request, "maxDepth")),
    };
    for (uint32_t i = 0; bindings.kind == ASLRT_OBJECT && i < bindings.count; i++) {
        const struct aslrt_member *m = &bindings.as.members[i];
        list[i].name = aslrt_copy_text(arena, m->key.as.bytes, m->key.count);
        list[i].value = m->value;
        eval.binding_count++;
    }
    struct aslrt_value result;
    if (aslrt_jsonata_eval(program, &eval, arena, &result, &error) != ASLRT_OK)
        return failed(arena, id, &error);
    struct aslrt_object_builder reply = aslrt_object_in(arena), function = aslrt_object_in(arena);
    aslrt_object_set_text(&reply, "id", id);
    if (result.kind == ASLRT_UNDEFINED) {
        aslrt_object_set_text(&reply, "undefined", aslrt_bool(true));
    } else {
        aslrt_object_set_text(&function, "function", aslrt_bool(true));
        aslrt_object_set_text(&reply, "result",
                              result.kind == ASLRT_FUNCTION ? aslrt_object_done(&function)
                                                            : result);
    }
    return aslrt_object_done(&reply);
}
