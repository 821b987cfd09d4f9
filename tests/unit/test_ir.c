/*
 * test_ir.c - the machine graph: building, scopes, resolving, edges, pointers, the text form.
 */
#include "compiler/ir/ir.h"
#include "tests/unit/memory.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const struct span nowhere;

/* A -> P{B | C -> C2} -> M{D}, with a retrier, a catcher and a Choice; the name "A" is used twice.
 */
static struct ir_machine *sample(void)
{
    struct ir_machine *m = ir_machine_new(arena, "sample");
    m->type = IR_EXPRESS;
    m->timeout_s = 29;
    ir_id top = ir_add_scope(m, IR_NONE, nowhere);
    m->scopes[top].start_at.name = "A";
    m->scopes[top].language = IR_JSONATA;
    ir_id a = ir_add_state(m, top, "A", IR_TASK, nowhere);
    ir_id p = ir_add_state(m, top, "a/b ~c", IR_PARALLEL, nowhere);
    ir_id map = ir_add_state(m, top, "M", IR_MAP, nowhere);
    ir_id choice = ir_add_state(m, top, "Q", IR_CHOICE, nowhere);

    m->states[a].next.name = "a/b ~c";
    m->states[a].resource = "arn:aws:states:::dynamodb:putItem";
    m->states[a].integration = "dynamodb:putItem";
    struct ir_retrier *r = ir_add_retrier(m, a, nowhere);
    ir_add_error(m, &r->errors, "DynamoDB.ThrottlingException", nowhere);
    ir_add_error(m, &r->errors, "States.Timeout", nowhere);
    r->full_jitter = true;
    struct ir_catcher *c = ir_add_catcher(m, a, nowhere);
    ir_add_error(m, &c->errors, "States.ALL", nowhere);
    c->next.name = "Q";
    c->output = jnode_string(arena, nowhere, "{% $states.input %}");

    m->states[p].next.name = "M";
    ir_id left = ir_add_scope(m, p, nowhere);
    ir_id right = ir_add_scope(m, p, nowhere);
    m->scopes[left].start_at.name = "B";
    m->scopes[right].start_at.name = "A";
    ir_id b = ir_add_state(m, left, "B", IR_PASS, nowhere);
    m->states[b].end = true;
    ir_id inner = ir_add_state(m, right, "A", IR_WAIT, nowhere);
    m->states[inner].next.name = "B"; /* out of its scope: unknown */
    m->states[inner].seconds = jnode_int(arena, nowhere, 5);

    m->states[map].end = true;
    ir_id body = ir_add_scope(m, map, nowhere);
    m->scopes[body].start_at.name = "D";
    ir_id d = ir_add_state(m, body, "D", IR_SUCCEED, nowhere);
    assert_int_equal(m->states[d].scope, body);

    struct ir_rule *rule = ir_add_rule(m, choice, nowhere);
    rule->condition = jnode_bool(arena, nowhere, true);
    rule->next.name = "A";
    rule = ir_add_rule(m, choice, nowhere);
    rule->condition = jnode_string(arena, nowhere, "{% $x > 1 %}");
    rule->next.name = "Gone";
    m->states[choice].default_.name = "M";
    ir_resolve(m);
    ir_check(m);
    return m;
}

static void test_resolve(void **state)
{
    (void)state;
    struct ir_machine *m = sample();
    assert_int_equal(m->scopes[0].start_at.state, 0);
    assert_int_equal(ir_find(m, 0, "Q"), 3);
    assert_int_equal(ir_find(m, 0, "B"), IR_NONE);
    assert_int_equal(ir_find(m, 1, "B"), 4);
    assert_int_equal(ir_find(m, 2, "A"), 5);
    assert_int_equal(m->states[5].next.state, IR_NONE);
    assert_int_equal(m->rules[1].next.state, IR_NONE);
    assert_int_equal(m->catchers[0].next.state, 3);
}

static bool note_edge(void *data, const struct ir_edge *e)
{
    aslrt_buffer_format(data, "%d.%u>%s;", (int)e->kind, e->index, e->ref->name);
    return e->index != 1;
}

