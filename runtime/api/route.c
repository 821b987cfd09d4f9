/*
 * route.c - what is asked of the data of route.h by both of its readers.
 */
#include "runtime/api/route.h"
#include "runtime/base/buffer.h"

const struct aslrt_gateway aslrt_gateways[ASLRT_GATEWAY_COUNT] = {
#define GATEWAY(id, type, status, error, message)                                                  \
    {type, status, error, "{\"error\":\"" error "\",\"message\":\"" message "\"}"},
#include "runtime/api/gateway.def"
#undef GATEWAY
};

#define HAS(header)                                                                                \
    bool aslrt_route_has_##header(const struct aslrt_route *route)                                 \
    {                                                                                              \
        for (uint32_t i = 0; i < route->response_count; i++)                                       \
            if (route->responses[i].header)                                                        \
                return true;                                                                       \
        return false;                                                                              \
    }
HAS(etag)
HAS(location)
HAS(retry_after)
#undef HAS

uint32_t aslrt_route_segments(const struct aslrt_route *route)
{
    uint32_t n = 0;
    for (const char *p = route->path; *p != '\0'; p++)
        if (*p == '/' && p[1] != '\0')
            n++;
    return n;
}

const char *aslrt_api_allow(struct aslrt_arena *arena, const struct aslrt_api *api,
                            const char *path)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    for (uint32_t i = 0; i < api->route_count; i++) {
        if (strcmp(api->routes[i].path, path) != 0)
            continue;
        if (b.count != 0)
            aslrt_buffer_text(&b, ", ");
        aslrt_buffer_text(&b, api->routes[i].method);
    }
    if (api->cors_count != 0)
        aslrt_buffer_text(&b, ", OPTIONS");
    return aslrt_buffer_close(&b);
}
