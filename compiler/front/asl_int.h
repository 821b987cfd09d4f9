/*
 * asl_int.h - what the files of the ASL reader (asl_*.c) share.
 */
#ifndef ASLC_ASL_INT_H
#define ASLC_ASL_INT_H

#include "aslc/runtime.h"
#include "compiler/base/text_index.h"
#include "compiler/front/asl_read.h"

/* ---- the reader and where it is ---- */

struct asl_reader {
    struct aslrt_arena *arena;
    struct diag_context *cx;
    struct ir_machine *m;
    const char *source;          /* the text that the tree was read from, or NULL */
    enum ir_language language;   /* of the machine */
    const struct jnode **labels; /* of distributed Maps, so far */
    uint32_t label_count;
    struct text_index label_index; /* from a label's text to its place in the list */
};

/* A place in the document, as a chain to its root; lives on the C stack.  It becomes a JSON pointer
   when something is reported. */
struct asl_at {
    const struct asl_at *up;
    const char *key; /* NULL: an index */
    uint32_t index;
    enum ir_language language; /* of the state that the place is in */
    unsigned states; /* ASLRT_STATES_*: members of $states that expressions may name here */
};

/* What every expression may name. */
enum { ASL_STATES_ALWAYS = ASLRT_STATES_INPUT | ASLRT_STATES_CONTEXT };

static inline struct asl_at asl_key(const struct asl_at *up, const char *key)
{
    return (struct asl_at){up, key, 0, up->language, up->states};
}
static inline struct asl_at asl_index(const struct asl_at *up, uint32_t index)
{
    return (struct asl_at){up, NULL, index, up->language, up->states};
}

/* Begins a diagnostic with the pointer of the place. */
struct diag *asl_begin(struct asl_reader *r, const struct asl_at *at, enum diag_code code,
                       struct span span, const char *format, ...) DIAG_PRINTF(5, 6);
/* One without anything attached. */
void asl_report(struct asl_reader *r, const struct asl_at *at, enum diag_code code,
                struct span span, const char *format, ...) DIAG_PRINTF(5, 6);

/* The same of a list or an object that must have members and has none. */
void asl_report_empty(struct asl_reader *r, const struct asl_at *at, enum diag_code code,
                      struct span span, const char *message);

/* True for text with a ${placeholder} in it. */
bool asl_has_placeholder(const struct jnode *n);
/* "a string", "an object": the kind of a value in words. */
const char *asl_kind_name(const struct jnode *n);
/* The part [from, to) of a string's text as a span of the source; all of it when the string was not
   read from a source. */
struct span asl_part(const struct asl_reader *r, const struct jnode *string, uint32_t from,
                     uint32_t to);

/* ---- fields (asl_fields.c) ---- */

/* The objects of the language, one bit each. */
enum asl_object {
    ASL_IN_TASK = 1 << 0,
    ASL_IN_PASS = 1 << 1,
    ASL_IN_CHOICE = 1 << 2,
    ASL_IN_WAIT = 1 << 3,
    ASL_IN_SUCCEED = 1 << 4,
    ASL_IN_FAIL = 1 << 5,
    ASL_IN_PARALLEL = 1 << 6,
    ASL_IN_MAP = 1 << 7, /* so far in the order of enum ir_state_type */
    ASL_IN_TOP = 1 << 8,
    ASL_IN_BRANCH = 1 << 9,
    ASL_IN_PROCESSOR = 1 << 10,
    ASL_IN_CONFIG = 1 << 11,
    ASL_IN_RETRIER = 1 << 12,
    ASL_IN_CATCHER = 1 << 13,
    ASL_IN_RULE = 1 << 14, /* of a Choice */
    ASL_IN_TEST = 1 << 15, /* a rule inside And, Or, Not */
    ASL_IN_READER = 1 << 16,
    ASL_IN_READER_CONFIG = 1 << 17,
    ASL_IN_BATCHER = 1 << 18,
    ASL_IN_WRITER = 1 << 19,
    ASL_IN_WRITER_CONFIG = 1 << 20,

