/*
 * native_code.h - what the printers of straight-line functions share.
 *
 * A printer first asks whether an expression can be computed (native_can_...: nothing is printed),
 * then prints it.  A statement puts a value into a fresh variable vN, whose number is given back.
 * Whatever meets a value that it does not handle returns false, and the evaluator speaks; so only
 * what is exactly the evaluator's result needs to be printed.
 */
#ifndef ASLC_NATIVE_CODE_H
#define ASLC_NATIVE_CODE_H

#include "compiler/emit/native_print.h"
#include "runtime/expr/builtins.h"
#include "runtime/expr/jsonata_ast.h"

enum { NATIVE_FRAMES_MAX = 8, NATIVE_PARAMETERS_MAX = 2 };

/* The parameters of a function that is printed in place. */
struct native_frame {
    const struct jsonata_scope *scope;
    uint32_t values[NATIVE_PARAMETERS_MAX]; /* the variables vN that hold them */
};

struct code {
    struct native *n;
    struct aslrt_buffer *out;
    struct aslrt_arena *arena;
    uint32_t state;                      /* whose variables are in scope */
    const struct aslrt_jsonata *program; /* of an expression that stands alone; or NULL */
    enum aslrt_dialect dialect;
    uint32_t values; /* v0, v1, ... */
    uint32_t indent;
    bool loops;       /* something counts its steps */
    bool has_context; /* `$` and names have a meaning: the variable v<context> */
    uint32_t context;
    struct native_frame frames[NATIVE_FRAMES_MAX]; /* innermost last */
    uint32_t frame_count;
};

/* ---- printing ---- */

void native_line(struct code *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void native_start_line(struct code *c);
uint32_t native_fresh(struct code *c);
/* "key", 3: a name as two arguments. */
void native_name(struct code *c, struct aslrt_value name);

/* ---- expressions ---- */

/* No stages, grouping, bindings of a step. */
bool native_is_plain(const struct jsonata_node *e);
bool native_can(struct code *c, const struct jsonata_node *e);
uint32_t native_print(struct code *c, const struct jsonata_node *e);
/* A boolean variable tN that is the truth of a value. */
uint32_t native_truth(struct code *c, uint32_t value);

/* ---- variables and paths (native_path.c) ---- */

bool native_can_variable(struct code *c, const struct jsonata_node *e);
uint32_t native_variable(struct code *c, const struct jsonata_node *e);
bool native_can_path(struct code *c, const struct jsonata_node *e);
uint32_t native_path(struct code *c, const struct jsonata_node *e);

/* ---- calls (native_call.c) ---- */

bool native_can_call(struct code *c, const struct jsonata_node *e);
uint32_t native_call(struct code *c, const struct jsonata_node *e);

#endif
