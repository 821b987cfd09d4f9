/*
 * jsonata_lex.h - JSONata text to tokens, one at a time.
 *
 * Whether a `/` begins a regular expression depends on where the parser stands, so the parser says
 * it with each call.  Errors leave through aslrt_jsonata_reject.
 */
#ifndef ASLRT_JSONATA_LEX_H
#define ASLRT_JSONATA_LEX_H

#include "runtime/expr/jsonata_build.h"

enum jsonata_token {
#define TOKEN(id, text, power) TOKEN_##id,
#include "runtime/expr/jsonata_tokens.def"
#undef TOKEN
};

struct jsonata_lexeme {
    enum jsonata_token token;
    uint32_t start;           /* first byte */
    uint32_t at;              /* behind the last byte: the position that jsonata-js reports */
    struct aslrt_value value; /* the literal, the name, or the operator's text */
    const struct aslrt_regex *regex;
};

struct jsonata_lexer {
    struct jsonata_build *build;
    const char *text; /* NUL-terminated */
    uint32_t count;
    uint32_t next;
};

/* Reads the next token; `operand` says that an operand may begin here. */
struct jsonata_lexeme aslrt_jsonata_lex(struct jsonata_lexer *lexer, bool operand);

#endif
