/*
 * digest.h - MD5, SHA-1 and the SHA-2 family, for $hash and the intrinsic function States.Hash.
 *
 * In: bytes.  Out: the digest (RFC 1321, FIPS 180-4).  Nothing allocates, nothing can fail.
 */
#ifndef ASLRT_DIGEST_H
#define ASLRT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { ASLRT_DIGEST_MAX = 64 };

/* Writes the digest and gives its length in bytes; 0 when no algorithm has that name ("MD5",
   "SHA-1", "SHA-256", "SHA-384", "SHA-512"). */
unsigned aslrt_digest(const char *algorithm, size_t algorithm_count, const void *data, size_t count,
                      unsigned char out[ASLRT_DIGEST_MAX]);

#endif
