/*
 * jnode_write.h - JSON trees as JSON text on one line: members in order, no blanks but one after
 * each colon and comma.  Numbers as written; a bare ${placeholder} as written, so that the text is
 * JSON only when the tree holds none.
 */
#ifndef ASLC_JNODE_WRITE_H
#define ASLC_JNODE_WRITE_H

#include "compiler/base/jnode.h"
#include "runtime/base/buffer.h"

void jnode_write(struct aslrt_buffer *out, const struct jnode *n);
/* The same for people: a line for each member and item, two spaces a level, a final newline. */
void jnode_write_pretty(struct aslrt_buffer *out, const struct jnode *n);

#endif
