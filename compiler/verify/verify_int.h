/*
 * verify_int.h - what the passes share: the facts about one machine, and how findings are reported.
 *
 * Private to compiler/verify.  Facts are made once by verify_begin; passes change none of them but
 * `excused` and `dead_edge`, by which an earlier pass tells a later one what it has reported.
 * Edges stand in one array, sorted by the state that they leave; edges of state s are
 * edges[edge_first[s]] to edges[edge_first[s + 1] - 1].
 */
#ifndef ASLC_VERIFY_INT_H
#define ASLC_VERIFY_INT_H

#include "catalog/catalog.h"
#include "compiler/base/grow.h"
#include "compiler/verify/choice_set.h"
#include "compiler/verify/verify.h"

/* An error that can arrive at the Retry and Catch of a state. */
struct raised {
    const char *name; /* of an open one: the text before what the world chooses; may be "" */
    const char *when;
    uint16_t id;       /* two with the same id are the same; RAISED_CUSTOM: compare the names */
    uint8_t class_;    /* enum catalog_class */
    uint8_t transient; /* enum catalog_transient */
    bool open;
    bool unknown;   /* open, of a call that nobody knows: any name may be meant */
    bool ambiguous; /* the effect of the call may have happened all the same */
    bool rare;      /* only with a feature that most don't use */
    bool fatal;     /* nothing takes it */
};
enum { RAISED_CUSTOM = UINT16_MAX };

struct raised_list {
    struct raised *items;
    uint32_t count;
};

/* What a Task calls. */
struct task {
    enum catalog_kind kind;
    enum catalog_pattern pattern;
    const struct catalog_call *call;     /* NULL: not in the catalog */
    const struct catalog_service *owner; /* NULL: not in the catalog */
    const char *key;                     /* "dynamodb:putItem"; "" when it can't be seen */
    const char *action;                  /* "putItem" */
    bool reads;                          /* changes nothing */
    struct raised_list raised;
};

struct verify {
    const struct ir_machine *m;
    enum ir_machine_type type;
    bool as_service; /* what the service says is wanted, to which a ${placeholder} is text */
    struct diag_context *cx; /* NULL while only facts are wanted */
    struct aslrt_arena *arena;

    struct ir_edge *edges;
    uint32_t edge_count;
    uint32_t *edge_first; /* state_count + 1 */

    bool *reached;   /* from the machine's StartAt, through branches and iterations too */
    bool *can_end;   /* some path of transitions leads to an end of its scope */
    ir_id *parent;   /* the state before it on a shortest path in its scope; IR_NONE: it starts */
    uint32_t *depth; /* how many transitions that way has */
    bool *excused;   /* not reached only because a transition is misspelled, which was reported */
    bool *dead_edge; /* of each edge: a finding says that it is never taken */

    struct condition *conditions; /* of each rule */
    struct task **tasks;          /* of each state; NULL exactly when it is no Task */
    /* What arrives at the handlers of each Task, Map and Parallel: its own errors and those that
       escape from inside. */
    struct raised_list *arrivals;
};

/* Makes the facts. */
void verify_begin(struct verify *v, const struct ir_machine *m,
                  const struct verify_options *options, struct diag_context *cx,
                  struct aslrt_arena *arena);

#define VERIFY_PASS(name, title) void verify_##name(struct verify *v);
#include "compiler/verify/passes.def"
#undef VERIFY_PASS

/* ---- report.c: how findings are reported ---- */

/* Begins a diagnostic about a state: its JSON pointer is set, with `tail` ("/Catch/0") behind it.
 */
struct diag *verify_report(struct verify *v, enum diag_code code, ir_id state, struct span at,
                           const char *tail, const char *format, ...) DIAG_PRINTF(6, 7);
/* Adds the shortest way from the machine's StartAt to the state as the witness. */
void verify_witness(struct verify *v, struct diag *d, ir_id state);
/* "Catch/1" and the like as a tail: "/Catch/1". */
const char *verify_tail(struct verify *v, const char *field, uint32_t index);
/* The span of a rule, catcher or retrier, or of the state when it has none. */
struct span verify_at(struct span own, const struct ir_state *s);
/* The text inside of its quotes, when the span is that of a JSON string without escapes. */
struct span verify_inside(struct span at, const char *text);
/* Words joined as "'a', 'b' and 'c'"; after `most` of them "and N more".  What begins with '<' is a
   description and stands without quotes. */
