/*
 * asl.c - the machine as Amazon States Language JSON.
 *
 * In: any machine without errors.  Out: its definition, deterministic.
 * Canonical order of a state's members: what it is (Type, Comment, QueryLanguage), what goes in,
 * what it does, what comes out, what happens on errors, where it goes.  States stand in the order
 * of their ids, which is the order of the source.
 */
#include "compiler/emit/asl.h"
#include "compiler/base/jnode_write.h"

struct out {
    struct aslrt_arena *arena;
    const struct ir_machine *machine;
};

static struct jnode *scope_node(struct out *o, ir_id scope, struct jnode *into);

static void put(struct out *o, struct jnode *object, const char *key, const struct jnode *value)
{
    if (value != NULL)
        jnode_set(o->arena, object, key, (struct jnode *)value);
}

static void put_text(struct out *o, struct jnode *object, const char *key, const char *text)
{
    if (text != NULL)
        jnode_set(o->arena, object, key, jnode_string(o->arena, (struct span){0}, text));
}

static void put_int(struct out *o, struct jnode *object, const char *key, int64_t value)
{
    jnode_set(o->arena, object, key, jnode_int(o->arena, (struct span){0}, value));
}

static struct jnode *errors_node(struct out *o, struct ir_slice errors)
{
    struct jnode *list = jnode_array(o->arena, (struct span){0});
    for (uint32_t i = 0; i < errors.count; i++)
        jnode_add(
            o->arena, list,
            jnode_string(o->arena, (struct span){0}, o->machine->names[errors.first + i].text));
    return list;
}

static void put_retriers(struct out *o, struct jnode *state, struct ir_slice slice)
{
    if (slice.count == 0)
        return;
    struct jnode *list = jnode_array(o->arena, (struct span){0});
    for (uint32_t i = 0; i < slice.count; i++) {
        const struct ir_retrier *r = &o->machine->retriers[slice.first + i];
        struct jnode *node = (struct jnode *)r->source;
        if (node == NULL) {
            node = jnode_object(o->arena, (struct span){0});
            put(o, node, "ErrorEquals", errors_node(o, r->errors));
            put_int(o, node, "IntervalSeconds", r->interval_s);
            put_int(o, node, "MaxAttempts", r->max_attempts);
            struct aslrt_buffer b = aslrt_buffer_in(o->arena);
            aslrt_buffer_format(&b, "%.15g", r->backoff);
            put(o, node, "BackoffRate",
                jnode_number(o->arena, (struct span){0}, aslrt_buffer_close(&b)));
            if (r->max_delay_s != 0)
                put_int(o, node, "MaxDelaySeconds", r->max_delay_s);
            if (r->full_jitter)
                put_text(o, node, "JitterStrategy", "FULL");
        }
        jnode_add(o->arena, list, node);
    }
    put(o, state, "Retry", list);
}

static void put_catchers(struct out *o, struct jnode *state, struct ir_slice slice)
{
    if (slice.count == 0)
        return;
    struct jnode *list = jnode_array(o->arena, (struct span){0});
    for (uint32_t i = 0; i < slice.count; i++) {
        const struct ir_catcher *c = &o->machine->catchers[slice.first + i];
        struct jnode *node = jnode_object(o->arena, (struct span){0});
        put_text(o, node, "Comment", c->comment);
        put(o, node, "ErrorEquals", errors_node(o, c->errors));
        put(o, node, "ResultPath", c->result_path);
        put(o, node, "Assign", c->assign);
        put(o, node, "Output", c->output);
        put_text(o, node, "Next", c->next.name);
        jnode_add(o->arena, list, node);
    }
    put(o, state, "Catch", list);
}

static void put_rules(struct out *o, struct jnode *state, struct ir_slice slice)
{
    struct jnode *list = jnode_array(o->arena, (struct span){0});
    for (uint32_t i = 0; i < slice.count; i++) {
        const struct ir_rule *r = &o->machine->rules[slice.first + i];
        struct jnode *node = (struct jnode *)r->source;
        if (node == NULL) {
            node = jnode_object(o->arena, (struct span){0});
            put_text(o, node, "Comment", r->comment);
            put(o, node, "Condition", r->condition);
            put(o, node, "Assign", r->assign);
            put(o, node, "Output", r->output);
            put_text(o, node, "Next", r->next.name);
        }
        jnode_add(o->arena, list, node);
    }
    put(o, state, "Choices", list);
}

static void put_scopes(struct out *o, struct jnode *node, const struct ir_state *s)
{
    if (s->type == IR_PARALLEL) {
        struct jnode *branches = jnode_array(o->arena, (struct span){0});
        for (uint32_t i = 0; i < s->scopes.count; i++)
            jnode_add(o->arena, branches,
                      scope_node(o, s->scopes.first + i, jnode_object(o->arena, (struct span){0})));
        put(o, node, "Branches", branches);
        return;
    }
    if (s->type != IR_MAP || s->scopes.count == 0)
        return;
    const struct ir_scope *scope = &o->machine->scopes[s->scopes.first];
    struct jnode *processor = jnode_object(o->arena, (struct span){0});
    put(o, processor, "ProcessorConfig", jnode_get(scope->source, "ProcessorConfig"));
    put(o, node, "ItemProcessor", scope_node(o, s->scopes.first, processor));
}

