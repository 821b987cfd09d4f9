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

/* Gives the tree, or NULL when the text is not JSON.  A repeated key is no mistake of that kind:
   both members are in the tree. */
struct jnode *json_read(struct aslrt_arena *arena, struct diag_context *cx, uint32_t source);

/* The bytes [from, to) of a string's text as a span of the source that it was read from; escapes
   are stepped over.  The whole string where the source does not hold it as a JSON string. */
struct span json_string_part(const char *source, const struct jnode *string, uint32_t from,
                             uint32_t to);

#endif
