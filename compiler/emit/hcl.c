/*
 * hcl.c - HCL text in canonical form; see hcl.h.
 *
 * The rule that is applied (hclwrite's, observed on its output): an attribute whose value closes
 * every bracket that it opens on its own line belongs to a run of such lines; within a run the `=`
 * stand under each other.  Any other line ends the run.
 */
#include "compiler/emit/hcl.h"

#include <stdarg.h>

void hcl_put(struct aslrt_buffer *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(out, format, args);
    va_end(args);
}

const char *hcl_quote(struct aslrt_arena *arena, const char *text)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_char(&b, '"');
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\')
            aslrt_buffer_format(&b, "\\%c", c);
        else if (c == '\n')
            aslrt_buffer_text(&b, "\\n");
        else if (c < 0x20)
            aslrt_buffer_format(&b, "\\u%04x", c);
        else if ((c == '$' || c == '%') && p[1] == '{')
            aslrt_buffer_format(&b, "%c%c", c, c);
        else
            aslrt_buffer_char(&b, *p);
    }
    aslrt_buffer_char(&b, '"');
    return aslrt_buffer_close(&b);
}

struct line {
    const char *text;
    size_t count;
    size_t
        assign; /* where the = of a single-line attribute stands, less the blank before; 0: none */
};

/* Past a quoted string, whose opening quote stands at i. */
static size_t skip_string(const struct line *l, size_t i)
{
    for (i++; i < l->count && l->text[i] != '"'; i++) {
        if (l->text[i] == '\\')
            i++;
    }
    return i;
}

static void find_assign(struct line *l)
{
    size_t assign = 0;
    int brackets = 0;
    for (size_t i = 0; i < l->count; i++) {
        char c = l->text[i];
        if (c == '"') {
            i = skip_string(l, i);
        } else if (c == '#') {
            if (assign == 0)
                return;
            break;
        } else if (assign == 0 && c == '=' && i > 0 && l->text[i + 1] == ' ') {
            assign = i - 1;
        } else if (assign == 0 && (c == '{' || c == '(' || c == '[')) {
            return; /* a block, or an argument in a call */
        } else if (assign != 0) {
            brackets += c == '{' || c == '(' || c == '[';
            brackets -= c == '}' || c == ')' || c == ']';
        }
    }
    l->assign = brackets == 0 ? assign : 0;
}

const char *hcl_align(const struct aslrt_buffer *text, size_t *count)
{
    uint32_t line_count = 1;
    for (size_t i = 0; i < text->count; i++)
        line_count += text->bytes[i] == '\n';
    struct line *lines = ASLRT_NEW_ARRAY(text->arena, struct line, line_count);
    uint32_t n = 0;
    for (size_t start = 0; start < text->count; n++) {
        const char *end = memchr(text->bytes + start, '\n', text->count - start);
        size_t stop = end == NULL ? text->count : (size_t)(end - text->bytes);
        lines[n] = (struct line){text->bytes + start, stop - start, 0};
        find_assign(&lines[n]);
        start = stop + 1;
    }
    struct aslrt_buffer out = aslrt_buffer_in(text->arena);
    for (uint32_t i = 0; i < n;) {
        uint32_t run = i;
        size_t width = 0;
        while (run < n && lines[run].assign != 0) {
            width = lines[run].assign > width ? lines[run].assign : width;
            run++;
        }
        for (; i < run; i++) {
            aslrt_buffer_put(&out, lines[i].text, lines[i].assign);
            aslrt_buffer_format(&out, "%*s", (int)(width - lines[i].assign), "");
            aslrt_buffer_put(&out, lines[i].text + lines[i].assign,
                             lines[i].count - lines[i].assign);
            aslrt_buffer_char(&out, '\n');
        }
        if (i < n) {
            aslrt_buffer_put(&out, lines[i].text, lines[i].count);
            aslrt_buffer_char(&out, '\n');
            i++;
        }
    }
    *count = out.count;
    return aslrt_buffer_close(&out);
}
