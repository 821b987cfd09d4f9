/*
 * schema.c - see schema.h.
 */
#include "runtime/store/schema.h"

struct aslrt_bytes aslrt_bytes_keep(struct aslrt_arena *arena, struct aslrt_bytes b)
{
    if (b.at == NULL)
        return b;
    return aslrt_bytes_of(aslrt_copy_text(arena, (const char *)b.at, b.count), b.count);
}

static void put_text(struct aslrt_attr_writer *w, const char *name, struct aslrt_bytes value)
{
    aslrt_attr_name(w, aslrt_bytes_text(name));
    aslrt_attr_put_bytes(w, ASLRT_ATTR_S, value);
}

static void put_key(struct aslrt_attr_writer *w, const char *name, const char *type_name,
                    const struct aslrt_store_key *key)
{
    if (key->name.at == NULL)
        return;
    put_text(w, name, key->name);
    put_text(w, type_name, aslrt_bytes_text(aslrt_attr_type_name(key->type)));
}

/* Member names ascend, as in every map. */
static void put_index(struct aslrt_attr_writer *w, const struct aslrt_store_index *index)
{
    size_t mark = aslrt_attr_open(w, ASLRT_ATTR_M);
    put_key(w, "key", "keyType", &index->key);
    if (index->name != NULL)
        put_text(w, "name", aslrt_bytes_text(index->name));
    if (!index->all) {
        aslrt_attr_name(w, aslrt_bytes_text("project"));
        size_t list = aslrt_attr_open(w, ASLRT_ATTR_L);
        for (uint32_t i = 0; i < index->project_count; i++)
            aslrt_attr_put_bytes(w, ASLRT_ATTR_S, index->project[i]);
        aslrt_attr_close(w, list, index->project_count);
    }
    put_key(w, "sort", "sortType", &index->sort);
    aslrt_attr_name(w, aslrt_bytes_text("space"));
    aslrt_attr_put_number(w, aslrt_decimal_of(index->space));
    uint32_t members = 3u + (index->name != NULL) + !index->all + (index->sort.name.at ? 2u : 0u);
    aslrt_attr_close(w, mark, members);
}

struct aslrt_attr aslrt_schema_write(struct aslrt_arena *arena, const struct aslrt_store_table *t)
{
    struct aslrt_attr_writer w = aslrt_attr_writer_in(arena);
    size_t mark = aslrt_attr_open(&w, ASLRT_ATTR_M);
    aslrt_attr_name(&w, aslrt_bytes_text("base"));
    put_index(&w, &t->base);
    aslrt_attr_name(&w, aslrt_bytes_text("indexes"));
    size_t list = aslrt_attr_open(&w, ASLRT_ATTR_L);
    for (uint32_t i = 0; i < t->index_count; i++)
        put_index(&w, &t->indexes[i]);
    aslrt_attr_close(&w, list, t->index_count);
    if (t->ttl.at != NULL)
        put_text(&w, "ttl", t->ttl);
    aslrt_attr_close(&w, mark, t->ttl.at != NULL ? 3 : 2);
    return aslrt_attr_done(&w);
}

static struct aslrt_bytes text_member(struct aslrt_arena *arena, struct aslrt_attr map,
                                      const char *name)
{
    struct aslrt_attr value = aslrt_attr_member(map, aslrt_bytes_text(name));
    if (aslrt_attr_type(value) != ASLRT_ATTR_S)
        return (struct aslrt_bytes){NULL, 0};
    return aslrt_bytes_keep(arena, aslrt_attr_scalar(value));
}

static struct aslrt_store_key read_key(struct aslrt_arena *arena, struct aslrt_attr map,
                                       const char *name, const char *type_name)
{
    struct aslrt_store_key key = {text_member(arena, map, name), ASLRT_ATTR_MISSING};
    struct aslrt_attr type = aslrt_attr_member(map, aslrt_bytes_text(type_name));
    if (aslrt_attr_type(type) == ASLRT_ATTR_S)
        key.type = aslrt_attr_type_of(aslrt_attr_scalar(type));
    return key;
}

bool aslrt_schema_key_type(enum aslrt_attr_type type)
{
    return type == ASLRT_ATTR_S || type == ASLRT_ATTR_N || type == ASLRT_ATTR_B;
}

