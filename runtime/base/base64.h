/*
 * base64.h - bytes as text, RFC 4648 with padding.
 */
#ifndef ASLRT_BASE64_H
#define ASLRT_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Characters for `count` bytes. */
static inline size_t aslrt_base64_length(size_t count)
{
    return (count + 2) / 3 * 4;
}
/* Writes exactly that many characters, no NUL. */
void aslrt_base64_encode(const uint8_t *bytes, size_t count, char *out);

/* Bytes that `count` characters stand for, or SIZE_MAX when count is no multiple of 4. */
size_t aslrt_base64_decoded(const char *text, size_t count);
/* Writes exactly that many bytes.  Gives NULL, or the character that does not belong there. */
const char *aslrt_base64_decode(const char *text, size_t count, uint8_t *out);

#endif
