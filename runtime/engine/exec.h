/*
 * exec.h - what the files of the engine share: programs, executions, frames.
 *
 * An execution is data: a vector of frames, each a place in a scope, and values.  Nothing of it is
 * on the C stack when aslrt_step has returned.  All values of an execution live in one arena;
 * between two states, when most of it is garbage, the live ones move to a fresh arena (collect.c).
 * So a value in a local variable must not be kept over a change of state: frames hold what lives
 * on. Frames, their variables and the timers live in a second arena, which only grows. The
 * functions here escape through the trap when memory is short (base/arena.h); the public ones set
 * it, and mark the execution broken when it was needed.
 */
#ifndef ASLRT_EXEC_H
#define ASLRT_EXEC_H

#include "runtime/base/arena.h"
#include "runtime/base/buffer.h"
#include "runtime/engine/inspect.h"

/* ---- programs ---- */

enum { ASLRT_SLOT_STATES = -1, ASLRT_SLOT_UNKNOWN = -2 };

/* What loading adds to a node of the table. */
struct aslrt_loaded_node {
    struct aslrt_value value;      /* CONSTANT; of a member of an object: unused */
    struct aslrt_value key;        /* of a member of an object */
    const struct aslrt_term *term; /* PATH, INTRINSIC */
    const struct aslrt_jsonata *jsonata;
    const int32_t *slots; /* of each variable that the expression reads: a slot, or ASLRT_SLOT_* */
    uint32_t slot_count;
    bool context; /* the expression may read $states.context */
    bool plain;   /* OBJECT: few members, all with different keys */
};

/* The slot of a variable as the states of `scope` see it, or ASLRT_SLOT_UNKNOWN. */
int32_t aslrt_slot_of(const struct aslrt_machine *m, uint32_t scope, struct aslrt_value name);

struct aslrt_program {
    struct aslrt_memory *memory;
    struct aslrt_arena arena;
    const struct aslrt_machine *machine;
    struct aslrt_loaded_node *nodes;
    struct aslrt_value *state_names;
    uint32_t retrier_max; /* retriers of the state that has most */
};

/* ---- executions ---- */

enum aslrt_phase {
    ASLRT_PHASE_FREE,
    ASLRT_PHASE_ENTER,    /* goes into its state with its input */
    ASLRT_PHASE_AGAIN,    /* tries its state again */
    ASLRT_PHASE_RETRY,    /* waits for that, on a timer */
    ASLRT_PHASE_SLEEP,    /* a Wait state's timer runs */
    ASLRT_PHASE_AWAKE,    /* ...has run */
    ASLRT_PHASE_CALL,     /* a task's reply is outstanding */
    ASLRT_PHASE_ARRIVING, /* ...is on its way, on a timer */
    ASLRT_PHASE_DOOMED,   /* ...is on its way, and the task's time will be over before */
    ASLRT_PHASE_REPLY,    /* ...is there */
    ASLRT_PHASE_LATE,     /* ...was not there in time */
    ASLRT_PHASE_JOIN,     /* its branches or iterations run */
    ASLRT_PHASE_JOINED,   /* ...have ended */
};

struct aslrt_failure {
    struct aslrt_value error; /* a string, or undefined */
    struct aslrt_value cause; /* a string, or undefined */
    bool heartbeat;           /* a States.Timeout for want of a heartbeat */
};

/* A distributed Map at work: its Map Run.  Each child is an execution of its own, with its own
   events, variables and context object, but runs on frames of this one. */
