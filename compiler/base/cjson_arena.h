/*
 * cjson_arena.h - lets cJSON allocate from an arena.
 *
 * cJSON builds the documents that we write.  Its own memory would be lost when an allocation of
 * ours escapes (runtime/base/arena.h); from an arena it isn't, and there is nothing to delete.
 * cJSON has one allocator for the whole process, so use it from one thread: call cjson_begin,
 * build, print, call cjson_end.
 */
#ifndef ASLC_CJSON_ARENA_H
#define ASLC_CJSON_ARENA_H

#include "runtime/base/arena.h"

#include <cjson/cJSON.h>

void cjson_begin(struct aslrt_arena *arena);
void cjson_end(void);

#endif
