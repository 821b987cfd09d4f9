/*
 * choice.c - can every rule match, and does some rule always match?
 *
 * A309 a Choice without Default whose rules leave something out, A310 the same rule twice, A311 a
 * rule whose every case an earlier one takes, A312 a rule that contradicts itself, A313 a Default
 * that nothing is left for, A315 a Choice whose ways all lead to one place. Rules are tried in
 * order, so that what earlier rules certainly take is taken away from later ones. spec: Choice
 * State.
 */
#include "compiler/verify/verify_int.h"

enum { RULES_MAX = 256 }; /* of one Choice; what comes behind is not compared, to stay linear */

/* What the rules so far certainly take, of one path. */
struct taken {
    const char *path;
    struct vset must;
};

struct choice {
    struct verify *v;
    ir_id id;
    const struct ir_state *s;
    const struct condition *conditions;
    uint32_t count;
    struct taken *taken;
    uint32_t taken_count;
    bool all_taken; /* by a rule without a condition, or by all values of one path */
};

static struct taken *taken_of(struct choice *c, const char *path)
{
    for (uint32_t i = 0; i < c->taken_count; i++)
        if (strcmp(c->taken[i].path, path) == 0)
            return &c->taken[i];
    struct taken *t = GROW(c->v->arena, c->taken, c->taken_count);
    t->path = path;
    t->must = vset_none();
    return t;
}

static const struct box_term *term_of(const struct box *b, const char *path)
{
    for (uint32_t i = 0; i < b->count; i++)
        if (strcmp(b->terms[i].path, path) == 0)
            return &b->terms[i];
    return NULL;
}

static bool box_is_empty(const struct box *b)
{
    for (uint32_t i = 0; i < b->count; i++)
        if (vset_is_empty(b->terms[i].may))
            return true;
    return false;
}

/* True when `earlier` certainly takes whatever can match `b`. */
static bool box_within(struct choice *c, const struct box *b, const struct box *earlier)
{
    for (uint32_t i = 0; i < earlier->count; i++) {
        const struct box_term *e = &earlier->terms[i], *t = term_of(b, e->path);
        if (t == NULL || !vset_within(c->v->arena, t->may, e->must))
            return false;
    }
    return true;
}

/* The earlier rule that takes the whole box, or `rule` when none does alone. */
static uint32_t rule_over(struct choice *c, uint32_t rule, const struct box *b)
{
    for (uint32_t i = 0; i < rule; i++) {
        const struct condition *e = &c->conditions[i];
        for (uint32_t k = 0; k < e->count; k++)
            if (box_within(c, b, &e->boxes[k]))
                return i;
    }
    return rule;
}

static bool taken_together(struct choice *c, const struct box *b)
{
    for (uint32_t i = 0; i < b->count; i++)
        if (vset_within(c->v->arena, b->terms[i].may, taken_of(c, b->terms[i].path)->must))
            return true;
    return false;
}

static void take(struct choice *c, const struct condition *condition)
{
    for (uint32_t i = 0; i < condition->count; i++) {
        const struct box *b = &condition->boxes[i];
        if (b->count == 0) {
            c->all_taken = true;
        } else if (b->count == 1) {
            struct taken *t = taken_of(c, b->terms[0].path);
            t->must = vset_or(c->v->arena, t->must, b->terms[0].must);
            c->all_taken = c->all_taken || vset_is_empty(vset_not(t->must));
        }
    }
}

static const struct ir_rule *rule_at(const struct choice *c, uint32_t index)
{
    return &c->v->m->rules[c->s->rules.first + index];
}

/* Equal conditions: the same members in any order, without what a rule does when it matches. */
static bool same_json(const struct jnode *a, const struct jnode *b, bool top);

static bool has_equal_member(const struct jnode *o, const struct jmember *m)
{
    const struct jmember *other = jnode_member(o, m->key);
    return other != NULL && same_json(m->value, other->value, false);
}

static bool is_action(const char *key)
{
    return strcmp(key, "Next") == 0 || strcmp(key, "Comment") == 0 || strcmp(key, "Assign") == 0 ||
           strcmp(key, "Output") == 0;
}

