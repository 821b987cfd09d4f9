/*
 * lower_service.c - what surrounds the machines: settings, tables, routes, failures.
 *
 * In: the model.  Out: struct svc_service (service.h), which Terraform, OpenAPI and serve are made
 * from.  Nothing here decides behaviour; it describes what the states of lower_*.c do.
 */
#include "compiler/ir/lower_int.h"

/* ---- settings ---- */

static enum svc_auth auth_of(enum auth_kind kind)
{
    switch (kind) {
    case AUTH_IAM:
        return SVC_AUTH_IAM;
    case AUTH_KEY:
        return SVC_AUTH_KEY;
    case AUTH_COGNITO:
        return SVC_AUTH_COGNITO;
    default: /* the others are refused before lowering */
        return SVC_AUTH_NONE;
    }
}

static void set_alarms(struct lower *l)
{
    static const struct svc_alarm usual[] = {
        {SVC_ALARM_ERRORS, 1, 300, NULL},
        {SVC_ALARM_TIMEOUTS, 1, 300, NULL},
        {SVC_ALARM_THROTTLES, 1, 300, NULL},
        {SVC_ALARM_LATENCY, 5000, 300, "p99"},
    };
    const struct service *s = &l->model->service;
    uint32_t count = s->alarms_given ? s->alarm_count : sizeof usual / sizeof *usual;
    l->service->alarms = ASLRT_NEW_ARRAY(l->arena, struct svc_alarm, count + 1);
    l->service->alarm_count = count;
    for (uint32_t i = 0; i < count; i++) {
        if (!s->alarms_given) {
            l->service->alarms[i] = usual[i];
            continue;
        }
        static const enum svc_alarm_kind kinds[] = {
            [ALARM_ERRORS] = SVC_ALARM_ERRORS,
            [ALARM_THROTTLES] = SVC_ALARM_THROTTLES,
            [ALARM_LATENCY] = SVC_ALARM_LATENCY,
            [ALARM_TIMEOUTS] = SVC_ALARM_TIMEOUTS,
        };
        l->service->alarms[i] = (struct svc_alarm){kinds[s->alarms[i].kind], s->alarms[i].threshold,
                                                   s->alarms[i].within_s, s->alarms[i].statistic};
    }
}

static const char *variable_type(const struct type *type)
{
    switch (type == NULL ? TYPE_STRING : type->kind) {
    case TYPE_INT:
    case TYPE_NUMBER:
        return "number";
    case TYPE_BOOL:
        return "bool";
    default:
        return "string";
    }
}

void lower_settings(struct lower *l)
{
    const struct service *m = &l->model->service;
    struct svc_service *s = l->service;
    s->name = m->name;
    s->base_path = m->path == NULL ? "" : m->path;
    s->doc = m->decl == NULL ? NULL : m->decl->doc;
    s->auth = auth_of(m->auth);
    if (m->auth_arg != NULL && m->auth_arg->kind == AST_STRING)
        s->auth_value = m->auth_arg->text;
    else if (m->auth_arg != NULL)
        s->auth_var = m->auth_arg->name.text;
    s->timeout_s = m->timeout_s;
    s->throttle_rate = m->throttle_rate;
    s->throttle_burst = m->throttle_burst;
    s->cors = m->cors;
    s->cors_count = m->cors_count;
    s->log_retain_d = m->log_retain_d;
    s->log_level = m->log_level;
    s->log_data = m->log_data;
    s->dashboard = m->dashboard;
    s->source_name = source_file_name(l->sources, l->model->unit->source);
    set_alarms(l);
    s->vars = ASLRT_NEW_ARRAY(l->arena, struct svc_var, l->model->variable_count + 1);
    s->var_count = l->model->variable_count;
    for (uint32_t i = 0; i < s->var_count; i++)
        s->vars[i] = (struct svc_var){l->model->variables[i]->name,
                                      variable_type(l->model->variables[i]->type)};
}

/* ---- tables ---- */

