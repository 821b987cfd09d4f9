/*
 * picture.h - diagrams as files: which form, how many pictures, which colours.
 */
#ifndef ASLC_PICTURE_H
#define ASLC_PICTURE_H

#include "compiler/driver/session.h"
#include "compiler/emit/diagram.h"
#include "compiler/emit/files.h"

enum picture_form {
    PICTURE_SVG,
    PICTURE_PNG,
    PICTURE_PDF,
    PICTURE_DOT,
    PICTURE_MERMAID,
    PICTURE_FORMS
};

/* The form that a file's name asks for; PICTURE_FORMS after a message. */
enum picture_form picture_form_of(struct session *s, const char *name);
/* The diagram in that form; NULL after a message.  Lives in the session's arena. */
const char *picture_render(struct session *s, const struct diagram *d, enum picture_form form,
                           size_t *count);
/* Adds NAME (and, above DIAGRAM_STATES_MAX, NAME-OPERATION for each operation) to the files.  With
   `counts` the colours are those of what runs took; NULL: what becomes of errors. */
bool picture_machine(struct session *s, const struct ir_machine *m, const char *name,
                     const struct diagram_counts *counts, enum picture_form form,
                     struct emit_files *files);

#endif
