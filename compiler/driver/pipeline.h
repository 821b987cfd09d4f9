/*
 * pipeline.h - the way from a text to verified machines; what the program and libaslc share.
 *
 *     source → (crud: tree → model → service and machines | asl: machine) → verified, within quotas
 *
 * In: a source of the table.  Out: struct unit, and diagnostics in the pipeline's context.  Nothing
 * is printed or written.  Everything lives in the pipeline's arena.
 */
#ifndef ASLC_PIPELINE_H
#define ASLC_PIPELINE_H

#include "compiler/base/diag.h"
#include "compiler/front/model.h"
#include "compiler/ir/lower.h"

struct pipeline {
    struct aslrt_arena *arena;
    struct source_table sources;
    struct diag_context diag;
    enum lower_layout layout;
    enum ir_machine_type type; /* of ASL texts that do not say it */
};

/* What a text stands for, as far as it has no errors. */
struct unit {
    const char *path;
    const char *stem;            /* "vehicles" for dir/vehicles.crud, "flow" for flow.asl.json */
    struct ast_unit *ast;        /* crud only */
    struct model *model;         /* crud only */
    struct svc_service *service; /* crud only */
    struct ir_machine **machines;
    uint32_t machine_count;
};

void pipeline_init(struct pipeline *p, struct aslrt_arena *arena);

/* Makes the machines of a source.  `path` decides by its end which language it is; "-" by the text.
   False after errors. */
bool pipeline_load(struct pipeline *p, uint32_t source, const char *path, struct unit *out);
/* Verifies the machines and compares them with the service's quotas.  False after errors. */
bool pipeline_verify(struct pipeline *p, const struct unit *unit);

#endif
