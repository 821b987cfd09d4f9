/*
 * sema_operation.c - the operations of an entity: their settings, checks, catches and names.
 *
 * In: an entity whose fields and indexes are known.  Out: struct operation for each verb.
 * What names mean in a check: in create the item that is sent, in update, replace and delete the
 * stored one, with `input` for what is sent; see doc/language.md, "Checks".
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/grow.h"

enum { PAGE_DEFAULT = 25, MAX_DEFAULT = 100, PAGE_MOST = 1000, CACHE_MOST_S = 3600, ID_MOST = 60 };

static const char *const verb_words[] = {
    [AST_CREATE] = "create",   [AST_GET] = "get",       [AST_UPDATE] = "update",
    [AST_REPLACE] = "replace", [AST_DELETE] = "delete", [AST_LIST_VERB] = "list",
};
static const uint32_t verb_places[] = {
    [AST_CREATE] = AT_CREATE,   [AST_GET] = AT_GET,       [AST_UPDATE] = AT_UPDATE,
    [AST_REPLACE] = AT_REPLACE, [AST_DELETE] = AT_DELETE, [AST_LIST_VERB] = AT_LIST,
};

static bool reads(enum ast_verb verb)
{
    return verb == AST_GET || verb == AST_LIST_VERB;
}

bool sema_settable(const struct entity *e, enum ast_verb verb, const struct field *f)
{
    if (f->readonly || f->touch || f->version || f->from != NULL || f->ttl_s != 0 ||
        f->softdelete || sema_in_path(e, f))
        return false;
    return verb == AST_CREATE ||
           ((verb == AST_UPDATE || verb == AST_REPLACE) && !f->is_key && !f->is_sort);
}

/* ---- lists of fields ---- */

static const char *why_not_settable(const struct entity *e, const struct field *f)
{
    return f->is_key || f->is_sort ? "a key never changes"
           : f->readonly           ? "it is @readonly"
           : f->touch              ? "it is the time of the last write (@touch)"
           : f->version            ? "it counts the writes (@version)"
           : f->from != NULL       ? "it comes from the caller (@from)"
           : f->softdelete         ? "delete sets it (@softdelete)"
           : sema_in_path(e, f)    ? "it stands in the path"
                                   : "it is set at every write (@ttl)";
}

void sema_field_list(struct sema *s, const struct ast_setting *st, enum setting_id id,
                     const struct entity *e, struct field ***fields, uint32_t *count)
{
    const struct ast_expr *list = st->value;
    struct names seen = {0};
    if (list->kind != AST_LIST || list->args == NULL) {
        sema_wrong_value(s, st, id, list->span);
        return;
    }
    for (const struct ast_arg *a = list->args; a != NULL; a = a->next) {
        if (a->value->kind != AST_NAME || a->name.text != NULL) {
            sema_wrong_value(s, st, id, a->span);
            continue;
        }
        struct ast_name name = a->value->name;
        struct field *f = sema_find_field(e->fields, e->field_count, name.text);
        if (f == NULL) {
            sema_unknown_field(s, name, e->fields, e->field_count, sema_format(s, "'%s'", e->name));
        } else if (sema_declare(s, &seen, name, "the field", 0, NULL)) {
            struct field **slot = GROW(s->arena, *fields, *count);
            *slot = f;
        }
    }
}

static void take_only(struct sema *s, struct operation *op, const struct ast_setting *st)
{
    sema_field_list(s, st, SETTING_ONLY, op->entity, &op->only, &op->only_count);
    for (uint32_t i = 0; i < op->only_count; i++) {
        const struct field *f = op->only[i];
        if (reads(op->verb) ? !f->hidden : sema_settable(op->entity, op->verb, f))
            continue;
        struct diag *d = sema_report(s, DIAG_CRUD_NOT_SETTABLE, st->value->span,
                                     reads(op->verb) ? "'%s' is @hidden, so it is never answered"
                                                     : "'%s' can't be set by the client",
                                     f->name);
        diag_label(d, f->ast->span, "%s",
                   reads(op->verb) ? "declared here" : why_not_settable(op->entity, f));
        diag_end(d);
    }
}

