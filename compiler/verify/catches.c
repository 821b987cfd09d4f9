/*
 * catches.c - does what follows a Catch make sense?
 *
 * A423 a Catch back to its own state, A424 a Catch that goes on as if nothing had happened, A425 a
 * Catch that replaces the input that its handler reads, A426 a Fail state with a reserved error
 * name. spec: Errors, Fallback states: without ResultPath (JSONPath) or Output (JSONata) the error
 * output {Error, Cause} becomes the whole input of the next state.
 */
#include "compiler/verify/verify_int.h"

#include <ctype.h>
#include <string.h>

static struct diag *about(struct verify *v, enum diag_code code, ir_id id, uint32_t i,
                          const char *what)
{
    const struct ir_state *s = &v->m->states[id];
    const struct ir_catcher *c = &v->m->catchers[s->catchers.first + i];
    return verify_report(v, code, id, verify_at(c->span, s), verify_tail(v, "Catch", i),
                         "catcher %u of '%s' %s", i + 1, s->name, what);
}

/* True when the error output becomes the next state's whole input. */
static bool replaces_input(const struct ir_state *s, const struct ir_catcher *c)
{
    if (s->language == IR_JSONATA)
        return c->output == NULL;
    return c->result_path == NULL ||
           (c->result_path->kind == J_STRING && strcmp(c->result_path->text, "$") == 0);
}

/* True when nothing of the error goes on. */
static bool drops_error(const struct ir_state *s, const struct ir_catcher *c)
{
    if (c->assign != NULL)
        return false;
    if (s->language == IR_JSONATA)
        return c->output != NULL && !verify_mentions(c->output, "errorOutput");
    return c->result_path != NULL && c->result_path->kind == J_NULL;
}

static void check_self(struct verify *v, ir_id id, uint32_t i)
{
    struct diag *d = about(v, DIAG_CATCH_SELF, id, i, "goes back to the same state");
    diag_note(d, "that is a retry without a limit and without a pause");
    diag_help(d, "use a Retry with 'MaxAttempts' and 'BackoffRate'");
    diag_end(d);
}

static void check_swallow(struct verify *v, ir_id id, uint32_t i, const char *next)
{
    struct diag *d = about(v, DIAG_CATCH_SWALLOWS, id, i, "goes on as if nothing had happened");
    diag_note(d, "success and failure both go to '%s', which can't tell them apart", next);
    diag_help(d, v->m->states[id].language == IR_JSONATA
                     ? "go to a state that handles the error, or keep it with 'Assign' or 'Output'"
                     : "go to a state that handles the error, or keep it with 'ResultPath'");
    diag_end(d);
}

/* ---- what a state reads of its input ---- */

/* The member that follows `root` in the text at *at, moved behind it; false when none follows. */
static bool member_behind(const char **at, char *name, size_t room)
{
    const char *p = *at;
    size_t n = 0;
    if (p[0] == '.' && (isalpha((unsigned char)p[1]) || p[1] == '_')) {
        for (p++; (isalnum((unsigned char)*p) || *p == '_' || *p == '-') && n + 1 < room; p++)
            name[n++] = *p;
    } else if (p[0] == '[' && p[1] == '\'') {
        for (p += 2; *p != '\0' && *p != '\'' && n + 1 < room; p++)
            name[n++] = *p;
    }
    name[n] = '\0';
    *at = p;
    return n > 0;
}

/* A member of the input other than Error and Cause that the text reads, in `name`. */
static bool reads_other(const char *text, bool jsonata, char *name, size_t room)
{
    const char *root = jsonata ? "$states.input" : "$";
    for (const char *p = strstr(text, root); p != NULL; p = strstr(p, root)) {
        bool context = !jsonata && ((p > text && p[-1] == '$') || p[1] == '$'); /* $$.Execution */
        p += strlen(root);
        if (member_behind(&p, name, room) && !context && strcmp(name, "Error") != 0 &&
            strcmp(name, "Cause") != 0)
            return true;
    }
    return false;
}

struct reading {
    bool jsonata;
    char name[64];
};

/* Looks into every place of a payload where the input is read. */
static bool payload_reads(const struct jnode *n, struct reading *r, bool active)
{
    if (n == NULL)
        return false;
    if (n->kind == J_STRING)
        return (r->jsonata ? jnode_is_jsonata(n) : active) &&
               reads_other(n->text, r->jsonata, r->name, sizeof r->name);
    for (uint32_t i = 0; n->kind == J_ARRAY && i < n->count; i++)
        if (payload_reads(n->items[i], r, active))
            return true;
    for (uint32_t i = 0; n->kind == J_OBJECT && i < n->count; i++) {
        const struct jmember *m = &n->members[i];
        bool path = m->key_count > 2 && strcmp(m->key + m->key_count - 2, ".$") == 0;
        if (payload_reads(m->value, r, path))
            return true;
    }
    return false;
}

/* The first rule is always tried; it is fatal when its Variable is missing, unless it asks for
 * that. */
static bool choice_reads(const struct verify *v, const struct ir_state *s, struct reading *r)
{
    if (r->jsonata || s->rules.count == 0)
        return false;
    const struct condition *c = &v->conditions[s->rules.first];
    for (uint32_t i = 0; i < c->count; i++) {
        for (uint32_t k = 0; k < c->boxes[i].count; k++) {
            const struct box_term *t = &c->boxes[i].terms[k];
            if ((t->must.bits & VSET_ABSENT) != 0 && (t->may.bits & VSET_ABSENT) == 0 &&
                reads_other(t->path, false, r->name, sizeof r->name))
                return true;
        }
    }
    return false;
}

