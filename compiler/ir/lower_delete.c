/*
 * lower_delete.c - delete: DELETE on one item.
 *
 *     Delete (Choice: refuse) → DeleteWrite (Task, 204)
 *         condition false → DeleteProbe (Task) → DeleteProbed (Choice)
 *             no item: 404   failing check   other version: 412   none: 503
 *         ambiguous error, $unsure := true → DeleteProbe ... no item: 204
 *
 * A deleted item carries no mark.  After an ambiguous error a missing item means that what the
 * caller asked for is so, whoever did it: 204.
 */
#include "compiler/ir/lower_int.h"

#define WRITE "dynamodb:deleteItem"

/* ExpressionAttributeValues may not be empty, and with If-Match: * nothing may be left to compare.
 */
static struct jnode *delete_arguments(struct lower_flow *f, const struct check *const *checks,
                                      uint32_t check_count)
{
    struct lower *l = f->l;
    struct lower_condition c = {aslrt_buffer_in(l->arena), aslrt_buffer_in(l->arena), 0};
    const char *condition = lower_write_condition(f, checks, check_count, &c);
    const char *names = lower_format(l, "$merge([%s])", aslrt_buffer_close(&c.names) + 2);
    const char *values = c.values.count == 0
                             ? NULL
                             : lower_format(l, "$merge([%s])", aslrt_buffer_close(&c.values) + 2);
    struct jnode *o = jnode_object(l->arena, f->span);
    struct jnode *table = lower_table_name(f), *key = lower_key_node(f, "$in.path");
    if (f->entity->version != NULL) {
        struct aslrt_buffer k = aslrt_buffer_in(l->arena);
        const struct field *fields[] = {f->entity->key, f->entity->sort};
        for (int i = 0; i < 2 && fields[i] != NULL; i++)
            aslrt_buffer_format(
                &k, "%s%s: %s", i == 0 ? "" : ", ", lower_quote(l, fields[i]->name),
                lower_encode(l, fields[i]->type, lower_path(l, "$in.path", fields[i]->name)));
        return lower_expr_node(
            l, f->span,
            lower_format(l,
                         "($v := %s; $merge([{'TableName': '%s', 'Key': {%s}, "
                         "'ConditionExpression': '%s', 'ExpressionAttributeNames': %s}, "
                         "$count($keys($v)) > 0 ? {'ExpressionAttributeValues': $v} : {}]))",
                         values, table->text, aslrt_buffer_close(&k), condition, names));
    }
    jnode_set(l->arena, o, "TableName", table);
    jnode_set(l->arena, o, "Key", key);
    jnode_set(l->arena, o, "ConditionExpression", lower_condition_node(f, condition));
    jnode_set(l->arena, o, "ExpressionAttributeNames", lower_expr_node(l, f->span, names));
    if (values != NULL)
        jnode_set(l->arena, o, "ExpressionAttributeValues", lower_expr_node(l, f->span, values));
    return o;
}

void lower_delete(struct lower_flow *f)
{
    struct lower *l = f->l;
    struct aslrt_arena *a = l->arena;
    f->budget = lower_fit(l, f->op, 2);
    ir_id first = lower_state(f, IR_CHOICE, "");
    lower_check_path(f, first);
    lower_check_caller(f, first);
    lower_check_if_match(f, first);
    lower_input_checks(f, first, "$states.input");
    struct jnode *assign = jnode_object(a, f->span);
    jnode_set(a, assign, "in", lower_expr_node(l, f->span, "$states.input"));
    jnode_set(a, assign, "unsure", jnode_bool(a, f->span, false));
    l->machine->states[first].assign = assign;
    lower_goto(f, first, lower_name(f, "Write"));

    const struct check **stored = ASLRT_NEW_ARRAY(a, const struct check *, f->op->check_count + 1);
    uint32_t stored_count = lower_stored_checks(f, stored);
    ir_id write = lower_task(f, "Write", WRITE, false, delete_arguments(f, stored, stored_count));
    l->machine->states[write].output = lower_answer(f, 204, NULL, NULL, NULL);
    l->machine->states[write].end = true;
    struct jnode *note = jnode_object(a, f->span);
    jnode_set(a, note, "unsure", jnode_bool(a, f->span, true));
    lower_catch(f, write, lower_name(f, "Probe"), lower_name(f, "Probe"), note);

    lower_probe(f, "$in.path", lower_name(f, "Probed"), lower_unsure_end(f, WRITE));
    ir_id probed = lower_state(f, IR_CHOICE, "Probed");
    const char *missing = lower_format(l, "((%s) ? false : true)", lower_item_exists(f));
    lower_rule(f, probed, lower_format(l, "$unsure and %s", missing), lower_name(f, "Done"))
        ->comment = "gone, perhaps by us";
    lower_rule(f, probed, missing, lower_end_named(f, "NotFound"))->comment = "no item";
    lower_answer_failure(f, probed, stored, stored_count);
    lower_goto(f, probed, lower_unsure_end(f, WRITE));
    lower_unsure(f, WRITE);
    ir_id done = lower_state(f, IR_SUCCEED, "Done");
    l->machine->states[done].output = lower_answer(f, 204, NULL, NULL, NULL);
}
