/*
 * lower_update.c - update (PATCH, RFC 7396 at top level) and replace (PUT) of one item.
 *
 *     Update (Choice: refuse) → UpdateChecks (Choice) → UpdateWrite (Task, 200)
 *         condition false or ambiguous error → UpdateProbe (Task) → UpdateProbed (Choice)
 *             our mark: UpdateDone (200)   no item: 404   failing check   other version: 412 none:
 * 503
 *
 * Both are updateItem, so that what the client can't set stays.  Checks on stored fields, the
 * version and the item's existence are the write's condition; the probe only finds out which of
 * them failed. The parts of the expressions come from a fixed list a field: names and values never
 * come from the client's keys, none is unused, none is empty.
 */
#include "compiler/ir/lower_int.h"

#define WRITE "dynamodb:updateItem"

#define IF_MATCH "$in.headers.`if-match`"

/* The four lists that an UpdateExpression is made of, as JSONata elements, each after ", ". */
struct parts {
    struct aslrt_buffer sets, removes, names, values;
};

static void fixed_part(struct lower *l, struct parts *p, const char *name, const char *set,
                       const char *value)
{
    aslrt_buffer_format(&p->sets, ", %s", lower_quote(l, set));
    aslrt_buffer_format(&p->names, ", {'#%s': %s}", name, lower_quote(l, name));
    if (value != NULL)
        aslrt_buffer_format(&p->values, ", {':%s': %s}", name, value);
}

/* A field that the client may set; x is what it sent, in normal form. */
static void sent_part(struct lower *l, struct parts *p, const struct operation *op,
                      const struct field *field, const char *x)
{
    const char *name = field->name;
    const char *value = lower_encode(l, field->type, x);
    bool put = op->verb == AST_REPLACE;
    if (put && !field->type->optional) {
        fixed_part(l, p, name, lower_format(l, "#%s = :%s", name, name), value);
        return;
    }
    const char *there = field->type->optional && !put
                            ? lower_format(l, "$exists(%s) and $not(%s = null)", x, x)
                            : lower_format(l, "$exists(%s)", x);
    aslrt_buffer_format(&p->sets, ", %s ? '#%s = :%s'", there, name, name);
    aslrt_buffer_format(&p->values, ", %s ? {':%s': %s} : {}", there, name, value);
    if (put) { /* absent from a PUT: absent from the item */
        aslrt_buffer_format(&p->removes, ", $exists(%s) ? [] : '#%s'", x, name);
        aslrt_buffer_format(&p->names, ", {'#%s': %s}", name, lower_quote(l, name));
        return;
    }
    if (field->type->optional)
        aslrt_buffer_format(&p->removes, ", %s = null ? '#%s'", x, name);
    aslrt_buffer_format(&p->names, ", $exists(%s) ? {'#%s': %s} : {}", x, name,
                        lower_quote(l, name));
}

static void ttl_part(struct lower_flow *f, struct parts *p)
{
    const struct field *ttl = f->entity->ttl;
    if (ttl == NULL || !lower_settable(f->op, ttl))
        return;
    struct lower *l = f->l;
    const char *x = lower_path(l, "$item", ttl->name);
    const char *there = lower_format(l, "$exists(%s) and $not(%s = null)", x, x);
    aslrt_buffer_format(&p->sets, ", %s ? '#_ttl = :_ttl'", there);
    aslrt_buffer_format(&p->values, ", %s ? {':_ttl': {'N': %s}} : {}", there,
                        lower_ttl_expr(f, "$item"));
    aslrt_buffer_format(&p->removes, ", %s ? '#_ttl'",
                        f->op->verb == AST_REPLACE ? lower_format(l, "$not($exists(%s))", x)
                                                   : lower_format(l, "%s = null", x));
    aslrt_buffer_text(&p->names, ", {'#_ttl': '_ttl'}");
}

/* @ttl(30d): so long after this write. */
static void expiry_part(struct lower *l, struct parts *p, const struct field *field)
{
    const char *name = field->name;
    fixed_part(l, p, name, lower_format(l, "#%s = :%s", name, name),
               lower_encode(l, field->type, lower_expiry(l, field)));
    fixed_part(
        l, p, "_ttl", "#_ttl = :_ttl",
        lower_format(l, "{'N': $string($floor($toMillis(%s) / 1000))}", lower_expiry(l, field)));
}

