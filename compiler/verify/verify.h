/*
 * verify.h - asks a machine questions, and reports what is wrong with it.
 *
 * In: a resolved machine (ir_resolve), right or wrong; it is not changed.  Out: diagnostics in the
 * context.  One question a file; passes.def lists them in the order in which they are asked.
 * Errors are what the service refuses or what is certain to fail or to corrupt; warnings are what
 * can go wrong on some path; notes are facts worth knowing. All memory comes from the context's
 * arena.
 */
#ifndef ASLC_VERIFY_H
#define ASLC_VERIFY_H

#include "compiler/base/diag.h"
#include "compiler/ir/ir.h"
#include "runtime/base/buffer.h"

struct verify_options {
    enum ir_machine_type type; /* IR_TYPE_UNKNOWN: what the machine says, if it does */
};

/* `options` may be NULL. */
void verify_run(const struct ir_machine *m, const struct verify_options *options,
                struct diag_context *cx);

/* Reports what the service refuses of the graph when the machine is created, as the service judges
   it and nothing else: transitions to nowhere, states that are not reached, no end, names used
   twice, what Express can't do.  Shapes and values are the reader's. */
void verify_as_service(const struct ir_machine *m, const struct verify_options *options,
                       struct diag_context *cx);

/* ---- coverage: what becomes of each error that each task can raise ----------------------------
 */

struct verify_outcome {
    ir_id state;            /* the task that raises it */
    const char *class_name; /* "transient" */
    const char **names;     /* the errors of that class with the same fate */
    uint32_t name_count;
    ir_id retried_by; /* the state whose Retry takes them first: the task or one around it; or
                         IR_NONE */
    uint32_t retrier; /* index into its Retry */
    ir_id caught_by;  /* the state whose Catch takes them, or IR_NONE: they end the execution */
    uint32_t catcher;
    ir_id handler; /* where that catcher goes; IR_NONE too when the target does not exist */
    bool sure;     /* false: whether a handler takes them depends on the name that is raised */
    bool fatal;    /* nothing can take them */
};
struct verify_coverage {
    struct verify_outcome *outcomes; /* by state, then class */
    uint32_t count;
    uint32_t task_count;
    /* Of 100: each class on each task counts with its weight, whole when it is caught, half when it
       is only retried; 100 when the machine calls nothing. */
    double percent;
};
/* Everything lives in `arena`. */
void verify_cover(const struct ir_machine *m, const struct verify_options *options,
                  struct aslrt_arena *arena, struct verify_coverage *out);
/* The table as text for people, one line an outcome, and the figure in the last line. */
void verify_coverage_text(const struct ir_machine *m, const struct verify_coverage *c,
                          struct aslrt_buffer *out);
/* The same as a JSON object: {"machine","percent","tasks","outcomes":[{"state","pointer","class",
   "errors":[],"retried":{"state","index"}|null,"caught":{"state","index","next"}|null,"sure","fatal"}]}.
 */
void verify_coverage_json(const struct ir_machine *m, const struct verify_coverage *c,
                          struct aslrt_buffer *out);

#endif
