/*
 * retries.c - is each retry worth making, and harmless?
 *
 * A416 a retry of an error that stays, A417 a retry that repeats a write whose effect may have
 * happened, A418 one that may send or start something twice, A419 retries that take longer than an
 * execution may, A428 a condition that a retry fails because the first try succeeded.
 */
#include "compiler/verify/verify_int.h"

#include <math.h>
#include <string.h>

/* The service's error of that name; the reserved names are handlers.c's. */
static const struct catalog_error *find_error(const char *name)
{
    if (strncmp(name, "States.", 7) == 0)
        return NULL;
    for (uint32_t i = 0; i < CATALOG_ERROR_COUNT; i++)
        if (!catalog_errors[i].open && strcmp(catalog_errors[i].name, name) == 0)
            return &catalog_errors[i];
    return NULL;
}

bool verify_is_permanent(const char *error)
{
    const struct catalog_error *e = find_error(error);
    return e != NULL && e->transient == CATALOG_NO;
}

static void check_permanent(struct verify *v, ir_id id, uint32_t i, const struct ir_retrier *r)
{
    for (uint32_t k = 0; k < r->errors.count; k++) {
        const struct ir_name *name = &v->m->names[r->errors.first + k];
        if (!verify_is_permanent(name->text))
            continue;
        struct diag *d = verify_report(
            v, DIAG_RETRY_PERMANENT, id,
            name->span.source != 0 ? name->span : verify_at(r->span, &v->m->states[id]),
            verify_tail(v, "Retry", i), "'%s' retries '%s', which does not pass by itself",
            v->m->states[id].name, name->text);
        diag_note(d, "it is raised when: %s", find_error(name->text)->when);
        diag_help(d, "take it out of the Retry, and let a Catch answer it");
        diag_end(d);
    }
}

/* An error that the retrier takes and behind which the effect may have happened; the plainest: a
   lost connection or a timeout before what may be anything. */
static const struct raised *find_ambiguous(struct verify *v, ir_id id, uint32_t retrier)
{
    const struct raised_list *list = &v->arrivals[id];
    const struct raised *found = NULL;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct raised *e = &list->items[i];
        enum match how;
        if (!e->ambiguous || e->fatal || e->class_ == CATALOG_LIMIT || e->class_ == CATALOG_DATA ||
            verify_retrier_of(v->m, id, e, &how) != retrier || how == MATCH_NEVER)
            continue;
        bool plain = e->class_ == CATALOG_TRANSIENT || e->class_ == CATALOG_TIMEOUT;
        if (found == NULL || (plain && found->class_ == CATALOG_REST))
            found = e;
    }
    return found;
}

static void check_repeat(struct verify *v, ir_id id, uint32_t i, const struct ir_retrier *r)
{
    const struct task *t = v->tasks[id];
    const struct ir_state *s = &v->m->states[id];
    const char *why;
    enum verify_repeat repeat = verify_repeats(s, t, &why);
    if (repeat == REPEAT_SAFE || repeat == REPEAT_UNKNOWN)
        return;
    const struct raised *e = find_ambiguous(v, id, i);
    if (e == NULL)
        return;
    struct diag *d =
        verify_report(v, repeat == REPEAT_HARMS ? DIAG_RETRY_REPEATS_WRITE : DIAG_RETRY_MAY_DOUBLE,
                      id, verify_at(r->span, s), verify_tail(v, "Retry", i),
                      "a retry of '%s' can repeat an effect that has already happened", s->name);
    diag_note(d, "after '%s' nobody knows whether the call took effect; %s",
              verify_error_name(v, e), why);
    if (t->call->token != NULL)
        diag_help(d, "set '%s'%s to a value that stays the same over retries", t->call->token,
                  strcmp(t->call->token, "MessageDeduplicationId") == 0
                      ? " (of a FIFO queue or topic)"
                      : "");
    else
        diag_help(d,
                  "make the write repeatable (assign generated values before it, or write it on a "
                  "condition), or retry only errors that come before any effect");
    diag_end(d);
}

