/*
 * source.c - source texts, line maps and places; see source.h.
 */
#include "compiler/base/source.h"
#include "runtime/base/limits.h"
#include "runtime/base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

void source_table_init(struct source_table *table, struct aslrt_arena *arena)
{
    *table = (struct source_table){.arena = arena};
}

static void map_lines(struct source_table *table, struct source *s)
{
    uint32_t lines = 1;
    for (uint32_t i = 0; i < s->count; i++)
        lines += s->text[i] == '\n';
    s->lines = ASLRT_NEW_ARRAY(table->arena, uint32_t, lines);
    s->line_count = lines;
    uint32_t line = 1;
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->text[i] == '\n')
            s->lines[line++] = i + 1;
    }
}

uint32_t source_add(struct source_table *table, const char *name, const char *text, uint32_t count)
{
    if (table->count == table->room) {
        uint32_t room = table->room == 0 ? 8 : table->room * 2;
        struct source *more = ASLRT_NEW_ARRAY(table->arena, struct source, room);
        if (table->count != 0)
            memcpy(more, table->sources, table->count * sizeof *more);
        table->sources = more;
        table->room = room;
    }
    struct source *s = &table->sources[table->count++];
    *s = (struct source){.name = name, .text = text, .count = count};
    map_lines(table, s);
    return table->count;
}

static const char *reason(struct source_table *table, const char *text)
{
    return aslrt_copy_text(table->arena, text, strlen(text));
}

/* Reads all of a stream into the arena; NULL with a reason when it fails or is too large. */
static char *read_all(struct source_table *table, FILE *f, size_t *count, const char **why)
{
    size_t room = 1u << 16;
    char *bytes = aslrt_alloc(table->arena, room);
    *count = 0;
    for (;;) {
        size_t n = fread(bytes + *count, 1, room - *count - 1, f);
        *count += n;
        if (n == 0)
            break;
        if (*count > ASLRT_LINE_MAX) {
            *why = "it is larger than 64 MiB";
            return NULL;
        }
        if (*count + 1 == room) {
            char *more = aslrt_alloc(table->arena, room * 2);
            memcpy(more, bytes, *count);
            bytes = more;
            room *= 2;
        }
    }
    if (ferror(f)) {
        *why = reason(table, strerror(errno));
        return NULL;
    }
    bytes[*count] = '\0';
    return bytes;
}

uint32_t source_read(struct source_table *table, const char *path, const char **why)
{
    bool standard_input = strcmp(path, "-") == 0;
    FILE *f = standard_input ? stdin : fopen(path, "rb");
    struct stat st;
    if (f == NULL) {
        *why = reason(table, strerror(errno));
        return 0;
    }
    char *text = NULL;
    size_t count = 0;
    if (!standard_input && fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode))
        *why = "it is a folder";
    else
        text = read_all(table, f, &count, why);
    if (!standard_input)
        fclose(f);
    if (text == NULL)
        return 0;
    return source_add(table, standard_input ? "<stdin>" : path, text, (uint32_t)count);
}

const struct source *source_of(const struct source_table *table, uint32_t id)
{
    return id == 0 || id > table->count ? NULL : &table->sources[id - 1];
}

const char *source_file_name(const struct source_table *table, uint32_t id)
{
    const struct source *s = source_of(table, id);
    if (s == NULL)
        return "";
    const char *slash = strrchr(s->name, '/');
    return slash == NULL ? s->name : slash + 1;
}

struct place source_place(const struct source_table *table, uint32_t id, uint32_t offset)
{
    const struct source *s = source_of(table, id);
    if (s == NULL)
        return (struct place){1, 1, 1};
    if (offset > s->count)
        offset = s->count;
    uint32_t low = 0, high = s->line_count; /* the line's start is at or before the offset */
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (s->lines[mid] <= offset)
            low = mid;
        else
            high = mid;
    }
    struct place p = {low + 1, offset - s->lines[low] + 1, 1};
    for (uint32_t i = s->lines[low]; i < offset; i++) {
        unsigned char c = (unsigned char)s->text[i];
        if ((c & 0xc0) != 0x80)
            p.utf16 += c >= 0xf0 ? 2 : 1;
    }
    return p;
}

uint32_t source_check_utf8(const struct source *s)
{
    return (uint32_t)aslrt_utf8_check(s->text, s->count);
}
