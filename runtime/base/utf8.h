/*
 * utf8.h - text as UTF-8, and as what JavaScript sees in it: UTF-16 code units.
 *
 * Strings at run time are WTF-8: UTF-8 in which a surrogate that has no partner is kept in its
 * three-byte form (ED A0..BF xx), because JSON and JSONata let such strings exist.  Invariant: a
 * high surrogate is never followed by a low one; such a pair is one character of four bytes
 * (aslrt_utf8_join keeps that so). Every function but aslrt_utf8_check expects text that keeps
 * these rules and asks nothing again.
 */
#ifndef ASLRT_UTF8_H
#define ASLRT_UTF8_H

#include "runtime/base/buffer.h"

/* Offset of the first byte that isn't part of a well-formed UTF-8 sequence (Unicode 15, table 3-7);
   `count` when all is well.  Surrogates are errors here. */
size_t aslrt_utf8_check(const char *bytes, size_t count);
/* Length of the well-formed sequence of a character above U+007F that `bytes` starts with; 0: none.
 */
unsigned aslrt_utf8_sequence(const char *bytes, size_t count);
/* True when `bytes` starts with a lone surrogate in its three-byte form. */
static inline bool aslrt_is_surrogate(const char *bytes, size_t count)
{
    return count >= 3 && (unsigned char)bytes[0] == 0xed && (unsigned char)bytes[1] >= 0xa0 &&
           (unsigned char)bytes[1] < 0xc0 && ((unsigned char)bytes[2] & 0xc0) == 0x80;
}
/* Bytes at the start that are below 0x80. */
size_t aslrt_utf8_ascii(const char *bytes, size_t count);

/* Length of the sequence that starts with this byte. */
static inline unsigned aslrt_utf8_length(char first)
{
    unsigned char c = (unsigned char)first;
    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}
/* The character at *p, which moves behind it. */
uint32_t aslrt_utf8_next(const char **p);
/* Writes a character (or a lone surrogate) and gives how many bytes it took. */
unsigned aslrt_utf8_put(uint32_t character, char out[4]);

/* Characters in the text; a lone surrogate counts as one. */
size_t aslrt_utf8_count(const char *bytes, size_t count);
/* UTF-16 code units in the text: JavaScript's String.length. */
size_t aslrt_utf16_count(const char *bytes, size_t count);
/* Byte offset of the n-th character; `count` when there are fewer. */
size_t aslrt_utf8_offset(const char *bytes, size_t count, size_t n);
/* Byte offset of the character that holds the n-th UTF-16 code unit; `count` when there are fewer.
 *Sets inside when that unit is the second half of a pair. */
size_t aslrt_utf16_offset(const char *bytes, size_t count, size_t n, bool *inside);
/* Order by UTF-16 code units, as JavaScript's `<` has it: below 0, 0 or above 0. */
int aslrt_utf16_compare(const char *a, size_t a_count, const char *b, size_t b_count);

/* Appends text.  A high surrogate at the seam and a low one after it become one character. */
void aslrt_utf8_join(struct aslrt_buffer *b, const char *bytes, size_t count);

/* The value of the four hexadecimal digits of \uXXXX that the bytes begin with, or -1. */
int32_t aslrt_hex4(const char *bytes, size_t count);

static inline bool aslrt_is_high_surrogate(uint32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}
static inline bool aslrt_is_low_surrogate(uint32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}
static inline uint32_t aslrt_from_surrogates(uint32_t high, uint32_t low)
{
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

#endif
