/*
 * stand_in.c - see stand_in.h.
 */
#include "compiler/driver/stand_in.h"
#include "compiler/driver/batch.h"
#include "runtime/base/value.h"
#include "runtime/engine/bucket.h"
#include "runtime/engine/mock.h"
#include "runtime/engine/nested.h"

#include <sys/stat.h>

static struct aslrt_value text_value(struct session *s, const char *text)
{
    return aslrt_string_copy(s->arena, text, strlen(text));
}

static bool read_json(struct session *s, const char *path, struct aslrt_value *out)
{
    const char *why = "";
    uint32_t id = source_read(&s->p.sources, path, &why);
    struct aslrt_json_error error = {.message = why};
    if (id != 0) {
        const struct source *source = source_of(&s->p.sources, id);
        if (aslrt_json_read(s->arena, source->text, source->count, out, &error) == ASLRT_OK)
            return true;
        session_trouble(s, "'%s' is no JSON: %s at line %u, column %u", path, error.message,
                        error.line, error.column);
        return false;
    }
    session_trouble(s, "cannot read '%s': %s", path, why);
    return false;
}

/* ---- the mock file ---- */

static const char *list_of(struct session *s, struct aslrt_value object)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    for (uint32_t i = 0; object.kind == ASLRT_OBJECT && i < object.count; i++)
        aslrt_buffer_format(&b, "%s'%.*s'", i == 0 ? "" : ", ", (int)object.as.members[i].key.count,
                            object.as.members[i].key.as.bytes);
    return object.count == 0 ? "none" : aslrt_buffer_close(&b);
}

/* A member by name; without a name the only one, or `otherwise`. */
static bool choose(struct session *s, struct aslrt_value from, const char *name,
                   const char *otherwise, const char *what, const char *flag,
                   struct aslrt_value *out)
{
    if (from.kind != ASLRT_OBJECT)
        from = aslrt_object(NULL, 0);
    if (name == NULL && from.count == 1) {
        *out = from.as.members[0].value;
        return true;
    }
    const char *wanted = name != NULL ? name : otherwise;
    *out = wanted != NULL ? aslrt_field(from, wanted) : aslrt_undefined();
    if (out->kind != ASLRT_UNDEFINED)
        return true;
    if (wanted == NULL)
        session_trouble(s, "the mock file has several %ss; choose one with '--%s': %s", what, flag,
                        list_of(s, from));
    else
        session_trouble(s, "the mock file has no %s '%s'; it has: %s", what, wanted,
                        list_of(s, from));
    return false;
}

/* FILE without folders and endings. */
static const char *stem_of(struct session *s, const char *file)
{
    const char *slash = strrchr(file, '/'), *start = slash != NULL ? slash + 1 : file;
    return aslrt_copy_text(s->arena, start, strcspn(start, "."));
}

/* {State: responses} of the test case. */
static bool responses_of(struct session *s, struct aslrt_value file, const char *path,
                         struct aslrt_value *out)
{
    struct aslrt_value machine, test;
    struct aslrt_value all = aslrt_field(file, "MockedResponses");
    struct aslrt_object_builder b = aslrt_object_in(s->arena);
    if (!choose(s, aslrt_field(file, "StateMachines"), s->cli.value[FLAG_MACHINE], stem_of(s, path),
                "machine", "machine", &machine) ||
        !choose(s, aslrt_field(machine, "TestCases"), s->cli.value[FLAG_TEST_CASE], NULL,
                "test case", "test-case", &test))
        return false;
    for (uint32_t i = 0; test.kind == ASLRT_OBJECT && i < test.count; i++) {
        struct aslrt_value name = test.as.members[i].value;
        struct aslrt_value responses = name.kind == ASLRT_STRING
                                           ? aslrt_get(all, name.as.bytes, name.count)
                                           : aslrt_undefined();
        if (responses.kind == ASLRT_UNDEFINED) {
            struct aslrt_value state = test.as.members[i].key;
            session_trouble(s,
                            "the mock of state '%.*s' is '%.*s', which 'MockedResponses' does not "
                            "have",
                            (int)state.count, state.as.bytes,
                            name.kind == ASLRT_STRING ? (int)name.count : 0,
                            name.kind == ASLRT_STRING ? name.as.bytes : "");
            return false;
        }
        aslrt_object_set(&b, test.as.members[i].key, responses);
    }
    *out = aslrt_object_done(&b);
    return true;
}