/* The members that a state of any type may have before its errors and its way out. */
static void put_payloads(struct out *o, struct jnode *node, const struct ir_state *s)
{
    put(o, node, "InputPath", s->input_path);
    put_text(o, node, "Resource", s->resource);
    put(o, node, "Credentials", s->credentials);
    put(o, node, "ItemReader", s->item_reader);
    put(o, node, "Items", s->items);
    put(o, node, "ItemsPath", s->items_path);
    put(o, node, "ItemSelector", s->item_selector);
    put(o, node, "ItemBatcher", s->item_batcher);
    put(o, node, "Parameters", s->parameters);
    put(o, node, "Arguments", s->arguments);
    put(o, node, "TimeoutSeconds", s->timeout);
    put(o, node, "TimeoutSecondsPath", s->timeout_path);
    put(o, node, "HeartbeatSeconds", s->heartbeat);
    put(o, node, "HeartbeatSecondsPath", s->heartbeat_path);
    put(o, node, "Seconds", s->seconds);
    put(o, node, "SecondsPath", s->seconds_path);
    put(o, node, "Timestamp", s->timestamp);
    put(o, node, "TimestampPath", s->timestamp_path);
    put(o, node, "Error", s->error);
    put(o, node, "ErrorPath", s->error_path);
    put(o, node, "Cause", s->cause);
    put(o, node, "CausePath", s->cause_path);
    put(o, node, "MaxConcurrency", s->max_concurrency);
    put(o, node, "MaxConcurrencyPath", s->max_concurrency_path);
    put(o, node, "ToleratedFailureCount", s->tolerated_count);
    put(o, node, "ToleratedFailureCountPath", s->tolerated_count_path);
    put(o, node, "ToleratedFailurePercentage", s->tolerated_percentage);
    put(o, node, "ToleratedFailurePercentagePath", s->tolerated_percentage_path);
    put(o, node, "Label", s->label);
    put(o, node, "Result", s->result);
    put_scopes(o, node, s);
    put(o, node, "ResultWriter", s->result_writer);
    put(o, node, "ResultSelector", s->result_selector);
    put(o, node, "ResultPath", s->result_path);
    if (s->type == IR_CHOICE)
        put_rules(o, node, s->rules);
    put(o, node, "Assign", s->assign);
    put(o, node, "Output", s->output);
    put(o, node, "OutputPath", s->output_path);
}

static struct jnode *state_node(struct out *o, const struct ir_state *s)
{
    struct jnode *node = jnode_object(o->arena, s->span);
    put_text(o, node, "Type", ir_type_name(s->type));
    put_text(o, node, "Comment", s->comment);
    put(o, node, "QueryLanguage", jnode_get(s->source, "QueryLanguage"));
    put_payloads(o, node, s);
    put_retriers(o, node, s->retriers);
    put_catchers(o, node, s->catchers);
    put_text(o, node, "Default", s->default_.name);
    put_text(o, node, "Next", s->next.name);
    if (s->end)
        jnode_set(o->arena, node, "End", jnode_bool(o->arena, s->span, true));
    return node;
}

static struct jnode *scope_node(struct out *o, ir_id id, struct jnode *into)
{
    const struct ir_scope *scope = &o->machine->scopes[id];
    struct jnode *states = jnode_object(o->arena, scope->span);
    put_text(o, into, "Comment", scope->comment);
    put_text(o, into, "StartAt", scope->start_at.name);
    for (uint32_t i = 0; i < scope->states.count; i++) {
        const struct ir_state *s = &o->machine->states[scope->states.first + i];
        jnode_set(o->arena, states, s->name, state_node(o, s));
    }
    put(o, into, "States", states);
    return into;
}

const char *emit_asl(struct aslrt_arena *arena, const struct ir_machine *machine, size_t *count)
{
    struct out o = {arena, machine};
    struct jnode *root = jnode_object(arena, (struct span){0});
    put_text(&o, root, "Comment", machine->comment);
    put_text(&o, root, "Version", machine->version);
    if (machine->scopes[0].language == IR_JSONATA)
        put_text(&o, root, "QueryLanguage", "JSONata");
    if (machine->timeout_s != 0)
        put_int(&o, root, "TimeoutSeconds", machine->timeout_s);
    scope_node(&o, 0, root);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    jnode_write_pretty(&b, root);
    *count = b.count;
    return aslrt_buffer_close(&b);
}

/* The tree without what says where to go and what people read. */
static struct jnode *without_ways(struct aslrt_arena *arena, const struct jnode *n, int depth)
{
    static const char *const ways[] = {"Next",     "Default",       "End",     "Comment",
                                       "Branches", "ItemProcessor", "Iterator"};
    struct jnode *copy;
    if (n->kind == J_ARRAY && depth < 3) {
        copy = jnode_array(arena, n->span);
        for (uint32_t i = 0; i < n->count; i++)
            jnode_add(arena, copy, without_ways(arena, n->items[i], depth + 1));
        return copy;
    }
    if (n->kind != J_OBJECT || depth >= 3)
        return (struct jnode *)n;
    copy = jnode_object(arena, n->span);
    for (uint32_t i = 0; i < n->count; i++) {
        bool way = false;
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
            way = way || strcmp(n->members[i].key, ways[k]) == 0;
        /* Inside of a payload these words are data: only rules and catchers are looked into. */
        bool list = depth == 0 && (strcmp(n->members[i].key, "Choices") == 0 ||
                                   strcmp(n->members[i].key, "Catch") == 0);
        if (!way)
            jnode_set(arena, copy, n->members[i].key,
                      list || depth > 0 ? without_ways(arena, n->members[i].value, depth + 1)
                                        : n->members[i].value);
    }
    return copy;
}

const char *emit_asl_content(struct aslrt_arena *arena, const struct ir_machine *machine,
                             ir_id state)
{
    struct out o = {arena, machine};
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    jnode_write(&b, without_ways(arena, state_node(&o, &machine->states[state]), 0));
    return aslrt_buffer_close(&b);
}
