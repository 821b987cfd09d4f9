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

enum { WITNESS_MAX = 12 }; /* longer ways are shown by their first and last states */

/* Adds the way from the StartAt of the state's scope to the state. */
static void add_way(struct verify *v, struct diag *d, ir_id state)
{
    uint32_t count = 0;
    for (ir_id s = state; s != IR_NONE; s = v->parent[s])
        count++;
    ir_id *way = ASLRT_NEW_ARRAY(v->arena, ir_id, count);
    uint32_t i = count;
    for (ir_id s = state; s != IR_NONE; s = v->parent[s])
        way[--i] = s;
    for (i = 0; i < count; i++) {
        if (count > WITNESS_MAX && i == WITNESS_MAX / 2) {
            uint32_t next = count - WITNESS_MAX / 2;
            diag_path(d, v->m->states[way[i]].name_span, "... %u more ...", next - i);
            i = next;
        }
        diag_path(d, v->m->states[way[i]].name_span, "%s", v->m->states[way[i]].name);
    }
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

const char *verify_list(struct verify *v, const char *const *words, uint32_t count, uint32_t most)
{
    struct aslrt_buffer b = aslrt_buffer_in(v->arena);
    uint32_t shown = count <= most + 1 ? count : most; /* "and 1 more" is no shorter than a name */
    for (uint32_t i = 0; i < shown; i++) {
        if (i > 0)
            aslrt_buffer_text(&b, i + 1 == count ? " and " : ", ");
        aslrt_buffer_format(&b, "'%s'", words[i]);
    }
    if (shown < count)
        aslrt_buffer_format(&b, " and %u more", count - shown);
    return aslrt_buffer_close(&b);
}
