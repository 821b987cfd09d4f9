/*
 * outside.c - what a simulated machine may call outside of this process; see outside.h.
 */
#include "compiler/driver/outside.h"
#include "compiler/driver/module.h"
#include "runtime/remote/remote.h"

static aslrt_exchange_fn *find_http(void *data)
{
    void *symbol = module_symbol(data, ASLRT_EXCHANGE_MODULE, ASLRT_EXCHANGE_SYMBOL, "HTTP");
    aslrt_exchange_fn *exchange;
    memcpy(&exchange, &symbol, sizeof exchange); /* C has no cast from void * to a function */
    return exchange;
}

const struct aslrt_service *outside_service(struct session *s)
{
    struct aslrt_remote *remote = aslrt_remote_new(s->arena, find_http, s);
    for (uint32_t i = 0; i < s->cli.repeated_count; i++) {
        const struct cli_value *v = &s->cli.repeated[i];
        const char *name, *target;
        if (v->flag != FLAG_FUNCTION && v->flag != FLAG_ENDPOINT)
            continue;
        if (!session_pair(s, v, &name, &target))
            return NULL;
        if (v->flag == FLAG_FUNCTION)
            aslrt_remote_function(remote, name, target);
        else
            aslrt_remote_map(remote, name, target);
    }
    return aslrt_remote_service(remote);
}
