/*
 * handlers.c - does every retrier and catcher take something, and in the right order?
 *
 * A406 States.ALL before the last, A407 States.ALL beside other names, A408 and A409 catchers and
 * retriers that earlier ones leave nothing for, A410 a name that this call never raises, A411 a
 * name with the prefix of another kind of integration, A412 a name without its prefix, A413 a
 * "States." name that does not exist, A414 one that is never reported or that nothing takes, A415
 * States.Timeout of a child. spec: Errors ("States.ALL must appear alone, and in the last Retrier
 * or Catcher").
 */
#include "compiler/base/suggest.h"
#include "compiler/verify/verify_int.h"

#include <ctype.h>
#include <string.h>

/* A Retry or a Catch, seen alike. */
struct handlers {
    struct verify *v;
    ir_id id;
    const struct ir_state *s;
    bool retry;
    uint32_t count;
    const struct raised_list *arrivals;
    bool *taken;  /* of each arrival: an earlier handler certainly takes it */
    uint32_t *by; /* ...this one */
};

static const char *const one[] = {"catcher", "retrier"};
static const char *const field[] = {"Catch", "Retry"};

static struct ir_slice errors_of(const struct handlers *h, uint32_t i)
{
    return h->retry ? h->v->m->retriers[h->s->retriers.first + i].errors
                    : h->v->m->catchers[h->s->catchers.first + i].errors;
}

static struct span span_of(const struct handlers *h, uint32_t i)
{
    struct span own = h->retry ? h->v->m->retriers[h->s->retriers.first + i].span
                               : h->v->m->catchers[h->s->catchers.first + i].span;
    return verify_at(own, h->s);
}

static struct span name_span(const struct handlers *h, uint32_t i, const struct ir_name *name)
{
    return name->span.source != 0 ? name->span : span_of(h, i);
}

static struct diag *about_handler(struct handlers *h, enum diag_code code, uint32_t i,
                                  const char *what)
{
    return verify_report(h->v, code, h->id, span_of(h, i), verify_tail(h->v, field[h->retry], i),
                         "%s %u of '%s' %s", one[h->retry], i + 1, h->s->name, what);
}

static struct diag *about_name(struct handlers *h, enum diag_code code, uint32_t i,
                               const struct ir_name *name, const char *what)
{
    return verify_report(h->v, code, h->id, name_span(h, i, name),
                         verify_tail(h->v, field[h->retry], i), "'%s' in the %s of '%s' %s",
                         name->text, field[h->retry], h->s->name, what);
}

static bool is_any(const char *name)
{
    return strcmp(name, catalog_reserved[CATALOG_R_ALL].name) == 0;
}

static void check_any(struct handlers *h, uint32_t i)
{
    const struct ir_slice errors = errors_of(h, i);
    for (uint32_t k = 0; k < errors.count; k++) {
        const struct ir_name *name = &h->v->m->names[errors.first + k];
        if (!is_any(name->text))
            continue;
        if (errors.count > 1) {
            struct diag *d =
                about_name(h, DIAG_ALL_NOT_ALONE, i, name, "stands beside other names");
            diag_help(d, "'States.ALL' must be the only name of its %s", one[h->retry]);
            diag_end(d);
        }
        if (i + 1 < h->count) {
            struct diag *d = about_name(h, DIAG_ALL_NOT_LAST, i, name, "is not in the last place");
            diag_label(d, span_of(h, i + 1), "this %s comes after it", one[h->retry]);
            diag_help(d, "'States.ALL' must be in the last %s; move it behind the others",
                      one[h->retry]);
            diag_end(d);
        }
        return;
    }
}

/* ---- one name ---- */

static bool arrives(const struct handlers *h, const char *name)
{
    for (uint32_t i = 0; i < h->arrivals->count; i++)
        if (verify_match(name, &h->arrivals->items[i]) != MATCH_NEVER)
            return true;
    return false;
}

static const char *nearest_reserved(const char *name)
{
    const char *words[CATALOG_RESERVED_COUNT];
    uint32_t count = 0;
    for (uint32_t i = 0; i < CATALOG_RESERVED_COUNT; i++)
        if (catalog_reserved[i].kind != CATALOG_NEVER)
            words[count++] = catalog_reserved[i].name;
    return suggest(name, words, count);
}

