/*
 * reader.c - JSON, JSON lines, CSV and manifests as items; see reader.h.
 */
#include "runtime/engine/reader.h"
#include "runtime/base/buffer.h"
#include "runtime/base/value.h"

enum aslrt_data_kind aslrt_data_kind_of(struct aslrt_value config)
{
    static const char *const words[] = {
        [ASLRT_DATA_JSON] = "JSON",       [ASLRT_DATA_JSONL] = "JSONL",
        [ASLRT_DATA_CSV] = "CSV",         [ASLRT_DATA_MANIFEST] = "MANIFEST",
        [ASLRT_DATA_PARQUET] = "PARQUET",
    };
    struct aslrt_value type = aslrt_field(config, "InputType");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (aslrt_is(type, words[i]))
            return (enum aslrt_data_kind)i;
    return ASLRT_DATA_JSON;
}

/* ---- JSON ---- */

/* The value that a JSON Pointer (RFC 6901) without escapes leads to. */
static struct aslrt_value follow(struct aslrt_value v, struct aslrt_value pointer)
{
    const char *p = pointer.as.bytes, *end = p + pointer.count;
    while (p < end && *p == '/') {
        const char *start = ++p;
        while (p < end && *p != '/')
            p++;
        v = aslrt_get(v, start, (uint32_t)(p - start));
    }
    return v;
}

static bool read_json(struct aslrt_arena *arena, struct aslrt_value config, struct aslrt_value text,
                      struct aslrt_value *items, const char **why)
{
    *why = "Attempting to map over non-iterable node.";
    struct aslrt_value pointer = aslrt_field(config, "ItemsPointer");
    enum aslrt_status status = aslrt_json_read(arena, text.as.bytes, text.count, items, NULL);
    if (status == ASLRT_NOMEM)
        aslrt_escape(arena->memory, status);
    if (status != ASLRT_OK) {
        *why = "Unable to parse the JSON object.";
        return false;
    }
    if (pointer.kind == ASLRT_STRING)
        *items = follow(*items, pointer);
    if (items->kind == ASLRT_OBJECT && pointer.kind == ASLRT_STRING) {
        /* an object under a pointer gives its members, one item each */
        struct aslrt_array_builder b = aslrt_array_in(arena);
        for (uint32_t i = 0; i < items->count; i++) {
            struct aslrt_object_builder one = aslrt_object_in(arena);
            aslrt_object_set_text(&one, "Key", items->as.members[i].key);
            aslrt_object_set_text(&one, "Value", items->as.members[i].value);
            aslrt_array_add(&b, aslrt_object_done(&one));
        }
        *items = aslrt_array_done(&b);
    }
    return items->kind == ASLRT_ARRAY;
}

/* One JSON text a line; blank lines say nothing. */
static bool read_lines(struct aslrt_arena *arena, struct aslrt_value text,
                       struct aslrt_value *items, const char **why)
{
    struct aslrt_array_builder b = aslrt_array_in(arena);
    const char *p = text.as.bytes, *end = p + text.count;
    for (uint32_t line = 1; p < end; line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        size_t count = (size_t)((stop != NULL ? stop : end) - p);
        bool blank = true;
        for (size_t i = 0; i < count && blank; i++)
            blank = p[i] == ' ' || p[i] == '\t' || p[i] == '\r';
        struct aslrt_value item;
        enum aslrt_status status = blank ? ASLRT_OK : aslrt_json_read(arena, p, count, &item, NULL);
        if (status == ASLRT_NOMEM)
            aslrt_escape(arena->memory, status);
        if (status != ASLRT_OK) {
            struct aslrt_buffer words = aslrt_buffer_in(arena);
            aslrt_buffer_format(&words, "Unable to parse line %u of the JSON Lines object.",
                                (unsigned)line);
            *why = aslrt_buffer_close(&words);
            return false;
        }
        if (!blank)
            aslrt_array_add(&b, item);
        p += count + 1;
    }
    *items = aslrt_array_done(&b);
    return true;
}

/* ---- CSV: RFC 4180, with a choice of delimiters ---- */

struct csv {
    struct aslrt_arena *arena;
    const char *p, *end;
    char delimiter;
};

static char delimiter_of(struct aslrt_value config)
{
    static const struct {
        const char *word;
        char c;
    } all[] = {{"PIPE", '|'}, {"SEMICOLON", ';'}, {"SPACE", ' '}, {"TAB", '\t'}};
    struct aslrt_value word = aslrt_field(config, "CSVDelimiter");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (aslrt_is(word, all[i].word))
            return all[i].c;
    return ',';
}

