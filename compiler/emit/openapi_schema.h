/*
 * openapi_schema.h - JSON Schemas of the API in the document, as OpenAPI 3.0 and API Gateway's
 * models (draft 4) both take them.
 *
 * In: schemas as JSON text.  Out: on a json_out.  Where the two differ is null: draft 4 has a list
 * of types (["string","null"]) or a choice (anyOf with {"enum":[null]}), OpenAPI 3.0 has
 * "nullable", which API Gateway is not known to honour.  Here both spellings become "nullable"; in
 * requests, where the gateway enforces the model, the type is then left out, so that null passes
 * whatever the gateway makes of the word: the other constraints still hold, and the machine checks
 * every type again.
 */
#ifndef ASLC_OPENAPI_SCHEMA_H
#define ASLC_OPENAPI_SCHEMA_H

#include "compiler/emit/json_out.h"
#include "runtime/api/route.h"

/* Writes a schema in place; `text` NULL writes {}. */
void openapi_schema(struct json_out *o, const char *text, bool request);
/* Writes {"$ref"} when the schema has a name, else the schema. */
void openapi_schema_use(struct json_out *o, const char *name, const char *text, bool request);
/* Writes the value of components.schemas: every named schema of the API once, and Error. */
void openapi_schemas(struct json_out *o, const struct aslrt_api *api);

#endif
