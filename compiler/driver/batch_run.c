/*
 * batch_run.c - the op run: a machine from its definition, run by the engine; see batch.h.
 *
 * The engine's request handler does the running (runtime/engine/request.h); what it asks for is the
 * machine, which is read, checked for what the engine can't run, and made into tables here.
 */
#include "compiler/driver/batch.h"
#include "compiler/emit/table.h"
#include "compiler/front/asl_read.h"
#include "runtime/base/value.h"
#include "runtime/engine/request.h"

static struct aslrt_value member(struct aslrt_arena *arena, const char *name, const char *code,
                                 const char *message)
{
    struct aslrt_object_builder inner = aslrt_object_in(arena), outer = aslrt_object_in(arena);
    aslrt_object_set_text(&inner, "code", aslrt_text(code));
    aslrt_object_set_text(&inner, "message", aslrt_text(message));
    aslrt_object_set_text(&outer, name, aslrt_object_done(&inner));
    return aslrt_object_done(&outer);
}

/* True for what the service refuses when it creates the machine, and for what we can't run.  The
   other errors of `check` are machines that exist and fail, which is to be seen here. */
static bool refuses(const struct diag *d)
{
    return d->severity == SEVERITY_ERROR &&
           (d->code == DIAG_RUN_UNSUPPORTED || diag_table[d->code].aws[0] != '\0');
}

static bool refused(const struct diag_context *cx)
{
    for (uint32_t i = 0; i < cx->count; i++) {
        if (refuses(cx->diags[i]))
            return true;
    }
    return false;
}

/* What the first of them says, and where. */
static const char *first_refusal(struct aslrt_arena *arena, const struct diag_context *cx)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (uint32_t i = 0; i < cx->count; i++) {
        const struct diag *d = cx->diags[i];
        if (!refuses(d))
            continue;
        aslrt_buffer_format(&b, "%s%s%s", d->message, d->pointer[0] == '\0' ? "" : " at ",
                            d->pointer);
        break;
    }
    return aslrt_buffer_close(&b);
}

static bool only_unsupported(const struct diag_context *cx)
{
    for (uint32_t i = 0; i < cx->count; i++) {
        if (refuses(cx->diags[i]) && cx->diags[i]->code != DIAG_RUN_UNSUPPORTED)
            return false;
    }
    return true;
}

static enum aslrt_status machine_of(void *data, struct aslrt_value request,
                                    struct aslrt_arena *arena, const struct aslrt_machine **out,
                                    struct aslrt_value *refusal)
{
    (void)data;
    struct aslrt_value definition = aslrt_field(request, "definition");
    const char *text;
    size_t count;
    if (definition.kind == ASLRT_STRING) {
        text = aslrt_copy_text(arena, definition.as.bytes, definition.count);
        count = definition.count;
    } else if (definition.kind == ASLRT_UNDEFINED) {
        *refusal = member(arena, "error", "BadRequest", "definition is missing");
        return ASLRT_FAILED;
    } else if (aslrt_json_write(arena, definition, &text, &count) != ASLRT_OK) {
        return ASLRT_NOMEM;
    }
    struct source_table sources;
    struct diag_context *cx = ASLRT_NEW(arena, struct diag_context);
    source_table_init(&sources, arena);
    diag_context_init(cx, arena, &sources);
    uint32_t source = source_add(&sources, "definition", text, (uint32_t)count);
    struct ir_machine *ir = asl_read(arena, cx, source, "machine");
    if (ir != NULL) {
        struct aslrt_value type = aslrt_field(request, "type");
        ir->type = aslrt_is(type, "EXPRESS") ? IR_EXPRESS : IR_STANDARD;
        if (!refused(cx))
            *out = table_build(arena, cx, ir, NULL);
    }
    if (!refused(cx))
        return ASLRT_OK;
    *refusal = only_unsupported(cx)
                   ? member(arena, "error", "NotSupported", first_refusal(arena, cx))
                   : member(arena, "exception", "InvalidDefinition", first_refusal(arena, cx));
    return ASLRT_FAILED;
}

struct aslrt_value batch_run(struct aslrt_arena *arena, struct aslrt_value request)
{
    struct aslrt_machine_source source = {.machine = machine_of};
    struct aslrt_value reply;
    enum aslrt_status status = aslrt_request_run(arena, request, &source, &reply);
    if (status != ASLRT_OK)
        aslrt_escape(arena->memory, status);
    return reply;
}