/* The list reads items of one value of the field anyway. */
static bool looks_up(const struct operation *op, const struct field *f)
{
    if (op->index != NULL)
        return f == op->index->key ||
               (f == op->index->sort && op->args != NULL && op->args->next != NULL);
    return f == op->entity->key && sema_in_path(op->entity, f);
}

/* A field that could be filtered by, but not in this list. */
static void check_filter(struct sema *s, const struct operation *op, const struct field *f,
                         struct span at)
{
    if (looks_up(op, f)) {
        sema_error(s, DIAG_CRUD_MISPLACED, at,
                   "the list looks '%s' up, so that nothing is left to filter", f->name);
    } else if (!model_holds(op->index, f)) {
        struct diag *d = sema_report(s, DIAG_CRUD_MISPLACED, at,
                                     "the index '%s' does not hold '%s'", op->index->name, f->name);
        diag_label(d, op->index->span, "it holds its keys and what @project names");
        diag_help(d, "add '%s' to its @project", f->name);
        diag_end(d);
    }
}

static void take_filter(struct sema *s, struct operation *op, const struct ast_setting *st)
{
    sema_field_list(s, st, SETTING_FILTER, op->entity, &op->filter, &op->filter_count);
    for (uint32_t i = 0; i < op->filter_count; i++) {
        const struct field *f = op->filter[i];
        check_filter(s, op, f, st->value->span);
        if ((!sema_is_key(f->type) && f->type->kind != TYPE_BOOL && f->type->kind != TYPE_ERROR) ||
            f->hidden) {
            struct diag *d = sema_report(s, DIAG_CRUD_KEY_TYPE, st->value->span,
                                         "a list can't be filtered by '%s'", f->name);
            diag_label(d, f->ast->span, f->hidden ? "it is @hidden" : "it is %s",
                       sema_type_name(s, f->type));
            diag_help(d, "it can by string, uuid, ulid, int, long, bool, enum, timestamp or date");
            diag_end(d);
        }
    }
}

/* ---- settings ---- */

static void take_cache(struct sema *s, struct operation *op, const struct ast_setting *st)
{
    if (!sema_take_duration(s, st, SETTING_CACHE, 1, CACHE_MOST_S, &op->cache_s) ||
        op->entity->version == NULL)
        return;
    struct diag *d =
        sema_report(s, DIAG_CRUD_CACHE_VERSION, st->span, "a cached answer has an old ETag");
    diag_label(d, op->entity->version->ast->span, "@version makes every write compare it");
    diag_note(d, "after a 412 the client would read the same old version from the cache again");
    diag_help(d, "leave out the cache, or @version");
    diag_end(d);
}

static void take_consistency(struct sema *s, struct operation *op, const struct ast_setting *st)
{
    static const char *const words[] = {"strong", "eventual", NULL};
    int i = sema_take_word(s, st, SETTING_CONSISTENCY, words);
    op->eventual = i == 1;
    if (i == 0 && op->index != NULL)
        sema_error(s, DIAG_CRUD_SETTING_VALUE, st->value->span,
                   "an index is never strongly consistent");
}

/* Whether the order of a list means anything: only along a sort key. */
static bool sorted(const struct operation *op)
{
    return op->index != NULL ? op->index->sort != NULL
                             : op->entity->sort != NULL && op->entity->key != NULL &&
                                   sema_in_path(op->entity, op->entity->key);
}

