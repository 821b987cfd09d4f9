/*
 * jnode.c - building and asking JSON trees; see jnode.h.
 */
#include "compiler/base/jnode.h"
#include "compiler/base/grow.h"
#include "runtime/base/buffer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

static struct jnode *make(struct aslrt_arena *arena, enum jkind kind, struct span at)
{
    struct jnode *n = ASLRT_NEW(arena, struct jnode);
    n->kind = kind;
    n->span = at;
    return n;
}

static struct jnode *make_text(struct aslrt_arena *arena, enum jkind kind, struct span at,
                               const char *text, size_t count)
{
    struct jnode *n = make(arena, kind, at);
    n->text = aslrt_copy_text(arena, text, count);
    n->count = (uint32_t)count;
    return n;
}

struct jnode *jnode_null(struct aslrt_arena *arena, struct span at)
{
    return make(arena, J_NULL, at);
}

struct jnode *jnode_bool(struct aslrt_arena *arena, struct span at, bool value)
{
    struct jnode *n = make(arena, J_BOOL, at);
    n->boolean = value;
    return n;
}

struct jnode *jnode_int(struct aslrt_arena *arena, struct span at, int64_t value)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRId64, value);
    return make_text(arena, J_NUMBER, at, text, (size_t)n);
}

struct jnode *jnode_number(struct aslrt_arena *arena, struct span at, const char *text)
{
    return make_text(arena, J_NUMBER, at, text, strlen(text));
}

struct jnode *jnode_string(struct aslrt_arena *arena, struct span at, const char *text)
{
    return make_text(arena, J_STRING, at, text, strlen(text));
}

struct jnode *jnode_string_n(struct aslrt_arena *arena, struct span at, const char *text, size_t n)
{
    return make_text(arena, J_STRING, at, text, n);
}

struct jnode *jnode_format(struct aslrt_arena *arena, struct span at, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    struct jnode *n = make(arena, J_STRING, at);
    n->text = aslrt_buffer_close(&b);
    n->count = (uint32_t)b.count;
    return n;
}

struct jnode *jnode_array(struct aslrt_arena *arena, struct span at)
{
    return make(arena, J_ARRAY, at);
}

struct jnode *jnode_object(struct aslrt_arena *arena, struct span at)
{
    return make(arena, J_OBJECT, at);
}

void jnode_add(struct aslrt_arena *arena, struct jnode *array, struct jnode *item)
{
    assert(array->kind == J_ARRAY);
    *GROW(arena, array->items, array->count) = item;
}

struct jmember *jnode_append(struct aslrt_arena *arena, struct jnode *object)
{
    assert(object->kind == J_OBJECT);
    return GROW(arena, object->members, object->count);
}

void jnode_set(struct aslrt_arena *arena, struct jnode *object, const char *key,
               struct jnode *value)
{
    size_t n = strlen(key);
    *jnode_append(arena, object) = (struct jmember){.key = aslrt_copy_text(arena, key, n),
                                                    .key_count = (uint32_t)n,
                                                    .key_span = value->span,
                                                    .value = value};
}

const struct jmember *jnode_member(const struct jnode *object, const char *key)
{
    if (!jnode_is(object, J_OBJECT))
        return NULL;
    size_t n = strlen(key);
    for (uint32_t i = 0; i < object->count; i++) {
        const struct jmember *m = &object->members[i];
        if (m->key_count == n && memcmp(m->key, key, n) == 0)
            return m;
    }
    return NULL;
}

struct jnode *jnode_get(const struct jnode *object, const char *key)
{
    const struct jmember *m = jnode_member(object, key);
    return m == NULL ? NULL : m->value;
}

bool jnode_is_opaque(const struct jnode *n)
{
    if (n->kind == J_STRING)
        return strncmp(n->text, "${", 2) == 0 && strchr(n->text, '}') == n->text + n->count - 1;
    if (n->kind != J_OBJECT)
        return n->kind == J_PLACEHOLDER;
    return n->count == 1 &&
           (strcmp(n->members[0].key, "Ref") == 0 || strncmp(n->members[0].key, "Fn::", 4) == 0);
}

bool jnode_is_jsonata(const struct jnode *n)
{
    return jnode_is(n, J_STRING) && n->count >= 4 && memcmp(n->text, "{%", 2) == 0 &&
           memcmp(n->text + n->count - 2, "%}", 2) == 0;
}
