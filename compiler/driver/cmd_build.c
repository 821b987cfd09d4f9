/*
 * cmd_build.c - aslc build: everything that a file stands for, written into one folder.
 *
 * In: one file.  Out: the artifacts that were asked for (artifacts.h), the pictures, and with -MD a
 * make rule; all of them whole, or nothing.
 */
#include "config.h"

#include "compiler/driver/artifacts.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/output.h"
#include "compiler/driver/picture.h"

/* What --emit asks for, as bits; 0 after a message. */
static unsigned wanted(struct session *s)
{
    if (!s->cli.given[FLAG_EMIT])
        return (1u << ARTIFACT_COUNT) - 1;
    unsigned bits = 0;
    for (const char *p = s->cli.value[FLAG_EMIT]; *p != '\0';) {
        size_t n = strcspn(p, ",");
        int found = ARTIFACT_COUNT;
        for (int i = 0; i < ARTIFACT_COUNT; i++) {
            if (strlen(artifact_words[i]) == n && strncmp(artifact_words[i], p, n) == 0)
                found = i;
        }
        if (found == ARTIFACT_COUNT) {
            session_trouble(s,
                            "'--emit' knows no '%.*s'; it takes asl, terraform, openapi, diagram "
                            "and native, separated by commas",
                            (int)n, p);
            return 0;
        }
        bits |= 1u << found;
        p += n + (p[n] == ',');
    }
    if (bits == 0)
        session_trouble(s,
                        "'--emit' needs at least one of asl, terraform, openapi, diagram, native");
    return bits;
}

static bool add_pictures(struct session *s, const struct unit *unit, struct emit_files *files)
{
#ifdef HAVE_GRAPHVIZ
    for (uint32_t i = 0; i < unit->machine_count; i++) {
        const struct ir_machine *m = unit->machines[i];
        struct aslrt_buffer name = aslrt_buffer_in(s->arena);
        aslrt_buffer_format(&name, "%s.svg", m->name);
        if (!picture_machine(s, m, aslrt_buffer_close(&name), NULL, PICTURE_SVG, files))
            return false;
    }
#else
    (void)s, (void)unit, (void)files; /* configured without graphviz: the Mermaid text has to do */
#endif
    return true;
}

/* In a make rule a blank, a # and a $ need care. */
static void put_make_path(struct aslrt_buffer *b, const char *folder, const char *name)
{
    for (int part = 0; part < 2; part++) {
        for (const char *p = part == 0 ? folder : name; *p != '\0'; p++) {
            if (*p == ' ' || *p == '#')
                aslrt_buffer_char(b, '\\');
            else if (*p == '$')
                aslrt_buffer_char(b, '$');
            aslrt_buffer_char(b, *p);
        }
        if (part == 0 && folder[0] != '\0')
            aslrt_buffer_char(b, '/');
    }
}

static void add_depfile(struct session *s, const struct unit *unit, struct emit_files *files)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena), name = aslrt_buffer_in(s->arena);
    put_make_path(&b, s->cli.value[FLAG_OUTPUT], ".stamp"); /* what build tools touch */
    for (uint32_t i = 0; i < files->count; i++) {
        aslrt_buffer_text(&b, " \\\n  ");
        put_make_path(&b, s->cli.value[FLAG_OUTPUT], files->items[i].name);
    }
    aslrt_buffer_text(&b, ": ");
    put_make_path(&b, "", unit->path);
    aslrt_buffer_text(&b, "\n\n");
    put_make_path(&b, "", unit->path);
    aslrt_buffer_text(&b, ":\n"); /* make goes on when the source was renamed */
    aslrt_buffer_format(&name, "%s.d", unit->stem);
    emit_file_add(files, aslrt_buffer_close(&name), aslrt_buffer_close(&b), b.count);
}

int cmd_build(struct session *s)
{
    if (s->cli.file_count != 1 || !s->cli.given[FLAG_OUTPUT]) {
        session_trouble(s, "'build' needs one file and a folder: aslc build FILE -o DIR");
        return EXIT_TROUBLE;
    }
    unsigned what = wanted(s);
    if (what == 0)
        return EXIT_TROUBLE;
    struct unit unit;
    struct emit_files files = {.arena = s->arena};
    bool fine = session_check(s, s->cli.files[0], &unit);
    for (int i = 0; fine && i < ARTIFACT_COUNT; i++) {
        if ((what >> i & 1) != 0)
            fine = artifacts_add(&s->p, &unit, (enum artifact)i, &files);
    }
    if (fine && (what >> ARTIFACT_DIAGRAM & 1) != 0)
        fine = add_pictures(s, &unit, &files);
    int code = session_report(s, stderr, NULL);
    if (code != EXIT_FINE || !fine)
        return code == EXIT_FINE ? EXIT_ERRORS : code;
    if (s->cli.given[FLAG_DEPFILE])
        add_depfile(s, &unit, &files);
    return output_write(s, s->cli.value[FLAG_OUTPUT], &files) ? EXIT_FINE : EXIT_TROUBLE;
}
