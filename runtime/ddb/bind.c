/*
 * bind.c - resolving the placeholders of a parsed expression, and checking it.
 *
 * In: a tree and the request's placeholders.  Out: the same tree with names and values in place, or
 * a failure.  Each kind of mistake is one walk over the tree, in the order in which the service
 * looks for them: an expression with two mistakes gets the service's answer.
 */
#include "runtime/ddb/expression.h"
#include "runtime/ddb/path_tree.h"
#include "runtime/ddb/wire.h"

#include <stdlib.h>
#include <strings.h>

struct check {
    struct aslrt_ddb *cx;
    struct aslrt_expression *expression;
    struct aslrt_placeholders *placeholders;
};

enum place { PLACE_CONDITION, PLACE_OPERAND, PLACE_UPDATE };

static const struct {
    uint32_t operands;
    enum place place;
} functions[] = {{0, PLACE_CONDITION},
#define ASLRT_X(id, name, operands, place) {operands, PLACE_##place},
                 ASLRT_FUNCTIONS(ASLRT_X)
#undef ASLRT_X
};

static const char *operator_text(enum aslrt_expr_kind kind)
{
    static const char *const texts[] = {"", "", "",
#define ASLRT_X(id, text) text,
                                        ASLRT_OPERATORS(ASLRT_X)
#undef ASLRT_X
    };
    return texts[kind];
}

/* Refuses the expression because of `e`.  The format gets what its arguments say. */
#define REFUSE(c, e, format, ...)                                                                  \
    do {                                                                                           \
        (c)->cx->start = (e)->at.start;                                                            \
        (c)->cx->end = (e)->at.end;                                                                \
        aslrt_ddb_refuse((c)->cx, "Invalid %s: " format,                                           \
                         aslrt_expression_label((c)->expression->kind), __VA_ARGS__);              \
    } while (0)

/* Visits a node and everything below it, nodes before their operands. */
static void walk(struct check *c, struct aslrt_expr *e,
                 void (*visit)(struct check *c, struct aslrt_expr *e))
{
    visit(c, e);
    for (struct aslrt_expr *x = e->first; x != NULL; x = x->next)
        walk(c, x, visit);
}

/* The same for a whole expression, which is a list in updates and projections. */
static void walk_all(struct check *c, void (*visit)(struct check *c, struct aslrt_expr *e))
{
    bool list = c->expression->kind == ASLRT_EXPRESSION_UPDATE ||
                c->expression->kind == ASLRT_EXPRESSION_PROJECTION;
    for (struct aslrt_expr *x = c->expression->root; x != NULL; x = list ? x->next : NULL)
        walk(c, x, visit);
}

/* ---- functions and words ---- */

static void check_function_name(struct check *c, struct aslrt_expr *e)
{
    if (e->kind == ASLRT_EXPR_CALL && e->function == ASLRT_FN_UNKNOWN)
        REFUSE(c, e, "Invalid function name; function: %.*s", (int)e->name.count,
               (const char *)e->name.at);
}

static void refuse_place(struct check *c, const struct aslrt_expr *e, const char *where)
{
    REFUSE(c, e, "The function is not allowed %s; function: %.*s", where, (int)e->name.count,
           (const char *)e->name.at);
}

/* `wanted` is what may stand where `e` does. */
static void check_place(struct check *c, struct aslrt_expr *e, enum place wanted)
{
    bool logical =
        e->kind == ASLRT_EXPR_AND || e->kind == ASLRT_EXPR_OR || e->kind == ASLRT_EXPR_NOT;
    bool update = c->expression->kind == ASLRT_EXPRESSION_UPDATE;
    if (e->kind == ASLRT_EXPR_CALL) {
        enum place place = functions[e->function].place;
        if (update && place != PLACE_UPDATE)
            refuse_place(c, e, "in an update expression");
        if (!update && place == PLACE_UPDATE)
            refuse_place(c, e, "in a condition expression");
        if (!update && place != wanted)
            refuse_place(c, e, "to be used this way in an expression");
    }
    for (struct aslrt_expr *x = e->first; x != NULL; x = x->next)
        check_place(c, x, logical ? PLACE_CONDITION : PLACE_OPERAND);
}

static int compare_word(const void *word, const void *entry)
{
    const struct aslrt_bytes *w = word;
    const char *reserved = *(const char *const *)entry;
    int order = strncasecmp((const char *)w->at, reserved, w->count);
    return order != 0 ? order : -(reserved[w->count] != '\0');
}

static bool is_reserved(struct aslrt_bytes word)
{
    static const char *const words[] = {
#define ASLRT_RESERVED(word) word,
#include "runtime/ddb/reserved.def"
#undef ASLRT_RESERVED
    };
    return bsearch(&word, words, sizeof words / sizeof words[0], sizeof words[0], compare_word) !=
           NULL;
}

