/*
 * asl_request.c - the parameters of a service call, as far as they can be judged without the
 * service's model: SDK calls spell theirs with a capital letter, and some calls need some.
 *
 * HTTP tasks have an address besides.  Only a request that is written down as an object is judged;
 * an expression may give anything.
 */
#include "compiler/base/suggest.h"
#include "compiler/front/asl_int.h"

#include <ctype.h>

struct request {
    const char *key, *needed, *others;
};

static const struct request requests[] = {
#define ASL_REQUEST(key, needed, others) {key, needed, others},
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

/* True when the request has the parameter, as it is or computed ("Name.$"), or with a small first
   letter, which is reported apart. */
static bool has_parameter(const struct jnode *request, const char *name, size_t count)
{
    for (uint32_t i = 0; i < request->count; i++) {
        const char *key = request->members[i].key;
        if (toupper((unsigned char)key[0]) == name[0] &&
            strncmp(key + 1, name + 1, count - 1) == 0 &&
            (key[count] == '\0' || strcmp(key + count, ".$") == 0))
            return true;
    }
    return false;
}

/* One entry of the list, "A" or "A|B". */
static void check_parameter(struct asl_reader *r, const struct asl_at *at,
                            const struct jnode *request, const char *integration, const char *entry,
                            size_t count)
{
    for (size_t i = 0; i < count;) {
        size_t n = strcspn(entry + i, "| ");
        if (has_parameter(request, entry + i, n))
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

/* True when `words`, which blanks and bars separate, has the word. */
static bool lists(const char *words, const char *word, size_t count)
{
    for (size_t n; *words != '\0'; words += n + (words[n] != '\0')) {
        n = strcspn(words, "| ");
        if (n == count && strncmp(words, word, n) == 0)
            return true;
    }
    return false;
}

static const char *nearest_parameter(struct asl_reader *r, const struct request *request,
                                     const char *name)
{
    const char *const words[] = {request->needed, request->others};
    const char *list[64];
    uint32_t count = 0;
    for (int i = 0; i < 2; i++) {
        for (const char *w = words[i]; *w != '\0' && count < 64;) {
            size_t n = strcspn(w, "| ");
            list[count++] = aslrt_copy_text(r->arena, w, n);
            w += n + (w[n] != '\0');
        }
    }
    return suggest(name, list, count);
}

/* A parameter that the call does not have: a warning, because services gain some.  Small first
 * letters of SDK calls are reported apart. */
static void check_unknown(struct asl_reader *r, const struct asl_at *at, const struct jnode *object,
                          const struct request *request, bool sdk)
{
    for (uint32_t i = 0; request->others != NULL && i < object->count; i++) {
        const struct jmember *m = &object->members[i];
        bool computed = at->language == IR_JSONPATH && m->key_count > 2 &&
                        strcmp(m->key + m->key_count - 2, ".$") == 0;
        size_t count = m->key_count - (computed ? 2 : 0);
        if (lists(request->needed, m->key, count) || lists(request->others, m->key, count) ||
            strstr(m->key, "${") != NULL || (sdk && islower((unsigned char)m->key[0])))
            continue;
        const char *name = aslrt_copy_text(r->arena, m->key, count);
        const char *near = nearest_parameter(r, request, name);
        struct diag *d = asl_begin(r, at, DIAG_ASL_REQUEST_UNKNOWN, m->key_span,
                                   "a request of '%s' has no parameter '%s'", request->key, name);
        if (near != NULL)
            diag_fix(d, m->key_span, false, "\"%s%s\"", near, computed ? ".$" : "");
        diag_end(d);
    }
}

static bool is_local(const char *address)
{
    return strncmp(address, "localhost", 9) == 0 || strncmp(address, "127.", 4) == 0 ||
           strncmp(address, "[::1]", 5) == 0;
}

/* guide: HTTP Task, ApiEndpoint.  Local addresses are for trying a machine out. */
static void check_http(struct asl_reader *r, const struct asl_at *at, const struct jnode *request)
{
    const struct jnode *address = jnode_get(request, "ApiEndpoint");
    if (jnode_is(address, J_STRING) && strncmp(address->text, "http://", 7) == 0 &&
        !is_local(address->text + 7)) {
        struct asl_at here = asl_key(at, "ApiEndpoint");
        struct diag *d = asl_begin(r, &here, DIAG_PLAIN_HTTP, address->span,
                                   "'%s' is not encrypted", address->text);
        diag_help(d, "an HTTP task calls 'https://' addresses");
        diag_end(d);
    }
}

void asl_check_request(struct asl_reader *r, const struct asl_at *at, const struct ir_state *state)
{
    bool jsonata = state->language == IR_JSONATA;
    const struct jnode *request = jsonata ? state->arguments : state->parameters;
    struct asl_at here = asl_key(at, jsonata ? "Arguments" : "Parameters");
    if (!jnode_is(request, J_OBJECT) || jnode_is_opaque(request) || state->integration == NULL)
        return;
    bool sdk = strncmp(state->integration, "aws-sdk:", 8) == 0;
    if (sdk)
        check_case(r, &here, request);
    if (strcmp(state->integration, "http:invoke") == 0)
        check_http(r, &here, request);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        const char *entry = requests[i].needed;
        if (strcmp(requests[i].key, state->integration) != 0)
            continue;
        check_unknown(r, &here, request, &requests[i], sdk);
        for (size_t n; (n = strcspn(entry, " ")) != 0; entry += n + (entry[n] == ' '))
            check_parameter(r, &here, request, state->integration, entry, n);
    }
}
