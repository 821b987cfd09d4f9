/*
 * functions_encoding.c - Base64 and URL encoding of strings.
 *
 * In: validated arguments.  Out: strings.  Base64 is about code units cut to a byte, as Node's
 * Buffer has it; the URL functions are JavaScript's encodeURI and its relatives, whose errors are
 * D3140.
 */
#include "runtime/base/base64.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/text.h"

static struct aslrt_value made(struct aslrt_buffer *b)
{
    return aslrt_string(aslrt_buffer_close(b), (uint32_t)b->count);
}

/* ---- Base64 ---- */

/* Every UTF-16 code unit of the string, cut to its low byte. */
static unsigned char *low_bytes(struct evaluation *c, struct aslrt_value s, size_t *count)
{
    unsigned char *bytes = aslrt_alloc(c->arena, (size_t)s.count + 1);
    const char *p = s.as.bytes, *end = p + s.count;
    size_t n = 0;
    while (p < end) {
        uint32_t unit = aslrt_utf8_next(&p);
        if (unit > 0xffff) {
            bytes[n++] = (unsigned char)(0xd800 + ((unit - 0x10000) >> 10));
            unit = 0xdc00 + (unit & 0x3ff);
        }
        bytes[n++] = (unsigned char)unit;
    }
    *count = n;
    return bytes;
}

struct aslrt_value aslrt_fn_base64encode(struct call *call)
{
    struct aslrt_value s = call_arg(call, 0);
    if (s.kind == ASLRT_UNDEFINED)
        return s;
    size_t count;
    aslrt_eval_reserve(call->c, (size_t)s.count * 3);
    const unsigned char *in = low_bytes(call->c, s, &count);
    struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
    size_t length = aslrt_base64_length(count);
    aslrt_base64_encode(in, count, aslrt_buffer_reserve(&b, length));
    b.count += length;
    return made(&b);
}

/* The six bits of a letter, of the URL alphabet too; -1 for anything else. */
static int sextet(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

struct aslrt_value aslrt_fn_base64decode(struct call *call)
{
    struct aslrt_value s = call_arg(call, 0);
    if (s.kind == ASLRT_UNDEFINED)
        return s;
    size_t count;
    aslrt_eval_reserve(call->c, (size_t)s.count * 3);
    const unsigned char *in = low_bytes(call->c, s, &count);
    struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
    unsigned bits = 0, held = 0;
    for (size_t i = 0; i < count && in[i] != '='; i++) {
        int six = sextet(in[i]);
        if (six < 0)
            continue; /* whatever is no letter is passed over */
        bits = bits << 6 | (unsigned)six;
        held += 6;
        if (held >= 8) {
            held -= 8;
            char *to = aslrt_buffer_reserve(&b, 4);
            b.count += aslrt_utf8_put(bits >> held & 0xff, to);
        }
    }
    return made(&b);
}

/* ---- URLs ---- */

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
#define RESERVED   ";/?:@&=+$,#"

static _Noreturn void malformed(struct call *call, const char *function)
{
    struct aslrt_fault f = aslrt_fault("D3140", FAULT_NOWHERE);
    f.value = call_arg(call, 0);
    f.function = function;
    aslrt_eval_fail(call->c, &f);
}

static bool one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static struct aslrt_value encode(struct call *call, const char *kept, const char *function)
{
    static const char hex[] = "0123456789ABCDEF";
    struct aslrt_value s = call_arg(call, 0);
    if (s.kind == ASLRT_UNDEFINED)
        return s;
    aslrt_eval_reserve(call->c, (size_t)s.count * 3);
    struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
    for (uint32_t i = 0; i < s.count; i++) {
        unsigned char c = (unsigned char)s.as.bytes[i];
        if (c == 0xed && i + 1 < s.count && (unsigned char)s.as.bytes[i + 1] >= 0xa0)
            malformed(call, function); /* a lone surrogate */
        if (one_of((char)c, kept)) {
            aslrt_buffer_char(&b, (char)c);
            continue;
        }
        char *to = aslrt_buffer_reserve(&b, 3);
        to[0] = '%';
        to[1] = hex[c >> 4];
        to[2] = hex[c & 15];
        b.count += 3;
    }
    return made(&b);
}

struct aslrt_value aslrt_fn_encodeUrlComponent(struct call *call)
{
    return encode(call, UNRESERVED, "encodeUrlComponent");
}

struct aslrt_value aslrt_fn_encodeUrl(struct call *call)
{
    return encode(call, UNRESERVED RESERVED, "encodeUrl");
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that %XX at `at` stands for, or -1. */
static int escaped_byte(struct aslrt_value s, size_t at)
{
    if (at + 2 >= s.count || s.as.bytes[at] != '%')
        return -1;
    int high = hex_digit(s.as.bytes[at + 1]), low = hex_digit(s.as.bytes[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Decodes the character whose escapes begin at *at; false when they are none. */
static bool decode_escapes(struct aslrt_buffer *b, struct aslrt_value s, size_t *at,
                           const char *kept)
{
    char bytes[4];
    int byte = escaped_byte(s, *at);
    if (byte < 0)
        return false;
    if (byte < 0x80 && one_of((char)byte, kept)) {
        aslrt_buffer_put(b, s.as.bytes + *at, 3);
        *at += 3;
        return true;
    }
    bytes[0] = (char)byte;
    unsigned length = byte >= 0x80 && byte < 0xc0 ? 0 : aslrt_utf8_length(bytes[0]);
    for (unsigned i = 1; i < length; i++) {
        byte = escaped_byte(s, *at + 3 * (size_t)i);
        if (byte < 0)
            return false;
        bytes[i] = (char)byte;
    }
    if (length == 0 || aslrt_utf8_check(bytes, length) != length)
        return false;
    aslrt_buffer_put(b, bytes, length);
    *at += 3 * (size_t)length;
    return true;
}

static struct aslrt_value decode(struct call *call, const char *kept, const char *function)
{
    struct aslrt_value s = call_arg(call, 0);
    if (s.kind == ASLRT_UNDEFINED)
        return s;
    aslrt_eval_reserve(call->c, s.count);
    struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
    for (size_t i = 0; i < s.count;) {
        if (s.as.bytes[i] != '%')
            aslrt_buffer_char(&b, s.as.bytes[i++]);
        else if (!decode_escapes(&b, s, &i, kept))
            malformed(call, function);
    }
    return made(&b);
}

struct aslrt_value aslrt_fn_decodeUrlComponent(struct call *call)
{
    return decode(call, "", "decodeUrlComponent");
}

struct aslrt_value aslrt_fn_decodeUrl(struct call *call)
{
    return decode(call, RESERVED, "decodeUrl");
}