static struct svc_attribute attribute(const struct field *f)
{
    return (struct svc_attribute){f->name, lower_key_type(f->type)};
}

void lower_tables(struct lower *l)
{
    struct svc_service *s = l->service;
    s->tables = ASLRT_NEW_ARRAY(l->arena, struct svc_table, l->model->entity_count + 1);
    for (uint32_t i = 0; i < l->model->entity_count; i++) {
        const struct entity *e = l->model->entities[i];
        struct svc_table *t = &s->tables[s->table_count++];
        t->entity = e->name;
        t->id = lower_table_id(l, e);
        t->key = attribute(e->key);
        t->has_sort = e->sort != NULL;
        if (e->sort != NULL)
            t->sort = attribute(e->sort);
        t->ttl = e->ttl == NULL ? NULL : "_ttl";
        t->span = e->ast->span;
        t->indexes = ASLRT_NEW_ARRAY(l->arena, struct svc_index, e->index_count + 1);
        t->index_count = e->index_count;
        for (uint32_t k = 0; k < e->index_count; k++) {
            const struct index *from = e->indexes[k];
            struct svc_index *to = &t->indexes[k];
            to->name = from->name;
            to->key = attribute(from->key);
            to->has_sort = from->sort != NULL;
            if (from->sort != NULL)
                to->sort = attribute(from->sort);
            to->project = ASLRT_NEW_ARRAY(l->arena, const char *, from->project_count + 2);
            for (uint32_t p = 0; p < from->project_count; p++)
                to->project[to->project_count++] = from->project[p]->name;
            if (from->project_count != 0 && e->ttl != NULL) /* the list filters what has expired */
                to->project[to->project_count++] = "_ttl";
        }
    }
}

/* ---- routes ---- */

static struct jnode *body_schema(struct lower *l, const struct operation *op)
{
    struct span at = op->ast->span;
    struct jnode *schema = jnode_object(l->arena, at);
    struct jnode *required = jnode_array(l->arena, at), *properties = jnode_object(l->arena, at);
    for (uint32_t i = 0; i < op->entity->field_count; i++) {
        const struct field *f = op->entity->fields[i];
        bool key = op->verb == AST_REPLACE && (f->is_key || f->is_sort);
        if (!lower_settable(op, f) && !key)
            continue;
        struct jnode *property = lower_schema(l, f->type, at);
        if (f->ast != NULL && f->ast->doc != NULL)
            jnode_set(l->arena, property, "description", jnode_string(l->arena, at, f->ast->doc));
        jnode_set(l->arena, properties, f->name, property);
        if (op->verb != AST_UPDATE && !key && !f->type->optional && f->value == NULL)
            jnode_add(l->arena, required, jnode_string(l->arena, at, f->name));
    }
    jnode_set(l->arena, schema, "type", jnode_string(l->arena, at, "object"));
    if (required->count != 0)
        jnode_set(l->arena, schema, "required", required);
    jnode_set(l->arena, schema, "properties", properties);
    jnode_set(l->arena, schema, "additionalProperties", jnode_bool(l->arena, at, false));
    return schema;
}

static struct jnode *item_schema(struct lower *l, const struct operation *op)
{
    struct span at = op->ast->span;
    struct jnode *schema = jnode_object(l->arena, at);
    struct jnode *required = jnode_array(l->arena, at), *properties = jnode_object(l->arena, at);
    for (uint32_t i = 0; i < op->entity->field_count; i++) {
        const struct field *f = op->entity->fields[i];
        if (!lower_shown(op, f))
            continue;
        struct type plain = *f->type;
        plain.optional = false; /* absent rather than null */
        jnode_set(l->arena, properties, f->name, lower_schema(l, &plain, at));
        if (!f->type->optional)
            jnode_add(l->arena, required, jnode_string(l->arena, at, f->name));
    }
    jnode_set(l->arena, schema, "type", jnode_string(l->arena, at, "object"));
    if (required->count != 0)
        jnode_set(l->arena, schema, "required", required);
    jnode_set(l->arena, schema, "properties", properties);
    return schema;
}

