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
