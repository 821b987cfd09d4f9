/*
 * quotas.c - what a file stands for against the service's quotas (catalog/quotas.def has the
 * figures).
 *
 * It needs the artifacts, which the verifier never sees: the size is that of the text that is
 * emitted, and what API Gateway counts are the distinct prefixes of the paths.
 */
#include "compiler/driver/quotas.h"
#include "catalog/catalog.h"
#include "compiler/emit/asl.h"

#include <stdlib.h>

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

static int compare_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every prefix of every path is a resource of the API, the root included. */
static void check_resources(struct pipeline *p, const struct svc_service *service)
{
    const struct catalog_quota *quota = &catalog_quotas[CATALOG_Q_API_RESOURCES];
    uint32_t count = 0, room = 1;
    for (uint32_t i = 0; i < service->route_count; i++) {
        for (const char *c = service->routes[i].path; *c != '\0'; c++)
            room += *c == '/';
    }
    const char **prefixes = ASLRT_NEW_ARRAY(p->arena, const char *, room);
    for (uint32_t i = 0; i < service->route_count; i++) {
        const char *path = service->routes[i].path;
        for (size_t n = 1; n <= strlen(path); n++) {
            if (path[n] == '/' || path[n] == '\0')
                prefixes[count++] = aslrt_copy_text(p->arena, path, n);
        }
    }
    qsort(prefixes, count, sizeof *prefixes, compare_text);
    uint32_t resources = 1;
    for (uint32_t i = 0; i < count; i++)
        resources += i == 0 || strcmp(prefixes[i], prefixes[i - 1]) != 0;
    if (resources <= (uint32_t)quota->value)
        return;
    struct diag *d = diag_begin(&p->diag, DIAG_TOO_MANY_RESOURCES, service->routes[0].span,
                                "the API has %u resources; API Gateway takes %.0f an API",
                                resources, quota->value);
    diag_help(d, "split the file into services");
    diag_end(d);
}

void quotas_check(struct pipeline *p, const struct unit *unit)
{
    for (uint32_t i = 0; i < unit->machine_count; i++) {
        const struct ir_machine *m = unit->machines[i];
        struct span at = unit->service != NULL ? unit->service->routes[0].span : m->scopes[0].span;
        check_size(p, m, at);
    }
    if (unit->service != NULL && unit->service->route_count != 0)
        check_resources(p, unit->service);
}
