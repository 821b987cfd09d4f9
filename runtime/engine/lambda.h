/*
 * lambda.h - what a Task asks of a Lambda function: which one, and with what.
 *
 * In: a call.  Out: values that borrow from it, or live in the arena given.  Both ways to call a
 * function are known: its ARN as the Resource, and lambda:invoke.
 */
#ifndef ASLRT_LAMBDA_H
#define ASLRT_LAMBDA_H

#include "runtime/base/arena.h"

/* What names the function, an ARN or a name; undefined when the call is of no function. */
struct aslrt_value aslrt_lambda_target(const struct aslrt_call *call);
/* The name in it, without a qualifier.  `target` is a string. */
struct aslrt_value aslrt_lambda_name(struct aslrt_value target);
/* What the function is called with.  A Payload that is a string is the text of the event; none is
   {}. */
struct aslrt_value aslrt_lambda_event(const struct aslrt_call *call, struct aslrt_arena *arena);

#endif
