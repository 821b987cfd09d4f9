/*
 * store_script.h - runs a script of requests on a store and compares the answers.
 *
 * A script is lines:
 *     # …                a comment
 *     table {…}          makes a table:
 * {"name","key":"id:S","sort":"at:N","ttl","indexes":[{"name", "key","sort","project":[…]}]} now
 * SECONDS        sets the time of the requests that follow > Operation {…}    a request; its JSON
 * may go on in the lines below it, up to the answer < {…}              the answer must equal this
 * JSON (order of members apart) ! Type message     …or be this error; a message that ends with … is
 * a beginning Memory: everything lives in an arena that the caller gives and resets.
 */
#ifndef TEST_STORE_SCRIPT_H
#define TEST_STORE_SCRIPT_H

#include "aslc/runtime.h"
#include "tests/unit/datafile.h"

#include <stdio.h>

struct script {
    const char *file;
    struct aslrt_store *store;
    struct aslrt_arena *arena;
    int64_t now_us;
    int line;     /* of the request or directive that runs */
    int requests; /* answered as expected */
    int failures; /* each printed */
};

static inline struct aslrt_value script_json(struct script *s, const char *text)
{
    struct aslrt_value v = aslrt_undefined();
    struct aslrt_json_error error;
    if (aslrt_json_read(s->arena, text, strlen(text), &v, &error) != ASLRT_OK) {
        fprintf(stderr, "%s:%d: %s: %s\n", s->file, s->line, error.message, text);
        s->failures++;
    }
    return v;
}

/* "id:S" */
static inline struct aslrt_key_def script_key(struct aslrt_value v, char *room)
{
    struct aslrt_key_def key = {NULL, 0};
    if (v.kind != ASLRT_STRING)
        return key;
    memcpy(room, v.as.bytes, v.count - 2);
    room[v.count - 2] = '\0';
    key.name = room;
    key.type = v.as.bytes[v.count - 1];
    return key;
}

static inline const char *script_text(struct aslrt_value v, char *room)
{
    if (v.kind != ASLRT_STRING)
        return NULL;
    memcpy(room, v.as.bytes, v.count);
    room[v.count] = '\0';
    return room;
}

enum { SCRIPT_NAME = 64, SCRIPT_INDEXES = 8, SCRIPT_PROJECT = 8 };

static inline enum aslrt_status script_table(struct script *s, struct aslrt_value json)
{
    char names[4][SCRIPT_NAME], index_names[SCRIPT_INDEXES][3][SCRIPT_NAME];
    char project_names[SCRIPT_INDEXES][SCRIPT_PROJECT][SCRIPT_NAME];
    const char *project[SCRIPT_INDEXES][SCRIPT_PROJECT];
    struct aslrt_index_def indexes[SCRIPT_INDEXES];
    struct aslrt_value list = aslrt_field(json, "indexes");
    struct aslrt_table_def def = {.name = script_text(aslrt_field(json, "name"), names[0]),
                                  .key = script_key(aslrt_field(json, "key"), names[1]),
                                  .sort = script_key(aslrt_field(json, "sort"), names[2]),
                                  .ttl = script_text(aslrt_field(json, "ttl"), names[3]),
                                  .indexes = indexes,
                                  .index_count = list.count};
    for (uint32_t i = 0; i < list.count; i++) {
        struct aslrt_value index = list.as.items[i];
        struct aslrt_value carried = aslrt_field(index, "project");
        indexes[i] = (struct aslrt_index_def){
            .name = script_text(aslrt_field(index, "name"), index_names[i][0]),
            .key = script_key(aslrt_field(index, "key"), index_names[i][1]),
            .sort = script_key(aslrt_field(index, "sort"), index_names[i][2]),
            .project = carried.kind == ASLRT_ARRAY ? project[i] : NULL,
            .project_count = carried.count,
        };
        for (uint32_t k = 0; k < carried.count; k++)
            project[i][k] = script_text(carried.as.items[k], project_names[i][k]);
    }
    return aslrt_store_create_table(s->store, &def);
}

static inline const char *script_show(struct script *s, struct aslrt_value v)
{
    const char *text = "";
    size_t count;
    if (v.kind != ASLRT_UNDEFINED)
        aslrt_json_write(s->arena, v, &text, &count);
    return text;
}

static inline void script_fail(struct script *s, const char *expected, const char *error,
                               const char *message, const char *result)
{
    fprintf(stderr, "%s:%d: expected %s\n  got %s %s%s\n", s->file, s->line, expected,
            error == NULL ? "<" : "!", error == NULL ? result : error, error == NULL ? "" : " ");
    if (error != NULL)
        fprintf(stderr, "    %s\n", message);
    s->failures++;
}

static inline bool script_error_matches(const char *expected, const struct aslrt_store_answer *a)
{
    static const char more[] = "\xe2\x80\xa6"; /* … */
    size_t type = strlen(a->error), n = strlen(expected);
    if (strncmp(expected, a->error, type) != 0 || expected[type] != ' ')
        return false;
    expected += type + 1;
    n -= type + 1;
    if (n >= 3 && memcmp(expected + n - 3, more, 3) == 0)
        return strncmp(a->message, expected, n - 3) == 0;
    return strcmp(a->message, expected) == 0;
}

/* `request` is "Operation {json}", `expected` the line that begins with < or !. */
static inline void script_request(struct script *s, char *request, const char *expected)
{
    struct aslrt_store_answer a;
    char *space = strchr(request, ' ');
    *space = '\0';
    enum aslrt_status status =
        aslrt_store_call(s->store, request, script_json(s, space + 1), s->now_us, s->arena, &a);
    if (status != ASLRT_OK) {
        char text[32];
        snprintf(text, sizeof text, "status %d", (int)status);
        script_fail(s, expected, "", text, "");
        return;
    }
    bool good = expected[0] == '!'
                    ? a.error != NULL && script_error_matches(expected + 2, &a)
                    : a.error == NULL && aslrt_equal(a.result, script_json(s, expected + 2));
    if (!good)
        script_fail(s, expected, a.error, a.message, script_show(s, a.result));
    else
        s->requests++;
}

/* Runs the whole script; false when something was not as expected. */
static inline bool script_run(struct script *s)
{
    char *text = read_data(s->file), *rest = text, *line, *request = NULL;
    int number = 0;
    while ((line = next_line(&rest)) != NULL) {
        number++;
        if (line[0] == '>') {
            s->line = number;
            request = line + 2;
        } else if ((line[0] == '<' || line[0] == '!') && request != NULL) {
            script_request(s, request, line);
            request = NULL;
            aslrt_arena_reset(s->arena);
        } else if (request != NULL && line[0] != '#') { /* the request goes on */
            memmove(request + strlen(request), line, strlen(line) + 1);
        } else if (strncmp(line, "table ", 6) == 0) {
            s->line = number;
            if (script_table(s, script_json(s, line + 6)) != ASLRT_OK)
                script_fail(s, "a table", "", aslrt_store_problem(s->store), "");
        } else if (strncmp(line, "now ", 4) == 0) {
            s->now_us = strtoll(line + 4, NULL, 10) * 1000000;
        }
    }
    free(text);
    return s->failures == 0;
}

#endif
