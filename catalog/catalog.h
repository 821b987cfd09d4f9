/*
 * catalog.h - facts about service calls, as data: what a Task's Resource means, which errors the
 * call raises, whether it is worth a retry, what it does to the world; quotas with their date.
 *
 * In: a Resource or a key such as "dynamodb:putItem", "aws-sdk:dynamodb:query", "lambda:invoke",
 * "lambda:function-arn", "activity", "*.sync", "*.waitForTaskToken".  Out: constant tables.
 * Nothing here allocates; every pointer that is given is valid for ever.
 * The rows come from scripts/gen-catalog (errors.def, sets.def, calls.def, services.def) and by
 * hand (reserved.def, quotas.def).  Tables are sorted by name and looked up by bisection.
 */
#ifndef ASLC_CATALOG_H
#define ASLC_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- errors ------------------------------------------------------------------------------------
 */

enum catalog_transient { CATALOG_NO, CATALOG_YES, CATALOG_MAYBE };

enum catalog_class {
    CATALOG_BUSINESS,  /* an outcome that the caller should tell its own caller: condition false */
    CATALOG_PERMANENT, /* trying again is waste */
    CATALOG_TRANSIENT, /* trying again may work */
    CATALOG_CONFIGURATION, /* somebody must change a setting or a permission */
    CATALOG_TIMEOUT,
    CATALOG_LIMIT,
    CATALOG_UNCATCHABLE, /* the execution fails whatever stands in Catch */
    CATALOG_CHILD,       /* a job or child execution failed; its own error is in Cause */
    CATALOG_PARTIAL,     /* part of the work was done */
    CATALOG_REST,        /* what has no name of its own: validation, missing permission, 5xx */
    CATALOG_STATUS,      /* an HTTP status */
    CATALOG_DATA,        /* an expression or path failed on this input */
};

enum catalog_fault { CATALOG_FAULT_NONE, CATALOG_FAULT_CLIENT, CATALOG_FAULT_SERVER };

enum catalog_error_id {
#define CATALOG_ERROR(id, name, shape, transient, class, ambiguous, rare, fault, when)             \
    CATALOG_E_##id,
#include "catalog/errors.def"
#undef CATALOG_ERROR
    CATALOG_ERROR_COUNT
};

struct catalog_error {
    /* As Step Functions reports it: "DynamoDB.ConditionalCheckFailedException".  Of an open error,
       the text before the part that the world chooses: "ApiGateway.", or "". */
    const char *name;
    const char *shape; /* name in the service's model, or NULL: the name behind its prefix */
    enum catalog_transient transient;
    enum catalog_class class_;
    bool open;      /* stands for a family of names: a function's own errors, an HTTP status */
    bool ambiguous; /* the effect may have happened all the same, if the call has one */
    bool rare;      /* only with a feature that most functions, tables and machines don't use */
    enum catalog_fault fault;
    const char *when; /* "the condition of the write was false" */
};
extern const struct catalog_error catalog_errors[CATALOG_ERROR_COUNT];

/* What Step Functions itself reports, by its reserved names (spec: Errors, Error representation).
 */
enum catalog_reserved_kind {
    CATALOG_ANY,    /* States.ALL: a pattern */
    CATALOG_OTHER,  /* States.TaskFailed: a pattern, and a name */
    CATALOG_RAISED, /* raised, and can be caught by name */
    CATALOG_FATAL,  /* raised, but no retrier or catcher takes it */
    CATALOG_NEVER,  /* in the specification, but the service reports something else instead */
};
struct catalog_reserved {
    const char *name;
    enum catalog_reserved_kind kind;
    enum catalog_class class_;
    enum catalog_transient transient;
    bool ambiguous;
    bool task, map, parallel; /* the states that can raise it */
    const char *when;         /* when it is raised; of CATALOG_NEVER, what comes in its place */
};
enum catalog_reserved_id {
#define CATALOG_RESERVED(id, name, kind, class_, transient, ambiguous, task, map, parallel, when)  \
    CATALOG_R_##id,
#include "catalog/reserved.def"
#undef CATALOG_RESERVED
    CATALOG_RESERVED_COUNT
};
extern const struct catalog_reserved catalog_reserved[CATALOG_RESERVED_COUNT];

/* The reserved name, or NULL. */
const struct catalog_reserved *catalog_find_reserved(const char *name);

/* ---- calls
 * --------------------------------------------------------------------------------------- */

enum catalog_pattern { /* in the order of enum ir_pattern */
                       CATALOG_REQUEST_RESPONSE,
                       CATALOG_RUN_JOB,   /* .sync */
                       CATALOG_RUN_JOB_2, /* .sync:2 */
                       CATALOG_WAIT_FOR_TOKEN,
};

enum catalog_effect {
    CATALOG_READ,  /* changes nothing */
    CATALOG_WRITE, /* changes data that its arguments name */
    CATALOG_CALL,  /* runs or sends something */
};
enum catalog_repeat {
    CATALOG_SAFE,   /* doing it twice is the same as doing it once */
    CATALOG_ARGS,   /* depends on the arguments (an update that adds; a generated key) or on the
                       callee */
    CATALOG_UNSAFE, /* every call has an effect of its own, unless its token says otherwise */
};

