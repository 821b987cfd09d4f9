/*
 * attribute.c - walking over, comparing, measuring and building attribute values; see attribute.h.
 *
 * Readers here trust the bytes: they come from a writer of this file or have passed
 * aslrt_attr_valid.  Nesting is bounded by ASLRT_ATTR_DEPTH_MAX, so recursion over values is too.
 */
#include "runtime/ddb/attribute.h"
#include "runtime/base/utf8.h"

#include <assert.h>

enum {
    HEAD_SHORT = 2,     /* tag and length of an N */
    HEAD = 5,           /* tag and length of an S or B */
    HEAD_CONTAINER = 9, /* tag, length and count of a container */
};

static uint32_t load32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void store32(uint8_t *p, uint32_t n)
{
    p[0] = (uint8_t)n;
    p[1] = (uint8_t)(n >> 8);
    p[2] = (uint8_t)(n >> 16);
    p[3] = (uint8_t)(n >> 24);
}

static uint32_t load16(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

int aslrt_bytes_compare(struct aslrt_bytes a, struct aslrt_bytes b)
{
    uint32_t n = a.count < b.count ? a.count : b.count;
    int order = n == 0 ? 0 : memcmp(a.at, b.at, n);
    return order != 0 ? order : (a.count > b.count) - (a.count < b.count);
}

bool aslrt_bytes_equal(struct aslrt_bytes a, struct aslrt_bytes b)
{
    return a.count == b.count && (a.count == 0 || memcmp(a.at, b.at, a.count) == 0);
}

static const char *const type_names[] = {"",
#define ASLRT_X(name, word) #name,
                                         ASLRT_ATTR_TYPES(ASLRT_X)
#undef ASLRT_X
};

static const char *const type_words[] = {"",
#define ASLRT_X(name, word) word,
                                         ASLRT_ATTR_TYPES(ASLRT_X)
#undef ASLRT_X
};

const char *aslrt_attr_type_name(enum aslrt_attr_type type)
{
    return type_names[type];
}

const char *aslrt_attr_type_word(enum aslrt_attr_type type)
{
    return type_words[type];
}

enum aslrt_attr_type aslrt_attr_type_of(struct aslrt_bytes name)
{
    for (int t = 1; t < ASLRT_ATTR_TYPE_COUNT; t++) {
        if (aslrt_bytes_equal(name, aslrt_bytes_of(type_names[t], strlen(type_names[t]))))
            return (enum aslrt_attr_type)t;
    }
    return ASLRT_ATTR_MISSING;
}

/* The bytes from a value's first one to the next value's. */
static uint32_t form_length(const uint8_t *at)
{
    switch ((enum aslrt_attr_type)at[0]) {
    case ASLRT_ATTR_NULL:
        return 1;
    case ASLRT_ATTR_BOOL:
        return 2;
    case ASLRT_ATTR_N:
        return HEAD_SHORT + (uint32_t)at[1];
    default:
        return HEAD + load32(at + 1);
    }
}

struct aslrt_bytes aslrt_attr_form(struct aslrt_attr a)
{
    struct aslrt_bytes form = {a.at, a.at == NULL ? 0 : form_length(a.at)};
    return form;
}

struct aslrt_bytes aslrt_attr_scalar(struct aslrt_attr a)
{
    struct aslrt_bytes scalar;
    if (aslrt_attr_type(a) == ASLRT_ATTR_N) {
        scalar.at = a.at + HEAD_SHORT;
        scalar.count = a.at[1];
    } else {
        assert(aslrt_attr_type(a) == ASLRT_ATTR_S || aslrt_attr_type(a) == ASLRT_ATTR_B);
        scalar.at = a.at + HEAD;
        scalar.count = load32(a.at + 1);
    }
    return scalar;
}

struct aslrt_decimal aslrt_attr_number(struct aslrt_attr a)
{
    struct aslrt_bytes key = aslrt_attr_scalar(a);
    struct aslrt_decimal d = {0, 0, false};
    bool valid = aslrt_decimal_from_key(key.at, key.count, &d);
    assert(valid);
    (void)valid;
    return d;
}

uint32_t aslrt_attr_count(struct aslrt_attr container)
{
    return load32(container.at + HEAD);
}

struct aslrt_attr_cursor aslrt_attr_walk(struct aslrt_attr container)
{
    struct aslrt_attr_cursor c = {container.at + HEAD_CONTAINER, aslrt_attr_count(container),
                                  container.at[0] == ASLRT_ATTR_M};
    return c;
}

bool aslrt_attr_next(struct aslrt_attr_cursor *c, struct aslrt_bytes *name,
                     struct aslrt_attr *value)
{
    if (c->left == 0)
        return false;
    c->left--;
    if (c->named) {
        uint32_t count = load16(c->next);
        if (name != NULL)
            *name = (struct aslrt_bytes){c->next + 2, count};
        c->next += 2 + count;
    }
    value->at = c->next;
    c->next += form_length(c->next);
    return true;
}

struct aslrt_attr aslrt_attr_member(struct aslrt_attr map, struct aslrt_bytes name)
{
    struct aslrt_attr value;
    struct aslrt_bytes at;
    if (aslrt_attr_type(map) != ASLRT_ATTR_M)
        return aslrt_attr_missing();
    struct aslrt_attr_cursor c = aslrt_attr_walk(map);
    while (aslrt_attr_next(&c, &at, &value)) {
        int order = aslrt_bytes_compare(at, name);
        if (order == 0)
            return value;
        if (order > 0)
            break; /* names ascend */
    }
    return aslrt_attr_missing();
}

struct aslrt_attr aslrt_attr_element(struct aslrt_attr list, uint64_t index)
{
    struct aslrt_attr value;
    if (aslrt_attr_type(list) != ASLRT_ATTR_L || index >= aslrt_attr_count(list))
        return aslrt_attr_missing();
    struct aslrt_attr_cursor c = aslrt_attr_walk(list);
    while (aslrt_attr_next(&c, NULL, &value) && index-- > 0)
        continue;
    return value;
}

bool aslrt_attr_contains(struct aslrt_attr set, struct aslrt_attr element)
{
    struct aslrt_attr value;
    struct aslrt_attr_cursor c = aslrt_attr_walk(set);
    while (aslrt_attr_next(&c, NULL, &value)) {
        if (aslrt_attr_equal(value, element))
            return true;
    }
    return false;
}

bool aslrt_attr_equal(struct aslrt_attr a, struct aslrt_attr b)
{
    return a.at != NULL && b.at != NULL &&
           aslrt_bytes_equal(aslrt_attr_form(a), aslrt_attr_form(b));
}

/* ---- sizes ---- */

uint64_t aslrt_attr_size(struct aslrt_attr a)
{
    struct aslrt_attr_cursor c;
    struct aslrt_bytes name = {NULL, 0};
    struct aslrt_attr value;
    enum aslrt_attr_type type = aslrt_attr_type(a);
    switch (type) {
    case ASLRT_ATTR_S:
    case ASLRT_ATTR_B:
        return load32(a.at + 1);
    case ASLRT_ATTR_N:
        return aslrt_decimal_key_size(a.at + HEAD_SHORT, a.at[1]);
    case ASLRT_ATTR_BOOL:
    case ASLRT_ATTR_NULL:
        return 1;
    default:
        break;
    }
    /* A list or map costs three bytes and one for each element; a set only its elements. */
    bool document = type == ASLRT_ATTR_L || type == ASLRT_ATTR_M;
    uint64_t sum = document ? 3 : 0;
    c = aslrt_attr_walk(a);
    while (aslrt_attr_next(&c, &name, &value))
        sum += name.count + aslrt_attr_size(value) + document;
    return sum;
}

uint64_t aslrt_attr_item_size(struct aslrt_attr item)
{
    uint64_t sum = 0;
    struct aslrt_bytes name;
    struct aslrt_attr value;
    struct aslrt_attr_cursor c = aslrt_attr_walk(item);
    while (aslrt_attr_next(&c, &name, &value))
        sum += name.count + aslrt_attr_size(value);
    return sum;
}

/* ---- bytes from outside ---- */

static size_t check_value(const uint8_t *p, size_t room, int depth);

/* True when the bytes are a string as the runtime has them (base/utf8.h). */
static bool is_text(struct aslrt_bytes bytes)
{
    const char *p = (const char *)bytes.at, *end = p + bytes.count;
    bool after_high = false;
    while (p < end) {
        size_t n = aslrt_utf8_ascii(p, (size_t)(end - p));
        bool high = false;
        if (n == 0)
            n = aslrt_utf8_sequence(p, (size_t)(end - p));
        if (n == 0 && aslrt_is_surrogate(p, (size_t)(end - p))) {
            n = 3;
            high = (uint8_t)p[1] < 0xb0;
            if (after_high && !high)
                return false; /* a pair is one character of four bytes */
        }
        if (n == 0)
            return false;
        after_high = high;
        p += n;
    }
    return true;
}

/* True when `count` well-formed elements or members fill the `length` bytes, in order. */
static bool check_content(const uint8_t *p, size_t length, uint32_t count,
                          enum aslrt_attr_type type, int depth)
{
    const uint8_t *end = p + length;
    struct aslrt_bytes before = {NULL, 0};
    bool set = aslrt_attr_is_set(type);
    if (set && count == 0)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct aslrt_bytes order = {NULL, 0};
        if (type == ASLRT_ATTR_M) {
            if (end - p < 2 || (size_t)(end - p - 2) < load16(p))
                return false;
            order = (struct aslrt_bytes){p + 2, load16(p)};
            if (!is_text(order))
                return false;
            p += 2 + order.count;
        }
        size_t n = check_value(p, (size_t)(end - p), depth + 1);
        if (n == 0 || (set && p[0] != aslrt_attr_element_type(type)))
            return false;
        if (set)
            order = aslrt_attr_scalar((struct aslrt_attr){p});
        if (type != ASLRT_ATTR_L && i != 0 && aslrt_bytes_compare(before, order) >= 0)
            return false; /* out of order, or twice */
        before = order;
        p += n;
    }
    return p == end;
}

