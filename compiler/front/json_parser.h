/*
 * json_parser.h - what json_read.c offers to grammar/json.l and json.y; nobody else includes it.
 *
 * The constructors build the tree; the others each report one kind of mistake.
 */
#ifndef ASLC_JSON_PARSER_H
#define ASLC_JSON_PARSER_H

#include "compiler/front/json_read.h"
#include "runtime/base/limits.h"

struct json_reader {
    struct aslrt_arena *arena; /* first: the scanner's memory (runtime/base/scan.h) */
    struct diag_context *cx;
    uint32_t source;
    uint32_t offset; /* of the byte that the scanner reads next */
    void *scanner;
    struct jnode *root;

    /* Brackets that are open.  The parser sees balanced brackets only: where one is missing, the
       lexer puts in one that isn't there. */
    struct {
        struct span at;
        int close; /* the token that closes it */
    } open[ASLRT_DEPTH_MAX];
    uint32_t depth;
    int held; /* a token kept back while missing brackets go first; -1: none */
    struct span held_at;

    bool quiet;   /* the last bracket was put in by us: what it causes is no news */
    bool stopped; /* nothing more is read and nothing more is reported */
    uint32_t errors;

    struct jmember member; /* the member and the item that were read last */
    struct jnode *item;
};

struct span json_point(const struct json_reader *r, uint32_t offset);
static inline struct span json_point_after(struct span s)
{
    return (struct span){s.source, s.end, s.end};
}

/* ---- for the scanner: `text` is the token as written ---- */

struct jnode *json_plain_string(struct json_reader *r, struct span at, const char *text,
                                uint32_t count);
/* A string with escapes, or with characters that strings can't hold. */
struct jnode *json_string(struct json_reader *r, struct span at, const char *text, uint32_t count);
struct jnode *json_open_string(struct json_reader *r, struct span at, const char *text,
                               uint32_t count);
struct jnode *json_single_quoted(struct json_reader *r, struct span at, const char *text,
                                 uint32_t count);
struct jnode *json_bad_number(struct json_reader *r, struct span at, const char *text);
struct jnode *json_leaf(struct json_reader *r, enum jkind kind, struct span at, const char *text,
                        uint32_t count);
void json_comment(struct json_reader *r, struct span at);
void json_stray(struct json_reader *r, struct span at, const char *text);

/* ---- for the grammar ---- */

struct jnode *json_object(struct json_reader *r, struct span at);
struct jnode *json_array(struct json_reader *r, struct span at);
/* What was read last; a NULL key or item means that it could not be read. */
void json_member(struct json_reader *r, struct jnode *key, struct jnode *value);
void json_item(struct json_reader *r, struct jnode *item);
void json_take_member(struct json_reader *r, struct jnode *object);
void json_take_item(struct json_reader *r, struct jnode *array);
struct jnode *json_end_object(struct json_reader *r, struct jnode *object, struct span at);
struct jnode *json_end_array(struct jnode *array, struct span at);

void json_bad_word(struct json_reader *r, const struct jnode *word, bool key);
void json_extra_comma(struct json_reader *r, struct span comma, struct span next);
void json_missing_comma(struct json_reader *r, struct span before, struct span at,
                        const char *between);
void json_missing_colon(struct json_reader *r, const struct jnode *key, struct span at);
void json_missing_value(struct json_reader *r, const struct jnode *key, struct span colon);
void json_syntax_error(struct json_reader *r, struct span at, const char *found,
                       const char *const *expected, uint32_t expected_count);

#endif
