/*
 * taken.c - counters of runs, and what could have been taken; see taken.h.
 */
#include "compiler/driver/taken.h"
#include "compiler/emit/table.h"

static struct aslrt_coverage **new_list(struct session *s,
                                        const struct aslrt_machine *const *machines, uint32_t count)
{
    struct aslrt_coverage **list = ASLRT_NEW_ARRAY(s->arena, struct aslrt_coverage *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        if (aslrt_coverage_new(s->arena, machines[i], &list[i]) != ASLRT_OK)
            aslrt_escape(s->arena->memory, ASLRT_NOMEM);
    }
    return list;
}

static bool load(struct session *s, struct aslrt_coverage *const *list, uint32_t count)
{
    char why[512];
    if (aslrt_coverage_load(s->arena->memory, s->cli.value[FLAG_TAKEN], list, count, false, why,
                            sizeof why) == ASLRT_OK)
        return true;
    session_trouble(s, "%s", why);
    return false;
}

struct aslrt_coverage **taken_open(struct session *s, const struct aslrt_machine *const *machines,
                                   uint32_t count)
{
    return load(s, new_list(s, machines, count), count) ? new_list(s, machines, count) : NULL;
}

bool taken_save(struct session *s, struct aslrt_coverage *const *list, uint32_t count)
{
    char why[512];
    if (aslrt_coverage_save(s->arena->memory, s->cli.value[FLAG_TAKEN], list, count, false, why,
                            sizeof why) == ASLRT_OK)
        return true;
    session_trouble(s, "%s", why);
    return false;
}

/* ---- from the table's positions to the IR's ---- */

static uint64_t *spread(struct aslrt_arena *arena, uint32_t count)
{
    return ASLRT_NEW_ARRAY(arena, uint64_t, count + 1);
}

static void move(uint64_t *to, struct ir_slice place, const uint64_t *from,
                 struct aslrt_slice source)
{
    for (uint32_t i = 0; i < place.count && i < source.count; i++)
        to[place.first + i] = from[source.first + i];
}

static struct diagram_counts counts_of(struct aslrt_arena *arena, const struct ir_machine *m,
                                       const struct aslrt_coverage *c)
{
    uint64_t *states = spread(arena, m->state_count), *next = spread(arena, m->state_count);
    uint64_t *rules = spread(arena, m->rule_count), *retriers = spread(arena, m->retrier_count);
    uint64_t *catchers = spread(arena, m->catcher_count);
    for (uint32_t i = 0; i < m->state_count; i++) {
        const struct aslrt_state *from = &c->machine->states[i + 1];
        states[i] = c->taken[ASLRT_COVERED_STATES][i + 1];
        next[i] = c->taken[ASLRT_COVERED_NEXT][i + 1];
        move(rules, m->states[i].rules, c->taken[ASLRT_COVERED_RULES], from->rules);
        move(retriers, m->states[i].retriers, c->taken[ASLRT_COVERED_RETRIERS], from->retriers);
        move(catchers, m->states[i].catchers, c->taken[ASLRT_COVERED_CATCHERS], from->catchers);
    }
    return (struct diagram_counts){c->runs, states, next, rules, retriers, catchers};
}

struct diagram_counts *taken_read(struct session *s, const struct unit *unit)
{
    uint32_t count = unit->machine_count;
    const struct aslrt_machine **machines =
        ASLRT_NEW_ARRAY(s->arena, const struct aslrt_machine *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        machines[i] = table_build(s->arena, &s->p.diag, unit->machines[i], unit->service);
        if (machines[i] == NULL)
            return NULL;
    }
    struct aslrt_coverage **list = new_list(s, machines, count);
    if (!load(s, list, count))
        return NULL;
    struct diagram_counts *counts = ASLRT_NEW_ARRAY(s->arena, struct diagram_counts, count + 1);
    uint64_t runs = 0;
    for (uint32_t i = 0; i < count; i++) {
        counts[i] = counts_of(s->arena, unit->machines[i], list[i]);
        runs += counts[i].runs;
    }
    if (runs != 0)
        return counts;
    session_trouble(s, "'%s' holds no run of '%s'; make some with 'aslc run --coverage %s'",
                    s->cli.value[FLAG_TAKEN], unit->path, s->cli.value[FLAG_TAKEN]);
    return NULL;
}

/* ---- everything that can be taken ---- */

struct lister {
    struct aslrt_arena *arena;
    const struct ir_machine *m;
    const struct diagram_counts *counts;
    struct taken_item *items;
    uint32_t count;
};

static struct aslrt_buffer text_in(struct lister *l, ir_id state)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_format(&b, "'%s' ", l->m->states[state].name);
    return b;
}

static void add(struct lister *l, enum taken_kind kind, ir_id state, struct span span,
                uint64_t times, struct aslrt_buffer *text)
{
    l->items[l->count++] = (struct taken_item){kind, state, span, times, aslrt_buffer_close(text)};
}

static bool add_way(void *data, const struct ir_edge *edge)
{
    struct lister *l = data;
    struct aslrt_buffer b = text_in(l, edge->from);
    enum taken_kind kind = edge->kind == IR_EDGE_CATCH  ? TAKEN_CATCHER
                           : edge->kind == IR_EDGE_NEXT ? TAKEN_WAY
                                                        : TAKEN_BRANCH;
    aslrt_buffer_format(&b, "never went to '%s'", edge->ref->name);
    if (edge->kind == IR_EDGE_CATCH)
        aslrt_buffer_format(&b, " by catcher %u", edge->index + 1);
    else if (edge->kind == IR_EDGE_RULE)
        aslrt_buffer_format(&b, " by rule %u", edge->index + 1);
    else if (edge->kind == IR_EDGE_DEFAULT)
        aslrt_buffer_text(&b, " by its Default");
    add(l, kind, edge->from, edge->ref->span, diagram_times(l->m, l->counts, edge), &b);
    return true;
}

static void add_state(struct lister *l, ir_id id)
{
    const struct ir_state *s = &l->m->states[id];
    struct aslrt_buffer b = text_in(l, id);
    aslrt_buffer_text(&b, "was never entered");
    add(l, TAKEN_STATE, id, s->name_span, l->counts->states[id], &b);
    if (s->type != IR_SUCCEED && s->type != IR_FAIL && s->type != IR_CHOICE &&
        s->next.name == NULL) {
        b = text_in(l, id);
        aslrt_buffer_text(&b, "never came to its end");
        add(l, TAKEN_WAY, id, s->name_span, l->counts->next[id], &b);
    }
    ir_edges(l->m, id, add_way, l);
    for (uint32_t i = 0; i < s->retriers.count; i++) {
        b = text_in(l, id);
        aslrt_buffer_format(&b, "was never tried again by retrier %u", i + 1);
        add(l, TAKEN_RETRIER, id, l->m->retriers[s->retriers.first + i].span,
            l->counts->retriers[s->retriers.first + i], &b);
    }
}

struct taken_item *taken_items(struct aslrt_arena *arena, const struct ir_machine *m,
                               const struct diagram_counts *counts, uint32_t *count)
{
    uint32_t most = 3 * m->state_count + m->rule_count + m->retrier_count + m->catcher_count;
    struct lister l = {arena, m, counts, ASLRT_NEW_ARRAY(arena, struct taken_item, most + 1), 0};
    for (uint32_t i = 0; i < m->state_count; i++)
        add_state(&l, i);
    *count = l.count;
    return l.items;
}
