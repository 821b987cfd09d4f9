/*
 * terraform_main.c - main.tf: tables, log group, state machines and their aliases.
 */
#include "compiler/emit/terraform_int.h"

/* ---- tables ---- */

static void attribute(struct aslrt_buffer *b, const struct svc_attribute *a,
                      struct svc_attribute *seen, uint32_t *count)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (strcmp(seen[i].name, a->name) == 0)
            return;
    }
    seen[(*count)++] = *a;
    hcl_put(b, "\n  attribute {\n    name = %s\n    type = \"%c\"\n  }\n",
            hcl_quote(b->arena, a->name), a->type);
}

static void index_block(struct aslrt_buffer *b, const struct svc_index *index)
{
    hcl_put(b, "\n  global_secondary_index {\n    name = %s\n    hash_key = %s\n",
            hcl_quote(b->arena, index->name), hcl_quote(b->arena, index->key.name));
    if (index->has_sort)
        hcl_put(b, "    range_key = %s\n", hcl_quote(b->arena, index->sort.name));
    if (index->project_count == 0) {
        hcl_put(b, "    projection_type = \"ALL\"\n  }\n");
        return;
    }
    hcl_put(b, "    projection_type = \"INCLUDE\"\n    non_key_attributes = [");
    for (uint32_t i = 0; i < index->project_count; i++)
        hcl_put(b, "%s%s", i == 0 ? "" : ", ", hcl_quote(b->arena, index->project[i]));
    hcl_put(b, "]\n  }\n");
}

static void table(struct tf *t, struct aslrt_buffer *b, const struct svc_table *table)
{
    struct svc_attribute *seen =
        ASLRT_NEW_ARRAY(t->arena, struct svc_attribute, 2 + 2 * (size_t)table->index_count);
    uint32_t count = 0;
    hcl_put(b,
            "resource \"aws_dynamodb_table\" \"%s\" {\n"
            "  name = \"${var.name}-%s\"\n"
            "  billing_mode = \"PAY_PER_REQUEST\"\n"
            "  hash_key = %s\n",
            table->id, tf_words(t, table->entity, '-'), hcl_quote(t->arena, table->key.name));
    if (table->has_sort)
        hcl_put(b, "  range_key = %s\n", hcl_quote(t->arena, table->sort.name));
    hcl_put(b, "  deletion_protection_enabled = var.deletion_protection\n  tags = local.tags\n");
    attribute(b, &table->key, seen, &count);
    if (table->has_sort)
        attribute(b, &table->sort, seen, &count);
    for (uint32_t i = 0; i < table->index_count; i++) {
        attribute(b, &table->indexes[i].key, seen, &count);
        if (table->indexes[i].has_sort)
            attribute(b, &table->indexes[i].sort, seen, &count);
    }
    for (uint32_t i = 0; i < table->index_count; i++)
        index_block(b, &table->indexes[i]);
    if (table->ttl != NULL)
        hcl_put(b, "\n  ttl {\n    attribute_name = %s\n    enabled = true\n  }\n",
                hcl_quote(t->arena, table->ttl));
    hcl_put(b, "\n  point_in_time_recovery {\n    enabled = true\n  }\n"
               "\n  server_side_encryption {\n    enabled = true\n"
               "    kms_key_arn = var.kms_key_arn\n  }\n}\n\n");
}

/* ---- machines ---- */

static const char *log_level(const struct svc_service *s)
{
    const char *level = s->log_level == NULL ? "error" : s->log_level;
    return strcmp(level, "all") == 0     ? "ALL"
           : strcmp(level, "fatal") == 0 ? "FATAL"
           : strcmp(level, "off") == 0   ? "OFF"
                                         : "ERROR";
}

