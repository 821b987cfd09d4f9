/*
 * cmd_eval.c - aslc eval: one JSONata expression on one input.
 */
#include "compiler/driver/commands.h"

#include <time.h>

static bool read_json(struct session *s, enum flag_id flag, struct aslrt_value *out)
{
    size_t count;
    struct aslrt_json_error error;
    if (!s->cli.given[flag])
        return true;
    const char *text = session_json_text(s, flag, &count);
    if (text == NULL)
        return false;
    if (aslrt_json_read(s->arena, text, count, out, &error) == ASLRT_OK)
        return true;
    session_trouble(s, "'--%s' is no JSON: %s at line %u, column %u", flag_table[flag].word,
                    error.message, error.line, error.column);
    return false;
}

static int expression_error(const struct aslrt_expr_error *e)
{
    fprintf(stderr, "aslc: %s%s%s", e->code, e->code[0] == '\0' ? "" : ": ", e->message);
    if (e->position >= 0)
        fprintf(stderr, " (at character %lld)", (long long)e->position);
    fputc('\n', stderr);
    return EXIT_ERRORS;
}

int cmd_eval(struct session *s)
{
    if (!s->cli.given[FLAG_JSONATA]) {
        session_trouble(s, "'eval' needs an expression: --jsonata EXPR");
        return EXIT_TROUBLE;
    }
    struct aslrt_jsonata_options options = {0};
    const char *version =
        s->cli.given[FLAG_JSONATA_VERSION] ? s->cli.value[FLAG_JSONATA_VERSION] : "2.0.6";
    if (strcmp(version, "2.2") == 0)
        options.version = ASLRT_JSONATA_2_2;
    else if (strcmp(version, "2.0.6") != 0) {
        session_trouble(s, "'--jsonata-version' takes 2.0.6 or 2.2, not '%s'", version);
        return EXIT_TROUBLE;
    }
    struct aslrt_value input = aslrt_undefined(), bindings = aslrt_undefined();
    if (!read_json(s, FLAG_INPUT, &input) || !read_json(s, FLAG_BINDINGS, &bindings))
        return EXIT_TROUBLE;
    const char *text = s->cli.value[FLAG_JSONATA];
    const struct aslrt_jsonata *program;
    struct aslrt_expr_error error;
    if (aslrt_jsonata_compile(s->arena, text, strlen(text), &options, &program, &error) != ASLRT_OK)
        return expression_error(&error);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct aslrt_jsonata_eval eval = {.input = input,
                                      .now_ms = now.tv_sec * 1000LL + now.tv_nsec / 1000000};
    struct aslrt_binding *list =
        ASLRT_NEW_ARRAY(s->arena, struct aslrt_binding, bindings.count + 1);
    for (uint32_t i = 0; bindings.kind == ASLRT_OBJECT && i < bindings.count; i++) {
        const struct aslrt_member *m = &bindings.as.members[i];
        list[i].name = aslrt_copy_text(s->arena, m->key.as.bytes, m->key.count);
        list[i].value = m->value;
        eval.binding_count++;
    }
    eval.bindings = list;
    struct aslrt_value result;
    if (aslrt_jsonata_eval(program, &eval, s->arena, &result, &error) != ASLRT_OK)
        return expression_error(&error);
    size_t count;
    if (result.kind == ASLRT_UNDEFINED || result.kind == ASLRT_FUNCTION)
        return EXIT_FINE;
    if (aslrt_json_write_pretty(s->arena, result, &text, &count) != ASLRT_OK)
        return EXIT_TROUBLE;
    puts(text);
    return EXIT_FINE;
}
