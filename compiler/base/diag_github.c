/*
 * diag_github.c - diagnostics as workflow commands of GitHub Actions, one line each.
 *
 *     ::error file=a.json,line=3,col=5,endLine=3,endColumn=9,title=A301 unknown-state::message
 */
#include "compiler/base/diag_forms.h"

/* Escapes what the command syntax would take for its own; properties have two characters more. */
static void put_escaped(struct aslrt_buffer *out, const char *text, bool property)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '%' || *c == '\r' || *c == '\n' || (property && (*c == ':' || *c == ',')))
            aslrt_buffer_format(out, "%%%02X", (unsigned)*c);
        else if ((unsigned char)*c < 0x20 || *c == 0x7f) /* would steer the terminal of a log */
            aslrt_buffer_char(out, '?');
        else
            aslrt_buffer_char(out, *c);
    }
}

static void put_place(const struct diag_context *cx, const struct diag *d, struct aslrt_buffer *out)
{
    const struct source *s = source_of(cx->sources, d->at.source);
    if (s == NULL)
        return;
    struct place start = source_place(cx->sources, d->at.source, d->at.start);
    struct place end = source_place(cx->sources, d->at.source, d->at.end);
    aslrt_buffer_text(out, "file=");
    put_escaped(out, s->name, true);
    aslrt_buffer_format(out, ",line=%u,col=%u,endLine=%u,endColumn=%u,", start.line, start.utf16,
                        end.line, end.utf16);
}

static void put_line(const char *word, const char *text, struct aslrt_buffer *out)
{
    aslrt_buffer_text(out, "%0A");
    aslrt_buffer_text(out, word);
    put_escaped(out, text, false);
}

static void put_diag(const struct diag_context *cx, const struct diag *d, struct aslrt_buffer *out)
{
    const char *command = d->severity == SEVERITY_NOTE ? "notice" : diag_severity_name(d->severity);
    aslrt_buffer_format(out, "::%s ", command);
    put_place(cx, d, out);
    aslrt_buffer_format(out, "title=%s %s::", diag_table[d->code].code, diag_table[d->code].slug);
    put_escaped(out, d->message, false);
    for (uint32_t i = 0; i < d->path_count; i++) {
        aslrt_buffer_text(out, i == 0 ? "%0Apath: " : " → ");
        put_escaped(out, d->path[i].text, false);
    }
    for (uint32_t i = 0; i < d->note_count; i++)
        put_line("note: ", d->notes[i], out);
    for (uint32_t i = 0; i < d->help_count; i++)
        put_line("help: ", d->helps[i], out);
    for (uint32_t i = 0; i < d->fix_count; i++)
        put_line("help: ", diag_fix_words(cx->arena, &d->fixes[i]), out);
    aslrt_buffer_char(out, '\n');
}

void diag_render_github(const struct diag_context *cx, uint32_t count, struct aslrt_buffer *out)
{
    for (uint32_t i = 0; i < count; i++)
        put_diag(cx, cx->diags[i], out);
}
