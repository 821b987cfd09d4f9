/*
 * diagram_diff.c - two machines in one picture: what was added, removed, moved and changed.
 *
 * A state is the same when its name is; a state that is gone and one that is new are one that moved
 * (renamed, or in another branch) when all that they do is the same.  Changed: the same name, but
 * what it does differs, its transitions left aside; those have statuses of their own.
 */
#include "compiler/emit/asl.h"
#include "compiler/emit/diagram_int.h"

struct side {
    const struct ir_machine *m;
    const char **content; /* by state: all that it does, as text */
    uint32_t *node_of;    /* by state: index + 1 in the picture */
};

struct differ {
    struct diagram *d;
    struct side before, after;
    struct side *side; /* whose edges are being added */
    uint32_t from_node;
};

static struct side open_side(struct aslrt_arena *arena, const struct ir_machine *m)
{
    struct side s = {.m = m};
    s.content = ASLRT_NEW_ARRAY(arena, const char *, m->state_count + 1);
    s.node_of = ASLRT_NEW_ARRAY(arena, uint32_t, m->state_count + 1);
    for (uint32_t i = 0; i < m->state_count; i++)
        s.content[i] = emit_asl_content(arena, m, i);
    return s;
}

static ir_id find_name(const struct side *s, const char *name)
{
    for (uint32_t i = 0; i < s->m->state_count; i++) {
        if (strcmp(s->m->states[i].name, name) == 0)
            return i;
    }
    return IR_NONE;
}

/* A state of `in` with that content, whose name the other side does not have. */
static ir_id find_content(const struct side *in, const struct side *other, const char *content)
{
    for (uint32_t i = 0; i < in->m->state_count; i++) {
        if (in->node_of[i] == 0 && strcmp(in->content[i], content) == 0 &&
            find_name(other, in->m->states[i].name) == IR_NONE)
            return i;
    }
    return IR_NONE;
}

/* "branch of P" for a state inside of one, else "". */
static const char *owner_of(const struct ir_machine *m, ir_id state)
{
    ir_id owner = m->scopes[m->states[state].scope].owner;
    return owner == IR_NONE ? "" : m->states[owner].name;
}

static void add_state(struct differ *x, struct side *s, ir_id state, enum diagram_status status)
{
    struct diagram_node node = diagram_state(x->d->arena, s->m, state);
    struct aslrt_buffer id = aslrt_buffer_in(x->d->arena);
    aslrt_buffer_format(&id, "n%u", x->d->node_count);
    node.id = aslrt_buffer_close(&id);
    node.cluster = diagram_state_cluster(x->d, s->m, state);
    node.status = status;
    s->node_of[state] = diagram_add_node(x->d, node) + 1;
}

static void add_states(struct differ *x)
{
    struct side *before = &x->before, *after = &x->after;
    for (uint32_t i = 0; i < after->m->state_count; i++) {
        ir_id old = find_name(before, after->m->states[i].name);
        enum diagram_status status = DIAGRAM_SAME;
        if (old == IR_NONE) {
            old = find_content(before, after, after->content[i]);
            status = old == IR_NONE ? DIAGRAM_ADDED : DIAGRAM_MOVED;
        } else if (strcmp(before->content[old], after->content[i]) != 0) {
            status = DIAGRAM_CHANGED;
        } else if (strcmp(owner_of(before->m, old), owner_of(after->m, i)) != 0) {
            status = DIAGRAM_MOVED;
        }
        add_state(x, after, i, status);
        if (old != IR_NONE)
            before->node_of[old] = after->node_of[i];
    }
    for (uint32_t i = 0; i < before->m->state_count; i++) {
        if (before->node_of[i] == 0)
            add_state(x, before, i, DIAGRAM_REMOVED);
    }
}

static bool add_edge(void *data, const struct ir_edge *edge)
{
    struct differ *x = data;
    if (edge->to == IR_NONE)
        return true;
    bool old = x->side == &x->before;
    bool error = edge->kind == IR_EDGE_CATCH, otherwise = edge->kind == IR_EDGE_DEFAULT;
    uint32_t to = x->side->node_of[edge->to] - 1;
    if (old) {
        for (uint32_t i = 0; i < x->d->edge_count; i++) {
            struct diagram_edge *e = &x->d->edges[i];
            if (e->from == x->from_node && e->to == to && e->error == error &&
                e->otherwise == otherwise) {
                if (e->status == DIAGRAM_ADDED)
                    e->status = DIAGRAM_SAME;
                return true;
            }
        }
    }
    diagram_add_edge(
        x->d, (struct diagram_edge){.from = x->from_node,
                                    .to = to,
                                    .error = error,
                                    .otherwise = otherwise,
                                    .label = diagram_edge_label(x->d->arena, x->side->m, edge),
                                    .status = old ? DIAGRAM_REMOVED : DIAGRAM_ADDED});
    return true;
}

static void add_edges(struct differ *x, struct side *side)
{
    x->side = side;
    for (uint32_t i = 0; i < side->m->state_count; i++) {
        x->from_node = side->node_of[i] - 1;
        ir_edges(side->m, i, add_edge, x);
    }
}

struct diagram *diagram_diff(struct aslrt_arena *arena, const struct ir_machine *before,
                             const struct ir_machine *after)
{
    struct differ x = {.d = diagram_new(arena, after->name)};
    x.d->diff = true;
    x.before = open_side(arena, before);
    x.after = open_side(arena, after);
    add_states(&x);
    add_edges(&x,
              &x.after); /* all of them as added; those that the old machine has become the same */
    add_edges(&x, &x.before);
    return x.d;
}
