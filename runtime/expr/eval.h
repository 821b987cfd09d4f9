/*
 * eval.h - the evaluator of JSONata from inside: values while they run, frames, functions, calls.
 *
 * Values: an array may carry four flags while an expression runs (EXPR_*), and a container notes in
 * its pad that something flagged is in it; aslrt_eval_leave takes both off before a result is
 * given. Memory: everything lives in the arena of the evaluation; sequences under construction
 * stand on a stack of values beside it.  Errors leave through aslrt_eval_fail and never return. C
 * stack: bounded; when it runs low the evaluation goes on upon another one (eval_deep.c).
 */
#ifndef ASLRT_EVAL_H
#define ASLRT_EVAL_H

#include "runtime/base/buffer.h"
#include "runtime/expr/builtins.h"
#include "runtime/expr/decimal.h"
#include "runtime/expr/fault.h"
#include "runtime/expr/jsonata_build.h"
#include "runtime/expr/signature.h"

enum {                       /* flags of arrays */
       EXPR_SEQUENCE = 0x10, /* made by a query: one item means the item, none means nothing */
       EXPR_KEEP = 0x20,     /* a sequence that stays an array even with one item */
       EXPR_CONS = 0x40,     /* an explicit array [...]: not flattened into a path's result */
       EXPR_OUTER = 0x80,    /* the sequence around an input that is an array */
       EXPR_WRAPPED = 0x10,  /* of a function: it has been passed as an argument */
       EXPR_OWNED = 0x10,    /* of an object: a transform is changing it (eval_transform.c) */
};
enum {                  /* pad of containers */
       EXPR_HOLDS = 1,  /* something inside has flags, or is a function */
       EXPR_TUPLES = 2, /* an array of tuples (kind EXPR_TUPLE) */
       EXPR_BLIND =
           4, /* ...that jsonata-js takes for objects until the next step: they were sorted */
};
enum {                      /* kinds that never leave */
       EXPR_TUPLE = 0xfd,   /* as.function is its frame */
       EXPR_UNBOUND = 0xff, /* a slot that nothing has been put into */
};

struct aslrt_frame {
    struct aslrt_frame *outer;
    const struct jsonata_scope *scope;
    struct aslrt_value slots[];
};

/* An expression with what an evaluation of it knows: the main one, or one of $eval's. */
struct unit {
    const struct aslrt_jsonata *program;
    struct aslrt_value *globals;   /* EXPR_UNBOUND: not asked for yet */
    struct function *builtins;     /* one for each that the program names */
    struct aslrt_value *overrides; /* what the caller bound to their names; NULL: nothing */
    bool main;                     /* the program that the caller gave */
};

enum function_kind {
    FUNCTION_BUILTIN,
    FUNCTION_LAMBDA,
    FUNCTION_THUNK,   /* a tail call that is still to be made */
    FUNCTION_PARTIAL, /* of a lambda or a built-in */
    FUNCTION_REGEX,
    FUNCTION_NEXT, /* the next match of a regular expression */
    FUNCTION_TRANSFORM,
};

struct function {
    uint8_t kind;
    uint8_t builtin; /* enum aslrt_builtin */
    bool named;      /* `called` gives a name as well as a place */
    uint8_t arity;
    const struct aslrt_signature *signature;
    const struct jsonata_node *called; /* the procedure or call that invoked it last, or NULL */
};

struct closure { /* LAMBDA, THUNK, TRANSFORM, REGEX */
    struct function base;
    struct unit *unit;
    const struct jsonata_node *node;
    struct aslrt_frame *frame;
    struct aslrt_value input;
};

struct partial {
    struct function base;
    const struct function *target; /* LAMBDA or BUILTIN */
    uint32_t count;
    struct aslrt_value bound[]; /* EXPR_UNBOUND: still open */
};

