/*
 * lower_task.c - calls of DynamoDB: time limits, retriers, catchers, and the probe after an
 * ambiguous error.
 *
 * In: the operation, the integration and its arguments.  Out: Task states whose every error is
 * handled. What each error is worth (transient, ambiguous) comes from the catalog.  The rules
 * (language reference, "Writing safely"): an error that may have had an effect is retried only
 * where repeating has the same effect; any other write carries a mark and is followed by a read
 * that looks for it.
 */
#include "catalog/catalog.h"
#include "compiler/base/grow.h"
#include "compiler/ir/lower_int.h"

enum { TASK_SECONDS = 2 };

#define TIMEOUT                                                                                    \
    "States.Timeout" /* of every call; the catalog's lists have what the service raises */

/* ---- time ---- */

static uint32_t task_worst_s(const struct policy *p, struct lower_budget b)
{
    double pause = p->first_s, sum = 0;
    for (uint32_t i = 0; i < b.attempts; i++) {
        sum += p->limit_s != 0 && pause > p->limit_s ? p->limit_s : pause;
        pause *= p->factor;
    }
    double worst = (double)b.task_s * (b.attempts + 1) + sum;
    return worst > 1e6 ? 1000000 : (uint32_t)(worst + 0.999);
}

struct lower_budget lower_fit(struct lower *l, const struct operation *op, uint32_t tasks)
{
    const struct policy *policy = l->model->policies[0];
    uint32_t limit = (uint32_t)l->model->service.timeout_s;
    struct lower_budget b = {TASK_SECONDS, policy->most};
    while (b.attempts > 0 && tasks * task_worst_s(policy, b) > limit)
        b.attempts--;
    if (tasks * task_worst_s(policy, b) > limit)
        b.task_s = 1;
    if (b.attempts < policy->most) {
        struct lower_fewer *fewer = &l->fewer[tasks];
        const struct operation **slot = GROW(l->arena, fewer->ops, fewer->count);
        *slot = op;
        fewer->attempts = b.attempts;
    }
    return b;
}

/* "'createNote', 'updateNote' and 'deleteNote'"; of many only the first ones. */
static const char *operation_names(struct lower *l, const struct lower_fewer *fewer)
{
    enum { SHOWN = 8 };
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    uint32_t shown = fewer->count > SHOWN ? SHOWN - 1 : fewer->count;
    for (uint32_t i = 0; i < shown; i++)
        aslrt_buffer_format(&b, "%s'%s'",
                            i == 0                  ? ""
                            : i + 1 == fewer->count ? " and "
                                                    : ", ",
                            fewer->ops[i]->id);
    if (shown < fewer->count)
        aslrt_buffer_format(&b, " and %u more", fewer->count - shown);
    return aslrt_buffer_close(&b);
}

void lower_report_fewer(struct lower *l)
{
    const struct policy *policy = l->model->policies[0];
    const struct service *service = &l->model->service;
    uint32_t count = 0;
    struct span at = {0};
    for (uint32_t tasks = 0; tasks <= LOWER_TASKS_MAX; tasks++) {
        if (count == 0 && l->fewer[tasks].count != 0)
            at = l->fewer[tasks].ops[0]->ast->span;
        count += l->fewer[tasks].count;
    }
    if (count == 0)
        return;
    if (policy->decl != NULL)
        at = policy->decl->name.span;
    else if (service->decl != NULL)
        at = service->decl->name.span;
    struct diag *d = diag_begin(l->diag, DIAG_RETRY_LOWERED, at,
                                "%u operation%s than the policy says, to end within %lld s", count,
                                count == 1 ? " retries less often" : "s retry less often",
                                (long long)service->timeout_s);
    for (uint32_t tasks = 0; tasks <= LOWER_TASKS_MAX; tasks++) {
        const struct lower_fewer *fewer = &l->fewer[tasks];
        if (fewer->count == 0)
            continue;
        diag_note(d, "%u time%s, not %u: %s; the worst path calls DynamoDB %u time%s",
                  fewer->attempts, fewer->attempts == 1 ? "" : "s", policy->most,
                  operation_names(l, fewer), tasks, tasks == 1 ? "" : "s");
    }
    diag_help(d, "raise 'timeout' of the service, or lower 'most' of the policy");
    diag_end(d);
}

