/*
 * native_main.c - what a generated program does: aslrt_native_main of aslc/runtime.h.
 *
 * In: standard input, one JSON document (the input of one execution), or with --batch one a line.
 * Out: one line of JSON an execution, {"status","output"} or {"status","error","cause"}; with
 * --history its events.  Words about usage and mistakes go to standard error.
 * All executions share one embedded store, which is fresh and has the machine's tables; each has
 * the seed of the one before it plus one. --coverage FILE adds what they took of the machine to the
 * counts in that file. Exit code: 0 all succeeded, 1 an execution did not, 2
 * usage, input or memory.
 */
#include "runtime/base/buffer.h"
#include "runtime/base/limits.h"
#include "runtime/engine/exec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct program {
    struct aslrt_memory *memory;
    struct aslrt_arena text; /* of the input that is being run */
    struct aslrt_store *store;
    struct aslrt_program *loaded;
    struct aslrt_execution *execution;
    struct aslrt_env env;
    struct aslrt_arena kept; /* as long as the program: what is counted */
    const char *coverage;    /* file, or NULL */
    const struct aslrt_service *services[1];
    bool batch;
    int exit_code;
};

static int usage(const char *name, const char *wrong)
{
    if (wrong != NULL)
        fprintf(stderr, "%s: unknown argument '%s'\n", name, wrong);
    fprintf(wrong != NULL ? stderr : stdout,
            "usage: %s [--batch] [--history] [--seed N] [--coverage FILE] < input.json\n"
            "  runs the machine on the input and prints how it ended as one line of JSON\n"
            "  --batch    one input a line, one outcome a line\n"
            "  --history  with the events of the execution\n"
            "  --seed N   of everything that is random (0 unless given)\n"
            "  --coverage FILE  adds the states and transitions taken to those in the file\n",
            name);
    return wrong != NULL ? 2 : 0;
}

static bool parse_seed(const char *text, uint64_t *seed)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    *seed = n;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

/* Gives -1 to go on, or the exit code. */
static int parse_arguments(struct program *p, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--batch") == 0)
            p->batch = true;
        else if (strcmp(argv[i], "--history") == 0)
            p->env.history = true;
        else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return usage(argv[0], NULL);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc &&
                 parse_seed(argv[i + 1], &p->env.seed))
            i++;
        else if (strcmp(argv[i], "--coverage") == 0 && i + 1 < argc)
            p->coverage = argv[++i];
        else
            return usage(argv[0], argv[i]);
    }
    return -1;
}

/* ---- opening ---- */

/* Counters; a file that can't take them is refused before anything runs. */
static enum aslrt_status open_coverage(struct program *p, const struct aslrt_machine *machine)
{
    struct aslrt_coverage *before;
    char why[512];
    enum aslrt_status status = aslrt_coverage_new(&p->kept, machine, &before);
    if (status == ASLRT_OK)
        status = aslrt_coverage_new(&p->kept, machine, &p->env.coverage);
    if (status != ASLRT_OK)
        return status;
    status = aslrt_coverage_load(p->memory, p->coverage, &before, 1, false, why, sizeof why);
    if (status != ASLRT_OK)
        fprintf(stderr, "%s\n", why);
    return status;
}

static void save_coverage(struct program *p)
{
    char why[512];
    if (p->env.coverage == NULL || aslrt_coverage_save(p->memory, p->coverage, &p->env.coverage, 1,
                                                       false, why, sizeof why) == ASLRT_OK)
        return;
    fprintf(stderr, "%s\n", why);
    p->exit_code = 2;
}

