/*
 * lower_text.c - pieces of JSONata text: literals, paths, expression strings.
 *
 * In: names and texts of the source.  Out: JSONata that means exactly them, in the arena.
 * Invariant: a literal never depends on what it holds; quotes, backslashes and control characters
 * are escaped as JSONata's tokenizer reads them (it knows no \').
 */
#include "compiler/ir/lower_int.h"

#include <stdarg.h>

char *lower_format(struct lower *l, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    aslrt_buffer_close(&b);
    return b.bytes;
}

const char *lower_quote(struct lower *l, const char *text)
{
    struct aslrt_buffer b = aslrt_buffer_in(l->arena);
    aslrt_buffer_char(&b, '\'');
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        bool hole = (c == '$' || c == '%') && p[1] == '{'; /* templatefile() would fill it in */
        if (c == '\'' || c < 0x20 || hole)
            aslrt_buffer_format(&b, "\\u%04x", c);
        else if (c == '\\')
            aslrt_buffer_text(&b, "\\\\");
        else
            aslrt_buffer_char(&b, *p);
    }
    aslrt_buffer_char(&b, '\'');
    return aslrt_buffer_close(&b);
}

const char *lower_path(struct lower *l, const char *x, const char *name)
{
    /* Words that JSONata would read as something else than a name. */
    static const char *const words[] = {"and", "or", "in", "true", "false", "null", "function"};
    bool quoted = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        quoted = quoted || strcmp(name, words[i]) == 0;
    for (const char *p = name; *p != '\0'; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '_';
        quoted = quoted || !(letter || (p != name && *p >= '0' && *p <= '9'));
    }
    return lower_format(l, quoted ? "%s.`%s`" : "%s.%s", x, name);
}

struct jnode *lower_expr_node(struct lower *l, struct span at, const char *expr)
{
    return jnode_string(l->arena, at, lower_format(l, "{%% %s %%}", expr));
}

struct jnode *lower_text_node(struct lower *l, struct span at, const char *text)
{
    return jnode_string(l->arena, at, text);
}