static void take_order(struct sema *s, struct operation *op, const struct ast_setting *st)
{
    static const char *const words[] = {"oldest", "newest", NULL};
    op->newest = sema_take_word(s, st, SETTING_ORDER, words) == 1;
    bool unknown = op->ast->by.text != NULL && (op->index == NULL || op->index->key == NULL);
    if (sorted(op) || unknown) /* what is wrong with the index was said there */
        return;
    struct diag *d = sema_report(s, DIAG_CRUD_MISPLACED, st->span, "this list has no order");
    diag_help(d, op->index != NULL ? "give the index a second field, which sorts"
                                   : "list by an index that has a second field, which sorts");
    diag_end(d);
}

static void take_scan(struct sema *s, struct operation *op, const struct ast_setting *st)
{
    bool keyed = op->index != NULL || (op->entity->key != NULL && op->entity->sort != NULL &&
                                       sema_in_path(op->entity, op->entity->key));
    if (sema_take_bool(s, st, SETTING_SCAN, &op->scan) && op->scan && keyed)
        sema_error(s, DIAG_CRUD_MISPLACED, st->span,
                   "this list looks up a key and reads no whole table");
}

static void read_setting(struct sema *s, void *data, const struct ast_setting *st,
                         enum setting_id id)
{
    struct operation *op = data;
    int64_t n;
    switch (id) {
    case SETTING_ONLY:
        take_only(s, op, st);
        break;
    case SETTING_FILTER:
        take_filter(s, op, st);
        break;
    case SETTING_PAGE:
    case SETTING_MAX:
        if (!sema_take_integer(s, st, id, 1, PAGE_MOST, &n))
            break;
        if (id == SETTING_PAGE) {
            op->page = (uint32_t)n;
            op->page_given = true;
        } else {
            op->max = (uint32_t)n;
            op->max_given = true;
        }
        break;
    case SETTING_ORDER:
        take_order(s, op, st);
        break;
    case SETTING_SCAN:
        take_scan(s, op, st);
        break;
    case SETTING_CACHE:
        take_cache(s, op, st);
        break;
    case SETTING_CONSISTENCY:
        take_consistency(s, op, st);
        break;
    default:
        sema_take_throttle(s, st, &op->throttle_rate, &op->throttle_burst);
        break;
    }
}

/* What is not written follows from what is. */
static void finish_page(struct sema *s, struct operation *op)
{
    if (op->page_given && op->max_given && op->page > op->max)
        sema_error(s, DIAG_CRUD_PAGE, op->ast->span,
                   "a page of %u items is more than 'max = %u' allows", op->page, op->max);
    if (!op->page_given)
        op->page = op->max_given && op->max < PAGE_DEFAULT ? op->max : PAGE_DEFAULT;
    if (!op->max_given)
        op->max = op->page > MAX_DEFAULT ? op->page : MAX_DEFAULT;
}

/* ---- checks and catches ---- */

static struct sema_scope check_scope(const struct operation *op)
{
    static const char *const places[] = {
        [AST_CREATE] = "a check of create", [AST_GET] = "a check of get",
        [AST_UPDATE] = "a check of update", [AST_REPLACE] = "a check of replace",
        [AST_DELETE] = "a check of delete", [AST_LIST_VERB] = "a check of list",
    };
    bool write = op->verb == AST_CREATE || op->verb == AST_UPDATE || op->verb == AST_REPLACE;
    return (struct sema_scope){
        .where = CALL_CHECKS,
        .place = places[op->verb],
        .entity = op->entity,
        .fields = op->verb != AST_LIST_VERB,
        .item = op->verb != AST_CREATE && op->verb != AST_LIST_VERB,
        .input = write ? op : NULL,
    };
}

static void add_check(struct sema *s, struct operation *op, const struct ast_op_item *i)
{
    const struct sema_scope scope = check_scope(op);
    struct ast_check *ast = (struct ast_check *)(uintptr_t)&i->check;
    sema_condition(s, &scope, ast->condition);
    struct check *c = GROW(s->arena, op->checks, op->check_count);
    *c = (struct check){ast->condition, sema_failure(s, &scope, &ast->failure), ast};
}