/* ---- which errors ---- */

enum group { TRANSIENT, AMBIGUOUS, CONDITION };

static bool in_group(const struct catalog_error *e, enum group group)
{
    switch (group) {
    case TRANSIENT:
        return e->transient == CATALOG_YES && !e->ambiguous;
    case AMBIGUOUS: /* the catch-all name is ambiguous on paper; what it carries is refusals */
        return e->ambiguous && e->class_ != CATALOG_REST;
    default:
        return e->class_ == CATALOG_BUSINESS;
    }
}

/* A catcher of the task takes the error already: the operation's own. */
static bool caught(const struct ir_machine *m, ir_id task, const char *error)
{
    if (task == IR_NONE)
        return false;
    struct ir_slice catchers = m->states[task].catchers;
    for (uint32_t i = 0; i < catchers.count; i++) {
        struct ir_slice errors = m->catchers[catchers.first + i].errors;
        for (uint32_t k = 0; k < errors.count; k++) {
            if (strcmp(m->names[errors.first + k].text, error) == 0)
                return true;
        }
    }
    return false;
}

/* The errors of the group, but what a catcher of `task` (IR_NONE: none) takes already.  Gives their
   number. */
static uint32_t add_group(struct lower_flow *f, const char *integration, enum group group,
                          ir_id task, struct ir_slice *errors)
{
    const struct catalog_call *call = catalog_find(integration);
    uint32_t added = 0;
    for (uint16_t i = 0; call != NULL && i < call->error_count; i++) {
        const struct catalog_error *e = &catalog_errors[call->errors[i]];
        bool read = call->effect == CATALOG_READ;
        bool take = read ? group == TRANSIENT && e->transient == CATALOG_YES : in_group(e, group);
        if (take && !e->open && !caught(f->l->machine, task, e->name)) {
            ir_add_error(f->l->machine, errors, e->name, f->span);
            added++;
        }
    }
    bool reads = call != NULL && call->effect == CATALOG_READ;
    if (group == (reads ? TRANSIENT : AMBIGUOUS) && !caught(f->l->machine, task, TIMEOUT)) {
        ir_add_error(f->l->machine, errors, TIMEOUT, f->span);
        added++;
    }
    return added;
}

/* Takes the last catcher of the task away: the operation's own take all that it would. */
static void drop_catcher(struct ir_machine *m, ir_id task)
{
    m->catcher_count--;
    m->states[task].catchers.count--;
}

/* One of the groups or names means the error. */
static bool names_error(const char *const *names, uint32_t count, const char *error)
{
    for (uint32_t i = 0; i < count; i++) {
        if (catalog_group_has(names[i], error))
            return true;
    }
    return false;
}

/* The names that a policy's words stand for on this integration: groups of the language, or names.
 */
static uint32_t add_policy(struct lower_flow *f, const char *integration,
                           const struct policy *policy, bool repeatable, struct ir_slice *errors)
{
    if (policy->on_count == 0) {
        uint32_t added = add_group(f, integration, TRANSIENT, IR_NONE, errors);
        if (repeatable && catalog_find(integration)->effect != CATALOG_READ)
            added += add_group(f, integration, AMBIGUOUS, IR_NONE, errors);
        return added;
    }
    const struct catalog_call *call = catalog_find(integration);
    bool again = repeatable || (call != NULL && call->effect == CATALOG_READ);
    uint32_t added = 0;
    for (uint16_t i = 0; call != NULL && i < call->error_count; i++) {
        const struct catalog_error *e = &catalog_errors[call->errors[i]];
        if (e->open || (e->ambiguous && !again) ||
            !names_error(policy->on, policy->on_count, e->name))
            continue;
        ir_add_error(f->l->machine, errors, e->name, f->span);
        added++;
    }
    if (again && names_error(policy->on, policy->on_count, TIMEOUT)) {
        ir_add_error(f->l->machine, errors, TIMEOUT, f->span);
        added++;
    }
    return added;
}

/* ---- states ---- */

