/*
 * test_match.c - who takes an error: the MUST/MAY relation, and coverage on whole machines.
 */
#include "compiler/front/asl_read.h"
#include "compiler/verify/verify_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

struct relation {
    const char *pattern;
    const char *error; /* name; of an open one, what is fixed of it */
    bool open, unknown, fatal;
    enum match expected;
};

static const struct relation relations[] = {
    {"Lambda.Unknown", "Lambda.Unknown", false, false, false, MATCH_MUST},
    {"Lambda.unknown", "Lambda.Unknown", false, false, false, MATCH_NEVER},
    {"Lambda.*", "Lambda.Unknown", false, false, false, MATCH_NEVER},
    {"Lambda", "Lambda.Unknown", false, false, false, MATCH_NEVER},
    {"States.ALL", "Lambda.Unknown", false, false, false, MATCH_MUST},
    {"States.ALL", "", true, false, false, MATCH_MUST},
    {"States.ALL", "States.Timeout", false, false, false, MATCH_MUST},
    {"States.ALL", "States.Runtime", false, false, true, MATCH_NEVER},
    {"States.Runtime", "States.Runtime", false, false, true, MATCH_NEVER},
    {"States.ALL", "States.DataLimitExceeded", false, false, false, MATCH_MAY},
    {"States.DataLimitExceeded", "States.DataLimitExceeded", false, false, false, MATCH_MUST},
    {"States.TaskFailed", "Lambda.Unknown", false, false, false, MATCH_MUST},
    {"States.TaskFailed", "States.TaskFailed", false, false, false, MATCH_MUST},
    {"States.TaskFailed", "", true, false, false, MATCH_MUST},
    {"States.TaskFailed", "States.Timeout", false, false, false, MATCH_NEVER},
    {"States.TaskFailed", "States.HeartbeatTimeout", false, false, false, MATCH_MAY},
    {"States.TaskFailed", "States.DataLimitExceeded", false, false, false, MATCH_MAY},
    {"States.Timeout", "States.Timeout", false, false, false, MATCH_MUST},
    {"States.Timeout", "States.HeartbeatTimeout", false, false, false, MATCH_MAY},
    {"States.HeartbeatTimeout", "States.HeartbeatTimeout", false, false, false, MATCH_MUST},
    {"States.HeartbeatTimeout", "States.Timeout", false, false, false, MATCH_NEVER},
    {"States.Timeout", "Lambda.Unknown", false, false, false, MATCH_NEVER},
    /* a function's own errors: any name but those of services and of Step Functions */
    {"CustomError", "", true, false, false, MATCH_MAY},
    {"java.lang.RuntimeException", "", true, false, false, MATCH_MAY},
    {"DynamoDB.ConditionalCheckFailedException", "", true, false, false, MATCH_NEVER},
    {"States.Permissions", "", true, false, false, MATCH_NEVER},
    {"States.Bogus", "", true, false, false, MATCH_NEVER},
    /* a call that nobody knows can raise the errors of any service */
    {"DynamoDB.ConditionalCheckFailedException", "", true, true, false, MATCH_MAY},
    {"States.Bogus", "", true, true, false, MATCH_NEVER},
    /* families */
    {"ApiGateway.404", "ApiGateway.", true, false, false, MATCH_MAY},
    {"ApiGatewayX.404", "ApiGateway.", true, false, false, MATCH_NEVER},
    {"States.Http.StatusCode.404", "States.Http.StatusCode.", true, false, false, MATCH_MAY},
    {"States.TaskFailed", "States.Http.StatusCode.", true, false, false, MATCH_MUST},
};

static void test_relation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        const struct relation *r = &relations[i];
        struct raised e = {
            .name = r->error, .open = r->open, .unknown = r->unknown, .fatal = r->fatal};
        enum match how = verify_match(r->pattern, &e);
        if (how != r->expected)
            print_message("'%s' on '%s'%s: %d\n", r->pattern, r->error, r->open ? " (open)" : "",
                          (int)how);
        assert_int_equal(how, r->expected);
    }
}

struct fixture {
    struct aslrt_memory *memory;
    struct aslrt_arena *arena;
    struct source_table sources;
    struct diag_context cx;
};

static int setup(void **state)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct fixture *f = ASLRT_NEW(arena, struct fixture);
    f->memory = memory;
    f->arena = arena;
    source_table_init(&f->sources, arena);
    diag_context_init(&f->cx, arena, &f->sources);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    struct aslrt_memory *memory = f->memory;
    aslrt_arena_close(f->arena);
    aslrt_memory_close(memory);
    return 0;
}

static struct ir_machine *machine(struct fixture *f, const char *text)
{
    uint32_t id = source_add(&f->sources, "test", text, (uint32_t)strlen(text));
    struct ir_machine *m = asl_read(f->arena, &f->cx, id, "test");
    assert_non_null(m);
    assert_int_equal(diag_count(&f->cx, SEVERITY_ERROR), 0);
    return m;
}