static struct parts collect(struct lower_flow *f)
{
    struct lower *l = f->l;
    struct parts p = {aslrt_buffer_in(l->arena), aslrt_buffer_in(l->arena),
                      aslrt_buffer_in(l->arena), aslrt_buffer_in(l->arena)};
    fixed_part(l, &p, "_w", "#_w = :_w", "{'S': $w}");
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        const char *name = field->name;
        if (lower_settable(f->op, field))
            sent_part(l, &p, f->op, field, lower_path(l, "$item", name));
        else if (field->version) {
            fixed_part(l, &p, name,
                       lower_format(l, "#%s = if_not_exists(#%s, :_zero) + :_one", name, name),
                       NULL);
            aslrt_buffer_text(&p.values, ", {':_zero': {'N': '0'}, ':_one': {'N': '1'}}");
        } else if (field->ttl_s != 0)
            expiry_part(l, &p, field);
        else if (field->touch)
            fixed_part(l, &p, name, lower_format(l, "#%s = :%s", name, name),
                       lower_encode(l, field->type, "$now()"));
    }
    ttl_part(f, &p);
    return p;
}

/* The check stands in the entity, not in one of its operations. */
static bool is_of_entity(const struct entity *entity, const struct check *check)
{
    return entity->check_count != 0 && check >= entity->checks &&
           check < entity->checks + entity->check_count;
}

/* The condition of a write on an item that must be there, as the text of a JSONata string without
   its quotes; names and values that it needs go to `out`. */
const char *lower_write_condition(struct lower_flow *f, const struct check *const *checks,
                                  uint32_t check_count, struct lower_condition *out)
{
    struct lower *l = f->l;
    const struct entity *entity = f->entity;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    const char *key = entity->key->name;
    aslrt_buffer_format(&b, "attribute_exists(#%s)", key);
    aslrt_buffer_format(&out->names, ", {'#%s': %s}", key, lower_quote(l, key));
    if (entity->ttl != NULL) {
        aslrt_buffer_text(&b, " AND (attribute_not_exists(#_ttl) OR #_ttl > :_now)");
        aslrt_buffer_text(&out->names, ", {'#_ttl': '_ttl'}");
        aslrt_buffer_text(&out->values, ", {':_now': {'N': $string($floor($millis() / 1000))}}");
    }
    if (entity->version != NULL) {
        const char *v = entity->version->name;
        aslrt_buffer_format(&b, "' & (" IF_MATCH " = '*' ? '' : ' AND #%s = :_version') & '", v);
        aslrt_buffer_format(&out->names,
                            f->op->verb == AST_DELETE ? ", " IF_MATCH " = '*' ? {} : {'#%s': %s}"
                                                      : ", {'#%s': %s}",
                            v, lower_quote(l, v));
        aslrt_buffer_text(&out->values, ", " IF_MATCH " = '*' ? {} : {':_version': {'N': "
                                        "$replace(" IF_MATCH ", '\"', '')}}");
    }
    for (uint32_t i = 0; i < check_count; i++) {
        struct lower_names names = {
            "$item", true, "$in.body", "$in", is_of_entity(entity, checks[i]) ? f->op : NULL, key};
        const char *text = lower_condition(l, checks[i]->condition, &names, out);
        if (text == NULL)
            continue; /* reported */
        aslrt_buffer_format(&b, " AND (%s)", text);
    }
    return aslrt_buffer_close(&b);
}

/* ---- which check is evaluated where ---- */

/* A check of the entity that the sent values decide alone is a state before the write. */
static bool decided_by_input(const struct lower_flow *f, const struct check *check)
{
    if (!is_of_entity(f->entity, check))
        return !lower_mentions_stored(check->condition);
    const struct field *fields[2];
    uint32_t count = lower_check_fields(check->condition, fields, 2);
    if (f->op->verb == AST_REPLACE) {
        const struct field *all[LOWER_CHECK_FIELDS];
        count = lower_check_fields(check->condition, all, LOWER_CHECK_FIELDS);
        for (uint32_t i = 0; i < count && i < LOWER_CHECK_FIELDS; i++) {
            if (!lower_settable(f->op, all[i]))
                return false;
        }
        return count <= LOWER_CHECK_FIELDS;
    }
    return count == 0 || (count == 1 && lower_settable(f->op, fields[0]));
}

/* A check of the entity on fields that this operation never changes holds already. */
static bool untouched(const struct lower_flow *f, const struct check *check)
{
    const struct field *all[LOWER_CHECK_FIELDS];
    uint32_t count = lower_check_fields(check->condition, all, LOWER_CHECK_FIELDS);
    for (uint32_t i = 0; i < count && i < LOWER_CHECK_FIELDS; i++) {
        if (lower_settable(f->op, all[i]))
            return false;
    }
    return count <= LOWER_CHECK_FIELDS && count > 0;
}

/* $item without what a PATCH removes. */
#define WITHOUT_NULLS "$sift($item, function($v) { $not($v = null) })"

