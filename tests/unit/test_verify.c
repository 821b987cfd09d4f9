/*
 * test_verify.c - the graph's findings against a second, slow answer to the same questions.
 *
 * Random machines of Pass, Choice and Wait states: reachability and ends are worked out by a
 * transitive closure, and the verifier must agree; a state that is cut off must be found.  The seed
 * is fixed; ASLC_SEED changes it.  Large machines must not take quadratic time.
 */
#include "compiler/verify/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const struct span nowhere = {0, 0, 0};
static uint32_t seed = 7;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

struct world {
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;
    struct source_table sources;
    struct diag_context cx;
};

static void open_world(struct world *w)
{
    w->memory = aslrt_memory_open(NULL, 0);
    w->arena = aslrt_arena_open(w->memory);
    source_table_init(&w->sources, w->arena);
    diag_context_init(&w->cx, w->arena, &w->sources);
}

static void close_world(struct world *w)
{
    aslrt_arena_close(w->arena);
    aslrt_memory_close(w->memory);
}

static uint32_t count_code(const struct world *w, enum diag_code code)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->cx.count; i++)
        n += w->cx.diags[i]->code == code;
    return n;
}

static const char *name_of(struct world *w, uint32_t i)
{
    return jnode_format(w->arena, nowhere, "S%u", i)->text;
}

enum { STATES_MAX = 9 };

/* What a random machine looks like: up to two ways out of each state, or an end. */
struct plan {
    uint32_t count;
    bool ends[STATES_MAX];
    uint32_t next[STATES_MAX], other[STATES_MAX]; /* other: of a Choice; else equal to next */
};

static void draw(struct plan *p)
{
    p->count = 2 + random_below(STATES_MAX - 1);
    for (uint32_t i = 0; i < p->count; i++) {
        p->ends[i] = random_below(5) == 0;
        p->next[i] = random_below(p->count);
        p->other[i] = random_below(3) == 0 ? random_below(p->count) : p->next[i];
    }
}

static struct ir_machine *build(struct world *w, const struct plan *p)
{
    struct ir_machine *m = ir_machine_new(w->arena, "random");
    ir_add_scope(m, IR_NONE, nowhere);
    m->scopes[0].start_at.name = name_of(w, 0);
    for (uint32_t i = 0; i < p->count; i++) {
        bool choice = !p->ends[i] && p->other[i] != p->next[i];
        ir_id s = ir_add_state(m, 0, name_of(w, i), choice ? IR_CHOICE : IR_WAIT, nowhere);
        m->states[s].end = p->ends[i];
        if (p->ends[i])
            continue;
        if (!choice) {
            m->states[s].next.name = name_of(w, p->next[i]);
            continue;
        }
        m->states[s].default_.name = name_of(w, p->next[i]);
        ir_add_rule(m, s, nowhere)->next.name = name_of(w, p->other[i]);
    }
    ir_resolve(m);
    ir_check(m);
    return m;
}

/* The closure: reach[i][j] when there is a way of any length, 0 included, from i to j. */
static void closure(const struct plan *p, bool reach[STATES_MAX][STATES_MAX])
{
    memset(reach, 0, STATES_MAX * sizeof *reach);
    for (uint32_t i = 0; i < p->count; i++) {
        reach[i][i] = true;
        if (!p->ends[i])
            reach[i][p->next[i]] = reach[i][p->other[i]] = true;
    }
    for (uint32_t k = 0; k < p->count; k++)
        for (uint32_t i = 0; i < p->count; i++)
            for (uint32_t j = 0; j < p->count; j++)
                reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j]);
}

static bool has_end(const struct plan *p, bool reach[STATES_MAX][STATES_MAX], uint32_t i)
{
    for (uint32_t j = 0; j < p->count; j++)
        if (reach[i][j] && p->ends[j])
            return true;
    return false;
}

static void test_random_graphs(void **state)
{
    (void)state;
    if (getenv("ASLC_SEED") != NULL)
        seed = (uint32_t)strtoul(getenv("ASLC_SEED"), NULL, 10);
    uint32_t lost_machines = 0, trapped_machines = 0;
    for (int n = 0; n < 3000; n++) {
        struct plan p;
        bool reach[STATES_MAX][STATES_MAX];
        struct world w;
        draw(&p);
        closure(&p, reach);
        open_world(&w);
        verify_run(build(&w, &p), NULL, &w.cx);
        bool lost = false, trapped = false, any_end = false;
        for (uint32_t i = 0; i < p.count; i++) {
            lost = lost || !reach[0][i];
            trapped = trapped || (reach[0][i] && !has_end(&p, reach, i));
            any_end = any_end || p.ends[i];
        }
        lost_machines += lost;
        trapped_machines += trapped;
        if ((count_code(&w, DIAG_UNREACHABLE_STATE) > 0) != lost ||
            (count_code(&w, DIAG_NO_WAY_OUT) > 0) != (trapped && any_end))
            print_message("machine %d of the seed\n", n);
        assert_int_equal(count_code(&w, DIAG_UNREACHABLE_STATE) > 0, lost);
        assert_int_equal(count_code(&w, DIAG_NO_WAY_OUT) > 0, trapped && any_end);
        assert_int_equal(count_code(&w, DIAG_NO_TERMINAL), !any_end);
        assert_int_equal(count_code(&w, DIAG_UNKNOWN_STATE), 0);
        close_world(&w);
    }
    assert_true(lost_machines > 500 && trapped_machines > 200);
}

