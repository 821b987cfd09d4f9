/*
 * diag_render.c - picks the form of output, and what the forms share; see diag_render.h.
 */
#include "compiler/base/diag_forms.h"

const char *diag_severity_name(enum severity severity)
{
    static const char *const names[] = {"note", "warning", "error"};
    return names[severity];
}

const char *diag_fix_words(struct aslrt_arena *arena, const struct diag_fix *fix)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    if (*fix->text == '\0')
        aslrt_buffer_text(&b, "remove it");
    else if (fix->at.start == fix->at.end)
        aslrt_buffer_format(&b, "insert '%s'", fix->text);
    else if (fix->sure)
        aslrt_buffer_format(&b, "replace with '%s'", fix->text);
    else
        aslrt_buffer_format(&b, "did you mean '%s'?", fix->text);
    return aslrt_buffer_close(&b);
}

void diag_render(struct diag_context *cx, const struct diag_render_options *options,
                 struct aslrt_buffer *out)
{
    diag_sort(cx);
    uint32_t count = options->max != 0 && options->max < cx->count ? options->max : cx->count;
    switch (options->format) {
    case DIAG_FORMAT_TEXT:
        diag_render_text(cx, count, options->colour, out);
        break;
    case DIAG_FORMAT_JSON:
        diag_render_json(cx, count, options->coverage, out);
        break;
    case DIAG_FORMAT_SARIF:
        diag_render_sarif(cx, count, options->version, out);
        break;
    case DIAG_FORMAT_GITHUB:
        diag_render_github(cx, count, out);
        break;
    }
}
