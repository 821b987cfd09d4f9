/*
 * eval_transform.c - |pattern|update,delete|: a changed copy of an object.
 *
 * In: a TRANSFORM function and its argument.  Out: a copy in which what the pattern finds has the
 * update's members and lacks the deleted ones.
 *
 * jsonata-js clones the argument and changes the clone in place, so that later matches see earlier
 * changes.  Values here are immutable to everybody else; the clone's objects are not, until it is
 * given away: each knows, in front of its members, the slot that it stands in (EXPR_OWNED).
 */
#include "runtime/base/limits.h"
#include "runtime/base/number.h"
#include "runtime/base/value.h"
#include "runtime/expr/eval.h"
#include "runtime/expr/stringify.h"
#include "runtime/expr/text.h"

#include <math.h>

struct owner { /* one for each object of the clone, however often its members move */
    struct aslrt_value *home;
};

struct header { /* in front of an owned object's members */
    struct owner *owner;
    uint32_t room;
};
_Static_assert(sizeof(struct header) == 16, "members stay aligned behind the header");

static bool is_owned(struct aslrt_value v)
{
    return v.kind == ASLRT_OBJECT && (v.flags & EXPR_OWNED) != 0;
}

static struct header *header_of(struct aslrt_value object)
{
    return (struct header *)(uintptr_t)object.as.members - 1;
}

static struct aslrt_member *members_of(struct aslrt_value owned)
{
    return (struct aslrt_member *)(uintptr_t)owned.as.members;
}

static struct aslrt_member *new_members(struct evaluation *c, struct owner *owner, uint32_t room)
{
    struct header *h = aslrt_alloc(c->arena, sizeof *h + room * sizeof(struct aslrt_member));
    h->owner = owner;
    h->room = room;
    return (struct aslrt_member *)(void *)(h + 1);
}

/* The slot is where the value now stands. */
static void move_in(struct aslrt_value *slot)
{
    if (is_owned(*slot))
        header_of(*slot)->owner->home = slot;
}

/* ---- cloning: JSON.parse($string(v)) without the text ---- */

static double clone_number(struct evaluation *c, struct aslrt_value v)
{
    if (!aslrt_expr_is_numeric(c, v))
        return NAN;
    double d = expr_double(v);
    return c->version >= ASLRT_JSONATA_2_2 && d == floor(d) ? d : aslrt_decimal_15(d);
}

static void clone_into(struct evaluation *c, struct aslrt_value *slot, struct aslrt_value v,
                       unsigned depth);

static void clone_array(struct evaluation *c, struct aslrt_value *slot, struct aslrt_value v,
                        unsigned depth)
{
    struct aslrt_value *items = aslrt_alloc(c->arena, v.count * sizeof *items);
    for (uint32_t i = 0; i < v.count; i++)
        clone_into(c, &items[i], v.as.items[i], depth);
    *slot = aslrt_array(items, v.count);
    slot->pad = EXPR_HOLDS; /* perhaps owned objects; the freezing takes it off */
}

static void clone_object(struct evaluation *c, struct aslrt_value *slot, struct aslrt_value v,
                         unsigned depth)
{
    struct owner *owner = aslrt_alloc(c->arena, sizeof *owner);
    struct aslrt_member *members = new_members(c, owner, v.count + 4);
    const struct aslrt_member *from = aslrt_js_order(c->arena, v);
    uint32_t count = 0;
    for (uint32_t i = 0; i < v.count; i++) {
        if (from[i].value.kind == ASLRT_UNDEFINED)
            continue;
        members[count].key = from[i].key;
        clone_into(c, &members[count++].value, from[i].value, depth);
    }
    *slot = aslrt_object(members, count);
    slot->flags = EXPR_OWNED;
    slot->pad = EXPR_HOLDS;
    owner->home = slot;
}

