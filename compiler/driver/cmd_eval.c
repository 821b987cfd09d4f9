/*
 * cmd_eval.c - aslc eval: one expression on one input.
 */
#include "compiler/driver/commands.h"
#include "compiler/driver/evaluate.h"

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

/* Which expression, in which language. */
static bool read_expression(struct session *s, struct evaluation *e)
{
    static const enum flag_id flags[] = {[EVALUATE_JSONATA] = FLAG_JSONATA,
                                         [EVALUATE_JSONPATH] = FLAG_JSONPATH,
                                         [EVALUATE_INTRINSIC] = FLAG_INTRINSIC};
    unsigned given = 0;
    for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (!s->cli.given[flags[i]])
            continue;
        given++;
        e->language = (enum evaluate_language)i;
        e->text = aslrt_text(s->cli.value[flags[i]]);
    }
    if (given == 1)
        return true;
    session_trouble(
        s, "'eval' needs one expression: --jsonata EXPR, --jsonpath PATH or --intrinsic CALL");
    return false;
}

static bool read_version(struct session *s, struct evaluation *e)
{
    const char *version =
        s->cli.given[FLAG_JSONATA_VERSION] ? s->cli.value[FLAG_JSONATA_VERSION] : "2.0.6";
    if (strcmp(version, "2.2") == 0)
        e->options.version = ASLRT_JSONATA_2_2;
    else if (strcmp(version, "2.0.6") != 0) {
        session_trouble(s, "'--jsonata-version' takes 2.0.6 or 2.2, not '%s'", version);
        return false;
    }
    return true;
}

static int expression_error(const struct evaluation_error *e)
{
    fprintf(stderr, "aslc: %s%s%s", e->code, e->code[0] == '\0' ? "" : ": ", e->message);
    if (e->position >= 0)
        fprintf(stderr, " (at character %lld)", (long long)e->position);
    fputc('\n', stderr);
    return EXIT_ERRORS;
}

int cmd_eval(struct session *s)
{
    struct evaluation e = {.language = EVALUATE_JSONATA};
    struct evaluation_error error;
    struct aslrt_value result;
    double seed = 0;
    if (!read_expression(s, &e) || !read_version(s, &e) || !read_json(s, FLAG_INPUT, &e.input) ||
        !read_json(s, FLAG_CONTEXT, &e.context) || !read_json(s, FLAG_BINDINGS, &e.bindings) ||
        !session_number(s, FLAG_SEED, 0, 9007199254740992.0, &seed))
        return EXIT_TROUBLE;
    e.seed = (uint64_t)seed;
    if (!evaluate(s->arena, &e, &result, &error))
        return expression_error(&error);
    const char *text;
    size_t count;
    if (result.kind == ASLRT_UNDEFINED || result.kind == ASLRT_FUNCTION)
        return EXIT_FINE;
    if (aslrt_json_write_pretty(s->arena, result, &text, &count) != ASLRT_OK)
        return EXIT_TROUBLE;
    puts(text);
    return EXIT_FINE;
}
