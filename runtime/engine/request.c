/*
 * request.c - runs one request; see request.h.
 *
 * Every request is independent: a fresh store, a virtual clock that starts where the request says,
 * its own seed.
 */
#include "runtime/engine/request.h"
#include "runtime/base/buffer.h"
#include "runtime/base/value.h"
#include "runtime/engine/bucket.h"
#include "runtime/engine/exec.h"
#include "runtime/engine/mock.h"
#include "runtime/engine/nested.h"

struct running {
    struct aslrt_arena *arena;
    struct aslrt_value request;
    const struct aslrt_machine_source *source;
    struct aslrt_value *reply;

    const struct aslrt_machine *machine;
    struct aslrt_env env;
    const struct aslrt_service *services[4];
    struct aslrt_store *store;
    struct aslrt_program *program;
    struct aslrt_execution *execution;
};

static struct aslrt_value member(const struct running *r, const char *name)
{
    return aslrt_field(r->request, name);
}

static const char *text_member(const struct running *r, const char *name)
{
    struct aslrt_value v = member(r, name);
    return v.kind == ASLRT_STRING ? aslrt_copy_text(r->arena, v.as.bytes, v.count) : NULL;
}

static struct aslrt_object_builder start_reply(const struct running *r)
{
    struct aslrt_object_builder b = aslrt_object_in(r->arena);
    struct aslrt_value id = member(r, "id");
    aslrt_object_set_text(&b, "id", id.kind != ASLRT_UNDEFINED ? id : aslrt_null());
    return b;
}

/* {"id", "error": {"code", "message"}} */
static enum aslrt_status reply_error(struct running *r, const char *code, const char *message)
{
    struct aslrt_object_builder error = aslrt_object_in(r->arena);
    aslrt_object_set_text(&error, "code", aslrt_text(code));
    aslrt_object_set_text(&error, "message", aslrt_string_copy(r->arena, message, strlen(message)));
    struct aslrt_object_builder b = start_reply(r);
    aslrt_object_set_text(&b, "error", aslrt_object_done(&error));
    *r->reply = aslrt_object_done(&b);
    return ASLRT_OK;
}

static enum aslrt_status reply_refusal(struct running *r, struct aslrt_value refusal)
{
    struct aslrt_object_builder b = start_reply(r);
    for (uint32_t i = 0; i < refusal.count && refusal.kind == ASLRT_OBJECT; i++)
        aslrt_object_set(&b, refusal.as.members[i].key, refusal.as.members[i].value);
    *r->reply = aslrt_object_done(&b);
    return ASLRT_OK;
}

/* ---- the environment ---- */

static bool read_key(const struct running *r, struct aslrt_value v, struct aslrt_key_def *key)
{
    key->type = 'S';
    if (v.kind == ASLRT_STRING) {
        key->name = aslrt_copy_text(r->arena, v.as.bytes, v.count);
        return true;
    }
    if (v.kind != ASLRT_ARRAY || v.count != 2 || v.as.items[0].kind != ASLRT_STRING ||
        v.as.items[1].kind != ASLRT_STRING || v.as.items[1].count != 1)
        return false;
    key->name = aslrt_copy_text(r->arena, v.as.items[0].as.bytes, v.as.items[0].count);
    key->type = v.as.items[1].as.bytes[0];
    return true;
}

static bool read_keys(const struct running *r, struct aslrt_value v, struct aslrt_key_def *key,
                      struct aslrt_key_def *sort)
{
    struct aslrt_value s = aslrt_field(v, "sort");
    return read_key(r, aslrt_field(v, "key"), key) &&
           (s.kind == ASLRT_UNDEFINED || read_key(r, s, sort));
}

static enum aslrt_status put_items(const struct running *r, const char *table,
                                   struct aslrt_value items)
{
    for (uint32_t i = 0; i < items.count && items.kind == ASLRT_ARRAY; i++) {
        struct aslrt_object_builder put = aslrt_object_in(r->arena);
        aslrt_object_set_text(&put, "TableName", aslrt_text(table));
        aslrt_object_set_text(&put, "Item", items.as.items[i]);
        struct aslrt_store_answer answer;
        enum aslrt_status status = aslrt_store_call(r->store, "PutItem", aslrt_object_done(&put),
                                                    r->env.start_us, r->arena, &answer);
        if (status != ASLRT_OK)
            return status;
        if (answer.error != NULL)
            return ASLRT_FAILED;
    }
    return ASLRT_OK;
}