static enum aslrt_status open_program(struct program *p, const struct aslrt_machine *machine)
{
    struct aslrt_load_error error = {.message = "out of memory"};
    p->memory = aslrt_memory_open(NULL, 0);
    if (p->memory == NULL)
        return ASLRT_NOMEM;
    aslrt_arena_init(&p->text, p->memory);
    aslrt_arena_init(&p->kept, p->memory);
    enum aslrt_status status = aslrt_store_memory(p->memory, &p->store);
    for (uint32_t i = 0; i < machine->table_count && status == ASLRT_OK; i++)
        status = aslrt_store_create_table(p->store, &machine->tables[i]);
    if (status == ASLRT_FAILED)
        fprintf(stderr, "cannot make the machine's tables: %s\n", aslrt_store_problem(p->store));
    if (status != ASLRT_OK)
        return status;
    p->services[0] = aslrt_store_service(p->store);
    p->env.services = p->services;
    p->env.service_count = 1;
    status = aslrt_load(p->memory, machine, &p->loaded, &error);
    if (status != ASLRT_OK) {
        fprintf(stderr, "cannot load the machine: %s%s%s\n", error.message,
                error.field != NULL ? ", in " : "", error.field != NULL ? error.field : "");
        return status;
    }
    if (p->coverage != NULL && (status = open_coverage(p, machine)) != ASLRT_OK)
        return status;
    p->execution = aslrt_execution_open(p->loaded, &p->env);
    return p->execution != NULL ? ASLRT_OK : ASLRT_NOMEM;
}

static void close_program(struct program *p)
{
    if (p->memory == NULL)
        return;
    aslrt_arena_clear(&p->text);
    aslrt_arena_clear(&p->kept);
    aslrt_execution_close(p->execution);
    aslrt_unload(p->loaded);
    aslrt_store_close(p->store);
    aslrt_memory_close(p->memory);
}

/* ---- running ---- */

static void complain(struct program *p, enum aslrt_status status)
{
    const char *why = aslrt_problem(p->execution);
    fprintf(stderr, "%s\n",
            why[0] != '\0'          ? why
            : status == ASLRT_NOMEM ? "out of memory"
            : status == ASLRT_LIMIT ? "a limit was passed"
                                    : "the execution could not be run");
    p->exit_code = 2;
}

static void run_one(struct program *p, const char *text, size_t count)
{
    struct aslrt_outcome outcome;
    const char *line;
    size_t line_count;
    enum aslrt_status status = aslrt_run_text(p->execution, text, count, &outcome);
    if (status == ASLRT_OK)
        status = aslrt_outcome_json(p->execution, &outcome, &line, &line_count);
    if (status != ASLRT_OK) {
        complain(p, status);
        if (p->batch) /* one line out for each line in */
            puts("null");
        return;
    }
    fwrite(line, 1, line_count, stdout);
    putchar('\n');
    if (outcome.status != ASLRT_SUCCEEDED && p->exit_code == 0)
        p->exit_code = 1;
}

/* Reads up to a newline, or with `whole` up to the end.  *count is 0 at the end of the input. */
static enum aslrt_status read_text(struct program *p, bool whole, const char **text, size_t *count)
{
    struct aslrt_buffer b = aslrt_buffer_in(&p->text);
    int c;
    while ((c = getc_unlocked(stdin)) != EOF) {
        if (b.count == ASLRT_LINE_MAX)
            return ASLRT_LIMIT;
        aslrt_buffer_char(&b, (char)c);
        if (c == '\n' && !whole)
            break;
    }
    *text = aslrt_buffer_close(&b);
    *count = b.count;
    return ferror(stdin) ? ASLRT_IO : ASLRT_OK;
}

static bool is_blank(const char *text, size_t count)
{
    return strspn(text, " \t\r\n") == count;
}

static enum aslrt_status run_all(void *data)
{
    struct program *p = data;
    for (;;) {
        const char *text;
        size_t count;
        aslrt_arena_reset(&p->text);
        enum aslrt_status status = read_text(p, !p->batch, &text, &count);
        if (status != ASLRT_OK || (p->batch && count == 0))
            return status;
        if (!p->batch || !is_blank(text, count))
            run_one(p, text, count);
        if (!p->batch)
            return ASLRT_OK;
        p->env.seed++;
        fflush(stdout);
    }
}

int aslrt_native_main(int argc, char **argv, const struct aslrt_machine *machine)
{
    struct program p = {0};
    int code = parse_arguments(&p, argc, argv);
    if (code >= 0)
        return code;
    enum aslrt_status status = open_program(&p, machine);
    if (status == ASLRT_OK)
        status = aslrt_protect(p.memory, run_all, &p);
    if (status != ASLRT_OK) {
        if (p.execution != NULL)
            complain(&p, status);
        p.exit_code = 2;
    }
    if (p.execution != NULL)
        save_coverage(&p);
    close_program(&p);
    if (fflush(stdout) != 0 && p.exit_code == 0)
        p.exit_code = 2;
    return p.exit_code;
}
