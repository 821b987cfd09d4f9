/*
 * digest.c - message digests; see digest.h.
 *
 * All of them take the message in blocks (64 bytes, or 128 for SHA-384 and SHA-512), padded with
 * one bit, zeros and the length in bits.  What differs is the function that mixes a block into the
 * state.
 */
#include "runtime/base/digest.h"

#include <string.h>

static const char *const names[] = {"MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"};
static const size_t sizes[] = {16, 20, 32, 48, 64};

enum aslrt_digest aslrt_digest_named(const char *name, size_t count)
{
    unsigned kind = 0;
    while (kind < ASLRT_DIGEST_COUNT &&
           (strlen(names[kind]) != count || memcmp(names[kind], name, count) != 0))
        kind++;
    return (enum aslrt_digest)kind;
}

static uint32_t rotate_left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static uint32_t rotate32(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static uint64_t rotate64(uint64_t x, unsigned n)
{
    return x >> n | x << (64 - n);
}

static uint32_t big32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t little32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static uint64_t big64(const uint8_t *p)
{
    return (uint64_t)big32(p) << 32 | big32(p + 4);
}

/* ---- MD5 ---- */

/* RFC 1321, 3.4: the integer part of 2^32 * |sin(i + 1)|. */
static const uint32_t md5_sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static void md5_block(uint32_t *h, const uint8_t *block)
{
    static const uint8_t shifts[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const uint8_t factors[4] = {1, 5, 3, 7}, offsets[4] = {0, 1, 5, 0};
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3];
    for (unsigned i = 0; i < 64; i++) {
        unsigned round = i / 16;
        uint32_t f = round == 0   ? (b & c) | (~b & d)
                     : round == 1 ? (d & b) | (~d & c)
                     : round == 2 ? b ^ c ^ d
                                  : c ^ (b | ~d);
        unsigned word = (factors[round] * i + offsets[round]) % 16;
        uint32_t next = b + rotate_left(a + f + md5_sines[i] + little32(block + 4 * word),
                                        shifts[round][i % 4]);
        a = d;
        d = c;
        c = b;
        b = next;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
}

/* ---- SHA ---- */

static void sha1_block(uint32_t *h, const uint8_t *block)
{
    uint32_t w[80];
    for (unsigned i = 0; i < 80; i++)
        w[i] = i < 16 ? big32(block + 4 * i)
                      : rotate_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (unsigned i = 0; i < 80; i++) {
        uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                     : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                     : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                              : (b ^ c ^ d) + 0xca62c1d6;
        uint32_t next = rotate_left(a, 5) + f + e + w[i];
        e = d;
        d = c;
        c = rotate_left(b, 30);
        b = a;
        a = next;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
}

/* The first 64 bits of the fractional parts of the cube roots of the first 80 primes; SHA-256 uses
   the upper halves of the first 64. */
static const uint64_t roots[80] = {
    0x428a2f98d728ae22u, 0x7137449123ef65cdu, 0xb5c0fbcfec4d3b2fu, 0xe9b5dba58189dbbcu,
    0x3956c25bf348b538u, 0x59f111f1b605d019u, 0x923f82a4af194f9bu, 0xab1c5ed5da6d8118u,
    0xd807aa98a3030242u, 0x12835b0145706fbeu, 0x243185be4ee4b28cu, 0x550c7dc3d5ffb4e2u,
    0x72be5d74f27b896fu, 0x80deb1fe3b1696b1u, 0x9bdc06a725c71235u, 0xc19bf174cf692694u,
    0xe49b69c19ef14ad2u, 0xefbe4786384f25e3u, 0x0fc19dc68b8cd5b5u, 0x240ca1cc77ac9c65u,
    0x2de92c6f592b0275u, 0x4a7484aa6ea6e483u, 0x5cb0a9dcbd41fbd4u, 0x76f988da831153b5u,
    0x983e5152ee66dfabu, 0xa831c66d2db43210u, 0xb00327c898fb213fu, 0xbf597fc7beef0ee4u,
    0xc6e00bf33da88fc2u, 0xd5a79147930aa725u, 0x06ca6351e003826fu, 0x142929670a0e6e70u,
    0x27b70a8546d22ffcu, 0x2e1b21385c26c926u, 0x4d2c6dfc5ac42aedu, 0x53380d139d95b3dfu,
    0x650a73548baf63deu, 0x766a0abb3c77b2a8u, 0x81c2c92e47edaee6u, 0x92722c851482353bu,
    0xa2bfe8a14cf10364u, 0xa81a664bbc423001u, 0xc24b8b70d0f89791u, 0xc76c51a30654be30u,
    0xd192e819d6ef5218u, 0xd69906245565a910u, 0xf40e35855771202au, 0x106aa07032bbd1b8u,
    0x19a4c116b8d2d0c8u, 0x1e376c085141ab53u, 0x2748774cdf8eeb99u, 0x34b0bcb5e19b48a8u,
    0x391c0cb3c5c95a63u, 0x4ed8aa4ae3418acbu, 0x5b9cca4f7763e373u, 0x682e6ff3d6b2b8a3u,
    0x748f82ee5defb2fcu, 0x78a5636f43172f60u, 0x84c87814a1f0ab72u, 0x8cc702081a6439ecu,
    0x90befffa23631e28u, 0xa4506cebde82bde9u, 0xbef9a3f7b2c67915u, 0xc67178f2e372532bu,
    0xca273eceea26619cu, 0xd186b8c721c0c207u, 0xeada7dd6cde0eb1eu, 0xf57d4f7fee6ed178u,
    0x06f067aa72176fbau, 0x0a637dc5a2c898a6u, 0x113f9804bef90daeu, 0x1b710b35131c471bu,
    0x28db77f523047d84u, 0x32caab7b40c72493u, 0x3c9ebe0a15c9bebcu, 0x431d67c49c100d4cu,
    0x4cc5d4becb3e42b6u, 0x597f299cfc657e2au, 0x5fcb6fab3ad6faecu, 0x6c44198c4a475817u,
};

static void sha256_block(uint32_t *h, const uint8_t *block)
{
    uint32_t w[64], v[8];
    for (unsigned i = 0; i < 64; i++) {
        if (i < 16) {
            w[i] = big32(block + 4 * i);
            continue;
        }
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (rotate32(x, 7) ^ rotate32(x, 18) ^ x >> 3) + w[i - 7] +
               (rotate32(y, 17) ^ rotate32(y, 19) ^ y >> 10);
    }
    memcpy(v, h, sizeof v);
    for (unsigned i = 0; i < 64; i++) {
        uint32_t a = v[0], e = v[4];
        uint32_t one = v[7] + (rotate32(e, 6) ^ rotate32(e, 11) ^ rotate32(e, 25)) +
                       ((e & v[5]) ^ (~e & v[6])) + (uint32_t)(roots[i] >> 32) + w[i];
        uint32_t two = (rotate32(a, 2) ^ rotate32(a, 13) ^ rotate32(a, 22)) +
                       ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += one;
        v[0] = one + two;
    }
    for (unsigned i = 0; i < 8; i++)
        h[i] += v[i];
}

static void sha512_block(uint64_t *h, const uint8_t *block)
{
    uint64_t w[80], v[8];
    for (unsigned i = 0; i < 80; i++) {
        if (i < 16) {
            w[i] = big64(block + 8 * i);
            continue;
        }
        uint64_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (rotate64(x, 1) ^ rotate64(x, 8) ^ x >> 7) + w[i - 7] +
               (rotate64(y, 19) ^ rotate64(y, 61) ^ y >> 6);
    }
    memcpy(v, h, sizeof v);
    for (unsigned i = 0; i < 80; i++) {
        uint64_t a = v[0], e = v[4];
        uint64_t one = v[7] + (rotate64(e, 14) ^ rotate64(e, 18) ^ rotate64(e, 41)) +
                       ((e & v[5]) ^ (~e & v[6])) + roots[i] + w[i];
        uint64_t two = (rotate64(a, 28) ^ rotate64(a, 34) ^ rotate64(a, 39)) +
                       ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += one;
        v[0] = one + two;
    }
    for (unsigned i = 0; i < 8; i++)
        h[i] += v[i];
}

/* ---- messages ---- */

struct state {
    enum aslrt_digest kind;
    uint32_t h32[8];
    uint64_t h64[8];
};

static void start(struct state *s, enum aslrt_digest kind)
{
    static const uint32_t first32[3][8] = {
        {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0, 0, 0, 0},
        {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0, 0, 0, 0},
        {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
         0x5be0cd19},
    };
    static const uint64_t first64[2][8] = {
        {0xcbbb9d5dc1059ed8u, 0x629a292a367cd507u, 0x9159015a3070dd17u, 0x152fecd8f70e5939u,
         0x67332667ffc00b31u, 0x8eb44a8768581511u, 0xdb0c2e0d64f98fa7u, 0x47b5481dbefa4fa4u},
        {0x6a09e667f3bcc908u, 0xbb67ae8584caa73bu, 0x3c6ef372fe94f82bu, 0xa54ff53a5f1d36f1u,
         0x510e527fade682d1u, 0x9b05688c2b3e6c1fu, 0x1f83d9abfb41bd6bu, 0x5be0cd19137e2179u},
    };
    s->kind = kind;
    if (kind <= ASLRT_SHA256)
        memcpy(s->h32, first32[kind], sizeof s->h32);
    else
        memcpy(s->h64, first64[kind - ASLRT_SHA384], sizeof s->h64);
}

static void mix(struct state *s, const uint8_t *block)
{
    switch (s->kind) {
    case ASLRT_MD5:
        md5_block(s->h32, block);
        break;
    case ASLRT_SHA1:
        sha1_block(s->h32, block);
        break;
    case ASLRT_SHA256:
        sha256_block(s->h32, block);
        break;
    default:
        sha512_block(s->h64, block);
        break;
    }
}

static void finish(const struct state *s, uint8_t *out)
{
    for (size_t i = 0; i < sizes[s->kind]; i++) {
        if (s->kind == ASLRT_MD5)
            out[i] = (uint8_t)(s->h32[i / 4] >> (8 * (i % 4)));
        else if (s->kind <= ASLRT_SHA256)
            out[i] = (uint8_t)(s->h32[i / 4] >> (24 - 8 * (i % 4)));
        else
            out[i] = (uint8_t)(s->h64[i / 8] >> (56 - 8 * (i % 8)));
    }
}

size_t aslrt_digest_of(enum aslrt_digest kind, const void *bytes, size_t count,
                       uint8_t out[ASLRT_DIGEST_MAX])
{
    struct state s;
    const size_t block = kind <= ASLRT_SHA256 ? 64 : 128;
    const size_t length_size =
        block / 8; /* of the message's length, at the end of the last block */
    const uint8_t *p = bytes;
    size_t left = count;
    start(&s, kind);
    for (; left >= block; left -= block, p += block)
        mix(&s, p);
    uint8_t last[256] = {0};
    if (left != 0)
        memcpy(last, p, left);
    last[left] = 0x80;
    size_t end = left + 1 + length_size <= block ? block : 2 * block;
    for (unsigned i = 0; i < 8; i++) {
        uint8_t byte = (uint8_t)((uint64_t)count * 8 >> (8 * i));
        if (kind == ASLRT_MD5)
            last[end - 8 + i] = byte;
        else
            last[end - 1 - i] = byte;
    }
    for (size_t at = 0; at < end; at += block)
        mix(&s, last + at);
    finish(&s, out);
    return sizes[kind];
}
