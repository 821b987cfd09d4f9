/*
 * report.c - how findings are reported: pointer, witness, lists of names.
 */
#include "compiler/verify/verify_int.h"

struct diag *verify_report(struct verify *v, enum diag_code code, ir_id state, struct span at,
                           const char *tail, const char *format, ...)
{
    struct aslrt_buffer text = aslrt_buffer_in(v->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&text, format, args);
    va_end(args);
    struct diag *d = diag_begin(v->cx, code, at, "%s", aslrt_buffer_close(&text));
    struct aslrt_buffer pointer = aslrt_buffer_in(v->arena);
    aslrt_buffer_text(&pointer, ir_pointer(v->m, state));
    aslrt_buffer_text(&pointer, tail);
    diag_pointer(d, aslrt_buffer_close(&pointer));
    return d;
}

enum { WITNESS_MAX = 12 }; /* of a longer way its first state and its last ones are shown */

/* Adds the way from the StartAt of the state's scope to the state. */
static void add_way(struct verify *v, struct diag *d, ir_id state)
{
    ir_id way[WITNESS_MAX];
    uint32_t count = 0;
    for (ir_id s = state; s != IR_NONE && count < WITNESS_MAX; s = v->parent[s])
        way[count++] = s;
    uint32_t hidden = v->depth[state] + 1 - count;
    if (hidden > 0) {
        ir_id start = v->m->scopes[v->m->states[state].scope].start_at.state;
        diag_path(d, v->m->states[start].name_span, "%s", v->m->states[start].name);
        if (hidden > 1)
            diag_path(d, v->m->states[way[count - 1]].name_span, "... %u more ...", hidden - 1);
    }
    while (count-- > 0)
        diag_path(d, v->m->states[way[count]].name_span, "%s", v->m->states[way[count]].name);
}

void verify_witness(struct verify *v, struct diag *d, ir_id state)
{
    if (!v->reached[state])
        return;
    ir_id around[16]; /* deeper nesting shows its innermost scopes only */
    uint32_t depth = 0;
    for (ir_id s = state; s != IR_NONE && depth < 16; s = v->m->scopes[v->m->states[s].scope].owner)
        around[depth++] = s;
    while (depth > 0)
        add_way(v, d, around[--depth]);
}

const char *verify_tail(struct verify *v, const char *field, uint32_t index)
{
    struct aslrt_buffer b = aslrt_buffer_in(v->arena);
    aslrt_buffer_format(&b, "/%s/%u", field, index);
    return aslrt_buffer_close(&b);
}

struct span verify_at(struct span own, const struct ir_state *s)
{
    return own.source != 0 ? own : s->name_span;
}

struct span verify_inside(struct span at, const char *text)
{
    if (at.end - at.start == strlen(text) + 2) {
        at.start++;
        at.end--;
    }
    return at;
}

const char *verify_list(struct verify *v, const char *const *words, uint32_t count, uint32_t most)
{
    struct aslrt_buffer b = aslrt_buffer_in(v->arena);
    uint32_t shown = count <= most + 1 ? count : most; /* "and 1 more" is no shorter than a name */
    for (uint32_t i = 0; i < shown; i++) {
        if (i > 0)
            aslrt_buffer_text(&b, i + 1 == count ? " and " : ", ");
        aslrt_buffer_format(&b, words[i][0] == '<' ? "%s" : "'%s'", words[i]);
    }
    if (shown < count)
        aslrt_buffer_format(&b, " and %u more", count - shown);
    return aslrt_buffer_close(&b);
}
