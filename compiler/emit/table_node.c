/*
 * table_node.c - payloads as nodes of the table.
 *
 * In: JSON trees as written.  Out: the index of a node.  What holds no expression becomes one
 * constant, whatever its size; the children of an object or array are next to each other.
 * A bare ${placeholder} is a string in the simulation; so is one inside a string, as it stands, but
 * for the holes that the lowering makes for the names of tables.
 */
#include "compiler/base/jnode_write.h"
#include "compiler/emit/table_build.h"
#include "runtime/base/json.h"

/* ---- constants ---- */

/* The text with ${table_NAME} as table_NAME, where the machine names tables by holes. */
static const char *fill_holes(const struct builder *b, const char *text, size_t *count)
{
    static const char hole[] = "${table_";
    if (!b->holes || memmem(text, *count, hole, sizeof hole - 1) == NULL)
        return text;
    struct aslrt_buffer out = aslrt_buffer_in(b->arena);
    const char *end = text + *count;
    for (const char *p = text; p < end;) {
        const char *brace = NULL;
        if ((size_t)(end - p) >= sizeof hole - 1 && memcmp(p, hole, sizeof hole - 1) == 0)
            brace = memchr(p, '}', (size_t)(end - p));
        if (brace == NULL) {
            aslrt_buffer_char(&out, *p++);
            continue;
        }
        aslrt_buffer_put(&out, p + 2, (size_t)(brace - p - 2));
        p = brace + 1;
    }
    *count = out.count;
    return aslrt_buffer_close(&out);
}

static void write_constant(const struct builder *b, struct aslrt_buffer *out, const struct jnode *n)
{
    switch (n->kind) {
    case J_ARRAY:
        aslrt_buffer_char(out, '[');
        for (uint32_t i = 0; i < n->count; i++) {
            if (i != 0)
                aslrt_buffer_char(out, ',');
            write_constant(b, out, n->items[i]);
        }
        aslrt_buffer_char(out, ']');
        break;
    case J_OBJECT:
        aslrt_buffer_char(out, '{');
        for (uint32_t i = 0; i < n->count; i++) {
            if (i != 0)
                aslrt_buffer_char(out, ',');
            aslrt_json_put_string(out, n->members[i].key, n->members[i].key_count);
            aslrt_buffer_char(out, ':');
            write_constant(b, out, n->members[i].value);
        }
        aslrt_buffer_char(out, '}');
        break;
    case J_STRING:
    case J_PLACEHOLDER: {
        size_t count = n->count;
        const char *text = fill_holes(b, n->text, &count);
        aslrt_json_put_string(out, text, count);
        break;
    }
    case J_NULL:
    case J_BOOL:
    case J_NUMBER:
        jnode_write(out, n);
        break;
    }
}

static uint32_t new_node(struct builder *b)
{
    GROW(b->arena, b->nodes, b->node_count);
    return b->node_count - 1;
}

static void set_constant(struct builder *b, uint32_t node, const struct jnode *value)
{
    struct aslrt_buffer text = aslrt_buffer_in(b->arena);
    write_constant(b, &text, value);
    b->nodes[node].kind = ASLRT_NODE_CONSTANT;
    b->nodes[node].text = aslrt_buffer_close(&text);
}

uint32_t table_constant(struct builder *b, const struct jnode *value)
{
    if (value == NULL)
        return ASLRT_NONE;
    uint32_t node = new_node(b);
    set_constant(b, node, value);
    return node;
}

static uint32_t constant_text(struct builder *b, const char *text)
{
    uint32_t node = new_node(b);
    b->nodes[node].kind = ASLRT_NODE_CONSTANT;
    b->nodes[node].text = text;
    return node;
}

/* ---- expressions ---- */

static enum ir_language language(const struct builder *b)
{
    return b->ir->states[b->state].language;
}

static bool is_dynamic_key(const struct jmember *m)
{
    return m->key_count >= 2 && memcmp(m->key + m->key_count - 2, ".$", 2) == 0;
}

