/*
 * map_run.c - distributed Maps: a Map Run, whose children are executions of their own.
 *
 * The ItemReader's data set is asked for by calls of S3 (each an effect, as a Task's call), read by
 * reader.c, and handed to children one by one or in batches; the outputs become the result, or the
 * ResultWriter's objects.  A child runs on a frame whose parent is the Map's; what makes it an
 * execution of its own is `run`: its events are counted apart and its context object is its own.
 * spec: Map State; the Map Run's events and messages are the service's.
 */
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"
#include "runtime/engine/quotas.h"
#include "runtime/engine/reader.h"

enum { MAX_ITEMS_MOST = 100000000 };

/* ---- names ---- */

struct aslrt_value aslrt_arn(struct aslrt_execution *x, const char *kind, struct aslrt_value name)
{
    /* the machine's own ARN up to "stateMachine" */
    static const char mark[] = "stateMachine:";
    aslrt_names(x);
    size_t count = x->machine_id.count - x->machine_name.count - (sizeof mark - 1);
    struct aslrt_buffer b = aslrt_buffer_in(x->arena);
    aslrt_buffer_put(&b, x->machine_id.as.bytes, count);
    aslrt_buffer_format(&b, "%s:%.*s", kind, (int)name.count, name.as.bytes);
    return aslrt_string(b.bytes, (uint32_t)b.count);
}

/* A label that is not given is made up. */
struct aslrt_value aslrt_map_run_machine(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const char *label = aslrt_state_of(x, f)->label;
    char made[37];
    uint64_t stream = x->env->seed ^ (0x6c6162656c + (uint64_t)f->state);
    aslrt_names(x);
    aslrt_random_uuid(&stream, made);
    struct aslrt_buffer b = aslrt_buffer_in(x->arena);
    aslrt_buffer_format(&b, "%.*s/%s", (int)x->machine_name.count, x->machine_name.as.bytes,
                        label != NULL ? label : made);
    return aslrt_string(b.bytes, (uint32_t)b.count);
}

struct aslrt_value aslrt_map_run_arn(struct aslrt_execution *x, struct aslrt_frame *f)
{
    struct aslrt_value machine = aslrt_map_run_machine(x, f);
    struct aslrt_buffer b = aslrt_buffer_in(x->arena);
    aslrt_buffer_format(&b, "%.*s:%s", (int)machine.count, machine.as.bytes, f->map_run->id);
    return aslrt_arn(x, "mapRun", aslrt_string(b.bytes, (uint32_t)b.count));
}

struct aslrt_value aslrt_map_run_child_name(struct aslrt_execution *x, struct aslrt_frame *f,
                                            uint32_t index)
{
    char name[37];
    uint64_t stream = f->map_run->names + index * (uint64_t)0xd1342543de82ef95;
    aslrt_random_uuid(&stream, name);
    return aslrt_string_copy(x->arena, name, 36);
}

/* ---- fields ---- */

/* A number, or a string that is one: the service takes both. */
static bool number_of(struct aslrt_value v, double *out)
{
    if (v.kind == ASLRT_STRING) {
        static const char digits[] = "+-.0123456789eE";
        for (uint32_t i = 0; i < v.count; i++)
            if (memchr(digits, v.as.bytes[i], sizeof digits - 1) == NULL)
                return false;
        v.kind = ASLRT_NUMBER;
        if (v.count == 0)
            return false;
    }
    *out = aslrt_to_double(v);
    return aslrt_is_number(v);
}

/* A field that holds a number; `otherwise` when the state has none. */
static bool number_field(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                         double otherwise, double *out, struct aslrt_failure *failure)
{
    *out = otherwise;
    struct aslrt_value value;
    if (node == ASLRT_NONE)
        return true;
    if (!aslrt_field_of(x, f, node, &value, failure))
        return false;
    bool whole = node != aslrt_state_of(x, f)->tolerated_percentage;
    if (number_of(value, out) && (!whole || aslrt_is_whole(x, f, aslrt_double(*out))))
        return true;
    *failure = aslrt_unfit_value(x, f, node, value, whole ? "integer" : "float");
    return false;
}

