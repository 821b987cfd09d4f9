/*
 * random.c - the chance of an execution: one stream of numbers from the environment's seed.
 *
 * SplitMix64 (Steele, Lea, Flood 2014): the state is one number that grows by a constant, so that
 * it can be saved with the execution and every draw is a pure function of seed and count.
 */
#include "runtime/engine/exec.h"

static uint64_t draw(uint64_t *stream)
{
    uint64_t z = *stream += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t aslrt_random(struct aslrt_execution *x)
{
    return draw(&x->random);
}

double aslrt_random_unit(struct aslrt_execution *x)
{
    return (double)(aslrt_random(x) >> 11) * 0x1p-53;
}

/* A version 4 UUID (RFC 9562). */
void aslrt_random_uuid(uint64_t *stream, char out[37])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t high = (draw(stream) & ~(uint64_t)0xf000) | 0x4000;
    uint64_t low = (draw(stream) & ~((uint64_t)3 << 62)) | ((uint64_t)2 << 62);
    char *to = out;
    for (int i = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            *to++ = '-';
        uint64_t half = i < 16 ? high : low;
        *to++ = digits[half >> (60 - 4 * (i % 16)) & 15];
    }
    *to = '\0';
}
