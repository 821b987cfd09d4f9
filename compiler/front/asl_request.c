/*
 * asl_request.c - the parameters of a service call, as far as they can be judged without the
 * service's model: SDK calls spell theirs with a capital letter, and some calls need some.
 *
 * Only a request that is written down as an object is judged; an expression may give anything.
 */
#include "compiler/front/asl_int.h"

#include <ctype.h>

static const struct {
    const char *key, *parameters;
} requests[] = {
#define ASL_REQUEST(key, parameters) {key, parameters},
#include "compiler/front/asl_requests.def"
#undef ASL_REQUEST
};

/* "queueUrl" is "QueueUrl" here, whatever the service's own API has. */
static void check_case(struct asl_reader *r, const struct asl_at *at, const struct jnode *request)
{
    for (uint32_t i = 0; i < request->count; i++) {
        const struct jmember *m = &request->members[i];
        if (!islower((unsigned char)m->key[0]))
            continue;
        struct asl_at here = asl_key(at, m->key);
        struct diag *d = asl_begin(r, &here, DIAG_ASL_REQUEST_CASE, m->key_span,
                                   "the parameter '%s' begins with a small letter", m->key);
        diag_service(d, 1, "The field '%s' is not supported by Step Functions", m->key);
        diag_fix(d, m->key_span, false, "\"%c%s\"", toupper((unsigned char)m->key[0]), m->key + 1);
        diag_end(d);
    }
}

/* True when the request has the parameter, as it is or computed ("Name.$"). */
static bool has_parameter(struct asl_reader *r, const struct jnode *request, const char *name,
                          size_t count)
{
    const char *plain = aslrt_copy_text(r->arena, name, count);
    struct aslrt_buffer computed = aslrt_buffer_in(r->arena);
    aslrt_buffer_format(&computed, "%s.$", plain);
    return jnode_member(request, plain) != NULL ||
           jnode_member(request, aslrt_buffer_close(&computed)) != NULL;
}

/* One entry of the list, "A" or "A|B". */
static void check_parameter(struct asl_reader *r, const struct asl_at *at,
                            const struct jnode *request, const char *integration, const char *entry,
                            size_t count)
{
    for (size_t i = 0; i < count;) {
        size_t n = strcspn(entry + i, "| ");
        if (has_parameter(r, request, entry + i, n))
            return;
        i += n + 1;
    }
    struct aslrt_buffer names = aslrt_buffer_in(r->arena);
    for (size_t i = 0; i < count;) {
        size_t n = strcspn(entry + i, "| ");
        aslrt_buffer_format(&names, "%s'%.*s'", i == 0 ? "" : " or ", (int)n, entry + i);
        i += n + 1;
    }
    struct span brace = {request->span.source, request->span.start, request->span.start + 1};
    struct diag *d = asl_begin(r, at, DIAG_ASL_REQUEST_MISSING, brace, "a request of '%s' needs %s",
                               integration, aslrt_buffer_close(&names));
    if (memchr(entry, '|', count) != NULL)
        diag_service_code(d,
                          ""); /* the model has no alternatives: the call fails when it is made */
    else
        diag_service(d, 0, "The field '%.*s' is required but was missing", (int)count, entry);
    diag_end(d);
}

void asl_check_request(struct asl_reader *r, const struct asl_at *at, const struct ir_state *state)
{
    bool jsonata = state->language == IR_JSONATA;
    const struct jnode *request = jsonata ? state->arguments : state->parameters;
    struct asl_at here = asl_key(at, jsonata ? "Arguments" : "Parameters");
    if (!jnode_is(request, J_OBJECT) || asl_is_opaque(request) || state->integration == NULL)
        return;
    if (strncmp(state->integration, "aws-sdk:", 8) == 0)
        check_case(r, &here, request);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        const char *entry = requests[i].parameters;
        if (strcmp(requests[i].key, state->integration) != 0)
            continue;
        for (size_t n; (n = strcspn(entry, " ")) != 0; entry += n + (entry[n] == ' '))
            check_parameter(r, &here, request, state->integration, entry, n);
    }
}
