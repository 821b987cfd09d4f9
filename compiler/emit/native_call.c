/*
 * native_call.c - calls of built-in functions as C: $exists, $not, $sum, $count, and $map, $filter
 * and $reduce of a function that is written where it is passed.
 *
 * The functions are printed in place: their parameters are variables of C.
 */
#include "compiler/emit/native_code.h"

static enum aslrt_builtin builtin_of(const struct code *c, const struct jsonata_node *call)
{
    const struct jsonata_node *p = call->procedure;
    if (p->kind != JSONATA_VARIABLE || p->place_count != 0 || p->function == 0 ||
        !native_is_plain(p))
        return ASLRT_BUILTIN_NONE;
    return aslrt_builtin_named(p->value, c->dialect);
}

/* A function whose body can be computed in place. */
static bool can_inline(struct code *c, const struct jsonata_node *f, uint32_t least)
{
    if (f->kind != JSONATA_LAMBDA || !native_is_plain(f) || f->signature != NULL ||
        f->count < least || f->count > NATIVE_PARAMETERS_MAX || f->scope == NULL ||
        f->scope->count != f->count || c->frame_count == NATIVE_FRAMES_MAX)
        return false;
    c->frames[c->frame_count++].scope = f->scope;
    bool result = native_can(c, f->body);
    c->frame_count--;
    return result;
}

bool native_can_call(struct code *c, const struct jsonata_node *e)
{
    if ((e->flags & JSONATA_TAIL) != 0 || e->count == 0)
        return false;
    switch (builtin_of(c, e)) {
    case ASLRT_BUILTIN_exists:
    case ASLRT_BUILTIN_not:
    case ASLRT_BUILTIN_sum:
    case ASLRT_BUILTIN_count:
        return e->count == 1 && native_can(c, e->items[0]);
    case ASLRT_BUILTIN_map:
    case ASLRT_BUILTIN_filter:
        return e->count == 2 && native_can(c, e->items[0]) && can_inline(c, e->items[1], 1);
    case ASLRT_BUILTIN_reduce:
        return e->count == 2 && native_can(c, e->items[0]) && can_inline(c, e->items[1], 2);
    default:
        return false;
    }
}

static uint32_t print_not(struct code *c, uint32_t argument)
{
    native_line(c, "if (v%u.kind == ASLRT_UNDEFINED)", /* $not of nothing is nothing */
                (unsigned)argument);
    native_line(c, "    return false;");
    uint32_t t = native_truth(c, argument), v = native_fresh(c);
    native_line(c, "struct aslrt_value v%u = aslrt_bool(!t%u);", (unsigned)v, (unsigned)t);
    return v;
}

static uint32_t print_sum(struct code *c, uint32_t argument)
{
    uint32_t v = native_fresh(c);
    native_line(c, "struct aslrt_value v%u;", (unsigned)v);
    native_line(c, "if (!aslrt_sum(v%u, &v%u))", (unsigned)argument, (unsigned)v);
    native_line(c, "    return false;");
    return v;
}

static uint32_t print_count(struct code *c, uint32_t argument)
{
    uint32_t v = native_fresh(c), n = native_fresh(c);
    native_line(c, "uint32_t n%u;", (unsigned)n);
    native_line(c, "(void)aslrt_each(&v%u, &n%u);", (unsigned)argument, (unsigned)n);
    native_line(c, "struct aslrt_value v%u = aslrt_double((double)n%u);", (unsigned)v, (unsigned)n);
    return v;
}

/* for (each item of an argument): gives the variable that holds the item; pN and iN walk. */
static uint32_t open_items(struct code *c, uint32_t argument)
{
    uint32_t item = native_fresh(c);
    c->loops = true;
    native_line(c, "uint32_t n%u;", (unsigned)item);
    native_line(c, "const struct aslrt_value *p%u = aslrt_each(&v%u, &n%u);", (unsigned)item,
                (unsigned)argument, (unsigned)item);
    native_line(c, "for (uint32_t i%u = 0; i%u < n%u; i%u++) {", (unsigned)item, (unsigned)item,
                (unsigned)item, (unsigned)item);
    c->indent++;
    native_line(c, "struct aslrt_value v%u = p%u[i%u];", (unsigned)item, (unsigned)item,
                (unsigned)item);
    native_line(c, "if (v%u.kind == ASLRT_ARRAY || steps-- == 0)", (unsigned)item);
    native_line(c, "    return false;");
    return item;
}