enum aslrt_run_stage {
    ASLRT_RUN_READS,  /* the ItemReader's object or listing is asked for */
    ASLRT_RUN_FILES,  /* ...the files that it names, one by one */
    ASLRT_RUN_WORKS,  /* children run */
    ASLRT_RUN_WRITES, /* the ResultWriter's objects are put, one by one */
};
struct aslrt_map_run {
    enum aslrt_run_stage stage;
    char id[37];
    uint64_t names; /* stream that the children's names come from */
    uint32_t limit; /* children at once */
    uint32_t next_item;
    uint32_t failed;             /* children */
    uint32_t tolerated_count;    /* UINT32_MAX: not given */
    double tolerated_percentage; /* negative: not given */
    uint32_t batch_items;        /* 0: no batches */
    size_t batch_bytes;
    uint32_t max_items;            /* 0: all */
    uint32_t step;                 /* the file that is read, or the object that is written */
    int kind;                      /* enum aslrt_data_kind of the files */
    bool batches, writes, details; /* details: results with the children's metadata */
    struct aslrt_value config, files, target, puts; /* roots for collect.c */
    struct aslrt_value batch_input, writer_config;
    struct aslrt_failure failure;
    uint8_t *bad; /* by child: it failed */
    uint32_t bad_room;
};

/* A Parallel or Map state at work. */
struct aslrt_join {
    uint32_t total;   /* branches or iterations */
    uint32_t started; /* Map: the next index */
    uint32_t running;
    bool failed;
    struct aslrt_value items;    /* Map */
    struct aslrt_value *results; /* by index, in the execution's arena */
};

struct aslrt_frame {
    uint32_t id;
    enum aslrt_phase phase;
    uint32_t
        parent;     /* frame of the Parallel or Map; 0: none.  Of a free frame: the next free one */
    uint32_t index; /* of the branch or iteration */
    uint32_t scope;
    uint32_t state;
    uint32_t attempt;    /* tries before this one: State.RetryCount */
    uint32_t generation; /* timers of an older one are void */
    int64_t entered_us;
    int64_t deadline_us;  /* of the call; INT64_MAX: none */
    int64_t heartbeat_us; /* HeartbeatSeconds; 0: none */
    int64_t beat_us;      /* the last sign of life */
    uint32_t call;        /* number of the call: what comes of an older one is void */
    uint64_t entered_event;
    uint64_t before_event; /* the last one before the state was entered */
    uint64_t last_event;
    struct aslrt_value input; /* of the state, as it came */
    struct aslrt_value reply; /* of its task; undefined when it failed */
    struct aslrt_failure failure;
    char token[40];                /* "" when its task has none */
    struct aslrt_value *variables; /* by slot */
    uint32_t variable_count, variable_room;
    struct aslrt_join join;
    uint32_t *tries; /* of each retrier in this visit, or NULL before the first failure */
    bool queued;     /* it stands in the ring of frames that can go on */
    struct aslrt_map_run *map_run; /* of a distributed Map at work; kept for the next one */
    uint32_t run;         /* frame at the root of the child execution that it is part of; 0: none */
    uint64_t run_events;  /* root of a child: events so far */
    int64_t run_start_us; /* root of a child */
    struct aslrt_value run_input; /* root of a child: the execution's input */
};

struct aslrt_timer {
    int64_t at_us;
    uint64_t order; /* equal times fire in the order in which they were set */
    uint32_t frame;
    uint32_t generation;
};

/* A completion on its way. */
struct aslrt_pending {
    int64_t at_us;
    uint32_t frame, call;
    bool heartbeat;
    struct aslrt_value result; /* undefined: a failure */
    struct aslrt_failure failure;
};

struct aslrt_execution {
    /* what a new start keeps */
    struct aslrt_program *program;
    const struct aslrt_env *env;
    struct aslrt_memory *memory;
    struct aslrt_arena *arena; /* values */
    struct aslrt_arena *spare; /* where the live ones move */
    struct aslrt_arena *fixed; /* frames, timers, names: as long as this run */
    struct aslrt_arena *events_arena;
    struct aslrt_arena *input_arena; /* the input that aslrt_run_text read */

    struct aslrt_coverage *coverage; /* of this machine, or NULL; the first that is forgotten */
    size_t collect_at;               /* size of the arena at which garbage is collected */

    bool broken;     /* an escape left it half made: only start and close work */
    bool time_jumps; /* waits are no effects: aslrt_perform in virtual time */
    struct aslrt_outcome outcome;
    struct aslrt_effect effect;
    char problem[256];

