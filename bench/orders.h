/*
 * orders.h - the payload that benchmarks read: orders of a shop, as an API would give them.
 *
 * Deterministic: the same count gives the same bytes on every machine.  2,000 orders are about 1
 * MB: nested objects, integers, decimal fractions, ISO dates, some escapes and some text beyond
 * ASCII.
 */
#ifndef BENCH_ORDERS_H
#define BENCH_ORDERS_H

#include "runtime/base/buffer.h"

/* The orders as one minified JSON text; its length is in b.count, a NUL follows. */
struct aslrt_buffer bench_orders(struct aslrt_arena *arena, unsigned count);

#endif
