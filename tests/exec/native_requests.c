/*
 * native_requests.c - the engine's test bench, native form: the machines are generated C, compiled
 * with this file; a request names its own by "machine".
 */
#include "tests/exec/answer.h"

struct named_machine {
    const char *name;
    const struct aslrt_machine *machine;
};
extern const struct named_machine generated_machines[];

static enum aslrt_status machine(void *data, struct aslrt_value request, struct aslrt_arena *arena,
                                 const struct aslrt_machine **out, struct aslrt_value *refusal)
{
    (void)data;
    struct aslrt_value name = aslrt_field(request, "machine");
    for (const struct named_machine *m = generated_machines; m->name != NULL; m++)
        if (aslrt_is(name, m->name)) {
            *out = m->machine;
            return ASLRT_OK;
        }
    *refusal = answer_refusal(arena, "no such machine was generated");
    return ASLRT_FAILED;
}

int main(void)
{
    static const struct aslrt_machine_source source = {.machine = machine};
    return answer_all(&source);
}
