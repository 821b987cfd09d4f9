/*
 * sema_value.c - values that must fit a type, and calls.
 *
 * In: expressions and what is wanted of them.  Out: complaints about the wrong type (A214), a value
 * that may be absent (A227), a literal outside of its range (A213), and calls that no function
 * takes (A215).
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/suggest.h"
#include "runtime/base/buffer.h"

#include <stdlib.h>

const struct builtin builtin_table[BUILTIN_COUNT] = {
#define BUILTIN(id, word, parameters, result, where, jsonata, condition, doc)                      \
    {word, parameters, result, where, jsonata, condition, doc},
#include "compiler/front/builtins.def"
#undef BUILTIN
};

/* ---- ranges of literals ---- */

static int64_t code_points(const char *text)
{
    int64_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void outside(struct sema *s, const struct ast_expr *e, const struct type *type,
                    const char *what)
{
    sema_error(s, DIAG_CRUD_VALUE, e->span, "%s does not fit %s", what, sema_type_name(s, type));
}

static void check_count(struct sema *s, const struct ast_expr *e, const struct type *type,
                        int64_t count, const char *unit)
{
    if ((type->has_low && count < type->low) || (type->has_high && count > type->high))
        outside(s, e, type, sema_format(s, "%lld %s", (long long)count, unit));
}

static void check_decimal(struct sema *s, const struct ast_expr *e, const struct type *type,
                          const char *text)
{
    const char *point = strchr(text, '.');
    size_t behind = point == NULL ? 0 : strlen(point + 1);
    size_t before = point == NULL ? strlen(text) : (size_t)(point - text);
    if (behind > type->scale || (before > type->precision - type->scale && strcmp(text, "0") != 0 &&
                                 !(before == 1 && text[0] == '0')))
        outside(s, e, type, text);
}

/* `text` is digits, with a point and a minus perhaps. */
static void check_number(struct sema *s, const struct ast_expr *e, const struct type *type,
                         const char *text)
{
    const char *low = type->low_text, *high = type->high_text;
    double value = strtod(text, NULL);
    bool fits = (!type->has_low || value >= (double)type->low) &&
                (!type->has_high || value <= (double)type->high);
    if (type->kind == TYPE_LONG && strchr(text, '.') == NULL)
        fits = strlen(text) - (text[0] == '-') <= 38 &&
               (low == NULL || sema_compare_digits(text, low) >= 0) &&
               (high == NULL || sema_compare_digits(text, high) <= 0);
    else if ((low != NULL && value < strtod(low, NULL)) ||
             (high != NULL && value > strtod(high, NULL)))
        fits = false;
    if (!fits)
        outside(s, e, type, text);
    else if (type->kind == TYPE_DECIMAL)
        check_decimal(s, e, type, text + (text[0] == '-'));
}

void sema_check_range(struct sema *s, const struct ast_expr *e, const struct type *type)
{
    bool minus = e->kind == AST_NEGATE;
    const struct ast_expr *number = minus ? e->left : e;
    if (e->kind == AST_STRING && type->kind == TYPE_STRING) {
        check_count(s, e, type, code_points(e->text), "characters");
    } else if (e->kind == AST_LIST && type->kind == TYPE_LIST) {
        int64_t count = 0;
        for (const struct ast_arg *a = e->args; a != NULL; a = a->next)
            count++;
        check_count(s, e, type, count, "elements");
    } else if ((number->kind == AST_INT || number->kind == AST_NUMBER) && sema_is_number(type)) {
        check_number(s, e, type, minus ? sema_format(s, "-%s", number->text) : number->text);
    }
}

const struct type *sema_value(struct sema *s, const struct sema_scope *scope, struct ast_expr *e,
                              const struct type *expected)
{
    const struct type *t = sema_expr(s, scope, e, expected);
    if (t->kind == TYPE_ERROR || expected == NULL || expected->kind == TYPE_ERROR)
        return t;
    if (t->kind == TYPE_ANY && (scope->where & CALL_TESTS) != 0)
        return t; /* part of an answer: the run will tell */
    if (!sema_fits(expected, t)) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_TYPE, e->span, "%s is wanted here, and this is %s",
                        sema_type_name(s, expected), sema_type_name(s, t));
        if (t->kind == TYPE_NULL)
            diag_help(d, "a type with '?' behind it may be absent");
        sema_hidden_member(d, expected, e);
        diag_end(d);
        return t;
    }
    if (t->optional && !expected->optional && expected->kind != TYPE_ANY) {
        struct diag *d =
            sema_report(s, DIAG_CRUD_ABSENT, e->span, "this may be absent, and %s must be there",
                        sema_type_name(s, expected));
        diag_end(d);
        return t;
    }
    sema_check_range(s, e, expected);
    return t;
}

/* ---- arguments against parameters ---- */

