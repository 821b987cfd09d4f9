/*
 * diag_show.c - prints diagnostics that have everything a diagnostic can have, in one of the forms.
 *
 *     diag_show text|json|sarif|github [--colour] [--max N]
 *
 * tests/diag holds what it must print.
 */
#include "compiler/base/diag_render.h"

#include <stdio.h>
#include <stdlib.h>

static const char first_text[] =
    "{\n"
    "\t\"größe\": \"日本語\",\t\"Next\": \"B\",\n"
    "  \"escape\": \"\033[31m\",\r\n"
    "  \"long\": "
    "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "xxxxxxxxxxxxxxxxxxxxxxxxx\", \"target\": 1, \"more\": "
    "\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\""
    "\n}";
static const char second_text[] =
    "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven";

/* The span of the first occurrence of `words` in that source. */
static struct span find(uint32_t source, const char *words)
{
    const char *text = source == 1 ? first_text : second_text;
    const char *at = strstr(text, words);
    if (at == NULL)
        abort();
    uint32_t start = (uint32_t)(at - text);
    return (struct span){source, start, start + (uint32_t)strlen(words)};
}

static void everything(struct diag_context *cx)
{
    struct diag *d = diag_begin(cx, DIAG_ASL_TWIN_FIELDS, find(1, "\"B\""),
                                "state 'A%%,:' goes to '%s', which does not exist", "B");
    diag_primary(d, "here");
    diag_label(d, find(1, "日本語"), "wide characters");
    diag_label(d, find(2, "three"), "in another file");
    diag_label(d, find(2, "nine"), "further down");
    diag_note(d, "a note");
    diag_help(d, "some help");
    diag_help(d, "more help");
    diag_fix(d, find(1, "\"B\""), true, "\"%s\"", "C");
    diag_fix(d, find(1, "\"B\""), false, "\"D\"");
    diag_path(d, find(1, "{"), "start");
    for (int i = 0; i < 20; i++)
        diag_path(d, find(1, "größe"), "step %d", i);
    diag_path(d, find(2, "ten"), "end");
    diag_pointer(d, "/States/A~1b/Next");
    diag_end(d);
}

static void small_ones(struct diag_context *cx)
{
    struct span several = find(2, "two");
    several.end = find(2, "six").end;
    struct diag *d = diag_begin(cx, DIAG_ASL_OLD_FIELD, several, "a span over several lines");
    diag_primary(d, "to here");
    diag_end(d);
    diag_simple(cx, DIAG_ASL_NO_PATH, find(1, "\"target\""), "in the middle of a long line");
    diag_simple(cx, DIAG_ASL_NO_PATH, find(1, "\"escape\""),
                "a control character, and \033[1m too");
    diag_simple(cx, DIAG_ASL_NO_PATH, find(1, "\r\n"), "a line break");
    struct span end = {1, sizeof first_text - 1, sizeof first_text - 1};
    d = diag_begin(cx, DIAG_ASL_NO_PATH, end, "the end of the file, byte \xff in the words");
    diag_fix(d, end, true, "\n");
    diag_fix(d, find(1, "{"), true, "%s", "");
    diag_end(d);
    diag_simple(cx, DIAG_ASL_VERSION, (struct span){0, 0, 0}, "no place at all");
    d = diag_begin(cx, DIAG_ASL_VERSION, (struct span){0, 0, 0}, "a pointer without a place");
    diag_pointer(d, "/Version");
    diag_end(d);
    diag_simple(cx, DIAG_ASL_NO_PATH, find(1, "\"target\""), "in the middle of a long line");
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {"text", "json", "sarif", "github"};
    struct diag_render_options options = {.version = "0.0"};
    for (int i = 1; i < argc; i++) {
        for (int f = 0; f < 4; f++) {
            if (strcmp(argv[i], formats[f]) == 0)
                options.format = (enum diag_format)f;
        }
        options.colour |= strcmp(argv[i], "--colour") == 0;
        if (strcmp(argv[i], "--max") == 0 && i + 1 < argc)
            options.max = (uint32_t)strtoul(argv[i + 1], NULL, 10);
    }
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct source_table sources;
    struct diag_context cx;
    source_table_init(&sources, arena);
    source_add(&sources, "a file.json", first_text, sizeof first_text - 1);
    source_add(&sources, "other.crud", second_text, sizeof second_text - 1);
    diag_context_init(&cx, arena, &sources);
    everything(&cx);
    small_ones(&cx);
    struct aslrt_buffer out = aslrt_buffer_in(arena);
    diag_render(&cx, &options, &out);
    fputs(aslrt_buffer_close(&out), stdout);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return 0;
}
