/*
 * asl_jsonata.c - JSONata expressions in fields, as the service judges them when a machine is
 * created.
 *
 * The expression is compiled by runtime/expr in the service's dialect; its errors are placed in the
 * file.  Beyond that, a call of a function that nobody defines is reported: the service lets it
 * pass, and every run fails.
 */
#include "compiler/base/suggest.h"
#include "compiler/front/asl_int.h"
#include "runtime/expr/jsonata_ast.h"

#include <ctype.h>

/* Bytes of "{%". */
enum { DELIMITER = 2 };

struct expression {
    struct asl_reader *r;
    const struct asl_at *at;
    const struct jnode *value; /* the string, with its delimiters */
};

static struct span place(const struct expression *e, uint32_t from, uint32_t to)
{
    return asl_part(e->r, e->value, from + DELIMITER, to + DELIMITER);
}

/* ---- what the compiler of expressions refuses ---- */

/* Positions are behind the token at fault (that is how jsonata-js counts): finds its beginning. */
static struct span error_place(const struct expression *e, const struct aslrt_expr_error *error)
{
    uint32_t end = (uint32_t)error->offset;
    if (error->position < 0)
        return e->value->span;
    const char *text = e->value->text + DELIMITER;
    uint32_t count = error->token.kind == ASLRT_STRING ? error->token.count : 0;
    if (count != 0 && count <= end && memcmp(text + end - count, error->token.as.bytes, count) == 0)
        return place(e, end - count, end);
    return place(e, end > 0 ? end - 1 : 0, end);
}

static void report_error(const struct expression *e, const struct aslrt_expr_error *error)
{
    bool unsupported = strcmp(error->code, "ASL") == 0;
    size_t n = strlen(error->message);
    char *text = aslrt_copy_text(e->r->arena, error->message, n);
    if (n > 0 && text[n - 1] == '.') /* our messages are no sentences */
        text[n - 1] = '\0';
    text[0] = (char)tolower((unsigned char)text[0]);
    struct diag *d;
    if (unsupported) {
        d = asl_begin(e->r, e->at, DIAG_ASL_JSONATA_UNSUPPORTED, error_place(e, error),
                      "the service does not take this expression: %s", text);
        if (strstr(error->message, "top level") != NULL)
            diag_help(d, "an expression has no context of its own; the input is '$states.input'");
    } else {
        d = asl_begin(e->r, e->at, DIAG_ASL_JSONATA_SYNTAX, error_place(e, error),
                      "the expression does not parse: %s", text);
        if (error->code[0] != '\0')
            diag_note(d, "JSONata calls this %s", error->code);
    }
    diag_service(d, 0, "%s", error->message);
    diag_end(d);
}

/* ---- functions that don't exist ---- */

static const char *nearest_function(const char *name)
{
    static const char *const names[] = {
#define BUILTIN(name, signature, arity, where)           #name,
#define BUILTIN_NAMED(id, name, signature, arity, where) name,
#include "runtime/expr/jsonata_functions.def"
#undef BUILTIN
#undef BUILTIN_NAMED
    };
    return suggest(name, names, sizeof names / sizeof names[0]);
}

/* A called variable that is neither built in nor bound in the expression is a variable of the
   machine, and those hold no functions. */
static void check_call(const struct expression *e, const struct jsonata_node *procedure)
{
    if (procedure->kind != JSONATA_VARIABLE || procedure->global == 0 || procedure->function != 0 ||
        procedure->place_count != 0 || procedure->value.count == 0)
        return;
    const char *name =
        aslrt_copy_text(e->r->arena, procedure->value.as.bytes, procedure->value.count);
    struct span span = place(e, procedure->start, procedure->end);
    struct diag *d =
        asl_begin(e->r, e->at, DIAG_ASL_JSONATA_FUNCTION, span, "there is no function '$%s'", name);
    const char *near = nearest_function(name);
    if (strcmp(name, "eval") == 0)
        diag_help(d, "Step Functions leaves '$eval' out; '$parse' reads JSON");
    else if (near != NULL)
        diag_fix(d, span, false, "$%s", near);
    diag_end(d);
}

static void check_calls(const struct expression *e, const struct jsonata_node *n);

static void check_child(void *data, struct jsonata_node *child)
{
    check_calls(data, child);
}

/* Recursion is as deep as the tree, which its compiler has bounded. */
static void check_calls(const struct expression *e, const struct jsonata_node *n)
{
    if (n->kind == JSONATA_CALL || n->kind == JSONATA_PARTIAL)
        check_call(e, n->procedure);
    aslrt_jsonata_children(n, check_child, (void *)e);
}

void asl_check_expression(struct asl_reader *r, const struct asl_at *at, const struct jnode *value)
{
    struct expression e = {r, at, value};
    struct aslrt_jsonata_options options = {.dialect = ASLRT_JSONATA_ASL, .states = at->states};
    const struct aslrt_jsonata *program;
    struct aslrt_expr_error error;
    enum aslrt_status status =
        aslrt_jsonata_compile(r->arena, value->text + DELIMITER, value->count - 2 * DELIMITER,
                              &options, &program, &error);
    if (status == ASLRT_SYNTAX && asl_has_placeholder(value))
        return; /* it may parse once it is filled in */
    if (status == ASLRT_SYNTAX)
        report_error(&e, &error);
    else if (status == ASLRT_OK)
        check_calls(&e, aslrt_jsonata_root(program));
    else
        aslrt_escape(r->arena->memory, status);
}
