/*
 * answer.h - run requests on standard input, replies on standard output, one a line.
 *
 * Shared by the two forms of the engine's test bench, which differ in where the machine of a
 * request comes from.
 */
#ifndef TEST_EXEC_ANSWER_H
#define TEST_EXEC_ANSWER_H

#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/engine/request.h"

#include <stdio.h>
#include <stdlib.h>

static inline void answer_line(struct aslrt_memory *memory,
                               const struct aslrt_machine_source *source, const char *line,
                               size_t count)
{
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct aslrt_value request, reply;
    const char *text;
    size_t text_count;
    enum aslrt_status status = aslrt_json_read(arena, line, count, &request, NULL);
    if (status == ASLRT_OK)
        status = aslrt_request_run(arena, request, source, &reply);
    if (status == ASLRT_OK)
        status = aslrt_json_write(arena, reply, &text, &text_count);
    if (status == ASLRT_OK)
        printf("%.*s\n", (int)text_count, text);
    else
        printf("{\"error\":{\"code\":\"Status%d\"}}\n", (int)status);
    fflush(stdout);
    aslrt_arena_close(arena);
}

static inline int answer_all(const struct aslrt_machine_source *source)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    char *line = NULL;
    size_t room = 0;
    ssize_t count;
    while ((count = getline(&line, &room, stdin)) > 0)
        answer_line(memory, source, line, (size_t)count - (line[count - 1] == '\n'));
    free(line);
    aslrt_memory_close(memory);
    return 0;
}

/* {"exception": {"code": "InvalidDefinition", "message": ...}} */
static inline struct aslrt_value answer_refusal(struct aslrt_arena *arena, const char *message)
{
    struct aslrt_object_builder error = aslrt_object_in(arena);
    aslrt_object_set_text(&error, "code", aslrt_text("InvalidDefinition"));
    aslrt_object_set_text(&error, "message", aslrt_text(message));
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set_text(&b, "exception", aslrt_object_done(&error));
    return aslrt_object_done(&b);
}

#endif
