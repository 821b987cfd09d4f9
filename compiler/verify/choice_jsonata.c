/*
 * choice_jsonata.c - the Condition of a JSONata rule as a condition about paths.
 *
 * In: true, false, or "{% ... %}".  Out: boxes, for comparisons of a plain path with a literal,
 * `in` a list of literals, $exists, $not, and, or; anything else is opaque.  A plain path begins
 * with $states or a variable and has names only: `$states.input.order.kind`. NOT is pushed down to
 * the tests.  Differences to JSONPath: `=` and `!=` of a missing value are false; an order needs
 * two numbers or two strings, everything else fails the execution, and so does a missing value
 * there, so that neither the comparison nor its opposite holds of it. Rules: JSONata's
 * documentation, Comparison and Boolean operators; developer guide, Choice.
 */
#include "compiler/verify/choice_set.h"
#include "runtime/base/buffer.h"
#include "runtime/expr/jsonata_ast.h"

#include <string.h>

/* What stands around the expression that is looked at. */
struct way {
    bool negate;     /* an odd number of $not */
    bool inside_not; /* any */
};

/* ---- paths and literals ---- */

/* The plain path as text, or NULL. */
static const char *path_of(struct aslrt_arena *arena, const struct jsonata_node *n)
{
    const struct jsonata_node *root = n->kind == JSONATA_PATH && n->count > 0 ? n->items[0] : n;
    if (n->extra != NULL || root->kind != JSONATA_VARIABLE || root->extra != NULL ||
        root->value.count == 0 || root->place_count > 0 || root->function != 0)
        return NULL;
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    aslrt_buffer_char(&b, '$');
    aslrt_buffer_put(&b, root->value.as.bytes, root->value.count);
    for (uint32_t i = 1; n->kind == JSONATA_PATH && i < n->count; i++) {
        const struct jsonata_node *step = n->items[i];
        if (step->kind != JSONATA_NAME || step->extra != NULL)
            return NULL;
        aslrt_buffer_char(&b, '.');
        aslrt_buffer_put(&b, step->value.as.bytes, step->value.count);
    }
    return aslrt_buffer_close(&b);
}

static const struct jsonata_node *bare(const struct jsonata_node *n)
{
    while (n->kind == JSONATA_BLOCK && n->count == 1 && n->extra == NULL)
        n = n->items[0];
    return n;
}

static bool is_number(const struct jsonata_node *n, double *value)
{
    double sign = n->kind == JSONATA_NEGATE ? -1 : 1;
    if (n->kind == JSONATA_NEGATE)
        n = bare(n->lhs);
    if (n->kind != JSONATA_NUMBER)
        return false;
    *value = sign * aslrt_to_double(n->value);
    return true;
}

/* The values equal to a literal; false when the node is none. */
static bool equal_to(struct aslrt_arena *arena, const struct jsonata_node *n, struct vbracket *out)
{
    double number;
    struct vset s = vset_none();
    if (is_number(n, &number)) {
        *out = vset_exact(vset_number(arena, IR_EQUAL, number));
    } else if (n->kind == JSONATA_STRING) {
        *out =
            vset_text(arena, IR_EQUAL, aslrt_copy_text(arena, n->value.as.bytes, n->value.count));
    } else if (n->kind == JSONATA_CONSTANT) {
        s.bits = n->value.kind == ASLRT_NULL ? VSET_NULL
                 : n->value.as.boolean       ? VSET_TRUE
                                             : VSET_FALSE;
        *out = vset_exact(s);
    } else {
        return false;
    }
    return true;
}

static struct condition term(struct aslrt_arena *arena, const char *path, struct vbracket t)
{
    return condition_term(arena, path, t.must, t.may);
}

/* ---- tests ---- */

/* Equality with one of some literals, or with none of them. */
static struct condition equality(struct aslrt_arena *arena, const char *path, struct vbracket t,
                                 bool unequal, struct way way)
{
    /* Of a missing value `=` and `!=` are false alike, and their negations true. */
    if (unequal) {
        t = vbracket_not(t);
        t.must.bits &= (uint8_t)~VSET_ABSENT;
        t.may.bits &= (uint8_t)~VSET_ABSENT;
    }
    return term(arena, path, way.negate ? vbracket_not(t) : t);
}

static struct condition among(struct aslrt_arena *arena, const struct jsonata_node *n,
                              struct way way)
{
    const char *path = path_of(arena, bare(n->lhs));
    const struct jsonata_node *list = bare(n->rhs);
    struct vbracket all = vset_exact(vset_none()), one;
    if (path == NULL || list->kind != JSONATA_ARRAY || list->extra != NULL)
        return condition_opaque();
    for (uint32_t i = 0; i < list->count; i++) {
        if (!equal_to(arena, bare(list->items[i]), &one))
            return condition_opaque();
        all.must = vset_or(arena, all.must, one.must);
        all.may = vset_or(arena, all.may, one.may);
    }
    return equality(arena, path, all, false, way);
}

/* The relation seen from the other side, and its opposite. */
static enum ir_relation relation_of(enum jsonata_op op, bool swapped, bool negate)
{
    static const enum ir_relation plain[] = {IR_LESS, IR_LESS_EQUAL, IR_GREATER, IR_GREATER_EQUAL};
    static const uint8_t mirror[] = {2, 3, 0, 1}, opposite[] = {3, 2, 1, 0};
    uint32_t i = op == JSONATA_LESS         ? 0
                 : op == JSONATA_LESS_EQUAL ? 1
                 : op == JSONATA_GREATER    ? 2
                                            : 3;
    if (swapped)
        i = mirror[i];
    if (negate)
        i = opposite[i];
    return plain[i];
}

