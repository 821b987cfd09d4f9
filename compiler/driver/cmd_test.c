/*
 * cmd_test.c - aslc test: says that test blocks can't be run yet, at the first of them.
 */
#include "compiler/driver/commands.h"

int cmd_test(struct session *s)
{
    struct unit unit;
    if (s->cli.file_count != 1) {
        session_trouble(s, "'test' needs one file");
        return EXIT_TROUBLE;
    }
    session_load(s, s->cli.files[0], &unit);
    for (const struct ast_decl *d = unit.ast == NULL ? NULL : unit.ast->decls; d != NULL;
         d = d->next) {
        if (d->kind == AST_DECL_TEST) {
            diag_simple(&s->p.diag, DIAG_CRUD_UNSUPPORTED, d->span,
                        "test blocks can't be run yet: not supported yet");
            break;
        }
    }
    return session_report(s, stderr, NULL);
}
