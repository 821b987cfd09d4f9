/*
 * requests.c - the engine's test bench, table form: the definition in a request is read and turned
 * into tables in memory.
 */
#include "tests/exec/answer.h"
#include "tests/exec/definition.h"

static enum aslrt_status machine(void *data, struct aslrt_value request, struct aslrt_arena *arena,
                                 const struct aslrt_machine **out, struct aslrt_value *refusal)
{
    (void)data;
    struct aslrt_value definition = aslrt_field(request, "definition");
    struct aslrt_buffer text = aslrt_buffer_in(arena);
    if (definition.kind == ASLRT_STRING)
        aslrt_buffer_put(&text, definition.as.bytes, definition.count);
    else
        aslrt_json_put(&text, definition, ASLRT_JSON_MINIFIED);
    const char *why;
    *out = definition_build(arena, "machine", aslrt_buffer_close(&text), text.count,
                            aslrt_is(aslrt_field(request, "type"), "EXPRESS"), &why);
    if (*out != NULL)
        return ASLRT_OK;
    *refusal = answer_refusal(arena, why);
    return ASLRT_FAILED;
}

int main(void)
{
    static const struct aslrt_machine_source source = {.machine = machine};
    return answer_all(&source);
}