/* One member of "tables": {"name": {"key", "sort", "indexes": {"name": {"key", "sort"}}, "items"}}.
 */
static enum aslrt_status make_table(struct running *r, const struct aslrt_member *m)
{
    struct aslrt_table_def def = {.name = aslrt_copy_text(r->arena, m->key.as.bytes, m->key.count)};
    struct aslrt_value indexes = aslrt_field(m->value, "indexes");
    uint32_t count = indexes.kind == ASLRT_OBJECT ? indexes.count : 0;
    struct aslrt_index_def *defs = ASLRT_NEW_ARRAY(r->arena, struct aslrt_index_def, count);
    if (!read_keys(r, m->value, &def.key, &def.sort))
        return ASLRT_FAILED;
    for (uint32_t i = 0; i < count; i++) {
        struct aslrt_value key = indexes.as.members[i].key;
        defs[i].name = aslrt_copy_text(r->arena, key.as.bytes, key.count);
        if (!read_keys(r, indexes.as.members[i].value, &defs[i].key, &defs[i].sort))
            return ASLRT_FAILED;
    }
    def.indexes = defs;
    def.index_count = count;
    enum aslrt_status status = aslrt_store_create_table(r->store, &def);
    return status == ASLRT_OK ? put_items(r, def.name, aslrt_field(m->value, "items")) : status;
}

/* The machine's own tables, then the request's. */
static enum aslrt_status make_tables(struct running *r)
{
    enum aslrt_status status = aslrt_store_memory(r->arena->memory, &r->store);
    for (uint32_t i = 0; i < r->machine->table_count && status == ASLRT_OK; i++)
        status = aslrt_store_create_table(r->store, &r->machine->tables[i]);
    struct aslrt_value tables = member(r, "tables");
    for (uint32_t i = 0; i < tables.count && tables.kind == ASLRT_OBJECT && status == ASLRT_OK; i++)
        status = make_table(r, &tables.as.members[i]);
    return status;
}

static bool read_env(struct running *r)
{
    struct aslrt_value start = member(r, "startTime");
    struct aslrt_value history = member(r, "history");
    int64_t number;
    if (aslrt_to_int(member(r, "seed"), &number))
        r->env.seed = (uint64_t)number;
    if (aslrt_to_int(member(r, "maxEvents"), &number) && number > 0)
        r->env.max_events = (uint64_t)number;
    if (start.kind != ASLRT_UNDEFINED && !aslrt_time_read(start, &r->env.start_us))
        return false;
    r->env.history = history.kind == ASLRT_BOOL && history.as.boolean;
    r->env.machine_name = text_member(r, "name");
    r->services[0] = aslrt_mock_service(aslrt_mock_new(r->arena, r->request));
    r->services[1] = aslrt_store_service(r->store);
    struct aslrt_buckets *buckets = aslrt_buckets_new(r->arena);
    aslrt_buckets_describe(buckets, r->request);
    r->services[2] = aslrt_buckets_service(buckets);
    r->services[3] =
        aslrt_nested_service(aslrt_nested_new(r->arena, member(r, "machines"), r->source, &r->env));
    r->env.services = r->services;
    r->env.service_count = 4;
    return true;
}

/* ---- running ---- */

static enum aslrt_status reply_outcome(struct running *r, const struct aslrt_outcome *o)
{
    struct aslrt_object_builder b = start_reply(r);
    aslrt_object_set_text(&b, "status", aslrt_text(aslrt_run_status_name(o->status)));
    if (o->output.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "output", aslrt_copy(r->arena, o->output));
    if (o->error.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "error", aslrt_copy(r->arena, o->error));
    if (o->cause.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "cause", aslrt_copy(r->arena, o->cause));
    if (r->env.history) {
        struct aslrt_value events;
        enum aslrt_status status = aslrt_history(r->execution, r->arena, &events);
        if (status != ASLRT_OK)
            return status;
        aslrt_object_set_text(&b, "events", events);
    }
    *r->reply = aslrt_object_done(&b);
    return ASLRT_OK;
}

