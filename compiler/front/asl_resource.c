/*
 * asl_resource.c - the Resource of a Task: which call it is, and whether there is such a call.
 *
 * catalog/ takes it apart; here is what people are told.
 */
#include "catalog/catalog.h"
#include "compiler/base/suggest.h"
#include "compiler/front/asl_int.h"

static void suggest_service(struct diag *d, const struct catalog_resource *c)
{
    const char *names[256];
    uint32_t count = 0;
    for (uint32_t i = 0; i < catalog_service_count && count < 256; i++) {
        if (catalog_services[i].sdk == (c->kind == CATALOG_SDK_CALL))
            names[count++] = catalog_services[i].name;
    }
    const char *near = suggest(c->service, names, count);
    if (near != NULL)
        diag_help(d, "did you mean '%s'?", near);
}

static void suggest_action(struct diag *d, const struct catalog_resource *c)
{
    const char *names[256];
    uint32_t count = 0;
    const struct catalog_call *calls =
        c->owner == NULL ? NULL : catalog_service_calls(c->owner, &count);
    if (count > 256)
        count = 256;
    for (uint32_t i = 0; i < count; i++)
        names[i] = strrchr(calls[i].key, ':') + 1;
    const char *near = suggest(c->action, names, count);
    if (near != NULL)
        diag_help(d, "did you mean '%s'?", near);
    else if (c->kind == CATALOG_OPTIMISED)
        diag_help(d, "the call of the SDK may exist: 'arn:%s:states:::aws-sdk:%s:%s'", c->partition,
                  c->service, c->action);
}

static void say_unrecognised(struct diag *d, const struct ir_state *s)
{
    diag_service(
        d, 0,
        "The resource provided %s is not recognized. The value is not a valid resource ARN, "
        "or the resource is not available in this region.",
        s->resource);
}

static void report_pattern(struct asl_reader *r, const struct asl_at *at, const struct ir_state *s,
                           const struct catalog_resource *c)
{
    struct diag *d;
    if (c->problem == CATALOG_UNKNOWN_PATTERN)
        d = asl_begin(r, at, DIAG_ASL_INTEGRATION_PATTERN, s->resource_span,
                      "there is no integration pattern '.%s'", c->suffix);
    else
        d = asl_begin(r, at, DIAG_ASL_INTEGRATION_PATTERN, s->resource_span,
                      "'%s:%s' does not support '.%s'", c->service, c->action, c->suffix);
    if (c->problem == CATALOG_UNKNOWN_PATTERN)
        diag_help(d, "the patterns are '.sync', '.sync:2' and '.waitForTaskToken'");
    else if (c->kind == CATALOG_SDK_CALL && c->pattern != CATALOG_WAIT_FOR_TOKEN)
        diag_help(d, "calls of the SDK support '.waitForTaskToken' only");
    say_unrecognised(d, s);
    diag_end(d);
}

static void report_problem(struct asl_reader *r, const struct asl_at *at, const struct ir_state *s,
                           const struct catalog_resource *c)
{
    struct diag *d = NULL;
    switch (c->kind == CATALOG_FOREIGN ? CATALOG_NOT_AN_ARN : c->problem) {
    case CATALOG_FINE:
        return;
    case CATALOG_NOT_AN_ARN:
        if (c->kind == CATALOG_FUNCTION) {
            d = asl_begin(r, at, DIAG_ASL_RESOURCE, s->resource_span,
                          "'%s' does not end in a function, or in a version or alias of one",
                          s->resource);
            diag_service(d, 0, "Value is not a valid resource ARN");
            diag_help(d, "a function is 'arn:aws:lambda:REGION:ACCOUNT:function:NAME'");
            break;
        }
        d = asl_begin(r, at, DIAG_ASL_RESOURCE, s->resource_span,
                      "'%s' is not an ARN of a function, "
                      "an activity or a service call",
                      s->resource);
        diag_service(d, 0, "Value is not a valid resource ARN");
        diag_help(d, "a service call is 'arn:aws:states:::SERVICE:ACTION'");
        break;
    case CATALOG_UNKNOWN_SERVICE:
        d = asl_begin(r, at, DIAG_ASL_INTEGRATION, s->resource_span,
                      "Step Functions has no integration with a service '%s'", c->service);
        suggest_service(d, c);
        break;
    case CATALOG_UNKNOWN_ACTION:
        d = asl_begin(r, at, DIAG_ASL_INTEGRATION, s->resource_span,
                      "the integration with '%s' has no action '%s'", c->service, c->action);
        suggest_action(d, c);
        break;
    case CATALOG_ACTION_CASE:
        d = asl_begin(r, at, DIAG_ASL_INTEGRATION, s->resource_span,
                      "the action '%s' begins with a capital letter", c->action);
        diag_help(d, "actions are in camel case: 'getItem', not 'GetItem'");
        break;
    case CATALOG_UNKNOWN_PATTERN:
    case CATALOG_WRONG_PATTERN:
        report_pattern(r, at, s, c);
        return;
    }
    if (c->kind != CATALOG_FOREIGN && c->problem != CATALOG_NOT_AN_ARN)
        say_unrecognised(d, s);
    diag_end(d);
}

void asl_read_resource(struct asl_reader *r, const struct asl_at *at, struct ir_state *state)
{
    const struct jnode *value = jnode_get(state->source, "Resource");
    struct asl_at here = asl_key(at, "Resource");
    struct catalog_resource c;
    if (!jnode_is(value, J_STRING))
        return;
    state->resource = value->text;
    state->resource_span = value->span;
    catalog_parse_resource(value->text, &c);
    state->pattern = (enum ir_pattern)c.pattern; /* ORDER pattern: the same in catalog.h and ir.h */
    if (c.key[0] != '\0')
        state->integration = aslrt_copy_text(r->arena, c.key, strlen(c.key));
    report_problem(r, &here, state, &c);
}