/* Whether a value of that language holds an expression anywhere. */
static bool is_dynamic(const struct jnode *n, enum ir_language language)
{
    if (n->kind == J_ARRAY) {
        for (uint32_t i = 0; i < n->count; i++)
            if (is_dynamic(n->items[i], language))
                return true;
        return false;
    }
    if (n->kind == J_OBJECT) {
        for (uint32_t i = 0; i < n->count; i++)
            if ((language == IR_JSONPATH && is_dynamic_key(&n->members[i])) ||
                is_dynamic(n->members[i].value, language))
                return true;
        return false;
    }
    return language == IR_JSONATA && jnode_is_jsonata(n);
}

const char *table_key(struct builder *b, const struct jmember *m, enum ir_language of)
{
    uint32_t count = m->key_count;
    if (of == IR_JSONPATH && is_dynamic_key(m))
        count -= 2;
    return aslrt_copy_text(b->arena, m->key, count);
}

static const char *below(struct builder *b, const char *field, const char *key)
{
    struct aslrt_buffer text = aslrt_buffer_in(b->arena);
    aslrt_buffer_format(&text, "%s/%s", field, key);
    return aslrt_buffer_close(&text);
}

static const char *element(struct builder *b, const char *field, uint32_t index)
{
    struct aslrt_buffer text = aslrt_buffer_in(b->arena);
    aslrt_buffer_format(&text, "%s[%u]", field, (unsigned)index);
    return aslrt_buffer_close(&text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The expression between "{%" and "%}", without the blanks around it. */
static const char *expression_of(struct builder *b, const struct jnode *n)
{
    const char *start = n->text + 2;
    const char *end = n->text + n->count - 2;
    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    if (memchr(start, '\0', (size_t)(end - start)) != NULL)
        table_refuse(b, n->span, "an expression with a NUL character can't run");
    size_t count = (size_t)(end - start);
    start = fill_holes(b, start, &count);
    return aslrt_copy_text(b->arena, start, count);
}

static void set_text(struct builder *b, uint32_t node, enum aslrt_node_kind kind, const char *text,
                     const char *field)
{
    b->nodes[node].kind = kind;
    b->nodes[node].text = text;
    b->nodes[node].field = field;
}

/* A path or a call of an intrinsic function, which JSONPath tells apart by the first character. */
static void set_path(struct builder *b, uint32_t node, const struct jnode *n, const char *field)
{
    if (!jnode_is(n, J_STRING)) {
        table_refuse(b, n->span, "'%s' is not a path", field);
        return;
    }
    const char *text = aslrt_copy_text(b->arena, n->text, n->count);
    set_text(b, node, text[0] == '$' ? ASLRT_NODE_PATH : ASLRT_NODE_INTRINSIC, text, field);
}

static void set_payload(struct builder *b, uint32_t node, const struct jnode *n, const char *field);

static uint32_t reserve(struct builder *b, uint32_t node, enum aslrt_node_kind kind, uint32_t count)
{
    uint32_t first = b->node_count;
    for (uint32_t i = 0; i < count; i++)
        new_node(b);
    b->nodes[node].kind = kind;
    b->nodes[node].children = (struct aslrt_slice){first, count};
    return first;
}

static void set_object(struct builder *b, uint32_t node, const struct jnode *n, const char *field)
{
    uint32_t first = reserve(b, node, ASLRT_NODE_OBJECT, n->count);
    for (uint32_t i = 0; i < n->count; i++) {
        const struct jmember *m = &n->members[i];
        const char *key = table_key(b, m, language(b));
        b->nodes[first + i].key = key;
        if (language(b) == IR_JSONPATH && is_dynamic_key(m))
            set_path(b, first + i, m->value, below(b, field, key));
        else
            set_payload(b, first + i, m->value, below(b, field, key));
    }
}

static void set_payload(struct builder *b, uint32_t node, const struct jnode *n, const char *field)
{
    if (!is_dynamic(n, language(b))) {
        set_constant(b, node, n);
        b->nodes[node].field = field;
    } else if (n->kind == J_ARRAY) {
        uint32_t first = reserve(b, node, ASLRT_NODE_ARRAY, n->count);
        for (uint32_t i = 0; i < n->count; i++)
            set_payload(b, first + i, n->items[i], element(b, field, i));
    } else if (n->kind == J_OBJECT) {
        set_object(b, node, n, field);
    } else {
        set_text(b, node, ASLRT_NODE_JSONATA, expression_of(b, n), field);
    }
}

uint32_t table_payload(struct builder *b, const struct jnode *value, const char *field)
{
    if (value == NULL)
        return ASLRT_NONE;
    uint32_t node = new_node(b);
    set_payload(b, node, value, field);
    return node;
}

uint32_t table_path(struct builder *b, const struct jnode *value, const char *field,
                    const char *null_value)
{
    if (value == NULL)
        return ASLRT_NONE;
    if (value->kind == J_NULL)
        return constant_text(b, null_value);
    uint32_t node = new_node(b);
    set_path(b, node, value, field);
    return node;
}

uint32_t table_either(struct builder *b, const struct jnode *value, const char *field,
                      const struct jnode *path, const char *path_field)
{
    return value != NULL ? table_payload(b, value, field) : table_path(b, path, path_field, "null");
}

/* The slot of a variable that states of that scope set: only the scope's own can be set. */
static uint32_t slot_of(const struct builder *b, const char *name)
{
    const struct aslrt_scope *s = &b->scopes[b->states[b->state + 1].scope];
    for (uint32_t i = 0; i < s->variables.count; i++)
        if (strcmp(b->names[s->variables.first + i], name) == 0)
            return s->variables_before + i;
    return 0; /* the scope's variables were collected from these very fields */
}

uint32_t table_assign(struct builder *b, const struct jnode *value, const char *field)
{
    if (value == NULL)
        return ASLRT_NONE;
    if (value->kind != J_OBJECT) {
        table_refuse(b, value->span, "'%s' is not an object", field);
        return ASLRT_NONE;
    }
    uint32_t node = new_node(b);
    set_object(b, node, value, field);
    const struct aslrt_slice children = b->nodes[node].children;
    for (uint32_t i = 0; i < children.count; i++)
        b->nodes[children.first + i].variable = slot_of(b, b->nodes[children.first + i].key);
    return node;
}

/* ---- comparisons ---- */

/* The operator's kind in the table: there a path as operand is told by its node. */
static enum aslrt_test_kind test_kind(const struct ir_operator_info *op)
{
    static const char *const names[] = {
#define ASLRT_X(id, name) name,
        ASLRT_COMPARISONS(ASLRT_X)
#undef ASLRT_X
    };
    size_t count = strlen(op->name) - (op->path ? strlen("Path") : 0);
    uint32_t kind = 0;
    while (strlen(names[kind]) != count || memcmp(names[kind], op->name, count) != 0)
        kind++;
    return (enum aslrt_test_kind)kind;
}

static uint32_t path_text(struct builder *b, const char *text, const char *field)
{
    uint32_t node = new_node(b);
    set_text(b, node, ASLRT_NODE_PATH, text, field);
    return node;
}

static void set_test(struct builder *b, uint32_t test, const struct ir_comparison *c)
{
    if (c->kind == IR_TEST) {
        const struct ir_operator_info *op = &ir_operator_table[c->op];
        uint32_t variable = path_text(b, c->variable, "Variable");
        uint32_t operand =
            op->path ? table_path(b, c->operand, op->name, "null") : table_constant(b, c->operand);
        b->tests[test] =
            (struct aslrt_test){.kind = test_kind(op), .variable = variable, .operand = operand};
        return;
    }
    uint32_t first = b->test_count;
    for (uint32_t i = 0; i < c->part_count; i++)
        GROW(b->arena, b->tests, b->test_count);
    for (uint32_t i = 0; i < c->part_count; i++)
        set_test(b, first + i, c->parts[i]);
    b->tests[test] = (struct aslrt_test){.kind = c->kind == IR_AND  ? ASLRT_TEST_AND
                                                 : c->kind == IR_OR ? ASLRT_TEST_OR
                                                                    : ASLRT_TEST_NOT,
                                         .children = {first, c->part_count}};
}

uint32_t table_test(struct builder *b, const struct ir_comparison *c)
{
    if (c == NULL)
        return ASLRT_NONE;
    GROW(b->arena, b->tests, b->test_count);
    uint32_t test = b->test_count - 1;
    set_test(b, test, c);
    return test;
}
