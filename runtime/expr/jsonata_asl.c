/*
 * jsonata_asl.c - what Step Functions refuses in an expression before it ever runs.
 *
 * In: the resolved tree, the members of $states that exist where the expression stands.
 * Out: nothing, or the compilation ends with code "ASL" (the service's
 * UNSUPPORTED_JSONATA_EXPRESSION).
 *
 * An expression in a state has no context value of its own: names, `*`, `**`, `%` and `$` mean
 * something only inside of a path, a predicate or a function that gives them a context; `$$` never
 * does.
 */
#include "runtime/base/buffer.h"
#include "runtime/expr/jsonata_build.h"

struct check {
    struct jsonata_build *build;
    bool top; /* the context is the missing one */
};

static void check(struct check *k, const struct jsonata_node *n, bool top);

static _Noreturn void refuse(struct check *k, const struct jsonata_node *n, const char *format,
                             struct aslrt_value name)
{
    struct aslrt_buffer b = aslrt_buffer_in(k->build->arena);
    struct aslrt_fault f = aslrt_fault("ASL", n->at);
    const char *place = strstr(format, "%s");
    aslrt_buffer_put(&b, format, (size_t)(place - format));
    aslrt_buffer_put(&b, name.as.bytes, name.count);
    aslrt_buffer_text(&b, place + 2);
    f.message = aslrt_buffer_close(&b);
    f.token = name;
    aslrt_jsonata_reject(k->build, &f);
}

/* What reads the context value by itself, as it is written; undefined for anything else. */
static struct aslrt_value context_reader(const struct jsonata_node *n)
{
    switch (n->kind) {
    case JSONATA_NAME:
        return n->value;
    case JSONATA_WILDCARD:
    case JSONATA_DESCENDANT:
    case JSONATA_PARENT:
        return aslrt_jsonata_token(n);
    case JSONATA_VARIABLE:
        return n->value.count == 0 ? aslrt_text("$") : aslrt_undefined();
    default:
        return aslrt_undefined();
    }
}

static void check_states_member(struct check *k, const struct jsonata_node *member)
{
    static const struct {
        const char *name;
        unsigned bit;
    } members[] = {{"input", ASLRT_STATES_INPUT},
                   {"context", ASLRT_STATES_CONTEXT},
                   {"result", ASLRT_STATES_RESULT},
                   {"errorOutput", ASLRT_STATES_ERROR_OUTPUT}};
    if (member->kind != JSONATA_NAME)
        return;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (aslrt_is(member->value, members[i].name) && (k->build->states & members[i].bit))
            return;
    refuse(k, member, "Reference to '$states.%s' is not supported in this field.", member->value);
}

static bool is_states(const struct jsonata_node *n)
{
    return n->kind == JSONATA_VARIABLE && aslrt_is(n->value, "states");
}

static void check_path(struct check *k, const struct jsonata_node *n, bool top)
{
    check(k, n->items[0], top);
    for (uint32_t i = 1; i < n->count; i++)
        check(k, n->items[i], false);
    if (n->count > 1 && is_states(n->items[0]) && n->items[0]->extra == NULL)
        check_states_member(k, n->items[1]);
}

static void visit(void *data, struct jsonata_node *child)
{
    struct check *k = data;
    bool top = k->top;
    check(k, child, top);
    k->top = top;
}

static void check_children(struct check *k, const struct jsonata_node *n, bool top)
{
    bool before = k->top;
    k->top = top;
    aslrt_jsonata_children(n, visit, k);
    k->top = before;
}

/* A predicate, a sort term and a group see the items, not the context. */
static void check_extra(struct check *k, const struct jsonata_extra *x)
{
    for (uint32_t i = 0; i < x->stage_count; i++)
        if (x->stages[i].expr != NULL)
            check(k, x->stages[i].expr, false);
    if (x->group != NULL)
        check_children(k, x->group, false);
}

static void check(struct check *k, const struct jsonata_node *n, bool top)
{
    struct aslrt_value reader = top ? context_reader(n) : aslrt_undefined();
    if (reader.kind != ASLRT_UNDEFINED)
        refuse(k, n, "Reference to '%s' at the top level is not supported.", reader);
    if (n->kind == JSONATA_VARIABLE && aslrt_is(n->value, "$"))
        refuse(k, n, "Reference to '%s' is not supported.", aslrt_text("$$"));
    if (n->kind == JSONATA_BIND && is_states(n->lhs))
        refuse(k, n, "The variable '%s' is reserved and can't be assigned.", aslrt_text("$states"));
    struct jsonata_node plain = *n;
    plain.extra = NULL;
    switch (n->kind) {
    case JSONATA_PATH:
        check_path(k, n, top);
        break;
    case JSONATA_TRANSFORM:
    case JSONATA_SORT:
        check_children(k, &plain, false);
        break;
    case JSONATA_LAMBDA: /* its parameters are no references */
        check(k, n->body, top);
        break;
    case JSONATA_BIND:
        check(k, n->rhs, top);
        break;
    default:
        check_children(k, &plain, top);
        break;
    }
    if (n->extra != NULL)
        check_extra(k, n->extra);
}

void aslrt_jsonata_check_asl(struct jsonata_build *b)
{
    struct check k = {b, true};
    check(&k, b->program->root, true);
}
