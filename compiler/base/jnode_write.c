/*
 * jnode_write.c - JSON trees as text; see jnode_write.h.
 */
#include "compiler/base/jnode_write.h"

void jnode_write_text(struct aslrt_buffer *out, const char *text, size_t count)
{
    aslrt_buffer_char(out, '"');
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            aslrt_buffer_format(out, "\\%c", c);
        else if (c == '\n')
            aslrt_buffer_text(out, "\\n");
        else if (c == '\t')
            aslrt_buffer_text(out, "\\t");
        else if (c < 0x20)
            aslrt_buffer_format(out, "\\u%04x", c);
        else
            aslrt_buffer_char(out, (char)c);
    }
    aslrt_buffer_char(out, '"');
}

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
        jnode_write_text(out, n->text, n->count);
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
            jnode_write_text(out, n->members[i].key, n->members[i].key_count);
            aslrt_buffer_text(out, ": ");
            jnode_write(out, n->members[i].value);
        }
        aslrt_buffer_char(out, '}');
        break;
    }
}
