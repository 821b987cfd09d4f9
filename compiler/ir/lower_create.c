/*
 * lower_create.c - create: POST on the collection.
 *
 *     Create (Choice: refuse, else make $item) → CreateChecks (Choice) → CreatePut (Task, 201)
 *         condition false or ambiguous error → CreateProbe (Task) → CreateProbed (Choice)
 *             our mark: CreateDone (201)   another item: 409   none: 503
 *
 * The item is made before the write, so that a retry writes the same; the write is conditional on
 * the key being free; the answer is the item as stored, without hidden fields.
 */
#include "compiler/ir/lower_int.h"

#define WRITE "dynamodb:putItem"

static bool always_there(const struct lower_flow *f, const struct field *field)
{
    if (lower_settable(f->op, field))
        return !field->type->optional;
    return lower_in_path(f->entity, field) || field->from != NULL || field->version ||
           field->touch || field->ttl_s != 0 || field->value != NULL;
}

/* The Item argument: a JSON object where every attribute is always there, else one expression. */
static struct jnode *item_node(struct lower_flow *f)
{
    struct lower *l = f->l;
    bool fixed = f->entity->ttl == NULL || always_there(f, f->entity->ttl);
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        bool never = !lower_settable(f->op, field) && !always_there(f, field);
        fixed = fixed && (never || always_there(f, field));
    }
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    struct jnode *o = jnode_object(l->arena, f->span);
    aslrt_buffer_text(&b, "{");
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        if (!lower_settable(f->op, field) && !always_there(f, field))
            continue;
        const char *x = lower_path(l, "$item", field->name);
        if (fixed)
            jnode_set(l->arena, o, field->name, lower_encode_node(f, field->type, x));
        else if (always_there(f, field))
            aslrt_buffer_format(&b, "%s: %s, ", lower_quote(l, field->name),
                                lower_encode(l, field->type, x));
        else
            aslrt_buffer_format(&b, "%s: $exists(%s) ? %s, ", lower_quote(l, field->name), x,
                                lower_encode(l, field->type, x));
    }
    if (f->entity->ttl != NULL) {
        static const struct type digits = {.kind = TYPE_LONG};
        const char *x = lower_path(l, "$item", f->entity->ttl->name);
        const char *seconds = lower_ttl_expr(f, "$item");
        if (fixed)
            jnode_set(l->arena, o, "_ttl", lower_encode_node(f, &digits, seconds));
        else
            aslrt_buffer_format(&b, "'_ttl': $exists(%s) ? {'N': %s}, ", x, seconds);
    }
    static const struct type text = {.kind = TYPE_STRING};
    if (fixed) {
        jnode_set(l->arena, o, "_w", lower_encode_node(f, &text, "$w"));
        return o;
    }
    aslrt_buffer_text(&b, "'_w': {'S': $w}}");
    return lower_expr_node(l, f->span, aslrt_buffer_close(&b));
}

static struct jnode *put_arguments(struct lower_flow *f)
{
    struct lower *l = f->l;
    struct aslrt_arena *a = l->arena;
    struct jnode *arguments = jnode_object(a, f->span);
    struct jnode *names = jnode_object(a, f->span);
    jnode_set(a, arguments, "TableName", lower_table_name(f));
    jnode_set(a, arguments, "Item", item_node(f));
    const char *key = f->entity->key->name;
    bool ttl = f->entity->ttl != NULL;
    /* An item that has expired but is not yet deleted counts as missing. */
    jnode_set(a, arguments, "ConditionExpression",
              lower_text_node(l, f->span,
                              lower_format(l, "attribute_not_exists(#%s)%s", key,
                                           ttl ? " OR #_ttl <= :_now" : "")));
    jnode_set(a, names, lower_format(l, "#%s", key), lower_text_node(l, f->span, key));
    if (ttl)
        jnode_set(a, names, "#_ttl", lower_text_node(l, f->span, "_ttl"));
    jnode_set(a, arguments, "ExpressionAttributeNames", names);
    if (ttl) {
        struct jnode *values = jnode_object(a, f->span), *now = jnode_object(a, f->span);
        jnode_set(a, now, "N", lower_expr_node(l, f->span, "$string($floor($millis() / 1000))"));
        jnode_set(a, values, ":_now", now);
        jnode_set(a, arguments, "ExpressionAttributeValues", values);
    }
    return arguments;
}

