/*
 * text.h - small things about strings that JSONata needs beside runtime/base/utf8.h.
 *
 * Strings are WTF-8 (utf8.h); where JavaScript sees UTF-16 code units, so do these functions.
 */
#ifndef ASLRT_TEXT_H
#define ASLRT_TEXT_H

#include "runtime/base/utf8.h"

/* Appends a UTF-16 code unit; a low surrogate behind a high one makes one character of both. */
void aslrt_text_put_unit(struct aslrt_buffer *b, uint16_t unit);
/* The first UTF-16 code unit of the text as a string: "" when there is none. */
struct aslrt_value aslrt_text_first_unit(struct aslrt_arena *arena, const char *bytes,
                                         size_t count);
/* Appends what JavaScript's String(value) gives for a string, a number, a boolean or null. */
void aslrt_text_put_value(struct aslrt_buffer *b, struct aslrt_value value);
/* Sets ASLRT_FLAG_ASCII when that is so. */
static inline void aslrt_text_note_ascii(struct aslrt_value *string)
{
    if (aslrt_utf8_ascii(string->as.bytes, string->count) == string->count)
        string->flags |= ASLRT_FLAG_ASCII;
}
static inline bool aslrt_text_is_ascii(struct aslrt_value string)
{
    return (string.flags & ASLRT_FLAG_ASCII) != 0 ||
           aslrt_utf8_ascii(string.as.bytes, string.count) == string.count;
}

/* Offset of the first occurrence of `part` at or behind `from`, in bytes; SIZE_MAX when there is
   none.  A part with an open pair must be looked for in code units. */
size_t aslrt_text_find(struct aslrt_value text, struct aslrt_value part, size_t from);
/* True when the text begins with a low surrogate or ends with a high one: half of a character. */
bool aslrt_text_has_open_pair(struct aslrt_value text);

/* A string as JavaScript sees it. */
struct aslrt_units {
    uint16_t *units;
    size_t count;
};
struct aslrt_units aslrt_units_of(struct aslrt_arena *arena, struct aslrt_value string);
/* The units [from, to) as a string. */
struct aslrt_value aslrt_units_text(struct aslrt_arena *arena, struct aslrt_units u, size_t from,
                                    size_t to);
/* Place of the first occurrence of `part` at or behind `from`, or SIZE_MAX. */
size_t aslrt_units_find(struct aslrt_units u, struct aslrt_units part, size_t from);

/* A run of code units that grows and is edited, as pictures are filled in. */
struct aslrt_unit_buffer {
    struct aslrt_arena *arena;
    uint16_t *units;
    size_t count, room;
};
/* Puts `count` units in front of the one at `at`. */
void aslrt_units_insert(struct aslrt_unit_buffer *b, size_t at, const uint16_t *units,
                        size_t count);
/* Appends ASCII text. */
void aslrt_units_add(struct aslrt_unit_buffer *b, const char *text, size_t count);
/* Puts `count` copies of a text in front of the unit at `at`. */
void aslrt_units_pad(struct aslrt_unit_buffer *b, size_t at, struct aslrt_units text, size_t count);
static inline struct aslrt_units aslrt_units_view(const struct aslrt_unit_buffer *b)
{
    return (struct aslrt_units){b->units, b->count};
}

/* JavaScript's parseInt: NaN when no number begins the text. */
double aslrt_parse_int(struct aslrt_units text);
/* What JavaScript's \s matches. */
bool aslrt_unit_is_space(uint16_t unit);

#endif
