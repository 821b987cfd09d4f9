/*
 * batch_run.c - the op run: a machine from its definition, run by the engine; see batch.h.
 *
 * The engine's request handler does the running (runtime/engine/request.h); what it asks for is the
 * machine, which is judged as the service does when it is created, and made into tables here.
 */
#include "compiler/driver/batch.h"
#include "compiler/driver/verdict.h"
#include "compiler/emit/table.h"
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

/* What the tables can't have of a machine that the service takes. */
static const char *unsupported(const struct diag_context *cx)
{
    for (uint32_t i = 0; i < cx->count; i++)
        if (cx->diags[i]->code == DIAG_RUN_UNSUPPORTED)
            return cx->diags[i]->message;
    return NULL;
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
    bool express = aslrt_is(aslrt_field(request, "type"), "EXPRESS");
    struct verdict *v = ASLRT_NEW(arena, struct verdict);
    verdict_of(arena, text, count, express ? IR_EXPRESS : IR_STANDARD, v);
    if (v->errors != 0) {
        *refusal = member(arena, "exception", "InvalidDefinition", verdict_refusal(arena, v));
        return ASLRT_FAILED;
    }
    *out = table_build(arena, &v->diag, v->machine, NULL);
    if (unsupported(&v->diag) == NULL)
        return ASLRT_OK;
    *refusal = member(arena, "error", "NotSupported", unsupported(&v->diag));
    return ASLRT_FAILED;
}

/* The same machine comes with many requests, each time in another place. */
static struct aslrt_coverage *coverage_of(void *data, const struct aslrt_machine *machine)
{
    struct batch_coverage *all = data;
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->list[i]->hash == machine->hash) {
            all->list[i]->machine = machine;
            return all->list[i];
        }
    }
    if (all->count == all->room) {
        uint32_t room = all->room == 0 ? 16 : all->room * 2;
        all->list = aslrt_resize(all->arena, all->list, all->room * sizeof *all->list,
                                 room * sizeof *all->list);
        all->room = room;
    }
    if (aslrt_coverage_new(all->arena, machine, &all->list[all->count]) != ASLRT_OK)
        aslrt_escape(all->arena->memory, ASLRT_NOMEM);
    return all->list[all->count++];
}

const struct aslrt_machine_source *batch_machine_source(void)
{
    static const struct aslrt_machine_source source = {.machine = machine_of};
    return &source;
}

struct aslrt_value batch_run(struct aslrt_arena *arena, struct aslrt_value request,
                             struct batch_coverage *coverage)
{
    struct aslrt_machine_source source = {
        .data = coverage,
        .machine = machine_of,
        .coverage = coverage != NULL ? coverage_of : NULL,
    };
    struct aslrt_value reply;
    enum aslrt_status status = aslrt_request_run(arena, request, &source, &reply);
    if (status != ASLRT_OK)
        aslrt_escape(arena->memory, status);
    return reply;
}
