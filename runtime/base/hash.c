/*
 * hash.c - a keyed hash: fold(h ^ word) by a multiplication with a secret; see hash.h.
 *
 * Every word of the input meets the secret before it is multiplied, so that neither a zero product
 * nor a difference of two inputs can be arranged from outside.
 */
#include "runtime/base/hash.h"
#include "runtime/base/wide.h"

#include <string.h>
#include <time.h>
#if defined(__linux__)
#include <sys/random.h>
#endif

static uint64_t fold(uint64_t a, uint64_t b)
{
    struct aslrt_wide p = aslrt_wide_multiply(a, b);
    return p.high ^ p.low;
}

struct aslrt_hash_key aslrt_hash_secret(const void *somewhere)
{
    struct aslrt_hash_key key = {{0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u}};
    uint64_t random[2] = {0, 0};
#if defined(__linux__)
    /* Early in boot there may be none yet; addresses and the clock have to do then. */
    if (getrandom(random, sizeof random, GRND_NONBLOCK) != (ssize_t)sizeof random)
        random[0] = random[1] = 0;
#endif
    uint64_t place = (uint64_t)(uintptr_t)somewhere;
    uint64_t when = (uint64_t)clock() ^ (uint64_t)time(NULL) << 20;
    key.word[0] ^= random[0] ^ fold(place ^ key.word[1], when | 1);
    key.word[1] = (key.word[1] ^ random[1] ^ fold(when ^ key.word[0], place | 1)) | 1;
    return key;
}

uint64_t aslrt_hash(const struct aslrt_hash_key *key, const char *bytes, size_t count)
{
    uint64_t h = key->word[0] ^ (uint64_t)count;
    uint64_t w;
    for (; count >= 8; bytes += 8, count -= 8) {
        memcpy(&w, bytes, 8);
        h = fold(h ^ w, key->word[1]);
    }
    w = 0;
    if (count >= 4) { /* two words that may overlap hold all of the rest */
        uint32_t first;
        uint32_t last;
        memcpy(&first, bytes, 4);
        memcpy(&last, bytes + count - 4, 4);
        w = (uint64_t)first << 32 | last;
    } else if (count != 0) {
        w = (uint64_t)(unsigned char)bytes[0] << 16 |
            (uint64_t)(unsigned char)bytes[count / 2] << 8 | (unsigned char)bytes[count - 1];
    }
    return fold(fold(h ^ w, key->word[1]) ^ key->word[0], key->word[1]);
}
