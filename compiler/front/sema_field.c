/*
 * sema_field.c - fields of entities and types: their types, annotations and defaults.
 *
 * In: a field as written.  Out: struct field.  What concerns several fields (one key, one version)
 * is sema_entity.c's.
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/suggest.h"
#include "runtime/base/buffer.h"

const struct word_info annotation_table[ANNOTATION_COUNT] = {
#define ANNOTATION(id, word, where, arguments, doc) {word, where, arguments, doc},
#include "compiler/front/annotations.def"
#undef ANNOTATION
};

/* ---- finding ---- */

static const char *places_text(uint32_t where)
{
    return where == (ON_FIELD | ON_MEMBER) ? "fields"
           : where == ON_FIELD             ? "fields of an entity"
           : where == ON_INDEX             ? "an index"
                                           : "a workflow";
}

static void unknown_annotation(struct sema *s, const struct ast_anno *a, uint32_t where)
{
    const char *all[ANNOTATION_COUNT], *here[ANNOTATION_COUNT];
    uint32_t all_count = 0, here_count = 0;
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    for (int i = 0; i < ANNOTATION_COUNT; i++) {
        all[all_count++] = annotation_table[i].word;
        if ((annotation_table[i].where & where) == 0)
            continue;
        aslrt_buffer_format(&b, "%s@%s", here_count == 0 ? "" : ", ", annotation_table[i].word);
        here[here_count++] = annotation_table[i].word;
    }
    struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_ANNOTATION, a->name.span,
                                 "there is no annotation '@%s'", a->name.text);
    const char *near = suggest(a->name.text, here, here_count);
    if (near == NULL)
        near = suggest(a->name.text, all, all_count);
    if (near != NULL)
        sema_near(d, a->name.span, near);
    else if (here_count > 0)
        diag_help(d, "here can stand %s", aslrt_buffer_close(&b));
    diag_end(d);
}

enum annotation_id sema_annotation(struct sema *s, const struct ast_anno *a, uint32_t where,
                                   const char *what)
{
    int id = 0;
    while (id < ANNOTATION_COUNT && strcmp(annotation_table[id].word, a->name.text) != 0)
        id++;
    if (id == ANNOTATION_COUNT) {
        unknown_annotation(s, a, where);
        return ANNOTATION_COUNT;
    }
    const struct word_info *info = &annotation_table[id];
    if ((info->where & where) == 0) {
        struct diag *d = sema_report(s, DIAG_CRUD_MISPLACED, a->span, "'@%s' does not apply to %s",
                                     info->word, what);
        diag_help(d, "it is for %s: %s", places_text(info->where), info->doc);
        diag_end(d);
        return ANNOTATION_COUNT;
    }
    bool none = info->takes[0] == '\0', optional = info->takes[0] == '[';
    if (none ? a->has_args : !optional && a->args == NULL) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_SETTING_VALUE, a->span,
                        none ? "'@%s' takes no arguments" : "'@%s' needs its argument", info->word);
        if (!none)
            diag_help(d, "@%s%s", info->word, info->takes);
        diag_end(d);
        return ANNOTATION_COUNT;
    }
    return (enum annotation_id)id;
}

/* ---- reading ---- */

struct field_reader {
    struct sema *s;
    struct field *field;
    struct type *type; /* the field's own copy, which annotations refine */
};

static void wrong_type(struct field_reader *r, const struct ast_anno *a, const char *wanted)
{
    struct diag *d = sema_report(r->s, DIAG_CRUD_ANNOTATIONS, a->span,
                                 "'@%s' needs a field of type %s", a->name.text, wanted);
    diag_label(d, r->field->ast->type->span, "this is %s", sema_type_name(r->s, r->type));
    diag_end(d);
}

static bool need(struct field_reader *r, const struct ast_anno *a, enum type_kind kind,
                 const char *wanted)
{
    if (r->type->kind == kind || r->type->kind == TYPE_ERROR)
        return true;
    wrong_type(r, a, wanted);
    return false;
}

static void take_seconds(struct field_reader *r, const struct ast_anno *a, const char *name,
                         int64_t *seconds)
{
    const char *const names[] = {name, NULL};
    if (a->args == NULL)
        return;
    const struct ast_arg *arg = a->args;
    bool right = arg->next == NULL &&
                 (arg->name.text == NULL ? name == NULL
                                         : name != NULL && strcmp(arg->name.text, names[0]) == 0);
    if (!right || !sema_seconds(arg->value, seconds) || *seconds < 1) {
        struct diag *d = sema_report(r->s, DIAG_CRUD_SETTING_VALUE, a->span,
                                     "'@%s' does not take this", a->name.text);
        diag_help(d, name == NULL ? "it takes a length of time: @ttl(400d)"
                                  : "it takes a length of time: @softdelete(purge: 30d)");
        diag_end(d);
    }
}

