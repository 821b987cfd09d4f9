/*
 * openapi.h - the API as one OpenAPI 3.0.1 document with API Gateway's extensions.
 *
 * In: struct aslrt_api, and the few facts that only Terraform knows, as holes of templatefile():
 *     ${integration_uri}   the URI of StartSyncExecution in the API's region
 *     ${role_arn}          the role with which the gateway calls it
 *     ${state_machine}     the machine's ARN; with several machines ${state_machine_NAME} for each
 *     ${user_pool_arn}     with auth = cognito and a pool that is a variable
 * Every other "${" and "%{" is escaped.  Out: the document's text, in the arena.
 * The API's base path: its first segment is the stage's name, which is not in the document; what is
 * left stands in front of each path.
 * The document is the client's contract too: every status that can come is declared.
 */
#ifndef ASLC_OPENAPI_H
#define ASLC_OPENAPI_H

#include "compiler/ir/service.h"
#include "runtime/api/route.h"
#include "runtime/base/buffer.h"

/* Appends the document. */
void emit_openapi(struct aslrt_buffer *out, const struct svc_service *service,
                  const struct aslrt_api *api);

/* The path of a route in the document: without the stage, with what else the base path has. */
const char *emit_openapi_path(struct aslrt_arena *arena, const struct aslrt_api *api,
                              const char *path);
/* The name of the stage: the first segment of the base path, or "live" where there is none. */
const char *emit_openapi_stage(struct aslrt_arena *arena, const struct svc_service *service);

/* The name of the hole for a machine's ARN; `index` into service->machines. */
const char *emit_openapi_machine_hole(struct aslrt_arena *arena, const struct svc_service *service,
                                      uint32_t index);

#endif