/* The place where an earlier catch of the operation names the error, or this one before `name`. */
static const struct ast_name *caught_before(const struct operation *op,
                                            const struct ast_names *name)
{
    for (uint32_t i = 0; i < op->catch_count; i++) {
        for (const struct ast_names *n = op->catches[i].ast->errors; n != NULL; n = n->next) {
            if (n == name)
                return NULL;
            if (strcmp(n->name.text, name->name.text) == 0)
                return &n->name;
        }
    }
    return NULL;
}

static void add_catch(struct sema *s, struct operation *op, const struct ast_op_item *i)
{
    const struct sema_scope scope = {.place = "a catch"};
    struct ast_catch *ast = (struct ast_catch *)(uintptr_t)&i->catch_;
    struct op_catch *c = GROW(s->arena, op->catches, op->catch_count);
    c->ast = ast;
    c->error = sema_failure(s, &scope, &ast->finish.failure);
    for (const struct ast_names *n = ast->errors; n != NULL; n = n->next) {
        if (!sema_catchable(s, n->name))
            continue;
        const struct ast_name *first = caught_before(op, n);
        if (first != NULL) {
            struct diag *d = sema_report(s, DIAG_CRUD_DUPLICATE, n->name.span,
                                         "'%s' is caught already", n->name.text);
            diag_label(d, first->span, "the first catch takes it");
            diag_end(d);
        }
        const char **slot = GROW(s->arena, c->names, c->name_count);
        *slot = n->name.text;
        if (strcmp(n->name.text, "ConditionFailed") == 0 && reads(op->verb))
            sema_error(s, DIAG_CRUD_MISPLACED, n->name.span,
                       "a read has no condition that could fail");
    }
    if (ast->on.text != NULL && strcmp(ast->on.text, op->entity->name) != 0) {
        struct diag *d = sema_report(s, DIAG_CRUD_MISPLACED, ast->on.span,
                                     "this operation works on '%s' only", op->entity->name);
        diag_end(d);
    }
    if (ast->as.text != NULL)
        sema_error(s, DIAG_CRUD_MISPLACED, ast->as.span,
                   "'as' is for workflows; a failure here can't use it");
}

/* ---- list by ---- */

static bool is_query(const struct ast_expr *e)
{
    return e->kind == AST_CALL && e->left->ref != NULL && e->left->ref->kind == BIND_BUILTIN &&
           e->left->ref->builtin == BUILTIN_QUERY;
}

/* What the index is looked up with: the text of the query is checked when it comes, everything else
   must have the field's type now. */
static void type_argument(struct sema *s, struct ast_expr *e, const struct field *f)
{
    const struct sema_scope scope = {.where = CALL_ARGUMENTS, .place = "what a list looks for"};
    const struct type *t = sema_expr(s, &scope, e, f->type);
    if (is_query(e) || t->kind == TYPE_ERROR)
        return;
    if (t->kind == TYPE_STRING && f->type->kind == TYPE_UUID && e->kind == AST_MEMBER)
        return; /* caller.sub is a uuid */
    sema_value(s, &scope, e, sema_optional(s, f->type, false));
}

static void list_arguments(struct sema *s, struct operation *op)
{
    struct field *fields[2] = {op->index->key, op->index->sort};
    if (fields[0] == NULL) /* what is wrong with the index was said there */
        return;
    bool given[2] = {false, false};
    uint32_t position = 0;
    for (struct ast_arg *a = op->args; a != NULL; a = a->next) {
        int i = a->name.text == NULL ? (int)position++ : -1;
        for (int k = 0; k < 2 && a->name.text != NULL; k++) {
            if (fields[k] != NULL && strcmp(fields[k]->name, a->name.text) == 0)
                i = k;
        }
        if (i < 0 || i > 1 || fields[i] == NULL) {
            struct diag *d =
                sema_report(s, DIAG_CRUD_CALL, a->span, "the index '%s' is not looked up by this",
                            op->index->name);
            diag_label(d, op->index->span, "its fields");
            diag_end(d);
            continue;
        }
        if (given[i])
            sema_error(s, DIAG_CRUD_CALL, a->span, "'%s' is given twice", fields[i]->name);
        given[i] = true;
        type_argument(s, a->value, fields[i]);
    }
    if (fields[0] != NULL && !given[0])
        sema_error(s, DIAG_CRUD_CALL, op->ast->by.span,
                   "'%s' must be given: the index is looked up by it", fields[0]->name);
}

