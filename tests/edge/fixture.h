/*
 * fixture.h - a service made by hand that has one of everything the edge knows: each kind of auth,
 * each kind of parameter, bodies, If-Match, caching, failures with awkward texts, two paths that
 * name the same place differently.  The mapping tests and the Velocity test run on it.
 */
#ifndef ASLC_TESTS_EDGE_FIXTURE_H
#define ASLC_TESTS_EDGE_FIXTURE_H

#include "compiler/ir/service.h"

/* In the arena.  `origins`: how many CORS origins it allows, 0..2. */
const struct svc_service *edge_fixture(struct aslrt_arena *arena, uint32_t origins);

#endif
