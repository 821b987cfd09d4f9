/*
 * cmd_batch.c - aslc batch: one request a line on standard input, one reply a line on standard
 * output.
 *
 * In: NDJSON.  Out: NDJSON, in order, flushed after each line.  Requests are independent: each has
 * an arena of its own that is emptied before the next.  What is wrong with a line is its reply.
 */
#include "compiler/driver/batch.h"
#include "compiler/driver/commands.h"
#include "runtime/base/limits.h"
#include "runtime/base/value.h"

/* Reads one line without its end into the arena.  False at the end of the input; *too_long when it
   was longer than ASLRT_LINE_MAX (it is then skipped). */
static bool read_line(struct aslrt_arena *arena, const char **line, size_t *count, bool *too_long)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    int c;
    *too_long = false;
    flockfile(stdin);
    while ((c = getc_unlocked(stdin)) != EOF && c != '\n') {
        if (b.count == ASLRT_LINE_MAX)
            *too_long = true;
        else
            aslrt_buffer_char(&b, (char)c);
    }
    funlockfile(stdin);
    *line = aslrt_buffer_close(&b);
    *count = b.count;
    return c != EOF || b.count != 0;
}

static struct aslrt_value error_reply(struct aslrt_arena *arena, struct aslrt_value id,
                                      const char *code, const char *message, int64_t position)
{
    struct aslrt_object_builder error = aslrt_object_in(arena), reply = aslrt_object_in(arena);
    aslrt_object_set_text(&error, "code", aslrt_text(code));
    aslrt_object_set_text(&error, "message", aslrt_text(message));
    if (position >= 0)
        aslrt_object_set_text(&error, "position", aslrt_int(position));
    aslrt_object_set_text(&reply, "id", id.kind == ASLRT_UNDEFINED ? aslrt_null() : id);
    aslrt_object_set_text(&reply, "error", aslrt_object_done(&error));
    return aslrt_object_done(&reply);
}

static struct aslrt_value answer(struct aslrt_arena *arena, const char *line, size_t count,
                                 struct batch_coverage *coverage)
{
    struct aslrt_value request, nothing = aslrt_undefined();
    struct aslrt_json_error error;
    if (aslrt_json_read(arena, line, count, &request, &error) != ASLRT_OK)
        return error_reply(arena, nothing, "BadRequest", error.message, (int64_t)error.offset);
    if (request.kind != ASLRT_OBJECT)
        return error_reply(arena, nothing, "BadRequest", "the line is not a JSON object", 0);
    struct aslrt_value op = aslrt_field(request, "op"), id = aslrt_field(request, "id");
    if (aslrt_is(op, "eval"))
        return batch_eval(arena, request);
    if (aslrt_is(op, "run"))
        return batch_run(arena, request, coverage);
    if (aslrt_is(op, "create"))
        return batch_create(arena, request);
    if (aslrt_is(op, "validate"))
        return batch_validate(arena, request);
    if (aslrt_is(op, "test_state"))
        return batch_test_state(arena, request);
    return error_reply(arena, id, "BadRequest", "op is eval, run, create, validate or test_state",
                       -1);
}

struct job {
    struct aslrt_arena *arena;
    const char *line;
    size_t count;
    struct batch_coverage *coverage; /* or NULL */
    const char *text;                /* of the reply */
    size_t text_count;
};

static enum aslrt_status run_job(void *data)
{
    struct job *job = data;
    struct aslrt_value reply = answer(job->arena, job->line, job->count, job->coverage);
    return aslrt_json_write(job->arena, reply, &job->text, &job->text_count);
}

/* Adds what the batch took to the file, which may hold any machines. */
static bool save_coverage(struct session *s, const struct batch_coverage *coverage)
{
    char why[512];
    if (aslrt_coverage_save(s->arena->memory, s->cli.value[FLAG_TAKEN], coverage->list,
                            coverage->count, true, why, sizeof why) == ASLRT_OK)
        return true;
    session_trouble(s, "%s", why);
    return false;
}

int cmd_batch(struct session *s)
{
    struct batch_coverage coverage = {.arena = s->arena};
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = memory == NULL ? NULL : aslrt_arena_open(memory);
    if (arena == NULL) {
        session_trouble(s, "out of memory");
        return EXIT_TROUBLE;
    }
    memory->exhausted = s->arena->memory->exhausted;
    struct job job = {.arena = arena, .coverage = s->cli.given[FLAG_TAKEN] ? &coverage : NULL};
    bool too_long;
    while (read_line(arena, &job.line, &job.count, &too_long)) {
        enum aslrt_status status = too_long ? ASLRT_LIMIT : aslrt_protect(memory, run_job, &job);
        if (status == ASLRT_OK)
            printf("%s\n", job.text);
        else
            printf("{\"id\":null,\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}\n",
                   too_long ? "BadRequest" : "OutOfMemory",
                   too_long ? "the line is longer than 64 MiB"
                            : "there is no memory for this request");
        if (fflush(stdout) != 0)
            break;
        aslrt_arena_reset(arena);
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    if (job.coverage != NULL && !save_coverage(s, &coverage))
        return EXIT_TROUBLE;
    return EXIT_FINE;
}