static void test_edges(void **state)
{
    (void)state;
    struct ir_machine *m = sample();
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    ir_edges(m, 0, note_edge, &b);
    assert_string_equal(aslrt_buffer_close(&b), "0.0>a/b ~c;3.0>Q;");
    b = aslrt_buffer_in(arena);
    ir_edges(m, 3, note_edge, &b); /* stopped at the second rule, so the default isn't visited */
    assert_string_equal(aslrt_buffer_close(&b), "1.0>A;1.1>Gone;");
}

static void test_pointer(void **state)
{
    (void)state;
    struct ir_machine *m = sample();
    assert_string_equal(ir_pointer(m, 0), "/States/A");
    assert_string_equal(ir_pointer(m, 5), "/States/a~1b ~0c/Branches/1/States/A");
    assert_string_equal(ir_pointer(m, 6), "/States/M/ItemProcessor/States/D");
}

static void test_dump(void **state)
{
    (void)state;
    struct ir_machine *m = sample();
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    ir_dump(m, &b);
    assert_string_equal(
        aslrt_buffer_close(&b),
        "machine sample express timeout=29\n"
        "scope jsonata start -> A\n"
        "  A: Task jsonata arn:aws:states:::dynamodb:putItem (dynamodb:putItem)\n"
        "    retry [DynamoDB.ThrottlingException, States.Timeout] interval=1 attempts=3 backoff=2"
        " jitter=full\n"
        "    catch [States.ALL] -> Q output=\"{% $states.input %}\"\n"
        "    next -> \"a/b ~c\"\n"
        "  \"a/b ~c\": Parallel jsonata\n"
        "    next -> M\n"
        "    scope jsonpath start -> B\n"
        "      B: Pass jsonpath\n"
        "        end\n"
        "    scope jsonpath start -> A\n"
        "      A: Wait jsonpath\n"
        "        seconds 5\n"
        "        next -> B (unknown)\n"
        "  M: Map jsonata\n"
        "    end\n"
        "    scope jsonpath start -> D\n"
        "      D: Succeed jsonpath\n"
        "  Q: Choice jsonata\n"
        "    when true -> A\n"
        "    when \"{% $x > 1 %}\" -> Gone (unknown)\n"
        "    default -> M\n");
}

/* Many states: pools move and the index grows, and every name is still found. */
static void test_many(void **state)
{
    (void)state;
    struct ir_machine *m = ir_machine_new(arena, "many");
    ir_add_scope(m, IR_NONE, nowhere);
    for (uint32_t i = 0; i < 5000; i++) {
        const char *name = jnode_format(arena, nowhere, "S%u", i)->text;
        ir_id s = ir_add_state(m, 0, name, IR_PASS, nowhere);
        m->states[s].next.name = jnode_format(arena, nowhere, "S%u", (i + 1) % 5000)->text;
    }
    ir_id twice = ir_add_state(m, 0, "S7", IR_FAIL, nowhere);
    ir_resolve(m);
    ir_check(m);
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(m->states[i].next.state, (i + 1) % 5000);
    assert_int_equal(twice, 5000);
    assert_int_equal(ir_find(m, 0, "S7"), 7);
}

static void test_jnode(void **state)
{
    (void)state;
    struct jnode *o = jnode_object(arena, nowhere);
    for (int i = 0; i < 20; i++)
        jnode_set(arena, o, i % 2 == 0 ? "even" : "odd", jnode_int(arena, nowhere, i));
    assert_int_equal(o->count, 20);
    assert_string_equal(jnode_get(o, "odd")->text, "1"); /* the first of that name */
    assert_null(jnode_get(o, "eve"));
    assert_null(jnode_get(NULL, "even"));
    assert_null(jnode_get(jnode_null(arena, nowhere), "even"));
    assert_true(jnode_is_jsonata(jnode_string(arena, nowhere, "{%%}")));
    assert_true(jnode_is_jsonata(jnode_string(arena, nowhere, "{% 1\n %}")));
    assert_false(jnode_is_jsonata(jnode_string(arena, nowhere, "{%}")));
    assert_false(jnode_is_jsonata(jnode_string(arena, nowhere, " {% 1 %}")));
    assert_false(jnode_is_jsonata(o));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolve), cmocka_unit_test(test_edges),
        cmocka_unit_test(test_pointer), cmocka_unit_test(test_dump),
        cmocka_unit_test(test_many),    cmocka_unit_test(test_jnode),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
