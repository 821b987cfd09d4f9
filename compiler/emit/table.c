/*
 * table.c - from the IR to the engine's tables; see table.h.
 *
 * One pass over the scopes (parents come before their children), then one over the states, whose
 * payloads table_node.c turns into nodes.  IR ids count from 0, table indices from 1.
 */
#include "catalog/catalog.h"
#include "compiler/emit/table_build.h"
#include "runtime/engine/machine.h"

#include <stdarg.h>

void table_refuse(struct builder *b, struct span at, const char *format, ...)
{
    struct aslrt_buffer text = aslrt_buffer_in(b->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&text, format, args);
    va_end(args);
    diag_simple(b->cx, DIAG_RUN_UNSUPPORTED, at, "%s", aslrt_buffer_close(&text));
    b->failed = true;
}

static uint32_t table_id(ir_id id)
{
    return id == IR_NONE ? ASLRT_NONE : id + 1;
}

/* A transition; one that leads nowhere was reported by the verifier, and is refused here too. */
static uint32_t target(struct builder *b, const struct ir_ref *ref)
{
    if (ref->name != NULL && ref->state == IR_NONE)
        table_refuse(b, ref->span, "the machine can't run: there is no state '%s' here", ref->name);
    return table_id(ref->state);
}

/* ---- scopes and their variables ---- */

static void add_variable(struct builder *b, struct aslrt_slice *own, const char *name)
{
    for (uint32_t i = 0; i < own->count; i++)
        if (strcmp(b->names[own->first + i], name) == 0)
            return;
    *GROW(b->arena, b->names, b->name_count) = name;
    own->count++;
}

static void add_variables(struct builder *b, struct aslrt_slice *own, const struct jnode *assign,
                          enum ir_language language)
{
    if (!jnode_is(assign, J_OBJECT))
        return;
    for (uint32_t i = 0; i < assign->count; i++)
        add_variable(b, own, table_key(b, &assign->members[i], language));
}

/* The names that the states of a scope assign, each once. */
static struct aslrt_slice variables_of(struct builder *b, const struct ir_scope *scope)
{
    const struct ir_machine *ir = b->ir;
    struct aslrt_slice own = {b->name_count, 0};
    for (uint32_t i = 0; i < scope->states.count; i++) {
        const struct ir_state *s = &ir->states[scope->states.first + i];
        add_variables(b, &own, s->assign, s->language);
        for (uint32_t k = 0; k < s->rules.count; k++)
            add_variables(b, &own, ir->rules[s->rules.first + k].assign, s->language);
        for (uint32_t k = 0; k < s->catchers.count; k++)
            add_variables(b, &own, ir->catchers[s->catchers.first + k].assign, s->language);
    }
    return own;
}

static void add_scope(struct builder *b, const struct ir_scope *scope)
{
    struct aslrt_slice variables = variables_of(b, scope);
    uint32_t before = 0;
    if (scope->owner != IR_NONE && !b->ir->states[scope->owner].distributed) {
        const struct aslrt_scope *outer = &b->scopes[b->ir->states[scope->owner].scope + 1];
        before = outer->variables_before + outer->variables.count;
    }
    uint32_t start = target(b, &scope->start_at);
    if (start == ASLRT_NONE)
        table_refuse(b, scope->span, "the machine can't run: a scope has no state to start with");
    *GROW(b->arena, b->scopes, b->scope_count) = (struct aslrt_scope){
        .owner = table_id(scope->owner),
        .start = start,
        .states = {scope->states.first + 1, scope->states.count},
        .variables = variables,
        .variables_before = before,
    };
}

/* ---- states ---- */

static struct aslrt_slice names_of(struct builder *b, struct ir_slice errors)
{
    struct aslrt_slice names = {b->name_count, errors.count};
    for (uint32_t i = 0; i < errors.count; i++)
        *GROW(b->arena, b->names, b->name_count) = b->ir->names[errors.first + i].text;
    return names;
}

