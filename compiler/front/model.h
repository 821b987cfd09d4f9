/*
 * model.h - what a CRUD file means: names resolved, types known, settings read, words checked.
 *
 * In: the syntax tree (ast.h).  Out: struct model, which lowering, the service description and the
 * test runner read.  Where it matters, a row points back to the AST node for its span and its doc.
 * Made by sema*.c; after an error the model is incomplete and nothing may be lowered.
 * Ownership: arena; arrays, not lists, because everyone asks for counts.
 */
#ifndef ASLC_MODEL_H
#define ASLC_MODEL_H

#include "compiler/front/ast.h"

/* ---- types ---- */

/* The base types are one list: types.def (kind, word, what it is in JSON, DynamoDB and the docs).
 */
enum type_kind {
#define TYPE(id, word, json, dynamodb, doc) TYPE_##id,
#include "compiler/front/types.def"
#undef TYPE
    TYPE_ENUM,   /* one of the members of `enumeration` */
    TYPE_RECORD, /* a `type` of the file */
    TYPE_LIST,   /* [element] */
    /* kinds that only expressions have */
    TYPE_ITEM, /* an item of `entity` */
    TYPE_PAGE, /* what `find` gives: {items, count, next} */
    TYPE_DURATION,
    TYPE_NULL,
    TYPE_NOTHING, /* a function that returns nothing */
    TYPE_ERROR,   /* the expression was wrong; no further complaint about it */
};

struct type {
    enum type_kind kind;
    bool optional;
    bool has_low, has_high;
    int64_t low, high; /* int, long: values; string, any: code points; list: elements */
    const char *low_text, *high_text; /* number, decimal: as written; NULL: open */
    uint32_t precision, scale;        /* decimal(p, s) */
    const char *pattern; /* @pattern("..."): ECMAScript, anchored at both ends, no group captures */
    const struct enumeration *enumeration;
    const struct record *record;
    const struct entity *entity; /* TYPE_ITEM, TYPE_PAGE; the entity of a key type (Project.id) */
    const struct type *element;
    const char *distinct_by; /* [T] @distinct(sku); "" for @distinct alone; NULL: none */
};

struct enumeration {
    const char *name; /* NULL for an inline enum(...) */
    const char **members;
    uint32_t count;
    const struct ast_decl *decl;
};

struct record {
    const char *name;
    uint32_t id; /* its place in model.records */
    struct field **fields;
    uint32_t field_count;
    const struct ast_decl *decl;
};

struct field {
    const char *name;
    const struct type *type;
    struct ast_expr *value; /* default, or NULL */
    bool generated;         /* the default calls uuid(), ulid() or now() */
    bool is_key, is_sort;
    bool readonly;         /* @readonly: set at creation, never by the client */
    bool touch;            /* @touch: now() at every write */
    bool hidden;           /* @hidden: stored, never answered */
    bool version;          /* @version: optimistic lock */
    bool unique;           /* @unique */
    bool future, past;     /* @future, @past: against the time of the request */
    struct ast_expr *from; /* @from(expr), or NULL */
    int64_t ttl_s;         /* @ttl(400d): seconds from now; 0: no ttl by age */
    bool ttl;              /* @ttl at all: the item expires at this field */
    bool softdelete;       /* @softdelete */
    int64_t purge_s;
    const struct ast_field *ast;
};

struct index {
    const char *name;
    struct field *key;
    struct field *sort; /* or NULL */
    bool sparse;
    struct field **project; /* @project(...); count 0: all */
    uint32_t project_count;
    struct span span;
};

/* Whether reads through the index find the field: one with @project holds its own keys, the
   table's and the fields named.  No index (NULL) is the table, which holds all. */
static inline bool model_holds(const struct index *index, const struct field *f)
{
    if (index == NULL || index->project_count == 0 || f->is_key || f->is_sort || f == index->key ||
        f == index->sort)
        return true;
    for (uint32_t i = 0; i < index->project_count; i++) {
        if (index->project[i] == f)
            return true;
    }
    return false;
}

/* ---- failures ---- */

struct error {
    const char *name;
    uint32_t status;
    const char *text; /* "" when none was given */
    bool builtin;
    const struct ast_decl *decl; /* NULL when builtin */
};

struct check {
    struct ast_expr *condition;
    const struct error *error;
    const struct ast_check *ast;
};

/* `catch ConditionFailed on Stock => fail X` of an operation: a name of errors.def's groups. */
struct op_catch {
    const char **names; /* group or exact names */
    uint32_t name_count;
    const struct error *error;
    const struct ast_catch *ast;
};

/* ---- entities and operations ---- */

struct operation {
    enum ast_verb verb;
    const char *id; /* operationId: createVehicle, listOrderByCustomer; unique */
    struct entity *entity;
    struct index *index; /* list by, or NULL */
    /* list by: where the index's key (and sort) values come from; expr over caller, query(), path
     */
    struct ast_arg *args;
    struct field **only; /* only = [...]; count 0: all that may be written (or, for reads, shown) */
    uint32_t only_count;
    struct field **filter; /* filter = [...] */
    uint32_t filter_count;
    uint32_t page, max;         /* page size when the query gives none; largest it may give */
    bool page_given, max_given; /* written, so that they may not be lowered silently */
    bool newest;                /* order = newest: descending */
    bool scan;                  /* scan = true: a whole-table read is meant */
    int64_t cache_s;            /* cache = 60s; 0: none */
    bool eventual;              /* consistency = eventual */
    struct check *checks;       /* of this operation, in order */
    uint32_t check_count;
    struct op_catch *catches;
    uint32_t catch_count;
    double throttle_rate, throttle_burst; /* own throttle = rate(...); 0: the service's */
    const struct ast_operation *ast;
};

