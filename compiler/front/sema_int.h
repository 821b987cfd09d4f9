/*
 * sema_int.h - what the files of sema share.
 *
 * Order (sema.c): names of all declarations, then enums, the service, types, errors, policies,
 * functions, entities with their fields, their operations, workflows, tests; then what concerns the
 * whole: addresses and names of operations.
 * A thing that was wrong gets the type TYPE_ERROR, about which nobody complains again.
 */
#ifndef ASLC_SEMA_INT_H
#define ASLC_SEMA_INT_H

#include "compiler/front/builtins.h"
#include "compiler/front/names.h"
#include "compiler/front/sema.h"
#include "compiler/front/words.h"

enum named_kind { NAMED_ENTITY = 1, NAMED_RECORD, NAMED_ENUM, NAMED_FUNCTION, NAMED_WORKFLOW };

struct sema_route { /* an address of the API */
    const char *method, *path;
};

struct sema {
    struct aslrt_arena *arena;
    struct diag_context *cx;
    const struct ast_unit *unit;
    struct model *model;
    struct names types; /* entities, types, enums */
    struct names errors, groups, policies, raised;
    struct names callables; /* functions and workflows */
    struct names variables;
    struct names operations; /* operation ids */
    struct names lost;       /* entities whose address is wrong */
    struct sema_route *routes;
    uint32_t route_count;
    uint32_t error_count;
};

/* ---- sema.c ---- */

/* Begins a diagnostic; errors are counted. */
struct diag *sema_report(struct sema *s, enum diag_code code, struct span at, const char *format,
                         ...) DIAG_PRINTF(4, 5);
void sema_error(struct sema *s, enum diag_code code, struct span at, const char *format, ...)
    DIAG_PRINTF(4, 5);
