/*
 * attribute.h - attribute values in the one form that the store computes with and keeps.
 *
 * A value is a run of bytes; struct aslrt_attr points to its first one and borrows it.  The form is
 * canonical: map members are sorted by name and set elements by value, numbers have one spelling
 * (decimal.h), so that two values are equal exactly when their bytes are.  There is nothing to
 * decode: reading walks over the bytes, a lookup skips what it does not want.
 *
 *   NULL  tag                                   N  tag, length (1 byte), key form of the number
 *   BOOL  tag, 0 or 1                           S, B   tag, length (4), bytes
 *   L     tag, length (4), count (4), values    SS, NS, BS  as L, of S, N or B values
 *   M     tag, length (4), count (4), members: name length (2), name, value
 *
 * Lengths are little-endian and count the bytes behind them.  An item is a value of type M.
 * Ownership: writers build in an arena; a struct aslrt_attr lives as long as its bytes.
 */
#ifndef ASLRT_ATTRIBUTE_H
#define ASLRT_ATTRIBUTE_H

#include "runtime/base/buffer.h"
#include "runtime/ddb/decimal.h"

/* The ten types, in the order of their tags: a name as the API has it, and the word of messages
   about operand types. */
#define ASLRT_ATTR_TYPES(X)                                                                        \
    X(S, "STRING")                                                                                 \
    X(N, "NUMBER")                                                                                 \
    X(B, "BINARY")                                                                                 \
    X(BOOL, "BOOLEAN")                                                                             \
    X(NULL, "NULL")                                                                                \
    X(L, "LIST")                                                                                   \
    X(M, "MAP")                                                                                    \
    X(SS, "SS")                                                                                    \
    X(NS, "NS")                                                                                    \
    X(BS, "BS")

enum aslrt_attr_type {
    ASLRT_ATTR_MISSING = 0, /* no value at all */
#define ASLRT_X(name, word) ASLRT_ATTR_##name,
    ASLRT_ATTR_TYPES(ASLRT_X)
#undef ASLRT_X
        ASLRT_ATTR_TYPE_COUNT
};

enum {
    ASLRT_ATTR_DEPTH_MAX = 32,        /* containers in each other, the item included */
    ASLRT_ATTR_NAME_MAX = 65535,      /* bytes */
    ASLRT_ITEM_SIZE_MAX = 400 * 1024, /* as the service counts, see aslrt_attr_item_size */
};

struct aslrt_attr {
    const uint8_t *at; /* NULL: missing */
};

/* A run of bytes that belongs to somebody else. */
struct aslrt_bytes {
    const uint8_t *at;
    uint32_t count;
};
static inline struct aslrt_bytes aslrt_bytes_of(const char *text, size_t count)
{
    struct aslrt_bytes b = {(const uint8_t *)text, (uint32_t)count};
    return b;
}
/* Less than, equal to or greater than zero, as memcmp; a prefix comes first. */
int aslrt_bytes_compare(struct aslrt_bytes a, struct aslrt_bytes b);
bool aslrt_bytes_equal(struct aslrt_bytes a, struct aslrt_bytes b);

static inline struct aslrt_attr aslrt_attr_missing(void)
{
    struct aslrt_attr none = {NULL};
    return none;
}
static inline enum aslrt_attr_type aslrt_attr_type(struct aslrt_attr a)
{
    return a.at == NULL ? ASLRT_ATTR_MISSING : (enum aslrt_attr_type)a.at[0];
}
/* "S", "N", …; "" for a missing value.  Static. */
const char *aslrt_attr_type_name(enum aslrt_attr_type type);
/* "STRING", "NUMBER", …: the words of messages about operands.  Static. */
const char *aslrt_attr_type_word(enum aslrt_attr_type type);
/* The type of that name, or ASLRT_ATTR_MISSING. */
enum aslrt_attr_type aslrt_attr_type_of(struct aslrt_bytes name);
static inline bool aslrt_attr_is_set(enum aslrt_attr_type type)
{
    return type == ASLRT_ATTR_SS || type == ASLRT_ATTR_NS || type == ASLRT_ATTR_BS;
}
/* The type of a set's elements. */
static inline enum aslrt_attr_type aslrt_attr_element_type(enum aslrt_attr_type set)
{
    return set == ASLRT_ATTR_SS ? ASLRT_ATTR_S : set == ASLRT_ATTR_NS ? ASLRT_ATTR_N : ASLRT_ATTR_B;
}

