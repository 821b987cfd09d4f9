/*
 * digest.h - message digests: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4).
 *
 * In: bytes.  Out: the digest's bytes.  For $hash and States.Hash, which promise nothing that needs
 * more speed or secrecy than this.
 */
#ifndef ASLRT_DIGEST_H
#define ASLRT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum aslrt_digest {
    ASLRT_MD5,
    ASLRT_SHA1,
    ASLRT_SHA256,
    ASLRT_SHA384,
    ASLRT_SHA512,
    ASLRT_DIGEST_COUNT,
};
enum { ASLRT_DIGEST_MAX = 64 };

/* The digest of that name ("MD5", "SHA-1", "SHA-256", ...), or ASLRT_DIGEST_COUNT. */
enum aslrt_digest aslrt_digest_named(const char *name, size_t count);
/* Gives the number of bytes put into `out`. */
size_t aslrt_digest_of(enum aslrt_digest kind, const void *bytes, size_t count,
                       uint8_t out[ASLRT_DIGEST_MAX]);

#endif
