/*
 * evaluate.c - one expression on one input; see evaluate.h.
 */
#include "compiler/driver/evaluate.h"
#include "runtime/expr/path_eval.h"

#include <time.h>

bool evaluate_language_of(const char *word, enum evaluate_language *out)
{
    static const char *const words[] = {[EVALUATE_JSONATA] = "jsonata",
                                        [EVALUATE_JSONPATH] = "jsonpath",
                                        [EVALUATE_INTRINSIC] = "intrinsic"};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0) {
            *out = (enum evaluate_language)i;
            return true;
        }
    }
    return false;
}

/* ---- JSONata ---- */

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static bool jsonata_failed(struct aslrt_arena *arena, const struct aslrt_expr_error *from,
                           struct evaluation_error *error)
{
    *error = (struct evaluation_error){aslrt_copy_text(arena, from->code, strlen(from->code)),
                                       from->message, from->token, from->position};
    return false;
}

static bool evaluate_jsonata(struct aslrt_arena *arena, const struct evaluation *e,
                             struct aslrt_value *out, struct evaluation_error *error)
{
    const struct aslrt_jsonata *program;
    struct aslrt_expr_error wrong;
    if (aslrt_jsonata_compile(arena, e->text.as.bytes, e->text.count, &e->options, &program,
                              &wrong) != ASLRT_OK)
        return jsonata_failed(arena, &wrong, error);
    uint32_t count = e->bindings.kind == ASLRT_OBJECT ? e->bindings.count : 0;
    struct aslrt_binding *list = ASLRT_NEW_ARRAY(arena, struct aslrt_binding, count + 1u);
    for (uint32_t i = 0; i < count; i++) {
        const struct aslrt_member *m = &e->bindings.as.members[i];
        list[i].name = aslrt_copy_text(arena, m->key.as.bytes, m->key.count);
        list[i].value = m->value;
    }
    const struct aslrt_jsonata_eval eval = {
        .input = e->input,
        .bindings = list,
        .binding_count = count,
        .now_ms = wall_ms(),
        .time_limit_ms = e->time_limit_ms,
        .depth_limit = e->depth_limit,
    };
    if (aslrt_jsonata_eval(program, &eval, arena, out, &wrong) != ASLRT_OK)
        return jsonata_failed(arena, &wrong, error);
    return true;
}

/* ---- paths and intrinsic functions ---- */

struct reading {
    const struct evaluation *e;
    uint64_t chance;
};

static struct aslrt_value read_context(void *data)
{
    return ((struct reading *)data)->e->context;
}

static struct aslrt_value read_variable(void *data, const char *name, uint32_t count)
{
    return aslrt_get(((struct reading *)data)->e->bindings, name, count);
}

/* splitmix64: each seed has a sequence of its own. */
static uint64_t draw(void *data)
{
    uint64_t x = ((struct reading *)data)->chance += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static bool evaluate_path(struct aslrt_arena *arena, const struct evaluation *e,
                          struct aslrt_value *out, struct evaluation_error *error)
{
    struct aslrt_path_error wrong;
    const struct aslrt_term *term =
        aslrt_path_parse(arena, e->text.as.bytes, e->text.count, &wrong);
    bool call = term != NULL && term->kind == ASLRT_TERM_CALL;
    *error = (struct evaluation_error){"SCHEMA_VALIDATION_FAILED", NULL, aslrt_undefined(), -1};
    if (term == NULL) {
        error->message = wrong.message;
        error->position = wrong.start;
    } else if (call != (e->language == EVALUATE_INTRINSIC)) {
        error->message = call ? "this is a call of an intrinsic function and no path"
                              : "this is a path and no call of an intrinsic function";
        error->position = 0;
    }
    if (error->message != NULL)
        return false;
    struct reading reading = {e, e->seed};
    const struct aslrt_path_scope scope = {
        .arena = arena,
        .input = e->input,
        .data = &reading,
        .context = read_context,
        .variable = read_variable,
        .random = draw,
    };
    struct aslrt_path_fault fault;
    if (aslrt_path_eval(term, &scope, out, &fault))
        return true;
    const struct aslrt_term *at = fault.term != NULL ? fault.term : term;
    *error = (struct evaluation_error){
        "States.Runtime", fault.message,
        aslrt_string(e->text.as.bytes + at->start, at->end - at->start), at->start};
    return false;
}

bool evaluate(struct aslrt_arena *arena, const struct evaluation *e, struct aslrt_value *out,
              struct evaluation_error *error)
{
    return e->language == EVALUATE_JSONATA ? evaluate_jsonata(arena, e, out, error)
                                           : evaluate_path(arena, e, out, error);
}
