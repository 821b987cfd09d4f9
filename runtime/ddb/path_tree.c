/*
 * path_tree.c - see path_tree.h.
 */
#include "runtime/ddb/path_tree.h"

static int compare_steps(const struct aslrt_step *a, const struct aslrt_step *b)
{
    if (a->is_index != b->is_index)
        return a->is_index ? 1 : -1;
    if (a->is_index)
        return (a->index > b->index) - (a->index < b->index);
    return aslrt_bytes_compare(a->name, b->name);
}

/* "[a, [0], b]" */
static const char *show_path(struct aslrt_ddb *cx, const struct aslrt_expr *path)
{
    struct aslrt_buffer b = aslrt_buffer_in(cx->scratch);
    aslrt_buffer_char(&b, '[');
    for (const struct aslrt_step *s = path->steps; s != NULL; s = s->next)
        aslrt_buffer_format(&b, s->is_index ? "%s[%.*s]" : "%s%.*s", s == path->steps ? "" : ", ",
                            (int)s->name.count, (const char *)s->name.at);
    aslrt_buffer_char(&b, ']');
    return aslrt_buffer_close(&b);
}

static _Noreturn void refuse_paths(struct aslrt_ddb *cx, const struct aslrt_expression *e,
                                   const char *what, const struct aslrt_expr *one,
                                   const struct aslrt_expr *two)
{
    cx->start = two->at.start;
    cx->end = two->at.end;
    aslrt_ddb_refuse(cx,
                     "Invalid %s: Two document paths %s with each other; must remove or rewrite "
                     "one of these paths; path one: %s, path two: %s",
                     aslrt_expression_label(e->kind), what, show_path(cx, one), show_path(cx, two));
}

/* The child with that step, made when there is none. */
static struct aslrt_path_tree *child_of(struct aslrt_arena *arena, struct aslrt_path_tree *tree,
                                        const struct aslrt_step *step,
                                        const struct aslrt_expr *path)
{
    struct aslrt_path_tree **at = &tree->child;
    while (*at != NULL && compare_steps(&(*at)->step, step) < 0)
        at = &(*at)->next;
    if (*at == NULL || compare_steps(&(*at)->step, step) != 0) {
        struct aslrt_path_tree *child = ASLRT_NEW(arena, struct aslrt_path_tree);
        child->step = *step;
        child->path = path;
        child->next = *at;
        *at = child;
    }
    return *at;
}

static void insert(struct aslrt_ddb *cx, const struct aslrt_expression *e,
                   struct aslrt_path_tree *tree, const struct aslrt_expr *path,
                   struct aslrt_expr *action)
{
    for (const struct aslrt_step *s = path->steps; s != NULL; s = s->next) {
        if (tree->action != NULL)
            refuse_paths(cx, e, "overlap", tree->path, path);
        if (tree->child != NULL && tree->child->step.is_index != s->is_index)
            refuse_paths(cx, e, "conflict", tree->child->path, path);
        tree = child_of(cx->scratch, tree, s, path);
    }
    if (tree->action != NULL || tree->child != NULL)
        refuse_paths(cx, e, "overlap", tree->child != NULL ? tree->child->path : tree->path, path);
    tree->action = action;
}

struct aslrt_path_tree *aslrt_path_tree_of(struct aslrt_ddb *cx, const struct aslrt_expression *e)
{
    struct aslrt_path_tree *root = ASLRT_NEW(cx->scratch, struct aslrt_path_tree);
    for (struct aslrt_expr *x = e->root; x != NULL; x = x->next)
        insert(cx, e, root, x->kind == ASLRT_EXPR_PATH ? x : x->first, x);
    return root;
}

struct aslrt_path_tree *aslrt_path_tree_names(struct aslrt_arena *arena,
                                              const struct aslrt_bytes *names, uint32_t count)
{
    struct aslrt_path_tree *root = ASLRT_NEW(arena, struct aslrt_path_tree);
    for (uint32_t i = 0; i < count; i++) {
        struct aslrt_step step = {.name = names[i]};
        struct aslrt_path_tree *child = child_of(arena, root, &step, NULL);
        child->action = ASLRT_NEW(arena, struct aslrt_expr);
    }
    return root;
}

/* ---- projecting ---- */

static bool project_value(struct aslrt_attr_writer *w, const struct aslrt_path_tree *tree,
                          struct aslrt_attr value);

/* Both the members and the children ascend by name. */
static uint32_t project_members(struct aslrt_attr_writer *w, const struct aslrt_path_tree *tree,
                                struct aslrt_attr map)
{
    struct aslrt_bytes name;
    struct aslrt_attr value;
    uint32_t count = 0;
    const struct aslrt_path_tree *c = tree->child;
    struct aslrt_attr_cursor cursor = aslrt_attr_walk(map);
    while (c != NULL && aslrt_attr_next(&cursor, &name, &value)) {
        while (c != NULL && aslrt_bytes_compare(c->step.name, name) < 0)
            c = c->next;
        if (c == NULL || !aslrt_bytes_equal(c->step.name, name))
            continue;
        size_t before = w->buffer.count;
        aslrt_attr_name(w, name);
        if (project_value(w, c, value))
            count++;
        else
            w->buffer.count = before;
        c = c->next;
    }
    return count;
}

static uint32_t project_elements(struct aslrt_attr_writer *w, const struct aslrt_path_tree *tree,
                                 struct aslrt_attr list)
{
    uint32_t count = 0;
    for (const struct aslrt_path_tree *c = tree->child; c != NULL; c = c->next) {
        struct aslrt_attr value = aslrt_attr_element(list, c->step.index);
        if (value.at != NULL && project_value(w, c, value))
            count++;
    }
    return count;
}

/* False when nothing of the value is named; then nothing has been written. */
static bool project_value(struct aslrt_attr_writer *w, const struct aslrt_path_tree *tree,
                          struct aslrt_attr value)
{
    if (tree->action != NULL) {
        aslrt_attr_put(w, value);
        return true;
    }
    bool list = tree->child->step.is_index;
    enum aslrt_attr_type type = list ? ASLRT_ATTR_L : ASLRT_ATTR_M;
    if (aslrt_attr_type(value) != type)
        return false;
    size_t mark = aslrt_attr_open(w, type);
    uint32_t count = list ? project_elements(w, tree, value) : project_members(w, tree, value);
    if (count == 0) {
        w->buffer.count = mark;
        return false;
    }
    aslrt_attr_close(w, mark, count);
    return true;
}

struct aslrt_attr aslrt_project(struct aslrt_arena *arena, const struct aslrt_path_tree *tree,
                                struct aslrt_attr item)
{
    struct aslrt_attr_writer w = aslrt_attr_writer_in(arena);
    size_t mark = aslrt_attr_open(&w, ASLRT_ATTR_M);
    uint32_t count = item.at == NULL ? 0 : project_members(&w, tree, item);
    aslrt_attr_close(&w, mark, count);
    return aslrt_attr_done(&w);
}

bool aslrt_path_tree_within(const struct aslrt_path_tree *tree,
                            bool (*has)(const void *data, struct aslrt_bytes name),
                            const void *data, struct aslrt_bytes *outside)
{
    for (const struct aslrt_path_tree *c = tree->child; c != NULL; c = c->next) {
        *outside = c->step.name;
        if (!has(data, c->step.name))
            return false;
    }
    return true;
}
