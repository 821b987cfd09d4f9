/*
 * asl_path.c - fields that hold paths or intrinsic functions.
 *
 * The syntax is runtime/expr/path.h's; here is which of it each field takes, and what people are
 * told. Text with a ${placeholder} in it may be anything once it is filled in: of such a text only
 * what parses is judged.
 */
#include "compiler/base/suggest.h"
#include "compiler/front/asl_int.h"
#include "runtime/expr/path.h"

/* ---- reporting ---- */

static void help_function(struct asl_reader *r, struct diag *d, const struct jnode *value,
                          const struct aslrt_path_error *e)
{
    const uint32_t prefix = 7; /* of "States." */
    const char *near = suggest(e->name + prefix, aslrt_intrinsic_names, ASLRT_INTRINSIC_COUNT);
    if (near != NULL)
        diag_fix(d, asl_part(r, value, e->start + prefix, e->end), false, "%s", near);
}

static void say_template_value(struct diag *d, const struct asl_at *at)
{
    diag_service(d, 1,
                 "The value for the field '%s' must be a valid JSONPath or a valid intrinsic "
                 "function call",
                 at->key);
}

static void report(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                   const struct aslrt_path_error *e, enum diag_code syntax)
{
    enum diag_code code = e->problem == ASLRT_PATH_FUNCTION    ? DIAG_ASL_INTRINSIC
                          : e->problem == ASLRT_PATH_ARGUMENTS ? DIAG_ASL_INTRINSIC_ARGUMENTS
                                                               : syntax;
    struct span span = asl_part(r, value, e->start, e->end);
    struct diag *d;
    if (e->name != NULL)
        d = asl_begin(r, at, code, span, "%s", e->message);
    else
        d = asl_begin(r, at, code, span, "'%s' is not a %s: %s", value->text,
                      value->text[0] == '$' ? "path" : "call of an intrinsic function", e->message);
    if (syntax == DIAG_ASL_TEMPLATE_VALUE)
        say_template_value(d, at);
    if (e->problem == ASLRT_PATH_FUNCTION)
        help_function(r, d, value, e);
    diag_end(d);
}

static bool begins_with(const struct jnode *value, const char *text)
{
    return strncmp(value->text, text, strlen(text)) == 0;
}

/* ---- what is passed to functions ---- */

/* True when the argument of that number must be a number. */
static bool takes_number(enum aslrt_intrinsic function, uint32_t number)
{
    switch (function) {
    case ASLRT_INTRINSIC_MathAdd:
    case ASLRT_INTRINSIC_MathRandom:
    case ASLRT_INTRINSIC_ArrayRange:
        return true;
    case ASLRT_INTRINSIC_ArrayGetItem:
    case ASLRT_INTRINSIC_ArrayPartition:
        return number == 1;
    default:
        return false;
    }
}

/* Constants of the wrong type: such a call fails whenever it runs.  Recursion is as deep as the
   call, which its parser has bounded. */
static void check_constants(struct asl_reader *r, const struct asl_at *at,
                            const struct jnode *value, const struct aslrt_term *term)
{
    for (uint32_t i = 0; term->kind == ASLRT_TERM_CALL && i < term->argument_count; i++) {
        const struct aslrt_term *a = term->arguments[i];
        bool number = takes_number(term->intrinsic, i);
        check_constants(r, at, value, a);
        if (!number || a->kind == ASLRT_TERM_NUMBER || a->kind == ASLRT_TERM_PATH ||
            a->kind == ASLRT_TERM_CALL)
            continue;
        struct diag *d =
            asl_begin(r, at, DIAG_ASL_INTRINSIC_ARGUMENTS, asl_part(r, value, a->start, a->end),
                      "argument %u of States.%s must be a number", i + 1,
                      aslrt_intrinsic_names[term->intrinsic]);
        diag_service_code(d, ""); /* it fails when it runs */
        diag_end(d);
    }
}

/* Parses the value, which must be a string that begins like a path, or like a call where `call`
   says so; reports what is wrong.  NULL when there is nothing to look at. */
static const struct aslrt_term *parse(struct asl_reader *r, const struct asl_at *at,
                                      const struct jnode *value, bool call)
{
    struct aslrt_path_error e;
    if (value->kind != J_STRING) {
        asl_wrong_type(r, at, value, call ? "a path or an intrinsic function" : "a path");
        return NULL;
    }
    if (value->text[0] != '$' && !(call && begins_with(value, "States."))) {
        struct diag *d = asl_begin(r, at, DIAG_ASL_PATH, value->span,
                                   "'%s' is not a path: it does not begin with '$'", value->text);
        if (begins_with(value, "States."))
            diag_help(d, "'%s' does not take intrinsic functions", at->key);
        diag_end(d);
        return NULL;
    }
    const struct aslrt_term *term = aslrt_path_parse(r->arena, value->text, value->count, &e);
    if (!asl_has_placeholder(value)) {
        if (term == NULL)
            report(r, at, value, &e, DIAG_ASL_PATH);
        else
            check_constants(r, at, value, term);
    }
    return term;
}

