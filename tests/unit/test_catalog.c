/*
 * test_catalog.c - the catalog's tables are sorted and complete, and Resources are read right.
 */
#include "catalog/catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static void test_tables_are_sorted(void **state)
{
    (void)state;
    for (uint32_t i = 1; i < catalog_call_count; i++)
        assert_true(strcmp(catalog_calls[i - 1].key, catalog_calls[i].key) < 0);
    for (uint32_t i = 1; i < catalog_service_count; i++) {
        const struct catalog_service *a = &catalog_services[i - 1], *b = &catalog_services[i];
        assert_true(a->sdk == b->sdk ? strcmp(a->name, b->name) < 0 : !a->sdk && b->sdk);
    }
    for (uint32_t i = 1; i < CATALOG_RESERVED_COUNT; i++)
        assert_true(strcmp(catalog_reserved[i - 1].name, catalog_reserved[i].name) < 0);
}

static void test_every_row_is_found(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < catalog_call_count; i++)
        assert_ptr_equal(catalog_find(catalog_calls[i].key), &catalog_calls[i]);
    for (uint32_t i = 0; i < catalog_service_count; i++)
        assert_ptr_equal(catalog_find_service(catalog_services[i].name, catalog_services[i].sdk),
                         &catalog_services[i]);
    for (uint32_t i = 0; i < CATALOG_RESERVED_COUNT; i++)
        assert_ptr_equal(catalog_find_reserved(catalog_reserved[i].name), &catalog_reserved[i]);
    assert_null(catalog_find("dynamodb:query"));
    assert_null(catalog_find(""));
    assert_null(catalog_find_service("dynamo", true));
    assert_null(catalog_find_reserved("States.TaskFaild"));
}

static bool raises(const char *key, const char *error)
{
    const struct catalog_call *call = catalog_find(key);
    for (uint32_t i = 0; i < call->error_count; i++)
        if (strcmp(catalog_errors[call->errors[i]].name, error) == 0)
            return true;
    return false;
}

/* The names differ by the kind of integration; nothing else here is as easily got wrong. */
static void test_names_by_kind(void **state)
{
    (void)state;
    assert_true(raises("dynamodb:putItem", "DynamoDB.ConditionalCheckFailedException"));
    assert_false(raises("dynamodb:getItem", "DynamoDB.ConditionalCheckFailedException"));
    assert_true(raises("dynamodb:putItem", "DynamoDB.AmazonDynamoDBException"));
    assert_true(raises("aws-sdk:dynamodb:putItem", "DynamoDb.DynamoDbException"));
    assert_true(raises("lambda:invoke", "Lambda.TooManyRequestsException"));
    assert_true(raises("lambda:function-arn", "Lambda.Unknown"));
    assert_true(raises("aws-sdk:sfn:startExecution", "Sfn.SfnException"));
    assert_true(raises("states:startExecution", "StepFunctions.ExecutionAlreadyExistsException"));
    assert_true(raises("*.sync", "States.TaskFailed"));
    assert_true(raises("ecs:runTask", "ECS.AmazonECSException"));
}

static void test_facts(void **state)
{
    (void)state;
    const struct catalog_call *get = catalog_find("dynamodb:getItem");
    assert_int_equal(get->effect, CATALOG_READ);
    assert_int_equal(get->repeat, CATALOG_SAFE);
    const struct catalog_call *put = catalog_find("dynamodb:putItem");
    assert_int_equal(put->effect, CATALOG_WRITE);
    assert_true(put->conditional && put->complete);
    assert_string_equal(catalog_find("states:startExecution")->token, "Name");
    assert_true(catalog_supports(catalog_find("states:startExecution"), CATALOG_RUN_JOB_2));
    assert_false(catalog_supports(put, CATALOG_RUN_JOB));
    const struct catalog_error *e =
        &catalog_errors[CATALOG_E_DynamoDB_InternalServerErrorException];
    assert_true(e->ambiguous);
    assert_int_equal(e->transient, CATALOG_YES);
    assert_int_equal(e->fault, CATALOG_FAULT_SERVER);
    assert_string_equal(e->shape, "InternalServerError");
    assert_true(catalog_errors[CATALOG_E_HTTP_STATUS].open);
    assert_false(catalog_errors[CATALOG_E_Lambda_ENINotReadyException].ambiguous);
    assert_true(catalog_action_reads("describeTable"));
    assert_false(catalog_action_reads("createTable"));
    assert_int_equal(catalog_quotas[CATALOG_Q_PAYLOAD].value, 262144);
    for (uint32_t i = 0; i < CATALOG_QUOTA_COUNT; i++)
        assert_true(strlen(catalog_quotas[i].date) == 7 && catalog_quotas[i].value > 0);
}

struct expect {
    const char *resource;
    enum catalog_kind kind;
    enum catalog_problem problem;
    enum catalog_pattern pattern;
    const char *key; /* "" when there is none */
};

