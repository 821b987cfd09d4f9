/*
 * value.c - builders, lookup, equality and copies of JSON values; see value.h.
 *
 * A large object has a hash index in the same allocation, in front of its members:
 *
 *     slots: uint32_t[mask + 1]     0 is free, else 1 + the member's number; linear probing
 *     struct index                  right before the members
 *     members                       what the value points to
 *
 * At least half of the slots are free.  The hash is keyed (hash.h), so that no choice of keys makes
 * it slow.
 */
#include "runtime/base/value.h"
#include "runtime/base/json.h"
#include "runtime/base/limits.h"
#include "runtime/base/number.h"

#include <assert.h>

struct index {
    struct aslrt_hash_key key;
    uint32_t mask;
    uint32_t pad[3]; /* members stay aligned to 16 */
};

_Static_assert(sizeof(struct index) == 32, "members stay aligned behind the index");
_Static_assert(sizeof(struct aslrt_value) == 16,
               "values are small enough to be passed in registers");
_Static_assert(sizeof(struct aslrt_member) == 32, "a member is two values in a row");

/* ---- the index ----------------------------------------------------------------------------- */

static const struct index *index_of(const struct aslrt_member *members)
{
    return (const struct index *)(const void *)members - 1;
}

static uint32_t *slots_of(const struct aslrt_member *members)
{
    const struct index *x = index_of(members);
    return (uint32_t *)(uintptr_t)x - ((size_t)x->mask + 1);
}

static size_t index_size(uint32_t mask)
{
    return ((size_t)mask + 1) * sizeof(uint32_t) + sizeof(struct index);
}

/* Room for `room` members behind an empty index for as many. */
static struct aslrt_member *members_with_index(struct aslrt_arena *arena, uint32_t room)
{
    if (room > UINT32_MAX / 4)
        aslrt_escape(arena->memory, ASLRT_LIMIT);
    uint32_t mask = 15; /* one less than a power of two */
    while (mask < 2 * room - 1)
        mask = mask * 2 + 1;
    size_t front = index_size(mask);
    char *block = aslrt_alloc(arena, front + room * sizeof(struct aslrt_member));
    memset(block, 0, front);
    struct aslrt_member *members = (struct aslrt_member *)(void *)(block + front);
    struct index *x = (struct index *)(void *)members - 1;
    x->key = arena->memory->hash_key;
    x->mask = mask;
    return members;
}

static bool same_bytes(const char *a, const char *b, size_t count)
{
    return count == 0 || (a[0] == b[0] && memcmp(a, b, count) == 0);
}

static bool same_string(struct aslrt_value a, const char *bytes, uint32_t count)
{
    return a.count == count && same_bytes(a.as.bytes, bytes, count);
}

/* The slot of that key: with its number in it, or free. */
static uint32_t *find_slot(const struct aslrt_member *members, const char *key, uint32_t count)
{
    const struct index *x = index_of(members);
    uint32_t *slots = slots_of(members);
    uint32_t i = (uint32_t)aslrt_hash(&x->key, key, count);
    for (;; i++) {
        uint32_t *slot = &slots[i & x->mask];
        if (*slot == 0 || same_string(members[*slot - 1].key, key, count))
            return slot;
    }
}

/* The member of that key among `count`, or NULL. */
static const struct aslrt_member *find_member(const struct aslrt_member *members, uint32_t count,
                                              bool indexed, const char *key, uint32_t key_count)
{
    if (indexed) {
        uint32_t number = *find_slot(members, key, key_count);
        return number == 0 ? NULL : &members[number - 1];
    }
    for (uint32_t i = 0; i < count; i++)
        if (same_string(members[i].key, key, key_count))
            return &members[i];
    return NULL;
}