struct catalog_call {
    const char *key;
    uint8_t patterns; /* bits 1 << enum catalog_pattern */
    enum catalog_effect effect;
    enum catalog_repeat repeat;
    const char *token; /* the argument that makes repeating harmless, or NULL */
    bool conditional;  /* takes a condition: "create", "replace" and "delete if" are written with it
                        */
    bool complete;     /* `errors` lists all that the model names; else only the generic ones */
    uint16_t error_count;
    const uint16_t *errors; /* ids into catalog_errors */
};
extern const struct catalog_call catalog_calls[];
extern const uint32_t catalog_call_count;

/* The call of that key, or NULL. */
const struct catalog_call *catalog_find(const char *key);
/* The errors that a pattern adds to those of the call: "*.sync", "*.waitForTaskToken"; or NULL. */
const struct catalog_call *catalog_find_pattern(enum catalog_pattern pattern);

static inline bool catalog_supports(const struct catalog_call *call, enum catalog_pattern pattern)
{
    return (call->patterns >> pattern & 1u) != 0;
}

/* ---- groups of errors (groups.def) --------------------------------------------------------- */

/* True when the word names a group: "Throttled", "ConditionFailed". */
bool catalog_is_group(const char *word);
/* True when the error, as Step Functions reports it, belongs to the group or has that very name. */
bool catalog_group_has(const char *group, const char *error);

/* ---- services
 * ------------------------------------------------------------------------------------ */

struct catalog_service {
    const char *name;   /* as in a Resource: "dynamodb", "sfn" */
    const char *prefix; /* of its error names: "DynamoDB", "Sfn"; NULL when not known */
    bool sdk;
};
extern const struct catalog_service catalog_services[];
extern const uint32_t
    catalog_service_count; /* the optimised ones first, each kind sorted by name */

const struct catalog_service *catalog_find_service(const char *name, bool sdk);
/* The calls of that service that the catalog knows: the first, and their number in *count. */
const struct catalog_call *catalog_service_calls(const struct catalog_service *service,
                                                 uint32_t *count);
/* True for the name of an action that only reads ("describeTable"), by its verb. */
bool catalog_action_reads(const char *action);

/* ---- the Resource of a Task
 * ---------------------------------------------------------------------- */

enum catalog_kind {
    CATALOG_FOREIGN,   /* no ARN: another runner's scheme, or a word to be replaced */
    CATALOG_OPAQUE,    /* ${...} where the kind would be seen */
    CATALOG_OPTIMISED, /* arn:aws:states:::dynamodb:putItem */
    CATALOG_SDK_CALL,  /* arn:aws:states:::aws-sdk:dynamodb:query */
    CATALOG_FUNCTION,  /* arn:aws:lambda:REGION:ACCOUNT:function:NAME */
    CATALOG_ACTIVITY,  /* arn:aws:states:REGION:ACCOUNT:activity:NAME */
};
enum catalog_problem {
    CATALOG_FINE,
    CATALOG_NOT_AN_ARN,
    CATALOG_UNKNOWN_SERVICE,
    CATALOG_UNKNOWN_ACTION,
    CATALOG_ACTION_CASE, /* aws-sdk:dynamodb:PutItem: actions start with a small letter */
    CATALOG_UNKNOWN_PATTERN,
    CATALOG_WRONG_PATTERN, /* this action does not support it: dynamodb:putItem.sync */
};

enum { CATALOG_NAME_MAX = 96 };

struct catalog_resource {
    enum catalog_kind kind;
    enum catalog_problem problem;
    enum catalog_pattern pattern;
    char partition[24];             /* "aws", "aws-cn", or "${...}" */
    char service[CATALOG_NAME_MAX]; /* "dynamodb"; "lambda" for a function; "" when not known */
    char action[CATALOG_NAME_MAX];  /* "putItem", without the pattern's suffix */
    char suffix[CATALOG_NAME_MAX];  /* the pattern as written: "", "sync:2", "waitForTaskToken" */
    char key[2 * CATALOG_NAME_MAX + 16]; /* for catalog_find; "" when kind is foreign or opaque */
    const struct catalog_call *call;     /* NULL: not in the catalog */
    const struct catalog_service *owner; /* NULL: not in the catalog */
};

/* Takes a Resource apart.  Tolerates ${placeholders} anywhere and every partition; never fails:
   what is wrong stands in `problem`, and the other fields hold what could be read. */
void catalog_parse_resource(const char *arn, struct catalog_resource *out);

/* ---- quotas
 * ----------------------------------------------------------------------------------------- */

struct catalog_quota {
    const char *name; /* "payload" */
    double value;
    const char *unit;   /* "bytes" */
    const char *date;   /* when it was looked up: "2026-11" */
    const char *source; /* where, in words */
    const char *text;   /* "input or result of a state, task or execution" */
};
enum catalog_quota_id {
#define CATALOG_QUOTA(id, name, value, unit, date, source, text) CATALOG_Q_##id,
#include "catalog/quotas.def"
#undef CATALOG_QUOTA
    CATALOG_QUOTA_COUNT
};
extern const struct catalog_quota catalog_quotas[CATALOG_QUOTA_COUNT];

#endif
