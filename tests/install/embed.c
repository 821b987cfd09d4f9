/*
 * embed.c - a program that embeds the installed libraries, as C11 and as C++: what pkg-config says
 * must be enough to compile and link it, shared and static.
 *
 * Each of the three libraries does something that only it can do: an expression is evaluated
 * (aslrt), an item is written to a durable store and read back (aslrt-io), a text is compiled and
 * checked (aslc). Input: the name of a database file.  Exit code 0 when everything gives what it
 * must; else a line says what did not.  All memory belongs to one account, which is closed at the
 * end.
 */
#include <aslc/compiler.h>
#include <aslc/runtime.h>

#include <stdio.h>

/* Reads JSON and stops the embedder where there is none: the texts below are its own. */
static struct aslrt_value json(struct aslrt_arena *arena, const char *text)
{
    struct aslrt_value value = aslrt_undefined();
    if (aslrt_json_read(arena, text, strlen(text), &value, NULL) != ASLRT_OK)
        printf("this is no JSON: %s\n", text);
    return value;
}

static bool evaluates(struct aslrt_arena *arena)
{
    static const char text[] = "$sum(a)";
    const struct aslrt_jsonata *program = NULL;
    struct aslrt_expr_error error;
    if (aslrt_jsonata_compile(arena, text, sizeof text - 1, NULL, &program, &error) != ASLRT_OK)
        return false;
    struct aslrt_jsonata_eval eval;
    memset(&eval, 0, sizeof eval);
    eval.input = json(arena, "{\"a\":[1,2,39]}");
    struct aslrt_value result = aslrt_undefined();
    return aslrt_jsonata_eval(program, &eval, arena, &result, &error) == ASLRT_OK &&
           aslrt_equal(result, aslrt_int(42));
}

static bool stores(struct aslrt_memory *memory, struct aslrt_arena *arena, const char *file)
{
    struct aslrt_store *store = NULL;
    char why[200];
    if (aslrt_store_sqlite(memory, file, &store, why, sizeof why) != ASLRT_OK) {
        printf("%s: %s\n", file, why);
        return false;
    }
    struct aslrt_table_def table;
    memset(&table, 0, sizeof table);
    table.name = "notes";
    table.key.name = "id";
    table.key.type = 'S';
    struct aslrt_store_answer answer;
    memset(&answer, 0, sizeof answer);
    bool good =
        aslrt_store_create_table(store, &table) == ASLRT_OK &&
        aslrt_store_call(store, "PutItem",
                         json(arena, "{\"TableName\":\"notes\",\"Item\":{\"id\":{\"S\":\"1\"}}}"),
                         0, arena, &answer) == ASLRT_OK &&
        answer.error == NULL &&
        aslrt_store_call(store, "GetItem",
                         json(arena, "{\"TableName\":\"notes\",\"Key\":{\"id\":{\"S\":\"1\"}}}"), 0,
                         arena, &answer) == ASLRT_OK &&
        answer.error == NULL &&
        aslrt_is(aslrt_field(aslrt_field(aslrt_field(answer.result, "Item"), "id"), "S"), "1");
    aslrt_store_close(store);
    return good;
}

static bool compiles(void)
{
    struct aslc_request request;
    memset(&request, 0, sizeof request);
    request.name = "flow.asl.json";
    request.text = "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Next\":\"B\"}}}";
    request.count = strlen(request.text);
    const struct aslc_result *result = aslc_compile(&request);
    bool good = result != NULL && result->error_count == 1 &&
                strcmp(result->diagnostics[0].slug, "unknown-state") == 0;
    aslc_result_close(result);
    return good && strcmp(aslc_version(), aslrt_version()) == 0;
}

int main(int argc, char **argv)
{
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = memory != NULL ? aslrt_arena_open(memory) : NULL;
    if (arena == NULL || argc != 2)
        return 2;
    bool evaluated = evaluates(arena), stored = stores(memory, arena, argv[1]),
         compiled = compiles();
    printf("evaluates: %d, stores: %d, compiles: %d\n", evaluated, stored, compiled);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
    return evaluated && stored && compiled ? 0 : 1;
}