/* The map that fills the holes of a definition: every table and variable that its text mentions. */
static void holes(struct tf *t, struct aslrt_buffer *b)
{
    for (uint32_t i = 0; i < t->service->table_count; i++)
        hcl_put(b, "    table_%s = aws_dynamodb_table.%s.name\n", t->service->tables[i].id,
                t->service->tables[i].id);
    for (uint32_t i = 0; i < t->service->var_count; i++)
        hcl_put(b, "    var_%s = var.%s\n", t->service->vars[i].name, t->service->vars[i].name);
}

static void machine(struct tf *t, struct aslrt_buffer *b, uint32_t i)
{
    const char *id = tf_machine(t, i), *name = "var.name";
    if (t->several) {
        struct aslrt_buffer text = aslrt_buffer_in(t->arena);
        aslrt_buffer_format(&text, "\"${var.name}%s\"", tf_suffix(t, i));
        name = aslrt_buffer_close(&text);
    }
    hcl_put(b,
            "resource \"aws_sfn_state_machine\" \"%s\" {\n"
            "  name = %s\n"
            "  role_arn = aws_iam_role.states%s%s.arn\n"
            "  type = \"EXPRESS\"\n"
            "  publish = true\n"
            "  tags = local.tags\n"
            "\n"
            "  definition = templatefile(\"${path.module}/%s.asl.json\", {\n",
            id, name, t->several ? "_" : "", t->several ? id : "", t->service->machines[i]->name);
    holes(t, b);
    hcl_put(b,
            "  })\n"
            "\n"
            "  # Payloads are personal data: checkov:skip=CKV_AWS_285 by design.\n"
            "  logging_configuration {\n"
            "    log_destination = \"${aws_cloudwatch_log_group.states.arn}:*\"\n"
            "    include_execution_data = %s\n"
            "    level = \"%s\"\n"
            "  }\n"
            "\n"
            "  tracing_configuration {\n    enabled = true\n  }\n"
            "\n"
            "  dynamic \"encryption_configuration\" {\n"
            "    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]\n"
            "\n"
            "    content {\n"
            "      kms_key_id = encryption_configuration.value\n"
            "      type = \"CUSTOMER_MANAGED_KMS_KEY\"\n"
            "      kms_data_key_reuse_period_seconds = 300\n"
            "    }\n"
            "  }\n"
            "\n"
            "  depends_on = [aws_iam_role_policy.states%s%s]\n"
            "}\n\n"
            "resource \"aws_sfn_alias\" \"%s\" {\n"
            "  name = \"live\"\n"
            "\n"
            "  routing_configuration {\n"
            "    state_machine_version_arn = aws_sfn_state_machine.%s.state_machine_version_arn\n"
            "    weight = 100\n"
            "  }\n"
            "}\n\n",
            t->service->log_data ? "true" : "false", log_level(t->service), t->several ? "_" : "",
            t->several ? id : "", id, id);
}

void tf_main(struct tf *t)
{
    struct aslrt_buffer b = tf_begin(t);
    hcl_put(&b,
            "data \"aws_partition\" \"current\" {}\n"
            "data \"aws_caller_identity\" \"current\" {}\n"
            "data \"aws_region\" \"current\" {}\n"
            "\n"
            "locals {\n"
            "  region = data.aws_region.current.id\n"
            "  tags = merge({ \"generated-by\" = \"aslc\", \"service\" = var.name }, var.tags)\n"
            "}\n\n");
    for (uint32_t i = 0; i < t->service->table_count; i++)
        table(t, &b, &t->service->tables[i]);
    hcl_put(&b, "resource \"aws_cloudwatch_log_group\" \"states\" {\n"
                "  name = \"/aws/vendedlogs/states/${var.name}\"\n"
                "  retention_in_days = var.log_retention_days\n"
                "  kms_key_id = var.kms_key_arn\n"
                "  tags = local.tags\n"
                "}\n\n");
    for (uint32_t i = 0; i < t->service->machine_count; i++)
        machine(t, &b, i);
    tf_end(t, "main.tf", &b);
}
