/*
 * suggest.h - "did you mean": the nearest of a list of words.
 */
#ifndef ASLC_SUGGEST_H
#define ASLC_SUGGEST_H

#include <stdint.h>

/* Gives the candidate with the smallest edit distance (insert, delete, replace, swap of neighbours;
   case counts half), if that is at most about a third of the word's length; else NULL. */
const char *suggest(const char *word, const char *const *candidates, uint32_t count);

#endif
