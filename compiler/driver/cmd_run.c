/*
 * cmd_run.c - aslc run: one execution on this computer.
 */
#include "compiler/driver/commands.h"
#include "compiler/driver/outside.h"
#include "compiler/driver/request.h"
#include "compiler/driver/simulation.h"
#include "compiler/driver/taken.h"

static bool set_env(struct session *s, struct aslrt_env *env)
{
    double seed = 0, scale = 0;
    if (!session_number(s, FLAG_SEED, 0, 9007199254740992.0, &seed) ||
        !session_number(s, FLAG_TIME_SCALE, 1e-6, 1e9, &scale))
        return false;
    env->seed = (uint64_t)seed;
    env->real_time = s->cli.given[FLAG_REAL_TIME] || s->cli.given[FLAG_TIME_SCALE];
    env->time_scale = scale;
    env->history = s->cli.given[FLAG_HISTORY];
    return true;
}

/* The execution's input as text, and the machine that takes it. */
static const char *find_input(struct session *s, const struct unit *unit, size_t *count,
                              uint32_t *machine)
{
    *machine = 0;
    if (s->cli.given[FLAG_OPERATION]) {
        if (unit->service == NULL) {
            session_trouble(s,
                            "'--operation' needs a .crud file; an ASL machine takes --input alone");
            return NULL;
        }
        const struct svc_route *route = request_route(s, unit, s->cli.value[FLAG_OPERATION]);
        if (route == NULL)
            return NULL;
        *machine = route->machine;
        return request_input(s, route, count);
    }
    if (!s->cli.given[FLAG_INPUT]) {
        *count = 2;
        return "{}";
    }
    const char *text = session_json_text(s, FLAG_INPUT, count);
    if (text == NULL || unit->service == NULL || unit->machine_count == 1)
        return text;
    struct aslrt_value input; /* the layout has a machine an operation: `op` says which */
    if (aslrt_json_read(s->arena, text, *count, &input, NULL) == ASLRT_OK) {
        struct aslrt_value op = aslrt_field(input, "op");
        for (uint32_t i = 0; i < unit->service->route_count; i++) {
            if (aslrt_is(op, unit->service->routes[i].operation))
                *machine = unit->service->routes[i].machine;
        }
    }
    return text;
}

static int print_outcome(struct session *s, struct aslrt_execution *e,
                         const struct aslrt_outcome *outcome)
{
    const char *text;
    size_t count;
    bool fine = outcome->status == ASLRT_SUCCEEDED;
    if (s->cli.given[FLAG_JSON] || s->cli.given[FLAG_HISTORY]) {
        if (aslrt_outcome_json(e, outcome, &text, &count) != ASLRT_OK)
            aslrt_escape(s->arena->memory, ASLRT_NOMEM);
        puts(text);
    } else if (fine) {
        if (aslrt_json_write_pretty(s->arena, outcome->output, &text, &count) != ASLRT_OK)
            aslrt_escape(s->arena->memory, ASLRT_NOMEM);
        puts(text);
    } else {
        fprintf(stderr, "%s: %.*s: %.*s\n", aslrt_run_status_name(outcome->status),
                outcome->error.kind == ASLRT_STRING ? (int)outcome->error.count : 0,
                outcome->error.kind == ASLRT_STRING ? outcome->error.as.bytes : "",
                outcome->cause.kind == ASLRT_STRING ? (int)outcome->cause.count : 0,
                outcome->cause.kind == ASLRT_STRING ? outcome->cause.as.bytes : "");
    }
    return fine ? EXIT_FINE : EXIT_ERRORS;
}

static int execute(struct session *s, struct simulation *sim, uint32_t machine, const char *text,
                   size_t count)
{
    struct aslrt_execution *e = aslrt_execution_open(sim->programs[machine], &sim->env);
    if (e == NULL)
        aslrt_escape(s->arena->memory, ASLRT_NOMEM);
    struct aslrt_outcome outcome;
    enum aslrt_status status = aslrt_run_text(e, text, count, &outcome);
    int code = EXIT_TROUBLE;
    if (status == ASLRT_OK)
        code = print_outcome(s, e, &outcome);
    else if (status == ASLRT_SYNTAX)
        session_trouble(s, "'--input' is no JSON: %s", aslrt_problem(e));
    else
        session_trouble(s, "the execution stopped: %s", aslrt_problem(e));
    aslrt_execution_close(e);
    return code;
}

/* Counts what the execution takes, where that was asked for. */
static int execute_counted(struct session *s, struct simulation *sim, uint32_t machine,
                           const char *text, size_t count)
{
    if (!s->cli.given[FLAG_TAKEN])
        return execute(s, sim, machine, text, count);
    struct aslrt_coverage **list = taken_open(s, sim->machines, sim->count);
    if (list == NULL)
        return EXIT_TROUBLE;
    sim->env.coverage = list[machine];
    int code = execute(s, sim, machine, text, count);
    return taken_save(s, list, sim->count) ? code : EXIT_TROUBLE;
}

int cmd_run(struct session *s)
{
    struct unit unit;
    struct simulation sim;
    if (s->cli.file_count != 1) {
        session_trouble(s, "'run' needs one file");
        return EXIT_TROUBLE;
    }
    bool loaded = session_load(s, s->cli.files[0], &unit);
    bool ready = loaded && simulation_open(s, &unit, &sim);
    if (!ready)
        return session_report(s, stderr, NULL);
    uint32_t machine;
    size_t count = 0;
    const char *text = find_input(s, &unit, &count, &machine);
    int code = EXIT_TROUBLE;
    const struct aslrt_service *outside = outside_service(s);
    if (outside != NULL)
        simulation_add_service(&sim, outside);
    if (text != NULL && outside != NULL && set_env(s, &sim.env))
        code = execute_counted(s, &sim, machine, text, count);
    simulation_close(&sim);
    return code;
}
