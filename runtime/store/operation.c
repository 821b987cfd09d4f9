/*
 * operation.c - the core of the store: (operation, request) → (answer | error type and message).
 *
 * Sets up what a request needs, runs the operation under the trap of the caller's account, and
 * cleans up after it however it ended.
 */
#include "runtime/store/memory.h"
#include "runtime/store/store.h"

struct run {
    struct aslrt_store_request rq;
    struct aslrt_value (*operation)(struct aslrt_store_request *rq);
    struct aslrt_value result;
};

static const struct {
    const char *name;
    struct aslrt_value (*operation)(struct aslrt_store_request *rq);
} operations[] = {
#define ASLRT_OPERATION(name, function) {#name, function},
#include "runtime/store/operations.def"
#undef ASLRT_OPERATION
};

static enum aslrt_status run(void *data)
{
    struct run *r = data;
    if (r->rq.json.kind != ASLRT_OBJECT)
        aslrt_ddb_fail(&r->rq.ddb, ASLRT_DDB_SERIALIZATION, "Unexpected field type");
    r->result = r->operation(&r->rq);
    return ASLRT_OK;
}

enum aslrt_status aslrt_store_call(struct aslrt_store *store, const char *operation,
                                   struct aslrt_value request, int64_t now_us,
                                   struct aslrt_arena *arena, struct aslrt_store_answer *answer)
{
    struct run r = {.rq = {.store = store, .json = request, .now_us = now_us}};
    struct aslrt_arena scratch;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (strcmp(operations[i].name, operation) == 0)
            r.operation = operations[i].operation;
    }
    if (r.operation == NULL)
        return ASLRT_MISUSE;
    store->problem[0] = '\0';
    aslrt_arena_init(&scratch, arena->memory);
    r.rq.ddb = (struct aslrt_ddb){.arena = arena, .scratch = &scratch};
    r.rq.broken = aslrt_buffer_in(&scratch);
    enum aslrt_status status = aslrt_protect(arena->memory, run, &r);
    store->backend->rest(store->self);
    aslrt_arena_clear(&scratch);
    *answer = (struct aslrt_store_answer){.result = r.result,
                                          .error = r.rq.ddb.type,
                                          .message = r.rq.ddb.message,
                                          .detail = r.rq.detail};
    return status == ASLRT_FAILED ? ASLRT_OK : status;
}

enum aslrt_status aslrt_store_memory(struct aslrt_memory *memory, struct aslrt_store **out)
{
    void *backend = aslrt_memory_backend_open(memory);
    if (backend == NULL)
        return ASLRT_NOMEM;
    return aslrt_store_open_on(memory, &aslrt_memory_backend, backend, out);
}
