/*
 * main.c - a program of your own with a state machine in it: prices parcels with quote.asl.json.
 *
 * In: the machine as `aslc build quote.asl.json -o quote.aslc --emit native` makes it.
 * Out: a line of JSON for each parcel.  The machine asks for a Lambda function named 'rate', and
 * the C function call_rate stands for it.  Nothing leaves the process, and waits take no time.
 */
#include "quote.h"

#include <stdio.h>

/* Answers the machine's calls of Lambda.  The first call of all is throttled, so that a retry can
   be seen.  The reply borrows from constants; what is computed would be copied to `arena`. */
static enum aslrt_status call_rate(void *self, const struct aslrt_call *call,
                                   struct aslrt_arena *arena, struct aslrt_reply *reply)
{
    static const struct rate {
        const char *zone;
        double price;
    } rates[] = {{"near", 1.25}, {"far", 4.5}};
    unsigned *calls = self;

    if (strcmp(call->service, "lambda") != 0 ||
        !aslrt_is(aslrt_field(call->arguments, "FunctionName"), "rate"))
        return ASLRT_MISUSE; /* another service may know it */
    if ((*calls)++ == 0) {
        reply->error = "Lambda.TooManyRequestsException";
        return ASLRT_OK;
    }
    struct aslrt_value zone = aslrt_field(aslrt_field(call->arguments, "Payload"), "zone");
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        if (!aslrt_is(zone, rates[i].zone))
            continue;
        struct aslrt_member rate = {aslrt_text("rate"), aslrt_double(rates[i].price)};
        struct aslrt_member payload = {aslrt_text("Payload"), aslrt_object(&rate, 1)};
        return aslrt_value_copy(arena, aslrt_object(&payload, 1), &reply->result);
    }
    reply->error = "UnknownZone";
    return ASLRT_OK;
}

/* Runs the machine once and prints how it ended. */
static enum aslrt_status price(struct aslrt_execution *execution, const char *parcel)
{
    struct aslrt_outcome outcome;
    const char *text;
    size_t count;
    enum aslrt_status status = aslrt_run_text(execution, parcel, strlen(parcel), &outcome);
    if (status == ASLRT_OK)
        status = aslrt_outcome_json(execution, &outcome, &text, &count);
    if (status == ASLRT_OK)
        printf("%.*s\n", (int)count, text);
    else
        fprintf(stderr, "%s\n", aslrt_problem(execution));
    return status;
}

int main(void)
{
    static const char *const parcels[] = {
        "{\"zone\":\"near\",\"kilograms\":3}",
        "{\"zone\":\"far\",\"kilograms\":0.25}",
        "{\"zone\":\"moon\",\"kilograms\":1}",
    };
    unsigned calls = 0;
    const struct aslrt_service rate = {&calls, call_rate};
    const struct aslrt_service *const services[] = {&rate};
    const struct aslrt_env env = {.services = services, .service_count = 1};

    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_program *program;
    struct aslrt_load_error error;
    if (memory == NULL || aslrt_load(memory, &quote_machine, &program, &error) != ASLRT_OK)
        return 1;
    struct aslrt_execution *execution = aslrt_execution_open(program, &env);
    enum aslrt_status status = execution == NULL ? ASLRT_NOMEM : ASLRT_OK;
    for (size_t i = 0; i < sizeof parcels / sizeof parcels[0] && status == ASLRT_OK; i++)
        status = price(execution, parcels[i]);
    if (execution != NULL)
        aslrt_execution_close(execution);
    aslrt_unload(program);
    aslrt_memory_close(memory);
    return status != ASLRT_OK;
}
