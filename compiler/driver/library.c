/*
 * library.c - libaslc: the pipeline behind include/aslc/compiler.h.
 *
 * In: a request.  Out: a result that lives in an account of its own, which closing it releases.
 */
#include "config.h"

#include "aslc/compiler.h"
#include "compiler/driver/artifacts.h"

#include <stdlib.h>

/* The public part comes first, so that its address is that of the whole. */
struct whole_result {
    struct aslc_result result;
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;
};

struct job {
    const struct aslc_request *request;
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;
    struct whole_result *out;
};

static int by_place(const void *a, const void *b)
{
    const struct aslc_diagnostic *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return strcmp(x->code, y->code);
}

static void copy_diagnostics(struct pipeline *p, struct aslc_result *out)
{
    struct aslc_diagnostic *list =
        ASLRT_NEW_ARRAY(p->arena, struct aslc_diagnostic, p->diag.count + 1u);
    for (uint32_t i = 0; i < p->diag.count; i++) {
        const struct diag *d = p->diag.diags[i];
        struct place place = source_place(&p->sources, d->at.source, d->at.start);
        list[i] = (struct aslc_diagnostic){
            .severity = d->severity == SEVERITY_ERROR     ? ASLC_ERROR
                        : d->severity == SEVERITY_WARNING ? ASLC_WARNING
                                                          : ASLC_NOTE,
            .code = diag_table[d->code].code,
            .slug = diag_table[d->code].slug,
            .message = d->message,
            .help = d->help_count == 0 ? "" : d->helps[0],
            .pointer = d->pointer,
            .start = d->at.start,
            .end = d->at.end,
            .line = place.line,
            .column = place.column,
        };
    }
    qsort(list, p->diag.count, sizeof *list, by_place);
    out->diagnostics = list;
    out->diagnostic_count = p->diag.count;
    out->error_count = diag_count(&p->diag, SEVERITY_ERROR);
}

static void copy_files(struct pipeline *p, const struct unit *unit, unsigned emit,
                       struct aslc_result *out)
{
    struct emit_files files = {.arena = p->arena};
    for (int i = 0; i < ARTIFACT_COUNT; i++) {
        if ((emit >> i & 1u) != 0 && !artifacts_add(p, unit, (enum artifact)i, &files))
            return;
    }
    struct aslc_file *list = ASLRT_NEW_ARRAY(p->arena, struct aslc_file, files.count + 1u);
    for (uint32_t i = 0; i < files.count; i++)
        list[i] =
            (struct aslc_file){files.items[i].name, files.items[i].text, files.items[i].count};
    out->files = list;
    out->file_count = files.count;
}

static enum aslrt_status compile(void *data)
{
    struct job *job = data;
    const struct aslc_request *request = job->request;
    if (request->count > UINT32_MAX - 1)
        return ASLRT_LIMIT;
    struct pipeline *p = ASLRT_NEW(job->arena, struct pipeline);
    pipeline_init(p, job->arena);
    p->layout = request->per_operation ? LOWER_PER_OPERATION : LOWER_ROUTER;
    p->type = request->express ? IR_EXPRESS : IR_TYPE_UNKNOWN;
    job->out = ASLRT_NEW(job->arena, struct whole_result);
    job->out->memory = job->memory;
    job->out->arena = job->arena;
    /* Sources are NUL-terminated inside. */
    const char *text = aslrt_copy_text(job->arena, request->text, request->count);
    uint32_t source = source_add(&p->sources, request->name, text, (uint32_t)request->count);
    struct unit unit;
    bool fine = pipeline_load(p, source, request->name, &unit);
    fine = pipeline_verify(p, &unit) && fine;
    if (fine)
        copy_files(p, &unit, request->emit, &job->out->result);
    copy_diagnostics(p, &job->out->result);
    return ASLRT_OK;
}

const struct aslc_result *aslc_compile(const struct aslc_request *request)
{
    struct job job = {.request = request, .memory = aslrt_memory_open(NULL, 0)};
    if (job.memory == NULL)
        return NULL;
    job.arena = aslrt_arena_open(job.memory);
    if (job.arena != NULL && aslrt_protect(job.memory, compile, &job) == ASLRT_OK)
        return &job.out->result;
    aslrt_arena_close(job.arena);
    aslrt_memory_close(job.memory);
    return NULL;
}

void aslc_result_close(const struct aslc_result *result)
{
    if (result == NULL)
        return;
    const struct whole_result *whole = (const struct whole_result *)result;
    struct aslrt_memory *memory = whole->memory;
    aslrt_arena_close(whole->arena);
    aslrt_memory_close(memory);
}

const char *aslc_version(void)
{
    return PACKAGE_VERSION;
}