static void take_pattern(struct field_reader *r, const struct ast_anno *a)
{
    const struct ast_expr *e = a->args->value;
    if (!need(r, a, TYPE_STRING, "string"))
        return;
    if (e->kind != AST_STRING || a->args->next != NULL || a->args->name.text != NULL) {
        sema_error(r->s, DIAG_CRUD_SETTING_VALUE, a->span,
                   "'@pattern' takes one text: a regular expression");
        return;
    }
    uint32_t at;
    const char *problem = sema_pattern_problem(e->text, &at);
    if (problem != NULL) {
        struct diag *d = sema_report(r->s, DIAG_CRUD_PATTERN, e->span, "%s", problem);
        diag_note(d, "at '%.20s' of the pattern", e->text + at);
        diag_note(d,
                  "the pattern must mean the same to JSON Schema, JSONata and the native program");
        diag_end(d);
        return;
    }
    r->type->pattern = sema_pattern_plain(r->s->arena, e->text);
}

static void take_distinct(struct field_reader *r, const struct ast_anno *a)
{
    if (!need(r, a, TYPE_LIST, "list"))
        return;
    r->type->distinct_by = "";
    if (a->args == NULL)
        return;
    const struct ast_expr *e = a->args->value;
    const struct type *element = r->type->element;
    if (e->kind != AST_NAME || a->args->next != NULL || element == NULL ||
        element->kind != TYPE_RECORD) {
        sema_error(r->s, DIAG_CRUD_SETTING_VALUE, a->span,
                   "'@distinct' takes one field of the list's elements");
        return;
    }
    const struct record *rec = element->record;
    /* The type may stand further down in the file: its written fields are asked. */
    for (const struct ast_member *m = rec->decl->fields; m != NULL; m = m->next) {
        if (strcmp(m->field.name.text, e->name.text) == 0) {
            r->type->distinct_by = e->name.text;
            return;
        }
    }
    sema_unknown_field(r->s, e->name, rec->fields, rec->field_count,
                       sema_format(r->s, "'%s'", rec->name));
}

static void take_from(struct field_reader *r, const struct ast_anno *a)
{
    const struct sema_scope scope = {.place = "@from"};
    struct ast_expr *e = a->args->value;
    const struct type *t = sema_expr(r->s, &scope, e, NULL);
    if (t->kind != TYPE_ERROR && a->args->next == NULL && a->args->name.text == NULL) {
        bool id = r->type->kind == TYPE_UUID && t->kind == TYPE_STRING; /* caller.sub is one */
        if (!sema_fits(r->type, t) && !id)
            wrong_type(r, a, sema_type_name(r->s, t));
        r->field->from = e;
    } else if (t->kind != TYPE_ERROR) {
        sema_error(r->s, DIAG_CRUD_SETTING_VALUE, a->span,
                   "'@from' takes one value: @from(caller.sub)");
    }
}

static void take_softdelete(struct field_reader *r, const struct ast_anno *a)
{
    if (!need(r, a, TYPE_TIMESTAMP, "timestamp"))
        return;
    r->field->softdelete = true;
    take_seconds(r, a, "purge", &r->field->purge_s);
    if (r->type->optional || r->type->kind == TYPE_ERROR)
        return;
    struct diag *d = sema_report(r->s, DIAG_CRUD_ANNOTATIONS, r->field->ast->type->span,
                                 "a field with '@softdelete' is absent until the item is deleted");
    diag_fix(d,
             (struct span){r->field->ast->type->span.source, r->field->ast->type->span.end,
                           r->field->ast->type->span.end},
             true, "?");
    diag_end(d);
}