    ASL_IN_STATES = 0xff,
    ASL_IN_ALL_BUT_FAIL = 0xff & ~ASL_IN_FAIL,
    ASL_IN_WORKERS = ASL_IN_TASK | ASL_IN_PARALLEL | ASL_IN_MAP,
    ASL_IN_GOING = ASL_IN_WORKERS | ASL_IN_PASS | ASL_IN_WAIT,
    ASL_IN_SCOPES = ASL_IN_TOP | ASL_IN_BRANCH | ASL_IN_PROCESSOR,
    ASL_IN_EVERYWHERE = (1 << 21) - 1
};

/* Checks every member of an object: that the field exists there in the query language of the place,
   and its value.  Payloads of states are kept in *state, unless that is NULL. */
void asl_fields(struct asl_reader *r, const struct asl_at *at, const struct jnode *object,
                unsigned where, struct ir_state *state);
/* Reports each of the fields (names separated by blanks) that the object has not. */
void asl_require(struct asl_reader *r, const struct asl_at *at, const struct jnode *object,
                 unsigned where, const char *names);
/* "a Task state", "a retrier": for messages. */
const char *asl_object_name(unsigned where);

/* ---- values (asl_values.c, asl_payload.c, asl_path.c) ---- */

struct asl_value { /* a row of asl_values.def */
    void (*check)(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                  const struct asl_value *kind);
    double low, high;
    const char *words;
};
enum asl_value_kind {
#define ASL_VALUE(kind, check, low, high, words) ASL_##kind,
#include "compiler/front/asl_values.def"
#undef ASL_VALUE
    ASL_VALUE_COUNT
};
extern const struct asl_value asl_values[ASL_VALUE_COUNT];

#define ASL_VALUE(kind, check, low, high, words)                                                   \
    void asl_check_##check(struct asl_reader *r, const struct asl_at *at,                          \
                           const struct jnode *value, const struct asl_value *row);
#include "compiler/front/asl_values.def"
#undef ASL_VALUE

/* Reports a value of the wrong type; `expected` in words. */
void asl_wrong_type(struct asl_reader *r, const struct asl_at *at, const struct jnode *value,
                    const char *expected);
/* True when the value is a JSONata expression and may be one here; it has then been checked. */
bool asl_took_jsonata(struct asl_reader *r, const struct asl_at *at, const struct jnode *value);
/* True for a timestamp of the language's profile of RFC 3339 (spec: Timestamps). */
bool asl_is_timestamp(const char *text);
/* Checks a JSONata expression as it stands between its delimiters. */
void asl_check_expression(struct asl_reader *r, const struct asl_at *at, const struct jnode *value);

/* Checks the value of a template's key that ends in ".$": a path or an intrinsic function. */
void asl_check_template_value(struct asl_reader *r, const struct asl_at *at,
                              const struct jnode *value);

/* ---- parts of states ---- */

void asl_read_retry(struct asl_reader *r, const struct asl_at *at, ir_id state,
                    const struct jnode *list);
void asl_read_catch(struct asl_reader *r, const struct asl_at *at, ir_id state,
                    const struct jnode *list);
void asl_read_choice(struct asl_reader *r, const struct asl_at *at, ir_id state,
                     const struct jnode *object);
void asl_read_resource(struct asl_reader *r, const struct asl_at *at, struct ir_state *state);
/* What the call of a Task needs; after asl_read_resource. */
void asl_check_request(struct asl_reader *r, const struct asl_at *at, const struct ir_state *state);
/* What a Map has beside its processor. */
void asl_check_map(struct asl_reader *r, const struct asl_at *at, struct ir_state *state);
/* The text of a value that is a string, else NULL; the same as a transition. */
const char *asl_text(const struct jnode *value);
struct ir_ref asl_ref(const struct jnode *value);

#endif
