/*
 * program.c - loading a machine: reads its constants and compiles its expressions, once.
 *
 * In: constant tables (aslc/runtime.h).  Out: a program that any number of executions share;
 * nothing in it changes afterwards. Ownership: the program's arena holds all that loading makes;
 * the tables are borrowed.
 */
#include "runtime/base/limits.h"
#include "runtime/engine/exec.h"
#include "runtime/engine/machine.h"
#include "runtime/expr/path.h"

#include <stdio.h>

struct loading {
    struct aslrt_program *program;
    struct aslrt_load_error *error;
    uint32_t state; /* whose nodes are being loaded */
};

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
static enum aslrt_status
refuse(struct loading *l, const char *field, const char *format, ...)
{
    if (l->error != NULL) {
        l->error->state = l->state;
        l->error->field = field;
        va_list args;
        va_start(args, format);
        vsnprintf(l->error->message, sizeof l->error->message, format, args);
        va_end(args);
    }
    return ASLRT_FAILED;
}

int32_t aslrt_slot_of(const struct aslrt_machine *m, uint32_t scope, struct aslrt_value name)
{
    while (scope != ASLRT_NONE) {
        const struct aslrt_scope *s = &m->scopes[scope];
        for (uint32_t i = 0; i < s->variables.count; i++)
            if (aslrt_is(name, m->names[s->variables.first + i]))
                return (int32_t)(s->variables_before + i);
        if (s->variables_before == 0)
            break;
        scope = m->states[s->owner].scope;
    }
    return ASLRT_SLOT_UNKNOWN;
}

/* Whether an expression may read $states.context: true unless every `$states` in it is followed by
   the name of another member.  Building the context object is dear, and few expressions want it. */
static bool may_read_context(const char *text)
{
    static const char *const others[] = {"input", "result", "errorOutput"};
    for (const char *at = strstr(text, "$states"); at != NULL; at = strstr(at, "$states")) {
        at += strlen("$states");
        bool other = false;
        for (size_t i = 0; i < sizeof others / sizeof *others && *at == '.'; i++) {
            size_t n = strlen(others[i]);
            other = other || strncmp(at + 1, others[i], n) == 0;
        }
        if (!other)
            return true;
    }
    return false;
}

static enum aslrt_status load_jsonata(struct loading *l, const struct aslrt_node *node,
                                      struct aslrt_loaded_node *to)
{
    struct aslrt_program *p = l->program;
    const struct aslrt_jsonata_options options = {.dialect = ASLRT_JSONATA_ASL,
                                                  .states = ASLRT_STATES_ALL};
    struct aslrt_expr_error error;
    enum aslrt_status status = aslrt_jsonata_compile(&p->arena, node->text, strlen(node->text),
                                                     &options, &to->jsonata, &error);
    if (status == ASLRT_SYNTAX)
        return refuse(l, node->field, "%s%s%s", error.code, error.code[0] != '\0' ? ": " : "",
                      error.message);
    if (status != ASLRT_OK)
        return status;
    const struct aslrt_value *names;
    to->slot_count = aslrt_jsonata_variables(to->jsonata, &names);
    int32_t *slots = ASLRT_NEW_ARRAY(&p->arena, int32_t, to->slot_count);
    for (uint32_t i = 0; i < to->slot_count; i++)
        slots[i] = aslrt_is(names[i], "states")
                       ? ASLRT_SLOT_STATES
                       : aslrt_slot_of(p->machine, p->machine->states[l->state].scope, names[i]);
    to->slots = slots;
    to->context = may_read_context(node->text);
    return ASLRT_OK;
}

static enum aslrt_status load_path(struct loading *l, const struct aslrt_node *node,
                                   struct aslrt_loaded_node *to)
{
    struct aslrt_path_error error;
    to->term =
        aslrt_path_parse(&l->program->arena, node->text, (uint32_t)strlen(node->text), &error);
    return to->term != NULL ? ASLRT_OK : refuse(l, node->field, "%s", error.message);
}

static enum aslrt_status load_node(struct loading *l, uint32_t id);

static enum aslrt_status load_children(struct loading *l, struct aslrt_slice children)
{
    enum aslrt_status status = ASLRT_OK;
    for (uint32_t i = 0; i < children.count && status == ASLRT_OK; i++)
        status = load_node(l, children.first + i);
    return status;
}

/* Whether an object of these children needs neither an index nor a look for repeated keys. */
static bool is_plain(const struct aslrt_machine *m, struct aslrt_slice children)
{
    for (uint32_t i = 0; i < children.count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(m->nodes[children.first + i].key, m->nodes[children.first + k].key) == 0)
                return false;
    return children.count < ASLRT_INDEX_MIN;
}

