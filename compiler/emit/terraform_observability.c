/*
 * terraform_observability.c - observability.tf: alarms of machines, API and tables, and a
 * dashboard.
 */
#include "compiler/emit/terraform_int.h"

static void alarm(struct aslrt_buffer *b, const char *resource, const char *name, const char *space,
                  const char *metric, const char *dimensions, const struct svc_alarm *a,
                  const char *for_each)
{
    hcl_put(b, "resource \"aws_cloudwatch_metric_alarm\" \"%s\" {\n", resource);
    if (for_each != NULL)
        hcl_put(b, "  for_each = %s\n\n", for_each);
    hcl_put(b,
            "  alarm_name = \"${var.name}-%s\"\n"
            "  namespace = \"%s\"\n"
            "  metric_name = \"%s\"\n",
            name, space, metric);
    if (a->statistic != NULL)
        hcl_put(b, "  extended_statistic = %s\n", hcl_quote(b->arena, a->statistic));
    else
        hcl_put(b, "  statistic = \"Sum\"\n");
    hcl_put(b,
            "  period = %lld\n"
            "  evaluation_periods = 1\n"
            "  threshold = %g\n"
            "  comparison_operator = \"GreaterThanOrEqualToThreshold\"\n"
            "  treat_missing_data = \"notBreaching\"\n"
            "  alarm_actions = var.alarm_actions\n"
            "  dimensions = %s\n"
            "  tags = local.tags\n"
            "}\n\n",
            (long long)(a->within_s == 0 ? 300 : a->within_s), a->threshold, dimensions);
}

/* local.machines and local.tables are what the alarms are multiplied by. */
static void locals(struct tf *t, struct aslrt_buffer *b)
{
    hcl_put(b, "locals {\n  machines = {\n");
    for (uint32_t i = 0; i < t->service->machine_count; i++)
        hcl_put(b, "    \"%s\" = aws_sfn_state_machine.%s.arn\n",
                t->several ? tf_suffix(t, i) + 1 : "machine", tf_machine(t, i));
    hcl_put(b, "  }\n\n  tables = {\n");
    for (uint32_t i = 0; i < t->service->table_count; i++)
        hcl_put(b, "    \"%s\" = aws_dynamodb_table.%s.name\n",
                tf_words(t, t->service->tables[i].entity, '-'), t->service->tables[i].id);
    hcl_put(b, "  }\n}\n\n");
}

static void alarms(struct tf *t, struct aslrt_buffer *b)
{
    const char *machine = "{ StateMachineArn = each.value }", *table = "{ TableName = each.value }";
    const char *api = "{ ApiName = aws_api_gateway_rest_api.this.name, Stage = "
                      "aws_api_gateway_stage.this.stage_name }";
    bool has_api = t->service->route_count != 0;
    for (uint32_t i = 0; i < t->service->alarm_count; i++) {
        const struct svc_alarm *a = &t->service->alarms[i];
        switch (a->kind) {
        case SVC_ALARM_ERRORS:
            alarm(b, "failed", "${each.key}-failed", "AWS/States", "ExecutionsFailed", machine, a,
                  "local.machines");
            if (has_api)
                alarm(b, "api_errors", "api-errors", "AWS/ApiGateway", "5XXError", api, a, NULL);
            alarm(b, "table_errors", "${each.key}-errors", "AWS/DynamoDB", "SystemErrors", table, a,
                  "local.tables");
            break;
        case SVC_ALARM_TIMEOUTS:
            alarm(b, "timed_out", "${each.key}-timed-out", "AWS/States", "ExecutionsTimedOut",
                  machine, a, "local.machines");
            break;
        case SVC_ALARM_THROTTLES:
            alarm(b, "throttled", "${each.key}-throttled", "AWS/States", "ExecutionThrottled",
                  machine, a, "local.machines");
            alarm(b, "reads_throttled", "${each.key}-reads-throttled", "AWS/DynamoDB",
                  "ReadThrottleEvents", table, a, "local.tables");
            alarm(b, "writes_throttled", "${each.key}-writes-throttled", "AWS/DynamoDB",
                  "WriteThrottleEvents", table, a, "local.tables");
            break;
        case SVC_ALARM_LATENCY:
            if (has_api)
                alarm(b, "latency", "latency", "AWS/ApiGateway", "Latency", api, a, NULL);
            break;
        }
    }
}

static void widget(struct aslrt_buffer *b, int x, const char *title, const char *metrics,
                   const char *stat)
{
    hcl_put(b,
            "      {\n"
            "        type = \"metric\"\n"
            "        x = %d\n"
            "        y = 0\n"
            "        width = 8\n"
            "        height = 6\n"
            "        properties = {\n"
            "          title = \"%s\"\n"
            "          region = local.region\n"
            "          stat = \"%s\"\n"
            "          period = 300\n"
            "          metrics = %s\n"
            "        }\n"
            "      },\n",
            x, title, stat, metrics);
}

static void dashboard(struct tf *t, struct aslrt_buffer *b)
{
    hcl_put(b, "resource \"aws_cloudwatch_dashboard\" \"this\" {\n"
               "  dashboard_name = var.name\n"
               "\n"
               "  dashboard_body = jsonencode({\n"
               "    widgets = [\n");
    widget(
        b, 0, "Executions",
        "concat([for metric in [\"ExecutionsSucceeded\", \"ExecutionsFailed\", "
        "\"ExecutionsTimedOut\"] : [for arn in values(local.machines) : [\"AWS/States\", metric, "
        "\"StateMachineArn\", arn]]]...)",
        "Sum");
    if (t->service->route_count != 0)
        widget(
            b, 8, "API",
            "[for metric in [\"Count\", \"4XXError\", \"5XXError\"] : [\"AWS/ApiGateway\", metric, "
            "\"ApiName\", var.name]]",
            "Sum");
    widget(
        b, 16, "Tables",
        "concat([for name in values(local.tables) : [\"AWS/DynamoDB\", "
        "\"ConsumedReadCapacityUnits\", \"TableName\", name]], [for name in values(local.tables) : "
        "[\"AWS/DynamoDB\", \"ConsumedWriteCapacityUnits\", \"TableName\", name]])",
        "Sum");
    hcl_put(b, "    ]\n  })\n}\n");
}

void tf_observability(struct tf *t)
{
    struct aslrt_buffer b = tf_begin(t);
    locals(t, &b);
    alarms(t, &b);
    if (t->service->dashboard)
        dashboard(t, &b);
    tf_end(t, "observability.tf", &b);
}
