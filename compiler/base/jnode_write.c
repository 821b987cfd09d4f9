/*
 * jnode_write.c - JSON trees as text; see jnode_write.h.
 */
#include "compiler/base/jnode_write.h"

#include "runtime/base/json.h"

/* Recursion is as deep as the tree, which the reader has bounded. */
void jnode_write(struct aslrt_buffer *out, const struct jnode *n)
{
    switch (n->kind) {
    case J_NULL:
        aslrt_buffer_text(out, "null");
        break;
    case J_BOOL:
        aslrt_buffer_text(out, n->boolean ? "true" : "false");
        break;
    case J_NUMBER:
    case J_PLACEHOLDER:
        aslrt_buffer_put(out, n->text, n->count);
        break;
    case J_STRING:
        aslrt_json_put_string(out, n->text, n->count);
        break;
    case J_ARRAY:
        aslrt_buffer_char(out, '[');
        for (uint32_t i = 0; i < n->count; i++) {
            if (i != 0)
                aslrt_buffer_text(out, ", ");
            jnode_write(out, n->items[i]);
        }
        aslrt_buffer_char(out, ']');
        break;
    case J_OBJECT:
        aslrt_buffer_char(out, '{');
        for (uint32_t i = 0; i < n->count; i++) {
            if (i != 0)
                aslrt_buffer_text(out, ", ");
            aslrt_json_put_string(out, n->members[i].key, n->members[i].key_count);
            aslrt_buffer_text(out, ": ");
            jnode_write(out, n->members[i].value);
        }
        aslrt_buffer_char(out, '}');
        break;
    }
}

static void write_lines(struct aslrt_buffer *out, const struct jnode *n, int indent)
{
    bool object = n->kind == J_OBJECT;
    if ((!object && n->kind != J_ARRAY) || n->count == 0) {
        jnode_write(out, n);
        return;
    }
    aslrt_buffer_char(out, object ? '{' : '[');
    for (uint32_t i = 0; i < n->count; i++) {
        aslrt_buffer_format(out, "%s\n%*s", i == 0 ? "" : ",", indent + 2, "");
        if (object) {
            aslrt_json_put_string(out, n->members[i].key, n->members[i].key_count);
            aslrt_buffer_text(out, ": ");
        }
        write_lines(out, object ? n->members[i].value : n->items[i], indent + 2);
    }
    aslrt_buffer_format(out, "\n%*s%c", indent, "", object ? '}' : ']');
}

void jnode_write_pretty(struct aslrt_buffer *out, const struct jnode *n)
{
    write_lines(out, n, 0);
    aslrt_buffer_char(out, '\n');
}
