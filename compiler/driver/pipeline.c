/*
 * pipeline.c - from a text to verified machines; see pipeline.h.
 */
#include "compiler/driver/pipeline.h"
#include "compiler/driver/quotas.h"
#include "compiler/front/asl_read.h"
#include "compiler/front/parse.h"
#include "compiler/front/sema.h"
#include "compiler/verify/verify.h"

void pipeline_init(struct pipeline *p, struct aslrt_arena *arena)
{
    *p = (struct pipeline){.arena = arena};
    source_table_init(&p->sources, arena);
    diag_context_init(&p->diag, arena, &p->sources);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static const char *stem_of(struct pipeline *p, const char *path)
{
    static const char *const ends[] = {".crud", ".asl.json", ".asl", ".json"};
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    if (strcmp(path, "-") == 0)
        name = "stdin";
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (ends_with(name, ends[i]) && strlen(name) > strlen(ends[i]))
            return aslrt_copy_text(p->arena, name, strlen(name) - strlen(ends[i]));
    }
    return name;
}

/* Standard input holds ASL when its first character opens an object. */
static bool is_crud(const struct source *source, const char *path)
{
    if (strcmp(path, "-") != 0)
        return ends_with(path, ".crud");
    uint32_t i = 0;
    while (i < source->count && strchr(" \t\r\n", source->text[i]) != NULL)
        i++;
    return i == source->count || source->text[i] != '{';
}

static bool load_crud(struct pipeline *p, uint32_t source, struct unit *out)
{
    uint32_t before = diag_count(&p->diag, SEVERITY_ERROR);
    out->ast = crud_parse_holes(p->arena, &p->diag, source);
    if (out->ast == NULL)
        return false;
    out->model = sema_model(p->arena, &p->diag, out->ast);
    if (out->model == NULL || diag_count(&p->diag, SEVERITY_ERROR) != before)
        return false;
    model_unsupported(out->model, &p->diag);
    if (diag_count(&p->diag, SEVERITY_ERROR) != before)
        return false;
    if (out->model->service.decl == NULL)
        out->model->service.name = out->stem;
    out->service = lower_model(p->arena, out->model, &p->sources, p->layout, &p->diag);
    out->machines = out->service->machines;
    out->machine_count = out->service->machine_count;
    return diag_count(&p->diag, SEVERITY_ERROR) == before;
}

static bool load_asl(struct pipeline *p, uint32_t source, struct unit *out)
{
    uint32_t before = diag_count(&p->diag, SEVERITY_ERROR);
    struct ir_machine *m = asl_read(p->arena, &p->diag, source, out->stem);
    if (m == NULL)
        return false;
    m->type = p->type;
    out->machines = ASLRT_NEW_ARRAY(p->arena, struct ir_machine *, 1);
    out->machines[0] = m;
    out->machine_count = 1;
    return diag_count(&p->diag, SEVERITY_ERROR) == before;
}

bool pipeline_load(struct pipeline *p, uint32_t source, const char *path, struct unit *out)
{
    *out = (struct unit){.path = path, .stem = stem_of(p, path)};
    return is_crud(source_of(&p->sources, source), path) ? load_crud(p, source, out)
                                                         : load_asl(p, source, out);
}

bool pipeline_verify(struct pipeline *p, const struct unit *unit)
{
    uint32_t before = diag_count(&p->diag, SEVERITY_ERROR);
    struct verify_options options = {.type = p->type};
    for (uint32_t i = 0; i < unit->machine_count; i++)
        verify_run(unit->machines[i], &options, &p->diag);
    if (diag_count(&p->diag, SEVERITY_ERROR) == before)
        quotas_check(p, unit);
    return diag_count(&p->diag, SEVERITY_ERROR) == before;
}
