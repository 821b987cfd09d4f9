/*
 * json.h - JSON text into and out of buffers; the public pair is aslrt_json_read and
 * aslrt_json_write.
 *
 * What is written: members in their order; the shortest double (ECMA-262); number text as it was
 * read; null for an undefined element, a function in an array, and for doubles that aren't finite,
 * as JSON.stringify has it; nothing for an undefined value at the top.  Strings are written as
 * UTF-8; only the quote, the backslash, controls and lone surrogates are escaped.
 */
#ifndef ASLRT_JSON_H
#define ASLRT_JSON_H

#include "runtime/base/buffer.h"

enum aslrt_json_style {
    ASLRT_JSON_MINIFIED,
    ASLRT_JSON_PRETTY, /* two spaces a level, a member or element a line; `[]` and `{}` when empty
                        */
};

/* Appends the value's text.  Escapes with ASLRT_LIMIT beyond ASLRT_NESTING_MAX levels. */
void aslrt_json_put(struct aslrt_buffer *b, struct aslrt_value value, enum aslrt_json_style style);
/* Appends a string with its quotes. */
void aslrt_json_put_string(struct aslrt_buffer *b, const char *bytes, size_t count);
/* ASLRT_FLAG_ASCII and ASLRT_FLAG_CLEAN, as far as they are true of a string of these bytes. */
uint8_t aslrt_json_flags(const char *bytes, size_t count);

#endif
