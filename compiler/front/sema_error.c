/*
 * sema_error.c - errors, groups, retry policies and functions.
 *
 * In: error, policy and function declarations, and errors.def.  Out: their rows of the model.
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/grow.h"

/* ---- errors ---- */

static struct error *add_error(struct sema *s, const char *name, uint32_t status, const char *text)
{
    struct error *e = ASLRT_NEW(s->arena, struct error);
    *e = (struct error){.name = name, .status = status, .text = text, .builtin = true};
    struct error **slot = GROW(s->arena, s->model->errors, s->model->error_count);
    *slot = e;
    return e;
}

void sema_builtin_errors(struct sema *s)
{
#define ERROR(name, status, text)                                                                  \
    names_add(s->arena, &s->errors, name)->thing = add_error(s, name, status, text);
#define GROUP(name, doc) names_add(s->arena, &s->groups, name);
#include "compiler/front/errors.def"
#undef ERROR
#undef GROUP
}

static uint32_t read_status(struct sema *s, const struct ast_decl *d)
{
    int64_t status;
    if (sema_integer(d->status, &status) && status >= 400 && status <= 599)
        return (uint32_t)status;
    struct diag *w = sema_report(s, DIAG_CRUD_STATUS, d->status_span,
                                 "the status of an error is from 400 to 599");
    diag_help(w, "400 and more say that the caller must change something, 500 and more that it is "
                 "our fault");
    diag_end(w);
    return 500;
}

void sema_errors(struct sema *s)
{
    for (const struct ast_decl *d = s->unit->decls; d != NULL; d = d->next) {
        if (d->kind != AST_DECL_ERROR)
            continue;
        struct named *known = names_find(&s->errors, d->name.text);
        uint32_t status = read_status(s, d);
        if (known != NULL && !((struct error *)known->thing)->builtin) {
            sema_declare(s, &s->errors, d->name, "the error", 0, NULL); /* complains */
            continue;
        }
        struct error *e = add_error(s, d->name.text, status, d->text == NULL ? "" : d->text);
        e->builtin = false;
        e->decl = d;
        struct named *n = known != NULL ? known : names_add(s->arena, &s->errors, e->name);
        n->thing = e;
        n->span = d->name.span;
    }
}

const struct error *sema_failure(struct sema *s, const struct sema_scope *scope,
                                 struct ast_failure *f)
{
    for (struct ast_arg *a = f->args; a != NULL; a = a->next)
        sema_expr(s, scope, a->value, NULL);
    const struct named *n = names_find(&s->errors, f->error.text);
    if (n != NULL)
        return n->thing;
    struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_ERROR, f->error.span,
                                 "there is no error '%s'", f->error.text);
    const char *near = sema_nearest(s, &s->errors, f->error.text);
    sema_near(d, f->error.span, near);
    if (near == NULL)
        diag_help(d, "declare it: error %s 400 \"what went wrong\"", f->error.text);
    diag_end(d);
    return NULL;
}

bool sema_catchable(struct sema *s, struct ast_name name)
{
    if (names_find(&s->groups, name.text) != NULL || names_find(&s->raised, name.text) != NULL)
        return true;
    struct diag *d =
        sema_report(s, DIAG_CRUD_UNKNOWN_ERROR, name.span,
                    "no group of errors and no function's error is called '%s'", name.text);
    const char *near = sema_nearest(s, &s->groups, name.text);
    if (near == NULL)
        near = sema_nearest(s, &s->raised, name.text);
    sema_near(d, name.span, near);
    if (near == NULL)
        diag_help(d, "the groups are Throttled, ServiceError, Conflict, ConditionFailed, NotFound, "
                     "Timeout, Function; functions name their errors with 'raises'");
    diag_end(d);
    return false;
}

/* ---- functions ---- */

struct function_reader {
    struct function *function;
    struct sema_scope scope;
};

