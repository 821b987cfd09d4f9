/*
 * jsonata_ast.h - the tree of a compiled JSONata expression, for whoever looks into one: the
 * evaluator, the verifier, the emitter of native code.
 *
 * In: a struct aslrt_jsonata (aslrt_jsonata_compile).  Out: nodes, read-only.
 * Invariants after compilation: no RAW kinds are left; every VARIABLE knows its places, every CALL
 * of a built-in its function, every PARENT its slot; the tree is at most JSONATA_HEIGHT_MAX high.
 * Ownership: the arena that the expression was compiled into.
 */
#ifndef ASLRT_JSONATA_AST_H
#define ASLRT_JSONATA_AST_H

#include "aslc/runtime.h"

enum jsonata_kind {
#define NODE(id, name) JSONATA_##id,
#include "runtime/expr/jsonata_nodes.def"
#undef NODE
};

enum jsonata_op {
    JSONATA_ADD,
    JSONATA_SUBTRACT,
    JSONATA_MULTIPLY,
    JSONATA_DIVIDE,
    JSONATA_REMAINDER,
    JSONATA_EQUAL,
    JSONATA_UNEQUAL,
    JSONATA_LESS,
    JSONATA_LESS_EQUAL,
    JSONATA_GREATER,
    JSONATA_GREATER_EQUAL,
    JSONATA_CONCAT,
    JSONATA_RANGE,
    JSONATA_IN,
    JSONATA_AND,
    JSONATA_OR,
};

enum {                             /* of a node */
       JSONATA_KEEP_ARRAY = 1,     /* `[]` was written behind it */
       JSONATA_KEEP_SINGLETON = 2, /* PATH: an array even if it has one item */
       JSONATA_CONS = 4,           /* ARRAY, BLOCK: an explicit array as the first or last step */
       JSONATA_TUPLE = 8,        /* a step that starts a stream of tuples; a PATH that gives one */
       JSONATA_TAIL = 16,        /* CALL: the last thing that a lambda does */
       JSONATA_PLAIN_STEPS = 32, /* PATH: steps without tuples, sorting or constructors in front */
       JSONATA_PURE = 64,        /* neither reads its context nor any variable, calls nothing */
};

struct jsonata_node;
struct aslrt_regex;
struct aslrt_signature;

/* A `%` that looks for its step while the tree is built; labels become slots of tuples. */
struct jsonata_slot {
    uint32_t label;
    int32_t level;
};

/* The names that a frame of variables holds. */
enum jsonata_scope_kind {
    JSONATA_SCOPE_TOP,
    JSONATA_SCOPE_BLOCK,
    JSONATA_SCOPE_LAMBDA,
    JSONATA_SCOPE_TUPLE
};
struct jsonata_scope {
    enum jsonata_scope_kind kind;
    uint32_t count, room;
    uint32_t parameters;       /* LAMBDA: the first names are its parameters, always filled */
    struct aslrt_value *names; /* a tuple's first is "@"; labels of ancestors are "!7" */
    bool captured;             /* a function may outlive the frame */
};

/* Where a variable may stand: `hops` frames outwards, in that slot.  A slot is empty until its
   binding has been executed; then the next place is asked. */
struct jsonata_place {
    uint16_t hops;
    uint16_t slot;
};

enum jsonata_stage_kind { JSONATA_STAGE_FILTER, JSONATA_STAGE_INDEX };
struct jsonata_stage {
    enum jsonata_stage_kind kind;
    struct jsonata_node *expr; /* FILTER */
    struct aslrt_value name;   /* INDEX: the variable */
    uint32_t slot;             /* INDEX: its slot in the tuple */
};

/* What only a step of a path, or an expression with predicates, has. */
struct jsonata_extra {
    struct jsonata_stage *stages; /* a step's stages, or the predicates of another node */
    uint32_t stage_count, stage_room;
    bool predicate;             /* the stages are predicates of a node that was no path */
    struct jsonata_node *group; /* an OBJECT, or NULL */
    struct aslrt_value focus;   /* @$name, or undefined */
    struct aslrt_value index;   /* #$name, or undefined */
    struct jsonata_slot *ancestor;
    uint32_t focus_slot, index_slot, ancestor_slot; /* in the tuple */
    struct jsonata_scope *scope; /* a step or stage that binds variables itself: its own frame */
};

struct jsonata_slots { /* the `%` that a node's children look for */
    struct jsonata_slot **items;
    uint32_t count, room;
};

struct evaluation;
struct aslrt_frame;
/* How a node is evaluated: its kind, and what is special about it, were looked at once. */
typedef struct aslrt_value jsonata_run(struct evaluation *c, const struct jsonata_node *n,
                                       struct aslrt_value input, struct aslrt_frame *f);

struct jsonata_node {
    jsonata_run *run;    /* set by aslrt_eval_link */
    uint8_t kind;        /* enum jsonata_kind */
    uint8_t op;          /* enum jsonata_op */
    uint16_t flags;      /* JSONATA_* */
    uint16_t height;     /* of the tree below, in nodes */
    uint32_t global;     /* VARIABLE: 1 + index of the free variable, 0: none */
    uint32_t start, end; /* bytes of the text, half open */
    uint32_t at;         /* where jsonata-js says that the node is: behind its first token */
    uint32_t count;      /* of items */
    struct jsonata_node **items;
    struct aslrt_value value;
    union {
        struct {
            struct jsonata_node *lhs, *rhs;
            const bool *descending; /* SORT: of each item */
        };
        struct {
            struct jsonata_node *condition, *then, *otherwise;
        };
        struct {
            struct jsonata_node *pattern, *update, *removal;
        };
        struct {
            struct jsonata_node *procedure;
            uint32_t builtin; /* CALL: 1 + index into the program's built-ins; 0: not known */
        };
        struct {
            struct jsonata_node *body;
            const struct aslrt_signature *signature; /* or NULL */
        };
        struct {
            const struct jsonata_place *places; /* VARIABLE, PARENT */
            uint32_t place_count;
            uint32_t function;         /* VARIABLE: 1 + index into the program's built-ins */
            struct jsonata_slot *slot; /* PARENT */
        };
        const struct aslrt_regex *regex; /* REGEX */
    };
    struct jsonata_extra *extra;   /* or NULL */
    struct jsonata_scope *scope;   /* BLOCK, LAMBDA, tuple PATH: its frame, or NULL */
    struct jsonata_slots *seeking; /* while the tree is built */
};

/* Calls visit(data, child) for every child of the node, in the order of the text. */
void aslrt_jsonata_children(const struct jsonata_node *node,
                            void (*visit)(void *data, struct jsonata_node *child), void *data);

/* The root of a compiled expression. */
const struct jsonata_node *aslrt_jsonata_root(const struct aslrt_jsonata *program);

#endif
