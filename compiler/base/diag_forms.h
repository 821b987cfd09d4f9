/*
 * diag_forms.h - what the forms of output share; for diag_*.c only.
 */
#ifndef ASLC_DIAG_FORMS_H
#define ASLC_DIAG_FORMS_H

#include "compiler/base/diag_render.h"

const char *diag_severity_name(enum severity severity); /* "error" */
/* What applying a fix means, in words. */
const char *diag_fix_words(struct aslrt_arena *arena, const struct diag_fix *fix);

/* Each writes the first `count` diagnostics of the sorted list. */
void diag_render_text(const struct diag_context *cx, uint32_t count, bool colour,
                      struct aslrt_buffer *out);
void diag_render_github(const struct diag_context *cx, uint32_t count, struct aslrt_buffer *out);
void diag_render_json(const struct diag_context *cx, uint32_t count, const char *coverage,
                      struct aslrt_buffer *out);
void diag_render_sarif(const struct diag_context *cx, uint32_t count, const char *version,
                       struct aslrt_buffer *out);

#endif
