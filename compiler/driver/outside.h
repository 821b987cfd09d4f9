/*
 * outside.h - what a simulated machine may call outside of this process: --function and --endpoint.
 */
#ifndef ASLC_OUTSIDE_H
#define ASLC_OUTSIDE_H

#include "compiler/driver/session.h"

/* A service for HTTP Tasks and for the functions that the command line names, in the session's
   arena; NULL after a message about a flag. */
const struct aslrt_service *outside_service(struct session *s);

#endif