const char *verify_list(struct verify *v, const char *const *words, uint32_t count, uint32_t most);

/* Says that this edge is never taken. */
void verify_kill_edge(struct verify *v, ir_id state, enum ir_edge_kind kind, uint32_t index);

/* True for an error of a service that stays, however often the call is made again (retries.c). */
bool verify_is_permanent(const char *error);
/* Reports a scope without an end (reach.c). */
void verify_report_endless(struct verify *v, ir_id scope);
/* True when the name of the target has a ${placeholder}: it may become any state's. */
bool verify_is_template(const struct verify *v, const struct ir_ref *ref);
/* Parts of the passes handlers and timeouts: order of States.ALL; heartbeat and time limit. */
void verify_any_order(struct verify *v);
void verify_heartbeats(struct verify *v);
/* Reports what an Express machine can't do (bounds.c). */
void verify_express(struct verify *v);

/* ---- states ---- */

/* A state at which an execution of its scope ends. */
bool verify_ends(const struct ir_state *s);
/* False when an inner scope never ends, so that a Parallel or Map is never left by its Next. */
bool verify_inner_ends(const struct verify *v, const struct ir_state *s);

/* ---- raised.c: what tasks call, and what arrives where ---- */

void verify_find_tasks(struct verify *v);
void verify_find_arrivals(struct verify *v);
/* True when the call reads or changes data, rather than running or sending something. */
bool verify_touches_data(const struct task *t);
/* True when the call is one of DynamoDB, optimised or of the SDK. */
bool verify_is_dynamodb(const struct task *t);
/* The argument of a Task by name, whether it is constant, a path (KEY.$) or an expression; NULL
   when it is not there.  *unknown is true when the arguments are one expression, so that nobody can
   tell. */
const struct jnode *verify_argument(const struct ir_state *s, const char *name, bool *unknown);

/* The argument without which a call does not raise that error, when it is not there; else NULL. */
const char *verify_needed_argument(const struct ir_state *s, const char *error);

/* ---- match.c: who takes an error ---- */

enum match { MATCH_NEVER, MATCH_MAY, MATCH_MUST };
/* Does ErrorEquals `pattern` take the error?  MAY where documentation and recordings differ, or
   where it depends on the name that the world chooses. */
enum match verify_match(const char *pattern, const struct raised *e);
/* The best match of a list of patterns. */
enum match verify_match_any(const struct ir_machine *m, struct ir_slice patterns,
                            const struct raised *e);
/* The first retrier or catcher of a state that takes it; count of them: none.  *how is the match.
 */
uint32_t verify_retrier_of(const struct ir_machine *m, ir_id state, const struct raised *e,
                           enum match *how);
uint32_t verify_catcher_of(const struct ir_machine *m, ir_id state, const struct raised *e,
                           enum match *how);

/* What becomes of an error of a task, up through the states around it. */
struct fate {
    ir_id retried_by, caught_by; /* IR_NONE: nobody */
    uint32_t retrier, catcher;
    ir_id handler;
    bool sure;
};
struct fate verify_fate(const struct verify *v, ir_id task, const struct raised *e);

/* The error for people: its name, "ApiGateway.*", or "<what it is>" when it has no name. */
const char *verify_error_name(struct verify *v, const struct raised *e);

/* ---- repeat.c ---- */

enum verify_repeat {
    REPEAT_SAFE,
    REPEAT_UNKNOWN,
    REPEAT_DOUBLES, /* something may be sent, started or created twice */
    REPEAT_HARMS,   /* the data are wrong afterwards */
};
/* Is it harmless to make the call of a Task twice?  *why then says what happens; or NULL. */
enum verify_repeat verify_repeats(const struct ir_state *s, const struct task *t, const char **why);

/* ---- payloads ---- */

/* True when any string in the tree has the text in it. */
bool verify_mentions(const struct jnode *n, const char *text);

#endif
