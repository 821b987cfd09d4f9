/*
 * sema_entity.c - entities: keys, indexes, addresses, checks of items.
 *
 * In: an entity's declaration.  Out: struct entity without its operations, which need the fields of
 * all entities (sema_operation.c).
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/grow.h"

enum { PARTITION_BYTES = 2048, SORT_BYTES = 1024, INDEX_MAX = 20, BYTES_PER_CHARACTER = 4 };

/* ---- keys ---- */

static void check_key_type(struct sema *s, const struct field *f, const char *what)
{
    if (f->type->kind == TYPE_ERROR)
        return;
    if (!sema_is_key(f->type)) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_KEY_TYPE, f->ast->type->span, "%s '%s' can't be %s", what,
                        f->name, sema_type_name(s, f->type));
        diag_help(d, "it can be string, uuid, ulid, int, long, enum, timestamp or date");
        diag_end(d);
    } else if (f->type->optional && (f->is_key || f->is_sort)) {
        struct diag *d = sema_report(s, DIAG_CRUD_KEY_TYPE, f->ast->type->span,
                                     "%s '%s' can't be absent", what, f->name);
        diag_end(d);
    }
}

/* Texts in keys have at least one character, and so many that they fit the service's bytes: four a
   character, one where the address allows only ASCII. */
static void bound_key(struct sema *s, struct field *f, int64_t bytes, bool ascii)
{
    if (f->type->kind != TYPE_STRING)
        return;
    struct type *t = ASLRT_NEW(s->arena, struct type);
    *t = *f->type;
    int64_t most = ascii ? bytes : bytes / BYTES_PER_CHARACTER;
    if (t->has_low && t->low == 0)
        sema_error(s, DIAG_CRUD_RANGE, f->ast->type->span,
                   "'%s' is a key, and the text of a key has at least one character", f->name);
    if (t->has_high && t->high > most) {
        struct diag *d = sema_report(s, DIAG_CRUD_RANGE, f->ast->type->span,
                                     "'%s' may be too long for a key: %lld bytes are the most",
                                     f->name, (long long)bytes);
        diag_help(d, "%lld characters always fit%s", (long long)most,
                  ascii ? "" : ", since one may take four bytes");
        diag_end(d);
    }
    if (!t->has_low) {
        t->has_low = true;
        t->low = 1;
    }
    if (!t->has_high) {
        t->has_high = true;
        t->high = most;
    }
    f->type = t;
}

static void one_key(struct sema *s, struct field **slot, struct field *f, const char *word)
{
    if (*slot == NULL) {
        *slot = f;
        return;
    }
    struct diag *d =
        sema_report(s, DIAG_CRUD_ENTITY_KEY, f->ast->name.span, "an entity has one %s field", word);
    diag_label(d, (*slot)->ast->name.span, "this is the first");
    diag_end(d);
}

static void check_keys(struct sema *s, struct entity *e)
{
    if (e->key == NULL) {
        struct diag *d = sema_report(s, DIAG_CRUD_ENTITY_KEY, e->ast->name.span,
                                     "the entity '%s' has no key", e->name);
        diag_help(d,
                  "write 'key' before the field by which an item is found: key id: uuid = uuid()");
        diag_end(d);
    }
    struct field *keys[2] = {e->key, e->sort};
    for (int i = 0; i < 2; i++) {
        struct field *f = keys[i];
        if (f == NULL)
            continue;
        check_key_type(s, f, i == 0 ? "the key" : "the sort field");
        bound_key(s, f, i == 0 ? PARTITION_BYTES : SORT_BYTES, e->path != NULL);
        if (f->touch || f->version || f->ttl || f->softdelete || f->unique) {
            struct diag *d =
                sema_report(s, DIAG_CRUD_ANNOTATIONS, f->ast->name.span,
                            "a key never changes: no @touch, @version, @ttl, @softdelete "
                            "or @unique on '%s'",
                            f->name);
            diag_end(d);
        }
        if (e->path != NULL && f->type->kind == TYPE_TIMESTAMP) {
            struct diag *d =
                sema_report(s, DIAG_CRUD_KEY_TYPE, f->ast->type->span,
                            "'%s' stands in the address, where a timestamp can't: it has "
                            "':' and '+'",
                            f->name);
            diag_help(d, "a ulid sorts by time too, and a date can stand there");
            diag_end(d);
        }
    }
}

/* ---- fields ---- */