/* False when the value describes no index. */
static bool read_index(struct aslrt_arena *arena, struct aslrt_attr map,
                       struct aslrt_store_index *index)
{
    struct aslrt_attr value;
    *index = (struct aslrt_store_index){0};
    index->name = (const char *)text_member(arena, map, "name").at;
    index->key = read_key(arena, map, "key", "keyType");
    index->sort = read_key(arena, map, "sort", "sortType");
    struct aslrt_attr space = aslrt_attr_member(map, aslrt_bytes_text("space"));
    struct aslrt_attr project = aslrt_attr_member(map, aslrt_bytes_text("project"));
    if (index->key.name.at == NULL || !aslrt_schema_key_type(index->key.type) ||
        (index->sort.name.at != NULL && !aslrt_schema_key_type(index->sort.type)) ||
        aslrt_attr_type(space) != ASLRT_ATTR_N)
        return false;
    struct aslrt_decimal n = aslrt_attr_number(space);
    for (index->space = (uint32_t)n.coefficient; n.exponent > 0; n.exponent--)
        index->space *= 10;
    index->all = project.at == NULL;
    if (index->all)
        return true;
    if (aslrt_attr_type(project) != ASLRT_ATTR_L)
        return false;
    struct aslrt_bytes *names =
        ASLRT_NEW_ARRAY(arena, struct aslrt_bytes, aslrt_attr_count(project));
    struct aslrt_attr_cursor c = aslrt_attr_walk(project);
    while (aslrt_attr_next(&c, NULL, &value)) {
        if (aslrt_attr_type(value) != ASLRT_ATTR_S)
            return false;
        names[index->project_count++] = aslrt_bytes_keep(arena, aslrt_attr_scalar(value));
    }
    index->project = names;
    return true;
}

struct aslrt_store_table *aslrt_schema_read(struct aslrt_arena *arena, struct aslrt_bytes name,
                                            struct aslrt_bytes form)
{
    struct aslrt_attr value, map = {form.at};
    if (!aslrt_attr_valid(form.at, form.count))
        return NULL;
    struct aslrt_store_table *t = ASLRT_NEW(arena, struct aslrt_store_table);
    struct aslrt_attr indexes = aslrt_attr_member(map, aslrt_bytes_text("indexes"));
    t->name = (const char *)aslrt_bytes_keep(arena, name).at;
    t->ttl = text_member(arena, map, "ttl");
    if (!read_index(arena, aslrt_attr_member(map, aslrt_bytes_text("base")), &t->base) ||
        aslrt_attr_type(indexes) != ASLRT_ATTR_L)
        return NULL;
    t->indexes = ASLRT_NEW_ARRAY(arena, struct aslrt_store_index, aslrt_attr_count(indexes));
    struct aslrt_attr_cursor c = aslrt_attr_walk(indexes);
    while (aslrt_attr_next(&c, NULL, &value)) {
        if (!read_index(arena, value, &t->indexes[t->index_count]) ||
            t->indexes[t->index_count].name == NULL)
            return NULL;
        t->index_count++;
    }
    return t;
}

static struct aslrt_store_key key_of_def(struct aslrt_arena *arena, const struct aslrt_key_def *def)
{
    struct aslrt_store_key key = {{NULL, 0}, ASLRT_ATTR_MISSING};
    if (def->name != NULL) {
        key.name = aslrt_bytes_keep(arena, aslrt_bytes_text(def->name));
        key.type = aslrt_attr_type_of(aslrt_bytes_of(&def->type, 1));
    }
    return key;
}

static struct aslrt_store_index index_of_def(struct aslrt_arena *arena,
                                             const struct aslrt_index_def *def)
{
    struct aslrt_store_index index = {
        .name = (const char *)aslrt_bytes_keep(arena, aslrt_bytes_text(def->name)).at,
        .key = key_of_def(arena, &def->key),
        .sort = key_of_def(arena, &def->sort),
        .all = def->project == NULL};
    struct aslrt_bytes *names = ASLRT_NEW_ARRAY(arena, struct aslrt_bytes, def->project_count);
    for (uint32_t i = 0; !index.all && i < def->project_count; i++)
        names[index.project_count++] = aslrt_bytes_keep(arena, aslrt_bytes_text(def->project[i]));
    index.project = names;
    return index;
}

struct aslrt_store_table *aslrt_schema_of(struct aslrt_arena *arena,
                                          const struct aslrt_table_def *def)
{
    struct aslrt_store_table *t = ASLRT_NEW(arena, struct aslrt_store_table);
    t->name = (const char *)aslrt_bytes_keep(arena, aslrt_bytes_text(def->name)).at;
    t->base.key = key_of_def(arena, &def->key);
    t->base.sort = key_of_def(arena, &def->sort);
    t->base.all = true;
    t->indexes = ASLRT_NEW_ARRAY(arena, struct aslrt_store_index, def->index_count);
    for (uint32_t i = 0; i < def->index_count; i++)
        t->indexes[t->index_count++] = index_of_def(arena, &def->indexes[i]);
    if (def->ttl != NULL)
        t->ttl = aslrt_bytes_keep(arena, aslrt_bytes_text(def->ttl));
    return t;
}

static bool same_key(const struct aslrt_store_key *a, const struct aslrt_store_key *b)
{
    return a->type == b->type && (a->name.at == NULL) == (b->name.at == NULL) &&
           aslrt_bytes_equal(a->name, b->name);
}

bool aslrt_schema_same_keys(const struct aslrt_store_index *a, const struct aslrt_store_index *b)
{
    return same_key(&a->key, &b->key) && same_key(&a->sort, &b->sort);
}
