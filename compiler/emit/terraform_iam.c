/*
 * terraform_iam.c - iam.tf: a role for each principal, with exactly what its states call.
 *
 * In: the machines.  Out: a statement for each table with the actions that some Task performs on
 * it, and one for those of its indexes that a Task reads; neither has what only the other needs.
 * Where the service offers no resource (log delivery, tracing) the statement says so.
 */
#include "compiler/base/jnode_write.h"
#include "compiler/emit/terraform_int.h"

#include <ctype.h>
#include <stdlib.h>

enum { ACTIONS_MAX = 16 };

struct actions {
    const char *items[ACTIONS_MAX];
    uint32_t count;
};

/* What one machine does to one table. */
struct use {
    struct actions table, index;
    bool *indexes; /* by index of the table: it is read */
};

static int compare_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "dynamodb:putItem" or "aws-sdk:dynamodb:query" -> "dynamodb:PutItem" */
static const char *iam_action(struct tf *t, const char *integration)
{
    struct aslrt_buffer b = aslrt_buffer_in(t->arena);
    const char *text = strncmp(integration, "aws-sdk:", 8) == 0 ? integration + 8 : integration;
    const char *colon = strchr(text, ':');
    aslrt_buffer_put(&b, text, (size_t)(colon - text) + 1);
    aslrt_buffer_char(&b, (char)toupper((unsigned char)colon[1]));
    aslrt_buffer_text(&b, colon + 2);
    return aslrt_buffer_close(&b);
}

static void add_action(struct actions *a, const char *action)
{
    for (uint32_t i = 0; i < a->count; i++) {
        if (strcmp(a->items[i], action) == 0)
            return;
    }
    if (a->count < ACTIONS_MAX)
        a->items[a->count++] = action;
}

static void note_task(struct tf *t, const struct ir_state *s, const struct svc_table *table,
                      struct use *use)
{
    struct aslrt_buffer text = aslrt_buffer_in(t->arena), hole = aslrt_buffer_in(t->arena);
    jnode_write(&text, s->arguments);
    aslrt_buffer_format(&hole, "${table_%s}", table->id);
    const char *arguments = aslrt_buffer_close(&text);
    if (strstr(arguments, aslrt_buffer_close(&hole)) == NULL)
        return;
    bool indexed = false;
    for (uint32_t i = 0; i < table->index_count; i++) {
        struct aslrt_buffer name = aslrt_buffer_in(t->arena);
        aslrt_buffer_format(&name, "'IndexName': '%s'", table->indexes[i].name);
        if (strstr(arguments, aslrt_buffer_close(&name)) != NULL)
            use->indexes[i] = indexed = true;
    }
    add_action(indexed ? &use->index : &use->table, iam_action(t, s->integration));
}

/* A Sid has letters and digits only. */
static const char *sid_word(struct tf *t, const char *name)
{
    struct aslrt_buffer b = aslrt_buffer_in(t->arena);
    for (const char *p = name; *p != '\0'; p++) {
        if (isalnum((unsigned char)*p))
            aslrt_buffer_char(&b, *p);
    }
    return aslrt_buffer_close(&b);
}

/* Up to the list of resources. */
static void open_statement(struct tf *t, struct aslrt_buffer *b, const struct svc_table *table,
                           const char *of, struct actions *a)
{
    qsort(a->items, a->count, sizeof *a->items, compare_text);
    hcl_put(b, "  statement {\n    sid = \"%s%s\"\n    actions = [", sid_word(t, table->entity),
            of);
    for (uint32_t i = 0; i < a->count; i++)
        hcl_put(b, "%s\"%s\"", i == 0 ? "" : ", ", a->items[i]);
    hcl_put(b, "]\n    resources = [");
}

static void table_statements(struct tf *t, struct aslrt_buffer *b, const struct ir_machine *m,
                             const struct svc_table *table)
{
    struct use use = {.indexes = ASLRT_NEW_ARRAY(t->arena, bool, table->index_count + 1)};
    for (uint32_t i = 0; i < m->state_count; i++) {
        const struct ir_state *s = &m->states[i];
        if (s->type == IR_TASK && s->arguments != NULL && s->integration != NULL)
            note_task(t, s, table, &use);
    }
    if (use.table.count != 0) {
        open_statement(t, b, table, "Table", &use.table);
        hcl_put(b, "aws_dynamodb_table.%s.arn]\n  }\n\n", table->id);
    }
    if (use.index.count == 0)
        return;
    open_statement(t, b, table, "Indexes", &use.index);
    const char *comma = "";
    for (uint32_t i = 0; i < table->index_count; i++) {
        if (!use.indexes[i])
            continue;
        hcl_put(b, "%s\"${aws_dynamodb_table.%s.arn}/index/%s\"", comma, table->id,
                table->indexes[i].name);
        comma = ", ";
    }
    hcl_put(b, "]\n  }\n\n");
}