static bool same_json(const struct jnode *a, const struct jnode *b, bool top)
{
    if (a == NULL || b == NULL || a->kind != b->kind)
        return false;
    if (a->kind == J_BOOL)
        return a->boolean == b->boolean;
    if (a->kind == J_NULL)
        return true;
    if (a->kind == J_ARRAY) {
        for (uint32_t i = 0; i < a->count && a->count == b->count; i++)
            if (!same_json(a->items[i], b->items[i], false))
                return false;
        return a->count == b->count;
    }
    if (a->kind != J_OBJECT)
        return a->count == b->count && memcmp(a->text, b->text, a->count) == 0;
    uint32_t counts[2] = {0, 0};
    for (uint32_t i = 0; i < a->count; i++) {
        if (top && is_action(a->members[i].key))
            continue;
        counts[0]++;
        if (!has_equal_member(b, &a->members[i]))
            return false;
    }
    for (uint32_t i = 0; i < b->count; i++)
        counts[1] += !top || !is_action(b->members[i].key);
    return counts[0] == counts[1];
}

static bool same_rule(const struct ir_rule *a, const struct ir_rule *b)
{
    if (a->condition != NULL || b->condition != NULL)
        return same_json(a->condition, b->condition, false);
    return same_json(a->source, b->source, true);
}

static struct diag *begin(struct choice *c, enum diag_code code, uint32_t rule, const char *what)
{
    struct diag *d = verify_report(c->v, code, c->id, verify_at(rule_at(c, rule)->span, c->s),
                                   verify_tail(c->v, "Choices", rule), "rule %u of '%s' %s",
                                   rule + 1, c->s->name, what);
    verify_kill_edge(c->v, c->id, IR_EDGE_RULE, rule);
    return d;
}

static void report_impossible(struct choice *c, uint32_t rule)
{
    struct diag *d = begin(c, DIAG_IMPOSSIBLE_RULE, rule, "can never match");
    const struct condition *condition = &c->conditions[rule];
    if (condition->count == 1)
        for (uint32_t i = 0; i < condition->boxes[0].count; i++)
            if (vset_is_empty(condition->boxes[0].terms[i].may))
                diag_note(d, "no value of '%s' satisfies all of its conditions",
                          condition->boxes[0].terms[i].path);
    diag_help(d, "mend the condition, or delete the rule");
    diag_end(d);
}

/* The path that the rule wants to be missing, when that is all that it can match; else NULL. */
static const char *wants_absent(const struct condition *condition)
{
    for (uint32_t i = 0; condition->count == 1 && i < condition->boxes[0].count; i++) {
        struct vset may = condition->boxes[0].terms[i].may;
        bool absent = (may.bits & VSET_ABSENT) != 0;
        may.bits &= (uint8_t)~VSET_ABSENT;
        if (absent && vset_is_empty(may))
            return condition->boxes[0].terms[i].path;
    }
    return NULL;
}

static void report_shadowed(struct choice *c, uint32_t rule, uint32_t by)
{
    const char *absent = wants_absent(&c->conditions[rule]);
    bool same = by < rule && same_rule(rule_at(c, by), rule_at(c, rule));
    struct diag *d = begin(c, same ? DIAG_DUPLICATE_RULE : DIAG_SHADOWED_RULE, rule,
                           same ? "has the same condition as an earlier one"
                                : "never matches: an earlier rule takes all of its cases");
    if (by < rule)
        diag_label(d, verify_at(rule_at(c, by)->span, c->s), "rule %u is tried first", by + 1);
    else
        diag_note(d, "the rules before it take them together");
    if (!same && absent != NULL)
        diag_note(d, "where '%s' is missing, comparing it fails the execution before this is tried",
                  absent);
    if (same)
        diag_help(d, "delete one of the two");
    else if (absent != NULL)
        diag_help(d, "ask whether it is there in the first rule");
    else
        diag_help(d, "move the narrower rule before the wider one, or delete it");
    diag_end(d);
}

