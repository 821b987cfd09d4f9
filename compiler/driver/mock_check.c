/*
 * mock_check.c - see mock_check.h.
 *
 * The walk goes down as far as both the model and the result go; members that the model doesn't
 * know pass.  Recursion is bounded by the depth of the result, which the reader bounded.
 */
#include "compiler/driver/mock_check.h"
#include "catalog/shapes.h"
#include "runtime/base/buffer.h"

#include <math.h>

struct check {
    struct aslrt_arena *arena;
    bool strict;
};

static const char *wrong(const struct check *c, const char *name, const char *rule)
{
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_buffer_format(&b, "Mock result schema validation error: Field '%s' %s", name, rule);
    return aslrt_buffer_close(&b);
}

static const char *check_value(const struct check *c, const struct catalog_shape *s,
                               const char *name, struct aslrt_value v);

static const char *check_number(const struct check *c, const struct catalog_shape *s,
                                const char *name, struct aslrt_value v)
{
    if (!aslrt_is_number(v))
        return wrong(c, name, "must be a number");
    double number = aslrt_to_double(v);
    return number < s->low    ? wrong(c, name, "is less than the minimum value")
           : number > s->high ? wrong(c, name, "exceeds the maximum value")
                              : NULL;
}

static const char *check_string(const struct check *c, const struct catalog_shape *s,
                                const char *name, struct aslrt_value v)
{
    if (v.kind != ASLRT_STRING)
        return wrong(c, name, "must be a string");
    if (v.count < s->low)
        return wrong(c, name, "is smaller than the minimum length");
    if (v.count > s->high)
        return wrong(c, name, "exceeds the maximum length");
    for (uint32_t i = 0; i < s->word_count; i++)
        if (aslrt_is(v, catalog_words[s->first_word + i]))
            return NULL;
    return s->word_count == 0 ? NULL : wrong(c, name, "is not an expected value");
}

static const char *check_array(const struct check *c, const struct catalog_shape *s,
                               const char *name, struct aslrt_value v)
{
    if (v.kind != ASLRT_ARRAY)
        return wrong(c, name, "must be an array");
    const char *why = NULL;
    for (uint32_t i = 0; i < v.count && why == NULL; i++)
        why = check_value(c, &catalog_shapes[s->element], name, v.as.items[i]);
    return why;
}

static const char *check_map(const struct check *c, const struct catalog_shape *s, const char *name,
                             struct aslrt_value v)
{
    if (v.kind != ASLRT_OBJECT)
        return wrong(c, name, "must be an object");
    const char *why = NULL;
    for (uint32_t i = 0; i < v.count && why == NULL; i++)
        why = check_value(c, &catalog_shapes[s->element], name, v.as.members[i].value);
    return why;
}

static const char *check_members(const struct check *c, const struct catalog_shape *s,
                                 struct aslrt_value v)
{
    for (uint32_t i = 0; i < s->member_count; i++) {
        const struct catalog_member *m = &catalog_members[s->first_member + i];
        struct aslrt_value value = aslrt_field(v, m->name);
        if (value.kind == ASLRT_UNDEFINED && m->required && c->strict) {
            struct aslrt_buffer b = aslrt_buffer_in(c->arena);
            aslrt_buffer_format(
                &b, "Mock result schema validation error: Required field '%s' is missing", m->name);
            return aslrt_buffer_close(&b);
        }
        const char *why = value.kind == ASLRT_UNDEFINED || value.kind == ASLRT_NULL
                              ? NULL
                              : check_value(c, &catalog_shapes[m->shape], m->name, value);
        if (why != NULL)
            return why;
    }
    return NULL;
}

static const char *check_value(const struct check *c, const struct catalog_shape *s,
                               const char *name, struct aslrt_value v)
{
    switch (s->kind) {
    case CATALOG_SHAPE_NUMBER:
        return check_number(c, s, name, v);
    case CATALOG_SHAPE_BOOLEAN:
        return v.kind == ASLRT_BOOL ? NULL : wrong(c, name, "must be a boolean");
    case CATALOG_SHAPE_STRING:
        return check_string(c, s, name, v);
    case CATALOG_SHAPE_ARRAY:
        return check_array(c, s, name, v);
    case CATALOG_SHAPE_MAP:
        return check_map(c, s, name, v);
    case CATALOG_SHAPE_OBJECT:
        break;
    }
    return v.kind == ASLRT_OBJECT ? check_members(c, s, v) : wrong(c, name, "must be an object");
}

/* The optimised integration of Lambda gives the payload as the value that it is. */
static bool has_free_payload(const char *service, const char *action, bool sdk)
{
    return !sdk && strcmp(service, "lambda") == 0 && strcmp(action, "invoke") == 0;
}

static struct aslrt_value without_payload(struct aslrt_arena *arena, struct aslrt_value result)
{
    struct aslrt_member *members = ASLRT_NEW_ARRAY(arena, struct aslrt_member, result.count + 1u);
    uint32_t count = 0;
    for (uint32_t i = 0; i < result.count; i++)
        if (!aslrt_is(result.as.members[i].key, "Payload"))
            members[count++] = result.as.members[i];
    return aslrt_object(members, count);
}

const char *mock_check(struct aslrt_arena *arena, const char *service, const char *action, bool sdk,
                       bool strict, struct aslrt_value result)
{
    const struct catalog_shape *s =
        service != NULL && action != NULL ? catalog_answer(service, action, sdk) : NULL;
    struct check c = {arena, strict};
    if (s == NULL)
        return NULL;
    if (result.kind != ASLRT_OBJECT)
        return "Mocked result must be a JSON object.";
    if (has_free_payload(service, action, sdk))
        result = without_payload(arena, result);
    return check_members(&c, s, result);
}
