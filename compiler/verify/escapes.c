/*
 * escapes.c - which errors of each task does nobody retry, and which does nobody catch?
 *
 * A401 a task without any handler, A402 a task whose catchers let some errors pass, A403 a task
 * that is retried but not caught, A404 a task whose transient errors are not retried, A405 one
 * whose retriers leave some of them out.  One finding a task; it lists the names. Handlers of the
 * states around a task count: a Parallel catches what its branches let pass. An error behind
 * which the effect may have happened is not missed in a Retry where repeating does harm. Left out:
 * what nothing can take (States.Runtime), what Step Functions reports about the machine itself
 * (data limit, permissions, expressions), and errors of features that most don't use.
 */
#include "compiler/verify/verify_int.h"

#include <string.h>

struct names {
    const char **items;
    uint32_t count;
};

struct escapes {
    struct verify *v;
    ir_id id;
    const struct ir_state *s;
    bool retried, caught; /* any error is */
    struct names escaping;
    struct names lasting;           /* of them, those that are not worth a retry */
    struct names transient;         /* all that are worth a retry */
    struct names retried_transient; /* and are retried */
    struct names skipped_transient; /* or not */
};

static void push(struct verify *v, struct names *names, const char *name)
{
    *GROW(v->arena, names->items, names->count) = name;
}

const char *verify_error_name(struct verify *v, const struct raised *e)
{
    if (!e->open)
        return e->name;
    struct aslrt_buffer b = aslrt_buffer_in(v->arena);
    if (e->name[0] == '\0')
        aslrt_buffer_format(&b, "<%s>", e->when);
    else
        aslrt_buffer_format(&b, "%s*", e->name);
    return aslrt_buffer_close(&b);
}

/* What the machine's author is not asked to handle one by one. */
static bool is_about_machine(const struct raised *e)
{
    return e->fatal || e->rare || e->class_ == CATALOG_DATA || e->class_ == CATALOG_LIMIT ||
           strcmp(e->name, catalog_reserved[CATALOG_R_PERMISSIONS].name) == 0;
}

/* The classes in the order in which people want to read them. */
static int rank(const struct raised *e)
{
    static const uint8_t order[] = {
        [CATALOG_BUSINESS] = 0,    [CATALOG_CHILD] = 1,     [CATALOG_STATUS] = 2,
        [CATALOG_TIMEOUT] = 3,     [CATALOG_PARTIAL] = 4,   [CATALOG_TRANSIENT] = 5,
        [CATALOG_REST] = 6,        [CATALOG_PERMANENT] = 7, [CATALOG_CONFIGURATION] = 8,
        [CATALOG_UNCATCHABLE] = 9, [CATALOG_LIMIT] = 9,     [CATALOG_DATA] = 9,
    };
    return order[e->class_];
}

/* True when a second try can do harm if the first one has had its effect: errors behind which that
   is possible are then better not retried. */
static bool repeats_badly(const struct escapes *x)
{
    const struct task *t = x->v->tasks[x->id];
    const char *why;
    bool unknown;
    enum verify_repeat repeat = verify_repeats(x->s, t, &why);
    bool conditional = t->call != NULL && t->call->conditional &&
                       verify_argument(x->s, "ConditionExpression", &unknown) != NULL;
    /* The lowering knows which functions may be called twice; of a written machine nobody does, and
       the advice is to retry. */
    bool lowered_call = x->s->source == NULL && repeat == REPEAT_UNKNOWN;
    return repeat == REPEAT_DOUBLES || repeat == REPEAT_HARMS || conditional || lowered_call ||
           x->s->probed;
}

static void collect(struct escapes *x)
{
    bool only_before = repeats_badly(x);
    const struct raised_list *list = &x->v->tasks[x->id]->raised;
    for (int r = 0; r < 10; r++) {
        for (uint32_t i = 0; i < list->count; i++) {
            const struct raised *e = &list->items[i];
            if (rank(e) != r)
                continue;
            struct fate f = verify_fate(x->v, x->id, e);
            x->retried = x->retried || f.retried_by != IR_NONE;
            x->caught = x->caught || f.caught_by != IR_NONE;
            if (is_about_machine(e))
                continue;
            if (f.caught_by == IR_NONE || !f.sure)
                push(x->v, &x->escaping, verify_error_name(x->v, e));
            if (e->class_ != CATALOG_TRANSIENT || (e->ambiguous && only_before)) {
                push(x->v, &x->lasting, verify_error_name(x->v, e));
                continue;
            }
            if (e->ambiguous && x->s->probed)
                continue; /* its write may have happened: a read that follows finds out */
            push(x->v, &x->transient, e->name);
            push(x->v, f.retried_by == IR_NONE ? &x->skipped_transient : &x->retried_transient,
                 e->name);
        }
    }
}

