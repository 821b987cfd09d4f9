/*
 * native_path.c - variables and paths as loops of C.
 *
 * A path is printed as one nest of loops: each step goes over the items that the one before has
 * found, and the last one puts them into a list, which becomes the path's value by the rules of
 * sequences (aslrt_found_value).  Steps are names, with indexes or predicates behind them, and
 * expressions in parentheses or object constructors; an array inside of an array, which a step
 * would have to walk through, is left to the evaluator.
 */
#include "compiler/emit/native_code.h"

#include <math.h>

/* ---- variables ---- */

/* The slot of a variable as the state sees it, or in the expression's own list; -1: none. */
static int64_t slot_of(const struct code *c, struct aslrt_value name)
{
    if (c->program != NULL) {
        const struct aslrt_value *names;
        uint32_t count = aslrt_jsonata_variables(c->program, &names);
        for (uint32_t i = 0; i < count; i++)
            if (aslrt_equal(name, names[i]))
                return i;
        return -1;
    }
    const struct aslrt_machine *m = c->n->machine;
    uint32_t scope = m->states[c->state].scope;
    while (scope != ASLRT_NONE) {
        const struct aslrt_scope *s = &m->scopes[scope];
        for (uint32_t i = 0; i < s->variables.count; i++)
            if (aslrt_is(name, m->names[s->variables.first + i]))
                return s->variables_before + i;
        if (s->variables_before == 0)
            break;
        scope = m->states[s->owner].scope;
    }
    return -1;
}

/* The frame and slot of a function's parameter, or NULL. */
static const uint32_t *parameter(const struct code *c, const struct jsonata_node *e)
{
    if (e->place_count == 0 || e->places[0].hops >= c->frame_count)
        return NULL;
    const struct native_frame *f = &c->frames[c->frame_count - 1 - e->places[0].hops];
    return e->places[0].slot < f->scope->parameters ? &f->values[e->places[0].slot] : NULL;
}

static bool is_context(const struct jsonata_node *e)
{
    return e->value.count == 0;
}

/* A variable that is bound outside of the expression, and is no built-in function. */
static bool is_outer(const struct code *c, const struct jsonata_node *e)
{
    return e->place_count == 0 && e->function == 0 && e->global != 0 && !is_context(e) &&
           !aslrt_is(e->value, "$") && slot_of(c, e->value) >= 0;
}

bool native_can_variable(struct code *c, const struct jsonata_node *e)
{
    if (e->kind != JSONATA_VARIABLE || !native_is_plain(e))
        return false;
    if (is_context(e))
        return c->has_context;
    return parameter(c, e) != NULL || is_outer(c, e);
}

uint32_t native_variable(struct code *c, const struct jsonata_node *e)
{
    const uint32_t *value = parameter(c, e);
    if (is_context(e))
        return c->context;
    if (value != NULL)
        return *value;
    uint32_t v = native_fresh(c);
    native_line(c, "struct aslrt_value v%u = view->variables[%u];", (unsigned)v,
                (unsigned)slot_of(c, e->value));
    return v;
}

/* ---- what can be printed ---- */

static bool is_states(const struct code *c, const struct jsonata_node *e)
{
    return c->program == NULL && e->kind == JSONATA_VARIABLE && native_is_plain(e) &&
           e->place_count == 0 && aslrt_is(e->value, "states");
}

/* The field of the view for a member of $states, or NULL. */
static const char *states_member(struct aslrt_value name)
{
    if (aslrt_is(name, "input"))
        return "input";
    if (aslrt_is(name, "result"))
        return "result";
    return aslrt_is(name, "errorOutput") ? "error_output" : NULL;
}

/* Like native_can, with `$` as one item of something. */
static bool can_in_item(struct code *c, const struct jsonata_node *e)
{
    bool before = c->has_context;
    c->has_context = true;
    bool result = native_can(c, e);
    c->has_context = before;
    return result;
}

/* One index, or predicates; an index behind a predicate would need its results counted first. */
static bool can_stages(struct code *c, const struct jsonata_node *step)
{
    const struct jsonata_extra *x = step->extra;
    if (x == NULL)
        return true;
    if (x->predicate || x->group != NULL || x->focus.kind != ASLRT_UNDEFINED ||
        x->index.kind != ASLRT_UNDEFINED || x->ancestor != NULL || x->scope != NULL)
        return false;
    for (uint32_t i = 0; i < x->stage_count; i++) {
        const struct jsonata_node *p = x->stages[i].expr;
        if (x->stages[i].kind != JSONATA_STAGE_FILTER)
            return false;
        if (p->kind == JSONATA_NUMBER) {
            if (x->stage_count != 1 || !native_is_plain(p) || fabs(p->value.as.real) > 1e9)
                return false;
        } else if (!can_in_item(c, p)) {
            return false;
        }
    }
    return true;
}

