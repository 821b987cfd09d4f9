/*
 * wire.c - attribute values from and to JSON; see wire.h.
 *
 * Sets and maps are sorted on the way in: the elements are read one after the other into the
 * writer's buffer's arena, sorted by reference, and then written in order.
 */
#include "runtime/ddb/wire.h"
#include "runtime/base/base64.h"
#include "runtime/base/value.h"

#include <stdlib.h>

#define INVALID "One or more parameter values were invalid: "

static void read_value(struct aslrt_ddb *cx, struct aslrt_attr_writer *w, struct aslrt_value json,
                       int depth);

_Noreturn void aslrt_wire_mismatch(struct aslrt_ddb *cx, struct aslrt_value json,
                                   const char *wanted)
{
    bool integer = json.kind == ASLRT_INT;
    switch (json.kind) {
    case ASLRT_ARRAY:
        aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION, "Unrecognized collection type class %s%s",
                       strchr(wanted, '.') == NULL ? "java.lang." : "", wanted);
    case ASLRT_OBJECT:
        aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION,
                       "Start of structure or map found where not expected");
    case ASLRT_BOOL:
        aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION, "%s cannot be converted to %s",
                       json.as.boolean ? "TRUE_VALUE" : "FALSE_VALUE", wanted);
    case ASLRT_INT:
    case ASLRT_DOUBLE:
    case ASLRT_NUMBER:
        for (uint32_t i = 0; json.kind == ASLRT_NUMBER && i < json.count; i++)
            integer = (i == 0 || integer) && strchr(".eE", json.as.bytes[i]) == NULL;
        aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION, "%s cannot be converted to %s",
                       integer ? "NUMBER_VALUE" : "DECIMAL_VALUE", wanted);
    default:
        if (strcmp(wanted, "Boolean") == 0)
            aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION, "Unexpected token received from parser");
        aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION, "STRING_VALUE cannot be converted to %s",
                       wanted);
    }
}

static struct aslrt_bytes string_of(struct aslrt_ddb *cx, struct aslrt_value json)
{
    if (json.kind != ASLRT_STRING)
        aslrt_wire_mismatch(cx, json, "String");
    return aslrt_bytes_of(json.as.bytes, json.count);
}

static void read_number(struct aslrt_ddb *cx, struct aslrt_attr_writer *w, struct aslrt_value json)
{
    struct aslrt_decimal d;
    struct aslrt_bytes text = string_of(cx, json);
    enum aslrt_decimal_status status = aslrt_decimal_parse((const char *)text.at, text.count, &d);
    if (status == ASLRT_DECIMAL_SYNTAX)
        aslrt_ddb_refuse(cx, "%s: %.*s", aslrt_decimal_problem(status), (int)text.count,
                         (const char *)text.at);
    if (status != ASLRT_DECIMAL_OK)
        aslrt_ddb_refuse(cx, "%s", aslrt_decimal_problem(status));
    aslrt_attr_put_number(w, d);
}

static void read_binary(struct aslrt_ddb *cx, struct aslrt_attr_writer *w, struct aslrt_value json)
{
    struct aslrt_bytes text = string_of(cx, json);
    const char *characters = (const char *)text.at;
    size_t count = aslrt_base64_decoded(characters, text.count);
    if (count == SIZE_MAX)
        aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION,
                       "Base64 encoded length is expected a multiple of 4 bytes but found: %u",
                       (unsigned)text.count);
    uint8_t *out = aslrt_attr_reserve(w, ASLRT_ATTR_B, (uint32_t)count);
    const char *wrong = aslrt_base64_decode(characters, text.count, out);
    if (wrong != NULL)
        aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION, "Invalid Base64 character: '%c'", *wrong);
}

/* An S, N or B: a value of its own or an element of a set. */
static void read_scalar(struct aslrt_ddb *cx, struct aslrt_attr_writer *w,
                        enum aslrt_attr_type type, struct aslrt_value json)
{
    if (type == ASLRT_ATTR_N)
        read_number(cx, w, json);
    else if (type == ASLRT_ATTR_B)
        read_binary(cx, w, json);
    else
        aslrt_attr_put_bytes(w, ASLRT_ATTR_S, string_of(cx, json));
}

static int by_value(const void *a, const void *b)
{
    return aslrt_attr_compare(*(const struct aslrt_attr *)a, *(const struct aslrt_attr *)b);
}

