/*
 * module.h - the program's modules: libraries that are loaded at first use.
 */
#ifndef ASLC_MODULE_H
#define ASLC_MODULE_H

#include "compiler/driver/session.h"

/* The address of `symbol` in the module of that name ("aslc-graphviz"), or NULL after a message
   that says what is missing.  Looked for beside the program as it was built, then where it is
   installed. */
void *module_symbol(struct session *s, const char *module, const char *symbol, const char *purpose);

#endif
