/*
 * mock.h - a service that stands in for all others: recorded replies for states, and functions that
 * say what a Lambda function would.
 *
 * In: the members `mockedResponses` and `functions` of a run request, which have the shape of the
 * service's MockConfigFile.json: {"State": {"0": {"Return": V}, "1-2": {"Throw":
 * {"Error","Cause"}}}}, and
 * {"NAME": {"return": V} | {"echo": true} | {"throw": {"errorType","errorMessage"}} | {"sleep":
 * S}}. Each state's replies are numbered over the whole execution.  Past the last number the call
 * is an error of whoever wrote the mock, not of the machine. Ownership: everything lives in the
 * arena; the values are borrowed.
 */
#ifndef ASLRT_MOCK_H
#define ASLRT_MOCK_H

#include "runtime/base/arena.h"

struct aslrt_mock;

struct aslrt_mock *aslrt_mock_new(struct aslrt_arena *arena, struct aslrt_value responses,
                                  struct aslrt_value functions);
const struct aslrt_service *aslrt_mock_service(struct aslrt_mock *mock);

#endif