/* What is under way, innermost first: on an error each one adds what it knows. */
enum record_kind {
    RECORD_CALL,
    RECORD_APPLY,
    RECORD_BUILTIN, /* both */
    RECORD_TAIL,
    RECORD_BOOLEAN,
    RECORD_EVAL
};
struct record {
    struct record *outer;
    enum record_kind kind;
    const struct jsonata_node *node;
    const struct function *function;
    const struct unit *unit;
};

struct evaluation {
    struct aslrt_arena *arena;
    struct unit *unit;
    const struct aslrt_jsonata_eval *options;
    enum aslrt_dialect dialect;
    enum aslrt_jsonata_version version;

    uint32_t depth, depth_max;
    int32_t fuel;        /* nodes until the clock is looked at again */
    uintptr_t stack_low; /* C stack: below it another one is needed */
    size_t stack_size, stacks_left;
    int64_t deadline_ns;
    size_t memory_start, memory_max;

    struct aslrt_value *stack; /* values of sequences under construction */
    uint32_t top, room;

    struct record *records;
    struct aslrt_fault fault;
    bool not_finite;    /* arithmetic has made an infinity or NaN */
    const char *joined; /* the string that `&` made last, which may grow in place */
    uint32_t joined_count;
    size_t joined_room;
    struct regex_state *regexes; /* what regular expressions keep between matches */
    uint64_t random_state;
};

struct call {
    struct evaluation *c;
    struct aslrt_value *args;
    uint32_t count;
    struct aslrt_value input; /* the context */
    struct aslrt_frame *frame;
};
static inline struct aslrt_value call_arg(const struct call *call, uint32_t i)
{
    return i < call->count ? call->args[i] : aslrt_undefined();
}

/* ---- evaluating ---- */

static inline struct aslrt_value aslrt_eval(struct evaluation *c, const struct jsonata_node *n,
                                            struct aslrt_value input, struct aslrt_frame *f)
{
    return n->run(c, n, input, f);
}
/* Chooses how every node of the tree is evaluated. */
void aslrt_eval_link(struct jsonata_node *root);
/* The ways that are chosen from, beside those that eval.c keeps to itself. */
jsonata_run aslrt_run_path, aslrt_run_field, aslrt_run_fields, aslrt_run_builtin,
    aslrt_run_arithmetic, aslrt_run_comparison, aslrt_run_equality, aslrt_run_logic,
    aslrt_run_concat;
struct aslrt_value aslrt_eval_path(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f);
/* True when the steps are names with at most a number as their predicate. */
bool aslrt_path_has_only_fields(const struct jsonata_node *path);
/* A path with tuples: its steps from `first` on; items[0..count) is the sequence so far. */
struct aslrt_value aslrt_eval_tuples(struct evaluation *c, const struct jsonata_node *path,
                                     uint32_t first, struct aslrt_value sequence,
                                     struct aslrt_frame *f);
/* An item of an array as an expression that is applied to it sees it: of a tuple the context value,
   with the tuple as *f. */
struct aslrt_value aslrt_tuple_context(struct evaluation *c, struct aslrt_value array,
                                       struct aslrt_value item, struct aslrt_frame **f);
/* A tuple as the object that it is in jsonata-js. */
struct aslrt_value aslrt_tuple_object(struct evaluation *c, struct aslrt_value tuple);
struct aslrt_value aslrt_eval_filter(struct evaluation *c, const struct jsonata_node *predicate,
                                     struct aslrt_value input, struct aslrt_frame *f);
struct aslrt_value aslrt_eval_group(struct evaluation *c, const struct jsonata_node *group,
                                    struct aslrt_value input, struct aslrt_frame *f);
struct aslrt_value aslrt_eval_sort(struct evaluation *c, const struct jsonata_node *sort,
                                   struct aslrt_value input, struct aslrt_frame *f);
struct aslrt_value aslrt_eval_binary(struct evaluation *c, const struct jsonata_node *n,
                                     struct aslrt_value input, struct aslrt_frame *f);