/* The length of the value at p, or 0 when the `room` bytes don't begin with a well-formed one. */
static size_t check_value(const uint8_t *p, size_t room, int depth)
{
    if (room == 0 || p[0] == ASLRT_ATTR_MISSING || p[0] >= ASLRT_ATTR_TYPE_COUNT ||
        depth > ASLRT_ATTR_DEPTH_MAX)
        return 0;
    enum aslrt_attr_type type = (enum aslrt_attr_type)p[0];
    size_t head = type == ASLRT_ATTR_NULL                           ? 1
                  : type == ASLRT_ATTR_BOOL || type == ASLRT_ATTR_N ? HEAD_SHORT
                  : type == ASLRT_ATTR_S || type == ASLRT_ATTR_B    ? HEAD
                                                                    : HEAD_CONTAINER;
    if (room < head || room < form_length(p) || form_length(p) < head ||
        (head == HEAD_CONTAINER && depth == ASLRT_ATTR_DEPTH_MAX))
        return 0;
    size_t length = form_length(p);
    struct aslrt_decimal d;
    switch (type) {
    case ASLRT_ATTR_BOOL:
        return p[1] <= 1 ? length : 0;
    case ASLRT_ATTR_N:
        return aslrt_decimal_from_key(p + HEAD_SHORT, p[1], &d) ? length : 0;
    case ASLRT_ATTR_S:
        return is_text((struct aslrt_bytes){p + HEAD, (uint32_t)(length - HEAD)}) ? length : 0;
    case ASLRT_ATTR_NULL:
    case ASLRT_ATTR_B:
        return length;
    default:
        return check_content(p + HEAD_CONTAINER, length - HEAD_CONTAINER, load32(p + HEAD), type,
                             depth)
                   ? length
                   : 0;
    }
}

