/*
 * sema.h - names and types: from the syntax tree to the model.
 *
 * In: a tree without syntax errors.  Out: struct model (model.h), or NULL after errors, all of
 * which have been reported (A201-A289).  On the way every expression of the tree gets its `type`
 * and `ref`.
 */
#ifndef ASLC_SEMA_H
#define ASLC_SEMA_H

#include "compiler/base/diag.h"
#include "compiler/front/model.h"

/* A tree with holes gives no model, and only what its holes can't be the cause of is reported. */
struct model *sema_model(struct aslrt_arena *arena, struct diag_context *cx, struct ast_unit *unit);

/* Reports what the model has and the lowering does not build yet (A901), each at its place. */
void model_unsupported(const struct model *model, struct diag_context *cx);

#endif
