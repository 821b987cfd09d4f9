/*
 * overwrites.c - does a write know what it writes over?
 *
 * A701 a putItem without a condition whose key comes from the request: it creates an item that
 * should have been there, and replaces one that somebody else has just written. Which attributes
 * are the key of a table, the machine itself says: other tasks name them in Key. Without such a
 * task the put is taken for a log, not for a record, and nothing is said.
 */
#include "compiler/verify/verify_int.h"

#include <string.h>

/* The table of a DynamoDB call as written, or NULL. */
static const char *table_of(const struct ir_state *s)
{
    bool unknown;
    const struct jnode *table = verify_argument(s, "TableName", &unknown);
    return jnode_is(table, J_STRING) ? table->text : NULL;
}

/* A task that names the key of that table: the first of the machine. */
static const struct jnode *key_of(struct verify *v, const char *table, ir_id *where)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        const struct ir_state *s = &v->m->states[id];
        if (v->tasks[id] == NULL || !verify_is_dynamodb(v->tasks[id]))
            continue;
        const char *other = table_of(s);
        bool unknown;
        const struct jnode *key = verify_argument(s, "Key", &unknown);
        if (other != NULL && strcmp(other, table) == 0 && jnode_is(key, J_OBJECT) &&
            key->count > 0) {
            *where = id;
            return key;
        }
    }
    return NULL;
}

/* True when the value is read from the state's input, rather than constant or generated. */
static bool from_input(const struct jnode *value, bool jsonata)
{
    if (verify_mentions(value, "States.UUID") || verify_mentions(value, "$uuid("))
        return false;
    if (jsonata)
        return verify_mentions(value, "$states.input") || verify_mentions(value, "{% $");
    return verify_mentions(value, "$.") || verify_mentions(value, "$$.Execution.Input");
}

/* True when every part of the key comes from the input. */
static bool key_from_input(const struct jnode *item, const struct jnode *key, bool jsonata)
{
    for (uint32_t i = 0; i < key->count; i++) {
        const struct jnode *value = jnode_get(item, key->members[i].key);
        if (value == NULL || !from_input(value, jsonata))
            return false;
    }
    return true;
}

void verify_overwrites(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        const struct task *t = v->tasks[id];
        const struct ir_state *s = &v->m->states[id];
        if (t == NULL || !v->reached[id] || !verify_is_dynamodb(t) ||
            strcmp(t->action, "putItem") != 0 || s->idempotent || s->probed)
            continue;
        bool unknown;
        const struct jnode *item = verify_argument(s, "Item", &unknown);
        const char *table = table_of(s);
        ir_id where;
        if (unknown || table == NULL || !jnode_is(item, J_OBJECT) ||
            verify_argument(s, "ConditionExpression", &unknown) != NULL ||
            verify_argument(s, "Expected", &unknown) != NULL)
            continue;
        const struct jnode *key = key_of(v, table, &where);
        if (key == NULL || !key_from_input(item, key, s->language == IR_JSONATA))
            continue;
        struct diag *d = verify_report(v, DIAG_BLIND_OVERWRITE, id, s->name_span, "",
                                       "'%s' writes over whatever is under its key", s->name);
        const struct jmember *part = &key->members[0];
        bool template = part->key_count > 2 && strcmp(part->key + part->key_count - 2, ".$") == 0;
        diag_primary(d, "the key '%.*s' comes from the input, and there is no condition",
                     (int)(part->key_count - (template ? 2 : 0)), part->key);
        diag_label(d, v->m->states[where].name_span, "'%s' names this key",
                   v->m->states[where].name);
        diag_note(d, "a missing item is created, and what somebody else wrote meanwhile is lost");
        verify_witness(v, d, id);
        diag_help(
            d, "to change an item: 'ConditionExpression': 'attribute_exists(#key)'; to create one: "
               "'attribute_not_exists(#key)'");
        diag_end(d);
    }
}
