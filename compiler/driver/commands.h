/*
 * commands.h - one function a command; each gives the program's exit code.
 */
#ifndef ASLC_COMMANDS_H
#define ASLC_COMMANDS_H

#include "compiler/driver/session.h"

int cmd_check(struct session *s);
int cmd_build(struct session *s);
int cmd_graph(struct session *s);
int cmd_run(struct session *s);
int cmd_coverage(struct session *s);
int cmd_serve(struct session *s);
int cmd_test(struct session *s);
int cmd_eval(struct session *s);
int cmd_batch(struct session *s);
int cmd_fmt(struct session *s);
int cmd_explain(struct session *s);

#endif