static bool tolerance_of(struct aslrt_execution *x, struct aslrt_frame *f,
                         struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_map_run *r = f->map_run;
    double count, percentage;
    if (!number_field(x, f, s->tolerated_count, UINT32_MAX, &count, failure) ||
        !number_field(x, f, s->tolerated_percentage, -1, &percentage, failure))
        return false;
    if (count < 0) {
        *failure = aslrt_field_failure(x, f, s->tolerated_count,
                                       "ToleratedFailureCount cannot be negative.");
        return false;
    }
    if (s->tolerated_percentage != ASLRT_NONE && !(percentage >= 0 && percentage <= 100)) {
        *failure = aslrt_field_failure(x, f, s->tolerated_percentage,
                                       "ToleratedFailurePercentage must be between 0 and 100.");
        return false;
    }
    r->tolerated_count = count >= UINT32_MAX ? UINT32_MAX : (uint32_t)count;
    r->tolerated_percentage = percentage;
    return true;
}

static bool batches_of(struct aslrt_execution *x, struct aslrt_frame *f,
                       struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_map_run *r = f->map_run;
    double items, bytes;
    r->batches = s->batch_items != ASLRT_NONE || s->batch_bytes != ASLRT_NONE;
    if (!number_field(x, f, s->batch_items, 0, &items, failure) ||
        !number_field(x, f, s->batch_bytes, 0, &bytes, failure))
        return false;
    if (items < 0 || bytes < 0) {
        *failure = items < 0
                       ? aslrt_field_failure(x, f, s->batch_items,
                                             "MaxItemsPerBatch must be a positive integer.")
                       : aslrt_field_failure(x, f, s->batch_bytes,
                                             "MaxInputBytesPerBatch must be a positive integer.");
        return false;
    }
    r->batch_items = items >= UINT32_MAX ? UINT32_MAX : (uint32_t)items;
    r->batch_bytes =
        bytes >= 1 && bytes < ASLRT_QUOTA_PAYLOAD ? (size_t)bytes : ASLRT_QUOTA_PAYLOAD;
    return s->batch_input == ASLRT_NONE ||
           aslrt_field_of(x, f, s->batch_input, &r->batch_input, failure);
}

/* Evaluates a part's payload against the state's input. */
static bool part_of(struct aslrt_execution *x, struct aslrt_frame *f, uint32_t node,
                    struct aslrt_value *out, struct aslrt_failure *failure)
{
    struct aslrt_view view = aslrt_view_of(x, f);
    *out = aslrt_undefined();
    return node == ASLRT_NONE || (aslrt_input_of(x, f, &view.input, failure) &&
                                  aslrt_evaluate(&view, node, out, failure));
}

/* ---- the end of the run ---- */

static enum aslrt_move run_failed(struct aslrt_execution *x, struct aslrt_frame *f,
                                  struct aslrt_failure failure)
{
    f->join = (struct aslrt_join){0};
    aslrt_event_map_run_ended(x, f, &failure);
    return aslrt_fail(x, f, failure);
}

static enum aslrt_move run_succeeded(struct aslrt_execution *x, struct aslrt_frame *f,
                                     struct aslrt_value result)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    f->join = (struct aslrt_join){0};
    aslrt_event_map_run_ended(x, f, NULL);
    aslrt_event_join_succeeded(x, f);
    struct aslrt_view view = aslrt_view_of(x, f);
    view.result = result;
    return aslrt_leave(x, f, &view,
                       &(struct aslrt_leaving){result, s->output, s->assign, s->next, 0, 0});
}

/* ---- calls of S3 ---- */

