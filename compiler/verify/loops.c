/*
 * loops.c - does every loop wait or end?
 *
 * A308 a loop of transitions that calls something again and again, with nothing in it that waits
 * and no condition that counts.  States at which a loop pauses or is counted are taken out of the
 * graph; what then still goes round (a strongly connected component) is reported, once each.
 *
 * A state is a brake when it waits (Wait; a task that runs a job, waits for a token or a worker),
 * when it holds a scope with a Wait inside, or when it is a Choice whose rules count, or ask
 * whether there is more: numeric comparisons and IsPresent, and their JSONata forms.  A loop that
 * only computes, of Pass and Choice, is reported when nothing in it changes what its conditions
 * read.
 */
#include "compiler/ir/ir_choice.h"
#include "compiler/verify/verify_int.h"

struct walk {
    struct verify *v;
    const bool *brake;
    uint32_t *index; /* of the visit, from 1; 0: not visited */
    uint32_t *low;
    bool *on_stack;
    ir_id *stack;
    uint32_t stack_count;
    uint32_t next_index;
    uint32_t *edge; /* the next edge to look at, of each state on the path */
    ir_id *path;
};

static bool counts(const struct ir_comparison *c)
{
    if (c == NULL)
        return true; /* malformed: no judgement */
    if (c->kind != IR_TEST) {
        for (uint32_t i = 0; i < c->part_count; i++)
            if (counts(c->parts[i]))
                return true;
        return false;
    }
    const struct ir_operator_info *op = &ir_operator_table[c->op];
    return op->family == IR_OF_NUMBER || op->relation == IR_IS_PRESENT ||
           op->relation == IR_IS_NULL || op->family == IR_OF_TIMESTAMP;
}

/* A JSONata condition counts when it orders values or asks for presence or size. */
static bool condition_counts(const struct jnode *condition)
{
    if (!jnode_is(condition, J_STRING))
        return true;
    static const char *const signs[] = {"<", ">", "$exists", "$count", "$length", "null"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strstr(condition->text, signs[i]) != NULL)
            return true;
    return false;
}

static bool choice_counts(const struct verify *v, const struct ir_state *s)
{
    for (uint32_t i = 0; i < s->rules.count; i++) {
        const struct ir_rule *r = &v->m->rules[s->rules.first + i];
        if (s->language == IR_JSONATA ? condition_counts(r->condition)
                                      : counts(ir_comparison(v->arena, r->source)))
            return true;
    }
    return false;
}

static bool pauses(const struct verify *v, const struct ir_state *s)
{
    switch (s->type) {
    case IR_WAIT:
        return true;
    case IR_TASK:
        return s->pattern != IR_REQUEST ||
               (s->integration != NULL && strcmp(s->integration, "activity") == 0);
    case IR_CHOICE:
        return choice_counts(v, s);
    default:
        return false;
    }
}

/* Brakes, inner scopes first, so that a Parallel or Map knows what is in it. */
static bool *find_brakes(struct verify *v)
{
    const struct ir_machine *m = v->m;
    bool *brake = ASLRT_NEW_ARRAY(v->arena, bool, m->state_count + 1u);
    for (ir_id s = m->state_count; s-- > 0;) {
        if (!pauses(v, &m->states[s]))
            continue;
        brake[s] = true;
        ir_id owner = m->scopes[m->states[s].scope].owner;
        for (; owner != IR_NONE && m->states[s].type != IR_CHOICE;
             owner = m->scopes[m->states[owner].scope].owner)
            brake[owner] = true;
    }
    return brake;
}

static bool has_self_edge(const struct verify *v, ir_id s)
{
    for (uint32_t e = v->edge_first[s]; e < v->edge_first[s + 1]; e++)
        if (v->edges[e].to == s && v->edges[e].kind != IR_EDGE_CATCH)
            return true; /* a Catch back to itself is a finding of its own: A423 */
    return false;
}

/* True when the state computes something that the conditions of the loop may read. */
static bool changes(const struct ir_machine *m, const struct ir_state *s)
{
    if (s->type != IR_PASS && s->type != IR_CHOICE)
        return false;
    for (uint32_t i = 0; i < s->rules.count; i++)
        if (m->rules[s->rules.first + i].assign != NULL ||
            m->rules[s->rules.first + i].output != NULL)
            return true;
    return s->result != NULL || s->parameters != NULL || s->input_path != NULL ||
           s->output_path != NULL || s->output != NULL || s->assign != NULL;
}

