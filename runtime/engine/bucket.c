/*
 * bucket.c - S3's objects in memory and in folders; see bucket.h.
 *
 * A key is a path below the folder; one with a part ".." or an empty part is refused, so that
 * nothing outside of the folder is read or written.  Listings are in the order of the keys' bytes.
 */
#include "runtime/engine/bucket.h"
#include "runtime/base/base64.h"
#include "runtime/base/buffer.h"
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/engine/exec.h"
#include "runtime/expr/digest.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct object {
    struct object *next;
    struct aslrt_value key, body;
    int64_t time_us; /* 0: from the start */
};
struct bucket {
    struct bucket *next;
    struct aslrt_value name;
    const char *folder; /* NULL: in memory */
    struct object *objects;
};
struct aslrt_buckets {
    struct aslrt_arena *arena;
    struct bucket *first;
    struct aslrt_service service;
};

/* One call being answered. */
struct s3_call {
    struct aslrt_buckets *buckets;
    const struct aslrt_call *call;
    struct aslrt_arena *arena;
    struct aslrt_reply *reply;
    struct bucket *bucket;
    struct aslrt_value key;
};

static struct bucket *find_bucket(const struct aslrt_buckets *b, struct aslrt_value name)
{
    for (struct bucket *at = b->first; at != NULL; at = at->next)
        if (name.kind == ASLRT_STRING && aslrt_equal(at->name, name))
            return at;
    return NULL;
}

static struct bucket *new_bucket(struct aslrt_buckets *b, struct aslrt_value name)
{
    struct bucket *bucket = find_bucket(b, name);
    if (bucket != NULL)
        return bucket;
    bucket = ASLRT_NEW(b->arena, struct bucket);
    bucket->name = aslrt_copy(b->arena, name);
    bucket->next = b->first;
    b->first = bucket;
    return bucket;
}

static struct object *find_object(const struct bucket *b, struct aslrt_value key)
{
    for (struct object *o = b->objects; o != NULL; o = o->next)
        if (aslrt_equal(o->key, key))
            return o;
    return NULL;
}

static struct object *put_object(struct aslrt_buckets *b, struct bucket *bucket,
                                 struct aslrt_value key, struct aslrt_value body)
{
    struct object *o = find_object(bucket, key);
    if (o == NULL) {
        o = ASLRT_NEW(b->arena, struct object);
        o->key = aslrt_copy(b->arena, key);
        o->next = bucket->objects;
        bucket->objects = o;
    }
    o->body = aslrt_copy(b->arena, body);
    return o;
}

/* ---- folders ---- */

/* The path of a key's file, or NULL when the key could lead out of the folder. */
static const char *path_of(struct s3_call *c, struct aslrt_value key)
{
    const char *p = key.as.bytes, *end = p + key.count;
    if (key.kind != ASLRT_STRING || key.count == 0 || memchr(p, '\0', key.count) != NULL)
        return NULL;
    while (p <= end) {
        const char *stop = memchr(p, '/', (size_t)(end - p));
        size_t count = (size_t)((stop != NULL ? stop : end) - p);
        if (count == 0 || (count == 1 && p[0] == '.') || (count == 2 && memcmp(p, "..", 2) == 0))
            return NULL;
        p += count + 1;
    }
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_buffer_format(&b, "%s/%.*s", c->bucket->folder, (int)key.count, key.as.bytes);
    return aslrt_buffer_close(&b);
}

static bool read_file(struct s3_call *c, const char *path, struct aslrt_value *body,
                      int64_t *time_us)
{
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > INT32_MAX)
        return false;
    /* room first, then the file: an allocation may escape */
    char *bytes = aslrt_alloc(c->arena, (size_t)info.st_size + 1);
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    size_t count = fread(bytes, 1, (size_t)info.st_size, f);
    bool fine = ferror(f) == 0;
    fclose(f);
    *body = aslrt_string_copy(c->arena, bytes, count);
    *time_us = (int64_t)info.st_mtime * 1000000;
    return fine;
}

