/*
 * cli.c - parsing the command line and printing help, both from the tables.
 *
 * A flag stands before or after the files, as `--word value`, `--word=value`, `-x value` or
 * `-xvalue`; `--` ends the flags.  An unknown word is answered with the nearest one that exists.
 */
#include "compiler/driver/cli.h"
#include "compiler/base/suggest.h"

#include <stdio.h>

#define ON(id) (1u << COMMAND_##id)
#define ON_ALL ((1u << COMMAND_COUNT) - 1u)

const struct command command_table[COMMAND_COUNT] = {
#define COMMAND(id, word, arguments, line, text) {word, arguments, line, text},
#include "compiler/driver/commands.def"
#undef COMMAND
};
const struct flag flag_table[FLAG_COUNT] = {
#define FLAG(id, letter, word, argument, repeatable, commands, line)                               \
    {letter, word, argument, repeatable, commands, line},
#include "compiler/driver/flags.def"
#undef FLAG
};

/* `dashes` stand before the word that is near. */
static bool complain(const char *what, const char *word, const char *dashes, const char *near,
                     const char *command)
{
    fprintf(stderr, "aslc: unknown %s '%s'", what, word);
    if (near != NULL)
        fprintf(stderr, "; did you mean '%s%s'?", dashes, near);
    if (command == NULL)
        fputs(" (see 'aslc --help')\n", stderr);
    else
        fprintf(stderr, " (see 'aslc %s --help')\n", command);
    return false;
}

static bool find_command(const char *word, struct cli *cli)
{
    const char *words[COMMAND_COUNT];
    for (int i = 0; i < COMMAND_COUNT; i++) {
        words[i] = command_table[i].word;
        if (strcmp(words[i], word) == 0) {
            cli->command = (enum command_id)i;
            return true;
        }
    }
    return complain("command", word, "", suggest(word, words, COMMAND_COUNT), NULL);
}

const char *flag_dashes(const struct flag *f)
{
    return f->word[0] >= 'A' && f->word[0] <= 'Z' ? "-" : "--";
}

/* True when argv's word names the flag; *value is where its value begins (NULL: in the next word).
 */
static bool names_flag(const char *arg, const struct flag *f, const char **value)
{
    const char *dashes = flag_dashes(f);
    size_t n = strlen(dashes), length = strlen(f->word);
    *value = NULL;
    if (strncmp(arg, dashes, n) == 0 && strncmp(arg + n, f->word, length) == 0) {
        const char *rest = arg + n + length;
        *value = *rest == '=' ? rest + 1 : NULL;
        return *rest == '=' || *rest == '\0';
    }
    if (f->letter == '\0' || arg[1] != f->letter)
        return false;
    *value = arg[2] == '\0' ? NULL : arg + 2;
    return true;
}

/* The index of the flag that argv's word names, or -1. */
static int find_flag(const char *arg, const struct cli *cli, const char **value)
{
    for (int i = 0; i < FLAG_COUNT; i++) {
        const struct flag *f = &flag_table[i];
        bool known = cli->command == COMMAND_COUNT || (f->commands >> cli->command & 1u) != 0;
        if (known && names_flag(arg, f, value))
            return i;
    }
    return -1;
}

/* A flag that exists, but for other commands. */
static bool foreign_flag(const struct flag *f, enum command_id command)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if ((f->commands >> i & 1u) == 0)
            continue;
        fprintf(stderr, "aslc: '%s' has no flag '%s%s'; '%s' has (see 'aslc %s --help')\n",
                command_table[command].word, flag_dashes(f), f->word, command_table[i].word,
                command_table[command].word);
        break;
    }
    return false;
}

static bool unknown_flag(struct aslrt_arena *arena, const char *arg, const struct cli *cli)
{
    const char *value;
    const struct cli any = {.command = COMMAND_COUNT};
    int id = find_flag(arg, &any, &value);
    if (id >= 0)
        return foreign_flag(&flag_table[id], cli->command);
    const char *words[FLAG_COUNT];
    uint32_t count = 0;
    for (int i = 0; i < FLAG_COUNT; i++) {
        if (cli->command == COMMAND_COUNT || (flag_table[i].commands >> cli->command & 1u) != 0)
            words[count++] = flag_table[i].word;
    }
    const char *word = aslrt_copy_text(arena, arg, strcspn(arg, "="));
    const char *near = word[1] == '-' ? suggest(word + 2, words, count) : NULL;
    return complain("flag", word, "--", near,
                    cli->command == COMMAND_COUNT ? NULL : command_table[cli->command].word);
}

