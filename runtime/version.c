/*
 * version.c - the version of libaslrt.
 */
#include "config.h"

#include "aslc/runtime.h"

const char *aslrt_version(void)
{
    return PACKAGE_VERSION;
}
