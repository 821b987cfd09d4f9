/*
 * jsonata_process.c - makes the parser's raw tree into what is evaluated.
 *
 * In: the raw tree.  Out: chains of `.` as PATHs of steps; `[..]` as stages of a step or predicates
 * of another node; `{..}`, `^(..)`, `@` and `#` attached to their step; calls at the end of a
 * lambda marked as tail calls; every `%` tied to the step that binds its ancestor. The order of the
 * questions is jsonata-js's, because it decides which error is reported first. Nodes of the raw
 * tree are reused; the tree never gets higher than it was.
 */
#include "runtime/expr/jsonata_build.h"

static struct jsonata_node *process(struct jsonata_build *b, struct jsonata_node *n);

static _Noreturn void reject(struct jsonata_build *b, const char *code, uint32_t at,
                             struct aslrt_value token, struct aslrt_value value)
{
    struct aslrt_fault f = aslrt_fault(code, at);
    f.token = token;
    f.value = value;
    aslrt_jsonata_reject(b, &f);
}

static struct jsonata_extra *extra(struct jsonata_build *b, struct jsonata_node *n)
{
    if (n->extra == NULL)
        n->extra = ASLRT_NEW(b->arena, struct jsonata_extra);
    return n->extra;
}

static struct jsonata_node *last_step(const struct jsonata_node *path)
{
    return path->items[path->count - 1];
}

/* ---- ancestors: `%` ---- */

static void seek(struct jsonata_build *b, struct jsonata_slots **list, struct jsonata_slot *slot)
{
    if (*list == NULL)
        *list = ASLRT_NEW(b->arena, struct jsonata_slots);
    struct jsonata_slots *s = *list;
    s->items = aslrt_jsonata_grow(b->arena, s->items, s->count, &s->room, sizeof *s->items);
    s->items[s->count++] = slot;
}

/* The slots that the node looks for, itself included when it is a `%`. */
static struct jsonata_slots *sought(struct jsonata_build *b, struct jsonata_node *n)
{
    struct jsonata_slots *slots = n->seeking;
    if (n->kind == JSONATA_PARENT)
        seek(b, &slots, n->slot);
    return slots;
}

/* What `value` looks for, its parent in the tree looks for too. */
static void inherit(struct jsonata_build *b, struct jsonata_node *n, struct jsonata_node *value)
{
    struct jsonata_slots *s = sought(b, value);
    if (s == NULL)
        return;
    if (n->seeking == NULL) {
        n->seeking = s;
        return;
    }
    for (uint32_t i = 0, count = s->count; i < count; i++)
        seek(b, &n->seeking, s->items[i]);
}

/* Looks for the slot's step in `n`, going outwards; the slot's level says how far it still is. */
static void seek_parent(struct jsonata_build *b, struct jsonata_node *n, struct jsonata_slot *slot)
{
    switch (n->kind) {
    case JSONATA_NAME:
    case JSONATA_WILDCARD:
        if (--slot->level == 0) {
            struct jsonata_extra *x = extra(b, n);
            if (x->ancestor != NULL)
                slot->label = x->ancestor->label;
            x->ancestor = slot;
            n->flags |= JSONATA_TUPLE;
        }
        break;
    case JSONATA_PARENT:
        slot->level++;
        break;
    case JSONATA_BLOCK:
        if (n->count > 0) {
            n->flags |= JSONATA_TUPLE;
            seek_parent(b, n->items[n->count - 1], slot);
        }
        break;
    case JSONATA_PATH:
        n->flags |= JSONATA_TUPLE;
        for (uint32_t i = n->count; i-- > 0;) {
            seek_parent(b, n->items[i], slot);
            if (slot->level <= 0)
                break;
        }
        break;
    default:
        reject(b, "S0217", n->at, aslrt_text(aslrt_jsonata_kind_name(n)), aslrt_undefined());
    }
}

/* The last step's ancestors are sought in the steps before it. */
static void resolve_ancestry(struct jsonata_build *b, struct jsonata_node *path)
{
    struct jsonata_slots *slots = sought(b, last_step(path));
    for (uint32_t i = 0; slots != NULL && i < slots->count; i++) {
        struct jsonata_slot *slot = slots->items[i];
        int64_t index = (int64_t)path->count - 2;
        while (slot->level > 0) {
            if (index < 0) {
                seek(b, &path->seeking, slot);
                break;
            }
            struct jsonata_node *step = path->items[index--];
            /* steps in a row that only bind a variable keep the context where it was */
            while (index >= 0 && step->extra != NULL &&
                   step->extra->focus.kind != ASLRT_UNDEFINED &&
                   path->items[index]->extra != NULL &&
                   path->items[index]->extra->focus.kind != ASLRT_UNDEFINED)
                step = path->items[index--];
            seek_parent(b, step, slot);
        }
    }
}

