/*
 * bounds.c - does what the machine reads and waits for stay inside the quotas?
 *
 * A601 a Query or Scan without a limit: a page of it is larger than a state may hand on.  A602 an
 * Express machine with what Express can't do, A603 one that waits longer than it may last; both
 * only when the type is known.
 */
#include "compiler/verify/verify_int.h"

#include <stdlib.h>
#include <string.h>

static bool machine_mentions(const struct ir_machine *m, const char *text)
{
    for (ir_id id = 0; id < m->state_count; id++) {
        const struct ir_state *s = &m->states[id];
        const struct jnode *payloads[] = {s->parameters, s->arguments,       s->output,
                                          s->assign,     s->result_selector, s->source};
        for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++)
            if (verify_mentions(payloads[i], text))
                return true;
        for (uint32_t i = 0; i < s->rules.count; i++)
            if (verify_mentions(m->rules[s->rules.first + i].condition, text))
                return true;
    }
    return false;
}

static void check_read(struct verify *v, ir_id id, const struct task *t)
{
    const struct ir_state *s = &v->m->states[id];
    bool unknown;
    if (strcmp(t->action, "query") != 0 && strcmp(t->action, "scan") != 0)
        return;
    const struct jnode *select = verify_argument(s, "Select", &unknown);
    if (unknown || verify_argument(s, "Limit", &unknown) != NULL ||
        (jnode_is(select, J_STRING) && strcmp(select->text, "COUNT") == 0))
        return;
    struct diag *d = verify_report(v, DIAG_UNBOUNDED_READ, id, s->name_span,
                                   s->language == IR_JSONATA ? "/Arguments" : "/Parameters",
                                   "'%s' reads without a limit", s->name);
    diag_primary(d, "a page may hold %.0f bytes, but a state's result only %.0f",
                 catalog_quotas[CATALOG_Q_DYNAMODB_PAGE].value,
                 catalog_quotas[CATALOG_Q_PAYLOAD].value);
    diag_note(d, "when the table has grown, the execution fails with States.DataLimitExceeded");
    if (!machine_mentions(v->m, "LastEvaluatedKey"))
        diag_note(d,
                  "what is behind the first page is never read: nothing uses 'LastEvaluatedKey'");
    verify_witness(v, d, id);
    diag_help(d, "set 'Limit', hand 'LastEvaluatedKey' to the caller, and take it back as "
                 "'ExclusiveStartKey'");
    diag_end(d);
}

/* What the service says of it; of '.sync' and its kin by the suffix. */
static void say_express(struct diag *d, const struct task *t)
{
    static const char *const suffixes[] = {[CATALOG_RUN_JOB] = ".sync",
                                           [CATALOG_RUN_JOB_2] = ".sync:2",
                                           [CATALOG_WAIT_FOR_TOKEN] = ".waitForTaskToken"};
    if (t == NULL)
        return;
    if (t->kind == CATALOG_ACTIVITY)
        diag_service(d, 0, "Express state machine does not support Activity ARN");
    else /* recorded with two blanks behind that of a token */
        diag_service(d, 0, "Express state machine does not support '%s' service integration%s",
                     suffixes[t->pattern], t->pattern == CATALOG_WAIT_FOR_TOKEN ? " " : "");
}

static void check_express(struct verify *v, ir_id id)
{
    const struct ir_state *s = &v->m->states[id];
    const struct task *t = v->tasks[id];
    const char *what = NULL;
    if (t != NULL && t->kind == CATALOG_ACTIVITY)
        what = "activities";
    else if (t != NULL && t->pattern == CATALOG_WAIT_FOR_TOKEN)
        what = "'.waitForTaskToken'";
    else if (t != NULL && t->pattern != CATALOG_REQUEST_RESPONSE)
        what = "'.sync'";
    else if (s->type == IR_MAP && s->distributed)
        what = "distributed Maps";
    if (what != NULL) {
        struct span at = s->resource_span.source != 0 ? s->resource_span : s->name_span;
        struct diag *d = verify_report(v, DIAG_EXPRESS_CANT, id, at, t != NULL ? "/Resource" : "",
                                       "an Express machine can't use %s", what);
        say_express(d, t);
        diag_help(d, "make the machine a Standard one, or call without waiting");
        diag_end(d);
    }
    if (s->type != IR_WAIT || !jnode_is(s->seconds, J_NUMBER) ||
        strtod(s->seconds->text, NULL) <= catalog_quotas[CATALOG_Q_EXPRESS_TIME].value)
        return;
    struct diag *d = verify_report(v, DIAG_EXPRESS_TIME, id, s->seconds->span, "/Seconds",
                                   "'%s' waits longer than an Express execution may last", s->name);
    diag_primary(d, "the execution ends after %g s", catalog_quotas[CATALOG_Q_EXPRESS_TIME].value);
    diag_help(d, "wait less, or make the machine a Standard one");
    diag_end(d);
}

void verify_express(struct verify *v)
{
    for (ir_id id = 0; v->type == IR_EXPRESS && id < v->m->state_count; id++)
        check_express(v, id);
}

void verify_bounds(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        if (v->tasks[id] != NULL && v->reached[id] && verify_is_dynamodb(v->tasks[id]))
            check_read(v, id, v->tasks[id]);
    }
    verify_express(v);
}
