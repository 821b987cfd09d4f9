/*
 * lower_list.c - list and list by index: GET on the collection, in pages.
 *
 *     List (Choice: refuse, else $limit and $start) → ListRead (Task: query or scan; 200)
 *
 * A page is {items, count, next}.  `next` is a token of the key values that the request does not
 * supply itself; the partition key of a query never comes from it.  A page may be shorter than
 * asked for, or empty, while `next` is there. Invariant: the largest page fits the service's
 * payload, typed and as text; lower_page refuses it otherwise and names the largest number that
 * does.
 */
#include "catalog/catalog.h"
#include "compiler/ir/lower_int.h"

/* Percent-encoded UTF-8 that decodes without an error, as $encodeUrlComponent makes it. */
#define ENCODED                                                                                    \
    "(?:[A-Za-z0-9_.!~*'()-]|%[0-7][0-9A-F]|%(?:C[2-9A-F]|D[0-9A-F])%[89AB][0-9A-F]|%E0%[AB][0-"   \
    "9A-F]"                                                                                        \
    "%[89AB][0-9A-F]|%E[1-9A-CEF](?:%[89AB][0-9A-F]){2}|%ED%[89][0-9A-F]%[89AB][0-9A-F]|%F0%[9AB]" \
    "[0-9A-F](?:%[89AB][0-9A-F]){2}|%F[1-3](?:%[89AB][0-9A-F]){3}|%F4%8[0-9A-F](?:%[89AB][0-9A-F]" \
    ")"                                                                                            \
    "{2})+"

/* What the list reads: the table by scan, the table by its partition key, or an index. */
struct list {
    const struct field *key; /* of the query; NULL: a scan */
    const struct field *sort;
    const struct field *token[3]; /* fields whose values the token carries, in order */
    uint32_t token_count;
};

static const struct ast_expr *argument(const struct operation *op, const struct field *field)
{
    uint32_t i = 0;
    for (const struct ast_arg *a = op->args; a != NULL; a = a->next, i++) {
        bool here = a->name.text != NULL ? strcmp(a->name.text, field->name) == 0
                                         : field == (i == 0 ? op->index->key : op->index->sort);
        if (here)
            return a->value;
    }
    return NULL;
}

static void carry(struct list *list, const struct field *field)
{
    for (uint32_t i = 0; i < list->token_count; i++) {
        if (list->token[i] == field)
            return;
    }
    if (field != NULL && field != list->key)
        list->token[list->token_count++] = field;
}

static struct list plan(const struct lower_flow *f)
{
    const struct index *index = f->op->index;
    struct list list = {NULL, NULL, {NULL}, 0};
    if (index != NULL) {
        list.key = index->key;
        list.sort = index->sort;
        if (index->sort != NULL && argument(f->op, index->sort) == NULL)
            carry(&list, index->sort);
    } else if (f->entity->sort != NULL && lower_in_path(f->entity, f->entity->key)) {
        list.key = f->entity->key;
        list.sort = f->entity->sort;
    }
    carry(&list, f->entity->key);
    carry(&list, f->entity->sort);
    return list;
}

/* The value that the request supplies for a key of the query, as JSON. */
static const char *supplied(struct lower_flow *f, const struct field *field)
{
    struct lower *l = f->l;
    const struct ast_expr *e = f->op->index == NULL ? NULL : argument(f->op, field);
    struct lower_names names = {"$states.input.body", false, "$states.input.body",
                                "$states.input",      NULL,  NULL};
    const char *x =
        e != NULL ? lower_expr(l, e, &names) : lower_path(l, "$states.input.path", field->name);
    bool text = e == NULL || (e->kind == AST_CALL && e->type != NULL &&
                              e->type->kind == TYPE_STRING); /* a path segment, query("x") */
    return lower_utc(l, field->type, text ? lower_path_value(l, field, x) : x);
}

/* ---- rules ---- */

static void check_limit(struct lower_flow *f, ir_id state)
{
    lower_bad_request(
        f, state,
        lower_format(f->l,
                     "($x := $states.input.query.limit; $type($x) = 'string' and "
                     "$not($contains($x, /^[1-9][0-9]{0,3}$/) and $number($x) <= %u))",
                     f->op->max),
        lower_quote(f->l, lower_format(f->l, "limit must be a number from 1 to %u", f->op->max)));
}

