/*
 * ir.h - the machine: states, transitions, retriers, catchers and scopes, as a graph of ids.
 *
 * In: the ASL reader (front/asl_read.c) or the lowering (ir/lower*.c).  Out: what the verifier, the
 * diagram, the ASL printer and the table builder read, as const.
 * The IR holds any machine, right or wrong: a transition to a state that does not exist keeps its
 * name and has the id IR_NONE; payloads are JSON trees as written.  ir_check (ir_check.c) asserts
 * what must hold whatever the input: ids in range, lists inside their pools, parents before
 * children. Cross references are ids into the pools of struct ir_machine, never pointers into them.
 * Fields of both query languages stand side by side; a payload that was not written is NULL.
 * Names and rules follow the Amazon States Language specification; the section is named at each
 * group.
 */
#ifndef ASLC_IR_H
#define ASLC_IR_H

#include "compiler/base/jnode.h"
#include "runtime/base/buffer.h"

typedef uint32_t ir_id;
#define IR_NONE UINT32_MAX

enum ir_state_type {
    IR_TASK,
    IR_PASS,
    IR_CHOICE,
    IR_WAIT,
    IR_SUCCEED,
    IR_FAIL,
    IR_PARALLEL,
    IR_MAP,
    IR_UNKNOWN, /* the Type is missing or unknown: the reader has said so */
};
enum ir_language { IR_JSONPATH, IR_JSONATA };
enum ir_machine_type { IR_TYPE_UNKNOWN, IR_STANDARD, IR_EXPRESS };

/* A transition as it was written, and the state that it means (resolved inside its scope). */
struct ir_ref {
    const char *name; /* NULL: not written */
    struct span span;
    ir_id state; /* IR_NONE: no such state in the scope */
};

struct ir_slice { /* elements [first, first + count) of a pool */
    uint32_t first;
    uint32_t count;
};

/* spec: Errors, Retrying after error */
struct ir_retrier {
    struct span span;
    struct ir_slice errors; /* into names */
    uint32_t interval_s;    /* default 1 */
    uint32_t max_attempts;  /* default 3 */
    double backoff;         /* default 2.0 */
    uint32_t max_delay_s;   /* 0: none */
    bool full_jitter;
    const struct jnode *source; /* as written; NULL when lowered */
};
/* spec: Errors, Fallback states */
struct ir_catcher {
    struct span span;
    struct ir_slice errors;
    struct ir_ref next;
    const struct jnode *result_path; /* JSONPath */
    const struct jnode *output;      /* JSONata */
    const struct jnode *assign;
    const char *comment;
};
struct ir_name {
    const char *text;
    struct span span;
};
/* spec: Choice State.  A rule is its condition (JSONata) or its tree of comparisons (JSONPath, as
   written in `source`; verify and table read it with ir_comparison of ir_choice.h). */
struct ir_rule {
    struct span span;
    const struct jnode *condition; /* JSONata Condition, or NULL */
    const struct jnode *source;    /* the whole rule object as written; NULL when lowered */
    struct ir_ref next;
    const struct jnode *output;
    const struct jnode *assign;
    const char *comment;
};

enum ir_pattern { IR_REQUEST, IR_SYNC, IR_SYNC2, IR_WAIT_FOR_TOKEN };

struct ir_state {
    const char *name;
    struct span name_span;
    struct span span; /* the state object, or the DSL line that it was lowered from */
    ir_id scope;
    enum ir_state_type type;
    enum ir_language language;
    const char *comment;
    const struct jnode *source; /* the state object as written; NULL when lowered */
    const char *group; /* lowered: the operation it belongs to (createVehicle); else NULL */
    const char *doc;   /* lowered: text for tooltips, or NULL */

    /* spec: Input and Output Processing */
    const struct jnode *input_path, *parameters, *result_selector, *result_path, *output_path;
    const struct jnode *arguments, *output, *assign;

    struct ir_ref next;
    bool end;
    struct ir_slice retriers, catchers;

    /* Task */
    const char *resource; /* NULL: not written or not a string */
    struct span resource_span;
    enum ir_pattern pattern;
    const char *integration; /* key of the catalog: "dynamodb:putItem", "aws-sdk:dynamodb:query",
                                "lambda:invoke", "lambda:function-arn", "activity"; NULL: unknown */
    const struct jnode *timeout, *timeout_path, *heartbeat, *heartbeat_path, *credentials;
    bool idempotent; /* lowered: repeating it has the same effect (a token, a read) */
    bool probed;     /* lowered: an ambiguous outcome is resolved by a read that follows */

    /* Choice */
    struct ir_slice rules;
    struct ir_ref default_;