static const struct expect resources[] = {
    {"arn:aws:states:::dynamodb:putItem", CATALOG_OPTIMISED, CATALOG_FINE, CATALOG_REQUEST_RESPONSE,
     "dynamodb:putItem"},
    {"arn:aws-cn:states:::aws-sdk:dynamodb:query", CATALOG_SDK_CALL, CATALOG_FINE,
     CATALOG_REQUEST_RESPONSE, "aws-sdk:dynamodb:query"},
    {"arn:${AWS::Partition}:states:::sqs:sendMessage.waitForTaskToken", CATALOG_OPTIMISED,
     CATALOG_FINE, CATALOG_WAIT_FOR_TOKEN, "sqs:sendMessage"},
    {"arn:aws:states:::states:startExecution.sync:2", CATALOG_OPTIMISED, CATALOG_FINE,
     CATALOG_RUN_JOB_2, "states:startExecution"},
    {"arn:aws:states:::aws-sdk:rekognition:detectLabels", CATALOG_SDK_CALL, CATALOG_FINE,
     CATALOG_REQUEST_RESPONSE, "aws-sdk:rekognition:detectLabels"},
    /* The guide's name, without the "Service" of the model's; and a service that has ended. */
    {"arn:aws:states:::aws-sdk:databasemigration:startReplicationTask", CATALOG_SDK_CALL,
     CATALOG_FINE, CATALOG_REQUEST_RESPONSE, "aws-sdk:databasemigration:startReplicationTask"},
    {"arn:aws:states:::aws-sdk:lookoutmetrics:putFeedback", CATALOG_SDK_CALL, CATALOG_FINE,
     CATALOG_REQUEST_RESPONSE, "aws-sdk:lookoutmetrics:putFeedback"},
    {"arn:aws:states:::aws-sdk:s3:listBuckets.waitForTaskToken", CATALOG_SDK_CALL, CATALOG_FINE,
     CATALOG_WAIT_FOR_TOKEN, "aws-sdk:s3:listBuckets"},
    {"arn:aws:lambda:us-east-1:123456789012:function:f:live", CATALOG_FUNCTION, CATALOG_FINE,
     CATALOG_REQUEST_RESPONSE, "lambda:function-arn"},
    {"arn:aws:states:us-east-1:123456789012:activity:a", CATALOG_ACTIVITY, CATALOG_FINE,
     CATALOG_REQUEST_RESPONSE, "activity"},
    {"${Function}", CATALOG_OPAQUE, CATALOG_FINE, CATALOG_REQUEST_RESPONSE, ""},
    {"arn:aws:states:::${Integration}", CATALOG_OPAQUE, CATALOG_FINE, CATALOG_REQUEST_RESPONSE, ""},
    {"arn:${P", CATALOG_FOREIGN, CATALOG_NOT_AN_ARN, CATALOG_REQUEST_RESPONSE, ""},
    {"docker://image", CATALOG_FOREIGN, CATALOG_NOT_AN_ARN, CATALOG_REQUEST_RESPONSE, ""},
    {"", CATALOG_FOREIGN, CATALOG_NOT_AN_ARN, CATALOG_REQUEST_RESPONSE, ""},
    {"arn:aws:states:::dynamodb:query", CATALOG_OPTIMISED, CATALOG_UNKNOWN_ACTION,
     CATALOG_REQUEST_RESPONSE, "dynamodb:query"},
    {"arn:aws:states:::aws-sdk:dynamodb:PutItem", CATALOG_SDK_CALL, CATALOG_ACTION_CASE,
     CATALOG_REQUEST_RESPONSE, "aws-sdk:dynamodb:PutItem"},
    {"arn:aws:states:::dynamodb:putItem.sync", CATALOG_OPTIMISED, CATALOG_WRONG_PATTERN,
     CATALOG_RUN_JOB, "dynamodb:putItem"},
    {"arn:aws:states:::aws-sdk:rekognition:detectLabels.sync", CATALOG_SDK_CALL,
     CATALOG_WRONG_PATTERN, CATALOG_RUN_JOB, "aws-sdk:rekognition:detectLabels"},
    {"arn:aws:states:::lambda:invoke.waitForToken", CATALOG_OPTIMISED, CATALOG_UNKNOWN_PATTERN,
     CATALOG_REQUEST_RESPONSE, "lambda:invoke"},
    {"arn:aws:states:::magic:doIt", CATALOG_OPTIMISED, CATALOG_UNKNOWN_SERVICE,
     CATALOG_REQUEST_RESPONSE, "magic:doIt"},
    {"arn:aws:s3:::bucket", CATALOG_FOREIGN, CATALOG_UNKNOWN_SERVICE, CATALOG_REQUEST_RESPONSE, ""},
};

static void test_resources(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
        struct catalog_resource r;
        catalog_parse_resource(resources[i].resource, &r);
        if (r.kind != resources[i].kind || r.problem != resources[i].problem)
            print_message("%s: kind %d, problem %d\n", resources[i].resource, (int)r.kind,
                          (int)r.problem);
        assert_int_equal(r.kind, resources[i].kind);
        assert_int_equal(r.problem, resources[i].problem);
        assert_int_equal(r.pattern, resources[i].pattern);
        assert_string_equal(r.key, resources[i].key);
    }
}

/* No text, however long or torn, may overrun a field. */
static void test_hostile_resources(void **state)
{
    (void)state;
    static char text[5000];
    static const char *const heads[] = {"arn:",
                                        "arn:aws:states:::",
                                        "arn:aws:states:::aws-sdk:",
                                        "arn:aws:states:::dynamodb:",
                                        "arn:aws:lambda:",
                                        "${"};
    for (size_t h = 0; h < sizeof heads / sizeof *heads; h++) {
        for (const char *fill = "a:.$${}"; *fill != '\0'; fill++) {
            memset(text, *fill, sizeof text - 1);
            memcpy(text, heads[h], strlen(heads[h]));
            struct catalog_resource r;
            catalog_parse_resource(text, &r);
            assert_true(strlen(r.service) < sizeof r.service && strlen(r.key) < sizeof r.key);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_are_sorted), cmocka_unit_test(test_every_row_is_found),
        cmocka_unit_test(test_names_by_kind),     cmocka_unit_test(test_facts),
        cmocka_unit_test(test_resources),         cmocka_unit_test(test_hostile_resources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
