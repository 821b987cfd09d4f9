/*
 * sema_route.c - addresses: paths with {names}, and that the API can tell all of them apart.
 *
 * In: paths of entities and workflows.  Out: their parameters; complaints about two operations at
 * one address and about more resources than an API may have.  One variable segment may have two
 * names (/projects/{id}, /projects/{project}/tasks): the emitter of the routes makes them one.
 */
#include "compiler/front/sema_int.h"

#include "catalog/catalog.h"
#include "compiler/base/grow.h"

/* What API Gateway takes in a segment (it has no "~"). */
#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static bool bad_path(struct sema *s, struct span at, const char *why, const char *part)
{
    struct diag *d = sema_report(s, DIAG_CRUD_ROUTE_PATH, at, "%s%s", why, part);
    diag_help(d,
              "a path is made of '/' and segments: letters, digits and - . _, or a whole {name}");
    diag_end(d);
    return false;
}

bool sema_path(struct sema *s, const char *path, struct span at, const char ***params,
               uint32_t *count)
{
    if (path[0] != '/')
        return bad_path(s, at, "a path starts with '/'", "");
    for (const char *p = path; *p == '/';) {
        const char *start = ++p;
        size_t n = strcspn(start, "/");
        char *segment = aslrt_copy_text(s->arena, start, n);
        p += n;
        if (n == 0)
            return bad_path(s, at, "an empty segment in the path", "");
        if (segment[0] != '{') {
            if (strspn(segment, PLAIN) != n)
                return bad_path(s, at, "a segment that can't be in a path: ", segment);
            continue;
        }
        if (n < 3 || segment[n - 1] != '}' || strcspn(segment + 1, "{}") != n - 2)
            return bad_path(s, at, "a segment that can't be in a path: ", segment);
        const char *name = aslrt_copy_text(s->arena, segment + 1, n - 2);
        for (uint32_t i = 0; i < *count; i++) {
            if (strcmp((*params)[i], name) == 0)
                return bad_path(s, at, "the same name twice in the path: ", segment);
        }
        const char **slot = GROW(s->arena, *params, *count);
        *slot = name;
    }
    return true;
}

/* ---- the tree of resources ---- */

struct routes {
    struct sema *s;
    struct names resources; /* by path with {} for every variable */
    struct names methods;   /* by "GET /x/{}" */
    bool too_many;
};

static void resource(struct routes *r, const char *path, struct span at)
{
    if (names_find(&r->resources, path) != NULL)
        return;
    names_add(r->s->arena, &r->resources, path);
    const struct catalog_quota *quota = &catalog_quotas[CATALOG_Q_API_RESOURCES];
    if (r->resources.count <= (uint64_t)quota->value || r->too_many)
        return;
    r->too_many = true;
    struct diag *d =
        sema_report(r->s, DIAG_CRUD_QUOTA, at, "more than %lld resources; an API has no more",
                    (long long)quota->value);
    diag_note(d, "%s, %s (%s)", quota->text, quota->source, quota->date);
    diag_help(d, "make several services of this one");
    diag_end(d);
}

/* Walks the path and makes its resources; gives it with {} for every variable. */
static const char *walk(struct routes *r, const char *path, struct span at)
{
    char *key = aslrt_alloc(r->s->arena, strlen(path) + 1);
    size_t used = 0;
    key[0] = '\0';
    resource(r, "", at);
    for (const char *p = path; *p == '/';) {
        const char *start = p + 1;
        size_t n = strcspn(start, "/");
        p = start + n;
        key[used++] = '/';
        if (start[0] == '{') {
            memcpy(key + used, "{}", 2);
            used += 2;
        } else {
            memcpy(key + used, start, n);
            used += n;
        }
        key[used] = '\0';
        resource(r, aslrt_copy_text(r->s->arena, key, used), at);
    }
    return key;
}

