/*
 * table.c - opening a store, making and finding its tables.
 *
 * A table's description (schema.h) stands in space 0 under the table's name.
 *
 * Invariant: a new index is filled before the catalog names it, and its space is emptied first; so
 * what a crash leaves behind is never seen.
 */
#include "runtime/store/entry.h"
#include "runtime/store/keys.h"
#include "runtime/store/schema.h"

#include <stdio.h>

enum { CATALOG_SPACE = 0, BATCH = 256 };

const struct aslrt_store_table *aslrt_table_find(struct aslrt_store_request *rq,
                                                 struct aslrt_bytes name)
{
    for (const struct aslrt_store_table *t = rq->store->tables; t != NULL; t = t->next) {
        if (aslrt_bytes_equal(name, aslrt_bytes_text(t->name))) {
            rq->ddb.envelope = NULL; /* from here on messages stand alone */
            return t;
        }
    }
    aslrt_ddb_fail(&rq->ddb, ASLRT_DDB_NOT_FOUND, "Requested resource not found");
}

const struct aslrt_store_index *aslrt_table_index(const struct aslrt_store_table *table,
                                                  struct aslrt_bytes name)
{
    for (uint32_t i = 0; i < table->index_count; i++) {
        if (aslrt_bytes_equal(name, aslrt_bytes_text(table->indexes[i].name)))
            return &table->indexes[i];
    }
    return NULL;
}

static void install(struct aslrt_store *s, struct aslrt_store_table *table)
{
    struct aslrt_store_table **at = &s->tables;
    while (*at != NULL && strcmp((*at)->name, table->name) != 0)
        at = &(*at)->next;
    table->next = *at == NULL ? NULL : (*at)->next;
    *at = table;
    for (uint32_t i = 0; i <= table->index_count; i++) {
        uint32_t space = i == 0 ? table->base.space : table->indexes[i - 1].space;
        if (space >= s->next_space)
            s->next_space = space + 1;
    }
}

static enum aslrt_status read_catalog(void *data)
{
    struct aslrt_store *s = data;
    struct aslrt_range all = {{NULL, 0}, {NULL, 0}, false};
    struct aslrt_bytes key, value;
    enum aslrt_status status = s->backend->walk(s->self, CATALOG_SPACE, &all);
    while (status == ASLRT_OK) {
        status = s->backend->next(s->self, &key, &value);
        if (status != ASLRT_OK || key.at == NULL)
            break;
        struct aslrt_store_table *table = aslrt_schema_read(&s->tables_arena, key, value);
        if (table == NULL)
            return ASLRT_IO;
        install(s, table);
    }
    return status;
}

enum aslrt_status aslrt_store_open_on(struct aslrt_memory *memory,
                                      const struct aslrt_backend *backend, void *self,
                                      struct aslrt_store **out)
{
    struct aslrt_store *s = aslrt_memory_resize(memory, NULL, 0, sizeof *s);
    if (s == NULL) {
        backend->close(self);
        return ASLRT_NOMEM;
    }
    memset(s, 0, sizeof *s);
    s->memory = memory;
    s->backend = backend;
    s->self = self;
    s->next_space = CATALOG_SPACE + 1;
    aslrt_arena_init(&s->tables_arena, memory);
    enum aslrt_status status = aslrt_protect(memory, read_catalog, s);
    backend->rest(self);
    if (status != ASLRT_OK) {
        aslrt_store_close(s);
        return status;
    }
    *out = s;
    return ASLRT_OK;
}

void aslrt_store_close(struct aslrt_store *s)
{
    if (s == NULL)
        return;
    s->backend->close(s->self);
    aslrt_arena_clear(&s->tables_arena);
    aslrt_memory_resize(s->memory, s, sizeof *s, 0);
}

struct creation {
    struct aslrt_store *store;
    const struct aslrt_table_def *def;
    struct aslrt_arena scratch;
};

static enum aslrt_status problem(struct aslrt_store *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(s->problem, sizeof s->problem, format, args);
    va_end(args);
    return ASLRT_FAILED;
}

static enum aslrt_status check_keys(struct aslrt_store *s, const char *where,
                                    const struct aslrt_store_index *index)
{
    if (index->key.name.at == NULL)
        return problem(s, "'%s' has no partition key", where);
    if (!aslrt_schema_key_type(index->key.type) ||
        (index->sort.name.at != NULL && !aslrt_schema_key_type(index->sort.type)))
        return problem(s, "a key of '%s' is of another type than S, N and B", where);
    return ASLRT_OK;
}

/* Removes every entry of a space, a batch at a time. */
static enum aslrt_status empty_space(struct aslrt_store *s, struct aslrt_arena *scratch,
                                     uint32_t space)
{
    struct aslrt_range all = {{NULL, 0}, {NULL, 0}, false};
    for (;;) {
        uint32_t count = 0;
        struct aslrt_bytes key = {NULL, 0}, value;
        struct aslrt_change *changes = ASLRT_NEW_ARRAY(scratch, struct aslrt_change, BATCH);
        enum aslrt_status status = s->backend->walk(s->self, space, &all);
        while (status == ASLRT_OK && count < BATCH &&
               (status = s->backend->next(s->self, &key, &value)) == ASLRT_OK && key.at != NULL)
            changes[count++] =
                (struct aslrt_change){space, aslrt_bytes_keep(scratch, key), {NULL, 0}, NULL};
        s->backend->rest(s->self);
        if (status == ASLRT_OK && count != 0)
            status = s->backend->apply(s->self, changes, count);
        aslrt_arena_reset(scratch);
        if (status != ASLRT_OK || count < BATCH)
            return status;
    }
}