/* The arrival that the name most likely means: the same word behind the prefix, or the nearest. */
static const char *nearest_arrival(struct handlers *h, const char *name)
{
    const char *word = strrchr(name, '.');
    word = word != NULL ? word + 1 : name;
    const char **words = ASLRT_NEW_ARRAY(h->v->arena, const char *, h->arrivals->count + 1u);
    uint32_t count = 0;
    for (uint32_t i = 0; i < h->arrivals->count; i++) {
        const struct raised *e = &h->arrivals->items[i];
        if (e->open)
            continue;
        const char *dot = strrchr(e->name, '.');
        size_t n = dot != NULL ? strlen(dot + 1) : 0;
        /* Some names of the service's model lack the "Exception" that Step Functions adds. */
        if (n > 0 && strncmp(dot + 1, word, strlen(word)) == 0 &&
            (n == strlen(word) || strcmp(dot + 1 + strlen(word), "Exception") == 0))
            return e->name;
        words[count++] = e->name;
    }
    return suggest(name, words, count);
}

static void fix_name(struct diag *d, const struct ir_name *name, const char *near)
{
    if (near == NULL)
        return;
    if (name->span.source != 0)
        diag_fix(d, verify_inside(name->span, name->text), false, "%s", near);
    else
        diag_help(d, "write '%s'", near);
}

static bool same_letters(const char *a, size_t n, const char *b)
{
    for (size_t i = 0; i < n; i++)
        if (b[i] == '\0' || tolower((unsigned char)a[i]) != tolower((unsigned char)b[i]))
            return false;
    return b[n] == '\0';
}

/* The prefix that errors of this task have, when the name has the one of the other kind:
   'DynamoDb.' for 'DynamoDB.'; else NULL. */
static const char *right_prefix(const struct handlers *h, const char *name)
{
    const struct task *t = h->v->tasks[h->id];
    const char *dot = strchr(name, '.');
    if (t == NULL || t->owner == NULL || t->owner->prefix == NULL || dot == NULL)
        return NULL;
    const char *right = t->owner->prefix;
    size_t n = (size_t)(dot - name);
    if (strlen(right) == n && memcmp(right, name, n) == 0)
        return NULL;
    /* Step Functions itself is the one service whose two prefixes differ by more than case. */
    bool other_kind = (strcmp(right, "StepFunctions") == 0 && same_letters(name, n, "Sfn")) ||
                      (strcmp(right, "Sfn") == 0 && same_letters(name, n, "StepFunctions"));
    return same_letters(name, n, right) || other_kind ? right : NULL;
}

static bool is_child(const struct handlers *h)
{
    const struct task *t = h->v->tasks[h->id];
    return t != NULL && (t->pattern == CATALOG_RUN_JOB || t->pattern == CATALOG_RUN_JOB_2);
}

static void report_reserved(struct handlers *h, uint32_t i, const struct ir_name *name,
                            const struct catalog_reserved *r)
{
    if (r->kind == CATALOG_NEVER || r->kind == CATALOG_FATAL) {
        struct diag *d = about_name(h, DIAG_NEVER_REPORTED, i, name, "never takes anything");
        diag_note(d, "%s",
                  r->kind == CATALOG_NEVER ? r->when
                                           : "'States.Runtime' always ends the "
                                             "execution, whatever handles it");
        diag_help(d,
                  r->kind == CATALOG_NEVER
                      ? "name the errors that are reported, or 'States.ALL'"
                      : "delete the name, and prevent the error: test that what paths read exists");
        diag_end(d);
        return;
    }
    if (r == &catalog_reserved[CATALOG_R_TIMEOUT] && is_child(h)) {
        struct diag *d =
            about_name(h, DIAG_CHILD_TIMEOUT, i, name, "does not mean a timeout of what it runs");
        diag_note(d, "whatever ends a job or child execution, its own timeout too, arrives as "
                     "'States.TaskFailed'; the real name is inside Cause");
        diag_help(d, "take 'States.TaskFailed' and read Cause, or set 'TimeoutSeconds' on '%s'",
                  h->s->name);
        diag_end(d);
        return;
    }
    struct diag *d = about_name(h, DIAG_DEAD_ERROR, i, name, "can't happen here");
    diag_note(d, "it is raised when: %s", r->when);
    if (r == &catalog_reserved[CATALOG_R_TIMEOUT] && h->s->type == IR_TASK)
        diag_help(d, "set 'TimeoutSeconds' on '%s', or delete the name", h->s->name);
    else
        diag_help(d, "delete the name");
    diag_end(d);
}

