/*
 * main.c - the program: reads the command line and runs one command.
 *
 * The pipeline itself is session.c (file → machines) and the one command that was asked for.
 */
#include "config.h"

#include "compiler/driver/commands.h"

#include <stdlib.h>

static _Noreturn void out_of_memory(void *data)
{
    (void)data;
    fputs("aslc: out of memory\n", stderr);
    exit(EXIT_TROUBLE);
}

static int (*const commands[COMMAND_COUNT])(struct session *s) = {
    [COMMAND_CHECK] = cmd_check,       [COMMAND_BUILD] = cmd_build,     [COMMAND_GRAPH] = cmd_graph,
    [COMMAND_RUN] = cmd_run,           [COMMAND_SERVE] = cmd_serve,     [COMMAND_TEST] = cmd_test,
    [COMMAND_COVERAGE] = cmd_coverage, [COMMAND_EVAL] = cmd_eval,       [COMMAND_BATCH] = cmd_batch,
    [COMMAND_FMT] = cmd_fmt,           [COMMAND_EXPLAIN] = cmd_explain,
};

static int run(struct session *s, int argc, char **argv)
{
    if (!cli_parse(s->arena, argc, argv, &s->cli))
        return EXIT_TROUBLE;
    if (s->cli.given[FLAG_VERSION]) {
        puts(PACKAGE_STRING);
        return EXIT_FINE;
    }
    if (s->cli.given[FLAG_HELP]) {
        struct aslrt_buffer b = aslrt_buffer_in(s->arena);
        cli_help(&b, s->cli.command);
        fputs(aslrt_buffer_close(&b), stdout);
        return EXIT_FINE;
    }
    return session_flags(s) ? commands[s->cli.command](s) : EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = memory == NULL ? NULL : aslrt_arena_open(memory);
    if (arena == NULL)
        out_of_memory(NULL);
    memory->exhausted = out_of_memory;
    struct session s = {.arena = arena};
    pipeline_init(&s.p, arena);
    int code = run(&s, argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("aslc: cannot write to standard output\n", stderr);
        code = EXIT_TROUBLE;
    }
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return code;
}
