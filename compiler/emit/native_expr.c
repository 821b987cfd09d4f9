/*
 * native_expr.c - expressions as C functions.
 *
 * In: the nodes of a table, their expressions parsed, or one expression that stands alone.  Out: a
 * function for each that consists of paths with indexes and predicates, comparisons, boolean logic,
 * arithmetic, text building, conditionals, a few built-in functions ($sum, $map, ...), and objects
 * and arrays of these.
 * The function computes what the evaluator would, for values of the common kinds; everything else
 * (arrays in arrays, wrong types) makes it return false, and the evaluator speaks.  What depends on
 * a condition stands in a nested block, so nothing is computed in vain.
 */
#include "compiler/emit/native_code.h"
#include "runtime/base/limits.h"

enum { HEIGHT_MAX = 40 }; /* well below the depth that the service allows an expression */

void native_start_line(struct code *c)
{
    for (uint32_t i = 0; i < c->indent; i++)
        aslrt_buffer_text(c->out, "    ");
}

void native_line(struct code *c, const char *format, ...)
{
    va_list args;
    native_start_line(c);
    va_start(args, format);
    aslrt_buffer_vformat(c->out, format, args);
    va_end(args);
    aslrt_buffer_char(c->out, '\n');
}

uint32_t native_fresh(struct code *c)
{
    return c->values++;
}

/* ---- what can be computed ---- */

/* Stages, grouping, bindings of a step: not here. */
bool native_is_plain(const struct jsonata_node *e)
{
    return e->extra == NULL && (e->flags & (JSONATA_KEEP_ARRAY | JSONATA_KEEP_SINGLETON |
                                            JSONATA_TUPLE | JSONATA_CONS)) == 0;
}

static bool all_can(struct code *c, struct jsonata_node *const *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!native_can(c, items[i]))
            return false;
    return true;
}

/* "1", "42": JavaScript puts such keys first, so their order isn't the written one. */
static bool looks_like_index(struct aslrt_value key)
{
    for (uint32_t i = 0; i < key.count; i++)
        if (key.as.bytes[i] < '0' || key.as.bytes[i] > '9')
            return false;
    return key.count != 0;
}

static bool can_object(struct code *c, const struct jsonata_node *e)
{
    if (e->count / 2 >= ASLRT_INDEX_MIN)
        return false;
    for (uint32_t i = 0; i < e->count; i += 2) {
        const struct jsonata_node *key = e->items[i];
        if (key->kind != JSONATA_STRING || !native_is_plain(key) || looks_like_index(key->value) ||
            !native_can(c, e->items[i + 1]))
            return false;
        for (uint32_t k = 0; k < i; k += 2)
            if (aslrt_equal(key->value, e->items[k]->value))
                return false;
    }
    return true;
}

static bool can_binary(struct code *c, const struct jsonata_node *e)
{
    switch ((enum jsonata_op)e->op) {
    case JSONATA_RANGE:
    case JSONATA_REMAINDER:
        return false;
    case JSONATA_IN:
        for (uint32_t i = 0; i < e->rhs->count && e->rhs->kind == JSONATA_ARRAY; i++)
            if (e->rhs->items[i]->kind != JSONATA_STRING || !native_is_plain(e->rhs->items[i]))
                return false;
        return e->rhs->kind == JSONATA_ARRAY && native_is_plain(e->rhs) && native_can(c, e->lhs);
    default:
        return native_can(c, e->lhs) && native_can(c, e->rhs);
    }
}

bool native_can(struct code *c, const struct jsonata_node *e)
{
    if (!native_is_plain(e))
        return false;
    switch ((enum jsonata_kind)e->kind) {
    case JSONATA_NUMBER:
    case JSONATA_STRING:
    case JSONATA_CONSTANT:
        return true;
    case JSONATA_VARIABLE:
        return native_can_variable(c, e);
    case JSONATA_PATH:
        return native_can_path(c, e);
    case JSONATA_BINARY:
        return can_binary(c, e);
    case JSONATA_CONDITION:
        return native_can(c, e->condition) && native_can(c, e->then) &&
               (e->otherwise == NULL || native_can(c, e->otherwise));
    case JSONATA_BLOCK:
        return e->count == 1 && e->scope == NULL && native_can(c, e->items[0]);
    case JSONATA_ARRAY:
        return all_can(c, e->items, e->count);
    case JSONATA_OBJECT:
        return can_object(c, e);
    case JSONATA_CALL:
        return native_can_call(c, e);
    default:
        return false;
    }
}

/* ---- printing ---- */

