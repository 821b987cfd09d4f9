/*
 * raised.c - what each Task calls and which errors it can raise; what arrives at which state.
 *
 * In: the machine and the catalog.  Out: v->tasks and v->arrivals.  States are visited from the
 * last to the first: what is inside a Map or Parallel has larger ids than it, so that what escapes
 * from inside has arrived before the state around it is looked at. Sources: the catalog; spec,
 * Errors; recorded: a Parallel and an inline Map report the error of the branch or iteration under
 * its own name.
 */
#include "compiler/verify/verify_int.h"

#include <string.h>

/* Ids of struct raised: errors of the catalog, reserved names, then per service the two generic
   names and "any other of this service"; last, an error of which nothing is known. */
enum {
    RESERVED_IDS = CATALOG_ERROR_COUNT,
    SERVICE_IDS = RESERVED_IDS + CATALOG_RESERVED_COUNT,
};

static void add(struct verify *v, struct raised_list *list, struct raised e)
{
    *GROW(v->arena, list->items, list->count) = e;
}

static void add_reserved(struct verify *v, struct raised_list *list, enum catalog_reserved_id id)
{
    const struct catalog_reserved *r = &catalog_reserved[id];
    struct raised e = {.name = r->name,
                       .when = r->when,
                       .id = (uint16_t)(RESERVED_IDS + id),
                       .class_ = (uint8_t)r->class_,
                       .transient = (uint8_t)r->transient,
                       .ambiguous = r->ambiguous,
                       .fatal = r->kind == CATALOG_FATAL};
    add(v, list, e);
}

static const char *join(struct verify *v, const char *a, const char *b, const char *c)
{
    struct aslrt_buffer text = aslrt_buffer_in(v->arena);
    aslrt_buffer_text(&text, a);
    aslrt_buffer_text(&text, b);
    aslrt_buffer_text(&text, c);
    return aslrt_buffer_close(&text);
}

/* A call of a service of which the catalog has no model: what every such call can raise. */
static void add_generic(struct verify *v, struct task *t)
{
    const struct catalog_service *s = t->owner;
    struct raised any = {.name = "",
                         .when = "whatever the call can fail with",
                         .class_ = CATALOG_REST,
                         .transient = CATALOG_MAYBE,
                         .open = true,
                         .ambiguous = !t->reads};
    if (s == NULL || s->prefix == NULL) {
        any.id = (uint16_t)(SERVICE_IDS + 3 * catalog_service_count);
        any.unknown = true;
        add(v, &t->raised, any);
        return;
    }
    uint16_t id = (uint16_t)(SERVICE_IDS + 3 * (s - catalog_services));
    if (t->call == NULL && s->sdk) {
        struct raised e = any;
        e.open = false;
        e.id = id;
        e.name = join(v, s->prefix, ".", join(v, s->prefix, "Exception", ""));
        e.when = "any error without a name of its own";
        add(v, &t->raised, e);
        e.id++;
        e.name = join(v, s->prefix, ".", "SdkClientException");
        e.when = "no connection, or it broke";
        e.class_ = CATALOG_TRANSIENT;
        e.transient = CATALOG_YES;
        add(v, &t->raised, e);
    }
    any.id = (uint16_t)(id + 2);
    any.name = join(v, s->prefix, ".", "");
    any.when = "an error that the service's model names";
    add(v, &t->raised, any);
}

/* Some errors need an argument: without it they can't happen. */
static const struct {
    const char *error, *argument, *other; /* either of the arguments */
} needs[] = {
    {"DynamoDB.ConditionalCheckFailedException", "ConditionExpression", "Expected"},
    {"DynamoDb.ConditionalCheckFailedException", "ConditionExpression", "Expected"},
    {"DynamoDb.IdempotentParameterMismatchException", "ClientRequestToken", NULL},
    {"DynamoDb.TransactionInProgressException", "ClientRequestToken", NULL},
    {"StepFunctions.ExecutionAlreadyExistsException", "Name", NULL},
};

const char *verify_needed_argument(const struct ir_state *s, const char *error)
{
    bool unknown = false;
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        if (strcmp(needs[i].error, error) != 0)
            continue;
        if (verify_argument(s, needs[i].argument, &unknown) != NULL || unknown ||
            (needs[i].other != NULL && verify_argument(s, needs[i].other, &unknown) != NULL))
            return NULL;
        return needs[i].argument;
    }
    return NULL;
}

