/*
 * quotas.h - what a file stands for against the service's quotas, before anything is written.
 */
#ifndef ASLC_DRIVER_QUOTAS_H
#define ASLC_DRIVER_QUOTAS_H

#include "compiler/driver/pipeline.h"

/* Reports definitions over 1 MB and APIs with more resources than one API may have. */
void quotas_check(struct pipeline *p, const struct unit *unit);

#endif
