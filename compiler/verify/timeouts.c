/*
 * timeouts.c - can every task that waits for somebody end?
 *
 * A420 a task that waits for a token, a worker or a job without any time limit, A421 a heartbeat
 * that is not shorter than the limit, A422 a task that waits for a token that nobody gets, A427 a
 * machine whose tasks have no limit of their own. spec: Task State ("HeartbeatSeconds must be less
 * than TimeoutSeconds"); without a limit the service waits for a year.
 */
#include "compiler/verify/verify_int.h"

#include <ctype.h>
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

void verify_heartbeats(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++)
        check_heartbeat(v, id);
}

/* True when the text behind a name of the context object (".State.Name", "['Task'].Token", ")") can
   lead to the token: unless it goes on with another member, it does or may. */
static bool leads_to_token(const char *p)
{
    static const char *const others[] = {"Execution", "StateMachine", "State", "Map"};
    p += strspn(p, " ");
    bool bracket = *p == '[';
    if (!bracket && *p != '.')
        return true;
    p += 1 + strspn(p + 1, " '\"`");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        size_t n = strlen(others[i]);
        if (strncmp(p, others[i], n) == 0 && !isalnum((unsigned char)p[n]))
            return false;
    }
    return true;
}

/* True when an expression may give the token: by `$states.context`, or by `$states` as a whole. */
static bool expression_leads(const char *text)
{
    static const char *const others[] = {"input", "result", "errorOutput"};
    for (const char *p = text; (p = strstr(p, "$states")) != NULL;) {
        bool other = false;
        p += 7;
        p += strspn(p, " ");
        const char *member = *p == '.' ? p + 1 + strspn(p + 1, " `") : "";
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            other = other || strncmp(member, others[i], strlen(others[i])) == 0;
        if (strncmp(member, "context", 7) == 0)
            other = !leads_to_token(member + 7 + (member[7] == '`'));
        if (!other)
            return true;
    }
    return false;
}

/* True when a path, or a call with paths in it, may give the token. */
static bool path_leads(const char *text, bool input_is_context)
{
    for (const char *p = text; (p = strchr(p, '$')) != NULL; p++) {
        bool context = p[1] == '$';
        if ((context || input_is_context) && leads_to_token(p + (context ? 2 : 1)))
            return true;
        p += context;
    }
    return false;
}

/* True when the token can be in what is sent.  In a template only what stands under a key with '.$'
   is read.  Recursion is as deep as the JSON, which its reader has bounded. */
static bool sends_token_in(const struct ir_state *s, const struct jnode *n, bool read)
{
    if (jnode_is_opaque(n) || (n->kind == J_STRING && strstr(n->text, "${") != NULL))
        return true; /* a template's part may become anything */
    if (n->kind == J_STRING && s->language == IR_JSONATA)
        return jnode_is_jsonata(n) && expression_leads(n->text);
    if (n->kind == J_STRING)
        return read &&
               path_leads(n->text, s->input_path != NULL && verify_mentions(s->input_path, "$$"));
    for (uint32_t i = 0; n->kind == J_ARRAY && i < n->count; i++) {
        if (sends_token_in(s, n->items[i], false))
            return true;
    }
    for (uint32_t i = 0; n->kind == J_OBJECT && i < n->count; i++) {
        const struct jmember *m = &n->members[i];
        bool computed = m->key_count >= 2 && strcmp(m->key + m->key_count - 2, ".$") == 0;
        if (sends_token_in(s, m->value, computed))
            return true;
    }
    return false;
}

static bool sends_token(const struct ir_state *s)
{
    const struct jnode *sent = s->language == IR_JSONATA ? s->arguments : s->parameters;
    if (sent == NULL)
        return s->input_path != NULL && verify_mentions(s->input_path, "$$");
    return sends_token_in(s, sent, false);
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
