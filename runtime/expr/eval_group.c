/*
 * eval_group.c - {key: value, ...}: the object constructor, and grouping behind a sequence.
 *
 * In: an OBJECT node and what it groups.  Out: an object.  Every item is put under the keys that
 * the pairs give for it; then each key's value is evaluated over its items.  With one item, the
 * usual case of a constructor, no groups are built. Keys stand as JavaScript orders them: array
 * indexes first, ascending.
 */
#include "runtime/base/limits.h"
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/stringify.h"

struct group {
    uint32_t pair;        /* whose key expression made it */
    uint32_t first, last; /* its items as a list of entries */
    uint32_t count;
};

struct entry { /* an item of a group */
    struct aslrt_value item;
    uint32_t next;
};

struct grouping {
    struct evaluation *c;
    const struct jsonata_node *node;
    struct aslrt_object_builder keys; /* key to its group's number, as an ASLRT_INT */
    struct group *groups;
    uint32_t group_count, group_room;
    struct entry *entries;
    uint32_t entry_count, entry_room;
    uint16_t marks;
};

static void *grow(struct evaluation *c, void *items, uint32_t count, uint32_t *room, size_t size)
{
    if (count < *room)
        return items;
    uint32_t more = *room == 0 ? 8 : *room * 2;
    if (more < *room)
        aslrt_escape(c->arena->memory, ASLRT_LIMIT);
    items = aslrt_resize(c->arena, items, *room * size, more * size);
    *room = more;
    return items;
}

static _Noreturn void fail(struct evaluation *c, const struct jsonata_node *n, const char *code,
                           struct aslrt_value key)
{
    aslrt_eval_fail_code(c, code, n->at, key);
}

static struct aslrt_value eval_key(struct evaluation *c, const struct jsonata_node *n,
                                   uint32_t pair, struct aslrt_value context, struct aslrt_frame *f)
{
    struct aslrt_value key = aslrt_eval(c, n->items[2 * pair], context, f);
    if (key.kind != ASLRT_STRING && key.kind != ASLRT_UNDEFINED)
        fail(c, n, "T1003", key);
    return key;
}

/* ---- one item ---- */

/* The object of members that may be undefined, in JavaScript's order. */
static struct aslrt_value make_object(struct evaluation *c, struct aslrt_member *members,
                                      uint32_t count)
{
    uint16_t marks = 0;
    for (uint32_t i = 0; i < count; i++)
        marks |= expr_marks(members[i].value);
    struct aslrt_value v = aslrt_object(members, count);
    if (count >= ASLRT_INDEX_MIN)
        v = aslrt_object_of(c->arena, members, count);
    v.pad = marks;
    return v;
}

static struct aslrt_value construct(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value context, struct aslrt_frame *f)
{
    uint32_t pairs = n->count / 2, count = 0;
    struct aslrt_member *members = aslrt_alloc(c->arena, pairs * sizeof *members);
    for (uint32_t i = 0; i < pairs; i++) {
        struct aslrt_value key = eval_key(c, n, i, context, f);
        if (key.kind == ASLRT_UNDEFINED)
            continue;
        for (uint32_t k = 0; k < count; k++)
            if (expr_same_string(members[k].key, key))
                fail(c, n, "D1009", key);
        members[count].key = key;
        members[count++].value = aslrt_int(i);
    }
    struct aslrt_value keys = aslrt_object(members, count);
    const struct aslrt_member *order = aslrt_js_order(c->arena, keys);
    if (order != members)
        memcpy(members, order, count * sizeof *members);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t pair = (uint32_t)members[i].value.as.integer;
        struct aslrt_value v = aslrt_eval(c, n->items[2 * pair + 1], context, f);
        if (v.kind == ASLRT_UNDEFINED)
            continue;
        members[kept].key = members[i].key;
        members[kept++].value = v;
    }
    return make_object(c, members, kept);
}

/* ---- several items ---- */

static void add_entry(struct grouping *g, struct group *group, struct aslrt_value item)
{
    g->entries = grow(g->c, g->entries, g->entry_count, &g->entry_room, sizeof *g->entries);
    g->entries[g->entry_count] = (struct entry){item, UINT32_MAX};
    if (group->count == 0)
        group->first = g->entry_count;
    else
        g->entries[group->last].next = g->entry_count;
    group->last = g->entry_count++;
    group->count++;
}

static void add_item(struct grouping *g, struct aslrt_value key, uint32_t pair,
                     struct aslrt_value item)
{
    const struct aslrt_value *number = aslrt_object_at(&g->keys, key);
    if (number != NULL) {
        struct group *group = &g->groups[number->as.integer];
        if (group->pair != pair)
            fail(g->c, g->node, "D1009", key);
        add_entry(g, group, item);
        return;
    }
    aslrt_object_set(&g->keys, key, aslrt_int(g->group_count));
    g->groups = grow(g->c, g->groups, g->group_count, &g->group_room, sizeof *g->groups);
    struct group *group = &g->groups[g->group_count++];
    *group = (struct group){.pair = pair};
    add_entry(g, group, item);
}

/* The items of a group as jsonata-js appends them: one stays what it is, of more the arrays are
   flattened. */