/* A query parameter that a key of the index comes from, or that filters. */
static void check_query(struct lower_flow *f, ir_id state, const char *name,
                        const struct field *field, bool required)
{
    struct lower *l = f->l;
    const char *x = lower_path(l, "$states.input.query", name);
    const char *valid = lower_valid_text(l, field, "$x");
    lower_bad_request(f, state,
                      lower_format(l, "($x := %s; %s$not($type($x) = 'string' and %s))", x,
                                   required ? "" : "$type($x) = 'string' and ", valid),
                      lower_quote(l, lower_format(l, "%s in the query must be %s", name,
                                                  lower_requirement(l, field->type))));
}

static void check_arguments(struct lower_flow *f, ir_id state)
{
    const struct index *index = f->op->index;
    const struct field *fields[2] = {index == NULL ? NULL : index->key,
                                     index == NULL ? NULL : index->sort};
    for (int i = 0; i < 2; i++) {
        const char *name = fields[i] == NULL ? NULL : lower_query_name(argument(f->op, fields[i]));
        if (name != NULL)
            check_query(f, state, name, fields[i], true);
    }
    for (uint32_t i = 0; i < f->op->filter_count; i++)
        check_query(f, state, f->op->filter[i]->name, f->op->filter[i], false);
}

/* ---- filters ---- */

static const char *query_path(struct lower *l, const struct field *field)
{
    return lower_path(l, "$states.input.query", field->name);
}

/* JSONata: the query has a value to filter by. */
static const char *filter_given(struct lower *l, const struct field *field)
{
    return lower_format(l, "$type(%s) = 'string'", query_path(l, field));
}

/* A filter on the field that sorts is part of the key condition: DynamoDB takes no key field in a
   filter. */
static bool narrows(const struct list *list, const struct field *field)
{
    return list->key != NULL && field == list->sort;
}

/* The operation has such a filter on the field. */
static bool narrowed(const struct lower_flow *f, const struct list *list, const struct field *field)
{
    for (uint32_t i = 0; i < f->op->filter_count; i++) {
        if (f->op->filter[i] == field)
            return narrows(list, field);
    }
    return false;
}

/* ---- tokens ---- */

static const char *token_head(struct lower_flow *f)
{
    return lower_format(f->l, "1|%s|%s", f->op->id, f->op->newest ? "newest" : "oldest");
}

/* The token's text from its base64url form in $x, which has been checked to be one. */
#define TOKEN_TEXT                                                                                 \
    "$base64decode($replace($replace($x, '-', '+'), '_', '/') & $substring('==', 0, (4 - "         \
    "$length($x) % 4) % 4))"

/* x is the LastEvaluatedKey; gives the token. */
static const char *make_token(struct lower_flow *f, const struct list *list, const char *x)
{
    struct lower *l = f->l;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_text(&b, lower_quote(l, token_head(f)));
    for (uint32_t i = 0; i < list->token_count; i++) {
        const struct field *field = list->token[i];
        aslrt_buffer_format(&b, " & '|' & $encodeUrlComponent(%s.%c)",
                            lower_path(l, x, field->name), lower_key_type(field->type));
    }
    return lower_format(l,
                        "$replace($replace($replace($base64encode(%s), '+', '-'), '/', '_'), '=', "
                        "'')",
                        aslrt_buffer_close(&b));
}

/* A string of JSONata inside a regular expression: | is the only character of ours that is special.
 */
static const char *token_pattern(struct lower_flow *f, const struct list *list)
{
    struct aslrt_buffer b = aslrt_buffer_in(f->l->arena);
    aslrt_buffer_format(&b, "^1\\|%s\\|%s", f->op->id, f->op->newest ? "newest" : "oldest");
    for (uint32_t i = 0; i < list->token_count; i++)
        aslrt_buffer_text(&b, "\\|" ENCODED);
    aslrt_buffer_char(&b, '$');
    return aslrt_buffer_close(&b);
}