/* "did you mean", when there is something near. */
void sema_near(struct diag *d, struct span at, const char *near);
/* False after so many errors that nobody needs more suggestions. */
bool sema_suggests(const struct sema *s);
/* Is there room for one more of these?  Complains when there is not any more. */
enum { SEMA_MEMBERS_MAX = 1000 };
bool sema_room(struct sema *s, uint32_t count, struct span at, const char *what);
/* The name of the table that is nearest to the word, or NULL. */
const char *sema_nearest(struct sema *s, const struct names *names, const char *word);
/* Text in the arena. */
char *sema_format(struct sema *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Declares a name; false, with a complaint, when the table has it. */
bool sema_declare(struct sema *s, struct names *names, struct ast_name name, const char *what,
                  int kind, void *thing);

/* ---- sema_type.c ---- */

extern const struct type sema_wrong; /* TYPE_ERROR */
const struct type *sema_type(struct sema *s, const struct ast_type *t);
/* A type without range, not optional; of the kinds up to TYPE_ANY, and NULL, DURATION, NOTHING. */
const struct type *sema_plain(enum type_kind kind);
const struct type *sema_optional(struct sema *s, const struct type *t, bool optional);
/* Without its range, not optional: what a value is compared with. */
const struct type *sema_bare(struct sema *s, const struct type *t);
const struct type *sema_list_of(struct sema *s, const struct type *element);
const struct type *sema_item_of(struct sema *s, const struct entity *entity);
/* How the type is written: "[Line]", "enum(a, b)?". */
const char *sema_type_name(struct sema *s, const struct type *t);
bool sema_is_number(const struct type *t); /* int, number, long, decimal */
bool sema_is_text(const struct type *t);   /* string, uuid, ulid, enum */
bool sema_is_scalar(const struct type *t);
/* May a key or an index have it? */
bool sema_is_key(const struct type *t);
/* Can a value of type `from` stand where `to` is wanted (absence left aside)? */
bool sema_fits(const struct type *to, const struct type *from);
/* Is the text a uuid, ulid, timestamp or date? */
bool sema_text_is(enum type_kind kind, const char *text);
/* Reads digits, with a minus perhaps; false when they don't fit. */
bool sema_integer(const char *text, int64_t *value);
/* Compares integers of any length by their digits, with a minus perhaps: below 0, 0, above 0. */
int sema_compare_digits(const char *a, const char *b);
/* Complains when the type (of a field, a parameter) contains itself. */
void sema_check_recursion(struct sema *s);

/* ---- sema_pattern.c ---- */

/* NULL when the pattern can be carried over, else why not; *at is the offset of the problem. */
const char *sema_pattern_problem(const char *pattern, uint32_t *at);
/* The same pattern with groups that keep nothing: nobody asks what a group has matched, and engines
   differ about it. */
const char *sema_pattern_plain(struct aslrt_arena *arena, const char *pattern);

/* ---- sema_expr.c ---- */

struct sema_local { /* let, step, parameter, loop variable */
    const char *name;
    struct binding *binding;
    struct span span;
    struct sema_local *next;
};

/* Where an expression stands, and what names mean there. */
struct sema_scope {
    uint32_t where;              /* CALL_... that are allowed */
    const char *place;           /* "a default", for messages */
    const struct entity *entity; /* its fields are names; NULL: none */
    bool fields;
    bool item;                     /* `item` is the stored item of `entity` */
    const struct operation *input; /* `input` is what this operation is sent; NULL: none */
    bool no_caller;                /* where no request is */
    struct sema_local *locals;     /* innermost first */
    bool answer;                   /* tests: `answer` */
    bool key;                      /* request.key exists */
    bool all;                      /* `all Entity` may stand here */
};

/* Types the expression; `expected` (or NULL) gives literals and bare enum members their type. Gives
   its type, which is also e->type. */
const struct type *sema_expr(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                             const struct type *expected);
/* Parts of it: names and members (sema_name.c). */
const struct type *sema_name(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                             const struct type *expected);
const struct type *sema_member(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                               const struct type *expected);
/* Can the expression be typed without a wanted type? */
bool sema_known(const struct sema_scope *scope, const struct ast_expr *e);
struct binding *sema_bind(struct sema *s, struct ast_expr *e, enum binding_kind kind,
                          const char *name, const struct type *type);
/* Gives the node the type about which nobody complains again. */
const struct type *sema_wrong_expr(struct ast_expr *e);
/* The place of a word among the members of an enum, -1: none, or no enum. */
int sema_enum_member(const struct type *t, const char *name);
/* A help, where `e` is a name that means something else here than the member of the enum that is
 * wanted.
 */
void sema_hidden_member(struct diag *d, const struct type *wanted, const struct ast_expr *e);
/* The same, and complains when the value does not fit the expected type or its range. */
const struct type *sema_value(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                              const struct type *expected);
/* The same for a condition. */
void sema_condition(struct sema *s, const struct sema_scope *scope, struct ast_expr *e);
/* Complains when a literal lies outside of the type's range. */
void sema_check_range(struct sema *s, const struct ast_expr *e, const struct type *type);
struct field *sema_find_field(struct field **fields, uint32_t count, const char *name);
/* Complains about a field that does not exist; gives the nearest. */
void sema_unknown_field(struct sema *s, struct ast_name name, struct field **fields, uint32_t count,
                        const char *owner);
/* E(key, sort): types the arguments as the entity's key. */
void sema_key_args(struct sema *s, const struct sema_scope *scope, const struct entity *entity,
                   struct ast_arg *args, struct span at);
const struct type *sema_call(struct sema *s, const struct sema_scope *scope, struct ast_expr *e);
/* Types arguments against parameters: named or by position. */
void sema_params(struct sema *s, const struct sema_scope *scope, struct ast_arg *args,
                 struct field **params, uint32_t count, struct span at, const char *what);
/* An object against fields: unknown and missing members.  `partial`: any may be missing. */
void sema_object(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                 struct field **fields, uint32_t count, const char *owner, bool partial);
/* Parameters of functions and workflows as fields, and as names for expressions. */
struct sema_local *sema_param_list(struct sema *s, const struct ast_param *params,
                                   struct field ***fields, uint32_t *count);

/* ---- sema_setting.c: settings and their values ---- */

/* Finds the row of each setting of a block and calls read(data, setting, id); complains about
   settings that don't exist, don't apply (`what` names the block) or stand twice. */
void sema_settings(struct sema *s, const struct ast_setting *settings, uint32_t where,
                   const char *what,
                   void (*read)(struct sema *s, void *data, const struct ast_setting *setting,
                                enum setting_id id),
                   void *data);
/* One setting; SETTING_COUNT after a complaint. */
enum setting_id sema_find_setting(struct sema *s, const struct ast_setting *setting, uint32_t where,
                                  const char *what);
/* Readers of values.  Each complains, naming what the setting takes, and gives false. */
bool sema_take_text(struct sema *s, const struct ast_setting *st, enum setting_id id,
                    const char **value);
bool sema_take_duration(struct sema *s, const struct ast_setting *st, enum setting_id id,
                        int64_t low, int64_t high, int64_t *seconds);
bool sema_take_integer(struct sema *s, const struct ast_setting *st, enum setting_id id,
                       int64_t low, int64_t high, int64_t *value);
bool sema_take_bool(struct sema *s, const struct ast_setting *st, enum setting_id id, bool *value);
/* One of `words`, a list that ends with NULL; gives its index, -1 after a complaint. */
int sema_take_word(struct sema *s, const struct ast_setting *st, enum setting_id id,
                   const char *const *words);
void sema_wrong_value(struct sema *s, const struct ast_setting *st, enum setting_id id,
                      struct span at);
void sema_take_throttle(struct sema *s, const struct ast_setting *st, double *rate, double *burst);
/* Values inside of calls such as rate(50, per: 1s). */
bool sema_seconds(const struct ast_expr *e, int64_t *seconds);
bool sema_number(const struct ast_expr *e, double *value);
/* The argument of that name, or the index-th without a name; NULL: none. */
struct ast_expr *sema_argument(const struct ast_arg *args, const char *name, uint32_t index);
/* The callee's name of a call, the name of a name, else NULL. */
const char *sema_word_of(const struct ast_expr *e);
/* Complains about arguments whose names aren't in `names` (a list that ends with NULL) and about
   more than `positional` without a name. */
bool sema_only_arguments(struct sema *s, const struct ast_expr *call, const char *const *names,
                         uint32_t positional);

/* ---- sema_service.c, sema_error.c ---- */

void sema_service(struct sema *s);
void sema_audit(struct sema *s); /* once the entities are known */
void sema_builtin_errors(struct sema *s);
void sema_errors(struct sema *s);
void sema_functions(struct sema *s);
void sema_policies(struct sema *s);
/* Warns of policies that nothing is retried by. */
void sema_unused_policies(struct sema *s);
/* The error of that name for `fail`; complains and gives NULL when there is none. */
const struct error *sema_failure(struct sema *s, const struct sema_scope *scope,
                                 struct ast_failure *failure);
/* True when the word is a group, or an error that some function raises. */
bool sema_catchable(struct sema *s, struct ast_name name);

/* ---- sema_field.c, sema_entity.c, sema_operation.c ---- */

/* `where`: ON_FIELD of an entity, ON_MEMBER of a type. */
struct field *sema_field(struct sema *s, const struct ast_field *ast, enum annotation_place where);
/* Finds the row of an annotation; complains and gives ANNOTATION_COUNT. */
enum annotation_id sema_annotation(struct sema *s, const struct ast_anno *anno, uint32_t where,
                                   const char *what);
void sema_entity(struct sema *s, struct entity *entity);
void sema_operations(struct sema *s, struct entity *entity);
void sema_field_list(struct sema *s, const struct ast_setting *st, enum setting_id id,
                     const struct entity *entity, struct field ***fields, uint32_t *count);
/* May the client set the field with this verb? */
bool sema_settable(const struct entity *entity, enum ast_verb verb, const struct field *f);
bool sema_in_path(const struct entity *entity, const struct field *f);

/* ---- sema_route.c ---- */

/* Reads a path with {names}; gives false after a complaint. */
bool sema_path(struct sema *s, const char *path, struct span at, const char ***params,
               uint32_t *count);
void sema_routes(struct sema *s);
/* Is there an address that the path of a request, in which a segment in braces stands for any text,
   could mean?  The service's own path may stand before it. */
bool sema_has_route(const struct sema *s, const char *method, const char *path);
/* Complains when another operation has the name. */
bool sema_operation_name(struct sema *s, const char *name, struct span at);

/* ---- sema_flow.c, sema_action.c, sema_test.c ---- */

void sema_workflows(struct sema *s);
void sema_invariants(struct sema *s);
void sema_tests(struct sema *s);

/* A workflow being typed. */
struct sema_flow {
    struct sema *s;
    struct workflow *workflow;
    struct sema_scope scope;
    bool in_loop, in_undo;
    bool crowded; /* more names than SEMA_MEMBERS_MAX: that has been said */
};
/* The entity of that name; complains and gives NULL when there is none. */
struct entity *sema_find_entity(struct sema *s, struct ast_name name);
/* The type of what an action gives: an item, a page, a function's result, nothing. */
const struct type *sema_action(struct sema_flow *f, struct ast_action *a);
/* Complains about a write in an undo that would be wrong when its step never happened. */
void sema_check_undo(struct sema_flow *f, const struct ast_action *a);

#endif
