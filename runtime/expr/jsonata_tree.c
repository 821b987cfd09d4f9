/*
 * jsonata_tree.c - what all passes and readers of a JSONata tree share: children, height, names.
 *
 * In: nodes, raw or processed.  Out: their children in the order of the text; the height that
 * bounds every recursion over the tree.
 */
#include "runtime/expr/jsonata_build.h"

static const char *const kind_names[] = {
#define NODE(id, name) name,
#include "runtime/expr/jsonata_nodes.def"
#undef NODE
};

static const char *const op_names[] = {"+",  "-", "*",  "/", "%",  "=",  "!=",  "<",
                                       "<=", ">", ">=", "&", "..", "in", "and", "or"};

const char *aslrt_jsonata_kind_name(const struct jsonata_node *n)
{
    return kind_names[n->kind];
}

struct aslrt_value aslrt_jsonata_token(const struct jsonata_node *n)
{
    switch (n->kind) {
    case JSONATA_NUMBER:
    case JSONATA_STRING:
    case JSONATA_CONSTANT:
    case JSONATA_NAME:
    case JSONATA_VARIABLE:
    case JSONATA_PLACEHOLDER:
    case JSONATA_RAW_WORD:
    case JSONATA_RAW_END:
        return n->value;
    case JSONATA_REGEX:
        return aslrt_object(NULL, 0);
    case JSONATA_BINARY:
        return aslrt_text(op_names[n->op]);
    case JSONATA_WILDCARD:
        return aslrt_text("*");
    case JSONATA_DESCENDANT:
        return aslrt_text("**");
    case JSONATA_PARENT:
        return aslrt_text("%");
    case JSONATA_NEGATE:
        return aslrt_text("-");
    case JSONATA_ARRAY:
    case JSONATA_RAW_FILTER:
        return aslrt_text("[");
    case JSONATA_OBJECT:
    case JSONATA_RAW_GROUP:
        return aslrt_text("{");
    case JSONATA_BLOCK:
    case JSONATA_CALL:
    case JSONATA_PARTIAL:
    case JSONATA_LAMBDA:
        return aslrt_text("(");
    case JSONATA_CONDITION:
        return aslrt_text("?");
    case JSONATA_TRANSFORM:
        return aslrt_text("|");
    case JSONATA_BIND:
        return aslrt_text(":=");
    case JSONATA_APPLY:
        return aslrt_text("~>");
    case JSONATA_RAW_DOT:
        return aslrt_text(".");
    case JSONATA_SORT:
    case JSONATA_RAW_SORT:
        return aslrt_text("^");
    case JSONATA_RAW_FOCUS:
        return aslrt_text("@");
    case JSONATA_RAW_INDEX:
        return aslrt_text("#");
    default:
        return aslrt_undefined();
    }
}

struct aslrt_value aslrt_jsonata_procedure_name(const struct jsonata_node *call)
{
    const struct jsonata_node *p = call->procedure;
    if (p->kind == JSONATA_PATH)
        p = p->items[0];
    switch (p->kind) { /* what has no value of its own after jsonata-js's post-processing */
    case JSONATA_PARENT:
    case JSONATA_BLOCK:
    case JSONATA_CONDITION:
    case JSONATA_LAMBDA:
    case JSONATA_TRANSFORM:
    case JSONATA_SORT:
        return aslrt_undefined();
    default:
        return aslrt_jsonata_token(p);
    }
}

static void visit_extra(const struct jsonata_extra *x,
                        void (*visit)(void *data, struct jsonata_node *child), void *data)
{
    for (uint32_t i = 0; i < x->stage_count; i++)
        if (x->stages[i].expr != NULL)
            visit(data, x->stages[i].expr);
    if (x->group != NULL)
        visit(data, x->group);
}

void aslrt_jsonata_children(const struct jsonata_node *n,
                            void (*visit)(void *data, struct jsonata_node *child), void *data)
{
    struct jsonata_node *after = NULL; /* what stands behind the items */
    switch (n->kind) {
    case JSONATA_BINARY:
    case JSONATA_BIND:
    case JSONATA_APPLY:
    case JSONATA_RAW_DOT:
    case JSONATA_RAW_FILTER:
    case JSONATA_RAW_FOCUS:
    case JSONATA_RAW_INDEX:
        visit(data, n->lhs);
        visit(data, n->rhs);
        break;
    case JSONATA_NEGATE:
    case JSONATA_RAW_GROUP:
    case JSONATA_RAW_SORT:
        visit(data, n->lhs);
        break;
    case JSONATA_CONDITION:
    case JSONATA_TRANSFORM:
        visit(data, n->condition);
        visit(data, n->then);
        after = n->otherwise;
        break;
    case JSONATA_CALL:
    case JSONATA_PARTIAL:
        visit(data, n->procedure);
        break;
    case JSONATA_LAMBDA:
        after = n->body;
        break;
    default:
        break;
    }
    for (uint32_t i = 0; i < n->count; i++)
        visit(data, n->items[i]);
    if (after != NULL)
        visit(data, after);
    if (n->extra != NULL)
        visit_extra(n->extra, visit, data);
}

static void raise(void *data, struct jsonata_node *child)
{
    unsigned *height = data;
    if (child != NULL && child->height > *height)
        *height = child->height;
}

void aslrt_jsonata_measure(struct jsonata_build *b, struct jsonata_node *n)
{
    unsigned height = 0;
    aslrt_jsonata_children(n, raise, &height);
    if (height >= JSONATA_HEIGHT_MAX) {
        struct aslrt_fault f = aslrt_fault("U1001", n->at);
        f.message = "the expression has too many operators in a row";
        aslrt_jsonata_reject(b, &f);
    }
    n->height = (uint16_t)(height + 1);
}

void *aslrt_jsonata_grow(struct aslrt_arena *arena, void *items, uint32_t count, uint32_t *room,
                         size_t size)
{
    if (count < *room)
        return items;
    *room = *room == 0 ? 4 : *room * 2;
    void *grown = aslrt_alloc(arena, *room * size);
    if (count != 0)
        memcpy(grown, items, count * size);
    return grown;
}

_Noreturn void aslrt_jsonata_reject(struct jsonata_build *b, const struct aslrt_fault *fault)
{
    b->fault = *fault;
    aslrt_escape(b->arena->memory, ASLRT_SYNTAX);
}

const struct jsonata_node *aslrt_jsonata_root(const struct aslrt_jsonata *program)
{
    return program->root;
}