ir_id lower_task(struct lower_flow *f, const char *suffix, const char *integration, bool repeatable,
                 const struct jnode *arguments)
{
    struct lower *l = f->l;
    ir_id id = lower_state(f, IR_TASK, suffix);
    struct ir_machine *m = l->machine;
    struct ir_state *s = &m->states[id];
    s->resource = lower_format(l, "arn:aws:states:::%s", integration);
    s->resource_span = f->span;
    s->integration = integration;
    s->timeout = jnode_int(l->arena, f->span, f->budget.task_s);
    s->arguments = arguments;
    s->idempotent = repeatable;
    const struct policy *policy = l->model->policies[0];
    if (f->budget.attempts == 0)
        return id;
    struct ir_retrier *r = ir_add_retrier(m, id, f->span);
    r->interval_s = policy->first_s;
    r->max_attempts = f->budget.attempts;
    r->backoff = policy->factor;
    r->max_delay_s = policy->limit_s;
    r->full_jitter = policy->jitter;
    if (add_policy(f, integration, policy, repeatable, &r->errors) == 0) {
        m->retrier_count--; /* nothing of this call is worth a retry under this policy */
        m->states[id].retriers.count--;
    }
    return id;
}

static struct ir_catcher *catcher(struct lower_flow *f, ir_id task, const char *next)
{
    struct ir_catcher *c = ir_add_catcher(f->l->machine, task, f->span);
    c->next = (struct ir_ref){next, f->span, IR_NONE};
    return c;
}

/* The call may have had an effect when it fails with that error (NULL: with a timeout). */
static bool is_unsure(const struct catalog_call *call, const struct catalog_error *e)
{
    return call->effect != CATALOG_READ && (e == NULL || in_group(e, AMBIGUOUS));
}

/* The operation's own catch takes the error (NULL: a timeout) of the call.  A failed condition is
   for the probe. */
static bool takes(const struct op_catch *own, const struct catalog_error *e)
{
    if (e != NULL && (e->open || e->class_ == CATALOG_BUSINESS))
        return false;
    return names_error(own->names, own->name_count, e != NULL ? e->name : TIMEOUT);
}

/* The errors of a call that the operation's own catch takes: those that may have had an effect, or
   the others.  Gives their number. */
static uint32_t add_declared(struct lower_flow *f, const struct op_catch *own,
                             const struct catalog_call *call, bool unsure, struct ir_slice *errors)
{
    uint32_t added = 0;
    for (uint16_t i = 0; i < call->error_count; i++) {
        const struct catalog_error *e = &catalog_errors[call->errors[i]];
        if (is_unsure(call, e) == unsure && takes(own, e)) {
            ir_add_error(f->l->machine, errors, e->name, f->span);
            added++;
        }
    }
    if (is_unsure(call, NULL) == unsure && takes(own, NULL)) {
        ir_add_error(f->l->machine, errors, TIMEOUT, f->span);
        added++;
    }
    return added;
}

/* The operation's own `catch X => fail Y`.  After an error that may have had an effect the probe
   looks first, and the name of the answer goes along. */
static void catch_declared(struct lower_flow *f, ir_id task, const char *unsure)
{
    struct lower *l = f->l;
    const struct catalog_call *call = catalog_find(l->machine->states[task].integration);
    for (uint32_t i = 0; i < f->op->catch_count; i++) {
        const struct op_catch *own = &f->op->catches[i];
        struct ir_catcher *c = catcher(f, task, lower_end(f, own->error));
        if (add_declared(f, own, call, false, &c->errors) == 0)
            drop_catcher(l->machine, task);
        if (unsure == NULL)
            continue;
        c = catcher(f, task, unsure);
        struct jnode *assign = jnode_object(l->arena, f->span);
        jnode_set(l->arena, assign, "unsure", lower_text_node(l, f->span, own->error->name));
        c->assign = assign;
        if (add_declared(f, own, call, true, &c->errors) == 0)
            drop_catcher(l->machine, task);
    }
}

/* The operation's own catch takes errors after which the write may have happened. */
static bool takes_unsure(const struct op_catch *own, const char *integration)
{
    const struct catalog_call *call = catalog_find(integration);
    bool found = is_unsure(call, NULL) && takes(own, NULL);
    for (uint16_t i = 0; i < call->error_count && !found; i++) {
        const struct catalog_error *e = &catalog_errors[call->errors[i]];
        found = is_unsure(call, e) && takes(own, e);
    }
    return found;
}

