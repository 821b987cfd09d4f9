/*
 * mock.h - a service that stands in for all others, from a description in JSON.
 *
 * In: an object with these members, each of which may be missing (those of a run request):
 * - mockedResponses, replies of states in the shape of the service's MockConfigFile.json:
 *   {"State": {"0": {"Return": V}, "1-2": {"Throw": {"Error","Cause"}}}}, numbered over the
 * execution; past the last number the call is an error of whoever wrote the mock, not of the
 * machine;
 * - functions: {"NAME": {"return": V} | {"echo": true} | {"throw": {"errorType","errorMessage"}} |
 *   {"sleep": S} | {"missing": true}}, what Lambda functions do;
 * - tokens: [{"state", "after": S, "success": V | "failure": {"error","cause"} | "heartbeat":
 * true}], what is sent back for the task token of a state, so many seconds after the call;
 * - activities: {"ARN": [as tokens, and "worker"]};
 * - queues, topics: names to which messages may be sent: ["NAME"] or {"NAME": {} | {"fifo": true} |
 *   {"missing": true}}; buses: names of event buses.
 * Ownership: everything lives in the arena; the values are borrowed.
 */
#ifndef ASLRT_MOCK_H
#define ASLRT_MOCK_H

#include "runtime/base/arena.h"

struct aslrt_mock;

struct aslrt_mock *aslrt_mock_new(struct aslrt_arena *arena, struct aslrt_value description);
const struct aslrt_service *aslrt_mock_service(struct aslrt_mock *mock);

#endif
