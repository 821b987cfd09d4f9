/*
 * execution.c - opening, starting and closing executions.
 *
 * An execution is reusable: starting it again forgets everything but its arenas' blocks, so that a
 * loop of executions does not reach the allocator.
 * Ownership: the execution owns its arenas; program, environment and input are borrowed.
 */
#include "runtime/engine/exec.h"
#include "runtime/engine/quotas.h"

#include <stdio.h>

static const int64_t DEFAULT_START_US = 1767225600000000; /* 2026-01-01T00:00:00Z */

struct aslrt_execution *aslrt_execution_open(struct aslrt_program *program,
                                             const struct aslrt_env *env)
{
    struct aslrt_memory *m = program->memory;
    struct aslrt_execution *x = m->allocator.resize(m->allocator.data, NULL, 0, sizeof *x);
    if (x == NULL)
        return NULL;
    memset(x, 0, sizeof *x);
    m->used += sizeof *x;
    x->program = program;
    x->memory = m;
    x->env = env;
    x->arena = aslrt_arena_open(m);
    x->spare = aslrt_arena_open(m);
    x->fixed = aslrt_arena_open(m);
    x->events_arena = aslrt_arena_open(m);
    x->input_arena = aslrt_arena_open(m);
    if (x->arena == NULL || x->spare == NULL || x->fixed == NULL || x->events_arena == NULL ||
        x->input_arena == NULL) {
        aslrt_execution_close(x);
        return NULL;
    }
    return x;
}

void aslrt_execution_close(struct aslrt_execution *x)
{
    if (x == NULL)
        return;
    struct aslrt_memory *m = x->memory;
    aslrt_arena_close(x->arena);
    aslrt_arena_close(x->spare);
    aslrt_arena_close(x->fixed);
    aslrt_arena_close(x->events_arena);
    aslrt_arena_close(x->input_arena);
    m->used -= sizeof *x;
    m->allocator.resize(m->allocator.data, x, sizeof *x, 0);
}

/* ---- starting ---- */

static void forget(struct aslrt_execution *x)
{
    aslrt_arena_reset(x->arena);
    aslrt_arena_reset(x->spare);
    aslrt_arena_reset(x->fixed);
    aslrt_arena_reset(x->events_arena);
    /* For a large constant size compilers write a string instruction, which takes longer than all
       the rest of a short execution's start. */
    volatile size_t forgotten = sizeof *x - ASLRT_EXECUTION_KEPT;
    memset((char *)x + ASLRT_EXECUTION_KEPT, 0, forgotten);
    x->collect_at = 1 << 20;
}

