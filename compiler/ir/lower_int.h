/*
 * lower_int.h - what the files of the lowering share; private to compiler/ir/lower*.c.
 *
 * Expressions are built as JSONata text.  Texts live in the arena, functions that give text say
 * what it stands for, and `x` always names a piece of JSONata that is safe to repeat (a variable or
 * a path).
 */
#ifndef ASLC_LOWER_INT_H
#define ASLC_LOWER_INT_H

#include "compiler/ir/lower.h"

/* The state of the whole lowering. */
enum { DOUBLE_DIGITS = 15 }; /* of an integer: so many survive in a double, and in $string of one */

/* The operations whose worst path has as many calls of DynamoDB, and that retry less often than the
   policy says. */
struct lower_fewer {
    const struct operation **ops;
    uint32_t count;
    uint32_t attempts;
};

enum { LOWER_TASKS_MAX = 2 }; /* calls of DynamoDB on the worst path of an operation */

struct lower {
    struct aslrt_arena *arena;
    const struct model *model;
    const struct source_table *sources;
    struct diag_context *diag;
    enum lower_layout layout;
    struct svc_service *service;
    struct ir_machine *machine; /* the one being built */
    uint32_t machine_index;
    const struct error **ends; /* answers and failures that this machine shares, by error */
    uint32_t end_count;
    struct lower_fewer fewer[LOWER_TASKS_MAX + 1]; /* by the number of calls */
};

/* The time that one task may take and how often it is tried again, after both were fitted to the
   time that the caller waits. */
struct lower_budget {
    uint32_t task_s;
    uint32_t attempts;
};

/* One operation being lowered. */
struct lower_flow {
    struct lower *l;
    const struct operation *op;
    const struct entity *entity;
    const char *prefix; /* CreateVehicle: begins the name of each of its states */
    struct span span;
    struct lower_budget budget;
};

/* ---- lower_text.c: pieces of JSONata ---- */