/* What stands between quotes; a doubled quote is one. */
static struct aslrt_value quoted_field(struct csv *c)
{
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    for (c->p++; c->p < c->end; c->p++) {
        if (*c->p == '"') {
            if (c->p + 1 == c->end || c->p[1] != '"')
                break;
            c->p++;
        }
        aslrt_buffer_char(&b, *c->p);
    }
    if (c->p < c->end)
        c->p++;
    while (c->p < c->end && *c->p != c->delimiter && *c->p != '\n' && *c->p != '\r')
        aslrt_buffer_char(&b, *c->p++);
    return aslrt_string_copy(c->arena, b.count != 0 ? b.bytes : "", b.count);
}

static struct aslrt_value csv_field(struct csv *c)
{
    if (c->p < c->end && *c->p == '"')
        return quoted_field(c);
    const char *start = c->p;
    while (c->p < c->end && *c->p != c->delimiter && *c->p != '\n' && *c->p != '\r')
        c->p++;
    return aslrt_string_copy(c->arena, start, (size_t)(c->p - start));
}

/* The fields of one row; false at the end of the text. */
static bool csv_row(struct csv *c, struct aslrt_value *row)
{
    if (c->p == c->end)
        return false;
    struct aslrt_array_builder b = aslrt_array_in(c->arena);
    for (;;) {
        aslrt_array_add(&b, csv_field(c));
        if (c->p == c->end || *c->p != c->delimiter)
            break;
        c->p++;
    }
    if (c->p < c->end && *c->p == '\r')
        c->p++;
    if (c->p < c->end && *c->p == '\n')
        c->p++;
    *row = aslrt_array_done(&b);
    return true;
}

static bool is_empty_row(struct aslrt_value row)
{
    return row.count == 1 && row.as.items[0].count == 0;
}