static void check_token(struct lower_flow *f, ir_id state, const struct list *list)
{
    struct lower *l = f->l;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    for (uint32_t i = 0; i < list->token_count; i++) {
        const struct field *field = list->token[i];
        const char *v = lower_format(l, "$v%u", i);
        const char *value = lower_path_value(l, field, v);
        aslrt_buffer_format(&b, " and %s", lower_valid_text(l, field, v));
        if (narrowed(f, list, field)) /* a page of another filter ends outside of this query */
            aslrt_buffer_format(
                &b, " and (%s ? %s = %s : true)", filter_given(l, field), value,
                lower_utc(l, field->type, lower_path_value(l, field, query_path(l, field))));
    }
    struct aslrt_buffer values = aslrt_buffer_in(l->arena);
    for (uint32_t i = 0; i < list->token_count; i++)
        aslrt_buffer_format(&values, "$v%u := $decodeUrlComponent($p[%u]); ", i, i + 3);
    const char *condition = lower_format(
        l,
        "($x := $states.input.query.next; $type($x) = 'string' and $not($length($x) <= 4096 and "
        "$contains($x, /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/) and ($t := %s; "
        "$contains($t, /%s/) and ($p := $split($t, '|'); %strue%s))))",
        TOKEN_TEXT, token_pattern(f, list), aslrt_buffer_close(&values), aslrt_buffer_close(&b));
    lower_bad_request(f, state, condition, "'next must be what the page before gave as next'");
}

/* ExclusiveStartKey from a token that check_token has let through, or null. */
static const char *start_expr(struct lower_flow *f, const struct list *list)
{
    struct lower *l = f->l;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_text(&b, "($x := $states.input.query.next; $type($x) = 'string' ? ($p := "
                          "$split(" TOKEN_TEXT ", '|'); {");
    uint32_t count = 0;
    const struct field *own[] = {list->key, list->key == NULL ? NULL : list->sort};
    for (int i = 0; i < 2; i++) {
        bool carried = false;
        for (uint32_t k = 0; k < list->token_count; k++)
            carried = carried || list->token[k] == own[i];
        if (own[i] != NULL && !carried)
            aslrt_buffer_format(&b, "%s%s: %s", count++ == 0 ? "" : ", ",
                                lower_quote(l, own[i]->name),
                                lower_encode(l, own[i]->type, supplied(f, own[i])));
    }
    for (uint32_t i = 0; i < list->token_count; i++) {
        const struct field *field = list->token[i];
        aslrt_buffer_format(&b, "%s%s: {'%c': $decodeUrlComponent($p[%u])}",
                            count++ == 0 ? "" : ", ", lower_quote(l, field->name),
                            lower_key_type(field->type), i + 3);
    }
    aslrt_buffer_text(&b, "}) : null)");
    return aslrt_buffer_close(&b);
}

/* ---- the call ---- */

static const char *filter_value(struct lower *l, const struct field *field)
{
    const char *x = query_path(l, field);
    if (field->type->kind == TYPE_BOOL)
        return lower_format(l, "{'BOOL': %s = 'true'}", x);
    return lower_encode(l, field->type, lower_utc(l, field->type, lower_path_value(l, field, x)));
}

/* Members that a query has and a scan has not; names and values go to the lists. */
static void key_condition(struct lower_flow *f, const struct list *list, struct jnode *names,
                          struct aslrt_buffer *fixed, struct aslrt_buffer *values)
{
    struct lower *l = f->l;
    const struct field *fields[] = {list->key, list->sort};
    struct aslrt_buffer text = aslrt_buffer_in(l->arena);
    for (int i = 0; i < 2; i++) {
        if (fields[i] == NULL ||
            (i == 1 && (f->op->index == NULL || argument(f->op, fields[i]) == NULL)))
            continue;
        const char *hash = lower_format(l, "#%s", fields[i]->name);
        if (jnode_get(names, hash) == NULL)
            jnode_set(l->arena, names, hash, lower_text_node(l, f->span, fields[i]->name));
        aslrt_buffer_format(&text, "%s%s = :k%d", text.count == 0 ? "" : " AND ", hash, i);
        aslrt_buffer_format(values, ", {':k%d': %s}", i,
                            lower_encode(l, fields[i]->type, supplied(f, fields[i])));
    }
    aslrt_buffer_format(fixed, ", 'KeyConditionExpression': '%s'", aslrt_buffer_close(&text));
    for (uint32_t i = 0; i < f->op->filter_count; i++) {
        const struct field *field = f->op->filter[i];
        if (narrows(list, field))
            aslrt_buffer_format(fixed, " & (%s ? ' AND #%s = :f%u' : '')", filter_given(l, field),
                                field->name, i);
    }
    if (f->op->index != NULL)
        aslrt_buffer_format(fixed, ", 'IndexName': %s", lower_quote(l, f->op->index->name));
    if (f->op->newest)
        aslrt_buffer_text(fixed, ", 'ScanIndexForward': false");
}