static struct jnode *page_schema(struct lower *l, const struct operation *op)
{
    struct span at = op->ast->span;
    struct aslrt_arena *a = l->arena;
    struct jnode *items = jnode_object(a, at), *count = jnode_object(a, at),
                 *next = jnode_object(a, at), *properties = jnode_object(a, at),
                 *required = jnode_array(a, at), *schema = jnode_object(a, at);
    jnode_set(a, items, "type", jnode_string(a, at, "array"));
    jnode_set(a, items, "items", item_schema(l, op));
    jnode_set(a, count, "type", jnode_string(a, at, "integer"));
    jnode_set(a, next, "type", jnode_string(a, at, "string"));
    jnode_set(a, next, "description",
              jnode_string(a, at, "there is more: give it as next to get the following page"));
    jnode_set(a, properties, "items", items);
    jnode_set(a, properties, "count", count);
    jnode_set(a, properties, "next", next);
    jnode_add(a, required, jnode_string(a, at, "items"));
    jnode_add(a, required, jnode_string(a, at, "count"));
    jnode_set(a, schema, "type", jnode_string(a, at, "object"));
    jnode_set(a, schema, "required", required);
    jnode_set(a, schema, "properties", properties);
    return schema;
}

static struct svc_response *add_response(struct svc_route *r, uint32_t status, const char *doc)
{
    for (uint32_t i = 0; i < r->response_count; i++) {
        if (r->responses[i].status == status)
            return &r->responses[i];
    }
    struct svc_response *added = &r->responses[r->response_count++];
    *added = (struct svc_response){.status = status, .doc = doc};
    return added;
}

static void add_responses(struct lower *l, const struct operation *op, struct svc_route *r)
{
    const struct entity *e = op->entity;
    uint32_t room = 16 + e->check_count;
    for (uint32_t i = 0; i < e->operation_count; i++)
        room += e->operations[i]->check_count + e->operations[i]->catch_count;
    r->responses = ASLRT_NEW_ARRAY(l->arena, struct svc_response, room);
    static const uint32_t success[] = {
        [AST_CREATE] = 201,  [AST_GET] = 200,    [AST_UPDATE] = 200,
        [AST_REPLACE] = 200, [AST_DELETE] = 204, [AST_LIST_VERB] = 200};
    static const char *const docs[] = {
        [AST_CREATE] = "created",   [AST_GET] = "the item",   [AST_UPDATE] = "changed",
        [AST_REPLACE] = "replaced", [AST_DELETE] = "deleted", [AST_LIST_VERB] = "a page"};
    struct svc_response *ok = add_response(r, success[op->verb], docs[op->verb]);
    if (op->verb == AST_LIST_VERB) {
        ok->schema = page_schema(l, op);
        ok->schema_name = lower_format(l, "%sPage", e->name);
    } else if (op->verb != AST_DELETE) {
        ok->schema = item_schema(l, op);
        ok->schema_name = e->name;
    }
    ok->location = op->verb == AST_CREATE;
    ok->etag = e->version != NULL && op->verb != AST_DELETE && op->verb != AST_LIST_VERB;
    add_response(r, 400, "the request is not what this operation takes");
    if (r->caller)
        add_response(r, 403, "the caller is not known well enough");
    if (op->verb == AST_CREATE)
        add_response(r, 409, "there is an item with this key already");
    else if (op->verb != AST_LIST_VERB)
        add_response(r, 404, "there is no such item");
    if (r->if_match) {
        add_response(r, 412, "the item has changed since it was read");
        add_response(r, 428, "If-Match is missing");
    }
    bool writes = op->verb == AST_CREATE || op->verb == AST_UPDATE || op->verb == AST_REPLACE;
    for (uint32_t i = 0; writes && i < e->check_count; i++)
        add_response(r, e->checks[i].error->status, e->checks[i].error->text);
    for (uint32_t k = 0; k < e->operation_count; k++) {
        const struct operation *o = e->operations[k];
        for (uint32_t i = 0; lower_primary(o) == op && i < o->check_count; i++)
            add_response(r, o->checks[i].error->status, o->checks[i].error->text);
        for (uint32_t i = 0; lower_primary(o) == op && i < o->catch_count; i++)
            add_response(r, o->catches[i].error->status, o->catches[i].error->text);
    }
    add_response(r, 500, "something went wrong here");
    add_response(r, 503, "try again later")->retry_after = true;
    add_response(r, 504, "the operation took too long");
}