static enum aslrt_move call(struct aslrt_execution *x, struct aslrt_frame *f, const char *resource,
                            struct aslrt_value arguments)
{
    const char *action = strrchr(resource, ':');
    f->phase = ASLRT_PHASE_CALL;
    f->call++;
    f->heartbeat_us = 0;
    f->deadline_us = INT64_MAX;
    f->token[0] = '\0';
    x->effect = (struct aslrt_effect){
        .kind = ASLRT_EFFECT_TASK,
        .frame = f->id,
        .call = {.resource = resource,
                 .service = "s3",
                 .action = action != NULL ? action + 1 : resource,
                 .arguments = arguments,
                 .now_us = x->now_us,
                 .state = aslrt_state_of(x, f)->name,
                 .attempt = f->attempt,
                 .credentials = aslrt_undefined()},
        .deadline_us = INT64_MAX,
    };
    return ASLRT_MOVE_EFFECT;
}

static enum aslrt_move read_failed(struct aslrt_execution *x, struct aslrt_frame *f,
                                   const char *cause)
{
    return run_failed(x, f, aslrt_failure_of(x, "States.ItemReaderFailed", cause));
}

static enum aslrt_move begin(struct aslrt_execution *x, struct aslrt_frame *f);

/* Adds items to those that there are, as far as MaxItems goes. */
static void add_items(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value more)
{
    struct aslrt_map_run *r = f->map_run;
    struct aslrt_value *have = &f->join.items;
    uint32_t room = r->max_items == 0 ? UINT32_MAX : r->max_items;
    uint32_t count =
        have->count + (more.count < room - have->count ? more.count : room - have->count);
    if (have->count == 0) {
        *have = aslrt_array(more.as.items, count);
        return;
    }
    struct aslrt_value *all = aslrt_alloc(x->arena, count * sizeof *all);
    memcpy(all, have->as.items, have->count * sizeof *all);
    memcpy(all + have->count, more.as.items, (count - have->count) * sizeof *all);
    *have = aslrt_array(all, count);
}

static bool is_full(const struct aslrt_frame *f)
{
    return f->map_run->max_items != 0 && f->join.items.count >= f->map_run->max_items;
}

static enum aslrt_move next_file(struct aslrt_execution *x, struct aslrt_frame *f)
{
    struct aslrt_map_run *r = f->map_run;
    if (r->step == r->files.count || is_full(f))
        return begin(x, f);
    r->stage = ASLRT_RUN_FILES;
    return call(x, f, "arn:aws:states:::s3:getObject", r->files.as.items[r->step++]);
}

/* The text of an object: a service gives {"Body"}, a mock may give the text or the items. */
static struct aslrt_value body_of(struct aslrt_value reply)
{
    struct aslrt_value body = aslrt_field(reply, "Body");
    return body.kind != ASLRT_UNDEFINED ? body : reply;
}

static enum aslrt_move take_file(struct aslrt_execution *x, struct aslrt_frame *f)
{
    struct aslrt_map_run *r = f->map_run;
    struct aslrt_value body = body_of(f->reply), items = body;
    const char *why = "";
    if (body.kind == ASLRT_STRING &&
        !aslrt_read_items(x->arena, (enum aslrt_data_kind)r->kind, r->config, body, &items, &why))
        return read_failed(x, f, why);
    if (items.kind != ASLRT_ARRAY)
        return read_failed(x, f, "Attempting to map over non-iterable node.");
    add_items(x, f, items);
    return next_file(x, f);
}

/* Each object of a listing as a file to read. */
static struct aslrt_value files_of(struct aslrt_execution *x, struct aslrt_frame *f,
                                   struct aslrt_value listing)
{
    struct aslrt_array_builder b = aslrt_array_in(x->arena);
    for (uint32_t i = 0; i < listing.count; i++) {
        struct aslrt_object_builder file = aslrt_object_in(x->arena);
        aslrt_object_set_text(&file, "Bucket", aslrt_field(f->map_run->target, "Bucket"));
        aslrt_object_set_text(&file, "Key", aslrt_field(listing.as.items[i], "Key"));
        aslrt_array_add(&b, aslrt_object_done(&file));
    }
    return aslrt_array_done(&b);
}

