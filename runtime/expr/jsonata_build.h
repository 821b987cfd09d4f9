/*
 * jsonata_build.h - the passes of the JSONata compiler, and what they hand to each other.
 *
 * text --parse--> raw tree --process--> paths, stages, groups, tail calls, ancestors
 *      --resolve--> scopes, variable places, built-ins --check (dialect ASL)--> struct
 * aslrt_jsonata
 *
 * Every pass leaves through aslrt_jsonata_reject when the expression is wrong; the trap that
 * aslrt_jsonata_compile has set turns that into ASLRT_SYNTAX.
 * Ownership: everything lives in the arena of the compilation.
 */
#ifndef ASLRT_JSONATA_BUILD_H
#define ASLRT_JSONATA_BUILD_H

#include "runtime/base/arena.h"
#include "runtime/expr/fault.h"
#include "runtime/expr/jsonata_ast.h"

/* How high a tree may be.  Operators of one level (a+b+c...) make a tree as high as they are many;
   brackets inside brackets are bounded by ASLRT_DEPTH_MAX. */
#ifndef JSONATA_HEIGHT_MAX
#define JSONATA_HEIGHT_MAX 4096
#endif

struct aslrt_jsonata {
    const char *text; /* own copy, NUL-terminated */
    size_t count;
    struct jsonata_node *root;
    struct jsonata_scope *top;   /* variables that the expression binds outside of any block */
    struct aslrt_value *globals; /* names of its free variables */
    uint32_t global_count, global_room;
    uint8_t *builtins; /* the built-ins that it names (enum aslrt_builtin) */
    uint32_t builtin_count, builtin_room;
    const struct aslrt_signature **signatures; /* of those */
    enum aslrt_dialect dialect;
    enum aslrt_jsonata_version version;
};

struct jsonata_build {
    struct aslrt_arena *arena;
    struct aslrt_jsonata *program;
    unsigned states; /* ASLRT_STATES_* */
    struct aslrt_fault fault;
    uint32_t labels;                 /* of ancestors, given out so far */
    const struct aslrt_frame *frame; /* of $eval: the frame whose names it sees, or NULL */
};

/* Stops the compilation. */
_Noreturn void aslrt_jsonata_reject(struct jsonata_build *build, const struct aslrt_fault *fault);

/* grammar/jsonata.c */
struct jsonata_node *aslrt_jsonata_parse(struct jsonata_build *build);
/* jsonata_process.c */
struct jsonata_node *aslrt_jsonata_process(struct jsonata_build *build, struct jsonata_node *node);
/* jsonata_resolve.c */
void aslrt_jsonata_resolve(struct jsonata_build *build);
/* jsonata_asl.c */
void aslrt_jsonata_check_asl(struct jsonata_build *build);

/* Sets the node's height from its children; rejects a tree that is too high. */
void aslrt_jsonata_measure(struct jsonata_build *build, struct jsonata_node *node);
/* What jsonata-js would show as the node's value: its operator, name or literal. */
struct aslrt_value aslrt_jsonata_token(const struct jsonata_node *node);
/* The name that an error shows for what is called: `sum` of $sum(...); undefined when it has none.
 */
struct aslrt_value aslrt_jsonata_procedure_name(const struct jsonata_node *call);
/* What jsonata-js calls the node's kind; static. */
const char *aslrt_jsonata_kind_name(const struct jsonata_node *node);
/* Makes room for one more pointer-sized or larger element; gives the array. */
void *aslrt_jsonata_grow(struct aslrt_arena *arena, void *items, uint32_t count, uint32_t *room,
                         size_t size);

#endif
