/*
 * artifacts.c - what a unit stands for, as named texts; see artifacts.h.
 */
#include "config.h"

#include "compiler/driver/artifacts.h"
#include "compiler/emit/asl.h"
#include "compiler/emit/diagram.h"
#include "compiler/emit/native.h"
#include "compiler/emit/openapi.h"
#include "compiler/emit/routes.h"
#include "compiler/emit/table.h"
#include "compiler/emit/terraform.h"

const char *const artifact_words[ARTIFACT_COUNT] = {"asl", "terraform", "openapi", "diagram",
                                                    "native"};

static const char *named(struct emit_files *files, const char *format, const char *name)
{
    struct aslrt_buffer b = aslrt_buffer_in(files->arena);
    aslrt_buffer_format(&b, format, name);
    return aslrt_buffer_close(&b);
}

static void add_buffer(struct emit_files *files, const char *name, struct aslrt_buffer *b)
{
    size_t count = b->count;
    emit_file_add(files, name, aslrt_buffer_close(b), count);
}

static void add_asl(const struct unit *unit, struct emit_files *files)
{
    for (uint32_t i = 0; i < unit->machine_count; i++) {
        size_t count;
        const char *text = emit_asl(files->arena, unit->machines[i], &count);
        emit_file_add(files, named(files, "%s.asl.json", unit->machines[i]->name), text, count);
    }
}

static void add_terraform(const struct unit *unit, struct emit_files *files)
{
    if (unit->service != NULL)
        emit_terraform(files, unit->service);
    else
        emit_terraform_machine(files, unit->machines[0]);
}

static void add_openapi(const struct unit *unit, struct emit_files *files)
{
    if (unit->service == NULL || unit->service->route_count == 0)
        return;
    struct aslrt_buffer b = aslrt_buffer_in(files->arena);
    emit_openapi(&b, unit->service, emit_routes(files->arena, unit->service));
    add_buffer(files, "openapi.json", &b);
}

static void add_mermaid(const struct unit *unit, struct emit_files *files)
{
    for (uint32_t i = 0; i < unit->machine_count; i++) {
        const struct ir_machine *m = unit->machines[i];
        struct aslrt_buffer b = aslrt_buffer_in(files->arena);
        const struct diagram *d = diagram_overview(files->arena, m);
        diagram_mermaid(d != NULL ? d : diagram_build(files->arena, m, NULL), &b);
        add_buffer(files, named(files, "%s.mmd", m->name), &b);
    }
}

static bool add_native(struct pipeline *p, const struct unit *unit, struct emit_files *files)
{
    for (uint32_t i = 0; i < unit->machine_count; i++) {
        const struct aslrt_machine *table =
            table_build(p->arena, &p->diag, unit->machines[i], unit->service);
        if (table == NULL)
            return false;
        const char *slash = strrchr(unit->path, '/');
        struct native_options options = {
            .name = native_identifier(p->arena, unit->machines[i]->name),
            .source = slash == NULL ? unit->path : slash + 1,
            .version = PACKAGE_VERSION,
        };
        struct aslrt_buffer header = aslrt_buffer_in(p->arena), source = aslrt_buffer_in(p->arena),
                            program = aslrt_buffer_in(p->arena);
        native_header(&header, table, &options);
        native_source(&source, table, &options);
        native_main(&program, table, &options);
        add_buffer(files, named(files, "%s.h", options.name), &header);
        add_buffer(files, named(files, "%s.c", options.name), &source);
        add_buffer(files, named(files, "%s_main.c", options.name), &program);
    }
    return true;
}

bool artifacts_add(struct pipeline *p, const struct unit *unit, enum artifact artifact,
                   struct emit_files *files)
{
    switch (artifact) {
    case ARTIFACT_ASL:
        add_asl(unit, files);
        break;
    case ARTIFACT_TERRAFORM:
        add_terraform(unit, files);
        break;
    case ARTIFACT_OPENAPI:
        add_openapi(unit, files);
        break;
    case ARTIFACT_DIAGRAM:
        add_mermaid(unit, files);
        break;
    case ARTIFACT_NATIVE:
        return add_native(p, unit, files);
    case ARTIFACT_COUNT:
        break;
    }
    return true;
}