static const char nested[] =
    "{\"StartAt\":\"P\",\"States\":{"
    "\"P\":{\"Type\":\"Parallel\",\"Branches\":[{\"StartAt\":\"Call\",\"States\":{"
    "\"Call\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\","
    "\"Parameters\":{\"FunctionName\":\"f\"},\"TimeoutSeconds\":9,"
    "\"Retry\":[{\"ErrorEquals\":[\"Lambda.SdkClientException\",\"Lambda.ServiceException\"]}],"
    "\"Catch\":[{\"ErrorEquals\":[\"States.Timeout\"],\"Next\":\"Slow\"}],\"End\":true},"
    "\"Slow\":{\"Type\":\"Pass\",\"End\":true}}}],"
    "\"Retry\":[{\"ErrorEquals\":[\"Lambda.TooManyRequestsException\"]}],"
    "\"Catch\":[{\"ErrorEquals\":[\"Custom\"],\"Next\":\"Odd\"},"
    "{\"ErrorEquals\":[\"Lambda.Unknown\"],\"Next\":\"Odd\"}],\"End\":true},"
    "\"Odd\":{\"Type\":\"Pass\",\"End\":true}}}";

/* The outcome of the task that names the error; fails the test when there is none. */
static const struct verify_outcome *outcome(const struct verify_coverage *c, const char *error)
{
    for (uint32_t i = 0; i < c->count; i++)
        for (uint32_t k = 0; k < c->outcomes[i].name_count; k++)
            if (strcmp(c->outcomes[i].names[k], error) == 0)
                return &c->outcomes[i];
    print_message("no outcome for '%s'\n", error);
    fail();
    return NULL;
}

static void test_coverage(void **state)
{
    struct fixture *f = *state;
    struct ir_machine *m = machine(f, nested);
    struct verify_coverage c;
    verify_cover(m, NULL, f->arena, &c);
    assert_int_equal(c.task_count, 1);
    ir_id p = ir_find(m, 0, "P"), call = ir_find(m, 1, "Call");

    const struct verify_outcome *o = outcome(&c, "States.Timeout");
    assert_string_equal(o->class_name, "timeout");
    assert_true(o->state == call && o->retried_by == IR_NONE && o->caught_by == call && o->sure);
    assert_int_equal(o->handler, ir_find(m, 1, "Slow"));

    o = outcome(&c, "Lambda.ServiceException");
    assert_string_equal(o->class_name, "transient");
    assert_true(o->retried_by == call && o->retrier == 0 && o->caught_by == IR_NONE);

    o = outcome(&c, "Lambda.TooManyRequestsException"); /* retried with the whole Parallel */
    assert_true(o->retried_by == p && o->caught_by == IR_NONE);

    o = outcome(&c, "Lambda.Unknown");
    assert_true(o->caught_by == p && o->catcher == 1 && o->sure);

    o = outcome(&c, "<the function's own error>"); /* if it is Custom */
    assert_true(o->caught_by == p && o->catcher == 0 && !o->sure);
    assert_true(outcome(&c, "States.Runtime")->fatal);
    assert_true(c.percent > 0 && c.percent < 100);
}

/* With a last catcher for everything the figure is 100; without any handler it is 0. */
static void test_figure(void **state)
{
    static const char *const handlers[] = {
        "", ",\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"E\"}]"};
    struct fixture *f = *state;
    for (int all = 0; all < 2; all++) {
        struct aslrt_buffer text = aslrt_buffer_in(f->arena);
        aslrt_buffer_format(&text,
                            "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"Resource\":"
                            "\"arn:aws:states:::dynamodb:getItem\",\"Parameters\":{\"TableName\":"
                            "\"t\",\"Key\":{\"id\":{\"S\":\"1\"}}}%s,\"Next\":\"E\"},"
                            "\"E\":{\"Type\":\"Pass\",\"End\":true}}}",
                            handlers[all]);
        struct verify_coverage c;
        verify_cover(machine(f, aslrt_buffer_close(&text)), NULL, f->arena, &c);
        assert_true(c.percent == (all ? 100 : 0));
    }
}

/* A machine that calls nothing has nothing to cover, and its table is one line. */
static void test_no_tasks(void **state)
{
    struct fixture *f = *state;
    struct ir_machine *m =
        machine(f, "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}");
    struct verify_coverage c;
    verify_cover(m, NULL, f->arena, &c);
    assert_int_equal(c.count, 0);
    assert_true(c.percent == 100);
    struct aslrt_buffer text = aslrt_buffer_in(f->arena);
    verify_coverage_text(m, &c, &text);
    assert_string_equal(aslrt_buffer_close(&text), "error coverage: 100.0 % of 0 tasks\n");
    struct aslrt_buffer json = aslrt_buffer_in(f->arena);
    verify_coverage_json(m, &c, &json);
    assert_string_equal(aslrt_buffer_close(&json),
                        "{\"machine\":\"test\",\"percent\":100.0,\"tasks\":0,\"outcomes\":[]}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relation),
        cmocka_unit_test_setup_teardown(test_coverage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_figure, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_tasks, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