static bool write_file(struct s3_call *c, const char *path, struct aslrt_value body)
{
    char *folder = aslrt_copy_text(c->arena, path, strlen(path));
    for (char *p = folder + strlen(c->bucket->folder) + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            return false;
        *p = '/';
    }
    FILE *f = fopen(path, "wb");
    if (f == NULL)
        return false;
    bool fine = fwrite(body.as.bytes, 1, body.count, f) == body.count;
    return fclose(f) == 0 && fine;
}

/* ---- answers ---- */

static struct aslrt_value etag(struct aslrt_arena *arena, struct aslrt_value body)
{
    unsigned char digest[ASLRT_DIGEST_MAX];
    unsigned n = aslrt_digest("MD5", 3, body.as.bytes, body.count, digest);
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_char(&b, '"');
    for (unsigned i = 0; i < n; i++)
        aslrt_buffer_format(&b, "%02x", digest[i]);
    aslrt_buffer_char(&b, '"');
    return aslrt_string(b.bytes, (uint32_t)b.count);
}

/* CRC-32 (ISO 3309) in base64, most significant byte first. */
static struct aslrt_value crc32_text(struct aslrt_arena *arena, struct aslrt_value body)
{
    uint32_t crc = UINT32_MAX;
    for (uint32_t i = 0; i < body.count; i++) {
        crc ^= (unsigned char)body.as.bytes[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (0xedb88320u & (uint32_t) - (int32_t)(crc & 1));
    }
    crc = ~crc;
    const uint8_t bytes[4] = {(uint8_t)(crc >> 24), (uint8_t)(crc >> 16), (uint8_t)(crc >> 8),
                              (uint8_t)crc};
    size_t count = aslrt_base64_length(sizeof bytes);
    char *text = aslrt_alloc(arena, count);
    aslrt_base64_encode(bytes, sizeof bytes, text);
    return aslrt_string(text, (uint32_t)count);
}

static enum aslrt_status fail(struct s3_call *c, const char *error, const char *message)
{
    struct aslrt_buffer b = aslrt_buffer_in(c->arena);
    aslrt_buffer_format(&b,
                        "%s (Service: S3, Status Code: 404, Request ID: 0000000000000000, Extended "
                        "Request ID: 0000000000000000)",
                        message);
    c->reply->error = error;
    c->reply->cause = aslrt_buffer_close(&b);
    return ASLRT_OK;
}

static enum aslrt_status no_such_key(struct s3_call *c)
{
    return fail(c, "S3.NoSuchKeyException", "The specified key does not exist.");
}

/* "2026-01-01T00:00:00Z" */
static struct aslrt_value time_text(struct s3_call *c, int64_t time_us)
{
    char text[25];
    aslrt_time_text(text, time_us);
    memcpy(text + 19, "Z", 2);
    return aslrt_string_copy(c->arena, text, 20);
}

static bool find(struct s3_call *c, struct aslrt_value *body, int64_t *time_us)
{
    if (c->bucket->folder != NULL) {
        const char *path = path_of(c, c->key);
        return path != NULL && read_file(c, path, body, time_us);
    }
    const struct object *o = find_object(c->bucket, c->key);
    if (o == NULL)
        return false;
    *body = o->body;
    *time_us = o->time_us != 0 ? o->time_us : c->call->now_us;
    return true;
}

static enum aslrt_status get(struct s3_call *c)
{
    struct aslrt_value body;
    int64_t time_us;
    if (!find(c, &body, &time_us))
        return no_such_key(c);
    struct aslrt_object_builder b = aslrt_object_in(c->arena);
    aslrt_object_set_text(&b, "AcceptRanges", aslrt_text("bytes"));
    aslrt_object_set_text(&b, "ContentLength", aslrt_int(body.count));
    aslrt_object_set_text(&b, "ContentType", aslrt_text("binary/octet-stream"));
    aslrt_object_set_text(&b, "ETag", etag(c->arena, body));
    aslrt_object_set_text(&b, "LastModified", time_text(c, time_us));
    aslrt_object_set_text(&b, "Metadata", aslrt_object(NULL, 0));
    aslrt_object_set_text(&b, "ServerSideEncryption", aslrt_text("AES256"));
    if (strcmp(c->call->action, "getObject") == 0)
        aslrt_object_set_text(&b, "Body", body);
    c->reply->result = aslrt_object_done(&b);
    return ASLRT_OK;
}

/* What a Task stores is the JSON text of its Body, a string's quotes included, as the service
   does it; the ResultWriter's text is stored as it is. */
static enum aslrt_status put(struct s3_call *c)
{
    struct aslrt_value body = aslrt_field(c->call->arguments, "Body");
    if (body.kind == ASLRT_UNDEFINED) {
        body = aslrt_text("");
    } else if (body.kind != ASLRT_STRING || c->call->sdk) {
        struct aslrt_buffer text = aslrt_buffer_in(c->arena);
        aslrt_json_put(&text, body, ASLRT_JSON_MINIFIED);
        body = aslrt_string(text.bytes, (uint32_t)text.count);
    }
    if (c->bucket->folder != NULL) {
        const char *path = path_of(c, c->key);
        if (path == NULL || !write_file(c, path, body)) {
            struct aslrt_buffer why = aslrt_buffer_in(c->arena);
            aslrt_buffer_format(&why, "cannot write '%.*s' below '%s'", (int)c->key.count,
                                c->key.kind == ASLRT_STRING ? c->key.as.bytes : "",
                                c->bucket->folder);
            c->reply->cause = aslrt_buffer_close(&why);
            return ASLRT_IO;
        }
    } else {
        put_object(c->buckets, c->bucket, c->key, body)->time_us = c->call->now_us;
    }
    struct aslrt_object_builder b = aslrt_object_in(c->arena);
    aslrt_object_set_text(&b, "ChecksumCRC32", crc32_text(c->arena, body));
    aslrt_object_set_text(&b, "ChecksumType", aslrt_text("FULL_OBJECT"));
    aslrt_object_set_text(&b, "ETag", etag(c->arena, body));
    aslrt_object_set_text(&b, "ServerSideEncryption", aslrt_text("AES256"));
    c->reply->result = aslrt_object_done(&b);
    return ASLRT_OK;
}

static enum aslrt_status delete_object(struct s3_call *c)
{
    if (c->bucket->folder != NULL) {
        const char *path = path_of(c, c->key);
        if (path != NULL)
            remove(path);
    }
    struct object **at = &c->bucket->objects;
    while (*at != NULL && !aslrt_equal((*at)->key, c->key))
        at = &(*at)->next;
    if (*at != NULL)
        *at = (*at)->next;
    c->reply->result = aslrt_object(NULL, 0);
    return ASLRT_OK;
}

/* ---- listings ---- */

struct listing {
    struct aslrt_value *keys;
    uint32_t count, room;
};

static void add_key(struct s3_call *c, struct listing *l, struct aslrt_value key)
{
    struct aslrt_value prefix = aslrt_field(c->call->arguments, "Prefix");
    if (prefix.kind == ASLRT_STRING &&
        (key.count < prefix.count || memcmp(key.as.bytes, prefix.as.bytes, prefix.count) != 0))
        return;
    if (l->count == l->room) {
        uint32_t room = l->room == 0 ? 32 : l->room * 2;
        struct aslrt_value *keys = aslrt_alloc(c->arena, room * sizeof *keys);
        if (l->count != 0)
            memcpy(keys, l->keys, l->count * sizeof *keys);
        l->keys = keys;
        l->room = room;
    }
    l->keys[l->count++] = key;
}

/* Copies the names in a folder one behind the other into `room` bytes; gives those they need. */
static size_t copy_names(const char *folder, char *to, size_t room)
{
    size_t used = 0;
    DIR *d = opendir(folder);
    const struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL) {
        size_t n = strlen(e->d_name) + 1;
        if (used + n <= room)
            memcpy(to + used, e->d_name, n);
        used += n;
    }
    if (d != NULL)
        closedir(d);
    return used;
}