static void report_dead(struct handlers *h, uint32_t i, const struct ir_name *name)
{
    const char *near = nearest_arrival(h, name->text);
    const char *right = right_prefix(h, name->text);
    if (right != NULL) {
        struct diag *d = about_name(h, DIAG_WRONG_PREFIX, i, name,
                                    "has the prefix of another kind of integration");
        diag_note(d, "errors of '%s' begin with '%s.'", h->v->tasks[h->id]->key, right);
        fix_name(d, name, near);
        diag_end(d);
        return;
    }
    const struct task *t = h->v->tasks[h->id];
    if (strchr(name->text, '.') == NULL && t != NULL && t->owner != NULL &&
        t->owner->prefix != NULL) {
        struct diag *d = about_name(h, DIAG_BARE_ERROR, i, name, "lacks the prefix of its service");
        diag_note(d, "errors of '%s' begin with '%s.'", t->key, t->owner->prefix);
        fix_name(d, name, near);
        diag_end(d);
        return;
    }
    if (h->retry && verify_is_permanent(name->text))
        return; /* retries.c says the worse: that it does not pass */
    struct diag *d = about_name(h, DIAG_DEAD_ERROR, i, name, "can't happen here");
    const char *argument = verify_needed_argument(h->s, name->text);
    if (argument != NULL && t != NULL) {
        diag_note(d, "'%s' raises it only with '%s'", t->key, argument);
        diag_help(d, "set '%s', or delete the name", argument);
        diag_end(d);
        return;
    }
    size_t n = strlen(name->text);
    if (near != NULL && strncmp(near, name->text, n) == 0 && strcmp(near + n, "Exception") == 0)
        diag_note(d, "Step Functions adds 'Exception' to the names that lack it");
    else if (t != NULL && t->call != NULL)
        diag_note(d, "'%s' never raises it", t->key);
    else
        diag_note(d, "nothing in '%s' raises it", h->s->name);
    if (near != NULL)
        fix_name(d, name, near);
    else
        diag_help(d, "delete the name");
    diag_end(d);
}

/* True when the name is worth looking at for shadows: it can happen here. */
static bool check_name(struct handlers *h, uint32_t i, const struct ir_name *name)
{
    const struct catalog_reserved *r = catalog_find_reserved(name->text);
    if (r != NULL && (r->kind == CATALOG_ANY || r->kind == CATALOG_OTHER))
        return true;
    if (arrives(h, name->text))
        return true;
    if (r != NULL) {
        report_reserved(h, i, name, r);
    } else if (strncmp(name->text, "States.", 7) == 0 || strncmp(name->text, "State.", 6) == 0) {
        struct diag *d = about_name(h, DIAG_UNKNOWN_RESERVED, i, name, "is no name that exists");
        diag_note(d, "names that begin with 'States.' belong to Step Functions");
        const char *near = nearest_reserved(name->text);
        fix_name(d, name, near);
        if (near == NULL)
            diag_help(d, "use a name of the specification's list, or one without this prefix");
        diag_end(d);
    } else {
        report_dead(h, i, name);
    }
    return false;
}

/* ---- shadows ---- */

/* The handler before `i` that leaves nothing for the name, or UINT32_MAX: it has the same name, or
   what it names covers all that the name can mean here. */
static uint32_t shadow_of(const struct handlers *h, uint32_t i, const char *name)
{
    for (uint32_t e = 0; e < i; e++) {
        const struct ir_slice errors = errors_of(h, e);
        for (uint32_t k = 0; k < errors.count; k++)
            if (strcmp(h->v->m->names[errors.first + k].text, name) == 0)
                return e;
    }
    uint32_t by = UINT32_MAX;
    for (uint32_t a = 0; a < h->arrivals->count; a++) {
        if (verify_match(name, &h->arrivals->items[a]) == MATCH_NEVER)
            continue;
        if (!h->taken[a])
            return UINT32_MAX;
        if (by == UINT32_MAX)
            by = h->by[a];
    }
    return by;
}

