/*
 * definition.h - ASL text to tables, as the driver does it: the reader, then the table builder.
 */
#ifndef TEST_EXEC_DEFINITION_H
#define TEST_EXEC_DEFINITION_H

#include "compiler/emit/table.h"
#include "compiler/front/asl_read.h"

/* What the service refuses, and what can't run; other errors are machines that exist and fail. */
static inline bool definition_refuses(const struct diag *d)
{
    return d->severity == SEVERITY_ERROR &&
           (d->code == DIAG_RUN_UNSUPPORTED || d->service_code[0] != '\0');
}

/* Gives the machine, or NULL with the errors' messages in *why. */
static inline const struct aslrt_machine *definition_build(struct aslrt_arena *arena,
                                                           const char *name, const char *text,
                                                           size_t count, bool express,
                                                           const char **why)
{
    struct source_table *sources = ASLRT_NEW(arena, struct source_table);
    source_table_init(sources, arena);
    struct diag_context *cx = ASLRT_NEW(arena, struct diag_context);
    diag_context_init(cx, arena, sources);
    struct ir_machine *ir =
        asl_read(arena, cx, source_add(sources, name, text, (uint32_t)count), name);
    if (ir != NULL && express)
        ir->type = IR_EXPRESS;
    const struct aslrt_machine *m = NULL;
    bool refused = false;
    for (uint32_t i = 0; i < cx->count; i++)
        refused = refused || definition_refuses(cx->diags[i]);
    if (ir != NULL && !refused)
        m = table_build(arena, cx, ir, NULL);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (uint32_t i = 0; i < cx->count; i++)
        if (definition_refuses(cx->diags[i]))
            aslrt_buffer_format(&b, "%s%s: %s", b.count == 0 ? "" : "; ",
                                diag_table[cx->diags[i]->code].code, cx->diags[i]->message);
    *why = aslrt_buffer_close(&b);
    return m;
}

#endif