static struct condition comparison(struct aslrt_arena *arena, const struct jsonata_node *n,
                                   struct way way)
{
    const struct jsonata_node *left = bare(n->lhs), *right = bare(n->rhs);
    const char *path = path_of(arena, left);
    bool swapped = path == NULL;
    if (swapped)
        path = path_of(arena, right);
    const struct jsonata_node *literal = swapped ? left : right;
    struct vbracket t;
    double number;
    if (path == NULL)
        return condition_opaque();
    if (n->op == JSONATA_EQUAL || n->op == JSONATA_UNEQUAL)
        return equal_to(arena, literal, &t)
                   ? equality(arena, path, t, n->op == JSONATA_UNEQUAL, way)
                   : condition_opaque();
    enum ir_relation relation = relation_of((enum jsonata_op)n->op, swapped, way.negate);
    if (is_number(literal, &number))
        t = vset_exact(vset_number(arena, relation, number));
    else if (literal->kind == JSONATA_STRING)
        t = vset_text(arena, relation,
                      aslrt_copy_text(arena, literal->value.as.bytes, literal->value.count));
    else
        return condition_opaque();
    if (way.inside_not) /* what is undefined counts as false there, and then as true */
        t.may.bits |= VSET_ABSENT;
    return term(arena, path, t);
}

/* A path where a truth value is wanted: true is true; what else counts as true depends on the
 * place. */
static struct condition truth_of(struct aslrt_arena *arena, const char *path, struct way way)
{
    struct vbracket t = {vset_none(), vset_not(vset_none())};
    t.must.bits = way.negate ? VSET_FALSE : VSET_TRUE;
    t.may.bits &= (uint8_t)(way.negate ? ~VSET_TRUE : ~(VSET_FALSE | VSET_NULL | VSET_ABSENT));
    if (way.inside_not)
        t.may.bits |= VSET_ABSENT;
    return term(arena, path, t);
}

static struct condition never(void)
{
    struct condition c = {NULL, 0, false};
    return c;
}

static struct condition build(struct aslrt_arena *arena, const struct jsonata_node *n,
                              struct way way);

static bool calls(const struct jsonata_node *n, const char *name)
{
    return n->kind == JSONATA_CALL && n->extra == NULL && n->count == 1 && n->builtin != 0 &&
           n->procedure->kind == JSONATA_VARIABLE && aslrt_is(n->procedure->value, name);
}

static struct condition call(struct aslrt_arena *arena, const struct jsonata_node *n,
                             struct way way)
{
    if (calls(n, "not"))
        return build(arena, n->items[0], (struct way){!way.negate, true});
    if (calls(n, "boolean"))
        return build(arena, n->items[0], way);
    const char *path = calls(n, "exists") ? path_of(arena, bare(n->items[0])) : NULL;
    if (path == NULL)
        return condition_opaque();
    struct vset present = vset_all();
    present.bits &= (uint8_t)~VSET_ABSENT;
    return term(arena, path, vset_exact(way.negate ? vset_not(present) : present));
}

static struct condition build(struct aslrt_arena *arena, const struct jsonata_node *n,
                              struct way way)
{
    n = bare(n);
    if (n->extra != NULL)
        return condition_opaque();
    if (n->kind == JSONATA_CONSTANT && n->value.kind == ASLRT_BOOL)
        return n->value.as.boolean != way.negate ? condition_true(arena) : never();
    if (n->kind == JSONATA_CALL)
        return call(arena, n, way);
    if (n->kind != JSONATA_BINARY) {
        const char *path = path_of(arena, n);
        return path != NULL ? truth_of(arena, path, way) : condition_opaque();
    }
    switch (n->op) {
    case JSONATA_AND:
    case JSONATA_OR: {
        struct condition a = build(arena, n->lhs, way), b = build(arena, n->rhs, way);
        return (n->op == JSONATA_AND) != way.negate ? condition_and(arena, a, b)
                                                    : condition_or(arena, a, b);
    }
    case JSONATA_EQUAL:
    case JSONATA_UNEQUAL:
    case JSONATA_LESS:
    case JSONATA_LESS_EQUAL:
    case JSONATA_GREATER:
    case JSONATA_GREATER_EQUAL:
        return comparison(arena, n, way);
    case JSONATA_IN:
        return among(arena, n, way);
    default:
        return condition_opaque();
    }
}

struct condition condition_of_jsonata(struct aslrt_arena *arena, const struct jnode *condition)
{
    if (condition == NULL)
        return condition_opaque();
    if (condition->kind == J_BOOL)
        return condition->boolean ? condition_true(arena) : never();
    if (!jnode_is_jsonata(condition))
        return condition_opaque();
    static const struct aslrt_jsonata_options options = {.dialect = ASLRT_JSONATA_ASL};
    const struct aslrt_jsonata *program;
    if (aslrt_jsonata_compile(arena, condition->text + 2, condition->count - 4, &options, &program,
                              NULL) != ASLRT_OK)
        return condition_opaque();
    return build(arena, aslrt_jsonata_root(program), (struct way){false, false});
}