/* The members of a component stand on top of the stack from `first` on. */
static void report_loop(struct walk *w, uint32_t first)
{
    struct verify *v = w->v;
    uint32_t count = w->stack_count - first;
    const char **names = ASLRT_NEW_ARRAY(v->arena, const char *, count);
    ir_id at = w->stack[first]; /* the one that was entered first */
    ir_id task = IR_NONE;
    bool computes = true; /* nothing but Pass and Choice, and some of them go on with new values */
    bool changed = false;
    for (uint32_t i = 0; i < count; i++) {
        ir_id s = w->stack[first + i];
        enum ir_state_type type = v->m->states[s].type;
        names[i] = v->m->states[s].name;
        computes = computes && (type == IR_PASS || type == IR_CHOICE);
        changed = changed || changes(v->m, &v->m->states[s]);
        if (task == IR_NONE && v->m->states[s].type == IR_TASK)
            task = s;
    }
    if (!v->can_end[at] || !v->reached[at])
        return; /* reported as a state without a way out, or without a way in */
    if (computes && changed)
        return; /* a loop over values, such as the rest of a list, which nobody waits for */
    struct diag *d;
    if (task != IR_NONE)
        d = verify_report(
            v, DIAG_BUSY_LOOP, task, v->m->states[task].name_span, "",
            "this loop calls '%s' again and again, without a Wait and without a bound",
            v->m->states[task].name);
    else
        d = verify_report(v, DIAG_BUSY_LOOP, at, v->m->states[at].name_span, "",
                          "this loop goes round without a Wait and without a bound");
    diag_note(d, "the loop: %s", verify_list(v, names, count, 8));
    verify_witness(v, d, task != IR_NONE ? task : at);
    diag_help(d, "add a Wait to the loop, or count its rounds and leave it after the last");
    diag_end(d);
}

static void close_component(struct walk *w, ir_id root)
{
    uint32_t first = w->stack_count;
    while (w->stack[first - 1] != root)
        first--;
    first--;
    uint32_t count = w->stack_count - first;
    if (count > 1 || has_self_edge(w->v, root))
        report_loop(w, first);
    for (uint32_t i = first; i < w->stack_count; i++)
        w->on_stack[w->stack[i]] = false;
    w->stack_count = first;
}

static void enter(struct walk *w, ir_id s)
{
    w->index[s] = w->low[s] = ++w->next_index;
    w->edge[s] = w->v->edge_first[s];
    w->stack[w->stack_count++] = s;
    w->on_stack[s] = true;
}

/* Tarjan's algorithm with a path of its own instead of recursion. */
static void find_components(struct walk *w, ir_id root)
{
    uint32_t depth = 0;
    w->path[depth++] = root;
    enter(w, root);
    while (depth > 0) {
        ir_id s = w->path[depth - 1];
        if (w->edge[s] < w->v->edge_first[s + 1]) {
            ir_id to = w->v->edges[w->edge[s]++].to;
            if (to == IR_NONE || w->brake[to])
                continue;
            if (w->index[to] == 0) {
                enter(w, to);
                w->path[depth++] = to;
            } else if (w->on_stack[to] && w->index[to] < w->low[s]) {
                w->low[s] = w->index[to];
            }
            continue;
        }
        depth--;
        if (depth > 0 && w->low[s] < w->low[w->path[depth - 1]])
            w->low[w->path[depth - 1]] = w->low[s];
        if (w->low[s] == w->index[s])
            close_component(w, s);
    }
}

void verify_loops(struct verify *v)
{
    size_t n = v->m->state_count + 1u;
    struct walk w = {
        .v = v,
        .brake = find_brakes(v),
        .index = ASLRT_NEW_ARRAY(v->arena, uint32_t, n),
        .low = ASLRT_NEW_ARRAY(v->arena, uint32_t, n),
        .on_stack = ASLRT_NEW_ARRAY(v->arena, bool, n),
        .stack = ASLRT_NEW_ARRAY(v->arena, ir_id, n),
        .edge = ASLRT_NEW_ARRAY(v->arena, uint32_t, n),
        .path = ASLRT_NEW_ARRAY(v->arena, ir_id, n),
    };
    for (ir_id s = 0; s < v->m->state_count; s++)
        if (w.index[s] == 0 && !w.brake[s])
            find_components(&w, s);
}
