/*
 * diagram_int.h - building a struct diagram; shared by the files that do.
 */
#ifndef ASLC_DIAGRAM_INT_H
#define ASLC_DIAGRAM_INT_H

#include "compiler/emit/diagram.h"

struct diagram *diagram_new(struct aslrt_arena *arena, const char *title);
uint32_t diagram_add_node(struct diagram *d, struct diagram_node node);
/* Joins an edge that runs between the same nodes in the same manner, else adds one. */
void diagram_add_edge(struct diagram *d, struct diagram_edge edge);
/* The cluster of that label under that parent, made when it is new.  Gives index + 1. */
uint32_t diagram_cluster(struct diagram *d, const char *label, uint32_t parent);
/* How a state is drawn, but for its id, cluster and colours. */
struct diagram_node diagram_state(struct aslrt_arena *arena, const struct ir_machine *m,
                                  ir_id state);
/* The text at an edge: a condition or the errors, short enough for a picture. */
const char *diagram_edge_label(struct aslrt_arena *arena, const struct ir_machine *m,
                               const struct ir_edge *edge);
/* The cluster that the state is drawn in: its operation's, or that of its branch or processor. */
uint32_t diagram_state_cluster(struct diagram *d, const struct ir_machine *m, ir_id state);

#endif
