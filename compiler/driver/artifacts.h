/*
 * artifacts.h - what a unit stands for, as named texts.
 *
 *     NAME.asl.json ...      the definitions          openapi.json           the API
 *     *.tf tests/ README.md  the Terraform module     NAME.mmd NAME.svg      the diagrams
 *     NAME.c NAME.h NAME_main.c                       the native program
 *
 * In: a unit without errors.  Out: files, in the pipeline's arena; nothing is written here.
 */
#ifndef ASLC_ARTIFACTS_H
#define ASLC_ARTIFACTS_H

#include "compiler/driver/pipeline.h"
#include "compiler/emit/files.h"

enum artifact {
    ARTIFACT_ASL,
    ARTIFACT_TERRAFORM,
    ARTIFACT_OPENAPI,
    ARTIFACT_DIAGRAM,
    ARTIFACT_NATIVE,
    ARTIFACT_COUNT,
};
extern const char *const artifact_words[ARTIFACT_COUNT];

/* Adds the files of one kind; of the diagrams the Mermaid text only, since drawing takes graphviz.
   False after errors in the pipeline's diagnostics: the engine can't run it yet (native). */
bool artifacts_add(struct pipeline *p, const struct unit *unit, enum artifact artifact,
                   struct emit_files *files);

#endif
