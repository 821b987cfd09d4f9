/*
 * ir_dump.c - the machine as text: what --dump-ir prints and what the tests compare.
 *
 * One line a scope and one a state, indented by nesting; below a state one line for each payload,
 * transition, retrier, catcher and scope.  A name stands in double quotes where it isn't a word; a
 * transition to nowhere ends in "(unknown)".  Spans are left out, so that a machine that was
 * lowered and the same machine read from ASL print alike.
 */
#include "compiler/base/jnode_write.h"
#include "compiler/ir/ir.h"
#include "runtime/base/json.h"

#include <ctype.h>

struct dump {
    const struct ir_machine *m;
    struct aslrt_buffer *out;
    unsigned depth;
};

static void indent(const struct dump *d, unsigned more)
{
    for (unsigned i = 0; i < d->depth * 2 + more; i++)
        aslrt_buffer_char(d->out, ' ');
}

/* A name, quoted unless it is a word. */
static void put_name(const struct dump *d, const char *name)
{
    bool word = *name != '\0';
    for (const char *c = name; *c != '\0'; c++)
        word = word && (isalnum((unsigned char)*c) || strchr("_-.:$/@{}", *c) != NULL);
    if (word)
        aslrt_buffer_text(d->out, name);
    else
        aslrt_json_put_string(d->out, name, strlen(name));
}

static void put_ref(const struct dump *d, const struct ir_ref *ref)
{
    put_name(d, ref->name);
    if (ref->state == IR_NONE)
        aslrt_buffer_text(d->out, " (unknown)");
}

static void put_payload(const struct dump *d, const char *name, const struct jnode *value)
{
    if (value == NULL)
        return;
    indent(d, 4);
    aslrt_buffer_format(d->out, "%s ", name);
    jnode_write(d->out, value);
    aslrt_buffer_char(d->out, '\n');
}

static void put_inline(const struct dump *d, const char *name, const struct jnode *value)
{
    if (value == NULL)
        return;
    aslrt_buffer_format(d->out, " %s=", name);
    jnode_write(d->out, value);
}

static void put_errors(const struct dump *d, struct ir_slice errors)
{
    aslrt_buffer_char(d->out, '[');
    for (uint32_t i = 0; i < errors.count; i++) {
        if (i != 0)
            aslrt_buffer_text(d->out, ", ");
        put_name(d, d->m->names[errors.first + i].text);
    }
    aslrt_buffer_char(d->out, ']');
}

static void put_payloads(const struct dump *d, const struct ir_state *s)
{
    const struct {
        const char *name;
        const struct jnode *value;
    } payloads[] = {
        {"input-path", s->input_path},
        {"parameters", s->parameters},
        {"arguments", s->arguments},
        {"result-selector", s->result_selector},
        {"result-path", s->result_path},
        {"output-path", s->output_path},
        {"output", s->output},
        {"assign", s->assign},
        {"timeout", s->timeout},
        {"timeout-path", s->timeout_path},
        {"heartbeat", s->heartbeat},
        {"heartbeat-path", s->heartbeat_path},
        {"credentials", s->credentials},
        {"seconds", s->seconds},
        {"seconds-path", s->seconds_path},
        {"timestamp", s->timestamp},
        {"timestamp-path", s->timestamp_path},
        {"result", s->result},
        {"error", s->error},
        {"error-path", s->error_path},
        {"cause", s->cause},
        {"cause-path", s->cause_path},
        {"items", s->items},
        {"items-path", s->items_path},
        {"item-selector", s->item_selector},
        {"item-reader", s->item_reader},
        {"item-batcher", s->item_batcher},
        {"result-writer", s->result_writer},
        {"max-concurrency", s->max_concurrency},
        {"max-concurrency-path", s->max_concurrency_path},
        {"label", s->label},
        {"tolerated-count", s->tolerated_count},
        {"tolerated-count-path", s->tolerated_count_path},
        {"tolerated-percentage", s->tolerated_percentage},
        {"tolerated-percentage-path", s->tolerated_percentage_path},
    };
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++)
        put_payload(d, payloads[i].name, payloads[i].value);
}

static void put_retrier(const struct dump *d, const struct ir_retrier *r)
{
    indent(d, 4);
    aslrt_buffer_text(d->out, "retry ");
    put_errors(d, r->errors);
    aslrt_buffer_format(d->out, " interval=%u attempts=%u backoff=%g", r->interval_s,
                        r->max_attempts, r->backoff);
    if (r->max_delay_s != 0)
        aslrt_buffer_format(d->out, " max-delay=%u", r->max_delay_s);
    aslrt_buffer_text(d->out, r->full_jitter ? " jitter=full\n" : "\n");
}