/* The names in a folder, NUL-terminated; no allocation happens while it is open. */
static struct aslrt_value names_in(struct s3_call *c, const char *folder)
{
    size_t room = copy_names(folder, NULL, 0);
    char *text = aslrt_alloc(c->arena, room + 1);
    size_t used = copy_names(folder, text, room);
    return aslrt_string(text, used <= room ? (uint32_t)used : 0);
}

static void walk(struct s3_call *c, struct listing *l, const char *below, unsigned depth)
{
    struct aslrt_buffer folder = aslrt_buffer_in(c->arena);
    aslrt_buffer_format(&folder, "%s/%s", c->bucket->folder, below);
    struct aslrt_value names = names_in(c, aslrt_buffer_close(&folder));
    for (const char *p = names.as.bytes; p < names.as.bytes + names.count; p += strlen(p) + 1) {
        if (p[0] == '.')
            continue;
        struct aslrt_buffer key = aslrt_buffer_in(c->arena), path = aslrt_buffer_in(c->arena);
        aslrt_buffer_format(&key, "%s%s", below, p);
        aslrt_buffer_format(&path, "%s/%s%s", c->bucket->folder, below, p);
        struct stat info;
        if (stat(aslrt_buffer_close(&path), &info) != 0)
            continue;
        if (S_ISREG(info.st_mode)) {
            add_key(c, l, aslrt_string(key.bytes, (uint32_t)key.count));
        } else if (S_ISDIR(info.st_mode) && depth < 64) {
            aslrt_buffer_char(&key, '/');
            walk(c, l, aslrt_buffer_close(&key), depth + 1);
        }
    }
}