static _Noreturn void refuse_duplicates(struct aslrt_ddb *cx, enum aslrt_attr_type type,
                                        struct aslrt_value json)
{
    struct aslrt_buffer b = aslrt_buffer_in(cx->scratch);
    if (type == ASLRT_ATTR_NS)
        aslrt_ddb_refuse(cx, "Input collection contains duplicates");
    for (uint32_t i = 0; i < json.count; i++)
        aslrt_buffer_format(&b, "%s\"%.*s\"", i == 0 ? "" : ", ", (int)json.as.items[i].count,
                            json.as.items[i].as.bytes);
    aslrt_ddb_refuse(cx, INVALID "Input collection [%s]%s contains duplicates.",
                     aslrt_buffer_close(&b), type == ASLRT_ATTR_BS ? "of type BS" : "");
}

static void read_set(struct aslrt_ddb *cx, struct aslrt_attr_writer *w, enum aslrt_attr_type type,
                     struct aslrt_value json)
{
    if (json.kind != ASLRT_ARRAY)
        aslrt_wire_mismatch(cx, json, "java.util.List");
    if (json.count == 0)
        aslrt_ddb_refuse(cx, INVALID "%s",
                         type == ASLRT_ATTR_SS   ? "An string set  may not be empty"
                         : type == ASLRT_ATTR_NS ? "An number set  may not be empty"
                                                 : "Binary sets should not be empty");
    struct aslrt_attr *elements = ASLRT_NEW_ARRAY(cx->scratch, struct aslrt_attr, json.count);
    for (uint32_t i = 0; i < json.count; i++) {
        struct aslrt_attr_writer one = aslrt_attr_writer_in(cx->scratch);
        read_scalar(cx, &one, aslrt_attr_element_type(type), json.as.items[i]);
        elements[i] = aslrt_attr_done(&one);
    }
    qsort(elements, json.count, sizeof *elements, by_value);
    size_t mark = aslrt_attr_open(w, type);
    for (uint32_t i = 0; i < json.count; i++) {
        if (i != 0 && aslrt_attr_equal(elements[i - 1], elements[i]))
            refuse_duplicates(cx, type, json);
        aslrt_attr_put(w, elements[i]);
    }
    aslrt_attr_close(w, mark, json.count);
}

static int by_name(const void *a, const void *b)
{
    const struct aslrt_member *x = *(const struct aslrt_member *const *)a;
    const struct aslrt_member *y = *(const struct aslrt_member *const *)b;
    return aslrt_bytes_compare(aslrt_bytes_of(x->key.as.bytes, x->key.count),
                               aslrt_bytes_of(y->key.as.bytes, y->key.count));
}

static void read_map(struct aslrt_ddb *cx, struct aslrt_attr_writer *w, struct aslrt_value json,
                     int depth)
{
    if (json.kind != ASLRT_OBJECT)
        aslrt_wire_mismatch(cx, json, "java.util.Map");
    const struct aslrt_member **members =
        ASLRT_NEW_ARRAY(cx->scratch, const struct aslrt_member *, json.count);
    bool sorted = true;
    for (uint32_t i = 0; i < json.count; i++) {
        members[i] = &json.as.members[i];
        sorted = sorted && (i == 0 || by_name(&members[i - 1], &members[i]) < 0);
    }
    if (!sorted)
        qsort(members, json.count, sizeof *members, by_name);
    size_t mark = aslrt_attr_open(w, ASLRT_ATTR_M);
    for (uint32_t i = 0; i < json.count; i++) {
        struct aslrt_value key = members[i]->key;
        if (key.count > ASLRT_ATTR_NAME_MAX)
            aslrt_ddb_refuse(cx, INVALID "Attribute name is too large, must be less than 65536 "
                                         "bytes");
        aslrt_attr_name(w, aslrt_bytes_of(key.as.bytes, key.count));
        read_value(cx, w, members[i]->value, depth);
    }
    aslrt_attr_close(w, mark, json.count);
}

static void read_list(struct aslrt_ddb *cx, struct aslrt_attr_writer *w, struct aslrt_value json,
                      int depth)
{
    if (json.kind != ASLRT_ARRAY)
        aslrt_wire_mismatch(cx, json, "java.util.List");
    size_t mark = aslrt_attr_open(w, ASLRT_ATTR_L);
    for (uint32_t i = 0; i < json.count; i++)
        read_value(cx, w, json.as.items[i], depth);
    aslrt_attr_close(w, mark, json.count);
}

