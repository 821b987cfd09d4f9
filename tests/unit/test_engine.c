/*
 * test_engine.c - what data files can't say about the engine: stepping by hand, memory, its
 * absence.
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/engine/mock.h"
#include "tests/exec/definition.h"
#include "tests/unit/faulty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

/* A machine read from text, loaded, with an execution. */
struct bench {
    struct aslrt_memory *memory; /* of the tables */
    struct aslrt_arena *arena;
    const struct aslrt_machine *machine;
    struct aslrt_program *program;
    struct aslrt_env env;
    struct aslrt_execution *x;
};

static struct aslrt_value read(struct aslrt_arena *arena, const char *text)
{
    struct aslrt_value v;
    assert_int_equal(aslrt_json_read(arena, text, strlen(text), &v, NULL), ASLRT_OK);
    return v;
}

static void open_bench(struct bench *b, const char *states, bool express)
{
    memset(b, 0, sizeof *b);
    b->memory = aslrt_memory_open(NULL, 0);
    b->arena = aslrt_arena_open(b->memory);
    struct aslrt_buffer text = aslrt_buffer_in(b->arena);
    aslrt_buffer_format(&text, "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"A\",\"States\":{%s}}",
                        states);
    const char *why;
    b->machine =
        definition_build(b->arena, "machine", aslrt_buffer_close(&text), text.count, express, &why);
    if (b->machine == NULL)
        fail_msg("%s", why);
    struct aslrt_load_error error;
    if (aslrt_load(b->memory, b->machine, &b->program, &error) != ASLRT_OK)
        fail_msg("%s", error.message);
    b->x = aslrt_execution_open(b->program, &b->env);
    assert_non_null(b->x);
}

static void close_bench(struct bench *b)
{
    aslrt_execution_close(b->x);
    aslrt_unload(b->program);
    aslrt_arena_close(b->arena);
    aslrt_memory_close(b->memory);
}

static const char *text_of(struct bench *b, struct aslrt_value v)
{
    const char *text;
    size_t count;
    assert_int_equal(aslrt_json_write(b->arena, v, &text, &count), ASLRT_OK);
    return text;
}

#define TASK                                                                                       \
    "\"A\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"Arguments\":{"     \
    "\"FunctionName\":"                                                                            \
    "\"f\",\"Payload\":\"{% $states.input.n "                                                      \
    "%}\"},\"TimeoutSeconds\":10,\"Retry\":[{\"ErrorEquals\":[\"Again\"],"                         \
    "\"IntervalSeconds\":4}],\"Next\":\"B\"},\"B\":{\"Type\":\"Wait\",\"Seconds\":60,\"End\":"     \
    "true}"

/* ---- stepping ---- */

