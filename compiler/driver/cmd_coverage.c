/*
 * cmd_coverage.c - aslc coverage: how much of a file's machines the runs took that were counted
 * with --coverage, and what they never took.
 *
 * As text for people, as JSON, or as a tracefile of lcov: a function is a state, a branch is a way
 * out of a state or a retrier, and the line is that of the state.
 */
#include "compiler/driver/commands.h"
#include "compiler/driver/taken.h"
#include "runtime/base/json.h"

#include <stdlib.h>

/* One machine's items. */
struct covered {
    const struct ir_machine *m;
    const struct diagram_counts *counts;
    struct taken_item *items;
    uint32_t count;
};

struct tally {
    uint32_t taken, total;
};

/* The lines of the summary: `kinds` are bits of enum taken_kind. */
static const struct line {
    const char *words, *key;
    unsigned kinds;
} lines[] = {
    {"states", "states", 1u << TAKEN_STATE},
    {"transitions", "transitions", 1u << TAKEN_WAY | 1u << TAKEN_BRANCH | 1u << TAKEN_CATCHER},
    {"  branches of Choice", "branches", 1u << TAKEN_BRANCH},
    {"  catchers", "catchers", 1u << TAKEN_CATCHER},
    {"retriers", "retriers", 1u << TAKEN_RETRIER},
    {"all", "all", (1u << TAKEN_KINDS) - 1},
};
enum { LINES = sizeof lines / sizeof *lines };

static void tally_up(const struct covered *c, struct tally tallies[LINES])
{
    for (uint32_t i = 0; i < c->count; i++) {
        for (int k = 0; k < LINES; k++) {
            if ((lines[k].kinds >> c->items[i].kind & 1u) == 0)
                continue;
            tallies[k].total++;
            tallies[k].taken += c->items[i].times != 0;
        }
    }
}

static double percent(struct tally t)
{
    return t.total == 0 ? 100 : 100.0 * t.taken / t.total;
}

/* True for what to name: of a state that was never entered, the state alone. */
static bool is_missing(const struct covered *c, const struct taken_item *item)
{
    return item->times == 0 && (item->kind == TAKEN_STATE || c->counts->states[item->state] != 0);
}

static struct place place_of(const struct session *s, struct span span)
{
    return span.source == 0 ? (struct place){1, 1, 1}
                            : source_place(&s->p.sources, span.source, span.start);
}

/* ---- for people ---- */

static void print_text(struct session *s, const struct unit *unit, const struct covered *c)
{
    struct tally tallies[LINES] = {{0, 0}};
    tally_up(c, tallies);
    printf("'%s', %llu run%s\n", c->m->name, (unsigned long long)c->counts->runs,
           c->counts->runs == 1 ? "" : "s");
    for (int k = 0; k < LINES; k++) {
        if (tallies[k].total != 0)
            printf("  %-22s%6.1f %%  %u of %u\n", lines[k].words, percent(tallies[k]),
                   tallies[k].taken, tallies[k].total);
    }
    for (uint32_t i = 0; i < c->count; i++) {
        if (!is_missing(c, &c->items[i]))
            continue;
        struct place p = place_of(s, c->items[i].span);
        printf("%s:%u:%u: %s\n", unit->path, p.line, p.column, c->items[i].text);
    }
}

/* ---- for programs ---- */

static void put_json(struct session *s, const struct covered *c, struct aslrt_buffer *out)
{
    static const char *const kinds[TAKEN_KINDS] = {"state", "transition", "branch", "catcher",
                                                   "retrier"};
    struct tally tallies[LINES] = {{0, 0}};
    const char *comma = "";
    tally_up(c, tallies);
    aslrt_buffer_text(out, "{\"name\":");
    aslrt_json_put_string(out, c->m->name, strlen(c->m->name));
    aslrt_buffer_format(out, ",\"runs\":%llu", (unsigned long long)c->counts->runs);
    for (int k = 0; k < LINES; k++)
        aslrt_buffer_format(out, ",\"%s\":{\"taken\":%u,\"total\":%u,\"percent\":%.1f}",
                            lines[k].key, tallies[k].taken, tallies[k].total, percent(tallies[k]));
    aslrt_buffer_text(out, ",\"items\":[");
    for (uint32_t i = 0; i < c->count; i++) {
        const struct taken_item *item = &c->items[i];
        const char *state = c->m->states[item->state].name;
        struct place p = place_of(s, item->span);
        aslrt_buffer_format(out, "%s{\"kind\":\"%s\",\"state\":", comma, kinds[item->kind]);
        aslrt_json_put_string(out, state, strlen(state));
        aslrt_buffer_format(out, ",\"line\":%u,\"column\":%u,\"times\":%llu", p.line, p.column,
                            (unsigned long long)item->times);
        if (item->times == 0) {
            aslrt_buffer_text(out, ",\"missing\":");
            aslrt_json_put_string(out, item->text, strlen(item->text));
        }
        aslrt_buffer_char(out, '}');
        comma = ",";
    }
    aslrt_buffer_text(out, "]}");
}

static void print_json(struct session *s, const struct covered *all, uint32_t count)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    aslrt_buffer_text(&b, "{\"format_version\":\"1.0\",\"machines\":[");
    for (uint32_t i = 0; i < count; i++) {
        aslrt_buffer_text(&b, i == 0 ? "" : ",");
        put_json(s, &all[i], &b);
    }
    aslrt_buffer_text(&b, "]}");
    puts(aslrt_buffer_close(&b));
}

