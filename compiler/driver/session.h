/*
 * session.h - one run of the program: the pipeline with its command line.
 *
 * In: paths and flags.  Out: units; messages on standard error; diagnostics, printed once.
 * Everything lives in the pipeline's arena until the program ends.
 */
#ifndef ASLC_SESSION_H
#define ASLC_SESSION_H

#include "compiler/base/diag_render.h"
#include "compiler/driver/cli.h"
#include "compiler/driver/pipeline.h"

#include <stdio.h>

enum { EXIT_FINE = 0, EXIT_ERRORS = 1, EXIT_TROUBLE = 2 };

struct session {
    struct pipeline p;
    struct aslrt_arena *arena; /* the pipeline's */
    struct cli cli;
    enum diag_format format; /* of the diagnostics */
    bool trouble; /* something outside went wrong and a message has been printed: exit code 2 */
};

/* Applies the flags that take one of a few words: -W, --layout, --type, --format, --color.  False
   after a message. */
bool session_flags(struct session *s);

/* Reads a file and makes its machines, as far as it has no errors; they are in session->diag. False
   after trouble (unreadable) or errors. */
bool session_load(struct session *s, const char *path, struct unit *out);
/* The same, and verifies every machine that was made. */
bool session_check(struct session *s, const char *path, struct unit *out);

/* Prints the diagnostics: to standard output as the result of `check`, else to standard error.
   Gives the exit code that they stand for.  `coverage` is a part of the JSON form (diag_render.h).
 */
int session_report(struct session *s, FILE *to, const char *coverage);
/* "aslc: cannot open 'x': reason" on standard error; sets trouble. */
void session_trouble(struct session *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A value of the form NAME=TARGET in two, the first '=' between them (a URL has none before its
   query).  False after a message. */
bool session_pair(struct session *s, const struct cli_value *value, const char **name,
                  const char **target);

/* The number that the flag was given, from `least` to `most`; *out stays when it was not given.
   False when it is no such number, which has been said. */
bool session_number(struct session *s, enum flag_id flag, double least, double most, double *out);

/* The value of a flag that holds JSON or @FILE, as text; NULL after a message. */
const char *session_json_text(struct session *s, enum flag_id flag, size_t *count);

#endif