static void find_index(struct sema *s, struct operation *op)
{
    struct entity *e = op->entity;
    struct names names = {0};
    for (uint32_t i = 0; i < e->index_count; i++) {
        names_add(s->arena, &names, e->indexes[i]->name);
        if (strcmp(e->indexes[i]->name, op->ast->by.text) == 0)
            op->index = e->indexes[i];
    }
    if (op->index != NULL) {
        list_arguments(s, op);
        return;
    }
    struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_NAME, op->ast->by.span,
                                 "'%s' has no index '%s'", e->name, op->ast->by.text);
    const char *near = sema_nearest(s, &names, op->ast->by.text);
    sema_near(d, op->ast->by.span, near);
    if (near == NULL)
        diag_help(d, "declare it: index %s(field, sort)", op->ast->by.text);
    diag_end(d);
}

/* ---- one operation ---- */

/* createVehicle, listOrderByCustomer */
static const char *operation_id(struct sema *s, const struct operation *op)
{
    const char *verb = verb_words[op->verb], *entity = op->entity->name;
    char *id = op->ast->by.text == NULL
                   ? sema_format(s, "%s%s", verb, entity)
                   : sema_format(s, "%s%sBy%s", verb, entity,
                                 op->ast->by.text + (strncmp(op->ast->by.text, "by", 2) == 0 &&
                                                             op->ast->by.text[2] >= 'A' &&
                                                             op->ast->by.text[2] <= 'Z'
                                                         ? 2
                                                         : 0));
    size_t at[2] = {strlen(verb), strlen(verb) + strlen(entity) + 2};
    for (int i = 0; i < (op->ast->by.text == NULL ? 1 : 2); i++) {
        if (id[at[i]] >= 'a' && id[at[i]] <= 'z')
            id[at[i]] = (char)(id[at[i]] - 'a' + 'A');
    }
    return id;
}

bool sema_operation_name(struct sema *s, const char *name, struct span at)
{
    struct named *twin = names_find(&s->operations, name);
    if (strlen(name) > ID_MOST)
        sema_error(s, DIAG_CRUD_QUOTA, at,
                   "'%s' has more than %d characters, and names of states begin with it", name,
                   ID_MOST);
    if (twin == NULL) {
        names_add(s->arena, &s->operations, name)->span = at;
        return true;
    }
    struct diag *d = sema_report(s, DIAG_CRUD_OPERATION_ID, at,
                                 "this operation would be called '%s', as another one is", name);
    diag_label(d, twin->span, "the first one");
    diag_end(d);
    return false;
}

/* An entity has each verb once, and lists by each index once. */
static bool declare_operation(struct sema *s, struct operation *op)
{
    if (op->verb == AST_LIST_VERB && op->ast->by.text != NULL && op->index == NULL)
        return false; /* an index that there is not, which was said */
    for (uint32_t i = 0; i < op->entity->operation_count; i++) {
        const struct operation *other = op->entity->operations[i];
        if (other->verb != op->verb || other->index != op->index)
            continue;
        struct diag *d =
            sema_report(s, DIAG_CRUD_DUPLICATE, op->ast->verb_span, "'%s' has this '%s' already",
                        op->entity->name, verb_words[op->verb]);
        diag_label(d, other->ast->span, "the first one");
        diag_end(d);
        return false;
    }
    return sema_operation_name(s, op->id, op->ast->verb_span);
}