static struct aslrt_slice retriers_of(struct builder *b, const struct ir_state *s)
{
    struct aslrt_slice slice = {b->retrier_count, s->retriers.count};
    for (uint32_t i = 0; i < s->retriers.count; i++) {
        const struct ir_retrier *r = &b->ir->retriers[s->retriers.first + i];
        struct aslrt_slice errors = names_of(b, r->errors);
        *GROW(b->arena, b->retriers, b->retrier_count) = (struct aslrt_retrier){
            errors, r->interval_s, r->max_attempts, r->backoff, r->max_delay_s, r->full_jitter,
        };
    }
    return slice;
}

static const char *indexed(struct builder *b, const char *list, uint32_t index, const char *field)
{
    struct aslrt_buffer text = aslrt_buffer_in(b->arena);
    aslrt_buffer_format(&text, "%s[%u]/%s", list, (unsigned)index, field);
    return aslrt_buffer_close(&text);
}

static struct aslrt_slice catchers_of(struct builder *b, const struct ir_state *s)
{
    struct aslrt_slice slice = {b->catcher_count, s->catchers.count};
    for (uint32_t i = 0; i < s->catchers.count; i++) {
        const struct ir_catcher *c = &b->ir->catchers[s->catchers.first + i];
        struct aslrt_catcher to = {
            .errors = names_of(b, c->errors),
            .next = target(b, &c->next),
            .output = table_payload(b, c->output, indexed(b, "Catch", i, "Output")),
            .assign = table_assign(b, c->assign, indexed(b, "Catch", i, "Assign")),
            .result_path = table_path(b, c->result_path, "ResultPath", "null"),
        };
        *GROW(b->arena, b->catchers, b->catcher_count) = to;
    }
    return slice;
}

static struct aslrt_slice rules_of(struct builder *b, const struct ir_state *s)
{
    struct aslrt_slice slice = {b->rule_count, s->rules.count};
    for (uint32_t i = 0; i < s->rules.count; i++) {
        const struct ir_rule *r = &b->ir->rules[s->rules.first + i];
        struct aslrt_rule to = {
            .condition = table_payload(b, r->condition, indexed(b, "Choices", i, "Condition")),
            .next = target(b, &r->next),
            .output = table_payload(b, r->output, indexed(b, "Choices", i, "Output")),
            .assign = table_assign(b, r->assign, indexed(b, "Choices", i, "Assign")),
        };
        if (s->language == IR_JSONPATH)
            to.test = table_test(b, ir_comparison(b->arena, r->source));
        if (to.condition == ASLRT_NONE && to.test == ASLRT_NONE)
            table_refuse(b, r->span, "the machine can't run: a rule of '%s' has no condition",
                         s->name);
        *GROW(b->arena, b->rules, b->rule_count) = to;
    }
    return slice;
}

/* A limit.  A bare ${placeholder} stands for a number that only the deployment knows: the
   simulation runs without the limit. */
static uint32_t limit(struct builder *b, const struct jnode *value, const char *field,
                      const struct jnode *path, const char *path_field)
{
    return jnode_is(value, J_PLACEHOLDER) ? ASLRT_NONE
                                          : table_either(b, value, field, path, path_field);
}

static void add_task(struct builder *b, const struct ir_state *s, struct aslrt_state *to)
{
    to->resource = s->resource;
    if (s->resource != NULL) {
        struct catalog_resource r;
        catalog_parse_resource(s->resource, &r);
        bool named = r.kind == CATALOG_OPTIMISED || r.kind == CATALOG_SDK_CALL;
        to->sdk = r.kind == CATALOG_SDK_CALL;
        to->pattern = (enum aslrt_pattern)r.pattern;
        to->service = named ? aslrt_copy_text(b->arena, r.service, strlen(r.service))
                      : r.kind == CATALOG_FUNCTION ? "function"
                      : r.kind == CATALOG_ACTIVITY ? "activity"
                                                   : NULL;
        to->action = named ? aslrt_copy_text(b->arena, r.action, strlen(r.action)) : NULL;
    }
    to->timeout = limit(b, s->timeout, "TimeoutSeconds", s->timeout_path, "TimeoutSecondsPath");
    to->heartbeat =
        limit(b, s->heartbeat, "HeartbeatSeconds", s->heartbeat_path, "HeartbeatSecondsPath");
    to->credentials = table_payload(b, s->credentials, "Credentials");
}

