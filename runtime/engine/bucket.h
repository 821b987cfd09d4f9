/*
 * bucket.h - buckets of S3 as a service: objects in memory, or the files of a local folder.
 *
 * Answers getObject, putObject, listObjects, listObjectsV2, headObject and deleteObject of `s3`,
 * as a Task's aws-sdk call and as what ItemReader and ResultWriter ask for.  A call on a bucket
 * that was not given is not known here (ASLRT_MISUSE) unless there are buckets at all: then it is
 * the service's NoSuchBucket.
 * Ownership: everything lives in the arena; names and folders are borrowed.
 */
#ifndef ASLRT_BUCKET_H
#define ASLRT_BUCKET_H

#include "runtime/base/arena.h"

struct aslrt_buckets;

struct aslrt_buckets *aslrt_buckets_new(struct aslrt_arena *arena);
/* A bucket whose objects are the files below `folder`; NULL: in memory, empty at first. */
void aslrt_buckets_add(struct aslrt_buckets *buckets, const char *name, const char *folder);
/* Puts an object into a bucket in memory, which is made when there is none. */
void aslrt_buckets_put(struct aslrt_buckets *buckets, struct aslrt_value bucket,
                       struct aslrt_value key, struct aslrt_value body);
/* The objects of "objects": {"bucket/key": "text"}, and the names of "buckets": ["name"]. */
void aslrt_buckets_describe(struct aslrt_buckets *buckets, struct aslrt_value description);
const struct aslrt_service *aslrt_buckets_service(struct aslrt_buckets *buckets);

#endif