static void put_catcher(const struct dump *d, const struct ir_catcher *c)
{
    indent(d, 4);
    aslrt_buffer_text(d->out, "catch ");
    put_errors(d, c->errors);
    if (c->next.name != NULL) {
        aslrt_buffer_text(d->out, " -> ");
        put_ref(d, &c->next);
    }
    put_inline(d, "result-path", c->result_path);
    put_inline(d, "output", c->output);
    put_inline(d, "assign", c->assign);
    aslrt_buffer_char(d->out, '\n');
}

/* The rule as written, without what stands on the line anyway. */
static void put_rule(const struct dump *d, const struct ir_rule *r)
{
    indent(d, 4);
    aslrt_buffer_text(d->out, "when ");
    if (r->condition != NULL) {
        jnode_write(d->out, r->condition);
    } else if (r->source != NULL) {
        struct jnode test = {.kind = J_OBJECT};
        for (uint32_t i = 0; jnode_is(r->source, J_OBJECT) && i < r->source->count; i++) {
            const struct jmember *m = &r->source->members[i];
            if (strcmp(m->key, "Next") != 0 && strcmp(m->key, "Comment") != 0 &&
                strcmp(m->key, "Assign") != 0)
                *jnode_append(d->m->arena, &test) = *m;
        }
        jnode_write(d->out, &test);
    }
    if (r->next.name != NULL) {
        aslrt_buffer_text(d->out, " -> ");
        put_ref(d, &r->next);
    }
    put_inline(d, "output", r->output);
    put_inline(d, "assign", r->assign);
    aslrt_buffer_char(d->out, '\n');
}

static void put_exits(const struct dump *d, const struct ir_state *s)
{
    for (uint32_t i = 0; i < s->retriers.count; i++)
        put_retrier(d, &d->m->retriers[s->retriers.first + i]);
    for (uint32_t i = 0; i < s->catchers.count; i++)
        put_catcher(d, &d->m->catchers[s->catchers.first + i]);
    for (uint32_t i = 0; i < s->rules.count; i++)
        put_rule(d, &d->m->rules[s->rules.first + i]);
    if (s->default_.name != NULL) {
        indent(d, 4);
        aslrt_buffer_text(d->out, "default -> ");
        put_ref(d, &s->default_);
        aslrt_buffer_char(d->out, '\n');
    }
    if (s->next.name != NULL) {
        indent(d, 4);
        aslrt_buffer_text(d->out, "next -> ");
        put_ref(d, &s->next);
        aslrt_buffer_char(d->out, '\n');
    }
    if (s->end) {
        indent(d, 4);
        aslrt_buffer_text(d->out, "end\n");
    }
}

static const char *language_name(enum ir_language language)
{
    return language == IR_JSONATA ? "jsonata" : "jsonpath";
}

static void put_scope(struct dump *d, ir_id scope);

static void put_state(struct dump *d, const struct ir_state *s)
{
    static const char *const patterns[] = {"", " .sync", " .sync:2", " .waitForTaskToken"};
    indent(d, 2);
    put_name(d, s->name);
    aslrt_buffer_format(d->out, ": %s %s", ir_type_name(s->type), language_name(s->language));
    if (s->resource != NULL) {
        aslrt_buffer_char(d->out, ' ');
        put_name(d, s->resource);
    }
    if (s->integration != NULL)
        aslrt_buffer_format(d->out, " (%s%s)", s->integration, patterns[s->pattern]);
    aslrt_buffer_text(d->out, s->distributed ? " distributed\n" : "\n");
    put_payloads(d, s);
    put_exits(d, s);
    d->depth += 2;
    for (uint32_t i = 0; i < s->scopes.count; i++)
        put_scope(d, s->scopes.first + i);
    d->depth -= 2;
}

static void put_scope(struct dump *d, ir_id scope)
{
    const struct ir_scope *s = &d->m->scopes[scope];
    indent(d, 0);
    aslrt_buffer_format(d->out, "scope %s", language_name(s->language));
    if (s->start_at.name != NULL) {
        aslrt_buffer_text(d->out, " start -> ");
        put_ref(d, &s->start_at);
    }
    aslrt_buffer_char(d->out, '\n');
    for (uint32_t i = 0; i < s->states.count; i++)
        put_state(d, &d->m->states[s->states.first + i]);
}

void ir_dump(const struct ir_machine *m, struct aslrt_buffer *out)
{
    static const char *const types[] = {"", " standard", " express"};
    struct dump d = {m, out, 0};
    aslrt_buffer_text(out, "machine ");
    put_name(&d, m->name);
    aslrt_buffer_text(out, types[m->type]);
    if (m->timeout_s != 0)
        aslrt_buffer_format(out, " timeout=%u", m->timeout_s);
    aslrt_buffer_char(out, '\n');
    put_scope(&d, 0);
}
