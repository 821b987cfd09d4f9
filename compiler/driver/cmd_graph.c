/*
 * cmd_graph.c - aslc graph: the picture of a machine, or of what differs between two.
 */
#include "compiler/driver/commands.h"
#include "compiler/driver/output.h"
#include "compiler/driver/picture.h"
#include "compiler/driver/taken.h"

/* vehicles.svg for the first machine; vehicles-NAME.svg for the others of a layout per operation.
 */
static const char *file_name(struct session *s, const char *path, const struct unit *unit,
                             uint32_t machine)
{
    if (unit->machine_count == 1)
        return path;
    const char *dot = strrchr(path, '.');
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    aslrt_buffer_put(&b, path, (size_t)(dot - path));
    aslrt_buffer_format(&b, "-%s%s", unit->machines[machine]->name, dot);
    return aslrt_buffer_close(&b);
}

static bool print_dot(struct session *s, const struct diagram *d)
{
    size_t count;
    const char *text = picture_render(s, d, PICTURE_DOT, &count);
    fwrite(text, 1, count, stdout);
    return true;
}

static bool graph_one(struct session *s, struct emit_files *files)
{
    struct unit unit;
    /* A picture of a wrong machine helps to mend it: only what can't be read stops here. */
    session_load(s, s->cli.files[0], &unit);
    if (unit.machine_count == 0)
        return false;
    const struct diagram_counts *counts = NULL;
    if (s->cli.given[FLAG_TAKEN] && (counts = taken_read(s, &unit)) == NULL)
        return false;
    if (!s->cli.given[FLAG_OUTPUT]) {
        for (uint32_t i = 0; i < unit.machine_count; i++) {
            struct diagram_options options = {.counts = counts != NULL ? &counts[i] : NULL};
            print_dot(s, diagram_build(s->arena, unit.machines[i], &options));
        }
        return true;
    }
    const char *path = s->cli.value[FLAG_OUTPUT];
    enum picture_form form = picture_form_of(s, path);
    for (uint32_t i = 0; form != PICTURE_FORMS && i < unit.machine_count; i++) {
        if (!picture_machine(s, unit.machines[i], file_name(s, path, &unit, i),
                             counts != NULL ? &counts[i] : NULL, form, files))
            return false;
    }
    return form != PICTURE_FORMS;
}

static bool graph_diff(struct session *s, struct emit_files *files)
{
    struct unit before, after;
    session_load(s, s->cli.files[0], &before);
    session_load(s, s->cli.files[1], &after);
    if (before.machine_count == 0 || after.machine_count == 0)
        return false;
    struct diagram *d = diagram_diff(s->arena, before.machines[0], after.machines[0]);
    if (!s->cli.given[FLAG_OUTPUT])
        return print_dot(s, d);
    enum picture_form form = picture_form_of(s, s->cli.value[FLAG_OUTPUT]);
    size_t count;
    const char *bytes = form == PICTURE_FORMS ? NULL : picture_render(s, d, form, &count);
    if (bytes == NULL)
        return false;
    emit_file_add(files, s->cli.value[FLAG_OUTPUT], bytes, count);
    return true;
}

int cmd_graph(struct session *s)
{
    bool diff = s->cli.given[FLAG_DIFF];
    if (s->cli.file_count != (diff ? 2u : 1u)) {
        session_trouble(s, diff ? "'graph --diff' needs two files: OLD NEW"
                                : "'graph' needs one file");
        return EXIT_TROUBLE;
    }
    if (diff && s->cli.given[FLAG_TAKEN]) {
        session_trouble(s, "'--coverage' is of one file; it does not go with '--diff'");
        return EXIT_TROUBLE;
    }
    struct emit_files files = {.arena = s->arena};
    bool drawn = diff ? graph_diff(s, &files) : graph_one(s, &files);
    int code = session_report(s, stderr, NULL);
    if (!drawn && !s->trouble && code == EXIT_FINE)
        session_trouble(s, "'%s' has no machine that could be drawn", s->cli.files[0]);
    if (drawn && !s->trouble)
        output_write(s, "", &files);
    return s->trouble ? EXIT_TROUBLE : code;
}
