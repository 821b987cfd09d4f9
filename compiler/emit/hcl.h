/*
 * hcl.h - HCL text in the form that `terraform fmt` gives it.
 *
 * In: HCL with two blanks of indentation a level, one blank around each `=`.  Out: the same with
 * the
 * `=` of neighbouring single-line attributes aligned, which is all that fmt would still change.
 */
#ifndef ASLC_HCL_H
#define ASLC_HCL_H

#include "runtime/base/buffer.h"

/* Appends formatted HCL, as printf does. */
void hcl_put(struct aslrt_buffer *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The text in quotes, so that HCL reads exactly it: quotes, backslashes, ${ and %{ are escaped. */
const char *hcl_quote(struct aslrt_arena *arena, const char *text);
/* Aligns; gives the whole text, NUL-terminated, in the buffer's arena. */
const char *hcl_align(const struct aslrt_buffer *text, size_t *count);

#endif