static void add_wait(struct builder *b, const struct ir_state *s, struct aslrt_state *to)
{
    to->seconds = table_either(b, s->seconds, "Seconds", s->seconds_path, "SecondsPath");
    to->timestamp = table_either(b, s->timestamp, "Timestamp", s->timestamp_path, "TimestampPath");
    if (to->seconds == ASLRT_NONE && to->timestamp == ASLRT_NONE)
        table_refuse(b, s->span, "the machine can't run: '%s' does not say how long it waits",
                     s->name);
}

static void add_io(struct builder *b, const struct ir_state *s, struct aslrt_state *to)
{
    to->input_path = table_path(b, s->input_path, "InputPath", "{}");
    to->parameters = table_payload(b, s->parameters, "Parameters");
    to->result_selector = table_payload(b, s->result_selector, "ResultSelector");
    to->result_path = table_path(b, s->result_path, "ResultPath", "null");
    to->output_path = table_path(b, s->output_path, "OutputPath", "{}");
    to->arguments = table_payload(b, s->arguments, "Arguments");
    to->output = table_payload(b, s->output, "Output");
    to->assign = table_assign(b, s->assign, "Assign");
}

static const char *text_member(const struct jnode *object, const char *name)
{
    const struct jnode *value = jnode_get(object, name);
    return jnode_is(value, J_STRING) ? value->text : NULL;
}

/* Parameters, or Arguments, of an ItemReader or a ResultWriter. */
static uint32_t part_arguments(struct builder *b, const struct jnode *part, const char *field)
{
    const struct jnode *value = jnode_get(part, "Arguments");
    return table_payload(b, value != NULL ? value : jnode_get(part, "Parameters"), field);
}

static void add_distributed(struct builder *b, const struct ir_state *s, struct aslrt_state *to)
{
    const struct jnode *batcher = s->item_batcher;
    const struct jnode *config = jnode_get(s->item_reader, "ReaderConfig");
    const struct jnode *processor = jnode_get(s->source, "ItemProcessor");
    if (processor == NULL)
        processor = jnode_get(s->source, "Iterator");
    const char *kind = text_member(jnode_get(processor, "ProcessorConfig"), "ExecutionType");
    to->express = kind != NULL && strcmp(kind, "EXPRESS") == 0;
    to->label = jnode_is(s->label, J_STRING) ? s->label->text : NULL;
    to->tolerated_count = limit(b, s->tolerated_count, "ToleratedFailureCount",
                                s->tolerated_count_path, "ToleratedFailureCountPath");
    to->tolerated_percentage =
        limit(b, s->tolerated_percentage, "ToleratedFailurePercentage",
              s->tolerated_percentage_path, "ToleratedFailurePercentagePath");
    to->reader = text_member(s->item_reader, "Resource");
    to->reader_arguments = part_arguments(b, s->item_reader, "ItemReader");
    to->reader_config = table_payload(b, config, "ReaderConfig");
    to->reader_max_items = table_path(b, jnode_get(config, "MaxItemsPath"), "MaxItemsPath", "0");
    to->writer = text_member(s->result_writer, "Resource");
    to->writer_arguments = part_arguments(b, s->result_writer, "ResultWriter");
    to->writer_config =
        table_payload(b, jnode_get(s->result_writer, "WriterConfig"), "WriterConfig");
    to->batch_items = limit(b, jnode_get(batcher, "MaxItemsPerBatch"), "MaxItemsPerBatch",
                            jnode_get(batcher, "MaxItemsPerBatchPath"), "MaxItemsPerBatchPath");
    to->batch_bytes =
        limit(b, jnode_get(batcher, "MaxInputBytesPerBatch"), "MaxInputBytesPerBatch",
              jnode_get(batcher, "MaxInputBytesPerBatchPath"), "MaxInputBytesPerBatchPath");
    to->batch_input = table_payload(b, jnode_get(batcher, "BatchInput"), "BatchInput");
}

