/*
 * lower_flow.c - states that every operation is made of: rules, ends, answers, the item's forms.
 *
 * In: one operation (struct lower_flow).  Out: states in the machine being built.
 * Invariants: transitions are written by name and resolved once the machine is whole; each state
 * says in its comment which line of the source it comes from; the ends (answers that only an error
 * decides) are made once a machine and shared, and a 4xx end succeeds while a 5xx end fails, so
 * that the count of failed executions is the count of defects.
 */
#include "compiler/ir/lower_int.h"

#define REJECTED "Rejected" /* the state that answers 400 */

/* ---- states and transitions ---- */

const char *lower_name(struct lower_flow *f, const char *suffix)
{
    return lower_format(f->l, "%s%s", f->prefix, suffix);
}

ir_id lower_state(struct lower_flow *f, enum ir_state_type type, const char *suffix)
{
    struct lower *l = f->l;
    ir_id id = ir_add_state(l->machine, 0, lower_name(f, suffix), type, f->span);
    struct ir_state *s = &l->machine->states[id];
    s->language = IR_JSONATA;
    s->group = f->op->id;
    s->doc = f->op->ast->doc;
    s->comment = lower_format(l, "%s:%u", source_file_name(l->sources, f->span.source),
                              source_place(l->sources, f->span.source, f->span.start).line);
    return id;
}

void lower_goto(struct lower_flow *f, ir_id state, const char *next)
{
    struct ir_state *s = &f->l->machine->states[state];
    struct ir_ref *ref = s->type == IR_CHOICE ? &s->default_ : &s->next;
    ref->name = next;
    ref->span = f->span;
    ref->state = IR_NONE;
}

struct ir_rule *lower_rule(struct lower_flow *f, ir_id state, const char *condition,
                           const char *next)
{
    struct ir_rule *rule = ir_add_rule(f->l->machine, state, f->span);
    rule->condition = lower_expr_node(f->l, f->span, condition);
    rule->next = (struct ir_ref){next, f->span, IR_NONE};
    return rule;
}

/* ---- ends ---- */

const struct error lower_precondition_required = {
    "PreconditionRequired", 428, "send If-Match with the ETag of the item that you read", true,
    NULL};
const struct error lower_internal = {"Internal", 500, "something went wrong here", true, NULL};

const struct error *lower_find_error(const struct lower *l, const char *name)
{
    const struct error *found = strcmp(name, "Internal") == 0 ? &lower_internal : NULL;
    for (uint32_t i = 0; i < l->model->error_count; i++) { /* a declared one replaces a built-in */
        if (strcmp(l->model->errors[i]->name, name) == 0)
            found = l->model->errors[i];
    }
    return found;
}

/* True when `longer` is `shorter` and the name of a state behind it: get of Note has a state
   GetNoteRead, and get of NoteRead would begin with it. */
static bool would_clash(const char *shorter, const char *longer)
{
    static const char *const suffixes[] = {"Checks", "Put",  "Write", "Probe", "Probed",
                                           "Unsure", "Read", "Found", "Done",  "Which"};
    size_t n = strlen(shorter);
    if (strncmp(shorter, longer, n) != 0)
        return false;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (strcmp(longer + n, suffixes[i]) == 0)
            return true;
    }
    return false;
}

const char *lower_prefix(struct lower *l, const struct operation *op)
{
    bool clash = false;
    for (uint32_t i = 0; i < l->model->entity_count; i++) {
        const struct entity *e = l->model->entities[i];
        for (uint32_t k = 0; k < e->operation_count; k++)
            clash = clash || would_clash(e->operations[k]->id, op->id);
    }
    char *prefix = lower_format(l, "%s%s", op->id, clash ? "_" : "");
    if (prefix[0] >= 'a' && prefix[0] <= 'z')
        prefix[0] = (char)(prefix[0] - 'a' + 'A');
    return prefix;
}