struct aslrt_value aslrt_get(struct aslrt_value object, const char *key, uint32_t key_count)
{
    if (object.kind != ASLRT_OBJECT)
        return aslrt_undefined();
    const struct aslrt_member *m = find_member(
        object.as.members, object.count, (object.flags & ASLRT_FLAG_INDEXED) != 0, key, key_count);
    return m == NULL ? aslrt_undefined() : m->value;
}

/* ---- builders ------------------------------------------------------------------------------ */

static uint32_t more_room(struct aslrt_arena *arena, uint32_t room)
{
    if (room > UINT32_MAX / 4)
        aslrt_escape(arena->memory, ASLRT_LIMIT);
    return room == 0 ? 4 : room * 2;
}

void aslrt_array_add(struct aslrt_array_builder *b, struct aslrt_value item)
{
    if (b->count == b->room) {
        uint32_t room = more_room(b->arena, b->room);
        b->items =
            aslrt_resize(b->arena, b->items, b->room * sizeof *b->items, room * sizeof *b->items);
        b->room = room;
    }
    b->items[b->count++] = item;
}

struct aslrt_value aslrt_array_done(struct aslrt_array_builder *b)
{
    if (b->items != NULL)
        aslrt_resize(b->arena, b->items, b->room * sizeof *b->items, b->count * sizeof *b->items);
    b->room = b->count;
    return aslrt_array(b->items, b->count);
}

static bool has_index(const struct aslrt_object_builder *b)
{
    return b->room >= ASLRT_INDEX_MIN;
}

static void object_grow(struct aslrt_object_builder *b)
{
    uint32_t room = more_room(b->arena, b->room);
    if (room < ASLRT_INDEX_MIN) {
        b->members = aslrt_resize(b->arena, b->members, b->room * sizeof *b->members,
                                  room * sizeof *b->members);
        b->room = room;
        return;
    }
    struct aslrt_member *members = members_with_index(b->arena, room);
    for (uint32_t i = 0; i < b->count; i++) {
        members[i] = b->members[i];
        *find_slot(members, members[i].key.as.bytes, members[i].key.count) = i + 1;
    }
    b->members = members;
    b->room = room;
}

struct aslrt_value *aslrt_object_at(struct aslrt_object_builder *b, struct aslrt_value key)
{
    const struct aslrt_member *m =
        find_member(b->members, b->count, has_index(b), key.as.bytes, key.count);
    return m == NULL ? NULL : &b->members[m - b->members].value;
}

void aslrt_object_set(struct aslrt_object_builder *b, struct aslrt_value key,
                      struct aslrt_value value)
{
    assert(key.kind == ASLRT_STRING);
    struct aslrt_value *old = aslrt_object_at(b, key);
    if (old != NULL) {
        *old = value;
        return;
    }
    if (b->count == b->room)
        object_grow(b);
    b->members[b->count] = (struct aslrt_member){key, value};
    b->count++;
    if (has_index(b))
        *find_slot(b->members, key.as.bytes, key.count) = b->count;
}

void aslrt_object_set_text(struct aslrt_object_builder *b, const char *key,
                           struct aslrt_value value)
{
    aslrt_object_set(b, aslrt_text(key), value);
}

struct aslrt_value aslrt_object_done(struct aslrt_object_builder *b)
{
    struct aslrt_value v = aslrt_object(b->members, b->count);
    /* With room for more, an index may stand before few members; it is simply not used then. */
    if (b->count >= ASLRT_INDEX_MIN)
        v.flags = ASLRT_FLAG_INDEXED;
    return v;
}

/* Fills the index of members that stand behind it; a repeated key is dropped after its value has
   moved to the first place.  Gives how many are left. */
static uint32_t fill_index(struct aslrt_member *members, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct aslrt_value key = members[i].key;
        uint32_t *slot = find_slot(members, key.as.bytes, key.count);
        if (*slot != 0) {
            members[*slot - 1].value = members[i].value;
            continue;
        }
        members[kept++] = members[i];
        *slot = kept;
    }
    return kept;
}