/* ---- for lcov and what reads its tracefiles ---- */

/* A state may stand in the source beside others: of a DSL line, all that it was lowered to. */
static void print_line_counts(struct session *s, const struct covered *all, uint32_t count,
                              uint32_t line_count)
{
    uint64_t *times = ASLRT_NEW_ARRAY(s->arena, uint64_t, line_count + 2);
    bool *known = ASLRT_NEW_ARRAY(s->arena, bool, line_count + 2);
    uint32_t found = 0, hit = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < all[i].count; k++) {
            uint32_t line = place_of(s, all[i].items[k].span).line;
            if (all[i].items[k].kind != TAKEN_STATE || line > line_count)
                continue;
            known[line] = true;
            if (all[i].items[k].times > times[line])
                times[line] = all[i].items[k].times;
        }
    }
    for (uint32_t line = 1; line <= line_count; line++) {
        if (!known[line])
            continue;
        printf("DA:%u,%llu\n", line, (unsigned long long)times[line]);
        found++;
        hit += times[line] != 0;
    }
    printf("LF:%u\nLH:%u\n", found, hit);
}

static void print_lcov(struct session *s, const struct unit *unit, const struct covered *all,
                       uint32_t count)
{
    struct tally states = {0, 0}, branches = {0, 0};
    uint32_t line = 1, block = 0, branch = 0;
    printf("TN:\nSF:%s\n", unit->path);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < all[i].count; k++) {
            const struct taken_item *item = &all[i].items[k];
            const char *state = all[i].m->states[item->state].name;
            bool entered = all[i].counts->states[item->state] != 0;
            if (item->kind == TAKEN_STATE) {
                const char *machine = count == 1 ? "" : all[i].m->name;
                const char *dot = count == 1 ? "" : ".";
                line = place_of(s, item->span).line;
                printf("FN:%u,%s%s%s\nFNDA:%llu,%s%s%s\n", line, machine, dot, state,
                       (unsigned long long)item->times, machine, dot, state);
                states.total++;
                states.taken += entered;
                block++;
                branch = 0;
                continue;
            }
            printf("BRDA:%u,%u,%u,", line, block, branch++);
            if (entered)
                printf("%llu\n", (unsigned long long)item->times);
            else
                puts("-");
            branches.total++;
            branches.taken += item->times != 0;
        }
    }
    printf("FNF:%u\nFNH:%u\nBRF:%u\nBRH:%u\n", states.total, states.taken, branches.total,
           branches.taken);
    print_line_counts(s, all, count, source_of(&s->p.sources, 1)->line_count);
    puts("end_of_record");
}

/* ---- the command ---- */

static bool read_least(struct session *s, double *least)
{
    const char *text = s->cli.value[FLAG_MIN_TAKEN];
    char *end;
    *least = 0;
    if (!s->cli.given[FLAG_MIN_TAKEN])
        return true;
    *least = strtod(text, &end);
    if (*end == '\0' && end != text && *least >= 0 && *least <= 100)
        return true;
    session_trouble(s, "'--min-taken' takes a number from 0 to 100, not '%s'", text);
    return false;
}

/* The share of all machines together against what was asked for. */
static int judge(const struct covered *all, uint32_t count, double least)
{
    struct tally tallies[LINES] = {{0, 0}};
    for (uint32_t i = 0; i < count; i++)
        tally_up(&all[i], tallies);
    double share = percent(tallies[LINES - 1]);
    if (share >= least)
        return EXIT_FINE;
    fprintf(stderr,
            "aslc: runs took %.1f %% of the states, transitions and retriers, less than the "
            "%g %% asked for\n",
            share, least);
    return EXIT_ERRORS;
}

int cmd_coverage(struct session *s)
{
    struct unit unit;
    double least;
    if (s->cli.file_count != 1 || !s->cli.given[FLAG_TAKEN]) {
        session_trouble(s, "'coverage' needs one file and '--coverage FILE' with its counts");
        return EXIT_TROUBLE;
    }
    if (!read_least(s, &least))
        return EXIT_TROUBLE;
    bool loaded = session_load(s, s->cli.files[0], &unit);
    const struct diagram_counts *counts = loaded ? taken_read(s, &unit) : NULL;
    if (counts == NULL)
        return session_report(s, stderr, NULL);
    struct covered *all = ASLRT_NEW_ARRAY(s->arena, struct covered, unit.machine_count + 1);
    for (uint32_t i = 0; i < unit.machine_count; i++) {
        all[i] = (struct covered){.m = unit.machines[i], .counts = &counts[i]};
        all[i].items = taken_items(s->arena, all[i].m, all[i].counts, &all[i].count);
        if (!s->cli.given[FLAG_LCOV] && !s->cli.given[FLAG_JSON])
            print_text(s, &unit, &all[i]);
    }
    if (s->cli.given[FLAG_LCOV])
        print_lcov(s, &unit, all, unit.machine_count);
    else if (s->cli.given[FLAG_JSON])
        print_json(s, all, unit.machine_count);
    return judge(all, unit.machine_count, least);
}
