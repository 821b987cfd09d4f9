/*
 * btree.c - see btree.h.
 *
 * Invariants: all leaves have the same depth; entries ascend; entry i of an inner node names the
 * first record below child i; no node is empty.  Two neighbours that fit into three quarters of one
 * node are joined when one of them shrinks, so that a tree from which most has been removed does
 * not stay large.  Full nodes are split on the way down, so that a failed allocation can't leave a
 * half-made change behind.
 */
#include "runtime/store/btree.h"

#include <assert.h>

enum { ENTRIES = 64, JOIN_BELOW = 48 };

struct aslrt_btree_node {
    uint32_t count;
    bool leaf;
    uint64_t prefix[ENTRIES];
    struct aslrt_record *first[ENTRIES];
    struct aslrt_btree_node *child[]; /* ENTRIES of them, in inner nodes only */
};

static size_t node_size(bool leaf)
{
    return sizeof(struct aslrt_btree_node) +
           (leaf ? 0 : ENTRIES * sizeof(struct aslrt_btree_node *));
}

static struct aslrt_btree_node *new_node(struct aslrt_btree *tree, bool leaf)
{
    struct aslrt_btree_node *n = aslrt_memory_resize(tree->memory, NULL, 0, node_size(leaf));
    if (n != NULL) {
        n->count = 0;
        n->leaf = leaf;
    }
    return n;
}

static void free_node(struct aslrt_btree *tree, struct aslrt_btree_node *n)
{
    aslrt_memory_resize(tree->memory, n, node_size(n->leaf), 0);
}

static uint64_t prefix_of(struct aslrt_bytes key)
{
    uint64_t prefix = 0;
    for (uint32_t i = 0; i < 8; i++)
        prefix = prefix << 8 | (i < key.count ? key.at[i] : 0);
    return prefix;
}

static int compare(const struct aslrt_btree_node *n, uint32_t i, uint64_t prefix,
                   struct aslrt_bytes key)
{
    if (n->prefix[i] != prefix)
        return n->prefix[i] < prefix ? -1 : 1;
    return aslrt_bytes_compare(aslrt_record_key(n->first[i]), key);
}