/* The same without an index, for few members.  A filter of 64 bits spares most comparisons. */
static uint32_t drop_repeated(struct aslrt_member *members, uint32_t count)
{
    uint64_t seen = 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct aslrt_value key = members[i].key;
        unsigned h = key.count;
        if (key.count != 0)
            h += (unsigned char)key.as.bytes[0] + 5u * (unsigned char)key.as.bytes[key.count / 2] +
                 11u * (unsigned char)key.as.bytes[key.count - 1];
        uint64_t bit = (uint64_t)1 << (h & 63);
        if ((seen & bit) != 0) {
            const struct aslrt_member *m =
                find_member(members, kept, false, key.as.bytes, key.count);
            if (m != NULL) {
                members[m - members].value = members[i].value;
                continue;
            }
        }
        seen |= bit;
        if (kept != i)
            members[kept] = members[i];
        kept++;
    }
    return kept;
}

struct aslrt_value aslrt_object_of(struct aslrt_arena *arena, struct aslrt_member *members,
                                   uint32_t count)
{
    bool indexed = count >= ASLRT_INDEX_MIN;
    if (!indexed)
        count = drop_repeated(members, count);
    if (count == 0)
        return aslrt_object(NULL, 0);
    struct aslrt_member *copy =
        indexed ? members_with_index(arena, count) : aslrt_alloc(arena, count * sizeof *copy);
    aslrt_copy_values(&copy->key, &members->key, (size_t)count * 2);
    if (indexed)
        count = fill_index(copy, count);
    struct aslrt_value v = aslrt_object(copy, count);
    if (count >= ASLRT_INDEX_MIN)
        v.flags = ASLRT_FLAG_INDEXED;
    return v;
}

/* ---- equality ------------------------------------------------------------------------------ */

static bool equal(struct aslrt_value a, struct aslrt_value b, unsigned depth);

static bool equal_members(struct aslrt_value a, struct aslrt_value b, unsigned depth)
{
    for (uint32_t i = 0; i < a.count; i++) {
        const struct aslrt_member *m = &a.as.members[i];
        const struct aslrt_member *n = &b.as.members[i]; /* most objects agree in order too */
        if (!same_string(n->key, m->key.as.bytes, m->key.count)) {
            n = find_member(b.as.members, b.count, (b.flags & ASLRT_FLAG_INDEXED) != 0,
                            m->key.as.bytes, m->key.count);
            if (n == NULL)
                return false;
        }
        if (!equal(m->value, n->value, depth))
            return false;
    }
    return true;
}

static bool equal(struct aslrt_value a, struct aslrt_value b, unsigned depth)
{
    if (aslrt_is_number(a) && aslrt_is_number(b))
        return aslrt_number_equal(a, b);
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case ASLRT_BOOL:
        return a.as.boolean == b.as.boolean;
    case ASLRT_STRING:
        return same_string(a, b.as.bytes, b.count);
    case ASLRT_ARRAY:
        if (a.count != b.count || depth == 0)
            return false;
        if (a.as.items == b.as.items)
            return true;
        for (uint32_t i = 0; i < a.count; i++)
            if (!equal(a.as.items[i], b.as.items[i], depth - 1))
                return false;
        return true;
    case ASLRT_OBJECT:
        if (a.count != b.count || depth == 0)
            return false;
        return a.as.members == b.as.members || equal_members(a, b, depth - 1);
    case ASLRT_FUNCTION:
        return a.as.function == b.as.function;
    default:
        return true;
    }
}

bool aslrt_equal(struct aslrt_value a, struct aslrt_value b)
{
    return equal(a, b, ASLRT_NESTING_MAX);
}

/* ---- copies -------------------------------------------------------------------------------- */

static struct aslrt_value copy_value(struct aslrt_arena *arena, struct aslrt_value v,
                                     unsigned depth);

