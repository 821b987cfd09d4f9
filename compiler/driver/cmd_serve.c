/*
 * cmd_serve.c - aslc serve: the file's API over HTTP on this computer.
 */
#include "compiler/driver/commands.h"
#include "compiler/driver/module.h"
#include "compiler/driver/simulation.h"
#include "compiler/emit/routes.h"
#include "runtime/serve/serve.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

static enum aslrt_status load(void *data, struct aslrt_site *site)
{
    *site = *(const struct aslrt_site *)data;
    return ASLRT_OK;
}

static void say(void *data, const char *line)
{
    (void)data;
    puts(line);
    fflush(stdout); /* whoever started the server waits for this line */
}

/* What was refused or failed, and why: for whoever sits at the terminal. */
static void log_line(void *data, const char *line)
{
    (void)data;
    fprintf(stderr, "%s\n", line);
}

static bool read_port(struct session *s, uint16_t *port)
{
    *port = 8080;
    if (!s->cli.given[FLAG_PORT])
        return true;
    char *end;
    errno = 0;
    long n = strtol(s->cli.value[FLAG_PORT], &end, 10);
    if (errno == 0 && *end == '\0' && end != s->cli.value[FLAG_PORT] && n >= 0 && n <= 65535) {
        *port = (uint16_t)n;
        return true;
    }
    session_trouble(s, "'--port' takes a number from 0 to 65535, not '%s'",
                    s->cli.value[FLAG_PORT]);
    return false;
}

static bool set_options(struct session *s, struct aslrt_serve_options *o)
{
    if (!read_port(s, &o->port))
        return false;
    if (s->cli.given[FLAG_TIME_SCALE]) {
        char *end;
        o->time_scale = strtod(s->cli.value[FLAG_TIME_SCALE], &end);
        if (*end != '\0' || !(o->time_scale >= 1e-6 && o->time_scale <= 1e9)) {
            session_trouble(s, "'--time-scale' takes a number above 0, not '%s'",
                            s->cli.value[FLAG_TIME_SCALE]);
            return false;
        }
    }
    /* A durable store outlives the server: identifiers may not come again. */
    if (getrandom(&o->seed, sizeof o->seed, 0) != (ssize_t)sizeof o->seed) {
        session_trouble(s, "cannot get random numbers: %s", strerror(errno));
        return false;
    }
    o->bind = s->cli.value[FLAG_BIND];
    o->caller = s->cli.value[FLAG_CALLER];
    o->cache = s->cli.given[FLAG_CACHE];
    o->http = module_symbol(s, "aslc-serve", ASLRT_HTTP_SYMBOL, "serving");
    return o->http != NULL;
}

int cmd_serve(struct session *s)
{
    struct unit unit;
    struct simulation sim;
    if (s->cli.file_count != 1) {
        session_trouble(s, "'serve' needs one file");
        return EXIT_TROUBLE;
    }
    bool loaded = session_load(s, s->cli.files[0], &unit);
    if (loaded && unit.service == NULL) {
        session_trouble(s, "'%s' has no API; 'serve' needs a .crud file", unit.path);
        return EXIT_TROUBLE;
    }
    if (!loaded || !simulation_open(s, &unit, &sim))
        return session_report(s, stderr, NULL);
    struct aslrt_site site = {emit_routes(s->arena, unit.service), sim.machines, sim.count};
    struct aslrt_serve_options options = {.memory = sim.memory,
                                          .load = load,
                                          .services = sim.services,
                                          .service_count = 1,
                                          .stop_fd = -1,
                                          .say = say,
                                          .log = log_line,
                                          .data = &site};
    char why[256] = "";
    int code = EXIT_TROUBLE;
    if (set_options(s, &options)) {
        if (aslrt_serve(&options, why, sizeof why) == ASLRT_OK)
            code = EXIT_FINE;
        else
            session_trouble(s, "cannot serve: %s", why);
    }
    simulation_close(&sim);
    return code;
}