/* ---- paths ---- */

static struct jsonata_node *path_of(struct jsonata_build *b, struct jsonata_node *step)
{
    struct jsonata_node *path = ASLRT_NEW(b->arena, struct jsonata_node);
    path->kind = JSONATA_PATH;
    path->height = step->height;
    path->start = step->start;
    path->end = step->end;
    path->at = FAULT_NOWHERE; /* jsonata-js's paths have no position */
    path->items = ASLRT_NEW_ARRAY(b->arena, struct jsonata_node *, 1);
    path->items[0] = step;
    path->count = 1;
    return path;
}

static void add_steps(struct jsonata_build *b, struct jsonata_node *path,
                      struct jsonata_node *const *steps, uint32_t count)
{
    /* grows by doubling: the room is the smallest power of two that holds the steps */
    uint32_t room = 1;
    while (room < path->count)
        room *= 2;
    for (uint32_t i = 0; i < count; i++) {
        path->items =
            aslrt_jsonata_grow(b->arena, path->items, path->count, &room, sizeof *path->items);
        path->items[path->count++] = steps[i];
    }
}

static bool has_stages(const struct jsonata_node *n, bool predicates)
{
    return n->extra != NULL && n->extra->stages != NULL && n->extra->predicate == predicates;
}

/* Numbers, true, false and null are no steps; a string is a name in quotes. */
static void check_steps(struct jsonata_build *b, struct jsonata_node *path)
{
    for (uint32_t i = 0; i < path->count; i++) {
        struct jsonata_node *step = path->items[i];
        if (step->kind == JSONATA_NUMBER || step->kind == JSONATA_CONSTANT)
            reject(b, "S0213", step->at, aslrt_undefined(), step->value);
    }
    for (uint32_t i = 0; i < path->count; i++) {
        struct jsonata_node *step = path->items[i];
        if (step->kind == JSONATA_STRING)
            step->kind = JSONATA_NAME;
        if (step->flags & JSONATA_KEEP_ARRAY)
            path->flags |= JSONATA_KEEP_SINGLETON;
    }
    if (path->items[0]->kind == JSONATA_ARRAY)
        path->items[0]->flags |= JSONATA_CONS;
    if (last_step(path)->kind == JSONATA_ARRAY)
        last_step(path)->flags |= JSONATA_CONS;
}

static struct jsonata_node *process_dot(struct jsonata_build *b, struct jsonata_node *n)
{
    struct jsonata_node *left = process(b, n->lhs);
    struct jsonata_node *path = left->kind == JSONATA_PATH ? left : path_of(b, left);
    if (left->kind == JSONATA_PARENT) {
        path->seeking = NULL;
        seek(b, &path->seeking, left->slot);
    }
    struct jsonata_node *rest = process(b, n->rhs);
    if (rest->kind == JSONATA_PATH) {
        add_steps(b, path, rest->items, rest->count);
    } else {
        if (has_stages(rest, true))
            rest->extra->predicate = false;
        add_steps(b, path, &rest, 1);
    }
    path->end = n->end;
    if (path->height < n->height)
        path->height = n->height;
    check_steps(b, path);
    resolve_ancestry(b, path);
    return path;
}

static void add_stage(struct jsonata_build *b, struct jsonata_node *step,
                      struct jsonata_stage stage)
{
    struct jsonata_extra *x = extra(b, step);
    x->stages =
        aslrt_jsonata_grow(b->arena, x->stages, x->stage_count, &x->stage_room, sizeof *x->stages);
    x->stages[x->stage_count++] = stage;
}

static struct jsonata_node *process_filter(struct jsonata_build *b, struct jsonata_node *n)
{
    struct jsonata_node *result = process(b, n->lhs);
    bool is_path = result->kind == JSONATA_PATH;
    struct jsonata_node *step = is_path ? last_step(result) : result;
    if (step->extra != NULL && step->extra->group != NULL)
        reject(b, "S0209", n->at, aslrt_undefined(), aslrt_undefined());
    struct jsonata_node *predicate = process(b, n->rhs);
    if (predicate->seeking != NULL) {
        for (uint32_t i = 0; i < predicate->seeking->count; i++) {
            struct jsonata_slot *slot = predicate->seeking->items[i];
            if (slot->level == 1)
                seek_parent(b, step, slot);
            else
                slot->level--;
        }
        inherit(b, step, predicate);
    }
    struct jsonata_stage stage = {JSONATA_STAGE_FILTER, predicate, aslrt_undefined(), 0};
    if (!has_stages(step, is_path))
        extra(b, step)->predicate = !is_path;
    add_stage(b, step, stage);
    result->end = n->end;
    return result;
}