void sema_params(struct sema *s, const struct sema_scope *scope, struct ast_arg *args,
                 struct field **params, uint32_t count, struct span at, const char *what)
{
    bool *given = ASLRT_NEW_ARRAY(s->arena, bool, count + 1);
    uint32_t position = 0;
    for (struct ast_arg *a = args; a != NULL; a = a->next) {
        uint32_t i = position;
        if (a->name.text != NULL) {
            for (i = 0; i < count && strcmp(params[i]->name, a->name.text) != 0; i++)
                ;
        } else {
            position++;
        }
        if (i >= count) {
            struct diag *d =
                a->name.text != NULL
                    ? sema_report(s, DIAG_CRUD_CALL, a->name.span, "%s has no parameter '%s'", what,
                                  a->name.text)
                    : sema_report(s, DIAG_CRUD_CALL, a->span, "%s has %u parameter%s, not more",
                                  what, count, count == 1 ? "" : "s");
            if (a->name.text != NULL) {
                const char **words = ASLRT_NEW_ARRAY(s->arena, const char *, count + 1);
                for (uint32_t k = 0; k < count; k++)
                    words[k] = params[k]->name;
                sema_near(d, a->name.span, suggest(a->name.text, words, count));
            }
            diag_end(d);
            sema_expr(s, scope, a->value, NULL);
            continue;
        }
        if (given[i])
            sema_error(s, DIAG_CRUD_CALL, a->span, "'%s' of %s is given twice", params[i]->name,
                       what);
        given[i] = true;
        sema_value(s, scope, a->value, params[i]->type);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!given[i] && !params[i]->type->optional && params[i]->value == NULL)
            sema_error(s, DIAG_CRUD_CALL, at, "'%s' of %s is missing", params[i]->name, what);
    }
}

void sema_key_args(struct sema *s, const struct sema_scope *scope, const struct entity *entity,
                   struct ast_arg *args, struct span at)
{
    struct field *keys[2] = {entity->key, entity->sort};
    uint32_t count = entity->key == NULL ? 0 : entity->sort == NULL ? 1 : 2;
    struct field plain[2];
    for (uint32_t i = 0; i < count; i++) { /* here a default does not help */
        plain[i] = *keys[i];
        plain[i].value = NULL;
        keys[i] = &plain[i];
    }
    sema_params(s, scope, args, keys, count, at, sema_format(s, "the key of '%s'", entity->name));
}

/* ---- built-in functions ---- */

static const char *parameter_text(char letter)
{
    switch (letter) {
    case 's':
        return "text";
    case 'c':
        return "\"text\"";
    case 'n':
        return "number";
    case 'l':
        return "list";
    case 'N':
        return "list of numbers";
    case 'e':
        return "element";
    default:
        return "value";
    }
}

static const char *signatures(struct sema *s, const char *word)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    for (int i = 0; i < BUILTIN_COUNT; i++) {
        if (strcmp(builtin_table[i].word, word) != 0)
            continue;
        aslrt_buffer_format(&b, "%s%s(", b.count == 0 ? "" : " or ", word);
        for (const char *p = builtin_table[i].parameters; *p != '\0'; p++)
            aslrt_buffer_format(&b, "%s%s", p == builtin_table[i].parameters ? "" : ", ",
                                parameter_text(*p));
        aslrt_buffer_char(&b, ')');
    }
    return aslrt_buffer_close(&b);
}

static bool takes(char letter, const struct ast_expr *e, const struct type *first)
{
    const struct type *t = e->type;
    switch (letter) {
    case 's':
        return sema_is_text(t);
    case 'c':
        return e->kind == AST_STRING;
    case 'n':
        return t->kind == TYPE_INT || t->kind == TYPE_NUMBER;
    case 'l':
        return t->kind == TYPE_LIST;
    case 'N':
        return t->kind == TYPE_LIST && (t->element == NULL || t->element->kind == TYPE_INT ||
                                        t->element->kind == TYPE_NUMBER);
    case 'e':
        return first->element == NULL || sema_fits(first->element, t) ||
               sema_fits(t, first->element);
    default:
        return true;
    }
}

static bool fits_row(const struct builtin *b, const struct ast_arg *args)
{
    const struct ast_arg *a = args;
    const char *p = b->parameters;
    for (; *p != '\0' && a != NULL; p++, a = a->next) {
        if (a->value->type->kind != TYPE_ERROR && !takes(*p, a->value, args->value->type))
            return false;
    }
    return *p == '\0' && a == NULL;
}

static const struct type *result_type(struct sema *s, char letter)
{
    switch (letter) {
    case 'S':
        return sema_optional(s, sema_plain(TYPE_STRING), true);
    case 'M':
        return sema_optional(s, sema_plain(TYPE_NUMBER), true);
    case 'b':
        return sema_plain(TYPE_BOOL);
    case 'i':
        return sema_plain(TYPE_INT);
    case 'n':
        return sema_plain(TYPE_NUMBER);
    case 'u':
        return sema_plain(TYPE_UUID);
    case 'U':
        return sema_plain(TYPE_ULID);
    case 't':
        return sema_plain(TYPE_TIMESTAMP);
    default:
        return sema_plain(TYPE_STRING);
    }
}

