/*
 * limits.h - every limit of the runtime and of the compiler, in one place.
 *
 * Each can be overridden on the compiler's command line (-DASLRT_DEPTH_MAX=50).  The quotas of the
 * service are not here: they are data with a date, in catalog/quotas.def.
 */
#ifndef ASLRT_LIMITS_H
#define ASLRT_LIMITS_H

#ifndef ASLRT_DEPTH_MAX
#define ASLRT_DEPTH_MAX 512 /* nesting of JSON, of the DSL's blocks, of expressions as written */
#endif
#ifndef ASLRT_NESTING_MAX
#define ASLRT_NESTING_MAX                                                                          \
    4096 /* nesting of values that a program has built, when written or copied */
#endif
#ifndef ASLRT_PATH_DEPTH_MAX
#define ASLRT_PATH_DEPTH_MAX 100 /* nesting of brackets and calls in a path or intrinsic function */
#endif
#ifndef ASLRT_LINE_MAX
#define ASLRT_LINE_MAX (64u << 20) /* bytes in one line of `aslc batch`, and in one source file */
#endif
#ifndef ASLRT_BLOCK
#define ASLRT_BLOCK (64u << 10) /* bytes in an arena's first block; later ones grow by doubling */
#endif
#ifndef ASLRT_BLOCK_MAX
#define ASLRT_BLOCK_MAX (4u << 20) /* ...up to this */
#endif
#ifndef ASLRT_INDEX_MIN
#define ASLRT_INDEX_MIN 16 /* members from which on an object carries a hash index */
#endif
#ifndef ASLC_ERRORS_MAX
#define ASLC_ERRORS_MAX 100 /* diagnostics shown in one run; the rest is counted */
#endif

#endif