/* A member of its input, other than the error's, that the state certainly reads; else NULL. */
static const char *reads_input(struct verify *v, const struct ir_state *s)
{
    struct reading *r = ASLRT_NEW(v->arena, struct reading);
    r->jsonata = s->language == IR_JSONATA;
    if (s->type == IR_CHOICE)
        return choice_reads(v, s, r) ? r->name : NULL;
    const struct jnode *plain[] = {s->input_path,     s->items_path,   s->seconds_path,
                                   s->timestamp_path, s->timeout_path, s->error_path,
                                   s->cause_path};
    for (size_t i = 0; !r->jsonata && i < sizeof plain / sizeof *plain; i++)
        if (payload_reads(plain[i], r, true))
            return r->name;
    bool narrowed = s->input_path != NULL; /* its Parameters read what InputPath has picked */
    const struct jnode *payloads[] = {narrowed ? NULL : s->parameters,
                                      s->arguments,
                                      s->items,
                                      s->seconds,
                                      s->timestamp,
                                      s->error,
                                      s->cause};
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++)
        if (payload_reads(payloads[i], r, false))
            return r->name;
    bool early = s->type == IR_PASS || s->type == IR_SUCCEED || s->type == IR_WAIT;
    if (r->jsonata && early &&
        (payload_reads(s->output, r, false) || payload_reads(s->assign, r, false)))
        return r->name;
    return NULL;
}

/* True when the state hands its input on, so that the next one reads it too. */
static bool hands_on(const struct ir_state *s)
{
    if (s->language == IR_JSONATA)
        return (s->type == IR_PASS || s->type == IR_WAIT) && s->output == NULL;
    if (s->output_path != NULL || s->input_path != NULL)
        return false;
    if (s->type == IR_WAIT)
        return true;
    if (s->type == IR_PASS && s->result == NULL && s->parameters == NULL)
        return true;
    return s->type == IR_TASK && s->result_path != NULL &&
           (s->result_path->kind == J_NULL || strcmp(s->result_path->text, "$") != 0) &&
           s->catchers.count == 0;
}

static void check_lost_input(struct verify *v, ir_id id, uint32_t i, const struct ir_catcher *c)
{
    ir_id at = c->next.state;
    for (int steps = 0; at != IR_NONE && steps < 16; steps++) {
        const struct ir_state *s = &v->m->states[at];
        const char *member = reads_input(v, s);
        if (member == NULL) {
            at = hands_on(s) ? s->next.state : IR_NONE;
            continue;
        }
        struct diag *d =
            about(v, DIAG_CATCH_LOSES_INPUT, id, i, "replaces the input that its handler reads");
        diag_primary(d, "what goes on is only the error: {\"Error\", \"Cause\"}");
        diag_label(d, s->name_span, "'%s' reads '%s' of its input", s->name, member);
        if (v->m->states[id].language == IR_JSONATA)
            diag_help(d, "set 'Output' of the catcher, with '$states.input' in it");
        else
            diag_help(d, "set 'ResultPath' of the catcher, for example to '$.error'");
        diag_end(d);
        return;
    }
}

/* True when the catcher takes whatever comes.  One that names its errors has chosen them: that a
   lock is already released may well be as good as releasing it. */
static bool takes_all(const struct verify *v, const struct ir_catcher *c)
{
    for (uint32_t i = 0; i < c->errors.count; i++) {
        const char *name = v->m->names[c->errors.first + i].text;
        if (strcmp(name, "States.ALL") == 0 || strcmp(name, "States.TaskFailed") == 0)
            return true;
    }
    return false;
}

static void check_catcher(struct verify *v, ir_id id, uint32_t i)
{
    const struct ir_state *s = &v->m->states[id];
    const struct ir_catcher *c = &v->m->catchers[s->catchers.first + i];
    if (c->next.state == id)
        check_self(v, id, i);
    bool joins =
        c->next.name != NULL && s->next.name != NULL && strcmp(c->next.name, s->next.name) == 0;
    if (joins && takes_all(v, c) &&
        (drops_error(s, c) || (replaces_input(s, c) && c->assign == NULL)))
        check_swallow(v, id, i, s->next.name);
    if (replaces_input(s, c) && c->next.state != id)
        check_lost_input(v, id, i, c);
}

static void check_fail(struct verify *v, ir_id id)
{
    const struct ir_state *s = &v->m->states[id];
    if (!jnode_is(s->error, J_STRING) || strncmp(s->error->text, "States.", 7) != 0)
        return;
    struct diag *d =
        verify_report(v, DIAG_RESERVED_ERROR_NAME, id, s->error->span, "/Error",
                      "'%s' fails with the reserved name '%s'", s->name, s->error->text);
    diag_note(d,
              "names that begin with 'States.' belong to Step Functions; whoever reads the error "
              "takes it for one of its own");
    diag_help(d, "choose a name without this prefix");
    diag_end(d);
}

void verify_catches(struct verify *v)
{
    for (ir_id id = 0; id < v->m->state_count; id++) {
        for (uint32_t i = 0; i < v->m->states[id].catchers.count; i++)
            check_catcher(v, id, i);
        if (v->m->states[id].type == IR_FAIL)
            check_fail(v, id);
    }
}
