/*
 * terraform_api.c - api.tf: one REST API from one OpenAPI body, its deployment, stage and settings.
 *
 * Access logs need the account's one role for API Gateway; a module may not take that over unasked,
 * so manage_account_logging turns both on together.
 */
#include "compiler/emit/openapi.h"
#include "compiler/emit/routes.h"
#include "compiler/emit/terraform_int.h"

static bool caches(const struct svc_service *s)
{
    for (uint32_t i = 0; i < s->route_count; i++) {
        if (s->routes[i].cache_s != 0)
            return true;
    }
    return false;
}

static void rest_api(struct tf *t, struct aslrt_buffer *b)
{
    const struct svc_service *s = t->service;
    hcl_put(b, "locals {\n"
               "  integration_uri = \"arn:${data.aws_partition.current.partition}:apigateway:"
               "${local.region}:states:action/StartSyncExecution\"\n"
               "}\n\n"
               "resource \"aws_api_gateway_rest_api\" \"this\" {\n"
               "  name = var.name\n"
               "  tags = local.tags\n"
               "\n"
               "  body = templatefile(\"${path.module}/openapi.json\", {\n"
               "    integration_uri = local.integration_uri\n"
               "    role_arn = aws_iam_role.api.arn\n");
    for (uint32_t i = 0; i < s->machine_count; i++)
        hcl_put(b, "    %s = var.use_alias ? aws_sfn_alias.%s.arn : aws_sfn_state_machine.%s.arn\n",
                emit_openapi_machine_hole(t->arena, s, i), tf_machine(t, i), tf_machine(t, i));
    if (s->auth == SVC_AUTH_COGNITO && s->auth_var != NULL)
        hcl_put(b, "    user_pool_arn = var.%s\n", s->auth_var);
    hcl_put(b, "  })\n"
               "\n"
               "  endpoint_configuration {\n"
               "    types = [\"REGIONAL\"]\n"
               "  }\n"
               "\n"
               "  lifecycle {\n"
               "    create_before_destroy = true\n"
               "  }\n"
               "}\n\n"
               "resource \"aws_api_gateway_deployment\" \"this\" {\n"
               "  rest_api_id = aws_api_gateway_rest_api.this.id\n"
               "\n"
               "  # Everything that is deployed stands in the body.\n"
               "  triggers = {\n"
               "    redeploy = sha1(aws_api_gateway_rest_api.this.body)\n"
               "  }\n"
               "\n"
               "  lifecycle {\n"
               "    create_before_destroy = true\n"
               "  }\n"
               "}\n\n");
}

static void stage(struct tf *t, struct aslrt_buffer *b)
{
    const struct svc_service *s = t->service;
    hcl_put(b,
            "resource \"aws_api_gateway_stage\" \"this\" {\n"
            "  rest_api_id = aws_api_gateway_rest_api.this.id\n"
            "  deployment_id = aws_api_gateway_deployment.this.id\n"
            "  stage_name = %s\n"
            "  xray_tracing_enabled = true\n",
            hcl_quote(t->arena, emit_openapi_stage(t->arena, s)));
    if (caches(s))
        hcl_put(b, "  cache_cluster_enabled = var.cache_size_gb != null\n"
                   "  cache_cluster_size = var.cache_size_gb\n");
    hcl_put(b, "  tags = local.tags\n"
               "\n"
               "  dynamic \"access_log_settings\" {\n"
               "    for_each = aws_cloudwatch_log_group.api\n"
               "\n"
               "    content {\n"
               "      destination_arn = access_log_settings.value.arn\n"
               "      format = jsonencode({\n"
               "        requestId = \"$context.extendedRequestId\"\n"
               "        method = \"$context.httpMethod\"\n"
               "        resource = \"$context.resourcePath\"\n"
               "        status = \"$context.status\"\n"
               "        latency = \"$context.responseLatency\"\n"
               "        integration = \"$context.integration.latency\"\n"
               "        error = \"$context.error.responseType\"\n"
               "      })\n"
               "    }\n"
               "  }\n"
               "\n"
               "  depends_on = [aws_iam_role_policy.api, aws_api_gateway_account.this]\n"
               "}\n\n");
}

