/*
 * table_build.h - what the files of the table builder share: the pools while they grow.
 *
 * Pools move when they grow: keep indices, not pointers.  Element 0 of each is the placeholder.
 */
#ifndef ASLC_TABLE_BUILD_H
#define ASLC_TABLE_BUILD_H

#include "compiler/base/grow.h"
#include "compiler/emit/table.h"
#include "compiler/ir/ir_choice.h"

struct builder {
    struct aslrt_arena *arena;
    struct diag_context *cx;
    const struct ir_machine *ir;
    bool failed;
    bool holes; /* the machine names tables by ${table_NAME}: here they are called table_NAME */

    struct aslrt_scope *scopes;
    struct aslrt_state *states;
    struct aslrt_node *nodes;
    struct aslrt_rule *rules;
    struct aslrt_test *tests;
    struct aslrt_retrier *retriers;
    struct aslrt_catcher *catchers;
    const char **names;
    uint32_t scope_count, state_count, node_count, rule_count, test_count, retrier_count,
        catcher_count, name_count;
    ir_id state; /* whose payloads are being built */
};

/* Reports that the machine can't run, at that place, for a reason. */
void table_refuse(struct builder *b, struct span at, const char *format, ...) DIAG_PRINTF(3, 4);

/* ---- table_node.c: payloads as nodes; NULL gives ASLRT_NONE ---- */

/* The value as it stands. */
uint32_t table_constant(struct builder *b, const struct jnode *value);
/* A value of the state's query language: JSONata in strings, or a payload template of JSONPath. */
uint32_t table_payload(struct builder *b, const struct jnode *value, const char *field);
/* A path of JSONPath; null gives the JSON text `null_value`. */
uint32_t table_path(struct builder *b, const struct jnode *value, const char *field,
                    const char *null_value);
/* A field that has a form with Path: the value itself, or else the path. */
uint32_t table_either(struct builder *b, const struct jnode *value, const char *field,
                      const struct jnode *path, const char *path_field);
/* An Assign: an object with one node a variable. */
uint32_t table_assign(struct builder *b, const struct jnode *value, const char *field);
/* A comparison of a JSONPath Choice. */
uint32_t table_test(struct builder *b, const struct ir_comparison *comparison);
/* The name of a member of a template, without the ".$" of JSONPath's. */
const char *table_key(struct builder *b, const struct jmember *member, enum ir_language language);

#endif