static void add_call(struct verify *v, const struct ir_state *s, struct task *t,
                     const struct catalog_call *call)
{
    for (uint32_t i = 0; i < call->error_count; i++) {
        const struct catalog_error *c = &catalog_errors[call->errors[i]];
        bool by_rule = strncmp(c->name, "States.", 7) == 0 && !c->open; /* see add_by_rule */
        if (by_rule || verify_needed_argument(s, c->name) != NULL)
            continue;
        struct raised e = {.name = c->name,
                           .when = c->when,
                           .id = call->errors[i],
                           .class_ = (uint8_t)c->class_,
                           .transient = (uint8_t)c->transient,
                           .open = c->open,
                           .ambiguous = c->ambiguous && call->effect != CATALOG_READ,
                           .rare = c->rare};
        add(v, &t->raised, e);
    }
}

/* What Step Functions itself reports about the state. */
static void add_by_rule(struct verify *v, const struct ir_state *s, struct task *t)
{
    if (s->timeout != NULL || s->timeout_path != NULL)
        add_reserved(v, &t->raised, CATALOG_R_TIMEOUT);
    if (s->heartbeat != NULL || s->heartbeat_path != NULL)
        add_reserved(v, &t->raised, CATALOG_R_HEARTBEAT);
    if (t->pattern == CATALOG_RUN_JOB || t->pattern == CATALOG_RUN_JOB_2 ||
        strcmp(t->key, "http:invoke") == 0)
        add_reserved(v, &t->raised, CATALOG_R_TASK_FAILED);
    if (strcmp(t->key, "http:invoke") == 0)
        add_reserved(v, &t->raised, CATALOG_R_HTTP_SOCKET);
    if (s->language == IR_JSONATA)
        add_reserved(v, &t->raised, CATALOG_R_QUERY_EVALUATION);
    else
        add_reserved(v, &t->raised, CATALOG_R_RUNTIME);
    if (s->result_path != NULL && jnode_is(s->result_path, J_STRING) &&
        strcmp(s->result_path->text, "$") != 0)
        add_reserved(v, &t->raised, CATALOG_R_REFERENCE_PATH);
    add_reserved(v, &t->raised, CATALOG_R_DATA_LIMIT);
    add_reserved(v, &t->raised, CATALOG_R_PERMISSIONS);
}

static struct task *make_task(struct verify *v, const struct ir_state *s)
{
    struct catalog_resource r = {.kind = CATALOG_OPAQUE};
    if (s->resource != NULL) /* else an object of a template tool stands for it */
        catalog_parse_resource(s->resource, &r);
    struct task *t = ASLRT_NEW(v->arena, struct task);
    t->kind = r.kind;
    t->pattern = r.pattern;
    t->call = r.call;
    t->owner = r.owner;
    t->key = aslrt_copy_text(v->arena, r.key, strlen(r.key));
    t->action = aslrt_copy_text(v->arena, r.action, strlen(r.action));
    t->reads = r.call != NULL ? r.call->effect == CATALOG_READ
                              : r.kind == CATALOG_SDK_CALL && catalog_action_reads(r.action);
    if (r.call != NULL)
        add_call(v, s, t, r.call);
    const struct catalog_call *pattern = catalog_find_pattern(r.pattern);
    if (pattern != NULL)
        add_call(v, s, t, pattern);
    if (r.call == NULL || !r.call->complete)
        add_generic(v, t);
    add_by_rule(v, s, t);
    return t;
}

void verify_find_tasks(struct verify *v)
{
    v->tasks = ASLRT_NEW_ARRAY(v->arena, struct task *, v->m->state_count + 1u);
    for (ir_id s = 0; s < v->m->state_count; s++)
        if (v->m->states[s].type == IR_TASK)
            v->tasks[s] = make_task(v, &v->m->states[s]);
}

bool verify_touches_data(const struct task *t)
{
    if (t->call != NULL)
        return t->call->effect != CATALOG_CALL;
    return t->kind == CATALOG_SDK_CALL && t->reads;
}

const struct jnode *verify_argument(const struct ir_state *s, const char *name, bool *unknown)
{
    const struct jnode *arguments = s->language == IR_JSONATA ? s->arguments : s->parameters;
    *unknown = jnode_is(arguments, J_STRING) || jnode_is(arguments, J_PLACEHOLDER) ||
               (arguments == NULL && s->language == IR_JSONPATH);
    size_t n = strlen(name);
    for (uint32_t i = 0; jnode_is(arguments, J_OBJECT) && i < arguments->count; i++) {
        const char *key = arguments->members[i].key;
        if (strncmp(key, name, n) == 0 && (key[n] == '\0' || strcmp(key + n, ".$") == 0))
            return arguments->members[i].value;
    }
    return NULL;
}