static const char *or_else(const char *text, const char *other)
{
    return text != NULL ? text : other;
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static struct aslrt_value
words(struct aslrt_execution *x, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(x->fixed);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    const char *text = aslrt_buffer_close(&b);
    return aslrt_string(text, (uint32_t)b.count);
}

/* Names come from a stream of their own, so that asking for them changes nothing else. */
static void uuid_of_seed(const struct aslrt_execution *x, uint64_t which, char out[37])
{
    uint64_t stream = x->env->seed ^ which;
    aslrt_random_uuid(&stream, out);
}

void aslrt_give_names(struct aslrt_execution *x)
{
    const struct aslrt_env *env = x->env;
    const char *partition = or_else(env->partition, "aws");
    const char *region = or_else(env->region, "us-east-1");
    const char *account = or_else(env->account, "123456789012");
    const char *machine = or_else(env->machine_name, or_else(x->program->machine->name, "machine"));
    const char *name = x->given_name;
    char uuid[37];
    if (name == NULL) {
        uuid_of_seed(x, 0x6e616d65, uuid);
        name = uuid;
    }
    x->region = aslrt_text(region);
    x->name = words(x, "%s", name);
    x->machine_name = aslrt_text(machine);
    x->machine_id =
        words(x, "arn:%s:states:%s:%s:stateMachine:%s", partition, region, account, machine);
    if (x->program->machine->type == ASLRT_EXPRESS) {
        char run[37];
        uuid_of_seed(x, 0x72756e, run);
        x->id = words(x, "arn:%s:states:%s:%s:express:%s:%s:%s", partition, region, account,
                      machine, name, run);
    } else {
        x->id = words(x, "arn:%s:states:%s:%s:execution:%s:%s", partition, region, account, machine,
                      name);
    }
    x->role = env->role_arn != NULL
                  ? aslrt_text(env->role_arn)
                  : words(x, "arn:%s:iam::%s:role/%s", partition, account, machine);
}

static void set_clock(struct aslrt_execution *x)
{
    const struct aslrt_env *env = x->env;
    const struct aslrt_machine *m = x->program->machine;
    x->now_us = env->real_time       ? aslrt_wall_clock_us()
                : env->start_us != 0 ? env->start_us
                                     : DEFAULT_START_US;
    x->outcome.start_us = x->now_us;
    int64_t longest =
        m->type == ASLRT_EXPRESS ? ASLRT_QUOTA_EXPRESS_TIME : ASLRT_QUOTA_STANDARD_TIME;
    if (m->timeout_s != 0 && m->timeout_s < longest)
        longest = m->timeout_s;
    x->deadline_us = aslrt_time_add(x->now_us, longest * 1000000);
    x->event_max = env->max_events != 0       ? env->max_events
                   : m->type == ASLRT_EXPRESS ? 0
                                              : ASLRT_QUOTA_HISTORY;
}

static struct aslrt_frame *one_more_frame(struct aslrt_execution *x)
{
    if (x->frame_count + 1 >= x->frame_room) {
        uint32_t room = x->frame_room == 0 ? 4 : x->frame_room * 2;
        struct aslrt_frame **frames =
            aslrt_alloc_zero(x->fixed, room, sizeof(struct aslrt_frame *));
        if (x->frame_room != 0)
            memcpy(frames, x->frames, (x->frame_count + 1) * sizeof *frames);
        x->frames = frames;
        x->frame_room = room;
    }
    struct aslrt_frame *f = ASLRT_NEW(x->fixed, struct aslrt_frame);
    f->id = ++x->frame_count;
    x->frames[f->id] = f;
    return f;
}

struct aslrt_frame *aslrt_frame_new(struct aslrt_execution *x, uint32_t scope)
{
    struct aslrt_frame *f;
    if (x->free_frames != 0) {
        f = x->frames[x->free_frames];
        x->free_frames = f->parent;
    } else {
        f = one_more_frame(x);
    }
    const struct aslrt_scope *s = &x->program->machine->scopes[scope];
    f->scope = scope;
    f->parent = 0;
    f->run = 0;
    f->variable_count = s->variables_before + s->variables.count;
    if (f->variable_count > f->variable_room) {
        f->variables = aslrt_alloc(x->fixed, f->variable_count * sizeof *f->variables);
        f->variable_room = f->variable_count;
    }
    for (uint32_t i = 0; i < f->variable_count; i++)
        f->variables[i] = aslrt_undefined();
    return f;
}

void aslrt_frame_free(struct aslrt_execution *x, struct aslrt_frame *f)
{
    aslrt_not_ready(x, f);
    f->generation++;
    f->phase = ASLRT_PHASE_FREE;
    f->join = (struct aslrt_join){0};
    f->parent = x->free_frames;
    x->free_frames = f->id;
}

void aslrt_begin(struct aslrt_execution *x, struct aslrt_value input, const char *name)
{
    forget(x);
    x->random = x->env->seed;
    x->input = input;
    x->given_name = name;
    if (x->env->coverage != NULL && x->env->coverage->machine == x->program->machine) {
        x->coverage = x->env->coverage;
        x->coverage->runs++;
    }
    set_clock(x);
    struct aslrt_frame *f = aslrt_frame_new(x, 1);
    f->state = x->program->machine->scopes[1].start;
    f->input = input;
    f->phase = ASLRT_PHASE_ENTER;
    aslrt_event_started(x, f);
    aslrt_make_ready(x, f);
}

struct starting {
    struct aslrt_execution *execution;
    struct aslrt_value input;
    const char *name;
};

static enum aslrt_status start(void *data)
{
    struct starting *s = data;
    aslrt_begin(s->execution, s->input, s->name);
    return ASLRT_OK;
}

enum aslrt_status aslrt_start(struct aslrt_execution *x, struct aslrt_value input, const char *name)
{
    if (!aslrt_is_json(input))
        return ASLRT_MISUSE;
    struct starting s = {x, input, name};
    enum aslrt_status status = aslrt_protect(x->memory, start, &s);
    x->broken = status != ASLRT_OK;
    return status;
}

const char *aslrt_run_status_name(enum aslrt_run_status status)
{
    static const char *const names[] = {
        [ASLRT_RUNNING] = "RUNNING",   [ASLRT_SUCCEEDED] = "SUCCEEDED",
        [ASLRT_RUN_FAILED] = "FAILED", [ASLRT_TIMED_OUT] = "TIMED_OUT",
        [ASLRT_ABORTED] = "ABORTED",
    };
    return names[status];
}

const char *aslrt_problem(const struct aslrt_execution *x)
{
    return x->problem;
}