/* The reader's first answer: the data set, a manifest, or a listing. */
static enum aslrt_move take_source(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_map_run *r = f->map_run;
    size_t n = strlen(s->reader);
    bool listing = n >= 13 && strcmp(s->reader + n - 13, "listObjectsV2") == 0;
    struct aslrt_value manifest_type = aslrt_field(r->config, "ManifestType");
    if (listing) {
        struct aslrt_value found = aslrt_field(f->reply, "Contents");
        if (found.kind != ASLRT_ARRAY)
            found = f->reply.kind == ASLRT_ARRAY ? f->reply : aslrt_array(NULL, 0);
        if (!aslrt_is(aslrt_field(r->config, "Transformation"), "LOAD_AND_FLATTEN")) {
            add_items(x, f, found);
            return begin(x, f);
        }
        r->files = files_of(x, f, found);
        return next_file(x, f);
    }
    struct aslrt_value body = body_of(f->reply);
    if (body.kind != ASLRT_STRING ||
        (r->kind != ASLRT_DATA_MANIFEST && manifest_type.kind == ASLRT_UNDEFINED))
        return take_file(x, f);
    enum aslrt_data_kind kind;
    const char *why = "";
    if (!aslrt_read_manifest(x->arena, r->config, body, &r->files, &kind, &r->config, &why))
        return read_failed(x, f, why);
    r->kind = (int)kind;
    return next_file(x, f);
}

/* MaxItems, or MaxItemsPath. */
static bool max_items_of(struct aslrt_execution *x, struct aslrt_frame *f, const char **why,
                         struct aslrt_failure *failure)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_value value = aslrt_field(f->map_run->config, "MaxItems");
    double most = 0;
    if (s->reader_max_items != ASLRT_NONE) {
        if (!number_field(x, f, s->reader_max_items, 0, &most, failure))
            return false;
    } else if (value.kind != ASLRT_UNDEFINED && !number_of(value, &most)) {
        *why = "field MaxItems must be an integer";
    }
    if (most < 0)
        *why = "field MaxItems must be positive";
    f->map_run->max_items = most >= 1 && most < MAX_ITEMS_MOST ? (uint32_t)most : 0;
    return true;
}

/* ---- children ---- */

/* {"BatchInput", "Items"}: as many items as fit. */
static bool batch(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value *input,
                  struct aslrt_failure *failure)
{
    struct aslrt_map_run *r = f->map_run;
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    struct aslrt_array_builder items = aslrt_array_in(x->arena);
    size_t bytes = strlen("{\"Items\":[]}");
    if (r->batch_input.kind != ASLRT_UNDEFINED) {
        aslrt_object_set_text(&b, "BatchInput", r->batch_input);
        bytes += strlen("\"BatchInput\":,") + strlen(aslrt_json_text(x, r->batch_input));
    }
    while (r->next_item < f->join.items.count &&
           (r->batch_items == 0 || items.count < r->batch_items)) {
        struct aslrt_value item;
        if (!aslrt_map_item(x, f, r->next_item, &item, failure))
            return false;
        bytes += strlen(aslrt_json_text(x, item)) + 1;
        if (items.count != 0 && bytes > r->batch_bytes)
            break;
        aslrt_array_add(&items, item);
        r->next_item++;
    }
    aslrt_object_set_text(&b, "Items", aslrt_array_done(&items));
    *input = aslrt_object_done(&b);
    return true;
}

static bool child_input(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_value *input,
                        struct aslrt_failure *failure)
{
    struct aslrt_map_run *r = f->map_run;
    if (r->batches)
        return batch(x, f, input, failure);
    return aslrt_map_item(x, f, r->next_item++, input, failure);
}

/* Starts the next child in that frame.  False: *failure is the Map's. */
static bool start(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_frame *child,
                  struct aslrt_failure *failure)
{
    struct aslrt_value input;
    if (!child_input(x, f, &input, failure))
        return false;
    aslrt_start_child(x, f, child, f->join.started++, input);
    child->run = child->id;
    child->run_events = 1; /* ExecutionStarted */
    child->run_start_us = x->now_us;
    child->run_input = input;
    child->last_event = 0;
    aslrt_make_ready(x, child);
    return true;
}

