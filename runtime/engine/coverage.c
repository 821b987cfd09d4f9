/*
 * coverage.c - what executions took of a machine, counted over many runs in a file.
 *
 * In: counters by the ids of a machine's tables.  Out: a JSON file, one machine a line:
 *     {"format":"aslc-coverage-1","machines":[
 *     {"hash":"...","name":"flow","runs":3,"states":[...],"next":[...],"rules":[...],...}
 *     ]}
 * The machine's hash says what the positions mean.  A file is replaced as a whole by a rename;
 * FILE.lock is the new one while it is written, so that of several processes one after the other
 * adds its counts.  Every escape is caught here; the lock is gone when the functions return.
 */
#include "runtime/base/json.h"
#include "runtime/base/limits.h"
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FORMAT "aslc-coverage-1"

enum { LOCK_TRIES = 500, LOCK_PAUSE_NS = 10000000 };

static const char *const kind_names[ASLRT_COVERED_KINDS] = {"states", "next", "rules", "retriers",
                                                            "catchers"};

/* ---- counters ---- */

static struct aslrt_coverage *new_coverage(struct aslrt_arena *arena, const struct aslrt_machine *m)
{
    struct aslrt_coverage *c = ASLRT_NEW(arena, struct aslrt_coverage);
    const uint32_t counts[ASLRT_COVERED_KINDS] = {m->state_count, m->state_count, m->rule_count,
                                                  m->retrier_count, m->catcher_count};
    c->machine = m;
    c->hash = m->hash;
    c->name = m->name != NULL ? aslrt_copy_text(arena, m->name, strlen(m->name)) : "";
    for (int i = 0; i < ASLRT_COVERED_KINDS; i++) {
        c->counts[i] = counts[i];
        c->taken[i] = ASLRT_NEW_ARRAY(arena, uint64_t, counts[i] + 1);
    }
    return c;
}

struct opening {
    struct aslrt_arena *arena;
    const struct aslrt_machine *machine;
    struct aslrt_coverage *made;
};

static enum aslrt_status open_body(void *data)
{
    struct opening *o = data;
    o->made = new_coverage(o->arena, o->machine);
    return ASLRT_OK;
}

enum aslrt_status aslrt_coverage_new(struct aslrt_arena *arena, const struct aslrt_machine *machine,
                                     struct aslrt_coverage **out)
{
    struct opening o = {arena, machine, NULL};
    enum aslrt_status status = aslrt_protect(arena->memory, open_body, &o);
    *out = o.made;
    return status;
}

/* ---- the file ---- */

struct job {
    struct aslrt_arena *arena;
    const char *path;
    struct aslrt_coverage *const *list;
    uint32_t count;
    bool any; /* machines that are not in the list may stand in the file */
    int to;   /* the new file, or -1: the file is only read */
    char *why;
    size_t why_room;
};

static enum aslrt_status refuse(const struct job *j, const char *format, const char *detail)
{
    snprintf(j->why, j->why_room, format, j->path, detail);
    return ASLRT_FAILED;
}

/* The whole file as text; "" when there is none. */
static enum aslrt_status read_all(const struct job *j, const char **text, size_t *count)
{
    struct aslrt_buffer b = aslrt_buffer_in(j->arena);
    int from = open(j->path, O_RDONLY | O_CLOEXEC);
    *text = "";
    *count = 0;
    if (from < 0 && errno == ENOENT)
        return ASLRT_OK;
    ssize_t n = -1;
    while (from >= 0 && b.count < ASLRT_LINE_MAX) {
        char piece[16384];
        n = read(from, piece, sizeof piece);
        if (n <= 0)
            break;
        aslrt_buffer_put(&b, piece, (size_t)n);
    }
    int error = errno;
    if (from >= 0)
        close(from);
    if (n < 0)
        return refuse(j, "cannot read '%s': %s", strerror(error));
    if (n > 0)
        return refuse(j, "'%s' is too large for a coverage file%s", "");
    *text = aslrt_buffer_close(&b);
    *count = b.count;
    return ASLRT_OK;
}

