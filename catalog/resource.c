/*
 * resource.c - takes the Resource of a Task apart: service, action, pattern.
 *
 * In: the text of a Resource, with ${placeholders} of any tool in it.  Out: struct
 * catalog_resource. The parts of an ARN are separated by colons, but a placeholder may hold colons
 * of its own
 * ("arn:${AWS::Partition}:states:::..."), so that parts are found outside of ${...}.
 * Rules: developer guide, "Discover service integration patterns"; what was recorded of refused
 * definitions (no dynamodb:query, no .sync on an SDK call).
 */
#include "catalog/catalog.h"

#include <ctype.h>
#include <string.h>

struct part {
    const char *start;
    size_t count;
};

/* Takes the text up to the next colon outside of a placeholder; `*rest` is then behind the colon.
 */
static struct part next_part(const char **rest)
{
    const char *p = *rest;
    struct part part = {p, 0};
    while (*p != '\0' && *p != ':') {
        const char *close = p[0] == '$' && p[1] == '{' ? strchr(p, '}') : NULL;
        p = close != NULL ? close + 1 : p + 1;
    }
    part.count = (size_t)(p - part.start);
    *rest = *p == ':' ? p + 1 : p;
    return part;
}

static bool part_is(struct part part, const char *text)
{
    return part.count == strlen(text) && memcmp(part.start, text, part.count) == 0;
}

static bool has_placeholder(struct part part)
{
    for (size_t i = 0; i + 1 < part.count; i++)
        if (part.start[i] == '$' && part.start[i + 1] == '{')
            return memchr(part.start + i, '}', part.count - i) != NULL;
    return false;
}

/* Copies what fits; a longer name is no name that the catalog knows. */
static void copy(char *to, size_t room, struct part part)
{
    size_t n = part.count < room ? part.count : room - 1;
    memcpy(to, part.start, n);
    to[n] = '\0';
}

static struct part behind(const char *rest)
{
    struct part part = {rest, strlen(rest)};
    return part;
}

/* Splits "putItem.waitForTaskToken" into action and pattern. */
static void read_action(struct catalog_resource *r, struct part part)
{
    static const struct {
        const char *suffix;
        enum catalog_pattern pattern;
    } patterns[] = {
        {"sync", CATALOG_RUN_JOB},
        {"sync:2", CATALOG_RUN_JOB_2},
        {"waitForTaskToken", CATALOG_WAIT_FOR_TOKEN},
    };
    struct part action = part;
    const char *dot = memchr(part.start, '.', part.count);
    if (dot != NULL && !has_placeholder(part)) {
        action.count = (size_t)(dot - part.start);
        struct part suffix = {dot + 1, part.count - action.count - 1};
        copy(r->suffix, sizeof r->suffix, suffix);
        r->problem = CATALOG_UNKNOWN_PATTERN;
        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
            if (part_is(suffix, patterns[i].suffix)) {
                r->pattern = patterns[i].pattern;
                r->problem = CATALOG_FINE;
            }
        }
    }
    copy(r->action, sizeof r->action, action);
}

static void set_key(struct catalog_resource *r)
{
    char *to = r->key;
    const char *const parts[] = {r->kind == CATALOG_SDK_CALL ? "aws-sdk:" : "", r->service, ":",
                                 r->action};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n = strlen(parts[i]);
        memcpy(to, parts[i], n);
        to += n;
    }
    *to = '\0';
    r->call = catalog_find(r->key);
}

/* "SERVICE:ACTION[.PATTERN]" or "aws-sdk:SERVICE:ACTION[.waitForTaskToken]" behind
 * "arn:X:states:::". */
