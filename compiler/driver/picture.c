/*
 * picture.c - diagrams as files; see picture.h.
 *
 * The colours are those of the verifier's coverage: green where every error of a task is handled,
 * amber where some escape, red where all do.  With the counts of runs, those take their place.
 */
#include "compiler/driver/picture.h"
#include "compiler/driver/module.h"
#include "compiler/emit/render.h"
#include "compiler/verify/verify.h"

static const char *const forms[PICTURE_FORMS] = {"svg", "png", "pdf", "dot", "mmd"};

enum picture_form picture_form_of(struct session *s, const char *name)
{
    const char *dot = strrchr(name, '.');
    for (int i = 0; dot != NULL && i < PICTURE_FORMS; i++) {
        if (strcmp(dot + 1, forms[i]) == 0)
            return (enum picture_form)i;
    }
    session_trouble(s, "cannot tell the form of '%s'; end it in .svg, .png, .pdf, .dot or .mmd",
                    name);
    return PICTURE_FORMS;
}

static const char *draw(struct session *s, const char *dot, const char *form, size_t *count)
{
    void *symbol = module_symbol(s, "aslc-graphviz", RENDER_SYMBOL, "drawing");
    if (symbol == NULL)
        return NULL;
    render_function *render;
    memcpy(&render, &symbol, sizeof render); /* ISO C has no cast from data to function pointers */
    struct render_result result;
    if (render(dot, form, &result) != 0) {
        session_trouble(s, "cannot draw: %s", result.problem);
        return NULL;
    }
    const char *bytes = aslrt_copy_text(s->arena, result.bytes, result.count);
    *count = result.count;
    result.release(result.bytes);
    return bytes;
}

const char *picture_render(struct session *s, const struct diagram *d, enum picture_form form,
                           size_t *count)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    if (form == PICTURE_MERMAID)
        diagram_mermaid(d, &b);
    else
        diagram_dot(d, &b);
    const char *text = aslrt_buffer_close(&b);
    *count = b.count;
    return form == PICTURE_MERMAID || form == PICTURE_DOT ? text
                                                          : draw(s, text, forms[form], count);
}

/* What becomes of each task's errors, as a colour by state. */
static const enum diagram_paint *paint_of(struct session *s, const struct ir_machine *m)
{
    struct verify_coverage coverage;
    struct verify_options options = {.type = s->p.type};
    enum diagram_paint *paint = ASLRT_NEW_ARRAY(s->arena, enum diagram_paint, m->state_count + 1);
    verify_cover(m, &options, s->arena, &coverage);
    for (uint32_t i = 0; i < coverage.count; i++) {
        const struct verify_outcome *o = &coverage.outcomes[i];
        if (o->fatal)
            continue; /* nothing could be done about it */
        enum diagram_paint now = o->caught_by != IR_NONE ? DIAGRAM_COVERED : DIAGRAM_OPEN;
        enum diagram_paint *p = &paint[o->state];
        *p = *p == DIAGRAM_PLAIN || *p == now ? now : DIAGRAM_PARTLY;
    }
    return paint;
}

bool picture_machine(struct session *s, const struct ir_machine *m, const char *name,
                     const struct diagram_counts *counts, enum picture_form form,
                     struct emit_files *files)
{
    struct diagram_options options = {.paint = paint_of(s, m), .counts = counts};
    struct diagram *d = diagram_overview(s->arena, m);
    bool large = d != NULL;
    if (!large)
        d = diagram_build(s->arena, m, &options);
    size_t count;
    const char *bytes = picture_render(s, d, form, &count);
    if (bytes == NULL)
        return false;
    emit_file_add(files, name, bytes, count);
    for (uint32_t i = 0; large && i < m->state_count; i++) {
        const char *group = m->states[i].group;
        if (group == NULL || (i > 0 && m->states[i - 1].group == group))
            continue;
        struct aslrt_buffer file = aslrt_buffer_in(s->arena);
        const char *dot = strrchr(name, '.');
        aslrt_buffer_put(&file, name, (size_t)(dot - name));
        aslrt_buffer_format(&file, "-%s%s", group, dot);
        options.group = group;
        bytes = picture_render(s, diagram_build(s->arena, m, &options), form, &count);
        if (bytes == NULL)
            return false;
        emit_file_add(files, aslrt_buffer_close(&file), bytes, count);
    }
    return true;
}