static bool is_hash_of(struct aslrt_value entry, const struct aslrt_coverage *c)
{
    char hash[17];
    snprintf(hash, sizeof hash, "%016" PRIx64, c->hash);
    return aslrt_is(aslrt_field(entry, "hash"), hash);
}

static uint64_t count_of(struct aslrt_value number)
{
    int64_t n;
    return aslrt_to_int(number, &n) && n > 0 ? (uint64_t)n : 0;
}

/* The counts of the file and of now together, in `c`. */
static enum aslrt_status add_entry(const struct job *j, struct aslrt_value entry,
                                   struct aslrt_coverage *c)
{
    for (int i = 0; i < ASLRT_COVERED_KINDS; i++) {
        struct aslrt_value list = aslrt_field(entry, kind_names[i]);
        if (list.kind != ASLRT_ARRAY || list.count + 1 != (c->counts[i] == 0 ? 1 : c->counts[i]))
            return refuse(j, "'%s' is damaged: the counts of '%s' are not those of its machine",
                          c->name);
        for (uint32_t k = 0; k < list.count; k++)
            c->taken[i][k + 1] += count_of(list.as.items[k]);
    }
    c->runs += count_of(aslrt_field(entry, "runs"));
    return ASLRT_OK;
}

static struct aslrt_value entry_of(struct aslrt_arena *arena, const struct aslrt_coverage *c)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    char hash[17];
    snprintf(hash, sizeof hash, "%016" PRIx64, c->hash);
    aslrt_object_set_text(&b, "hash", aslrt_string_copy(arena, hash, 16));
    aslrt_object_set_text(&b, "name", aslrt_text(c->name));
    aslrt_object_set_text(&b, "runs", aslrt_int((int64_t)c->runs));
    for (int i = 0; i < ASLRT_COVERED_KINDS; i++) {
        struct aslrt_array_builder list = aslrt_array_in(arena);
        for (uint32_t k = 1; k < c->counts[i]; k++)
            aslrt_array_add(&list, aslrt_int((int64_t)c->taken[i][k]));
        aslrt_object_set_text(&b, kind_names[i], aslrt_array_done(&list));
    }
    return aslrt_object_done(&b);
}

static void put_entry(struct aslrt_buffer *b, bool *first, struct aslrt_value entry)
{
    aslrt_buffer_text(b, *first ? "\n" : ",\n");
    aslrt_json_put(b, entry, ASLRT_JSON_MINIFIED);
    *first = false;
}

static enum aslrt_status write_all(const struct job *j, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t n = write(j->to, bytes, count);
        if (n < 0)
            return refuse(j, "cannot write '%s': %s", strerror(errno));
        bytes += n;
        count -= (size_t)n;
    }
    return ASLRT_OK;
}

/* The machines of the file. */
static enum aslrt_status read_entries(const struct job *j, struct aslrt_value *entries)
{
    const char *text;
    size_t count;
    struct aslrt_value file;
    struct aslrt_json_error error;
    enum aslrt_status status = read_all(j, &text, &count);
    *entries = aslrt_array(NULL, 0);
    if (status != ASLRT_OK || count == 0)
        return status;
    status = aslrt_json_read(j->arena, text, count, &file, &error);
    if (status == ASLRT_NOMEM)
        return status;
    if (status != ASLRT_OK || !aslrt_is(aslrt_field(file, "format"), FORMAT))
        return refuse(j, "'%s' is no coverage file; give a new name%s", "");
    *entries = aslrt_field(file, "machines");
    if (entries->kind != ASLRT_ARRAY)
        return refuse(j, "'%s' is damaged: it has no list of machines%s", "");
    return ASLRT_OK;
}

/* Adds the file's counts to the list's; with a place to write to, writes them all there: what the
   file had in its order, then what is new. */
