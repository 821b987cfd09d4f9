/*
 * gen_docs.c - the man page and the shell completions, from the tables of commands and flags.
 *
 *     gen_docs man|bash|zsh|fish
 *
 * A program of the build only; its output is installed, and compared with what --help says by a
 * test.
 */
#include "config.h"

#include "compiler/driver/cli.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- man ---- */

/* Text for troff: a leading dot or quote would be a request, a backslash an escape, - a hyphen. */
static void troff(const char *text)
{
    if (text[0] == '.' || text[0] == '\'')
        fputs("\\&", stdout);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\\')
            fputs("\\e", stdout);
        else if (*p == '-')
            fputs("\\-", stdout);
        else
            putchar(*p);
    }
}

static void man_flag(const struct flag *f)
{
    bool single = strcmp(f->word, "MD") == 0;
    fputs(".TP\n.B ", stdout);
    if (f->letter != '\0' && !single) {
        char letter[5] = {'-', f->letter, ',', ' ', '\0'};
        troff(letter);
    }
    troff(single ? "-" : "--");
    troff(f->word);
    if (f->argument[0] != '\0') {
        fputs(" \\fI", stdout);
        troff(f->argument);
        fputs("\\fR", stdout);
    }
    fputs("\n", stdout);
    troff(f->line);
    fputs("\n", stdout);
}

static void man(void)
{
    puts(".TH ASLC 1 \"\" \"aslc " PACKAGE_VERSION "\" \"User Commands\"\n"
         ".SH NAME\naslc \\- compile and verify Amazon States Language\n"
         ".SH SYNOPSIS\n.B aslc\n.I command\n[\\fIflags\\fR] \\fIfile\\fR...\n"
         ".SH DESCRIPTION\n"
         "Reads files of the CRUD language (\\fI*.crud\\fR) and state machines in ASL JSON\n"
         "(\\fI*.json\\fR; \\fB\\-\\fR is standard input), verifies them, and makes from them what "
         "they\n"
         "stand for. Results go to standard output, words to standard error.\n"
         ".SH COMMANDS");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        const struct command *c = &command_table[i];
        printf(".SS aslc %s ", c->word);
        troff(c->arguments);
        printf("\n");
        troff(c->text);
        printf("\n");
        for (int k = 0; k < FLAG_COUNT; k++) {
            if ((flag_table[k].commands >> i & 1u) != 0 && k != FLAG_HELP && k != FLAG_VERSION &&
                k != FLAG_COLOUR)
                man_flag(&flag_table[k]);
        }
    }
    puts(".SH FLAGS OF EVERY COMMAND");
    man_flag(&flag_table[FLAG_COLOUR]);
    man_flag(&flag_table[FLAG_HELP]);
    man_flag(&flag_table[FLAG_VERSION]);
    puts(
        ".SH EXIT STATUS\n.TP\n0\nno errors, or the execution succeeded\n"
        ".TP\n1\nthe input has errors, or the execution failed\n"
        ".TP\n2\nusage, files or memory\n"
        ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours, whatever the terminal\n"
        ".SH EXAMPLES\n.nf\naslc check api.crud flow.asl.json\naslc build api.crud \\-o out\n"
        "aslc serve api.crud \\-\\-port 8080\naslc graph \\-\\-diff old.asl.json new.asl.json \\-o "
        "diff.svg\n.fi");
}

/* ---- completions ---- */

static void words(enum command_id command)
{
    const char *blank = "";
    for (int i = 0; i < FLAG_COUNT; i++) {
        if ((flag_table[i].commands >> command & 1u) == 0)
            continue;
        printf("%s%s%s", blank, strcmp(flag_table[i].word, "MD") == 0 ? "-" : "--",
               flag_table[i].word);
        blank = " ";
    }
}

static void bash(void)
{
    puts("# bash completion for aslc; made from its tables.\n_aslc()\n{\n"
         "    local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}\n"
         "    if [ \"$COMP_CWORD\" = 1 ]; then");
    fputs("        COMPREPLY=($(compgen -W \"", stdout);
    for (int i = 0; i < COMMAND_COUNT; i++)
        printf("%s%s", i == 0 ? "" : " ", command_table[i].word);
    puts("\" -- \"$cur\"))\n        return\n    fi\n    case $cur in\n    -*)\n        case "
         "$command in");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("        %s) COMPREPLY=($(compgen -W \"", command_table[i].word);
        words((enum command_id)i);
        puts("\" -- \"$cur\")) ;;");
    }
    puts("        esac\n        ;;\n    *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n    esac\n}\n"
         "complete -o filenames -F _aslc aslc");
}

/* One line of a table in single quotes: its own quotes are doubled for the shell. */
static void quoted(const char *text)
{
    putchar('\'');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\'')
            fputs("'\\''", stdout);
        else if (*p == ':' || *p == '[' || *p == ']')
            printf("\\%c", *p);
        else
            putchar(*p);
    }
    putchar('\'');
}

static void zsh(void)
{
    puts("#compdef aslc\n# made from the tables of aslc\n_aslc() {\n  local -a commands=(");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("    %s:", command_table[i].word);
        quoted(command_table[i].line);
        putchar('\n');
    }
    puts("  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
         "  case $words[2] in");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("    %s) _arguments", command_table[i].word);
        for (int k = 0; k < FLAG_COUNT; k++) {
            const struct flag *f = &flag_table[k];
            if ((f->commands >> i & 1u) == 0)
                continue;
            printf(" %s%s%s\\[", strcmp(f->word, "MD") == 0 ? "-" : "--", f->word,
                   f->argument[0] == '\0' ? "" : "=");
            quoted(f->line);
            fputs("\\]", stdout);
        }
        puts(" '*:file:_files' ;;");
    }
    puts("  esac\n}\n_aslc \"$@\"");
}

static void fish(void)
{
    puts("# fish completion for aslc; made from its tables.");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("complete -c aslc -n __fish_use_subcommand -a %s -d ", command_table[i].word);
        quoted(command_table[i].line);
        putchar('\n');
        for (int k = 0; k < FLAG_COUNT; k++) {
            const struct flag *f = &flag_table[k];
            if ((f->commands >> i & 1u) == 0)
                continue;
            printf("complete -c aslc -n '__fish_seen_subcommand_from %s' %s %s%s -d ",
                   command_table[i].word, strcmp(f->word, "MD") == 0 ? "-o" : "-l", f->word,
                   f->argument[0] == '\0' ? "" : " -r");
            quoted(f->line);
            putchar('\n');
        }
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *word;
        void (*print)(void);
    } forms[] = {{"man", man}, {"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; argc == 2 && i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(argv[1], forms[i].word) == 0) {
            forms[i].print();
            return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        }
    }
    fputs("usage: gen_docs man|bash|zsh|fish\n", stderr);
    return EXIT_FAILURE;
}
