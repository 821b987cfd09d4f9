/*
 * diag_sarif.c - diagnostics as SARIF 2.1.0 (OASIS), for code scanning.
 *
 * One run.  Each code that occurs is a rule; labels are relatedLocations, a witness is a codeFlow,
 * the JSON pointer is a logical location.  Columns count UTF-16 code units.  The fingerprint of a
 * result leaves out line and column, so that a finding keeps its identity when text above it moves.
 */
#include "compiler/base/cjson_arena.h"
#include "compiler/base/diag_forms.h"

#include <inttypes.h>

struct sarif {
    const struct diag_context *cx;
    int rule_index[DIAG_COUNT]; /* -1: the code does not occur */
    uint64_t *fingerprints;     /* of the results so far */
};

static cJSON *text_json(const char *text)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "text", text);
    return o;
}

static const char *level(enum severity severity)
{
    return diag_severity_name(severity); /* SARIF has the same three words */
}

/* A file name as a relative URI reference (RFC 3986): what isn't allowed there is percent-encoded.
 */
static const char *uri(const struct sarif *s, const char *name)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->cx->arena);
    for (const char *c = name; *c != '\0'; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || strchr("-._~/", *c) != NULL;
        aslrt_buffer_format(&b, plain ? "%c" : "%%%02X", (unsigned)(unsigned char)*c);
    }
    return aslrt_buffer_close(&b);
}

static cJSON *artifact(const struct sarif *s, uint32_t source)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "uri", uri(s, source_of(s->cx->sources, source)->name));
    return o;
}

static cJSON *region(const struct sarif *s, struct span at)
{
    struct place start = source_place(s->cx->sources, at.source, at.start);
    struct place end = source_place(s->cx->sources, at.source, at.end);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "startLine", start.line);
    cJSON_AddNumberToObject(o, "startColumn", start.utf16);
    cJSON_AddNumberToObject(o, "endLine", end.line);
    cJSON_AddNumberToObject(o, "endColumn", end.utf16);
    return o;
}

static cJSON *location(const struct sarif *s, struct span at, const char *message)
{
    cJSON *o = cJSON_CreateObject();
    if (source_of(s->cx->sources, at.source) != NULL) {
        cJSON *physical = cJSON_AddObjectToObject(o, "physicalLocation");
        cJSON_AddItemToObject(physical, "artifactLocation", artifact(s, at.source));
        cJSON_AddItemToObject(physical, "region", region(s, at));
    }
    if (message != NULL)
        cJSON_AddItemToObject(o, "message", text_json(message));
    return o;
}

static void add_locations(const struct sarif *s, cJSON *result, const struct diag *d)
{
    cJSON *locations = cJSON_AddArrayToObject(result, "locations");
    if (d->at.source != 0 || *d->pointer != '\0') {
        cJSON *l = location(s, d->at, d->primary);
        if (*d->pointer != '\0') {
            cJSON *logical = cJSON_CreateObject();
            cJSON_AddStringToObject(logical, "fullyQualifiedName", d->pointer);
            cJSON_AddStringToObject(logical, "kind", "value");
            cJSON_AddItemToArray(cJSON_AddArrayToObject(l, "logicalLocations"), logical);
        }
        cJSON_AddItemToArray(locations, l);
    }
    if (d->label_count == 0)
        return;
    cJSON *related = cJSON_AddArrayToObject(result, "relatedLocations");
    for (uint32_t i = 0; i < d->label_count; i++) {
        cJSON *l = location(s, d->labels[i].at, d->labels[i].text);
        cJSON_AddNumberToObject(l, "id", i + 1);
        cJSON_AddItemToArray(related, l);
    }
}

static void add_code_flow(const struct sarif *s, cJSON *result, const struct diag *d)
{
    if (d->path_count == 0)
        return;
    cJSON *flow = cJSON_CreateObject(), *thread = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(result, "codeFlows"), flow);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(flow, "threadFlows"), thread);
    cJSON *steps = cJSON_AddArrayToObject(thread, "locations");
    for (uint32_t i = 0; i < d->path_count; i++) {
        cJSON *step = cJSON_CreateObject();
        cJSON_AddItemToObject(step, "location", location(s, d->path[i].at, d->path[i].text));
        cJSON_AddItemToArray(steps, step);
    }
}

static void add_fixes(const struct sarif *s, cJSON *result, const struct diag *d)
{
    if (d->fix_count == 0)
        return;
    cJSON *fixes = cJSON_AddArrayToObject(result, "fixes");
    for (uint32_t i = 0; i < d->fix_count; i++) {
        const struct diag_fix *f = &d->fixes[i];
        cJSON *fix = cJSON_CreateObject(), *change = cJSON_CreateObject();
        cJSON *replacement = cJSON_CreateObject();
        cJSON_AddItemToArray(fixes, fix);
        cJSON_AddItemToObject(fix, "description", text_json(diag_fix_words(s->cx->arena, f)));
        cJSON_AddItemToArray(cJSON_AddArrayToObject(fix, "artifactChanges"), change);
        cJSON_AddItemToObject(change, "artifactLocation", artifact(s, f->at.source));
        cJSON_AddItemToArray(cJSON_AddArrayToObject(change, "replacements"), replacement);
        cJSON_AddItemToObject(replacement, "deletedRegion", region(s, f->at));
        cJSON_AddItemToObject(replacement, "insertedContent", text_json(f->text));
    }
}

