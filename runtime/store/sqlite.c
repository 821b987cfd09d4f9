/*
 * sqlite.c - the backend that keeps everything in one SQLite file; see backend.h.
 *
 * One table of entries, (space, key) → value, in the order of keys.  The file is in WAL mode with
 * synchronous FULL and locked by the process that has it open: when `apply` returns, the change is
 * on the disk, and a process that dies in the middle of one leaves none of it behind.
 *
 * A statement that gave a value stays where it is until the next call, because the value is its
 * own. Nothing here escapes (arena.h), so no statement is ever left behind.
 */
#include "runtime/store/backend.h"
#include "runtime/store/store.h"

#include <sqlite3.h>
#include <stdio.h>

enum {
    APPLICATION_ID = 0x61736c63, /* "aslc": whose file it is */
    FORMAT = 1,                  /* of keys and values; another one is refused */
};

enum statement { GET, PUT, REMOVE, FORWARD, BACKWARD, BEGIN, COMMIT, ROLLBACK, STATEMENTS };

static const char *const sql[STATEMENTS] = {
    "SELECT value FROM entries WHERE space = ?1 AND key = ?2",
    "INSERT INTO entries(space, key, value) VALUES(?1, ?2, ?3) "
    "ON CONFLICT(space, key) DO UPDATE SET value = excluded.value",
    "DELETE FROM entries WHERE space = ?1 AND key = ?2",
    "SELECT key, value FROM entries WHERE space = ?1 AND key >= ?2 AND key < ?3 ORDER BY key",
    "SELECT key, value FROM entries WHERE space = ?1 AND key >= ?2 AND key < ?3 "
    "ORDER BY key DESC",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "ROLLBACK",
};

struct sqlite_backend {
    struct aslrt_memory *memory;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    sqlite3_stmt *walking; /* one of the two walks, or NULL */
    char problem[200];
};

static enum aslrt_status failed(struct sqlite_backend *b)
{
    int code = sqlite3_errcode(b->db) & 0xff;
    snprintf(b->problem, sizeof b->problem, "%s", sqlite3_errmsg(b->db));
    return code == SQLITE_NOMEM ? ASLRT_NOMEM : ASLRT_IO;
}

static bool bind_bytes(sqlite3_stmt *s, int at, struct aslrt_bytes bytes)
{
    return sqlite3_bind_blob(s, at, bytes.count == 0 ? (const void *)"" : bytes.at,
                             (int)bytes.count, SQLITE_STATIC) == SQLITE_OK;
}

static bool bind_entry(sqlite3_stmt *s, uint32_t space, struct aslrt_bytes key)
{
    return sqlite3_bind_int64(s, 1, space) == SQLITE_OK && bind_bytes(s, 2, key);
}

/* Runs a statement that gives no rows. */
static bool run(sqlite3_stmt *s)
{
    int code = sqlite3_step(s);
    return sqlite3_reset(s) == SQLITE_OK && code == SQLITE_DONE;
}

static struct aslrt_bytes column(sqlite3_stmt *s, int at)
{
    const void *bytes = sqlite3_column_blob(s, at);
    return aslrt_bytes_of(bytes == NULL ? "" : bytes, (size_t)sqlite3_column_bytes(s, at));
}

static enum aslrt_status get(void *self, uint32_t space, struct aslrt_bytes key,
                             struct aslrt_bytes *value)
{
    struct sqlite_backend *b = self;
    sqlite3_stmt *s = b->statements[GET];
    *value = (struct aslrt_bytes){NULL, 0};
    sqlite3_reset(s);
    if (!bind_entry(s, space, key))
        return failed(b);
    int code = sqlite3_step(s);
    if (code == SQLITE_ROW)
        *value = column(s, 0);
    return code == SQLITE_ROW || code == SQLITE_DONE ? ASLRT_OK : failed(b);
}

static bool apply_one(struct sqlite_backend *b, const struct aslrt_change *c)
{
    bool removes = c->value.at == NULL;
    sqlite3_stmt *s = b->statements[removes ? REMOVE : PUT];
    return bind_entry(s, c->space, c->key) && (removes || bind_bytes(s, 3, c->value)) && run(s);
}

static enum aslrt_status apply(void *self, struct aslrt_change *changes, uint32_t count)
{
    struct sqlite_backend *b = self;
    sqlite3_reset(b->statements[GET]);
    if (count == 1) /* a transaction of its own */
        return apply_one(b, changes) ? ASLRT_OK : failed(b);
    if (!run(b->statements[BEGIN]))
        return failed(b);
    for (uint32_t i = 0; i <= count; i++) {
        if (i < count ? apply_one(b, &changes[i]) : run(b->statements[COMMIT]))
            continue;
        enum aslrt_status status = failed(b);
        run(b->statements[ROLLBACK]);
        return status;
    }
    return ASLRT_OK;
}

