/*
 * diag_render.h - diagnostics as text for people and for machines.
 *
 * In: a context that passes have filled.  Out: text in a buffer; the driver writes it.
 * All four forms show the same list: sorted by source, place and order of reporting, without
 * duplicates, at most `max` of it.
 */
#ifndef ASLC_DIAG_RENDER_H
#define ASLC_DIAG_RENDER_H

#include "compiler/base/diag.h"
#include "runtime/base/buffer.h"

enum diag_format { DIAG_FORMAT_TEXT, DIAG_FORMAT_JSON, DIAG_FORMAT_SARIF, DIAG_FORMAT_GITHUB };

struct diag_render_options {
    enum diag_format format;
    bool colour;
    uint32_t max;         /* 0: all */
    const char *version;  /* of the tool, for SARIF */
    const char *coverage; /* JSON for the member "coverage" of the JSON form; NULL: none */
};

void diag_render(struct diag_context *cx, const struct diag_render_options *options,
                 struct aslrt_buffer *out);

#endif
