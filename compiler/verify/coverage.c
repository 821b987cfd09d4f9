/*
 * coverage.c - the table task x error class x (retried, caught, escapes), and one figure.
 *
 * In: the machine.  Out: struct verify_coverage, and it as text or JSON.  An outcome is one class
 * of errors of one task with one fate; errors of features that most don't use are left out. The
 * figure: each class of each task counts with its weight, whole when a catcher takes it, half when
 * it is only retried.  What nothing can take (States.Runtime) is shown, but not counted, nor is the
 * data limit, of which documentation and recordings say different things.
 */
#include "compiler/verify/verify_int.h"
#include "runtime/base/json.h"

#include <string.h>

static const struct {
    const char *name;
    unsigned weight; /* how much it matters that somebody answers it */
} classes[] = {
    [CATALOG_BUSINESS] = {"business", 3},       [CATALOG_PERMANENT] = {"permanent", 1},
    [CATALOG_TRANSIENT] = {"transient", 3},     [CATALOG_CONFIGURATION] = {"configuration", 1},
    [CATALOG_TIMEOUT] = {"timeout", 3},         [CATALOG_LIMIT] = {"limit", 0},
    [CATALOG_UNCATCHABLE] = {"uncatchable", 0}, [CATALOG_CHILD] = {"child", 3},
    [CATALOG_PARTIAL] = {"partial", 2},         [CATALOG_REST] = {"rest", 2},
    [CATALOG_STATUS] = {"status", 3},           [CATALOG_DATA] = {"data", 1},
};
enum { CLASS_COUNT = sizeof classes / sizeof *classes };

/* What was counted for one class of one task. */
struct share {
    uint32_t errors;
    double credit;
};

static bool same_fate(const struct verify_outcome *o, const struct fate *f)
{
    return o->retried_by == f->retried_by && o->caught_by == f->caught_by &&
           (f->retried_by == IR_NONE || o->retrier == f->retrier) &&
           (f->caught_by == IR_NONE || o->catcher == f->catcher) && o->sure == f->sure;
}

static struct verify_outcome *outcome_of(struct verify_coverage *c, uint32_t first,
                                         struct aslrt_arena *arena, ir_id task,
                                         const char *class_name, const struct fate *f)
{
    for (uint32_t i = first; i < c->count; i++)
        if (strcmp(c->outcomes[i].class_name, class_name) == 0 && same_fate(&c->outcomes[i], f))
            return &c->outcomes[i];
    struct verify_outcome *o = GROW(arena, c->outcomes, c->count);
    *o = (struct verify_outcome){.state = task,
                                 .class_name = class_name,
                                 .retried_by = f->retried_by,
                                 .retrier = f->retrier,
                                 .caught_by = f->caught_by,
                                 .catcher = f->catcher,
                                 .handler = f->handler,
                                 .sure = f->sure};
    return o;
}

static double credit_of(const struct fate *f)
{
    if (f->caught_by != IR_NONE && f->sure)
        return 1;
    return f->retried_by != IR_NONE || f->caught_by != IR_NONE ? 0.5 : 0;
}

/* Adds the outcomes of one task, class after class. */
static void cover_task(struct verify *v, ir_id task, struct verify_coverage *c, double *got,
                       double *possible)
{
    const struct raised_list *list = &v->tasks[task]->raised;
    uint32_t first = c->count;
    for (uint32_t k = 0; k < CLASS_COUNT; k++) {
        struct share share = {0, 0};
        for (uint32_t i = 0; i < list->count; i++) {
            const struct raised *e = &list->items[i];
            if (e->class_ != k || e->rare)
                continue;
            struct fate f = verify_fate(v, task, e);
            struct verify_outcome *o = outcome_of(c, first, v->arena, task, classes[k].name, &f);
            o->fatal = e->fatal;
            *GROW(v->arena, o->names, o->name_count) = verify_error_name(v, e);
            share.errors += !e->fatal;
            share.credit += e->fatal ? 0 : credit_of(&f);
        }
        if (share.errors > 0) {
            *possible += classes[k].weight;
            *got += classes[k].weight * share.credit / share.errors;
        }
    }
}

void verify_cover(const struct ir_machine *m, const struct verify_options *options,
                  struct aslrt_arena *arena, struct verify_coverage *out)
{
    struct verify v;
    verify_begin(&v, m, options, NULL, arena);
    memset(out, 0, sizeof *out);
    double got = 0, possible = 0;
    for (ir_id id = 0; id < m->state_count; id++) {
        if (v.tasks[id] == NULL || !v.reached[id])
            continue;
        out->task_count++;
        cover_task(&v, id, out, &got, &possible);
    }
    out->percent = possible > 0 ? 100 * got / possible : 100;
}