static void read_typed(struct aslrt_ddb *cx, struct aslrt_attr_writer *w, enum aslrt_attr_type type,
                       struct aslrt_value json, int depth)
{
    switch (type) {
    case ASLRT_ATTR_BOOL:
        if (json.kind != ASLRT_BOOL)
            aslrt_wire_mismatch(cx, json, "Boolean");
        aslrt_attr_put_bool(w, json.as.boolean);
        break;
    case ASLRT_ATTR_NULL: /* false is taken and means the same */
        if (json.kind != ASLRT_BOOL)
            aslrt_wire_mismatch(cx, json, "Boolean");
        aslrt_attr_put_null(w);
        break;
    case ASLRT_ATTR_L:
    case ASLRT_ATTR_M:
        if (depth + 1 >= ASLRT_ATTR_DEPTH_MAX)
            aslrt_ddb_refuse(cx, "Nesting Levels have exceeded supported limits: Attributes in "
                                 "the item have nested levels beyond supported limit");
        if (type == ASLRT_ATTR_L)
            read_list(cx, w, json, depth + 1);
        else
            read_map(cx, w, json, depth + 1);
        break;
    case ASLRT_ATTR_SS:
    case ASLRT_ATTR_NS:
    case ASLRT_ATTR_BS:
        read_set(cx, w, type, json);
        break;
    default:
        read_scalar(cx, w, type, json);
        break;
    }
}

/* `depth` is the number of lists and maps around the value. */
static void read_value(struct aslrt_ddb *cx, struct aslrt_attr_writer *w, struct aslrt_value json,
                       int depth)
{
    enum aslrt_attr_type type = ASLRT_ATTR_MISSING;
    struct aslrt_value content = aslrt_undefined();
    if (json.kind != ASLRT_OBJECT && json.kind != ASLRT_NULL) {
        if (json.kind == ASLRT_ARRAY)
            aslrt_wire_mismatch(cx, json, "com.amazonaws.dynamodb.v20120810.AttributeValue");
        aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION, "Unexpected field type");
    }
    uint32_t members = json.kind == ASLRT_OBJECT ? json.count : 0;
    for (uint32_t i = 0; i < members; i++) {
        const struct aslrt_member *m = &json.as.members[i];
        enum aslrt_attr_type t = aslrt_attr_type_of(aslrt_bytes_of(m->key.as.bytes, m->key.count));
        if (t == ASLRT_ATTR_MISSING || m->value.kind == ASLRT_NULL)
            continue;
        if (type != ASLRT_ATTR_MISSING)
            aslrt_ddb_refuse(cx, "Supplied AttributeValue has more than one datatypes set, must "
                                 "contain exactly one of the supported datatypes");
        type = t;
        content = m->value;
    }
    if (type == ASLRT_ATTR_MISSING)
        aslrt_ddb_refuse(cx, "Supplied AttributeValue is empty, must contain exactly one of the "
                             "supported datatypes");
    read_typed(cx, w, type, content, depth);
}

struct aslrt_attr aslrt_attr_read(struct aslrt_ddb *cx, struct aslrt_value json)
{
    struct aslrt_attr_writer w = aslrt_attr_writer_in(cx->scratch);
    read_value(cx, &w, json, 0);
    return aslrt_attr_done(&w);
}

struct aslrt_attr aslrt_attr_read_item(struct aslrt_ddb *cx, struct aslrt_value json)
{
    struct aslrt_attr_writer w = aslrt_attr_writer_in(cx->scratch);
    read_map(cx, &w, json, 0);
    return aslrt_attr_done(&w);
}

/* ---- to JSON ---- */

static struct aslrt_value text_value(struct aslrt_bytes bytes)
{
    return aslrt_string((const char *)bytes.at, bytes.count);
}

static struct aslrt_value scalar_text(struct aslrt_arena *arena, struct aslrt_attr a)
{
    struct aslrt_bytes bytes = aslrt_attr_scalar(a);
    if (aslrt_attr_type(a) == ASLRT_ATTR_S)
        return text_value(bytes);
    if (aslrt_attr_type(a) == ASLRT_ATTR_N) {
        char text[ASLRT_DECIMAL_TEXT_MAX];
        size_t n = aslrt_decimal_format_key(bytes.at, bytes.count, text);
        return aslrt_string(aslrt_copy_text(arena, text, n), (uint32_t)n);
    }
    size_t n = aslrt_base64_length(bytes.count);
    char *text = aslrt_alloc(arena, n + 1);
    aslrt_base64_encode(bytes.at, bytes.count, text);
    return aslrt_string(text, (uint32_t)n);
}

