/*
 * match.c - matches paths against templates and decodes what they hold; see match.h.
 */
#include "runtime/api/match.h"

#include "runtime/base/utf8.h"

/* ---- escapes ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes a part of a URL.  False when it is bad. */
static bool decode(struct aslrt_arena *arena, const char *text, size_t count, bool plus,
                   struct aslrt_value *out)
{
    char *to = aslrt_alloc(arena, count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        char c = text[i];
        if (c == '%') {
            if (count - i < 3)
                return false;
            int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        to[n++] = c;
    }
    to[n] = '\0';
    *out = aslrt_string(to, (uint32_t)n);
    return aslrt_utf8_check(to, n) == n;
}

/* ---- paths ---- */

/* The next segment of a path that stands at a slash; *p moves to its end. */
static struct aslrt_value next_segment(const char **p, const char *end)
{
    const char *start = ++*p;
    while (*p < end && **p != '/')
        ++*p;
    return aslrt_string(start, (uint32_t)(*p - start));
}

static bool is_variable(struct aslrt_value segment)
{
    return segment.count > 2 && segment.as.bytes[0] == '{' &&
           segment.as.bytes[segment.count - 1] == '}';
}

/* Segments are compared as they were sent, so that "%2F" is no slash and a constant is itself. */
static bool fits(const char *template, const char *target, const char *end)
{
    const char *p = template, *p_end = template + strlen(template);
    if (strcmp(template, "/") == 0)
        return target == end;
    while (p < p_end && target < end) {
        if (*target != '/')
            return false;
        struct aslrt_value want = next_segment(&p, p_end), have = next_segment(&target, end);
        if (have.count == 0)
            return false;
        if (!is_variable(want) &&
            (want.count != have.count || memcmp(want.as.bytes, have.as.bytes, want.count) != 0))
            return false;
    }
    return p == p_end && target == end;
}

/* True when `a` is more specific than `b`; both fit the same path. */
static bool beats(const char *a, const char *b)
{
    const char *a_end = a + strlen(a), *b_end = b + strlen(b);
    while (a < a_end && b < b_end) {
        bool a_variable = is_variable(next_segment(&a, a_end));
        bool b_variable = is_variable(next_segment(&b, b_end));
        if (a_variable != b_variable)
            return b_variable;
    }
    return false;
}

/* Decodes the variables of a path that fits the template. */
static bool read_params(const char *template, const char *target, const char *end,
                        struct aslrt_arena *arena, struct aslrt_pairs *params)
{
    const char *p = template, *p_end = template + strlen(template);
    struct aslrt_pair *items = ASLRT_NEW_ARRAY(arena, struct aslrt_pair, (size_t)(p_end - p));
    uint32_t count = 0;
    while (p < p_end && target < end) {
        struct aslrt_value want = next_segment(&p, p_end), have = next_segment(&target, end);
        if (!is_variable(want))
            continue;
        items[count].name = aslrt_string(want.as.bytes + 1, want.count - 2);
        if (!decode(arena, have.as.bytes, have.count, false, &items[count++].value))
            return false;
    }
    *params = (struct aslrt_pairs){items, count};
    return true;
}

enum aslrt_match aslrt_api_match(const struct aslrt_api *api, const char *method,
                                 struct aslrt_value target, struct aslrt_arena *arena,
                                 struct aslrt_matched *matched)
{
    const char *at = target.as.bytes, *end = at + target.count;
    size_t base = strlen(api->base_path);
    memset(matched, 0, sizeof *matched);
    if (target.count < base || memcmp(at, api->base_path, base) != 0)
        return ASLRT_MATCH_NO_PATH;
    at += base;
    while (end > at && end[-1] == '/')
        end--;
    for (uint32_t i = 0; i < api->route_count; i++) {
        const struct aslrt_route *r = &api->routes[i];
        if (fits(r->path, at, end) && (matched->path == NULL || beats(r->path, matched->path)))
            matched->path = r->path;
    }
    if (matched->path == NULL)
        return ASLRT_MATCH_NO_PATH;
    for (uint32_t i = 0; i < api->route_count; i++) {
        const struct aslrt_route *r = &api->routes[i];
        if (strcmp(r->path, matched->path) == 0 && strcmp(r->method, method) == 0)
            matched->route = r;
    }
    if (matched->route == NULL)
        return ASLRT_MATCH_NO_METHOD;
    return read_params(matched->path, at, end, arena, &matched->params) ? ASLRT_MATCH_ROUTE
                                                                        : ASLRT_MATCH_BAD;
}

/* ---- queries ---- */

bool aslrt_query_read(struct aslrt_value query, struct aslrt_arena *arena,
                      struct aslrt_pairs *params)
{
    *params = (struct aslrt_pairs){NULL, 0};
    if (query.kind != ASLRT_STRING)
        return true;
    const char *p = query.as.bytes, *end = p + query.count;
    uint32_t room = 1, count = 0;
    for (const char *q = p; q < end; q++)
        room += *q == '&';
    struct aslrt_pair *items = ASLRT_NEW_ARRAY(arena, struct aslrt_pair, room);
    while (p < end) {
        const char *stop = memchr(p, '&', (size_t)(end - p));
        if (stop == NULL)
            stop = end;
        const char *equals = memchr(p, '=', (size_t)(stop - p));
        const char *name_end = equals == NULL ? stop : equals;
        const char *value = equals == NULL ? stop : equals + 1;
        if (stop > p && (!decode(arena, p, (size_t)(name_end - p), true, &items[count].name) ||
                         !decode(arena, value, (size_t)(stop - value), true, &items[count].value)))
            return false;
        count += stop > p;
        p = stop + 1;
    }
    *params = (struct aslrt_pairs){items, count};
    return true;
}
