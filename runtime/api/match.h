/*
 * match.h - URLs: which route a request means, and its parameters decoded.
 *
 * In: method, path and query as they were sent.  Out: the route and pairs of names and values.
 * Rules, as API Gateway has them: a slash at the end doesn't count; where several templates fit, a
 * constant segment wins over a variable, from left to right; a variable takes one segment, which is
 * not empty; escapes (%XX) are decoded once, and in a query "+" is a blank.
 * An escape that isn't one, and text that isn't UTF-8 once decoded, make the URL bad.
 */
#ifndef ASLRT_MATCH_H
#define ASLRT_MATCH_H

#include "runtime/api/map.h"

enum aslrt_match {
    ASLRT_MATCH_ROUTE,
    ASLRT_MATCH_NO_METHOD, /* the path exists: `path` says which */
    ASLRT_MATCH_NO_PATH,
    ASLRT_MATCH_BAD,
};

struct aslrt_matched {
    const struct aslrt_route *route; /* with ASLRT_MATCH_ROUTE */
    const char *path;                /* the template, of a route or of its neighbours */
    struct aslrt_pairs params;       /* of the path, decoded */
};

/* Memory runs out through the trap of the arena's account. */
enum aslrt_match aslrt_api_match(const struct aslrt_api *api, const char *method,
                                 struct aslrt_value target, struct aslrt_arena *arena,
                                 struct aslrt_matched *matched);

/* The parameters of a query (the text behind "?", or undefined).  False: it is bad. */
bool aslrt_query_read(struct aslrt_value query, struct aslrt_arena *arena,
                      struct aslrt_pairs *params);

#endif