bool lower_catches_unsure(const struct lower_flow *f, const char *integration)
{
    for (uint32_t i = 0; i < f->op->catch_count; i++) {
        if (takes_unsure(&f->op->catches[i], integration))
            return true;
    }
    return false;
}

const char *lower_unsure_end(struct lower_flow *f, const char *integration)
{
    return lower_catches_unsure(f, integration) ? lower_name(f, "Unsure")
                                                : lower_end_named(f, "Unavailable");
}

/* An earlier catch names the same answer. */
static bool answered_before(const struct lower_flow *f, uint32_t index, const char *integration)
{
    for (uint32_t i = 0; i < index; i++) {
        if (f->op->catches[i].error == f->op->catches[index].error &&
            takes_unsure(&f->op->catches[i], integration))
            return true;
    }
    return false;
}

void lower_unsure(struct lower_flow *f, const char *integration)
{
    if (!lower_catches_unsure(f, integration))
        return;
    ir_id unsure = lower_state(f, IR_CHOICE, "Unsure");
    for (uint32_t i = 0; i < f->op->catch_count; i++) {
        const struct error *error = f->op->catches[i].error;
        if (!takes_unsure(&f->op->catches[i], integration) || answered_before(f, i, integration))
            continue;
        const char *condition = lower_format(f->l, "$unsure = %s", lower_quote(f->l, error->name));
        lower_rule(f, unsure, condition, lower_end(f, error))->comment =
            "what the operation's own catch answers";
    }
    lower_goto(f, unsure, lower_end_named(f, "Unavailable"));
}

const struct error *lower_condition_error(struct lower_flow *f, const char *usual)
{
    for (uint32_t i = 0; i < f->op->catch_count; i++) {
        for (uint32_t n = 0; n < f->op->catches[i].name_count; n++) {
            if (strcmp(f->op->catches[i].names[n], "ConditionFailed") == 0)
                return f->op->catches[i].error;
        }
    }
    return lower_find_error(f->l, usual);
}

void lower_catch(struct lower_flow *f, ir_id task, const char *failed, const char *unsure,
                 const struct jnode *unsure_assign)
{
    struct lower *l = f->l;
    const char *integration = l->machine->states[task].integration;
    catch_declared(f, task, unsure);
    bool one = failed != NULL && unsure != NULL && unsure_assign == NULL;
    if (failed != NULL) {
        struct ir_catcher *c = catcher(f, task, failed);
        add_group(f, integration, CONDITION, task, &c->errors);
        if (one)
            add_group(f, integration, AMBIGUOUS, task, &c->errors);
    }
    if (unsure != NULL && !one) {
        struct ir_catcher *c = catcher(f, task, unsure);
        c->assign = unsure_assign;
        if (add_group(f, integration, AMBIGUOUS, task, &c->errors) == 0)
            drop_catcher(l->machine, task);
    }
    l->machine->states[task].probed = unsure != NULL;
    if (add_group(f, integration, TRANSIENT, task,
                  &catcher(f, task, lower_end_named(f, "Unavailable"))->errors) == 0)
        drop_catcher(l->machine, task);
    ir_add_error(l->machine, &catcher(f, task, lower_end_named(f, "Internal"))->errors,
                 "States.ALL", f->span);
}

const char *lower_write_mark(struct lower_flow *f, const char *write_suffix)
{
    return lower_format(f->l, "$hash($states.context.Execution.Id & %s, 'MD5')",
                        lower_quote(f->l, lower_format(f->l, "/%s%s", f->prefix, write_suffix)));
}

void lower_probe(struct lower_flow *f, const char *x, const char *next, const char *failed)
{
    struct lower *l = f->l;
    struct jnode *arguments = jnode_object(l->arena, f->span);
    jnode_set(l->arena, arguments, "TableName", lower_table_name(f));
    jnode_set(l->arena, arguments, "Key", lower_key_node(f, x));
    jnode_set(l->arena, arguments, "ConsistentRead", jnode_bool(l->arena, f->span, true));
    ir_id probe = lower_task(f, "Probe", "dynamodb:getItem", true, arguments);
    lower_goto(f, probe, next);
    ir_add_error(l->machine, &catcher(f, probe, failed)->errors, "States.ALL", f->span);
}