/* All bytes of the value's form. */
struct aslrt_bytes aslrt_attr_form(struct aslrt_attr a);
/* The bytes of an S or B, the key form of an N: what orders values of one type. */
struct aslrt_bytes aslrt_attr_scalar(struct aslrt_attr a);
static inline bool aslrt_attr_bool(struct aslrt_attr a)
{
    return a.at[1] != 0;
}
struct aslrt_decimal aslrt_attr_number(struct aslrt_attr a);

/* Elements of an L or a set, members of an M. */
uint32_t aslrt_attr_count(struct aslrt_attr container);

struct aslrt_attr_cursor {
    const uint8_t *next;
    uint32_t left;
    bool named;
};
struct aslrt_attr_cursor aslrt_attr_walk(struct aslrt_attr container);
/* Gives the next element, or the next member and its name (which may be NULL); false at the end. */
bool aslrt_attr_next(struct aslrt_attr_cursor *cursor, struct aslrt_bytes *name,
                     struct aslrt_attr *value);

/* The member of an M with that name; missing when there is none or `map` is no M. */
struct aslrt_attr aslrt_attr_member(struct aslrt_attr map, struct aslrt_bytes name);
/* The element of an L; missing when there is none or `list` is no L. */
struct aslrt_attr aslrt_attr_element(struct aslrt_attr list, uint64_t index);
/* True when the set has the element. */
bool aslrt_attr_contains(struct aslrt_attr set, struct aslrt_attr element);

/* Equality of two values; a missing one equals nothing. */
bool aslrt_attr_equal(struct aslrt_attr a, struct aslrt_attr b);
/* Order of two scalars of one type: S and B by bytes, N by value. */
static inline int aslrt_attr_compare(struct aslrt_attr a, struct aslrt_attr b)
{
    return aslrt_bytes_compare(aslrt_attr_scalar(a), aslrt_attr_scalar(b));
}

/* Bytes that the service counts for the value, without its name. */
uint64_t aslrt_attr_size(struct aslrt_attr a);
/* The same for an item: the sum of names and values. */
uint64_t aslrt_attr_item_size(struct aslrt_attr item);

/* True when `count` bytes are exactly one well-formed value.  Bytes from outside (a file) must pass
   before anything else here sees them. */
bool aslrt_attr_valid(const uint8_t *bytes, size_t count);

/* Builds a value, front to back.  Elements of a container are written between open and close; each
   member of an M is its name, then its value, names in ascending order; elements of a set too. */
struct aslrt_attr_writer {
    struct aslrt_buffer buffer;
};
static inline struct aslrt_attr_writer aslrt_attr_writer_in(struct aslrt_arena *arena)
{
    struct aslrt_attr_writer w = {aslrt_buffer_in(arena)};
    return w;
}
/* Gives a mark for close. */
size_t aslrt_attr_open(struct aslrt_attr_writer *w, enum aslrt_attr_type container);
void aslrt_attr_close(struct aslrt_attr_writer *w, size_t mark, uint32_t count);
void aslrt_attr_name(struct aslrt_attr_writer *w, struct aslrt_bytes name);
void aslrt_attr_put(struct aslrt_attr_writer *w, struct aslrt_attr value);
void aslrt_attr_put_number(struct aslrt_attr_writer *w, struct aslrt_decimal d);
void aslrt_attr_put_bool(struct aslrt_attr_writer *w, bool b);
void aslrt_attr_put_null(struct aslrt_attr_writer *w);
/* An S or a B. */
void aslrt_attr_put_bytes(struct aslrt_attr_writer *w, enum aslrt_attr_type type,
                          struct aslrt_bytes bytes);
/* Makes room for the `count` bytes of a B and gives the place; aslrt_attr_put_bytes in two steps.
 */
uint8_t *aslrt_attr_reserve(struct aslrt_attr_writer *w, enum aslrt_attr_type type, uint32_t count);
/* The first value that was written; it lives in the writer's arena. */
static inline struct aslrt_attr aslrt_attr_done(struct aslrt_attr_writer *w)
{
    struct aslrt_attr a = {(const uint8_t *)w->buffer.bytes};
    return a;
}

#endif