static void copy_bytes(struct aslrt_arena *arena, struct aslrt_value *v)
{
    if (v->count == 0) {
        v->as.bytes = "";
        return;
    }
    char *bytes = aslrt_alloc(arena, v->count);
    memcpy(bytes, v->as.bytes, v->count);
    v->as.bytes = bytes;
}

static void copy_members(struct aslrt_arena *arena, struct aslrt_value *v, unsigned depth)
{
    size_t front = 0;
    if ((v->flags & ASLRT_FLAG_INDEXED) != 0)
        front = index_size(index_of(v->as.members)->mask);
    char *block = aslrt_alloc(arena, front + v->count * sizeof(struct aslrt_member));
    if (front != 0)
        memcpy(block, slots_of(v->as.members), front);
    struct aslrt_member *members = (struct aslrt_member *)(void *)(block + front);
    for (uint32_t i = 0; i < v->count; i++) {
        members[i].key = copy_value(arena, v->as.members[i].key, depth);
        members[i].value = copy_value(arena, v->as.members[i].value, depth);
    }
    v->as.members = members;
}

static struct aslrt_value copy_value(struct aslrt_arena *arena, struct aslrt_value v,
                                     unsigned depth)
{
    switch (v.kind) {
    case ASLRT_STRING:
    case ASLRT_NUMBER:
        copy_bytes(arena, &v);
        return v;
    case ASLRT_ARRAY:
    case ASLRT_OBJECT:
        break;
    default:
        return v;
    }
    if (depth == 0)
        aslrt_escape(arena->memory, ASLRT_LIMIT);
    if (v.count == 0) {
        v.as.items = NULL;
    } else if (v.kind == ASLRT_OBJECT) {
        copy_members(arena, &v, depth - 1);
    } else {
        struct aslrt_value *items = aslrt_alloc(arena, v.count * sizeof *items);
        for (uint32_t i = 0; i < v.count; i++)
            items[i] = copy_value(arena, v.as.items[i], depth - 1);
        v.as.items = items;
    }
    return v;
}

struct aslrt_value aslrt_copy(struct aslrt_arena *arena, struct aslrt_value value)
{
    return copy_value(arena, value, ASLRT_NESTING_MAX);
}

struct copying {
    struct aslrt_arena *arena;
    struct aslrt_value value;
};

static enum aslrt_status copy_protected(void *data)
{
    struct copying *c = data;
    c->value = aslrt_copy(c->arena, c->value);
    return ASLRT_OK;
}

enum aslrt_status aslrt_value_copy(struct aslrt_arena *arena, struct aslrt_value value,
                                   struct aslrt_value *out)
{
    struct copying c = {arena, value};
    enum aslrt_status status = aslrt_protect(arena->memory, copy_protected, &c);
    *out = status == ASLRT_OK ? c.value : aslrt_undefined();
    return status;
}

struct aslrt_value aslrt_string_copy(struct aslrt_arena *arena, const char *bytes, size_t count)
{
    if ((uint64_t)count > UINT32_MAX)
        aslrt_escape(arena->memory, ASLRT_LIMIT);
    struct aslrt_value v = aslrt_string(bytes, (uint32_t)count);
    v.flags = aslrt_json_flags(bytes, count);
    copy_bytes(arena, &v);
    return v;
}

const char *aslrt_kind_name(struct aslrt_value value)
{
    static const char *const names[] = {
        [ASLRT_UNDEFINED] = "undefined", [ASLRT_NULL] = "null",     [ASLRT_BOOL] = "boolean",
        [ASLRT_INT] = "number",          [ASLRT_DOUBLE] = "number", [ASLRT_NUMBER] = "number",
        [ASLRT_STRING] = "string",       [ASLRT_ARRAY] = "array",   [ASLRT_OBJECT] = "object",
        [ASLRT_FUNCTION] = "function",
    };
    assert(value.kind < sizeof names / sizeof names[0]);
    return names[value.kind];
}
