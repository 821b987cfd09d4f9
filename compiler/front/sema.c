/*
 * sema.c - the order of names and types; see sema.h and sema_int.h.
 *
 * In: the tree.  Out: the model.  The names of all declarations are collected first, so that
 * nothing depends on their order in the file.
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/grow.h"
#include "runtime/base/buffer.h"

#include <stdarg.h>
#include <stdlib.h>

/* After so many errors nobody needs more suggestions, which cost time. */
enum { SUGGESTIONS_MAX = 200 };

/* ---- reporting ---- */

static struct diag *report(struct sema *s, enum diag_code code, struct span at, const char *format,
                           va_list args)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    aslrt_buffer_vformat(&b, format, args);
    if (diag_table[code].severity == SEVERITY_ERROR)
        s->error_count++;
    return diag_begin(s->cx, code, at, "%s", aslrt_buffer_close(&b));
}

struct diag *sema_report(struct sema *s, enum diag_code code, struct span at, const char *format,
                         ...)
{
    va_list args;
    va_start(args, format);
    struct diag *d = report(s, code, at, format, args);
    va_end(args);
    return d;
}

void sema_error(struct sema *s, enum diag_code code, struct span at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_end(report(s, code, at, format, args));
    va_end(args);
}

void sema_near(struct diag *d, struct span at, const char *near)
{
    if (near != NULL)
        diag_fix(d, at, false, "%s", near);
}

bool sema_suggests(const struct sema *s)
{
    return s->error_count <= SUGGESTIONS_MAX;
}

const char *sema_nearest(struct sema *s, const struct names *names, const char *word)
{
    return sema_suggests(s) ? names_nearest(s->arena, names, word) : NULL;
}

bool sema_room(struct sema *s, uint32_t count, struct span at, const char *what)
{
    if (count == SEMA_MEMBERS_MAX)
        sema_error(s, DIAG_CRUD_QUOTA, at, "more than %d %s; this is more than the services take",
                   SEMA_MEMBERS_MAX, what);
    return count < SEMA_MEMBERS_MAX;
}

char *sema_format(struct sema *s, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    aslrt_buffer_close(&b);
    return b.bytes;
}

bool sema_declare(struct sema *s, struct names *names, struct ast_name name, const char *what,
                  int kind, void *thing)
{
    struct named *n = names_find(names, name.text);
    if (n == NULL) {
        n = names_add(s->arena, names, name.text);
        n->span = name.span;
        n->kind = kind;
        n->thing = thing;
        return true;
    }
    struct diag *d =
        sema_report(s, DIAG_CRUD_DUPLICATE, name.span, "%s '%s' is there already", what, name.text);
    diag_label(d, n->span, "the first one");
    diag_end(d);
    return false;
}

/* ---- names of declarations ---- */

