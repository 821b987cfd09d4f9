/*
 * path_tree.h - the document paths of an update or a projection, merged into one tree.
 *
 * With the paths in a tree an item is walked once, however many paths there are, and paths that
 * overlap show up when they are put in.  Children are sorted as the item's members are, list
 * indexes by their number.  Trees live in cx->scratch.
 */
#ifndef ASLRT_PATH_TREE_H
#define ASLRT_PATH_TREE_H

#include "runtime/ddb/expression.h"

struct aslrt_path_tree {
    struct aslrt_step step;        /* from the parent to here; not of the root */
    const struct aslrt_expr *path; /* the first path that came through here */
    struct aslrt_expr *action;     /* of a leaf: the action or the path that ends here */
    struct aslrt_path_tree *child; /* the first one */
    struct aslrt_path_tree *next;  /* sibling */
};

/* Makes a tree of the bound paths of an update's actions or a projection.  Fails when two overlap
   or conflict. */
struct aslrt_path_tree *aslrt_path_tree_of(struct aslrt_ddb *cx, const struct aslrt_expression *e);

/* Makes a tree of names of top-level attributes, duplicates allowed. */
struct aslrt_path_tree *aslrt_path_tree_names(struct aslrt_arena *arena,
                                              const struct aslrt_bytes *names, uint32_t count);

/* The parts of the item that the tree names, as an item of their own, in `arena`. */
struct aslrt_attr aslrt_project(struct aslrt_arena *arena, const struct aslrt_path_tree *tree,
                                struct aslrt_attr item);

/* True when the tree's paths all lie in top-level attributes for which `has` says true. */
bool aslrt_path_tree_within(const struct aslrt_path_tree *tree,
                            bool (*has)(const void *data, struct aslrt_bytes name),
                            const void *data, struct aslrt_bytes *outside);

#endif