/* The state's name: the error's own, unless another state could have it too. */
static const char *end_name(struct lower *l, const struct error *error)
{
    if (strcmp(error->name, LOWER_ROUTE) == 0 || strcmp(error->name, REJECTED) == 0)
        return lower_format(l, "Fail%s", error->name);
    for (uint32_t i = 0; i < l->model->entity_count; i++) {
        const struct entity *e = l->model->entities[i];
        for (uint32_t k = 0; k < e->operation_count; k++) {
            const char *prefix = lower_prefix(l, e->operations[k]);
            if (strncmp(error->name, prefix, strlen(prefix)) == 0)
                return lower_format(l, "Fail%s", error->name);
        }
    }
    return error->name;
}

const char *lower_end(struct lower_flow *f, const struct error *error)
{
    struct lower *l = f->l;
    for (uint32_t i = 0; i < l->end_count; i++) {
        if (l->ends[i] == error)
            return end_name(l, error);
    }
    l->ends[l->end_count++] = error; /* room: one a declared or built-in error */
    return end_name(l, error);
}

const char *lower_end_named(struct lower_flow *f, const char *error)
{
    return lower_end(f, lower_find_error(f->l, error));
}

/* The text of an error's body: {"error":"NotFound","message":"..."}. */
const char *lower_error_body(struct lower *l, const struct error *error)
{
    struct aslrt_member members[2] = {
        {aslrt_text("error"), aslrt_text(error->name)},
        {aslrt_text("message"), aslrt_text(error->text)},
    };
    const char *text;
    size_t count;
    if (aslrt_json_write(l->arena, aslrt_object(members, error->text[0] == '\0' ? 1 : 2), &text,
                         &count) != ASLRT_OK)
        return "{}";
    return text;
}

static struct jnode *answer_node(struct lower *l, struct span at, uint32_t status,
                                 struct jnode *headers, struct jnode *body)
{
    struct jnode *o = jnode_object(l->arena, at);
    jnode_set(l->arena, o, "statusCode", jnode_int(l->arena, at, status));
    jnode_set(l->arena, o, "headers", headers);
    jnode_set(l->arena, o, "body", body);
    return o;
}

static void make_end(struct lower *l, const struct error *error)
{
    struct span at = error->decl == NULL ? (struct span){0} : error->decl->span;
    bool fails = error->status >= 500;
    ir_id id = ir_add_state(l->machine, 0, end_name(l, error), fails ? IR_FAIL : IR_SUCCEED, at);
    struct ir_state *s = &l->machine->states[id];
    s->language = IR_JSONATA;
    s->doc = error->text;
    if (fails) {
        s->error = lower_text_node(l, at, error->name);
        s->cause = lower_expr_node(l, at, "$states.input.Error & ': ' & $states.input.Cause");
        return;
    }
    const char *body = lower_error_body(l, error);
    bool hole = strstr(body, "${") != NULL || strstr(body, "%{") != NULL;
    s->output = answer_node(l, at, error->status, jnode_object(l->arena, at),
                            hole ? lower_expr_node(l, at, lower_quote(l, body))
                                 : jnode_string(l->arena, at, body));
}

void lower_ends(struct lower *l)
{
    bool rejected = false;
    for (uint32_t i = 0; i < l->machine->rule_count; i++)
        rejected = rejected || strcmp(l->machine->rules[i].next.name, REJECTED) == 0;
    if (rejected) {
        struct span at = {0};
        ir_id id = ir_add_state(l->machine, 0, REJECTED, IR_SUCCEED, at);
        struct ir_state *s = &l->machine->states[id];
        s->language = IR_JSONATA;
        s->doc = "the request is not what the API describes";
        s->output = answer_node(
            l, at, 400, jnode_object(l->arena, at),
            lower_expr_node(l, at, "$string({'error': 'BadRequest', 'message': $problem})"));
    }
    for (uint32_t i = 0; i < l->end_count; i++)
        make_end(l, l->ends[i]);
}