struct entity {
    const char *name;
    const char *path; /* "/vehicles", "/projects/{project}/tasks"; NULL: no API of its own */
    const char **path_params; /* names in braces, in order; each is a key, sort or from-field */
    uint32_t path_param_count;
    struct field **fields; /* all, key and sort included, in the order of the file */
    uint32_t field_count;
    struct field *key;
    struct field *sort;    /* or NULL */
    struct field *version; /* or NULL */
    struct field *ttl;     /* or NULL: @ttl or @softdelete field */
    struct index **indexes;
    uint32_t index_count;
    struct check *checks; /* of the entity: what must hold of an item after a write */
    uint32_t check_count;
    struct operation **operations;
    uint32_t operation_count;
    struct ast_expr **invariants;
    uint32_t invariant_count;
    const struct ast_decl *ast;
};

/* ---- the rest ---- */

struct policy {       /* retry */
    const char *name; /* "default" replaces the built-in one */
    const char **on;  /* groups or errors; count 0: the built-in choice */
    uint32_t on_count;
    uint32_t first_s; /* whole seconds, 1.. */
    double factor;    /* 1.0.. */
    uint32_t most;    /* attempts after the first */
    uint32_t limit_s; /* 0: none */
    bool jitter;
    bool used;                   /* a step is retried by it, or by default */
    const struct ast_decl *decl; /* NULL when built in */
};

struct function {
    const char *name;
    struct field **params;
    uint32_t param_count;
    const struct type *result; /* TYPE_NOTHING when none */
    const char **raises;
    uint32_t raise_count;
    struct ast_expr *arn;
    int64_t timeout_s;
    struct ast_expr *idempotent; /* or NULL */
    const struct ast_decl *decl;
};

struct workflow {
    const char *name;
    const char *method; /* "POST"; NULL: nothing but `start` calls it */
    const char *path;   /* without the service's own; NULL like method */
    const char **path_params;
    uint32_t path_param_count;
    struct field **params;
    uint32_t param_count;
    struct field *body;          /* the parameter that is the request's body, or NULL */
    bool async;                  /* @async */
    bool idempotent;             /* has `idempotent by` */
    const struct ast_decl *decl; /* its statements are typed; lowering them is a later matter */
};

enum auth_kind { AUTH_NONE, AUTH_IAM, AUTH_KEY, AUTH_COGNITO, AUTH_LAMBDA, AUTH_JWT };

struct alarm {
    enum { ALARM_ERRORS, ALARM_THROTTLES, ALARM_LATENCY, ALARM_TIMEOUTS } kind;
    double threshold; /* count, or milliseconds for latency */
    int64_t within_s;
    const char *statistic; /* "p99" for latency */
};

struct service {
    const char *name;
    const char *path;  /* "" or "/v1" */
    bool http_gateway; /* gateway = http */
    bool standard;     /* workflow = standard */
    enum auth_kind auth;
    struct ast_expr *auth_arg; /* cognito's pool, lambda's arn */
    int64_t timeout_s;
    double throttle_rate; /* requests a second; 0: none given */
    double throttle_burst;
    bool single_table;
    struct entity *audit; /* or NULL */
    int64_t log_retain_d;
    const char *log_level; /* "error", "all", "fatal", "off" */
    bool log_data;
    struct alarm *alarms;
    uint32_t alarm_count;
    bool alarms_given; /* false: the defaults apply */
    bool dashboard;    /* dashboard = true (the default) */
    const char **cors; /* origins */
    uint32_t cors_count;
    const struct ast_decl *decl; /* NULL when the file has no service block */
};

struct variable { /* var.NAME, declared by use */
    const char *name;
    const struct type *type;
    struct span first_use;
};

enum binding_kind {
    BIND_FIELD, /* a bare field name: of the stored item or of the input, by where it stands */
    BIND_INPUT, /* input, the body as sent */
    BIND_ITEM,  /* item, the stored one */
    BIND_CALLER,
    BIND_REQUEST,
    BIND_VAR,
    BIND_STEP,
    BIND_LET,
    BIND_PARAM,
    BIND_ENUM_MEMBER, /* a bare word where an enum is expected */
    BIND_BUILTIN,     /* a function of builtins.def */
    BIND_ENTITY,
    BIND_ANSWER,
};
struct binding {
    enum binding_kind kind;
    const char *name;
    const struct field *field;
    const struct type *type;
    const struct entity *entity;
    uint32_t builtin; /* row of builtins.def */
};

struct model {
    struct aslrt_arena *arena;
    const struct ast_unit *unit;
    struct service service;
    struct entity **entities;
    uint32_t entity_count;
    struct record **records;
    uint32_t record_count;
    struct enumeration **enums;
    uint32_t enum_count;
    struct error **errors; /* built-in ones first */
    uint32_t error_count;
    struct policy **policies; /* [0] is the default one */
    uint32_t policy_count;
    struct function **functions;
    uint32_t function_count;
    struct workflow **workflows;
    uint32_t workflow_count;
    struct variable **variables; /* sorted by name */
    uint32_t variable_count;
    struct ast_expr **invariants; /* over all items; those of one entity stand there */
    uint32_t invariant_count;
    const struct ast_decl **tests;
    uint32_t test_count;
};

#endif