static enum aslrt_move begin(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_map_run *r = f->map_run;
    struct aslrt_value items = f->join.items;
    struct aslrt_failure failure;
    r->stage = ASLRT_RUN_WORKS;
    aslrt_open_join(x, f, items.count);
    f->join.items = items;
    if (items.count > r->bad_room) {
        r->bad = aslrt_alloc(x->fixed, items.count);
        r->bad_room = items.count;
    }
    for (uint32_t i = 0; i < r->limit && r->next_item < items.count; i++)
        if (!start(x, f, aslrt_frame_new(x, s->scopes.first), &failure)) {
            aslrt_abort_children(x, f);
            return run_failed(x, f, failure);
        }
    return f->join.running == 0 ? aslrt_close_join(x, f) : ASLRT_MOVE_STOP;
}

enum aslrt_move aslrt_map_run_open(struct aslrt_execution *x, struct aslrt_frame *f)
{
    const struct aslrt_state *s = aslrt_state_of(x, f);
    struct aslrt_value items = aslrt_array(NULL, 0), arguments = aslrt_undefined();
    struct aslrt_failure failure;
    if (f->map_run == NULL)
        f->map_run = ASLRT_NEW(x->fixed, struct aslrt_map_run);
    struct aslrt_map_run *r = f->map_run;
    *r = (struct aslrt_map_run){.bad = r->bad, .bad_room = r->bad_room};
    if ((s->reader == NULL && !aslrt_map_items(x, f, &items, &failure)) ||
        !aslrt_map_concurrency(x, f, ASLRT_QUOTA_MAP_DISTRIBUTED, &r->limit, &failure) ||
        (s->reader != NULL && (!part_of(x, f, s->reader_arguments, &arguments, &failure) ||
                               !part_of(x, f, s->reader_config, &r->config, &failure))) ||
        !part_of(x, f, s->writer_arguments, &r->puts, &failure) ||
        !part_of(x, f, s->writer_config, &r->writer_config, &failure))
        return aslrt_fail(x, f, failure);
    f->join = (struct aslrt_join){.items = items};
    r->writes = s->writer != NULL;
    struct aslrt_value form = aslrt_field(r->writer_config, "Transformation");
    r->details = form.kind == ASLRT_UNDEFINED ? r->writes : aslrt_is(form, "NONE");
    aslrt_event_join_started(x, f, items.count);
    if (!tolerance_of(x, f, &failure) || !batches_of(x, f, &failure))
        return aslrt_fail(x, f, failure);
    aslrt_random_uuid(&x->random, r->id);
    r->names = aslrt_random(x);
    aslrt_event_map_run_started(x, f);
    if (s->reader == NULL)
        return begin(x, f);
    const char *why = NULL;
    if (!max_items_of(x, f, &why, &failure))
        return aslrt_fail(x, f, failure);
    if (why != NULL)
        return read_failed(x, f, why);
    r->kind = (int)aslrt_data_kind_of(r->config);
    r->stage = ASLRT_RUN_READS;
    r->target = arguments;
    f->reply = aslrt_undefined();
    return call(x, f, s->reader, arguments);
}

/* ---- results ---- */

static struct aslrt_value time_value(struct aslrt_execution *x, int64_t time_us)
{
    char *text = aslrt_alloc(x->arena, 25);
    aslrt_time_text(text, time_us);
    return aslrt_string(text, 24);
}

static struct aslrt_value included(struct aslrt_execution *x)
{
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    aslrt_object_set_text(&b, "Included", aslrt_bool(true));
    return aslrt_object_done(&b);
}