static struct aslrt_value group_items(struct grouping *g, const struct group *group)
{
    struct evaluation *c = g->c;
    if (group->count == 1)
        return g->entries[group->first].item;
    uint32_t base = c->top;
    for (uint32_t e = group->first; e != UINT32_MAX; e = g->entries[e].next) {
        struct aslrt_value item = g->entries[e].item;
        if (item.kind == ASLRT_ARRAY)
            aslrt_expr_push_all(c, item);
        else if (item.kind != ASLRT_UNDEFINED)
            expr_push(c, item);
    }
    return aslrt_expr_pop_array(c, base, 0);
}

/* The group's tuples as one: what each name was bound to, appended. */
static struct aslrt_frame *reduce_tuples(struct grouping *g, const struct group *group)
{
    struct evaluation *c = g->c;
    const struct entry *first = &g->entries[group->first];
    struct aslrt_frame *tuple = (struct aslrt_frame *)(uintptr_t)first->item.as.function;
    if (group->count == 1)
        return tuple;
    struct aslrt_frame *all = aslrt_expr_new_frame(c, tuple->scope, tuple->outer);
    for (uint32_t slot = 0; slot < tuple->scope->count; slot++) {
        struct aslrt_value v = tuple->slots[slot];
        for (uint32_t e = first->next; e != UINT32_MAX; e = g->entries[e].next) {
            const struct aslrt_frame *next = g->entries[e].item.as.function;
            struct aslrt_value more = next->slots[slot];
            if (v.kind == EXPR_UNBOUND)
                v = more;
            else if (more.kind != EXPR_UNBOUND)
                v = aslrt_expr_append(c, v, more);
        }
        all->slots[slot] = v;
    }
    return all;
}

static struct aslrt_value eval_values(struct grouping *g, bool tuples, struct aslrt_frame *f)
{
    struct evaluation *c = g->c;
    struct aslrt_value keys = aslrt_object_done(&g->keys);
    const struct aslrt_member *order = aslrt_js_order(c->arena, keys);
    struct aslrt_member *members = aslrt_alloc(c->arena, keys.count * sizeof *members);
    uint32_t count = 0;
    for (uint32_t i = 0; i < keys.count; i++) {
        const struct group *group = &g->groups[order[i].value.as.integer];
        const struct jsonata_node *expr = g->node->items[2 * group->pair + 1];
        struct aslrt_value v;
        if (tuples) {
            struct aslrt_frame *tuple = reduce_tuples(g, group);
            struct aslrt_value context = tuple->slots[0];
            /* jsonata-js takes the context out of the tuple: a second key of the same lone tuple
               finds none */
            tuple->slots[0] = aslrt_undefined();
            v = aslrt_eval(c, expr, context, tuple);
        } else {
            v = aslrt_eval(c, expr, group_items(g, group), f);
        }
        if (v.kind != ASLRT_UNDEFINED)
            members[count++] = (struct aslrt_member){order[i].key, v};
    }
    return make_object(c, members, count);
}

/* Sorted tuples are grouped as objects, in a frame that binds none of their names. */
static struct aslrt_value group_blindly(struct evaluation *c, const struct jsonata_node *n,
                                        struct aslrt_value tuples, struct aslrt_frame *f)
{
    const struct aslrt_frame *first = tuples.as.items[0].as.function;
    uint32_t base = c->top;
    for (uint32_t i = 0; i < tuples.count; i++)
        expr_push(c, aslrt_tuple_object(c, tuples.as.items[i]));
    struct aslrt_value objects = aslrt_expr_pop_array(c, base, 0);
    return aslrt_eval_group(c, n, objects, aslrt_expr_new_frame(c, first->scope, f));
}

struct aslrt_value aslrt_eval_group(struct evaluation *c, const struct jsonata_node *n,
                                    struct aslrt_value input, struct aslrt_frame *f)
{
    bool tuples = input.kind == ASLRT_ARRAY && (input.pad & EXPR_TUPLES) != 0;
    if (input.kind != ASLRT_ARRAY)
        return construct(c, n, input, f);
    if (tuples && (input.pad & EXPR_BLIND) && input.count != 0)
        return group_blindly(c, n, input, f);
    if (tuples && input.count == 0 && n->count != 0 && c->version < ASLRT_JSONATA_2_2)
        aslrt_eval_fail_message(c, "Cannot read properties of undefined (reading '@')");
    if (!tuples && input.count <= 1)
        return construct(c, n, input.count == 0 ? aslrt_undefined() : input.as.items[0], f);
    struct grouping g = {.c = c, .node = n, .keys = aslrt_object_in(c->arena)};
    for (uint32_t i = 0; i < input.count; i++) {
        struct aslrt_value item = input.as.items[i], context = item;
        struct aslrt_frame *frame = f;
        if (tuples) {
            frame = (struct aslrt_frame *)(uintptr_t)item.as.function;
            context = frame->slots[0];
        }
        for (uint32_t pair = 0; pair < n->count / 2; pair++) {
            struct aslrt_value key = eval_key(c, n, pair, context, frame);
            if (key.kind != ASLRT_UNDEFINED)
                add_item(&g, key, pair, item);
        }
    }
    return eval_values(&g, tuples, f);
}