static struct jnode *list_arguments(struct lower_flow *f, const struct list *list)
{
    struct lower *l = f->l;
    struct aslrt_buffer fixed = aslrt_buffer_in(l->arena), values = aslrt_buffer_in(l->arena),
                        filter = aslrt_buffer_in(l->arena), extra = aslrt_buffer_in(l->arena),
                        all = aslrt_buffer_in(l->arena);
    struct jnode *names = jnode_object(l->arena, f->span);
    const char *projection = lower_projection(f, names)->text;
    if (list->key != NULL)
        key_condition(f, list, names, &fixed, &values);
    if (f->entity->ttl != NULL) { /* DynamoDB deletes expired items some time later */
        jnode_set(l->arena, names, "#_ttl", lower_text_node(l, f->span, "_ttl"));
        aslrt_buffer_text(&filter, ", '(attribute_not_exists(#_ttl) OR #_ttl > :_now)'");
        aslrt_buffer_text(&values, ", {':_now': {'N': $string($floor($millis() / 1000))}}");
    }
    for (uint32_t i = 0; i < f->op->filter_count; i++) {
        const struct field *field = f->op->filter[i];
        const char *given = filter_given(l, field);
        if (!narrows(list, field))
            aslrt_buffer_format(&filter, ", %s ? '#%s = :f%u'", given, field->name, i);
        aslrt_buffer_format(&values, ", %s ? {':f%u': %s} : {}", given, i, filter_value(l, field));
        if (jnode_get(names, lower_format(l, "#%s", field->name)) == NULL)
            aslrt_buffer_format(&extra, ", %s ? {'#%s': %s} : {}", given, field->name,
                                lower_quote(l, field->name));
    }
    struct aslrt_buffer written = aslrt_buffer_in(l->arena);
    for (uint32_t i = 0; i < names->count; i++)
        aslrt_buffer_format(&written, "%s'%s': %s", i == 0 ? "" : ", ", names->members[i].key,
                            lower_quote(l, names->members[i].value->text));
    const char *all_names = lower_format(l, "{%s}", aslrt_buffer_close(&written));
    if (extra.count != 0)
        all_names = lower_format(l, "$merge([%s%s])", all_names, aslrt_buffer_close(&extra));
    aslrt_buffer_text(&all, "(");
    if (filter.count != 0)
        aslrt_buffer_format(&all, "$f := [%s]; ", aslrt_buffer_close(&filter) + 2);
    if (values.count != 0)
        aslrt_buffer_format(&all, "$v := $merge([%s]); ", aslrt_buffer_close(&values) + 2);
    aslrt_buffer_format(&all,
                        "$merge([{'TableName': '%s'%s, 'ProjectionExpression': '%s', "
                        "'ExpressionAttributeNames': %s, 'Limit': $limit}",
                        lower_table_name(f)->text, aslrt_buffer_close(&fixed), projection,
                        all_names);
    if (filter.count != 0)
        aslrt_buffer_text(&all, ", $count($f) > 0 ? {'FilterExpression': $join($f, ' AND ')} : {}");
    if (values.count != 0)
        aslrt_buffer_text(&all, ", $count($keys($v)) > 0 ? {'ExpressionAttributeValues': $v} : {}");
    aslrt_buffer_text(&all, ", $start = null ? {} : {'ExclusiveStartKey': $start}]))");
    return lower_expr_node(l, f->span, aslrt_buffer_close(&all));
}

/* ---- how large a page may be ---- */

/* The field alone may be larger than what the service carries. */
static bool wide(const struct field *field)
{
    const uint64_t payload = (uint64_t)catalog_quotas[CATALOG_Q_PAYLOAD].value;
    uint64_t typed, answer;
    lower_type_bound(field->type, &typed, &answer);
    return typed > payload || answer > payload;
}

/* How many items always fit. */
static uint64_t page_bound(const struct lower_flow *f)
{
    const uint64_t payload = (uint64_t)catalog_quotas[CATALOG_Q_PAYLOAD].value;
    const uint64_t around = 8192; /* statusCode, headers, next, LastEvaluatedKey */
    uint64_t typed = 4, answer = 4;
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        if (!lower_shown(f->op, field))
            continue;
        uint64_t t, a, name = strlen(field->name);
        if (wide(field))
            return 0;
        lower_type_bound(field->type, &t, &a);
        typed += t + name + 4;
        answer += a + name + 8;
    }
    return (payload - around) / (typed > answer ? typed : answer);
}