static void process_items(struct jsonata_build *b, struct jsonata_node *n, bool inherits)
{
    for (uint32_t i = 0; i < n->count; i++) {
        n->items[i] = process(b, n->items[i]);
        if (inherits)
            inherit(b, n, n->items[i]);
    }
}

static struct jsonata_node *process_group(struct jsonata_build *b, struct jsonata_node *n)
{
    struct jsonata_node *result = process(b, n->lhs);
    if (result->extra != NULL && result->extra->group != NULL)
        reject(b, "S0210", n->at, aslrt_undefined(), aslrt_undefined());
    n->kind = JSONATA_OBJECT;
    n->flags = 0;
    n->lhs = NULL;
    process_items(b, n, false);
    extra(b, result)->group = n;
    result->end = n->end;
    return result;
}

static struct jsonata_node *process_sort(struct jsonata_build *b, struct jsonata_node *n)
{
    struct jsonata_node *result = process(b, n->lhs);
    if (result->kind != JSONATA_PATH)
        result = path_of(b, result);
    n->kind = JSONATA_SORT;
    n->flags = 0;
    n->lhs = NULL;
    process_items(b, n, true);
    add_steps(b, result, &n, 1);
    result->end = n->end;
    resolve_ancestry(b, result);
    return result;
}

static struct jsonata_node *process_focus(struct jsonata_build *b, struct jsonata_node *n)
{
    struct jsonata_node *result = process(b, n->lhs);
    struct jsonata_node *step = result->kind == JSONATA_PATH ? last_step(result) : result;
    if (step->extra != NULL && step->extra->stages != NULL)
        reject(b, "S0215", n->at, aslrt_undefined(), aslrt_undefined());
    if (step->kind == JSONATA_SORT)
        reject(b, "S0216", n->at, aslrt_undefined(), aslrt_undefined());
    step->flags |= JSONATA_TUPLE | (n->flags & JSONATA_KEEP_ARRAY);
    if (n->rhs->value.count != 0)
        extra(b, step)->focus = n->rhs->value;
    result->end = n->end;
    return result;
}

static struct jsonata_node *process_index(struct jsonata_build *b, struct jsonata_node *n)
{
    struct jsonata_node *result = process(b, n->lhs);
    struct jsonata_node *step = result;
    if (result->kind == JSONATA_PATH) {
        step = last_step(result);
    } else {
        result = path_of(b, result);
        if (has_stages(step, true))
            step->extra->predicate = false;
    }
    if (n->rhs->value.count == 0) {
        /* `#$` binds nothing, but it makes tuples */
    } else if (has_stages(step, false)) {
        struct jsonata_stage stage = {JSONATA_STAGE_INDEX, NULL, n->rhs->value, 0};
        add_stage(b, step, stage);
    } else {
        extra(b, step)->index = n->rhs->value;
    }
    step->flags |= JSONATA_TUPLE;
    result->end = n->end;
    return result;
}

/* ---- the rest ---- */

static struct jsonata_node *process_binary(struct jsonata_build *b, struct jsonata_node *n)
{
    n->lhs = process(b, n->lhs);
    n->rhs = process(b, n->rhs);
    inherit(b, n, n->lhs);
    inherit(b, n, n->rhs);
    return n;
}

static struct jsonata_node *process_negate(struct jsonata_build *b, struct jsonata_node *n)
{
    struct jsonata_node *operand = process(b, n->lhs);
    if (operand->kind == JSONATA_NUMBER) {
        operand->value.as.real = -operand->value.as.real;
        operand->start = n->start;
        return operand;
    }
    n->lhs = operand;
    inherit(b, n, operand);
    return n;
}

/* Marks the calls whose result is the lambda's result. */
static void mark_tail_calls(struct jsonata_node *n)
{
    for (;;) {
        switch (n->kind) {
        case JSONATA_CALL:
            if (!has_stages(n, true))
                n->flags |= JSONATA_TAIL;
            return;
        case JSONATA_CONDITION:
            mark_tail_calls(n->then);
            if (n->otherwise == NULL)
                return;
            n = n->otherwise;
            break;
        case JSONATA_BLOCK:
            if (n->count == 0)
                return;
            n = n->items[n->count - 1];
            break;
        default:
            return;
        }
    }
}

