/*
 * remote.h - a service whose calls leave the process: HTTP Tasks, and Lambda functions that are a
 * command or a URL of this machine.
 *
 * In: which functions there are, and where endpoints are to be found.  Out: a service for
 * struct aslrt_env.  Calls block; in virtual time they take none of it.
 *
 * - http:invoke asks addresses of this machine only; another endpoint has to be mapped to one.
 *   A response of 200 to 299 is {"Headers": {name: [values]}, "ResponseBody", "StatusCode",
 *   "StatusText"}; the body is JSON when its content type says so, else a string.  Any other is the
 *   error States.Http.StatusCode.NNN, whose cause is the same object as text; no response is
 *   States.Http.Socket.  (Guide: Call HTTPS APIs.)
 * - A function that is a command reads the event on standard input and prints its result; with an
 *   exit code other than 0 it failed: with what it printed when that has an errorType, else with
 *   Runtime.ExitError.  A URL is asked with POST and the event, and answers as the Lambda runtime
 *   interface emulator does, X-Amz-Function-Error included.
 *
 * Ownership: all in the arena given; names are borrowed.
 */
#ifndef ASLRT_REMOTE_H
#define ASLRT_REMOTE_H

#include "runtime/base/arena.h"
#include "runtime/remote/exchange.h"

struct aslrt_remote;

/* `http` gives the function that makes exchanges when it is first needed; NULL from it: there is
   none, which has been said. */
struct aslrt_remote *aslrt_remote_new(struct aslrt_arena *arena, aslrt_exchange_fn *(*http)(void *),
                                      void *data);
/* URLs that begin with `from` are asked at `to` instead. */
void aslrt_remote_map(struct aslrt_remote *remote, const char *from, const char *to);
/* The function of that name is a command, or a URL when it begins with http:// or https://. */
void aslrt_remote_function(struct aslrt_remote *remote, const char *name, const char *target);

const struct aslrt_service *aslrt_remote_service(struct aslrt_remote *remote);

#endif
