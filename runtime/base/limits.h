/*
 * limits.h - every limit of the runtime and of the compiler, in one place.
 *
 * Each can be overridden on the compiler's command line (-DASLRT_DEPTH_MAX=50).  The quotas of the
 * service are not here: they are data with a date, in catalog/quotas.def.
 */
#ifndef ASLRT_LIMITS_H
#define ASLRT_LIMITS_H

#ifndef ASLRT_DEPTH_MAX /* nesting of JSON, of the DSL's blocks, of expressions as written */
#define ASLRT_DEPTH_MAX 512
#endif
#ifndef ASLRT_NESTING_MAX /* nesting of values that a program has built, when written or copied */
#define ASLRT_NESTING_MAX 4096
#endif
#ifndef ASLRT_PATH_DEPTH_MAX /* nesting of brackets and calls in a path or intrinsic function */
#define ASLRT_PATH_DEPTH_MAX 100
#endif
#ifndef ASLRT_LINE_MAX /* bytes in one line of `aslc batch`, and in one source file */
#define ASLRT_LINE_MAX (64u << 20)
#endif
#ifndef ASLRT_BLOCK /* bytes in an arena's first block; later ones grow by doubling */
#define ASLRT_BLOCK (64u << 10)
#endif
#ifndef ASLRT_BLOCK_MAX /* ...up to this */
#define ASLRT_BLOCK_MAX (4u << 20)
#endif
#ifndef ASLRT_INDEX_MIN /* members from which on an object carries a hash index */
#define ASLRT_INDEX_MIN 16
#endif
#ifndef ASLRT_HELD_MAX /* bytes of one JSONata value, eight a number: [1..873782] was accepted */
#define ASLRT_HELD_MAX 6990256u
#endif
#ifndef ASLC_ERRORS_MAX /* diagnostics shown in one run; the rest is counted */
#define ASLC_ERRORS_MAX 100
#endif

#endif
