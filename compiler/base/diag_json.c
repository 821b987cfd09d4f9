/*
 * diag_json.c - diagnostics as one JSON document, in the shape of `terraform validate -json` with
 * our additions (code, slug, pointer, path, labels, fix, and the service's own code, text and
 * location).
 *
 * Lines and columns count from 1, columns in bytes; "byte" counts from 0; "end" is just behind.
 */
#include "compiler/base/cjson_arena.h"
#include "compiler/base/diag_forms.h"

static cJSON *place_json(const struct diag_context *cx, uint32_t source, uint32_t offset)
{
    struct place p = source_place(cx->sources, source, offset);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "line", p.line);
    cJSON_AddNumberToObject(o, "column", p.column);
    cJSON_AddNumberToObject(o, "byte", offset);
    return o;
}

/* Adds "range" unless there is no place. */
static void add_range(const struct diag_context *cx, cJSON *to, struct span at)
{
    const struct source *s = source_of(cx->sources, at.source);
    if (s == NULL)
        return;
    cJSON *range = cJSON_AddObjectToObject(to, "range");
    cJSON_AddStringToObject(range, "filename", s->name);
    cJSON_AddItemToObject(range, "start", place_json(cx, at.source, at.start));
    cJSON_AddItemToObject(range, "end", place_json(cx, at.source, at.end));
}

static cJSON *fix_json(const struct diag_context *cx, const struct diag_fix *fix)
{
    cJSON *o = cJSON_CreateObject();
    add_range(cx, o, fix->at);
    cJSON_AddStringToObject(o, "text", fix->text);
    cJSON_AddBoolToObject(o, "sure", fix->sure);
    return o;
}

/* The words at the caret, the notes and the helps, one a line. */
static const char *detail(const struct diag_context *cx, const struct diag *d)
{
    struct aslrt_buffer b = aslrt_buffer_in(cx->arena);
    if (d->primary != NULL)
        aslrt_buffer_format(&b, "%s\n", d->primary);
    for (uint32_t i = 0; i < d->note_count; i++)
        aslrt_buffer_format(&b, "%s\n", d->notes[i]);
    for (uint32_t i = 0; i < d->help_count; i++)
        aslrt_buffer_format(&b, "help: %s\n", d->helps[i]);
    for (uint32_t i = 0; i < d->fix_count; i++)
        aslrt_buffer_format(&b, "help: %s\n", diag_fix_words(cx->arena, &d->fixes[i]));
    if (b.count != 0)
        b.count--; /* the last line break */
    return aslrt_buffer_close(&b);
}

static cJSON *diag_json(const struct diag_context *cx, const struct diag *d)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "severity", diag_severity_name(d->severity));
    cJSON_AddStringToObject(o, "code", diag_table[d->code].code);
    cJSON_AddStringToObject(o, "slug", diag_table[d->code].slug);
    cJSON_AddStringToObject(o, "summary", d->message);
    cJSON_AddStringToObject(o, "detail", detail(cx, d));
    add_range(cx, o, d->at);
    if (*d->pointer != '\0')
        cJSON_AddStringToObject(o, "pointer", d->pointer);
    if (*d->service_code != '\0') {
        cJSON *service = cJSON_AddObjectToObject(o, "service");
        const char *location = diag_service_location(d);
        cJSON_AddStringToObject(service, "code", d->service_code);
        if (d->service_text != NULL)
            cJSON_AddStringToObject(service, "message", d->service_text);
        if (location != NULL)
            cJSON_AddStringToObject(service, "location", location);
    }
    if (d->path_count != 0) {
        cJSON *path = cJSON_AddArrayToObject(o, "path");
        for (uint32_t i = 0; i < d->path_count; i++)
            cJSON_AddItemToArray(path, cJSON_CreateString(d->path[i].text));
    }
    if (d->label_count != 0) {
        cJSON *labels = cJSON_AddArrayToObject(o, "labels");
        for (uint32_t i = 0; i < d->label_count; i++) {
            cJSON *label = cJSON_CreateObject();
            cJSON_AddStringToObject(label, "text", d->labels[i].text);
            add_range(cx, label, d->labels[i].at);
            cJSON_AddItemToArray(labels, label);
        }
    }
    if (d->fix_count != 0)
        cJSON_AddItemToObject(o, "fix", fix_json(cx, &d->fixes[0]));
    if (d->fix_count > 1) { /* "fix" is the best; this is the choice */
        cJSON *fixes = cJSON_AddArrayToObject(o, "fixes");
        for (uint32_t i = 0; i < d->fix_count; i++)
            cJSON_AddItemToArray(fixes, fix_json(cx, &d->fixes[i]));
    }
    return o;
}

void diag_render_json(const struct diag_context *cx, uint32_t count, const char *coverage,
                      struct aslrt_buffer *out)
{
    uint32_t errors = diag_count(cx, SEVERITY_ERROR);
    cjson_begin(cx->arena);
    cJSON *document = cJSON_CreateObject();
    cJSON_AddStringToObject(document, "format_version", "1.0");
    cJSON_AddBoolToObject(document, "valid", errors == 0);
    cJSON_AddNumberToObject(document, "error_count", errors);
    cJSON_AddNumberToObject(document, "warning_count", diag_count(cx, SEVERITY_WARNING));
    cJSON *list = cJSON_AddArrayToObject(document, "diagnostics");
    for (uint32_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, diag_json(cx, cx->diags[i]));
    if (coverage != NULL)
        cJSON_AddRawToObject(document, "coverage", coverage);
    aslrt_buffer_text(out, cJSON_Print(document));
    aslrt_buffer_char(out, '\n');
    cjson_end();
}