    int64_t now_us;
    int64_t deadline_us; /* of the execution */
    uint64_t random;
    uint64_t timer_order;
    uint64_t event_count;
    uint64_t event_max;
    size_t
        assigned; /* bytes of variables, at most: what Assign has added since they were counted */

    struct aslrt_value input;
    const char *given_name;                                              /* or NULL; borrowed */
    struct aslrt_value id, name, machine_id, machine_name, role, region; /* after aslrt_names */
    struct aslrt_value context; /* of the current try, or undefined */
    uint32_t context_frame;
    struct aslrt_inspection *inspection; /* of a state that is tested by itself, or NULL */
    uint32_t selecting; /* 1 + index of the item whose ItemSelector is being evaluated */

    struct aslrt_frame **frames; /* [0] is unused, [1] the machine's own */
    uint32_t frame_count, frame_room;
    uint32_t free_frames; /* the first of a list, or 0 */
    uint32_t *ready;      /* ring of frames that can go on */
    uint32_t ready_first, ready_count, ready_room;
    struct aslrt_timer *timers; /* binary heap */
    uint32_t timer_count, timer_room;
    struct aslrt_pending *pending; /* by time */
    uint32_t pending_count, pending_room;

    struct aslrt_value *events;
    uint32_t events_kept, events_room;
};

#define ASLRT_EXECUTION_KEPT offsetof(struct aslrt_execution, coverage)

static inline const struct aslrt_state *aslrt_state_of(const struct aslrt_execution *x,
                                                       const struct aslrt_frame *f)
{
    return &x->program->machine->states[f->state];
}

/* Inputs and results must be values that JSON has. */
static inline bool aslrt_is_json(struct aslrt_value v)
{
    return v.kind != ASLRT_UNDEFINED && v.kind != ASLRT_FUNCTION;
}

/* The same value, at the same place. */
static inline bool aslrt_is_same(struct aslrt_value a, struct aslrt_value b)
{
    return a.kind == b.kind && a.count == b.count && a.as.integer == b.as.integer;
}

static inline void aslrt_covered(struct aslrt_execution *x, enum aslrt_covered kind, uint32_t id)
{
    if (x->coverage != NULL)
        x->coverage->taken[kind][id]++;
}

/* ---- execution.c ---- */

/* Makes the names by which the context object and the history call the execution and its machine;
   few executions need them. */
void aslrt_give_names(struct aslrt_execution *x);
static inline void aslrt_names(struct aslrt_execution *x)
{
    if (x->id.kind == ASLRT_UNDEFINED)
        aslrt_give_names(x);
}
/* As aslrt_start, under a trap that the caller has set. */
void aslrt_begin(struct aslrt_execution *x, struct aslrt_value input, const char *name);
/* A frame of the scope, without a state. */
struct aslrt_frame *aslrt_frame_new(struct aslrt_execution *x, uint32_t scope);
/* Gives the frame back: whatever waited for it waits no more. */
void aslrt_frame_free(struct aslrt_execution *x, struct aslrt_frame *f);

/* ---- step.c: from state to state ---- */

/* What a frame does after a piece of work. */
enum aslrt_move {
    ASLRT_MOVE_ON,     /* it is in ASLRT_PHASE_ENTER or _AGAIN: go on with it */
    ASLRT_MOVE_STOP,   /* it waits, or the execution is over */
    ASLRT_MOVE_EFFECT, /* x->effect is for the caller */
};

/* How a state is left. */
struct aslrt_leaving {
    struct aslrt_value value; /* the output, where no node computes another */
    uint32_t output, assign;  /* nodes, or ASLRT_NONE */
    uint32_t next;            /* state; ASLRT_NONE: the scope ends */
    uint32_t rule, catcher;   /* that is taken; ASLRT_NONE: another way */
};
/* Ends the state: computes Output and Assign, and goes on.  Changes the view and the way. */
enum aslrt_move aslrt_leave(struct aslrt_execution *x, struct aslrt_frame *f,
                            struct aslrt_view *view, struct aslrt_leaving *way);