struct aslrt_value aslrt_eval_call(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f);
struct aslrt_value aslrt_eval_partial(struct evaluation *c, const struct jsonata_node *n,
                                      struct aslrt_value input, struct aslrt_frame *f);
struct aslrt_value aslrt_eval_chain(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value input, struct aslrt_frame *f);
/* The value of a built-in that the program names: the function, or what the caller put there. */
struct aslrt_value aslrt_expr_builtin(struct evaluation *c, uint32_t index);
struct aslrt_value aslrt_eval_variable(struct evaluation *c, const struct jsonata_node *n,
                                       struct aslrt_value input, struct aslrt_frame *f);
/* Goes on upon a fresh C stack. */
struct aslrt_value aslrt_eval_deep(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f);
struct aslrt_value aslrt_transform_apply(struct evaluation *c, const struct closure *transform,
                                         struct aslrt_value object);

/* Calls a function value, tail calls included.  `input` is the context for parameters that are
   missing. */
struct aslrt_value aslrt_apply(struct evaluation *c, struct aslrt_value function,
                               struct aslrt_arguments args, struct aslrt_value input,
                               struct aslrt_frame *f);
/* Calls a function that was passed to a built-in. */
struct aslrt_value aslrt_apply_passed(struct call *call, struct aslrt_value function,
                                      struct aslrt_value *args, uint32_t count);
/* The same for $sort's comparator, which jsonata-js calls in another way. */
struct aslrt_value aslrt_apply_comparator(struct call *call, struct aslrt_value function,
                                          struct aslrt_value args[2]);
/* How many parameters the function declares. */
uint32_t aslrt_arity(struct aslrt_value function);

/* A function of which some arguments are given and some (EXPR_UNBOUND) left open. */
struct aslrt_value aslrt_partial_make(struct evaluation *c, struct aslrt_value function,
                                      const struct aslrt_value *args, uint32_t count);
/* Compiles a text that runs inside of this evaluation; `frame`: whose variables it sees, or NULL.
   A wrong text leaves as the evaluation's error. */
struct unit *aslrt_unit_compile(struct evaluation *c, const char *text, size_t count,
                                const struct aslrt_frame *frame);
/* The value of a name where the frame is the innermost: a variable or what the caller gave;
   EXPR_UNBOUND when neither knows it. */
struct aslrt_value aslrt_expr_find(struct evaluation *c, struct aslrt_value name,
                                   const struct aslrt_frame *f);
/* What the caller of the evaluation gave for a name; EXPR_UNBOUND when nothing. */
struct aslrt_value aslrt_expr_ask(struct evaluation *c, struct aslrt_value name, uint32_t index);

/* ---- errors ---- */

/* Leaves the evaluation. */
_Noreturn void aslrt_eval_fail(struct evaluation *c, const struct aslrt_fault *fault);
_Noreturn void aslrt_eval_fail_code(struct evaluation *c, const char *code, uint32_t at,
                                    struct aslrt_value value);
_Noreturn void aslrt_eval_fail_message(struct evaluation *c, const char *message);
/* Looks at the clock and at memory; leaves when a bound has been passed. */
void aslrt_eval_check(struct evaluation *c);
/* The same from inside of a built-in's loop: cheap enough for every round. */
static inline void aslrt_eval_tick(struct evaluation *c)
{
    if (--c->fuel <= 0)
        aslrt_eval_check(c);
}
_Noreturn void aslrt_eval_too_large(struct evaluation *c);
int64_t aslrt_eval_clock_ns(void);
_Noreturn void aslrt_eval_too_deep(struct evaluation *c);
/* At the start of a node's evaluation: counts a level of depth.  True when the C stack runs low:
   then the node has to go on upon another one, and the level is not counted. */
