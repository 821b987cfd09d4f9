/*
 * server.c - serves the hand-made service of tests/edge/fixture.c with a hand-made machine, so that
 * the edge can be tested without a compiler.
 *
 *     server [ORIGINS [CALLER [HEAD_MS [CONNECTIONS [PORT]]]]]
 *
 * The machine answers by the path parameter `id` (`task` for the tasks): "fail" fails with the
 * error Unavailable, "odd" with one that the API does not know, "slow" waits for a second first;
 * everything else echoes the input as the body, with an ETag, and a Location for POST.
 */
#include "compiler/emit/routes.h"
#include "runtime/serve/serve.h"
#include "tests/edge/fixture.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct aslrt_http_module aslrt_http_module;

enum { ROUTE = 1, SLOW, FAIL, ODD, ANSWER, STATE_COUNT };
enum {
    IS_SLOW = 1,
    IS_FAIL,
    IS_ODD,
    SECONDS,
    ERROR_UNAVAILABLE,
    ERROR_ODD,
    OUTPUT,
    NODE_COUNT,
};

#define ID "$states.input.path.id"

static const struct aslrt_node nodes[NODE_COUNT] = {
    [IS_SLOW] = {.kind = ASLRT_NODE_JSONATA, .text = ID " = 'slow'", .field = "Condition"},
    [IS_FAIL] = {.kind = ASLRT_NODE_JSONATA, .text = ID " = 'fail'", .field = "Condition"},
    [IS_ODD] = {.kind = ASLRT_NODE_JSONATA, .text = ID " = 'odd'", .field = "Condition"},
    [SECONDS] = {.kind = ASLRT_NODE_CONSTANT, .text = "1"},
    [ERROR_UNAVAILABLE] = {.kind = ASLRT_NODE_CONSTANT, .text = "\"Unavailable\""},
    [ERROR_ODD] = {.kind = ASLRT_NODE_CONSTANT, .text = "\"Odd.Error\""},
    [OUTPUT] = {.kind = ASLRT_NODE_JSONATA,
                .field = "Output",
                .text = "{'statusCode': $states.input.op = 'deleteThing' ? 204 : "
                        "$states.input.op = 'createThing' ? 201 : 200, "
                        "'headers': {'ETag': '\"1\"', 'Location': '/things/new'}, "
                        "'body': $string($states.input)}"},
};

static const struct aslrt_rule rules[] = {
    {0},
    {.condition = IS_SLOW, .next = SLOW},
    {.condition = IS_FAIL, .next = FAIL},
    {.condition = IS_ODD, .next = ODD},
};

static const struct aslrt_state states[STATE_COUNT] = {
    [ROUTE] = {.name = "Route",
               .type = ASLRT_STATE_CHOICE,
               .language = ASLRT_JSONATA,
               .scope = 1,
               .rules = {1, 3},
               .default_next = ANSWER},
    [SLOW] = {.name = "Slow",
              .type = ASLRT_STATE_WAIT,
              .language = ASLRT_JSONATA,
              .scope = 1,
              .seconds = SECONDS,
              .next = ANSWER},
    [FAIL] = {.name = "Fail",
              .type = ASLRT_STATE_FAIL,
              .language = ASLRT_JSONATA,
              .scope = 1,
              .error = ERROR_UNAVAILABLE},
    [ODD] = {.name = "Odd",
             .type = ASLRT_STATE_FAIL,
             .language = ASLRT_JSONATA,
             .scope = 1,
             .error = ERROR_ODD},
    [ANSWER] = {.name = "Answer",
                .type = ASLRT_STATE_SUCCEED,
                .language = ASLRT_JSONATA,
                .scope = 1,
                .output = OUTPUT},
};

static const struct aslrt_scope scopes[] = {{0}, {.start = ROUTE, .states = {1, STATE_COUNT - 1}}};

static const struct aslrt_machine machine = {
    .format = ASLRT_FORMAT,
    .type = ASLRT_EXPRESS,
    .name = "things",
    .timeout_s = 20,
    .scopes = scopes,
    .states = states,
    .nodes = nodes,
    .rules = rules,
    .scope_count = 2,
    .state_count = STATE_COUNT,
    .node_count = NODE_COUNT,
    .rule_count = 4,
};

static const struct aslrt_machine *const machines[] = {&machine};

static enum aslrt_status load(void *api, struct aslrt_site *site)
{
    *site = (struct aslrt_site){api, machines, 1};
    return ASLRT_OK;
}

static void say(void *data, const char *line)
{
    (void)data;
    puts(line);
    fflush(stdout);
}

static void log_line(void *data, const char *line)
{
    (void)data;
    fprintf(stderr, "%s\n", line);
}

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    uint32_t origins = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    struct aslrt_api *api =
        (struct aslrt_api *)(uintptr_t)emit_routes(arena, edge_fixture(arena, origins));
    struct aslrt_serve_options options = {
        .http = &aslrt_http_module,
        .memory = memory,
        .load = load,
        .caller = argc > 2 && argv[2][0] != '\0' ? argv[2] : NULL,
        .seed = 1,
        .cache = true,
        .stop_fd = -1,
        .head_ms = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0,
        .connections_max = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 0,
        .port = argc > 5 ? (uint16_t)strtoul(argv[5], NULL, 10) : 0,
        .say = say,
        .log = log_line,
        .data = api,
    };
    char why[300];
    enum aslrt_status status = aslrt_serve(&options, why, sizeof why);
    if (status != ASLRT_OK)
        fprintf(stderr, "server: %s\n", why);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return status == ASLRT_OK ? 0 : 2;
}
