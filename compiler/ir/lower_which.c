/*
 * lower_which.c - several lists of one entity share an address; what is in the query tells them
 * apart.
 *
 *     ListTaskWhich (Choice: ?assignee=) → ListTaskByByAssignee ...    else → ListTask ...
 *
 * In: the lists of an entity; the names checker has seen to it that no two need the same of the
 * query. Out: one Choice in front of them.  The route is that of the primary list.
 */
#include "compiler/front/builtins.h"
#include "compiler/ir/lower_int.h"

enum { KEYS_MAX = 2 }; /* of an index */

const char *lower_query_name(const struct ast_expr *e)
{
    bool query = e != NULL && e->kind == AST_CALL && e->left->ref != NULL &&
                 e->left->ref->kind == BIND_BUILTIN && e->left->ref->builtin == BUILTIN_QUERY;
    return query && e->args != NULL && e->args->value->kind == AST_STRING ? e->args->value->text
                                                                          : NULL;
}

/* How many parameters of the query the list can't do without. */
static uint32_t needed(const struct operation *op)
{
    uint32_t count = 0;
    for (const struct ast_arg *a = op->args; a != NULL; a = a->next)
        count += lower_query_name(a->value) != NULL;
    return count;
}

const struct operation *lower_primary(const struct operation *op)
{
    if (op->verb != AST_LIST_VERB)
        return op;
    const struct operation *least = NULL;
    for (uint32_t i = 0; i < op->entity->operation_count; i++) {
        const struct operation *other = op->entity->operations[i];
        if (other->verb == AST_LIST_VERB && (least == NULL || needed(other) < needed(least)))
            least = other;
    }
    return least;
}

bool lower_has_others(const struct operation *op)
{
    for (uint32_t i = 0; i < op->entity->operation_count; i++) {
        const struct operation *other = op->entity->operations[i];
        if (other != op && lower_primary(other) == op)
            return true;
    }
    return false;
}

const char *lower_entry(struct lower *l, const struct operation *primary)
{
    const char *prefix = lower_prefix(l, primary);
    return lower_has_others(primary) ? lower_format(l, "%sWhich", prefix) : prefix;
}

/* True when the query has everything that the list looks for. */
static const char *asked_for(struct lower *l, const struct operation *op)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    for (const struct ast_arg *a = op->args; a != NULL; a = a->next) {
        const char *name = lower_query_name(a->value);
        if (name != NULL)
            aslrt_buffer_format(&b, "%s$type(%s) = 'string'", b.count == 0 ? "" : " and ",
                                lower_path(l, "$states.input.query", name));
    }
    return aslrt_buffer_close(&b);
}

void lower_which(struct lower *l, const struct operation *primary)
{
    struct lower_flow f = {.l = l,
                           .op = primary,
                           .entity = primary->entity,
                           .prefix = lower_prefix(l, primary),
                           .span = primary->ast->span};
    ir_id which = lower_state(&f, IR_CHOICE, "Which");
    for (uint32_t n = KEYS_MAX; n > 0; n--) { /* who needs more is asked first */
        for (uint32_t i = 0; i < primary->entity->operation_count; i++) {
            const struct operation *op = primary->entity->operations[i];
            if (op != primary && lower_primary(op) == primary && needed(op) == n)
                lower_rule(&f, which, asked_for(l, op), lower_prefix(l, op))->comment =
                    lower_format(l, "by %s", op->index->name);
        }
    }
    lower_goto(&f, which, f.prefix);
}