void lower_bad_request(struct lower_flow *f, ir_id state, const char *condition,
                       const char *problem_expr)
{
    struct lower *l = f->l;
    struct ir_rule *rule = lower_rule(f, state, condition, REJECTED);
    struct jnode *assign = jnode_object(l->arena, f->span);
    jnode_set(l->arena, assign, "problem", lower_expr_node(l, f->span, problem_expr));
    rule->assign = assign;
}

/* ---- answers ---- */

struct jnode *lower_answer(struct lower_flow *f, uint32_t status, const char *etag,
                           const char *location, const char *body)
{
    struct lower *l = f->l;
    struct jnode *headers = jnode_object(l->arena, f->span);
    if (etag != NULL)
        jnode_set(l->arena, headers, "ETag", lower_expr_node(l, f->span, etag));
    if (location != NULL)
        jnode_set(l->arena, headers, "Location", lower_expr_node(l, f->span, location));
    struct jnode *text = body == NULL
                             ? lower_text_node(l, f->span, "")
                             : lower_expr_node(l, f->span, lower_format(l, "$string(%s)", body));
    return answer_node(l, f->span, status, headers, text);
}

/* ---- the item's forms ---- */

struct jnode *lower_table_name(struct lower_flow *f)
{
    return jnode_format(f->l->arena, f->span, "${table_%s}", lower_table_id(f->l, f->entity));
}

const char *lower_table_id(struct lower *l, const struct entity *entity)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    for (const char *p = entity->name; *p != '\0'; p++) { /* OrderLine -> order_line */
        bool upper = *p >= 'A' && *p <= 'Z';
        if (upper && p != entity->name && p[-1] != '_')
            aslrt_buffer_char(&b, '_');
        aslrt_buffer_char(&b, upper ? (char)(*p + 'a' - 'A') : *p);
    }
    return aslrt_buffer_close(&b);
}

struct jnode *lower_encode_node(struct lower_flow *f, const struct type *t, const char *x)
{
    const char *text = lower_encode(f->l, t, x); /* always of the form {'S': value} */
    const char *letter = text + 2, *quote = strchr(letter, '\'');
    const char *key = aslrt_copy_text(f->l->arena, letter, (size_t)(quote - letter));
    const char *value = aslrt_copy_text(f->l->arena, quote + 3, strlen(quote + 3) - 1);
    struct jnode *o = jnode_object(f->l->arena, f->span);
    jnode_set(f->l->arena, o, key, lower_expr_node(f->l, f->span, value));
    return o;
}

struct jnode *lower_key_node(struct lower_flow *f, const char *x)
{
    struct lower *l = f->l;
    const struct field *fields[] = {f->entity->key, f->entity->sort};
    struct jnode *o = jnode_object(l->arena, f->span);
    for (int i = 0; i < 2; i++) {
        if (fields[i] != NULL)
            jnode_set(l->arena, o, fields[i]->name,
                      lower_encode_node(f, fields[i]->type, lower_path(l, x, fields[i]->name)));
    }
    return o;
}

const char *lower_expiry(struct lower *l, const struct field *field)
{
    return lower_format(l, "$fromMillis($millis() + %lld)", (long long)field->ttl_s * 1000);
}

const char *lower_ttl_expr(struct lower_flow *f, const char *x)
{
    const char *v = lower_path(f->l, x, f->entity->ttl->name);
    return lower_format(f->l, "$string($floor($toMillis(%s) / 1000))", v);
}

const char *lower_item_exists(struct lower_flow *f)
{
    if (f->entity->ttl == NULL)
        return "$exists($states.input.Item)";
    return "$exists($states.input.Item) and ($not($exists($states.input.Item._ttl)) or "
           "$number($states.input.Item._ttl.N) > $millis() / 1000)";
}

