/*
 * cmd_fmt.c - aslc fmt: the canonical form of .crud files, printed, compared or written back.
 */
#include "compiler/driver/commands.h"
#include "compiler/driver/output.h"
#include "compiler/front/parse.h"
#include "compiler/front/print.h"

static int format_one(struct session *s, const char *path)
{
    const char *why = "", *dot = strrchr(path, '.');
    if (strcmp(path, "-") != 0 && (dot == NULL || strcmp(dot, ".crud") != 0)) {
        session_trouble(s, "'fmt' knows .crud files, and '%s' is none", path);
        return EXIT_TROUBLE;
    }
    uint32_t id = source_read(&s->p.sources, path, &why);
    if (id == 0) {
        session_trouble(s, "cannot read '%s': %s", path, why);
        return EXIT_TROUBLE;
    }
    struct ast_unit *unit = crud_parse(s->arena, &s->p.diag, id);
    if (unit == NULL)
        return EXIT_ERRORS;
    const struct source *source = source_of(&s->p.sources, id);
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    crud_print(s->arena, source, unit, &b);
    aslrt_buffer_close(&b);
    bool same = b.count == source->count && memcmp(b.bytes, source->text, b.count) == 0;
    if (s->cli.given[FLAG_FMT_CHECK]) {
        if (!same)
            printf("%s\n", path);
        return same ? EXIT_FINE : EXIT_ERRORS;
    }
    if (s->cli.given[FLAG_WRITE] && strcmp(path, "-") != 0) {
        struct emit_files files = {.arena = s->arena};
        emit_file_add(&files, path, b.bytes, b.count);
        return same || output_write(s, "", &files) ? EXIT_FINE : EXIT_TROUBLE;
    }
    fwrite(b.bytes, 1, b.count, stdout);
    return EXIT_FINE;
}

int cmd_fmt(struct session *s)
{
    if (s->cli.file_count == 0) {
        session_trouble(s, "'fmt' needs at least one file");
        return EXIT_TROUBLE;
    }
    if (s->cli.given[FLAG_WRITE] && s->cli.given[FLAG_FMT_CHECK]) {
        session_trouble(s, "'--write' writes and '--check' does not; take one of them");
        return EXIT_TROUBLE;
    }
    int code = EXIT_FINE;
    for (uint32_t i = 0; i < s->cli.file_count; i++) {
        int one = format_one(s, s->cli.files[i]);
        code = one > code ? one : code;
    }
    if (diag_count(&s->p.diag, SEVERITY_ERROR) != 0)
        session_report(s, stderr, NULL);
    return code;
}