static enum aslrt_state_type type_of(const struct ir_state *s)
{
    switch (s->type) {
    case IR_TASK:
        return ASLRT_STATE_TASK;
    case IR_PASS:
        return ASLRT_STATE_PASS;
    case IR_CHOICE:
        return ASLRT_STATE_CHOICE;
    case IR_WAIT:
        return ASLRT_STATE_WAIT;
    case IR_SUCCEED:
        return ASLRT_STATE_SUCCEED;
    case IR_FAIL:
        return ASLRT_STATE_FAIL;
    case IR_PARALLEL:
        return ASLRT_STATE_PARALLEL;
    case IR_MAP:
    case IR_UNKNOWN:
        break;
    }
    return ASLRT_STATE_MAP;
}

/* What the engine can't run. */
static bool runs(struct builder *b, const struct ir_state *s)
{
    if (s->type == IR_UNKNOWN)
        table_refuse(b, s->name_span, "the machine can't run: '%s' has no known type", s->name);
    else
        return true;
    return false;
}

static void add_state(struct builder *b, ir_id id)
{
    const struct ir_state *s = &b->ir->states[id];
    struct aslrt_state to = {
        .name = s->name,
        .type = type_of(s),
        .language = s->language == IR_JSONATA ? ASLRT_JSONATA : ASLRT_JSONPATH,
        .scope = s->scope + 1,
        .next = target(b, &s->next),
    };
    b->state = id;
    if (!runs(b, s))
        return;
    /* table_node.c finds the state's scope in the table */
    b->states[id + 1] = to;
    add_io(b, s, &to);
    to.retriers = retriers_of(b, s);
    to.catchers = catchers_of(b, s);
    switch (s->type) {
    case IR_TASK:
        add_task(b, s, &to);
        break;
    case IR_CHOICE:
        to.rules = rules_of(b, s);
        to.default_next = target(b, &s->default_);
        break;
    case IR_WAIT:
        add_wait(b, s, &to);
        break;
    case IR_PARALLEL:
    case IR_MAP:
        to.scopes = (struct aslrt_slice){s->scopes.first + 1, s->scopes.count};
        to.distributed = s->distributed;
        to.items = table_either(b, s->items, "Items", s->items_path, "ItemsPath");
        to.item_selector = table_payload(b, s->item_selector, "ItemSelector");
        if (s->type == IR_MAP && to.item_selector == ASLRT_NONE) { /* its old name */
            to.item_selector = to.parameters;
            to.parameters = ASLRT_NONE;
        }
        to.max_concurrency = limit(b, s->max_concurrency, "MaxConcurrency", s->max_concurrency_path,
                                   "MaxConcurrencyPath");
        if (s->distributed)
            add_distributed(b, s, &to);
        break;
    case IR_PASS:
        to.result = table_constant(b, s->result);
        break;
    case IR_FAIL:
        to.error = table_either(b, s->error, "Error", s->error_path, "ErrorPath");
        to.cause = table_either(b, s->cause, "Cause", s->cause_path, "CausePath");
        break;
    default:
        break;
    }
    b->states[id + 1] = to;
}

/* ---- the store's tables ---- */

static struct aslrt_key_def key_def(const struct svc_attribute *a)
{
    return (struct aslrt_key_def){a->name, a->type};
}

