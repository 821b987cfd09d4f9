/*
 * quotas.c - what a file stands for against the service's quotas (catalog/quotas.def has the
 * figures).
 *
 * It needs the artifacts, which the verifier never sees: the size is that of the text that is
 * emitted.
 */
#include "compiler/driver/quotas.h"
#include "catalog/catalog.h"
#include "compiler/emit/asl.h"

static void check_size(struct pipeline *p, const struct ir_machine *m, struct span at)
{
    const struct catalog_quota *quota = &catalog_quotas[CATALOG_Q_DEFINITION];
    struct aslrt_arena scratch;
    aslrt_arena_init(&scratch, p->arena->memory);
    size_t count;
    emit_asl(&scratch, m, &count);
    aslrt_arena_clear(&scratch);
    if ((double)count <= quota->value)
        return;
    struct diag *d = diag_begin(&p->diag, DIAG_DEFINITION_TOO_LARGE, at,
                                "the definition of '%s' has %zu bytes; the service takes %.0f",
                                m->name, count, quota->value);
    diag_help(d, "use '--layout per-operation', or split the file into services");
    diag_end(d);
}

void quotas_check(struct pipeline *p, const struct unit *unit)
{
    for (uint32_t i = 0; i < unit->machine_count; i++) {
        const struct ir_machine *m = unit->machines[i];
        struct span at = unit->service != NULL ? unit->service->routes[0].span : m->scopes[0].span;
        check_size(p, m, at);
    }
}