static int by_bytes(const void *a, const void *b)
{
    const struct aslrt_value *x = a, *y = b;
    uint32_t n = x->count < y->count ? x->count : y->count;
    int order = memcmp(x->as.bytes, y->as.bytes, n);
    return order != 0 ? order : (x->count > y->count) - (x->count < y->count);
}

static struct aslrt_value entry(struct s3_call *c, struct aslrt_value key)
{
    struct aslrt_value body = aslrt_text("");
    int64_t time_us = c->call->now_us;
    c->key = key;
    (void)find(c, &body, &time_us);
    struct aslrt_object_builder b = aslrt_object_in(c->arena);
    aslrt_object_set_text(&b, c->call->sdk ? "ETag" : "Etag", etag(c->arena, body));
    aslrt_object_set_text(&b, "Key", key);
    aslrt_object_set_text(&b, "LastModified",
                          c->call->sdk ? time_text(c, time_us) : aslrt_int(time_us / 1000000));
    aslrt_object_set_text(&b, "Size", aslrt_int(body.count));
    aslrt_object_set_text(&b, "StorageClass", aslrt_text("STANDARD"));
    return aslrt_object_done(&b);
}

static enum aslrt_status list(struct s3_call *c)
{
    struct listing l = {NULL, 0, 0};
    if (c->bucket->folder != NULL)
        walk(c, &l, "", 0);
    for (const struct object *o = c->bucket->objects; o != NULL; o = o->next)
        add_key(c, &l, o->key);
    if (l.count != 0)
        qsort(l.keys, l.count, sizeof *l.keys, by_bytes);
    struct aslrt_array_builder contents = aslrt_array_in(c->arena);
    for (uint32_t i = 0; i < l.count; i++)
        aslrt_array_add(&contents, entry(c, l.keys[i]));
    struct aslrt_value prefix = aslrt_field(c->call->arguments, "Prefix");
    struct aslrt_object_builder b = aslrt_object_in(c->arena);
    aslrt_object_set_text(&b, "Contents", aslrt_array_done(&contents));
    aslrt_object_set_text(&b, "IsTruncated", aslrt_bool(false));
    if (strcmp(c->call->action, "listObjectsV2") == 0)
        aslrt_object_set_text(&b, "KeyCount", aslrt_int(l.count));
    aslrt_object_set_text(&b, "MaxKeys", aslrt_int(1000));
    aslrt_object_set_text(&b, "Name", c->bucket->name);
    aslrt_object_set_text(&b, "Prefix", prefix.kind == ASLRT_STRING ? prefix : aslrt_text(""));
    c->reply->result = aslrt_object_done(&b);
    return ASLRT_OK;
}