static void check_before(struct lower_flow *f, ir_id state)
{
    struct lower *l = f->l;
    struct lower_names names = {.field_base = "$i", .input = "$in.body", .request = "$in"};
    for (uint32_t i = 0; i < f->entity->check_count; i++) {
        const struct check *check = &f->entity->checks[i];
        if (untouched(f, check) || !decided_by_input(f, check))
            continue;
        const struct field *field = NULL;
        lower_check_fields(check->condition, &field, 1);
        const char *fails =
            lower_format(l, "(%s) ? false : true", lower_expr(l, check->condition, &names));
        if (f->op->verb == AST_UPDATE && field != NULL)
            fails = lower_format(l, "$exists(%s) ? (%s) : false",
                                 lower_path(l, "$item", field->name), fails);
        lower_rule(f, state, lower_format(l, "($i := " WITHOUT_NULLS "; %s)", fails),
                   lower_end(f, check->error));
    }
    lower_input_checks(f, state, "$in");
}

void lower_input_checks(struct lower_flow *f, ir_id state, const char *request)
{
    struct lower *l = f->l;
    const char *body = lower_format(l, "%s.body", request);
    struct lower_names names = {body, false, body, request, NULL, NULL};
    for (uint32_t i = 0; i < f->op->check_count; i++) {
        const struct check *check = &f->op->checks[i];
        if (decided_by_input(f, check))
            lower_rule(
                f, state,
                lower_format(l, "(%s) ? false : true", lower_expr(l, check->condition, &names)),
                lower_end(f, check->error));
    }
}

uint32_t lower_stored_checks(struct lower_flow *f, const struct check **out)
{
    uint32_t count = 0;
    bool changes = f->op->verb == AST_UPDATE || f->op->verb == AST_REPLACE;
    for (uint32_t i = 0; changes && i < f->entity->check_count; i++) {
        if (!untouched(f, &f->entity->checks[i]) && !decided_by_input(f, &f->entity->checks[i]))
            out[count++] = &f->entity->checks[i];
    }
    for (uint32_t i = 0; i < f->op->check_count; i++) {
        if (!decided_by_input(f, &f->op->checks[i]))
            out[count++] = &f->op->checks[i];
    }
    return count;
}

/* ---- states ---- */

/* If-Match: absent is 428; neither a version in quotes nor * can match: 412. */
void lower_check_if_match(struct lower_flow *f, ir_id state)
{
    if (f->entity->version == NULL)
        return;
    const char *header = "$states.input.headers.`if-match`";
    lower_rule(f, state, lower_format(f->l, "$not($type(%s) = 'string')", header),
               lower_end(f, &lower_precondition_required));
    lower_rule(f, state,
               lower_format(f->l, "$not(%s = '*' or $contains(%s, /^\"[1-9][0-9]{0,14}\"$/))",
                            header, header),
               lower_end(f, lower_condition_error(f, "Stale")));
}

/* Rules that tell which part of the condition was false; the state's input is the probe's output.
 */
void lower_answer_failure(struct lower_flow *f, ir_id state, const struct check *const *checks,
                          uint32_t check_count)
{
    struct lower *l = f->l;
    for (uint32_t i = 0; i < check_count; i++) {
        const char *item = "$states.input.Item";
        const char *setup = "";
        struct lower_names names = {item, true, "$in.body", "$in", NULL, NULL};
        if (is_of_entity(f->entity, checks[i])) { /* the item as it would have become */
            setup = lower_format(
                l, "$m := $sift($merge([%s, $item]), function($v) { $not($v = null) }); ",
                lower_item_all(f, item));
            names.field_base = "$m";
            names.stored = false;
        }
        lower_rule(f, state,
                   lower_format(l, "(%s(%s) ? false : true)", setup,
                                lower_expr(l, checks[i]->condition, &names)),
                   lower_end(f, checks[i]->error));
    }
    if (f->entity->version != NULL)
        lower_rule(f, state,
                   lower_format(l, "$not(" IF_MATCH " = '*' or " IF_MATCH " = %s)",
                                lower_etag(f, "$states.input.Item", true)),
                   lower_end(f, lower_condition_error(f, "Stale")))
            ->comment = "another version";
}

/* "{% $merge([...]) %}" of the elements in the two lists, each of which begins with ", ". */
static struct jnode *merged(struct lower_flow *f, struct aslrt_buffer *first,
                            struct aslrt_buffer *second)
{
    return lower_expr_node(f->l, f->span,
                           lower_format(f->l, "$merge([%s%s])", aslrt_buffer_close(first) + 2,
                                        aslrt_buffer_close(second)));
}

struct jnode *lower_condition_node(struct lower_flow *f, const char *condition)
{
    return strstr(condition, "' & ") == NULL
               ? lower_text_node(f->l, f->span, condition)
               : lower_expr_node(f->l, f->span, lower_format(f->l, "'%s'", condition));
}

