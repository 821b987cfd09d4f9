/*
 * lower.h - from what a CRUD file means to what runs: the model becomes machines and a service.
 *
 * In: struct model (front/model.h), free of errors.  Out: struct svc_service (service.h) with its
 * machines (ir.h), all in `arena`.  This is the only place where the language's promises (statuses,
 * safe writes, PATCH, paging, probing after an ambiguous error: LANGUAGE.md sections 3 and 5) are
 * turned into states; every emitter and the engine take the result as it is.
 */
#ifndef ASLC_LOWER_H
#define ASLC_LOWER_H

#include "compiler/base/diag.h"
#include "compiler/front/model.h"
#include "compiler/ir/service.h"

enum lower_layout {
    LOWER_ROUTER,        /* one machine, a Choice on the operation first */
    LOWER_PER_OPERATION, /* a machine for each operation */
};

/* Lowers the whole model.  Reports what can't be (a check that DynamoDB can't evaluate, a page that
   may not fit a payload) through `diag`; the result is complete only if nothing was an error. */
struct svc_service *lower_model(struct aslrt_arena *arena, const struct model *model,
                                const struct source_table *sources, enum lower_layout layout,
                                struct diag_context *diag);

#endif
