/*
 * simulation.c - from a unit to loaded programs on an embedded store; see simulation.h.
 */
#include "compiler/driver/simulation.h"
#include "compiler/emit/table.h"

#include <assert.h>

static bool open_store(struct session *s, struct simulation *sim)
{
    enum aslrt_status status;
    if (s->cli.given[FLAG_STORE]) {
        char why[256] = "";
        status =
            aslrt_store_sqlite(sim->memory, s->cli.value[FLAG_STORE], &sim->store, why, sizeof why);
        if (status != ASLRT_OK) {
            session_trouble(s, "cannot open the store '%s': %s", s->cli.value[FLAG_STORE], why);
            return false;
        }
    } else if (aslrt_store_memory(sim->memory, &sim->store) != ASLRT_OK) {
        session_trouble(s, "out of memory");
        return false;
    }
    const struct aslrt_machine *m = sim->machines[0];
    for (uint32_t i = 0; i < m->table_count; i++) {
        if (aslrt_store_create_table(sim->store, &m->tables[i]) == ASLRT_OK)
            continue;
        session_trouble(s, "cannot make the table of '%s': %s", m->tables[i].name,
                        aslrt_store_problem(sim->store));
        return false;
    }
    sim->services[0] = aslrt_store_service(sim->store);
    sim->again[0] = !s->cli.given[FLAG_STORE];
    return true;
}

static bool load_programs(struct session *s, const struct unit *unit, struct simulation *sim)
{
    for (uint32_t i = 0; i < unit->machine_count; i++) {
        sim->machines[i] = table_build(s->arena, &s->p.diag, unit->machines[i], unit->service);
        if (sim->machines[i] == NULL)
            return false;
        struct aslrt_load_error why;
        enum aslrt_status status =
            aslrt_load(sim->memory, sim->machines[i], &sim->programs[i], &why);
        if (status == ASLRT_FAILED)
            session_trouble(s, "cannot load '%s': %s", unit->machines[i]->name, why.message);
        else if (status != ASLRT_OK)
            session_trouble(s, "out of memory");
        if (status != ASLRT_OK)
            return false;
        sim->count++;
    }
    return true;
}

bool simulation_open(struct session *s, const struct unit *unit, struct simulation *sim)
{
    *sim = (struct simulation){.memory = aslrt_memory_open(NULL, 0)};
    sim->machines =
        ASLRT_NEW_ARRAY(s->arena, const struct aslrt_machine *, unit->machine_count + 1);
    sim->programs = ASLRT_NEW_ARRAY(s->arena, struct aslrt_program *, unit->machine_count + 1);
    if (unit->machine_count == 0)
        session_trouble(s, "'%s' has no operation that could run", unit->path);
    else if (load_programs(s, unit, sim) && open_store(s, sim)) {
        sim->env.services = sim->services;
        sim->env.service_count = 1;
        return true;
    }
    simulation_close(sim);
    return false;
}

void simulation_add_service(struct simulation *sim, const struct aslrt_service *service,
                            enum service_place place)
{
    assert(sim->env.service_count < sizeof sim->services / sizeof sim->services[0]);
    uint32_t at = place == SERVICE_FIRST ? 0 : sim->env.service_count;
    for (uint32_t i = sim->env.service_count; i > at; i--) {
        sim->services[i] = sim->services[i - 1];
        sim->again[i] = sim->again[i - 1];
    }
    sim->services[at] = service;
    sim->again[at] = place == SERVICE_FIRST;
    sim->env.service_count++;
}

void simulation_close(struct simulation *sim)
{
    for (uint32_t i = 0; i < sim->count; i++)
        aslrt_unload(sim->programs[i]);
    aslrt_store_close(sim->store);
    aslrt_memory_close(sim->memory);
    *sim = (struct simulation){0};
}
