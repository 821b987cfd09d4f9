/*
 * table_hash.c - the hash of a machine, by which a saved execution knows that it is the same one.
 *
 * FNV-1a over everything in the tables that says what the machine does; compiled functions are left
 * out, so that the printed machine has the hash of the one in memory.
 */
#include "compiler/emit/table.h"
#include "runtime/engine/machine.h"

static void add_bytes(uint64_t *h, const void *bytes, size_t count)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < count; i++)
        *h = (*h ^ p[i]) * 0x100000001b3u;
}

/* Numbers byte by byte from the lowest, so that machines of other byte orders agree. */
static void add_number(uint64_t *h, uint64_t n)
{
    for (int i = 0; i < 8; i++, n >>= 8) {
        unsigned char byte = (unsigned char)n;
        add_bytes(h, &byte, 1);
    }
}

static void add_text(uint64_t *h, const char *text)
{
    if (text == NULL)
        add_number(h, UINT64_MAX);
    else
        add_bytes(h, text, strlen(text) + 1);
}

static void add_slice(uint64_t *h, struct aslrt_slice s)
{
    add_number(h, s.first);
    add_number(h, s.count);
}

static void add_state(uint64_t *h, const struct aslrt_state *s)
{
    add_text(h, s->name);
    add_text(h, s->resource);
    add_text(h, s->label);
    add_text(h, s->reader);
    add_text(h, s->writer);
    const uint32_t numbers[] = {
        (uint32_t)s->type,         (uint32_t)s->language, s->scope, s->next, s->default_next,
        (uint32_t)s->distributed,  (uint32_t)s->express,
#define ASLRT_X(field) s->field,
        ASLRT_STATE_NODES(ASLRT_X)
#undef ASLRT_X
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        add_number(h, numbers[i]);
    add_slice(h, s->retriers);
    add_slice(h, s->catchers);
    add_slice(h, s->rules);
    add_slice(h, s->scopes);
}

static void add_node(uint64_t *h, const struct aslrt_node *n)
{
    add_number(h, (uint64_t)n->kind);
    add_text(h, n->key);
    add_text(h, n->text);
    add_text(h, n->field);
    add_slice(h, n->children);
    add_number(h, n->variable);
}

static void add_choices(uint64_t *h, const struct aslrt_machine *m)
{
    for (uint32_t i = 1; i < m->rule_count; i++) {
        const struct aslrt_rule *r = &m->rules[i];
        const uint32_t numbers[] = {r->condition, r->test, r->next, r->output, r->assign};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            add_number(h, numbers[k]);
    }
    for (uint32_t i = 1; i < m->test_count; i++) {
        add_number(h, (uint64_t)m->tests[i].kind);
        add_number(h, m->tests[i].variable);
        add_number(h, m->tests[i].operand);
        add_slice(h, m->tests[i].children);
    }
}

static void add_handlers(uint64_t *h, const struct aslrt_machine *m)
{
    for (uint32_t i = 1; i < m->retrier_count; i++) {
        const struct aslrt_retrier *r = &m->retriers[i];
        uint64_t backoff;
        memcpy(&backoff, &r->backoff, sizeof backoff);
        add_slice(h, r->errors);
        add_number(h, r->interval_s);
        add_number(h, r->max_attempts);
        add_number(h, backoff);
        add_number(h, r->max_delay_s);
        add_number(h, r->full_jitter);
    }
    for (uint32_t i = 1; i < m->catcher_count; i++) {
        const struct aslrt_catcher *c = &m->catchers[i];
        add_slice(h, c->errors);
        const uint32_t numbers[] = {c->next, c->output, c->assign, c->result_path};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            add_number(h, numbers[k]);
    }
}

uint64_t table_hash(const struct aslrt_machine *m)
{
    uint64_t h = 0xcbf29ce484222325u;
    add_number(&h, m->format);
    add_number(&h, (uint64_t)m->type);
    add_number(&h, m->timeout_s);
    for (uint32_t i = 1; i < m->scope_count; i++) {
        const struct aslrt_scope *s = &m->scopes[i];
        add_number(&h, s->owner);
        add_number(&h, s->start);
        add_slice(&h, s->states);
        add_slice(&h, s->variables);
        add_number(&h, s->variables_before);
    }
    for (uint32_t i = 1; i < m->state_count; i++)
        add_state(&h, &m->states[i]);
    for (uint32_t i = 1; i < m->node_count; i++)
        add_node(&h, &m->nodes[i]);
    add_choices(&h, m);
    add_handlers(&h, m);
    for (uint32_t i = 1; i < m->name_count; i++)
        add_text(&h, m->names[i]);
    return h;
}