/* The earlier rule that takes all boxes of the rule, `rule` when several do it together, or
   UINT32_MAX when something is left. */
static uint32_t shadow_of(struct choice *c, uint32_t rule)
{
    const struct condition *condition = &c->conditions[rule];
    uint32_t by = UINT32_MAX;
    for (uint32_t i = 0; i < rule && by == UINT32_MAX; i++)
        if (same_rule(rule_at(c, i), rule_at(c, rule)))
            by = i;
    if (by != UINT32_MAX || condition->opaque)
        return by;
    for (uint32_t i = 0; i < condition->count; i++) {
        const struct box *b = &condition->boxes[i];
        if (box_is_empty(b))
            continue;
        uint32_t over = rule_over(c, rule, b);
        if (over == rule && !taken_together(c, b))
            return UINT32_MAX;
        by = by == UINT32_MAX || by == over ? over : rule;
    }
    return by;
}

static bool is_impossible(const struct condition *condition)
{
    for (uint32_t i = 0; i < condition->count; i++)
        if (!box_is_empty(&condition->boxes[i]))
            return false;
    return !condition->opaque;
}

static void check_default(struct choice *c)
{
    if (c->s->default_.name == NULL && !c->all_taken) {
        struct diag *d =
            verify_report(c->v, DIAG_NO_DEFAULT, c->id, c->s->name_span, "",
                          "'%s' has no Default, and its rules don't cover every input", c->s->name);
        diag_primary(d, "without a match the execution fails with States.Runtime, which nothing "
                        "can catch");
        verify_witness(c->v, d, c->id);
        diag_help(d, "add a 'Default' that goes to a state for what no rule expects");
        diag_end(d);
    }
    if (c->s->default_.name != NULL && c->all_taken) {
        struct diag *d = verify_report(
            c->v, DIAG_UNREACHABLE_DEFAULT, c->id, verify_at(c->s->default_.span, c->s), "/Default",
            "the Default of '%s' is never used: its rules take every case", c->s->name);
        verify_kill_edge(c->v, c->id, IR_EDGE_DEFAULT, 0);
        diag_help(d, "delete the Default, or the rule that it repeats");
        diag_end(d);
    }
}

/* A Choice that leads to one place whatever its rules say, and does nothing else on the way. */
static void check_pointless(struct choice *c)
{
    const char *target = c->s->default_.name;
    if (target == NULL || c->s->rules.count == 0)
        return;
    for (uint32_t i = 0; i < c->s->rules.count; i++) {
        const struct ir_rule *r = rule_at(c, i);
        if (r->assign != NULL || r->output != NULL || r->next.name == NULL ||
            strcmp(r->next.name, target) != 0)
            return;
    }
    struct diag *d =
        verify_report(c->v, DIAG_POINTLESS_CHOICE, c->id, c->s->name_span, "",
                      "every rule of '%s' and its Default lead to '%s'", c->s->name, target);
    diag_help(d, "go to '%s' directly, or mend the target of a rule", target);
    diag_end(d);
}

static void check_choice(struct verify *v, ir_id id)
{
    const struct ir_state *s = &v->m->states[id];
    struct choice c = {.v = v,
                       .id = id,
                       .s = s,
                       .conditions = v->conditions + s->rules.first,
                       .count = s->rules.count < RULES_MAX ? s->rules.count : RULES_MAX};
    for (uint32_t i = 0; i < c.count; i++) {
        uint32_t by = is_impossible(&c.conditions[i]) ? UINT32_MAX : shadow_of(&c, i);
        if (is_impossible(&c.conditions[i]))
            report_impossible(&c, i);
        else if (by != UINT32_MAX)
            report_shadowed(&c, i, by);
        take(&c, &c.conditions[i]);
    }
    check_default(&c);
    check_pointless(&c);
}

void verify_choice(struct verify *v)
{
    for (ir_id s = 0; s < v->m->state_count; s++)
        if (v->m->states[s].type == IR_CHOICE && v->m->states[s].rules.count > 0)
            check_choice(v, s);
}
