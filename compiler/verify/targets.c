/*
 * targets.c - does every transition go to a state of its own scope?
 *
 * A301 unknown target, A302 StartAt, A303 target in another scope, A304 a name used twice.
 * spec: Transitions ("a state in the same States field"), and: state names are unique within the
 * whole state machine.
 */
#include "compiler/base/suggest.h"
#include "compiler/ir/ir.h"
#include "compiler/verify/verify_int.h"

#include <stdlib.h>

/* States sorted by name, so that names used twice, and names of other scopes, are found quickly. */
struct by_name {
    const char *name;
    ir_id state;
};

static int compare_names(const void *a, const void *b)
{
    const struct by_name *x = a, *y = b;
    int c = strcmp(x->name, y->name);
    return c != 0 ? c : (x->state > y->state) - (x->state < y->state);
}

static int compare_name(const void *name, const void *row)
{
    return strcmp(name, ((const struct by_name *)row)->name);
}

struct targets {
    struct verify *v;
    struct by_name *names;
    uint32_t suggested; /* how many targets were compared with all names; it is slow */
};

/* The service's words, whichever field the transition stands in. */
#define MISSING_TARGET "Missing 'Next' target: %s"

enum { SUGGEST_AT_MOST = 20 };

/* Where a scope is, in words: "branch 2 of 'P'", "the Map 'M'", "the top level". */
static const char *place_of(struct verify *v, ir_id scope)
{
    struct aslrt_buffer b = aslrt_buffer_in(v->arena);
    ir_id owner = v->m->scopes[scope].owner;
    if (owner == IR_NONE)
        return "the top level";
    const struct ir_state *s = &v->m->states[owner];
    if (s->type == IR_MAP)
        aslrt_buffer_format(&b, "the iterations of '%s'", s->name);
    else
        aslrt_buffer_format(&b, "branch %u of '%s'", scope - s->scopes.first + 1, s->name);
    return aslrt_buffer_close(&b);
}

/* The nearest name in the scope, or NULL; what was meant is then not called unreachable too. */
static const char *nearest(struct targets *t, ir_id scope, const char *name)
{
    if (t->suggested++ >= SUGGEST_AT_MOST)
        return NULL;
    const struct ir_slice states = t->v->m->scopes[scope].states;
    const char **candidates = ASLRT_NEW_ARRAY(t->v->arena, const char *, states.count);
    for (uint32_t i = 0; i < states.count; i++)
        candidates[i] = t->v->m->states[states.first + i].name;
    const char *near = suggest(name, candidates, states.count);
    if (near != NULL)
        t->v->excused[ir_find(t->v->m, scope, near)] = true;
    return near;
}

static void help_with_target(struct targets *t, struct diag *d, ir_id scope,
                             const struct ir_ref *ref)
{
    const char *near = nearest(t, scope, ref->name);
    if (near != NULL && ref->span.source != 0)
        diag_fix(d, verify_inside(ref->span, ref->name), false, "%s", near);
    else
        diag_help(d, "name a state of the same 'States' object, or add the missing state");
}

/* A target that is no state of the scope: does it exist somewhere else? */
static void report_target(struct targets *t, ir_id state, const struct ir_ref *ref,
                          const char *field, const char *tail)
{
    struct verify *v = t->v;
    const struct ir_state *s = &v->m->states[state];
    struct span at = ref->span.source != 0 ? ref->span : s->name_span;
    const struct by_name *other =
        bsearch(ref->name, t->names, v->m->state_count, sizeof *t->names, compare_name);
    if (other == NULL) {
        struct diag *d = verify_report(v, DIAG_UNKNOWN_STATE, state, at, tail,
                                       "'%s' of state '%s' is '%s', which does not exist", field,
                                       s->name, ref->name);
        diag_service(d, 0, MISSING_TARGET, ref->name);
        help_with_target(t, d, s->scope, ref);
        diag_end(d);
        return;
    }
    const struct ir_state *o = &v->m->states[other->state];
    struct diag *d = verify_report(v, DIAG_OTHER_SCOPE, state, at, tail,
                                   "'%s' of state '%s' is '%s', which is in another scope: %s",
                                   field, s->name, ref->name, place_of(v, o->scope));
    diag_service(d, 0, MISSING_TARGET, ref->name);
    diag_label(d, o->name_span, "'%s' is here", o->name);
    diag_help(d,
              "a transition stays in its own 'States' object, here %s; end it there, and let the "
              "state around it go on",
              place_of(v, s->scope));
    diag_end(d);
}

