/*
 * repeat.c - is it harmless to make the same call twice?
 *
 * In: a Task.  Out: yes, no, or that nobody can tell from the machine.
 * A read is; a put of the same item is; an update that adds, appends or counts is not, nor is a
 * write whose key is generated inside of its arguments, since a retry evaluates them again.  A
 * token makes a call harmless that knows the token.  A message or a start of something is an effect
 * each time. A condition that the first try makes false (attribute_not_exists) makes the second
 * fail instead of repeating it: harmless too.
 */
#include "compiler/verify/verify_int.h"

#include <string.h>

/* A value that is another one each time that it is evaluated. */
static bool is_generated(const struct jnode *n)
{
    return verify_mentions(n, "States.UUID") || verify_mentions(n, "States.MathRandom") ||
           verify_mentions(n, "$uuid(") || verify_mentions(n, "$random(");
}

static bool has_token(const struct ir_state *s, const struct catalog_call *call)
{
    static const char *const tokens[] = {"ClientRequestToken", "ClientToken", "IdempotencyToken"};
    bool unknown;
    if (call != NULL && call->token != NULL) {
        const struct jnode *token = verify_argument(s, call->token, &unknown);
        return token != NULL && !is_generated(token);
    }
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        const struct jnode *token = verify_argument(s, tokens[i], &unknown);
        if (token != NULL && !is_generated(token))
            return true;
    }
    return false;
}

/* Looks for what an update expression does to the old value: ADD, list_append, x = x + y. */
static const char *update_repeats(const char *expression)
{
    static const char *const words[] = {"ADD ", "add ", "Add "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *at = strstr(expression, words[i]);
        if (at != NULL && (at == expression || at[-1] == ' ' || at[-1] == '\n'))
            return "ADD adds again";
    }
    if (strstr(expression, "list_append") != NULL)
        return "list_append appends again";
    for (const char *p = expression; *p != '\0'; p++) {
        /* '+' and '-' between operands; '-' also stands inside of names only in quotes, never here.
         */
        if ((*p == '+' || *p == '-') && p > expression && (p[-1] == ' ' || p[1] == ' '))
            return *p == '+' ? "it adds to the old value again"
                             : "it subtracts from the old value again";
    }
    return NULL;
}

static enum verify_repeat put_repeats(const struct ir_state *s, const char **why)
{
    bool unknown;
    const struct jnode *item = verify_argument(s, "Item", &unknown);
    if (unknown)
        return REPEAT_UNKNOWN;
    if (is_generated(item)) {
        *why = "a retry generates another key, so that both items are stored";
        return REPEAT_HARMS;
    }
    return REPEAT_SAFE;
}

static enum verify_repeat update_item_repeats(const struct ir_state *s, const char **why)
{
    bool unknown;
    const struct jnode *expression = verify_argument(s, "UpdateExpression", &unknown);
    if (verify_argument(s, "ConditionExpression", &unknown) != NULL || unknown)
        return REPEAT_UNKNOWN;
    if (!jnode_is(expression, J_STRING))
        return expression == NULL ? REPEAT_SAFE : REPEAT_UNKNOWN;
    if (jnode_is_jsonata(expression))
        return REPEAT_UNKNOWN;
    *why = update_repeats(expression->text);
    return *why != NULL ? REPEAT_HARMS : REPEAT_SAFE;
}

static enum verify_repeat http_repeats(const struct ir_state *s, const char **why)
{
    bool unknown;
    const struct jnode *method = verify_argument(s, "Method", &unknown);
    if (!jnode_is(method, J_STRING))
        return REPEAT_UNKNOWN;
    static const char *const safe[] = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"};
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        if (strcmp(method->text, safe[i]) == 0)
            return REPEAT_SAFE;
    if (verify_argument(s, "Headers", &unknown) != NULL &&
        verify_mentions(verify_argument(s, "Headers", &unknown), "dempotency"))
        return REPEAT_SAFE;
    *why = "the request may be made twice";
    return REPEAT_DOUBLES;
}

enum verify_repeat verify_repeats(const struct ir_state *s, const struct task *t, const char **why)
{
    *why = NULL;
    if (t->reads || s->idempotent || s->probed)
        return REPEAT_SAFE;
    if (t->call == NULL)
        return REPEAT_UNKNOWN;
    if (strcmp(t->key, "http:invoke") == 0 || strcmp(t->key, "apigateway:invoke") == 0)
        return http_repeats(s, why);
    if (t->call->repeat == CATALOG_SAFE || has_token(s, t->call))
        return REPEAT_SAFE;
    if (strcmp(t->action, "putItem") == 0)
        return put_repeats(s, why);
    if (strcmp(t->action, "updateItem") == 0)
        return update_item_repeats(s, why);
    if (strcmp(t->action, "deleteItem") == 0)
        return REPEAT_SAFE;
    if (strcmp(t->key, "aws-sdk:dynamodb:transactWriteItems") == 0) {
        *why = "without a ClientRequestToken the transaction may be applied twice";
        return REPEAT_DOUBLES;
    }
    if (t->call->repeat == CATALOG_ARGS)
        return REPEAT_UNKNOWN;
    *why = t->call->effect == CATALOG_CALL ? "what it sends or starts may be sent or started twice"
                                           : "it may be done twice";
    return REPEAT_DOUBLES;
}
