/*
 * asl_functions.c - the functions that Step Functions adds to JSONata: $partition, $range, $hash,
 * $uuid, $parse (and $random with a seed).
 *
 * In: validated arguments.  Out: as the developer guide and observations of the service have it
 * ("Transforming data with JSONata").  Arguments that have to be integers are rounded down.
 */
#include "runtime/base/value.h"
#include "runtime/expr/digest.h"
#include "runtime/expr/numeric.h"

#include <math.h>
#include <stdio.h>

#define RANGE_MAX 1000000.0 /* items of $range; memory ends before that */

/* A string of text made here. */
static struct aslrt_value text_value(struct call *call, const char *text, size_t count)
{
    return aslrt_string_copy(call->c->arena, text, count);
}

/* ---- arrays ---- */

struct aslrt_value aslrt_fn_partition(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value array = call_arg(call, 0), size = call_arg(call, 1);
    if (array.kind == ASLRT_UNDEFINED || size.kind == ASLRT_UNDEFINED)
        return aslrt_undefined();
    double n = floor(expr_double(size));
    if (!(n >= 1))
        aslrt_eval_fail_message(c, "the size of a partition must be at least 1");
    uint32_t step = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX, base = c->top;
    for (uint32_t i = 0; i < array.count;) {
        uint32_t left = array.count - i, count = left < step ? left : step;
        struct aslrt_value part = aslrt_array(array.as.items + i, count);
        part.pad = array.pad;
        expr_push(c, part);
        i += count;
    }
    return aslrt_expr_pop_array(c, base, 0); /* recorded: a single part stays in its array */
}

struct aslrt_value aslrt_fn_range(struct call *call)
{
    struct evaluation *c = call->c;
    for (uint32_t i = 0; i < 3; i++)
        if (call_arg(call, i).kind == ASLRT_UNDEFINED)
            return aslrt_undefined();
    double first = floor(expr_double(call->args[0])), last = floor(expr_double(call->args[1]));
    double step = floor(expr_double(call->args[2]));
    if (step == 0)
        aslrt_eval_fail_message(c, "the step of a range must not be 0");
    double count = floor((last - first) / step) + 1;
    if (!(count >= 1))
        return expr_sequence(NULL, 0);
    if (count > RANGE_MAX)
        aslrt_eval_too_large(c);
    uint32_t base = c->top;
    for (double i = 0; i < count; i++) {
        aslrt_eval_tick(c);
        expr_push(c, expr_number(first + i * step));
    }
    return aslrt_expr_pop_array(c, base, EXPR_SEQUENCE);
}

/* ---- $hash ---- */

struct aslrt_value aslrt_fn_hash(struct call *call)
{
    static const char hex[] = "0123456789abcdef";
    struct aslrt_value data = call_arg(call, 0), algorithm = call_arg(call, 1);
    unsigned char digest[ASLRT_DIGEST_MAX];
    char text[2 * ASLRT_DIGEST_MAX];
    if (data.kind == ASLRT_UNDEFINED || algorithm.kind == ASLRT_UNDEFINED)
        return aslrt_undefined();
    unsigned count =
        aslrt_digest(algorithm.as.bytes, algorithm.count, data.as.bytes, data.count, digest);
    if (count == 0) {
        struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
        aslrt_buffer_format(&b, "unknown hash algorithm '%.*s'", (int)algorithm.count,
                            algorithm.as.bytes);
        aslrt_eval_fail_message(call->c, aslrt_buffer_close(&b));
    }
    for (unsigned i = 0; i < count; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    return text_value(call, text, 2 * (size_t)count);
}

/* ---- chance ---- */

/* java.util.Random(seed).nextDouble(): a 48-bit linear congruential generator. */
static double java_random(int64_t seed)
{
    const uint64_t multiplier = UINT64_C(0x5deece66d), mask = (UINT64_C(1) << 48) - 1;
    uint64_t state = ((uint64_t)seed ^ multiplier) & mask;
    state = (state * multiplier + 0xb) & mask;
    uint64_t high = state >> 22; /* 26 bits */
    state = (state * multiplier + 0xb) & mask;
    uint64_t low = state >> 21; /* 27 bits */
    return (double)(high << 27 | low) * 0x1p-53;
}

struct aslrt_value aslrt_fn_randomSeeded(struct call *call)
{
    struct aslrt_value seed = call_arg(call, 0);
    if (seed.kind == ASLRT_UNDEFINED)
        return expr_number(aslrt_random_fraction(call->c));
    double d = floor(expr_double(seed));
    return expr_number(java_random(fabs(d) < 0x1p63 ? (int64_t)d : 0));
}

struct aslrt_value aslrt_fn_uuid(struct call *call)
{
    uint64_t high = aslrt_random_bits(call->c), low = aslrt_random_bits(call->c);
    char text[40];
    high = (high & ~UINT64_C(0xf000)) | 0x4000;             /* version 4 */
    low = (low & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62; /* variant of RFC 4122 */
    int n = snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32),
                     (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xffff),
                     (unsigned)(low >> 48), (unsigned long long)(low & 0xffffffffffff));
    return text_value(call, text, (size_t)n);
}

/* ---- $parse ---- */

struct aslrt_value aslrt_fn_parse(struct call *call)
{
    struct aslrt_value text = call_arg(call, 0), v;
    struct aslrt_json_error error;
    if (text.kind == ASLRT_UNDEFINED)
        return text;
    enum aslrt_status status =
        aslrt_json_read(call->c->arena, text.as.bytes, text.count, &v, &error);
    if (status == ASLRT_NOMEM || status == ASLRT_LIMIT)
        aslrt_escape(call->c->arena->memory, status);
    if (status != ASLRT_OK) {
        struct aslrt_buffer b = aslrt_buffer_in(call->c->arena);
        aslrt_buffer_format(&b, "the argument of $parse is not valid JSON: %s", error.message);
        aslrt_eval_fail_message(call->c, aslrt_buffer_close(&b));
    }
    if (aslrt_is_number(v) && expr_double(v) == 0)
        return expr_number(0); /* recorded: -0 is 0 */
    return v;
}
