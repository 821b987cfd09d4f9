/*
 * asl_errors.c - Retry and Catch (spec: Errors).
 *
 * What the names mean, their order and whether they match anything is the verifier's; here are
 * shapes and ranges.
 */
#include "compiler/front/asl_int.h"

#include <stdlib.h>

static uint32_t integer_of(const struct jnode *object, const char *key, uint32_t otherwise)
{
    const struct jnode *n = jnode_get(object, key);
    if (!jnode_is(n, J_NUMBER))
        return otherwise;
    double x = strtod(n->text, NULL);
    return x >= 0 && x <= UINT32_MAX ? (uint32_t)x : otherwise;
}

static void read_error_names(struct asl_reader *r, const struct asl_at *at,
                             const struct jnode *object, struct ir_slice *errors)
{
    const struct jnode *list = jnode_get(object, "ErrorEquals");
    if (!jnode_is(list, J_ARRAY))
        return;
    struct asl_at here = asl_key(at, "ErrorEquals");
    if (list->count == 0)
        asl_report_empty(r, &here, DIAG_ASL_FIELD_VALUE, list->span, "'ErrorEquals' is empty");
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i]->kind == J_STRING)
            ir_add_error(r->m, errors, list->items[i]->text, list->items[i]->span);
    }
}

/* spec: "MaxDelaySeconds ... MUST be greater than IntervalSeconds" is the guide's rule. */
static void check_delay(struct asl_reader *r, const struct asl_at *at, const struct jnode *object,
                        const struct ir_retrier *retrier)
{
    const struct jmember *most = jnode_member(object, "MaxDelaySeconds");
    if (most == NULL || retrier->max_delay_s == 0 || retrier->max_delay_s > retrier->interval_s)
        return;
    const struct jmember *first = jnode_member(object, "IntervalSeconds");
    struct diag *d =
        asl_begin(r, at, DIAG_ASL_FIELD_VALUE, most->value->span,
                  "'MaxDelaySeconds' is %u, but must be more than 'IntervalSeconds', which is %u",
                  retrier->max_delay_s, retrier->interval_s);
    if (first != NULL)
        diag_label(d, first->value->span, "the first delay is set here");
    else
        diag_note(d, "'IntervalSeconds' is 1 where it is not written");
    diag_end(d);
}

static void read_retrier(struct asl_reader *r, const struct asl_at *up, ir_id state,
                         const struct jnode *object)
{
    struct asl_at at = *up;
    at.language = IR_JSONPATH; /* nothing in a retrier may be an expression */
    asl_fields(r, &at, object, ASL_IN_RETRIER, NULL);
    asl_require(r, &at, object, ASL_IN_RETRIER, "ErrorEquals");
    struct ir_retrier *retrier = ir_add_retrier(r->m, state, object->span);
    retrier->source = object;
    retrier->interval_s = integer_of(object, "IntervalSeconds", retrier->interval_s);
    retrier->max_attempts = integer_of(object, "MaxAttempts", retrier->max_attempts);
    retrier->max_delay_s = integer_of(object, "MaxDelaySeconds", 0);
    const struct jnode *backoff = jnode_get(object, "BackoffRate");
    if (jnode_is(backoff, J_NUMBER))
        retrier->backoff = strtod(backoff->text, NULL);
    const struct jnode *jitter = jnode_get(object, "JitterStrategy");
    retrier->full_jitter = jnode_is(jitter, J_STRING) && strcmp(jitter->text, "FULL") == 0;
    read_error_names(r, &at, object, &retrier->errors);
    check_delay(r, &at, object, retrier);
}

static void read_catcher(struct asl_reader *r, const struct asl_at *up, ir_id state,
                         const struct jnode *object)
{
    struct asl_at at = *up;
    at.states = ASL_STATES_ALWAYS | ASLRT_STATES_ERROR_OUTPUT;
    asl_fields(r, &at, object, ASL_IN_CATCHER, NULL);
    asl_require(r, &at, object, ASL_IN_CATCHER, "ErrorEquals Next");
    struct ir_catcher *catcher = ir_add_catcher(r->m, state, object->span);
    catcher->next = asl_ref(jnode_get(object, "Next"));
    catcher->result_path = jnode_get(object, "ResultPath");
    catcher->output = jnode_get(object, "Output");
    catcher->assign = jnode_get(object, "Assign");
    catcher->comment = asl_text(jnode_get(object, "Comment"));
    read_error_names(r, &at, object, &catcher->errors);
}

/* Calls `read` for each object of a list. */
static void
read_list(struct asl_reader *r, const struct asl_at *at, ir_id state, const struct jnode *list,
          void (*read)(struct asl_reader *, const struct asl_at *, ir_id, const struct jnode *))
{
    for (uint32_t i = 0; jnode_is(list, J_ARRAY) && i < list->count; i++) {
        struct asl_at here = asl_index(at, i);
        if (list->items[i]->kind == J_OBJECT && !jnode_is_opaque(list->items[i]))
            read(r, &here, state, list->items[i]);
        else if (!jnode_is_opaque(list->items[i]))
            asl_wrong_type(r, &here, list->items[i], "an array of objects");
    }
}

void asl_read_retry(struct asl_reader *r, const struct asl_at *at, ir_id state,
                    const struct jnode *list)
{
    read_list(r, at, state, list, read_retrier);
}

void asl_read_catch(struct asl_reader *r, const struct asl_at *at, ir_id state,
                    const struct jnode *list)
{
    read_list(r, at, state, list, read_catcher);
}
