/*
 * cmd_check.c - aslc check: verify files, print what was found; coverage; the machines as text.
 */
#include "compiler/driver/commands.h"
#include "compiler/verify/verify.h"

#include <stdlib.h>

static bool parse_percent(struct session *s, double *out)
{
    *out = 0;
    if (!s->cli.given[FLAG_MIN_COVERAGE])
        return true;
    char *end;
    *out = strtod(s->cli.value[FLAG_MIN_COVERAGE], &end);
    if (*end == '\0' && end != s->cli.value[FLAG_MIN_COVERAGE] && *out >= 0 && *out <= 100)
        return true;
    session_trouble(s, "'--min-coverage' takes a number from 0 to 100, not '%s'",
                    s->cli.value[FLAG_MIN_COVERAGE]);
    return false;
}

/* What becomes of one machine's errors, as text or as an element of a JSON list; false when it
   handles fewer than `least` percent of them. */
static bool cover(struct session *s, const struct ir_machine *m, double least,
                  struct aslrt_buffer *out)
{
    struct verify_options options = {.type = s->p.type};
    struct verify_coverage coverage;
    verify_cover(m, &options, s->arena, &coverage);
    if (s->format == DIAG_FORMAT_JSON) {
        aslrt_buffer_text(out, out->count > 1 ? "," : "");
        verify_coverage_json(m, &coverage, out);
    } else {
        verify_coverage_text(m, &coverage, out);
    }
    if (coverage.percent >= least)
        return true;
    fprintf(stderr, "aslc: '%s' handles %.1f %% of its errors, less than the %g %% asked for\n",
            m->name, coverage.percent, least);
    return false;
}

/* The coverage of all machines; *enough is false when one is below `least`. */
static const char *cover_all(struct session *s, const struct unit *units, double least,
                             bool *enough)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    bool json = s->format == DIAG_FORMAT_JSON;
    aslrt_buffer_text(&b, json ? "[" : "");
    for (uint32_t i = 0; i < s->cli.file_count; i++) {
        for (uint32_t k = 0; k < units[i].machine_count; k++)
            *enough = cover(s, units[i].machines[k], least, &b) && *enough;
    }
    aslrt_buffer_text(&b, json ? "]" : "");
    return aslrt_buffer_close(&b);
}

static void dump_all(struct session *s, const struct unit *units)
{
    for (uint32_t i = 0; i < s->cli.file_count; i++) {
        for (uint32_t k = 0; k < units[i].machine_count; k++) {
            struct aslrt_buffer b = aslrt_buffer_in(s->arena);
            ir_dump(units[i].machines[k], &b);
            fputs(aslrt_buffer_close(&b), stdout);
        }
    }
}

int cmd_check(struct session *s)
{
    double least;
    if (s->cli.file_count == 0) {
        session_trouble(s, "'check' needs at least one file");
        return EXIT_TROUBLE;
    }
    if (!parse_percent(s, &least))
        return EXIT_TROUBLE;
    if (s->cli.given[FLAG_DUMP_IR] && s->format != DIAG_FORMAT_TEXT) {
        session_trouble(s, "'--dump-ir' prints text; it does not go with '--format %s'",
                        s->cli.value[FLAG_FORMAT]);
        return EXIT_TROUBLE;
    }
    struct unit *units = ASLRT_NEW_ARRAY(s->arena, struct unit, s->cli.file_count);
    for (uint32_t i = 0; i < s->cli.file_count; i++)
        session_check(s, s->cli.files[i], &units[i]);
    bool enough = true;
    const char *coverage = NULL;
    if (s->cli.given[FLAG_COVERAGE] || s->cli.given[FLAG_MIN_COVERAGE])
        coverage = cover_all(s, units, least, &enough);
    if (!s->cli.given[FLAG_COVERAGE])
        coverage = NULL;
    bool json = s->format == DIAG_FORMAT_JSON;
    int code = session_report(s, stdout, json ? coverage : NULL);
    if (coverage != NULL && !json) /* a SARIF document must stay alone on its stream */
        fputs(coverage, s->format == DIAG_FORMAT_SARIF ? stderr : stdout);
    if (s->cli.given[FLAG_DUMP_IR])
        dump_all(s, units);
    return code == EXIT_FINE && !enough ? EXIT_ERRORS : code;
}
