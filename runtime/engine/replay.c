/*
 * replay.c - recorded replies in front of services; see replay.h.
 */
#include "runtime/engine/replay.h"
#include "runtime/base/value.h"

enum { SERVICES_MAX = 8 };

struct aslrt_replay {
    struct aslrt_arena *arena;
    const struct aslrt_service *services[SERVICES_MAX];
    bool again[SERVICES_MAX];
    uint32_t service_count;
    struct aslrt_value recorded;
    uint64_t next, stop_after;
    bool stopped;
    struct aslrt_array_builder calls;
    struct aslrt_service service;
};

struct replay_call {
    struct aslrt_replay *replay;
    const struct aslrt_call *call;
    struct aslrt_arena *arena;
    struct aslrt_reply *reply;
};

/* ---- replies as JSON ---- */

static void set_text(struct aslrt_object_builder *b, const char *name, const char *text)
{
    if (text != NULL)
        aslrt_object_set_text(b, name, aslrt_string_copy(b->arena, text, strlen(text)));
}

static void set_value(struct aslrt_object_builder *b, const char *name, struct aslrt_value v)
{
    if (v.kind != ASLRT_UNDEFINED)
        aslrt_object_set_text(b, name, aslrt_copy(b->arena, v));
}

static struct aslrt_value completion_value(struct aslrt_arena *arena,
                                           const struct aslrt_completion *c)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "after", aslrt_int(c->after_us));
    aslrt_object_set_text(&b, "heartbeat", aslrt_bool(c->heartbeat));
    aslrt_object_set_text(&b, "failed", aslrt_bool(c->failed));
    if (!c->failed && !c->heartbeat)
        set_value(&b, "result", c->result);
    set_text(&b, "error", c->error);
    set_text(&b, "cause", c->cause);
    return aslrt_object_done(&b);
}

static struct aslrt_value reply_value(struct aslrt_arena *arena, const struct aslrt_reply *r)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    set_value(&b, "result", r->result);
    set_text(&b, "error", r->error);
    set_text(&b, "cause", r->cause);
    set_text(&b, "worker", r->worker);
    aslrt_object_set_text(&b, "delay", aslrt_int(r->delay_us));
    aslrt_object_set_text(&b, "begun", aslrt_bool(r->begun));
    struct aslrt_array_builder list = aslrt_array_in(arena);
    for (uint32_t i = 0; i < r->completion_count; i++)
        aslrt_array_add(&list, completion_value(arena, &r->completions[i]));
    aslrt_object_set_text(&b, "completions", aslrt_array_done(&list));
    return aslrt_object_done(&b);
}

static const char *text_of(struct aslrt_arena *arena, struct aslrt_value object, const char *name)
{
    struct aslrt_value v = aslrt_field(object, name);
    return v.kind == ASLRT_STRING ? aslrt_copy_text(arena, v.as.bytes, v.count) : NULL;
}

static bool flag_of(struct aslrt_value object, const char *name)
{
    struct aslrt_value v = aslrt_field(object, name);
    return v.kind == ASLRT_BOOL && v.as.boolean;
}

static int64_t number_of(struct aslrt_value object, const char *name)
{
    int64_t n;
    return aslrt_to_int(aslrt_field(object, name), &n) ? n : 0;
}

static void read_reply(struct aslrt_arena *arena, struct aslrt_value v, struct aslrt_reply *out)
{
    struct aslrt_value list = aslrt_field(v, "completions");
    uint32_t count = list.kind == ASLRT_ARRAY ? list.count : 0;
    struct aslrt_completion *all = ASLRT_NEW_ARRAY(arena, struct aslrt_completion, count);
    for (uint32_t i = 0; i < count; i++) {
        struct aslrt_value c = list.as.items[i];
        all[i] = (struct aslrt_completion){
            .after_us = number_of(c, "after"),
            .heartbeat = flag_of(c, "heartbeat"),
            .failed = flag_of(c, "failed"),
            .result = aslrt_field(c, "result"),
            .error = text_of(arena, c, "error"),
            .cause = text_of(arena, c, "cause"),
        };
    }
    *out = (struct aslrt_reply){
        .result = aslrt_field(v, "result"),
        .error = text_of(arena, v, "error"),
        .cause = text_of(arena, v, "cause"),
        .worker = text_of(arena, v, "worker"),
        .delay_us = number_of(v, "delay"),
        .begun = flag_of(v, "begun"),
        .completions = all,
        .completion_count = count,
    };
}

/* ---- the service ---- */

static enum aslrt_status ask(struct replay_call *c, bool again_only, struct aslrt_reply *reply)
{
    struct aslrt_replay *r = c->replay;
    for (uint32_t i = 0; i < r->service_count; i++) {
        if (again_only && !r->again[i])
            continue;
        const struct aslrt_service *s = r->services[i];
        *reply = (struct aslrt_reply){.result = aslrt_undefined()};
        enum aslrt_status status = s->call(s->self, c->call, c->arena, reply);
        if (status != ASLRT_MISUSE)
            return status;
    }
    return ASLRT_MISUSE;
}

static enum aslrt_status answer(void *data)
{
    struct replay_call *c = data;
    struct aslrt_replay *r = c->replay;
    if (r->next >= r->stop_after) {
        r->stopped = true;
        c->reply->cause = "stopped here";
        return ASLRT_FAILED;
    }
    bool recorded = r->recorded.kind == ASLRT_ARRAY && r->next < r->recorded.count;
    if (recorded) {
        struct aslrt_reply dropped;
        (void)ask(c, true, &dropped);
        read_reply(c->arena, r->recorded.as.items[r->next], c->reply);
    } else {
        enum aslrt_status status = ask(c, false, c->reply);
        if (status != ASLRT_OK)
            return status;
    }
    r->next++;
    aslrt_array_add(&r->calls, reply_value(r->arena, c->reply));
    return ASLRT_OK;
}

static enum aslrt_status call_replay(void *self, const struct aslrt_call *call,
                                     struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct replay_call c = {self, call, arena, reply};
    return aslrt_protect(arena->memory, answer, &c);
}

struct aslrt_replay *aslrt_replay_new(struct aslrt_arena *arena, struct aslrt_value recorded,
                                      uint64_t stop_after)
{
    struct aslrt_replay *r = ASLRT_NEW(arena, struct aslrt_replay);
    r->arena = arena;
    r->recorded = recorded;
    r->stop_after = stop_after;
    r->calls = aslrt_array_in(arena);
    r->service = (struct aslrt_service){r, call_replay};
    return r;
}

void aslrt_replay_add(struct aslrt_replay *r, const struct aslrt_service *service, bool again)
{
    if (r->service_count == SERVICES_MAX)
        return;
    r->again[r->service_count] = again;
    r->services[r->service_count++] = service;
}

const struct aslrt_service *aslrt_replay_service(struct aslrt_replay *r)
{
    return &r->service;
}

bool aslrt_replay_stopped(const struct aslrt_replay *r)
{
    return r->stopped;
}

struct aslrt_value aslrt_replay_calls(struct aslrt_replay *r)
{
    return aslrt_array_done(&r->calls);
}