static const char *call_of(struct verify *v, const struct task *t)
{
    if (t->key[0] == '\0')
        return "its call";
    struct aslrt_buffer b = aslrt_buffer_in(v->arena);
    aslrt_buffer_format(&b, "'%s'", t->key);
    return aslrt_buffer_close(&b);
}

static struct diag *begin(struct escapes *x, enum diag_code code, const char *what)
{
    return verify_report(x->v, code, x->id, x->s->name_span, "", "'%s' %s", x->s->name, what);
}

static const char *escaping_text(struct escapes *x)
{
    return verify_list(x->v, x->escaping.items, x->escaping.count, 6);
}

/* There an error ends one child execution; the Map goes on as long as it tolerates failures. */
static bool is_in_distributed_map(const struct escapes *x)
{
    const struct ir_machine *m = x->v->m;
    for (ir_id o = m->scopes[x->s->scope].owner; o != IR_NONE;
         o = m->scopes[m->states[o].scope].owner)
        if (m->states[o].type == IR_MAP && m->states[o].distributed)
            return true;
    return false;
}

static void report_unprotected(struct escapes *x)
{
    bool has_some = x->s->retriers.count + x->s->catchers.count > 0;
    struct diag *d = begin(x, DIAG_UNPROTECTED_TASK,
                           has_some ? "has handlers, but none of them takes what it can raise"
                                    : "has neither Retry nor Catch");
    diag_primary(d, "an error of %s ends the %s", call_of(x->v, x->v->tasks[x->id]),
                 is_in_distributed_map(x) ? "iteration" : "execution");
    if (x->lasting.count > 0)
        diag_note(d, "it can raise %s", verify_list(x->v, x->lasting.items, x->lasting.count, 6));
    if (x->transient.count > 0)
        diag_help(d, "add a Retry for what passes: %s",
                  verify_list(x->v, x->transient.items, x->transient.count, 6));
    diag_help(d, "add a Catch for what remains, with 'States.ALL' last");
    verify_witness(x->v, d, x->id);
    diag_end(d);
}

static void report_uncaught(struct escapes *x)
{
    struct diag *d;
    if (x->caught) {
        d = begin(x, DIAG_UNCAUGHT_ERROR, "lets errors pass that no Catch takes");
        diag_note(d, "not caught: %s", escaping_text(x));
        diag_help(d, "add a last catcher for 'States.ALL', or name them");
    } else {
        d = begin(x, DIAG_ONLY_RETRIED, "is retried, but nothing catches what remains");
        diag_note(d, "not caught: %s", escaping_text(x));
        diag_help(d, "add a Catch with 'States.ALL', unless the execution should fail here");
    }
    verify_witness(x->v, d, x->id);
    diag_end(d);
}

static void report_unretried(struct escapes *x)
{
    struct diag *d;
    if (x->retried_transient.count == 0)
        d = begin(x, DIAG_NO_RETRY, "does not retry errors that pass by themselves");
    else
        d = begin(x, DIAG_PARTIAL_RETRY, "retries some transient errors, but not all");
    diag_note(d, "not retried: %s",
              verify_list(x->v, x->skipped_transient.items, x->skipped_transient.count, 6));
    if (x->s->group != NULL) /* the compiler's own state: the source has policies, not retriers */
        diag_help(d, "raise 'timeout' of the service, or name their groups in 'on' of "
                     "'policy default'");
    else
        diag_help(d, "add them to a retrier");
    diag_end(d);
}

void verify_escapes(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        if (v->tasks[id] == NULL || !v->reached[id])
            continue;
        struct escapes x = {.v = v, .id = id, .s = &v->m->states[id]};
        collect(&x);
        if (!x.retried && !x.caught) {
            report_unprotected(&x);
            continue;
        }
        if (x.escaping.count > 0)
            report_uncaught(&x);
        if (x.skipped_transient.count > 0)
            report_unretried(&x);
    }
}