static void read_integration(struct catalog_resource *r, const char *rest)
{
    struct part service = next_part(&rest);
    r->kind = CATALOG_OPTIMISED;
    if (part_is(service, "aws-sdk")) {
        r->kind = CATALOG_SDK_CALL;
        service = next_part(&rest);
    }
    struct part action = behind(rest);
    if (has_placeholder(service) || has_placeholder(action)) {
        r->kind = CATALOG_OPAQUE;
        return;
    }
    copy(r->service, sizeof r->service, service);
    read_action(r, action);
    bool sdk = r->kind == CATALOG_SDK_CALL;
    r->owner = catalog_find_service(r->service, sdk);
    set_key(r);
    if (r->owner == NULL) {
        r->problem = CATALOG_UNKNOWN_SERVICE;
    } else if (sdk && isupper((unsigned char)r->action[0])) {
        r->problem = CATALOG_ACTION_CASE;
    } else if (r->call == NULL) {
        uint32_t known;
        catalog_service_calls(r->owner, &known);
        if (known > 0 || r->action[0] == '\0')
            r->problem = CATALOG_UNKNOWN_ACTION;
        else if (r->problem == CATALOG_FINE &&
                 (r->pattern == CATALOG_RUN_JOB || r->pattern == CATALOG_RUN_JOB_2))
            r->problem = CATALOG_WRONG_PATTERN;
    } else if (r->problem == CATALOG_FINE && !catalog_supports(r->call, r->pattern)) {
        r->problem = CATALOG_WRONG_PATTERN;
    }
}

/* "function:NAME" or "function:NAME:QUALIFIER": a version, an alias or $LATEST.  Of the qualifier
   an empty one, or one that no alias can have, names nothing. */
static bool is_function(const char *rest)
{
    static const char alias[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_$";
    struct part word = next_part(&rest);
    struct part name = next_part(&rest);
    if (!part_is(word, "function") || name.count == 0)
        return false;
    if (name.start[name.count] == '\0')
        return true;
    return *rest != '\0' && strspn(rest, alias) == strlen(rest);
}

void catalog_parse_resource(const char *arn, struct catalog_resource *out)
{
    memset(out, 0, sizeof *out);
    const char *rest = arn;
    struct part head = next_part(&rest);
    if (!part_is(head, "arn")) {
        out->kind = has_placeholder(behind(arn)) ? CATALOG_OPAQUE : CATALOG_FOREIGN;
        out->problem = out->kind == CATALOG_FOREIGN ? CATALOG_NOT_AN_ARN : CATALOG_FINE;
        return;
    }
    copy(out->partition, sizeof out->partition, next_part(&rest));
    struct part space = next_part(&rest);
    struct part region = next_part(&rest);
    struct part account = next_part(&rest);
    if (has_placeholder(space)) {
        out->kind = CATALOG_OPAQUE;
    } else if (part_is(space, "lambda")) {
        out->kind = CATALOG_FUNCTION;
        out->problem =
            has_placeholder(behind(arn)) || is_function(rest) ? CATALOG_FINE : CATALOG_NOT_AN_ARN;
        copy(out->service, sizeof out->service, behind("lambda"));
        copy(out->action, sizeof out->action, behind("invoke"));
        copy(out->key, sizeof out->key, behind("lambda:function-arn"));
    } else if (part_is(space, "states") && region.count == 0 && account.count == 0) {
        read_integration(out, rest);
        return;
    } else if (part_is(space, "states")) {
        /* With region and account it is an activity; published machines also write integrations so.
         */
        const char *integration = rest;
        struct part what = next_part(&rest);
        if (!part_is(what, "activity")) {
            read_integration(out, integration);
            return;
        }
        out->kind = CATALOG_ACTIVITY;
        copy(out->key, sizeof out->key, behind("activity"));
    } else {
        out->kind = CATALOG_FOREIGN;
        out->problem = space.count == 0 ? CATALOG_NOT_AN_ARN : CATALOG_UNKNOWN_SERVICE;
    }
    out->call = catalog_find(out->key);
    if (out->service[0] != '\0')
        out->owner = catalog_find_service(out->service, false);
}
