/*
 * memory.h - the backend that keeps everything in memory.
 */
#ifndef ASLRT_STORE_MEMORY_H
#define ASLRT_STORE_MEMORY_H

#include "runtime/store/backend.h"

extern const struct aslrt_backend aslrt_memory_backend;

/* Opens one on the account; gives it as the `self` of aslrt_memory_backend, or NULL. */
void *aslrt_memory_backend_open(struct aslrt_memory *memory);

#endif