const char *lower_item_all(struct lower_flow *f, const char *x)
{
    struct lower *l = f->l;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        aslrt_buffer_format(&b, "%s%s: %s", i == 0 ? "{" : ", ", lower_quote(l, field->name),
                            lower_decode(l, field->type, lower_path(l, x, field->name)));
    }
    aslrt_buffer_char(&b, '}');
    return aslrt_buffer_close(&b);
}

const char *lower_show(struct lower_flow *f, const char *x, bool stored)
{
    struct lower *l = f->l;
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    uint32_t shown = 0;
    aslrt_buffer_char(&b, '{');
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        if (!lower_shown(f->op, field))
            continue;
        const char *v = lower_path(l, x, field->name);
        aslrt_buffer_format(&b, "%s%s: %s", shown++ == 0 ? "" : ", ", lower_quote(l, field->name),
                            stored ? lower_decode(l, field->type, v) : v);
    }
    aslrt_buffer_char(&b, '}');
    return aslrt_buffer_close(&b);
}

bool lower_shown(const struct operation *op, const struct field *field)
{
    if (field->hidden)
        return false;
    bool reads = op->verb == AST_GET || op->verb == AST_LIST_VERB;
    if (!model_holds(op->index, field))
        return false;
    if (!reads || op->only_count == 0 || field->is_key || field->is_sort)
        return true;
    for (uint32_t i = 0; i < op->only_count; i++) {
        if (op->only[i] == field)
            return true;
    }
    return false;
}

const char *lower_etag(struct lower_flow *f, const char *x, bool stored)
{
    const struct field *version = f->entity->version;
    if (version == NULL)
        return NULL;
    const char *v = lower_path(f->l, x, version->name);
    return stored ? lower_format(f->l, "'\"' & %s.N & '\"'", v)
                  : lower_format(f->l, "'\"' & $string(%s) & '\"'", v);
}

/* ---- what comes from outside the body ---- */

void lower_check_path(struct lower_flow *f, ir_id state)
{
    struct lower *l = f->l;
    const struct operation *op = f->op;
    bool item = op->verb != AST_CREATE && op->verb != AST_LIST_VERB;
    for (uint32_t i = 0; i < f->entity->field_count; i++) {
        const struct field *field = f->entity->fields[i];
        bool in_path = lower_in_path(f->entity, field);
        if (!in_path && !(item && (field->is_key || field->is_sort)))
            continue;
        const char *source = lower_path(l, "$states.input.path", field->name);
        lower_bad_request(
            f, state,
            lower_format(l, "($x := %s; $not(%s))", source, lower_valid_text(l, field, "$x")),
            lower_quote(l, lower_format(l, "%s in the path must be %s", field->name,
                                        lower_requirement(l, field->type))));
    }
}

/* A path segment is text; numbers are read from it. */
const char *lower_path_value(struct lower *l, const struct field *field, const char *x)
{
    return field->type->kind == TYPE_INT || field->type->kind == TYPE_NUMBER
               ? lower_format(l, "$number(%s)", x)
               : x;
}

const char *lower_valid_text(struct lower *l, const struct field *field, const char *x)
{
    const char *valid = lower_valid(l, field->type, lower_path_value(l, field, x));
    if (field->type->kind == TYPE_INT)
        return lower_format(l, "$contains(%s, /^-?[0-9]{1,15}$/) and %s", x, valid);
    if (field->type->kind == TYPE_BOOL)
        return lower_format(l, "%s in ['true', 'false']", x);
    return valid;
}

bool lower_in_path(const struct entity *entity, const struct field *field)
{
    for (uint32_t i = 0; i < entity->path_param_count; i++) {
        if (strcmp(entity->path_params[i], field->name) == 0)
            return true;
    }
    return false;
}

static bool expr_uses_caller(const struct ast_expr *e)
{
    if (e == NULL)
        return false;
    if (e->kind == AST_NAME && e->ref != NULL && e->ref->kind == BIND_CALLER)
        return true;
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next) {
        if (expr_uses_caller(a->value))
            return true;
    }
    for (const struct ast_entry *n = e->entries; n != NULL; n = n->next) {
        if (n->value != NULL && expr_uses_caller(n->value))
            return true;
    }
    return expr_uses_caller(e->left) || expr_uses_caller(e->right);
}

