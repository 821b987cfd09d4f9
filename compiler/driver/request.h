/*
 * request.h - the input of an execution for one operation, as the API would make it.
 *
 * In: the operation and what the user gives with --input and --caller.  Out: JSON text.
 */
#ifndef ASLC_REQUEST_H
#define ASLC_REQUEST_H

#include "compiler/driver/session.h"

/* The route that `name` means: an operation's id, or its verb where that is clear.  NULL after a
   message. */
const struct svc_route *request_route(struct session *s, const struct unit *unit, const char *name);

/* {"op","path","query","headers","body","caller","requestId"}.  The user's JSON is an object of
   path, query, headers, body and caller, or else the body itself, from which members named like the
   path's and the query's parameters are taken.  NULL after a message. */
const char *request_input(struct session *s, const struct svc_route *route, size_t *count);

#endif