    /* Wait: one of the four forms */
    const struct jnode *seconds, *seconds_path, *timestamp, *timestamp_path;

    /* Pass */
    const struct jnode *result;

    /* Fail */
    const struct jnode *error, *error_path, *cause, *cause_path;

    /* Parallel: one scope a branch.  Map: one scope. */
    struct ir_slice scopes; /* ids are consecutive */
    bool distributed;
    const struct jnode *items, *items_path, *item_selector, *item_reader, *item_batcher,
        *result_writer, *max_concurrency, *max_concurrency_path, *label, *tolerated_count,
        *tolerated_count_path, *tolerated_percentage, *tolerated_percentage_path;
};

/* A scope is a machine's States block: the top one, a branch of a Parallel, a Map's processor. */
struct ir_scope {
    ir_id owner; /* the Parallel or Map state; IR_NONE for the top */
    struct span span;
    struct ir_ref start_at;
    struct ir_slice states; /* ids are consecutive */
    enum ir_language language;
    const char *comment;
    const struct jnode *source;
};

struct ir_machine {
    struct aslrt_arena *arena;
    const char *name; /* file stem, service name, or service-operation */
    enum ir_machine_type type;
    uint32_t timeout_s; /* 0: none written */
    const char *comment;
    const char *version;
    const struct jnode *source; /* the whole document; NULL when lowered */

    struct ir_scope *scopes; /* [0] is the top */
    uint32_t scope_count;
    struct ir_state *states;
    uint32_t state_count;
    struct ir_retrier *retriers;
    uint32_t retrier_count;
    struct ir_catcher *catchers;
    uint32_t catcher_count;
    struct ir_rule *rules;
    uint32_t rule_count;
    struct ir_name *names;
    uint32_t name_count;

    ir_id *index; /* open-addressed table of the states by scope and name, made by ir_resolve */
    uint32_t index_mask;
};

/* ---- building (the lists of one state must be added one after another) ---- */

struct ir_machine *ir_machine_new(struct aslrt_arena *arena, const char *name);
ir_id ir_add_scope(struct ir_machine *m, ir_id owner, struct span span);
/* Adds a state to a scope: one that has no states yet, or whose states still end the pool.  Moves
   the pools, as all of these functions do: keep ids, not pointers. */
ir_id ir_add_state(struct ir_machine *m, ir_id scope, const char *name, enum ir_state_type type,
                   struct span span);
struct ir_retrier *ir_add_retrier(struct ir_machine *m, ir_id state, struct span span);
struct ir_catcher *ir_add_catcher(struct ir_machine *m, ir_id state, struct span span);
struct ir_rule *ir_add_rule(struct ir_machine *m, ir_id state, struct span span);
/* Appends an error name to the retrier or catcher that was added last. */
void ir_add_error(struct ir_machine *m, struct ir_slice *errors, const char *name,
                  struct span span);
/* Resolves every ir_ref by name inside its scope.  Call once, when all states are there. */
void ir_resolve(struct ir_machine *m);

/* ---- reading ---- */

const char *ir_type_name(enum ir_state_type type); /* "Task" */
/* The state of that name in the scope, or IR_NONE (the first, if the name is used twice).  Needs
   ir_resolve before it. */
ir_id ir_find(const struct ir_machine *m, ir_id scope, const char *name);
/* JSON pointer to the state: /States/A, /States/P/Branches/0/States/B; in the machine's arena. */
const char *ir_pointer(const struct ir_machine *m, ir_id state);
/* Appends a name as a token of a JSON pointer (RFC 6901, section 3). */
void ir_put_token(struct aslrt_buffer *b, const char *name);
/* The machine as text, one line a state: what --dump-ir prints. */
void ir_dump(const struct ir_machine *m, struct aslrt_buffer *out);
/* Asserts the invariants; call it after every pass that makes or changes a machine. */
void ir_check(const struct ir_machine *m);

/* Every way out of a state, in this order: Next or Default-and-rules, then catchers. */
enum ir_edge_kind { IR_EDGE_NEXT, IR_EDGE_RULE, IR_EDGE_DEFAULT, IR_EDGE_CATCH };
struct ir_edge {
    enum ir_edge_kind kind;
    ir_id from;
    ir_id to;       /* IR_NONE: dangling */
    uint32_t index; /* of the rule or catcher within the state */
    const struct ir_ref *ref;
};
/* Calls visit for each; stops when it gives false. */
void ir_edges(const struct ir_machine *m, ir_id state,
              bool (*visit)(void *data, const struct ir_edge *edge), void *data);

#endif
