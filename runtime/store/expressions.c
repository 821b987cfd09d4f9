/*
 * expressions.c - see expressions.h.
 */
#include "runtime/store/expressions.h"
#include "runtime/store/request.h"

static const enum aslrt_expression_kind order[] = {
    ASLRT_EXPRESSION_UPDATE, ASLRT_EXPRESSION_CONDITION, ASLRT_EXPRESSION_KEY_CONDITION,
    ASLRT_EXPRESSION_FILTER, ASLRT_EXPRESSION_PROJECTION};

enum { KINDS = sizeof order / sizeof order[0] };

static bool is_given(struct aslrt_store_request *rq, const char *name)
{
    return aslrt_param(rq, name).kind != ASLRT_UNDEFINED;
}

/* The given ones of the expressions or of the names, for a message. */
static const char *list_given(struct aslrt_store_request *rq, const char *const *names)
{
    struct aslrt_buffer b = aslrt_buffer_in(rq->ddb.scratch);
    for (; *names != NULL; names++) {
        if (is_given(rq, *names))
            aslrt_buffer_format(&b, "%s%s", b.count == 0 ? "" : ", ", *names);
    }
    return aslrt_buffer_close(&b);
}

void aslrt_expressions_precheck(struct aslrt_store_request *rq, unsigned takes,
                                const char *const *legacy)
{
    const char *given[KINDS + 1] = {NULL}; /* the expressions that are there */
    size_t count = 0;
    bool valued = false; /* one of them can have values */
    for (size_t i = 0; i < KINDS; i++) {
        const char *label = aslrt_expression_label(order[i]);
        if ((takes & 1u << order[i]) == 0 || !is_given(rq, label))
            continue;
        given[count++] = label;
        valued = valued || order[i] != ASLRT_EXPRESSION_PROJECTION;
    }
    for (const char *const *name = legacy; *name != NULL; name++) {
        if (!is_given(rq, *name))
            continue;
        if (count == 0)
            aslrt_ddb_refuse(&rq->ddb,
                             "the embedded store does not take the legacy parameters {%s}: write "
                             "them as expressions",
                             list_given(rq, legacy));
        aslrt_ddb_refuse(&rq->ddb,
                         "Can not use both expression and non-expression parameters in the same "
                         "request: Non-expression parameters: {%s} Expression parameters: {%s}",
                         list_given(rq, legacy), list_given(rq, given));
    }
    if (count == 0 && is_given(rq, "ExpressionAttributeNames"))
        aslrt_ddb_refuse(&rq->ddb,
                         "ExpressionAttributeNames can only be specified when using expressions");
    if (!valued && is_given(rq, "ExpressionAttributeValues"))
        aslrt_ddb_refuse(&rq->ddb,
                         "ExpressionAttributeValues can only be specified when using expressions");
}

void aslrt_expressions_read(struct aslrt_store_request *rq, unsigned takes,
                            struct aslrt_request_expressions *out)
{
    struct aslrt_placeholders placeholders;
    bool values = (takes & ~ASLRT_TAKES(PROJECTION)) != 0; /* GetItem has none */
    *out = (struct aslrt_request_expressions){{NULL}};
    aslrt_placeholders_read(
        &rq->ddb, aslrt_param(rq, "ExpressionAttributeNames"),
        values ? aslrt_param(rq, "ExpressionAttributeValues") : aslrt_undefined(), &placeholders);
    for (size_t i = 0; i < KINDS; i++) {
        struct aslrt_bytes text = {NULL, 0};
        if (takes & 1u << order[i])
            text = aslrt_param_text(rq, aslrt_expression_label(order[i]));
        if (text.at == NULL)
            continue;
        struct aslrt_expression *e = aslrt_expression_parse(&rq->ddb, order[i], text);
        aslrt_expression_bind(&rq->ddb, e, &placeholders);
        out->of[order[i]] = e;
    }
    aslrt_placeholders_check(&rq->ddb, &placeholders);
}

/* ---- paths into keys ---- */

/* Whether a path at or below `e` goes into the attribute. */
static bool goes_into(const struct aslrt_expr *e, struct aslrt_bytes name)
{
    bool into = e->kind == ASLRT_EXPR_PATH && e->steps->next != NULL &&
                aslrt_bytes_equal(e->steps->name, name);
    for (const struct aslrt_expr *x = e->first; x != NULL && !into; x = x->next)
        into = goes_into(x, name);
    return into;
}

static void check_key(struct aslrt_store_request *rq, const struct aslrt_expression *e,
                      const struct aslrt_store_key *key, const char *kind)
{
    bool list = e->kind == ASLRT_EXPRESSION_UPDATE || e->kind == ASLRT_EXPRESSION_PROJECTION;
    if (key->name.at == NULL)
        return;
    for (const struct aslrt_expr *x = e->root; x != NULL; x = list ? x->next : NULL) {
        if (goes_into(x, key->name))
            aslrt_ddb_refuse(&rq->ddb,
                             "Key attributes must be scalars; list random access '[]' and map "
                             "lookup '.' are not allowed: %s: %.*s",
                             kind, (int)key->name.count, (const char *)key->name.at);
    }
}

void aslrt_expression_check_keys(struct aslrt_store_request *rq,
                                 const struct aslrt_store_table *table,
                                 const struct aslrt_expression *e)
{
    if (e == NULL)
        return;
    check_key(rq, e, &table->base.key, "Key");
    check_key(rq, e, &table->base.sort, "Key");
    for (uint32_t i = 0; i < table->index_count; i++) {
        check_key(rq, e, &table->indexes[i].key, "IndexKey");
        check_key(rq, e, &table->indexes[i].sort, "IndexKey");
    }
}