/* '/projects/' & $encodeUrlComponent($item.project) & '/tasks/' & ... */
static const char *location(struct lower_flow *f)
{
    struct lower *l = f->l;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena), text = aslrt_buffer_in(l->arena);
    for (const char *p = f->entity->path;; p++) {
        if (*p != '{' && *p != '\0') {
            aslrt_buffer_char(&text, *p);
            continue;
        }
        if (*p == '\0')
            break;
        const char *end = strchr(p, '}');
        const char *name = aslrt_copy_text(l->arena, p + 1, (size_t)(end - p - 1));
        aslrt_buffer_format(&b, "%s & $encodeUrlComponent($string(%s)) & ",
                            lower_quote(l, aslrt_buffer_close(&text)),
                            lower_path(l, "$item", name));
        text = aslrt_buffer_in(l->arena);
        p = end;
    }
    const struct field *tail[] = {f->entity->key, f->entity->sort};
    for (int i = 0; i < 2; i++) {
        if (tail[i] == NULL || lower_in_path(f->entity, tail[i]))
            continue;
        aslrt_buffer_char(&text, '/');
        aslrt_buffer_format(&b, "%s & $encodeUrlComponent($string(%s)) & ",
                            lower_quote(l, aslrt_buffer_close(&text)),
                            lower_path(l, "$item", tail[i]->name));
        text = aslrt_buffer_in(l->arena);
    }
    if (text.count != 0)
        aslrt_buffer_text(&b, lower_quote(l, aslrt_buffer_close(&text)));
    else
        b.count -= 3; /* the last " & " */
    return aslrt_buffer_close(&b);
}

static bool every_check(const struct lower_flow *f, const struct check *check)
{
    (void)f;
    (void)check;
    return true;
}

static void prepare(struct lower_flow *f, ir_id state)
{
    struct lower *l = f->l;
    struct jnode *assign = jnode_object(l->arena, f->span);
    jnode_set(l->arena, assign, "item", lower_expr_node(l, f->span, lower_item_expr(f)));
    jnode_set(l->arena, assign, "w", lower_expr_node(l, f->span, lower_write_mark(f, "Put")));
    if (lower_catches_unsure(f, WRITE))
        jnode_set(l->arena, assign, "unsure", jnode_bool(l->arena, f->span, false));
    l->machine->states[state].assign = assign;
}

void lower_create(struct lower_flow *f)
{
    struct lower *l = f->l;
    f->budget = lower_fit(l, f->op, 2);
    ir_id first = lower_state(f, IR_CHOICE, "");
    lower_check_path(f, first);
    lower_check_caller(f, first);
    lower_check_body(f, first);
    prepare(f, first);

    struct lower_names names = {"$item", false, "$states.input.body", "$states.input", NULL, NULL};
    ir_id checks =
        lower_checks(f, f->entity->checks, f->entity->check_count, every_check, &names, IR_NONE);
    checks = lower_checks(f, f->op->checks, f->op->check_count, every_check, &names, checks);
    lower_goto(f, first, lower_name(f, checks == IR_NONE ? "Put" : "Checks"));
    if (checks != IR_NONE)
        lower_goto(f, checks, lower_name(f, "Put"));

    const char *show = lower_show(f, "$item", false);
    const char *etag = lower_etag(f, "$item", false);
    ir_id put = lower_task(f, "Put", WRITE, false, put_arguments(f));
    l->machine->states[put].output = lower_answer(f, 201, etag, location(f), show);
    l->machine->states[put].end = true;
    lower_catch(f, put, lower_name(f, "Probe"), lower_name(f, "Probe"), NULL);

    lower_probe(f, "$item", lower_name(f, "Probed"), lower_unsure_end(f, WRITE));
    ir_id probed = lower_state(f, IR_CHOICE, "Probed");
    lower_rule(f, probed, "$states.input.Item._w.S = $w", lower_name(f, "Done"))->comment =
        "our own write";
    lower_rule(f, probed, lower_item_exists(f), lower_end(f, lower_condition_error(f, "Conflict")))
        ->comment = "another item";
    lower_goto(f, probed, lower_unsure_end(f, WRITE));
    lower_unsure(f, WRITE);
    ir_id done = lower_state(f, IR_SUCCEED, "Done");
    l->machine->states[done].output = lower_answer(f, 201, etag, location(f), show);
}