/* A child with all that is known of it. */
static struct aslrt_value child_details(struct aslrt_execution *x, struct aslrt_frame *f,
                                        struct aslrt_frame *child,
                                        const struct aslrt_failure *failure)
{
    struct aslrt_value machine = aslrt_map_run_machine(x, f);
    struct aslrt_value name = aslrt_map_run_child_name(x, f, child->index);
    struct aslrt_buffer id = aslrt_buffer_in(x->arena);
    aslrt_buffer_format(&id, "%.*s:%.*s", (int)machine.count, machine.as.bytes, (int)name.count,
                        name.as.bytes);
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    if (failure != NULL && failure->cause.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "Cause", failure->cause);
    if (failure != NULL && failure->error.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(&b, "Error", failure->error);
    aslrt_object_set_text(&b, "ExecutionArn",
                          aslrt_arn(x, "execution", aslrt_string(id.bytes, (uint32_t)id.count)));
    aslrt_object_set_text(&b, "Input", aslrt_text(aslrt_json_text(x, child->run_input)));
    aslrt_object_set_text(&b, "InputDetails", included(x));
    aslrt_object_set_text(&b, "Name", name);
    if (failure == NULL)
        aslrt_object_set_text(&b, "Output", aslrt_text(aslrt_json_text(x, child->input)));
    aslrt_object_set_text(&b, "OutputDetails", included(x));
    aslrt_object_set_text(&b, "RedriveCount", aslrt_int(0));
    aslrt_object_set_text(&b, "RedriveStatus",
                          aslrt_text(failure == NULL ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN"));
    if (failure == NULL)
        aslrt_object_set_text(&b, "RedriveStatusReason",
                              aslrt_text("Execution is SUCCEEDED and cannot be redriven"));
    aslrt_object_set_text(&b, "StartDate", time_value(x, child->run_start_us));
    aslrt_object_set_text(&b, "StateMachineArn", aslrt_arn(x, "stateMachine", machine));
    aslrt_object_set_text(&b, "Status", aslrt_text(failure == NULL ? "SUCCEEDED" : "FAILED"));
    aslrt_object_set_text(&b, "StopDate", time_value(x, x->now_us));
    return aslrt_object_done(&b);
}

static bool too_many_failed(const struct aslrt_frame *f)
{
    const struct aslrt_map_run *r = f->map_run;
    if (r->failed == 0)
        return false;
    if (r->tolerated_count == UINT32_MAX && r->tolerated_percentage < 0)
        return true;
    uint32_t total = r->batches && r->next_item < f->join.items.count ? f->join.total
                     : r->batches                                     ? f->join.started
                                                                      : f->join.total;
    return (r->tolerated_count != UINT32_MAX && r->failed > r->tolerated_count) ||
           (r->tolerated_percentage >= 0 &&
            (double)r->failed * 100 > r->tolerated_percentage * (double)total);
}

static void stop(struct aslrt_execution *x, struct aslrt_frame *f, struct aslrt_failure failure)
{
    aslrt_abort_children(x, f);
    f->join.failed = true;
    f->map_run->failure = failure;
    aslrt_close_join(x, f);
}

void aslrt_map_run_child(struct aslrt_execution *x, struct aslrt_frame *f,
                         struct aslrt_frame *child, const struct aslrt_failure *failure)
{
    struct aslrt_map_run *r = f->map_run;
    f->join.results[child->index] =
        failure != NULL || r->details ? child_details(x, f, child, failure) : child->input;
    r->bad[child->index] = failure != NULL;
    r->failed += failure != NULL;
    f->join.running--;
    struct aslrt_failure own;
    if (too_many_failed(f)) {
        aslrt_frame_free(x, child);
        stop(x, f,
             aslrt_failure_of(x, "States.ExceedToleratedFailureThreshold",
                              "The specified tolerated failure threshold was exceeded"));
        return;
    }
    if (r->next_item < f->join.items.count) {
        if (start(x, f, child, &own))
            return;
        aslrt_frame_free(x, child);
        stop(x, f, own);
        return;
    }
    aslrt_frame_free(x, child);
    if (f->join.running == 0)
        aslrt_close_join(x, f);
}

/* The arrays among the results, laid end to end. */
static struct aslrt_value flattened(struct aslrt_execution *x, const struct aslrt_frame *f)
{
    struct aslrt_array_builder b = aslrt_array_in(x->arena);
    for (uint32_t i = 0; i < f->join.started; i++) {
        struct aslrt_value v = f->join.results[i];
        if (v.kind != ASLRT_ARRAY || f->map_run->bad[i]) {
            aslrt_array_add(&b, v);
            continue;
        }
        for (uint32_t k = 0; k < v.count; k++)
            aslrt_array_add(&b, v.as.items[k]);
    }
    return aslrt_array_done(&b);
}

static bool is_flat(const struct aslrt_map_run *r)
{
    return aslrt_is(aslrt_field(r->writer_config, "Transformation"), "FLATTEN");
}

/* ---- the ResultWriter's objects ---- */

static void add_lines(struct aslrt_execution *x, struct aslrt_buffer *b, struct aslrt_value items,
                      bool lines)
{
    if (!lines) {
        aslrt_buffer_text(b, aslrt_json_text(x, items));
        return;
    }
    for (uint32_t i = 0; i < items.count; i++)
        aslrt_buffer_format(b, "%s\n", aslrt_json_text(x, items.as.items[i]));
}

/* The results of the children that ended so, as the writer is to lay them out. */
static struct aslrt_value results_that(struct aslrt_execution *x, struct aslrt_frame *f, bool bad)
{
    struct aslrt_array_builder b = aslrt_array_in(x->arena);
    for (uint32_t i = 0; i < f->join.started; i++) {
        struct aslrt_value v = f->join.results[i];
        if (v.kind == ASLRT_UNDEFINED || (f->map_run->bad[i] != 0) != bad)
            continue;
        if (is_flat(f->map_run) && !bad && v.kind == ASLRT_ARRAY)
            for (uint32_t k = 0; k < v.count; k++)
                aslrt_array_add(&b, v.as.items[k]);
        else
            aslrt_array_add(&b, v);
    }
    return aslrt_array_done(&b);
}

static struct aslrt_value key_of(struct aslrt_execution *x, struct aslrt_frame *f, const char *file)
{
    struct aslrt_value prefix = aslrt_field(f->map_run->target, "Prefix");
    struct aslrt_buffer b = aslrt_buffer_in(x->arena);
    if (prefix.kind == ASLRT_STRING && prefix.count != 0)
        aslrt_buffer_format(&b, "%.*s/", (int)prefix.count, prefix.as.bytes);
    aslrt_buffer_format(&b, "%s/%s", f->map_run->id, file);
    return aslrt_string(b.bytes, (uint32_t)b.count);
}

static struct aslrt_value put_of(struct aslrt_execution *x, struct aslrt_frame *f,
                                 struct aslrt_value key, struct aslrt_value body)
{
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    aslrt_object_set_text(&b, "Bucket", aslrt_field(f->map_run->target, "Bucket"));
    aslrt_object_set_text(&b, "Key", key);
    aslrt_object_set_text(&b, "Body", body);
    return aslrt_object_done(&b);
}

/* The objects to put: results by status, then the manifest that lists them. */
static struct aslrt_value puts_of(struct aslrt_execution *x, struct aslrt_frame *f)
{
    static const char *const status[] = {"FAILED", "PENDING", "SUCCEEDED"};
    bool lines = aslrt_is(aslrt_field(f->map_run->writer_config, "OutputType"), "JSONL");
    struct aslrt_array_builder puts = aslrt_array_in(x->arena);
    struct aslrt_object_builder files = aslrt_object_in(x->arena);
    for (size_t i = 0; i < sizeof status / sizeof *status; i++) {
        struct aslrt_array_builder list = aslrt_array_in(x->arena);
        struct aslrt_value results = i == 1 ? aslrt_array(NULL, 0) : results_that(x, f, i == 0);
        if (results.count != 0) {
            struct aslrt_buffer name = aslrt_buffer_in(x->arena), body = aslrt_buffer_in(x->arena);
            aslrt_buffer_format(&name, "%s_0.%s", status[i], lines ? "jsonl" : "json");
            struct aslrt_value key = key_of(x, f, aslrt_buffer_close(&name));
            add_lines(x, &body, results, lines);
            aslrt_array_add(&puts,
                            put_of(x, f, key, aslrt_string(body.bytes, (uint32_t)body.count)));
            struct aslrt_object_builder entry = aslrt_object_in(x->arena);
            aslrt_object_set_text(&entry, "Key", key);
            aslrt_object_set_text(&entry, "Size", aslrt_int((int64_t)body.count));
            aslrt_array_add(&list, aslrt_object_done(&entry));
        }
        aslrt_object_set_text(&files, status[i], aslrt_array_done(&list));
    }
    struct aslrt_object_builder manifest = aslrt_object_in(x->arena);
    aslrt_object_set_text(&manifest, "DestinationBucket",
                          aslrt_field(f->map_run->target, "Bucket"));
    aslrt_object_set_text(&manifest, "MapRunArn", aslrt_map_run_arn(x, f));
    aslrt_object_set_text(&manifest, "ResultFiles", aslrt_object_done(&files));
    aslrt_array_add(&puts, put_of(x, f, key_of(x, f, "manifest.json"),
                                  aslrt_text(aslrt_json_text(x, aslrt_object_done(&manifest)))));
    return aslrt_array_done(&puts);
}

/* What the state gives when the results are in a bucket. */
static struct aslrt_value written(struct aslrt_execution *x, struct aslrt_frame *f)
{
    struct aslrt_object_builder details = aslrt_object_in(x->arena);
    aslrt_object_set_text(&details, "Bucket", aslrt_field(f->map_run->target, "Bucket"));
    aslrt_object_set_text(&details, "Key", key_of(x, f, "manifest.json"));
    struct aslrt_object_builder b = aslrt_object_in(x->arena);
    aslrt_object_set_text(&b, "MapRunArn", aslrt_map_run_arn(x, f));
    aslrt_object_set_text(&b, "ResultWriterDetails", aslrt_object_done(&details));
    return aslrt_object_done(&b);
}

static enum aslrt_move next_put(struct aslrt_execution *x, struct aslrt_frame *f)
{
    struct aslrt_map_run *r = f->map_run;
    if (r->step < r->puts.count)
        return call(x, f, aslrt_state_of(x, f)->writer, r->puts.as.items[r->step++]);
    return f->join.failed ? run_failed(x, f, r->failure) : run_succeeded(x, f, written(x, f));
}

enum aslrt_move aslrt_map_run_joined(struct aslrt_execution *x, struct aslrt_frame *f)
{
    struct aslrt_map_run *r = f->map_run;
    if (r->writes) {
        r->stage = ASLRT_RUN_WRITES;
        r->step = 0;
        r->target = r->puts;
        r->puts = puts_of(x, f);
        return next_put(x, f);
    }
    if (f->join.failed)
        return run_failed(x, f, r->failure);
    return run_succeeded(
        x, f, is_flat(r) ? flattened(x, f) : aslrt_array(f->join.results, f->join.started));
}

enum aslrt_move aslrt_map_run_reply(struct aslrt_execution *x, struct aslrt_frame *f)
{
    if (f->reply.kind == ASLRT_UNDEFINED) {
        struct aslrt_failure failure = f->failure;
        failure.error =
            aslrt_text(f->map_run->stage == ASLRT_RUN_WRITES ? "States.ResultWriterFailed"
                                                             : "States.ItemReaderFailed");
        return run_failed(x, f, failure);
    }
    switch (f->map_run->stage) {
    case ASLRT_RUN_READS:
        return take_source(x, f);
    case ASLRT_RUN_FILES:
        return take_file(x, f);
    case ASLRT_RUN_WRITES:
    case ASLRT_RUN_WORKS:
        break;
    }
    return next_put(x, f);
}