static void add_field(struct sema *s, struct entity *e, struct names *seen,
                      const struct ast_member *m)
{
    struct field *f = sema_field(s, &m->field, ON_FIELD);
    f->is_key = m->kind == AST_MEMBER_KEY;
    f->is_sort = m->kind == AST_MEMBER_SORT;
    if (!sema_declare(s, seen, m->field.name, "the field", 0, f))
        return;
    if (f->is_key)
        one_key(s, &e->key, f, "key");
    if (f->is_sort)
        one_key(s, &e->sort, f, "sort");
    if (f->version)
        one_key(s, &e->version, f, "@version");
    if (f->ttl || f->softdelete)
        one_key(s, &e->ttl, f, "@ttl or @softdelete");
    struct field **slot = GROW(s->arena, e->fields, e->field_count);
    *slot = f;
}

/* ---- indexes ---- */

static struct field *index_field(struct sema *s, struct entity *e, struct ast_name name,
                                 int64_t bytes)
{
    struct field *f = sema_find_field(e->fields, e->field_count, name.text);
    if (f == NULL) {
        sema_unknown_field(s, name, e->fields, e->field_count, sema_format(s, "'%s'", e->name));
        return NULL;
    }
    if (!sema_is_key(f->type) && f->type->kind != TYPE_ERROR) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_KEY_TYPE, name.span, "'%s' can't be in an index: it is %s",
                        f->name, sema_type_name(s, f->type));
        diag_label(d, f->ast->type->span, "declared here");
        diag_help(d, "it can be string, uuid, ulid, int, long, enum, timestamp or date");
        diag_end(d);
        return NULL;
    }
    if (!f->is_key && !f->is_sort)
        bound_key(s, f, bytes, false);
    return f;
}

static void take_project(struct sema *s, struct entity *e, struct index *index,
                         const struct ast_anno *a)
{
    struct names seen = {0};
    for (const struct ast_arg *arg = a->args; arg != NULL; arg = arg->next) {
        if (arg->value->kind != AST_NAME || arg->name.text != NULL) {
            sema_error(s, DIAG_CRUD_SETTING_VALUE, arg->span, "'@project' takes names of fields");
            continue;
        }
        struct ast_name name = arg->value->name;
        struct field *f = sema_find_field(e->fields, e->field_count, name.text);
        if (f == NULL) {
            sema_unknown_field(s, name, e->fields, e->field_count, sema_format(s, "'%s'", e->name));
        } else if (sema_declare(s, &seen, name, "the field", 0, NULL)) {
            struct field **slot = GROW(s->arena, index->project, index->project_count);
            *slot = f;
        }
    }
}

/* An item without an index's field is not in that index; the source should say that it knows. */
static void check_sparse(struct sema *s, const struct index *index, struct span sparse)
{
    const struct field *absent = index->key != NULL && index->key->type->optional     ? index->key
                                 : index->sort != NULL && index->sort->type->optional ? index->sort
                                                                                      : NULL;
    if (absent != NULL && !index->sparse) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_SPARSE, index->span,
                        "items without '%s' are not in the index '%s'", absent->name, index->name);
        diag_label(d, absent->ast->type->span, "it may be absent");
        diag_help(d, "if that is meant, write @sparse behind the index");
        diag_end(d);
    } else if (absent == NULL && index->sparse && index->key != NULL) {
        struct diag *d = sema_report(s, DIAG_CRUD_SPARSE, sparse,
                                     "no item is left out of the index '%s'", index->name);
        diag_note(d, "its fields are always there");
        diag_fix(d, sparse, true, "%s", "");
        diag_end(d);
    }
}

static void check_index_name(struct sema *s, struct ast_name name)
{
    size_t n = strlen(name.text);
    if (n < 3 || n > 60)
        sema_error(
            s, DIAG_CRUD_QUOTA, name.span,
            "the name of an index has 3 to 60 characters, for DynamoDB's sake and the states'");
}

static void add_index(struct sema *s, struct entity *e, struct names *seen,
                      const struct ast_member *m)
{
    struct index *index = ASLRT_NEW(s->arena, struct index);
    index->name = m->index.text;
    index->span = m->span;
    check_index_name(s, m->index);
    const struct ast_names *n = m->index_fields;
    index->key = index_field(s, e, n->name, PARTITION_BYTES);
    if (n->next != NULL)
        index->sort = index_field(s, e, n->next->name, SORT_BYTES);
    if (n->next != NULL && n->next->next != NULL)
        sema_error(s, DIAG_CRUD_QUOTA, n->next->next->name.span,
                   "an index has one or two fields: what is looked for, and what sorts");
    if (index->key != NULL && index->key == index->sort)
        sema_error(s, DIAG_CRUD_DUPLICATE, n->next->name.span, "'%s' is in the index twice",
                   index->key->name);
    struct span sparse = m->span;
    for (const struct ast_anno *a = m->index_annos; a != NULL; a = a->next) {
        enum annotation_id id = sema_annotation(s, a, ON_INDEX, "an index");
        if (id == ANNOTATION_SPARSE) {
            index->sparse = true;
            sparse = a->span;
        } else if (id == ANNOTATION_PROJECT) {
            take_project(s, e, index, a);
        }
    }
    check_sparse(s, index, sparse);
    if (!sema_declare(s, seen, m->index, "the index", 0, index))
        return;
    if (e->index_count == INDEX_MAX) {
        sema_error(s, DIAG_CRUD_QUOTA, m->index.span, "a table has %d indexes at most", INDEX_MAX);
        return;
    }
    struct index **slot = GROW(s->arena, e->indexes, e->index_count);
    *slot = index;
}