static void print_text(struct code *c, struct aslrt_value text)
{
    aslrt_buffer_text(c->out, "aslrt_string(");
    native_string(c->out, text.as.bytes, text.count);
    aslrt_buffer_format(c->out, ", %u)", (unsigned)text.count);
}

/* struct aslrt_value vN = constant; */
static uint32_t print_constant(struct code *c, struct aslrt_value value)
{
    uint32_t v = native_fresh(c);
    native_start_line(c);
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

static uint32_t print_same(struct code *c, uint32_t a, uint32_t b, bool wanted)
{
    uint32_t t = native_fresh(c), v = native_fresh(c);
    native_line(c, "bool t%u;", (unsigned)t);
    native_line(c, "if (!aslrt_same(v%u, v%u, &t%u))", (unsigned)a, (unsigned)b, (unsigned)t);
    native_line(c, "    return false;");
    if (wanted)
        native_line(c, "struct aslrt_value v%u = aslrt_bool(t%u);", (unsigned)v, (unsigned)t);
    else /* a != b is false, too, where one is missing */
        native_line(
            c,
            "struct aslrt_value v%u = aslrt_bool(!t%u && v%u.kind != ASLRT_UNDEFINED && v%u.kind "
            "!= ASLRT_UNDEFINED);",
            (unsigned)v, (unsigned)t, (unsigned)a, (unsigned)b);
    return v;
}

/* An order or arithmetic: x and y of the operands, s says that there are both. */
static uint32_t print_operands(struct code *c, uint32_t a, uint32_t b)
{
    uint32_t k = native_fresh(c);
    native_line(c, "double x%u, y%u;", (unsigned)k, (unsigned)k);
    native_line(c, "bool s%u;", (unsigned)k);
    native_line(c, "if (!aslrt_operands(v%u, v%u, &x%u, &y%u, &s%u))", (unsigned)a, (unsigned)b,
                (unsigned)k, (unsigned)k, (unsigned)k);
    native_line(c, "    return false;");
    return k;
}

static uint32_t print_order(struct code *c, uint32_t a, uint32_t b, const char *sign)
{
    uint32_t k = print_operands(c, a, b), v = native_fresh(c);
    native_line(c, "struct aslrt_value v%u = s%u ? aslrt_bool(x%u %s y%u) : aslrt_undefined();",
                (unsigned)v, (unsigned)k, (unsigned)k, sign, (unsigned)k);
    return v;
}

static uint32_t print_arithmetic(struct code *c, uint32_t a, uint32_t b, const char *sign)
{
    uint32_t k = print_operands(c, a, b), v = native_fresh(c);
    native_line(c, "struct aslrt_value v%u = aslrt_undefined();", (unsigned)v);
    native_line(c, "if (s%u && !aslrt_finite(x%u %s y%u, &v%u))", (unsigned)k, (unsigned)k, sign,
                (unsigned)k, (unsigned)v);
    native_line(c, "    return false;");
    return v;
}

/* A boolean variable tN that is the truth of a value. */
uint32_t native_truth(struct code *c, uint32_t value)
{
    uint32_t t = native_fresh(c);
    native_line(c, "bool t%u;", (unsigned)t);
    native_line(c, "if (!aslrt_truth(v%u, &t%u))", (unsigned)value, (unsigned)t);
    native_line(c, "    return false;");
    return t;
}

/* The right side is computed only where the left one does not decide. */
static uint32_t print_logic(struct code *c, const struct jsonata_node *e, bool is_and)
{
    uint32_t t = native_truth(c, native_print(c, e->lhs));
    uint32_t v = native_fresh(c);
    native_line(c, "if (%st%u) {", is_and ? "" : "!", (unsigned)t);
    c->indent++;
    uint32_t right = native_truth(c, native_print(c, e->rhs));
    native_line(c, "t%u = t%u;", (unsigned)t, (unsigned)right);
    c->indent--;
    native_line(c, "}");
    native_line(c, "struct aslrt_value v%u = aslrt_bool(t%u);", (unsigned)v, (unsigned)t);
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
    values[count] = native_print(c, e);
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
    uint32_t *values = ASLRT_NEW_ARRAY(c->arena, uint32_t, count_parts(e));
    uint32_t count = print_parts(c, e, values, 0);
    uint32_t v = native_fresh(c);
    native_start_line(c);
    aslrt_buffer_format(c->out, "const struct aslrt_value p%u[] = {", (unsigned)v);
    for (uint32_t i = 0; i < count; i++)
        aslrt_buffer_format(c->out, "%sv%u", i == 0 ? "" : ", ", (unsigned)values[i]);
    aslrt_buffer_text(c->out, "};\n");
    native_line(c, "struct aslrt_value v%u;", (unsigned)v);
    native_line(c, "if (!aslrt_concat(view, p%u, %u, &v%u))", (unsigned)v, (unsigned)count,
                (unsigned)v);
    native_line(c, "    return false;");
    return v;
}

/* x in ['a', 'b']: for a text; other kinds are left to the evaluator. */
static uint32_t print_in(struct code *c, const struct jsonata_node *e)
{
    uint32_t left = native_print(c, e->lhs);
    uint32_t v = native_fresh(c);
    native_line(c, "if (v%u.kind != ASLRT_STRING)", (unsigned)left);
    native_line(c, "    return false;");
    native_line(c, "struct aslrt_value v%u = aslrt_bool(false);", (unsigned)v);
    for (uint32_t i = 0; i < e->rhs->count; i++) {
        struct aslrt_value text = e->rhs->items[i]->value;
        native_start_line(c);
        aslrt_buffer_format(c->out, "if (v%u.count == %u && memcmp(v%u.as.bytes, ", (unsigned)left,
                            (unsigned)text.count, (unsigned)left);
        native_string(c->out, text.as.bytes, text.count);
        aslrt_buffer_format(c->out, ", %u) == 0)\n", (unsigned)text.count);
        native_line(c, "    v%u.as.boolean = true;", (unsigned)v);
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
    uint32_t a = native_print(c, e->lhs);
    uint32_t b = native_print(c, e->rhs);
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
    uint32_t t = native_truth(c, native_print(c, e->condition));
    uint32_t v = native_fresh(c);
    native_line(c, "struct aslrt_value v%u;", (unsigned)v);
    native_line(c, "if (t%u) {", (unsigned)t);
    c->indent++;
    uint32_t then = native_print(c, e->then);
    native_line(c, "v%u = v%u;", (unsigned)v, (unsigned)then);
    c->indent--;
    native_line(c, "} else {");
    c->indent++;
    if (e->otherwise != NULL) {
        uint32_t otherwise = native_print(c, e->otherwise);
        native_line(c, "v%u = v%u;", (unsigned)v, (unsigned)otherwise);
    } else {
        native_line(c, "v%u = aslrt_undefined();", (unsigned)v);
    }
    c->indent--;
    native_line(c, "}");
    return v;
}

static uint32_t print_object(struct code *c, const struct jsonata_node *e)
{
    uint32_t *values = ASLRT_NEW_ARRAY(c->arena, uint32_t, e->count);
    for (uint32_t i = 1; i < e->count; i += 2)
        values[i] = native_print(c, e->items[i]);
    uint32_t v = native_fresh(c);
    native_line(c, "struct aslrt_member *m%u = aslrt_new_members(view, %u);", (unsigned)v,
                (unsigned)(e->count / 2));
    native_line(c, "uint32_t n%u = 0;", (unsigned)v);
    for (uint32_t i = 0; i < e->count; i += 2) {
        native_line(c, "if (v%u.kind != ASLRT_UNDEFINED) {", (unsigned)values[i + 1]);
        native_start_line(c);
        aslrt_buffer_format(c->out, "    m%u[n%u].key = ", (unsigned)v, (unsigned)v);
        print_text(c, e->items[i]->value);
        aslrt_buffer_text(c->out, ";\n");
        native_line(c, "    m%u[n%u++].value = v%u;", (unsigned)v, (unsigned)v,
                    (unsigned)values[i + 1]);
        native_line(c, "}");
    }
    native_line(c, "struct aslrt_value v%u = aslrt_object(m%u, n%u);", (unsigned)v, (unsigned)v,
                (unsigned)v);
    return v;
}

/* The items of an array that an item turns out to be are spliced in, unless it is an array
   constructor itself. */
static uint32_t print_array(struct code *c, const struct jsonata_node *e)
{
    uint32_t list = native_fresh(c), v = native_fresh(c);
    native_line(c, "struct aslrt_found l%u = {0};", (unsigned)list);
    if (e->count != 0)
        native_line(c, "aslrt_found_grow(view, &l%u, %u);", (unsigned)list, (unsigned)e->count);
    for (uint32_t i = 0; i < e->count; i++) {
        uint32_t item = native_print(c, e->items[i]);
        if (e->items[i]->kind != JSONATA_ARRAY)
            native_line(c, "aslrt_found_put(view, &l%u, v%u);", (unsigned)list, (unsigned)item);
        else
            native_line(c, "aslrt_found_put_one(view, &l%u, v%u);", (unsigned)list, (unsigned)item);
    }
    native_line(c, "struct aslrt_value v%u = aslrt_array(l%u.items, l%u.count);", (unsigned)v,
                (unsigned)list, (unsigned)list);
    return v;
}

uint32_t native_print(struct code *c, const struct jsonata_node *e)
{
    switch ((enum jsonata_kind)e->kind) {
    case JSONATA_VARIABLE:
        return native_variable(c, e);
    case JSONATA_PATH:
        return native_path(c, e);
    case JSONATA_BINARY:
        return print_binary(c, e);
    case JSONATA_CONDITION:
        return print_condition(c, e);
    case JSONATA_BLOCK:
        return native_print(c, e->items[0]);
    case JSONATA_ARRAY:
        return print_array(c, e);
    case JSONATA_OBJECT:
        return print_object(c, e);
    case JSONATA_CALL:
        return native_call(c, e);
    default:
        return print_constant(c, e->value);
    }
}

/* ---- functions ---- */

void native_name(struct code *c, struct aslrt_value name)
{
    native_string(c->out, name.as.bytes, name.count);
    aslrt_buffer_format(c->out, ", %u", (unsigned)name.count);
}

/* The tree of a JSONata node, or NULL when it can't be computed. */
static const struct jsonata_node *computable(struct code *c, const struct aslrt_node *node)
{
    const struct aslrt_jsonata_options options = {.dialect = ASLRT_JSONATA_ASL};
    const struct aslrt_jsonata *program;
    if (aslrt_jsonata_compile(c->arena, node->text, strlen(node->text), &options, &program, NULL) !=
        ASLRT_OK)
        return NULL;
    const struct jsonata_node *root = aslrt_jsonata_root(program);
    return root->height <= HEIGHT_MAX && native_can(c, root) ? root : NULL;
}

/* The statements between the braces. */
static void print_statements(struct code *c, const struct jsonata_node *root)
{
    struct aslrt_buffer *out = c->out, body = aslrt_buffer_in(c->arena);
    c->out = &body;
    c->indent = 1;
    c->values = 0;
    c->loops = false;
    if (c->has_context) {
        c->context = native_fresh(c);
        native_line(c, "struct aslrt_value v%u = view->input;", (unsigned)c->context);
        native_line(c, "if (v%u.kind == ASLRT_ARRAY)", (unsigned)c->context);
        native_line(c, "    return false;");
    }
    uint32_t v = native_print(c, root);
    native_line(c, "*out = v%u;", (unsigned)v);
    native_line(c, "return v%u.kind != ASLRT_UNDEFINED;", (unsigned)v);
    c->out = out;
    native_line(c, "(void)view;");
    if (c->loops)
        native_line(c, "uint32_t steps = ASLRT_STEPS_MAX;");
    aslrt_buffer_put(out, body.bytes, body.count);
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
        c->out, " */\nstatic bool %s_f%u(struct aslrt_view *view, struct aslrt_value *out)\n{\n",
        c->n->name, (unsigned)node);
    print_statements(c, root);
    aslrt_buffer_text(c->out, "}\n");
    c->n->computed[node] = true;
}

void native_functions(struct native *n)
{
    for (uint32_t i = 1; i < n->machine->node_count; i++) {
        struct code c = {.n = n,
                         .out = n->out,
                         .arena = n->arena,
                         .state = n->owner[i],
                         .dialect = ASLRT_JSONATA_ASL};
        if (n->machine->nodes[i].kind != ASLRT_NODE_JSONATA || n->owner[i] == ASLRT_NONE)
            continue;
        const struct jsonata_node *root = computable(&c, &n->machine->nodes[i]);
        if (root != NULL)
            print_function(&c, i, root);
    }
}

bool native_expression(struct aslrt_buffer *out, const char *name,
                       const struct aslrt_jsonata *program)
{
    const struct jsonata_node *root = aslrt_jsonata_root(program);
    struct code c = {.out = out, .arena = out->arena, .program = program, .has_context = true};
    if (root->height > HEIGHT_MAX || !native_can(&c, root))
        return false;
    aslrt_buffer_format(out, "bool %s(struct aslrt_view *view, struct aslrt_value *out);\n", name);
    aslrt_buffer_format(out, "bool %s(struct aslrt_view *view, struct aslrt_value *out)\n{\n",
                        name);
    print_statements(&c, root);
    aslrt_buffer_text(out, "}\n");
    return true;
}