/* query: what the operation takes from the query; NULL: that is not known. */
static void route(struct routes *r, const char *method, const char *path, const char *query,
                  struct span at, const char *id)
{
    const char *plain = walk(r, path, at);
    struct sema_route *slot = GROW(r->s->arena, r->s->routes, r->s->route_count);
    *slot = (struct sema_route){method, plain};
    if (query == NULL)
        return;
    const char *key = sema_format(r->s, "%s %s%s", method, plain, query);
    struct named *n = names_find(&r->methods, key);
    if (n == NULL) {
        n = names_add(r->s->arena, &r->methods, key);
        n->span = at;
        n->thing = (void *)(uintptr_t)id;
        return;
    }
    struct diag *d = sema_report(r->s, DIAG_CRUD_ROUTE, at, "%s %s is the address of '%s' already",
                                 method, path, (const char *)n->thing);
    diag_label(d, n->span, "the other operation");
    if (strncmp(id, "list", 4) == 0 && strncmp(n->thing, "list", 4) == 0)
        diag_help(d, "lists of one entity are told apart by what they take from the query: "
                     "list by byOwner(owner: query(\"owner\"))");
    else
        diag_help(d, "give one of them another address");
    diag_end(d);
}

static const char *item_path(struct sema *s, const struct entity *e)
{
    const char *path = e->path;
    if (!sema_in_path(e, e->key))
        path = sema_format(s, "%s/{%s}", path, e->key->name);
    if (e->sort != NULL && !sema_in_path(e, e->sort))
        path = sema_format(s, "%s/{%s}", path, e->sort->name);
    return path;
}

/* Lists of one entity share an address; what they take from the query tells them apart.  NULL where
   something is wrong with the index or with what it is looked up by, which was said there. */
static const char *query_of(struct sema *s, const struct operation *op)
{
    const char *query = "";
    if (op->ast->by.text != NULL && (op->index == NULL || op->index->key == NULL))
        return NULL;
    for (const struct ast_arg *a = op->args; a != NULL; a = a->next) {
        const struct ast_expr *e = a->value;
        if (e->type == NULL || e->type->kind == TYPE_ERROR)
            return NULL;
        if (e->kind != AST_CALL || e->left->ref == NULL || e->left->ref->builtin != BUILTIN_QUERY)
            continue;
        if (e->args == NULL || e->args->value->kind != AST_STRING)
            return NULL;
        query = sema_format(s, "%s%s%s", query, query[0] == '\0' ? "?" : "&", e->args->value->text);
    }
    return query;
}

static void entity_routes(struct routes *r, const struct entity *e)
{
    static const char *const methods[] = {
        [AST_CREATE] = "POST", [AST_GET] = "GET",       [AST_UPDATE] = "PATCH",
        [AST_REPLACE] = "PUT", [AST_DELETE] = "DELETE", [AST_LIST_VERB] = "GET"};
    for (uint32_t i = 0; i < e->operation_count; i++) {
        const struct operation *op = e->operations[i];
        bool collection = op->verb == AST_CREATE || op->verb == AST_LIST_VERB;
        route(r, methods[op->verb], collection ? e->path : item_path(r->s, e), query_of(r->s, op),
              op->ast->span, op->id);
    }
}

/* Segment by segment: a variable of the API takes any text, a variable of the path fits anything.
 */
static bool same_path(const char *route, const char *path)
{
    while (*route == '/' && *path == '/') {
        size_t n = strcspn(++route, "/"), m = strcspn(++path, "/?");
        bool any = route[0] == '{' || path[0] == '{';
        if (!any && (n != m || strncmp(route, path, n) != 0))
            return false;
        route += n;
        path += m;
    }
    return *route == '\0' && (*path == '\0' || *path == '?');
}

bool sema_has_route(const struct sema *s, const char *method, const char *path)
{
    const char *base = s->model->service.path;
    size_t n = strlen(base);
    bool based = n > 0 && strncmp(path, base, n) == 0;
    for (uint32_t i = 0; i < s->route_count; i++) {
        if (strcmp(s->routes[i].method, method) != 0)
            continue;
        if (same_path(s->routes[i].path, path) || (based && same_path(s->routes[i].path, path + n)))
            return true;
    }
    return false;
}

void sema_routes(struct sema *s)
{
    struct routes r = {.s = s};
    for (uint32_t i = 0; i < s->model->entity_count; i++) {
        const struct entity *e = s->model->entities[i];
        if (e->path != NULL && e->key != NULL && names_find(&s->lost, e->name) == NULL)
            entity_routes(&r, e);
    }
    for (uint32_t i = 0; i < s->model->workflow_count; i++) {
        const struct workflow *w = s->model->workflows[i];
        if (w->path != NULL)
            route(&r, w->method, w->path, "", w->decl->at_span, w->name);
    }
}