/* Store, services, program and execution of the request.  ASLRT_OK without an execution: the reply
   says why there is none. */
static enum aslrt_status open_execution(struct running *r)
{
    enum aslrt_status status = make_tables(r);
    if (status == ASLRT_FAILED)
        return reply_error(r, "BadRequest", aslrt_store_problem(r->store));
    if (status != ASLRT_OK)
        return status;
    if (!read_env(r))
        return reply_error(r, "BadRequest", "'startTime' is not a date and time with an offset");
    if (r->source != NULL && r->source->coverage != NULL) /* a state by itself has none */
        r->env.coverage = r->source->coverage(r->source->data, r->machine);
    struct aslrt_load_error error;
    status = aslrt_load(r->arena->memory, r->machine, &r->program, &error);
    if (status == ASLRT_FAILED)
        return reply_error(r, "BadDefinition", error.message);
    if (status != ASLRT_OK)
        return status;
    r->execution = aslrt_execution_open(r->program, &r->env);
    return r->execution != NULL ? ASLRT_OK : ASLRT_NOMEM;
}

static enum aslrt_status run(void *data)
{
    struct running *r = data;
    struct aslrt_value refusal = aslrt_undefined();
    enum aslrt_status status =
        r->source->machine(r->source->data, r->request, r->arena, &r->machine, &refusal);
    if (status == ASLRT_FAILED)
        return reply_refusal(r, refusal);
    if (status != ASLRT_OK)
        return status;
    status = open_execution(r);
    if (status != ASLRT_OK || r->execution == NULL)
        return status;
    struct aslrt_value input = member(r, "input");
    if (input.kind == ASLRT_UNDEFINED)
        input = aslrt_object(NULL, 0);
    struct aslrt_outcome outcome;
    status = aslrt_run(r->execution, input, text_member(r, "executionName"), &outcome);
    if (status == ASLRT_OK)
        return reply_outcome(r, &outcome);
    if (status == ASLRT_NOMEM || status == ASLRT_LIMIT)
        return status;
    return reply_error(r, status == ASLRT_MISUSE ? "NotMocked" : "CallFailed",
                       aslrt_problem(r->execution));
}

enum aslrt_status aslrt_request_run(struct aslrt_arena *arena, struct aslrt_value request,
                                    const struct aslrt_machine_source *source,
                                    struct aslrt_value *reply)
{
    struct running r = {.arena = arena, .request = request, .source = source, .reply = reply};
    enum aslrt_status status = aslrt_protect(arena->memory, run, &r);
    aslrt_execution_close(r.execution);
    aslrt_unload(r.program);
    aslrt_store_close(r.store);
    return status;
}

struct inspecting {
    struct running r;
    const struct aslrt_request_inspection *inspection;
};

static enum aslrt_status inspect(void *data)
{
    struct inspecting *i = data;
    const struct aslrt_request_inspection *in = i->inspection;
    enum aslrt_status status = open_execution(&i->r);
    if (status != ASLRT_OK)
        return status;
    if (i->r.execution == NULL)
        return ASLRT_LIMIT;
    status = aslrt_inspect(i->r.execution, in->state, in->input, in->inspection);
    return in->done(in->data, i->r.execution, status);
}

enum aslrt_status aslrt_request_inspect(struct aslrt_arena *arena, struct aslrt_value request,
                                        const struct aslrt_request_inspection *inspection)
{
    struct aslrt_value reply;
    struct inspecting i = {
        .r = {.arena = arena, .request = request, .machine = inspection->machine, .reply = &reply},
        .inspection = inspection};
    enum aslrt_status status = aslrt_protect(arena->memory, inspect, &i);
    aslrt_execution_close(i.r.execution);
    aslrt_unload(i.r.program);
    aslrt_store_close(i.r.store);
    return status;
}