/* ---- address ---- */

bool sema_in_path(const struct entity *e, const struct field *f)
{
    for (uint32_t i = 0; i < e->path_param_count; i++) {
        if (strcmp(e->path_params[i], f->name) == 0)
            return true;
    }
    return false;
}

static void check_path(struct sema *s, struct entity *e)
{
    if (e->path == NULL)
        return;
    if (!sema_path(s, e->path, e->ast->at_span, &e->path_params, &e->path_param_count)) {
        names_add(s->arena, &s->lost, e->name);
        return;
    }
    for (uint32_t i = 0; i < e->path_param_count; i++) {
        const char *name = e->path_params[i];
        const struct field *f = sema_find_field(e->fields, e->field_count, name);
        if (f != NULL && (f->is_key || f->is_sort))
            continue;
        struct diag *d = sema_report(s, DIAG_CRUD_ROUTE_PATH, e->ast->at_span,
                                     f == NULL ? "'%s' in the path is no field of '%s'"
                                               : "'%s' in the path is no key of '%s'",
                                     name, e->name);
        if (e->key != NULL)
            diag_label(d, e->key->ast->name.span, "the key is '%s'", e->key->name);
        diag_help(d,
                  "an item is found by its key: the path of its collection names the key, and its "
                  "own path ends with the sort field");
        diag_end(d);
    }
    bool whole =
        e->key != NULL && sema_in_path(e, e->key) && (e->sort == NULL || sema_in_path(e, e->sort));
    if (whole && e->path_param_count > 0) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_ROUTE_PATH, e->ast->at_span,
                        "this is the path of one item; an entity stands at its collection");
        diag_help(d,
                  "leave the last '/{...}' out: it is added for get, update, replace and delete");
        diag_end(d);
    }
}

/* ---- the whole ---- */

static void add_check(struct sema *s, struct entity *e, const struct ast_member *m)
{
    const struct sema_scope scope = {
        .where = CALL_CHECKS, .place = "a check of an item", .entity = e, .fields = true};
    struct ast_check *ast = (struct ast_check *)(uintptr_t)&m->check;
    sema_condition(s, &scope, ast->condition);
    struct check *c = GROW(s->arena, e->checks, e->check_count);
    *c = (struct check){ast->condition, sema_failure(s, &scope, &ast->failure), ast};
}

static void add_invariant(struct sema *s, struct entity *e, const struct ast_member *m)
{
    const struct sema_scope scope = {.where = CALL_CHECKS,
                                     .place = "an invariant",
                                     .entity = e,
                                     .fields = true,
                                     .no_caller = true,
                                     .all = true};
    sema_condition(s, &scope, m->invariant);
    struct ast_expr **slot = GROW(s->arena, e->invariants, e->invariant_count);
    *slot = m->invariant;
}

void sema_entity(struct sema *s, struct entity *e)
{
    const struct ast_member *m;
    struct names fields = {0}, indexes = {0};
    bool room = true;
    e->path = e->ast->at;
    for (m = e->ast->members; m != NULL; m = m->next) {
        bool field =
            m->kind == AST_MEMBER_FIELD || m->kind == AST_MEMBER_KEY || m->kind == AST_MEMBER_SORT;
        room = room && (!field || sema_room(s, e->field_count, m->span, "fields in one entity"));
        if (field && room)
            add_field(s, e, &fields, m);
        else if (m->kind == AST_MEMBER_SETTING)
            sema_find_setting(s, &m->setting, AT_ENTITY, "an entity");
    }
    check_keys(s, e);
    for (m = e->ast->members; m != NULL; m = m->next) {
        if (m->kind == AST_MEMBER_INDEX)
            add_index(s, e, &indexes, m);
    }
    check_path(s, e);
    for (m = e->ast->members; m != NULL; m = m->next) {
        if (m->kind == AST_MEMBER_CHECK)
            add_check(s, e, m);
        else if (m->kind == AST_MEMBER_INVARIANT)
            add_invariant(s, e, m);
    }
}