static void test_steps(void **state)
{
    (void)state;
    struct bench b;
    struct aslrt_effect e;
    open_bench(&b, TASK, false);
    assert_int_equal(aslrt_step(b.x, &e), ASLRT_MISUSE); /* not started */
    assert_int_equal(aslrt_start(b.x, read(b.arena, "{\"n\":7}"), "run"), ASLRT_OK);

    assert_int_equal(aslrt_step(b.x, &e), ASLRT_OK);
    assert_int_equal(e.kind, ASLRT_EFFECT_TASK);
    assert_string_equal(e.call.service, "lambda");
    assert_string_equal(e.call.action, "invoke");
    assert_string_equal(e.call.state, "A");
    assert_string_equal(text_of(&b, e.call.arguments), "{\"FunctionName\":\"f\",\"Payload\":7}");
    assert_int_equal(e.deadline_us - e.call.now_us, 10000000);
    uint32_t frame = e.frame;
    int64_t start_us = e.call.now_us;

    /* nothing happens until the reply, or the timeout */
    assert_int_equal(aslrt_step(b.x, &e), ASLRT_OK);
    assert_int_equal(e.kind, ASLRT_EFFECT_WAIT);
    assert_int_equal(e.until_us - start_us, 10000000);
    assert_int_equal(aslrt_task_fail(b.x, frame + 1, "E", NULL, 0), ASLRT_MISUSE);
    assert_int_equal(aslrt_task_fail(b.x, frame, "Again", "cause", 1500000), ASLRT_OK);
    assert_int_equal(aslrt_task_fail(b.x, frame, "Again", "cause", 0), ASLRT_MISUSE);

    /* the failure arrives after a second and a half, the retry waits four more */
    assert_int_equal(aslrt_step(b.x, &e), ASLRT_OK);
    assert_int_equal(e.until_us - start_us, 1500000);
    assert_int_equal(aslrt_wait_over(b.x, e.until_us), ASLRT_OK);
    assert_int_equal(aslrt_step(b.x, &e), ASLRT_OK);
    assert_int_equal(e.until_us - start_us, 5500000);
    assert_int_equal(aslrt_wait_over(b.x, e.until_us), ASLRT_OK);
    assert_int_equal(aslrt_step(b.x, &e), ASLRT_OK);
    assert_int_equal(e.kind, ASLRT_EFFECT_TASK);
    assert_int_equal(e.call.attempt, 1);
    assert_int_equal(aslrt_task_succeed(b.x, e.frame, aslrt_undefined(), 0), ASLRT_MISUSE);
    assert_int_equal(aslrt_task_succeed(b.x, e.frame, aslrt_text("done"), 0), ASLRT_OK);

    assert_int_equal(aslrt_step(b.x, &e), ASLRT_OK);
    assert_int_equal(e.kind, ASLRT_EFFECT_WAIT);
    assert_int_equal(e.until_us - start_us, 65500000);
    assert_int_equal(aslrt_wait_over(b.x, e.until_us), ASLRT_OK);
    for (int i = 0; i < 2; i++) { /* the end stays the end */
        assert_int_equal(aslrt_step(b.x, &e), ASLRT_OK);
        assert_int_equal(e.kind, ASLRT_EFFECT_END);
        assert_int_equal(e.outcome.status, ASLRT_SUCCEEDED);
        assert_string_equal(text_of(&b, e.outcome.output), "\"done\"");
        assert_int_equal(e.outcome.stop_us - e.outcome.start_us, 65500000);
    }
    close_bench(&b);
}

static void test_late_reply(void **state)
{
    (void)state;
    struct bench b;
    struct aslrt_effect e;
    open_bench(&b, TASK, false);
    aslrt_start(b.x, read(b.arena, "{\"n\":7}"), NULL);
    aslrt_step(b.x, &e);
    int64_t start_us = e.call.now_us;
    assert_int_equal(aslrt_task_succeed(b.x, e.frame, aslrt_int(1), 10000000), ASLRT_OK);
    assert_int_equal(aslrt_step(b.x, &e), ASLRT_OK);
    assert_int_equal(e.until_us - start_us, 10000000);
    aslrt_wait_over(b.x, e.until_us);
    assert_int_equal(aslrt_step(b.x, &e), ASLRT_OK);
    assert_int_equal(e.kind, ASLRT_EFFECT_END);
    assert_int_equal(e.outcome.status, ASLRT_RUN_FAILED);
    assert_true(aslrt_is(e.outcome.error, "States.Timeout"));
    close_bench(&b);
}

static void test_bad_input(void **state)
{
    (void)state;
    struct bench b;
    struct aslrt_outcome o;
    open_bench(&b, "\"A\":{\"Type\":\"Succeed\"}", false);
    assert_int_equal(aslrt_run_text(b.x, "{\"a\":", 5, &o), ASLRT_SYNTAX);
    assert_string_not_equal(aslrt_problem(b.x), "");
    assert_int_equal(aslrt_run(b.x, aslrt_undefined(), NULL, &o), ASLRT_MISUSE);
    assert_int_equal(aslrt_run_text(b.x, " 5 ", 3, &o), ASLRT_OK);
    assert_string_equal(text_of(&b, o.output), "5");
    close_bench(&b);
}

