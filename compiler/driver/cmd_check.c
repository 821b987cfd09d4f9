/*
 * cmd_check.c - aslc check: verify files, print what was found; coverage; the machines as text.
 */
#include "compiler/driver/commands.h"
#include "compiler/verify/verify.h"

#include <stdlib.h>

/* Prints the coverage of one machine; false when it is below what --min-coverage asks for. */
static bool print_coverage(struct session *s, const struct ir_machine *m, double least)
{
    struct verify_options options = {.type = s->p.type};
    struct verify_coverage coverage;
    verify_cover(m, &options, s->arena, &coverage);
    if (s->cli.given[FLAG_COVERAGE]) {
        struct aslrt_buffer b = aslrt_buffer_in(s->arena);
        bool json = s->cli.given[FLAG_FORMAT] && strcmp(s->cli.value[FLAG_FORMAT], "json") == 0;
        if (json)
            verify_coverage_json(m, &coverage, &b);
        else
            verify_coverage_text(m, &coverage, &b);
        if (json)
            aslrt_buffer_char(&b, '\n');
        fputs(aslrt_buffer_close(&b), stdout);
    }
    if (coverage.percent >= least)
        return true;
    fprintf(stderr, "aslc: '%s' handles %.1f %% of its errors, less than the %g %% asked for\n",
            m->name, coverage.percent, least);
    return false;
}

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

int cmd_check(struct session *s)
{
    double least;
    if (s->cli.file_count == 0) {
        session_trouble(s, "'check' needs at least one file");
        return EXIT_TROUBLE;
    }
    if (!parse_percent(s, &least))
        return EXIT_TROUBLE;
    struct unit *units = ASLRT_NEW_ARRAY(s->arena, struct unit, s->cli.file_count);
    for (uint32_t i = 0; i < s->cli.file_count; i++)
        session_check(s, s->cli.files[i], &units[i]);
    int code = session_report(s, stdout);
    for (uint32_t i = 0; i < s->cli.file_count; i++) {
        for (uint32_t k = 0; k < units[i].machine_count; k++) {
            if ((s->cli.given[FLAG_COVERAGE] || s->cli.given[FLAG_MIN_COVERAGE]) &&
                !print_coverage(s, units[i].machines[k], least) && code == EXIT_FINE)
                code = EXIT_ERRORS;
            if (s->cli.given[FLAG_DUMP_IR]) {
                struct aslrt_buffer b = aslrt_buffer_in(s->arena);
                ir_dump(units[i].machines[k], &b);
                fputs(aslrt_buffer_close(&b), stdout);
            }
        }
    }
    return code;
}
