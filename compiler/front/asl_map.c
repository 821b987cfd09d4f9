/*
 * asl_map.c - what a Map state has beside its processor: reader, batcher, writer, label (spec: Map
 * State; developer guide: Distributed Map).
 */
#include "compiler/base/grow.h"
#include "compiler/front/asl_int.h"
#include "runtime/base/utf8.h"

/* Checks the object under that key, if there is one. */
static const struct jnode *check_part(struct asl_reader *r, const struct asl_at *at,
                                      const struct jnode *object, const char *key, unsigned where)
{
    const struct jnode *part = jnode_get(object, key);
    if (!jnode_is(part, J_OBJECT) || jnode_is_opaque(part))
        return NULL;
    struct asl_at here = asl_key(at, key);
    asl_fields(r, &here, part, where, NULL);
    return part;
}

/* A name that the service builds resource names from takes no blanks, brackets, wildcards, control
   characters or characters that mean something elsewhere. */
static void check_label(struct asl_reader *r, const struct asl_at *at, const struct jnode *label)
{
    static const char bad[] = " \t<>{}[]?*\"#%\\^|~`$&,;:/";
    struct asl_at here = asl_key(at, "Label");
    if (label == NULL || label->kind != J_STRING || asl_has_placeholder(label))
        return;
    const char *end = label->text + label->count;
    size_t count = 0;
    for (const char *p = label->text; p < end; count++) {
        const char *start = p;
        uint32_t c = aslrt_utf8_next(&p);
        if (c >= 0x20 && (c < 0x7f || c > 0x9f) && (c > 0x7e || strchr(bad, (int)c) == NULL))
            continue;
        uint32_t from = (uint32_t)(start - label->text), to = (uint32_t)(p - label->text);
        asl_report(r, &here, DIAG_ASL_LABEL, asl_part(r, label, from, to),
                   "a 'Label' can't have the character U+%04X", (unsigned)c);
        return;
    }
    if (count == 0)
        asl_report(r, &here, DIAG_ASL_LABEL, label->span, "a 'Label' has one character at least");
    if (count > 40)
        asl_report(r, &here, DIAG_ASL_LABEL, label->span,
                   "a 'Label' has 40 characters at most, this one has %zu", count);
    const struct text_index_entry *first =
        text_index_add(r->arena, &r->label_index, label->text, label->count, r->label_count);
    if (first->value < r->label_count) {
        struct diag *d = asl_begin(r, &here, DIAG_ASL_LABEL, label->span,
                                   "the label '%s' is taken by another Map state", label->text);
        diag_service_code(d, "DUPLICATE_LABEL_NAME");
        diag_label(d, r->labels[first->value]->span, "first used here");
        diag_end(d);
    }
    *GROW(r->arena, r->labels, r->label_count) = label;
}

static void check_inline(struct asl_reader *r, const struct asl_at *at, const struct jnode *map)
{
    static const char *const distributed[] = {"ItemReader",
                                              "ItemBatcher",
                                              "ResultWriter",
                                              "Label",
                                              "ToleratedFailureCount",
                                              "ToleratedFailureCountPath",
                                              "ToleratedFailurePercentage",
                                              "ToleratedFailurePercentagePath"};
    for (size_t i = 0; i < sizeof distributed / sizeof distributed[0]; i++) {
        const struct jmember *m = jnode_member(map, distributed[i]);
        if (m == NULL)
            continue;
        struct asl_at here = asl_key(at, m->key);
        struct diag *d = asl_begin(
            r, &here, DIAG_ASL_DISTRIBUTED_FIELD, m->key_span,
            "'%s' has no effect: only distributed Map states read it, and this one is inline",
            m->key);
        diag_help(d,
                  "set \"Mode\": \"DISTRIBUTED\" in the 'ProcessorConfig' of the 'ItemProcessor'");
        diag_end(d);
    }
}

static void check_config(struct asl_reader *r, const struct asl_at *at,
                         const struct jnode *processor, struct ir_state *state)
{
    const struct jnode *config = check_part(r, at, processor, "ProcessorConfig", ASL_IN_CONFIG);
    const struct jnode *mode = jnode_get(config, "Mode");
    state->distributed = jnode_is(mode, J_STRING) && strcmp(mode->text, "DISTRIBUTED") == 0;
    struct asl_at here = asl_key(at, "ProcessorConfig");
    if (state->distributed && jnode_member(config, "ExecutionType") == NULL)
        asl_report(r, &here, DIAG_ASL_MISSING_FIELD, config->span,
                   "a distributed Map needs an 'ExecutionType', 'STANDARD' or 'EXPRESS'");
}

static void warn_old(struct asl_reader *r, const struct asl_at *at, const struct jnode *map,
                     const char *old, const char *now)
{
    const struct jmember *m = jnode_member(map, old);
    if (m == NULL)
        return;
    struct diag *d = asl_begin(r, at, DIAG_ASL_OLD_FIELD, m->key_span,
                               "'%s' of a Map state is now called '%s'", old, now);
    diag_fix(d, m->key_span, true, "\"%s\"", now);
    diag_end(d);
}

