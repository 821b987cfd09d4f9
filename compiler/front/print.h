/*
 * print.h - the canonical form of a CRUD file: what `aslc fmt` writes.
 *
 * In: a syntax tree and the source that it came from.  Out: text with the same meaning and the same
 * comments.  doc/language.md, "Formatting", has the rules.  Printing what was printed changes
 * nothing, and parsing it gives the same tree.
 */
#ifndef ASLC_PRINT_H
#define ASLC_PRINT_H

#include "compiler/front/ast.h"
#include "runtime/base/buffer.h"

void crud_print(struct aslrt_arena *arena, const struct source *source, const struct ast_unit *unit,
                struct aslrt_buffer *out);

#endif
