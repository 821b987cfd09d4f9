/*
 * placeholders.c - ExpressionAttributeNames and ExpressionAttributeValues; see expression.h.
 */
#include "runtime/ddb/expression.h"
#include "runtime/ddb/wire.h"

#include <ctype.h>

/* Checks the object and its keys: '#' or ':' and letters, digits, underscores behind it. */
static void check_keys(struct aslrt_ddb *cx, const char *parameter, char mark,
                       struct aslrt_value object)
{
    if (object.kind == ASLRT_ARRAY)
        aslrt_wire_mismatch(cx, object, "java.util.Map");
    if (object.kind != ASLRT_OBJECT)
        aslrt_ddb_fail(cx, ASLRT_DDB_SERIALIZATION, "Unexpected field type");
    if (object.count == 0)
        aslrt_ddb_refuse(cx, "%s must not be empty", parameter);
    for (uint32_t i = 0; i < object.count; i++) {
        struct aslrt_value key = object.as.members[i].key;
        bool good = key.count > 1 && key.as.bytes[0] == mark;
        for (uint32_t k = 1; good && k < key.count; k++)
            good = isalnum((unsigned char)key.as.bytes[k]) || key.as.bytes[k] == '_';
        if (!good)
            aslrt_ddb_refuse(cx, "%s contains invalid key: Syntax error; key: \"%.*s\"", parameter,
                             (int)key.count, key.as.bytes);
    }
}

static void read_names(struct aslrt_ddb *cx, struct aslrt_value names,
                       struct aslrt_placeholders *out)
{
    check_keys(cx, "ExpressionAttributeNames", '#', names);
    for (uint32_t i = 0; i < names.count; i++) {
        struct aslrt_value name = names.as.members[i].value;
        if (name.kind != ASLRT_STRING)
            aslrt_wire_mismatch(cx, name, "String");
        if (name.count == 0)
            aslrt_ddb_refuse(cx,
                             "ExpressionAttributeNames contains invalid value: Empty attribute "
                             "name for key %.*s",
                             (int)names.as.members[i].key.count, names.as.members[i].key.as.bytes);
        if (name.count > ASLRT_ATTR_NAME_MAX)
            aslrt_ddb_refuse(cx, "One or more parameter values were invalid: Attribute name is "
                                 "too large, must be less than 65536 bytes");
    }
    out->name_used = ASLRT_NEW_ARRAY(cx->scratch, bool, names.count);
}

void aslrt_placeholders_read(struct aslrt_ddb *cx, struct aslrt_value names,
                             struct aslrt_value values, struct aslrt_placeholders *out)
{
    *out = (struct aslrt_placeholders){.names = names, .values = values};
    if (names.kind != ASLRT_UNDEFINED)
        read_names(cx, names, out);
    if (values.kind == ASLRT_UNDEFINED)
        return;
    check_keys(cx, "ExpressionAttributeValues", ':', values);
    out->attrs = ASLRT_NEW_ARRAY(cx->scratch, struct aslrt_attr, values.count);
    out->value_used = ASLRT_NEW_ARRAY(cx->scratch, bool, values.count);
    for (uint32_t i = 0; i < values.count; i++) {
        cx->value_key = values.as.members[i].key; /* what is wrong with a value says whose it is */
        out->attrs[i] = aslrt_attr_read(cx, values.as.members[i].value);
    }
    cx->value_key = aslrt_undefined();
}

static void check_used(struct aslrt_ddb *cx, const char *parameter, struct aslrt_value object,
                       const bool *used)
{
    struct aslrt_buffer keys = aslrt_buffer_in(cx->scratch);
    uint32_t members = object.kind == ASLRT_OBJECT ? object.count : 0;
    for (uint32_t i = 0; i < members; i++) {
        struct aslrt_value key = object.as.members[i].key;
        if (!used[i])
            aslrt_buffer_format(&keys, "%s%.*s", keys.count == 0 ? "" : ", ", (int)key.count,
                                key.as.bytes);
    }
    if (keys.count != 0)
        aslrt_ddb_refuse(cx, "Value provided in %s unused in expressions: keys: {%s}", parameter,
                         aslrt_buffer_close(&keys));
}

void aslrt_placeholders_check(struct aslrt_ddb *cx, const struct aslrt_placeholders *p)
{
    check_used(cx, "ExpressionAttributeNames", p->names, p->name_used);
    check_used(cx, "ExpressionAttributeValues", p->values, p->value_used);
}