char *lower_format(struct lower *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *lower_quote(struct lower *l, const char *text);                       /* 'text' */
const char *lower_path(struct lower *l, const char *x, const char *name);         /* x.name */
struct jnode *lower_expr_node(struct lower *l, struct span at, const char *expr); /* "{% expr %}" */
struct jnode *lower_text_node(struct lower *l, struct span at,
                              const char *text); /* a plain string */

/* ---- lower_type.c: values of the language's types ---- */

/* True when x, defined and not null, is a value of the type. */
const char *lower_valid(struct lower *l, const struct type *type, const char *x);
/* What a value of the type must be, for messages: "text of 1 to 120 characters". */
const char *lower_requirement(struct lower *l, const struct type *type);
/* The JSON value x as it is kept: members that are null or absent left out, deep inside too. */
const char *lower_normal(struct lower *l, const struct type *type, const char *x);
/* x as it is compared with what is stored: a time in UTC, since texts are compared as they are. */
const char *lower_utc(struct lower *l, const struct type *type, const char *x);
/* The JSON value x as a DynamoDB attribute value: {'S': x}. */
const char *lower_encode(struct lower *l, const struct type *type, const char *x);
/* The attribute value x back as JSON; undefined when x is. */
const char *lower_decode(struct lower *l, const struct type *type, const char *x);
/* 'S' or 'N': the type of a key attribute. */
char lower_key_type(const struct type *type);
/* The most bytes that a value can take: `typed` as attribute value in a task's result, `answer`
   inside the text of a body.  UINT64_MAX: unbounded. */
void lower_type_bound(const struct type *type, uint64_t *typed, uint64_t *answer);
/* JSON Schema (API Gateway's subset of draft 4) of the type. */
struct jnode *lower_schema(struct lower *l, const struct type *type, struct span at);
/* ECMAScript pattern, anchored, of the type's text form; NULL when it has none. */
const char *lower_pattern(struct lower *l, const struct type *type);

/* ---- lower_expr.c: expressions of the language ---- */

/* What the roots of an expression stand for where it is evaluated.  A bare field is
   `field_base`.name, decoded when `stored` says that field_base is an item as DynamoDB gives it. */
struct lower_names {
    const char *field_base;
    bool stored;
    const char *input;   /* the body as sent */
    const char *request; /* the execution's input */
    /* In a condition of this operation a field that it may set means what it will be: $item.f where
       that is sent; NULL: fields mean what is stored. */
    const struct operation *merged;
    const char *key; /* name of the partition key, for conditions */
};
/* The expression as JSONata. */
const char *lower_expr(struct lower *l, const struct ast_expr *e, const struct lower_names *names);
/* The field's default, in normal form. */
const char *lower_default(struct lower *l, const struct field *field,
                          const struct lower_names *names);

/* A check as a piece of ConditionExpression.  The names and values that it needs are appended as
   elements of the lists that are merged into ExpressionAttributeNames and -Values: ", {'#owner':
   'owner'}", ", {':_c1': {'S': $in.caller.sub}}". */
struct lower_condition {
    struct aslrt_buffer names, values;
    uint32_t value_count;
};
/* The distinct stored fields that the expression reads: at most `room` go to `out`; gives their
   number. */
uint32_t lower_check_fields(const struct ast_expr *e, const struct field **out, uint32_t room);
/* True when the expression reads a stored field. */
bool lower_mentions_stored(const struct ast_expr *e);
/* Gives the condition's text, or NULL after a diagnostic when DynamoDB can't evaluate it. */
const char *lower_condition(struct lower *l, const struct ast_expr *e,
                            const struct lower_names *names, struct lower_condition *out);

enum { LOWER_CHECK_FIELDS = 16 };
enum { LOWER_CALLER_MEMBERS = 8 }; /* more members than `caller` has */

#define LOWER_ROUTE "Route" /* the state that the router layout starts with */

/* ---- lower_flow.c: states that every operation uses ---- */

ir_id lower_state(struct lower_flow *f, enum ir_state_type type, const char *suffix);
const char *lower_name(struct lower_flow *f, const char *suffix); /* of another state of the flow */
void lower_goto(struct lower_flow *f, ir_id state, const char *next);
/* A Choice rule: `condition` is JSONata. */
struct ir_rule *lower_rule(struct lower_flow *f, ir_id state, const char *condition,
                           const char *next);
/* A rule that answers 400 with that problem. */
void lower_bad_request(struct lower_flow *f, ir_id state, const char *condition,
                       const char *problem_expr);
/* CreateVehicle for createVehicle: what the names of the operation's states begin with. */
const char *lower_prefix(struct lower *l, const struct operation *op);
/* The name of the shared end that answers `error`. */
const char *lower_end(struct lower_flow *f, const struct error *error);
const char *lower_end_named(struct lower_flow *f, const char *error);
/* The text of an error's body: {"error":"NotFound","message":"..."}. */
const char *lower_error_body(struct lower *l, const struct error *error);
/* Makes the ends that were asked for; call once a machine. */
void lower_ends(struct lower *l);
/* What an error that nothing else covers ends with. */
extern const struct error lower_internal;
/* 428: an operation on an item with @version came without If-Match. */
extern const struct error lower_precondition_required;
const struct error *lower_find_error(const struct lower *l, const char *name);

/* {"statusCode":…,"headers":{…},"body":…}.  `etag` and `location` are JSONata or NULL; `body` is
   JSONata for a JSON value, or NULL for no body. */
struct jnode *lower_answer(struct lower_flow *f, uint32_t status, const char *etag,
                           const char *location, const char *body);

/* ---- lower_task.c: calls, and what happens when they fail ---- */

/* How long a task may take and how often it is tried, for an operation whose worst path has
   `tasks` of them one after another, LOWER_TASKS_MAX at most. */
struct lower_budget lower_fit(struct lower *l, const struct operation *op, uint32_t tasks);
/* Says once for the service which operations retry less often than the policy says. */
void lower_report_fewer(struct lower *l);
/* A Task on DynamoDB with its time limit and its retrier; "dynamodb:putItem",
   "aws-sdk:dynamodb:scan". Errors that may have had an effect are retried only where `repeatable`.
 */
ir_id lower_task(struct lower_flow *f, const char *suffix, const char *integration, bool repeatable,
                 const struct jnode *arguments);
/* Its catchers: a failed condition goes to `failed`, an error that may have had an effect to
   `unsure` (NULL: as any other), what is transient to Unavailable, the rest to Internal.  With
   `unsure_assign` the second has a catcher of its own that assigns it. */
void lower_catch(struct lower_flow *f, ir_id task, const char *failed, const char *unsure,
                 const struct jnode *unsure_assign);
/* A consistent read of the whole item whose key fields stand in the JSON object x; then `next`, or
   `failed`. */
void lower_probe(struct lower_flow *f, const char *x, const char *next, const char *failed);
/* The operation's own catch takes errors of this write after which it may have happened.  Then a
   variable "unsure" has the name of the answer (false: none, to be assigned before the write). */
bool lower_catches_unsure(const struct lower_flow *f, const char *integration);
/* Where the flow goes when the probe can't tell: Unavailable, or a state "Unsure" which gives the
   answer that the operation's own catch names; lower_unsure makes that state, if it is one. */
const char *lower_unsure_end(struct lower_flow *f, const char *integration);
void lower_unsure(struct lower_flow *f, const char *integration);
/* What a failed condition answers: the operation's `catch ConditionFailed`, else the usual error.
 */
const struct error *lower_condition_error(struct lower_flow *f, const char *usual);
/* The hidden attribute _w: tells this execution's write from every other one. */
const char *lower_write_mark(struct lower_flow *f, const char *write_suffix);

/* A Task on DynamoDB names its table by a hole that Terraform fills: ${table_order_line}. */
const char *lower_table_id(struct lower *l, const struct entity *entity);
struct jnode *lower_table_name(struct lower_flow *f);
/* {"id": {"S": "{% x.id %}"}} from a JSON object x that has the key fields. */
struct jnode *lower_key_node(struct lower_flow *f, const char *x);
/* The attribute value of x as a tree: {"S": "{% x %}"}. */
struct jnode *lower_encode_node(struct lower_flow *f, const struct type *type, const char *x);
/* True when a getItem's output, the state's input, holds an item that has not expired. */
const char *lower_item_exists(struct lower_flow *f);
/* ProjectionExpression of what is answered; the names that it needs are added to `names`. */
struct jnode *lower_projection(struct lower_flow *f, struct jnode *names);
/* The time when an item that is written now expires: @ttl(30d). */
const char *lower_expiry(struct lower *l, const struct field *field);
/* The seconds of the item's expiry as text, from a JSON item x. */
const char *lower_ttl_expr(struct lower_flow *f, const char *x);
/* The item's answer form from a JSON item (`stored` false) or from attributes (true). */
const char *lower_show(struct lower_flow *f, const char *x, bool stored);
/* All its fields as JSON from attributes x, hidden ones too. */
const char *lower_item_all(struct lower_flow *f, const char *x);
/* '"3"' from the version in x, or NULL without @version. */
const char *lower_etag(struct lower_flow *f, const char *x, bool stored);
/* True for fields that the operation answers with. */
bool lower_shown(const struct operation *op, const struct field *field);
bool lower_in_path(const struct entity *entity, const struct field *field);
/* The value of a key field from its text in the path. */
const char *lower_path_value(struct lower *l, const struct field *field, const char *x);
/* True when the text x, of a path, a query or a token, is a value of the field: a number is read
   only from what looks like one. */
const char *lower_valid_text(struct lower *l, const struct field *field, const char *x);
/* Checks of the path's parameters and of the caller, where the operation uses them. */
void lower_check_path(struct lower_flow *f, ir_id state);
void lower_check_caller(struct lower_flow *f, ir_id state);
bool lower_uses_caller(const struct operation *op);
/* True for fields that a client may send in the body of this operation. */
bool lower_settable(const struct operation *op, const struct field *field);

/* ---- lower_body.c: the body of a request ---- */

/* Rules that refuse a body which the operation does not take. */
void lower_check_body(struct lower_flow *f, ir_id state);
/* The item of a create, what a PUT sets, or what a PATCH changes (null: removes): JSON in normal
   form, from $states.input. */
const char *lower_item_expr(struct lower_flow *f);
/* Rules for those of the checks that are wanted, in a state "Checks" that is made when the first is
   met (`state` IR_NONE).  Gives the state, or IR_NONE. */
ir_id lower_checks(struct lower_flow *f, const struct check *checks, uint32_t count,
                   bool (*wanted)(const struct lower_flow *f, const struct check *check),
                   const struct lower_names *names, ir_id state);

/* ---- lower_which.c: several lists at one address ---- */

/* The operation whose route answers: of the lists of an entity the first of those that need the
   least of the query; else the operation itself. */
const struct operation *lower_primary(const struct operation *op);
/* True for a primary with other lists at its address. */
bool lower_has_others(const struct operation *op);
/* The name of the state that the operation starts with. */
const char *lower_entry(struct lower *l, const struct operation *primary);
/* The Choice that tells the lists apart by what is in the query. */
void lower_which(struct lower *l, const struct operation *primary);
/* The name in query("name"), or NULL when the expression is something else. */
const char *lower_query_name(const struct ast_expr *e);

/* ---- one file a family of operations ---- */

/* Of a write on an item that must be there (lower_update.c, used by delete too): the checks that
   are part of its condition; the condition; the rules before it and those after a probe. */
uint32_t lower_stored_checks(struct lower_flow *f, const struct check **out);
const char *lower_write_condition(struct lower_flow *f, const struct check *const *checks,
                                  uint32_t check_count, struct lower_condition *out);
/* A condition's text as a node: an expression where something is spliced in. */
struct jnode *lower_condition_node(struct lower_flow *f, const char *condition);
void lower_check_if_match(struct lower_flow *f, ir_id state);
void lower_input_checks(struct lower_flow *f, ir_id state, const char *request);
void lower_answer_failure(struct lower_flow *f, ir_id state, const struct check *const *checks,
                          uint32_t check_count);

void lower_create(struct lower_flow *f);
void lower_get(struct lower_flow *f);
void lower_update(struct lower_flow *f); /* PATCH and PUT */
void lower_delete(struct lower_flow *f);
void lower_list(struct lower_flow *f);

/* ---- lower_service.c ---- */

void lower_settings(struct lower *l);
void lower_tables(struct lower *l);
/* "GET", and "/vehicles/{id}". */
const char *lower_method(const struct operation *op);
const char *lower_route_path(struct lower *l, const struct operation *op);
void lower_route(struct lower *l, const struct operation *op);
/* The failures that a machine may end with; call when all machines are there. */
void lower_failures(struct lower *l);

#endif
