/*
 * routes.c - does a request with an unknown method get an answer of its own?
 *
 * A316 a Choice that tells HTTP methods apart and whose Default goes straight to a call that reads
 * or changes data: a method that nobody thought of is then answered as if it were a known one.
 */
#include "compiler/verify/verify_int.h"

#include <ctype.h>

static bool is_method(const char *word)
{
    static const char *const methods[] = {"GET",   "POST", "PUT",     "DELETE",
                                          "PATCH", "HEAD", "OPTIONS", "QUERY"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(word, methods[i]) == 0)
            return true;
    return false;
}

/* True when the path's text has "method" in it, in any case: $.httpMethod, $states.input.method. */
static bool names_method(const char *path)
{
    static const char word[] = "method";
    for (; *path != '\0'; path++) {
        size_t n = 0;
        while (n < 6 && tolower((unsigned char)path[n]) == word[n])
            n++;
        if (n == 6)
            return true;
    }
    return false;
}

/* Calls the words that the condition compares one path with; the path, or NULL when it is not of
   the form "path equals one of these words". */
static const char *compared_path(const struct condition *c, bool *methods)
{
    if (c->count != 1 || c->boxes[0].count != 1)
        return NULL;
    const struct box_term *t = &c->boxes[0].terms[0];
    const struct vline *l = &t->must.lines[VLINE_TEXT];
    if (l->inside || l->count == 0 || l->count % 2 != 0)
        return NULL;
    for (uint32_t i = 0; i < l->count; i += 2) {
        if (strcmp(l->cuts[i].text, l->cuts[i + 1].text) != 0)
            return NULL;
        *methods = *methods && is_method(l->cuts[i].text);
    }
    return t->path;
}

/* The path by which every rule of the Choice tells methods apart, or NULL. */
static const char *method_path(const struct verify *v, const struct ir_state *s)
{
    const char *path = NULL;
    bool methods = true;
    for (uint32_t i = 0; i < s->rules.count; i++) {
        const char *p = compared_path(&v->conditions[s->rules.first + i], &methods);
        if (p == NULL || (path != NULL && strcmp(p, path) != 0))
            return NULL;
        path = p;
    }
    return path != NULL && (methods || names_method(path)) ? path : NULL;
}

void verify_routes(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        const struct ir_state *s = &v->m->states[id];
        if (s->type != IR_CHOICE || s->default_.state == IR_NONE || !v->reached[id])
            continue;
        const struct ir_state *target = &v->m->states[s->default_.state];
        const char *path = method_path(v, s);
        const struct task *task = v->tasks[s->default_.state];
        if (path == NULL || task == NULL || !verify_touches_data(task))
            continue;
        struct diag *d = verify_report(
            v, DIAG_METHOD_BY_DEFAULT, id, verify_at(s->default_.span, s), "/Default",
            "an unknown method falls into '%s', which %s", target->name,
            task->reads ? "reads and answers as if a known one had come" : "changes data");
        diag_primary(d, "whatever '%s' is, if no rule names it", path);
        verify_witness(v, d, s->default_.state);
        diag_help(d, "give '%s' a rule for its method, and let the Default answer with an error",
                  target->name);
        diag_end(d);
    }
}