/* The state fails: a retrier, a catcher, or the scope fails with it. */
enum aslrt_move aslrt_fail(struct aslrt_execution *x, struct aslrt_frame *f,
                           struct aslrt_failure failure);
void aslrt_make_ready(struct aslrt_execution *x, struct aslrt_frame *f);
void aslrt_not_ready(struct aslrt_execution *x, struct aslrt_frame *f);
void aslrt_end(struct aslrt_execution *x, enum aslrt_run_status status);
/* The view of a frame's state: its input and variables. */
static inline struct aslrt_view aslrt_view_of(struct aslrt_execution *x, struct aslrt_frame *f)
{
    struct aslrt_view view = {
        .arena = x->arena,
        .variables = f->variables,
        .input = f->input,
        .execution = x,
        .frame = f->id,
    };
    return view;
}
/* As aslrt_step, under a trap that the caller has set: the effect is x->effect, without the
   outcome, which is x->outcome. */
void aslrt_advance(struct aslrt_execution *x);

/* One function a family of states. */
enum aslrt_move aslrt_do_pass(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_do_choice(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_do_wait(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_wait_done(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_do_succeed(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_do_fail(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_do_task(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_task_done(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_task_late(struct aslrt_execution *x, struct aslrt_frame *f);
/* The first completion is due: it reaches its task, if that still waits for it. */
void aslrt_task_complete(struct aslrt_execution *x);

/* ---- join.c: Parallel and Map ---- */

enum aslrt_move aslrt_do_parallel(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_do_map(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_joined(struct aslrt_execution *x, struct aslrt_frame *f);
/* A branch or iteration has ended; its frame is free afterwards, or runs the next iteration. */
void aslrt_child_succeeded(struct aslrt_execution *x, struct aslrt_frame *child);
void aslrt_child_failed(struct aslrt_execution *x, struct aslrt_frame *child,
                        struct aslrt_failure failure);
void aslrt_abort_children(struct aslrt_execution *x, struct aslrt_frame *f);

/* What a Map makes of its fields; false: *failure is the state's. */
bool aslrt_map_items(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value *items,
                     struct aslrt_failure *failure);
bool aslrt_map_concurrency(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t most,
                           uint32_t *limit, struct aslrt_failure *failure);
/* An item, or what ItemSelector makes of it. */
bool aslrt_map_item(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t index,
                    struct aslrt_value *input, struct aslrt_failure *failure);
void aslrt_open_join(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t total);
enum aslrt_move aslrt_close_join(struct aslrt_execution *x, struct aslrt_frame *f);
/* Lets the frame begin as branch or iteration `index` of its parent. */
void aslrt_start_child(struct aslrt_execution *x, struct aslrt_frame *parent,
                       struct aslrt_frame *child, uint32_t index, struct aslrt_value input);

/* ---- map_run.c: distributed Maps ---- */

enum aslrt_move aslrt_map_run_open(struct aslrt_execution *x, struct aslrt_frame *f);
/* A file was read, or written. */
enum aslrt_move aslrt_map_run_reply(struct aslrt_execution *x, struct aslrt_frame *f);
/* A child has ended, well or (failure not NULL) badly; its frame is free afterwards, or runs the
   next one. */
void aslrt_map_run_child(struct aslrt_execution *x, struct aslrt_frame *f,
                         struct aslrt_frame *child, const struct aslrt_failure *failure);
/* All children have ended. */
enum aslrt_move aslrt_map_run_joined(struct aslrt_execution *x, struct aslrt_frame *f);
/* The ARN of the Map Run, "MACHINE/LABEL", and the name of the child with that index. */
struct aslrt_value aslrt_map_run_arn(struct aslrt_execution *x, struct aslrt_frame *f);
struct aslrt_value aslrt_map_run_machine(struct aslrt_execution *x, struct aslrt_frame *f);
struct aslrt_value aslrt_map_run_child_name(struct aslrt_execution *x, struct aslrt_frame *f,
                                            uint32_t index);
/* "arn:...:KIND:NAME" of this account and region, in the execution's arena. */
struct aslrt_value aslrt_arn(struct aslrt_execution *x, const char *kind, struct aslrt_value name);

/* As aslrt_task_succeed or aslrt_task_fail, whichever the reply is, under a trap that the caller
   has set.  The result lives in the execution's arena already. */
enum aslrt_status aslrt_task_take(struct aslrt_execution *x, uint32_t frame,
                                  const struct aslrt_reply *reply);

/* ---- schedule.c ---- */

/* Performs every effect until the end. */
enum aslrt_status aslrt_perform(struct aslrt_execution *x, struct aslrt_outcome *outcome);

/* ---- inspect.c ---- */

/* Notes what the data of the state is at that point. */
static inline void aslrt_note(struct aslrt_execution *x, enum aslrt_inspected at,
                              struct aslrt_value value)
{
    if (x->inspection != NULL)
        x->inspection->at[at] = value;
}
bool aslrt_inspect_retry(struct aslrt_execution *x, const struct aslrt_retrier *r, uint32_t index);
enum aslrt_move aslrt_inspect_parallel(struct aslrt_execution *x, struct aslrt_frame *f);
enum aslrt_move aslrt_inspect_map(struct aslrt_execution *x, struct aslrt_frame *f);

/* ---- nested.c ---- */

/* A call of aws-sdk:sfn that sends a task token back, and what it sends. */
bool aslrt_is_send_task(const struct aslrt_call *call);
struct aslrt_completion aslrt_sent_task(struct aslrt_arena *arena, const struct aslrt_call *call);

/* ---- retry.c, catch.c, assign.c ---- */

/* True when the list of names (States.ALL and States.TaskFailed among them) takes the failure. */
bool aslrt_error_matches(const struct aslrt_machine *m, struct aslrt_slice names,
                         struct aslrt_failure failure);
/* True when a retrier takes the failure; the frame then waits for its next try. */
bool aslrt_retry(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_failure failure);
/* The catcher that takes the failure, or NULL. */
const struct aslrt_catcher *aslrt_catcher_for(struct aslrt_execution *x, struct aslrt_frame *f,
                                              struct aslrt_failure failure);
/* Evaluates an Assign and sets the variables, all or none.  False: *failure says why. */
bool aslrt_assign(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_view *view,
                  uint32_t assign, struct aslrt_value *assigned, struct aslrt_failure *failure);
void aslrt_assign_commit(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t assign,
                         const struct aslrt_value *assigned);

/* ---- io.c: the way of data through a state ---- */

/* After InputPath. */
bool aslrt_input_of(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value *out,
                    struct aslrt_failure *failure);
/* The value of a field of the state, such as TimeoutSeconds or TimeoutSecondsPath. */
bool aslrt_field_of(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                    struct aslrt_value *out, struct aslrt_failure *failure);
/* The failure of a field whose value is no `what` ("integer", "float", "string"): "The
   MaxConcurrencyPath field refers to value "x" which is not a valid integer: $.a", or what JSONata
   has for an unexpected type. */
struct aslrt_failure aslrt_unfit_value(struct aslrt_execution *x, struct aslrt_frame *f,
                                       uint32_t node, struct aslrt_value value, const char *what);
/* The failure of a field whose value is out of range: States.QueryEvaluationError where JSONata
   gave it, else States.Runtime. */
struct aslrt_failure aslrt_field_failure(struct aslrt_execution *x, struct aslrt_frame *f,
                                         uint32_t node, const char *words);
/* Whether JSONata gave the number, which the service rounds down, or it is a whole one. */
bool aslrt_is_whole(const struct aslrt_execution *x, const struct aslrt_frame *f,
                    struct aslrt_value number);
/* After InputPath and Parameters, or Arguments: what the state's work gets. */
bool aslrt_arguments_of(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value *out,
                        struct aslrt_failure *failure);
/* Of the result of that work: after ResultSelector, ResultPath and OutputPath. */
bool aslrt_output_of(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value result,
                     struct aslrt_value *out, struct aslrt_failure *failure);

/* ---- path.c, test.c: JSONPath ---- */

/* The value of a path or intrinsic function; false when there is none, without a failure. */
bool aslrt_path_find(struct aslrt_view *view, uint32_t node, struct aslrt_value *out);
/* The same as the value of a field: "Invalid path '...' : ...". */
bool aslrt_path_value(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                      struct aslrt_failure *failure);
/* The same inside of a template: "The JSONPath '...' specified for the field '...' ...". */
bool aslrt_template_value(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                          struct aslrt_failure *failure);
/* A field that is a path or a constant. */
bool aslrt_field_value(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                       struct aslrt_failure *failure);
/* Puts a result into `target` by a ResultPath. */
bool aslrt_put_result(struct aslrt_execution *x, uint32_t node, struct aslrt_value target,
                      struct aslrt_value result, struct aslrt_value *out,
                      struct aslrt_failure *failure);
/* Whether a rule's comparison holds. */
bool aslrt_test_holds(struct aslrt_view *view, uint32_t test, bool *holds,
                      struct aslrt_failure *failure);

/* ---- template.c, query.c: values of nodes ---- */

/* The value of a node.  False: *failure says why, and the event EvaluationFailed was recorded. */
bool aslrt_evaluate(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                    struct aslrt_failure *failure);
/* Evaluates a JSONata node by the evaluator, whatever function the table has for it. */
bool aslrt_jsonata_value(struct aslrt_view *view, uint32_t node, struct aslrt_value *out,
                         struct aslrt_failure *failure);
/* A failure of the state with States.QueryEvaluationError: "An error occurred while executing the
   state '...' (entered at the event id #...). " and the text.  Records the event; `field` may be
   NULL. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
struct aslrt_failure
aslrt_query_failure(struct aslrt_execution *x, struct aslrt_frame *f, const char *field,
                    const char *format, ...);
/* "The JSONata expression '...' specified for the field '...' returned an unexpected result type.
   Expected '...', but was '...' for value: ..." */
struct aslrt_failure aslrt_unexpected(struct aslrt_execution *x, struct aslrt_frame *f,
                                      uint32_t node, const char *expected,
                                      struct aslrt_value value);
/* The value as JSON, in the execution's arena. */
const char *aslrt_json_text(struct aslrt_execution *x, struct aslrt_value value);
/* The same sentence with another error name, without the event. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
struct aslrt_failure
aslrt_state_failure(struct aslrt_execution *x, struct aslrt_frame *f, const char *error,
                    const char *format, ...);
/* The same text without the sentence before it. */
struct aslrt_failure aslrt_failure_of(struct aslrt_execution *x, const char *error,
                                      const char *cause);

/* ---- measure.c ---- */

enum aslrt_fit { ASLRT_FITS, ASLRT_TOO_LARGE, ASLRT_TOO_DEEP };
/* Whether the value's JSON text has at most `limit` bytes, nested at most ASLRT_DEPTH_MAX deep.
   Where that is a near thing, the text is written into `arena`. */
enum aslrt_fit aslrt_measure(struct aslrt_arena *arena, struct aslrt_value value, size_t limit);
/* Bytes of the value's JSON text, which is written into `arena`. */
size_t aslrt_size(struct aslrt_arena *arena, struct aslrt_value value);
/* A number that it has not more bytes than; anything above `limit` when that is above it, or the
   value is nested too deeply. */
size_t aslrt_size_at_most(struct aslrt_value value, size_t limit);

/* ---- clock.c ---- */

void aslrt_timer_set(struct aslrt_execution *x, struct aslrt_frame *f, int64_t at_us);
/* The first timer that still counts, or NULL. */
const struct aslrt_timer *aslrt_timer_first(struct aslrt_execution *x);
void aslrt_timer_drop(struct aslrt_execution *x);
/* a + b, without overflow; b is not negative. */
int64_t aslrt_time_add(int64_t a, int64_t b);
/* "2026-01-01T00:00:00.000Z"; years 0 to 9999. */
void aslrt_time_text(char out[25], int64_t time_us);
/* Reads an ISO-8601 date and time with offset, as java.time's ISO_OFFSET_DATE_TIME does. */
bool aslrt_time_read(struct aslrt_value text, int64_t *time_us);
int64_t aslrt_wall_clock_us(void);
void aslrt_sleep_until_us(int64_t wall_us);

/* ---- random.c ---- */

uint64_t aslrt_random(struct aslrt_execution *x);
double aslrt_random_unit(struct aslrt_execution *x); /* in [0, 1) */
/* Two draws from a stream, which begins with any number. */
void aslrt_random_uuid(uint64_t *stream, char out[37]);

/* ---- context.c ---- */

struct aslrt_value aslrt_context(struct aslrt_execution *x, struct aslrt_frame *f);

/* ---- collect.c ---- */

/* Bytes of an arena that were handed out, and the few that are left over at the ends of blocks. */
static inline size_t aslrt_filled(const struct aslrt_arena *arena)
{
    return arena->size - (size_t)(arena->end - arena->next);
}
static inline bool aslrt_should_collect(const struct aslrt_execution *x)
{
    return aslrt_filled(x->arena) > x->collect_at && x->inspection == NULL;
}
/* Moves the live values to a fresh arena, and sets when that is to be done again. */
void aslrt_collect(struct aslrt_execution *x);

/* ---- history.c: each counts the event, and keeps it when the environment wants a history ---- */

void aslrt_event_started(struct aslrt_execution *x, struct aslrt_frame *f);
void aslrt_event_ended(struct aslrt_execution *x, uint64_t previous);
void aslrt_event_entered(struct aslrt_execution *x, struct aslrt_frame *f);
void aslrt_event_exited(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value output,
                        uint32_t assign, const struct aslrt_value *assigned);
void aslrt_event_query_failed(struct aslrt_execution *x, struct aslrt_frame *f, const char *field,
                              struct aslrt_failure failure);
/* "MapStateStarted", "ParallelStateStarted" and so on, by the state's type. */
void aslrt_event_join_started(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t length);
void aslrt_event_join_succeeded(struct aslrt_execution *x, struct aslrt_frame *f);
void aslrt_event_join_failed(struct aslrt_execution *x, struct aslrt_frame *f);
/* An iteration of a Map: `child` is its frame. */
void aslrt_event_iteration_started(struct aslrt_execution *x, struct aslrt_frame *child);
void aslrt_event_iteration_ended(struct aslrt_execution *x, struct aslrt_frame *child,
                                 const char *type, const char *details_name);
void aslrt_event_map_run_started(struct aslrt_execution *x, struct aslrt_frame *f);
void aslrt_event_map_run_ended(struct aslrt_execution *x, struct aslrt_frame *f,
                               const struct aslrt_failure *failure);
/* "TaskStateAborted" and the like, for states that are at work over time. */
void aslrt_event_aborted(struct aslrt_execution *x, struct aslrt_frame *f);
void aslrt_event_scheduled(struct aslrt_execution *x, struct aslrt_frame *f,
                           struct aslrt_value arguments, struct aslrt_value credentials,
                           int64_t timeout_s, int64_t heartbeat_s);
/* TaskSubmitted, or ActivityStarted. */
void aslrt_event_begun(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value result,
                       const char *worker);
void aslrt_event_task_succeeded(struct aslrt_execution *x, struct aslrt_frame *f);
void aslrt_event_task_failed(struct aslrt_execution *x, struct aslrt_frame *f,
                             struct aslrt_failure failure);
void aslrt_event_task_timed_out(struct aslrt_execution *x, struct aslrt_frame *f,
                                struct aslrt_failure failure);

#endif
