/*
 * cli.h - the command line: commands.def and flags.def as a parser and as help.
 *
 * In: argc, argv.  Out: struct cli, or a message on standard error and false.
 * Ownership: values point into argv; lists live in the arena.
 */
#ifndef ASLC_CLI_H
#define ASLC_CLI_H

#include "runtime/base/buffer.h"

enum command_id {
#define COMMAND(id, word, arguments, line, text) COMMAND_##id,
#include "compiler/driver/commands.def"
#undef COMMAND
    COMMAND_COUNT
};

enum flag_id {
#define FLAG(id, letter, word, argument, repeatable, commands, line) FLAG_##id,
#include "compiler/driver/flags.def"
#undef FLAG
    FLAG_COUNT
};

struct command {
    const char *word;
    const char *arguments;
    const char *line;
    const char *text;
};
struct flag {
    char letter;
    const char *word;
    const char *argument; /* "": a switch */
    bool repeatable;
    uint32_t commands; /* bits 1 << enum command_id */
    const char *line;
};
extern const struct command command_table[COMMAND_COUNT];
extern const struct flag flag_table[FLAG_COUNT];

/* What stands before a flag's word: "--", and "-" before words in capitals (-MD, as compilers have
   it). */
const char *flag_dashes(const struct flag *f);

struct cli_value {
    enum flag_id flag;
    const char *value;
};
struct cli {
    enum command_id command; /* COMMAND_COUNT: none, only --help or --version */
    bool given[FLAG_COUNT];
    const char *value[FLAG_COUNT]; /* of the last occurrence */
    struct cli_value *repeated;    /* every value of the repeatable flags, in their order */
    uint32_t repeated_count;
    const char **files;
    uint32_t file_count;
};

/* False after a message on standard error. */
bool cli_parse(struct aslrt_arena *arena, int argc, char **argv, struct cli *out);
/* --help of a command, or of the program (COMMAND_COUNT). */
void cli_help(struct aslrt_buffer *out, enum command_id command);

#endif