bool verify_is_template(const struct verify *v, const struct ir_ref *ref)
{
    const char *open = ref->name == NULL || v->as_service ? NULL : strstr(ref->name, "${");
    return open != NULL && strchr(open, '}') != NULL;
}

static void check_edges(struct targets *t)
{
    static const char *const fields[] = {[IR_EDGE_NEXT] = "Next",
                                         [IR_EDGE_RULE] = "Next",
                                         [IR_EDGE_DEFAULT] = "Default",
                                         [IR_EDGE_CATCH] = "Next"};
    for (uint32_t i = 0; i < t->v->edge_count; i++) {
        const struct ir_edge *e = &t->v->edges[i];
        if (e->to != IR_NONE || verify_is_template(t->v, e->ref))
            continue;
        struct aslrt_buffer tail = aslrt_buffer_in(t->v->arena);
        if (e->kind == IR_EDGE_RULE || e->kind == IR_EDGE_CATCH)
            aslrt_buffer_format(&tail, "/%s/%u", e->kind == IR_EDGE_RULE ? "Choices" : "Catch",
                                e->index);
        aslrt_buffer_format(&tail, "/%s", fields[e->kind]);
        report_target(t, e->from, e->ref, fields[e->kind], aslrt_buffer_close(&tail));
    }
}

/* The pointer of a scope's StartAt. */
static const char *start_pointer(struct verify *v, ir_id scope)
{
    ir_id owner = v->m->scopes[scope].owner;
    struct aslrt_buffer b = aslrt_buffer_in(v->arena);
    if (owner != IR_NONE) {
        const struct ir_state *s = &v->m->states[owner];
        aslrt_buffer_text(&b, ir_pointer(v->m, owner));
        if (s->type == IR_PARALLEL)
            aslrt_buffer_format(&b, "/Branches/%u", scope - s->scopes.first);
        else
            aslrt_buffer_text(&b, jnode_get(s->source, "ItemProcessor") != NULL ||
                                          jnode_get(s->source, "Iterator") == NULL
                                      ? "/ItemProcessor"
                                      : "/Iterator");
    }
    aslrt_buffer_text(&b, "/StartAt");
    return aslrt_buffer_close(&b);
}

static void check_starts(struct targets *t)
{
    struct verify *v = t->v;
    for (ir_id i = 0; i < v->m->scope_count; i++) {
        const struct ir_scope *scope = &v->m->scopes[i];
        const struct ir_ref *ref = &scope->start_at;
        if (ref->name == NULL || ref->state != IR_NONE || verify_is_template(v, ref))
            continue;
        if (scope->source != NULL && jnode_get(scope->source, "States") == NULL)
            continue; /* that there are no states has been reported */
        struct diag *d =
            diag_begin(v->cx, DIAG_START_AT, ref->span.source != 0 ? ref->span : scope->span,
                       "'StartAt' is '%s', which is no state of %s", ref->name, place_of(v, i));
        diag_pointer(d, start_pointer(v, i));
        diag_service(d, 0, MISSING_TARGET, ref->name);
        help_with_target(t, d, i, ref);
        diag_end(d);
    }
}

static void check_names(struct targets *t)
{
    for (uint32_t i = 1; i < t->v->m->state_count; i++) {
        if (strcmp(t->names[i - 1].name, t->names[i].name) != 0)
            continue;
        ir_id first = t->names[i - 1].state, second = t->names[i].state;
        const struct ir_state *a = &t->v->m->states[first], *b = &t->v->m->states[second];
        if (a->scope == b->scope && b->source != NULL)
            continue; /* a repeated key of one object, which the reader reports */
        struct diag *d = verify_report(
            t->v, DIAG_DUPLICATE_STATE, second, b->name_span, "",
            "the name '%s' is used twice; names are unique in the whole machine", b->name);
        diag_service(d, 0, "Duplicate State name: %s", b->name);
        diag_primary(d, "used again here, in %s", place_of(t->v, b->scope));
        diag_label(d, a->name_span, "first used here, in %s", place_of(t->v, a->scope));
        diag_help(d, "rename one of the two, and the transitions to it");
        diag_end(d);
    }
}

void verify_targets(struct verify *v)
{
    struct targets t = {v, ASLRT_NEW_ARRAY(v->arena, struct by_name, v->m->state_count + 1u), 0};
    for (ir_id s = 0; s < v->m->state_count; s++)
        t.names[s] = (struct by_name){v->m->states[s].name, s};
    qsort(t.names, v->m->state_count, sizeof *t.names, compare_names);
    check_starts(&t);
    check_edges(&t);
    check_names(&t);
}
