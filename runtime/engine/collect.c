/*
 * collect.c - keeps an endless execution in constant memory.
 *
 * All values of an execution are bump-allocated in one arena.  When it has grown by more than
 * max(1 MiB, what was live last), the live values are copied to a fresh arena and the old one is
 * dropped: the cost of a copy is spread over as many allocated bytes.  What a value shares with
 * another (a frame's input and a variable, say) is shared by the copies too.
 * Values outside the arena (constants of the program, the caller's input) stay where they are.
 * Roots: frames' inputs, replies, failures, variables, items and results, completions
 * on their way, and the outcome.
 */
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

enum { GARBAGE_MIN = 1 << 20, SPANS_MAX = 256 };

struct span_of_memory {
    const char *start, *end;
};

/* Where something was, and where it is now. */
struct moved {
    const void *from;
    uint32_t count;
    const void *to;
};

struct collection {
    struct aslrt_arena *to;
    struct aslrt_arena scratch;   /* the tables below */
    struct span_of_memory *spans; /* blocks of the old arena, by address */
    uint32_t span_count;
    struct moved *table;
    uint32_t used, mask;
};

/* ---- what lies in the old arena ---- */

static void sort_spans(struct span_of_memory *spans, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) /* few blocks, since their size doubles */
        for (uint32_t k = i; k > 0 && spans[k].start < spans[k - 1].start; k--) {
            struct span_of_memory t = spans[k];
            spans[k] = spans[k - 1];
            spans[k - 1] = t;
        }
}

static void list_blocks(struct collection *c, const struct aslrt_arena *from)
{
    uint32_t count = 0;
    for (const struct aslrt_block *b = from->blocks; b != NULL; b = b->next)
        count++;
    c->spans = aslrt_alloc(&c->scratch, count * sizeof *c->spans);
    for (const struct aslrt_block *b = from->blocks; b != NULL; b = b->next)
        c->spans[c->span_count++] =
            (struct span_of_memory){(const char *)b, (const char *)b + b->size};
    sort_spans(c->spans, count);
}

static bool is_inside(const struct collection *c, const void *p)
{
    const char *at = p;
    uint32_t low = 0, high = c->span_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (at < c->spans[middle].start)
            high = middle;
        else if (at >= c->spans[middle].end)
            low = middle + 1;
        else
            return true;
    }
    return false;
}

/* ---- what has moved already ---- */

static struct moved *slot_for(struct collection *c, const void *from, uint32_t count)
{
    uint64_t h = (uint64_t)(uintptr_t)from * 0x9e3779b97f4a7c15u + count;
    for (uint32_t i = (uint32_t)(h >> 32);; i++) {
        struct moved *m = &c->table[i & c->mask];
        if (m->from == NULL || (m->from == from && m->count == count))
            return m;
    }
}

static void grow_table(struct collection *c)
{
    struct moved *old = c->table;
    uint32_t old_size = old == NULL ? 0 : c->mask + 1;
    uint32_t size = old_size == 0 ? 256 : old_size * 2;
    c->table = ASLRT_NEW_ARRAY(&c->scratch, struct moved, size);
    c->mask = size - 1;
    for (uint32_t i = 0; i < old_size; i++)
        if (old[i].from != NULL)
            *slot_for(c, old[i].from, old[i].count) = old[i];
}

static void remember(struct collection *c, const void *from, uint32_t count, const void *to)
{
    if (c->table == NULL || c->used * 2 > c->mask)
        grow_table(c);
    *slot_for(c, from, count) = (struct moved){from, count, to};
    c->used++;
}

static const void *moved_to(struct collection *c, const void *from, uint32_t count)
{
    if (c->table == NULL)
        return NULL;
    const struct moved *m = slot_for(c, from, count);
    return m->from != NULL ? m->to : NULL;
}

/* ---- moving ---- */

/* Short strings are copied wherever they occur: remembering them costs more than they do. */
enum { SHARED_STRING_MIN = 64 };

