/*
 * native_expr.c - payloads as straight-line C functions.
 *
 * In: the nodes of a table, their expressions parsed.  Out: one static function for each payload,
 * or each expression of a larger one, that consists of constant paths, comparisons, boolean logic,
 * arithmetic, text building, conditionals, $exists, $not, and objects and arrays of these.
 * The function computes what the evaluator would, for values of the common kinds; everything else
 * (arrays on a path, missing results, wrong types) makes it return false, and the evaluator speaks.
 * Printing keeps to one rule: a statement puts a value into a fresh variable vN, whose number is
 * given back.  What depends on a condition stands in a nested block, so nothing is computed in
 * vain.
 */
#include "compiler/emit/native_print.h"
#include "runtime/base/limits.h"
#include "runtime/expr/builtins.h"
#include "runtime/expr/jsonata_ast.h"

enum { HEIGHT_MAX = 40 }; /* well below the depth that the service allows an expression */

struct code {
    struct native *n;
    struct aslrt_buffer *out;
    uint32_t state;  /* whose variables are in scope */
    uint32_t values; /* v0, v1, ... */
    uint32_t indent;
};

static void line(struct code *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void start_line(struct code *c)
{
    for (uint32_t i = 0; i < c->indent; i++)
        aslrt_buffer_text(c->out, "    ");
}

static void line(struct code *c, const char *format, ...)
{
    va_list args;
    start_line(c);
    va_start(args, format);
    aslrt_buffer_vformat(c->out, format, args);
    va_end(args);
    aslrt_buffer_char(c->out, '\n');
}

static uint32_t fresh(struct code *c)
{
    return c->values++;
}

/* ---- what can be computed ---- */

static bool can(const struct code *c, const struct jsonata_node *e);

/* Stages, grouping, bindings of a step: not here. */
static bool is_plain(const struct jsonata_node *e)
{
    return e->extra == NULL && (e->flags & (JSONATA_KEEP_ARRAY | JSONATA_KEEP_SINGLETON |
                                            JSONATA_TUPLE | JSONATA_CONS)) == 0;
}

static bool all_can(const struct code *c, struct jsonata_node *const *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!can(c, items[i]))
            return false;
    return true;
}

