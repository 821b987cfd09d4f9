/*
 * cmd_run.c - aslc run: one execution on this computer.
 */
#include "compiler/driver/commands.h"
#include "compiler/driver/outside.h"
#include "compiler/driver/request.h"
#include "compiler/driver/resume.h"
#include "compiler/driver/stand_in.h"
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
    if (!s->cli.given[FLAG_INPUT] && unit->service != NULL && unit->service->route_count > 0) {
        session_trouble(s, "'run' of a .crud file needs an operation: '--operation %s' for example",
                        unit->service->routes[0].operation);
        return NULL;
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
        fputs(aslrt_run_status_name(outcome->status), stderr);
        const struct aslrt_value *words[] = {&outcome->error, &outcome->cause};
        for (int i = 0; i < 2; i++) {
            if (words[i]->kind == ASLRT_STRING && words[i]->count > 0)
                fprintf(stderr, ": %.*s", (int)words[i]->count, words[i]->as.bytes);
        }
        fputc('\n', stderr);
    }
    return fine ? EXIT_FINE : EXIT_ERRORS;
}

/* What to do about a call that nothing answers. */
static void say_how_to_mock(void)
{
    fputs(
        "give it an answer with --mock FILE --test-case NAME (the service's MockConfigFile.json); "
        "or for a function --function NAME=COMMAND, for S3 --bucket NAME=DIR, for a nested "
        "execution --child NAME=FILE, for an HTTP Task --endpoint URL=URL\n",
        stderr);
}

struct run {
    struct session *s;
    struct simulation *sim;
    uint32_t machine;
    const char *text; /* the input */
    size_t count;
    struct resume resume;
};

static int execute(struct run *r)
{
    struct session *s = r->s;
    struct aslrt_execution *e = aslrt_execution_open(r->sim->programs[r->machine], &r->sim->env);
    if (e == NULL)
        aslrt_escape(s->arena->memory, ASLRT_NOMEM);
    struct aslrt_outcome outcome;
    enum aslrt_status status = aslrt_run_text(e, r->text, r->count, &outcome);
    int code = EXIT_TROUBLE;
    if (status == ASLRT_OK)
        code = print_outcome(s, e, &outcome);
    else if (status == ASLRT_SYNTAX)
        session_trouble(s, "'--input' is no JSON: %s", aslrt_problem(e));
    else if (resume_stopped(&r->resume, r->sim, r->machine, r->text, r->count))
        code = s->trouble ? EXIT_TROUBLE : EXIT_FINE;
    else
        session_trouble(s, "the execution stopped: %s", aslrt_problem(e));
    if (status == ASLRT_MISUSE)
        say_how_to_mock();
    aslrt_execution_close(e);
    return code;
}

/* Counts what the execution takes, where that was asked for. */
static int execute_counted(struct run *r)
{
    struct session *s = r->s;
    if (!s->cli.given[FLAG_TAKEN])
        return execute(r);
    struct aslrt_coverage **list = taken_open(s, r->sim->machines, r->sim->count);
    if (list == NULL)
        return EXIT_TROUBLE;
    r->sim->env.coverage = list[r->machine];
    int code = execute(r);
    return taken_save(s, list, r->sim->count) ? code : EXIT_TROUBLE;
}

/* The services: stand-ins, the store, what is outside, and a replay in front of all. */
static bool add_services(struct run *r)
{
    struct session *s = r->s;
    const struct aslrt_service *outside = outside_service(s);
    if (outside == NULL || !set_env(s, &r->sim->env) || !stand_in_add(s, r->sim, s->cli.files[0]))
        return false;
    simulation_add_service(r->sim, outside, SERVICE_LAST);
    return resume_open(s, r->sim, r->machine, &r->resume);
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
    struct run r = {.s = s, .sim = &sim};
    int code = EXIT_TROUBLE;
    r.text = find_input(s, &unit, &r.count, &r.machine);
    if (r.text != NULL && add_services(&r)) {
        const char *saved = resume_input(&r.resume, &r.count);
        if (saved != NULL)
            r.text = saved;
        code = execute_counted(&r);
    }
    simulation_close(&sim);
    return code;
}