static uint32_t print_body(struct code *c, const struct jsonata_node *f, uint32_t first,
                           uint32_t second)
{
    struct native_frame *frame = &c->frames[c->frame_count++];
    *frame = (struct native_frame){f->scope, {first, second}};
    uint32_t v = native_print(c, f->body);
    c->frame_count--;
    return v;
}

/* $map and $filter: function(item) or function(item, index). */
static uint32_t print_each(struct code *c, const struct jsonata_node *e, uint32_t argument,
                           bool filter)
{
    const struct jsonata_node *f = e->items[1];
    uint32_t list = native_fresh(c), v = native_fresh(c), index = 0;
    native_line(c, "struct aslrt_found l%u = {0};", (unsigned)list);
    native_line(c, "{");
    c->indent++;
    uint32_t item = open_items(c, argument);
    if (f->count == 2) {
        index = native_fresh(c);
        native_line(c, "struct aslrt_value v%u = aslrt_double((double)i%u);", (unsigned)index,
                    (unsigned)item);
        native_line(c, "(void)v%u;", (unsigned)index);
    }
    uint32_t result = print_body(c, f, item, index);
    if (filter) {
        uint32_t t = native_truth(c, result);
        native_line(c, "if (t%u)", (unsigned)t);
        native_line(c, "    aslrt_found_add(view, &l%u, v%u);", (unsigned)list, (unsigned)item);
    } else {
        native_line(c, "if (v%u.kind == ASLRT_ARRAY)", (unsigned)result);
        native_line(c, "    return false;");
        native_line(c, "aslrt_found_add(view, &l%u, v%u);", (unsigned)list, (unsigned)result);
    }
    c->indent--;
    native_line(c, "}");
    c->indent--;
    native_line(c, "}");
    native_line(c, "struct aslrt_value v%u = aslrt_found_value(&l%u);", (unsigned)v,
                (unsigned)list);
    return v;
}

static uint32_t print_reduce(struct code *c, const struct jsonata_node *e, uint32_t argument)
{
    uint32_t v = native_fresh(c);
    native_line(c, "struct aslrt_value v%u = aslrt_undefined();", (unsigned)v);
    native_line(c, "{");
    c->indent++;
    uint32_t item = open_items(c, argument);
    native_line(c, "if (i%u == 0) {", (unsigned)item);
    native_line(c, "    v%u = v%u;", (unsigned)v, (unsigned)item);
    native_line(c, "    continue;");
    native_line(c, "}");
    uint32_t result = print_body(c, e->items[1], v, item);
    native_line(c, "if (v%u.kind == ASLRT_ARRAY)", (unsigned)result);
    native_line(c, "    return false;");
    native_line(c, "v%u = v%u;", (unsigned)v, (unsigned)result);
    c->indent--;
    native_line(c, "}");
    c->indent--;
    native_line(c, "}");
    return v;
}

uint32_t native_call(struct code *c, const struct jsonata_node *e)
{
    enum aslrt_builtin builtin = builtin_of(c, e);
    uint32_t argument = native_print(c, e->items[0]), v;
    switch (builtin) {
    case ASLRT_BUILTIN_not:
        return print_not(c, argument);
    case ASLRT_BUILTIN_sum:
        return print_sum(c, argument);
    case ASLRT_BUILTIN_count:
        return print_count(c, argument);
    case ASLRT_BUILTIN_map:
    case ASLRT_BUILTIN_filter:
        return print_each(c, e, argument, builtin == ASLRT_BUILTIN_filter);
    case ASLRT_BUILTIN_reduce:
        return print_reduce(c, e, argument);
    default:
        v = native_fresh(c);
        native_line(c, "struct aslrt_value v%u = aslrt_bool(v%u.kind != ASLRT_UNDEFINED);",
                    (unsigned)v, (unsigned)argument);
        return v;
    }
}