static void check_shadows(struct handlers *h, uint32_t i, const bool *live)
{
    const struct ir_slice errors = errors_of(h, i);
    const char **names = ASLRT_NEW_ARRAY(h->v->arena, const char *, errors.count + 1u);
    uint32_t count = 0, by = UINT32_MAX;
    for (uint32_t k = 0; k < errors.count; k++) {
        const char *name = h->v->m->names[errors.first + k].text;
        uint32_t shadow = live[k] ? shadow_of(h, i, name) : UINT32_MAX;
        if (shadow == UINT32_MAX)
            continue;
        names[count++] = name;
        if (by == UINT32_MAX)
            by = shadow;
    }
    /* Behind States.ALL everything is shadowed; that is reported as its wrong place. */
    if (count == 0 || is_any(h->v->m->names[errors_of(h, by).first].text))
        return;
    if (h->v->m->states[h->id].group != NULL) /* a catch of the source before the compiler's own */
        return;
    struct diag *d = about_handler(h, h->retry ? DIAG_SHADOWED_RETRIER : DIAG_SHADOWED_CATCHER, i,
                                   "never takes what an earlier one takes first");
    diag_note(d, "taken before: %s", verify_list(h->v, names, count, 6));
    diag_label(d, span_of(h, by), "%s %u takes it", one[h->retry], by + 1);
    diag_help(d, "put the %s with the narrower names first, or delete the names", one[h->retry]);
    diag_end(d);
    if (count == errors.count && !h->retry)
        verify_kill_edge(h->v, h->id, IR_EDGE_CATCH, i);
}

static void take(struct handlers *h, uint32_t i)
{
    for (uint32_t a = 0; a < h->arrivals->count; a++) {
        if (h->taken[a] ||
            verify_match_any(h->v->m, errors_of(h, i), &h->arrivals->items[a]) != MATCH_MUST)
            continue;
        h->taken[a] = true;
        h->by[a] = i;
    }
}

static void check(struct verify *v, ir_id id, bool retry)
{
    const struct ir_state *s = &v->m->states[id];
    const struct raised_list *arrivals = &v->arrivals[id];
    struct handlers h = {v,
                         id,
                         s,
                         retry,
                         retry ? s->retriers.count : s->catchers.count,
                         arrivals,
                         ASLRT_NEW_ARRAY(v->arena, bool, arrivals->count + 1u),
                         ASLRT_NEW_ARRAY(v->arena, uint32_t, arrivals->count + 1u)};
    for (uint32_t i = 0; i < h.count; i++) {
        const struct ir_slice errors = errors_of(&h, i);
        bool *live = ASLRT_NEW_ARRAY(v->arena, bool, errors.count + 1u);
        bool any = errors.count == 0;
        check_any(&h, i);
        for (uint32_t k = 0; k < errors.count; k++) {
            live[k] = check_name(&h, i, &v->m->names[errors.first + k]);
            any = any || live[k];
        }
        check_shadows(&h, i, live);
        if (!any && !retry)
            verify_kill_edge(v, id, IR_EDGE_CATCH, i);
        take(&h, i);
    }
}

void verify_any_order(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        for (int retry = 1; retry >= 0; retry--) {
            const struct ir_state *s = &v->m->states[id];
            struct handlers h = {.v = v, .id = id, .s = s, .retry = retry == 1};
            h.count = h.retry ? s->retriers.count : s->catchers.count;
            for (uint32_t i = 0; i < h.count; i++)
                check_any(&h, i);
        }
    }
}

void verify_handlers(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        const struct ir_state *s = &v->m->states[id];
        bool handles = s->type == IR_TASK || s->type == IR_MAP || s->type == IR_PARALLEL;
        if (handles && s->retriers.count > 0)
            check(v, id, true);
        if (handles && s->catchers.count > 0)
            check(v, id, false);
    }
}