/* Takes one flag; *i is moved past a value in the next word. */
static bool take_flag(struct aslrt_arena *arena, struct cli *cli, int argc, char **argv, int *i)
{
    const char *value = NULL;
    int id = find_flag(argv[*i], cli, &value);
    if (id < 0)
        return unknown_flag(arena, argv[*i], cli);
    const struct flag *f = &flag_table[id];
    if (f->argument[0] == '\0' && value != NULL && value[0] != '\0') {
        fprintf(stderr, "aslc: '%s%s' takes no value\n", flag_dashes(f), f->word);
        return false;
    }
    if (f->argument[0] != '\0' && value == NULL) {
        if (*i + 1 == argc) {
            fprintf(stderr, "aslc: '--%s' needs a value: %s\n", f->word, f->argument);
            return false;
        }
        value = argv[++*i];
    }
    if (id == FLAG_OUTPUT && value[0] == '\0') { /* -o "$UNSET" is no wish for this folder */
        fputs("aslc: '--output' is empty; '.' is this folder\n", stderr);
        return false;
    }
    if (cli->given[id] && !f->repeatable) {
        fprintf(stderr, "aslc: '%s%s' is given twice\n", flag_dashes(f), f->word);
        return false;
    }
    cli->given[id] = true;
    cli->value[id] = value;
    if (f->repeatable)
        cli->repeated[cli->repeated_count++] = (struct cli_value){(enum flag_id)id, value};
    return true;
}

bool cli_parse(struct aslrt_arena *arena, int argc, char **argv, struct cli *out)
{
    *out = (struct cli){.command = COMMAND_COUNT};
    out->files = ASLRT_NEW_ARRAY(arena, const char *, (size_t)argc + 1);
    out->repeated = ASLRT_NEW_ARRAY(arena, struct cli_value, (size_t)argc + 1);
    bool flags_over = false;
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];
        if (!flags_over && strcmp(arg, "--") == 0) {
            flags_over = true;
        } else if (!flags_over && arg[0] == '-' && arg[1] != '\0') {
            if (!take_flag(arena, out, argc, argv, &i))
                return false;
        } else if (out->command == COMMAND_COUNT) {
            if (!find_command(arg, out))
                return false;
        } else {
            out->files[out->file_count++] = arg;
        }
    }
    for (int i = 0; out->command != COMMAND_COUNT && i < FLAG_COUNT; i++) {
        if (out->given[i] && (flag_table[i].commands >> out->command & 1u) == 0)
            return foreign_flag(&flag_table[i], out->command); /* it stood before the command */
    }
    if (out->command == COMMAND_COUNT && !out->given[FLAG_HELP] && !out->given[FLAG_VERSION]) {
        struct aslrt_buffer b = aslrt_buffer_in(arena);
        cli_help(&b, COMMAND_COUNT);
        fputs(aslrt_buffer_close(&b), stderr);
        return false;
    }
    return true;
}

/* ---- help ---- */

static void put_wrapped(struct aslrt_buffer *out, const char *text, size_t indent)
{
    enum { WIDTH = 80 };
    size_t column = indent;
    for (const char *p = text; *p != '\0';) {
        size_t n = strcspn(p, " ");
        if (column + n > WIDTH && column > indent) {
            aslrt_buffer_format(out, "\n%*s", (int)indent, "");
            column = indent;
        }
        aslrt_buffer_put(out, p, n);
        column += n;
        p += n;
        if (*p == ' ') {
            if (column + 1 < WIDTH)
                aslrt_buffer_char(out, ' ');
            column++;
            p++;
        }
    }
    aslrt_buffer_char(out, '\n');
}

static void put_flag(struct aslrt_buffer *out, const struct flag *f)
{
    struct aslrt_buffer name = aslrt_buffer_in(out->arena);
    if (f->letter != '\0')
        aslrt_buffer_format(&name, "  -%c, ", f->letter);
    else
        aslrt_buffer_text(&name, "      ");
    aslrt_buffer_format(&name, "%s%s", flag_dashes(f), f->word);
    if (f->argument[0] != '\0')
        aslrt_buffer_format(&name, " %s", f->argument);
    enum { COLUMN = 30 };
    aslrt_buffer_text(out, aslrt_buffer_close(&name));
    if (name.count + 2 > COLUMN)
        aslrt_buffer_format(out, "\n%*s", COLUMN, "");
    else
        aslrt_buffer_format(out, "%*s", (int)(COLUMN - name.count), "");
    put_wrapped(out, f->line, COLUMN);
}

void cli_help(struct aslrt_buffer *out, enum command_id command)
{
    if (command == COMMAND_COUNT) {
        aslrt_buffer_text(out, "usage: aslc COMMAND [FLAGS] FILE...\n\n"
                               "A compiler and verifier for Amazon States Language.\n\n"
                               "  aslc check api.crud flow.asl.json\n"
                               "  aslc build api.crud -o out\n"
                               "  aslc serve api.crud --port 8080\n\ncommands:\n");
        for (int i = 0; i < COMMAND_COUNT; i++)
            aslrt_buffer_format(out, "  %-10s%s\n", command_table[i].word, command_table[i].line);
        aslrt_buffer_text(out, "\n'aslc COMMAND --help' has the flags.  Exit codes: 0 fine, 1 the "
                               "input has errors or the\nexecution failed, 2 usage, files or "
                               "memory.\n");
        return;
    }
    const struct command *c = &command_table[command];
    aslrt_buffer_format(out, "usage: aslc %s [FLAGS] %s\n\n", c->word, c->arguments);
    put_wrapped(out, c->text, 0);
    aslrt_buffer_text(out, "\nflags:\n");
    for (int i = 0; i < FLAG_COUNT; i++) {
        if ((flag_table[i].commands >> command & 1u) != 0)
            put_flag(out, &flag_table[i]);
    }
}
