/*
 * openapi_template.h - the request and response mapping of runtime/api/route.h as Velocity
 * templates.
 *
 * In: the same data that runtime/api/map.c interprets.  Out: template text, in the arena.
 * Rules of all templates: nothing that a client chose is printed or spliced without
 * $util.escapeJavaScript; every #set from something that may be null follows a reset, since #set to
 * null keeps the old value; each override is made at most once; constants stand in single quotes,
 * where Velocity looks for nothing.  Response templates hold no blank and no newline outside of
 * constants, so that an answer without a body has no byte.
 */
#ifndef ASLC_OPENAPI_TEMPLATE_H
#define ASLC_OPENAPI_TEMPLATE_H

#include "runtime/api/route.h"
#include "runtime/base/buffer.h"

/* The template of a route's integration request.  It ends up inside of templatefile(): all is
   escaped for that but the hole `${machine}`, which becomes the machine's ARN. */
const char *openapi_request_template(struct aslrt_arena *arena, const struct aslrt_route *route,
                                     const char *machine);
/* The template for the answer of StartSyncExecution (escaped by whoever prints it, as the others).
 */
const char *openapi_answer_template(struct aslrt_arena *arena, const struct aslrt_api *api,
                                    const struct aslrt_route *route);
/* The template for a refused StartSyncExecution. */
const char *openapi_refused_template(struct aslrt_arena *arena, const struct aslrt_api *api);
/* The template of a mock's answer: a constant body ("" for none), and where there are several CORS
   origins, the choice among them. */
const char *openapi_constant_template(struct aslrt_arena *arena, const struct aslrt_api *api,
                                      const char *body);

#endif