static const struct aslrt_index_def *index_defs(struct builder *b, const struct svc_table *t)
{
    struct aslrt_index_def *defs =
        ASLRT_NEW_ARRAY(b->arena, struct aslrt_index_def, t->index_count);
    for (uint32_t i = 0; i < t->index_count; i++) {
        const struct svc_index *from = &t->indexes[i];
        defs[i] = (struct aslrt_index_def){.name = from->name, .key = key_def(&from->key)};
        if (from->has_sort)
            defs[i].sort = key_def(&from->sort);
        if (from->project_count != 0) {
            defs[i].project = from->project;
            defs[i].project_count = from->project_count;
        }
    }
    return defs;
}

/* Each table is called as the hole that the Terraform module fills with its name. */
static const struct aslrt_table_def *table_defs(struct builder *b,
                                                const struct svc_service *service)
{
    struct aslrt_table_def *defs =
        ASLRT_NEW_ARRAY(b->arena, struct aslrt_table_def, service->table_count);
    for (uint32_t i = 0; i < service->table_count; i++) {
        const struct svc_table *t = &service->tables[i];
        struct aslrt_buffer name = aslrt_buffer_in(b->arena);
        aslrt_buffer_format(&name, "table_%s", t->id);
        defs[i] = (struct aslrt_table_def){
            .name = aslrt_buffer_close(&name),
            .key = key_def(&t->key),
            .indexes = index_defs(b, t),
            .index_count = t->index_count,
            .ttl = t->ttl,
        };
        if (t->has_sort)
            defs[i].sort = key_def(&t->sort);
    }
    return defs;
}

/* ---- the machine ---- */

static void add_placeholders(struct builder *b)
{
    GROW(b->arena, b->scopes, b->scope_count);
    GROW(b->arena, b->nodes, b->node_count);
    GROW(b->arena, b->rules, b->rule_count);
    GROW(b->arena, b->tests, b->test_count);
    GROW(b->arena, b->retriers, b->retrier_count);
    GROW(b->arena, b->catchers, b->catcher_count);
    *GROW(b->arena, b->names, b->name_count) = "";
    b->state_count = b->ir->state_count + 1;
    b->states = ASLRT_NEW_ARRAY(b->arena, struct aslrt_state, b->state_count);
}

const struct aslrt_machine *table_build(struct aslrt_arena *arena, struct diag_context *cx,
                                        const struct ir_machine *ir,
                                        const struct svc_service *service)
{
    struct builder b = {.arena = arena, .cx = cx, .ir = ir, .holes = service != NULL};
    add_placeholders(&b);
    for (uint32_t i = 0; i < ir->scope_count; i++)
        add_scope(&b, &ir->scopes[i]);
    for (uint32_t i = 0; i < ir->state_count; i++)
        add_state(&b, i);
    if (b.failed)
        return NULL;
    struct aslrt_machine *m = ASLRT_NEW(arena, struct aslrt_machine);
    *m = (struct aslrt_machine){
        .format = ASLRT_FORMAT,
        .type = ir->type == IR_EXPRESS ? ASLRT_EXPRESS : ASLRT_STANDARD,
        .name = ir->name,
        .timeout_s = ir->timeout_s,
        .scopes = b.scopes,
        .states = b.states,
        .nodes = b.nodes,
        .rules = b.rules,
        .tests = b.tests,
        .retriers = b.retriers,
        .catchers = b.catchers,
        .names = b.names,
        .scope_count = b.scope_count,
        .state_count = b.state_count,
        .node_count = b.node_count,
        .rule_count = b.rule_count,
        .test_count = b.test_count,
        .retrier_count = b.retrier_count,
        .catcher_count = b.catcher_count,
        .name_count = b.name_count,
    };
    if (service != NULL) {
        m->tables = table_defs(&b, service);
        m->table_count = service->table_count;
    }
    m->hash = table_hash(m);
    return m;
}
