/*
 * json_read.h - JSON text to a tree with spans.
 *
 * In: a source of the table.  Out: the tree, in the arena, and a diagnostic for each mistake
 * (A150-A153).  JSON is read as RFC 8259 has it, with one addition: a bare ${name} may stand where
 * a value may, because templates of other tools fill it in later.
 */
#ifndef ASLC_JSON_READ_H
#define ASLC_JSON_READ_H

#include "compiler/base/diag.h"
#include "compiler/base/jnode.h"

struct json_reader;

/* Gives the tree, or NULL when nothing of it could be read.  After a mistake the tree is a best
   guess, good for finding more mistakes and for nothing else; diag_count tells. */
struct jnode *json_read(struct aslrt_arena *arena, struct diag_context *cx, uint32_t source);

#endif
