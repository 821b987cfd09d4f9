/*
 * hash.h - a keyed hash of bytes, for tables whose keys come from outside.
 *
 * In: bytes and a secret key.  Out: 64 bits, of which any are good.  Invariant: without the key
 * nobody can construct inputs that collide, so a hostile document can't make a table slow.  The
 * values differ from process to process; nothing that a user sees may depend on them.
 */
#ifndef ASLRT_HASH_H
#define ASLRT_HASH_H

#include <stddef.h>
#include <stdint.h>

struct aslrt_hash_key {
    uint64_t word[2];
};

/* A key that is hard to guess: from the system's randomness and where things lie in memory. */
struct aslrt_hash_key aslrt_hash_secret(const void *somewhere);

uint64_t aslrt_hash(const struct aslrt_hash_key *key, const char *bytes, size_t count);

#endif
