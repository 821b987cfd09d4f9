/*
 * batch_eval.c - the op eval: one expression on one input; see batch.h.
 */
#include "compiler/driver/batch.h"
#include "compiler/driver/evaluate.h"
#include "runtime/base/value.h"

static struct aslrt_value failed(struct aslrt_arena *arena, struct aslrt_value id,
                                 const struct evaluation_error *e)
{
    struct aslrt_object_builder error = aslrt_object_in(arena), reply = aslrt_object_in(arena);
    aslrt_object_set_text(&error, "code", aslrt_text(e->code));
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
    const struct evaluation_error error = {"BadRequest", message, aslrt_undefined(), -1};
    return failed(arena, id, &error);
}

static uint32_t bound(struct aslrt_value v)
{
    int64_t n;
    return aslrt_to_int(v, &n) && n > 0 ? (uint32_t)(n < UINT32_MAX ? n : UINT32_MAX) : 0;
}

/* What the request asks for.  Gives NULL, or what is wrong with it. */
static const char *read_request(struct aslrt_arena *arena, struct aslrt_value request,
                                struct evaluation *e)
{
    int64_t seed = 0;
    struct aslrt_value language = aslrt_field(request, "language");
    *e = (struct evaluation){
        .language = EVALUATE_JSONATA,
        .text = aslrt_field(request, "expr"),
        .input = aslrt_field(request, "input"),
        .context = aslrt_field(request, "context"),
        .bindings = aslrt_field(request, "bindings"),
        .time_limit_ms = bound(aslrt_field(request, "timeLimitMs")),
        .depth_limit = bound(aslrt_field(request, "maxDepth")),
    };
    if (language.kind != ASLRT_UNDEFINED &&
        (language.kind != ASLRT_STRING ||
         !evaluate_language_of(aslrt_copy_text(arena, language.as.bytes, language.count),
                               &e->language)))
        return "language is jsonata, jsonpath or intrinsic";
    if (e->text.kind != ASLRT_STRING)
        return "expr is missing or no string";
    if (aslrt_to_int(aslrt_field(request, "seed"), &seed))
        e->seed = (uint64_t)seed;
    if (aslrt_is(aslrt_field(request, "version"), "2.2"))
        e->options.version = ASLRT_JSONATA_2_2;
    if (aslrt_is(aslrt_field(request, "dialect"), "asl"))
        e->options.dialect = ASLRT_JSONATA_ASL;
    return NULL;
}

struct aslrt_value batch_eval(struct aslrt_arena *arena, struct aslrt_value request)
{
    struct aslrt_value id = aslrt_field(request, "id"), result;
    struct evaluation e;
    struct evaluation_error error;
    if (id.kind == ASLRT_UNDEFINED)
        id = aslrt_null();
    const char *wrong = read_request(arena, request, &e);
    if (wrong != NULL)
        return refused(arena, id, wrong);
    if (!evaluate(arena, &e, &result, &error))
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
