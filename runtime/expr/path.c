/*
 * path.c - builds the trees of paths and intrinsic functions; see path.h and grammar/path.y.
 */
#include "runtime/expr/path.h"
#include "grammar/path_parse.h"
#include "runtime/expr/path_parser.h"

int aslrt_path_scan(ASLRT_PATH_YYSTYPE *value, ASLRT_PATH_YYLTYPE *at, void *scanner);
int aslrt_path_scan_lex_init_extra(struct aslrt_path_reader *r, void **scanner);
void *aslrt_path_scan__scan_bytes(const char *bytes, int count, void *scanner);

const char *const aslrt_intrinsic_names[ASLRT_INTRINSIC_COUNT] = {
#define INTRINSIC(name, min, max) #name,
#include "runtime/expr/intrinsics.def"
#undef INTRINSIC
};

static const struct {
    uint32_t min, max;
} intrinsic_arguments[ASLRT_INTRINSIC_COUNT] = {
#define INTRINSIC(name, min, max) {min, max},
#include "runtime/expr/intrinsics.def"
#undef INTRINSIC
};

void aslrt_path_fail(struct aslrt_path_reader *r, enum aslrt_path_problem problem,
                     struct aslrt_path_span at, const char *format, ...)
{
    if (r->error->problem != ASLRT_PATH_FINE)
        return;
    struct aslrt_buffer b = aslrt_buffer_in(r->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    *r->error = (struct aslrt_path_error){problem, aslrt_buffer_close(&b), NULL, at.start, at.end};
}

/* ---- text ---- */

struct aslrt_path_text aslrt_path_copy(struct aslrt_path_reader *r, const char *bytes,
                                       uint32_t count)
{
    return (struct aslrt_path_text){aslrt_copy_text(r->arena, bytes, count), count};
}

/* What was recorded of the service: a backslash in ['...'] stays, and only keeps a quote from
   ending the name. */
struct aslrt_path_text aslrt_path_quoted(struct aslrt_path_reader *r, const char *bytes,
                                         uint32_t count)
{
    char *out = aslrt_alloc(r->arena, count + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (bytes[i] == '\\' && i + 1 < count && bytes[i + 1] == '\'')
            continue;
        out[n++] = bytes[i];
    }
    out[n] = '\0';
    return (struct aslrt_path_text){out, n};
}

struct aslrt_path_text aslrt_path_argument(struct aslrt_path_reader *r, struct aslrt_path_span at,
                                           const char *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (bytes[i] != '\\')
            continue;
        i++;
        if (i < count && strchr("'{}\\", bytes[i]) != NULL)
            continue;
        struct aslrt_path_span escape = {at.start + i, at.start + i + 2};
        aslrt_path_fail(r, ASLRT_PATH_SYNTAX, escape,
                        "'\\%c' is no escape; a string has \\', \\{, \\} and \\\\ only",
                        i < count ? bytes[i] : ' ');
    }
    return aslrt_path_copy(r, bytes, count);
}

/* ---- nodes ---- */

struct aslrt_path *aslrt_path_new(struct aslrt_path_reader *r, enum aslrt_path_root root,
                                  struct aslrt_path_text variable)
{
    struct aslrt_path *p = ASLRT_NEW(r->arena, struct aslrt_path);
    p->root = root;
    p->variable = variable;
    p->reference = true;
    return p;
}

/* Names and indexes from 0 on, one at a time, are all that a reference path has. */
static bool is_reference_step(const struct aslrt_path_step *step)
{
    return (step->kind == ASLRT_STEP_NAMES && step->count == 1) ||
           (step->kind == ASLRT_STEP_INDEXES && step->count == 1 && step->indexes[0] >= 0);
}

void aslrt_path_append(struct aslrt_path *path, struct aslrt_path_step *step, bool deep)
{
    if (path->last == NULL)
        path->steps = step;
    else
        path->last->next = step;
    path->last = step;
    step->deep = deep;
    path->reference = path->reference && !deep && is_reference_step(step);
}

struct aslrt_path_step *aslrt_step_new(struct aslrt_path_reader *r, enum aslrt_step_kind kind)
{
    struct aslrt_path_step *s = ASLRT_NEW(r->arena, struct aslrt_path_step);
    s->kind = kind;
    return s;
}

/* Room for one more element behind `count` ones; lists double from 4 on. */
static void *more(struct aslrt_path_reader *r, void *items, uint32_t count, size_t size)
{
    if (count != 0 && (count < 4 || (count & (count - 1)) != 0))
        return items;
    char *moved = aslrt_alloc(r->arena, (count == 0 ? 4 : 2 * (size_t)count) * size);
    if (count != 0)
        memcpy(moved, items, count * size);
    return moved;
}

void aslrt_step_name(struct aslrt_path_reader *r, struct aslrt_path_step *step,
                     struct aslrt_path_text name)
{
    step->names = more(r, step->names, step->count, sizeof *step->names);
    step->names[step->count++] = name;
}

void aslrt_step_index(struct aslrt_path_reader *r, struct aslrt_path_step *step, int64_t index)
{
    step->indexes = more(r, step->indexes, step->count, sizeof *step->indexes);
    step->indexes[step->count++] = index;
}

struct aslrt_term *aslrt_term_new(struct aslrt_path_reader *r, enum aslrt_term_kind kind,
                                  struct aslrt_path_span at)
{
    struct aslrt_term *t = ASLRT_NEW(r->arena, struct aslrt_term);
    t->kind = kind;
    t->start = at.start;
    t->end = at.end;
    return t;
}

