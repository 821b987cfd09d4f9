/*
 * table.h - the machine as the engine's tables: the only way from the IR to something that runs.
 *
 * In: a machine without errors, and (for what the DSL declares) its service, whose tables an
 * embedded store creates.  Out: struct aslrt_machine (aslc/runtime.h), which `aslc run`, `test` and
 * `serve` load as it is and emit/native.c prints as C. Everything of it lives in the arena; nothing
 * points into the IR but texts, which must outlive it. What the engine can't run yet is an error
 * here (A930), never a wrong answer later.
 */
#ifndef ASLC_TABLE_H
#define ASLC_TABLE_H

#include "compiler/base/diag.h"
#include "compiler/ir/service.h"

/* Gives the tables, or NULL when errors were reported.  `service` may be NULL. */
const struct aslrt_machine *table_build(struct aslrt_arena *arena, struct diag_context *cx,
                                        const struct ir_machine *ir,
                                        const struct svc_service *service);

/* The machine's hash: the same for the same machine, whatever made its tables. */
uint64_t table_hash(const struct aslrt_machine *m);

#endif