static void check_words(struct check *c, struct aslrt_expr *e)
{
    if (e->kind != ASLRT_EXPR_PATH)
        return;
    for (const struct aslrt_step *s = e->steps; s != NULL; s = s->next) {
        if (s->is_index && s->index > INT32_MAX)
            REFUSE(c, s, "List index is not within the allowable range; index: [%.*s]",
                   (int)s->name.count, (const char *)s->name.at);
        if (!s->is_index && s->name.at[0] != '#' && is_reserved(s->name))
            REFUSE(c, s, "Attribute name is a reserved keyword; reserved keyword: %.*s",
                   (int)s->name.count, (const char *)s->name.at);
    }
}

/* An update has each clause at most once. */
static void check_clauses(struct check *c)
{
    unsigned seen = 0;
    for (struct aslrt_expr *a = c->expression->root; a != NULL; a = a->next) {
        if (!a->opens)
            continue;
        if (seen & 1u << a->kind)
            REFUSE(c, a, "The \"%s\" section can only be used once in an update expression;",
                   operator_text(a->kind));
        seen |= 1u << a->kind;
    }
}

/* ---- placeholders ---- */

/* The place of a member in an object, or its count. */
static uint32_t find_member(struct aslrt_value object, struct aslrt_bytes key)
{
    uint32_t i = 0;
    while (i < object.count &&
           !aslrt_bytes_equal(key, aslrt_bytes_of(object.as.members[i].key.as.bytes,
                                                  object.as.members[i].key.count)))
        i++;
    return i;
}

static void bind_names(struct check *c, struct aslrt_expr *e)
{
    uint32_t steps = 0;
    struct aslrt_placeholders *p = c->placeholders;
    if (e->kind != ASLRT_EXPR_PATH)
        return;
    for (struct aslrt_step *s = e->steps; s != NULL; s = s->next, steps++) {
        if (s->is_index || s->name.at[0] != '#' || p->names_open)
            continue;
        uint32_t i = p->names.kind == ASLRT_OBJECT ? find_member(p->names, s->name) : 0;
        if (p->names.kind != ASLRT_OBJECT || i == p->names.count)
            REFUSE(c, s,
                   "An expression attribute name used in the document path is not defined; "
                   "attribute name: %.*s",
                   (int)s->name.count, (const char *)s->name.at);
        struct aslrt_value name = p->names.as.members[i].value;
        p->name_used[i] = true;
        s->name = aslrt_bytes_of(name.as.bytes, name.count);
    }
    if (steps > ASLRT_EXPRESSION_STEPS)
        REFUSE(c, e, "The document path has too many nesting levels; nesting levels: %u",
               (unsigned)steps);
}

static void bind_value(struct check *c, struct aslrt_expr *e)
{
    struct aslrt_placeholders *p = c->placeholders;
    if (e->kind != ASLRT_EXPR_VALUE || p->values_open)
        return;
    uint32_t i = p->values.kind == ASLRT_OBJECT ? find_member(p->values, e->name) : 0;
    if (p->values.kind != ASLRT_OBJECT || i == p->values.count)
        REFUSE(c, e,
               "An expression attribute value used in expression is not defined; attribute value: "
               "%.*s",
               (int)e->name.count, (const char *)e->name.at);
    p->value_used[i] = true;
    e->value = p->attrs[i];
}

/* ---- operands ---- */

/* The type that an operand has whatever the item is; MISSING when that depends on the item. */
static enum aslrt_attr_type static_type(const struct aslrt_expr *e)
{
    if (e->kind == ASLRT_EXPR_CALL && e->function == ASLRT_FN_SIZE)
        return ASLRT_ATTR_N;
    return e->kind == ASLRT_EXPR_VALUE ? aslrt_attr_type(e->value) : ASLRT_ATTR_MISSING;
}

static void refuse_type(struct check *c, const struct aslrt_expr *e, const char *type)
{
    const char *name = operator_text(e->kind);
    int count = (int)strlen(name);
    if (e->kind == ASLRT_EXPR_CALL) {
        name = (const char *)e->name.at;
        count = (int)e->name.count;
    }
    REFUSE(c, e,
           "Incorrect operand type for operator or function; operator or function: %.*s, operand "
           "type: %s",
           count, name, type);
}

#define TYPE(t)      (1u << ASLRT_ATTR_##t)
#define SCALARS      (TYPE(S) | TYPE(N) | TYPE(B))
#define UNKNOWN_TYPE (1u << ASLRT_ATTR_MISSING)