/* The number of entries that are less than the key. */
static uint32_t entries_below(const struct aslrt_btree_node *n, uint64_t prefix,
                              struct aslrt_bytes key)
{
    uint32_t low = 0, high = n->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (compare(n, middle, prefix, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The child under which the key belongs: the last one that doesn't begin after it. */
static uint32_t child_for(const struct aslrt_btree_node *n, uint64_t prefix, struct aslrt_bytes key)
{
    uint32_t i = entries_below(n, prefix, key);
    if (i < n->count && compare(n, i, prefix, key) == 0)
        return i;
    return i == 0 ? 0 : i - 1;
}

static void move_entries(struct aslrt_btree_node *to, uint32_t to_at,
                         const struct aslrt_btree_node *from, uint32_t from_at, uint32_t count)
{
    memmove(to->prefix + to_at, from->prefix + from_at, count * sizeof to->prefix[0]);
    memmove(to->first + to_at, from->first + from_at, count * sizeof to->first[0]);
    if (!to->leaf)
        memmove(to->child + to_at, from->child + from_at, count * sizeof to->child[0]);
}

static void insert_entry(struct aslrt_btree_node *n, uint32_t at, uint64_t prefix,
                         struct aslrt_record *first, struct aslrt_btree_node *child)
{
    assert(n->count < ENTRIES);
    move_entries(n, at + 1, n, at, n->count - at);
    n->prefix[at] = prefix;
    n->first[at] = first;
    if (!n->leaf)
        n->child[at] = child;
    n->count++;
}

static void remove_entry(struct aslrt_btree_node *n, uint32_t at)
{
    move_entries(n, at, n, at + 1, n->count - at - 1);
    n->count--;
}

struct aslrt_record *aslrt_btree_find(const struct aslrt_btree *tree, struct aslrt_bytes key)
{
    uint64_t prefix = prefix_of(key);
    const struct aslrt_btree_node *n = tree->root;
    while (n != NULL && !n->leaf)
        n = n->child[child_for(n, prefix, key)];
    if (n == NULL)
        return NULL;
    uint32_t i = entries_below(n, prefix, key);
    return i < n->count && compare(n, i, prefix, key) == 0 ? n->first[i] : NULL;
}

/* Splits child `at`, which is full, of a node that isn't.  The upper half moves; when the insertion
   is at the very end of the child, as with ascending keys, only its last entry does. */
static bool split_child(struct aslrt_btree *tree, struct aslrt_btree_node *parent, uint32_t at,
                        bool ascending)
{
    struct aslrt_btree_node *left = parent->child[at];
    struct aslrt_btree_node *right = new_node(tree, left->leaf);
    if (right == NULL)
        return false;
    uint32_t keep = ascending ? ENTRIES - 1 : ENTRIES / 2;
    right->count = left->count - keep;
    move_entries(right, 0, left, keep, right->count);
    left->count = keep;
    insert_entry(parent, at + 1, right->prefix[0], right->first[0], right);
    return true;
}

static bool grow_root(struct aslrt_btree *tree)
{
    if (tree->root == NULL) {
        tree->root = new_node(tree, true);
        return tree->root != NULL;
    }
    if (tree->root->count < ENTRIES)
        return true;
    struct aslrt_btree_node *root = new_node(tree, false);
    if (root == NULL)
        return false;
    insert_entry(root, 0, tree->root->prefix[0], tree->root->first[0], tree->root);
    tree->root = root;
    return true;
}

/* Replaces the record of the same key, wherever an entry names it; gives the one before, or NULL
   when there is none. */
static struct aslrt_record *replace(struct aslrt_btree *tree, struct aslrt_record *record,
                                    uint64_t prefix)
{
    struct aslrt_bytes key = aslrt_record_key(record);
    struct aslrt_record **named[ASLRT_BTREE_HEIGHT_MAX]; /* entries that may name it */
    uint32_t count = 0;
    struct aslrt_btree_node *n = tree->root;
    if (n == NULL)
        return NULL;
    for (; !n->leaf; n = n->child[named[count - 1] - n->first]) {
        assert(count < ASLRT_BTREE_HEIGHT_MAX);
        named[count++] = &n->first[child_for(n, prefix, key)];
    }
    uint32_t i = entries_below(n, prefix, key);
    if (i == n->count || compare(n, i, prefix, key) != 0)
        return NULL;
    struct aslrt_record *old = n->first[i];
    n->first[i] = record;
    while (count-- > 0) {
        if (*named[count] == old)
            *named[count] = record;
    }
    return old;
}

bool aslrt_btree_put(struct aslrt_btree *tree, struct aslrt_record *record,
                     struct aslrt_record **old)
{
    struct aslrt_bytes key = aslrt_record_key(record);
    uint64_t prefix = prefix_of(key);
    *old = replace(tree, record, prefix);
    if (*old != NULL)
        return true;
    if (!grow_root(tree))
        return false;
    /* First all splits, which may fail; then the change, which can't. */
    for (struct aslrt_btree_node *n = tree->root; !n->leaf;) {
        uint32_t i = child_for(n, prefix, key);
        struct aslrt_btree_node *c = n->child[i];
        if (c->count == ENTRIES) {
            if (!split_child(tree, n, i, entries_below(c, prefix, key) == ENTRIES))
                return false;
            i = child_for(n, prefix, key);
        }
        n = n->child[i];
    }
    struct aslrt_btree_node *n = tree->root;
    for (; !n->leaf; n = n->child[child_for(n, prefix, key)]) {
        if (compare(n, 0, prefix, key) > 0) { /* the new first record of the leftmost branch */
            n->prefix[0] = prefix;
            n->first[0] = record;
        }
    }
    insert_entry(n, entries_below(n, prefix, key), prefix, record, NULL);
    return true;
}

/* Joins children `at` and `at + 1` when they are small enough for that. */
static void join_children(struct aslrt_btree *tree, struct aslrt_btree_node *parent, uint32_t at)
{
    if (at + 1 >= parent->count)
        return;
    struct aslrt_btree_node *left = parent->child[at], *right = parent->child[at + 1];
    if (left->count + right->count > JOIN_BELOW)
        return;
    move_entries(left, left->count, right, 0, right->count);
    left->count += right->count;
    remove_entry(parent, at + 1);
    free_node(tree, right);
}

/* Takes the record out below this node.  What is left of the node may be empty. */
static struct aslrt_record *remove_below(struct aslrt_btree *tree, struct aslrt_btree_node *n,
                                         uint64_t prefix, struct aslrt_bytes key)
{
    struct aslrt_record *gone = NULL;
    if (n->leaf) {
        uint32_t i = entries_below(n, prefix, key);
        if (i < n->count && compare(n, i, prefix, key) == 0) {
            gone = n->first[i];
            remove_entry(n, i);
        }
        return gone;
    }
    uint32_t i = child_for(n, prefix, key);
    struct aslrt_btree_node *c = n->child[i];
    gone = remove_below(tree, c, prefix, key);
    if (gone == NULL)
        return NULL;
    if (c->count == 0) {
        remove_entry(n, i);
        free_node(tree, c);
        return gone;
    }
    n->prefix[i] = c->prefix[0];
    n->first[i] = c->first[0];
    join_children(tree, n, i);
    if (i > 0)
        join_children(tree, n, i - 1);
    return gone;
}

struct aslrt_record *aslrt_btree_remove(struct aslrt_btree *tree, struct aslrt_bytes key)
{
    if (tree->root == NULL)
        return NULL;
    struct aslrt_record *gone = remove_below(tree, tree->root, prefix_of(key), key);
    while (tree->root != NULL &&
           (tree->root->count == 0 || (!tree->root->leaf && tree->root->count == 1))) {
        struct aslrt_btree_node *root = tree->root;
        tree->root = root->count == 0 ? NULL : root->child[0];
        free_node(tree, root);
    }
    return gone;
}

static void clear_below(struct aslrt_btree *tree, struct aslrt_btree_node *n,
                        void (*release)(struct aslrt_memory *memory, struct aslrt_record *record))
{
    for (uint32_t i = 0; i < n->count; i++) {
        if (n->leaf)
            release(tree->memory, n->first[i]);
        else
            clear_below(tree, n->child[i], release);
    }
    free_node(tree, n);
}

void aslrt_btree_clear(struct aslrt_btree *tree,
                       void (*release)(struct aslrt_memory *memory, struct aslrt_record *record))
{
    if (tree->root != NULL)
        clear_below(tree, tree->root, release);
    tree->root = NULL;
}

/* ---- walking ---- */

static void push(struct aslrt_btree_walk *walk, struct aslrt_btree_node *node, uint32_t at)
{
    assert(walk->depth < ASLRT_BTREE_HEIGHT_MAX);
    walk->path[walk->depth].node = node;
    walk->path[walk->depth].at = at;
    walk->depth++;
}

void aslrt_btree_seek(const struct aslrt_btree *tree, struct aslrt_bytes from,
                      struct aslrt_btree_walk *walk)
{
    uint64_t prefix = prefix_of(from);
    walk->depth = 0;
    struct aslrt_btree_node *n = tree->root;
    if (n == NULL)
        return;
    for (; !n->leaf; n = walk->path[walk->depth - 1].node->child[walk->path[walk->depth - 1].at])
        push(walk, n, child_for(n, prefix, from));
    uint32_t i = entries_below(n, prefix, from);
    if (i < n->count) {
        push(walk, n, i);
        return;
    }
    push(walk, n, n->count - 1);
    aslrt_btree_forward(walk);
}

void aslrt_btree_seek_last(const struct aslrt_btree *tree, struct aslrt_bytes below,
                           struct aslrt_btree_walk *walk)
{
    uint64_t prefix = prefix_of(below);
    walk->depth = 0;
    for (struct aslrt_btree_node *n = tree->root; n != NULL;) {
        uint32_t i = below.at == NULL ? n->count : entries_below(n, prefix, below);
        if (i == 0) { /* nothing in the whole tree is less */
            walk->depth = 0;
            return;
        }
        push(walk, n, i - 1);
        n = n->leaf ? NULL : n->child[i - 1];
    }
}

struct aslrt_record *aslrt_btree_here(const struct aslrt_btree_walk *walk)
{
    if (walk->depth == 0)
        return NULL;
    return walk->path[walk->depth - 1].node->first[walk->path[walk->depth - 1].at];
}

void aslrt_btree_forward(struct aslrt_btree_walk *walk)
{
    while (walk->depth > 0 &&
           walk->path[walk->depth - 1].at + 1 == walk->path[walk->depth - 1].node->count)
        walk->depth--;
    if (walk->depth == 0)
        return;
    uint32_t at = ++walk->path[walk->depth - 1].at;
    struct aslrt_btree_node *n = walk->path[walk->depth - 1].node;
    while (!n->leaf) {
        n = n->child[at];
        push(walk, n, 0);
        at = 0;
    }
}

void aslrt_btree_backward(struct aslrt_btree_walk *walk)
{
    while (walk->depth > 0 && walk->path[walk->depth - 1].at == 0)
        walk->depth--;
    if (walk->depth == 0)
        return;
    uint32_t at = --walk->path[walk->depth - 1].at;
    struct aslrt_btree_node *n = walk->path[walk->depth - 1].node;
    while (!n->leaf) {
        n = n->child[at];
        at = n->count - 1;
        push(walk, n, at);
    }
}