static bool has_duplicates(struct aslrt_value headers)
{
    for (uint32_t i = 0; i < headers.count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (aslrt_equal(headers.as.items[i], headers.as.items[k]))
                return true;
    return false;
}

/* Fields beyond the headers are dropped, missing ones are empty. */
static bool read_csv(struct aslrt_arena *arena, struct aslrt_value config, struct aslrt_value text,
                     struct aslrt_value *items, const char **why)
{
    struct csv c = {arena, text.as.bytes, text.as.bytes + text.count, delimiter_of(config)};
    if (text.count >= 3 && memcmp(c.p, "\xef\xbb\xbf", 3) == 0)
        c.p += 3;
    struct aslrt_value headers = aslrt_field(config, "CSVHeaders"), row;
    if (!aslrt_is(aslrt_field(config, "CSVHeaderLocation"), "GIVEN") && !csv_row(&c, &headers))
        headers = aslrt_array(NULL, 0);
    if (headers.kind != ASLRT_ARRAY || has_duplicates(headers)) {
        *why = headers.kind != ASLRT_ARRAY ? "CSV headers must be given."
                                           : "CSV headers cannot contain duplicates.";
        return false;
    }
    struct aslrt_array_builder b = aslrt_array_in(arena);
    while (csv_row(&c, &row)) {
        if (is_empty_row(row))
            continue;
        struct aslrt_object_builder item = aslrt_object_in(arena);
        for (uint32_t i = 0; i < headers.count; i++)
            aslrt_object_set(&item, headers.as.items[i],
                             i < row.count ? row.as.items[i] : aslrt_text(""));
        aslrt_array_add(&b, aslrt_object_done(&item));
    }
    *items = aslrt_array_done(&b);
    return true;
}

bool aslrt_read_items(struct aslrt_arena *arena, enum aslrt_data_kind kind,
                      struct aslrt_value config, struct aslrt_value text, struct aslrt_value *items,
                      const char **why)
{
    switch (kind) {
    case ASLRT_DATA_JSON:
        return read_json(arena, config, text, items, why);
    case ASLRT_DATA_JSONL:
        return read_lines(arena, text, items, why);
    case ASLRT_DATA_CSV:
        return read_csv(arena, config, text, items, why);
    case ASLRT_DATA_MANIFEST:
    case ASLRT_DATA_PARQUET:
    case ASLRT_DATA_LISTING:
        break;
    }
    *why = "Parquet files are not read by this simulation; give the items as JSON, JSONL or CSV.";
    return false;
}

/* ---- manifests ---- */

static void add_file(struct aslrt_array_builder *b, struct aslrt_value bucket,
                     struct aslrt_value key)
{
    struct aslrt_object_builder file = aslrt_object_in(b->arena);
    aslrt_object_set_text(&file, "Bucket", bucket);
    aslrt_object_set_text(&file, "Key", key);
    aslrt_array_add(b, aslrt_object_done(&file));
}

/* The part of an ARN or URI behind the last `mark`. */
static struct aslrt_value behind(struct aslrt_value text, char mark)
{
    const char *start = text.as.bytes, *end = start + text.count;
    for (const char *p = start; p < end; p++)
        if (*p == mark)
            start = p + 1;
    return aslrt_string(start, (uint32_t)(end - start));
}

/* The columns of an inventory, "Bucket, Key, Size", as headers that are given. */
static struct aslrt_value schema_config(struct aslrt_arena *arena, struct aslrt_value schema)
{
    if (schema.kind != ASLRT_STRING)
        schema = aslrt_text(""); /* it has no columns */
    struct csv c = {arena, schema.as.bytes, schema.as.bytes + schema.count, ','};
    struct aslrt_value names;
    struct aslrt_array_builder headers = aslrt_array_in(arena);
    if (csv_row(&c, &names))
        for (uint32_t i = 0; i < names.count; i++) {
            struct aslrt_value name = names.as.items[i];
            while (name.count != 0 && name.as.bytes[0] == ' ')
                name = aslrt_string(name.as.bytes + 1, name.count - 1);
            aslrt_array_add(&headers, name);
        }
    struct aslrt_object_builder config = aslrt_object_in(arena);
    aslrt_object_set_text(&config, "CSVHeaderLocation", aslrt_text("GIVEN"));
    aslrt_object_set_text(&config, "CSVHeaders", aslrt_array_done(&headers));
    return aslrt_object_done(&config);
}

/* "s3://bucket/key", one a line. */
static bool read_uris(struct aslrt_arena *arena, struct aslrt_value text, struct aslrt_value *files,
                      const char **why)
{
    static const char scheme[] = "s3://";
    const size_t n = sizeof scheme - 1;
    struct csv c = {arena, text.as.bytes, text.as.bytes + text.count, '\0'};
    struct aslrt_array_builder b = aslrt_array_in(arena);
    struct aslrt_value row;
    while (csv_row(&c, &row)) {
        if (is_empty_row(row))
            continue;
        struct aslrt_value uri = row.as.items[0];
        bool is_uri = uri.count > n && memcmp(uri.as.bytes, scheme, n) == 0;
        const char *name = is_uri ? uri.as.bytes + n : NULL;
        const char *slash = is_uri ? memchr(name, '/', uri.count - n) : NULL;
        if (slash == NULL) {
            *why = "The manifest has a line that is not the URI of an S3 object.";
            return false;
        }
        add_file(&b, aslrt_string(name, (uint32_t)(slash - name)),
                 aslrt_string(slash + 1, (uint32_t)(uri.as.bytes + uri.count - slash - 1)));
    }
    *files = aslrt_array_done(&b);
    return true;
}

bool aslrt_read_manifest(struct aslrt_arena *arena, struct aslrt_value config,
                         struct aslrt_value text, struct aslrt_value *files,
                         enum aslrt_data_kind *kind, struct aslrt_value *file_config,
                         const char **why)
{
    *file_config = config;
    *kind = aslrt_data_kind_of(config);
    if (*kind != ASLRT_DATA_MANIFEST)
        return read_uris(arena, text, files, why);
    struct aslrt_value manifest;
    *why = "Unable to parse the inventory manifest.";
    if (aslrt_json_read(arena, text.as.bytes, text.count, &manifest, NULL) != ASLRT_OK)
        return false;
    struct aslrt_value list = aslrt_field(manifest, "files");
    struct aslrt_value bucket = aslrt_field(manifest, "destinationBucket");
    if (list.kind != ASLRT_ARRAY || bucket.kind != ASLRT_STRING)
        return false;
    *kind = ASLRT_DATA_CSV;
    *file_config = schema_config(arena, aslrt_field(manifest, "fileSchema"));
    struct aslrt_array_builder b = aslrt_array_in(arena);
    for (uint32_t i = 0; i < list.count; i++)
        add_file(&b, behind(bucket, ':'), aslrt_field(list.as.items[i], "key"));
    *files = aslrt_array_done(&b);
    return true;
}
