/*
 * files.c - a growing list of named texts; see files.h.
 */
#include "compiler/emit/files.h"

void emit_file_add(struct emit_files *files, const char *name, const char *text, size_t count)
{
    if (files->count == files->room) {
        uint32_t room = files->room == 0 ? 16 : files->room * 2;
        struct emit_file *more = ASLRT_NEW_ARRAY(files->arena, struct emit_file, room);
        if (files->count != 0)
            memcpy(more, files->items, files->count * sizeof *more);
        files->items = more;
        files->room = room;
    }
    files->items[files->count++] = (struct emit_file){name, text, count};
}