/* Calls `visit` with every expression that the operation evaluates. */
static bool any_expr(const struct operation *op, bool (*test)(const struct ast_expr *))
{
    for (const struct ast_arg *a = op->args; a != NULL; a = a->next) {
        if (test(a->value))
            return true;
    }
    for (uint32_t i = 0; i < op->check_count; i++) {
        if (test(op->checks[i].condition))
            return true;
    }
    bool writes = op->verb == AST_CREATE || op->verb == AST_UPDATE || op->verb == AST_REPLACE;
    for (uint32_t i = 0; writes && i < op->entity->check_count; i++) {
        if (test(op->entity->checks[i].condition))
            return true;
    }
    for (uint32_t i = 0; op->verb == AST_CREATE && i < op->entity->field_count; i++) {
        if (test(op->entity->fields[i]->from) || test(op->entity->fields[i]->value))
            return true;
    }
    return false;
}

bool lower_uses_caller(const struct operation *op)
{
    return any_expr(op, expr_uses_caller);
}

/* The members of `caller` that an expression reads, each at most once. */
static void check_members(struct lower_flow *f, ir_id state, const struct ast_expr *e,
                          const char **seen, uint32_t *count)
{
    if (e == NULL)
        return;
    if (e->kind == AST_MEMBER && e->left->kind == AST_NAME && e->left->ref != NULL &&
        e->left->ref->kind == BIND_CALLER) {
        for (uint32_t i = 0; i < *count; i++) {
            if (strcmp(seen[i], e->name.text) == 0)
                return;
        }
        if (*count == LOWER_CALLER_MEMBERS)
            return;
        seen[(*count)++] = e->name.text;
        const char *x = lower_path(f->l, "$states.input.caller", e->name.text);
        lower_rule(f, state,
                   lower_format(f->l, "$not($type(%s) = 'string' and $length(%s) > 0)", x, x),
                   lower_end_named(f, "Forbidden"));
        return;
    }
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next)
        check_members(f, state, a->value, seen, count);
    for (const struct ast_entry *n = e->entries; n != NULL; n = n->next)
        check_members(f, state, n->value, seen, count);
    check_members(f, state, e->left, seen, count);
    check_members(f, state, e->right, seen, count);
}

void lower_check_caller(struct lower_flow *f, ir_id state)
{
    const char *seen[LOWER_CALLER_MEMBERS];
    uint32_t count = 0;
    const struct operation *op = f->op;
    for (const struct ast_arg *a = op->args; a != NULL; a = a->next)
        check_members(f, state, a->value, seen, &count);
    for (uint32_t i = 0; i < op->check_count; i++)
        check_members(f, state, op->checks[i].condition, seen, &count);
    if (op->verb != AST_CREATE && op->verb != AST_UPDATE && op->verb != AST_REPLACE)
        return;
    for (uint32_t i = 0; i < f->entity->check_count; i++)
        check_members(f, state, f->entity->checks[i].condition, seen, &count);
    for (uint32_t i = 0; op->verb == AST_CREATE && i < f->entity->field_count; i++) {
        check_members(f, state, f->entity->fields[i]->from, seen, &count);
        check_members(f, state, f->entity->fields[i]->value, seen, &count);
    }
}

bool lower_settable(const struct operation *op, const struct field *field)
{
    if (field->readonly || field->touch || field->version || field->from != NULL ||
        field->ttl_s != 0 || field->softdelete || lower_in_path(op->entity, field))
        return false;
    if (op->verb != AST_CREATE && (field->is_key || field->is_sort))
        return false;
    if (op->only_count == 0)
        return true;
    for (uint32_t i = 0; i < op->only_count; i++) {
        if (op->only[i] == field)
            return true;
    }
    return false;
}