/* Refuses an operand whose type is known and not one of `allowed` (bits). */
static void check_types(struct check *c, struct aslrt_expr *e, unsigned allowed)
{
    for (const struct aslrt_expr *x = e->first; x != NULL; x = x->next) {
        enum aslrt_attr_type type = static_type(x);
        if ((1u << type & (allowed | UNKNOWN_TYPE)) == 0)
            refuse_type(c, e, aslrt_attr_type_name(type));
    }
}

static bool same_path(const struct aslrt_expr *a, const struct aslrt_expr *b)
{
    const struct aslrt_step *s = a->steps, *t = b->steps;
    if (a->kind != ASLRT_EXPR_PATH || b->kind != ASLRT_EXPR_PATH)
        return false;
    for (; s != NULL && t != NULL; s = s->next, t = t->next) {
        if (s->is_index != t->is_index || !aslrt_bytes_equal(s->name, t->name))
            return false;
    }
    return s == t;
}

/* The first operand must be another path than each of the others. */
static void check_distinct(struct check *c, struct aslrt_expr *e)
{
    const struct aslrt_expr *first = e->first;
    for (const struct aslrt_expr *x = first->next; x != NULL; x = x->next) {
        if (!same_path(first, x))
            continue;
        struct aslrt_buffer path = aslrt_buffer_in(c->cx->scratch);
        for (const struct aslrt_step *s = first->steps; s != NULL; s = s->next)
            aslrt_buffer_format(&path, s->is_index ? "%s[%.*s]" : "%s%.*s",
                                s == first->steps ? "" : ", ", (int)s->name.count,
                                (const char *)s->name.at);
        struct aslrt_bytes name = e->name;
        if (e->kind != ASLRT_EXPR_CALL)
            name = aslrt_bytes_of(operator_text(e->kind), strlen(operator_text(e->kind)));
        REFUSE(c, e,
               "The first operand must be distinct from the remaining operands for this operator "
               "or function; operator: %.*s, first operand: [%s]",
               (int)name.count, (const char *)name.at, aslrt_buffer_close(&path));
    }
}

static void check_between(struct check *c, struct aslrt_expr *e)
{
    struct aslrt_attr low = e->first->next->value, high = e->last->value;
    check_types(c, e, SCALARS);
    if (low.at == NULL || high.at == NULL)
        return;
    const char *problem = NULL;
    if (aslrt_attr_type(low) != aslrt_attr_type(high))
        problem = "same data type for lower and upper bounds";
    else if (aslrt_attr_compare(low, high) > 0)
        problem = "upper bound to be greater than or equal to lower bound";
    if (problem != NULL)
        REFUSE(c, e,
               "The BETWEEN operator requires %s; lower bound operand: AttributeValue: %s, upper "
               "bound operand: AttributeValue: %s",
               problem, aslrt_attr_show(c->cx->scratch, low),
               aslrt_attr_show(c->cx->scratch, high));
}

static void check_attribute_type(struct check *c, struct aslrt_expr *e)
{
    const struct aslrt_expr *second = e->last;
    if (second->kind == ASLRT_EXPR_VALUE && second->value.at == NULL)
        return; /* not known yet */
    if (static_type(second) != ASLRT_ATTR_S)
        refuse_type(c, e,
                    static_type(second) == ASLRT_ATTR_MISSING
                        ? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"
                        : aslrt_attr_type_name(static_type(second)));
    struct aslrt_bytes name = aslrt_attr_scalar(second->value);
    if (aslrt_attr_type_of(name) == ASLRT_ATTR_MISSING)
        REFUSE(c, e,
               "Invalid attribute type name found; type: %.*s, valid types: "
               "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
               (int)name.count, (const char *)name.at);
}

static void check_call(struct check *c, struct aslrt_expr *e)
{
    uint32_t count = 0;
    for (const struct aslrt_expr *x = e->first; x != NULL; x = x->next)
        count++;
    if (count != functions[e->function].operands)
        REFUSE(c, e,
               "Incorrect number of operands for operator or function; operator or function: %.*s, "
               "number of operands: %u",
               (int)e->name.count, (const char *)e->name.at, (unsigned)count);
    if (e->function != ASLRT_FN_LIST_APPEND && e->function != ASLRT_FN_IF_NOT_EXISTS)
        check_distinct(c, e);
    switch (e->function) {
    case ASLRT_FN_ATTRIBUTE_EXISTS:
    case ASLRT_FN_ATTRIBUTE_NOT_EXISTS:
    case ASLRT_FN_IF_NOT_EXISTS:
        if (e->first->kind != ASLRT_EXPR_PATH)
            REFUSE(c, e,
                   "Operator or function requires a document path; operator or function: %.*s",
                   (int)e->name.count, (const char *)e->name.at);
        break;
    case ASLRT_FN_ATTRIBUTE_TYPE:
        check_attribute_type(c, e);
        break;
    case ASLRT_FN_BEGINS_WITH:
        check_types(c, e, TYPE(S) | TYPE(B));
        break;
    case ASLRT_FN_SIZE:
        check_types(c, e, ~(TYPE(N) | TYPE(BOOL) | TYPE(NULL)));
        break;
    case ASLRT_FN_LIST_APPEND:
        check_types(c, e, TYPE(L));
        break;
    default:
        break;
    }
}