static void clone_into(struct evaluation *c, struct aslrt_value *slot, struct aslrt_value v,
                       unsigned depth)
{
    if (depth == ASLRT_NESTING_MAX)
        aslrt_escape(c->arena->memory, ASLRT_LIMIT);
    aslrt_eval_tick(c);
    switch (v.kind) {
    case ASLRT_ARRAY:
        clone_array(c, slot, v, depth + 1);
        break;
    case ASLRT_OBJECT:
        clone_object(c, slot, v, depth + 1);
        break;
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
    case ASLRT_INT: {
        double d = clone_number(c, v);
        *slot = isfinite(d) ? expr_number(d) : aslrt_null();
        break;
    }
    case ASLRT_FUNCTION:
        *slot = aslrt_text("");
        break;
    case ASLRT_UNDEFINED:
        *slot = aslrt_null();
        break;
    default:
        *slot = v;
        break;
    }
}

/* Takes the ownership off again: from here on the value is immutable. */
static void freeze(struct evaluation *c, struct aslrt_value *slot, unsigned depth)
{
    if (depth == ASLRT_NESTING_MAX)
        aslrt_escape(c->arena->memory, ASLRT_LIMIT);
    if (slot->kind == ASLRT_ARRAY && slot->flags == 0 && slot->pad != 0) {
        struct aslrt_value *items = (struct aslrt_value *)(uintptr_t)slot->as.items;
        uint16_t marks = 0;
        for (uint32_t i = 0; i < slot->count; i++) {
            freeze(c, &items[i], depth + 1);
            marks |= expr_marks(items[i]);
        }
        slot->pad = marks;
    } else if (is_owned(*slot)) {
        struct aslrt_member *members = members_of(*slot);
        uint16_t marks = 0;
        for (uint32_t i = 0; i < slot->count; i++) {
            freeze(c, &members[i].value, depth + 1);
            marks |= expr_marks(members[i].value);
        }
        *slot = aslrt_object(aslrt_js_order(c->arena, *slot), slot->count);
        if (slot->count >= ASLRT_INDEX_MIN)
            *slot = aslrt_object_of(c->arena, (struct aslrt_member *)(uintptr_t)slot->as.members,
                                    slot->count);
        slot->pad = marks;
    }
}

struct aslrt_value aslrt_fn_clone(struct call *call)
{
    struct aslrt_value v = call_arg(call, 0), out;
    if (v.kind == ASLRT_UNDEFINED)
        return v;
    if (v.kind == ASLRT_ARRAY && (v.flags & EXPR_OUTER))
        v = v.as.items[0];
    clone_into(call->c, &out, v, 0);
    freeze(call->c, &out, 0);
    return out;
}

/* ---- changing ---- */

/* The object as it is now; a match that has been replaced since is what it was. */
static struct aslrt_value current(struct aslrt_value match, struct aslrt_value **home)
{
    *home = NULL;
    if (!is_owned(match))
        return match;
    struct owner *owner = header_of(match)->owner;
    struct aslrt_value now = *owner->home;
    if (!is_owned(now) || header_of(now)->owner != owner)
        return match;
    *home = owner->home;
    return now;
}

static void set_member(struct evaluation *c, struct aslrt_value *object, struct aslrt_value key,
                       struct aslrt_value value)
{
    struct aslrt_member *members = members_of(*object);
    uint32_t i = 0;
    while (i < object->count && !expr_same_string(members[i].key, key))
        i++;
    if (i == object->count) {
        struct header *h = header_of(*object);
        if (i == h->room) {
            struct aslrt_member *more = new_members(c, h->owner, h->room * 2);
            memcpy(more, members, i * sizeof *more);
            for (uint32_t k = 0; k < i; k++)
                move_in(&more[k].value);
            object->as.members = members = more;
        }
        members[i].key = key;
        object->count++;
    }
    members[i].value = value;
}

static void delete_member(struct aslrt_value *object, struct aslrt_value key)
{
    struct aslrt_member *members = members_of(*object);
    for (uint32_t i = 0; i < object->count; i++) {
        if (!expr_same_string(members[i].key, key))
            continue;
        object->count--;
        for (; i < object->count; i++) {
            members[i] = members[i + 1];
            move_in(&members[i].value);
        }
        return;
    }
}