static bool is_base_type(const char *word)
{
    static const char *const words[] = {
#define TYPE(id, text, json, dynamodb, doc) text,
#include "compiler/front/types.def"
#undef TYPE
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

static bool declare_type(struct sema *s, const struct ast_decl *d, const char *what, int kind,
                         void *thing)
{
    if (is_base_type(d->name.text)) {
        struct diag *w = sema_report(s, DIAG_CRUD_DUPLICATE, d->name.span,
                                     "'%s' is a type of the language already", d->name.text);
        diag_end(w);
        return false;
    }
    return sema_declare(s, &s->types, d->name, what, kind, thing);
}

/* Order_Line and OrderLine would get tables of one name. */
static const char *table_name(struct sema *s, const char *name)
{
    char *folded = aslrt_copy_text(s->arena, name, strlen(name));
    size_t n = 0;
    for (const char *p = name; *p != '\0'; p++) {
        if (*p != '_')
            folded[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p + 'a' - 'A') : *p;
    }
    folded[n] = '\0';
    return folded;
}

static void collect_entity(struct sema *s, const struct ast_decl *d, struct names *tables)
{
    struct entity *e = ASLRT_NEW(s->arena, struct entity);
    e->name = d->name.text;
    e->ast = d;
    if (!declare_type(s, d, "the entity", NAMED_ENTITY, e))
        return;
    struct ast_name table = {table_name(s, e->name), d->name.span, false};
    struct named *twin = names_find(tables, table.text);
    if (twin != NULL) {
        struct diag *w =
            sema_report(s, DIAG_CRUD_DUPLICATE, d->name.span,
                        "the table of '%s' would have the name of another one", e->name);
        diag_label(w, twin->span, "this one's");
        diag_note(w, "names of tables don't tell upper case from lower case, nor '_'");
        diag_end(w);
    } else {
        names_add(s->arena, tables, table.text)->span = d->name.span;
    }
    struct entity **slot = GROW(s->arena, s->model->entities, s->model->entity_count);
    *slot = e;
}

static void collect_record(struct sema *s, const struct ast_decl *d)
{
    struct record *r = ASLRT_NEW(s->arena, struct record);
    r->name = d->name.text;
    r->decl = d;
    r->id = s->model->record_count;
    if (!declare_type(s, d, "the type", NAMED_RECORD, r))
        return;
    struct record **slot = GROW(s->arena, s->model->records, s->model->record_count);
    *slot = r;
}

static void collect_enum(struct sema *s, const struct ast_decl *d)
{
    struct enumeration *e = ASLRT_NEW(s->arena, struct enumeration);
    struct names members = {0};
    e->name = d->name.text;
    e->decl = d;
    for (const struct ast_names *n = d->names; n != NULL; n = n->next) {
        if (!sema_declare(s, &members, n->name, "the member", 0, NULL))
            continue;
        if (!sema_room(s, e->count, n->name.span, "members in one enum"))
            break;
        const char **slot = GROW(s->arena, e->members, e->count);
        *slot = n->name.text;
    }
    if (!declare_type(s, d, "the enum", NAMED_ENUM, e))
        return;
    struct enumeration **slot = GROW(s->arena, s->model->enums, s->model->enum_count);
    *slot = e;
}

static void collect_callable(struct sema *s, const struct ast_decl *d)
{
    if (d->kind == AST_DECL_FUNCTION) {
        struct function *f = ASLRT_NEW(s->arena, struct function);
        f->name = d->name.text;
        f->decl = d;
        if (!sema_declare(s, &s->callables, d->name, "the function", NAMED_FUNCTION, f))
            return;
        struct function **slot = GROW(s->arena, s->model->functions, s->model->function_count);
        *slot = f;
    } else {
        struct workflow *w = ASLRT_NEW(s->arena, struct workflow);
        w->name = d->name.text;
        w->decl = d;
        if (!sema_declare(s, &s->callables, d->name, "the workflow", NAMED_WORKFLOW, w))
            return;
        struct workflow **slot = GROW(s->arena, s->model->workflows, s->model->workflow_count);
        *slot = w;
    }
}

static void no_annotations(struct sema *s, const struct ast_decl *d, const char *what)
{
    for (const struct ast_anno *a = d->annos; a != NULL; a = a->next)
        sema_annotation(s, a, ON_OTHER, what);
}

static void collect(struct sema *s)
{
    struct names tables = {0};
    for (const struct ast_decl *d = s->unit->decls; d != NULL; d = d->next) {
        switch (d->kind) {
        case AST_DECL_ENTITY:
            collect_entity(s, d, &tables);
            no_annotations(s, d, "an entity");
            break;
        case AST_DECL_TYPE:
            collect_record(s, d);
            no_annotations(s, d, "a type");
            break;
        case AST_DECL_ENUM:
            collect_enum(s, d);
            no_annotations(s, d, "an enum");
            break;
        case AST_DECL_FUNCTION:
            collect_callable(s, d);
            no_annotations(s, d, "a function");
            break;
        case AST_DECL_WORKFLOW:
            collect_callable(s, d);
            break;
        default:
            no_annotations(s, d, "this");
            break;
        }
    }
}

/* ---- types ---- */

static void read_records(struct sema *s)
{
    for (uint32_t i = 0; i < s->model->record_count; i++) {
        struct record *r = s->model->records[i];
        struct names fields = {0};
        for (const struct ast_member *m = r->decl->fields; m != NULL; m = m->next) {
            if (!sema_room(s, r->field_count, m->field.name.span, "fields in one type"))
                break;
            struct field *f = sema_field(s, &m->field, ON_MEMBER);
            if (!sema_declare(s, &fields, m->field.name, "the field", 0, NULL))
                continue;
            struct field **slot = GROW(s->arena, r->fields, r->field_count);
            *slot = f;
        }
    }
    sema_check_recursion(s);
}

static int by_name(const void *a, const void *b)
{
    const struct variable *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static void collect_variables(struct sema *s)
{
    struct model *m = s->model;
    m->variables = ASLRT_NEW_ARRAY(s->arena, struct variable *, s->variables.count + 1);
    for (const struct named *n = s->variables.first; n != NULL; n = n->next)
        m->variables[m->variable_count++] = n->thing;
    if (m->variable_count > 1)
        qsort(m->variables, m->variable_count, sizeof m->variables[0], by_name);
}

/* ---- a tree with holes ---- */

/* After syntax errors only what the missing statements can't be the cause of is worth saying. */
static bool holds_with_holes(enum diag_code code, const struct ast_unit *unit)
{
    switch (code) {
    case DIAG_CRUD_UNKNOWN_TYPE:
    case DIAG_CRUD_UNKNOWN_ERROR:
        return !unit->lost_declared;
    case DIAG_CRUD_UNKNOWN_SETTING:
    case DIAG_CRUD_UNKNOWN_ANNOTATION:
    case DIAG_CRUD_SETTING_VALUE:
    case DIAG_CRUD_RANGE:
    case DIAG_CRUD_VALUE:
    case DIAG_CRUD_TYPE:
    case DIAG_CRUD_PATTERN:
    case DIAG_CRUD_STATUS:
    case DIAG_CRUD_POLICY:
    case DIAG_CRUD_ANNOTATIONS:
    case DIAG_CRUD_RESERVED_NAME:
        return true;
    default:
        return false;
    }
}

/* Of what was reported from `from` on: drops what stands where a syntax error stands already, such
   as the type of a number that is none. */
static void drop_echoes(struct diag_context *cx, uint32_t from)
{
    uint32_t kept = from;
    for (uint32_t i = from; i < cx->count; i++) {
        bool echo = false;
        for (uint32_t k = 0; k < from && !echo; k++)
            echo = cx->diags[k]->at.source == cx->diags[i]->at.source &&
                   cx->diags[k]->at.start == cx->diags[i]->at.start;
        if (!echo)
            cx->diags[kept++] = cx->diags[i];
    }
    cx->count = kept;
}

/* Turns off what can't be said, and puts the flags as they were into `before`. */
static void mind_holes(struct sema *s, bool before[DIAG_COUNT])
{
    memcpy(before, s->cx->off, sizeof s->cx->off);
    for (int code = DIAG_CRUD_DUPLICATE; s->unit->holes && code <= DIAG_CRUD_UNUSED_POLICY;
         code++) {
        if (!holds_with_holes((enum diag_code)code, s->unit))
            s->cx->off[code] = true;
    }
}

struct model *sema_model(struct aslrt_arena *arena, struct diag_context *cx, struct ast_unit *unit)
{
    struct sema s = {.arena = arena, .cx = cx, .unit = unit};
    s.model = ASLRT_NEW(arena, struct model);
    s.model->arena = arena;
    s.model->unit = unit;
    bool off[DIAG_COUNT];
    uint32_t reported = cx->count;
    mind_holes(&s, off);
    collect(&s);
    sema_builtin_errors(&s);
    sema_errors(&s);
    sema_service(&s);
    read_records(&s);
    sema_functions(&s);
    sema_policies(&s);
    for (uint32_t i = 0; i < s.model->entity_count; i++)
        sema_entity(&s, s.model->entities[i]);
    sema_audit(&s);
    for (uint32_t i = 0; i < s.model->entity_count; i++)
        sema_operations(&s, s.model->entities[i]);
    sema_workflows(&s);
    sema_invariants(&s);
    sema_routes(&s);
    sema_tests(&s);
    collect_variables(&s);
    if (s.error_count == 0 && !unit->holes) /* else its use may be what could not be read */
        sema_unused_policies(&s);
    memcpy(cx->off, off, sizeof off);
    if (unit->holes)
        drop_echoes(cx, reported);
    return s.error_count == 0 && !unit->holes ? s.model : NULL;
}
