/*
 * jnode.h - JSON as a tree with spans: what the ASL reader reads and what payloads in the IR are.
 *
 * Both front ends make these trees: the JSON grammar from text, the lowering from the DSL (its
 * nodes carry the span of the DSL line that they come from).  Immutable once built; owned by the
 * arena. Numbers keep their text.  Member order is kept, and so are repeated keys (a diagnostic of
 * its own).
 */
#ifndef ASLC_JNODE_H
#define ASLC_JNODE_H

#include "compiler/base/source.h"

enum jkind { J_NULL, J_BOOL, J_NUMBER, J_STRING, J_ARRAY, J_OBJECT, J_PLACEHOLDER };

struct jmember {
    const char *key; /* NUL-terminated, unescaped */
    uint32_t key_count;
    struct span key_span;
    struct jnode *value;
};

struct jnode {
    enum jkind kind;
    struct span span;
    bool boolean;
    const char *text; /* string: unescaped; number and bare ${placeholder}: as written */
    uint32_t count;   /* bytes of text, items or members */
    struct jnode **items;
    struct jmember *members;
};

struct jnode *jnode_null(struct aslrt_arena *arena, struct span at);
struct jnode *jnode_bool(struct aslrt_arena *arena, struct span at, bool value);
struct jnode *jnode_int(struct aslrt_arena *arena, struct span at, int64_t value);
struct jnode *jnode_number(struct aslrt_arena *arena, struct span at, const char *text);
/* `text` is copied. */
struct jnode *jnode_string(struct aslrt_arena *arena, struct span at, const char *text);
struct jnode *jnode_string_n(struct aslrt_arena *arena, struct span at, const char *text, size_t n);
struct jnode *jnode_format(struct aslrt_arena *arena, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct jnode *jnode_array(struct aslrt_arena *arena, struct span at);
struct jnode *jnode_object(struct aslrt_arena *arena, struct span at);
void jnode_add(struct aslrt_arena *arena, struct jnode *array, struct jnode *item);
/* Appends a member; the key is copied. */
void jnode_set(struct aslrt_arena *arena, struct jnode *object, const char *key,
               struct jnode *value);
/* Appends an empty member for the caller to fill; the address is good until the next one. */
struct jmember *jnode_append(struct aslrt_arena *arena, struct jnode *object);

/* The first member of that name, or NULL; NULL too when `object` is NULL or no object. */
const struct jmember *jnode_member(const struct jnode *object, const char *key);
struct jnode *jnode_get(const struct jnode *object, const char *key);
static inline bool jnode_is(const struct jnode *n, enum jkind kind)
{
    return n != NULL && n->kind == kind;
}
/* True for a string that is a JSONata expression: starts with "{%" and ends with "%}". */
bool jnode_is_jsonata(const struct jnode *n);
/* True for what a template tool will replace: a placeholder, bare or as all of a string, {"Ref":
   ...}, {"Fn::...": ...}. */
bool jnode_is_opaque(const struct jnode *n);

#endif
