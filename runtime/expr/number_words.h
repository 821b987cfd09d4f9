/*
 * number_words.h - numbers in English words, both ways.
 */
#ifndef ASLRT_NUMBER_WORDS_H
#define ASLRT_NUMBER_WORDS_H

#include "runtime/expr/text.h"

/* Appends a finite integer not below 0: "One Hundred and Twenty-Third". */
void aslrt_words_put(struct aslrt_buffer *b, double value, bool ordinal);
/* The number that the words are; NaN when they are none.  Case doesn't count. */
double aslrt_words_parse(struct aslrt_arena *arena, struct aslrt_units text);
/* Appends the ECMAScript pattern of one or more such words. */
void aslrt_words_pattern(struct aslrt_buffer *b);

#endif
