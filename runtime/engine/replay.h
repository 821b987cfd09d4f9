/*
 * replay.h - an execution that stops between two calls and goes on later.
 *
 * An execution is determined by its machine, input, seed and the replies that it got; so what is
 * saved of one is these replies.  Going on means running it again, with the recorded replies first:
 * the history is that of one go.
 * In: the services that answer calls.  Out: a service in front of them, and the replies so far as a
 * JSON value.  Everything lives in the arena.
 */
#ifndef ASLRT_REPLAY_H
#define ASLRT_REPLAY_H

#include "runtime/base/arena.h"

struct aslrt_replay;

/* `recorded` is an array that aslrt_replay_calls gave, or undefined.  The execution stops before
   call number `stop_after` + 1 (UINT64_MAX: never): the call then fails, and aslrt_replay_stopped
   is true. */
struct aslrt_replay *aslrt_replay_new(struct aslrt_arena *arena, struct aslrt_value recorded,
                                      uint64_t stop_after);
/* A service that answers.  `again`: it is asked while the recorded replies are given, too, so that
   what it keeps in memory is as it was; its answer is dropped then. */
void aslrt_replay_add(struct aslrt_replay *replay, const struct aslrt_service *service, bool again);
const struct aslrt_service *aslrt_replay_service(struct aslrt_replay *replay);

bool aslrt_replay_stopped(const struct aslrt_replay *replay);
/* The replies so far, the recorded ones among them. */
struct aslrt_value aslrt_replay_calls(struct aslrt_replay *replay);

#endif
