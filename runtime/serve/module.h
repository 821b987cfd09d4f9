/*
 * module.h - finds and loads the HTTP module (http.h) at its first use.
 *
 * It is looked for in the folder that the environment variable ASLC_MODULES names, beside the
 * running program (as in a build tree), and where `make install` puts it.
 */
#ifndef ASLRT_SERVE_MODULE_H
#define ASLRT_SERVE_MODULE_H

#include "runtime/serve/http.h"

/* Gives the module, which stays loaded; NULL with a reason in `why`, a buffer of why_size bytes. */
const struct aslrt_http_module *aslrt_http_load(char *why, size_t why_size);

#endif