static uint64_t hash_text(uint64_t h, const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        h = (h ^ (unsigned char)*c) * 1099511628211u;
    return (h ^ 0xffu) * 1099511628211u; /* so that "a","bc" and "ab","c" differ */
}

/* FNV-1a of code, file, pointer and message; the n-th result with the same four is told apart by n.
 */
static void add_fingerprint(const struct sarif *s, cJSON *result, const struct diag *d, uint32_t i)
{
    const struct source *source = source_of(s->cx->sources, d->at.source);
    uint64_t h = hash_text(14695981039346656037u, diag_table[d->code].code);
    h = hash_text(h, source == NULL ? "" : source->name);
    h = hash_text(hash_text(h, d->pointer), d->message);
    uint32_t same = 0;
    for (uint32_t k = 0; k < i; k++)
        same += s->fingerprints[k] == h;
    s->fingerprints[i] = h;
    struct aslrt_buffer text = aslrt_buffer_in(s->cx->arena);
    aslrt_buffer_format(&text, "%016" PRIx64 ":%u", h, same);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(result, "partialFingerprints"), "aslc/v1",
                            aslrt_buffer_close(&text));
}

static const char *message_text(const struct sarif *s, const struct diag *d)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->cx->arena);
    aslrt_buffer_text(&b, d->message);
    for (uint32_t i = 0; i < d->note_count; i++)
        aslrt_buffer_format(&b, "\nnote: %s", d->notes[i]);
    for (uint32_t i = 0; i < d->help_count; i++)
        aslrt_buffer_format(&b, "\nhelp: %s", d->helps[i]);
    return aslrt_buffer_close(&b);
}

static cJSON *result_json(const struct sarif *s, uint32_t i)
{
    const struct diag *d = s->cx->diags[i];
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "ruleId", diag_table[d->code].code);
    cJSON_AddNumberToObject(o, "ruleIndex", s->rule_index[d->code]);
    cJSON_AddStringToObject(o, "level", level(d->severity));
    cJSON_AddItemToObject(o, "message", text_json(message_text(s, d)));
    add_locations(s, o, d);
    add_code_flow(s, o, d);
    add_fixes(s, o, d);
    add_fingerprint(s, o, d, i);
    return o;
}

static cJSON *rule_json(const struct sarif *s, const struct diag_info *row)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "id", row->code);
    cJSON_AddStringToObject(o, "name", row->slug);
    cJSON_AddItemToObject(o, "shortDescription", text_json(row->title));
    struct aslrt_buffer help = aslrt_buffer_in(s->cx->arena);
    aslrt_buffer_format(&help, "%s. `%s explain %s` tells why, with an example and its remedy.",
                        row->title, s->cx->program, row->code);
    if (*row->aws != '\0')
        aslrt_buffer_format(&help, " Step Functions itself reports this as %s.", row->aws);
    cJSON_AddItemToObject(o, "help", text_json(aslrt_buffer_close(&help)));
    cJSON_AddStringToObject(cJSON_AddObjectToObject(o, "defaultConfiguration"), "level",
                            level(row->severity));
    return o;
}

static void add_tool(struct sarif *s, cJSON *run, uint32_t count, const char *version)
{
    cJSON *driver = cJSON_AddObjectToObject(cJSON_AddObjectToObject(run, "tool"), "driver");
    cJSON_AddStringToObject(driver, "name", s->cx->program);
    if (version != NULL)
        cJSON_AddStringToObject(driver, "version", version);
    cJSON *rules = cJSON_AddArrayToObject(driver, "rules");
    bool occurs[DIAG_COUNT] = {false};
    for (uint32_t i = 0; i < count; i++)
        occurs[s->cx->diags[i]->code] = true;
    int index = 0;
    for (uint32_t i = 0; i < DIAG_COUNT; i++) {
        s->rule_index[i] = occurs[i] ? index++ : -1;
        if (occurs[i])
            cJSON_AddItemToArray(rules, rule_json(s, &diag_table[i]));
    }
}

void diag_render_sarif(const struct diag_context *cx, uint32_t count, const char *version,
                       struct aslrt_buffer *out)
{
    struct sarif s = {.cx = cx};
    s.fingerprints = ASLRT_NEW_ARRAY(cx->arena, uint64_t, count);
    cjson_begin(cx->arena);
    cJSON *log = cJSON_CreateObject(), *run = cJSON_CreateObject();
    cJSON_AddStringToObject(log, "$schema",
                            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                            "sarif-schema-2.1.0.json");
    cJSON_AddStringToObject(log, "version", "2.1.0");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(log, "runs"), run);
    add_tool(&s, run, count, version);
    cJSON_AddStringToObject(run, "columnKind", "utf16CodeUnits");
    cJSON *results = cJSON_AddArrayToObject(run, "results");
    for (uint32_t i = 0; i < count; i++)
        cJSON_AddItemToArray(results, result_json(&s, i));
    aslrt_buffer_text(out, cJSON_Print(log));
    aslrt_buffer_char(out, '\n');
    cjson_end();
}