/* What JavaScript says when a member of a primitive is set. */
static _Noreturn void fail_primitive(struct evaluation *c, struct aslrt_value v,
                                     struct aslrt_value key)
{
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    if (v.kind == ASLRT_NULL) {
        aslrt_buffer_format(&b, "Cannot set properties of null (setting '%.*s')", (int)key.count,
                            key.as.bytes);
    } else {
        aslrt_buffer_format(&b, "Cannot create property '%.*s' on %s '", (int)key.count,
                            key.as.bytes, aslrt_kind_name(v));
        aslrt_text_put_value(&b, v);
        aslrt_buffer_char(&b, '\'');
    }
    aslrt_eval_fail_message(c, aslrt_buffer_close(&b));
}

static void apply_update(struct evaluation *c, const struct closure *k, struct aslrt_value match,
                         struct aslrt_value **home)
{
    const struct jsonata_node *n = k->node;
    struct aslrt_value update = aslrt_eval(c, n->update, match, k->frame);
    if (update.kind == ASLRT_UNDEFINED)
        return;
    if (update.kind != ASLRT_OBJECT)
        aslrt_eval_fail_code(c, "T2011", n->update->at, update);
    const struct aslrt_member *members = aslrt_js_order(c->arena, update);
    if (update.count != 0 && match.kind != ASLRT_OBJECT && match.kind != ASLRT_ARRAY &&
        match.kind != ASLRT_FUNCTION)
        fail_primitive(c, match, members[0].key);
    for (uint32_t i = 0; i < update.count && *home != NULL; i++)
        set_member(c, *home, members[i].key, members[i].value);
}

static void apply_removal(struct evaluation *c, const struct closure *k, struct aslrt_value match,
                          struct aslrt_value **home)
{
    const struct jsonata_node *n = k->node;
    struct aslrt_value names = aslrt_eval(c, n->removal, match, k->frame);
    if (names.kind == ASLRT_UNDEFINED)
        return;
    const struct aslrt_value *items = names.kind == ASLRT_ARRAY ? names.as.items : &names;
    uint32_t count = names.kind == ASLRT_ARRAY ? names.count : 1;
    for (uint32_t i = 0; i < count; i++)
        if (items[i].kind != ASLRT_STRING)
            aslrt_eval_fail_code(c, "T2012", n->removal->at, names);
    for (uint32_t i = 0; i < count && *home != NULL; i++)
        delete_member(*home, items[i]);
}

static void change(struct evaluation *c, const struct closure *k, struct aslrt_value match)
{
    struct aslrt_value *home;
    struct aslrt_value now = current(match, &home);
    apply_update(c, k, now, &home);
    if (k->node->removal == NULL)
        return;
    now = current(now, &home);
    apply_removal(c, k, now, &home);
}

/* The argument's copy: by $clone, which the expression may have bound to a function of its own. */
static struct aslrt_value clone_argument(struct evaluation *c, const struct closure *k,
                                         struct aslrt_value object)
{
    struct aslrt_value clone = aslrt_expr_find(c, aslrt_text("clone"), k->frame), copy;
    if (clone.kind != EXPR_UNBOUND) {
        if (clone.kind != ASLRT_FUNCTION)
            aslrt_eval_fail_code(c, "T2013", k->node->at, aslrt_undefined());
        struct aslrt_arguments args = {&object, 1};
        return aslrt_apply(c, clone, args, aslrt_null(), k->frame);
    }
    if (object.kind == ASLRT_ARRAY && (object.flags & EXPR_OUTER))
        object = object.as.items[0];
    clone_into(c, &copy, object, 0);
    return copy;
}

struct aslrt_value aslrt_transform_apply(struct evaluation *c, const struct closure *k,
                                         struct aslrt_value object)
{
    if (object.kind == ASLRT_UNDEFINED)
        return object;
    struct aslrt_value *root = aslrt_alloc(c->arena, sizeof *root);
    *root = clone_argument(c, k, object);
    move_in(root);
    struct unit *unit = c->unit;
    c->unit = k->unit;
    struct aslrt_value matches = aslrt_eval(c, k->node->pattern, *root, k->frame);
    if (matches.kind == ASLRT_ARRAY)
        for (uint32_t i = 0; i < matches.count; i++)
            change(c, k, matches.as.items[i]);
    else if (matches.kind != ASLRT_UNDEFINED)
        change(c, k, matches);
    c->unit = unit;
    freeze(c, root, 0);
    return *root;
}