static struct aslrt_value move_text(struct collection *c, struct aslrt_value v)
{
    const char *to = v.count >= SHARED_STRING_MIN ? moved_to(c, v.as.bytes, v.count) : NULL;
    if (to == NULL) {
        char *copy = aslrt_alloc(c->to, v.count);
        memcpy(copy, v.as.bytes, v.count);
        to = copy;
        if (v.count >= SHARED_STRING_MIN)
            remember(c, v.as.bytes, v.count, to);
    }
    v.as.bytes = to;
    return v;
}

static struct aslrt_value move(struct collection *c, struct aslrt_value v)
{
    switch ((enum aslrt_kind)v.kind) {
    case ASLRT_STRING:
    case ASLRT_NUMBER:
        return v.count != 0 && is_inside(c, v.as.bytes) ? move_text(c, v) : v;
    case ASLRT_ARRAY: {
        if (v.count == 0 || !is_inside(c, v.as.items))
            return v;
        const void *to = moved_to(c, v.as.items, v.count);
        if (to == NULL) {
            struct aslrt_value *items = aslrt_alloc(c->to, v.count * sizeof *items);
            for (uint32_t i = 0; i < v.count; i++)
                items[i] = move(c, v.as.items[i]);
            remember(c, v.as.items, v.count, items);
            to = items;
        }
        v.as.items = to;
        return v;
    }
    case ASLRT_OBJECT: {
        if (v.count == 0 || !is_inside(c, v.as.members))
            return v;
        const struct aslrt_member *to = moved_to(c, v.as.members, v.count);
        if (to != NULL) {
            v.as.members = to;
            return v;
        }
        struct aslrt_object_builder b = aslrt_object_in(c->to);
        for (uint32_t i = 0; i < v.count; i++)
            aslrt_object_set(&b, move(c, v.as.members[i].key), move(c, v.as.members[i].value));
        struct aslrt_value done = aslrt_object_done(&b);
        remember(c, v.as.members, v.count, done.as.members);
        return done;
    }
    default:
        return v;
    }
}

static void move_map_run(struct collection *c, struct aslrt_map_run *r)
{
    struct aslrt_value *const roots[] = {&r->config,        &r->files,        &r->target,
                                         &r->puts,          &r->batch_input,  &r->writer_config,
                                         &r->failure.error, &r->failure.cause};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        *roots[i] = move(c, *roots[i]);
}

static void move_frame(struct collection *c, struct aslrt_frame *f)
{
    f->input = move(c, f->input);
    f->reply = move(c, f->reply);
    f->failure.error = move(c, f->failure.error);
    f->failure.cause = move(c, f->failure.cause);
    for (uint32_t i = 0; i < f->variable_count; i++)
        f->variables[i] = move(c, f->variables[i]);
    f->run_input = move(c, f->run_input);
    if (f->map_run != NULL)
        move_map_run(c, f->map_run);
    f->join.items = move(c, f->join.items);
    if (f->join.total == 0)
        return;
    struct aslrt_value *results = aslrt_alloc(c->to, f->join.total * sizeof *results);
    for (uint32_t i = 0; i < f->join.total; i++)
        results[i] = move(c, f->join.results[i]);
    f->join.results = results;
}

void aslrt_collect(struct aslrt_execution *x)
{
    struct collection c = {.to = x->spare};
    aslrt_arena_init(&c.scratch, x->memory);
    list_blocks(&c, x->arena);
    for (uint32_t i = 1; i <= x->frame_count; i++)
        if (x->frames[i]->phase != ASLRT_PHASE_FREE)
            move_frame(&c, x->frames[i]);
    for (uint32_t i = 0; i < x->pending_count; i++) {
        x->pending[i].result = move(&c, x->pending[i].result);
        x->pending[i].failure.error = move(&c, x->pending[i].failure.error);
        x->pending[i].failure.cause = move(&c, x->pending[i].failure.cause);
    }
    x->outcome.output = move(&c, x->outcome.output);
    x->context_frame = 0;
    aslrt_arena_clear(&c.scratch);
    x->spare = x->arena;
    x->arena = c.to;
    aslrt_arena_reset(x->spare);
    size_t live = aslrt_filled(x->arena);
    x->collect_at = live + (live > GARBAGE_MIN ? live : GARBAGE_MIN);
}
