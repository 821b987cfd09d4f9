/*
 * verdict.c - see verdict.h.
 *
 * The graph is judged only where the shapes are right, as the service does it.  Its order is that
 * of the document, what holds for an object before what holds for its members, and what has no
 * place last.  A text that is not JSON has one finding, in the words of the parser that the service
 * uses where we know them.
 */
#include "compiler/driver/verdict.h"

#include "compiler/base/grow.h"
#include "compiler/front/asl_read.h"
#include "compiler/front/json_read.h"
#include "compiler/verify/verify.h"

#include <ctype.h>
#include <stdlib.h>

/* ---- the order ---- */

struct placed {
    struct verdict_finding finding;
    uint32_t start; /* of what the location names, in the text */
    uint32_t order; /* in which it was reported */
};

/* The child of an array or object in which the offset lies, or NULL. */
static const struct jnode *child_at(const struct jnode *n, uint32_t offset)
{
    uint32_t low = 0, high = n->kind == J_ARRAY || n->kind == J_OBJECT ? n->count : 0;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        const struct jnode *value = n->kind == J_ARRAY ? n->items[mid] : n->members[mid].value;
        uint32_t start = n->kind == J_ARRAY ? value->span.start : n->members[mid].key_span.start;
        if (offset < start)
            high = mid;
        else if (offset >= value->span.end)
            low = mid + 1;
        else
            return value;
    }
    return NULL;
}

/* The start of the value that the pointer leads to: as many levels down, towards the place of the
   report, as the pointer has tokens. */
static uint32_t start_of(const struct jnode *root, const char *pointer, uint32_t offset)
{
    const struct jnode *n = root;
    for (const char *p = strchr(pointer, '/'); p != NULL; p = strchr(p + 1, '/')) {
        const struct jnode *child = child_at(n, offset);
        if (child == NULL)
            break;
        n = child;
    }
    return n->span.start;
}

static int compare(const void *x, const void *y)
{
    const struct placed *a = x, *b = y;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* ---- texts that are not JSON ---- */

/* "[Source: (String)"text"; line: 1, column: 4]": where a reading position is, with the first 500
   characters of the text. */
static const char *source_location(struct verdict *v, uint32_t at)
{
    const struct source *s = source_of(&v->sources, 1);
    struct aslrt_buffer b = aslrt_buffer_in(v->sources.arena);
    const uint32_t most = 500;
    uint32_t shown = s->count < most ? s->count : most;
    struct place p = source_place(&v->sources, 1, at);
    aslrt_buffer_text(&b, "[Source: (String)\"");
    aslrt_buffer_put(&b, s->text, shown);
    aslrt_buffer_char(&b, '"');
    if (shown < s->count)
        aslrt_buffer_format(&b, "[truncated %u chars]", s->count - shown);
    aslrt_buffer_format(&b, "; line: %u, column: %u]", p.line, p.column);
    return aslrt_buffer_close(&b);
}

static struct verdict_finding not_json(struct verdict *v, const struct diag *d)
{
    const struct source *s = source_of(&v->sources, 1);
    uint32_t end = d->at.start;
    while (end < s->count && (isalnum((unsigned char)s->text[end]) || s->text[end] == '_'))
        end++;
    bool word = end > d->at.start && isalpha((unsigned char)s->text[d->at.start]);
    struct verdict_finding f = {SEVERITY_ERROR, d->service_code, d->service_text, NULL};
    if (f.text != NULL)
        return f;
    struct aslrt_buffer b = aslrt_buffer_in(v->sources.arena);
    f.location = source_location(v, word ? end : d->at.start);
    if (word)
        aslrt_buffer_format(&b,
                            "Unrecognized token '%.*s': was expecting (JSON String, Number, Array, "
                            "Object or token 'null', 'true' or 'false')",
                            (int)(end - d->at.start), s->text + d->at.start);
    else
        aslrt_buffer_text(&b, d->message);
    aslrt_buffer_format(&b, "\n at %s", f.location);
    f.text = aslrt_buffer_close(&b);
    return f;
}

/* ---- all of it ---- */

static bool counts(const struct diag *d)
{
    return *d->service_code != '\0' && d->severity != SEVERITY_NOTE;
}

static bool has_error(const struct diag_context *cx)
{
    for (uint32_t i = 0; i < cx->count; i++)
        if (counts(cx->diags[i]) && cx->diags[i]->severity == SEVERITY_ERROR)
            return true;
    return false;
}

static void add(struct aslrt_arena *arena, struct verdict *v, struct verdict_finding f)
{
    *GROW(arena, v->findings, v->count) = f;
    v->errors += f.severity == SEVERITY_ERROR;
}

static void collect(struct aslrt_arena *arena, struct verdict *v, const struct jnode *root)
{
    struct placed *list = ASLRT_NEW_ARRAY(arena, struct placed, v->diag.count + 1u);
    uint32_t count = 0;
    for (uint32_t i = 0; i < v->diag.count; i++) {
        const struct diag *d = v->diag.diags[i];
        if (!counts(d))
            continue;
        const char *pointer = d->service_pointer != NULL ? d->service_pointer : d->pointer;
        const char *location = diag_service_location(d);
        list[count] = (struct placed){
            {d->severity, d->service_code, diag_service_text(d), location},
            location == NULL ? UINT32_MAX : start_of(root, pointer, d->at.start),
            count,
        };
        count++;
    }
    qsort(list, count, sizeof *list, compare);
    for (uint32_t i = 0; i < count; i++)
        add(arena, v, list[i].finding);
}

void verdict_of(struct aslrt_arena *arena, const char *text, size_t count,
                enum ir_machine_type type, struct verdict *out)
{
    *out = (struct verdict){.machine = NULL};
    source_table_init(&out->sources, arena);
    diag_context_init(&out->diag, arena, &out->sources);
    uint32_t source = source_add(&out->sources, "definition", text, (uint32_t)count);
    struct jnode *root = json_read(arena, &out->diag, source);
    if (root == NULL) {
        diag_sort(&out->diag);
        add(arena, out, not_json(out, out->diag.diags[0]));
        return;
    }
    out->machine = asl_read_tree(arena, &out->diag, root, "machine");
    if (out->machine != NULL) {
        out->machine->type = type;
        if (!has_error(&out->diag))
            verify_as_service(out->machine, NULL, &out->diag);
    }
    collect(arena, out, root);
}

const char *verdict_refusal(struct aslrt_arena *arena, const struct verdict *v)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    bool first = true;
    aslrt_buffer_text(&b, "Invalid State Machine Definition: '");
    for (uint32_t i = 0; i < v->count; i++) {
        const struct verdict_finding *f = &v->findings[i];
        if (f->severity != SEVERITY_ERROR)
            continue;
        aslrt_buffer_format(&b, "%s%s: %s at %s", first ? "" : ", ", f->code, f->text,
                            f->location == NULL ? "null" : f->location);
        first = false;
    }
    aslrt_buffer_char(&b, '\'');
    return aslrt_buffer_close(&b);
}
