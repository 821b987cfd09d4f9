/*
 * asl.h - the machine as Amazon States Language JSON.
 */
#ifndef ASLC_EMIT_ASL_H
#define ASLC_EMIT_ASL_H

#include "compiler/ir/ir.h"

/* Gives the definition as text with two spaces of indentation and a final newline, NUL-terminated,
   in `arena`.  Members stand in one canonical order (asl.c); reading the text back gives the same
   machine. A machine that was read keeps every field that the language has; payloads are printed as
   they were written.  Never fails. */
const char *emit_asl(struct aslrt_arena *arena, const struct ir_machine *machine, size_t *count);

/* All that a state does, without its name, comment and transitions, on one line: two states with
   the same content do the same.  In `arena`. */
const char *emit_asl_content(struct aslrt_arena *arena, const struct ir_machine *machine,
                             ir_id state);

#endif