/* The settings block of one method, or of all. */
static void settings(struct tf *t, struct aslrt_buffer *b, const char *resource, const char *path,
                     const struct svc_route *r)
{
    const struct svc_service *s = t->service;
    double rate = r != NULL && r->throttle_rate > 0 ? r->throttle_rate : s->throttle_rate;
    double burst = r != NULL && r->throttle_rate > 0 ? r->throttle_burst : s->throttle_burst;
    hcl_put(b,
            "resource \"aws_api_gateway_method_settings\" \"%s\" {\n"
            "  rest_api_id = aws_api_gateway_rest_api.this.id\n"
            "  stage_name = aws_api_gateway_stage.this.stage_name\n"
            "  method_path = %s\n"
            "\n"
            "  settings {\n"
            "    metrics_enabled = true\n"
            "    logging_level = var.manage_account_logging ? \"ERROR\" : \"OFF\"\n"
            "    data_trace_enabled = false\n",
            resource, hcl_quote(t->arena, path));
    if (rate > 0) /* API Gateway throttles each method by itself, not the sum of them */
        hcl_put(b, "    throttling_rate_limit = %g\n    throttling_burst_limit = %g\n", rate,
                burst > 0 ? burst : rate);
    if (r != NULL && r->cache_s != 0)
        hcl_put(b,
                "    caching_enabled = var.cache_size_gb != null\n"
                "    cache_ttl_in_seconds = %lld\n"
                "    cache_data_encrypted = true\n"
                "    require_authorization_for_cache_control = true\n"
                "    unauthorized_cache_control_header_strategy = "
                "\"SUCCEED_WITHOUT_RESPONSE_HEADER\"\n",
                (long long)r->cache_s);
    else if (caches(s))
        hcl_put(b, "    caching_enabled = false\n");
    hcl_put(b, "  }\n}\n\n");
}

static void all_settings(struct tf *t, struct aslrt_buffer *b)
{
    const struct aslrt_api *api = emit_routes(t->arena, t->service);
    settings(t, b, "all", "*/*", NULL);
    for (uint32_t i = 0; i < t->service->route_count; i++) {
        const struct svc_route *r = &t->service->routes[i];
        if (r->cache_s == 0 && r->throttle_rate <= 0)
            continue;
        struct aslrt_buffer path = aslrt_buffer_in(t->arena);
        aslrt_buffer_format(&path, "%s/%s",
                            emit_openapi_path(t->arena, api, api->routes[i].path) + 1, r->method);
        settings(t, b, tf_words(t, r->operation, '_'), aslrt_buffer_close(&path), r);
    }
}

static void key(struct tf *t, struct aslrt_buffer *b)
{
    const struct svc_service *s = t->service;
    hcl_put(b, "resource \"aws_api_gateway_api_key\" \"this\" {\n  name = var.name\n"
               "  tags = local.tags\n}\n\n"
               "resource \"aws_api_gateway_usage_plan\" \"this\" {\n  name = var.name\n"
               "  tags = local.tags\n\n"
               "  api_stages {\n    api_id = aws_api_gateway_rest_api.this.id\n"
               "    stage = aws_api_gateway_stage.this.stage_name\n  }\n");
    if (s->throttle_rate > 0)
        hcl_put(b, "\n  throttle_settings {\n    rate_limit = %g\n    burst_limit = %g\n  }\n",
                s->throttle_rate, s->throttle_burst > 0 ? s->throttle_burst : s->throttle_rate);
    hcl_put(b, "}\n\n"
               "resource \"aws_api_gateway_usage_plan_key\" \"this\" {\n"
               "  key_id = aws_api_gateway_api_key.this.id\n  key_type = \"API_KEY\"\n"
               "  usage_plan_id = aws_api_gateway_usage_plan.this.id\n}\n\n");
}

static void account_logging(struct aslrt_buffer *b)
{
    hcl_put(b, "resource \"aws_cloudwatch_log_group\" \"api\" {\n"
               "  count = var.manage_account_logging ? 1 : 0\n"
               "\n"
               "  name = \"/aws/vendedlogs/apigateway/${var.name}\"\n"
               "  retention_in_days = var.log_retention_days\n"
               "  kms_key_id = var.kms_key_arn\n"
               "  tags = local.tags\n"
               "}\n\n"
               "resource \"aws_iam_role\" \"api_logs\" {\n"
               "  count = var.manage_account_logging ? 1 : 0\n"
               "\n"
               "  name = \"${var.name}-api-logs\"\n"
               "  assume_role_policy = data.aws_iam_policy_document.api_trust.json\n"
               "  tags = local.tags\n"
               "}\n\n"
               "resource \"aws_iam_role_policy_attachment\" \"api_logs\" {\n"
               "  count = var.manage_account_logging ? 1 : 0\n"
               "\n"
               "  role = aws_iam_role.api_logs[0].name\n"
               "  policy_arn = \"arn:${data.aws_partition.current.partition}:iam::aws:policy/"
               "service-role/AmazonAPIGatewayPushToCloudWatchLogs\"\n"
               "}\n\n"
               "resource \"aws_api_gateway_account\" \"this\" {\n"
               "  count = var.manage_account_logging ? 1 : 0\n"
               "\n"
               "  cloudwatch_role_arn = aws_iam_role.api_logs[0].arn\n"
               "  depends_on = [aws_iam_role_policy_attachment.api_logs]\n"
               "}\n");
}

void tf_api(struct tf *t)
{
    if (t->service->route_count == 0)
        return;
    struct aslrt_buffer b = tf_begin(t);
    rest_api(t, &b);
    stage(t, &b);
    all_settings(t, &b);
    if (t->service->auth == SVC_AUTH_KEY)
        key(t, &b);
    account_logging(&b);
    tf_end(t, "api.tf", &b);
}