/* The slot of a variable as the state sees it; -1: no such variable. */
static int64_t slot_of(const struct code *c, struct aslrt_value name)
{
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

/* A variable of the machine: not bound in the expression, not a built-in function. */
static bool is_machine_variable(const struct code *c, const struct jsonata_node *e)
{
    return e->kind == JSONATA_VARIABLE && is_plain(e) && e->place_count == 0 && e->function == 0 &&
           e->global != 0 && slot_of(c, e->value) >= 0;
}

static bool is_states(const struct jsonata_node *e)
{
    return e->kind == JSONATA_VARIABLE && is_plain(e) && e->place_count == 0 &&
           aslrt_is(e->value, "states");
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

static bool can_path(const struct code *c, const struct jsonata_node *e)
{
    for (uint32_t i = 1; i < e->count; i++)
        if (e->items[i]->kind != JSONATA_NAME || !is_plain(e->items[i]))
            return false;
    if (is_states(e->items[0]))
        return e->count >= 2 && states_member(e->items[1]->value) != NULL;
    return is_machine_variable(c, e->items[0]);
}

/* "1", "42": JavaScript puts such keys first, so their order isn't the written one. */
static bool looks_like_index(struct aslrt_value key)
{
    for (uint32_t i = 0; i < key.count; i++)
        if (key.as.bytes[i] < '0' || key.as.bytes[i] > '9')
            return false;
    return key.count != 0;
}

static bool can_object(const struct code *c, const struct jsonata_node *e)
{
    if (e->count / 2 >= ASLRT_INDEX_MIN)
        return false;
    for (uint32_t i = 0; i < e->count; i += 2) {
        const struct jsonata_node *key = e->items[i];
        if (key->kind != JSONATA_STRING || !is_plain(key) || looks_like_index(key->value) ||
            !can(c, e->items[i + 1]))
            return false;
        for (uint32_t k = 0; k < i; k += 2)
            if (aslrt_equal(key->value, e->items[k]->value))
                return false;
    }
    return true;
}

static bool can_binary(const struct code *c, const struct jsonata_node *e)
{
    switch ((enum jsonata_op)e->op) {
    case JSONATA_RANGE:
    case JSONATA_REMAINDER:
        return false;
    case JSONATA_IN:
        for (uint32_t i = 0; i < e->rhs->count && e->rhs->kind == JSONATA_ARRAY; i++)
            if (e->rhs->items[i]->kind != JSONATA_STRING || !is_plain(e->rhs->items[i]))
                return false;
        return e->rhs->kind == JSONATA_ARRAY && is_plain(e->rhs) && can(c, e->lhs);
    default:
        return can(c, e->lhs) && can(c, e->rhs);
    }
}

static enum aslrt_builtin builtin_of(const struct jsonata_node *call)
{
    const struct jsonata_node *p = call->procedure;
    if (p->kind != JSONATA_VARIABLE || p->place_count != 0 || p->function == 0 || !is_plain(p))
        return ASLRT_BUILTIN_NONE;
    return aslrt_builtin_named(p->value, ASLRT_JSONATA_ASL);
}

static bool can_call(const struct code *c, const struct jsonata_node *e)
{
    enum aslrt_builtin b = builtin_of(e);
    return (b == ASLRT_BUILTIN_exists || b == ASLRT_BUILTIN_not) && e->count == 1 &&
           (e->flags & JSONATA_TAIL) == 0 && can(c, e->items[0]);
}

static bool can(const struct code *c, const struct jsonata_node *e)
{
    if (!is_plain(e))
        return false;
    switch ((enum jsonata_kind)e->kind) {
    case JSONATA_NUMBER:
    case JSONATA_STRING:
    case JSONATA_CONSTANT:
        return true;
    case JSONATA_VARIABLE:
        return is_machine_variable(c, e);
    case JSONATA_PATH:
        return can_path(c, e);
    case JSONATA_BINARY:
        return can_binary(c, e);
    case JSONATA_CONDITION:
        return can(c, e->condition) && can(c, e->then) &&
               (e->otherwise == NULL || can(c, e->otherwise));
    case JSONATA_BLOCK:
        return e->count == 1 && e->scope == NULL && can(c, e->items[0]);
    case JSONATA_ARRAY:
        return all_can(c, e->items, e->count);
    case JSONATA_OBJECT:
        return can_object(c, e);
    case JSONATA_CALL:
        return can_call(c, e);
    default:
        return false;
    }
}

/* ---- printing ---- */

static uint32_t print(struct code *c, const struct jsonata_node *e);

static void print_text(struct code *c, struct aslrt_value text)
{
    aslrt_buffer_text(c->out, "aslrt_string(");
    native_string(c->out, text.as.bytes, text.count);
    aslrt_buffer_format(c->out, ", %u)", (unsigned)text.count);
}

/* struct aslrt_value vN = constant; */
static uint32_t print_constant(struct code *c, struct aslrt_value value)
{
    uint32_t v = fresh(c);
    start_line(c);
    aslrt_buffer_format(c->out, "struct aslrt_value v%u = ", (unsigned)v);
    if (value.kind == ASLRT_STRING)
        print_text(c, value);
    else if (value.kind == ASLRT_BOOL)
        aslrt_buffer_format(c->out, "aslrt_bool(%s)", value.as.boolean ? "true" : "false");
    else if (value.kind == ASLRT_NULL)
        aslrt_buffer_text(c->out, "aslrt_null()");
    else
        aslrt_buffer_format(c->out, "aslrt_double(%.17g)", aslrt_to_double(value));
    aslrt_buffer_text(c->out, ";\n");
    return v;
}

static uint32_t print_path(struct code *c, const struct jsonata_node *e)
{
    bool states = is_states(e->items[0]);
    uint32_t v = fresh(c);
    if (states)
        line(c, "struct aslrt_value v%u = view->%s;", (unsigned)v,
             states_member(e->items[1]->value));
    else
        line(c, "struct aslrt_value v%u = view->variables[%u];", (unsigned)v,
             (unsigned)slot_of(c, e->items[0]->value));
    for (uint32_t i = states ? 2 : 1; i < e->count; i++) {
        struct aslrt_value name = e->items[i]->value;
        start_line(c);
        aslrt_buffer_format(c->out, "if (!aslrt_into(&v%u, ", (unsigned)v);
        native_string(c->out, name.as.bytes, name.count);
        aslrt_buffer_format(c->out, ", %u))\n", (unsigned)name.count);
        line(c, "    return false;");
    }
    return v;
}

static uint32_t print_same(struct code *c, uint32_t a, uint32_t b, bool wanted)
{
    uint32_t t = fresh(c), v = fresh(c);
    line(c, "bool t%u;", (unsigned)t);
    line(c, "if (!aslrt_same(v%u, v%u, &t%u))", (unsigned)a, (unsigned)b, (unsigned)t);
    line(c, "    return false;");
    if (wanted)
        line(c, "struct aslrt_value v%u = aslrt_bool(t%u);", (unsigned)v, (unsigned)t);
    else /* a != b is false, too, where one is missing */
        line(c,
             "struct aslrt_value v%u = aslrt_bool(!t%u && v%u.kind != ASLRT_UNDEFINED && v%u.kind "
             "!= ASLRT_UNDEFINED);",
             (unsigned)v, (unsigned)t, (unsigned)a, (unsigned)b);
    return v;
}

static void need_numbers(struct code *c, uint32_t a, uint32_t b)
{
    line(c, "if (!aslrt_is_number(v%u) || !aslrt_is_number(v%u))", (unsigned)a, (unsigned)b);
    line(c, "    return false;");
}

static uint32_t print_order(struct code *c, uint32_t a, uint32_t b, const char *sign)
{
    uint32_t v = fresh(c);
    need_numbers(c, a, b);
    line(c, "struct aslrt_value v%u = aslrt_bool(aslrt_to_double(v%u) %s aslrt_to_double(v%u));",
         (unsigned)v, (unsigned)a, sign, (unsigned)b);
    return v;
}

static uint32_t print_arithmetic(struct code *c, uint32_t a, uint32_t b, const char *sign)
{
    uint32_t v = fresh(c);
    need_numbers(c, a, b);
    line(c, "struct aslrt_value v%u;", (unsigned)v);
    line(c, "if (!aslrt_finite(aslrt_to_double(v%u) %s aslrt_to_double(v%u), &v%u))", (unsigned)a,
         sign, (unsigned)b, (unsigned)v);
    line(c, "    return false;");
    return v;
}

/* A boolean variable tN that is the truth of a value. */
static uint32_t print_truth(struct code *c, uint32_t value)
{
    uint32_t t = fresh(c);
    line(c, "bool t%u;", (unsigned)t);
    line(c, "if (!aslrt_truth(v%u, &t%u))", (unsigned)value, (unsigned)t);
    line(c, "    return false;");
    return t;
}

/* The right side is computed only where the left one does not decide. */
static uint32_t print_logic(struct code *c, const struct jsonata_node *e, bool is_and)
{
    uint32_t t = print_truth(c, print(c, e->lhs));
    uint32_t v = fresh(c);
    line(c, "if (%st%u) {", is_and ? "" : "!", (unsigned)t);
    c->indent++;
    uint32_t right = print_truth(c, print(c, e->rhs));
    line(c, "t%u = t%u;", (unsigned)t, (unsigned)right);
    c->indent--;
    line(c, "}");
    line(c, "struct aslrt_value v%u = aslrt_bool(t%u);", (unsigned)v, (unsigned)t);
    return v;
}

/* a & b & c is one text, not two: prints its parts and gives their number. */
static uint32_t print_parts(struct code *c, const struct jsonata_node *e, uint32_t *values,
                            uint32_t count)
{
    if (e->kind == JSONATA_BINARY && e->op == JSONATA_CONCAT) {
        count = print_parts(c, e->lhs, values, count);
        return print_parts(c, e->rhs, values, count);
    }
    values[count] = print(c, e);
    return count + 1;
}

static uint32_t count_parts(const struct jsonata_node *e)
{
    return e->kind == JSONATA_BINARY && e->op == JSONATA_CONCAT
               ? count_parts(e->lhs) + count_parts(e->rhs)
               : 1;
}

static uint32_t print_concat(struct code *c, const struct jsonata_node *e)
{
    uint32_t *values = ASLRT_NEW_ARRAY(c->n->arena, uint32_t, count_parts(e));
    uint32_t count = print_parts(c, e, values, 0);
    uint32_t v = fresh(c);
    start_line(c);
    aslrt_buffer_format(c->out, "const struct aslrt_value p%u[] = {", (unsigned)v);
    for (uint32_t i = 0; i < count; i++)
        aslrt_buffer_format(c->out, "%sv%u", i == 0 ? "" : ", ", (unsigned)values[i]);
    aslrt_buffer_text(c->out, "};\n");
    line(c, "struct aslrt_value v%u;", (unsigned)v);
    line(c, "if (!aslrt_concat(view, p%u, %u, &v%u))", (unsigned)v, (unsigned)count, (unsigned)v);
    line(c, "    return false;");
    return v;
}

/* x in ['a', 'b']: for a text; other kinds are left to the evaluator. */
static uint32_t print_in(struct code *c, const struct jsonata_node *e)
{
    uint32_t left = print(c, e->lhs);
    uint32_t v = fresh(c);
    line(c, "if (v%u.kind != ASLRT_STRING)", (unsigned)left);
    line(c, "    return false;");
    line(c, "struct aslrt_value v%u = aslrt_bool(false);", (unsigned)v);
    for (uint32_t i = 0; i < e->rhs->count; i++) {
        struct aslrt_value text = e->rhs->items[i]->value;
        start_line(c);
        aslrt_buffer_format(c->out, "if (v%u.count == %u && memcmp(v%u.as.bytes, ", (unsigned)left,
                            (unsigned)text.count, (unsigned)left);
        native_string(c->out, text.as.bytes, text.count);
        aslrt_buffer_format(c->out, ", %u) == 0)\n", (unsigned)text.count);
        line(c, "    v%u.as.boolean = true;", (unsigned)v);
    }
    return v;
}

static uint32_t print_binary(struct code *c, const struct jsonata_node *e)
{
    static const char *const signs[] = {
        [JSONATA_ADD] = "+",     [JSONATA_SUBTRACT] = "-",       [JSONATA_MULTIPLY] = "*",
        [JSONATA_DIVIDE] = "/",  [JSONATA_LESS] = "<",           [JSONATA_LESS_EQUAL] = "<=",
        [JSONATA_GREATER] = ">", [JSONATA_GREATER_EQUAL] = ">=",
    };
    switch ((enum jsonata_op)e->op) {
    case JSONATA_AND:
    case JSONATA_OR:
        return print_logic(c, e, e->op == JSONATA_AND);
    case JSONATA_CONCAT:
        return print_concat(c, e);
    case JSONATA_IN:
        return print_in(c, e);
    default:
        break;
    }
    uint32_t a = print(c, e->lhs);
    uint32_t b = print(c, e->rhs);
    switch ((enum jsonata_op)e->op) {
    case JSONATA_EQUAL:
    case JSONATA_UNEQUAL:
        return print_same(c, a, b, e->op == JSONATA_EQUAL);
    case JSONATA_LESS:
    case JSONATA_LESS_EQUAL:
    case JSONATA_GREATER:
    case JSONATA_GREATER_EQUAL:
        return print_order(c, a, b, signs[e->op]);
    default:
        return print_arithmetic(c, a, b, signs[e->op]);
    }
}

static uint32_t print_condition(struct code *c, const struct jsonata_node *e)
{
    uint32_t t = print_truth(c, print(c, e->condition));
    uint32_t v = fresh(c);
    line(c, "struct aslrt_value v%u;", (unsigned)v);
    line(c, "if (t%u) {", (unsigned)t);
    c->indent++;
    uint32_t then = print(c, e->then);
    line(c, "v%u = v%u;", (unsigned)v, (unsigned)then);
    c->indent--;
    line(c, "} else {");
    c->indent++;
    if (e->otherwise != NULL) {
        uint32_t otherwise = print(c, e->otherwise);
        line(c, "v%u = v%u;", (unsigned)v, (unsigned)otherwise);
    } else {
        line(c, "v%u = aslrt_undefined();", (unsigned)v);
    }
    c->indent--;
    line(c, "}");
    return v;
}

static uint32_t print_object(struct code *c, const struct jsonata_node *e)
{
    uint32_t *values = ASLRT_NEW_ARRAY(c->n->arena, uint32_t, e->count);
    for (uint32_t i = 1; i < e->count; i += 2)
        values[i] = print(c, e->items[i]);
    uint32_t v = fresh(c);
    line(c, "struct aslrt_member *m%u = aslrt_new_members(view, %u);", (unsigned)v,
         (unsigned)(e->count / 2));
    line(c, "uint32_t n%u = 0;", (unsigned)v);
    for (uint32_t i = 0; i < e->count; i += 2) {
        line(c, "if (v%u.kind != ASLRT_UNDEFINED) {", (unsigned)values[i + 1]);
        start_line(c);
        aslrt_buffer_format(c->out, "    m%u[n%u].key = ", (unsigned)v, (unsigned)v);
        print_text(c, e->items[i]->value);
        aslrt_buffer_text(c->out, ";\n");
        line(c, "    m%u[n%u++].value = v%u;", (unsigned)v, (unsigned)v, (unsigned)values[i + 1]);
        line(c, "}");
    }
    line(c, "struct aslrt_value v%u = aslrt_object(m%u, n%u);", (unsigned)v, (unsigned)v,
         (unsigned)v);
    return v;
}

/* An item that turns out to be an array is spliced in by the evaluator, unless it is an array
   constructor itself. */
static uint32_t print_array(struct code *c, const struct jsonata_node *e)
{
    uint32_t *values = ASLRT_NEW_ARRAY(c->n->arena, uint32_t, e->count);
    for (uint32_t i = 0; i < e->count; i++) {
        values[i] = print(c, e->items[i]);
        if (e->items[i]->kind != JSONATA_ARRAY) {
            line(c, "if (v%u.kind == ASLRT_ARRAY)", (unsigned)values[i]);
            line(c, "    return false;");
        }
    }
    uint32_t v = fresh(c);
    line(c, "struct aslrt_value *m%u = aslrt_new_items(view, %u);", (unsigned)v,
         (unsigned)e->count);
    line(c, "uint32_t n%u = 0;", (unsigned)v);
    for (uint32_t i = 0; i < e->count; i++) {
        line(c, "if (v%u.kind != ASLRT_UNDEFINED)", (unsigned)values[i]);
        line(c, "    m%u[n%u++] = v%u;", (unsigned)v, (unsigned)v, (unsigned)values[i]);
    }
    line(c, "struct aslrt_value v%u = aslrt_array(m%u, n%u);", (unsigned)v, (unsigned)v,
         (unsigned)v);
    return v;
}

static uint32_t print_call(struct code *c, const struct jsonata_node *e)
{
    uint32_t argument = print(c, e->items[0]);
    uint32_t v = fresh(c);
    if (builtin_of(e) == ASLRT_BUILTIN_exists) {
        line(c, "struct aslrt_value v%u = aslrt_bool(v%u.kind != ASLRT_UNDEFINED);", (unsigned)v,
             (unsigned)argument);
        return v;
    }
    line(c, "if (v%u.kind == ASLRT_UNDEFINED)",
         (unsigned)argument); /* $not of nothing is nothing */
    line(c, "    return false;");
    uint32_t t = print_truth(c, argument);
    line(c, "struct aslrt_value v%u = aslrt_bool(!t%u);", (unsigned)v, (unsigned)t);
    return v;
}

static uint32_t print(struct code *c, const struct jsonata_node *e)
{
    switch ((enum jsonata_kind)e->kind) {
    case JSONATA_VARIABLE: {
        uint32_t v = fresh(c);
        line(c, "struct aslrt_value v%u = view->variables[%u];", (unsigned)v,
             (unsigned)slot_of(c, e->value));
        return v;
    }
    case JSONATA_PATH:
        return print_path(c, e);
    case JSONATA_BINARY:
        return print_binary(c, e);
    case JSONATA_CONDITION:
        return print_condition(c, e);
    case JSONATA_BLOCK:
        return print(c, e->items[0]);
    case JSONATA_ARRAY:
        return print_array(c, e);
    case JSONATA_OBJECT:
        return print_object(c, e);
    case JSONATA_CALL:
        return print_call(c, e);
    default:
        return print_constant(c, e->value);
    }
}

/* ---- functions ---- */

/* The tree of a JSONata node, or NULL when it can't be computed in straight lines. */
static const struct jsonata_node *computable(struct code *c, const struct aslrt_node *node)
{
    const struct aslrt_jsonata_options options = {.dialect = ASLRT_JSONATA_ASL};
    const struct aslrt_jsonata *program;
    if (aslrt_jsonata_compile(c->n->arena, node->text, strlen(node->text), &options, &program,
                              NULL) != ASLRT_OK)
        return NULL;
    const struct jsonata_node *root = aslrt_jsonata_root(program);
    return root->height <= HEIGHT_MAX && can(c, root) ? root : NULL;
}

static void print_function(struct code *c, uint32_t node, const struct jsonata_node *root)
{
    const struct aslrt_node *n = &c->n->machine->nodes[node];
    aslrt_buffer_text(c->out, "\n/* ");
    native_comment(c->out, c->n->machine->states[c->state].name);
    aslrt_buffer_text(c->out, ": ");
    native_comment(c->out, n->field);
    aslrt_buffer_text(c->out, " = ");
    native_comment(c->out, n->text);
    aslrt_buffer_format(
        c->out,
        " */\nstatic bool %s_f%u(struct aslrt_view *view, struct aslrt_value *out)\n"
        "{\n    (void)view;\n",
        c->n->name, (unsigned)node);
    c->indent = 1;
    c->values = 0;
    uint32_t v = print(c, root);
    line(c, "*out = v%u;", (unsigned)v);
    line(c, "return v%u.kind != ASLRT_UNDEFINED;", (unsigned)v);
    aslrt_buffer_text(c->out, "}\n");
    c->n->computed[node] = true;
}

void native_functions(struct native *n)
{
    for (uint32_t i = 1; i < n->machine->node_count; i++) {
        struct code c = {.n = n, .out = n->out, .state = n->owner[i]};
        if (n->machine->nodes[i].kind != ASLRT_NODE_JSONATA || n->owner[i] == ASLRT_NONE)
            continue;
        const struct jsonata_node *root = computable(&c, &n->machine->nodes[i]);
        if (root != NULL)
            print_function(&c, i, root);
    }
}