static inline bool aslrt_eval_enter(struct evaluation *c)
{
    if (++c->depth > c->depth_max)
        aslrt_eval_too_deep(c);
    aslrt_eval_tick(c);
#if defined(__GNUC__)
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
#else
    char local;
    uintptr_t here = (uintptr_t)&local;
#endif
    if (here >= c->stack_low)
        return false;
    c->depth--;
    return true;
}
/* A leaf: it needs a level, but no more. */
static inline void aslrt_eval_leaf(struct evaluation *c)
{
    if (c->depth >= c->depth_max)
        aslrt_eval_too_deep(c);
}
/* Leaves when one value is larger than the service allows: an item of an array counts 8 bytes. */
void aslrt_eval_hold(struct evaluation *c, size_t bytes);
/* Leaves when `size` more bytes would pass the memory bound. */
void aslrt_eval_reserve(struct evaluation *c, size_t size);

/* ---- values ---- */

static inline struct aslrt_value expr_unbound(void)
{
    struct aslrt_value v = aslrt_undefined();
    v.kind = EXPR_UNBOUND;
    return v;
}
static inline struct aslrt_value expr_tuple(struct aslrt_frame *f)
{
    struct aslrt_value v = aslrt_undefined();
    v.kind = EXPR_TUPLE;
    v.as.function = f;
    return v;
}

static inline bool expr_is_sequence(struct aslrt_value v)
{
    return v.kind == ASLRT_ARRAY && (v.flags & EXPR_SEQUENCE) != 0;
}
/* What a container that holds `v` has to note in its pad. */
static inline uint16_t expr_marks(struct aslrt_value v)
{
    return ((v.flags & ASLRT_FLAG_EXPR) | v.pad) != 0 || v.kind == ASLRT_UNDEFINED ? EXPR_HOLDS : 0;
}
static inline struct aslrt_value expr_sequence(const struct aslrt_value *items, uint32_t count)
{
    struct aslrt_value v = aslrt_array(items, count);
    v.flags = EXPR_SEQUENCE;
    return v;
}
/* A sequence of none is nothing, of one the item, unless it is to stay an array. */
static inline struct aslrt_value expr_unwrap(struct aslrt_value v)
{
    if (v.kind != ASLRT_ARRAY || (v.flags & EXPR_SEQUENCE) == 0 || v.pad & EXPR_TUPLES ||
        v.count > 1)
        return v;
    if (v.count == 0)
        return aslrt_undefined();
    return v.flags & EXPR_KEEP ? v : v.as.items[0];
}

void aslrt_expr_push_slow(struct evaluation *c, struct aslrt_value v);
static inline void expr_push(struct evaluation *c, struct aslrt_value v)
{
    if (c->top == c->room)
        aslrt_expr_push_slow(c, v);
    else
        c->stack[c->top++] = v;
}
/* Pushes the items of an array. */
void aslrt_expr_push_all(struct evaluation *c, struct aslrt_value array);
/* Takes what stands on the stack above `base` as an array with these flags, in the arena. */
struct aslrt_value aslrt_expr_pop_array(struct evaluation *c, uint32_t base, uint8_t flags);
/* The same as a sequence, unwrapped. */
struct aslrt_value aslrt_expr_pop_sequence(struct evaluation *c, uint32_t base);
/* An array of one item. */
struct aslrt_value aslrt_expr_array_of_one(struct evaluation *c, struct aslrt_value item,
                                           uint8_t flags);
/* The array's items with more behind them ($append). */
struct aslrt_value aslrt_expr_append(struct evaluation *c, struct aslrt_value a,
                                     struct aslrt_value b);

/* JSONata's idea of truth: undefined, null, 0, "", {}, [] and functions are false. */
bool aslrt_expr_truth(struct evaluation *c, struct aslrt_value v);
/* Equality as JSONata has it; deep. */
bool aslrt_expr_equal(struct evaluation *c, struct aslrt_value a, struct aslrt_value b);
/* A number that arithmetic can use; an infinity is an error (D1001). */
bool aslrt_expr_is_numeric(struct evaluation *c, struct aslrt_value v);
/* Two strings behind each other. */
struct aslrt_value aslrt_expr_concat(struct evaluation *c, struct aslrt_value a,
                                     struct aslrt_value b);