/* ---- the kinds of fields ---- */

void asl_check_path(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                    const struct asl_value *row)
{
    (void)row;
    parse(r, at, value, false);
}

void asl_check_path_or_null(struct asl_reader *r, const struct asl_at *at,
                            const struct jnode *value, const struct asl_value *row)
{
    if (value->kind != J_NULL)
        asl_check_path(r, at, value, row);
}

/* True when the function's result is never a string. */
static bool gives_no_text(enum aslrt_intrinsic function)
{
    switch (function) {
    case ASLRT_INTRINSIC_Array:
    case ASLRT_INTRINSIC_ArrayContains:
    case ASLRT_INTRINSIC_ArrayLength:
    case ASLRT_INTRINSIC_ArrayPartition:
    case ASLRT_INTRINSIC_ArrayRange:
    case ASLRT_INTRINSIC_ArrayUnique:
    case ASLRT_INTRINSIC_JsonMerge:
    case ASLRT_INTRINSIC_MathAdd:
    case ASLRT_INTRINSIC_MathRandom:
    case ASLRT_INTRINSIC_StringSplit:
        return true;
    default:
        return false;
    }
}

/* ErrorPath and CausePath: the value must be text (guide: Fail state). */
void asl_check_path_or_call(struct asl_reader *r, const struct asl_at *at,
                            const struct jnode *value, const struct asl_value *row)
{
    (void)row;
    const struct aslrt_term *term = parse(r, at, value, true);
    if (term == NULL || term->kind != ASLRT_TERM_CALL || !gives_no_text(term->intrinsic))
        return;
    struct diag *d = asl_begin(r, at, DIAG_ASL_INTRINSIC_ARGUMENTS, value->span,
                               "'%s' takes text, and States.%s gives none", at->key,
                               aslrt_intrinsic_names[term->intrinsic]);
    diag_help(d, "States.JsonToString makes text of any value");
    diag_end(d);
}

void asl_check_reference(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                         const struct asl_value *row)
{
    (void)row;
    const struct aslrt_term *term = parse(r, at, value, false);
    if (term == NULL || term->path->reference)
        return;
    struct diag *d =
        asl_begin(r, at, DIAG_ASL_PATH, value->span,
                  "'%s' is not a reference path: it may name more than one place", value->text);
    diag_service(d, 0, "Value is not a Reference Path");
    diag_help(d, "a reference path has names and indexes only, as in '$.a.b[0]'");
    diag_end(d);
}

/* ResultPath: where a result is put into the input (spec: Input and Output Processing). */
void asl_check_reference_or_null(struct asl_reader *r, const struct asl_at *at,
                                 const struct jnode *value, const struct asl_value *row)
{
    if (value->kind == J_NULL)
        return;
    asl_check_reference(r, at, value, row);
    if (value->kind != J_STRING || value->text[0] != '$' || value->text[1] == '\0' ||
        strchr(".[", value->text[1]) != NULL)
        return;
    asl_report(r, at, DIAG_ASL_PATH, value->span,
               "'%s' puts the result into the input, so that its path begins with '$.', not with a "
               "variable or '$$'",
               at->key);
}

void asl_check_template_value(struct asl_reader *r, const struct asl_at *at,
                              const struct jnode *value)
{
    struct aslrt_path_error e;
    if (value->kind != J_STRING || (value->text[0] != '$' && !begins_with(value, "States."))) {
        struct diag *d =
            asl_begin(r, at, DIAG_ASL_TEMPLATE_VALUE, value->span,
                      "the value of '%s' is neither a path nor an intrinsic function", at->key);
        say_template_value(d, at);
        if (!asl_has_placeholder(value))
            diag_help(d, "leave '.$' out of the key to pass the value on as it is");
        diag_end(d);
        return;
    }
    const struct aslrt_term *term = aslrt_path_parse(r->arena, value->text, value->count, &e);
    if (asl_has_placeholder(value))
        return;
    if (term == NULL)
        report(r, at, value, &e, DIAG_ASL_TEMPLATE_VALUE);
    else
        check_constants(r, at, value, term);
}