static void check_in(struct check *c, struct aslrt_expr *e)
{
    uint32_t count = 0;
    for (const struct aslrt_expr *x = e->first->next; x != NULL; x = x->next)
        count++;
    if (count > ASLRT_EXPRESSION_IN)
        REFUSE(c, e, "The IN operator is provided with too many operands; number of operands: %u",
               (unsigned)count);
    check_distinct(c, e);
}

/* ADD takes numbers and sets, DELETE sets. */
static void check_change(struct check *c, struct aslrt_expr *e)
{
    enum aslrt_attr_type type = static_type(e->last);
    if (type == ASLRT_ATTR_MISSING || aslrt_attr_is_set(type) ||
        (type == ASLRT_ATTR_N && e->kind == ASLRT_EXPR_ADD))
        return;
    REFUSE(c, e,
           "Incorrect operand type for operator or function; operator: %s, operand type: %s, "
           "typeSet: ALLOWED_FOR_%s_OPERAND",
           operator_text(e->kind), aslrt_attr_type_word(type), operator_text(e->kind));
}

static void check_operands(struct check *c, struct aslrt_expr *e)
{
    switch (e->kind) {
    case ASLRT_EXPR_CALL:
        check_call(c, e);
        break;
    case ASLRT_EXPR_EQUAL:
    case ASLRT_EXPR_NOT_EQUAL:
        check_distinct(c, e);
        break;
    case ASLRT_EXPR_LESS:
    case ASLRT_EXPR_LESS_EQUAL:
    case ASLRT_EXPR_GREATER:
    case ASLRT_EXPR_GREATER_EQUAL:
        check_distinct(c, e);
        check_types(c, e, SCALARS);
        break;
    case ASLRT_EXPR_BETWEEN:
        check_distinct(c, e);
        check_between(c, e);
        break;
    case ASLRT_EXPR_IN:
        check_in(c, e);
        break;
    case ASLRT_EXPR_PLUS:
    case ASLRT_EXPR_MINUS:
        check_types(c, e, TYPE(N));
        break;
    case ASLRT_EXPR_ADD:
    case ASLRT_EXPR_DELETE:
        check_change(c, e);
        break;
    default:
        break;
    }
}

/* Conditions are finished one comparison after the other: what is wrong in the first one counts, be
   it a name, a value or an operand. */
static void finish_condition(struct check *c, struct aslrt_expr *e)
{
    if (e->kind == ASLRT_EXPR_AND || e->kind == ASLRT_EXPR_OR || e->kind == ASLRT_EXPR_NOT) {
        for (struct aslrt_expr *x = e->first; x != NULL; x = x->next)
            finish_condition(c, x);
        return;
    }
    walk(c, e, bind_names);
    walk(c, e, bind_value);
    for (struct aslrt_expr *x = e->first; x != NULL; x = x->next)
        walk(c, x, check_operands);
    check_operands(c, e);
}

void aslrt_expression_bind(struct aslrt_ddb *cx, struct aslrt_expression *e,
                           struct aslrt_placeholders *placeholders)
{
    struct check c = {cx, e, placeholders};
    switch (e->kind) {
    case ASLRT_EXPRESSION_UPDATE:
        walk_all(&c, check_words);
        walk_all(&c, check_function_name);
        for (struct aslrt_expr *a = e->root; a != NULL; a = a->next)
            check_place(&c, a, PLACE_UPDATE);
        check_clauses(&c);
        walk_all(&c, bind_names);
        walk_all(&c, bind_value);
        e->tree = aslrt_path_tree_of(cx, e);
        walk_all(&c, check_operands);
        break;
    case ASLRT_EXPRESSION_PROJECTION:
        walk_all(&c, check_words);
        walk_all(&c, bind_names);
        e->tree = aslrt_path_tree_of(cx, e);
        break;
    default:
        walk_all(&c, check_function_name);
        check_place(&c, e->root, PLACE_CONDITION);
        walk_all(&c, check_words);
        finish_condition(&c, e->root);
        break;
    }
}