/* Makes the entries of every item in a new index, a batch at a time. */
static enum aslrt_status fill_index(struct aslrt_store *s, struct aslrt_arena *scratch,
                                    const struct aslrt_store_table *table,
                                    const struct aslrt_store_index *index)
{
    struct aslrt_buffer low = aslrt_buffer_in(&s->tables_arena); /* where the next batch begins */
    enum aslrt_status status = empty_space(s, scratch, index->space);
    for (bool more = true; status == ASLRT_OK && more;) {
        uint32_t count = 0, seen = 0;
        struct aslrt_bytes key = {NULL, 0}, value, last = {NULL, 0};
        struct aslrt_range rest = {aslrt_bytes_of(low.bytes, low.count), {NULL, 0}, false};
        struct aslrt_change *changes = ASLRT_NEW_ARRAY(scratch, struct aslrt_change, BATCH);
        status = s->backend->walk(s->self, table->base.space, &rest);
        while (status == ASLRT_OK && seen < BATCH &&
               (status = s->backend->next(s->self, &key, &value)) == ASLRT_OK && key.at != NULL) {
            struct aslrt_attr item = {value.at};
            if (s->backend->outside && !aslrt_attr_valid(value.at, value.count)) {
                problem(s, "the store's file is damaged");
                return ASLRT_IO;
            }
            last = aslrt_bytes_keep(scratch, key);
            struct aslrt_bytes entry = aslrt_entry_key(scratch, index, last, item);
            if (entry.at != NULL)
                changes[count++] =
                    (struct aslrt_change){index->space, entry, aslrt_bytes_text(""), NULL};
            seen++;
        }
        s->backend->rest(s->self);
        if (status == ASLRT_OK && count != 0)
            status = s->backend->apply(s->self, changes, count);
        more = seen == BATCH;
        low.count = 0;
        aslrt_buffer_put(&low, (const char *)last.at, last.count);
        aslrt_buffer_char(&low, '\0'); /* the key directly behind the last one */
        aslrt_arena_reset(scratch);
    }
    return status;
}

static const struct aslrt_store_table *find_table(const struct aslrt_store *s, const char *name)
{
    const struct aslrt_store_table *t = s->tables;
    while (t != NULL && strcmp(t->name, name) != 0)
        t = t->next;
    return t;
}

static enum aslrt_status create(void *data)
{
    struct creation *c = data;
    struct aslrt_store *s = c->store;
    const struct aslrt_store_table *old = find_table(s, c->def->name);
    struct aslrt_store_table *table = aslrt_schema_of(&s->tables_arena, c->def);
    enum aslrt_status status = check_keys(s, table->name, &table->base);
    for (uint32_t i = 0; status == ASLRT_OK && i < table->index_count; i++)
        status = check_keys(s, table->indexes[i].name, &table->indexes[i]);
    if (status == ASLRT_OK && old != NULL && !aslrt_schema_same_keys(&old->base, &table->base))
        status = problem(s, "table '%s' exists with another key", table->name);
    if (status != ASLRT_OK)
        return status;

    table->base.space = old != NULL ? old->base.space : s->next_space++;
    for (uint32_t i = 0; status == ASLRT_OK && i < table->index_count; i++) {
        struct aslrt_store_index *index = &table->indexes[i];
        const struct aslrt_store_index *was =
            old == NULL ? NULL : aslrt_table_index(old, aslrt_bytes_text(index->name));
        if (was != NULL && aslrt_schema_same_keys(was, index)) {
            index->space = was->space;
            continue;
        }
        index->space = s->next_space++;
        status = fill_index(s, &c->scratch, table, index);
    }
    if (status != ASLRT_OK)
        return status;
    struct aslrt_change change = {CATALOG_SPACE, aslrt_bytes_text(table->name),
                                  aslrt_attr_form(aslrt_schema_write(&c->scratch, table)), NULL};
    status = s->backend->apply(s->self, &change, 1);
    if (status != ASLRT_OK)
        return status;
    install(s, table);
    for (uint32_t i = 0; old != NULL && status == ASLRT_OK && i < old->index_count; i++) {
        const struct aslrt_store_index *now =
            aslrt_table_index(table, aslrt_bytes_text(old->indexes[i].name));
        if (now == NULL || now->space != old->indexes[i].space)
            status = empty_space(s, &c->scratch, old->indexes[i].space);
    }
    return status;
}

enum aslrt_status aslrt_store_create_table(struct aslrt_store *store,
                                           const struct aslrt_table_def *def)
{
    struct creation c = {.store = store, .def = def};
    aslrt_arena_init(&c.scratch, store->memory);
    store->problem[0] = '\0';
    enum aslrt_status status = aslrt_protect(store->memory, create, &c);
    if (status == ASLRT_IO && store->problem[0] == '\0' && store->backend->problem != NULL)
        problem(store, "%s", store->backend->problem(store->self));
    store->backend->rest(store->self);
    aslrt_arena_clear(&c.scratch);
    return status;
}

const char *aslrt_store_problem(const struct aslrt_store *store)
{
    return store->problem;
}
