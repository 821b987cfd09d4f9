/*
 * batch_test.c - the op test_state: one state by itself; see batch.h.
 *
 *     request → checks in the service's words → machine → engine (inspect.h) → reply
 *
 * The definition is a whole machine, whose state `stateName` is tested, or a state alone.  That one
 * becomes the state 'StateName' of a machine in which the states that it leads to exist too.
 */
#include "compiler/driver/batch.h"
#include "compiler/driver/mock_check.h"
#include "compiler/driver/verdict.h"
#include "compiler/emit/table.h"
#include "runtime/base/json.h"
#include "runtime/base/limits.h"
#include "runtime/base/value.h"
#include "runtime/engine/inspect.h"
#include "runtime/engine/request.h"

#define ALONE "StateName"

struct test {
    struct aslrt_arena *arena;
    struct aslrt_value request;
    struct aslrt_value definition; /* an object, or undefined when it is none */
    const char *name;              /* of the state; NULL: the definition is a state alone */
    struct aslrt_inspection in;
    bool details; /* DEBUG or TRACE */
    const char *refusal_code, *refusal;
};

static bool refuse(struct test *t, const char *message)
{
    t->refusal_code = "ValidationException";
    t->refusal = message;
    return false;
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool
refuse_words(struct test *t, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(t->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    return refuse(t, aslrt_buffer_close(&b));
}

static struct aslrt_value member(const struct test *t, const char *name)
{
    return aslrt_field(t->request, name);
}

static const char *text_of(struct test *t, struct aslrt_value v)
{
    return v.kind == ASLRT_STRING ? aslrt_copy_text(t->arena, v.as.bytes, v.count) : NULL;
}

/* A member that travels as JSON text, or as the value itself. */
static bool read_json(struct test *t, struct aslrt_value given, const char *what,
                      struct aslrt_value *out)
{
    *out = given;
    if (given.kind != ASLRT_STRING ||
        aslrt_json_read(t->arena, given.as.bytes, given.count, out, NULL) == ASLRT_OK)
        return true;
    return refuse_words(t, "%s must be a valid JSON text.", what);
}

/* ---- the state that is tested ---- */

/* The state of that name in a States block or any block below it. */
static struct aslrt_value find_state(struct aslrt_value states, const char *name, unsigned depth)
{
    struct aslrt_value found = aslrt_field(states, name);
    for (uint32_t i = 0; found.kind == ASLRT_UNDEFINED && states.kind == ASLRT_OBJECT &&
                         i < states.count && depth < ASLRT_DEPTH_MAX;
         i++) {
        struct aslrt_value s = states.as.members[i].value;
        struct aslrt_value branches = aslrt_field(s, "Branches");
        struct aslrt_value processor = aslrt_field(s, "ItemProcessor");
        if (processor.kind == ASLRT_UNDEFINED)
            processor = aslrt_field(s, "Iterator");
        found = find_state(aslrt_field(processor, "States"), name, depth + 1);
        for (uint32_t k = 0;
             branches.kind == ASLRT_ARRAY && k < branches.count && found.kind == ASLRT_UNDEFINED;
             k++)
            found = find_state(aslrt_field(branches.as.items[k], "States"), name, depth + 1);
    }
    return found;
}

static void add_target(struct aslrt_object_builder *states, struct aslrt_value target)
{
    if (target.kind != ASLRT_STRING || aslrt_object_at(states, target) != NULL)
        return;
    struct aslrt_object_builder end = aslrt_object_in(states->arena);
    aslrt_object_set_text(&end, "Type", aslrt_text("Pass"));
    aslrt_object_set_text(&end, "End", aslrt_bool(true));
    aslrt_object_set(states, target, aslrt_object_done(&end));
}

static void add_targets(struct aslrt_object_builder *states, struct aslrt_value list)
{
    for (uint32_t i = 0; list.kind == ASLRT_ARRAY && i < list.count; i++)
        add_target(states, aslrt_field(list.as.items[i], "Next"));
}

/* A machine around a state alone; variables are assigned by a state before it. */
static struct aslrt_value machine_around(struct test *t, struct aslrt_value state)
{
    struct aslrt_object_builder states = aslrt_object_in(t->arena);
    struct aslrt_object_builder machine = aslrt_object_in(t->arena);
    aslrt_object_set_text(&states, ALONE, state);
    add_target(&states, aslrt_field(state, "Next"));
    add_target(&states, aslrt_field(state, "Default"));
    add_targets(&states, aslrt_field(state, "Choices"));
    add_targets(&states, aslrt_field(state, "Catch"));
    const char *start = ALONE;
    if (t->in.variables.kind == ASLRT_OBJECT && t->in.variables.count != 0) {
        struct aslrt_object_builder before = aslrt_object_in(t->arena);
        start = ALONE " variables";
        aslrt_object_set_text(&before, "Type", aslrt_text("Pass"));
        aslrt_object_set_text(&before, "Assign", t->in.variables);
        aslrt_object_set_text(&before, "Next", aslrt_text(ALONE));
        aslrt_object_set_text(&states, start, aslrt_object_done(&before));
    }
    aslrt_object_set_text(&machine, "StartAt", aslrt_text(start));
    aslrt_object_set_text(&machine, "States", aslrt_object_done(&states));
    return aslrt_object_done(&machine);
}

static bool find_definition(struct test *t, struct aslrt_value *state, const char **text,
                            size_t *count)
{
    struct aslrt_value given = member(t, "definition"), name = member(t, "stateName");
    if (!read_json(t, given, "Definition", &t->definition))
        return false;
    *state = t->definition;
    if (name.kind == ASLRT_STRING && name.count == 0)
        return refuse(t, "1 validation error detected: Value '' at 'stateName' failed to satisfy "
                         "constraint: Member must have length greater than or equal to 1");
    if (name.kind == ASLRT_STRING) {
        t->name = text_of(t, name);
        *state = find_state(aslrt_field(t->definition, "States"), t->name, 0);
        if (state->kind == ASLRT_UNDEFINED)
            return refuse(t, "State not found in definition");
    }
    struct aslrt_value whole = t->name != NULL ? t->definition : machine_around(t, *state);
    if (aslrt_json_write(t->arena, whole, text, count) != ASLRT_OK)
        aslrt_escape(t->arena->memory, ASLRT_NOMEM);
    return true;
}

/* ---- the mock and the configuration ---- */

static bool read_mock(struct test *t)
{
    struct aslrt_value mock = member(t, "mock"), error = aslrt_field(mock, "errorOutput");
    struct aslrt_value result = aslrt_field(mock, "result");
    t->in.mocked = mock.kind == ASLRT_OBJECT;
    if (result.kind != ASLRT_UNDEFINED && error.kind != ASLRT_UNDEFINED)
        return refuse(t, "A test mock should have only one of the following fields: [result, "
                         "errorOutput].");
    t->in.error = text_of(t, aslrt_field(error, "error"));
    t->in.cause = text_of(t, aslrt_field(error, "cause"));
    return read_json(t, result, "Mocked result", &t->in.result);
}

static bool read_configuration(struct test *t)
{
    struct aslrt_value c = member(t, "stateConfiguration");
    int64_t number;
    t->in.failed_iterations = -1;
    if (aslrt_to_int(aslrt_field(c, "retrierRetryCount"), &number) && number >= 0)
        t->in.retry_count = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
    if (aslrt_to_int(aslrt_field(c, "mapIterationFailureCount"), &number)) {
        if (!t->in.mocked)
            return refuse(t, "TestState does not support MapIterationFailureCount when a mock is "
                             "not specified.");
        t->in.failed_iterations = number;
    }
    return read_json(t, aslrt_field(c, "mapItemReaderData"), "MapItemReaderData",
                     &t->in.reader_items);
}

static bool is_one_of(struct aslrt_value v, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (aslrt_is(v, words[i]))
            return true;
    return false;
}

/* Only the members that the service's own context objects have. */
static bool check_part(struct test *t, struct aslrt_value part, const char *const *known,
                       size_t count)
{
    for (uint32_t i = 0; part.kind == ASLRT_OBJECT && i < part.count; i++)
        if (!is_one_of(part.as.members[i].key, known, count))
            return refuse_words(t, "Invalid Context object provided: Field '%s' is not allowed",
                                text_of(t, part.as.members[i].key));
    return true;
}

#define KNOWN(...)                                                                                 \
    (const char *const[]){__VA_ARGS__}, sizeof(const char *const[]){__VA_ARGS__} / sizeof(char *)

static bool read_context(struct test *t, struct aslrt_value state)
{
    struct aslrt_value resource = aslrt_field(state, "Resource");
    if (!read_json(t, member(t, "context"), "Context object", &t->in.context))
        return false;
    struct aslrt_value c = t->in.context;
    if (aslrt_field(c, "Map").kind != ASLRT_UNDEFINED)
        return refuse(t, "Invalid Context object provided: 'Map' field is not supported when "
                         "mocking a Context object");
    const char *text = text_of(t, resource);
    bool waits = text != NULL &&
                 (strstr(text, ".sync") != NULL || strstr(text, ".waitForTaskToken") != NULL);
    if (aslrt_field(c, "Task").kind != ASLRT_UNDEFINED && !waits)
        return refuse(t, "Invalid Context object provided: Context object contains 'Task' when "
                         "state is not a Task state with a '.sync' or '.waitForTaskToken' service "
                         "integration pattern");
    return check_part(t, c, KNOWN("Execution", "State", "StateMachine", "Task")) &&
           check_part(t, aslrt_field(c, "Execution"),
                      KNOWN("Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount",
                            "RedriveTime")) &&
           check_part(t, aslrt_field(c, "State"), KNOWN("EnteredTime", "Name", "RetryCount")) &&
           check_part(t, aslrt_field(c, "StateMachine"), KNOWN("Id", "Name")) &&
           check_part(t, aslrt_field(c, "Task"), KNOWN("Token"));
}

/* Whether the type of the state goes with a mock, or without one. */
static bool check_type(struct test *t, struct aslrt_value state)
{
    struct aslrt_value type = aslrt_field(state, "Type");
    bool joins = aslrt_is(type, "Map") || aslrt_is(type, "Parallel");
    if (t->in.mocked && !joins && !aslrt_is(type, "Task"))
        return refuse_words(t, "State type '%s' is not supported when a mock is specified",
                            type.kind == ASLRT_STRING ? text_of(t, type) : "");
    if (!t->in.mocked && joins)
        return refuse(t, "TestState API does not support Map or Parallel states. Supported state "
                         "types include: [Task, Wait, Pass, Succeed, Fail, Choice]");
    bool stands_in = member(t, "functions").kind != ASLRT_UNDEFINED ||
                     member(t, "mockedResponses").kind != ASLRT_UNDEFINED ||
                     member(t, "tables").kind != ASLRT_UNDEFINED;
    if (aslrt_is(type, "Task") && !t->in.mocked && !stands_in &&
        member(t, "roleArn").kind == ASLRT_UNDEFINED)
        return refuse(t, "RoleArn must be specified when testing a Task state");
    return true;
}

/* The mocked result of that state. */
static bool check_result(struct test *t, const struct aslrt_state *s)
{
    struct aslrt_value mode = aslrt_field(member(t, "mock"), "fieldValidationMode");
    struct aslrt_value result = t->in.result;
    if (result.kind == ASLRT_UNDEFINED || aslrt_is(mode, "NONE"))
        return true;
    if (s->type == ASLRT_STATE_PARALLEL)
        return result.kind != ASLRT_ARRAY
                   ? refuse(t, "Mocked result must be an array.")
                   : result.count == s->scopes.count ||
                         refuse(t, "Mocked result must contain the same number of items as number "
                                   "of Parallel branches.");
    if (s->type == ASLRT_STATE_MAP)
        return s->writer != NULL
                   ? result.kind == ASLRT_OBJECT ||
                         refuse(t, "Mocked result must be a JSON object.")
                   : result.kind == ASLRT_ARRAY || refuse(t, "Mocked result must be an array.");
    if (s->type != ASLRT_STATE_TASK || s->pattern != ASLRT_REQUEST)
        return true;
    const char *why =
        mock_check(t->arena, s->service, s->action, s->sdk, !aslrt_is(mode, "PRESENT"), result);
    return why == NULL || refuse(t, why);
}

/* ---- machine and reply ---- */

static const struct aslrt_machine *build(struct test *t, const char *text, size_t count)
{
    struct verdict *v = ASLRT_NEW(t->arena, struct verdict);
    verdict_of(t->arena, text, count, IR_STANDARD, v);
    if (v->errors != 0) {
        t->refusal_code = "InvalidDefinition";
        t->refusal = verdict_refusal(t->arena, v);
        return NULL;
    }
    v->machine->type = IR_EXPRESS; /* as which the service runs it */
    const struct aslrt_machine *m = table_build(t->arena, &v->diag, v->machine, NULL);
    if (m == NULL)
        refuse(t, v->diag.count != 0 ? v->diag.diags[v->diag.count - 1]->message
                                     : "the machine can't run");
    return m;
}

static uint32_t state_called(const struct aslrt_machine *m, const char *name)
{
    uint32_t i = 1;
    while (i + 1 < m->state_count && strcmp(m->states[i].name, name) != 0)
        i++;
    return i;
}

static struct aslrt_value json_of(struct test *t, struct aslrt_value v)
{
    struct aslrt_buffer b = aslrt_buffer_in(t->arena);
    aslrt_json_put(&b, v, ASLRT_JSON_MINIFIED);
    return aslrt_string(b.bytes, (uint32_t)b.count);
}

/* Which points the service shows for a state of that kind. */
static bool shows(const struct aslrt_state *s, enum aslrt_inspected at, bool has_result)
{
    bool path = s->language == ASLRT_JSONPATH, task = s->type == ASLRT_STATE_TASK;
    bool pass = s->type == ASLRT_STATE_PASS;
    bool join = s->type == ASLRT_STATE_PARALLEL || s->type == ASLRT_STATE_MAP;
    switch (at) {
    case ASLRT_AT_INPUT_PATH:
        return path && s->type != ASLRT_STATE_PARALLEL && !(pass && has_result);
    case ASLRT_AT_PARAMETERS:
        return path && (task || (pass && !has_result));
    case ASLRT_AT_ARGUMENTS:
        return !path && task;
    case ASLRT_AT_ITEMS_PATH:
        return path && s->type == ASLRT_STATE_MAP;
    case ASLRT_AT_ITEM_SELECTOR:
        return s->type == ASLRT_STATE_MAP;
    case ASLRT_AT_RESULT:
        return task || pass;
    case ASLRT_AT_RESULT_SELECTOR:
    case ASLRT_AT_RESULT_PATH:
        return path && (task || pass || join);
    case ASLRT_INSPECTED_COUNT:
        break;
    }
    return false;
}

static struct aslrt_value inspection_data(struct test *t, const struct aslrt_state *s,
                                          struct aslrt_value input)
{
    static const char *const names[] = {
#define ASLRT_X(id, name) name,
        ASLRT_INSPECTED(ASLRT_X)
#undef ASLRT_X
    };
    const struct aslrt_inspection *in = &t->in;
    struct aslrt_object_builder b = aslrt_object_in(t->arena);
    struct aslrt_object_builder error = aslrt_object_in(t->arena);
    aslrt_object_set_text(&b, "input", json_of(t, input));
    for (int i = 0; i < ASLRT_INSPECTED_COUNT; i++)
        if (in->at[i].kind != ASLRT_UNDEFINED &&
            shows(s, (enum aslrt_inspected)i, s->result != ASLRT_NONE))
            aslrt_object_set_text(&b, names[i], json_of(t, in->at[i]));
    if (in->variables_after.count != 0)
        aslrt_object_set_text(&b, "variables", json_of(t, in->variables_after));
    if (in->catcher >= 0)
        aslrt_object_set_text(&error, "catchIndex", aslrt_int(in->catcher));
    if (in->retrier >= 0)
        aslrt_object_set_text(&error, "retryIndex", aslrt_int(in->retrier));
    if (in->status == ASLRT_TESTED_RETRIABLE)
        aslrt_object_set_text(&error, "retryBackoffIntervalSeconds",
                              aslrt_int((int64_t)in->backoff_s));
    struct aslrt_value details = aslrt_object_done(&error);
    if (details.count != 0)
        aslrt_object_set_text(&b, "errorDetails", details);
    if (s->type == ASLRT_STATE_MAP) {
        if (in->tolerated_count.kind != ASLRT_UNDEFINED)
            aslrt_object_set_text(&b, "toleratedFailureCount",
                                  aslrt_copy(t->arena, in->tolerated_count));
        if (in->tolerated_percentage.kind != ASLRT_UNDEFINED)
            aslrt_object_set_text(&b, "toleratedFailurePercentage",
                                  aslrt_copy(t->arena, in->tolerated_percentage));
        if (in->max_concurrency.kind != ASLRT_UNDEFINED)
            aslrt_object_set_text(&b, "maxConcurrency", aslrt_copy(t->arena, in->max_concurrency));
    }
    return aslrt_object_done(&b);
}

static struct aslrt_object_builder start_reply(const struct test *t)
{
    struct aslrt_object_builder b = aslrt_object_in(t->arena);
    struct aslrt_value id = member(t, "id");
    aslrt_object_set_text(&b, "id", id.kind != ASLRT_UNDEFINED ? id : aslrt_null());
    return b;
}

static struct aslrt_value reply_of(struct test *t, const struct aslrt_machine *m, uint32_t state,
                                   struct aslrt_value input)
{
    static const char *const words[] = {"SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR"};
    const struct aslrt_inspection *in = &t->in;
    struct aslrt_object_builder b = start_reply(t);
    bool left = in->status == ASLRT_TESTED_SUCCEEDED || in->status == ASLRT_TESTED_CAUGHT;
    aslrt_object_set_text(&b, "status", aslrt_text(words[in->status]));
    if (left)
        aslrt_object_set_text(&b, "output", json_of(t, in->output));
    if (in->failed_error.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "error", aslrt_copy(t->arena, in->failed_error));
    if (in->failed_cause.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "cause", aslrt_copy(t->arena, in->failed_cause));
    if (left && in->next != ASLRT_NONE)
        aslrt_object_set_text(&b, "nextState", aslrt_text(m->states[in->next].name));
    if (t->details)
        aslrt_object_set_text(&b, "inspectionData", inspection_data(t, &m->states[state], input));
    return aslrt_object_done(&b);
}

static struct aslrt_value reply_error(struct test *t, const char *member_name, const char *code,
                                      const char *message)
{
    struct aslrt_object_builder e = aslrt_object_in(t->arena), b = start_reply(t);
    aslrt_object_set_text(&e, "code", aslrt_text(code));
    /* the message may be the execution's, which closes before the reply is written */
    aslrt_object_set_text(&e, "message",
                          aslrt_text(aslrt_copy_text(t->arena, message, strlen(message))));
    aslrt_object_set_text(&b, member_name, aslrt_object_done(&e));
    return aslrt_object_done(&b);
}

struct tested {
    struct test *t;
    const struct aslrt_machine *machine;
    uint32_t state;
    struct aslrt_value input, reply;
};

static enum aslrt_status take_reply(void *data, struct aslrt_execution *x, enum aslrt_status status)
{
    struct tested *d = data;
    if (status == ASLRT_OK)
        d->reply = reply_of(d->t, d->machine, d->state, d->input);
    else if (status == ASLRT_MISUSE || status == ASLRT_FAILED)
        d->reply = reply_error(d->t, "error", status == ASLRT_MISUSE ? "NotMocked" : "CallFailed",
                               aslrt_problem(x));
    else
        return status;
    return ASLRT_OK;
}

static bool prepare(struct test *t, struct aslrt_value *state, const char **text, size_t *count)
{
    struct aslrt_value level = member(t, "inspectionLevel");
    t->details = aslrt_is(level, "DEBUG") || aslrt_is(level, "TRACE");
    return read_mock(t) && read_configuration(t) &&
           read_json(t, member(t, "variables"), "Variables", &t->in.variables) &&
           find_definition(t, state, text, count);
}

struct aslrt_value batch_test_state(struct aslrt_arena *arena, struct aslrt_value request)
{
    struct test t = {.arena = arena, .request = request};
    struct tested d = {.t = &t, .input = aslrt_field(request, "input")};
    struct aslrt_value state;
    const char *text;
    size_t count;
    if (d.input.kind == ASLRT_UNDEFINED || d.input.kind == ASLRT_NULL)
        d.input = aslrt_object(NULL, 0);
    bool fine = prepare(&t, &state, &text, &count);
    if (fine && (d.machine = build(&t, text, count)) != NULL && check_type(&t, state) &&
        read_context(&t, state)) {
        d.state = state_called(d.machine, t.name != NULL ? t.name : ALONE);
        if (check_result(&t, &d.machine->states[d.state])) {
            struct aslrt_request_inspection run = {d.machine, d.state, d.input,
                                                   &t.in,     &d,      take_reply};
            enum aslrt_status status = aslrt_request_inspect(arena, request, &run);
            if (status != ASLRT_OK)
                aslrt_escape(arena->memory, status);
            return d.reply;
        }
    }
    return reply_error(&t, "exception", t.refusal_code, t.refusal);
}