static bool can_step(struct code *c, const struct jsonata_node *step)
{
    if ((step->flags &
         (JSONATA_KEEP_ARRAY | JSONATA_KEEP_SINGLETON | JSONATA_TUPLE | JSONATA_CONS)) != 0 ||
        !can_stages(c, step))
        return false;
    if (step->kind == JSONATA_NAME)
        return true;
    return (step->kind == JSONATA_BLOCK || step->kind == JSONATA_OBJECT) && step->extra == NULL &&
           can_in_item(c, step);
}

/* An array constructor in parentheses makes an array that paths don't flatten. */
static bool may_construct_array(const struct jsonata_node *e)
{
    switch ((enum jsonata_kind)e->kind) {
    case JSONATA_BLOCK:
        return may_construct_array(e->items[0]);
    case JSONATA_CONDITION:
        return may_construct_array(e->then) ||
               (e->otherwise != NULL && may_construct_array(e->otherwise));
    case JSONATA_PATH:
        return may_construct_array(e->items[e->count - 1]);
    case JSONATA_NUMBER:
    case JSONATA_STRING:
    case JSONATA_CONSTANT:
    case JSONATA_NAME:
    case JSONATA_BINARY:
    case JSONATA_OBJECT:
    case JSONATA_VARIABLE: /* JSON, or an item */
    case JSONATA_CALL:     /* none of those that are printed gives one */
        return false;
    default:
        return true;
    }
}

bool native_can_path(struct code *c, const struct jsonata_node *e)
{
    uint32_t i = 1;
    if (!native_is_plain(e))
        return false;
    if (is_states(c, e->items[0])) {
        if (e->count < 2 || states_member(e->items[1]->value) == NULL ||
            e->items[1]->kind != JSONATA_NAME || !can_stages(c, e->items[1]))
            return false;
        i = 2;
    } else if (e->items[0]->kind == JSONATA_VARIABLE) {
        if (!native_can_variable(c, e->items[0]))
            return false;
    } else if (c->has_context) {
        i = 0;
    } else {
        return false;
    }
    for (; i < e->count; i++)
        if (!can_step(c, e->items[i]) ||
            (e->items[i]->kind == JSONATA_BLOCK && may_construct_array(e->items[i])))
            return false;
    return true;
}

/* ---- printing ---- */

static void open_loop(struct code *c, const char *each, uint32_t value, uint32_t item)
{
    c->loops = true;
    native_line(c, "uint32_t n%u;", (unsigned)item);
    native_line(c, "const struct aslrt_value *p%u = %s(&v%u, &n%u);", (unsigned)item, each,
                (unsigned)value, (unsigned)item);
    native_line(c, "for (; n%u != 0; n%u--, p%u++) {", (unsigned)item, (unsigned)item,
                (unsigned)item);
    c->indent++;
    native_line(c, "struct aslrt_value v%u = *p%u;", (unsigned)item, (unsigned)item);
    native_line(c, "if (v%u.kind == ASLRT_ARRAY || steps-- == 0)", (unsigned)item);
    native_line(c, "    return false;");
}

static void close_loop(struct code *c)
{
    c->indent--;
    native_line(c, "}");
}

static void print_steps(struct code *c, const struct jsonata_node *e, uint32_t i, uint32_t value,
                        uint32_t list);

/* The predicates of a step from `stage` on, then the rest of the path; `item` is one item. */
static void print_predicates(struct code *c, const struct jsonata_node *e, uint32_t i,
                             uint32_t stage, uint32_t item, uint32_t list)
{
    const struct jsonata_extra *x = e->items[i]->extra;
    if (stage == x->stage_count) {
        if (i + 1 == e->count)
            native_line(c, "aslrt_found_add(view, &l%u, v%u);", (unsigned)list, (unsigned)item);
        else
            print_steps(c, e, i + 1, item, list);
        return;
    }
    uint32_t context = c->context, k = native_fresh(c);
    bool has_context = c->has_context;
    c->context = item;
    c->has_context = true;
    uint32_t answer = native_print(c, x->stages[stage].expr);
    c->context = context;
    c->has_context = has_context;
    native_line(c, "bool t%u;", (unsigned)k);
    native_line(c, "if (!aslrt_keeps(v%u, v%u, &t%u))", (unsigned)answer, (unsigned)item,
                (unsigned)k);
    native_line(c, "    return false;");
    native_line(c, "if (t%u) {", (unsigned)k);
    c->indent++;
    print_predicates(c, e, i, stage + 1, item, list);
    close_loop(c);
}