static void read_function_setting(struct sema *s, void *data, const struct ast_setting *st,
                                  enum setting_id id)
{
    struct function_reader *r = data;
    if (id == SETTING_FUNCTION_TIMEOUT) {
        sema_take_duration(s, st, id, 1, 900, &r->function->timeout_s);
    } else if (id == SETTING_ARN) {
        const struct sema_scope none = {.place = "an ARN", .no_caller = true};
        sema_value(s, &none, st->value, sema_plain(TYPE_STRING));
        r->function->arn = st->value;
    } else {
        const struct type *t = sema_expr(s, &r->scope, st->value, NULL);
        if (t->kind != TYPE_ERROR && !sema_is_scalar(t))
            sema_wrong_value(s, st, id, st->value->span);
        r->function->idempotent = st->value;
    }
}

struct sema_local *sema_param_list(struct sema *s, const struct ast_param *params,
                                   struct field ***fields, uint32_t *count)
{
    struct names seen = {0};
    struct sema_local *locals = NULL;
    for (const struct ast_param *p = params; p != NULL; p = p->next) {
        const struct sema_scope none = {
            .place = "a default", .where = CALL_MAKES, .no_caller = true};
        struct field *f = ASLRT_NEW(s->arena, struct field);
        f->name = p->name.text;
        f->type = sema_type(s, p->type);
        f->value = p->value;
        if (p->value != NULL)
            sema_value(s, &none, p->value, f->type);
        if (!sema_declare(s, &seen, p->name, "the parameter", 0, NULL))
            continue;
        struct field **slot = GROW(s->arena, *fields, *count);
        *slot = f;
        struct sema_local *l = ASLRT_NEW(s->arena, struct sema_local);
        l->name = f->name;
        l->span = p->name.span;
        l->next = locals;
        l->binding = ASLRT_NEW(s->arena, struct binding);
        *l->binding =
            (struct binding){.kind = BIND_PARAM, .name = f->name, .field = f, .type = f->type};
        locals = l;
    }
    return locals;
}

static void read_function(struct sema *s, struct function *f)
{
    struct function_reader reader = {.function = f,
                                     .scope = {.place = "idempotent", .no_caller = true}};
    reader.scope.locals = sema_param_list(s, f->decl->params, &f->params, &f->param_count);
    f->result = f->decl->result == NULL ? sema_plain(TYPE_NOTHING) : sema_type(s, f->decl->result);
    f->timeout_s = 6;
    struct names seen = {0};
    for (const struct ast_names *n = f->decl->raises; n != NULL; n = n->next) {
        if (!sema_declare(s, &seen, n->name, "the error", 0, NULL))
            continue;
        const char **slot = GROW(s->arena, f->raises, f->raise_count);
        *slot = n->name.text;
        if (names_find(&s->groups, n->name.text) != NULL) {
            struct diag *d = sema_report(s, DIAG_CRUD_DUPLICATE, n->name.span,
                                         "'%s' is a group of errors already", n->name.text);
            diag_help(d, "give the function's error a name of its own");
            diag_end(d);
        } else if (names_find(&s->raised, n->name.text) == NULL) {
            names_add(s->arena, &s->raised, n->name.text)->span = n->name.span;
        }
    }
    sema_settings(s, f->decl->settings, AT_FUNCTION, "a function", read_function_setting, &reader);
    if (f->arn == NULL && !s->unit->holes) {
        struct diag *d = sema_report(s, DIAG_CRUD_SETTING_VALUE, f->decl->name.span,
                                     "the function '%s' has no arn", f->name);
        diag_help(d, "arn = var.%s_arn makes it a Terraform variable", f->name);
        diag_end(d);
    }
}

void sema_functions(struct sema *s)
{
    for (uint32_t i = 0; i < s->model->function_count; i++)
        read_function(s, s->model->functions[i]);
}

/* ---- policies ---- */

static void read_on(struct sema *s, struct policy *p, const struct ast_setting *st)
{
    const struct ast_expr *e = st->value;
    if (e->kind != AST_LIST || e->args == NULL) {
        sema_wrong_value(s, st, SETTING_ON, e->span);
        return;
    }
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next) {
        if (a->value->kind != AST_NAME || a->name.text != NULL) {
            sema_wrong_value(s, st, SETTING_ON, a->span);
            continue;
        }
        if (!sema_catchable(s, a->value->name))
            continue;
        if (strcmp(a->value->name.text, "ConditionFailed") == 0) {
            struct diag *d =
                sema_report(s, DIAG_CRUD_POLICY, a->span, "a condition that failed fails again");
            diag_help(d, "answer it with 'catch ConditionFailed => fail ...'");
            diag_end(d);
        }
        const char **slot = GROW(s->arena, p->on, p->on_count);
        *slot = a->value->name.text;
    }
}

