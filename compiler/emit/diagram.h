/*
 * diagram.h - the machine as a picture: nodes, edges and clusters, then DOT or Mermaid text.
 *
 * In: a machine (and what the verifier found about each task's errors, as colours).
 * Out: struct diagram, which knows nothing of states any more; diagram_dot and diagram_mermaid
 * print it, and the graphviz module draws the DOT text as SVG, PNG or PDF. What makes a large
 * machine readable: one cluster an operation, branch or processor; edges between the same two nodes
 * are one; a state that ends many paths is drawn once in each cluster that reaches it. Everything
 * lives in the arena; the order follows the ids, so that the same machine gives the same text.
 */
#ifndef ASLC_DIAGRAM_H
#define ASLC_DIAGRAM_H

#include "compiler/ir/ir.h"

enum diagram_status {
    DIAGRAM_SAME,
    DIAGRAM_ADDED,
    DIAGRAM_REMOVED,
    DIAGRAM_MOVED,
    DIAGRAM_CHANGED
};
/* Of a state, what becomes of its errors; or, when runs were counted, whether it was entered
   (PARTLY: it was, but one of its retriers never took an error). */
enum diagram_paint { DIAGRAM_PLAIN, DIAGRAM_COVERED, DIAGRAM_PARTLY, DIAGRAM_OPEN };
enum diagram_use { DIAGRAM_UNCOUNTED, DIAGRAM_TAKEN, DIAGRAM_NEVER };
enum diagram_shape {
    DIAGRAM_START,
    DIAGRAM_STATE,
    DIAGRAM_GROUP
}; /* GROUP: an operation, in overviews */

struct diagram_node {
    const char *id;
    enum diagram_shape shape;
    enum ir_state_type type;
    const char *name;
    const char *detail; /* second line: the action called, seconds, the error; or "" */
    const char *tooltip;
    uint32_t cluster; /* 0: none, else index + 1 */
    enum diagram_paint paint;
    enum diagram_use use;
    enum diagram_status status;
};
struct diagram_edge {
    uint32_t from, to; /* nodes */
    bool error;        /* a catcher's */
    bool otherwise;    /* a Choice's Default */
    const char *label;
    enum diagram_use use;
    uint64_t times; /* it was taken, where use is not UNCOUNTED */
    enum diagram_status status;
};
struct diagram_cluster {
    const char *label;
    uint32_t parent; /* 0: none, else index + 1 */
};
struct diagram {
    struct aslrt_arena *arena;
    const char *title;
    struct diagram_node *nodes;
    uint32_t node_count, node_room;
    struct diagram_edge *edges;
    uint32_t edge_count, edge_room;
    struct diagram_cluster *clusters;
    uint32_t cluster_count, cluster_room;
    bool diff;        /* statuses mean something: a legend is drawn */
    bool counted;     /* uses mean something: the same */
    uint32_t columns; /* an overview: its groups stand in a grid so wide; 0: edges place them */
};

/* How often runs took each thing, by the ids of the machine. */
struct diagram_counts {
    uint64_t runs;
    const uint64_t *states, *next, *rules, *retriers,
        *catchers; /* next: Next, Default or the end */
};
/* How often the edge was taken. */
uint64_t diagram_times(const struct ir_machine *m, const struct diagram_counts *counts,
                       const struct ir_edge *edge);

struct diagram_options {
    const struct diagram_counts *counts; /* or NULL; they are painted in place of `paint` */
    const enum diagram_paint *paint;     /* by state, or NULL */
    const char *group; /* only the states of this operation and what they lead to; or NULL */
};

/* More states than this are drawn as an overview and one picture an operation. */
enum { DIAGRAM_STATES_MAX = 500 };

struct diagram *diagram_build(struct aslrt_arena *arena, const struct ir_machine *m,
                              const struct diagram_options *options);
/* For a machine of more than DIAGRAM_STATES_MAX states one node an operation, with the number of
   its states, in columns. NULL for a smaller one, and where no state belongs to an operation (a
   machine written by hand): those are drawn whole. */
struct diagram *diagram_overview(struct aslrt_arena *arena, const struct ir_machine *m);
/* Both machines in one picture, with the status of each state and transition. */
struct diagram *diagram_diff(struct aslrt_arena *arena, const struct ir_machine *before,
                             const struct ir_machine *after);

/* What stands at the edge: its label and, when runs were counted, how often it was taken. */
void diagram_edge_text(const struct diagram_edge *e, struct aslrt_buffer *out);
void diagram_dot(const struct diagram *d, struct aslrt_buffer *out);
void diagram_mermaid(const struct diagram *d, struct aslrt_buffer *out);

#endif
