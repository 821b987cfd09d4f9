/*
 * resume.c - see resume.h.
 */
#include "compiler/driver/resume.h"
#include "compiler/driver/output.h"
#include "runtime/base/value.h"

#include <inttypes.h>
#include <stdlib.h>

enum { FORMAT = 1 };

static const char *hash_of(struct session *s, const struct aslrt_machine *m)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    aslrt_buffer_format(&b, "%016" PRIx64, m->hash);
    return aslrt_buffer_close(&b);
}

static bool read_saved(struct session *s, const char *path, const struct aslrt_machine *m,
                       struct aslrt_value *out)
{
    const char *why = "";
    uint32_t id = source_read(&s->p.sources, path, &why);
    if (id == 0) {
        session_trouble(s, "cannot read '%s': %s", path, why);
        return false;
    }
    const struct source *source = source_of(&s->p.sources, id);
    int64_t format;
    if (aslrt_json_read(s->arena, source->text, source->count, out, NULL) != ASLRT_OK ||
        !aslrt_to_int(aslrt_field(*out, "format"), &format) || format != FORMAT) {
        session_trouble(s, "'%s' is not an execution that this version saved", path);
        return false;
    }
    if (aslrt_is(aslrt_field(*out, "hash"), hash_of(s, m)))
        return true;
    session_trouble(s, "'%s' is an execution of another machine, or of this one before it changed",
                    path);
    return false;
}

bool resume_open(struct session *s, struct simulation *sim, uint32_t machine, struct resume *out)
{
    *out = (struct resume){.s = s};
    double stop = -1;
    if (!session_number(s, FLAG_STOP_AFTER, 0, 1e15, &stop))
        return false;
    if (s->cli.given[FLAG_STOP_AFTER] != s->cli.given[FLAG_SAVE]) {
        session_trouble(s, "'--stop-after N' and '--save FILE' belong together");
        return false;
    }
    if (s->cli.given[FLAG_RESUME] &&
        !read_saved(s, s->cli.value[FLAG_RESUME], sim->machines[machine], &out->saved))
        return false;
    if (!s->cli.given[FLAG_RESUME] && stop < 0)
        return true;
    out->replay = aslrt_replay_new(s->arena, aslrt_field(out->saved, "calls"),
                                   stop < 0 ? UINT64_MAX : (uint64_t)stop);
    for (uint32_t i = 0; i < sim->env.service_count; i++)
        aslrt_replay_add(out->replay, sim->services[i], sim->again[i]);
    sim->services[0] = aslrt_replay_service(out->replay);
    sim->env.service_count = 1;
    int64_t seed;
    if (aslrt_to_int(aslrt_field(out->saved, "seed"), &seed))
        sim->env.seed = (uint64_t)seed;
    return true;
}

const char *resume_input(struct resume *r, size_t *count)
{
    struct aslrt_value input = aslrt_field(r->saved, "input");
    const char *text;
    if (input.kind == ASLRT_UNDEFINED)
        return NULL;
    if (aslrt_json_write(r->s->arena, input, &text, count) != ASLRT_OK)
        aslrt_escape(r->s->arena->memory, ASLRT_NOMEM);
    return text;
}

bool resume_stopped(struct resume *r, const struct simulation *sim, uint32_t machine,
                    const char *input, size_t count)
{
    if (r->replay == NULL || !aslrt_replay_stopped(r->replay))
        return false;
    struct session *s = r->s;
    struct aslrt_object_builder b = aslrt_object_in(s->arena);
    struct aslrt_value value = aslrt_null();
    (void)aslrt_json_read(s->arena, input, count, &value, NULL);
    aslrt_object_set_text(&b, "format", aslrt_int(FORMAT));
    aslrt_object_set_text(&b, "machine", aslrt_text(sim->machines[machine]->name));
    aslrt_object_set_text(&b, "hash", aslrt_text(hash_of(s, sim->machines[machine])));
    aslrt_object_set_text(&b, "seed", aslrt_int((int64_t)sim->env.seed));
    aslrt_object_set_text(&b, "input", value);
    aslrt_object_set_text(&b, "calls", aslrt_replay_calls(r->replay));
    struct emit_files files = {.arena = s->arena};
    const char *text;
    size_t length;
    if (aslrt_json_write_pretty(s->arena, aslrt_object_done(&b), &text, &length) != ASLRT_OK)
        aslrt_escape(s->arena->memory, ASLRT_NOMEM);
    emit_file_add(&files, s->cli.value[FLAG_SAVE], text, length);
    if (output_write(s, "", &files))
        fprintf(stderr, "stopped; go on with --resume %s\n", s->cli.value[FLAG_SAVE]);
    return true;
}