static void bad_policy(struct sema *s, const struct ast_setting *st, const char *why)
{
    sema_error(s, DIAG_CRUD_POLICY, st->value->span, "%s", why);
}

static void read_policy_setting(struct sema *s, void *data, const struct ast_setting *st,
                                enum setting_id id)
{
    static const char *const jitters[] = {"full", "none", NULL};
    struct policy *p = data;
    int64_t n;
    switch (id) {
    case SETTING_ON:
        read_on(s, p, st);
        break;
    case SETTING_FIRST:
    case SETTING_LIMIT:
        if (!sema_seconds(st->value, &n))
            sema_wrong_value(s, st, id, st->value->span);
        else if (n < 1 || n > 31622400)
            bad_policy(s, st, "Step Functions waits whole seconds, from 1s to 366d");
        else if (id == SETTING_FIRST)
            p->first_s = (uint32_t)n;
        else
            p->limit_s = (uint32_t)n;
        break;
    case SETTING_FACTOR:
        if (!sema_number(st->value, &p->factor))
            sema_wrong_value(s, st, id, st->value->span);
        else if (p->factor < 1)
            bad_policy(s, st, "a factor below 1 would make the pauses shorter and shorter");
        break;
    case SETTING_MOST:
        if (st->value->kind != AST_INT)
            sema_wrong_value(s, st, id, st->value->span);
        else if (!sema_integer(st->value->text, &n) || n > 99999999)
            bad_policy(s, st, "Step Functions retries 99999999 times at most");
        else
            p->most = (uint32_t)n;
        break;
    default:
        p->jitter = sema_take_word(s, st, id, jitters) == 0;
        break;
    }
}

static struct policy *new_policy(struct sema *s, const char *name)
{
    struct policy *p = ASLRT_NEW(s->arena, struct policy);
    *p = (struct policy){.name = name, .first_s = 1, .factor = 2, .most = 2, .jitter = true};
    return p;
}

static void read_policy(struct sema *s, const struct ast_decl *d)
{
    struct policy *p = new_policy(s, d->name.text);
    p->decl = d;
    if (names_find(&s->groups, p->name) != NULL || names_find(&s->raised, p->name) != NULL) {
        sema_error(s, DIAG_CRUD_DUPLICATE, d->name.span,
                   "'%s' is an error or a group of errors already", p->name);
    } else if (!sema_declare(s, &s->policies, d->name, "the policy", 0, p)) {
        return;
    }
    sema_settings(s, d->settings, AT_POLICY, "a policy", read_policy_setting, p);
    if (p->limit_s != 0 && p->limit_s < p->first_s)
        sema_error(s, DIAG_CRUD_POLICY, d->name.span,
                   "the first pause of %us is longer than the limit of %us", p->first_s,
                   p->limit_s);
    if (strcmp(p->name, "default") == 0) {
        p->used = true;
        s->model->policies[0] = p;
        return;
    }
    struct policy **slot = GROW(s->arena, s->model->policies, s->model->policy_count);
    *slot = p;
}

void sema_policies(struct sema *s)
{
    struct policy **slot = GROW(s->arena, s->model->policies, s->model->policy_count);
    *slot = new_policy(s, "default");
    for (const struct ast_decl *d = s->unit->decls; d != NULL; d = d->next) {
        if (d->kind == AST_DECL_POLICY)
            read_policy(s, d);
    }
}

void sema_unused_policies(struct sema *s)
{
    for (uint32_t i = 1; i < s->model->policy_count; i++) {
        const struct policy *p = s->model->policies[i];
        if (p->used)
            continue;
        struct diag *d = sema_report(s, DIAG_CRUD_UNUSED_POLICY, p->decl->name.span,
                                     "nothing is retried by the policy '%s'", p->name);
        diag_help(d,
                  "the operations of entities are retried by 'policy default { ... }', a step of a "
                  "workflow by what 'retry' behind it names");
        diag_end(d);
    }
}
