/*
 * eval_sort.c - order-by, and the merge sort that $sort shares with it.
 *
 * In: an array and an order.  Out: a new array; an array of less than two is given back as it is.
 * The comparisons happen in jsonata-js's order, because the first that fails decides the error; the
 * keys of an item are evaluated once, when they are first compared.
 */
#include "runtime/expr/sort.h"

#include "runtime/base/utf8.h"

/* Merges the sorted halves of ids[0..count) by way of `room`. */
static void merge(struct aslrt_sort *s, uint32_t *ids, uint32_t *room, uint32_t count)
{
    uint32_t middle = count / 2, left = 0, right = middle, out = 0;
    memcpy(room, ids, count * sizeof *ids);
    while (left < middle && right < count) {
        aslrt_eval_tick(s->c);
        ids[out++] = s->behind(s, room[left], room[right]) ? room[right++] : room[left++];
    }
    while (left < middle)
        ids[out++] = room[left++];
    while (right < count)
        ids[out++] = room[right++];
}

static void sort_ids(struct aslrt_sort *s, uint32_t *ids, uint32_t *room, uint32_t count)
{
    if (count < 2)
        return;
    uint32_t middle = count / 2;
    sort_ids(s, ids, room, middle);
    sort_ids(s, ids + middle, room, count - middle);
    merge(s, ids, room, count);
}

struct aslrt_value aslrt_sort(struct aslrt_sort *s)
{
    uint32_t count = s->input.count;
    aslrt_eval_reserve(s->c, count * (sizeof(struct aslrt_value) + 2 * sizeof(uint32_t)));
    uint32_t *ids = aslrt_alloc(s->c->arena, 2 * (size_t)count * sizeof *ids);
    for (uint32_t i = 0; i < count; i++)
        ids[i] = i;
    sort_ids(s, ids, ids + count, count);
    struct aslrt_value *items = aslrt_alloc(s->c->arena, count * sizeof *items);
    for (uint32_t i = 0; i < count; i++)
        items[i] = s->input.as.items[ids[i]];
    struct aslrt_value v = aslrt_array(items, count);
    v.pad = s->input.pad;
    return v;
}

/* ---- order-by ---- */

struct order {
    struct aslrt_sort sort;
    const struct jsonata_node *node;
    struct aslrt_frame *frame;
    struct aslrt_value *keys; /* count of terms for each item; EXPR_UNBOUND: not evaluated yet */
};

static struct aslrt_value key_of(struct order *o, uint32_t id, uint32_t term)
{
    struct aslrt_value *key = &o->keys[(size_t)id * o->node->count + term];
    if (key->kind != EXPR_UNBOUND)
        return *key;
    struct aslrt_value context = o->sort.input.as.items[id];
    struct aslrt_frame *f = o->frame;
    if (o->sort.input.pad & EXPR_TUPLES)
        context = aslrt_tuple_context(o->sort.c, o->sort.input, context, &f);
    *key = aslrt_eval(o->sort.c, o->node->items[term], context, f);
    if (key->kind == ASLRT_NUMBER)
        *key = expr_number(expr_double(*key)); /* it will be compared more than once */
    return *key;
}

static bool sortable(struct aslrt_value v)
{
    return v.kind == ASLRT_STRING || aslrt_is_number(v);
}

static int compare_keys(struct order *o, struct aslrt_value a, struct aslrt_value b)
{
    if (!sortable(a) || !sortable(b))
        aslrt_eval_fail_code(o->sort.c, "T2008", o->node->at, sortable(a) ? b : a);
    if (aslrt_is_number(a) != aslrt_is_number(b)) {
        struct aslrt_fault f = aslrt_fault("T2007", o->node->at);
        f.value = a;
        f.value2 = b;
        aslrt_eval_fail(o->sort.c, &f);
    }
    if (a.kind == ASLRT_STRING)
        return aslrt_utf16_compare(a.as.bytes, a.count, b.as.bytes, b.count);
    double x = expr_double(a), y = expr_double(b);
    return x == y ? 0 : x < y ? -1 : 1; /* NaN counts as larger, as in jsonata-js */
}

static bool order_behind(struct aslrt_sort *s, uint32_t left, uint32_t right)
{
    struct order *o = (struct order *)(void *)s;
    for (uint32_t term = 0; term < o->node->count; term++) {
        struct aslrt_value a = key_of(o, left, term), b = key_of(o, right, term);
        if (a.kind == ASLRT_UNDEFINED && b.kind == ASLRT_UNDEFINED)
            continue;
        if (a.kind == ASLRT_UNDEFINED || b.kind == ASLRT_UNDEFINED)
            return a.kind == ASLRT_UNDEFINED; /* what has no key comes last, up or down */
        int order = compare_keys(o, a, b);
        if (order != 0)
            return o->node->descending[term] ? order < 0 : order > 0;
    }
    return false;
}

struct aslrt_value aslrt_eval_sort(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f)
{
    if (input.count < 2)
        return input;
    struct order o = {{c, input, order_behind}, n, f, NULL};
    size_t keys = (size_t)input.count * n->count;
    aslrt_eval_reserve(c, keys * sizeof *o.keys);
    o.keys = aslrt_alloc(c->arena, keys * sizeof *o.keys);
    for (size_t i = 0; i < keys; i++)
        o.keys[i] = expr_unbound();
    return aslrt_sort(&o.sort);
}