static struct jnode *write_arguments(struct lower_flow *f, const struct check *const *checks,
                                     uint32_t check_count)
{
    struct lower *l = f->l;
    struct parts p = collect(f);
    struct lower_condition c = {aslrt_buffer_in(l->arena), aslrt_buffer_in(l->arena), 0};
    const char *condition = lower_write_condition(f, checks, check_count, &c);
    struct jnode *o = jnode_object(l->arena, f->span);
    jnode_set(l->arena, o, "TableName", lower_table_name(f));
    jnode_set(l->arena, o, "Key", lower_key_node(f, "$in.path"));
    jnode_set(l->arena, o, "ConditionExpression", lower_condition_node(f, condition));
    const char *update =
        lower_format(l, "'SET ' & $join([%s], ', ')", aslrt_buffer_close(&p.sets) + 2);
    if (p.removes.count != 0)
        update = lower_format(l,
                              "($r := [%s]; %s & ($count($r) > 0 ? ' REMOVE ' & $join($r, ', ') : "
                              "''))",
                              aslrt_buffer_close(&p.removes) + 2, update);
    jnode_set(l->arena, o, "UpdateExpression", lower_expr_node(l, f->span, update));
    jnode_set(l->arena, o, "ExpressionAttributeNames", merged(f, &p.names, &c.names));
    jnode_set(l->arena, o, "ExpressionAttributeValues", merged(f, &p.values, &c.values));
    jnode_set(l->arena, o, "ReturnValues", lower_text_node(l, f->span, "ALL_NEW"));
    return o;
}

static bool checks_before(struct lower_flow *f)
{
    for (uint32_t i = 0; i < f->entity->check_count; i++) {
        if (!untouched(f, &f->entity->checks[i]) && decided_by_input(f, &f->entity->checks[i]))
            return true;
    }
    for (uint32_t i = 0; i < f->op->check_count; i++) {
        if (decided_by_input(f, &f->op->checks[i]))
            return true;
    }
    return false;
}

void lower_update(struct lower_flow *f)
{
    struct lower *l = f->l;
    struct aslrt_arena *a = l->arena;
    f->budget = lower_fit(l, f->op, 2);
    ir_id first = lower_state(f, IR_CHOICE, "");
    lower_check_path(f, first);
    lower_check_caller(f, first);
    lower_check_if_match(f, first);
    lower_check_body(f, first);
    struct jnode *assign = jnode_object(a, f->span);
    jnode_set(a, assign, "in", lower_expr_node(l, f->span, "$states.input"));
    jnode_set(a, assign, "item", lower_expr_node(l, f->span, lower_item_expr(f)));
    jnode_set(a, assign, "w", lower_expr_node(l, f->span, lower_write_mark(f, "Write")));
    if (lower_catches_unsure(f, WRITE))
        jnode_set(a, assign, "unsure", jnode_bool(a, f->span, false));
    l->machine->states[first].assign = assign;

    bool before = checks_before(f);
    lower_goto(f, first, lower_name(f, before ? "Checks" : "Write"));
    if (before) {
        ir_id checks = lower_state(f, IR_CHOICE, "Checks");
        check_before(f, checks);
        lower_goto(f, checks, lower_name(f, "Write"));
    }
    const struct check **stored =
        ASLRT_NEW_ARRAY(a, const struct check *, f->entity->check_count + f->op->check_count + 1);
    uint32_t stored_count = lower_stored_checks(f, stored);
    ir_id write = lower_task(f, "Write", WRITE, false, write_arguments(f, stored, stored_count));
    l->machine->states[write].output =
        lower_answer(f, 200, lower_etag(f, "$states.result.Attributes", true), NULL,
                     lower_show(f, "$states.result.Attributes", true));
    l->machine->states[write].end = true;
    lower_catch(f, write, lower_name(f, "Probe"), lower_name(f, "Probe"), NULL);

    lower_probe(f, "$in.path", lower_name(f, "Probed"), lower_unsure_end(f, WRITE));
    ir_id probed = lower_state(f, IR_CHOICE, "Probed");
    lower_rule(f, probed, "$states.input.Item._w.S = $w", lower_name(f, "Done"))->comment =
        "our own write";
    lower_rule(f, probed, lower_format(l, "(%s) ? false : true", lower_item_exists(f)),
               lower_end_named(f, "NotFound"))
        ->comment = "no item";
    lower_answer_failure(f, probed, stored, stored_count);
    lower_goto(f, probed, lower_unsure_end(f, WRITE));
    lower_unsure(f, WRITE);
    ir_id done = lower_state(f, IR_SUCCEED, "Done");
    l->machine->states[done].output =
        lower_answer(f, 200, lower_etag(f, "$states.input.Item", true), NULL,
                     lower_show(f, "$states.input.Item", true));
}