/* The value without the object that names its type. */
static struct aslrt_value write_content(struct aslrt_arena *arena, struct aslrt_attr a)
{
    struct aslrt_attr_cursor c;
    struct aslrt_attr value;
    struct aslrt_array_builder items = aslrt_array_in(arena);
    switch (aslrt_attr_type(a)) {
    case ASLRT_ATTR_S:
    case ASLRT_ATTR_N:
    case ASLRT_ATTR_B:
        return scalar_text(arena, a);
    case ASLRT_ATTR_BOOL:
        return aslrt_bool(aslrt_attr_bool(a));
    case ASLRT_ATTR_NULL:
        return aslrt_bool(true);
    case ASLRT_ATTR_M:
        return aslrt_attr_write_item(arena, a);
    case ASLRT_ATTR_L:
        c = aslrt_attr_walk(a);
        while (aslrt_attr_next(&c, NULL, &value))
            aslrt_array_add(&items, aslrt_attr_write(arena, value));
        return aslrt_array_done(&items);
    case ASLRT_ATTR_SS:
    case ASLRT_ATTR_NS:
    case ASLRT_ATTR_BS:
        c = aslrt_attr_walk(a);
        while (aslrt_attr_next(&c, NULL, &value))
            aslrt_array_add(&items, scalar_text(arena, value));
        return aslrt_array_done(&items);
    default:
        return aslrt_undefined();
    }
}

struct aslrt_value aslrt_attr_write(struct aslrt_arena *arena, struct aslrt_attr a)
{
    struct aslrt_member *m = ASLRT_NEW(arena, struct aslrt_member);
    m->key = aslrt_text(aslrt_attr_type_name(aslrt_attr_type(a)));
    m->value = write_content(arena, a);
    return aslrt_object(m, 1);
}

struct aslrt_value aslrt_attr_write_item(struct aslrt_arena *arena, struct aslrt_attr item)
{
    struct aslrt_object_builder out = aslrt_object_in(arena);
    struct aslrt_attr_cursor c = aslrt_attr_walk(item);
    struct aslrt_bytes name;
    struct aslrt_attr value;
    while (aslrt_attr_next(&c, &name, &value))
        aslrt_object_set(&out, text_value(name), aslrt_attr_write(arena, value));
    return aslrt_object_done(&out);
}

/* ---- to text, for messages ---- */

static void show_value(struct aslrt_buffer *b, struct aslrt_attr a)
{
    struct aslrt_attr_cursor c;
    struct aslrt_bytes name = {NULL, 0};
    struct aslrt_attr value;
    struct aslrt_value text;
    const char *separator = "";
    enum aslrt_attr_type type = aslrt_attr_type(a);
    aslrt_buffer_format(b, "{%s:", aslrt_attr_type_name(type));
    switch (type) {
    case ASLRT_ATTR_S:
    case ASLRT_ATTR_N:
    case ASLRT_ATTR_B:
        text = scalar_text(b->arena, a);
        aslrt_buffer_put(b, text.as.bytes, text.count);
        break;
    case ASLRT_ATTR_BOOL:
    case ASLRT_ATTR_NULL:
        aslrt_buffer_text(b, type == ASLRT_ATTR_NULL || aslrt_attr_bool(a) ? "true" : "false");
        break;
    default:
        aslrt_buffer_char(b, type == ASLRT_ATTR_M ? '{' : '[');
        c = aslrt_attr_walk(a);
        while (aslrt_attr_next(&c, &name, &value)) {
            aslrt_buffer_text(b, separator);
            separator = ", ";
            if (type == ASLRT_ATTR_M)
                aslrt_buffer_format(b, "%.*s=", (int)name.count, (const char *)name.at);
            show_value(b, value);
        }
        aslrt_buffer_char(b, type == ASLRT_ATTR_M ? '}' : ']');
        break;
    }
    aslrt_buffer_char(b, '}');
}

const char *aslrt_attr_show(struct aslrt_arena *arena, struct aslrt_attr a)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    show_value(&b, a);
    return aslrt_buffer_close(&b);
}