static struct jsonata_node *process_block(struct jsonata_build *b, struct jsonata_node *n)
{
    for (uint32_t i = 0; i < n->count; i++) {
        struct jsonata_node *part = process(b, n->items[i]);
        n->items[i] = part;
        inherit(b, n, part);
        if ((part->flags & JSONATA_CONS) ||
            (part->kind == JSONATA_PATH && (part->items[0]->flags & JSONATA_CONS)))
            n->flags |= JSONATA_CONS;
    }
    return n;
}

static struct jsonata_node *process_condition(struct jsonata_build *b, struct jsonata_node *n)
{
    n->condition = process(b, n->condition);
    inherit(b, n, n->condition);
    n->then = process(b, n->then);
    inherit(b, n, n->then);
    if (n->otherwise != NULL) {
        n->otherwise = process(b, n->otherwise);
        inherit(b, n, n->otherwise);
    }
    return n;
}

static struct jsonata_node *process_apply(struct jsonata_build *b, struct jsonata_node *n)
{
    n->lhs = process(b, n->lhs);
    n->rhs = process(b, n->rhs);
    n->flags |= (n->lhs->flags | n->rhs->flags) & JSONATA_KEEP_ARRAY;
    return n;
}

static struct jsonata_node *process_name(struct jsonata_build *b, struct jsonata_node *n)
{
    struct jsonata_node *path = path_of(b, n);
    if (n->flags & JSONATA_KEEP_ARRAY)
        path->flags |= JSONATA_KEEP_SINGLETON;
    return path;
}

static struct jsonata_node *process_parent(struct jsonata_build *b, struct jsonata_node *n)
{
    n->at = FAULT_NOWHERE;
    n->slot = ASLRT_NEW(b->arena, struct jsonata_slot);
    n->slot->label = b->labels++;
    n->slot->level = 1;
    return n;
}

static struct jsonata_node *process_kind(struct jsonata_build *b, struct jsonata_node *n)
{
    switch (n->kind) {
    case JSONATA_RAW_DOT:
        return process_dot(b, n);
    case JSONATA_RAW_FILTER:
        return process_filter(b, n);
    case JSONATA_RAW_GROUP:
        return process_group(b, n);
    case JSONATA_RAW_SORT:
        return process_sort(b, n);
    case JSONATA_RAW_FOCUS:
        return process_focus(b, n);
    case JSONATA_RAW_INDEX:
        return process_index(b, n);
    case JSONATA_BINARY:
        return process_binary(b, n);
    case JSONATA_BIND:
        n->rhs = process(b, n->rhs);
        inherit(b, n, n->rhs);
        return n;
    case JSONATA_APPLY:
        return process_apply(b, n);
    case JSONATA_NEGATE:
        return process_negate(b, n);
    case JSONATA_ARRAY:
    case JSONATA_OBJECT:
        process_items(b, n, true);
        return n;
    case JSONATA_CALL:
    case JSONATA_PARTIAL:
        process_items(b, n, true);
        n->procedure = process(b, n->procedure);
        return n;
    case JSONATA_LAMBDA:
        n->body = process(b, n->body);
        mark_tail_calls(n->body);
        return n;
    case JSONATA_CONDITION:
        return process_condition(b, n);
    case JSONATA_TRANSFORM:
        n->pattern = process(b, n->pattern);
        n->update = process(b, n->update);
        if (n->removal != NULL)
            n->removal = process(b, n->removal);
        return n;
    case JSONATA_BLOCK:
        return process_block(b, n);
    case JSONATA_RAW_WORD: /* `and`, `or`, `in` where only a name can be */
        n->kind = JSONATA_NAME;
        return process_name(b, n);
    case JSONATA_NAME:
        return process_name(b, n);
    case JSONATA_PARENT:
        return process_parent(b, n);
    case JSONATA_RAW_END:
        reject(b, "S0207", n->at, n->value, aslrt_undefined());
    default:
        return n;
    }
}

static struct jsonata_node *process(struct jsonata_build *b, struct jsonata_node *n)
{
    unsigned keep = n->flags & JSONATA_KEEP_ARRAY;
    struct jsonata_node *result = process_kind(b, n);
    result->flags |= (uint16_t)keep;
    return result;
}

struct jsonata_node *aslrt_jsonata_process(struct jsonata_build *b, struct jsonata_node *raw)
{
    struct jsonata_node *n = process(b, raw);
    if (n->kind == JSONATA_PARENT || n->seeking != NULL)
        reject(b, "S0217", n->at, aslrt_text(aslrt_jsonata_kind_name(n)), aslrt_undefined());
    return n;
}