static void put_names(const struct verify_outcome *o, struct aslrt_buffer *out)
{
    for (uint32_t i = 0; i < o->name_count; i++)
        aslrt_buffer_format(out, "%s%s", i > 0 ? ", " : "", o->names[i]);
}

static void put_fate(const struct ir_machine *m, const struct verify_outcome *o,
                     struct aslrt_buffer *out)
{
    if (o->fatal) {
        aslrt_buffer_text(out, "ends the execution, nothing can take it");
        return;
    }
    if (o->retried_by != IR_NONE) {
        aslrt_buffer_format(out, "retried by retrier %u", o->retrier + 1);
        if (o->retried_by != o->state)
            aslrt_buffer_format(out, " of '%s'", m->states[o->retried_by].name);
        aslrt_buffer_text(out, ", then ");
    }
    if (o->caught_by == IR_NONE) {
        aslrt_buffer_text(out, "ESCAPES");
        return;
    }
    aslrt_buffer_format(out, "%s by catcher %u", o->sure ? "caught" : "perhaps caught",
                        o->catcher + 1);
    if (o->caught_by != o->state)
        aslrt_buffer_format(out, " of '%s'", m->states[o->caught_by].name);
    if (o->handler != IR_NONE)
        aslrt_buffer_format(out, " -> '%s'", m->states[o->handler].name);
}

void verify_coverage_text(const struct ir_machine *m, const struct verify_coverage *c,
                          struct aslrt_buffer *out)
{
    ir_id shown = IR_NONE;
    for (uint32_t i = 0; i < c->count; i++) {
        const struct verify_outcome *o = &c->outcomes[i];
        if (o->state != shown)
            aslrt_buffer_format(out, "%s\n", m->states[o->state].name);
        shown = o->state;
        aslrt_buffer_format(out, "  %-14s", o->class_name);
        put_fate(m, o, out);
        aslrt_buffer_text(out, "\n                  ");
        put_names(o, out);
        aslrt_buffer_char(out, '\n');
    }
    aslrt_buffer_format(out, "error coverage: %.1f %% of %u task%s\n", c->percent, c->task_count,
                        c->task_count == 1 ? "" : "s");
}

static void put_text(struct aslrt_buffer *out, const char *text)
{
    aslrt_json_put_string(out, text, strlen(text));
}

/* "retried":{"state":"A","index":0} or "retried":null; `next` NULL: without that member. */
static void put_taker(const struct ir_machine *m, const char *key, ir_id state, uint32_t index,
                      const ir_id *next, struct aslrt_buffer *out)
{
    aslrt_buffer_format(out, ",\"%s\":", key);
    if (state == IR_NONE) {
        aslrt_buffer_text(out, "null");
        return;
    }
    aslrt_buffer_text(out, "{\"state\":");
    put_text(out, m->states[state].name);
    aslrt_buffer_format(out, ",\"index\":%u", index);
    if (next != NULL && *next != IR_NONE) {
        aslrt_buffer_text(out, ",\"next\":");
        put_text(out, m->states[*next].name);
    }
    aslrt_buffer_char(out, '}');
}

void verify_coverage_json(const struct ir_machine *m, const struct verify_coverage *c,
                          struct aslrt_buffer *out)
{
    aslrt_buffer_text(out, "{\"machine\":");
    put_text(out, m->name != NULL ? m->name : "");
    aslrt_buffer_format(out, ",\"percent\":%.1f,\"tasks\":%u,\"outcomes\":[", c->percent,
                        c->task_count);
    for (uint32_t i = 0; i < c->count; i++) {
        const struct verify_outcome *o = &c->outcomes[i];
        aslrt_buffer_format(out, "%s\n{\"state\":", i > 0 ? "," : "");
        put_text(out, m->states[o->state].name);
        aslrt_buffer_text(out, ",\"pointer\":");
        put_text(out, ir_pointer(m, o->state));
        aslrt_buffer_format(out, ",\"class\":\"%s\",\"errors\":[", o->class_name);
        for (uint32_t k = 0; k < o->name_count; k++) {
            aslrt_buffer_text(out, k > 0 ? "," : "");
            put_text(out, o->names[k]);
        }
        aslrt_buffer_char(out, ']');
        put_taker(m, "retried", o->retried_by, o->retrier, NULL, out);
        put_taker(m, "caught", o->caught_by, o->catcher, &o->handler, out);
        aslrt_buffer_format(out, ",\"sure\":%s,\"fatal\":%s}", o->sure ? "true" : "false",
                            o->fatal ? "true" : "false");
    }
    aslrt_buffer_text(out, "]}\n");
}