static enum aslrt_status load_node(struct loading *l, uint32_t id)
{
    struct aslrt_program *p = l->program;
    if (id == ASLRT_NONE)
        return ASLRT_OK;
    if (id >= p->machine->node_count)
        return refuse(l, NULL, "the table names a node that it has not");
    const struct aslrt_node *node = &p->machine->nodes[id];
    struct aslrt_loaded_node *to = &p->nodes[id];
    if (node->key != NULL)
        to->key = aslrt_text(node->key);
    switch (node->kind) {
    case ASLRT_NODE_CONSTANT: {
        struct aslrt_json_error error;
        enum aslrt_status status =
            aslrt_json_read(&p->arena, node->text, strlen(node->text), &to->value, &error);
        if (status == ASLRT_SYNTAX)
            return refuse(l, node->field, "a constant is not JSON: %s", error.message);
        return status;
    }
    case ASLRT_NODE_JSONATA:
        return load_jsonata(l, node, to);
    case ASLRT_NODE_OBJECT:
        to->plain = is_plain(p->machine, node->children);
        return load_children(l, node->children);
    case ASLRT_NODE_ARRAY:
        return load_children(l, node->children);
    case ASLRT_NODE_PATH:
    case ASLRT_NODE_INTRINSIC:
        return load_path(l, node, to);
    case ASLRT_NODE_NONE:
        break;
    }
    return refuse(l, node->field, "the table has a kind of payload that can't be run");
}

static enum aslrt_status load_nodes(struct loading *l, const uint32_t *ids, size_t count)
{
    enum aslrt_status status = ASLRT_OK;
    for (size_t i = 0; i < count && status == ASLRT_OK; i++)
        status = load_node(l, ids[i]);
    return status;
}

static enum aslrt_status load_test(struct loading *l, uint32_t test)
{
    if (test == ASLRT_NONE)
        return ASLRT_OK;
    const struct aslrt_test *t = &l->program->machine->tests[test];
    const uint32_t ids[] = {t->variable, t->operand};
    enum aslrt_status status = load_nodes(l, ids, 2);
    for (uint32_t i = 0; i < t->children.count && status == ASLRT_OK; i++)
        status = load_test(l, t->children.first + i);
    return status;
}

static enum aslrt_status load_state(struct loading *l)
{
    struct aslrt_program *p = l->program;
    const struct aslrt_machine *m = p->machine;
    const struct aslrt_state *s = &m->states[l->state];
    p->state_names[l->state] = aslrt_text(s->name);
    if (s->retriers.count > p->retrier_max)
        p->retrier_max = s->retriers.count;
    const uint32_t nodes[] = {
#define ASLRT_X(field) s->field,
        ASLRT_STATE_NODES(ASLRT_X)
#undef ASLRT_X
    };
    enum aslrt_status status = load_nodes(l, nodes, sizeof nodes / sizeof *nodes);
    for (uint32_t i = 0; i < s->rules.count && status == ASLRT_OK; i++) {
        const struct aslrt_rule *r = &m->rules[s->rules.first + i];
        const uint32_t ids[] = {r->condition, r->output, r->assign};
        status = load_nodes(l, ids, 3);
        if (status == ASLRT_OK)
            status = load_test(l, r->test);
    }
    for (uint32_t i = 0; i < s->catchers.count && status == ASLRT_OK; i++) {
        const struct aslrt_catcher *c = &m->catchers[s->catchers.first + i];
        const uint32_t ids[] = {c->output, c->assign, c->result_path};
        status = load_nodes(l, ids, 3);
    }
    return status;
}

static enum aslrt_status load(void *data)
{
    struct loading *l = data;
    struct aslrt_program *p = l->program;
    const struct aslrt_machine *m = p->machine;
    p->nodes = ASLRT_NEW_ARRAY(&p->arena, struct aslrt_loaded_node, m->node_count);
    p->state_names = ASLRT_NEW_ARRAY(&p->arena, struct aslrt_value, m->state_count);
    enum aslrt_status status = ASLRT_OK;
    for (l->state = 1; l->state < m->state_count && status == ASLRT_OK; l->state++)
        status = load_state(l);
    return status;
}

enum aslrt_status aslrt_load(struct aslrt_memory *memory, const struct aslrt_machine *machine,
                             struct aslrt_program **out, struct aslrt_load_error *error)
{
    struct aslrt_program *p = memory->allocator.resize(memory->allocator.data, NULL, 0, sizeof *p);
    if (p == NULL)
        return ASLRT_NOMEM;
    memset(p, 0, sizeof *p);
    p->memory = memory;
    p->machine = machine;
    memory->used += sizeof *p;
    aslrt_arena_init(&p->arena, memory);
    struct loading l = {.program = p, .error = error};
    enum aslrt_status status;
    if (machine->format != ASLRT_FORMAT)
        status = refuse(&l, NULL, "the table has format %u; this library reads format %u",
                        (unsigned)machine->format, ASLRT_FORMAT);
    else if (machine->scope_count < 2 || machine->scopes[1].start == ASLRT_NONE)
        status = refuse(&l, NULL, "the machine has no state to start with");
    else
        status = aslrt_protect(memory, load, &l);
    if (status != ASLRT_OK) {
        aslrt_unload(p);
        return status;
    }
    *out = p;
    return ASLRT_OK;
}

void aslrt_unload(struct aslrt_program *p)
{
    if (p == NULL)
        return;
    struct aslrt_memory *m = p->memory;
    aslrt_arena_clear(&p->arena);
    m->used -= sizeof *p;
    m->allocator.resize(m->allocator.data, p, sizeof *p, 0);
}