/* The catcher that names the failed condition of a DynamoDB write, or `count`. */
static uint32_t conflict_catcher(const struct verify *v, const struct ir_state *s)
{
    for (uint32_t i = 0; i < s->catchers.count; i++) {
        const struct ir_slice errors = v->m->catchers[s->catchers.first + i].errors;
        for (uint32_t k = 0; k < errors.count; k++)
            if (strstr(v->m->names[errors.first + k].text, ".ConditionalCheckFailedException") !=
                NULL)
                return i;
    }
    return s->catchers.count;
}

/* A catcher that goes where success goes takes the effect that is already there for its own. */
static bool goes_on(const struct ir_state *s, const struct ir_catcher *c)
{
    return s->next.state != IR_NONE && c->next.state == s->next.state;
}

static void check_own_conflict(struct verify *v, ir_id id, uint32_t i, const struct ir_retrier *r)
{
    const struct task *t = v->tasks[id];
    const struct ir_state *s = &v->m->states[id];
    if (t->call == NULL || !t->call->conditional || s->probed || s->idempotent)
        return;
    bool unknown;
    uint32_t catcher = conflict_catcher(v, s);
    const struct raised *e = find_ambiguous(v, id, i);
    if (catcher == s->catchers.count || e == NULL ||
        verify_argument(s, "ConditionExpression", &unknown) == NULL ||
        goes_on(s, &v->m->catchers[s->catchers.first + catcher]))
        return;
    struct diag *d = verify_report(
        v, DIAG_OWN_CONFLICT, id, verify_at(r->span, s), verify_tail(v, "Retry", i),
        "the condition of '%s' can fail because its own first try succeeded", s->name);
    diag_note(d, "after '%s' the write may have happened; the retry then finds its own effect",
              verify_error_name(v, e));
    diag_label(d, verify_at(v->m->catchers[s->catchers.first + catcher].span, s),
               "this takes it for somebody else's");
    diag_help(d,
              "retry only errors that come before any effect, or read the item in the handler and "
              "compare it with what was written");
    diag_end(d);
}

/* Seconds that all retries of a retrier wait together. */
static double total_wait(const struct ir_retrier *r)
{
    double total = 0, next = r->interval_s;
    for (uint32_t i = 0; i < r->max_attempts && total < 1e12; i++) {
        total += r->max_delay_s > 0 && next > r->max_delay_s ? r->max_delay_s : next;
        next *= r->backoff;
        if (next == r->interval_s) { /* all the same: no need to count a million of them */
            total = (double)r->interval_s * r->max_attempts;
            break;
        }
    }
    return total;
}

static void check_length(struct verify *v, ir_id id, uint32_t i, const struct ir_retrier *r)
{
    const struct catalog_quota *q =
        &catalog_quotas[v->type == IR_EXPRESS ? CATALOG_Q_EXPRESS_TIME : CATALOG_Q_STANDARD_TIME];
    double limit = v->m->timeout_s > 0 && v->m->timeout_s < q->value ? v->m->timeout_s : q->value;
    double total = total_wait(r);
    if (!(total > limit))
        return;
    struct diag *d = verify_report(
        v, DIAG_RETRY_TOO_LONG, id, verify_at(r->span, &v->m->states[id]),
        verify_tail(v, "Retry", i), "the retries of '%s' wait longer than an execution may last",
        v->m->states[id].name);
    diag_note(d,
              "%u attempts from %u s by the factor %g wait %.3g s together; the execution has %g s",
              r->max_attempts, r->interval_s, r->backoff, total, limit);
    diag_help(d, "lower 'MaxAttempts' or 'BackoffRate', or set 'MaxDelaySeconds'");
    diag_end(d);
}

void verify_retries(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        const struct ir_slice retriers = v->m->states[id].retriers;
        for (uint32_t i = 0; i < retriers.count; i++) {
            const struct ir_retrier *r = &v->m->retriers[retriers.first + i];
            if (r->max_attempts == 0)
                continue;
            check_permanent(v, id, i, r);
            if (v->tasks[id] != NULL) {
                check_repeat(v, id, i, r);
                check_own_conflict(v, id, i, r);
            }
            check_length(v, id, i, r);
        }
    }
}