bool aslrt_attr_valid(const uint8_t *bytes, size_t count)
{
    return count <= UINT32_MAX && check_value(bytes, count, 0) == count && count != 0;
}

/* ---- building ---- */

/* Room for `count` bytes, which count as written. */
static uint8_t *extend(struct aslrt_attr_writer *w, size_t count)
{
    /* Lengths are 32 bits; no request that got here is that large. */
    if (count > INT32_MAX || w->buffer.count > INT32_MAX)
        aslrt_escape(w->buffer.arena->memory, ASLRT_LIMIT);
    uint8_t *p = (uint8_t *)aslrt_buffer_reserve(&w->buffer, count);
    w->buffer.count += count;
    return p;
}

size_t aslrt_attr_open(struct aslrt_attr_writer *w, enum aslrt_attr_type container)
{
    size_t mark = w->buffer.count;
    *extend(w, HEAD_CONTAINER) = (uint8_t)container;
    return mark;
}

void aslrt_attr_close(struct aslrt_attr_writer *w, size_t mark, uint32_t count)
{
    uint8_t *head = (uint8_t *)w->buffer.bytes + mark;
    store32(head + 1, (uint32_t)(w->buffer.count - mark - HEAD));
    store32(head + HEAD, count);
}

void aslrt_attr_name(struct aslrt_attr_writer *w, struct aslrt_bytes name)
{
    assert(name.count <= ASLRT_ATTR_NAME_MAX);
    uint8_t *p = extend(w, 2 + (size_t)name.count);
    p[0] = (uint8_t)name.count;
    p[1] = (uint8_t)(name.count >> 8);
    if (name.count != 0)
        memcpy(p + 2, name.at, name.count);
}

void aslrt_attr_put(struct aslrt_attr_writer *w, struct aslrt_attr value)
{
    struct aslrt_bytes form = aslrt_attr_form(value);
    memcpy(extend(w, form.count), form.at, form.count);
}

void aslrt_attr_put_number(struct aslrt_attr_writer *w, struct aslrt_decimal d)
{
    uint8_t key[ASLRT_DECIMAL_KEY_MAX];
    size_t count = aslrt_decimal_to_key(d, key);
    uint8_t *p = extend(w, HEAD_SHORT + count);
    p[0] = ASLRT_ATTR_N;
    p[1] = (uint8_t)count;
    memcpy(p + HEAD_SHORT, key, count);
}

void aslrt_attr_put_bool(struct aslrt_attr_writer *w, bool b)
{
    uint8_t *p = extend(w, 2);
    p[0] = ASLRT_ATTR_BOOL;
    p[1] = b;
}

void aslrt_attr_put_null(struct aslrt_attr_writer *w)
{
    *extend(w, 1) = ASLRT_ATTR_NULL;
}

uint8_t *aslrt_attr_reserve(struct aslrt_attr_writer *w, enum aslrt_attr_type type, uint32_t count)
{
    uint8_t *p = extend(w, HEAD + (size_t)count);
    p[0] = (uint8_t)type;
    store32(p + 1, count);
    return p + HEAD;
}

void aslrt_attr_put_bytes(struct aslrt_attr_writer *w, enum aslrt_attr_type type,
                          struct aslrt_bytes bytes)
{
    uint8_t *p = aslrt_attr_reserve(w, type, bytes.count);
    if (bytes.count != 0)
        memcpy(p, bytes.at, bytes.count);
}
