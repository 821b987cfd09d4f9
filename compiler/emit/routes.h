/*
 * routes.h - the service description as the plain data of runtime/api/route.h.
 *
 * In: const struct svc_service.  Out: struct aslrt_api in the arena: what emit/openapi.c prints and
 * `aslc serve` interprets.  Here, and only here, the list of pieces of each execution's input is
 * made. Invariant: parameters at the same place of two paths have the same name in the API
 * ("/a/{id}" and
 * "/a/{a}/b" become "/a/{id}" and "/a/{id}/b"), because API Gateway knows one variable a place; in
 * the execution's input they keep the names that the operations know them by.
 */
#ifndef ASLC_ROUTES_H
#define ASLC_ROUTES_H

#include "compiler/ir/service.h"
#include "runtime/api/route.h"

const struct aslrt_api *emit_routes(struct aslrt_arena *arena, const struct svc_service *service);

#endif
