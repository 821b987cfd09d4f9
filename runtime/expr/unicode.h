/*
 * unicode.h - upper and lower case, as Unicode has them in full.
 *
 * In: WTF-8 text or single characters.  Out: text that may be longer (ß is SS).  The tables are
 * unicode_case.def; lone surrogates stay what they are.
 */
#ifndef ASLRT_UNICODE_H
#define ASLRT_UNICODE_H

#include "runtime/base/buffer.h"

void aslrt_unicode_upper(struct aslrt_buffer *b, const char *bytes, size_t count);
void aslrt_unicode_lower(struct aslrt_buffer *b, const char *bytes, size_t count);
/* The one character that this one becomes in upper case; the same when it becomes several. */
uint32_t aslrt_unicode_upper_simple(uint32_t character);

#endif
