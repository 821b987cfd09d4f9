/*
 * catalog.c - the tables of catalog.h, and finding rows in them.
 *
 * In: a key.  Out: a row of a constant table.  The .def files are sorted, so that every look-up is
 * a bisection; test_catalog.c checks the order.
 */
#include "catalog/catalog.h"

#include <stdlib.h>
#include <string.h>

/* ORDER: errors.def writes these words; the prefix keeps them out of everybody's way. */
#define NO    CATALOG_NO
#define YES   CATALOG_YES
#define MAYBE CATALOG_MAYBE
#define CATALOG_ERROR(id, name, shape, transient, class_, ambiguous, rare, fault, when)            \
    {name,                                                                                         \
     shape,                                                                                        \
     transient,                                                                                    \
     CATALOG_##class_,                                                                             \
     CATALOG_E_##id == CATALOG_E_FUNCTION_ERROR || CATALOG_E_##id == CATALOG_E_WORKER_ERROR ||     \
         CATALOG_E_##id == CATALOG_E_API_STATUS || CATALOG_E_##id == CATALOG_E_HTTP_STATUS,        \
     ambiguous,                                                                                    \
     rare,                                                                                         \
     CATALOG_FAULT_##fault,                                                                        \
     when},
const struct catalog_error catalog_errors[CATALOG_ERROR_COUNT] = {
#include "catalog/errors.def"
};
#undef CATALOG_ERROR

#define CATALOG_RESERVED(id, name, kind, class_, transient, ambiguous, task, map, parallel, when)  \
    {name, CATALOG_##kind, CATALOG_##class_, transient, ambiguous, task, map, parallel, when},
const struct catalog_reserved catalog_reserved[CATALOG_RESERVED_COUNT] = {
#include "catalog/reserved.def"
};
#undef CATALOG_RESERVED
#undef NO
#undef YES
#undef MAYBE

#define E(id) CATALOG_E_##id
#define CATALOG_SET(name, ...)                                                                     \
    static const uint16_t set_##name[] = {__VA_ARGS__};                                            \
    enum { size_##name = sizeof set_##name / sizeof *set_##name };
#include "catalog/sets.def"
#undef CATALOG_SET
#undef E
/* A call of which nothing is known but that it can fail. */
#define set_NONE  NULL
#define size_NONE 0

#define REQUEST (1u << CATALOG_REQUEST_RESPONSE)
#define SYNC    (1u << CATALOG_RUN_JOB)
#define SYNC2   (1u << CATALOG_RUN_JOB_2)
#define TOKEN   (1u << CATALOG_WAIT_FOR_TOKEN)
#define CATALOG_CALL(key, patterns, effect, repeat, token, conditional, complete, set)             \
    {key,         patterns, CATALOG_##effect, CATALOG_##repeat, token,                             \
     conditional, complete, size_##set,       set_##set},
const struct catalog_call catalog_calls[] = {
#include "catalog/calls.def"
};
#undef CATALOG_CALL
#undef REQUEST
#undef SYNC
#undef SYNC2
#undef TOKEN
const uint32_t catalog_call_count = sizeof catalog_calls / sizeof *catalog_calls;

#define CATALOG_OPTIMISED(name, prefix) {name, prefix, false},
#define CATALOG_SDK(name, prefix)       {name, prefix, true},
const struct catalog_service catalog_services[] = {
#include "catalog/services.def"
};
#undef CATALOG_OPTIMISED
#undef CATALOG_SDK
const uint32_t catalog_service_count = sizeof catalog_services / sizeof *catalog_services;

#define CATALOG_QUOTA(id, name, value, unit, date, source, text)                                   \
    {name, value, unit, date, source, text},
const struct catalog_quota catalog_quotas[CATALOG_QUOTA_COUNT] = {
#include "catalog/quotas.def"
};
#undef CATALOG_QUOTA

static int compare_reserved(const void *name, const void *row)
{
    return strcmp(name, ((const struct catalog_reserved *)row)->name);
}

const struct catalog_reserved *catalog_find_reserved(const char *name)
{
    return bsearch(name, catalog_reserved, CATALOG_RESERVED_COUNT, sizeof *catalog_reserved,
                   compare_reserved);
}

static int compare_call(const void *key, const void *row)
{
    return strcmp(key, ((const struct catalog_call *)row)->key);
}

const struct catalog_call *catalog_find(const char *key)
{
    return bsearch(key, catalog_calls, catalog_call_count, sizeof *catalog_calls, compare_call);
}

const struct catalog_call *catalog_find_pattern(enum catalog_pattern pattern)
{
    switch (pattern) {
    case CATALOG_RUN_JOB:
    case CATALOG_RUN_JOB_2:
        return catalog_find("*.sync");
    case CATALOG_WAIT_FOR_TOKEN:
        return catalog_find("*.waitForTaskToken");
    case CATALOG_REQUEST_RESPONSE:
        break;
    }
    return NULL;
}

static int compare_service(const void *name, const void *row)
{
    return strcmp(name, ((const struct catalog_service *)row)->name);
}

const struct catalog_service *catalog_find_service(const char *name, bool sdk)
{
    uint32_t first = 0;
    while (first < catalog_service_count && !catalog_services[first].sdk)
        first++;
    uint32_t count = sdk ? catalog_service_count - first : first;
    return bsearch(name, catalog_services + (sdk ? first : 0), count, sizeof *catalog_services,
                   compare_service);
}

/* True when the key is "SERVICE:..." or, of the SDK, "aws-sdk:SERVICE:...". */
static bool key_belongs(const char *key, const struct catalog_service *service)
{
    if (service->sdk) {
        if (strncmp(key, "aws-sdk:", 8) != 0)
            return false;
        key += 8;
    }
    size_t n = strlen(service->name);
    return strncmp(key, service->name, n) == 0 && key[n] == ':';
}

const struct catalog_call *catalog_service_calls(const struct catalog_service *service,
                                                 uint32_t *count)
{
    uint32_t first = 0;
    while (first < catalog_call_count && !key_belongs(catalog_calls[first].key, service))
        first++;
    uint32_t end = first;
    while (end < catalog_call_count && key_belongs(catalog_calls[end].key, service))
        end++;
    *count = end - first;
    return catalog_calls + first;
}

bool catalog_action_reads(const char *action)
{
    static const char *const verbs[] = {
        "get",    "list",   "describe", "head",      "query",     "scan",     "batchGet",
        "search", "lookup", "select",   "check",     "test",      "validate", "transactGet",
        "detect", "verify", "analyze",  "translate", "recognize", "classify", "compare",
    };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strncmp(action, verbs[i], strlen(verbs[i])) == 0)
            return true;
    return false;
}