/* What follows a step that has given `value`: its stages, and the next steps over its items. */
static void print_after(struct code *c, const struct jsonata_node *e, uint32_t i, uint32_t value,
                        uint32_t list)
{
    const struct jsonata_extra *x = e->items[i]->extra;
    bool last = i + 1 == e->count;
    if (x != NULL && x->stage_count != 0 && x->stages[0].expr->kind != JSONATA_NUMBER) {
        uint32_t item = native_fresh(c);
        open_loop(c, "aslrt_each_one", value, item);
        print_predicates(c, e, i, 0, item, list);
        close_loop(c);
        return;
    }
    if (x != NULL && x->stage_count != 0) {
        native_line(c, "v%u = aslrt_at(v%u, %.0f);", (unsigned)value, (unsigned)value,
                    floor(x->stages[0].expr->value.as.real));
        if (last) {
            native_line(c, "if (v%u.kind == ASLRT_UNDEFINED)", (unsigned)value);
            native_line(c, "    aslrt_found_empty(&l%u);", (unsigned)list);
        }
    }
    if (last) {
        native_line(c, "aslrt_found_add(view, &l%u, v%u);", (unsigned)list, (unsigned)value);
        return;
    }
    uint32_t item = native_fresh(c);
    open_loop(c, "aslrt_each", value, item);
    print_steps(c, e, i + 1, item, list);
    close_loop(c);
}

/* Steps from the i-th on, over one item. */
static void print_steps(struct code *c, const struct jsonata_node *e, uint32_t i, uint32_t item,
                        uint32_t list)
{
    const struct jsonata_node *step = e->items[i];
    uint32_t v;
    if (step->kind == JSONATA_NAME) {
        v = native_fresh(c);
        native_start_line(c);
        aslrt_buffer_format(c->out, "struct aslrt_value v%u = aslrt_child(v%u, ", (unsigned)v,
                            (unsigned)item);
        native_name(c, step->value);
        aslrt_buffer_text(c->out, ");\n");
    } else {
        uint32_t context = c->context;
        bool has_context = c->has_context;
        c->context = item;
        c->has_context = true;
        v = native_print(c, step);
        c->context = context;
        c->has_context = has_context;
    }
    print_after(c, e, i, v, list);
}

/* Names behind a variable of a machine: one member after the other.  Arrays are seldom there; the
   evaluator goes over them. */
static bool is_chain(const struct code *c, const struct jsonata_node *e)
{
    for (uint32_t i = 1; i < e->count; i++)
        if (e->items[i]->kind != JSONATA_NAME || e->items[i]->extra != NULL)
            return false;
    return c->program == NULL && e->items[0]->kind == JSONATA_VARIABLE &&
           e->items[0]->place_count == 0 && !is_context(e->items[0]);
}

static uint32_t print_chain(struct code *c, const struct jsonata_node *e)
{
    bool states = is_states(c, e->items[0]);
    uint32_t v = native_fresh(c);
    if (states)
        native_line(c, "struct aslrt_value v%u = view->%s;", (unsigned)v,
                    states_member(e->items[1]->value));
    else
        native_line(c, "struct aslrt_value v%u = view->variables[%u];", (unsigned)v,
                    (unsigned)slot_of(c, e->items[0]->value));
    for (uint32_t i = states ? 2 : 1; i < e->count; i++) {
        native_start_line(c);
        aslrt_buffer_format(c->out, "if (!aslrt_into(&v%u, ", (unsigned)v);
        native_name(c, e->items[i]->value);
        aslrt_buffer_text(c->out, "))\n");
        native_line(c, "    return false;");
    }
    return v;
}

uint32_t native_path(struct code *c, const struct jsonata_node *e)
{
    if (is_chain(c, e))
        return print_chain(c, e);
    uint32_t list = native_fresh(c), v = native_fresh(c);
    native_line(c, "struct aslrt_found l%u = {0};", (unsigned)list);
    native_line(c, "{");
    c->indent++;
    if (is_states(c, e->items[0])) {
        uint32_t member = native_fresh(c);
        native_line(c, "struct aslrt_value v%u = view->%s;", (unsigned)member,
                    states_member(e->items[1]->value));
        print_after(c, e, 1, member, list);
    } else if (e->items[0]->kind == JSONATA_VARIABLE) {
        uint32_t variable = native_variable(c, e->items[0]);
        print_after(c, e, 0, variable, list);
    } else {
        print_steps(c, e, 0, c->context, list);
    }
    close_loop(c);
    native_line(c, "struct aslrt_value v%u = aslrt_found_value(&l%u);", (unsigned)v,
                (unsigned)list);
    return v;
}
