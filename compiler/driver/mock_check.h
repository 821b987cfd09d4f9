/*
 * mock_check.h - is a mocked result one that the service could give? (TestState's field validation)
 *
 * In: a call and a result.  Out: the service's words for the first thing that is wrong.
 */
#ifndef ASLC_MOCK_CHECK_H
#define ASLC_MOCK_CHECK_H

#include "runtime/base/arena.h"

/* NULL when the result fits the API's model, or no model is known here (catalog/shapes.h).
   `strict`: required members must be there; else only what is there is checked. */
const char *mock_check(struct aslrt_arena *arena, const char *service, const char *action, bool sdk,
                       bool strict, struct aslrt_value result);

#endif