static enum aslrt_status walk(void *self, uint32_t space, const struct aslrt_range *range)
{
    /* Behind every key: a key is a name, or has a length below 0xffff in its ninth byte. */
    static const char end[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
    struct sqlite_backend *b = self;
    sqlite3_stmt *s = b->statements[range->backward ? BACKWARD : FORWARD];
    sqlite3_reset(s);
    b->walking = s;
    struct aslrt_bytes high = range->high.at == NULL ? aslrt_bytes_of(end, 10) : range->high;
    return bind_entry(s, space, range->low) && bind_bytes(s, 3, high) ? ASLRT_OK : failed(b);
}

static enum aslrt_status next(void *self, struct aslrt_bytes *key, struct aslrt_bytes *value)
{
    struct sqlite_backend *b = self;
    *key = *value = (struct aslrt_bytes){NULL, 0};
    if (b->walking == NULL)
        return ASLRT_OK;
    int code = sqlite3_step(b->walking);
    if (code == SQLITE_ROW) {
        *key = column(b->walking, 0);
        *value = column(b->walking, 1);
        return ASLRT_OK;
    }
    enum aslrt_status status = code == SQLITE_DONE ? ASLRT_OK : failed(b);
    sqlite3_reset(b->walking);
    b->walking = NULL;
    return status;
}

static void rest(void *self)
{
    struct sqlite_backend *b = self;
    sqlite3_reset(b->statements[GET]);
    if (b->walking != NULL)
        sqlite3_reset(b->walking);
    b->walking = NULL;
}

static void close_backend(void *self)
{
    struct sqlite_backend *b = self;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(b->statements[i]);
    sqlite3_close(b->db);
    aslrt_memory_resize(b->memory, b, sizeof *b, 0);
}

static const char *problem(const void *self)
{
    return ((const struct sqlite_backend *)self)->problem;
}

static const struct aslrt_backend sqlite_backend = {get,  apply,         walk,    next,
                                                    rest, close_backend, problem, true};

/* ---- opening ---- */

static bool pragma(struct sqlite_backend *b, const char *name, int *value)
{
    char text[64];
    sqlite3_stmt *s = NULL;
    snprintf(text, sizeof text, "PRAGMA %s", name);
    bool good =
        sqlite3_prepare_v2(b->db, text, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW;
    if (good)
        *value = sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    return good;
}

/* Makes the table in a new file; refuses a file that is something else. */
static enum aslrt_status prepare_file(struct sqlite_backend *b)
{
    char text[128];
    int id = 0, version = 0, tables = 0;
    if (sqlite3_exec(b->db,
                     "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                     "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
                     NULL, NULL, NULL) != SQLITE_OK ||
        !pragma(b, "application_id", &id) || !pragma(b, "user_version", &version) ||
        !pragma(b, "schema_version", &tables))
        return failed(b);
    if (tables != 0 && (id != APPLICATION_ID || version != FORMAT)) {
        snprintf(b->problem, sizeof b->problem,
                 id == APPLICATION_ID ? "the file was written by another version of aslc"
                                      : "the file is a database of something else");
        return ASLRT_FAILED;
    }
    snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
             APPLICATION_ID, FORMAT);
    if (sqlite3_exec(b->db,
                     "CREATE TABLE IF NOT EXISTS entries(space INTEGER NOT NULL, key BLOB NOT "
                     "NULL, value BLOB NOT NULL, PRIMARY KEY(space, key)) WITHOUT ROWID",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(b->db, text, NULL, NULL, NULL) != SQLITE_OK)
        return failed(b);
    for (int i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(b->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &b->statements[i],
                               NULL) != SQLITE_OK)
            return failed(b);
    }
    return ASLRT_OK;
}

enum aslrt_status aslrt_store_sqlite(struct aslrt_memory *memory, const char *path,
                                     struct aslrt_store **out, char *why, size_t why_room)
{
    struct sqlite_backend *b = aslrt_memory_resize(memory, NULL, 0, sizeof *b);
    if (b == NULL)
        return ASLRT_NOMEM;
    memset(b, 0, sizeof *b);
    b->memory = memory;
    enum aslrt_status status = ASLRT_OK;
    if (sqlite3_open_v2(path, &b->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
        SQLITE_OK)
        status = failed(b);
    if (status == ASLRT_OK)
        status = prepare_file(b);
    if (status != ASLRT_OK) {
        snprintf(why, why_room, "%s", b->problem);
        close_backend(b);
        return status;
    }
    status = aslrt_store_open_on(memory, &sqlite_backend, b, out);
    if (status != ASLRT_OK)
        snprintf(why, why_room, "the file's catalog of tables can't be read");
    return status;
}
