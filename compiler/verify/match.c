/*
 * match.c - who takes an error: ErrorEquals against error names, and the way up through the scopes.
 *
 * Two relations.  "Covered" needs MUST; "dead" needs that not even MAY holds.
 * Sources: spec, Errors; developer guide, "Handling errors"; recorded executions where the two are
 * silent or differ:
 *   - States.ALL takes every error but States.Runtime.  By the guide not States.DataLimitExceeded
 *     either, but recorded runs took it: MAY.
 *   - States.TaskFailed takes every error but States.Timeout; a missed heartbeat is reported as a
 *     timeout to whoever does not name it: MAY.
 *   - States.Timeout takes a missed heartbeat by the guide; in recordings it is the name that shows
 *     when nobody catches: MAY.
 * An order of retriers or catchers is tried from the first to the last.
 */
#include "compiler/verify/verify_int.h"

#include <string.h>

static bool is(const char *a, enum catalog_reserved_id id)
{
    return strcmp(a, catalog_reserved[id].name) == 0;
}

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* True when the name has a prefix that belongs to a service: no function raises such an error. */
static bool has_service_prefix(const char *name)
{
    const char *dot = strchr(name, '.');
    if (dot == NULL)
        return false;
    size_t n = (size_t)(dot - name);
    for (uint32_t i = 0; i < catalog_service_count; i++) {
        const char *prefix = catalog_services[i].prefix;
        if (prefix != NULL && strlen(prefix) == n && memcmp(prefix, name, n) == 0)
            return true;
    }
    return false;
}

static enum match match_reserved(const struct catalog_reserved *r, const struct raised *e)
{
    if (r->kind == CATALOG_ANY)
        return e->id != RAISED_CUSTOM && is(e->name, CATALOG_R_DATA_LIMIT) ? MATCH_MAY : MATCH_MUST;
    if (r->kind == CATALOG_OTHER) {
        if (is(e->name, CATALOG_R_TIMEOUT))
            return MATCH_NEVER;
        return is(e->name, CATALOG_R_HEARTBEAT) || is(e->name, CATALOG_R_DATA_LIMIT) ? MATCH_MAY
                                                                                     : MATCH_MUST;
    }
    if (r == &catalog_reserved[CATALOG_R_TIMEOUT] && is(e->name, CATALOG_R_HEARTBEAT))
        return MATCH_MAY;
    if (r == &catalog_reserved[CATALOG_R_RESULT_PATH] && is(e->name, CATALOG_R_REFERENCE_PATH))
        return MATCH_MUST; /* one error under two names */
    return !e->open && strcmp(r->name, e->name) == 0 ? MATCH_MUST : MATCH_NEVER;
}

enum match verify_match(const char *pattern, const struct raised *e)
{
    if (e->fatal)
        return MATCH_NEVER;
    if (begins(pattern, "States.")) {
        const struct catalog_reserved *r = catalog_find_reserved(pattern);
        if (r != NULL)
            return match_reserved(r, e);
    }
    if (!e->open)
        return strcmp(pattern, e->name) == 0 ? MATCH_MUST : MATCH_NEVER;
    if (e->name[0] != '\0')
        return begins(pattern, e->name) ? MATCH_MAY : MATCH_NEVER;
    if (begins(pattern, "States.") || (!e->unknown && has_service_prefix(pattern)))
        return MATCH_NEVER;
    return MATCH_MAY;
}

enum match verify_match_any(const struct ir_machine *m, struct ir_slice patterns,
                            const struct raised *e)
{
    enum match best = MATCH_NEVER;
    for (uint32_t i = 0; i < patterns.count && best != MATCH_MUST; i++) {
        enum match how = verify_match(m->names[patterns.first + i].text, e);
        if (how > best)
            best = how;
    }
    return best;
}

/* The first that must, else the first that may; `count` when there is none. */
#define FIRST_TAKER(m, slice, pool, e, how)                                                        \
    uint32_t may = (slice).count;                                                                  \
    for (uint32_t i = 0; i < (slice).count; i++) {                                                 \
        enum match match = verify_match_any(m, (pool)[(slice).first + i].errors, e);               \
        if (match == MATCH_MUST) {                                                                 \
            *(how) = MATCH_MUST;                                                                   \
            return i;                                                                              \
        }                                                                                          \
        if (match == MATCH_MAY && may == (slice).count)                                            \
            may = i;                                                                               \
    }                                                                                              \
    *(how) = may < (slice).count ? MATCH_MAY : MATCH_NEVER;                                        \
    return may

uint32_t verify_retrier_of(const struct ir_machine *m, ir_id state, const struct raised *e,
                           enum match *how)
{
    const struct ir_slice retriers = m->states[state].retriers;
    FIRST_TAKER(m, retriers, m->retriers, e, how);
}

uint32_t verify_catcher_of(const struct ir_machine *m, ir_id state, const struct raised *e,
                           enum match *how)
{
    const struct ir_slice catchers = m->states[state].catchers;
    FIRST_TAKER(m, catchers, m->catchers, e, how);
}

struct fate verify_fate(const struct verify *v, ir_id task, const struct raised *e)
{
    const struct ir_machine *m = v->m;
    struct fate f = {IR_NONE, IR_NONE, 0, 0, IR_NONE, true};
    struct raised tolerated = {.name = catalog_reserved[CATALOG_R_TOLERATED].name};
    for (ir_id s = task; s != IR_NONE; s = m->scopes[m->states[s].scope].owner) {
        /* A distributed Map reports only that too many of its iterations failed. */
        if (s != task && m->states[s].type == IR_MAP && m->states[s].distributed)
            e = &tolerated;
        enum match how;
        uint32_t i = verify_retrier_of(m, s, e, &how);
        if (how != MATCH_NEVER && f.retried_by == IR_NONE &&
            m->retriers[m->states[s].retriers.first + i].max_attempts > 0) {
            f.retried_by = s;
            f.retrier = i;
        }
        i = verify_catcher_of(m, s, e, &how);
        if (how == MATCH_NEVER)
            continue;
        if (f.caught_by == IR_NONE || how == MATCH_MUST) {
            f.caught_by = s;
            f.catcher = i;
            f.handler = m->catchers[m->states[s].catchers.first + i].next.state;
            f.sure = how == MATCH_MUST;
        }
        if (how == MATCH_MUST)
            break;
    }
    return f;
}