/* Labels the fields that are too wide by themselves and gives their names; NULL: there are none. */
static const char *label_wide(const struct lower_flow *f, struct diag *d)
{
    struct aslrt_buffer names = aslrt_buffer_in(f->l->arena);
    uint32_t count = 0;
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        if (!lower_shown(f->op, field) || !wide(field))
            continue;
        diag_label(d, field->ast->span, "this may be as large as that alone");
        aslrt_buffer_format(&names, "%s'%s'", count++ == 0 ? "" : ", ", field->name);
    }
    return count == 0 ? NULL : aslrt_buffer_close(&names);
}

/* What was not written follows what always fits; what was written must fit. */
static void check_page(struct lower_flow *f)
{
    struct operation *op = (struct operation *)f->op;
    uint64_t bound = page_bound(f);
    if (bound > 0 && !op->max_given && op->max > bound)
        op->max = (uint32_t)bound;
    if (bound > 0 && !op->page_given && op->page > bound)
        op->page = (uint32_t)bound;
    uint64_t asked = bound == 0 ? 1 : op->page > op->max ? op->page : op->max;
    if (asked <= bound)
        return;
    struct diag *d = diag_begin(
        f->l->diag, DIAG_PAGE_TOO_LARGE, op->ast->span,
        asked == 1 ? "a page of %llu item may be larger than the 256 KiB that the service carries"
                   : "a page of %llu items may be larger than the 256 KiB that the service carries",
        (unsigned long long)asked);
    const char *names = label_wide(f, d);
    if (names != NULL) {
        diag_help(d,
                  "give every text and list in %s a range, or leave it out of the answer: "
                  "'only = [...]'",
                  names);
    } else if (bound == 0) {
        diag_help(d, "give the texts and lists in it smaller ranges, or leave some out of the "
                     "answer: 'only = [...]'");
    } else {
        diag_help(d,
                  "the largest number that always fits is %llu; 'only = [...]' with fewer fields "
                  "allows more",
                  (unsigned long long)bound);
    }
    diag_end(d);
}

static void check_scan(struct lower_flow *f, const struct list *list)
{
    if (list->key != NULL || f->op->scan)
        return;
    struct diag *d = diag_begin(f->l->diag, DIAG_LIST_SCANS, f->op->ast->span,
                                "'%s' reads the whole table, page by page", f->op->id);
    diag_note(d, "each page costs a read of every item on it, and the order means nothing");
    diag_help(d, "list by an index, or write 'scan = true' if that is what you want");
    diag_end(d);
}

void lower_list(struct lower_flow *f)
{
    struct lower *l = f->l;
    struct aslrt_arena *a = l->arena;
    struct list list = plan(f);
    check_page(f);
    check_scan(f, &list);
    f->budget = lower_fit(l, f->op, 1);
    ir_id first = lower_state(f, IR_CHOICE, "");
    lower_check_path(f, first);
    lower_check_caller(f, first);
    lower_input_checks(f, first, "$states.input");
    check_arguments(f, first);
    check_limit(f, first);
    check_token(f, first, &list);
    struct jnode *assign = jnode_object(a, f->span);
    jnode_set(a, assign, "limit",
              lower_expr_node(l, f->span,
                              lower_format(l,
                                           "$type($states.input.query.limit) = 'string' ? "
                                           "$number($states.input.query.limit) : %u",
                                           f->op->page)));
    jnode_set(a, assign, "start", lower_expr_node(l, f->span, start_expr(f, &list)));
    l->machine->states[first].assign = assign;
    lower_goto(f, first, lower_name(f, "Read"));

    const char *call = list.key != NULL ? "aws-sdk:dynamodb:query" : "aws-sdk:dynamodb:scan";
    ir_id read = lower_task(f, "Read", call, true, list_arguments(f, &list));
    const char *last = "$states.result.LastEvaluatedKey";
    const char *page =
        lower_format(l,
                     "{'items': [$map($states.result.Items, function($i) { %s })], 'count': "
                     "$count($states.result.Items), 'next': $exists(%s) ? %s}",
                     lower_show(f, "$i", true), last, make_token(f, &list, last));
    l->machine->states[read].output = lower_answer(f, 200, NULL, NULL, page);
    l->machine->states[read].end = true;
    lower_catch(f, read, NULL, NULL, NULL);
}
