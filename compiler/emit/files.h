/*
 * files.h - what an emitter gives: named texts, not yet written.
 */
#ifndef ASLC_EMIT_FILES_H
#define ASLC_EMIT_FILES_H

#include "runtime/base/arena.h"

struct emit_file {
    const char *name; /* below the output folder */
    const char *text;
    size_t count;
};
struct emit_files {
    struct aslrt_arena *arena;
    struct emit_file *items;
    uint32_t count, room;
};

/* The text is borrowed. */
void emit_file_add(struct emit_files *files, const char *name, const char *text, size_t count);

#endif
