/*
 * items.c - is a missing item told from a found one?
 *
 * A503 a getItem whose answer is used, or is the answer of the machine, and nothing asks whether
 * there was an Item.  DynamoDB answers the read of a missing item with success and without an Item.
 */
#include "compiler/verify/verify_int.h"

#include <string.h>

/* What the JSONPath of the result begins with: "$", or the ResultPath; NULL when it is dropped. */
static const char *result_base(const struct ir_state *s)
{
    if (s->result_path == NULL)
        return "$";
    return s->result_path->kind == J_STRING ? s->result_path->text : NULL;
}

/* True for the path of the Item, or of something in it, below the base. */
static bool is_item_path(const char *path, const char *base)
{
    static const char *const items[] = {".Item", "['Item']", "[\"Item\"]"};
    size_t n = strlen(base);
    if (strncmp(path, base, n) != 0)
        return false;
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (strncmp(path + n, items[i], strlen(items[i])) == 0)
            return true;
    return false;
}

static bool asks_presence(const struct ir_comparison *c, const char *base)
{
    if (c == NULL)
        return false;
    if (c->kind == IR_TEST) {
        enum ir_relation r = ir_operator_table[c->op].relation;
        return (r == IR_IS_PRESENT || r == IR_IS_NULL) && is_item_path(c->variable, base);
    }
    for (uint32_t i = 0; i < c->part_count; i++)
        if (asks_presence(c->parts[i], base))
            return true;
    return false;
}

/* A JSONata text that distinguishes presence: $exists, or a comparison of the Item itself. */
static bool text_asks(const struct jnode *n)
{
    return verify_mentions(n, "$exists(") || verify_mentions(n, "$count(") ||
           verify_mentions(n, "Item ?") || verify_mentions(n, "Item = ") ||
           verify_mentions(n, "Item != ") || verify_mentions(n, "$boolean(");
}

static bool is_asked(struct verify *v, ir_id read)
{
    const struct ir_machine *m = v->m;
    const struct ir_state *s = &m->states[read];
    if (text_asks(s->output) || text_asks(s->assign))
        return true;
    const char *base = s->language == IR_JSONATA ? "$" : result_base(s);
    for (ir_id id = 0; id < m->state_count; id++) {
        const struct ir_state *c = &m->states[id];
        for (uint32_t i = 0; i < c->rules.count; i++) {
            const struct ir_rule *r = &m->rules[c->rules.first + i];
            if (r->condition != NULL
                    ? text_asks(r->condition) || verify_mentions(r->condition, "Item")
                    : asks_presence(ir_comparison(v->arena, r->source), base))
                return true;
        }
    }
    return false;
}

/* The first state that reads the Item, or IR_NONE. */
static ir_id reader_of(const struct verify *v, ir_id read)
{
    const struct ir_state *r = &v->m->states[read];
    if (verify_mentions(r->result_selector, ".Item") || verify_mentions(r->output, ".Item") ||
        verify_mentions(r->assign, ".Item") || verify_mentions(r->output_path, ".Item"))
        return read;
    for (ir_id id = 0; id < v->m->state_count; id++) {
        const struct ir_state *s = &v->m->states[id];
        const struct jnode *payloads[] = {s->input_path, s->parameters, s->arguments, s->output,
                                          s->assign,     s->items,      s->items_path};
        if (id == read || !v->reached[id])
            continue;
        for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++)
            if (verify_mentions(payloads[i], ".Item"))
                return id;
    }
    return IR_NONE;
}

/* True when the state's output, with the raw answer in it, is the answer of the whole machine. */
static bool answers(const struct verify *v, ir_id read)
{
    const struct ir_state *s = &v->m->states[read];
    bool ends = s->end && v->m->scopes[s->scope].owner == IR_NONE;
    if (s->language == IR_JSONATA)
        return ends && s->output == NULL;
    return ends && result_base(s) != NULL && s->result_selector == NULL && s->output_path == NULL;
}

void verify_items(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        const struct task *t = v->tasks[id];
        const struct ir_state *s = &v->m->states[id];
        if (t == NULL || !v->reached[id] || !verify_is_dynamodb(t) ||
            strcmp(t->action, "getItem") != 0 || is_asked(v, id))
            continue;
        ir_id reader = reader_of(v, id);
        if (reader == IR_NONE && !answers(v, id))
            continue;
        struct diag *d =
            verify_report(v, DIAG_MISSING_ITEM, id, s->name_span, "",
                          "nothing tells a missing item of '%s' from a found one", s->name);
        if (reader == IR_NONE)
            diag_primary(d, "without an item the answer is the same success, without 'Item'");
        else if (reader == id)
            diag_primary(d, "without an item there is no 'Item' to read, and the state fails");
        else
            diag_label(d, v->m->states[reader].name_span,
                       "'%s' reads 'Item', and fails when there is none",
                       v->m->states[reader].name);
        verify_witness(v, d, id);
        diag_help(d, s->language == IR_JSONATA
                         ? "test '$exists($states.result.Item)' in a Choice behind it"
                         : "test '$.Item' with 'IsPresent' in a Choice behind it");
        diag_end(d);
    }
}
