/*
 * fuzz_run.c - whatever machine, input and mock any bytes describe: the execution ends, with a
 * reply that can be written.  Bytes are read as a case of tests/exec: {"definition", "runs":
 * [request]}.
 *
 * Executions are bounded as a user's may be: by events and by memory.
 */
#include "runtime/base/value.h"
#include "runtime/engine/request.h"
#include "tests/exec/definition.h"
#include "tests/fuzz/fuzz.h"

enum { EVENTS = 500, RUNS = 4, MEMORY = 256 << 20 };

static enum aslrt_status build(void *data, struct aslrt_value request, struct aslrt_arena *arena,
                               const struct aslrt_machine **out, struct aslrt_value *refusal)
{
    const char *text, *why;
    size_t count;
    struct aslrt_value definition = aslrt_field(request, "definition");
    (void)data;
    *refusal = aslrt_object(NULL, 0);
    enum aslrt_status status = aslrt_json_write(arena, definition, &text, &count);
    if (status != ASLRT_OK)
        return status;
    *out = definition_build(arena, "fuzz", text, count,
                            aslrt_is(aslrt_field(request, "type"), "EXPRESS"), &why);
    return *out != NULL ? ASLRT_OK : ASLRT_FAILED;
}

/* The members of the run, with the case's definition and our bound. */
static struct aslrt_value request_of(struct aslrt_arena *arena, struct aslrt_value definition,
                                     struct aslrt_value run)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    for (uint32_t i = 0; run.kind == ASLRT_OBJECT && i < run.count; i++)
        aslrt_object_set(&b, run.as.members[i].key, run.as.members[i].value);
    aslrt_object_set_text(&b, "definition", definition);
    aslrt_object_set_text(&b, "history", aslrt_bool(true));
    aslrt_object_set_text(&b, "maxEvents", aslrt_int(EVENTS));
    return aslrt_object_done(&b);
}

struct task {
    struct aslrt_arena *arena;
    const char *text;
    size_t count;
};

static enum aslrt_status run_all(void *data)
{
    static const struct aslrt_machine_source source = {.machine = build};
    const struct task *t = data;
    struct aslrt_value whole, reply;
    const char *text;
    size_t count;
    if (aslrt_json_read(t->arena, t->text, t->count, &whole, NULL) != ASLRT_OK)
        return ASLRT_OK;
    struct aslrt_value runs = aslrt_field(whole, "runs");
    for (uint32_t i = 0; runs.kind == ASLRT_ARRAY && i < runs.count && i < RUNS; i++) {
        struct aslrt_value request =
            request_of(t->arena, aslrt_field(whole, "definition"), runs.as.items[i]);
        enum aslrt_status status = aslrt_request_run(t->arena, request, &source, &reply);
        if (status == ASLRT_OK)
            status = aslrt_json_write(t->arena, reply, &text, &count);
        if (status != ASLRT_OK && status != ASLRT_NOMEM && status != ASLRT_LIMIT)
            abort(); /* a reply says what is wrong; nothing else does */
    }
    return ASLRT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, MEMORY);
    struct task task = {aslrt_arena_open(memory), (const char *)data, size};
    aslrt_protect(memory, run_all, &task); /* out of memory is an end, too */
    aslrt_arena_close(task.arena);
    aslrt_memory_close(memory);
    return 0;
}
