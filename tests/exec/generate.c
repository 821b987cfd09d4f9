/*
 * generate.c - one line of JSON in, {"name","definition","type"?}; NAME.h and NAME.c out, into the
 * folder given.  Definitions that can't run are named on standard output and left out.
 */
#include "compiler/emit/native.h"
#include "runtime/base/json.h"
#include "tests/exec/definition.h"

#include <stdio.h>
#include <stdlib.h>

static bool write_file(struct aslrt_arena *arena, const char *folder, const char *name,
                       const char *suffix, const char *text)
{
    struct aslrt_buffer path = aslrt_buffer_in(arena);
    aslrt_buffer_format(&path, "%s/%s%s", folder, name, suffix);
    FILE *f = fopen(aslrt_buffer_close(&path), "w");
    if (f == NULL)
        return false;
    bool fine = fputs(text, f) >= 0;
    return fclose(f) == 0 && fine;
}

static bool generate(struct aslrt_arena *arena, const char *folder, const char *line, size_t count)
{
    struct aslrt_value request;
    if (aslrt_json_read(arena, line, count, &request, NULL) != ASLRT_OK)
        return false;
    struct aslrt_value name = aslrt_field(request, "name");
    struct aslrt_value definition = aslrt_field(request, "definition");
    struct aslrt_buffer text = aslrt_buffer_in(arena);
    if (definition.kind == ASLRT_STRING)
        aslrt_buffer_put(&text, definition.as.bytes, definition.count);
    else
        aslrt_json_put(&text, definition, ASLRT_JSON_MINIFIED);
    const char *why;
    const struct aslrt_machine *m =
        definition_build(arena, "machine", aslrt_buffer_close(&text), text.count,
                         aslrt_is(aslrt_field(request, "type"), "EXPRESS"), &why);
    if (m == NULL) {
        printf("%.*s\n", (int)name.count, name.as.bytes);
        return true;
    }
    const char *identifier =
        native_identifier(arena, aslrt_copy_text(arena, name.as.bytes, name.count));
    const struct native_options options = {identifier, "a test", "0"};
    struct aslrt_buffer header = aslrt_buffer_in(arena), source = aslrt_buffer_in(arena);
    native_header(&header, m, &options);
    native_source(&source, m, &options);
    return write_file(arena, folder, identifier, ".h", aslrt_buffer_close(&header)) &&
           write_file(arena, folder, identifier, ".c", aslrt_buffer_close(&source));
}

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    char *line = NULL;
    size_t room = 0;
    ssize_t count;
    bool fine = argc == 2;
    while (fine && (count = getline(&line, &room, stdin)) > 0) {
        struct aslrt_arena *arena = aslrt_arena_open(memory);
        fine = generate(arena, argv[1], line, (size_t)count - (line[count - 1] == '\n'));
        aslrt_arena_close(arena);
    }
    free(line);
    aslrt_memory_close(memory);
    return fine ? 0 : 1;
}
