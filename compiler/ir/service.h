/*
 * service.h - everything around the machine: routes, tables, principals, alarms.
 *
 * In: the model (front/model.h), by ir/lower_service.c.  Out: what the Terraform, OpenAPI and route
 * emitters read, beside the machines.  Plain data; arrays in the arena; nothing points into the AST
 * but spans, so that an emitter never needs it.
 */
#ifndef ASLC_SERVICE_H
#define ASLC_SERVICE_H

#include "compiler/ir/ir.h"

/* A JSON Schema of the draft that API Gateway knows (draft 4), as a JSON tree. */

enum svc_value_kind { /* where a parameter's text comes from and what it must look like */
                      SVC_TEXT,
                      SVC_INTEGER,
};

struct svc_param {
    const char *name; /* as in the URL */
    bool required;
    const char *pattern; /* ECMAScript, anchored, or NULL */
    const char *doc;
    struct jnode *schema; /* for OpenAPI */
};

struct svc_response {
    uint32_t status;
    const char *doc;
    struct jnode *schema; /* of the body, or NULL: none */
    bool etag, location, retry_after;
    const char
        *schema_name; /* what to call the schema in the document, or NULL: it stands in place */
};

enum svc_auth { SVC_AUTH_NONE, SVC_AUTH_IAM, SVC_AUTH_KEY, SVC_AUTH_COGNITO };

struct svc_route {
    const char *method;    /* "GET" */
    const char *path;      /* "/vehicles/{id}", without the service's base path */
    const char *operation; /* the value of "op" and the operationId */
    const char *summary;
    const char *doc; /* or NULL */
    const char *tag; /* entity's name */
    struct svc_param *path_params;
    uint32_t path_param_count;
    struct svc_param *query_params;
    uint32_t query_param_count;
    bool if_match; /* the operation reads If-Match */
    bool has_body;
    struct jnode *body_schema; /* NULL without a body */
    const char *body_schema_name;
    enum svc_auth auth;
    bool caller;                          /* the operation reads the caller */
    int64_t cache_s;                      /* 0: none */
    double throttle_rate, throttle_burst; /* 0: the service's */
    struct svc_response *responses;
    uint32_t response_count;
    uint32_t machine; /* index into svc_service.machines */
    struct span span;
};

/* A failure that a Fail state may end with, and what the client then gets. */
struct svc_failure {
    const char *error; /* Internal, Unavailable, BadGateway, or a declared 5xx */
    uint32_t status;
    const char *body; /* JSON text, constant */
    bool retry_after;
};

struct svc_attribute {
    const char *name;
    char type; /* 'S', 'N' or 'B' */
};
struct svc_index {
    const char *name;
    struct svc_attribute key;
    bool has_sort;
    struct svc_attribute sort;
    const char **project; /* count 0: all */
    uint32_t project_count;
};
struct svc_table {
    const char *entity; /* Vehicle */
    const char *id;     /* vehicle: Terraform's name, and table_vehicle the placeholder's */
    struct svc_attribute key;
    bool has_sort;
    struct svc_attribute sort;
    struct svc_index *indexes;
    uint32_t index_count;
    const char *ttl; /* attribute name, or NULL */
    struct span span;
};

enum svc_alarm_kind {
    SVC_ALARM_ERRORS,
    SVC_ALARM_THROTTLES,
    SVC_ALARM_LATENCY,
    SVC_ALARM_TIMEOUTS
};
struct svc_alarm {
    enum svc_alarm_kind kind;
    double threshold;
    int64_t within_s;
    const char *statistic;
};

struct svc_var { /* a Terraform variable that the file uses: var.NAME */
    const char *name;
    const char *type; /* "string", "number", "bool" */
};

struct svc_service {
    const char *name;
    const char *base_path; /* "" or "/v1": the stage's name without its slash, or a first segment */
    const char *doc;
    enum svc_auth auth;
    const char *auth_value; /* cognito: text of the pool's ARN, or NULL when it is a variable */
    const char *auth_var;   /* ...its name */
    int64_t timeout_s;
    double throttle_rate, throttle_burst;
    const char *const *cors;
    uint32_t cors_count;
    int64_t log_retain_d;
    const char *log_level;
    bool log_data;
    bool dashboard;
    struct svc_alarm *alarms;
    uint32_t alarm_count;
    struct svc_route *routes;
    uint32_t route_count, route_room;
    struct svc_failure *failures;
    uint32_t failure_count;
    struct svc_table *tables;
    uint32_t table_count;
    struct svc_var *vars;
    uint32_t var_count;
    struct ir_machine **machines; /* one with --layout router, one an operation otherwise */
    uint32_t machine_count;
    const char *source_name; /* of the .crud file, for comments */
};

#endif
