/*
 * cmd_explain.c - aslc explain: the page of a diagnostic, or the list of all of them.
 *
 * The pages are doc/diag/CODE.md, compiled in (explain_pages.c is made from them by the build).
 */
#include "compiler/base/suggest.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/explain_pages.h"

static void list_all(void)
{
    static const char *const severities[] = {"note", "warning", "error"};
    for (int i = 0; i < DIAG_COUNT; i++)
        printf("%s  %-7s  %-28s  %s\n", diag_table[i].code, severities[diag_table[i].severity],
               diag_table[i].slug, diag_table[i].title);
}

int cmd_explain(struct session *s)
{
    if (s->cli.file_count == 0) {
        list_all();
        return EXIT_FINE;
    }
    for (uint32_t i = 0; i < s->cli.file_count; i++) {
        const struct diag_info *info = diag_find(s->cli.files[i]);
        if (info == NULL) {
            const char *words[DIAG_COUNT];
            for (int k = 0; k < DIAG_COUNT; k++)
                words[k] = diag_table[k].slug;
            const char *near = suggest(s->cli.files[i], words, DIAG_COUNT);
            session_trouble(s, "no diagnostic is called '%s'%s%s%s", s->cli.files[i],
                            near == NULL ? "; 'aslc explain' lists them" : "; did you mean '",
                            near == NULL ? "" : near, near == NULL ? "" : "'?");
            return EXIT_TROUBLE;
        }
        const char *const *line = explain_page(info->code);
        if (line == NULL)
            printf("%s (%s): %s\n", info->code, info->slug, info->title);
        for (; line != NULL && *line != NULL; line++)
            fputs(*line, stdout);
    }
    return EXIT_FINE;
}
