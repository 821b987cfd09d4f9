/*
 * lower_get.c - get: GET on one item.
 *
 *     Get (Choice: refuse) → GetRead (Task, consistent) → GetFound (Choice) → GetDone (200) | 404
 *
 * Only the fields that are answered are read.
 */
#include "compiler/ir/lower_int.h"

struct jnode *lower_projection(struct lower_flow *f, struct jnode *names)
{
    struct lower *l = f->l;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        if (!lower_shown(f->op, field) && !(field->version && f->op->verb == AST_GET))
            continue;
        const char *hash = lower_format(l, "#%s", field->name);
        aslrt_buffer_format(&b, "%s%s", b.count == 0 ? "" : ", ", hash);
        if (jnode_get(names, hash) == NULL)
            jnode_set(l->arena, names, hash, lower_text_node(l, f->span, field->name));
    }
    if (f->entity->ttl != NULL && f->op->verb == AST_GET) {
        aslrt_buffer_text(&b, ", #_ttl");
        jnode_set(l->arena, names, "#_ttl", lower_text_node(l, f->span, "_ttl"));
    }
    return lower_text_node(l, f->span, aslrt_buffer_close(&b));
}

void lower_get(struct lower_flow *f)
{
    struct lower *l = f->l;
    struct aslrt_arena *a = l->arena;
    f->budget = lower_fit(l, f->op, 1);
    ir_id first = lower_state(f, IR_CHOICE, "");
    lower_check_path(f, first);
    lower_check_caller(f, first);
    lower_goto(f, first, lower_name(f, "Read"));

    struct jnode *arguments = jnode_object(a, f->span), *names = jnode_object(a, f->span);
    jnode_set(a, arguments, "TableName", lower_table_name(f));
    jnode_set(a, arguments, "Key", lower_key_node(f, "$states.input.path"));
    if (!f->op->eventual)
        jnode_set(a, arguments, "ConsistentRead", jnode_bool(a, f->span, true));
    if (f->op->check_count == 0) {
        jnode_set(a, arguments, "ProjectionExpression", lower_projection(f, names));
        jnode_set(a, arguments, "ExpressionAttributeNames", names);
    } else { /* the checks need the whole item, and the request after the item has taken its place
              */
        struct jnode *assign = jnode_object(a, f->span);
        jnode_set(a, assign, "in", lower_expr_node(l, f->span, "$states.input"));
        l->machine->states[first].assign = assign;
    }
    ir_id read = lower_task(f, "Read", "dynamodb:getItem", true, arguments);
    lower_goto(f, read, lower_name(f, "Found"));
    lower_catch(f, read, NULL, NULL, NULL);

    ir_id found = lower_state(f, IR_CHOICE, "Found");
    lower_rule(f, found, lower_format(l, "(%s) ? false : true", lower_item_exists(f)),
               lower_end_named(f, "NotFound"))
        ->comment = "no item";
    struct lower_names stored = {"$states.input.Item", true, "$in.body", "$in", NULL, NULL};
    for (uint32_t i = 0; i < f->op->check_count; i++)
        lower_rule(f, found,
                   lower_format(l, "(%s) ? false : true",
                                lower_expr(l, f->op->checks[i].condition, &stored)),
                   lower_end(f, f->op->checks[i].error));
    lower_goto(f, found, lower_name(f, "Done"));

    ir_id done = lower_state(f, IR_SUCCEED, "Done");
    l->machine->states[done].output =
        lower_answer(f, 200, lower_etag(f, "$states.input.Item", true), NULL,
                     lower_show(f, "$states.input.Item", true));
}
