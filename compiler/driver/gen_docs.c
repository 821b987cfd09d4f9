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
    fputs(".TP\n.B ", stdout);
    if (f->letter != '\0') {
        char letter[5] = {'-', f->letter, ',', ' ', '\0'};
        troff(letter);
    }
    troff(flag_dashes(f));
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
    puts(".TH ASLC 1 " PACKAGE_DATE " \"aslc " PACKAGE_VERSION "\" \"User Commands\"\n"
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
        ".TP\n.B TERM\nno colours when it is 'dumb'\n"
        ".SH EXAMPLES\n.nf\naslc check api.crud flow.asl.json\naslc build api.crud \\-o out\n"
        "aslc serve api.crud \\-\\-port 8080\naslc graph \\-\\-diff old.asl.json new.asl.json \\-o "
        "diff.svg\n.fi");
}

/* ---- completions ---- */

/* The words that may follow the flag, blanks between them; "" when it is not one of a few. */
static const char *choices(const struct flag *f, char *room, size_t size)
{
    size_t n = 0;
    bool several = false;
    for (const char *p = f->argument; *p != '\0' && n + 1 < size; p++) {
        if (strchr("|.-", *p) == NULL && !(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9'))
            return "";
        several = several || *p == '|';
        room[n++] = *p == '|' ? ' ' : *p;
    }
    room[n] = '\0';
    return several ? room : "";
}

static void words(enum command_id command)
{
    const char *blank = "";
    for (int i = 0; i < FLAG_COUNT; i++) {
        const struct flag *f = &flag_table[i];
        if ((f->commands >> command & 1u) == 0)
            continue;
        printf("%s%s%s", blank, flag_dashes(f), f->word);
        blank = " ";
        if (f->letter != '\0')
            printf(" -%c", f->letter);
    }
}

static void bash(void)
{
    char room[80];
    puts("# bash completion for aslc; made from its tables.\n_aslc()\n{\n"
         "    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
         "    local command=${COMP_WORDS[1]}\n"
         "    if [ \"$COMP_CWORD\" = 1 ]; then");
    fputs("        COMPREPLY=($(compgen -W \"", stdout);
    for (int i = 0; i < COMMAND_COUNT; i++)
        printf("%s%s", i == 0 ? "" : " ", command_table[i].word);
    puts("\" -- \"$cur\"))\n        return\n    fi\n    case $previous in");
    for (int i = 0; i < FLAG_COUNT; i++) {
        const char *list = choices(&flag_table[i], room, sizeof room);
        if (list[0] != '\0')
            printf("    --%s) COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")); return ;;\n",
                   flag_table[i].word, list);
    }
    puts("    esac\n    case $cur in\n    -*)\n        case $command in");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("        %s) COMPREPLY=($(compgen -W \"", command_table[i].word);
        words((enum command_id)i);
        puts("\" -- \"$cur\")) ;;");
    }
    puts("        esac\n        ;;\n    *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n    esac\n}\n"
         "complete -o filenames -F _aslc aslc");
}

/* For the inside of single quotes; characters of `special` get a backslash that the shell's
   completion reads. */
static void escaped(const char *text, const char *special)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\'')
            fputs("'\\''", stdout);
        else if (strchr(special, *p) != NULL)
            printf("\\%c", *p);
        else
            putchar(*p);
    }
}

static void zsh_flag(const struct flag *f)
{
    char room[80];
    const char *list = choices(f, room, sizeof room);
    bool value = f->argument[0] != '\0';
    printf(" '%s%s%s%s[", f->repeatable ? "*" : "", flag_dashes(f), f->word, value ? "=" : "");
    escaped(f->line, ":[]");
    if (list[0] != '\0')
        printf("]:value:(%s)'", list);
    else
        fputs(value ? "]:value:_files'" : "]'", stdout);
    if (f->letter == '\0')
        return;
    printf(" '%s-%c%s[", f->repeatable ? "*" : "", f->letter, value ? "+" : "");
    escaped(f->line, ":[]");
    fputs(value ? "]:value:_files'" : "]'", stdout);
}

static void zsh(void)
{
    puts("#compdef aslc\n# made from the tables of aslc\n_aslc() {\n  local -a commands=(");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("    '%s:", command_table[i].word);
        escaped(command_table[i].line, ":");
        puts("'");
    }
    puts("  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
         "  case $words[2] in");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("    %s) _arguments", command_table[i].word);
        for (int k = 0; k < FLAG_COUNT; k++) {
            if ((flag_table[k].commands >> i & 1u) != 0)
                zsh_flag(&flag_table[k]);
        }
        puts(" '*:file:_files' ;;");
    }
    puts("  esac\n}\n_aslc \"$@\"");
}

static void fish_flag(const char *command, const struct flag *f)
{
    char room[80];
    const char *list = choices(f, room, sizeof room);
    printf("complete -c aslc -n '__fish_seen_subcommand_from %s' %s %s", command,
           flag_dashes(f)[1] == '\0' ? "-o" : "-l", f->word);
    if (f->letter != '\0')
        printf(" -s %c", f->letter);
    fputs(f->argument[0] == '\0' ? "" : " -r", stdout);
    if (list[0] != '\0')
        printf(" -f -a '%s'", list);
    fputs(" -d '", stdout);
    escaped(f->line, "\\");
    puts("'");
}

static void fish(void)
{
    puts("# fish completion for aslc; made from its tables.");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("complete -c aslc -n __fish_use_subcommand -a %s -d '", command_table[i].word);
        escaped(command_table[i].line, "\\");
        puts("'");
        for (int k = 0; k < FLAG_COUNT; k++) {
            if ((flag_table[k].commands >> i & 1u) != 0)
                fish_flag(command_table[i].word, &flag_table[k]);
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