/* The file as the description that runtime/engine/mock.h takes. */
static bool read_mock(struct session *s, const char *file, struct aslrt_value *out)
{
    struct aslrt_value config = aslrt_undefined(), responses = aslrt_undefined();
    struct aslrt_object_builder b = aslrt_object_in(s->arena);
    if (s->cli.given[FLAG_MOCK]) {
        if (!read_json(s, s->cli.value[FLAG_MOCK], &config))
            return false;
        if (aslrt_field(config, "StateMachines").kind != ASLRT_UNDEFINED &&
            !responses_of(s, config, file, &responses))
            return false;
    } else if (s->cli.given[FLAG_TEST_CASE] || s->cli.given[FLAG_MACHINE]) {
        session_trouble(s, "'--%s' chooses in a mock file; name it with --mock",
                        s->cli.given[FLAG_TEST_CASE] ? "test-case" : "machine");
        return false;
    }
    for (uint32_t i = 0; config.kind == ASLRT_OBJECT && i < config.count; i++)
        aslrt_object_set(&b, config.as.members[i].key, config.as.members[i].value);
    if (responses.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "mockedResponses", responses);
    *out = aslrt_object_done(&b);
    return true;
}

/* ---- buckets and children ---- */

static bool add_bucket(struct session *s, struct aslrt_buckets *buckets, const char *name,
                       const char *folder)
{
    struct stat info;
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)) {
        session_trouble(s, "'%s' is no folder that could stand for the bucket '%s'", folder, name);
        return false;
    }
    aslrt_buckets_add(buckets, name, folder);
    return true;
}

static bool add_child(struct session *s, struct aslrt_object_builder *machines, const char *name,
                      const char *path)
{
    struct aslrt_value definition;
    struct aslrt_object_builder child = aslrt_object_in(s->arena);
    if (!read_json(s, path, &definition))
        return false;
    aslrt_object_set_text(&child, "definition", definition);
    aslrt_object_set(machines, text_value(s, name), aslrt_object_done(&child));
    return true;
}

bool stand_in_add(struct session *s, struct simulation *sim, const char *file)
{
    struct aslrt_value description;
    if (!read_mock(s, file, &description))
        return false;
    struct aslrt_buckets *buckets = aslrt_buckets_new(s->arena);
    struct aslrt_object_builder machines = aslrt_object_in(s->arena);
    struct aslrt_value described = aslrt_field(description, "machines");
    for (uint32_t i = 0; described.kind == ASLRT_OBJECT && i < described.count; i++)
        aslrt_object_set(&machines, described.as.members[i].key, described.as.members[i].value);
    aslrt_buckets_describe(buckets, description);
    for (uint32_t i = 0; i < s->cli.repeated_count; i++) {
        const struct cli_value *v = &s->cli.repeated[i];
        const char *name, *target;
        if (v->flag != FLAG_BUCKET && v->flag != FLAG_CHILD)
            continue;
        if (!session_pair(s, v, &name, &target) ||
            !(v->flag == FLAG_BUCKET ? add_bucket(s, buckets, name, target)
                                     : add_child(s, &machines, name, target)))
            return false;
    }
    simulation_add_service(sim, aslrt_buckets_service(buckets), SERVICE_FIRST);
    simulation_add_service(
        sim,
        aslrt_nested_service(aslrt_nested_new(s->arena, aslrt_object_done(&machines),
                                              batch_machine_source(), &sim->env)),
        SERVICE_FIRST);
    simulation_add_service(sim, aslrt_mock_service(aslrt_mock_new(s->arena, description)),
                           SERVICE_FIRST);
    return true;
}