/* A chain with one transition redirected over its successor: that state is cut off, and named. */
static void test_cut_off(void **state)
{
    (void)state;
    for (uint32_t cut = 1; cut < 40; cut++) {
        struct world w;
        open_world(&w);
        struct ir_machine *m = ir_machine_new(w.arena, "chain");
        ir_add_scope(m, IR_NONE, nowhere);
        m->scopes[0].start_at.name = name_of(&w, 0);
        for (uint32_t i = 0; i <= 40; i++) {
            ir_id s = ir_add_state(m, 0, name_of(&w, i), IR_PASS, nowhere);
            m->states[s].end = i == 40;
            if (i < 40)
                m->states[s].next.name = name_of(&w, i + 1 == cut ? i + 2 : i + 1);
        }
        ir_resolve(m);
        verify_run(m, NULL, &w.cx);
        assert_int_equal(w.cx.count, 1);
        assert_int_equal(w.cx.diags[0]->code, DIAG_UNREACHABLE_STATE);
        assert_non_null(strstr(w.cx.diags[0]->message, name_of(&w, cut)));
        assert_string_equal(w.cx.diags[0]->pointer,
                            jnode_format(w.arena, nowhere, "/States/S%u", cut)->text);
        close_world(&w);
    }
}

static double milliseconds_of(const struct ir_machine *m, struct world *w)
{
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    verify_run(m, NULL, &w->cx);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
}

/* A chain of tasks without handlers: one finding each, with a witness each. */
static struct ir_machine *long_chain(struct world *w, uint32_t count)
{
    struct ir_machine *m = ir_machine_new(w->arena, "long");
    ir_add_scope(m, IR_NONE, nowhere);
    m->scopes[0].start_at.name = name_of(w, 0);
    for (uint32_t i = 0; i < count; i++) {
        ir_id s = ir_add_state(m, 0, name_of(w, i), IR_TASK, nowhere);
        m->states[s].resource = "arn:aws:states:::lambda:invoke";
        m->states[s].end = i + 1 == count;
        if (i + 1 < count)
            m->states[s].next.name = name_of(w, i + 1);
    }
    ir_resolve(m);
    return m;
}

/* Twice the states may take about twice the time; four times would be quadratic. */
static void test_linear_time(void **state)
{
    (void)state;
    double took[2];
    for (int i = 0; i < 2; i++) {
        struct world w;
        open_world(&w);
        uint32_t count = i == 0 ? 10000 : 40000;
        took[i] = milliseconds_of(long_chain(&w, count), &w);
        assert_true(w.cx.count >= count);
        close_world(&w);
    }
    if (took[1] > 12 * took[0] + 50)
        print_message("10,000 states: %.1f ms, 40,000: %.1f ms\n", took[0], took[1]);
    assert_true(took[1] <= 12 * took[0] + 50);
}

/* Whatever holes a machine has, the verifier goes on: no StartAt, no States, no Resource. */
static void test_empty_machines(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    struct ir_machine *m = ir_machine_new(w.arena, "empty");
    ir_add_scope(m, IR_NONE, nowhere);
    ir_resolve(m);
    verify_run(m, NULL, &w.cx);
    assert_int_equal(w.cx.count, 0); /* the reader has said what is missing */
    ir_id map = ir_add_state(m, 0, "M", IR_MAP, nowhere);
    ir_add_state(m, 0, "T", IR_TASK, nowhere);
    ir_add_state(m, 0, "C", IR_CHOICE, nowhere);
    ir_add_scope(m, map, nowhere);
    ir_add_retrier(m, 1, nowhere);
    ir_add_catcher(m, 1, nowhere);
    ir_add_rule(m, 2, nowhere);
    ir_resolve(m);
    verify_run(m, NULL, &w.cx);
    struct verify_coverage c;
    verify_cover(m, NULL, w.arena, &c);
    assert_int_equal(c.task_count, 0); /* nothing is reached */
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_graphs),
        cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_linear_time),
        cmocka_unit_test(test_empty_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