/* ---- the service ---- */

static enum aslrt_status answer(void *data)
{
    static const struct {
        const char *action;
        enum aslrt_status (*perform)(struct s3_call *);
    } actions[] = {{"getObject", get},    {"headObject", get},     {"putObject", put},
                   {"listObjects", list}, {"listObjectsV2", list}, {"deleteObject", delete_object}};
    struct s3_call *c = data;
    c->bucket = find_bucket(c->buckets, aslrt_field(c->call->arguments, "Bucket"));
    c->key = aslrt_field(c->call->arguments, "Key");
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(c->call->action, actions[i].action) == 0)
            return c->bucket != NULL
                       ? actions[i].perform(c)
                       : fail(c, "S3.NoSuchBucketException", "The specified bucket does not exist");
    return ASLRT_MISUSE;
}

static enum aslrt_status call_bucket(void *self, const struct aslrt_call *call,
                                     struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    struct s3_call c = {self, call, arena, reply, NULL, aslrt_undefined()};
    if (c.buckets->first == NULL || call->service == NULL || call->action == NULL ||
        strcmp(call->service, "s3") != 0)
        return ASLRT_MISUSE;
    return aslrt_protect(arena->memory, answer, &c);
}

struct aslrt_buckets *aslrt_buckets_new(struct aslrt_arena *arena)
{
    struct aslrt_buckets *b = ASLRT_NEW(arena, struct aslrt_buckets);
    b->arena = arena;
    b->service = (struct aslrt_service){b, call_bucket};
    return b;
}

void aslrt_buckets_add(struct aslrt_buckets *b, const char *name, const char *folder)
{
    new_bucket(b, aslrt_text(name))->folder = folder;
}

void aslrt_buckets_put(struct aslrt_buckets *b, struct aslrt_value bucket, struct aslrt_value key,
                       struct aslrt_value body)
{
    put_object(b, new_bucket(b, bucket), key, body);
}

void aslrt_buckets_describe(struct aslrt_buckets *b, struct aslrt_value description)
{
    struct aslrt_value objects = aslrt_field(description, "objects");
    struct aslrt_value names = aslrt_field(description, "buckets");
    for (uint32_t i = 0; names.kind == ASLRT_ARRAY && i < names.count; i++)
        if (names.as.items[i].kind == ASLRT_STRING)
            new_bucket(b, names.as.items[i]);
    for (uint32_t i = 0; objects.kind == ASLRT_OBJECT && i < objects.count; i++) {
        struct aslrt_value path = objects.as.members[i].key;
        const char *slash = memchr(path.as.bytes, '/', path.count);
        if (slash == NULL || objects.as.members[i].value.kind != ASLRT_STRING)
            continue;
        uint32_t n = (uint32_t)(slash - path.as.bytes);
        aslrt_buckets_put(b, aslrt_string(path.as.bytes, n),
                          aslrt_string(slash + 1, path.count - n - 1), objects.as.members[i].value);
    }
}

const struct aslrt_service *aslrt_buckets_service(struct aslrt_buckets *b)
{
    return &b->service;
}