/* The loader refuses tables that it does not know, and expressions that don't compile. */
static void test_load(void **state)
{
    (void)state;
    struct bench b;
    struct aslrt_program *p;
    struct aslrt_load_error error;
    open_bench(&b, "\"A\":{\"Type\":\"Pass\",\"Output\":\"{% 1 %}\",\"End\":true}", false);
    struct aslrt_machine m = *b.machine;
    m.format++;
    assert_int_equal(aslrt_load(b.memory, &m, &p, &error), ASLRT_FAILED);
    assert_non_null(strstr(error.message, "format"));
    m = *b.machine;
    struct aslrt_node nodes[2] = {m.nodes[0], m.nodes[1]};
    nodes[1].text = "1 +";
    m.nodes = nodes;
    assert_int_equal(aslrt_load(b.memory, &m, &p, &error), ASLRT_FAILED);
    assert_int_equal(error.state, 1);
    assert_string_equal(error.field, "Output");
    close_bench(&b);
}

/* ---- memory ---- */

/* A loop whose every round makes garbage and keeps a little. */
#define LOOP                                                                                       \
    "\"A\":{\"Type\":\"Pass\",\"Assign\":{\"n\":0,\"keep\":{\"list\":[1,2,3],\"text\":\"some "     \
    "text that is kept "                                                                           \
    "over the whole run of the machine, longer than a line\"}},\"Next\":\"B\"},"                   \
    "\"B\":{\"Type\":\"Pass\",\"Assign\":{\"n\":\"{% $n + 1 %}\"},\"Output\":{\"n\":\"{% $n "      \
    "%}\",\"k\":\"{% $keep %}\",\"s\":"                                                            \
    "\"{% 'round ' & $n %}\"},\"Next\":\"C\"},"                                                    \
    "\"C\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% $n < 200000 "                     \
    "%}\",\"Next\":\"B\"}],\"Default\":\"D\"},"                                                    \
    "\"D\":{\"Type\":\"Succeed\",\"Output\":[\"{% $n %}\",\"{% $keep.list %}\",\"{% "              \
    "$states.input %}\"]}"

struct counting {
    size_t used, most;
};

static void *counting_resize(void *data, void *block, size_t old_size, size_t new_size)
{
    struct counting *c = data;
    c->used = c->used - (block != NULL ? old_size : 0) + new_size;
    if (c->used > c->most)
        c->most = c->used;
    if (new_size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, new_size);
}

static void test_endless_loop_in_constant_memory(void **state)
{
    (void)state;
    struct bench b;
    open_bench(&b, LOOP, true);
    struct counting c = {0, 0};
    const struct aslrt_allocator allocator = {counting_resize, &c};
    struct aslrt_memory *memory = aslrt_memory_open(&allocator, 0);
    struct aslrt_program *p;
    assert_int_equal(aslrt_load(memory, b.machine, &p, NULL), ASLRT_OK);
    struct aslrt_execution *x = aslrt_execution_open(p, &b.env);
    struct aslrt_outcome o;
    assert_int_equal(aslrt_run_text(x, "{}", 2, &o), ASLRT_OK);
    assert_int_equal(o.status, ASLRT_SUCCEEDED);
    assert_string_equal(
        text_of(&b, o.output),
        "[200000,[1,2,3],{\"n\":199999,\"k\":{\"list\":[1,2,3],\"text\":\"some text that is "
        "kept over the whole run of the machine, longer than a line\"},\"s\":\"round "
        "199999\"}]");
    assert_true(c.most < (6u << 20));
    aslrt_execution_close(x);
    aslrt_unload(p);
    aslrt_memory_close(memory);
    assert_int_equal(c.used, 0);
    close_bench(&b);
}

static void test_many_executions_in_constant_memory(void **state)
{
    (void)state;
    struct bench b;
    struct aslrt_outcome o;
    open_bench(&b,
               "\"A\":{\"Type\":\"Map\",\"ItemProcessor\":{\"StartAt\":\"B\",\"States\":{\"B\":{"
               "\"Type\":\"Pass\",\"Assign\":"
               "{\"x\":\"{% $states.input %}\"},\"Output\":\"{% [$states.input] "
               "%}\",\"End\":true}}},\"End\":true}",
               false);
    size_t after_one = 0;
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(aslrt_run_text(b.x, "[1,2,3]", 7, &o), ASLRT_OK);
        assert_int_equal(o.status, ASLRT_SUCCEEDED);
        if (i == 0)
            after_one = aslrt_arena_size(b.arena) + b.memory->used;
    }
    assert_int_equal(aslrt_arena_size(b.arena) + b.memory->used, after_one);
    close_bench(&b);
}