const char *lower_route_path(struct lower *l, const struct operation *op)
{
    const struct entity *e = op->entity;
    const char *path = e->path;
    if (op->verb == AST_CREATE || op->verb == AST_LIST_VERB)
        return path;
    if (!lower_in_path(e, e->key))
        path = lower_format(l, "%s/{%s}", path, e->key->name);
    if (e->sort != NULL && !lower_in_path(e, e->sort))
        path = lower_format(l, "%s/{%s}", path, e->sort->name);
    return path;
}

static void add_path_params(struct lower *l, const struct operation *op, struct svc_route *r)
{
    r->path_params = ASLRT_NEW_ARRAY(l->arena, struct svc_param, op->entity->field_count + 1);
    for (uint32_t i = 0; i < op->entity->field_count; i++) {
        const struct field *f = op->entity->fields[i];
        if (strstr(r->path, lower_format(l, "{%s}", f->name)) == NULL)
            continue;
        struct svc_param *p = &r->path_params[r->path_param_count++];
        *p = (struct svc_param){f->name, true, lower_pattern(l, f->type),
                                f->ast == NULL ? NULL : f->ast->doc,
                                lower_schema(l, f->type, op->ast->span)};
    }
}

static void add_query_param(struct svc_route *r, const char *name, bool required, const char *doc,
                            struct jnode *schema)
{
    for (uint32_t i = 0; i < r->query_param_count; i++) {
        if (strcmp(r->query_params[i].name, name) == 0)
            return; /* of another list at the same address */
    }
    r->query_params[r->query_param_count++] = (struct svc_param){name, required, NULL, doc, schema};
}

/* What one list takes from the query. */
static void add_list_params(struct lower *l, const struct operation *op, bool alone,
                            struct svc_route *r)
{
    struct span at = op->ast->span;
    for (uint32_t i = 0; i < op->filter_count; i++)
        add_query_param(r, op->filter[i]->name, false, "only items with this value",
                        lower_schema(l, op->filter[i]->type, at));
    uint32_t i = 0;
    for (const struct ast_arg *a = op->args; a != NULL; a = a->next, i++) {
        const char *name = lower_query_name(a->value);
        const struct field *key = i == 0 ? op->index->key : op->index->sort;
        if (a->name.text != NULL)
            key =
                strcmp(a->name.text, op->index->key->name) == 0 ? op->index->key : op->index->sort;
        if (name != NULL)
            add_query_param(r, name, alone, "selects the items", lower_schema(l, key->type, at));
    }
}

static void add_query_params(struct lower *l, const struct operation *op, struct svc_route *r)
{
    struct span at = op->ast->span;
    if (op->verb != AST_LIST_VERB)
        return;
    uint32_t room = 2, max = 0;
    const struct entity *e = op->entity;
    for (uint32_t i = 0; i < e->operation_count; i++) {
        room += e->operations[i]->filter_count + 2;
        if (lower_primary(e->operations[i]) == op && e->operations[i]->max > max)
            max = e->operations[i]->max;
    }
    r->query_params = ASLRT_NEW_ARRAY(l->arena, struct svc_param, room);
    struct jnode *limit = jnode_object(l->arena, at), *next = jnode_object(l->arena, at);
    jnode_set(l->arena, limit, "type", jnode_string(l->arena, at, "integer"));
    jnode_set(l->arena, limit, "minimum", jnode_int(l->arena, at, 1));
    jnode_set(l->arena, limit, "maximum", jnode_int(l->arena, at, max));
    jnode_set(l->arena, limit, "default", jnode_int(l->arena, at, op->page));
    jnode_set(l->arena, next, "type", jnode_string(l->arena, at, "string"));
    add_query_param(r, "limit", false, "the most items on a page", limit);
    add_query_param(r, "next", false, "what the page before gave as next", next);
    for (uint32_t i = 0; i < e->operation_count; i++) {
        if (lower_primary(e->operations[i]) == op)
            add_list_params(l, e->operations[i], !lower_has_others(op), r);
    }
}