static void take_annotation(struct field_reader *r, const struct ast_anno *a, enum annotation_id id)
{
    struct field *f = r->field;
    switch (id) {
    case ANNOTATION_READONLY:
        f->readonly = true;
        break;
    case ANNOTATION_TOUCH:
        f->touch = need(r, a, TYPE_TIMESTAMP, "timestamp");
        break;
    case ANNOTATION_FROM:
        take_from(r, a);
        break;
    case ANNOTATION_HIDDEN:
        f->hidden = true;
        break;
    case ANNOTATION_VERSION:
        f->version = need(r, a, TYPE_INT, "int");
        if (f->version && r->type->optional)
            sema_error(r->s, DIAG_CRUD_ANNOTATIONS, f->ast->type->span,
                       "a version is always there");
        break;
    case ANNOTATION_UNIQUE:
        if (!sema_is_key(r->type) && r->type->kind != TYPE_ERROR)
            wrong_type(r, a, "string or another that a key can have");
        f->unique = true;
        break;
    case ANNOTATION_TTL:
        f->ttl = need(r, a, TYPE_TIMESTAMP, "timestamp");
        take_seconds(r, a, NULL, &f->ttl_s);
        break;
    case ANNOTATION_SOFTDELETE:
        take_softdelete(r, a);
        break;
    case ANNOTATION_FUTURE:
    case ANNOTATION_PAST:
        if (r->type->kind != TYPE_TIMESTAMP && r->type->kind != TYPE_DATE &&
            r->type->kind != TYPE_ERROR)
            wrong_type(r, a, "timestamp or date");
        f->future = f->future || id == ANNOTATION_FUTURE;
        f->past = f->past || id == ANNOTATION_PAST;
        break;
    case ANNOTATION_PATTERN:
        take_pattern(r, a);
        break;
    case ANNOTATION_DISTINCT:
        take_distinct(r, a);
        break;
    default:
        break;
    }
}

/* ---- conflicts ---- */

static void exclude(struct field_reader *r, const char *first, const char *second, const char *why)
{
    struct diag *d = sema_report(r->s, DIAG_CRUD_ANNOTATIONS, r->field->ast->name.span,
                                 "'%s' of '%s' excludes '%s'", first, r->field->name, second);
    diag_note(d, "%s", why);
    diag_end(d);
}

static void check_conflicts(struct field_reader *r)
{
    const struct field *f = r->field;
    if (f->from != NULL && f->value != NULL)
        exclude(r, "@from", "a default", "the value always comes from the caller");
    if (f->touch && f->from != NULL)
        exclude(r, "@touch", "@from", "one value can't come from both");
    if (f->future && f->past)
        exclude(r, "@future", "@past", "no time is both");
    if (f->version && (f->touch || f->from != NULL || f->unique || f->hidden))
        exclude(r, "@version", "@touch, @from, @unique and @hidden",
                "the version counts the writes, and is the ETag");
    if (f->softdelete && (f->ttl || f->value != NULL || f->touch))
        exclude(r, "@softdelete", "@ttl, @touch and a default", "only delete sets this field");
    if (f->ttl_s != 0 && f->value != NULL)
        exclude(r, "@ttl(...)", "a default", "the time is that of the write, and so much later");
}

static bool is_generated(const struct ast_expr *e)
{
    if (e == NULL || e->kind != AST_CALL || e->left->ref == NULL ||
        e->left->ref->kind != BIND_BUILTIN)
        return false;
    uint32_t id = e->left->ref->builtin;
    return id == BUILTIN_UUID || id == BUILTIN_ULID || id == BUILTIN_NOW;
}

static void check_name(struct sema *s, struct ast_name name)
{
    if (name.text[0] != '_')
        return;
    struct diag *d = sema_report(s, DIAG_CRUD_RESERVED_NAME, name.span,
                                 "names that start with '_' are kept for hidden attributes");
    diag_fix(d, (struct span){name.span.source, name.span.start, name.span.end}, false, "%s",
             name.text + strspn(name.text, "_"));
    diag_end(d);
}

struct field *sema_field(struct sema *s, const struct ast_field *ast, enum annotation_place where)
{
    struct field *f = ASLRT_NEW(s->arena, struct field);
    struct type *type = ASLRT_NEW(s->arena, struct type);
    struct field_reader r = {.s = s, .field = f, .type = type};
    f->name = ast->name.text;
    f->ast = ast;
    *type = *sema_type(s, ast->type);
    f->type = type;
    f->value = ast->value;
    check_name(s, ast->name);
    struct names seen = {0};
    for (const struct ast_anno *a = ast->annos; a != NULL; a = a->next) {
        enum annotation_id id =
            sema_annotation(s, a, where, where == ON_FIELD ? "a field" : "a field of a type");
        if (id != ANNOTATION_COUNT && sema_declare(s, &seen, a->name, "the annotation", 0, NULL))
            take_annotation(&r, a, id);
    }
    if (f->value != NULL) {
        const struct sema_scope scope = {
            .where = CALL_MAKES, .place = "a default", .no_caller = true};
        sema_value(s, &scope, f->value, f->type);
        f->generated = is_generated(f->value);
    }
    check_conflicts(&r);
    return f;
}