struct aslrt_term_list *aslrt_list_add(struct aslrt_path_reader *r, struct aslrt_term_list *list,
                                       const struct aslrt_term *term)
{
    if (list == NULL)
        list = ASLRT_NEW(r->arena, struct aslrt_term_list);
    if (term != NULL) {
        list->terms = more(r, list->terms, list->count, sizeof *list->terms);
        list->terms[list->count++] = term;
    }
    return list;
}

const struct aslrt_filter *aslrt_filter_new(struct aslrt_path_reader *r,
                                            enum aslrt_filter_kind kind,
                                            const struct aslrt_filter *a,
                                            const struct aslrt_filter *b)
{
    struct aslrt_filter *f = ASLRT_NEW(r->arena, struct aslrt_filter);
    f->kind = kind;
    f->a = a;
    f->b = b;
    return f;
}

const struct aslrt_filter *aslrt_filter_compare(struct aslrt_path_reader *r,
                                                const struct aslrt_term *left,
                                                struct aslrt_path_text op,
                                                const struct aslrt_term *right)
{
    struct aslrt_filter *f = ASLRT_NEW(r->arena, struct aslrt_filter);
    f->kind = right == NULL ? ASLRT_FILTER_EXISTS : ASLRT_FILTER_COMPARE;
    f->left = left;
    f->op = op;
    f->right = right;
    return f;
}

/* ---- intrinsic functions ---- */

static enum aslrt_intrinsic find_intrinsic(const char *name)
{
    uint32_t i = 0;
    while (i < ASLRT_INTRINSIC_COUNT && strcmp(aslrt_intrinsic_names[i], name) != 0)
        i++;
    return (enum aslrt_intrinsic)i;
}

/* Empty braces outside of escapes: what Format fills in. */
static uint32_t count_places(struct aslrt_path_text text)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i + 1 < text.count; i++) {
        if (text.bytes[i] == '\\')
            i++;
        else if (text.bytes[i] == '{' && text.bytes[i + 1] == '}')
            n++;
    }
    return n;
}

static void fail_call(struct aslrt_path_reader *r, enum aslrt_path_problem problem,
                      struct aslrt_path_text name, struct aslrt_path_span at, const char *message)
{
    aslrt_path_fail(r, problem, at, "%s", message);
    if (r->error->name == NULL && r->error->problem == problem)
        r->error->name = name.bytes;
}

static const char *words(struct aslrt_path_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static const char *words(struct aslrt_path_reader *r, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(r->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    return aslrt_buffer_close(&b);
}

static void check_arguments(struct aslrt_path_reader *r, const struct aslrt_term *call,
                            struct aslrt_path_text name)
{
    struct aslrt_path_span at = {call->start, call->end};
    uint32_t min = intrinsic_arguments[call->intrinsic].min;
    uint32_t max = intrinsic_arguments[call->intrinsic].max;
    uint32_t n = call->argument_count;
    bool unlimited =
        call->intrinsic == ASLRT_INTRINSIC_Array || call->intrinsic == ASLRT_INTRINSIC_Format;
    if (n < min || (n > max && !unlimited)) {
        fail_call(r, ASLRT_PATH_ARGUMENTS, name, at,
                  min == max && !unlimited ? words(r, "%s takes %u argument%s, not %u", name.bytes,
                                                   min, min == 1 ? "" : "s", n)
                  : unlimited
                      ? words(r, "%s takes %u argument or more, not %u", name.bytes, min, n)
                      : words(r, "%s takes %u or %u arguments, not %u", name.bytes, min, max, n));
    } else if (call->intrinsic == ASLRT_INTRINSIC_Format &&
               call->arguments[0]->kind == ASLRT_TERM_STRING &&
               count_places(call->arguments[0]->text) != n - 1) {
        fail_call(r, ASLRT_PATH_ARGUMENTS, name, at,
                  words(r, "the text of %s has %u times '{}' for %u value%s", name.bytes,
                        count_places(call->arguments[0]->text), n - 1, n == 2 ? "" : "s"));
    }
}

const struct aslrt_term *aslrt_call_new(struct aslrt_path_reader *r, struct aslrt_path_text name,
                                        struct aslrt_path_span name_at,
                                        struct aslrt_term_list *arguments,
                                        struct aslrt_path_span at)
{
    struct aslrt_term *t = aslrt_term_new(r, ASLRT_TERM_CALL, at);
    t->text = name;
    t->intrinsic = find_intrinsic(name.bytes + strlen("States."));
    t->arguments = arguments->terms;
    t->argument_count = arguments->count;
    if (t->intrinsic == ASLRT_INTRINSIC_COUNT)
        fail_call(r, ASLRT_PATH_FUNCTION, name, name_at,
                  words(r, "there is no intrinsic function '%s'", name.bytes));
    else
        check_arguments(r, t, name);
    return t;
}

/* ---- the parse ---- */

int aslrt_path_yylex(ASLRT_PATH_YYSTYPE *value, ASLRT_PATH_YYLTYPE *at, struct aslrt_path_reader *r)
{
    return aslrt_path_scan(value, at, r->scanner);
}

const struct aslrt_term *aslrt_path_parse(struct aslrt_arena *arena, const char *text,
                                          uint32_t count, struct aslrt_path_error *error)
{
    struct aslrt_path_reader r = {.arena = arena, .text = text, .error = error};
    *error = (struct aslrt_path_error){0};
    aslrt_path_scan_lex_init_extra(&r, &r.scanner);
    aslrt_path_scan__scan_bytes(text, (int)count, r.scanner);
    aslrt_path_yyparse(&r);
    return error->problem == ASLRT_PATH_FINE ? r.result : NULL;
}