static enum aslrt_status merge(void *data)
{
    const struct job *j = data;
    struct aslrt_value entries;
    bool *seen = ASLRT_NEW_ARRAY(j->arena, bool, j->count + 1);
    struct aslrt_buffer b = aslrt_buffer_in(j->arena);
    bool first = true, known = false;
    enum aslrt_status status = read_entries(j, &entries);
    aslrt_buffer_text(&b, "{\"format\":\"" FORMAT "\",\"machines\":[");
    for (uint32_t i = 0; i < entries.count && status == ASLRT_OK; i++) {
        struct aslrt_value entry = entries.as.items[i];
        for (uint32_t k = 0; k < j->count && status == ASLRT_OK; k++) {
            if (seen[k] || !is_hash_of(entry, j->list[k]))
                continue;
            seen[k] = known = true;
            status = add_entry(j, entry, j->list[k]);
            entry = entry_of(j->arena, j->list[k]);
        }
        put_entry(&b, &first, entry);
    }
    if (status != ASLRT_OK)
        return status;
    if (entries.count != 0 && !known && !j->any)
        return refuse(j,
                      "'%s' was recorded for another machine, or for an older form of this one; "
                      "remove it or give a new name%s",
                      "");
    for (uint32_t k = 0; k < j->count; k++) {
        if (!seen[k] && j->list[k]->runs != 0)
            put_entry(&b, &first, entry_of(j->arena, j->list[k]));
    }
    aslrt_buffer_text(&b, "\n]}\n");
    return j->to < 0 ? ASLRT_OK : write_all(j, b.bytes, b.count);
}

static enum aslrt_status do_merge(struct aslrt_memory *memory, struct job *j)
{
    struct aslrt_arena arena;
    aslrt_arena_init(&arena, memory);
    j->arena = &arena;
    enum aslrt_status status = aslrt_protect(memory, merge, j);
    if (status != ASLRT_OK && status != ASLRT_FAILED)
        snprintf(j->why, j->why_room, "out of memory");
    aslrt_arena_clear(&arena);
    return status;
}

enum aslrt_status aslrt_coverage_load(struct aslrt_memory *memory, const char *path,
                                      struct aslrt_coverage *const *list, uint32_t count, bool any,
                                      char *why, size_t why_room)
{
    struct job j = {NULL, path, list, count, any, -1, why, why_room};
    return do_merge(memory, &j);
}

/* The lock is the new file.  Somebody else's is waited for. */
static enum aslrt_status take_lock(struct job *j, const char *lock)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        j->to = open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (j->to >= 0)
            return ASLRT_OK;
        if (errno != EEXIST)
            return refuse(j, "cannot write beside '%s': %s", strerror(errno));
        nanosleep(&(struct timespec){0, LOCK_PAUSE_NS}, NULL);
    }
    return refuse(j, "'%s' is being written by another run; remove '%s' when there is none", lock);
}

enum aslrt_status aslrt_coverage_save(struct aslrt_memory *memory, const char *path,
                                      struct aslrt_coverage *const *list, uint32_t count, bool any,
                                      char *why, size_t why_room)
{
    struct job j = {NULL, path, list, count, any, -1, why, why_room};
    char lock[4096];
    if ((size_t)snprintf(lock, sizeof lock, "%s.lock", path) >= sizeof lock)
        return refuse(&j, "the name '%.80s...' is too long%s", "");
    enum aslrt_status status = take_lock(&j, lock);
    if (status != ASLRT_OK)
        return status;
    status = do_merge(memory, &j);
    if (close(j.to) != 0 && status == ASLRT_OK)
        status = refuse(&j, "cannot write '%s': %s", strerror(errno));
    if (status == ASLRT_OK && rename(lock, path) != 0)
        status = refuse(&j, "cannot replace '%s': %s", strerror(errno));
    if (status != ASLRT_OK)
        unlink(lock);
    return status;
}