const char *lower_method(const struct operation *op)
{
    static const char *const methods[] = {
        [AST_CREATE] = "POST", [AST_GET] = "GET",       [AST_UPDATE] = "PATCH",
        [AST_REPLACE] = "PUT", [AST_DELETE] = "DELETE", [AST_LIST_VERB] = "GET"};
    return methods[op->verb];
}

void lower_route(struct lower *l, const struct operation *op)
{
    static const char *const words[] = {
        [AST_CREATE] = "create",   [AST_GET] = "read",      [AST_UPDATE] = "change",
        [AST_REPLACE] = "replace", [AST_DELETE] = "delete", [AST_LIST_VERB] = "list"};
    struct svc_service *s = l->service;
    if (s->route_count == s->route_room) {
        uint32_t room = s->route_room == 0 ? 16 : s->route_room * 2;
        struct svc_route *more = ASLRT_NEW_ARRAY(l->arena, struct svc_route, room);
        if (s->route_count != 0)
            memcpy(more, s->routes, s->route_count * sizeof *more);
        s->routes = more;
        s->route_room = room;
    }
    struct svc_route *r = &s->routes[s->route_count++];
    r->method = lower_method(op);
    r->path = lower_route_path(l, op);
    r->operation = op->id;
    r->summary =
        lower_format(l, "%s %s%s%s", words[op->verb], op->entity->name,
                     op->index == NULL ? "" : " by ", op->index == NULL ? "" : op->index->name);
    r->doc = op->ast->doc;
    r->tag = op->entity->name;
    r->has_body = op->verb == AST_CREATE || op->verb == AST_UPDATE || op->verb == AST_REPLACE;
    r->if_match = op->entity->version != NULL &&
                  (op->verb == AST_UPDATE || op->verb == AST_REPLACE || op->verb == AST_DELETE);
    if (r->has_body) {
        r->body_schema = body_schema(l, op);
        r->body_schema_name = lower_format(l, "%sBody", lower_prefix(l, op));
    }
    r->auth = s->auth;
    for (uint32_t i = 0; i < op->entity->operation_count; i++) {
        if (lower_primary(op->entity->operations[i]) == op)
            r->caller = r->caller || lower_uses_caller(op->entity->operations[i]);
    }
    r->cache_s = op->cache_s;
    r->throttle_rate = op->throttle_rate;
    r->throttle_burst = op->throttle_burst;
    r->machine = l->machine_index;
    r->span = op->ast->span;
    add_path_params(l, op, r);
    add_query_params(l, op, r);
    add_responses(l, op, r);
}

/* ---- failures ---- */

void lower_failures(struct lower *l)
{
    struct svc_service *s = l->service;
    s->failures = ASLRT_NEW_ARRAY(l->arena, struct svc_failure, l->model->error_count + 2);
    const struct error *internal = lower_find_error(l, "Internal");
    s->failures[s->failure_count++] = (struct svc_failure){internal->name, internal->status,
                                                           lower_error_body(l, internal), false};
    for (uint32_t i = 0; i < l->model->error_count; i++) {
        const struct error *e = l->model->errors[i];
        if (e->status < 500 || e == internal || lower_find_error(l, e->name) != e)
            continue;
        s->failures[s->failure_count++] =
            (struct svc_failure){e->name, e->status, lower_error_body(l, e), e->status == 503};
    }
}
