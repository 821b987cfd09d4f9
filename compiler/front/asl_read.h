/*
 * asl_read.h - Amazon States Language (JSON) to the machine graph.
 *
 * In: a source, or a tree that json_read or somebody else has built.  Out: a struct ir_machine and
 * a diagnostic for each thing that the language does not have (A150-A199). What the reader judges
 * is one place at a time: fields, types, values, paths and expressions.  What needs the graph
 * (transitions, reachability, handlers) is the verifier's. Objects of template tools ({"Ref": ...},
 * {"Fn::...": ...}) and bare ${placeholders} may stand for any value; nothing is said about them.
 * Specification: https://states-language.net/spec.html, and the developer guide where it goes
 * further.
 */
#ifndef ASLC_ASL_READ_H
#define ASLC_ASL_READ_H

#include "compiler/base/diag.h"
#include "compiler/ir/ir.h"

/* Gives the machine, resolved, in the arena; it borrows the tree.  NULL when the text is not JSON
   or not an object.  `name` is the machine's (borrowed). */
struct ir_machine *asl_read(struct aslrt_arena *arena, struct diag_context *cx, uint32_t source,
                            const char *name);
struct ir_machine *asl_read_tree(struct aslrt_arena *arena, struct diag_context *cx,
                                 const struct jnode *root, const char *name);

#endif