/* ---- arrivals ---- */

/* The errors that have arrived at a Map or Parallel, as bits by id. */
struct arrived {
    uint64_t *bits;
    uint32_t customs;
};
enum {
    CUSTOMS_MAX = 64
}; /* of names that the machine's Fail states choose; more are not told apart */

static void arrive(struct verify *v, struct arrived *at, struct raised_list *list, struct raised e)
{
    if (e.id == RAISED_CUSTOM) {
        if (at->customs++ > CUSTOMS_MAX)
            return;
        for (uint32_t i = 0; i < list->count; i++)
            if (list->items[i].id == RAISED_CUSTOM && strcmp(list->items[i].name, e.name) == 0)
                return;
    } else {
        uint64_t bit = (uint64_t)1 << e.id % 64;
        if ((at->bits[e.id / 64] & bit) != 0)
            return;
        at->bits[e.id / 64] |= bit;
    }
    add(v, list, e);
}

/* A state that is neither Task, Map nor Parallel fails with these. */
static void add_plain(struct verify *v, const struct ir_state *s, struct raised_list *list)
{
    if (s->type == IR_FAIL) {
        bool fixed = jnode_is(s->error, J_STRING) && !jnode_is_jsonata(s->error);
        struct raised e = {.name = fixed ? s->error->text : "",
                           .when = "the machine fails on purpose",
                           .id = RAISED_CUSTOM,
                           .class_ = CATALOG_BUSINESS,
                           .transient = CATALOG_MAYBE,
                           .open = !fixed};
        add(v, list, e);
    }
    if (s->language == IR_JSONATA)
        add_reserved(v, list, CATALOG_R_QUERY_EVALUATION);
}

/* What a Map or Parallel raises of its own. */
static void add_own(struct verify *v, const struct ir_state *s, struct arrived *at,
                    struct raised_list *list)
{
    struct raised_list own = {NULL, 0};
    if (s->type == IR_MAP && s->distributed) {
        add_reserved(v, &own, CATALOG_R_TOLERATED);
        add_reserved(v, &own, CATALOG_R_ITEM_READER);
        if (s->result_writer != NULL)
            add_reserved(v, &own, CATALOG_R_RESULT_WRITER);
    }
    add_reserved(v, &own,
                 s->language == IR_JSONATA ? CATALOG_R_QUERY_EVALUATION : CATALOG_R_RUNTIME);
    if (s->result_path != NULL)
        add_reserved(v, &own, CATALOG_R_REFERENCE_PATH);
    add_reserved(v, &own, CATALOG_R_DATA_LIMIT);
    for (uint32_t i = 0; i < own.count; i++)
        arrive(v, at, list, own.items[i]);
}

void verify_find_arrivals(struct verify *v)
{
    const struct ir_machine *m = v->m;
    size_t words = (SERVICE_IDS + 3 * (size_t)catalog_service_count) / 64 + 1;
    v->arrivals = ASLRT_NEW_ARRAY(v->arena, struct raised_list, m->state_count + 1u);
    struct arrived *arrived = ASLRT_NEW_ARRAY(v->arena, struct arrived, m->state_count + 1u);
    for (ir_id id = 0; id < m->state_count; id++)
        if (m->states[id].type == IR_MAP || m->states[id].type == IR_PARALLEL)
            arrived[id].bits = ASLRT_NEW_ARRAY(v->arena, uint64_t, words);
    for (ir_id id = m->state_count; id-- > 0;) {
        const struct ir_state *s = &m->states[id];
        struct raised_list plain = {NULL, 0}, *list = &v->arrivals[id];
        if (arrived[id].bits != NULL)
            add_own(v, s, &arrived[id], list);
        else if (v->tasks[id] != NULL)
            *list = v->tasks[id]->raised;
        else
            add_plain(v, s, list = &plain);
        ir_id owner = m->scopes[s->scope].owner;
        if (owner == IR_NONE || m->states[owner].distributed)
            continue; /* a distributed Map tells only how many failed */
        for (uint32_t i = 0; i < list->count; i++) {
            enum match how;
            verify_catcher_of(m, id, &list->items[i], &how);
            if (how != MATCH_MUST)
                arrive(v, &arrived[owner], &v->arrivals[owner], list->items[i]);
        }
    }
}