void tf_logs_statement(struct aslrt_buffer *b)
{
    hcl_put(b, "  statement {\n"
               "    sid = \"LogDelivery\" # the service offers no resource for these\n"
               "    actions = [\n"
               "      \"logs:CreateLogDelivery\", \"logs:CreateLogStream\", "
               "\"logs:DeleteLogDelivery\",\n"
               "      \"logs:DescribeLogGroups\", \"logs:DescribeResourcePolicies\", "
               "\"logs:GetLogDelivery\",\n"
               "      \"logs:ListLogDeliveries\", \"logs:PutLogEvents\", "
               "\"logs:PutResourcePolicy\",\n"
               "      \"logs:UpdateLogDelivery\",\n"
               "    ]\n"
               "    resources = [\"*\"]\n"
               "  }\n"
               "\n"
               "  statement {\n"
               "    sid = \"Tracing\" # nor for these\n"
               "    actions = [\n"
               "      \"xray:GetSamplingRules\", \"xray:GetSamplingTargets\", "
               "\"xray:PutTelemetryRecords\",\n"
               "      \"xray:PutTraceSegments\",\n"
               "    ]\n"
               "    resources = [\"*\"]\n"
               "  }\n"
               "\n");
}

static void states_role(struct tf *t, struct aslrt_buffer *b, uint32_t index)
{
    const char *id = tf_machine(t, index), *suffix = tf_suffix(t, index);
    const char *under = t->several ? "_" : "", *word = t->several ? id : "";
    const char *dash_word = suffix;
    hcl_put(b, "data \"aws_iam_policy_document\" \"states%s%s\" {\n", under, word);
    for (uint32_t i = 0; i < t->service->table_count; i++)
        table_statements(t, b, t->service->machines[index], &t->service->tables[i]);
    tf_logs_statement(b);
    hcl_put(b,
            "  dynamic \"statement\" {\n"
            "    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]\n"
            "\n"
            "    content {\n"
            "      sid = \"Key\"\n"
            "      actions = [\"kms:Decrypt\", \"kms:GenerateDataKey\"]\n"
            "      resources = [statement.value]\n"
            "    }\n"
            "  }\n"
            "}\n\n"
            "resource \"aws_iam_role\" \"states%s%s\" {\n"
            "  name = \"${var.name}%s-states\"\n"
            "  assume_role_policy = data.aws_iam_policy_document.states_trust.json\n"
            "  tags = local.tags\n"
            "}\n\n"
            "resource \"aws_iam_role_policy\" \"states%s%s\" {\n"
            "  name = \"states\"\n"
            "  role = aws_iam_role.states%s%s.id\n"
            "  policy = data.aws_iam_policy_document.states%s%s.json\n"
            "}\n\n",
            under, word, dash_word, under, word, under, word, under, word);
}

void tf_trust(struct aslrt_buffer *b, const char *name, const char *service)
{
    hcl_put(b,
            "data \"aws_iam_policy_document\" \"%s\" {\n"
            "  statement {\n"
            "    actions = [\"sts:AssumeRole\"]\n"
            "\n"
            "    principals {\n"
            "      type = \"Service\"\n"
            "      identifiers = [\"%s\"]\n"
            "    }\n"
            "\n"
            "    condition {\n"
            "      test = \"StringEquals\"\n"
            "      variable = \"aws:SourceAccount\"\n"
            "      values = [data.aws_caller_identity.current.account_id]\n"
            "    }\n"
            "  }\n"
            "}\n\n",
            name, service);
}

static void api_role(struct tf *t, struct aslrt_buffer *b)
{
    tf_trust(b, "api_trust", "apigateway.amazonaws.com");
    hcl_put(b, "data \"aws_iam_policy_document\" \"api\" {\n"
               "  statement {\n"
               "    sid = \"Start\"\n"
               "    actions = [\"states:StartSyncExecution\"]\n"
               "    resources = [");
    for (uint32_t i = 0; i < t->service->machine_count; i++)
        hcl_put(b, "%saws_sfn_state_machine.%s.arn", i == 0 ? "" : ", ", tf_machine(t, i));
    hcl_put(b, "]\n"
               "\n"
               "    dynamic \"condition\" {\n"
               "      for_each = var.use_alias ? [\"live\"] : []\n"
               "\n"
               "      content {\n"
               "        test = \"StringEquals\"\n"
               "        variable = \"states:StateMachineQualifier\"\n"
               "        values = [condition.value]\n"
               "      }\n"
               "    }\n"
               "  }\n"
               "\n"
               "  dynamic \"statement\" {\n"
               "    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]\n"
               "\n"
               "    content {\n"
               "      sid = \"Key\" # starting an encrypted machine needs it\n"
               "      actions = [\"kms:Decrypt\", \"kms:GenerateDataKey\"]\n"
               "      resources = [statement.value]\n"
               "    }\n"
               "  }\n"
               "}\n\n"
               "resource \"aws_iam_role\" \"api\" {\n"
               "  name = \"${var.name}-api\"\n"
               "  assume_role_policy = data.aws_iam_policy_document.api_trust.json\n"
               "  tags = local.tags\n"
               "}\n\n"
               "resource \"aws_iam_role_policy\" \"api\" {\n"
               "  name = \"start\"\n"
               "  role = aws_iam_role.api.id\n"
               "  policy = data.aws_iam_policy_document.api.json\n"
               "}\n");
}

void tf_iam(struct tf *t)
{
    struct aslrt_buffer b = tf_begin(t);
    tf_trust(&b, "states_trust", "states.amazonaws.com");
    for (uint32_t i = 0; i < t->service->machine_count; i++)
        states_role(t, &b, i);
    if (t->service->route_count != 0)
        api_role(t, &b);
    tf_end(t, "iam.tf", &b);
}
