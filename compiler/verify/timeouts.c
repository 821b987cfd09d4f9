/*
 * timeouts.c - can every task that waits for somebody end?
 *
 * A420 a task that waits for a token, a worker or a job without any time limit, A421 a heartbeat
 * that is not shorter than the limit, A422 a task that waits for a token that nobody gets, A427 a
 * machine whose tasks have no limit of their own. spec: Task State ("HeartbeatSeconds must be less
 * than TimeoutSeconds"); without a limit the service waits for a year.
 */
#include "compiler/verify/verify_int.h"

#include <stdlib.h>
#include <string.h>

static bool has_limit(const struct verify *v, const struct ir_state *s)
{
    return s->timeout != NULL || s->timeout_path != NULL || s->heartbeat != NULL ||
           s->heartbeat_path != NULL || v->m->timeout_s > 0;
}

static bool waits(const struct task *t)
{
    return t->pattern != CATALOG_REQUEST_RESPONSE || t->kind == CATALOG_ACTIVITY;
}

static const char *waits_for(const struct task *t)
{
    if (t->kind == CATALOG_ACTIVITY)
        return "a worker";
    return t->pattern == CATALOG_WAIT_FOR_TOKEN ? "its token" : "a job or child execution";
}

static void check_limit(struct verify *v, ir_id id, const struct task *t)
{
    const struct ir_state *s = &v->m->states[id];
    struct diag *d = verify_report(v, DIAG_NO_TIMEOUT, id, s->name_span, "",
                                   "'%s' waits for %s without a time limit", s->name, waits_for(t));
    diag_primary(d, "if nobody answers, the execution hangs for up to a year");
    diag_help(d, t->pattern == CATALOG_WAIT_FOR_TOKEN || t->kind == CATALOG_ACTIVITY
                     ? "set 'TimeoutSeconds', and 'HeartbeatSeconds' where the worker can send one"
                     : "set 'TimeoutSeconds'");
    diag_end(d);
}

static bool literal(const struct jnode *n, double *value)
{
    if (!jnode_is(n, J_NUMBER))
        return false;
    *value = strtod(n->text, NULL);
    return true;
}

static void check_heartbeat(struct verify *v, ir_id id)
{
    const struct ir_state *s = &v->m->states[id];
    double timeout, heartbeat;
    if (!literal(s->timeout, &timeout) || !literal(s->heartbeat, &heartbeat) || heartbeat < timeout)
        return;
    struct diag *d =
        verify_report(v, DIAG_HEARTBEAT, id, s->heartbeat->span, "/HeartbeatSeconds",
                      "the heartbeat of '%s' is not shorter than its time limit", s->name);
    diag_primary(d, "%s s between two heartbeats", s->heartbeat->text);
    diag_label(d, s->timeout->span, "%s s for the whole task", s->timeout->text);
    diag_help(d, "'HeartbeatSeconds' must be less than 'TimeoutSeconds'");
    diag_end(d);
}

/* True when the token, or what holds it, can be in what is sent.  The whole context object (`$$`),
   a placeholder or a whole expression may hold it. */
static bool sends_token(const struct ir_state *s)
{
    static const char *const holders[] = {"Task.Token",         "$$.Task\"",
                                          "$states.context %}", "$states.context)",
                                          "$states.context}",   "${"};
    const struct jnode *sent[] = {s->parameters, s->arguments, s->input_path};
    if (s->parameters == NULL && s->arguments == NULL)
        return s->input_path != NULL && verify_mentions(s->input_path, "$$");
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        if (sent[i] == NULL)
            continue;
        for (size_t k = 0; k < sizeof holders / sizeof *holders; k++)
            if (verify_mentions(sent[i], holders[k]))
                return true;
        if (verify_holds(sent[i], "$$") || verify_holds(sent[i], "$$.Task"))
            return true;
    }
    return false;
}

static void check_token(struct verify *v, ir_id id, const struct task *t)
{
    const struct ir_state *s = &v->m->states[id];
    if (t->pattern != CATALOG_WAIT_FOR_TOKEN || sends_token(s))
        return;
    bool jsonata = s->language == IR_JSONATA;
    struct diag *d = verify_report(v, DIAG_NO_TASK_TOKEN, id,
                                   s->resource_span.source != 0 ? s->resource_span : s->name_span,
                                   jsonata ? "/Arguments" : "/Parameters",
                                   "'%s' waits for a token that it does not send", s->name);
    diag_primary(d, "nobody can answer, so the task never succeeds");
    diag_help(d, jsonata ? "pass '{%% $states.context.Task.Token %%}' in 'Arguments'"
                         : "pass '$$.Task.Token' in 'Parameters', under a key that ends in '.$'");
    diag_end(d);
}

/* One note for the machine: the limits of the services apply, and they are long. */
static void check_machine(struct verify *v, const char *const *names, uint32_t count, ir_id first)
{
    if (count == 0)
        return;
    const struct ir_state *s = &v->m->states[first];
    struct diag *d = verify_report(v, DIAG_NO_TIME_LIMIT, first, s->name_span, "",
                                   "no task of this machine has a time limit of its own");
    diag_note(d, "%s: %s", count == 1 ? "it is" : "they are", verify_list(v, names, count, 6));
    diag_note(
        d, "a function may take 15 minutes, an HTTP call a minute; nothing ends the task before");
    diag_help(d, "set 'TimeoutSeconds' on each task, or on the machine");
    diag_end(d);
}

void verify_timeouts(struct verify *v)
{
    const char **names = ASLRT_NEW_ARRAY(v->arena, const char *, v->m->state_count + 1u);
    uint32_t count = 0;
    ir_id first = IR_NONE;
    bool limited = v->m->timeout_s > 0;
    for (ir_id id = 0; id < v->m->state_count; id++) {
        const struct task *t = v->tasks[id];
        const struct ir_state *s = &v->m->states[id];
        if (t == NULL)
            continue;
        limited = limited || has_limit(v, s);
        if (waits(t) && !has_limit(v, s))
            check_limit(v, id, t);
        check_heartbeat(v, id);
        check_token(v, id, t);
        bool calls = t->call == NULL || t->call->effect == CATALOG_CALL; /* what may take long */
        if (!waits(t) && calls && !t->reads) {
            names[count++] = s->name;
            if (first == IR_NONE)
                first = id;
        }
    }
    if (!limited)
        check_machine(v, names, count, first);
}
