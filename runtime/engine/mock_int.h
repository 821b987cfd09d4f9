/*
 * mock_int.h - what the files of the mock share.
 */
#ifndef ASLRT_MOCK_INT_H
#define ASLRT_MOCK_INT_H

#include "runtime/base/value.h"
#include "runtime/engine/mock.h"

struct aslrt_mock {
    struct aslrt_arena *arena; /* the counters' */
    struct aslrt_value responses, functions, tokens, activities, queues, topics, buses;
    uint32_t *used;    /* replies given, by member of `responses` */
    uint32_t requests; /* calls answered here: what their ids count */
    struct aslrt_service service;
};

/* The id of one more request. */
const char *aslrt_mock_request_id(struct aslrt_mock *m, struct aslrt_arena *arena);
/* SdkHttpMetadata and SdkResponseMetadata, which optimised integrations give. */
void aslrt_mock_metadata(struct aslrt_mock *m, struct aslrt_object_builder *b);

/* mock_message.c: calls of SQS, SNS and EventBridge.  ASLRT_MISUSE: none of these, or to a queue,
   topic or bus that was not described. */
enum aslrt_status aslrt_mock_message(struct aslrt_mock *m, const struct aslrt_call *call,
                                     struct aslrt_arena *arena, struct aslrt_reply *reply);

#endif
