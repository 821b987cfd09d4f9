/*
 * session.c - files, flags and reports of one run; see session.h.
 */
#include "config.h"

#include "compiler/base/suggest.h"
#include "compiler/driver/session.h"
#include "runtime/base/limits.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

void session_trouble(struct session *s, const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    fprintf(stderr, "aslc: %s\n", aslrt_buffer_close(&b));
    s->trouble = true;
}

/* ---- flags that concern the pipeline ---- */

/* Sets *index to that of the flag's value in a list of words, where it is given.  False after a
   message. */
static bool choose(struct session *s, enum flag_id flag, const char *const *words, uint32_t count,
                   uint32_t *index)
{
    if (!s->cli.given[flag])
        return true;
    const char *value = s->cli.value[flag];
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(words[i], value) == 0) {
            *index = i;
            return true;
        }
    }
    const char *near = suggest(value, words, count);
    session_trouble(s, "'--%s' knows no '%s'; %s%s%s", flag_table[flag].word, value,
                    near == NULL ? "it takes " : "did you mean '",
                    near == NULL ? flag_table[flag].argument : near, near == NULL ? "" : "'?");
    return false;
}

static bool warning_flags(struct session *s)
{
    for (uint32_t i = 0; i < s->cli.repeated_count; i++) {
        const struct cli_value *v = &s->cli.repeated[i];
        const char *near = NULL;
        if (v->flag != FLAG_WARN || diag_flag(&s->p.diag, v->value, &near))
            continue;
        session_trouble(s,
                        near != NULL ? "'-W%s' can't be applied; did you mean '%s'?"
                                     : "'-W%s' names no diagnostic; 'aslc explain' lists them",
                        v->value, near);
        return false;
    }
    return true;
}

bool session_flags(struct session *s)
{
    static const char *const layouts[] = {"router", "per-operation"};
    static const char *const types[] = {"standard", "express"};
    static const char *const formats[] = {"text", "json", "sarif", "github"};
    static const char *const colours[] = {"auto", "always", "never"};
    uint32_t layout = 0, type = 0, format = 0, colour = 0;
    if (!warning_flags(s) || !choose(s, FLAG_LAYOUT, layouts, 2, &layout) ||
        !choose(s, FLAG_TYPE, types, 2, &type) || !choose(s, FLAG_FORMAT, formats, 4, &format) ||
        !choose(s, FLAG_COLOUR, colours, 3, &colour))
        return false;
    s->p.layout = layout == 0 ? LOWER_ROUTER : LOWER_PER_OPERATION;
    if (s->cli.given[FLAG_TYPE])
        s->p.type = type == 0 ? IR_STANDARD : IR_EXPRESS;
    s->format = (enum diag_format)format;
    return true;
}

/* ---- loading ---- */

bool session_load(struct session *s, const char *path, struct unit *out)
{
    const char *why = "";
    *out = (struct unit){.path = path};
    uint32_t source = source_read(&s->p.sources, path, &why);
    if (source == 0) {
        session_trouble(s, "cannot read '%s': %s", path, why);
        return false;
    }
    return pipeline_load(&s->p, source, path, out);
}

bool session_check(struct session *s, const char *path, struct unit *out)
{
    bool loaded = session_load(s, path, out);
    return pipeline_verify(&s->p, out) && loaded;
}

/* ---- reporting ---- */

static bool use_colour(const struct session *s, FILE *to)
{
    const char *when = s->cli.given[FLAG_COLOUR] ? s->cli.value[FLAG_COLOUR] : "auto";
    if (strcmp(when, "always") == 0)
        return true;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (strcmp(when, "never") == 0 || (no_color != NULL && *no_color != '\0') ||
        (term != NULL && strcmp(term, "dumb") == 0))
        return false;
    return isatty(fileno(to)) != 0;
}

/* "2 errors, 1 warning" on standard error, for people. */
static void count_up(const struct session *s)
{
    uint32_t errors = diag_count(&s->p.diag, SEVERITY_ERROR);
    uint32_t warnings = diag_count(&s->p.diag, SEVERITY_WARNING);
    if (errors != 0)
        fprintf(stderr, "%u error%s%s", errors, errors == 1 ? "" : "s",
                warnings == 0 ? "\n" : ", ");
    if (warnings != 0)
        fprintf(stderr, "%u warning%s\n", warnings, warnings == 1 ? "" : "s");
}

int session_report(struct session *s, FILE *to, const char *coverage)
{
    bool text = s->format == DIAG_FORMAT_TEXT;
    struct diag_render_options options = {s->format, use_colour(s, to), text ? ASLC_ERRORS_MAX : 0,
                                          PACKAGE_VERSION, coverage};
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    diag_render(&s->p.diag, &options, &b);
    aslrt_buffer_close(&b);
    fwrite(b.bytes, 1, b.count, to);
    if (text)
        count_up(s);
    if (s->trouble)
        return EXIT_TROUBLE;
    return diag_count(&s->p.diag, SEVERITY_ERROR) == 0 ? EXIT_FINE : EXIT_ERRORS;
}

bool session_pair(struct session *s, const struct cli_value *v, const char **name,
                  const char **target)
{
    const char *equals = strchr(v->value, '=');
    if (equals == NULL || equals == v->value || equals[1] == '\0') {
        session_trouble(s, "'--%s' takes %s, not '%s'", flag_table[v->flag].word,
                        flag_table[v->flag].argument, v->value);
        return false;
    }
    *name = aslrt_copy_text(s->arena, v->value, (size_t)(equals - v->value));
    *target = equals + 1;
    return true;
}

bool session_number(struct session *s, enum flag_id flag, double least, double most, double *out)
{
    if (!s->cli.given[flag])
        return true;
    char *end;
    errno = 0;
    double n = strtod(s->cli.value[flag], &end);
    if (errno == 0 && *end == '\0' && end != s->cli.value[flag] && n >= least && n <= most) {
        *out = n;
        return true;
    }
    session_trouble(s, "'--%s' takes a number from %g to %g, not '%s'", flag_table[flag].word,
                    least, most, s->cli.value[flag]);
    return false;
}

const char *session_json_text(struct session *s, enum flag_id flag, size_t *count)
{
    const char *value = s->cli.value[flag];
    if (value[0] != '@') {
        *count = strlen(value);
        return value;
    }
    const char *why = "";
    uint32_t id = source_read(&s->p.sources, value + 1, &why);
    if (id == 0) {
        session_trouble(s, "cannot read '%s': %s", value + 1, why);
        return NULL;
    }
    *count = source_of(&s->p.sources, id)->count;
    return source_of(&s->p.sources, id)->text;
}