/* Appends the value as $string writes it; `flags` as of aslrt_stringify. */
void aslrt_expr_stringify(struct evaluation *c, struct aslrt_buffer *b, struct aslrt_value v,
                          unsigned flags);
/* JavaScript's idea of truth. */
bool aslrt_js_truth(struct aslrt_value v);
/* The value as $string and `&` show it. */
struct aslrt_value aslrt_expr_to_string(struct evaluation *c, struct aslrt_value v);
/* The field of that name in an object, or in all objects of an array. */
struct aslrt_value aslrt_expr_lookup(struct evaluation *c, struct aslrt_value input,
                                     struct aslrt_value key);
/* `*` and `**` */
struct aslrt_value aslrt_expr_wildcard(struct evaluation *c, struct aslrt_value input);
struct aslrt_value aslrt_expr_descendants(struct evaluation *c, struct aslrt_value input);
/* An integer as a number value. */
static inline struct aslrt_value expr_number(double d)
{
    return aslrt_double(d);
}
static inline double expr_double(struct aslrt_value v)
{
    if (v.kind == ASLRT_DOUBLE)
        return v.as.real;
    return v.kind == ASLRT_NUMBER ? aslrt_decimal_read(v.as.bytes, v.count) : aslrt_to_double(v);
}
static inline struct aslrt_value expr_function(const struct function *f)
{
    struct aslrt_value v = aslrt_of_kind(ASLRT_FUNCTION);
    v.pad = EXPR_HOLDS;
    v.as.function = f;
    return v;
}
static inline struct function *expr_as_function(struct aslrt_value v)
{
    return (struct function *)(uintptr_t)v.as.function;
}

/* In jsonata-js a bare JavaScript function, not an object: what was passed as an argument, a
   regular expression, the next match. */
static inline bool expr_is_native_function(struct aslrt_value v)
{
    const struct function *f = expr_as_function(v);
    return (v.flags & EXPR_WRAPPED) != 0 || f->kind == FUNCTION_REGEX || f->kind == FUNCTION_NEXT;
}
/* memcmp(a, b, count) == 0 without a call: names are short. */
static inline bool expr_same_bytes(const char *a, const char *b, uint32_t count)
{
    if (count >= 8) {
        uint64_t x, y;
        for (uint32_t i = 0; i + 8 < count; i += 8) {
            memcpy(&x, a + i, 8);
            memcpy(&y, b + i, 8);
            if (x != y)
                return false;
        }
        memcpy(&x, a + count - 8, 8);
        memcpy(&y, b + count - 8, 8);
        return x == y;
    }
    if (count >= 4) {
        uint32_t x, y, u, v;
        memcpy(&x, a, 4);
        memcpy(&y, b, 4);
        memcpy(&u, a + count - 4, 4);
        memcpy(&v, b + count - 4, 4);
        return x == y && u == v;
    }
    for (uint32_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}
static inline bool expr_same_string(struct aslrt_value a, struct aslrt_value b)
{
    return a.count == b.count && expr_same_bytes(a.as.bytes, b.as.bytes, a.count);
}
/* The member of that name, or undefined. */
static inline struct aslrt_value expr_get(struct aslrt_value object, struct aslrt_value key)
{
    if (object.flags & ASLRT_FLAG_INDEXED)
        return aslrt_get(object, key.as.bytes, key.count);
    const struct aslrt_member *m = object.as.members;
    for (uint32_t i = 0; i < object.count; i++)
        if (expr_same_string(m[i].key, key))
            return m[i].value;
    return aslrt_undefined();
}

struct aslrt_frame *aslrt_expr_new_frame(struct evaluation *c, const struct jsonata_scope *scope,
                                         struct aslrt_frame *outer);

#endif
