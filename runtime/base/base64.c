/*
 * base64.c - see base64.h.
 */
#include "runtime/base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void aslrt_base64_encode(const uint8_t *bytes, size_t count, char *out)
{
    for (size_t i = 0; i < count; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        if (i + 1 < count)
            group |= (uint32_t)bytes[i + 1] << 8;
        if (i + 2 < count)
            group |= bytes[i + 2];
        *out++ = alphabet[group >> 18];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = i + 1 < count ? alphabet[group >> 6 & 63] : '=';
        *out++ = i + 2 < count ? alphabet[group & 63] : '=';
    }
}

size_t aslrt_base64_decoded(const char *text, size_t count)
{
    if (count % 4 != 0)
        return SIZE_MAX;
    size_t n = count / 4 * 3;
    if (count != 0 && text[count - 1] == '=')
        n -= text[count - 2] == '=' ? 2 : 1;
    return n;
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

const char *aslrt_base64_decode(const char *text, size_t count, uint8_t *out)
{
    size_t left = aslrt_base64_decoded(text, count);
    for (size_t i = 0; i < count; i += 4) {
        uint32_t group = 0;
        size_t bytes = left < 3 ? left : 3;
        for (size_t k = 0; k < 4; k++) {
            int v = k <= bytes ? value_of(text[i + k]) : 0; /* the rest is padding */
            if (v < 0)
                return text + i + k;
            group = group << 6 | (uint32_t)v;
        }
        for (size_t k = 0; k < bytes; k++)
            *out++ = (uint8_t)(group >> (16 - 8 * k));
        left -= bytes;
    }
    return NULL;
}
