/*
 * parse.h - reading the CRUD language: text to syntax tree.
 *
 * In: a source of the table.  Out: a struct ast_unit, or NULL after errors, all of which have then
 * been reported (A101-A149).  The parser recovers statement by statement, so that one run names
 * every mistake; a tree with holes is handed out only to who asks for it. Ownership: the tree lives
 * in `arena`; its texts do too, except that spans refer to the source.
 */
#ifndef ASLC_PARSE_H
#define ASLC_PARSE_H

#include "compiler/base/diag.h"
#include "compiler/front/ast.h"

struct ast_unit *crud_parse(struct aslrt_arena *arena, struct diag_context *cx, uint32_t source);
/* The same, but gives what could be read after errors too, with `holes` set, for sema_model() to
   find more mistakes in; NULL where nothing could be read. */
struct ast_unit *crud_parse_holes(struct aslrt_arena *arena, struct diag_context *cx,
                                  uint32_t source);

/* How a word may be used; see words.def. */
enum crud_word_use { CRUD_USE_RESERVED, CRUD_USE_NAME, CRUD_USE_EXPRESSION, CRUD_USE_FREE };
enum crud_word_use crud_word_use(const char *text);

#endif