static const struct type *unknown_function(struct sema *s, struct ast_expr *e)
{
    const struct ast_name *name = &e->left->name;
    const char *words[BUILTIN_COUNT];
    for (int i = 0; i < BUILTIN_COUNT; i++)
        words[i] = builtin_table[i].word;
    struct diag *d =
        sema_report(s, DIAG_CRUD_UNKNOWN_NAME, name->span, "there is no function '%s'", name->text);
    const char *near = suggest(name->text, words, BUILTIN_COUNT);
    if (names_find(&s->callables, name->text) != NULL)
        diag_help(d, "'%s' is called by a statement: step x = call %s(...)", name->text,
                  name->text);
    else
        sema_near(d, name->span, near);
    diag_end(d);
    return sema_wrong_expr(e);
}

/* exists(Project(id)): an item of the entity with that key. */
static bool exists_item(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    struct ast_expr *item = e->args == NULL ? NULL : e->args->value;
    if (strcmp(e->left->name.text, "exists") != 0 || item == NULL || item->kind != AST_CALL ||
        item->left->kind != AST_NAME)
        return false;
    const struct named *n = names_find(&s->types, item->left->name.text);
    if (n == NULL || n->kind != NAMED_ENTITY)
        return false;
    struct binding *b = ASLRT_NEW(s->arena, struct binding);
    const struct entity *entity = n->thing;
    *b = (struct binding){.kind = BIND_ENTITY, .name = n->text, .entity = entity};
    item->left->ref = b;
    item->type = item->left->type = sema_optional(s, sema_item_of(s, entity), true);
    sema_key_args(s, scope, entity, item->args, item->span);
    return true;
}

static void type_arguments(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    const struct type *expected = NULL;
    for (struct ast_arg *a = e->args; a != NULL; a = a->next) {
        if (a->name.text != NULL)
            sema_error(s, DIAG_CRUD_CALL, a->name.span, "the arguments of '%s' have no names",
                       e->left->name.text);
        const struct type *t = sema_expr(s, scope, a->value, expected);
        if (a == e->args && t->kind == TYPE_LIST) /* contains(list, element) */
            expected = t->element;
    }
}

static const struct builtin *find_row(const struct ast_expr *e, uint32_t *first)
{
    const struct builtin *row = NULL;
    *first = BUILTIN_COUNT;
    for (uint32_t i = 0; i < BUILTIN_COUNT && row == NULL; i++) {
        if (strcmp(builtin_table[i].word, e->left->name.text) != 0)
            continue;
        if (*first == BUILTIN_COUNT)
            *first = i;
        if (fits_row(&builtin_table[i], e->args))
            row = &builtin_table[i];
    }
    return row;
}

const struct type *sema_call(struct sema *s, const struct sema_scope *scope, struct ast_expr *e)
{
    uint32_t first;
    if (e->left->kind != AST_NAME) {
        sema_error(s, DIAG_CRUD_CALL, e->left->span, "only functions can be called");
        return sema_wrong_expr(e);
    }
    bool item = exists_item(s, scope, e);
    if (!item)
        type_arguments(s, scope, e);
    const struct builtin *row = find_row(e, &first);
    if (first == BUILTIN_COUNT)
        return unknown_function(s, e);
    if (row == NULL) {
        struct diag *d = sema_report(s, DIAG_CRUD_CALL, e->span,
                                     "'%s' does not take these arguments", e->left->name.text);
        diag_help(d, "it is %s", signatures(s, e->left->name.text));
        diag_end(d);
        return sema_wrong_expr(e);
    }
    if ((row->where & scope->where) == 0) {
        struct diag *d = sema_report(s, DIAG_CRUD_CALL, e->span, "'%s' can't stand in %s",
                                     row->word, scope->place);
        if (row->where == CALL_MAKES)
            diag_note(d, "it gives another value each time; a default keeps it");
        diag_end(d);
        return sema_wrong_expr(e);
    }
    struct binding *b = ASLRT_NEW(s->arena, struct binding);
    *b = (struct binding){
        .kind = BIND_BUILTIN, .name = row->word, .builtin = (uint32_t)(row - builtin_table)};
    e->left->ref = b;
    bool ints = e->args != NULL && e->args->value->type->kind == TYPE_LIST
                    ? e->args->value->type->element != NULL &&
                          e->args->value->type->element->kind == TYPE_INT
                    : row->parameters[0] == 'n';
    for (const struct ast_arg *a = e->args; ints && a != NULL && a->value->type->kind != TYPE_LIST;
         a = a->next)
        ints = a->value->type->kind == TYPE_INT;
    e->type = result_type(s, row->result);
    bool average = strcmp(row->word, "average") == 0;
    if (e->type->kind == TYPE_NUMBER && ints && !average) /* of ints: an int */
        e->type = sema_optional(s, sema_plain(TYPE_INT), e->type->optional);
    e->left->type = e->type;
    return e->type;
}
