/*
 * verdict.h - what the service answers to a definition that is to be created or validated.
 *
 *     text → (reader, graph as the service judges it) → findings in the service's words
 *
 * Findings are what ValidateStateMachineDefinition gives: code, text, location, in the service's
 * order; our own diagnostics stay in `diag`.  Everything lives in the arena.
 */
#ifndef ASLC_VERDICT_H
#define ASLC_VERDICT_H

#include "compiler/base/diag.h"
#include "compiler/ir/ir.h"

struct verdict_finding {
    enum severity severity; /* error: the machine can't be created; warning */
    const char *code;       /* "SCHEMA_VALIDATION_FAILED" */
    const char *text;
    const char *location; /* NULL: the service names no place */
};

struct verdict {
    struct source_table sources;
    struct diag_context diag;
    struct ir_machine *machine; /* NULL when the text is no machine at all */
    struct verdict_finding *findings;
    uint32_t count;
    uint32_t errors; /* how many of them are errors; 0: the service takes the definition */
};

/* `text` is borrowed and ends in a NUL. */
void verdict_of(struct aslrt_arena *arena, const char *text, size_t count,
                enum ir_machine_type type, struct verdict *out);

/* The message of the exception InvalidDefinition: "Invalid State Machine Definition: 'CODE: text at
   LOCATION, ...'" with every error. */
const char *verdict_refusal(struct aslrt_arena *arena, const struct verdict *v);

#endif