/* ---- no memory ---- */

#define EVERYTHING                                                                                 \
    "\"A\":{\"Type\":\"Parallel\",\"Branches\":["                                                  \
    "{\"StartAt\":\"M\",\"States\":{\"M\":{\"Type\":\"Map\",\"Items\":\"{% [1..60] "               \
    "%}\",\"ItemProcessor\":{\"StartAt\":\"P\","                                                   \
    "\"States\":{\"P\":{\"Type\":\"Pass\",\"Output\":\"{% $pad('x', 3000) & $states.input "        \
    "%}\",\"End\":true}}},\"Output\":"                                                             \
    "\"{% $count($states.result) %}\",\"End\":true}}},"                                            \
    "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":3,\"Assign\":{\"v\":\"{%" \
    " $states.context %}\"},\"Next\":"                                                             \
    "\"T\"},\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\","             \
    "\"Arguments\":{\"FunctionName\":\"f\","                                                       \
    "\"Payload\":\"{% $v.Execution.Id "                                                            \
    "%}\"},\"Retry\":[{\"ErrorEquals\":[\"Busy\"]}],\"Catch\":[{\"ErrorEquals\":"                  \
    "[\"States.ALL\"],\"Next\":\"C\"}],\"End\":true},\"C\":{\"Type\":\"Pass\",\"End\":true}}}],"   \
    "\"End\":true}"

/* Loads, runs and writes on an account where the n-th allocation fails. */
static enum aslrt_status run_with(const struct aslrt_machine *machine, struct faulty *f,
                                  char *result, size_t room)
{
    const struct aslrt_allocator allocator = {faulty_resize, f};
    struct aslrt_memory *memory = aslrt_memory_open(&allocator, 0);
    if (memory == NULL)
        return ASLRT_NOMEM;
    struct aslrt_memory *own = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *mock_arena = aslrt_arena_open(own);
    const struct aslrt_service *services[] = {aslrt_mock_service(aslrt_mock_new(
        mock_arena,
        read(
            mock_arena,
            "{\"mockedResponses\":{\"T\":{\"0-1\":{\"Throw\":{\"Error\":\"Busy\",\"Cause\":\"c\"}},"
            "\"2\":{\"Return\":{\"Payload\":5}}}}}")))};
    const struct aslrt_env env = {.history = true, .services = services, .service_count = 1};
    struct aslrt_program *p = NULL;
    struct aslrt_execution *x = NULL;
    struct aslrt_outcome o;
    const char *text;
    size_t count;
    enum aslrt_status status = aslrt_load(memory, machine, &p, NULL);
    if (status == ASLRT_OK) {
        x = aslrt_execution_open(p, &env);
        status = x == NULL ? ASLRT_NOMEM : aslrt_run_text(x, "{\"a\":1}", 7, &o);
    }
    if (status == ASLRT_OK)
        status = aslrt_outcome_json(x, &o, &text, &count);
    if (status == ASLRT_OK && result != NULL)
        snprintf(result, room, "%.*s", (int)(count < room - 1 ? count : room - 1), text);
    f->left = 1 << 20;
    aslrt_execution_close(x);
    aslrt_unload(p);
    aslrt_arena_close(mock_arena);
    aslrt_memory_close(own);
    aslrt_memory_close(memory);
    return status;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    struct bench b;
    open_bench(&b, EVERYTHING, false);
    struct faulty all = {1 << 20, 0};
    static char expected[1 << 16], actual[1 << 16];
    assert_int_equal(run_with(b.machine, &all, expected, sizeof expected), ASLRT_OK);
    for (int n = 0;; n++) {
        struct faulty f = {n, 0};
        enum aslrt_status status = run_with(b.machine, &f, actual, sizeof actual);
        if (status == ASLRT_OK) {
            assert_true(n > 10);
            assert_string_equal(actual, expected);
            break;
        }
        assert_int_equal(status, ASLRT_NOMEM);
    }
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_late_reply),
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_endless_loop_in_constant_memory),
        cmocka_unit_test(test_many_executions_in_constant_memory),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