static void check_shape(struct sema *s, const struct operation *op)
{
    const struct entity *e = op->entity;
    if (e->path == NULL) {
        struct diag *d = sema_report(s, DIAG_CRUD_OPERATION, op->ast->verb_span,
                                     "'%s' has no address, so nobody could call '%s'", e->name,
                                     verb_words[op->verb]);
        diag_help(d, "write entity %s at \"/...\", or leave the operation out", e->name);
        diag_end(d);
    }
    if (op->ast->by.text != NULL && op->verb != AST_LIST_VERB) {
        sema_error(s, DIAG_CRUD_OPERATION, op->ast->by.span, "only 'list' goes by an index");
        return;
    }
    if (op->verb != AST_UPDATE && op->verb != AST_REPLACE)
        return;
    uint32_t settable = 0;
    for (uint32_t i = 0; i < e->field_count; i++)
        settable += sema_settable(e, op->verb, e->fields[i]);
    if (settable == 0)
        sema_error(s, DIAG_CRUD_OPERATION, op->ast->verb_span,
                   "'%s' has no field that '%s' could set", e->name, verb_words[op->verb]);
}

/* What must be there and nobody sets makes every create fail. */
static void check_create(struct sema *s, const struct operation *op)
{
    const struct entity *e = op->entity;
    for (uint32_t i = 0; op->verb == AST_CREATE && i < e->field_count; i++) {
        const struct field *f = e->fields[i];
        bool left_out = op->only_count > 0;
        for (uint32_t k = 0; k < op->only_count; k++)
            left_out = left_out && op->only[k] != f;
        bool sent = sema_settable(e, AST_CREATE, f) && !left_out;
        bool made = f->value != NULL || f->from != NULL || f->version || f->touch ||
                    f->ttl_s != 0 || sema_in_path(e, f);
        if (f->type->optional || sent || made || f->type->kind == TYPE_ERROR)
            continue;
        struct diag *d = sema_report(s, DIAG_CRUD_NEVER_SET, op->ast->verb_span,
                                     "nothing sets '%s', which must be there", f->name);
        diag_label(d, f->ast->span, f->readonly ? "@readonly, and no default" : "not in 'only'");
        diag_help(d, "give it a default, make it optional with '?', or let the client send it");
        diag_end(d);
    }
}

static void read_items(struct sema *s, struct operation *op)
{
    struct names seen = {0};
    const char *what = verb_words[op->verb];
    for (const struct ast_op_item *i = op->ast->items; i != NULL; i = i->next) {
        if (i->kind == AST_OP_CHECK) {
            add_check(s, op, i);
        } else if (i->kind == AST_OP_CATCH) {
            add_catch(s, op, i);
        } else {
            enum setting_id id = sema_find_setting(s, &i->setting, verb_places[op->verb], what);
            if (id != SETTING_COUNT &&
                sema_declare(s, &seen, i->setting.name, "the setting", 0, NULL))
                read_setting(s, op, &i->setting, id);
        }
    }
}

void sema_operations(struct sema *s, struct entity *e)
{
    for (const struct ast_member *m = e->ast->members; m != NULL; m = m->next) {
        if (m->kind != AST_MEMBER_OPERATION)
            continue;
        struct operation *op = ASLRT_NEW(s->arena, struct operation);
        op->verb = m->operation.verb;
        op->entity = e;
        op->ast = &m->operation;
        op->args = m->operation.args;
        op->id = operation_id(s, op);
        check_shape(s, op);
        if (op->ast->by.text != NULL && op->verb == AST_LIST_VERB)
            find_index(s, op);
        read_items(s, op);
        if (op->verb == AST_LIST_VERB)
            finish_page(s, op);
        check_create(s, op);
        if (!declare_operation(s, op))
            continue;
        struct operation **slot = GROW(s->arena, e->operations, e->operation_count);
        *slot = op;
    }
}