/* The services' resources that a part may name; of one with a placeholder nothing is known. */
static void check_resource(struct asl_reader *r, const struct asl_at *at, const struct jnode *part,
                           const char *const *known)
{
    const struct jnode *resource = jnode_get(part, "Resource");
    struct asl_at here = asl_key(at, "Resource");
    if (!jnode_is(resource, J_STRING) || asl_has_placeholder(resource))
        return;
    const char *tail = strstr(resource->text, ":states:::");
    for (size_t i = 0; tail != NULL && strncmp(resource->text, "arn:", 4) == 0 && known[i]; i++) {
        if (strcmp(tail + 10, known[i]) == 0)
            return;
    }
    struct diag *d = asl_begin(r, &here, DIAG_ASL_INTEGRATION, resource->span,
                               "'%s' is no resource of '%s'", resource->text, at->key);
    if (known[1] == NULL)
        diag_help(d, "it is 'arn:aws:states:::%s'", known[0]);
    else
        diag_help(d, "it is 'arn:aws:states:::%s' or 'arn:aws:states:::%s'", known[0], known[1]);
    diag_end(d);
}

/* A CSV file's columns have names: from its first row, or given here (guide: ReaderConfig). */
static void check_csv(struct asl_reader *r, const struct asl_at *at, const struct jnode *config)
{
    const struct jnode *type = jnode_get(config, "InputType");
    const struct jnode *names = jnode_get(config, "CSVHeaderLocation");
    if (jnode_is(type, J_STRING) && strcmp(type->text, "CSV") == 0)
        asl_require(r, at, config, ASL_IN_READER_CONFIG, "CSVHeaderLocation");
    if (jnode_is(names, J_STRING) && strcmp(names->text, "GIVEN") == 0)
        asl_require(r, at, config, ASL_IN_READER_CONFIG, "CSVHeaders");
}

static void check_reader(struct asl_reader *r, const struct asl_at *at, const struct jnode *reader)
{
    static const char *const known[] = {"s3:getObject", "s3:listObjectsV2", NULL};
    asl_require(r, at, reader, ASL_IN_READER, "Resource");
    check_resource(r, at, reader, known);
    const struct jnode *config = check_part(r, at, reader, "ReaderConfig", ASL_IN_READER_CONFIG);
    struct asl_at here = asl_key(at, "ReaderConfig");
    if (config != NULL)
        check_csv(r, &here, config);
}

/* spec: an ItemBatcher says how large a batch is, in items or in bytes. */
static void check_batcher(struct asl_reader *r, const struct asl_at *at,
                          const struct jnode *batcher)
{
    for (uint32_t i = 0; i < batcher->count; i++) {
        if (strncmp(batcher->members[i].key, "Max", 3) == 0)
            return;
    }
    struct span brace = {batcher->span.source, batcher->span.start, batcher->span.start + 1};
    asl_report(r, at, DIAG_ASL_MISSING_FIELD, brace,
               "an ItemBatcher needs 'MaxItemsPerBatch' or 'MaxInputBytesPerBatch'");
}

/* A ResultWriter has a WriterConfig, or says where to write, or both (guide: ResultWriter). */
static void check_writer(struct asl_reader *r, const struct asl_at *at, const struct jnode *writer)
{
    static const char *const known[] = {"s3:putObject", NULL};
    const char *where = at->language == IR_JSONATA ? "Arguments" : "Parameters";
    bool config = jnode_member(writer, "WriterConfig") != NULL;
    bool resource = jnode_member(writer, "Resource") != NULL;
    bool target = jnode_member(writer, where) != NULL;
    struct span brace = {writer->span.source, writer->span.start, writer->span.start + 1};
    if (resource != target || (!resource && !config))
        asl_report(r, at, DIAG_ASL_MISSING_FIELD, brace,
                   "a ResultWriter needs %s'Resource' and '%s'", config ? "both " : "", where);
    check_resource(r, at, writer, known);
    const struct jnode *part = check_part(r, at, writer, "WriterConfig", ASL_IN_WRITER_CONFIG);
    struct asl_at here = asl_key(at, "WriterConfig");
    if (part != NULL)
        asl_require(r, &here, part, ASL_IN_WRITER_CONFIG, "Transformation OutputType");
}

void asl_check_map(struct asl_reader *r, const struct asl_at *at, struct ir_state *state)
{
    const struct jnode *map = state->source;
    const struct jmember *processor = jnode_member(map, "ItemProcessor");
    if (processor == NULL)
        processor = jnode_member(map, "Iterator");
    if (processor == NULL)
        asl_require(r, at, map, ASL_IN_MAP, "ItemProcessor");
    struct asl_at here = asl_key(at, processor == NULL ? "" : processor->key);
    check_config(r, &here, processor == NULL ? NULL : processor->value, state);
    if (!state->distributed)
        check_inline(r, at, map);
    else
        check_label(r, at, state->label);
    if (jnode_member(map, "ItemProcessor") == NULL)
        warn_old(r, at, map, "Iterator", "ItemProcessor");
    if (state->language == IR_JSONPATH && jnode_member(map, "ItemSelector") == NULL)
        warn_old(r, at, map, "Parameters", "ItemSelector");

    const struct jnode *part = check_part(r, at, map, "ItemReader", ASL_IN_READER);
    struct asl_at in = asl_key(at, "ItemReader");
    if (part != NULL)
        check_reader(r, &in, part);
    part = check_part(r, at, map, "ItemBatcher", ASL_IN_BATCHER);
    in = asl_key(at, "ItemBatcher");
    if (part != NULL)
        check_batcher(r, &in, part);
    part = check_part(r, at, map, "ResultWriter", ASL_IN_WRITER);
    in = asl_key(at, "ResultWriter");
    if (part != NULL)
        check_writer(r, &in, part);
}
